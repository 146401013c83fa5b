"""What Moodle, Canvas, Colab and people hand out is taken in whole: the right student, the newest attempt, nothing dropped."""

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from graded_course import CHAPTER, RIGHT, hand_in, make_course
from hypothesis import given, settings
from hypothesis import strategies as st

from course.cli import main
from course.errors import GivenError
from course.grading.collect import collect
from course.grading.intake.download import MOST_BYTES_INSIDE, Found, LeftOut, read_download
from course.grading.intake.owners import owner_of, owners, version
from course.grading.intake.roster import Person, matches, read_roster, store_names
from course.grading.intake.take import take_in
from course.grading.notebook import MAX_BYTES

BIN = Path(sys.executable).parent
NAME = "02_layers"
PEOPLE = (
    Person("al12", "Ada", "Lovelace", "ada.lovelace@example.org", "5512"),
    Person("gh07", "Grace", "Hopper", "ghopper@example.org", "5513"),
    Person("zo33", "Zoë", "O'Brien", "zob@example.org", "5514"),
)


def notebook(text="x"):
    return json.dumps({"cells": [{"cell_type": "code", "source": text, "metadata": {}}], "nbformat": 4})


def archive(files, at=(2026, 11, 2, 21, 0, 0)):
    """The bytes of a zip. files: name -> text, bytes, or (text, time)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            content, time = content if isinstance(content, tuple) else (content, at)
            made.writestr(zipfile.ZipInfo(name, time), content)
    return buffer.getvalue()


def take(tmp_path, files, people=(), name=NAME, **more):
    """Take a zip with `files` in; returns what it came to, and student -> the text of the notebook's one cell."""
    path = tmp_path / "download.zip"
    path.write_bytes(archive(files, **more))
    taken = take_in(path, tmp_path / "submitted", name, people=people)
    return taken, handed_in(tmp_path)


def handed_in(tmp_path):
    found = {}
    for submission in collect(tmp_path / "submitted", NAME):
        path = submission.notebooks.get(NAME)
        found[submission.student] = json.loads(path.read_text())["cells"][0]["source"] if path else None
    return found


def notes_of(tmp_path, student):
    return next(s.notes for s in collect(tmp_path / "submitted", NAME) if s.student == student)


def test_a_moodle_download_with_folders(tmp_path):
    files = {
        "Ada Lovelace_2041_assignsubmission_file_/02_layers.ipynb": notebook("ada"),
        "Zoë O'Brien_2042_assignsubmission_file_/Copy of 02_layers.ipynb": notebook("zoe"),
    }
    taken, found = take(tmp_path, files)
    assert found == {"ada_lovelace": "ada", "zoe_obrien": "zoe"}
    assert (taken.students, taken.new, taken.unknown, taken.left_out) == (2, 2, (), ())


def test_a_moodle_download_without_folders(tmp_path):
    files = {
        "Ada Lovelace_2041_assignsubmission_file_02_layers.ipynb": notebook("ada"),
        "Grace Hopper_2043_assignsubmission_file_my_02_layers.ipynb": notebook("grace"),
    }
    assert take(tmp_path, files)[1] == {"ada_lovelace": "ada", "grace_hopper": "grace"}


def test_a_canvas_download_and_its_mark_of_lateness(tmp_path):
    files = {
        "lovelaceada_5512_90341_02_layers.ipynb": notebook("ada"),
        "hoppergrace_LATE_5513_90355_02_layers-1.ipynb": notebook("grace"),
    }
    _, found = take(tmp_path, files, PEOPLE)
    assert found == {"al12": "ada", "gh07": "grace"}
    assert notes_of(tmp_path, "gh07") == ("Canvas has marked this submission as late.",)
    assert notes_of(tmp_path, "al12") == ()


def test_a_plain_zip_with_a_folder_for_each_student_and_one_around_them(tmp_path):
    files = {"week 2/ada/02_layers.ipynb": notebook("ada"), "week 2/ben/answers.ipynb": notebook("ben")}
    assert take(tmp_path, files)[1] == {"ada": "ada", "ben": "ben"}


