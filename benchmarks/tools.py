"""The tools that grade, each as a person starts it: one command over a whole class, measured from outside."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
FAST_EXECUTE = "course.grading.fast_execute"

# The folders of this course, else nbgrader's own defaults. A cell's limit is never met here.
NBGRADER_CONFIG = """c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.db_url = "sqlite:///gradebook.db"
c.ExecutePreprocessor.timeout = 120
c.Execute.timeout = 120
"""
# The one setting of nbgrader_config.py that plugs our executor in: nbgrader's own list, but for its first entry.
FAST_CONFIG = """c.Autograde.autograde_preprocessors = [
    "course.grading.fast_execute.FastExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""


@dataclass(frozen=True)
class Measured:
    """A command that ran. wall_seconds: on the clock; cpu_seconds: of it and of all processes that it waited for."""

    wall_seconds: float
    cpu_seconds: float
    output: str


def measure(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None) -> Measured:
    """Run `command` in `folder` to its end. Raises RuntimeError with its last words unless it ends with 0."""
    inherited = {name: value for name, value in os.environ.items() if name != "COURSE_ROOT"}
    # nbgrader calls the program alembic from PATH.
    variables = inherited | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"} | dict(environment or {})
    with open(folder / "out.txt", "w+") as out, open(folder / "err.txt", "w+") as err:
        began = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], cwd=folder, env=variables, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}: {err.read()[-2000:]}")
        return Measured(wall, usage.ru_utime + usage.ru_stime, out.read())


def prepare(root: Path, name: str) -> None:
    """What an instructor has done before the first submission comes in: nbgrader knows the assignment, and the
    reference solution of one with checks has been run (both nbgrader and we need its values)."""
    (root / "nbgrader_config.py").write_text(NBGRADER_CONFIG)
    measure([BIN / "nbgrader", "generate_assignment", name, "--force"], root)
    measure([sys.executable, "-m", "course.grading.reference", name], root)


def course(root: Path, name: str, jobs: int) -> dict[str, Any]:
    """`course grade` over the class at `root`, with `jobs` submissions at a time."""
    (root / "gradebook.db").unlink()  # as nbgrader, it makes what it needs
    done = measure([BIN / "course", "grade", name, "--jobs", str(jobs), "--json"], root)
    report = json.loads(done.output)
    wrong = [s["student"] for s in report["submissions"] if s["status"] == "ungradable"]
    if wrong:
        raise RuntimeError(f"{name}: {len(wrong)} submissions could not be graded")
    kept = {key: report[key] for key in ("isolation", "cell_seconds")} | {"report_wall_seconds": report["wall_seconds"]}
    return _figures(root, name, done) | kept


def nbgrader(root: Path, name: str, fast: bool = False) -> dict[str, Any]:
    """`nbgrader autograde` over the class at `root`; fast: with the course's own executor plugged in."""
    (root / "nbgrader_config.py").write_text(NBGRADER_CONFIG + (FAST_CONFIG if fast else ""))
    return _figures(root, name, measure([BIN / "nbgrader", "autograde", name], root))


def has_fast_execute() -> bool:
    return importlib.util.find_spec(FAST_EXECUTE) is not None


def copied(root: Path, copy: Path) -> Path:
    shutil.copytree(root, copy)
    return copy


def _figures(root: Path, name: str, done: Measured) -> dict[str, Any]:
    """The raw figures of a run, from outside: its time, the times at which results came to the disk, the points."""
    times = sorted(path.stat().st_mtime for path in root.glob(f"autograded/*/{name}/{name}.ipynb"))
    return {
        "submissions": len(times),
        "wall_seconds": done.wall_seconds,
        "cpu_seconds": done.cpu_seconds,
        "first_to_last_seconds": times[-1] - times[0],
        "points": _points(root, name),
    }


def _points(root: Path, name: str) -> dict[str, float]:
    """Student -> points given automatically, as they stand in the gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(name)}
