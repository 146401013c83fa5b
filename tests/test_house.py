"""The house rules that a machine can hold: who imports whom, what the sources may use, what no file may contain."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "course"
# What is lower never imports what is above it: each room with the rooms that it may not know.
COMMAND = ("cli", "commands", "console", "tables", "tpu_table", "health", "lab")
ABOVE = {
    "errors.py": ("paths", "checks", "plots", "data", "runtime", "grading", "authoring", *COMMAND),
    "paths.py": ("checks", "plots", "data", "runtime", "grading", "authoring", *COMMAND),
    "runtime.py": ("grading", "authoring", *COMMAND),
    "progress.py": ("checks", "plots", "data", "grading", "authoring", *COMMAND),
    "data.py": ("grading", "authoring", *COMMAND),
    "plots": ("grading", "authoring", *COMMAND),
    "checks": ("grading", "authoring", *COMMAND),
    "grading": ("authoring", *COMMAND),
    "authoring": COMMAND,
    "lab": ("checks", "plots", "data", "runtime", "grading", "cli", "commands", "console", "tables", "health"),
}


def sources(room: str) -> list[Path]:
    path = PACKAGE / room
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The full names of the modules that a file imports, at its top or inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("room", ABOVE)
def test_no_room_imports_one_above_it(room):
    assert sources(room)
    for path in sources(room):
        for name in imported(path):
            parts = name.split(".")
            assert not (parts[0] == "course" and len(parts) > 1 and parts[1] in ABOVE[room]), f"{path} imports {name}"


def test_import_course_loads_neither_keras_nor_numpy():
    code = (
        "import sys, course; print(sorted({'keras', 'numpy', 'tensorflow', 'matplotlib', 'rich'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(
    "path", sorted((*ROOT.glob("lessons/*/*.py"), *ROOT.glob("solutions/*/*.py"))), ids=lambda p: p.stem
)
def test_lessons_and_assignments_use_keras_numpy_and_the_faces_alone(path):
    allowed = {"keras", "numpy", "matplotlib", "course", "math", "random", "time", "warnings", "functools"}
    allowed |= {"os", "pathlib", "tempfile", "zipfile"}  # what saving and loading needs
    for cell in re.split(r"^# %%", path.read_text(encoding="utf-8"), flags=re.M):
        head, _, body = cell.partition("\n")
        for line in body.splitlines() if '"aside"' not in head else ():  # tests/test_backends.py says what an aside is
            found = re.match(r"\s*(?:from|import)\s+(\w+)", line)
            if found and not line.lstrip().startswith("#"):
                assert found.group(1) in allowed, line


def test_a_lesson_s_cells_have_at_most_fifteen_lines():
    for path in ROOT.glob("lessons/*/*.py"):
        for cell in re.split(r"^# %%", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            head, _, body = cell.partition("\n")
            if "[markdown]" not in head and "[raw]" not in head:
                lines = [line for line in body.strip().splitlines() if line.strip()]
                assert len(lines) <= 15, f"{path.stem}: {lines[0]!r} begins a cell of {len(lines)} lines"


def test_a_lesson_s_code_lines_fit_the_page():
    for path in ROOT.glob("lessons/*/*.py"):
        for cell in re.split(r"^# %%", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            head, _, body = cell.partition("\n")
            if "[markdown]" not in head and "[raw]" not in head:
                assert max(map(len, body.splitlines()), default=0) <= 105, (
                    f"{path.stem}: {max(body.splitlines(), key=len)}"
                )


def test_no_output_of_a_lesson_holds_an_address_that_differs_from_run_to_run():
    for path in ROOT.glob("lessons/*/*.ipynb"):
        found = re.search(r"<[\w. ]+ at 0x[0-9a-f]+>", path.read_text(encoding="utf-8"))
        assert not found, f"{path.stem}: {found.group()}: give the cell's last value a name"


def test_no_tracked_file_names_a_machine_or_a_registry():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    hosts = "|".join(("pypi" + r"\.org", "files\\.python" + "hosted", "registry\\.npm" + "js", "deb\\.deb" + "ian"))
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if (
            path.suffix in {".py", ".md", ".toml", ".txt", ".ipynb", ".json", ""}
            and path.is_file()
            and path.stat().st_size < 3_000_000
        ):
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not re.search(hosts, text), f"{name} names a package registry's host"
            assert not re.search(r"(?<![\w.])/(?:work|root|home/\w+)/", text), f"{name} holds a path of one machine"
