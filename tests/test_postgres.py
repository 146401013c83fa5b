"""The gradebook on a real PostgreSQL server: the same promises as on SQLite, and one line for each thing that goes wrong."""

import inspect
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
import tiny_assignment as tiny

pytest.importorskip("nbgrader")
pytest.importorskip("psycopg")

import postgres_server
import test_gradebook
from pretend_class import instead_of_an_engine, make_class
from sqlalchemy import Engine, event
from test_gradebook import dump, give_by_hand, graded, grades

from course.errors import GivenError
from course.grading import gradebook_db
from course.grading.by_hand import HandGrade, read_hand_grades
from course.grading.gradebook import write_gradebook
from course.grading.gradebook_errors import safe_address
from course.grading.released import load_assignment

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return load_assignment(tiny.write_course(tmp_path_factory.mktemp("course")), tiny.NAME)


@pytest.fixture
def url(postgres):
    return postgres.new_database()


# The gradebook's own tests, a second time, with the `url` above. These look into SQLite's file:
SQLITE_ALONE = {
    "test_a_gradebook_of_another_version_is_refused",
    "test_a_writer_that_is_killed_leaves_no_half_made_gradebook",
}
SHARED = {
    name: test
    for name, test in vars(test_gradebook).items()
    if name.startswith("test_") and "url" in inspect.signature(test).parameters and name not in SQLITE_ALONE
}
globals().update(SHARED)


def test_the_gradebook_s_own_tests_are_among_these():
    assert len(SHARED) > 10


@contextmanager
def in_the_middle(action, statement="UPDATE grade"):
    """Within this block, do `action` once, just before the first statement that begins like this goes to the gradebook."""
    done = []

    def listen(connection, cursor, text, *_):
        if text.startswith(statement) and not done:
            done.append(True)
            action()

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    assert done


def database(db_url):
    return db_url.rpartition("/")[2]


# Several at once


def test_gradings_of_several_assignments_at_once_all_succeed_in_one_new_gradebook(assignment, any_gradebook):
    names = [f"{number:02d}_tiny" for number in range(4)]

    def write(name):
        other = replace(assignment, name=name)
        results = [replace(graded(assignment, student), assignment=name) for student in ("ada", "ben", "cem")]
        return write_gradebook(any_gradebook, other, results)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(write, names)) == [3, 3, 3, 3]
    from nbgrader.api import Gradebook

    with Gradebook(any_gradebook) as book:
        assert sorted(a.name for a in book.assignments) == names
        assert sorted(s.id for s in book.students) == ["ada", "ben", "cem"]
        assert {s.score for a in names for s in book.assignment_submissions(a)} == {7.0}


def test_a_score_that_a_person_gives_during_a_grading_is_kept(assignment, any_gradebook):
    write_gradebook(any_gradebook, assignment, [graded(assignment)])
    begun, given = threading.Event(), threading.Event()

    def person():
        begun.wait(60)
        give_by_hand(any_gradebook, 2.5, "Good.")
        given.set()

    formgrader = threading.Thread(target=person)
    formgrader.start()
    with in_the_middle(begun.set):
        write_gradebook(any_gradebook, assignment, [graded(assignment, wrong=["mean"])])
    formgrader.join(60)
    assert given.is_set()
    assert read_hand_grades(any_gradebook, tiny.NAME) == {"ada": {tiny.NAME: {"why": HandGrade(2.5, None, "Good.")}}}
    assert grades(any_gradebook)["test_mean"] == (0.0, None, False)


def test_a_score_that_a_person_is_just_giving_is_waited_for(assignment, url, postgres):
    import psycopg

    write_gradebook(url, assignment, [graded(assignment)])
    with psycopg.connect(url.replace("+psycopg", "")) as formgrader, ThreadPoolExecutor(1) as thread:
        formgrader.execute("UPDATE grade SET manual_score = 2, extra_credit = 1, needs_manual_grade = false")
        rerun = graded(assignment, wrong=["mean"], cached=True)
        writing = thread.submit(write_gradebook, url, assignment, [rerun])
        with pytest.raises(TimeoutError):
            writing.result(timeout=1)
        formgrader.commit()
        assert writing.result(timeout=60) == 1
    assert postgres.execute("SELECT DISTINCT manual_score, extra_credit FROM grade", database(url)) == [(2.0, 1.0)]
    assert grades(url)["test_mean"] == (0.0, 2.0, True)
    assert grades(url)["why"] == (None, 2.0, False)


