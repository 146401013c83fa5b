"""Where nothing can be forked (macOS, Windows): a process for each submission, started afresh. It imports Keras anew, which
takes seconds, and has no walls.

It speaks as a fork does (`talk`), over a connection on this machine's own address, as Jupyter's kernels do. What it is
held by is its standard input: where that ends, because this process did, however that ended, it ends too.
"""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from course.errors import GivenError
from course.grading import scratch
from course.grading.files import edge
from course.grading.sandbox import probe
from course.grading.talk import FROM_OUTSIDE, Child, Killed, begun, exactly, last_line
from course.grading.warm_up import WARM_UP_SECONDS, environment
from course.grading.watch import Ended

_HERE = "127.0.0.1"
_END_SECONDS = 10
_LOOK_SECONDS = 0.2  # between two looks whether a process that was started is still there


class Spawner:
    """Starts a process for each submission. Safe to use from several threads; close it, or use it as a context manager."""

    def __init__(self, changed: Mapping[str, str] | None = None):
        """changed: variables that take the place of warm_up.ENVIRONMENT's. Raises GivenError where there is no backend."""
        self.level = probe()
        self._environment = environment(changed or {})
        self._living: set[_Spawned] = set()
        self._lock, self._closed = threading.Lock(), False
        self._scratch = scratch.make()

    def new_child(self, **start) -> Child:
        """A fresh process, ready for cells. `start`: what child.serve is told first. Raises GivenError when it cannot start."""
        return begun(partial(self._begin, start))

    def _begin(self, start: dict) -> Child:
        with edge("make a work folder in", self._scratch.path):
            home = Path(tempfile.mkdtemp(dir=self._scratch.path))
        with edge("start a process"):
            spawned = _Spawned(self._environment, self._forget)
        with self._lock:
            self._living.add(spawned)
        try:
            if self._closed:
                raise GivenError("the grading was stopped")
            child = Child(spawned, spawned.meet(), home)
        except BaseException:
            spawned.end()
            raise
        try:
            child.begin(start)
        except BaseException:
            child.end()
            raise
        return child

    def _forget(self, spawned: "_Spawned") -> None:
        with self._lock:
            self._living.discard(spawned)

    def close(self) -> None:
        """End all processes, and remove what they wrote."""
        if self._closed:
            return
        self._closed = True
        for spawned in list(self._living):
            spawned.end()
        scratch.remove(self._scratch)

    def __enter__(self) -> "Spawner":
        return self

    def __exit__(self, *_) -> None:
        self.close()


class _Spawned:
    """One such process (see `talk.Process`)."""

    def __init__(self, variables: Mapping[str, str], when_ended):
        self._when_ended = when_ended
        self._secret = secrets.token_hex(16)  # by which it is known at the door, where other programs may knock, too
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  (its end is the process's)
        self._door = socket.create_server((_HERE, 0))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "course.grading.spawned"],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._stderr,
            start_new_session=True,  # a group of its own, where there are groups
        )
        self.pid = self._process.pid

    def meet(self) -> socket.socket:
        """The channel to it, when it has imported all that submissions import. Raises GivenError when it never gets there."""
        with contextlib.suppress(OSError):  # it ended already, which is found out below
            self._process.stdin.write(f"{self._door.getsockname()[1]} {self._secret}\n".encode())
            self._process.stdin.flush()
        self._door.settimeout(_LOOK_SECONDS)
        late = time.monotonic() + WARM_UP_SECONDS
        with self._door:
            while time.monotonic() < late:
                with contextlib.suppress(TimeoutError):
                    channel, _ = self._door.accept()
                    if self._knows_secret(channel):
                        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        return channel
                    channel.close()
                if self._process.poll() is not None:
                    break
        if -(self._process.poll() or 0) in FROM_OUTSIDE:
            raise Killed
        raise GivenError(f"the process for a submission did not start: {last_line(self._stderr)}")

    def _knows_secret(self, channel: socket.socket) -> bool:
        channel.settimeout(_LOOK_SECONDS)
        try:
            return secrets.compare_digest(exactly(channel, len(self._secret)), self._secret.encode())
        except (OSError, EOFError):
            return False

    def ended_with(self) -> int:
        try:
            return self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            raise Ended("died", "it closed its channel to the grader and went on") from None

    def end(self) -> None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, 9)  # what it started, too
        self._process.kill()
        self._process.wait()
        self._door.close()
        self._process.stdin.close()
        self._stderr.close()
        self._when_ended(self)
