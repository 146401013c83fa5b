"""The face `check` in a student's notebook: what it says of right and wrong answers."""

import numpy as np
import pytest

from course import check
from course.checks.calling import observe
from course.checks.values import show
from course.errors import GivenError


def told(function, *arguments, expect, **options) -> str:
    """What a student reads when `function` is checked against `expect`."""
    with pytest.raises(check.CheckFailed) as failure, check.exercise("sample"):
        check.call(function, *arguments, expect=expect, **options)
    return str(failure.value)


X = np.array([[1.0, 2.0, 4.0], [3.0, 5.0, 9.0]])


def test_a_right_answer_is_said_to_be_right(capsys):
    with check.exercise("sample"):
        check.call(np.sum, X, expect=24.0)
    assert "Right: the one check passed" in capsys.readouterr().out


def test_nothing_is_written_to_stderr(capfd):
    with check.exercise("sample"):
        check.call(np.sum, X, expect=24.0)
    told(np.sum, X, expect=25.0)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("answer", "expect", "diagnosis"),
    [
        (lambda x: None, 24.0, "`return`"),
        (lambda x: x.T, X, "transposed"),
        (lambda x: -x, X, "sign is flipped"),
        (lambda x: x.sum(0), X.sum(1), "wrong axis"),
        (lambda x: x.mean(1), X.sum(1), "a mean where a sum was asked for"),
        (lambda x: x.sum(1), X.mean(1), "a sum where a mean was asked for"),
        (lambda x: 2 * x, X, "twice too large"),
        (lambda x: x / 2, X, "half of what it should be"),
        (lambda x: 7 * x, X, "7 times"),
        (lambda x: x + 3, X, "off by the same amount, 3"),
        (lambda x: (x / 2).astype(int), X / 2, "whole numbers"),
        (lambda x: x[::-1], X, "reverse order"),
        (lambda x: np.roll(np.arange(1.0, 7.0), 1), np.arange(1.0, 7.0), "shifted by one"),
        (lambda x: len(x) + 1, 2, "off by one"),
        (lambda x: x / 0, X, "stays stable"),
        (lambda x: x.tolist(), X, "np.array"),
        (lambda x: x[:1], X[0], "an axis of length 1"),
        (lambda x: x[:, :2], X, "the shape is (2, 2), and should be (2, 3)"),
        (lambda x: object(), X, "an object of type object"),
        (lambda x: x[7], X, "IndexError"),
        (lambda x: "text", X, "A text came back"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_each_mistake_gets_its_diagnosis(answer, expect, diagnosis):
    assert diagnosis.lower() in told(answer, X, expect=expect).lower()


def test_softmax_over_the_wrong_axis_is_recognized():
    def softmax(x, axis):
        e = np.exp(x - x.max())
        return e / e.sum(axis, keepdims=axis is not None)

    assert "Each column sums to one" in told(lambda x: softmax(x, 0), X, expect=softmax(X, 1))
    assert "whole array sums to one" in told(lambda x: softmax(x, None), X, expect=softmax(X, 1))


def test_a_changed_input_is_noticed_though_the_value_is_right():
    def double(x):
        x *= 2
        return x

    assert "changed its input in place" in told(double, X, expect=2 * X)


def test_an_input_may_be_changed_where_that_is_asked_for(capsys):
    def clear(values):
        values.clear()
        return values

    with check.exercise("sample"):
        check.call(clear, [1, 2], expect=[], may_change=True)
    assert "Right" in capsys.readouterr().out


def test_a_constant_that_ignores_its_input_is_recognized():
    with pytest.raises(check.CheckFailed, match="ignores its arguments"), check.exercise("sample"):
        check.call(lambda x: 3.0, 1.0, expect=3.0)
        check.call(lambda x: 3.0, 2.0, expect=5.0)


def test_an_unanswered_exercise_is_called_that():
    def stub(x):
        raise NotImplementedError("not answered yet")

    assert told(stub, X, expect=1.0) == "✗ sample: Not answered yet."


def test_a_missing_name_is_said_without_a_traceback():
    with pytest.raises(check.CheckFailed, match="'softmax' is not defined") as failure, check.exercise("sample"):
        check.call(softmax, X, expect=1.0)  # noqa: F821
    assert "run the cell that defines it" in str(failure.value)


def test_broadcasting_does_not_make_a_wrong_shape_right():
    assert "shape" in told(lambda x: np.array([24.0]), X, expect=np.array([24.0, 24.0]))
    assert "number came back" in told(lambda x: 24.0, X, expect=np.array([24.0]))


def test_nan_is_not_a_right_answer_unless_asked_for():
    told(lambda x: np.nan, X, expect=24.0)
    told(lambda x: 24.0, X, expect=np.nan)


def test_sys_exit_in_an_answer_is_a_wrong_answer():
    assert "SystemExit" in told(lambda x: exit(), X, expect=1.0)


def test_all_checks_run_and_the_count_of_failures_is_told():
    with pytest.raises(check.CheckFailed, match="2 of 3 checks failed"), check.exercise("sample"):
        check.call(abs, -1, expect=1)
        check.call(abs, -2, expect=3)
        check.call(abs, -3, expect=5)


def test_mistakes_that_these_checks_cannot_tell_apart_are_both_named():
    from course.checks.records import Block, Check, Observation
    from course.checks.verdict import verdict

    seen = (Observation(9.0),)
    reference = Block(
        "x", checks=(Check("call", "f(2)", expected=4.0, mistakes={"cubed": 9.0, "added": 9.0, "halved": 1.0}),)
    )
    said = {"cubed": "You cubed it.", "added": "You added five.", "halved": "You halved it."}
    judged = verdict(reference, Block("x", observations=seen), said)
    assert judged.diagnosis == "cubed"
    assert "Either: You cubed it. Or: You added five." in judged.message
    assert "halved" not in judged.message


def test_an_author_s_own_sentence_is_used_when_nothing_fits_better():
    assert "Gradients add up." in told(
        lambda x: 1.2345, X, expect=7.0, why="Gradients add up.", diagnosis="not_accumulated"
    )


def test_raises_asks_for_the_error():
    def refuse(x):
        raise ValueError("no")

    with check.exercise("sample"):
        check.raises(refuse, 1, error=ValueError)
    with pytest.raises(check.CheckFailed, match="A value came back where ValueError"), check.exercise("sample"):
        check.raises(abs, 1, error=ValueError)
    with pytest.raises(check.CheckFailed, match="ValueError was raised where TypeError"), check.exercise("sample"):
        check.raises(refuse, 1, error=TypeError)


def draw(scale=1.0, shape=(300, 200)):
    return scale * np.random.normal(size=shape)


def test_a_random_array_is_judged_by_its_distribution():
    with check.exercise("sample"):
        check.sample(draw, expect=(0.0, 1.0))
    with pytest.raises(check.CheckFailed, match="standard deviation"), check.exercise("sample"):
        check.sample(draw, 1.03, expect=(0.0, 1.0))
    with pytest.raises(check.CheckFailed, match="fresh random ones"), check.exercise("sample"):
        check.sample(np.ones, (30, 20), expect=(1.0, 1.0))
    sizes = iter([0, 5])  # empty at the first call alone, so that the two differ
    with pytest.raises(check.CheckFailed, match="0 elements"), check.exercise("sample"):
        check.sample(lambda: np.random.normal(size=next(sizes)), expect=(0.0, 1.0))


def test_accuracy_is_counted_here_and_not_by_the_answer():
    labels = np.array([0, 1, 1, 0])
    with check.exercise("sample"):
        check.accuracy(lambda x: np.eye(2)[[0, 1, 1, 1]], np.zeros((4, 1)), labels, at_least=0.75)
    with pytest.raises(check.CheckFailed, match="50.0%"), check.exercise("sample"):
        check.accuracy(lambda x: np.zeros(4, int), np.zeros((4, 1)), labels, at_least=0.75)


def test_slope_measures_a_gradient():
    assert np.allclose(check.slope(lambda x: (x**3).sum(), X), 3 * X**2, rtol=1e-6)


def test_a_check_outside_of_an_exercise_stops_loudly():
    with pytest.raises(RuntimeError, match="outside"):
        check.call(abs, 1, expect=1)


def test_messages_stay_short():
    message = told(lambda x: np.zeros((50, 50)), np.ones((50, 50)), expect=np.ones((50, 50)), why="word " * 400)
    assert len(message.split()) < 200


def test_hints_come_one_rung_at_a_time_and_the_last_stays(capsys):
    check.begin("01_neuron")
    said = []
    for _ in range(4):
        check.hint("sigmoid")
        said.append(capsys.readouterr().out)
    assert [text[:11] for text in said] == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3"]
    assert len(set(said)) == 3
    check.hint("sigmoid", 1)
    assert capsys.readouterr().out == said[0]


def test_a_hint_for_nothing_names_what_there_are_hints_for():
    check.begin("01_neuron")
    with pytest.raises(GivenError, match="the exercises of 01_neuron are .*sigmoid"):
        check.hint("nothing")
    with pytest.raises(GivenError, match="numbered 1 to 3, not 4"):
        check.hint("sigmoid", 4)


def test_a_message_of_an_exception_is_told_without_a_terminal_s_colors():
    def answer():
        raise ValueError("\x1b[1mInput 0\x1b[0m has the wrong shape")

    assert observe(answer, [], {}).message == "Input 0 has the wrong shape"


def test_what_is_cut_short_says_so_and_closes_its_brackets():
    shown = show((np.arange(12.0), np.arange(12.0)), 40)
    assert len(shown) < 60
    assert shown.startswith("([0.0, 1.0") and shown.endswith("…)")


@pytest.mark.filterwarnings("error")
def test_infinities_in_an_answer_are_diagnosed_without_a_warning():
    expected = np.array([np.inf, 1.5, 2.5, 4.0])
    assert "numbers are wrong" in told(lambda: np.array([np.inf, 1.5, 2.5, 7.0]), expect=expected)
