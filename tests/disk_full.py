"""A class folder on a disk that is full, and grows until there is room for everything. Run in a mount namespace of its own:

    unshare --mount python tests/disk_full.py FOLDER

Prints as JSON which lines the grader ended with, and whether in the end all is as on a disk with room.
"""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import class_state
from pretend_class import instead_of_an_engine, make_class

from course.errors import GivenError
from course.grading import scratch

STEP_KB = 8
MOST_KB = 2000


def mount(place: Path, options: str) -> None:
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], check=True)


def grow(folder: Path) -> list[str]:
    """Grade with more and more room. Returns the line of each attempt that failed; the last attempt did not."""
    calm = make_class(folder / "calm")
    calm.grade()
    small = folder / "small"
    made = replace(make_class(folder / "made"), home=small)
    mount(small, "size=64k")
    for path in (folder / "made" / "class" / "submitted").rglob("*.ipynb"):
        target = small / path.relative_to(folder / "made" / "class")
        target.parent.mkdir(parents=True)
        target.write_bytes(path.read_bytes())
    lines = []
    for kilobytes in range(64, MOST_KB, STEP_KB):
        subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", small], check=True)
        try:
            made.grade()
        except GivenError as error:
            lines.append(str(error))
            continue
        class_state.assert_same(made.home, made.db_url, calm.home, calm.db_url)
        assert not list(small.rglob("*.part"))
        return lines
    raise AssertionError(f"{MOST_KB} KB were not enough: {lines[-1]}")


def no_place_for_scratch(folder: Path) -> str:
    mount(folder / "tmp", "size=64k,nr_inodes=1")
    try:
        scratch.make(folder / "tmp")
    except GivenError as error:
        return str(error)
    raise AssertionError("a folder was made where there is no room")


if __name__ == "__main__":
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    with instead_of_an_engine():
        told = grow(Path(sys.argv[1]))
    print(json.dumps({"lines": told, "scratch": no_place_for_scratch(Path(sys.argv[1]))}))
