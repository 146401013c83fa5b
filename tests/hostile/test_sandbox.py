"""Submissions that try the machine: processes, files, memory, network. The four promises, case by case."""

import pytest

from hostile import files, memory, network, process
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

FAMILIES = {"process": process.CASES, "files": files.CASES, "memory": memory.CASES, "network": network.CASES}


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
