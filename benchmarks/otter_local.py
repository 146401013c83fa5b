"""otter-grader's local run over the tiny assignment, in an environment of its own.

The translation is the plain one of otter's documentation: the student's notebook as it is, without the tests cells, and
a test file for each exercise, whose test cases hold the same assertions with the same points. Not translated: the free
text, which is graded by hand in both; that nbgrader's tests see all names of the notebook (an otter test case names its
own); and running nbgrader's cells in between (otter runs the whole notebook, then the test cases).
"""

import json
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from classes import PLAIN
from tools import BIN, measure

_HEAD = """from otter.test_files import test_case

OK_FORMAT = False
name = "{name}"
points = {points}

"""
_CASE = """
@test_case(points={points}, hidden={hidden})
def {name}({names}):
{body}
"""


def install(folder: Path) -> Path:
    """otter-grader and a kernel in a virtual environment at `folder`; returns its Python."""
    subprocess.run([BIN / "uv", "venv", "--quiet", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [BIN / "uv", "pip", "install", "--quiet", "--python", python, "otter-grader", "ipykernel", "numpy"], check=True
    )
    return python


def run(python: Path, root: Path, name: str, jobs: int) -> dict[str, Any]:
    """Grade the class at `root` with `jobs` processes at once, each of them over its share of the submissions."""
    translate(root, name)
    notebooks = sorted(root.glob(f"submitted/*/{name}/{name}.ipynb"))
    otter = python.parent / "otter"
    measure([python, otter, "generate", "-t", "tests", "-o", "autograder.zip"], root)
    (root / "results").mkdir()
    worker = Path(__file__).with_name("otter_worker.py")
    environment = {"PATH": f"{python.parent}:/usr/bin:/bin"}

    def share(number: int):
        folder = root / f"worker{number}"
        folder.mkdir()
        return measure(
            [python, worker, root / "autograder.zip", root / "results", *notebooks[number::jobs]], folder, environment
        )

    began = time.monotonic()
    with ThreadPoolExecutor(jobs) as threads:
        done = list(threads.map(share, range(jobs)))
    wall = time.monotonic() - began
    results = sorted(root.glob("results/*.json"))
    times = sorted(path.stat().st_mtime for path in results)
    return {
        "version": _version(python),
        "submissions": len(results),
        "wall_seconds": wall,
        "cpu_seconds": sum(part.cpu_seconds for part in done),
        "first_to_last_seconds": times[-1] - times[0],
        "points": {path.stem: json.loads(path.read_text())["points"] for path in results},
    }


def translate(root: Path, name: str) -> None:
    """Test files beside the class, and notebooks without tests cells."""
    exercises: dict[str, list[tuple[str, float, str]]] = {}
    for kind, grade_id, points, source in PLAIN:
        if kind == "tests":
            exercise = "sigmoid" if "sigmoid" in grade_id else "mean"
            exercises.setdefault(exercise, []).append((grade_id, points, source))
    shutil.rmtree(root / "tests", ignore_errors=True)
    (root / "tests").mkdir()
    for exercise, cells in exercises.items():
        text = _HEAD.format(name=exercise, points=sum(points for _, points, _ in cells))
        for grade_id, points, source in cells:
            body = "\n".join(f"    {line}" for line in source.splitlines() if "###" not in line)
            text += _CASE.format(
                points=points,
                hidden="HIDDEN" in source,
                name=grade_id,
                names=f"{exercise}, np, math",
                body=body,
            )
        (root / "tests" / f"{exercise}.py").write_text(text)
    for path in root.glob(f"submitted/*/{name}/{name}.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"] = [c for c in notebook["cells"] if not _is_tests(c)]
        path.write_text(json.dumps(notebook), encoding="utf-8")


def _is_tests(cell: dict[str, Any]) -> bool:
    role = cell["metadata"].get("nbgrader", {})
    return cell["cell_type"] == "code" and role.get("grade", False)


def _version(python: Path) -> str:
    code = "from importlib import metadata; print(metadata.version('otter-grader'))"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
