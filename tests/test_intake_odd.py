"""Downloads that are odd by accident or on purpose: nobody loses work by another's file, and nothing is dropped in silence."""

import io
import os
import zipfile

import pytest
from test_intake import NAME, PEOPLE, archive, handed_in, notebook, notes_of, take

from course.errors import GivenError
from course.grading.intake import download
from course.grading.intake.roster import Person
from course.grading.intake.take import take_in

MOODLE = "{}_{}_assignsubmission_file_/{}"


@pytest.mark.parametrize(
    "place",
    [
        "x" * 248 + ".ipynb",
        MOODLE.format("李" * 60, 7, "02_layers.ipynb"),
        MOODLE.format("ﷺ" * 20, 7, "02_layers.ipynb"),
        "Ada_" + "7" * 200 + "_assignsubmission_file_/02_layers.ipynb",
        "d" * 240 + "/02_layers.ipynb",
    ],
)
@pytest.mark.parametrize("people", [(), PEOPLE])
def test_a_long_name_stops_nobody(tmp_path, place, people):
    _, found = take(tmp_path, {place: notebook("long"), "al12/02_layers.ipynb": notebook("ada")}, people)
    assert sorted(found.values()) == ["ada", "long"]


def test_two_long_names_with_the_same_beginning_are_two_people(tmp_path):
    files = {MOODLE.format("a" * 150 + end, 7, "02_layers.ipynb"): notebook(end) for end in "xy"}
    assert sorted(take(tmp_path, files)[1].values()) == ["x", "y"]


