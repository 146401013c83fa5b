"""The same bank for an ordinary user, who can grade as well: walls must not need the rights of an administrator.

Where the tests run as an ordinary user anyway, `test_sandbox` has said it all.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.long]

HERE = Path(__file__).parent
NOBODY = 65534

# Python may be installed below a folder that only root enters (a home). In a mount namespace of our own such a folder is
# covered, and Python shown again in its place; nothing of that is seen outside.
_OPEN_DOORS = """
set -e
mkdir "$PLACE/python"
mount --bind "$PYTHON" "$PLACE/python"
mount -t tmpfs -o mode=755 tmpfs "$CLOSED"
mkdir -p "$PYTHON"
mount --bind "$PLACE/python" "$PYTHON"
exec "$@"
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="this is an ordinary user")
@pytest.mark.parametrize("level", ["full", "partial"])
def test_the_sandbox_holds_for_an_ordinary_user(tmp_path, level):
    """A second pytest, as a user without rights, with a folder of its own for all that is written."""
    place = tmp_path / "nobody"
    for folder in (place, place / "home"):
        folder.mkdir()
        os.chown(folder, NOBODY, NOBODY)
    for parent in list(tmp_path.parents)[:3]:  # pytest makes these for root alone
        if parent.stat().st_uid == 0 and parent != Path("/tmp"):
            parent.chmod(parent.stat().st_mode | 0o055)
    tmp_path.chmod(0o755)
    tests = [
        *(sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", "-p", "no:xdist"),
        *("--basetemp", str(place / "base"), str(HERE / "test_sandbox.py")),
    ]
    as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *tests]
    environment = {"HOME": str(place / "home"), "TMPDIR": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    if level != "full":
        environment["COURSE_ISOLATION"] = level
    closed = _closed_folder(Path(sys.base_prefix))
    if closed:
        if not shutil.which("unshare"):
            pytest.skip(f"an ordinary user cannot enter {closed}, where Python is")
        environment |= {"PYTHON": sys.base_prefix, "PLACE": str(place), "CLOSED": str(closed)}
        as_nobody = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _OPEN_DOORS, "sh", *as_nobody]
    done = subprocess.run(
        as_nobody, cwd=HERE.parent.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


def _closed_folder(path: Path) -> Path | None:
    """The first folder on the way to `path` that others may not enter."""
    ways = [*reversed(path.resolve().parents), path.resolve()]
    return next((folder for folder in ways if not folder.stat().st_mode & 0o001), None)
