"""Grades cases of the bank, one after another with an honest neighbor before and behind each, and notes all that happens.

The way is the grader's own: collect, sanitise, execute, score, journal; then the whole class is published by `grade`, from
the journal. Only the pace is the bank's: it looks at the machine before and after each submission.
"""

import json
import shutil
import sqlite3
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from course.grading.collect import Submission, collect
from course.grading.feedback import write_feedback
from course.grading.grade import grade
from course.grading.gradebook import write_gradebook
from course.grading.journal import Journal
from course.grading.released import Assignment, load_assignment
from course.grading.result import Result
from course.grading.units import open_engine, read_unit
from course.grading.watch import Limits
from course.grading.workshop import Workshop
from hostile.assignment import submission, write_course
from hostile.case import Case
from hostile.leaks import leaks
from hostile.world import Traces, World

NEIGHBOR = "neighbor"
BESIDE = ("timestamp.txt", "submission_secret.txt")  # what nbgrader's exchange looks for beside a page
BREACH = "BREACH"  # an attack prints it, and what it found, when it got through a wall


@dataclass(frozen=True)
class Outcome:
    """What came of one case.

    result: with the cells as they were run; None where the grading itself stopped, then `stopped` says with what.
    page: the student's feedback page. leaked: canaries, by where they were found. breaches: walls that did not hold.
    neighbors: how the results of the honest ones around it differ from what they get alone.
    left: what was on the machine afterwards and had not been there before, and files that grading should not have written.
    """

    result: Result | None = None
    stopped: str = ""
    page: str = ""
    leaked: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()
    neighbors: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Bank:
    """Grades cases, all of one assignment, below the folder `place`."""

    def __init__(self, place: Path, cases: Sequence[Case], limits: Limits):
        self.world, self.limits, self.name = World(place), limits, cases[0].assignment
        self.course = self.world.course
        self.outcomes = {case.name: Outcome() for case in cases}
        self.students: dict[str, Case | None] = {f"0000-{NEIGHBOR}": None}  # in the order of grading; None: a neighbor
        for number, case in enumerate(cases, 1):
            self.students[f"{2 * number - 1:04d}-{case.student or case.name}"] = case
            self.students[f"{2 * number:04d}-{NEIGHBOR}"] = None

    def grade(self) -> dict[str, Outcome]:
        """Case name -> what came of it."""
        with self.world:
            write_course(self.course)
            for student, case in self.students.items():
                self._hand_in(student, case)
            assignment = load_assignment(self.course, self.name)
            self._open_to_everybody()
            handed_in = self.world.handed_in()
            self._grade_each(assignment)
            changed = [line for line in handed_in ^ self.world.handed_in() if not self._is_ours(line)]
            assert not changed, f"submissions were changed: {changed[:5]}"
            self._publish()
        return self.outcomes

    def _is_ours(self, line: str) -> bool:
        """Whether the bank itself moved or removed this one: the grading of it had stopped."""
        stopped = [student for student, case in self.students.items() if case and self.outcomes[case.name].stopped]
        return any(f"/{student}" in line for student in stopped) or line.startswith(f"{self.course / 'submitted'} ")

    def _hand_in(self, student: str, case: Case | None) -> None:
        folder = self.course / "submitted" / student / self.name
        folder.mkdir(parents=True)
        fill = self.world.fill
        answers = {grade_id: fill(source) for grade_id, source in case.answers.items()} if case else {}
        made = submission(self.name, answers, tuple((after, fill(source)) for after, source in case.own) if case else ())
        if case is None:
            made["cells"][2]["source"] += "\n# neighbor_dotterel"
        changed = case.change(made) if case and case.change else made
        data = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
        (folder / f"{self.name}.ipynb").write_bytes(data)
        if case and case.files:
            case.files(folder)

    def _grade_each(self, assignment: Assignment) -> None:
        journal_path = self.course / ".course" / "journal" / f"{self.name}.jsonl"
        with (
            Journal(journal_path) as journal,
            Workshop(partial(open_engine, self.course, assignment, self.limits)) as workshop,
        ):
            handed_in = self._collect()
            alone: tuple | None = None
            before, last = None, None
            for student, case in self.students.items():
                if case is not None and self.outcomes[case.name].stopped:
                    continue
                told, result = "it was not found among the submissions", None
                if student in handed_in:
                    try:
                        result = workshop.grade(read_unit(handed_in[student], assignment, self.limits))
                        journal.append(result)
                    except Exception:  # noqa: BLE001  what stops the grading is what the bank looks for
                        told = traceback.format_exc()
                if case is not None:
                    self._note(case, result=result, stopped="" if result else told)
                    self._look(case, before)
                    last = case
                elif before is None:
                    assert result, told
                    alone = _comparable(result)
                    self._prepare(assignment, result)
                    before = self.world.traces()
                elif result is None or _comparable(result) != alone:
                    self._note(last, neighbors=(told if result is None else f"{_comparable(result)}, alone {alone}",))

    def _collect(self) -> dict[str, Submission]:
        """Student -> submission; those at which collecting stops are noted, and taken away."""
        try:
            return self._by_folder(collect(self.course / "submitted", self.name))
        except Exception:  # noqa: BLE001  see above
            for student, case in self.students.items():
                if case:
                    self._do_alone(student, case, lambda submitted: collect(submitted, self.name))
                    if self.outcomes[case.name].stopped:
                        shutil.rmtree(self.course / "submitted" / student)
            return self._by_folder(collect(self.course / "submitted", self.name))

    def _by_folder(self, submissions: Iterable[Submission]) -> dict[str, Submission]:
        """Folder -> submission; the student of a folder whose name is no text has another name."""
        folders = {_number(folder): folder for folder in self.students}
        return {folders[_number(s.student)]: s for s in submissions}

    def _prepare(self, assignment: Assignment, neighbor: Result) -> None:
        """What a course has in the middle of a term, for attacks to aim at: a gradebook with words in it, a page."""
        write_feedback(self.course, assignment, neighbor)
        write_gradebook(self._gradebook, assignment, [neighbor])
        with sqlite3.connect(self.course / "gradebook.db") as database:
            database.execute("update comment set manual_comment = 'gradebook_curlew'")
        self._open_to_everybody()

    def _open_to_everybody(self) -> None:
        """Whoever can reach the course's files can read and change them: only walls protect them."""
        for path in (self.course, *self.course.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o777)

    @property
    def _gradebook(self) -> str:
        return f"sqlite:///{self.course / 'gradebook.db'}"

    def _look(self, case: Case, before: Traces) -> None:
        left = self.world.settled(before).since(before)
        self._note(case, left=left, leaked=tuple(f"written: {word}" for word in self.world.leaked()))
        self.world.mend()

    def _publish(self) -> None:
        """Gradebook, autograded notebooks and pages of the whole class; of each case alone where that stops."""
        _, *neighbors = (student for student, case in self.students.items() if case is None)
        stopped = [student for student, case in self.students.items() if case and self.outcomes[case.name].stopped]
        for student in (*neighbors, *stopped):  # one page of theirs is like the other
            shutil.rmtree(self.course / "submitted" / student, ignore_errors=True)
        try:
            self._publish_class(self.course / "submitted")
        except Exception:  # noqa: BLE001  see above
            for student, case in self.students.items():
                if case and not self.outcomes[case.name].stopped:
                    self._do_alone(student, case, self._publish_class)
        for student, case in self.students.items():
            if case and not self.outcomes[case.name].stopped:
                self._read_what_the_student_gets(student, case)

    def _publish_class(self, submitted: Path) -> None:
        report = grade(self.course, self.name, submitted, 1, self._gradebook, limits=self.limits)
        assert all(result.cached for result in report.results), "a result was not kept in the journal"
        json.dumps(report.to_json(), allow_nan=False)

    def _do_alone(self, student: str, case: Case, act: Callable[[Path], object]) -> None:
        """Do something with a folder in which this submission is the only one, and note when it stops."""
        alone = self.course / "submitted-alone"
        alone.mkdir()
        (self.course / "submitted" / student).rename(alone / student)
        try:
            act(alone)
        except Exception:  # noqa: BLE001  see above
            self._note(case, stopped=traceback.format_exc())
        (alone / student).rename(self.course / "submitted" / student)
        alone.rmdir()

    def _read_what_the_student_gets(self, student: str, case: Case) -> None:
        outcome = self.outcomes[case.name]
        wrote = "\n".join((*case.answers.values(), *(source for _, source in case.own)))
        student = outcome.result.student
        page_path = self.course / "feedback" / student / self.name / f"{self.name}.html"
        page = page_path.read_text(encoding="utf-8")
        ran = self.course / "autograded" / student / self.name / f"{self.name}.ipynb"
        outputs = [o for cell in json.loads(ran.read_text())["cells"] for o in cell.get("outputs", ())]
        texts = {"on the page": page, "in outputs": json.dumps(outputs), "in messages": _said(outcome.result)}
        leaked = tuple(f"{where}: {word}" for where, text in texts.items() for word in leaks(text, wrote))
        printed = "\n".join(cell.stdout + cell.error for cell in outcome.result.cells if cell.kind != "tests")
        breaches = tuple(line for line in printed.split("\n") if BREACH in line)
        written = (*page_path.parent.iterdir(), *ran.parent.iterdir())
        odd = tuple(f"written {p}" for p in written if p not in (page_path, ran) and p.name not in BESIDE)
        self._note(
            case, page=page, leaked=outcome.leaked + leaked, breaches=breaches, left=outcome.left + odd
        )

    def _note(self, case: Case, **changes) -> None:
        self.outcomes[case.name] = replace(self.outcomes[case.name], **changes)


def _number(student: str) -> str:
    """With which each folder's name begins, so that there are no two alike."""
    return student.partition("-")[0]


def _comparable(result: Result) -> tuple:
    """All of a result that must not depend on who was graded before."""
    scores = tuple((s.part, s.points, s.state, s.message) for s in result.exercises)
    return result.status, result.incidents, scores, tuple((c.id, c.stdout, c.error) for c in result.cells)


def _said(result: Result) -> str:
    return "\n".join((*result.incidents, *(score.message for score in result.exercises)))
