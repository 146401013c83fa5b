"""What nbgrader's gradebook keeps of a result: the automatic score and the automatic comment of each cell."""

from course.grading.notebook import clean_text
from course.grading.released import Notebook
from course.grading.result import Result

_LONGEST_COMMENT = 4_000


def auto_scores(result: Result, notebook: Notebook) -> dict[str, float]:
    """grade_id -> automatic score. A cell without one is left to a person: ungradable work is never silently 0.

    One of several notebooks that was not handed in is 0 in every cell, as nbgrader has it.
    """
    if result.lacks(notebook.name):
        return {cell.id: 0.0 for cell in notebook.cells if cell.kind in ("tests", "answer", "task")}
    if result.status == "ungradable":
        return {}
    by_part = {score.part: score for score in result.exercises}
    scores = {}
    for cell in notebook.cells:
        scored = by_part.get(cell.part) if cell.kind in ("tests", "answer", "task") else None
        if scored is None or scored.state == "manual":
            continue
        if cell.kind == "tests" or scored.state == "unanswered":
            scores[cell.id] = float(scored.points)
    return scores


def auto_comments(result: Result, notebook: Notebook) -> dict[str, str]:
    """grade_id of a solution or answer -> what the grader says about it, for formgrader and nbgrader's own feedback."""
    comments: dict[str, str] = {}
    if result.lacks(notebook.name):
        return comments
    for cell in notebook.cells:
        if cell.kind not in ("solution", "answer", "task"):
            continue
        parts = [score for score in result.exercises if score.id == cell.exercise]
        if cell.id in result.unanswered or (parts and all(score.state == "unanswered" for score in parts)):
            comments[cell.id] = "No response."
            continue
        messages = [score.message for score in parts if score.state in ("wrong", "error") and score.message]
        if messages:
            comments[cell.id] = clean_text("\n\n".join(dict.fromkeys(messages)))[:_LONGEST_COMMENT]
    return comments
