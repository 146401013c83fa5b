"""Compute the table of docs/SCALE.md from the last measured results: cores, hours and money for many students.

    .venv/bin/python docs/scale.py            write the section anew
    .venv/bin/python docs/scale.py --check    fail when the page says anything else than this script
    --price P                                 print the section for another price of a core-hour, and write nothing

The figures come from benchmarks/results/cluster.json (benchmarks/cluster.py) and benchmarks/results/grading.json
(benchmarks/grading.py). Nothing else is put in but PRICE.
"""

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "SCALE.md"
RESULTS = ROOT / "benchmarks" / "results"
BEGIN, END = "<!-- computed by docs/scale.py: begin -->", "<!-- computed by docs/scale.py: end -->"
PRICE = 0.05  # of one core for one hour, in whatever money: an assumption, to be replaced by one's own
STUDENTS = (1_000, 10_000, 100_000)
CORES = (2, 16, 64)


@dataclass(frozen=True)
class Cost:
    """What one submission costs on a cluster. core_seconds: of all cores together, waiting included. serial_seconds: of that
    process in the middle which is the busiest; no number of cores makes these shorter. local_core_seconds: without a
    cluster, or None where that was not measured."""

    title: str
    core_seconds: float
    serial_seconds: float
    disk_bytes: float
    local_core_seconds: float | None = None

    @property
    def most_cores(self) -> float:
        """More cores than that have nothing to do, since the process in the middle cannot keep up with them."""
        return self.core_seconds / self.serial_seconds

    def hours(self, students: int, cores: int) -> float:
        return students * max(self.core_seconds / cores, self.serial_seconds) / 3600

    def cores_for(self, students: int, hours: float) -> int | None:
        """How many cores are done within `hours`; None where the process in the middle is not."""
        if students * self.serial_seconds > 3600 * hours:
            return None
        return max(1, math.ceil(self.core_hours(students) / hours))

    def core_hours(self, students: int) -> float:
        return students * self.core_seconds / 3600


def costs(cluster: Mapping[str, Any], local: Mapping[str, Any] | None) -> list[Cost]:
    """One for each assignment that was measured on the cluster."""
    alone = {
        probe["assignment"]: probe["jobs"] * probe["working_seconds"] / probe["submissions"]
        for probe in (local["raw"]["classes"] if local else ())
    }
    return [
        Cost(
            measured["title"],
            cluster["machine"]["cores"] * measured["each"]["wall_seconds"],
            max(measured["each"]["supervisor_seconds"], measured["each"]["scheduler_seconds"]),
            measured["each"]["disk_bytes"],
            alone.get(measured["assignment"]),
        )
        for measured in cluster["classes"]
    ]


def mean(every: Sequence[Cost]) -> Cost:
    """An assignment as they are on average."""

    def of(values: Sequence[float]) -> float:
        return sum(values) / len(values)

    return Cost(
        "an assignment",
        of([c.core_seconds for c in every]),
        of([c.serial_seconds for c in every]),
        of([c.disk_bytes for c in every]),
    )


def section(cluster: Mapping[str, Any] | None, local: Mapping[str, Any] | None, price: float = PRICE) -> str:
    """The computed part of the page, in Markdown."""
    if cluster is None:
        return "Nothing is measured yet: run `benchmarks/cluster.py`, then `docs/scale.py`.\n"
    every = costs(cluster, local)
    typical = mean(every)
    workers_mb, supervisor_mb = (
        max(measured[who] for measured in cluster["classes"]) for who in ("worker_mb", "supervisor_mb")
    )
    lines = [
        "### What was measured",
        "",
        f"On {_machine(cluster)}, with {cluster['workers']} workers of one thread each, a scheduler and the supervisor on the "
        f"same cores; {cluster['classes'][0]['submissions']} submissions of each, counted from an early result on, so that starting "
        "up is in none.",
        "",
        *_table(
            [
                "one submission of",
                "core-seconds on one machine",
                "core-seconds on the cluster, all included",
                "of these, one after the other",
                "most cores that have work",
                "KB on the disk",
            ],
            [
                [
                    cost.title,
                    "not measured" if cost.local_core_seconds is None else f"{cost.local_core_seconds:.2f}",
                    f"{cost.core_seconds:.2f}",
                    f"{cost.serial_seconds:.3f}",
                    f"{cost.most_cores:.0f}",
                    f"{cost.disk_bytes / 1000:.0f}",
                ]
                for cost in every
            ],
        ),
        "",
        f"A worker with its warm process and one submission at work took up to {workers_mb:.0f} MB, the supervisor up to "
        f"{supervisor_mb:.0f} MB. *One after the other* is what the supervisor (or the scheduler, whichever has more to do) "
        "spends on each submission: reading, the journal, the feedback page, the gradebook. *Most cores that have work* is "
        "the quotient of the two columns before it.",
        "",
        "### What follows",
        "",
        "One assignment, as the measured ones are on average. Money is core-hours times "
        f"**{price:g} for one core for one hour: an assumption**, in whatever currency; put in your own with "
        "`docs/scale.py --price`.",
        "",
        *_table(
            [
                "students",
                "core-hours",
                "money",
                *(f"on {cores} cores" for cores in CORES),
                "cores to be done in an hour",
                "on the disk",
            ],
            [_row(typical, students, price) for students in STUDENTS],
        ),
        "",
        "More cores than have work cost money and save no time; a class that one supervisor cannot feed in time is split into two "
        "classes, each with its own.",
        "",
        "These are products of measured figures, and suppose that more machines cost as much for each submission as these "
        "cores did. Not in them: starting the machines, waiting in a queue, and cores of another speed. What is measured of "
        "the supposition is in `benchmarks/results/grading.txt`, up to 1,000 submissions on one machine.",
    ]
    return "\n".join(lines) + "\n"


def _row(cost: Cost, students: int, price: float) -> list[str]:
    needed = cost.cores_for(students, hours=1)
    return [
        f"{students:,}",
        f"{cost.core_hours(students):,.1f}",
        f"{cost.core_hours(students) * price:,.2f}",
        *(_time(cost.hours(students, cores)) for cores in CORES),
        f"{needed:,}" if needed else "more than one supervisor",
        f"{students * cost.disk_bytes / 1e9:,.1f} GB",
    ]


def _time(hours: float) -> str:
    """A time as people say it."""
    if hours < 1:
        return f"{60 * hours:.0f} min" if 60 * hours >= 1 else "under 1 min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"


def _machine(cluster: Mapping[str, Any]) -> str:
    machine = cluster["machine"]
    return f"{machine['cores']} cores of {machine['processor']}, {machine['day']}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    ruler = ["---", *("---:" for _ in head[1:])]
    return [f"| {' | '.join(row)} |" for row in (head, ruler, *rows)]


def read(name: str) -> Any:
    """A kept result, or None where there is none."""
    path = RESULTS / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def with_section(page: str, made: str) -> str:
    """The page with `made` between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{made}{END}{after}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--price", type=float)
    chosen = parser.parse_args(arguments)
    cluster, local = read("cluster.json"), read("grading.json")
    if chosen.price is not None:
        print(section(cluster, local, chosen.price), end="")
        return 0
    page = PAGE.read_text(encoding="utf-8")
    made = with_section(page, section(cluster, local))
    if chosen.check:
        return int(made != page)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
