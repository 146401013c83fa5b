"""Strict comparison of canonical values: the same kind, the same shape, the same NaNs, numbers within a tolerance."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from course.checks.values import Opaque, Raised, show


@dataclass(frozen=True)
class Mismatch:
    """The first difference that was found.

    reason: "raised", "missing_return", "wrong_kind", "shape", "not_finite" or "value".
    text: one sentence about it. expected, got: the two parts that differ (inside containers: the item).
    """

    reason: str
    text: str
    expected: Any
    got: Any


def compare(expected: Any, got: Any, rtol: float = 1e-4, atol: float = 1e-6, where: str = "") -> Mismatch | None:
    """None when `got` is right, else the first difference. Numbers agree when |got - expected| is at most
    rtol * |expected| + atol * max(1, max |expected|); there is no broadcasting."""
    place = f" ({where})" if where else ""
    if isinstance(got, Raised) and not isinstance(expected, Raised):
        return Mismatch("raised", f"the call stopped with {show(got)}", expected, got)
    if got is None and expected is not None:
        return Mismatch("missing_return", f"None came back{place} where {_kind(expected)} was asked for", expected, got)
    if _family(expected) != _family(got):
        return Mismatch(
            "wrong_kind", f"{_kind(got)} came back{place} where {_kind(expected)} was asked for", expected, got
        )
    if isinstance(expected, np.ndarray):
        return _compare_arrays(expected, got, rtol, atol, place)
    if isinstance(expected, (bool, int, float)):
        return _compare_numbers(expected, got, rtol, atol, place)
    if isinstance(expected, (list, tuple)):
        return _compare_sequences(expected, got, rtol, atol, where)
    if isinstance(expected, dict):
        return _compare_dicts(expected, got, rtol, atol, where)
    if isinstance(expected, Raised):
        same = expected.type in (got.type, *got.bases)
        return (
            None
            if same
            else Mismatch("value", f"{got.type} was raised where {expected.type} was asked for", expected, got)
        )
    if expected != got:
        return Mismatch("value", f"{show(got)} came back{place} where {show(expected)} was asked for", expected, got)
    return None


def equal(expected: Any, got: Any, rtol: float = 1e-4, atol: float = 1e-6) -> bool:
    return compare(expected, got, rtol, atol) is None


def _compare_arrays(expected: np.ndarray, got: np.ndarray, rtol: float, atol: float, place: str) -> Mismatch | None:
    if expected.shape != got.shape:
        return Mismatch("shape", f"the shape is {got.shape}{place}, and should be {expected.shape}", expected, got)
    wanted, have = expected.astype(np.float64), got.astype(np.float64)
    finite = np.isfinite(wanted)
    if (np.isfinite(have) != finite).any():
        return Mismatch(
            "not_finite",
            f"{_non_finite(have)} stands{place} where a finite number was asked for"
            if (finite & ~np.isfinite(have)).any()
            else f"a finite number stands{place} where infinity or NaN was asked for",
            expected,
            got,
        )
    if not np.array_equal(wanted[~finite], have[~finite], equal_nan=True):
        return Mismatch("value", f"infinities or NaNs differ{place}", expected, got)
    wanted, have = wanted[finite], have[finite]
    if wanted.size == 0:
        return None
    far = np.abs(have - wanted) > rtol * np.abs(wanted) + atol * max(1.0, np.abs(wanted).max())
    if not far.any():
        return None
    return Mismatch(
        "value",
        f"{int(far.sum())} of {wanted.size} numbers are wrong{place}, the largest difference is "
        f"{np.abs(have - wanted).max():.3g}",
        expected,
        got,
    )


def _compare_numbers(expected: float, got: float, rtol: float, atol: float, place: str) -> Mismatch | None:
    wanted, have = float(expected), float(got)
    if np.isnan(wanted) and np.isnan(have) or wanted == have:
        return None
    if np.isfinite(wanted) and not np.isfinite(have):
        return Mismatch("not_finite", f"{have} came back{place} where a finite number was asked for", expected, got)
    if np.isfinite(wanted) and abs(have - wanted) <= rtol * abs(wanted) + atol * max(1.0, abs(wanted)):
        return None
    return Mismatch("value", f"{show(got)} came back{place} where {show(expected)} was asked for", expected, got)


def _compare_sequences(expected: Any, got: Any, rtol: float, atol: float, where: str) -> Mismatch | None:
    if len(expected) != len(got):
        place = f" ({where})" if where else ""
        return Mismatch(
            "shape", f"{len(got)} items came back{place} where {len(expected)} were asked for", expected, got
        )
    for i, (wanted, have) in enumerate(zip(expected, got, strict=True), 1):
        found = compare(wanted, have, rtol, atol, f"item {i}" + (f" of {where}" if where else ""))
        if found:
            return found
    return None


def _compare_dicts(expected: dict, got: dict, rtol: float, atol: float, where: str) -> Mismatch | None:
    if set(expected) != set(got):
        missing, extra = sorted(set(expected) - set(got)), sorted(set(got) - set(expected))
        text = "; ".join(
            filter(
                None,
                (
                    f"missing: {', '.join(missing)}" if missing else "",
                    f"not asked for: {', '.join(extra)}" if extra else "",
                ),
            )
        )
        return Mismatch("shape", f"the dictionary's keys differ ({text})", expected, got)
    for key in expected:
        found = compare(expected[key], got[key], rtol, atol, f"{key!r}" + (f" of {where}" if where else ""))
        if found:
            return found
    return None


def _family(value: Any) -> str:
    """What must agree before values are looked at. A number may be bool, int or float: True is 1, and 2 is 2.0."""
    if isinstance(value, (bool, int, float)):
        return "number"
    return type(value).__name__


def _kind(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, (bool, int, float)):
        return "a number"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, Opaque):
        return value.description
    return {dict: "a dictionary", str: "a text", type(None): "None", Raised: "an exception"}.get(
        type(value), type(value).__name__
    )


def _non_finite(array: np.ndarray) -> str:
    names = [name for name, test in (("NaN", np.isnan), ("infinity", np.isinf)) if test(array).any()]
    return " and ".join(names)
