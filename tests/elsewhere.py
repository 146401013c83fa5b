"""Another operating system, as far as the course's own code can see: what Windows or macOS lack is not there for it.

Python and its libraries go on as they are, because there is no Windows here: that TensorFlow, Jupyter and Python itself
run there is their makers' word. What can be shown is that no line of the package asks for what is missing. A module of
`course` that imports `fcntl` is told that there is none; one that imports `os` gets an `os` without `fork`, whose name is
"nt". So it is in every process that a command starts, by way of a sitecustomize.py on PYTHONPATH.
"""

import builtins
import errno
import os
import socket
import subprocess
import sys
import types
from pathlib import Path

# What Windows lacks, by the "Availability: Unix" of Python's documentation.
_NO_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
_NO_NAMES = {
    "os": """O_CLOEXEC O_DIRECTORY O_DSYNC O_NOCTTY O_NOFOLLOW O_NONBLOCK O_PATH O_SYNC RTLD_LAZY WNOHANG chown chroot confstr
        eventfd fchdir fchmod fchown fork forkpty fpathconf getegid geteuid getgid getgrouplist getgroups getloadavg getpgid
        getpgrp getpriority getresuid getsid getuid initgroups killpg lchown lockf major makedev memfd_create mkfifo mknod
        nice openpty pathconf pidfd_open pipe2 posix_fallocate posix_spawn pread preadv pwrite readv register_at_fork
        sched_getaffinity sched_setaffinity sched_yield sendfile setegid seteuid setgid setgroups setpgid setpriority setsid
        setuid splice statvfs sync sysconf tcgetpgrp ttyname uname unshare wait wait3 wait4 waitid writev""",
    "signal": """SIGALRM SIGBUS SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 SIGXCPU SIGXFSZ
        alarm getitimer pause pidfd_send_signal pthread_kill pthread_sigmask setitimer siginterrupt sigpending sigwait""",
    "socket": """AF_PACKET AF_UNIX CMSG_LEN CMSG_SPACE SCM_CREDENTIALS SCM_RIGHTS SO_PASSCRED recv_fds send_fds""",
    "select": "epoll kqueue poll",
    "time": "clock_gettime clock_settime pthread_getcpuclockid tzset",
    "shutil": "chown",
}
_LINUX_ALONE = {  # what macOS lacks
    "os": """O_PATH eventfd memfd_create pidfd_open pipe2 posix_fallocate sched_getaffinity sched_setaffinity splice
        unshare""",
    "signal": "pidfd_send_signal",
    "socket": "AF_PACKET SCM_CREDENTIALS SO_PASSCRED",
    "select": "epoll",
    "resource": "RLIMIT_MSGQUEUE RLIMIT_OFILE RLIMIT_RTPRIO prlimit",
}


class _Lacking(types.ModuleType):
    """A module without some of its names, and with others in their place; what is set, is set in the real one."""

    def __init__(self, real: types.ModuleType, without: str, instead: dict):
        super().__init__(real.__name__)
        vars(self).update(_real=real, _without=frozenset(without.split()), **instead)

    def __getattr__(self, name: str):
        if name in self._without:
            raise AttributeError(f"module {self._real.__name__!r} has no attribute {name!r} on this system")
        return getattr(self._real, name)

    def __setattr__(self, name: str, value) -> None:
        setattr(self._real, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._real, name)


def pretend(system: str) -> None:
    """From now on, the modules of `course` in this process stand on `system` ("win32" or "darwin")."""
    windows = system == "win32"
    without = _NO_NAMES if windows else _LINUX_ALONE
    instead = {"sys": {"platform": system}, "os": {"path": _Lacking(os.path, "", {"exists": _exists})}}
    for name, changed in (_windows_instead() if windows else {}).items():
        instead.setdefault(name, {}).update(changed)
    real_import = builtins.__import__
    made: dict[str, types.ModuleType] = {"msvcrt": _msvcrt()} if windows else {}

    def import_there(name, globals=None, locals=None, fromlist=(), level=0):
        importer = (globals or {}).get("__package__") or ""
        if level or importer.partition(".")[0] != "course":
            return real_import(name, globals, locals, fromlist, level)
        if windows and name in _NO_MODULES:
            raise ModuleNotFoundError(f"No module named {name!r} on this system", name=name)
        top = name if fromlist else name.partition(".")[0]
        if top in made:
            return made[top]
        found = real_import(name, globals, locals, fromlist, level)
        if top in without or top in instead:
            found = made[top] = _Lacking(found, without.get(top, ""), instead.get(top, {}))
        return found

    builtins.__import__ = import_there
    real_open = builtins.open

    def open_there(file, *arguments, **options):
        package = sys._getframe(1).f_globals.get("__package__") or ""
        if package.partition(".")[0] == "course" and str(file).startswith("/proc"):
            raise FileNotFoundError(errno.ENOENT, "there is no /proc on this system", str(file))
        return real_open(file, *arguments, **options)

    builtins.open = open_there


def _exists(path) -> bool:
    return not str(path).startswith("/proc") and os.path.exists(path)


def _windows_instead() -> dict[str, dict]:
    def open_no_folder(path, flags, *rest, **options):
        if os.path.isdir(path):
            raise PermissionError(errno.EACCES, "a folder cannot be opened on this system", str(path))
        return os.open(path, flags, *rest, **options)

    def select_sockets(*lists):
        if any(not isinstance(one, socket.socket) for some in lists[:3] for one in some):
            raise OSError(10038, "on this system one can wait for sockets alone")
        import select

        return select.select(*lists)

    def popen(*arguments, **options):
        if options.get("pass_fds") or options.get("preexec_fn"):
            raise ValueError("not supported on this system")
        options.pop("start_new_session", None)
        return subprocess.Popen(*arguments, **options)

    return {
        "os": {"name": "nt", "open": open_no_folder, "O_BINARY": 0},
        "select": {"select": select_sockets},
        "subprocess": {"Popen": popen},
    }


def _msvcrt() -> types.ModuleType:
    """Windows's lock on bytes of a file, with Linux's lock on a file: both are the descriptor's."""
    import fcntl

    made = types.ModuleType("msvcrt")
    made.LK_NBLCK = 2

    def locking(descriptor: int, mode: int, count: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PermissionError(errno.EACCES, "Permission denied") from error

    made.locking = locking
    return made


def environment(folder: Path, system: str, **variables: str) -> dict[str, str]:
    """Variables under which Python's processes stand on `system`. folder: where their start-up file may be put."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(f"import elsewhere\n\nelsewhere.pretend({system!r})\n", encoding="utf-8")
    path = os.pathsep.join((str(folder), str(Path(__file__).parent)))
    # A temporary folder of their own: what they lock there, by means of their system, is not locked for the others here.
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    return {**os.environ, "PYTHONPATH": path, "TMPDIR": str(scratch), **variables}
