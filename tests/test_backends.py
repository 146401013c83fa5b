"""The same notebooks on TensorFlow, on JAX without TensorFlow, and compiled for a TPU that is not here."""

import ast
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from course import console, tpu_table
from course.authoring.tpu import SHORTENED, Notebook
from course.cli import main

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "benchmarks"))

import matrix  # noqa: E402
import platforms_table  # noqa: E402
from environments import import_error, without_tensorflow  # noqa: E402

BACKENDS = {"tensorflow", "jax", "jaxlib", "flax", "torch", "tensorflow_datasets", "tensorflow_probability"}
# What of the package a notebook may import: the faces, and the one module that knows the backends.
FACES = {"autodiff", "check", "data", "plots", "setup"}
ASIDE = "aside"  # the tag of a cell that leaves the rule on purpose: # %% tags=["aside"]
NOTEBOOKS = sorted(
    (*ROOT.glob("lessons/*/*.ipynb"), *ROOT.glob("solutions/*/*.ipynb"), *ROOT.glob("assignments/*/*.ipynb"))
)
SOURCES = sorted((*ROOT.glob("lessons/*/*.py"), *ROOT.glob("solutions/*/*.py")))


def forbidden_imports(code: str) -> Iterator[str]:
    """Each import of a backend, and of a room of the package that is no face, however it is written."""
    for node in ast.walk(ast.parse(code)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call):
            # import_module("jax"), __import__("jax"), exec("import jax"), and the same by keyword
            given = [a.value for a in (*node.args, *(k.value for k in node.keywords)) if isinstance(a, ast.Constant)]
            texts = [text for text in given if isinstance(text, str)]
            if ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__", "find_spec"):
                names = texts
            elif ast.unparse(node.func) in ("exec", "eval"):
                yield from (name for text in texts for name in forbidden_imports(text))
        for name in names:
            room, _, inside = name.partition(".")
            if room in BACKENDS or (room == "course" and inside and inside.split(".")[0] not in FACES):
                yield name
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in BACKENDS:
            yield f"{node.value.id}.{node.attr}"


def code_of(path: Path) -> Iterator[str]:
    """The code cells of a source or a notebook that are not marked as an aside."""
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            if cell["cell_type"] == "code" and ASIDE not in cell["metadata"].get("tags", ()):
                yield cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    else:
        from course.authoring.source import read_source

        for cell in read_source(path).cells:
            if cell.cell_type == "code" and ASIDE not in cell.tags.get("tags", ()):
                yield cell.source


@pytest.mark.parametrize("path", [*SOURCES, *NOTEBOOKS], ids=lambda path: "/".join(path.parts[-2:]))
def test_no_notebook_imports_a_backend_or_a_room_that_is_no_face(path):
    found = [name for code in code_of(path) for name in forbidden_imports(code)]
    assert not found, f"{path.relative_to(ROOT)} imports {', '.join(found)}: only a cell tagged {ASIDE!r} may"


def test_there_are_notebooks_to_look_at():
    assert len(NOTEBOOKS) >= 3 * 11 and len(SOURCES) >= 2 * 11


@pytest.mark.parametrize(
    "code",
    [
        "import tensorflow",
        "import numpy as np, jax.numpy as jnp",
        "from jax import grad",
        "def f():\n    from tensorflow.keras import layers",
        "import importlib\ntf = importlib.import_module('tensorflow')",
        "tf = __import__('tensorflow')",
        "exec('import jax')",
        "from course.grading import grade",
        "from course import grading",
        "import course.authoring",
    ],
)
def test_an_import_of_a_backend_is_found_however_it_is_written(code):
    assert list(forbidden_imports(code))


@pytest.mark.parametrize(
    "code",
    ["import keras", "from course import check, data, plots, setup", "from course.autodiff import training_step"],
)
def test_what_notebooks_need_is_allowed(code):
    assert not list(forbidden_imports(code))


def test_an_aside_is_what_is_marked_as_one(tmp_path):
    def notebook(tags):
        cell = {"cell_type": "code", "source": "import jax", "metadata": {"tags": tags}}
        path = tmp_path / "n.ipynb"
        path.write_text(json.dumps({"cells": [cell]}))
        return list(code_of(path))

    assert notebook([]) == ["import jax"] and notebook([ASIDE]) == []


# TensorFlow cannot be imported here, whether it is installed or not; the faces must not mind.
WITHOUT_TENSORFLOW = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "tensorflow":
            raise ImportError("blocked")

sys.meta_path.insert(0, Blocked())
import course
from course import check, data, plots, setup
setup("01_neuron", backend="jax")
import keras
import numpy as np
from course.autodiff import training_step
from keras import layers, ops

