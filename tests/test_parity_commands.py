"""nbgrader's other commands, its exchange and formgrader work on what `course grade` leaves: rows of docs/NBGRADER.md too."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbgrader_class as school
import nbgrader_course as course
import pytest
from nbgrader_class import auto_scores, grades
from nbgrader_course import ANSWERS, NAME, hand_in

pytest.importorskip("nbgrader")

from course.grading.grade import grade

pytestmark = pytest.mark.slow

WRONG = {
    "problem1": {**ANSWERS["problem1"], "squares": "def squares(n):\n    return [1]"},
    "problem2": ANSWERS["problem2"],
}


@pytest.fixture(scope="module", autouse=True)
def warm():
    with school.one_warm_process():
        yield


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of two that `course grade` has graded."""
    root = course.make_course(tmp_path_factory.mktemp("commands"))
    hand_in(root, "ada")
    hand_in(root, "ben", WRONG)
    run(root)
    return root


@pytest.fixture
def class_(graded, tmp_path):
    """A copy of it, for a test that changes something."""
    root = tmp_path / "course"
    shutil.copytree(graded, root)
    return root


def run(root, **options):
    return grade(root, NAME, root / "submitted", 1, school.url(root / "gradebook.db"), **options)


def nbgrader(root, *arguments, folder=None, **variables):
    """The command itself. variables: of the environment."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", **variables}
    command = [str(Path(sys.executable).parent / "nbgrader"), *arguments]
    done = subprocess.run(command, cwd=folder or root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_the_command_grades_an_assignment_of_ones_own(class_):
    command = [str(Path(sys.executable).parent / "course"), "grade", NAME, "--student", "ben", "--json"]
    done = subprocess.run(command, cwd=class_, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (ben,) = json.loads(done.stdout)["submissions"]
    assert (ben["student"], ben["points"], ben["max_points"]) == ("ben", 7.0, 17.0)
    assert ben["exercises"]["problem1/squares"] == 1.0


def page_of(root, student, notebook="problem1"):
    return (root / "feedback" / student / NAME / f"{notebook}.html").read_text()


def enter(root, student, score, comment):
    """What a person does in formgrader."""
    with school.gradebook(school.url(root / "gradebook.db")) as book:
        book.find_grade("why", "problem1", NAME, student).manual_score = score
        book.find_comment("why", "problem1", NAME, student).manual_comment = comment
        book.db.commit()


def test_generate_feedback_makes_our_page_with_what_was_entered_since(class_):
    before = page_of(class_, "ben")
    enter(class_, "ben", 1.5, "Nearly there.")
    done = course.nbgrader(class_).generate_feedback(NAME, force=True)
    assert done["success"], done
    page = page_of(class_, "ben")
    assert "The tests gave 1 of 3 points." in page
    assert "Nearly there." in page
    assert "<b>2.5</b> <span>of 8 points, 1 point of them still to be graded by hand</span>" in page
    run(class_)
    assert page_of(class_, "ben") == page  # the same, so `course grade` has nothing to add
    enter(class_, "ben", None, None)
    run(class_)
    assert page_of(class_, "ben") == before


def test_generate_feedback_makes_nbgraders_own_pages_of_what_it_graded_itself(class_):
    with school.gradebook(school.url(class_ / "gradebook.db")) as book:
        book.find_grade("correct_squares", "problem1", NAME, "ben").auto_score = 1.0
        book.db.commit()
    done = course.nbgrader(class_).generate_feedback(NAME, force=True)
    assert done["success"], done
    assert "Score: 2.0 / 8.0" in page_of(class_, "ben")
    assert "course-page" in page_of(class_, "ada")


def test_generate_feedback_makes_nbgraders_own_pages_without_the_line(class_):
    own = {"exporter_class": "nbconvert.exporters.HTMLExporter"}
    done = course.nbgrader(class_, GenerateFeedback=own).generate_feedback(NAME, force=True)
    assert done["success"], done
    assert "Score: 1.0 / 8.0" in page_of(class_, "ben")
    assert "The tests gave 1 of 3 points." in page_of(class_, "ben")
    run(class_)
    assert "course-page" in page_of(class_, "ben")  # ours again


def test_export_writes_every_score(class_):
    nbgrader(class_, "export", "--to", "grades.csv")
    with open(class_ / "grades.csv") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {student: (row["score"], row["max_score"]) for student, row in rows.items()} == {
        "ada": ("11.0", "17.0"),
        "ben": ("7.0", "17.0"),
    }
    assert rows["ada"]["timestamp"] == "2026-11-02 21:14:03"


def test_export_counts_penalties(class_):
    with open(class_ / "nbgrader_config.py", "a") as config:
        config.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    nbgrader(class_, "db", "assignment", "add", NAME, "--duedate=2026-11-02 20:00:00 UTC")
    run(class_)
    nbgrader(class_, "export", "--to", "grades.csv")
    with open(class_ / "grades.csv") as file:
        (ada, _) = sorted(csv.DictReader(file), key=lambda row: row["student_id"])
    assert (ada["raw_score"], ada["late_submission_penalty"], ada["score"]) == ("11.0", "11.0", "0.0")


def test_students_and_due_dates_come_from_nbgraders_database_commands(class_):
    (class_ / "students.csv").write_text("id,first_name,last_name,email\nada,Ada,Lovelace,a@example.org\nzoe,Zoe,Z,\n")
    nbgrader(class_, "db", "student", "import", "students.csv")
    assert run(class_).not_handed_in == ("zoe",)
    with school.gradebook(school.url(class_ / "gradebook.db")) as book:
        assert book.find_student("ada").last_name == "Lovelace"
    assert (
        "ada (Lovelace, Ada)"
        in subprocess.run(
            [str(Path(sys.executable).parent / "nbgrader"), "db", "student", "list"],
            cwd=class_,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )


def test_an_assignment_that_was_removed_from_the_database_comes_back_whole(class_):
    url = school.url(class_ / "gradebook.db")
    before = [grades(url, student) for student in ("ada", "ben")]
    nbgrader(class_, "db", "assignment", "remove", NAME, "--force")
    assert [r.cached for r in run(class_).results] == [True, True]
    assert [grades(url, student) for student in ("ada", "ben")] == before


def test_formgraders_lists_and_pages_know_every_submission(graded):
    api = course.nbgrader(graded)
    (listed,) = [a for a in api.get_assignments() if a["name"] == NAME]
    assert (listed["num_submissions"], listed["max_score"], listed["average_score"]) == (2, 17.0, 9.0)
    assert api.get_autograded_students(NAME) == {"ada", "ben"}
    assert {s["student"] for s in api.get_notebook_submissions("ps1", "problem2")} == {"ada", "ben"}
    ben = api.get_submission(NAME, "ben")
    assert (ben["score"], ben["autograded"], ben["submitted"]) == (7.0, True, True)
    assert {n["name"]: n["average_score"] for n in api.get_notebooks(NAME)} == {"problem1": 3.0, "problem2": 6.0}
    assert {s["id"]: s["score"] for s in api.get_students()} == {"ada": 11.0, "ben": 7.0}


def test_formgraders_button_grades_and_course_grade_goes_on_from_there(class_):
    url = school.url(class_ / "gradebook.db")
    before = grades(url, "ben")
    done = course.nbgrader(class_).autograde(NAME, "ben", force=True)
    assert done["success"], done
    assert grades(url, "ben") == before
    run(class_, force=True)
    assert grades(url, "ben") == before


def test_partial_credit_goes_through_formgraders_button(class_):
    hand_in(class_, "cem", WRONG)
    assert course.nbgrader(class_).autograde(NAME, "cem")["success"]
    scores = auto_scores(school.url(class_ / "gradebook.db"), "cem")
    assert (scores["correct_squares"], scores["partial_squares"]) == (0.0, 1.0)


def test_generated_tests_are_graded(class_):
    """nbgrader's `### AUTOTEST` becomes code when the assignment is made; that code is taken from source_with_tests/."""
    tests = "### AUTOTEST mean([1, 2, 6])"
    path = class_ / "solutions" / NAME / "problem2.ipynb"
    made = json.loads(path.read_text())
    next(c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "test_mean")["source"] = tests
    path.write_text(json.dumps(made))
    (class_ / "autotests.yml").write_text(AUTOTESTS)
    with pytest.raises(Exception, match="generate_assignment ps1 --source_with_tests"):
        run(class_)
    nbgrader(class_, "generate_assignment", NAME, "--source_with_tests", "--force")
    hand_in(
        class_, "cem", {**ANSWERS, "problem2": {**ANSWERS["problem2"], "mean": "def mean(values):\n    return 4.0"}}
    )
    run(class_)
    url = school.url(class_ / "gradebook.db")
    assert [auto_scores(url, student)["test_mean"] for student in ("ada", "cem")] == [4.0, 0.0]


