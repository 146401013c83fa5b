"""One figure style, and the few figures that many lessons share.

Importing the module sets the style for every figure that is drawn afterwards. Colors are those of Okabe and Ito (2008),
which color-blind readers tell apart; lines also differ in their dashes, so that they survive a gray printer.
Each function returns the Axes it drew on (or a tuple of them), so that a lesson can add to the figure.
"""

import itertools
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence

logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it tells stderr when it builds its font cache

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK = COLORS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
)  # fmt: skip
SEQUENTIAL = "viridis"
DIVERGING = "RdBu_r"
_DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))
_MARKERS = "osD^vP*X"

STYLE = {
    "figure.figsize": (6.4, 4.0),
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 100,
    "axes.prop_cycle": plt.cycler(color=COLORS),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "font.size": 10,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "image.cmap": SEQUENTIAL,
    "image.interpolation": "nearest",
    "svg.hashsalt": "course",  # the same figure, the same bytes
}
plt.rcParams.update(STYLE)


class Panels(tuple):
    """The Axes of a figure with several panels; shows nothing of itself when it is the last value of a cell."""

    def _ipython_display_(self) -> None:
        return None


def images(
    x: np.ndarray,
    titles: Sequence | None = None,
    *,
    columns: int | None = None,
    cmap: str = "binary",
    value_range: tuple[float, float] | None = None,
    title: str = "",
    size: float = 1.1,
) -> Panels:
    """Pictures in rows, all on one scale of values, so that they can be compared.

    x: (n, height, width), (n, height, width, 1), or (n, height, width, 3 or 4) in color; one picture may lack the n.
    titles: a short text or label for each. columns: how many in a row (at most 10 when not given).
    cmap: of gray pictures; "binary" draws high values dark, as ink on paper. size: inches for each picture.
    """
    x = np.asarray(x)
    if x.ndim == 2 or (x.ndim == 3 and x.shape[-1] in (3, 4)):
        x = x[None]
    if x.ndim == 4 and x.shape[-1] == 1:
        x = x[..., 0]
    if x.ndim not in (3, 4) or len(x) == 0:
        raise ValueError(
            f"images() draws (n, height, width) or (n, height, width, channels), n > 0; x has shape {x.shape}"
        )
    if titles is not None and len(titles) != len(x):
        raise ValueError(f"images() got {len(x)} pictures and {len(titles)} titles")
    columns = min(columns or 10, len(x))
    rows = -(-len(x) // columns)
    low, high = value_range or (x.min(), x.max())
    height = size * x.shape[1] / x.shape[2] + (0.22 if titles is not None else 0.0)
    figure, grid = plt.subplots(
        rows, columns, squeeze=False, figsize=(columns * size, rows * height + 0.3 * bool(title))
    )
    for ax in grid.flat:
        ax.axis("off")
    for i, (ax, picture) in enumerate(zip(grid.flat, x, strict=False)):
        ax.imshow(picture, cmap=cmap, vmin=low, vmax=high)
        if titles is not None:
            ax.set_title(str(titles[i]), fontsize=8, loc="center", pad=2)
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return Panels(grid.flat[: len(x)])


def curves(
    lines: Mapping[str, Sequence],
    xlabel: str,
    ylabel: str,
    title: str = "",
    *,
    ax: Axes | None = None,
    log: bool = False,
    first: float = 1,
) -> Axes:
    """One line for each entry, as {"train": losses, "test": losses}.

    A value is a sequence of numbers, drawn at first, first + 1, ...; or a pair (x, y) of two such sequences.
    log: a logarithmic scale for y.
    """
    ax = ax or _new_axes()
    for (label, line), dashes in zip(lines.items(), itertools.cycle(_DASHES), strict=False):
        if isinstance(line, tuple) and len(line) == 2 and np.ndim(line[0]) == 1:
            x, y = line
        else:
            x, y = first + np.arange(len(line)), line
        ax.plot(x, y, linestyle=dashes, marker="o" if len(y) <= 12 else "", label=label)
    if log:
        ax.set_yscale("log")
    if len(lines) > 1 or "" not in lines:
        ax.legend()
    return _label(ax, xlabel, ylabel, title)


def boundary(
    predict: Callable,
    x: np.ndarray,
    y: np.ndarray,
    *,
    classes: Sequence[str] | None = None,
    xlabel: str = "$x_1$",
    ylabel: str = "$x_2$",
    title: str = "",
    ax: Axes | None = None,
    resolution: int = 150,
) -> Axes:
    """What a classifier answers everywhere in the plane, with the points it is about.

    predict: (m, 2) -> labels (m,), the probability of class 1 as (m,) or (m, 1), or probabilities (m, k).
    x: (n, 2). y: (n,) labels 0, 1, ... A black line is where the answer changes.
    """
    ax = ax or _new_axes()
    x, y = np.asarray(x), np.asarray(y).ravel().astype(int)
    margin = 0.08 * (x.max(axis=0) - x.min(axis=0)) + 1e-9
    (left, bottom), (right, top) = x.min(axis=0) - margin, x.max(axis=0) + margin
    u, v = np.meshgrid(np.linspace(left, right, resolution), np.linspace(bottom, top, resolution))
    answer = np.asarray(predict(np.stack([u.ravel(), v.ravel()], axis=1).astype("float32")))
    answer = answer[:, 0] if answer.ndim == 2 and answer.shape[1] == 1 else answer
    is_probability = answer.ndim == 1 and np.issubdtype(answer.dtype, np.floating) and np.any(answer % 1 != 0)
    labels = answer.argmax(axis=1) if answer.ndim == 2 else np.rint(answer).astype(int)
    n_classes = int(max(y.max(), labels.max(), answer.shape[1] - 1 if answer.ndim == 2 else 1)) + 1
    if is_probability:
        shades = ax.contourf(
            u, v, answer.reshape(u.shape), np.linspace(0, 1, 11), cmap="RdBu_r", alpha=0.55, extend="both"
        )
        ax.figure.colorbar(shades, ax=ax, label="probability of class 1", ticks=[0, 0.25, 0.5, 0.75, 1])
        ax.contour(u, v, answer.reshape(u.shape), [0.5], colors="black", linewidths=1.5)
    else:
        regions = labels.reshape(u.shape)
        palette = ListedColormap([_class_color(k) for k in range(n_classes)])
        extent = (left, right, bottom, top)
        ax.imshow(
            regions,
            origin="lower",
            extent=extent,
            aspect="auto",
            cmap=palette,
            vmin=-0.5,
            vmax=n_classes - 0.5,
            alpha=0.25,
        )
        for k in range(n_classes):
            if 0 < (regions == k).mean() < 1:
                ax.contour(u, v, regions == k, [0.5], colors="black", linewidths=0.8)
    for k in range(n_classes):
        label = classes[k] if classes is not None else f"class {k}"
        ax.scatter(
            *x[y == k].T,
            s=22,
            color=_class_color(k),
            marker=_MARKERS[k % 8],
            edgecolor="white",
            linewidth=0.5,
            label=label,
        )
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.grid(False)
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.14), ncols=min(n_classes, 5), borderpad=0, handletextpad=0.2)
    return _label(ax, xlabel, ylabel, title)


