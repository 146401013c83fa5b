"""Results into nbgrader's gradebook, as `nbgrader generate_assignment` and `nbgrader autograde` would leave it.

Everything is written in one transaction, in bulk, through nbgrader's own SQLAlchemy models, so that a killed run leaves
the former state and PostgreSQL works as SQLite does. Scores, extra credit and comments given by hand are never touched.
nbgrader is imported when it is first needed: it takes seconds, and a student's own check does without.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from course.grading.by_hand import HandGrade, read_hand_grades
from course.grading.gradebook_cells import AssignmentIds, NotebookIds, store_assignment
from course.grading.gradebook_db import transaction
from course.grading.nbgrader_scores import auto_comments, auto_scores
from course.grading.notebook import clean_text
from course.grading.released import Assignment
from course.grading.result import Result

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["HandGrade", "read_hand_grades", "write_gradebook"]


def write_gradebook(
    db_url: str, assignment: Assignment, results: Sequence[Result], course_id: str = "default_course"
) -> int:
    """Store `results`; returns how many submissions had changed. Raises GivenError when the gradebook cannot be used."""
    from nbgrader import api
    from sqlalchemy import insert, update

    with transaction(db_url) as session:
        ids = store_assignment(session, assignment, course_id)
        stored = _read_stored(session, ids)
        batch = _Batch()
        changed = sum(_add(_storable(result), assignment, ids, stored, batch) for result in results)
        _add_new_cells_of_others({_storable(result).student for result in results}, ids, stored, batch)
        for model in (api.Student, api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment):
            if batch.new[model]:
                session.execute(insert(model), batch.new[model])
            if batch.updates[model]:
                session.execute(update(model), batch.updates[model])
        return changed


def read_students(db_url: str) -> set[str]:
    """Everybody whom the gradebook knows, whether or not they have handed anything in."""
    from nbgrader.api import Student
    from sqlalchemy import select

    with transaction(db_url) as session:
        return set(session.scalars(select(Student.id)))


@dataclass(frozen=True)
class _Batch:
    """Rows to insert and to update, by model: a class of a thousand is a few statements, not fifty thousand."""

    new: dict[type, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    updates: dict[type, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class _Stored:
    """What the gradebook holds of this assignment now."""

    students: frozenset[str]
    submissions: dict[str, tuple[str, datetime | None]]  # student -> (key, timestamp)
    notebooks: dict[tuple[str, str], Any]  # (submission, notebook) -> row of the submitted notebook
    grades: dict[tuple[str, str], Any]  # (submitted notebook, cell) -> row
    comments: dict[tuple[str, str], Any]


def _read_stored(session: "Session", ids: AssignmentIds) -> _Stored:
    from nbgrader.api import Comment, Grade, Student, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import select

    submissions = session.execute(
        select(SubmittedAssignment.student_id, SubmittedAssignment.id, SubmittedAssignment.timestamp).where(
            SubmittedAssignment.assignment_id == ids.assignment
        )
    )
    known = [notebook.notebook for notebook in ids.notebooks.values()]
    notebooks = session.execute(
        select(
            SubmittedNotebook.assignment_id,
            SubmittedNotebook.notebook_id,
            SubmittedNotebook.id,
            SubmittedNotebook.late_submission_penalty,
        ).where(SubmittedNotebook.notebook_id.in_(known))
    )
    of_this = select(SubmittedNotebook.id).where(SubmittedNotebook.notebook_id.in_(known))
    grades = session.execute(
        select(
            Grade.id, Grade.notebook_id, Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade
        )
        .where(Grade.notebook_id.in_(of_this))
        .with_for_update()  # on PostgreSQL: what formgrader writes now is waited for, and what it writes next waits
    )
    comments = session.execute(
        select(Comment.id, Comment.notebook_id, Comment.cell_id, Comment.auto_comment)
        .where(Comment.notebook_id.in_(of_this))
        .with_for_update()
    )
    return _Stored(
        frozenset(session.scalars(select(Student.id))),
        {student: (key, timestamp) for student, key, timestamp in submissions},
        {(row.assignment_id, row.notebook_id): row for row in notebooks},
        {(row.notebook_id, row.cell_id): row for row in grades},
        {(row.notebook_id, row.cell_id): row for row in comments},
    )


def _storable(result: Result) -> Result:
    """A folder's name can hold bytes that are no text; a database cannot, and one student must not stop the others."""
    student = clean_text(result.student)
    return result if student == result.student else replace(result, student=student)


