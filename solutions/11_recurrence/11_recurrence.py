# %% [raw] front=true
# title = "Recurrence: assignment"
# shows = "You write the steps of a plain recurrent network, an LSTM and a GRU, send gradients back through time by hand, make a task that tests memory, build a tagger in Keras, and end with a network that adds numbers of any length."
# needs = "The lesson of chapter 11."
# minutes = {work = 170}

# %% setup=true

# %% [markdown]
# Eight exercises and one question to answer in words. The visible checks can be done by hand; hidden checks try your
# functions on other inputs. When you are stuck, `check.hint("rnn_step")` gives the first of three hints and, run
# again, the next.
#
# Conventions, those of the lesson and of Keras: sequences have shape `(batch, time, features)`, states
# `(batch, units)`. A step computes $x_t W + h_{t-1} U + b$ first, with the kernel `W` of shape `(features, units)`, the
# recurrent kernel `U` of shape `(units, units)` and the bias `b` of shape `(units,)`. In an LSTM all three are four times
# as wide, in a GRU three times, and the parts stand side by side in the order that each exercise says. With what
# `layer.get_weights()` returns, the steps of exercises 1, 3 and 5 are those of Keras's `SimpleRNN`, `LSTM` and `GRU`.
#
# Some numbers make work by hand easy: $\tanh(\ln 2) = 0.6$ and $\tanh(\ln 3) = 0.8$, and for the sigmoid
# $\sigma(0) = 0.5$ and $\sigma(\ln 3) = 0.75$. Far from zero, both are flat: $\sigma(100)$ is 1 and $\sigma(-100)$ is 0,
# as exactly as a computer can say it.
#
# No function may change the arrays that it is given.

# %% given="imports"
import keras
import numpy as np

LN2, LN3 = np.log(2), np.log(3)


def sigmoid(z):
    """The logistic function, stable for large numbers of both signs."""
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% [markdown]
# ## 1. One step of a recurrent network (3 points)
#
# Write `rnn_step`, one step of a plain recurrent network for a whole batch: the new state is
# $h_t = \tanh(x_t W + h_{t-1} U + b)$.
#
# The sequences of a batch are rarely of one length, so the short ones are filled up with padding. A **mask** tells the
# two apart: `mask` has shape `(batch,)` and is `True` where this step of the sequence is real and `False` where it is
# padding. A sequence that is at a padded step **keeps its old state**, as if the step had not been. With `mask=None`
# all steps are real.

# %% [markdown] hints="rnn_step" reads="1. A state that is passed on"
# Compute the new state for all sequences of the batch first, without a thought for the mask. Then choose, for each
# sequence, between the new state and the old one.
#
# ---
#
# `x @ W` has shape `(batch, units)`, and so has `h @ U`; the bias is added to each row. To choose, give the mask a second
# axis, so that each of its entries holds for all units of its sequence: `mask[:, None]` has shape `(batch, 1)`.
#
# ---
#
# `new = np.tanh(x @ W + h @ U + b)`. If `mask is None`, return it; otherwise return
# `np.where(mask[:, None], new, h)`.


# %% solution="rnn_step"
def rnn_step(x, h, W, U, b, mask=None):
    """One step of a plain recurrent network.

    x: (batch, features), h: (batch, units), the old state, W: (features, units), U: (units, units),
    b: (units,), mask: (batch,) of bool, or None for all True. Returns the new state, (batch, units).

    Example: with x = [[1.0]], h = [[0.0]], W = [[ln 2]], U = [[5.0]] and b = [0.0] it is [[0.6]].
    """
    ### BEGIN SOLUTION
    new = np.tanh(x @ W + h @ U + b)
    return new if mask is None else np.where(mask[:, None], new, h)
    ### END SOLUTION


# %% tests="rnn_step" points=3
with check.exercise("rnn_step"):
    one, none = np.ones((1, 1)), np.zeros((1, 1))
    check.call(
        rnn_step,
        one,
        none,
        LN2 * one,
        5 * one,
        np.zeros(1),
        expect=np.array([[0.6]]),
        about="the input alone: the state was 0",
    )
    check.call(
        rnn_step,
        none,
        one,
        7 * one,
        LN2 * one,
        np.array([LN3 - LN2]),
        expect=np.array([[0.8]]),
        about="the state and the bias: ln 2 + (ln 3 - ln 2)",
    )
    check.call(
        rnn_step,
        one,
        np.array([[1.0, 0.0]]),
        np.array([[LN2, 0.0]]),
        np.array([[0.0, LN3], [-7.0, 5.0]]),
        np.zeros(2),
        expect=np.array([[0.6, 0.8]]),
        about="two units: the second gets ln 3 from the first",
    )
    check.call(
        rnn_step,
        np.ones((2, 1)),
        np.full((2, 1), 0.5),
        LN2 * one,
        none,
        np.zeros(1),
        mask=np.array([True, False]),
        expect=np.array([[0.6], [0.5]]),
        about="the second sequence is at a padded step and keeps its 0.5",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1101)
    for batch, features, units in [(1, 1, 1), (4, 3, 5), (5, 4, 4), (3, 6, 2)]:
        weights = (
            rng.normal(size=(features, units)),
            rng.normal(size=(units, units)),
            rng.normal(size=units),
        )
        x, h = rng.normal(size=(batch, features)), rng.normal(size=(batch, units))
        check.call(rnn_step, x, h, *weights, about="random inputs, states and weights")
        for share in [0.0, 0.5, 1.0]:
            check.call(
                rnn_step,
                x,
                h,
                *weights,
                rng.random(batch) < share,
                about="random masks, given by position",
            )
    check.call(
        rnn_step,
        np.array([[1000.0], [-1000.0]]),
        np.zeros((2, 2)),
        np.array([[1.0, 2.0]]),
        np.eye(2),
        np.zeros(2),
        about="large inputs: the state is near 1 or -1",
    )
    ### END HIDDEN TESTS


# %% mistakes="rnn_step"
def no_tanh(x, h, W, U, b, mask=None):
    """The tanh is missing. Without it the state is a linear function of the inputs and can grow without bound."""
    new = x @ W + h @ U + b
    return new if mask is None else np.where(mask[:, None], new, h)


def sigmoid_state(x, h, W, U, b, mask=None):
    """You use the sigmoid. The state of the plain network is made by tanh, between -1 and 1."""
    new = 1 / (1 + np.exp(-np.clip(x @ W + h @ U + b, -500, 500)))
    return new if mask is None else np.where(mask[:, None], new, h)


def relu_state(x, h, W, U, b, mask=None):
    """You use ReLU. The state of the plain network is made by tanh, between -1 and 1."""
    new = np.maximum(x @ W + h @ U + b, 0)
    return new if mask is None else np.where(mask[:, None], new, h)


def bias_missing(x, h, W, U, b, mask=None):
    """The bias is missing."""
    new = np.tanh(x @ W + h @ U)
    return new if mask is None else np.where(mask[:, None], new, h)


def bias_outside(x, h, W, U, b, mask=None):
    """You add the bias after the tanh. It belongs inside, beside the two products."""
    new = np.tanh(x @ W + h @ U) + b
    return new if mask is None else np.where(mask[:, None], new, h)


def no_recurrence(x, h, W, U, b, mask=None):
    """The old state has no effect on the new one. Without h @ U this is a dense layer, and nothing is remembered."""
    new = np.tanh(x @ W + b)
    return new if mask is None else np.where(mask[:, None], new, h)


def state_added(x, h, W, U, b, mask=None):
    """You add the old state itself. It is multiplied by the recurrent matrix first: h @ U."""
    new = np.tanh(x @ W + h + b)
    return new if mask is None else np.where(mask[:, None], new, h)


def state_outside(x, h, W, U, b, mask=None):
    """You add the state's part after the tanh. Both products and the bias are added first, then comes one tanh."""
    new = np.tanh(x @ W + b) + h @ U
    return new if mask is None else np.where(mask[:, None], new, h)


def two_tanhs(x, h, W, U, b, mask=None):
    """You take the tanh of each product. They are added first, with the bias, and then comes one tanh."""
    new = np.tanh(x @ W + b) + np.tanh(h @ U)
    return new if mask is None else np.where(mask[:, None], new, h)


def recurrent_transposed(x, h, W, U, b, mask=None):
    """The recurrent matrix is transposed. Row i of it says what unit i of the old state gives to each new unit: h @ U."""
    new = np.tanh(x @ W + h @ U.T + b)
    return new if mask is None else np.where(mask[:, None], new, h)


def mask_ignored(x, h, W, U, b, mask=None):
    """The mask has no effect. Where it is False, the sequence keeps its old state."""
    return np.tanh(x @ W + h @ U + b)


def mask_inverted(x, h, W, U, b, mask=None):
    """Your mask works the wrong way round. True means a real step, which makes a new state; False means padding."""
    new = np.tanh(x @ W + h @ U + b)
    return new if mask is None else np.where(mask[:, None], h, new)


def masked_to_zero(x, h, W, U, b, mask=None):
    """You set the state to 0 at a padded step. What was read before would be forgotten: keep the old state."""
    new = np.tanh(x @ W + h @ U + b)
    return new if mask is None else np.where(mask[:, None], new, 0)


def input_masked(x, h, W, U, b, mask=None):
    """At a padded step you set the input to 0, and then make the step all the same. The state would still change; keep the old one."""
    x = x if mask is None else np.where(mask[:, None], x, 0)
    return np.tanh(x @ W + h @ U + b)


def all_or_nothing(x, h, W, U, b, mask=None):
    """One padded sequence stops your whole batch. The mask decides for each sequence by itself: np.where(mask[:, None], new, h)."""
    new = np.tanh(x @ W + h @ U + b)
    return new if mask is None or mask.all() else h


def any_is_enough(x, h, W, U, b, mask=None):
    """One real step in the batch moves all of your sequences. The mask decides for each by itself: np.where(mask[:, None], new, h)."""
    new = np.tanh(x @ W + h @ U + b)
    return new if mask is None or mask.any() else h


# %% [markdown]
# ## 2. Back through time, and through a window (6 points)
#
# Write `rnn_backward`, the backward pass through all steps of the network of exercise 1 (without a mask). You are given
# what the forward pass has kept: `x`, of shape `(batch, time, features)`, and `states`, of shape
# `(batch, time + 1, units)`, where `states[:, 0]` is the state before the first step and `states[:, t + 1]` is the one
# that step `t` has made of `x[:, t]`.
#
# What comes in is `dstates`, of shape `(batch, time, units)`: `dstates[:, t]` is the gradient of the loss with respect
# to `states[:, t + 1]` **as far as it reaches this state directly**, through an output at that step. What reaches it
# through the states after it is yours to add. Return `(dx, dh0, dW, dU, db)`, the gradients with respect to the inputs,
# to the state before the first step, `states[:, 0]`, and to the three weights, these summed over the batch.
#
# With `window=k` the pass is **truncated**: the sequence is cut into pieces of `k` steps, counted from its start (the
# last piece may be shorter), and no gradient flows from a piece back into the one before it. All else stays as it is:
# every `dstates[:, t]` still counts within its own piece. (The lesson's `reach` counted from the end of the sequence, and
# what came before it was left out; here all pieces are gone through.) With `window=None` nothing is cut.


# %% given="run_rnn"
def run_rnn(x, h0, W, U, b):
    """All states, (batch, time + 1, units), of a network that makes its steps with your rnn_step."""
    states = [h0]
    for t in range(x.shape[1]):
        states.append(rnn_step(x[:, t], states[-1], W, U, b))
    return np.stack(states, axis=1)


# %% [markdown] hints="rnn_backward" reads="2. Backpropagation through time"
# Go through the steps from the last to the first, and carry one array `dh` along: what the later states send to the
# state that step `t` has made. After the last step nothing comes, so it starts as zeros.
#
# ---
#
# At step `t`, `dstates[:, t] + dh` is all that reaches the new state. Times $1 - h^2$, the slope of tanh, this is `da`,
# the gradient with respect to $a_t = x_t W + h_{t-1} U + b$. From there on it is a dense layer with two inputs; the same
# weights are used at every step, so their gradients add up.
#
# ---
#
# For `t` in `reversed(range(time))`: if `window` is given and `(t + 1) % window == 0`, set `dh` to zeros. Then
# `da = (dstates[:, t] + dh) * (1 - states[:, t + 1] ** 2)`, `dx[:, t] = da @ W.T`, `dW += x[:, t].T @ da`,
# `dU += states[:, t].T @ da`, `db += da.sum(axis=0)`, `dh = da @ U.T`. At the end `dh` is `dh0`.


# %% solution="rnn_backward"
def rnn_backward(dstates, x, states, W, U, window=None):
    """Backpropagation through time, whole or truncated.

    dstates: (batch, time, units), x: (batch, time, features), states: (batch, time + 1, units), W:
    (features, units), U: (units, units), window: a whole number of steps, or None.
    Returns (dx, dh0, dW, dU, db), each with the shape of what it is the gradient of.

    Example: with zeros for x and states, W = [[2.0]], U = [[3.0]] and dstates = [[[0.0], [1.0]]], dx is
    [[[6.0], [2.0]]] and dh0 is [[9.0]].
    """
    ### BEGIN SOLUTION
    dx = np.zeros(x.shape)
    dW, dU, db, dh = 0.0, 0.0, 0.0, 0.0
    for t in reversed(range(x.shape[1])):
        if window is not None and (t + 1) % window == 0:
            dh = 0.0
        da = (dstates[:, t] + dh) * (1 - states[:, t + 1] ** 2)
        dx[:, t] = da @ W.T
        dW = dW + x[:, t].T @ da
        dU = dU + states[:, t].T @ da
        db = db + da.sum(axis=0)
        dh = da @ U.T
    return dx, dh, dW, dU, db
    ### END SOLUTION


