"""Folders for the time of one grading. A living grading holds a lock on its own; what a killed one left, the next removes.

The lock is on the folder itself, so there is no moment in which a folder is there without its lock file; on Windows, which
opens no folders, it is on a file in it. It ends with the process that made it, however that ends: the descriptor is passed
on to no other program.
"""

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from course.grading import locks
from course.grading.files import edge

PREFIX = "course-grade-"
_FOLDERS_OPEN = hasattr(os, "O_DIRECTORY")  # or, on Windows, only files
_HELD = "held"  # the file that is locked there


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
        return Scratch(path, _open(path))  # no locks here, so nobody sweeps here either


def remove(scratch: Scratch) -> None:
    """Remove the folder with all that is in it, and give up the lock. Once only."""
    _remove(scratch.path, scratch.lock)


def sweep(parent: Path) -> int:
    """Remove what gradings of this user left in `parent` that are no more; returns how many folders that were."""
    removed = 0
    with contextlib.suppress(OSError):  # a folder that cannot be listed holds nothing that we could remove
        for path in sorted(parent.glob(f"{PREFIX}*")):
            lock = _lock(path)
            if lock is not None:
                _remove(path, lock)
                removed += 1
    return removed


def _open(path: Path) -> int:
    """The descriptor that can be locked."""
    if _FOLDERS_OPEN:
        return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    return os.open(path / _HELD, os.O_RDWR | os.O_CREAT)


def _lock(path: Path) -> int | None:
    """The lock on a folder of this user, or None: it is somebody's, it is no folder, or it is gone."""
    try:
        descriptor = _open(path)
    except OSError:
        return None
    try:
        opened = os.fstat(descriptor)
        if not hasattr(os, "geteuid") or opened.st_uid == os.geteuid():
            if locks.take(descriptor):
                # It may have been removed between the two lines above.
                now = os.stat(path if _FOLDERS_OPEN else path / _HELD, follow_symlinks=False)
                if (now.st_dev, now.st_ino) == (opened.st_dev, opened.st_ino):
                    return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def _remove(path: Path, lock: int) -> None:
    """Remove a folder whose lock we have. Windows removes no file that is open."""
    if not _FOLDERS_OPEN:
        os.close(lock)
    remove_tree(path)
    if _FOLDERS_OPEN:
        os.close(lock)


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
    if not path.is_dir() or stat.S_ISLNK(os.lstat(path).st_mode):
        return
    if shutil.which("rm") is None:  # Windows removes nothing that may only be read
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                with contextlib.suppress(OSError):
                    os.chmod(os.path.join(folder, name), stat.S_IRWXU)
        shutil.rmtree(path, ignore_errors=True)
        return
    # The system's own programs neither recurse nor build long paths.
    for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf", "--one-file-system"]):
        subprocess.run([*command, "--", str(path)], stdin=subprocess.DEVNULL, capture_output=True, check=False)
