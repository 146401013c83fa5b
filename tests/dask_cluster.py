"""A Dask scheduler and workers on loopback, as separate processes, ended by the one who started them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 180  # on a machine that has much else to do
# The scheduler only passes things on: it must do without the course.
_SCHEDULER = "import sys; sys.modules['course'] = None; from distributed.cli.dask_scheduler import main; main()"
_WORKER = "from distributed.cli.dask_worker import main; main()"


@dataclass(frozen=True)
class Cluster:
    """address: the path of the scheduler's file. workers: in the order in which they were asked for. add: starts one more."""

    address: str
    scheduler: subprocess.Popen
    workers: list[subprocess.Popen]
    add: Callable[[str], None]


@contextmanager
def cluster(folder: Path, preludes: Sequence[str] = ("", ""), allowed_failures: int = 3) -> Iterator[Cluster]:
    """A scheduler and, for each prelude (Python that a worker runs before it is one), a worker of one thread, all ready.

    allowed_failures: how many workers a task may lose before Dask gives it up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scheduler.json"
    here = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures)}
    started: list[subprocess.Popen] = []

    def start(name: str, code: str, *arguments: str) -> subprocess.Popen:
        with open(folder / f"{name}.log", "wb") as log:
            command = [sys.executable, "-c", code, "--no-dashboard", "--host", "127.0.0.1", "--scheduler-file", file]
            process = subprocess.Popen([*command, *arguments], cwd=folder, env=here, stdout=log, stderr=log)
        started.append(process)
        return process

    try:
        scheduler = start("scheduler", _SCHEDULER, "--port", "0")
        deadline = time.monotonic() + START_SECONDS
        while not file.exists():
            assert scheduler.poll() is None and time.monotonic() < deadline, (folder / "scheduler.log").read_text()
            time.sleep(0.1)
        workers: list[subprocess.Popen] = []

        def add(prelude: str) -> None:
            code, name = f"{prelude}\n{_WORKER}", f"worker-{len(workers)}"
            workers.append(start(name, code, "--no-nanny", "--nthreads", "1", "--local-directory", str(folder)))

        for prelude in preludes:
            add(prelude)
        for number, worker in enumerate(workers):
            log = folder / f"worker-{number}.log"
            while "Registered to:" not in log.read_text():
                assert worker.poll() is None and time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
        yield Cluster(str(file), scheduler, workers, add)
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()