# %% tests="rnn_backward" points=6
with check.exercise("rnn_backward", needs="rnn_step"):
    nothing, still = np.zeros((1, 3, 1)), np.zeros((1, 4, 1))
    two, three = np.array([[2.0]]), np.array([[3.0]])
    flat = np.zeros((1, 1))
    check.call(
        rnn_backward,
        np.array([[[0.0], [0.0], [1.0]]]),
        nothing,
        still,
        two,
        three,
        expect=(
            np.array([[[18.0], [6.0], [2.0]]]),
            np.array([[27.0]]),
            flat,
            flat,
            np.array([13.0]),
        ),
        about="all states are 0, where tanh has slope 1; each step back multiplies by 3",
    )
    check.call(
        rnn_backward,
        np.array([[[0.0], [1.0], [1.0]]]),
        nothing,
        still,
        two,
        three,
        expect=(
            np.array([[[24.0], [8.0], [2.0]]]),
            np.array([[36.0]]),
            flat,
            flat,
            np.array([17.0]),
        ),
        about="outputs at the last two steps: at the second 1 + 3 arrive",
    )
    check.call(
        rnn_backward,
        np.array([[[0.0], [1.0], [1.0]]]),
        nothing,
        still,
        two,
        three,
        window=2,
        expect=(np.array([[[6.0], [2.0], [2.0]]]), np.array([[9.0]]), flat, flat, np.array([5.0])),
        about="window 2: steps 0 and 1 are one piece, step 2 another",
    )
    check.call(
        rnn_backward,
        np.array([[[1.0]], [[1.0]]]),
        np.array([[[1.0]], [[0.0]]]),
        np.array([[[0.0], [0.6]], [[0.5], [0.8]]]),
        np.array([[LN2]]),
        np.array([[2 * LN3]]),
        expect=(
            np.array([[[0.64 * LN2]], [[0.36 * LN2]]]),
            np.array([[1.28 * LN3], [0.72 * LN3]]),
            np.array([[0.64]]),
            np.array([[0.18]]),
            np.array([1.0]),
        ),
        about="two sequences of one step, with new states 0.6 and 0.8",
    )
    check.call(
        rnn_backward,
        np.array([[[0.0, 0.0], [1.0, 0.0]]]),
        np.zeros((1, 2, 1)),
        np.zeros((1, 3, 2)),
        np.array([[5.0, 7.0]]),
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        expect=(
            np.array([[[26.0], [5.0]]]),
            np.array([[7.0, 15.0]]),
            np.zeros((1, 2)),
            np.zeros((2, 2)),
            np.array([2.0, 3.0]),
        ),
        about="two units: what unit 0 gets, it owes to both, by 1 and by 3",
    )
    check.call(
        rnn_backward,
        np.array([[[1.0, 0.0]]]),
        np.zeros((1, 1, 1)),
        np.array([[[0.5, 0.25], [0.6, 0.8]]]),
        np.zeros((1, 2)),
        np.array([[2 * LN2, 2 * LN3], [0.0, 0.0]]),
        expect=(
            np.zeros((1, 1, 1)),
            np.array([[1.28 * LN2, 0.0]]),
            np.zeros((1, 2)),
            np.array([[0.32, 0.0], [0.16, 0.0]]),
            np.array([0.64, 0.0]),
        ),
        about="old state 0.5 and 0.25, new state 0.6 and 0.8, a gradient at unit 0: 0.64 times the old units",
    )
    rng = np.random.default_rng(11)
    x, h0 = rng.normal(size=(2, 4, 2)), rng.normal(size=(2, 3))
    W, U, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), rng.normal(size=3)
    pull = rng.normal(size=(2, 4, 3))
    by_recurrent = check.slope(lambda u: np.sum(pull * run_rnn(x, h0, W, u, b)[:, 1:]), U)
    check.value(
        "the largest difference between your dU and finite differences of run_rnn",
        float(np.abs(rnn_backward(pull, x, run_rnn(x, h0, W, U, b), W, U)[3] - by_recurrent).max()),
        expect=0.0,
        atol=1e-5,
        about="four steps, three units, an output at each step",
        diagnosis="not_the_slope",
        why="Your dU is not what the loss does when a weight changes a little. Try one step first, then two: at "
        "which does it begin to differ? The matrix meets the state BEFORE each step.",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1102)
    for batch, time, features, units in [(1, 1, 1, 1), (2, 5, 3, 4), (3, 7, 4, 4), (2, 6, 1, 3)]:
        x, h0 = rng.normal(size=(batch, time, features)), rng.normal(size=(batch, units))
        W = rng.normal(size=(features, units))
        U, b = 0.6 * rng.normal(size=(units, units)), rng.normal(size=units)
        states = run_rnn(x, h0, W, U, b)
        dstates = rng.normal(size=(batch, time, units))
        check.call(rnn_backward, dstates, x, states, W, U, about="random sequences and weights")
        for window in sorted({1, 2, 3, time, time + 3}):
            check.call(
                rnn_backward,
                dstates,
                x,
                states,
                W,
                U,
                window,
                about="windows of several lengths, given by position",
            )
        dstates[:, :-1] = 0.0
        check.call(rnn_backward, dstates, x, states, W, U, about="an output at the end alone")
    ### END HIDDEN TESTS


# %% mistakes="rnn_backward"
def _bptt(
    dstates,
    x,
    states,
    W,
    U,
    window,
    *,
    slope=None,
    cut=None,
    back=None,
    old=0,
    gather=sum,
    at_a=False,
):
    """The right backward pass, of which each mistake changes something; not a mistake by itself.

    slope: of the new and the old state. cut: of step, number of steps and window. back: in the place of U.T.
    old: 1 for the states after the steps. gather: what is made of the steps' shares, the last step's first. at_a: stop
    before the first recurrent matrix.
    """
    slope = slope or (lambda new, old: 1 - new**2)
    cut = cut or (lambda t, time, window: (t + 1) % window == 0)
    back = U.T if back is None else back
    dx, dh = np.zeros(x.shape), np.zeros(states[:, 0].shape)
    shares = []
    for t in reversed(range(x.shape[1])):
        if window is not None and cut(t, x.shape[1], window):
            dh = np.zeros(dh.shape)
        da = (dstates[:, t] + dh) * slope(states[:, t + 1], states[:, t])
        dx[:, t] = da @ W.T
        shares.append((x[:, t].T @ da, states[:, t + old].T @ da, da.sum(axis=0)))
        dh = da @ back
    return dx, da if at_a else dh, *(gather(share) for share in zip(*shares))


def no_slope(dstates, x, states, W, U, window=None):
    """The slope of tanh is missing. Where the state is h, it is 1 - h**2."""
    return _bptt(dstates, x, states, W, U, window, slope=lambda new, old: 1.0)


def slope_of_the_old_state(dstates, x, states, W, U, window=None):
    """You take the slope of tanh from the state before the step. It belongs to the state that the step has made: 1 - states[:, t + 1] ** 2."""
    return _bptt(dstates, x, states, W, U, window, slope=lambda new, old: 1 - old**2)


def slope_of_tanh_of_state(dstates, x, states, W, U, window=None):
    """You take the tanh of the state once more for the slope. The state is tanh(a) already: its slope is 1 - h**2."""
    return _bptt(dstates, x, states, W, U, window, slope=lambda new, old: 1 - np.tanh(new) ** 2)


def slope_of_the_sigmoid(dstates, x, states, W, U, window=None):
    """h * (1 - h) is the slope of the sigmoid. That of tanh is 1 - h**2."""
    return _bptt(dstates, x, states, W, U, window, slope=lambda new, old: new * (1 - new))


def nothing_flows_back(dstates, x, states, W, U, window=None):
    """No gradient flows from a state to the one before it. Carry dh = da @ U.T to the step before."""
    return _bptt(dstates, x, states, W, U, 1)


def walked_forward(dstates, x, states, W, U, window=None):
    """You go through the steps from the first to the last. What a state gets comes from the states after it: begin at the last step."""
    dx, dh = np.zeros(x.shape), np.zeros(states[:, 0].shape)
    shares = []
    for t in range(x.shape[1]):
        if window is not None and (t + 1) % window == 0:
            dh = np.zeros(dh.shape)
        da = (dstates[:, t] + dh) * (1 - states[:, t + 1] ** 2)
        dx[:, t] = da @ W.T
        shares.append((x[:, t].T @ da, states[:, t].T @ da, da.sum(axis=0)))
        dh = da @ U.T
    return dx, dh, *(sum(share) for share in zip(*shares))


def last_output_only(dstates, x, states, W, U, window=None):
    """Only the gradient of the last step comes in. There may be an output at each step: add dstates[:, t] at every one."""
    last = np.zeros(dstates.shape)
    last[:, -1] = dstates[:, -1]
    return _bptt(last, x, states, W, U, window)


def recurrent_not_transposed(dstates, x, states, W, U, window=None):
    """The recurrent matrix is not transposed on the way back. Forward it is h @ U, so backward it is da @ U.T."""
    return _bptt(dstates, x, states, W, U, window, back=U)


def window_ignored(dstates, x, states, W, U, window=None):
    """The window has no effect. At the end of each piece, what comes from the piece after it is set to zero."""
    return _bptt(dstates, x, states, W, U, None)


def cut_one_step_early(dstates, x, states, W, U, window=None):
    """You cut one step too early in the sequence: steps 0 to window - 1 make the first piece. Cut before you use dh at a step where (t + 1) % window == 0."""
    return _bptt(dstates, x, states, W, U, window, cut=lambda t, time, window: t % window == 0)


def cut_from_the_end(dstates, x, states, W, U, window=None):
    """You count the pieces from the end of the sequence. They are counted from its start, so it is the last one that may be shorter."""
    return _bptt(
        dstates,
        x,
        states,
        W,
        U,
        window,
        cut=lambda t, time, window: (time - 1 - t) % window == 0,
    )


def last_window_only(dstates, x, states, W, U, window=None):
    """You stop after one piece, the last. All pieces are gone through; only the flow between them is cut."""
    dstates = dstates.copy()
    if window is not None:
        dstates[:, : (x.shape[1] - 1) // window * window] = 0
    return _bptt(dstates, x, states, W, U, window)


def sliding_window(dstates, x, states, W, U, window=None):
    """You let each output look back over `window` steps. Here the pieces are fixed: a gradient goes back as far as the start of its own piece."""
    if window is None:
        return _bptt(dstates, x, states, W, U, None)
    total = None
    for s in range(x.shape[1]):
        alone = np.zeros(dstates.shape)
        alone[:, s] = dstates[:, s]
        parts = _bptt(
            alone,
            x,
            states,
            W,
            U,
            window,
            cut=lambda t, time, window, s=s: t == s - window,
        )
        total = parts if total is None else [a + b for a, b in zip(total, parts)]
    return tuple(total)


def first_state_cut(dstates, x, states, W, U, window=None):
    """With a window, no gradient reaches the first state. It belongs to the first piece, and the gradient of that piece reaches it."""
    dx, dh, *weights = _bptt(dstates, x, states, W, U, window)
    return dx, dh if window is None else 0 * dh, *weights


def state_after_the_step(dstates, x, states, W, U, window=None):
    """dU is made with the states after the steps. The matrix met the states before them: states[:, t]."""
    dx, dh, dW, _, db = _bptt(dstates, x, states, W, U, window)
    dU = _bptt(dstates, x, states, W, U, window, old=1)[3]
    return dx, dh, dW, dU, db


def recurrent_gradient_transposed(dstates, x, states, W, U, window=None):
    """dU is transposed. It is states[:, t].T @ da, with the old state's units as its rows."""
    dx, dh, dW, dU, db = _bptt(dstates, x, states, W, U, window)
    return dx, dh, dW, dU.T, db


def weights_of_one_step(dstates, x, states, W, U, window=None):
    """The gradients of the weights come from one step alone, the last that you go through: you wrote = where += belongs."""
    return _bptt(dstates, x, states, W, U, window, gather=lambda shares: shares[-1])


def weights_of_the_last_step(dstates, x, states, W, U, window=None):
    """The gradients of the weights come from the last step alone. The same weights are used at every step: add up all of their shares."""
    return _bptt(dstates, x, states, W, U, window, gather=lambda shares: shares[0])


def averaged_over_batch(dstates, x, states, W, U, window=None):
    """You divided the gradients of the weights by the number of sequences. The loss has done that already, if it wants it; here they are summed."""
    dx, dh, *weights = _bptt(dstates, x, states, W, U, window)
    return dx, dh, *(w / len(x) for w in weights)


def averaged_over_time(dstates, x, states, W, U, window=None):
    """You divided the gradients of the weights by the number of steps. The same weights are used at each step: the gradients are summed."""
    dx, dh, *weights = _bptt(dstates, x, states, W, U, window)
    return dx, dh, *(w / x.shape[1] for w in weights)


def dh0_is_da(dstates, x, states, W, U, window=None):
    """dh0 stops one matrix short: it is the gradient with respect to a at the first step. One more da @ U.T leads to the state before it."""
    return _bptt(dstates, x, states, W, U, window, at_a=True)


def weights_first(dstates, x, states, W, U, window=None):
    """The order asked for is (dx, dh0, dW, dU, db), and yours has the weights first."""
    dx, dh, *weights = _bptt(dstates, x, states, W, U, window)
    return *weights, dx, dh


# %% [markdown]
# ## 3. One step of an LSTM (4 points)
#
# Write `lstm_step`. `W`, `U` and `b` are four times as wide as the state, and so is $a = x_t W + h_{t-1} U + b$. From the
# left, its four blocks of `units` columns belong to the input gate, the forget gate, the candidate and the output gate:
#
# $$i = \sigma(a_i),\quad f = \sigma(a_f),\quad g = \tanh(a_g),\quad o = \sigma(a_o),$$
# $$c_t = f \cdot c_{t-1} + i \cdot g,\qquad h_t = o \cdot \tanh(c_t).$$
#
# All products in the second line are number by number. Return the tuple `(h, c)` of the new state and the new cell. The
# mask is that of exercise 1: a sequence at a padded step keeps both of its old ones.

# %% [markdown] hints="lstm_step" reads="7. The LSTM"
# One matrix product makes the numbers for all four gates. Cut them apart first, give each its own function, and the two
# formulas of the second line can be written down as they stand.
#
# ---
#
# `np.split(a, 4, axis=1)` cuts the columns of `a` into four blocks of one width. The candidate gets `np.tanh`, the three
# gates get `sigmoid`.
#
# ---
#
# `i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)`, then `new_c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)` and
# `new_h = sigmoid(o) * np.tanh(new_c)`. With a mask, `np.where(mask[:, None], new_h, h)`, and the same for the cell.


# %% solution="lstm_step"
def lstm_step(x, h, c, W, U, b, mask=None):
    """One step of an LSTM.

    x: (batch, features), h, c: (batch, units), the old state and cell, W: (features, 4 * units), U: (units, 4 * units),
    b: (4 * units,), in the order input gate, forget gate, candidate, output gate, mask: (batch,) of bool, or None for
    all True. Returns the tuple (h, c) of the new ones, each (batch, units).

    Example: with zeros for x, h, W and U, b = [-100.0, 100.0, 0.0, 0.0] and c = [[ln 3]], the input gate is closed and
    the forget gate open, so c stays [[ln 3]], and h is 0.5 * tanh(ln 3): [[0.4]].
    """
    ### BEGIN SOLUTION
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)
    new_c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    new_h = sigmoid(o) * np.tanh(new_c)
    if mask is None:
        return new_h, new_c
    return np.where(mask[:, None], new_h, h), np.where(mask[:, None], new_c, c)
    ### END SOLUTION


