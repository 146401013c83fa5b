"""Whatever is killed, whenever: each submission is graded once, with the right points, and nobody's work is lost."""

import random
import shutil
from collections import Counter
from contextlib import suppress
from pathlib import Path

import chaos
import class_state
import pytest

pytest.importorskip("nbgrader")

pytestmark = pytest.mark.slow


def mounts():
    return Path("/proc/self/mountinfo").read_text()


def copy_of(db_url, home, postgres):
    """A second gradebook with the same content, for a second class folder."""
    if db_url.startswith("sqlite"):
        shutil.copy(db_url.removeprefix("sqlite:///"), home / "gradebook.db")
        return f"sqlite:///{home / 'gradebook.db'}"
    name = db_url.rpartition("/")[2]
    postgres.execute(f"CREATE DATABASE {name}_calm TEMPLATE {name}")
    return postgres.url(f"{name}_calm")


SIZES = [
    pytest.param("SQLite", 60, (2, 1, 6), id="60-SQLite"),
    pytest.param("PostgreSQL", 20, (1, 1, 3), id="20-PostgreSQL"),
    pytest.param("SQLite", 360, (20, 12, 40), id="360-SQLite", marks=pytest.mark.long),
    pytest.param("PostgreSQL", 300, (16, 8, 30), id="300-PostgreSQL", marks=pytest.mark.long),
]


@pytest.mark.parametrize(("database", "submissions", "kills"), SIZES)
def test_killed_at_random_and_run_again_everything_is_as_if_nothing_had_happened(
    tmp_path, request, capsys, database, submissions, kills
):
    seed = request.config.getoption("--seed") or random.SystemRandom().randrange(1, 10_000)
    postgres = request.getfixturevalue("postgres") if database == "PostgreSQL" else None
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    root = tmp_path / "course"
    home = chaos.make_class(root, submissions // 2)
    url = postgres.new_database() if postgres else f"sqlite:///{home / 'gradebook.db'}"

    # Half of the class was graded before, and a person has begun to grade by hand.
    disturbed = chaos.Grader(root, home, url, scratch)
    disturbed.run()
    for number in range(0, submissions // 2, 3):
        class_state.give_by_hand(url, chaos.student(number), 2.5, 0.5, f"Comment for {number}.")
    calm_home = home.with_name("calm-class")
    shutil.copytree(home, calm_home)
    calm = chaos.Grader(root, calm_home, copy_of(url, calm_home, postgres), scratch)

    # Now the others hand in, and some of the first once more.
    again = range(0, submissions // 2, 4)
    for each in (home, calm_home):
        for number in range(submissions // 2, submissions):
            chaos.hand_in(each, number)
        for number in again:
            chaos.hand_in(each, number, version=1)

    # Of somebody who did not hand in again: of a new submission, what a person gave means one thing before and one after
    # it has been written, and which of the two this is depends on the moment of the first kill.
    given = (chaos.student(3), 3.0, 1.0, "Given between two runs.")

    def person(reruns):
        if reruns == 1:
            class_state.give_by_hand(url, *given)

    before = mounts()
    lines = submissions + len(again)
    plan = chaos.plan(random.Random(seed), lines, *kills)
    figures = chaos.run(disturbed, lines, seed, plan, person)
    class_state.give_by_hand(calm.db_url, *given)
    calm.run()
    with capsys.disabled():
        print(f"\nchaos: {figures}")
    log = "\n".join([f"seed {seed}", *figures.log])

    assert figures.kills["supervisor"] == kills[0] + 1, log
    assert figures.reruns >= kills[0] + 1, log
    counted = Counter(record["student"] for record in class_state.journal(home))
    assert counted == Counter(chaos.student(number) for number in (*range(submissions), *again)), log
    class_state.assert_same(home, url, calm_home, calm.db_url, log)
    assert disturbed.is_gone(), log
    assert list(scratch.iterdir()) == [], log
    assert mounts() == before, log


def test_a_new_grading_removes_the_scratch_folders_of_killed_ones_and_no_others(tmp_path):
    from course.grading import scratch

    living = scratch.make(tmp_path)
    dead = tmp_path / f"{scratch.PREFIX}dead"
    (dead / "work").mkdir(parents=True)
    (dead / "work" / "file").write_text("left")
    (dead / "work").chmod(0)
    other = tmp_path / "course-of-somebody"
    other.mkdir()
    (tmp_path / f"{scratch.PREFIX}link").symlink_to(other)
    deep = dead
    for _ in range(3000):
        deep = deep / "d"
        with suppress(OSError):  # longer than a path may be
            deep.mkdir()
    made = scratch.make(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        living.path.name,
        made.path.name,
        other.name,
        f"{scratch.PREFIX}link",
    }
    scratch.remove(living)
    scratch.remove(made)
    assert not living.path.exists()
    assert not made.path.exists()


def test_a_scratch_folder_is_free_as_soon_as_its_owner_is_killed(tmp_path):
    import subprocess
    import sys

    from course.grading import scratch

    code = (
        "import pathlib, sys, time\nfrom course.grading import scratch\n"
        "scratch.make(pathlib.Path(sys.argv[1]))\nprint('made', flush=True)\ntime.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout.readline() == "made\n"
    assert scratch.sweep(tmp_path) == 0
    owner.kill()
    owner.wait()
    assert scratch.sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_chaos_itself_is_seeded():
    assert chaos.plan(random.Random(7), 60, 3, 2, 6) == chaos.plan(random.Random(7), 60, 3, 2, 6)
