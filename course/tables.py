"""What the commands print for people: each result as tables and lines. The same results go out as JSON by `--json`."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rich.text import Text

from course.console import number, printable, state, table

Lines = Iterator[object]


def problem(text: str, label: str = "problem") -> Text:
    return Text.assemble((printable(f"{label}  "), "bold red"), printable(text))


def note(text: str, label: str = "note") -> Text:
    return Text.assemble((printable(f"{label}  "), "yellow"), printable(text))


def health(found) -> Lines:
    yield table("This machine", ("", ""), found.facts)
    yield from (problem(line) for line in found.problems)


def chapters(rows: Iterable, found: Mapping, following=None, damaged: str = "") -> Lines:
    """The chapters; with what a student has done, where anything was. found: (room, chapter) -> Standing."""
    columns = ("chapter", "title", "read", "run", "work", "exercises", "points", "claims")
    begun = any(standing.state for standing in found.values())
    done = ("lesson", "assignment") if begun else ()
    yield table(
        "Chapters (minutes to read, to run, to work)",
        (*columns, *done),
        (
            (
                *(r.chapter, r.title, *_minutes(r.minutes), len(r.exercises), number(r.points), r.claims),
                *(_done(found.get((f"{room}s", r.chapter))) for room in done),
            )
            for r in rows
        ),
        right=columns[2:],
    )
    if damaged:
        yield note(damaged)
    if begun and following:
        yield f"\ncontinue with {following.notebook}"


def _done(standing) -> Text:
    return Text("") if standing is None else Text(standing.words, style="green" if standing.state == "done" else "yellow")


def _minutes(minutes: Mapping[str, float]) -> list[str]:
    return [number(minutes[kind]) if kind in minutes else "" for kind in ("read", "run", "work")]


def built(report, check: bool) -> Lines:
    yield from (f"written  {line}" for line in report.written)
    yield from (note(line, "stale  ") for line in report.stale)
    yield from (problem(line) for line in report.problems)
    if report.ok:
        yield (
            "everything is up to date"
            if check
            else f"{len(report.unchanged)} files were up to date, {len(report.written)} written"
        )


def lessons(runs: Iterable, backend: str) -> Lines:
    yield table(
        f"Lessons on {backend}"
        + "".join(f", at the scale of a {r.scale.upper()}" for r in runs[:1] if r.scale != "cpu"),
        ("lesson", "seconds", "peak MB", "claims held", ""),
        (
            (
                r.chapter,
                f"{r.seconds:.0f}",
                f"{r.peak_mb:.0f}" if r.peak_mb else "",
                f"{sum(c.ok for c in r.claims)} of {len(r.claims)}",
                state("ok" if r.ok else "NOT OK"),
            )
            for r in runs
        ),
        right=("seconds", "peak MB"),
    )
    yield from (note(line) for r in runs for line in r.notes)
    yield from (problem(line) for r in runs for line in r.problems)


def checked(found) -> Lines:
    """A student's own check: the table, then each exercise that is not right, then what had to be repaired."""
    yield table(
        f"{found.assignment}: {found.notebook.name}, on {found.backend}",
        ("exercise", "points", "of", ""),
        ((e.part, number(e.points), number(e.max_points), state(e.state)) for e in found.exercises),
        right=("points", "of"),
    )
    for e in found.exercises:
        if e.state in ("wrong", "error"):
            yield Text.assemble((f"\n✗ {e.part}\n", "bold red"), e.message)
    for incident in found.incidents:
        yield Text("\n") + note(incident)
    by_hand = sum(e.max_points for e in found.exercises) - found.max_points
    yield (
        f"\n{number(found.points)} of {number(found.max_points)} points by the checks that you can see"
        + (f" (a person reads your free text, for {number(by_hand)} more); " if by_hand else "; ")
        + 'hidden checks come with grading. In the notebook, check.hint("…") gives hints.'
    )


def taken(found) -> Lines:
    """What a download came to: how many students, who is not known, what was left out. Nothing without a download."""
    if found is None:
        return
    yield from (note(line, "  unknown:") for line in found.unknown)
    yield from (note(line, "  left out:") for line in found.left_out)
    if found.without_work:
        yield note(", ".join(found.without_work), "not in the download:")
    for former, student in found.known_now:
        yield note(f"{former} is {student}: what was graded under the former name is {student}'s now", "known now:")
    count = f"{found.students} student{'s' * (found.students != 1)}"
    yield f"taken from {found.source}: {count}, {found.new} new or changed"