# %% tests="lstm_step" points=4
with check.exercise("lstm_step"):
    none, shut = np.zeros((1, 1)), np.zeros((1, 4))
    check.call(
        lstm_step,
        none,
        none,
        np.array([[LN3]]),
        shut,
        shut,
        np.array([-100.0, 100.0, LN2, 0.0]),
        expect=(np.array([[0.4]]), np.array([[LN3]])),
        about="input gate closed, forget gate open: the cell is kept, and half of its tanh is shown",
    )
    check.call(
        lstm_step,
        none,
        none,
        np.array([[5.0]]),
        shut,
        shut,
        np.array([LN3, -100.0, LN3, -100.0]),
        expect=(none, np.array([[0.6]])),
        about="forget gate closed: 5 is forgotten, 0.75 * 0.8 is written, and nothing is shown",
    )
    check.call(
        lstm_step,
        np.ones((1, 1)),
        np.ones((1, 1)),
        np.array([[4.0]]),
        np.array([[0.0, 40.0, LN2, 0.0]]),
        np.array([[0.0, 60.0, LN3 - LN2, 0.0]]),
        np.zeros(4),
        expect=(np.array([[0.5 * np.tanh(4.4)]]), np.array([[4.4]])),
        about="input and state at work: 4 is kept and 0.5 * 0.8 is added",
    )
    check.call(
        lstm_step,
        none,
        np.zeros((1, 2)),
        np.array([[LN2, LN3]]),
        np.zeros((1, 8)),
        np.zeros((2, 8)),
        np.array([-100.0, -100.0, 100.0, 100.0, 0.0, 0.0, 100.0, 0.0]),
        expect=(np.array([[0.6, 0.4]]), np.array([[LN2, LN3]])),
        about="two units: the columns of a gate stand together",
    )
    check.call(
        lstm_step,
        np.zeros((2, 1)),
        np.full((2, 1), 0.3),
        np.full((2, 1), LN3),
        shut,
        shut,
        np.array([-100.0, -100.0, 0.0, 0.0]),
        mask=np.array([True, False]),
        expect=(np.array([[0.0], [0.3]]), np.array([[0.0], [LN3]])),
        about="all is forgotten, but not in the second sequence, which is at a padded step",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1103)
    for batch, features, units in [(1, 1, 1), (4, 3, 5), (5, 4, 4), (3, 6, 2)]:
        weights = (
            rng.normal(size=(features, 4 * units)),
            rng.normal(size=(units, 4 * units)),
            rng.normal(size=4 * units),
        )
        x = rng.normal(size=(batch, features))
        h, c = rng.normal(size=(batch, units)), 2 * rng.normal(size=(batch, units))
        check.call(lstm_step, x, h, c, *weights, about="random inputs, states and weights")
        for share in [0.0, 0.5, 1.0]:
            check.call(
                lstm_step,
                x,
                h,
                c,
                *weights,
                rng.random(batch) < share,
                about="random masks, given by position",
            )
    ### END HIDDEN TESTS