def test_nbgraders_own_layout_with_its_times_and_other_assignments(tmp_path):
    files = {
        "ada/02_layers/02_layers.ipynb": notebook("ada"),
        "ada/02_layers/timestamp.txt": "2026-11-02 21:14:03 UTC",
        "ada/01_neuron/01_neuron.ipynb": notebook("another"),
    }
    taken, found = take(tmp_path, files)
    assert found == {"ada": "ada"}
    assert collect(tmp_path / "submitted", NAME)[0].timestamp.hour == 21
    assert taken.left_out == ("ada/01_neuron/01_neuron.ipynb: it is not in a folder 02_layers, as others are.",)


def test_a_folder_of_files_from_colab_named_after_people(tmp_path):
    folder = tmp_path / "drive"
    folder.mkdir()
    (folder / "Ada Lovelace - Copy of 02_layers.ipynb").write_text(notebook("ada"))
    (folder / "02_layers_grace hopper.ipynb").write_text(notebook("grace"))
    (folder / "Copy of 02_layers (1).ipynb").write_text(notebook("whose?"))
    taken = take_in(folder, tmp_path / "submitted", NAME, people=PEOPLE)
    assert handed_in(tmp_path) == {"al12": "ada", "gh07": "grace", "unknown_copy_of_02_layers_1": "whose?"}
    (line,) = taken.unknown
    assert "nothing tells whose this file is: rename it" in line and "Copy of 02_layers (1).ipynb" in line
    assert taken.without_work == ("zo33",)


def test_a_zip_that_a_student_made_is_opened_wherever_it_lies(tmp_path):
    inner = archive({"work/02_layers.ipynb": notebook("ada"), "__MACOSX/work/._02_layers.ipynb": "junk"})
    twice = archive({"again.zip": archive({"02_layers.ipynb": notebook("grace")})})
    files = {
        "Ada Lovelace_2041_assignsubmission_file_/work.zip": inner,
        "hoppergrace_5513_90355_work.zip": twice,
    }
    taken, found = take(tmp_path, files, PEOPLE)
    assert found == {"al12": "ada", "gh07": "grace"}
    assert taken.unknown == ()


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ({"02_layers.ipynb": (2026, 11, 2, 21, 0, 0), "02_layers (1).ipynb": (2026, 11, 2, 22, 0, 0)}, "02_layers (1)"),
        ({"02_layers.ipynb": (2026, 11, 2, 23, 0, 0), "02_layers (1).ipynb": (2026, 11, 2, 22, 0, 0)}, "02_layers"),
        ({"02_layers.ipynb": (2026, 11, 2, 21, 0, 0), "02_layers-2.ipynb": (2026, 11, 2, 21, 0, 0)}, "02_layers-2"),
        ({"scratch.ipynb": (2026, 11, 9, 9, 0, 0), "02_layers.ipynb": (2026, 11, 2, 9, 0, 0)}, "02_layers"),
    ],
)
def test_of_several_attempts_the_newest_counts(tmp_path, files, kept):
    made = {f"ada/{name}": (notebook(name.removesuffix(".ipynb")), time) for name, time in files.items()}
    assert take(tmp_path, made)[1] == {"ada": kept}


def test_a_time_that_a_student_hands_in_beside_the_notebook_is_none(tmp_path):
    folder = "Ada Lovelace_2041_assignsubmission_file_"
    take(tmp_path, {f"{folder}/02_layers.ipynb": notebook(), f"{folder}/timestamp.txt": "2026-01-01 00:00:00 UTC"})
    assert collect(tmp_path / "submitted", NAME)[0].timestamp is None


def test_that_there_were_several_attempts_is_told(tmp_path):
    take(tmp_path, {"ada/02_layers.ipynb": notebook("1"), "ada/02_layers (1).ipynb": notebook("2")})
    (note,) = notes_of(tmp_path, "ada")
    assert note.startswith("2 attempts were handed in; the newest, 02_layers (1).ipynb, was taken, not 02_layers.ipynb.")


def test_who_handed_in_no_notebook_is_a_submission_with_a_reason(tmp_path):
    files = {
        "Ada Lovelace_2041_assignsubmission_file_/report.pdf": b"%PDF",
        "Grace Hopper_2043_assignsubmission_file_/02_layers.ipynb": notebook("grace"),
    }
    taken, found = take(tmp_path, files, PEOPLE)
    assert found == {"al12": None, "gh07": "grace"}
    assert notes_of(tmp_path, "al12")[0] == "report.pdf was handed in and not taken: it is no notebook."
    assert taken.left_out == ("Ada Lovelace_2041_assignsubmission_file_/report.pdf: it is no notebook.",)


