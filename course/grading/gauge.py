"""What a process uses, read from outside: by /proc where there is one, else by psutil (which Jupyter brings along)."""

import contextlib
import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import psutil


class Gauge(Protocol):
    """Reads one process. A process that is gone uses nothing; where nothing can be read, only the clock limits it."""

    def cpu_seconds(self) -> float: ...

    def queued_seconds(self) -> float:
        """How long it was ready to run and had no core."""

    def threads(self) -> int: ...

    def resident_mb(self) -> float:
        """Beyond what it had when the gauge was made."""


def gauge(pid: int) -> Gauge:
    """The best gauge for a process that is there. pid: its number, as this process sees it."""
    if os.path.exists(f"/proc/{pid}/statm"):
        return _Proc(pid)
    try:
        import psutil
    except ImportError:
        return _Blind()
    try:
        return _Psutil(psutil.Process(pid), psutil.Error)
    except psutil.Error:  # it has just ended, or stands in a namespace that we cannot see
        return _Blind()


class _Proc:
    def __init__(self, pid: int):
        self._pid = pid
        self._page, self._tick = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
        self._baseline = self._resident_mb()

    def cpu_seconds(self) -> float:
        return (int(self._stat(11)) + int(self._stat(12))) / self._tick

    def queued_seconds(self) -> float:
        """By /proc/PID/schedstat, second field, in nanoseconds."""
        try:
            with open(f"/proc/{self._pid}/schedstat") as schedstat:
                return int(schedstat.read().split()[1]) / 1e9
        except (OSError, IndexError):
            return 0.0

    def threads(self) -> int:
        return int(self._stat(17))

    def resident_mb(self) -> float:
        return self._resident_mb() - self._baseline

    def _stat(self, index: int) -> str:
        """A field of /proc/PID/stat behind the name; "0" when the process is gone."""
        try:
            with open(f"/proc/{self._pid}/stat") as stat:
                return stat.read().rpartition(")")[2].split()[index]
        except OSError:
            return "0"

    def _resident_mb(self) -> float:
        try:
            with open(f"/proc/{self._pid}/statm") as statm:
                return int(statm.read().split()[1]) * self._page / 1e6
        except OSError:
            return 0.0


class _Psutil:
    def __init__(self, process: "psutil.Process", gone: type[Exception]):
        """gone: what is raised when the process is no more, or is not ours to look at."""
        self._process, self._gone = process, gone
        self._baseline = 0.0
        self._baseline = self.resident_mb()

    def cpu_seconds(self) -> float:
        with contextlib.suppress(self._gone):
            used = self._process.cpu_times()
            return used.user + used.system
        return 0.0

    def queued_seconds(self) -> float:
        return 0.0  # no system but Linux says

    def threads(self) -> int:
        with contextlib.suppress(self._gone):
            return self._process.num_threads()
        return 0

    def resident_mb(self) -> float:
        with contextlib.suppress(self._gone):
            return self._process.memory_info().rss / 1e6 - self._baseline
        return 0.0


class _Blind:
    def cpu_seconds(self) -> float:
        return 0.0

    queued_seconds = threads = resident_mb = cpu_seconds
