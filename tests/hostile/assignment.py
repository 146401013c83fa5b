"""The assignment of the bank: a little of every kind of check, and canaries in all that a student must never see."""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from tiny_assignment import cell, notebook

NAME = "91_hostile"
KERAS = "92_keras"

# (kind, grade_id, points, source); the words of CANARIES stand in solutions and in hidden tests, and nowhere else.
SOURCE = [
    ("given", "setup", 0, "from course import check"),
    ("given", "given_imports", 0, "import numpy as np"),
    (
        "solution",
        "double",
        0,
        '''def double(x):
    """Twice x, which is a number or an array."""
    ### BEGIN SOLUTION
    solution_heron = 2
    return solution_heron * x
    ### END SOLUTION''',
    ),
    (
        "tests",
        "test_double",
        3,
        """with check.exercise("double"):
    check.call(double, 4.0, expect=8.0)
    check.call(double, np.array([1.0, 2.0]), expect=[2.0, 4.0])
    ### BEGIN HIDDEN TESTS
    source_osprey = 73519.25
    check.call(double, source_osprey, about="another number")
    check.call(double, np.array([[1.5, -2.0, 61403.5]]), about="an array")
    ### END HIDDEN TESTS""",
    ),
    (
        "solution",
        "mirror",
        0,
        '''def mirror(text):
    """The text, a bar, and the text backwards."""
    ### BEGIN SOLUTION
    solution_egret = text[::-1]
    return f"{text}|{solution_egret}"
    ### END SOLUTION''',
    ),
    (
        "tests",
        "test_mirror",
        2,
        """with check.exercise("mirror"):
    check.call(mirror, "ab", expect="ab|ba")
    ### BEGIN HIDDEN TESTS
    check.call(mirror, "quartzfalcon", about="another word")
    ### END HIDDEN TESTS""",
    ),
    (
        "solution",
        "total",
        0,
        '''def total(values):
    """The sum of a list of numbers."""
    ### BEGIN SOLUTION
    solution_bittern = 0.0
    for value in values:
        solution_bittern += value
    return solution_bittern
    ### END SOLUTION''',
    ),
    (
        "tests",
        "test_total",
        2,
        """with check.exercise("total"):
    check.call(total, [1.0, 2.0, 4.0], expect=7.0)
    ### BEGIN HIDDEN TESTS
    check.call(total, [40.5, 51234.75], about="two numbers")
    ### END HIDDEN TESTS""",
    ),
    (
        "solution",
        "average",
        0,
        '''def average(values):
    """The mean of a list of numbers, by `total`."""
    ### BEGIN SOLUTION
    return total(values) / len(values)
    ### END SOLUTION''',
    ),
    (
        "tests",
        "test_average",
        2,
        """with check.exercise("average", needs="total"):
    check.call(average, [1.0, 2.0, 6.0], expect=3.0)
    ### BEGIN HIDDEN TESTS
    check.call(average, [30.25, 81772.5], about="two numbers")
    ### END HIDDEN TESTS""",
    ),
    (
        "tests",
        "test_total_late",
        1,
        """with check.exercise("total.late"):
    check.call(total, [], expect=0.0, about="nothing")
    ### BEGIN HIDDEN TESTS
    check.call(total, [8.25, 90211.5], about="two more numbers")
    ### END HIDDEN TESTS""",
    ),
    (
        "solution",
        "draw",
        0,
        '''def draw(n):
    """n fresh numbers from the standard normal distribution."""
    ### BEGIN SOLUTION
    return np.random.normal(size=n)
    ### END SOLUTION''',
    ),
    (
        "tests",
        "test_draw",
        1,
        """with check.exercise("draw"):
    check.sample(draw, 2000, expect=(0.0, 1.0))
    ### BEGIN HIDDEN TESTS
    check.sample(draw, 3000, about="more of them")
    ### END HIDDEN TESTS""",
    ),
    (
        "solution",
        "classify",
        0,
        '''def classify(x):
    """1 for each row of x whose sum is positive, else 0."""
    ### BEGIN SOLUTION
    return (x.sum(axis=1) > 0).astype(int)
    ### END SOLUTION''',
    ),
    (
        "tests",
        "test_classify",
        2,
        """with check.exercise("classify"):
    check.accuracy(classify, np.array([[1.0, 1.0], [-1.0, -2.0]]), np.array([1, 0]), at_least=1.0)
    ### BEGIN HIDDEN TESTS
    source_kestrel = np.random.default_rng(5).normal(size=(200, 2))
    check.accuracy(classify, source_kestrel, (source_kestrel.sum(1) > 0).astype(int), at_least=0.95, about="200 points")
    ### END HIDDEN TESTS""",
    ),
    (
        "solution",
        "area",
        0,
        '''def area(a, b):
    """The area of a rectangle."""
    ### BEGIN SOLUTION
    return a * b
    ### END SOLUTION''',
    ),
    (
        "tests",
        "test_area",
        2,
        """assert area(2, 3) == 6
### BEGIN HIDDEN TESTS
source_merlin = area(10.5, 20407.0)
np.testing.assert_allclose(source_merlin, 214273.5)
### END HIDDEN TESTS""",
    ),
    (
        "solution",
        "square",
        0,
        '''def square(x):
    """x times x."""
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION''',
    ),
    (
        "tests",
        "test_square",
        3,
        """credit = 0
credit += square(3) == 9
### BEGIN HIDDEN TESTS
source_hobby = square(1234.5)
credit += 2 * (source_hobby == 1523990.25)
### END HIDDEN TESTS
credit""",
    ),
    ("answer", "why", 2, "Because the solution_plover says so."),
]

