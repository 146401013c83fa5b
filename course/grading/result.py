"""What grading a submission came to: a value that the journal keeps, the gradebook stores and the feedback page shows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


class _Record:
    """To a JSON-ready dict and back. Fields that a later version added are left out when read by an earlier one."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)  # type: ignore[call-overload]

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: value for name, value in record.items() if name in known})


@dataclass(frozen=True)
class ExerciseScore(_Record):
    """The score of one tests cell (or of one answer that is graded by hand)."""

    id: str  # the exercise: "softmax"
    part: str  # the tests tag: "softmax.stable"; the same as `id` for an exercise of one part
    points: float
    max_points: float
    state: str  # "right" | "wrong" | "unanswered" | "error" | "manual"
    diagnosis: str = ""
    message: str = ""


@dataclass(frozen=True)
class RunCell(_Record):
    """A cell as it was run, in notebook order, the student's own cells included."""

    id: str  # nbgrader's grade_id, or "" for a cell that has none
    kind: str  # "solution" | "tests" | "given" | "answer" | "task" | "own" | "markdown"
    source: str
    stdout: str = ""
    error: str = ""
    cell_type: str = "code"
    points: float | None = None
    max_points: float | None = None


@dataclass(frozen=True)
class Result(_Record):
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
    timestamp: str | None = None  # ISO 8601, when the work was handed in
    cells: tuple[RunCell, ...] = ()

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        return super().from_json(
            {
                **record,
                "exercises": tuple(ExerciseScore.from_json(score) for score in record.get("exercises", ())),
                "incidents": tuple(record.get("incidents", ())),
                "cells": tuple(RunCell.from_json(cell) for cell in record.get("cells", ())),
            }
        )
