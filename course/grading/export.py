"""Grades as a CSV file: a plain one, and those that Canvas and Moodle import.

Both platforms match a row to a person by what they themselves exported. So the surest way is to fill in their own file: Canvas's
gradebook ("Export"), or Moodle's grading worksheet. Without one, students are named by their id in the gradebook.
What nobody handed in, and what nobody has looked at yet, is an empty cell and not a zero.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from course.errors import GivenError
from course.grading.files import edge
from course.grading.intake.owners import Owner
from course.grading.intake.roster import Person, matches
from course.grading.marks import read_marks, read_names, totals

FORMATS = ("plain", "canvas", "moodle")
# The columns of the platforms' own files by which a person is found, the surest first.
_KEYS = {
    "canvas": ("SIS Login ID", "SIS User ID", "Student"),
    "moodle": ("Username", "Email address", "Full name", "ID number"),
}
_MARK = {"canvas": "ID", "moodle": "Identifier"}  # a column that only the platform's own file has
_POINTS_POSSIBLE = "    Points Possible"  # as Canvas writes it, in the column Student


@dataclass(frozen=True)
class Exported:
    """text: the CSV. waiting: submissions with points that a person has to give yet; unmatched: students in no row of the template."""

    text: str
    students: int
    waiting: int = 0
    unmatched: tuple[str, ...] = ()


def export_grades(
    db_url: str,
    form: str = "plain",
    assignments: Sequence[str] = (),
    by_exercise: bool = False,
    template: Path | None = None,
) -> Exported:
    """The grades of `assignments` (default: all) in the gradebook at `db_url`, in one of `FORMATS`.

    by_exercise: a column for each graded cell as well. template: the file that the platform itself exported.
    """
    if form not in FORMATS:
        raise GivenError(f"there is no format {form!r}: choose one of {', '.join(FORMATS)}")
    if template is not None and form == "plain":
        raise GivenError("a template is filled in for canvas or moodle: give --format with it")
    marks = read_marks(db_url, assignments)
    if marks.empty:
        raise GivenError("the gradebook holds no grades: run `course grade` first")
    names = read_names(db_url)
    grades, most = _wide(marks, by_exercise)
    waiting = int(totals(marks)["waiting"].sum())
    if template is not None:
        text, unmatched = _filled_in(template, form, grades, most, names)
        return Exported(text, len(grades), waiting, unmatched)
    table = names.set_index("student").join(grades).reset_index()
    shape = {"plain": _plain, "canvas": _canvas, "moodle": _moodle}[form]
    return Exported(_csv(shape(table, list(grades.columns), most)), len(grades), waiting)


def _wide(marks: pd.DataFrame, by_exercise: bool) -> tuple[pd.DataFrame, pd.Series]:
    """A row for each student and a column for each assignment (and graded cell); and the most that each column can have."""
    summed = totals(marks)
    grades = summed.pivot(index="student", columns="assignment", values="score")
    most = summed.groupby("assignment")["max_score"].max()
    if by_exercise:
        cells = marks.assign(column=marks["assignment"] + " " + marks["cell"].str.removeprefix("test_"))
        cells["score"] = cells["score"].mask(cells["waiting"] & (cells["score"] == 0))
        grades = grades.join(cells.pivot(index="student", columns="column", values="score")[cells["column"].unique()])
        most = pd.concat([most, cells.drop_duplicates("column").set_index("column")["max_score"]])
    return grades, most


def _plain(table: pd.DataFrame, columns: Sequence[str], most: pd.Series) -> pd.DataFrame:
    return table[["student", "last_name", "first_name", "email", *columns]]


def _canvas(table: pd.DataFrame, columns: Sequence[str], most: pd.Series) -> pd.DataFrame:
    """As Canvas's gradebook imports it: the line of possible points comes first."""
    people = pd.DataFrame(
        {
            "Student": [_sortable(row) for row in table.itertuples()],
            "ID": "",
            "SIS User ID": "",
            "SIS Login ID": table["student"],
            "Section": "",
        }
    )
    first = dict.fromkeys(people, "") | {"Student": _POINTS_POSSIBLE} | {name: most[name] for name in columns}
    return pd.concat([pd.DataFrame([first]), people.join(table[list(columns)])], ignore_index=True)


def _moodle(table: pd.DataFrame, columns: Sequence[str], most: pd.Series) -> pd.DataFrame:
    """As Moodle's "Grades, Import, CSV file" reads it: map the column Username to the user, and each other to its item."""
    titles = {"student": "Username", "first_name": "First name", "last_name": "Last name", "email": "Email address"}
    return table.rename(columns=titles)[[*titles.values(), *columns]]


def _sortable(row) -> str:
    """ "Lovelace, Ada", or the id where the gradebook has no name."""
    return ", ".join(part for part in (row.last_name, row.first_name) if part) or row.student


def _filled_in(
    template: Path, form: str, grades: pd.DataFrame, most: pd.Series, names: pd.DataFrame
) -> tuple[str, tuple[str, ...]]:
    """The platform's own file with the grades in it, all else as it was; and the students who are not in it."""
    sheet = _read_sheet(template, form)
    people = [Person(row.student, row.first_name, row.last_name, row.email) for row in names.itertuples()]
    rows = {place: found for place, row in sheet.iterrows() if (found := _student(row, form, people))}
    if form == "moodle" and (len(grades.columns) > 1 or "Grade" not in sheet):
        raise GivenError(
            f"{template} is to be Moodle's grading worksheet, with a column Grade, of one assignment: "
            "name the one whose grades are to go into it, and give no --by-exercise"
        )
    for name in grades.columns:
        column = _column(sheet, form, str(name))
        if column not in sheet:  # new to Canvas, which then reads the possible points too
            possible = sheet["Student"].str.strip() == _POINTS_POSSIBLE.strip()
            sheet[column] = possible.map({True: _number(most[name]), False: ""})
        for place, student in rows.items():
            if student in grades.index and pd.notna(grades.at[student, name]):
                sheet.at[place, column] = _number(grades.at[student, name])
    unmatched = tuple(student for student in grades.index if student not in rows.values())
    return _csv(sheet), unmatched


def _read_sheet(template: Path, form: str) -> pd.DataFrame:
    with edge("read the template", template):
        if not template.is_file():
            raise GivenError(f"there is no template {template}: give the CSV that {form} exported")
        data = template.read_bytes()
    try:
        sheet = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, UnicodeDecodeError) as error:
        raise GivenError(f"{template} cannot be read as CSV ({error}): give the file as {form} exported it") from None
    if _MARK[form] not in sheet or not any(key in sheet for key in _KEYS[form]):
        raise GivenError(f"{template} is not what {form} exports: it has no column {_MARK[form]}")
    return sheet


def _student(row: pd.Series, form: str, people: Sequence[Person]) -> str | None:
    """Whose row it is, when that is clear."""
    for key in _KEYS[form]:
        if key in row and row[key].strip():
            found = matches(Owner("roster", row[key], "", False, ""), people)
            if len(found) == 1:
                return found[0].student
    return None


def _column(sheet: pd.DataFrame, form: str, name: str) -> str:
    """The column of the assignment: in Canvas's file "NAME (4711)" once it exists there, in Moodle's worksheet "Grade"."""
    if form == "moodle":
        return "Grade"
    return next((column for column in sheet if column == name or column.startswith(f"{name} (")), name)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _csv(table: pd.DataFrame) -> str:
    text = table.map(lambda value: "" if pd.isna(value) else _number(value) if isinstance(value, float) else value)
    return text.to_csv(index=False, lineterminator="\n")
