"""One source file (jupytext py:percent) as a value: its front matter, and its cells with their line numbers."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import jupytext
from jupytext.stringparser import StringParser

from course.errors import GivenError

_MARKER = re.compile(r"^\s*# %%(\s|$)")
_FRONT_KEYS = {"title", "shows", "needs", "minutes", "data", "claims", "accelerator"}
_MINUTES = {"read", "run", "work"}
ACCELERATORS = ("GPU", "TPU")  # as Colab names them
_CLAIM_KEYS = {"text", "value", "tolerance"}
_SCALES = ("gpu", "tpu")  # where a claim may have another value than at the scale "cpu"


@dataclass(frozen=True)
class Claim:
    """A number that the prose states: `value`, give or take `tolerance` (absolute).

    scales: (value, tolerance) where the experiments are larger: under "gpu", which holds on a TPU as well, or "tpu".
    """

    name: str
    text: str
    value: float
    tolerance: float
    scales: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def at(self, scale: str) -> "Claim":
        """The claim as it stands at this scale: "cpu", "gpu" or "tpu"."""
        for name in (scale, "gpu") if scale == "tpu" else (scale,):
            if name in self.scales:
                value, tolerance = self.scales[name]
                return replace(self, value=value, tolerance=tolerance)
        return self

    def holds(self, measured: float) -> bool:
        return abs(measured - self.value) <= self.tolerance


@dataclass(frozen=True)
class Front:
    """What stands in the first cell of a source."""

    title: str
    shows: str
    needs: str = ""
    minutes: Mapping[str, float] = field(default_factory=dict)
    data: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    accelerator: str = ""  # what Colab opens the notebook on, where the chapter gains from it: "GPU" or "TPU"


@dataclass(frozen=True)
class SourceCell:
    cell_type: str  # "code" | "markdown"
    tags: Mapping[str, object]
    source: str
    line: int  # of the "# %%" line, from 1
    first: int  # of the first line of `source`


@dataclass(frozen=True)
class Source:
    path: Path
    chapter: str
    front: Front
    cells: tuple[SourceCell, ...]  # without the front cell

    def fault(self, line: int, message: str) -> GivenError:
        """The error that says, in one line, what is wrong in this file, and where."""
        return fault(self.path, line, message)


def fault(path: Path, line: int, message: str) -> GivenError:
    where = "/".join(path.parts[-3:])
    return GivenError(f"{where}:{line}: {message}")


def read_source(path: Path) -> Source:
    """Parse one source. Raises GivenError with the file and the line when it is not what it should be."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GivenError(f"{path} cannot be read: {error}") from None
    notebook = jupytext.reads(text, fmt="py:percent")
    lines = text.splitlines()
    markers = _marker_lines(lines)
    if not markers or any(line.strip() for line in lines[: markers[0] - 1]):
        raise fault(path, 1, 'a source begins with its front cell: "# %% [raw] front=true"')
    if len(markers) != len(notebook.cells):
        raise fault(path, markers[0], f"{len(markers)} cell markers, but jupytext reads {len(notebook.cells)} cells")
    cells = []
    for marker, cell in zip(markers, notebook.cells, strict=True):
        tags = {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}
        cells.append(SourceCell(cell.cell_type, tags, cell.source, marker, _first_line(lines, marker, cell.source)))
    if cells[0].tags.get("front") is not True or cells[0].cell_type != "raw":
        raise fault(path, markers[0], 'the first cell is not the front cell "# %% [raw] front=true"')
    for cell in cells[1:]:
        if "front" in cell.tags:
            raise fault(path, cell.line, "a source has one front cell, the first")
    return Source(path, path.stem, _read_front(path, cells[0]), tuple(cells[1:]))


def _marker_lines(lines: list[str]) -> list[int]:
    """The lines (from 1) that begin a cell, told apart from strings as jupytext tells them."""
    parser, found = StringParser("python"), []
    for number, line in enumerate(lines, 1):
        if not parser.is_quoted() and _MARKER.match(line):
            found.append(number)
        parser.read_line(line)
    return found


def _first_line(lines: list[str], marker: int, source: str) -> int:
    """Where a cell's text begins: jupytext drops blank lines before it."""
    line = marker + 1
    if not source.startswith("\n"):
        while line <= len(lines) and source and not lines[line - 1].strip():
            line += 1
    return line


def _read_front(path: Path, cell: SourceCell) -> Front:
    try:
        given = tomllib.loads(cell.source)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        raise fault(path, cell.first + int(at.group(1)) - 1 if at else cell.line, f"front matter: {error}") from None

    def wrong(message: str) -> GivenError:
        return fault(path, cell.line, f"front matter: {message}")

    unknown = set(given) - _FRONT_KEYS
    if unknown:
        raise wrong(f"unknown key {min(unknown)!r}; the keys are {', '.join(sorted(_FRONT_KEYS))}")
    for key in ("title", "shows"):
        if not isinstance(given.get(key), str) or not given[key].strip():
            raise wrong(f"{key} is missing")
    minutes = given.get("minutes", {})
    if not isinstance(minutes, dict) or set(minutes) - _MINUTES or not all(map(_is_number, minutes.values())):
        raise wrong("minutes is a table of numbers, for example {read = 40, run = 1} or {work = 90}")
    data = given.get("data", [])
    if not isinstance(data, list) or not all(isinstance(name, str) for name in data):
        raise wrong('data is a list of names, for example ["breast_cancer"]')
    accelerator = given.get("accelerator", "")
    if accelerator not in ("", *ACCELERATORS):
        raise wrong(
            f"accelerator is {' or '.join(map(repr, ACCELERATORS))}, not {accelerator!r}; without one, leave it out"
        )
    claims = given.get("claims", {})
    if not isinstance(claims, dict):
        raise wrong("claims are tables: [claims.NAME]")
    return Front(
        title=given["title"].strip(),
        shows=given["shows"].strip(),
        needs=str(given.get("needs", "")).strip(),
        minutes=minutes,
        data=tuple(data),
        claims=tuple(_read_claim(name, claim, wrong) for name, claim in claims.items()),
        accelerator=accelerator,
    )


def _read_claim(name: str, claim: object, wrong) -> Claim:
    if not isinstance(claim, dict) or set(claim) - set(_SCALES) != _CLAIM_KEYS:
        raise wrong(f"[claims.{name}] has text, value and tolerance, no more and no less (but for [claims.{name}.gpu])")
    scales = {scale: claim[scale] for scale in _SCALES if scale in claim}
    for scale, there in scales.items():
        if not isinstance(there, dict) or set(there) != {"value", "tolerance"}:
            raise wrong(f"[claims.{name}.{scale}] has value and tolerance, no more and no less")
    for where, there in ((name, claim), *((f"{name}.{scale}", there) for scale, there in scales.items())):
        if not _is_number(there["value"]) or not _is_number(there["tolerance"]) or there["tolerance"] < 0:
            raise wrong(f"[claims.{where}]: value is a number, and tolerance a number that is not negative")
    at = {scale: (there["value"], there["tolerance"]) for scale, there in scales.items()}
    return Claim(name, str(claim["text"]), claim["value"], claim["tolerance"], at)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
