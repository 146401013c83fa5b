"""What the figures promise: labels, values where they belong, and the same picture every time."""

import io

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from course import plots


@pytest.fixture(autouse=True)
def closed_figures():
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.fixture
def clouds():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 20)
    return rng.normal(size=(60, 2)) + 4 * np.array([[0, 0], [1, 0], [0, 1]])[labels], labels


def picture(ax) -> bytes:
    buffer = io.BytesIO()
    ax.figure.savefig(buffer, format="png")
    return buffer.getvalue()


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_images_draws_each_picture_on_one_scale_with_its_title():
    x = np.stack([np.full((4, 4), value) for value in (0, 100, 255)])
    panels = plots.images(x, ["a", "b", "c"])
    assert [ax.get_title(loc="center") for ax in panels] == ["a", "b", "c"]
    assert {ax.images[0].get_clim() for ax in panels} == {(0, 255)}


@pytest.mark.parametrize("shape", [(4, 5), (1, 4, 5), (1, 4, 5, 1), (2, 3, 3), (2, 4, 5, 3), (2, 4, 5, 4)])
def test_images_takes_gray_and_color_one_or_many(shape):
    panels = plots.images(np.random.default_rng(0).random(shape))
    assert len(panels) == (2 if shape[0] == 2 else 1)


def test_images_fills_rows_of_the_asked_width():
    panels = plots.images(np.zeros((7, 3, 3)), columns=3)
    assert len(panels) == 7
    assert panels[0].get_gridspec().ncols == 3 and panels[0].get_gridspec().nrows == 3


@pytest.mark.parametrize("x", [np.zeros(5), np.zeros((0, 3, 3)), np.zeros((2, 3, 3, 2)), np.zeros((2, 3, 3, 2, 2))])
def test_images_refuses_what_is_no_picture_and_says_its_shape(x):
    with pytest.raises(ValueError, match="shape"):
        plots.images(x)


def test_images_refuses_another_number_of_titles():
    with pytest.raises(ValueError, match="2 pictures and 3 titles"):
        plots.images(np.zeros((2, 3, 3)), ["a", "b", "c"])


def test_curves_labels_its_axes_and_counts_epochs_from_one():
    ax = plots.curves({"train": [3.0, 2.0, 1.0], "test": [3.0, 2.5, 2.4]}, "epoch", "loss", "Falling")
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title(loc="left")) == ("epoch", "loss", "Falling")
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["train", "test"]


def test_curves_takes_its_own_x():
    ax = plots.curves({"loss": ([0.1, 0.2], [1.0, 2.0])}, "learning rate", "loss")
    assert ax.lines[0].get_xdata().tolist() == [0.1, 0.2]


def test_curves_differ_in_more_than_color():
    ax = plots.curves({str(i): np.arange(20) + i for i in range(4)}, "epoch", "loss")
    assert len({line.get_linestyle() for line in ax.lines}) == 4


def test_curves_on_a_logarithmic_scale_has_plain_numbers():
    ax = plots.curves({"loss": [0.9, 0.5, 0.2]}, "epoch", "loss", log=True)
    ax.figure.canvas.draw()
    shown = [label.get_text() for label in ax.get_yticklabels(which="both")]
    assert ax.get_yscale() == "log" and "0.5" in shown


def test_boundary_draws_every_point_in_the_color_of_its_class(clouds):
    x, y = clouds
    ax = plots.boundary(lambda points: (points[:, 0] > 2).astype(int), x, y, classes=["a", "b", "c"])
    drawn = {collection.get_label(): collection for collection in ax.collections if collection.get_label() in "abc"}
    assert {label: len(c.get_offsets()) for label, c in drawn.items()} == {"a": 20, "b": 20, "c": 20}


@pytest.mark.parametrize("shape", ["(m,)", "(m, 1)"])
def test_boundary_marks_where_the_probability_is_one_half(clouds, shape):
    x, y = clouds[0][:40], clouds[1][:40]

    def predict(points):
        probability = 1 / (1 + np.exp(-4 * (points[:, 0] - 2)))
        return probability if shape == "(m,)" else probability[:, None]

    ax = plots.boundary(predict, x, y, xlabel="width", ylabel="height")
    line = next(c for c in ax.collections if len(c.get_array() if c.get_array() is not None else []) == 1)
    assert np.allclose(np.concatenate([path.vertices for path in line.get_paths()])[:, 0], 2, atol=0.05)
    assert ax.get_xlabel() == "width"


