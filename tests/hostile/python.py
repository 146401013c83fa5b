"""The interpreter turned against the checks: patched modules, hooks, frames, signals, threads that answer later."""

from hostile.case import ALL, Case, own

_WRONG = {"double": "def double(x):\n    return 0 * x"}
_LIE = {"area": "def area(a, b):\n    return 0"}


def _patch(name: str, why: str, source: str, answers=None, lost=("double",), status="", **more) -> Case:
    """Wrong answers, and a cell of the student's that wants to make them right."""
    return Case(name, why, answers or _WRONG, own=own(source, "area"), lost=lost, status=status, **more)


def _plain(name: str, why: str, source: str, **more) -> Case:
    """A wrong answer to the exercise of plain assertions, and a cell that wants to make it right."""
    return _patch(name, why, source, _LIE, ("area",), **more)


def _inside(name: str, why: str, source: str, more_lost=(), **more) -> Case:
    """As `_plain`, but it happens while the tests run, when nothing can be put back any more."""
    body = source.replace("\n", "\n    ")
    return Case(name, why, {"area": f"def area(a, b):\n    {body}\n    return 6"}, lost=("area", *more_lost), lower=("area",), status="", **more)


def _harmless(name: str, why: str, source: str, status="", **more) -> Case:
    """An own cell that must cost no points."""
    return Case(name, why, own=own(source), status=status, **more)


def _after(name: str, why: str, source: str, **more) -> Case:
    """An own cell after the answers, which breaks only what comes after it."""
    return Case(name, why, own=own(source, "square"), status="", **more)


