"""What a check is, and what it saw: the two records that pass between a notebook, the grader's child and the supervisor."""

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from course.checks.values import Raised


class Missing:
    """The mark for "no expected value given here": the reference solution gives it."""

    def __repr__(self) -> str:
        return "the reference's value"


MISSING = Missing()


@dataclass(frozen=True)
class Check:
    """One question to an answer, with all that is needed to judge it. Held by the trusted side only.

    kind: "call", "value", "raises", "sample", "model" or "accuracy".
    title: what is asked, as code where that is short ("softmax([[0.0, 0.0]])").
    arguments: canonical copies of what the function is called with, for diagnoses.
    expected: a canonical value, or MISSING. mistakes: what each known mistake gives on the same arguments.
    """

    kind: str
    title: str
    about: str = ""
    hidden: bool = False
    arguments: tuple = ()
    expected: Any = MISSING
    mistakes: dict[str, Any] = field(default_factory=dict)
    rtol: float = 1e-4
    atol: float = 1e-6
    may_change: bool = False
    diagnosis: str = ""
    why: str = ""


@dataclass(frozen=True)
class Observation:
    """What came back from one check: a canonical value, and which arguments were changed in place (by position)."""

    value: Any
    changed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Block:
    """All checks of one `with check.exercise(...)` block, in order. `error`: what broke the block itself, if anything."""

    part: str
    needs: tuple[str, ...] = ()
    swapped: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    observations: tuple[Observation, ...] = ()
    error: Raised | None = None

    @property
    def exercise(self) -> str:
        return self.part.partition(".")[0]


def align(expected: Any, got: Any) -> Any:
    """`expected` as given in a notebook, in the form that is compared: a list of numbers there means an array, unless
    a list is what came back."""
    if isinstance(expected, list) and not isinstance(got, list):
        try:
            array = np.array(expected)
        except ValueError:
            return expected
        return array if array.dtype.kind in "biuf" and array.ndim else expected
    if isinstance(expected, tuple) and isinstance(got, (tuple, list)) and len(expected) == len(got):
        return tuple(align(e, g) for e, g in zip(expected, got, strict=True))
    if isinstance(expected, dict) and isinstance(got, dict):
        return {k: align(v, got.get(k)) for k, v in expected.items()}
    return expected


def to_document(block: Block) -> dict[str, Any]:
    """The block as one canonical value, for the wire. A missing expected value is left out."""
    return {
        "part": block.part,
        "needs": list(block.needs),
        "swapped": list(block.swapped),
        "checks": [
            {f.name: getattr(c, f.name) for f in fields(Check) if getattr(c, f.name) is not MISSING}
            for c in block.checks
        ],
        "observations": [[o.value, list(o.changed)] for o in block.observations],
        "error": block.error,
    }


def from_document(document: dict[str, Any]) -> Block:
    """The inverse of `to_document`. Raises KeyError, TypeError or ValueError when the document is no block."""
    return Block(
        part=str(document["part"]),
        needs=tuple(map(str, document["needs"])),
        swapped=tuple(map(str, document["swapped"])),
        checks=tuple(Check(**c) for c in document["checks"]),
        observations=tuple(Observation(value, tuple(map(int, changed))) for value, changed in document["observations"]),
        error=document["error"] if isinstance(document["error"], Raised) else None,
    )
