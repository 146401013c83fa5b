"""From a wrong value to what is wrong with it: the mistakes that people make leave marks, and here they are read.

Each detector takes the check, the expected and the received array and returns a sentence, or "" when its mark is not
there. They are tried in order, the most telling first.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from course.checks.compare import Mismatch, compare, equal
from course.checks.records import Check, Observation
from course.checks.rules import RULES
from course.checks.values import Opaque, Raised


@dataclass(frozen=True)
class Diagnosis:
    """id: the short name that banks and reports use. text: what the student is told. weight: how much it explains
    (3 a known mistake, 2 a clear mark, 1 only that it is wrong)."""

    id: str
    text: str
    weight: int


def judge(check: Check, observation: Observation) -> Diagnosis | None:
    """None when the observation is right, else the best single explanation, known mistakes aside."""
    got = observation.value
    rule = RULES.get(check.kind)
    mismatch = rule(check, got) if rule else compare(check.expected, got, check.rtol, check.atol)
    if mismatch is None:
        if observation.changed and not check.may_change:
            return Diagnosis(
                "in_place",
                "The value is right, but the function changed its input in place: the caller's "
                "array is no longer what it was. Make a new array, or copy the input first.",
                2,
            )
        return None
    return (
        _structural(mismatch)
        or _numeric(check, mismatch)
        or _stated(check)
        or Diagnosis("value", _sentence(mismatch.text), 1)
    )


def matches_mistake(check: Check, observation: Observation, name: str) -> bool | None:
    """Whether the observation is just what the known mistake gives; None when the mistake gives the right value here."""
    if name not in check.mistakes:
        return None
    mistaken = check.mistakes[name]
    if equal(check.expected, mistaken, check.rtol, check.atol):
        return None
    return equal(mistaken, observation.value, check.rtol, check.atol)


def _structural(mismatch: Mismatch) -> Diagnosis | None:
    got, expected = mismatch.got, mismatch.expected
    if isinstance(got, Raised) and not isinstance(expected, Raised):
        if got.unanswered:
            return Diagnosis("unanswered", "This exercise is not answered yet.", 3)
        at = f" in your line `{got.line}`" if got.line else ""
        return Diagnosis("raised", f"The call stopped with {got.type}{at}: {got.message or 'no message'}.", 2)
    if mismatch.reason == "missing_return":
        return Diagnosis(
            "missing_return", "Nothing came back: the function returns None. Is its `return` line missing?", 2
        )
    if mismatch.reason == "wrong_kind":
        mend = (
            " Return an array, not a list: np.array(...)."
            if isinstance(got, list) and isinstance(expected, np.ndarray)
            else ""
        )
        mend = " The function must return the value itself." if isinstance(got, Opaque) else mend
        return Diagnosis("wrong_kind", _sentence(mismatch.text) + mend, 2)
    if mismatch.reason in _RULE_IDS:
        return Diagnosis(mismatch.reason, _sentence(mismatch.text), 2)
    return None


_RULE_IDS = ("not_random", "wrong_spread", "weights", "outputs", "too_low", "no_error", "wrong_error")


def _stated(check: Check) -> Diagnosis | None:
    return (
        Diagnosis(check.diagnosis or "value", check.why or _sentence(check.about), 2)
        if check.diagnosis or check.why
        else None
    )


def _numeric(check: Check, mismatch: Mismatch) -> Diagnosis | None:
    expected, got = _floats(mismatch.expected), _floats(mismatch.got)
    if expected is None or got is None:
        return None
    if expected.shape != got.shape:
        return _shapes(check, mismatch, expected, got)
    if mismatch.reason == "not_finite":
        return Diagnosis(
            "not_finite",
            _sentence(mismatch.text) + " An intermediate result overflowed or was undefined, such as "
            "exp of a large number, log of 0 or 0/0: rearrange the formula so that it stays stable.",
            2,
        )
    with np.errstate(invalid="ignore"):  # infinity minus infinity is NaN, and no detector takes that for a mark
        for name, detector in _DETECTORS.items():
            text = detector(check, expected, got)
            if text:
                return Diagnosis(name, text, 1 if name in ("offset", "factor") else 2)
    return None


def _shapes(check: Check, mismatch: Mismatch, expected: np.ndarray, got: np.ndarray) -> Diagnosis:
    if expected.ndim == 2 and got.shape == expected.shape[::-1]:
        if _close(check, expected.T, got):
            return Diagnosis(
                "transposed", f"The result is transposed: its shape is {got.shape} and should be {expected.shape}.", 2
            )
    if (
        expected.ndim == got.ndim - 1
        and expected.size == got.size
        or expected.ndim == got.ndim + 1
        and expected.size == got.size
    ):
        return Diagnosis(
            "shape",
            _sentence(mismatch.text) + " The numbers of elements agree, so an axis of length 1 is too many or missing "
            "(look at keepdims and reshape).",
            2,
        )
    for argument in check.arguments:
        if isinstance(argument, np.ndarray) and argument.ndim == 2 and expected.ndim == got.ndim == 1:
            if (*expected.shape, *got.shape) in (argument.shape, argument.shape[::-1]):
                return Diagnosis(
                    "wrong_axis",
                    _sentence(mismatch.text) + " It looks as if the wrong axis was summed or averaged over.",
                    2,
                )
    return Diagnosis("shape", _sentence(mismatch.text), 2)


def _transposed(check: Check, expected: np.ndarray, got: np.ndarray) -> str:
    if expected.ndim == 2 and expected.shape[0] == expected.shape[1] > 1 and _close(check, expected.T, got):
        return "The result is transposed: rows and columns are exchanged."
    return ""


def _sign(check: Check, expected: np.ndarray, got: np.ndarray) -> str:
    return (
        "The sign is flipped: every number is the negative of what it should be."
        if _close(check, -expected, got)
        else ""
    )


def _integer(check: Check, expected: np.ndarray, got: np.ndarray) -> str:
    if np.array_equal(expected, np.round(expected)) or np.abs(got).max(initial=0) < 1:
        return ""  # nothing was cut, or nothing but zeros is left, which many mistakes give
    if any(_close(check, f(expected), got) for f in (np.trunc, np.floor, np.round)):
        return "The numbers were cut to whole numbers: an integer division (//) or an integer array stands where floats are needed."
    return ""


def _wrong_axis(check: Check, expected: np.ndarray, got: np.ndarray) -> str:
    if expected.ndim != 2 or min(expected.shape) < 2:
        return ""
    rows, columns = np.allclose(expected.sum(1), 1), np.allclose(expected.sum(0), 1)
    if rows and not columns and np.allclose(got.sum(0), 1) and not np.allclose(got.sum(1), 1):
        return "Each column sums to one where each row should: the sum runs over the wrong axis."
    if (rows or columns) and np.isclose(got.sum(), 1) and not np.isclose(expected.sum(), 1):
        return (
            f"The whole array sums to one where each {'row' if rows else 'column'} should: the sum runs over all axes."
        )
    if columns and not rows and np.allclose(got.sum(1), 1) and not np.allclose(got.sum(0), 1):
        return "Each row sums to one where each column should: the sum runs over the wrong axis."
    return ""


def _ratio(check: Check, expected: np.ndarray, got: np.ndarray) -> float:
    """The constant c with got = c * expected, or NaN when there is none (or it says nothing)."""
    largest = np.abs(expected).max(initial=0)
    used = np.abs(expected) > 1e-9 * max(largest, 1e-30)
    if not used.any():
        return np.nan
    ratio = float(np.median(got[used] / expected[used]))
    return ratio if ratio not in (0.0, 1.0) and np.isfinite(ratio) and _close(check, ratio * expected, got) else np.nan


def _factor_n(check: Check, expected: np.ndarray, got: np.ndarray) -> str:
    ratio = _ratio(check, expected, got)
    sizes = {n for a in check.arguments if isinstance(a, np.ndarray) for n in (*a.shape, a.size) if n > 2}
    for n in sorted(sizes):
        if np.isclose(ratio, n, rtol=1e-3):
            return f"The result is {n} times too large, and {n} is a size of the input: it looks like a sum where a mean was asked for."
        if np.isclose(ratio, 1 / n, rtol=1e-3):
            return f"The result is {n} times too small, and {n} is a size of the input: it looks like a mean where a sum was asked for."
    return ""


def _factor_two(check: Check, expected: np.ndarray, got: np.ndarray) -> str:
    ratio = _ratio(check, expected, got)
    if np.isclose(ratio, 2, rtol=1e-3):
        return "The result is twice too large: look for a lost 1/2, or something counted twice."
    if np.isclose(ratio, 0.5, rtol=1e-3):
        return "The result is half of what it should be: look for a 1/2 too many, or a 2 lost from a derivative."
    return ""


def _factor(check: Check, expected: np.ndarray, got: np.ndarray) -> str:
    ratio = _ratio(check, expected, got) if np.unique(expected).size > 1 else np.nan
    return f"The result is {ratio:.4g} times what it should be, everywhere." if np.isfinite(ratio) else ""


def _reversed(check: Check, expected: np.ndarray, got: np.ndarray) -> str:
    if expected.ndim and expected.shape[0] > 1 and _close(check, expected[::-1], got):
        return "The numbers are right, and in reverse order."
    return ""


def _off_by_one(check: Check, expected: np.ndarray, got: np.ndarray) -> str:
    whole = np.array_equal(expected, np.round(expected)) and np.array_equal(got, np.round(got))
    counts = whole and np.abs(expected).max(initial=0) > 1  # between 0 and 1, a label is wrong, not off by one
    if counts and np.all(np.abs(got - expected) == 1) and np.unique(got - expected).size == 1:
        return f"The result is off by one: {'one too many' if (got - expected).flat[0] > 0 else 'one too few'}."
    if expected.ndim == 1 and expected.size > 3 and np.unique(expected).size > 2:
        if _close(check, expected[:-1], got[1:]) or _close(check, expected[1:], got[:-1]):
            return "The numbers are right, and shifted by one position."
    return ""


def _offset(check: Check, expected: np.ndarray, got: np.ndarray) -> str:
    if expected.size < 3 or np.unique(expected).size < 3:
        return ""
    shift = float(np.median(got - expected))
    return (
        f"Every number is off by the same amount, {shift:.4g}."
        if abs(shift) > 1e-6 and _close(check, expected + shift, got)
        else ""
    )


_DETECTORS = {
    "transposed": _transposed,
    "sign": _sign,
    "wrong_axis": _wrong_axis,
    "integer": _integer,
    "off_by_one": _off_by_one,
    "reversed": _reversed,
    "factor_n": _factor_n,
    "factor_two": _factor_two,
    "factor": _factor,
    "offset": _offset,
}


def _floats(value: Any) -> np.ndarray | None:
    if isinstance(value, (np.ndarray, bool, int, float)):
        return np.asarray(value, dtype=np.float64)
    return None


def _close(check: Check, expected: np.ndarray, got: np.ndarray) -> bool:
    return (
        expected.shape == got.shape and compare(expected, np.asarray(got), check.rtol, check.atol) is None
        if expected.ndim
        else bool(np.isclose(expected, got, rtol=check.rtol, atol=check.atol)) and expected != 0
    )


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
