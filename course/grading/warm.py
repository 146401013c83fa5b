"""The supervisor's handle on the zygote: start it, ask it for a child, talk to that child, end it."""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from course.checks import wire
from course.errors import GivenError
from course.grading.zygote import ENVIRONMENT

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")
WARM_UP_SECONDS = 300  # a cold disk may need a minute or two to import TensorFlow


class Ended(Exception):
    """A child ended in the middle of a cell. reason: "timeout", "memory" or "died"; text says it in words."""

    def __init__(self, reason: str, text: str):
        super().__init__(text)
        self.reason = reason


class Zygote:
    """A warm process to fork from. Safe to use from several threads; close it, or use it as a context manager."""

    def __init__(self):
        if not hasattr(os, "fork") or not sys.platform.startswith("linux"):
            raise GivenError(
                f"grading needs Linux, and this is {sys.platform}: use WSL, a container or a Linux machine"
            )
        ours, theirs = socket.socketpair()
        environment = {**os.environ, **ENVIRONMENT}
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  (its end is the process's)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "course.grading.zygote", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._stderr,
        )
        theirs.close()
        self._control, self._lock, self._count = ours, threading.Lock(), 0
        self.scratch = Path(tempfile.mkdtemp(prefix="course-grade-"))
        ours.settimeout(WARM_UP_SECONDS)
        try:
            ready = ours.recv(1)
        except TimeoutError:
            ready = b""
        if not ready:
            self.close()
            raise GivenError(f"the warm process did not start: {self._last_words()}")
        ours.settimeout(None)

    def _last_words(self) -> str:
        self._stderr.seek(0)
        lines = self._stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"

    def fork(self, **start) -> "Child":
        """A fresh child, ready for cells. `start`: what child.serve is told first (expectations, seed, limits)."""
        ours, theirs = socket.socketpair()
        status_read, status_write = os.pipe()
        with self._lock:
            self._count += 1
            name = str(self._count)
            try:
                socket.send_fds(
                    self._control, [json.dumps({"fork": name}).encode() + b"\n"], [theirs.fileno(), status_write]
                )
            except OSError as error:
                raise RuntimeError(f"the warm process is gone: {self._last_words()}") from error
            finally:
                theirs.close()
                os.close(status_write)
        home = Path(tempfile.mkdtemp(dir=self.scratch))
        return Child(self, name, ours, os.fdopen(status_read), home, start)

    def kill(self, name: str) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._control.sendall(json.dumps({"kill": name}).encode() + b"\n")

    def close(self) -> None:
        """End the zygote and all its children, and remove what they wrote."""
        self._control.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def __enter__(self) -> "Zygote":
        return self

    def __exit__(self, *_) -> None:
        self.close()


@dataclass(frozen=True)
class Limits:
    """What one submission may use. cpu_seconds, wall_seconds: of one tests cell. own_seconds: how much more a cell of the
    student's may compute, who may have trained something there. memory_mb: resident, beyond the warm process's."""

    cpu_seconds: float = 5.0
    wall_seconds: float = 20.0
    own_seconds: float = 10.0
    memory_mb: int = 2000
    file_mb: int = 100
    submission_seconds: float = 300.0


class Child:
    """One forked process, in which the cells of one submission run."""

    def __init__(self, zygote: Zygote, name: str, channel: socket.socket, status, home: Path, start: dict):
        self._zygote, self._name, self._channel, self._status, self._home = zygote, name, channel, status, home
        first = status.readline()
        if not first:
            raise RuntimeError("the warm process ended while it forked")
        self.pid = json.loads(first)["pid"]
        self._baseline = self._resident_mb()
        channel.sendall(wire.pack({"home": str(home), **start}))

    def run(self, cell_id: str, source: str, references: dict[str, str], limits: Limits) -> dict:
        """Run one cell and return what child._Notebook.run says. Raises Ended when the child did not live to answer."""
        cpu_before = self._cpu_seconds()
        began = time.monotonic()
        try:
            self._channel.sendall(wire.pack({"id": cell_id, "source": source, "references": references}))
            return wire.unpack(lambda n: self._read(n, began, cpu_before, limits))
        except (ConnectionError, EOFError) as error:
            raise Ended("died", self._how_it_died()) from error
        except wire.WireError as error:
            raise Ended("died", f"what came back could not be read ({error})") from error

    def _read(self, n: int, began: float, cpu_before: float, limits: Limits) -> bytes:
        parts, left = [], n
        while left:
            readable, _, _ = select.select([self._channel], [], [], 0.02)
            if readable:
                part = self._channel.recv(min(left, 1 << 20))
                if not part:
                    raise EOFError
                parts.append(part)
                left -= len(part)
                continue
            self._hold(began, cpu_before, limits)
        return b"".join(parts)

    def _hold(self, began: float, cpu_before: float, limits: Limits) -> None:
        """Raise Ended when the cell has used more than its limits."""
        if self._cpu_seconds() - cpu_before > limits.cpu_seconds:
            raise Ended(
                "timeout",
                f"it computed for more than {limits.cpu_seconds:.0f} seconds and was stopped: does a loop never end?",
            )
        if time.monotonic() - began > limits.wall_seconds:
            raise Ended(
                "timeout",
                f"it was not done after {limits.wall_seconds:.0f} seconds and was stopped: does it wait for something?",
            )
        if self._resident_mb() - self._baseline > limits.memory_mb:
            raise Ended("memory", f"it used more than {limits.memory_mb} MB of memory and was stopped")

    def _how_it_died(self) -> str:
        self._channel.close()
        line = self._status.readline()
        status = json.loads(line)["status"] if line else 0
        if status < 0:
            return f"it ended its process ({signal.Signals(-status).name})"
        return f"it ended its process (exit code {status})"

    def end(self) -> None:
        """Kill what is left of the child and remove its folder."""
        self._channel.close()
        self._zygote.kill(self._name)
        self._status.read()  # until the zygote has reaped it
        self._status.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def _cpu_seconds(self) -> float:
        try:
            with open(f"/proc/{self.pid}/stat") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICK

    def _resident_mb(self) -> float:
        try:
            with open(f"/proc/{self.pid}/statm") as statm:
                return int(statm.read().split()[1]) * _PAGE / 1e6
        except OSError:
            return 0.0
