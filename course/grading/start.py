"""Where the processes come from in which submissions run: forked from a warm one, or started afresh for each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from course.grading.sandbox import Level
from course.grading.systems import why_not_forked
from course.grading.talk import Child


class Starter(Protocol):
    """Gives a process to each submission. Safe to use from several threads; a context manager that closes it.

    level: what stands between a submission and the machine.
    """

    level: Level

    def new_child(self, **start) -> Child:
        """A process that is ready for cells. start: what child.serve is told first, without its work folder."""

    def close(self) -> None:
        """End all that was started, and remove what it wrote."""

    def __enter__(self) -> "Starter": ...

    def __exit__(self, *_) -> None: ...


def open_starter(root: Path | None = None, changed: Mapping[str, str] | None = None) -> Starter:
    """The starter that this system allows. Close it. Raises GivenError when it cannot be had.

    root: the checkout whose data sets submissions may read (default: the one that we stand in). changed: variables that
    take the place of warm_up.ENVIRONMENT's.
    """
    if why_not_forked():
        from course.grading.spawn import Spawner

        return Spawner(changed)
    from course.grading.warm import Zygote  # which needs Linux

    return Zygote(root, changed)