# %% mistakes="lstm_step"
def _lstm(x, h, c, W, U, b, mask, *, gates=None, cell=None, show=None):
    """The right step, of which each mistake changes something; not a mistake by itself.

    gates: of the numbers a, gives i, f, g and o. cell: of these, the old cell and the old state. show: of o and the
    new cell.
    """
    a = x @ W + h @ U + b
    if gates is None:
        i, f, g, o = np.split(a, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    else:
        i, f, g, o = gates(a)
    new_c = f * c + i * g if cell is None else cell(i, f, g, o, c, h)
    new_h = o * np.tanh(new_c) if show is None else show(o, new_c)
    if mask is None:
        return new_h, new_c
    return np.where(mask[:, None], new_h, h), np.where(mask[:, None], new_c, c)


def _ordered(a, order):
    """The four gates of numbers that are read in another order, say "fico"; not a mistake by itself."""
    parts = dict(zip(order, np.split(a, 4, axis=1)))
    return sigmoid(parts["i"]), sigmoid(parts["f"]), np.tanh(parts["c"]), sigmoid(parts["o"])


def input_and_forget_gate_exchanged(x, h, c, W, U, b, mask=None):
    """Input gate and forget gate are exchanged. The first block is the input gate, which stands at the candidate; the second is the forget gate, which stands at the old cell."""
    return _lstm(x, h, c, W, U, b, mask, gates=lambda a: _ordered(a, "fico"))


def candidate_last(x, h, c, W, U, b, mask=None):
    """You read the candidate last. The order is input gate, forget gate, candidate, output gate."""
    return _lstm(x, h, c, W, U, b, mask, gates=lambda a: _ordered(a, "ifoc"))


def output_gate_second(x, h, c, W, U, b, mask=None):
    """You read the output gate as the second block. The order is input gate, forget gate, candidate, output gate."""
    return _lstm(x, h, c, W, U, b, mask, gates=lambda a: _ordered(a, "iofc"))


def candidate_second(x, h, c, W, U, b, mask=None):
    """You read the candidate as the second block. The order is input gate, forget gate, candidate, output gate."""
    return _lstm(x, h, c, W, U, b, mask, gates=lambda a: _ordered(a, "icfo"))


def candidate_first(x, h, c, W, U, b, mask=None):
    """You read the candidate first. The order is input gate, forget gate, candidate, output gate."""
    return _lstm(x, h, c, W, U, b, mask, gates=lambda a: _ordered(a, "cifo"))


def interleaved(x, h, c, W, U, b, mask=None):
    """You take every fourth column for a gate. The columns of a gate stand together: the first `units` of them are the input gate."""
    return _lstm(
        x,
        h,
        c,
        W,
        U,
        b,
        mask,
        gates=lambda a: (
            sigmoid(a[:, 0::4]),
            sigmoid(a[:, 1::4]),
            np.tanh(a[:, 2::4]),
            sigmoid(a[:, 3::4]),
        ),
    )


def candidate_by_sigmoid(x, h, c, W, U, b, mask=None):
    """Your candidate is made by the sigmoid. It is no gate: tanh lets it be negative, so that the cell can go down as well as up."""
    return _lstm(x, h, c, W, U, b, mask, gates=lambda a: np.split(sigmoid(a), 4, axis=1))


def candidate_linear(x, h, c, W, U, b, mask=None):
    """Your candidate has no tanh."""

    def gates(a):
        i, f, g, o = np.split(a, 4, axis=1)
        return sigmoid(i), sigmoid(f), g, sigmoid(o)

    return _lstm(x, h, c, W, U, b, mask, gates=gates)


def gates_by_tanh(x, h, c, W, U, b, mask=None):
    """Your gates are made by tanh. A gate lets through a share between 0 and 1: sigmoid."""
    return _lstm(x, h, c, W, U, b, mask, gates=lambda a: np.split(np.tanh(a), 4, axis=1))


def bare_cell_shown(x, h, c, W, U, b, mask=None):
    """The state shows the cell without its tanh. The cell may grow, the state stays between -1 and 1: o * np.tanh(c)."""
    return _lstm(x, h, c, W, U, b, mask, show=lambda o, new: o * new)


def gate_inside_the_tanh(x, h, c, W, U, b, mask=None):
    """You multiply by the output gate before the tanh. It comes after: o * np.tanh(c), not np.tanh(o * c)."""
    return _lstm(x, h, c, W, U, b, mask, show=lambda o, new: np.tanh(o * new))


def shown_by_sigmoid(x, h, c, W, U, b, mask=None):
    """The state shows the sigmoid of the cell. It is tanh: o * np.tanh(c)."""
    return _lstm(x, h, c, W, U, b, mask, show=lambda o, new: o * sigmoid(new))


def no_output_gate(x, h, c, W, U, b, mask=None):
    """The output gate has no effect: the state is o * np.tanh(c)."""
    return _lstm(x, h, c, W, U, b, mask, show=lambda o, new: np.tanh(new))


def old_cell_shown(x, h, c, W, U, b, mask=None):
    """The state shows the old cell. It shows the new one, with what this step has written."""
    shown = _lstm(x, h, c, W, U, b, None, cell=lambda i, f, g, o, c, h: c)[0]
    _, new_c = _lstm(x, h, c, W, U, b, mask)
    return shown if mask is None else np.where(mask[:, None], shown, h), new_c


def never_forgets(x, h, c, W, U, b, mask=None):
    """The forget gate has no effect. This is the LSTM of 1997; here the old cell is multiplied by f."""
    return _lstm(x, h, c, W, U, b, mask, cell=lambda i, f, g, o, c, h: c + i * g)


def forget_means_forget(x, h, c, W, U, b, mask=None):
    """Your forget gate forgets when it is open. In spite of its name it keeps: at f = 1 the whole old cell stays."""
    return _lstm(x, h, c, W, U, b, mask, cell=lambda i, f, g, o, c, h: (1 - f) * c + i * g)


def gates_coupled(x, h, c, W, U, b, mask=None):
    """You let 1 - f stand for the input gate, or 1 - i for the forget gate. In an LSTM both have weights of their own."""
    return _lstm(x, h, c, W, U, b, mask, cell=lambda i, f, g, o, c, h: f * c + (1 - f) * g)


def no_input_gate(x, h, c, W, U, b, mask=None):
    """The input gate has no effect: what is written is i * g."""
    return _lstm(x, h, c, W, U, b, mask, cell=lambda i, f, g, o, c, h: f * c + g)


def state_in_the_cell(x, h, c, W, U, b, mask=None):
    """You keep the old state where the old cell belongs: f * c + i * g."""
    return _lstm(x, h, c, W, U, b, mask, cell=lambda i, f, g, o, c, h: f * h + i * g)


def cell_squashed(x, h, c, W, U, b, mask=None):
    """You hand on the tanh of the cell. The cell itself goes on as it is, which is why it can remember; tanh is for what is shown."""
    new_h, _ = _lstm(x, h, c, W, U, b, mask)
    new_c = np.tanh(_lstm(x, h, c, W, U, b, None)[1])
    return new_h, new_c if mask is None else np.where(mask[:, None], new_c, c)


def one_added_to_the_forget_gate(x, h, c, W, U, b, mask=None):
    """You add 1 to the forget gate's numbers. That is how its bias starts in training; here the bias is given, with the 1 in it."""
    n = h.shape[1]
    return _lstm(x, h, c, W, U, b + np.repeat([0.0, 1.0, 0.0, 0.0], n), mask)


def bias_missing(x, h, c, W, U, b, mask=None):
    """The bias is missing."""
    return _lstm(x, h, c, W, U, 0 * b, mask)


def no_recurrence(x, h, c, W, U, b, mask=None):
    """The old state has no effect on the gates: add h @ U."""
    new_h, new_c = _lstm(x, 0 * h, c, W, U, b, None)
    if mask is None:
        return new_h, new_c
    return np.where(mask[:, None], new_h, h), np.where(mask[:, None], new_c, c)


def cell_first(x, h, c, W, U, b, mask=None):
    """The order asked for is (h, c), and you return the cell first."""
    return _lstm(x, h, c, W, U, b, mask)[::-1]


def state_alone(x, h, c, W, U, b, mask=None):
    """You return the state alone. The cell goes on to the next step, too: return (h, c)."""
    return _lstm(x, h, c, W, U, b, mask)[0]


def mask_ignored(x, h, c, W, U, b, mask=None):
    """The mask has no effect. Where it is False, the sequence keeps its old state and its old cell."""
    return _lstm(x, h, c, W, U, b, None)


def mask_inverted(x, h, c, W, U, b, mask=None):
    """Your mask works the wrong way round. True means a real step; False means padding."""
    return _lstm(x, h, c, W, U, b, None if mask is None else ~mask)


def cell_not_masked(x, h, c, W, U, b, mask=None):
    """At a padded step you keep the old state, but not the old cell. What is to be remembered stands in the cell."""
    return _lstm(x, h, c, W, U, b, mask)[0], _lstm(x, h, c, W, U, b, None)[1]


def state_not_masked(x, h, c, W, U, b, mask=None):
    """At a padded step you keep the old cell, but not the old state."""
    return _lstm(x, h, c, W, U, b, None)[0], _lstm(x, h, c, W, U, b, mask)[1]


def masked_to_zero(x, h, c, W, U, b, mask=None):
    """You set state and cell to 0 at a padded step. What was read before would be forgotten: keep the old ones."""
    new_h, new_c = _lstm(x, h, c, W, U, b, None)
    if mask is None:
        return new_h, new_c
    return np.where(mask[:, None], new_h, 0), np.where(mask[:, None], new_c, 0)


# %% [markdown]
# ## 4. One step of an LSTM, backward (6 points)
#
# Write `lstm_backward`. It gets the gradients `dh` and `dc` of the loss with respect to the **new** state and the
# **new** cell of one step, and then all that `lstm_step` was given. Nothing was kept of the forward pass, so compute
# the gates once more: this costs time and saves memory, a bargain that long sequences often make.
#
# `dc` is what reaches the new cell from the steps after this one. What reaches it through the new state, because
# $h_t = o \cdot \tanh(c_t)$, is yours to add. Return `(dx, dh_prev, dc_prev, dW, dU, db)`, where `dh_prev` and
# `dc_prev` belong to the old state `h` and the old cell `c`. Gradients of the weights are summed over the batch.
#
# At a padded step, where the mask is `False`, old state and old cell were handed on unchanged. So are their gradients
# then, and all other gradients get nothing from this sequence.

# %% [markdown] hints="lstm_backward" reads="How far back, exactly?"
# Draw the step: who uses the new cell? The new state, and the next step. Add what comes from both. Then ask each of
# $f$, $c_{t-1}$, $i$, $g$ and $o$ what it was multiplied by.
#
# ---
#
# With `s = np.tanh(new_c)`: all that reaches the cell is `total = dc + dh * o * (1 - s**2)`. The forget gate gets
# `total * c`, the input gate `total * g`, the candidate `total * i`, the output gate `dh * s`. Each goes through the
# slope of its own function: $y(1-y)$ for a sigmoid, $1-y^2$ for tanh.
#
# ---
#
# `da = np.concatenate([total * g * i * (1 - i), total * c * f * (1 - f), total * i * (1 - g**2), dh * s * o * (1 - o)],
# axis=1)`; set its rows to 0 where the mask is `False`. Then `dx = da @ W.T`, `dW = x.T @ da`, `dU = h.T @ da`,
# `db = da.sum(axis=0)`; where the mask is `True`, `dh_prev = da @ U.T` and `dc_prev = total * f`, otherwise `dh` and
# `dc`.


# %% solution="lstm_backward"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    """The backward pass of one step of an LSTM.

    dh, dc: (batch, units), with respect to the new state and the new cell; x, h, c, W, U, b, mask: as lstm_step got
    them. Returns (dx, dh_prev, dc_prev, dW, dU, db), each with the shape of what it is the gradient of.

    Example: with the input gate closed, the forget gate open (b = [-100.0, 100.0, 0.0, 0.0]; zeros for x, h, W and U)
    and dh = 0, the cell's gradient goes back unchanged: dc_prev is dc, and everything else is 0.
    """
    ### BEGIN SOLUTION
    real = np.full((len(x), 1), True) if mask is None else mask[:, None]
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    s = np.tanh(f * c + i * g)
    total = dc + dh * o * (1 - s**2)
    into_gates = [total * g * i * (1 - i), total * c * f * (1 - f)]
    into_gates += [total * i * (1 - g**2), dh * s * o * (1 - o)]
    da = real * np.concatenate(into_gates, axis=1)
    dh_prev, dc_prev = np.where(real, da @ U.T, dh), np.where(real, total * f, dc)
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)
    ### END SOLUTION


# %% tests="lstm_backward" points=6
with check.exercise("lstm_backward", needs="lstm_step"):
    none, one, shut = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 4))
    cell = np.array([[2 * LN3]])
    check.call(
        lstm_backward,
        none,
        one,
        none,
        none,
        cell,
        shut,
        shut,
        np.array([-100.0, 100.0, 0.0, 0.0]),
        expect=(none, none, one, shut, shut, np.zeros(4)),
        about="a cell that is kept: its gradient goes back unchanged",
    )
    check.call(
        lstm_backward,
        none,
        one,
        one,
        none,
        cell,
        shut,
        shut,
        np.array([0.0, LN3, LN3, 0.0]),
        expect=(
            none,
            none,
            np.array([[0.75]]),
            np.array([[0.2, 0.375 * LN3, 0.18, 0.0]]),
            shut,
            np.array([0.2, 0.375 * LN3, 0.18, 0.0]),
        ),
        about="a gradient at the cell alone, with i = 0.5, f = 0.75, g = 0.8",
    )
    check.call(
        lstm_backward,
        one,
        none,
        none,
        one,
        cell,
        np.array([[0.0, 0.0, 0.0, 10.0]]),
        np.array([[0.0, 0.0, 100.0, 0.0]]),
        np.array([0.0, 0.0, -100.0, 0.0]),
        expect=(
            np.array([[2.0]]),
            np.array([[9.0]]),
            np.array([[0.09]]),
            shut,
            np.array([[0.0, 0.09 * LN3, 0.09, 0.2]]),
            np.array([0.0, 0.09 * LN3, 0.09, 0.2]),
        ),
        about="a gradient at the state alone: all gates are 0.5, g is 0, and tanh of the new cell, ln 3, is 0.8",
    )
    check.call(
        lstm_backward,
        np.array([[0.0], [3.0]]),
        np.array([[1.0], [4.0]]),
        np.ones((2, 1)),
        np.zeros((2, 1)),
        np.array([[2 * LN3], [7.0]]),
        shut,
        shut,
        np.array([0.0, LN3, LN3, 0.0]),
        mask=np.array([True, False]),
        expect=(
            np.zeros((2, 1)),
            np.array([[0.0], [3.0]]),
            np.array([[0.75], [4.0]]),
            np.array([[0.2, 0.375 * LN3, 0.18, 0.0]]),
            shut,
            np.array([0.2, 0.375 * LN3, 0.18, 0.0]),
        ),
        about="the second sequence is at a padded step: its 3 and 4 go back unchanged, and that is all",
    )
    rng = np.random.default_rng(12)
    x, h, c, pull_h, pull_c = (rng.normal(size=(2, n)) for n in (2, 3, 3, 3, 3))
    W, U, b = rng.normal(size=(2, 12)), rng.normal(size=(3, 12)), rng.normal(size=12)

    def pulled(*inputs):
        """A loss that pulls at the new state and at the new cell."""
        new_h, new_c = lstm_step(*inputs)
        return np.sum(pull_h * new_h) + np.sum(pull_c * new_c)

    for place, name, measured in [
        (1, "dh_prev", check.slope(lambda h: pulled(x, h, c, W, U, b), h)),
        (3, "dW", check.slope(lambda W: pulled(x, h, c, W, U, b), W)),
    ]:
        check.value(
            f"the largest difference between your {name} and finite differences of lstm_step",
            float(np.abs(lstm_backward(pull_h, pull_c, x, h, c, W, U, b)[place] - measured).max()),
            expect=0.0,
            atol=1e-5,
            about="random numbers, three units",
            diagnosis="not_the_slope",
            why=f"Your {name} is not what the loss does when a number changes a little. Set dh or dc to zeros and look "
            "which of the two ways is off, then compare one block of columns (one gate) after the other.",
        )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1104)
    for batch, features, units in [(1, 1, 1), (4, 3, 5), (5, 4, 4), (3, 6, 2)]:
        weights = (
            rng.normal(size=(features, 4 * units)),
            rng.normal(size=(units, 4 * units)),
            rng.normal(size=4 * units),
        )
        dh, dc, h, c = rng.normal(size=(4, batch, units))
        x = rng.normal(size=(batch, features))
        check.call(lstm_backward, dh, dc, x, h, c, *weights, about="random numbers")
        check.call(
            lstm_backward,
            0 * dh,
            dc,
            x,
            h,
            c,
            *weights,
            about="random numbers, a gradient at the cell alone",
        )
        for share in [0.0, 0.5, 1.0]:
            check.call(
                lstm_backward,
                dh,
                dc,
                x,
                h,
                c,
                *weights,
                rng.random(batch) < share,
                about="random masks, given by position",
            )
    ### END HIDDEN TESTS


# %% mistakes="lstm_backward"
class _Values:
    """What a step has computed, by name."""


def _back(dh, dc, x, h, c, W, U, b, mask, **changed):
    """The right backward pass, of which each mistake changes something; not a mistake by itself.

    changed: functions in the places of those below; each gets the values that were computed before.
    """
    v = _Values()
    v.dh, v.dc, v.x, v.h, v.c, v.W, v.U = dh, dc, x, h, c, W, U
    v.real = np.full((len(x), 1), True) if mask is None else mask[:, None]
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)
    v.i, v.f, v.g, v.o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    v.cell = v.f * c + v.i * v.g
    v.s = np.tanh(v.cell)
    rules = {
        "total": lambda v: v.dc + v.dh * v.o * (1 - v.s**2),
        "di": lambda v: v.total * v.g * v.i * (1 - v.i),
        "df": lambda v: v.total * v.c * v.f * (1 - v.f),
        "dg": lambda v: v.total * v.i * (1 - v.g**2),
        "do": lambda v: v.dh * v.s * v.o * (1 - v.o),
        "da": lambda v: v.real * np.concatenate([v.di, v.df, v.dg, v.do], axis=1),
        "dx": lambda v: v.da @ v.W.T,
        "dh_prev": lambda v: np.where(v.real, v.da @ v.U.T, v.dh),
        "dc_prev": lambda v: np.where(v.real, v.total * v.f, v.dc),
        "dW": lambda v: v.x.T @ v.da,
        "dU": lambda v: v.h.T @ v.da,
        "db": lambda v: v.da.sum(axis=0),
    }
    for name, rule in rules.items():
        setattr(v, name, changed.get(name, rule)(v))
    return v.dx, v.dh_prev, v.dc_prev, v.dW, v.dU, v.db


def nothing_through_the_state(dh, dc, x, h, c, W, U, b, mask=None):
    """What reaches the cell through the new state is missing: dh * o * (1 - tanh(c)**2), added to dc."""
    return _back(dh, dc, x, h, c, W, U, b, mask, total=lambda v: v.dc)


def nothing_from_later_steps(dh, dc, x, h, c, W, U, b, mask=None):
    """The gradient dc, which reaches the cell from the later steps, is missing. Add it to what comes through the state."""
    return _back(dh, dc, x, h, c, W, U, b, mask, total=lambda v: v.dh * v.o * (1 - v.s**2))


def cell_tanh_without_slope(dh, dc, x, h, c, W, U, b, mask=None):
    """On the way from the state to the cell, the slope of tanh is missing: 1 - np.tanh(c)**2, with the new cell."""
    return _back(dh, dc, x, h, c, W, U, b, mask, total=lambda v: v.dc + v.dh * v.o)


def slope_at_the_bare_cell(dh, dc, x, h, c, W, U, b, mask=None):
    """You take 1 - c**2 for the slope of tanh at the cell. It is 1 - np.tanh(c)**2: the square of what tanh gives."""
    return _back(
        dh, dc, x, h, c, W, U, b, mask, total=lambda v: v.dc + v.dh * v.o * (1 - v.cell**2)
    )


def slope_at_the_old_cell(dh, dc, x, h, c, W, U, b, mask=None):
    """You take the slope of tanh at the old cell. The state shows the new one."""
    return _back(
        dh, dc, x, h, c, W, U, b, mask, total=lambda v: v.dc + v.dh * v.o * (1 - np.tanh(v.c) ** 2)
    )


def output_gate_left_out(dh, dc, x, h, c, W, U, b, mask=None):
    """On the way from the state to the cell you leave out the output gate: h = o * tanh(c), so the cell gets dh * o * (1 - tanh(c)**2)."""
    return _back(dh, dc, x, h, c, W, U, b, mask, total=lambda v: v.dc + v.dh * (1 - v.s**2))


def sigmoids_without_slope(dh, dc, x, h, c, W, U, b, mask=None):
    """The slope of the sigmoid is missing at the gates: for a gate y it is y * (1 - y)."""
    return _back(
        dh,
        dc,
        x,
        h,
        c,
        W,
        U,
        b,
        mask,
        di=lambda v: v.total * v.g,
        df=lambda v: v.total * v.c,
        do=lambda v: v.dh * v.s,
    )


def candidate_without_slope(dh, dc, x, h, c, W, U, b, mask=None):
    """The slope of tanh is missing at the candidate: 1 - g**2."""
    return _back(dh, dc, x, h, c, W, U, b, mask, dg=lambda v: v.total * v.i)


def candidate_like_a_gate(dh, dc, x, h, c, W, U, b, mask=None):
    """At the candidate you use the slope of the sigmoid. It is made by tanh, whose slope is 1 - g**2."""
    return _back(dh, dc, x, h, c, W, U, b, mask, dg=lambda v: v.total * v.i * v.g * (1 - v.g))


def gates_like_the_candidate(dh, dc, x, h, c, W, U, b, mask=None):
    """At the gates you use the slope of tanh. They are made by the sigmoid, whose slope is y * (1 - y)."""
    return _back(
        dh,
        dc,
        x,
        h,
        c,
        W,
        U,
        b,
        mask,
        di=lambda v: v.total * v.g * (1 - v.i**2),
        df=lambda v: v.total * v.c * (1 - v.f**2),
        do=lambda v: v.dh * v.s * (1 - v.o**2),
    )


def forget_gate_with_new_cell(dh, dc, x, h, c, W, U, b, mask=None):
    """The forget gate gets its gradient with the new cell. It was multiplied by the old one: total * c * f * (1 - f)."""
    return _back(dh, dc, x, h, c, W, U, b, mask, df=lambda v: v.total * v.cell * v.f * (1 - v.f))


def output_gate_with_bare_cell(dh, dc, x, h, c, W, U, b, mask=None):
    """The output gate gets its gradient with the cell itself. It was multiplied by the cell's tanh."""
    return _back(dh, dc, x, h, c, W, U, b, mask, do=lambda v: v.dh * v.cell * v.o * (1 - v.o))


def output_gate_from_the_cell(dh, dc, x, h, c, W, U, b, mask=None):
    """The output gate gets all that reaches the cell. It is used in the state alone, so what it gets is dh * tanh(c), times its slope."""
    return _back(dh, dc, x, h, c, W, U, b, mask, do=lambda v: v.total * v.s * v.o * (1 - v.o))


def gates_get_dc_alone(dh, dc, x, h, c, W, U, b, mask=None):
    """The gates get only what came in as dc. They share in all that reaches the new cell, what comes through the state too."""
    return _back(
        dh,
        dc,
        x,
        h,
        c,
        W,
        U,
        b,
        mask,
        di=lambda v: v.dc * v.g * v.i * (1 - v.i),
        df=lambda v: v.dc * v.c * v.f * (1 - v.f),
        dg=lambda v: v.dc * v.i * (1 - v.g**2),
    )


def input_and_candidate_exchanged(dh, dc, x, h, c, W, U, b, mask=None):
    """Input gate and candidate each get their own value where the other's belongs: what is multiplied gets the gradient times the other factor."""
    return _back(
        dh,
        dc,
        x,
        h,
        c,
        W,
        U,
        b,
        mask,
        di=lambda v: v.total * v.i * v.i * (1 - v.i),
        dg=lambda v: v.total * v.g * (1 - v.g**2),
    )


def forget_gate_left_out(dh, dc, x, h, c, W, U, b, mask=None):
    """dc_prev is not multiplied by the forget gate. The new cell holds f * c, so the old one gets f times what reaches the new."""
    return _back(dh, dc, x, h, c, W, U, b, mask, dc_prev=lambda v: np.where(v.real, v.total, v.dc))


def dc_prev_without_the_state(dh, dc, x, h, c, W, U, b, mask=None):
    """dc_prev is made of dc alone. What reaches the new cell through the state goes on to the old cell, too."""
    return _back(
        dh, dc, x, h, c, W, U, b, mask, dc_prev=lambda v: np.where(v.real, v.dc * v.f, v.dc)
    )


def other_order_of_gates(dh, dc, x, h, c, W, U, b, mask=None):
    """The gradients of the gates stand in another order than their columns: input gate, forget gate, candidate, output gate."""
    return _back(
        dh,
        dc,
        x,
        h,
        c,
        W,
        U,
        b,
        mask,
        da=lambda v: v.real * np.concatenate([v.di, v.df, v.do, v.dg], axis=1),
    )


def forget_gate_first(dh, dc, x, h, c, W, U, b, mask=None):
    """The forget gate's gradient stands before the input gate's. The order is input gate, forget gate, candidate, output gate."""
    return _back(
        dh,
        dc,
        x,
        h,
        c,
        W,
        U,
        b,
        mask,
        da=lambda v: v.real * np.concatenate([v.df, v.di, v.dg, v.do], axis=1),
    )


def averaged(dh, dc, x, h, c, W, U, b, mask=None):
    """You divided the gradients of the weights by the number of sequences. Here they are summed."""
    return _back(
        dh,
        dc,
        x,
        h,
        c,
        W,
        U,
        b,
        mask,
        dW=lambda v: v.x.T @ v.da / len(v.x),
        dU=lambda v: v.h.T @ v.da / len(v.x),
        db=lambda v: v.da.mean(axis=0),
    )


def bias_not_summed(dh, dc, x, h, c, W, U, b, mask=None):
    """db still has a row for each sequence. The bias is used for all of them: sum over the batch."""
    return _back(dh, dc, x, h, c, W, U, b, mask, db=lambda v: v.da)


def mask_ignored(dh, dc, x, h, c, W, U, b, mask=None):
    """The mask has no effect. At a padded step, dh and dc go back unchanged, and nothing reaches the weights and x."""
    return _back(dh, dc, x, h, c, W, U, b, None)


def mask_inverted(dh, dc, x, h, c, W, U, b, mask=None):
    """Your mask works the wrong way round. True means a real step; False means padding."""
    return _back(dh, dc, x, h, c, W, U, b, None if mask is None else ~mask)


def padding_stops_the_gradient(dh, dc, x, h, c, W, U, b, mask=None):
    """At a padded step your gradients end. The old state and cell were handed on, so dh and dc go back through the step unchanged."""
    return _back(
        dh,
        dc,
        x,
        h,
        c,
        W,
        U,
        b,
        mask,
        dh_prev=lambda v: v.da @ v.U.T,
        dc_prev=lambda v: v.real * v.total * v.f,
    )


def weights_learn_from_padding(dh, dc, x, h, c, W, U, b, mask=None):
    """At a padded step your weights (and x) still get a gradient. Set the rows of da to 0 where the mask is False."""
    return _back(
        dh,
        dc,
        x,
        h,
        c,
        W,
        U,
        b,
        mask,
        da=lambda v: np.concatenate([v.di, v.df, v.dg, v.do], axis=1),
    )


def cell_through_padding_only(dh, dc, x, h, c, W, U, b, mask=None):
    """At a padded step dc goes back unchanged, but dh does not. The old state was handed on just like the cell."""
    return _back(dh, dc, x, h, c, W, U, b, mask, dh_prev=lambda v: v.da @ v.U.T)


def total_through_padding(dh, dc, x, h, c, W, U, b, mask=None):
    """At a padded step dc_prev has a part that came through the state. There, state and cell were only handed on: dc_prev is dc."""
    return _back(
        dh, dc, x, h, c, W, U, b, mask, dc_prev=lambda v: np.where(v.real, v.total * v.f, v.total)
    )


def cell_before_state(dh, dc, x, h, c, W, U, b, mask=None):
    """The order asked for is (dx, dh_prev, dc_prev, dW, dU, db), and yours has dc_prev before dh_prev."""
    dx, dh_prev, dc_prev, *weights = _back(dh, dc, x, h, c, W, U, b, mask)
    return dx, dc_prev, dh_prev, *weights


def weights_first(dh, dc, x, h, c, W, U, b, mask=None):
    """The order asked for is (dx, dh_prev, dc_prev, dW, dU, db), and yours has the weights first."""
    dx, dh_prev, dc_prev, *weights = _back(dh, dc, x, h, c, W, U, b, mask)
    return *weights, dx, dh_prev, dc_prev


# %% [markdown]
# ## 5. One step of a GRU, in both versions (4 points)
#
# Write `gru_step`. `W` and `U` are three times as wide as the state; from the left, their blocks belong to the update
# gate $z$, the reset gate $r$ and the candidate, here called $g$. Update and reset gate are $\sigma$ of the input's part
# plus the state's part plus biases, and at the end, as in Keras,
#
# $$h_t = z \cdot h_{t-1} + (1 - z) \cdot g .$$
#
# The two versions differ in what the reset gate meets.
#
# - `reset_after=False` is that of the paper. The old state is reset **before** the matrix:
#   $g = \tanh(x_t W_g + (r \cdot h_{t-1})\, U_g + b_g)$, and `b` has shape `(3 * units,)`.
# - `reset_after=True` is what Keras does unless it is told otherwise. The product is reset, **after** the matrix:
#   $g = \tanh(x_t W_g + b_g + r \cdot (h_{t-1} U_g + b'_g))$. Now there are two biases, and `b` has shape
#   `(2, 3 * units)`: row 0 goes with the input, row 1 with the state, for all three blocks.

# %% [markdown] hints="gru_step" reads="8. The GRU"
# Keep the input's part and the state's part apart: $x_t W$ plus its bias, $h_{t-1} U$ plus its bias. In the gates they
# are simply added; in the candidate the reset gate comes in between.
#
# ---
#
# Cut both parts into three blocks with `np.split(..., 3, axis=1)`. Then `z` and `r` need the first two blocks of both.
# When the reset comes before, there is no second bias, and the candidate needs a product of its own,
# `(r * h) @ U[:, 2 * units:]`.
#
# ---
#
# `b_x, b_h = b if reset_after else (b, 0 * b)`. `xz, xr, xg = np.split(x @ W + b_x, 3, axis=1)`,
# `hz, hr, hg = np.split(h @ U + b_h, 3, axis=1)`, `z = sigmoid(xz + hz)`, `r = sigmoid(xr + hr)`; the candidate is
# `np.tanh(xg + r * hg)`, or `np.tanh(xg + (r * h) @ U[:, 2 * h.shape[1]:])`. Last, `z * h + (1 - z) * g`.


# %% solution="gru_step"
def gru_step(x, h, W, U, b, reset_after=True):
    """One step of a GRU.

    x: (batch, features), h: (batch, units), the old state, W: (features, 3 * units), U: (units, 3 * units), in the order
    update gate, reset gate, candidate. b: (2, 3 * units) with reset_after=True, (3 * units,) with reset_after=False.
    Returns the new state, (batch, units).

    Example: with zeros for x, W, U and b both gates are 0.5 and the candidate is 0, so h = [[4.0]] becomes [[2.0]].
    """
    ### BEGIN SOLUTION
    b_x, b_h = b if reset_after else (b, 0 * b)
    xz, xr, xg = np.split(x @ W + b_x, 3, axis=1)
    hz, hr, hg = np.split(h @ U + b_h, 3, axis=1)
    z, r = sigmoid(xz + hz), sigmoid(xr + hr)
    if not reset_after:
        g = np.tanh(xg + (r * h) @ U[:, 2 * h.shape[1] :])
    else:
        g = np.tanh(xg + r * hg)
    return z * h + (1 - z) * g
    ### END SOLUTION


# %% tests="gru_step" points=4
with check.exercise("gru_step"):
    none, one, shut = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 3))
    check.call(
        gru_step,
        none,
        np.array([[4.0]]),
        shut,
        shut,
        np.array([LN3, 0.0, LN3]),
        reset_after=False,
        expect=np.array([[3.2]]),
        about="z = 0.75: three quarters of 4, and one quarter of 0.8",
    )
    check.call(
        gru_step,
        none,
        np.array([[4.0]]),
        shut,
        shut,
        np.array([[LN3, 0.0, LN3 - LN2], [0.0, 0.0, 2 * LN2]]),
        expect=np.array([[3.2]]),
        about="the same with two biases: half of the second comes through, as r = 0.5",
    )
    check.call(
        gru_step,
        none,
        one,
        shut,
        np.array([[-100.0, -100.0, 7.0]]),
        np.array([[0.0, 0.0, LN2], [0.0, 0.0, 9.0]]),
        expect=np.array([[0.6]]),
        about="z = 0 and r = 0: old state and second bias do not count, the candidate is all",
    )
    check.call(
        gru_step,
        none,
        np.array([[4.0]]),
        shut,
        shut,
        np.array([[0.0, 0.0, 0.0], [LN3, 100.0, LN3]]),
        expect=np.array([[3.2]]),
        about="the second bias alone: it makes z = 0.75 and r = 1, and the candidate 0.8",
    )
    swap = np.zeros((2, 6))
    swap[:, 4:] = [[0.0, LN2], [LN3, 0.0]]
    gates = np.array([-100.0, -100.0, -100.0, 100.0, 0.0, 0.0])
    check.call(
        gru_step,
        none,
        np.array([[1.0, 1.0]]),
        np.zeros((1, 6)),
        swap,
        gates,
        reset_after=False,
        expect=np.array([[0.8, 0.0]]),
        about="reset before: unit 0 is reset and has nothing to say to unit 1",
    )
    check.call(
        gru_step,
        none,
        np.array([[1.0, 1.0]]),
        np.zeros((1, 6)),
        swap,
        np.stack([gates, 0 * gates]),
        expect=np.array([[0.0, 0.6]]),
        about="reset after: unit 0 is reset and hears nothing from unit 1",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1105)
    for batch, features, units in [(1, 1, 1), (4, 3, 5), (5, 4, 4), (3, 6, 2), (2, 2, 3)]:
        W, U = rng.normal(size=(features, 3 * units)), rng.normal(size=(units, 3 * units))
        b = rng.normal(size=(2, 3 * units))
        x, h = rng.normal(size=(batch, features)), rng.normal(size=(batch, units))
        check.call(gru_step, x, h, W, U, b, about="random numbers, reset after")
        check.call(
            gru_step,
            x,
            h,
            W,
            U,
            b[0],
            False,
            about="random numbers, reset before, given by position",
        )
    ### END HIDDEN TESTS


