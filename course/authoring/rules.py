"""What must hold across the cells of a solution source, each breach told with its file and line."""

import ast
import re
from collections.abc import Iterator

from course.authoring.source import Source, SourceCell
from course.authoring.tags import GRADED, KINDS, TagError, check_tags, grade_id, kind_of
from course.errors import GivenError

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"

_RUNG = re.compile(r"^\s*---\s*$", re.MULTILINE)
_STATED_POINTS = re.compile(r"^#+ .*\((\d+(?:\.\d+)?) points?\)", re.MULTILINE)
RUNGS = 3


def check_solution_source(source: Source) -> None:
    """Raise GivenError for the first breach of the rules of a solution source."""
    for cell in source.cells:
        _check_cell(source, cell)
    _check_once(source)
    _check_pairs(source)
    _check_stated_points(source)


def of_kind(source: Source, kind: str) -> list[SourceCell]:
    return [cell for cell in source.cells if kind in cell.tags]


def exercise_of(cell: SourceCell) -> str:
    """ "softmax" for the tests "softmax.stable"."""
    return str(cell.tags[kind_of(cell.tags)]).partition(".")[0]


def rungs(cell: SourceCell) -> list[str]:
    """The hints of a hints cell, in order."""
    return [rung.strip() for rung in _RUNG.split(cell.source)]


def total_points(source: Source) -> float:
    return sum(cell.tags["points"] for cell in source.cells if kind_of(cell.tags) in GRADED)


def parse_code(source: Source, cell: SourceCell, what: str = "this cell") -> ast.Module:
    """The syntax tree of a code cell (IPython's % and ! lines allowed)."""
    return parse_text(source, cell, cell.source, what)


