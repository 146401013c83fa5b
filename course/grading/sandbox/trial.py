"""A trial of one level, run as a program of its own: `python -m course.grading.sandbox.trial LEVEL`; see `level.probe`."""

import json
import os
import socket
import sys
import tempfile
from pathlib import Path

from course.grading.sandbox.walls import Sandbox


def _trial(level: str, home: str) -> str:
    """Put up the walls of `level` around a fork that then looks whether they stand; "" or what is wrong."""
    outside, inside = os.pipe()
    if os.fork():
        os.close(inside)
        with os.fdopen(outside) as told:
            return told.read() or "the trial ended without a word"
    try:
        sandbox = Sandbox(level)
        pid = sandbox.fork()
        if pid:
            os.waitpid(pid, 0)
            os._exit(0)
        sandbox.enter(inside, home, 1000, 1)
        said = _holes()
    except (OSError, ValueError) as error:
        said = str(error)
    os.write(inside, (said or "ok").encode())
    os._exit(0)


def _holes() -> str:
    """What a submission should not be able to do, and could."""
    outside = Path(os.__file__).with_name("course-trial")
    refused = {
        "opened a socket": lambda: socket.socket(),
        "started a process": os.fork,
        "read the process table": lambda: Path(f"/proc/{os.getppid() or 2}/environ").read_bytes(),
        "wrote outside of its folder": lambda: outside.write_bytes(b""),
        "changed a file's rights outside of its folder": lambda: os.chmod(sys.executable, 0o755),
    }
    for what, attempt in refused.items():
        try:
            attempt()
        except OSError:
            continue
        return f"a trial submission {what}"
    return ""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="course-trial-") as home:
        told = _trial(sys.argv[1], home)
    print(json.dumps({"problem": "" if told == "ok" else told}))
