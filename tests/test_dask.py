"""The same class, graded on a Dask cluster: the same results, whatever becomes of a worker."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import pytest
from dask_cluster import cluster
from distributed import Client
from graded_course import CHAPTER, RIGHT, hand_in, make_course

from course.errors import GivenError
from course.grading import dask_pool
from course.grading.dask_worker import IDLE_SECONDS, Grader, objection
from course.grading.grade import grade
from course.grading.sandbox import probe
from course.grading.watch import Limits

SOFTMAX_OVER_THE_OTHER_AXIS = (
    "def softmax(logits):\n    e = np.exp(logits - logits.max(0))\n    return e / e.sum(0, keepdims=True)"
)
LOOKING_AROUND = """import os, sys
said = {
    "pid": os.getpid(),
    "modules": sorted({"dask", "distributed", "tornado"} & set(sys.modules)),
    "variables": sorted(name for name in os.environ if name.startswith("DASK") or name == "WORKER_SECRET"),
}
print("looked around:", said)
"""
SUBMISSIONS = {
    "ada": RIGHT,
    "ben": {**RIGHT, "softmax": SOFTMAX_OVER_THE_OTHER_AXIS},
    "cleo": {},
    "dan": {**RIGHT, "loss": "def loss(logits, label)\n    return 0"},
    "eve": {**RIGHT, "loss": "import os\ndef loss(logits, label):\n    os._exit(0)"},
    "finn": {**RIGHT, "loss": LOOKING_AROUND + RIGHT["loss"]},
    "gita": {**RIGHT, "loss": "print('grüße', '\\udcff', 'x' * 100_000)\n" + RIGHT["loss"]},
    "hugo": {**RIGHT, "build": "def build():\n    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])"},
}
ANOTHER_ENVIRONMENT = """
from course.grading import dask_worker, reference
reference.environment = lambda: "another"
known = dask_worker.versions
dask_worker.versions = lambda: {**known(), "numpy": "1.0"}
"""
WITHOUT_THE_COURSE = "import sys; sys.modules['course'] = None"
# Stands for whatever takes a worker down each time it meets one submission: no submission can do it from its sandbox.
DIES_OF_EVE = """
import os
from course.grading import dask_worker
grade = dask_worker.Grader.grade
dask_worker.Grader.grade = lambda self, unit, content: os._exit(9) if '"eve"' in unit else grade(self, unit, content)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    if probe().name == "none":
        pytest.skip(f"no cluster grades without walls, and here are none: {probe().missing}")
    made = make_course(tmp_path_factory.mktemp("dask"))
    for student, answers in SUBMISSIONS.items():
        hand_in(made, student, answers)
    hand_in(made, "ida", RIGHT).write_text('{"cells": [')
    (made / "submitted" / "jon" / CHAPTER).mkdir(parents=True)
    return made


def run(root: Path, home: Path, **options):
    return grade(root, CHAPTER, root / "submitted", 2, f"sqlite:///{home / 'gradebook.db'}", home, **options)


def kept(home: Path) -> dict[str, dict]:
    """Student -> what the journal says, times aside. Fails when anybody was graded more than once."""
    lines = [json.loads(line) for line in (home / ".course" / "journal" / f"{CHAPTER}.jsonl").read_bytes().splitlines()]
    results = [line for line in lines if "student" in line]
    assert len(results) == len({line["student"] for line in results})
    return {
        line["student"]: {k: v for k, v in line.items() if k not in ("cell_seconds", "total_seconds", "digest")}
        for line in results
    }


@pytest.fixture(scope="module")
def local(root, tmp_path_factory):
    """The class graded on this machine alone: the folder with its journal."""
    home = tmp_path_factory.mktemp("local")
    run(root, home)
    return home


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster"), ("import os; os.environ['WORKER_SECRET'] = 'x'",) * 2) as made:
        yield made


@pytest.fixture(scope="module")
def remote(root, two_workers, tmp_path_factory):
    home = tmp_path_factory.mktemp("remote")
    seen = set()
    report = run(
        root,
        home,
        dask=two_workers.address,
        on_progress=lambda *_: seen.update(bool(children(worker)) for worker in two_workers.workers),
    )
    assert report.jobs == 2
    assert True in seen  # a warm process, while it graded
    return home


