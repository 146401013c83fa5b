"""Grade one class in this process with the grader's functions under a stop-watch; prints one JSON document.

    python benchmarks/probe.py ROOT ASSIGNMENT JOBS

The product knows nothing of it: each function is replaced, in every module that uses it, by one that takes the time.
A function's time is its own, without that of the watched functions that it calls.
"""

import json
import os
import sys
import threading
import time
import weakref
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

# phase -> the functions whose time it is: module of course.grading, and name in it
PHASES = {
    "start the warm process": ("warm:Zygote.__init__",),
    "load the reference": ("reference:load",),
    "collect and read": ("released:load_assignment", "collect:collect", "units:read_unit"),
    "sanitise": ("sanitise:sanitise",),
    "fork": ("warm:Zygote.new_child",),
    "send cells": ("execute:execute", "talk:Child.run"),
    "end of the child": ("talk:Child.end",),
    "score": ("score:score", "score:run_cells"),
    "rest of a unit": ("units:grade_unit",),
    "journal, fsync": ("journal:Journal.append",),
    "publish files": ("autograded:write_autograded", "feedback:write_feedback"),
    "read the gradebook": ("gradebook:read_hand_grades",),
    "write the gradebook": ("gradebook:write_gradebook",),
    "end the warm process": ("warm:Zygote.close",),
}
CELLS, ISOLATION, CHANNEL = "cells", "isolation", "channel"


class StopWatch:
    """Seconds by phase, on the clock and of this process's processor time, apart for units and for all around them."""

    def __init__(self):
        self.seconds: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
        self.cells = {"runs": 0, "wall_seconds": 0.0, "cpu_seconds": 0.0}
        self.units: list[tuple[float, float]] = []
        self.missing: list[str] = []
        self.at_first_unit: dict[str, float] = {}
        self.at_close: dict[str, float] = {}
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._greeted = weakref.WeakSet()  # children that have answered once

    def install(self) -> None:
        for phase, places in PHASES.items():
            for place in places:
                self._replace(place, phase)

    def document(self) -> dict[str, Any]:
        phases: dict[str, dict[str, Any]] = {}
        for (phase, side), (calls, wall, cpu) in self.seconds.items():
            phases.setdefault(phase, {})[side] = {"calls": calls, "wall_seconds": wall, "cpu_seconds": cpu}
        return {"phases": phases, "cells": self.cells, "missing": self.missing}

    def _replace(self, place: str, phase: str) -> None:
        module_name, _, name = place.partition(":")
        holder: Any = import_module(f"course.grading.{module_name}")
        *path, name = name.split(".")
        for part in path:
            holder = getattr(holder, part)
        original = getattr(holder, name, None)
        if original is None:
            self.missing.append(place)
            return
        watched = self._watched(original, phase, place)
        setattr(holder, name, watched)
        if not path:
            for module in [m for n, m in sys.modules.items() if n.startswith("course.")]:
                for alias in [a for a, value in vars(module).items() if value is original]:
                    setattr(module, alias, watched)

    def _watched(self, original: Callable, phase: str, place: str) -> Callable:
        def watched(*arguments, **options):
            if place == "units:grade_unit":
                with self._lock:
                    self.at_first_unit = self.at_first_unit or _used()
            if place == "warm:Zygote.close":
                self.at_close = _used()
            stack = self._stack()
            stack.append([place, 0.0, 0.0])
            wall, cpu = time.monotonic(), time.thread_time()
            answer = None
            try:
                answer = original(*arguments, **options)
                return answer
            finally:
                ended = time.monotonic()
                spent, computed = ended - wall, time.thread_time() - cpu
                _, inner, inner_cpu = stack.pop()
                if stack:
                    stack[-1][1] += spent
                    stack[-1][2] += computed
                spent, computed = spent - inner, computed - inner_cpu
                with self._lock:
                    if place == "talk:Child.run":
                        spent = self._split(arguments[0], answer, spent)
                        self._add(CHANNEL, stack, spent, computed)
                    else:
                        self._add(phase, stack, spent, computed)
                    if place == "units:grade_unit":
                        self.units.append((wall, ended))

        return watched

    def _stack(self) -> list[list]:
        if not hasattr(self._mine, "stack"):
            self._mine.stack = []
        return self._mine.stack

    def _add(self, phase: str, stack: list[list], wall: float, cpu: float) -> None:
        in_unit = phase == "rest of a unit" or any(place == "units:grade_unit" for place, *_ in stack)
        entry = self.seconds[phase, "unit" if in_unit else "around"]
        entry[0] += 1
        entry[1] += wall
        entry[2] += cpu

    def _split(self, child: object, answer: Any, spent: float) -> float:
        """What of a cell's round trip was the cell; a child's first answer waits for its isolation. Returns the channel's."""
        in_unit = any(place == "units:grade_unit" for place, *_ in self._stack())
        seconds = float(answer["seconds"]) if answer else spent
        if in_unit:
            self.cells["runs"] += 1
            self.cells["wall_seconds"] += seconds
            self.cells["cpu_seconds"] += float(answer["cpu_seconds"]) if answer else 0.0
        if child in self._greeted:
            return spent - seconds
        self._greeted.add(child)
        self._add(ISOLATION, self._stack(), spent - seconds, 0.0)
        return 0.0


def _used() -> dict[str, float]:
    """The time on the clock, and the processor seconds of this process and of all below it until now."""
    return {"clock": time.monotonic(), "supervisor": time.process_time(), "others": _others_used()}


def _others_used() -> float:
    """Processor seconds of all processes below this one, with those that they have waited for."""
    parents, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        number = int(path.parent.name)
        parents[number] = int(fields[1])
        used[number] = sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    below = {os.getpid()}
    while more := {number for number, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(used[number] for number in below - {os.getpid()})


def _peak_mb() -> float:
    """Peak of resident memory of this process since it was started."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def probe(root: Path, name: str, jobs: int) -> dict[str, Any]:
    """Grade the class and say where the time went. Start-up is all before the first unit; closing all after the last.

    Processor time is counted from the first unit until the warm process is told to end: all results are then on the disk.
    """
    from course.grading import grade as grading

    for module in ("pool", "units", "selfcheck"):  # so that each module that uses a watched function is there
        import_module(f"course.grading.{module}")
    watch = StopWatch()
    watch.install()
    began = time.monotonic()
    report = grading.grade(root, name, root / "submitted", jobs, f"sqlite:///{root / 'gradebook.db'}")
    ended = time.monotonic()
    first, last = watch.at_first_unit, max(end for _, end in watch.units)
    return watch.document() | {
        "submissions": len(report.results),
        "jobs": jobs,
        "isolation": report.isolation,
        "wall_seconds": ended - began,
        "start_up_seconds": first["clock"] - began,
        "working_seconds": last - first["clock"],
        "closing_seconds": ended - last,
        "units_seconds": sum(end - begin for begin, end in watch.units),
        "start_up_cpu_seconds": first["supervisor"] + first["others"],
        "supervisor_cpu_seconds": watch.at_close["supervisor"] - first["supervisor"],
        "others_cpu_seconds": watch.at_close["others"] - first["others"],
        "peak_mb": _peak_mb(),
    }


if __name__ == "__main__":
    print(json.dumps(probe(Path(sys.argv[1]).resolve(), sys.argv[2], int(sys.argv[3]))))
