"""Submissions that do not end, or answer in the place of the grader."""

import pytest

from course.grading.watch import Limits
from hostile import replies, timing
from hostile.promises import (  # noqa: F401
    test_nothing_leaks,
    test_points_are_what_was_earned,
    test_the_neighbors_get_what_they_get_alone,
    test_walls_hold_and_nothing_is_left,
)

pytestmark = pytest.mark.slow

FAMILIES = {"timing": timing.CASES, "replies": replies.CASES}
# Small, so that what has to be stopped is stopped soon; an honest submission of the bank needs a hundredth.
LIMITS = Limits(cpu_seconds=2.0, wall_seconds=6.0, own_seconds=0.5, memory_mb=400, submission_seconds=20.0)
