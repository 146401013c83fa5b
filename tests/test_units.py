"""A submission is a unit of work: plain data, graded by a function of engine and unit, with what it takes kept in bounds."""

import json
import os
import signal
import threading
import time
from collections import Counter
from dataclasses import asdict, replace
from functools import partial
from types import SimpleNamespace

import pytest
from graded_course import CHAPTER, RIGHT, hand_in, make_course

from course import tables
from course.errors import GivenError
from course.grading import workshop as workshops
from course.grading.collect import collect
from course.grading.grade import grade, lacking_for_exam, weakest
from course.grading.journal import Journal
from course.grading.pool import AHEAD, grade_here
from course.grading.released import load_assignment
from course.grading.result import ExerciseScore, Result
from course.grading.sandbox import Level, probe
from course.grading.units import EngineLost, Unit, grade_unit, open_engine, read_unit
from course.grading.watch import Limits
from course.grading.workshop import TRIES, Workshop


def unit(student: str, content: bytes = b"{}") -> Unit:
    return Unit(student, {CHAPTER: content}, {}, (), None, f"key of {student}")


def result(student: str, **fields) -> Result:
    return Result(student, CHAPTER, "graded", 1.0, 2.0, **fields)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    made = make_course(tmp_path_factory.mktemp("units"))
    hand_in(made, "ada", RIGHT)
    hand_in(made, "slow", {**RIGHT, "loss": "import time\ntime.sleep(1.5)\n" + RIGHT["loss"]})
    (made / "submitted" / "zoe" / CHAPTER).mkdir(parents=True)
    return made


@pytest.fixture(scope="module")
def assignment(root):
    return load_assignment(root, CHAPTER)


@pytest.fixture(scope="module")
def submissions(root):
    return {s.student: s for s in collect(root / "submitted", CHAPTER)}


def test_a_unit_is_plain_data(submissions, assignment):
    read = read_unit(submissions["ada"], assignment, Limits())
    fields = asdict(read)
    content = fields.pop("content")
    assert content == {CHAPTER: submissions["ada"].notebooks[CHAPTER].read_bytes()}
    back = json.loads(json.dumps(fields))
    assert Unit(**{**back, "notes": tuple(back["notes"])}, content=content) == read


def test_a_unit_without_a_notebook_says_so(submissions, assignment):
    read = read_unit(submissions["zoe"], assignment, Limits())
    assert read.content == {}
    assert not read.found


def test_a_key_belongs_to_the_bytes_in_the_same_unit(root, submissions, assignment):
    path = hand_in(root, "changing", RIGHT)
    (submission,) = [s for s in collect(root / "submitted", CHAPTER) if s.student == "changing"]
    before = read_unit(submission, assignment, Limits())
    path.write_bytes(before.content[CHAPTER] + b" ")
    after = read_unit(submission, assignment, Limits())
    path.unlink()
    path.parent.rmdir()
    assert after.content[CHAPTER] == before.content[CHAPTER] + b" "
    assert after.key != before.key
    assert (
        read_unit(submissions["ada"], assignment, Limits()).key == before.key
    )  # the same bytes, whoever handed them in


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_no_more_units_are_read_than_can_be_at_work(jobs):
    read, most = [], 0

    def units():
        for number in range(40):
            read.append(number)
            yield unit(str(number))

    for taken, _ in enumerate(grade_here(lambda u: result(u.student), units(), jobs), 1):
        most = max(most, len(read) - taken)
    assert len(read) == 40
    assert most <= AHEAD * jobs


def test_results_come_as_they_are_ready():
    second_is_taken = threading.Event()

    def work(u: Unit) -> Result:
        if u.student == "first":
            assert second_is_taken.wait(30)
        return result(u.student)

    order = []
    for made in grade_here(work, [unit("first"), unit("second")], jobs=2):
        order.append(made.student)
        second_is_taken.set()
    assert order == ["second", "first"]


def test_a_mistake_of_the_grader_stops_the_grading():
    def work(u: Unit) -> Result:
        raise ZeroDivisionError(u.student)

    read = []
    units = (read.append(number) or unit(str(number)) for number in range(100))
    with pytest.raises(ZeroDivisionError):
        list(grade_here(work, units, jobs=2))
    assert len(read) <= 2 * AHEAD * 2


