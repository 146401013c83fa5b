"""nbgrader's gradebook and files after grading are what nbgrader itself would have left, and nobody's work is lost."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import tiny_assignment as tiny

pytest.importorskip("nbgrader")

from course.errors import GivenError
from course.grading.autograded import harmless, write_autograded
from course.grading.by_hand import HandGrade, read_hand_grades
from course.grading.gradebook import write_gradebook
from course.grading.released import load_assignment
from course.grading.result import ExerciseScore, Result, RunCell
from course.grading.sanitise import sanitise

HANDED_IN = "2026-11-02T21:14:03+00:00"


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return load_assignment(tiny.write_course(tmp_path_factory.mktemp("course")), tiny.NAME)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


def graded(assignment, student="ada", wrong: Sequence[str] = (), unanswered: Sequence[str] = (), **changes):
    """A result as grading makes it: `wrong` names parts, `unanswered` names exercises."""
    (notebook,) = assignment.notebooks
    answers = {name: notebook.stubs[name] for name in unanswered}
    intake = sanitise(tiny.as_bytes(tiny.submitted_notebook(**answers)), notebook)
    scores = []
    for cell in intake.cells:
        if cell.kind == "tests":
            state = "unanswered" if cell.exercise in unanswered else "wrong" if cell.part in wrong else "right"
            message = f"The checks of {cell.part} say no." if state == "wrong" else ""
            scores.append(
                ExerciseScore(
                    cell.exercise, cell.part, cell.points * (state == "right"), cell.points, state, "", message
                )
            )
        elif cell.kind == "answer":
            state = "unanswered" if cell.id in unanswered else "manual"
            scores.append(ExerciseScore(cell.id, cell.id, 0.0, cell.points, state))
    cells = tuple(RunCell(cell.id, cell.kind, cell.source, cell_type=cell.cell_type) for cell in intake.cells)
    points = sum(score.points for score in scores)
    made = Result(
        student,
        assignment.name,
        "graded",
        points,
        assignment.max_points,
        tuple(scores),
        timestamp=HANDED_IN,
        cells=cells,
    )
    return replace(made, **changes)


def changed(assignment, grade_id, **values):
    """The assignment with other values in one cell."""
    (notebook,) = assignment.notebooks
    cells = tuple(replace(cell, **values) if cell.id == grade_id else cell for cell in notebook.cells)
    return replace(assignment, notebooks=(replace(notebook, cells=cells),))


def open_gradebook(url):
    from nbgrader.api import Gradebook

    return Gradebook(url)


def open_read_only(url):
    return closing(sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True))


def grades(url, student="ada"):
    with open_gradebook(url) as book:
        notebook = book.find_submission_notebook(tiny.NAME, tiny.NAME, student)
        return {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in notebook.grades}


def comments(url, student="ada"):
    with open_gradebook(url) as book:
        notebook = book.find_submission_notebook(tiny.NAME, tiny.NAME, student)
        return {c.name: c.auto_comment for c in notebook.comments}


def give_by_hand(url, score, comment, student="ada"):
    """What formgrader does when an instructor grades the free text."""
    with open_gradebook(url) as book:
        grade = book.find_grade("why", tiny.NAME, tiny.NAME, student)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.find_comment("why", tiny.NAME, tiny.NAME, student).manual_comment = comment
        book.db.commit()


def test_scores_points_and_time_arrive(assignment, url):
    assert write_gradebook(url, assignment, [graded(assignment, wrong=["sigmoid.stable"])]) == 1
    with open_gradebook(url) as book:
        submission = book.find_submission(tiny.NAME, "ada")
        assert (submission.score, submission.max_score, submission.max_code_score) == (6.0, 10.0, 7.0)
        assert submission.timestamp == datetime(2026, 11, 2, 21, 14, 3)
        assert submission.needs_manual_grade
        assert book.find_notebook(tiny.NAME, tiny.NAME).max_score == 10.0
    assert grades(url) == {
        "test_sigmoid": (2.0, None, False),
        "test_sigmoid_stable": (0.0, None, False),
        "test_mean": (4.0, None, False),
        "why": (None, None, True),
    }
    assert comments(url) == {"sigmoid": "The checks of sigmoid.stable say no.", "mean": None, "why": None}


def test_an_unanswered_text_is_0_and_says_so(assignment, url):
    write_gradebook(url, assignment, [graded(assignment, unanswered=["why", "mean"])])
    assert grades(url)["why"] == (0.0, None, False)
    assert comments(url)["why"] == comments(url)["mean"] == "No response."


def test_what_could_not_be_graded_waits_for_a_person(assignment, url):
    scores = [
        ExerciseScore(c.exercise, c.part, 0, c.points, "error", "", "Not graded: cut short.")
        for c in assignment.notebooks[0].cells
        if c.points
    ]
    result = Result("ada", tiny.NAME, "ungradable", 0, 10, tuple(scores), ("Ungradable, because cut short.",))
    write_gradebook(url, assignment, [result])
    assert set(grades(url).values()) == {(None, None, True)}
    assert comments(url)["mean"] == "Not graded: cut short."


def test_a_second_run_changes_nothing(assignment, url):
    results = [graded(assignment, student) for student in ("ada", "ben", "cem")]
    assert write_gradebook(url, assignment, results) == 3
    before = dump(url)
    assert write_gradebook(url, assignment, results) == 0
    assert dump(url) == before


def test_only_the_changed_submission_is_written(assignment, url):
    results = [graded(assignment, student) for student in ("ada", "ben", "cem")]
    write_gradebook(url, assignment, results)
    results[1] = graded(assignment, "ben", wrong=["mean"])
    assert write_gradebook(url, assignment, results) == 1
    assert grades(url, "ben")["test_mean"] == (0.0, None, False)


def test_scores_and_comments_given_by_hand_survive_every_rerun(assignment, url):
    write_gradebook(url, assignment, [graded(assignment)])
    give_by_hand(url, 2.5, "Good, but name the numbers.")
    rerun = graded(assignment, cached=True)
    assert write_gradebook(url, assignment, [rerun]) == 0
    assert grades(url)["why"] == (None, 2.5, False)
    later = graded(assignment, timestamp="2026-11-03T08:00:00+00:00", wrong=["mean"])
    assert write_gradebook(url, assignment, [later]) == 1
    assert grades(url)["why"] == (None, 2.5, True), "new work under an old score is to be looked at again"
    assert read_hand_grades(url, tiny.NAME) == {
        "ada": {tiny.NAME: {"why": HandGrade(2.5, None, "Good, but name the numbers.")}}
    }


def test_a_score_that_a_person_overrode_stays_and_is_flagged_when_the_tests_say_something_new(assignment, url):
    write_gradebook(url, assignment, [graded(assignment, wrong=["mean"])])
    with open_gradebook(url) as book:
        grade = book.find_grade("test_mean", tiny.NAME, tiny.NAME, "ada")
        grade.manual_score, grade.needs_manual_grade = 3.0, False
        book.db.commit()
    write_gradebook(url, assignment, [graded(assignment)])
    assert grades(url)["test_mean"] == (4.0, 3.0, True)


def test_new_points_of_a_test_reach_the_gradebook(assignment, url):
    write_gradebook(url, assignment, [graded(assignment)])
    write_gradebook(url, changed(assignment, "test_mean", points=5.0), [graded(assignment)])
    with open_gradebook(url) as book:
        assert book.find_assignment(tiny.NAME).max_score == 11.0


@pytest.mark.slow
def test_a_test_that_goes_takes_its_automatic_scores_along_and_a_new_one_is_there_for_everybody(
    assignment, any_gradebook
):
    url = any_gradebook
    write_gradebook(url, assignment, [graded(assignment, student) for student in ("ada", "ben")])
    other = changed(assignment, "test_mean", id="test_new", part="mean.new")
    write_gradebook(url, other, [graded(other, "ada")])
    assert set(grades(url)) == {"test_sigmoid", "test_sigmoid_stable", "test_new", "why"}
    assert grades(url)["test_new"] == (4.0, None, False)
    assert grades(url, "ben")["test_new"] == (None, None, True), "who was not graded anew waits for a person"
    assert grades(url, "ben")["test_sigmoid"] == (2.0, None, False)


@pytest.mark.slow
def test_a_notebook_that_goes_takes_its_automatic_scores_along(assignment, any_gradebook):
    (notebook,) = assignment.notebooks
    both = replace(assignment, notebooks=(notebook, replace(notebook, name="more")))
    named = [replace(score, notebook=n.name) for n in both.notebooks for score in graded(assignment).exercises]
    result = replace(graded(assignment), exercises=tuple(named))
    write_gradebook(any_gradebook, both, [result, replace(result, student="ben")])
    with open_gradebook(any_gradebook) as book:
        assert {s.score for s in book.assignment_submissions(tiny.NAME)} == {14.0}
    write_gradebook(any_gradebook, assignment, [graded(assignment)])
    with open_gradebook(any_gradebook) as book:
        assert [n.name for n in book.find_assignment(tiny.NAME).notebooks] == [tiny.NAME]
        assert {s.score for s in book.assignment_submissions(tiny.NAME)} == {7.0}


def test_a_test_for_which_a_person_entered_something_does_not_go_unseen(assignment, url):
    write_gradebook(url, assignment, [graded(assignment)])
    give_by_hand(url, 2.5, "Good.")
    before = dump(url)
    with pytest.raises(GivenError, match="the cells why are no longer in 00_tiny.*by hand"):
        write_gradebook(url, changed(assignment, "why", id="because"), [graded(assignment)])
    assert dump(url) == before


def test_cells_may_change_as_long_as_nobody_was_graded(assignment, url):
    write_gradebook(url, assignment, [])
    write_gradebook(url, changed(assignment, "test_mean", id="test_new"), [])
    with open_gradebook(url) as book:
        assert "test_new" in {cell.name for cell in book.find_notebook(tiny.NAME, tiny.NAME).grade_cells}


def test_a_student_whose_folder_has_no_proper_name_does_not_stop_the_others(assignment, url):
    assert write_gradebook(url, assignment, [graded(assignment, "jos\udce9"), graded(assignment, "ada")]) == 2
    assert grades(url, "jos\ufffd") == grades(url, "ada")


def test_an_unusable_gradebook_is_one_clear_line(assignment, tmp_path):
    with pytest.raises(GivenError, match="cannot be used"):
        write_gradebook(f"sqlite:///{tmp_path}/no/such/folder/gradebook.db", assignment, [])
    (tmp_path / "text.db").write_text("this is no database, only some text that is long enough to be looked at")
    with pytest.raises(GivenError, match="cannot be used"):
        write_gradebook(f"sqlite:///{tmp_path}/text.db", assignment, [])
    with pytest.raises(GivenError, match="no database that can be used"):
        write_gradebook("gradebook.db", assignment, [])


def test_a_gradebook_of_another_version_is_refused(assignment, url):
    write_gradebook(url, assignment, [])
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '000000000000'")
    with pytest.raises(GivenError, match="nbgrader db upgrade"):
        write_gradebook(url, assignment, [])


def test_a_gradebook_whose_making_was_cut_short_is_completed(assignment, url):
    from nbgrader.api import Base
    from sqlalchemy import create_engine

    Base.metadata.create_all(create_engine(url))
    assert write_gradebook(url, assignment, [graded(assignment)]) == 1


# The process that is killed, and the process without a PATH

_CHILD = """
import json, os, signal, sys
sys.path[:0] = {path!r}
from course.grading.gradebook import write_gradebook
from course.grading.released import load_assignment
from course.grading.result import Result
from pathlib import Path
from sqlalchemy import Engine, event

