"""Grade units on this machine: some at once, results as they come."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice

from course.grading.result import Result
from course.grading.units import Unit

AHEAD = 2  # units read, at work or done and not yet taken, for each job: no core waits while a result is written


def grade_here(grade: Callable[[Unit], Result], units: Iterable[Unit], jobs: int) -> Iterator[Result]:
    """The result of each unit, as it is ready, with `jobs` at work at once.

    `units` is read as results are taken, so that at most AHEAD x jobs submissions are in memory at any time.
    """
    waiting = iter(units)
    threads = ThreadPoolExecutor(jobs)
    started: set[Future[Result]] = set()

    def top_up() -> None:
        for unit in islice(waiting, AHEAD * jobs - len(started)):
            started.add(threads.submit(grade, unit))

    try:
        top_up()
        while started:
            finished, _ = wait(started, return_when=FIRST_COMPLETED)
            for future in finished:
                started.discard(future)
                result = future.result()
                top_up()
                yield result
    finally:
        # Where it ends early, what is at work is not waited for: it ends with its warm process.
        threads.shutdown(wait=False, cancel_futures=True)
