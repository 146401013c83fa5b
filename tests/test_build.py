"""Building: the notebooks that come out, that they come out the same each time, and what a check finds."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from sample_course import CHAPTER, PLAIN_SETUP, edit, make_course

from course.authoring import lesson as lesson_room
from course.authoring import pages
from course.authoring.build import build
from course.authoring.notebook import read_notebook, write_atomic
from course.authoring.places import notebook_path, source_path
from course.authoring.readme import BEGIN, END
from course.authoring.source import read_source
from course.authoring.table import chapter_table


@pytest.fixture
def root(tmp_path):
    return make_course(tmp_path)


@pytest.fixture
def plain_setup(monkeypatch):
    monkeypatch.setattr(pages, "SETUP_TEMPLATE", PLAIN_SETUP)
    monkeypatch.setattr(lesson_room, "SETUP_TEMPLATE", PLAIN_SETUP)


def built(root: Path, room: str):
    return read_notebook(notebook_path(root, room, CHAPTER))


def sources(notebook) -> str:
    return "\n".join(cell.source for cell in notebook.cells)


def build_assignment(root: Path, **options):
    report = build(root, lessons=False, **options)
    assert report.problems == ()
    return report


def test_a_build_makes_the_solution_the_assignment_and_the_package_notes(root):
    report = build_assignment(root)
    assert report.written == (
        "solutions/01_sample/01_sample.ipynb",
        "assignments/01_sample/01_sample.ipynb",
        "course/chapters/01_sample.json",
    )
    nbformat.validate(built(root, "solutions"))
    nbformat.validate(built(root, "assignments"))
    notes = json.loads((root / "course" / "chapters" / "01_sample.json").read_text())
    assert set(notes) == {"title", "hints", "mistakes", "reads"}


def test_the_student_gets_no_answer_no_hidden_test_no_hint_and_no_mistake(root):
    build_assignment(root)
    text = notebook_path(root, "assignments", CHAPTER).read_text()
    for secret in ("the_secret_answer", "the_secret_test", "secret reason", "HIDDEN", "BEGIN", "Idea:", "not_divided"):
        assert secret not in text


def test_the_solution_notebook_keeps_the_answers_and_the_hidden_tests(root):
    build_assignment(root)
    text = sources(built(root, "solutions"))
    assert "the_secret_answer" in text and "the_secret_test" in text and "The secret reason" in text


def test_the_student_finds_a_stub_in_the_place_of_each_answer(root):
    build_assignment(root)
    cells = {cell.id: cell for cell in built(root, "assignments").cells}
    assert cells["mean"].source.endswith('    """\n    raise NotImplementedError("not answered yet")')
    assert cells["why"].source == "Write your answer here."


def test_set_up_stands_once_and_names_the_chapter(root):
    build_assignment(root)
    cell = next(cell for cell in built(root, "assignments").cells if cell.id == "setup")
    assert cell.source.endswith('setup("01_sample")')
    assert "https://github.com/someone/somewhere/archive/refs/heads/main.zip" in cell.source


def test_the_title_cell_has_the_badge_of_the_assignment(root):
    build_assignment(root)
    title = built(root, "assignments").cells[0].source
    assert title.startswith("# 1. A sample: assignment\n")
    path = "someone/somewhere/blob/main/assignments/01_sample/01_sample.ipynb"
    assert f"https://colab.research.google.com/github/{path}" in title


def test_the_title_cell_of_a_lesson_tells_what_it_needs_and_folds_what_it_claims(root):
    source = read_source(source_path(root, "lessons", CHAPTER))
    title = lesson_room.lesson_notebook(root, source, pages.read_address(root)).cells[0].source
    assert "| Counting. | 2 min to read, 1 min to run | `numbers` |" in title
    folded = title[title.index("<details>") : title.index("</details>")]
    assert "| two and two | 4 ± 0.5 |" in folded


@pytest.mark.parametrize(("accelerator", "machine"), [("GPU", "T4"), ("TPU", "V5E1")])
def test_a_chapter_that_gains_from_an_accelerator_opens_on_one_in_colab(root, accelerator, machine):
    plain = lesson_room.lesson_notebook(
        root, read_source(source_path(root, "lessons", CHAPTER)), pages.read_address(root)
    )
    assert not {"accelerator", "colab"} & set(plain.metadata)
    for room in ("lessons", "solutions"):
        edit(source_path(root, room, CHAPTER), "# minutes", f'# accelerator = "{accelerator}"\n# minutes')
    build_assignment(root)
    source = read_source(source_path(root, "lessons", CHAPTER))
    lesson = lesson_room.lesson_notebook(root, source, pages.read_address(root))
    for notebook in (lesson, built(root, "solutions"), built(root, "assignments")):
        assert notebook.metadata["accelerator"] == accelerator
        assert notebook.metadata["colab"] == {"gpuType": machine, "provenance": []}
        nbformat.validate(notebook)


