"""The few calls of the Linux kernel that Python's standard library lacks, each as a plain function that raises OSError.

Numbers and structures are those of the kernel's own headers (linux/mount.h, linux/landlock.h, linux/seccomp.h,
linux/prctl.h, linux/capability.h); the man page of each call says what it does.
"""

import contextlib
import ctypes
import os
import platform
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 1 << 18
MNT_DETACH = 2
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4

_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_SETATTR = 442  # from 424 on, numbers are the same on all processors
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_LAST_CAPABILITY = 63
_CAPABILITY_VERSION_3 = 0x20080522

# PyDLL keeps the interpreter's lock: the process has one thread, and nothing may run in between.
_libc = ctypes.PyDLL(None, use_errno=True)


def machine() -> str:
    """The processor's family, as the kernel names it: "x86_64", "aarch64", …"""
    return platform.machine()


def _done(result: int, what: str) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def _call(number: int, what: str, *arguments) -> int:
    return _done(_libc.syscall(ctypes.c_long(number), *arguments), what)


def unshare(flags: int) -> None:
    _done(_libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    _done(_libc.setns(descriptor, kind), "setns")


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    _done(
        _libc.mount(
            source.encode(), target.encode(), kind.encode() if kind else None, ctypes.c_ulong(flags), options.encode()
        ),
        f"mount {kind or 'bind'} {target}",
    )


def set_mount_attributes(target: str, attributes: int) -> None:
    """Add `attributes` to the mount at `target` and to all below it; those that it has stay (Linux 5.12)."""
    wanted = struct.pack("QQQQ", attributes, 0, 0, 0)
    _call(
        _MOUNT_SETATTR,
        f"mount_setattr {target}",
        _AT_FDCWD,
        target.encode(),
        ctypes.c_uint(_AT_RECURSIVE),
        wanted,
        ctypes.c_size_t(len(wanted)),
    )


def change_root(new_root: str) -> None:
    """Make `new_root` the root, and let go of the former one."""
    if machine() not in _PIVOT_ROOT:
        raise OSError(38, f"pivot_root: not known for {machine()}")
    os.chdir(new_root)
    # Old and new root on the same place (man 2 pivot_root, "pivot_root(".", ".")"): no folder for the old one is needed.
    _call(_PIVOT_ROOT[machine()], "pivot_root", b".", b".")
    _done(_libc.umount2(b".", MNT_DETACH), "umount")
    os.chdir("/")


def prctl(option: int, *arguments: int) -> int:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    return _done(_libc.prctl(option, *(ctypes.c_ulong(a) for a in padded)), f"prctl {option}")


def forbid_capabilities() -> None:
    """No program that this process may yet run can have a capability. Needs the right to say so; without it there are none."""
    for capability in range(_LAST_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            return  # past the last one that this kernel knows, or not allowed to


def drop_capabilities() -> None:
    """Give up every capability, for good."""
    forbid_capabilities()
    with contextlib.suppress(OSError):  # a kernel without ambient capabilities has none of them
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    _done(_libc.capset(header, struct.pack("6I", 0, 0, 0, 0, 0, 0)), "capset")


def landlock_version() -> int:
    """The version of Landlock that the kernel offers; 0 where there is none."""
    version = _libc.syscall(ctypes.c_long(_LANDLOCK_CREATE), None, ctypes.c_size_t(0), ctypes.c_uint(1))
    return max(version, 0)


def landlock_create(ruleset: bytes) -> int:
    return _call(_LANDLOCK_CREATE, "landlock_create_ruleset", ruleset, ctypes.c_size_t(len(ruleset)), ctypes.c_uint(0))


def landlock_allow(ruleset: int, access: int, descriptor: int) -> None:
    """Allow `access` below the open folder (or on the open file) `descriptor`."""
    rule = struct.pack("=Qi", access, descriptor)  # struct landlock_path_beneath_attr is packed
    _call(_LANDLOCK_ADD, "landlock_add_rule", ruleset, ctypes.c_int(1), rule, ctypes.c_uint(0))


def landlock_restrict(ruleset: int) -> None:
    _call(_LANDLOCK_RESTRICT, "landlock_restrict_self", ruleset, ctypes.c_uint(0))


def install_filter(program: bytes) -> None:
    """Put a seccomp filter (an array of struct sock_filter) before every call that this process makes from now on."""
    kept = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    given = Program(len(program) // 8, ctypes.cast(kept, ctypes.c_void_p))
    _done(
        _libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(2), ctypes.byref(given), ctypes.c_ulong(0), ctypes.c_ulong(0)),
        "seccomp",
    )
