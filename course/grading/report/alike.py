"""Pairs of submissions that share what few others have. A pointer for a person to look, and not a verdict.

Every answer is cut into overlapping runs of tokens: short runs of the text as it stands, comments and names included, and long runs
of its shape, in which every name is the same. Runs that were handed out, and runs that many have, are left out: right answers to
a short exercise resemble each other. What is left is weighed by how rare it is in the class (Schleimer, Wilkerson and Aiken,
2003, "Winnowing: local algorithms for document fingerprinting", SIGMOD, for the idea of such fingerprints).
"""

import io
import keyword
import math
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import pandas as pd

from course.grading.released import Assignment
from course.grading.repairs import PARSER
from course.grading.result import Result

TEXT_RUN, SHAPE_RUN = 6, 14  # tokens
FEWEST_SHARED = 15  # runs; below that, a likeness is an accident
ALIKE = 0.3  # from which likeness a pair is told
_SILENT = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING)

Run = int  # the hash of its tokens: a class has millions of runs


def alike(results: Sequence[Result], assignment: Assignment, most: int = 30) -> pd.DataFrame:
    """The pairs that are most alike: one, other, likeness (share of the rare runs of both, 0 to 1), exercises, runs."""
    handed_out = frozenset(
        run for notebook in assignment.notebooks for cell in notebook.cells for run in runs(notebook.shown(cell))
    )
    of_student: dict[str, dict[Run, str]] = {}
    for result in results:
        if result.status != "ungradable":
            of_student[result.student] = {
                run: cell.id or "own cells"
                for cell in result.cells
                if cell.kind in ("solution", "answer", "own")
                for run in runs(cell.source)
                if run not in handed_out
            }
    holders: dict[Run, list[str]] = defaultdict(list)
    for student, theirs in of_student.items():
        for run in theirs:
            holders[run].append(student)
    many = max(4, min(20, len(of_student) // 10))
    weight = {run: math.log(len(of_student) / len(who)) for run, who in holders.items() if len(who) <= many}
    total = {s: sum(weight.get(run, 0.0) for run in theirs) for s, theirs in of_student.items()}
    shared: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for run in weight:
        for pair in combinations(sorted(holders[run]), 2):
            shared[pair].append(run)
    rows = []
    for (one, other), common in shared.items():
        both = sum(weight[run] for run in common)
        likeness = both / (total[one] + total[other] - both) if both else 0.0
        if len(common) >= FEWEST_SHARED and likeness >= ALIKE:
            where = Counter(of_student[one][run] for run in common)
            exercises = ", ".join(name for name, _ in where.most_common(4))
            rows.append({"one": one, "other": other, "likeness": likeness, "exercises": exercises, "runs": len(common)})
    columns = ["one", "other", "likeness", "exercises", "runs"]
    found = pd.DataFrame(rows, columns=columns).sort_values(["likeness", "one"], ascending=[False, True])
    return found.head(most).reset_index(drop=True)


def runs(source: str) -> Iterator[Run]:
    """All runs of a cell's tokens, of text and of shape."""
    text = list(_tokens(source))
    shape = ["name" if token.isidentifier() and not keyword.iskeyword(token) else token for token in text]
    shape = [token for token in shape if not token.startswith("#")]
    yield from _windows("text", text, TEXT_RUN)
    yield from _windows("shape", shape, SHAPE_RUN)


def _windows(kind: str, tokens: Sequence[str], length: int) -> Iterator[Run]:
    for start in range(len(tokens) - length + 1):
        yield hash((kind, *tokens[start : start + length]))


def _tokens(source: str) -> Iterable[str]:
    """Python's tokens; the words, where it is no Python (free text, half a line)."""
    try:
        with PARSER:
            found = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return source.lower().split()
    return [token.string for token in found if token.type not in _SILENT]