AUTOTESTS = '''
python3:
  dispatch: "type({{snippet}})"
  normalize: "str({{snippet}})"
  check: 'assert {{snippet}} == """{{value}}""", """{{message}}"""'
  success: "print('Success!')"
  templates:
    default:
      - test: "{{snippet}}"
        fail: "the value is not right"
'''


def exchange(step, root, places):
    """One of the student's commands: "FetchAssignment", "Submit" or "FetchFeedback"."""
    from nbgrader import exchange
    from nbgrader.auth import Authenticator

    api = course.nbgrader(root, Exchange=places)
    api.coursedir.assignment_id = NAME
    kind = getattr(exchange.default, f"Exchange{step}")
    kind(coursedir=api.coursedir, authenticator=Authenticator(parent=api), parent=api).start()


def test_work_goes_round_through_the_exchange(class_, tmp_path):
    """Released, fetched, submitted, collected, graded here; and the page made here is what the student fetches."""
    shared, home = tmp_path / "exchange", tmp_path / "student"
    for folder in (shared, home):
        folder.mkdir()
    shared.chmod(0o777)
    (home / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'default_course'\n")
    for room in ("submitted", "autograded", "feedback"):
        shutil.rmtree(class_ / room)
    places = {"root": str(shared), "cache": str(tmp_path / "cache"), "assignment_dir": str(home)}
    instructor = course.nbgrader(class_, Exchange=places)
    assert instructor.release_assignment(NAME)["success"]
    exchange("FetchAssignment", home, places)
    for name, answers in ANSWERS.items():
        path = home / NAME / f"{name}.ipynb"
        made = json.loads(path.read_text())
        for cell in made["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = answers.get(grade_id, cell["source"])
        path.write_text(json.dumps(made))
    exchange("Submit", home, places)
    assert instructor.collect(NAME)["success"]
    (result,) = run(class_).results
    assert (result.status, result.points) == ("graded", 11.0)
    assert instructor.release_feedback(NAME)["success"]
    exchange("FetchFeedback", home, places)
    (page,) = home.glob(f"{NAME}/feedback/*/problem1.html")
    assert page.read_text() == (class_ / "feedback" / result.student / NAME / "problem1.html").read_text()
