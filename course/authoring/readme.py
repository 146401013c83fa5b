"""The table of chapters in README.md: written by the build, but for its last column.

What a chapter answers is said there in a person's words, and kept. A chapter that is new gets its lesson's first sentence.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from course.authoring.pages import BADGE, Address, colab_link
from course.authoring.places import notebook_path
from course.authoring.table import ChapterRow

BEGIN, END = "<!-- chapters: written by `course build`, but for the last column -->", "<!-- end of chapters -->"
_BETWEEN = re.compile(f"{re.escape(BEGIN)}\n(.*?){re.escape(END)}", re.DOTALL)
_HEAD = "| | lesson | assignment | what it answers |\n|---|---|---|---|\n"


def with_chapters(text: str, rows: Sequence[ChapterRow], address: Address) -> str:
    """`text` of the README with its table made anew from these chapters; the same where it has no place for one."""
    found = _BETWEEN.search(text)
    if found is None:
        return text
    answers = _answers(found[1])
    table = _HEAD + "".join(_line(row, answers, address) for row in rows)
    return f"{text[: found.start()]}{BEGIN}\n{table}\n[badge]: {BADGE}\n{END}{text[found.end() :]}"


def _answers(table: str) -> dict[str, str]:
    """A chapter's number -> what the last column says of it."""
    cells = [line.strip().strip("|").split(" | ") for line in table.splitlines()]
    return {row[0].strip(): row[-1].strip() for row in cells if len(row) == 4 and row[0].strip().isdigit()}


def _line(row: ChapterRow, answers: dict[str, str], address: Address) -> str:
    number = row.chapter.partition("_")[0]
    lesson = _entry(row.title, "lessons", row, address) if row.has_lesson else ""
    count = len(row.exercises)
    words = "1 exercise" if count == 1 else f"{count} exercises"
    assignment = _entry(words, "assignments", row, address) if row.has_assignment else ""
    return f"| {number} | {lesson} | {assignment} | {answers.get(number) or row.shows} |\n"


def _entry(words: str, room: str, row: ChapterRow, address: Address) -> str:
    """The link to a notebook, and below it the badge that opens it in Colab."""
    path = notebook_path(Path(), room, row.chapter).as_posix()
    return f"[{words}]({path})<br>[![Open in Colab][badge]]({colab_link(room, row.chapter, address)})"
