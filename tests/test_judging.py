"""What comes back from a submission can be anything: judging it never fails, and nothing but the right value is right."""

import contextlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course.checks import wire
from course.checks.diagnose import judge
from course.checks.records import Block, Check, Observation
from course.checks.values import Opaque, Raised
from course.checks.verdict import Quotable, verdict

SHAPES = st.lists(st.integers(0, 4), max_size=3).map(tuple)
ARRAYS = st.sampled_from(["f4", "f8", "i4", "i8", "u1", "?"]).flatmap(
    lambda kind: arrays.arrays(kind, arrays.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4))
)
NUMBERS = st.booleans() | st.integers(-(10**299), 10**299) | st.floats()
NAMES = st.sampled_from(["array", "again", "weights", "parameters", "output_shape", "outputs", "labels", "mean"])
VALUES = st.recursive(
    st.none()
    | NUMBERS
    | ARRAYS
    | st.text(max_size=8)
    | st.builds(Raised, st.text(max_size=8), st.text(max_size=8))
    | st.builds(Opaque, st.text(max_size=8)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=8,
)

SECRETS = st.sampled_from(
    ["CANARY", ["CANARY"], {"CANARY": 1}, Raised("CANARY", "CANARY", "CANARY"), Opaque("CANARY"), {"array": "CANARY"}]
)

GRID = np.arange(6.0).reshape(2, 3)
CHECKS = [
    Check("call", "f(x)", arguments=(GRID,), expected=GRID, mistakes={"m": GRID.T}),
    Check("call", "f(x)", arguments=(GRID,), expected=GRID[0], hidden=True, about="a row"),
    Check("value", "x", expected=2.5, mistakes={"m": 5.0}),
    Check("value", "x", expected=[1, (2.0, "a")]),
    Check("value", "x", expected={"array": GRID, "mean": 1}),
    Check("value", "x", expected=Raised("ValueError", "", bases=("ValueError", "Exception"))),
    Check("raises", "f(x)", expected=Raised("ValueError", "", bases=("ValueError",))),
    Check("sample", "f()", expected={"array": np.random.default_rng(0).normal(size=(40, 5))}),
    Check("sample", "f()", expected={"mean": 0.0, "std": 1.0}),
    Check("model", "build()", expected={"parameters": 67, "output_shape": (None, 3)}),
    Check(
        "model",
        "build()",
        expected={"weights": [(2, 3)], "parameters": 6, "output_shape": (None, 3), "outputs": GRID},
        hidden=True,
    ),
    Check("accuracy", "predict(x)", expected={"labels": np.array([0, 1, 1]), "at_least": 0.6}),
]
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.kind}-{CHECKS.index(check)}")
@given(got=VALUES)
@MANY
def test_any_value_at_all_gets_a_diagnosis_or_is_right(check, got):
    found = judge(check, Observation(got))
    assert found is None or (found.id and found.weight)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@given(seen=st.lists(VALUES, max_size=len(CHECKS) + 2), error=st.none() | st.builds(Raised, st.text(), st.text()))
@MANY
def test_any_set_of_answers_gets_a_verdict(seen, error):
    block = Block("x", observations=tuple(Observation(value) for value in seen), error=error)
    judged = verdict(Block("x", checks=tuple(CHECKS)), block, {"m": "A known mistake."})
    assert judged.state in ("right", "wrong", "unanswered", "error") and judged.message


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@given(seen=st.lists(SECRETS | VALUES, min_size=1, max_size=len(CHECKS)))
@MANY
def test_nothing_that_came_back_is_quoted_where_nothing_may_be(seen):
    block = Block("x", observations=tuple(Observation(value) for value in seen))
    message = verdict(Block("x", checks=tuple(CHECKS)), block, {}, Quotable()).message
    assert "CANARY" not in message and "Came back" not in message


@given(got=VALUES)
@MANY
def test_any_value_survives_the_wire(got):
    def same(a, b):
        if isinstance(a, np.ndarray):
            return a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        if isinstance(a, (list, tuple)):
            return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
        if isinstance(a, dict):
            return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
        return type(a) is type(b) and (a == b or a != a)

    assert same(got, wire.unpack_bytes(wire.pack(got)))


@given(
    st.binary(max_size=200) | st.binary(max_size=60).map(lambda b: b"\0\0\0\0\0\0\0\1" + len(b).to_bytes(8, "big") + b)
)
@MANY
def test_any_bytes_are_a_message_or_an_error_of_the_wire(data):
    with contextlib.suppress(wire.WireError):
        wire.unpack_bytes(data)


def test_a_number_that_no_float_holds_is_no_message():
    with pytest.raises(wire.WireError, match="number"):
        wire.unpack_bytes(wire.pack(10**400))


def test_a_structure_that_is_too_deep_is_no_message():
    value: list = []
    for _ in range(wire.MAX_DEPTH + 1):
        value = [value]
    with pytest.raises(wire.WireError, match="levels"):
        wire.unpack_bytes(wire.pack(value))


def test_a_very_long_word_does_not_make_a_very_long_message():
    judged = verdict(Block("x", checks=(CHECKS[2],)), Block("x", observations=(Observation("y" * 10**6),)), {})
    assert len(judged.message) < 5_000
