"""What goes wrong around the grader is one clear line each, nothing is lost, and the same command afterwards goes on."""

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import class_state
import pytest
import tiny_assignment as tiny
from ordinary_rights import ordinary_rights
from pretend_class import STUDENTS, WRONG, instead_of_an_engine, make_class

pytest.importorskip("nbgrader")

from sqlalchemy import Engine

from course.checks import wire
from course.errors import GivenError
from course.grading import grade as grading
from course.grading import gradebook_db, reference
from course.grading.files import replace_shared_file
from course.grading.journal import Journal
from course.grading.released import load_assignment

pytestmark = pytest.mark.slow

OTHER = "01_other"


@pytest.fixture
def class_(tmp_path):
    made = make_class(tmp_path)
    with instead_of_an_engine():
        yield made


@pytest.fixture
def calm(tmp_path):
    """The same class, to which nothing happened."""
    made = make_class(tmp_path / "calm")
    with instead_of_an_engine():
        made.grade()
    return made


def assert_as_if_nothing_had_happened(class_, calm):
    class_state.assert_same(class_.home, class_.db_url, calm.home, calm.db_url)


def line_of(class_, **options) -> str:
    """What the person reads where grading stops."""
    with pytest.raises(GivenError) as told:
        class_.grade(**options)
    assert "\n" not in str(told.value)
    return str(told.value)


# Killed between any two steps


def grade_until(class_, step, number, when):
    """Grade in a process of its own that is killed (SIGKILL) before, in or after the `number`th call of this step."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    owner, name = step
    real, calls = getattr(owner, name), 0

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def watched(*arguments, **named):
        nonlocal calls
        calls += 1
        if calls == number and when == "before":
            die()
        if calls == number and when == "in":
            real(arguments[0], arguments[1][: len(arguments[1]) // 2])  # half of what was to be written
            die()
        given = real(*arguments, **named)
        if calls == number:
            die()
        return given

    setattr(owner, name, watched)
    try:
        class_.grade()
        os._exit(0)
    finally:
        os._exit(1)


STEPS = {
    "the notebook for formgrader": (grading, "write_autograded"),
    "the page for the student": (grading, "write_feedback"),
    "a draft in its place": (Path, "replace"),
    "the line in the journal": (os, "write"),
    "the line on the disk": (os, "fsync"),
    "the gradebook": (grading, "write_gradebook"),
    "the gradebook's commit": (Engine, "dispose"),
    "the note on the gradebook": (Journal, "tell"),
}
MOMENTS = [(step, number, when) for step in STEPS for number in (1, 3) for when in ("before", "after")]
MOMENTS += [("the line in the journal", 2, "in")]


@pytest.mark.parametrize(("step", "number", "when"), MOMENTS)
def test_killed_at_any_step_the_same_command_goes_on(class_, calm, step, number, when):
    status = grade_until(class_, STEPS[step], number, when)
    assert status == -signal.SIGKILL or (number > 1 and status == 0)
    class_.grade()
    assert_as_if_nothing_had_happened(class_, calm)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_of_a_regrading_what_a_person_gave_is_kept(class_, calm, any_gradebook, step):
    class_ = replace(class_, url=any_gradebook)
    for each in (class_, calm):
        each.grade()
        class_state.give_by_hand(each.db_url, "ada", 2.5, 1.0, "Well said.")
        class_state.give_by_hand(each.db_url, "eva", 1.5, 0.5, "Too short.")
        each.hand_in("ada", **WRONG, why="Another answer.")
    grade_until(class_, STEPS[step], 1, "after")
    class_.grade()
    calm.grade()
    assert_as_if_nothing_had_happened(class_, calm)
    rows = class_state.gradebook(class_.db_url)["grades"]
    assert ("ada", "why", None, 2.5, 1.0, True) in rows, "new work under an old score is to be looked at again"
    assert ("eva", "why", None, 1.5, 0.5, False) in rows


# The journal


def test_a_journal_that_was_damaged_in_the_middle_costs_the_damaged_lines_alone(class_, calm):
    class_.grade()
    path = class_state.journal_file(class_.home)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"points":', b'"points":9', 1)
    lines[3] = bytes(len(lines[3]) - 1) + b"\n"
    path.write_bytes(b"".join(lines))
    report = class_.grade()
    assert [r.student for r in report.results if not r.cached] == ["ben", "dan"]
    assert {r.student: r.points for r in report.results} == {s: 3.0 if s in ("ben", "dan") else 7.0 for s in STUDENTS}
    assert report.changed == 0
    (note,) = report.notes
    assert note.startswith(f"in {path} 2 lines are damaged")
    assert class_state.gradebook(class_.db_url) == class_state.gradebook(calm.db_url)


def test_a_journal_that_was_cut_short_costs_what_was_cut_off(class_, calm):
    class_.grade()
    path = class_state.journal_file(class_.home)
    data = path.read_bytes()
    for length in (len(data) - 1, len(data) * 2 // 3, 5, 0):
        path.write_bytes(data[:length])
        whole = data[:length].count(b"\n")
        assert [r.cached for r in class_.grade().results] == [True] * whole + [False] * (5 - whole)
        assert_as_if_nothing_had_happened(class_, calm)


def test_what_stands_in_a_journal_and_is_none_is_passed_over(class_):
    class_.grade()
    path = class_state.journal_file(class_.home)
    junk = (b"\xff\xfe\n", b"[]\n", b'{"student": "ada"}\n', b"\n", b'{"digest":"0123","student":"ada"}\n')
    path.write_bytes(b"".join(junk) + path.read_bytes() + b"".join(junk))
    assert all(r.cached for r in class_.grade().results)
    with Journal(path) as journal:
        assert journal.damaged == 2 * len(junk)


def test_a_journal_that_is_a_folder_is_one_line(class_):
    class_state.journal_file(class_.home).mkdir(parents=True)
    assert "move that away" in line_of(class_)


def test_what_was_published_and_went_away_is_written_again(class_, calm):
    class_.grade()
    shutil.rmtree(class_.home / "feedback" / "ada")
    (class_.home / "autograded" / "ben" / tiny.NAME / f"{tiny.NAME}.ipynb").unlink()
    page = class_.home / "feedback" / "cem" / tiny.NAME / f"{tiny.NAME}.html"
    page.write_bytes(b"")
    assert all(r.cached for r in class_.grade().results)
    assert_as_if_nothing_had_happened(class_, calm)


# The gradebook


@contextmanager
def held(path):
    """Another program that is in the middle of writing in the gradebook."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def test_a_gradebook_that_is_locked_is_told_before_anything_is_graded(class_, calm, monkeypatch):
    monkeypatch.setattr(gradebook_db, "WAIT_SECONDS", 0.2)
    path = class_.home / "gradebook.db"
    with held(path):
        line = line_of(class_)
    assert "database is locked for 0.2 seconds" in line
    assert "close the other program" in line
    assert not class_state.journal_file(class_.home).read_bytes()
    class_.grade()
    assert_as_if_nothing_had_happened(class_, calm)


