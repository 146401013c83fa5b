"""Tables of a graded class: scores, how hard each exercise is and how well it tells students apart, mistakes, time."""

import re
from collections.abc import Sequence

import pandas as pd

from course.grading.marks import totals
from course.grading.released import Assignment
from course.grading.result import Result

FEWEST = 10  # submissions, below which a correlation over them says next to nothing
# Of a message, what is of one student alone: the example, how many checks failed, whose function was used.
_DETAIL = re.compile(
    r"^(?:Asked|Came back|Expected): .*$|\(\d+ of \d+ checks failed\.\)|\(Graded with the reference [^)]*\)", re.MULTILINE
)


def scores(marks: pd.DataFrame, results: Sequence[Result], names: pd.DataFrame) -> pd.DataFrame:
    """One row for each submission: student, name, status, score, max_score, waiting, incidents, cell_seconds, total_seconds."""
    status = pd.DataFrame(
        {
            "student": r.student,
            "status": r.status,
            "incidents": len(r.incidents),
            "cell_seconds": r.cell_seconds,
            "total_seconds": r.total_seconds,
        }
        for r in results
    )
    people = names.assign(name=(names["first_name"] + " " + names["last_name"]).str.strip())[["student", "name"]]
    table = totals(marks).merge(status, on="student", how="left").merge(people, on="student", how="left")
    columns = [
        "student",
        "name",
        "status",
        "score",
        "max_score",
        "waiting",
        "incidents",
        "cell_seconds",
        "total_seconds",
    ]
    return table[columns].sort_values("student", ignore_index=True)


def items(marks: pd.DataFrame, results: Sequence[Result], assignment: Assignment) -> pd.DataFrame:
    """One row for each exercise, in the order of the assignment.

    columns: exercise, points, n (submissions with a score), difficulty (mean share of the points, 1 is easy), all_of_it (share
    of full scores), unanswered (share), discrimination (correlation of the exercise's score with the score in all others; NaN
    below FEWEST submissions, or where all have the same).
    """
    labels = _labels(assignment)
    graded = marks[~marks["waiting"]].assign(exercise=lambda m: m["notebook"] + "/" + m["cell"])
    graded["exercise"] = graded["exercise"].map(labels)
    points = graded.groupby(["exercise", "student"])[["score", "max_score"]].sum().reset_index()
    wide = points.pivot(index="student", columns="exercise", values="score")
    blank = _unanswered(results)
    rows = []
    for exercise in [name for name in dict.fromkeys(labels.values()) if name in wide]:
        own = points[points["exercise"] == exercise]
        most = own["max_score"].max()
        share = own["score"] / most
        rest = wide.drop(columns=exercise).sum(axis=1, min_count=1)
        rows.append(
            {
                "exercise": exercise,
                "points": most,
                "n": len(own),
                "difficulty": share.mean(),
                "all_of_it": (share >= 1).mean(),
                "unanswered": blank.get(exercise, 0) / max(len(results), 1),
                "discrimination": _correlation(wide[exercise], rest),
            }
        )
    return pd.DataFrame(rows)


def mistakes(results: Sequence[Result]) -> pd.DataFrame:
    """One row for each diagnosis that was given in an exercise, the commonest first: exercise, diagnosis, n, told, students.

    Wrong answers that no diagnosis fits are grouped by the first sentence of what was told.
    """
    found = [
        {
            "exercise": score.label,
            "diagnosis": score.diagnosis or _first_sentence(score.message),
            "told": _told(score.message),
            "student": result.student,
        }
        for result in results
        for score in result.exercises
        if score.state in ("wrong", "error") and result.status != "ungradable"
    ]
    columns = ["exercise", "diagnosis", "n", "told", "students"]
    if not found:
        return pd.DataFrame(columns=columns)
    table = pd.DataFrame(found).drop_duplicates(["exercise", "diagnosis", "student"])
    grouped = table.groupby(["exercise", "diagnosis"], sort=False).agg(
        n=("student", "size"), told=("told", "first"), students=("student", ", ".join)
    )
    return grouped.reset_index().sort_values("n", ascending=False, kind="stable", ignore_index=True)[columns]


def phases(table: pd.DataFrame) -> pd.DataFrame:
    """Seconds for each submission, by phase: phase, median, largest, sum. table: what `scores` gives."""
    seconds = {
        "running cells": table["cell_seconds"],
        "all else (intake, sandbox, comparing)": table["total_seconds"] - table["cell_seconds"],
    }
    rows = [{"phase": name, "median": s.median(), "largest": s.max(), "sum": s.sum()} for name, s in seconds.items()]
    return pd.DataFrame(rows)


def _labels(assignment: Assignment) -> dict[str, str]:
    """ "notebook/cell" -> the exercise, with its notebook's name where there are several."""
    several = len(assignment.notebooks) > 1
    return {
        f"{notebook.name}/{cell.id}": f"{notebook.name}/{cell.exercise or cell.id}"
        if several
        else cell.exercise or cell.id
        for notebook in assignment.notebooks
        for cell in notebook.cells
        if cell.points
    }


def _unanswered(results: Sequence[Result]) -> pd.Series:
    """Exercise -> how many submissions left it as it was handed out."""
    blank = {(r.student, score.label) for r in results for score in r.exercises if score.state == "unanswered"}
    return pd.Series([label for _, label in blank], dtype=object).value_counts()


def _correlation(one: pd.Series, other: pd.Series) -> float:
    both = pd.concat([one, other], axis=1).dropna()
    if len(both) < FEWEST or (both.nunique() < 2).any():
        return float("nan")
    return both.corr().iloc[0, 1]


def _told(message: str) -> str:
    """What was told, without the example that it was told by, which is another one for every student."""
    return re.sub(r"\s+", " ", _DETAIL.sub("", message)).strip()


def _first_sentence(message: str) -> str:
    return re.split(r"(?<=[.!?:])\s", _told(message), maxsplit=1)[0][:120] or "not said"
