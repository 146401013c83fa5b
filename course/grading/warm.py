"""The supervisor's handle on the zygote: start it, have it fork children, end it."""

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from select import select

from course.errors import GivenError
from course.grading import scratch
from course.grading.files import edge
from course.grading.sandbox import probe
from course.grading.talk import BEGIN_SECONDS, Child, Fault, Gone, Killed, begun, last_line
from course.grading.warm_up import WARM_UP_SECONDS, environment, readable
from course.grading.watch import Ended

END_SECONDS = 10  # a process whose channel broke has ended, or is about to; one that lives on is killed then


class Zygote:
    """A warm process to fork from. Safe to use from several threads; close it, or use it as a context manager."""

    def __init__(self, root: Path | None = None, changed: Mapping[str, str] | None = None):
        """root: the checkout whose data sets submissions may read (default: the one that we stand in). changed: variables
        that take the place of warm_up.ENVIRONMENT's. Raises GivenError when it cannot be started."""
        self.level = probe()
        self.process: subprocess.Popen | None = None
        self._ready = self._closed = False
        self._lock, self._count = threading.Lock(), 0
        self._scratch = scratch.make()
        self.scratch = self._scratch.path
        self._control, theirs = socket.socketpair()
        try:
            with theirs, edge("start the warm process"):
                self._start(theirs, root, changed or {})
        except BaseException:  # also Ctrl-C, for it takes seconds
            self.close()
            raise

    def _start(self, theirs: socket.socket, root: Path | None, changed: Mapping[str, str]) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  (its end is the process's)
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "course.grading.zygote"),
                *(str(theirs.fileno()), self.level.name, *readable(root)),
            ],
            pass_fds=[theirs.fileno()],
            env=environment(changed),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._stderr,
        )
        theirs.close()
        self._control.settimeout(WARM_UP_SECONDS)
        try:
            ready = self._control.recv(1)
        except TimeoutError:
            ready = b""
        if not ready:
            raise GivenError(f"the warm process did not start: {self._last_words()}")
        self._control.settimeout(None)
        self._ready = True

    def _last_words(self) -> str:
        """Why it ended before it was ready."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            # At level full there is a process between, which ends with the signal's number.
            if abs(self.process.wait(timeout=5)) == signal.SIGKILL:
                return "it was killed (is there enough memory?)"
        return last_line(self._stderr)

    def new_child(self, **start) -> Child:
        """A fork of the warm process behind its walls, ready for cells. `start`: what child.serve is told first. Raises Fault."""
        return begun(partial(self._fork, start))

    def _fork(self, start: dict) -> Child:
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
                raise Gone("the warm process was ended") from error
            finally:
                theirs.close()
                os.close(status_write)
        with edge("make a work folder in", self.scratch):
            # Not used at level full, where the work folder is in memory.
            home = Path(tempfile.mkdtemp(dir=self.scratch))
        forked = _Forked(self, name, os.fdopen(status_read))
        child = Child(forked, ours, home)
        try:
            forked.pid = _sender(ours)
            child.begin(start)
        except BaseException:
            child.end()
            raise
        return child

    def kill(self, name: str) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._control.sendall(json.dumps({"kill": name}).encode() + b"\n")

    def close(self) -> None:
        """End the zygote and all its children, and remove what they wrote."""
        if self._closed:
            return
        self._closed = True
        self._control.close()
        if self.process is not None:
            try:
                self.process.wait(timeout=10 if self._ready else 0)  # one that still imports would not listen
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        scratch.remove(self._scratch)

    def __enter__(self) -> "Zygote":
        return self

    def __exit__(self, *_) -> None:
        self.close()


class _Forked:
    """A child of the warm process, which alone can kill it and say how it ended (see `talk.Process`)."""

    def __init__(self, zygote: Zygote, name: str, status):
        self._zygote, self._name, self._status = zygote, name, status
        self.pid = -1

    def ended_with(self) -> int:
        if not select([self._status], [], [], END_SECONDS)[0]:
            raise Ended("died", "it closed its channel to the grader and went on")
        line = self._status.readline()
        if not line:
            raise Gone("the warm process was ended")
        return json.loads(line)["status"]

    def end(self) -> None:
        self._zygote.kill(self._name)
        self._status.read()  # until the zygote has reaped it
        self._status.close()


def _sender(channel: socket.socket) -> int:
    """The process at the other end, by the number that it has here: the kernel adds it to the byte with which it begins.
    Raises Killed when it ended before that."""
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    channel.settimeout(BEGIN_SECONDS)
    try:
        first, ancillary, _, _ = channel.recvmsg(1, socket.CMSG_SPACE(struct.calcsize("3i")))
    except TimeoutError as error:
        raise Fault("a child of the warm process did not begin in time") from error
    if not first:
        raise Killed
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    for _, kind, body in ancillary:
        if kind == socket.SCM_CREDENTIALS:
            return struct.unpack("3i", body)[0]
    raise Fault("the kernel does not say which process a child of the warm process is")
