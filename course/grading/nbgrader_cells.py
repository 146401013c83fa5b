"""A cell in nbgrader's own words: its metadata (schema version 3), its checksum, and what its gradebook keeps of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import nbformat

from course.grading.released import Cell, Notebook

_KEEPS_SOURCE = ("solution", "answer", "tests", "given", "task")


@dataclass(frozen=True)
class StoredCell:
    """What `nbgrader generate_assignment` stores of a cell: stubs in place of answers, tests with their hidden part."""

    cell: Cell
    source: str
    checksum: str

    @property
    def locked(self) -> bool:
        return self.cell.kind in ("tests", "given", "task")


def stored_cells(notebook: Notebook) -> Iterator[StoredCell]:
    from nbgrader.utils import compute_checksum  # seconds of imports that a student's own check does without

    for cell in notebook.cells:
        if cell.kind in _KEEPS_SOURCE:
            source = notebook.stubs.get(cell.id, cell.source)
            yield StoredCell(cell, source, compute_checksum(nbformat.from_dict(notebook_cell(cell, source))))


def notebook_cell(cell: Cell, source: str, checksum: str = "") -> dict[str, Any]:
    """A notebook cell with `source` in the role of the released `cell`."""
    role: dict[str, Any] = {
        "grade": cell.kind in ("tests", "answer"),
        "grade_id": cell.id,
        "locked": cell.kind in ("tests", "given", "task"),
        "schema_version": 3,
        "solution": cell.kind in ("solution", "answer"),
        "task": cell.kind == "task",
    }
    if role["grade"] or role["task"]:
        role["points"] = cell.points
    if checksum:
        role |= {"checksum": checksum, "cell_type": cell.cell_type}
    return plain_cell(cell.cell_type, source) | {"metadata": {"nbgrader": role}}


def plain_cell(cell_type: str, source: str) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": cell_type, "metadata": {}, "source": source}
    return made | {"execution_count": None, "outputs": []} if cell_type == "code" else made
