"""The unit of work: one submission, as plain data that can be graded here, on another thread, or on another machine."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from course.grading import reference
from course.grading.collect import Submission, read_submission
from course.grading.execute import errors, execute
from course.grading.figures import MAX_FIGURES
from course.grading.notebook import Ungradable
from course.grading.released import Assignment, Notebook
from course.grading.released_files import to_send
from course.grading.replay import quotable_runs
from course.grading.result import MISSING, ExerciseScore, Result, RunCell
from course.grading.sanitise import sanitise
from course.grading.score import run_cells, score
from course.grading.start import Starter, open_starter
from course.grading.talk import Gone
from course.grading.watch import Limits

_T = TypeVar("_T")


class EngineLost(Exception):
    """The warm process ended while a unit was graded: what became of the unit then says nothing about it."""


@dataclass(frozen=True)
class Unit:
    """One submission to be graded.

    content: notebook -> its bytes. reasons: notebook -> in words why a file that is there cannot be read. A notebook that
    is in neither was not handed in.
    notes: what was noticed while collecting. timestamp: ISO 8601, when it was handed in.
    key: content hash of the submission, the assignment, the environment and the limits.
    found: whether a file was there at all (one that cannot be read was found; a student without a notebook has none).
    """

    student: str
    content: Mapping[str, bytes]
    reasons: Mapping[str, str]
    notes: tuple[str, ...]
    timestamp: str | None
    key: str
    found: bool = True


@dataclass(frozen=True)
class Engine:
    """All that grading a unit needs: a warm process, the assignment at the course's root, the limits, and what is known of
    each notebook from its reference."""

    starter: Starter
    root: Path
    assignment: Assignment
    known: Mapping[str, reference.Reference]
    limits: Limits
    isolation: str

    def close(self) -> None:
        self.starter.close()


def open_engine(root: Path, assignment: Assignment, limits: Limits) -> Engine:
    """An engine with a warm process of its own; close it. Raises GivenError when it cannot start."""
    starter = open_starter(root)
    try:
        known = {notebook.name: reference.load(root, notebook, starter) for notebook in assignment.notebooks}
        return Engine(starter, root, assignment, known, limits, starter.level.name)
    except BaseException:
        starter.close()
        raise


def read_unit(submission: Submission, assignment: Assignment, limits: Limits) -> Unit:
    """Read what was handed in. The key is always that of the bytes in this very unit, even if the file changes later."""
    read = {name: read_submission(path) for name, path in submission.notebooks.items()}
    content = {name: held for name, held in read.items() if isinstance(held, bytes)}
    reasons = {name: held.reason for name, held in read.items() if isinstance(held, Ungradable)}
    digest = hashlib.sha256()
    for part in (
        *(name.encode() + hashlib.sha256(held).digest() for name, held in content.items()),
        repr(reasons).encode(),
        assignment.checksum.encode(),
        reference.environment().encode(),
        repr(limits).encode(),
        str(submission.timestamp).encode(),
        " ".join(submission.notes).encode(),
    ):
        digest.update(hashlib.sha256(part).digest())
    return Unit(
        submission.student,
        content,
        reasons,
        submission.notes,
        submission.timestamp.isoformat() if submission.timestamp else None,
        digest.hexdigest(),
        bool(submission.notebooks),
    )


@dataclass(frozen=True)
class _Part:
    """What one notebook came to; `ran` is False where there was nothing to run, for the reason among the incidents."""

    exercises: tuple[ExerciseScore, ...]
    incidents: tuple[str, ...] = ()
    cells: tuple[RunCell, ...] = ()
    unanswered: tuple[str, ...] = ()
    cell_seconds: float = 0.0
    ran: bool = False


def grade_unit(engine: Engine, unit: Unit) -> Result:
    """Grade one unit, each notebook in a process of its own. The result depends on the engine and the unit alone; nothing
    is written anywhere.

    Raises EngineLost when the warm process ended meanwhile.
    """
    began = time.monotonic()
    parts, reasons = {}, []
    for notebook in engine.assignment.notebooks:
        part = _grade_notebook(engine, notebook, unit)
        if isinstance(part, Ungradable):
            reasons.append(part.reason)
            part = _not_graded(notebook, part.reason)
        parts[notebook.name] = part
    if not any(part.ran for part in parts.values()):
        reason = "; ".join(reasons) or " ".join(unit.notes) or "no notebook was handed in"
        return ungradable(engine, unit, reason, time.monotonic() - began)
    if len(parts) > 1:
        parts = {name: _named(part, name) for name, part in parts.items()}
    scores = tuple(score for part in parts.values() for score in part.exercises)
    incidents = (*unit.notes, *(incident for part in parts.values() for incident in part.incidents))
    return replace(
        _nothing(engine, unit),
        status="incident" if incidents else "graded",
        points=sum(s.points for s in scores),
        exercises=scores,
        incidents=incidents,
        cell_seconds=sum(part.cell_seconds for part in parts.values()),
        total_seconds=time.monotonic() - began,
        cells=tuple(cell for part in parts.values() for cell in part.cells),
        unanswered=tuple(name for part in parts.values() for name in part.unanswered),
    )


def _grade_notebook(engine: Engine, notebook: Notebook, unit: Unit) -> _Part | Ungradable:
    if notebook.name in unit.reasons:
        return Ungradable(unit.reasons[notebook.name])
    if notebook.name not in unit.content:
        return _missing(notebook)
    intake = sanitise(unit.content[notebook.name], notebook)
    if isinstance(intake, Ungradable):
        return intake
    known = engine.known[notebook.name]
    start = {
        "chapter": notebook.name,
        "root": str(engine.root),
        "files": to_send(notebook.files),
        "expectations": False,
    }
    done = _while_it_lives(
        lambda: execute(engine.starter, intake.cells, known.swaps, engine.limits, known.seconds, MAX_FIGURES, **start)
    )
    judged = partial(score, engine.root, notebook, intake.cells, done.runs, known.blocks, known.swaps)
    wrong = {s.part for s in judged(shown=()) if s.state in ("wrong", "error")}
    left = replace(engine.limits, submission_seconds=max(engine.limits.submission_seconds - done.spent, 0.0))
    shown, seconds = _while_it_lives(
        lambda: quotable_runs(engine.starter, intake.cells, done.runs, wrong, known.swaps, left, known.seconds, **start)
    )
    scores = judged(shown=shown)
    return _Part(
        scores,
        (*intake.incidents, *done.incidents, *errors(intake.cells, shown)),
        run_cells(intake.cells, shown, scores),
        tuple(c.id for c in intake.cells if c.id in notebook.stubs and notebook.unanswered(c.id, c.source)),
        done.cell_seconds + seconds,
        ran=True,
    )


def _missing(notebook: Notebook) -> _Part:
    said = f"{notebook.name}.ipynb was not handed in."
    scores = (
        ExerciseScore(c.exercise, c.part, 0.0, c.points, "unanswered", MISSING, said)
        for c in notebook.cells
        if c.kind in ("tests", "answer", "task")
    )
    return _Part(tuple(scores), ("not handed in, so it counts 0.",))


def _not_graded(notebook: Notebook, reason: str) -> _Part:
    said = f"Not graded: {reason}."
    scores = (
        ExerciseScore(c.exercise, c.part, 0.0, c.points, "error", "ungradable", said)
        for c in notebook.cells
        if c.points
    )
    return _Part(tuple(scores), (said,))


def _named(part: _Part, notebook: str) -> _Part:
    """The part of one of several notebooks says which one it is of."""
    return replace(
        part,
        exercises=tuple(replace(score, notebook=notebook) for score in part.exercises),
        incidents=tuple(f"{notebook}: {incident}" for incident in part.incidents),
        cells=tuple(replace(cell, notebook=notebook) for cell in part.cells),
        unanswered=tuple(f"{notebook}/{name}" for name in part.unanswered),
    )


def ungradable(engine: Engine, unit: Unit, reason: str, seconds: float) -> Result:
    """The result of a unit that cannot be graded, because `reason`."""
    parts = {notebook.name: _not_graded(notebook, reason) for notebook in engine.assignment.notebooks}
    if len(parts) > 1:
        parts = {name: _named(part, name) for name, part in parts.items()}
    return replace(
        _nothing(engine, unit),
        exercises=tuple(score for part in parts.values() for score in part.exercises),
        # Where no file was found, the notes are the reason.
        incidents=(*(unit.notes if unit.found else ()), f"Ungradable, because {reason}."),
        total_seconds=seconds,
    )


def _nothing(engine: Engine, unit: Unit) -> Result:
    return Result(
        unit.student,
        engine.assignment.name,
        "ungradable",
        0.0,
        engine.assignment.max_points,
        key=unit.key,
        isolation=engine.isolation,
        timestamp=unit.timestamp,
    )


def _while_it_lives(run: Callable[[], _T]) -> _T:
    """What `run` gives. Raises EngineLost where it failed because the warm process had ended."""
    try:
        return run()
    except Gone as error:
        raise EngineLost(str(error)) from error
