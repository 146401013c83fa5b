"""Our page from `nbgrader generate_feedback`, and so from formgrader's buttons: with what a person has entered since.

One line of nbgrader_config.py puts `StudentPage` in the place of nbgrader's own exporter, which shows the whole notebook as it
was run, hidden tests included. A notebook that was not run by this grader keeps nbgrader's page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from course.errors import GivenError
from course.grading.autograded import result_of
from course.grading.by_hand import HandGrades, read_hand_grades
from course.grading.feedback import feedback_page
from course.grading.late import Deadlines, read_deadlines
from course.grading.nbgrader_scores import auto_scores
from course.grading.released import Assignment, Notebook, load_assignment
from course.grading.sections import Section, sections_to_read


@dataclass(frozen=True)
class _Known:
    """What is the same for a whole class."""

    assignment: Assignment
    by_hand: Mapping[str, HandGrades]
    deadlines: Deadlines
    sections: Mapping[str, Section]


class StudentPage(HTMLExporter):
    """For `c.GenerateFeedback.exporter_class`. nbgrader makes one for each run of the command."""

    def __init__(self, **options):
        super().__init__(**options)
        self._known: dict[tuple[str, str], _Known | None] = {}

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **options) -> tuple[str, dict]:
        page = self._page(nb, (resources or {}).get("nbgrader", {}))
        if page is None:
            return super().from_notebook_node(nb, resources, **options)
        resources = self._init_resources(resources)
        resources["output_extension"] = self.file_extension
        return page, resources

    def _page(self, nb: NotebookNode, told: Mapping[str, str]) -> str | None:
        known = self._of_class(told.get("assignment", ""), told.get("db_url", ""))
        notebooks = known.assignment.notebooks if known else ()
        notebook = next((n for n in notebooks if n.name == told["notebook"]), None)
        result = notebook and result_of(nb, notebook)
        if result is None:
            self.log.info("%s was not run by the course's grader: nbgrader's own page", told.get("notebook"))
            return None
        result = replace(result, student=told["student"])
        stored = _stored(told, notebook)
        if stored is None or stored.scores != auto_scores(result, notebook):
            self.log.warning("The scores of %s are from another grading: nbgrader's own page", told["student"])
            return None
        late = known.deadlines.seconds_late(result.student, result.timestamp)
        penalties = {} if stored.penalty is None else {notebook.name: stored.penalty}
        given = known.by_hand.get(result.student, {}).get(notebook.name, {})
        return feedback_page(notebook, replace(result, penalties=penalties, seconds_late=late), given, known.sections)

    def _of_class(self, name: str, db_url: str) -> _Known | None:
        """None where the course has no such assignment."""
        if (name, db_url) not in self._known:
            root = Path(CourseDirectory(parent=self).root)
            try:
                self._known[name, db_url] = _Known(
                    load_assignment(root, name),
                    read_hand_grades(db_url, name),
                    read_deadlines(db_url, name),
                    sections_to_read(root, name),
                )
            except GivenError as error:
                self.log.warning("%s", error)
                self._known[name, db_url] = None
        return self._known[name, db_url]


@dataclass(frozen=True)
class _Stored:
    """What the gradebook holds of a submission's notebook: grade_id -> automatic score, and the penalty for lateness."""

    scores: Mapping[str, float]
    penalty: float | None


def _stored(told: Mapping[str, str], notebook: Notebook) -> _Stored | None:
    with Gradebook(told["db_url"]) as gradebook:
        try:
            found = gradebook.find_submission_notebook(notebook.name, told["assignment"], told["student"])
        except MissingEntry:
            return None
        scores = {grade.name: grade.auto_score for grade in found.grades if grade.auto_score is not None}
        return _Stored(scores, found.late_submission_penalty)
