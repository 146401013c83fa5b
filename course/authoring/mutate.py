"""Small changes to a reference solution, each of which a grader should notice: operators, constants, names, dropped lines."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MOST = 60  # mutants tried for one exercise

_OPERATORS: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
}
_COMPARISONS: dict[type, tuple[type, ...]] = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_NAMES = {
    "max": "min",
    "min": "max",
    "sum": "mean",
    "mean": "sum",
    "zeros": "ones",
    "ones": "zeros",
    "zeros_like": "ones_like",
    "maximum": "minimum",
    "minimum": "maximum",
    "argmax": "argmin",
    "relu": "sigmoid",
    "tanh": "sigmoid",
    "sqrt": "abs",
    "normal": "uniform",
    "softmax": "sigmoid",
}


@dataclass(frozen=True)
class Mutant:
    """source: the changed solution. change: what was changed, as "statement before => statement after"."""

    source: str
    change: str


def mutants(source: str) -> list[Mutant]:
    """All mutants of `source`, each once, at most MOST of them (evenly chosen, the same ones each time)."""
    tree = ast.parse(source)
    before = ast.unparse(tree)
    made: dict[str, Mutant] = {}
    for change in _changes(tree):
        mutated = copy.deepcopy(tree)
        said = change(mutated)
        text = ast.unparse(ast.fix_missing_locations(mutated))
        if text not in (before, *made):
            made[text] = Mutant(text, said)
    return evenly_chosen(list(made.values()), MOST)


def evenly_chosen(found: list[Mutant], most: int) -> list[Mutant]:
    """At most so many of them, from all over the list; the same ones each time."""
    return found if len(found) <= most else [found[i * len(found) // most] for i in range(most)]


Change = Callable[[ast.Module], str]


def _changes(tree: ast.Module) -> Iterator[Change]:
    """One function for each place and way to change it; it changes a copy of the tree and says what it did."""
    statements = [s for s in ast.walk(tree) if isinstance(s, ast.stmt)]
    documentation = {
        id(s.body[0]) for s in ast.walk(tree) if isinstance(s, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(s)
    }
    nodes = list(ast.walk(tree))
    owner = {id(node): i for i, s in enumerate(statements) for node in _own_nodes(s)}
    for index, node in enumerate(nodes):
        if id(node) in owner and id(statements[owner[id(node)]]) not in documentation:
            for edit in _edits(node):
                yield _change_at(index, owner[id(node)], edit)
    for i, statement in enumerate(statements):
        if id(statement) not in documentation and isinstance(
            statement, (ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.Assert)
        ):
            yield _drop(i)


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement that are in no statement inside it."""
    waiting = [child for child in ast.iter_child_nodes(statement) if not isinstance(child, ast.stmt)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.arguments):  # defaults are part of the contract that a student is given
            continue
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]


def _edits(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """What can be changed at one node, each as a function that changes such a node in place."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in _OPERATORS:
        yield lambda n: setattr(n, "op", _OPERATORS[type(n.op)]())
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult)):
        yield _exchange
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            for other in _COMPARISONS.get(type(op), ()):
                yield lambda n, i=i, other=other: n.ops.__setitem__(i, other())
    if isinstance(node, ast.BoolOp):
        yield lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        yield _undo
    if isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
        for value in _other_constants(node.value):
            yield lambda n, value=value: setattr(n, "value", value)
    if isinstance(node, ast.Attribute) and node.attr in _NAMES:
        yield lambda n: setattr(n, "attr", _NAMES[n.attr])
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield lambda n: setattr(n, "attr", "real")  # the array itself: the transpose is forgotten
    if isinstance(node, ast.Call):
        for i, keyword in enumerate(node.keywords):
            if keyword.arg in ("axis", "keepdims", "activation"):
                yield lambda n, i=i: n.keywords.pop(i)
    if isinstance(node, ast.Constant) and node.value in _NAMES:
        yield lambda n: setattr(n, "value", _NAMES[n.value])


def _exchange(node: ast.BinOp) -> None:
    node.left, node.right = node.right, node.left


def _undo(node: ast.UnaryOp) -> None:
    """-x becomes +x, and `not x` becomes `not not x`: the operator loses its effect."""
    if isinstance(node.op, ast.USub):
        node.op = ast.UAdd()
    else:
        node.operand = ast.UnaryOp(ast.Not(), node.operand)


def _other_constants(value: int | float | bool) -> tuple:
    if isinstance(value, bool):
        return (not value,)
    if value == 0:
        return (1,)
    if value == 1:
        return (0, 2)
    return (value + 1, 0) if isinstance(value, int) else (value * 2, 0.0)


def _change_at(index: int, statement: int, edit: Callable[[ast.AST], None]) -> Change:
    def change(tree: ast.Module) -> str:
        node = list(ast.walk(tree))[index]
        inside = [s for s in ast.walk(tree) if isinstance(s, ast.stmt)][statement]
        before = _line(inside)
        edit(node)
        return f"{before} => {_line(inside)}"

    return change


def _drop(statement: int) -> Change:
    def change(tree: ast.Module) -> str:
        dropped = [s for s in ast.walk(tree) if isinstance(s, ast.stmt)][statement]
        for node in ast.walk(tree):
            for field in ("body", "orelse", "finalbody"):
                block = getattr(node, field, None)
                if isinstance(block, list) and dropped in block:
                    block[block.index(dropped)] = ast.Pass()
        return f"{_line(dropped)} => pass"

    return change


def _line(statement: ast.stmt) -> str:
    return ast.unparse(ast.fix_missing_locations(statement)).splitlines()[0]
