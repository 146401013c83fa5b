"""Times of handing in as a roster may give them: only what reads one way, whoever reads it."""

import re

from dateutil import tz

from course.grading.collect import read_time

_MONTH = (
    "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
    "|january|february|march|april|august|september|october|november|december)"
)
_DATES = (
    r"2\d{3}-\d{2}-\d{2}",  # 2026-11-02
    rf"(?:[a-z]+,?\s+)?\d{{1,2}}[.\s-]\s*{_MONTH}[.,]?[\s-]\s*2\d{{3}}",  # Monday, 2 November 2026
    rf"(?:[a-z]+,?\s+)?{_MONTH}\.?\s+\d{{1,2}},?\s+2\d{{3}}",  # Nov 2, 2026
)
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]m\b)?"
_OFFSET = r"\s*(?:z|[+-]\d{2}:?\d{2})"
_ZONE = r"\s+(?P<zone>[a-z_]+(?:/[a-z_-]+)*)"
_FORM = re.compile(rf"(?:{'|'.join(_DATES)})(?:t|,?\s+){_TIME}(?:{_OFFSET}|{_ZONE})?", re.IGNORECASE)


def is_time(text: str) -> bool:
    """Whether `text` is a time of a day of a year, "2026-11-02 21:14" or with the month in letters; a zone may follow.

    `read_time`, which reads it in the end, is not so strict: it takes 02.11.2026 for 11 February, completes a 5 with
    today's date, and takes a zone that it does not know for UTC.
    """
    form = _FORM.fullmatch(text.strip())
    if form is None or (form["zone"] and tz.gettz(form["zone"]) is None):
        return False
    return read_time(text) is not None
