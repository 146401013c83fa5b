"""What a student has done, noted down: by which notebooks, when a lesson is run, and that nothing ever disturbs one."""

import json
import multiprocessing
from pathlib import Path

import pytest

from course import check, progress
from course.checks import session

CHAPTER = "01_sample"
SOURCE = '# %% [raw] front=true\n# title = "A"\n#\n# [claims.one]\n# value = 1\n#\n# [claims.two]\n# value = 2\n'


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A function that puts this process into the place of a kernel, in a room of a small checkout; it gives the checkout."""
    for room in ("lessons", "assignments", "solutions", "submitted"):
        (tmp_path / room / CHAPTER).mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "lessons" / CHAPTER / f"{CHAPTER}.py").write_text(SOURCE)
    monkeypatch.setattr(progress, "in_notebook", lambda: True)
    monkeypatch.delenv(progress.SWITCH, raising=False)
    monkeypatch.setattr(session.current, "chapter", "")
    monkeypatch.setattr(session.current, "measured", set())

    def begin(room: str) -> Path:
        monkeypatch.chdir(tmp_path / room / CHAPTER)
        progress._place.cache_clear()
        check.begin(CHAPTER)
        return tmp_path

    yield begin
    progress._place.cache_clear()


def answer(part: str, got: float) -> None:
    with check.exercise(part):
        check.call(lambda: got, expect=1.0)


def test_a_lesson_is_run_when_all_its_numbers_were_measured_since_its_set_up(kernel, capsys):
    root = kernel("lessons")
    assert progress.read(root).lessons[CHAPTER].measured == ()
    check.claim("one", 1)
    assert progress.read(root).lessons[CHAPTER].measured == ("one",)
    kernel("lessons")  # a new kernel
    check.claim("two", 2)
    done = progress.read(root).lessons[CHAPTER]
    assert (done.measured, done.run) == (("two",), "")
    check.claim("one", 1)
    check.claim("not_in_the_lesson", 1)
    done = progress.read(root).lessons[CHAPTER]
    assert done.measured == ("one", "two") and done.run
    kernel("lessons")
    check.claim("one", 1)
    assert progress.read(root).lessons[CHAPTER].measured == ("one", "two")  # what was once done stays done


def test_an_exercise_has_the_state_that_its_checks_gave_it_last(kernel, capsys):
    root = kernel("assignments")
    with pytest.raises(check.CheckFailed):
        answer("sample", 2.0)
    assert progress.read(root).assignments[CHAPTER].parts == {"sample": "wrong"}
    answer("sample", 1.0)
    answer("sample.again", 1.0)
    assert progress.read(root).assignments[CHAPTER].parts == {"sample": "right", "sample.again": "right"}
    assert progress.read(root).lessons == {}


@pytest.mark.parametrize("room", ["solutions", "submitted"])
def test_only_the_student_s_own_notebooks_count(kernel, room, capsys):
    root = kernel(room)
    answer("sample", 1.0)
    check.claim("one", 1)
    assert not progress.file_of(root).exists()


@pytest.mark.parametrize("variable", [progress.SWITCH, "NBGRADER_EXECUTION"])
def test_nothing_is_noted_where_no_student_is_at_work(kernel, monkeypatch, variable, capsys):
    monkeypatch.setenv(variable, "off")
    root = kernel("assignments")
    answer("sample", 1.0)
    progress.checked_file(root, root / "assignments" / CHAPTER / "x.ipynb", CHAPTER, {"sample": "right"})
    assert not (root / ".course").exists()


def test_nothing_is_noted_outside_of_a_kernel_or_a_checkout(kernel, monkeypatch, tmp_path_factory, capsys):
    root = kernel("assignments")
    progress.file_of(root).unlink()
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    progress._place.cache_clear()
    answer("sample", 1.0)
    monkeypatch.setattr(progress, "in_notebook", lambda: False)
    kernel("assignments")
    answer("sample", 1.0)
    assert not progress.file_of(root).exists()


def test_course_check_notes_the_checkout_s_own_assignment_alone(kernel):
    root = kernel("solutions")
    for room, noted in (("submitted", False), ("assignments", True)):
        progress.checked_file(root, root / room / CHAPTER / f"{CHAPTER}.ipynb", CHAPTER, {"sample": "right"})
        assert (CHAPTER in progress.read(root).assignments) is noted


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", '{"lessons": []}', '{"lessons": {"a": 1}}', '{"assignments": {"a": {"parts": 3}}}', "\udcff"],
)
def test_a_damaged_file_is_put_aside_with_one_line(kernel, damage, capsys):
    root = kernel("assignments")
    path = progress.file_of(root)
    path.write_bytes(damage.encode("utf-8", "surrogateescape"))
    answer("sample", 1.0)
    said = capsys.readouterr()
    assert said.out.count("could not be read") == 1 and said.err == ""
    assert progress.read(root).assignments[CHAPTER].parts == {"sample": "right"}
    path.write_bytes(damage.encode("utf-8", "surrogateescape"))
    assert "progress.damaged.json" in progress.read(root).note
    assert progress.read(root).note == ""


def test_a_folder_that_cannot_be_written_disturbs_nothing(kernel, capsys):
    root = kernel("assignments")
    progress.file_of(root).unlink()
    (root / ".course" / "progress.lock").unlink()
    (root / ".course").rmdir()
    (root / ".course").write_text("a file in the place of the folder")
    answer("sample", 1.0)
    said = capsys.readouterr()
    assert said.out.startswith("✓ sample") and said.err == ""


def _one_kernel(root: Path, number: int) -> None:
    for i in range(20):
        progress._note(
            root, "assignments", CHAPTER, lambda _, entry, i=i: progress._set_parts(entry, {f"{number}.{i}": "right"})
        )


def test_several_kernels_lose_nothing_of_each_other_s(kernel):
    root = kernel("assignments")
    kernels = [multiprocessing.get_context("spawn").Process(target=_one_kernel, args=(root, n)) for n in range(3)]
    for one in kernels:
        one.start()
    for one in kernels:
        one.join()
    assert len(progress.read(root).assignments[CHAPTER].parts) == 60
    assert {path.name for path in (root / ".course").iterdir()} == {"progress.json", "progress.lock"}
    assert json.loads(progress.file_of(root).read_text())["version"] == 1
