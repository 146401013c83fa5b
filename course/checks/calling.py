"""Calling a student's function: on copies of the arguments, with every outcome an observation and none an accident."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.values import canonical, raised, show


def observe(function: Callable, arguments: list, keywords: dict) -> Any:
    """What the call gives, in canonical form: its value, or the exception that ended it."""
    try:
        return canonical(function(*arguments, **keywords))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  sys.exit() in an answer is a wrong answer, not the end of the checks
        return raised(error)


def copies(arguments, keywords) -> tuple[list, dict]:
    """Copies of everything that a function could change in place."""
    return [_copy(a) for a in arguments], {k: _copy(v) for k, v in keywords.items()}


def _copy(value: Any) -> Any:
    return copy.deepcopy(value) if isinstance(value, (np.ndarray, list, dict, tuple, np.random.Generator)) else value


def identical(a: Any, b: Any) -> bool:
    """Whether two canonical values are the same to the last bit."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(identical(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(identical(a[k], b[k]) for k in a)
    return type(a) is type(b) and (a == b or a != a)


def title(function: Callable, arguments: list, keywords: dict) -> str:
    """The call as code, shortened."""
    given = [show(a, 100) for a in arguments] + [f"{k}={show(canonical(v), 60)}" for k, v in keywords.items()]
    return f"{getattr(function, '__name__', 'the function')}({', '.join(given)})"[:400]
