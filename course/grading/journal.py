"""The record of what was graded: append-only, one writer, on the disk before the next submission is begun.

One JSON line for each result, keyed by the content of (submission, assignment, environment). A line that a crash cut
short is ignored; a result that is there need not be computed again.
"""

import fcntl
import json
import os
from dataclasses import replace
from pathlib import Path

from course.errors import GivenError
from course.grading.result import Result


class Journal:
    """The journal of one assignment, open for writing. Only one process can hold it; a second one is told so."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = open(path, "ab+")  # noqa: SIM115  (closed by close)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise GivenError(f"{path} is in use by another grading of this assignment: wait until it is done") from None
        self._places = self._index()

    def _index(self) -> dict[str, tuple[str, int]]:
        """Student -> (key, position of the last line); leaves the file ready for a whole line to be appended."""
        self._file.seek(0)
        places, position = {}, 0
        for line in self._file:
            if not line.endswith(b"\n"):
                self._file.truncate(position)
                break
            try:
                record = json.loads(line)
                places[record["student"]] = (record["key"], position)
            except (ValueError, TypeError, KeyError):
                pass  # damaged by something other than us: graded again, as if it were not there
            position += len(line)
        return places

    def find(self, student: str, key: str) -> Result | None:
        """The result for just this content, marked as cached, or None."""
        known, position = self._places.get(student, ("", 0))
        if known != key:
            return None
        self._file.seek(position)
        return replace(Result.from_json(json.loads(self._file.readline())), cached=True)

    def append(self, result: Result) -> None:
        """Keep `result`; when this returns, it survives a crash."""
        position = self._file.seek(0, os.SEEK_END)
        self._file.write(json.dumps(result.to_json(), separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._places[result.student] = (result.key, position)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_) -> None:
        self.close()
