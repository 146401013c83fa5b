"""Folders for the time of one grading. A living grading holds a lock on its own; what a killed one left, the next removes.

The lock is on the folder itself, so there is no moment in which a folder is there without its lock file. It ends with
the process that made it, however that ends: the descriptor is passed on to no other program.
"""

import contextlib
import fcntl
import os
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from course.grading.files import edge

PREFIX = "course-grade-"


@dataclass(frozen=True)
class Scratch:
    """A folder of ours. lock: the descriptor that says so to others."""

    path: Path
    lock: int


def make(parent: Path | None = None) -> Scratch:
    """A new folder in `parent` (the system's temporary folder when None), after those of killed gradings are removed.

    Raises GivenError when there is no room or no right to make one.
    """
    with edge("make a work folder"):
        parent = parent or Path(tempfile.gettempdir())
    sweep(parent)
    with edge("make a work folder in", parent):
        for _ in range(10):  # another grading may take a new folder for an old one, in the moment before it is locked
            path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
            lock = _lock(path)
            if lock is not None:
                return Scratch(path, lock)
        return Scratch(path, os.open(path, os.O_RDONLY | os.O_DIRECTORY))  # no locks here, so nobody sweeps here either


def remove(scratch: Scratch) -> None:
    """Remove the folder with all that is in it, and give up the lock. Once only."""
    remove_tree(scratch.path)
    os.close(scratch.lock)


def sweep(parent: Path) -> int:
    """Remove what gradings of this user left in `parent` that are no more; returns how many folders that were."""
    removed = 0
    with contextlib.suppress(OSError):  # a folder that cannot be listed holds nothing that we could remove
        for path in sorted(parent.glob(f"{PREFIX}*")):
            lock = _lock(path)
            if lock is not None:
                remove_tree(path)
                os.close(lock)
                removed += 1
    return removed


def _lock(path: Path) -> int | None:
    """The lock on a folder of this user, or None: it is somebody's, it is no folder, or it is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        opened = os.fstat(descriptor)
        if opened.st_uid == os.geteuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            now = os.stat(path, follow_symlinks=False)  # it may have been removed between the two lines above
            if (now.st_dev, now.st_ino) == (opened.st_dev, opened.st_ino):
                return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def remove_tree(path: Path) -> None:
    """Remove a folder in which a submission may have done anything: folders without rights, or nested ten thousand deep."""
    try:
        shutil.rmtree(path)
    except FileNotFoundError:
        if not path.exists():
            return
    except (OSError, RecursionError):
        pass
    else:
        return
    # The system's own programs neither recurse nor build long paths.
    if path.is_dir() and not stat.S_ISLNK(os.lstat(path).st_mode):
        for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf", "--one-file-system"]):
            subprocess.run([*command, "--", str(path)], stdin=subprocess.DEVNULL, capture_output=True, check=False)
