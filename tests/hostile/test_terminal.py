"""What an instructor sees in a terminal: no submission moves its cursor, sets its title or recolors it."""

import json
import os
import subprocess
import sys

import pytest

from hostile.assignment import NAME, submission, write_course

pytestmark = pytest.mark.slow

ANSWERS = {"double": "def double(x):\n    raise type(chr(27) + ']0;owned' + chr(7), (Exception,), {})(chr(27) + '[2J')"}
OWN = (("double", "raise ValueError(chr(27) + '[2J' + chr(155) + '31m[/x][red]' + chr(0x202e))"), ("double", "\x1b[2J\x1b]0;owned\x07 x ="))
STUDENTS = ("\x1b[31mred", "[bold]x", "two\rlines", os.fsdecode(b"caf\xe9"), "\u202eanna")


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["as a table", "as JSON"])
def test_no_control_character_reaches_the_terminal(tmp_path, options):
    course = write_course(tmp_path / "course")
    (course / "pyproject.toml").touch()
    for student in STUDENTS:
        folder = course / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(submission(NAME, ANSWERS, OWN)))
    done = subprocess.run(
        [sys.executable, "-m", "course", "grade", NAME, "--jobs", "1", *options],
        cwd=course,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for stream in (done.stdout, done.stderr):
        text = stream.decode()
        assert not [character for character in text if ord(character) < 32 and character not in "\n\t"]
        assert not [character for character in text if character in "\x7f\x9b\u202e"]
    assert done.stdout.count(b"def double") == 0
    assert b"owned" in done.stdout
