"""The supervisor's handle on the zygote: start it, ask it for a child, talk to that child, end it."""

import contextlib
import json
import os
import secrets
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from course import data, paths
from course.checks import wire
from course.errors import GivenError
from course.grading.sandbox import probe
from course.grading.watch import WATCH_SECONDS, Ended, Limits, Watch
from course.grading.zygote import ENVIRONMENT

__all__ = ["Child", "Ended", "Fault", "Limits", "Zygote"]

# Of the caller's environment, what finding programs and libraries and writing text may need.
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")
WARM_UP_SECONDS = 300  # a cold disk may need a minute or two to import TensorFlow
BEGIN_SECONDS = 120  # a child begins in milliseconds; on a machine that swaps, in more


class Fault(RuntimeError):
    """A mistake of the grader's own in a child, before anything of a submission had run there: grading stops, loudly."""


class Zygote:
    """A warm process to fork from. Safe to use from several threads; close it, or use it as a context manager."""

    def __init__(self, root: Path | None = None, environment: Mapping[str, str] | None = None):
        """root: the checkout whose data sets submissions may read (default: the one that we stand in). environment: variables
        that take the place of zygote.ENVIRONMENT's. Raises GivenError where there is no grading, or none can be started."""
        if not hasattr(os, "fork") or not sys.platform.startswith("linux"):
            raise GivenError(
                f"grading needs Linux, and this is {sys.platform}: use WSL, a container or a Linux machine"
            )
        ours, theirs = socket.socketpair()
        self.level = probe()
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}  # no secret of the caller's
        kept["COURSE_DATA_DIR"] = str(data.cache_folder())  # which follows HOME, and a submission has another one
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  (its end is the process's)
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "course.grading.zygote"),
                *(str(theirs.fileno()), self.level.name, *_course_folders(root)),
            ],
            pass_fds=[theirs.fileno()],
            env={**kept, **ENVIRONMENT, **(environment or {})},
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
        """A fresh child behind its walls, ready for cells. `start`: what child.serve is told first. Raises Fault."""
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
        home = Path(tempfile.mkdtemp(dir=self.scratch))  # not used at level full, where the work folder is in memory
        child = Child(self, name, ours, os.fdopen(status_read), home)
        try:
            child.begin({"home": str(home), **start})
        except BaseException:
            child.end()
            raise
        return child

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


class Child:
    """One forked process, in which the cells of one submission run."""

    def __init__(self, zygote: Zygote, name: str, channel: socket.socket, status, home: Path):
        self._zygote, self._name, self._channel, self._status, self._home = zygote, name, channel, status, home
        self.pid = -1
        self._baseline = 0.0

    def begin(self, start: dict) -> None:
        """Tell the child what it is for, and wait until its walls stand. Raises Fault when they do not."""
        self.pid = _sender(self._channel)
        self._baseline = self._resident_mb()
        self._channel.settimeout(BEGIN_SECONDS)
        try:
            self._channel.sendall(wire.pack(start))
            fault = wire.unpack(lambda n: _exactly(self._channel, n))["fault"]
        except (OSError, EOFError, wire.WireError, TypeError, KeyError) as error:
            raise Fault(f"a child of the warm process did not begin ({error})") from error
        self._channel.settimeout(None)
        if fault:
            raise Fault(f"a child of the warm process could not begin:\n{fault}")

    def run(self, cell_id: str, source: str, references: dict[str, str], limits: Limits, token: str = "") -> dict:
        """Run one cell and return what child._Notebook.run says. Raises Ended when the child did not live to answer.

        token: for a cell of plain assertions, what its last line is to leave.
        """
        watch = Watch(self, limits)
        key = secrets.token_hex(
            16
        )  # an answer written before the question, or by a thread left running, does not hold it
        question = {"id": cell_id, "key": key, "source": source, "references": references, "token": token}
        try:
            self._channel.sendall(wire.pack(question))
            answer = wire.unpack(lambda n: self._read(n, watch))
        except (ConnectionError, EOFError) as error:
            raise Ended("died", self._how_it_died()) from error
        except wire.WireError as error:
            raise Ended("died", f"what came back could not be read ({error})") from error
        if type(answer) is not dict or answer.get("key") != key:
            raise Ended("died", "what came back was no answer to the grader's question")
        return answer

    def _read(self, n: int, watch: Watch) -> bytes:
        parts, left = [], n
        while left:
            readable, _, _ = select.select([self._channel], [], [], WATCH_SECONDS)
            watch.look()
            if readable:
                part = self._channel.recv(min(left, 1 << 20))
                if not part:
                    raise EOFError
                parts.append(part)
                left -= len(part)
        return b"".join(parts)

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

    def cpu_seconds(self) -> float:
        return (int(self._stat(11)) + int(self._stat(12))) / _TICK

    def threads(self) -> int:
        return int(self._stat(17))

    def resident_mb(self) -> float:
        """Beyond what it had at its beginning."""
        return self._resident_mb() - self._baseline

    def _stat(self, index: int) -> str:
        """A field of /proc/PID/stat behind the name; "0" when the process is gone."""
        try:
            with open(f"/proc/{self.pid}/stat") as stat:
                return stat.read().rpartition(")")[2].split()[index]
        except OSError:
            return "0"

    def _resident_mb(self) -> float:
        try:
            with open(f"/proc/{self.pid}/statm") as statm:
                return int(statm.read().split()[1]) * _PAGE / 1e6
        except OSError:
            return 0.0


def _sender(channel: socket.socket) -> int:
    """The process at the other end, by the number that it has here: the kernel adds it to the byte with which it begins."""
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    channel.settimeout(BEGIN_SECONDS)
    try:
        first, ancillary, _, _ = channel.recvmsg(1, socket.CMSG_SPACE(struct.calcsize("3i")))
    except TimeoutError:
        first, ancillary = b"", []
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    for _, kind, body in ancillary:
        if first and kind == socket.SCM_CREDENTIALS:
            return struct.unpack("3i", body)[0]
    raise Fault("the warm process ended while it forked")


def _exactly(channel: socket.socket, n: int) -> bytes:
    parts, left = [], n
    while left:
        part = channel.recv(left)
        if not part:
            raise EOFError("the child ended")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _course_folders(root: Path | None) -> list[str]:
    """What submissions may read beside Python and the package: data sets, and what is to be said of known mistakes."""
    root = root or paths.find_root()
    folders = [root / "datasets", root / "course" / "chapters"] if root else []
    return [str(folder) for folder in (*folders, data.cache_folder()) if folder.is_dir()]
