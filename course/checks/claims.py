"""A number that a lesson states, said aloud by the cell that computed it, so that `course run` can hold it."""

from typing import Any

from course import progress
from course.checks.session import current

CLAIM_TYPE = "application/vnd.course.claim+json"


def claim(name: str, value: Any) -> None:
    """Show `value` (a number) under the `name` it has in the ledger, and leave it in the cell's output for `course run`."""
    number = float(value)
    current.measured.add(name)
    progress.measured(current.chapter, current.measured)
    try:
        from IPython.display import display
    except ImportError:  # a plain Python run of a lesson: the line alone
        print(f"{name} = {number:.6g}")
        return
    display({CLAIM_TYPE: {"name": name, "value": number}, "text/plain": f"{name} = {number:.6g}"}, raw=True)
