"""A small assignment in nbgrader's format, with answers, for the tests of grading: no need of a real chapter."""

import json
from copy import deepcopy
from pathlib import Path

NAME = "00_tiny"

_SIGMOID = '''def sigmoid(z):
    """The logistic function of every element of z."""
    ### BEGIN SOLUTION
    return 1 / (1 + np.exp(-z))
    ### END SOLUTION'''

_MEAN = '''def mean(values):
    """The arithmetic mean of a list of numbers."""
    ### BEGIN SOLUTION
    return sum(values) / len(values)
    ### END SOLUTION'''

_TESTS_SIGMOID = """with check.exercise("sigmoid"):
    check.call(sigmoid, np.array([0.0]), expect=[0.5])
    ### BEGIN HIDDEN TESTS
    check.call(sigmoid, np.array([1.0, 2.0]), about="two numbers")
    ### END HIDDEN TESTS"""

_TESTS_STABLE = """with check.exercise("sigmoid.stable"):
    check.call(sigmoid, np.array([-800.0]), expect=[0.0], about="very large inputs")"""

_TESTS_MEAN = """with check.exercise("mean"):
    check.call(mean, [1.0, 2.0, 6.0], expect=3.0)
    ### BEGIN HIDDEN TESTS
    check.call(mean, [4.0], about="one number")
    ### END HIDDEN TESTS"""

# (kind, grade_id, points, source)
SOURCE = [
    ("markdown", "", 0, "# A tiny assignment"),
    ("given", "setup", 0, "from course import setup, check"),
    ("given", "given_imports", 0, "import numpy as np\n\nSCALE = 2.0"),
    ("markdown", "", 0, "## 1. A stable sigmoid (3 points)\n\nCompute the logistic function."),
    ("solution", "sigmoid", 0, _SIGMOID),
    ("tests", "test_sigmoid", 2, _TESTS_SIGMOID),
    ("tests", "test_sigmoid_stable", 1, _TESTS_STABLE),
    ("markdown", "", 0, "## 2. A mean (4 points)\n\nCompute the arithmetic mean without NumPy."),
    ("solution", "mean", 0, _MEAN),
    ("tests", "test_mean", 4, _TESTS_MEAN),
    ("markdown", "", 0, "## 3. In words (3 points)\n\nWhy is the naive formula unstable?"),
    ("answer", "why", 3, "Because exp overflows for large arguments."),
]

ANSWERS = {
    "sigmoid": "def sigmoid(z):\n    small = np.exp(-abs(z))\n    return np.where(z >= 0, 1, small) / (1 + small)",
    "mean": "def mean(values):\n    total = 0.0\n    for value in values:\n        total += value\n    return total / len(values)",
    "why": "For large negative numbers exp(-z) does not fit into a float.",
}

_STUB = 'raise NotImplementedError("not answered yet")'


def cell(kind: str, grade_id: str, points: float, source: str, number: int = 0) -> dict:
    """One notebook cell with nbgrader's metadata (schema 3), as the build writes it."""
    cell_type = "markdown" if kind in ("markdown", "answer") else "code"
    made: dict = {"cell_type": cell_type, "id": f"tiny-{number:02d}", "metadata": {}, "source": source}
    if cell_type == "code":
        made |= {"execution_count": None, "outputs": []}
    if kind != "markdown":
        role = {
            "grade": kind in ("tests", "answer"),
            "grade_id": grade_id,
            "locked": kind in ("tests", "given"),
            "schema_version": 3,
            "solution": kind in ("solution", "answer"),
            "task": False,
        }
        if role["grade"]:
            role["points"] = points
        made["metadata"] = {"nbgrader": role}
    return made


def notebook(cells: list[dict]) -> dict:
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def solution_notebook() -> dict:
    return notebook([cell(*spec, number) for number, spec in enumerate(SOURCE)])


def released_notebook() -> dict:
    """What a student gets: stubs in the place of solutions, and no hidden tests."""
    cells = []
    for number, (kind, grade_id, points, source) in enumerate(SOURCE):
        if kind == "answer":
            source = "YOUR ANSWER HERE"
        cells.append(cell(kind, grade_id, points, _without_hidden(_with_stub(source)), number))
    return notebook(cells)


def submitted_notebook(**answers: str) -> dict:
    """A released notebook, answered (with ANSWERS where nothing else is given)."""
    made = released_notebook()
    for entry in made["cells"]:
        grade_id = entry["metadata"].get("nbgrader", {}).get("grade_id", "")
        if grade_id in ANSWERS:
            entry["source"] = answers.get(grade_id, ANSWERS[grade_id])
    return made


def find(made: dict, grade_id: str) -> dict:
    return next(entry for entry in made["cells"] if entry["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def as_bytes(made: dict) -> bytes:
    return json.dumps(made).encode()


def write_course(root: Path) -> Path:
    """A folder with the assignment's two notebooks where the course keeps them."""
    for room, made in (("solutions", solution_notebook()), ("assignments", released_notebook())):
        folder = root / room / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(deepcopy(made), indent=1, sort_keys=True) + "\n")
    return root


def _with_stub(source: str) -> str:
    if "### BEGIN SOLUTION" not in source:
        return source
    head, _, rest = source.partition("    ### BEGIN SOLUTION")
    return head + "    " + _STUB + rest.partition("### END SOLUTION")[2]


def _without_hidden(source: str) -> str:
    if "### BEGIN HIDDEN TESTS" not in source:
        return source
    head, _, rest = source.partition("    ### BEGIN HIDDEN TESTS")
    return (head + rest.partition("### END HIDDEN TESTS")[2]).rstrip("\n")
