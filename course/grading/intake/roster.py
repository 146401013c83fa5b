"""The class as a CSV file: who is in it, and which of them a platform means by a name or a number."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.errors import GivenError
from course.grading.collect import read_time
from course.grading.files import edge
from course.grading.intake.owners import Owner, plain, words

# Columns by the names that Canvas, Moodle and nbgrader give them, written small and without spaces.
_COLUMNS = {
    "student": ("student", "studentid", "username", "login", "sisloginid", "sisuserid", "idnumber", "id"),
    "name": ("name", "fullname", "studentname"),
    "first_name": ("firstname", "givenname"),
    "last_name": ("lastname", "surname", "familyname"),
    "email": ("email", "emailaddress"),
    "number": ("canvas", "canvasid", "canvasuserid"),
    "handed_in": ("handedin", "lastmodifiedsubmission", "submittedat"),
}
# Canvas's gradebook has the name in "Student" and its own number in "ID", and lines of settings, without a number.
_CANVAS = {"student": ("sisloginid", "sisuserid", "id"), "name": ("student",), "number": ("id",)}


@dataclass(frozen=True)
class Person:
    """One student. student: the id in the gradebook and the name of the folder; number: Canvas's own number; handed_in: when
    this assignment was, as text, where the roster says so."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    number: str = ""
    handed_in: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def read_roster(path: Path) -> tuple[Person, ...]:
    """Everybody in the CSV at `path`: a column `student`, and `name` (or `first_name`, `last_name`), `email`, `canvas`,
    `handed_in`.

    Raises GivenError when it is no such file, or when a student stands in it twice.
    """
    with edge("read the roster", path):
        if not path.is_file():
            raise GivenError(f"there is no roster {path}: give a CSV file with the columns student and name")
        data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # what Excel writes where it is not told otherwise
    separator = max(",;\t", key=text.partition("\n")[0].count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(cell.strip() for cell in row)]
    columns = _columns(rows[0] if rows else [])
    if "student" not in columns:
        raise GivenError(f"the roster {path} has no column student: name the columns student, name, email in line 1")
    is_canvas = _is_canvas(rows[0])
    people: dict[str, Person] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        if is_canvas and not cells["number"]:
            continue
        cells["student"] = cells["student"] or (cells["number"] if is_canvas else "")
        person = _person(cells)
        if not person.student or not is_safe(person.student):
            raise GivenError(
                f"the roster {path}, line {number}: {person.student!r} cannot be the name of a folder: "
                "write the student's login or number"
            )
        if person.handed_in and read_time(person.handed_in) is None:
            raise GivenError(
                f"the roster {path}, line {number}: {person.handed_in!r} is no time: "
                "write 2026-11-02 21:14 UTC, or nothing"
            )
        if person.student in people:
            raise GivenError(f"the roster {path}, line {number}: {person.student} stands in it twice: keep one line")
        people[person.student] = person
    return tuple(people.values())


def is_safe(name: str) -> bool:
    """Whether `name` can be a student's folder, and an id in nbgrader's gradebook."""
    return (
        bool(name) and name == name.strip() and not name.startswith(".") and not set(name) & set('/\\:*?"<>|\n\r\t\0')
    )


def matches(owner: Owner, people: Sequence[Person]) -> list[Person]:
    """Those of `people` whom the platform may mean by `owner`: one when all is well, several when names coincide.

    By Canvas's number first; then by id or e-mail address; then by name, in whatever order its words stand.
    """
    if owner.kind == "canvas" and (by_number := [p for p in people if p.number and p.number == owner.number]):
        return by_number
    told = plain(owner.name)
    if not told:
        return []
    if by_id := [p for p in people if told in (plain(p.student), plain(p.email), plain(p.email.partition("@")[0]))]:
        return by_id
    if owner.kind == "canvas":  # family name first and no spaces: "lovelaceada"
        return [p for p in people if told in (plain(p.last_name + p.first_name), plain(p.name))]
    found = [p for p in people if p.name and sorted(words(p.name)) == sorted(words(owner.name))]
    # Moodle puts the name of the group before that of the student: "Group B-Ada Lovelace".
    return found or [
        p for p in people if len(words(p.name)) > 1 and told.endswith(plain(p.name)) and owner.kind == "moodle"
    ]


def _columns(header: Sequence[str]) -> dict[str, int]:
    """What we call a column -> its place. An earlier word of `_COLUMNS` goes before a later one."""
    known = _COLUMNS | (_CANVAS if _is_canvas(header) else {})
    named = {plain(title): place for place, title in reversed(list(enumerate(header)))}
    found = {ours: next((named[word] for word in theirs if word in named), None) for ours, theirs in known.items()}
    return {name: place for name, place in found.items() if place is not None}


def _is_canvas(header: Sequence[str]) -> bool:
    return {"student", "id", "section"} <= {plain(title) for title in header}


def _person(cells: dict[str, str]) -> Person:
    first, last = cells.get("first_name", ""), cells.get("last_name", "")
    if not (first or last):
        first, last = _split(cells.get("name", ""))
    handed_in = cells.get("handed_in", "").strip("-")  # Moodle writes "-" for nothing
    return Person(cells["student"], first, last, cells.get("email", ""), cells.get("number", ""), handed_in)


def _split(name: str) -> tuple[str, str]:
    """First and last name: "Lovelace, Ada" and "Ada Lovelace" are the same."""
    if "," in name:
        last, _, first = name.partition(",")
    else:
        first, _, last = name.rpartition(" ")
    return first.strip(), last.strip()


def store_names(db_url: str, people: Collection[Person]) -> None:
    """Names and addresses into the gradebook, where formgrader and the exports read them. What is empty leaves what is there."""
    from nbgrader.api import Student

    from course.grading.gradebook_db import transaction

    with transaction(db_url) as session:
        for person in people:
            row = session.get(Student, person.student)
            if row is None:
                row = Student(id=person.student)
                session.add(row)
            for field in ("first_name", "last_name", "email"):
                if value := getattr(person, field):
                    setattr(row, field, value)
