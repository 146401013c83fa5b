"""Whom a name or a number of a download means, and what a roster may look like: nobody gets another's grade."""

import unicodedata
from datetime import UTC, datetime

import pytest

from course.errors import GivenError
from course.grading.collect import read_time
from course.grading.intake.owners import Owner, owner_of
from course.grading.intake.roster import Person, matches, read_roster
from course.grading.intake.times import is_time

NAME = "02_layers"
ANNAS = (
    Person("anna.rossi", "Anna", "Rossi", "anna.rossi@example.org"),
    Person("anna.rossi2", "Anna", "Rossi", "anna.rossi2@example.org"),
)


def found(place, *people):
    return [person.student for person in matches(owner_of(place, NAME), people)]


def moodle(name, number=7):
    return f"{name}_{number}_assignsubmission_file_/02_layers.ipynb"


def write(tmp_path, data):
    path = tmp_path / "class.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def refusal(tmp_path, data):
    with pytest.raises(GivenError) as error:
        read_roster(write(tmp_path, data))
    assert "\n" not in str(error.value) and "class.csv" in str(error.value)
    return str(error.value)


# Names that are shown: students may choose them


def test_of_two_people_of_one_name_none_is_chosen_for_what_the_id_looks_like():
    assert found(moodle("Anna Rossi"), *ANNAS) == ["anna.rossi", "anna.rossi2"]
    numbered = [Person(str(1815 + i), "Anna", "Rossi", anna.email) for i, anna in enumerate(ANNAS)]
    assert found(moodle("Anna Rossi"), *numbered) == ["1815", "1816"]


def test_the_end_of_a_name_is_not_the_name():
    assert found(moodle("Joann Lee"), Person("al1", "Ann", "Lee")) == []


@pytest.mark.parametrize("place", [moodle("al12"), moodle("ada@example.org"), "al12_9_8_02_layers.ipynb"])
def test_who_calls_herself_by_another_s_id_is_not_taken_for_that_person(place):
    people = (Person("al12", "Ada", "Lovelace", "ada@example.org"), Person("mal", "Mallory", "X"))
    assert found(place, *people) == []


@pytest.mark.parametrize("place", [moodle("al12"), moodle("ada"), "al12_9_8_02_layers.ipynb"])
def test_an_id_counts_where_the_roster_has_no_names(place):
    assert found(place, Person("al12", email="ada@example.org"), Person("gh07")) == ["al12"]


def test_somebody_without_a_name_on_the_roster_may_be_meant_as_well_as_the_one_with_it():
    assert found(moodle("Anna Rossi"), Person("anna.rossi"), Person("x1", "Anna", "Rossi")) == ["anna.rossi", "x1"]


@pytest.mark.parametrize(
    "name",
    ["Group B-Ada Lovelace", "Lab 2-Ada Lovelace", "Gruppe Turing-Lovelace, Ada", "2026-Group-B2-Ada Lovelace"],
)
def test_the_name_of_a_group_may_stand_before_that_of_the_student(name):
    assert found(moodle(name), Person("al12", "Ada", "Lovelace"), Person("lo1", "", "Lovelace")) == ["al12"]


def test_a_name_with_a_hyphen_keeps_it_after_that_of_a_group():
    people = (Person("hp1", "Hans-Peter", "Müller"), Person("pm1", "Peter", "Müller"))
    assert found(moodle("Group 2-Hans-Peter Müller"), *people) == ["hp1"]
    assert found(moodle("Hans-Peter Müller"), *people) == ["hp1"]


@pytest.mark.parametrize(
    "name",
    [
        "Hans-Peter Müller",
        "Karl Hans-Peter Müller",
        "J.-Peter Müller",
        "Group 2-Hans-Peter Müller",
        "Group B-Joan Peter Müller",
        "Group B-Müller",
    ],
)
def test_part_of_a_name_with_a_hyphen_is_not_taken_for_that_of_a_group(name):
    assert found(moodle(name), Person("pm1", "Peter", "Müller")) == []


