"""What `course doctor --tpu` prints for people: each training step, and what the TPU's compiler made of it."""

from collections.abc import Iterable, Mapping

from course.console import state, table
from course.tables import Lines, note, problem


def compiled(runs: Iterable, eight: bool) -> Lines:
    """Each training step that the notebooks take, and what the TPU's compiler made of it."""
    runs = list(runs)
    columns = ("chapter", "in", "step", "of", "numbers", "batch", "precision", "target", "", "HBM MB", "Mflop", "s")
    yield table(
        "Training steps, compiled for a TPU that is not here",
        (*columns, "on eight") if eight else columns,
        (
            (
                *(run.chapter, run.room, step["kind"], step["model"], f"{step['parameters']:,}"),
                *(" ".join("x".join(map(str, shape)) or "-" for shape in step["batch"]) or "none", step["precision"]),
                *(step["target"], state("ok" if step["ok"] else "NOT OK")),
                *(f"{step['hbm_mb']:.1f}" if "hbm_mb" in step else "", _mega(step.get("flops"))),
                *(f"{step['seconds']:.1f}", *([_on_eight(step)] if eight else [])),
            )
            for run in runs
            for step in run.models
        ),
        right=("numbers", "HBM MB", "Mflop", "s"),
    )
    for how in dict.fromkeys(run.how for run in runs):
        some = [f"{run.room}/{run.chapter} ({run.precision})" for run in runs if run.how == how]
        yield note(f"{len(some)} of {len(runs)}" if len(some) > 3 else ", ".join(some), f"notebooks run {how}:")
    for run in runs:
        if run.problem:
            yield problem(f"{run.room}/{run.chapter} ({run.precision}): {run.problem}")
        yield from (
            problem(f"{run.room}/{run.chapter} ({run.precision}), {step['model']}: {step['error']}")
            for step in run.models
            if not step["ok"]
        )
    if any("hbm_mb" not in step for run in runs for step in run.models if step["ok"]):
        yield note(
            'libtpu is not installed, so steps were lowered and not compiled: `pip install "deep-learning-course[tpu]"` (Linux x86_64)'
        )
    yield "That a step compiles says that a TPU can run it and has the memory: nothing about its numbers, or its speed."


def _mega(flops: float | None) -> str:
    return "" if flops is None else f"{flops / 1e6:.1f}"


def _on_eight(step: Mapping) -> str:
    split = step["eight"]
    if not split["ok"]:
        return split["error"]
    return "ok" + (f", weights {split['gap']:.0e} apart" if "gap" in split else "")