model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
x = np.ones((8, 3), "float32")
step = training_step(lambda x: ops.mean(model(x) ** 2), model.trainable_variables, keras.optimizers.SGD(0.1))
assert float(step(x)) > float(step(x))
model.compile("sgd", "mse")
model.fit(x, np.zeros((8, 2)), verbose=0)
data.load("digits")
with check.exercise("sum"):
    check.call(lambda a, b: a + b, 1, 2, expect=3)
plots.curves({"loss": [2.0, 1.0]}, "step", "loss")
assert not any(name.partition(".")[0] == "tensorflow" for name in sys.modules)
"""


@pytest.mark.slow
def test_the_faces_work_on_jax_where_tensorflow_cannot_be_imported(tmp_path):
    pytest.importorskip("jax")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TENSORFLOW], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "on jax" in done.stdout


def test_the_page_has_one_place_for_the_table():
    text = (ROOT / "docs" / "PLATFORMS.md").read_text(encoding="utf-8")
    assert text.count(platforms_table.BEGIN) == text.count(platforms_table.END) == 1


def test_the_page_says_what_was_measured():
    """The table in docs/PLATFORMS.md is that of benchmarks/results/matrix.json, and nobody touched it."""
    from course.authoring.build import known_chapters

    results = json.loads((ROOT / "benchmarks" / "results" / "matrix.json").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "PLATFORMS.md").read_text(encoding="utf-8")
    inside = text.partition(platforms_table.BEGIN)[2].partition(platforms_table.END)[0].strip()
    assert inside == platforms_table.table(results, known_chapters(ROOT))


STEP = {"kind": "fit", "model": "Dense", "batch": [[16, 3]], "ok": True, "hbm_mb": 1.0, "target": "v5e:1x1"}
RESULTS = {
    "import tensorflow": "ModuleNotFoundError: No module named 'tensorflow'",
    "chapters": {
        "01_x": {
            "jax": {
                "ok": False,
                "claims": [{"ok": False}, {"ok": True}],
                "problems": ["claim 'a': measured 2, claimed 1"],
            },
            "jax solution": {"ok": True, "passed": 7, "of": 7, "problems": []},
            "tpu float32": {
                "ok": False,
                "problem": "",
                "models": [
                    {**STEP, "eight": {"ok": True, "batch": 16, "gap": 2e-7}},
                    {
                        **STEP,
                        "ok": False,
                        "error": "no memory",
                        "eight": {"ok": False, "error": "not split: a batch of 4"},
                    },
                ],
            },
        },
        "03_z": {
            "tpu float32": {
                "ok": True,
                "problem": "",
                "models": [{**STEP, "eight": {"ok": False, "batch": 16, "gap": 2e-3, "error": "the weights differ"}}],
            },
        },
    },
}


def test_the_table_shows_what_failed_with_its_reason_and_what_was_not_run():
    told = platforms_table.table(RESULTS, ["01_x", "02_y", "03_z"])
    first, second, third = (line for line in told.splitlines() if line.startswith(("| 01_x", "| 02_y", "| 03_z")))
    assert "✗ 1 of 2 claims, ✓ 7 of 7 checks" in first
    assert "✗ 1 of 2 steps, at most 1.0 MB" in first and "✓ 1 of 1 steps, at most 2e-07 apart; 1 not split" in first
    assert second.count("not run") == 6 and "✓" not in second
    assert "✗ 0 of 1 steps, at most 2e-03 apart" in third and "the weights differ" in told
    for reason in ("claim 'a': measured 2, claimed 1", "no memory", "not split: a batch of 4"):
        assert f"{reason}" in told
    assert first.endswith("|  |"), "no GPU was at hand, and the column says nothing"


def test_without_jax_the_doctor_says_so_in_one_line(monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "jax" else find(name, *rest))
    done = CliRunner().invoke(main, ["doctor", "--tpu", "01"])
    assert done.exit_code == 1
    assert 'needs JAX: run `pip install "deep-learning-course[tpu]"`' in done.output and "Traceback" not in done.output


def test_chapters_go_with_the_option_that_runs_them():
    assert CliRunner().invoke(main, ["doctor", "01"]).exit_code == 2
    assert CliRunner().invoke(main, ["doctor", "--tpu", "99"]).exit_code == 1


@pytest.mark.parametrize(
    ("eight", "ok"),
    [
        ({"ok": True, "batch": 16, "gap": 2e-7}, True),
        ({"ok": False, "error": "not split: it takes no batch"}, True),
        ({"ok": False, "batch": 16, "gap": 2e-3, "error": "the weights differ"}, False),
    ],
)
def test_a_step_that_trains_to_other_weights_on_eight_devices_is_not_ok(eight, ok):
    assert Notebook("01_x", "lessons", "float32", SHORTENED, 9.0, ({**STEP, "eight": eight},)).ok == ok


def test_the_doctor_s_table_shows_each_step_and_what_was_not_compiled():
    step = {**STEP, "parameters": 4, "precision": "float32", "flops": 2e6, "seconds": 0.5}
    refused = {
        **step,
        "target": "lowered only",
        "ok": False,
        "error": "no kernel",
        "eight": {"ok": False, "error": "not split: it takes no batch"},
    }
    del refused["hbm_mb"], refused["flops"]
    step["eight"] = {"ok": True, "gap": 2e-7}
    run = Notebook("01_x", "lessons", "float32", SHORTENED, 9.0, (step, refused))
    with console.out.capture() as printed:
        for line in tpu_table.compiled([run], eight=True):
            console.out.print(line)
    text = printed.get()
    for told in (
        "16x3",
        "v5e:1x1",
        "2.0",
        "weights 2e-07 apart",
        "lowered only",
        "NOT OK",
        "no kernel",
        "not split: it takes no batch",
        SHORTENED,
    ):
        assert told in text
    assert not run.ok and run.to_json()["models"] == [step, refused]


# What is found by running, with the compiler's parts in this process: on 2 steps of each, and eight virtual devices.
TRAINED = """
import json, sys
from pathlib import Path
from course.authoring import ahead

