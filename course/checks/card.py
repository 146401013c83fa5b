"""What a notebook shows of a verdict: a card of HTML in the colors of the page around it, with the same words as plain text.

No color of its own lies behind text, and text has the page's color, so that it reads in a light theme and in a dark one.
"""

import html
import os
import re
from collections.abc import Sequence

from course.checks.verdict import Verdict
from course.runtime import in_notebook

_EDGES = {"right": "#2e9e5b", "wrong": "#d9534f", "unanswered": "#c98a1b", "error": "#d9534f"}
_CARD = "border-left: 4px solid {color}; padding: 0.1em 0 0.1em 1em; margin: 0.3em 0; max-width: 52em; line-height: 1.5"
_LABELS = ("Asked", "Came back", "Expected")
_CODE = re.compile(r"`([^`\n]+)`")


def shows_html() -> bool:
    """Whether what is displayed reaches somebody's notebook, and not a program that reads plain errors (nbgrader)."""
    return in_notebook() and "NBGRADER_EXECUTION" not in os.environ


def show(part: str, verdict: Verdict, text: str, hints: Sequence[str] = ()) -> None:
    """Display the verdict as a card, with the hints folded into it; `text` is its plain form."""
    from IPython.display import display

    display({"text/plain": text, "text/html": card(part, verdict, hints)}, raw=True)


def card(part: str, verdict: Verdict, hints: Sequence[str] = ()) -> str:
    mark = "✓" if verdict.state == "right" else "✗"
    first, *lines = verdict.message.split("\n")
    if _label(first):
        first, lines = "not right yet" if verdict.state == "wrong" else "", [first, *lines]
    head = f"<div><strong>{mark} {html.escape(part)}</strong> &nbsp;{_words(first)}</div>"
    body = "".join(f'<div style="margin-top: 0.25em">{_line(line)}</div>' for line in lines)
    ladder = "" if verdict.state == "right" else _ladder(hints)
    return f'<div style="{_CARD.format(color=_EDGES[verdict.state])}">{head}{body}{ladder}</div>'


def _label(line: str) -> str:
    label = line.partition(": ")[0]
    return label if label in _LABELS else ""


def _line(line: str) -> str:
    label = _label(line)
    if not label:
        return _words(line)
    rest = line.removeprefix(f"{label}: ").removesuffix(".")
    asked, dash, about = rest.partition(" — ") if label == "Asked" else (rest, "", "")
    return f"<b>{label}</b> <code>{html.escape(asked)}</code>{dash}{_words(about)}"


def _ladder(hints: Sequence[str], rung: int = 0) -> str:
    """The hints, each folded, and the next one inside it: who opens one has read those before."""
    if rung == len(hints):
        return ""
    text = "".join(f'<p style="margin: 0.4em 0">{_words(block)}</p>' for block in hints[rung].split("\n\n"))
    summary = f'<summary style="cursor: pointer">Hint {rung + 1} of {len(hints)}</summary>'
    inside = f'<div style="padding-left: 1em">{text}{_ladder(hints, rung + 1)}</div>'
    return f'<details style="margin-top: 0.4em">{summary}{inside}</details>'


def _words(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", html.escape(text, quote=False))
