"""The four promises, as tests of what came of one case. Each test module of the bank imports them."""

import pytest

from course.grading.sandbox import probe
from hostile.assignment import parts
from hostile.bank import Outcome
from hostile.case import CLEAN, LEVELS, NEIGHBORS, POINTS, SECRETS, Case

MOST_TOLD = 20_000  # characters of all that is told to one student in incidents and messages
MOST_SHOWN = 2_000_000  # characters of a page


def promise(name: str):
    """Marks a test as that of one promise."""

    def mark(test):
        test.promise = name
        return test

    return mark


def holds(case: Case) -> bool:
    """Whether this machine's level of isolation is enough for what the case promises."""
    return LEVELS.index(probe().name) >= LEVELS.index(case.level)


@promise(POINTS)
def test_points_are_what_was_earned(outcomes, case):
    outcome = _outcome(outcomes, case)
    result, told = outcome.result, _told(outcome)
    earned = {score.part: score.points for score in result.exercises}
    expected = {part: 0.0 if part in case.lost else worth for part, worth in parts(case.assignment).items()}
    expected |= {"why": 0.0} if "why" in expected else {}  # graded by hand
    expected |= case.partial
    expected |= {part: 0.0 for part in case.may_lose if not earned[part]}
    for score in result.exercises:
        if score.part in case.lower and score.points:
            assert score.assurance == "lower", f"{score.part} was given on the submission's own word"
            expected[score.part] = score.points
    assert earned == expected, told
    assert result.points == pytest.approx(sum(expected.values()))
    assert result.status == case.status or not case.status and result.status in ("graded", "incident"), told
    for words in case.says:
        assert any(words in incident for incident in result.incidents), f"{words!r} is not in {result.incidents}"
    for words in case.tells:
        assert any(words in score.message for score in result.exercises), f"{words!r} is not in {told}"
    for words in case.silent:
        assert words not in outcome.page
    assert 0 <= result.cell_seconds <= result.total_seconds + 1
    assert len(told) < MOST_TOLD
    assert len(outcome.page) < MOST_SHOWN
    assert not case.within or result.total_seconds < case.within


@promise(SECRETS)
def test_nothing_leaks(outcomes, case):
    assert _outcome(outcomes, case).leaked == ()


@promise(NEIGHBORS)
def test_the_neighbors_get_what_they_get_alone(outcomes, case):
    assert _outcome(outcomes, case).neighbors == ()


@promise(CLEAN)
def test_walls_hold_and_nothing_is_left(outcomes, case):
    outcome = _outcome(outcomes, case)
    assert outcome.left == ()
    assert outcome.breaches == ()


def _outcome(outcomes: dict[str, Outcome], case: Case) -> Outcome:
    """What came of the case, where this level of isolation promises anything of it."""
    if not holds(case):
        pytest.skip(f"promised at the level {case.level}, and here is {probe().name}")
    outcome = outcomes[case.name]
    assert not outcome.stopped, f"the grading stopped: {outcome.stopped}"
    return outcome


def _told(outcome: Outcome) -> str:
    result = outcome.result
    lines = [f"{s.part}: {s.points} {s.state}: {s.message}" for s in result.exercises if s.points < s.max_points]
    return "\n".join((result.status, *result.incidents, *lines))
