"""Runs a notebook in a fresh kernel and measures it: outputs, wall seconds, peak memory, versions, and what stopped it."""

import copy
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from course import progress

# The same on every machine, because another thread count changes the last bits of a convolution, and so a figure.
THREADS = 2
CELL_TIMEOUT_S = 600

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# VmHWM belongs to this process alone; ru_maxrss also remembers the process that started it. Windows has neither.
_PROBE = """\
def _course_probe():
    import json, platform, sys
    try:
        with open("/proc/self/status") as status:
            peak = next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        try:
            import resource
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        except ImportError:
            import psutil  # which the kernel itself needs
            peak = psutil.Process().memory_info().peak_wset
    versions = {"python": platform.python_version()}
    for name in ("numpy", "keras", "tensorflow", "jax", "sklearn", "matplotlib"):
        if name in sys.modules:
            versions[name] = getattr(sys.modules[name], "__version__", "?")
    device = None
    if {"course.runtime", "keras"} <= set(sys.modules):
        runtime, keras = sys.modules["course.runtime"], sys.modules["keras"]
        kind, name = runtime.devices(keras.config.backend())[0]
        device = f"{runtime.cores()} CPU cores" if kind == "cpu" else f"{kind.upper()} {name}"
    print(json.dumps({"peak_mb": peak / 1024**2, "versions": versions, "device": device}))
_course_probe()
"""


@dataclass(frozen=True)
class Failure:
    """What stopped a notebook."""

    cell: int  # its index in the notebook
    first_line: str  # of its code, comments aside
    error: str  # the last line of the error: "NameError: name 'x' is not defined"
    traceback: str

    def __str__(self) -> str:
        return f"the cell `{self.first_line}` stopped: {self.error}"


@dataclass(frozen=True)
class Execution:
    notebook: NotebookNode  # executed, as far as it went
    seconds: float  # wall, from the start of the kernel: imports are in it
    peak_mb: float | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    failure: Failure | None = None
    device: str | None = None  # "2 CPU cores", "GPU NVIDIA A100": what Keras ran on


def execute(
    notebook: NotebookNode, folder: Path, backend: str, scale: str = "cpu", timeout: float = CELL_TIMEOUT_S
) -> Execution:
    """Execute a copy of `notebook` with `folder` as the working directory, Keras on `backend`, experiments of this scale."""
    executed = copy.deepcopy(notebook)
    client = NotebookClient(
        executed,
        kernel_name="python3",
        timeout=timeout,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        allow_errors=False,
        extra_arguments=["--log-level=ERROR"],  # the kernel warns, on our stderr, that it speaks TCP
    )
    with tempfile.TemporaryDirectory(prefix="course-ipython-") as profile:
        # What the kernel's process itself says (a crash, a library's notice) goes to a file; a cell's own text does not.
        noise = Path(profile) / "stderr.txt"
        begin = time.monotonic()
        with (
            noise.open("w", encoding="utf-8") as stderr,
            client.setup_kernel(env=_environment(backend, scale, profile), cwd=str(folder), stderr=stderr),
        ):
            failure = _run_cells(client, noise)
            seconds = time.monotonic() - begin
            probe = _probe(client) if failure is None else {}
    return Execution(executed, seconds, probe.get("peak_mb"), probe.get("versions", {}), failure, probe.get("device"))


def _environment(backend: str, scale: str, profile: str) -> dict[str, str]:
    """The kernel's environment: its backend, scale and threads fixed, and nothing of the user's own IPython start-up."""
    threads = {name: str(THREADS) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")}
    return {
        **os.environ,
        **threads,
        "TF_NUM_INTEROP_THREADS": "1",
        "KERAS_BACKEND": backend,
        "COURSE_SCALE": scale,
        "IPYTHONDIR": profile,
        progress.SWITCH: "off",  # this is no student at work
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the kernel's debugger writes a warning to stderr without it
    }


def _run_cells(client: NotebookClient, noise: Path) -> Failure | None:
    for index, cell in enumerate(client.nb.cells):
        try:
            client.execute_cell(cell, index)
        except CellExecutionError as error:
            last = f"{error.ename}: {error.evalue}".strip().splitlines()
            return _failure(index, cell, last[0] if last else "error", _ANSI.sub("", error.traceback))
        except CellTimeoutError as error:
            return _failure(index, cell, f"no end after {client.timeout} s", str(error))
        except (DeadKernelError, Empty) as error:
            said = noise.read_text(encoding="utf-8", errors="replace")[-4000:]
            return _failure(index, cell, "the kernel died (out of memory?)", f"{error!r}\n{said}")
    return None


def _failure(index: int, cell: NotebookNode, error: str, traceback: str) -> Failure:
    lines = [line.strip() for line in cell.source.splitlines()]
    told = next((line for line in lines if line and not line.startswith("#")), "")
    return Failure(index, told, error, traceback)


def _probe(client: NotebookClient) -> dict:
    """Ask the kernel, after the last cell, what it used. The question leaves no trace in the notebook."""
    client.nb.cells.append(nbformat.v4.new_code_cell(_PROBE))
    try:
        cell = client.execute_cell(client.nb.cells[-1], len(client.nb.cells) - 1, store_history=False)
        return json.loads(cell.outputs[0]["text"])
    except (CellExecutionError, DeadKernelError, IndexError, KeyError, ValueError) as error:
        return {"versions": {"python": sys.version.split()[0], "probe": f"no answer: {error!r}"[:200]}}
    finally:
        client.nb.cells.pop()
