"""Grades as a CSV file: a plain one, and those that Canvas and Moodle import.

Both platforms match a row to a person by what they themselves exported. So the surest way is to fill in their own file: Canvas's
gradebook ("Export"), or Moodle's grading worksheet. Without one, students are named by their id in the gradebook.
A cell stays empty, and is no zero, where nothing was handed in and where nobody could grade anything yet (an ungradable
submission). Points of free text that a person has yet to give count as nothing until then, and the command says how many
submissions wait for some.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from course.errors import GivenError
from course.grading.export_template import POINTS_POSSIBLE, fill_in, number
from course.grading.intake.roster import Person
from course.grading.marks import read_marks, read_names, totals

FORMATS = ("plain", "canvas", "moodle")
_TEXTS = ["student", "last_name", "first_name", "email"]  # the columns of a plain file that are no grades
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that a spreadsheet program runs


@dataclass(frozen=True)
class Exported:
    """text: the CSV. waiting: submissions with points that a person has to give yet; unmatched: students in no row of the
    template; notes: what else the instructor should know, a line each."""

    text: str
    students: int
    waiting: int = 0
    unmatched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
    notes = () if form == "plain" else _formulas(names)
    if template is not None:
        people = [Person(row.student, row.first_name, row.last_name, row.email) for row in names.itertuples()]
        filled = fill_in(template, form, grades, most, people)
        return Exported(filled.text, len(grades), waiting, filled.unmatched, (*filled.notes, *notes))
    table = names.set_index("student").join(grades).reset_index()
    shape = {"plain": _plain, "canvas": _canvas, "moodle": _moodle}[form]
    return Exported(_csv(shape(table, list(grades.columns), most)), len(grades), waiting, notes=notes)


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
    """A text that begins like a formula gets an apostrophe before it, so that a spreadsheet program shows it and no more."""
    texts = table[_TEXTS].map(lambda text: f"'{text}" if text.startswith(_FORMULA) else text)
    return texts.join(table[list(columns)])


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
    first = dict.fromkeys(people, "") | {"Student": POINTS_POSSIBLE} | {name: most[name] for name in columns}
    return pd.concat([pd.DataFrame([first]), people.join(table[list(columns)])], ignore_index=True)


def _moodle(table: pd.DataFrame, columns: Sequence[str], most: pd.Series) -> pd.DataFrame:
    """As Moodle's "Grades, Import, CSV file" reads it: map the column Username to the user, and each other to its item."""
    titles = {"student": "Username", "first_name": "First name", "last_name": "Last name", "email": "Email address"}
    return table.rename(columns=titles)[[*titles.values(), *columns]]


def _sortable(row) -> str:
    """ "Lovelace, Ada", or the id where the gradebook has no name."""
    return ", ".join(part for part in (row.last_name, row.first_name) if part) or row.student


def _formulas(names: pd.DataFrame) -> tuple[str, ...]:
    """A note about those whose texts begin like a formula. A platform finds people by them, so they stay as they are."""
    risky = names.loc[names[_TEXTS].map(lambda text: text.startswith(_FORMULA)).any(axis=1), "student"]
    if risky.empty:
        return ()
    return (
        f"the id, name or address of {', '.join(risky)} begins like a formula, and a spreadsheet program may run it: "
        "import the file without opening it in one, or correct the name first",
    )


def _csv(table: pd.DataFrame) -> str:
    text = table.map(lambda value: "" if pd.isna(value) else number(value) if isinstance(value, float) else value)
    return text.to_csv(index=False, lineterminator="\n")
