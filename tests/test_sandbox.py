"""The walls around a submission, one by one: what a cell sees and may do at each level."""

import json
import os
import struct
import subprocess
import sys
from errno import ENOSYS, EPERM
from pathlib import Path

import pytest

from course.errors import GivenError
from course.grading.sandbox import LEVELS, MEANS, namespaces, probe, seccomp

ROOT = Path(__file__).parents[1]
THREAD, NEW_USER = 0x003D0F00, 0x10000000  # what pthread_create asks of clone, and a namespace
ALLOW = 0x7FFF0000


def ruling(
    machine: str, number: int, *arguments: int, own_root: bool = True, pid: int = 7, foreign: bool = False
) -> int:
    """What the filter says to a call: run as the kernel runs it (classic BPF, man 2 seccomp)."""
    architectures = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
    architecture = 0x40000003 if foreign else architectures[machine]
    data = struct.pack("<iIQ6Q", number, architecture, 0, *(*arguments, 0, 0, 0, 0, 0, 0)[:6])
    program = list(struct.iter_unpack("HBBI", seccomp.program(machine, pid, own_root)))
    accumulator = place = 0
    while True:
        code, yes, no, value = program[place]
        place += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif code == 0x06:
            return value
        else:
            test = {0x15: accumulator == value, 0x25: accumulator > value, 0x45: bool(accumulator & value)}[code]
            place += yes if test else no


CALLS = {  # name: (x86_64, aarch64)
    "read": (0, 63),
    "mmap": (9, 222),
    "openat": (257, 56),
    "futex": (202, 98),
    "socketpair": (53, 199),
    "getrandom": (318, 278),
    "execve": (59, 221),
    "socket": (41, 198),
    "ptrace": (101, 117),
    "mount": (165, 40),
    "memfd_create": (319, 279),
    "unshare": (272, 97),
    "clone": (56, 220),
    "clone3": (435, 435),
    "kill": (62, 129),
    "tgkill": (234, 131),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "fchmodat": (268, 53),
}


@pytest.mark.parametrize(("column", "machine"), [(0, "x86_64"), (1, "aarch64")])
def test_the_filter_lets_a_submission_compute_and_nothing_else(column, machine):
    def asks(name: str, *arguments: int, **options) -> int:
        return ruling(machine, CALLS[name][column], *arguments, **options)

    for name in ("read", "mmap", "openat", "futex", "socketpair", "getrandom"):
        assert asks(name) == ALLOW
    for name in ("execve", "socket", "ptrace", "mount", "memfd_create", "unshare"):
        assert asks(name) == 0x00050000 | EPERM
    assert asks("clone", THREAD) == ALLOW
    assert asks("clone", 17) == 0x00050000 | EPERM  # a process
    assert asks("clone", THREAD | NEW_USER) == 0x00050000 | EPERM
    assert asks("clone3") == 0x00050000 | ENOSYS
    assert asks("kill", 7) == asks("tgkill", 7) == ALLOW
    for other in (0, 1, 8, 2**32 - 1, 2**64 - 1):
        assert asks("kill", other) == asks("tgkill", other) == 0x00050000 | EPERM
    assert asks("prctl", 15) == ALLOW  # a thread's name
    for option in (1, 4, 22, 24, 38 + 9):  # the parent's end, dumpability, seccomp, capabilities, ambient ones
        assert asks("prctl", option) == 0x00050000 | EPERM
    assert asks("prlimit64", 0, 7, 0) == asks("prlimit64", 7, 7, 0) == ALLOW
    assert asks("prlimit64", 0, 7, 1 << 40) == asks("prlimit64", 9, 7, 0) == 0x00050000 | EPERM
    assert asks("fchmodat") == ALLOW
    assert asks("fchmodat", own_root=False) == 0x00050000 | EPERM
    assert ruling(machine, 100_000) == 0x00050000 | ENOSYS
    assert ruling(machine, 0x40000000 | 59) == 0x00050000 | ENOSYS  # execve, by its number in the x32 interface
    assert asks("read", foreign=True) == 0x80000000


def test_what_a_submission_may_read_holds_no_solutions_and_no_home():
    shown = [Path(path) for path in namespaces.visible()]
    for secret in (
        ROOT / "solutions",
        ROOT / "examples",
        ROOT / "tests",
        Path.home() / ".ssh",
        Path("/var"),
        Path("/etc/passwd"),
    ):
        assert not any(secret == path or secret.is_relative_to(path) for path in shown)
    assert any((ROOT / "course").is_relative_to(path) for path in shown)


