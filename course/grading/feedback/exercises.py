"""What a page says of each exercise: its parts with their verdicts, the student's cells, the comment, what to read again."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from course.grading.by_hand import HandGrade
from course.grading.feedback.words import MOST_CODE, shortened
from course.grading.released import Notebook
from course.grading.result import ExerciseScore, Result, RunCell
from course.grading.sections import Section, headings, without_points

SHOWN = ("solution", "answer", "own")  # the kinds of cells that stand on a page
_MOST_OWN_CODE = 100_000  # characters of all cells of the student's own

WORDS = {
    "right": "Right",
    "partly": "Partly right",
    "wrong": "Not right yet",
    "unanswered": "Not answered",
    "error": "Could not be checked to the end",
    "manual": "Waits to be graded by hand",
    "graded": "Graded by hand",
}


@dataclass(frozen=True)
class Part:
    """One line of an exercise: what was checked and what came of it."""

    name: str
    points: float
    max_points: float
    state: str
    message: str

    @property
    def words(self) -> str:
        return WORDS[self.state]


@dataclass(frozen=True)
class Exercise:
    id: str
    title: str
    parts: tuple[Part, ...]
    cells: tuple[RunCell, ...]  # the answer, and the student's own cells around it
    comment: str = ""  # of the person who graded by hand
    section: Section | None = None  # of the lesson, that helps

    @property
    def points(self) -> float:
        return sum(part.points for part in self.parts)

    @property
    def max_points(self) -> float:
        return sum(part.max_points for part in self.parts)

    @property
    def state(self) -> str:
        states = {part.state for part in self.parts}
        if len(states) == 1:
            return states.pop()
        if self.points > 0:
            return "partly"
        return next(state for state in ("error", "wrong", "manual", "unanswered", "graded", "right") if state in states)

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def to_read(self) -> Section | None:
        """The section, where something is not right; what waits for a person may be right."""
        lost = any(part.points < part.max_points and part.state != "manual" for part in self.parts)
        return self.section if lost else None


def exercises_of(
    notebook: Notebook, result: Result, by_hand: Mapping[str, HandGrade], sections: Mapping[str, Section]
) -> tuple[list[Exercise], list[RunCell]]:
    """The exercises, in the order of the assignment, and the student's own cells before the first one. Scores that a person
    gave count before those of the tests."""
    titles, cells = _titles(notebook), _cells_by_exercise(notebook, result)
    grade_ids = {cell.part: cell.id for cell in notebook.cells if cell.kind in ("tests", "answer", "task")}
    scores: dict[str, list[ExerciseScore]] = defaultdict(list)
    for score in result.exercises:
        scores[score.id].append(score)
    exercises = []
    for name, parts in scores.items():
        keys = dict.fromkeys([name, *(grade_ids.get(score.part, "") for score in parts)])
        comments = (by_hand[key].comment for key in keys if key in by_hand)
        exercises.append(
            Exercise(
                name,
                titles.get(name, name),
                tuple(_part(score, by_hand.get(grade_ids.get(score.part, ""), HandGrade())) for score in parts),
                tuple(cells[name]),
                "\n".join(comment for comment in comments if comment),
                sections.get(name),
            )
        )
    return exercises, cells[""]


def _part(score: ExerciseScore, given: HandGrade) -> Part:
    state, points = score.state, score.points
    if given.score is not None:
        state, points = "graded", given.score
    points += given.extra_credit or 0
    name = score.part.partition(".")[2].replace("_", " ")
    message = "" if score.message in ("Graded by hand.", "Not answered.") else score.message
    said = message.removeprefix("Right: ")
    if state == "right" and said != message and said:  # the verdict stands beside it
        message = said[0].upper() + said[1:]
    return Part(name, points, score.max_points, state, message)


def _cells_by_exercise(notebook: Notebook, result: Result) -> Mapping[str, list[RunCell]]:
    """Exercise -> its answer and the own cells that follow it; "" -> own cells before the first exercise."""
    exercise_of = {cell.id: cell.exercise for cell in notebook.cells if cell.id}
    cells: dict[str, list[RunCell]] = defaultdict(list)
    current, room = "", _MOST_OWN_CODE
    for cell in result.cells:
        current = exercise_of.get(cell.id) or current
        if cell.kind in ("solution", "answer"):
            cells[current].append(cell)
        elif cell.kind == "own" and cell.source.strip():
            cells[current].append(replace(cell, source=shortened(cell.source, room)))
            room = max(room - min(len(cell.source), MOST_CODE), 0)
    return cells


def title_of(notebook: Notebook) -> str:
    found = (headings(cell.source) for cell in notebook.cells if cell.kind == "markdown")
    return next((there[0] for there in found if there), notebook.name)


def _titles(notebook: Notebook) -> dict[str, str]:
    """Exercise -> the last heading above its answer, without the points. Two exercises under one heading keep their ids."""
    titles: dict[str, str] = {}
    heading = ""
    for cell in notebook.cells:
        if cell.kind == "markdown" and (found := headings(cell.source)):
            heading = without_points(found[-1])
        elif cell.kind in ("solution", "answer", "task") and heading:
            titles[cell.exercise], heading = heading, ""
    return titles
