"""What an instructor calls: grade a class, look at it, hand the grades on."""

from collections import Counter
from pathlib import Path

import click

from course import console, paths, tables
from course.commands.shared import as_json, finish, jobs_option
from course.errors import GivenError

class_option = click.option(
    "--class",
    "home",
    type=click.Path(path_type=Path),
    help="The folder of the class (default: the course's own folder).",
)
db_option = click.option("--db", "db_url", help="The gradebook's database URL (default: gradebook.db of the class).")


@click.command()
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
    taken = _take(root, name, download, submitted, roster, database, home)
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
    finish(document if as_json else None, (*tables.taken(taken), *tables.grades(report, home, db_url)), True)


def _take(
    root: Path, name: str, download: Path | None, submitted: Path, roster: Path | None, database: str, home: Path
):
    """What `--from` names, taken into `submitted`; None without it."""
    if download is None:
        if roster is not None:
            raise GivenError("--roster says whose the files of a download are: give the download with --from")
        return None
    from course.grading.intake.take import take_class

    with console.err.status(f"taking in {download}"):
        return take_class(root, name, download, submitted, roster, database, home)


def _database(home: Path | None, db_url: str | None) -> str:
    """The address of a gradebook that is there."""
    path = (home.resolve() if home else paths.root()) / "gradebook.db"
    if db_url is None and not path.is_file():
        raise GivenError(f"there is no gradebook {path}: run `course grade` first, or name it by --class or --db")
    return db_url or f"sqlite:///{path}"


@click.command()
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
    finish(None, tables.reported(written), True)


@click.command()
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
    """Write grades as CSV, for all assignments or for these: a plain one, or as Canvas or Moodle import it.

    A cell stays empty where nothing was handed in or nobody could grade anything yet. Points of free text that a person has
    yet to give count as nothing until then, and the command says how many submissions wait for some.
    """
    from course.grading.export import export_grades
    from course.grading.files import replace_file

    names = [paths.resolve_assignment(paths.root(), name) for name in assignments]
    exported = export_grades(_database(home, db_url), form, names, by_exercise, template)
    if out is None:
        click.get_binary_stream("stdout").write(exported.text.encode())  # in UTF-8, whatever the console writes
    else:
        replace_file(out, exported.text.encode())  # as bytes, for lines of a template that end in CR LF stay so
    for line in tables.exported(exported, out):
        console.err.print(line)
