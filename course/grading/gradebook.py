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

from course.grading.autograded import write_autograded
from course.grading.gradebook_cells import AssignmentIds, store_assignment
from course.grading.gradebook_db import transaction
from course.grading.notebook import clean_text
from course.grading.released import Assignment
from course.grading.result import Result

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["HandGrade", "read_hand_grades", "write_autograded", "write_gradebook"]

_LONGEST_COMMENT = 4_000


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
        for model in (api.Student, api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment):
            if batch.new[model]:
                session.execute(insert(model), batch.new[model])
            if batch.updates[model]:
                session.execute(update(model), batch.updates[model])
        return changed


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
    notebooks: dict[str, str]  # submission -> submitted notebook
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
    notebooks = session.execute(
        select(SubmittedNotebook.assignment_id, SubmittedNotebook.id).where(
            SubmittedNotebook.notebook_id == ids.notebook
        )
    )
    of_this = select(SubmittedNotebook.id).where(SubmittedNotebook.notebook_id == ids.notebook)
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
        dict(notebooks.all()),
        {(row.notebook_id, row.cell_id): row for row in grades},
        {(row.notebook_id, row.cell_id): row for row in comments},
    )


def _storable(result: Result) -> Result:
    """A folder's name can hold bytes that are no text; a database cannot, and one student must not stop the others."""
    student = clean_text(result.student)
    return result if student == result.student else replace(result, student=student)


def _add(result: Result, assignment: Assignment, ids: AssignmentIds, stored: _Stored, batch: _Batch) -> bool:
    """Put what `result` changes into the batch. Whether it changed anything."""
    from nbgrader.api import Student, SubmittedNotebook

    if result.student not in stored.students:
        batch.new[Student].append({"id": result.student})
    submission, is_new, again = _add_submission(result, ids, stored, batch)
    notebook = stored.notebooks.get(submission)
    changed = is_new or again or notebook is None
    if notebook is None:
        notebook = _key()
        row = {"id": notebook, "notebook_id": ids.notebook, "assignment_id": submission}
        batch.new[SubmittedNotebook].append(row)
    scores, comments = _scores(result, assignment), _comments(result, assignment)
    for name, cell in ids.graded.items():
        row, score = stored.grades.get((notebook, cell)), scores.get(name)
        new_work = again or (score is None and not result.cached)
        changed |= _add_grade(row, notebook, cell, score, new_work, batch)
    for name, cell in ids.commented.items():
        changed |= _add_comment(stored.comments.get((notebook, cell)), notebook, cell, comments.get(name), batch)
    return changed


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


def _scores(result: Result, assignment: Assignment) -> dict[str, float]:
    """grade_id -> automatic score. A cell without one is left to a person: ungradable work is never silently 0."""
    if result.status == "ungradable":
        return {}
    by_part = {score.part: score for score in result.exercises}
    scores = {}
    for cell in assignment.cells:
        scored = by_part.get(cell.part) if cell.kind in ("tests", "answer", "task") else None
        if scored is None or scored.state == "manual":
            continue
        if cell.kind == "tests" or scored.state == "unanswered":
            scores[cell.id] = float(scored.points)
    return scores


def _comments(result: Result, assignment: Assignment) -> dict[str, str]:
    """grade_id of a solution or answer -> what the grader says about it, for formgrader and nbgrader's own feedback."""
    comments = {}
    for cell in assignment.cells:
        if cell.kind not in ("solution", "answer", "task"):
            continue
        parts = [score for score in result.exercises if score.id == cell.exercise]
        if parts and all(score.state == "unanswered" for score in parts):
            comments[cell.id] = "No response."
            continue
        messages = [score.message for score in parts if score.state in ("wrong", "error") and score.message]
        if messages:
            comments[cell.id] = clean_text("\n\n".join(dict.fromkeys(messages)))[:_LONGEST_COMMENT]
    return comments


@dataclass(frozen=True)
class HandGrade:
    """What a person gave in formgrader."""

    score: float | None = None
    extra_credit: float | None = None
    comment: str = ""


def read_hand_grades(db_url: str, assignment: str) -> dict[str, dict[str, HandGrade]]:
    """Student -> grade_id -> what was given by hand, for the feedback pages."""
    from nbgrader import api
    from sqlalchemy import or_, select

    submitted = (
        select(api.SubmittedAssignment.student_id, api.BaseCell.name)
        .select_from(api.SubmittedNotebook)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .where(api.Assignment.name == assignment)
    )
    grades = (
        submitted.add_columns(api.Grade.manual_score, api.Grade.extra_credit)
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
        .where(or_(api.Grade.manual_score.is_not(None), api.Grade.extra_credit.is_not(None)))
    )
    comments = (
        submitted.add_columns(api.Comment.manual_comment)
        .join(api.Comment, api.Comment.notebook_id == api.SubmittedNotebook.id)
        .join(api.BaseCell, api.BaseCell.id == api.Comment.cell_id)
        .where(api.Comment.manual_comment.is_not(None))
    )
    with transaction(db_url) as session:
        said = {(student, name): text for student, name, text in session.execute(comments)}
        scored = {(student, name): (score, extra) for student, name, score, extra in session.execute(grades)}
    found: dict[str, dict[str, HandGrade]] = defaultdict(dict)
    for student, name in said.keys() | scored.keys():
        score, extra = scored.get((student, name), (None, None))
        found[student][name] = HandGrade(score, extra, said.get((student, name), ""))
    return dict(found)


def _utc(timestamp: str | None) -> datetime | None:
    """nbgrader keeps times in UTC, without a zone."""
    if not timestamp:
        return None
    time = datetime.fromisoformat(timestamp)
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def _key() -> str:
    return uuid4().hex
