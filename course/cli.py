"""The `course` command: parses, calls, prints. What the commands do lives in the rooms of the package."""

import json
import os
import sys
from pathlib import Path

import click
from rich.text import Text

from course import __version__, console, paths
from course.errors import GivenError

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout and nothing else.")
jobs_option = click.option(
    "--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="cores", help="How many at once."
)


class Commands(click.Group):
    """A group whose commands end with one line and exit code 1 when something that was given is wrong."""

    def invoke(self, context: click.Context):
        try:
            return super().invoke(context)
        except GivenError as error:
            console.err.print(Text.assemble(("course: ", "bold red"), str(error)))
            sys.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="course")
def main() -> None:
    """A deep-learning course that people can trust: lessons that run, numbers that hold, grades that are right."""


def _print_json(document: dict) -> None:
    click.echo(json.dumps(document, indent=1, allow_nan=False, default=str))


@main.command()
@as_json
def doctor(as_json: bool) -> None:
    """Say what is installed, which devices there are, how safely grading runs here, and whether the data is intact."""
    from course import health

    found = health.examine()
    if as_json:
        _print_json(found.to_json())
    else:
        console.out.print(console.table("This machine", ("", ""), found.facts))
        for problem in found.problems:
            console.out.print(Text.assemble(("problem: ", "bold red"), problem))
    if found.problems:
        sys.exit(1)


@main.command("list")
@as_json
def list_chapters(as_json: bool) -> None:
    """Show the chapters: minutes, exercises, points."""
    from course.authoring.table import chapter_table

    rows = chapter_table(paths.root())
    if as_json:
        _print_json(
            {
                "chapters": [
                    {
                        "chapter": r.chapter,
                        "title": r.title,
                        "minutes": dict(r.minutes),
                        "points": r.points,
                        "exercises": list(r.exercises),
                        "data": list(r.data),
                        "claims": r.claims,
                    }
                    for r in rows
                ]
            }
        )
        return
    columns = ("chapter", "title", "read", "run", "work", "exercises", "points", "claims")
    console.out.print(
        console.table(
            "Chapters (minutes to read, to run, to work)",
            columns,
            (
                (
                    r.chapter,
                    r.title,
                    *(console.number(r.minutes[k]) if k in r.minutes else "" for k in ("read", "run", "work")),
                    len(r.exercises),
                    console.number(r.points),
                    r.claims,
                )
                for r in rows
            ),
            right=columns[2:],
        )
    )


@main.command()
@click.argument("chapters", nargs=-1)
@click.option("--check", is_flag=True, help="Build nothing; name what is stale, and fail when anything is.")
@click.option("--lessons/--no-lessons", default=True, help="Build the lessons (executing those that changed).")
def build(chapters: tuple[str, ...], check: bool, lessons: bool) -> None:
    """Make lessons, solutions and assignments from their text sources."""
    from course.authoring.build import build as build_chapters
    from course.authoring.build import known_chapters

    root = paths.root()
    names = [paths.resolve_chapter(root, c, "lessons", "solutions") for c in chapters] or known_chapters(root)
    report = build_chapters(
        root,
        names,
        check=check,
        lessons=lessons,
        on_progress=lambda chapter, what: console.err.print(f"{chapter}: {what}", style="dim"),
    )
    for line in report.written:
        console.out.print(f"written  {line}")
    for line in report.stale:
        console.out.print(Text.assemble(("stale    ", "yellow"), line))
    for line in report.problems:
        console.err.print(Text.assemble(("problem  ", "bold red"), line))
    if not report.ok:
        sys.exit(1)
    console.out.print(
        f"{len(report.unchanged)} notebooks and notes were up to date"
        + (f", {len(report.written)} written" if not check else "")
    )