def parse_text(source: Source, cell: SourceCell, text: str, what: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError:
        pass
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return ast.parse(TransformerManager().transform_cell(text))
    except SyntaxError as error:
        raise source.fault(cell.first + (error.lineno or 1) - 1, f"{what} does not parse: {error.msg}") from None


def _check_cell(source: Source, cell: SourceCell) -> None:
    try:
        kind = check_tags(cell.cell_type, cell.tags)
    except TagError as error:
        raise source.fault(cell.line, str(error)) from None
    if cell.cell_type == "raw":
        raise source.fault(cell.line, "a raw cell stands at the front only")
    if cell.cell_type == "code":
        if not kind:
            tags = ", ".join(tag for tag, cell_type in KINDS.items() if cell_type == "code")
            raise source.fault(cell.line, f"a code cell of a solution source has one of the tags {tags}")
        if kind == "setup" and cell.source.strip():
            raise source.fault(cell.line, "the set-up cell is empty in the source: the build fills it")
    _check_regions(source, cell, kind)
    if cell.cell_type == "code":
        tree = parse_code(source, cell)
        if kind == "tests":
            _check_tests(source, cell, tree)
        elif kind == "mistakes":
            _check_mistakes(source, cell, tree)
    if kind == "hints":
        _check_hints(source, cell)


def _check_regions(source: Source, cell: SourceCell, kind: str) -> None:
    regions = ((BEGIN_SOLUTION, END_SOLUTION, "solution"), (BEGIN_HIDDEN, END_HIDDEN, "tests"))
    for begin, end, owner in regions:
        open_at = None
        for number, line in enumerate(cell.source.splitlines(), cell.first):
            if begin.removeprefix("### ") in line:
                if kind != owner:
                    raise source.fault(number, f"{begin} stands in a {owner}= cell only")
                if open_at:
                    raise source.fault(number, f"{begin} again, before the {end} of line {open_at}")
                open_at = number
            elif end.removeprefix("### ") in line:
                if not open_at:
                    raise source.fault(number, f"{end} without {begin}")
                open_at = None
        if open_at:
            raise source.fault(open_at, f"{begin} without {end}")
    if kind == "solution" and BEGIN_SOLUTION.removeprefix("### ") not in cell.source:
        raise source.fault(cell.line, f"a solution cell marks its answer with {BEGIN_SOLUTION} and {END_SOLUTION}")


def _check_tests(source: Source, cell: SourceCell, tree: ast.Module) -> None:
    tag = cell.tags["tests"]
    calls = list(_exercise_calls(tree))
    if len(calls) != 1:
        found = "none" if not calls else str(len(calls))
        raise source.fault(cell.line, f'a tests cell has one `with check.exercise("{tag}"):`, this one has {found}')
    line = cell.first + calls[0].lineno - 1
    named = calls[0].args[0].value if calls[0].args and isinstance(calls[0].args[0], ast.Constant) else None
    if named != tag:
        raise source.fault(line, f'check.exercise({named!r}) in a cell tagged tests="{tag}": the two must be the same')
    for keyword in calls[0].keywords:
        if keyword.arg == "needs":
            _check_needs(source, line, keyword.value)


def _exercise_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "check.exercise":
            yield node


def _check_needs(source: Source, line: int, value: ast.expr) -> None:
    try:
        needed = ast.literal_eval(value)
    except ValueError:
        raise source.fault(line, "needs= is the name of an exercise, or several, written out") from None
    known = {exercise_of(cell) for cell in of_kind(source, "solution")}
    for name in needed.split():
        if name not in known:
            raise source.fault(line, f"needs={name!r}: there is no exercise of that name ({', '.join(sorted(known))})")


def _check_mistakes(source: Source, cell: SourceCell, tree: ast.Module) -> None:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not ast.get_docstring(node) and not node.name.startswith("_"):
            line = cell.first + node.lineno - 1
            raise source.fault(line, f"the mistake {node.name} has no docstring: it is what the student is told")
    # In a student's notebook such a name would be the student's own function, right or wrong.
    made = {name for other in of_kind(source, "solution") for name in _defined(parse_code(source, other))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in made - _defined(tree):
            line = cell.first + node.lineno - 1
            raise source.fault(line, f"a mistake calls {node.id}, which the student writes: it must stand alone")


def _defined(tree: ast.Module) -> set[str]:
    return {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def _check_hints(source: Source, cell: SourceCell) -> None:
    found = rungs(cell)
    if len(found) != RUNGS or not all(found):
        raise source.fault(cell.line, f"hints have {RUNGS} rungs with a line --- between them, these have {len(found)}")


def _check_once(source: Source) -> None:
    """No name twice, and a set-up cell, first among the code cells."""
    seen: dict[str, int] = {}
    for cell in source.cells:
        kind = kind_of(cell.tags)
        if not kind or kind == "mistakes":  # one exercise may have several cells of mistakes
            continue
        name = f"hints of {cell.tags[kind]}" if kind == "hints" else grade_id(kind, cell.tags[kind])
        if name in seen:
            raise source.fault(cell.line, f"a second cell for {name!r}: the first is in line {seen[name]}")
        seen[name] = cell.line
    code = [cell for cell in source.cells if cell.cell_type == "code"]
    if not code or "setup" not in code[0].tags:
        raise source.fault(code[0].line if code else 1, 'the first code cell is the set-up cell "# %% setup=true"')


def _check_pairs(source: Source) -> None:
    """Every exercise has its solution, its tests after it, and its hints."""
    solutions = {exercise_of(cell): cell for cell in of_kind(source, "solution")}
    for kind in ("tests", "hints", "mistakes"):
        for cell in of_kind(source, kind):
            if exercise_of(cell) not in solutions:
                name = cell.tags[kind]
                raise source.fault(cell.line, f'{kind}="{name}" without a solution="{exercise_of(cell)}" cell')
    tested = {exercise_of(cell): cell for cell in of_kind(source, "tests")}
    hinted = {exercise_of(cell) for cell in of_kind(source, "hints")}
    for name, cell in solutions.items():
        if name not in tested:
            raise source.fault(cell.line, f'solution="{name}" without a tests="{name}" cell')
        if tested[name].line < cell.line:
            raise source.fault(tested[name].line, f'tests="{name}" stands before its solution (line {cell.line})')
        if name not in hinted:
            raise source.fault(cell.line, f'solution="{name}" without hints: write a [markdown] hints="{name}" cell')


def _check_stated_points(source: Source) -> None:
    """Headings may say "(4 points)"; if they do, they add up to what the cells give."""
    stated = [float(n) for cell in source.cells if not cell.tags for n in _STATED_POINTS.findall(cell.source)]
    if stated and sum(stated) != total_points(source):
        raise GivenError(
            f"{'/'.join(source.path.parts[-3:])}: the headings promise {sum(stated):g} points, "
            f"the cells give {total_points(source):g}"
        )
