"""Measure `course grade --dask`: what a submission costs on a cluster, and what of it falls on the supervisor alone.

    .venv/bin/python benchmarks/cluster.py            about ten minutes, on a machine that does nothing else
    .venv/bin/python benchmarks/cluster.py --quick    does it run? A minute; keeps nothing

A scheduler and two workers of one thread each run on this machine, on the same cores as the supervisor. Each class is
graded at two sizes; what the larger one takes more, by the submissions that it has more, is the cost of one, without
start-up. The result goes to results/cluster.json; docs/scale.py makes the page about many students from it.
"""

import argparse
import json
import os
import subprocess
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

HERE = Path(__file__).resolve().parent
WORKERS = 2
SAMPLE_SECONDS = 0.5
_TICK = os.sysconf("SC_CLK_TCK")


def measure(assignment: classes.Assignment, students: int, scratch: Path) -> dict[str, Any]:
    """The class graded once on a fresh cluster: seconds of the clock and of all processors, memory, bytes on the disk."""
    root = scratch / f"{assignment.name}-{students}"
    root.mkdir()
    assignment.write(root)
    classes.hand_in(root, assignment, students)
    tools.prepare(root, assignment.name)
    (root / "gradebook.db").unlink()
    before = _bytes(root)
    with cluster(root / "cluster", ("",) * WORKERS) as made, _memory_of_workers(made) as memory:
        idle = _cpu_seconds(made.scheduler.pid)
        supervisor = _grade(root, assignment.name, made.address)
        # The warm processes have ended with the grading, and count as their workers'.
        workers = sum(_cpu_seconds(worker.pid) for worker in made.workers)
        scheduler = _cpu_seconds(made.scheduler.pid) - idle
    return {
        "submissions": students,
        **supervisor,
        "workers_cpu_seconds": workers,
        "scheduler_cpu_seconds": scheduler,
        "worker_mb": max(memory, default=0.0),
        "disk_bytes": _bytes(root) - before,
    }


def _grade(root: Path, name: str, address: str) -> dict[str, float]:
    command = [tools.BIN / "course", "grade", name, "--dask", address, "--json"]
    with open(root / "report.json", "w+") as out, open(root / "err.txt", "w+") as err:
        began = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], cwd=root, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            raise RuntimeError(f"course grade ended with {process.returncode}: {err.read()[-2000:]}")
        report = json.load(out)
    return {
        "wall_seconds": wall,
        "cell_seconds": report["cell_seconds"],
        "supervisor_cpu_seconds": usage.ru_utime + usage.ru_stime,
        "supervisor_mb": usage.ru_maxrss / 1000,
        "isolation": report["isolation"],
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


def _cpu_seconds(pid: int) -> float:
    """Processor time of a process and of those below it that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICK


def _bytes(root: Path) -> int:
    rooms = ("autograded", "feedback", ".course/journal")
    kept = sum(p.stat().st_size for room in rooms for p in (root / room).rglob("*") if p.is_file())
    database = root / "gradebook.db"
    return kept + (database.stat().st_size if database.is_file() else 0)


def each(small: Mapping[str, Any], large: Mapping[str, Any]) -> dict[str, float]:
    """What one submission costs: the difference of two sizes of the same class."""
    more = large["submissions"] - small["submissions"]
    names = ("wall_seconds", "cell_seconds", "supervisor_cpu_seconds", "workers_cpu_seconds", "scheduler_cpu_seconds")
    return {name: (large[name] - small[name]) / more for name in (*names, "disk_bytes")}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args(arguments).quick
    graded = [classes.tiny_class()] if quick else [classes.chapter_class(name) for name in classes.CHAPTERS]
    sizes = (2, 6) if quick else (20, 120)
    raw: dict[str, Any] = {
        "machine": machine.facts(),
        "busy_cores": machine.busy_cores(),
        "workers": WORKERS,
        "classes": [],
    }
    with tempfile.TemporaryDirectory(prefix="course-benchmark-") as scratch:
        for assignment in graded:
            small, large = (measure(assignment, size, Path(scratch)) for size in sizes)
            raw["classes"].append(
                {
                    "assignment": assignment.name,
                    "title": assignment.title,
                    "runs": [small, large],
                    "each": each(small, large),
                }
            )
            print(
                f"{assignment.title}: {large['submissions']} submissions, {large['wall_seconds']:.0f} s",
                file=sys.stderr,
            )
    text = json.dumps(raw, indent=1, ensure_ascii=False) + "\n"
    if quick:
        print(text, end="")
    else:
        (HERE / "results").mkdir(exist_ok=True)
        (HERE / "results" / "cluster.json").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