def test_whom_the_roster_does_not_know_is_graded_and_told(tmp_path):
    files = {"Alan Turing_2050_assignsubmission_file_/02_layers.ipynb": notebook("alan")}
    taken, found = take(tmp_path, files, PEOPLE)
    assert found == {"unknown_alan_turing_2050": "alan"}
    assert taken.unknown == (
        "Alan Turing (moodle 2050): not on the roster: add a line to it; graded as unknown_alan_turing_2050.",
    )
    assert taken.without_work == ("al12", "gh07", "zo33")


def test_who_was_unknown_and_is_on_the_roster_now_is_graded_under_one_name(tmp_path):
    files = {"Alan Turing_2050_assignsubmission_file_/02_layers.ipynb": notebook("alan")}
    take(tmp_path, files, PEOPLE)
    taken, found = take(tmp_path, files, (*PEOPLE, Person("at50", "Alan", "Turing")))
    assert found == {"at50": "alan"} and taken.unknown == ()
    kept = tmp_path / "submitted" / ".replaced" / "unknown_alan_turing_2050" / NAME / "02_layers.1.ipynb"
    assert json.loads(kept.read_text())["cells"][0]["source"] == "alan"


@pytest.mark.parametrize("people", [(), (Person("as1", "Ann", "Lee"), Person("as2", "Ann", "Lee"))])
def test_two_people_of_one_name_are_never_made_one(tmp_path, people):
    files = {
        "Ann Lee_1_assignsubmission_file_/02_layers.ipynb": notebook("first"),
        "Ann Lee_2_assignsubmission_file_/02_layers.ipynb": notebook("second"),
    }
    taken, found = take(tmp_path, files, people)
    assert found == {"unknown_ann_lee_1": "first", "unknown_ann_lee_2": "second"}
    assert len(taken.unknown) == 2


def test_a_stranger_with_a_students_name_does_not_take_that_students_place(tmp_path):
    files = {
        "Ada Lovelace_1_assignsubmission_file_/02_layers.ipynb": notebook("first"),
        "Lovelace Ada_2_assignsubmission_file_/02_layers.ipynb": notebook("second"),
    }
    taken, found = take(tmp_path, files, PEOPLE)
    assert sorted(found.values()) == ["first", "second"] and "al12" not in found
    assert all("several people of the download may be al12" in line for line in taken.unknown)


@pytest.mark.parametrize(
    ("place", "student"),
    [
        ("Ada Lovelace_1_assignsubmission_file_/x.ipynb", "al12"),
        ("Group B-Ada Lovelace_1_assignsubmission_file_/x.ipynb", "al12"),
        ("Lovelace, Ada_1_assignsubmission_file_x.ipynb", "al12"),
        ("zoe obrien_1_assignsubmission_file_/x.ipynb", "zo33"),
        ("al12/x.ipynb", "al12"),
        ("ADA.LOVELACE@example.org/x.ipynb", "al12"),
        ("ghopper/x.ipynb", "gh07"),
        ("whoever_5513_8_x.ipynb", "gh07"),
        ("Grace Hopper - 02_layers.ipynb", "gh07"),
        ("02_layers_zo33.ipynb", "zo33"),
        ("Copy of 02_layers - Zoe O'Brien (3).ipynb", "zo33"),
    ],
)
def test_names_of_every_kind_find_their_student(place, student):
    assert [person.student for person in matches(owner_of(place, NAME), PEOPLE)] == [student]


@pytest.mark.parametrize(
    ("place", "student"),
    [("lovelaceada_9_8_x.ipynb", "al12"), ("hoppergrace_LATE_9_8_02_layers.ipynb", "gh07")],
)
def test_canvas_s_names_find_the_student_whose_number_the_roster_does_not_have(place, student):
    people = [replace(person, number="") for person in PEOPLE]
    assert [person.student for person in matches(owner_of(place, NAME), people)] == [student]


@pytest.mark.parametrize("place", ["Copy of 02_layers.ipynb", "02_layers (2).ipynb", "02-Layers-Copy1.ipynb", "x/y.ipynb"])
def test_no_student_is_guessed(place):
    assert matches(owner_of(place, NAME), PEOPLE) == []


