"""A class is graded: the right points, whatever else a submission does, and nothing twice."""

import json
import os
import time
from pathlib import Path

import pytest
from graded_course import CHAPTER, RIGHT, hand_in, make_course

from course.grading.grade import grade

pytestmark = pytest.mark.slow

LOOP = "def loss(logits, label):\n    while True:\n        pass"
SUBMISSIONS = {
    "perfect": RIGHT,
    "untouched": {},
    "wrong_softmax": {
        **RIGHT,
        "softmax": "def softmax(logits):\n    e = np.exp(logits - logits.max(0))\n    return e / e.sum(0)",
    },
    "mistaken": {
        **RIGHT,
        "softmax": "def softmax(logits):\n    return (logits + 1) / (logits + 1).sum(axis=1, keepdims=True)",
    },
    "known_mistake": {
        **RIGHT,
        "softmax": "def softmax(logits):\n    return logits / logits.sum(axis=1, keepdims=True)",
    },
    "looping": {**RIGHT, "loss": LOOP},
    "looping_at_once": {**RIGHT, "loss": RIGHT["loss"] + "\nwhile True:\n    pass"},
    "exiting": {**RIGHT, "loss": "import sys\n" + RIGHT["loss"] + "\nsys.exit(0)"},
    "dying": {**RIGHT, "loss": "import os\ndef loss(logits, label):\n    os._exit(0)"},
    "asking": {**RIGHT, "loss": "name = input('your name?')\n" + RIGHT["loss"]},
    "flooding": {**RIGHT, "loss": RIGHT["loss"] + "\nfor i in range(200_000):\n    print('flood', i)"},
    "hogging": {
        **RIGHT,
        "loss": "def loss(logits, label):\n    hog = [bytearray(10**7) for _ in range(10**6)]\n    return 0.0",
    },
    "threading": {
        **RIGHT,
        "loss": "import threading, time\nthreading.Thread(target=time.sleep, args=(3600,)).start()\n" + RIGHT["loss"],
    },
    "forking": {**RIGHT, "loss": "import subprocess\nsubprocess.Popen(['sleep', '3601'])\n" + RIGHT["loss"]},
    "warning": {
        **RIGHT,
        "loss": "import sys, warnings\nwarnings.warn('careful')\nprint('oops', file=sys.stderr)\n" + RIGHT["loss"],
    },
    "syntax": {**RIGHT, "loss": "def loss(logits, label)\n    return 0"},
    "recursive": {**RIGHT, "loss": "def loss(logits, label):\n    return loss(logits, label)"},
    "magic": {**RIGHT, "loss": "%matplotlib inline\n!echo hello\n" + RIGHT["loss"]},
}


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    """The whole class, graded once; and the folder."""
    root = make_course(tmp_path_factory.mktemp("graded"))
    for student, answers in SUBMISSIONS.items():
        hand_in(root, student, answers)
    hand_in(root, "truncated", RIGHT).write_text('{"cells": [')
    (root / "submitted" / "absent" / CHAPTER).mkdir(parents=True)
    return root, {r.student: r for r in run(root).results}


def run(root, **options):
    return grade(root, CHAPTER, root / "submitted", 2, f"sqlite:///{root / 'gradebook.db'}", **options)


def points(result) -> dict[str, float]:
    return {e.part: e.points for e in result.exercises}


ALL = {"softmax": 3.0, "softmax.stable": 1.0, "loss": 2.0, "build": 3.0, "why": 0.0}


@pytest.mark.parametrize(
    ("student", "lost"),
    [
        ("perfect", ()),
        ("untouched", ("softmax", "softmax.stable", "loss", "build")),
        ("wrong_softmax", ("softmax", "softmax.stable")),
        ("mistaken", ("softmax", "softmax.stable")),
        ("looping", ("loss",)),
        ("looping_at_once", ("loss",)),
        ("exiting", ()),
        ("dying", ("loss",)),
        ("asking", ("loss",)),
        ("flooding", ()),
        ("hogging", ("loss",)),
        ("threading", ()),
        ("forking", ("loss",)),
        ("warning", ()),
        ("syntax", ("loss",)),
        ("recursive", ("loss",)),
        ("magic", ("loss",)),
        ("truncated", ("softmax", "softmax.stable", "loss", "build")),
        ("absent", ("softmax", "softmax.stable", "loss", "build")),
    ],
)
def test_each_submission_gets_the_points_that_it_earned(class_, student, lost):
    assert points(class_[1][student]) == {part: 0.0 if part in lost else worth for part, worth in ALL.items()}


@pytest.mark.parametrize(
    ("student", "status"),
    [
        ("perfect", "graded"),
        ("untouched", "graded"),
        ("wrong_softmax", "graded"),
        ("flooding", "graded"),
        ("looping", "incident"),
        ("dying", "incident"),
        ("syntax", "incident"),
        ("truncated", "ungradable"),
        ("absent", "ungradable"),
    ],
)
def test_each_submission_has_its_status(class_, student, status):
    assert class_[1][student].status == status


