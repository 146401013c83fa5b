"""A student's figures come to the page as pictures and as nothing else, and bring nothing along that is not theirs to see."""

import base64
import io
import json
import time

import numpy as np
import pytest
from graded_course import CHAPTER, RIGHT, hand_in, make_course
from matplotlib import pyplot as plt
from matplotlib.artist import Artist
from PIL import Image

from course.grading.autograded import notebook_as_run, result_of
from course.grading.collect import collect
from course.grading.figures import DRAWING_SECONDS, MAX_BYTES, MAX_FIGURES, MAX_PIXELS, as_png, take_figures
from course.grading.released import load_assignment
from course.grading.units import grade_unit, open_engine, read_unit
from course.grading.watch import Limits


def opened(png: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(png, validate=True)))


def test_open_figures_are_drawn_and_closed():
    plt.figure(figsize=(4, 3))
    plt.plot([1, 2], [2, 1])
    plt.figure()
    (first,), drew = take_figures(1)
    assert drew == 2
    assert plt.get_fignums() == []
    assert first.dtype == np.uint8 and first.shape[2] == 3
    assert take_figures(1) == ([], 0)


@plt.rc_context({"figure.constrained_layout.use": False})  # the course's own style makes room by itself
def test_a_legend_outside_of_the_axes_is_on_the_picture():
    plt.figure(figsize=(4, 3), dpi=100)
    plt.plot([1, 2])
    (alone,), _ = take_figures(1)
    plt.figure(figsize=(4, 3), dpi=100)
    plt.plot([1, 2], label="far away")
    plt.legend(loc="upper left", bbox_to_anchor=(1.1, 1))
    (wide,), _ = take_figures(1)
    assert wide.shape[1] > alone.shape[1] + 50


def test_what_cannot_be_drawn_is_left_out_and_costs_nothing_else():
    plt.figure(figsize=(1000, 1000))
    plt.figure(figsize=(0, 0))
    plt.figure()
    plt.text(1e9, 1e9, "far away")
    plt.figure(figsize=(40, 30))
    drawn, drew = take_figures(9)
    assert (len(drawn), drew) == (1, 4)
    assert drawn[0].shape[0] * drawn[0].shape[1] <= 1.1 * MAX_PIXELS


def test_a_figure_that_draws_for_ever_is_given_up():
    class Endless(Artist):
        def draw(self, renderer):
            while True:
                pass

    plt.figure().add_artist(Endless())
    began = time.process_time()
    assert take_figures(1) == ([], 1)
    assert time.process_time() - began < DRAWING_SECONDS + 2


def test_pixels_become_a_small_file_whatever_they_show():
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (800, 800, 3)).astype(np.uint8)
    png = as_png(noise)
    assert len(base64.b64decode(png)) <= MAX_BYTES
    picture = opened(png)
    assert picture.format == "PNG"
    picture.load()


@pytest.mark.parametrize(
    "sent",
    [
        "iVBORw0KGgo=",
        b"<svg onload='alert(1)'/>",
        None,
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), float),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((1, 5000, 3), np.uint8),
        np.zeros((1500, 1500, 3), np.uint8),
    ],
    ids=lambda sent: type(sent).__name__ + str(getattr(sent, "shape", "")),
)
def test_what_is_no_picture_is_refused(sent):
    with pytest.raises(ValueError):
        as_png(sent)


PLOT = "\nimport matplotlib.pyplot as plt\nplt.figure(figsize=(4, 3)); plt.plot([1, 2]); plt.show()"
# Keeps what it is called with, and draws it; beside the visible check's own zeros there is nothing that it may show.
KEEPS = "kept = []\n" + RIGHT["softmax"].replace("    e =", "    kept.append(np.array(logits))\n    e =", 1)
SHOWS = "import matplotlib.pyplot as plt\nfor array in kept:\n    if np.any(array):\n        plt.figure()\n        plt.plot(array.ravel())"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    root = make_course(tmp_path_factory.mktemp("figures"))
    hand_in(root, "ada", {**RIGHT, "softmax": RIGHT["softmax"] + PLOT, "build": RIGHT["build"] + PLOT})
    many = "\n".join(["import matplotlib.pyplot as plt"] + ["plt.figure(figsize=(1, 1))"] * 20)
    hand_in(root, "many", {**RIGHT, "build": RIGHT["build"] + "\n" + many})
    path = hand_in(root, "spy", {**RIGHT, "softmax": KEEPS})
    made = json.loads(path.read_text())
    own = {"cell_type": "code", "id": "spy", "metadata": {}, "source": SHOWS, "outputs": [], "execution_count": None}
    made["cells"].append(own)
    path.write_text(json.dumps(made))
    assignment = load_assignment(root, CHAPTER)
    engine = open_engine(root, assignment, Limits())
    try:
        found = collect(root / "submitted", CHAPTER)
        graded = {s.student: grade_unit(engine, read_unit(s, assignment, Limits())) for s in found}
    finally:
        engine.close()
    return assignment.notebooks[0], graded


def drawn(result) -> dict[str, int]:
    return {cell.id or cell.kind: len(cell.figures) for cell in result.cells if cell.figures}


@pytest.mark.slow
def test_figures_of_graded_cells_are_kept_and_cost_no_point(results):
    _, graded = results
    assert drawn(graded["ada"]) == {"softmax": 1, "build": 1}
    assert drawn(graded["many"]) == {"build": MAX_FIGURES}
    assert len({result.points for result in graded.values()}) == 1
    assert opened(next(cell.figures[0] for cell in graded["ada"].cells if cell.figures)).size[0] > 200


@pytest.mark.slow
def test_no_figure_shows_what_a_hidden_test_asked(results):
    _, graded = results
    assert not drawn(graded["spy"])


@pytest.mark.slow
def test_the_autograded_notebook_holds_the_figures_and_all_that_a_page_says(results):
    notebook, graded = results
    made = notebook_as_run(notebook, graded["ada"])
    data = [o["data"] for c in made["cells"] for o in c.get("outputs", ()) if o["output_type"] == "display_data"]
    assert [sorted(d) for d in data] == [["image/png", "text/plain"]] * 2
    read = result_of(json.loads(json.dumps(made)), notebook)
    assert read.exercises == graded["ada"].exercises
    for cell, again in zip(graded["ada"].cells, read.cells, strict=True):
        assert (again.id, again.kind, again.figures) == (cell.id, cell.kind, cell.figures)
        assert cell.kind == "tests" or (again.source, again.stdout, again.error) == (cell.source, cell.stdout, cell.error)
    del made["metadata"]["course_result"]
    assert result_of(made, notebook) is None
