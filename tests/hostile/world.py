"""The machine as the bank sees it: what the attacks are aimed at, all of it made here, and a watch over what they leave.

Every attack of the bank aims at a target that this file sets up: a folder of canaries, a sacrificial process, a listener on
the loopback interface. Where a wall is missing, the target is hit, the watch tells of it, and nothing else has happened.
"""

import contextlib
import ctypes
import os
import secrets
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

import psutil

from hostile.leaks import leaks

_SUBREAPER = 36  # prctl: orphans of our own descendants become our children, so that none escapes the watch
_SOURCES = ("solutions", "assignments")
SETTLE_SECONDS = 3.0  # what is about to end has ended by then

_SACRIFICE = """
import ctypes, time
held = ctypes.create_string_buffer(b"memory_avocet")
print(ctypes.addressof(held), flush=True)
time.sleep(900)
"""


@dataclass(frozen=True)
class Traces:
    """All that a submission could have left or changed. What is added to it is told by a difference of sets."""

    processes: frozenset[str]
    files: frozenset[str]
    shared: frozenset[str]  # shared memory, semaphores, queues, sockets, mounts
    touched: frozenset[str]  # canary files and the course's own, with what they hold
    heard: frozenset[str]  # what came to the listeners

    def since(self, before: "Traces") -> tuple[str, ...]:
        """What is there that was not there before; one line each."""
        new = [f"process {p}" for p in sorted(self.processes - before.processes)]
        new += [f"file {f}" for f in sorted(self.files - before.files)]
        new += [f"shared {s}" for s in sorted(self.shared - before.shared)]
        new += [f"changed {t}" for t in sorted(self.touched ^ before.touched)]
        new += [f"heard {h}" for h in sorted(self.heard - before.heard)]
        return tuple(new)


