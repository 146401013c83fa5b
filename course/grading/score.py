"""Points and messages from what a submission's cells observed. Everything that says right or wrong is here, in the supervisor."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from course.checks import chapter as chapters
from course.checks.records import Block
from course.checks.verdict import Verdict, verdict
from course.grading.execute import CellRun
from course.grading.released import Assignment, Cell
from course.grading.result import ExerciseScore, RunCell


def score(
    root: Path,
    assignment: Assignment,
    cells: Sequence[Cell],
    runs: Sequence[CellRun],
    references: Mapping[str, Block],
) -> tuple[ExerciseScore, ...]:
    """One score for each tests cell and each answer graded by hand.

    root: the checkout that holds what to say of known mistakes. cells: the rebuilt notebook. runs: of its code cells.
    references: part -> the reference's checks, with expected values.
    """
    by_id = {run.id: run for run in runs if run.kind == "tests"}
    scores = []
    for cell in cells:
        if cell.kind == "tests":
            scores.append(_score_tests(root, assignment, cells, cell, by_id[cell.id], references))
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


def _score_tests(
    root: Path,
    assignment: Assignment,
    cells: Sequence[Cell],
    cell: Cell,
    run: CellRun,
    references: Mapping[str, Block],
) -> ExerciseScore:
    texts = chapters.mistake_texts(assignment.name, cell.exercise, root)
    judged = _judge(cell, run, references, texts)
    points = cell.points if judged.state == "right" else 0.0
    if judged.state != "right" and _untouched(assignment, cells, cell.exercise):
        judged = Verdict("unanswered", "unanswered", "Not answered yet.")
    return ExerciseScore(cell.exercise, cell.part, points, cell.points, judged.state, judged.diagnosis, judged.message)


def _untouched(assignment: Assignment, cells: Sequence[Cell], exercise: str) -> bool:
    answers = [c for c in cells if c.kind == "solution" and c.exercise == exercise]
    return bool(answers) and all(assignment.unanswered(c.id, c.source) for c in answers)


def _judge(cell: Cell, run: CellRun, references: Mapping[str, Block], mistakes: Mapping[str, str]) -> Verdict:
    """The verdict on one tests cell: by its observations, or, for a cell of plain assertions, by whether it ran to its end."""
    if run.status in ("timeout", "memory", "died", "skipped"):
        return Verdict(
            "error",
            run.status,
            f"The checks could not be finished: {run.error}{'' if run.error.endswith(('.', '?')) else '.'}",
        )
    reference = references.get(cell.part)
    if reference is None:
        if run.status == "ok":
            return Verdict("right", "", "Right: the tests ran to their end.")
        return Verdict("wrong", "raised", f"The tests stopped with {run.error or 'an error'}.")
    block = next((b for b in run.blocks if b.part == cell.part), None)
    if block is None:
        return Verdict("error", "incomplete", f"The checks did not run: {run.error or 'no reason given'}.")
    judged = verdict(reference, block, mistakes)
    if judged.state == "right" and run.status != "ok":
        return Verdict("error", "incomplete", f"The checks did not run to their end: {run.error}.")
    return judged


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
            )
        )
    return tuple(made)
