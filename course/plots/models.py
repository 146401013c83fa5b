"""Figures of models: what a classifier answers in the plane, and how a network is joined."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, to_rgb

from course.plots.style import BLUE, GREEN, ORANGE, SKY, VERMILLION, class_color, class_marker, finish, new_axes


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
    """What a classifier answers everywhere in the plane, with the points it is about; black lines where it changes.

    predict: (m, 2) -> labels (m,); or the probability of class 1, (m,) or (m, 1); or probabilities (m, k). It is
        called once with m = resolution * resolution points. An array of integers is labels, of floats probabilities,
        unless every float is a whole number.
    x: (n, 2). y: (n,) labels 0, 1, ...
    """
    x, y = np.asarray(x), np.asarray(y).ravel().astype(int)
    if x.ndim != 2 or x.shape[1] != 2 or len(x) != len(y):
        raise ValueError(f"boundary() draws x of shape (n, 2) with n labels; x has shape {x.shape}, y {len(y)} labels")
    ax = ax or new_axes()
    margin = 0.08 * np.ptp(x, axis=0) + 1e-9
    (left, bottom), (right, top) = x.min(axis=0) - margin, x.max(axis=0) + margin
    u, v = np.meshgrid(np.linspace(left, right, resolution), np.linspace(bottom, top, resolution))
    answer = np.asarray(predict(np.stack([u.ravel(), v.ravel()], axis=1).astype("float32")))
    if answer.ndim == 2 and answer.shape[1] == 1:
        answer = answer[:, 0]
    if answer.ndim == 1 and np.any(answer % 1 != 0):
        n_classes = 2
        _shade_probability(ax, u, v, answer.reshape(u.shape), classes)
    else:
        scores = answer if answer.ndim == 2 else _one_hot(answer.astype(int), int(max(answer.max(), y.max(), 1)) + 1)
        n_classes = scores.shape[1]
        _color_regions(ax, u, v, scores.reshape(*u.shape, n_classes))
    for k in range(n_classes):
        label = classes[k] if classes is not None else f"class {k}"
        style = {"color": class_color(k), "marker": class_marker(k), "edgecolor": "white", "linewidth": 0.5}
        ax.scatter(*x[y == k].T, s=24, label=label, zorder=3, **style)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.grid(False)
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.14), ncols=min(n_classes, 5), borderpad=0, handletextpad=0.2)
    return finish(ax, xlabel, ylabel, title)


def network(
    layer_sizes: Sequence[int],
    *,
    names: Sequence[str] | None = None,
    weights: Sequence[np.ndarray] | None = None,
    title: str = "",
    max_units: int = 10,
    ax: Axes | None = None,
) -> Axes:
    """A layered network as a diagram: a column of units for each layer, every unit joined to all of the next layer.

    names: one for each layer. weights: for each pair of layers an array (n_in, n_out), drawn by sign and size.
    A layer of more than `max_units` is drawn with a gap; the number of its units stands below it.
    """
    layer_sizes = [int(n) for n in layer_sizes]
    n_layers = len(layer_sizes)
    if names is None:
        hidden = ["hidden"] if n_layers == 3 else [f"hidden {i}" for i in range(1, n_layers - 1)]
        names = ["input", *hidden, "output"]
    columns = [_unit_places(n, max_units) for n in layer_sizes]
    top = max(y for column in columns for _, y in column)
    ax = ax or new_axes(width=min(1.2 + 1.5 * n_layers, 9), height=1.3 + 2.3 * top)
    _join(ax, columns, weights)
    for layer, (column, n, name) in enumerate(zip(columns, layer_sizes, names, strict=True)):
        color = GREEN if layer == 0 else ORANGE if layer == n_layers - 1 else SKY
        heights = [y for _, y in column]
        ax.scatter([layer] * len(column), heights, s=150, color=color, edgecolor="black", linewidth=0.8, zorder=2)
        if n > max_units:
            ax.text(layer, 0, "⋮", ha="center", va="center", fontsize=14, zorder=3)
        ax.text(layer, -top - 0.18, f"{name}\n{n} unit{'s' * (n != 1)}", ha="center", va="top", fontsize=9)
    if weights is not None:
        ax.plot([], [], color=VERMILLION, label="positive weight")
        ax.plot([], [], color=BLUE, label="negative weight")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=2, fontsize=8)
    ax.set(xlim=(-0.5, n_layers - 0.5), ylim=(-top - 0.6, top + 0.15))
    ax.axis("off")
    return finish(ax, "", "", title)


def _shade_probability(ax: Axes, u, v, probability, classes: Sequence[str] | None) -> None:
    colors = [_pale(class_color(0), 0.45), (1, 1, 1), _pale(class_color(1), 0.45)]
    shades = LinearSegmentedColormap.from_list("two classes", colors)
    filled = ax.contourf(u, v, np.clip(probability, 0, 1), np.linspace(0, 1, 11), cmap=shades)
    label = f"probability of {classes[1] if classes is not None else 'class 1'}"
    ax.figure.colorbar(filled, ax=ax, label=label, ticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.contour(u, v, probability, [0.5], colors="black", linewidths=1.5)


def _color_regions(ax: Axes, u, v, scores) -> None:
    n_classes = scores.shape[-1]
    winner = scores.argmax(axis=-1)
    palette = ListedColormap([_pale(class_color(k), 0.3) for k in range(n_classes)])
    extent = (u.min(), u.max(), v.min(), v.max())
    ax.imshow(winner, origin="lower", extent=extent, aspect="auto", cmap=palette, vmin=-0.5, vmax=n_classes - 0.5)
    for k in range(n_classes):
        if 0 < np.mean(winner == k) < 1:
            lead = scores[..., k] - np.delete(scores, k, axis=-1).max(axis=-1)
            ax.contour(u, v, lead, [0.0], colors="black", linewidths=1.0)


def _one_hot(labels: np.ndarray, n_classes: int) -> np.ndarray:
    return np.eye(n_classes)[labels]


def _pale(color: str, strength: float) -> tuple[float, ...]:
    """The color mixed with white."""
    return tuple(strength * channel + 1 - strength for channel in to_rgb(color))


def _join(ax: Axes, columns: list, weights: Sequence[np.ndarray] | None) -> None:
    largest = max(np.abs(w).max() for w in weights) if weights is not None else 1.0
    for layer, (here, there) in enumerate(itertools.pairwise(columns)):
        for (i, y_here), (j, y_there) in itertools.product(here, there):
            color, width = "#aaaaaa", 0.6
            if weights is not None:
                strength = weights[layer][i, j] / largest
                color, width = VERMILLION if strength > 0 else BLUE, 0.2 + 2.8 * abs(strength)
            ax.plot([layer, layer + 1], [y_here, y_there], color=color, linewidth=width, zorder=1)


def _unit_places(n: int, max_units: int) -> list[tuple[int, float]]:
    """(index, height) of each unit of a layer that is drawn: evenly spread, or two groups with a gap between them."""
    step = 0.26
    if n <= max_units:
        return [(i, step * ((n - 1) / 2 - i)) for i in range(n)]
    half = max_units // 2
    upper = [(i, step * (half - i)) for i in range(half)]
    return upper + [(n - 1 - i, -y) for i, y in reversed(upper)]
