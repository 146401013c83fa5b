"""What a student has run and solved, kept in one small file of the checkout: `.course/progress.json`. No account, no network.

A lesson is *run* when all numbers that it states were measured in one kernel since its set-up cell. An exercise of an
assignment is *right* when the last run of its visible checks said so, in the notebook or by `course check`.

Notebooks note it down as they run, and only the course's own: those in lessons/ and assignments/ of a checkout, in a
Jupyter kernel. Elsewhere (Colab, grading, a course under construction) nothing is written. Nothing that goes wrong here
reaches a notebook.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from course import paths
from course.runtime import in_notebook

SWITCH = "COURSE_PROGRESS"  # "off" where notebooks run, and no student is there to run them
ROOMS = ("lessons", "assignments")
_VERSION = 1
_CLAIM = re.compile(r"^# \[claims\.(\w+)", re.MULTILINE)  # in the front matter of a lesson's source


@dataclass(frozen=True)
class Work:
    """What was done in one notebook.

    last: when something was, as ISO 8601 in UTC. measured: of a lesson, the numbers that were measured in one go. run:
    when they first were all. parts: of an assignment, graded part -> "right", "wrong", "unanswered" or "error".
    """

    last: str = ""
    measured: tuple[str, ...] = ()
    run: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """lessons, assignments: chapter -> what was done there; only those in which anything was. note: what was wrong with the file."""

    lessons: Mapping[str, Work] = field(default_factory=dict)
    assignments: Mapping[str, Work] = field(default_factory=dict)
    note: str = ""


def file_of(root: Path) -> Path:
    return root / ".course" / "progress.json"


def read(root: Path) -> Progress:
    """What was done in the checkout at `root`. A damaged file is put aside, and `note` says so."""
    document, note = _load(file_of(root))
    works = {room: {name: _work(entry) for name, entry in document[room].items()} for room in ROOMS}
    return Progress(works["lessons"], works["assignments"], note)


def begin(chapter: str) -> None:
    """The set-up cell of a notebook has run."""
    _note_here(*ROOMS, chapter=chapter, change=lambda root, entry: None)


def measured(chapter: str, names: Iterable[str]) -> None:
    """A lesson has measured these of its numbers since its set-up."""

    def change(root: Path, entry: dict[str, Any]) -> None:
        stated = _stated(root, chapter)
        now = stated & set(names)
        if len(now) >= len(stated & set(entry.get("measured", ()))):
            entry["measured"] = sorted(now)
        if stated and now == stated:
            entry.setdefault("run", _now())

    _note_here("lessons", chapter=chapter, change=change)


def checked(chapter: str, states: Mapping[str, str]) -> None:
    """The checks of an assignment's notebook have said this: part -> state."""
    _note_here("assignments", chapter=chapter, change=lambda root, entry: _set_parts(entry, states))


def checked_file(root: Path, notebook: Path, chapter: str, states: Mapping[str, str]) -> None:
    """As `checked`, for the notebook file `notebook`; of others than the checkout's own assignments nothing is kept."""
    if _on() and (root / "assignments").resolve() in notebook.resolve().parents:
        with suppress(Exception):
            _note(root, "assignments", chapter, lambda root, entry: _set_parts(entry, states))


def _set_parts(entry: dict[str, Any], states: Mapping[str, str]) -> None:
    entry["parts"] = {**entry.get("parts", {}), **states}


def _on() -> bool:
    return os.environ.get(SWITCH) != "off" and "NBGRADER_EXECUTION" not in os.environ


def _note_here(*rooms: str, chapter: str, change: Callable[[Path, dict[str, Any]], None]) -> None:
    """Change the entry of the notebook that this kernel runs, if it stands in one of these rooms."""
    with suppress(Exception):  # whatever is wrong with the disk or the file, the notebook goes on
        place = _place() if _on() and in_notebook() else None
        if place and place[1] in rooms:
            note = _note(place[0], place[1], chapter, change)
            if note:
                print(note)


@cache
def _place() -> tuple[Path, str] | None:
    """The checkout and the room of the notebook in this kernel: a kernel begins in its notebook's folder."""
    folder = Path.cwd()
    root = paths.find_root(folder)
    room = folder.resolve().relative_to(root).parts[:1] if root else ()
    return (root, room[0]) if room and room[0] in ROOMS else None


def _note(root: Path, room: str, chapter: str, change: Callable[[Path, dict[str, Any]], None]) -> str:
    """Change one entry of the file; returns what was wrong with the file, if anything."""
    path = file_of(root)
    path.parent.mkdir(exist_ok=True)
    with _alone(path.with_suffix(".lock")):
        document, note = _load(path)
        entry = document[room].setdefault(chapter, {})
        change(root, entry)
        entry["last"] = _now()
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({"version": _VERSION, **document}, indent=1, sort_keys=True), encoding="utf-8")
        fresh.replace(path)
    return note


def _load(path: Path) -> tuple[dict[str, dict], str]:
    """The file's rooms, and a line when it was damaged and is now put aside."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        rooms = {room: document.get(room, {}) for room in ROOMS}
        for entries in rooms.values():
            for entry in entries.values():
                _work(entry)
        return rooms, ""
    except FileNotFoundError:
        return {room: {} for room in ROOMS}, ""
    except (ValueError, TypeError, AttributeError) as error:
        aside = path.with_suffix(".damaged.json")
        path.replace(aside)
        note = f"{path} could not be read ({error}): it is now {aside.name}, and progress is counted anew"
        return {room: {} for room in ROOMS}, note


def _work(entry: Mapping[str, Any]) -> Work:
    return Work(
        last=str(entry.get("last", "")),
        measured=tuple(map(str, entry.get("measured", ()))),
        run=str(entry.get("run", "")),
        parts={str(part): str(state) for part, state in entry.get("parts", {}).items()},
    )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other kernel of this machine is in the block at the same time (on Windows they may be)."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stated(root: Path, chapter: str) -> set[str]:
    """The names of the numbers that a lesson states, by its source."""
    return set(_CLAIM.findall((root / "lessons" / chapter / f"{chapter}.py").read_text(encoding="utf-8")))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
