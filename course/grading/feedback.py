"""The page that a student gets: the score at a glance, each exercise's verdict in words, their own code and its output.

Everything in it that came from a student is escaped, there is no script, and of the tests only the messages are shown:
not their text, and not what they printed, for a function that prints its arguments would print those of hidden tests.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course.grading.autograded import write_handed_in
from course.grading.by_hand import HandGrade, HandGrades
from course.grading.files import replace_file
from course.grading.notebook import clean_text
from course.grading.released import Assignment, Notebook
from course.grading.result import ExerciseScore, Result, RunCell

_MOST_CODE = 20_000  # characters of one cell
_MOST_OWN_CODE = 100_000  # of all cells of the student's own
_MOST_OUTPUT = 6_000
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_LABEL = re.compile(r"^(Asked|Came back|Expected)(?=: )", re.MULTILINE)
_POINTS = re.compile(r"[ \t]*\([\d.]+ points?\)")

_WORDS = {
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
        return _WORDS[self.state]


@dataclass(frozen=True)
class Exercise:
    id: str
    title: str
    parts: tuple[Part, ...]
    cells: tuple[RunCell, ...]  # the answer, and the student's own cells around it
    comment: str = ""  # of the person who graded by hand

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
        return _WORDS[self.state]


def write_feedback(
    root: Path, assignment: Assignment, result: Result, by_hand: HandGrades | None = None, secret: str = ""
) -> list[Path]:
    """Write feedback/<student>/<assignment>/<notebook>.html by atomic rename, and what nbgrader's exchange needs beside it.

    by_hand: as `read_hand_grades` gives it. secret: as for `write_autograded`. Returns the pages' paths.
    """
    folder = root / "feedback" / result.student / assignment.name
    if secret:
        write_handed_in(folder, result, secret)
    paths = []
    for notebook in assignment.notebooks:
        path = folder / f"{notebook.name}.html"
        if result.lacks(notebook.name):
            path.unlink(missing_ok=True)  # of an earlier submission
            continue
        page = feedback_page(notebook, result.of(notebook.name), (by_hand or {}).get(notebook.name, {}))
        replace_file(path, page, 0o644)
        paths.append(path)
    return paths


def feedback_page(notebook: Notebook, result: Result, by_hand: Mapping[str, HandGrade]) -> str:
    exercises = _exercises(notebook, result, by_hand)
    return _template().render(
        title=title_of(notebook),
        result=result,
        handed_in=_readable(result.timestamp),
        late=_duration(result.seconds_late),
        exercises=exercises,
        before=_cells_by_exercise(notebook, result)[""],
        points=sum(exercise.points for exercise in exercises),
        max_points=sum(exercise.max_points for exercise in exercises) or result.max_points,
        waiting=sum(part.max_points for e in exercises for part in e.parts if part.state == "manual"),
        code_style=_code_style(),
    )


@cache
def _template():
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "words": _inline, "python": _python, "printed": _printed}
    return environment.get_template("feedback.html.j2")


def _exercises(notebook: Notebook, result: Result, by_hand: Mapping[str, HandGrade]) -> list[Exercise]:
    """In the order of the assignment. Scores that a person gave count before those of the tests."""
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
            )
        )
    return exercises


def _part(score: ExerciseScore, given: HandGrade) -> Part:
    state, points = score.state, score.points
    if given.score is not None:
        state, points = "graded", given.score
    points += given.extra_credit or 0
    name = score.part.partition(".")[2].replace("_", " ")
    message = "" if score.message in ("Graded by hand.", "Not answered.") else score.message
    if (
        state == "right" and message.startswith("Right: ") and len(message) > len("Right: ")
    ):  # the verdict stands beside it
        message = message[len("Right: ")].upper() + message[len("Right: ") + 1 :]
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
            cells[current].append(replace(cell, source=_shortened(cell.source, room)))
            room = max(room - min(len(cell.source), _MOST_CODE), 0)
    return cells


def title_of(notebook: Notebook) -> str:
    headings = (_HEADING.search(cell.source) for cell in notebook.cells if cell.kind == "markdown")
    return next((found.group(1) for found in headings if found), notebook.name)


def _titles(notebook: Notebook) -> dict[str, str]:
    """Exercise -> the last heading above its answer, without the points. Two exercises under one heading keep their ids."""
    titles: dict[str, str] = {}
    heading = ""
    for cell in notebook.cells:
        if cell.kind == "markdown" and (found := _HEADING.findall(cell.source)):
            heading = _POINTS.sub("", found[-1])
        elif cell.kind in ("solution", "answer", "task") and heading:
            titles[cell.exercise], heading = heading, ""
    return titles


def _readable(timestamp: str | None) -> str:
    if not timestamp:
        return ""
    time = datetime.fromisoformat(timestamp)
    time = time.astimezone(UTC) if time.tzinfo else time
    return f"{time.day} {time:%B %Y, %H:%M} UTC"


def _duration(seconds: float) -> str:
    """In the two largest units that say something: "2 days 5 hours", "12 minutes"."""
    left, words = round(seconds), []
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " ".join(words[:2])


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _inline(text: str) -> Markup:
    """Plain words with `code` in them, and with the labels of a failed check set off."""
    pieces = clean_text(text).split("`")
    if len(pieces) % 2 == 0:
        pieces = [clean_text(text)]
    marked = (Markup("<code>{}</code>" if number % 2 else "{}").format(piece) for number, piece in enumerate(pieces))
    escaped = str(
        Markup("").join(marked)
    )  # a plain text: re.sub joins by its subject's own type, and Markup would escape again
    return Markup(_LABEL.sub(r'<span class="asked">\1</span>', escaped))


def _python(source: str) -> Markup:
    """Highlighted Python; Pygments escapes what it is given."""
    text = _shortened(_CONTROL.sub("", clean_text(source)), _MOST_CODE)
    return Markup(highlight(text, PythonLexer(stripnl=False), _formatter()).rstrip("\n"))


@cache
def _formatter() -> HtmlFormatter:
    return HtmlFormatter(nowrap=True)


@cache
def _code_style() -> Markup:
    return Markup(HtmlFormatter(style="friendly").get_style_defs(".code"))


def _printed(text: str) -> str:
    """What a terminal would show in the end: no colors, and of a progress bar only its last state."""
    lines = _ANSI.sub("", text).replace("\r\n", "\n").split("\n")
    last_states = (next((state for state in reversed(line.split("\r")) if state.strip()), "") for line in lines)
    return _shortened(_CONTROL.sub("", clean_text("\n".join(last_states))).rstrip(), _MOST_OUTPUT)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}\n… {len(text) - most:,} more characters".lstrip()
