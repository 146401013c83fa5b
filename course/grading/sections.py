"""What to read again: the lesson's section for each exercise, and the address at which it is published."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from course.grading.notebook import clean_text

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_POINTS = re.compile(r"[ \t]*\([\d.]+ points?\)")
_FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_GITHUB = "https://github.com/"
_COLAB = "https://colab.research.google.com/github/"


@dataclass(frozen=True)
class Section:
    """A section of a lesson. colab, github: addresses of the lesson; "" where it is not known where it is published."""

    lesson: str  # "1. The artificial neuron"
    heading: str
    colab: str = ""
    github: str = ""


def headings(markdown: str) -> list[str]:
    """The headings in a text of Markdown, in order."""
    return _HEADING.findall(_FENCED.sub("", markdown))


def without_points(heading: str) -> str:
    return _POINTS.sub("", heading)


def sections_to_read(root: Path, chapter: str) -> dict[str, Section]:
    """Exercise -> the section that helps with it, as the build noted it; empty for an assignment without a lesson.

    root: the checkout with the built lesson in it. On Colab a link goes to a cell by its id (links to a heading are not
    followed there); GitHub's page of a notebook opens at its top. So the words name the section in any case.
    """
    notes = _read_json(root / "course" / "chapters" / f"{chapter}.json")
    path = f"lessons/{chapter}/{chapter}.ipynb"
    lesson = _read_json(root / path)
    title, cells = "", {}
    for cell in lesson.get("cells", ()):
        if cell.get("cell_type") == "markdown":
            found = headings("".join(cell.get("source", "")))
            title = title or next(iter(found), "")
            cells |= {heading: cell.get("id", "") for heading in found if heading not in cells}
    reads = notes.get("reads", {})
    where = _published(root)
    found = {}
    for exercise, heading in reads.items():
        if heading in cells:
            colab = f"{_COLAB}{where}/{path}#scrollTo={cells[heading]}" if where else ""
            found[exercise] = Section(title, clean_text(heading), colab, f"{_GITHUB}{where}/{path}" if where else "")
    return found


def _published(root: Path) -> str:
    """ "OWNER/REPOSITORY/blob/main" from the one setting in pyproject.toml; "" where there is none, or not on GitHub."""
    try:
        course = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["course"]
        repository = course["repository"].rstrip("/").removesuffix(".git")
        branch = course["branch"]
    except (OSError, KeyError, AttributeError, TypeError, ValueError):  # an nbgrader course of one's own has none
        return ""
    return f"{repository.removeprefix(_GITHUB)}/blob/{branch}" if repository.startswith(_GITHUB) else ""


def _read_json(path: Path) -> Mapping:
    """The document, or nothing where there is none: a page without this is better than none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
