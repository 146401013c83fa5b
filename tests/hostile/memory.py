"""Memory: hoarded in every way that there is. Every attempt ends by itself at a gigabyte, wall or no wall."""

from hostile.case import Case, own

_MOST = 1000  # MB that an attempt takes if nothing holds it


def _answer(name: str, why: str, body: str, **more) -> Case:
    """`mirror` takes memory until it is stopped (or an exception of its own stops it); the others keep their points."""
    return Case(name, why, {"mirror": body}, **{"lost": ("mirror",), "status": ""} | more)


def _cell(name: str, why: str, source: str, **more) -> Case:
    """An own cell takes memory, and tells how many MB it got (`got`)."""
    tells = f"\nprint('BREACH' if got > {_MOST - 200} else 'held', got, 'MB')"
    return Case(name, why, own=own("got = 0\n" + source + tells), **{"status": ""} | more)


CASES = (
    _answer("list", "a list that grows", "def mirror(text):\n    return len([bytearray(10**6) for _ in range(1000)])"),
    _answer("text", "a text that doubles", "def mirror(text):\n    while len(text) < 10**9:\n        text = text + text\n    return text"),
    _answer("numpy", "an array that is touched", "def mirror(text):\n    held = [np.ones(1_250_000) for _ in range(100)]\n    return str(sum(h.sum() for h in held))"),
    _answer("array_at_once", "an array of a gigabyte", "def mirror(text):\n    return str(np.ones(125_000_000).sum())"),
    _answer("untouched_array", "an array of a terabyte that is never touched", "def mirror(text):\n    return str(np.empty(125_000_000_000).shape)"),
    _answer("integer", "an integer that grows", "def mirror(text):\n    return str((1 << 8_000_000_000).bit_length())"),
    _answer("copies_of_arguments", "a value that is copied again and again", "def mirror(text):\n    made = [text * 1000]\n    for _ in range(30):\n        made = [list(made), list(made)]\n    import copy\n    return str(len(copy.deepcopy(made)))"),
    _answer("dictionary", "a dictionary that grows", "def mirror(text):\n    return str(len({i: str(i) for i in range(8_000_000)}))"),
    _answer("recursion", "frames that are never left", "import sys\ndef mirror(text):\n    sys.setrecursionlimit(200_000)\n    def down(n):\n        held = bytearray(20_000)\n        return down(n + 1) + held[0] if n < 50_000 else 0\n    return str(down(0))"),
    _answer("threads", "stacks of many threads", "import threading, time\ndef mirror(text):\n    def hold():\n        held = bytearray(5_000_000)\n        time.sleep(8)\n    for _ in range(180):\n        threading.Thread(target=hold, daemon=True).start()\n    time.sleep(1)\n    return ''"),
    _cell("cells_that_add_up", "memory taken by a cell, and kept", "import gc\nheld = []\ntry:\n    for _ in range(100):\n        held.append(bytearray(10**7))\n        got += 10\nexcept MemoryError:\n    pass"),
    Case("many_cells_that_add_up", "memory that many cells take together, each a little", own=(*own("held = []"), *(("given_imports", "held.append(bytearray(110_000_000))") for _ in range(7))), status=""),
    _cell("anonymous_mappings", "memory past Python", "import mmap\nheld = []\ntry:\n    for _ in range(50):\n        m = mmap.mmap(-1, 20_000_000)\n        m.write(bytes(20_000_000))\n        held.append(m)\n        got += 20\nexcept (OSError, MemoryError, ValueError):\n    pass"),
    _cell("private_mappings", "memory of files, changed in private", "import mmap\nopen('f', 'wb').write(bytes(4_000_000))\nheld = []\ntry:\n    for _ in range(250):\n        m = mmap.mmap(open('f', 'r+b').fileno(), 4_000_000, access=mmap.ACCESS_COPY)\n        m[:] = bytes(4_000_000)\n        held.append(m)\n        got += 4\nexcept (OSError, MemoryError, ValueError):\n    pass"),
    _cell("files_in_memory", "files that are only in memory", "import os\nheld = []\ntry:\n    for _ in range(200):\n        f = os.memfd_create('m')\n        os.write(f, bytes(5_000_000))\n        held.append(f)\n        got += 5\nexcept OSError:\n    pass", level="partial"),
    _cell("files_in_the_work_folder", "files in a folder that is kept in memory", "try:\n    for i in range(200):\n        open(f'f{i}', 'wb').write(bytes(5_000_000))\n        got += 5\nexcept OSError:\n    pass", level="full"),
    _cell("deleted_files", "files that have no name any more", "import os\nheld = []\ntry:\n    for i in range(200):\n        f = open('f', 'wb')\n        f.write(bytes(5_000_000))\n        f.flush()\n        os.unlink('f')\n        held.append(f)\n        got += 5\nexcept OSError:\n    pass", level="full"),
    _cell("pipes_and_sockets", "what is written and never read", "import os, socket\nheld = []\ntry:\n    for i in range(5000):\n        one, other = socket.socketpair()\n        one.setblocking(False)\n        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 10_000_000)\n        held += [one, other]\n        try:\n            got += one.send(bytes(10_000_000)) / 1e6\n        except BlockingIOError:\n            pass\nexcept OSError:\n    pass"),
    _cell("shared_memory", "shared memory by Python's own ways", "from multiprocessing import shared_memory\nheld = []\ntry:\n    for i in range(100):\n        s = shared_memory.SharedMemory('@TOKEN@%d' % i, create=True, size=10_000_000)\n        s.buf[:] = bytes(10_000_000)\n        held.append(s)\n        got += 10\nexcept (OSError, MemoryError):\n    pass", level="full"),
    _cell("system_v_memory", "shared memory that no file shows", "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nlibc.shmat.restype = ctypes.c_void_p\nmade = libc.shmget(@KEY@, 1_000_000, 0o1666)\nif made != -1:\n    print('BREACH shmget')\nmade = libc.semget(@KEY@, 1, 0o1666)\nif made != -1:\n    print('BREACH semget')\nmade = libc.msgget(@KEY@, 0o1666)\nif made != -1:\n    print('BREACH msgget')", level="partial"),
    _cell("message_queues", "queues of messages", "import ctypes, os\nlibrt = ctypes.CDLL(None, use_errno=True)\nif librt.mq_open(b'/@TOKEN@', os.O_RDWR | os.O_CREAT, 0o666, None) != -1:\n    print('BREACH mq_open')", level="partial"),
    _cell("locked_memory", "memory that cannot be moved out", "import ctypes\nlibc = ctypes.CDLL(None)\nif libc.mlockall(3) == 0:\n    print('BREACH mlockall')", level="partial"),
    _cell("many_descriptors", "as many open files as there may be", "held = []\ntry:\n    for _ in range(5000):\n        held.append(open('/dev/null'))\nexcept OSError:\n    pass\nif len(held) > 2000:\n    print('BREACH', len(held), 'files')"),
    Case("memory_in_a_thread", "a thread that takes memory while the checks run", {"square": "import time\ndef square(x):\n    time.sleep(0.7)\n    return x ** 2"}, own=own("import threading, time\nheld = []\ndef grow():\n    time.sleep(0.3)\n    for _ in range(100):\n        held.append(bytearray(10**7))\nthreading.Thread(target=grow, daemon=True).start()", "square"), may_lose=("square",), status=""),
    Case("memory_for_the_answer", "so much memory that the answer cannot be packed", {"mirror": "held = []\ndef mirror(text):\n    try:\n        while True:\n            held.append(bytearray(10**5))\n            if len(held) > 10_000:\n                break\n    except MemoryError:\n        pass\n    return text + '|' + text[::-1]"}, may_lose=("mirror",), status=""),
)