# %% mistakes="gru_step"
def _gru(
    x,
    h,
    W,
    U,
    b,
    reset_after,
    *,
    order="zrg",
    after=None,
    before=None,
    mix=None,
    biases=None,
    squash=np.tanh,
):
    """The right step, of which each mistake changes something; not a mistake by itself.

    order: of the blocks. after, before: what the candidate gets from the state, of r, h, the block of U and the second
    bias. mix: of z, the old state and the candidate. biases: what is made of b with reset_after=True.
    """
    n = h.shape[1]
    b_x, b_h = (biases or tuple)(b) if reset_after else (b, 0 * b)
    at = {name: slice(k * n, (k + 1) * n) for k, name in enumerate(order)}
    xs, hs = x @ W + b_x, h @ U + b_h
    z, r = (sigmoid(xs[:, at[name]] + hs[:, at[name]]) for name in "zr")
    after = after or (lambda r, h, U, b: r * (h @ U + b))
    before = before or (lambda r, h, U, b: (r * h) @ U)
    state = (after if reset_after else before)(r, h, U[:, at["g"]], b_h[at["g"]])
    g = squash(xs[:, at["g"]] + state)
    return z * h + (1 - z) * g if mix is None else mix(z, h, g)


def z_lets_in(x, h, W, U, b, reset_after=True):
    """Your update gate is used the other way round. In Keras z keeps the old state: z * h + (1 - z) * g. (Some papers exchange the two.)"""
    return _gru(x, h, W, U, b, reset_after, mix=lambda z, h, g: (1 - z) * h + z * g)


def reset_gate_first(x, h, W, U, b, reset_after=True):
    """You read the reset gate first. The order of the blocks is update gate z, reset gate r, candidate."""
    return _gru(x, h, W, U, b, reset_after, order="rzg")


def candidate_first(x, h, W, U, b, reset_after=True):
    """You read the candidate first. The order of the blocks is update gate z, reset gate r, candidate."""
    return _gru(x, h, W, U, b, reset_after, order="gzr")


def candidate_second(x, h, W, U, b, reset_after=True):
    """You read the candidate as the second block. The order is update gate z, reset gate r, candidate."""
    return _gru(x, h, W, U, b, reset_after, order="zgr")


def always_after(x, h, W, U, b, reset_after=True):
    """With reset_after=False you still reset the product. There the old state is multiplied by r before the matrix: (r * h) @ U."""
    return _gru(x, h, W, U, b, reset_after, before=lambda r, h, U, b: r * (h @ U))


