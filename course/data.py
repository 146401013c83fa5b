"""Data sets that are always the same: bundled with a checkout, else downloaded, and checked by sha256 at every load.

>>> from course import data
>>> (x_train, y_train), (x_test, y_test) = data.load("fashion_mnist")
>>> data.card("fashion_mnist").classes[0]
'T-shirt/top'

What a data set is stands in its `card.toml`; the code here knows formats, not data sets.
"""

import csv
import gzip
import hashlib
import io
import lzma
import os
import tomllib
import zipfile
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import numpy as np

from course.errors import GivenError
from course.paths import find_root

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE.parent / "datasets"  # in a checkout: cards and files
_CARDS = _PACKAGE / "cards"  # in an installed wheel: the cards alone, and the project's settings
_SPLITS = ("x_train", "y_train", "x_test", "y_test")


@dataclass(frozen=True)
class Card:
    """What there is to know about a data set. `print(card)` shows it."""

    name: str
    title: str
    about: str
    format: str  # "npz", "text", "csv" or "sklearn"
    returns: str  # what `load` gives, in words
    shapes: dict  # of each part: of an array its shape; of a text (characters,); of records (rows, columns)
    sha256: str  # of the file; for the format "sklearn" of the arrays
    license: dict  # name, spdx; where it applies: file, attribution
    source: dict  # registry, package, version; where it applies: authors, paper
    made: str
    flaws: tuple[str, ...]
    baseline: str
    file: str = ""
    bytes: int = 0
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()  # names of the columns
    noncommercial: bool = False
    options: dict = field(default_factory=dict)  # what the decoder of the format needs to know

    def __str__(self) -> str:
        shapes = ", ".join(f"{part} {' x '.join(map(str, shape))}" for part, shape in self.shapes.items())
        rows = [
            ("load returns", self.returns),
            ("shapes", shapes),
            ("classes", ", ".join(self.classes[:12]) + f" ... ({len(self.classes)})" * (len(self.classes) > 12)),
            ("columns", ", ".join(self.features)),
            ("license", f"{self.license['name']} ({self.license['spdx']})" + ", not commercial" * self.noncommercial),
            ("source", "{package} {version} ({registry})".format(**self.source)),
            ("made", self.made),
            ("baseline", self.baseline),
            *(("known flaw", flaw) for flaw in self.flaws),
        ]
        return "\n".join([self.title, self.about, ""] + [f"{label:14}{text}" for label, text in rows if text])


def load(name: str):
    """The data set `name`, decoded anew at each call, so that no caller can change another's copy.

    Images and tables come as `(x_train, y_train), (x_test, y_test)`, as in keras.datasets; a text as one string; pairs
    and records as a list of tuples. `data.card(name).returns` says which.
    Raises GivenError when there is no such data set, or its file is damaged, or not here and not to be downloaded.
    """
    found = card(name)
    parts = _parts(found, _content(found))
    if tuple(parts) == _SPLITS:
        x_train, y_train, x_test, y_test = parts.values()
        return (x_train, y_train), (x_test, y_test)
    (whole,) = parts.values()
    return whole


def card(name: str) -> Card:
    """The card of the data set `name`."""
    path = next((p for p in (_BUNDLED / name / "card.toml", _CARDS / f"{name}.toml") if p.is_file()), None)
    if path is None:
        raise GivenError(f"there is no data set {name!r}: choose one of {', '.join(names())}")
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
        for key in ("flaws", "classes", "features"):
            fields[key] = tuple(fields.get(key, ()))
        return Card(name=name, **fields)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise GivenError(f"the card {path} cannot be read ({error}): restore it from the repository") from error


def names() -> list[str]:
    """The names of all data sets, sorted."""
    bundled = {path.parent.name for path in _BUNDLED.glob("*/card.toml")}
    return sorted(bundled or {path.stem for path in _CARDS.glob("*.toml")})


def verify(name: str) -> list[str]:
    """What is wrong with the data set `name`, a line for each problem; empty when all is well. Downloads nothing."""
    found = card(name)
    if found.format != "sklearn" and _find(found)[0] is None:
        return [f"{found.file} is not on this machine: run `course data fetch {name}`"]
    try:
        parts = _parts(found, _content(found))
    except GivenError as error:
        return [str(error)]
    shapes = {part: _shape(value) for part, value in parts.items()}
    stated = {part: tuple(shape) for part, shape in found.shapes.items()}
    problems = [] if shapes == stated else [f"the shapes are {shapes}, the card says {stated}: correct the card"]
    license_text = found.license.get("file")
    if license_text and (_BUNDLED / name).is_dir() and not (_BUNDLED / name / license_text).is_file():
        problems.append(f"the text of its license, {license_text}, is missing: restore it from the repository")
    return problems


def fetch(name: str) -> Path:
    """The path of an intact file of the data set `name`: one that is here, else downloaded now.

    For a data set that comes with scikit-learn there is nothing to fetch, and the path is that of the package.
    """
    found = card(name)
    if found.format == "sklearn":
        return Path(import_module("sklearn").__file__).parent
    path, intact = _find(found)
    return path if intact else _download(found)


# --- where the files are ---------------------------------------------------------------------------------------------


def _content(found: Card) -> bytes:
    """The content of the data set's file, downloaded if it is nowhere; nothing for what is inside scikit-learn."""
    if found.format == "sklearn":
        return b""
    path, intact = _find(found)
    if path is None:
        print(f"downloading {found.title} ({found.bytes / 1e6:.1f} MB) ...")
        path = _download(found)
    elif not intact:
        raise GivenError(f"{path} is damaged (its sha256 is not the card's): run `course data fetch {found.name}`")
    return path.read_bytes()


