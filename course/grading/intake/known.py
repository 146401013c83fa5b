"""Who was graded under another name before the roster knew them: one person, one submission in the gradebook."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from course.grading.gradebook_db import transaction

if TYPE_CHECKING:
    from nbgrader import api
    from sqlalchemy.orm import Session


def hand_over(db_url: str, home: Path, assignment: str, known: Mapping[str, str]) -> None:
    """What the gradebook and the class's folder hold of `assignment` under a former name goes to the student.

    known: former name -> student. Scores and comments that a person entered go along. Where the student has a submission of
    their own already, the former one is removed, unless a person entered something for it: that is never deleted.
    """
    from nbgrader import api

    with transaction(db_url) as session:
        for former, student in known.items():
            submission = _find(session, assignment, former)
            if submission is not None:
                if session.get(api.Student, student) is None:
                    session.add(api.Student(id=student))
                    session.flush()
                if _find(session, assignment, student) is None:
                    submission.student_id = student
                elif not _entered_by_hand(session, submission):
                    _remove(session, submission)
                session.flush()
            row = session.get(api.Student, former)
            if row is not None and not session.query(api.SubmittedAssignment).filter_by(student_id=former).count():
                session.expire(row)
                session.delete(row)
                session.flush()
    for former in known:
        for made in ("autograded", "feedback"):
            folder = home / made / former
            shutil.rmtree(folder / assignment, ignore_errors=True)
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def _find(session: "Session", assignment: str, student: str) -> "api.SubmittedAssignment | None":
    from nbgrader import api

    of_assignment = api.Assignment.id == api.SubmittedAssignment.assignment_id
    query = session.query(api.SubmittedAssignment).join(api.Assignment, of_assignment)
    return query.filter(api.Assignment.name == assignment, api.SubmittedAssignment.student_id == student).one_or_none()


def _entered_by_hand(session: "Session", submission: "api.SubmittedAssignment") -> bool:
    from nbgrader import api
    from sqlalchemy import or_

    notebooks = [notebook.id for notebook in submission.notebooks]
    given = or_(api.Grade.manual_score.is_not(None), api.Grade.extra_credit.is_not(None))
    return bool(
        session.query(api.Grade).filter(api.Grade.notebook_id.in_(notebooks), given).count()
        or session.query(api.Comment)
        .filter(api.Comment.notebook_id.in_(notebooks), api.Comment.manual_comment.is_not(None))
        .count()
    )


def _remove(session: "Session", submission: "api.SubmittedAssignment") -> None:
    from nbgrader import api
    from sqlalchemy import delete

    notebooks = [notebook.id for notebook in submission.notebooks]
    for model, key in (
        (api.Grade, api.Grade.notebook_id),
        (api.Comment, api.Comment.notebook_id),
        (api.SubmittedNotebook, api.SubmittedNotebook.id),
    ):
        session.execute(delete(model).where(key.in_(notebooks)).execution_options(synchronize_session=False))
    session.execute(
        delete(api.SubmittedAssignment)
        .where(api.SubmittedAssignment.id == submission.id)
        .execution_options(synchronize_session=False)
    )
    session.expunge(submission)
