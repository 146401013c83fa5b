"""A student's own check of an assignment, in whatever state the notebook is: points, diagnosis, hints still to be had.

The same way as grading, with the released notebook as the truth: only the visible checks are there, and their stated
right answers judge.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from course import paths, progress
from course.checks.verdict import completed
from course.errors import GivenError
from course.grading.collect import read_submission
from course.grading.execute import errors, execute
from course.grading.notebook import RawNotebook, Ungradable, read_notebook
from course.grading.released import Notebook, load_released
from course.grading.released_files import read_files, to_send
from course.grading.result import ExerciseScore
from course.grading.sanitise import sanitise
from course.grading.score import score
from course.grading.start import open_starter
from course.grading.warm_up import backend
from course.grading.watch import Limits

# Nobody waits in a queue here, and no reference says how long a right answer takes.
PATIENT = Limits(cpu_seconds=30, wall_seconds=120)


@dataclass(frozen=True)
class SelfCheck:
    """notebook: its path. assignment: what it was taken for. incidents: what had to be repaired or went wrong.
    points, max_points: by the checks alone, without what is graded by hand. backend: which of Keras's ran it."""

    notebook: Path
    assignment: str
    exercises: tuple[ExerciseScore, ...]
    incidents: tuple[str, ...]
    points: float
    max_points: float
    backend: str

    def to_json(self) -> dict[str, Any]:
        """The document that `course check --json` prints."""
        return {
            "notebook": str(self.notebook),
            "assignment": self.assignment,
            "backend": self.backend,
            "exercises": [
                {
                    "id": e.part,
                    "points": e.points,
                    "max_points": e.max_points,
                    "state": e.state,
                    "message": e.message,
                    "diagnosis": e.diagnosis,
                }
                for e in self.exercises
            ],
            "incidents": list(self.incidents),
        }


def check_notebook(path: Path, on_progress: Callable[[str], None] = lambda text: None) -> SelfCheck:
    """Check the notebook at `path`. Raises GivenError when it cannot be read or belongs to no assignment."""
    content = read_submission(path) if path.exists() else Ungradable(f"there is no file {path}")
    notebook = content if isinstance(content, Ungradable) else read_notebook(content)
    if isinstance(notebook, Ungradable):
        raise GivenError(f"{path} cannot be checked: {notebook.reason}")
    assignment = _released(path, notebook)
    intake = sanitise(content, assignment)
    if isinstance(intake, Ungradable):
        raise GivenError(f"{path} cannot be checked: {intake.reason}")
    on_progress("starting Keras")
    root = paths.find_root(path.resolve().parent) or paths.find_root() or path.resolve().parent
    with open_starter(root) as starter:
        on_progress("running your cells and their checks")
        start = {
            "chapter": assignment.name,
            "root": str(root),
            "files": to_send(assignment.files),
            "expectations": True,
        }
        done = execute(starter, intake.cells, {}, PATIENT, **start)
    references = {b.part: completed(b) for run in done.runs for b in run.blocks}
    scores = score(root, assignment, intake.cells, done.runs, references)
    by_checks = {c.part for c in intake.cells if c.kind == "tests"}
    progress.checked_file(root, path, assignment.name, {s.part: s.state for s in scores if s.part in by_checks})
    points, most = (sum(getattr(s, field) for s in scores if s.part in by_checks) for field in ("points", "max_points"))
    return SelfCheck(
        path,
        assignment.name,
        scores,
        (*intake.incidents, *done.incidents, *errors(intake.cells, done.runs)),
        points,
        most,
        backend(),
    )


def _released(path: Path, notebook: RawNotebook) -> Notebook:
    """The released assignment that the notebook came from: as it says itself, as its file name says, else the notebook itself."""
    course = paths.find_root(path.resolve().parent) or paths.find_root()
    if course is None:
        return load_released(path)
    said = notebook.metadata.get("course")
    said = said if isinstance(said, dict) else {}
    if said.get("kind") == "lesson":
        raise GivenError(
            f"{path} is a lesson, which has nothing to check: give the notebook of an assignment, from assignments/"
        )
    said = said.get("chapter")
    for name in paths.chapters(course):
        released = course / "assignments" / name / f"{name}.ipynb"
        if released.is_file() and (
            name == said or name in path.name or any(f'setup("{name}")' in c.source for c in notebook.cells)
        ):
            return replace(load_released(released), files=read_files(released.parent))
    raise GivenError(
        f'{path} belongs to no assignment of this course: its set-up cell should say which, as in setup("01_neuron")'
    )