def _find(found: Card) -> tuple[Path | None, bool]:
    """The file of the data set on this machine (None if it is nowhere), and whether it is intact."""
    checkout = find_root()  # a wheel may be installed while the notebook stands in a checkout
    homes = [_BUNDLED, *([checkout / "datasets"] if checkout else []), cache_folder()]
    paths = [path for home in homes if (path := home / found.name / found.file).is_file()]
    for path in paths:
        if _sha256(path) == found.sha256:
            return path, True
    return (paths[0] if paths else None), False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cache_folder() -> Path:
    import pooch

    return Path(os.environ.get("COURSE_DATA_DIR") or pooch.os_cache("deep-learning-course"))


def _download(found: Card) -> Path:
    import pooch

    address = f"{_repository()}/datasets/{found.name}/{found.file}"
    pooch.get_logger().setLevel("ERROR")  # its notices go to stderr
    try:
        path = pooch.retrieve(
            address,
            known_hash=f"sha256:{found.sha256}",
            fname=found.file,
            path=cache_folder() / found.name,
            downloader=pooch.HTTPDownloader(timeout=30),
        )
    except (OSError, ValueError) as error:  # no network, no such address; or another file than the card promises
        raise GivenError(
            f"{found.name} cannot be had from {address} ({_reason(error)}): "
            f"check the network and run `course data fetch {found.name}`, or work in a full checkout"
        ) from error
    return Path(path)


def _reason(error: Exception) -> str:
    if isinstance(error, ValueError):
        return "what lies there is not the file that the card describes"
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP status {response.status_code}"
    return "no connection" if type(error).__module__.startswith("requests") else str(error)


def _repository() -> str:
    """The address under which the repository's files lie, from the one setting in pyproject.toml."""
    for path in (_PACKAGE.parent / "pyproject.toml", _CARDS / "project" / "pyproject.toml"):
        if path.is_file():
            settings = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("course", {})
            if "repository" in settings:
                return f"{settings['repository']}/raw/{settings.get('branch', 'main')}"
    raise GivenError("this installation does not know its repository: install the course again")


# --- what the formats mean -------------------------------------------------------------------------------------------


def _parts(found: Card, content: bytes) -> dict:
    """Name -> value of each part of the data set."""
    decoders = {"npz": _read_npz, "text": _read_text, "csv": _read_csv, "sklearn": _read_sklearn}
    if found.format not in decoders:
        raise GivenError(
            f"the card of {found.name} names the format {found.format!r}: use one of {', '.join(decoders)}"
        )
    try:
        return decoders[found.format](found, content)
    except (KeyError, ValueError, zipfile.BadZipFile, lzma.LZMAError) as error:
        raise GivenError(f"the card of {found.name} does not fit its file ({error!r}): restore both") from error


def _read_npz(found: Card, content: bytes) -> dict:
    """Arrays. Those named in `options.packed` hold one bit for each pixel and come out as 0 and 255."""
    packed = found.options.get("packed", ())
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {
            part: np.unpackbits(arrays[part], axis=-1, count=found.shapes[part][-1]) * np.uint8(255)
            if part in packed
            else arrays[part]
            for part in _SPLITS
        }


def _read_text(found: Card, content: bytes) -> dict:
    return {"text": _text(found, content)}


def _read_csv(found: Card, content: bytes) -> dict:
    """Rows below a header; `options.types` says which columns are "int" or "float", the others are str."""
    delimiter = found.options.get("delimiter", ",")
    quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL  # between tabs, a quote is only a quote
    reader = csv.reader(io.StringIO(_text(found, content), newline=""), delimiter=delimiter, quoting=quoting)
    kinds = [{"int": int, "float": float, "str": str}[kind] for kind in found.options["types"]]
    next(reader)
    return {"rows": [tuple(kind(value) for kind, value in zip(kinds, row, strict=True)) for row in reader]}


def _text(found: Card, content: bytes) -> str:
    unpack = {".xz": lzma.decompress, ".gz": gzip.decompress}.get(Path(found.file).suffix, bytes)
    return unpack(content).decode("utf-8")


def _read_sklearn(found: Card, _: bytes) -> dict:
    """A data set inside scikit-learn, split once and for all, each class in the same proportion."""
    from sklearn.model_selection import train_test_split

    options = found.options
    bunch = getattr(import_module("sklearn.datasets"), options["loader"])()
    x_train, x_test, y_train, y_test = train_test_split(
        bunch[options["x"]].astype(options["dtype"]),
        bunch["target"].astype("uint8"),
        test_size=options["n_test"],
        random_state=options["seed"],
        stratify=bunch["target"],
    )
    parts = dict(zip(_SPLITS, (x_train, y_train, x_test, y_test), strict=True))
    digest = hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts.values())).hexdigest()
    if digest != found.sha256:
        raise GivenError(
            f"scikit-learn gives another {found.name} than the card describes (sha256 {digest[:12]}...): "
            f"install scikit-learn {found.source['version']}"
        )
    return parts


def _shape(value) -> tuple[int, ...]:
    if isinstance(value, list):
        return (len(value), len(value[0]) if value else 0)
    return value.shape if isinstance(value, np.ndarray) else (len(value),)
