"""The notebook as it was run, with scores' places marked, where formgrader and nbgrader's other commands look for it."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.grading.files import replace_file
from course.grading.nbgrader_cells import notebook_cell, plain_cell, stored_cells
from course.grading.notebook import clean_text
from course.grading.released import Assignment, Cell, Notebook
from course.grading.released_files import write_files
from course.grading.result import Result, RunCell

RESULT = "course_result"  # in the notebook's metadata: what came of it, for those who make a page of it later
_LEFT_OUT = ("cells", "cell_seconds", "total_seconds", "cached")  # the notebook has the cells; the rest differs from run to run
_LONGEST_OUTPUT = 100_000
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_SCRIPT = re.compile(r"(javascript|vbscript|data):", re.IGNORECASE)


def write_autograded(root: Path, assignment: Assignment, result: Result, secret: str = "") -> list[Path]:
    """Write autograded/<student>/<assignment>/<notebook>.ipynb and what nbgrader keeps beside it, each by atomic rename.

    As nbgrader does: no notebook where none was handed in, the released files, all of it read-only. secret: of the
    exchange (see collect.Submission). Returns the notebooks' paths.
    """
    folder = root / "autograded" / result.student / assignment.name
    write_files(assignment.files, folder)
    write_handed_in(folder, result, secret)
    paths = []
    for notebook in assignment.notebooks:
        path = folder / f"{notebook.name}.ipynb"
        if result.lacks(notebook.name):
            path.unlink(missing_ok=True)  # of an earlier submission
            continue
        made = notebook_as_run(notebook, result.of(notebook.name))
        replace_file(path, json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n", 0o444)
        paths.append(path)
    return paths


def write_handed_in(folder: Path, result: Result, secret: str) -> None:
    """The time and the secret of the submission, which `nbgrader release_feedback` looks for beside the page."""
    if result.timestamp:
        time = datetime.fromisoformat(result.timestamp)
        time = time.astimezone(UTC) if time.tzinfo else time
        replace_file(folder / "timestamp.txt", time.strftime("%Y-%m-%d %H:%M:%S.%f UTC"), 0o444)
    if secret:
        replace_file(folder / "submission_secret.txt", secret, 0o444)


def notebook_as_run(notebook: Notebook, result: Result) -> dict[str, Any]:
    """The notebook with what came of each cell. nbgrader reads the points of a tests cell off its outputs (see `_outputs`)."""
    cells = [cell | {"id": f"cell-{number}"} for number, cell in enumerate(_cells(notebook, result))]
    said = {name: value for name, value in result.to_json().items() if name not in _LEFT_OUT}
    metadata = {"kernelspec": dict(notebook.kernelspec), "language_info": {"name": "python"}, RESULT: said}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def result_of(made: Mapping[str, Any], notebook: Notebook) -> Result | None:
    """The result in a notebook as `notebook_as_run` makes it; None where it is not one of ours."""
    try:
        known = {cell.id: cell for cell in notebook.cells if cell.id}
        cells = [_ran(cell, known) for cell in made["cells"]]
        return replace(Result.from_json(made["metadata"][RESULT]), cells=tuple(cells))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _ran(cell: Mapping[str, Any], known: Mapping[str, Cell]) -> RunCell:
    released = known.get(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
    kind = released.kind if released else "own" if cell["cell_type"] == "code" else "markdown"
    outputs = cell.get("outputs", ())
    return RunCell(
        released.id if released else "",
        kind,
        cell["source"],
        "".join(output["text"] for output in outputs if output["output_type"] == "stream"),
        "\n".join(output["evalue"] for output in outputs if output["output_type"] == "error"),
        cell["cell_type"],
        figures=tuple(output["data"]["image/png"] for output in outputs if output["output_type"] == "display_data"),
    )


def _cells(notebook: Notebook, result: Result) -> list[dict[str, Any]]:
    stored = {kept.cell.id: kept for kept in stored_cells(notebook)}
    cells = []
    if not result.cells:
        reasons = " ".join(result.incidents) or "It was not run."
        cells.append(plain_cell("markdown", harmless(f"**This submission could not be graded.** {reasons}")))
    for ran in result.cells or _untouched(notebook):
        kept = stored.get(ran.id)
        if kept is None:
            source = ran.source if ran.cell_type == "code" else harmless(ran.source)
            made = plain_cell(ran.cell_type, source)
        else:
            source = kept.source if kept.locked else ran.source
            if kept.cell.kind == "answer" and kept.cell.cell_type == "markdown" and source != kept.source:
                source = harmless(source)
            made = notebook_cell(kept.cell, source, kept.checksum)
        if made["cell_type"] == "code":
            made["outputs"] = _outputs(ran)
        cells.append(made)
    return cells


def _untouched(notebook: Notebook) -> list[RunCell]:
    return [
        RunCell(cell.id, cell.kind, notebook.stubs.get(cell.id, cell.source), cell_type=cell.cell_type)
        for cell in notebook.cells
    ]


def _outputs(ran: RunCell) -> list[dict[str, Any]]:
    """What the cell printed, and how it ended. As nbgrader reads it, a tests cell with an error has no points, one with
    a number as its result has that many, any other has all."""
    outputs: list[dict[str, Any]] = []
    error = clean_text(ran.error[:_LONGEST_OUTPUT])
    if ran.stdout:
        outputs.append(_printed(ran.stdout))
    for figure in ran.figures:
        data = {"image/png": figure, "text/plain": "<a figure>"}
        outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    if ran.kind == "tests" and ran.points and ran.max_points and ran.points < ran.max_points:
        if error:
            outputs.append(_printed(error))
        result = {"data": {"text/plain": repr(ran.points)}, "metadata": {}, "execution_count": None}
        outputs.append({"output_type": "execute_result", **result})
    elif error:
        name = "NotPassed" if ran.kind == "tests" else "Error"
        outputs.append({"output_type": "error", "ename": name, "evalue": error, "traceback": error.split("\n")})
    return outputs


def _printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": clean_text(text[:_LONGEST_OUTPUT])}


def harmless(markdown: str) -> str:
    """A student's text that formgrader can show to an instructor: HTML in it stays text, and no link runs a script.

    A space after "<" ends an HTML tag before it begins, and does no harm in formulas and code, where "<" is a comparison.
    """
    text = _TAG.sub("< ", markdown)
    plain = "".join(html.unescape(text).replace("\\", "").split())
    return text.replace("](", "] (").replace("]:", "] :") if _SCRIPT.search(plain) else text
