"""Find what each student handed in, in nbgrader's layout: submitted/<student>/<assignment>/<notebook>.ipynb."""

import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dateutil import parser, tz

from course.errors import GivenError
from course.grading.notebook import MAX_BYTES, Ungradable, clean_text

NOT_ALIKE = 4
_ZONE = re.compile(r"[\w+-]+(?:/[\w+-]+)*")  # the name of a time zone, and not a path: dateutil opens what it is given


@dataclass(frozen=True)
class Submission:
    student: str
    notebooks: Mapping[str, Path]  # notebook -> its file; one that was not handed in is not here
    timestamp: datetime | None  # UTC, from timestamp.txt
    notes: tuple[str, ...] = ()
    secret: str = ""  # nbgrader's submission_secret.txt, by which its exchange gives the feedback to the right student


def collect(submitted: Path, assignment: str, notebooks: Sequence[str] = ()) -> tuple[Submission, ...]:
    """One Submission for each student who has a folder for this assignment, in the order of their names.

    notebooks: their names; by default one of the assignment's own name.
    """
    if not submitted.is_dir():
        raise GivenError(f"there is no folder {submitted}: put submissions into {submitted}/<student>/{assignment}/")
    students = [
        entry.name
        for entry in os.scandir(submitted)
        if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
    ]
    folders = {student: submitted / student / assignment for student in sorted(students)}
    wanted = tuple(notebooks) or (assignment,)
    return tuple(_find(_as_text(student), folder, wanted) for student, folder in folders.items() if folder.is_dir())


def intake_notes(folder: Path) -> Path:
    """Where is kept what was noticed when submitted/<student>/<assignment> was taken from a platform's download.

    Not in the student's own folder, into which nbgrader's exchange copies whatever a student hands in.
    """
    return folder.parent.parent / ".intake" / folder.name / f"{folder.parent.name}.txt"


def read_submission(path: Path) -> bytes | Ungradable:
    """The bytes of a submitted file, if it is a regular file of a sane size; never what a link points to."""
    try:
        flags = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))  # of these, what there is
        descriptor = os.open(path, sum(flags, os.O_RDONLY))
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


def _as_text(name: str) -> str:
    """The name of a folder; bytes in it that are no text are written as \\xff, so that no two names become one."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _find(student: str, folder: Path, wanted: Sequence[str]) -> Submission:
    if folder.is_symlink():
        return Submission(student, {}, None, (f"the folder {folder.name} is a link, and links are not followed",))
    notes: list[str] = []
    timestamp = _timestamp(folder / "timestamp.txt", notes)
    secret = _text(folder / "submission_secret.txt")
    notes += _lines(intake_notes(folder))
    there, left_out = [], []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith(".") or not entry.name.lower().endswith(".ipynb"):
            continue
        if not entry.is_file(follow_symlinks=False):
            left_out.append(f"{entry.name} is not a regular file")
        elif entry.stat(follow_symlinks=False).st_size > MAX_BYTES:
            left_out.append(f"{entry.name} has more than {MAX_BYTES // 1_000_000} MB")
        else:
            there.append(Path(entry.path))
    if not there:
        notes.append("; ".join(left_out) or "no notebook was handed in")
        return Submission(student, {}, timestamp, tuple(map(clean_text, notes)), secret)
    notes += [f"{reason}; it was left out." for reason in left_out]
    chosen = _choose(there, wanted)
    for name, path in chosen.items():
        if path.stem != name:
            notes.append(f"The notebook is named {path.name}; it was taken as {name}.ipynb.")
        rest = [p for p in there if p not in chosen.values()]
        if others := [p.name for p in rest if unlikeness(p.stem, name) < NOT_ALIKE]:
            notes.append(f"Several notebooks were handed in; {path.name} was graded, not {', '.join(others)}.")
    if not chosen:
        named = " and ".join(f"{name}.ipynb" for name in wanted)
        notes.append(f"none of the notebooks that were handed in is named like {named}")
    return Submission(
        student, chosen, timestamp, tuple(map(clean_text, notes)), secret
    )  # names of files may be no text


def _choose(there: Sequence[Path], wanted: Sequence[str]) -> dict[str, Path]:
    """Notebook -> the file that is most like it in name, of several the newest; each file is taken once.

    Where the assignment has one notebook alone, any file is taken for it; of several, only one that is named alike.
    """
    most = NOT_ALIKE if len(wanted) == 1 else NOT_ALIKE - 1
    pairs = sorted(
        (unlikeness(path.stem, name), -path.stat().st_mtime, path.name, name, path) for path in there for name in wanted
    )
    chosen: dict[str, Path] = {}
    for unlike, _, _, name, path in pairs:
        if unlike <= most and name not in chosen and path not in chosen.values():
            chosen[name] = path
    return {name: chosen[name] for name in wanted if name in chosen}


def unlikeness(stem: str, assignment: str) -> int:
    """0 the right name, 1 in another case, 2 inside a longer name ("Copy of X", "X (1)"), 3 without its number, 4 no."""
    if stem == assignment:
        return 0
    if stem.lower() == assignment.lower():
        return 1
    letters = _letters(stem)
    if _letters(assignment) in letters:
        return 2
    return 3 if _letters(assignment.partition("_")[2] or assignment) in letters else NOT_ALIKE


def _letters(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _lines(path: Path) -> list[str]:
    data = read_submission(path) if path.is_file() and not path.is_symlink() else b""
    return data.decode("utf-8", "replace").splitlines()[:20] if isinstance(data, bytes) else []


def _text(path: Path) -> str:
    """The first line or so of a small text file; nothing where there is none, or where it is a link."""
    data = read_submission(path) if path.is_file() and not path.is_symlink() else b""
    return data[:200].decode("utf-8", "replace").strip() if isinstance(data, bytes) else ""


def _timestamp(path: Path, notes: list[str]) -> datetime | None:
    """The time in nbgrader's timestamp.txt ("2026-11-02 21:14:03.000000 UTC"). One that cannot be read is no time."""
    if path.is_symlink() or not path.is_file():
        return None
    time = read_time(_text(path))
    if time is None:
        notes.append("timestamp.txt holds no time that can be read; the submission counts as without a time.")
        return None
    if time.year < 2000 or time.year > 9000:
        notes.append("timestamp.txt holds a time that cannot be true; the submission counts as without a time.")
        return None
    return time


def read_time(text: str) -> datetime | None:
    """In UTC, which it is taken for where it names no zone; None when it is no time."""
    try:
        time = _parse(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def _parse(text: str) -> datetime:
    """As nbgrader's `parse_utc`: a third word is a time zone by name ("America/Los_Angeles") or by offset ("+0200")."""
    words = text.split(" ")
    zone = tz.gettz(words[2]) if len(words) == 3 and _ZONE.fullmatch(words[2]) else None
    if zone is not None:
        return parser.parse(" ".join(words[:2])).replace(tzinfo=zone)
    return parser.parse(text, tzinfos=lambda name, offset: tz.gettz(name) if offset is None else offset)
