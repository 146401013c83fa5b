"""Ahead of time: a training step compiled for a TPU that is not here, and split over eight devices that are virtual.

JAX itself runs on the processor. libtpu, where it is installed, is the TPU's own compiler and needs no TPU; without it
a step is lowered for the platform "tpu", which still finds operations that a TPU does not have, and nothing about memory.
Neither says anything about numbers or speed on the chip.
"""

import hashlib
import importlib.util
import json
import os
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from course.authoring.capture import Step, shapes, watch

ONE_CHIP = "v5e:1x1"  # as Colab lends it: 16 GB
EIGHT_CHIPS = "v5e:2x4"
DEVICES = 8
LOWERED = "lowered only"  # what the record says in the place of the topology, without libtpu
STEPS = 3
# How far weights may be from each other after STEPS steps, in parts of the way that they went (lengths of vectors over
# all weights). A sum over eight parts of a batch adds in another order: each gradient differs by some 1e-7 of its terms,
# which the terms' cancelling and an optimizer's division by small numbers enlarge. A part of the batch left out, or a
# sum in the place of a mean, is a difference of a tenth and more.
TOLERANCE = 1e-3
FLOAT32_ROUNDING = 2.0**-23


def begin(record: str, precision: str, most: int | None, eight: bool) -> None:
    """The first, hidden cell of a lesson: from here on each training step is compiled, and the record gets a line of JSON.

    precision: the dtype policy in the place of "float32". most: as in `capture.watch`. eight: also over eight devices.
    """
    os.environ["JAX_PLATFORMS"] = "cpu"
    flags = f"--xla_force_host_platform_device_count={DEVICES}" if eight else ""
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flags}".strip()
    compilers = {name: _chips(name) for name in ((ONE_CHIP, EIGHT_CHIPS) if eight else (ONE_CHIP,))}
    _insist_on(precision)
    _silence_checks()
    programs: set[str] = set()

    def found(step: Step) -> None:
        line = {"kind": step.kind, "model": step.model, "parameters": step.parameters}
        line |= {"batch": shapes(step.batch), "precision": precision}
        program = _program(step)
        if program in programs:
            return
        programs.add(program)
        line |= compile_step(step, compilers[ONE_CHIP])
        if eight:
            line["eight"] = split_step(step, compilers[EIGHT_CHIPS], with_weights=precision == "float32")
        with Path(record).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line) + "\n")

    watch(found, most)


def compile_step(step: Step, chips: list | None) -> dict[str, Any]:
    """{"target", "ok", "seconds"} and, where it compiles, {"hbm_mb", "flops"}; else "error", the first line of it.

    chips: the one that it is compiled for; None where libtpu is missing.
    """
    import jax

    began = time.monotonic()
    told: dict[str, Any] = {"target": ONE_CHIP if chips else LOWERED}
    if step.function is None:
        error = "Keras does not compile this step (jit_compile is off, for it or for a layer), so a TPU would run its operations one by one"
        return {**told, "ok": False, "error": error, "seconds": 0.0}
    with _error_of(told):
        if chips:
            sharding = jax.sharding.SingleDeviceSharding(chips[0])
            told |= _compile(step.function, _specs((*step.carried, *step.batch), sharding))
        else:
            arguments = _specs((*step.carried, *step.batch))
            step.function.trace(*arguments).lower(lowering_platforms=("tpu",))
    return {**told, "ok": "error" not in told, "seconds": round(time.monotonic() - began, 2)}


def split_step(step: Step, chips: list | None, with_weights: bool) -> dict[str, Any]:
    """The same step with its batch over eight devices: as `compile_step`, and {"batch", "gap", "tolerance"}.

    with_weights: take STEPS steps on eight virtual devices of this process and on one; "gap" is how far the weights are
    from each other, "tolerance" how far they may be (both in parts of the way that they went).
    """
    import jax

    began = time.monotonic()
    told: dict[str, Any] = {"target": EIGHT_CHIPS if chips else LOWERED}
    rows = _rows(step.batch)
    if step.function is None or rows < DEVICES:
        why = "the step is not compiled" if step.function is None else _why_whole(step.batch, rows)
        return {**told, "ok": False, "error": f"not split: {why}"}
    batch = _first_rows(step.batch, rows, rows - rows % DEVICES)
    told["batch"] = rows - rows % DEVICES
    with _error_of(told):
        if chips:
            whole, parts = _shardings(chips)
            told |= _compile(step.function, (*_specs(step.carried, whole), *_specs(batch, parts)))
        if with_weights:
            told |= _compare(step, batch, jax.devices()[:DEVICES])
    return {**told, "ok": "error" not in told, "seconds": round(time.monotonic() - began, 2)}


def _compile(function: Any, arguments: tuple) -> dict[str, float]:
    compiled = function.lower(*arguments).compile()
    memory, cost = compiled.memory_analysis(), compiled.cost_analysis() or {}
    # What is given and donated is not needed twice.
    used = memory.argument_size_in_bytes + memory.output_size_in_bytes - memory.alias_size_in_bytes
    return {"hbm_mb": round((used + memory.temp_size_in_bytes) / 1e6, 2), "flops": cost.get("flops")}


