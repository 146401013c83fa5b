"""The bank's own instruments: they find what they are there to find."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hostile.assignment import CANARIES, KERAS, NAME, released_notebook, solution_notebook, submission
from hostile.leaks import leaks
from hostile.world import World


@pytest.fixture
def world(tmp_path):
    with World(tmp_path / "place") as made:
        made.course.mkdir()
        yield made


@pytest.mark.parametrize(
    "text",
    [
        "he said quartzfalcon",
        "quartz falcon",
        "QuartzFalcon",
        "noclafztrauq"[::-1],
        "q,u,a,r,t,z,f,a,l,c,o,n",
        base64.b64encode(b"it is quartzfalcon").decode(),
        b"quartzfalcon".hex(),
        str([ord(character) for character in "quartzfalcon"]),
        "<b>quartzfal&#99;on</b>",
        str(int.from_bytes(b"quartzfalcon", "big")),
        "61403.5",
        "[1.5, 61403.5]",
    ],
)
def test_a_canary_is_found_in_every_dress(text):
    assert leaks(text)


@pytest.mark.parametrize("text", ["", "falcon of quartz", "614035", "161403.5", "61403.57", "aGVsbG8gd29ybGQ=", "deadbeefdeadbeef"])
def test_ordinary_text_holds_no_canary(text):
    assert not leaks(text)


def test_what_the_student_wrote_is_no_leak():
    assert not leaks("def source_osprey(): pass", ignore="def source_osprey(): pass")


@pytest.mark.parametrize("name", [NAME, KERAS])
def test_canaries_stand_in_the_solution_and_not_in_what_a_student_gets(name):
    assert leaks(str(solution_notebook(name)))
    assert not leaks(str(released_notebook(name)))
    assert not leaks(str(submission(name, {})))


def test_a_stray_process_is_seen_also_when_its_parent_is_gone(world):
    before = world.traces()
    code = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(60)"
    subprocess.run([sys.executable, "-c", code], check=True)
    (seen,) = world.traces().since(before)
    assert seen.startswith("process ")
    os.kill(int(seen.split()[1]), signal.SIGKILL)


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda w: (w.home / "left").write_text("x"), "file "),
        (lambda w: Path(f"/dev/shm/{w.token}").write_text("x"), "file /dev/shm"),
        (lambda w: Path(f"/tmp/{w.token}-x").mkdir(), "file /tmp"),
        (lambda w: (w.canary / "one.txt").write_text("hit"), "changed "),
        (lambda w: (w.canary / "one.txt").chmod(0), "changed "),
        (lambda w: (w.canary / "deep" / "two.txt").unlink(), "file "),
        (lambda w: os.kill(w._sacrifice.pid, signal.SIGSTOP), "process "),
        (lambda w: os.kill(w._sacrifice.pid, signal.SIGKILL), "process "),
    ],
)
def test_what_is_left_or_changed_is_seen(world, act, told):
    before = world.traces()
    act(world)
    end = time.monotonic() + 10
    while not (seen := world.traces().since(before)) and time.monotonic() < end:
        time.sleep(0.02)
    assert any(line.startswith(("changed ", told)) for line in seen), seen


def test_a_left_socket_is_seen(world):
    before = world.traces()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(f"\0{world.token}-left")
        assert [line.split()[:2] for line in world.traces().since(before)] == [["shared", "socket"]]


def test_what_is_sent_is_heard(world):
    before = world.traces()
    port = int(world.fill("@PORT@"))
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.send(b"quartzfalcon")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.sendto(b"hello", ("127.0.0.1", int(world.fill("@UDP@"))))
    end = time.monotonic() + 10
    while len(world.traces().since(before)) < 3 and time.monotonic() < end:
        time.sleep(0.02)
    told = "\n".join(world.traces().since(before))
    assert "a connection" in told and "a datagram" in told and "quartzfalcon" in told
    assert "hidden inputs: quartzfalcon" in world.leaked()


def test_what_is_written_into_the_canaries_is_read(world):
    assert not world.leaked()
    (world.canary / "one.txt").write_text(CANARIES["the gradebook"][0])
    assert world.leaked() == ["the gradebook: gradebook_curlew"]


def test_a_hit_target_is_put_up_again(world):
    os.kill(world._sacrifice.pid, signal.SIGKILL)
    world._sacrifice.wait()
    world.mend()
    assert world._runs(world._sacrifice)
