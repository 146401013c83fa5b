"""A throwaway course of one chapter, for the tests of authoring: "01_sample", in a folder of its own."""

import shutil
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
SAMPLES = Path(__file__).parent / "samples"
CHAPTER = "01_sample"
# Stands in for the real set-up, which imports Keras: these tests are about notebooks.
PLAIN_SETUP = 'print("{chapter} is set up")'


def make_course(root: Path) -> Path:
    write_source(root, "solutions", (SAMPLES / "solution.py").read_text())
    write_source(root, "lessons", (SAMPLES / "lesson.py").read_text())
    card = root / "datasets" / "numbers" / "card.toml"
    card.parent.mkdir(parents=True)
    card.write_text('source = "counted"\n')
    (root / "pyproject.toml").write_text(
        '[tool.course]\nrepository = "https://github.com/someone/somewhere"\nbranch = "main"\n'
    )
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    return root


def write_source(root: Path, room: str, text: str) -> Path:
    path = root / room / CHAPTER / f"{CHAPTER}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
