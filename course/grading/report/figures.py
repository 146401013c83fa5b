"""The figures of the report, as SVG that stands in the page itself: legible in gray, on paper, and for the color-blind."""

import io
import re

import matplotlib
import pandas as pd
from matplotlib.figure import Figure

from course.plots.style import BLUE, ORANGE, STYLE, VERMILLION

_SVG_STYLE = STYLE | {"svg.fonttype": "path", "font.size": 10}


def histogram(table: pd.DataFrame) -> str:
    """How many submissions have which score. table: what `items.scores` gives."""
    with matplotlib.rc_context(_SVG_STYLE):
        figure, ax = _axes(7.2, 2.6)
        most = table["max_score"].max()
        known = table["score"].dropna()
        bins = [most * step / 20 for step in range(21)]
        ax.hist(known, bins=bins, color=BLUE, edgecolor="white")
        ax.axvline(known.median(), color=VERMILLION, linestyle="--", label=f"median {known.median():g}")
        ax.set(xlabel=f"points (of {most:g})", ylabel="submissions", xlim=(0, most))
        ax.yaxis.get_major_locator().set_params(integer=True)
        ax.legend(loc="upper left")
        return _svg(figure)


def difficulty(table: pd.DataFrame) -> str:
    """Each exercise's mean share of points as a bar, its discrimination as a mark. table: what `items.items` gives."""
    with matplotlib.rc_context(_SVG_STYLE):
        figure, ax = _axes(7.2, 0.9 + 0.32 * len(table))
        places = range(len(table), 0, -1)
        ax.barh(places, table["difficulty"], height=0.62, color=BLUE, label="mean share of the points")
        known = table["discrimination"].notna()
        if known.any():
            heights = [place for place, shown in zip(places, known, strict=True) if shown]
            values = table.loc[known, "discrimination"]
            ax.plot(values, heights, "D", color=ORANGE, markeredgecolor="black", label="discrimination")
        ax.set_yticks(list(places), list(table["exercise"]))
        lowest = min(0.0, table["discrimination"].min() if known.any() else 0.0)
        ax.set(xlabel="0 nobody, 1 everybody", xlim=(lowest - 0.02, 1.02))
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        return _svg(figure)


def _axes(width: float, height: float):
    figure = Figure(figsize=(width, height), layout="constrained")  # no pyplot: nothing to close, no window
    return figure, figure.subplots()


def _svg(figure: Figure) -> str:
    """The figure's <svg> element, without what would differ from run to run."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    return re.sub(r'(<svg [^>]*?)width="[^"]*" height="[^"]*"|height="[^"]*" width="[^"]*"', r"\1", svg, count=1)
