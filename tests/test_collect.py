"""Every student's folder gives one submission: the right file, its time, and a note on whatever was odd."""

import os
from datetime import UTC, datetime

import pytest

from course.errors import GivenError
from course.grading.collect import collect, read_submission
from course.grading.notebook import MAX_BYTES, Ungradable

NAME = "02_layers"


def hand_in(root, student, *files, timestamp=None, assignment=NAME):
    folder = root / "submitted" / student / assignment
    folder.mkdir(parents=True)
    for name in files:
        (folder / name).write_text("{}")
    if timestamp is not None:
        (folder / "timestamp.txt").write_text(timestamp)
    return folder


def only(root):
    (submission,) = collect(root / "submitted", NAME)
    return submission


def test_submissions_come_in_the_order_of_students_and_only_for_the_assignment(tmp_path):
    hand_in(tmp_path, "zoe", f"{NAME}.ipynb")
    hand_in(tmp_path, "ada", f"{NAME}.ipynb")
    hand_in(tmp_path, "ben", "01_neuron.ipynb", assignment="01_neuron")
    found = collect(tmp_path / "submitted", NAME)
    assert [submission.student for submission in found] == ["ada", "zoe"]
    assert found[0].notebooks[NAME] == tmp_path / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    assert found[0].notes == ()


def test_a_missing_folder_is_one_clear_line(tmp_path):
    with pytest.raises(GivenError, match="there is no folder .*submitted"):
        collect(tmp_path / "submitted", NAME)


@pytest.mark.parametrize(
    "name",
    [
        "Copy of 02_layers.ipynb",
        "02_layers (1).ipynb",
        "02_layers-Copy1.ipynb",
        "02_LAYERS.IPYNB",
        "Layers_final.ipynb",
        "kopie_von_02-layers.ipynb",
        "Untitled.ipynb",
    ],
)
def test_a_notebook_under_another_name_is_found_and_said(tmp_path, name):
    hand_in(tmp_path, "ada", name)
    submission = only(tmp_path)
    assert submission.notebooks[NAME].name == name
    assert name in submission.notes[0]


def test_the_notebook_of_the_right_name_wins(tmp_path):
    hand_in(tmp_path, "ada", "02_layers (1).ipynb", "02_layers.ipynb", "scratch.ipynb")
    submission = only(tmp_path)
    assert submission.notebooks[NAME].name == "02_layers.ipynb"
    assert submission.notes == (
        "Several notebooks were handed in; 02_layers.ipynb was graded, not 02_layers (1).ipynb.",
    )


def test_of_two_copies_the_newer_wins(tmp_path):
    folder = hand_in(tmp_path, "ada", "02_layers (1).ipynb", "02_layers (2).ipynb")
    os.utime(folder / "02_layers (2).ipynb", (1, 1))
    assert only(tmp_path).notebooks[NAME].name == "02_layers (1).ipynb"


def test_a_folder_without_a_notebook_is_a_submission_with_a_reason(tmp_path):
    hand_in(tmp_path, "ada", "notes.txt", ".hidden.ipynb", timestamp="2026-11-02 21:14:03.123456 UTC")
    submission = only(tmp_path)
    assert submission.notebooks == {}
    assert submission.notes == ("no notebook was handed in",)
    assert submission.timestamp == datetime(2026, 11, 2, 21, 14, 3, 123456, UTC)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-02 21:14:03 UTC", 21),
        ("2026-11-02 21:14:03", 21),
        ("2026-11-02 21:14:03 +0200", 19),
        ("2026-11-02T21:14:03Z", 21),
    ],
)
def test_times_are_read_as_nbgrader_reads_them(tmp_path, text, hour):
    hand_in(tmp_path, "ada", f"{NAME}.ipynb", timestamp=text)
    assert only(tmp_path).timestamp == datetime(2026, 11, 2, hour, 14, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "yesterday, I promise", "0001-01-01 00:00:00", "99999999999", "\x00\xff" * 50, "2026-13-45"]
)
def test_a_time_that_cannot_be_read_is_no_time_and_is_said(tmp_path, text):
    hand_in(tmp_path, "ada", f"{NAME}.ipynb", timestamp=text)
    submission = only(tmp_path)
    assert submission.timestamp is None
    assert "timestamp.txt" in submission.notes[0]