def heatmap(
    matrix: np.ndarray,
    xlabel: str,
    ylabel: str,
    title: str = "",
    *,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    colorbar: str = "",
    annotate: bool | None = None,
    form: str = "{:.2g}",
    diverging: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """A matrix as colored cells, with its numbers when it has at most 144 of them.

    rows, columns: names at the ticks. colorbar: what the color means; a bar is drawn when given or when no numbers are.
    diverging: zero is white, as suits weights and gradients.
    """
    matrix = np.asarray(matrix, dtype=float)
    if matrix.ndim != 2:
        raise ValueError(f"heatmap() draws a matrix; the array has shape {matrix.shape}")
    n_rows, n_columns = matrix.shape
    annotate = matrix.size <= 144 if annotate is None else annotate
    ax = ax or _new_axes(width=1.6 + min(0.62 * n_columns, 5.5), height=1.2 + min(0.42 * n_rows, 4.4))
    bound = np.nanmax(np.abs(matrix)) or 1.0
    limits = {"cmap": DIVERGING, "vmin": -bound, "vmax": bound} if diverging else {"cmap": "Blues"}
    image = ax.imshow(matrix, aspect="auto", **limits)
    if annotate:
        for (i, j), value in np.ndenumerate(matrix):
            red, green, blue, _ = image.cmap(image.norm(value))
            dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
            ax.text(j, i, form.format(value), ha="center", va="center", fontsize=8, color="white" if dark else "black")
    if colorbar or not annotate:
        ax.figure.colorbar(image, ax=ax, label=colorbar)
    _name_ticks(ax, rows, columns)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    return _label(ax, xlabel, ylabel, title)


def confusion(
    y_true: np.ndarray, y_pred: np.ndarray, classes: Sequence[str], *, title: str = "", ax: Axes | None = None
) -> Axes:
    """How often each class (row) was taken for each class (column): counts, colored by the share of the row.

    y_true, y_pred: (n,) labels 0, 1, ..., len(classes) - 1.
    """
    n = len(classes)
    counts = np.zeros((n, n), int)
    np.add.at(counts, (np.asarray(y_true, int).ravel(), np.asarray(y_pred, int).ravel()), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax = ax or _new_axes(width=2.4 + 0.48 * n, height=1.8 + 0.38 * n)
    heatmap(
        shares,
        "predicted class",
        "true class",
        title,
        rows=classes,
        columns=classes,
        annotate=False,
        colorbar="share of the true class",
        ax=ax,
    )
    for (i, j), count in np.ndenumerate(counts):
        if count:
            ax.text(
                j, i, str(count), ha="center", va="center", fontsize=8, color="white" if shares[i, j] > 0.5 else "black"
            )
    return ax


def explore(
    draw: Callable, *, panels: int = 4, size: tuple[float, float] = (3.0, 2.6), **parameter: Sequence
) -> Panels:
    """The same drawing for several values of one parameter, side by side; with a slider below where someone can move it.

    draw(ax, value) draws on the Axes it is given. parameter: its name and its values, as learning_rate=[0.01, 0.1, 1].
    Of more than `panels` values, that many are drawn, evenly spread; the slider has them all.

    >>> explore(draw_parabola, learning_rate=[0.1, 0.5, 0.9, 1.1])
    """
    if len(parameter) != 1:
        raise ValueError(f"explore() varies one parameter, as explore(draw, rate=[0.1, 1.0]); it got {list(parameter)}")
    ((name, values),) = parameter.items()
    values = list(values)
    chosen = [
        values[i] for i in np.unique(np.linspace(0, len(values) - 1, min(panels, len(values))).round().astype(int))
    ]
    _, grid = plt.subplots(
        1, len(chosen), figsize=(size[0] * len(chosen), size[1]), squeeze=False, sharex=True, sharey=True
    )
    label = name.replace("_", " ")
    for ax, value in zip(grid.flat, chosen, strict=True):
        draw(ax, value)
        ax.set_title(f"{label} = {_short(value)}", fontsize=10)
        ax.label_outer()
    if _someone_is_there():
        _slider(draw, label, values, size)
    return Panels(grid.flat)


def network(
    layer_sizes: Sequence[int],
    *,
    names: Sequence[str] | None = None,
    weights: Sequence[np.ndarray] | None = None,
    title: str = "",
    max_units: int = 8,
    ax: Axes | None = None,
) -> Axes:
    """A layered network as a diagram: a column of units for each layer, every unit joined to all of the next layer.

    names: one for each layer. weights: for each pair of layers an array (n_in, n_out), drawn by sign and size.
    A layer of more than `max_units` shows a gap and its number of units.
    """
    layer_sizes = [int(n) for n in layer_sizes]
    names = names or ["input", *(f"hidden {i}" for i in range(1, len(layer_sizes) - 1)), "output"]
    ax = ax or _new_axes(width=min(1.2 + 1.5 * len(layer_sizes), 9), height=3.4)
    columns = [_unit_places(n, max_units) for n in layer_sizes]
    largest = max((np.abs(w).max() for w in weights), default=1.0) if weights is not None else 1.0
    for layer, (here, there) in enumerate(itertools.pairwise(columns)):
        for (i, y0), (j, y1) in itertools.product(here, there):
            strength = weights[layer][i, j] / largest if weights is not None else None
            color = "#aaaaaa" if strength is None else VERMILLION if strength > 0 else BLUE
            width = 0.6 if strength is None else 0.2 + 2.8 * abs(strength)
            ax.plot([layer, layer + 1], [y0, y1], color=color, linewidth=width, linestyle="-", zorder=1)
    for layer, (places, n, name) in enumerate(zip(columns, layer_sizes, names, strict=True)):
        color = GREEN if layer == 0 else ORANGE if layer == len(layer_sizes) - 1 else SKY
        ax.scatter(
            [layer] * len(places),
            [y for _, y in places],
            s=190,
            color=color,
            edgecolor="black",
            linewidth=0.8,
            zorder=2,
        )
        if n > max_units:
            ax.text(layer, 0, "⋮", ha="center", va="center", fontsize=16, zorder=3)
        units = "unit" if n == 1 else "units"
        ax.text(layer, -1.32, f"{name}\n{n} {units}", ha="center", va="top", fontsize=9)
    if weights is not None:
        ax.plot([], [], color=VERMILLION, label="positive weight")
        ax.plot([], [], color=BLUE, label="negative weight", linestyle="-")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.08), ncols=2, fontsize=8)
    ax.set(xlim=(-0.5, len(layer_sizes) - 0.5), ylim=(-1.75, 1.2))
    ax.axis("off")
    return _label(ax, "", "", title)