def test_a_gradebook_that_is_locked_when_all_is_graded_loses_nothing(class_, calm, monkeypatch):
    monkeypatch.setattr(gradebook_db, "WAIT_SECONDS", 0.2)
    with contextlib.ExitStack() as stack:

        def lock(student):
            if student == "eva":
                stack.enter_context(held(class_.home / "gradebook.db"))

        with instead_of_an_engine(lock):
            line = line_of(class_)
    assert "database is locked" in line
    assert line.endswith("5 of 5 submissions are graded and kept; the same command goes on from there")
    report = class_.grade()
    assert all(r.cached for r in report.results)
    assert report.changed == 5
    assert_as_if_nothing_had_happened(class_, calm)


def test_a_gradebook_that_is_locked_for_a_moment_is_waited_for(class_, calm):
    release = threading.Event()

    def other():
        with held(class_.home / "gradebook.db"):
            taken.set()
            release.wait(60)

    taken, thread = threading.Event(), threading.Thread(target=other)
    thread.start()
    taken.wait(60)
    threading.Timer(0.3, release.set).start()
    class_.grade()
    thread.join()
    assert_as_if_nothing_had_happened(class_, calm)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_gradebook_that_may_not_be_written_is_one_line(class_, calm, what):
    (class_.home / "books").mkdir()
    path = class_.home / "books" / "gradebook.db"
    url = f"sqlite:///{path}"
    if what == "file":
        class_.grade(url)
        path.chmod(0o444)
    else:
        path.parent.chmod(0o555)
    class_.hand_in("ada", **WRONG)
    with ordinary_rights():
        line = line_of(class_, db_url=url)
    assert "write" in line
    (path if what == "file" else path.parent).chmod(0o755)
    class_.grade(url)
    assert ("ada", "test_mean", 0.0, None, None, False) in class_state.gradebook(url)["grades"]


