"""The files that an assignment hands out beside its notebooks: data, pictures, modules.

A run sees those that were released, never those that lie beside a submission: a student's own `numpy.py`, or a table
with other numbers in it, is not what the tests are about.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from course.errors import GivenError
from course.grading.files import replace_file

MOST_BYTES = 50_000_000  # in all: they go to every submission's process, whose files are kept in memory
_LEFT_OUT = ("__pycache__",)
_NOT_SHIPPED = (".ipynb", ".pyc")


def read_files(folder: Path) -> dict[str, bytes]:
    """Path below `folder` -> content of every released file but the notebooks. Raises GivenError when they are too large."""
    found: dict[str, bytes] = {}
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _LEFT_OUT)
        for name in sorted(names):
            path = Path(place) / name
            if not name.startswith(".") and not name.endswith(_NOT_SHIPPED) and path.is_file():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
                if sum(map(len, found.values())) > MOST_BYTES:
                    raise GivenError(
                        f"the files in {folder} have more than {MOST_BYTES // 1_000_000} MB in all: "
                        "ship less beside the notebook, and let it load what is large"
                    )
    return found


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Lay the released files into `folder`, read-only; one that is there already, just so, is left as it is."""
    for name, content in files.items():
        path = folder / name
        if not (path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content):
            replace_file(path, content, 0o444)


def to_send(files: Mapping[str, bytes]) -> dict[str, np.ndarray]:
    """The files in the form in which a submission's process is told of them (see child.serve)."""
    return {name: np.frombuffer(content, np.uint8) for name, content in files.items()}
