"""How results look in a terminal: tables on stdout, progress on stderr."""

import re
import sys
from collections.abc import Iterable
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

# What a console's encoding lacks (Windows's older ones have no ✗) becomes a question mark there, and stops nothing.
for _stream in (sys.stdout, sys.stderr):
    if hasattr(_stream, "reconfigure"):
        _stream.reconfigure(errors="replace")

# Into a file or a pipe, tables keep their width: what reads them there does not scroll.
_WIDTH = {} if sys.stdout.isatty() else {"width": 160}

out = Console(highlight=False, soft_wrap=True, **_WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)

_STATES = {
    "right": "green",
    "graded": "green",
    "ok": "green",
    "wrong": "red",
    "error": "red",
    "ungradable": "red",
    "NOT OK": "red",
    "incident": "yellow",
    "unanswered": "yellow",
    "manual": "cyan",
}


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """`text` without what would move the cursor, recolor the screen or turn words around: it may be a student's, and half a
    character that no terminal takes becomes a question mark."""
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode()


def state(name: str) -> Text:
    return Text(name, style=_STATES.get(name, ""))


def number(value: float) -> str:
    """Points as people write them: 3, not 3.0; 2.5."""
    return f"{value:g}"


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]], right: Iterable[str] = ()) -> Table:
    """A table of texts; the columns named in `right` are aligned to the right, as numbers are."""
    made = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        pad_edge=False,
        box=None,
        padding=(0, 2, 0, 0),
    )
    for column in columns:
        first = not made.columns
        made.add_column(column, justify="right" if column in right else "left", overflow="fold", no_wrap=first)
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(printable(str(cell))) for cell in row))
    return made


@contextmanager
def progress(text: str, total: int | None):
    """A bar with an estimate, on stderr. Yields a function that takes (done, what was done last)."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )
    with bar:
        task = bar.add_task(text, total=total)

        def advance(done: int, of: int, last: str = "") -> None:
            bar.update(task, completed=done, total=of, description=f"{text} {escape(printable(last))}")

        yield advance
