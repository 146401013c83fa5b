"""Which submitted cell is which released cell: by grade_id, then by text, by name, by likeness, and by place."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from course.grading.notebook import RawCell
from course.grading.released import Cell, Notebook, assigned_names, defined_names, normal
from course.grading.repairs import parse

_LIKE_ENOUGH = {"solution": 0.6, "tests": 0.75, "given": 0.75, "task": 0.75, "own": 0.6, "markdown": 0.6}
_MOST_CHARACTERS = 2_000  # of a cell, when likeness is measured
_MOST_COMPARED = 5  # cells for each missing one, those that share most words with it
_MOST_CELLS = 200  # a notebook with more unknown cells than this is matched by id, text and name alone


@dataclass(frozen=True)
class Matching:
    """Indices into the released cells and into the submitted ones."""

    holders: Mapping[int, tuple[int, ...]]  # released cell -> the submitted cells that hold it, in submitted order
    repeats: frozenset[int]  # submitted cells that only repeat a released cell
    unknown: tuple[int, ...]  # submitted cells that are the student's own
    recognized: frozenset[int]  # released cells with an id that were found without it


def match(submitted: Sequence[RawCell], notebook: Notebook) -> Matching:
    released = notebook.cells
    holders: dict[int, list[int]] = defaultdict(list)
    unknown: dict[int, RawCell] = {}

    def hold(pairs: Iterable[tuple[int, int]]) -> None:
        for place, index in pairs:
            holders[place].append(index)
            unknown.pop(index, None)

    def missing(*kinds: str) -> dict[int, Cell]:
        return {place: cell for place, cell in enumerate(released) if cell.kind in kinds and place not in holders}

    place_of = {cell.id: place for place, cell in enumerate(released) if cell.id}
    for index, cell in enumerate(submitted):
        if cell.grade_id in place_of:
            hold([(place_of[cell.grade_id], index)])
        elif cell.source.strip():
            unknown[index] = cell
    found_by_id = frozenset(holders)

    same, repeats = _by_text(unknown, notebook, holders)
    hold(same)
    for index in repeats:
        del unknown[index]
    hold(_by_name(submitted, unknown, notebook, holders))
    hold(_by_likeness(unknown, missing(*_LIKE_ENOUGH), notebook))
    hold(_by_place(unknown, missing("solution"), holders, ("code", "raw")))
    hold(_by_place(unknown, missing("answer"), holders, ("markdown", "raw")))
    texts = [index for index, cell in unknown.items() if cell.cell_type == "markdown"]
    if len(texts) == 1 and len(missing("answer")) == 1:
        hold([(*missing("answer"), *texts)])

    return Matching(
        holders={place: tuple(sorted(indices)) for place, indices in holders.items()},
        repeats=frozenset(repeats),
        unknown=tuple(sorted(unknown)),
        recognized=frozenset(place for place in holders if place not in found_by_id and released[place].id),
    )


def expected_names(cell: Cell, notebook: Notebook) -> frozenset[str]:
    """The names that an answer to this solution cell defines: functions and classes, or else variables."""
    stub = notebook.stubs.get(cell.id, "")
    return defined_names(stub) or defined_names(cell.source) or assigned_names(cell.source)


def names_in(source: str) -> frozenset[str]:
    return defined_names(source) | assigned_names(source)


def _by_text(
    unknown: Mapping[int, RawCell], notebook: Notebook, holders: Mapping[int, Sequence[int]]
) -> tuple[list[tuple[int, int]], list[int]]:
    """Cells with the very text of a released cell, and those that only repeat one which is held already."""
    free: dict[str, list[int]] = {}
    for place, cell in enumerate(notebook.cells):
        places = free.setdefault(normal(notebook.shown(cell)), [])
        if place not in holders:
            places.append(place)
    pairs, repeats = [], []
    for index, cell in unknown.items():
        places = free.get(normal(cell.source))
        if places:
            pairs.append((places.pop(0), index))
        elif places is not None:
            repeats.append(index)
    return pairs, repeats


def _by_name(
    submitted: Sequence[RawCell],
    unknown: Mapping[int, RawCell],
    notebook: Notebook,
    holders: Mapping[int, Sequence[int]],
) -> list[tuple[int, int]]:
    """Unknown cells that define what a missing or unanswered solution cell should define."""
    pairs = []
    taken: set[int] = set()
    for place, cell in enumerate(notebook.cells):
        held = [submitted[index].source for index in holders.get(place, ())]
        if cell.kind != "solution" or any(not notebook.unanswered(cell.id, source) for source in held):
            continue
        names = expected_names(cell, notebook)
        found = [index for index, own in unknown.items() if index not in taken and names & _names_in_code(own)]
        pairs += [(place, index) for index in found]
        taken.update(found)
    return pairs


def _names_in_code(cell: RawCell) -> frozenset[str]:
    """As `names_in`; text that only shows code (in a fence, say) brings no names, a code cell turned into text does."""
    if cell.cell_type == "markdown" and parse(cell.source) is None:
        return frozenset()
    return names_in(cell.source)


def _by_likeness(
    unknown: Mapping[int, RawCell], missing: Mapping[int, Cell], notebook: Notebook
) -> list[tuple[int, int]]:
    """The likest pairs of a missing released cell and an unknown submitted one, each used once, likest first."""
    if len(unknown) > _MOST_CELLS:
        return []
    words = {index: Counter(cell.source[:_MOST_CHARACTERS].split()) for index, cell in unknown.items()}
    scored = []
    for place, cell in missing.items():
        wanted = notebook.shown(cell)[:_MOST_CHARACTERS]
        wanted_words = Counter(wanted.split())
        same_type = [
            index for index, own in unknown.items() if (own.cell_type == "markdown") == (cell.kind == "markdown")
        ]
        nearest = sorted(same_type, key=lambda index: -_overlap(wanted_words, words[index]))[:_MOST_COMPARED]
        for index in nearest:
            likeness = SequenceMatcher(None, wanted, unknown[index].source[:_MOST_CHARACTERS]).ratio()
            if likeness >= _LIKE_ENOUGH[cell.kind]:
                scored.append((-likeness, place, index))
    pairs, places, indices = [], set(), set()
    for _, place, index in sorted(scored):
        if place not in places and index not in indices:
            pairs.append((place, index))
            places.add(place)
            indices.add(index)
    return pairs


def _overlap(one: Counter, other: Counter) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _by_place(
    unknown: Mapping[int, RawCell],
    missing: Mapping[int, Cell],
    holders: Mapping[int, Iterable[int]],
    cell_types: tuple[str, ...],
) -> list[tuple[int, int]]:
    """Unknown cells that stand just where the missing ones should: between the same two neighbors, one of them found.

    A cell that carries an id of another assignment is none of these.
    """
    pairs = []
    known = sorted(holders)
    taken: set[int] = set()
    for place in missing:
        if place - 1 not in holders and place + 1 not in holders:
            continue
        at = bisect_left(known, place)
        before = max(holders[known[at - 1]]) if at else -1
        after = min(holders[known[at]]) if at < len(known) else float("inf")
        for index, cell in unknown.items():
            fits = before < index < after and cell.cell_type in cell_types and not cell.grade_id
            if fits and index not in taken:
                pairs.append((place, index))
                taken.add(index)
                break
    return pairs