record = Path(sys.argv[1])
ahead.begin(str(record), sys.argv[2], 2, True)
from course import setup
setup("01_neuron")
import keras
import numpy as np
from course.autodiff import training_step, value_and_grad
from keras import layers, ops

def build(*more):
    return keras.Sequential([keras.Input((5,)), *more, layers.Dense(4, "relu"), layers.Dense(1)])

x, y = np.random.default_rng(0).normal(size=(40, 5)).astype("float32"), np.ones((40, 1))
for batch in (20, 20, 10, 4):  # the same twice; others; and one that eight devices cannot share
    model = build()
    model.compile("adam", "mse")
    seen = []
    count = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(logs["loss"]))
    history = model.fit(x, y, batch_size=batch, epochs=3, verbose=0, callbacks=[count]).history
    assert len(history["loss"]) == 3 and len(seen) == 3 * 40 // batch, "loops and histories keep their lengths"
    assert len(set(map(float, seen))) == 2, "two steps are computed"

network = build(layers.BatchNormalization(), layers.Dropout(0.5))
step = training_step(
    lambda x, y: ops.mean((network(x, training=True) - y) ** 2),
    network.trainable_variables,
    keras.optimizers.Adam(),
    network.non_trainable_variables,
)
losses = [float(step(x, y)) for _ in range(4)]
assert losses[1] == losses[2] == losses[3] != losses[0]
value_and_grad(lambda x: ops.sum(network(x)), network.trainable_variables)(x[:16])
for how in ({"jit_compile": False}, {"run_eagerly": True}):
    alone = build()
    alone.compile("sgd", "mse", **how)
    alone.train_on_batch(x, y)
assert "TPU_ACCELERATOR_TYPE" not in __import__("os").environ, "a lesson must not think that it runs on a TPU"
"""


def trained(tmp_path: Path, precision: str, python: Path | str = sys.executable) -> list[dict]:
    """What the record says after the program above, each step a dictionary."""
    record = tmp_path / f"{precision}.jsonl"
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    done = subprocess.run(
        [python, "-c", TRAINED, record, precision],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in record.read_text().splitlines()]


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    pytest.importorskip("jax")
    return trained(tmp_path_factory.mktemp("steps"), "float32")


@pytest.mark.slow
def test_every_way_to_train_is_found_and_what_is_the_same_is_compiled_once(steps):
    assert [(step["kind"], step["model"], step["batch"]) for step in steps] == [
        ("fit", "2 Dense", [[20, 5], [20, 1]]),
        ("fit", "2 Dense", [[10, 5], [10, 1]]),
        ("fit", "2 Dense", [[4, 5], [4, 1]]),
        ("training_step", "BatchNormalization, Dropout, 2 Dense", [[40, 5], [40, 1]]),
        ("value_and_grad", "BatchNormalization, Dropout, 2 Dense", [[16, 5]]),
        ("fit", "2 Dense", [[40, 5], [40, 1]]),
        ("fit, eagerly", "2 Dense", [[40, 5], [40, 1]]),
    ]
    assert {step["parameters"] for step in steps} == {5 * 4 + 4 + 4 + 1, 5 * 4 + 4 + 4 + 1 + 2 * 5}


@pytest.mark.slow
def test_a_step_that_keras_does_not_compile_is_not_ok(steps):
    assert [step["ok"] for step in steps] == [True] * 5 + [False, True]
    assert "jit_compile is off" in steps[5]["error"]


@pytest.mark.slow
def test_eight_devices_train_to_the_weights_of_one(steps):
    split = [step["eight"] for step in steps]
    assert [part.get("batch") for part in split] == [16, 8, None, 40, 16, None, 40]
    assert [part["ok"] for part in split] == [True, True, False, True, True, False, True]
    assert split[2]["error"] == "not split: a batch of 4 is less than one example for each device"
    for part in (part for part in split if part["ok"]):
        assert 0 <= part["gap"] < 1e-4 < part["tolerance"] < 2e-3


# A step that takes one eighth of its batch wherever it is in parts: what a wrong distribution would do.
BROKEN_SPLIT = """
from course.authoring import ahead
ahead.begin("/dev/null", "float32", 2, True)
import re
import jax
import numpy as np
from course.authoring.capture import Step

