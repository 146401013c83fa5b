"""What `course doctor` says: what is here, what works, and what a person has to mend."""

import importlib.util
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course import __version__, data, paths, runtime
from course.grading.sandbox import LEVELS, Level, probe
from course.grading.systems import why_not_forked

MIN_FREE_GB = 1.0
_LACKS = 'not yet: run `pip install "deep-learning-course[instructor]"`'


@dataclass(frozen=True)
class Health:
    """facts: (name, text) pairs in the order in which they are shown. problems: one line each, with the mend."""

    facts: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {**dict(self.facts), "problems": list(self.problems)}


def examine() -> Health:
    """Look at this machine. Imports Keras (some seconds)."""
    machine = runtime.describe()
    level = probe()
    problems = [machine["problem"]] if "problem" in machine else []
    root = paths.find_root()
    broken = {name: found for name in data.names() if (found := data.verify(name))}
    problems += [line for lines in broken.values() for line in lines]
    free = shutil.disk_usage(root or Path.cwd()).free / 1e9
    if free < MIN_FREE_GB:
        problems.append(
            f"only {free:.1f} GB of disk are free: grading a class and building lessons want {MIN_FREE_GB:.0f} GB"
        )
    on_path = shutil.which("alembic") or shutil.which("alembic", path=str(Path(sys.executable).parent))
    if "nbgrader" in machine["versions"] and not on_path:
        problems.append("nbgrader needs the program alembic beside Python: install the course's requirements again")
    facts = (
        ("course", f"{__version__}, {'checkout' if root else 'installed, no checkout here'}"),
        ("python", machine["python"]),
        ("platform", machine["platform"]),
        ("packages", ", ".join(f"{name} {version}" for name, version in machine["versions"].items())),
        ("backend", machine["backend"] or "none"),
        ("devices", ", ".join(f"{d['kind']} {d['name']}" for d in machine["devices"]) or "none"),
        ("cores", str(machine["cores"])),
        ("Colab", "yes" if machine["colab"] else "no"),
        *what_runs(machine["backend"], level),
        ("data", f"{len(data.names()) - len(broken)} of {len(data.names())} data sets intact"),
        ("disk", f"{free:.0f} GB free"),
    )
    return Health(facts, tuple(problems))


def what_runs(backend: str | None, level: Level) -> tuple[tuple[str, str], ...]:
    """What of the course runs on this system, and how, in words. backend: which of Keras's is here."""
    alone = bool(why_not_forked())
    lessons = check = grade = "not yet: Keras has no backend here"
    if backend is not None:
        process = "a process of its own, started afresh in seconds" if alone else "a fork of one warm process"
        lessons = f"run, on {backend}"
        check = f"runs, on {backend}: a notebook in {process}" if _has("IPython") else _LACKS
        grade = f"runs, on {backend}: each submission in {process}" if _has("IPython", "nbgrader") else _LACKS
    full = level.name == LEVELS[-1]
    return (
        ("lessons", lessons),
        ("course check", check),
        ("course grade", grade),
        ("grading", f"isolation: {level.name} ({level.means})" + "".join(f"; not {why}" for why in level.missing)),
        ("limits", _limits(alone)),
        ("an exam", "can be graded" if full else "cannot be graded: --exam wants isolation level full"),
    )


def _limits(alone: bool) -> str:
    """What a submission is held to."""
    if alone and not _has("psutil"):
        return "the time of a submission alone is watched; for its memory and processor time, `pip install psutil`"
    return "the time, processor time, memory and threads of a submission are watched"


def _has(*packages: str) -> bool:
    return all(importlib.util.find_spec(name) is not None for name in packages)
