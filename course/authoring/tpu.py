"""Every model that a lesson or a solution trains, compiled for a TPU that is not here: what `course doctor --tpu` does.

The notebook runs on JAX in a fresh kernel, whose first, hidden cell (`ahead.begin`) watches for training steps.
"""

import copy
import importlib.util
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat

from course.authoring.assignment import solution_notebook
from course.authoring.build import Progress, source_path
from course.authoring.kernel import execute
from course.authoring.lesson import lesson_notebook
from course.authoring.pages import read_address
from course.authoring.source import read_source
from course.errors import GivenError

ROOMS = ("lessons", "solutions")
PRECISIONS = ("float32", "mixed_bfloat16")
# A function of training computes so many steps; then its last result is given again. Every model is built and met all the same.
FEW = 2
CELL_TIMEOUT_S = 1800
SHORTENED = f"shortened to {FEW} steps of each function of training, at the scale of a TPU"
WHOLE = "whole, at the scale of a CPU"  # at that of a TPU it would take this machine hours


@dataclass(frozen=True)
class Notebook:
    """One run of a notebook. models: what `ahead` recorded of each training step; problem: one line, if it did not end."""

    chapter: str
    room: str
    precision: str
    how: str  # SHORTENED or WHOLE
    seconds: float
    models: tuple[dict[str, Any], ...]
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Every step compiles and, where its batch was split over eight devices, trains there to the same weights."""
        splits = [model["eight"] for model in self.models if "batch" in model.get("eight", {})]
        return not self.problem and all(part["ok"] for part in (*self.models, *splits))

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"seconds": round(self.seconds, 1), "models": list(self.models), "ok": self.ok}


def compile_chapters(
    root: Path,
    chapters: Sequence[str],
    precisions: Sequence[str] = PRECISIONS,
    eight: bool = False,
    on_progress: Progress | None = None,
) -> list[Notebook]:
    """Compile what the lessons and solutions of these chapters train. eight: also with the batch over eight devices.

    Raises GivenError where JAX is not installed.
    """
    if importlib.util.find_spec("jax") is None:
        raise GivenError('compiling for a TPU needs JAX: run `pip install "deep-learning-course[tpu]"`')
    tell = on_progress or (lambda chapter, message: None)
    runs = []
    for chapter in chapters:
        for room in ROOMS:
            for precision in precisions:
                if source_path(root, room, chapter).is_file():
                    tell(chapter, f"{room}, {precision}")
                    runs.append(compile_notebook(root, room, chapter, precision, eight))
    return runs


def compile_notebook(root: Path, room: str, chapter: str, precision: str, eight: bool = False) -> Notebook:
    """Run one notebook, shortened; and where it does not survive that, whole."""
    short = _run(root, room, chapter, precision, FEW, eight)
    return _run(root, room, chapter, precision, None, eight) if short.problem else short


def _run(root: Path, room: str, chapter: str, precision: str, most: int | None, eight: bool) -> Notebook:
    source, address = read_source(source_path(root, room, chapter)), read_address(root)
    notebook = solution_notebook(source, address) if room == "solutions" else lesson_notebook(root, source, address)
    with tempfile.TemporaryDirectory(prefix="course-tpu-") as folder:
        record = Path(folder) / "models.jsonl"
        watched = copy.deepcopy(notebook)
        begin = f"from course.authoring import ahead\nahead.begin({str(record)!r}, {precision!r}, {most!r}, {eight!r})"
        watched.cells.insert(0, nbformat.v4.new_code_cell(begin))
        began = time.monotonic()
        execution = execute(
            watched, source.path.parent, "jax", "cpu" if most is None else "tpu", timeout=CELL_TIMEOUT_S
        )
        lines = record.read_text(encoding="utf-8").splitlines() if record.is_file() else []
    return Notebook(
        chapter,
        room,
        precision,
        WHOLE if most is None else SHORTENED,
        time.monotonic() - began,
        tuple(json.loads(line) for line in lines),
        str(execution.failure or ""),
    )
