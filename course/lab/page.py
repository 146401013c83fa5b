"""The start page: lessons, assignments, what was done, and where to go on. One page of HTML, made anew for each request."""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from course.authoring.standing import Standing, next_up, read_standings
from course.authoring.table import ChapterRow, chapter_table

_ROOMS = ("lessons", "solutions")


@dataclass(frozen=True)
class Chapter:
    """One row of the page."""

    row: ChapterRow
    lesson: Standing | None
    assignment: Standing | None

    @property
    def number(self) -> str:
        return self.row.chapter.partition("_")[0].lstrip("0") or "0"

    @property
    def questions(self) -> int:
        """How many questions in free text the assignment asks, which no check can read."""
        return len(self.row.exercises) - self.assignment.of if self.assignment else 0


def start_page(root: Path, base_url: str = "/") -> str:
    """The page for the checkout at `root`. base_url: of the Jupyter server whose JupyterLab the links open."""
    both, note = read_standings(root, _rows(root, _stamps(root)))
    by_place = {(s.room, s.row.chapter): s for s in both}
    rows = dict.fromkeys(s.row.chapter for s in both)
    chapters = [
        Chapter(
            (by_place.get(("lessons", name)) or by_place["assignments", name]).row,
            by_place.get(("lessons", name)),
            by_place.get(("assignments", name)),
        )
        for name in rows
    ]
    lessons = [s for s in both if s.room == "lessons"]
    exercises = [s for s in both if s.room == "assignments"]
    return _template().render(
        chapters=chapters,
        next=next_up(both),
        begun=any(s.state for s in both),
        run=(sum(s.state == "done" for s in lessons), len(lessons)),
        right=(sum(s.done for s in exercises), sum(s.of for s in exercises)),
        note=note,
        base=base_url,
    )


def _stamps(root: Path) -> tuple[tuple[str, int], ...]:
    """What changes when a source does."""
    sources = sorted(path for room in _ROOMS for path in (root / room).glob("*/*.py"))
    return tuple((str(path), path.stat().st_mtime_ns) for path in sources)


@lru_cache(maxsize=1)
def _rows(root: Path, stamps: tuple) -> list[ChapterRow]:
    """The chapters; to read all sources takes a second, and they seldom change."""
    return chapter_table(root)


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("start.html.j2")