def test_a_level_can_be_lowered_and_a_wrong_name_is_one_clear_line(monkeypatch):
    probe.cache_clear()
    monkeypatch.setenv("COURSE_ISOLATION", "none")
    assert probe().name == "none" and "asks for less" in probe().missing[0]
    probe.cache_clear()
    monkeypatch.setenv("COURSE_ISOLATION", "paranoid")
    with pytest.raises(GivenError, match="give one of none, partial, full"):
        probe()
    probe.cache_clear()


def test_every_level_says_what_it_means():
    assert set(LEVELS) == set(MEANS)


LOOK = """
import ctypes, json, os
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
def attempt(what):
    try:
        what()
    except BaseException as error:
        return type(error).__name__
    return "done"
print(json.dumps({
    "pid": os.getpid(),
    "processes": sorted(int(p) for p in os.listdir("/proc") if p.isdigit()) if attempt(lambda: os.listdir("/proc")) == "done" else [],
    "capabilities": [status[name].strip() for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
    "no_new_privs": status["NoNewPrivs"].strip(),
    "seccomp": status["Seccomp"].strip(),
    "open": [fd for fd in range(4096) if attempt(lambda: os.fstat(fd)) == "done"],
    "environment": sorted(os.environ),
    "solutions": attempt(lambda: os.listdir(ROOT + "/solutions")),
    "write": attempt(lambda: open(ROOT + "/course/written", "w")),
    "work": attempt(lambda: open("written", "w")),
    "interfaces": open("/proc/net/dev").read().count(":") if attempt(lambda: open("/proc/net/dev")) == "done" else 0,
    "disk": attempt(lambda: open("large", "wb").write(b"0" * 300_000_000)),
    "root": attempt(lambda: os.chroot(".")),
    "data": attempt(lambda: __import__("course").data.load("digits")),
}))
"""


def look(level: str, tmp_path: Path) -> dict:
    """What a cell finds out about its place, in a process of the grader's at `level`."""
    program = f"""
import sys, json
from pathlib import Path
from course.grading.warm import Zygote
from course.grading.watch import Limits
with Zygote(Path({str(ROOT)!r})) as zygote:
    child = zygote.new_child(memory_mb=4000, file_mb=500, chapter="x", root={str(ROOT)!r}, expectations=False)
    answer = child.run("look", "ROOT = {str(ROOT)!r}\\n" + {LOOK!r}, {{}}, Limits(cpu_seconds=60, wall_seconds=120))
    child.end()
    print(json.dumps([zygote.level.name, answer["error"], answer["stdout"]]))
"""
    environment = {**os.environ, "COURSE_ISOLATION": level, "SECRET_OF_THE_TEACHER": "heron"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    reached, error, told = json.loads(done.stdout)
    assert not error
    if reached != level:
        pytest.skip(f"this machine allows the level {reached} only")
    return json.loads(told)


@pytest.mark.slow
def test_at_level_full_a_submission_is_alone(tmp_path):
    seen = look("full", tmp_path)
    assert seen["pid"] == 1 and seen["processes"] == [1]
    assert set(seen["capabilities"]) == {"0000000000000000"}
    assert (seen["no_new_privs"], seen["seccomp"]) == ("1", "2")
    assert len(seen["open"]) == 4  # three that lead nowhere, and the one to the supervisor
    assert "SECRET_OF_THE_TEACHER" not in seen["environment"]
    assert seen["solutions"] == "FileNotFoundError"
    assert seen["write"] in ("OSError", "PermissionError")
    assert seen["work"] == "done"
    assert seen["interfaces"] <= 1  # loopback, and that is down
    assert seen["disk"] == "OSError"
    assert seen["root"] in ("PermissionError", "OSError")
    assert seen["data"] == "done"


@pytest.mark.slow
def test_at_level_partial_a_submission_reads_and_writes_only_its_own(tmp_path):
    seen = look("partial", tmp_path)
    assert (seen["no_new_privs"], seen["seccomp"]) == ("1", "2")
    assert set(seen["capabilities"]) == {"0000000000000000"}
    assert len(seen["open"]) == 4
    assert "SECRET_OF_THE_TEACHER" not in seen["environment"]
    assert seen["solutions"] == seen["write"] == "PermissionError"
    assert seen["processes"] == []
    assert seen["work"] == seen["data"] == "done"
