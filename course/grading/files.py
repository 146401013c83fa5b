"""Files that are whole whatever happens meanwhile, and what to say when one cannot be written."""

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from course.errors import GivenError
from course.grading.notebook import clean_text

WINDOWS = os.name == "nt"  # which refuses to replace or remove what somebody has open, as if a right were missing
# What a person can do about it. Any other error of the system is a mistake of ours, and stops loudly.
_MENDS = {
    errno.ENOSPC: "make room there",
    errno.EDQUOT: "your quota is used up: make room there",
    errno.EFBIG: "a limit on the size of files is in force (`ulimit -f`): raise it",
    errno.EROFS: "it is mounted read-only: choose another place, or mount it for writing",
    errno.EACCES: "give yourself the right to read and write there",
    errno.EPERM: "give yourself the right to read and write there",
    errno.ENOENT: "it is not there (any more): is something else at work in this folder?",
    errno.ENOTDIR: "something that is no folder is in its place: move that away",
    errno.EISDIR: "a folder is in its place: move that away",
    errno.EIO: "the disk does not work: continue on another one",
    errno.ESTALE: "the file server has lost it: mount it anew",
    errno.ENOLCK: "this file system knows no locks: choose another place",
    errno.EMFILE: "too many files are open: raise `ulimit -n`, or use fewer --jobs",
    errno.ENFILE: "too many files are open on this machine: end other programs",
    errno.EAGAIN: "no further process can be started: raise `ulimit -u`, or use fewer --jobs",
    errno.ENOMEM: "there is no memory left: end other programs, or use fewer --jobs",
}
# Of these, what can be in the way at any place, and is never a mistake of ours.
ANYWHERE = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.EMFILE, errno.ENFILE, errno.ENOMEM)
)


@contextlib.contextmanager
def edge(doing: str, path: Path | None = None, errors: Collection[int] = _MENDS) -> Iterator[None]:
    """Tell an error of the system that a person can mend as one line: what could not be done, where, why, and the mend.

    errors: the numbers (`errno`) of those that are told; others pass through.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in errors:
            raise
        where = path or error.filename
        place = f" {where}" if where else ""
        mend = "close the program that has it open, or " if WINDOWS and error.errno == errno.EACCES else ""
        raise GivenError(f"cannot {doing}{place} ({error.strerror}): {mend}{_MENDS[error.errno]}") from error


def replace_file(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """The whole new file or the whole former one, whatever happens meanwhile; its folder is made when it is missing.

    A crash leaves at most a draft, which the next writing of the same file takes away: one process at a time writes it.
    Raises GivenError when it cannot be written.
    """
    data = clean_text(content).encode() if isinstance(content, str) else content
    _replace(path, path.with_name(f".{path.name}.part"), data, mode)


def replace_shared_file(path: Path, content: bytes) -> None:
    """As `replace_file`, for a file that several processes may write at the same time; a crash may leave a draft."""
    _replace(path, path.with_name(f".{path.name}.{secrets.token_hex(8)}.part"), content, 0o644)


def _put(draft: Path, path: Path) -> None:
    """Draft becomes the file. Where a file that somebody reads cannot be replaced (Windows), wait a little for them."""
    for pause in (0.05, 0.2, 0.5, 1.0) if WINDOWS else ():
        with contextlib.suppress(PermissionError):
            draft.replace(path)
            return
        time.sleep(pause)
    draft.replace(path)


def _replace(path: Path, draft: Path, data: bytes, mode: int) -> None:
    with edge("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        try:
            with open(draft, "xb") as file:
                file.write(data)
            draft.chmod(mode)
            _put(draft, path)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
