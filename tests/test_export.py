"""The grades of a class as Canvas and Moodle read them, what was given by hand included, and nobody's zero made up."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from graded_course import CHAPTER, RIGHT, hand_in, make_course
from nbgrader.api import Gradebook

from course.cli import main
from course.errors import GivenError
from course.grading.export import export_grades
from course.grading.grade import grade
from course.grading.gradebook_db import transaction
from course.grading.intake.roster import Person, store_names
from course.grading.marks import totals

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


def test_what_is_not_there_or_cannot_be_graded_is_empty_and_no_zero(graded):
    _, url, _ = graded
    exported = export_grades(url)
    found = {row["student"]: row[CHAPTER] for row in rows(exported.text)}
    assert (found["kt01"], found["zo33"]) == ("", "")
    assert exported.waiting >= 1


def test_points_that_a_person_has_yet_to_give_count_as_nothing_until_then():
    columns = ["assignment", "student", "notebook", "cell", "score", "max_score", "waiting", "penalty"]
    cells = [
        (CHAPTER, "al12", CHAPTER, "test_loss", 4.0, 5.0, False, 0.0),
        (CHAPTER, "al12", CHAPTER, "why", 0.0, 2.0, True, 0.0),
        (CHAPTER, "kt01", CHAPTER, "test_loss", 0.0, 5.0, True, 0.0),
    ]
    summed = totals(pd.DataFrame(cells, columns=columns)).set_index("student")
    assert summed.at["al12", "score"] == 4 and pd.isna(summed.at["kt01", "score"]) and summed["waiting"].all()


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


NAME = "02_layers"
LAYERS = f"Student,ID,SIS User ID,SIS Login ID,Section,{NAME} (4711)\n    Points Possible,,,,,17\n"
SHEET = 'Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade"\n'
ANN = Person("al1", "Ann", "Lee")


@pytest.fixture
def gradebook(tmp_path):
    """Makes a gradebook of one assignment with 17 points: (person, points or None) ... -> its address."""

    def make(*earned):
        url = f"sqlite:///{tmp_path / 'gradebook.db'}"
        with transaction(url):
            pass  # made, with the tables of this version
        with Gradebook(url) as book:
            book.add_assignment(NAME)
            book.add_notebook(NAME, NAME)
            book.add_grade_cell("test_a", NAME, NAME, max_score=17, cell_type="code")
            for person, points in earned:
                book.add_student(
                    person.student, first_name=person.first_name, last_name=person.last_name, email=person.email
                )
                if points is not None:
                    book.add_submission(NAME, person.student)
                    score = book.find_grade("test_a", NAME, NAME, person.student)
                    score.auto_score, score.needs_manual_grade = points, False
            book.db.commit()
        return url

    return make


@pytest.fixture
def fill(tmp_path, gradebook):
    """Fills in a template: (form, its text or bytes, (person, points) ...) -> what came of it."""

    def fill_in(form, text, *earned):
        template = tmp_path / "template.csv"
        template.write_bytes(text if isinstance(text, bytes) else text.encode())
        return export_grades(gradebook(*earned), form, template=template)

    return fill_in


def column(exported, title=f"{NAME} (4711)"):
    """The column of that title, without the line of possible points."""
    return [row[title] for row in rows(exported.text) if row.get("Student") != "    Points Possible"]


def test_a_namesake_who_is_not_in_the_gradebook_gets_nothing(fill):
    exported = fill("canvas", LAYERS + '"Lee, Ann",1,,al1,A,\n"Lee, Ann",2,,al2,A,\n', (ANN, 12))
    assert column(exported) == ["12", ""] and exported.unmatched == ()


def test_a_login_is_not_the_beginning_of_an_address(fill):
    ada = Person("al12", "Ada", "Lovelace", "anna@gmail.com")
    exported = fill("canvas", LAYERS + '"Lovelace, Ada",1,,AL12 ,A,\n"Berg, Anna",2,,anna,A,\n', (ada, 12))
    assert column(exported) == ["12", ""]


def test_moodles_id_number_goes_before_the_name(fill):
    text = SHEET + "Participant 1,Anna Rossi,ar,a1@u.it,S,,17.00\nParticipant 2,Anna Rossi,ar2,a2@u.it,S,,17.00\n"
    exported = fill("moodle", text, (Person("ar", "Anna", "Rossi"), 3), (Person("ar2", "Anna", "Rossi"), 17))
    assert column(exported, "Grade") == ["3", "17"] and exported.notes == ()


def test_an_address_is_compared_whole(fill):
    text = SHEET + "Participant 1,A. Lee,,ann@v.it,S,,17.00\nParticipant 2,A. Lee,,Ann@u.it,S,,17.00\n"
    assert column(fill("moodle", text, (Person("al1", "Ann", "Lee", "ann@u.it"), 12)), "Grade") == ["", "12"]


def test_a_name_that_stands_there_twice_is_nobodys(fill):
    exported = fill("canvas", LAYERS + '"Lee, Ann",1,,,A,\n"Lee, Ann",2,,,A,\n', (ANN, 12))
    assert column(exported) == ["", ""] and exported.unmatched == ("al1",)


def test_a_name_is_not_an_id(fill):
    exported = fill("canvas", LAYERS + '"Lee, Ann",1,,,A,\n', (Person("annlee", "Zed", "Z"), 1), (ANN, 12))
    assert column(exported) == ["12"] and exported.unmatched == ("annlee",)


def test_canvas_number_is_not_mistaken_for_a_number_of_the_school(fill):
    text = LAYERS + '"Lee, Ann",3041,x,ann@u.edu,A,\n"Bo, Bob",3099,3041,bob@u.edu,A,\n'
    exported = fill("canvas", text, (Person("3041", "Ann", "Lee"), 12))
    assert column(exported) == ["12", ""] and exported.unmatched == ()


def test_canvas_number_is_an_id_where_there_are_no_logins(fill):
    text = LAYERS + '"Lee, Ann",3041,,,A,\n"Lee, Ann",3042,,,A,\n"Lee, Ann",3043,,,A,\n'
    exported = fill("canvas", text, (Person("3041", "Ann", "Lee"), 12), (Person("3042", "Ann", "Lee"), 5))
    assert column(exported) == ["12", "5", ""]


def test_of_two_rows_the_surest_column_decides(fill):
    exported = fill("canvas", LAYERS + '"Lee, Ann",1,al1,,A,\n"Lee, Ann",2,,al1,A,\n', (ANN, 12))
    assert column(exported) == ["", "12"] and exported.notes == ()


def test_of_two_rows_equally_sure_neither_gets_points_and_it_is_told(fill):
    exported = fill("canvas", LAYERS + '"Lee, Ann",1,,al1,A,5\n"Lee, Ann",2,,al1,A,\n', (ANN, 12))
    assert column(exported) == ["5", ""] and exported.unmatched == ()
    (note,) = exported.notes
    assert "two rows that may be that of al1" in note


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (  # as many titles as Canvas likes, empty and double ones, and a row that is too short
            "Student,ID,SIS Login ID,Notes,Notes,02_layers (4711),,\n,,,,\n,9,,a,b\nAnn,1,al1,n1,n2,,,\n\n",
            "Student,ID,SIS Login ID,Notes,Notes,02_layers (4711),,\n,,,,\n,9,,a,b\nAnn,1,al1,n1,n2,12,,\n\n",
        ),
        (  # one comma too many in each row
            "Student,ID,SIS Login ID\nAnn,1,al1,\nBob,2,bo,\n",
            "Student,ID,SIS Login ID,02_layers\nAnn,1,al1,12,\nBob,2,bo,,\n",
        ),
        (  # too few cells for the grade
            "Student,ID,SIS Login ID,Section,02_layers\nAnn,1,al1\nBob,2,bo\n",
            "Student,ID,SIS Login ID,Section,02_layers\nAnn,1,al1,,12\nBob,2,bo\n",
        ),
        (  # Windows's ends of lines, a mark of the byte order, and a line feed within a cell
            '\ufeffStudent,ID,SIS Login ID,02_layers,Notes\r\nAnn,1,al1,,"a\nb"\r\nNULL,2,NA,nan,\r\n',
            'Student,ID,SIS Login ID,02_layers,Notes\r\nAnn,1,al1,12,"a\nb"\r\nNULL,2,NA,nan,\r\n',
        ),
    ],
)
def test_a_ragged_file_comes_back_as_it_was(fill, before, after):
    assert fill("canvas", before, (ANN, 12)).text == after


@pytest.mark.parametrize(
    "data", [LAYERS.encode("utf-16"), LAYERS.replace(",", ";").encode(), b"ID,Bewertung\n1,\n", b'Student,ID\n"Lee']
)
def test_what_is_no_csv_of_canvas_is_one_line(fill, data):
    with pytest.raises(GivenError, match=r"template\.csv .*: give the file as canvas exported it$"):
        fill("canvas", data, (ANN, 12))


def test_an_assignment_whose_title_goes_on_is_another_one(fill):
    titles = f"{NAME} (retake) (88),{NAME} (late),{NAME} (),{NAME} (4711)"
    exported = fill("canvas", f"Student,ID,SIS Login ID,{titles}\nAnn,1,al1,,,,\n", (ANN, 12))
    assert exported.text.splitlines()[1] == "Ann,1,al1,,,,12"


@pytest.mark.parametrize(
    ("form", "text", "where"),
    [
        ("canvas", LAYERS.replace(",17", ",100.00") + '"Lee, Ann",1,,al1,A,\n', f"Points Possible of {NAME} (4711)"),
        ("moodle", SHEET + "Participant 1,Ann Lee,al1,,S,,100.00\n", "Maximum grade"),
        ("moodle", SHEET + 'Participant 1,Ann Lee,al1,,S,,"100,00"\n', "Maximum grade"),
    ],
)
def test_another_scale_is_told_and_the_grades_stay_as_they_are(fill, form, text, where):
    exported = fill(form, text, (ANN, 12))
    (note,) = exported.notes
    assert f"has 100 in {where}, but our maximum is 17" in note and "set the assignment's maximum to 17 there" in note
    assert ",12" in exported.text


def test_the_command_tells_the_notes_on_stderr_and_keeps_the_ends_of_lines(fill, tmp_path):
    text = (SHEET + "Participant 1,Ann Lee,al1,,S,,100.00\n").replace("\n", "\r\n")
    fill("moodle", text, (ANN, 12))
    template, out = tmp_path / "template.csv", tmp_path / "out.csv"
    options = ["--class", str(tmp_path), "--format", "moodle", "--template", str(template), "--out", str(out)]
    done = subprocess.run([str(BIN / "course"), "export", *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "our maximum is 17" in " ".join(done.stderr.split())
    assert out.read_bytes().endswith(b",12,100.00\r\n")


FORMULAS = Person("=1+1", "@Ann", "\tLee", "+1")


def test_a_plain_file_has_no_formulas(gradebook):
    exported = export_grades(gradebook((FORMULAS, -1), (ANN, 12)))
    formulas, ann = rows(exported.text)
    assert list(formulas.values())[:4] == ["'=1+1", "'\tLee", "'@Ann", "'+1"]
    assert list(ann.values()) == ["al1", "Lee", "Ann", "", "12"] and exported.notes == ()


@pytest.mark.parametrize(("form", "key"), [("canvas", "SIS Login ID"), ("moodle", "Username")])
def test_what_a_platform_looks_for_stays_and_a_formula_is_told(gradebook, form, key):
    exported = export_grades(gradebook((FORMULAS, 1), (ANN, 12)), form)
    assert "=1+1" in [row[key] for row in rows(exported.text)]
    (note,) = exported.notes
    assert "of =1+1 begins like a formula" in note
