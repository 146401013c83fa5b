"""Seccomp: which calls of the kernel a submission's process may still make.

A submission computes, reads the course's data and writes into its own folder; threads are part of that, other processes,
programs, sockets, mounts and debuggers are not. What is refused fails with EPERM, so that a submission that tries gets an
ordinary PermissionError; what this list does not know yet, because a later kernel brought it, fails with ENOSYS.
Source: docs.kernel.org/userspace-api/seccomp_filter.html, numbers from asm/unistd.h.
"""

import os
import struct
from errno import ENOSYS, EPERM

from course.grading.sandbox import kernel

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h
_LAST_KNOWN = 470  # Linux 6.18 ends at 470; later calls are refused unseen

_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _JUMP_EQUAL, _JUMP_GREATER, _JUMP_SET, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_NUMBER, _ARCH = 0, 4
_CLONE_THREAD = 0x00010000
_NEW_NAMESPACES = 0x7E020080  # every CLONE_NEW… flag

# name -> (x86_64, aarch64); None where the processor has no such call.
_REFUSED = {
    # other processes and programs
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kcmp": (312, 272),
    "tkill": (200, 130),
    "rt_tgsigqueueinfo": (297, 240),
    "rt_sigqueueinfo": (129, 138),
    "setpgid": (109, 154),
    "setsid": (112, 157),
    "setpriority": (141, 140),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # the network (a connected pair of sockets is allowed: event loops are made of one)
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "accept4": (288, 242),
    "bind": (49, 200),
    "listen": (50, 201),
    # namespaces, mounts, roots
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "open_tree_attr": (467, 467),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "statmount": (457, 457),
    "listmount": (458, 458),
    "listns": (470, 470),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "mknod": (133, None),
    "mknodat": (259, 33),
    # identity and limits
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setreuid": (113, 145),
    "setregid": (114, 143),
    "setresuid": (117, 147),
    "setresgid": (119, 149),
    "setfsuid": (122, 151),
    "setfsgid": (123, 152),
    "setgroups": (116, 159),
    "capset": (126, 91),
    "personality": (135, 92),
    "setrlimit": (160, 164),
    # memory that no limit of the process counts, and doors into the kernel
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "mlock": (149, 228),
    "mlock2": (325, 284),
    "mlockall": (151, 230),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_setup": (206, 0),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "fanotify_init": (300, 262),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "modify_ldt": (154, None),
    "iopl": (172, None),
    "ioperm": (173, None),
    "vmsplice": (278, 75),
    "lookup_dcookie": (212, 18),
    "seccomp": (317, 277),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
    # the machine itself
    "acct": (163, 89),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "settimeofday": (164, 170),
    "delete_module": (176, 106),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "sync": (162, 81),
    "syncfs": (306, 267),
    "syslog": (103, 116),
    "vhangup": (153, 58),
}
# Landlock does not look at these; where files of others are not hidden by a root of its own, they are refused as well.
_REFUSED_ON_FILES = {
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
}
_NOT_THERE = {
    "clone3": (435, 435)
}  # its flags lie in memory, where a filter cannot look: the C library then takes clone
_CLONE, _KILL_CALL, _TGKILL, _PRCTL, _PRLIMIT = (56, 220), (62, 129), (234, 131), (157, 167), (302, 261)
_SETSOCKOPT = (54, 208)


def known() -> bool:
    """Whether there is a filter for this machine's processor."""
    return kernel.machine() in _ARCHITECTURE


def confine(own_root: bool) -> None:
    """From now on this process makes only calls that computing needs. Raises OSError where there is no seccomp.

    own_root: whether the process sees no files but those that it may read, all read-only.
    """
    if not known():
        raise OSError(ENOSYS, f"no seccomp filter for {kernel.machine()}")
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.install_filter(program(kernel.machine(), os.getpid(), own_root))


