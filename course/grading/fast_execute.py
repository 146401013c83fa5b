"""FastExecute takes the place of `Execute` in `nbgrader autograde`, and so behind formgrader's own autograde button.

nbgrader starts a kernel for each notebook; this step runs it as `course grade` does, in a fork of a warm process behind the
walls that this machine has, and leaves outputs from which nbgrader's `SaveAutoGrades` reads just the points of `course
grade`. What nbgrader does before (the files, ids, locked cells) and after (scores, penalties) stays its own; the notebook
that it hands over is rebuilt from the assignment once more, so that a deleted tests cell is back in its place.

It is switched on by one line of nbgrader_config.py; `--FastExecute.fast=False` is nbgrader's kernel again.
"""

import atexit
import sys
import threading
from functools import cache, partial
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets import Bool

from course.errors import GivenError
from course.grading.autograded import RESULT, notebook_as_run
from course.grading.released import Assignment, load_assignment
from course.grading.result import Result
from course.grading.units import Unit, open_engine
from course.grading.watch import Limits
from course.grading.workshop import Workshop


class FastExecute(Execute):
    """The settings of `Execute` are accepted; those of a kernel, its time limits among them, have no meaning here."""

    fast = Bool(True, help="Run in a warm process of the course; otherwise in a kernel, as nbgrader does.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict, km=None) -> tuple[NotebookNode, dict]:
        """Run the notebook. Raises GivenError where the course or the submission cannot be used: nbgrader tells it and
        goes on with the next student."""
        if not self.fast or not sys.platform.startswith("linux"):
            return super().preprocess(nb, resources, km)
        told = resources["nbgrader"]
        root = Path(CourseDirectory(parent=self).root)
        assignment = load_assignment(root, told["assignment"])
        notebook = next((n for n in assignment.notebooks if n.name == told["notebook"]), None)
        if notebook is None:
            raise GivenError(
                f"{told['notebook']}.ipynb is not among the notebooks of {root / 'solutions' / assignment.name}"
            )
        content = {notebook.name: nbformat.writes(nb).encode()}
        unit = Unit(told["student"], content, {}, (), None, "")
        result = _bench().grade(root, assignment, unit).of(notebook.name)
        for incident in result.incidents:
            self.log.warning("%s: %s", told["student"], incident)
        if result.status == "ungradable":
            raise GivenError(f"{notebook.name}.ipynb of {told['student']} cannot be graded")
        self.log.info("Ran %s at isolation level %s", notebook.name, result.isolation)
        made = nbformat.from_dict(notebook_as_run(notebook, result))
        nb.cells = made.cells
        nb.metadata["language_info"] = made.metadata.language_info
        nb.metadata[RESULT] = made.metadata[RESULT]
        return nb, resources


# nbgrader's own steps, with this one in the place of Execute: for `c.Autograde.autograde_preprocessors`.
PREPROCESSORS = [FastExecute if step is Execute else step for step in Autograde.autograde_preprocessors.default_args[0]]


class _Bench:
    """One warm process, which is kept from one student to the next and from one press of the button to the next.

    nbgrader makes its steps anew for each student, so that nothing of it could hold the process; it ends with the program.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._of: tuple[Path, str, str] | None = None
        self._workshop: Workshop | None = None
        atexit.register(self.close)

    def grade(self, root: Path, assignment: Assignment, unit: Unit) -> Result:
        with self._lock:
            of = (root, assignment.name, assignment.checksum)
            if self._workshop is None or self._of != of:
                self._close()
                self._workshop, self._of = Workshop(partial(open_engine, root, assignment, Limits())), of
            return self._workshop.grade(unit)

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._workshop is not None:
            self._workshop.close()
            self._workshop = None


@cache
def _bench() -> _Bench:
    return _Bench()
