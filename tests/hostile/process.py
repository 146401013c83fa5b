"""Processes: made, left behind, killed, stopped, traced, read. Every attack has a hard count and an end of its own.

Killing, stopping and tracing are aimed at a sacrificial process that the bank has started, and at the parent only after its
command line has shown that it is the warm process of this very grader.
"""

from hostile.case import Case, own

# Runs `act()`, which returns what it reached ("" for nothing), and tells of a wall that did not hold.
_TRY = """
import ctypes, errno, os, signal, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, act):
    try:
        reached = act()
    except BaseException as error:
        print('held:', name, type(error).__name__, getattr(error, 'errno', ''))
        return
    if reached:
        print('BREACH', name, reached)
    else:
        print('held:', name)
def call(number, *arguments):
    # Refused is EPERM, or ENOSYS for what is not known; any other error comes from the kernel's own code, which was reached.
    result = libc.syscall(number, *arguments)
    number = ctypes.get_errno()
    if result == -1 and number in (errno.EPERM, errno.ENOSYS):
        raise OSError(number, 'refused')
    return f'returned {result}, error {number}'
def ours(pid):
    # Only the warm process of this grader may be aimed at: by its command line, and never process 0, 1 or a group.
    try:
        return pid > 1 and b'course.grading.zygote' in open(f'/proc/{pid}/cmdline', 'rb').read()
    except OSError:
        return False
"""


def _tries(name: str, why: str, source: str, **more) -> Case:
    """An own cell that tries something; all is earned as if it were not there."""
    return Case(name, why, own=own(_TRY + source), **{"level": "partial", "status": ""} | more)


def _syscall(name: str, why: str, number: int, arguments: str, **more) -> Case:
    """One call of the kernel, by its number on this processor, that must fail."""
    return _tries(
        name,
        why,
        f"import platform\nif platform.machine() == 'x86_64':\n    attempt('{name}', lambda: call({number}, {arguments}))",
        **more,
    )