def program(machine: str, pid: int, own_root: bool) -> bytes:
    """The filter as the kernel takes it. pid: the process's own number, the only one that it may signal."""
    column = list(_ARCHITECTURE).index(machine)
    code = [
        (_LOAD, 0, 0, _ARCH),
        (_JUMP_EQUAL, 1, 0, _ARCHITECTURE[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    code += _if_greater(_LAST_KNOWN, ENOSYS)  # with it the numbers of the x32 interface
    for numbers in _NOT_THERE.values():
        code += _if_equal(numbers[column], [(_RETURN, 0, 0, _ERRNO | ENOSYS)])
    for numbers in (_REFUSED if own_root else _REFUSED | _REFUSED_ON_FILES).values():
        if numbers[column] is not None:
            code += _if_equal(numbers[column], [(_RETURN, 0, 0, _ERRNO | EPERM)])
    # A thread of this process, in its own namespaces, and nothing else.
    code += _if_equal(
        _CLONE[column],
        [
            (_LOAD, 0, 0, _argument(0)),
            (_JUMP_SET, 2, 0, _NEW_NAMESPACES),
            (_JUMP_SET, 0, 1, _CLONE_THREAD),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _ERRNO | EPERM),
        ],
    )
    for call in (_KILL_CALL, _TGKILL):
        code += _if_equal(call[column], _only_if_argument(0, (pid,)))
    code += _if_equal(_PRCTL[column], _unless_argument(0, _REFUSED_PRCTL))
    code += _if_equal(_SETSOCKOPT[column], _unless_argument(2, _BUFFER_SIZES))
    code += _if_equal(_PRLIMIT[column], _reading_limits(pid))
    code.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


# Options of prctl that would undo what is done here, or change what the process is: the signal at the parent's end,
# dumpability, credentials, seccomp, capabilities, memory map, who reaps.
_REFUSED_PRCTL = (1, 4, 8, 22, 24, 28, 35, 36, 47, 59)
# Options of a socket that make its buffers larger, which is memory that no limit counts (asm-generic/socket.h).
_BUFFER_SIZES = (7, 8, 32, 33)


def _argument(index: int) -> int:
    """Where the low half of an argument lies in struct seccomp_data (both processors are little-endian)."""
    return 16 + 8 * index


def _if_equal(number: int, then: list[tuple]) -> list[tuple]:
    """`then` must end in a return on all its ways; behind it the next question is asked."""
    return [(_JUMP_EQUAL, 0, len(then), number), *then]


def _if_greater(number: int, error: int) -> list[tuple]:
    return [(_JUMP_GREATER, 0, 1, number), (_RETURN, 0, 0, _ERRNO | error)]


def _only_if_argument(index: int, values: tuple[int, ...]) -> list[tuple]:
    """Allow the call when the argument is one of `values`."""
    tests = [(_JUMP_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [(_LOAD, 0, 0, _argument(index)), *tests, (_RETURN, 0, 0, _ERRNO | EPERM), (_RETURN, 0, 0, _ALLOW)]


def _unless_argument(index: int, values: tuple[int, ...]) -> list[tuple]:
    """Refuse the call when the argument is one of `values`."""
    tests = [(_JUMP_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [(_LOAD, 0, 0, _argument(index)), *tests, (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | EPERM)]


def _reading_limits(pid: int) -> list[tuple]:
    """prlimit of the process's own limits, without new ones (a null pointer, both halves)."""
    refuse = (_RETURN, 0, 0, _ERRNO | EPERM)
    return [
        (_LOAD, 0, 0, _argument(0)),
        (_JUMP_EQUAL, 1, 0, 0),
        (_JUMP_EQUAL, 0, 5, pid),
        (_LOAD, 0, 0, _argument(2)),
        (_JUMP_EQUAL, 0, 3, 0),
        (_LOAD, 0, 0, _argument(2) + 4),
        (_JUMP_EQUAL, 0, 1, 0),
        (_RETURN, 0, 0, _ALLOW),
        refuse,
    ]
