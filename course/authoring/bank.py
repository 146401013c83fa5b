"""Answer banks: for each exercise, answers known to be right and known to be wrong, as people really write them.

`tests/banks/NN_slug/EXERCISE.py`, in py:percent; each cell stands for the whole solution cell:

    # %% right="loops"
    # %% wrong="column_axis" diagnosis="wrong_axis"
    # %% [raw] equivalent=true        (a mutant of the reference that changes nothing: "before => after", then why)
"""

from dataclasses import dataclass
from pathlib import Path

import jupytext

from course.errors import GivenError

MIN_RIGHT, MIN_WRONG = 3, 8


@dataclass(frozen=True)
class Answer:
    """One answer of a bank. diagnosis: what a wrong one should be told ("" for a right one)."""

    exercise: str
    name: str
    right: bool
    source: str
    diagnosis: str = ""


@dataclass(frozen=True)
class Bank:
    """All answers for one exercise. equivalent: descriptions ("before => after") of mutants that change no behavior."""

    exercise: str
    answers: tuple[Answer, ...]
    equivalent: frozenset[str]


def read_bank(root: Path, chapter: str, exercise: str) -> Bank:
    """The bank of one exercise. Raises GivenError when it is missing, too small, or a cell's tags say nothing."""
    path = root / "tests" / "banks" / chapter / f"{exercise}.py"
    if not path.is_file():
        raise GivenError(
            f"{path.relative_to(root)} is missing: each graded exercise has a bank of right and wrong answers"
        )
    answers, equivalent = [], set()
    for cell in jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells:
        tags = cell.metadata
        if cell.cell_type == "raw" and tags.get("equivalent"):
            change, _, reason = cell.source.partition("\n")
            if " => " not in change or not reason.strip():
                raise GivenError(
                    f"{path.relative_to(root)}: an equivalent mutant is said as `before => after`, and then why: {change[:80]!r}"
                )
            equivalent.add(change.strip())
        elif cell.cell_type == "code" and "right" in tags:
            answers.append(Answer(exercise, tags["right"], True, cell.source))
        elif cell.cell_type == "code" and "wrong" in tags and tags.get("diagnosis"):
            answers.append(Answer(exercise, tags["wrong"], False, cell.source, tags["diagnosis"]))
        elif cell.cell_type == "code" and cell.source.strip():
            raise GivenError(
                f'{path.relative_to(root)}: a cell is neither right="…" nor wrong="…" diagnosis="…": {cell.source.splitlines()[0][:80]!r}'
            )
    n_right = sum(a.right for a in answers)
    if n_right < MIN_RIGHT or len(answers) - n_right < MIN_WRONG:
        raise GivenError(
            f"{path.relative_to(root)} has {n_right} right and {len(answers) - n_right} wrong answers: at least {MIN_RIGHT} and {MIN_WRONG} are wanted"
        )
    names = [(a.right, a.name) for a in answers]
    if len(set(names)) < len(names):
        raise GivenError(f"{path.relative_to(root)}: two answers have the same name")
    return Bank(exercise, tuple(answers), frozenset(equivalent))
