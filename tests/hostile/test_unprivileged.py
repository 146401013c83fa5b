"""The same bank for an ordinary user, who can grade as well: walls must not need the rights of an administrator.

Where the tests run as an ordinary user anyway, `test_sandbox` has said it all.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.skipif(os.geteuid() != 0, reason="this is an ordinary user"),
]

HERE = Path(__file__).parent
NOBODY = 65534

# Python may be installed below a folder that only root enters (a home). In a mount namespace of our own such a folder is
# covered, and Python shown again in its place; nothing of that is seen outside.
_OPEN_DOORS = """
set -e
mkdir -p "$PLACE/python"
mount --bind "$PYTHON" "$PLACE/python"
mount -t tmpfs -o mode=755 tmpfs "$CLOSED"
mkdir -p "$PYTHON"
mount --bind "$PLACE/python" "$PYTHON"
exec "$@"
"""

# An honest submission, graded while another program of the same user has very many threads.
_IN_A_CROWD = """
import json, subprocess, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from hostile.assignment import KERAS, submission, write_course
from course.grading.grade import grade
crowd = "import threading, time\\nfor _ in range(400):\\n    threading.Thread(target=time.sleep, args=(120,), daemon=True).start()\\nprint(flush=True)\\ntime.sleep(120)"
other = subprocess.Popen([sys.executable, "-c", crowd], stdout=subprocess.PIPE)
other.stdout.readline()
try:
    course = write_course(Path({place!r}) / "course")
    folder = course / "submitted" / "anna" / KERAS
    folder.mkdir(parents=True)
    (folder / (KERAS + ".ipynb")).write_text(json.dumps(submission(KERAS, {{}})))
    report = grade(course, KERAS, course / "submitted", 1, "sqlite:///" + str(course / "gradebook.db"))
    print([result.points for result in report.results])
finally:
    other.kill()
    other.wait()
"""


@pytest.fixture
def place():
    """A folder that an ordinary user can reach, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as made:
        os.chmod(made, 0o755)
        for folder in (Path(made, "nobody"), Path(made, "nobody", "home")):
            folder.mkdir()
            os.chown(folder, NOBODY, NOBODY)
        yield Path(made, "nobody")


@pytest.mark.parametrize("level", ["full", "partial"])
def test_the_sandbox_holds_for_an_ordinary_user(place, level):
    """A second pytest, as a user without rights, with a folder of its own for all that is written."""
    options = ("--tb=short", "-p", "no:cacheprovider", "-p", "no:xdist", "--basetemp", str(place / "base"))
    done = as_nobody(place, level, "-m", "pytest", *options, str(HERE / "test_sandbox.py"))
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


@pytest.mark.parametrize("level", ["full", "partial"])
def test_other_programs_of_the_same_user_cost_nobody_points(place, level):
    script = _IN_A_CROWD.format(tests=str(HERE.parent), place=str(place))
    done = as_nobody(place, level, "-c", script)
    assert done.stdout.strip() == "[5.0]", done.stdout[-2000:] + done.stderr[-2000:]


def as_nobody(place: Path, level: str, *arguments: str) -> subprocess.CompletedProcess:
    """Run Python with `arguments` as a user without rights, who owns nothing but the folder `place`."""
    user = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    command = [*user, sys.executable, *arguments]
    environment = {"HOME": str(place / "home"), "TMPDIR": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment |= {} if level == "full" else {"COURSE_ISOLATION": level}
    closed = _closed_folder(Path(sys.base_prefix))
    if closed:
        if not shutil.which("unshare"):
            pytest.skip(f"an ordinary user cannot enter {closed}, where Python is")
        environment |= {"PYTHON": sys.base_prefix, "PLACE": str(place), "CLOSED": str(closed)}
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _OPEN_DOORS, "sh", *command]
    return subprocess.run(command, cwd=HERE.parent.parent, env=environment, capture_output=True, text=True, check=False)


def _closed_folder(path: Path) -> Path | None:
    """The first folder on the way to `path` that others may not enter."""
    ways = [*reversed(path.resolve().parents), path.resolve()]
    return next((folder for folder in ways if not folder.stat().st_mode & 0o001), None)