@pytest.mark.parametrize(("name", "number"), [("a.ipynb", 0), ("a (2).ipynb", 2), ("a-Copy3.ipynb", 3), ("a-11.ipynb", 11)])
def test_the_number_of_a_copy(name, number):
    assert version(name) == number


@pytest.mark.parametrize(
    "place",
    ["ada/02_layers.ipynb", "ada/02_layers/02_layers.ipynb", "02_layers/ada/x.ipynb", "class/02_layers/ada/x.ipynb"],
)
def test_a_download_of_one_student_is_that_students(place):
    assert owners([place], NAME)[place].name == "ada"


def test_taking_in_the_same_again_changes_nothing_and_a_newer_one_keeps_the_former(tmp_path):
    first = {"ada/02_layers/02_layers.ipynb": notebook("first"), "ada/02_layers/timestamp.txt": "2026-11-02 10:00:00 UTC"}
    assert take(tmp_path, first)[0].new == 1
    assert take(tmp_path, first)[0].new == 0
    taken, found = take(tmp_path, {"ada/02_layers.ipynb": notebook("second")})
    assert (taken.new, found) == (1, {"ada": "second"})
    kept = tmp_path / "submitted" / ".replaced" / "ada" / NAME
    assert json.loads((kept / "02_layers.1.ipynb").read_text())["cells"][0]["source"] == "first"
    assert (kept / "timestamp.1.txt").is_file()
    assert collect(tmp_path / "submitted", NAME)[0].timestamp is None


def test_no_draft_is_left(tmp_path):
    take(tmp_path, {"ada/02_layers.ipynb": notebook()})
    assert [p.name for p in (tmp_path / "submitted").iterdir()] == ["ada"]


# What an archive may hold that nobody should have to fear


def test_names_that_point_elsewhere_are_words_alone(tmp_path):
    files = {"../../etc/02_layers.ipynb": notebook("a"), "/top/02_layers.ipynb": notebook("b"), "..\\up/x.ipynb": notebook("c")}
    _, found = take(tmp_path, files)
    assert sorted(found) == ["etc", "top", "up"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["download.zip", "submitted"]


def test_what_unpacks_to_more_than_a_notebook_may_have_is_left_out(tmp_path):
    taken, found = take(tmp_path, {"ada/02_layers.ipynb": b" " * (MAX_BYTES + 10), "ben/02_layers.ipynb": notebook("ben")})
    assert found == {"ben": "ben"}
    assert taken.left_out == ("ada/02_layers.ipynb: it has more than 20 MB.",)


def test_an_archive_in_an_archive_is_bounded(tmp_path):
    taken, _ = take(tmp_path, {"a/big.zip": b"0" * (MOST_BYTES_INSIDE + 1), "ben/02_layers.ipynb": notebook("ben")})
    assert taken.left_out == ("a/big.zip: it has more than 100 MB.",)


def test_archives_lie_only_so_deep_in_each_other(tmp_path):
    inner = archive({"02_layers.ipynb": notebook()})
    for _ in range(5):
        inner = archive({"in.zip": inner})
    taken, _ = take(tmp_path, {"ada/in.zip": inner, "ben/02_layers.ipynb": notebook("ben")})
    assert "archives lie more than 3 deep in each other" in taken.left_out[0]


def test_damaged_locked_and_foreign_archives_are_told(tmp_path):
    whole = archive({"02_layers.ipynb": notebook("y" * 3000)})
    damaged = whole[:60] + bytes(20) + whole[80:]
    locked = bytearray(whole)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + offset] |= 1
    files = {
        "a/one.zip": damaged,
        "b/two.zip": bytes(locked),
        "c/three.rar": b"Rar!",
        "d/four.zip": b"not a zip",
        "e/02_layers.ipynb": notebook("e"),
    }
    taken, found = take(tmp_path, files)
    assert found == {"e": "e"}
    text = "\n".join(taken.left_out)
    for reason in ("damaged in the archive", "locked with a password", "unpack it by hand", "cannot be opened as one"):
        assert reason in text, reason


