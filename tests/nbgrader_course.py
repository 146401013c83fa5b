"""A course as an instructor of nbgrader has it: one assignment of two notebooks with plain assertions, and data beside them.

Nothing in it needs TensorFlow, so that nbgrader's own kernel starts fast.
"""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
NAME = "ps1"
STUB = 'raise NotImplementedError("not answered yet")'


def code(grade_id: str, source: str, **role) -> dict:
    return _cell("code", grade_id, source, role)


def text(grade_id: str, source: str, **role) -> dict:
    return _cell("markdown", grade_id, source, role)


def _cell(cell_type: str, grade_id: str, source: str, role: Mapping) -> dict:
    made: dict = {"cell_type": cell_type, "id": grade_id or "plain", "metadata": {}, "source": source}
    if cell_type == "code":
        made |= {"execution_count": None, "outputs": []}
    if grade_id:
        defaults = {"grade": False, "locked": False, "solution": False, "task": False}
        made["metadata"] = {"nbgrader": {"grade_id": grade_id, "schema_version": 3} | defaults | role}
    return made


def solution(grade_id: str, source: str) -> dict:
    return code(grade_id, source, solution=True)


def tests(grade_id: str, points: float, source: str) -> dict:
    return code(grade_id, source, grade=True, locked=True, points=points)


def answer(grade_id: str, points: float, source: str, cell=text) -> dict:
    """What a person grades."""
    return cell(grade_id, source, grade=True, solution=True, points=points)


def task(grade_id: str, points: float, source: str) -> dict:
    return text(grade_id, source, task=True, locked=True, points=points)


def notebook(*cells: dict) -> dict:
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": list(cells), "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}


def body(source: str) -> str:
    """A function whose body is the solution: what nbgrader replaces by its stub."""
    head, _, rest = source.partition("\n")
    return f"{head}\n    ### BEGIN SOLUTION\n{rest}\n    ### END SOLUTION"


SQUARES = "def squares(n):\n    return [i**2 for i in range(1, n + 1)]"
MEAN = "def mean(values):\n    return sum(values) / len(values)"
LOAD = "def load():\n    return [float(line) for line in open('data/numbers.txt')]"
PLAN = "plan = 'divide'"


def problem1() -> dict:
    return notebook(
        text("", "# Problem 1"),
        code("imports", "from shipped import FIRST", locked=True),
        solution("squares", body(SQUARES)),
        tests(
            "correct_squares",
            2,
            "assert squares(3) == [FIRST, 4, 9]\n### BEGIN HIDDEN TESTS\nassert squares(1) == [1]\n### END HIDDEN TESTS",
        ),
        # Partial credit: the last expression gives the points.
        tests(
            "partial_squares", 3, "points = [squares(1) == [1], squares(2) == [1, 4], squares(0) == []]\nsum(points)"
        ),
        answer("why", 2, "### BEGIN SOLUTION\nBecause.\n### END SOLUTION"),
        answer("plan", 1, f"### BEGIN SOLUTION\n{PLAN}\n### END SOLUTION", cell=code),
    )


def problem2() -> dict:
    return notebook(
        text("", "# Problem 2"),
        solution("mean", body(MEAN)),
        tests("test_mean", 4, "assert mean([1, 2, 6]) == 3"),
        solution("load", body(LOAD)),
        tests("test_load", 2, "assert load() == [1.0, 2.5]"),
        task("draw", 3, "Draw it.\n\n### BEGIN MARK SCHEME\nOne point for each axis.\n### END MARK SCHEME"),
    )


ANSWERS = {
    "problem1": {"squares": SQUARES, "why": "It grows.", "plan": "plan = 'conquer'"},
    "problem2": {"mean": MEAN, "load": LOAD},
}
FILES = {"data/numbers.txt": "1.0\n2.5\n", "shipped.py": "FIRST = 1\n"}


def make_course(root: Path) -> Path:
    """Write the course at `root`, and release the assignment with nbgrader."""
    for folder in ("lessons", f"solutions/{NAME}/data", "submitted"):
        (root / folder).mkdir(parents=True)
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, root)
    for name, content in FILES.items():
        (root / "solutions" / NAME / name).write_text(content)
    for name, made in (("problem1", problem1()), ("problem2", problem2())):
        write(root / "solutions" / NAME / f"{name}.ipynb", made)
    assert nbgrader(root).generate_assignment(NAME)["success"]
    return root


def write(path: Path, made: dict) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made))
    return path


def hand_in(
    root: Path,
    student: str,
    answers: Mapping[str, Mapping[str, str]] = ANSWERS,
    time: str = "2026-11-02 21:14:03 UTC",
    files: Mapping[str, str] | None = None,
) -> Path:
    """Submit the released notebooks that `answers` names, with its answers (grade_id -> source) in them."""
    folder = root / "submitted" / student / NAME
    for name, given in answers.items():
        made = json.loads((root / "assignments" / NAME / f"{name}.ipynb").read_text())
        for cell in made["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = given.get(grade_id, cell["source"])
        write(folder / f"{name}.ipynb", made)
    for name, content in {"timestamp.txt": time, **(files or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def nbgrader(root: Path, **settings):
    """nbgrader's high-level API, which formgrader's buttons call, with the course's own nbgrader_config.py.

    settings: class -> traits, over those of the file.
    """
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    os.environ["PATH"] = (
        f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # it calls the program alembic
    )
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.merge(Config(settings))
    return NbGraderAPI(CourseDirectory(config=config), config=config)
