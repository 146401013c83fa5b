"""The course's nbgrader_config.py, as nbgrader itself reads it, for the settings that grading shares with nbgrader."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from course.errors import GivenError

if TYPE_CHECKING:
    from traitlets.config import Config

_FILE = "nbgrader_config.py"


@dataclass(frozen=True)
class Settings:
    """config: as nbgrader gives it to its own parts. folder: where the file is, and modules that it names."""

    config: "Config"
    folder: Path

    @property
    def course_id(self) -> str:
        """The course to which a new assignment belongs in the gradebook."""
        return str(self.config.CourseDirectory.get("course_id", "") or "default_course")

    @property
    def excluded(self) -> frozenset[str]:
        """Students whom `CourseDirectory.student_id_exclude` leaves out."""
        said = self.config.CourseDirectory.get("student_id_exclude", "")
        return frozenset(str(said).split(",")) - {""}


def read_settings(*folders: Path) -> Settings:
    """The settings of the first of `folders` that has a nbgrader_config.py; none of them, and all is as by default."""
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    for folder in folders:
        if (folder / _FILE).is_file():
            with importable(folder):
                try:
                    return Settings(PyFileConfigLoader(_FILE, path=str(folder)).load_config(), folder)
                except Exception as error:  # noqa: BLE001  the file is a program, and whatever it raises is its author's to mend
                    what = f"{type(error).__name__}: {error}"
                    raise GivenError(f"{folder / _FILE} does not run ({what}): mend it") from error
    return Settings(Config(), Path.cwd())


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Modules beside nbgrader_config.py can be imported, as when nbgrader runs in that folder."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
