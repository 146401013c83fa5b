"""What a case of the bank is: a submission, why it is made so, and what must come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hostile.assignment import NAME

LEVELS = ("none", "partial", "full")

# The four promises, each a test of its own for every case.
POINTS = "points"  # what was earned honestly stays, what was not is not given; status and incidents say what happened
SECRETS = "secrets"  # no canary in what a student gets, nor anywhere else
NEIGHBORS = "neighbors"  # those graded before and after get just what they get alone
CLEAN = "clean"  # no process, file, mount, socket or memory is left, and no file of the supervisor's has changed


# Every part of the hostile assignment that a check grades.
ALL = ("double", "mirror", "total", "average", "total.late", "draw", "classify", "area", "square")


@dataclass(frozen=True)
class Case:
    """One submission. Wherever `answers` says nothing, the answer is honest and right.

    name, why: a short name, and what is probed.
    answers: grade_id -> source, in which the marks of world.World.fill are replaced.
    own: cells of the student's: (after which grade_id, source).
    change: takes the notebook (a dict) and returns it changed, or as bytes.
    files: called with the student's folder, to put more (or other) files into it.
    lost: the parts that earn nothing. may_lose: right ones that the submission itself spoils, sooner or later. partial: part ->
    what it earns instead of all or nothing.
    status: "graded", "incident", "ungradable", or "" where two of them are sensible. says: words that stand in the incidents.
    tells: words that stand in a message of an exercise. silent: words that stand nowhere on the student's page.
    lower: parts whose points only a submission's own word vouches for; they must be marked assurance="lower".
    within: seconds, a generous bound where the attack itself is a long wait; 0 for none.
    level: the lowest level of isolation at which the promises hold.
    student: the end of the student's folder name. assignment: which of the two.
    broken: promise -> the defect that breaks it (a strict xfail until it is mended).
    """

    name: str
    why: str
    answers: Mapping[str, str] = field(default_factory=dict)
    own: tuple[tuple[str, str], ...] = ()
    change: Callable[[dict[str, Any]], dict[str, Any] | bytes] | None = None
    files: Callable[[Path], None] | None = None
    lost: tuple[str, ...] = ()
    may_lose: tuple[str, ...] = ()
    partial: Mapping[str, float] = field(default_factory=dict)
    status: str = "graded"
    says: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    within: float = 0.0
    level: str = "none"
    student: str = ""
    assignment: str = NAME
    broken: Mapping[str, str] = field(default_factory=dict)


def own(source: str, after: str = "given_imports") -> tuple[tuple[str, str], ...]:
    """One cell of the student's own: early, so that all that is graded comes after it."""
    return ((after, source),)
