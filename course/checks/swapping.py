"""Where one answer calls another: the reference's function in the place of the student's, while grading."""

from functools import partial
from typing import Any

from course.checks import reference
from course.checks.records import MISSING
from course.checks.session import current


def swap_in_references(needs: tuple[str, ...], namespace: dict[str, Any], cell: str) -> dict[str, Any]:
    """Put the reference's functions in the place of the student's; returns what they replaced.

    cell: the source of the tests cell. With hidden checks in it, it is an instructor's copy, as nbgrader's autograder
    runs it; a student's own copy has none, and there the student's functions stay.
    """
    saved: dict[str, Any] = {}
    look_up = current.reference_source
    if look_up is None and "### BEGIN HIDDEN TESTS" in cell:
        look_up = partial(reference.source, current.chapter)
    for name in needs if look_up else ():
        source = look_up(name)
        if source is None:
            continue
        scope = dict(namespace)
        exec(compile(source, f"<reference {name}>", "exec"), scope)
        for key, made in scope.items():
            if key not in namespace or namespace[key] is not made:
                if key != "__builtins__":
                    saved[key] = namespace.get(key, MISSING)
                    namespace[key] = made
    return saved


def restore(saved: dict[str, Any], namespace: dict[str, Any]) -> None:
    """Undo `swap_in_references`."""
    for name, value in saved.items():
        if value is MISSING:
            del namespace[name]
        else:
            namespace[name] = value
