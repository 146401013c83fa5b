"""Where a student stands: each lesson and assignment of the course with what was done of it, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course import progress
from course.authoring.table import ChapterRow
from course.progress import Progress, Work


@dataclass(frozen=True)
class Standing:
    """One notebook. room: "lessons" or "assignments". done, of: numbers measured of a lesson, exercises right of an
    assignment (those that checks can see). state: "" (not begun), "begun", or "done": the lesson run, the assignment solved.
    """

    row: ChapterRow
    room: str
    state: str
    done: int
    of: int
    last: str = ""

    @property
    def kind(self) -> str:
        """ "lesson" or "assignment"."""
        return self.room.removesuffix("s")

    @property
    def notebook(self) -> str:
        """Its path in the checkout."""
        return f"{self.room}/{self.row.chapter}/{self.row.chapter}.ipynb"

    @property
    def words(self) -> str:
        """The state for people, in a word or three; nothing when nothing was done."""
        if self.state != "begun":
            return {"": "", "done": "run" if self.room == "lessons" else "solved"}[self.state]
        return f"{self.done} of {self.of}" if self.done else "begun"

    def to_json(self) -> dict:
        return {"state": self.state, "done": self.done, "of": self.of, "last": self.last}


def standings(rows: Sequence[ChapterRow], found: Progress) -> list[Standing]:
    """One for each notebook, in the order in which they are worked through: a lesson, then its assignment."""
    both = []
    for row in rows:
        if row.has_lesson:
            both.append(_of_lesson(row, found.lessons.get(row.chapter)))
        if row.has_assignment:
            both.append(_of_assignment(row, found.assignments.get(row.chapter)))
    return both


def next_up(both: Sequence[Standing]) -> Standing | None:
    """Where to go on: with what was begun last and is not done, else with the first that is not done after the one that
    was done last, else with the first that is not done; None when all is done."""
    begun = [s for s in both if s.state == "begun"]
    if begun:
        return max(begun, key=lambda s: s.last)
    done = [place for place, s in enumerate(both) if s.state == "done"]
    after = max(done, key=lambda place: both[place].last) if done else -1
    return next((s for s in (*both[after + 1 :], *both) if s.state == ""), None)


def read_standings(root: Path, rows: Sequence[ChapterRow]) -> tuple[list[Standing], str]:
    """The standings in the checkout at `root`, and a line when the file of progress was damaged."""
    found = progress.read(root)
    return standings(rows, found), found.note


def _of_lesson(row: ChapterRow, work: Work | None) -> Standing:
    measured = min(len(work.measured), row.claims) if work else 0
    state = "" if work is None else "done" if work.run else "begun"
    return Standing(row, "lessons", state, measured, row.claims, work.last if work else "")


def _of_assignment(row: ChapterRow, work: Work | None) -> Standing:
    parts: dict[str, list[bool]] = {}
    for part in row.parts:
        parts.setdefault(part.partition(".")[0], []).append(work is not None and work.parts.get(part) == "right")
    right = sum(all(part) for part in parts.values())
    state = "" if work is None else "done" if parts and right == len(parts) else "begun"
    return Standing(row, "assignments", state, right, len(parts), work.last if work else "")