class World:
    """The targets, in the folder `place`; use it as a context manager.

    course: the course's folder, with gradebook and submissions. home, temporary: what the supervisor has as HOME and TMPDIR.
    token: stands in the name of all that an attack makes outside of its own folder.
    """

    def __init__(self, place: Path):
        self.place, self.course = place, place / "course"
        self.home, self.temporary, self.canary = place / "home", place / "tmp", place / "canary"
        self.token = f"hostile{secrets.token_hex(4)}"
        self.heard: set[str] = set()

    def __enter__(self) -> "World":
        for folder in (self.home, self.temporary, self.canary / "deep"):
            folder.mkdir(parents=True)
        for name in ("one.txt", "deep/two.txt"):
            (self.canary / name).write_text("untouched\n")
        for path in (self.canary, self.canary / "deep", *self.canary.rglob("*.txt")):
            path.chmod(0o777)  # whoever can reach it can change it: only walls protect it
        self._was = {name: os.environ.get(name) for name in ("HOME", "TMPDIR", "COURSE_TEST_SECRET")}
        os.environ |= {"HOME": str(self.home), "TMPDIR": str(self.temporary), "COURSE_TEST_SECRET": "environment_whimbrel"}
        tempfile.tempdir = None
        ctypes.CDLL(None).prctl(_SUBREAPER, 1)
        self._sacrifice = self.sacrifice()
        self._listeners = [socket.create_server(("127.0.0.1", 0)), self._abstract(), self._datagrams()]
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._listen, args=(s,), daemon=True) for s in self._listeners]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        for listener in self._listeners:
            listener.close()
        self._end(self._sacrifice)
        ctypes.CDLL(None).prctl(_SUBREAPER, 0)
        for name, value in self._was.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
        tempfile.tempdir = None
        self._sweep()

    def sacrifice(self) -> subprocess.Popen:
        """A process that may be killed, stopped, traced and read: it holds a canary in its memory and in its environment."""
        made = subprocess.Popen(
            [sys.executable, "-c", _SACRIFICE],
            stdout=subprocess.PIPE,
            env={"COURSE_TEST_SECRET": "environment_whimbrel"},
            start_new_session=True,
        )
        self._address = int(made.stdout.readline())
        return made

    def _end(self, process: subprocess.Popen) -> None:
        process.kill()
        process.wait()
        process.stdout.close()

    def _abstract(self) -> socket.socket:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.bind(f"\0{self.token}-listener")
        made.listen()
        return made

    def _datagrams(self) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.bind(("127.0.0.1", 0))
        return made

    def _listen(self, listener: socket.socket) -> None:
        listener.settimeout(0.1)
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError, OSError):
                if listener.type == socket.SOCK_DGRAM:
                    self.heard.add(f"a datagram {listener.recv(200)!r}")
                    continue
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(0.5)
                    self.heard.add(f"a connection to {listener.family.name}")
                    with contextlib.suppress(TimeoutError, OSError):
                        self.heard.add(f"a message {connection.recv(200)!r}")

    def fill(self, source: str) -> str:
        """An attack with its targets: the marks in it replaced by paths, numbers and names of this world."""
        marks = {
            "@COURSE@": str(self.course),
            "@CANARY@": str(self.canary),
            "@PLACE@": str(self.place),
            "@TOKEN@": self.token,
            "@KEY@": str(self.key),
            "@PID@": str(self._sacrifice.pid),
            "@ADDRESS@": str(self._address),
            "@SUPERVISOR@": str(os.getpid()),
            "@PORT@": str(self._listeners[0].getsockname()[1]),
            "@UDP@": str(self._listeners[2].getsockname()[1]),
        }
        for mark, value in marks.items():
            source = source.replace(mark, value)
        return source

    def mend(self) -> None:
        """Put up a target again that was hit, so that the next case finds it."""
        if not self._runs(self._sacrifice):
            self._end(self._sacrifice)
            self._sacrifice = self.sacrifice()

    def _runs(self, process: subprocess.Popen) -> bool:
        """Alive, and neither stopped nor traced."""
        try:
            return psutil.Process(process.pid).status() not in (
                psutil.STATUS_ZOMBIE,
                psutil.STATUS_STOPPED,
                psutil.STATUS_TRACING_STOP,
            )
        except psutil.Error:
            return False

    def traces(self) -> Traces:
        return Traces(self._processes(), self._files(), self._shared(), self._touched(), frozenset(self.heard))

    def settled(self, before: Traces) -> Traces:
        """The traces, as soon as they are no more than before, or when SETTLE_SECONDS have passed."""
        end = time.monotonic() + SETTLE_SECONDS
        while (now := self.traces()).since(before) and time.monotonic() < end:
            time.sleep(0.05)
        return now

    def _processes(self) -> frozenset[str]:
        """Our descendants but for the warm process, and whether the sacrifice is as it was."""
        found = set() if self._runs(self._sacrifice) else {f"{self._sacrifice.pid}, the sacrifice, no longer runs"}
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                known = process.pid == self._sacrifice.pid or _is_warm(process)
                if not known and process.status() != psutil.STATUS_ZOMBIE:
                    found.add(f"{process.pid} {process.name()}")
        return frozenset(found)

    def _files(self) -> frozenset[str]:
        """All files in the folders of this world, but not those that grading itself writes; and those with the token elsewhere."""
        found = set()
        for folder in (self.home, self.temporary, self.canary):
            found |= {str(path) for path in _below(folder)}
        for folder in (self.place, self.course, Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.cwd()):
            ours = folder in (self.place, self.course)
            if folder.is_dir():
                found |= {entry.path for entry in os.scandir(folder) if ours or self.token in entry.name}
        return frozenset(found)

    def _shared(self) -> frozenset[str]:
        found = set()
        for table in ("shm", "sem", "msg"):
            lines = Path(f"/proc/sysvipc/{table}").read_text().splitlines()[1:]
            found |= {f"{table} {line.split()[1]}" for line in lines if line.split()[0] == str(self.key)}
        for line in Path("/proc/net/unix").read_text().splitlines():
            if self.token in line and f"{self.token}-listener" not in line:
                found.add(f"socket {line.split()[-1]}")
        for line in Path("/proc/self/mounts").read_text().splitlines():
            if str(self.place) in line or self.token in line:
                found.add(f"mount {line.split()[1]}")
        return frozenset(found)

    @property
    def key(self) -> int:
        """The System V key that attacks use."""
        return int(self.token[-7:], 16)

    def _touched(self) -> frozenset[str]:
        """The canaries and the course's sources: mode, size and time of each."""
        return frozenset().union(*(_states(folder) for folder in (self.canary, *map(self.course.joinpath, _SOURCES))))

    def handed_in(self) -> frozenset[str]:
        """The same of all that was handed in; looked at before and after, because a class has very many files."""
        return _states(self.course / "submitted")

    def leaked(self) -> list[str]:
        """Canaries in what attacks have written or sent: the canary folder, shared memory, the listeners."""
        texts = list(self.heard)
        for path in (*_below(self.canary), *_below(self.home)):
            if path.is_file() and not path.is_symlink():
                texts.append(path.read_bytes()[:1_000_000].decode("utf-8", "replace"))
        return leaks("\n".join(texts))

    def _sweep(self) -> None:
        """What the tests found, they take away: processes of ours that should not be, files with the token."""
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if self.token in " ".join(process.environ().values()) or process.name().startswith(self.token[:15]):
                    process.send_signal(signal.SIGKILL)
        for folder in (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.cwd()):
            for entry in os.scandir(folder) if folder.is_dir() else ():
                if self.token in entry.name:
                    shutil.rmtree(entry.path, ignore_errors=True) if entry.is_dir() else os.unlink(entry.path)


def _states(folder: Path) -> frozenset[str]:
    found = set()
    for path in (folder, *_below(folder)):
        with contextlib.suppress(OSError):
            state = path.lstat()
            found.add(f"{path} {state.st_mode:o} {state.st_size} {state.st_mtime_ns}")
    return frozenset(found)


def _is_warm(process: psutil.Process) -> bool:
    """The warm process stays in our session, and each submission leads one of its own."""
    return "course.grading.zygote" in process.cmdline() and os.getsid(process.pid) == os.getsid(0)


def _below(folder: Path) -> list[Path]:
    """All that is below `folder`, links not followed, whatever cannot be read left out."""
    found = []
    for parent, folders, files in os.walk(folder):
        found += [Path(parent, name) for name in (*folders, *files)]
    return found