KERAS_SOURCE = [
    ("given", "setup", 0, "from course import check"),
    ("given", "given_imports", 0, "import numpy as np\nimport keras"),
    (
        "solution",
        "build",
        0,
        '''def build():
    """A model of two dense layers: four inputs, three units with ReLU, two outputs."""
    ### BEGIN SOLUTION
    solution_heron = [keras.Input((4,)), keras.layers.Dense(3, "relu"), keras.layers.Dense(2)]
    return keras.Sequential(solution_heron)
    ### END SOLUTION''',
    ),
    (
        "tests",
        "test_build",
        3,
        """with check.exercise("build"):
    check.model(build, np.ones((1, 4)), expect={"parameters": 23, "output_shape": (None, 2)})
    ### BEGIN HIDDEN TESTS
    source_osprey = np.random.default_rng(7).normal(size=(3, 4))
    check.model(build, source_osprey, about="what it computes")
    ### END HIDDEN TESTS""",
    ),
    (
        "solution",
        "twice",
        0,
        '''def twice(x):
    """Twice the tensor x."""
    ### BEGIN SOLUTION
    return keras.ops.multiply(x, 2)
    ### END SOLUTION''',
    ),
    (
        "tests",
        "test_twice",
        2,
        """with check.exercise("twice"):
    check.call(twice, np.array([1.0, 2.0]), expect=[2.0, 4.0])
    ### BEGIN HIDDEN TESTS
    check.call(twice, np.array([0.5, 61403.5]), about="other numbers")
    ### END HIDDEN TESTS""",
    ),
]

HONEST = {
    "double": "def double(x):\n    return x + x",
    "mirror": "def mirror(text):\n    return text + '|' + ''.join(reversed(text))",
    "total": "def total(values):\n    return float(sum(values))",
    "average": "def average(values):\n    return total(values) / len(values)",
    "draw": "def draw(n):\n    return np.random.default_rng().normal(size=n)",
    "classify": "def classify(x):\n    return np.where(x[:, 0] + x[:, 1] > 0, 1, 0)",
    "area": "def area(a, b):\n    return b * a",
    "square": "def square(x):\n    return x ** 2",
    "why": "Because it is so.",
    "build": "def build():\n    made = keras.Sequential([keras.Input((4,))])\n    made.add(keras.layers.Dense(3, activation='relu'))\n    made.add(keras.layers.Dense(2))\n    return made",
    "twice": "def twice(x):\n    return x + x",
}

