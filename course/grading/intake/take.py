"""A download of a whole class -> a folder for each student in nbgrader's layout. Nothing is dropped without a word.

The rules. Of several attempts of one student the newest counts, by the times in the download, and where these are the same by the
number that copying added to the name. Whom the roster does not know, or whose name two people share, gets a folder of their own,
"unknown_...", is graded, and is told to the instructor. What an earlier download had brought is moved to submitted/.replaced/.
"""

import contextlib
import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.errors import GivenError
from course.grading.files import edge
from course.grading.intake.download import LeftOut, read_download
from course.grading.intake.known import hand_over
from course.grading.intake.naming import is_folder, name_folders, slug, unknown_name
from course.grading.intake.owners import Owner, owners, whole_classes
from course.grading.intake.put import Attempt, move_away, put
from course.grading.intake.roster import Person, matches, read_roster, store_names
from course.grading.released import load_assignment


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


def take_class(
    root: Path, assignment: str, download: Path, submitted: Path, roster: Path | None, db_url: str, home: Path
) -> Taken:
    """As `take_in`, for an assignment of the course at `root`; the roster's names and addresses go into the gradebook, and
    who was graded under another name before is known by one name there and in `home`, the folder of the class."""
    people = read_roster(roster) if roster else ()
    notebooks = [notebook.name for notebook in load_assignment(root, assignment).notebooks]
    taken = take_in(
        download, submitted, assignment, notebooks, people, lambda known: hand_over(db_url, home, assignment, known)
    )
    if people:
        store_names(db_url, people)
    return taken


def take_in(
    download: Path,
    submitted: Path,
    assignment: str,
    notebooks: Sequence[str] = (),
    people: Sequence[Person] = (),
    tell_known: Callable[[Mapping[str, str]], None] = lambda known: None,
) -> Taken:
    """Put what everybody handed in for `assignment` into submitted/<student>/<assignment>/.

    notebooks: the names of its notebooks, by default one of its own name. people: the class, where it is known.
    tell_known: called with former name -> student, for those who were graded under another name before, while what they
    handed in still lies under that name: if it is cut short, it is called again the next time.
    """
    with (
        edge("write", submitted),
        _made(submitted),
        tempfile.TemporaryDirectory(prefix=".intake-", dir=submitted) as drafts,
    ):
        attempts, others, left_out = _read(download, Path(drafts), assignment, people)
        if not attempts and not others:
            raise GivenError(f"there is no notebook in {download}: is it the download of {assignment}?")
        named, unknown = name_folders([a.owner for a in attempts] + [owner for owner, _ in others], people)
        by_student: dict[str, list[Attempt]] = {named[owner.key]: [] for owner, _ in others}
        for attempt in attempts:
            by_student.setdefault(named[attempt.owner.key], []).append(attempt)
        refused: dict[str, list[LeftOut]] = defaultdict(list)
        for owner, file in others:
            refused[named[owner.key]].append(file)
        known_now = _known_now(submitted, assignment, attempts, others, named, people)
        if known_now:
            tell_known(known_now)
        for former in known_now:
            move_away(submitted, former, assignment)
        new, handed_in = 0, {person.student: person.handed_in for person in people}
        for student, theirs in sorted(by_student.items()):
            folder = submitted / student / assignment
            new += put(
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
    download: Path, drafts: Path, assignment: str, people: Sequence[Person]
) -> tuple[list[Attempt], list[tuple[Owner, LeftOut]], list[LeftOut]]:
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
    places = [place for place, *_ in files]
    if download.is_dir() and (whole := whole_classes(places)):
        raise GivenError(f"{whole[0]} in {download} holds a class: give it by itself, --from {download / whole[0]}")
    ids = [person.student for person in people]
    whose = owners(places, assignment, [file.place for file in left_out], ids)
    elsewhere = _of_other_assignments(whose, places, assignment)
    attempts = []
    for place, draft, time in files:
        if place in elsewhere:
            left_out.append(LeftOut(place, f"it is not in a folder {assignment}, as others are"))
        else:
            attempts.append(
                Attempt(whose[place], place, draft, time, _timestamp(place, whose[place], timestamps, assignment))
            )
    elsewhere |= _of_other_assignments(whose, [file.place for file in left_out], assignment)
    others = [(whose[f.place], f) for f in left_out if f.place not in elsewhere and _is_known(whose[f.place], people)]
    return attempts, others, left_out


def _is_known(owner: Owner, people: Sequence[Person]) -> bool:
    """Whether somebody handed in what is no notebook, as far as can be told: not every folder is a student's."""
    return bool(owner.number) or owner.kind == "folder" and len(matches(owner, people)) == 1


def _timestamp(place: str, owner: Owner, timestamps: Mapping[str, bytes], assignment: str) -> bytes | None:
    """What nbgrader's exchange wrote beside a notebook. Anywhere else it is a file that a student handed in."""
    folder = place.rpartition("/")[0]
    is_nbgraders = owner.kind == "folder" and folder.rpartition("/")[2] == assignment
    return timestamps.get(folder) if is_nbgraders else None


def _of_other_assignments(whose: Mapping[str, Owner], places: Collection[str], assignment: str) -> set[str]:
    """In nbgrader's layout, <student>/<assignment>/<notebook>, those of `places` that are of another assignment.

    It is that layout for a student who has a folder `assignment`; and for one who has none, where at least half of the
    class have one and the file does not lie in the student's own folder.
    """
    folders = {place: owner for place, owner in whose.items() if owner.kind == "folder"}
    with_one = {owner.key for place, owner in folders.items() if assignment in place.split("/")[:-1]}
    is_layout = 2 * len(with_one) >= len({owner.key for owner in folders.values()})
    found = set()
    for place in places:
        if place in folders and assignment not in place.split("/")[:-1]:
            owner = folders[place]
            if owner.key in with_one or is_layout and with_one and place.split("/")[-2] != owner.name:
                found.add(place)
    return found


def _known_now(
    submitted: Path,
    assignment: str,
    attempts: Sequence[Attempt],
    others: Sequence[tuple[Owner, LeftOut]],
    named: Mapping[tuple[str, str], str],
    people: Sequence[Person],
) -> dict[str, str]:
    """Former name -> student: under which names an earlier download put those who are known now.

    As unknown; and where there was no roster yet, by the name in the download, which may be somebody else's id: that counts
    only where the same work lies there.
    """
    taken_names = {*named.values(), *(person.student for person in people)}
    known = {}
    for owner in (*(attempt.owner for attempt in attempts), *(owner for owner, _ in others)):
        student = named[owner.key]
        if student.startswith("unknown_"):
            continue
        for former in {unknown_name(owner), slug(owner), owner.name} - taken_names:
            folder = submitted / former / assignment
            if is_folder(former) and folder.is_dir():
                theirs = [attempt for attempt in attempts if attempt.owner.key == owner.key]
                if former == unknown_name(owner) or people and _holds_any(folder, theirs):
                    known[former] = student
    return known


def _holds_any(folder: Path, attempts: Sequence[Attempt]) -> bool:
    works = {attempt.file.read_bytes() for attempt in attempts}
    return any(file.is_file() and file.read_bytes() in works for file in folder.glob("*.ipynb"))
