"""The page that a student gets says everything that helps, and nothing that it must not."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import tiny_assignment as tiny

from course.authoring.pages import read_address
from course.grading.by_hand import HandGrade
from course.grading.feedback import write_feedback
from course.grading.released import load_assignment
from course.grading.result import ExerciseScore, Result, RunCell
from course.grading.sanitise import sanitise
from course.grading.sections import Section, headings, sections_to_read

ROOT = Path(__file__).parent.parent
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
        self.tags, self.attributes, self.values, self.open, self.words = [], [], [], [], []
        self.feed(markup)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.values += [(tag, name, value) for name, value in attrs]
        if tag not in ("meta", "br", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):  # of SVG
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))

    def all(self, tag, name):
        return [value for there, attribute, value in self.values if (there, attribute) == (tag, name)]


def page(root, assignment, result, by_hand=None, sections=None):
    (path,) = write_feedback(root, assignment, result, by_hand and {tiny.NAME: by_hand}, sections=sections)
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
    assert not {"script", "img", "image", "iframe", "link", "object", "embed", "form", "foreignobject"} & set(
        shown.tags
    )
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


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="


def test_figures_stand_with_their_cell_and_can_be_pictures_only(tmp_path, assignment, result):
    figures = (PIXEL, f'{PIXEL}" onerror="alert(1)')
    cells = tuple(replace(cell, figures=figures) if cell.id == "mean" else cell for cell in result.cells)
    shown = page(tmp_path, assignment, replace(result, cells=cells))
    assert [source.startswith("data:image/png;base64,") for source in shown.all("img", "src")] == [True, True]
    assert shown.all("img", "alt") == ["Figure 1 of 2 that this cell drew", "Figure 2 of 2 that this cell drew"]
    assert "onerror" not in shown.attributes


def test_the_page_runs_nothing_and_applies_its_own_style_alone(tmp_path, assignment, result):
    markup = write_feedback(tmp_path, assignment, result)[0].read_text()
    shown = _Page(markup)
    (policy,) = [value for value in shown.all("meta", "content") if value.startswith("default-src 'none'")]
    (style,) = re.findall("<style>(.*?)</style>", markup, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "script-src" not in policy and "unsafe" not in policy
    assert "style" not in shown.attributes  # none of which the policy would allow
    assert {"#" + name for name in shown.all("symbol", "id")} >= set(shown.all("use", "href")) > set()


def test_a_screen_reader_finds_its_way(tmp_path, assignment, result):
    shown = page(tmp_path, assignment, result)
    assert shown.all("html", "lang") == ["en"]
    assert (shown.tags.count("h1"), shown.tags.count("main"), "h3" in shown.tags) == (1, 1, False)
    assert shown.all("th", "scope") == ["col", "col", "col", "row", "row", "row"]
    (chart,) = [label for label in shown.all("svg", "aria-label") if label]
    assert chart.startswith("2 of 10 points")
    anchors = set(shown.all("section", "id"))
    assert {link.removeprefix("#") for link in shown.all("a", "href")} == anchors


SECTIONS = {
    name: Section("1. The neuron", f"About {name}", f"https://colab.example/{name}", f"https://github.example/{name}")
    for name in ("sigmoid", "mean", "why")
}


def test_what_is_not_right_says_what_to_read_again(tmp_path, assignment, result):
    shown = page(tmp_path, assignment, result, sections=SECTIONS)
    assert "Read again Lesson 1. The neuron, the section “About sigmoid”: open it in Colab" in shown.text
    assert [link for link in shown.all("a", "href") if link.startswith("https://colab")] == [
        "https://colab.example/sigmoid",
        "https://colab.example/mean",
    ]  # and not for what still waits for a person
    right = tuple(replace(score, points=score.max_points, state="right") for score in result.exercises)
    assert "Read again" not in page(tmp_path, assignment, replace(result, exercises=right), sections=SECTIONS).text
    given = page(tmp_path, assignment, result, {"why": HandGrade(1.0)}, SECTIONS)
    assert "About why" in given.text
    assert "About why" not in page(tmp_path, assignment, result, {"why": HandGrade(3.0)}, SECTIONS).text


def test_a_section_without_an_address_is_named_in_words(tmp_path, assignment, result):
    shown = page(tmp_path, assignment, result, sections={"mean": Section("1. The neuron", "Means")})
    assert "Lesson 1. The neuron, the section “Means”." in shown.text


def test_a_page_is_written_when_it_says_something_new_and_not_before(tmp_path, assignment, result):
    path = tmp_path / "feedback" / "ada" / tiny.NAME / f"{tiny.NAME}.html"

    def written(*told, **more):
        before = path.stat().st_ino if path.exists() else None
        write_feedback(tmp_path, assignment, *told, **more)
        return path.stat().st_ino != before

    assert written(result)
    assert not written(replace(result, cached=True, total_seconds=7.0))
    assert written(result, {tiny.NAME: {"why": HandGrade(1.0, None, "Good.")}})
    assert not written(result, {tiny.NAME: {"why": HandGrade(1.0, None, "Good.")}})
    assert written(result)  # the comment was taken back
    assert written(result, sections=SECTIONS)
    assert written(replace(result, seconds_late=60.0), sections=SECTIONS)
    path.write_text("<html>nbgrader's own page</html>")
    assert written(replace(result, seconds_late=60.0), sections=SECTIONS)


@pytest.mark.parametrize("chapter", [path.stem for path in sorted((ROOT / "course" / "chapters").glob("*.json"))])
def test_every_exercise_of_the_course_has_a_section_that_its_lesson_has(chapter):
    lesson = json.loads((ROOT / "lessons" / chapter / f"{chapter}.ipynb").read_text())
    cells = {cell["id"]: "".join(cell["source"]) for cell in lesson["cells"]}
    found = sections_to_read(ROOT, chapter)
    graded = load_assignment(ROOT, chapter).notebooks[0].cells
    assert set(found) == {cell.exercise for cell in graded if cell.kind in ("solution", "answer")}
    for section in found.values():
        address, _, cell = section.colab.partition("#scrollTo=")
        assert address.endswith(f"/lessons/{chapter}/{chapter}.ipynb")
        assert re.search(rf"^#+ {re.escape(section.heading)}$", cells[cell], re.MULTILINE)
        assert section.github.startswith(read_address(ROOT).repository)


def test_headings_in_code_are_none():
    assert headings("# One\n\n```python\n# not one\n```\n## Two ##\ntext # three") == ["One", "Two"]