def children(worker) -> list[str]:
    """The processes that a worker has started, from whichever thread."""
    return [pid for listed in Path(f"/proc/{worker.pid}/task").glob("*/children") for pid in listed.read_text().split()]


def without_numbers(students: dict[str, dict]) -> dict[str, dict]:
    """What finn saw holds the number of a process, which differs from run to run."""
    return {
        s: {**line, "cells": [{**c, "stdout": ""} if "looked around" in c["stdout"] else c for c in line["cells"]]}
        for s, line in students.items()
    }


@pytest.mark.slow
def test_a_cluster_gives_the_same_results_as_this_machine(local, remote):
    assert set(kept(remote)) == {*SUBMISSIONS, "ida", "jon"}
    assert without_numbers(kept(remote)) == without_numbers(kept(local))


@pytest.mark.slow
def test_a_second_run_sends_nothing_to_the_cluster(root, remote):
    again = run(root, remote, dask="tcp://127.0.0.1:1")  # nobody is there, and nobody is needed
    assert all(r.cached for r in again.results)


@pytest.mark.slow
def test_a_submission_runs_neither_in_a_worker_nor_beside_what_a_worker_knows(remote, two_workers):
    (cell,) = [c for c in kept(remote)["finn"]["cells"] if "looked around" in c["stdout"]]
    said = cell["stdout"].partition("looked around: ")[2].splitlines()[0]
    assert "'modules': [], 'variables': []" in said
    assert not any(f"'pid': {worker.pid}," in said for worker in two_workers.workers)


@pytest.mark.slow
def test_a_grading_leaves_nothing_on_the_workers(remote, two_workers):
    assert all(worker.poll() is None for worker in two_workers.workers)
    assert not any(children(worker) for worker in two_workers.workers)


@pytest.mark.slow
def test_a_worker_that_is_killed_in_the_middle_costs_nothing(root, local, tmp_path):
    with cluster(tmp_path / "cluster") as made:

        def kill_one(result, done: int, total: int) -> None:
            if done == 2:
                os.kill(made.workers[0].pid, signal.SIGKILL)

        report = run(root, tmp_path, dask=made.address, on_progress=kill_one)
        assert made.workers[0].wait() == -signal.SIGKILL
    assert len(report.results) == len(SUBMISSIONS) + 2
    assert without_numbers(kept(tmp_path)) == without_numbers(kept(local))


@pytest.mark.slow
def test_a_submission_over_which_workers_are_lost_is_graded_here(root, local, tmp_path):
    with cluster(tmp_path / "cluster", (DIES_OF_EVE, DIES_OF_EVE), allowed_failures=0) as made:
        run(root, tmp_path, dask=made.address)
        assert sorted(worker.poll() or 0 for worker in made.workers) == [0, 9]
    assert without_numbers(kept(tmp_path)) == without_numbers(kept(local))


@pytest.mark.slow
def test_a_scheduler_that_is_lost_is_one_line_and_what_is_graded_is_kept(root, local, tmp_path):
    with cluster(tmp_path / "cluster") as made:

        def kill_it(result, done: int, total: int) -> None:
            if done == 3:
                made.scheduler.kill()

        with pytest.raises(GivenError, match=r"is gone: start it again, .*\d of 10 submissions are graded and kept"):
            run(root, tmp_path, dask=made.address, on_progress=kill_it)
    rest = run(root, tmp_path)
    assert sum(r.cached for r in rest.results) >= 3
    assert without_numbers(kept(tmp_path)) == without_numbers(kept(local))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("prelude", "words"),
    [
        (ANOTHER_ENVIRONMENT, r"the worker tcp://.* has another environment, .*: numpy 1\.0 \(here "),
        (WITHOUT_THE_COURSE, r"the worker tcp://.* cannot grade .*course.*: install the course there"),
    ],
)
def test_a_worker_that_could_give_other_points_is_refused_in_one_line(root, local, tmp_path, prelude, words):
    with cluster(tmp_path / "cluster", (prelude,)) as made, pytest.raises(GivenError, match=words) as refused:
        run(root, tmp_path, dask=made.address)
    assert "\n" not in str(refused.value)


