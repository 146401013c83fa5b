"""What a person has given in formgrader: read before grading, so that the pages for students show it too."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from course.grading.gradebook_db import transaction

# notebook -> grade_id -> what was given
HandGrades = Mapping[str, Mapping[str, "HandGrade"]]


@dataclass(frozen=True)
class HandGrade:
    """What a person gave in formgrader."""

    score: float | None = None
    extra_credit: float | None = None
    comment: str = ""


def read_hand_grades(db_url: str, assignment: str) -> dict[str, HandGrades]:
    """Student -> notebook -> grade_id -> what was given by hand."""
    from nbgrader import api
    from sqlalchemy import or_, select

    submitted = (
        select(api.SubmittedAssignment.student_id, api.Notebook.name, api.BaseCell.name)
        .select_from(api.SubmittedNotebook)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
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
        said = {tuple(place): text for *place, text in session.execute(comments)}
        scored = {tuple(place): (score, extra) for *place, score, extra in session.execute(grades)}
    found: dict[str, dict[str, dict[str, HandGrade]]] = defaultdict(lambda: defaultdict(dict))
    for place in said.keys() | scored.keys():
        student, notebook, cell = place
        score, extra = scored.get(place, (None, None))
        found[student][notebook][cell] = HandGrade(score, extra, said.get(place, ""))
    return {student: dict(notebooks) for student, notebooks in found.items()}
