"""The class as a CSV file: who is in it, and which of them a platform means by a name or a number."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.errors import GivenError
from course.grading.files import edge
from course.grading.intake.owners import Owner, plain, words
from course.grading.intake.times import is_time

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
_CANVAS_TESTER = "Student, Test"  # whom Canvas adds to a class for its teacher's "student view"
_SEPARATOR_LINE = re.compile(r'"?sep=.?"?', re.IGNORECASE)  # tells Excel what stands between the cells
# What groups are called in Moodle, and nobody's given name is.
_GROUP = frozenset(
    ("group", "gruppe", "groupe", "grupo", "gruppo", "groep", "team", "class", "section", "lab", "tutorial")
)


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
    `handed_in`. Cells are taken as they stand: a login or number that a spreadsheet wrote as 1815.0 is not made 1815.

    Raises GivenError when it is no such file, when a time of handing in is not clear, or when a student stands in it
    twice.
    """
    with edge("read the roster", path):
        if not path.is_file():
            raise GivenError(f"there is no roster {path}: give a CSV file with the columns student and name")
        data = path.read_bytes()
    rows = list(_rows(path, data))
    header = rows[0][1] if rows else []
    is_canvas = _is_canvas(header, [row for _, row in rows[1:]])
    columns = _columns(header, is_canvas)
    if "student" not in columns:
        raise GivenError(f"the roster {path} has no column student: name the columns student, name, email in line 1")
    people: dict[str, Person] = {}
    for line, row in rows[1:]:
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        if is_canvas and (not cells["number"] or cells["name"] == _CANVAS_TESTER):
            continue
        cells["student"] = cells["student"] or (cells["number"] if is_canvas else "")
        person = _person(cells)
        if reason := _unusable(person, people):
            raise GivenError(f"the roster {path}, line {line}: {reason}")
        people[person.student] = person
    return tuple(people.values())


def is_safe(name: str) -> bool:
    """Whether `name` can be a student's folder, and an id in nbgrader's gradebook. (A name of a file has 255 bytes at most, and
    some are made of it by adding to it.)"""
    return (
        0 < len(name.encode()) <= 200
        and name == name.strip()
        and not name.startswith(".")
        and not set(name) & set('/\\:*?"<>|\n\r\t\0')
    )


def matches(owner: Owner, people: Sequence[Person]) -> list[Person]:
    """Those of `people` whom the platform may mean by `owner`: one when all is well, several when that is not clear.

    Canvas's number decides. Where nobody on the roster has it, only people without a number can be meant: the others
    are known to be somebody else. Moodle and Canvas show a name, which students may be free to change: there an id or
    e-mail address counts only for people whose name is not known. Elsewhere one that is written out decides; failing
    that, everybody counts whose id, address (or what stands before its @) or name is the same but for case, accents
    and punctuation, and the order of the words of a name. Before a name of Moodle's there may be that of a group: see
    `_after_group`.
    """
    if owner.kind == "canvas":
        if by_number := [p for p in people if p.number and p.number == owner.number]:
            return by_number
        people = [p for p in people if not p.number]
    if not plain(owner.name):
        return []
    if owner.kind == "canvas":
        return [p for p in people if (_has_letters(p, owner.name) if p.name else _has_id(p, owner.name))]
    if owner.kind == "moodle":
        found = [p for p in people if (_has_words(p, owner.name) if p.name else _has_id(p, owner.name))]
        return found or [p for p in people if any(_has_words(p, name) for name in _after_group(owner.name))]
    if exact := [p for p in people if _has_exact_id(p, owner.name)]:
        return exact
    return [p for p in people if _has_id(p, owner.name) or _has_words(p, owner.name)]


def _has_exact_id(person: Person, told: str) -> bool:
    return _spelled(told) in (_spelled(person.student), _spelled(person.email))


def _spelled(text: str) -> str:
    """Small letters, and an accented one as one character, as which not every computer writes it."""
    return unicodedata.normalize("NFC", text.strip()).casefold()


