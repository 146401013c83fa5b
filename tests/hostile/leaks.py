"""Finds canaries in texts, also where a submission has turned them around or written them in another alphabet."""

import base64
import binascii
import html
import re

from hostile.assignment import CANARIES

_ENCODED = re.compile(r"[A-Za-z0-9+/]{8,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){4,}")
_ORDINALS = re.compile(r"\d{2,3}(?:[ ,;]+\d{2,3}){5,}")


def leaks(text: str, ignore: str = "") -> list[str]:
    """What `text` gives away, as "where it comes from: the word". ignore: words that the student wrote are no leak."""
    seen = _readings(html.unescape(text))
    return [
        f"{source}: {word}"
        for source, words in CANARIES.items()
        for word in words
        if word not in ignore and any(_stands(word, reading) for reading in seen)
    ]


def _readings(text: str) -> list[str]:
    """The text as it is and as it may be meant: without white space, backwards, from base64, from hex, from numbers."""
    tight = re.sub(r"[\s,_']+", "", text)
    found = [text, text[::-1], tight]
    for encoded in _ENCODED.findall(tight)[:500]:
        try:
            found.append(base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-8", "ignore"))
        except (binascii.Error, ValueError):
            continue
    found += [bytes.fromhex(number).decode("utf-8", "ignore") for number in _HEX.findall(tight)[:500]]
    found += [
        "".join(chr(int(number)) for number in re.findall(r"\d+", numbers)) for numbers in _ORDINALS.findall(text)[:100]
    ]
    return found


def _stands(word: str, text: str) -> bool:
    """Numbers must not be part of a longer one: 122807 is not 1228071."""
    if word[0].isdigit():
        return re.search(rf"(?<![\d.]){re.escape(word)}(?!\d)", text) is not None
    return word.lower() in text.lower()
