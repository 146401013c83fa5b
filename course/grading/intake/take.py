"""A download of a whole class -> a folder for each student in nbgrader's layout. Nothing is dropped without a word.

The rules. Of several attempts of one student the newest counts, by the times in the download, and where these are the same by the
number that copying added to the name. Whom the roster does not know, or whose name two people share, gets a folder of their own,
"unknown_...", is graded, and is told to the instructor. What an earlier download had brought is moved to submitted/.replaced/.
"""

import contextlib
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from course.errors import GivenError
from course.grading.collect import NOT_ALIKE, intake_notes, unlikeness
from course.grading.files import edge, replace_file
from course.grading.intake.download import LeftOut, read_download
from course.grading.intake.known import hand_over
from course.grading.intake.owners import Owner, owners, version, words
from course.grading.intake.roster import Person, is_safe, matches, read_roster, store_names
from course.grading.released import load_assignment

REPLACED = ".replaced"


@dataclass(frozen=True)
class Taken:
    """What a download came to. new: students whose folder changed; unknown, left_out: a line for each, with the mend."""

    source: str
    students: int
    new: int
    unknown: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    without_work: tuple[str, ...] = ()  # on the roster, and not in the download
    known_now: tuple[tuple[str, str], ...] = ()  # (the name under which somebody was graded before, the student)

    def to_json(self) -> dict[str, Any]:
        return {
            "from": self.source,
            "students": self.students,
            "new": self.new,
            "unknown": list(self.unknown),
            "left_out": list(self.left_out),
            "without_work": list(self.without_work),
            "known_now": dict(self.known_now),
        }


@dataclass(frozen=True)
class _Attempt:
    """A notebook that lies ready to be put in its place."""

    owner: Owner
    place: str
    file: Path
    time: datetime | None
    timestamp: bytes | None  # when it was handed in, where nbgrader says so

    @property
    def age(self) -> tuple[datetime, int, str]:
        return self.time or datetime.min, version(self.owner.file), self.place


def take_class(
    root: Path, assignment: str, download: Path, submitted: Path, roster: Path | None, db_url: str, home: Path
) -> Taken:
    """As `take_in`, for an assignment of the course at `root`; the roster's names and addresses go into the gradebook, and
    who was graded under another name before is known by one name there and in `home`, the folder of the class."""
    people = read_roster(roster) if roster else ()
    notebooks = [notebook.name for notebook in load_assignment(root, assignment).notebooks]
    taken = take_in(download, submitted, assignment, notebooks, people)
    if people:
        store_names(db_url, people)
    if taken.known_now:
        hand_over(db_url, home, assignment, dict(taken.known_now))
    return taken


def take_in(
    download: Path, submitted: Path, assignment: str, notebooks: Sequence[str] = (), people: Sequence[Person] = ()
) -> Taken:
    """Put what everybody handed in for `assignment` into submitted/<student>/<assignment>/.

    notebooks: the names of its notebooks, by default one of its own name. people: the class, where it is known.
    """
    with (
        edge("write", submitted),
        _made(submitted),
        tempfile.TemporaryDirectory(prefix=".intake-", dir=submitted) as drafts,
    ):
        attempts, others, left_out = _read(download, Path(drafts), assignment)
        if not attempts and not others:
            raise GivenError(f"there is no notebook in {download}: is it the download of {assignment}?")
        named, unknown = _name([a.owner for a in attempts] + [owner for owner, _ in others], people)
        by_student: dict[str, list[_Attempt]] = {named[owner.key]: [] for owner, _ in others}
        for attempt in attempts:
            by_student.setdefault(named[attempt.owner.key], []).append(attempt)
        refused: dict[str, list[LeftOut]] = defaultdict(list)
        for owner, file in others:
            refused[named[owner.key]].append(file)
        known_now = {}
        for attempt in attempts:
            student = named[attempt.owner.key]
            for former in _former_names(attempt.owner, people) - {*named.values(), *(p.student for p in people)}:
                if not student.startswith("unknown_") and _move_in(submitted, former, assignment):
                    known_now[former] = student
        new, handed_in = 0, {person.student: person.handed_in for person in people}
        for student, theirs in sorted(by_student.items()):
            folder = submitted / student / assignment
            new += _put(
                folder, theirs, refused[student], tuple(notebooks) or (assignment,), handed_in.get(student, "")
            )
    absent = tuple(p.student for p in people if p.student not in by_student)
    lines = tuple(f"{file.place}: {file.reason}." for file in left_out)
    return Taken(str(download), len(by_student), new, unknown, lines, absent, tuple(sorted(known_now.items())))


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[None]:
    """`folder` is there; a refusal takes away again what was made for it, as long as that is empty."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            for path in new:
                path.rmdir()
        raise


def _read(
    download: Path, drafts: Path, assignment: str
) -> tuple[list[_Attempt], list[tuple[Owner, LeftOut]], list[LeftOut]]:
    """Notebooks, kept on the disk; files that are none but tell who handed them in; and all that was left out."""
    files, left_out, timestamps = [], [], {}
    for found in read_download(download):
        if isinstance(found, LeftOut):
            left_out.append(found)
        elif found.place.endswith("timestamp.txt"):
            timestamps[found.place.rpartition("/")[0]] = found.data
        else:
            draft = drafts / str(len(files))
            draft.write_bytes(found.data)
            files.append((found.place, draft, found.time))
    whose = owners([place for place, *_ in files] + [file.place for file in left_out], assignment)
    elsewhere = _of_other_assignments([place for place, *_ in files], whose, assignment)
    attempts = []
    for place, draft, time in files:
        if place in elsewhere:
            left_out.append(LeftOut(place, f"it is not in a folder {assignment}, as others are"))
        else:
            attempts.append(
                _Attempt(whose[place], place, draft, time, _timestamp(place, whose[place], timestamps, assignment))
            )
    others = [(whose[f.place], f) for f in left_out if f.place not in elsewhere and whose[f.place].number]
    return attempts, others, left_out


def _timestamp(place: str, owner: Owner, timestamps: Mapping[str, bytes], assignment: str) -> bytes | None:
    """What nbgrader's exchange wrote beside a notebook. Anywhere else it is a file that a student handed in."""
    folder = place.rpartition("/")[0]
    is_nbgraders = owner.kind == "folder" and folder.rpartition("/")[2] == assignment
    return timestamps.get(folder) if is_nbgraders else None


