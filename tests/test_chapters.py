"""Every chapter of the course, as a class meets it: graded by `course grade` and by nbgrader itself, with the same points."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course import paths
from course.authoring.bank import read_bank
from course.grading.grade import grade
from course.grading.released import load_notebook

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
CHAPTERS = paths.chapters(ROOT)
BIN = Path(sys.executable).parent


def answered(chapter: str, answers: dict[str, str]) -> str:
    """The released notebook of `chapter` with `answers` (grade_id -> source) in the place of its stubs."""
    notebook = json.loads((ROOT / "assignments" / chapter / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            cell["source"] = answers[grade_id]
    return json.dumps(notebook)


def make_class(root: Path, chapter: str) -> dict[str, str]:
    """Three students in a course folder of their own. Returns student -> the exercise that is wrong ("" for none)."""
    shutil.copytree(ROOT / "solutions" / chapter, root / "solutions" / chapter)
    shutil.copytree(ROOT / "assignments" / chapter, root / "assignments" / chapter)
    (root / "lessons").mkdir()
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root)
    assignment = load_notebook(ROOT, chapter)
    right = {c.id: c.source for c in assignment.cells if c.kind in ("solution", "answer")}
    # An exercise that another one calls, where there is one: there the reference has to take its place.
    needed = re.findall(r'needs="(\w+)', "".join(c.source for c in assignment.cells if c.kind == "tests"))
    wrong_exercise = [*needed, *(c.exercise for c in assignment.cells if c.kind == "solution")][0]
    wrong = next(a for a in read_bank(ROOT, chapter, wrong_exercise).answers if not a.right)
    for student, answers in {
        "perfect": right,
        "untouched": {},
        "one_wrong": {**right, wrong_exercise: wrong.source},
    }.items():
        path = root / "submitted" / student / chapter / f"{chapter}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(answered(chapter, answers), encoding="utf-8")
    return {"perfect": "", "untouched": "*", "one_wrong": wrong_exercise}


def nbgrader(root: Path, *arguments: str) -> str:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [str(BIN / "nbgrader"), *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


def stored_points(database: Path, chapter: str) -> dict[str, dict[str, float]]:
    """Student -> tests cell -> automatic score, as it stands in a gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{database}") as book:
        return {
            s.student.id: {g.name: g.auto_score for n in s.notebooks for g in n.grades if g.cell.cell_type == "code"}
            for s in book.assignment_submissions(chapter)
        }


@pytest.fixture(scope="module", params=CHAPTERS)
def graded(request, tmp_path_factory):
    root, chapter = tmp_path_factory.mktemp(request.param), request.param
    wrong = make_class(root, chapter)
    report = grade(root, chapter, root / "submitted", 2, f"sqlite:///{root / 'gradebook.db'}")
    return root, chapter, wrong, report


def test_the_untouched_assignment_gets_nothing_and_the_solution_everything_that_checks_can_give(graded):
    _, _, _, report = graded
    results = {r.student: r for r in report.results}
    by_checks = [e for e in results["perfect"].exercises if e.state != "manual"]
    assert all(e.points == e.max_points for e in by_checks)
    assert {e.state for e in by_checks} == {"right"}
    assert results["untouched"].points == 0
    assert {e.state for e in results["untouched"].exercises} == {"unanswered"}
    assert all(r.status == "graded" and not r.incidents for r in report.results)


def test_a_wrong_answer_costs_points_in_its_own_exercise_alone(graded):
    _, _, wrong, report = graded
    (result,) = [r for r in report.results if r.student == "one_wrong"]
    lost = {e.id for e in result.exercises if e.state not in ("right", "manual")}
    assert lost == {wrong["one_wrong"]}


def test_grading_fits_the_time_that_an_assignment_may_take(graded):
    _, _, _, report = graded
    assert max(r.cell_seconds for r in report.results) < 20, (
        "an assignment is to take 3 s, or 10 s where training is the point"
    )


def test_nbgrader_s_own_commands_go_on_where_course_grade_ended(graded):
    root, chapter, _, _ = graded
    nbgrader(root, "generate_feedback", chapter, "--force")
    page = (root / "feedback" / "perfect" / chapter / f"{chapter}.html").read_text(encoding="utf-8")
    assert "course-page" in page
    nbgrader(root, "export", "--to", "grades.csv")
    lines = (root / "grades.csv").read_text().splitlines()
    assert any("perfect" in line for line in lines)


def test_nbgrader_autograde_gives_the_same_points(graded, tmp_path):
    root, chapter, _, _ = graded
    other = tmp_path / "nbgrader"
    other.mkdir()
    for name in ("solutions", "submitted"):
        shutil.copytree(root / name, other / name)
    (other / "lessons").mkdir()
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, other)
    nbgrader(other, "generate_assignment", chapter)
    nbgrader(other, "autograde", chapter, "--FastExecute.fast=False")  # test_fast_execute.py does it the fast way
    ours, theirs = (stored_points(folder / "gradebook.db", chapter) for folder in (root, other))
    assert ours == theirs
    assert set(ours) == {"perfect", "untouched", "one_wrong"}
