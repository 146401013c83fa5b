"""The page as a file: written when something that it says has changed, and left alone otherwise."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from course.grading.autograded import write_handed_in
from course.grading.by_hand import HandGrade, HandGrades
from course.grading.feedback import words
from course.grading.feedback.exercises import SHOWN, WORDS, Exercise, exercises_of, title_of
from course.grading.files import replace_file
from course.grading.released import Assignment, Notebook
from course.grading.result import Result
from course.grading.sections import Section

_HERE = Path(__file__).parent
_STAMP = '<meta name="course-page" content="{}">'
_HEAD = 2_000  # bytes, in which the stamp stands
_GAP = 0.5  # percent of the bar's width, between two exercises
_PASSING = ("cached", "cell_seconds", "total_seconds")  # of a result, what a page does not say


def write_feedback(
    root: Path,
    assignment: Assignment,
    result: Result,
    by_hand: HandGrades | None = None,
    secret: str = "",
    sections: Mapping[str, Section] | None = None,
) -> list[Path]:
    """Write feedback/<student>/<assignment>/<notebook>.html by atomic rename, and what nbgrader's exchange needs beside it.

    by_hand: as `read_hand_grades` gives it. secret: as for `write_autograded`. sections: as `sections_to_read` gives them.
    A page that says all this already stays as it is. Returns the pages' paths.
    """
    folder = root / "feedback" / result.student / assignment.name
    paths, written = [], False
    for notebook in assignment.notebooks:
        path = folder / f"{notebook.name}.html"
        if result.lacks(notebook.name):
            path.unlink(missing_ok=True)  # of an earlier submission
            continue
        told = result.of(notebook.name), (by_hand or {}).get(notebook.name, {}), sections or {}
        if not _has(path, _stamp(*told)):
            replace_file(path, feedback_page(notebook, *told), 0o644)
            written = True
        paths.append(path)
    if secret and (written or not (folder / "submission_secret.txt").is_file()):
        write_handed_in(folder, result, secret)
    return paths


def _stamp(result: Result, by_hand: Mapping[str, HandGrade], sections: Mapping[str, Section]) -> str:
    """A short digest of all that a page says."""
    said = {name: value for name, value in replace(result, cells=()).to_json().items() if name not in _PASSING}
    said["cells"] = [(c.id, c.source, c.stdout, c.error, c.figures) for c in result.cells if c.kind in SHOWN]
    hand, read = ({name: asdict(value) for name, value in given.items()} for given in (by_hand, sections))
    return hashlib.sha256(json.dumps([said, hand, read], sort_keys=True).encode()).hexdigest()[:24]


def _has(path: Path, stamp: str) -> bool:
    """Whether the page is there, whole, and has this stamp; nbgrader's own page has none."""
    try:
        with open(path, "rb") as file:
            return _STAMP.format(stamp).encode() in file.read(_HEAD)
    except OSError:
        return False


def feedback_page(
    notebook: Notebook,
    result: Result,
    by_hand: Mapping[str, HandGrade],
    sections: Mapping[str, Section],
) -> str:
    """The page's text."""
    exercises, before = exercises_of(notebook, result, by_hand, sections)
    return _template().render(
        title=title_of(notebook),
        result=result,
        handed_in=words.time_of(result.timestamp),
        late=words.duration(result.seconds_late),
        exercises=exercises,
        before=before,
        bar=_bar(exercises),
        points=sum(exercise.points for exercise in exercises),
        max_points=sum(exercise.max_points for exercise in exercises) or result.max_points,
        waiting=sum(part.max_points for e in exercises for part in e.parts if part.state == "manual"),
        states=WORDS,
        style=_style(),
        style_hash=_style_hash(),
        stamp=Markup(_STAMP).format(_stamp(result, by_hand, sections)),
    )


@dataclass(frozen=True)
class _Piece:
    """An exercise in the bar: where it begins, how wide it is and how much of it is filled, in percent of the bar."""

    left: float
    width: float
    filled: float
    state: str

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


def _bar(exercises: Sequence[Exercise]) -> list[_Piece]:
    """As wide as the points that can be had, filled as far as they were had."""
    total = sum(exercise.max_points for exercise in exercises)
    room = 100 - _GAP * (len(exercises) - 1)
    pieces, left = [], 0.0
    for exercise in exercises:
        width = room * (exercise.max_points / total if total else 1 / len(exercises))
        had = min(max(exercise.points / exercise.max_points, 0), 1) if exercise.max_points else 0
        pieces.append(_Piece(left, width, width * had, exercise.state))
        left += width + _GAP
    return pieces


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "number": words.number,
        "words": words.words,
        "python": words.python,
        "printed": words.printed,
    }
    return environment.get_template("page.html.j2")


@cache
def _style() -> Markup:
    """The page's one style element, between its tags."""
    return Markup(f"\n{(_HERE / 'page.css').read_text(encoding='utf-8')}{words.code_style()}\n")


@cache
def _style_hash() -> str:
    """By which the page's own policy knows that element; a browser then applies no other style, and runs nothing."""
    return base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
