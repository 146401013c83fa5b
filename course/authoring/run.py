"""Executes lessons in fresh kernels and holds every number that they claim: what `course run` does."""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from course.authoring import ledger
from course.authoring.build import Progress, source_path, stopped
from course.authoring.kernel import CELL_TIMEOUT_S, Execution, execute
from course.authoring.lesson import lesson_notebook
from course.authoring.pages import read_address
from course.authoring.source import Claim, Source, read_source
from course.checks.claims import CLAIM_TYPE
from course.errors import GivenError

LIMIT_S = 180  # at the scale of a laptop, on two quiet cores: what a ledger may record
_PATIENCE_S = 7200  # for a cell at a larger scale


@dataclass(frozen=True)
class ClaimResult:
    """One claim held against what was measured. `value` is None when it was not measured, or is not a finite number."""

    name: str
    value: float | None
    target: float | None  # None: the front matter does not declare it
    tolerance: float | None
    ok: bool


@dataclass(frozen=True)
class LessonRun:
    chapter: str
    backend: str
    seconds: float
    peak_mb: float | None
    ok: bool
    claims: tuple[ClaimResult, ...] = ()
    problems: tuple[str, ...] = ()  # one line each; empty when ok
    notes: tuple[str, ...] = ()  # what to know of it, and no reason to call it wrong
    versions: dict[str, str] = field(default_factory=dict)
    scale: str = "cpu"
    device: str | None = None

    def to_json(self) -> dict:
        entry = asdict(self)
        entry["seconds"] = round(self.seconds, 1)
        entry["peak_mb"] = self.peak_mb if self.peak_mb is None else round(self.peak_mb)
        return entry


def runs_json(runs: Sequence[LessonRun]) -> dict:
    """The document that `course run --json` prints."""
    return {"lessons": [run.to_json() for run in runs]}


def run_lessons(
    root: Path,
    chapters: Sequence[str] | None = None,
    jobs: int = 1,
    backend: str = "tensorflow",
    on_progress: Progress | None = None,
    record: bool = False,
    scale: str = "cpu",
) -> list[LessonRun]:
    """Execute these lessons (default: all), `jobs` at a time, and hold their claims. The built notebooks stay as they are.

    Seconds are a fact about a machine and what else it does: a lesson that takes longer than the limit is noted. The
    limit is held where seconds are recorded, and so by each ledger.
    record: write what was measured to each lesson's ledger, if the lesson is all right.
    """
    tell = on_progress or (lambda chapter, message: None)
    chapters = lesson_names(root) if chapters is None else list(chapters)
    runs: dict[str, LessonRun] = {}
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        waiting = [pool.submit(_run_one, root, chapter, backend, scale, record, tell) for chapter in chapters]
        try:
            for done in as_completed(waiting):
                run = done.result()
                runs[run.chapter] = run
                if record and run.ok:
                    _record(root, run)
                tell(run.chapter, f"{'ok' if run.ok else 'NOT OK'} in {run.seconds:.0f} s")
        except BaseException:  # Ctrl-C: lessons that have not begun do not begin
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [runs[chapter] for chapter in chapters]


def lesson_names(root: Path) -> list[str]:
    return sorted(path.stem for path in (root / "lessons").glob("*/*.py") if path.stem == path.parent.name)


def _run_one(root: Path, chapter: str, backend: str, scale: str, record: bool, tell: Progress) -> LessonRun:
    try:
        source = read_source(source_path(root, "lessons", chapter))
        fresh = lesson_notebook(root, source, read_address(root))
    except GivenError as error:
        return LessonRun(chapter, backend, 0.0, None, ok=False, problems=(str(error),), scale=scale)
    tell(chapter, f"executing on {backend}")
    patience = CELL_TIMEOUT_S if scale == "cpu" else _PATIENCE_S
    execution = execute(fresh, source.path.parent, backend, scale, patience)
    return judge(root, source, backend, execution, scale, held_to_limit=record)


def judge(
    root: Path, source: Source, backend: str, execution: Execution, scale: str = "cpu", held_to_limit: bool = False
) -> LessonRun:
    """Hold an execution against the front matter: it ended, and every claim holds at this scale.

    held_to_limit: more seconds than the limit are a problem, not a note.
    """
    problems, notes = [], []
    if execution.failure is not None:
        problems.append(stopped(root, source, backend, execution.failure))
    if scale == "cpu" and execution.seconds > LIMIT_S:
        took = f"lessons/{source.chapter}: took {execution.seconds:.0f} s"
        if held_to_limit:
            problems.append(f"{took}, and a ledger records at most {LIMIT_S} s: nothing else should run, or do less in it")
        else:
            notes.append(f"{took} on this machine, as it is just now; the limit for two quiet cores is {LIMIT_S} s")
    claims, broken = hold_claims([claim.at(scale) for claim in source.front.claims], claims_made(execution.notebook))
    problems += [f"lessons/{source.chapter}: {line}" for line in broken]
    return LessonRun(
        source.chapter,
        backend,
        execution.seconds,
        execution.peak_mb,
        ok=not problems,
        claims=claims,
        problems=tuple(problems),
        notes=tuple(notes),
        versions=dict(execution.versions),
        scale=scale,
        device=execution.device,
    )


def claims_made(notebook: NotebookNode) -> list[tuple[str, object]]:
    """The claims among a notebook's outputs, in order."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    made = [output["data"][CLAIM_TYPE] for output in outputs if CLAIM_TYPE in output.get("data", {})]
    return [(str(claim.get("name")), claim.get("value")) for claim in made]


def hold_claims(
    declared: Sequence[Claim], made: Sequence[tuple[str, object]]
) -> tuple[tuple[ClaimResult, ...], tuple[str, ...]]:
    """Each declared claim with what was measured, then the undeclared ones; and a line for each that does not hold."""
    results, broken = [], []
    for claim in declared:
        values = [value for name, value in made if name == claim.name]
        value = _finite(values[-1]) if values else None
        ok = len(values) == 1 and value is not None and claim.holds(value)
        results.append(ClaimResult(claim.name, value, claim.value, claim.tolerance, ok))
        if not ok:
            broken.append(f"claim {claim.name!r}: {_why(claim, values, value)}")
    known = {claim.name for claim in declared}
    for name, value in made:
        if name not in known:
            results.append(ClaimResult(name, _finite(value), None, None, ok=False))
            broken.append(f"claim {name!r} is made, but the front matter does not declare it: write [claims.{name}]")
    return tuple(results), tuple(broken)


def _finite(value: object) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if number else None


def _why(claim: Claim, values: Sequence[object], value: float | None) -> str:
    if not values:
        return "declared, but never made"
    if len(values) > 1:
        return f"made {len(values)} times, once is enough"
    if value is None:
        return f"measured {values[0]!r}, which is not a finite number"
    return f"measured {value:g}, claimed {claim.value:g} ± {claim.tolerance:g}"


def _record(root: Path, run: LessonRun) -> None:
    values = {claim.name: claim.value for claim in run.claims if claim.value is not None}
    measured = {
        "seconds": round(run.seconds, 1),
        "peak_mb": run.peak_mb if run.peak_mb is None else round(run.peak_mb),
        "claims": {name: float(f"{value:.6g}") for name, value in values.items()},
        "versions": dict(run.versions),
        "device": run.device,
    }
    ledger.record(root, run.chapter, run.backend, run.scale, measured)
