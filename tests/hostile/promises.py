"""The four promises, as tests of one case's outcome; each room of the bank imports them and gives its cases."""

from collections.abc import Sequence

import pytest

from course.grading.sandbox import probe
from hostile.assignment import parts
from hostile.bank import Bank, Outcome
from hostile.case import LEVELS, Case

MOST_TOLD = 20_000  # characters of all that is told to one student in incidents and messages


def promised(family: str, bank: Sequence[Case], promise: str):
    """The cases as parameters of the test of one promise. A known defect is a strict xfail: mended, it must be taken out."""
    names = [case.name for case in bank]
    assert len(set(names)) == len(names), f"two cases of {family} have one name"
    return [
        pytest.param(
            case,
            id=f"{family}-{case.name}",
            marks=[pytest.mark.xfail(strict=True, reason=case.broken[promise])] if promise in case.broken else [],
        )
        for case in bank
    ]


def holds(case: Case) -> bool:
    """Whether this machine's level of isolation is enough for what the case promises."""
    return LEVELS.index(probe().name) >= LEVELS.index(case.level)


def grade_selected(request, place) -> dict[str, Outcome]:
    """Grade those cases that are to be tested in this module now; a bank for each assignment."""
    selected = {
        item.callspec.params["case"].name: item.callspec.params["case"]
        for item in request.session.items
        if item.module is request.module and hasattr(item, "callspec") and "case" in item.callspec.params
    }
    outcomes: dict[str, Outcome] = {}
    for assignment in dict.fromkeys(case.assignment for case in selected.values()):
        chosen = [case for case in selected.values() if case.assignment == assignment and holds(case)]
        if chosen:
            outcomes |= Bank(place / assignment, chosen).grade()
    return outcomes


def outcome_of(outcomes: dict[str, Outcome], case: Case) -> Outcome:
    """What came of the case, where this level of isolation promises anything of it."""
    if not holds(case):
        pytest.skip(f"promised at the level {case.level}, and here is {probe().name}")
    outcome = outcomes[case.name]
    assert not outcome.stopped, f"the grading stopped: {outcome.stopped}"
    return outcome


def keeps_points(case: Case, outcome: Outcome) -> None:
    result = outcome.result
    earned = {score.part: score.points for score in result.exercises}
    expected = {part: 0.0 if part in case.lost else worth for part, worth in parts(case.assignment).items()}
    expected |= {"why": 0.0} if "why" in expected else {}  # graded by hand
    expected |= case.partial
    expected |= {part: earned[part] for part in case.may_lose if not earned[part]}
    for score in result.exercises:
        if score.part in case.lower and score.points:
            assert score.assurance == "lower", f"{score.part} was given on the submission's own word"
            expected[score.part] = score.points
    assert earned == expected, _told(outcome)
    assert result.points == pytest.approx(sum(expected.values()))
    assert result.status == case.status or not case.status and result.status in ("graded", "incident"), _told(outcome)
    for words in case.says:
        assert any(words in incident for incident in result.incidents), f"{words!r} is not in {result.incidents}"
    for words in case.tells:
        assert any(words in score.message for score in result.exercises), f"{words!r} is not in {_told(outcome)}"
    for words in case.silent:
        assert words not in outcome.page
    assert 0 <= result.cell_seconds <= result.total_seconds + 1
    assert len(_told(outcome)) < MOST_TOLD


def keeps_secrets(case: Case, outcome: Outcome) -> None:
    assert outcome.leaked == ()


def keeps_neighbors(case: Case, outcome: Outcome) -> None:
    assert outcome.neighbors == ()


def keeps_clean(case: Case, outcome: Outcome) -> None:
    assert outcome.left == ()
    assert outcome.breaches == ()


def _told(outcome: Outcome) -> str:
    result = outcome.result
    lines = [f"{s.part}: {s.points} {s.state}: {s.message}" for s in result.exercises if s.points < s.max_points]
    return "\n".join((result.status, *result.incidents, *lines))


__all__ = ["outcome_of", "grade_selected", "keeps_clean", "keeps_neighbors", "keeps_points", "keeps_secrets", "promised"]
