"""Students whose names are told apart with difficulty: each keeps a grade of his own, and nobody loses one by it."""

import json
import os
import sqlite3

import pytest

from course.grading.grade import grade
from hostile.assignment import NAME, submission, write_course

pytestmark = pytest.mark.slow

NAMES = {
    "in another case": (b"anna", b"ANNA"),
    "with an accent in one character or in two": ("Jos\u00e9".encode(), "Jose\u0301".encode()),
    "with letters that look alike": (b"anna", "\u0430nna".encode()),
    "with characters that are not seen": (b"anna", "anna\u200b".encode()),
    "of bytes that are no text": (b"anna\xff", b"anna\xfe"),
    "of bytes that are no text, and of what stands for them": (b"anna\xff", "anna\ufffd".encode()),
}


@pytest.mark.parametrize(
    "names",
    [pytest.param(names, id=told) for told, names in NAMES.items()],
)
def test_two_students_with_names_that_look_alike_have_two_grades(tmp_path, names):
    course = write_course(tmp_path / "course")
    answers = ({}, {"double": "def double(x):\n    return 0"}, {})
    for name, changed in zip((*names, b"zoe"), answers, strict=True):
        folder = course / "submitted" / os.fsdecode(name) / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(submission(NAME, changed)))
    report = grade(course, NAME, course / "submitted", 1, f"sqlite:///{course / 'gradebook.db'}")
    assert sorted(result.points for result in report.results) == [15.0, 18.0, 18.0]
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        rows = gradebook.execute("select sum(auto_score) from grade group by notebook_id").fetchall()
    assert sorted(rows) == [(15.0,), (18.0,), (18.0,)]
