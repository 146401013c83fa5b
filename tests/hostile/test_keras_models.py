"""Submissions that try Keras and TensorFlow."""

import pytest

from course.grading.watch import Limits
from hostile import keras_cases
from hostile.promises import (  # noqa: F401
    test_nothing_leaks,
    test_points_are_what_was_earned,
    test_the_neighbors_get_what_they_get_alone,
    test_walls_hold_and_nothing_is_left,
)

pytestmark = pytest.mark.slow

FAMILIES = {"keras": keras_cases.CASES}
LIMITS = Limits(cpu_seconds=3.0, wall_seconds=60.0, own_seconds=2.0, memory_mb=1000, file_mb=8)
