"""An assignment that a student opens, answers, runs and saves comes back gradable from each program, and with nothing
personal: see front_ends.py for what each of them leaves in the file."""

import json
import sqlite3
from pathlib import Path

import pytest
from front_ends import FRONT_ENDS, PERSONAL, answered
from graded_course import CHAPTER, RIGHT, make_course

from course import paths
from course.grading.export import export_grades
from course.grading.grade import grade
from course.grading.released import load_notebook
from course.grading.report.write import write_report
from course.grading.sanitise import Intake, sanitise

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = paths.chapters(ROOT)


def released(root: Path, chapter: str) -> dict:
    return json.loads((root / "assignments" / chapter / f"{chapter}.ipynb").read_text(encoding="utf-8"))


@pytest.mark.parametrize("front_end", FRONT_ENDS, ids=str)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_assignment_comes_back_whole(chapter, front_end):
    notebook = load_notebook(ROOT, chapter)
    answers = {cell.id: cell.source for cell in notebook.cells if cell.kind in ("solution", "answer")}
    data = front_end.saves(answered(released(ROOT, chapter), answers))
    assert all(word in data.decode() for word in PERSONAL[:1]), "the reproduction holds what is to be taken away"
    intake = sanitise(data, notebook)
    assert isinstance(intake, Intake)
    assert intake.incidents == ()
    assert [cell.id for cell in intake.cells if cell.id] == [cell.id for cell in notebook.cells if cell.id]
    assert {cell.id: cell.source for cell in intake.cells if cell.id in answers} == answers
    assert {cell.source for cell in intake.cells if cell.kind == "own"} <= {""}
    assert not [word for word in PERSONAL if word in repr(intake)]


def test_together_the_reproductions_hold_all_that_is_personal():
    chapter = CHAPTERS[0]
    saved = b"".join(front_end.saves(released(ROOT, chapter)) for front_end in FRONT_ENDS).decode()
    assert not [word for word in PERSONAL if word not in saved]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class in which each student used another program, and one file came back as it was given out but for the answers."""
    root = make_course(tmp_path_factory.mktemp("round_trips"))
    given = answered(released(root, CHAPTER), RIGHT | {"loss": "def loss(logits, label):\n    return softmax(logits)"})
    files = {"plainly": (f"{CHAPTER}.ipynb", json.dumps(given).encode())}
    files |= {
        f"with_{front_end.saves.__name__}": (front_end.file(CHAPTER), front_end.saves(given))
        for front_end in FRONT_ENDS
    }
    for student, (name, data) in files.items():
        folder = root / "submitted" / student / CHAPTER
        folder.mkdir(parents=True)
        (folder / name).write_bytes(data)
    url = f"sqlite:///{root / 'gradebook.db'}"
    report = grade(root, CHAPTER, root / "submitted", 1, url)
    write_report(root, CHAPTER, root, url, root / "report" / CHAPTER)
    (root / "grades.csv").write_text(export_grades(url, by_exercise=True).text)
    return root, {result.student: result for result in report.results}


@pytest.mark.slow
def test_it_is_graded_as_if_nothing_had_been_between(graded):
    _, results = graded
    plain = results.pop("plainly")
    assert plain.points < plain.max_points and plain.points > 0
    for student, result in results.items():
        assert {e.id: (e.points, e.state, e.message) for e in result.exercises} == {
            e.id: (e.points, e.state, e.message) for e in plain.exercises
        }, student
        assert [line for line in result.incidents if "is named" not in line] == list(plain.incidents), student


@pytest.mark.slow
def test_no_output_has_anything_personal(graded):
    root, _ = graded
    written = [path for path in root.rglob("*") if path.is_file() and root / "submitted" not in path.parents]
    kinds = {path.relative_to(root).parts[0] for path in written}
    assert {"autograded", "feedback", "gradebook.db", "report", "grades.csv", ".course"} <= kinds
    for path in written:
        content = path.read_bytes()
        assert not [word for word in PERSONAL if word.encode() in content], path
    with sqlite3.connect(root / "gradebook.db") as gradebook:
        assert not [word for line in gradebook.iterdump() for word in PERSONAL if word in line]
