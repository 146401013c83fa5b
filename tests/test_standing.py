"""Where a student stands: what counts as done, what comes next, and what the start page and `course list` make of it."""

import json

import pytest
import sample_course
from click.testing import CliRunner

from course import progress
from course.authoring.standing import next_up, standings
from course.authoring.table import ChapterRow
from course.cli import main
from course.progress import Progress, Work

ROWS = [
    ChapterRow(
        name,
        name[3:].title(),
        claims=2,
        exercises=("softmax", "loss", "why"),
        parts=("softmax", "softmax.stable", "loss"),
        has_lesson=True,
        has_assignment=True,
    )
    for name in ("01_one", "02_two")
]
SOLVED = {"softmax": "right", "softmax.stable": "right", "loss": "right"}


def words(found: Progress) -> list[str]:
    return [standing.words for standing in standings(ROWS, found)]


def test_nothing_done_says_nothing():
    assert words(Progress()) == ["", "", "", ""]
    assert next_up(standings(ROWS, Progress())).notebook == "lessons/01_one/01_one.ipynb"


def test_a_lesson_counts_its_numbers_and_an_assignment_its_exercises():
    lessons = {"01_one": Work("1", ("a",)), "02_two": Work("2", ("a", "b"), run="2")}
    assignments = {"01_one": Work("3", parts={**SOLVED, "softmax.stable": "wrong"}), "02_two": Work("4", parts=SOLVED)}
    assert words(Progress(lessons, assignments)) == ["1 of 2", "1 of 2", "run", "solved"]
    assert words(Progress({"01_one": Work("1")}, {"01_one": Work("1", parts={"softmax": "right"})}))[:2] == [
        "begun",
        "begun",
    ]


@pytest.mark.parametrize(
    ("lessons", "assignments", "expected"),
    [
        ({"02_two": Work("1")}, {}, "lessons/02_two"),  # what was begun
        ({"01_one": Work("1"), "02_two": Work("2")}, {}, "lessons/02_two"),  # what was begun last
        ({"01_one": Work("1", run="1")}, {}, "assignments/01_one"),  # what comes after what was done
        ({"02_two": Work("3", run="3")}, {"02_two": Work("4", parts=SOLVED)}, "lessons/01_one"),  # what was left out
    ],
)
def test_one_goes_on_with(lessons, assignments, expected):
    assert next_up(standings(ROWS, Progress(lessons, assignments))).notebook.startswith(expected)


def test_who_has_done_all_goes_nowhere():
    done = {row.chapter: Work("1", run="1", parts=SOLVED) for row in ROWS}
    assert next_up(standings(ROWS, Progress(done, done))) is None


@pytest.fixture
def course(tmp_path, monkeypatch):
    root = sample_course.make_course(tmp_path)
    monkeypatch.chdir(root)
    return root


def listed(*options: str) -> str:
    done = CliRunner().invoke(main, ["list", *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def note(root, document) -> None:
    progress.file_of(root).parent.mkdir(exist_ok=True)
    progress.file_of(root).write_text(json.dumps(document))


def test_course_list_tells_what_was_done(course):
    assert "assignment" not in listed() and "continue" not in listed()
    note(
        course,
        {
            "lessons": {"01_sample": {"measured": ["sum"], "run": "1", "last": "1"}},
            "assignments": {"01_sample": {"parts": {"mean": "right"}, "last": "2"}},
        },
    )
    row = next(line for line in listed().splitlines() if line.startswith("01_sample"))
    assert row.split()[-2:] == ["run", "begun"]
    assert "continue with assignments/01_sample/01_sample.ipynb" in listed()
    (chapter,) = json.loads(listed("--json"))["chapters"]
    assert chapter["lesson"] == {"state": "done", "done": 1, "of": 1, "last": "1"}
    assert chapter["assignment"] == {"state": "begun", "done": 0, "of": 1, "last": "2"}
    progress.file_of(course).write_text("{")
    assert "progress is counted anew" in listed()


def test_the_start_page_holds_every_notebook_and_escapes_what_it_shows(course):
    from course.lab.page import start_page

    sample_course.edit(
        course / "lessons" / "01_sample" / "01_sample.py", 'title = "A sample"', 'title = "A <b>sample</b>"'
    )
    page = start_page(course, "/base/")
    assert 'href="/base/lab/tree/lessons/01_sample/01_sample.ipynb"' in page
    assert 'href="/base/lab/tree/assignments/01_sample/01_sample.ipynb"' in page
    assert "A &lt;b&gt;sample&lt;/b&gt;" in page and "Begin with" in page
    note(course, {"lessons": {"01_sample": {"measured": ["sum"], "run": "1", "last": "1"}}})
    assert "Continue with" in start_page(course) and "1 of 1 lessons run, 0 of 1 exercises right" in start_page(course)
    progress.file_of(course).write_text("{")
    assert "progress is counted anew" in start_page(course)
