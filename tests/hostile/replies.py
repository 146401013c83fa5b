"""The channel to the supervisor: forged, early, endless, broken and missing answers to its questions."""

from hostile.case import ALL, Case, own

# The one socket that is open, the supervisor's question (in the frames of those who call), and the form of an answer.
_REACH = """
import os, socket, stat, struct, sys, time, json
from course.checks import wire
def channel():
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return socket.socket(fileno=os.dup(number))
        except OSError:
            continue
def question():
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            if type(value) is dict and 'key' in value and 'source' in value:
                return value
        frame = frame.f_back
    return {}
def answer(**said):
    right = {'key': question().get('key', ''), 'status': 'ok', 'error': '', 'stdout': '', 'seconds': 0.01, 'cpu_seconds': 0.01, 'blocks': [], 'token': question().get('token', ''), 'value': None, 'figures': [], 'drew': 0}
    return {**right, **said}
def frame(data):
    return struct.pack('>Q', len(data)) + data
def message(*frames):
    return struct.pack('>Q', len(frames)) + b''.join(map(frame, frames))
"""


def _forges(name: str, why: str, source: str, **more) -> Case:
    """An own cell that answers in the grader's place. It may cost what comes after it, and must gain nothing."""
    more = {"status": "", "may_lose": ALL} | more
    return Case(name, why, {"double": "def double(x):\n    return 0 * x"}, own=own(_REACH + source), lost=("double",), **more)


def _claims(name: str, why: str, said: str, **more) -> Case:
    """An own cell that answers in the right form and with the right key, and says odd things."""
    return _forges(name, why, f"channel().sendall(wire.pack(answer({said})))\nos._exit(0)", **more)


def _tree(name: str, why: str, text: str, **more) -> Case:
    """An answer whose JSON is written by hand; KEY stands for the key."""
    return _forges(
        name, why, f"text = {text}\nchannel().sendall(message(text.replace('KEY', question()['key']).encode()))\nos._exit(0)", **more
    )


def _observes(name: str, why: str, value: str, **more) -> Case:
    """While `draw` and `total` are checked, a forged answer gives a value of no honest kind for each check."""
    block = (
        f"def block(part):\n    value = {value}\n"
        "    return {'part': part, 'needs': [], 'swapped': [], 'checks': [], 'observations': [[value, []]] * 2, 'error': None}\n"
    )
    answers = {
        grade_id: f"{block}def {grade_id}(*_):\n    channel().sendall(wire.pack(answer(blocks=[block('{grade_id}')])))\n    os._exit(0)"
        for grade_id in ("draw", "total")
    }
    return Case(name, why, answers, own=own(_REACH), lost=("draw", "total"), may_lose=ALL, status="", **more)


