"""Grade units with an engine that lasts over all of them: it is started when it is first needed, and anew when it is lost."""

import contextlib
import threading
import time
from collections.abc import Callable

from course.errors import GivenError
from course.grading.result import Result
from course.grading.units import Engine, EngineLost, Unit, grade_unit, ungradable

LONGEST_START = 15  # seconds; a warm process that makes the reference for the first time may take longer
TRIES = 3  # with a shared engine; a unit that has lost so many gets one to itself


class Workshop:
    """Grades units with the engine that `open` makes. Safe to use from several threads; close it, or use it as a context.

    The warm process can be killed from outside (by a machine that is out of memory), or by a submission where nothing
    holds it back. The units at work then are graded again with a new one. Which of them did it, if one did, is found by
    giving each an engine of its own: only one that ends even that is ungradable.
    """

    def __init__(self, open: Callable[[], Engine]):
        self._open = open
        self._engine: Engine | None = None
        self._over = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to start the engine, and do not wait for it: it takes seconds, in which other things can be prepared."""
        threading.Thread(target=self._start, name="start of the warm process", daemon=True).start()

    def _start(self) -> None:
        with contextlib.suppress(GivenError, EngineLost):  # the first unit tries again, and there it is told
            self._living()

    def grade(self, unit: Unit) -> Result:
        """The result of `unit`. Raises GivenError when no engine can be started."""
        for _ in range(TRIES):
            engine = self._living()
            try:
                return grade_unit(engine, unit)
            except EngineLost:
                self._discard(engine)
        began = time.monotonic()
        with self._lock:
            self._hold_on()
        own = self._open()
        try:
            return grade_unit(own, unit)
        except EngineLost:
            return ungradable(own, unit, "it ended the process that grades, time after time", time.monotonic() - began)
        finally:
            own.close()

    def _living(self) -> Engine:
        """The engine, started if there is none."""
        with self._lock:
            self._hold_on()
            if self._engine is None:
                self._engine = self._open()
            return self._engine

    def _hold_on(self) -> None:
        """Raise EngineLost when the work is over: a thread that is still at it must not start a warm process anew."""
        if self._over:
            raise EngineLost("the work was stopped")

    def _discard(self, lost: Engine) -> None:
        """Close the engine, unless another unit that lost it has done so."""
        with self._lock:
            if self._engine is lost:
                self._engine = None
                lost.close()

    def rest(self) -> None:
        """End the engine. The next unit starts it again."""
        with self._lock:
            if self._engine is not None:
                self._engine.close()
                self._engine = None

    def close(self) -> None:
        """End the engine for good, and with it whatever is at work.

        One that is still starting is waited for, but not for ever: it ends by itself when this process does.
        """
        self._over = True
        if self._lock.acquire(timeout=LONGEST_START):
            self._lock.release()
            self.rest()

    def __enter__(self) -> "Workshop":
        return self

    def __exit__(self, *_) -> None:
        self.close()
