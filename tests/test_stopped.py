"""The command itself is stopped, started twice, or run while the clock jumps: the exit code says so, and nothing is lost."""

import signal
import time

import chaos
import class_state
import pytest

pytest.importorskip("nbgrader")

pytestmark = pytest.mark.slow

SUBMISSIONS = 12
QUICKLY = 60  # seconds, on a machine that does much else

# Python reads this module in every process. Both ways of asking for the time of day lie, each time otherwise.
LYING_CLOCK = """
import random, time
rng = random.Random()
time.time = lambda: rng.uniform(0, 2**32)
time.time_ns = lambda: rng.randrange(2**62)
"""


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """A class that was graded in peace."""
    return graded_class(tmp_path_factory.mktemp("calm"))


def new_class(folder):
    home = chaos.make_class(folder / "course", SUBMISSIONS)
    (folder / "scratch").mkdir()
    return chaos.Grader(folder / "course", home, f"sqlite:///{home / 'gradebook.db'}", folder / "scratch")


def graded_class(folder):
    grader = new_class(folder)
    grader.run()
    return grader


def assert_as_in_peace(grader, calm):
    class_state.assert_same(grader.home, grader.db_url, calm.home, calm.db_url)
    assert grader.is_gone()
    assert list(grader.scratch.iterdir()) == []


def stop(grader, number, lines, seconds=0.0):
    """Start the command, send it the signal when so many results are there; returns exit code, output and complaint."""
    process = grader.start()
    while process.poll() is None and grader.lines() < lines:
        time.sleep(0.005)
    time.sleep(seconds)
    process.send_signal(number)
    out, err = process.communicate(timeout=QUICKLY)
    return process.returncode, out, err.strip()


def test_stopped_by_a_signal_it_tidies_up_says_so_and_goes_on_later(tmp_path, calm):
    grader = new_class(tmp_path)
    for number, code, lines in ((signal.SIGINT, 130, 2), (signal.SIGTERM, 143, 5)):
        status, out, err = stop(grader, number, lines)
        name = "Ctrl-C" if number == signal.SIGINT else number.name
        assert (status, out) == (code, ""), err
        assert err.startswith(f"course: stopped by {name}: ")
        assert err.endswith(f" of {SUBMISSIONS} submissions are graded and kept; the same command goes on from there")
        assert "\n" not in err
        assert grader.is_gone()
        assert list(grader.scratch.iterdir()) == [], "what it used is removed at once"
        assert lines <= grader.lines() < SUBMISSIONS
    kept = grader.lines()
    assert sum(s["cached"] for s in grader.run()["submissions"]) == kept
    assert_as_in_peace(grader, calm)


def test_a_pause_of_the_grader_costs_no_submission_its_time():
    from course.grading import watch

    class Waiting:
        cpu_seconds = queued_seconds = resident_mb = threads = staticmethod(lambda: 0)

    clock = [0.0]

    def look_at(*seconds):
        for clock[0] in seconds:
            watching.look()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch.time, "monotonic", lambda: clock[0])
        watching = watch.Watch(Waiting, watch.Limits(wall_seconds=20))
        look_at(0.5, 1000.0, 1010.0, *range(1011, 1025))
        with pytest.raises(watch.Ended, match="was not done after 20 seconds"):
            look_at(*range(1025, 1032))


def test_stopped_while_it_starts_as_by_a_terminal_that_closes_it_leaves_nothing_behind(tmp_path):
    grader = new_class(tmp_path)
    process = grader.start()
    while process.poll() is None and not list(grader.scratch.iterdir()):
        time.sleep(0.005)
    process.send_signal(signal.SIGHUP)
    _, err = process.communicate(timeout=QUICKLY)
    assert process.returncode == 129
    assert err.strip() == (
        f"course: stopped by SIGHUP: 0 of {SUBMISSIONS} submissions are graded and kept; "
        "the same command goes on from there"
    )
    assert grader.is_gone()
    assert list(grader.scratch.iterdir()) == []


def test_a_clock_that_lies_a_pause_and_a_second_grading_change_nothing(tmp_path, calm):
    grader = new_class(tmp_path)
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(LYING_CLOCK)
    first = grader.start(str(tmp_path / "clock"))
    while first.poll() is None and grader.lines() < 1:
        time.sleep(0.005)
    first.send_signal(signal.SIGSTOP)  # as Ctrl-Z does, for as long as the second one takes
    second = grader.start()
    _, told = second.communicate(timeout=300)
    first.send_signal(signal.SIGCONT)
    _, err = first.communicate(timeout=300)
    assert first.returncode == 0, err
    assert second.returncode == 1
    assert "is in use by another grading of this assignment: wait until it is done" in told
    assert "Traceback" not in told
    assert_as_in_peace(grader, calm)
    assert all(s["cached"] for s in grader.run()["submissions"])