def _compare(step: Step, batch: tuple, devices: list) -> dict[str, Any]:
    """{"gap", "tolerance"} after the last step, and the "error" that says why these are not the same weights."""
    import jax
    import numpy as np

    whole, parts = _shardings(devices)
    one = jax.sharding.SingleDeviceSharding(devices[0])
    start = _flat(step.weights(step.carried))
    paths = []
    for carried_on, batch_on in ((one, one), (whole, parts)):
        # Copies: a step takes over the memory of what it is given.
        carried = jax.tree.map(lambda a, on=carried_on: jax.device_put(np.array(a), on), step.carried)
        placed = jax.tree.map(lambda a, on=batch_on: jax.device_put(np.array(a), on), batch)
        path = []
        for _ in range(1 if step.kind == "value_and_grad" else STEPS):
            carried = jax.block_until_ready(step.advance(carried, step.function(*carried, *placed)))
            path.append(_flat(step.weights(carried)))
        paths.append(path)
    ways = [np.linalg.norm(alone - start) for alone in paths[0]]
    way = ways[-1]
    if not np.isfinite(way) or way == 0:
        return {
            "error": f"nothing to compare: after {STEPS} steps the weights {'stand still' if way == 0 else 'are not finite'}"
        }
    # A way of nothing, before the last step, is no gap where the other stood still, too.
    gaps = [float(np.linalg.norm(b - a) / (w or way)) for a, b, w in zip(*paths, ways, strict=True)]
    # Weights themselves are rounded, each time that something small is added to them.
    tolerance = float(TOLERANCE + STEPS * FLOAT32_ROUNDING * np.linalg.norm(start) / way)
    told = {"gap": gaps[-1], "tolerance": tolerance}
    if not gaps[-1] <= tolerance:
        # Step by step: what is left out in splitting is missing from the first one on; rounding grows.
        after = ", ".join(f"{gap:.1e}" for gap in gaps)
        told["error"] = f"the weights differ by {after} of their way after each step, allowed is {tolerance:.0e}"
    return told


def _flat(arrays: Any):
    import numpy as np

    return np.concatenate([np.asarray(a, dtype=np.float64).ravel() for a in arrays] or [np.zeros(0)])


def _rows(batch: tuple) -> int:
    """How many examples the batch has: the length that all of its arrays share; 0 where there is none."""
    lengths = {shape[0] if shape else 0 for shape in shapes(batch)}
    return lengths.pop() if len(lengths) == 1 else 0


def _why_whole(batch: tuple, rows: int) -> str:
    if not shapes(batch):
        return "it takes no batch"
    return f"a batch of {rows} is less than one example for each device" if rows else "its arguments share no batch"


def _first_rows(batch: tuple, rows: int, kept: int) -> tuple:
    import jax

    return jax.tree.map(lambda a: a[:kept], batch) if kept < rows else batch


def _specs(tree: Any, sharding: Any = None) -> Any:
    """What the compiler needs of each array: shape and type, and where it lies."""
    import jax

    def spec(leaf):
        kind = jax.typeof(jax.numpy.asarray(leaf))
        return jax.ShapeDtypeStruct(kind.shape, kind.dtype, sharding=sharding, weak_type=kind.weak_type)

    return jax.tree.map(spec, tree)


def _shardings(devices: list) -> tuple[Any, Any]:
    """A whole copy on each device, and the first axis in equal parts."""
    import jax
    from jax.sharding import NamedSharding, PartitionSpec

    mesh = jax.sharding.Mesh(devices, ("batch",))
    return NamedSharding(mesh, PartitionSpec()), NamedSharding(mesh, PartitionSpec("batch"))


def _program(step: Step) -> str:
    """A name for what would be compiled: the same for two models that differ in their numbers alone."""
    told = {"shape": [step.kind, step.model, step.parameters, shapes(step.batch)]}
    if step.function is not None:
        with _error_of(told):
            told["text"] = step.function.lower(*_specs((*step.carried, *step.batch))).as_text()
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _chips(topology: str) -> list | None:
    """The chips of a TPU that is not here, as libtpu describes them; None where libtpu is not installed."""
    if importlib.util.find_spec("libtpu") is None:
        return None
    from jax.experimental import topologies

    # libtpu would ask the network which machine this is. What it is told here must not tell the lesson of a TPU.
    pretended = {
        "TPU_SKIP_MDS_QUERY": "1",
        "TPU_ACCELERATOR_TYPE": "v5litepod-1",
        "TPU_WORKER_HOSTNAMES": "localhost",
        "ALLOW_MULTIPLE_LIBTPU_LOAD": "1",
    }
    before = {name: os.environ.get(name) for name in pretended}
    os.environ.update(pretended)
    bounds = {"chips_per_host_bounds": (1, 1, 1)} if topology.endswith("1x1") else {}
    try:
        return list(topologies.get_topology_desc(platform="tpu", topology_name=topology, **bounds).devices)
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _insist_on(precision: str) -> None:
    """`setup` in the next cell sets "float32": `precision` takes its place."""
    import keras

    set_policy: Callable = keras.config.set_dtype_policy
    keras.config.set_dtype_policy = lambda policy: set_policy(precision if policy == "float32" else policy)


def _silence_checks() -> None:
    """An answer whose training was cut short, or that is rounded to bfloat16, is not judged: it must not stop the notebook."""
    from course.checks.session import current

    current.finish = lambda block: None


@contextmanager
def _error_of(told: dict[str, Any]):
    """Whatever the compiler says against a step is what we want to know: its first line goes to told["error"]."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  a compiler's errors have no common class
        lines = str(error).strip().splitlines() or [""]
        told["error"] = f"{type(error).__name__}: {lines[0]}"[:300]
