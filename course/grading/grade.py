"""Grade a class: collect -> look up in the journal -> grade what is new -> journal -> feedback and gradebook."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from course.errors import GivenError
from course.grading import isolation
from course.grading.autograded import write_autograded
from course.grading.collect import collect
from course.grading.feedback import write_feedback
from course.grading.gradebook import HandGrade, read_hand_grades, write_gradebook
from course.grading.journal import Journal
from course.grading.pool import grade_here
from course.grading.released import Assignment, load_assignment
from course.grading.result import Result
from course.grading.units import open_engine, read_unit
from course.grading.warm import Limits
from course.grading.workshop import Workshop


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
        results: dict[str, Result] = {}
        by_hand = read_hand_grades(db_url, name)

        def take(result: Result) -> None:
            _publish(home, assignment, result, by_hand.get(result.student))
            results[result.student] = replace(result, cells=())  # what was run is on the disk; memory stays flat
            on_progress(result, len(results), len(submissions))

        todo = []
        for submission in submissions:
            cached = journal.find(submission.student, read_unit(submission, assignment, limits).key)
            if cached:
                take(cached)
            else:
                todo.append(submission)
        if todo:
            units = (read_unit(submission, assignment, limits) for submission in todo)  # each when its turn has come
            with Workshop(partial(open_engine, root, assignment, limits)) as workshop:
                for result in grade_here(workshop.grade, units, jobs):
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
