"""What a grading leaves behind, in a form that can be compared; and what a person does in formgrader meanwhile."""

import json
from pathlib import Path

import tiny_assignment as tiny


def give_by_hand(db_url: str, student: str, score: float, extra: float, comment: str) -> None:
    """What formgrader does: a score, extra credit and a comment for the free text; another score for a test."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url) as book:
        grade = book.find_grade("why", tiny.NAME, tiny.NAME, student)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, extra, False
        book.find_grade("test_mean", tiny.NAME, tiny.NAME, student).manual_score = 1.5
        book.find_comment("why", tiny.NAME, tiny.NAME, student).manual_comment = comment
        book.db.commit()


def gradebook(db_url: str) -> dict[str, list]:
    """All that the gradebook says, but for its random keys."""
    from nbgrader import api

    with api.Gradebook(db_url) as book:
        cells = {cell.id: cell.name for cell in book.db.query(api.BaseCell)}
        students = {n.id: n.student.id for n in book.db.query(api.SubmittedNotebook)}
        grades = [
            (
                students[g.notebook_id],
                cells[g.cell_id],
                g.auto_score,
                g.manual_score,
                g.extra_credit,
                g.needs_manual_grade,
            )
            for g in book.db.query(api.Grade)
        ]
        comments = [
            (students[c.notebook_id], cells[c.cell_id], c.auto_comment, c.manual_comment)
            for c in book.db.query(api.Comment)
        ]
        submissions = [(s.student_id, s.timestamp) for s in book.db.query(api.SubmittedAssignment)]
        return {"grades": _sorted(grades), "comments": _sorted(comments), "submissions": _sorted(submissions)}


def _sorted(rows: list[tuple]) -> list[tuple]:
    return sorted(rows, key=repr)


def journal(home: Path) -> list[dict]:
    """Every line, in the order of students, without what is measured by a clock."""
    lines = journal_file(home).read_text().splitlines()
    records = [json.loads(line) for line in lines]
    for record in records:
        for measured in ("digest", "cell_seconds", "total_seconds"):
            del record[measured]
    return sorted(records, key=lambda record: (record["student"], record["key"]))


def journal_file(home: Path) -> Path:
    return home / ".course" / "journal" / f"{tiny.NAME}.jsonl"


def files(home: Path) -> dict[Path, bytes]:
    """What was written for formgrader and students, and beside it."""
    rooms = (home / "autograded", home / "feedback")
    return {path.relative_to(home): path.read_bytes() for room in rooms for path in room.rglob("*") if path.is_file()}


def assert_same(home: Path, db_url: str, other_home: Path, other_url: str, said: str = "") -> None:
    """Journal, gradebook and files of two classes are the same; `said` is told when they are not."""
    assert journal(home) == journal(other_home), said
    ours, theirs = gradebook(db_url), gradebook(other_url)
    assert [row for name in ours for row in ours[name] if row not in theirs[name]] == [], said
    assert ours == theirs, said
    ours, theirs = files(home), files(other_home)
    other = [path for path in ours if ours[path] != theirs.get(path)]
    assert other == [], said or [str(path) for path in other]
    assert ours.keys() == theirs.keys(), said
