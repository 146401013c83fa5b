"""`course check`: a student's own check of a notebook in any state."""

import json
import subprocess
import sys

import pytest
from graded_course import CHAPTER, REPOSITORY, RIGHT, hand_in, make_course

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_course(tmp_path_factory.mktemp("checked"))


def course_check(root, path, *options):
    return subprocess.run(
        [sys.executable, "-m", "course", "check", str(path), *options],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def checked(root, path) -> dict[str, dict]:
    done = course_check(root, path, "--json")
    assert done.returncode == 0, done.stderr
    return {e["id"]: e for e in json.loads(done.stdout)["exercises"]}


def test_a_half_done_notebook_gets_points_and_diagnoses(root):
    path = hand_in(
        root,
        "half",
        {"softmax": RIGHT["softmax"], "loss": "def loss(logits, label):\n    return np.log(softmax(logits)[0, label])"},
    )
    found = checked(root, path)
    assert {k: v["state"] for k, v in found.items()} == {
        "softmax": "right",
        "softmax.stable": "right",
        "loss": "wrong",
        "build": "unanswered",
        "why": "unanswered",
    }
    assert found["loss"]["diagnosis"] == "sign"
    assert "Expected: 0.693147" in found["loss"]["message"]
    assert set(found["loss"]) == {"id", "points", "max_points", "state", "message", "diagnosis"}


def test_a_notebook_that_colab_saved_under_another_name_is_recognized(root, tmp_path):
    notebook = json.loads(hand_in(root, "colab", RIGHT).read_text())
    notebook["metadata"].pop("course", None)
    for i, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {"id": f"c{i}", "executionInfo": {"user": {"displayName": "A. Student"}}}
    path = root / "Copy of my homework (1).ipynb"
    path.write_text(json.dumps(notebook))
    assert {e["state"] for k, e in checked(root, path).items() if k != "why"} == {"right"}


def test_the_table_is_for_people(root):
    path = hand_in(root, "people", {"softmax": RIGHT["softmax"]})
    done = course_check(root, path)
    assert "softmax" in done.stdout and "unanswered" in done.stdout
    assert "4 of 9 points by the checks that you can see" in done.stdout


@pytest.mark.parametrize(("content", "words"), [('{"cells": [', "breaks off"), ("PK\x03\x04", "cannot be checked")])
def test_an_unreadable_notebook_is_one_clear_line(root, tmp_path, content, words):
    path = tmp_path / "broken.ipynb"
    path.write_text(content)
    done = course_check(root, path)
    assert done.returncode == 1
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_lesson_is_told_from_an_assignment(root):
    lesson = next(REPOSITORY.glob("lessons/*/*.ipynb"))
    done = course_check(root, lesson)
    assert (done.returncode, "is a lesson, which has nothing to check" in " ".join(done.stderr.split())) == (1, True)


def test_a_missing_file_is_one_clear_line(root):
    done = course_check(root, "nothing.ipynb")
    assert (done.returncode, "there is no file" in " ".join(done.stderr.split())) == (1, True)


def test_files_that_are_handed_out_beside_it_are_there(root):
    beside = root / "assignments" / CHAPTER / "numbers.txt"
    beside.write_text("3 4")
    try:
        answer = RIGHT["softmax"] + "\nassert open('numbers.txt').read() == '3 4'"
        assert checked(root, hand_in(root, "reader", {"softmax": answer}))["softmax"]["state"] == "right"
    finally:
        beside.unlink()
