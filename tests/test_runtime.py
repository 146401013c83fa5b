"""What `setup` promises: one line, the asked backend and seed, and never a word on stderr."""

import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from course import runtime
from course.errors import GivenError

ROOT = Path(__file__).resolve().parent.parent
TINY_MODEL = """
import keras, numpy as np
model = keras.Sequential([keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)])
model.compile("adam", "mse"{options})
history = model.fit(np.ones((64, 3)), np.ones((64, 1)), verbose=0)
"""


def python(code: str, **environment: str) -> subprocess.CompletedProcess:
    """A fresh interpreter, in which no backend has been chosen."""
    inherited = {
        k: v
        for k, v in os.environ.items()
        if k not in ("KERAS_BACKEND", "TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS")
    }
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        check=False,  # each test says what it expects
        text=True,
        timeout=300,
    )


def run_notebook(*cells: str):
    """The cells after they were run by a real kernel."""
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    resources = {"metadata": {"path": str(ROOT)}}
    nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources=resources, allow_errors=True
    ).execute()
    return notebook.cells


def streams(cells, name: str) -> list[str]:
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output.evalue for output in outputs if output.output_type == "error"]
    return [output.text for output in outputs if output.output_type == "stream" and output.name == name]


def test_importing_the_course_loads_neither_keras_nor_numpy():
    result = python(
        "import course, sys; print([m for m in ('keras', 'tensorflow', 'jax', 'numpy', 'matplotlib') if m in sys.modules])"
    )
    assert result.stdout.strip() == "[]"


def test_importing_the_runtime_changes_nothing():
    code = """
        import os, sys
        before = dict(os.environ)
        import course.runtime
        print(before == dict(os.environ), "keras" in sys.modules, "numpy" in sys.modules)
    """
    assert python(code).stdout.strip() == "True False False"


@pytest.mark.parametrize(("chapter", "seed"), [("02_layers", 2), ("13_transformers", 13), ("appendix", 0), ("", 0)])
def test_the_seed_is_the_number_of_the_chapter(chapter, seed):
    assert runtime._seed_of(chapter) == seed


def test_the_asked_backend_wins_over_the_environment(monkeypatch):
    monkeypatch.setattr(runtime, "_loaded_backend", lambda: None)
    monkeypatch.setattr(runtime.importlib.util, "find_spec", lambda name: object())
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert runtime._choose_backend("tensorflow") == "tensorflow"
    assert runtime._choose_backend(None) == "jax"


@pytest.mark.parametrize(
    ("installed", "on_tpu", "chosen"),
    [({"tensorflow", "jax"}, False, "tensorflow"), ({"jax"}, False, "jax"), ({"tensorflow", "jax"}, True, "jax")],
)
def test_without_a_wish_the_machine_decides(monkeypatch, installed, on_tpu, chosen):
    monkeypatch.setattr(runtime, "_loaded_backend", lambda: None)
    monkeypatch.setattr(runtime.importlib.util, "find_spec", lambda name: object() if name in installed else None)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.delenv("TPU_ACCELERATOR_TYPE", raising=False)
    monkeypatch.delenv("COLAB_TPU_1VM", raising=False)
    if on_tpu:
        monkeypatch.setenv("TPU_ACCELERATOR_TYPE", "v5e-1")
    assert runtime._choose_backend(None) == chosen


def test_a_loaded_backend_is_kept_when_none_is_asked_for(monkeypatch):
    monkeypatch.setattr(runtime, "_loaded_backend", lambda: "jax")
    monkeypatch.setattr(runtime.importlib.util, "find_spec", lambda name: object())
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    assert runtime._choose_backend(None) == "jax"


def test_another_backend_than_the_loaded_one_needs_a_restart(monkeypatch):
    monkeypatch.setattr(runtime, "_loaded_backend", lambda: "tensorflow")
    with pytest.raises(GivenError, match="already runs on tensorflow.*restart the kernel") as caught:
        runtime.setup("02_layers", backend="jax")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("wrong", [{"backend": "torch"}, {"device": "phone"}])
def test_a_wrong_wish_is_answered_with_the_right_ones(wrong):
    with pytest.raises(GivenError, match=r"tensorflow or jax|cpu, gpu, tpu"):
        runtime.setup("02_layers", **wrong)


def test_no_backend_at_all_says_what_to_install(monkeypatch):
    monkeypatch.setattr(runtime, "_loaded_backend", lambda: None)
    monkeypatch.setattr(runtime.importlib.util, "find_spec", lambda name: None)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    with pytest.raises(GivenError, match="pip install"):
        runtime._choose_backend(None)


