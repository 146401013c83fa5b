"""Penalties for work that came late: what nbgrader's plugin says, by the due date and the extensions in the gradebook.

The rule is nbgrader's own (`AssignLatePenalties` with the `plugin_class` and the `penalty_method` of nbgrader_config.py),
so that `course grade` and `nbgrader autograde` take off the same. A penalty depends on the due date and on what was given
by hand, which may change without the submission: it is found anew in each run, from the points as they are then.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from course.errors import GivenError
from course.grading.by_hand import HandGrade, HandGrades
from course.grading.gradebook_db import transaction
from course.grading.nbgrader_scores import auto_scores
from course.grading.nbgrader_settings import Settings, importable
from course.grading.released import Assignment, Notebook
from course.grading.result import Result

# (student, score of the notebook, seconds late) -> points to take off, or None for no penalty
Rule = Callable[[str, float, float], float | None]


@dataclass(frozen=True)
class Deadlines:
    """What the gradebook says of an assignment's time, all in UTC."""

    due: datetime | None = None
    extensions: Mapping[str, timedelta] = field(default_factory=dict)

    def seconds_late(self, student: str, timestamp: str | None) -> float:
        """0 where it came in time, and where there is no due date or nobody knows when it came."""
        if self.due is None or not timestamp:
            return 0.0
        handed_in = datetime.fromisoformat(timestamp)
        handed_in = handed_in.astimezone(UTC).replace(tzinfo=None) if handed_in.tzinfo else handed_in
        due = self.due + self.extensions.get(student, timedelta())
        return max((handed_in - due).total_seconds(), 0.0)


def read_deadlines(db_url: str, assignment: str) -> Deadlines:
    """The due date and each student's extension, as nbgrader's gradebook has them."""
    from nbgrader import api
    from sqlalchemy import select

    extensions = (
        select(api.SubmittedAssignment.student_id, api.SubmittedAssignment.extension)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .where(api.Assignment.name == assignment, api.SubmittedAssignment.extension.is_not(None))
    )
    with transaction(db_url) as session:
        due = session.scalars(select(api.Assignment.duedate).where(api.Assignment.name == assignment)).first()
        extended = dict(session.execute(extensions).all())
    return Deadlines(due, extended)


def penalty_rule(settings: Settings) -> Rule:
    """nbgrader's rule by the settings. Raises GivenError when its plugin cannot be had."""
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets import TraitError

    with importable(settings.folder):
        try:
            step = AssignLatePenalties(config=settings.config, log=_silent())
            step.init_plugin()
        except (ImportError, AttributeError, TraitError) as error:
            where = settings.folder / "nbgrader_config.py"
            raise GivenError(f"the plugin for late penalties in {where} cannot be had: {error}") from error

    def rule(student: str, score: float, seconds: float) -> float | None:
        try:
            penalty = step.plugin_inst.late_submission_penalty(student, score, seconds)
            return None if penalty is None else float(step._check_late_penalty(SimpleNamespace(score=score), penalty))
        except Exception as error:  # noqa: BLE001  the plugin is the instructor's code
            what = f"{type(error).__name__}: {error}"
            raise GivenError(f"the plugin for late penalties failed for {student} ({what}): mend the plugin") from error

    return rule


def _silent() -> logging.Logger:
    """What nbgrader would say to its log is told with the results here."""
    log = logging.getLogger("course.grading.late")
    log.propagate = False
    log.addHandler(logging.NullHandler())
    return log


def with_penalties(
    result: Result, assignment: Assignment, by_hand: HandGrades, deadlines: Deadlines, rule: Rule
) -> Result:
    """`result` with how late it came and what each of its notebooks loses for that."""
    seconds = deadlines.seconds_late(result.student, result.timestamp)
    if not seconds:
        return result
    penalties = {}
    for notebook in assignment.notebooks:
        if not result.lacks(notebook.name):
            given = by_hand.get(notebook.name, {})
            penalty = rule(result.student, notebook_score(notebook, result.of(notebook.name), given), seconds)
            if penalty is not None:
                penalties[notebook.name] = penalty
    return replace(result, penalties=penalties, seconds_late=seconds)


def notebook_score(notebook: Notebook, result: Result, given: Mapping[str, HandGrade]) -> float:
    """As nbgrader adds up a notebook: a score by hand before the automatic one, and extra credit on top."""
    automatic, total = auto_scores(result, notebook), 0.0
    for grade_id in automatic.keys() | given.keys():
        hand = given.get(grade_id, HandGrade())
        score = automatic.get(grade_id) if hand.score is None else hand.score
        if score is not None:
            total += score + (hand.extra_credit or 0.0)
    return total
