"""Measure `course grade --dask`: what a submission costs on a cluster, and what of it falls on the supervisor alone.

    .venv/bin/python benchmarks/cluster.py            some ten minutes, on a machine that does nothing else
    .venv/bin/python benchmarks/cluster.py --quick    does it run? A minute; keeps nothing

A scheduler and two workers of one thread each run on this machine, on the same cores as the supervisor. What is counted is
what happens between an early result, when all warm processes are up, and the last one; and the gradebook at the end. The
result goes to results/cluster.json; docs/scale.py makes the page about many students from it.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import classes
import machine
import tools
from dask_cluster import Cluster, cluster  # of the tests: classes puts that folder on the path

from course.grading.grade import grade

HERE = Path(__file__).resolve().parent
WORKERS = 2
SUBMISSIONS = 120
SAMPLE_SECONDS = 0.5
_TICK = os.sysconf("SC_CLK_TCK")


def measure(assignment: classes.Assignment, students: int, scratch: Path) -> dict[str, Any]:
    """The class graded once on a fresh cluster: what each counted submission took, and what the whole run took."""
    root = scratch / assignment.name
    root.mkdir()
    assignment.write(root)
    classes.hand_in(root, assignment, students)
    tools.prepare(root, assignment.name)
    (root / "gradebook.db").unlink()
    before = _bytes(root)
    with cluster(root / "cluster", ("",) * WORKERS) as made, _memory_of_workers(made) as memory:
        pids = [made.scheduler.pid, *(worker.pid for worker in made.workers)]
        done = tools.measure([sys.executable, __file__, "--grade", root, assignment.name, made.address, *pids], root)
    found = json.loads(done.output)
    return {
        "assignment": assignment.name,
        "title": assignment.title,
        "submissions": students,
        "whole_wall_seconds": done.wall_seconds,
        "worker_mb": max(memory, default=0.0),
        **found,
        "each": each(found["marks"], students, _bytes(root) - before),
    }


def grade_and_mark(root: Path, name: str, address: str, pids: Sequence[int]) -> dict[str, Any]:
    """Grade the class as the supervisor, in this process, and note the time and everybody's processor time at three marks:
    an early result, the last result, the end. pids: of the scheduler and the workers."""
    marks: list[dict[str, float]] = []

    def mark(done: int) -> None:
        scheduler, *workers = (_cpu_seconds(_family(pid)) for pid in pids)
        here = {"submissions": done, "wall": time.monotonic(), "supervisor": time.process_time()}
        marks.append(here | {"scheduler": scheduler, "workers": sum(workers)})

    def progress(result: Any, done: int, total: int) -> None:
        if done == early(total) or done == total:
            mark(done)

    report = grade(
        root, name, root / "submitted", 1, f"sqlite:///{root / 'gradebook.db'}", on_progress=progress, dask=address
    )
    mark(len(report.results))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"marks": marks, "supervisor_mb": peak, "isolation": report.isolation}


def early(total: int) -> int:
    """From which result on is counted: by then each worker has given one."""
    return max(WORKERS, total // 10)


def each(marks: Sequence[Mapping[str, float]], students: int, disk: int) -> dict[str, float]:
    """Seconds and bytes for one submission. The gradebook is written by the supervisor, at the end, for all."""
    first, last, end = marks
    counted = last["submissions"] - first["submissions"]
    taken = {
        f"{what}_seconds": (last[what] - first[what]) / counted
        for what in ("wall", "supervisor", "scheduler", "workers")
    }
    gradebook = {what: (end[what] - last[what]) / students for what in ("wall", "supervisor")}
    return {
        **taken,
        "wall_seconds": taken["wall_seconds"] + gradebook["wall"],
        "supervisor_seconds": taken["supervisor_seconds"] + gradebook["supervisor"],
        "disk_bytes": disk / students,
    }


@contextmanager
def _memory_of_workers(made: Cluster) -> Iterator[list[float]]:
    """Megabytes of a worker with its warm process and the submissions that it grades, from time to time, while the block
    runs. Memory that processes share counts once."""
    samples: list[float] = []
    done = threading.Event()

    def sample() -> None:
        while not done.wait(SAMPLE_SECONDS):
            samples.extend(_megabytes(_family(worker.pid)) for worker in made.workers)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()


def _family(pid: int) -> list[int]:
    """A process and all below it, whichever of its threads started them."""
    children = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # that thread has just ended
            children += listed.read_text().split()
    return [pid, *(found for child in children for found in _family(int(child)))]


def _megabytes(pids: Sequence[int]) -> float:
    total = 0
    for pid in pids:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:  # it has just ended
            continue
        total += next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return total * 1024 / 1e6


def _cpu_seconds(pids: Sequence[int]) -> float:
    """Processor time of these processes, and of those below them that have ended."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):  # it has just ended, and counts with the one above it
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return ticks / _TICK


def _bytes(root: Path) -> int:
    rooms = ("autograded", "feedback", ".course/journal")
    kept = sum(p.stat().st_size for room in rooms for p in (root / room).rglob("*") if p.is_file())
    database = root / "gradebook.db"
    return kept + (database.stat().st_size if database.is_file() else 0)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--grade", nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.grade:
        root, name, address, *pids = chosen.grade
        print(json.dumps(grade_and_mark(Path(root), name, address, [int(pid) for pid in pids])))
        return 0
    graded = [classes.tiny_class()] if chosen.quick else [classes.chapter_class(name) for name in classes.CHAPTERS]
    raw: dict[str, Any] = {
        "machine": machine.facts(),
        "busy_cores": machine.busy_cores(),
        "workers": WORKERS,
        "classes": [],
    }
    for assignment in graded:
        with tempfile.TemporaryDirectory(prefix="course-benchmark-") as scratch:
            measured = measure(assignment, 6 if chosen.quick else SUBMISSIONS, Path(scratch))
        raw["classes"].append(measured)
        print(f"{measured['title']}: {measured['whole_wall_seconds']:.0f} s", file=sys.stderr)
    text = json.dumps(raw, indent=1, ensure_ascii=False) + "\n"
    if chosen.quick:
        print(text, end="")
    else:
        (HERE / "results").mkdir(exist_ok=True)
        (HERE / "results" / "cluster.json").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
