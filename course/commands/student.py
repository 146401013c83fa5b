"""What a student calls: the machine, the chapters, a check of their own work, the data."""

from pathlib import Path

import click

from course import console, paths, tables
from course.commands.shared import as_json, finish


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Say what is installed, which devices there are, how safely grading runs here, and whether the data is intact."""
    from course import health

    found = health.examine()
    finish(found.to_json() if as_json else None, tables.health(found), not found.problems)


@click.command("list")
@as_json
def list_chapters(as_json: bool) -> None:
    """Show the chapters: minutes, exercises, points."""
    from course.authoring.table import chapter_table

    rows = chapter_table(paths.root())
    document = {"chapters": [row.to_json() for row in rows]}
    finish(document if as_json else None, tables.chapters(rows), True)


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@as_json
def check(notebook: Path, as_json: bool) -> None:
    """Check your own answers in an assignment: points, what is wrong, and where to get a hint."""
    from course.grading.selfcheck import check_notebook

    with console.err.status("reading the notebook") as status:
        found = check_notebook(notebook, on_progress=lambda text: status.update(text))
    finish(found.to_json() if as_json else None, tables.checked(found), True)


@click.group()
def data() -> None:
    """The data sets: list them, verify them, fetch those that are not here."""


@data.command("list")
@as_json
def data_list(as_json: bool) -> None:
    """Name every data set, with its license and source."""
    from course import data as datasets

    cards = [datasets.card(name) for name in datasets.names()]
    document = {
        "datasets": [
            {"name": c.name, "title": c.title, "license": c.license["name"], "noncommercial": c.noncommercial}
            for c in cards
        ]
    }
    finish(document if as_json else None, tables.datasets(cards), True)


@data.command("verify")
@click.argument("names", nargs=-1)
@as_json
def data_verify(names: tuple[str, ...], as_json: bool) -> None:
    """Check every file's hash and every array's shape."""
    from course import data as datasets

    problems = {name: list(datasets.verify(name)) for name in names or datasets.names()}
    finish({"problems": problems} if as_json else None, tables.verified(problems), not any(problems.values()))


@data.command("fetch")
@click.argument("names", nargs=-1)
def data_fetch(names: tuple[str, ...]) -> None:
    """Make sure that the data is on this machine and intact: bundled, or downloaded and verified."""
    from course import data as datasets

    for name in names or datasets.names():
        console.out.print(f"{name}: {datasets.fetch(name)}")
