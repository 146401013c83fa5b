"""Errors at the edge: what was given is wrong, and one line says what, where, and how to mend it."""


class GivenError(Exception):
    """Something that was given (a file, a name, an option) is wrong. `str(error)` is the one line a person reads."""

    def _render_traceback_(self) -> list[str]:
        """IPython's door for exceptions that show themselves: in a notebook, too, a person reads one line."""
        return [str(self)]
