"""Environments with the versions that Colab publishes (tests/colab/*.txt), as close to its machines as can be had here."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

IMAGES = ("cpu-gpu", "tpu")
PYTHON = "3.13"  # Colab's
LISTS = Path(__file__).parent / "colab"
# What Colab's own machines have in their environment, by which the course knows them.
MARKS = {
    "cpu-gpu": {"COLAB_RELEASE_TAG": "release-colab_test"},
    "tpu": {"COLAB_RELEASE_TAG": "release-colab_test", "COLAB_TPU_1VM": "1"},
}
# Of each package: its version, and its list of files with their hashes.
_INSTALLED = """
import hashlib, json
from importlib import metadata
print(json.dumps({
    d.name.lower().replace("_", "-"): [d.version, hashlib.sha256((d.read_text("RECORD") or "").encode()).hexdigest()]
    for d in metadata.distributions()
}))
"""


@dataclass(frozen=True)
class Image:
    name: str
    python: Path

    @property
    def environment(self) -> dict[str, str]:
        return MARKS[self.name]

    def installed(self) -> dict[str, list[str]]:
        """Package -> its version and a hash over its files."""
        told = subprocess.run([self.python, "-c", _INSTALLED], capture_output=True, text=True, check=True)
        return json.loads(told.stdout)

    def finds(self, module: str) -> bool:
        code = f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"
        return subprocess.run([self.python, "-c", code], check=False).returncode == 0


def make_image(name: str, folder: Path) -> Image:
    """A new environment of this image in `folder`. Takes its packages from the registry, or from uv's cache."""
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "venv", "--quiet", "--python", find_python(), folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, "-r", LISTS / f"{name}.txt"], check=True)
    return Image(name, python)


def find_python() -> str:
    """COURSE_COLAB_PYTHON where it is set; else a Python of Colab's version on this machine; else the one at hand."""
    given = os.environ.get("COURSE_COLAB_PYTHON")
    return given or next((path for path in _candidates() if version_of(path) == PYTHON), sys.executable)


def version_of(python: str) -> str | None:
    """The version that this program says it is, as "3.13"; None if it does not run."""
    asked = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def _candidates() -> Iterator[str]:
    if on_path := shutil.which(f"python{PYTHON}"):
        yield on_path
    pyenv = Path(
        os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")
    )  # whose programs on the path run one version alone
    yield from map(str, sorted(pyenv.glob(f"versions/{PYTHON}.*/bin/python")))
