"""Where things are: the checkout of the course, and the few folders inside it that the commands share."""

import os
from pathlib import Path

from course.errors import GivenError

_MARKS = ("lessons", "solutions", "pyproject.toml")


def find_root(start: Path | None = None) -> Path | None:
    """The nearest folder at or above `start` (default: the current one) that holds a course checkout, or None.

    Where the current folder says nothing (a grader's child works in a scratch folder), COURSE_ROOT names the checkout.
    """
    if start is None and "COURSE_ROOT" in os.environ:
        return Path(os.environ["COURSE_ROOT"])
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if all((folder / mark).exists() for mark in _MARKS):
            return folder
    return None


def root(start: Path | None = None) -> Path:
    """As `find_root`, but a missing checkout is an error that says what to do."""
    found = find_root(start)
    if found is None:
        raise GivenError(
            f"{(start or Path.cwd())} is not inside a course checkout (a folder with {', '.join(_MARKS)}): "
            "change into the cloned folder and run the command again"
        )
    return found


def chapters(course_root: Path, room: str = "solutions") -> list[str]:
    """The names of the chapters that have a source in `room` ("lessons" or "solutions"), in order."""
    return sorted(p.name for p in (course_root / room).iterdir() if (p / f"{p.name}.py").is_file())


def resolve_chapter(course_root: Path, given: str, *rooms: str) -> str:
    """A chapter's full name from its name, number or slug: "02_layers", "02", "2" and "layers" are the same.

    rooms: where its source may be ("lessons", "solutions"); by default in solutions/.
    """
    rooms = rooms or ("solutions",)
    names = sorted({name for room in rooms for name in chapters(course_root, room)})
    for name in names:
        number, _, slug = name.partition("_")
        if given in (name, number, slug, number.lstrip("0")):
            return name
    raise GivenError(
        f"there is no chapter {given!r} in {'/ or '.join(rooms)}/: choose one of {', '.join(names) or '(none)'}"
    )


def resolve_assignment(course_root: Path, given: str) -> str:
    """The name of an assignment: of a chapter, as `resolve_chapter` finds it, or of any folder of solutions/ that holds
    notebooks, as nbgrader knows them."""
    own = course_root / "solutions" / given
    if given == own.name and any(own.glob("*.ipynb")):
        return given
    return resolve_chapter(course_root, given)