@pytest.mark.parametrize(
    ("student", "part", "diagnosis", "words"),
    [
        ("known_mistake", "softmax", "no_exponential", "the exponential is missing"),
        ("untouched", "build", "unanswered", "Not answered yet"),
        ("looping", "loss", "timeout", "does a loop never end"),
        ("dying", "loss", "died", "it ended its process"),
        ("recursive", "loss", "raised", "RecursionError"),
        ("syntax", "loss", "incomplete", "'loss' is not defined"),
        ("perfect", "loss", "", "reference `softmax` in place of yours"),
    ],
)
def test_each_verdict_says_why(class_, student, part, diagnosis, words):
    (scored,) = [e for e in class_[1][student].exercises if e.part == part]
    assert scored.diagnosis == diagnosis
    assert words in scored.message


def test_what_went_wrong_is_told_as_an_incident(class_):
    assert any("input()" in i for i in class_[1]["asking"].incidents)
    assert any("SyntaxError" in i for i in class_[1]["syntax"].incidents)
    assert any("shell commands" in i for i in class_[1]["magic"].incidents)


def test_hidden_checks_tell_neither_inputs_nor_expected_values(class_):
    (scored,) = [e for e in class_[1]["mistaken"].exercises if e.part == "softmax"]
    assert "A hidden check failed: random logits" in scored.message
    assert "What comes back is not right there." in scored.message
    assert not any(character.isdigit() for character in scored.message.replace("(1 of 2 checks failed.)", ""))


def test_printed_text_is_kept_up_to_a_limit(class_):
    (cell,) = [c for c in class_[1]["flooding"].cells if c.id == "loss"] or [None]
    assert cell is None or len(cell.stdout) < 70_000


def test_nothing_that_a_submission_started_is_left_running(class_):
    commands = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.exists()]
    assert not any(b"sleep\x003601" in c for c in commands)


def test_a_second_run_does_nothing_and_gives_the_same(class_):
    root, first = class_
    files = {p: p.stat().st_mtime_ns for room in ("feedback", "autograded") for p in (root / room).rglob("*.*")}
    again = run(root)
    assert all(r.cached for r in again.results)
    assert again.changed == 0
    assert {r.student: points(r) for r in again.results} == {s: points(r) for s, r in first.items()}
    assert files == {p: p.stat().st_mtime_ns for room in ("feedback", "autograded") for p in (root / room).rglob("*.*")}


def test_only_a_changed_submission_is_graded_again(class_):
    root, _ = class_
    hand_in(root, "untouched", {"softmax": RIGHT["softmax"]})
    report = run(root)
    assert [r.student for r in report.results if not r.cached] == ["untouched"]
    assert points(next(r for r in report.results if r.student == "untouched")) == ALL | {"loss": 0.0, "build": 0.0}
    assert report.changed == 1


def test_a_line_that_a_crash_cut_short_costs_one_regrading(class_):
    root, _ = class_
    journal = root / ".course" / "journal" / f"{CHAPTER}.jsonl"
    run(root)
    last = json.loads(journal.read_bytes().splitlines()[-1])["student"]
    journal.write_bytes(journal.read_bytes()[:-100])
    # The student may have an older line; then that one is found, and belongs to other content.
    assert [r.student for r in run(root).results if not r.cached] == [last]


def test_two_gradings_at_once_are_refused_in_one_line(class_):
    from course.errors import GivenError
    from course.grading.journal import Journal

    root, _ = class_
    with (
        Journal(root / ".course" / "journal" / f"{CHAPTER}.jsonl"),
        pytest.raises(GivenError, match="in use by another grading"),
    ):
        run(root)


def test_an_empty_class_is_one_clear_line(class_, tmp_path):
    from course.errors import GivenError

    root, _ = class_
    (tmp_path / "somebody").mkdir()
    with pytest.raises(GivenError, match="nobody has handed in"):
        grade(root, CHAPTER, tmp_path, 1, "sqlite://")


def test_the_report_has_the_promised_form(class_):
    document = run(class_[0]).to_json()
    assert set(document) == {
        "assignment",
        "isolation",
        "backend",
        "submissions",
        "wall_seconds",
        "cell_seconds",
        "jobs",
        "not_handed_in",
        "notes",
    }
    assert set(document["submissions"][0]) >= {
        "student",
        "status",
        "points",
        "max_points",
        "late_penalty",
        "exercises",
        "incidents",
        "cell_seconds",
        "total_seconds",
        "cached",
    }
    json.dumps(document, allow_nan=False)


def test_what_a_quick_cell_keeps_is_laid_to_its_own_charge(class_, tmp_path, monkeypatch):
    from course.grading import watch
    from course.grading.warm import Zygote

    monkeypatch.setattr(watch, "WATCH_SECONDS", 1000)  # it is over before anybody looks
    little = watch.Limits(memory_mb=100)
    with Zygote() as zygote:
        child = zygote.new_child(memory_mb=1000, file_mb=10, chapter=CHAPTER, root=str(tmp_path), expectations=False)
        assert child.run("of your own", "held = bytearray(50_000_000)", {}, little)["status"] == "ok"
        with pytest.raises(watch.Ended, match="more than 100 MB of memory"):
            child.run("of your own", "more = bytearray(80_000_000)", {}, little)


def test_a_stop_of_the_whole_program_leaves_no_process(class_, tmp_path):
    from course.grading.warm import Zygote

    with Zygote() as zygote:
        child = zygote.new_child(memory_mb=1000, file_mb=10, chapter=CHAPTER, root=str(tmp_path), expectations=False)
        pid = child.pid
    deadline = time.monotonic() + 10
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{pid}")