def always_before(x, h, W, U, b, reset_after=True):
    """With reset_after=True you still reset the state before the matrix. There the whole product is multiplied by r, with its bias: r * (h @ U + b)."""
    return _gru(x, h, W, U, b, reset_after, after=lambda r, h, U, b: (r * h) @ U + b)


def before_with_the_bias_reset(x, h, W, U, b, reset_after=True):
    """With reset_after=True you reset the state and the bias, each by itself. The whole product is multiplied by r, with its bias: r * (h @ U + b)."""
    return _gru(x, h, W, U, b, reset_after, after=lambda r, h, U, b: (r * h) @ U + r * b)


def versions_exchanged(x, h, W, U, b, reset_after=True):
    """Your two versions are exchanged. With reset_after=True, r multiplies the product h @ U + b; with False, it multiplies h."""
    return _gru(
        x,
        h,
        W,
        U,
        b,
        reset_after,
        after=lambda r, h, U, b: (r * h) @ U + b,
        before=lambda r, h, U, b: r * (h @ U),
    )


def bias_not_reset(x, h, W, U, b, reset_after=True):
    """With reset_after=True the second bias of the candidate is added without being reset. It belongs to the state's part: r * (h @ U + b)."""
    return _gru(x, h, W, U, b, reset_after, after=lambda r, h, U, b: r * (h @ U) + b)


def second_bias_missing(x, h, W, U, b, reset_after=True):
    """With reset_after=True the second row of b has no effect. It goes with the state's part."""
    return _gru(x, h, W, U, b, reset_after, biases=lambda b: (b[0], 0 * b[1]))


def second_bias_of_candidate_missing(x, h, W, U, b, reset_after=True):
    """With reset_after=True the second bias is missing in the candidate: r * (h @ U + b)."""
    return _gru(x, h, W, U, b, reset_after, after=lambda r, h, U, b: r * (h @ U))


def second_bias_of_gates_missing(x, h, W, U, b, reset_after=True):
    """With reset_after=True the second bias is missing in the gates. Row 1 of b goes with h @ U in all three blocks."""
    of_candidate = np.repeat([0.0, 0.0, 1.0], h.shape[1])
    return _gru(x, h, W, U, b, reset_after, biases=lambda b: (b[0], of_candidate * b[1]))


def biases_exchanged(x, h, W, U, b, reset_after=True):
    """The two biases are exchanged. Row 0 goes with the input, row 1 with the state."""
    return _gru(x, h, W, U, b, reset_after, biases=lambda b: (b[1], b[0]))


def no_reset(x, h, W, U, b, reset_after=True):
    """The reset gate has no effect."""
    return _gru(
        x,
        h,
        W,
        U,
        b,
        reset_after,
        after=lambda r, h, U, b: h @ U + b,
        before=lambda r, h, U, b: h @ U,
    )


def reset_without_matrix(x, h, W, U, b, reset_after=True):
    """In the candidate the old state is not multiplied by its matrix, the last block of U."""
    return _gru(
        x,
        h,
        W,
        U,
        b,
        reset_after,
        after=lambda r, h, U, b: r * (h + b),
        before=lambda r, h, U, b: r * h,
    )


def reset_means_reset(x, h, W, U, b, reset_after=True):
    """Your reset gate resets when it is open. It is the other way round: at r = 1 the old state counts fully."""
    return _gru(
        x,
        h,
        W,
        U,
        b,
        reset_after,
        after=lambda r, h, U, b: (1 - r) * (h @ U + b),
        before=lambda r, h, U, b: ((1 - r) * h) @ U,
    )


def candidate_alone(x, h, W, U, b, reset_after=True):
    """You return the candidate. The new state is a mixture of it and the old one: z * h + (1 - z) * g."""
    return _gru(x, h, W, U, b, reset_after, mix=lambda z, h, g: g)


def candidate_added(x, h, W, U, b, reset_after=True):
    """You add the whole candidate. What z keeps and what is let in share one gate: z * h + (1 - z) * g."""
    return _gru(x, h, W, U, b, reset_after, mix=lambda z, h, g: z * h + g)


def old_state_added(x, h, W, U, b, reset_after=True):
    """You keep the whole old state. It is multiplied by z: z * h + (1 - z) * g."""
    return _gru(x, h, W, U, b, reset_after, mix=lambda z, h, g: h + (1 - z) * g)


def tanh_at_the_end(x, h, W, U, b, reset_after=True):
    """You take a tanh of the new state. It is in the candidate already; the old state passes as it is."""
    return _gru(x, h, W, U, b, reset_after, mix=lambda z, h, g: np.tanh(z * h + (1 - z) * g))


def candidate_by_sigmoid(x, h, W, U, b, reset_after=True):
    """Your candidate is made by the sigmoid. It is no gate: tanh, so that it can be negative."""
    return _gru(x, h, W, U, b, reset_after, squash=sigmoid)


def candidate_linear(x, h, W, U, b, reset_after=True):
    """Your candidate has no tanh."""
    return _gru(x, h, W, U, b, reset_after, squash=lambda a: a)


def gates_ignore_the_state(x, h, W, U, b, reset_after=True):
    """Your gates look at the input alone. They get the state's part too, with its bias."""
    n = h.shape[1]
    b_x, b_h = b if reset_after else (b, 0 * b)
    xz, xr, xg = np.split(x @ W + b_x, 3, axis=1)
    z, r = sigmoid(xz), sigmoid(xr)
    product = h @ U[:, 2 * n :] + b_h[2 * n :]
    g = np.tanh(xg + (r * product if reset_after else (r * h) @ U[:, 2 * n :]))
    return z * h + (1 - z) * g


# %% [markdown]
# ## 6. A task that tests memory (4 points)
#
# Write `copy_task_batch`, which makes the sequences of a copy task in which **every row has a delay of its own**. A
# network is shown `length` symbols, waits, and at a signal says them again, in the same order. `symbols` has shape
# `(batch, length)` and holds whole numbers from 1 to `n_symbols`; `delays` has shape `(batch,)`. Two more signs are
# used: 0 is a blank, and `n_symbols + 1` is the go signal. What row `k` is shown is, one after the other,
#
# - its `length` symbols,
# - `delays[k]` blanks,
# - the go signal,
# - `length` blanks, **during which the symbols are wanted**,
# - blanks to the end, for all rows are as long as the one with the longest delay makes them.
#
# Return three arrays. `inputs`, of shape `(batch, time, n_symbols + 2)`, has each sign one-hot. `targets`, of shape
# `(batch, time)`, has the wanted symbol where one is wanted and 0 elsewhere. `weights`, of shape `(batch, time)`, is 1
# where a symbol is wanted and 0 elsewhere: multiplied by the losses of the steps, it makes those count and no others.
# A delay may be 0. In the lesson the first symbol was wanted at the signal itself; here the answer begins one step later,
# and the delay is no longer one for the whole batch. Nothing here is random: whoever calls the function draws the symbols
# and delays.

# %% [markdown] hints="copy_task_batch" reads="9. Two tasks that need memory"
# Write down one row by hand: symbols 2 and 1, delay 1, with `n_symbols = 2`. What is shown is 2 1 0 3 0 0, what is
# wanted is 0 0 0 0 2 1. How long is it, in terms of `length` and the delay?
#
# ---
#
# `time = 2 * length + max(delays) + 1`. Make arrays of zeros for the signs, targets and weights, and fill them row by
# row. The go signal of row `k` stands at `length + delays[k]`, and the answer begins one step later.
#
# ---
#
# For each `k`: `go = length + delays[k]`, `signs[k, :length] = symbols[k]`, `signs[k, go] = n_symbols + 1`,
# `targets[k, go + 1 : go + 1 + length] = symbols[k]`, and the same slice of `weights` is 1. With an array of whole
# numbers `signs`, `np.eye(n_symbols + 2)[signs]` is one-hot.


# %% solution="copy_task_batch"
def copy_task_batch(symbols, delays, n_symbols):
    """Inputs, targets and weights of a copy task with a delay for each row.

    symbols: (batch, length), whole numbers from 1 to n_symbols, delays: (batch,), whole numbers from 0 on.
    Returns (inputs, targets, weights): (batch, time, n_symbols + 2), (batch, time) and (batch, time), where time is
    2 * length + 1 and the longest delay.

    Example: for symbols [[2, 1]], delays [1] and n_symbols 2 the signs shown are 2 1 0 3 0 0 (inputs has them one-hot),
    targets is [[0, 0, 0, 0, 2, 1]] and weights is [[0, 0, 0, 0, 1, 1]].
    """
    ### BEGIN SOLUTION
    batch, length = symbols.shape
    signs = np.zeros((batch, 2 * length + max(delays) + 1), int)
    targets, weights = np.zeros(signs.shape, int), np.zeros(signs.shape)
    signs[:, :length] = symbols
    for k, delay in enumerate(delays):
        go = length + delay
        signs[k, go] = n_symbols + 1
        targets[k, go + 1 : go + 1 + length] = symbols[k]
        weights[k, go + 1 : go + 1 + length] = 1
    return np.eye(n_symbols + 2)[signs], targets, weights
    ### END SOLUTION


# %% tests="copy_task_batch" points=4
with check.exercise("copy_task_batch"):
    check.call(
        copy_task_batch,
        np.array([[2, 1]]),
        np.array([1]),
        2,
        expect=(
            np.eye(4)[[[2, 1, 0, 3, 0, 0]]],
            np.array([[0, 0, 0, 0, 2, 1]]),
            np.array([[0, 0, 0, 0, 1, 1]]),
        ),
        about="one row: 2 1, a blank, the signal, two blanks",
    )
    check.call(
        copy_task_batch,
        np.array([[3], [1], [2]]),
        np.array([1, 3, 0]),
        3,
        expect=(
            np.eye(5)[[[3, 0, 4, 0, 0, 0], [1, 0, 0, 0, 4, 0], [2, 4, 0, 0, 0, 0]]],
            np.array([[0, 0, 0, 3, 0, 0], [0, 0, 0, 0, 0, 1], [0, 0, 2, 0, 0, 0]]),
            np.array([[0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 1], [0, 0, 1, 0, 0, 0]]),
        ),
        about="three delays: the rows end with more blanks or fewer",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1106)
    for batch, length, longest, n_symbols in [
        (3, 4, 5, 8),
        (6, 2, 9, 3),
        (1, 5, 4, 2),
        (4, 3, 2, 1),
    ]:
        check.call(
            copy_task_batch,
            rng.integers(1, n_symbols + 1, size=(batch, length)),
            rng.integers(0, longest + 1, size=batch),
            n_symbols,
            about="random symbols and delays",
        )
    check.call(
        copy_task_batch,
        np.array([[1, 1, 2], [2, 2, 1]]),
        np.array([0, 0]),
        5,
        about="no delay at all, and symbols that do not occur",
    )
    ### END HIDDEN TESTS


# %% mistakes="copy_task_batch"
def _task(
    symbols,
    delays,
    n_symbols,
    at,
    *,
    longest=None,
    answer=1,
    end=None,
    said=None,
    go_sign=None,
    start=None,
):
    """The right batch as signs, targets and weights, of which each mistake changes something; not a mistake by itself.

    at: the step of the go signal, for each row (None: the right one). answer: steps from there to the answer. end: where weights end.
    """
    batch, length = symbols.shape
    longest = max(delays) if longest is None else longest
    time = 2 * length + longest + 1
    at = length + np.array(delays) if at is None else at
    signs, targets = np.zeros((batch, time), int), np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        first = 0 if start is None else start[k]
        signs[k, first : first + length] = symbols[k]
        signs[k, at[k]] = n_symbols + 1 if go_sign is None else go_sign
        here = at[k] + answer
        targets[k, here : here + length] = symbols[k] if said is None else said(symbols[k])
        weights[k, here : here + length if end is None else end] = 1
    return signs, targets, weights


def _hot(signs, width):
    """One-hot inputs; not a mistake by itself."""
    return np.eye(width)[signs]


def not_one_hot(symbols, delays, n_symbols):
    """Your inputs are the signs themselves. Make them one-hot: np.eye(n_symbols + 2)[signs]."""
    return _task(symbols, delays, n_symbols, None)


def go_signal_not_in_the_width(symbols, delays, n_symbols):
    """You take 0, the blank, for the go signal, or leave the signal out. It is a sign of its own, n_symbols + 1."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None, go_sign=0)
    return _hot(signs, n_symbols + 2), targets, weights


def go_signal_is_the_last_symbol(symbols, delays, n_symbols):
    """Your go signal is n_symbols, which is a symbol. The signal is n_symbols + 1."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None, go_sign=n_symbols)
    return _hot(signs, n_symbols + 2), targets, weights


def answer_with_the_signal(symbols, delays, n_symbols):
    """Your answer begins at the very step of the go signal. It begins at the step after it."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None, answer=0)
    return _hot(signs, n_symbols + 2), targets, weights


def signal_one_early(symbols, delays, n_symbols):
    """Your go signal comes one step too early: there are `delay` blanks between the last symbol and it."""
    at = symbols.shape[1] + np.array(delays) - 1
    signs, targets, weights = _task(symbols, delays, n_symbols, at, answer=2)
    return _hot(signs, n_symbols + 2), targets, weights


def all_one_early(symbols, delays, n_symbols):
    """Your go signal and your answer come one step too early: `delay` blanks stand between the last symbol and the signal."""
    at = symbols.shape[1] + np.array(delays) - 1
    signs, targets, weights = _task(symbols, delays, n_symbols, at)
    return _hot(signs, n_symbols + 2), targets, weights


def one_delay_for_all(symbols, delays, n_symbols):
    """All of your rows have the longest delay. Each row has its own, and blanks at its end."""
    delays = np.full(len(delays), max(delays))
    signs, targets, weights = _task(symbols, delays, n_symbols, None)
    return _hot(signs, n_symbols + 2), targets, weights


def delay_of_the_first_row(symbols, delays, n_symbols):
    """All of your rows have the first row's delay. Each row has its own."""
    first = symbols.shape[1] + np.full(len(delays), delays[0])
    signs, targets, weights = _task(symbols, delays, n_symbols, first)
    return _hot(signs, n_symbols + 2), targets, weights