def test_links_in_a_folder_are_not_followed(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text(notebook("secret"))
    folder = tmp_path / "class" / "ada"
    folder.mkdir(parents=True)
    (folder / "02_layers.ipynb").symlink_to(secret)
    (folder / "real.ipynb").write_text(notebook("real"))
    found = list(read_download(tmp_path / "class"))
    assert [f.place for f in found if isinstance(f, Found)] == ["ada/real.ipynb"]
    assert [f.place for f in found if isinstance(f, LeftOut)] == ["ada/02_layers.ipynb"]


@settings(max_examples=100, deadline=None)
@given(names=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40), min_size=1, max_size=6, unique=True))
def test_whatever_the_names_every_notebook_of_the_right_kind_is_taken_or_told(names, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("any")
    files = {f"{name}/02_layers.ipynb": notebook(str(i)) for i, name in enumerate(names)}
    try:
        taken, found = take(tmp_path, files)
    except GivenError as error:
        assert "there is no notebook" in str(error)
        return
    assert taken.students == len(found)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["download.zip", "submitted"]


# The roster


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "class.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("student,name,email\nal12,Ada Lovelace,a@example.org\n", "utf-8"),
        ('Student;Name;E-Mail\nal12;"Lovelace, Ada";a@example.org\n', "utf-8-sig"),
        ("First name,Last name,ID number,Email address\nAda,Lovelace,al12,a@example.org\n", "utf-8"),
        ("username\tgiven name\tsurname\temail\nal12\tAda\tLovelace\ta@example.org\n\n", "cp1252"),
    ],
)
def test_a_roster_as_people_and_platforms_write_it(tmp_path, text, encoding):
    (person,) = read_roster(write(tmp_path, text, encoding))
    assert (person.student, person.name, person.email) == ("al12", "Ada Lovelace", "a@example.org")


def test_canvas_s_own_gradebook_is_a_roster(tmp_path):
    gradebook = """\
Student,ID,SIS User ID,SIS Login ID,Section,02_layers (4711),Final Score
,,,,,Manual Posting,
    Points Possible,,,,,17.00,(read only)
"Lovelace, Ada",3041,1815,al12,Group A,,
"Hopper, Grace",3043,,,Group A,,
"""
    ada, grace = read_roster(write(tmp_path, gradebook))
    assert (ada.student, ada.name, ada.number) == ("al12", "Ada Lovelace", "3041")
    assert (grace.student, grace.name, grace.number) == ("3043", "Grace Hopper", "3043")  # without a login: the number


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no column student"),
        ("name,email\nAda,a@example.org\n", "no column student"),
        ("student,name\nal12,Ada\nal12,Ada\n", "line 3: al12 stands in it twice"),
        ("student,name\n../x,Ada\n", "line 2: '../x' cannot be the name of a folder"),
        ("student,name\n,Ada\n", "line 2: '' cannot be"),
    ],
)
def test_a_roster_that_cannot_be_used_is_one_line(tmp_path, text, says):
    with pytest.raises(GivenError, match="the roster") as error:
        read_roster(write(tmp_path, text))
    assert says in str(error.value)


def test_what_is_no_download_is_one_line(tmp_path):
    with pytest.raises(GivenError, match="there is no .*nothing"):
        take_in(tmp_path / "nothing", tmp_path / "submitted", NAME)
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(GivenError, match="is not a zip that can be opened"):
        take_in(tmp_path / "text.zip", tmp_path / "submitted", NAME)
    with pytest.raises(GivenError, match="there is no notebook in .*download.zip"):
        take(tmp_path, {"readme.txt": "hello"})


def test_a_refused_download_leaves_no_folder_and_what_was_there_stays(tmp_path):
    with pytest.raises(GivenError):
        take_in(tmp_path / "nothing", tmp_path / "class" / "submitted", NAME)
    assert list(tmp_path.iterdir()) == []
    kept = tmp_path / "class" / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}")
    with pytest.raises(GivenError):
        take_in(tmp_path / "nothing", tmp_path / "class" / "submitted", NAME)
    assert kept.read_text() == "{}"
    assert [path.name for path in (tmp_path / "class" / "submitted").iterdir()] == ["ada"]


def test_a_time_of_no_calendar_does_not_stop_the_rest(tmp_path):
    data = bytearray(archive({"ada/02_layers.ipynb": notebook("ada")}))
    for mark, offset in ((b"PK\x03\x04", 10), (b"PK\x01\x02", 12)):
        start = data.index(mark) + offset
        data[start : start + 4] = b"\x00\x00\x00\x00"
    path = tmp_path / "zero.zip"
    path.write_bytes(data)
    (found,) = read_download(path)
    assert found.time is None
    assert take_in(path, tmp_path / "submitted", NAME).students == 1


