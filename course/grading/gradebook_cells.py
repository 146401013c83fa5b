"""The assignment itself in nbgrader's gradebook: its notebook and cells, as `nbgrader generate_assignment` stores them."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course.errors import GivenError
from course.grading.nbgrader_cells import StoredCell, stored_cells
from course.grading.released import Assignment

if TYPE_CHECKING:
    from nbgrader import api
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class AssignmentIds:
    """Keys of rows. A cell is found by its grade_id."""

    assignment: str
    notebook: str
    graded: dict[str, str]  # cells that have a score
    commented: dict[str, str]  # cells that have a comment


def store_assignment(session: "Session", assignment: Assignment, course_id: str) -> AssignmentIds:
    """Make or bring up to date the rows of the assignment. Raises GivenError when graded cells came or went meanwhile."""
    from nbgrader import api

    if session.get(api.Course, course_id) is None:
        session.add(api.Course(id=course_id))
    row = session.query(api.Assignment).filter_by(name=assignment.name).one_or_none()
    if row is None:
        row = api.Assignment(name=assignment.name, course_id=course_id)
        session.add(row)
        session.flush()
    notebook = session.query(api.Notebook).filter_by(name=assignment.name, assignment_id=row.id).one_or_none()
    if notebook is None:
        notebook = api.Notebook(name=assignment.name, assignment_id=row.id)
        session.add(notebook)
        session.flush()
    notebook.kernelspec = json.dumps(assignment.kernelspec)
    stored = list(stored_cells(assignment))
    wanted = _wanted(stored)
    _remove_others(session, notebook, wanted)
    keys: dict[type, dict[str, str]] = {}
    for model, cells in wanted.items():
        there = {cell.name: cell for cell in session.query(model).filter_by(notebook_id=notebook.id)}
        for name, values in cells.items():
            cell = there.get(name) or model(name=name, notebook_id=notebook.id)
            for attribute, value in values.items():
                setattr(cell, attribute, value)
            session.add(cell)
            there[name] = cell
        session.flush()
        keys[model] = {name: there[name].id for name in cells}
    tasks = keys[api.TaskCell]
    return AssignmentIds(row.id, notebook.id, keys[api.GradeCell] | tasks, keys[api.SolutionCell] | tasks)


def _wanted(stored: list[StoredCell]) -> dict[type, dict[str, dict[str, Any]]]:
    """Model -> grade_id -> the values that nbgrader's SaveCells would store."""
    from nbgrader import api

    wanted: dict[type, dict[str, dict[str, Any]]] = {
        api.GradeCell: {},
        api.SolutionCell: {},
        api.TaskCell: {},
        api.SourceCell: {},
    }
    for kept in stored:
        cell = kept.cell
        scored = {"max_score": cell.points, "cell_type": cell.cell_type}
        if cell.kind in ("tests", "answer"):
            wanted[api.GradeCell][cell.id] = scored
        if cell.kind in ("solution", "answer"):
            wanted[api.SolutionCell][cell.id] = {}
        if cell.kind == "task":
            wanted[api.TaskCell][cell.id] = scored
        wanted[api.SourceCell][cell.id] = {
            "cell_type": cell.cell_type,
            "locked": kept.locked,
            "source": kept.source,
            "checksum": kept.checksum,
        }
    return wanted


def _remove_others(session: "Session", notebook: "api.Notebook", wanted: dict[type, dict[str, Any]]) -> None:
    """Remove cells that the assignment no longer has. With submissions there, neither removal nor addition is safe."""
    from nbgrader import api

    submissions = session.query(api.SubmittedNotebook).filter_by(notebook_id=notebook.id).count()
    for model, cells in wanted.items():
        there = {cell.name: cell for cell in session.query(model).filter_by(notebook_id=notebook.id)}
        different = there.keys() ^ cells.keys()
        if submissions and different and model is not api.SourceCell:
            raise GivenError(
                f"the cells {', '.join(sorted(different))} of {notebook.name} came or went after it was first graded: "
                f"keep the former assignment, or start anew with `nbgrader db assignment remove {notebook.name}`"
            )
        for name in there.keys() - cells.keys():
            session.delete(there[name])
    session.flush()
