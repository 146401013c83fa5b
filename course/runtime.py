"""What has to be settled before Keras is imported: backend, device, seeds, precision, and silence on stderr.

Importing this module does nothing and imports neither Keras nor NumPy; `setup` does the work when it is called. So a
process may import it early and be forked later, which TensorFlow forbids after its first operation.
"""

import importlib
import importlib.util
import io
import logging
import os
import platform
import re
import sys
import warnings
from importlib import metadata

from course.errors import GivenError

BACKENDS = ("tensorflow", "jax")
DEVICES = ("cpu", "gpu", "tpu")
_SCALE = "COURSE_SCALE"

# The libraries write notices to file descriptor 2 on import and at their first operation, and a grader may take any
# text on stderr as a failure. A value that the reader has set is kept.
_QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",  # the oneDNN notice is written at every log level; off also means the same last bits
    "ABSL_MIN_LOG_LEVEL": "3",
    "GRPC_VERBOSITY": "ERROR",
}
# Take memory of a GPU as it is needed, so that two notebooks fit on one.
_SHARED_GPU = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}


class Scale(str):
    """How large a lesson's experiments are: "cpu", "gpu" or "tpu", after the device that runs them.

    Called with a value for each, it gives the one that is meant; a TPU takes the GPU's where it has none of its own:

    >>> scale = Scale("tpu")
    >>> scale(cpu=3, gpu=30)
    30
    """

    def __call__(self, *, cpu, gpu, tpu=None):
        return {"cpu": cpu, "gpu": gpu, "tpu": gpu if tpu is None else tpu}[str(self)]

    def _ipython_display_(self) -> None:
        """Nothing: `setup` may be the last line of a cell."""


def setup(
    chapter: str = "",
    *,
    backend: str | None = None,
    device: str | None = None,
    seed: int | None = None,
    precision: str | None = None,
    scale: str | None = None,
) -> Scale:
    """Prepare the machine for one chapter, say in one line what was prepared, and give the scale. Running it again is safe.

    chapter: the chapter's name, as "02_layers"; its number is the seed when none is given.
    backend: "tensorflow" or "jax"; else KERAS_BACKEND; else JAX on a TPU; else TensorFlow when installed; else JAX.
    device: "cpu", "gpu" or "tpu" to insist on one; otherwise the best that there is.
    precision: a Keras dtype policy, as "mixed_bfloat16"; "float32" when none is given.
    scale: "cpu", "gpu" or "tpu", the size of the experiments; else COURSE_SCALE; else after the device. A laptop runs
    the large experiments as well, and takes its time.
    """
    scale = _checked_scale(scale)
    backend = _choose_backend(backend)
    _prepare_environment(backend, device)
    _keep_notebook_clean()
    keras = _import_keras(backend)
    found = devices(backend)
    if device and not any(kind == device for kind, _ in found):
        raise GivenError(
            f"setup(device={device!r}): this machine offers {backend} no {device.upper()}; "
            "leave device out, or choose a runtime that has one and restart the kernel"
        )
    seed = _seed_of(chapter) if seed is None else seed
    keras.utils.set_random_seed(seed)
    keras.config.set_dtype_policy(precision or "float32")
    # The checks tell hints of the chapter that was set up last.
    begin = getattr(importlib.import_module("course.checks"), "begin", None)
    if begin is not None:
        begin(chapter)
    scale = Scale(scale or (found[0][0] if found[0][0] in DEVICES else "cpu"))
    print(_banner(chapter, keras, backend, found, precision or "float32", seed, scale))
    return scale


def describe() -> dict:
    """What this machine has, for `course doctor`: versions, devices, cores, whether it is Colab. Imports the backend."""
    packages = ("numpy", "keras", "tensorflow", "tensorflow-cpu", "jax", "scikit-learn", "matplotlib", "nbgrader")
    report = {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": cores(),
        "colab": on_colab(),
        "backend": None,
        "versions": {name: version for name in packages if (version := _version(name))},
        "devices": [],
    }
    try:
        backend = _choose_backend(None)
        _prepare_environment(backend, None)
        _import_keras(backend)
    except GivenError as error:
        return report | {"problem": str(error)}
    found = [{"kind": kind, "name": name} for kind, name in devices(backend)]
    return report | {"backend": backend, "devices": found}


def on_colab() -> bool:
    """Whether this is a Colab machine of any kind."""
    return "COLAB_RELEASE_TAG" in os.environ


def in_notebook() -> bool:
    """Whether the code runs in a Jupyter kernel, whoever drives it."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def cores() -> int:
    """How many processor cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows cannot say
        return os.cpu_count() or 1


