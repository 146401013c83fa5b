"""The grades of a class as Canvas and Moodle read them, what was given by hand included, and nobody's zero made up."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from graded_course import CHAPTER, RIGHT, hand_in, make_course
from nbgrader.api import Gradebook

from course.cli import main
from course.errors import GivenError
from course.grading.export import export_grades
from course.grading.grade import grade
from course.grading.intake.roster import Person, store_names

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Three submissions: one all right and graded by hand, one untouched, one that cannot be read; a fourth has nothing."""
    root = make_course(tmp_path_factory.mktemp("course"))
    hand_in(root, "al12", RIGHT)
    hand_in(root, "gh07", {"softmax": RIGHT["softmax"]})
    hand_in(root, "kt01", {}).write_text("{")
    url = f"sqlite:///{root / 'gradebook.db'}"
    grade(root, CHAPTER, root / "submitted", 2, url)
    people = [
        Person("al12", "Ada", "Lovelace", "ada@example.org"),
        Person("gh07", "Grace", "Hopper", "grace@example.org"),
        Person("kt01", "Ken", "Thompson"),
        Person("zo33", "Zoë", "O'Brien", "zoe@example.org"),
    ]
    store_names(url, people)
    with Gradebook(url) as book:
        notebook = book.find_submission_notebook(CHAPTER, CHAPTER, "al12")
        by_hand = next(g for g in notebook.grades if g.name == "why")
        by_hand.manual_score, by_hand.needs_manual_grade = 1.5, False
        book.db.commit()
        totals = {s.student.id: s.score for s in book.assignment_submissions(CHAPTER)}
    return root, url, totals


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_plain_file_has_everybody_and_what_was_given_by_hand(graded):
    _, url, totals = graded
    found = {row["student"]: row for row in rows(export_grades(url).text)}
    assert float(found["al12"][CHAPTER]) == totals["al12"]
    assert float(found["gh07"][CHAPTER]) == totals["gh07"] > 0
    assert (found["al12"]["first_name"], found["al12"]["last_name"]) == ("Ada", "Lovelace")


def test_what_is_not_there_or_not_looked_at_is_empty_and_no_zero(graded):
    _, url, _ = graded
    exported = export_grades(url)
    found = {row["student"]: row[CHAPTER] for row in rows(exported.text)}
    assert (found["kt01"], found["zo33"]) == ("", "")
    assert exported.waiting >= 1


def test_by_exercise_the_columns_add_up(graded):
    _, url, totals = graded
    row = next(row for row in rows(export_grades(url, by_exercise=True).text) if row["student"] == "al12")
    parts = [float(value) for name, value in row.items() if name.startswith(f"{CHAPTER} ") and value]
    assert sum(parts) == totals["al12"] and row[f"{CHAPTER} why"] == "1.5"


def test_canvas_gets_its_columns_and_the_possible_points_first(graded):
    _, url, totals = graded
    points, *people = rows(export_grades(url, "canvas").text)
    assert list(points) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", CHAPTER]
    assert points["Student"] == "    Points Possible" and float(points[CHAPTER]) >= max(totals.values())
    assert [p["Student"] for p in people][:2] == ["Lovelace, Ada", "Hopper, Grace"]


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,90_graded (4711),Final Score
    Points Possible,,,,,10,(read only)
"Lovelace, Ada",5512,x1,al12,A,,77
"O'Brien, Zoë",5514,x3,zo33,A,3,50
"Nobody, Else",5599,x9,ne99,A,,10
"Student, Test",5600,,,A,,
"""


def test_canvas_own_file_is_filled_in_and_otherwise_left_as_it_was(graded, tmp_path):
    _, url, totals = graded
    template = tmp_path / "canvas.csv"
    template.write_text(CANVAS, encoding="utf-8-sig")
    exported = export_grades(url, "canvas", template=template)
    before, after = rows(CANVAS), rows(exported.text)
    assert float(after[1]["90_graded (4711)"]) == totals["al12"]
    after[1]["90_graded (4711)"] = ""
    assert after == before
    assert exported.unmatched == ("gh07", "kt01")


def test_an_assignment_that_is_new_to_canvas_gets_its_possible_points(graded, tmp_path):
    root, url, totals = graded
    template = tmp_path / "canvas.csv"
    template.write_text(CANVAS.replace(",90_graded (4711)", ",80_other (4711)"))
    points, ada, *_ = rows(export_grades(url, "canvas", template=template).text)
    assert float(points[CHAPTER]) >= max(totals.values()) and float(ada[CHAPTER]) == totals["al12"]
    assert points["80_other (4711)"] == "10"


def test_moodles_worksheet_takes_one_column_alone(graded, tmp_path):
    template = tmp_path / "moodle.csv"
    template.write_text(MOODLE)
    with pytest.raises(GivenError, match="of one assignment"):
        export_grades(graded[1], "moodle", by_exercise=True, template=template)


MOODLE = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Feedback comments"
"Participant 81","Ada Lovelace",ada@example.org,Submitted,,10.00,
"Participant 82","Grace Hopper",,Submitted,,10.00,
"""


def test_moodles_worksheet_is_filled_in(graded, tmp_path):
    _, url, totals = graded
    template = tmp_path / "moodle.csv"
    template.write_text(MOODLE)
    exported = export_grades(url, "moodle", [CHAPTER], template=template)
    assert [float(row["Grade"]) for row in rows(exported.text)] == [totals["al12"], totals["gh07"]]
    assert [row["Identifier"] for row in rows(exported.text)] == ["Participant 81", "Participant 82"]


def test_moodle_gets_a_file_to_import(graded):
    _, url, totals = graded
    found = {row["Username"]: row for row in rows(export_grades(url, "moodle").text)}
    assert float(found["al12"][CHAPTER]) == totals["al12"] and found["al12"]["Email address"] == "ada@example.org"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"form": "excel"}, "there is no format 'excel'"),
        ({"assignments": ["01_neuron"]}, "no grades of 01_neuron"),
        ({"template": Path("nothing.csv")}, "a template is filled in for canvas or moodle"),
        ({"form": "canvas", "template": Path("nothing.csv")}, "there is no template nothing.csv"),
    ],
)
def test_what_cannot_be_exported_is_one_line(graded, more, says):
    with pytest.raises(GivenError) as error:
        export_grades(graded[1], **more)
    assert says in str(error.value)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00\x01"])
def test_a_template_of_another_kind_is_one_line(graded, tmp_path, text):
    template = tmp_path / "other.csv"
    template.write_text(text)
    with pytest.raises(GivenError, match="other.csv"):
        export_grades(graded[1], "canvas", template=template)


def test_the_command_prints_csv_alone_on_stdout(graded):
    root, url, totals = graded
    command = [str(BIN / "course"), "export", CHAPTER, "--format", "canvas"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert rows(done.stdout)[1]["SIS Login ID"] == "al12"
    assert "wait for points by hand" in done.stderr


def test_a_gradebook_that_is_not_there_is_one_line(tmp_path):
    done = CliRunner().invoke(main, ["export", "--class", str(tmp_path)])
    assert done.exit_code == 1 and "there is no gradebook" in " ".join(done.output.split())


@pytest.mark.parametrize("form", ["Canvas", "Moodle"])
def test_nbgraders_own_command_exports_by_our_plugins(graded, tmp_path, form):
    root, url, totals = graded
    out = tmp_path / "out.csv"
    exporter = f"--exporter=course.grading.nbgrader_export.{form}Exporter"
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [str(BIN / "nbgrader"), "export", exporter, f"--to={out}", f"--CourseDirectory.db_url={url}"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(int(totals["gh07"])) in out.read_text()
