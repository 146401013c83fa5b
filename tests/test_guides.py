"""The guides do what they say: every command in them is run, in order, in a fresh clone."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.authoring.pages import read_address

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
GUIDES = sorted(path for path in (ROOT / "docs").glob("*.md") if "```sh" in path.read_text(encoding="utf-8"))


def commands(guide: Path) -> list[str]:
    """The lines of all blocks of commands."""
    blocks = re.findall(r"^```sh\n(.*?)^```", guide.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_there_are_guides_for_all_three():
    assert {"INSTRUCTORS.md", "MAINTAINERS.md", "STUDENTS.md"} <= {guide.name for guide in GUIDES}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_every_command_of_the_guide_succeeds_in_a_fresh_clone(guide, tmp_path):
    folder = tmp_path
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = []
    for line in commands(guide):
        if line.startswith("git clone"):
            address, where = line.split()[2:]
            assert address == read_address(ROOT).repository
            clone(folder / where)
        elif line.startswith("cd "):
            folder /= line.removeprefix("cd ")
        else:
            ran = subprocess.run(
                line,
                shell=True,
                executable="/bin/bash",
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert ran.returncode == 0, f"{line}\n{ran.stdout[-2000:]}\n{ran.stderr[-2000:]}"
        done.append(line.split()[0])
    assert "course" in done and "make" in done
    if guide.stem == "INSTRUCTORS":
        grades = (folder / "week1" / "canvas.csv").read_text(encoding="utf-8").splitlines()
        assert len(grades) == 1 + 1 + 14  # the header, the possible points, the class
        assert (folder / "week1" / "report" / "01_neuron" / "index.html").is_file()


def clone(folder: Path) -> None:
    """What `git clone` would bring: the files as they are now, committed; .venv is the one that is there, so that set-up is done."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(BIN.parent, target_is_directory=True)
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for command in (["init", "--quiet"], ["add", "--all"], [*author, "commit", "--quiet", "--message", "a clone"]):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize(
    "guide", sorted((ROOT / "docs").glob("*.md")) + [ROOT / "README.md"], ids=lambda path: path.stem
)
def test_every_link_of_a_guide_leads_somewhere(guide):
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", guide.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (guide.parent / target).exists(), target
