"""A lock on an open file, which ends with the process that took it, however that ends."""

import os

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

# Windows locks bytes, and nobody else can read those: this one lies beyond anything that is ever written.
_FAR = 1 << 40


def take(descriptor: int) -> bool:
    """Take the lock; False when another process has it. Raises OSError where there are no locks."""
    if fcntl is None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
    try:
        if fcntl is None:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except PermissionError:
        if fcntl is None:  # how Windows says that it is taken
            return False
        raise
    return True
