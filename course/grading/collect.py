"""Find what each student handed in, in nbgrader's layout: submitted/<student>/<assignment>/<assignment>.ipynb."""

import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dateutil import parser, tz

from course.errors import GivenError
from course.grading.notebook import MAX_BYTES, Ungradable


@dataclass(frozen=True)
class Submission:
    student: str
    path: Path | None
    timestamp: datetime | None  # UTC, from timestamp.txt
    notes: tuple[str, ...] = ()


def collect(submitted: Path, assignment: str) -> tuple[Submission, ...]:
    """One Submission for each student who has a folder for this assignment, in the order of their names."""
    if not submitted.is_dir():
        raise GivenError(f"there is no folder {submitted}: put submissions into {submitted}/<student>/{assignment}/")
    students = [
        entry.name
        for entry in os.scandir(submitted)
        if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
    ]
    folders = {student: _real_folder(submitted / student / assignment) for student in sorted(students)}
    return tuple(_find(student, folder, assignment) for student, folder in folders.items() if folder)


def read_submission(path: Path) -> bytes | Ungradable:
    """The bytes of a submitted file, if it is a regular file of a sane size; never what a link points to."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        return Ungradable(f"{path.name} cannot be read ({error.strerror})")
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return Ungradable(f"{path.name} is not a regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(data) > MAX_BYTES:
        return Ungradable(f"{path.name} has more than {MAX_BYTES // 1_000_000} MB")
    return data


def _real_folder(path: Path) -> Path | None:
    return path if path.is_dir() and not path.is_symlink() else None


def _find(student: str, folder: Path, assignment: str) -> Submission:
    notes: list[str] = []
    timestamp = _timestamp(folder / "timestamp.txt", notes)
    notebooks, left_out = [], []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith(".") or not entry.name.lower().endswith(".ipynb"):
            continue
        if not entry.is_file(follow_symlinks=False):
            left_out.append(f"{entry.name} is not a regular file")
        elif entry.stat(follow_symlinks=False).st_size > MAX_BYTES:
            left_out.append(f"{entry.name} has more than {MAX_BYTES // 1_000_000} MB")
        else:
            notebooks.append(Path(entry.path))
    if not notebooks:
        return Submission(student, None, timestamp, (*notes, "; ".join(left_out) or "no notebook was handed in"))
    notes += [f"{reason}; it was left out." for reason in left_out]
    chosen = min(notebooks, key=lambda path: (_unlikeness(path.stem, assignment), -path.stat().st_mtime, path.name))
    if chosen.stem != assignment:
        notes.append(f"The notebook is named {chosen.name}; it was taken as {assignment}.ipynb.")
    others = [path.name for path in notebooks if path != chosen and _unlikeness(path.stem, assignment) < 4]
    if others:
        notes.append(f"Several notebooks were handed in; {chosen.name} was graded, not {', '.join(others)}.")
    return Submission(student, chosen, timestamp, tuple(notes))


def _unlikeness(stem: str, assignment: str) -> int:
    """0 the right name, 1 in another case, 2 inside a longer name ("Copy of X", "X (1)"), 3 without its number, 4 no."""
    if stem == assignment:
        return 0
    if stem.lower() == assignment.lower():
        return 1
    letters = _letters(stem)
    if _letters(assignment) in letters:
        return 2
    return 3 if _letters(assignment.partition("_")[2] or assignment) in letters else 4


def _letters(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _timestamp(path: Path, notes: list[str]) -> datetime | None:
    """The time in nbgrader's timestamp.txt ("2026-11-02 21:14:03.000000 UTC"). One that cannot be read is no time."""
    if path.is_symlink() or not path.is_file():
        return None
    data = read_submission(path)
    text = data[:200].decode("utf-8", "replace").strip() if isinstance(data, bytes) else ""
    try:
        time = parser.parse(text, tzinfos=lambda name, offset: tz.gettz(name) if offset is None else offset)
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        notes.append("timestamp.txt holds no time that can be read; the submission counts as without a time.")
        return None
    if time.year < 2000 or time.year > 9000:
        notes.append("timestamp.txt holds a time that cannot be true; the submission counts as without a time.")
        return None
    return time
