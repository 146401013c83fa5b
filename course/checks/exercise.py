"""`with check.exercise("softmax"):` and the checks inside it. Here values are observed; nothing here says right or wrong."""

import linecache
import random
import sys
import zlib
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import numpy as np

from course.checks import chapter as chapters
from course.checks.calling import copies, identical, observe, title
from course.checks.records import MISSING, Block, Check, Observation
from course.checks.session import current
from course.checks.swapping import restore, swap_in_references
from course.checks.values import Raised, canonical, raised


class _OpenBlock:
    """The block being filled: what `Block` holds, while it grows."""

    def __init__(self, part: str, namespace: dict[str, Any]):
        self.part = part
        self.namespace = namespace
        self.hidden = False
        self.checks: list[Check] = []
        self.observations: list[Observation] = []
        self.mistakes: dict[str, Callable] = {}
        if current.expectations:
            self.mistakes = chapters.mistake_functions(current.chapter, part.partition(".")[0], namespace)

    def add(self, check: Check, observation: Observation) -> None:
        self.checks.append(check)
        self.observations.append(observation)


@contextmanager
def exercise(part: str, needs: str = ""):
    """All checks of one graded cell. `part`: the exercise, or the exercise and its part ("softmax.stable").

    needs: another exercise whose function the answer calls (several: separated by spaces). When grading, the
    reference's function takes its place, so that one mistake is counted once.
    """
    cell = sys._getframe(2)
    namespace = cell.f_globals
    wanted = tuple(needs.split())
    saved = swap_in_references(wanted, namespace, "".join(linecache.getlines(cell.f_code.co_filename)))
    _seed(part)
    block = current.block = _OpenBlock(part, namespace)
    error: Raised | None = None
    try:
        yield
    except Exception as problem:  # noqa: BLE001  whatever breaks the block is told as part of its verdict, not as a traceback
        error = raised(problem)
    finally:
        current.block = None
        restore(saved, namespace)
    swapped = wanted if saved else ()
    current.finish(Block(part, wanted, swapped, tuple(block.checks), tuple(block.observations), error))


def call(
    function: Callable,
    *arguments,
    expect: Any = MISSING,
    about: str = "",
    why: str = "",
    diagnosis: str = "",
    rtol: float = 1e-4,
    atol: float = 1e-6,
    may_change: bool = False,
    **keywords,
) -> None:
    """Call `function(*arguments, **keywords)` on copies, and observe what comes back and whether an argument was changed.

    expect: the right answer (visible checks); without it the reference solution gives it (hidden checks).
    about: the property that is checked, in a few words. why, diagnosis: what to say when it fails and nothing fits better.
    rtol, atol: the tolerance, as in `compare`. may_change: the function is asked to change its arguments.
    """
    before = [canonical(a) for a in arguments]
    given, keyword_copies = copies(arguments, keywords)
    value = observe(function, given, keyword_copies)
    changed = tuple(
        i
        for i, (a, b) in enumerate(zip(given, before, strict=True))
        if type(a) in (np.ndarray, list, dict) and not identical(canonical(a), b)
    )
    _record(
        "call",
        lambda: title(function, before, keywords),
        Observation(value, changed),
        expect,
        about,
        why,
        diagnosis,
        rtol,
        atol,
        may_change,
        tuple(before),
        lambda mistake: observe(mistake, *copies(arguments, keywords)),
    )


def value(
    what: str,
    got: Any,
    expect: Any = MISSING,
    about: str = "",
    why: str = "",
    diagnosis: str = "",
    rtol: float = 1e-4,
    atol: float = 1e-6,
) -> None:
    """Observe a value that the cell computed; `what` names it."""
    _record("value", lambda: what, Observation(canonical(got)), expect, about, why, diagnosis, rtol, atol)


def raises(
    function: Callable,
    *arguments,
    error: type[Exception] = ValueError,
    about: str = "",
    why: str = "",
    diagnosis: str = "",
    **keywords,
) -> None:
    """The call must end in an exception of type `error`."""
    given, keyword_copies = copies(arguments, keywords)
    got = observe(function, given, keyword_copies)
    _record(
        "raises",
        lambda: f"{title(function, [canonical(a) for a in arguments], keywords)} raises {error.__name__}",
        Observation(got if isinstance(got, Raised) else None),
        Raised(error.__name__, ""),
        about,
        why,
        diagnosis,
    )


