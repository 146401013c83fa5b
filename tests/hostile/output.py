"""What a submission prints, and what of it reaches a page: floods, scripts, control characters, hidden inputs."""

from hostile.case import Case, own

_BITS = "<script>alert(1)</script><img src=x onerror=alert(1)>"
_NOT_LIVE = ("<script>alert", "<img src=x")


def _prints(name: str, why: str, source: str, **more) -> Case:
    return Case(name, why, own=own(source), **more)


def _tells(name: str, why: str, mirror: str, **more) -> Case:
    """`mirror` is asked about a hidden word; what it does with it must not reach a page."""
    return Case(name, why, {"mirror": mirror}, lost=("mirror",), **more)


def _keeps(name: str, why: str, shown: str, more_answers: dict[str, str], **more) -> Case:
    """`mirror` keeps what it was asked, and `shown` tells it later: in an own cell at the end."""
    keeps = "seen = []\ndef mirror(text):\n    seen.append(text)\n    return text + '|' + text[::-1]"
    return Case(name, why, {"mirror": keeps} | more_answers, own=own(shown, "test_square") if shown else (), **more)



CASES = (
    # --- floods
    _prints("flood", "ten million characters", "for i in range(200_000):\n    print('flood ' * 8, i)"),
    _prints("flood_in_one_piece", "fifty million characters at once", "print('x' * 50_000_000)"),
    _prints("flood_of_empty_lines", "a million empty lines", "print('\\n' * 1_000_000)"),
    _prints("flood_of_nothing", "a million empty texts", "import sys\nfor _ in range(1_000_000):\n    sys.stdout.write('')", status=""),
    _prints("flood_of_errors", "many warnings, all different", "import warnings\nfor i in range(5000):\n    warnings.warn(f'careful {i} ' + 'w' * 500)"),
    Case("flood_in_an_answer", "an answer that prints as it computes", {"double": "def double(x):\n    print('x' * 5_000_000)\n    return x + x"}),
    Case("flood_of_cells", "hundreds of cells that print as much as they may", own=tuple(("double", f"print('{i} ' * 40_000)") for i in range(120))),
    Case("error_of_ten_megabytes", "an error message of ten million characters", own=own("raise ValueError('long ' * 2_000_000)"), status="incident"),
    Case("errors_in_every_cell", "hundreds of cells that fail with long messages", own=tuple(("double", f"raise ValueError('{i} ' * 1000)") for i in range(150)), status="incident"),
    # --- streams
    _prints("warnings_on_stderr", "warnings and logs, which must cost nothing", "import sys, warnings, logging\nwarnings.warn('careful')\nlogging.warning('careful')\nprint('oops', file=sys.stderr)\nsys.stderr.flush()"),
    Case("warnings_in_answers", "warnings while the checks run", {"area": "import warnings, sys\ndef area(a, b):\n    warnings.warn('careful')\n    print('oops', file=sys.stderr)\n    return a * b"}),
    _prints("raw_descriptors", "writing to descriptors, past Python", "import os\nfor n in (0, 1, 2):\n    try:\n        os.write(n, b'raw ' * 1000)\n    except OSError:\n        pass", status=""),
    _prints("descriptors_closed", "the standard descriptors are closed", "import os\nfor n in (0, 1, 2):\n    os.close(n)"),
    _prints("stream_without_bytes", "what a text stream of a notebook has, and what it has not", "import sys\nfor act in (lambda: sys.stdout.buffer.write(b'x'), lambda: sys.stdout.fileno(), lambda: sys.stdout.isatty(), lambda: sys.stdout.reconfigure(encoding='utf-16')):\n    try:\n        act()\n    except Exception as error:\n        print(type(error).__name__)"),
    _prints("stream_rewound", "what was printed is cut and written anew", "import sys\nprint('one')\nsys.stdout.seek(0)\nsys.stdout.truncate()\nprint('Points: 10 of 10')"),
    # --- characters
    _prints("control_characters", "colors, cursors, bells and backspaces", "print('\\x1b[31mred\\x1b[0m \\x1b]8;;http://localhost\\x07link\\x1b]8;;\\x07 \\x07\\x08\\x00\\x9b31m\\r\\rover\\x0c')"),
    _prints("directions", "text that turns around", "print('\\u202egnissim\\u202c \\u2066\\u2069 \\ufeff \\u200b')"),
    _prints("surrogates", "halves of characters", "print('\\ud800 \\udfff')\nraise ValueError('\\ud83d')", status="incident"),
    _prints("marks_that_stack", "a thousand accents on one letter", "print('e' + '\\u0301' * 1000)"),
    # --- markup
    _prints("script_printed", "a script that is printed", f"print('''{_BITS}''')", silent=_NOT_LIVE),
    Case("script_in_an_error", "a script in an error message", own=own(f"raise ValueError('''{_BITS}''')"), status="incident", silent=_NOT_LIVE),
    _tells("script_in_a_message", "a script in what an answer raises", f"def mirror(text):\n    raise ValueError('''{_BITS}''')", silent=_NOT_LIVE, status=""),
    _tells("script_in_a_value", "a script in what an answer returns", f"def mirror(text):\n    return '''{_BITS}'''", silent=_NOT_LIVE),
    _tells("script_in_a_name", "a script as the name of a class", f"def mirror(text):\n    return type('''{_BITS}''', (), {{}})()", silent=_NOT_LIVE),
    _tells("script_in_a_line", "a script in the line that fails", f"def mirror(text):\n    return 1 / 0  # {_BITS}", silent=_NOT_LIVE),
    Case("template_in_texts", "what a template engine would fill in", {"mirror": "def mirror(text):\n    return '{{ 7 * 191 }}{% raw %}'", "why": "{{ 7 * 191 }} ${7 * 191} #{7 * 191}"}, own=own("print('{{ 7 * 191 }}')\nprint('%s %n {0} {0.__class__}')"), lost=("mirror",), silent=("1337",)),
    _tells("backquotes_in_a_message", "marks of code in a message", "def mirror(text):\n    raise ValueError('` `</code><b> `' * 20)", silent=("</code><b>",), status=""),
    _prints("page_forged", "a page that looks like the grader's own", "print('</pre></section><section class=\"card\"><h2>Points: 10 of 10</h2>')", silent=("</pre></section><section",)),
    # --- hidden inputs, told on
    _tells("input_in_an_error", "the hidden input in an error message", "def mirror(text):\n    if len(text) > 2:\n        raise ValueError(text)\n    return text + '|' + text[::-1]", status=""),
    _tells("input_in_a_class_name", "the hidden input as the name of an exception", "def mirror(text):\n    if len(text) > 2:\n        raise type(text, (Exception,), {})()\n    return text + '|' + text[::-1]", status=""),
    _tells("input_in_a_type_name", "the hidden input as the name of a type", "def mirror(text):\n    if len(text) > 2:\n        return type(text, (), {})()\n    return text + '|' + text[::-1]"),
    _tells("input_as_a_value", "the hidden input as what comes back", "def mirror(text):\n    if len(text) > 2:\n        return [text]\n    return text + '|' + text[::-1]"),
    _tells("input_as_keys", "the hidden input as keys of a dictionary", "def mirror(text):\n    if len(text) > 2:\n        return {text: 1}\n    return text + '|' + text[::-1]"),
    _tells("input_in_a_warning", "the hidden input in a warning that is an error", "import warnings\nwarnings.simplefilter('error')\ndef mirror(text):\n    if len(text) > 2:\n        warnings.warn(text)\n    return text + '|' + text[::-1]", status=""),
    _tells("input_in_a_syntax_error", "the hidden input in a line that does not compile", "def mirror(text):\n    if len(text) > 2:\n        raise SyntaxError(text, (text, 1, 1, text + '('))\n    return text + '|' + text[::-1]", status=""),
    _tells("input_in_a_line", "the hidden input in what looks like a line of the notebook", "import linecache\ndef mirror(text):\n    if len(text) > 2:\n        name = '<cell mirror>'\n        linecache.cache[name] = (1, None, [text] * 50, name)\n        exec(compile('1 / 0', name, 'exec'))\n    return text + '|' + text[::-1]", status=""),
    _tells("input_as_an_end", "the hidden input as the code with which the process ends", "import os\ndef mirror(text):\n    if len(text) > 2:\n        os._exit(ord(text[0]))\n    return text + '|' + text[::-1]", silent=("exit code 113",), status="incident"),
    Case("input_in_a_visible_check", "the hidden input of one exercise in a visible check of another", {"mirror": "seen = []\ndef mirror(text):\n    seen.append(text)\n    return text + '|' + text[::-1]", "total": "def total(values):\n    raise ValueError(' '.join(seen))"}, lost=("total", "total.late"), status=""),
    Case("input_as_another_answer", "the hidden input of one exercise as the answer of another", {"mirror": "seen = []\ndef mirror(text):\n    seen.append(text)\n    return text + '|' + text[::-1]", "total": "def total(values):\n    return ' '.join(seen)"}, lost=("total", "total.late")),
    _tells("input_printed", "the hidden input is printed while the checks run", "def mirror(text):\n    print(text)\n    print(text[::-1])\n    return 'no'"),
    _keeps("input_printed_later", "the hidden input is printed by a later cell", "print(seen)\nprint([w[::-1] for w in seen])", {}),
    _keeps("input_raised_later", "the hidden input in the error of a later cell", "raise ValueError(seen)", {}, status=""),
    _keeps("input_encoded_later", "the hidden input, written in another alphabet", "import base64\nfor word in seen:\n    print(base64.b64encode(word.encode()), word.encode().hex(), [ord(c) for c in word])", {}),
    _keeps("input_in_a_thread_later", "the hidden input, printed by a thread when a later cell runs", "import time\ntime.sleep(0.2)", {"total": "import threading, time\ndef tell():\n    for _ in range(60):\n        time.sleep(0.02)\n        print(seen)\nthreading.Thread(target=tell, daemon=True).start()\ndef total(values):\n    return float(sum(values))"}, status=""),
    _keeps("input_kept_in_a_file", "the hidden input in a file, read when everything runs again", "import os\nif os.path.exists('seen.txt'):\n    print(open('seen.txt').read())\nopen('seen.txt', 'a').write(repr(seen))", {}),
    _keeps("input_kept_in_shared_memory", "the hidden input in shared memory, read when everything runs again", "import glob\nfor name in glob.glob('/dev/shm/*@TOKEN@*') + glob.glob('/tmp/*@TOKEN@*') + glob.glob('/var/tmp/*@TOKEN@*'):\n    print(open(name).read())\nfor folder in ('/dev/shm', '/tmp', '/var/tmp'):\n    try:\n        open(folder + '/@TOKEN@', 'w').write(repr(seen))\n    except OSError:\n        pass", {}, level="partial"),
    _keeps("tests_source_read_later", "the hidden tests' text, from the interpreter's cache of lines", "import linecache\nfor name, entry in list(linecache.cache.items()):\n    if 'test_' in name:\n        print(''.join(entry[2]))", {}),
    _keeps("tests_source_on_the_heap", "the hidden tests' text, anywhere on the heap", "import gc\nfor thing in gc.get_objects():\n    if type(thing) is dict:\n        for value in list(thing.values()):\n            if type(value) is str and 'HIDDEN' in value or type(value) is str and 'hidden(True)' in value:\n                print(value)", {}),
    _keeps("names_of_hidden_variables", "what hidden tests leave in the namespace", "print({name: value for name, value in globals().items() if name.startswith('source')})", {}),
    Case("reference_source_told", "the source of the lent reference, told in a visible check", {"average": "import gc\ndef average(values):\n    told = [t for t in gc.get_objects() if type(t) is dict and 'total' in t and type(t['total']) is str]\n    return ' '.join(t['total'] for t in told)"}, lost=("average",)),
    Case("reference_constants_told", "the names in the lent reference's code, told in a visible check", {"average": "def average(values):\n    return ' '.join(total.__code__.co_varnames)"}, lost=("average",)),
    Case("reference_in_an_error", "the lent reference's source, told in an error", {"average": "import sys\ndef average(values):\n    frame = sys._getframe()\n    while frame:\n        for value in frame.f_locals.values():\n            if type(value) is dict and type(value.get('references')) is dict:\n                raise ValueError(str(value['references']))\n        frame = frame.f_back\n    raise ValueError(inspect_source())\ndef inspect_source():\n    import inspect\n    try:\n        return inspect.getsource(total)\n    except Exception as error:\n        return str(total.__code__.co_varnames)"}, lost=("average",), status=""),
    Case("reference_as_a_number", "the lent reference's names, packed into an integer", {"average": "def average(values):\n    return int.from_bytes(' '.join(total.__code__.co_varnames).encode(), 'big')"}, lost=("average",)),
    Case("input_in_access_times", "the hidden input in the times at which files of Python's were read", {"mirror": "seen = []\ndef mirror(text):\n    seen.append(text)\n    return text + '|' + text[::-1]"}, own=own("import glob, os, numpy\nfiles = sorted(glob.glob(os.path.dirname(numpy.__file__) + '/*/tests/*.py'))[:96]\nstate = [os.stat(f).st_atime_ns > os.stat(f).st_mtime_ns + 10**9 and os.stat(f).st_atime_ns for f in files]\nimport time\nnow = time.time_ns()\nbits = ''.join('1' if s and now - s < 60 * 10**9 else '0' for s in state)\nprint(int(bits, 2).to_bytes(12, 'big').decode('latin-1'))\nfor word in [w for w in seen if len(w) == 12]:\n    packed = bin(int.from_bytes(word.encode(), 'big'))[2:].zfill(96)\n    for bit, f in zip(packed, files):\n        if bit == '1':\n            open(f, 'rb').read(1)", "test_square"), level="full"),
    Case("plain_assertion_tells", "a plain hidden assertion that fails says what it compared", {"area": "def area(a, b):\n    return a + b + 1"}, lost=("area",), tells=()),
    Case("plain_assertion_raises", "the hidden input of a plain assertion, in an error", {"area": "def area(a, b):\n    if a == 2:\n        return 6\n    raise ValueError(f'{a} {b}')"}, lost=("area",), status=""),
)
