"""What may be said of a hidden check: what kind of mistake it is, in words without a value, a shape or a message in them.

A student's code could put what it was called with into anything that it returns or raises. So of a hidden check nothing
is quoted.
"""

import builtins
from typing import Any

from course.checks.values import Raised

NOT_RIGHT = "What comes back is not right there."

_TEXTS = {
    "missing_return": "Nothing came back there: the function returns None. Does every way through it end in a `return`?",
    "wrong_kind": "What comes back there is of another kind than was asked for: a list for an array, for example.",
    "shape": "What comes back there has the wrong shape.",
    "transposed": "What comes back there is transposed: rows and columns are exchanged.",
    "wrong_axis": "It looks as if the wrong axis was summed or averaged over.",
    "not_finite": "NaN or infinity is where a finite number should be, or the other way round: an intermediate result overflowed "
    "or was undefined, such as exp of a large number, log of 0 or 0/0. Rearrange the formula so that it stays stable.",
    "in_place": "The value is right, but the function changed its input in place. Make a new array, or copy the input first.",
    "sign": "The sign is flipped: every number is the negative of what it should be.",
    "integer": "The numbers were cut to whole numbers: an integer division (//) or an integer array stands where floats are needed.",
    "factor_n": "The result is off by a factor that is a size of the input: a sum where a mean was asked for, or the other way round.",
    "factor_two": "The result is twice or half of what it should be: look for a lost 1/2, or something counted twice.",
    "factor": "Every number is the same multiple of what it should be.",
    "offset": "Every number is off by the same amount.",
    "off_by_one": "The numbers are off, or shifted, by one.",
    "reversed": "The numbers are right, and in reverse order.",
    "constant": "The same value comes back whatever the input: the answer ignores its arguments.",
    "not_random": "The same numbers came back where fresh random ones were asked for at each call.",
    "wrong_spread": "The random numbers do not have the distribution that was asked for.",
    "weights": "The model is not built as was asked: its weights have other shapes.",
    "outputs": "The model has the right weights, and does not compute with them what was asked for: look at the activation of each "
    "layer, at their order, and at whether a softmax belongs at the end.",
    "too_low": "Too few of the answers are right there.",
    "no_error": "An error was asked for there, and none was raised.",
    "wrong_error": "Another kind of error was asked for there.",
    "incomplete": "The checks stopped before their end.",
}


def plain(diagnosis: str, got: Any = None) -> str:
    """The sentence for a diagnosis. got: what came back, of which at most the name of a well-known exception is told."""
    if diagnosis == "raised":
        return f"The call stopped with {_exception(got)} there."
    return _TEXTS.get(diagnosis, NOT_RIGHT)


def _exception(got: Any) -> str:
    known = isinstance(got, Raised) and isinstance(getattr(builtins, got.type, None), type)
    return f"`{got.type}`" if known else "an error"
