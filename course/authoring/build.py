"""Sources in, notebooks out: what `course build` does, and what `course build --check` finds stale."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nbformat import NotebookNode

from course.authoring.assignment import (
    chapter_notes,
    check_release,
    check_sections,
    notes_text,
    read_nbgrader_config,
    release,
    solution_notebook,
)
from course.authoring.lesson import is_current, lesson_notebook, with_outputs
from course.authoring.notebook import holds, read_notebook, to_text, write_atomic, write_if_changed
from course.authoring.pages import Address, read_address
from course.authoring.places import known_chapters, notebook_path, source_path
from course.authoring.readme import with_chapters
from course.authoring.source import Source, read_source
from course.authoring.table import chapter_table
from course.errors import GivenError

if TYPE_CHECKING:
    from course.authoring.kernel import Failure

BACKEND = "tensorflow"  # whose outputs stand in the built lessons
LESSON_LIMIT_BYTES = 1_000_000

Progress = Callable[[str, str], None]  # (chapter, what happens)


@dataclass(frozen=True)
class BuildReport:
    """What a build did, or, with `check`, what it would have to do. Paths are relative to the root."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()  # with check: "lessons/01_x/01_x.ipynb is missing"
    problems: tuple[str, ...] = ()  # one line each: the chapter was not built

    @property
    def ok(self) -> bool:
        return not self.stale and not self.problems

    def __add__(self, other: "BuildReport") -> "BuildReport":
        return BuildReport(
            self.written + other.written,
            self.unchanged + other.unchanged,
            self.stale + other.stale,
            self.problems + other.problems,
        )


def build(
    root: Path,
    chapters: Sequence[str] | None = None,
    check: bool = False,
    on_progress: Progress | None = None,
    lessons: bool = True,
    assignments: bool = True,
) -> BuildReport:
    """Build these chapters (default: all); a chapter with an error does not stop the others.

    check: write nothing, execute nothing, and name what is stale or missing.
    """
    address = read_address(root)
    tell = on_progress or (lambda chapter, message: None)
    report = BuildReport()
    known = known_chapters(root)
    for chapter in known if chapters is None else chapters:
        if chapter not in known:
            report += BuildReport(problems=(f"there is no chapter {chapter!r}: choose one of {', '.join(known)}",))
        try:
            if assignments and source_path(root, "solutions", chapter).is_file():
                report += _build_assignment(root, chapter, address, check, tell)
        except GivenError as error:
            report += BuildReport(problems=(str(error),))
        try:
            if lessons and source_path(root, "lessons", chapter).is_file():
                report += _build_lesson(root, chapter, address, check, tell)
        except GivenError as error:
            report += BuildReport(problems=(str(error),))
    try:
        report += _build_readme(root, address, check, tell)
    except GivenError as error:
        if str(error) not in report.problems:
            report += BuildReport(problems=(str(error),))
    return report


def _build_readme(root: Path, address: Address, check: bool, tell: Progress) -> BuildReport:
    path = root / "README.md"
    if not path.is_file():
        return BuildReport()
    text = with_chapters(path.read_text(encoding="utf-8"), chapter_table(root), address)
    if check:
        return _stale(root, {path: text})
    changed = write_if_changed(path, text)
    tell("README.md", "table of chapters written" if changed else "table of chapters unchanged")
    return BuildReport(written=("README.md",)) if changed else BuildReport(unchanged=("README.md",))


def _build_assignment(root: Path, chapter: str, address: Address, check: bool, tell: Progress) -> BuildReport:
    source = read_source(source_path(root, "solutions", chapter))
    solution = solution_notebook(source, address)
    if (lesson := source_path(root, "lessons", chapter)).is_file():
        check_sections(source, read_source(lesson))
    released = release(solution, read_nbgrader_config(root))
    check_release(source, released)
    files = {
        notebook_path(root, "solutions", chapter): to_text(solution),
        notebook_path(root, "assignments", chapter): to_text(released),
        root / "course" / "chapters" / f"{chapter}.json": notes_text(chapter_notes(source)),
    }
    if check:
        return _stale(root, files)
    changed = {path: write_if_changed(path, text) for path, text in files.items()}
    tell(chapter, "assignment built" if any(changed.values()) else "assignment unchanged")
    return BuildReport(
        written=_names(root, (path for path in files if changed[path])),
        unchanged=_names(root, (path for path in files if not changed[path])),
    )