# Files and folders


@pytest.mark.parametrize("room", ["feedback", "autograded", ".course"])
def test_a_folder_that_may_not_be_written_is_one_line(class_, calm, room):
    (class_.home / room).mkdir()
    (class_.home / room).chmod(0o555)
    with ordinary_rights():
        line = line_of(class_)
    assert room in line
    assert "give yourself the right" in line
    (class_.home / room).chmod(0o755)
    class_.grade()
    assert_as_if_nothing_had_happened(class_, calm)


def test_a_file_in_the_place_of_a_folder_is_one_line(class_, calm):
    (class_.home / "feedback").write_text("a file")
    assert "move that away" in line_of(class_)
    (class_.home / "feedback").unlink()
    class_.grade()
    assert_as_if_nothing_had_happened(class_, calm)


@pytest.mark.parametrize("kilobytes", [0.5, 2, 6, 10, 20, 60, 150])
def test_a_limit_on_the_size_of_files_is_one_line(class_, calm, kilobytes):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(kilobytes * 1024), hard))
    try:
        line = line_of(class_)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "ulimit -f" in line or "room" in line, line
    class_.grade()
    assert_as_if_nothing_had_happened(class_, calm)


def test_a_disk_that_is_full_is_one_line_each_time_until_there_is_room(tmp_path):
    command = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    if shutil.which("unshare") is None or subprocess.run([*command, "true"], check=False).returncode:
        pytest.skip("a small disk needs `unshare --mount`, which is not allowed here")
    driver = Path(__file__).parent / "disk_full.py"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [*command, sys.executable, driver, tmp_path], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert all("make room" in line.lower() for line in told["lines"]), told
    for where in ("journal", "autograded", "feedback", "the gradebook"):
        assert any(where in line.partition(" are graded")[0] for line in told["lines"]), (where, told)
    assert "No space left" in told["scratch"]


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-3], lambda data: b"{" + data, bytes.upper])
def test_a_reference_that_was_cut_short_is_made_anew(class_, monkeypatch, damage):
    (notebook,) = load_assignment(class_.root, tiny.NAME).notebooks
    whole = wire.pack({"blocks": {}, "seconds": {"test_mean": 0.5}})
    made = []

    def run(_, root, assignment, path):
        made.append(path)
        replace_shared_file(path, whole)

    monkeypatch.setattr(reference, "_run", run)
    for times in (1, 1, 2):
        if times == 2:
            made[0].write_bytes(damage(whole))
        assert reference.load(class_.root, notebook, "a warm process").seconds == {"test_mean": 0.5}
        assert len(made) == times


def test_a_course_that_may_not_be_written_is_one_line(class_):
    (notebook,) = load_assignment(class_.root, tiny.NAME).notebooks
    class_.root.chmod(0o555)
    with ordinary_rights(), pytest.raises(GivenError, match="give yourself the right"):
        replace_shared_file(reference.file_of(class_.root, notebook), b"")
    class_.root.chmod(0o755)


# What is handed in changes while the class is graded


def test_a_submission_that_is_replaced_meanwhile_is_graded_as_it_is_when_its_turn_comes(class_, calm):
    def replace(student):
        if student == "ada":
            class_.hand_in("eva", **WRONG)

    with instead_of_an_engine(replace):
        report = class_.grade()
    assert {r.student: r.points for r in report.results}["eva"] == 3.0
    assert all(r.cached for r in class_.grade().results), "the result belongs to what was read, not to what was found"


def test_a_submission_that_is_renamed_meanwhile_is_found_again(class_):
    def rename(student):
        if student == "ada":
            class_.submission("eva").rename(class_.submission("eva").with_name(f"Copy of {tiny.NAME}.ipynb"))

    with instead_of_an_engine(rename):
        report = class_.grade()
    assert {r.student: r.points for r in report.results}["eva"] == 7.0


