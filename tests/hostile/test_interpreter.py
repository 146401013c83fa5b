"""Submissions that try their notebook, their values, the interpreter and what they print."""

import pytest

from course.grading.watch import Limits
from hostile import folders, notebooks, output, python, values
from hostile.promises import (  # noqa: F401
    test_nothing_leaks,
    test_points_are_what_was_earned,
    test_the_neighbors_get_what_they_get_alone,
    test_walls_hold_and_nothing_is_left,
)

pytestmark = pytest.mark.slow

FAMILIES = {"values": values.CASES, "notebooks": notebooks.CASES, "folders": folders.CASES, "python": python.CASES, "output": output.CASES}
LIMITS = Limits(cpu_seconds=3.0, own_seconds=1.0, memory_mb=400, file_mb=8, submission_seconds=90.0)