def aligned_at_the_end(symbols, delays, n_symbols):
    """Your rows are aligned at their ends. They all begin at step 0, and short ones have blanks behind their answer."""
    shift = max(delays) - np.array(delays)
    at = symbols.shape[1] + np.array(delays) + shift
    signs, targets, weights = _task(symbols, delays, n_symbols, at, start=shift)
    return _hot(signs, n_symbols + 2), targets, weights


def answers_at_the_end(symbols, delays, n_symbols):
    """Your answers stand at the end of the rows. The answer begins at the step after the row's own go signal."""
    length = symbols.shape[1]
    signs, targets, weights = _task(symbols, delays, n_symbols, None)
    targets, weights = np.zeros_like(targets), np.zeros_like(weights)
    targets[:, -length:], weights[:, -length:] = symbols, 1
    return _hot(signs, n_symbols + 2), targets, weights


def weights_to_the_end(symbols, delays, n_symbols):
    """Your weights are 1 to the end of the row. Behind the answer nothing is wanted: the padding must not count."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None, end=10**6)
    return _hot(signs, n_symbols + 2), targets, weights


def weights_everywhere(symbols, delays, n_symbols):
    """Your weights are 1 everywhere. Then a network that always says blank has little loss: only the answer counts."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None, end=None)
    return _hot(signs, n_symbols + 2), targets, np.ones_like(weights)


def weights_inverted(symbols, delays, n_symbols):
    """Your weights are 1 where nothing is wanted. They are 1 where a symbol is wanted."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None)
    return _hot(signs, n_symbols + 2), targets, 1 - weights


def weights_from_the_signal(symbols, delays, n_symbols):
    """Your weights begin with the go signal. At that step nothing is wanted yet."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None)
    early = np.maximum(weights, np.pad(weights, ((0, 0), (0, 1)))[:, 1:])
    return _hot(signs, n_symbols + 2), targets, early


def answer_shown(symbols, delays, n_symbols):
    """The inputs show the answer while it is asked for. There are blanks during the answer, or nothing need be remembered."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None)
    return _hot(np.where(weights > 0, targets, signs), n_symbols + 2), targets, weights


def backwards(symbols, delays, n_symbols):
    """The answer is in reverse order. The symbols are wanted in the order in which they were shown."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None, said=lambda row: row[::-1])
    return _hot(signs, n_symbols + 2), targets, weights


def targets_repeat_the_input(symbols, delays, n_symbols):
    """Your targets have the symbols at the beginning too. There nothing is wanted: 0."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None)
    targets[:, : symbols.shape[1]] = symbols
    return _hot(signs, n_symbols + 2), targets, weights


def targets_one_hot(symbols, delays, n_symbols):
    """Your targets are one-hot. Asked for are the symbols' numbers, of shape (batch, time)."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None)
    return _hot(signs, n_symbols + 2), _hot(targets, n_symbols + 2), weights


def one_step_too_long(symbols, delays, n_symbols):
    """Your rows are one step too long. The longest has its symbols, its delay, one go signal and its answer."""
    signs, targets, weights = _task(symbols, delays, n_symbols, None, longest=max(delays) + 1)
    return _hot(signs, n_symbols + 2), targets, weights


def counted_from_zero(symbols, delays, n_symbols):
    """You count the symbols from 0. They go from 1 to n_symbols, and 0 is the blank."""
    signs, targets, weights = _task(symbols - 1, delays, n_symbols, None)
    return _hot(signs, n_symbols + 2), targets, weights


# %% [markdown]
# ## 7. A tagger, in Keras (5 points)
#
# A tagger says something of every element of a sequence: of every letter whether it is spoken, of every word whether it
# is a name. Write `tagger`, which returns a Keras model for sequences **of any length** (an input of shape `(None,)`,
# beside the batch). The elements are whole numbers from 1 to `n_symbols`, and **0 is padding**, which stands after the
# end of short sequences. The model has, one after the other:
#
# 1. an embedding of all these numbers, 0 included, into vectors of 8, which makes a **mask** of the zeros;
# 2. an LSTM with `units` units that reads from left to right, beside one with `units` units of its own that reads from
#    right to left, their states joined end to end at each step: a bidirectional LSTM;
# 3. a second bidirectional LSTM of the same size on top of it;
# 4. a dense layer with softmax: at each step, a probability for each of `n_tags` tags.
#
# All layers keep the settings that Keras gives them, but for what the list says. The output has shape
# `(batch, time, n_tags)`. At padded steps it may be anything; **at the real steps, padding must change nothing**,
# although one of the LSTMs comes to the padding first.


# %% given="prepared"
def numbers(name, shape, nth):
    """What the checks write into a weight: numbers that depend on its name and shape, and on which of these it is."""
    drawn = np.random.default_rng([len(name), nth, *shape]).normal(size=shape)
    return 1.5 * drawn / np.sqrt(shape[0]) if len(shape) > 1 else 0.5 * drawn


def prepared(n_symbols, n_tags, units):
    """Your tagger, with known numbers for weights."""
    model, seen = tagger(n_symbols, n_tags, units), []
    for weight in model.weights:
        mark = (weight.name, tuple(weight.shape))
        weight.assign(numbers(*mark, seen.count(mark)))
        seen.append(mark)
    return model


def tags(ids, n_symbols, n_tags, units):
    """What your tagger says of the sequences ids, with 0 written over the padded steps."""
    outputs = np.array(prepared(n_symbols, n_tags, units)(ids))
    return outputs * (ids > 0)[:, :, None] if outputs.ndim == 3 else outputs


def tagger_parameters(n_symbols, n_tags, units):
    return tagger(n_symbols, n_tags, units).count_params()


def tagger_shape(ids, n_symbols, n_tags, units):
    return str(np.array(tagger(n_symbols, n_tags, units)(ids)).shape)


def sums(ids, n_symbols, n_tags, units):
    """The sum of what it says at each step."""
    return np.array(prepared(n_symbols, n_tags, units)(ids)).sum(axis=-1)


def reach(ids, changed, at, n_symbols, n_tags, units):
    """Whether what is said at step `at` is moved when the element at step `changed` becomes a 1."""
    model, other = prepared(n_symbols, n_tags, units), ids.copy()
    other[:, changed] = 1
    moved = np.abs(np.array(model(ids)) - np.array(model(other)))[:, at].max()
    return "moved" if moved > 1e-4 else "not moved"


def padding_effect(ids, zeros, n_symbols, n_tags, units):
    """How much the steps of ids are moved, at most, when zeros are appended to the sequences."""
    model = prepared(n_symbols, n_tags, units)
    longer = np.pad(ids, ((0, 0), (0, zeros)))
    return float(np.abs(np.array(model(longer))[:, : ids.shape[1]] - np.array(model(ids))).max())


# %% [markdown] hints="tagger" reads="11. Both directions, two layers, and padding"
# The list is the model, from top to bottom. One layer of Keras makes the mask when it is told that 0 is special, and
# the layers behind it hand the mask on by themselves. Another one makes a bidirectional layer of a recurrent one.
#
# ---
#
# `keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True)`: one vector more than symbols, for the 0. Then
# `keras.layers.Bidirectional(keras.layers.LSTM(units, ...))`: which argument makes the LSTM give its state at every
# step, and not the last one alone?
#
# ---
#
# `keras.Sequential` with `keras.Input((None,))`, the embedding, twice
# `keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True))` and
# `keras.layers.Dense(n_tags, activation="softmax")`.


# %% solution="tagger"
def tagger(n_symbols, n_tags, units):
    """A Keras model that tags each element of a sequence, with two stacked bidirectional LSTMs.

    n_symbols: elements are 1 to n_symbols, and 0 is padding; n_tags: number of tags; units: of each LSTM.
    Returns a keras.Model: (batch, time) whole numbers -> (batch, time, n_tags) probabilities, for any time.

    Example: tagger(26, 5, 16) has 216 + 2 * 1600 + 2 * 3136 + 165 parameters: embedding, first and second pair of
    LSTMs, dense layer.
    """
    ### BEGIN SOLUTION
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(n_symbols + 1, 8, mask_zero=True),
            layers.Bidirectional(layers.LSTM(units, return_sequences=True)),
            layers.Bidirectional(layers.LSTM(units, return_sequences=True)),
            layers.Dense(n_tags, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %% tests="tagger" points=5
with check.exercise("tagger"):
    name = np.array([[3, 1, 2, 4]])
    check.call(
        tagger_parameters,
        26,
        5,
        16,
        expect=216 + 2 * 1600 + 2 * 3136 + 165,
        about="27 * 8 for the embedding, 4 * 16 * (8 + 16 + 1) and 4 * 16 * (32 + 16 + 1) for an LSTM, 5 * 33",
        diagnosis="parameters",
        why="The number of parameters is not right. An embedding of n_symbols + 1 vectors of 8; two bidirectional LSTMs, "
        "each with `units` units in each direction, joined end to end; a dense layer with n_tags units.",
    )
    check.call(
        tagger_shape,
        np.array([[3, 1, 0], [2, 3, 1]]),
        3,
        5,
        2,
        expect="(2, 3, 5)",
        about="two sequences of three steps, five tags",
        diagnosis="one_answer_a_step",
        why="The output has n_tags numbers for each step of each sequence. Do the LSTMs hand on their states at every "
        "step (return_sequences=True), the second one too?",
    )
    check.call(
        sums,
        name,
        4,
        3,
        2,
        expect=np.ones((1, 4)),
        about="the probabilities of a step sum to one",
        diagnosis="no_probabilities",
        why="What is said at a step does not sum to one: the dense layer has softmax for its activation.",
    )
    check.call(
        reach,
        name,
        0,
        3,
        4,
        3,
        2,
        expect="moved",
        about="the last step hears of the first element",
        diagnosis="deaf_to_the_left",
        why="A step does not hear of the elements before it: one of the two LSTMs reads from left to right.",
    )
    check.call(
        reach,
        name,
        3,
        0,
        4,
        3,
        2,
        expect="moved",
        about="the first step hears of the last element",
        diagnosis="deaf_to_the_right",
        why="A step does not hear of the elements after it: one of the two LSTMs reads from right to left "
        "(keras.layers.Bidirectional).",
    )
    check.call(
        padding_effect,
        name,
        3,
        4,
        3,
        2,
        expect=0.0,
        atol=1e-4,
        about="three zeros are appended, and the four real steps stay as they were",
        diagnosis="padding_read",
        why="Padding changes what is said at the real steps: the LSTM that reads from right to left has read it. Let the "
        "embedding make a mask (mask_zero=True).",
    )
    ### BEGIN HIDDEN TESTS
    other_layers = {
        "diagnosis": "other_layers",
        "why": "With known weights the model computes something else than the four layers of the list. Embedding, two "
        "bidirectional LSTMs with Keras's own activations, joined end to end, then a dense layer with softmax.",
    }
    check.call(
        tags,
        np.array([[3, 1, 2, 4, 1], [2, 4, 0, 0, 0], [4, 4, 3, 1, 0]]),
        4,
        3,
        2,
        rtol=1e-3,
        atol=1e-4,
        about="sequences of several lengths",
        **other_layers,
    )
    check.call(
        tags,
        np.array([[6, 1, 5], [2, 0, 0]]),
        6,
        2,
        3,
        rtol=1e-3,
        atol=1e-4,
        about="other numbers of symbols, tags and units",
        **other_layers,
    )
    check.call(tagger_parameters, 9, 2, 5, about="the number of parameters", **other_layers)
    ### END HIDDEN TESTS


# %% mistakes="tagger"
def _count(embedding, pairs, dense):
    """A number of parameters; pairs: (features, units) of each LSTM. Not a mistake by itself, and it takes other arguments."""
    return embedding[0] * embedding[1] + sum(4 * u * (f + u + 1) for f, u in pairs) + dense


def no_vector_for_zero(n_symbols, n_tags, units):
    """Your embedding has n_symbols vectors. The numbers go from 0 to n_symbols, so it has one more."""
    pairs = 2 * [(8, units)] + 2 * [(2 * units, units)]
    return _count((n_symbols, 8), pairs, n_tags * (2 * units + 1))


def embedding_of_units(n_symbols, n_tags, units):
    """Your embedding's vectors have `units` numbers. They have 8."""
    pairs = 2 * [(units, units)] + 2 * [(2 * units, units)]
    return _count((n_symbols + 1, units), pairs, n_tags * (2 * units + 1))


def one_bidirectional_layer(n_symbols, n_tags, units):
    """There is one bidirectional LSTM in your model. A second one stands on top of it."""
    return _count((n_symbols + 1, 8), 2 * [(8, units)], n_tags * (2 * units + 1))


def left_to_right_only(n_symbols, n_tags, units):
    """Your two LSTMs read from left to right only. Beside each there is one that reads the other way: keras.layers.Bidirectional."""
    return _count((n_symbols + 1, 8), [(8, units), (units, units)], n_tags * (units + 1))


def second_layer_one_way(n_symbols, n_tags, units):
    """Your second LSTM reads in one direction. It is bidirectional like the first."""
    pairs = 2 * [(8, units)] + [(2 * units, units)]
    return _count((n_symbols + 1, 8), pairs, n_tags * (units + 1))


def first_layer_one_way(n_symbols, n_tags, units):
    """Your first LSTM reads in one direction. It is bidirectional like the second."""
    pairs = [(8, units)] + 2 * [(units, units)]
    return _count((n_symbols + 1, 8), pairs, n_tags * (2 * units + 1))


def directions_merged(n_symbols, n_tags, units):
    """Your two directions are added or averaged. Their states are joined end to end, which is what Keras does unless told otherwise."""
    pairs = 2 * [(8, units)] + 2 * [(units, units)]
    return _count((n_symbols + 1, 8), pairs, n_tags * (units + 1))


def units_shared_out(n_symbols, n_tags, units):
    """You share out the units between the two directions. Each LSTM has `units` units of its own."""
    n = units // 2
    return _count((n_symbols + 1, 8), 2 * [(8, n)] + 2 * [(2 * n, n)], n_tags * (2 * n + 1))


def second_layer_doubled(n_symbols, n_tags, units):
    """Your second pair of LSTMs has twice the units. Each LSTM has `units` of them."""
    pairs = 2 * [(8, units)] + 2 * [(2 * units, 2 * units)]
    return _count((n_symbols + 1, 8), pairs, n_tags * (4 * units + 1))


def simple_networks(n_symbols, n_tags, units):
    """Your recurrent layers are plain ones (SimpleRNN), with a quarter of the weights. LSTMs are asked for."""
    full = 2 * 4 * units * (8 + units + 1) + 2 * 4 * units * (2 * units + units + 1)
    return (n_symbols + 1) * 8 + full // 4 + n_tags * (2 * units + 1)


def gated_units(n_symbols, n_tags, units):
    """Your recurrent layers are GRUs. LSTMs are asked for."""
    full = 2 * 3 * units * (8 + units + 2) + 2 * 3 * units * (2 * units + units + 2)
    return (n_symbols + 1) * 8 + full + n_tags * (2 * units + 1)


def a_tag_too_many(n_symbols, n_tags, units):
    """Your dense layer has n_tags + 1 units. Padding needs no tag: it is masked."""
    pairs = 2 * [(8, units)] + 2 * [(2 * units, units)]
    return _count((n_symbols + 1, 8), pairs, (n_tags + 1) * (2 * units + 1))


# %% [markdown]
# ## 8. Addition, by recurrence (5 points)
#
# To add two binary numbers, you begin with their lowest bits and carry. At each place there are three bits to add: one
# of each number and the carry. Their sum is 0, 1, 2 or 3; the bit to be written is 1 if it is 1 or 3, and 1 is to be
# carried if it is 2 or 3. So there is one thing to remember from one place to the next, and a recurrent network can
# remember it. Write `adder_model`, which returns a Keras model **with its weights already set** that adds numbers of
# any length without any training. There are many right answers; yours is graded on what it does.
#
# - The model's input has shape `(batch, time, 2)`, **for any time**, of zeros and ones: at step `t` bit number `t` of
#   each number, the lowest first.
# - Its output has shape `(batch, time, 1)`, **above 0.5 where the bit of the sum is 1, and below 0.5 where it is 0**.
# - It has **at most 60 parameters**, and numbers of 50 bits are no harder for it than numbers of 3.
#
# Any layers of Keras will do. `model.set_weights([...])` takes the weights in the order and with the shapes of
# `model.get_weights()`; those of a `SimpleRNN` are the kernel $W$, the recurrent kernel $U$ and the bias. A
# `SimpleRNN` has an `activation`, which need not be tanh: `keras.layers.SimpleRNN(3, activation="relu")` exists, too.


# %% given="add"
def add(a, b, places):
    """The sums of the numbers in the lists a and b by your model: rows of binary digits, highest first (0.5 for a 0.5)."""
    pairs = [[(x >> place & 1, y >> place & 1) for place in range(places)] for x, y in zip(a, b)]
    answers = np.array(adder_model()(np.array(pairs, "float32")))[:, ::-1, 0]
    return np.select([answers > 0.5, answers < 0.5], [1.0, 0.0], 0.5)


def adder_shape(batch, time):
    """The shape of what your model says about so many pairs of numbers with so many bits."""
    return str(np.array(adder_model()(np.zeros((batch, time, 2), "float32"))).shape)


def adder_budget():
    return "kept" if adder_model().count_params() <= 60 else "exceeded"


# %% [markdown] hints="adder_model" reads="1. A state that is passed on"
# Let $s$ be the sum of the two bits and the carry at one place. With ReLU, three units can hold $s$, $\max(s-1, 0)$ and
# $\max(s-2, 0)$. Make a table of the three for $s$ = 0, 1, 2 and 3.
#
# ---
#
# The carry is 0, 0, 1, 1, which is the second unit minus the third: that is how $U$ makes it of the old state. The bit
# to write is 0, 1, 0, 1: which sum of the three units, with weights, is that?
#
# ---
#
# `SimpleRNN(3, activation="relu", return_sequences=True)`, then `Dense(1)`. `W` is `np.ones((2, 3))`, each row of `U`
# belongs to an old unit: `[[0, 0, 0], [1, 1, 1], [-1, -1, -1]]`, the bias is `[0, -1, -2]`. The dense layer has the
# weights 1, $-2$ and 2 and the bias 0.


# %% solution="adder_model"
def adder_model():
    """A Keras model that adds two binary numbers of any length, lowest bit first; its weights are set by hand.

    Returns a keras.Model: (batch, time, 2) of 0 and 1 -> (batch, time, 1), above 0.5 for a 1 in the sum, else below.

    Example: of [[[1, 1], [1, 0], [0, 0]]], which is 3 + 1, it makes numbers below, below and above 0.5: 4 is 100.
    """
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input((None, 2)),
            keras.layers.SimpleRNN(3, activation="relu", return_sequences=True),
            keras.layers.Dense(1),
        ]
    )
    carry = np.outer([0.0, 1.0, -1.0], np.ones(3))
    to_bit = np.array([[1.0], [-2.0], [2.0]])
    model.set_weights([np.ones((2, 3)), carry, np.array([0.0, -1.0, -2.0]), to_bit, np.zeros(1)])
    return model
    ### END SOLUTION


