"""Virtual environments beside .venv, under .course/environments/, for what must be shown without TensorFlow."""

import hashlib
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from course.bootstrap import installer

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = "jax,instructor,tpu"


def without_tensorflow(folder: Path | None = None, extras: str = EXTRAS) -> Path:
    """The Python of an environment that has the course, JAX and no TensorFlow; made when missing, or older than its recipe."""
    folder = folder or ROOT / ".course" / "environments" / "without-tensorflow"
    python = folder / "bin" / "python"
    stamp, wanted = folder / ".ready", _recipe(extras)
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    print(f"making {folder.name} with the extras {extras} (minutes, some 1.5 GB)", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    # What the lock pins is pinned here; what it does not know (JAX and libtpu) comes as new as the extras allow.
    subprocess.run([*installer(python), "-c", ROOT / "requirements.txt", "-e", f"{ROOT}[{extras}]"], check=True)
    told = import_error(python, "tensorflow")
    if "ModuleNotFoundError" not in told:
        raise SystemExit(f"TensorFlow came into {folder}, which is to have none: {told or 'it can be imported'}")
    stamp.write_text(wanted)
    return python


def _recipe(extras: str) -> str:
    """A hash of what the environment is made from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras.split(","))]
    return hashlib.sha256(repr(asked).encode() + (ROOT / "requirements.txt").read_bytes()).hexdigest()


def import_error(python: Path, module: str) -> str:
    """The last line of what `import module` says when it fails there; empty when it works."""
    done = subprocess.run([python, "-c", f"import {module}"], capture_output=True, text=True, check=False)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""
