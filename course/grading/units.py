"""The unit of work: one submission, as plain data that can be graded here, on another thread, or on another machine."""

import hashlib
import time
from dataclasses import dataclass, replace
from pathlib import Path

from course.grading import isolation, reference
from course.grading.collect import Submission, read_submission
from course.grading.execute import Execution, execute
from course.grading.notebook import Ungradable
from course.grading.released import Assignment
from course.grading.result import ExerciseScore, Result
from course.grading.sanitise import sanitise
from course.grading.score import run_cells, score
from course.grading.warm import Limits, Zygote

GRACE = 0.05  # seconds until a killed process can be seen to have ended, once its children have


class EngineLost(Exception):
    """The warm process ended while a unit was graded: what became of the unit then says nothing about it."""


@dataclass(frozen=True)
class Unit:
    """One submission to be graded.

    content: the bytes of the notebook, or None where there is none to grade; then `reason` says why, in words.
    notes: what was noticed while collecting. timestamp: ISO 8601, when it was handed in.
    key: content hash of the submission, the assignment, the environment and the limits.
    found: whether a file was there at all (one that cannot be read was found; a student without a notebook has none).
    """

    student: str
    content: bytes | None
    reason: str
    notes: tuple[str, ...]
    timestamp: str | None
    key: str
    found: bool = True


@dataclass(frozen=True)
class Engine:
    """All that grading a unit needs: a warm process, the assignment at the course's root, its reference, the limits."""

    zygote: Zygote
    root: Path
    assignment: Assignment
    known: reference.Reference
    limits: Limits
    isolation: str

    def close(self) -> None:
        self.zygote.close()


def open_engine(root: Path, assignment: Assignment, limits: Limits) -> Engine:
    """An engine with a warm process of its own; close it. Raises GivenError when it cannot start."""
    zygote = Zygote()
    try:
        return Engine(zygote, root, assignment, reference.load(root, assignment, zygote), limits, isolation.LEVEL)
    except BaseException:
        zygote.close()
        raise


def read_unit(submission: Submission, assignment: Assignment, limits: Limits) -> Unit:
    """Read what was handed in. The key is always that of the bytes in this very unit, even if the file changes later."""
    if submission.path is None:
        content: bytes | Ungradable = Ungradable(" ".join(submission.notes) or "no notebook was handed in")
    else:
        content = read_submission(submission.path)
    readable = isinstance(content, bytes)
    digest = hashlib.sha256()
    for part in (
        content if readable else content.reason.encode(),
        assignment.checksum.encode(),
        reference.environment().encode(),
        repr(limits).encode(),
        str(submission.timestamp).encode(),
        " ".join(submission.notes).encode(),
    ):
        digest.update(hashlib.sha256(part).digest())
    return Unit(
        submission.student,
        content if readable else None,
        "" if readable else content.reason,
        submission.notes,
        submission.timestamp.isoformat() if submission.timestamp else None,
        digest.hexdigest(),
        submission.path is not None,
    )


def grade_unit(engine: Engine, unit: Unit) -> Result:
    """Grade one unit. The result depends on the engine and the unit alone; nothing is written anywhere.

    Raises EngineLost when the warm process ended meanwhile.
    """
    began = time.monotonic()
    intake = Ungradable(unit.reason) if unit.content is None else sanitise(unit.content, engine.assignment)
    if isinstance(intake, Ungradable):
        return ungradable(engine, unit, intake.reason, time.monotonic() - began)
    done = _execute(engine, intake.cells)
    scores = score(engine.root, engine.assignment, intake.cells, done.runs, engine.known.blocks)
    incidents = (*unit.notes, *intake.incidents, *done.incidents)
    return replace(
        _nothing(engine, unit),
        status="incident" if incidents else "graded",
        points=sum(s.points for s in scores),
        exercises=scores,
        incidents=incidents,
        cell_seconds=done.cell_seconds,
        total_seconds=time.monotonic() - began,
        cells=run_cells(intake.cells, done.runs, scores),
    )


def ungradable(engine: Engine, unit: Unit, reason: str, seconds: float) -> Result:
    """The result of a unit that cannot be graded, because `reason`."""
    return replace(
        _nothing(engine, unit),
        exercises=tuple(
            ExerciseScore(c.exercise, c.part, 0.0, c.points, "error", "ungradable", f"Not graded: {reason}.")
            for c in engine.assignment.cells
            if c.points
        ),
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


def _execute(engine: Engine, cells) -> Execution:
    try:
        done = execute(
            engine.zygote,
            cells,
            engine.known.swaps,
            engine.limits,
            engine.known.seconds,
            chapter=engine.assignment.name,
            root=str(engine.root),
            expectations=False,
        )
    except (RuntimeError, OSError) as error:
        if _has_ended(engine.zygote):
            raise EngineLost(str(error)) from error
        raise
    if any(run.status == "died" for run in done.runs) and _has_ended(engine.zygote):
        raise EngineLost("the warm process ended, and the submission's process with it")
    return done


def _has_ended(zygote: Zygote) -> bool:
    """Whether the warm process is no more. Its children end with it, and may do so a moment before that is seen."""
    time.sleep(GRACE)
    return zygote.process.poll() is not None
