"""A process for one submission that no warm process lent: it imports everything itself, knocks at the supervisor's door, and
then serves as a fork would. Started by `spawn`."""

import contextlib
import os
import signal
import socket
import sys
import threading

from course.grading.warm_up import warm_up

_HOMES = ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP")


class Room:
    """What stands around the submission in the place of `sandbox.Sandbox`: a work folder, and limits where the system has them."""

    def enter(self, keep: int, home: str, memory_mb: int, file_mb: int) -> None:
        """As `Sandbox.enter`; nothing is closed here, so that there is nothing to keep."""
        os.chdir(home)
        os.environ.update(dict.fromkeys(_HOMES, home))
        with contextlib.suppress(ImportError):  # Windows
            from course.grading.sandbox import limits

            limits.cap(memory_mb, file_mb, own_user=False)


def main() -> None:
    """Warm up, then serve until the supervisor closes the channel or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor
    held_by = os.fdopen(os.dup(0), "rb")
    port, secret = held_by.readline().split()
    threading.Thread(target=_end_with, args=[held_by], daemon=True).start()
    warm_up()
    channel = socket.create_connection(("127.0.0.1", int(port)))
    channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    channel.sendall(secret)
    _silence()
    from course.grading import child

    child.serve(channel, Room())


def _end_with(held_by) -> None:
    held_by.read()
    os._exit(1)


def _silence() -> None:
    """Standard streams lead nowhere: what is printed is kept by the cell that prints it."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    sys.stdin = sys.stdout = sys.stderr = None  # set for each cell


if __name__ == "__main__":
    main()