def test_the_same_source_gives_the_same_bytes_in_any_folder(root, tmp_path_factory):
    other = make_course(tmp_path_factory.mktemp("elsewhere"))
    build_assignment(root)
    build_assignment(other)
    for room in ("solutions", "assignments"):
        assert notebook_path(root, room, CHAPTER).read_bytes() == notebook_path(other, room, CHAPTER).read_bytes()


def test_a_second_build_writes_nothing(root):
    build_assignment(root)
    report = build_assignment(root)
    assert report.written == () and len(report.unchanged) == 3


def test_a_cell_added_elsewhere_leaves_the_ids_of_the_others(root):
    build_assignment(root)
    before = {cell.id for cell in built(root, "solutions").cells}
    edit(
        source_path(root, "solutions", CHAPTER),
        "# %% [markdown]\n# ## 2.",
        "# %% [markdown]\n# New.\n\n# %% [markdown]\n# ## 2.",
    )
    build_assignment(root)
    assert before < {cell.id for cell in built(root, "solutions").cells}


def test_a_check_names_what_is_missing_then_what_is_stale_and_writes_nothing(root):
    assert len(build_assignment(root, check=True).stale) == 3
    assert not notebook_path(root, "assignments", CHAPTER).exists()
    build_assignment(root)
    assert build_assignment(root, check=True).ok
    edit(source_path(root, "solutions", CHAPTER), "are there?", "do you see?")
    assert build_assignment(root, check=True).stale == (
        "course/chapters/01_sample.json is not what its source makes: run `course build`",
    )


def test_one_chapter_that_is_wrong_does_not_stop_the_others(root):
    broken = root / "solutions" / "02_broken" / "02_broken.py"
    broken.parent.mkdir()
    broken.write_text("# %%\nx = 1\n")
    report = build(root, lessons=False)
    assert "solutions/01_sample/01_sample.ipynb" in report.written
    assert [problem.partition(":")[0] for problem in report.problems] == ["solutions/02_broken/02_broken.py"]


def test_a_test_of_hidden_checks_only_is_refused(root):
    path = source_path(root, "solutions", CHAPTER)
    edit(path, "    check.call(mean, np.arange(3.0), expect=1.0)\n", "")
    report = build(root, lessons=False)
    assert report.problems[0].startswith("solutions/01_sample/01_sample.py:42: what the student sees of this cell")


@pytest.mark.slow
def test_an_exercise_that_names_no_section_of_the_lesson_is_refused(root):
    path = source_path(root, "solutions", CHAPTER)
    edit(path, 'hints="mean" reads="A question first"', 'hints="mean" reads="A question"')
    report = build(root, [CHAPTER], lessons=False)
    assert "the lesson has no heading 'A question'; the nearest is 'A question first'" in report.problems[0]
    edit(path, 'hints="mean" reads="A question"', 'hints="mean"')
    report = build(root, [CHAPTER], lessons=False)
    assert "it is not said what to read again for 'mean'" in report.problems[0]


