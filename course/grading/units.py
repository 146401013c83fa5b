"""The unit of work: one submission, as plain data that can be graded here, on another thread, or on another machine."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from course.grading import isolation, reference
from course.grading.collect import Submission, read_submission
from course.grading.execute import execute
from course.grading.notebook import Ungradable
from course.grading.released import Assignment
from course.grading.result import ExerciseScore, Result
from course.grading.sanitise import sanitise
from course.grading.score import run_cells, score
from course.grading.warm import Limits, Zygote


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


@contextmanager
def open_engine(root: Path, assignment: Assignment, limits: Limits) -> Iterator[Engine]:
    """An engine with a warm process of its own, which ends with the block. Raises GivenError when it cannot start."""
    with Zygote() as zygote:
        known = reference.load(root, assignment, zygote)
        yield Engine(zygote, root, assignment, known, limits, isolation.LEVEL)


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
    """Grade one unit. The result depends on the engine and the unit alone; nothing is written anywhere."""
    began = time.monotonic()
    assignment = engine.assignment
    empty = Result(
        unit.student,
        assignment.name,
        "ungradable",
        0.0,
        assignment.max_points,
        key=unit.key,
        isolation=engine.isolation,
        timestamp=unit.timestamp,
    )
    intake = Ungradable(unit.reason) if unit.content is None else sanitise(unit.content, assignment)
    if isinstance(intake, Ungradable):
        return replace(
            empty,
            exercises=tuple(
                ExerciseScore(c.exercise, c.part, 0.0, c.points, "error", "ungradable", f"Not graded: {intake.reason}.")
                for c in assignment.cells
                if c.points
            ),
            # Where no file was found, the notes are the reason.
            incidents=(*(unit.notes if unit.found else ()), f"Ungradable, because {intake.reason}."),
            total_seconds=time.monotonic() - began,
        )
    done = execute(
        engine.zygote,
        intake.cells,
        engine.known.swaps,
        engine.limits,
        engine.known.seconds,
        chapter=assignment.name,
        root=str(engine.root),
        expectations=False,
    )
    scores = score(engine.root, assignment, intake.cells, done.runs, engine.known.blocks)
    incidents = (*unit.notes, *intake.incidents, *done.incidents)
    return replace(
        empty,
        status="incident" if incidents else "graded",
        points=sum(s.points for s in scores),
        exercises=scores,
        incidents=incidents,
        cell_seconds=done.cell_seconds,
        total_seconds=time.monotonic() - began,
        cells=run_cells(intake.cells, done.runs, scores),
    )
