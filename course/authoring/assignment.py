"""An assignment's three built files: the solution notebook, what the student gets, and the hints in the package."""

import ast
import copy
import json
from difflib import get_close_matches
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from course.authoring.notebook import assemble
from course.authoring.pages import Address, assignment_title, setup_source
from course.authoring.rules import check_solution_source, exercise_of, of_kind, parse_text, rungs, total_points
from course.authoring.source import Source, SourceCell
from course.authoring.tags import OUTSIDE_NOTEBOOKS, READERS, READS, expand
from course.errors import GivenError
from course.grading.sections import headings


def solution_notebook(source: Source, address: Address) -> NotebookNode:
    """nbgrader's source notebook: reference solutions, all tests, nbgrader's metadata, no outputs."""
    check_solution_source(source)
    exercises = len(of_kind(source, "solution")) + len(of_kind(source, "answer"))
    title = assignment_title(source.chapter, source.front, address, exercises, total_points(source))
    cells = [nbformat.v4.new_markdown_cell(title)]
    for cell in source.cells:
        if not any(kind in cell.tags for kind in OUTSIDE_NOTEBOOKS):
            text = setup_source(source.chapter, address) if "setup" in cell.tags else cell.source
            cells.append(expand(_node(cell, text)))
    return assemble(cells, {"chapter": source.chapter, "kind": "assignment"}, source.front.accelerator)


def _node(cell: SourceCell, text: str) -> NotebookNode:
    new = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    return new(text, metadata={tag: value for tag, value in cell.tags.items() if tag != READS})


def read_nbgrader_config(root: Path) -> Config:
    """The course's own nbgrader_config.py, as nbgrader reads it."""
    if not (root / "nbgrader_config.py").is_file():
        raise GivenError(f"{root / 'nbgrader_config.py'} is missing: take it from the course's repository")
    return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()


def release(solution: NotebookNode, config: Config) -> NotebookNode:
    """What the student gets: nbgrader's own steps on a copy of the solution notebook.

    The steps are those of `nbgrader generate_assignment`, in its order, without the one that writes to the gradebook.
    """
    from nbgrader.converters import GenerateAssignment  # half a second of imports that a parse does without
    from nbgrader.preprocessors import SaveCells

    notebook, resources = copy.deepcopy(solution), {}
    for step in GenerateAssignment.preprocessors.default_args[0]:
        if step is not SaveCells:
            notebook, resources = step(config=config).preprocess(notebook, resources)
    return notebook


def check_release(source: Source, released: NotebookNode) -> None:
    """Raise GivenError when a released code cell does not parse: a `with` that holds hidden tests only, for example."""
    owners = {_grade_id(cell): cell for cell in source.cells}
    for cell in released.cells:
        owner = owners.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if owner is not None and cell.cell_type == "code":
            try:
                parse_text(source, owner, cell.source, "the student's cell")
            except GivenError as error:
                reason = str(error).rpartition(": ")[2]
                raise source.fault(owner.line, f"what the student sees of this cell does not parse: {reason}") from None


def _grade_id(cell: SourceCell) -> str | int:
    return expand(_node(cell, "")).metadata.get("nbgrader", {}).get("grade_id", cell.line)


def chapter_notes(source: Source) -> dict:
    """What the package itself keeps of a chapter: hints, what helps to read, and the known mistakes as Python source."""
    mistakes: dict[str, str] = {}
    for cell in of_kind(source, "mistakes"):
        name = exercise_of(cell)
        before = mistakes[name] + "\n\n\n" if name in mistakes else ""
        mistakes[name] = before + cell.source.strip("\n")
    for name, text in mistakes.items():
        names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
        if len(names) != len(set(names)):
            raise GivenError(f"{'/'.join(source.path.parts[-3:])}: two mistakes of {name!r} have the same name")
    return {
        "title": source.front.title,
        "hints": {exercise_of(cell): rungs(cell) for cell in of_kind(source, "hints")},
        "mistakes": mistakes,
        "reads": sections_to_read(source),
    }


def sections_to_read(source: Source) -> dict[str, str]:
    """Exercise -> the heading of the lesson's section that helps with it, where one is named."""
    named = (cell for kind in READERS for cell in of_kind(source, kind) if READS in cell.tags)
    return {exercise_of(cell): cell.tags[READS] for cell in named}


def check_sections(source: Source, lesson: Source) -> None:
    """Raise GivenError unless each exercise names a section that the lesson has."""
    known = {heading for cell in lesson.cells if cell.cell_type == "markdown" for heading in headings(cell.source)}
    for cell in source.cells:
        if any(kind in cell.tags for kind in READERS):
            section = cell.tags.get(READS)
            if section is None:
                mend = f'write {READS}="a heading of the lesson" beside it'
                raise source.fault(cell.line, f"it is not said what to read again for {exercise_of(cell)!r}: {mend}")
            if section not in known:
                near = get_close_matches(section, known, 1, 0)
                mend = f"; the nearest is {near[0]!r}" if near else ""
                raise source.fault(cell.line, f"the lesson has no heading {section!r}{mend}")


def notes_text(notes: dict) -> str:
    return json.dumps(notes, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
