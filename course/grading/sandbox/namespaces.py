"""Namespaces: a world of its own for each submission, with nothing in it but Python, the course and its data.

Two steps. The warm process, before it imports anything large, moves into namespaces of its own and takes a root made of
read-only views of just those folders that Python needs: solutions, submissions, gradebook and homes are not there. Each
child then gets its own process numbers, network (none), shared memory, /proc, and a work folder in memory that
vanishes with it. Sources: man 7 namespaces, user_namespaces, pid_namespaces, mount_namespaces.
"""

import os
import stat
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from course.grading.sandbox import kernel

WORK = "/submission"  # its current folder and HOME; a name that no path on the machine has
WORK_MB = 256  # of all files that a submission may hold, which are kept in memory
WORK_FILES = 10_000
_SHARED_MB = 64  # of /dev/shm

_SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/lib32", "/nix/store", "/gnu/store")
_SETTINGS = (
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "alternatives",
    "fonts",
    "localtime",
    "timezone",
    "mime.types",
)
_DEVICES = ("null", "zero", "full", "random", "urandom")
# Where the new root is put together, unseen from outside: over a folder that nothing is needed from.
_BUILDING_SITES = ("/mnt", "/media", "/srv", "/opt", "/home", "/proc")
_PROCESSORS = "/sys/devices/system/cpu"  # TensorFlow counts them there

# Of the range that systemd keeps for users that exist only while something runs: no account has these numbers.
_FIRST_UID, _UIDS = 61184, 4096


def visible(extra: Iterable[str] = ()) -> list[str]:
    """The folders and files that a submission may read: the system's libraries, Python, its packages, the course's package
    and `extra` (the data). Never a checkout as a whole, where solutions are."""
    package = Path(__file__).resolve().parents[2]
    packages = [p for p in sys.path if Path(p).name in ("site-packages", "dist-packages")]
    wanted = [
        *(path for path in _SYSTEM if not os.path.islink(path)),
        sys.base_prefix,
        sys.prefix,
        *packages,
        str(package),
        *(f"/etc/{name}" for name in _SETTINGS),
        _PROCESSORS,
        *extra,
    ]
    there = sorted({os.path.realpath(path) for path in wanted if os.path.exists(path)})
    # A folder inside another one that is visible anyway needs no view of its own.
    return [path for path in there if not any(_inside(path, other) for other in there if other != path)]


def _inside(path: str, folder: str) -> bool:
    return os.path.commonpath((path, folder)) == folder


def enter_own(read: Sequence[str]) -> None:
    """Move this process (one thread, nothing imported yet) into namespaces and a root of its own, where only `read` is.

    Returns in a fork, which is process 1 of its namespace: when it ends, for whatever reason, the kernel ends all that it
    forked. The process that called waits for it and ends as it ended. Raises OSError when the kernel does not allow it.
    """
    own = kernel.CLONE_NEWNS | kernel.CLONE_NEWPID | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
    if os.geteuid() == 0:
        kernel.unshare(own)
    else:
        _unshare_as_user(own)
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        os._exit(min(abs(os.waitstatus_to_exitcode(status)), 255))
    kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)
    _take_root(read)


def _unshare_as_user(flags: int) -> None:
    """As `unshare` for a user without rights: in a user namespace, where the same user has them."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(flags | kernel.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _take_root(read: Sequence[str]) -> None:
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)  # nothing done here is seen outside
    root = next(place for place in _BUILDING_SITES if os.path.isdir(place) and not any(_inside(p, place) for p in read))
    kernel.mount("tmpfs", root, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=16m,mode=755")
    for path in read:
        _show(path, root)
    for link in _SYSTEM:  # /lib -> usr/lib on merged systems
        if os.path.islink(link):
            os.symlink(os.readlink(link), root + link)
    for name in _DEVICES:
        _show(f"/dev/{name}", root)
    for folder in ("/dev/shm", "/proc", "/etc", WORK):
        os.makedirs(root + folder, exist_ok=True)
    if not os.path.exists(root + "/tmp"):  # it is there when the course itself lies in it; TMPDIR says where to go
        os.symlink(WORK, root + "/tmp")
    kernel.set_mount_attributes(root, kernel.ATTR_RDONLY | kernel.ATTR_NOSUID)
    _mount_proc(root + "/proc")
    kernel.mount("tmpfs", root + WORK, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=64m,mode=700")
    kernel.change_root(root)


def _show(path: str, root: str) -> None:
    """A view of `path` at the same place below `root`."""
    place = root + path
    if os.path.isdir(path):
        os.makedirs(place, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        open(place, "a").close()
    kernel.mount(path, place, None, kernel.MS_BIND | kernel.MS_REC)


def _mount_proc(place: str) -> None:
    """/proc of this process's own namespace; an empty folder where a container does not allow one."""
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    try:
        kernel.mount("proc", place, "proc", flags)
    except PermissionError:
        kernel.mount("tmpfs", place, "tmpfs", flags, "size=4k,mode=555")


def fork_apart(own_processes: int) -> int:
    """`os.fork()`, but the child is process 1 of a new process namespace. own_processes: open /proc/self/ns/pid of the caller."""
    kernel.unshare(kernel.CLONE_NEWPID)
    pid = os.fork()
    if pid:
        kernel.setns(own_processes, kernel.CLONE_NEWPID)  # else the next child would come into that namespace too
    return pid


def enter_child(number: int) -> None:
    """In a child made by `fork_apart`: its own network, shared memory, /proc and work folder, and no rights any more.

    number: counts the children; two that live at the same time have different ones.
    """
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS)
    _mount_proc("/proc")
    quiet = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("tmpfs", WORK, "tmpfs", quiet, f"size={WORK_MB}m,nr_inodes={WORK_FILES},mode=1777")
    kernel.mount("tmpfs", "/dev/shm", "tmpfs", quiet, f"size={_SHARED_MB}m,nr_inodes=1000,mode=1777")
    if os.geteuid() == 0 and _everyone_can_read():
        kernel.forbid_capabilities()  # while there is the right to; with the change of user it goes
        user = _FIRST_UID + number % _UIDS
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    elif os.geteuid():
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # else its own /proc/self/uid_map could not be written
        _unshare_as_user(0)  # so that the limit on threads counts this child's alone
    kernel.drop_capabilities()


def _everyone_can_read() -> bool:
    """Whether Python's files can be read by a user who owns nothing (they cannot where root installed with umask 077)."""
    places = (sys.base_prefix, sys.prefix, os.__file__, kernel.__file__)
    return all(os.stat(place).st_mode & stat.S_IROTH for place in places)
