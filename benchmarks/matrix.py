"""The matrix: every chapter on TensorFlow, on JAX without TensorFlow, compiled for a TPU, and over eight devices.

    python benchmarks/matrix.py [CHAPTER...] [--column NAME] [--again]

It takes hours of one core. Results are kept as they come, in benchmarks/results/matrix.json, and what is there and still
true (the same sources) is not run again; so it may be stopped at any time. The table in docs/PLATFORMS.md is written anew.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
import platforms_table
from environments import import_error, without_tensorflow

from course import console, paths
from course.authoring.build import BACKEND, known_chapters, notebook_path, source_path
from course.authoring.lesson import sources_hash
from course.authoring.notebook import read_notebook, write_atomic
from course.authoring.run import claims_made, hold_claims, run_lessons
from course.authoring.solution import run_solution
from course.authoring.source import read_source
from course.authoring.tpu import compile_notebook
from course.errors import GivenError

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "matrix.json"
PAGE = ROOT / "docs" / "PLATFORMS.md"


def _lesson(chapter: str, room: str, backend: str) -> dict[str, Any]:
    (run,) = run_lessons(ROOT, [chapter], jobs=2, backend=backend)  # more than one at a time: seconds mean nothing here
    return run.to_json()


def _built_lesson(chapter: str, room: str, backend: str) -> dict[str, Any]:
    """The run that the built notebook keeps, where it was made from these sources; else a new one."""
    source = read_source(source_path(ROOT, room, chapter))
    built = read_notebook(notebook_path(ROOT, room, chapter))
    if backend != BACKEND or built is None or built.metadata["course"]["sources"] != sources_hash(ROOT, source):
        return _lesson(chapter, room, backend)
    held, broken = hold_claims(source.front.claims, claims_made(built))
    claims = [asdict(claim) for claim in held]
    return {"ok": not broken, "claims": claims, "problems": list(broken), "how": "as the built notebook keeps it"}


def _solution(chapter: str, room: str, backend: str) -> dict[str, Any]:
    return run_solution(ROOT, chapter, backend).to_json()


def _compiled(chapter: str, room: str, precision: str) -> dict[str, Any]:
    return compile_notebook(ROOT, room, chapter, precision, eight=True).to_json()


# column -> (room, what runs it, with which backend or precision). What compiles in float32 also trains on eight devices.
COLUMNS: dict[str, tuple[str, Callable[[str, str, str], dict], str]] = {
    "tensorflow": ("lessons", _built_lesson, "tensorflow"),
    "tensorflow solution": ("solutions", _solution, "tensorflow"),
    "jax": ("lessons", _lesson, "jax"),
    "jax solution": ("solutions", _solution, "jax"),
    **{
        f"tpu {precision}{'' if room == 'lessons' else ' solution'}": (room, _compiled, precision)
        for room in ("lessons", "solutions")
        for precision in ("float32", "mixed_bfloat16")
    },
}


@click.command()
@click.argument("chapters", nargs=-1)
@click.option("--column", "columns", multiple=True, type=click.Choice(list(COLUMNS)), help="These alone.")
@click.option("--again", is_flag=True, help="Also what is there already.")
@click.option("--inside", is_flag=True, hidden=True, help="Run one cell of the table here, and print it.")
def main(chapters: tuple[str, ...], columns: tuple[str, ...], again: bool, inside: bool) -> None:
    """Run what is missing of the matrix, and write the table."""
    if inside:
        room, work, how = COLUMNS[columns[0]]
        print(json.dumps(work(chapters[0], room, how)))
        return
    try:
        names = [paths.resolve_chapter(ROOT, c, "lessons", "solutions") for c in chapters] or known_chapters(ROOT)
    except GivenError as error:
        raise click.UsageError(str(error)) from None
    python = without_tensorflow()
    _keep({"import tensorflow": import_error(python, "tensorflow")})
    waiting = list(_waiting(names, columns or tuple(COLUMNS), again))
    with console.progress("the matrix", len(waiting)) as advance:
        for done, (chapter, column, sources) in enumerate(waiting):
            advance(done, len(waiting), f"{chapter}: {column}")
            result = run_inside(Path(sys.executable) if column.startswith("tensorflow") else python, chapter, column)
            _keep({}, chapter, column, result | {"sources": sources, "day": date.today().isoformat()})
    results = _kept()
    platforms_table.write(PAGE, results, known_chapters(ROOT))
    bad = [
        f"{chapter}: {column}"
        for chapter, cells in results["chapters"].items()
        for column in cells
        if not cells[column]["ok"]
    ]
    console.out.print(f"{PAGE.relative_to(ROOT)} written" + (f"; not green: {', '.join(bad)}" if bad else ""))


def _kept() -> dict[str, Any]:
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {"chapters": {}}


def _keep(facts: dict[str, Any], chapter: str = "", column: str = "", result: dict | None = None) -> None:
    """Put it beside what the file holds now: another run may have written in the meantime."""
    results = _kept() | facts
    if result:
        results["chapters"].setdefault(chapter, {})[column] = result
    write_atomic(RESULTS, json.dumps(results, indent=1, sort_keys=True) + "\n")


def _waiting(names: list[str], columns: tuple[str, ...], again: bool) -> Iterator[tuple[str, str, str]]:
    """(chapter, column, hash of its sources) of what is to be run."""
    chapters = _kept()["chapters"]
    for column in columns:
        room = COLUMNS[column][0]
        for chapter in names:
            path = source_path(ROOT, room, chapter)
            if path.is_file():
                sources = _sources(path, column)
                known = chapters.get(chapter, {}).get(column, {})
                if again or known.get("sources") != sources or not known.get("ok"):
                    yield chapter, column, sources


def _sources(path: Path, column: str) -> str:
    """Of what a cell of the table depends on; what a step compiles to, on fewer files than what a notebook prints."""
    if not column.startswith("tpu"):
        return sources_hash(ROOT, read_source(path))
    parts = (path, ROOT / "course" / "runtime.py", ROOT / "course" / "autodiff.py")
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def run_inside(python: Path, chapter: str, column: str) -> dict[str, Any]:
    """One cell of the table in a process of that environment. JAX stays on the processor, libtpu or not."""
    command = [python, __file__, "--inside", "--column", column, chapter]
    environment = os.environ | {"JAX_PLATFORMS": "cpu"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no word"]
        return {"ok": False, "problems": [f"the run stopped: {lines[-1]}"]}
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
