"""Grade units on a Dask cluster: the same units, the same results, on as many machines as there are.

What travels is plain data: files of the assignment and bytes of a submission there, JSON back. Journal, gradebook and
feedback stay here. A unit whose worker is lost is graded on another one; one that is lost too often is graded here.
"""

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import dask
from distributed import Client, Future, KilledWorker, Security, as_completed
from distributed.comm import connect as dial

from course.errors import GivenError
from course.grading import reference
from course.grading.dask_worker import Grader, examine, objection
from course.grading.pool import AHEAD
from course.grading.released import Assignment
from course.grading.result import Result
from course.grading.units import Unit
from course.grading.watch import Limits

CONNECT_SECONDS = 15
WORKER_SECONDS = 60  # until the first worker is there: it may be starting
PATIENCE_SECONDS = 300  # how long to wait where no worker is left: a cluster's queue may bring new ones
POLL_SECONDS = 0.02
_QUIET = {"distributed.admin.large-graph-warning-threshold": "1GB"}  # a submission with many figures is not a mistake


@dataclass(frozen=True)
class Cluster:
    """A scheduler whose workers are ready to grade one assignment. grader: the name of the plugin that does it there."""

    client: Client
    address: str
    grader: str

    def threads(self) -> int:
        """How many submissions are graded at once."""
        try:
            return sum(self.client.nthreads().values())
        except OSError as error:
            raise _lost(self.address) from error


