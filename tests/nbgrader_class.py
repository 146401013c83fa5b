"""A class that has handed in `nbgrader_course`'s assignment, graded by nbgrader in its own kernels, and by `course grade`."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import nbgrader_course as course
from nbgrader_course import ANSWERS, MEAN, NAME, hand_in

from course.grading import units
from course.grading.grade import Report, grade
from course.grading.warm import Zygote

DUE = datetime(2026, 11, 2, 22, 0, 0)
FIRST, SECOND = ANSWERS["problem1"], ANSWERS["problem2"]
WRONG = "def squares(n):\n    return [1]"
LOOP = "def mean(values):\n    while True:\n        pass"
SHOUT = "import sys\n" + MEAN.replace("\n", "\n    print('careful', file=sys.stderr)\n", 1)

# Student -> what they answered, notebook by notebook; one that is not named was not handed in.
SHEETS = {
    "ada": ANSWERS,
    "ben": {"problem1": {**FIRST, "squares": WRONG}},
    "cem": {"problem1": {}, "problem2": {}},
    "dan": {
        "problem1": {**FIRST, "correct_squares": "assert True", "squares": WRONG},
        "problem2": {**SECOND, "mean": LOOP},
    },
    "eva": {"problem1": {**FIRST, "plan": ""}, "problem2": SECOND},
    "fay": {"problem1": FIRST, "problem2": {**SECOND, "mean": SHOUT}},
}
TIMES = {"ben": "2026-11-02 14:30:00 America/Los_Angeles", "cem": "", "eva": "2026-11-03 00:00:00 UTC"}


@dataclass(frozen=True)
class Class:
    """A course folder. theirs, ours: the gradebooks by nbgrader and by us, whose files are in autograded/ and feedback/."""

    root: Path
    theirs: str
    ours: str
    report: Report

    @property
    def results(self) -> dict:
        return {result.student: result for result in self.report.results}


def make_class(root: Path) -> Class:
    course.make_course(root)
    for student, sheet in SHEETS.items():
        files = {"data/numbers.txt": "7\n", "shipped.py": "FIRST = 2\n"} if student == "eva" else None
        hand_in(root, student, sheet, TIMES.get(student, "2026-11-02 21:14:03 UTC"), files)
    hand_in(root, "dan", {}, files={"problem1-Copy1.ipynb": "{}"})
    (root / "submitted" / "guy" / NAME).mkdir(parents=True)
    kept = root / "gradebook.db"
    with gradebook(url(kept)) as book:
        book.update_or_create_student("ada", first_name="Ada", last_name="Lovelace", email="ada@example.org")
        book.update_or_create_student("ian", first_name="Ian")
        book.update_or_create_assignment(NAME, duedate=DUE)
    shutil.copy(kept, root / "theirs.db")
    settings = {"CourseDirectory": {"db_url": url(root / "theirs.db")}, "ExecutePreprocessor": {"timeout": 2}}
    done = course.nbgrader(root, FastExecute={"fast": False}, Execute={"timeout": 2}, **settings).autograde(NAME, "*")
    assert done["success"], done
    shutil.move(root / "autograded", root / "theirs")
    report = grade(root, NAME, root / "submitted", 2, url(kept))
    return Class(root, url(root / "theirs.db"), url(kept), report)


@contextmanager
def one_warm_process() -> Iterator[None]:
    """All gradings in this block share one warm process: they are many and small, and its start takes seconds."""

    class Kept(Zygote):
        def close(self) -> None:
            """Not yet."""

    kept = Kept()
    try:
        with patch.object(units, "open_starter", lambda root: kept):
            yield
    finally:
        Zygote.close(kept)


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def gradebook(address: str):
    from nbgrader.api import Gradebook

    return Gradebook(address)


def grades(address: str, student: str) -> dict[str, tuple]:
    """Cell -> (automatic score, score by hand, extra credit, whether it waits for a person), of all notebooks."""
    with gradebook(address) as book:
        notebooks = book.find_submission(NAME, student).notebooks
        return {
            g.name: (g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
            for n in notebooks
            for g in n.grades
        }


def auto_scores(address: str, student: str) -> dict[str, float | None]:
    return {name: row[0] for name, row in grades(address, student).items()}


def comments(address: str, student: str) -> dict[str, str | None]:
    with gradebook(address) as book:
        return {c.name: c.auto_comment for n in book.find_submission(NAME, student).notebooks for c in n.comments}


def penalties(address: str, student: str) -> dict[str, float | None]:
    with gradebook(address) as book:
        return {n.name: n.late_submission_penalty for n in book.find_submission(NAME, student).notebooks}


def by_hand(
    address: str, student: str, cell: str, score: float | None, extra: float | None = None, comment: str = ""
) -> None:
    """What formgrader does when a person grades a cell."""
    with gradebook(address) as book:
        for notebook in book.find_submission(NAME, student).notebooks:
            for given in notebook.grades:
                if given.name == cell:
                    given.manual_score, given.extra_credit, given.needs_manual_grade = score, extra, False
            for said in notebook.comments:
                if said.name == cell and comment:
                    said.manual_comment = comment
        book.db.commit()
