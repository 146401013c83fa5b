"""Measure `course grade` beside other tools, and say where its time goes.

    .venv/bin/python benchmarks/grading.py            all of it: about half an hour, on a machine that does nothing else
    .venv/bin/python benchmarks/grading.py --otter    with otter-grader, installed from the package registry
    .venv/bin/python benchmarks/grading.py --quick    does it run? About a minute; keeps nothing
    --submissions N     how many in each comparison
    --out FOLDER        where to keep the result (default: benchmarks/results, nothing with --quick)

Nothing here says that a figure is good or bad: README.md beside this file says how to read it.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import classes
import machine
import otter_local
import tools
from figures import ratios
from table import table

HERE = Path(__file__).resolve().parent
# COURSE_ISOLATION lowers the level; without it, it is the highest that this machine has.
LEVELS = {"full": {}, "partial": {"COURSE_ISOLATION": "partial"}, "none": {"COURSE_ISOLATION": "none"}}


@dataclass(frozen=True)
class Plan:
    """What is measured. compared: with other tools, and how many submissions each. probed: with the stop-watch, `probed_submissions`
    each. fixed: submissions of the class whose fixed cost is taken. growth: sizes of the growing class, and how often each is run."""

    mode: str
    jobs: int
    compared: tuple[tuple[classes.Assignment, int], ...]
    probed: tuple[classes.Assignment, ...]
    probed_submissions: int
    levels: tuple[str, ...]
    fixed: int
    growth: tuple[tuple[int, int], ...]


def full_plan(submissions: int | None) -> Plan:
    chapters = tuple(classes.chapter_class(name) for name in classes.CHAPTERS)
    every = (classes.plain_class(), classes.keras_class(), *chapters)
    return Plan(
        mode="full",
        jobs=2,
        compared=tuple((a, submissions or (30 if a.name == classes.keras_class().name else 10)) for a in every),
        probed=(classes.tiny_class(), *every),
        probed_submissions=100,
        levels=tuple(LEVELS),
        fixed=100,
        growth=((10, 5), (100, 3), (1000, 1)),
    )


def quick_plan(submissions: int | None) -> Plan:
    return Plan(
        mode="quick",
        jobs=2,
        compared=((classes.plain_class(), submissions or 2),),
        probed=(classes.tiny_class(),),
        probed_submissions=3,
        levels=("full",),
        fixed=3,
        growth=((2, 1), (3, 1)),
    )


class Bench:
    """A scratch folder, and what is measured in it. Each course gets a folder of its own there."""

    def __init__(self, scratch: Path, plan: Plan, otter: Path | None):
        self.scratch, self.plan, self.otter = scratch, plan, otter
        self._count = 0
        self._probed: dict[tuple[str, int, str, int], dict[str, Any]] = {}

    def measure(self) -> dict[str, Any]:
        """All raw figures of the plan."""
        plan, busy = self.plan, machine.busy_cores()
        return {
            "mode": plan.mode,
            "machine": machine.facts(),
            "busy_cores": busy,
            "jobs": plan.jobs,
            "comparisons": [self.compare(assignment, count) for assignment, count in plan.compared],
            "classes": [self.probe(assignment, plan.probed_submissions) for assignment in plan.probed],
            "fixed_cost": {level: self.probe(classes.tiny_class(), plan.fixed, level) for level in plan.levels},
            "growth": [self.typical(classes.tiny_class(), size, times) for size, times in plan.growth],
        }

    def compare(self, assignment: classes.Assignment, count: int) -> dict[str, Any]:
        """The same submissions through every tool that can grade them, each in its own copy of the course."""
        name = assignment.name
        _say(f"{assignment.title}: {count} submissions")
        root = self._course(assignment, count)
        tools.prepare(root, name)
        found = {"course": tools.course(self._copy(root), name, self.plan.jobs)}
        _say(f"  course grade: {found['course']['wall_seconds']:.0f} s")
        found["nbgrader"] = tools.nbgrader(self._copy(root), name)
        _say(f"  nbgrader autograde: {found['nbgrader']['wall_seconds']:.0f} s")
        if tools.has_fast_execute():
            found["nbgrader_fast"] = tools.nbgrader(self._copy(root), name, fast=True)
            _say(f"  nbgrader autograde with FastExecute: {found['nbgrader_fast']['wall_seconds']:.0f} s")
        if self.otter and name == classes.plain_class().name:
            found["otter"] = otter_local.run(self.otter, self._copy(root), name, self.plan.jobs)
            _say(f"  otter: {found['otter']['wall_seconds']:.0f} s")
        ours = found["course"]["points"]
        for figures in found.values():
            points = figures.pop("points")
            figures["same_points"] = sum(points.get(student) == ours[student] for student in ours)
        return {"assignment": name, "title": assignment.title, "submissions": count, "tools": found}

    def typical(self, assignment: classes.Assignment, students: int, times: int) -> dict[str, Any]:
        """Of several runs, the one with the median time: of a few submissions, one run says little."""
        runs = [self.probe(assignment, students, run=run) for run in range(times)]
        return sorted(runs, key=lambda run: run["working_seconds"])[times // 2]

    def probe(self, assignment: classes.Assignment, students: int, level: str = "full", run: int = 0) -> dict[str, Any]:
        """The stop-watch over `course grade`'s own function, in a process of its own; once for the same class, level and run."""
        key = (assignment.name, students, level, run)
        if key not in self._probed:
            root = self._course(assignment, students)
            command = [sys.executable, HERE / "probe.py", root, assignment.name, self.plan.jobs]
            found = json.loads(tools.measure(command, root, LEVELS[level]).output)
            _say(f"{assignment.title}: {students} submissions under the stop-watch, {found['wall_seconds']:.0f} s")
            self._probed[key] = {"assignment": assignment.name, "title": assignment.title, **found}
        return self._probed[key]

    def _course(self, assignment: classes.Assignment, students: int) -> Path:
        root = self._folder()
        root.mkdir()
        assignment.write(root)
        classes.hand_in(root, assignment, students)
        return root

    def _copy(self, root: Path) -> Path:
        return tools.copied(root, self._folder())

    def _folder(self) -> Path:
        self._count += 1
        return self.scratch / f"course{self._count}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--otter", action="store_true")
    parser.add_argument("--submissions", type=int)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    plan = (quick_plan if chosen.quick else full_plan)(chosen.submissions)
    out = chosen.out or (None if chosen.quick else HERE / "results")
    with tempfile.TemporaryDirectory(prefix="course-benchmark-") as scratch:
        otter = otter_local.install(Path(scratch) / "otter") if chosen.otter else None
        raw = Bench(Path(scratch), plan, otter).measure()
    found = ratios(raw)
    text = table(raw, found)
    print(text)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "grading.txt").write_text(text, encoding="utf-8")
        document = json.dumps({"ratios": found, "raw": raw}, indent=1, ensure_ascii=False)
        (out / "grading.json").write_text(document + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
