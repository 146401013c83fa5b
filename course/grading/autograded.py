"""The notebook as it was run, with scores' places marked, where formgrader and nbgrader's other commands look for it."""

import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.grading.files import replace_file
from course.grading.nbgrader_cells import notebook_cell, plain_cell, stored_cells
from course.grading.notebook import clean_text
from course.grading.released import Assignment
from course.grading.result import Result, RunCell

_LONGEST_OUTPUT = 100_000
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_SCRIPT = re.compile(r"(javascript|vbscript|data):", re.IGNORECASE)


def write_autograded(root: Path, assignment: Assignment, result: Result) -> Path:
    """Write autograded/<student>/<assignment>/<assignment>.ipynb and its timestamp.txt, each by atomic rename."""
    folder = root / "autograded" / result.student / assignment.name
    made = {
        "cells": [cell | {"id": f"cell-{number}"} for number, cell in enumerate(_cells(assignment, result))],
        "metadata": {"kernelspec": dict(assignment.kernelspec), "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = folder / f"{assignment.name}.ipynb"
    if result.timestamp:
        time = datetime.fromisoformat(result.timestamp)
        time = time.astimezone(UTC) if time.tzinfo else time
        replace_file(folder / "timestamp.txt", time.strftime("%Y-%m-%d %H:%M:%S.%f UTC"), 0o444)
    replace_file(
        path, json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n", 0o444
    )  # read-only, as nbgrader leaves it
    return path


def _cells(assignment: Assignment, result: Result) -> list[dict[str, Any]]:
    stored = {kept.cell.id: kept for kept in stored_cells(assignment)}
    cells = []
    if not result.cells:
        reasons = " ".join(result.incidents) or "It was not run."
        cells.append(plain_cell("markdown", harmless(f"**This submission could not be graded.** {reasons}")))
    for ran in result.cells or _untouched(assignment):
        kept = stored.get(ran.id)
        if kept is None:
            source = ran.source if ran.cell_type == "code" else harmless(ran.source)
            made = plain_cell(ran.cell_type, source)
        else:
            source = kept.source if kept.locked else ran.source
            source = harmless(source) if kept.cell.kind == "answer" and kept.cell.cell_type == "markdown" else source
            made = notebook_cell(kept.cell, source, kept.checksum)
        if made["cell_type"] == "code":
            made["outputs"] = _outputs(ran)
        cells.append(made)
    return cells


def _untouched(assignment: Assignment) -> list[RunCell]:
    return [
        RunCell(cell.id, cell.kind, assignment.stubs.get(cell.id, cell.source), cell_type=cell.cell_type)
        for cell in assignment.cells
    ]


def _outputs(ran: RunCell) -> list[dict[str, Any]]:
    outputs: list[dict[str, Any]] = []
    if ran.stdout:
        outputs.append({"output_type": "stream", "name": "stdout", "text": clean_text(ran.stdout[:_LONGEST_OUTPUT])})
    if ran.error:
        text = clean_text(ran.error[:_LONGEST_OUTPUT])
        name = "NotPassed" if ran.kind == "tests" else "Error"
        outputs.append({"output_type": "error", "ename": name, "evalue": text, "traceback": text.split("\n")})
    return outputs


def harmless(markdown: str) -> str:
    """A student's text that formgrader can show to an instructor: HTML in it stays text, and no link runs a script.

    A space after "<" ends an HTML tag before it begins, and does no harm in formulas and code, where "<" is a comparison.
    """
    text = _TAG.sub("< ", markdown)
    plain = "".join(html.unescape(text).replace("\\", "").split())
    return text.replace("](", "] (").replace("]:", "] :") if _SCRIPT.search(plain) else text
