"""What the reference solution gives at each check, for notebooks that hold hidden checks and run outside of our grader
(an instructor's own copy, or nbgrader's autograder). A student's notebook has no hidden checks and never comes here."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

from course import paths
from course.checks import wire
from course.checks.records import Block, from_document
from course.errors import GivenError


def block(chapter: str, part: str) -> Block:
    """The reference's block of checks `part` ("softmax", "softmax.stable"), with every expected value filled in."""
    found = _blocks(chapter)
    if part not in found:
        raise GivenError(
            f"the reference solution of {chapter} has no checks for {part!r}: build the course again (course build {chapter})"
        )
    return found[part]


def source(chapter: str, exercise: str) -> str | None:
    """The reference's solution cell for `exercise`, or None when it is not here."""
    root = paths.find_root()
    path = root / "solutions" / chapter / f"{chapter}.ipynb" if root else None
    if path is None or not path.is_file():
        return None
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == exercise:
            return "".join(cell["source"])
    return None


@cache
def _blocks(chapter: str) -> dict[str, Block]:
    """Run the reference in a process of its own, so that nothing in this notebook can change it (once: it keeps a file)."""
    root = paths.find_root()
    if root is None or not (root / "solutions" / chapter / f"{chapter}.ipynb").is_file():
        raise GivenError(
            f"these checks need the reference solution of {chapter}, which is not here: run this notebook inside the course"
        )
    done = subprocess.run(
        [sys.executable, "-m", "course.grading.reference", chapter],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise GivenError(
            f"the reference solution of {chapter} could not be run: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason given'}"
        )
    document = wire.unpack_bytes(Path(json.loads(done.stdout)).read_bytes())
    return {name: from_document(d) for name, d in document["blocks"].items()}