@pytest.mark.parametrize("what", ["one submission", "one student", "everything"])
def test_a_submission_that_goes_away_meanwhile_costs_nobody_a_grade(class_, calm, what):
    gone = {
        "one submission": class_.submission("dan"),
        "one student": class_.home / "submitted" / "dan",
        "everything": class_.home / "submitted",
    }[what]
    aside = class_.home / "aside"

    def remove(student):
        if student == "ben":
            gone.rename(aside)

    with instead_of_an_engine(remove):
        line = line_of(class_)
    assert "went away" in line or "no folder" in line
    assert "submissions are graded and kept" in line
    aside.rename(gone)
    report = class_.grade()
    assert sum(r.cached for r in report.results) >= 2
    assert_as_if_nothing_had_happened(class_, calm)


# Clocks, and others at work


def test_a_clock_that_jumps_changes_nothing(class_, calm, monkeypatch):
    rng = random.Random(3)

    def jumping():
        return rng.uniform(0, 2**33)  # from 1970 to 2242, to and fro

    class Jumping(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(jumping(), tz)

    monkeypatch.setattr(time, "time", jumping)
    monkeypatch.setattr(time, "time_ns", lambda: int(jumping() * 1e9))
    for path in (class_.home / "submitted").rglob("*.ipynb"):
        os.utime(path, (0, rng.randrange(2**33)))
    first = class_.grade()
    for path in (class_.home / "submitted").rglob("*.ipynb"):
        os.utime(path, (0, rng.randrange(2**33)))
    second = class_.grade()
    assert all(r.cached for r in second.results)
    assert second.changed == 0
    assert 0 <= first.wall_seconds < 600
    assert_as_if_nothing_had_happened(class_, calm)


def test_a_second_grading_of_the_same_assignment_is_one_line_and_the_first_goes_on(class_, calm):
    lines = []

    def second(student):
        if student == "cem":
            lines.append(line_of(class_))

    with instead_of_an_engine(second):
        class_.grade()
    assert "in use by another grading" in lines[0]
    assert_as_if_nothing_had_happened(class_, calm)


def with_a_second_assignment(class_):
    """The same assignment once more, under another name, with the same answers."""
    for folder in (class_.root / "solutions", class_.root / "assignments"):
        shutil.copytree(folder / tiny.NAME, folder / OTHER)
        (folder / OTHER / f"{tiny.NAME}.ipynb").rename(folder / OTHER / f"{OTHER}.ipynb")
    for student in STUDENTS:
        folder = class_.submission(student).parent
        shutil.copytree(folder, folder.with_name(OTHER))


def at_once(class_, names):
    """Grade these assignments at the same time; returns how many submissions each has changed in the gradebook."""
    meet = threading.Barrier(len(names))

    def grade(name):
        meet.wait(60)
        return class_.grade(name=name).changed

    with ThreadPoolExecutor(len(names)) as threads:
        return list(threads.map(grade, names))


def test_gradings_of_two_assignments_of_one_class_at_once_both_succeed(class_, any_gradebook):
    class_ = replace(class_, url=any_gradebook)
    with_a_second_assignment(class_)
    assert at_once(class_, [tiny.NAME, OTHER]) == [5, 5]
    assert len(class_state.gradebook(any_gradebook)["grades"]) == 2 * 5 * 4


def test_what_a_person_gave_is_kept_when_two_gradings_run_at_once(class_, any_gradebook):
    class_ = replace(class_, url=any_gradebook)
    with_a_second_assignment(class_)
    at_once(class_, [tiny.NAME, OTHER])
    for student in STUDENTS:
        class_state.give_by_hand(any_gradebook, student, 2.5, 1.0, f"For {student}.")
    for student in ("ada", "cem"):
        class_.hand_in(student, **WRONG)
    assert at_once(class_, [tiny.NAME, OTHER]) == [2, 0]
    state = class_state.gradebook(any_gradebook)
    given = [row for row in state["grades"] if row[1] == "why" and row[3] is not None]
    assert given == [(s, "why", None, 2.5, 1.0, s in ("ada", "cem")) for s in STUDENTS]
    said = [row for row in state["comments"] if row[3]]
    assert [row[3] for row in said] == [f"For {student}." for student in STUDENTS]
