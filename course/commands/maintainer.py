"""What a maintainer calls: build notebooks, execute lessons, audit the graders."""

import click

from course import console, paths, tables
from course.commands.shared import as_json, finish, jobs_option


@click.command()
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
    finish(None, tables.built(report, check), report.ok)


@click.command()
@click.argument("chapters", nargs=-1)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="How many lessons at once; the seconds are true for one at a time.",
)
@click.option("--backend", type=click.Choice(["tensorflow", "jax"]), default="tensorflow", show_default=True)
@click.option(
    "--scale",
    type=click.Choice(["cpu", "gpu", "tpu"]),
    default="cpu",
    show_default=True,
    help="How large the experiments are; the claims are those of that scale.",
)
@click.option("--record", is_flag=True, help="Write what was measured into each lesson's ledger.")
@as_json
def run(chapters: tuple[str, ...], jobs: int, backend: str, scale: str, record: bool, as_json: bool) -> None:
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

        runs = run_lessons(root, names, jobs=jobs, backend=backend, record=record, on_progress=tell, scale=scale)
    finish(runs_json(runs) if as_json else None, tables.lessons(runs, backend), all(r.ok for r in runs))


@click.command()
@click.argument("chapters", nargs=-1)
@jobs_option
@click.option(
    "--mutants", type=click.IntRange(0), help="Try so many small changes of each reference (default: 60 at most); 0 for none."
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
    finish(report.to_json() if as_json else None, tables.audited(report), report.ok)
