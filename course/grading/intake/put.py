"""What a student handed in, put into the student's folder: the newest attempt, notes on the rest, the former one set aside."""

import itertools
import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course.grading.collect import NOT_ALIKE, intake_notes, unlikeness
from course.grading.files import replace_file
from course.grading.intake.download import LeftOut
from course.grading.intake.owners import Owner, version

REPLACED = ".replaced"


@dataclass(frozen=True)
class Attempt:
    """A notebook that lies ready to be put in its place."""

    owner: Owner
    place: str
    file: Path
    time: datetime | None
    timestamp: bytes | None  # when it was handed in, where nbgrader says so

    @property
    def age(self) -> tuple[datetime, int, str]:
        return self.time or datetime.min, version(self.owner.file), self.place


def move_away(submitted: Path, former: str, assignment: str) -> None:
    """Who is known now is not graded under a former name too: what lay there is set aside."""
    folder = submitted / former / assignment
    for file in sorted(folder.iterdir()):
        _set_aside(file)
    folder.rmdir()
    intake_notes(folder).unlink(missing_ok=True)
    if not any(folder.parent.iterdir()):
        folder.parent.rmdir()


def put(
    folder: Path, attempts: Sequence[Attempt], refused: Sequence[LeftOut], wanted: Sequence[str], handed_in: str
) -> bool:
    """The newest of each notebook into `folder`. Whether anything changed.

    handed_in: when, as the roster has it. The times inside of an archive say which attempt is the newest, and not more: some
    platforms write the time of the download there, and nobody is late for that.
    """
    notes = [f"{file.place.rpartition('/')[2]} was handed in and not taken: {file.reason}." for file in refused]
    changed, sorted_out = False, _sorted_out(attempts, wanted)
    taken = {attempt.place for candidates in sorted_out.values() for attempt in candidates}
    like = " or ".join(f"{name}.ipynb" for name in wanted)
    notes += [
        f"{a.owner.file} was handed in and not taken: its name is not like {like}." for a in attempts if a.place not in taken
    ]
    for name, candidates in sorted_out.items():
        newest = max(candidates, key=lambda attempt: attempt.age)
        if newest.owner.late:
            notes.append("Canvas has marked this submission as late.")
        if len(candidates) > 1:
            rest = ", ".join(a.owner.file for a in candidates if a is not newest)
            notes.append(
                f"{len(candidates)} attempts were handed in; the newest, {newest.owner.file}, was taken, not {rest}."
            )
        elif unlikeness(newest.owner.file.rpartition(".")[0], name) == NOT_ALIKE:
            notes.append(f"The notebook is named {newest.owner.file}; it was taken as {name}.ipynb.")
        changed |= _replace(folder, f"{name}.ipynb", newest.file.read_bytes())
        timestamp = handed_in.encode() if handed_in else newest.timestamp
        if timestamp is not None:
            changed |= _replace(folder, "timestamp.txt", timestamp)
        elif changed and (folder / "timestamp.txt").exists():
            _set_aside(folder / "timestamp.txt")  # it told of the former attempt
    folder.mkdir(parents=True, exist_ok=True)
    return _note(intake_notes(folder), notes) or changed


def _sorted_out(attempts: Sequence[Attempt], wanted: Sequence[str]) -> dict[str, list[Attempt]]:
    """Notebook -> the attempts at it. Where there is one notebook alone and no name is like it, every file is one."""
    sorted_out: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        unlike, name = min((unlikeness(attempt.owner.file.rpartition(".")[0], name), name) for name in wanted)
        if unlike < NOT_ALIKE:
            sorted_out[name].append(attempt)
    if not sorted_out and len(wanted) == 1 and attempts:
        return {wanted[0]: list(attempts)}
    return sorted_out


def _replace(folder: Path, name: str, data: bytes) -> bool:
    path = folder / name
    if path.is_file() and not path.is_symlink() and path.read_bytes() == data:
        return False
    if path.is_symlink() or path.exists():
        _set_aside(path)
    replace_file(path, data)
    return True


def _set_aside(path: Path) -> None:
    """What was handed in before stays on the disk, where no grading looks."""
    student, assignment = path.parent.parent.name, path.parent.name
    there = path.parent.parent.parent / REPLACED / student / assignment
    there.mkdir(parents=True, exist_ok=True)
    numbers = (there / f"{path.stem}.{number}{path.suffix}" for number in itertools.count(1))
    shutil.move(path, next(free for free in numbers if not free.exists()))


def _note(path: Path, notes: Sequence[str]) -> bool:
    text = "".join(f"{' '.join(note.split())}\n" for note in notes)  # a name may hold the end of a line
    former = path.read_text(encoding="utf-8") if path.is_file() else ""
    if text == former:
        return False
    if text:
        replace_file(path, text)
    else:
        path.unlink(missing_ok=True)
    return True
