"""Landlock: which files a process may still read and write. It needs no rights, and holds in any container.

Source: docs.kernel.org/userspace-api/landlock.html.
"""

import os
import struct
from collections.abc import Sequence

from course.grading.sandbox import kernel

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_ALL_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}  # 5 and later: 16 rights
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_TCP = 0b11  # bind and connect, from version 4 on
_SCOPES = 0b11  # abstract sockets and signals to the outside, from version 6 on


def confine(read: Sequence[str], write: Sequence[str]) -> None:
    """From now on: read below `read`, read and write below `write`, and nothing else. A path that is not there is left out.

    No TCP and, where the kernel is new enough, no signal and no abstract socket to a process outside. For good, and for
    all threads that start later. Raises OSError where the kernel has no Landlock.
    """
    version = kernel.landlock_version()
    if not version:
        raise OSError(38, "this kernel has no Landlock")
    everything = _ALL_BY_VERSION.get(version, (1 << 16) - 1)
    ruleset = struct.pack(
        "QQQ"[: 1 if version < 4 else 2 if version < 6 else 3],
        *(everything, _TCP, _SCOPES)[: 1 if version < 4 else 2 if version < 6 else 3],
    )
    rules = kernel.landlock_create(ruleset)
    try:
        for path in read:
            _allow(rules, path, _READ_FILE | _READ_DIR)
        for path in write:
            _allow(rules, path, everything & ~_EXECUTE)
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.landlock_restrict(rules)
    finally:
        os.close(rules)


def _allow(rules: int, path: str, access: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        folder = os.path.isdir(path)
        kernel.landlock_allow(rules, access if folder else access & _ON_FILES, place)
    finally:
        os.close(place)
