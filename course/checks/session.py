"""Which chapter this notebook is, and where the result of a block of checks goes.

A notebook is one running conversation, and its cells share nothing but the interpreter; so the one object below is the
only state of the package, kept here and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from course import progress
from course.checks.records import Block


@dataclass
class Session:
    """chapter: its name. finish: what is done with a finished block. expectations: whether checks keep what is needed to
    judge them (never in a student's process while grading). reference_source: gives the reference's source of an
    exercise that another one needs; without it, see `reference.source`. rungs: how many hints were taken.
    measured: the names of the claims that were measured since the set-up. block: the block that is open."""

    chapter: str = ""
    finish: Callable[[Block], None] | None = None
    expectations: bool = True
    reference_source: Callable[[str], str | None] | None = None
    rungs: dict[str, int] = field(default_factory=dict)
    measured: set[str] = field(default_factory=set)
    block: object | None = None


current = Session()


def begin(chapter: str) -> None:
    """Called by `setup`: from here on the checks and hints are those of `chapter`."""
    if chapter != current.chapter:
        current.chapter = chapter
        current.rungs.clear()
    current.measured.clear()
    progress.begin(chapter)
