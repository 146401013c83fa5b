"""The same submissions get the same points, and the same words, every time, and on a machine that is set up otherwise."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from graded_course import CHAPTER, REPOSITORY, RIGHT, hand_in, make_course

from course.grading import reference
from course.grading.collect import collect
from course.grading.pool import grade_here
from course.grading.released import load_assignment
from course.grading.units import Engine, grade_unit, read_unit
from course.grading.warm import Zygote
from course.grading.watch import Limits

pytestmark = pytest.mark.slow

GRADINGS = 12  # of the small class here; the sample class is graded twenty times


@dataclass(frozen=True)
class Setting:
    """How a machine may differ. reference: whether the right answers, too, are computed in this setting."""

    jobs: int = 2
    variables: Mapping[str, str] = field(default_factory=dict)
    reference: bool = False


FAST = {"TF_ENABLE_ONEDNN_OPTS": "1"}
THREADS = {"TF_NUM_INTRAOP_THREADS": "4", "TF_NUM_INTEROP_THREADS": "2"}
SETTINGS = {
    "as it is": Setting(),
    "threads, one at a time": Setting(1, THREADS),
    "oneDNN, four at a time": Setting(4, FAST),
    "oneDNN and threads, the reference too": Setting(3, FAST | THREADS, reference=True),
}

ANSWERS = {
    "perfect": RIGHT,
    "half": {"softmax": RIGHT["softmax"], "build": RIGHT["build"]},
    "wrong_axis": {
        **RIGHT,
        "softmax": "def softmax(logits):\n    e = np.exp(logits - logits.max(0))\n    return e / e.sum(0)",
    },
    "in_32_bits": {
        **RIGHT,
        "softmax": "def softmax(logits):\n    return keras.ops.softmax(keras.ops.cast(logits, 'float32'), axis=1)",
        "loss": "def loss(logits, label):\n    return float(-keras.ops.log(softmax(logits)[0, label]))",
    },
    "random": {
        **RIGHT,
        "softmax": "def softmax(logits):\n    return np.random.rand(*logits.shape) + len({'a', 'b'} - {str(hash('c'))})",
        "build": "def build():\n    units = sorted({'8', '9', '10'}, key=hash)[0]\n"
        "    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(int(units)), keras.layers.Dense(3)])",
    },
    "dying": {**RIGHT, "loss": "import os\ndef loss(logits, label):\n    os._exit(1)"},
    "trained": {
        **RIGHT,
        "loss": "model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(8, 3, activation='relu'), "
        "keras.layers.Flatten(), keras.layers.Dense(3)])\nmodel.compile('adam', 'mse')\n"
        "model.fit(np.random.rand(64, 8, 8, 1), np.random.rand(64, 3), epochs=2, verbose=0)\n"
        "def loss(logits, label):\n    return -np.log(softmax(logits)[0, label]) + float(model.predict(np.ones((1, 8, 8, 1)), verbose=0)[0, 0])",
    },
}


def outcome(result) -> tuple:
    """All of a result that a student or an instructor sees, but for what is measured by a clock."""
    scores = tuple((e.part, e.points, e.state, e.diagnosis, e.message) for e in result.exercises)
    return result.status, result.points, scores, result.incidents


def gradings(root: Path, name: str, submitted: Path, setting: Setting, times: int) -> list[dict[str, tuple]]:
    """Grade all submissions so many times in one setting: student -> outcome, for each time."""
    assignment = load_assignment(root, name)
    notebooks = [notebook.name for notebook in assignment.notebooks]
    units = [read_unit(s, assignment, Limits()) for s in collect(submitted, name, notebooks)]
    with Zygote(root, setting.variables) as zygote:
        # In a setting of its own, the usual reference is the one that is there already.
        own = zygote if setting.reference or not setting.variables else None
        known = {n.name: reference.load(root, n, own) for n in assignment.notebooks}
        engine = Engine(zygote, root, assignment, known, Limits(), zygote.level.name)
        found = []
        for time in range(times):
            order = units[::-1] if time % 2 else units
            results = grade_here(lambda unit: grade_unit(engine, unit), order, setting.jobs)
            found.append({result.student: outcome(result) for result in results})
        return found


def assert_always_the_same(found: Mapping[str, list[dict[str, tuple]]]) -> None:
    first = next(iter(found.values()))[0]
    for setting, all_of_it in found.items():
        for number, one in enumerate(all_of_it):
            differ = {student: (first[student], one[student]) for student in first if one[student] != first[student]}
            assert not differ, f"{setting}, grading {number + 1}: {differ}"
            assert one.keys() == first.keys()


def test_gradings_in_four_settings_give_the_same_points_and_words(tmp_path):
    root = make_course(tmp_path / "course")
    for student, answers in ANSWERS.items():
        hand_in(root, student, answers)
    found = {}
    for name, setting in SETTINGS.items():
        if setting.reference:
            shutil.rmtree(root / ".course")
        found[name] = gradings(root, CHAPTER, root / "submitted", setting, GRADINGS // len(SETTINGS))
    assert sum(map(len, found.values())) == GRADINGS
    assert_always_the_same(found)
    points = {student: seen[1] for student, seen in found["as it is"][0].items()}
    assert points == {
        "perfect": 9.0,
        "half": 7.0,
        "wrong_axis": 5.0,
        "in_32_bits": 9.0,
        "random": 2.0,
        "dying": 7.0,
        "trained": 7.0,
    }


@pytest.mark.long
@pytest.mark.parametrize("chapter", ["01_neuron", "02_layers", "03_backpropagation"])
def test_twenty_gradings_of_the_sample_class_give_the_same_points_and_words(tmp_path, chapter):
    submitted = REPOSITORY / "examples" / "class" / "submitted"
    found = {}
    for shared in ("lessons", "solutions", "assignments", "datasets", "course", "pyproject.toml"):
        (tmp_path / shared).symlink_to(REPOSITORY / shared)
    for name, setting in SETTINGS.items():
        if setting.reference:
            shutil.rmtree(tmp_path / ".course")
        found[name] = gradings(tmp_path, chapter, submitted, setting, 20 // len(SETTINGS))
    assert_always_the_same(found)
