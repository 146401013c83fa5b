"""Make the virtual environment: `python course/bootstrap.py .venv`. Needs nothing but Python and its venv module.

uv installs, because it is several times as fast; where it cannot be had, pip does the same. Nothing of the course is
imported here, and an old Python must be able to read this file, to be told that it is too old.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED_GB = 4.0
WINDOWS = os.name == "nt"


def main(folder: str) -> None:
    """Create `folder` and install the locked requirements and the course itself into it."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):  # noqa: UP036
        again = "py -3.13 course/bootstrap.py .venv" if WINDOWS else "make setup PYTHON=python3.13"
        stop(
            f"Python 3.11, 3.12 or 3.13 is needed (TensorFlow has no later one yet), and this is {sys.version.split()[0]}: "
            f"install one and run `{again}`"
        )
    if importlib.util.find_spec("ensurepip") is None:
        stop(
            "this Python cannot make virtual environments: install its venv package (Debian and Ubuntu: apt-get install python3-venv)"
        )
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GB:
        stop(
            f"{free:.1f} GB of disk are free and {NEEDED_GB:.0f} GB are needed for the installation: make room and run it again"
        )
    venv = Path(folder)
    began = time.monotonic()
    say(
        f"setting up {folder} with Python {sys.version.split()[0]} (TensorFlow and Jupyter: some 500 MB, minutes on a slow line)"
    )
    call([sys.executable, "-m", "venv", str(venv)], "the virtual environment could not be made")
    programs = venv / ("Scripts" if WINDOWS else "bin")
    python = programs / "python"
    install = installer(python)
    say("installing the locked requirements")
    call(
        [*install, "-r", str(ROOT / "requirements.txt")],
        "the requirements could not be installed: is the package registry in reach, and the disk not full?",
    )
    say("installing the course")
    call([*install, "--no-deps", "-e", str(ROOT)], "the course itself could not be installed")
    say(f"ready after {time.monotonic() - began:.0f} s: try `{programs / 'course'} doctor`")


def installer(python: Path) -> list[str]:
    """The command that installs into the environment of `python`."""
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    if subprocess.run([*pip, "uv"], check=False, capture_output=True).returncode == 0:
        # Compiled now, as pip does: else every process that imports TensorFlow would compile it, where nothing may be written later.
        uv = [str(python), "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python)]
        if subprocess.run([*uv, "--dry-run", "pip"], check=False, capture_output=True).returncode == 0:
            return uv
    return pip


def call(command: list[str], wrong: str) -> None:
    """Run `command`; when it fails, show the end of what it said and stop with one line."""
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        print("\n".join(done.stdout.strip().splitlines()[-8:]), file=sys.stderr)
        stop(wrong)


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def stop(text: str) -> None:
    sys.exit(f"setup: {text}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ".venv")