def test_what_the_build_releases_is_what_nbgrader_releases(root):
    build_assignment(root)
    ours = built(root, "assignments")
    shutil.rmtree(root / "assignments")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", CHAPTER]
    ran = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    theirs = built(root, "assignments")
    assert [(cell.id, cell.cell_type, cell.source) for cell in ours.cells] == [
        (cell.id, cell.cell_type, cell.source) for cell in theirs.cells
    ]
    assert [cell.metadata for cell in ours.cells] == [cell.metadata for cell in theirs.cells]
    assert ours.metadata == theirs.metadata
    released = [path.name for path in (root / "assignments" / CHAPTER).iterdir()]
    assert released == ["01_sample.ipynb"], "the source with the answers must not be released"


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "file.txt"
    write_atomic(path, "old")

    def refuse(*paths):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        write_atomic(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_chapter_table_tells_title_minutes_points_and_exercises(root):
    (row,) = chapter_table(root)
    assert (row.chapter, row.title, row.points) == ("01_sample", "A sample", 5)
    assert row.exercises == ("mean", "why")
    assert row.minutes == {"read": 2, "run": 1, "work": 20}


def test_the_readme_gets_its_table_of_chapters_and_keeps_what_they_answer(root):
    readme = root / "README.md"
    readme.write_text(f"# Course\n\n{BEGIN}\n{END}\n\nThe rest.\n")
    assert "README.md is not what its source makes: run `course build`" in build_assignment(root, check=True).stale
    assert "README.md" in build_assignment(root).written
    text = readme.read_text()
    colab = "https://colab.research.google.com/github/someone/somewhere/blob/main"
    for room, words in (("lessons", "A sample"), ("assignments", "2 exercises")):
        link = f"{room}/01_sample/01_sample.ipynb"
        assert f"[{words}]({link})<br>[![Open in Colab][badge]]({colab}/{link})" in text
    assert text.startswith("# Course\n") and text.endswith("\n\nThe rest.\n")
    shows = read_source(source_path(root, "lessons", CHAPTER)).front.shows
    assert f" | {shows} |" in text, "a chapter that is new answers what its lesson shows"

    edit(readme, f" | {shows} |", " | Are two and two four? |")
    assert build_assignment(root, check=True).ok
    edit(source_path(root, "lessons", CHAPTER), 'title = "A sample', 'title = "Another sample')
    assert "README.md" in build_assignment(root).written
    assert "[Another sample]" in readme.read_text() and "| Are two and two four? |" in readme.read_text()


@pytest.mark.slow
def test_a_lesson_is_executed_once_and_again_only_when_something_that_it_uses_changed(root, plain_setup):
    told = []
    options = {"assignments": False, "on_progress": lambda chapter, message: told.append(message)}
    assert build(root, **options).written == ("lessons/01_sample/01_sample.ipynb",)
    lesson = built(root, "lessons")
    printed = [
        output.text for cell in lesson.cells if cell.cell_type == "code" for output in cell.outputs if "text" in output
    ]
    assert printed == ["01_sample is set up\n", "4\n"]
    assert all(not cell.metadata for cell in lesson.cells)
    assert told == ["executing the lesson", "lesson built"]

    assert build(root, **options).unchanged == ("lessons/01_sample/01_sample.ipynb",)
    assert build(root, check=True, assignments=False).ok
    assert told[2:] == ["lesson unchanged"]

    edit(root / "datasets" / "numbers" / "card.toml", "counted", "measured")
    assert build(root, check=True, assignments=False).stale == (
        "lessons/01_sample/01_sample.ipynb was executed with other sources: run `course build`",
    )
    build(root, **options)
    assert told[3:] == ["executing the lesson", "lesson built"]


@pytest.mark.parametrize("text", ["", "<<<<<<< HEAD", "[]", "{}", '{"nbformat": 4, "nbformat_minor": 5}'])
def test_a_built_notebook_that_is_broken_counts_as_missing(tmp_path, text):
    path = tmp_path / "lesson.ipynb"
    path.write_text(text)
    assert read_notebook(path) is None


def test_a_chapter_that_is_not_there_is_told(root):
    (problem,) = build(root, ["09_nowhere"]).problems
    assert problem == "there is no chapter '09_nowhere': choose one of 01_sample"


@pytest.mark.slow
def test_another_address_changes_the_badge_and_keeps_the_outputs(root, plain_setup):
    build(root, assignments=False)
    before = built(root, "lessons")
    edit(root / "pyproject.toml", "someone/somewhere", "other/place")
    told = []
    build(root, assignments=False, on_progress=lambda chapter, message: told.append(message))
    after = built(root, "lessons")
    assert told == ["lesson built"]
    assert "github/other/place" in after.cells[0].source
    assert [cell.get("outputs") for cell in after.cells] == [cell.get("outputs") for cell in before.cells]


@pytest.mark.slow
def test_a_lesson_that_stops_is_told_in_one_line_with_the_traceback_in_a_log(root, plain_setup):
    edit(source_path(root, "lessons", CHAPTER), "total = 2 + 2", "total = 2 + two")
    report = build(root, assignments=False)
    (problem,) = report.problems
    assert problem.startswith("lessons/01_sample/01_sample.py:")
    assert "NameError: name 'two' is not defined" in problem and "\n" not in problem
    log = root / problem.rpartition(" in ")[2]
    assert "Traceback" in log.read_text()
    assert not notebook_path(root, "lessons", CHAPTER).exists()
