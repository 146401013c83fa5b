"""The style: colors, sizes, and what the figures have in common.

The colors are those of Okabe and Ito (2008), which color-blind readers tell apart. Lines also differ in their dashes and
points in their shape, so that a figure survives a gray printer.
"""

import logging

logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it tells stderr when it builds its font cache

import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
ORANGE = "#E69F00"
SKY = "#56B4E9"
BLACK = "#000000"
COLORS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))
MARKERS = ("o", "s", "D", "^", "v", "P", "*", "X")
SEQUENTIAL = "viridis"
DIVERGING = "RdBu_r"  # positive is red, as in boundary() and network()

STYLE = {
    "figure.figsize": (6.4, 4.0),
    "figure.dpi": 100,  # keeps a notebook small
    "figure.constrained_layout.use": True,
    "savefig.dpi": 100,
    "figure.facecolor": "white",  # not clear, as some notebooks set it: black text on a dark page would be lost
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


def apply() -> None:
    """Draw all further figures in the style of the course."""
    plt.rcParams.update(STYLE)


class Panels(tuple):
    """The Axes of a figure with several panels; shows nothing of itself when it is the last value of a cell."""

    def _ipython_display_(self) -> None:
        return None


def new_axes(width: float = 6.4, height: float = 4.0) -> Axes:
    """The Axes of a new figure of this size in inches."""
    return plt.subplots(figsize=(width, height))[1]


def finish(ax: Axes, xlabel: str, ylabel: str, title: str) -> Axes:
    """Put the labels on, and see to it that a notebook shows the figure without the name of the Axes."""
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax._ipython_display_ = _nothing
    return ax


def _nothing() -> None:
    return None


def class_color(k: int) -> str:
    """The color of class k, everywhere."""
    return COLORS[k % len(COLORS)]


def class_marker(k: int) -> str:
    """The shape of the points of class k, everywhere."""
    return MARKERS[k % len(MARKERS)]


def short(value) -> str:
    """A value as it stands in a title."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)
