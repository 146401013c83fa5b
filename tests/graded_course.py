"""A small course whose one assignment is graded by the real engine, for the tests of grading and of the audit."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from course.authoring.build import build

REPOSITORY = Path(__file__).parent.parent
CHAPTER = "90_graded"

RIGHT = {
    "softmax": "def softmax(logits):\n    e = np.exp(logits - logits.max(1, keepdims=True))\n    return e / e.sum(1, keepdims=True)",
    "loss": "def loss(logits, label):\n    return -np.log(softmax(logits)[0, label])",
    "build": "def build():\n    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, 'relu'), keras.layers.Dense(3), keras.layers.Softmax()])",
    "why": "Because a sum of exponentials is positive.",
}


def make_course(root: Path) -> Path:
    """Write and build the course at `root`."""
    (root / "lessons").mkdir(parents=True)
    source = root / "solutions" / CHAPTER / f"{CHAPTER}.py"
    source.parent.mkdir(parents=True)
    shutil.copy(Path(__file__).parent / "samples" / "graded.py", source)
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, root)
    report = build(root, [CHAPTER], lessons=False)
    assert report.ok, report.problems
    return root


def hand_in(root: Path, student: str, answers: Mapping[str, str]) -> Path:
    """Submit the released notebook with `answers` (grade_id -> source) in the place of its stubs."""
    notebook = json.loads((root / "assignments" / CHAPTER / f"{CHAPTER}.ipynb").read_text())
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            cell["source"] = answers[grade_id]
    path = root / "submitted" / student / CHAPTER / f"{CHAPTER}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
    return path
