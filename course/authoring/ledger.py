"""What a lesson measured, kept beside it: `lessons/NN_slug/ledger.json`, one entry for each backend and scale."""

import json
from collections.abc import Mapping
from pathlib import Path

from course.authoring.notebook import write_atomic
from course.errors import GivenError


def ledger_path(root: Path, chapter: str) -> Path:
    return root / "lessons" / chapter / "ledger.json"


def read_ledger(root: Path, chapter: str) -> dict:
    """`entry_name` -> {"seconds", "peak_mb", "claims": {name: value}, "versions", "device"}; empty when nothing was recorded."""
    path = ledger_path(root, chapter)
    if not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GivenError(f"{path} is not JSON ({error}): delete it and record the lesson again") from None


def entry_name(backend: str, scale: str = "cpu") -> str:
    """ "jax" for the scale of a laptop, "jax gpu" for that of a GPU."""
    return backend if scale == "cpu" else f"{backend} {scale}"


def record(root: Path, chapter: str, backend: str, scale: str, measured: Mapping[str, object]) -> None:
    """Put the entry of this backend and scale in the ledger; the others stay."""
    ledger = read_ledger(root, chapter)
    ledger[entry_name(backend, scale)] = dict(measured)
    text = json.dumps(ledger, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_atomic(ledger_path(root, chapter), text)
