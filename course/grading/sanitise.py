"""A submission of any state -> the released notebook again, with the student's answers and own cells in it.

Tests, given code and text are always those that were released. Whatever had to be mended is said in plain English.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from course.grading.matching import Matching, match
from course.grading.notebook import RawCell, Ungradable, clean_text, read_notebook
from course.grading.rebuild import Case, restore
from course.grading.released import Cell, Notebook

__all__ = ["Intake", "Ungradable", "sanitise"]

_MOST_INCIDENTS = 30


@dataclass(frozen=True)
class Intake:
    """All released cells in released order; the student's own cells stand after the one that they followed."""

    cells: tuple[Cell, ...]
    incidents: tuple[str, ...]


def sanitise(data: bytes, released: Notebook) -> Intake | Ungradable:
    """Rebuild the notebook in `data` from the released assignment. Never raises, whatever `data` holds."""
    notebook = read_notebook(data)
    if isinstance(notebook, Ungradable):
        return notebook
    matching = match(notebook.cells, released)
    wanted = [place for place, cell in enumerate(released.cells) if cell.kind in ("solution", "answer")]
    if wanted and not any(place in matching.holders for place in wanted):
        return Ungradable(f"none of the answer cells of {released.name} is in this notebook: is it another notebook?")

    case = Case(notebook.cells, released, matching, _followers(len(notebook.cells), matching))
    restored = [restore(case, place) for place in range(len(released.cells))]
    used = frozenset().union(*(part.used for part in restored))
    cells = _own(case, -1, used)
    for place, part in enumerate(restored):
        cells += [*part.cells, *_own(case, place, used)]
    incidents = [*notebook.incidents, *_overall(matching, released)]
    incidents += [incident for part in restored for incident in part.incidents]
    return Intake(tuple(cells), _shortened(incidents))


def _followers(number: int, matching: Matching) -> dict[int, tuple[int, ...]]:
    """Released cell (-1 for the start) -> the student's own cells that came after it."""
    place_of = {index: place for place, indices in matching.holders.items() for index in indices}
    unknown = frozenset(matching.unknown)
    followers: dict[int, list[int]] = defaultdict(list)
    place = -1
    for index in range(number):
        place = place_of.get(index, place)
        if index in unknown:
            followers[place].append(index)
    return {place: tuple(indices) for place, indices in followers.items()}


def _own(case: Case, place: int, used: frozenset[int]) -> list[Cell]:
    return [own_cell(case.submitted[index]) for index in case.followers.get(place, ()) if index not in used]


def own_cell(raw: RawCell) -> Cell:
    kind = "own" if raw.cell_type == "code" else "markdown"
    return Cell("", kind, raw.source, cell_type=raw.cell_type)


def _overall(matching: Matching, released: Notebook) -> list[str]:
    """What happened to the notebook as a whole, once, instead of once for each cell."""
    incidents = []
    if matching.recognized:
        count = len(matching.recognized)
        cells = "1 cell" if count == 1 else f"{count} cells"
        incidents.append(f"{cells} had lost nbgrader's metadata and were recognized by their text, names or place.")
    order: Sequence[int] = [
        indices[0]
        for place, indices in sorted(matching.holders.items())
        if len(indices) == 1 and released.cells[place].id
    ]
    if any(later < earlier for earlier, later in pairwise(order)):
        incidents.append("The cells were in another order; they were put back into that of the assignment.")
    return incidents


def _shortened(incidents: Sequence[str]) -> tuple[str, ...]:
    kept = [clean_text(incident) for incident in incidents[:_MOST_INCIDENTS]]
    if len(incidents) > _MOST_INCIDENTS:
        kept.append(f"{len(incidents) - _MOST_INCIDENTS} more cells had to be mended.")
    return tuple(kept)
