"""What grading a submission came to: a value that the journal keeps, the gradebook stores and the feedback page shows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


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

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "RunCell":
        return cls(**_known(cls, record))


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
    isolation: str = ""  # what stood between the submission and the machine: isolation.LEVEL when it was graded
    timestamp: str | None = None  # ISO 8601, when the work was handed in
    cells: tuple[RunCell, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Result":
        given = _known(cls, record)
        given["exercises"] = tuple(ExerciseScore.from_json(score) for score in given.get("exercises", ()))
        given["incidents"] = tuple(given.get("incidents", ()))
        given["cells"] = tuple(RunCell.from_json(cell) for cell in given.get("cells", ()))
        return cls(**given)


def _known(cls: type, record: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that `cls` has a field for, so that a journal of a later version can still be read."""
    names = {field.name for field in fields(cls)}
    return {name: value for name, value in record.items() if name in names}
