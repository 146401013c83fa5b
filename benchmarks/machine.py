"""What a figure depends on beside the code: the machine in words, and the versions of what was run."""

import platform
from datetime import date
from importlib import metadata
from typing import Any

from course.runtime import cores

_PACKAGES = ("nbgrader", "nbclient", "jupyter-client", "ipykernel", "numpy", "keras", "tensorflow", "tensorflow-cpu")


def facts() -> dict[str, Any]:
    """Cores, processor, memory, kernel, versions and the day. No names of hosts, no paths."""
    return {
        "day": date.today().isoformat(),
        "cores": cores(),
        "processor": _field("/proc/cpuinfo", "model name") or platform.machine(),
        "memory_gb": round(int(_field("/proc/meminfo", "MemTotal").split()[0]) / 1e6, 1),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "versions": {name: version for name in _PACKAGES if (version := _version(name))},
    }


def busy_cores() -> float:
    """How many cores were busy in the last minute: what else runs while we measure."""
    with open("/proc/loadavg") as load:
        return float(load.read().split()[0])


def in_words(facts: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    return (
        f"{facts['cores']} cores of {facts['processor']}, {facts['memory_gb']:.0f} GB of memory, {facts['system']}, "
        f"Python {facts['python']}; {facts['day']}; {versions}"
    )


def _field(path: str, name: str) -> str:
    with open(path) as file:
        return next((line.partition(":")[2].strip() for line in file if line.startswith(name)), "")


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
