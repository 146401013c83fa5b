"""A lesson's notebook: what is in it before it is executed, and the hash that says whether it must be executed again."""

import copy
import hashlib
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.authoring.notebook import KERNELSPEC, LANGUAGE_INFO, assemble
from course.authoring.pages import SETUP_TEMPLATE, Address, lesson_title, setup_source
from course.authoring.rules import parse_code
from course.authoring.source import Source

# What a lesson imports from the package: a change in any of these may change an output. The set-up cell imports all but
# the last, which a lesson that needs it names.
FACES = ("runtime", "data", "plots", "checks", "autodiff")
_TAGS = {"setup", "tags"}


def check_lesson_source(source: Source) -> None:
    """Raise GivenError for the first breach of the rules of a lesson's source."""
    code = [cell for cell in source.cells if cell.cell_type == "code"]
    for cell in source.cells:
        unknown = set(cell.tags) - _TAGS
        if unknown:
            raise source.fault(cell.line, f"unknown tag {min(unknown)!r}: a lesson's cells have no tags but setup=true and tags=[...]")
        if "setup" in cell.tags and (cell is not code[0] or cell.source.strip()):
            raise source.fault(cell.line, "there is one set-up cell, the first code cell, empty: the build fills it")
        if cell.cell_type == "raw":
            raise source.fault(cell.line, "a raw cell stands at the front only")
    if not code or "setup" not in code[0].tags:
        raise source.fault(code[0].line if code else 1, 'the first code cell is the set-up cell "# %% setup=true"')
    for cell in code:
        parse_code(source, cell)


def lesson_notebook(root: Path, source: Source, address: Address) -> NotebookNode:
    """The lesson before execution: title, set-up, the author's cells, no outputs."""
    check_lesson_source(source)
    cells = [nbformat.v4.new_markdown_cell(lesson_title(source.chapter, source.front, address))]
    for cell in source.cells:
        if cell.cell_type == "code":
            text = setup_source(source.chapter, address) if "setup" in cell.tags else cell.source
            new = nbformat.v4.new_code_cell(text)
        else:
            new = nbformat.v4.new_markdown_cell(cell.source)
        if "tags" in cell.tags:
            new.metadata["tags"] = cell.tags["tags"]
        cells.append(new)
    course = {"chapter": source.chapter, "kind": "lesson", "sources": sources_hash(root, source)}
    return assemble(cells, course, source.front.accelerator)


def sources_hash(root: Path, source: Source) -> str:
    """sha256 over all that an output may depend on: the source, the faces that it uses, the set-up template, the cards of its data."""
    digest = hashlib.sha256()
    for name, content in _inputs(root, source):
        for part in (name.encode(), content):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _inputs(root: Path, source: Source) -> Iterator[tuple[str, bytes]]:
    yield "source", source.path.read_bytes()
    yield "setup", SETUP_TEMPLATE.encode()
    for face in FACES:  # each a module or a package
        if face == "autodiff" and b"autodiff" not in source.path.read_bytes():
            continue
        module, package = root / "course" / f"{face}.py", root / "course" / face
        for path in [module] if module.is_file() else sorted(package.rglob("*.py")):
            yield path.relative_to(root).as_posix(), path.read_bytes()
    for name in source.front.data:
        card = root / "datasets" / name / "card.toml"
        if not card.is_file():
            raise source.fault(1, f"data = [{name!r}]: there is no datasets/{name}/card.toml")
        yield card.relative_to(root).as_posix(), card.read_bytes()


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    bare = copy.deepcopy(notebook)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return bare


def with_outputs(fresh: NotebookNode, executed: NotebookNode) -> NotebookNode:
    """`fresh` with the outputs of `executed`, which has the same code cells in the same order."""
    filled = copy.deepcopy(fresh)
    sources = [cell for cell in filled.cells if cell.cell_type == "code"]
    outputs = [cell for cell in executed.cells if cell.cell_type == "code"]
    for cell, run in zip(sources, outputs, strict=True):
        cell.outputs, cell.execution_count = copy.deepcopy(run.outputs), run.execution_count
        cell.metadata.pop("execution", None)
    filled.metadata["kernelspec"], filled.metadata["language_info"] = dict(KERNELSPEC), dict(LANGUAGE_INFO)
    return filled


def is_current(fresh: NotebookNode, built: NotebookNode) -> bool:
    """Whether `built` is `fresh` executed: the same cells and metadata, outputs aside."""
    return without_outputs(built) == without_outputs(fresh)
