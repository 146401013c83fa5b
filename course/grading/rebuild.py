"""One released cell at a time: what stands in its place in the rebuilt notebook, and what had to be mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from course.grading.matching import Matching, expected_names, names_in
from course.grading.notebook import RawCell
from course.grading.released import Cell, Notebook, defined_names, normal
from course.grading.repairs import additions, definitions, join_split

_SETUP = "setup"  # plumbing: that it was left out, or is of an earlier release, is not worth a word
_MOST_PARTS = 4  # cells that one repair looks at: nobody splits or repeats a cell more often, except to keep us busy


@dataclass(frozen=True)
class Case:
    """A submission beside the released assignment."""

    submitted: Sequence[RawCell]
    released: Notebook
    matching: Matching
    followers: Mapping[int, tuple[int, ...]]  # released cell -> the student's own cells that came after it

    def held(self, place: int) -> list[RawCell]:
        return [self.submitted[index] for index in self.matching.holders.get(place, ())]

    def written(self, place: int) -> list[RawCell]:
        """The distinct cells in that place that hold more than the stub."""
        cell = self.released.cells[place]
        distinct = {normal(raw.source): raw for raw in self.held(place)}  # of equal ones the last, in submitted order
        return [raw for raw in distinct.values() if not self.released.unanswered(cell.id, raw.source)]


@dataclass(frozen=True)
class Restored:
    cells: tuple[Cell, ...]
    incidents: tuple[str, ...] = ()
    used: frozenset[int] = frozenset()  # own cells that were taken into these, and must not stand a second time


def restore(case: Case, place: int) -> Restored:
    kind = case.released.cells[place].kind
    if kind == "solution":
        return _solution(case, place)
    if kind == "answer":
        return _answer(case, place)
    if kind in ("given", "tests", "task"):
        return _locked(case, place)
    return _plain(case, place)


def _solution(case: Case, place: int) -> Restored:
    cell, written = case.released.cells[place], case.written(place)
    incidents = _changes(case, place)
    names = expected_names(cell, case.released)
    if not written:
        elsewhere = _defined_elsewhere(case, place)
        if elsewhere:
            incidents.append(f"The answer to `{cell.id}` was written in another cell; it was taken from there.")
        elif not case.held(place):
            incidents.append(f"The cell `{cell.id}` was missing; it counts as unanswered.")
        return Restored((replace(cell, source=elsewhere or case.released.stubs[cell.id]),), tuple(incidents))
    if any(raw.grade_id != cell.id for raw in written) and any(raw.grade_id == cell.id for raw in case.held(place)):
        incidents.append(
            f"The answer to `{cell.id}` stood in a cell of its own beside the released one; it was graded."
        )

    joined = join_split([raw.source for raw in written])
    if joined:
        incidents.append(f"The cell `{cell.id}` was split inside a statement; its parts were joined.")
        return Restored((replace(cell, source=joined),), tuple(incidents))
    main = _main(written, names)
    source, used = _with_torn_off_parts(case, place, written[main])
    if used:
        incidents.append(f"The cell `{cell.id}` was split inside a statement; its parts were joined.")
    if len(written) > 1:
        incidents.append(
            f"The cell `{cell.id}` was there {_times(len(written))}; all were run, the last answer counts."
        )
    defined = names_in(source)
    others = sorted(defined_names(source) - names)
    if names and others and not names & defined and not any(names & names_in(raw.source) for raw in case.submitted):
        incidents.append(
            f"The cell `{cell.id}` defines `{others[0][:60]}` and not `{min(names)}`, which the tests call."
        )
    before = tuple(Cell("", "own", raw.source) for raw in written[:main])
    after = tuple(Cell("", "own", raw.source) for raw in written[main + 1 :])
    return Restored((*before, replace(cell, source=source), *after), tuple(incidents), used)


def _main(written: Sequence[RawCell], names: frozenset[str]) -> int:
    """Which of several versions is the answer: the last one that defines what is asked for, else the last."""
    answering = [number for number, raw in enumerate(written) if names & names_in(raw.source)]
    return answering[-1] if answering else len(written) - 1


def _with_torn_off_parts(case: Case, place: int, main: RawCell) -> tuple[str, frozenset[int]]:
    """The answer with the own cells right after it, where only together they are Python (a cell split in a function)."""
    position = next(index for index in case.matching.holders[place] if case.submitted[index] is main)
    parts, used = [main.source], []
    own = frozenset(case.followers.get(place, ()))
    for index in range(position + 1, position + _MOST_PARTS):
        if index not in own or case.submitted[index].cell_type != "code":
            break
        parts.append(case.submitted[index].source)
        used.append(index)
        if joined := join_split(parts):
            return joined, frozenset(used)
    return main.source, frozenset()


def _defined_elsewhere(case: Case, place: int) -> str:
    """The answer's definitions, if they were typed into a cell of another exercise or a given one (merged cells)."""
    cell = case.released.cells[place]
    names = expected_names(cell, case.released) & (
        defined_names(case.released.stubs[cell.id]) | defined_names(cell.source)
    )
    stub = normal(definitions(case.released.stubs[cell.id], names))
    candidates = [
        raw.source
        for other, indices in case.matching.holders.items()
        for raw in (case.submitted[index] for index in indices if other != place)
        if names & defined_names(raw.source)
        and normal(raw.source) != normal(case.released.shown(case.released.cells[other]))
    ]
    for source in candidates[: -_MOST_PARTS - 1 : -1]:  # the last first, and not endlessly many
        found = definitions(source, names)
        if found and normal(found) != stub:
            return found
    return ""


