"""Run the cells of one submission in children of the warm process, and say what became of each cell."""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from course.checks.records import Block, from_document
from course.grading.figures import as_png
from course.grading.plain import is_plain, plain_python
from course.grading.released import Cell, visible
from course.grading.start import Starter
from course.grading.talk import Child
from course.grading.warm_up import backend
from course.grading.watch import CLOCK, MAX_OUTPUT, Ended, Limits
from course.grading.withheld import without_expectations

MAX_REPLAYS = 2  # how often a submission is started again after a tests cell that had to be stopped
MAX_SPARES = 3  # how often a submission whose process was killed, perhaps from outside, runs that cell once more
COMPILING = {"jax": 10.0}  # seconds of processor time more: JAX compiles each operation where a process first meets it
SLOWER = 10  # how many times the reference's processor time an answer's tests may take, on top of the limit
MAX_BLOCKS = 10  # of checks, in one cell; ours have one
MAX_ERROR = 1_000  # characters of a cell's error
MAX_STOPPED = 10  # how many of the student's own cells may end the process; the others are not run then
MAX_PRINTED = 500_000  # characters of printed text kept for one submission
MAX_INCIDENT = 200  # characters of a cell's error in an incident
MAX_INCIDENTS = 20  # of cells that stopped with an error


@dataclass(frozen=True)
class CellRun:
    """What became of one cell. status: "ok", "error", "timeout", "memory", "died" or "skipped".

    seconds: on the clock. cpu_seconds: of processor time, which a busy machine does not stretch.
    completed, value: of a tests cell of plain assertions, whether its last line was reached, and the canonical value of its
    last expression. figures: as PNG files in base64, where they were asked for. drew: how many figures the cell left.
    """

    id: str
    kind: str
    status: str
    error: str = ""
    stdout: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    blocks: tuple[Block, ...] = ()
    completed: bool = False
    value: Any = None
    figures: tuple[str, ...] = ()
    drew: int = 0


@dataclass(frozen=True)
class Execution:
    """The runs of all code cells, in the order of `cells`; texts about those that had to be stopped; seconds in cells and in all."""

    runs: tuple[CellRun, ...]
    incidents: tuple[str, ...] = ()
    cell_seconds: float = 0.0
    total_seconds: float = 0.0
    spent: float = 0.0  # of the time for one submission


@dataclass
class _Progress:
    """How far a submission has come, over its restarts: the finished runs, and the cells that may not run again."""

    done: dict[int, CellRun] = field(default_factory=dict)
    deadly: set[int] = field(default_factory=set)
    incidents: list[str] = field(default_factory=list)
    cell_seconds: float = 0.0
    replays_left: int = MAX_REPLAYS
    room: int = MAX_PRINTED  # for printed text
    spent: float = 0.0  # seconds in cells, replays included; no cell counts for more than it may take
    spares_left: int = MAX_SPARES
    stops_left: int = MAX_STOPPED
    figures: int = 0  # that may still be kept


def execute(
    starter: Starter,
    cells: Sequence[Cell],
    references: Mapping[str, Mapping[str, str]],
    limits: Limits,
    typical_seconds: Mapping[str, float] | None = None,
    figures: int = 0,
    **start,
) -> Execution:
    """Run `cells` in order. `references`: part -> the sources (exercise -> source) that its checks swap in.

    typical_seconds: tests cell -> processor time of the reference; such a cell may take SLOWER times that on top of the limit.
    figures: how many of the student's to keep. start: what the child is told first (see child.serve).
    A cell that ends its process costs itself: a fresh child runs the student's cells again and goes on behind it.
    """
    began = time.monotonic()
    limits = replace(limits, slack=limits.slack + COMPILING.get(backend(), 0.0))
    code = _in_order([(i, cell) for i, cell in enumerate(cells) if cell.cell_type == "code"], references)
    if not start.get("expectations", True):
        code = [(i, replace(c, source=without_expectations(c.source)) if c.kind == "tests" else c) for i, c in code]
    progress = _Progress(figures=figures)
    complete = False
    while not complete and progress.replays_left >= 0:
        child = starter.new_child(memory_mb=2 * limits.memory_mb, file_mb=limits.file_mb, **start)
        try:
            complete = _run_through(child, code, references, limits, typical_seconds or {}, progress)
        finally:
            child.end()
    missing = [(i, cell) for i, cell in code if i not in progress.done]
    for i, cell in missing:
        progress.done[i] = CellRun(
            cell.id, cell.kind, "skipped", "it was not run, because earlier cells had to be stopped"
        )
    if missing:
        progress.incidents.append(
            f"{len(missing)} cells were not run: earlier ones had to be stopped too often, or used up the time for one submission."
        )
    runs = tuple(progress.done[i] for i, _ in sorted(code, key=itemgetter(0)))
    return Execution(runs, tuple(progress.incidents), progress.cell_seconds, time.monotonic() - began, progress.spent)


