"""The released assignment: the truth that every submission is rebuilt from."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.errors import GivenError
from course.grading.notebook import RawCell, RawNotebook, Ungradable, read_notebook
from course.grading.repairs import is_hollow

PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}

_HIDDEN = re.compile(r"^[^\n]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[^\n]*\n?", re.DOTALL | re.MULTILINE)
_EXERCISE = re.compile(r"""check\.exercise\(\s*["']([\w.]+)["']""")
_DEFINED = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)
_ASSIGNED = re.compile(r"^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    id: str  # nbgrader's grade_id, or "" for plain cells and the student's own
    kind: str  # "solution" | "tests" | "given" | "answer" | "task" | "own" | "markdown"
    source: str
    exercise: str = ""  # "softmax" for the solution "softmax" and for its tests "softmax" and "softmax.stable"
    part: str = ""  # the tests tag ("softmax.stable"), else the exercise
    points: float = 0.0
    cell_type: str = "code"


@dataclass(frozen=True)
class Assignment:
    name: str
    cells: tuple[Cell, ...]
    checksum: str  # sha256 of the notebook's cells
    stubs: Mapping[str, str]  # grade_id -> what the student finds in that cell at first
    kernelspec: Mapping[str, str] = field(default_factory=lambda: dict(PYTHON))

    @property
    def max_points(self) -> float:
        return sum(cell.points for cell in self.cells)

    def unanswered(self, grade_id: str, source: str) -> bool:
        """Whether a solution or answer cell still holds nothing but its stub, or what is left of it."""
        return not source.strip() or normal(source) == normal(self.stubs.get(grade_id, "")) or is_hollow(source)


def load_assignment(root: Path, name: str) -> Assignment:
    """The assignment with its reference solution and hidden tests, from `solutions/`, and the stubs, from `assignments/`."""
    solutions = _read(root / "solutions" / name / f"{name}.ipynb", f"run `course build {name}`")
    released = _read(root / "assignments" / name / f"{name}.ipynb", f"run `course build {name}`")
    cells = _cells(solutions, name)
    stubs = _stubs(_cells(released, name))
    missing = [cell.id for cell in cells if cell.kind in ("solution", "answer") and cell.id not in stubs]
    if missing:
        raise GivenError(
            f"assignments/{name}/{name}.ipynb lacks the cells {', '.join(missing)} of its solution: "
            f"run `course build {name}`"
        )
    return Assignment(name, cells, _checksum(solutions), stubs, _kernelspec(solutions))


def load_released(path: Path) -> Assignment:
    """The assignment as a student gets it: visible tests and stubs only."""
    notebook = _read(path, "give the notebook of an assignment")
    cells = _cells(notebook, path.stem)
    return Assignment(path.stem, cells, _checksum(notebook), _stubs(cells), _kernelspec(notebook))


def visible(source: str) -> str:
    """A tests cell without its hidden tests: what the released notebook shows."""
    return _HIDDEN.sub("", source)


def normal(source: str) -> str:
    """`source` without the differences that editors make: blank lines, and spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in source.split("\n") if line.strip())


def defined_names(source: str) -> frozenset[str]:
    """Functions and classes defined at the left margin, found by text so that a cell with a syntax error counts too."""
    return frozenset(_DEFINED.findall(source))


def assigned_names(source: str) -> frozenset[str]:
    return frozenset(_ASSIGNED.findall(source))


def _read(path: Path, mend: str) -> RawNotebook:
    try:
        notebook = read_notebook(path.read_bytes())
    except OSError as error:
        raise GivenError(f"{path} cannot be read ({error.strerror}): {mend}") from error
    if isinstance(notebook, Ungradable):
        raise GivenError(f"{path} is no usable notebook: {notebook.reason}; {mend}")
    return notebook


def _cells(notebook: RawNotebook, name: str) -> tuple[Cell, ...]:
    """The notebook's cells with their roles. Raises GivenError where two cells claim one id or the points are no number."""
    solutions = [raw.grade_id for raw in notebook.cells if _kind(raw) == "solution"]
    cells: list[Cell] = []
    last_solution = ""
    for raw in notebook.cells:
        kind = _kind(raw)
        exercise = part = ""
        if kind in ("solution", "answer", "task"):
            exercise = part = raw.grade_id
        if kind == "solution":
            last_solution = raw.grade_id
        elif kind == "tests":
            exercise, part = _exercise_of(raw, solutions, last_solution)
        grade_id = "" if kind in ("own", "markdown") else raw.grade_id
        cells.append(Cell(grade_id, kind, raw.source, exercise, part, _points(raw, kind, name), raw.cell_type))
    ids = [cell.id for cell in cells if cell.kind not in ("own", "markdown")]
    for grade_id in ids:
        if not grade_id or ids.count(grade_id) > 1:
            raise GivenError(
                f"{name}: the grade_id {grade_id!r} is empty or stands in more than one cell: give each its own"
            )
    if not any(cell.kind in ("solution", "answer", "task", "tests") for cell in cells):
        raise GivenError(f"{name}: the notebook holds no cell to be graded: is it the notebook of an assignment?")
    return tuple(cells)


def _kind(raw: RawCell) -> str:
    role = raw.nbgrader
    if role.get("task"):
        return "task"
    if role.get("solution"):
        return "answer" if role.get("grade") else "solution"
    if role.get("grade"):
        return "tests"
    if role.get("locked"):
        return "given"
    return "own" if raw.cell_type == "code" else "markdown"


def _exercise_of(raw: RawCell, solutions: list[str], last_solution: str) -> tuple[str, str]:
    """(exercise, part) of a tests cell: as its own text says, else by its id `test_EXERCISE_PART`, else by its place.

    The place serves notebooks that were not built here, where nbgrader lets an instructor name cells freely.
    """
    if said := _EXERCISE.search(raw.source):
        part = said.group(1)
        return part.partition(".")[0], part
    rest = raw.grade_id.removeprefix("test_")
    owners = [known for known in solutions if rest == known or rest.startswith(f"{known}_")]
    if raw.grade_id.startswith("test_") and owners:
        exercise = max(owners, key=len)
        tail = rest[len(exercise) + 1 :]
        return exercise, f"{exercise}.{tail}" if tail else exercise
    return last_solution or raw.grade_id, raw.grade_id


def _points(raw: RawCell, kind: str, name: str) -> float:
    if kind not in ("tests", "answer", "task"):
        return 0.0
    given = raw.nbgrader.get("points")
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given < 1e6:
        raise GivenError(f"{name}: the points of {raw.grade_id} are {given!r}: give a number of at least 0")
    return float(given)


def _stubs(cells: tuple[Cell, ...]) -> dict[str, str]:
    return {cell.id: cell.source for cell in cells if cell.kind in ("solution", "answer")}


def _checksum(notebook: RawNotebook) -> str:
    content: list[Any] = [[cell.cell_type, cell.source, dict(cell.nbgrader)] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _kernelspec(notebook: RawNotebook) -> dict[str, str]:
    given = notebook.metadata.get("kernelspec")
    return given if isinstance(given, dict) else dict(PYTHON)
