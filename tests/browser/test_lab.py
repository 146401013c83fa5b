"""The course in JupyterLab, as a student has it: the start page, a lesson, an assignment, in a light and in a dark theme."""

import json

import pytest
from chromium import keep, tab
from lab_server import copy_course, serve
from notebook_page import NotebookPage, contrasts, corner, until

from course import progress
from course.checks.claims import CLAIM_TYPE

pytestmark = pytest.mark.slow
LESSON = "lessons/03_backpropagation/03_backpropagation.ipynb"
ASSIGNMENT = "assignments/01_neuron/01_neuron.ipynb"
THEMES = ("light", "dark")
READABLE = 4.5  # the contrast that WCAG 2 asks of text, level AA
WRONG = "def predict(x, weights, bias):\n    return (x @ weights + bias > 0).astype(int)"
RIGHT = WRONG.replace("> 0", ">= 0")


@pytest.fixture(scope="module")
def server(browser, tmp_path_factory):
    root = copy_course(tmp_path_factory.mktemp("lab") / "course", ["01_neuron", "02_layers", "03_backpropagation"])
    with serve(root, root.parent / "home", ["-m", "course", "lab"]) as running:
        yield running


def readable(element) -> None:
    found = contrasts(element)
    assert found and min(found.values()) >= READABLE, {text: c for text, c in found.items() if c < READABLE}


@pytest.mark.parametrize("theme", THEMES)
def test_the_start_page_shows_what_there_is_and_opens_it(browser, server, theme):
    with tab(browser, server, "course", theme) as page:
        assert page.locator("li").count() == 3
        assert "Begin with lesson 1, The artificial neuron" in page.locator(".next").inner_text()
        until(lambda: page.evaluate("document.documentElement.classList.contains('dark')") == (theme == "dark"), theme)
        readable(page.locator("main"))
        keep(page, f"start_{theme}", full_page=True)
        if theme == "light":
            with page.expect_popup() as popup:
                page.locator("[id='01_neuron'] >> text=Assignment").click()
            popup.value.wait_for_selector(".jp-Notebook .jp-Cell")
            assert "/lab/tree/assignments/01_neuron/01_neuron.ipynb" in popup.value.url
            server.end_kernels()


def test_a_lesson_runs_from_top_to_bottom(browser, server):
    for theme in THEMES:
        with tab(browser, server, f"lab/tree/{LESSON}", theme) as page:
            notebook = NotebookPage(page, server, LESSON)
            if theme == "light":
                notebook.restart_and_run_all()
                saved = notebook.save()
            figure = page.locator(".jp-OutputArea-output img").first
            figure.scroll_into_view_if_needed()
            assert corner(figure) == [255, 255, 255, 255]  # black labels stay on white paper
            keep(page, f"lesson_{theme}")
            for part in page.locator(".jp-RenderedMarkdown:visible").all()[:8]:
                readable(part)
    errors = [o for cell in saved["cells"] for o in cell.get("outputs", ()) if o["output_type"] == "error"]
    streams = [o for cell in saved["cells"] for o in cell.get("outputs", ()) if o.get("name") == "stderr"]
    assert not errors and not streams
    done = progress.read(server.root).lessons["03_backpropagation"]
    assert done.run
    shown = [
        o["data"][CLAIM_TYPE]["name"]
        for c in saved["cells"]
        for o in c.get("outputs", ())
        if CLAIM_TYPE in o.get("data", {})
    ]
    assert set(shown) == set(done.measured) and len(shown) > 10
    server.end_kernels()


def test_an_assignment_is_answered(browser, server):
    with tab(browser, server, f"lab/tree/{ASSIGNMENT}") as page:
        notebook = NotebookPage(page, server, ASSIGNMENT)
        notebook.restart_and_run_all()  # as far as the first exercise, which is not answered
        notebook.output('check.exercise("predict")', "Not answered yet.")
        keep(page, "unanswered")

        notebook.write("def predict(", WRONG)
        notebook.run('check.exercise("predict")')
        card = notebook.output('check.exercise("predict")', "A tie does not fire in your answer.")
        hints = card.locator("summary")
        assert hints.count() == 3 and card.locator("details[open]").count() == 0
        for rung in range(3):
            hints.nth(rung).click()
        assert card.locator("details[open]").count() == 3 and "astype(int)" in card.inner_text()
        readable(card)
        keep(page, "wrong_light")
        saved = notebook.save()
        output = next(o for o in outputs_of(saved, "test_predict") if "text/html" in o.get("data", {}))
        assert "A tie does not fire in your answer." in "".join(output["data"]["text/plain"])
        assert 'check.hint("predict") gives a hint.' in "".join(output["data"]["text/plain"])
        assert progress.read(server.root).assignments["01_neuron"].parts["predict"] == "wrong"

    with tab(browser, server, f"lab/tree/{ASSIGNMENT}", "dark") as page:
        notebook = NotebookPage(page, server, ASSIGNMENT)
        card = notebook.output('check.exercise("predict")', "A tie does not fire in your answer.")
        card.locator("summary").first.click()
        readable(card)
        keep(page, "wrong_dark")
        notebook.write("def predict(", RIGHT)
        notebook.run('check.exercise("predict")')
        card = notebook.output('check.exercise("predict")', "Right: all")
        assert notebook.cell('check.exercise("predict")').locator(".jp-OutputArea-output").count() == 1
        readable(card)
        keep(page, "right_dark")
        notebook.save()
    server.end_kernels()
    assert progress.read(server.root).assignments["01_neuron"].parts["predict"] == "right"


def outputs_of(notebook: dict, grade_id: str) -> list[dict]:
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)[
        "outputs"
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_the_start_page_tells_what_was_done(browser, server, theme):
    with tab(browser, server, "course", theme) as page:
        assert "1 of 3 lessons run, 1 of" in page.locator("main").inner_text()
        assert page.locator("[id='03_backpropagation'] .lesson .done").inner_text().endswith("run")
        assert "1 of 6" in page.locator("[id='01_neuron'] .assignment").inner_text()
        assert "Continue with assignment 1" in page.locator(".next").inner_text()
        readable(page.locator("main"))
        keep(page, f"progress_{theme}", full_page=True)
        kept = progress.file_of(server.root).read_text()
        changed = json.loads(kept)
        changed["assignments"]["01_neuron"]["parts"]["perceptron_step"] = "right"
        progress.file_of(server.root).write_text(json.dumps(changed))
        page.evaluate("dispatchEvent(new Event('focus'))")  # who comes back sees it
        until(lambda: "2 of 6" in page.locator("[id='01_neuron'] .assignment").inner_text(), "the page to be renewed")
        progress.file_of(server.root).write_text(kept)