@pytest.mark.slow
def test_setup_prints_one_line_and_nothing_on_stderr_also_while_training():
    result = python("from course import setup\nsetup('02_layers')" + TINY_MODEL.format(options=""))
    assert result.returncode == 0
    pattern = r"course \S+ · 02_layers · keras \S+ on (tensorflow|jax) \S+ · (CPU, \d+ cores|[GT]PU: .+) · float32 · seed 2 · scale [cgt]pu\n"
    assert re.fullmatch(pattern, result.stdout)
    assert result.stderr == ""


@pytest.mark.slow
def test_setup_fixes_seeds_precision_and_chapter_and_may_run_again():
    code = """
        import json, random
        from course import setup
        draws = []
        for _ in range(2):
            setup("05_x", precision="mixed_bfloat16")
            import keras, numpy as np
            draws.append([random.random(), float(np.random.rand()), float(keras.random.normal(()))])
            policy = keras.config.dtype_policy().name
        setup("05_x", seed=9)
        print(json.dumps({"draws": draws, "policy": policy, "then": keras.config.dtype_policy().name}))
    """
    *banners, answer = python(code).stdout.splitlines()
    answer = json.loads(answer)
    assert [banner.split(" · ")[-3:-1] for banner in banners] == [["mixed_bfloat16", "seed 5"]] * 2 + [
        ["float32", "seed 9"]
    ]
    assert answer["draws"][0] == answer["draws"][1]
    assert (answer["policy"], answer["then"]) == ("mixed_bfloat16", "float32")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forking is a matter of Unix")
def test_setup_works_in_a_fork_of_a_process_that_has_keras_loaded():
    code = """
        import os
        os.environ["KERAS_BACKEND"] = "tensorflow"
        import course.runtime, keras
        child = os.fork()
        if child == 0:
            course.runtime.setup("02_layers")
            print(float(keras.ops.sum(keras.ops.ones((3,)))), flush=True)
            os._exit(0)
        print("exit", os.waitpid(child, 0)[1], flush=True)
    """
    pytest.importorskip("tensorflow")
    result = python(
        code, TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1"
    )
    assert result.stdout.splitlines()[1:] == ["3.0", "exit 0"]


@pytest.mark.slow
def test_no_cell_of_a_notebook_that_trains_writes_to_stderr():
    cells = run_notebook(
        'from course import setup, data, plots\nsetup("02_layers")',
        TINY_MODEL.format(options=""),
        TINY_MODEL.format(options=", jit_compile=True"),
        'setup("02_layers")',
        'import os\nos.write(2, b"what compiled code says");',
        "np.log(np.zeros(1));",
        'import logging\nlogging.getLogger("nobody").warning("a warning in the log")',
        'plots.curves({"loss": history.history["loss"]}, "epoch", "loss")',
        "plots.images(np.zeros((2, 4, 4)))",
    )
    assert streams(cells, "stderr") == []
    said = "".join(streams(cells, "stdout"))
    assert said.count("course ") == 2
    assert "RuntimeWarning: divide by zero encountered in log (line 1 of this cell)\n" in said
    assert "a warning in the log" in said
    for cell in cells[-2:]:  # the figure once, and not the name of the Axes
        assert [set(output.data) for output in cell.outputs] == [{"image/png", "text/plain"}]


@pytest.mark.slow
def test_describe_tells_what_the_doctor_wants_to_know():
    result = python("import json\nfrom course.runtime import describe\nprint(json.dumps(describe()))")
    report = json.loads(result.stdout)
    assert report["backend"] in runtime.BACKENDS and report["devices"] and report["cores"] >= 1
    assert report["versions"]["keras"] and report["python"].count(".") == 2
    assert result.stderr == ""


def test_the_scale_gives_the_value_that_is_meant():
    assert [runtime.Scale(name)(cpu=1, gpu=2) for name in runtime.DEVICES] == [1, 2, 2]
    assert runtime.Scale("tpu")(cpu=1, gpu=2, tpu=3) == 3


@pytest.mark.slow
def test_the_scale_follows_the_device_unless_it_is_asked_for():
    code = """
        from course import setup
        print(setup("02_layers", device="cpu") == "cpu", setup("02_layers", scale="gpu") == "gpu")
    """
    assert "True True" in python(code).stdout
    assert "False True" in python(code, COURSE_SCALE="tpu").stdout


@pytest.mark.parametrize("given", ["large", "CPU"])
def test_an_unknown_scale_is_refused_in_one_line(given, monkeypatch):
    with pytest.raises(GivenError, match=f"setup\\(scale='{given}'\\): choose one of cpu, gpu, tpu"):
        runtime.setup("02_layers", scale=given)
    monkeypatch.setenv("COURSE_SCALE", given)
    with pytest.raises(GivenError, match=f"COURSE_SCALE={given}: choose one of"):
        runtime.setup("02_layers")