CASES = (
    # --- answers that are not this question's
    _forges("answer_without_a_key", "an answer that does not hold the question's key", "channel().sendall(wire.pack(answer(key='')))\ntime.sleep(0.2)"),
    _forges("answer_of_another_key", "an answer with a guessed key", "channel().sendall(wire.pack(answer(key='0' * 32)))"),
    _forges("answers_in_advance", "answers to questions that were not asked yet", "for _ in range(40):\n    channel().sendall(wire.pack(answer()))"),
    _forges("answer_twice", "the right answer, twice", "channel().sendall(wire.pack(answer()))"),
    _forges("answers_by_a_thread", "a thread that answers what comes later", "import threading\nreached = channel()\ndef later():\n    for _ in range(200):\n        time.sleep(0.002)\n        reached.sendall(wire.pack({'key': '', 'status': 'ok'}))\nthreading.Thread(target=later).start()"),
    Case("cells_answered_unrun", "a loop of the submission's own that answers every question without running anything", {}, own=own(_REACH + "reached = channel()\nreached.sendall(wire.pack(answer()))\ndef exactly(n):\n    data = b''\n    while len(data) < n:\n        part = reached.recv(n - len(data))\n        if not part:\n            os._exit(0)\n        data += part\n    return data\nwhile True:\n    asked = wire.unpack(exactly)\n    reached.sendall(wire.pack(answer(key=asked['key'], token=asked.get('token', ''), value=3)))"), lost=ALL, lower=("area", "square"), status=""),
    Case("visible_answers_forged", "the values of visible checks in a forged block, where hidden ones differ", {"mirror": "def block(values):\n    return {'part': 'mirror', 'needs': [], 'swapped': [], 'checks': [], 'observations': [[v, []] for v in values], 'error': None}\ndef mirror(text):\n    channel().sendall(wire.pack(answer(blocks=[block(['ab|ba', 'ab|ba'])])))\n    os._exit(0)"}, own=own(_REACH), lost=("mirror",), may_lose=ALL, status=""),
    Case("blocks_of_other_exercises", "one cell that answers for all exercises", {"double": "def block(part):\n    return {'part': part, 'needs': [], 'swapped': [], 'checks': [], 'observations': [[8.0, []]] * 4, 'error': None}\ndef double(x):\n    channel().sendall(wire.pack(answer(blocks=[block(p) for p in ('double', 'mirror', 'total', 'area', 'square', 'test_area')])))\n    os._exit(0)"}, own=own(_REACH), lost=("double",), may_lose=ALL, status=""),
    Case("a_hundred_thousand_blocks", "an answer of very many blocks", {"double": "def double(x):\n    one = {'part': 'x', 'needs': [], 'swapped': [], 'checks': [], 'observations': [], 'error': None}\n    channel().sendall(wire.pack(answer(blocks=[one] * 100_000)))\n    os._exit(0)"}, own=own(_REACH), lost=("double",), may_lose=ALL, status=""),
    # --- answers in the right form that say odd things
    _claims("seconds_are_nan", "a time that is no number", "seconds=float('nan'), cpu_seconds=float('inf')"),
    _claims("seconds_are_negative", "a time before the beginning", "seconds=-1e308, cpu_seconds=-5.0"),
    _claims("seconds_are_huge", "a time longer than the universe", "seconds=1e308"),
    _claims("seconds_are_an_integer", "an integer that no float holds", "seconds=10**4000, cpu_seconds=True"),
    _claims("seconds_are_text", "a time in words", "seconds='soon', cpu_seconds=[]"),
    _claims("output_of_a_hundred_megabytes", "more printed text than is ever kept", "stdout='x' * 100_000_000"),
    _claims("output_is_no_text", "printed text that is a list", "stdout=['x'] * 1000, error={'a': 1}"),
    _claims("output_of_surrogates", "printed text that is no text", "stdout='\\ud800' * 100, error='\\udfff'"),
    _claims("error_of_fifty_megabytes", "an error message that never ends", "status='error', error='e' * 50_000_000"),
    _claims("status_unknown", "a status that nobody knows", "status='perfect', points=1000, verdict='right'"),
    _claims("status_is_an_array", "a status that cannot be compared", "status=__import__('numpy').zeros(3)"),
    _claims("blocks_are_no_list", "blocks that are something else", "blocks={'part': 'double'}"),
    _claims("blocks_are_odd", "blocks without what a block has", "blocks=[{}, [], None, 7]"),
    _claims("checks_of_the_submission", "checks with expected values of the submission's own", "blocks=[{'part': 'double', 'needs': [], 'swapped': [], 'checks': [{'kind': 'value', 'title': 'x', 'expected': 0}] * 4, 'observations': [[0, []]] * 4, 'error': None}]"),
    _claims("token_is_an_object", "a mark of completion of the wrong kind", "token=True, value=10**300"),
    _claims("fault_of_the_grader", "the submission says that the grader is at fault", "fault='Traceback: everything is broken', status='fault'"),
    _claims("key_is_an_array", "a key that cannot be compared", "key=__import__('numpy').zeros(3)"),
    _claims("key_is_a_list", "keys that are many", "key=['', question()['key']]"),
    Case("token_is_an_array", "a mark of completion that cannot be compared", {"area": "def area(a, b):\n    channel().sendall(wire.pack(answer(token=np.zeros(3), value=np.zeros(3))))\n    os._exit(0)"}, own=own(_REACH), lost=("area",), may_lose=ALL, status=""),
    Case("credit_is_an_array", "partial credit of three numbers", {"square": "def square(x):\n    channel().sendall(wire.pack(answer(value=np.ones(3))))\n    os._exit(0)"}, own=own(_REACH), lost=("square",), may_lose=ALL, status=""),
    Case("credit_is_a_huge_integer", "partial credit that no float holds", {"square": "def square(x):\n    channel().sendall(wire.pack(answer(value=10**300)))\n    os._exit(0)"}, own=own(_REACH), lost=("square",), may_lose=ALL, status=""),
    _tree("json_of_nan", "numbers that JSON does not have", "'{\"$dict\": [[\"key\", \"KEY\"], [\"seconds\", NaN], [\"cpu_seconds\", Infinity], [\"status\", \"ok\"]]}'"),
    _tree("json_of_1e999", "a number out of range", "'{\"$dict\": [[\"key\", \"KEY\"], [\"seconds\", 1e999]]}'"),
    _tree("json_with_keys_twice", "keys that are there twice", "'{\"$dict\": [[\"key\", \"KEY\"], [\"key\", \"KEY\"], [\"status\", \"ok\"], [\"status\", \"error\"]], \"$dict\": []}'"),
    _tree("json_of_many_tags", "a value with two tags", "'{\"$dict\": [[\"key\", \"KEY\"]], \"$tuple\": []}'"),
    _tree("json_of_unknown_tags", "a value with a tag that nobody knows", "'{\"$pickle\": \"gASVCwAAAAAAAACMBHBvc2l4\"}'"),
    _tree("json_of_deep_lists", "lists in lists, a hundred thousand deep", "'[' * 100_000 + ']' * 100_000"),
    _tree("json_of_lists_of_300", "lists in lists, just not too deep", "'{\"$dict\": [[\"key\", \"KEY\"], [\"blocks\", ' + '[' * 300 + ']' * 300 + ']]}'"),
    _tree("json_of_a_million_digits", "an integer that takes long to read", "'9' * 1_000_000"),
    _tree("json_of_odd_arrays", "arrays of frames that are not there, of shapes that do not fit", "'{\"$dict\": [[\"key\", \"KEY\"], [\"value\", {\"$array\": [-7, \"f8\", [1000000000000]]}]]}'"),
    _tree("json_of_arrays_of_objects", "arrays of a type that would be unpickled", "'{\"$array\": [0, \"O\", [1]]}'"),
    _tree("json_that_is_no_text", "bytes that are no UTF-8", "'\\x00\\ud800KEY'.encode('utf-16', 'surrogatepass').decode('latin-1')"),
    # --- values of no honest kind
    _observes("observed_huge_integers", "integers that no float holds", "10 ** 400"),
    _observes("observed_empty_dictionary", "a dictionary without what a sample has", "{}"),
    _observes("observed_sample_of_odd_kinds", "a sample of text and of lists", "{'array': 'x', 'again': [1]}"),
    _observes("observed_empty_sample", "a sample without numbers", "{'array': __import__('numpy').zeros((0,)), 'again': None}"),
    _observes("observed_sample_of_one", "a sample of one number", "{'array': __import__('numpy').zeros(1), 'again': __import__('numpy').ones(1)}"),
    _observes("observed_booleans", "a sample of truth values", "{'array': __import__('numpy').zeros(2000, bool), 'again': __import__('numpy').ones(2000, bool)}"),
    _observes("observed_without_dimensions", "an array of no dimension", "__import__('numpy').zeros(())"),
    _observes("observed_deep_lists", "lists in lists, deeper than any honest one", "(lambda made: [made := [made] for _ in range(240)][-1])(8.0)"),
    _observes("observed_texts_without_end", "a text longer than any honest one", "'t' * 5_000_000"),
    _observes("observed_arrays_without_end", "an array larger than any honest one", "__import__('numpy').zeros(20_000_000)"),
    # --- bytes that are no answer at all
    _forges("random_bytes", "bytes that mean nothing", "channel().sendall(bytes(range(256)) * 16)"),
    _forges("many_frames", "a message of more frames than there may be", "channel().sendall(struct.pack('>Q', 2**63 - 1))"),
    _forges("a_frame_of_exabytes", "a frame of more bytes than there are", "channel().sendall(struct.pack('>QQ', 1, 2**63 - 1))\ntime.sleep(0.1)"),
    _forges("frames_of_half_a_gigabyte", "frames that are announced and never come", "channel().sendall(struct.pack('>QQ', 1, 200_000_000) + b'x' * 1000)\ntime.sleep(12)"),
    _forges("drip", "a message that comes byte by byte, so that something always comes", "reached = channel()\nreached.sendall(struct.pack('>QQ', 1, 100_000))\nend = time.time() + 12\nwhile time.time() < end:\n    reached.sendall(b' ')\n    time.sleep(0.01)", says=("was not done after",)),
    _forges("pickle", "a pickle in the place of an answer", "import pickle\nclass Made:\n    def __reduce__(self):\n        return (open, ('@CANARY@/pickled', 'w'))\nchannel().sendall(message(pickle.dumps(Made())))"),
    _forges("out_of_band", "a byte beside the stream, and descriptors in it", "reached = channel()\ntry:\n    reached.send(b'!', socket.MSG_OOB)\nexcept OSError:\n    pass\nsocket.send_fds(reached, [b'!'], [1, 2] * 20)"),
    _forges("shut_for_writing", "no answer can come any more, and the process lives on", "channel().shutdown(socket.SHUT_WR)\ntime.sleep(40)", within=30),
    _forges("shut_for_reading", "no question can come any more, and the process lives on", "channel().shutdown(socket.SHUT_RD)\ntime.sleep(12)"),
    _forges("closed_and_alive", "the channel is closed, and the process lives on", "for number in range(3, 256):\n    try:\n        os.close(number)\n    except OSError:\n        pass\nend = time.time() + 40\nwhile time.time() < end:\n    time.sleep(0.1)", within=30),
    Case("never_reads", "an answer, and then nobody reads the next question, which is long", own=(*own(_REACH + "channel().sendall(wire.pack(answer()))\ntime.sleep(12)\nos._exit(0)"), ("given_imports", "# " + "long " * 180_000)), may_lose=ALL, status="incident"),
    _forges("made_small", "the channel's buffers are made as small as can be", "reached = channel()\nreached.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)\nreached.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)\nreached.setblocking(False)"),
)
