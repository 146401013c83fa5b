"""The page that a student gets says everything that helps, and nothing that it must not."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import tiny_assignment as tiny

from course.grading.by_hand import HandGrade
from course.grading.feedback import write_feedback
from course.grading.released import load_assignment
from course.grading.result import ExerciseScore, Result, RunCell
from course.grading.sanitise import sanitise

EVIL = "</pre><script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return load_assignment(tiny.write_course(tmp_path_factory.mktemp("course")), tiny.NAME)


@pytest.fixture
def result(assignment):
    intake = sanitise(tiny.as_bytes(tiny.submitted_notebook()), assignment.notebooks[0])
    cells = tuple(RunCell(cell.id, cell.kind, cell.source, cell_type=cell.cell_type) for cell in intake.cells)
    scores = (
        ExerciseScore("sigmoid", "sigmoid", 2, 2, "right", "", "All checks passed."),
        ExerciseScore("sigmoid", "sigmoid.stable", 0, 1, "wrong", "unstable", "`sigmoid` overflows for -800."),
        ExerciseScore("mean", "mean", 0, 4, "unanswered", "unanswered", "Not answered yet."),
        ExerciseScore("why", "why", 0, 3, "manual", "", "Graded by hand."),
    )
    handed_in = "2026-11-02T21:14:03+00:00"
    return Result("ada", tiny.NAME, "graded", 2, 10, scores, timestamp=handed_in, cells=cells)


class _Page(HTMLParser):
    """The tags, the attributes and the visible text of a page; complains when tags do not close."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.attributes, self.open, self.words = [], [], [], []
        self.feed(markup)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))


def page(root, assignment, result, by_hand=None):
    (path,) = write_feedback(root, assignment, result, by_hand and {tiny.NAME: by_hand})
    return _Page(path.read_text())


def test_the_score_and_each_verdict_stand_in_words(tmp_path, assignment, result):
    text = page(tmp_path, assignment, result).text
    assert "A tiny assignment ada, handed in 2 November 2026, 21:14 UTC" in text
    assert "2 of 10 points, 3 points of them still to be graded by hand" in text
    assert "1. A stable sigmoid Partly right 2 / 3" in text
    assert "2. A mean Not answered 0 / 4" in text
    assert "3. In words Waits to be graded by hand" in text
    assert "Not right yet: stable (0 / 1 point) sigmoid overflows for -800." in text
    assert tiny.ANSWERS["why"] in text


def test_what_was_asked_and_what_came_back_are_set_off(tmp_path, assignment, result):
    message = "Asked: mean([1.0, 2.0]).\nCame back: 1 < 2.\nExpected: 1.5."
    scores = tuple(replace(score, message=message, state="wrong") for score in result.exercises)
    shown = page(tmp_path, assignment, replace(result, exercises=scores))
    assert "Asked: mean([1.0, 2.0])." in shown.text
    assert "Came back: 1 < 2." in shown.text
    assert "span" not in shown.text


def test_scores_and_comments_given_by_hand_are_shown_and_counted(tmp_path, assignment, result):
    by_hand = {
        "why": HandGrade(2.5, None, "Nearly."),
        "test_mean": HandGrade(1.0),
        "sigmoid": HandGrade(None, None, "Neat."),
    }
    text = page(tmp_path, assignment, result, by_hand).text
    assert "5.5 of 10 points " in text
    assert "3. In words Graded by hand 2.5 / 3" in text
    assert "Comment of your instructor Nearly." in text
    assert "Comment of your instructor Neat." in text


def test_hidden_tests_are_never_shown(tmp_path, assignment, result):
    cells = [replace(c, stdout="called with 4.0", error="secret") if c.kind == "tests" else c for c in result.cells]
    (path,) = write_feedback(tmp_path, assignment, replace(result, cells=tuple(cells)))
    markup = path.read_text()
    for told in ("HIDDEN", "one number", "two numbers", "check.call", "called with 4.0", "secret"):
        assert told not in markup


def test_what_a_student_wrote_is_text_and_never_markup(tmp_path, assignment, result):
    cells = [replace(cell, source=EVIL, stdout=EVIL, error=EVIL) for cell in result.cells]
    cells.append(RunCell("", "own", EVIL, EVIL, EVIL))
    scores = tuple(replace(score, message=f"`{EVIL}`" + EVIL) for score in result.exercises)
    evil = replace(result, student="ada", cells=tuple(cells), exercises=scores, incidents=(EVIL,))
    shown = page(tmp_path, assignment, evil, {"why": HandGrade(1, None, EVIL)})
    assert not {"script", "img", "iframe", "link", "object", "form", "a:x"} & set(shown.tags)
    assert not [name for name in shown.attributes if name.startswith("on")]
    assert "alert('x')" in shown.text
    folder = tmp_path / "feedback" / "ada" / tiny.NAME
    assert "default-src 'none'" in (folder / f"{tiny.NAME}.html").read_text()


def test_nothing_is_loaded_from_elsewhere(tmp_path, assignment, result):
    markup = write_feedback(tmp_path, assignment, result)[0].read_text()
    assert "http" not in markup.replace("http-equiv", "")
    assert not re.search(r"url\((?!#)", markup)


def test_output_is_shown_as_a_terminal_would_leave_it(tmp_path, assignment, result):
    output = "\x1b[31mred\x1b[0m\n10%\r50%\r100%\r\n\x00\x08bell\x07\ud800" + "x" * 50_000
    cells = tuple(replace(cell, stdout=output) if cell.id == "mean" else cell for cell in result.cells)
    text = page(tmp_path, assignment, replace(result, cells=cells)).text
    assert "red 100% bell" in text
    assert "50%" not in text
    assert "more characters" in text
    assert len(text) < 20_000


def test_incidents_are_told(tmp_path, assignment, result):
    odd = replace(result, status="incident", incidents=("The cell `mean` was missing; it counts as unanswered.",))
    assert "Notes on your notebook The cell mean was missing" in page(tmp_path, assignment, odd).text


def test_an_ungradable_submission_is_told_that_it_is_not_a_0(tmp_path, assignment):
    ungradable = Result("ada", tiny.NAME, "ungradable", 0, 10, incidents=("Ungradable, because the file is empty.",))
    text = page(tmp_path, assignment, ungradable).text
    assert "could not be graded Ungradable, because the file is empty. This is not a score of 0" in text
    assert "of 10 points" not in text


def test_own_cells_stand_with_the_exercise_that_they_followed(tmp_path, assignment, result):
    cells = list(result.cells)
    position = [cell.id for cell in cells].index("test_mean")
    cells.insert(position, RunCell("", "own", "print('mine')", "mine\n"))
    cells.insert(0, RunCell("", "own", "first = 1"))
    text = page(tmp_path, assignment, replace(result, cells=tuple(cells))).text
    assert "Your cells before the first exercise Your own cell first = 1" in text
    assert "Your own cell print('mine') Printed mine 3. In words" in text


def test_a_page_is_replaced_as_a_whole(tmp_path, assignment, result):
    first = write_feedback(tmp_path, assignment, result)[0].read_text()
    (again,) = write_feedback(tmp_path, assignment, result)
    assert again.read_text() == first
    assert [path.name for path in again.parent.iterdir()] == [f"{tiny.NAME}.html"]