def _choose_backend(given: str | None) -> str:
    loaded = _loaded_backend()
    chosen = given or os.environ.get("KERAS_BACKEND") or loaded or _installed_backend()
    if chosen not in BACKENDS:
        raise GivenError(
            f"the course runs on {' or '.join(BACKENDS)}, not on {chosen!r}: set KERAS_BACKEND to one of them"
        )
    if loaded and loaded != chosen:
        raise GivenError(
            f"Keras already runs on {loaded} in this kernel, and {chosen} was asked for: "
            "restart the kernel and run the setup cell first"
        )
    if importlib.util.find_spec(chosen) is None:
        extra = "cpu" if chosen == "tensorflow" else "jax"
        raise GivenError(
            f'{chosen} is not installed: run `pip install "deep-learning-course[{extra}]"` and restart the kernel'
        )
    return chosen


def _checked_scale(given: str | None) -> str | None:
    """What is asked for, here or by the environment; None when nobody asks."""
    for value, where in (
        (given, f"setup(scale={given!r})"),
        (os.environ.get(_SCALE), f"{_SCALE}={os.environ.get(_SCALE)}"),
    ):
        if value and value not in DEVICES:
            raise GivenError(f"{where}: choose one of {', '.join(DEVICES)}, or leave it out")
    return given or os.environ.get(_SCALE) or None


def _loaded_backend() -> str | None:
    keras = sys.modules.get("keras")
    return keras.config.backend() if hasattr(keras, "config") else None


def _installed_backend() -> str:
    on_tpu = "COLAB_TPU_1VM" in os.environ or "TPU_ACCELERATOR_TYPE" in os.environ
    order = ("jax", "tensorflow") if on_tpu else BACKENDS
    for name in order:
        if importlib.util.find_spec(name) is not None:
            return name
    raise GivenError('neither TensorFlow nor JAX is installed: run `pip install "deep-learning-course[cpu]"`')


def _prepare_environment(backend: str, device: str | None) -> None:
    if device not in (None, *DEVICES):
        raise GivenError(f"setup(device={device!r}): choose one of {', '.join(DEVICES)}, or leave it out")
    os.environ["KERAS_BACKEND"] = backend
    for name, value in (_QUIET | _SHARED_GPU).items():
        os.environ.setdefault(name, value)
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
        os.environ["JAX_PLATFORMS"] = "cpu"


def _keep_notebook_clean() -> None:
    """In a notebook: warnings become one line on stdout, and what compiled code writes goes to Jupyter's own terminal.

    A kernel shows all that arrives on file descriptor 2 as red output of the cell. Its `sys.stderr.fileno()` is the
    terminal's descriptor, saved before the kernel took number 2 over; on Windows there is none, and nothing to undo.
    """
    if not in_notebook():
        return
    warnings.showwarning = _print_warning
    logging.lastResort = logging.StreamHandler(sys.stdout)  # for loggers that nobody has given a handler
    logging.lastResort.setLevel(logging.WARNING)
    try:
        terminal = sys.stderr.fileno()
    except io.UnsupportedOperation:
        return
    if terminal != 2:
        os.dup2(terminal, 2)


def _print_warning(message, category, filename, lineno, file=None, line=None) -> None:
    """Stands in for `warnings.showwarning`, which writes to stderr."""
    where = "of this cell" if "ipykernel" in filename else f"of {os.path.basename(filename)}"
    print(f"{category.__name__}: {message} (line {lineno} {where})", file=file)


def _import_keras(backend: str):
    try:
        keras = importlib.import_module("keras")
    except ImportError as error:
        raise GivenError(
            f"Keras cannot be imported with the backend {backend} ({error}): reinstall it and restart the kernel"
        ) from error
    for name in ("tensorflow", "absl", "jax"):  # they log to stderr; only now, because absl makes its logger on import
        logging.getLogger(name).setLevel(logging.ERROR)
    return keras


def devices(backend: str) -> list[tuple[str, str]]:
    """(kind, name) of each accelerator, or of the CPU when there is none. Runs no operation."""
    if backend == "jax":
        jax = importlib.import_module("jax")
        return [({"cuda": "gpu", "rocm": "gpu"}.get(d.platform, d.platform), d.device_kind) for d in jax.devices()]
    tensorflow = importlib.import_module("tensorflow")
    found = [
        (kind.lower(), tensorflow.config.experimental.get_device_details(device).get("device_name", kind))
        for kind in ("TPU", "GPU")
        for device in tensorflow.config.list_physical_devices(kind)
    ]
    return found or [("cpu", "CPU")]


def _seed_of(chapter: str) -> int:
    number = re.match(r"\d+", chapter)
    return int(number.group()) if number else 0


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _banner(
    chapter: str, keras, backend: str, found: list[tuple[str, str]], precision: str, seed: int, scale: str
) -> str:
    from course import __version__

    kind, name = found[0]
    count = f"{len(found)} x " if len(found) > 1 and kind != "cpu" else ""
    where = f"CPU, {cores()} cores" if kind == "cpu" else f"{kind.upper()}: {count}{name}"
    parts = [
        f"course {__version__}",
        chapter,
        f"keras {keras.__version__} on {backend} {sys.modules[backend].__version__}",
        where + (", Colab" if on_colab() else ""),
        precision,
        f"seed {seed}",
        f"scale {scale}",
    ]
    return " · ".join(part for part in parts if part)
