"""The same drawing for several values of one parameter."""

import os
from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import numpy as np

from course.plots.style import Panels, new_axes, short
from course.runtime import in_notebook


def explore(
    draw: Callable, *, panels: int = 4, size: tuple[float, float] = (3.0, 2.6), **parameter: Sequence
) -> Panels:
    """Panels side by side, one for each value of a parameter; below them a slider, where someone is there to move it.

    draw(ax, value) draws on the Axes it is given, labels included. size: width and height of a panel in inches.
    parameter: its name and its values. Of more than `panels` values so many are drawn, evenly spread; the slider has all.

    >>> explore(draw_descent, learning_rate=[0.05, 0.4, 0.7, 1.05])
    """
    if len(parameter) != 1:
        raise ValueError(f"explore() varies one parameter, as explore(draw, rate=[0.1, 1.0]); it got {list(parameter)}")
    ((name, values),) = parameter.items()
    values = [value.item() if isinstance(value, np.generic) else value for value in values]
    label = name.replace("_", " ")
    picked = np.linspace(0, len(values) - 1, min(panels, len(values))).round().astype(int)
    figure_size = (size[0] * len(picked), size[1])
    _, grid = plt.subplots(1, len(picked), figsize=figure_size, squeeze=False, sharex=True, sharey=True)
    for ax, i in zip(grid.flat, picked, strict=True):
        draw(ax, values[i])
        ax.set_title(f"{label} = {short(values[i])}", fontsize=10)
        ax.label_outer()
    if _someone_is_there():
        _slider(draw, label, values, size)
    return Panels(grid.flat)


def _someone_is_there() -> bool:
    """Whether the notebook is open before a person, not run by a program, so that a slider can be moved."""
    opened = any(name in os.environ for name in ("JPY_SESSION_NAME", "COLAB_RELEASE_TAG", "VSCODE_PID"))
    return opened and in_notebook()


def _slider(draw: Callable, label: str, values: list, size: tuple[float, float]) -> None:
    try:
        import ipywidgets
    except ImportError:
        return  # the panels say it all; the slider is a convenience

    def show(value) -> None:
        ax = new_axes(width=1.6 * size[0], height=1.6 * size[1])
        draw(ax, value)
        ax.set_title(f"{label} = {short(value)}")
        plt.show()

    options = [(short(value), value) for value in values]
    slider = ipywidgets.SelectionSlider(options=options, description=label, continuous_update=False)
    ipywidgets.interact(show, value=slider)
