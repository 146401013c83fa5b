"""Limits that the kernel keeps for one process (man 2 getrlimit): a hard stop where the supervisor's own watch is late."""

import contextlib
import os
import resource
import sys
from pathlib import Path

_THREADS = 256
_OPEN_FILES = 256
_CPU_SECONDS = 3600  # the supervisor stops a submission long before


def cap(memory_mb: int, file_mb: int, own_user: bool) -> None:
    """Cap this process, for good. memory_mb: how much more address space than now. file_mb: the size of any file it writes.
    own_user: whether no other program runs as its user, whose threads the kernel would count as this process's."""
    if sys.platform.startswith("linux"):  # macOS maps hundreds of gigabytes into each process, and refuses a limit
        _limit(resource.RLIMIT_AS, _address_space() + memory_mb * 1_000_000)
        _limit(resource.RLIMIT_MSGQUEUE, 0)
    _limit(resource.RLIMIT_FSIZE, file_mb * 1_000_000)
    _limit(resource.RLIMIT_CPU, _CPU_SECONDS)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    if own_user:
        _limit(resource.RLIMIT_NPROC, _THREADS)
    for nothing in (resource.RLIMIT_CORE, resource.RLIMIT_MEMLOCK):
        _limit(nothing, 0)
    with contextlib.suppress(OSError):  # no /proc: then the kernel chooses by size alone, and this is the largest
        Path("/proc/self/oom_score_adj").write_text("1000")  # when memory runs out, this one goes first


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _address_space() -> int:
    """Bytes of address space in use (/proc/self/statm, first field, in pages; without /proc, what this process is known to need)."""
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 8_000_000_000
