"""Answers that lie about what they are: objects that equal everything, arrays that answer for themselves, endless ones."""

from hostile.case import Case

_DOUBLE = "def double(x):\n    "


def _object(name: str, why: str, body: str, **more) -> Case:
    """`double` returns an object of a class of the student's."""
    return Case(name, why, {"double": f"{body}\ndef double(x):\n    return Made()"}, lost=("double",), **more)


def _returns(name: str, why: str, expression: str, **more) -> Case:
    return Case(name, why, {"double": _DOUBLE + f"return {expression}"}, lost=("double",), **more)


CASES = (
    # --- objects that lie
    _object(
        "equals_everything",
        "an object whose comparisons are all true",
        "class Made:\n    __eq__ = __ge__ = __le__ = lambda self, other: True\n    __ne__ = lambda self, other: False\n"
        "    __sub__ = __rsub__ = __abs__ = lambda self, *_: 0.0\n    __bool__ = lambda self: True\n"
        "    __float__ = lambda self: 8.0\n    __array__ = lambda self, *_, **__: np.array([8.0])\n    shape, dtype, ndim, size = (1,), np.dtype(float), 1, 1",
        tells=("an object of type Made",),
    ),
    _object(
        "class_says_ndarray",
        "isinstance is told another class",
        "class Made:\n    __class__ = np.ndarray\n    __array__ = lambda self, *_, **__: np.array([8.0])\n    dtype = np.dtype(float)",
    ),
    _object(
        "class_says_float",
        "isinstance is told another class",
        "class Made:\n    __class__ = float\n    __float__ = lambda self: 8.0\n    __eq__ = lambda self, other: True",
    ),
    _object(
        "class_says_variable",
        "what looks like a variable of Keras is converted by its own method",
        "import keras\nclass Made:\n    __class__ = keras.Variable\n    __array__ = lambda self, *_, **__: np.array([1.0])\n    value = 8.0",
    ),
    _object(
        "float_that_lies",
        "a subclass of float with its own arithmetic",
        "class Made(float):\n    __eq__ = __le__ = lambda self, other: True\n    __ne__ = __gt__ = lambda self, other: False\n"
        "    __sub__ = __rsub__ = __abs__ = lambda self, *_: 0.0\n    __float__ = lambda self: 8.0",
    ),
    _object(
        "int_that_lies",
        "a subclass of int with its own comparison",
        "class Made(int):\n    __eq__ = lambda self, other: True\n    __hash__ = int.__hash__\n    __abs__ = lambda self: 0",
    ),
    Case(
        "text_that_lies",
        "a subclass of str that equals every text",
        {
            "mirror": "class Made(str):\n    __eq__ = lambda self, other: True\n    __ne__ = lambda self, other: False\n"
            "    __hash__ = str.__hash__\n    __getitem__ = lambda self, key: 'ab|ba'\ndef mirror(text):\n    return Made('no')"
        },
        lost=("mirror",),
    ),
    _object(
        "array_that_lies",
        "a subclass of ndarray with its own arithmetic",
        "class Array(np.ndarray):\n    __eq__ = lambda self, other: np.ones(1, bool)\n    __sub__ = __rsub__ = __abs__ = lambda self, *_: np.zeros(1)\n"
        "    __array_function__ = lambda self, *_: True\n    __array_ufunc__ = lambda self, *_, **__: np.zeros(1)\n"
        "    astype = copy = view = lambda self, *_, **__: np.array([8.0])\n    shape = property(lambda self: (1,))\n"
        "    dtype = property(lambda self: np.dtype('f8'))\n    nbytes = property(lambda self: 8)\n    ndim = property(lambda self: 0)\n"
        "    item = tolist = lambda self: 8.0\ndef Made():\n    return np.zeros(1).view(Array)",
    ),
    _object(
        "array_that_hides_its_size",
        "40 GB that say they are eight bytes",
        "class Array(np.ndarray):\n    nbytes = property(lambda self: 8)\n    size = property(lambda self: 1)\n"
        "def Made():\n    return np.lib.stride_tricks.as_strided(np.zeros(1), (5_000_000_000,), (0,)).view(Array)",
    ),
    _object(
        "list_that_lies",
        "a subclass of list that says it is short and equal",
        "class List(list):\n    __len__ = lambda self: 1\n    __eq__ = lambda self, other: True\n    __iter__ = lambda self: iter([8.0])\ndef Made():\n    return List([0.0])",
    ),
    _object(
        "masked_array",
        "a masked array shows less than it holds",
        "def Made():\n    return np.ma.masked_array([8.0], mask=[True])",
    ),
    _object("metaclass_that_lies", "the class's own name and comparison lie", "class Meta(type):\n    __eq__ = lambda cls, other: True\n    __hash__ = type.__hash__\n    __name__ = 'float'\n    __instancecheck__ = lambda cls, other: True\nclass Made(metaclass=Meta):\n    pass", status=""),
    _object("property_that_raises", "looking at it raises", "class Made:\n    def __getattribute__(self, name):\n        raise SystemExit(name)"),
    _object(
        "reduce_that_writes",
        "whoever unpickles or copies it writes a file",
        "class Made:\n    def __reduce__(self):\n        return (open, ('@CANARY@/pickled', 'w'))\n    __reduce_ex__ = lambda self, *_: self.__reduce__()\n    __deepcopy__ = __copy__ = lambda self, *_: open('@CANARY@/copied', 'w')",
    ),
    _object("reduce_inside_array", "an array of objects would have to be pickled", "class Inner:\n    def __reduce__(self):\n        return (open, ('@CANARY@/pickled', 'w'))\ndef Made():\n    return np.array([Inner()], dtype=object)"),
    _object("repr_that_raises", "showing it raises", "class Made:\n    def __repr__(self):\n        raise MemoryError('no')\n    __str__ = __format__ = __repr__"),
    _object("repr_that_is_endless", "showing it never ends", "class Made:\n    def __repr__(self):\n        while True:\n            pass\n    __str__ = __format__ = __len__ = __iter__ = __repr__"),
    _object("del_that_raises", "its end raises", "class Made:\n    def __del__(self):\n        raise SystemExit('at the end')"),
    _object("hash_that_is_endless", "putting it into a set never ends", "class Made:\n    def __hash__(self):\n        while True:\n            pass\n    __eq__ = __hash__"),
    # --- plain values that are wrong in a clever way
    _returns("nan", "NaN compares with nothing", "x * float('nan')"),
    _returns("infinity", "infinity is beyond every tolerance", "x * float('inf')"),
    _returns("minus_infinity_arrays", "infinite differences", "np.full_like(x, -np.inf)"),
    _returns("literal_of_1e999", "a literal that is infinite", "1e999"),
    _returns("huge_integer", "an integer that no float holds", "10 ** 400"),
    _returns("integer_of_a_million_digits", "an integer that takes long to print", "1 << 3_000_000"),
    _returns("just_below_the_cap", "the largest integer that is looked at", "10 ** 299"),
    _returns("complex", "a complex number with the right real part", "2 * x + 0j"),
    _returns("text_of_the_number", "a text that reads like the answer", "str(2 * x)"),
    _returns("bool_for_number", "True is 1, and not 8", "True"),
    _returns("broadcastable_scalar", "one number for a whole array", "8.0"),
    _returns("broadcastable_array", "a shape that broadcasts", "np.array([[[8.0]]])"),
    _returns("broadcast_to_terabytes", "an array of terabytes in eight bytes of memory", "np.broadcast_to(8.0, (10**6, 10**6))"),
    _returns("zero_size_array", "an array without elements", "np.zeros((0,))"),
    _returns("object_array", "an array of objects", "np.array([2 * x, None], dtype=object)"),
    _returns("structured_array", "an array of records", "np.zeros(1, dtype=[('a', 'f8')])"),
    _returns("datetime_array", "an array of dates", "np.array(['2026-01-01'], dtype='datetime64[D]')"),
    _returns("long_double", "numbers of sixteen bytes", "np.asarray(x, dtype=np.longdouble) * 3", status=""),
    _returns("void_scalar", "a scalar of raw bytes", "np.void(b'12345678')"),
    _returns("generator", "a generator in the place of a value", "(2 * v for v in [x])"),
    _returns("endless_iterator", "an iterator without an end", "__import__('itertools').count(8)"),
    _returns("range_of_everything", "a range longer than memory", "range(10 ** 18)"),
    _returns("memoryview", "raw memory", "memoryview(bytearray(8))"),
    _returns("list_in_itself", "a list that holds itself", "(lambda made: (made.append(made), made)[1])([])"),
    _returns("dict_in_itself", "a dictionary that holds itself", "(lambda made: (made.update(a=made), made)[1])({})"),
    _returns("wide_list", "five million items", "[8.0] * 5_000_000", status=""),
    _returns("wide_tree", "a few lists that stand for very many", "(lambda a: [[[[a] * 300] * 300] * 300] * 300)(8.0)"),
    _returns("wide_dict", "two hundred thousand keys", "dict.fromkeys(range(200_000), 8.0)", status=""),
    _returns("odd_keys", "keys that are no text", "{(1, 2): 8.0, None: 8.0, b'k': 8.0, float('nan'): 8.0}"),
    _returns("mixed_set", "a set that cannot be sorted", "{1, 'a', 2.5, None}"),
    _returns("ten_gigabytes", "an array of 10 GB", "np.zeros(1_250_000_000)"),
    _returns("just_below_64_megabytes", "the largest array that is kept", "np.zeros(7_999_999)"),
    _returns("tuple_of_large_arrays", "many arrays, each just small enough", "[np.zeros(1_000_000) for _ in range(40)]", status=""),
    _returns("module", "a module in the place of a value", "np"),
    _returns("the_function_itself", "a function in the place of a value", "double"),
    _returns("exception_returned", "an exception that is returned, not raised", "ValueError('8.0')"),
    _returns("not_implemented", "the constant that operators return", "NotImplemented"),
    _returns("answers_of_the_visible_checks", "answers hard-coded from the visible tests", "8.0 if np.ndim(x) == 0 else np.array([2.0, 4.0])", tells=("hidden check failed",)),
    _returns("answer_with_a_tail", "right at the beginning of a longer array", "np.append(2 * np.atleast_1d(x), 0)"),
    # --- values that break the one who judges
    Case("sample_is_a_dictionary", "a random array was asked for, and a dictionary comes", {"draw": "def draw(n):\n    return {}"}, lost=("draw",)),
    Case("sample_is_empty", "a random array without elements", {"draw": "def draw(n):\n    return np.zeros((0,))"}, lost=("draw",)),
    Case("sample_is_text", "a random array was asked for, and a text comes", {"draw": "def draw(n):\n    return 'random'"}, lost=("draw",)),
    Case("sample_is_constant", "numbers that are not random", {"draw": "def draw(n):\n    return np.linspace(-1.7, 1.7, n)"}, lost=("draw",)),
    Case("sample_is_nan", "random NaNs", {"draw": "def draw(n):\n    return np.full(n, np.nan)"}, lost=("draw",)),
    Case("sample_of_two_kinds", "an array at first, and something else the second time", {"draw": "calls = []\ndef draw(n):\n    calls.append(n)\n    return np.random.normal(size=n) if len(calls) % 2 else {'array': 1}"}, lost=(), status=""),
    Case("labels_of_no_column", "class scores without a class", {"classify": "def classify(x):\n    return np.zeros((len(x), 0))"}, lost=("classify",)),
    Case("labels_are_text", "labels that are words", {"classify": "def classify(x):\n    return np.array(['1'] * len(x))"}, lost=("classify",)),
    Case("labels_are_deep", "labels in too many dimensions", {"classify": "def classify(x):\n    return np.ones((len(x), 1, 1, 1))"}, lost=("classify",)),
    Case("labels_are_nan", "labels that are NaN", {"classify": "def classify(x):\n    return np.full(len(x), np.nan)"}, lost=("classify",)),
    Case("labels_of_one_class", "always the same class", {"classify": "def classify(x):\n    return np.ones(len(x), int)"}, lost=("classify",)),
    # --- our own records, returned
    _returns("our_own_record", "the record of an exception, returned and not raised", "__import__('course.checks.values').checks.values.Raised('ValueError', 'x')"),
    _returns("our_record_with_objects", "the record of an exception, holding what cannot be sent", "__import__('course.checks.values').checks.values.Raised(object(), {1: 2}, b'', (3,))", status=""),
    _returns("our_opaque_with_objects", "the record of an unknown object, holding what cannot be sent", "__import__('course.checks.values').checks.values.Opaque(np.zeros(3))", status=""),
    _returns("reference_of_a_tensor", "a subclass of a TensorFlow type", "type('T', (__import__('tensorflow').Module,), {'numpy': lambda self: 8.0})()"),
    # --- partial credit that lies (plain cells give the last expression)
    Case("credit_is_nan", "NaN for partial credit", {"square": "class Made(int):\n    __eq__ = lambda self, other: float('nan')\ndef square(x):\n    return Made()"}, lost=("square",)),
    Case("credit_is_negative", "negative partial credit", {"square": "class Made(int):\n    __eq__ = lambda self, other: -50\ndef square(x):\n    return Made()"}, lost=("square",)),
    Case("credit_is_too_large", "more partial credit than there are points", {"square": "class Made(int):\n    __eq__ = lambda self, other: 1000\ndef square(x):\n    return Made()"}, lower=("square",), lost=("square",)),
    Case("credit_is_text", "a text for partial credit", {"square": "class Made(int):\n    __eq__ = lambda self, other: Text()\nclass Text:\n    __radd__ = __add__ = __rmul__ = __mul__ = lambda self, other: '3'\ndef square(x):\n    return Made()"}, lost=("square",), status=""),
    Case("credit_is_an_object", "an object that equals the full credit", {"square": "class Made(float):\n    __eq__ = __le__ = __ge__ = lambda self, other: True\n    __hash__ = float.__hash__\n    __add__ = __radd__ = __mul__ = __rmul__ = lambda self, other: self\ndef square(x):\n    return type('S', (), {'__eq__': lambda self, other: Made(3)})()"}, lower=("square",), lost=("square",), status=""),
    Case("credit_in_part", "an honest answer that is right in part", {"square": "def square(x):\n    return 9"}, partial={"square": 1.0}),
    Case("assert_of_a_liar", "an object that equals everything, before a plain assertion", {"area": "class Made(float):\n    __eq__ = lambda self, other: True\n    __hash__ = float.__hash__\ndef area(a, b):\n    return Made(0)"}, lost=("area",)),
    Case("assert_of_an_array_liar", "an array that answers for NumPy's own functions", {"area": "class Made(np.ndarray):\n    __eq__ = lambda self, other: True\n    __array_function__ = __array_ufunc__ = lambda self, *_, **__: True\ndef area(a, b):\n    return np.zeros(()).view(Made)"}, lower=("area",), lost=("area",)),
    # --- honest, and odd enough to be taken for an attack
    Case("honest_float32", "a right answer in 32 bits", {"double": "def double(x):\n    return np.float32(2) * np.asarray(x, np.float32)"}),
    Case("honest_long_double", "a right answer in sixteen bytes", {"double": "def double(x):\n    return np.longdouble(2) * x"}),
    Case("honest_tensor", "a right answer as a tensor", {"double": "import keras\ndef double(x):\n    return keras.ops.multiply(keras.ops.convert_to_tensor(x), 2)"}),
    Case("honest_subclass", "a right answer in a harmless subclass of ndarray", {"double": "class Mine(np.ndarray):\n    pass\ndef double(x):\n    return (2 * np.asarray(x)).view(Mine)"}),
    Case("honest_object_with_call", "a right answer that is no function but can be called", {"double": "class Double:\n    def __call__(self, x):\n        return 2 * x\ndouble = Double()"}),
    Case("honest_partial", "a right answer made with functools", {"double": "import functools, operator\ndouble = functools.partial(operator.mul, 2)"}),
    Case("honest_lambda", "a right answer without a def", {"mirror": "mirror = lambda text: f'{text}|{text[::-1]}'"}),
    Case("honest_numpy_text", "a right text as NumPy's own", {"mirror": "def mirror(text):\n    return np.str_(text + '|' + text[::-1])"}),
)
