"""Checks whose right answers are many: a random array, a model, a classifier. What must hold is a rule, judged here.

Each rule takes the check and the canonical value that came back, and returns a Mismatch, or None when all is well.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.compare import Mismatch, compare
from course.checks.records import Check
from course.checks.values import Raised

# How many standard errors a statistic of a random array may be from its target: a right answer fails once in 10^7.
SIGMAS = 5.3
GRID = 4_000


def sample(check: Check, got: Any) -> Mismatch | None:
    """A random array: shape, mean, standard deviation and distribution.

    expected: {"mean", "std"} where the target is stated, {"array"} where the reference's own sample is. The standard
    error of a mean is std/sqrt(n); that of a standard deviation is std*sqrt((kurtosis - 1)/(4n)), for a normal
    sample std/sqrt(2n), and the sample's own kurtosis is used. The distributions are compared by the two-sample
    Kolmogorov-Smirnov statistic, whose 10^-7 quantile is about 2.9 sqrt(2/n) (Smirnov 1948).
    """
    if isinstance(got, Raised):
        return compare({}, got)
    if not isinstance(got, dict) or not {"array", "again"} <= got.keys():
        return Mismatch("wrong_kind", "this is no random array", check.expected, got)
    array, again = got["array"], got["again"]
    expected = check.expected
    if "array" in expected:
        wrong = compare(_blank(expected["array"]), _blank(array))
    else:
        wrong = compare(_blank(array), _blank(array)) if isinstance(array, np.ndarray) else compare(np.zeros(2), array)
    if wrong:
        return wrong
    array = array.astype(np.float64)
    if array.size < 2:  # no comparison with the NaN that would be its spread may pass for a right one
        return Mismatch("wrong_spread", f"the random array has {array.size} elements: too few to be judged", expected, array)
    if not np.isfinite(array).all():
        return Mismatch("wrong_spread", "the random array holds NaN or infinity", expected, array)
    if array.std() == 0 or np.array_equal(array, again):
        return Mismatch(
            "not_random",
            "the same numbers came back where fresh random ones were asked for at each call",
            expected,
            array,
        )
    if "array" in expected:
        return _against_sample(expected["array"].astype(np.float64), array)
    return _against_moments(expected["mean"], expected["std"], array)


def _blank(value: Any) -> Any:
    return np.zeros_like(value) if isinstance(value, np.ndarray) else value


def _against_moments(mean: float, std: float, array: np.ndarray) -> Mismatch | None:
    n = array.size
    if abs(array.mean() - mean) > SIGMAS * std / np.sqrt(n):
        return Mismatch(
            "wrong_spread",
            f"the mean of {n} random numbers is {array.mean():.4g}, and should be near {mean:.4g}",
            mean,
            array.mean(),
        )
    kurtosis = ((array - array.mean()) ** 4).mean() / array.std() ** 4
    if abs(array.std() - std) > SIGMAS * array.std() * np.sqrt(max(kurtosis - 1, 0.5) / (4 * n)):
        return Mismatch(
            "wrong_spread",
            f"the standard deviation of {n} random numbers is {array.std():.4g}, and should be near {std:.4g} "
            f"({array.std() / std:.3g} times as much)",
            std,
            array.std(),
        )
    return None


def _against_sample(reference: np.ndarray, array: np.ndarray) -> Mismatch | None:
    n = array.size
    a, b = np.sort(reference, axis=None), np.sort(array, axis=None)
    # The two distribution functions are furthest apart just before or just at a value of the reference's sample. Of a large
    # one, some thousand are looked at, which can miss no more than one part in so many.
    at = a[:: max(n // GRID, 1)]
    distance = max(np.abs(np.searchsorted(a, at, s) - np.searchsorted(b, at, s)).max() for s in ("left", "right")) / n
    if distance <= 2.9 * np.sqrt(2 / n):
        return None
    ratio = array.std() / reference.std()
    said = (
        f"its standard deviation is {ratio:.3g} times what it should be"
        if abs(ratio - 1) > 0.02
        else "its mean is off"
        if abs(array.mean() - reference.mean()) > SIGMAS * reference.std() * np.sqrt(2 / n)
        else "its spread is right and its distribution is not (uniform and normal differ, for example)"
    )
    return Mismatch(
        "wrong_spread", f"the random array does not have the distribution that was asked for: {said}", ratio, 1.0
    )


def model(check: Check, got: Any) -> Mismatch | None:
    """A Keras model: its output shape and number of parameters, the shapes of its weights, and what it computes on
    given inputs once those weights are set to given values. How it was written does not matter."""
    expected = check.expected
    if not _is_model(got):
        return (isinstance(got, Raised) and compare({}, got)) or Mismatch(
            "wrong_kind", "this is no Keras model", expected, got
        )
    if "output_shape" in expected and tuple(expected["output_shape"]) != tuple(got["output_shape"]):
        return Mismatch(
            "weights",
            f"the model's output has the shape {got['output_shape']}, and should have {tuple(expected['output_shape'])}",
            expected,
            got,
        )
    if "parameters" in expected and expected["parameters"] != got["parameters"]:
        return Mismatch(
            "weights",
            f"the model has {got['parameters']:,} parameters, and should have {expected['parameters']:,}",
            expected,
            got,
        )
    if "weights" in expected and compare(expected["weights"], got["weights"], 0, 0):
        return Mismatch(
            "weights",
            f"the weights have the shapes {got['weights']}, and should have {expected['weights']}",
            expected,
            got,
        )
    if "outputs" in expected:
        wrong = compare(expected["outputs"], got["outputs"], max(check.rtol, 1e-3), max(check.atol, 1e-5))
        if wrong:
            return Mismatch(
                "outputs", _output_sentence(expected["outputs"], got["outputs"]), expected["outputs"], got["outputs"]
            )
    return None


def _is_model(got: Any) -> bool:
    """Whether this has the form of `models.describe`."""
    return (
        isinstance(got, dict)
        and type(got.get("parameters")) is int
        and isinstance(got.get("output_shape"), (tuple, list))
        and {"weights", "outputs"} <= got.keys()
    )


def _output_sentence(expected: Any, got: Any) -> str:
    text = "with the same weights in place, the model computes something else than asked"
    if (
        isinstance(got, np.ndarray)
        and isinstance(expected, np.ndarray)
        and got.shape == expected.shape
        and got.ndim == 2
    ):
        sums = np.allclose(expected.sum(-1), 1, atol=1e-3), np.allclose(got.sum(-1), 1, atol=1e-3)
        if sums == (True, False):
            return text + ": its outputs do not sum to one, so the softmax at its end is missing"
        if sums == (False, True):
            return text + ": its outputs sum to one, and logits (no softmax) were asked for"
    return text + ": look at the activation of each layer and at their order"


def accuracy(check: Check, got: Any) -> Mismatch | None:
    """A classifier, judged by the share of held-back examples that it gets right."""
    if isinstance(got, Raised):
        return compare({}, got)
    labels, at_least = check.expected["labels"], check.expected["at_least"]
    if isinstance(got, np.ndarray) and got.ndim == 2 and got.shape[1] > 1:
        got = got.argmax(axis=1)
    elif isinstance(got, np.ndarray) and got.ndim == 2 and got.shape[1] == 1:
        got = (got[:, 0] > 0.5).astype(int) if got.dtype.kind == "f" else got[:, 0]
    wrong = compare(_blank(labels), _blank(got))
    if wrong:
        return wrong
    reached = float(np.mean(got == labels))
    if reached >= at_least:
        return None
    return Mismatch(
        "too_low",
        f"{reached:.1%} of the held-back examples are right, and at least {at_least:.1%} were asked for",
        at_least,
        reached,
    )


def raises(check: Check, got: Any) -> Mismatch | None:
    """A call that must end in an exception of a given type."""
    if not isinstance(got, Raised):
        return Mismatch(
            "no_error", f"a value came back where {check.expected.type} was to be raised", check.expected, got
        )
    if got.unanswered and check.expected.type != "NotImplementedError":
        return compare({}, got)
    if check.expected.type in (got.type, *got.bases):
        return None
    return Mismatch(
        "wrong_error", f"{got.type} was raised where {check.expected.type} was asked for", check.expected, got
    )


RULES: dict[str, Callable[[Check, Any], Mismatch | None]] = {
    "sample": sample,
    "model": model,
    "accuracy": accuracy,
    "raises": raises,
}