def _stale(root: Path, files: dict[Path, str]) -> BuildReport:
    found = []
    for path, text in files.items():
        if not path.is_file():
            found.append(f"{path.relative_to(root).as_posix()} is missing: run `course build`")
        elif not holds(path, text):
            found.append(f"{path.relative_to(root).as_posix()} is not what its source makes: run `course build`")
    return BuildReport(stale=tuple(found))


def _names(root: Path, paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(path.relative_to(root).as_posix() for path in paths)


def _build_lesson(root: Path, chapter: str, address: Address, check: bool, tell: Progress) -> BuildReport:
    path = notebook_path(root, "lessons", chapter)
    source = read_source(source_path(root, "lessons", chapter))
    fresh = lesson_notebook(root, source, address)
    built = read_notebook(path)
    name = path.relative_to(root).as_posix()
    if check:
        return BuildReport(stale=_lesson_staleness(name, fresh, built))
    if built is not None and _same_sources(fresh, built):
        # Nothing that an output depends on has changed; a title or an address may have.
        filled = with_outputs(fresh, built)
    else:
        tell(chapter, "executing the lesson")
        filled = with_outputs(fresh, _executed(root, source, fresh))
    text = to_text(filled)
    if len(text.encode()) > LESSON_LIMIT_BYTES:
        raise GivenError(
            f"{name} would be {len(text.encode()) / 1e6:.1f} MB, the limit is 1 MB: draw less, or print less"
        )
    if write_if_changed(path, text):
        tell(chapter, "lesson built")
        return BuildReport(written=(name,))
    tell(chapter, "lesson unchanged")
    return BuildReport(unchanged=(name,))


def _same_sources(fresh: NotebookNode, built: NotebookNode) -> bool:
    if built.metadata.get("course", {}).get("sources") != fresh.metadata["course"]["sources"]:
        return False
    ours, theirs = ([c.id for c in nb.cells if c.cell_type == "code"] for nb in (fresh, built))
    return len(ours) == len(theirs)


def _lesson_staleness(name: str, fresh: NotebookNode, built: NotebookNode | None) -> tuple[str, ...]:
    if built is None:
        return (f"{name} is missing: run `course build`",)
    if not _same_sources(fresh, built):
        return (f"{name} was executed with other sources: run `course build`",)
    if not is_current(fresh, built):
        return (f"{name} is not what its source makes: run `course build`",)
    return ()


def _executed(root: Path, source: Source, fresh: NotebookNode) -> NotebookNode:
    from course.authoring.kernel import execute  # Jupyter's client: a check does without

    execution = execute(fresh, source.path.parent, BACKEND)
    if execution.failure is not None:
        raise GivenError(stopped(root, source, BACKEND, execution.failure))
    return execution.notebook


def stopped(root: Path, source: Source, backend: str, failure: "Failure") -> str:
    """The one line that says what stopped a lesson; its traceback goes to a log."""
    line = source.cells[failure.cell - 1].line  # the notebook has the title cell before them
    log = write_log(root, source.chapter, backend, failure.traceback)
    return f"{source.fault(line, str(failure))}; the traceback is in {log}"


def write_log(root: Path, chapter: str, backend: str, text: str) -> str:
    """Keep a long text out of the way; return where it is, relative to the root."""
    path = root / ".course" / "logs" / f"{chapter}.{backend}.log"
    write_atomic(path, text.rstrip("\n") + "\n")
    return path.relative_to(root).as_posix()