@pytest.mark.slow
def test_a_worker_that_joins_later_is_held_to_the_same(root, local, tmp_path):
    with cluster(tmp_path / "cluster", ("",)) as made:

        def add_one(result, done: int, total: int) -> None:
            if done == 1:
                made.add(ANOTHER_ENVIRONMENT)
                with Client(scheduler_file=made.address, set_as_default=False) as client:
                    client.wait_for_workers(2, timeout=60)

        with pytest.raises(GivenError, match="has another environment"):
            run(root, tmp_path, dask=made.address, on_progress=add_one)


@pytest.mark.slow
def test_a_scheduler_without_workers_is_one_line(root, local, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_pool, "WORKER_SECONDS", 2)
    with (
        cluster(tmp_path / "cluster", ()) as made,
        pytest.raises(GivenError, match="no workers: start some with `dask w"),
    ):
        run(root, tmp_path, dask=made.address)


@pytest.mark.slow
@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "nowhere.invalid:8786", "nonsense://x", "no file.json", "tls://127.0.0.1:1", ""]
)
def test_no_scheduler_is_one_line(root, local, tmp_path, monkeypatch, address):
    monkeypatch.setattr(dask_pool, "CONNECT_SECONDS", 1)
    with pytest.raises(GivenError, match="no Dask scheduler answers at") as refused:
        run(root, tmp_path, dask=address)
    assert "\n" not in str(refused.value)


@pytest.mark.slow
def test_a_file_that_is_no_scheduler_s_is_one_line(root, local, tmp_path):
    (tmp_path / "s.json").write_text("[]")
    with pytest.raises(GivenError, match="no Dask scheduler answers at"):
        run(root, tmp_path, dask=str(tmp_path / "s.json"))


@pytest.mark.slow
def test_on_the_command_line_too_it_is_one_line(root, local, tmp_path):
    command = [sys.executable, "-m", "course", "grade", CHAPTER, "--class", tmp_path, "--submitted", root / "submitted"]
    done = subprocess.run([*command, "--dask", "nonsense://x"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "no Dask scheduler answers at nonsense://x" in done.stderr


HERE = {
    "environment": "e1",
    "versions": {"python": "3.11.7", "numpy": "2.2.0", "keras": "3.15.1"},
    "isolation": "full",
    "missing": "",
}


def test_a_worker_in_the_same_environment_may_grade():
    assert objection(HERE, dict(HERE), exam=True) == ""


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        ({**HERE["versions"], "numpy": "2.1.0"}, "numpy 2.1.0 (here 2.2.0);"),
        ({"python": "3.11.7", "numpy": "2.2.0"}, "keras is missing (here 3.15.1);"),
        ({**HERE["versions"], "jax": "0.7"}, "jax 0.7 (here it is missing);"),
        (HERE["versions"], "the versions are the same, but the course's own code or chapters are not"),
    ],
)
def test_an_objection_names_the_versions_that_differ(versions, words):
    assert words in objection(HERE, {**HERE, "environment": "e2", "versions": versions}, exam=False)


def test_a_worker_without_walls_does_not_grade():
    there = {**HERE, "isolation": "none", "missing": "partial: no Landlock"}
    assert objection(HERE, there, exam=False) == (
        "has isolation level none, where a submission could reach the cluster itself: partial: no Landlock"
    )


def test_an_exam_asks_for_full_isolation_of_each_worker():
    there = {**HERE, "isolation": "partial", "missing": "full: unshare is not allowed (run as root)"}
    assert objection(HERE, there, exam=False) == ""
    assert objection(HERE, there, exam=True).endswith("needs full: full: unshare is not allowed (run as root)")


@pytest.mark.parametrize(("idle", "rested"), [(IDLE_SECONDS - 60, 0), (IDLE_SECONDS + 60, 1)])
def test_a_worker_whose_supervisor_is_gone_ends_its_warm_process_after_a_while(idle, rested):
    async def wait() -> tuple[int, Path]:
        grader = Grader("g", CHAPTER, "", {"solutions/a.txt": b"a"}, asdict(Limits()), HERE, exam=False)
        grader.setup(SimpleNamespace(address="tcp://somewhere"))  # whether it may grade here does not matter
        folder = grader._scratch.path
        assert (folder / "solutions" / "a.txt").read_bytes() == b"a"
        count = []
        grader._workshop.rest = lambda: count.append(1)
        grader._used -= idle
        grader._rest()
        so_far = len(count)
        grader.teardown(None)
        return so_far, folder

    times, folder = asyncio.run(wait())
    assert times == rested
    assert not folder.exists()
