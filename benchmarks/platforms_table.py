"""From results/matrix.json to the table in docs/PLATFORMS.md: one row for each chapter, and a reason for each cell that is not green."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- computed by benchmarks/matrix.py: begin -->", "<!-- computed by benchmarks/matrix.py: end -->"
HEADS = (
    "chapter",
    "TensorFlow, CPU",
    "JAX, CPU",
    "no TensorFlow",
    "TPU compile, float32",
    "TPU compile, mixed_bfloat16",
    "eight devices",
    "GPU",
)
NOT_RUN = "not run"


def write(page: Path, results: Mapping[str, Any], chapters: Sequence[str]) -> None:
    """Put the table between its markers in `page`; what stands around it stays."""
    text = page.read_text(encoding="utf-8")
    before, found, rest = text.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not (found and closed):
        raise SystemExit(f"{page} has no place for the table: write {BEGIN} and {END} into it")
    page.write_text(f"{before}{BEGIN}\n\n{table(results, chapters)}\n\n{END}{after}", encoding="utf-8")


def table(results: Mapping[str, Any], chapters: Sequence[str]) -> str:
    """The table and, below it, the reasons."""
    rows, reasons = [], []
    for chapter in chapters:
        cells = results["chapters"].get(chapter, {})
        row, why = _row(cells, "ModuleNotFoundError" in results.get("import tensorflow", ""))
        rows.append((chapter, *row, ""))
        reasons += [f"- **{chapter}**: {line}" for line in dict.fromkeys(why)]
    lines = [HEADS, tuple("---" for _ in HEADS), *rows]
    told = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return told + ("\n\nNot green, or only in part:\n\n" + "\n".join(reasons) if reasons else "")


def _row(cells: Mapping[str, Any], no_tensorflow: bool) -> tuple[list[str], list[str]]:
    why: list[str] = []
    both = {backend: [cells.get(backend), cells.get(f"{backend} solution")] for backend in ("tensorflow", "jax")}
    for run in (run for runs in both.values() for run in runs if run):
        why += run["problems"]
    row = [_ran(both["tensorflow"]), _ran(both["jax"])]
    row.append("" if not no_tensorflow else "✓" if all(run and run["ok"] for run in both["jax"]) else _ran(both["jax"]))
    for precision in ("float32", "mixed_bfloat16"):
        runs = [cells.get(f"tpu {precision}"), cells.get(f"tpu {precision} solution")]
        row.append(_compiled(runs))
        why += _why_not_compiled(runs, precision)
    runs = [cells.get("tpu float32"), cells.get("tpu float32 solution")]
    row.append(_split(runs))
    why += _why_not_split(runs)
    return row, why


def _ran(runs: Sequence[Mapping | None]) -> str:
    """The lesson with its claims, and the solution with its checks."""
    lesson, solution = runs
    told = []
    if lesson:
        held = sum(claim["ok"] for claim in lesson.get("claims", ()))
        told.append(f"{_mark(lesson)} {held} of {len(lesson.get('claims', ()))} claims")
    if solution:
        told.append(f"{_mark(solution)} {solution.get('passed', 0)} of {solution.get('of', 0)} checks")
    if not (lesson and solution):
        told.append(NOT_RUN if not told else f"{'solution' if lesson else 'lesson'} {NOT_RUN}")
    return ", ".join(told)


def _compiled(runs: Sequence[Mapping | None]) -> str:
    steps = list(_steps(runs))
    if not any(runs):
        return NOT_RUN
    good = [step for step in steps if step["ok"]]
    memory = max((step.get("hbm_mb", 0) for step in good), default=0)
    told = f"{'✓' if len(good) == len(steps) and _ended(runs) else '✗'} {len(good)} of {len(steps)} steps"
    return f"{told}, at most {memory:,.1f} MB" if memory else told


def _split(runs: Sequence[Mapping | None]) -> str:
    steps = [step for step in _steps(runs) if "eight" in step]
    if not any(runs):
        return NOT_RUN
    tried = [step["eight"] for step in steps if "batch" in step["eight"]]
    good = [split for split in tried if split["ok"]]
    gap = max((split["gap"] for split in tried if "gap" in split), default=None)
    told = f"{'✓' if len(good) == len(tried) and _ended(runs) else '✗'} {len(good)} of {len(tried)} steps"
    whole = len(steps) - len(tried)
    return told + (f", at most {gap:.0e} apart" if gap is not None else "") + (f"; {whole} not split" if whole else "")


def _why_not_compiled(runs: Sequence[Mapping | None], precision: str) -> Iterator[str]:
    for run in runs:
        if not run:
            continue
        if run.get("problem"):
            yield f"{run['room']} in {precision}, run {run['how']}: {run['problem']}"
        yield from run.get("problems", ())
        for step in run.get("models", ()):
            if not step["ok"]:
                yield f"{step['model']} in {precision}: {step['error']}"


def _why_not_split(runs: Sequence[Mapping | None]) -> Iterator[str]:
    """The same reason of several steps is one line."""
    told: dict[str, list[str]] = {}
    for step in _steps(runs):
        if not step.get("eight", {"ok": True})["ok"]:
            told.setdefault(step["eight"]["error"], []).append(step["model"])
    for error, models in told.items():
        some = ", ".join(dict.fromkeys(models))
        yield f"over eight devices, {len(models)} step{'s' * (len(models) != 1)} ({some}): {error}"


def _steps(runs: Sequence[Mapping | None]) -> Iterator[Mapping]:
    for run in runs:
        yield from (run or {}).get("models", ())


def _ended(runs: Sequence[Mapping | None]) -> bool:
    return all(run is None or not (run.get("problem") or run.get("problems")) for run in runs)


def _mark(run: Mapping) -> str:
    return "✓" if run["ok"] else "✗"
