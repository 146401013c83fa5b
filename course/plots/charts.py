"""Figures of numbers: pictures, curves, matrices, confusions."""

import itertools
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from course.plots.style import DASHES, DIVERGING, Panels, finish, new_axes


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

    x: (n, height, width), (n, height, width, 1), or (n, height, width, 3 or 4) in color; or one gray picture
        (height, width). One picture in color is x[None], because (8, 3, 3) could as well be eight small gray ones.
    titles: a short text or label for each. columns: how many in a row; at most 10 when not given.
    cmap: of gray pictures; "binary" draws high values dark, as ink on paper. size: width of a picture in inches.
    """
    x = np.asarray(x)
    if x.ndim == 2:
        x = x[None]
    if x.ndim == 4 and x.shape[-1] == 1:
        x = x[..., 0]
    if x.ndim not in (3, 4) or len(x) == 0 or (x.ndim == 4 and x.shape[-1] not in (3, 4)):
        raise ValueError(f"images() draws (n, height, width) or (n, height, width, 1, 3 or 4); x has shape {x.shape}")
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
    first: int = 1,
) -> Axes:
    """One line for each entry, as {"train": losses, "test": losses}.

    A value is a sequence of numbers, drawn at first, first + 1, ...; or a tuple (x, y) of two such sequences.
    log: a logarithmic scale for y.
    """
    ax = ax or new_axes()
    counted = True
    for (label, line), dashes in zip(lines.items(), itertools.cycle(DASHES), strict=False):
        if isinstance(line, tuple) and len(line) == 2 and np.ndim(line[0]) == 1:
            x, y = line
            counted = False
        else:
            x, y = first + np.arange(len(line)), line
        ax.plot(x, y, linestyle=dashes, marker="o" if len(y) <= 12 else "", label=label)
    if counted:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))  # there is no epoch 2.5
    if log:
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter("{x:g}")
        low, high = ax.get_ylim()
        ax.yaxis.set_minor_formatter("{x:g}" if high < 10 * low else "")
    ax.legend()
    return finish(ax, xlabel, ylabel, title)


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
    form: str | None = None,
    value_range: tuple[float, float] | None = None,
    diverging: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """A matrix as colored cells, with its numbers when it has at most 144 of them.

    rows, columns: names at the ticks. colorbar: what the color means; a bar is drawn when given or when no numbers are.
    form: of the numbers, as "{:.2f}". diverging: zero is white, as suits weights and gradients.
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2:
        raise ValueError(f"heatmap() draws a matrix; the array has shape {matrix.shape}")
    n_rows, n_columns = matrix.shape
    annotate = matrix.size <= 144 if annotate is None else annotate
    ax = ax or new_axes(width=1.6 + min(0.62 * n_columns, 5.5), height=1.2 + min(0.42 * n_rows, 4.4))
    bound = np.nanmax(np.abs(matrix)) or 1.0
    low, high = value_range or ((-bound, bound) if diverging else (np.nanmin(matrix), np.nanmax(matrix)))
    image = ax.imshow(matrix, aspect="auto", cmap=DIVERGING if diverging else "Blues", vmin=low, vmax=high)
    if annotate:
        form = form or ("{:d}" if matrix.dtype.kind in "iu" else "{:.2f}" if bound < 100 else "{:.3g}")
        for (i, j), value in np.ndenumerate(matrix):
            _write_in_cell(image, i, j, form.format(value), value)
    if colorbar or not annotate:
        ax.figure.colorbar(image, ax=ax, label=colorbar)
    _name_ticks(ax, rows, columns)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    return finish(ax, xlabel, ylabel, title)


def confusion(
    y_true: np.ndarray, y_pred: np.ndarray, classes: Sequence[str], title: str = "", *, ax: Axes | None = None
) -> Axes:
    """How often each class (row) was taken for each class (column): counts, colored by their share of the row.

    y_true, y_pred: (n,) labels 0, 1, ..., len(classes) - 1.
    """
    n = len(classes)
    counts = np.zeros((n, n), int)
    np.add.at(counts, (np.asarray(y_true, int).ravel(), np.asarray(y_pred, int).ravel()), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax = heatmap(
        shares,
        "predicted class",
        "true class",
        title,
        rows=classes,
        columns=classes,
        colorbar="share of the true class",
        annotate=False,
        value_range=(0, 1),
        ax=ax or new_axes(width=2.8 + 0.45 * n, height=2.2 + 0.36 * n),
    )
    for (i, j), count in np.ndenumerate(counts):
        if count:  # zeros would hide what matters
            _write_in_cell(ax.images[0], i, j, str(count), shares[i, j])
    return ax


def _write_in_cell(image, i: int, j: int, text: str, value: float) -> None:
    """Black on light cells, white on dark ones (luma of ITU-R BT.601)."""
    red, green, blue, _ = image.cmap(image.norm(value))
    color = "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.5 else "black"
    image.axes.text(j, i, text, ha="center", va="center", fontsize=8, color=color)


def _name_ticks(ax: Axes, rows: Sequence[str] | None, columns: Sequence[str] | None) -> None:
    if rows is not None:
        ax.set_yticks(range(len(rows)), rows)
    if columns is not None:
        long = max(map(len, map(str, columns))) > 5
        ax.set_xticks(range(len(columns)), columns, rotation=40 if long else 0, ha="right" if long else "center")
