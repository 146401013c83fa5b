"""Answers for the sample class: right and wrong ones from the banks, in the words of students for free text."""

import ast
import random
from functools import cache
from pathlib import Path

from course.authoring import bank
from course.grading import released
from course.grading.released import Cell, Notebook

read_bank, load_notebook = cache(bank.read_bank), cache(released.load_notebook)  # asked for by every student

TEXTS = {
    "stuck_on_xor": {
        "good": "The loss is convex, so there is no other valley to find: at zero weights the four errors cancel and the gradient is "
        "already zero, and log 2 is the best that one neuron can do. A line cannot put (0, 1) and (1, 0) on one side. It needs hidden "
        "neurons, or x1 * x2 as a third input.",
        "weak": "I think the learning rate is too small and it is in a local minimum. One should train longer, or add a hidden layer.",
    },
    "stuck_example": {
        "good": "The slope of the squared error contains the slope of the sigmoid, s (1 - s), and at z = -12 that is about 6e-6, so the "
        "step is tiny although the answer is as wrong as it can be. With cross-entropy the slope is s - y, here almost -1. It goes with "
        "the sigmoid because it is the negative log-likelihood of a yes-or-no answer.",
        "weak": "The gradient vanishes because the network is too deep. I would use ReLU and a larger learning rate.",
    },
    "why_check": {
        "good": "No. 0.4 is far too much in double precision, central differences agree to about 1e-8. The last layer is right, so the "
        "error must be in what is passed down: `dx`, or the ReLU mask. It still learns since the last layer gets its true gradient.",
        "weak": "She is right, the differences are only an approximation, and the accuracy shows that backpropagation works.",
    },
}


def answer_sheet(root: Path, name: str, rng: random.Random, right: float, answered: float, text: str) -> dict[str, str]:
    """grade_id -> what a student wrote. right: chance of a right answer; answered: the first part of the exercises."""
    assignment = load_notebook(root, name)
    exercises = [cell for cell in assignment.cells if cell.kind == "solution"]
    sheet = {}
    for number, cell in enumerate(exercises):
        is_right, choice = rng.random() < right, rng.random()
        if number < round(answered * len(exercises)):
            sheet[cell.id] = _code(root, assignment, cell, is_right, choice)
    for cell in assignment.cells:
        if cell.kind == "answer" and text != "none":
            sheet[cell.id] = TEXTS.get(cell.id, {}).get(text) or _model_answer(cell)
    return sheet


def _code(root: Path, assignment: Notebook, cell: Cell, right: bool, choice: float) -> str:
    answers = [answer.source for answer in read_bank(root, assignment.name, cell.id).answers if answer.right == right]
    if right:
        answers.append("\n".join(line for line in cell.source.split("\n") if "### " not in line))
    return _with_docstrings(answers[int(choice * len(answers))], assignment.stubs[cell.id])


def _with_docstrings(answer: str, stub: str) -> str:
    """The answer with the docstrings of the stub, which students leave where they are and the banks do without."""
    lines, given = answer.split("\n"), _documented(stub)
    for node in reversed(ast.parse(answer).body):
        if isinstance(node, ast.FunctionDef) and node.name in given and ast.get_docstring(node) is None:
            lines[node.body[0].lineno - 1 : node.body[0].lineno - 1] = given[node.name]
    return "\n".join(lines)


def _documented(stub: str) -> dict[str, list[str]]:
    lines = stub.split("\n")
    return {
        node.name: lines[node.body[0].lineno - 1 : node.body[0].end_lineno]
        for node in ast.parse(stub).body
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None
    }


def _model_answer(cell: Cell) -> str:
    """The first two sentences of the model answer."""
    return ". ".join(" ".join(cell.source.split()).split(". ")[:2]) + "."