def test_an_entry_without_a_name_does_not_stop_the_rest(tmp_path):
    data = archive({"Q": notebook("nobody"), "ada/02_layers.ipynb": notebook("ada")}).replace(b"Q", b"\0")
    path = tmp_path / "nameless.zip"
    path.write_bytes(data)
    assert [found.place for found in read_download(path)] == ["ada/02_layers.ipynb"]


def test_a_file_of_a_folder_has_the_folders_time(tmp_path):
    path = tmp_path / "class" / "ada" / "02_layers.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(notebook())
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (found,) = read_download(tmp_path / "class")
    assert found.time == datetime.fromtimestamp(1_700_000_000)


def test_a_roster_without_a_download_is_one_line():
    done = CliRunner().invoke(main, ["grade", "01_neuron", "--roster", "class.csv"])
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert "give the download with --from" in " ".join(done.output.split())


def test_the_time_of_handing_in_comes_from_the_roster_and_never_from_an_archive(tmp_path):
    files = {
        "Ada Lovelace_2041_assignsubmission_file_/02_layers.ipynb": notebook("ada"),
        "Grace Hopper_2043_assignsubmission_file_/02_layers.ipynb": notebook("grace"),
    }
    worksheet = "ID number,Full name,Last modified (submission)\nal12,Ada Lovelace,\"Monday, 2 November 2026, 9:14 PM\"\ngh07,Grace Hopper,-\n"
    people = read_roster(write(tmp_path, worksheet))
    take(tmp_path, files, people)
    times = {s.student: s.timestamp for s in collect(tmp_path / "submitted", NAME)}
    assert times == {"al12": datetime(2026, 11, 2, 21, 14, tzinfo=UTC), "gh07": None}
    with pytest.raises(GivenError, match=r"line 2: 'soon' is no time .*: write 2026-11-02 21:14, and a zone"):
        read_roster(write(tmp_path, "student,handed_in\nal12,soon\n"))


@pytest.mark.slow
def test_a_class_from_a_moodle_download_to_the_gradebook(tmp_path):
    from nbgrader.api import Gradebook

    root = make_course(tmp_path / "course")
    files = {}
    for number, (name, answers) in enumerate({"Ada Lovelace": RIGHT, "Alan Turing": {}}.items()):
        work = hand_in(root, "somebody", answers).read_bytes()
        files[f"{name}_{2041 + number}_assignsubmission_file_/{CHAPTER}.ipynb"] = work
    (tmp_path / "download.zip").write_bytes(archive(files))
    write(
        tmp_path,
        "student,name,email,handed_in\n"
        "al12,Ada Lovelace,ada@example.org,2026-11-02 22:00 UTC\ngh07,Grace Hopper,,\n",
    )
    (tmp_path / "class").mkdir()
    url = f"sqlite:///{tmp_path / 'class' / 'gradebook.db'}"
    store_names(url, PEOPLE[:1])  # which makes the gradebook
    with Gradebook(url) as book:
        book.add_assignment(CHAPTER, duedate=datetime(2026, 11, 2, 20, 0))
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text().replace('penalty_method = "none"', 'penalty_method = "zero"'))
    command = [BIN / "course", "grade", CHAPTER, "--class", tmp_path / "class", "--from", tmp_path / "download.zip"]
    command += ["--roster", tmp_path / "class.csv", "--jobs", "1", "--json"]
    done = subprocess.run([str(part) for part in command], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    points = {entry["student"]: entry["points"] for entry in report["submissions"]}
    lost = {entry["student"]: entry["late_penalty"] for entry in report["submissions"]}
    assert lost == {"al12": points["al12"], "unknown_alan_turing_2042": 0}  # of whom nobody knows when it was
    page = (tmp_path / "class" / "feedback" / "al12" / CHAPTER / f"{CHAPTER}.html").read_text()
    assert "Handed in 2 hours late" in page
    assert points["al12"] > points["unknown_alan_turing_2042"] == 0
    assert report["intake"]["without_work"] == report["not_handed_in"] == ["gh07"]
    assert len(report["intake"]["unknown"]) == 1
    with Gradebook(url) as book:
        ada = book.find_student("al12")
        assert (ada.first_name, ada.last_name, ada.email) == ("Ada", "Lovelace", "ada@example.org")
