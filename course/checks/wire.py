"""Canonical values as bytes and back: JSON for the structure, raw frames for the numbers. Nothing is ever unpickled.

A message is one JSON document and a list of frames, each with its length before it (8 bytes, big-endian). The reader
trusts nothing: lengths are capped, dtypes are numeric, shapes must fit their frame.
"""

import json
import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.values import LARGEST, Opaque, Raised

MAX_DOCUMENT = 8_000_000  # bytes of the JSON document, which takes many times as much once it is read
MAX_FRAME = 20_000_000  # bytes of one frame
MAX_DEPTH = 60  # levels of structure; canonical values have 20, and a message some around them
MAX_MESSAGE = 100_000_000  # bytes of a whole message
_LENGTH = struct.Struct(">Q")
_DTYPES = {"?", "b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"}


class WireError(Exception):
    """The bytes are not a message of ours."""


def pack(document: Any) -> bytes:
    """`document` (canonical values in dicts and lists) as bytes."""
    frames: list[bytes] = []
    text = json.dumps(_tree(document, frames), separators=(",", ":")).encode()
    parts = [_LENGTH.pack(1 + len(frames))]
    for blob in (text, *frames):
        parts += [_LENGTH.pack(len(blob)), blob]
    return b"".join(parts)


def unpack(read: Callable[[int], bytes]) -> Any:
    """Read one message with `read(n)`, which returns exactly n bytes. Raises WireError when the bytes are no message."""
    count = _LENGTH.unpack(read(8))[0]
    if not 1 <= count <= 100_000:
        raise WireError(f"a message of {count} frames")
    blobs, total = [], 0
    for place in range(count):
        size = _LENGTH.unpack(read(8))[0]
        total += size
        if size > (MAX_FRAME if place else MAX_DOCUMENT) or total > MAX_MESSAGE:
            raise WireError(f"a frame of {size} bytes")
        blobs.append(read(size))
    try:
        return _value(json.loads(blobs[0]), blobs[1:])
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise WireError(f"a message that cannot be read: {error}") from error


def unpack_bytes(data: bytes) -> Any:
    """Read one message from `data`."""
    position = 0

    def read(n: int) -> bytes:
        nonlocal position
        if position + n > len(data):
            raise WireError("the message ends too early")
        position += n
        return data[position - n : position]

    return unpack(read)


def _tree(value: Any, frames: list[bytes]) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": repr(value)}
    if isinstance(value, np.ndarray):
        frames.append(np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"), copy=False).tobytes())
        return {"$array": [len(frames) - 1, value.dtype.str.lstrip("<>|="), list(value.shape)]}
    if isinstance(value, tuple):
        return {"$tuple": [_tree(v, frames) for v in value]}
    if isinstance(value, list):
        return [_tree(v, frames) for v in value]
    if isinstance(value, dict):
        return {"$dict": [[k, _tree(v, frames)] for k, v in value.items()]}
    if isinstance(value, Raised):
        return {"$raised": [value.type, value.message, value.line, list(value.bases)]}
    if isinstance(value, Opaque):
        return {"$opaque": value.description}
    raise TypeError(f"not a canonical value: {type(value).__name__}")


def _value(tree: Any, frames: list[bytes], depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        raise ValueError(f"a structure of more than {MAX_DEPTH} levels")
    if isinstance(tree, list):
        return [_value(v, frames, depth + 1) for v in tree]
    if not isinstance(tree, dict):
        if type(tree) is int and abs(tree) >= LARGEST:
            raise ValueError("a number that is too large")
        return tree
    ((tag, body),) = tree.items()
    if tag == "$float":
        return float(body)
    if tag == "$array":
        index, dtype, shape = body
        if dtype not in _DTYPES or any(type(n) is not int or n < 0 for n in shape):
            raise ValueError(f"an array of dtype {dtype} and shape {shape}")
        return np.frombuffer(frames[index], dtype=np.dtype(dtype).newbyteorder("<")).reshape(shape)
    if tag == "$tuple":
        return tuple(_value(v, frames, depth + 1) for v in body)
    if tag == "$dict":
        return {str(k): _value(v, frames, depth + 1) for k, v in body}
    if tag == "$raised":
        return Raised(str(body[0]), str(body[1]), str(body[2]), tuple(str(b) for b in body[3]))
    if tag == "$opaque":
        return Opaque(str(body))
    raise ValueError(f"an unknown tag {tag}")