def _add(result: Result, assignment: Assignment, ids: AssignmentIds, stored: _Stored, batch: _Batch) -> bool:
    """Put what `result` changes into the batch. Whether it changed anything."""
    from nbgrader.api import Student

    if result.student not in stored.students:
        batch.new[Student].append({"id": result.student})
    submission, is_new, again = _add_submission(result, ids, stored, batch)
    changed = is_new or again
    for notebook in assignment.notebooks:
        part, its_ids = result.of(notebook.name), ids.notebooks[notebook.name]
        key, notebook_changed = _add_notebook(submission, its_ids, result.penalties.get(notebook.name), stored, batch)
        scores, comments = auto_scores(part, notebook), auto_comments(part, notebook)
        for name, cell in its_ids.graded.items():
            row, score = stored.grades.get((key, cell)), scores.get(name)
            new_work = again or (score is None and not result.cached)
            notebook_changed |= _add_grade(row, key, cell, score, new_work, batch)
        for name, cell in its_ids.commented.items():
            notebook_changed |= _add_comment(stored.comments.get((key, cell)), key, cell, comments.get(name), batch)
        changed |= notebook_changed
    return changed


def _add_notebook(
    submission: str, ids: NotebookIds, penalty: float | None, stored: _Stored, batch: _Batch
) -> tuple[str, bool]:
    """(key of the submitted notebook, whether it is new or has another late penalty)."""
    from nbgrader.api import SubmittedNotebook

    row = stored.notebooks.get((submission, ids.notebook))
    if row is None:
        key = _key()
        values = {"notebook_id": ids.notebook, "assignment_id": submission, "late_submission_penalty": penalty}
        batch.new[SubmittedNotebook].append({"id": key, **values})
        return key, True
    if row.late_submission_penalty == penalty:
        return row.id, False
    batch.updates[SubmittedNotebook].append({"id": row.id, "late_submission_penalty": penalty})
    return row.id, True


def _add_new_cells_of_others(graded: set[str], ids: AssignmentIds, stored: _Stored, batch: _Batch) -> None:
    """Rows for cells that came into the assignment later, in the submissions of students who are not graded this time:
    nbgrader looks for one in each submission. They wait for a person, as all that was not graded yet."""
    for student, (submission, _) in stored.submissions.items():
        if student in graded:
            continue
        for notebook in ids.notebooks.values():
            row = stored.notebooks.get((submission, notebook.notebook))
            key = row.id if row else _add_notebook(submission, notebook, None, stored, batch)[0]
            for cell in notebook.graded.values():
                if (key, cell) not in stored.grades:
                    _add_grade(None, key, cell, None, True, batch)
            for cell in notebook.commented.values():
                if (key, cell) not in stored.comments:
                    _add_comment(None, key, cell, None, batch)


def _add_submission(result: Result, ids: AssignmentIds, stored: _Stored, batch: _Batch) -> tuple[str, bool, bool]:
    """(key, whether it is new, whether it was handed in again at another time). Without a time, the former one stays."""
    from nbgrader.api import SubmittedAssignment

    timestamp = _utc(result.timestamp)
    key, known = stored.submissions.get(result.student, ("", None))
    if not key:
        key = _key()
        row = {"id": key, "assignment_id": ids.assignment, "student_id": result.student, "timestamp": timestamp}
        batch.new[SubmittedAssignment].append(row)
        return key, True, False
    again = timestamp is not None and timestamp != known
    if again:
        batch.updates[SubmittedAssignment].append({"id": key, "timestamp": timestamp})
    return key, False, again


def _add_grade(row: Any, notebook: str, cell: str, score: float | None, new_work: bool, batch: _Batch) -> bool:
    from nbgrader.api import Grade

    needs_a_person = score is None
    if row is None:
        values = {"auto_score": score, "needs_manual_grade": needs_a_person}
        batch.new[Grade].append({"id": _key(), "cell_id": cell, "notebook_id": notebook, **values})
        return True
    if row.manual_score is not None:
        # As nbgrader does: what a person graded is to be looked at again when the work under it has changed.
        needs_a_person = new_work or score != row.auto_score or row.needs_manual_grade
    if (score, needs_a_person) == (row.auto_score, row.needs_manual_grade):
        return False
    batch.updates[Grade].append({"id": row.id, "auto_score": score, "needs_manual_grade": needs_a_person})
    return True


def _add_comment(row: Any, notebook: str, cell: str, text: str | None, batch: _Batch) -> bool:
    from nbgrader.api import Comment

    if row is None:
        batch.new[Comment].append({"id": _key(), "cell_id": cell, "notebook_id": notebook, "auto_comment": text})
        return True
    if row.auto_comment == text:
        return False
    batch.updates[Comment].append({"id": row.id, "auto_comment": text})
    return True


def _utc(timestamp: str | None) -> datetime | None:
    """nbgrader keeps times in UTC, without a zone."""
    if not timestamp:
        return None
    time = datetime.fromisoformat(timestamp)
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def _key() -> str:
    return uuid4().hex