kill = {kill!r}  # "commit", or how many statements it may execute

def count_down(*_):
    global kill
    kill -= 1
    if kill < 0:
        os.kill(os.getpid(), signal.SIGKILL)

if kill == "commit":
    event.listen(Engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
elif kill:
    event.listen(Engine, "before_cursor_execute", count_down)
assignment = load_assignment(Path({root!r}), {name!r})
results = [Result.from_json(json.loads(line)) for line in sys.stdin]
print(write_gradebook({url!r}, assignment, results))
"""


def write_elsewhere(tmp_path, url, results, kill=""):
    """write_gradebook in a process of its own, whose PATH lacks the virtual environment."""
    root = tmp_path / "course"
    if not root.exists():
        tiny.write_course(root)
    here = str(Path(__file__).resolve().parents[1])
    code = _CHILD.format(path=[here], kill=kill, root=str(root), name=tiny.NAME, url=url)
    lines = "".join(json.dumps(result.to_json()) + "\n" for result in results)
    return subprocess.run(
        [sys.executable, "-c", code],
        input=lines,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
        check=False,
    )


@pytest.mark.slow
def test_the_gradebook_is_made_without_alembic_on_the_path(assignment, url, tmp_path):
    done = write_elsewhere(tmp_path, url, [graded(assignment)])
    assert (done.stdout, done.returncode) == ("1\n", 0), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("moment", [12, "commit"])
def test_a_writer_that_is_killed_leaves_no_half_made_gradebook(assignment, url, tmp_path, moment):
    killed = write_elsewhere(tmp_path, url, [graded(assignment)], kill=moment)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with open_read_only(url) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    assert write_gradebook(url, assignment, [graded(assignment)]) == 1


@pytest.mark.slow
@pytest.mark.parametrize("moment", [20, "commit"])
def test_a_writer_that_is_killed_leaves_the_former_state(assignment, url, tmp_path, moment):
    write_gradebook(url, assignment, [graded(assignment)])
    before = dump(url)
    results = [graded(assignment, student, wrong=["mean"]) for student in ("ada", "ben")]
    killed = write_elsewhere(tmp_path, url, results, kill=moment)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert dump(url) == before
    assert write_gradebook(url, assignment, results) == 2


# Autograded notebooks


def read_autograded(root, student="ada"):
    return json.loads((root / "autograded" / student / tiny.NAME / f"{tiny.NAME}.ipynb").read_text())


def test_the_autograded_notebook_holds_the_full_tests_and_the_students_code(assignment, tmp_path):
    result = graded(assignment)
    cells = tuple(replace(c, stdout="hello", error="NameError: x") if c.id == "mean" else c for c in result.cells)
    write_autograded(tmp_path, assignment, replace(result, cells=(*cells, RunCell("", "own", "mine = 1"))))
    made = read_autograded(tmp_path)
    assert "BEGIN HIDDEN TESTS" in tiny.find(made, "test_mean")["source"]
    mean = tiny.find(made, "mean")
    assert mean["source"] == tiny.ANSWERS["mean"]
    assert [output["output_type"] for output in mean["outputs"]] == ["stream", "error"]
    assert tiny.find(made, "test_mean")["metadata"]["nbgrader"]["points"] == 4
    assert made["cells"][-1]["source"] == "mine = 1"
    assert (
        tmp_path / "autograded" / "ada" / tiny.NAME / "timestamp.txt"
    ).read_text() == "2026-11-02 21:14:03.000000 UTC"


def test_the_autograded_notebook_is_valid_for_nbformat_and_nbgrader(assignment, tmp_path):
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator

    (path,) = write_autograded(tmp_path, assignment, graded(assignment, wrong=["mean"]))
    made = nbformat.read(path, as_version=4)
    nbformat.validate(made)
    MetadataValidator().validate_nb(made)


def test_an_ungradable_submission_can_be_opened_too(assignment, tmp_path):
    write_autograded(
        tmp_path, assignment, Result("ada", tiny.NAME, "ungradable", 0, 10, incidents=("It is cut short.",))
    )
    made = read_autograded(tmp_path)
    assert "could not be graded" in made["cells"][0]["source"]
    assert tiny.find(made, "mean")["source"] == assignment.notebooks[0].stubs["mean"]


def test_a_file_is_replaced_although_it_is_read_only(assignment, tmp_path):
    for wrong in ((), ("mean",)):
        write_autograded(tmp_path, assignment, graded(assignment, wrong=wrong))
    folder = tmp_path / "autograded" / "ada" / tiny.NAME
    assert sorted(os.listdir(folder)) == [f"{tiny.NAME}.ipynb", "timestamp.txt"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[here](javascript:alert(1))",
        "[here](java\\script&colon;alert(1))",
        "[here](&#106;avascript:alert(1))",
        "[here]: javascript:alert(1)\n\n[here]",
        "<javascript:alert(1)>",
        "```\n<script>alert(1)</script>\n```",
        "<!-- --><svg/onload=alert(1)>",
    ],
)
def test_a_students_text_brings_no_script_to_the_instructor(text):
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    page = markdown2html_mistune(harmless(text)).lower()
    assert "<script" not in page
    assert "<img" not in page
    assert "<svg" not in page
    assert "href" not in page


def test_formulas_and_comparisons_stay_readable():
    assert (
        harmless("$a < b$ and `x<3`, x <= 2 [link](https://example.org)")
        == "$a < b$ and `x<3`, x <= 2 [link](https://example.org)"
    )


# nbgrader's own commands on what we leave


def dump(url):
    """Everything in the gradebook that does not depend on random keys."""
    from nbgrader import api

    with open_gradebook(url) as book:
        notebook = book.find_notebook(tiny.NAME, tiny.NAME)
        return {
            "assignment": [(a.name, a.duedate, a.max_score) for a in book.assignments],
            "kernelspec": json.loads(notebook.kernelspec),
            "grade_cells": sorted((c.name, c.max_score, c.cell_type) for c in notebook.grade_cells),
            "solution_cells": sorted(c.name for c in notebook.solution_cells),
            "source_cells": [(c.name, c.cell_type, c.locked, c.source, c.checksum) for c in notebook.source_cells],
            "courses": [course.id for course in book.db.query(api.Course)],
            "submissions": [
                (
                    s.student.id,
                    s.timestamp,
                    s.extension,
                    s.score,
                    s.needs_manual_grade,
                    [n.late_submission_penalty for n in s.notebooks],
                )
                for s in sorted(book.assignment_submissions(tiny.NAME), key=lambda s: s.student_id)
            ],
            "grades": sorted(
                (g.student.id, g.name, g.auto_score or 0, g.needs_manual_grade) for g in book.db.query(api.Grade)
            ),
            "comments": sorted((c.student.id, c.name, str(c.auto_comment)) for c in book.db.query(api.Comment)),
        }


@pytest.fixture
def course(tmp_path):
    """A course folder with the real settings, and the tiny assignment with plain assertions, which need no package."""
    root = tmp_path / "course"
    root.mkdir()
    shutil.copy(Path(__file__).resolve().parents[1] / "nbgrader_config.py", root)
    solution = tiny.solution_notebook()
    tiny.find(solution, "setup")["source"] = "import math"
    tiny.find(solution, "test_sigmoid")["source"] = "assert sigmoid(np.zeros(1)) == 0.5"
    tiny.find(solution, "test_sigmoid_stable")["source"] = "assert sigmoid(np.array([-1000.0])) == 0"
    tiny.find(solution, "test_mean")["source"] = (
        "assert mean([1, 3]) == 2\n### BEGIN HIDDEN TESTS\nassert mean([4.0]) == 4\n### END HIDDEN TESTS"
    )
    folder = root / "solutions" / tiny.NAME
    folder.mkdir(parents=True)
    (folder / f"{tiny.NAME}.ipynb").write_text(json.dumps(solution))
    nbgrader(root, "generate_assignment", tiny.NAME)
    return root


def nbgrader(root, *arguments):
    bin_folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "JUPYTER_PREFER_ENV_PATH": "1"}
    done = subprocess.run(
        [bin_folder / "nbgrader", *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def hand_in(root, student, **answers):
    made = json.loads((root / "assignments" / tiny.NAME / f"{tiny.NAME}.ipynb").read_text())
    for name, answer in (tiny.ANSWERS | answers).items():
        if answer:
            tiny.find(made, name)["source"] = answer
    folder = root / "submitted" / student / tiny.NAME
    folder.mkdir(parents=True)
    (folder / f"{tiny.NAME}.ipynb").write_text(json.dumps(made))
    (folder / "timestamp.txt").write_text("2026-11-02 21:14:03.000000 UTC")


@pytest.mark.slow
def test_the_gradebook_is_the_one_that_nbgrader_makes(course, tmp_path):
    hand_in(course, "ada")
    hand_in(course, "ben", mean="def mean(values):\n    return 3", why="")
    hand_in(course, "cem", mean="", sigmoid="", why="")
    nbgrader(course, "autograde", tiny.NAME, "--FastExecute.fast=False")
    theirs = dump(f"sqlite:///{course / 'gradebook.db'}")

    assignment = load_assignment(course, tiny.NAME)
    results = [
        graded(assignment, "ada"),
        graded(assignment, "ben", wrong=["mean"], unanswered=["why"]),
        graded(assignment, "cem", unanswered=["mean", "sigmoid", "why"]),
    ]
    silent = [replace(r, exercises=tuple(replace(e, message="") for e in r.exercises)) for r in results]
    url = f"sqlite:///{tmp_path / 'ours.db'}"
    write_gradebook(url, assignment, silent)
    assert dump(url) == theirs
    assert write_gradebook(f"sqlite:///{course / 'gradebook.db'}", assignment, silent) == 0


@pytest.mark.slow
def test_nbgraders_commands_and_formgraders_interface_work_on_what_is_left(course):
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    hand_in(course, "ada")
    hand_in(course, "ben")
    shutil.rmtree(course / "submitted" / "ben" / tiny.NAME / f"{tiny.NAME}.ipynb", ignore_errors=True)
    (course / "gradebook.db").unlink()
    assignment = load_assignment(course, tiny.NAME)
    url = f"sqlite:///{course / 'gradebook.db'}"
    ungradable = Result("ben", tiny.NAME, "ungradable", 0, 10, incidents=("It is cut short.",), timestamp=HANDED_IN)
    results = [graded(assignment, "ada", wrong=["mean"]), ungradable]
    write_gradebook(url, assignment, results)
    for result in results:
        write_autograded(course, assignment, result)

    nbgrader(course, "generate_feedback", tiny.NAME, "--force")
    page = (course / "feedback" / "ada" / tiny.NAME / f"{tiny.NAME}.html").read_text()
    assert "<b>3</b> <span>of 10 points" in page
    assert "The checks of mean say no." in page
    page = (course / "feedback" / "ben" / tiny.NAME / f"{tiny.NAME}.html").read_text()
    assert "This is not a score of 0" in page
    nbgrader(course, "export", "--to", "grades.csv")
    lines = (course / "grades.csv").read_text().splitlines()
    assert lines[1].startswith(f"{tiny.NAME},,2026-11-02 21:14:03,ada,")
    assert lines[1].endswith("3.0,0.0,3.0,10.0")

    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    (listed,) = [a for a in api.get_assignments() if a["name"] == tiny.NAME]
    assert (listed["status"], listed["num_submissions"], listed["max_score"]) == ("draft", 2, 10.0)
    assert api.get_autograded_students(tiny.NAME) == {"ada", "ben"}
    submission = api.get_submission(tiny.NAME, "ada")
    assert (submission["score"], submission["autograded"], submission["needs_manual_grade"]) == (3.0, True, True)
    assert {s["student"] for s in api.get_notebook_submissions(tiny.NAME, tiny.NAME)} == {"ada", "ben"}

    # And nbgrader goes on where we stopped: its own autograder accepts the gradebook that we made.
    (course / "feedback" / "ada").rename(course / "kept")
    nbgrader(course, "autograde", tiny.NAME, "--student", "ada", "--force")
    assert grades(url)["test_mean"] == (4.0, None, False)
