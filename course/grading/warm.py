"""The supervisor's handle on the zygote: start it, ask it for a child, talk to that child, end it."""

import contextlib
import json
import os
import secrets
import select
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
from course.grading import scratch
from course.grading.files import edge
from course.grading.sandbox import probe
from course.grading.watch import WATCH_SECONDS, Ended, Limits, Watch
from course.grading.zygote import ENVIRONMENT

__all__ = ["Child", "Ended", "Fault", "Limits", "Zygote"]

# Of the caller's environment, what finding programs and libraries and writing text may need.
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")
WARM_UP_SECONDS = 300  # a cold disk may need a minute or two to import TensorFlow
END_SECONDS = 10  # a process whose channel broke has ended, or is about to; one that lives on is killed then
BEGIN_SECONDS = 120  # a child begins in milliseconds; on a machine that swaps, in more


# Signals that a machine without memory, or a person, sends to a process. At level full no submission can send them itself.
FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM)
BEGINNINGS = 3  # how often a child is begun that something else ends before it runs anything


class Gone(RuntimeError):
    """The warm process has ended, and all its children with it: what was at work there has to be done again elsewhere."""


class Killed(Exception):
    """Something else ended a child before it ran anything."""


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
        self.level = probe()
        self.process: subprocess.Popen | None = None
        self._ready = self._closed = False
        self._lock, self._count = threading.Lock(), 0
        self._scratch = scratch.make()
        self.scratch = self._scratch.path
        self._control, theirs = socket.socketpair()
        try:
            with theirs, edge("start the warm process"):
                self._start(theirs, root, environment or {})
        except BaseException:  # also Ctrl-C, for it takes seconds
            self.close()
            raise

    def _start(self, theirs: socket.socket, root: Path | None, environment: Mapping[str, str]) -> None:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}  # no secret of the caller's
        kept["COURSE_DATA_DIR"] = str(data.cache_folder())  # which follows HOME, and a submission has another one
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  (its end is the process's)
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "course.grading.zygote"),
                *(str(theirs.fileno()), self.level.name, *_course_folders(root)),
            ],
            pass_fds=[theirs.fileno()],
            env={**kept, **ENVIRONMENT, **environment},
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
        self._stderr.seek(0)
        lines = self._stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"

    def fork(self, **start) -> "Child":
        """A fresh child behind its walls, ready for cells. `start`: what child.serve is told first. Raises Fault."""
        for _ in range(BEGINNINGS - 1):
            with contextlib.suppress(Killed):
                return self._fork(start)
        try:
            return self._fork(start)
        except Killed as error:
            raise Fault("children of the warm process are killed, one after the other, before they begin") from error

    def _fork(self, start: dict) -> "Child":
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


class Child:
    """One forked process, in which the cells of one submission run."""

    def __init__(self, zygote: Zygote, name: str, channel: socket.socket, status, home: Path):
        self._zygote, self._name, self._channel, self._status, self._home = zygote, name, channel, status, home
        self.pid = -1
        self._baseline = 0.0

    def begin(self, start: dict) -> None:
        """Tell the child what it is for, and wait until its walls stand. Raises Fault when they do not, and Killed when
        something else ended it."""
        self.pid = _sender(self._channel)
        self._baseline = self._resident_mb()
        self._channel.settimeout(BEGIN_SECONDS)
        try:
            self._channel.sendall(wire.pack(start))
            fault = wire.unpack(lambda n: _exactly(self._channel, n))["fault"]
        except (ConnectionError, EOFError) as error:
            if -self._status_code() in FROM_OUTSIDE:
                raise Killed from error
            raise Fault(f"a child of the warm process did not begin ({error})") from error
        except (OSError, wire.WireError, TypeError, KeyError) as error:
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
        self._channel.settimeout(limits.longest_seconds)  # one that does not listen must not keep us
        try:
            self._channel.sendall(wire.pack(question))
            answer = wire.unpack(lambda n: self._read(n, watch))
        except TimeoutError as error:
            raise Ended(
                "timeout", "it did not take the next cell: does a thread of its own read in its place?"
            ) from error
        except (ConnectionError, EOFError) as error:
            raise self._how_it_ended() from error
        except wire.WireError as error:
            raise Ended("died", "what came back could not be read", str(error)) from error
        if type(answer) is not dict or type(answer.get("key")) is not str or answer["key"] != key:
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

    def _how_it_ended(self) -> Ended:
        """In words, when the channel broke. What was killed may have done it itself, or may be innocent. Raises Gone."""
        status = self._status_code()
        if status < 0:
            reason = "killed" if -status in FROM_OUTSIDE else "died"
            return Ended(reason, "it ended its process", signal.Signals(-status).name)
        return Ended("died", "it ended its process", f"exit code {status}")

    def _status_code(self) -> int:
        """How the process ended, once the channel broke. Raises Gone when the warm process is not there to say so."""
        self._channel.close()
        if not select.select([self._status], [], [], END_SECONDS)[0]:
            raise Ended("died", "it closed its channel to the grader and went on")
        line = self._status.readline()
        if not line:
            raise Gone("the warm process was ended")
        return json.loads(line)["status"]

    def end(self) -> None:
        """Kill what is left of the child and remove its folder."""
        self._channel.close()
        self._zygote.kill(self._name)
        self._status.read()  # until the zygote has reaped it
        self._status.close()
        scratch.remove_tree(self._home)

    def cpu_seconds(self) -> float:
        return (int(self._stat(11)) + int(self._stat(12))) / _TICK

    def queued_seconds(self) -> float:
        """How long it was ready to run and had no core (/proc/PID/schedstat, second field, in nanoseconds)."""
        try:
            with open(f"/proc/{self.pid}/schedstat") as schedstat:
                return int(schedstat.read().split()[1]) / 1e9
        except (OSError, IndexError):
            return 0.0

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
