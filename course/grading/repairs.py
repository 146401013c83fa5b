"""Repairs inside cells: parts joined, definitions found, additions to given code kept. Text in, text out; nothing runs."""

import ast
import re
import threading
import warnings
from collections.abc import Iterator, Sequence

_MAGIC = re.compile(r"^([ \t]*)[%!][^\n]*", re.MULTILINE)
# Python 3.11 counts the depth of a syntax tree once for all threads (CPython issue 106905): one at a time.
PARSER = threading.Lock()
_MOST_CHARACTERS = 200_000


def parse(source: str) -> ast.Module | None:
    """The syntax tree, or None. Lines of IPython's own (`%magic`, `!command`) count as `pass`."""
    if len(source) > _MOST_CHARACTERS:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a student's invalid escape is not ours to warn of
        try:
            with PARSER:
                return ast.parse(_MAGIC.sub(r"\1pass", source))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def join_split(parts: Sequence[str]) -> str | None:
    """One cell again, if it was split inside a statement: together the parts are Python, and one by one they are not."""
    if len(parts) < 2 or all(parse(part) is not None for part in parts):
        return None
    joined = "\n".join(parts)
    return joined if parse(joined) is not None else None


def definitions(source: str, names: frozenset[str]) -> str:
    """The statements at the left margin of `source` that define any of `names`, or "" where none does."""
    return "\n\n".join(_text(source, node) for node in _statements(source) if names & bound_names(node))


def additions(changed: str, released: str) -> str:
    """What a student added to a given cell, as far as it only brings new names: imports, helpers, variables.

    A given cell is put back as it was released, and without this an `import math` that was added to it would be lost.
    """
    tree = parse(released)
    if tree is None:
        return ""
    known = {_text(released, node) for node in tree.body}
    taken = frozenset().union(*(bound_names(node) for node in tree.body))
    kept = []
    for node in _statements(changed):
        names = bound_names(node)
        if names and not names & taken and _text(changed, node) not in known:
            kept.append(_text(changed, node))
    return "\n".join(kept)


def is_hollow(source: str) -> bool:
    """Whether code only says that it is not written yet: definitions that raise NotImplementedError and do nothing else."""
    if "NotImplementedError" not in source:
        return False
    body = list(_statements(source))
    while body:
        node = body.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            body += node.body
        elif isinstance(node, ast.Raise):
            if "NotImplementedError" not in _text(source, node):
                return False
        elif not isinstance(node, ast.Pass) and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            return False
    return True


def bound_names(node: ast.stmt) -> frozenset[str]:
    """The names that a statement at the left margin brings into the notebook."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return frozenset({node.name})
    if isinstance(node, ast.Import | ast.ImportFrom):
        return frozenset((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        stored = (part for target in targets for part in ast.walk(target))
        return frozenset(part.id for part in stored if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
    return frozenset()


def _statements(source: str) -> Iterator[ast.stmt]:
    tree = parse(source)
    yield from tree.body if tree else ()


def _text(source: str, node: ast.stmt) -> str:
    """The lines of a statement, decorators included."""
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
    return "\n".join(source.split("\n")[first - 1 : node.end_lineno])
