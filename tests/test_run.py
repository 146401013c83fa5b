"""Running lessons: every claim is held, and what the run cost is measured."""

import json
import math
from dataclasses import replace

import nbformat
import pytest
from sample_course import CHAPTER, PLAIN_SETUP, edit, make_course

from course.authoring import lesson as lesson_room
from course.authoring import pages
from course.authoring.build import source_path
from course.authoring.kernel import Execution, Failure, execute
from course.authoring.ledger import read_ledger
from course.authoring.notebook import assemble
from course.authoring.run import hold_claims, judge, run_lessons, runs_json
from course.authoring.source import Claim, read_source

ACCURACY = Claim("accuracy", "accuracy on held-back cells", 0.97, 0.015)


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "SETUP_TEMPLATE", PLAIN_SETUP)
    monkeypatch.setattr(lesson_room, "SETUP_TEMPLATE", PLAIN_SETUP)
    return make_course(tmp_path)


def test_a_claim_within_its_tolerance_holds():
    (result,), broken = hold_claims([ACCURACY], [("accuracy", 0.96)])
    assert result.ok and broken == ()
    assert (result.value, result.target, result.tolerance) == (0.96, 0.97, 0.015)


def test_a_claim_at_the_edge_of_its_tolerance_holds_and_beyond_it_does_not():
    exact = Claim("steps", "steps", 10, 2)
    assert hold_claims([exact], [("steps", 12)])[0][0].ok
    assert not hold_claims([exact], [("steps", 12.001)])[0][0].ok