def _of_other_assignments(places: Collection[str], whose: Mapping[str, Owner], assignment: str) -> frozenset[str]:
    """In nbgrader's layout, <student>/<assignment>/<notebook>, the places that are of another assignment."""
    in_folders = [place for place in places if whose[place].kind == "folder"]
    if not any(assignment in place.split("/")[:-1] for place in in_folders):
        return frozenset()
    return frozenset(place for place in in_folders if assignment not in place.split("/")[:-1])


def _name(found: Iterable[Owner], people: Sequence[Person]) -> tuple[dict[tuple[str, str], str], tuple[str, ...]]:
    """Key of an owner -> the student's folder; and a line for each owner who is not known."""
    by_key = {owner.key: owner for owner in found}
    meant = {key: matches(owner, people) for key, owner in by_key.items()}
    claims = Counter(persons[0].student for persons in meant.values() if len(persons) == 1)
    shared = Counter(_slug(owner) for owner in by_key.values())
    named, lines = {}, []
    for key, owner in by_key.items():
        persons = meant[key]
        if len(persons) == 1 and claims[persons[0].student] == 1:
            named[key] = persons[0].student
        elif not people and owner.kind and shared[_slug(owner)] == 1:
            named[key] = owner.name if owner.kind == "folder" and is_safe(owner.name) else _slug(owner)
        else:
            folder = _free(_unknown(owner), named.values())
            named[key] = folder
            lines.append(f"{_told(owner)}: {_why(owner, persons, people)}; graded as {folder}.")
    return named, tuple(lines)


def _unknown(owner: Owner) -> str:
    """The folder of somebody who is not known."""
    return "unknown_" + "_".join(filter(None, (_slug(owner), owner.number)))


def _slug(owner: Owner) -> str:
    return "_".join(words(owner.name or owner.file.rpartition(".")[0])) or "somebody"


def _free(name: str, taken: Collection[str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def _told(owner: Owner) -> str:
    number = f" ({owner.kind} {owner.number})" if owner.number else ""
    return f"{owner.name or owner.file}{number}"


def _why(owner: Owner, persons: Sequence[Person], people: Sequence[Person]) -> str:
    if not owner.kind:
        return "nothing tells whose this file is: rename it to STUDENT.ipynb"
    if len(persons) > 1:
        who = " and ".join(person.student for person in persons)
        return f"{who} of the roster have this name: fill in the roster's column canvas, or rename the folder to the student"
    if persons:
        return f"several people of the download may be {persons[0].student}: rename the folder of each to the student"
    if people:
        return "not on the roster: add a line to it"
    return "two people of the download have this name: give a --roster, and rename the folder of each to the student"


def _former_names(owner: Owner, people: Sequence[Person]) -> set[str]:
    """Under which names an earlier download may have put somebody: as unknown, and where there was no roster yet."""
    if not people:
        return {_unknown(owner)}
    by_folder = {owner.name} if owner.kind == "folder" and is_safe(owner.name) else set()
    return {_unknown(owner), _slug(owner)} | by_folder


def _move_in(submitted: Path, former: str, assignment: str) -> bool:
    """Who is known now is not graded under a former name too: what lay there is set aside. Whether anything did."""
    folder = submitted / former / assignment
    if not folder.is_dir():
        return False
    for file in sorted(folder.iterdir()):
        _set_aside(file)
    folder.rmdir()
    intake_notes(folder).unlink(missing_ok=True)
    if not any(folder.parent.iterdir()):
        folder.parent.rmdir()
    return True


def _put(
    folder: Path, attempts: Sequence[_Attempt], refused: Sequence[LeftOut], wanted: Sequence[str], handed_in: str
) -> bool:
    """The newest of each notebook into `folder`. Whether anything changed.

    handed_in: when, as the roster has it. The times inside of an archive say which attempt is the newest, and not more: some
    platforms write the time of the download there, and nobody is late for that.
    """
    notes = [f"{file.place.rpartition('/')[2]} was handed in and not taken: {file.reason}." for file in refused]
    changed = False
    for name, candidates in _sorted_out(attempts, wanted).items():
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


def _sorted_out(attempts: Sequence[_Attempt], wanted: Sequence[str]) -> dict[str, list[_Attempt]]:
    """Notebook -> the attempts at it. Where there is one notebook alone and no name is like it, every file is one."""
    sorted_out: dict[str, list[_Attempt]] = defaultdict(list)
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
    number = 1 + sum(1 for file in there.iterdir() if file.suffix == path.suffix)
    shutil.move(path, there / f"{path.stem}.{number}{path.suffix}")


def _note(path: Path, notes: Sequence[str]) -> bool:
    text = "".join(f"{note}\n" for note in notes)
    former = path.read_text(encoding="utf-8") if path.is_file() else ""
    if text == former:
        return False
    if text:
        replace_file(path, text)
    else:
        path.unlink(missing_ok=True)
    return True
