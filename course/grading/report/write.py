"""`course report`: one page that needs nothing else, and the tables behind it as CSV files."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from course.errors import GivenError
from course.grading.feedback import title_of
from course.grading.files import replace_file
from course.grading.journal import read_results
from course.grading.marks import read_marks, read_names
from course.grading.released import load_assignment
from course.grading.report import figures
from course.grading.report.alike import ALIKE, alike
from course.grading.report.items import FEWEST, items, mistakes, phases, scores

_MOST_MISTAKES = 40


@dataclass(frozen=True)
class Written:
    page: Path
    tables: tuple[Path, ...]
    submissions: int


def write_report(root: Path, name: str, home: Path, db_url: str, out: Path) -> Written:
    """Write `out`/index.html and the CSV files beside it, for an assignment of the course at `root` that was graded in `home`."""
    journal = home / ".course" / "journal" / f"{name}.jsonl"
    results = read_results(journal) if journal.is_file() else []
    if not results:
        raise GivenError(f"nothing of {name} was graded in {home} yet: run `course grade {name}` first")
    assignment = load_assignment(root, name)
    marks, names = read_marks(db_url, [name]), read_names(db_url)
    present = set(marks["student"])
    results = [result for result in results if result.student in present]
    tables = {
        "scores": scores(marks, results, names),
        "items": items(marks, results, assignment),
        "mistakes": mistakes(results),
        "alike": alike(results, assignment),
    }
    tables["phases"] = phases(tables["scores"])
    absent = sorted(set(names["student"]) - present)
    incidents = [(r.student, r.incidents) for r in results if r.incidents]
    page = _page(title_of(assignment.notebooks[0]), tables, absent, incidents)
    paths = []
    for table, content in tables.items():
        path = out / f"{table}.csv"
        replace_file(path, content.to_csv(index=False, float_format="%.4g", lineterminator="\n"))
        paths.append(path)
    replace_file(out / "index.html", page)
    return Written(out / "index.html", tuple(paths), len(tables["scores"]))


def _page(title: str, tables: dict[str, pd.DataFrame], absent: list[str], incidents: list) -> str:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    known = tables["scores"]
    score, most = known["score"], known["max_score"].max()
    rows = {name: list(table.itertuples()) for name, table in tables.items()}
    return environment.get_template("report.html.j2").render(
        title=title,
        graded=len(known),
        median=score.median(),
        most=most,
        full=int((score >= most).sum()),
        waiting=int(known["waiting"].sum()),
        ungradable=int((known["status"] == "ungradable").sum()),
        absent=absent,
        histogram=Markup(figures.histogram(known)) if score.notna().any() else "",
        difficulty=Markup(figures.difficulty(tables["items"])) if len(tables["items"]) else "",
        incidents=incidents,
        fewest=FEWEST,
        alike_from=ALIKE,
        **(rows | {"mistakes": rows["mistakes"][:_MOST_MISTAKES]}),
    )