def sample(
    function: Callable,
    *arguments,
    expect: tuple[float, float] | Any = MISSING,
    about: str = "",
    why: str = "",
    diagnosis: str = "",
    **keywords,
) -> None:
    """A function that returns random arrays. expect: (mean, standard deviation); without it, the reference's own sample."""
    given, keyword_copies = copies(arguments, keywords)
    first = observe(function, given, keyword_copies)
    again = observe(function, given, keyword_copies) if isinstance(first, np.ndarray) else None
    got = {"array": first, "again": again} if isinstance(first, np.ndarray) else first
    known = current.expectations and expect is not MISSING
    target = {"mean": float(expect[0]), "std": float(expect[1])} if known else MISSING
    _record(
        "sample",
        lambda: title(function, [canonical(a) for a in arguments], keywords),
        Observation(got),
        target,
        about,
        why,
        diagnosis,
    )


def model(
    build: Any,
    x: Any,
    expect: dict | Any = MISSING,
    about: str = "",
    why: str = "",
    diagnosis: str = "",
    rtol: float = 1e-3,
    atol: float = 1e-5,
) -> None:
    """A Keras model (or the function that builds it): its weights' shapes, and what it computes on `x` with given weights."""
    from course.checks import models  # keras is needed only here

    got = observe(models.describe, [build, x], {})
    _record(
        "model",
        lambda: f"{getattr(build, '__name__', 'the model')}()",
        Observation(got),
        expect,
        about,
        why,
        diagnosis,
        rtol,
        atol,
    )


def accuracy(
    predict: Callable, x: Any, labels: Any, at_least: float, about: str = "", why: str = "", diagnosis: str = ""
) -> None:
    """A classifier: `predict(x)` gives labels (n,), or scores (n, classes); at least this share of `labels` must be met."""
    got = observe(predict, *copies([x], {}))
    _record(
        "accuracy",
        lambda: f"{getattr(predict, '__name__', 'predict')}(x) is right for at least {at_least:.0%}",
        Observation(got),
        {"labels": np.asarray(labels), "at_least": float(at_least)},
        about,
        why,
        diagnosis,
    )


def slope(function: Callable[[np.ndarray], float], x: Any, step: float = 1e-5) -> np.ndarray:
    """The gradient of a scalar `function` at `x`, measured by central differences (f(x+h) - f(x-h)) / 2h, in float64."""
    x = np.array(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + step
        above = float(function(x.copy()))
        x[index] = kept - step
        below = float(function(x.copy()))
        x[index] = kept
        gradient[index] = (above - below) / (2 * step)
    return gradient


def hidden(state: bool = True) -> None:
    """Marks the checks that follow as hidden: their inputs and expected values are never told. The grader puts it in
    the place of nbgrader's BEGIN HIDDEN TESTS."""
    if current.block is not None:
        current.block.hidden = state


def _record(
    kind: str,
    title: Callable[[], str],
    observation: Observation,
    expect: Any,
    about: str = "",
    why: str = "",
    diagnosis: str = "",
    rtol: float = 1e-4,
    atol: float = 1e-6,
    may_change: bool = False,
    arguments: tuple = (),
    evaluate: Callable[[Callable], Any] | None = None,
) -> None:
    block = current.block
    if block is None:
        raise RuntimeError('a check stands outside of `with check.exercise("..."):`')
    if not current.expectations:
        block.add(Check(kind, ""), observation)
        return
    mistakes = {name: evaluate(f) for name, f in block.mistakes.items()} if evaluate else {}
    mistakes = {name: v for name, v in mistakes.items() if not isinstance(v, Raised)}
    expected = expect if expect is MISSING or kind == "accuracy" else canonical(expect)
    hidden_here = block.hidden or expect is MISSING
    block.add(
        Check(kind, title(), about, hidden_here, arguments, expected, mistakes, rtol, atol, may_change, diagnosis, why),
        observation,
    )


def _seed(part: str) -> None:
    """The same random numbers for every run of these checks, and for the reference's."""
    seed = zlib.crc32(part.encode())
    random.seed(seed)
    np.random.seed(seed % 2**32)
    keras = sys.modules.get("keras")
    if keras is not None and hasattr(keras, "utils"):
        keras.utils.set_random_seed(seed % 2**31)
