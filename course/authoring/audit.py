"""Is the grader right? Known answers and mutants of the reference, graded by the engine that grades a class."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from course.authoring.bank import Answer, read_bank
from course.authoring.mutate import MOST, evenly_chosen, mutants
from course.errors import GivenError
from course.grading import reference
from course.grading.execute import execute
from course.grading.released import Cell, Notebook, load_notebook
from course.grading.result import ExerciseScore
from course.grading.score import score
from course.grading.start import Starter, open_starter
from course.grading.watch import Limits

MIN_REJECTED, MIN_CAUGHT = 0.99, 0.95
_WORD = re.compile(r"\w+")
_LIMITS = Limits(cpu_seconds=3, wall_seconds=12)


@dataclass(frozen=True)
class ExerciseAudit:
    """How one exercise's checks fared. diagnosed: rejected, in that exercise alone, with the intended diagnosis.
    stands_alone: the reference passes without other exercises' tests cells, so that its mutants are judged fairly."""

    chapter: str
    id: str
    right_n: int
    right_accepted: int
    wrong_n: int
    wrong_rejected: int
    wrong_diagnosed: int
    mutants_n: int
    mutants_caught: int
    stands_alone: bool
    problems: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "chapter": self.chapter,
            "id": self.id,
            "right": {"n": self.right_n, "accepted": self.right_accepted},
            "wrong": {"n": self.wrong_n, "rejected": self.wrong_rejected, "diagnosed": self.wrong_diagnosed},
            "mutants": {"n": self.mutants_n, "caught": self.mutants_caught},
        }


