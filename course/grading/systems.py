"""What this system lends to grading: whether submissions can run in forks of a warm process, and where not, why."""

import os
import sys

from course.errors import GivenError

STARTS = ("fork", "spawn")
_ASKED_BY = "COURSE_START"


def why_not_forked() -> str:
    """Why each submission gets a process that is started afresh here ("spawned"); "" where it is forked from a warm one.

    Only Linux has what a fork needs (processes by descriptor, credentials over a socket); macOS forks, and its own
    libraries then fail. COURSE_START=spawn asks for it anywhere. Raises GivenError when that variable says anything else.
    """
    asked = os.environ.get(_ASKED_BY, STARTS[0])
    if asked not in STARTS:
        raise GivenError(f"{_ASKED_BY} is {asked!r}: give {' or '.join(STARTS)}, or leave it out")
    if not sys.platform.startswith("linux"):
        return f"needs Linux, and this is {sys.platform} (take WSL, a container or a Linux machine)"
    return f"{_ASKED_BY}={asked} asks for processes without walls" if asked == "spawn" else ""
