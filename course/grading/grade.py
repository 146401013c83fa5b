"""Grade a class: collect -> look up in the journal -> grade what is new -> feedback -> journal -> gradebook."""

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from course.errors import GivenError
from course.grading.autograded import write_autograded
from course.grading.by_hand import HandGrades, read_hand_grades
from course.grading.collect import Submission, collect
from course.grading.feedback import write_feedback
from course.grading.files import ANYWHERE, edge
from course.grading.gradebook import read_students, write_gradebook
from course.grading.journal import Journal
from course.grading.late import penalty_rule, read_deadlines, with_penalties
from course.grading.nbgrader_settings import read_settings
from course.grading.notebook import clean_text
from course.grading.pool import grade_here
from course.grading.released import Assignment, load_assignment
from course.grading.result import Result
from course.grading.sandbox import Level, probe
from course.grading.sandbox.level import LEVELS
from course.grading.sections import Section, sections_to_read
from course.grading.stopping import orderly, told_what_is_kept
from course.grading.units import Unit, open_engine, read_unit
from course.grading.warm_up import backend
from course.grading.watch import Limits
from course.grading.workshop import Workshop

FULL = LEVELS[-1]


@dataclass(frozen=True)
class Report:
    """What a run of the grader came to.

    isolation: the lowest level at which one of the results came about. jobs: how many submissions were graded at once, here or
    on a cluster. changed: rows of the gradebook that were written. backend: which of Keras's ran the submissions. not_handed_in:
    students whom the gradebook knows and who have no folder for this assignment. notes: what else a person should know.
    """

    assignment: str
    isolation: str
    results: tuple[Result, ...]
    wall_seconds: float
    jobs: int
    changed: int
    backend: str
    not_handed_in: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The document that `course grade --json` prints."""
        return {
            "assignment": self.assignment,
            "isolation": self.isolation,
            "backend": self.backend,
            "submissions": [
                {
                    "student": r.student,
                    "status": r.status,
                    "points": r.points,
                    "max_points": r.max_points,
                    "late_penalty": r.penalty,
                    "exercises": exercise_points(r),
                    "incidents": list(r.incidents),
                    "cell_seconds": r.cell_seconds,
                    "total_seconds": r.total_seconds,
                    "cached": r.cached,
                    "isolation": r.isolation,
                }
                for r in self.results
            ],
            "wall_seconds": self.wall_seconds,
            "cell_seconds": sum(r.cell_seconds for r in self.results if not r.cached),
            "jobs": self.jobs,
            "not_handed_in": list(self.not_handed_in),
            "notes": list(self.notes),
        }


def exercise_points(result: Result) -> dict[str, float]:
    """Exercise (with its notebook, where there are several) -> points, the parts of an exercise added up."""
    points: dict[str, float] = {}
    for scored in result.exercises:
        points[scored.label] = points.get(scored.label, 0.0) + scored.points
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
    exam: bool = False,
    dask: str | None = None,
    students: Collection[str] = (),
    force: bool = False,
) -> Report:
    """Grade every submission of assignment `name` (of the course at `root`) under `submitted`, into the gradebook at `db_url`.

    home: the folder of the class, where journal, feedback and autograded notebooks go (default: the course's own folder).
    on_progress is called with each result, how many are done and how many there are. exam: take no result that came about
    below isolation level full. dask: the address of a scheduler whose workers do the grading, in the place of `jobs` here.
    students: only these, where any are named. force: grade also what has not changed since it was last graded.
    Raises GivenError for what a person has to mend before anything can be graded; what is wrong with one submission is part
    of that submission's result.
    """
    began = time.monotonic()
    limits = limits or Limits()
    home = home or root
    if exam and (missing := lacking_for_exam(probe())):
        raise GivenError(missing)
    assignment = load_assignment(root, name)
    settings = read_settings(home, root)
    everyone = _collect(submitted, assignment)
    wanted = {s.student for s in everyone if not students or s.student in students} - settings.excluded
    submissions = [s for s in everyone if s.student in wanted]
    if unknown := sorted(set(students) - wanted):
        raise GivenError(f"{', '.join(unknown)} has not handed in {name}: there is no {submitted}/{unknown[0]}/{name}/")
    if not submissions:
        first = f"{assignment.notebooks[0].name}.ipynb"
        raise GivenError(f"nobody has handed in {name}: put submissions into {submitted}/<student>/{name}/{first}")
    secrets = {s.student: s.secret for s in submissions}
    results: dict[str, Result] = {}
    with (
        orderly(),
        told_what_is_kept(results, len(submissions)),
        edge(f"grade {name}", errors=ANYWHERE),
        Journal(home / ".course" / "journal" / f"{name}.jsonl") as journal,
        Workshop(partial(open_engine, root, assignment, limits)) as workshop,  # started when it is needed
    ):

        def read(submission: Submission) -> Unit:
            return _read(submission, assignment, limits, submitted)

        usable: dict[str, str] = {}  # student -> key of the result in the journal; memory stays flat
        for submission in submissions if not force else ():
            found = journal.find(submission.student, read(submission).key)
            if found and (found.isolation == FULL or not exam):
                usable[found.student] = found.key
        todo = [s for s in submissions if s.student not in usable]
        if todo and dask is None:
            workshop.start()  # while the gradebook is read
        rule = penalty_rule(settings)
        by_hand, deadlines = read_hand_grades(db_url, name), read_deadlines(db_url, name)
        sections = sections_to_read(root, name)
        told = journal.told(db_url)

        def take(graded: Result) -> None:
            given = by_hand.get(graded.student, {})
            result = with_penalties(graded, assignment, given, deadlines, rule)
            _publish(home, assignment, result, given, sections, secrets[result.student])
            if not graded.cached:
                journal.append(graded)  # after its files: what is in the journal needs nothing but the gradebook
            results[result.student] = replace(result, cells=())  # what was run is on the disk; memory stays flat
            on_progress(result, len(results), len(submissions))

        for student, key in usable.items():
            take(journal.find(student, key))
        if todo:
            units = map(read, todo)  # each when its turn has come
            with _graders(workshop, assignment, root, limits, jobs, exam, dask) as (grade_units, jobs):
                for result in grade_units(units):
                    take(result)
        ordered = tuple(results[s.student] for s in submissions)
        # What this gradebook was not told yet is new to it, whichever run it comes from.
        news = tuple(replace(r, cached=r.cached and told.get(r.student) == r.key) for r in ordered)
        changed = write_gradebook(db_url, assignment, news, settings.course_id)
        journal.tell(db_url, ordered)
        absent = sorted(read_students(db_url) - {clean_text(s.student) for s in everyone})
        isolation = weakest(ordered)
        notes = (*_on_isolation(isolation), *_on_the_journal(journal))
    return Report(name, isolation, ordered, time.monotonic() - began, jobs, changed, backend(), tuple(absent), notes)


def _on_isolation(level: str) -> tuple[str, ...]:
    if level != LEVELS[0]:
        return ()
    why = f" ({'; '.join(probe().missing)})" if probe().missing else ""
    return (f"isolation none: limits alone, no walls, held these submissions{why}: grade so only work that you trust",)


def _on_the_journal(journal: Journal) -> tuple[str, ...]:
    if not journal.damaged:
        return ()
    lines = "1 line is" if journal.damaged == 1 else f"{journal.damaged} lines are"
    return (f"in {journal.path} {lines} damaged and passed over (is the disk in order?)",)


def weakest(results: Iterable[Result]) -> str:
    """The lowest level at which one of the results came about; one that does not say came about at none."""
    return min((r.isolation if r.isolation in LEVELS else LEVELS[0] for r in results), key=LEVELS.index)


def lacking_for_exam(level: Level) -> str:
    """Why this machine cannot grade an exam, in one line with the mend; "" when it can."""
    if level.name == FULL:
        return ""
    return f"--exam needs isolation level full, and this machine has {level.name}: {'; '.join(level.missing)}"


@contextmanager
def _graders(
    workshop: Workshop,
    assignment: Assignment,
    root: Path,
    limits: Limits,
    jobs: int,
    exam: bool,
    dask: str | None,
) -> Iterator[tuple[Callable[[Iterable[Unit]], Iterator[Result]], int]]:
    """A function from units to their results, as they come, and how many are graded at once."""
    if dask is None:
        yield partial(grade_here, workshop.grade, jobs=jobs), jobs
        return
    from course.grading.dask_pool import connect, grade_there  # an extra of its own, which few need

    with connect(dask, root, assignment, limits, exam) as cluster:
        yield partial(grade_there, cluster, workshop.grade), cluster.threads()


def _collect(submitted: Path, assignment: Assignment) -> tuple[Submission, ...]:
    with edge("read the submissions in", submitted):
        return collect(submitted, assignment.name, [notebook.name for notebook in assignment.notebooks])


def _read(submission: Submission, assignment: Assignment, limits: Limits, submitted: Path) -> Unit:
    """What was handed in. Where a file went away since it was found, what is there in its place is taken.

    Raises GivenError when nothing is: a folder that is being copied, or was unmounted, costs nobody a grade.
    """
    unit = read_unit(submission, assignment, limits)
    gone = [path for name, path in submission.notebooks.items() if name in unit.reasons and not os.path.lexists(path)]
    if not gone:
        return unit
    for found in _collect(submitted, assignment):
        if found.student == submission.student and found.notebooks.keys() == submission.notebooks.keys():
            return read_unit(found, assignment, limits)
    raise GivenError(
        f"{gone[0]} went away while the class was graded: put it back, or wait until all files are in place"
    )


def _holds_something(path: Path) -> bool:
    """Whether there is a file with something in it: a power failure may leave the name alone."""
    return path.is_file() and path.stat().st_size > 0


def _publish(
    home: Path,
    assignment: Assignment,
    result: Result,
    given: HandGrades,
    sections: Mapping[str, Section],
    secret: str,
) -> None:
    """The notebooks as they were run, and the pages for the student; left alone where they are there and nothing changed.

    given: what a person gave in formgrader. sections: of the lesson, for those who did not get all points.
    """
    there = all(
        _holds_something(home / "autograded" / result.student / assignment.name / f"{notebook.name}.ipynb")
        for notebook in assignment.notebooks
        if not result.lacks(notebook.name)
    )
    with edge("write"):
        if not result.cached or not there:
            write_autograded(home, assignment, result, secret)
        write_feedback(home, assignment, result, given, secret, sections)
