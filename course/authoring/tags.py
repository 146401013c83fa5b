"""The short tags of a source cell, and nbgrader's cell metadata (schema version 3) that they stand for.

`expand` and `contract` are each other's inverse:

>>> cell = expand(nbformat.v4.new_code_cell("...", metadata={"tests": "softmax.stable", "points": 2}))
>>> cell.metadata["nbgrader"]["grade_id"], cell.metadata["nbgrader"]["points"]
('test_softmax_stable', 2)
>>> contract(cell).metadata
{'tests': 'softmax.stable', 'points': 2}
"""

import copy
import re
from collections.abc import Mapping

import nbformat
from nbformat import NotebookNode

SCHEMA_VERSION = 3
PARTS = "course"  # beside "nbgrader" in a cell's metadata: the little that nbgrader has no field for

# tag: the kind of cell that carries it
KINDS: Mapping[str, str] = {
    "setup": "code",
    "given": "code",
    "solution": "code",
    "tests": "code",
    "mistakes": "code",
    "hints": "markdown",
    "answer": "markdown",
}
GRADED = ("tests", "answer")
OUTSIDE_NOTEBOOKS = ("hints", "mistakes")  # they go to course/chapters/*.json, never to a student's notebook
READS = "reads"  # and so does this tag, beside one of READERS: the section of the lesson that helps with the exercise
READERS = ("hints", "answer")

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PART = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
# What nbgrader's LockCells and ComputeChecksums add to a released cell.
_ADDED_BY_RELEASE = ("deletable", "editable")


class TagError(ValueError):
    """A cell's tags are wrong. `str(error)` says which, and what they may be."""


def kind_of(tags: Mapping[str, object]) -> str:
    """The one tag that says what a cell is ("solution", "tests", ...), or "" for a cell without a tag."""
    kinds = [tag for tag in tags if tag in KINDS]
    if len(kinds) > 1:
        raise TagError(f"a cell has one of the tags {' and '.join(kinds)}, not both")
    return kinds[0] if kinds else ""


def check_tags(cell_type: str, tags: Mapping[str, object]) -> str:
    """Raise TagError unless the tags may stand on a cell of this type; return the cell's kind."""
    unknown = [tag for tag in tags if tag not in KINDS and tag not in ("points", READS)]
    if unknown:
        raise TagError(f"unknown tag {unknown[0]!r}: the tags are {', '.join(KINDS)}, points and {READS}")
    kind = kind_of(tags)
    if READS in tags:
        _check_reads(kind, tags[READS])
    if not kind:
        if "points" in tags:
            raise TagError("points stand beside tests= or answer= only")
        return kind
    if cell_type != KINDS[kind]:
        raise TagError(f"a cell with {kind}= is a {KINDS[kind]} cell, this is a {cell_type} cell")
    _check_name(kind, tags[kind])
    if kind in GRADED:
        _check_points(kind, tags.get("points"))
    elif "points" in tags:
        raise TagError(f"points stand beside tests= or answer=, not beside {kind}=")
    return kind


def _check_name(kind: str, name: object) -> None:
    if kind == "setup":
        if name is not True:
            raise TagError(f"the set-up cell is marked setup=true, not setup={name!r}")
        return
    pattern = _PART if kind == "tests" else _NAME
    if not isinstance(name, str) or not pattern.fullmatch(name):
        wanted = "exercise or exercise.part" if kind == "tests" else "a name"
        raise TagError(f'{kind}={name!r} is not {wanted} in lower case (letters, digits, "_")')


def _check_points(kind: str, points: object) -> None:
    if points is None:
        raise TagError(f"points are missing beside {kind}=: write points=2, for example")
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        raise TagError(f"points={points!r} is not a positive number")


def _check_reads(kind: str, section: object) -> None:
    if kind not in READERS:
        raise TagError(f"{READS}= stands beside hints= or answer= only")
    if not isinstance(section, str) or not section.strip():
        raise TagError(f'{READS}={section!r} is no heading of the lesson: write {READS}="The formula", for example')


def grade_id(kind: str, name: str) -> str:
    """nbgrader's id of a cell: "softmax" for a solution, "test_softmax_stable" for the tests "softmax.stable"."""
    if kind == "setup":
        return "setup"
    if kind == "tests":
        return "test_" + name.replace(".", "_")
    return f"given_{name}" if kind == "given" else name


def expand(cell: NotebookNode) -> NotebookNode:
    """A copy of a source cell with nbgrader's metadata in the place of its short tags."""
    tags = dict(cell.metadata)
    kind = check_tags(cell.cell_type, tags)
    expanded = copy.deepcopy(cell)
    if not kind:
        return expanded
    name = tags[kind]
    if kind in OUTSIDE_NOTEBOOKS:
        expanded.metadata = nbformat.from_dict({PARTS: {kind: name}})
        return expanded
    nbgrader = {
        "grade": kind in GRADED,
        "grade_id": grade_id(kind, name),
        "locked": kind in ("setup", "given", "tests"),
        "schema_version": SCHEMA_VERSION,
        "solution": kind in ("solution", "answer"),
        "task": False,
    }
    if kind in GRADED:
        nbgrader["points"] = tags["points"]
    expanded.metadata = nbformat.from_dict({"nbgrader": nbgrader})
    if kind == "tests" and "." in name:
        # "test_a_b" alone could be the exercise "a_b" or the part "b" of "a".
        expanded.metadata[PARTS] = NotebookNode(part=name)
    return expanded


def contract(cell: NotebookNode) -> NotebookNode:
    """A copy of a notebook's cell with short tags in the place of nbgrader's metadata, and nothing that a release adds."""
    contracted = copy.deepcopy(cell)
    metadata = contracted.metadata
    nbgrader = metadata.pop("nbgrader", None)
    ours = metadata.pop(PARTS, {})
    for kind in OUTSIDE_NOTEBOOKS:
        if kind in ours:
            metadata[kind] = ours[kind]
    if nbgrader is None:
        return contracted
    for added in _ADDED_BY_RELEASE:
        metadata.pop(added, None)
    kind, name = _kind_and_name(cell.cell_type, nbgrader, ours)
    metadata[kind] = name
    if kind in GRADED:
        metadata["points"] = nbgrader["points"]
    return contracted


def _kind_and_name(cell_type: str, nbgrader: Mapping, ours: Mapping) -> tuple[str, str | bool]:
    name = nbgrader.get("grade_id", "")
    if nbgrader.get("solution"):
        return ("answer" if cell_type == "markdown" else "solution"), name
    if nbgrader.get("grade"):
        return "tests", ours.get("part") or name.removeprefix("test_")
    if name == "setup":
        return "setup", True
    return "given", name.removeprefix("given_")
