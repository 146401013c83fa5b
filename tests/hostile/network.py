"""The network: every way out and in. The only host that is ever called is the loopback interface, where the bank listens."""

from hostile.case import Case, own

_TRY = """
import os, socket, sys
def attempt(name, act):
    try:
        reached = act()
    except BaseException as error:
        print('held:', name, type(error).__name__, getattr(error, 'errno', ''))
        return
    if reached:
        print('BREACH', name, str(reached)[:300])
"""


def _tries(name: str, why: str, source: str, **more) -> Case:
    return Case(name, why, own=own(_TRY + source), **{"level": "partial", "status": ""} | more)


CASES = (
    _tries("tcp", "a connection to a listener on this machine", "def act():\n    with socket.create_connection(('127.0.0.1', @PORT@), timeout=2) as s:\n        s.send(b'quartz' + b'falcon')\n        return 'connected'\nattempt('tcp', act)"),
    _tries("tcp_by_other_names", "the same, by other names of this machine", "for host in ('localhost', '::1', '0.0.0.0', '127.1', '::ffff:127.0.0.1'):\n    attempt(host, lambda: socket.create_connection((host, @PORT@), timeout=2) and 'connected')"),
    _tries("udp", "a datagram to a listener on this machine", "def act():\n    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n    return s.sendto(b'quartz' + b'falcon', ('127.0.0.1', @UDP@))\nattempt('udp', act)"),
    _tries("abstract_socket", "a socket that is a name and no file", "def act():\n    s = socket.socket(socket.AF_UNIX)\n    s.settimeout(2)\n    s.connect('\\0@TOKEN@-listener')\n    s.send(b'quartz' + b'falcon')\n    return 'connected'\nattempt('abstract', act)\nattempt('bind', lambda: socket.socket(socket.AF_UNIX).bind('\\0@TOKEN@-left') or 'bound')"),
    _tries("socket_in_a_file", "a socket with a path", "attempt('bind', lambda: socket.socket(socket.AF_UNIX).bind('@CANARY@/socket') or 'bound')\nattempt('own', lambda: socket.socket(socket.AF_UNIX).bind('socket') or 'bound')"),
    _tries("server", "a server that waits for somebody", "import threading\ndef act():\n    made = socket.create_server(('127.0.0.1', 0))\n    threading.Thread(target=made.accept, daemon=True).start()\n    return made.getsockname()\nattempt('server', act)\nimport http.server\nattempt('http', lambda: str(http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler).server_port))"),
    _tries("names", "a question to a name server, which is the bank's own listener", "def act():\n    question = b'\\x12\\x34\\x01\\x00\\x00\\x01' + bytes(6) + b'\\x06quartz\\x07invalid\\x00\\x00\\x01\\x00\\x01'\n    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(question, ('127.0.0.1', @UDP@))\nattempt('question', act)"),
    _tries("urls", "pages, by every library that fetches them", "import urllib.request\naddress = 'http://127.0.0.1:@PORT@/'\nattempt('urllib', lambda: urllib.request.urlopen(address, timeout=2).read())\nimport keras\nattempt('keras', lambda: keras.utils.get_file('x', address))\nimport pooch\nattempt('pooch', lambda: pooch.retrieve(address, None))\nimport http.client\nattempt('http', lambda: http.client.HTTPConnection('127.0.0.1', @PORT@, timeout=2).request('GET', '/') or 'sent')"),
    _tries("pip", "a package is installed", "attempt('pip', lambda: get_ipython().run_line_magic('pip', 'install nothing-at-all'))\nimport subprocess\nattempt('run', lambda: subprocess.run([sys.executable, '-m', 'pip', '--version'], capture_output=True, timeout=20).stdout)"),
    _tries("raw", "packets of every kind", "for family, kind, protocol in ((socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_PACKET, socket.SOCK_RAW, 0), (socket.AF_NETLINK, socket.SOCK_RAW, 0), (40, socket.SOCK_STREAM, 0), (38, socket.SOCK_SEQPACKET, 0), (31, socket.SOCK_RAW, 0)):\n    attempt(f'family {family}', lambda: socket.socket(family, kind, protocol).fileno())"),
    _tries("interfaces", "which interfaces there are, and set them up", "attempt('listed', lambda: [n for _, n in socket.if_nameindex() if n != 'lo'])\nattempt('seen', lambda: [line for line in open('/proc/net/tcp').readlines()[1:]])", level="full"),
    _tries("calls_past_python", "sockets past Python's own module", "import ctypes, struct\nlibc = ctypes.CDLL(None, use_errno=True)\ndef act():\n    made = libc.socket(2, 1, 0)\n    address = struct.pack('<HH4s8x', 2, socket.htons(@PORT@), bytes([127, 0, 0, 1]))\n    return made >= 0 and libc.connect(made, address, 16) == 0\nattempt('connect', act)\nattempt('fast open', lambda: socket.socket().sendto(b'x', socket.MSG_FASTOPEN, ('127.0.0.1', @PORT@)))"),
    _tries("descriptors_sent_out", "a descriptor is sent over the channel to the supervisor", "import stat\nfor number in range(3, 256):\n    try:\n        if stat.S_ISSOCK(os.fstat(number).st_mode):\n            s = socket.socket(fileno=os.dup(number))\n            attempt('peer', lambda: s.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12) and '')\n            attempt('connect', lambda: s.connect('\\0@TOKEN@-listener') or 'connected')\n    except OSError:\n        pass"),
    _tries("tensorflow_server", "a server of TensorFlow's own", "import tensorflow as tf\nattempt('server', lambda: tf.distribute.Server({'local': ['127.0.0.1:0']}, start=False) and '')"),
    _tries("asynchronous", "connections of asyncio", "import asyncio\nasync def act():\n    reader, writer = await asyncio.open_connection('127.0.0.1', @PORT@)\n    return 'connected'\nattempt('asyncio', lambda: asyncio.run(act()))"),
    Case("honest_event_loop", "an event loop that stays at home", own=own("import asyncio\nasync def act():\n    await asyncio.sleep(0.01)\n    return 7\nassert asyncio.new_event_loop().run_until_complete(act()) == 7"), status="graded"),
)