def packed(files, method):
    """As `archive`, made small: that one stores files as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


def test_a_damaged_archive_of_any_kind_is_one_line(tmp_path):
    damaged = bytearray(packed({"02_layers.ipynb": notebook("y" * 3000)}, zipfile.ZIP_LZMA))
    start = damaged.index(b"02_layers.ipynb") + len("02_layers.ipynb")
    damaged[start : start + 40] = bytes(40)
    taken, found = take(tmp_path, {"ada/work.zip": bytes(damaged), "ben/02_layers.ipynb": notebook("ben")})
    assert found == {"ben": "ben"}
    assert taken.left_out == ("ada/work.zip/02_layers.ipynb: it is damaged in the archive.",)


def test_what_comes_out_of_one_archive_has_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "MOST_UNPACKED", 100_000)
    bomb = packed({f"{i}.ipynb": b" " * 30_000 for i in range(40)}, zipfile.ZIP_DEFLATED)
    files = {"ada/work.zip": packed({"in.zip": bomb}, zipfile.ZIP_DEFLATED), "ben/02_layers.ipynb": notebook("ben")}
    path = tmp_path / "download.zip"
    path.write_bytes(archive(files))
    taken = take_in(path, tmp_path / "submitted", NAME)
    assert (tmp_path / "submitted" / "ben" / NAME / "02_layers.ipynb").read_text() == notebook("ben")
    assert any("its archive unpacks to more than a student may hand in" in line for line in taken.left_out)
    kept = sum(f.stat().st_size for f in (tmp_path / "submitted").rglob("*.ipynb"))
    assert kept < 100_000


def test_an_honest_large_archive_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "MOST_UNPACKED", 1000)
    data = notebook(os.urandom(40_000).hex())
    files = {"ada/work.zip": archive({"02_layers.ipynb": data}), "ben/02_layers.ipynb": notebook("ben")}
    assert len(take(tmp_path, files)[1]["ada"]) == 80_000


def test_of_an_archive_full_of_other_files_a_few_are_named_and_the_rest_counted(tmp_path):
    files = {f"env/{i:03}.py": "" for i in range(50)} | {"02_layers.ipynb": notebook("ada")}
    taken, found = take(tmp_path, {"ada/work.zip": archive(files), "ben/02_layers.ipynb": notebook("ben")})
    assert found == {"ada": "ada", "ben": "ben"}
    assert len(taken.left_out) == 11
    assert taken.left_out[-1] == "ada/work.zip: it holds 40 more files that are no notebooks."


def test_a_folder_with_the_class_s_archive_in_it_is_refused_and_not_taken_for_one_student(tmp_path):
    folder = tmp_path / "week1"
    folder.mkdir()
    files = {MOODLE.format(name, i, "02_layers.ipynb"): notebook(name) for i, name in enumerate(("Ada", "Ben"))}
    (folder / "submissions.zip").write_bytes(archive(files))
    (folder / "roster.csv").write_text("student,name\n")
    with pytest.raises(GivenError, match=r"submissions.zip in .* holds a class: give it by itself, --from .*submissions.zip"):
        take_in(folder, tmp_path / "submitted", NAME)


@pytest.mark.parametrize("beside", ["README.txt", "grades.csv", "week 2/notes.pdf"])
def test_a_file_beside_a_class_does_not_make_one_student_of_it(tmp_path, beside):
    files = {"week 2/ada/02_layers.ipynb": notebook("ada"), "week 2/ben/02_layers.ipynb": notebook("ben"), beside: "x"}
    taken, found = take(tmp_path, files)
    assert found == {"ada": "ada", "ben": "ben"}
    assert len(taken.left_out) == 1


def test_one_file_without_a_name_does_not_make_one_student_of_a_folder_of_files(tmp_path):
    names = ("Ada Lovelace - 02_layers", "Grace Hopper - 02_layers", "Copy of 02_layers")
    _, found = take(tmp_path, {f"Week 2/{name}.ipynb": notebook(name[:5]) for name in names}, PEOPLE)
    assert found == {"al12": "Ada L", "gh07": "Grace", "unknown_copy_of_02_layers": "Copy "}


@pytest.mark.parametrize("form", ["{}.ipynb", "02_layers_{}.ipynb", "{} - 02_layers.ipynb"])
def test_an_id_that_looks_like_a_copy_of_another_s_file_is_an_id(tmp_path, form):
    people = (Person("al", "Ann", "Lee"), Person("AL-1", "Alan", "Moe"), Person("bo", "Bo", "Ng"))
    files = {form.format(student): notebook(student) for student in ("al", "al-1", "bo-1")}
    assert take(tmp_path, files, people)[1] == {"al": "al", "AL-1": "al-1", "bo": "bo-1"}


@pytest.mark.parametrize("place", ["cy/02_layers/02_layers.ipynb", "cy/work.zip"])
def test_a_folder_of_the_assignment_s_name_in_one_student_s_work_throws_nobody_out(tmp_path, place):
    inner = archive({"02_layers/02_layers.ipynb": notebook("cy")})
    files = {f"{student}/02_layers.ipynb": notebook(student) for student in ("ada", "ben")}
    taken, found = take(tmp_path, files | {place: inner if place.endswith("zip") else notebook("cy")})
    assert found == {"ada": "ada", "ben": "ben", "cy": "cy"}
    assert taken.left_out == ()


def test_in_nbgraders_layout_work_at_another_assignment_is_nobodys_here(tmp_path):
    files = {f"{student}/02_layers/02_layers.ipynb": notebook(student) for student in ("ada", "ben")}
    taken, found = take(tmp_path, files | {"cy/01_neuron/01_neuron.ipynb": notebook("cy")})
    assert found == {"ada": "ada", "ben": "ben"}
    assert taken.left_out == ("cy/01_neuron/01_neuron.ipynb: it is not in a folder 02_layers, as others are.",)


def test_a_notebook_that_is_not_taken_is_told_to_the_student(tmp_path):
    old, new = (2026, 11, 1, 9, 0, 0), (2026, 11, 2, 9, 0, 0)
    files = {"ada/02_layers.ipynb": (notebook("template"), old), "ada/my final solution.ipynb": (notebook("work"), new)}
    assert take(tmp_path, files)[1] == {"ada": "template"}
    (note,) = notes_of(tmp_path, "ada")
    assert note == "my final solution.ipynb was handed in and not taken: its name is not like 02_layers.ipynb."


def test_of_two_notebooks_one_that_is_named_like_neither_is_told(tmp_path):
    path = tmp_path / "download.zip"
    path.write_bytes(archive({"ada/answers.ipynb": notebook("work")}))
    take_in(path, tmp_path / "submitted", NAME, ("problem1", "problem2"))
    note = notes_of(tmp_path, "ada")[0]
    assert note == "answers.ipynb was handed in and not taken: its name is not like problem1.ipynb or problem2.ipynb."


@pytest.mark.parametrize(
    "files",
    [
        {"Ada Lovelace_2041_assignsubmission_onlinetext_/onlinetext.html": "<p>done</p>"},
        {"lovelaceada_5512_text.html": "<p>done</p>"},
        {"al12/report.pdf": b"%PDF"},
        {MOODLE.format("Ada Lovelace", 2041, "work.zip"): archive({"__MACOSX/._02_layers.ipynb": "junk"})},
        {"al12/work.zip": archive({})},
    ],
)
def test_whoever_handed_in_anything_has_a_submission(tmp_path, files):
    taken, found = take(tmp_path, files | {"gh07/02_layers.ipynb": notebook("grace")}, PEOPLE)
    assert found == {"al12": None, "gh07": "grace"}
    assert taken.without_work == ("zo33",)
    assert "was handed in and not taken" in notes_of(tmp_path, "al12")[0]


def test_a_folder_of_data_beside_the_students_is_no_student(tmp_path):
    _, found = take(tmp_path, {"al12/02_layers.ipynb": notebook("ada"), "data/table.csv": "1,2"}, PEOPLE)
    assert found == {"al12": "ada"}


def test_names_in_utf_8_that_do_not_say_so_are_read(tmp_path):
    name = "Zoë O'Brien"
    data = archive({MOODLE.format(name.encode().decode("latin-1"), 7, "02_layers.ipynb"): notebook("zoe")})
    # As the Finder writes it: the bytes of UTF-8, and no flag that says so.
    mangled = name.encode().decode("latin-1").encode()
    data = bytearray(data.replace(mangled, name.encode().ljust(len(mangled), b"_")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset + 1] &= ~0x08
    path = tmp_path / "download.zip"
    path.write_bytes(bytes(data))
    with zipfile.ZipFile(path) as made:
        assert "Zo├½" in made.namelist()[0]
    take_in(path, tmp_path / "submitted", NAME)
    assert [student.rstrip("_") for student in handed_in(tmp_path)] == ["zoe_obrien"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_named_like_an_archive_holds_nobody_up(tmp_path):
    folder = tmp_path / "class"
    (folder / "ada").mkdir(parents=True)
    (folder / "ada" / "02_layers.ipynb").write_text(notebook("ada"))
    os.mkfifo(folder / "ada" / "work.zip")
    taken = take_in(folder, tmp_path / "submitted", NAME)
    assert handed_in(tmp_path) == {"ada": "ada"}
    assert taken.left_out == ("ada/work.zip: work.zip is not a regular file.",)


def test_a_name_cannot_write_lines_of_its_own_into_the_notes(tmp_path):
    place = MOODLE.format("Ada", 1, "x\nGive full marks.pdf")
    take(tmp_path, {place: "x", MOODLE.format("Ada", 1, "02_layers.ipynb"): notebook("ada")})
    (note,) = notes_of(tmp_path, "ada")
    assert note.startswith("x Give full marks.pdf was handed in and not taken")


def test_what_was_replaced_is_never_overwritten(tmp_path):
    for text in "abcd":
        take(tmp_path, {"ada/02_layers.ipynb": notebook(text)})
        if text == "c":
            (tmp_path / "submitted" / ".replaced" / "ada" / NAME / "02_layers.1.ipynb").unlink()
    kept = tmp_path / "submitted" / ".replaced" / "ada" / NAME
    assert sorted(file.read_text() for file in kept.iterdir()) == sorted(map(notebook, "bc"))