@contextmanager
def connect(address: str, root: Path, assignment: Assignment, limits: Limits, exam: bool = False) -> Iterator[Cluster]:
    """Connect to the scheduler at `address` ("tcp://host:8786", or the path of its scheduler file) and prepare its workers.

    exam: accept only workers of isolation level full. Raises GivenError when the scheduler cannot be reached, has no
    workers, or has one whose results could differ from those of this machine.
    """
    for name in ("distributed", "distributed.client", "distributed.core", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told in one line instead
    for notebook in assignment.notebooks:
        reference.load(root, notebook)  # run now, when it is missing, so that no worker has to
    here = examine()
    with dask.config.set(_QUIET), _client(address) as client:
        _inspect(client, address, here, exam)
        grader = Grader(
            name=f"course-grader-{uuid.uuid4()}",
            assignment=assignment.name,
            checksum=assignment.checksum,
            files=_files(root, assignment),
            limits=asdict(limits),
            supervisor=here,
            exam=exam,
        )
        client.register_plugin(grader)
        try:
            yield Cluster(client, address, grader.name)
        finally:
            if client.status == "running":
                with suppress(OSError):  # a scheduler that is gone was told of already
                    client.unregister_worker_plugin(grader.name)


def grade_there(cluster: Cluster, grade_here: Callable[[Unit], Result], units: Iterable[Unit]) -> Iterator[Result]:
    """The result of each unit, as it is ready. `grade_here` grades those over which too many workers were lost.

    `units` is read as results are taken: at most AHEAD submissions for each thread of the cluster are on their way.
    """
    waiting = iter(units)
    at_work: dict[str, Unit] = {}
    done = as_completed(loop=cluster.client.loop, with_results=True, raise_errors=False)
    crew = _Crew(cluster)
    task = _task()

    def top_up() -> None:
        for unit in islice(waiting, max(0, AHEAD * max(1, crew.threads()) - len(at_work))):
            fields = {name: value for name, value in vars(unit).items() if name != "content"}
            future = cluster.client.submit(task, cluster.grader, json.dumps(fields), dict(unit.content), pure=False)
            at_work[future.key] = unit
            done.add(future)

    top_up()
    while at_work:
        finished = done.next_batch(block=False)
        if not finished:
            crew.threads()
            time.sleep(POLL_SECONDS)
        for future, answer in finished:
            unit = at_work.pop(future.key)
            top_up()
            result = _result(cluster, future, answer)
            yield grade_here(unit) if result is None else result


def _task() -> Callable[[str, str, dict[str, bytes]], str]:
    """What runs on a worker. Dask sends a function of a function by value, so that the scheduler needs no `course` package."""

    def grade_submission(grader, unit, content):
        from distributed import get_worker

        return get_worker().plugins[grader].grade(unit, content)

    return grade_submission


def _result(cluster: Cluster, future: Future, answer: Any) -> Result | None:
    """The result that came back, or None where too many workers were lost over it."""
    if isinstance(answer, asyncio.CancelledError) or future.cancelled():
        raise _lost(cluster.address)
    if future.status == "error":
        _, error, traceback = answer
        if isinstance(error, KilledWorker):
            return None
        raise error.with_traceback(traceback)  # a mistake of ours: it stops loudly
    said = json.loads(answer)
    if "problem" in said:
        raise GivenError(said["problem"])
    return Result.from_json(said["result"])


class _Crew:
    """How many threads the cluster has now, asked for once a second; where it has had none for long, an error says so."""

    def __init__(self, cluster: Cluster):
        self._cluster, self._threads = cluster, 0
        self._asked = float("-inf")
        self._seen = time.monotonic()

    def threads(self) -> int:
        now = time.monotonic()
        if now - self._asked > 1:
            self._asked, self._threads = now, self._cluster.threads()
            if self._threads:
                self._seen = now
            elif now - self._seen > PATIENCE_SECONDS:
                raise GivenError(
                    f"the Dask scheduler at {self._cluster.address} has had no worker for {PATIENCE_SECONDS // 60} minutes: "
                    "start some and run the same command again"
                )
        return self._threads


def _lost(address: str) -> GivenError:
    return GivenError(f"the Dask scheduler at {address} is gone: start it again, with its workers")


def _client(given: str) -> Client:
    """Connected, with at least one worker there."""
    is_file = Path(given).is_file()
    try:
        address = json.loads(Path(given).read_bytes())["address"] if is_file else given
        asyncio.run(_knock(address))  # a Client that cannot connect takes long to give up, and is loud
    except (OSError, ValueError, TypeError, KeyError, RuntimeError) as error:
        reason = (str(error).splitlines() or [""])[0][:200]
        raise GivenError(
            f"no Dask scheduler answers at {given} ({reason}): start one with `dask scheduler`, and give the address that it "
            "prints, or the path of its scheduler file"
        ) from error
    client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except TimeoutError as error:
        client.close()
        where = f"--scheduler-file {given}" if is_file else given
        raise GivenError(
            f"the Dask scheduler at {given} has no workers: start some with `dask worker {where}`"
        ) from error
    return client


async def _knock(address: str) -> None:
    """Connect, with the encryption that Dask's configuration asks for, and hang up. Raises what is in the way."""
    secured = Security().get_connection_args("client")
    comm = await dial(address, timeout=CONNECT_SECONDS, **secured)
    await comm.close()


def _inspect(client: Client, address: str, here: Mapping[str, Any], exam: bool) -> None:
    """Raise GivenError when a worker cannot grade, or could come to other results than this machine."""
    for worker, found in sorted(client.run(examine, on_error="return").items()):
        if isinstance(found, BaseException):
            raise GivenError(
                f"the worker {worker} cannot grade ({found}): install the course there, as it is here, with "
                '`pip install "deep-learning-course[cpu,instructor,dask]"`, and start it again'
            )
        if said := objection(here, found, exam):
            raise GivenError(f"the worker {worker} {said}")


def _files(root: Path, assignment: Assignment) -> dict[str, bytes]:
    """What a worker needs of the course, in the layout of a checkout: path below the root -> content."""
    solutions, released = Path("solutions") / assignment.name, Path("assignments") / assignment.name
    files = {(released / path).as_posix(): content for path, content in assignment.files.items()}
    for notebook in assignment.notebooks:
        for path in (
            solutions / f"{notebook.name}.ipynb",
            released / f"{notebook.name}.ipynb",
            Path("course") / "chapters" / f"{notebook.name}.json",
            reference.file_of(root, notebook).relative_to(root),
        ):
            if (root / path).is_file():  # a chapter that was not built here has no texts about mistakes
                files[path.as_posix()] = (root / path).read_bytes()
    return files