# Folders and files: a person has named them


@pytest.mark.parametrize(
    ("place", "student"),
    [
        ("jsmith/x.ipynb", "jsmith"),
        ("J.Smith/x.ipynb", "j.smith"),
        ("02_layers_j.smith.ipynb", "j.smith"),
        ("anna.rossi/x.ipynb", "anna.rossi"),
        ("ANNA.ROSSI2@example.org/x.ipynb", "anna.rossi2"),
    ],
)
def test_an_id_or_address_that_is_written_out_decides(place, student):
    assert found(place, *ANNAS, Person("jsmith", "John", "Smith"), Person("j.smith", "Jane", "Smith")) == [student]


def test_an_accent_of_an_id_may_be_written_in_two_ways():
    decomposed = unicodedata.normalize("NFD", "zoë")
    assert found(f"{decomposed}/x.ipynb", Person("zoë"), Person("zoe")) == ["zoë"]


def test_what_is_like_the_id_of_one_and_the_name_of_another_may_be_both():
    assert found("Anna Rossi/x.ipynb", *ANNAS) == ["anna.rossi", "anna.rossi2"]
    people = (Person("ada", "Zoe", "Adams"), Person("z2", "Ada", "Lovelace", "lovelace.ada@example.org"))
    assert found("Lovelace_Ada/x.ipynb", *people, Person("lovelaceada", "Eve", "Jones")) == ["z2", "lovelaceada"]


def test_a_row_of_a_template_is_found_as_a_folder_is():
    for told in ("anna.rossi2", "anna.rossi2@example.org"):
        assert matches(Owner("roster", told, "", False, ""), ANNAS) == [ANNAS[1]]


# Canvas's numbers


def test_whose_number_is_known_and_differs_is_somebody_else():
    known, unknown = Person("al1", "Ann", "Lee", number="11"), Person("al2", "Ann", "Lee")
    assert found("leeann_11_8_x.ipynb", known, unknown) == ["al1"]
    assert found("leeann_12_8_x.ipynb", known, unknown) == ["al2"]
    assert found("leeann_12_8_x.ipynb", known) == []


def test_one_student_s_files_are_one_student_s_however_an_accent_is_written():
    composed, decomposed = (owner_of(moodle(unicodedata.normalize(form, "Zoë Orb")), NAME) for form in ("NFC", "NFD"))
    assert composed.name != decomposed.name and composed.key == decomposed.key


# The file


@pytest.mark.parametrize(
    "data",
    [
        "student,name\ral12,Ada\r",
        "student\tname\r\nal12\tAda\r\n".encode("utf-16"),
        b"\xfe\xff" + "student\tname\r\nal12\tAda\r\n".encode("utf-16-be"),
        "sep=;\nstudent;name\nal12;Ada\n",
        '\ufeff"sep=,"\r\nstudent,name\r\nal12,Ada\r\n',
        "\n  \r\nstudent;name\nal12;Ada\n",
    ],
    ids=["old line ends", "UTF-16", "UTF-16, big end first", "sep", "sep in quotation marks", "blank lines"],
)
def test_a_roster_as_spreadsheets_save_it(tmp_path, data):
    (person,) = read_roster(write(tmp_path, data))
    assert (person.student, person.name) == ("al12", "Ada")


@pytest.mark.parametrize(
    "broken",
    [
        'al12,"Ada\ngh07,Grace\n',  # which would make one name of all that follows
        f"al12,{'x' * 200_000}\n",
    ],
)
def test_what_is_no_csv_is_one_line_with_its_place(tmp_path, broken):
    assert "line 3: it is no CSV" in refusal(tmp_path, "student,name\nzo33,Zoe\n" + broken)


def test_an_id_that_no_folder_can_have_is_one_line(tmp_path):
    assert "cannot be the name of a folder" in refusal(tmp_path, f"student,name\n{'x' * 201},Ada\n")