def _in_order(code: list[tuple[int, Cell]], references: Mapping[str, Mapping[str, str]]) -> list[tuple[int, Cell]]:
    """The cells as they stand, but tests to which a reference is lent come behind all tests of the exercise it belongs to:
    code of the borrowing exercise might keep it, and answer with it there."""

    def place(item: tuple[int, Cell]) -> tuple[int, bool]:
        i, cell = item
        lent = references.get(cell.part, {}) if cell.kind == "tests" else {}
        last = max((j for j, other in code if other.kind == "tests" and other.exercise in lent), default=i)
        return max(i, last), last > i

    return sorted(code, key=place)


def _run_through(
    child: Child,
    code: list[tuple[int, Cell]],
    references: Mapping[str, Mapping[str, str]],
    limits: Limits,
    typical_seconds: Mapping[str, float],
    progress: _Progress,
) -> bool:
    """Run what is left to run in `child`; True when nothing is left, False when the child ended in a cell."""
    met_hidden = False  # whether a hidden test, or a reference, came into this process
    for i, cell in code:
        again = i in progress.done
        if i in progress.deadly or (again and cell.kind == "tests"):
            continue
        if cell.kind == "own" and not again and not progress.stops_left:
            progress.done[i] = CellRun(cell.id, cell.kind, "skipped", "too many cells before it had to be stopped")
            continue
        if progress.spent > limits.submission_seconds:
            return True
        if cell.kind == "tests" and _already_stuck(cell, code, progress):
            progress.done[i] = CellRun(
                cell.id,
                cell.kind,
                "skipped",
                "another part of this exercise had to be stopped, so this one was not run",
            )
            continue
        allowed = _allowed(cell, limits, typical_seconds)
        met_hidden = met_hidden or (cell.kind == "tests" and knows_more(cell, references))
        started = time.monotonic()
        try:
            lent = references.get(cell.part, {}) if cell.kind == "tests" else {}
            # Of a process that met a hidden test no figure is shown (see `replay`), so none is drawn.
            wanted = 0 if cell.kind == "tests" or met_hidden or again else progress.figures
            run = _run_one(child, cell, lent, allowed, wanted)
        except Ended as end:
            progress.spent += min(time.monotonic() - started, allowed.longest_seconds)
            if end.reason == "killed" and progress.spares_left:
                # A machine without memory kills the innocent, too; a submission that kills itself will do so again.
                progress.spares_left -= 1
                return False
            progress.cell_seconds += time.monotonic() - started
            reason = "died" if end.reason == "killed" else end.reason
            said = end.text if met_hidden else str(end)  # a submission could say by the rest what it was asked
            progress.done[i] = CellRun(cell.id, cell.kind, reason, said, seconds=time.monotonic() - started)
            progress.deadly.add(i)
            progress.replays_left -= cell.kind == "tests"
            progress.stops_left -= cell.kind == "own"
            progress.incidents.append(f"The {_called(cell)} did not finish: {said}")
            return False
        progress.spent += min(time.monotonic() - started, allowed.longest_seconds)
        if not again:
            progress.cell_seconds += run.seconds
            progress.done[i] = replace(run, stdout=run.stdout[: progress.room])
            progress.room -= len(progress.done[i].stdout)
            progress.figures -= len(run.figures)
    return True


