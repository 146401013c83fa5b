"""What a process has in its environment and in its memory before a submission runs in it or in a fork of it."""

import builtins
import os
from collections.abc import Mapping
from pathlib import Path

from course import data, paths, runtime

WARM_UP_SECONDS = 300  # a cold disk may need a minute or two to import TensorFlow
# Before NumPy and Keras are imported: one thread, so that the process can be forked (and unshare a user namespace), and
# the same arithmetic and the same text for every submission.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "JAX_PLATFORMS": "cpu",
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
}
# Of the caller's environment, what finding programs and libraries and writing text may need; nothing works on Windows
# without the last ones.
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH")
_KEPT += ("SYSTEMROOT", "SYSTEMDRIVE", "PATHEXT", "COMSPEC", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA")


def backend() -> str:
    """The backend that submissions run on: KERAS_BACKEND's, else what is installed. Raises GivenError when there is none."""
    return runtime._choose_backend(None)


def environment(changed: Mapping[str, str]) -> dict[str, str]:
    """The variables of such a process, without any secret of the caller's. changed: what takes the place of ours."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    kept["COURSE_DATA_DIR"] = str(data.cache_folder())  # which follows HOME, and a submission has another one
    return {**kept, **ENVIRONMENT, "KERAS_BACKEND": backend(), **changed}


def readable(root: Path | None) -> list[str]:
    """What submissions may read beside Python and the package: data sets, and what is to be said of known mistakes.

    root: the checkout (default: the one that we stand in).
    """
    root = root or paths.find_root()
    folders = [root / "datasets", root / "course" / "chapters"] if root else []
    return [str(folder) for folder in (*folders, data.cache_folder()) if folder.is_dir()]


def warm_up() -> None:
    """Import what submissions import, and remember it as it is before the first of them runs."""
    import keras  # noqa: F401
    import matplotlib.pyplot  # noqa: F401
    import numpy  # noqa: F401

    import course.checks
    import course.checks.models
    import course.data
    import course.grading.child
    import course.plots
    import course.runtime  # noqa: F401
    from course.grading import pristine

    builtins.input = course.grading.child.no_input
    pristine.remember()


def has_computed() -> bool:
    """Whether the backend of this process has begun to work: from then on it holds threads and locks, and a fork hangs."""
    if os.environ["KERAS_BACKEND"] == "jax":
        from jax._src import xla_bridge

        return xla_bridge.backends_are_initialized()
    from tensorflow.python.eager import context

    return context.context()._initialized
