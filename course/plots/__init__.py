"""One figure style, and the few figures that many lessons share.

Importing the package sets the style for every figure that is drawn afterwards. Each function returns the Axes it drew
on (several panels: a tuple of Axes), so that a lesson can add to the figure; `axes.figure` is the Figure.
"""

from course.plots.charts import confusion, curves, heatmap, images
from course.plots.models import boundary, network
from course.plots.panels import explore
from course.plots.style import BLACK, BLUE, COLORS, DIVERGING, GREEN, ORANGE, PURPLE, SEQUENTIAL, SKY, STYLE, VERMILLION
from course.plots.style import apply as apply_style

__all__ = [
    "BLACK",
    "BLUE",
    "COLORS",
    "DIVERGING",
    "GREEN",
    "ORANGE",
    "PURPLE",
    "SEQUENTIAL",
    "SKY",
    "STYLE",
    "VERMILLION",
    "apply_style",
    "boundary",
    "confusion",
    "curves",
    "explore",
    "heatmap",
    "images",
    "network",
]

apply_style()