def gradient(w, x):
    if len(x.sharding.device_set) > 1:
        x = np.asarray(x)[: len(x) // 8]
    return w - 0.1 * np.asarray(x).mean(0)

def told(function):
    x, w = np.random.default_rng(0).normal(size=(32, 3)).astype("float32"), np.zeros(3, "float32")
    made = Step("training_step", "Dense", 3, function, (w,), (x,), lambda carried, out: (out,), lambda carried: carried)
    return ahead.split_step(made, None, True)

broken, right = told(gradient), told(jax.jit(lambda w, x: w - 0.1 * x.mean(0)))
assert right["ok"] and right["gap"] < 1e-5, right
assert not broken["ok"] and broken["gap"] > 0.1, broken
gaps = [float(gap) for gap in re.search("differ by (.*) of their way", broken["error"])[1].split(", ")]
assert len(gaps) == ahead.STEPS and min(gaps) > 0.1, "a part of the batch is missing from the first step on"
for function, told_of_it in ((lambda w, x: w, "stand still"), (lambda w, x: w / 0 + x.mean(0), "are not finite")):
    assert told_of_it in told(jax.jit(function))["error"]

def told_of_one(function):
    made = Step("fit", "Dense", 3, jax.jit(function), (np.zeros(3, "float32"),), (np.ones((16, 3)),), None, None)
    return ahead.compile_step(made, None)

assert told_of_one(lambda w, x: (x @ w).sum())["ok"]
for bad in (lambda w, x: x[x > w], lambda w, x: x if x.sum() > 0 else w, lambda w, x: jax.numpy.linalg.eig(x[:3])):
    refused = told_of_one(bad)
    assert not refused["ok"] and refused["error"], refused
"""


@pytest.mark.slow
def test_a_wrong_split_an_unknown_shape_a_branch_and_a_missing_operation_are_told():
    pytest.importorskip("jax")
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    done = subprocess.run(
        [sys.executable, "-c", BROKEN_SPLIT], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(scope="module")
def python():
    """Of an environment that has JAX and libtpu, and no TensorFlow."""
    return without_tensorflow()


@pytest.mark.long
def test_a_lesson_and_a_solution_run_where_there_is_no_tensorflow(python):
    assert import_error(python, "tensorflow") == "ModuleNotFoundError: No module named 'tensorflow'"
    lesson, solution = (matrix.run_inside(python, "01_neuron", column) for column in ("jax", "jax solution"))
    assert lesson["ok"] and lesson["claims"] and "tensorflow" not in lesson["versions"], lesson
    assert solution["ok"] and solution["passed"] == solution["of"] > 0, solution


@pytest.mark.long
def test_a_lesson_compiles_for_a_tpu_in_both_precisions_and_trains_on_eight_devices(python):
    for precision in ("float32", "mixed_bfloat16"):
        run = matrix.run_inside(python, "01_neuron", f"tpu {precision}")
        assert run["ok"] and run["models"], run
        for step in run["models"]:
            assert step["target"] == "v5e:1x1" and step["hbm_mb"] > 0 and step["precision"] == precision
            assert step["eight"]["ok"] and ("gap" in step["eight"]) == (precision == "float32")


@pytest.mark.long
def test_what_does_not_fit_into_the_chip_does_not_compile(python):
    code = """
from course.authoring import ahead
ahead.begin("/dev/null", "float32", 2, False)
import jax, numpy as np
from course.authoring.capture import Step
w = jax.ShapeDtypeStruct((100_000, 100_000), "float32")
ahead._specs = lambda tree, sharding=None: (jax.ShapeDtypeStruct(w.shape, w.dtype, sharding=sharding),)
step = Step("fit", "Dense", 1, jax.jit(lambda w: w @ w), (w,), (), None, None)
told = ahead.compile_step(step, ahead._chips(ahead.ONE_CHIP))
assert not told["ok"] and "memory" in told["error"].lower(), told
"""
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    done = subprocess.run([python, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
