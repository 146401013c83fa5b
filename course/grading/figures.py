"""A student's figures, on their way from the process that drew them to a page: pixels come out, and nothing else.

The child draws what matplotlib holds and sends plain pixels. The supervisor checks their shape and makes the picture's file
itself, so that no bytes which a submission chose are ever decoded here or put into a page.
"""

import base64
import contextlib
import io
import math
import signal
import sys
from collections.abc import Iterator

import numpy as np

MAX_FIGURES = 8  # of one submission; a cell that draws more than are left of them shows the first
MAX_SIDE = 1_600  # pixels
MAX_PIXELS = 700_000
MAX_BYTES = 150_000  # of one picture's file
DRAWING_SECONDS = 3.0  # of processor time, for all figures of a cell
_LEAST_DPI = 20  # below, nothing can be read
_MARGIN = 0.08  # inches around what is drawn, as in a notebook


def take_figures(most: int) -> tuple[list[np.ndarray], int]:
    """In the child, after a cell: the pixels of the first `most` figures that are open, each (height, width, 3) of uint8, and
    how many were open. All are closed, as a notebook closes them. A figure that cannot be drawn is left out."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    pictures: list[np.ndarray] = []
    if pyplot is None or not (numbers := pyplot.get_fignums()):
        return pictures, 0
    with contextlib.suppress(Exception), _for_seconds(DRAWING_SECONDS):
        for number in numbers[:most]:
            with contextlib.suppress(ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
                pictures.append(_pixels(pyplot.figure(number)))
    pyplot.close("all")
    return pictures, len(numbers)


@contextlib.contextmanager
def _for_seconds(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block when it has used so much processor time: a figure is not worth a cell."""

    def stop(*_):
        raise TimeoutError

    if not hasattr(signal, "setitimer"):  # Windows
        yield
        return
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _pixels(figure) -> np.ndarray:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.transforms import Bbox
    from PIL import Image

    # First, because what measures text makes a whole picture of that size.
    figure.set_dpi(_dpi(figure, *figure.get_size_inches()))
    canvas = FigureCanvasAgg(figure)
    figure.draw_without_rendering()  # so that everything is in its place
    box = figure.get_tightbbox(canvas.get_renderer())
    if not np.isfinite(box.extents).all():
        box = Bbox.from_bounds(0, 0, *figure.get_size_inches())
    box = box.padded(_MARGIN)
    dpi = _dpi(figure, box.width, box.height)
    drawn = io.BytesIO()
    canvas.print_figure(drawn, format="png", dpi=dpi, bbox_inches=box, facecolor="auto")
    with Image.open(drawn) as picture:
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A"))
    return np.asarray(flat)


def _dpi(figure, width: float, height: float) -> float:
    """Dots per inch, at most the figure's own, such that these inches keep to the limits. Raises ValueError when too few."""
    if not width * height > 0:
        raise ValueError("no area")
    dpi = min(figure.dpi, math.sqrt(MAX_PIXELS / (width * height)), (MAX_SIDE - 2) / max(width, height))
    if dpi < _LEAST_DPI:
        raise ValueError("too large to be drawn")
    return dpi


def as_png(pixels: object) -> str:
    """In the supervisor: what a child sent as a figure, as a PNG file in base64. Raises ValueError when it is no picture."""
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError("no picture")
    height, width, _ = pixels.shape
    if not (0 < height <= MAX_SIDE and 0 < width <= MAX_SIDE and height * width <= 1.1 * MAX_PIXELS):
        raise ValueError(f"a picture of {width} x {height} pixels")
    from PIL import Image

    picture = Image.fromarray(np.ascontiguousarray(pixels))
    while len(written := _png(picture)) > MAX_BYTES:
        picture = picture.reduce(2)  # noise, or a photograph: what matters can be seen on a smaller one
    return base64.b64encode(written).decode()


def _png(picture) -> bytes:
    file = io.BytesIO()
    picture.save(file, "png")
    return file.getvalue()
