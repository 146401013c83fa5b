"""The files in what a platform handed out: a folder or a zip, with archives in archives. Nothing is unpacked by its name.

Files are read into memory one at a time, none further than its limit, and all that comes out of one archive in the download
together no further than `MOST_UNPACKED`; and their names are words that no path is made of. So what a student hands in can
neither write anywhere nor fill the disk, whatever it holds.
"""

import io
import lzma
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from course.errors import GivenError
from course.grading.collect import read_submission
from course.grading.files import edge
from course.grading.notebook import MAX_BYTES, Ungradable, clean_text

MOST_DEEP = 3  # archives inside each other, as when a student zips a notebook and the platform zips the class
MOST_FILES = 100_000
MOST_BYTES_INSIDE = 100_000_000  # of an archive in an archive, which is held in memory as a whole
MOST_UNPACKED = 200_000_000  # out of an archive in the download, or MOST_TIMES its size where that is more
MOST_TIMES = 20  # notebooks become some five times smaller in a zip
MOST_LEFT_OUT = 10  # lines about files of one such archive
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    ValueError,
    OverflowError,
    OSError,
)
_OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".tgz", ".tar.gz", ".gz", ".xz", ".bz2")
# What systems and editors leave beside the files that somebody meant to hand in.
_DEBRIS = re.compile(r"^(__MACOSX|\.ipynb_checkpoints|\..*|Thumbs\.db|desktop\.ini)$")


@dataclass(frozen=True)
class Found:
    """A file of the download. place: where it lies in there, its parts joined by "/", archives being parts like folders."""

    place: str
    data: bytes
    time: datetime | None  # as the archive or the folder has it, in nobody knows which zone: good for an order alone


@dataclass(frozen=True)
class LeftOut:
    """A file that was not taken, and why, in one clause."""

    place: str
    reason: str


@dataclass
class _Inside:
    """An archive in the download: where it lies, how deep, and what may still come out of it, all archives in it included."""

    place: str
    depth: int
    budget: list[int] = field(default_factory=list)  # bytes; one number, shared by the archives in it; none: no limit


def read_download(path: Path) -> Iterator[Found | LeftOut]:
    """Every notebook and every timestamp.txt in the folder or zip at `path`, in the order of their places.

    Raises GivenError when there is nothing to be read at `path`.
    """
    if path.is_dir():
        with edge("read", path):
            yield from _folder(path)
    elif path.is_file():
        with edge("read", path):
            try:
                archive = zipfile.ZipFile(path)
            except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
                raise GivenError(
                    f"{path} is not a zip that can be opened ({error}): give the zip as it was downloaded, or its folder"
                ) from None
            with archive:
                yield from _archive(archive, _Inside("", 1))
    else:
        raise GivenError(f"there is no {path}: give the zip that was downloaded, or the folder that it was unpacked to")


def _folder(path: Path) -> Iterator[Found | LeftOut]:
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not _DEBRIS.match(name))
        for name in sorted(name for name in files if not _DEBRIS.match(name)):
            file = Path(folder) / name
            place = clean_text(file.relative_to(path).as_posix())
            if not _wanted(name):
                yield LeftOut(place, _unwanted(name))
                continue
            data = read_submission(file)
            is_zip = name.lower().endswith(".zip") and file.is_file() and not file.is_symlink()
            if isinstance(data, Ungradable) and is_zip:
                data = file.read_bytes() if file.stat().st_size <= MOST_BYTES_INSIDE else data
            if isinstance(data, Ungradable):
                yield LeftOut(place, data.reason)
            else:
                yield from _file(place, data, datetime.fromtimestamp(file.stat().st_mtime), _Inside("", 0))


def _archive(archive: zipfile.ZipFile, inside: _Inside) -> Iterator[Found | LeftOut]:
    entries = [entry for entry in archive.infolist() if entry.filename and not entry.is_dir()]
    if len(entries) > MOST_FILES:
        yield LeftOut(inside.place or "the archive", f"it holds more than {MOST_FILES:,} files")
        return
    unwanted = 0
    for entry in sorted(entries, key=lambda entry: entry.filename):
        name = clean_text(_name(entry).replace("\\", "/"))
        parts = [part for part in name.split("/") if part not in ("", ".", "..")]
        if not parts or any(_DEBRIS.match(part) for part in parts):
            continue
        place = "/".join(([inside.place] if inside.place else []) + parts)
        if not _wanted(parts[-1]):
            unwanted += 1
            if not inside.budget or unwanted <= MOST_LEFT_OUT:
                yield LeftOut(place, _unwanted(parts[-1]))
            continue
        limit = MOST_BYTES_INSIDE if parts[-1].lower().endswith(".zip") else MAX_BYTES
        data = _entry(archive, entry, min([limit, *inside.budget]))
        if isinstance(data, bytes) and inside.budget:
            inside.budget[0] -= len(data)
        if isinstance(data, bytes):
            yield from _file(place, data, _time(entry), inside)
        elif inside.budget and inside.budget[0] < limit:
            yield LeftOut(place, "its archive unpacks to more than a student may hand in")
            return
        else:
            yield LeftOut(place, data)
    if inside.budget and unwanted > MOST_LEFT_OUT:
        yield LeftOut(inside.place, f"it holds {unwanted - MOST_LEFT_OUT} more files that are no notebooks")


def _name(entry: zipfile.ZipInfo) -> str:
    """Names in UTF-8 that do not say so, as the Finder of macOS writes them, were read as cp437."""
    if not entry.flag_bits & 0x800:
        try:
            return entry.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return entry.filename


def _file(place: str, data: bytes, time: datetime | None, inside: _Inside) -> Iterator[Found | LeftOut]:
    """The file itself, or what is in it when it is an archive."""
    if not place.lower().endswith(".zip"):
        yield Found(place, data, time)
        return
    if inside.depth >= MOST_DEEP:
        yield LeftOut(place, f"archives lie more than {MOST_DEEP} deep in each other")
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        yield LeftOut(place, "it is named like a zip and cannot be opened as one")
        return
    budget = inside.budget or [max(MOST_UNPACKED, MOST_TIMES * len(data))]
    with archive:
        found = 0
        for file in _archive(archive, _Inside(place, inside.depth + 1, budget)):
            found += 1
            yield file
        if not found:
            yield LeftOut(place, "it holds no notebook")


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes | str:
    """The bytes of an entry, or why they cannot be had. What the archive says of their number is not believed."""
    try:
        with archive.open(entry) as stream:
            data = stream.read(limit + 1)
    except _BROKEN:
        return "it is damaged in the archive"
    except RuntimeError:  # what zipfile raises for an entry that is encrypted
        return "it is locked with a password"
    return data if len(data) <= limit else f"it has more than {limit // 1_000_000} MB"


def _wanted(name: str) -> bool:
    return name.lower().endswith((".ipynb", ".zip")) or name == "timestamp.txt"


def _unwanted(name: str) -> str:
    if name.lower().endswith(_OTHER_ARCHIVES):
        return "it is an archive of a kind that is not read: unpack it by hand and run the command again"
    return "it is no notebook"


def _time(entry: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*entry.date_time)
    except ValueError:  # a month of zero, as some programs write
        return None
