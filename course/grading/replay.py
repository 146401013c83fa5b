"""What a student may be shown of a run: computed by a process that never held a hidden test.

A submission's code can keep what a hidden check called it with, and print it later, raise it, or return it where a visible check
quotes what came back. So the run that gives the points is quoted only up to the first hidden test. Where something later
is to be quoted, the student's own cells run once more in a fresh process, with the visible checks of what failed, and
nothing else.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from course.checks.records import Block, Check
from course.checks.values import Opaque, Raised
from course.checks.verdict import Quotable
from course.grading.execute import CellRun, execute, knows_more
from course.grading.figures import MAX_FIGURES
from course.grading.released import Cell, visible
from course.grading.start import Starter
from course.grading.watch import Limits

# Python's own words, with a short name in them: all that is quoted of what broke a block where a reference stood in.
_UNDEFINED = re.compile(r"name '\w{1,30}' is not defined")
_LONG = 999_999  # integers beyond it have more than six digits
_STOPPED = ("timeout", "memory", "died", "skipped")


def quotable_runs(
    starter: Starter,
    cells: Sequence[Cell],
    runs: Sequence[CellRun],
    wrong: Collection[str],
    references: Mapping[str, Mapping[str, str]],
    limits: Limits,
    typical_seconds: Mapping[str, float],
    **start,
) -> tuple[tuple[CellRun, ...], float]:
    """The code cells as they may be shown, in the order of `runs`, and the seconds that it took in cells.

    cells, runs: of the run that gave the points. wrong: the parts whose messages want to quote something. The other
    arguments are those of `execute`. A tests cell that may not be quoted comes back with nothing in it.
    """
    code = [cell for cell in cells if cell.cell_type == "code"]
    clean = _clean(code, references)
    later = list(zip(code, runs, strict=True))[clean:]
    to_quote = {cell.part for cell, run in later if cell.kind == "tests" and cell.part in wrong}
    speaking = [
        cell for cell, run in later if cell.kind != "tests" and run.status not in _STOPPED and (run.stdout or run.error or run.drew)
    ]
    if not to_quote and not speaking:
        return tuple(_silent(run) if i >= clean else run for i, run in enumerate(runs)), 0.0
    again = [
        run.status not in _STOPPED and (cell.kind != "tests" or cell.part in to_quote)
        for cell, run in zip(code, runs, strict=True)
    ]
    plan = [replace(cell, source=visible(cell.source)) for cell, chosen in zip(code, again, strict=True) if chosen]
    done = execute(starter, plan, references, limits, typical_seconds, MAX_FIGURES, **start)
    # Once a reference's function stood in for an answer, it could be read there: from then on only numbers are quoted.
    secret = next((i for i, cell in enumerate(plan) if cell.kind == "tests" and references.get(cell.part)), len(plan))
    fresh = iter([_numbers_only(run) if i >= secret else run for i, run in enumerate(done.runs)])
    shown = []
    for i, (run, chosen) in enumerate(zip(runs, again, strict=True)):
        new = next(fresh) if chosen else None
        if i < clean:
            shown.append(run)
        else:
            shown.append(_silent(run) if new is None or new.status in _STOPPED else new)
    return tuple(shown), done.cell_seconds


def quotable(reference: Block, run: CellRun | None, part: str) -> Quotable:
    """What the message about `part` may quote. run: of its tests cell, from `quotable_runs`."""
    block = next((b for b in run.blocks if b.part == part), None) if run else None
    if block is None:
        return Quotable()
    seen = [i for i, check in enumerate(reference.checks) if not check.hidden]
    return Quotable(dict(zip(seen, block.observations, strict=False)), block.error)


def _clean(code: Sequence[Cell], references: Mapping[str, Mapping[str, str]]) -> int:
    """How many code cells ran before a hidden test, or a reference's function, came into the process."""
    for i, cell in enumerate(code):
        if cell.kind == "tests" and knows_more(cell, references):
            return i
    return len(code)


def _silent(run: CellRun) -> CellRun:
    """A run without anything that it printed, raised or returned. Of one that had to be stopped, the error is the grader's own."""
    if run.status in _STOPPED:
        return run
    return replace(run, stdout="", error="it stopped with an error" if run.error else "", blocks=(), value=None, figures=())


def _numbers_only(run: CellRun) -> CellRun:
    """A run of which only the numbers that checks observed are left."""
    blocks = tuple(
        replace(
            block,
            error=block.error if block.error and _UNDEFINED.fullmatch(block.error.message) else None,
            observations=tuple(
                replace(
                    o, value=_rounded(o.value) if _is_numeric(o.value) else Opaque("a value that is not shown here")
                )
                for o in block.observations
            ),
        )
        for block in run.blocks
    )
    return replace(_silent(run), blocks=blocks)


def _rounded(value):
    """A long integer as a float, of which six digits are shown: in three hundred digits there is room for a text."""
    if isinstance(value, (list, tuple)):
        return type(value)(_rounded(v) for v in value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return value.astype(float) if (value > _LONG).any() or (value < -_LONG).any() else value
    return float(value) if type(value) is int and abs(value) > _LONG else value


def _is_numeric(value) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_is_numeric(v) for v in value)
    return value is None or (not isinstance(value, (str, dict, Raised, Opaque, Check)))