BROKEN = {
    "measured elsewhere": ([("accuracy", 0.9)], "measured 0.9, claimed 0.97 ± 0.015"),
    "never made": ([], "declared, but never made"),
    "made twice": ([("accuracy", 0.97), ("accuracy", 0.97)], "made 2 times"),
    "not a number": ([("accuracy", math.nan)], "not a finite number"),
    "text": ([("accuracy", "0.97")], "not a finite number"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_claim_does_not_hold_when(how):
    made, reason = BROKEN[how]
    (result,), (line,) = hold_claims([ACCURACY], made)
    assert not result.ok
    assert "'accuracy'" in line and reason in line


def test_a_claim_that_is_not_declared_is_a_failure():
    results, (line,) = hold_claims([ACCURACY], [("accuracy", 0.97), ("speed", 3)])
    assert [(result.name, result.ok, result.target) for result in results] == [
        ("accuracy", True, 0.97),
        ("speed", False, None),
    ]
    assert "write [claims.speed]" in line


def executed(seconds=1.0, failure=None, value=4.0):
    claim = {"application/vnd.course.claim+json": {"name": "sum", "value": value}, "text/plain": "sum"}
    cell = nbformat.v4.new_code_cell("", outputs=[nbformat.v4.new_output("display_data", claim)])
    return Execution(assemble([cell], {}), seconds, 300.0, {"python": "3"}, failure)


def test_more_than_three_minutes_are_noted_and_are_not_recorded(root):
    source = read_source(source_path(root, "lessons", CHAPTER))
    assert judge(root, source, "tensorflow", executed(seconds=179), held_to_limit=True).ok
    slow = judge(root, source, "tensorflow", executed(seconds=181))
    assert slow.ok and slow.problems == ()
    assert slow.notes[0].startswith("lessons/01_sample: took 181 s")
    refused = judge(root, source, "tensorflow", executed(seconds=181), held_to_limit=True)
    assert not refused.ok
    assert refused.problems[0].startswith("lessons/01_sample: took 181 s, and a ledger records at most 180 s")


def test_a_lesson_that_stopped_is_not_ok_though_its_claims_hold(root):
    source = read_source(source_path(root, "lessons", CHAPTER))
    run = judge(root, source, "jax", executed(failure=Failure(3, "f()", "NameError: f", "Traceback ...")))
    assert run.claims[0].ok and not run.ok
    assert "the cell `f()` stopped: NameError: f" in run.problems[0]
    assert (root / ".course" / "logs" / "01_sample.jax.log").read_text() == "Traceback ...\n"


def test_the_json_of_a_run_is_strict_json_with_the_fields_that_were_promised(root):
    source = read_source(source_path(root, "lessons", CHAPTER))
    run = judge(root, source, "tensorflow", executed(value=math.inf))
    document = json.loads(json.dumps(runs_json([run]), allow_nan=False))
    (lesson,) = document["lessons"]
    assert set(lesson) >= {"chapter", "backend", "seconds", "peak_mb", "ok", "claims"}
    assert lesson["claims"] == [{"name": "sum", "value": None, "target": 4, "tolerance": 0.5, "ok": False}]


def test_a_source_that_is_wrong_is_a_run_that_is_not_ok(root):
    edit(source_path(root, "lessons", CHAPTER), "# %% setup=true", "# %%")
    (run,) = run_lessons(root)
    assert not run.ok
    assert "the first code cell is the set-up cell" in run.problems[0]


@pytest.mark.slow
def test_a_run_measures_seconds_and_memory_and_records_them_when_asked(root):
    (run,) = run_lessons(root, backend="jax")
    assert run.ok and run.problems == ()
    assert [(claim.name, claim.value, claim.ok) for claim in run.claims] == [("sum", 4, True)]
    assert 0 < run.seconds < 60 and 20 < run.peak_mb < 500
    assert read_ledger(root, CHAPTER) == {}

    run_lessons(root, backend="jax", record=True)
    run_lessons(root, backend="tensorflow", record=True)
    ledger = read_ledger(root, CHAPTER)
    assert set(ledger) == {"jax", "tensorflow"}
    assert ledger["jax"]["claims"] == {"sum": 4}
    assert set(ledger["jax"]) == {"seconds", "peak_mb", "claims", "versions", "device"}


@pytest.mark.slow
def test_lessons_run_side_by_side_each_in_a_kernel_of_its_own(root):
    other = root / "lessons" / "02_other" / "02_other.py"
    other.parent.mkdir()
    other.write_text(source_path(root, "lessons", CHAPTER).read_text())
    told = []
    runs = run_lessons(root, jobs=2, on_progress=lambda chapter, message: told.append(chapter))
    assert [run.chapter for run in runs] == ["01_sample", "02_other"]
    assert all(run.ok for run in runs)
    assert sorted(told) == ["01_sample", "01_sample", "02_other", "02_other"]


@pytest.mark.slow
def test_the_kernel_has_the_backend_that_was_asked_for_and_a_fixed_number_of_threads(tmp_path):
    ask = nbformat.v4.new_code_cell("import os; print(os.environ['KERAS_BACKEND'], os.environ['OMP_NUM_THREADS'])")
    cell = execute(assemble([ask], {}), tmp_path, "jax").notebook.cells[0]
    assert cell.outputs[0].text == "jax 2\n"


@pytest.mark.slow
def test_a_cell_that_never_ends_and_a_kernel_that_dies_are_told(tmp_path):
    def failure(text):
        return str(execute(assemble([nbformat.v4.new_code_cell(text)], {}), tmp_path, "jax", timeout=1).failure)

    assert failure("while True: pass") == "the cell `while True: pass` stopped: no end after 1 s"
    assert failure("import os; os._exit(1)").endswith("stopped: the kernel died (out of memory?)")


LARGER = Claim("accuracy", "test accuracy", 0.9, 0.01, {"gpu": (0.95, 0.02)})


@pytest.mark.parametrize(("scale", "measured"), [("cpu", 0.9), ("gpu", 0.94), ("tpu", 0.94)])
def test_a_claim_is_held_at_the_scale_that_ran(root, scale, measured):
    source = read_source(source_path(root, "lessons", CHAPTER))
    source = replace(source, front=replace(source.front, claims=(replace(LARGER, name="sum"),)))
    assert judge(root, source, "jax", executed(value=measured), scale).ok
    other = "gpu" if scale == "cpu" else "cpu"
    assert not judge(root, source, "jax", executed(value=measured), other).ok


def test_the_time_limit_is_that_of_a_laptop(root):
    source = read_source(source_path(root, "lessons", CHAPTER))
    run = judge(root, source, "jax", executed(seconds=181), "gpu", held_to_limit=True)
    assert run.ok and run.notes == ()
