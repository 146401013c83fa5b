"""Canonical values: what a check saw, reduced to plain data that can be compared, sent and shown, and nothing else.

A canonical value is None, bool, int, float, str, a numeric `np.ndarray` (a plain copy, at least 1-D), a list, tuple or
dict (text keys) of canonical values, `Raised` (the call ended in an exception) or `Opaque` (anything else, by the name
of its type). Tensors of any backend become arrays, 0-d arrays and NumPy scalars become numbers. No method of a
student's own class is ever called: only types that we know are converted.
"""

import re
import sys
import traceback
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

MAX_BYTES = 16_000_000  # of one array; larger ones are not kept
LARGEST = 10**300  # integers below it are floats, too
MAX_NODES = 20_000  # items of containers in one value
MAX_TEXT = 10_000  # characters of one string
MAX_NAME = 200  # characters of what an object is
MAX_MESSAGE = 500  # characters of an exception's message

_COLORS = re.compile(r"\x1b\[[0-9;]*m")  # Keras puts them into its messages


@dataclass(frozen=True)
class Opaque:
    """A value that cannot be compared: only what it is."""

    description: str


@dataclass(frozen=True)
class Raised:
    """An exception in place of a value: its type, its message, and the student's line in which it arose."""

    type: str
    message: str
    line: str = ""
    bases: tuple[str, ...] = ()

    @property
    def unanswered(self) -> bool:
        return self.type == "NotImplementedError" and "not answered yet" in self.message


def canonical(value: Any) -> Any:
    """Reduce `value` to canonical form (see the module's text)."""
    return _canonical(value, [MAX_NODES], 0)


def _canonical(value: Any, budget: list[int], depth: int) -> Any:
    budget[0] -= 1
    if budget[0] < 0 or depth > 20:
        return Opaque("a structure too large to look at")
    kind = type(value)
    if value is None or kind is bool or kind is float or kind is Raised or kind is Opaque:
        return value
    if kind is int:
        return value if abs(value) < LARGEST else Opaque("an integer of more than 300 digits")
    if kind is str:
        return value[:MAX_TEXT]
    if kind in (list, tuple):
        return kind(_canonical(item, budget, depth + 1) for item in value)
    if kind is dict:
        return {
            str(k)[:200] if type(k) in (str, int, float, bool) else "?": _canonical(v, budget, depth + 1)
            for k, v in value.items()
        }
    if kind is FunctionType:
        return Opaque(f"the function {value.__name__}"[:MAX_NAME])
    if kind in (set, frozenset):
        return (
            _canonical(sorted(value, key=str), budget, depth + 1)
            if all(type(v) in (int, float, str) for v in value)
            else Opaque("a set")
        )
    array = _as_array(value)
    if array is None:
        return Opaque(f"an object of type {kind.__name__}"[:MAX_NAME])
    return _plain_array(array)


def _as_array(value: Any) -> np.ndarray | None:
    """An ndarray for NumPy's own types and for the tensors of a loaded backend; None for everything else."""
    if isinstance(value, np.generic):
        return np.asarray(value)
    if isinstance(value, np.ndarray):
        return np.ndarray.view(value, np.ndarray)
    keras = sys.modules.get("keras")
    if keras is not None and (isinstance(value, keras.Variable) or keras.ops.is_tensor(value)):
        return np.asarray(keras.ops.convert_to_numpy(value))
    return None


def _plain_array(array: np.ndarray) -> Any:
    if array.dtype.kind not in "biuf":
        if array.dtype.kind in "US" and array.size < MAX_NODES:
            return _canonical(array.tolist(), [MAX_NODES], 0)
        if array.dtype.name == "bfloat16":
            return _plain_array(array.astype(np.float32))
        return Opaque(f"an array of dtype {array.dtype.name}")
    if array.nbytes > MAX_BYTES:
        return Opaque(f"an array of {array.nbytes / 1e6:.0f} MB")
    if array.dtype == np.float16 or array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    if array.ndim == 0:
        return array.item()
    return np.array(array, order="C", copy=True)


def raised(error: BaseException) -> Raised:
    """The canonical form of an exception, with the last line of it that stands in a notebook's cell."""
    lines = [f for f in traceback.extract_tb(error.__traceback__) if _in_notebook(f.filename)]
    try:
        message = _COLORS.sub("", str(error)[: 4 * MAX_MESSAGE])[:MAX_MESSAGE]
    except Exception as broken:  # noqa: BLE001  a student's exception class may break in its own __str__; the fact is then the message
        message = f"(its message could not be read: {type(broken).__name__})"
    line = (lines[-1].line or "").strip()[:200] if lines else ""
    return Raised(type(error).__name__, message, line, tuple(base.__name__ for base in type(error).__mro__))


def _in_notebook(filename: str) -> bool:
    return filename.startswith(("<cell", "<ipython")) or "ipykernel" in filename


def show(value: Any, width: int = 240) -> str:
    """A short text of a canonical value, for people."""
    if isinstance(value, np.ndarray):
        return _show_array(value, width)
    if isinstance(value, Raised):
        return _cut(f"{value.type}: {value.message}" if value.message else value.type, width)
    if isinstance(value, Opaque):
        return value.description
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        open_, close = "[]" if isinstance(value, list) else "()"
        inner = ", ".join(show(v, width // max(1, min(len(value), 4))) for v in value[:8])
        more = ", …" if len(value) > 8 else "," if isinstance(value, tuple) and len(value) == 1 else ""
        return f"{open_}{inner}{more}{close}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {show(v, 60)}" for k, v in list(value.items())[:6]) + "}"
    return _cut(repr(value), width)


def _significant(value: Any) -> Any:
    """Nested lists of numbers with six significant digits, however small: 1.9e-22 is not 0."""
    if isinstance(value, list):
        return [_significant(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _show_array(array: np.ndarray, width: int) -> str:
    if array.size <= 12:
        # .tolist() prints like the code that a student would type
        return _cut(str(_significant(array.tolist())), width)
    with np.printoptions(precision=4, threshold=8, edgeitems=2, linewidth=10_000):
        text = " ".join(str(array).split())
    return _cut(f"an array of shape {array.shape}: {text}", width)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
