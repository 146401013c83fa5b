"""What a student calls: the machine, the chapters, a check of their own work, the data."""

from pathlib import Path

import click

from course import console, paths, tables, tpu_table
from course.commands.shared import as_json, finish


@click.command()
@click.argument("chapters", nargs=-1)
@click.option("--tpu", is_flag=True, help="Compile what these chapters (default: all) train for a TPU, without one.")
@click.option("--eight", is_flag=True, help="With --tpu: also with the batch over eight devices.")
@as_json
def doctor(chapters: tuple[str, ...], tpu: bool, eight: bool, as_json: bool) -> None:
    """Say what is installed, which devices there are, how safely grading runs here, and whether the data is intact."""
    if tpu:
        _compile_for_a_tpu(chapters, eight, as_json)
        return
    if chapters or eight:
        raise click.UsageError("chapters and --eight go with --tpu: course doctor --tpu 07")
    from course import health

    found = health.examine()
    finish(found.to_json() if as_json else None, tables.health(found), not found.problems)


def _compile_for_a_tpu(chapters: tuple[str, ...], eight: bool, as_json: bool) -> None:
    from course.authoring.build import known_chapters
    from course.authoring.tpu import compile_chapters

    root = paths.root()
    names = [paths.resolve_chapter(root, c, "lessons", "solutions") for c in chapters] or known_chapters(root)
    with console.progress("compiling for a TPU", len(names)) as advance:
        runs = compile_chapters(
            root,
            names,
            eight=eight,
            on_progress=lambda chapter, what: advance(names.index(chapter), len(names), f"{chapter}: {what}"),
        )
    document = {"notebooks": [run.to_json() for run in runs]}
    finish(document if as_json else None, tpu_table.compiled(runs, eight), all(run.ok for run in runs))


@click.command("list")
@as_json
def list_chapters(as_json: bool) -> None:
    """Show the chapters: minutes, exercises, points, and what you have run and solved."""
    from course.authoring.standing import next_up, read_standings
    from course.authoring.table import chapter_table

    root = paths.root()
    rows = chapter_table(root)
    both, note = read_standings(root, rows)
    found = {(s.room, s.row.chapter): s for s in both}
    document = {"chapters": [row.to_json() | {s.kind: s.to_json() for s in both if s.row is row} for row in rows]}
    finish(document if as_json else None, tables.chapters(rows, found, next_up(both), note), True)


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["-h", "--help"]})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def lab(options: tuple[str, ...]) -> None:
    """Open the course in JupyterLab, with a start page. OPTIONS are Jupyter's own, as --no-browser or --port=8889."""
    from course.lab.start import start_lab

    start_lab(paths.root(), options)


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