@main.command()
@click.argument("chapters", nargs=-1)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="How many lessons at once; seconds are true for one at a time.",
)
@click.option("--backend", type=click.Choice(["tensorflow", "jax"]), default="tensorflow", show_default=True)
@click.option("--record", is_flag=True, help="Write what was measured into each lesson's ledger.")
@as_json
def run(chapters: tuple[str, ...], jobs: int, backend: str, record: bool, as_json: bool) -> None:
    """Execute lessons, and hold every number that they state against the ledger."""
    from course.authoring.run import lesson_names, run_lessons, runs_json

    root = paths.root()
    names = [paths.resolve_chapter(root, c, "lessons") for c in chapters] or lesson_names(root)
    with console.progress("executing lessons", len(names)) as advance:
        finished: set[str] = set()

        def tell(chapter: str, what: str) -> None:
            if what.startswith(("ok", "NOT OK")):
                finished.add(chapter)
            advance(len(finished), len(names), f"{chapter}: {what}")

        runs = run_lessons(root, names, jobs=jobs, backend=backend, record=record, on_progress=tell)
    if as_json:
        _print_json(runs_json(runs))
    else:
        console.out.print(
            console.table(
                f"Lessons on {backend}",
                ("lesson", "seconds", "peak MB", "claims held", ""),
                (
                    (
                        r.chapter,
                        f"{r.seconds:.0f}",
                        f"{r.peak_mb:.0f}" if r.peak_mb else "",
                        f"{sum(c.ok for c in r.claims)} of {len(r.claims)}",
                        console.state("ok" if r.ok else "NOT OK"),
                    )
                    for r in runs
                ),
                right=("seconds", "peak MB"),
            )
        )
        for r in runs:
            for problem in r.problems:
                console.out.print(Text.assemble(("problem  ", "bold red"), problem))
    if not all(r.ok for r in runs):
        sys.exit(1)


@main.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@as_json
def check(notebook: Path, as_json: bool) -> None:
    """Check your own answers in an assignment: points, what is wrong, and where to get a hint."""
    from course.grading.selfcheck import check_notebook

    with console.err.status("") as status:
        found = check_notebook(notebook, on_progress=lambda text: status.update(text))
    if as_json:
        _print_json(found.to_json())
        return
    console.out.print(
        console.table(
            f"{found.assignment}: {found.notebook.name}",
            ("exercise", "points", "of", ""),
            (
                (e.part, console.number(e.points), console.number(e.max_points), console.state(e.state))
                for e in found.exercises
            ),
            right=("points", "of"),
        )
    )
    for e in found.exercises:
        if e.state in ("wrong", "error"):
            console.out.print(Text.assemble(("\n✗ " + e.part + "\n", "bold red"), e.message))
    for incident in found.incidents:
        console.out.print(Text.assemble(("\nnote  ", "yellow"), incident))
    console.out.print(
        f"\n{console.number(found.points)} of {console.number(found.max_points)} points by the checks that you can see; hidden checks come with grading. "
        'In the notebook, check.hint("…") gives hints.'
    )


@main.command()
@click.argument("assignment")
@click.option(
    "--class",
    "home",
    type=click.Path(path_type=Path),
    help="The folder of the class: submitted/ is there, and gradebook.db, "
    "feedback/ and autograded/ come there (default: the course's own folder).",
)
@click.option(
    "--submitted", type=click.Path(path_type=Path), help="Where the submissions are, if not in submitted/ of the class."
)
@jobs_option
@click.option("--db", "db_url", help="The gradebook's database URL (default: gradebook.db of the class, SQLite).")
@as_json
def grade(
    assignment: str, home: Path | None, submitted: Path | None, jobs: int, db_url: str | None, as_json: bool
) -> None:
    """Grade a class: gradebook, feedback pages, and a table. Run again, it does only what changed."""
    from course.grading.grade import grade as grade_class

    root = paths.root()
    name = paths.resolve_chapter(root, assignment)
    home = home.resolve() if home else root
    with console.progress(f"grading {name}", None) as advance:
        report = grade_class(
            root,
            name,
            submitted or home / "submitted",
            jobs,
            db_url or f"sqlite:///{home / 'gradebook.db'}",
            home,
            on_progress=lambda result, done, total: advance(done, total, result.student),
        )
    if as_json:
        _print_json(report.to_json())
        return
    _print_grades(home, report, db_url)


