"""The source of a cell, as Python alone: no magics, no shell lines, and the marks of hidden tests as calls."""

import contextlib
import re

from IPython.core.inputtransformer2 import TransformerManager

from course.grading.released import Cell

# What only IPython knows begins a line (%magic, !command, ?help, an escape, a prompt that was copied along), ends one with a
# question mark, assigns from a magic or a command, or is indented as a whole.
_MAYBE_IPYTHON = re.compile(r"^[ \t\f]*(?:[%!?/,;]|>>>|\.\.\.|In \[)|\?\s*$|=\s*[%!]|\A\s*^[ \t]", re.MULTILINE)


def is_plain(cell: Cell) -> bool:
    """Whether a tests cell is of plain assertions, as nbgrader knows them, and observes no values."""
    return cell.kind == "tests" and "check.exercise(" not in cell.source


def plain_python(source: str, marked: bool = True) -> str:
    """The cell as Python: magics and shell lines become calls of `get_ipython()`, and, if `marked`, the marks of hidden
    tests calls that mark the checks between them."""
    if _MAYBE_IPYTHON.search(source):  # most cells are Python already, and to transform one takes a millisecond
        # For odd cells it raises errors of its own, of every kind; left as they are, Python says what is wrong with them.
        with contextlib.suppress(RuntimeError, SyntaxError, LookupError, ValueError, TypeError):
            source = TransformerManager().transform_cell(source)
    if not marked:
        return source
    lines = []
    for line in source.split("\n"):  # and not at the other ends of lines that Unicode has, which may stand in a text
        mark = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        if mark == "### BEGIN HIDDEN TESTS":
            line = f"{indent}__import__('course.checks', fromlist=['hidden']).hidden(True)"
        elif mark == "### END HIDDEN TESTS":
            line = f"{indent}__import__('course.checks', fromlist=['hidden']).hidden(False)"
        lines.append(line)
    return "\n".join(lines) + "\n"
