"""A platform's own file with the grades filled in: Canvas's gradebook, or Moodle's grading worksheet.

A grade in the wrong row is worse than none, so a row is somebody's only when one column says so and no surer one says
otherwise.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from course.errors import GivenError
from course.grading.files import edge
from course.grading.intake.owners import words
from course.grading.intake.roster import Person

POINTS_POSSIBLE = "    Points Possible"  # as Canvas writes it, in the column Student
# The columns of the platforms' own files by which a person is found, the surest first, and what stands in each.
_KEYS = {
    "canvas": {"SIS Login ID": "id", "SIS User ID": "id", "ID": "id", "Student": "name"},
    "moodle": {"Username": "id", "ID number": "id", "Email address": "address", "Full name": "name"},
}
_MARK = {"canvas": "ID", "moodle": "Identifier"}  # a column that only the platform's own file has


@dataclass(frozen=True)
class Filled:
    """text: the CSV. unmatched: students of whom no row is. notes: what the instructor should know, a line each."""

    text: str
    unmatched: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Sheet:
    """A CSV file as it is: titles may be empty or stand there twice, rows be too short or too long. end: of its lines."""

    header: list[str]
    rows: list[list[str]]
    end: str

    def texts(self, title: str) -> list[str]:
        """The cells of the first column of that title, without spaces around; empty where a row is too short."""
        place = self.header.index(title)
        return [row[place].strip() if place < len(row) else "" for row in self.rows]

    def put(self, number: int, title: str, text: str) -> None:
        row, place = self.rows[number], self.header.index(title)
        row.extend([""] * (place + 1 - len(row)))
        row[place] = text

    def add(self, title: str) -> None:
        """A new, empty column, the last; what a row has beyond the titles stays beyond them."""
        for row in self.rows:
            if len(row) >= len(self.header):
                row.insert(len(self.header), "")
        self.header.append(title)

    def csv(self) -> str:
        file = io.StringIO(newline="")
        csv.writer(file, lineterminator=self.end).writerows([self.header, *self.rows])
        return file.getvalue()


def fill_in(
    template: Path, form: str, grades: pd.DataFrame, most: Mapping[str, float], people: Sequence[Person]
) -> Filled:
    """The file `template`, which `form` exported, with `grades` in it (a row for each student), and all else as it was.

    most: what each column of `grades` can have.
    """
    sheet = _read_sheet(template, form)
    if form == "moodle" and (len(grades.columns) > 1 or "Grade" not in sheet.header):
        raise GivenError(
            f"{template} is to be Moodle's grading worksheet, with a column Grade, of one assignment: "
            "name the one whose grades are to go into it, and give no --by-exercise"
        )
    rows, contested = _whose(sheet, form, people)
    contested = [student for student in grades.index if student in contested]
    notes = [_contested(template, contested)] if contested else []
    for name in grades.columns:
        column = _column(sheet, form, str(name))
        if column in sheet.header:
            notes += _other_scale(template, sheet, form, column, most[name], rows)
        else:
            _add_to_canvas(sheet, column, most[name])
        for row, student in rows.items():
            if student in grades.index and pd.notna(grades.at[student, name]):
                sheet.put(row, column, number(grades.at[student, name]))
    found = {*rows.values(), *contested}
    return Filled(sheet.csv(), tuple(student for student in grades.index if student not in found), tuple(notes))


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _read_sheet(template: Path, form: str) -> _Sheet:
    with edge("read the template", template):
        if not template.is_file():
            raise GivenError(f"there is no template {template}: give the CSV that {form} exported")
        data = template.read_bytes()
    try:
        text = data.decode("utf-8-sig")
        header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True) if text else ([],)
    except (UnicodeDecodeError, csv.Error) as error:
        raise GivenError(f"{template} cannot be read as CSV ({error}): give the file as {form} exported it") from None
    if _MARK[form] not in header or not any(key in header for key in _KEYS[form] if key != _MARK[form]):
        raise GivenError(
            f"{template} is not what {form} exports, for between commas it has no column {_MARK[form]}, or none that names "
            f"the students: give the file as {form} exported it"
        )
    return _Sheet(header, rows, "\r\n" if text.partition("\n")[0].endswith("\r") else "\n")


def _whose(sheet: _Sheet, form: str, people: Sequence[Person]) -> tuple[dict[int, str], set[str]]:
    """Row -> the student whose it is, where that is clear; and the students whom two rows claim, one as surely as the other.

    A column of ids or addresses that knows anybody at all knows everybody: who is unknown to it is not looked for by a
    weaker one, where they may share a name with somebody else.
    """
    by_number = _by_number(sheet, form, people)
    undecided, owner = set(range(len(sheet.rows))), {}
    claims = defaultdict(list)  # student -> [the rows that one column gives them], the surest column first
    for title, kind in _KEYS[form].items():
        if title not in sheet.header:
            continue
        texts = sheet.texts(title)
        meant = {
            row: student
            for row, student in _meant(kind, texts, people).items()
            if (row in undecided or owner.get(row) == student) and by_number.get(student, row) == row
        }
        new = {row: student for row, student in meant.items() if row in undecided}
        for student in set(new.values()):
            claims[student].append([row for row in new if new[row] == student])
        owner |= new
        if meant:
            undecided -= {row for row, text in enumerate(texts) if text}
    surest = {student: rows[0] for student, rows in claims.items()}
    clear = {rows[0]: student for student, rows in surest.items() if len(rows) == 1}
    return clear, {student for student, rows in surest.items() if len(rows) > 1}


def _by_number(sheet: _Sheet, form: str, people: Sequence[Person]) -> dict[str, int]:
    """Student -> row, where Canvas's number and the name agree: of those whose id here is that number, not a login.

    They are looked for in no other row, for somebody else's number at the school may be the same.
    """
    if form != "canvas" or "Student" not in sheet.header:
        return {}
    named = _meant("name", sheet.texts("Student"), people)
    numbered = _meant("id", sheet.texts("ID"), people)
    return {student: row for row, student in numbered.items() if named.get(row) == student}


def _meant(kind: str, texts: Sequence[str], people: Sequence[Person]) -> dict[int, str]:
    """Row -> the only student whom its cell in a column of this kind can mean. A name in two rows means nobody."""
    keys = [_key(kind, text) for text in texts]
    known = defaultdict(list)
    for person in people:
        known[_key(kind, {"id": person.student, "address": person.email, "name": person.name}[kind])].append(person)
    rows = Counter(keys) if kind == "name" else {}
    return {
        row: known[key][0].student
        for row, key in enumerate(keys)
        if key and len(known.get(key, ())) == 1 and rows.get(key, 1) == 1
    }


def _key(kind: str, text: str) -> str:
    """What two texts have in common that mean the same: a name its words in any order, all else every sign."""
    return " ".join(sorted(words(text))) if kind == "name" else text.strip().casefold()


def _column(sheet: _Sheet, form: str, name: str) -> str:
    """The column of the assignment: in Canvas's file "NAME (4711)" once it exists there, in Moodle's worksheet "Grade"."""
    if form == "moodle":
        return "Grade"
    return next((title for title in sheet.header if title == name or _is_numbered(title, name)), name)


def _is_numbered(title: str, name: str) -> bool:
    rest = title.removeprefix(f"{name} (")
    return rest != title and rest.endswith(")") and rest[:-1].isdecimal()


def _add_to_canvas(sheet: _Sheet, column: str, most: float) -> None:
    """A column that is new to Canvas, which then reads the possible points too."""
    sheet.add(column)
    for row in _points_possible(sheet):
        sheet.put(row, column, number(most))


def _points_possible(sheet: _Sheet) -> list[int]:
    """The rows, one as a rule, in which Canvas has the possible points."""
    texts = sheet.texts("Student") if "Student" in sheet.header else []
    return [row for row, text in enumerate(texts) if text == POINTS_POSSIBLE.strip()]


def _other_scale(
    template: Path, sheet: _Sheet, form: str, column: str, most: float, rows: Mapping[int, str]
) -> list[str]:
    """A note where the platform counts to another maximum than we do."""
    title, where = (column, _points_possible(sheet)) if form == "canvas" else ("Maximum grade", list(rows))
    texts = sheet.texts(title) if title in sheet.header else [""] * len(sheet.rows)
    theirs = {number(value) for row in where if (value := _read_number(texts[row])) is not None} - {number(most)}
    if not theirs:
        return []
    what = f"Points Possible of {column}" if form == "canvas" else title
    return [
        f"{template} has {' and '.join(sorted(theirs))} in {what}, but our maximum is {number(most)}, and the grades are "
        f"written as they are: set the assignment's maximum to {number(most)} there, or scale the grades yourself"
    ]


def _read_number(text: str) -> float | None:
    """The number that `text` is, with a point or a comma; None for "(read only)" and the like."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _contested(template: Path, students: Sequence[str]) -> str:
    return (
        f"{template} has two rows that may be that of {', '.join(students)}, and neither got points: "
        "enter them there by hand, or correct the ids in the file"
    )
