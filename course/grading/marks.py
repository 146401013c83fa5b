"""The gradebook as a table: what everybody got in every graded cell, whoever gave it. Exports and reports start here."""

from collections.abc import Collection

import pandas as pd

from course.errors import GivenError
from course.grading.gradebook_db import transaction

COLUMNS = ("assignment", "student", "notebook", "cell", "score", "max_score", "waiting", "penalty", "timestamp")


def read_marks(db_url: str, assignments: Collection[str] = ()) -> pd.DataFrame:
    """One row for each graded cell of each submission, with `COLUMNS`; of `assignments`, or of all.

    score: what a person gave, else what the grader gave, with extra credit; 0 where nobody has. waiting: a person has to look
    at it yet. penalty: of its notebook, for coming late, the same in each row. timestamp: UTC, or nothing.
    """
    from nbgrader import api
    from sqlalchemy import select

    query = (
        select(
            api.Assignment.name.label("assignment"),
            api.SubmittedAssignment.student_id.label("student"),
            api.Notebook.name.label("notebook"),
            api.BaseCell.name.label("cell"),
            api.Grade.auto_score,
            api.Grade.manual_score,
            api.Grade.extra_credit,
            api.Grade.max_score,
            api.Grade.needs_manual_grade.label("waiting"),
            api.SubmittedNotebook.late_submission_penalty.label("penalty"),
            api.SubmittedAssignment.timestamp,
        )
        .select_from(api.Grade)
        .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == api.Grade.notebook_id)
        .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
    )
    with transaction(db_url) as session:
        known = list(session.scalars(select(api.Assignment.name)))
        for name in assignments:
            if name not in known:
                raise GivenError(f"the gradebook has no grades of {name}: run `course grade {name}` first")
        if assignments:
            query = query.where(api.Assignment.name.in_(assignments))
        rows = pd.DataFrame(session.execute(query).mappings().all())
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    given = rows["manual_score"].astype(float).fillna(rows["auto_score"].astype(float)).fillna(0.0)
    rows["score"] = given + rows["extra_credit"].astype(float).fillna(0.0)
    rows["penalty"] = rows["penalty"].astype(float).fillna(0.0)
    rows["waiting"] = rows["waiting"].astype(bool)
    return rows[list(COLUMNS)]


def totals(marks: pd.DataFrame) -> pd.DataFrame:
    """One row for each submission: assignment, student, score (less the penalty, never below 0), max_score, waiting.

    Where nobody could grade anything yet, so that every cell waits for a person (an ungradable submission), there is no
    score, and not a zero. Elsewhere the points that a person has yet to give count as nothing until then.
    """
    by = ["assignment", "student"]
    penalties = marks.drop_duplicates([*by, "notebook"]).groupby(by)["penalty"].sum()
    summed = marks.groupby(by).agg(
        score=("score", "sum"), max_score=("max_score", "sum"), waiting=("waiting", "any"), nothing=("waiting", "all")
    )
    summed["score"] = (summed["score"] - penalties).clip(lower=0).mask(summed.pop("nothing"))
    return summed.reset_index()


def read_names(db_url: str) -> pd.DataFrame:
    """Everybody whom the gradebook knows: student, last_name, first_name, email, as texts that may be empty."""
    from nbgrader.api import Student
    from sqlalchemy import select

    query = select(Student.id.label("student"), Student.last_name, Student.first_name, Student.email).order_by(
        Student.id
    )
    with transaction(db_url) as session:
        found = pd.DataFrame(session.execute(query).mappings().all())
    columns = ["student", "last_name", "first_name", "email"]
    return found.fillna("") if len(found) else pd.DataFrame(columns=columns)
