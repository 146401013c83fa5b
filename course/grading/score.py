"""Points and messages from what a submission's cells observed. Everything that says right or wrong is here, in the supervisor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from course.checks import chapter as chapters
from course.checks.records import Block
from course.checks.verdict import Verdict, verdict
from course.grading.execute import CellRun
from course.grading.plain import is_plain
from course.grading.released import Cell, Notebook
from course.grading.repairs import PARSER
from course.grading.replay import quotable
from course.grading.result import ExerciseScore, RunCell

_STOPPED = ("timeout", "memory", "died", "skipped")


def score(
    root: Path,
    assignment: Notebook,
    cells: Sequence[Cell],
    runs: Sequence[CellRun],
    references: Mapping[str, Block],
    swaps: Mapping[str, Mapping[str, str]] | None = None,
    shown: Sequence[CellRun] | None = None,
) -> tuple[ExerciseScore, ...]:
    """One score for each tests cell and each answer graded by hand.

    root: the checkout that holds what to say of known mistakes. cells: the rebuilt notebook. runs: of its code cells.
    references: part -> the reference's checks, with expected values. swaps: part -> what stood in for answers there.
    shown: the runs that messages may quote (default: `runs`); they have no part in the judgment.
    """
    by_id = {run.id: run for run in runs if run.kind == "tests"}
    may_quote = {run.id: run for run in (runs if shown is None else shown) if run.kind == "tests"}
    scores = []
    for cell in cells:
        if cell.kind == "tests":
            ran = _Ran(
                cell, by_id[cell.id], may_quote.get(cell.id), references.get(cell.part), (swaps or {}).get(cell.part)
            )
            scores.append(_score_tests(root, assignment, cells, ran))
        elif cell.kind in ("answer", "task"):
            empty = cell.kind == "answer" and assignment.unanswered(cell.id, cell.source)
            scores.append(
                ExerciseScore(
                    cell.id,
                    cell.id,
                    0.0,
                    cell.points,
                    "unanswered" if empty else "manual",
                    "",
                    "Not answered." if empty else "Graded by hand.",
                )
            )
    return tuple(scores)


@dataclass(frozen=True)
class _Ran:
    """A tests cell, its run, the run that may be quoted, the reference's checks, and what stood in for other answers."""

    cell: Cell
    run: CellRun
    shown: CellRun | None
    reference: Block | None
    swapped: Mapping[str, str] | None


def _score_tests(root: Path, assignment: Notebook, cells: Sequence[Cell], ran: _Ran) -> ExerciseScore:
    cell = ran.cell
    plain = is_plain(cell)
    if ran.run.status in _STOPPED:
        end = "" if ran.run.error.endswith((".", "?")) else "."
        said = f"The checks could not be finished: {ran.run.error}{end}"
        points, judged = 0.0, Verdict("error", ran.run.status, said)
    elif plain:
        points, judged = _judge_assertions(ran)
    else:
        with PARSER:
            mistakes = chapters.mistake_texts(assignment.name, cell.exercise, root)
        judged = _judge(ran, mistakes)
        points = cell.points if judged.state == "right" else 0.0
    if judged.state != "right" and _untouched(assignment, cells, cell.exercise):
        points, judged = 0.0, Verdict("unanswered", "unanswered", "Not answered yet.")
    return ExerciseScore(
        cell.exercise,
        cell.part,
        points,
        cell.points,
        judged.state,
        judged.diagnosis,
        judged.message,
        "lower" if plain else "values",
    )


def _untouched(assignment: Notebook, cells: Sequence[Cell], exercise: str) -> bool:
    answers = [c for c in cells if c.kind == "solution" and c.exercise == exercise]
    return bool(answers) and all(assignment.unanswered(c.id, c.source) for c in answers)


def _judge(ran: _Ran, mistakes: Mapping[str, str]) -> Verdict:
    """The verdict by what the checks observed."""
    part, reference = ran.cell.part, ran.reference
    block = next((b for b in ran.run.blocks if b.part == part), None)
    if block is None or reference is None:
        error = ran.shown.error if ran.shown else ""
        return Verdict("error", "incomplete", f"The checks did not run{f': {error}' if error else ''}.")
    # What the block is said to be, apart from what it observed, is the reference's word, not the submission's.
    block = replace(block, needs=reference.needs, swapped=reference.needs if ran.swapped else (), checks=())
    judged = verdict(reference, block, mistakes, quotable(reference, ran.shown, part))
    if judged.state == "right" and ran.run.status != "ok":
        return Verdict("error", "incomplete", "The checks did not run to their end.")
    return judged


def _judge_assertions(ran: _Ran) -> tuple[float, Verdict]:
    """Points and verdict of a cell of plain assertions: all when it ran to its end, or what its last expression gives."""
    run, most = ran.run, ran.cell.points
    if run.status != "ok" or not run.completed:
        said = ran.shown.error if ran.shown and ran.shown.error else "a test that is not shown failed"
        return 0.0, Verdict("wrong", "raised", f"The tests stopped: {said}.")
    if run.value is None:
        return most, Verdict("right", "", "Right: the tests ran to their end.")
    if type(run.value) not in (bool, int, float) or not 0 <= run.value <= most:  # not a number is in no interval
        said = "The tests gave no valid number of points: your instructor has to look at this one."
        return 0.0, Verdict("error", "credit", said)
    points = float(run.value)
    if points == most:
        return points, Verdict("right", "", "Right: the tests gave all points.")
    return points, Verdict("wrong", "partial", f"The tests gave {points:g} of {most:g} points.")


def run_cells(cells: Sequence[Cell], runs: Sequence[CellRun], scores: Sequence[ExerciseScore]) -> tuple[RunCell, ...]:
    """The notebook as it was run, for the feedback page and the autograded notebook."""
    results = iter(runs)
    by_part = {s.part: s for s in scores}
    made = []
    for cell in cells:
        run = next(results) if cell.cell_type == "code" else None
        scored = by_part.get(cell.part) if cell.kind in ("tests", "answer", "task") else None
        error = run.error if run else ""
        if scored and scored.state not in ("right", "manual") and cell.kind == "tests":
            error = scored.message
        made.append(
            RunCell(
                cell.id,
                cell.kind,
                cell.source,
                run.stdout if run else "",
                error,
                cell.cell_type,
                scored.points if scored else None,
                scored.max_points if scored else None,
                figures=run.figures if run else (),
            )
        )
    return tuple(made)
