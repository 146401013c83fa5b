"""The supervisor's end of one submission's process: tell it what it is for, send cells, hold it to its limits, end it.

The same for a fork of the warm process and for a process that was started afresh; which of them it is, and how such a
process is made and ended, know `warm` and `spawn`.
"""

import secrets
import select
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from course.checks import wire
from course.grading import scratch
from course.grading.gauge import Gauge, gauge
from course.grading.watch import WATCH_SECONDS, Ended, Limits, Watch

BEGIN_SECONDS = 120  # a process begins in milliseconds; on a machine that swaps, in more
BEGINNINGS = 3  # how often one is begun that something else ends before it runs anything
# Signals that a machine without memory, or a person, sends to a process (SIGKILL, which Windows cannot name, and SIGTERM).
# At level full no submission can send them itself.
FROM_OUTSIDE = (9, signal.SIGTERM)


class Gone(RuntimeError):
    """The warm process has ended, and all its children with it: what was at work there has to be done again elsewhere."""


class Killed(Exception):
    """Something else ended a process before it ran anything."""


class Fault(RuntimeError):
    """A mistake of the grader's own, before anything of a submission had run: grading stops, loudly."""


class Process(Protocol):
    """What runs at the other end. pid: its number here."""

    pid: int

    def ended_with(self) -> int:
        """Its exit code, or the negative number of the signal that ended it, once its channel broke.

        Raises Ended when it lives on without its channel, Gone when nobody is there to say."""

    def end(self) -> None:
        """Kill it and what it started, and wait until it is no more."""


class Child:
    """One process, in which the cells of one submission run."""

    def __init__(self, process: Process, channel: socket.socket, home: Path):
        """home: its work folder, where its walls give it none."""
        self._process, self._channel, self._home = process, channel, home
        self._gauge: Gauge | None = None

    @property
    def pid(self) -> int:
        return self._process.pid

    def begin(self, start: dict) -> None:
        """Tell the child what it is for (see child.serve), and wait until its walls stand. Raises Fault when they do not,
        and Killed when something else ended it."""
        self._gauge = gauge(self.pid)
        self._channel.settimeout(BEGIN_SECONDS)
        try:
            self._channel.sendall(wire.pack({"home": str(self._home), **start}))
            fault = wire.unpack(lambda n: exactly(self._channel, n))["fault"]
        except (ConnectionError, EOFError) as error:
            if -self._ended_with() in FROM_OUTSIDE:
                raise Killed from error
            raise Fault(f"a process for a submission did not begin ({error})") from error
        except (OSError, wire.WireError, TypeError, KeyError) as error:
            raise Fault(f"a process for a submission did not begin ({error})") from error
        self._channel.settimeout(None)
        if fault:
            raise Fault(f"a process for a submission could not begin:\n{fault}")

    def run(self, cell_id: str, source: str, references: dict[str, str], limits: Limits, token: str = "", figures: int = 0) -> dict:
        """Run one cell and return what child._Notebook.run says. Raises Ended when the child did not live to answer.

        token: for a cell of plain assertions, what its last line is to leave. figures: how many of the cell's to draw.
        """
        watch = Watch(self._gauge, limits)
        key = secrets.token_hex(
            16
        )  # an answer written before the question, or by a thread left running, does not hold it
        question = {"id": cell_id, "key": key, "source": source, "references": references, "token": token, "figures": figures}
        self._channel.settimeout(limits.longest_seconds)  # one that does not listen must not keep us
        try:
            self._channel.sendall(wire.pack(question))
            answer = wire.unpack(lambda n: self._read(n, watch))
            watch.weigh()
        except TimeoutError as error:
            raise Ended(
                "timeout", "it did not take the next cell: does a thread of its own read in its place?"
            ) from error
        except (ConnectionError, EOFError) as error:
            raise self._how_it_ended() from error
        except wire.WireError as error:
            raise Ended("died", "what came back could not be read", str(error)) from error
        if type(answer) is not dict or type(answer.get("key")) is not str or answer["key"] != key:
            raise Ended("died", "what came back was no answer to the grader's question")
        return answer

    def _read(self, n: int, watch: Watch) -> bytes:
        parts, left = [], n
        while left:
            readable, _, _ = select.select([self._channel], [], [], WATCH_SECONDS)
            watch.look()
            if readable:
                part = self._channel.recv(min(left, 1 << 20))
                if not part:
                    raise EOFError
                parts.append(part)
                left -= len(part)
        return b"".join(parts)

    def _how_it_ended(self) -> Ended:
        """In words, when the channel broke. What was killed may have done it itself, or may be innocent. Raises Gone."""
        status = self._ended_with()
        if status < 0:
            reason = "killed" if -status in FROM_OUTSIDE else "died"
            return Ended(reason, "it ended its process", signal.Signals(-status).name)
        return Ended("died", "it ended its process", f"exit code {status}")

    def _ended_with(self) -> int:
        self._channel.close()
        return self._process.ended_with()

    def end(self) -> None:
        """Kill what is left of the child and remove its folder."""
        self._channel.close()
        self._process.end()
        scratch.remove_tree(self._home)


def begun(begin: Callable[[], Child]) -> Child:
    """A child that began, tried again where something else ended it. Raises Fault where that happens each time."""
    for _ in range(BEGINNINGS - 1):
        with suppress(Killed):
            return begin()
    try:
        return begin()
    except Killed as error:
        raise Fault(
            "processes for submissions are killed, one after the other, before they begin (is there enough memory?)"
        ) from error


def last_line(stderr) -> str:
    """What a process said last before it ended. stderr: the file that it wrote to."""
    stderr.seek(0)
    lines = stderr.read().decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "it said nothing"


def exactly(channel: socket.socket, n: int) -> bytes:
    """n bytes. Raises EOFError when the other end closes before."""
    parts, left = [], n
    while left:
        part = channel.recv(left)
        if not part:
            raise EOFError("the child ended")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
