"""Lessons whose experiments grow with the machine: what their source asks for, and what their ledgers say of it."""

import ast
from pathlib import Path

import pytest

from course.authoring.ledger import read_ledger
from course.authoring.run import LIMIT_S, lesson_names
from course.authoring.source import Claim, Source, read_source

ROOT = Path(__file__).parent.parent


def sizes(source: Source) -> list[dict]:
    """What each call of `scale` in a lesson's cells gives, by scale."""
    cells = [cell.source for cell in source.cells if cell.cell_type == "code"]
    calls = [node for cell in cells for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Call)]
    asked = [call.keywords for call in calls if isinstance(call.func, ast.Name) and call.func.id == "scale"]
    return [{keyword.arg: ast.literal_eval(keyword.value) for keyword in keywords} for keywords in asked if keywords]


def holds(claim: Claim, kept: float) -> bool:
    """A ledger keeps six digits."""
    return claim.holds(kept) or f"{claim.value:.6g}" == f"{kept:.6g}"


def measured(chapter: str) -> list[tuple[str, str, dict]]:
    """(backend, scale, entry) for each entry of a lesson's ledger."""
    ledger = read_ledger(ROOT, chapter)
    return [(name.split()[0], (name.split() + ["cpu"])[1], entry) for name, entry in ledger.items()]


LESSONS = {name: read_source(ROOT / "lessons" / name / f"{name}.py") for name in lesson_names(ROOT)}
SCALED = [name for name, source in LESSONS.items() if sizes(source)]


def test_there_are_lessons_that_grow_with_the_machine():
    assert len(SCALED) >= 4


@pytest.mark.parametrize("chapter", LESSONS)
def test_what_a_ledger_records_holds_every_claim_of_its_scale_and_no_other(chapter):
    claims = LESSONS[chapter].front.claims
    entries = measured(chapter)
    assert {"tensorflow", "jax"} <= {backend for backend, scale, _ in entries if scale == "cpu"}
    for backend, scale, entry in entries:
        values = entry["claims"]
        assert set(values) == {claim.name for claim in claims}, (backend, scale)
        missed = [claim.name for claim in claims if not holds(claim.at(scale), values[claim.name])]
        assert not missed, (backend, scale)


@pytest.mark.parametrize("chapter", LESSONS)
def test_at_the_scale_of_a_laptop_a_lesson_was_measured_within_its_limit(chapter):
    seconds = {backend: entry["seconds"] for backend, scale, entry in measured(chapter) if scale == "cpu"}
    assert max(seconds.values()) <= LIMIT_S, seconds


@pytest.mark.parametrize("chapter", SCALED)
def test_what_grows_differs_and_an_entry_at_a_larger_scale_says_where_it_was_measured(chapter):
    assert all({"cpu", "gpu"} <= set(given) and given["cpu"] != given["gpu"] for given in sizes(LESSONS[chapter]))
    larger = [entry for _, scale, entry in measured(chapter) if scale == "gpu"]
    assert larger and all(entry["device"] for entry in larger)


@pytest.mark.parametrize("chapter", LESSONS)
def test_a_lesson_asks_for_a_gpu_and_has_claims_for_one_if_and_only_if_something_grows_there(chapter):
    front = LESSONS[chapter].front
    assert any(claim.scales for claim in front.claims) == (front.accelerator == "GPU") == (chapter in SCALED)
