"""An orderly end on Ctrl-C, SIGTERM or a closed terminal: what runs is ended, what was graded is kept, one line says so."""

import signal
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from course.errors import GivenError, Stopped

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def orderly() -> Iterator[None]:
    """Within this block each of these signals raises Stopped in the main thread, once: tidying up is not interrupted again.

    A kill that cannot be caught (SIGKILL) is survived too, by what is written and in which order; see `grade`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # Python handles signals in the main thread alone
        return

    def stop(number: int, _frame) -> None:
        for other in _SIGNALS:
            signal.signal(other, signal.SIG_IGN)
        raise Stopped(number)

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # `nohup` and background jobs ask for this
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def told_what_is_kept(done: Collection, total: int) -> Iterator[None]:
    """Whatever ends the work of this block early: its one line says also what is not lost. done: grows as work is kept."""

    def kept() -> str:
        return f"{len(done)} of {total} submissions are graded and kept; the same command goes on from there"

    try:
        yield
    except GivenError as error:
        if not done:
            raise
        raise GivenError(f"{error}; {kept()}") from error
    except KeyboardInterrupt as stop:
        raise Stopped(getattr(stop, "number", signal.SIGINT), kept()) from None
