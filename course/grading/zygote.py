"""The warm process: imports everything once, then forks a child for each submission, and reaps what it forked.

It is started by the supervisor, knows no answers and no expected values, and never runs an operation of its backend: a
process that has run one cannot be forked. Commands come as JSON lines over one socket, with file descriptors beside
them; what became of a child goes back over that child's own status pipe.

    {"fork": id}   + two descriptors: the child's socket, the status pipe   -> on the pipe, at the end: {"status", "cpu_seconds", "peak_mb"}
    {"kill": id}
"""

import array
import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import threading
from dataclasses import dataclass

from course.grading.sandbox.walls import Sandbox


@dataclass
class _Child:
    pid: int
    pidfd: int
    status_pipe: int


def main(control_fd: int, level: str, read: list[str]) -> None:
    """Put up the outer walls, warm up, say so with one byte, then serve until the supervisor closes the socket.

    level, read: see `sandbox.Sandbox`.
    """
    sandbox = Sandbox(level, read)  # first: it takes a fork, and the process is still small
    from course.grading import warm_up

    gc.disable()  # what is imported stays: to look for garbage in it takes a second
    warm_up.warm_up()
    _check(warm_up.has_computed())
    gc.collect()
    gc.freeze()  # a child's collector then leaves these objects alone, and their pages stay shared
    gc.enable()
    control = socket.socket(fileno=control_fd)
    control.sendall(b"\n")
    _serve(control, sandbox)


def _check(has_computed: bool) -> None:
    """Raise RuntimeError when this process cannot be forked safely. has_computed: whether its backend began to work."""
    if threading.active_count() != 1 or len(os.listdir("/proc/self/task")) != 1:
        raise RuntimeError("the warm process has more than one thread and cannot be forked safely")
    if has_computed:
        raise RuntimeError("the backend began to work before the fork")


def _serve(control: socket.socket, sandbox: Sandbox) -> None:
    selector = selectors.DefaultSelector()
    selector.register(control, selectors.EVENT_READ)
    children: dict[str, _Child] = {}
    buffer, descriptors = b"", []
    while True:
        for key, _ in selector.select():
            if key.fileobj is not control:
                _reap(children, key.data, selector)
                continue
            data, received = _receive(control)
            if not data:
                for child in children.values():
                    _kill(child)
                return
            descriptors += received
            buffer += data
            *lines, buffer = buffer.split(b"\n")
            for line in lines:
                command = json.loads(line)
                if "fork" in command:
                    child = _fork(sandbox, descriptors.pop(0), descriptors.pop(0))
                    children[command["fork"]] = child
                    selector.register(child.pidfd, selectors.EVENT_READ, command["fork"])
                elif command["kill"] in children:
                    _kill(children[command["kill"]])


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    data, ancillary, _, _ = control.recvmsg(65536, socket.CMSG_SPACE(64 * 4))
    received = array.array("i")
    for level, kind, body in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            received.frombytes(body[: len(body) - len(body) % received.itemsize])
    return data, list(received)


def _fork(sandbox: Sandbox, child_socket: int, status_pipe: int) -> _Child:
    from course.grading import child

    pid = sandbox.fork()
    if pid == 0:
        try:
            channel = socket.socket(fileno=child_socket)
            channel.sendall(b"\n")  # with it the kernel tells the supervisor who sends
            child.serve(channel, sandbox)  # which closes all else that is open here
        finally:
            os._exit(1)
    os.close(child_socket)
    return _Child(pid, os.pidfd_open(pid), status_pipe)


def _kill(child: _Child) -> None:
    """Kill the child and its process group. The child leads its own session; before it does, the group does not exist yet."""
    for kill in (os.killpg, os.kill):
        try:
            kill(child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _reap(children: dict[str, _Child], name: str, selector) -> None:
    """The child has ended: end what it left running, and tell the supervisor how it ended and what it used."""
    child = children.pop(name)
    selector.unregister(child.pidfd)
    os.close(child.pidfd)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)  # while the zombie still holds its number, no other group can have it
    _, status, usage = os.wait4(child.pid, 0)
    report = {
        "status": os.waitstatus_to_exitcode(status),
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
    }
    with contextlib.suppress(BrokenPipeError):  # raised when the supervisor no longer waits for this one
        os.write(child.status_pipe, json.dumps(report).encode() + b"\n")
    os.close(child.status_pipe)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor, which then closes the socket
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