@pytest.mark.parametrize(
    ("before", "line"), [("student,name\n\n\n", 4), ("sep=,\n\nstudent,name\n", 4), ('student,name\na,"A\nB"\n', 4)]
)
def test_the_line_of_an_error_is_that_of_the_file(tmp_path, before, line):
    assert f"line {line}: '../x' cannot be" in refusal(tmp_path, before + "../x,Ada\n")


@pytest.mark.parametrize(
    "text",
    [
        "student,name,id,section\nal12,Ada Lovelace,1815,A\n",
        "student,first name,last name,id,section,sis user id\nal12,Ada,Lovelace,1815,A,7\n",
    ],
)
def test_a_roster_of_one_s_own_is_not_taken_for_canvas_s(tmp_path, text):
    (person,) = read_roster(write(tmp_path, text))
    assert (person.student, person.name, person.number) == ("al12", "Ada Lovelace", "")


@pytest.mark.parametrize(
    ("head", "points", "ada"),
    [
        ("Student,ID,Section", "    Points Possible,,", '"Lovelace, Ada",3041,A'),
        ("Student,ID,Section,SIS Login ID", ",,,", '"Lovelace, Ada",3041,A,3041'),
    ],
)
def test_canvas_s_gradebook_is_known_and_its_test_student_is_nobody(tmp_path, head, points, ada):
    tester = '"Student, Test",3050,A,5f2c'
    (person,) = read_roster(write(tmp_path, f"{head}\n{points}\n{ada}\n{tester}\n"))
    assert (person.student, person.name, person.number) == ("3041", "Ada Lovelace", "3041")


def test_a_number_that_a_spreadsheet_wrote_is_not_touched(tmp_path):
    (person,) = read_roster(write(tmp_path, "student,name,canvas\n1815.0,Ada,3041.0\n"))
    assert (person.student, person.number) == ("1815.0", "3041.0")


# When it was handed in

EVENING = datetime(2026, 11, 2, 21, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-02 21:14",
        "2026-11-02T21:14:00Z",
        "2026-11-02 21:14:00.000000 UTC",
        "2026-11-02T22:14+01:00",
        "2026-11-02 16:14 -0500",
        "2026-11-02 22:14 Europe/Berlin",
        "2026-11-02 16:14 America/Port-au-Prince",
        "Monday, 2 November 2026, 9:14 PM",
        "Mon, 02 Nov 2026 22:14:00 +0100",
        "2. November 2026, 21:14",
        "02-Nov-2026 21:14",
        "Nov 2, 2026, 9:14\u202fPM UTC",
    ],
)
def test_a_time_that_reads_one_way_is_taken_as_it_stands(tmp_path, text):
    (person,) = read_roster(write(tmp_path, f'student,handed_in\nal12,"{text}"\n'))
    assert person.handed_in == text and read_time(text) == EVENING


@pytest.mark.parametrize(
    "text",
    [
        "02.11.2026 21:14",
        "2/11/2026 21:14",
        "11-02-2026 21:14",
        "26-11-02 21:14",
        "5",
        "Friday",
        "12:00",
        "1815",
        "2026-11-02",
        "2 November 2026",
        "November 2026 10:00",
        "2 November 10:00",
        "2026-13-02 10:00",
        "2026-11-31 10:00",
        "2026-11-02 25:00",
        "2026-11-02 21:14 CIST",
        "2 November 2026, 9:14 PM CIST",
        "2026-11-02 21:14 ../x",
    ],
)
def test_any_other_time_is_refused_with_the_mend(tmp_path, text):
    assert not is_time(text)
    line = refusal(tmp_path, f'student,handed_in\n\nal12,"{text}"\n')
    assert f"line 3: {text!r} is no time" in line
    assert line.endswith("write 2026-11-02 21:14, and a zone if it is not UTC")


def test_moodle_s_dash_is_no_time(tmp_path):
    (person,) = read_roster(write(tmp_path, "student,handed_in\nal12,-\n"))
    assert person.handed_in == ""
