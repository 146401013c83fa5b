"""The course on Colab, as close as it can be had here: its published versions, its set-up cell, lessons and an assignment.

The long tests build an environment for each of Colab's images (tests/colab/*.txt; some 2 GB, from the package registry),
serve the repository on this machine, and run notebooks in that environment's own kernels. Their Python is Colab's where
this machine has it: see `find_python` in colab_image.py. What they cannot show: Colab's own front end, and its hardware.
"""

import re
import shutil
import tomllib
import warnings
from collections.abc import Iterator

import pytest
from colab_image import IMAGES, LISTS, PYTHON, Image, find_python, make_image, version_of
from nbformat.v4 import new_code_cell
from notebook_kernel import run_cells, run_notebook, shown
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from published_course import ROOT, published

from course import data
from course.authoring.notebook import read_notebook
from course.authoring.pages import Address, setup_source
from course.authoring.places import notebook_path, source_path
from course.authoring.run import claims_made, hold_claims
from course.authoring.source import read_source
from course.grading.released import load_notebook

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LESSONS = ("01_neuron", "07_keras")
ASSIGNMENT = "01_neuron"


def pinned(image: str) -> dict[str, str]:
    """Package -> version, of one image's list and those that it builds on."""
    versions = {}
    for line in (LISTS / f"{image}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            versions |= pinned(line.removeprefix("-r ").removesuffix(".txt"))
        elif line and not line.startswith("#"):
            name, version = line.split("==")
            versions[canonicalize_name(name)] = version
    return versions


# Without an environment: what the lists alone tell


@pytest.mark.parametrize("image", IMAGES)
def test_colab_has_all_that_the_course_needs_in_versions_that_it_accepts(image):
    """So that an install has nothing to add and nothing to change."""
    there = pinned(image)
    for needed in map(Requirement, PROJECT["dependencies"]):
        assert canonicalize_name(needed.name) in there, f"{needed.name} would be installed on Colab"
        assert needed.specifier.contains(there[canonicalize_name(needed.name)]), f"{needed} would be changed on Colab"


def test_the_dependencies_have_lower_bounds_only():
    for needed in map(Requirement, PROJECT["dependencies"]):
        assert [part.operator for part in needed.specifier] == [">="], needed


def test_the_tpu_image_has_no_tensorflow():
    assert not any("tensorflow" in name for name in pinned("tpu"))
    assert "tensorflow-cpu" in pinned("cpu-gpu")


# In an environment of each image


@pytest.fixture(scope="module")
def repository():
    with published() as server:
        yield server


@pytest.fixture(scope="module", params=IMAGES)
def fresh(request, tmp_path_factory) -> Iterator[Image]:
    folder = tmp_path_factory.mktemp("colab")
    image = make_image(request.param, folder / request.param)
    if version_of(str(image.python)) != PYTHON:
        warnings.warn(f"Colab has Python {PYTHON}; these tests ran on {find_python()}", stacklevel=1)
    yield image
    shutil.rmtree(folder)  # 2 GB


@pytest.fixture(scope="module")
def before(fresh):
    return fresh.installed()


@pytest.fixture(scope="module")
def banner(fresh, before, repository, tmp_path_factory):
    """What the set-up cell of a lone notebook printed when it installed the course into the image."""
    cell = setup_source("01_neuron", repository.address)
    (told,) = run_cells([cell], fresh.python, tmp_path_factory.mktemp("alone"), fresh.environment)
    assert len(told) == 1 and told[0].startswith("course "), told
    return told[0]


@pytest.fixture(scope="module")
def image(fresh, banner):
    """The image with the course in it."""
    return fresh


@pytest.fixture
def anywhere(tmp_path, monkeypatch):
    """An empty folder to work in: no checkout, and no data that were downloaded before."""
    for name in ("KERAS_BACKEND", "COURSE_ROOT", "COURSE_SCALE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.mark.long
def test_the_set_up_cell_adds_the_course_and_changes_no_package(fresh, before, banner):
    after = fresh.installed()
    assert set(after) - set(before) == {"deep-learning-course"}
    assert {name: after[name] for name in before} == before
    assert {name: after[name][0] for name in pinned(fresh.name)} == pinned(fresh.name)


@pytest.mark.long
def test_it_runs_on_the_backend_that_the_image_has(image, banner):
    backend = {"cpu-gpu": "tensorflow 2.20.0", "tpu": "jax 0.7.2"}[image.name]
    assert f"keras 3.13.2 on {backend}" in banner and ", Colab" in banner
    assert image.finds("tensorflow") == (image.name == "cpu-gpu")


@pytest.mark.long
@pytest.mark.parametrize("chapter", LESSONS)
def test_a_lesson_runs_there_and_its_claims_hold(image, repository, anywhere, chapter):
    lesson = alone("lessons", chapter, repository.address)
    executed = run_notebook(lesson, image.python, anywhere, image.environment)
    assert errors(executed) == []
    front = read_source(source_path(ROOT, "lessons", chapter)).front
    _, broken = hold_claims(front.claims, claims_made(executed))
    assert broken == ()
    downloads = {name for name in front.data if data.card(name).format != "sklearn"}
    assert downloads <= {path.split("/")[4] for path in repository.asked if path.startswith("/raw/")}


@pytest.mark.long
def test_an_assignment_is_checked_there_and_hints_are_given(image, repository, anywhere):
    """One exercise is left open, one is answered wrongly, the others are right."""
    answers = {c.id: c.source for c in load_notebook(ROOT, ASSIGNMENT).cells if c.kind == "solution"}
    answers["sigmoid"] = "def sigmoid(z):\n    return 1 / (1 + np.exp(z))"
    del answers["predict"]
    notebook = alone("assignments", ASSIGNMENT, repository.address)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    notebook.cells.append(new_code_cell('check.hint("sigmoid")'))
    executed = run_notebook(notebook, image.python, anywhere, image.environment)

    said = {cell.id: "".join(shown(cell)) for cell in executed.cells if cell.id.startswith("test_")}
    assert said["test_predict"].startswith("✗ predict: Not answered yet.")
    assert said["test_sigmoid"].startswith("✗ sigmoid: Asked: ") and "sign" in said["test_sigmoid"]
    assert "calls your `sigmoid`: make sure that is right first" in said["test_logistic_gradient"]
    on_their_own = ("test_perceptron_step", "test_fit_perceptron", "test_decision_boundary")
    others = {name: text for name, text in said.items() if name.startswith(on_their_own)}
    assert len(others) >= 4 and all("Right: all " in text for text in others.values()), others
    assert shown(executed.cells[-1])[0].startswith("Hint 1 of 3 for sigmoid\n")


@pytest.mark.long
def test_without_a_network_it_says_so_in_one_line(fresh, anywhere):
    """In Colab's own old IPython. The course is there already, so that it is hidden from this kernel."""
    hide = "import sys; sys.modules['course'] = None"
    cell = setup_source("01_neuron", Address("http://127.0.0.1:9/someone/somewhere", "main"))
    _, told = run_cells([hide, cell], fresh.python, anywhere, fresh.environment | {"PIP_RETRIES": "1"})
    assert told == ["UsageError: the course cannot be installed: no network\n"]


def alone(room: str, chapter: str, address: Address):
    """A built notebook whose set-up cell installs from this address."""
    notebook = read_notebook(notebook_path(ROOT, room, chapter))
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert re.search(r"^(scale = )?setup\(", cell.source, re.MULTILINE)
    cell.source = setup_source(chapter, address)
    return notebook


def errors(notebook) -> list[str]:
    return [
        f"{cell.source[:60]!r}: {output.ename}: {output.evalue}"
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]
