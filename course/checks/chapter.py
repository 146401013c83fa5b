"""What the build leaves in the package for each chapter: hints, and the known mistakes with what to say of them."""

import ast
import json
from functools import cache
from pathlib import Path
from typing import Any

from course import paths

_PACKAGED = Path(__file__).parent.parent / "chapters"


@cache
def _load(chapter: str, root: Path | None = None) -> dict:
    checkout = root or paths.find_root()
    folders = [checkout / "course" / "chapters"] if checkout else []
    for folder in (*folders, _PACKAGED):
        path = folder / f"{chapter}.json"
        if path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
    return {}


def hints(chapter: str) -> dict[str, list[str]]:
    """Exercise -> its three hints; empty when the chapter has none."""
    return _load(chapter).get("hints", {})


@cache
def mistake_texts(chapter: str, exercise: str, root: Path | None = None) -> dict[str, str]:
    """Mistake -> what to tell a student who made it (the docstring of its function), in the source's order.

    A function whose name begins with an underscore is a helper of the others, and no mistake.
    root: the checkout to look in, where it is not the one around the current folder.
    """
    tree = ast.parse(_load(chapter, root).get("mistakes", {}).get(exercise, ""))
    return {
        f.name: " ".join((ast.get_docstring(f) or "").split())
        for f in tree.body
        if isinstance(f, ast.FunctionDef) and ast.get_docstring(f) and not f.name.startswith("_")
    }


def mistake_functions(chapter: str, exercise: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Mistake -> its function, defined in a copy of `namespace` (the notebook's), so that it sees the same imports."""
    source = _load(chapter).get("mistakes", {}).get(exercise, "")
    if not source:
        return {}
    scope = dict(namespace)
    exec(compile(source, f"<mistakes of {exercise}>", "exec"), scope)
    return {name: scope[name] for name in mistake_texts(chapter, exercise)}