def _print_grades(home: Path, report, db_url: str | None) -> None:
    from course.grading.grade import exercise_points

    names = list(dict.fromkeys(e.id for r in report.results for e in r.exercises))
    rows = []
    for r in report.results:
        points = exercise_points(r)
        by_hand = {e.id for e in r.exercises if e.state == "manual"}
        rows.append(
            (
                r.student,
                console.state(r.status),
                *("by hand" if n in by_hand else console.number(points.get(n, 0)) for n in names),
                console.number(r.points),
                console.number(r.max_points),
            )
        )
    console.out.print(
        console.table(report.assignment, ("student", "", *names, "points", "of"), rows, right=(*names, "points", "of"))
    )
    for r in report.results:
        for incident in r.incidents:
            console.out.print(Text.assemble((f"  {r.student}: ", "yellow"), incident))
    cached = sum(r.cached for r in report.results)
    console.out.print(
        f"{len(report.results)} submissions in {report.wall_seconds:.1f} s ({cached} unchanged since the last time), isolation: {report.isolation}\n"
        f"gradebook: {db_url or os.path.relpath(home / 'gradebook.db')} ({report.changed} submissions written)   "
        f"feedback: {os.path.relpath(home / 'feedback')}/<student>/{report.assignment}/"
    )


@main.command()
@click.argument("chapters", nargs=-1)
@jobs_option
@click.option(
    "--mutants/--no-mutants", default=True, help="Also mutate the reference and see whether the checks notice."
)
@as_json
def audit(chapters: tuple[str, ...], jobs: int, mutants: bool, as_json: bool) -> None:
    """Try the graders: known-right and known-wrong answers, and mutants of the reference, against each graded exercise."""
    from course.authoring.audit import audit as audit_chapters

    root = paths.root()
    names = [paths.resolve_chapter(root, c) for c in chapters] or paths.chapters(root)
    with console.progress("auditing", None) as advance:
        report = audit_chapters(root, names, jobs, mutants, on_progress=advance)
    if as_json:
        _print_json(report.to_json())
    else:
        console.out.print(
            console.table(
                "Audit",
                ("chapter", "exercise", "right", "accepted", "wrong", "rejected", "diagnosed", "mutants", "caught"),
                (
                    (
                        e.chapter,
                        e.id,
                        e.right_n,
                        e.right_accepted,
                        e.wrong_n,
                        e.wrong_rejected,
                        e.wrong_diagnosed,
                        e.mutants_n,
                        e.mutants_caught,
                    )
                    for e in report.exercises
                ),
                right=("right", "accepted", "wrong", "rejected", "diagnosed", "mutants", "caught"),
            )
        )
        for problem in report.problems:
            console.out.print(Text.assemble(("  ", ""), problem))
        console.out.print(report.summary)
    if not report.ok:
        sys.exit(1)


@main.group()
def data() -> None:
    """The data sets: list them, verify them, fetch those that are not here."""


@data.command("list")
@as_json
def data_list(as_json: bool) -> None:
    """Name every data set, with its license."""
    from course import data as datasets

    cards = [datasets.card(name) for name in datasets.names()]
    if as_json:
        _print_json(
            {
                "datasets": [
                    {"name": c.name, "title": c.title, "license": c.license["name"], "noncommercial": c.noncommercial}
                    for c in cards
                ]
            }
        )
        return
    console.out.print(
        console.table(
            "Data sets",
            ("name", "what", "license"),
            ((c.name, c.title, c.license["name"] + (" (non-commercial)" if c.noncommercial else "")) for c in cards),
        )
    )


@data.command("verify")
@click.argument("names", nargs=-1)
def data_verify(names: tuple[str, ...]) -> None:
    """Check every file's hash and every array's shape."""
    from course import data as datasets

    problems = {name: datasets.verify(name) for name in names or datasets.names()}
    console.out.print(
        console.table(
            "Data sets",
            ("name", ""),
            (
                (name, Text("; ".join(found), style="red") if found else console.state("ok"))
                for name, found in problems.items()
            ),
        )
    )
    if any(problems.values()):
        sys.exit(1)


@data.command("fetch")
@click.argument("names", nargs=-1)
def data_fetch(names: tuple[str, ...]) -> None:
    """Make sure that the data is on this machine and intact: bundled, or downloaded and verified."""
    from course import data as datasets

    for name in names or datasets.names():
        console.out.print(f"{name}: {datasets.fetch(name)}")


if __name__ == "__main__":
    main()
