"""Root for once without its right to read and write everything: so that a test of refused access means something."""

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
_OVERRIDE = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
_libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def ordinary_rights() -> Iterator[None]:
    """Within this block the current thread, and those that it starts, may do with files what their permissions say."""
    if os.geteuid() != 0:
        yield
        return
    header, held = struct.pack("Ii", _VERSION, 0), ctypes.create_string_buffer(24)
    _do(_libc.capget(header, held))
    effective, *others = struct.unpack("6I", held.raw)
    _do(_libc.capset(header, struct.pack("6I", effective & ~_OVERRIDE, *others)))
    try:
        yield
    finally:
        _do(_libc.capset(header, held.raw))


def _do(status: int) -> None:
    if status:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
