"""Finds canaries in texts, also where a submission has turned them around or written them in another alphabet."""

import base64
import binascii
import html
import re

from hostile.assignment import CANARIES

_SOURCES = {word.lower(): source for source, words in CANARIES.items() for word in words}
_WORDS = [word for word in _SOURCES if not word[0].isdigit()]
_NUMBERS = [word for word in _SOURCES if word[0].isdigit()]
# A number must not be part of a longer one: 122807 is not 1228071.
_CANARY = re.compile(f"{'|'.join(map(re.escape, _WORDS))}|(?<![\\d.])(?:{'|'.join(map(re.escape, _NUMBERS))})(?!\\d)")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{8,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){4,}")
_ORDINALS = re.compile(r"\d{2,3}(?:[ ,;]+\d{2,3}){5,}")
_LONG_NUMBER = re.compile(r"\d{16,}")
_BETWEEN = re.compile(r"[\s,_']+")


def leaks(text: str, ignore: str = "") -> list[str]:
    """What `text` gives away, as "where it comes from: the word". ignore: words that the student wrote are no leak."""
    found = set(_CANARY.findall("\n".join(_readings(html.unescape(text))).lower()))
    return sorted(f"{_SOURCES[word]}: {word}" for word in found if word not in ignore.lower())


def _readings(text: str) -> list[str]:
    """The text as it is and as it may be meant: without white space, backwards, from base64, from hex, from numbers."""
    tight = _BETWEEN.sub("", text)
    found = [text, text[::-1], tight]
    for encoded in {*_BASE64.findall(text), *_BASE64.findall(tight)}:
        try:
            found.append(base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-8", "ignore"))
        except (binascii.Error, ValueError):
            continue
    found += [bytes.fromhex(number).decode("utf-8", "ignore") for number in _HEX.findall(text)]
    found += ["".join(chr(int(n)) for n in re.findall(r"\d+", numbers)) for numbers in _ORDINALS.findall(text)]
    found += [_bytes_of(int(number[:2000])) for number in _LONG_NUMBER.findall(text)]
    return found


def _bytes_of(number: int) -> str:
    """What was packed into an integer, from either end."""
    size = (number.bit_length() + 7) // 8
    return "\n".join(number.to_bytes(size, end).decode("utf-8", "ignore") for end in ("big", "little"))
