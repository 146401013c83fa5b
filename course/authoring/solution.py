"""Runs a chapter's solution notebook: the reference answers must pass every check that a student's answers meet."""

from dataclasses import asdict, dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from course.authoring.assignment import solution_notebook
from course.authoring.build import source_path, write_log
from course.authoring.kernel import execute
from course.authoring.pages import read_address
from course.authoring.source import read_source


@dataclass(frozen=True)
class SolutionRun:
    """passed: how many cells of tests said that the answer is right; of: how many there are."""

    chapter: str
    backend: str
    seconds: float
    passed: int
    of: int
    ok: bool
    problems: tuple[str, ...] = ()  # one line each; empty when ok
    versions: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict:
        return asdict(self) | {"seconds": round(self.seconds, 1), "problems": list(self.problems)}


def run_solution(root: Path, chapter: str, backend: str) -> SolutionRun:
    """Execute the solution with its visible and hidden tests. It stops at the first check that does not hold."""
    source = read_source(source_path(root, "solutions", chapter))
    execution = execute(solution_notebook(source, read_address(root)), source.path.parent, backend)
    tests = [cell for cell in execution.notebook.cells if _is_test(cell)]
    passed = sum(any(line.startswith("✓") for line in _said(cell)) for cell in tests)
    problems = [f"{cell.metadata.nbgrader.grade_id} writes to stderr" for cell in tests if _noisy(cell)]
    if execution.failure is not None:
        log = write_log(root, chapter, f"solution.{backend}", execution.failure.traceback)
        problems.append(f"{execution.failure}; the traceback is in {log}")
    elif passed < len(tests):
        problems.append(f"{len(tests) - passed} of {len(tests)} cells of tests do not say that the answer is right")
    told = tuple(f"solutions/{chapter}: {problem}" for problem in problems)
    return SolutionRun(
        chapter, backend, execution.seconds, passed, len(tests), not told, told, dict(execution.versions)
    )


def _said(cell: NotebookNode) -> list[str]:
    """The lines that a person reads under a cell, as plain text."""
    texts = (output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)
    return [line for text in texts for line in text.splitlines()]


def _noisy(cell: NotebookNode) -> bool:
    return any(output.get("name") == "stderr" for output in cell.outputs)


def _is_test(cell: NotebookNode) -> bool:
    nbgrader = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(nbgrader.get("grade")) and not nbgrader.get("solution")
