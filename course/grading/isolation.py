"""What a submission's process may not do. Each fork of the zygote passes through here before it runs a line of a student's.

The level says how much stands between a submission and the machine; it is printed and kept with every result. Today's
measures are limits on memory and on the size of files, and a work folder of its own: they contain accidents, not
attacks, and are called by their name, "none".
"""

import os
import resource

LEVEL = "none"
MEANS = "limits on time, memory and files; accidents are contained, attacks are not"


def isolate(home: str, memory_mb: int, file_mb: int) -> None:
    """Shut this process off as far as this level does: work in `home`, standard streams closed, resources capped.

    memory_mb: how much more address space than now. file_mb: the size of any file it writes.
    """
    os.chdir(home)
    os.environ["HOME"] = os.environ["TMPDIR"] = home
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)
    _limit(resource.RLIMIT_AS, _address_space() + memory_mb * 1_000_000)
    _limit(resource.RLIMIT_FSIZE, file_mb * 1_000_000)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _address_space() -> int:
    """Bytes of address space in use (Linux: /proc/self/statm, first field, in pages)."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
