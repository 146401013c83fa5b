"""The set-up cell, run in real kernels: with the course there, with nothing but the notebook, and where that cannot work."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from notebook_kernel import run_cells
from published_course import ROOT, published

import course
from course import data
from course.authoring.pages import Address, setup_source

SITE = next(Path(path) for path in sys.path if Path(path).name == "site-packages")
CHAPTER = "01_neuron"
# The archive's own way to become a wheel, without a build tool from a package registry: see plain_backend.py.
PLAIN_BUILD = b'[build-system]\nrequires = []\nbuild-backend = "plain_backend"\nbackend-path = ["tests"]\n'
NO_COURSE = {"PIP_NO_INDEX": "1", "PIP_RETRIES": "1", "COURSE_ROOT": ""}


def build_without_tools(pyproject: bytes) -> bytes:
    return re.sub(rb"(?s)\A\[build-system\].*?\n\n", PLAIN_BUILD + b"\n", pyproject)


@pytest.fixture(scope="module")
def server():
    with published() as server:
        yield server


@pytest.fixture
def repository(server):
    """The course on a local server, as it is now, buildable without a network."""
    server.changes.clear()
    server.changes["pyproject.toml"] = build_without_tools
    server.asked.clear()
    return server


@pytest.fixture
def without_course(tmp_path) -> Path:
    return environment(tmp_path, leave_out=("course", "deep_learning_course", "_editable_impl_deep_learning_course"))


def environment(folder: Path, leave_out: tuple[str, ...]) -> Path:
    """The Python of a new environment that has all the packages of this one, but those.

    The packages are links beside the environment, where pip sees them and cannot change them.
    """
    packages = folder / "packages"
    packages.mkdir()
    for entry in SITE.iterdir():
        if not entry.name.startswith(leave_out):
            (packages / entry.name).symlink_to(entry)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (own_packages(folder / "venv") / "others.pth").write_text(f"{packages}\n")
    return folder / "venv" / "bin" / "python"


def own_packages(venv: Path) -> Path:
    return next(venv.glob("lib/python*/site-packages"))


def cell(address: Address) -> str:
    return setup_source(CHAPTER, address)


def test_the_cell_is_short_and_the_same_but_for_the_chapter():
    address = Address("https://github.com/someone/somewhere", "main")
    one, other = (setup_source(chapter, address) for chapter in ("01_neuron", "02_layers"))
    assert one.replace("01_neuron", "02_layers") == other
    ast.parse(one)
    assert len(one.splitlines()) <= 9
    assert max(len(line) for line in one.replace(address.archive, "").splitlines()) <= 110


def test_no_notebook_uses_a_name_that_the_cell_binds_only_where_the_course_is_there():
    for source in [*ROOT.glob("lessons/*/*.py"), *ROOT.glob("solutions/*/*.py")]:
        names = {node.id for node in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(node, ast.Name)}
        assert "course" not in names, source


WATCH = """
import sys
seen = []
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "urllib.Request"):
        seen.append((event, str(args)[:200]))
sys.addaudithook(watch)
"""


@pytest.mark.slow
def test_where_the_course_is_there_the_cell_asks_no_network_and_installs_nothing(tmp_path):
    nowhere = Address("http://127.0.0.1:9/no/where", "main")
    told = run_cells([WATCH, cell(nowhere), "print(seen)"], Path(sys.executable), tmp_path)
    assert re.fullmatch(r"course [\d.]+ · 01_neuron · keras .*\n", "".join(told[1]))
    assert told[2] == ["[]\n"]


@pytest.mark.slow
def test_where_only_the_notebook_is_there_the_cell_installs_the_course_and_data_come_verified(
    repository, without_course, tmp_path
):
    cache = tmp_path / "cache"
    damaged, sound = "datasets/names/" + data.card("names").file, "datasets/mnist1d/" + data.card("mnist1d").file
    repository.changes[damaged] = lambda content: content[:-1] + b"?"
    cells = [
        cell(repository.address),
        "import course; print(course.__file__); (x, _), _ = data.load('mnist1d'); print(x.shape)",
        "data.load('names')",
        "data.load('mnist1d')[0][0].shape",
    ]
    notebook_folder = tmp_path / "downloads"
    notebook_folder.mkdir()
    told = run_cells(cells, without_course, notebook_folder, NO_COURSE | {"COURSE_DATA_DIR": str(cache)})

    (banner,) = told[0]
    assert re.fullmatch(r"course [\d.]+ · 01_neuron · keras .*\n", banner), "one line, and nothing of pip"
    own = own_packages(without_course.parent.parent)
    assert told[1][0].startswith(str(own)), "the course that was installed, not this checkout"
    assert "(4000, 40)" in told[1][0]
    assert told[3] == ["(4000, 40)"]
    new = {path.name for path in own.glob("*.dist-info")}
    assert new == {f"deep_learning_course-{course.__version__}.dist-info"}, "nothing else was installed"

    announced, refused = told[2]
    assert announced.startswith("downloading ")
    assert "what lies there is not the file that the card describes" in refused and "\n" not in refused.strip()
    assert not list((cache / "names").glob("*")), "a damaged file is not kept"
    assert repository.asked.count(f"/raw/main/{sound}") == 1, "downloaded once, then found"
    assert set(repository.asked) == {"/archive/refs/heads/main.zip", f"/raw/main/{sound}", f"/raw/main/{damaged}"}


def _too_old(pyproject: bytes) -> bytes:
    return re.sub(rb'requires-python = ".*"', b'requires-python = ">=3.99"', build_without_tools(pyproject))


WRONG = {
    "no network": ({}, "no network"),
    "an address where nothing is": ({}, "404"),
    "a Python that is too old": ({"pyproject.toml": _too_old}, "requires a different Python: {python} not in '>=3.99'"),
    "an archive that is damaged": ({".zip": lambda content: content[: len(content) // 2]}, "not a zip file"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_said_in_one_line(repository, without_course, tmp_path, wrong):
    changes, words = WRONG[wrong]
    repository.changes |= changes
    address = {
        "no network": Address("http://127.0.0.1:9/someone/somewhere", "main"),
        "an address where nothing is": Address(f"{repository.address.repository}/else", "main"),
    }.get(wrong, repository.address)
    python = ".".join(map(str, sys.version_info[:3]))
    (told,) = run_cells([cell(address)], without_course, tmp_path, NO_COURSE)
    (line,) = told
    assert line.startswith("UsageError: the course cannot be installed: ")
    assert words.format(python=python) in line
    assert line.count("\n") == 1, line


def test_an_environment_without_pip_is_told_so(repository, tmp_path):
    """As `uv venv` makes them."""
    python = environment(tmp_path, leave_out=("course", "deep_learning_course", "_editable_impl_deep_learning", "pip"))
    (told,) = run_cells([cell(repository.address)], python, tmp_path, NO_COURSE)
    (line,) = told
    assert line.startswith("UsageError: the course cannot be installed: ") and line.endswith("No module named pip\n")
