"""What the course holds, chapter by chapter, read from the sources: for `course list` and `course doctor`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course.authoring.places import known_chapters, source_path
from course.authoring.rules import of_kind, total_points
from course.authoring.source import Source, read_source


@dataclass(frozen=True)
class ChapterRow:
    chapter: str  # "02_layers"
    title: str
    shows: str = ""  # one sentence: what the lesson shows
    minutes: Mapping[str, float] = field(default_factory=dict)  # "read", "run", "work": those that are known
    points: float = 0
    exercises: tuple[str, ...] = ()  # coded exercises, then free-text questions
    parts: tuple[str, ...] = ()  # the graded parts of the coded exercises: "softmax", "softmax.stable"
    data: tuple[str, ...] = ()
    claims: int = 0
    has_lesson: bool = False
    has_assignment: bool = False

    def to_json(self) -> dict:
        """One entry of what `course list --json` prints."""
        return {
            "chapter": self.chapter,
            "title": self.title,
            "minutes": dict(self.minutes),
            "points": self.points,
            "exercises": list(self.exercises),
            "data": list(self.data),
            "claims": self.claims,
            "parts": list(self.parts),
        }


def chapter_table(root: Path) -> list[ChapterRow]:
    """One row for each chapter, in order. A source that cannot be read raises GivenError."""
    return [_row(root, chapter) for chapter in known_chapters(root)]


def _row(root: Path, chapter: str) -> ChapterRow:
    lesson, assignment = (_read(root, room, chapter) for room in ("lessons", "solutions"))
    front = (lesson or assignment).front
    minutes = dict(lesson.front.minutes) if lesson else {}
    exercises: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    if assignment:
        minutes |= assignment.front.minutes
        parts = tuple(str(cell.tags["tests"]) for cell in of_kind(assignment, "tests"))
        exercises = tuple(str(cell.tags[kind]) for kind in ("solution", "answer") for cell in of_kind(assignment, kind))
    return ChapterRow(
        chapter=chapter,
        title=front.title,
        shows=front.shows,
        minutes=minutes,
        points=total_points(assignment) if assignment else 0,
        exercises=exercises,
        parts=parts,
        data=front.data,
        claims=len(front.claims),
        has_lesson=lesson is not None,
        has_assignment=assignment is not None,
    )


def _read(root: Path, room: str, chapter: str) -> Source | None:
    path = source_path(root, room, chapter)
    return read_source(path) if path.is_file() else None