def _unit_places(n: int, max_units: int) -> list[tuple[int, float]]:
    """(index of the unit, its height) for the units of a layer that are drawn; heights within -1 to 1."""
    if n <= max_units:
        step = min(0.5, 2 / max(n - 1, 1))
        return [(i, step * ((n - 1) / 2 - i)) for i in range(n)]
    half = max_units // 2
    upper = [(i, 1 - 0.8 * i / max(half - 1, 1)) for i in range(half)]
    return upper + [(n - 1 - i, -y) for i, y in reversed(upper)]


def _someone_is_there() -> bool:
    """Whether the notebook is open before a person, so that a slider can be moved; not when it is run by a program."""
    opened = any(name in os.environ for name in ("JPY_SESSION_NAME", "COLAB_RELEASE_TAG", "VSCODE_PID"))
    return opened and "ipykernel" in sys.modules


def _slider(draw: Callable, label: str, values: list, size: tuple[float, float]) -> None:
    try:
        import ipywidgets
    except ImportError:
        return  # the panels say it all; the slider is a convenience

    def show(value) -> None:
        ax = _new_axes(width=1.5 * size[0], height=1.5 * size[1])
        draw(ax, value)
        ax.set_title(f"{label} = {_short(value)}")
        plt.show()

    options = [(_short(value), value) for value in values]
    slider = ipywidgets.SelectionSlider(options=options, description=label, continuous_update=False)
    ipywidgets.interact(show, value=slider)


def _new_axes(width: float = 6.4, height: float = 4.0) -> Axes:
    return plt.subplots(figsize=(width, height))[1]


def _label(ax: Axes, xlabel: str, ylabel: str, title: str) -> Axes:
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax._ipython_display_ = _nothing  # as the last value of a cell, the figure is shown, and not the name of the Axes
    return ax


def _nothing() -> None:
    return None


def _class_color(k: int) -> str:
    """Blue for class 0 and vermillion for class 1, as in the diverging map of probabilities."""
    return COLORS[k % len(COLORS)]


def _name_ticks(ax: Axes, rows: Sequence[str] | None, columns: Sequence[str] | None) -> None:
    if rows is not None:
        ax.set_yticks(range(len(rows)), rows)
    if columns is not None:
        crowded = max(map(len, map(str, columns))) > 5
        ax.set_xticks(range(len(columns)), columns, rotation=40 if crowded else 0, ha="right" if crowded else "center")


def _short(value) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
