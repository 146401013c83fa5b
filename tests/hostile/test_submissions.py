"""Submissions that try their notebook, their values, the interpreter and what they print: the four promises, case by case."""

import pytest

from hostile import notebooks, output, python, replies, timing, values
from hostile.case import CLEAN, NEIGHBORS, POINTS, SECRETS
from hostile.promises import (
    grade_selected,
    keeps_clean,
    keeps_neighbors,
    keeps_points,
    keeps_secrets,
    outcome_of,
    promised,
)

pytestmark = pytest.mark.slow

FAMILIES = {"values": values.CASES, "notebooks": notebooks.CASES, "python": python.CASES, "output": output.CASES, "replies": replies.CASES, "timing": timing.CASES}


def all_promised(promise):
    return [param for family, cases in FAMILIES.items() for param in promised(family, cases, promise)]


@pytest.fixture(scope="module")
def outcomes(request, tmp_path_factory):
    return grade_selected(request, tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("case", all_promised(POINTS))
def test_points_are_what_was_earned(outcomes, case):
    keeps_points(case, outcome_of(outcomes, case))


@pytest.mark.parametrize("case", all_promised(SECRETS))
def test_nothing_leaks(outcomes, case):
    keeps_secrets(case, outcome_of(outcomes, case))


@pytest.mark.parametrize("case", all_promised(NEIGHBORS))
def test_the_neighbors_get_what_they_get_alone(outcomes, case):
    keeps_neighbors(case, outcome_of(outcomes, case))


@pytest.mark.parametrize("case", all_promised(CLEAN))
def test_walls_hold_and_nothing_is_left(outcomes, case):
    keeps_clean(case, outcome_of(outcomes, case))