# %% tests="adder_model" points=5
with check.exercise("adder_model"):
    not_the_sum = {
        "diagnosis": "not_the_sum",
        "why": "Some sums are wrong. Find the lowest wrong place: which three bits met there, and what is the state of "
        "your network after them?",
    }
    check.call(
        adder_shape,
        2,
        3,
        expect="(2, 3, 1)",
        about="one number for each place",
        diagnosis="one_output",
        why="The model has one output for each place: return_sequences=True, and a last layer with one unit.",
    )
    check.call(add, [1], [2], 3, expect=np.array([[0, 1, 1]]), about="1 + 2 = 3, nothing to carry", **not_the_sum)
    check.call(add, [1], [1], 3, expect=np.array([[0, 1, 0]]), about="1 + 1 = 2, carried once", **not_the_sum)
    check.call(
        add,
        [3],
        [3],
        3,
        expect=np.array([[1, 1, 0]]),
        about="3 + 3 = 6: three ones meet at place 1",
        **not_the_sum,
    )
    check.call(
        add,
        [7, 1, 5],
        [1, 7, 5],
        4,
        expect=np.array([[1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 1, 0]]),
        about="8, 8 and 10",
        **not_the_sum,
    )
    check.call(
        add,
        [2**48 - 1],
        [1],
        50,
        expect=np.array([[0, 1] + 48 * [0]]),
        about="a carry that goes on for 48 places",
        **not_the_sum,
    )
    check.call(
        adder_budget,
        expect="kept",
        about="at most 60 parameters",
        diagnosis="too_large",
        why="The model has more than 60 parameters. Three units and a dense layer with one are enough: 22.",
    )
    ### BEGIN HIDDEN TESTS
    every = [(a, b) for a in range(16) for b in range(16)]
    check.call(
        add,
        [a for a, _ in every],
        [b for _, b in every],
        5,
        about="all sums of numbers below 16",
        **not_the_sum,
    )
    rng = np.random.default_rng(1108)
    long_a, long_b = (
        [int("".join(map(str, bits)), 2) for bits in rng.integers(0, 2, size=(20, 56))]
        for _ in range(2)
    )
    check.call(add, long_a, long_b, 58, about="long numbers", **not_the_sum)
    ### END HIDDEN TESTS


# %% mistakes="adder_model"
def _serial(a, b, places, rule, *, carry=0, backward=False):
    """Sums place by place; rule: of two bits and the carry, gives the bit and the new carry. Not a mistake by itself."""
    answers = []
    for x, y in zip(a, b):
        bits, kept = [0] * places, carry
        for place in reversed(range(places)) if backward else range(places):
            bit, kept = rule(x >> place & 1, y >> place & 1, kept)
            bits[places - 1 - place] = int(bit)
        answers.append(bits)
    return np.array(answers, float)


def no_carry(a, b, places):
    """Nothing is carried in your sums. Does the state reach the next step (U), and does the output hear of the carry?"""
    return _serial(a, b, places, lambda x, y, k: (x ^ y, 0))


def or_of_the_bits(a, b, places):
    """Your output is 1 where at least one of the two bits is, and nothing is carried."""
    return _serial(a, b, places, lambda x, y, k: (x | y, 0))


def carry_not_passed_on(a, b, places):
    """Your carry is made of two ones alone. With one 1 and a carry, a 1 is carried too: the sum of all three bits counts."""
    return _serial(a, b, places, lambda x, y, k: (x ^ y ^ k, x & y))


def carry_from_a_single_one(a, b, places):
    """You carry a 1 already when the sum of the three bits is 1. It is carried at 2 and 3."""
    return _serial(a, b, places, lambda x, y, k: ((x + y + k) % 2, x + y + k >= 1))


def carry_never_ends(a, b, places):
    """Your carry never ends: once it is 1 it stays. It is used up at the next place, and made anew of the three bits there."""
    return _serial(a, b, places, lambda x, y, k: (x ^ y ^ k, k | (x & y)))


def three_writes_zero(a, b, places):
    """Where three ones meet, you write a 0. Three is 11 in binary: write 1 and carry 1."""
    return _serial(a, b, places, lambda x, y, k: (x + y + k == 1, x + y + k >= 2))


def three_carries_nothing(a, b, places):
    """Where three ones meet, you carry nothing. Three is 11 in binary: write 1 and carry 1."""
    return _serial(a, b, places, lambda x, y, k: ((x + y + k) % 2, x + y + k == 2))


def two_writes_one(a, b, places):
    """Where the sum of the three bits is 2, you write a 1. Two is 10 in binary: write 0 and carry 1."""
    return _serial(a, b, places, lambda x, y, k: (x + y + k >= 1, x + y + k >= 2))


def begins_with_a_carry(a, b, places):
    """You carry a 1 into the lowest place. Before the first step there is no carry: the state is 0."""
    return _serial(a, b, places, lambda x, y, k: ((x + y + k) % 2, x + y + k >= 2), carry=1)


def highest_first(a, b, places):
    """You begin with the highest place. The input has the lowest bit first, so read it in its order: no go_backwards."""
    return _serial(a, b, places, lambda x, y, k: ((x + y + k) % 2, x + y + k >= 2), backward=True)


def carry_written(a, b, places):
    """Your output is the carry. Asked for is the bit of the sum: 1 if one or three of the three bits are 1."""
    return _serial(a, b, places, lambda x, y, k: (x + y + k >= 2, x + y + k >= 2))


def one_step_late(a, b, places):
    """Your output comes one step late. The bits of step t are to be added at step t."""
    sums = _serial(a, b, places, lambda x, y, k: ((x + y + k) % 2, x + y + k >= 2))
    return np.pad(sums[:, 1:], ((0, 0), (0, 1)))


def inverted(a, b, places):
    """Your output is above 0.5 where the bit is 0. Exchange the two."""
    return _serial(a, b, places, lambda x, y, k: ((x + y + k + 1) % 2, x + y + k >= 2))


def difference(a, b, places):
    """Your model subtracts. Both numbers have weights of the same sign."""
    return _serial(a, b, places, lambda x, y, k: (x ^ y ^ k, x - y - k < 0))


def first_number_again(a, b, places):
    """Your output is the first number. The second has no effect: has W a row for each?"""
    return _serial(a, b, places, lambda x, y, k: (x, 0))


def all_zero(a, b, places):
    """Your output is below 0.5 everywhere. Have the weights been set, and in the right order and shapes?"""
    return _serial(a, b, places, lambda x, y, k: (0, 0))


def on_the_fence(a, b, places):
    """Your output is exactly 0.5 where the bit is 0, and must be below. A sigmoid at 0 gives 0.5: leave it out, or give the last layer a negative bias."""
    sums = _serial(a, b, places, lambda x, y, k: ((x + y + k) % 2, x + y + k >= 2))
    return np.where(sums == 0, 0.5, sums)


# %% [markdown]
# ## 9. In words (3 points)
#
# A colleague trains a plain recurrent network on sequences of 50 steps whose label depends on the first step, and it
# learns nothing. She has measured that the gradient with respect to the first state is about $10^{-9}$ times that with
# respect to the last. "I will clip the gradients, then it will learn," she says, "and if it does not, I take an LSTM:
# its gradients cannot vanish." Say in four to seven sentences what clipping does and why it does not help here; in what
# way the LSTM's cell helps, and why "cannot" is wrong (take a forget gate that stays at 0.73, for example); and name
# one thing beside these that you would try, or check, and why.

# %% [markdown] answer="why_forgotten" points=3 reads="How far back, exactly?"
# Clipping makes a gradient shorter when it is longer than a bound and leaves it alone otherwise. It mends gradients that
# explode; here the gradient that would carry the news of the first step is far too small, and clipping never makes
# anything larger. (It would not help to multiply the whole gradient either: the part that comes from far back would
# still be drowned by the parts from nearby steps.) On its way back through the plain network the gradient is multiplied
# at each step by the recurrent matrix and by a slope of tanh of at most 1, which is a factor below 1 on the whole. In an
# LSTM there is a path along the cell on which it is multiplied at each step only by the forget gate, with no matrix and no
# tanh, so where the gate is near 1 it arrives nearly whole. But this is a path that must be kept open: with a forget gate
# of 0.73, which is $\sigma(1)$, 50 steps leave $0.73^{50}$, about $10^{-7}$, and a gate that learns to forget
# cuts it altogether. I would start with a larger bias of the forget gate (5 gives 0.993, and $0.993^{50}$ is about 0.7),
# so that the network remembers until it learns to forget; I would also check that a truncated backward pass does not
# end before it reaches the first step, for then no
# architecture can learn the dependence. Shorter ways help as well, such as a second LSTM
# that reads from right to left, or an output that looks at all the states.
#
# (Grading: 1 point for clipping, which bounds what is large and cannot restore what is small; 1 for the path along the
# cell, with the product of forget gates that may vanish too; 1 for a further measure that fits, with its reason.)
