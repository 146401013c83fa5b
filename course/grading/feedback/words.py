"""How a page writes things: times, numbers, messages, code, and what was printed. All of it comes out as harmless HTML."""

import re
from datetime import UTC, datetime
from functools import cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.style import Style
from pygments.token import Comment, Keyword, Name, Number, Operator, String

from course.grading.notebook import clean_text

MOST_CODE = 20_000  # characters of one cell
_MOST_OUTPUT = 6_000
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LABEL = re.compile(r"^(Asked|Came back|Expected)(?=: )", re.MULTILINE)


class Light(Style):
    """Quiet colors for code on light ground; nothing is red, for nothing here is wrong. Each can be read on the page's ground."""

    styles = {
        Comment: "italic #545e71",
        Keyword: "bold #00528a",
        Keyword.Constant: "nobold",
        Name.Builtin: "#00528a",
        Name.Decorator: "#6b2f8a",
        Name.Exception: "#6b2f8a",
        Name.Function: "#6b2f8a",
        Name.Class: "bold #6b2f8a",
        Number: "#8a3b00",
        Operator.Word: "bold #00528a",
        String: "#28602f",
    }


DARK = "github-dark"  # Pygments' own


def time_of(timestamp: str | None) -> str:
    if not timestamp:
        return ""
    time = datetime.fromisoformat(timestamp)
    time = time.astimezone(UTC) if time.tzinfo else time
    return f"{time.day} {time:%B %Y, %H:%M} UTC"


def duration(seconds: float) -> str:
    """In the two largest units that say something: "2 days 5 hours", "12 minutes"."""
    left, words = round(seconds), []
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " ".join(words[:2])


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def words(text: str) -> Markup:
    """Plain words with `code` in them, and with the labels of a failed check set off."""
    pieces = clean_text(text).split("`")
    if len(pieces) % 2 == 0:
        pieces = [clean_text(text)]
    marked = (Markup("<code>{}</code>" if place % 2 else "{}").format(piece) for place, piece in enumerate(pieces))
    # A plain text: re.sub joins by its subject's own type, and Markup would escape again.
    escaped = str(Markup("").join(marked))
    return Markup(_LABEL.sub(r'<span class="asked">\1</span>', escaped))


def python(source: str) -> Markup:
    """Highlighted Python; Pygments escapes what it is given."""
    text = shortened(_CONTROL.sub("", clean_text(source)), MOST_CODE)
    return Markup(highlight(text, *_highlighter()).rstrip("\n"))


@cache
def _highlighter() -> tuple[PythonLexer, HtmlFormatter]:
    return PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)


def code_style() -> str:
    """The colors of code, as CSS: for light pages, and for dark ones on a screen."""
    light, dark = (HtmlFormatter(style=style).get_style_defs(".code") for style in (Light, DARK))
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}"


def printed(text: str) -> str:
    """What a terminal would show in the end: no colors, and of a progress bar only its last state."""
    lines = _ANSI.sub("", text).replace("\r\n", "\n").split("\n")
    last_states = (next((state for state in reversed(line.split("\r")) if state.strip()), "") for line in lines)
    return shortened(_CONTROL.sub("", clean_text("\n".join(last_states))).rstrip(), _MOST_OUTPUT)


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}\n… {len(text) - most:,} more characters".lstrip()
