"""The plain text table: ratios first, then where the time goes, then how it was measured."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from figures import AROUND_PHASES, TOOLS, UNIT_PHASES, milliseconds_each, per_minute, unit_shares
from machine import in_words


def table(raw: Mapping[str, Any], ratios: Mapping[str, Any]) -> str:
    parts = (
        _head(raw),
        _throughput(raw, ratios),
        _in_cells(raw, ratios),
        _fixed(raw, ratios),
        _growth(ratios),
        _where(raw),
        _around(raw),
    )
    return "\n\n".join("\n".join(line.rstrip() for line in part) for part in parts) + "\n"


def _head(raw: Mapping[str, Any]) -> list[str]:
    lines = [
        "GRADING, MEASURED",
        in_words(raw["machine"]) + "".join(f", otter-grader {version}" for version in _otter(raw)) + ".",
        f"{raw['jobs']} submissions at a time with `course grade`; {raw['busy_cores']:.1f} cores were busy with other "
        "work when the run began.",
    ]
    if raw["mode"] == "quick":
        lines.append(
            "A quick run, over classes too small to say anything about speed: it shows that the benchmark works."
        )
    return lines


def _otter(raw: Mapping[str, Any]) -> set[str]:
    return {c["tools"]["otter"]["version"] for c in raw["comparisons"] if "otter" in c["tools"]}


def _throughput(raw: Mapping[str, Any], ratios: Mapping[str, Any]) -> list[str]:
    lines = [
        "THROUGHPUT: how many times as many submissions a minute `course grade` does, on the same submissions",
        "whole: the command from start to end; running: between the first and the last result on the disk",
        "",
    ]
    rows = [("assignment", "submissions", "against", "whole", "running", "same points", "a minute: ours", "theirs")]
    for compared, found in zip(raw["comparisons"], ratios["throughput"], strict=True):
        ours = per_minute(compared["tools"]["course"])
        for tool, words in TOOLS.items():
            if tool in found:
                theirs = compared["tools"][tool]
                rows.append(
                    (
                        compared["title"],
                        str(compared["submissions"]),
                        words,
                        f"{found[tool]['whole']:.1f} x",
                        f"{found[tool]['running']:.1f} x",
                        f"{theirs['same_points']} of {compared['submissions']}",
                        f"{ours['whole']:.1f}",
                        f"{per_minute(theirs)['whole']:.1f}",
                    )
                )
    return lines + _aligned(rows)


def _in_cells(raw: Mapping[str, Any], ratios: Mapping[str, Any]) -> list[str]:
    rows = [
        (
            "assignment",
            "submissions",
            "whole run",
            "without start-up and end",
            "cells, s each",
            "CPU beside cells, s each",
        )
    ]
    for probe, found in zip(raw["classes"], ratios["in_cells"], strict=True):
        rows.append(
            (
                probe["title"],
                str(probe["submissions"]),
                f"{found['whole']:.0%}",
                f"{found['running']:.0%}",
                f"{probe['cells']['wall_seconds'] / probe['submissions']:.3f}",
                f"{found['fixed_cpu_seconds']:.3f}",
            )
        )
    return ["SHARE OF CORES x WALL SPENT IN CELLS", "", *_aligned(rows)]


def _fixed(raw: Mapping[str, Any], ratios: Mapping[str, Any]) -> list[str]:
    rows = [("isolation asked for", "isolation it was", "submissions", "CPU seconds each, beside their cells")]
    for level, seconds in ratios["fixed_cpu_seconds"].items():
        probe = raw["fixed_cost"][level]
        rows.append((level, probe["isolation"], str(probe["submissions"]), f"{seconds:.3f}"))
    return [
        "FIXED COST OF A SUBMISSION: processor time of supervisor, warm process and children, less that in cells",
        "",
        *_aligned(rows),
    ]


def _growth(ratios: Mapping[str, Any]) -> list[str]:
    found = ratios["growth"]
    rows = [("submissions", "time for each, against the largest class", "peak memory of the supervisor, MB")]
    for count, against, peak in zip(found["submissions"], found["against_largest"], found["peak_mb"], strict=True):
        rows.append((str(count), f"{against:.2f}", f"{peak:.0f}"))
    return [
        "GROWTH: the tiny assignment, time while submissions are at work",
        "",
        *_aligned(rows),
        f"memory of the largest class beyond the smallest: {found['peak_mb_grown']:.0f} MB",
    ]


def _where(raw: Mapping[str, Any]) -> list[str]:
    probes = raw["classes"]
    shares = [unit_shares(probe) for probe in probes]
    rows: list[Sequence[str]] = [("share of cores x wall", *(probe["title"] for probe in probes))]
    for phase in ("cells", *UNIT_PHASES, "no unit at work"):
        rows.append((phase, *(f"{share[phase]:.1%}" for share in shares)))
    rows.append(("", *("" for _ in probes)))
    rows.append(("milliseconds for each submission", *("" for _ in probes)))
    for phase in UNIT_PHASES:
        rows.append((phase, *(f"{milliseconds_each(probe, phase, 'unit'):.1f}" for probe in probes)))
    return [
        "WHERE THE TIME GOES, on the threads that grade, from the first submission to the last",
        "",
        *_aligned(rows),
    ]


def _around(raw: Mapping[str, Any]) -> list[str]:
    probes = raw["classes"]
    rows: list[Sequence[str]] = [("milliseconds for each submission", *(probe["title"] for probe in probes))]
    for phase in AROUND_PHASES:
        rows.append((phase, *(f"{milliseconds_each(probe, phase, 'around'):.1f}" for probe in probes)))
    rows.append(("seconds once for each run", *("" for _ in probes)))
    for words, key in (("start-up", "start_up_seconds"), ("end", "closing_seconds")):
        rows.append((words, *(f"{probe[key]:.1f}" for probe in probes)))
    return [
        "AROUND THEM: on the supervisor's own thread, while others grade, and before and after",
        "",
        *_aligned(rows),
    ]


def _aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    """Columns as wide as their widest entry; all but the first column of numbers to the right."""
    rows = [list(row) for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    texts = [all(not row[i] or not row[i][0].isdigit() for row in rows[1:]) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if text or i == 0 else cell.rjust(width)
            for i, (cell, width, text) in enumerate(zip(row, widths, texts, strict=True))
        )
        for row in rows
    ]
