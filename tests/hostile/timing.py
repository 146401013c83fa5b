"""Answers and cells that do not end, wait, stop the clock, or go off later."""

from hostile.case import Case, own


def _answer(name: str, why: str, body: str, says=("was stopped",), **more) -> Case:
    """`mirror` does not come back; all other exercises keep their points."""
    made = body if body.startswith(("import", "def")) else f"def mirror(text):\n    {body}"
    return Case(name, why, {"mirror": made}, **{"lost": ("mirror",), "status": "incident", "says": says} | more)


CASES = (
    _answer("loop", "a loop without an end", "while True:\n        pass"),
    _answer("loop_that_swallows", "a loop that lives on after every exception", "while True:\n        try:\n            while True:\n                pass\n        except BaseException:\n            pass"),
    _answer("loop_in_c", "a computation in C that lets nobody else run", "return sum(range(10 ** 12))"),
    _answer("regular_expression", "a search that takes longer than the sun will shine", "import re\ndef mirror(text):\n    return re.match('(a+)+$', 'a' * 60 + 'b')"),
    _answer("power", "a number with too many digits", "return 9 ** 9 ** 9"),
    _answer("sleep", "an answer that waits", "import time\ndef mirror(text):\n    time.sleep(30)", says=("does it wait for something",)),
    _answer("deadlock", "a lock that nobody opens", "import threading\ndef mirror(text):\n    lock = threading.Lock()\n    lock.acquire()\n    lock.acquire()", says=("does it wait for something",)),
    _answer("pause", "an answer that waits for a signal", "import signal\ndef mirror(text):\n    signal.pause()"),
    _answer("stopped", "a process that stops itself", "import os, signal\ndef mirror(text):\n    os.kill(os.getpid(), signal.SIGSTOP)", says=(), status=""),
    _answer("endless_generator", "a generator that is used up", "import itertools\ndef mirror(text):\n    return list(zip(itertools.count(), itertools.repeat(0)))[-1]", says=()),
    _answer("loop_in_a_hidden_check", "a loop that only a hidden check meets", "def mirror(text):\n    while len(text) > 2:\n        pass\n    return text + '|' + text[::-1]"),
    Case("two_parts_of_one_exercise", "a time-out is paid once for all parts of an exercise", {"total": "def total(values):\n    while True:\n        pass"}, lost=("total", "total.late"), status="incident"),
    Case("three_exercises_hang", "what comes after the third is told not to have been run", {g: f"def {g}(*_):\n    while True:\n        pass" for g in ("double", "mirror", "total")}, lost=("double", "mirror", "total"), may_lose=("average", "total.late", "draw", "classify", "area", "square"), status="incident"),
    Case("loop_in_a_cell", "a cell of one's own that does not end", own=own("while True:\n    pass"), status="incident", says=("cell of your own",)),
    Case("loop_at_the_end_of_an_answer", "an answer cell that does not end", {"mirror": "def mirror(text):\n    return text + '|' + text[::-1]\nwhile True:\n    pass"}, lost=("mirror",), status="incident"),
    Case("slow_cells", "many cells that each stay just below the limit", own=tuple(("square", "import time\ntime.sleep(4)") for _ in range(6)), may_lose=("square",), status="", within=32),
    Case("sixty_deadly_cells", "cells that end their process, one after the other", own=tuple(("square", "import os\nos._exit(0)") for _ in range(60)), status="incident"),
    Case("input", "a cell that asks somebody", own=own("name = input('your name?')"), status="incident", says=("input()",)),
    Case("input_in_an_answer", "an answer that asks somebody", {"mirror": "def mirror(text):\n    return input()"}, lost=("mirror",), tells=("input()",)),
    Case("input_of_descriptors", "reading where nothing comes", {"mirror": "import os, sys\ndef mirror(text):\n    return os.read(0, 10).decode() + sys.__stdin__.readline() if sys.__stdin__ else os.read(0, 10).decode()"}, lost=("mirror",)),
    Case("gui", "windows that wait to be closed", own=own("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show(block=True)\nplt.close()"), status=""),
    Case("gui_backend", "another backend, with windows", own=own("import matplotlib\nmatplotlib.use('TkAgg', force=True)\nimport matplotlib.pyplot as plt\nplt.figure()\nplt.show()"), status=""),
    Case("debugger", "a debugger that waits for commands", own=own("import pdb\npdb.set_trace()\nx = 1"), status=""),
    Case("breakpoint_in_an_answer", "a breakpoint that was left in", {"mirror": "def mirror(text):\n    breakpoint()\n    return text + '|' + text[::-1]"}, may_lose=("mirror",), status=""),
    Case("time_bomb", "an answer that is right until a certain day", {"mirror": "import time\ndef mirror(text):\n    return text + '|' + text[::-1] if time.time() < 1e9 else 'late'"}, lost=("mirror",)),
    Case("grader_detected", "an answer that is right only where nobody grades", {"mirror": "import os, sys\ndef mirror(text):\n    graded = 'COURSE_ROOT' in os.environ or 'course.grading' in ' '.join(sys.modules)\n    return '' if graded else text + '|' + text[::-1]"}, lost=("mirror",)),
    Case("counted_calls", "an answer that is right only for the first calls", {"mirror": "calls = []\ndef mirror(text):\n    calls.append(1)\n    return text + '|' + text[::-1] if len(calls) < 2 else ''"}, lost=("mirror",)),
    Case("clock_of_the_process_set", "limits of the process, set by itself", own=own("import resource, signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nfor what in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_NOFILE):\n    try:\n        resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n        print('BREACH limit', what)\n    except (ValueError, OSError):\n        pass"), level="partial"),
)