@pytest.fixture
def losing(monkeypatch):
    """A workshop whose engines are lost by some units: a function from (engine, unit) that says whether. With its engines."""
    opened = []

    def make(loses) -> tuple[Workshop, list]:
        def open_one():
            opened.append(
                SimpleNamespace(number=len(opened), closed=False, assignment=SimpleNamespace(name="", notebooks=()))
            )
            opened[-1].close = lambda one=opened[-1]: setattr(one, "closed", True)
            opened[-1].isolation, opened[-1].assignment.max_points = "full", 2.0
            return opened[-1]

        def work(engine, u):
            if loses(engine, u):
                raise EngineLost("killed")
            return result(u.student)

        monkeypatch.setattr(workshops, "grade_unit", work)
        return Workshop(open_one), opened

    return make


def test_one_engine_serves_all_units_and_is_closed_at_the_end(losing):
    workshop, opened = losing(lambda engine, u: False)
    with workshop:
        assert [workshop.grade(unit(s)).student for s in "abc"] == ["a", "b", "c"]
        assert [e.closed for e in opened] == [False]
    assert [e.closed for e in opened] == [True]


def test_an_engine_that_is_never_needed_is_never_started(losing):
    workshop, opened = losing(lambda engine, u: False)
    with workshop:
        pass
    assert not opened


def test_a_workshop_that_rests_starts_again_and_one_that_is_closed_does_not(losing):
    workshop, opened = losing(lambda engine, u: False)
    workshop.grade(unit("a"))
    workshop.rest()
    workshop.grade(unit("b"))
    workshop.close()
    assert [e.closed for e in opened] == [True, True]
    with pytest.raises(EngineLost, match="stopped"):
        workshop.grade(unit("c"))
    assert len(opened) == 2


def test_a_unit_whose_engine_was_lost_is_graded_again_with_another(losing):
    workshop, opened = losing(lambda engine, u: engine.number == 0)
    with workshop:
        assert workshop.grade(unit("a")).status == "graded"
    assert [e.closed for e in opened] == [True, True]


def test_only_the_unit_that_loses_an_engine_of_its_own_is_ungradable(losing):
    workshop, opened = losing(lambda engine, u: u.student == "deadly")
    with workshop:
        made = {s: workshop.grade(unit(s)) for s in ("a", "deadly", "b")}
    assert {s: r.status for s, r in made.items()} == {"a": "graded", "deadly": "ungradable", "b": "graded"}
    assert "ended the process that grades" in made["deadly"].incidents[0]
    assert len(opened) == TRIES + 2  # the shared ones, one to itself, and a new shared one for what comes after
    assert all(e.closed for e in opened)


def timeless(made: Result) -> Result:
    return replace(made, cell_seconds=0.0, total_seconds=0.0)


@pytest.mark.slow
def test_a_unit_gives_the_same_result_each_time_also_after_its_warm_process_was_killed(root, assignment, submissions):
    ada, slow = (read_unit(submissions[s], assignment, Limits()) for s in ("ada", "slow"))
    engines = []

    def open_one():
        engines.append(open_engine(root, assignment, Limits()))
        return engines[-1]

    with Workshop(open_one) as workshop:
        first, calm = workshop.grade(ada), workshop.grade(slow)
        assert timeless(workshop.grade(ada)) == timeless(first)
        os.kill(engines[0].starter.process.pid, signal.SIGKILL)
        assert timeless(workshop.grade(ada)) == timeless(first)

        killer = threading.Thread(target=_kill_in_the_middle, args=[engines[1].starter.process.pid])
        killer.start()
        assert timeless(workshop.grade(slow)) == timeless(calm)
        killer.join()
    assert len(engines) == 3
    assert first.status == "graded"
    assert first.points == 9.0


