"""What `course doctor` says: what is here, what works, and what a person has to mend."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course import __version__, data, paths, runtime
from course.grading.sandbox import probe

MIN_FREE_GB = 1.0


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
    on_path = shutil.which("alembic") or (Path(sys.executable).parent / "alembic").exists()
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
        (
            "grading",
            f"isolation: {level.name} ({level.means})" + "".join(f"; not {why}" for why in level.missing)
            if sys.platform.startswith("linux")
            else "not on this system: it needs Linux",
        ),
        ("data", f"{len(data.names()) - len(broken)} of {len(data.names())} data sets intact"),
        ("disk", f"{free:.0f} GB free"),
    )
    return Health(facts, tuple(problems))