@dataclass(frozen=True)
class AuditReport:
    exercises: tuple[ExerciseAudit, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(p for e in self.exercises for p in e.problems)

    @property
    def ok(self) -> bool:
        """All right answers accepted, 99 % of the wrong ones rejected with their diagnosis, 95 % of the mutants caught."""
        right, accepted, wrong, rejected, diagnosed, mutated, caught = self._totals()
        return (
            accepted == right
            and diagnosed >= MIN_REJECTED * wrong
            and rejected >= MIN_REJECTED * wrong
            and caught >= MIN_CAUGHT * mutated
            and all(e.stands_alone for e in self.exercises)
        )

    @property
    def summary(self) -> str:
        right, accepted, wrong, rejected, diagnosed, mutated, caught = self._totals()
        return (
            f"{accepted} of {right} right answers accepted; {rejected} of {wrong} wrong ones rejected in their own exercise, {diagnosed} with "
            f"the intended diagnosis; {caught} of {mutated} mutants caught"
            + (f" ({caught / mutated:.1%})" if mutated else "")
        )

    def _totals(self) -> tuple[int, ...]:
        fields = (
            "right_n",
            "right_accepted",
            "wrong_n",
            "wrong_rejected",
            "wrong_diagnosed",
            "mutants_n",
            "mutants_caught",
        )
        return tuple(sum(getattr(e, f) for e in self.exercises) for f in fields)

    def to_json(self) -> dict[str, Any]:
        """The document that `course audit --json` prints."""
        return {"exercises": [e.to_json() for e in self.exercises], "problems": list(self.problems)}


@dataclass(frozen=True)
class _Trial:
    """A solution cell put in the place of the reference's.

    kind: "right", "wrong", "mutant", or "alone": the reference itself, with no tests cells but its own, as mutants are
    tried; it must pass, else its checks live on what another exercise's tests cell defines, and every mutant seems caught.
    """

    chapter: str
    exercise: str
    kind: str
    name: str
    source: str
    diagnosis: str = ""


@dataclass(frozen=True)
class _Chapter:
    assignment: Notebook
    known: reference.Reference


def audit(
    root: Path,
    chapters: Sequence[str],
    jobs: int,
    most_mutants: int = MOST,
    on_progress: Callable[[int, int, str], None] = lambda done, total, last: None,
) -> AuditReport:
    """Try every answer of the banks of `chapters`, and of each exercise so many mutants. Raises GivenError when a bank is
    missing or malformed."""
    with open_starter(root) as starter:
        loaded, trials = {}, []
        for name in chapters:
            assignment = load_notebook(root, name)
            loaded[name] = _Chapter(assignment, reference.load(root, assignment, starter))
            trials += _trials(root, assignment, most_mutants)
        outcomes: dict[tuple[str, str], list[tuple[_Trial, str]]] = {}
        with ThreadPoolExecutor(jobs) as pool:
            judged = pool.map(lambda t: _judge(starter, root, loaded[t.chapter], t), trials)
            for done, (trial, problem) in enumerate(zip(trials, judged, strict=True), 1):
                outcomes.setdefault((trial.chapter, trial.exercise), []).append((trial, problem))
                on_progress(done, len(trials), f"{trial.chapter} {trial.exercise}")
    return AuditReport(tuple(_sum_up(*key, found) for key, found in outcomes.items()))


def _trials(root: Path, assignment: Notebook, most_mutants: int) -> Iterator[_Trial]:
    for cell in assignment.cells:
        if cell.kind != "solution":
            continue
        bank = read_bank(root, assignment.name, cell.exercise)
        for a in bank.answers:
            yield _of_answer(assignment.name, a)
        if not most_mutants:
            continue
        yield _Trial(
            assignment.name, cell.exercise, "alone", "the reference with its own tests cells alone", cell.source
        )
        made = mutants(cell.source)
        unequal = [mutant for mutant in made if mutant.change not in bank.equivalent]
        for mutant in evenly_chosen(unequal, most_mutants):
            yield _Trial(assignment.name, cell.exercise, "mutant", mutant.change, mutant.source)
        if unknown := set(bank.equivalent) - {mutant.change for mutant in made}:
            raise GivenError(
                f"tests/banks/{assignment.name}/{cell.exercise}.py names an equivalent mutant that is not made: {sorted(unknown)[0]}"
            )


def _of_answer(chapter: str, answer: Answer) -> _Trial:
    return _Trial(
        chapter, answer.exercise, "right" if answer.right else "wrong", answer.name, answer.source, answer.diagnosis
    )


def _judge(starter: Starter, root: Path, chapter: _Chapter, trial: _Trial) -> str:
    """ "" when the grader did right by the trial, else what it did."""
    assignment, known = chapter.assignment, chapter.known
    cells = tuple(_with(cell, trial) for cell in _concerned(assignment, trial))
    done = execute(
        starter, cells, known.swaps, _LIMITS, known.seconds, chapter=assignment.name, root=str(root), expectations=False
    )
    by_checks = {c.part for c in cells if c.kind == "tests"}
    scores = [
        s for s in score(root, replace(assignment, cells=cells), cells, done.runs, known.blocks) if s.part in by_checks
    ]
    own = [s for s in scores if s.id == trial.exercise and s.max_points]
    others = [s for s in scores if s.id != trial.exercise and s.points < s.max_points]
    return _verdict(trial, own, others)


def _concerned(assignment: Notebook, trial: _Trial) -> Iterator[Cell]:
    """The cells that a trial runs. Of other exercises' tests those that the answer can reach: behind a right answer all of
    them, behind a wrong one those in which a name that it defines comes up, by itself or through what is built on it. A
    mutant is judged by its own tests alone."""
    reached: set[str] = set()
    answered = False
    for cell in assignment.cells:
        own = cell.exercise == trial.exercise
        answered |= own and cell.kind == "solution"
        mentioned = not reached.isdisjoint(_WORD.findall(cell.source))
        if cell.kind in ("solution", "given") and (own or mentioned):
            reached |= _bound(cell.source) | (_bound(trial.source) if own else set())
        if cell.kind != "tests" or own or (trial.kind == "right" and answered) or (trial.kind == "wrong" and mentioned):
            yield cell


def _bound(source: str) -> set[str]:
    """The names that a cell binds, other than inside its functions and classes; none when it does not parse."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return set()
    made = (ast.FunctionDef, ast.ClassDef)
    plain = (node for line in body if not isinstance(line, made) for node in ast.walk(line))
    stored = {node.id for node in plain if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {line.name for line in body if isinstance(line, made)}


def _verdict(trial: _Trial, own: list[ExerciseScore], others: list[ExerciseScore]) -> str:
    lost = [s for s in own if s.points < s.max_points]
    if trial.kind in ("right", "alone"):
        failed = [*lost, *others]
        return f"not accepted ({failed[0].part}): {_flat(failed[0].message)}" if failed else ""
    if not lost:
        return "not rejected"
    if others:
        return f"loses points in {others[0].part} too: {_flat(others[0].message)}"
    told = [s.diagnosis for s in lost]
    if trial.kind == "wrong" and trial.diagnosis not in told:
        return f"diagnosed as {told[0]}, and not as {trial.diagnosis}: {_flat(lost[0].message)}"
    return ""


def _with(cell: Cell, trial: _Trial) -> Cell:
    return replace(cell, source=trial.source) if cell.kind == "solution" and cell.exercise == trial.exercise else cell


def _flat(text: str) -> str:
    return " / ".join(text.splitlines())[:300]


def _sum_up(chapter: str, exercise: str, outcomes: list[tuple[_Trial, str]]) -> ExerciseAudit:
    def count(kind: str, *allowed: str) -> int:
        return sum(t.kind == kind and (not problem or problem.startswith(allowed)) for t, problem in outcomes)

    def number(kind: str) -> int:
        return sum(t.kind == kind for t, _ in outcomes)

    problems = tuple(f"{chapter} {exercise}: {t.kind} `{t.name}` {problem}" for t, problem in outcomes if problem)
    return ExerciseAudit(
        chapter,
        exercise,
        number("right"),
        count("right"),
        number("wrong"),
        count("wrong", "diagnosed as"),
        count("wrong"),
        number("mutant"),
        count("mutant"),
        not any(t.kind == "alone" and problem for t, problem in outcomes),
        problems,
    )
