"""What one submission may use, and the watch that holds it to that while a cell runs."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course.grading.gauge import Gauge

MAX_OUTPUT = 64_000  # characters of printed text kept for one cell
LONGEST_QUEUE = 10  # times the limit on the clock that a crowded machine may keep a submission waiting for a core
CLOCK = 4  # seconds of the clock that a busy machine may make of one of processor time
WATCH_SECONDS = 0.02  # between two looks
LONGEST_LOOK = (
    1.0  # where more seconds pass between two, the grader itself was stopped (Ctrl-Z), which costs nobody a point
)


class Ended(Exception):
    """A child ended in the middle of a cell. reason: "timeout", "memory", "died", or "killed" (by itself or from
    outside, which cannot be told apart); text says it in words. detail: what more is known, and is for a submission to choose."""

    def __init__(self, reason: str, text: str, detail: str = ""):
        super().__init__(f"{text} ({detail})" if detail else text)
        self.reason, self.text = reason, text


@dataclass(frozen=True)
class Limits:
    """What one submission may use. cpu_seconds, wall_seconds: of one tests cell. own_seconds: how much more a cell of the
    student's may compute, who may have trained something there. memory_mb: resident, beyond the warm process's. threads: at once.
    slack: processor time on top, of which nobody is told: it follows what the reference took, which differs from day to day."""

    cpu_seconds: float = 5.0
    wall_seconds: float = 20.0
    own_seconds: float = 10.0
    memory_mb: int = 2000
    file_mb: int = 100
    threads: int = 200
    submission_seconds: float = 300.0
    slack: float = 0.0

    @property
    def longest_seconds(self) -> float:
        """On the clock, for one cell."""
        return self.wall_seconds + CLOCK * self.slack


class Watch:
    """Holds one run of a cell to its limits; looks at its process again when WATCH_SECONDS have passed."""

    def __init__(self, child: "Gauge", limits: Limits):
        self._child, self._limits = child, limits
        self._began = self._looked = time.monotonic()
        self._stopped = 0.0
        self._cpu_before = child.cpu_seconds()
        self._queued_before = child.queued_seconds()

    def look(self) -> None:
        """Raise Ended when the cell has used more than its limits."""
        now = time.monotonic()
        if now - self._looked < WATCH_SECONDS:
            return
        self._stopped += max(0.0, now - self._looked - LONGEST_LOOK)
        self._looked = now
        limits, child = self._limits, self._child
        if child.cpu_seconds() - self._cpu_before > limits.cpu_seconds + limits.slack:
            raise Ended(
                "timeout",
                f"it computed for more than {limits.cpu_seconds:.0f} seconds and was stopped: does a loop never end?",
            )
        waited = child.queued_seconds() - self._queued_before  # for a core, which is no fault of the submission
        waited = min(waited, LONGEST_QUEUE * limits.longest_seconds) + self._stopped
        if now - self._began - waited > limits.longest_seconds:
            raise Ended(
                "timeout",
                f"it was not done after {limits.wall_seconds:.0f} seconds and was stopped: does it wait for something?",
            )
        self.weigh()
        if child.threads() > limits.threads:
            raise Ended("memory", f"it ran more than {limits.threads} threads at once and was stopped")

    def weigh(self) -> None:
        """Raise Ended when the process holds more memory than it may. At the end of a cell too: else what a quick one took and
        kept would be laid to the next one's charge."""
        if self._child.resident_mb() > self._limits.memory_mb:
            raise Ended("memory", f"it used more than {self._limits.memory_mb} MB of memory and was stopped")
