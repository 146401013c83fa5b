"""The classes that are graded: a course in a folder of its own, with as many distinct honest submissions as are asked for.

Every tool gets a copy of the same folder, so that all grade the same bytes. The sample class in examples/class is not
used: its accidents (an endless loop, a truncated file) measure limits, and here speed is measured.
"""

import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path += [str(REPOSITORY / "tests"), str(REPOSITORY / "examples")]

import tiny_assignment as tiny  # noqa: E402
from answers import answer_sheet  # noqa: E402

CHAPTERS = ("01_neuron", "02_layers", "03_backpropagation")
_RIGHT, _ANSWERED = 0.8, 0.9  # how often an answer of a chapter's class is right; how much of the notebook is answered


@dataclass(frozen=True)
class Assignment:
    """What is graded. title: for the table. write: puts the course into a folder. answers: student's number -> grade_id ->
    source. plain: whether its tests are nbgrader's own plain assertions, which other tools can run as well."""

    name: str
    title: str
    write: Callable[[Path], None]
    answers: Callable[[int], Mapping[str, str]]
    plain: bool = False


def hand_in(root: Path, assignment: Assignment, students: int) -> None:
    """`students` submissions of the released notebook, each with answers of its own, in nbgrader's layout."""
    released = (root / "assignments" / assignment.name / f"{assignment.name}.ipynb").read_text(encoding="utf-8")
    for number in range(students):
        notebook, answers = json.loads(released), assignment.answers(number)
        for cell in notebook["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            cell["source"] = answers.get(grade_id, "".join(cell["source"])).splitlines(keepends=True)
        folder = root / "submitted" / f"student{number:04d}" / assignment.name
        folder.mkdir(parents=True)
        (folder / f"{assignment.name}.ipynb").write_text(json.dumps(notebook, indent=1), encoding="utf-8")


def tiny_class() -> Assignment:
    """The tests' own tiny assignment: two functions, no Keras. For such work nearly all is fixed cost."""
    return Assignment(
        tiny.NAME, "tiny, our checks", _write_tiny, lambda number: _numbered(tiny.ANSWERS, "mean", number)
    )


def plain_class() -> Assignment:
    """The same tiny assignment with the same tests as plain assertions, as any nbgrader course has them."""
    return Assignment(
        "80_plain",
        "tiny, plain assertions",
        lambda root: _write(root, "80_plain", PLAIN),
        lambda number: _numbered(tiny.ANSWERS, "mean", number),
        plain=True,
    )


def keras_class() -> Assignment:
    """A small Keras assignment with plain assertions: build a model, train it for a few epochs."""
    return Assignment(
        "81_keras",
        "small Keras, plain assertions",
        lambda root: _write(root, "81_keras", KERAS),
        lambda number: _numbered(KERAS_ANSWERS, "train", number),
        plain=True,
    )


def chapter_class(name: str) -> Assignment:
    """A chapter of this course; answers, right and wrong, from its answer banks."""

    def answers(number: int) -> Mapping[str, str]:
        sheet = answer_sheet(REPOSITORY, name, random.Random(f"{name} {number}"), _RIGHT, _ANSWERED, "good")
        return _numbered(sheet, next(iter(sheet)), number)

    return Assignment(name, f"chapter {name}", lambda root: _write_chapter(root, name), answers)


def _numbered(answers: Mapping[str, str], which: str, number: int) -> Mapping[str, str]:
    """No two students hand in the same bytes."""
    return {**answers, which: f"{answers[which]}\n# version {number}"}


def _write_tiny(root: Path) -> None:
    tiny.write_course(root)
    _complete(root, tiny.NAME)


def _write(root: Path, name: str, cells: tuple[tuple[str, str, float, str], ...]) -> None:
    for room, change in (("solutions", lambda source: source), ("assignments", _released)):
        made = tiny.notebook([tiny.cell(*_changed(cell, change), n) for n, cell in enumerate(cells)])
        folder = root / room / name
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_text(json.dumps(made, indent=1), encoding="utf-8")
    _complete(root, name)


def _write_chapter(root: Path, name: str) -> None:
    for room in ("solutions", "assignments"):
        folder = root / room / name
        folder.mkdir(parents=True)
        shutil.copy(REPOSITORY / room / name / f"{name}.ipynb", folder)
    (root / "course" / "chapters").mkdir(parents=True)
    shutil.copy(REPOSITORY / "course" / "chapters" / f"{name}.json", root / "course" / "chapters")
    _complete(root, name)


def _complete(root: Path, name: str) -> None:
    """What makes a folder a checkout of a course."""
    (root / "lessons").mkdir()
    (root / "solutions" / name / f"{name}.py").touch()
    shutil.copy(REPOSITORY / "pyproject.toml", root)


def _changed(cell: tuple[str, str, float, str], change: Callable[[str], str]) -> Iterator[object]:
    kind, grade_id, points, source = cell
    return iter((kind, grade_id, points, change(source)))


def _released(source: str) -> str:
    """A source as the student gets it: a stub for what stands between the marks of a solution, nothing for hidden tests."""
    for what, stub in (("SOLUTION", 'raise NotImplementedError("not answered yet")\n'), ("HIDDEN TESTS", "")):
        before, mark, rest = source.partition(f"### BEGIN {what}\n")
        if mark:
            source = before + stub + rest.partition(f"### END {what}")[2].lstrip("\n")
    return source.rstrip("\n ")


# (kind, grade_id, points, source): tiny_assignment.SOURCE, each check written as an assertion.
PLAIN = tuple(
    {
        "setup": ("given", "setup", 0, "import math"),
        "test_sigmoid": (
            "tests",
            "test_sigmoid",
            2,
            "assert np.allclose(sigmoid(np.array([0.0])), [0.5])\n### BEGIN HIDDEN TESTS\n"
            "assert np.allclose(sigmoid(np.array([1.0, 2.0])), [0.731058579, 0.880797078])\n### END HIDDEN TESTS",
        ),
        "test_sigmoid_stable": (
            "tests",
            "test_sigmoid_stable",
            1,
            "assert np.allclose(sigmoid(np.array([-800.0])), [0.0])",
        ),
        "test_mean": (
            "tests",
            "test_mean",
            4,
            "assert math.isclose(mean([1.0, 2.0, 6.0]), 3.0)\n### BEGIN HIDDEN TESTS\n"
            "assert math.isclose(mean([4.0]), 4.0)\n### END HIDDEN TESTS",
        ),
    }.get(cell[1], cell)
    for cell in tiny.SOURCE
)

_BUILD = '''def build():
    """A network of 8 inputs, 16 hidden units and 2 classes."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [keras.Input((8,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(2, activation="softmax")]
    )
    ### END SOLUTION'''

_TRAIN = '''def train(model, x, y):
    """Train `model` for 5 epochs with Adam; return the loss after each."""
    ### BEGIN SOLUTION
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")
    return model.fit(x, y, epochs=5, batch_size=32, verbose=0).history["loss"]
    ### END SOLUTION'''

KERAS = (
    ("markdown", "", 0, "# A small Keras assignment"),
    ("given", "setup", 0, 'from course import setup\n\nsetup("81_keras")'),
    (
        "given",
        "given_data",
        0,
        "import keras\nimport numpy as np\n\nrng = np.random.default_rng(0)\n"
        'x = rng.normal(size=(512, 8)).astype("float32")\ny = (x.sum(axis=1) > 0).astype("int32")',
    ),
    ("markdown", "", 0, "## 1. A model (2 points)"),
    ("solution", "build", 0, _BUILD),
    (
        "tests",
        "test_build",
        2,
        "assert build().count_params() == 178\n### BEGIN HIDDEN TESTS\n"
        "assert build()(x[:3]).shape == (3, 2)\n### END HIDDEN TESTS",
    ),
    ("markdown", "", 0, "## 2. Training (3 points)"),
    ("solution", "train", 0, _TRAIN),
    (
        "tests",
        "test_train",
        3,
        "model = build()\nlosses = train(model, x, y)\nassert len(losses) == 5 and losses[-1] < losses[0]\n"
        "### BEGIN HIDDEN TESTS\naccuracy = (np.asarray(model(x)).argmax(axis=1) == y).mean()\n"
        "assert accuracy > 0.85\n### END HIDDEN TESTS",
    ),
)

KERAS_ANSWERS = {
    "build": "def build():\n    inputs = keras.Input((8,))\n"
    '    hidden = keras.layers.Dense(16, activation="relu")(inputs)\n'
    '    return keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(hidden))',
    "train": "def train(model, x, y):\n"
    '    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")\n'
    '    return model.fit(x, y, epochs=5, batch_size=32, verbose=0).history["loss"]',
}