def _kill_in_the_middle(pid: int) -> None:
    """Kill the process when it has a child that has been at work for a while."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            if children.read().strip():
                time.sleep(0.5)
                os.kill(pid, signal.SIGKILL)
                return
        time.sleep(0.01)


@pytest.mark.slow
def test_an_exam_takes_no_result_from_below_full_isolation(root, tmp_path):
    if probe().name != "full":
        pytest.skip(f"this machine has no full isolation: {probe().missing}")
    run = partial(grade, root, CHAPTER, root / "submitted", 1, f"sqlite:///{tmp_path / 'g.db'}", tmp_path)
    first = run()
    with Journal(tmp_path / ".course" / "journal" / f"{CHAPTER}.jsonl") as journal:
        journal.append(replace(next(r for r in first.results if r.student == "ada"), isolation="partial"))
    assert run().isolation == "partial"
    again = run(exam=True)
    assert [r.student for r in again.results if not r.cached] == ["ada"]
    assert again.isolation == "full"


def test_an_exam_is_refused_in_one_line_that_says_what_is_missing(root, tmp_path, monkeypatch):
    from course.grading import grade as grading

    monkeypatch.setattr(grading, "probe", lambda: Level("partial", ("full: unshare is not allowed (run as root)",)))
    with pytest.raises(GivenError) as refused:
        grade(root, CHAPTER, root / "submitted", 1, f"sqlite:///{tmp_path / 'g.db'}", tmp_path, exam=True)
    assert str(refused.value) == (
        "--exam needs isolation level full, and this machine has partial: full: unshare is not allowed (run as root)"
    )
    assert not (tmp_path / "g.db").exists()


def test_full_isolation_lacks_nothing_for_an_exam():
    assert lacking_for_exam(Level("full")) == ""


def test_a_class_is_as_well_isolated_as_its_weakest_result():
    assert weakest([result("a", isolation="full"), result("b", isolation="full")]) == "full"
    assert weakest([result("a", isolation="full"), result("b", isolation="partial")]) == "partial"
    assert weakest([result("a", isolation="full"), result("b")]) == "none"


def test_the_tally_counts_outcomes_and_says_the_isolation():
    results = [
        result("a", isolation="full"),
        result("b", isolation="full", cached=True),
        replace(result("c", isolation="full"), status="ungradable"),
    ]
    counted = tables.tally(Counter(map(tables.kind, results)))
    assert counted == "2 graded; 1 ungradable; 1 unchanged since the last time; isolation: full"
    mixed = tables.tally(Counter(map(tables.kind, [*results, result("d", isolation="none")])))
    assert mixed.endswith("isolation: full for 3, none for 1")


def test_points_of_lower_assurance_are_named_once_for_each_tests_cell(tmp_path):
    def scored(assurance: str) -> tuple[ExerciseScore, ...]:
        return (
            ExerciseScore("sum", "sum", 1.0, 1.0, "right"),
            ExerciseScore("max", "max", 1.0, 1.0, "right", assurance=assurance),
        )

    def lines(*assurances: str) -> list[str]:
        results = [result(f"s{n}", exercises=scored(a), isolation="full") for n, a in enumerate(assurances)]
        report = SimpleNamespace(
            assignment=CHAPTER,
            results=results,
            wall_seconds=1.0,
            changed=0,
            backend="jax",
            not_handed_in=(),
            notes=(),
        )
        return [str(line) for line in tables.grades(report, tmp_path, None) if "lower assurance" in str(line)]

    assert lines("values", "values") == []
    (line,) = lines("lower", "lower")
    assert "max is tested by plain assertions" in line and "all submissions" in line
    (line,) = lines("lower", "values")
    assert line.endswith("(s0)")


def test_the_summary_shows_no_password_of_the_gradebook(tmp_path):
    report = SimpleNamespace(
        assignment=CHAPTER, results=[], wall_seconds=1.0, changed=0, backend="jax", not_handed_in=(), notes=()
    )
    said = " ".join(str(line) for line in tables.grades(report, tmp_path, "postgresql://ada:secret@host/grades"))
    assert "ada:***@host/grades" in said
    assert "secret" not in said


def test_grading_a_unit_writes_nothing_beside_the_reference(root, assignment, submissions):
    before = sorted(p for p in root.rglob("*") if ".course" not in p.parts)
    engine = SimpleNamespace(assignment=assignment, isolation="full")
    made = grade_unit(engine, read_unit(submissions["zoe"], assignment, Limits()))
    assert made.status == "ungradable"
    assert sorted(p for p in root.rglob("*") if ".course" not in p.parts) == before
