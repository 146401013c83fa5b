"""One submission's process, a fork of the zygote or started afresh: it runs cells, one at a time, as the supervisor sends them.

It is told nothing that it must not know: the source of a cell comes when its turn has come, and expected values never
come (see `score`). What a student's code can do to this process, it can do to itself alone.
"""

import ast
import builtins
import io
import linecache
import os
import random
import socket
import sys
import time
import traceback
from typing import Any, Protocol

import numpy as np

from course.checks import wire
from course.checks.records import Block, to_document
from course.checks.session import begin, current
from course.checks.values import canonical, raised, show
from course.grading import pristine
from course.grading.figures import take_figures
from course.grading.watch import MAX_OUTPUT

_TOKEN, _VALUE = "__course_token__", "__course_value__"


class Walls(Protocol):
    """What stands around a submission."""

    def enter(self, keep: int, home: str, memory_mb: int, file_mb: int) -> None:
        """See `sandbox.Sandbox.enter`."""


def serve(channel: socket.socket, walls: Walls) -> None:
    """Put up the walls, then answer messages until the supervisor closes the channel. Never returns.

    Until the first message nothing of a student's has run, so what goes wrong before is the grader's own fault, and is told
    as such; what goes wrong later is not.
    """
    start = _read(channel)
    if start is None:
        os._exit(0)
    try:
        walls.enter(channel.fileno(), start["home"], start["memory_mb"], start["file_mb"])
        notebook = _Notebook(start)
    except BaseException:  # noqa: BLE001  the supervisor raises it again
        channel.sendall(wire.pack({"fault": traceback.format_exc()}))
        os._exit(1)
    channel.sendall(wire.pack({"fault": ""}))
    while (message := _read(channel)) is not None:
        channel.sendall(wire.pack(notebook.run(message)))
    os._exit(0)  # at once: threads, finalizers and exit handlers of the submission get no say