def _has_id(person: Person, told: str) -> bool:
    return plain(told) in (plain(person.student), plain(person.email), plain(person.email.partition("@")[0]))


def _has_words(person: Person, told: str) -> bool:
    """Whether the name is the one told, in whatever order its words stand."""
    return bool(person.name) and sorted(words(person.name)) == sorted(words(told))


def _has_letters(person: Person, told: str) -> bool:
    """The same for Canvas, which writes the family name first and no spaces: "lovelaceada"."""
    return plain(told) in (plain(person.last_name + person.first_name), plain(person.name))


def _after_group(name: str) -> list[str]:
    """What may be the student's name in Moodle's "Group B-Ada Lovelace": all after a hyphen that ends that of a group.

    Hyphens stand in people's names as well, and "Hans-Peter Müller" is not Peter Müller. So what stands before a hyphen
    is taken for a group only if it has a digit or one of the words of `_GROUP`, and of "Group 2-Hans-Peter" the part
    "Hans" has neither. Who is in a group of any other name is not found.
    """
    parts = name.split("-")
    return ["-".join(parts[place + 1 :]) for place, part in enumerate(parts[:-1]) if _is_group(part)]


def _is_group(part: str) -> bool:
    return any(character.isdigit() for character in part) or not _GROUP.isdisjoint(words(part))


def _rows(path: Path, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line of the file on which it begins."""
    lines = list(io.StringIO(_text(data), newline=None))  # which reads the line ends of every system
    if lines and _SEPARATOR_LINE.fullmatch(lines[0].strip()):
        lines[0] = "\n"  # blank, and not dropped: the lines after it keep their numbers
    header = next((line for line in lines if line.strip()), "")
    # strict: a quotation mark that is never closed would otherwise make one cell of everybody after it.
    reader = csv.reader(lines, delimiter=max(",;\t", key=header.count), strict=True)
    begins = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise GivenError(
            f"the roster {path}, line {begins}: it is no CSV ({error}): "
            "mend its quotation marks, or save it as CSV again"
        ) from None


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")  # Excel's "Unicode Text"
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # what Excel writes where it is not told otherwise


def _columns(header: Sequence[str], is_canvas: bool) -> dict[str, int]:
    """What we call a column -> its place. An earlier word of `_COLUMNS` goes before a later one."""
    known = _COLUMNS | (_CANVAS if is_canvas else {})
    named = {plain(title): place for place, title in reversed(list(enumerate(header)))}
    found = {ours: next((named[word] for word in theirs if word in named), None) for ours, theirs in known.items()}
    return {name: place for name, place in found.items() if place is not None}


def _is_canvas(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether this is Canvas's gradebook, and not somebody's own roster with the columns student, id and section."""
    titles = [plain(title) for title in header]
    names = {title for column in ("name", "first_name", "last_name") for title in _COLUMNS[column]}
    if not {"student", "id", "section"} <= set(titles) or not names.isdisjoint(titles):
        return False
    place = titles.index("student")
    has_points = any(plain(cell) == "pointspossible" for row in rows for cell in row[place : place + 1])
    return has_points or not {"sisuserid", "sisloginid"}.isdisjoint(titles)


def _unusable(person: Person, others: Mapping[str, Person]) -> str:
    """What is wrong with a line of the roster, and how to mend it; nothing when all is well."""
    if not is_safe(person.student):
        return f"{person.student!r} cannot be the name of a folder: write the student's login or number"
    if person.handed_in and not is_time(person.handed_in):
        return (
            f"{person.handed_in!r} is no time that reads one way only: "
            "write 2026-11-02 21:14, and a zone if it is not UTC"
        )
    if person.student in others:
        return f"{person.student} stands in it twice: keep one line"
    return ""


def _person(cells: dict[str, str]) -> Person:
    first, last = cells.get("first_name", ""), cells.get("last_name", "")
    if not (first or last):
        first, last = _split(cells.get("name", ""))
    handed_in = cells.get("handed_in", "")
    if not handed_in.strip("-"):  # Moodle writes "-" for nothing
        handed_in = ""
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