def test_boundary_takes_probabilities_of_many_classes(clouds):
    x, y = clouds
    centers = 4 * np.array([[0, 0], [1, 0], [0, 1]])
    ax = plots.boundary(lambda points: np.exp(-((points[:, None] - centers) ** 2).sum(-1)), x, y)
    assert set(np.unique(ax.images[0].get_array())) == {0, 1, 2}


def test_boundary_refuses_more_than_two_features():
    with pytest.raises(ValueError, match=r"\(n, 2\)"):
        plots.boundary(lambda points: points[:, 0], np.zeros((5, 3)), np.zeros(5))


def test_heatmap_writes_its_numbers_when_there_are_few():
    ax = plots.heatmap([[1.0, -0.5], [0.25, 0.0]], "unit", "feature", rows=["a", "b"])
    assert texts(ax) == ["1.00", "-0.50", "0.25", "0.00"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_heatmap_writes_whole_numbers_as_whole():
    assert texts(plots.heatmap([[1, 2]], "x", "y")) == ["1", "2"]


def test_heatmap_draws_a_bar_in_the_place_of_many_numbers():
    ax = plots.heatmap(np.random.default_rng(0).random((20, 20)), "key", "query")
    assert texts(ax) == [] and len(ax.figure.axes) == 2


def test_heatmap_of_signed_values_is_white_at_zero():
    ax = plots.heatmap([[3.0, -1.0]], "x", "y", diverging=True)
    assert ax.images[0].get_clim() == (-3, 3)


def test_confusion_counts_true_classes_in_rows():
    ax = plots.confusion([0, 0, 1, 1], [0, 1, 1, 1], ["cat", "dog"])
    written = {(text.get_position()[1], text.get_position()[0]): text.get_text() for text in ax.texts}
    assert written == {(0, 0): "1", (0, 1): "1", (1, 1): "2"}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")


def test_explore_draws_one_panel_for_each_value():
    seen = []
    panels = plots.explore(lambda ax, rate: seen.append(rate), learning_rate=[0.1, 0.5, 1.0])
    assert seen == [0.1, 0.5, 1.0]
    assert [ax.get_title(loc="left") for ax in panels] == [f"learning rate = {rate}" for rate in ("0.1", "0.5", "1")]


def test_explore_spreads_its_panels_over_many_values():
    seen = []
    plots.explore(lambda ax, depth: seen.append(depth), depth=range(10), panels=4)
    assert seen == [0, 3, 6, 9]


def test_explore_varies_one_parameter_only():
    with pytest.raises(ValueError, match="one parameter"):
        plots.explore(lambda ax, a: None, a=[1], b=[2])


def test_network_names_its_layers_and_their_sizes():
    ax = plots.network([2, 3, 1])
    assert texts(ax) == ["input\n2 units", "hidden\n3 units", "output\n1 unit"]
    assert len(ax.lines) == 2 * 3 + 3 * 1


def test_network_leaves_a_gap_in_a_large_layer():
    ax = plots.network([784, 2], max_units=6)
    assert "⋮" in texts(ax)
    assert len(ax.lines) == 6 * 2


def test_network_draws_weights_by_sign_and_size():
    ax = plots.network([2, 1], weights=[np.array([[1.0], [-0.5]])])
    positive, negative = ax.lines[:2]
    assert (positive.get_color(), negative.get_color()) == (plots.VERMILLION, plots.BLUE)
    assert positive.get_linewidth() > negative.get_linewidth()


def test_a_figure_can_be_drawn_into_given_axes():
    _, (left, right) = plt.subplots(1, 2)
    assert plots.curves({"a": [1, 2]}, "x", "y", ax=left) is left
    assert plots.heatmap([[1, 2]], "x", "y", ax=right) is right
    assert len(plt.get_fignums()) == 1


def test_the_same_figure_is_the_same_bytes():
    def draw():
        return picture(plots.curves({"a": [1, 2], "b": [2, 3]}, "epoch", "loss"))

    assert draw() == draw()


def test_a_usual_figure_is_small_enough_for_a_notebook():
    assert len(picture(plots.curves({"train": np.exp(-np.arange(30) / 9)}, "epoch", "loss"))) < 40_000


def test_neighboring_colors_differ_also_in_gray():
    def luma(color):
        red, green, blue = matplotlib.colors.to_rgb(color)
        return 0.299 * red + 0.587 * green + 0.114 * blue

    assert len(set(plots.COLORS)) == 7
    assert abs(luma(plots.BLUE) - luma(plots.VERMILLION)) > 0.05
