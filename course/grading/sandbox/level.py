"""Which level of isolation this machine allows: found out by putting up the walls once, in a process that is thrown away."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from course.errors import GivenError
from course.grading.systems import why_not_forked

LEVELS = ("none", "partial", "full")
MEANS = {
    "full": "namespaces, private root, no network, Landlock, seccomp, limits",
    "partial": "Landlock, seccomp and limits, but no namespaces",
    "none": "limits on time, memory and files; accidents are contained, attacks are not",
}
_LOWERED_BY = "COURSE_ISOLATION"
_TRIALS = 3
_TRIAL_SECONDS = 120  # it takes a fraction of one


@dataclass(frozen=True)
class Level:
    """name: "full", "partial" or "none". missing: what the next better level lacks here, each with the mend."""

    name: str
    missing: tuple[str, ...] = ()

    @property
    def means(self) -> str:
        return MEANS[self.name]


@cache
def probe() -> Level:
    """The best level here; COURSE_ISOLATION=none or =partial asks for a lower one. Raises GivenError when it names none."""
    asked = os.environ.get(_LOWERED_BY, "full")
    if asked not in LEVELS:
        raise GivenError(f"{_LOWERED_BY} is {asked!r}: give one of {', '.join(LEVELS)}, or leave it out")
    if why := why_not_forked():
        return Level("none", (f"full: {why}",))
    missing = [] if asked == "full" else [f"{_LOWERED_BY}={asked} asks for less"]
    for level in reversed(LEVELS[1 : LEVELS.index(asked) + 1]):
        problem = _try(level)
        if not problem:
            return Level(level, tuple(missing))
        missing.append(f"{level}: {problem}")
    return Level("none", tuple(missing))


def _try(level: str) -> str:
    """ "" when the walls of `level` stand, else what is in the way, with the mend."""
    command = [sys.executable, "-P", "-m", "course.grading.sandbox.trial", level]
    for _ in range(_TRIALS):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_TRIAL_SECONDS)
        except subprocess.TimeoutExpired:
            return f"the trial did not end within {_TRIAL_SECONDS} s"
        if abs(done.returncode) != signal.SIGKILL:
            break  # one that something else killed says nothing about the machine
    try:
        said = json.loads(done.stdout)["problem"]
    except (ValueError, KeyError, TypeError):
        lines = done.stderr.strip().splitlines()
        said = lines[-1] if lines else f"the trial ended with {done.returncode}"
    return said + _mend(said) if said else ""


def _mend(said: str) -> str:
    if "unshare" in said or "uid_map" in said:
        return (
            " (user namespaces are not allowed here: run as root, or set kernel.apparmor_restrict_unprivileged_userns=0; "
            "in Docker, run with --privileged, or with a seccomp profile that allows unshare and mount)"
        )
    if "Landlock" in said or "mount_setattr" in said:
        return " (a kernel of 5.13 or newer with Landlock switched on is needed)"
    return ""
