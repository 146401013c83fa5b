"""A class that is graded in a moment, for the tests of all that happens around the cells: nothing is executed.

An answer counts as right when it is the one of tiny_assignment. Collecting, journal, files and gradebook are the real ones.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import tiny_assignment as tiny

from course.grading import grade as grading
from course.grading.result import ExerciseScore, Result, RunCell

STUDENTS = ("ada", "ben", "cem", "dan", "eva")
WRONG = {"mean": "def mean(values):\n    return 3.0"}


@dataclass(frozen=True)
class Class:
    """A course and a class. url: of its gradebook, where that is not gradebook.db in the class's folder."""

    root: Path
    home: Path
    url: str = ""

    @property
    def db_url(self) -> str:
        return self.url or f"sqlite:///{self.home / 'gradebook.db'}"

    def submission(self, student: str) -> Path:
        return self.home / "submitted" / student / tiny.NAME / f"{tiny.NAME}.ipynb"

    def hand_in(self, student: str, **answers: str) -> None:
        path = self.submission(student)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tiny.as_bytes(tiny.submitted_notebook(**answers)))

    def grade(self, db_url: str = "", name: str = tiny.NAME, **options) -> grading.Report:
        submitted = self.home / "submitted"
        return grading.grade(self.root, name, submitted, 2, db_url or self.db_url, self.home, **options)


def make_class(folder: Path) -> Class:
    """Five students, the second and the fourth with a wrong answer."""
    made = Class(tiny.write_course(folder / "course"), folder / "class")
    for number, student in enumerate(STUDENTS):
        made.hand_in(student, **(WRONG if number % 2 else {}))
    return made


def pretend(unit) -> Result:
    """What grading this unit would come to."""
    ((name, notebook),) = unit.content.items()
    cells = json.loads(notebook)["cells"]
    answers = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell["source"] for cell in cells}
    scores = []
    for kind, grade_id, points, _ in tiny.SOURCE:
        if kind == "tests":
            part = grade_id.removeprefix("test_").replace("_", ".")
            exercise = part.partition(".")[0]
            right = answers[exercise] == tiny.ANSWERS[exercise]
            state, said = ("right", "") if right else ("wrong", "That is not what comes back.")
            scores.append(ExerciseScore(exercise, part, points * right, points, state, "", said))
        elif kind == "answer":
            scores.append(ExerciseScore(grade_id, grade_id, 0.0, points, "manual"))
    ran = tuple(
        RunCell(
            grade_id,
            kind,
            answers.get(grade_id, source),
            cell_type=tiny.cell(kind, grade_id, points, source)["cell_type"],
        )
        for kind, grade_id, points, source in tiny.SOURCE
    )
    points = sum(score.points for score in scores)
    return Result(unit.student, name, "graded", points, 10.0, tuple(scores), key=unit.key, isolation="full", cells=ran)


class _NoWorkshop:
    """Starts nothing."""

    def __init__(self, open):
        pass

    def start(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


@contextmanager
def instead_of_an_engine(between: Callable[[str], None] = lambda student: None) -> Iterator[None]:
    """Within this block, grading is pretended. between: is told each student whose turn has come."""

    def run(units: Iterable) -> Iterator[Result]:
        for unit in units:
            between(unit.student)
            yield pretend(unit)

    @contextmanager
    def graders(*_):
        yield run, 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grading, "Workshop", _NoWorkshop)
        patch.setattr(grading, "_graders", graders)
        yield