def _answer(case: Case, place: int) -> Restored:
    cell, written = case.released.cells[place], case.written(place)
    incidents, used = _changes(case, place), frozenset()
    text = "\n\n".join(raw.source for raw in written)
    if len(written) > 1:
        incidents.append(f"The text `{cell.id}` was there {_times(len(written))}; all versions were kept.")
    if not text and cell.cell_type == "markdown":
        text, used = _text_nearby(case, place)
        if text:
            incidents.append(f"The text for `{cell.id}` was written beside its cell; it was taken from there.")
    if not text and not case.held(place):
        incidents.append(f"The cell `{cell.id}` was missing; it counts as unanswered.")
    return Restored((replace(cell, source=text or case.released.stubs[cell.id]),), tuple(incidents), used)


def _text_nearby(case: Case, place: int) -> tuple[str, frozenset[int]]:
    """Text in cells right after the empty answer cell, or typed into the question above it."""
    following = [index for index in case.followers.get(place, ()) if case.submitted[index].cell_type == "markdown"]
    if following and place in case.matching.holders:
        return "\n\n".join(case.submitted[index].source for index in following), frozenset(following)
    if not place or case.released.cells[place - 1].kind != "markdown":
        return "", frozenset()
    question = {line.strip() for line in case.released.cells[place - 1].source.split("\n")}
    lines = [line for raw in case.held(place - 1) for line in raw.source.split("\n") if line.strip() not in question]
    return "\n".join(lines).strip(), frozenset()


def _locked(case: Case, place: int) -> Restored:
    """Tests, given code and tasks: as released. New names that a student brought into them are kept as own cells."""
    cell = case.released.cells[place]
    shown = case.released.shown(cell)
    incidents = _changes(case, place)
    untouched = (normal(shown), normal(cell.source), "")  # the whole source, where nbgrader has put it back already
    changed = [raw for raw in case.held(place) if normal(raw.source) not in untouched]
    if not case.held(place) and cell.id != _SETUP:
        incidents.append(f"The cell `{cell.id}` was missing; it was put back.")
    kept: list[Cell] = []
    if changed:
        last = changed[-_MOST_PARTS:]
        texts = [additions(raw.source, shown) if cell.cell_type == "code" else raw.source for raw in last]
        kind = "own" if cell.cell_type == "code" else "markdown"
        kept = [Cell("", kind, text, cell_type=cell.cell_type) for text in texts if text]
        added = "; what had been added to it stands in a cell of its own" if kept else ""
        if kept or cell.id != _SETUP:
            incidents.append(f"The cell `{cell.id}` had been changed; it was put back as released{added}.")
    # What was added to tests must be there before they run; what was added to given code may need it.
    cells = (*kept, cell) if cell.kind == "tests" else (cell, *kept)
    return Restored(cells, tuple(incidents))


def _plain(case: Case, place: int) -> Restored:
    """Text (as released, a student's version after it) and released code without a role (as the student left it)."""
    cell, held = case.released.cells[place], case.held(place)
    if cell.kind == "own":
        if not held:
            return Restored((cell,), ("A code cell of the assignment was missing; it was put back.",))
        return Restored(tuple(replace(cell, source=raw.source) for raw in held))
    changed = [raw for raw in held if normal(raw.source) != normal(cell.source)]
    return Restored((cell, *(Cell("", "markdown", raw.source, cell_type="markdown") for raw in changed)))


def _changes(case: Case, place: int) -> list[str]:
    """Changed points and a changed cell type, in words."""
    cell = case.released.cells[place]
    incidents = []
    for raw in case.held(place):
        if raw.grade_id != cell.id:
            continue
        points = raw.nbgrader.get("points", cell.points)
        if cell.kind in ("tests", "answer", "task") and points != cell.points:
            incidents.append(f"The points of `{cell.id}` had been changed; the released {cell.points:g} count.")
        if raw.cell_type != cell.cell_type:
            incidents.append(f"The cell `{cell.id}` had been turned into {raw.cell_type}; it was turned back.")
    return incidents[:2]


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number} times"
