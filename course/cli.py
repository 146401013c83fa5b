"""The `course` command: parses, calls, prints. What the commands do lives in the rooms of the package."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
from rich.text import Text

from course import __version__, console, paths, tables
from course.errors import GivenError, Stopped

# What a student's install leaves out: package -> the extra that has it.
EXTRAS = dict.fromkeys(
    ("IPython", "jinja2", "jupytext", "nbclient", "nbconvert", "nbformat", "nbgrader", "pygments", "sqlalchemy"),
    "instructor",
) | dict.fromkeys(("dask", "distributed"), "dask")

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
            self._stop(str(error))
        except KeyboardInterrupt as stop:
            stop = stop if isinstance(stop, Stopped) else Stopped()
            self._stop(str(stop), stop.code)
        except ModuleNotFoundError as error:
            extra = EXTRAS.get((error.name or "").partition(".")[0])
            if extra is None:
                raise
            self._stop(f'this command needs {error.name}: run `pip install "deep-learning-course[{extra}]"`')

    @staticmethod
    def _stop(text: str, code: int = 1) -> None:
        console.err.print(Text.assemble(("course: ", "bold red"), text))
        sys.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="course")
def main() -> None:
    """A deep-learning course that people can trust: lessons that run, numbers that hold, grades that are right."""


def _finish(document: dict | None, lines: Iterable[object], ok: bool) -> None:
    """Print the document as JSON, or (when it is None) the lines; end with exit code 1 unless all is ok."""
    if document is not None:
        click.echo(json.dumps(document, indent=1, allow_nan=False))
    else:
        for line in lines:
            console.out.print(line)
    if not ok:
        sys.exit(1)


@main.command()
@as_json
def doctor(as_json: bool) -> None:
    """Say what is installed, which devices there are, how safely grading runs here, and whether the data is intact."""
    from course import health

    found = health.examine()
    _finish(found.to_json() if as_json else None, tables.health(found), not found.problems)


@main.command("list")
@as_json
def list_chapters(as_json: bool) -> None:
    """Show the chapters: minutes, exercises, points."""
    from course.authoring.table import chapter_table

    rows = chapter_table(paths.root())
    document = {"chapters": [row.to_json() for row in rows]}
    _finish(document if as_json else None, tables.chapters(rows), True)


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
    _finish(None, tables.built(report, check), report.ok)


@main.command()
@click.argument("chapters", nargs=-1)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="How many lessons at once; the seconds are true for one at a time.",
)
@click.option("--backend", type=click.Choice(["tensorflow", "jax"]), default="tensorflow", show_default=True)
@click.option("--record", is_flag=True, help="Write what was measured into each lesson's ledger.")
@as_json
def run(chapters: tuple[str, ...], jobs: int, backend: str, record: bool, as_json: bool) -> None:
    """Execute lessons, and hold every number that they state against the ledger."""
    from course.authoring.run import lesson_names, run_lessons, runs_json

    root = paths.root()
    names = [paths.resolve_chapter(root, c, "lessons") for c in chapters] or lesson_names(root)
    finished: set[str] = set()
    with console.progress("executing lessons", len(names)) as advance:

        def tell(chapter: str, what: str) -> None:
            if what.startswith(("ok", "NOT OK")):
                finished.add(chapter)
            advance(len(finished), len(names), f"{chapter}: {what}")

        runs = run_lessons(root, names, jobs=jobs, backend=backend, record=record, on_progress=tell)
    _finish(runs_json(runs) if as_json else None, tables.lessons(runs, backend), all(r.ok for r in runs))


@main.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@as_json
def check(notebook: Path, as_json: bool) -> None:
    """Check your own answers in an assignment: points, what is wrong, and where to get a hint."""
    from course.grading.selfcheck import check_notebook

    with console.err.status("reading the notebook") as status:
        found = check_notebook(notebook, on_progress=lambda text: status.update(text))
    _finish(found.to_json() if as_json else None, tables.checked(found), True)


@main.command()
@click.argument("assignment")
@click.option(
    "--class",
    "home",
    type=click.Path(path_type=Path),
    help="The folder of the class: submitted/ is there, and gradebook.db, feedback/ and autograded/ come there "
    "(default: the course's own folder).",
)
@click.option(
    "--submitted", type=click.Path(path_type=Path), help="Where submissions are, if not in submitted/ of the class."
)
@click.option(
    "--from",
    "download",
    type=click.Path(path_type=Path),
    help="First take in what a platform handed out for this assignment: Moodle's or Canvas's zip, a plain zip, or a folder.",
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help="With --from: a CSV of the class (student, name, email, canvas), by which names become students.",
)
@jobs_option
@click.option("--db", "db_url", help="The gradebook's database URL (default: gradebook.db of the class, SQLite).")
@click.option("--student", "students", multiple=True, help="Grade this student alone; may be given several times.")
@click.option("--force", is_flag=True, help="Grade everything anew, and not only what changed.")
@click.option("--exam", is_flag=True, help="Refuse to grade below isolation level full.")
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Grade on the workers of the Dask scheduler there (tcp://host:8786, or the path of its scheduler file).",
)
@as_json
def grade(
    assignment: str,
    home: Path | None,
    submitted: Path | None,
    download: Path | None,
    roster: Path | None,
    jobs: int,
    db_url: str | None,
    students: tuple[str, ...],
    force: bool,
    exam: bool,
    dask: str | None,
    as_json: bool,
) -> None:
    """Grade a class: gradebook, feedback pages, and a table. Run again, it does only what changed."""
    from course.grading.grade import grade as grade_class

    root = paths.root()
    name = paths.resolve_assignment(root, assignment)
    home = home.resolve() if home else root
    submitted = submitted or home / "submitted"
    database = db_url or f"sqlite:///{home / 'gradebook.db'}"
    taken = _take(root, name, download, submitted, roster, database)
    kinds = Counter()

    def tell(result, done: int, total: int) -> None:
        kinds[tables.kind(result)] += 1
        advance(done, total, tables.tally(kinds))

    with console.progress(f"{name}:", None) as advance:
        report = grade_class(
            root,
            name,
            submitted,
            jobs,
            database,
            home,
            on_progress=tell,
            exam=exam,
            dask=dask,
            students=students,
            force=force,
        )
    document = report.to_json() | ({"intake": taken.to_json()} if taken else {})
    _finish(document if as_json else None, (*tables.taken(taken), *tables.grades(report, home, db_url)), True)


def _take(root: Path, name: str, download: Path | None, submitted: Path, roster: Path | None, database: str):
    """What `--from` names, taken into `submitted`; None without it."""
    if download is None:
        if roster is not None:
            raise GivenError("--roster says whose the files of a download are: give the download with --from")
        return None
    from course.grading.intake.take import take_class

    with console.err.status(f"taking in {download}"):
        return take_class(root, name, download, submitted, roster, database)


class_option = click.option(
    "--class", "home", type=click.Path(path_type=Path), help="The folder of the class (default: the course's own folder)."
)
db_option = click.option("--db", "db_url", help="The gradebook's database URL (default: gradebook.db of the class).")


def _database(home: Path | None, db_url: str | None) -> str:
    """The address of a gradebook that is there."""
    path = (home.resolve() if home else paths.root()) / "gradebook.db"
    if db_url is None and not path.is_file():
        raise GivenError(f"there is no gradebook {path}: run `course grade` first, or name it by --class or --db")
    return db_url or f"sqlite:///{path}"


@main.command()
@click.argument("assignment")
@click.option("--out", type=click.Path(path_type=Path), help="The folder to write to (default: report/ of the class).")
@class_option
@db_option
def report(assignment: str, out: Path | None, home: Path | None, db_url: str | None) -> None:
    """Make a page about a graded class: scores, exercises, common mistakes, pairs that are alike, incidents, time."""
    from course.grading.report.write import write_report

    root = paths.root()
    name = paths.resolve_assignment(root, assignment)
    database = _database(home, db_url)
    home = home.resolve() if home else root
    with console.err.status("reading the results"):
        written = write_report(root, name, home, database, out or home / "report" / name)
    _finish(None, tables.reported(written), True)


@main.command()
@click.argument("assignments", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["plain", "canvas", "moodle"]),
    default="plain",
    show_default=True,
    help="Which program is to read it.",
)
@click.option("--by-exercise", is_flag=True, help="A column for each graded cell as well.")
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="The CSV that Canvas or Moodle exported: its rows and ids are kept, and the grades filled in.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The file to write (default: print it).")
@class_option
@db_option
def export(
    assignments: tuple[str, ...],
    form: str,
    by_exercise: bool,
    template: Path | None,
    out: Path | None,
    home: Path | None,
    db_url: str | None,
) -> None:
    """Write grades as CSV, for all assignments or for these: a plain one, or as Canvas or Moodle import it."""
    from course.grading.export import export_grades
    from course.grading.files import replace_file

    names = [paths.resolve_assignment(paths.root(), name) for name in assignments]
    exported = export_grades(_database(home, db_url), form, names, by_exercise, template)
    if out is None:
        click.echo(exported.text, nl=False)
    else:
        replace_file(out, exported.text)
    for line in tables.exported(exported, out):
        console.err.print(line)


@main.command()
@click.argument("chapters", nargs=-1)
@jobs_option
@click.option(
    "--mutants", type=click.IntRange(0), help="Try so many small changes of each reference, and not all; 0 for none."
)
@as_json
def audit(chapters: tuple[str, ...], jobs: int, mutants: int | None, as_json: bool) -> None:
    """Try the graders: known-right and known-wrong answers, and mutants of the reference, in each graded exercise."""
    from course.authoring.audit import audit as audit_chapters
    from course.authoring.mutate import MOST

    root = paths.root()
    names = [paths.resolve_chapter(root, c) for c in chapters] or paths.chapters(root)
    with console.progress("auditing", None) as advance:
        report = audit_chapters(root, names, jobs, MOST if mutants is None else mutants, on_progress=advance)
    _finish(report.to_json() if as_json else None, tables.audited(report), report.ok)


@main.group()
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
    _finish(document if as_json else None, tables.datasets(cards), True)


@data.command("verify")
@click.argument("names", nargs=-1)
@as_json
def data_verify(names: tuple[str, ...], as_json: bool) -> None:
    """Check every file's hash and every array's shape."""
    from course import data as datasets

    problems = {name: list(datasets.verify(name)) for name in names or datasets.names()}
    _finish({"problems": problems} if as_json else None, tables.verified(problems), not any(problems.values()))


@data.command("fetch")
@click.argument("names", nargs=-1)
def data_fetch(names: tuple[str, ...]) -> None:
    """Make sure that the data is on this machine and intact: bundled, or downloaded and verified."""
    from course import data as datasets

    for name in names or datasets.names():
        console.out.print(f"{name}: {datasets.fetch(name)}")


if __name__ == "__main__":
    main()