def errors(cells: Sequence[Cell], runs: Sequence[CellRun]) -> tuple[str, ...]:
    """A sentence on each cell, tests aside, that stopped with an error. runs: of the code cells, as they may be shown."""
    code = (cell for cell in cells if cell.cell_type == "code")
    said = [
        f"The {_called(cell)} stopped with an error: {run.error[:MAX_INCIDENT]}"
        for cell, run in zip(code, runs, strict=True)
        if run.status == "error" and cell.kind in ("solution", "own", "given")
    ]
    more = [f"{len(said) - MAX_INCIDENTS} more cells stopped with an error."] if len(said) > MAX_INCIDENTS else []
    return (*said[:MAX_INCIDENTS], *more)


def knows_more(cell: Cell, references: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a tests cell brings what a student may not see into the process: a hidden test, or another's reference."""
    return cell.source != visible(cell.source) or bool(references.get(cell.part))


def _allowed(cell: Cell, limits: Limits, typical_seconds: Mapping[str, float]) -> Limits:
    """The limits for one cell."""
    if cell.kind == "tests":
        return replace(limits, slack=limits.slack + SLOWER * typical_seconds.get(cell.id, 0.0))
    own = limits.own_seconds
    return replace(limits, cpu_seconds=limits.cpu_seconds + own, wall_seconds=limits.wall_seconds + CLOCK * own)


def _already_stuck(cell: Cell, code: list[tuple[int, Cell]], progress: _Progress) -> bool:
    """Whether another tests cell of the same exercise was stopped: a time-out is paid once, not once for each part."""
    return any(other.kind == "tests" and other.exercise == cell.exercise and i in progress.deadly for i, other in code)


def _run_one(child: Child, cell: Cell, references: Mapping[str, str], limits: Limits, figures: int) -> CellRun:
    token = secrets.token_hex(16) if is_plain(cell) else ""
    # In plain assertions nothing asks which are hidden, and in a student's cell the marks are words like any others.
    source = plain_python(cell.source, marked=cell.kind == "tests" and not token)
    answer = child.run(cell.id or "of your own", source, dict(references), limits, token, figures)
    try:
        return CellRun(
            cell.id,
            cell.kind,
            "ok" if answer["status"] == "ok" else "error",
            _text(answer["error"], MAX_ERROR),
            _text(answer["stdout"], MAX_OUTPUT + 100),
            _seconds(answer["seconds"]),
            _seconds(answer["cpu_seconds"]),
            tuple(from_document(d) for d in answer["blocks"][:MAX_BLOCKS]),
            token != "" and type(answer["token"]) is str and answer["token"] == token,
            answer["value"],
            tuple(as_png(pixels) for pixels in answer["figures"][:figures]),
            _count(answer["drew"]),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise Ended("died", "what came back from the cell is not in the grader's form") from problem


def _text(said: object, most: int) -> str:
    """A text that a child sent, which may be anything and of any length: raises ValueError when it is no text."""
    if type(said) is not str:
        raise ValueError("no text")
    return said[:most]


def _count(said: object) -> int:
    """A number of things that a child counted, which may be anything: raises ValueError when it is none."""
    if type(said) is not int or said < 0:
        raise ValueError(f"{said!r:.20} things")
    return said


def _seconds(said: object) -> float:
    """A time that a child measured, which may be anything: raises ValueError when it is no number of seconds."""
    if type(said) not in (int, float) or not 0 <= said < 1e6:
        raise ValueError(f"{said!r:.20} seconds")
    return float(said)


def _called(cell: Cell) -> str:
    if cell.kind == "own":
        return (
            f"cell of your own that begins `{cell.source.strip().splitlines()[0][:60] if cell.source.strip() else ''}`"
        )
    return {"solution": "answer", "tests": "tests cell"}.get(cell.kind, "cell") + f" `{cell.id}`"
