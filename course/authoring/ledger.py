"""What a lesson measured, kept beside it: `lessons/NN_slug/ledger.json`, one entry for each backend."""

import json
from collections.abc import Mapping
from pathlib import Path

from course.authoring.notebook import write_atomic
from course.errors import GivenError


def ledger_path(root: Path, chapter: str) -> Path:
    return root / "lessons" / chapter / "ledger.json"


def read_ledger(root: Path, chapter: str) -> dict:
    """backend -> {"seconds", "peak_mb", "claims": {name: value}, "versions"}; empty when nothing was recorded."""
    path = ledger_path(root, chapter)
    if not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GivenError(f"{path} is not JSON ({error}): delete it and record the lesson again") from None


def record(
    root: Path,
    chapter: str,
    backend: str,
    seconds: float,
    peak_mb: float | None,
    claims: Mapping[str, float],
    versions: Mapping[str, str],
) -> None:
    """Put this backend's entry in the ledger; the other backends' entries stay."""
    ledger = read_ledger(root, chapter)
    ledger[backend] = {
        "seconds": round(seconds, 1),
        "peak_mb": peak_mb if peak_mb is None else round(peak_mb),
        "claims": {name: float(f"{value:.6g}") for name, value in claims.items()},
        "versions": dict(versions),
    }
    text = json.dumps(ledger, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_atomic(ledger_path(root, chapter), text)