# What goes wrong


def line_of(db_url, assignment, results=()):
    with pytest.raises(GivenError) as told:
        write_gradebook(db_url, assignment, list(results))
    line = str(told.value)
    assert "\n" not in line
    assert postgres_server.PASSWORD not in line
    return line


def test_a_gradebook_that_another_program_holds_is_waited_for_and_then_told(assignment, url, monkeypatch):
    import psycopg

    write_gradebook(url, assignment, [graded(assignment)])
    monkeypatch.setattr(gradebook_db, "WAIT_SECONDS", 1)
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE grade IN ACCESS EXCLUSIVE MODE")
        assert "close the other program" in line_of(url, assignment, [graded(assignment, wrong=["mean"])])
    assert write_gradebook(url, assignment, [graded(assignment, wrong=["mean"])]) == 1


@pytest.mark.parametrize("moment", ["INSERT INTO student", "UPDATE grade", "UPDATE comment"])
def test_a_connection_that_is_lost_in_the_middle_is_one_line_and_nothing_is_half_written(
    assignment, url, postgres, moment
):
    write_gradebook(url, assignment, [graded(assignment, wrong=["sigmoid"])])
    before = dump(url)
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database(url)}'"
    results = [graded(assignment, student, wrong=["mean"]) for student in ("ada", "ben")]
    with in_the_middle(lambda: postgres.execute(cut), moment):
        assert "see that the server runs" in line_of(url, assignment, results)
    assert dump(url) == before
    assert write_gradebook(url, assignment, results) == 2


def test_a_server_that_stops_in_the_middle_is_one_line_and_nothing_is_half_written(assignment, url, postgres):
    write_gradebook(url, assignment, [graded(assignment)])
    before = dump(url)
    results = [graded(assignment, student, wrong=["mean"]) for student in ("ada", "ben")]
    try:
        with in_the_middle(lambda: postgres.stop("SIGQUIT")):
            assert "see that the server runs" in line_of(url, assignment, results)
        assert "does the server run" in line_of(url, assignment, results)
    finally:
        postgres.start()
    assert dump(url) == before
    assert write_gradebook(url, assignment, results) == 2


def test_a_server_that_stops_while_a_class_is_graded_loses_nothing(tmp_path, url, postgres):
    class_ = replace(make_class(tmp_path), url=url)

    def stop(student):
        if student == "cem":
            postgres.stop()

    try:
        with instead_of_an_engine(stop), pytest.raises(GivenError) as told:
            class_.grade()
    finally:
        postgres.start()
    assert "does the server run at this address" in str(told.value)
    assert str(told.value).endswith("5 of 5 submissions are graded and kept; the same command goes on from there")
    with instead_of_an_engine():
        report = class_.grade()
    assert all(r.cached for r in report.results)
    assert report.changed == 5
    assert postgres.execute("SELECT count(*) FROM grade", database(url)) == [(20,)]


def test_no_password_is_printed_and_none_is_kept(tmp_path, url):
    from course import tables

    class_ = replace(make_class(tmp_path), url=url)
    with instead_of_an_engine():
        report = class_.grade()
    printed = " ".join(str(line) for line in tables.grades(report, class_.home, url))
    assert "grader:***@127.0.0.1" in printed
    secret = postgres_server.PASSWORD.encode()
    assert not any(secret in path.read_bytes() for path in class_.home.rglob("*") if path.is_file())


