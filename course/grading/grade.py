"""Grade a class: collect -> sanitise -> execute -> score -> journal -> gradebook and feedback, a submission at a time."""

import hashlib
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from course.errors import GivenError
from course.grading import isolation, reference
from course.grading.autograded import write_autograded
from course.grading.collect import Submission, collect, read_submission
from course.grading.execute import execute
from course.grading.feedback import write_feedback
from course.grading.gradebook import HandGrade, read_hand_grades, write_gradebook
from course.grading.journal import Journal
from course.grading.notebook import Ungradable
from course.grading.released import Assignment, load_assignment
from course.grading.result import ExerciseScore, Result
from course.grading.sanitise import sanitise
from course.grading.score import run_cells, score
from course.grading.warm import Limits, Zygote


@dataclass(frozen=True)
class Report:
    """What a run of the grader came to. changed: rows of the gradebook that were written."""

    assignment: str
    isolation: str
    results: tuple[Result, ...]
    wall_seconds: float
    jobs: int
    changed: int

    def to_json(self) -> dict[str, Any]:
        """The document that `course grade --json` prints."""
        return {
            "assignment": self.assignment,
            "isolation": self.isolation,
            "submissions": [
                {
                    "student": r.student,
                    "status": r.status,
                    "points": r.points,
                    "max_points": r.max_points,
                    "exercises": exercise_points(r),
                    "incidents": list(r.incidents),
                    "cell_seconds": r.cell_seconds,
                    "total_seconds": r.total_seconds,
                    "cached": r.cached,
                }
                for r in self.results
            ],
            "wall_seconds": self.wall_seconds,
            "cell_seconds": sum(r.cell_seconds for r in self.results if not r.cached),
            "jobs": self.jobs,
        }


def exercise_points(result: Result) -> dict[str, float]:
    """Exercise -> points, the parts of an exercise added up."""
    points: dict[str, float] = {}
    for scored in result.exercises:
        points[scored.id] = points.get(scored.id, 0.0) + scored.points
    return points


@dataclass(frozen=True)
class _Work:
    """One submission that has to be graded: its bytes (or why there are none) and the key of its content."""

    submission: Submission
    content: bytes | Ungradable
    key: str


def grade(
    root: Path,
    name: str,
    submitted: Path,
    jobs: int,
    db_url: str,
    home: Path | None = None,
    limits: Limits | None = None,
    on_progress: Callable[[Result, int, int], None] = lambda result, done, total: None,
) -> Report:
    """Grade every submission of assignment `name` (of the course at `root`) under `submitted`, into the gradebook at `db_url`.

    home: the folder of the class, where journal, feedback and autograded notebooks go (default: the course's own folder).
    on_progress is called with each result, how many are done and how many there are. Raises GivenError for what a person
    has to mend before anything can be graded; what is wrong with one submission is part of that submission's result.
    """
    began = time.monotonic()
    limits = limits or Limits()
    home = home or root
    assignment = load_assignment(root, name)
    submissions = collect(submitted, name)
    if not submissions:
        raise GivenError(f"nobody has handed in {name}: put submissions into {submitted}/<student>/{name}/{name}.ipynb")
    with Journal(home / ".course" / "journal" / f"{name}.jsonl") as journal:
        works = [_work(submission, assignment, limits) for submission in submissions]
        results: dict[str, Result] = {}
        by_hand = read_hand_grades(db_url, name)

        def take(result: Result) -> None:
            _publish(home, assignment, result, by_hand.get(result.student))
            results[result.student] = replace(result, cells=())  # what was run is on the disk; memory stays flat
            on_progress(result, len(results), len(works))

        todo = []
        for work in works:
            cached = journal.find(work.submission.student, work.key)
            if cached:
                take(cached)
            else:
                todo.append(work)
        if todo:
            with Zygote() as zygote:
                known = reference.load(root, assignment, zygote)
                for result in _in_parallel(
                    todo, jobs, lambda w: _grade_one(zygote, root, assignment, known, w, limits)
                ):
                    journal.append(result)
                    take(result)
        ordered = tuple(results[s.student] for s in submissions)
        changed = write_gradebook(db_url, assignment, ordered)
    return Report(name, isolation.LEVEL, ordered, time.monotonic() - began, jobs, changed)


def _publish(home: Path, assignment: Assignment, result: Result, by_hand: Mapping[str, HandGrade] | None) -> None:
    """The notebook as it was run, and the page for the student; left alone where both are there and nothing changed.

    by_hand: what a person gave in formgrader, which may be newer than the page.
    """
    there = [home / room / result.student / assignment.name for room in ("autograded", "feedback")]
    if not result.cached or not all(any(folder.glob("*.*")) for folder in there):
        write_autograded(home, assignment, result)
        write_feedback(home, assignment, result, by_hand)
    elif by_hand:
        write_feedback(home, assignment, result, by_hand)


def _in_parallel(works: list[_Work], jobs: int, run: Callable[[_Work], Result]):
    """Results as they come, with at most `jobs` submissions at work and none waiting in memory beyond them."""
    waiting = iter(works)
    with ThreadPoolExecutor(jobs) as pool:
        running: set[Future[Result]] = {pool.submit(run, w) for _, w in zip(range(jobs), waiting, strict=False)}
        try:
            while running:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
                running |= {pool.submit(run, w) for _, w in zip(range(jobs - len(running)), waiting, strict=False)}
        finally:
            for future in running:
                future.cancel()


def _work(submission: Submission, assignment: Assignment, limits: Limits) -> _Work:
    content = (
        read_submission(submission.path)
        if submission.path
        else Ungradable(" ".join(submission.notes) or "no notebook was handed in")
    )
    digest = hashlib.sha256()
    said = content if isinstance(content, bytes) else content.reason.encode()
    for part in (
        said,
        assignment.checksum.encode(),
        reference.environment().encode(),
        repr(limits).encode(),
        str(submission.timestamp).encode(),
        " ".join(submission.notes).encode(),
    ):
        digest.update(hashlib.sha256(part).digest())
    return _Work(submission, content, digest.hexdigest())


def _grade_one(
    zygote: Zygote, root: Path, assignment: Assignment, known: reference.Reference, work: _Work, limits: Limits
) -> Result:
    began = time.monotonic()
    intake = work.content if isinstance(work.content, Ungradable) else sanitise(work.content, assignment)
    timestamp = work.submission.timestamp.isoformat() if work.submission.timestamp else None
    empty = Result(
        work.submission.student,
        assignment.name,
        "ungradable",
        0.0,
        assignment.max_points,
        key=work.key,
        isolation=isolation.LEVEL,
        timestamp=timestamp,
    )
    if isinstance(intake, Ungradable):
        scores = tuple(
            ExerciseScore(c.exercise, c.part, 0.0, c.points, "error", "ungradable", f"Not graded: {intake.reason}.")
            for c in assignment.cells
            if c.points
        )
        notes = () if work.content is intake and not work.submission.path else work.submission.notes
        return replace(
            empty,
            exercises=scores,
            incidents=(*notes, f"Ungradable, because {intake.reason}."),
            total_seconds=time.monotonic() - began,
        )
    done = execute(
        zygote,
        intake.cells,
        known.swaps,
        limits,
        known.seconds,
        chapter=assignment.name,
        root=str(root),
        expectations=False,
    )
    scores = score(root, assignment, intake.cells, done.runs, known.blocks)
    incidents = (*work.submission.notes, *intake.incidents, *done.incidents)
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