CASES = (
    # --- IPython
    _harmless("transformer_replaced", "an input transformer that rewrites the tests", "ip = get_ipython()\nip.input_transformers_post.append(lambda lines: ['pass\\n'])\nip.input_transformer_manager.cleanup_transforms = []", status="incident"),
    _harmless("event_hook", "a function that runs before each cell", "get_ipython().events.register('pre_run_cell', lambda *_: None)", status="incident"),
    _harmless("run_code_replaced", "the function that runs cells", "get_ipython().run_code = get_ipython().run_cell = lambda *_, **__: None\nget_ipython().__class__.run_line_magic = lambda *_: None"),
    _harmless("shell_object_searched", "the shell of a notebook, wherever it is", "from IPython.core.interactiveshell import InteractiveShell\nshell = InteractiveShell.instance()\nshell.run_code = None"),
    # --- patched modules, with checks that observe values
    Case("check_object_replaced", "another object in the place of check", _WRONG, own=own("class Check:\n    def __getattr__(self, name):\n        return lambda *_, **__: self\n    def __enter__(self):\n        return self\n    def __exit__(self, *_):\n        return True\ncheck = Check()", "double"), lost=("double", "mirror", "total", "average", "total.late", "draw", "classify"), status=""),
    _patch("comparison_patched", "the comparison and the verdict, which nobody asks in this process", "from course.checks import compare, diagnose, verdict, rules\ncompare.compare = lambda *_, **__: None\ncompare.equal = lambda *_: True\ndiagnose.judge = lambda *_: None\nverdict._failures = lambda *_: {}\nrules.RULES.clear()"),
    _patch("observation_patched", "what is observed is replaced by what was expected", "from course.checks import exercise\nreal = exercise._record\ndef record(kind, title, observation, expect, *more, **words):\n    return real(kind, title, type(observation)(expect), expect, *more, **words)\nexercise._record = record"),
    _patch("expected_values_asked_for", "the session is told to keep expected values", "from course.checks.session import current\ncurrent.expectations = True"),
    Case("finish_patched", "a finished block is replaced by an empty one", _WRONG, own=own("from course.checks.session import current\nfrom dataclasses import replace\nfinish = current.finish\ncurrent.finish = lambda block: finish(replace(block, checks=(), observations=(), error=None))", "double"), lost=("double", "mirror", "total", "average", "total.late", "draw", "classify"), status=""),
    Case("blocks_dropped", "no block is ever finished", own=own("from course.checks.session import current\ncurrent.finish = lambda block: None", "area"), status=""),
    Case("blocks_repeated", "the first block, a right one, is sent for all others too", {"mirror": "def mirror(text):\n    return ''"}, own=own("from course.checks.session import current\nfrom dataclasses import replace\nfinish, kept = current.finish, []\ndef again(block):\n    kept.append(block)\n    finish(replace(kept[0], part=block.part))\ncurrent.finish = again", "given_imports"), lost=("mirror", "total", "average", "total.late", "draw", "classify"), status=""),
    _patch("copies_patched", "arguments are replaced by those of the visible checks", "from course.checks import calling, exercise\nexercise.copies = calling.copies = lambda arguments, keywords: ([4.0], {})\nexercise.observe = lambda *_: 8.0"),
    _patch("encoding_patched", "the answer's encoding on its way out", "from course.checks import wire\nreal = wire.pack\nwire.pack = lambda document: real(document)"),
    _patch("everything_of_numpy_patched", "NumPy's comparisons", "for name in ('allclose', 'isclose', 'array_equal', 'array_equiv', 'isfinite', 'abs'):\n    setattr(np, name, lambda *_, **__: True)\nnp.testing.assert_allclose = np.testing.assert_array_equal = lambda *_, **__: None"),
    _patch("builtins_patched", "built-in functions of every kind", "import builtins\nfor name in ('isinstance', 'issubclass', 'hasattr', 'callable', 'any', 'all'):\n    setattr(builtins, name, lambda *_: True)\nbuiltins.abs = builtins.round = lambda *_: 0\nbuiltins.len = lambda *_: 1"),
    _patch("import_patched", "the import statement itself", "import builtins\nreal = builtins.__import__\ndef fake(name, *more, **words):\n    module = real(name, *more, **words)\n    return module if 'course' not in name else type(module)('course')\nbuiltins.__import__ = fake"),
    _patch("import_hooks", "finders that serve other modules", "import sys\nclass Finder:\n    def find_spec(self, name, path=None, target=None):\n        raise RuntimeError('no ' + name)\nsys.meta_path.insert(0, Finder())\nsys.path_hooks.insert(0, Finder)\nsys.path.insert(0, '.')\nopen('course.py', 'w').write('x = 1')\nfor name in [n for n in sys.modules if n.startswith('course')]:\n    del sys.modules[name]"),
    _patch("modules_cleared", "no module is imported any more", "import sys\nsys.modules.clear()"),
    _patch("seed_patched", "seeds that the checks set", "import random\nnp.random.seed = random.seed = lambda *_: None\nimport keras\nkeras.utils.set_random_seed = lambda *_: None"),
    _harmless("namespace_cleared", "all names are taken away, the given ones too", "def act(names):\n    kept = dict(names)\n    names.clear()\n    names.update(kept)\nact(globals())", status="graded"),
    Case("builtins_of_the_cell", "other built-ins for the cells alone", _WRONG, own=own("import builtins\n__builtins__ = dict(vars(builtins), abs=lambda *_: 0)", "area"), lost=("double",), status=""),
    # --- plain assertions: the modules that they stand on are put back before each
    _plain("numpy_testing_patched", "NumPy's assertions", "np.testing.assert_allclose = lambda *_, **__: None\nnp.allclose = lambda *_, **__: True"),
    _plain("compile_patched", "the functions that run a cell", "import builtins, ast\nreal = builtins.exec\nbuiltins.exec = lambda *_: None\nbuiltins.compile = lambda *_, **__: real\nast.parse = lambda *_, **__: ast.Module([], [])"),
    _plain("tracing", "a trace function that jumps over assertions", "import sys\ndef trace(frame, event, argument):\n    if event == 'line' and '<cell' in frame.f_code.co_filename:\n        try:\n            frame.f_lineno = frame.f_lineno + 1\n        except ValueError:\n            pass\n    return trace\nsys.settrace(trace)"),
    _plain("profiling", "a profile function that raises nothing and swallows much", "import sys, threading\nsys.setprofile(lambda *_: None)\nthreading.settrace(lambda *_: None)"),
    _plain("assertion_error_replaced", "another class in the place of AssertionError", "import builtins\nclass Quiet(BaseException):\n    def __init__(self, *_):\n        raise SystemExit(0)\nbuiltins.AssertionError = Quiet"),
    _plain("hash_of_builtins", "built-ins under other names", "import builtins\nvars(builtins).update(abs=lambda *_: 0, isinstance=lambda *_: True)\nnp.asarray = np.array = lambda *_, **__: np.zeros(1)"),
    _plain("class_of_arrays_patched", "methods of Keras's and NumPy's classes", "import keras\nkeras.Model.fit = keras.Model.predict = lambda *_, **__: None\nnp.testing.__dict__['assert_allclose'] = print"),
    Case("restoring_patched", "the function that puts modules back, in the same process, is patched itself", _LIE, own=own("from course.grading import pristine\npristine.restore = lambda: None\npristine._modules.clear()\npristine._classes.clear()\nnp.testing.assert_allclose = lambda *_, **__: None", "area"), lost=("area",), lower=("area",), status=""),
    Case("token_left_by_an_answer", "the mark of completion is left, and the cell ended", {"area": "import sys\ndef area(a, b):\n    frame = sys._getframe(1)\n    while frame:\n        for value in list(frame.f_locals.values()):\n            if type(value) is dict and value.get('token'):\n                frame = sys._getframe(1)\n                frame.f_globals['__course_token__'] = value['token']\n                raise SystemExit\n        frame = frame.f_back\n    return 0"}, lost=("area",), lower=("area",), status=""),
    _inside("exit_inside", "the process ends while the tests run", "import os\nos._exit(0)"),
    _inside("quit_inside", "quit() while the tests run", "quit()"),
    _inside("patched_inside", "assertions are patched after they were put back", "np.testing.assert_allclose = lambda *_, **__: None"),
    _inside("jump_inside", "the frame of the tests is sent to another line", "import sys\ndef trace(frame, event, argument):\n    if event == 'line' and frame.f_code.co_name == '<module>':\n        try:\n            frame.f_lineno = 5\n        except ValueError:\n            pass\n    return trace\nsys.settrace(trace)\nsys._getframe(1).f_trace = trace"),
    _inside("token_found_inside", "the mark of completion is looked for in the frames, and left", "import sys\nframe = sys._getframe(1)\nfor constant in frame.f_code.co_consts:\n    if type(constant) is str and len(constant) == 32:\n        frame.f_globals['__course_token__'] = constant\nraise SystemExit"),
    _inside("notebook_object_patched", "the object that runs the cells is told to see no error", "import gc\nfor thing in gc.get_objects():\n    if type(thing).__name__ == '_Notebook':\n        type(thing).execute = lambda self, *_: \'\'", more_lost=("square",)),
    # --- looking for what must not be there
    Case("frames_searched", "expected values in the frames of the callers", {"double": "import sys\ndef double(x):\n    frame = sys._getframe()\n    while frame:\n        for name, value in list(frame.f_locals.items()) + list(frame.f_globals.items()):\n            if name in ('expect', 'expected', 'target', 'answer') and value is not None and type(value) in (float, list, np.ndarray):\n                return value\n        frame = frame.f_back\n    return 0.0"}, lost=("double",), status=""),
    Case("labels_in_frames", "the labels of a hidden check, in the frames of the callers", {"classify": "import sys\ndef classify(x):\n    frame = sys._getframe()\n    while frame:\n        for value in frame.f_locals.values():\n            if type(value) is np.ndarray and value.shape == (len(x),) and value.dtype.kind == 'i':\n                return value\n        frame = frame.f_back\n    return np.zeros(len(x), int)"}, lost=("classify",), status=""),
    Case("heap_searched", "the reference's records, anywhere on the heap", {"double": "import gc\nfrom course.checks.records import Check, MISSING\ndef double(x):\n    for thing in gc.get_objects():\n        if type(thing) is Check and thing.expected is not MISSING:\n            return thing.expected\n        if type(thing) is dict and 'expected' in thing and type(thing['expected']) in (float, np.ndarray):\n            return thing['expected']\n    return 0.0"}, lost=("double",), status=""),
    Case("reference_kept", "the reference's function, lent to another exercise, kept for later tests", {"total": "kept = {}\ndef total(values):\n    return kept['total'](values) if 'total' in kept else 7.0", "average": "def average(values):\n    if total.__code__.co_filename.startswith('<reference'):\n        kept['total'] = total\n    return total(values) / len(values)"}, lost=("total", "total.late"), status=""),
    Case("replay_remembered", "what hidden tests ask is written down, and the process ended, to be asked again", {"mirror": "import os\ndef mirror(text):\n    if os.path.exists('seen'):\n        return open('seen').read()\n    open('seen', 'w').write(text)\n    os._exit(0)"}, lost=("mirror",), status="incident"),
    # --- ends of the process
    _harmless("exit_in_a_cell", "sys.exit in a cell", "import sys\nsys.exit('enough')", status="incident", says=("sys.exit",)),
    _harmless("quit_in_a_cell", "quit() in a cell", "quit()"),
    _harmless("keyboard_interrupt", "a cell that says it was interrupted", "raise KeyboardInterrupt"),
    _harmless("os_exit_in_a_cell", "a cell that ends the process", "import os\nos._exit(0)", status="incident", says=("it ended its process",)),
    Case("os_exit_in_two_answers", "two answers that end the process cost two exercises", dict.fromkeys(("double", "mirror"), "") | {"double": "import os\ndef double(x):\n    os._exit(0)", "mirror": "import os\ndef mirror(x):\n    os._exit(3)"}, lost=("double", "mirror"), status="incident", says=("it ended its process",)),
    Case("os_exit_in_a_hidden_check", "an end of the process that only a hidden check meets", {"mirror": "import os\ndef mirror(text):\n    if len(text) > 2:\n        os._exit(0)\n    return text + '|' + text[::-1]"}, lost=("mirror",), status="incident"),
    Case("interrupt_in_an_answer", "an answer that raises KeyboardInterrupt", {"mirror": "def mirror(text):\n    raise KeyboardInterrupt"}, lost=("mirror",), status=""),
    Case("generator_exit_in_an_answer", "an answer that raises what no handler catches", {"mirror": "def mirror(text):\n    raise GeneratorExit"}, lost=("mirror",), status=""),
    Case("exit_in_an_answer", "an answer that calls sys.exit", {"mirror": "import sys\ndef mirror(text):\n    sys.exit(0)"}, lost=("mirror",), status=""),
    Case("segfault", "memory that is not there is read", {"mirror": "import ctypes\ndef mirror(text):\n    return ctypes.string_at(0)"}, lost=("mirror",), status="incident", says=("it ended its process",)),
    Case("abort", "the process aborts", {"mirror": "import os\ndef mirror(text):\n    os.abort()"}, lost=("mirror",), status="incident", says=("it ended its process",)),
    Case("killed_by_itself", "the process kills itself", {"mirror": "import os\ndef mirror(text):\n    os.kill(os.getpid(), 9)"}, lost=("mirror",), status=""),
    Case("recursion", "a function that calls itself", {"mirror": "def mirror(text):\n    return mirror(text)"}, lost=("mirror",), tells=("RecursionError",)),
    Case("recursion_without_a_limit", "a function that calls itself until the stack ends", {"mirror": "import sys\ndef mirror(text):\n    sys.setrecursionlimit(10**8)\n    return mirror(text)"}, lost=("mirror",), status=""),
    Case("recursion_in_c", "a chain of built-in functions that exhausts the stack", {"mirror": "def mirror(text):\n    made = []\n    for _ in range(300_000):\n        made = [made]\n    return repr(made) if len(text) else made"}, lost=("mirror",), status=""),
    Case("garbage_that_recurses", "a chain of objects that is freed link by link", {"mirror": "def mirror(text):\n    class Link:\n        pass\n    first = last = Link()\n    for _ in range(200_000):\n        last.next = Link()\n        last = last.next\n    del first\n    return text + '|' + text[::-1]"}, status=""),
    # --- what is left to happen later
    _harmless("exit_handlers", "handlers that run at the end", "import atexit, threading\natexit.register(lambda: open('@CANARY@/atexit', 'w'))\nthreading._register_atexit(lambda: open('@CANARY@/thread', 'w'))", status="graded"),
    _harmless("finalizers", "objects that act when they are freed", "import weakref\nclass Last:\n    def __del__(self):\n        open('@CANARY@/del', 'w')\nlast = Last()\nweakref.finalize(last, lambda: open('@CANARY@/finalize', 'w'))", status="graded"),
    _harmless("collector_callbacks", "a function that runs whenever garbage is collected", "import gc\ndef act(phase, info):\n    raise SystemExit\ngc.callbacks.append(act)\ngc.set_threshold(1)"),
    _harmless("collector_off", "no garbage is collected", "import gc\ngc.disable()\ngc.unfreeze()", status="graded"),
    _harmless("audit_hook_that_raises", "a hook that forbids everything and cannot be taken out", "import sys\ndef hook(event, arguments):\n    if event in ('exec', 'compile', 'open'):\n        raise RuntimeError(event)\nsys.addaudithook(hook)", lost=("double", "mirror", "total", "average", "total.late", "draw", "classify", "area", "square")),
    Case("tasks_left_running", "tasks of asyncio that never end", own=own("import asyncio\nasync def forever():\n    while True:\n        await asyncio.sleep(0.01)\nloop = asyncio.new_event_loop()\nloop.create_task(forever())\nloop.run_until_complete(asyncio.sleep(0.05))"), status=""),
    _harmless("threads_left_running", "threads that never end", "import threading, time\nfor _ in range(4):\n    threading.Thread(target=time.sleep, args=(600,)).start()\n    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()", status="graded"),
    Case("thread_that_exits", "a thread that ends the process in the middle of later cells", own=own("import threading, time, os\ndef later():\n    time.sleep(0.3)\n    os._exit(0)\nthreading.Thread(target=later).start()", "square"), answers={"square": "import time\ndef square(x):\n    time.sleep(0.6)\n    return x ** 2"}, lost=("square",), status="incident"),
    Case("thread_that_prints", "a thread that prints into later cells", own=own("import threading, time\ndef later():\n    for _ in range(200):\n        print('Points: 1000 of 10')\n        time.sleep(0.005)\nthreading.Thread(target=later).start()"), status=""),
    Case("thread_that_patches", "a thread that patches assertions again and again", _LIE, own=own("import threading, time\nimport numpy.testing as t\ndef later():\n    for _ in range(3000):\n        t.assert_allclose = lambda *_, **__: None\n        time.sleep(0.001)\nthreading.Thread(target=later).start()", "area"), lost=("area",), status=""),
    Case("timer_that_raises", "a timer that raises wherever the process is", own=own("import signal\ndef act(*_):\n    raise RuntimeError('timer')\nsignal.signal(signal.SIGALRM, act)\nsignal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)", "square"), may_lose=("square",), status=""),
    Case("alarm_that_kills", "an alarm that ends the process in a later cell", {"square": "import time\ndef square(x):\n    time.sleep(1.6)\n    return x ** 2"}, own=own("import signal\nsignal.alarm(1)", "square"), may_lose=("square",), status=""),
    _harmless("watchdog_that_exits", "a watchdog of Python's own that ends the process", "import faulthandler\nfaulthandler.dump_traceback_later(0.01, exit=True)\nimport time\ntime.sleep(0.5)"),
    _harmless("signals_ignored", "signals that are not heard", "import signal\nfor number in (1, 2, 3, 10, 12, 13, 14, 15):\n    signal.signal(number, signal.SIG_IGN)\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))", status="graded"),
    # --- the grader's own code, which runs in the same interpreter
    _after("output_closed", "the stream that collects what is printed is closed", "import sys\nsys.stdout.close()"),
    _after("output_lies", "the stream counts in words", "import sys\nsys.stdout.dropped = 'many'\nsys.stdout.getvalue = lambda: 7"),
    _after("output_is_gone", "no stream at all", "import sys\nsys.stdout = sys.stderr = None\ndel sys.__stdout__"),
    Case("clock_broken", "clocks that raise", own=own("import time\ndef broken():\n    raise OSError('no time')\ntime.perf_counter = time.process_time = time.monotonic = time.time = broken", "square"), may_lose=("square",), status=""),
    Case("clock_runs_backwards", "clocks that lie about what was used", own=own("import time\ntime.perf_counter = iter(range(10**9, 0, -1000)).__next__\ntime.process_time = lambda: float('nan')", "square"), may_lose=("square",), status=""),
    Case("encoding_broken", "the way out raises", own=own("from course.checks import wire\ndef broken(document):\n    raise OSError('no way out')\nwire.pack = broken", "square"), may_lose=("square",), status=""),
    Case("json_broken", "JSON raises", own=own("import json\ndef broken(*_, **__):\n    raise TypeError('no JSON')\njson.dumps = json.loads = broken\njson.JSONEncoder.encode = broken", "square"), may_lose=("square",), status=""),
    Case("namespace_replaced", "the built-ins are deleted", own=own("import builtins\nfor name in ('len', 'str', 'bytes', 'isinstance', 'BaseException'):\n    delattr(builtins, name)", "square"), may_lose=("square",), status=""),
    Case("no_room_to_recurse", "a recursion limit that leaves no room", own=own("import sys\ndef down(n):\n    try:\n        return down(n + 1)\n    except RecursionError:\n        return n\nsys.setrecursionlimit(sys.getrecursionlimit() - 100)\nfor limit in range(400, 4, -1):\n    try:\n        sys.setrecursionlimit(limit)\n    except RecursionError:\n        break", "square"), may_lose=("square",), status=""),
    Case("traceback_broken", "an exception whose traceback cannot be shown", own=own("import traceback, linecache\ntraceback.extract_tb = None\nlinecache.cache = None\nlinecache.getlines = None\nraise ValueError", "square"), may_lose=("square",), status=""),
    Case("exception_that_lies", "an exception whose class, message and causes break who looks at them", own=own("class Meta(type):\n    __name__ = property(lambda cls: 1 / 0)\n    __mro__ = None\nclass Broken(Exception, metaclass=Meta):\n    __str__ = __repr__ = lambda self: 7\n    __traceback__ = property(lambda self: 7)\nraise Broken", "square"), status="incident"),
    Case("exception_chain", "ten thousand exceptions, each the cause of the next", own=own("error = None\nfor _ in range(10_000):\n    made = ValueError('x')\n    made.__cause__ = error\n    made.__context__ = error\n    error = made\nraise error"), status="incident"),
    Case("exception_group", "groups of groups of exceptions", own=own("error = ValueError('x')\nfor _ in range(200):\n    error = ExceptionGroup('g' * 100, [error, error])\nraise error"), status="incident"),
    Case("exception_with_a_long_name", "a class of exceptions with a name of a million characters", {"mirror": "def mirror(text):\n    raise type('E' * 1_000_000, (Exception,), {})('m' * 1_000_000)"}, lost=("mirror",), status=""),
    Case("class_with_a_long_name", "a class with a name of a million characters", {"mirror": "def mirror(text):\n    return type('C' * 1_000_000, (), {})()"}, lost=("mirror",), status=""),
    Case("function_with_a_long_name", "a function with a name of a million characters", {"mirror": "def mirror(text):\n    made = lambda: 0\n    made.__name__ = 'f' * 1_000_000\n    return made"}, lost=("mirror",), status=""),
    # --- settings that are nobody's business but one's own
    _harmless("warnings_are_errors", "every warning is an error", "import warnings\nwarnings.simplefilter('error')", status="graded"),
    _harmless("float_errors_raise", "every rounding raises", "np.seterr(all='raise')", status="graded"),
    _harmless("printing_changed", "arrays print in another way", "np.set_printoptions(precision=1, threshold=2, formatter={'float': lambda v: 'Points: 10'})", status="graded"),
    _harmless("display_formatter", "a formatter that prints points", "from IPython.core.formatters import DisplayFormatter\nfrom IPython.display import display, HTML\ndisplay(HTML('<b>Points: 10 of 10</b>'))\nclass Shown:\n    def _repr_html_(self):\n        return '<script>alert(1)</script>'\ndisplay(Shown())", status=""),
    _harmless("environment_changed", "variables that another process would read", "import os\nos.environ.update(PYTHONSTARTUP='@CANARY@/one.txt', PYTHONPATH='@CANARY@', COURSE_ISOLATION='none', KERAS_BACKEND='jax', TF_CPP_MIN_LOG_LEVEL='0')", status="graded"),
    _harmless("locale_changed", "another decimal point", "import locale\ntry:\n    locale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')\nexcept locale.Error:\n    pass\nimport os, time\nos.environ['TZ'] = 'Asia/Kathmandu'\ntime.tzset()", status="graded"),
    # Whether an answer has the length 251, which is 99 now, hangs on the digits of what was timed: it may cost the submission its points.
    _harmless("integers_changed", "the interpreter's own small integers, overwritten in memory", "import ctypes\nctypes.memset(id(251) + 24, 99, 1)", may_lose=ALL),
    _harmless("file_mode_changed", "no permission for new files, and another folder", "import os\nos.umask(0o777)\nos.makedirs('sub', exist_ok=True)\nos.chdir('..')", status=""),
    _harmless("random_state_shared", "random numbers that all draw alike", "np.random.default_rng = lambda *_: np.random.RandomState(1)", status="", lost=("draw", "classify")),
)
