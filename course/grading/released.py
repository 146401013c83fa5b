"""The released assignment and its notebooks: the truth that every submission is rebuilt from."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from course.errors import GivenError
from course.grading.notebook import RawCell, RawNotebook, Ungradable, read_notebook
from course.grading.released_files import read_files
from course.grading.repairs import is_hollow

PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}

_HIDDEN = re.compile(r"^[^\n]*### BEGIN (HIDDEN TESTS|MARK SCHEME).*?### END \1[^\n]*\n?", re.DOTALL | re.MULTILINE)
_AUTOTEST = re.compile(r"^\s*#.*\bAUTOTEST\b", re.MULTILINE)
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
class Notebook:
    """One notebook of an assignment, as the instructor has it: with its answers and hidden tests where it has any."""

    name: str
    cells: tuple[Cell, ...]
    checksum: str  # sha256 of the notebook's cells, and of the files beside it
    stubs: Mapping[str, str]  # grade_id -> what the student finds in that cell at first
    kernelspec: Mapping[str, str] = field(default_factory=lambda: dict(PYTHON))
    files: Mapping[str, bytes] = field(default_factory=dict)  # what is handed out beside it: path -> content
    handed_out: Mapping[str, str] = field(
        default_factory=dict
    )  # grade_id -> what the student finds in any cell at first

    @property
    def max_points(self) -> float:
        return sum(cell.points for cell in self.cells)

    def shown(self, cell: Cell) -> str:
        """What a student sees of a released cell before anything is changed in it."""
        return self.handed_out.get(cell.id) or self.stubs.get(cell.id) or visible(cell.source)

    def unanswered(self, grade_id: str, source: str) -> bool:
        """Whether a solution or answer cell still holds nothing but its stub, or what is left of it."""
        return not source.strip() or normal(source) == normal(self.stubs.get(grade_id, "")) or is_hollow(source)


@dataclass(frozen=True)
class Assignment:
    """What is handed out, handed in and graded together: one notebook of the same name, mostly, or several."""

    name: str
    notebooks: tuple[Notebook, ...]  # in the order of their names; the files beside them are the same for all

    @property
    def max_points(self) -> float:
        return sum(notebook.max_points for notebook in self.notebooks)

    @property
    def checksum(self) -> str:
        return hashlib.sha256(json.dumps([[n.name, n.checksum] for n in self.notebooks]).encode()).hexdigest()

    @property
    def files(self) -> Mapping[str, bytes]:
        return self.notebooks[0].files


def load_assignment(root: Path, name: str) -> Assignment:
    """All notebooks of `solutions/NAME/`, and the files that `assignments/NAME/` hands out beside them."""
    names = sorted(path.stem for path in (root / "solutions" / name).glob("*.ipynb") if not path.name.startswith("."))
    return Assignment(name, tuple(load_notebook(root, name, notebook) for notebook in names or [name]))


def load_notebook(root: Path, name: str, notebook: str = "") -> Notebook:
    """One notebook of an assignment (by default the one of its name): reference solution and hidden tests, from
    `solutions/`, and the stubs, from `assignments/`."""
    notebook = notebook or name
    mend = _mend(root, name)
    solutions = _read(root / "solutions" / name / f"{notebook}.ipynb", mend)
    solutions = _with_generated_tests(solutions, root / "source_with_tests" / name / f"{notebook}.ipynb")
    released = _read(root / "assignments" / name / f"{notebook}.ipynb", mend)
    cells, handed_out = _cells(solutions, notebook), _cells(released, notebook)
    stubs = _stubs(handed_out)
    missing = [cell.id for cell in cells if cell.kind in ("solution", "answer") and cell.id not in stubs]
    if missing:
        raise GivenError(
            f"assignments/{name}/{notebook}.ipynb lacks the cells {', '.join(missing)} of its solution: {mend}"
        )
    files = read_files(root / "assignments" / name)
    spec, texts = _kernelspec(solutions, notebook), {cell.id: cell.source for cell in handed_out if cell.id}
    return Notebook(notebook, cells, _checksum(solutions, files), stubs, spec, files, texts)


def load_released(path: Path) -> Notebook:
    """A notebook as a student gets it: visible tests and stubs only."""
    notebook = _read(path, "give the notebook of an assignment")
    cells = _cells(notebook, path.stem)
    return Notebook(path.stem, cells, _checksum(notebook), _stubs(cells), _kernelspec(notebook, path.stem))


def visible(source: str) -> str:
    """A tests cell without its hidden tests, a task without its marking scheme: what the released notebook shows."""
    return _HIDDEN.sub("", source)


def normal(source: str) -> str:
    """`source` without the differences that editors make: blank lines, and spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in source.split("\n") if line.strip())


def defined_names(source: str) -> frozenset[str]:
    """Functions and classes defined at the left margin, found by text so that a cell with a syntax error counts too."""
    return frozenset(_DEFINED.findall(source))


def assigned_names(source: str) -> frozenset[str]:
    return frozenset(_ASSIGNED.findall(source))


def _mend(root: Path, name: str) -> str:
    """What makes the notebooks of an assignment: our build from a text source, or nbgrader from a notebook."""
    built = (root / "solutions" / name / f"{name}.py").is_file() or not (root / "solutions" / name).is_dir()
    return f"run `course build {name}`" if built else f"run `nbgrader generate_assignment {name}`"


def _with_generated_tests(notebook: RawNotebook, generated: Path) -> RawNotebook:
    """nbgrader writes its `### AUTOTEST` lines out when the assignment is made; those cells are taken from what it wrote."""
    wanted = {cell.grade_id for cell in notebook.cells if cell.cell_type == "code" and _AUTOTEST.search(cell.source)}
    if not wanted:
        return notebook
    mend = f"run `nbgrader generate_assignment {generated.parent.name} --source_with_tests --force`"
    made = {cell.grade_id: cell.source for cell in _read(generated, mend).cells if not _AUTOTEST.search(cell.source)}
    if missing := sorted(wanted - made.keys()):
        raise GivenError(f"{generated} lacks the tests of {', '.join(missing)}: {mend}")
    cells = (replace(c, source=made[c.grade_id]) if c.grade_id in wanted else c for c in notebook.cells)
    return replace(notebook, cells=tuple(cells))


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
    for cell in cells:
        if cell.kind == "tests" and cell.cell_type != "code":
            raise GivenError(f"{name}: the tests cell {cell.id} is not a code cell: make it code, or an answer by hand")
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


def _checksum(notebook: RawNotebook, files: Mapping[str, bytes] | None = None) -> str:
    content: list[Any] = [[cell.cell_type, cell.source, dict(cell.nbgrader)] for cell in notebook.cells]
    content += [[path, hashlib.sha256(held).hexdigest()] for path, held in sorted((files or {}).items())]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _kernelspec(notebook: RawNotebook, name: str) -> dict[str, str]:
    given = notebook.metadata.get("kernelspec")
    spec = given if isinstance(given, dict) else dict(PYTHON)
    language = str(spec.get("language", "python")).lower()
    if language != "python":
        raise GivenError(f"{name}: the notebook is for {language}, and only Python is graded here: use nbgrader for it")
    return spec
