"""The same bank for an ordinary user, who can grade as well: walls must not need the rights of an administrator.

Where the tests run as an ordinary user anyway, `test_sandbox` has said it all.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
NOBODY = 65534
FAMILIES = "process or files or memory or network"


@pytest.mark.skipif(os.geteuid() != 0, reason="this is an ordinary user")
def test_the_sandbox_holds_for_an_ordinary_user(tmp_path):
    """A second pytest, as a user without rights, with folders of its own for all that is written."""
    place = tmp_path / "nobody"
    (place / "home").mkdir(parents=True)
    for path in (tmp_path, *tmp_path.parents):
        if not path.stat().st_mode & 0o001 and str(path).startswith(str(tmp_path.parents[1])):
            path.chmod(0o755)
    for path in (place, place / "home"):
        os.chown(path, NOBODY, NOBODY)
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "COURSE_ISOLATION")}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider"),
            *("--basetemp", str(place / "base"), "-k", FAMILIES, str(HERE / "test_sandbox.py")),
        ],
        cwd=HERE.parent.parent,
        env=environment | {"HOME": str(place / "home"), "TMPDIR": str(place), "PYTHONDONTWRITEBYTECODE": "1"},
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
