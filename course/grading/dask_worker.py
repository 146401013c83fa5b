"""The worker's side of grading on a Dask cluster. No student's code runs in a worker's process: that is for its warm process.

A worker is sent the assignment as files and each submission as bytes, and sends back JSON. It needs no checkout of the
course: the installed package, its data sets and a backend are enough.
"""

import json
import platform
import time
from collections.abc import Mapping
from importlib import metadata
from typing import Any

from distributed.diagnostics.plugin import WorkerPlugin
from tornado.ioloop import PeriodicCallback

from course.errors import GivenError
from course.grading import reference, scratch
from course.grading.released import load_assignment
from course.grading.sandbox import probe
from course.grading.units import Engine, Unit, open_engine
from course.grading.warm_up import backend
from course.grading.watch import Limits
from course.grading.workshop import Workshop

IDLE_SECONDS = 900  # longer than any submission may take


def examine() -> dict[str, Any]:
    """What results depend on beside submission and assignment, and what stands between a submission and the machine."""
    level = probe()
    return {
        "environment": reference.environment(),
        "versions": versions(),
        "isolation": level.name,
        "missing": "; ".join(level.missing),
    }


def versions() -> dict[str, str]:
    """What `reference.environment()` is made of, for people to read; "course" is the package with its own code and chapters."""
    found = {"python": platform.python_version(), "the backend": backend()}
    for name in reference.PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def objection(here: Mapping[str, Any], there: Mapping[str, Any], exam: bool) -> str:
    """Why a machine (`there`) must not grade for the supervisor (`here`), in words; "" when it may."""
    if there["environment"] != here["environment"]:
        ours, theirs = here["versions"], there["versions"]
        differ = [
            f"{name} {theirs.get(name, 'is missing')} (here {ours.get(name, 'it is missing')})"
            for name in dict.fromkeys((*ours, *theirs))
            if ours.get(name) != theirs.get(name)
        ]
        what = ", ".join(differ) or "the versions are the same, but the course's own code or chapters are not"
        return (
            f"has another environment, and might give other points: {what}; install the same there and start it again"
        )
    if there["isolation"] == "none":
        return f"has isolation level none, where a submission could reach the cluster itself: {there['missing']}"
    if exam and there["isolation"] != "full":
        return f"has isolation level {there['isolation']}, and --exam needs full: {there['missing']}"
    return ""


class Grader(WorkerPlugin):
    """Grades the submissions of one assignment on a worker, with a warm process of the worker's own.

    The warm process is started with the first submission, serves all threads of the worker, and ends with the grading or
    with the worker, however that ends. Where the supervisor is gone without a word, it ends after IDLE_SECONDS.
    """

    def __init__(
        self,
        name: str,
        assignment: str,
        checksum: str,
        files: Mapping[str, bytes],
        limits: Mapping[str, Any],
        supervisor: Mapping[str, Any],
        exam: bool,
    ):
        """checksum: of the assignment, as `files` (path below the course's root -> content) give it. supervisor: what `examine`
        says of the machine that asks."""
        self.name, self._assignment, self._checksum = name, assignment, checksum
        self._files, self._limits = dict(files), dict(limits)
        self._supervisor, self._exam = dict(supervisor), exam

    def setup(self, worker) -> None:
        """Called by Dask when the grading begins, or when a worker joins later."""
        self._who = f"the worker {worker.address}"
        self._objection = objection(self._supervisor, examine(), self._exam)
        self._scratch = scratch.make()
        for path, content in self._files.items():
            place = self._scratch.path / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        self._workshop = Workshop(self._open)
        self._used = time.monotonic()
        self._idle = PeriodicCallback(self._rest, 1000 * IDLE_SECONDS / 2)
        self._idle.start()

    def _open(self) -> Engine:
        assignment = load_assignment(self._scratch.path, self._assignment)
        if assignment.checksum != self._checksum:
            raise RuntimeError(f"{self._assignment} is another one here than where it came from")
        return open_engine(self._scratch.path, assignment, Limits(**self._limits))

    def _rest(self) -> None:
        if time.monotonic() - self._used > IDLE_SECONDS:
            self._workshop.rest()  # a submission that comes after all starts it again

    def teardown(self, worker) -> None:
        self._idle.stop()
        self._workshop.close()
        scratch.remove(self._scratch)

    def grade(self, unit: str, content: Mapping[str, bytes]) -> str:
        """Grade the unit with these fields (JSON) and this content. Returns JSON: {"result": ...}, or {"problem": one line}
        about what a person has to mend on this worker."""
        if self._objection:
            return json.dumps({"problem": f"{self._who} {self._objection}"})
        fields = json.loads(unit)
        self._used = time.monotonic()
        try:
            result = self._workshop.grade(Unit(**{**fields, "notes": tuple(fields["notes"]), "content": content}))
        except GivenError as error:
            return json.dumps({"problem": f"{self._who} cannot grade: {error}"})
        self._used = time.monotonic()
        return json.dumps({"result": result.to_json()})