def _read(channel: socket.socket) -> dict | None:
    def exactly(n: int) -> bytes:
        parts, left = [], n
        while left:
            part = channel.recv(min(left, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    try:
        return wire.unpack(exactly)
    except EOFError:
        return None


class _Notebook:
    """The namespace in which a submission's cells run, and what they leave: printed text, errors, observations."""

    def __init__(self, start: dict[str, Any]):
        self.namespace: dict[str, Any] = {
            "__name__": "__main__",
            "__builtins__": builtins,
            "get_ipython": lambda: _Shell(self),
        }
        self.blocks: list[Block] = []
        self.references: dict[str, str] = {}
        os.environ["COURSE_ROOT"] = start["root"]  # where data sets are
        os.environ["NBGRADER_EXECUTION"] = "autograde"  # nbgrader promises it to an instructor's cells
        begin(start["chapter"])
        current.finish = self.blocks.append
        current.expectations = start["expectations"]
        current.reference_source = lambda exercise: self.references.get(exercise)
        files = start.get("files", {})
        for name, content in files.items():
            _place(name, content.tobytes())
        if any(name.endswith(".py") for name in files):
            sys.path.append(os.getcwd())  # behind Python's own modules, whose place no file here can take
        random.seed(0)
        np.random.seed(0)

    def run(self, message: dict[str, Any]) -> dict[str, Any]:
        """Run one cell; returns its status, error, printed text, seconds, the blocks of checks that it finished, the figures
        that it drew, and for a cell of plain assertions the token that its last line leaves and the value of its last
        expression."""
        self.blocks.clear()
        self.references = message["references"]
        if message["token"]:
            pristine.restore()
        output = _Output()
        sys.stdout = sys.stderr = output
        began, computed = time.perf_counter(), time.process_time()
        error = self.execute(message["source"], f"<cell {message['id']}>", message["token"])
        printed = output.getvalue()  # before matplotlib has its say
        figures, drew = take_figures(message["figures"])
        seconds, computed = time.perf_counter() - began, time.process_time() - computed
        self.references = {}
        return {
            "key": message["key"],
            "status": "error" if error else "ok",
            "error": error,
            "stdout": printed,
            "seconds": seconds,
            "cpu_seconds": computed,
            "blocks": [to_document(block) for block in self.blocks],
            "figures": figures,
            "drew": drew,
            "token": canonical(self.namespace.pop(_TOKEN, "")),
            "value": canonical(self.namespace.pop(_VALUE, None)),
        }

    def execute(self, source: str, filename: str, token: str = "") -> str:
        """Run `source` in the namespace; returns "" or what went wrong, in one line with the line of the cell."""
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        try:
            parsed = ast.parse(source, filename)
            if token:
                _leave_token(parsed, token, quiet=source.rstrip().endswith(";"))
            exec(compile(parsed, filename, "exec", dont_inherit=True), self.namespace)
        except SystemExit:
            return "the cell called sys.exit() or quit(), which ends only this cell here"
        except SyntaxError as error:
            return f"SyntaxError: {error.msg} (line {error.lineno}: `{(error.text or '').strip()[:120]}`)"
        except BaseException as error:  # noqa: BLE001  whatever a submission raises is a fact about the submission
            told = raised(error)
            return show(told, 600) + (f" (in the line `{told.line}`)" if told.line else "")
        return ""


def _leave_token(parsed: ast.Module, token: str, quiet: bool) -> None:
    """A cell of plain assertions has passed when its last line was reached: behind that line it leaves the token. As with
    nbgrader, the value of a last expression is partial credit (a text that stands there says nothing, nor does what a
    semicolon keeps `quiet`)."""
    last = parsed.body[-1] if parsed.body else None
    if (
        isinstance(last, ast.Expr)
        and not quiet
        and not (isinstance(last.value, ast.Constant) and isinstance(last.value.value, str))
    ):
        parsed.body[-1] = ast.Assign([ast.Name(_VALUE, ast.Store())], last.value)
    parsed.body.append(ast.Assign([ast.Name(_TOKEN, ast.Store())], ast.Constant(token)))
    ast.fix_missing_locations(parsed)


class _Output(io.StringIO):
    """Printed text, up to a limit; what is beyond is counted and dropped."""

    def __init__(self):
        super().__init__()
        self.dropped = 0

    def write(self, text: str) -> int:
        room = MAX_OUTPUT - self.tell()
        super().write(text[: max(room, 0)])
        self.dropped += max(len(text) - max(room, 0), 0)
        return len(text)

    def getvalue(self) -> str:
        text = super().getvalue()
        return text + f"\n… and {self.dropped:,} more characters, not kept" if self.dropped else text


class _Shell:
    """What `get_ipython()` gives in a cell: the few magics that mean something here; the others say that they do not."""

    _QUIET = frozenset({"matplotlib", "autoreload", "load_ext", "config", "precision", "reload_ext"})

    def __init__(self, notebook: _Notebook):
        self._notebook = notebook

    def run_line_magic(self, name: str, line: str, *_, **__) -> None:
        if name in ("time", "timeit"):
            self._run(line)
        elif name not in self._QUIET:
            raise RuntimeError(f"%{name} is not available while grading")

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        if name not in ("time", "timeit", "capture"):
            raise RuntimeError(f"%%{name} is not available while grading")
        self._run(cell)

    def system(self, command: str) -> None:
        raise RuntimeError("shell commands are not available while grading")

    getoutput = system

    def _run(self, source: str) -> None:
        exec(compile(source, "<cell magic>", "exec"), self._notebook.namespace)


def _place(name: str, content: bytes) -> None:
    """A file that belongs to the assignment, into the work folder, for reading."""
    if os.path.dirname(name):
        os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name, "xb", opener=lambda path, flags: os.open(path, flags, 0o444)) as file:
        file.write(content)


def no_input(prompt: str = "") -> str:
    """Stands in the place of `input` in the warm process and all that it forks."""
    raise RuntimeError("input() has nobody to ask while grading: give the value in the code")
