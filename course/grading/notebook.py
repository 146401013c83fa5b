"""Bytes that somebody handed in -> the cells of a notebook, or the reason why there are none.

Read with `json` alone, not with nbformat: a submission need not be valid to be readable, and a student's own check must
work where only the course and its base dependencies are installed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 20_000_000
MAX_CELLS = 2_000
MAX_CELL_CHARACTERS = 1_000_000


@dataclass(frozen=True)
class RawCell:
    """A cell with all that graders use of it. Everything else (outputs, who ran it and when) stays behind."""

    cell_type: str  # "code" | "markdown" | "raw"
    source: str
    nbgrader: Mapping[str, Any] = field(default_factory=dict)

    @property
    def grade_id(self) -> str:
        given = self.nbgrader.get("grade_id")
        return given if isinstance(given, str) else ""


@dataclass(frozen=True)
class RawNotebook:
    cells: tuple[RawCell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    incidents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ungradable:
    """Why a submission cannot be graded: one sentence for the instructor and the student."""

    reason: str


def read_notebook(data: bytes) -> RawNotebook | Ungradable:
    """The cells in `data`, whatever its encoding and format version. Never raises."""
    if len(data) > MAX_BYTES:
        return Ungradable(f"the file has {len(data) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read")
    if disguise := _not_a_notebook(data):
        return Ungradable(disguise)
    incidents: list[str] = []
    try:
        document = _parse(_decode(data, incidents), incidents)
    except json.JSONDecodeError as error:
        if _breaks_off(error):
            return Ungradable("the file breaks off in the middle (an upload or a download was cut short)")
        return Ungradable(f"the file is not a notebook: it is not valid JSON (line {error.lineno}: {error.msg})")
    except (ValueError, RecursionError, MemoryError):
        return Ungradable("the file is not a notebook: it holds numbers or lists that no notebook has")
    if not isinstance(document, dict):
        return Ungradable("the file is JSON, but not a notebook")
    listed = [entry for entry in _listed_cells(document, MAX_CELLS + 1) if not _is_colabs_link(entry)]
    if len(listed) > MAX_CELLS:
        return Ungradable(f"the notebook has more than {MAX_CELLS:,} cells")
    if not listed:
        return Ungradable("the notebook has no cells")
    version = document.get("nbformat")
    if isinstance(version, int) and not isinstance(version, bool) and version > 4:
        incidents.append(f"The notebook is of the future format {version}; it was read as format 4.")
    cells, damaged = [], 0
    for entry in listed:
        cell, was_damaged = _raw_cell(entry)
        if cell is not None and len(cell.source) > MAX_CELL_CHARACTERS:
            return Ungradable(f"a cell holds {len(cell.source) / 1e6:.1f} million characters of text")
        damaged += was_damaged
        if cell is not None:
            cells.append(cell)
    if damaged:
        incidents.append(f"{_count(damaged, 'cell')} held characters that are no text; they were taken out.")
    metadata = document.get("metadata")
    return RawNotebook(tuple(cells), metadata if isinstance(metadata, dict) else {}, tuple(incidents))


def _not_a_notebook(data: bytes) -> str:
    """A plain word for the files that are most often handed in by mistake."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not data.strip(b"\x00 \t\r\n"):
        return "the file is empty"
    if start.startswith(b"PK\x03\x04"):
        return "the file is a zip archive, not a notebook"
    if start.startswith(b"%PDF"):
        return "the file is a PDF, not a notebook"
    if start.startswith(b"<"):
        return "the file is a web page, not a notebook (save the notebook itself, not the page that shows it)"
    return ""


def _decode(data: bytes, incidents: list[str]) -> str:
    """Text of UTF-8, -16 or -32, with or without a byte order mark; anything else is read as Windows-1252."""
    try:
        text = data.decode(json.detect_encoding(data), "surrogatepass")
    except UnicodeDecodeError:
        incidents.append("The file is not in UTF-8; it was read as Windows-1252, so that accents may be wrong.")
        text = data.decode("cp1252", "replace")
    return text.strip("\ufeff\x00 \t\r\n")


def _parse(text: str, incidents: list[str]) -> Any:
    """The first JSON value in `text`. NaN and raw control characters are accepted, as other tools write them."""
    document, end = json.JSONDecoder(strict=False).raw_decode(text)
    if text[end:].strip("\x00 \t\r\n"):
        incidents.append("There was more text after the end of the notebook; it was left out.")
    return document


def _breaks_off(error: json.JSONDecodeError) -> bool:
    at_the_end = error.pos >= len(error.doc) - len("false")
    return error.doc.startswith("{") and (at_the_end or error.msg.startswith("Unterminated string"))


def _listed_cells(document: Mapping[str, Any], limit: int) -> Iterator[Any]:
    """The entries of `cells` (format 4 and later), or those of the worksheets (format 3 and earlier)."""
    worksheets = document.get("worksheets")
    sheets = worksheets if isinstance(worksheets, list) else []
    for holder in (document, *sheets):
        cells = holder.get("cells") if isinstance(holder, dict) else None
        for cell in cells if isinstance(cells, list) else ():
            yield cell
            limit -= 1
            if not limit:
                return


def _is_colabs_link(entry: Any) -> bool:
    """Whether this is the badge that Colab puts before a copy on GitHub: nobody wrote it, and it names the student's account."""
    metadata = entry.get("metadata") if isinstance(entry, dict) else None
    return isinstance(metadata, dict) and metadata.get("id") == "view-in-github" and "nbgrader" not in metadata


def _raw_cell(entry: Any) -> tuple[RawCell | None, bool]:
    """A cell and whether its text was damaged. An entry that is no cell at all gives None."""
    if not isinstance(entry, dict):
        return None, True
    cell_type = entry.get("cell_type")
    written = entry["source"] if "source" in entry else entry.get("input")  # format 3 calls a code cell's source input
    source = written if isinstance(written, str) else _joined(written)
    if cell_type == "heading":  # format 3
        level = entry.get("level")
        source, cell_type = f"{'#' * (level if isinstance(level, int) and 0 < level < 7 else 1)} {source}", "markdown"
    if cell_type not in ("code", "markdown"):
        cell_type = "raw"
    clean = clean_text(source)
    metadata = entry.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    damaged = clean != source.replace("\r\n", "\n").replace("\r", "\n")
    return RawCell(cell_type, clean, nbgrader if isinstance(nbgrader, dict) else {}), damaged


def _joined(lines: Any) -> str:
    return "".join(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else ""


def clean_text(text: str) -> str:
    """`text` with line feeds alone, without null characters, and with U+FFFD for halves of surrogate pairs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
