"""A build backend that fetches nothing: it stands in for hatchling where a test has to work without a network.

It makes the wheel that pyproject.toml describes to hatchling. tests/test_colab.py builds with hatchling itself.
"""

import re
import tomllib
import zipfile
from pathlib import Path


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    project, wheel = settings["project"], settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    version = re.search(r'__version__ = "(.+)"', Path(settings["tool"]["hatch"]["version"]["path"]).read_text()).group(
        1
    )
    stem = f"{project['name'].replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {version}"]
    metadata += [f"Requires-Python: {project['requires-python']}"]
    metadata += [f"Requires-Dist: {needed}" for needed in project["dependencies"]]
    files = {path.as_posix(): path.read_bytes() for path in _files(wheel["packages"])}
    files |= {target: Path(source).read_bytes() for source, target in wheel["force-include"].items()}
    files[f"{info}/METADATA"] = "\n".join(metadata).encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: plain\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"]).encode()
    made = f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory) / made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made


def _files(packages):
    return [path for package in packages for path in sorted(Path(package).rglob("*")) if path.is_file()]
