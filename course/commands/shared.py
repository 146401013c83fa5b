"""What several commands share: options, and how a command ends."""

import json
import os
import sys
from collections.abc import Iterable

import click

from course import console

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout and nothing else.")
jobs_option = click.option(
    "--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="cores", help="How many at once."
)


def finish(document: dict | None, lines: Iterable[object], ok: bool) -> None:
    """Print the document as JSON, or (when it is None) the lines; end with exit code 1 unless all is ok."""
    if document is not None:
        click.echo(json.dumps(document, indent=1, allow_nan=False))
    else:
        for line in lines:
            console.out.print(line)
    if not ok:
        sys.exit(1)
