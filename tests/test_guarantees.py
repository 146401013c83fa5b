"""docs/GUARANTEES.md states limits: they are those of the code."""

from pathlib import Path

import pytest

from course.checks import values, wire
from course.grading import execute, notebook, watch
from course.grading.sandbox import MEANS, namespaces
from course.grading.watch import MAX_OUTPUT, Limits

PAGE = (Path(__file__).parents[1] / "docs" / "GUARANTEES.md").read_text(encoding="utf-8")
LIMITS = Limits()
NUMBERS = {2: "two", 4: "four", 10: "ten"}


def row(name: str) -> str:
    """The second column of the row of the table that begins with `name`."""
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {name} |")]
    return line.split("|")[2]


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("processor time of one tests cell", f"{LIMITS.cpu_seconds:g} s, and {NUMBERS[execute.SLOWER]} times"),
        ("processor time of a cell of the student's own", f"{LIMITS.cpu_seconds + LIMITS.own_seconds:g} s"),
        (
            "one cell on the clock",
            f"{LIMITS.wall_seconds:g} s, and {NUMBERS[watch.CLOCK]} times what a cell may compute beyond {LIMITS.cpu_seconds:g} s",
        ),
        ("the whole submission", f"{LIMITS.submission_seconds:g} s"),
        ("memory", f"{LIMITS.memory_mb / 1000:g} GB beyond"),
        ("memory", f"a hard stop at {2 * LIMITS.memory_mb / 1000:g} GB"),
        ("cells of the student's own that may end the process", f" {execute.MAX_STOPPED}; "),
        ("threads", f"{LIMITS.threads}"),
        ("files", f"{namespaces.WORK_MB} MB and {namespaces.WORK_FILES:,} files"),
        ("files", f"{LIMITS.file_mb} MB for each"),
        ("printed text", f"{MAX_OUTPUT:,} characters of each cell, {execute.MAX_PRINTED:,} in all"),
        ("one message to the supervisor", f"{wire.MAX_MESSAGE / 1e6:g} MB, of which {wire.MAX_DOCUMENT / 1e6:g} MB"),
        ("one message to the supervisor", f"one array {values.MAX_BYTES / 1e6:g} MB"),
        ("the notebook handed in", f"{notebook.MAX_BYTES / 1e6:g} MB, {notebook.MAX_CELLS:,} cells"),
        ("the notebook handed in", f"{notebook.MAX_CELL_CHARACTERS:,} characters in one cell"),
    ],
)
def test_a_stated_limit_is_the_code_s(name, stated):
    assert stated in row(name)


def test_a_submission_is_begun_again_as_often_as_stated():
    tests_cells, own_cells = NUMBERS[execute.MAX_REPLAYS], NUMBERS[execute.MAX_STOPPED]
    assert f"behind it, for {tests_cells} tests cells and for {own_cells} cells of the student's own at most" in PAGE


def test_the_page_explains_every_level_and_names_tests_that_exist():
    assert all(f"\n| {level} |" in PAGE for level in MEANS)
    named = {word.strip("`.,()") for word in PAGE.split() if word.strip("`(").startswith("tests/")}
    assert named and all((Path(__file__).parents[1] / name).exists() for name in named)
