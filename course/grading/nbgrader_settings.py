"""The course's nbgrader_config.py, as nbgrader itself reads it, for the settings that grading shares with nbgrader."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from course.errors import GivenError

if TYPE_CHECKING:
    from traitlets.config import Config

_FILE = "nbgrader_config.py"


def read_settings(*folders: Path) -> "Config":
    """The settings of the first of `folders` that has a nbgrader_config.py; none of them, and all is as by default."""
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    for folder in folders:
        if (folder / _FILE).is_file():
            with importable(folder):
                try:
                    return PyFileConfigLoader(_FILE, path=str(folder)).load_config()
                except Exception as error:  # noqa: BLE001  the file is a program, and whatever it raises is its author's to mend
                    raise GivenError(
                        f"{folder / _FILE} does not run ({type(error).__name__}: {error}): mend it"
                    ) from error
    return Config()


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Modules beside nbgrader_config.py can be imported, as when nbgrader runs in that folder."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
