"""The walls of one level, put up in order: for the warm process once, and for each of its children."""

import os
import resource
import signal
import sys
from collections.abc import Iterable

from course.grading.sandbox import kernel, landlock, limits, namespaces, seccomp


class Sandbox:
    """Made in the warm process while it is still small; then forks children, each of which calls `enter`."""

    def __init__(self, level: str, read: Iterable[str] = ()):
        """level: "full", "partial" or "none". read: folders that submissions may read, beside Python and the course.

        At "full" it goes on in a fork of the process that called. Raises OSError when the level cannot be had.
        """
        self.level = level
        self._read = namespaces.visible(read)
        self._count = 0
        self._own_processes = -1
        if level == "full":
            namespaces.enter_own(self._read)
            self._own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
            os.environ["HOME"] = os.environ["TMPDIR"] = namespaces.WORK
        if level != "none":
            kernel.prctl(kernel.PR_SET_DUMPABLE, 0)  # no process of the same user reads this one's memory

    def fork(self) -> int:
        """As `os.fork()`; the number that the parent gets is the child's in the parent's own namespace."""
        self._count += 1
        if self.level == "full":
            return namespaces.fork_apart(self._own_processes)
        return os.fork()

    def enter(self, keep: int, home: str, memory_mb: int, file_mb: int) -> None:
        """In a child, before anything of a student's: put up the walls. What is open is closed, but for `keep`.

        home: the work folder where the level has none of its own. memory_mb: how much more address space than now. file_mb:
        the size of any file that it writes. Raises OSError when a wall cannot be put up.
        """
        os.setsid()
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        _close_all_but(keep)
        if self.level == "full":
            namespaces.enter_child(self._count)
            home = namespaces.WORK
            kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)  # a change of user takes it back
        elif self.level == "partial":
            kernel.drop_capabilities()
        os.chdir(home)
        os.environ["HOME"] = os.environ["TMPDIR"] = home
        limits.cap(memory_mb, file_mb, own_user=self.level == "full")
        if self.level != "none":
            read, write = self._paths(home)
            landlock.confine(read, write)
            kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
            seccomp.confine(own_root=self.level == "full")

    def _paths(self, home: str) -> tuple[list[str], list[str]]:
        devices = ["/dev/null", "/dev/zero", "/dev/full"]
        if self.level == "full":
            return ["/"], [home, "/dev/shm", *devices]  # the root holds nothing that may not be read
        own = [f"/proc/{os.getpid()}", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/dev/random", "/dev/urandom"]
        return [*self._read, *own], [home, *devices]


def _close_all_but(keep: int) -> None:
    """Standard streams lead nowhere, and of the warm process's files none is left but the one that leads to the supervisor."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    os.closerange(3, keep)
    os.closerange(keep + 1, min(highest, 1 << 30) if highest > 0 else 1 << 30)
    sys.stdin = sys.stdout = sys.stderr = None  # set for each cell
