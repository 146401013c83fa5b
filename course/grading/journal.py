"""The record of what was graded: append-only, one writer, on the disk before the next submission is begun.

One JSON line for each result, keyed by the content of (submission, assignment, environment), with a digest of itself.
A line is written after the files of that submission, so that what is in the journal is done. A line that a crash cut
short is removed, one that was damaged later is passed over; either costs that submission one more grading.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from course.errors import GivenError
from course.grading import locks
from course.grading.files import edge, replace_file
from course.grading.result import Result

# A line: {"digest":"<of all that follows>","student":...
_HEAD, _NECK = b'{"digest":"', b'",'


class Journal:
    """The journal of one assignment, open for writing. Only one process can hold it; a second one is told so.

    damaged: how many lines could not be used.
    """

    def __init__(self, path: Path):
        self.path = path
        self._told = path.with_suffix(".gradebooks")
        with edge("write the journal", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
        try:
            self._lock()
            self.damaged = 0
            with edge("read the journal", path):
                self._places = self._index()
        except GivenError:
            os.close(self._file)
            raise

    def _lock(self) -> None:
        with edge("lock the journal", self.path):
            if not locks.take(self._file):
                raise GivenError(f"{self.path} is in use by another grading of this assignment: wait until it is done")

    def _index(self) -> dict[str, tuple[str, int]]:
        """Student -> (key, position of the last line); leaves the file ready for a whole line to be appended."""
        places, position = {}, 0
        with self._reader(0) as file:
            for line in file:
                if not line.endswith(b"\n"):
                    os.ftruncate(self._file, position)
                    break
                record = _read(line)
                if record is None:
                    self.damaged += 1
                else:
                    places[record["student"]] = (record["key"], position)
                position += len(line)
        return places

    def _reader(self, position: int):
        file = open(self._file, "rb", closefd=False)  # noqa: SIM115  (its user closes it)
        file.seek(position)
        return file

    def find(self, student: str, key: str) -> Result | None:
        """The result for just this content, marked as cached, or None."""
        known, position = self._places.get(student, ("", 0))
        if known != key:
            return None
        with self._reader(position) as file:
            record = _read(file.readline())
        return replace(Result.from_json(record), cached=True) if record else None

    def append(self, result: Result) -> None:
        """Keep `result`; when this returns, it survives a crash. Raises GivenError, and leaves nothing, when there is no room."""
        body = json.dumps(result.to_json(), separators=(",", ":")).encode()
        line = _HEAD + _digest(body[1:]) + _NECK + body[1:] + b"\n"
        position = os.lseek(self._file, 0, os.SEEK_END)
        with edge("write the journal", self.path):
            try:
                written = 0
                while written < len(line):
                    written += os.write(self._file, line[written:])
                os.fsync(self._file)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(self._file, position)
                raise
        self._places[result.student] = (result.key, position)

    def told(self, db_url: str) -> dict[str, str]:
        """Student -> the key of the result that this gradebook was last given.

        One that is not known yet (a new one, or one that was moved) counts as having all that the journal holds now.
        """
        known = self._read_told()
        if _name(db_url) not in known:
            known[_name(db_url)] = {student: key for student, (key, _) in self._places.items()}
            self._write_told(known)
        return known[_name(db_url)]

    def tell(self, db_url: str, results: Iterable[Result]) -> None:
        """Note that this gradebook now holds `results`."""
        known = self._read_told()
        known[_name(db_url)] = known.get(_name(db_url), {}) | {result.student: result.key for result in results}
        self._write_told(known)

    def _read_told(self) -> dict[str, dict[str, str]]:
        try:
            known = json.loads(self._told.read_bytes())
        except (OSError, ValueError):
            return {}
        return {name: dict(keys) for name, keys in known.items()} if isinstance(known, dict) else {}

    def _write_told(self, known: dict[str, dict[str, str]]) -> None:
        replace_file(self._told, json.dumps(known, sort_keys=True).encode())

    def close(self) -> None:
        os.close(self._file)

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_) -> None:
        self.close()


def read_results(path: Path) -> list[Result]:
    """The last result of every student in the journal at `path`, in the order of their names; a grading may be at work on it."""
    latest: dict[str, dict] = {}
    with edge("read the journal", path), open(path, "rb") as file:
        for line in file:
            if line.endswith(b"\n") and (record := _read(line)):
                latest[record["student"]] = record
    return [Result.from_json(latest[student]) for student in sorted(latest)]


def _name(db_url: str) -> str:
    """Which gradebook, without its address, which may hold a password."""
    return hashlib.sha256(db_url.encode()).hexdigest()[:16]


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest()[:32].encode()


def _read(line: bytes) -> dict | None:
    """The record in a line, or None when the line is not what was written."""
    head, _, body = line.rstrip(b"\n").partition(_NECK)
    if head != _HEAD + _digest(body):
        return None
    return json.loads(b"{" + body)