def grades(report, home: Path, db_url: str | None) -> Lines:
    """The class as a table, what was out of the ordinary, and where everything lies."""
    from course.grading.grade import exercise_points
    from course.grading.gradebook_errors import safe_address

    names = list(dict.fromkeys(e.label for r in report.results for e in r.exercises))
    columns = ("student", "", *names, "points", "of")
    yield table(
        report.assignment,
        columns,
        (_grade_row(r, names, exercise_points(r)) for r in report.results),
        right=columns[2:],
    )
    for r in report.results:
        yield from (note(incident, f"  {r.student}:") for incident in r.incidents)
        if r.penalty:
            yield note(f"handed in late: {number(r.penalty)} points are taken off in the gradebook.", f"  {r.student}:")
    yield from map(note, report.notes)
    if report.not_handed_in:
        yield note(", ".join(report.not_handed_in), "not handed in:")
    yield from _lower_assurance(report.results)
    count = len(report.results)
    yield (
        f"{count} submission{'s' * (count != 1)} on {report.backend} in {report.wall_seconds:.1f} s: "
        + tally(Counter(map(kind, report.results)))
    )
    yield (
        f"gradebook: {safe_address(db_url) if db_url else _near(home / 'gradebook.db')} "
        f"({report.changed} submissions written)   "
        f"feedback: {_near(home / 'feedback')}/<student>/{report.assignment}/"
    )


def _near(path: Path) -> str:
    """The path from here; the whole of it where there is no way, because it is on another drive (Windows)."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)


def reported(written) -> Lines:
    names = ", ".join(path.name for path in written.tables)
    yield f"{written.submissions} submissions in {_near(written.page)} (tables: {names})"


def exported(found, out: Path | None) -> Lines:
    if found.unmatched:
        yield note(", ".join(found.unmatched), "in no row of the template, so not exported:")
    yield from map(note, found.notes)
    if found.waiting:
        yield note(f"{found.waiting} submissions wait for points by hand, which are not in their grades yet.")
    if out is not None:
        yield f"{found.students} students in {out}"


def kind(result) -> tuple[str, bool, str]:
    """What of a result is counted: its status, whether it is an earlier one, and its isolation level."""
    return result.status, result.cached, result.isolation or "unknown"


def tally(kinds: Counter) -> str:
    """How many submissions came to what, how many had not changed, and what stood between them and the machine.

    kinds: `kind` of a result -> how many there are.
    """
    named = {"graded": "graded", "incident": "with incidents", "ungradable": "ungradable"}
    counts = {words: sum(n for (was, _, _), n in kinds.items() if was == status) for status, words in named.items()}
    unchanged = sum(n for (_, cached, _), n in kinds.items() if cached)
    levels: Counter = Counter()
    for (_, _, level), n in kinds.items():
        levels[level] += n
    one = len(levels) == 1
    parts = [
        *(f"{n} {words}" for words, n in counts.items() if n),
        *([f"{unchanged} unchanged since the last time"] if unchanged else []),
        "isolation: " + ", ".join(level if one else f"{level} for {n}" for level, n in levels.most_common()),
    ]
    return "; ".join(parts)


def _lower_assurance(results: Iterable) -> Lines:
    """Which points come from plain assertions, which are easier to fool than compared values: a line for each tests cell."""
    results = tuple(results)
    holders: dict[str, list[str]] = {}
    for r in results:
        for e in r.exercises:
            if e.assurance == "lower":
                holders.setdefault(f"{e.notebook}/{e.part}" if e.notebook else e.part, []).append(r.student)
    for part, students in holders.items():
        everybody = len(students) == len(results)
        whose = "all submissions" if everybody else _some(students)
        yield note(f"{part} is tested by plain assertions: its points are of lower assurance ({whose})", "  assurance:")


def _some(names: list[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _grade_row(result, names: list[str], points: Mapping[str, float]) -> list[object]:
    by_hand = {e.label for e in result.exercises if e.state == "manual"}
    cells = ["by hand" if n in by_hand else number(points.get(n, 0)) for n in names]
    return [result.student, state(result.status), *cells, number(result.points), number(result.max_points)]


def audited(report) -> Lines:
    columns = ("chapter", "exercise", "right", "accepted", "wrong", "rejected", "diagnosed", "mutants", "caught")
    yield table(
        "Audit",
        columns,
        (
            (
                *(e.chapter, e.id, e.right_n, e.right_accepted, e.wrong_n, e.wrong_rejected, e.wrong_diagnosed),
                *(e.mutants_n, e.mutants_caught),
            )
            for e in report.exercises
        ),
        right=columns[2:],
    )
    yield from (problem(line) for line in report.problems)
    yield report.summary


def datasets(cards: Iterable) -> Lines:
    rows = (
        (c.name, c.title, c.license["name"] + (" (non-commercial)" if c.noncommercial else ""), c.source["package"])
        for c in cards
    )
    yield table("Data sets", ("name", "what", "license", "from"), rows)


def verified(problems: Mapping[str, list[str]]) -> Lines:
    rows = ((name, Text("; ".join(found), style="red") if found else state("ok")) for name, found in problems.items())
    yield table("Data sets", ("name", ""), rows)