def test_the_password_may_stand_where_postgresql_looks_for_it(assignment, url, monkeypatch, tmp_path):
    address = url.replace(f":{postgres_server.PASSWORD}@", "@")
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    assert "check user and password" in line_of(address, assignment)
    (tmp_path / "pgpass").write_text(f"127.0.0.1:*:*:{postgres_server.USER}:{postgres_server.PASSWORD}\n")
    (tmp_path / "pgpass").chmod(0o600)
    assert write_gradebook(address, assignment, [graded(assignment)]) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s, u: s.url(database(u), password="wrong-" + s.folder.name), "check user and password"),
        (lambda s, u: s.url(database(u), user="nobody"), "check user and password"),
        (lambda s, u: s.url("no_such_database"), "make it with `createdb`"),
        (lambda s, u: u.replace(f":{s.port}/", ":1/"), "does the server run at this address"),
        (lambda s, u: u.replace("127.0.0.1", "no.such.host.invalid"), "does the server run at this address"),
        (lambda s, u: u.replace(f":{s.port}/", ":port/"), "no database that can be used"),
        (lambda s, u: u.replace("postgresql+psycopg", "oracle"), "needs the package oracledb"),
        (lambda s, u: u.replace("postgresql+psycopg", "postgrid"), "no database that can be used"),
        (lambda s, u: u.replace("postgresql+psycopg://", ""), "no database that can be used"),
        (lambda s, u: f"postgresql://nobody@127.0.0.1:{s.port}/x?password={postgres_server.PASSWORD}", "password"),
    ],
)
def test_an_address_that_is_wrong_is_one_line_with_the_mend(assignment, url, postgres, change, words):
    assert words in line_of(change(postgres, url), assignment)


def test_an_address_without_a_driver_s_name_is_understood(assignment, url):
    assert write_gradebook(url.replace("+psycopg", ""), assignment, [graded(assignment)]) == 1


@pytest.mark.parametrize("missing", ["psycopg", "psycopg2"])
def test_a_missing_driver_is_one_line_with_the_mend(url, missing):
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from course.errors import GivenError\n"
        "from course.grading.by_hand import read_hand_grades\n"
        "try:\n    read_hand_grades(sys.argv[1], 'x')\nexcept GivenError as error:\n    print(error)"
    )
    address = url.replace("psycopg", missing)
    done = subprocess.run([sys.executable, "-c", code, address], capture_output=True, text=True, check=True)
    assert 'pip install "deep-learning-course[postgres]"' in done.stdout
    assert postgres_server.PASSWORD not in done.stdout + done.stderr


def test_a_gradebook_of_another_version_is_refused(assignment, url, postgres):
    write_gradebook(url, assignment, [])
    postgres.execute("UPDATE alembic_version SET version_num = '000000000000'", database(url))
    assert "nbgrader db upgrade" in line_of(url, assignment)


def test_a_user_who_may_only_read_is_one_line(assignment, url, postgres):
    write_gradebook(url, assignment, [graded(assignment)])
    postgres.execute(f"ALTER DATABASE {database(url)} SET default_transaction_read_only = on")
    assert "give yourself the right" in line_of(url, assignment, [graded(assignment, wrong=["mean"])])


def test_a_name_that_is_too_long_for_the_database_is_one_line(assignment, url):
    assert "more than 128 characters" in line_of(url, assignment, [graded(assignment, "x" * 200)])


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ada:secret@host/db", "postgresql://ada:***@host/db"),
        ("postgresql://ada:se@cr/et:x@host/db", "postgresql://ada:***@host/db"),
        (
            "postgresql://ada@host/db?password=secret&sslmode=require",
            "postgresql://ada@host/db?password=***&sslmode=require",
        ),
        ("postgresql://ada:a://secret@host", "postgresql://ada:***@host"),
        ("ada:secret@host/db", "ada:***@host/db"),
        ("postgresql://host/db", "postgresql://host/db"),
        ("sqlite:////class/a:b@c.db", "sqlite:////class/a:b@c.db"),
    ],
)
def test_an_address_is_shown_without_its_password(address, shown):
    assert safe_address(address) == shown
