"""The benchmark of grading: a quick run gives every figure that a full one does, and its ratios follow from its raw figures.

How fast anything is, is not tested.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
sys.path.append(str(BENCHMARKS))

import classes  # noqa: E402
import figures  # noqa: E402
import otter_local  # noqa: E402


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """What `--quick` prints and keeps: text, and the document of ratios and raw figures."""
    out = tmp_path_factory.mktemp("benchmark")
    command = [sys.executable, BENCHMARKS / "grading.py", "--quick", "--out", out]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    text = (out / "grading.txt").read_text()
    assert done.stdout.rstrip() == text.rstrip()
    return text, json.loads((out / "grading.json").read_text())


@pytest.mark.slow
def test_a_run_says_on_what_machine_and_with_which_versions(quick):
    text, document = quick
    machine = document["raw"]["machine"]
    assert machine["cores"] >= 1
    assert {"nbgrader", "keras", "numpy"} <= set(machine["versions"])
    assert machine["versions"]["nbgrader"] in text


@pytest.mark.slow
def test_every_tool_graded_every_submission_and_gave_the_same_points(quick):
    for compared in quick[1]["raw"]["comparisons"]:
        assert {"course", "nbgrader"} <= set(compared["tools"])
        for figures_of_tool in compared["tools"].values():
            assert figures_of_tool["submissions"] == compared["submissions"] == figures_of_tool["same_points"]


@pytest.mark.slow
def test_ratios_follow_from_the_raw_figures(quick):
    text, document = quick
    for compared, found in zip(document["raw"]["comparisons"], document["ratios"]["throughput"], strict=True):
        tools = compared["tools"]
        for tool in set(tools) - {"course"}:
            whole = tools[tool]["wall_seconds"] / tools["course"]["wall_seconds"]
            assert found[tool]["whole"] == pytest.approx(whole)
            assert f"{whole:.1f} x" in text
    assert document["ratios"] == json.loads(json.dumps(figures.ratios(document["raw"])))


@pytest.mark.slow
def test_the_stop_watch_finds_every_function_that_it_watches(quick):
    raw = quick[1]["raw"]
    for probe in (*raw["classes"], *raw["growth"], *raw["fixed_cost"].values()):
        assert probe["missing"] == []
        assert probe["cells"]["runs"] > 0
        for phase in (*figures.UNIT_PHASES, *figures.AROUND_PHASES):
            assert phase in probe["phases"], phase


@pytest.mark.slow
def test_the_shares_of_a_run_add_up_to_the_whole(quick):
    for probe in quick[1]["raw"]["classes"]:
        shares = figures.unit_shares(probe)
        assert sum(shares.values()) == pytest.approx(1, abs=0.02)
        assert shares["cells"] == pytest.approx(figures.in_cells(probe)["running"])


@pytest.mark.slow
def test_the_text_has_every_part(quick):
    for head in ("THROUGHPUT", "SPENT IN CELLS", "FIXED COST", "GROWTH", "WHERE THE TIME GOES", "AROUND THEM"):
        assert head in quick[0]


def probe(**figures_of_run):
    return {
        "submissions": 4,
        "jobs": 2,
        "wall_seconds": 10.0,
        "working_seconds": 5.0,
        "cells": {"wall_seconds": 4.0, "cpu_seconds": 3.0},
        "phases": {"write the gradebook": {"around": {"cpu_seconds": 0.1, "wall_seconds": 0.2}}},
        "supervisor_cpu_seconds": 1.0,
        "others_cpu_seconds": 3.5,
        "peak_mb": 100.0,
        **figures_of_run,
    }


def test_the_share_in_cells_is_of_all_cores():
    assert figures.in_cells(probe()) == {"whole": 0.2, "running": 0.4}


def test_the_fixed_cost_is_what_cells_did_not_use():
    assert figures.fixed_cost(probe()) == pytest.approx((1.0 + 3.5 + 0.1 - 3.0) / 4)


def test_growth_is_told_against_the_largest_class():
    small, large = probe(working_seconds=6.0), probe(submissions=40, working_seconds=50.0, peak_mb=130.0)
    grown = figures.growth([small, large])
    assert grown["against_largest"] == [pytest.approx(1.2), 1.0]
    assert grown["peak_mb_grown"] == 30.0


@pytest.mark.parametrize("make", [classes.tiny_class, classes.plain_class, classes.keras_class])
def test_a_class_hands_in_distinct_notebooks_that_hold_no_answer_of_ours(tmp_path, make):
    assignment = make()
    assignment.write(tmp_path)
    released = (tmp_path / "assignments" / assignment.name / f"{assignment.name}.ipynb").read_text()
    assert "HIDDEN" not in released
    assert "BEGIN SOLUTION" not in released
    classes.hand_in(tmp_path, assignment, 3)
    handed_in = [path.read_bytes() for path in tmp_path.glob(f"submitted/*/{assignment.name}/*.ipynb")]
    assert len(set(handed_in)) == 3


def test_the_plain_assignment_has_the_cells_and_points_of_the_tiny_one():
    assert [cell[:3] for cell in classes.PLAIN] == [cell[:3] for cell in classes.tiny.SOURCE]


def test_otter_s_tests_hold_the_same_assertions_and_points(tmp_path):
    assignment = classes.plain_class()
    assignment.write(tmp_path)
    classes.hand_in(tmp_path, assignment, 1)
    otter_local.translate(tmp_path, assignment.name)
    tests = {path.stem: path.read_text() for path in (tmp_path / "tests").glob("*.py")}
    for kind, grade_id, points, source in classes.PLAIN:
        if kind == "tests":
            text = tests["sigmoid" if "sigmoid" in grade_id else "mean"]
            assert f"def {grade_id}(" in text
            assert f"points={points}, " in text
            for line in source.splitlines():
                assert line.startswith("###") or f"    {line}" in text
    for text in tests.values():
        compile(text, "tests", "exec")