def test_links_are_not_followed(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("{}")
    folder = hand_in(tmp_path, "ada")
    (folder / f"{NAME}.ipynb").symlink_to(secret)
    (folder / "timestamp.txt").symlink_to(secret)
    (tmp_path / "submitted" / "eve").symlink_to(tmp_path / "submitted" / "ada")
    submission = only(tmp_path)
    assert submission.notebooks == {}
    assert "not a regular file" in submission.notes[0]
    assert isinstance(read_submission(folder / f"{NAME}.ipynb"), Ungradable)


def test_pipes_and_folders_are_not_read(tmp_path):
    folder = hand_in(tmp_path, "ada", "02_layers (1).ipynb")
    os.mkfifo(folder / f"{NAME}.ipynb")
    (folder / "more.ipynb").mkdir()
    submission = only(tmp_path)
    assert submission.notebooks[NAME].name == "02_layers (1).ipynb"
    assert isinstance(read_submission(folder / f"{NAME}.ipynb"), Ungradable)
    assert isinstance(read_submission(folder / "more.ipynb"), Ungradable)
    assert isinstance(read_submission(folder / "gone.ipynb"), Ungradable)


def test_a_huge_file_is_left_out(tmp_path):
    folder = hand_in(tmp_path, "ada", f"{NAME}.ipynb")
    with open(folder / f"{NAME}.ipynb", "r+b") as file:
        file.truncate(MAX_BYTES + 1)
    assert "20 MB" in only(tmp_path).notes[0]
    assert "20 MB" in read_submission(folder / f"{NAME}.ipynb").reason


def test_a_regular_file_is_read(tmp_path):
    folder = hand_in(tmp_path, "ada", f"{NAME}.ipynb")
    assert read_submission(folder / f"{NAME}.ipynb") == b"{}"


# Several notebooks in one assignment


def several(root, *names):
    (submission,) = collect(root / "submitted", NAME, names)
    return {name: path.name for name, path in submission.notebooks.items()}, submission.notes


def test_each_of_several_notebooks_is_found_under_whatever_name(tmp_path):
    hand_in(tmp_path, "ada", "Copy of part1.ipynb", "PART2.ipynb", "scratch.ipynb")
    found, notes = several(tmp_path, "part1", "part2", "part3")
    assert found == {"part1": "Copy of part1.ipynb", "part2": "PART2.ipynb"}
    assert len(notes) == 2


def test_the_right_name_goes_before_one_that_only_holds_it(tmp_path):
    hand_in(tmp_path, "ada", "part10.ipynb", "part1 (1).ipynb")
    assert several(tmp_path, "part1", "part10")[0] == {"part1": "part1 (1).ipynb", "part10": "part10.ipynb"}


def test_a_notebook_named_like_none_of_several_is_taken_for_none(tmp_path):
    hand_in(tmp_path, "ada", "Untitled.ipynb")
    found, notes = several(tmp_path, "part1", "part2")
    assert found == {}
    assert "none of the notebooks that were handed in is named like part1.ipynb and part2.ipynb" in notes


@pytest.mark.parametrize(
    ("text", "hour"),
    [("2026-11-02 14:14:03.5 America/Los_Angeles", 22), ("2026-11-02 21:14:03 Europe/Zurich", 20)],
)
def test_a_time_may_name_its_zone_as_nbgraders_documentation_does(tmp_path, text, hour):
    hand_in(tmp_path, "ada", f"{NAME}.ipynb", timestamp=text)
    assert only(tmp_path).timestamp.replace(microsecond=0) == datetime(2026, 11, 2, hour, 14, 3, tzinfo=UTC)


def test_the_secret_of_the_exchange_is_kept(tmp_path):
    folder = hand_in(tmp_path, "ada", f"{NAME}.ipynb")
    (folder / "submission_secret.txt").write_text("a1b2c3\n")
    assert only(tmp_path).secret == "a1b2c3"
