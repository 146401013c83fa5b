"""What grading a submission came to: a value that the journal keeps, the gradebook stores and the feedback page shows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

MISSING = "missing"  # the diagnosis where one of several notebooks was not handed in


@dataclass(frozen=True)
class ExerciseScore:
    """The score of one tests cell (or of one answer that is graded by hand)."""

    id: str  # the exercise: "softmax"
    part: str  # the tests tag: "softmax.stable"; the same as `id` for an exercise of one part
    points: float
    max_points: float
    state: str  # "right" | "wrong" | "unanswered" | "error" | "manual"
    diagnosis: str = ""
    message: str = ""
    assurance: str = (
        "values"  # what the points rest on: compared values, or ("lower") plain assertions in the same process
    )
    notebook: str = ""  # which one, where the assignment has several

    @property
    def label(self) -> str:
        """The exercise's name in tables: with its notebook's, where there are several."""
        return f"{self.notebook}/{self.id}" if self.notebook else self.id

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "ExerciseScore":
        return cls(**_known(cls, record))


@dataclass(frozen=True)
class RunCell:
    """A cell as it was run, in notebook order, the student's own cells included."""

    id: str  # nbgrader's grade_id, or "" for a cell that has none
    kind: str  # "solution" | "tests" | "given" | "answer" | "task" | "own" | "markdown"
    source: str
    stdout: str = ""
    error: str = ""
    cell_type: str = "code"
    points: float | None = None
    max_points: float | None = None
    notebook: str = ""  # which one, where the assignment has several
    figures: tuple[str, ...] = ()  # that the cell drew, as PNG files in base64

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "RunCell":
        given = _known(cls, record)
        return cls(**given | {"figures": tuple(given.get("figures", ()))})


@dataclass(frozen=True)
class Result:
    """One submission, graded (or with the reason why it could not be)."""

    student: str
    assignment: str
    status: str  # "graded" | "incident" | "ungradable"
    points: float
    max_points: float
    exercises: tuple[ExerciseScore, ...] = ()
    incidents: tuple[str, ...] = ()
    cell_seconds: float = 0.0
    total_seconds: float = 0.0
    cached: bool = False  # nothing had changed since the last run: the journal's result is used again
    key: str = ""  # content hash of submission, assignment and environment
    isolation: str = ""  # what stood between the submission and the machine: the sandbox.Level when it was graded
    timestamp: str | None = None  # ISO 8601, when the work was handed in
    cells: tuple[RunCell, ...] = ()
    unanswered: tuple[str, ...] = ()  # grade_ids of the cells that hold nothing but what was handed out ("notebook/id")
    # Not of the submission alone, but of the due date and of what a person gave: found anew in each run, never journaled.
    penalties: Mapping[str, float] = field(default_factory=dict)  # notebook -> points taken off because it came late
    seconds_late: float = 0.0

    @property
    def penalty(self) -> float:
        return sum(self.penalties.values())

    def of(self, notebook: str) -> "Result":
        """The part of one notebook; all of it where the assignment has no other."""
        if not any(score.notebook for score in self.exercises):
            return self
        exercises = tuple(score for score in self.exercises if score.notebook == notebook)
        ungradable = bool(exercises) and all(score.diagnosis == "ungradable" for score in exercises)
        return replace(
            self,
            status="ungradable" if ungradable else self.status,
            points=sum(score.points for score in exercises),
            max_points=sum(score.max_points for score in exercises),
            exercises=exercises,
            cells=tuple(cell for cell in self.cells if cell.notebook == notebook),
            unanswered=tuple(n.partition("/")[2] for n in self.unanswered if n.startswith(f"{notebook}/")),
            penalties={name: points for name, points in self.penalties.items() if name == notebook},
        )

    def lacks(self, notebook: str) -> bool:
        """Whether this notebook, one of several, was not handed in."""
        scores = [score for score in self.exercises if score.notebook == notebook]
        return bool(scores) and all(score.diagnosis == MISSING for score in scores)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Result":
        given = _known(cls, record)
        given["exercises"] = tuple(ExerciseScore.from_json(score) for score in given.get("exercises", ()))
        given["incidents"] = tuple(given.get("incidents", ()))
        given["unanswered"] = tuple(given.get("unanswered", ()))
        given["cells"] = tuple(RunCell.from_json(cell) for cell in given.get("cells", ()))
        return cls(**given)


def _known(cls: type, record: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that `cls` has a field for, so that a journal of a later version can still be read."""
    names = {field.name for field in fields(cls)}
    return {name: value for name, value in record.items() if name in names}