CASES = (
    # --- new processes
    _tries("fork", "a second process", "def act():\n    pid = os.fork()\n    if pid == 0:\n        time.sleep(20)\n        os._exit(0)\n    return f'process {pid}'\nattempt('fork', act)"),
    _tries("daemon", "a process that leaves its session and writes into the gradebook", "def act():\n    pid = os.fork()\n    if pid == 0:\n        os.setsid()\n        if os.fork():\n            os._exit(0)\n        for _ in range(200):\n            for path in ('@CANARY@/daemon', '@COURSE@/gradebook.db'):\n                try:\n                    open(path, 'a').close()\n                except OSError:\n                    pass\n            time.sleep(0.1)\n        os._exit(0)\n    return f'process {pid}'\nattempt('daemon', act)"),
    _tries("fork_bomb", "two hundred processes, each of which ends by itself", "made = []\ndef act():\n    for _ in range(200):\n        pid = os.fork()\n        if pid == 0:\n            signal.alarm(15)\n            time.sleep(15)\n            os._exit(0)\n        made.append(pid)\nattempt('fork bomb', act)\nif made:\n    print('BREACH', len(made), 'processes')"),
    _tries("thread_bomb", "as many threads as there may be, at most two thousand", "import threading\nmade = []\ndef act():\n    for _ in range(2000):\n        threading.Thread(target=time.sleep, args=(15,), daemon=True).start()\n        made.append(1)\nattempt('thread bomb', act)\nif len(made) > 1000:\n    print('BREACH', len(made), 'threads')", level="none"),
    _tries("subprocess", "a program, by the usual way", "import subprocess\nattempt('run', lambda: subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True, timeout=20).stdout)\nattempt('popen', lambda: str(subprocess.Popen(['sleep', '20']).pid))\nattempt('system', lambda: os.system('true') == 0)\nattempt('popen', lambda: os.popen('echo yes').read())"),
    _tries("posix_spawn", "a program, by other ways", "attempt('spawn', lambda: str(os.posix_spawn('/bin/sleep', ['sleep', '20'], {})))\nattempt('spawnv', lambda: str(os.spawnv(os.P_NOWAIT, '/bin/sleep', ['sleep', '20'])))\nimport pty\nattempt('forkpty', lambda: str(pty.fork()[0] or os._exit(0)))\nattempt('clone', lambda: os._exit(0) if libc.syscall(56, 17, 0, 0, 0, 0) == 0 else '')"),
    _tries("exec", "another program in the place of this process", "attempt('execv', lambda: os.execv('/bin/true', ['true']))"),
    _tries("exec_in_an_answer", "an answer that becomes another program", "", answers={"mirror": "import os\ndef mirror(text):\n    os.execv('/bin/echo', ['echo', 'ab|ba'])"}, lost=("mirror",)),
    _tries("multiprocessing", "a pool of workers", "import multiprocessing\ndef act():\n    with multiprocessing.get_context('fork').Pool(4) as pool:\n        return str(pool.map_async(abs, [1, 2]).get(5))\nattempt('pool', act)\nimport concurrent.futures\nattempt('executor', lambda: str(concurrent.futures.ProcessPoolExecutor(2).submit(abs, 1).result(5)))"),
    _tries("honest_joblib", "a library that would like workers, and does without", "attempt('jobs', lambda: '' if __import__('joblib').Parallel(n_jobs=1)(__import__('joblib').delayed(abs)(i) for i in range(3)) == [0, 1, 2] else 'wrong')"),
    _tries("program_in_memory", "a program that was never a file", "def act():\n    held = os.memfd_create('program')\n    os.write(held, open('/bin/true', 'rb').read())\n    os.execve(held, ['true'], {})\nattempt('memfd', act)"),
    _tries("program_written", "a program of the submission's own, by way of the loader", "def act():\n    open('script', 'w').write('#!/bin/sh\\ntouch @CANARY@/script\\n')\n    os.chmod('script', 0o4755)\n    os.execv('./script', ['script'])\nattempt('script', act)\nattempt('loader', lambda: os.execv('/lib64/ld-linux-x86-64.so.2', ['ld', '/bin/true']))"),
    # --- others' processes
    _tries("kill_a_stranger", "a signal to a process outside", "for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):\n    attempt(f'kill {number}', lambda: os.kill(@PID@, number) or f'signal {number} sent')"),
    _tries("kill_the_group", "a signal to another session", "attempt('killpg', lambda: os.killpg(@PID@, signal.SIGTERM) or 'sent')"),
    _tries("probe_everybody", "which processes there are, by a signal that does nothing", "attempt('everybody', lambda: os.kill(-1, 0) or 'answered')\ndef act():\n    found = []\n    for pid in range(2, 3000):\n        try:\n            os.kill(pid, 0)\n            found.append(pid)\n        except OSError:\n            pass\n    return found\nattempt('numbers', lambda: [p for p in act() if p != os.getpid()])"),
    _tries("kill_the_parent", "the warm process is killed, and with it all others' turn", "parent = os.getppid()\nif ours(parent):\n    attempt('parent', lambda: os.kill(parent, signal.SIGKILL) or 'killed')"),
    _tries("stop_the_parent", "the warm process is stopped for a second", "parent = os.getppid()\nif ours(parent):\n    def act():\n        os.kill(parent, signal.SIGSTOP)\n        time.sleep(1)\n        os.kill(parent, signal.SIGCONT)\n        return 'stopped'\n    attempt('parent', act)"),
    _tries("queued_signals", "signals by other ways", "attempt('pidfd', lambda: str(os.pidfd_open(@PID@)))\nattempt('sigqueue', lambda: call(129, @PID@, 0, ctypes.create_string_buffer(128)))\nattempt('tkill', lambda: call(200, @PID@, 0))\nattempt('tgkill', lambda: call(234, @PID@, @PID@, 0))"),
    _tries("owner_of_signals", "a descriptor that sends signals to somebody else", "import fcntl, socket\ndef act():\n    one, other = socket.socketpair()\n    fcntl.fcntl(one, fcntl.F_SETOWN, @PID@)\n    fcntl.fcntl(one, 10, signal.SIGTERM)\n    fcntl.fcntl(one, fcntl.F_SETFL, fcntl.fcntl(one, fcntl.F_GETFL) | os.O_ASYNC)\n    other.send(b'x')\n    time.sleep(0.2)\nattempt('owner', act)"),
    _tries("ptrace", "a debugger on a process outside, and on the parent", "for pid in (@PID@, *([os.getppid()] if ours(os.getppid()) else [])):\n    attempt('seize', lambda: f'seized {pid}' if libc.ptrace(0x4206, pid, 0, 0) == 0 else '')"),
    _tries("traced_by_itself", "the process asks to be traced", "attempt('traceme', lambda: 'traced' if libc.ptrace(0, 0, 0, 0) == 0 else '')"),
    _tries("memory_of_a_stranger", "the memory of a process outside is read", "class Part(ctypes.Structure):\n    _fields_ = [('base', ctypes.c_void_p), ('len', ctypes.c_size_t)]\nheld = ctypes.create_string_buffer(13)\ndef act():\n    near, far = Part(ctypes.addressof(held), 13), Part(@ADDRESS@, 13)\n    if libc.process_vm_readv(@PID@, ctypes.byref(near), 1, ctypes.byref(far), 1, 0) > 0:\n        return held.value\nattempt('readv', act)\ndef file():\n    with open('/proc/@PID@/mem', 'rb') as memory:\n        memory.seek(@ADDRESS@)\n        return memory.read(13)\nattempt('mem', file)"),
    _tries("memory_of_a_stranger_written", "the memory of a process outside is written", "class Part(ctypes.Structure):\n    _fields_ = [('base', ctypes.c_void_p), ('len', ctypes.c_size_t)]\nheld = ctypes.create_string_buffer(b'overwritten')\ndef act():\n    near, far = Part(ctypes.addressof(held), 11), Part(@ADDRESS@, 11)\n    return libc.process_vm_writev(@PID@, ctypes.byref(near), 1, ctypes.byref(far), 1, 0) > 0\nattempt('writev', act)"),
    _tries("memory_of_the_parent", "the memory of the warm process is opened for writing", "for pid in (os.getppid(), @SUPERVISOR@):\n    attempt(f'mem {pid}', lambda: open(f'/proc/{pid}/mem', 'r+b') and 'open' if pid > 1 else '')"),
    _tries("environments_of_others", "variables of other processes", "import glob\nfor path in glob.glob('/proc/[0-9]*/environ'):\n    attempt(path, lambda: (lambda held: held if 'whimbrel' in held else '')(open(path, errors='replace').read()) if path != f'/proc/{os.getpid()}/environ' else '')\nattempt('own', lambda: [v for v in os.environ.values() if 'whimbrel' in v])\nattempt('own file', lambda: 'whimbrel' in open('/proc/self/environ').read())"),
    _tries("folders_of_others", "root, folder, files and maps of other processes", "for pid in (@PID@, @SUPERVISOR@, os.getppid()):\n    for name in ('root', 'cwd', 'exe', 'fd', 'map_files', 'maps', 'stack', 'syscall', 'ns/pid', 'task'):\n        path = f'/proc/{pid}/{name}'\n        if pid > 1:\n            attempt(path, lambda: os.listdir(path) if name in ('root', 'cwd', 'fd', 'map_files') else open(path).read(10))"),
    _tries("processes_listed", "who else is there", "attempt('listed', lambda: [p for p in os.listdir('/proc') if p.isdigit() and int(p) != os.getpid()])\nattempt('psutil', lambda: [p.pid for p in __import__('psutil').process_iter() if p.pid != os.getpid()])", level="full"),
    _tries("limits_of_others", "limits and priorities of another process", "import resource\nattempt('prlimit', lambda: str(resource.prlimit(@PID@, resource.RLIMIT_NOFILE)))\nattempt('priority', lambda: os.setpriority(os.PRIO_PROCESS, @PID@, 5) or 'changed')\nattempt('affinity', lambda: os.sched_setaffinity(@PID@, os.sched_getaffinity(0)) or 'changed')\nattempt('ioprio', lambda: call(251, 1, @PID@, 0))\nattempt('oom', lambda: open('/proc/@PID@/oom_score_adj', 'w').write('0') and 'changed')"),
    _tries("own_limits_raised", "its own limits, its own place in the queue", "import resource\nfor name in ('AS', 'NPROC', 'NOFILE', 'FSIZE', 'CPU', 'CORE'):\n    what = getattr(resource, 'RLIMIT_' + name)\n    attempt(name, lambda: resource.setrlimit(what, (2**40, 2**40)) or 'raised')\nattempt('nice', lambda: os.nice(-5) < 0)\nattempt('oom', lambda: open('/proc/self/oom_score_adj', 'w').write('-500') and 'lowered')\nattempt('scheduler', lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)) or 'changed')"),
    _tries("identity_changed", "another user, more rights", "for name in ('setuid', 'setgid', 'seteuid', 'setegid'):\n    attempt(name, lambda: getattr(os, name)(0) or (os.getuid() == 0 and 'root'))\nattempt('groups', lambda: os.setgroups([0]) or 'changed')\nattempt('capset', lambda: call(126, ctypes.create_string_buffer(b'\\x22\\x05\\x08\\x20' + bytes(4)), ctypes.create_string_buffer(b'\\xff' * 24)))\nattempt('ambient', lambda: libc.prctl(47, 2, 21, 0, 0) == 0)\nattempt('new privileges', lambda: libc.prctl(39, 0, 0, 0, 0) != 1)\ntext = open('/proc/self/status').read()\nattempt('capabilities', lambda: [line for line in text.splitlines() if line.startswith(('CapEff', 'CapPrm')) and int(line.split()[1], 16)])"),
    _tries("walls_lifted", "what the walls are made of", "attempt('dumpable', lambda: libc.prctl(4, 1, 0, 0, 0) == 0)\nattempt('death signal', lambda: libc.prctl(1, 0, 0, 0, 0) == 0)\nattempt('seccomp', lambda: libc.prctl(22, 0, 0, 0, 0) == 0)\nattempt('subreaper', lambda: libc.prctl(36, 1, 0, 0, 0) == 0)\nattempt('own session', lambda: str(os.setsid()))\nattempt('group', lambda: os.setpgid(0, @PID@) or 'changed')"),
    _tries("descriptors_inherited", "what is open in a fresh process", "import stat\nfor number in range(256):\n    try:\n        held = os.fstat(number)\n    except OSError:\n        continue\n    kind = stat.S_IFMT(held.st_mode)\n    if number < 3:\n        attempt(f'stream {number}', lambda: held.st_rdev != os.makedev(1, 3) and 'is not /dev/null')\n    elif kind != stat.S_IFSOCK:\n        attempt(f'descriptor {number}', lambda: f'{stat.filemode(held.st_mode)} {os.readlink(f\"/proc/self/fd/{number}\")}' if kind else '')"),
    _tries("one_socket_is_open", "the channel, and no other socket", "import stat\nfound = []\nfor number in range(3, 256):\n    try:\n        if stat.S_ISSOCK(os.fstat(number).st_mode):\n            found.append(number)\n    except OSError:\n        pass\nattempt('sockets', lambda: len(found) > 1 and found)"),
    _tries("memory_shared_with_others", "memory that the warm process would see changed", "def act():\n    return [line for line in open('/proc/self/maps') if line.split()[1].endswith('s') and 'w' in line.split()[1]]\nattempt('maps', act)"),
    # --- doors into the kernel, one by one
    _syscall("userfaultfd", "page faults handled by the submission", 323, "0"),
    _syscall("io_uring", "calls of the kernel by way of a ring", 425, "1, ctypes.create_string_buffer(120)"),
    _syscall("aio", "input and output that goes on by itself", 206, "8, ctypes.byref(ctypes.c_ulong(0))"),
    _syscall("perf", "performance counters", 298, "ctypes.create_string_buffer(128), 0, -1, -1, 0"),
    _syscall("bpf", "programs for the kernel", 321, "0, ctypes.create_string_buffer(128), 128"),
    _syscall("unshare_user", "a user namespace of its own", 272, "0x10000000"),
    _syscall("unshare_mount", "a mount namespace of its own", 272, "0x20000"),
    _syscall("clone_with_namespaces", "a thread in namespaces of its own", 56, "0x10000000 | 0x10000, 0, 0, 0, 0"),
    _syscall("clone3", "the newer way to new processes", 435, "ctypes.create_string_buffer(64), 64"),
    _syscall("setns", "another process's namespaces", 308, "0, 0"),
    _syscall("mount", "a file system of its own, over its own folder", 165, "b'none', os.getcwd().encode(), b'tmpfs', 0, 0"),
    _syscall("new_mount_api", "a file system, by the newer way", 430, "b'tmpfs', 0"),
    _syscall("open_tree", "a copy of the tree of mounts", 428, "-100, b'/', 1"),
    _syscall("umount", "a mount is taken away (there is none at this place)", 166, "os.getcwd().encode(), 2"),
    _syscall("pivot_root", "another root", 155, "b'.', b'.'"),
    _syscall("chroot", "another root, the old way", 161, "b'.'"),
    _syscall("file_handles", "files by their handles, past all folders", 304, "-100, ctypes.create_string_buffer(128), 0"),
    _syscall("name_to_handle", "a handle for the root", 303, "-100, b'/', ctypes.create_string_buffer(b'\\x80' + bytes(200)), ctypes.byref(ctypes.c_int(0)), 0"),
    _syscall("keyring", "a key that those who come later would find", 248, "b'user', b'@TOKEN@', b'quartz', 6, -3"),
    _syscall("keyring_searched", "keys that those who came before have left", 250, "0, -3, 1"),
    _syscall("kernel_log", "the kernel's own log", 103, "9, 0, 0"),
    _syscall("host_name", "the machine's name, set to what it is", 170, "os.uname().nodename.encode(), len(os.uname().nodename)"),
    _syscall("personality", "another kind of process", 135, "0x0040000"),
    _syscall("fanotify", "being told of all that is read", 300, "0, 0"),
    _syscall("inotify", "being told of what is changed", 294, "0"),
    _syscall("kcmp", "comparing with another process", 312, "os.getpid(), @PID@, 0, 0, 0"),
    _syscall("descriptors_of_others", "descriptors taken from another process", 438, "0, 0, 0"),
    _syscall("compat_interface", "calls by the numbers of another interface", 0x40000000 + 39, ""),
    _syscall("call_of_the_future", "a call that no filter knows by name", 600, "0"),
    _tries("thirty_two_bit_calls", "calls of the 32-bit interface, past a filter of 64", "import mmap, platform\ndef act():\n    if platform.machine() != 'x86_64':\n        return ''\n    code = bytes([0x53, 0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0x5b, 0xc3])\n    held = mmap.mmap(-1, 4096, prot=7)\n    held.write(code)\n    address = ctypes.addressof(ctypes.c_char.from_buffer(held))\n    return ctypes.CFUNCTYPE(ctypes.c_int)(address)() > 0\nattempt('int 0x80', act)"),
)
