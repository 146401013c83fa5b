"""The assignment itself in nbgrader's gradebook: its notebooks and cells, as `nbgrader generate_assignment` stores them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course.errors import GivenError
from course.grading.nbgrader_cells import StoredCell, stored_cells
from course.grading.released import Assignment, Notebook

if TYPE_CHECKING:
    from nbgrader import api
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class NotebookIds:
    """Keys of rows. A cell is found by its grade_id."""

    notebook: str
    graded: dict[str, str]  # cells that have a score
    commented: dict[str, str]  # cells that have a comment


@dataclass(frozen=True)
class AssignmentIds:
    assignment: str
    notebooks: dict[str, NotebookIds]  # by name


def store_assignment(session: "Session", assignment: Assignment, course_id: str) -> AssignmentIds:
    """Make or bring up to date the rows of the assignment.

    A cell or a notebook that the assignment no longer has is removed, with the automatic scores in it. Raises GivenError
    where a person entered something there.
    """
    from nbgrader import api

    if session.get(api.Course, course_id) is None:
        session.add(api.Course(id=course_id))
    row = session.query(api.Assignment).filter_by(name=assignment.name).one_or_none()
    if row is None:
        row = api.Assignment(name=assignment.name, course_id=course_id)
        session.add(row)
        session.flush()
    there = {n.name: n for n in session.query(api.Notebook).filter_by(assignment_id=row.id)}
    wanted = {notebook.name: _wanted(stored_cells(notebook)) for notebook in assignment.notebooks}
    _remove_others(session, assignment, there, wanted)
    ids = {}
    for notebook in assignment.notebooks:
        stored = there.get(notebook.name) or api.Notebook(name=notebook.name, assignment_id=row.id)
        session.add(stored)
        session.flush()
        ids[notebook.name] = _store_notebook(session, stored, notebook, wanted[notebook.name])
    return AssignmentIds(row.id, ids)


def _store_notebook(
    session: "Session", stored: "api.Notebook", notebook: Notebook, wanted: dict[type, dict[str, Any]]
) -> NotebookIds:
    from nbgrader import api

    stored.kernelspec = json.dumps(notebook.kernelspec)
    keys: dict[type, dict[str, str]] = {}
    for model, cells in wanted.items():
        there = {cell.name: cell for cell in session.query(model).filter_by(notebook_id=stored.id)}
        for name, values in cells.items():
            cell = there.get(name) or model(name=name, notebook_id=stored.id)
            for attribute, value in values.items():
                setattr(cell, attribute, value)
            session.add(cell)
            there[name] = cell
        session.flush()
        keys[model] = {name: there[name].id for name in cells}
    tasks = keys[api.TaskCell]
    return NotebookIds(stored.id, keys[api.GradeCell] | tasks, keys[api.SolutionCell] | tasks)


def _wanted(stored: Iterable[StoredCell]) -> dict[type, dict[str, dict[str, Any]]]:
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


def _remove_others(
    session: "Session",
    assignment: Assignment,
    there: dict[str, "api.Notebook"],
    wanted: dict[str, dict[type, dict[str, Any]]],
) -> None:
    """Remove the cells and notebooks that the assignment no longer has, as long as no work of a person goes with them."""
    from nbgrader import api
    from sqlalchemy import delete

    models = (api.GradeCell, api.SolutionCell, api.TaskCell, api.SourceCell)
    for name, notebook in there.items():
        gone = [
            cell
            for model in models
            for cell in session.query(model).filter_by(notebook_id=notebook.id)
            if cell.name not in wanted.get(name, {}).get(model, {})
        ]
        keys = [cell.id for cell in gone if not isinstance(cell, api.SourceCell)]
        if entered := _entered_by_hand(session, keys):
            raise GivenError(
                f"the cells {', '.join(entered)} are no longer in {assignment.name}, and scores or comments were entered "
                "for them by hand: put the cells back, or take what was entered out in formgrader"
            )
        for model in (api.Grade, api.Comment):
            session.execute(delete(model).where(model.cell_id.in_(keys)))
        for cell in gone:
            session.delete(cell)
        session.flush()
        if name not in wanted:
            session.execute(delete(api.SubmittedNotebook).where(api.SubmittedNotebook.notebook_id == notebook.id))
            session.expire(notebook)
            session.delete(notebook)
            session.flush()


def _entered_by_hand(session: "Session", keys: list[str]) -> list[str]:
    """The names of those cells for which a person gave a score, extra credit or a comment."""
    from nbgrader import api
    from sqlalchemy import or_, select

    grades = select(api.BaseCell.name).join(api.Grade, api.Grade.cell_id == api.BaseCell.id)
    comments = select(api.BaseCell.name).join(api.Comment, api.Comment.cell_id == api.BaseCell.id)
    given = or_(api.Grade.manual_score.is_not(None), api.Grade.extra_credit.is_not(None))
    names = {
        *session.scalars(grades.where(api.Grade.cell_id.in_(keys), given)),
        *session.scalars(comments.where(api.Comment.cell_id.in_(keys), api.Comment.manual_comment.is_not(None))),
    }
    return sorted(names)
