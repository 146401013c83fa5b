"""Values cross between processes as JSON and raw numbers, and come back as they were."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.checks import wire
from course.checks.values import Opaque, Raised, canonical

arrays = hnp.arrays(
    dtype=st.sampled_from([np.bool_, np.int8, np.uint8, np.int64, np.float32, np.float64]),
    shape=hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4),
)
plain = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=20) | arrays
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
)


def same(a, b) -> bool:
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b))


@given(values)
def test_what_is_packed_comes_back_the_same(value):
    value = canonical(value)
    assert same(wire.unpack_bytes(wire.pack(value)), value)


def test_exceptions_and_opaque_values_come_back():
    value = [Raised("ValueError", "no", "x = 1", ("ValueError", "Exception")), Opaque("a model")]
    assert wire.unpack_bytes(wire.pack(value)) == value


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_and_never_crash(data):
    with pytest.raises(wire.WireError):
        wire.unpack_bytes(data)


@pytest.mark.parametrize(
    "tree",
    [
        '{"$array":[0,"O",[1]]}',
        '{"$array":[0,"f8",[-1]]}',
        '{"$array":[0,"f8",[9]]}',
        '{"$array":[5,"f8",[1]]}',
        '{"$what":1}',
        '{"a":1,"b":2}',
        "[[[" * 50,
    ],
)
def test_a_forged_document_is_refused(tree):
    def frame(blob):
        return len(blob).to_bytes(8, "big") + blob

    with pytest.raises(wire.WireError):
        wire.unpack_bytes((2).to_bytes(8, "big") + frame(tree.encode()) + frame(b"\0" * 8))


def test_objects_of_a_student_s_own_class_are_never_asked_anything():
    class Liar:
        def __array__(self):
            raise AssertionError("asked")

        __eq__ = __len__ = __iter__ = __repr__ = __float__ = __array__

    assert canonical([Liar()]) == [Opaque("an object of type Liar")]


def test_object_arrays_and_huge_structures_are_opaque():
    assert isinstance(canonical(np.array([object()])), Opaque)
    endless = []
    endless.append(endless)
    canonical(endless)
