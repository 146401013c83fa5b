"""A tests cell as a submission's process gets it: without what its checks expect.

What a check expects is needed where values are compared, which is not in that process. There the expression is gone from
the text, so that no submission finds it in a frame, a constant or the source.
"""

import ast
from functools import lru_cache

from course.grading.repairs import PARSER

# Of `check.…`, the keyword that says what is right, and where some of them take it by its position.
_KEYWORD = {"accuracy": "labels"}
_POSITION = {"accuracy": 2, "model": 2, "value": 2}


@lru_cache(maxsize=1000)
def without_expectations(source: str) -> str:
    """`source` with None in the place of each such expression; lines keep their numbers. One that is no Python stays."""
    try:
        with PARSER:
            parsed = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    expressions = [e for node in ast.walk(parsed) if _is_check(node) for e in _expectations(node)]
    lines = source.encode().splitlines(keepends=True)  # offsets are in bytes of UTF-8
    for expression in sorted(expressions, key=lambda e: (e.lineno, e.col_offset), reverse=True):
        first, last = expression.lineno - 1, expression.end_lineno - 1
        rest = lines[last][expression.end_col_offset :]
        lines[first] = lines[first][: expression.col_offset] + b"None" + (b"\n" if last > first else rest)
        for between in range(first + 1, last):
            lines[between] = b"\n"
        if last > first:
            lines[last] = rest
    return b"".join(lines).decode()


def _is_check(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "check"
    )


def _expectations(call: ast.Call) -> list[ast.expr]:
    wanted = _KEYWORD.get(call.func.attr, "expect")
    position = _POSITION.get(call.func.attr, len(call.args))
    return [
        *(keyword.value for keyword in call.keywords if keyword.arg == wanted),
        *(e for e in call.args[position : position + 1] if not isinstance(e, ast.Starred)),
    ]
