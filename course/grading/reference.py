"""What the reference solution gives at each check: run once per assignment by the same engine, and kept in a file.

`python -m course.grading.reference CHAPTER` makes the file when it is missing and prints its path (for notebooks that
run outside of this grader).
"""

import hashlib
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path

from course import paths
from course.checks import wire
from course.checks.diagnose import judge
from course.checks.records import Block, from_document, to_document
from course.checks.values import show
from course.checks.verdict import completed
from course.errors import GivenError
from course.grading.execute import CellRun, execute
from course.grading.files import replace_shared_file
from course.grading.plain import is_plain
from course.grading.released import Notebook, load_notebook
from course.grading.released_files import to_send
from course.grading.score import score
from course.grading.start import Starter, open_starter
from course.grading.warm_up import backend
from course.grading.watch import Limits

PACKAGES = ("numpy", "keras", "tensorflow", "tensorflow-cpu", "jax", "scikit-learn")  # whose versions results depend on
REFERENCE_LIMITS = Limits(cpu_seconds=120, wall_seconds=300, submission_seconds=600)


@dataclass(frozen=True)
class Reference:
    """blocks: part -> the reference's checks with expected values. swaps: part -> the solution sources (by exercise) that
    its checks put in the place of a student's. seconds: tests cell -> processor time that the reference took."""

    blocks: Mapping[str, Block]
    swaps: Mapping[str, Mapping[str, str]]
    seconds: Mapping[str, float]


@cache
def environment() -> str:
    """A fingerprint of all that a result depends on beside the submission and the assignment: versions, the backend and our own code."""
    digest = hashlib.sha256()
    package = Path(__file__).parent.parent
    for place in ("checks", "grading", "chapters", "autodiff.py", "data.py", "runtime.py"):
        found = (package / place).rglob("*.*") if (package / place).is_dir() else [package / place]
        for path in sorted(path for path in found if "__pycache__" not in path.parts):
            digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    for name in PACKAGES:
        try:
            digest.update(f"{name} {metadata.version(name)}".encode())
        except metadata.PackageNotFoundError:
            continue
    digest.update(f"{platform.python_version()} {backend()}".encode())
    return digest.hexdigest()


def load(root: Path, assignment: Notebook, starter: Starter | None = None) -> Reference:
    """The reference of `assignment`, from its file, or run now (by `starter`, or by one of its own)."""
    path = file_of(root, assignment)
    document = _read(path)
    if document is None:
        if starter is None:
            with open_starter(root) as own:
                _run(own, root, assignment, path)
        else:
            _run(starter, root, assignment, path)
        document = wire.unpack_bytes(path.read_bytes())
    blocks = {part: from_document(d) for part, d in document["blocks"].items()}
    sources = {c.exercise: c.source for c in assignment.cells if c.kind == "solution"}
    unknown = sorted({need for block in blocks.values() for need in block.needs} - set(sources))
    if unknown:
        raise GivenError(f"{assignment.name}: a tests cell needs {', '.join(unknown)}, and there is no such exercise")
    swaps = {part: {need: sources[need] for need in block.needs} for part, block in blocks.items()}
    return Reference(blocks, swaps, document["seconds"])


def _read(path: Path) -> dict | None:
    """What is kept, or None where there is nothing, or nothing whole (a power failure may leave the name alone)."""
    try:
        return wire.unpack_bytes(path.read_bytes())
    except (FileNotFoundError, EOFError, wire.WireError):
        return None


def file_of(root: Path, assignment: Notebook) -> Path:
    """Where the reference of `assignment` is kept, in this environment, once it was run."""
    key = hashlib.sha256(f"{assignment.checksum} {environment()}".encode()).hexdigest()[:16]
    return root / ".course" / "reference" / f"{assignment.name}-{key}.bin"


def _run(starter: Starter, root: Path, assignment: Notebook, path: Path) -> None:
    """Run the solution, fill in every expected value, and keep it. Raises GivenError when the solution fails its own checks."""
    done = execute(
        starter,
        assignment.cells,
        {},
        REFERENCE_LIMITS,
        chapter=assignment.name,
        root=str(root),
        files=to_send(assignment.files),
        expectations=True,
    )
    blocks: dict[str, Block] = {}
    for run in done.runs:
        if run.status != "ok":
            raise GivenError(f"the solution of {assignment.name} does not run: cell {run.id!r}: {run.error}")
        for block in run.blocks:
            if block.error:
                raise GivenError(
                    f"the solution of {assignment.name} does not run: checks {block.part!r}: {block.error.type}: {block.error.message}"
                )
            blocks[block.part] = _checked(assignment.name, completed(block))
    _check_credit(root, assignment, done.runs)
    document = {
        "blocks": {k: to_document(b) for k, b in blocks.items()},
        "seconds": {r.id: r.cpu_seconds for r in done.runs if r.kind == "tests"},
    }
    replace_shared_file(path, wire.pack(document))


def _check_credit(root: Path, assignment: Notebook, runs: Sequence[CellRun]) -> None:
    """The reference must get all points of its tests cells of plain assertions: what is no credit for it is none for anybody."""
    plain = [cell for cell in assignment.cells if is_plain(cell)]
    values = {run.id: run.value for run in runs}
    for cell, scored in zip(plain, score(root, assignment, plain, runs, {}), strict=True):
        if scored.points != cell.points:
            raise GivenError(
                f"{assignment.name}: the tests cell {cell.id} gives its own solution {show(values[cell.id], 60)} in the place "
                f"of {cell.points:g} points: end it with a number of points, or with nothing"
            )


def _checked(assignment: str, block: Block) -> Block:
    """A reference must pass its own checks: a stated right answer that it does not give is a mistake of ours."""
    for check, observation in zip(block.checks, block.observations, strict=True):
        wrong = judge(check, observation)
        if wrong:
            raise GivenError(
                f"the solution of {assignment} fails its own check in {block.part!r}: {check.title} ({check.about}): {wrong.text}"
            )
    return replace(block, swapped=())


def main() -> None:
    """Make the reference file of the chapter that is named on the command line, and print its path."""
    try:
        root = paths.root()
        assignment = load_notebook(root, paths.resolve_chapter(root, sys.argv[1]))
        load(root, assignment)
        print(json.dumps(str(file_of(root, assignment))))
    except GivenError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
