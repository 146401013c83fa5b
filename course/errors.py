"""Errors at the edge: what was given is wrong, and one line says what, where, and how to mend it."""

import signal


class GivenError(Exception):
    """Something that was given (a file, a name, an option) is wrong. `str(error)` is the one line a person reads."""

    def _render_traceback_(self) -> list[str]:
        """IPython's door for exceptions that show themselves: in a notebook, too, a person reads one line."""
        return [str(self)]


class Stopped(KeyboardInterrupt):
    """A signal asked the program to end. `str(stop)` is the one line; `code` the exit code that says so, as shells count."""

    def __init__(self, number: int = signal.SIGINT, kept: str = ""):
        by = "Ctrl-C" if number == signal.SIGINT else signal.Signals(number).name
        super().__init__(f"stopped by {by}" + (f": {kept}" if kept else ""))
        self.number, self.code = number, 128 + number