# What no student may be shown, and no submission may write anywhere. Where it comes from -> the words and numbers.
CANARIES: Mapping[str, tuple[str, ...]] = {
    "hidden tests' source": ("source_osprey", "source_kestrel", "source_merlin", "source_hobby"),
    "hidden inputs": ("73519.25", "61403.5", "quartzfalcon", "51234.75", "81772.5", "90211.5", "20407.0"),
    "expected values": ("147038.5", "122807", "noclafztrauq", "51275.25", "40901.375", "90219.75", "1523990.25"),
    "the reference solution": ("solution_heron", "solution_egret", "solution_bittern", "solution_plover"),
    "the gradebook": ("gradebook_curlew",),
    "another student's work": ("neighbor_dotterel",),
    "the environment": ("environment_whimbrel",),
    "another process's memory": ("memory_avocet",),
}

_STUB = 'raise NotImplementedError("not answered yet")'


def parts(name: str) -> dict[str, float]:
    """Part -> the points that it is worth, in the order of the notebook."""
    return {
        _part(grade_id): points for kind, grade_id, points, _ in _source(name) if kind in ("tests", "answer")
    }


def _part(grade_id: str) -> str:
    return "total.late" if grade_id == "test_total_late" else grade_id.removeprefix("test_")


def _source(name: str) -> list[tuple[str, str, float, str]]:
    return KERAS_SOURCE if name == KERAS else SOURCE


def solution_notebook(name: str) -> dict[str, Any]:
    return notebook([cell(*spec, number) for number, spec in enumerate(_source(name))])


def released_notebook(name: str) -> dict[str, Any]:
    """What a student gets: stubs in the place of solutions, and no hidden tests."""
    specs = [
        (kind, grade_id, points, "YOUR ANSWER HERE" if kind == "answer" else _without_hidden(_with_stub(source)))
        for kind, grade_id, points, source in _source(name)
    ]
    return notebook([cell(*spec, number) for number, spec in enumerate(specs)])


def submission(name: str, answers: Mapping[str, str], own: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    """A released notebook with honest answers, `answers` in the place of some, and own cells (after which id, source)."""
    made = released_notebook(name)
    for entry in made["cells"]:
        grade_id = entry["metadata"]["nbgrader"]["grade_id"]
        if grade_id in HONEST:
            entry["source"] = answers.get(grade_id, HONEST[grade_id])
    for number, (after, source) in enumerate(own):
        place = next(i for i, entry in enumerate(made["cells"]) if entry["metadata"].get("nbgrader", {}).get("grade_id") == after)
        while place + 1 < len(made["cells"]) and not made["cells"][place + 1]["metadata"]:
            place += 1  # behind own cells that stand there already
        made["cells"].insert(place + 1, deepcopy(cell("own", "", 0, source, 100 + number)) | {"metadata": {}})
    return made


def write_course(root: Path) -> Path:
    """A folder with both assignments where the course keeps them."""
    for name in (NAME, KERAS):
        for room, made in (("solutions", solution_notebook(name)), ("assignments", released_notebook(name))):
            folder = root / room / name
            folder.mkdir(parents=True)
            (folder / f"{name}.ipynb").write_text(json.dumps(made, indent=1, sort_keys=True) + "\n")
    (root / "lessons").mkdir()
    return root


def _with_stub(source: str) -> str:
    head, begin, rest = source.partition("    ### BEGIN SOLUTION")
    return head + "    " + _STUB + rest.partition("### END SOLUTION")[2] if begin else source


def _without_hidden(source: str) -> str:
    """Without the lines from BEGIN to END HIDDEN TESTS."""
    kept, hidden = [], False
    for line in source.split("\n"):
        hidden = hidden or "### BEGIN HIDDEN TESTS" in line
        if not hidden:
            kept.append(line)
        hidden = hidden and "### END HIDDEN TESTS" not in line
    return "\n".join(kept)
