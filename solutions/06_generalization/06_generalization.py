# %% [raw] front=true
# title = "Generalization: assignment"
# shows = "You build the tools that hold a network back from memorizing (a penalty, early stopping, batch normalization, dropout), and look at dropout as what it is: an average over many networks."
# needs = "The lesson of chapter 6."
# minutes = {work = 150}

# %% setup=true

# %% [markdown]
# Eight functions, and one question to answer in words. The visible checks can be done by hand; hidden checks try your
# functions on other inputs. Run a cell of checks as often as you like. When you are stuck, `check.hint("l2_penalty")`
# gives the first of three hints and, run again, the next.
#
# Conventions, as in the lesson: examples are rows and features the last axis; `rate` is the share of units that
# dropout **drops**; a mask is 1 where a unit is kept and 0 where it is dropped. `cache` is what the backward function
# needs from the forward one, and `dout` is the gradient of the loss with respect to the forward function's output. All
# numbers are 64-bit floats, except where a Keras model answers. No function may change the arrays that it is given.

# %% given="imports"
import keras
import numpy as np

# %% [markdown]
# ## 1. An L2 penalty (3 points)
#
# Write `l2_penalty`. `parameters` is a list of arrays as `model.get_weights()` returns it: kernels and biases of the
# layers, one after the other. The penalty follows the convention of `keras.regularizers.L2`,
#
# $$\Omega = \lambda \sum_{W} \sum_{i} W_i^2 ,$$
#
# with $\lambda$ = `strength`: the sum of all squares, without a factor ½ and without a mean. Biases are not penalized:
# the sum runs over the arrays $W$ **with two or more axes** only, wherever they stand in the list. Return the tuple
# (value, gradients): a number, and a **list** with one array for each array in `parameters`, of its shape, which holds
# the derivatives of $\Omega$ with respect to its numbers. For an array that is not penalized it holds zeros.

# %% [markdown] hints="l2_penalty" reads="Small weights: L2 and L1"
# Go through the list twice, or once: for the value, and for the gradients. What tells a kernel from a bias is the
# number of axes, `w.ndim`.
#
# ---
#
# The derivative of $\lambda w^2$ is $2\lambda w$, number by number. A bias does not enter the value, so its gradient is
# an array of zeros of its shape: `np.zeros_like(w)`.
#
# ---
#
# `value = strength * sum((w**2).sum() for w in parameters if w.ndim > 1)`, and
# `gradients = [2 * strength * w if ... else ... for w in parameters]`.


# %% solution="l2_penalty"
def l2_penalty(parameters, strength):
    """The L2 penalty on the kernels of a network, and its gradient.

    parameters: a list of arrays, as from model.get_weights(); strength: a number.
    Returns (value, gradients): strength times the sum of all squares of the arrays with two or more axes, and a list
    of arrays of the shapes of the parameters.

    Example: l2_penalty([np.array([[3.0], [1.0]]), np.array([5.0])], 0.1) is (1.0, [[[0.6], [0.2]], [0.0]]).
    """
    ### BEGIN SOLUTION
    value = strength * sum((w**2).sum() for w in parameters if w.ndim > 1)
    gradients = [2 * strength * w if w.ndim > 1 else np.zeros_like(w) for w in parameters]
    return value, gradients
    ### END SOLUTION


# %% tests="l2_penalty" points=3
with check.exercise("l2_penalty"):
    check.call(
        l2_penalty,
        [np.array([[3.0], [1.0]]), np.array([5.0])],
        0.1,
        expect=(1.0, [np.array([[0.6], [0.2]]), np.array([0.0])]),
        about="one layer: 0.1 * (9 + 1); the bias 5 is free",
    )
    check.call(
        l2_penalty,
        [np.array([[1.0, -2.0]]), np.array([[4.0], [0.0]]), np.array([7.0])],
        2.0,
        expect=(42.0, [np.array([[4.0, -8.0]]), np.array([[16.0], [0.0]]), np.array([0.0])]),
        about="two layers, the first without a bias: 2 * (1 + 4 + 16)",
    )
    kernel = np.array([[0.5, -1.0, 2.0], [0.25, 3.0, -0.5]])
    measured = check.slope(lambda w: l2_penalty([w, np.ones(3)], 0.3)[0], kernel, step=0.01)
    check.value(
        "the largest difference between your gradient and finite differences of your value",
        float(np.abs(np.array(l2_penalty([kernel, np.ones(3)], 0.3)[1][0]) - measured).max()),
        expect=0.0,
        atol=1e-3,
        about="the gradient belongs to the value",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(601)
    for shapes in [
        [(3, 4), (4,), (4, 2), (2,)],
        [(2, 5), (5, 3), (3,)],
        [(3, 3, 2, 4), (4,), (4, 3), (3,)],
        [(4, 2, 3), (3,)],
        [(6,), (2, 2)],
        [(1, 1), (1,)],
    ]:
        check.call(
            l2_penalty,
            [rng.normal(size=shape) for shape in shapes],
            float(rng.uniform(0.01, 2.0)),
            about="random networks, some with convolution kernels, some with layers without biases",
        )
    check.call(
        l2_penalty,
        [rng.normal(size=(2, 3)), rng.normal(size=3)],
        0.0,
        about="strength 0: no penalty and no pull",
    )
    check.call(
        l2_penalty,
        [np.array([[1, -2], [3, 0]]), np.array([2, 2])],
        0.25,
        about="whole numbers",
    )
    ### END HIDDEN TESTS


# %% mistakes="l2_penalty"
def _right(parameters, strength):
    """The right answer, from which each mistake departs; not a mistake by itself."""
    pull = [strength * (w.ndim > 1) * w for w in parameters]
    return sum(np.vdot(g, w) for g, w in zip(pull, parameters)), [2 * g for g in pull]


def half_of_it(parameters, strength):
    """You halved the penalty. Many books write strength / 2, so that the gradient loses its 2; Keras, and this exercise, do not: strength * sum of w**2, and the gradient is 2 * strength * w."""
    value, gradients = _right(parameters, strength)
    return value / 2, [g / 2 for g in gradients]


def gradient_without_two(parameters, strength):
    """Your gradient lacks the 2: the derivative of strength * w**2 is 2 * strength * w."""
    value, gradients = _right(parameters, strength)
    return value, [g / 2 for g in gradients]


def biases_too(parameters, strength):
    """You penalize the biases as well. Only arrays with two or more axes count; a bias gets a gradient of zeros."""
    return (
        strength * sum((w**2).sum() for w in parameters),
        [2 * strength * w for w in parameters],
    )


def bias_gradient_left(parameters, strength):
    """Your value leaves the biases out, but your gradient does not: what does not enter the value has the gradient 0."""
    return _right(parameters, strength)[0], [2 * strength * w for w in parameters]


def every_other_array(parameters, strength):
    """You take every other array for a kernel. A layer may have no bias, so look at the number of axes: w.ndim > 1."""
    kept = [strength * (i % 2 == 0) * w for i, w in enumerate(parameters)]
    return sum(np.vdot(g, w) for g, w in zip(kept, parameters)), [2 * g for g in kept]


def matrices_only(parameters, strength):
    """You penalize arrays with exactly two axes. The kernel of a convolution has more: two or more axes count."""
    kept = [strength * (w.ndim == 2) * w for w in parameters]
    return sum(np.vdot(g, w) for g, w in zip(kept, parameters)), [2 * g for g in kept]


def averaged(parameters, strength):
    """You take means of the squares. The penalty is the sum over all weights, so a larger network pays more."""
    n = [w.size if w.ndim > 1 else 1 for w in parameters]
    value = strength * sum((w**2).mean() for w in parameters if w.ndim > 1)
    return value, [g / k for g, k in zip(_right(parameters, strength)[1], n)]


def averaged_value(parameters, strength):
    """Your value takes means of the squares, and your gradient is that of the sum. The penalty is the sum over all weights."""
    value = strength * sum((w**2).mean() for w in parameters if w.ndim > 1)
    return value, _right(parameters, strength)[1]


def norm_not_squared(parameters, strength):
    """You sum the norms of the arrays, with the root. L2 regularization penalizes the squares, without a root."""
    norms = [np.sqrt((w**2).sum()) for w in parameters if w.ndim > 1]
    return strength * sum(norms), _right(parameters, strength)[1]


def l1_instead(parameters, strength):
    """This is the L1 penalty, the sum of absolute values. L2 sums the squares."""
    return (
        strength * sum(np.abs(w).sum() for w in parameters if w.ndim > 1),
        [strength * (w.ndim > 1) * np.sign(w) for w in parameters],
    )


def strength_not_in_gradient(parameters, strength):
    """Your gradient does not contain the strength: the derivative of strength * w**2 is 2 * strength * w."""
    return _right(parameters, strength)[0], _right(parameters, 1.0)[1]


def strength_squared(parameters, strength):
    """The strength enters squared. It is a plain factor before the sum of squares."""
    return _right(parameters, strength**2)


def gradient_downhill(parameters, strength):
    """Your gradient has the wrong sign. A gradient points uphill; the minus sign comes with the step of gradient descent."""
    value, gradients = _right(parameters, strength)
    return value, [-g for g in gradients]


def biases_left_out(parameters, strength):
    """Your list of gradients has no entries for the arrays that are not penalized. Each parameter needs one, in the same order: zeros of its shape for a bias."""
    value, gradients = _right(parameters, strength)
    return value, [g for g, w in zip(gradients, parameters) if w.ndim > 1]


# %% [markdown]
# ## 2. When to stop (4 points)
#
# Write `early_stopping`. `losses` holds the validation loss after each epoch of a training run, epochs counted from 0.
# Decide when `keras.callbacks.EarlyStopping` would have stopped that run, and which epoch's weights it would have kept:
#
# - An epoch is an **improvement** when its loss is smaller than the best loss so far **by more than** `min_delta`, that
#   is, `loss < best - min_delta`. Then it becomes the best one. The first epoch always is an improvement.
# - Training stops after the epoch that is the `patience`-th **in a row** without an improvement (`patience` is 1 or
#   more).
#
# Return the tuple `(stopped_epoch, best_epoch)` of two whole numbers. When training is never stopped, `stopped_epoch`
# is the last epoch. A loss may be NaN, though never the first: NaN is no improvement.

# %% [markdown] hints="early_stopping" reads="How long? Label noise and early stopping"
# Walk through the losses and keep three things in mind: the best loss so far, its epoch, and how many epochs have gone
# by since. What changes at an improvement, and what otherwise?
#
# ---
#
# At an improvement, the best loss and the best epoch are replaced and the count goes back to 0. Otherwise the count
# goes up by one, and when it reaches `patience`, this epoch is the last. The best loss changes only at an improvement:
# a smaller loss that is not smaller by enough leaves it alone.
#
# ---
#
# `best, best_epoch, wait = np.inf, 0, 0`, then `for epoch, loss in enumerate(losses):` with
# `if loss < best - min_delta: best, best_epoch, wait = loss, epoch, 0`, `else: wait += 1` and
# `if wait >= patience: return ...`. After the loop, training was never stopped.


# %% solution="early_stopping"
def early_stopping(losses, patience, min_delta=0.0):
    """When early stopping ends a run, and the epoch that it keeps.

    losses: validation losses by epoch, from epoch 0; patience: how many epochs in a row may fail to improve;
    min_delta: by more than this a loss must be smaller than the best one to count.
    Returns (stopped_epoch, best_epoch).

    Example: early_stopping([1.0, 0.8, 0.9, 0.85, 0.7], patience=2) is (3, 1).
    """
    ### BEGIN SOLUTION
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch
    ### END SOLUTION


# %% tests="early_stopping" points=2
with check.exercise("early_stopping"):
    check.call(
        early_stopping,
        [1.0, 0.8, 0.9, 0.85, 0.7],
        2,
        expect=(3, 1),
        about="two epochs in a row no better than epoch 1: the good epoch 4 is never seen",
    )
    check.call(
        early_stopping,
        [1.0, 0.8, 0.9, 0.85, 0.7],
        3,
        expect=(4, 4),
        about="the same losses with more patience",
    )
    check.call(
        early_stopping,
        [5.0, 4.0, 4.5, 3.0, 3.5, 2.0, 2.5],
        2,
        expect=(6, 5),
        about="never two in a row: the last epoch",
    )
    check.call(
        early_stopping,
        [2.0, 2.0, 2.0],
        2,
        expect=(2, 0),
        about="an equal loss is no improvement",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(602)
    for patience in [1, 2, 3, 5, 8]:
        for scale in [0.1, 0.4]:
            losses = np.exp(-np.arange(25) / 8) + scale * rng.random(25)
            check.call(
                early_stopping, losses, patience, about="noisy curves that fall, any patience"
            )
        losses = 0.5 + (np.arange(20) - 7.3) ** 2 / 50 + 0.3 * rng.random(20)
        check.call(
            early_stopping,
            [float(loss) for loss in losses],
            patience,
            about="noisy curves that fall and rise again",
        )
    check.call(early_stopping, [0.4], 3, about="a single epoch")
    check.call(early_stopping, [1.0, 2.0, 3.0, 4.0], 1, about="a curve that only rises")
    check.call(early_stopping, [4.0, 3.0, 2.0, 1.0], 1, about="a curve that only falls")
    check.call(early_stopping, [-1.0, -3.0, -2.0, -2.5, -9.0], 2, about="negative losses")
    check.call(early_stopping, [3, 2, 2, 1, 1, 1, 0], 2, about="equal losses are no improvements")
    ### END HIDDEN TESTS

# %% tests="early_stopping.min_delta" points=2
with check.exercise("early_stopping.min_delta"):
    check.call(
        early_stopping,
        [4.0, 3.5, 3.0, 2.5, 2.0],
        3,
        0.75,
        expect=(4, 4),
        about="small steps: 3.0 beats 4.0 by 1, 2.5 does not beat 3.0 by enough, 2.0 does",
    )
    check.call(
        early_stopping,
        [4.0, 3.25, 3.5, 1.0],
        2,
        0.75,
        expect=(2, 0),
        about="smaller by just min_delta is not enough",
    )
    check.call(
        early_stopping,
        [1.0, float("nan"), 0.5, float("nan"), float("nan"), 0.1],
        2,
        expect=(4, 2),
        about="NaN is no improvement",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(603)
    for patience, min_delta in [(1, 0.05), (2, 0.1), (3, 0.05), (4, 0.2), (2, 0.02), (3, 0.3)]:
        losses = np.exp(-np.arange(30) / 10) + 0.1 * rng.random(30)
        check.call(
            early_stopping,
            losses,
            patience,
            min_delta,
            about="noisy curves, with a step that must be taken",
        )
        check.call(
            early_stopping,
            1.0 - 0.04 * np.arange(24),
            patience,
            min_delta=min_delta,
            about="a straight fall in small steps",
        )
        check.call(
            early_stopping,
            np.r_[2.0, np.where(rng.random(29) < 0.25, np.nan, losses[1:])],
            patience,
            min_delta,
            about="curves with NaN in them",
        )
    check.call(
        early_stopping,
        [8.0, 7.5, 7.0, 6.5, 6.0, 5.5],
        4,
        1.0,
        about="exactly min_delta is not enough",
    )
    check.call(
        early_stopping,
        [8.0, 7.5, 7.25, 7.75, 1.0],
        3,
        1.0,
        about="smaller, but never by enough",
    )
    ### END HIDDEN TESTS


# %% mistakes="early_stopping"
def _walk(losses, patience, min_delta, better, late=0, follow=False, reset=True):
    """The walk through the losses, with a switch for each thing that can go wrong in it; not a mistake by itself."""
    best, best_epoch, wait = losses[0], 0, 0
    for epoch, loss in enumerate(losses[1:], 1):
        if better(loss, best, min_delta):
            best, best_epoch, wait = loss, epoch, (0 if reset else wait)
        else:
            wait += 1
            best = loss if follow else best
            if wait >= patience + late:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch


_better = lambda loss, best, min_delta: loss < best - min_delta  # the right comparison


def one_epoch_late(losses, patience, min_delta=0.0):
    """You stop one epoch too late. The patience-th epoch in a row without an improvement is the last: stop when the count reaches patience, >= and not >."""
    return _walk(losses, patience, min_delta, _better, late=1)


def one_epoch_early(losses, patience, min_delta=0.0):
    """You stop one epoch too early. The epoch of the improvement itself does not count as one without."""
    return _walk(losses, patience, min_delta, _better, late=-1)


def against_the_previous_epoch(losses, patience, min_delta=0.0):
    """You compare each loss with that of the epoch before. An improvement must beat the best loss so far, however long ago that was."""
    return _walk(losses, patience, min_delta, _better, follow=True)


def count_not_reset(losses, patience, min_delta=0.0):
    """You count all epochs without an improvement. Only those in a row count: at an improvement the count goes back to 0."""
    return _walk(losses, patience, min_delta, _better, reset=False)


def ties_improve(losses, patience, min_delta=0.0):
    """A loss that is just equal, or smaller by just min_delta, counts as an improvement in yours. It must be smaller by more: <, not <=."""
    return _walk(losses, patience, min_delta, lambda loss, best, d: loss <= best - d)


def min_delta_ignored(losses, patience, min_delta=0.0):
    """min_delta has no effect in yours. A loss must be smaller than the best one by more than min_delta: loss < best - min_delta."""
    return _walk(losses, patience, min_delta, lambda loss, best, d: loss < best)


def min_delta_added(losses, patience, min_delta=0.0):
    """You allow a loss to be larger by min_delta and still call it an improvement. It must be smaller by that much: loss < best - min_delta."""
    return _walk(losses, patience, min_delta, lambda loss, best, d: loss < best + d)


def min_delta_relative(losses, patience, min_delta=0.0):
    """You take min_delta as a share of the best loss. It is an absolute difference: loss < best - min_delta."""
    return _walk(losses, patience, min_delta, lambda loss, best, d: loss < best * (1 - d))


def nan_improves(losses, patience, min_delta=0.0):
    """A NaN counts as an improvement in yours. Every comparison with NaN is false, so ask `if loss < best - min_delta` for the improvement, and not for its opposite."""
    return _walk(losses, patience, min_delta, lambda loss, best, d: not loss >= best - d)


def best_creeps(losses, patience, min_delta=0.0):
    """Your best loss also follows small gains that are no improvements. So many small steps never add up to a large one: replace the best loss only at an improvement."""
    best, best_epoch, wait = losses[0], 0, 0
    for epoch, loss in enumerate(losses[1:], 1):
        if loss < best - min_delta:
            best_epoch, wait = epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
        best = min(best, loss)
    return len(losses) - 1, best_epoch


def best_starts_at_zero(losses, patience, min_delta=0.0):
    """Your best loss starts at 0, which few losses beat. Start with infinity, or with the loss of epoch 0."""
    best, best_epoch, wait = 0.0, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch


def best_of_all_epochs(losses, patience, min_delta=0.0):
    """Your best epoch is that of the smallest loss in the whole list. What comes after the stop was never trained, and cannot be kept."""
    return _walk(losses, patience, min_delta, _better)[0], int(np.nanargmin(losses))


def smallest_of_all_plus_patience(losses, patience, min_delta=0.0):
    """You look for the smallest loss of the whole list and add the patience. While training, nobody knows what is still to come: walk through the epochs, and stop the first time that patience of them in a row bring no improvement."""
    if np.isnan(losses).any():
        raise ValueError("what is smallest here depends on how it is asked")
    best_epoch = int(np.argmin(losses))
    return min(best_epoch + patience, len(losses) - 1), best_epoch


def smallest_until_the_stop(losses, patience, min_delta=0.0):
    """Your best epoch is that of the smallest loss until the stop. A loss that is smaller by no more than min_delta is no improvement, and its epoch is not kept."""
    stopped = _walk(losses, patience, min_delta, _better)[0]
    return stopped, int(np.nanargmin(losses[: stopped + 1]))


def epochs_from_one(losses, patience, min_delta=0.0):
    """You count epochs from 1. The first one is epoch 0, as in Keras."""
    stopped, best_epoch = _walk(losses, patience, min_delta, _better)
    return stopped + 1, best_epoch + 1


def number_of_epochs(losses, patience, min_delta=0.0):
    """When training is never stopped you return the number of epochs. The last epoch is one less, because they are counted from 0."""
    best_epoch, wait = 0, 0
    for epoch, loss in enumerate(losses):
        if epoch == 0 or loss < losses[best_epoch] - min_delta:
            best_epoch, wait = epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses), best_epoch


def other_order(losses, patience, min_delta=0.0):
    """The two numbers are exchanged: the order asked for is (stopped_epoch, best_epoch)."""
    return _walk(losses, patience, min_delta, _better)[::-1]


def largest_is_best(losses, patience, min_delta=0.0):
    """You look for larger values. These are losses: smaller is better."""
    return _walk(losses, patience, min_delta, lambda loss, best, d: loss > best + d)


# %% [markdown]
# ## 3. Batch normalization, forward (6 points)
#
# Write `batch_norm_forward`, for training and for inference. Its input `x` has the shape `(..., d)`: examples
# `(n, d)`, or images `(n, height, width, d)` with `d` channels. Each feature is normalized by itself, and **every axis
# but the last is averaged over**, as in `keras.layers.BatchNormalization`.
#
# 1. In training, $\mu$ and $v$, shape `(d,)`, are mean and variance of the batch (the plain variance, divided by the
#    number of values and not by one less). In inference they are what `moving = (mean, variance)` holds.
# 2. $\hat x = (x - \mu)/s$ with $s = \sqrt{v + \varepsilon}$, and the output is $\gamma \hat x + \beta$.
# 3. In training, the moving mean becomes `momentum * moving mean + (1 - momentum) * batch mean`, and likewise the
#    moving variance. In inference, `moving` stays as it is.
#
# Return the tuple `(out, cache, moving)`: `cache` is the tuple $(\hat x, s, \gamma)$, in both modes, and `moving` the
# tuple (mean, variance) after the step. Make new arrays; do not write into those in `moving`.


# %% given="moving_kept"
def moving_kept():
    """Whether the arrays in `moving` are the same before and after a step of training."""
    moving = (np.zeros(2), np.ones(2))
    batch_norm_forward(np.array([[1.0, 2.0], [5.0, 0.0]]), np.ones(2), np.zeros(2), moving)
    return "kept" if not moving[0].any() and (moving[1] == 1).all() else "changed in place"


# %% [markdown] hints="batch_norm_forward" reads="Normalization"
# Both modes end in the same two lines. They differ in where mean and variance come from, and in whether `moving`
# changes.
#
# ---
#
# `x.mean(axis=axes)` and `x.var(axis=axes)` with `axes = tuple(range(x.ndim - 1))` average over all axes but the last.
# Arrays of shape `(d,)` then broadcast against `(..., d)` without any reshaping. The $\varepsilon$ stands under the
# root.
#
# ---
#
# `mean, variance = moving`; if `training`, replace both by those of the batch and build a new pair,
# `(momentum * moving[0] + (1 - momentum) * mean, ...)`. Then `std = np.sqrt(variance + epsilon)`,
# `x_hat = (x - mean) / std`, and return `gamma * x_hat + beta, (x_hat, std, gamma), moving`.


# %% solution="batch_norm_forward"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """Batch normalization of the last axis.

    x: (..., d); gamma, beta: (d,); moving: the tuple (mean, variance), each (d,).
    Returns (out, cache, moving): out (..., d), cache = (x_hat, std, gamma) with x_hat (..., d) and std (d,), and the
    moving statistics, updated if training.

    Example: x = [[1], [7]], gamma = [10], beta = [1], epsilon = 16: mean 4, variance 9, std 5, out [[-5], [7]].
    """
    ### BEGIN SOLUTION
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = (
            momentum * moving[0] + (1 - momentum) * mean,
            momentum * moving[1] + (1 - momentum) * variance,
        )
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving
    ### END SOLUTION


# %% tests="batch_norm_forward" points=3
with check.exercise("batch_norm_forward"):
    x, gamma, beta = np.array([[1.0, 2.0], [7.0, 2.0]]), np.array([10.0, 3.0]), np.array([1.0, 5.0])
    check.call(
        batch_norm_forward,
        x,
        gamma,
        beta,
        (np.array([0.0, 0.0]), np.array([1.0, 1.0])),
        momentum=0.75,
        epsilon=16.0,
        expect=(
            [[-5.0, 5.0], [7.0, 5.0]],
            (np.array([[-0.6, 0.0], [0.6, 0.0]]), np.array([5.0, 4.0]), gamma),
            (np.array([1.0, 0.5]), np.array([3.0, 0.75])),
        ),
        about="means 4 and 2, variances 9 and 0, stds 5 and 4; a quarter of that enters the moving statistics",
    )
    check.call(
        batch_norm_forward,
        np.array([[-1.0], [1.0], [-1.0], [1.0]]),
        np.array([1.0]),
        np.array([0.0]),
        (np.array([3.0]), np.array([2.0])),
        epsilon=3.0,
        expect=(
            [[-0.5], [0.5], [-0.5], [0.5]],
            (np.array([[-0.5], [0.5], [-0.5], [0.5]]), np.array([2.0]), np.array([1.0])),
            (np.array([2.97]), np.array([1.99])),
        ),
        about="mean 0, variance 1, std 2; the usual momentum of 0.99",
    )
    check.value(
        "the arrays that were handed over in `moving`",
        moving_kept(),
        expect="kept",
        about="no array that is given is changed",
        diagnosis="moving_changed",
        why="The arrays in `moving` are changed in place, and the caller's moving statistics with them. Make new arrays: momentum * mean + (1 - momentum) * batch_mean, not += or [...] =.",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(604)
    for n, d, momentum, epsilon in [
        (5, 3, 0.9, 1e-3),
        (4, 4, 0.6, 0.5),
        (8, 1, 0.99, 1e-5),
        (3, 6, 0.2, 2.0),
    ]:
        check.call(
            batch_norm_forward,
            rng.normal(size=(n, d)) * rng.uniform(0.2, 4, size=d) + 3 * rng.normal(size=d),
            rng.normal(size=d),
            rng.normal(size=d),
            (rng.normal(size=d), rng.uniform(0.5, 2, size=d)),
            momentum=momentum,
            epsilon=epsilon,
            about="random batches in training",
        )
    d = 3
    check.call(
        batch_norm_forward,
        0.02 * rng.normal(size=(6, d)),
        np.ones(d),
        np.zeros(d),
        (np.zeros(d), np.ones(d)),
        about="a batch with a small spread, and all options left at their defaults",
    )
    check.call(
        batch_norm_forward,
        rng.integers(-4, 5, size=(6, d)),
        np.array([1, 2, 3]),
        np.array([0, 1, 0]),
        (np.zeros(d), np.ones(d)),
        about="whole numbers",
    )
    ### END HIDDEN TESTS

# %% tests="batch_norm_forward.inference" points=2
with check.exercise("batch_norm_forward.inference"):
    check.call(
        batch_norm_forward,
        np.array([[1.0], [7.0]]),
        np.array([10.0]),
        np.array([1.0]),
        (np.array([2.0]), np.array([0.25])),
        training=False,
        epsilon=0.0,
        expect=(
            [[-19.0], [101.0]],
            (np.array([[-2.0], [10.0]]), np.array([0.5]), np.array([10.0])),
            (np.array([2.0]), np.array([0.25])),
        ),
        about="inference: the moving mean 2 and variance 1/4 normalize, and stay",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(605)
    for shape, epsilon in [((1, 3), 1e-3), ((5, 2), 0.5), ((2, 4, 3, 2), 0.1), ((3, 5, 4), 1e-2)]:
        d = shape[-1]
        check.call(
            batch_norm_forward,
            rng.normal(size=shape),
            rng.normal(size=d),
            rng.normal(size=d),
            (rng.normal(size=d), rng.uniform(0.1, 2, size=d)),
            False,
            epsilon=epsilon,
            about="inference on batches of several shapes, of a single example too",
        )
    check.call(
        batch_norm_forward,
        rng.normal(size=(4, 3)),
        np.ones(3),
        np.zeros(3),
        (np.zeros(3), np.full(3, 0.002)),
        training=False,
        about="inference with a small moving variance and epsilon left at its default",
    )
    ### END HIDDEN TESTS

# %% tests="batch_norm_forward.images" points=1
with check.exercise("batch_norm_forward.images"):
    check.call(
        batch_norm_forward,
        np.array([[[[1.0], [1.0]]], [[[5.0], [9.0]]]]),
        np.array([1.0]),
        np.array([0.0]),
        (np.array([0.0]), np.array([0.0])),
        momentum=0.5,
        epsilon=5.0,
        expect=(
            [[[[-0.75], [-0.75]]], [[[0.25], [1.25]]]],
            (
                np.array([[[[-0.75], [-0.75]]], [[[0.25], [1.25]]]]),
                np.array([4.0]),
                np.array([1.0]),
            ),
            (np.array([2.0]), np.array([5.5])),
        ),
        about="two images of 1 by 2 pixels and one channel: mean 4, variance 11",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(606)
    for shape in [(3, 2, 4, 5), (2, 3, 3, 1), (4, 6, 2), (3, 3, 3, 3)]:
        d = shape[-1]
        check.call(
            batch_norm_forward,
            2 * rng.normal(size=shape) + 1,
            rng.normal(size=d),
            rng.normal(size=d),
            (rng.normal(size=d), rng.uniform(0.5, 2, size=d)),
            momentum=0.8,
            about="images and sequences in training",
        )
    ### END HIDDEN TESTS


# %% mistakes="batch_norm_forward"
def _batch_norm(x, gamma, beta, moving, training, momentum, epsilon, axes=None, std=None, ddof=0):
    """The right answer, with a switch for what can go wrong in it; not a mistake by itself."""
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1)) if axes is None else axes
        mean, variance = np.mean(x, axis=axes), np.var(x, axis=axes, ddof=ddof)
        moving = tuple(
            momentum * old + (1 - momentum) * new for old, new in zip(moving, (mean, variance))
        )
    s = np.sqrt(variance + epsilon) if std is None else std(variance, epsilon)
    return gamma * ((x - mean) / s) + beta, ((x - mean) / s, s, gamma), moving


def unbiased_variance(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """You divide the variance by one less than the number of values. Batch normalization uses the plain variance of the batch, x.var(axis=...)."""
    return _batch_norm(x, gamma, beta, moving, training, momentum, epsilon, ddof=1)


def unbiased_moving_variance(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """Your moving variance follows the variance divided by one less than the number of values. That is PyTorch's habit; Keras lets the plain variance enter."""
    out, cache, new = _batch_norm(x, gamma, beta, moving, training, momentum, epsilon)
    unbiased = _batch_norm(x, gamma, beta, moving, training, momentum, epsilon, ddof=1)[2]
    return out, cache, (new[0], unbiased[1])


def momentum_reversed(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """Your momentum multiplies the new statistics. That is PyTorch's convention; in Keras it says how much of the old ones stays: momentum * old + (1 - momentum) * new."""
    return _batch_norm(x, gamma, beta, moving, training, 1 - momentum, epsilon)


def new_statistics_unscaled(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """You add the whole batch statistics to momentum * old. The two shares must sum to one: momentum * old + (1 - momentum) * new."""
    out, cache, new = _batch_norm(x, gamma, beta, moving, training, momentum, epsilon)
    batch = _batch_norm(x, gamma, beta, moving, training, 0.0, epsilon)[2]
    return (
        out,
        cache,
        tuple(m + momentum * b for m, b in zip(new, batch)) if training else moving,
    )


def moving_not_updated(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """Your moving statistics do not move in training, so inference would never learn what the data look like."""
    return *_batch_norm(x, gamma, beta, moving, training, momentum, epsilon)[:2], moving


def moving_replaced(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """You replace the moving statistics by those of the batch. They move only a little: momentum * old + (1 - momentum) * new."""
    out, cache, _ = _batch_norm(x, gamma, beta, moving, training, momentum, epsilon)
    return out, cache, _batch_norm(x, gamma, beta, moving, training, 0.0, epsilon)[2]


def normalized_by_moving(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """You normalize with the moving statistics in training too. In training the batch's own mean and variance are used, and the moving ones only follow them."""
    new = _batch_norm(x, gamma, beta, moving, training, momentum, epsilon)[2]
    return *_batch_norm(x, gamma, beta, moving, False, momentum, epsilon)[:2], new


def moved_before_use(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """You update the moving statistics first and then normalize with them. In training the batch's own mean and variance normalize."""
    new = _batch_norm(x, gamma, beta, moving, training, momentum, epsilon)[2]
    return *_batch_norm(x, gamma, beta, new, False, momentum, epsilon)[:2], new


def batch_statistics_in_inference(
    x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3
):
    """You normalize with the batch's own statistics in inference. There the answer for one example must not depend on the others: use the moving statistics."""
    out, cache, new = _batch_norm(x, gamma, beta, moving, True, momentum, epsilon)
    return out, cache, (new if training else moving)


def training_ignored(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """training=False makes no difference in yours. In inference the moving statistics normalize, and do not change."""
    return _batch_norm(x, gamma, beta, moving, True, momentum, epsilon)


def moved_in_inference(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """Your moving statistics move in inference too. What the network is asked must not change it: they stay as they are."""
    out, cache, _ = _batch_norm(x, gamma, beta, moving, training, momentum, epsilon)
    return out, cache, _batch_norm(x, gamma, beta, moving, True, momentum, epsilon)[2]


def first_axis_only(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """You average over the first axis only. An image has one mean per channel, over all images and all pixels: every axis but the last."""
    return _batch_norm(x, gamma, beta, moving, training, momentum, epsilon, axes=0)


def over_the_features(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """You normalize each example over its features: that is layer normalization. Batch normalization takes each feature over the batch."""
    if not training:
        return _batch_norm(x, gamma, beta, moving, training, momentum, epsilon)
    mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    x_hat = (x - mean) / np.sqrt(variance + epsilon)
    new = _batch_norm(x, gamma, beta, moving, training, momentum, epsilon)[2]
    return gamma * x_hat + beta, (x_hat, np.sqrt(variance + epsilon), gamma), new


def over_everything(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """You take one mean and one variance over the whole batch, all features together. Each feature has its own: average over every axis but the last."""
    return _batch_norm(
        x, gamma, beta, moving, training, momentum, epsilon, axes=tuple(range(x.ndim))
    )


def epsilon_outside_the_root(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """Your epsilon is added to the root of the variance. It stands under the root: sqrt(variance + epsilon)."""
    std = lambda variance, epsilon: np.sqrt(variance) + epsilon
    return _batch_norm(x, gamma, beta, moving, training, momentum, epsilon, std=std)


def epsilon_forgotten(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """Your answer does not contain epsilon. It stands under the root, sqrt(variance + epsilon), and keeps a feature without spread from dividing by zero."""
    with np.errstate(all="ignore"):
        return _batch_norm(x, gamma, beta, moving, training, momentum, 0.0)


def epsilon_fixed(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """You use an epsilon of your own. It is an argument: sqrt(variance + epsilon)."""
    return _batch_norm(x, gamma, beta, moving, training, momentum, 1e-3)


def divided_by_variance(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """You divide by the variance. To bring the spread to 1, divide by the standard deviation, its root."""
    std = lambda variance, epsilon: variance + epsilon
    return _batch_norm(x, gamma, beta, moving, training, momentum, epsilon, std=std)


def scale_and_shift_forgotten(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """Your output is the normalized input alone. It is scaled and shifted afterwards: gamma * x_hat + beta."""
    out, cache, new = _batch_norm(x, gamma, beta, moving, training, momentum, epsilon)
    return cache[0], cache, new


def variance_in_cache(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """Your cache holds the variance where s, the root of variance plus epsilon, was asked for."""
    out, (x_hat, s, gamma), new = _batch_norm(x, gamma, beta, moving, training, momentum, epsilon)
    return out, (x_hat, s**2 - epsilon, gamma), new


def no_root_in_cache(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    """Your cache holds variance plus epsilon, without the root. s is what you divided by: sqrt(variance + epsilon)."""
    out, (x_hat, s, gamma), new = _batch_norm(x, gamma, beta, moving, training, momentum, epsilon)
    return out, (x_hat, s**2, gamma), new


# %% [markdown]
# ## 4. Batch normalization, backward (6 points)
#
# Write `batch_norm_backward(dout, cache, training=True)`, with `cache` = $(\hat x, s, \gamma)$ as above. It returns the
# tuple `(dx, dgamma, dbeta)`: `dx` of the shape of `dout`, `(..., d)`, and two of shape `(d,)`. Axes are treated as in
# exercise 3: sums and means run over all but the last.
#
# In training, $\mu$ and $s$ depend on every $x$ of their feature, so `dx` has three parts: the direct one, the one
# through $\mu$ and the one through $s$. With `training=False`, the forward pass used the moving statistics, which do not
# depend on `x` at all. (That is how a layer is differentiated whose statistics are frozen, for example in fine-tuning.)
# The loss has been averaged over the batch before, so nothing is averaged here that the formulas do not average.


# %% given="normalize"
def normalize(x, gamma, beta, epsilon):
    """Batch normalization in training, on examples (n, d): out (n, d), cache (x_hat, std, gamma)."""
    std = np.sqrt(np.square(x - x.mean(axis=0)).mean(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / std
    return gamma * x_hat + beta, (x_hat, std, gamma)


# %% [markdown] hints="batch_norm_backward" reads="Normalization"
# Two are short: `beta` was added to every row, and `gamma` multiplied every row of $\hat x$; both sum over all places
# where they were used. For `dx`, first write down the gradient with respect to $\hat x$.
#
# ---
#
# With $g = \gamma\,\partial L/\partial \text{out}$, the gradient with respect to $\hat x$, the chain rule gives
# $\partial L/\partial x = \frac1s\left(g - \overline{g} - \hat x\,\overline{g\hat x}\right)$, where a bar is the mean
# over all axes but the last. The second term comes through $\mu$ and the third through $s$, because
# $\partial s/\partial x_i = \hat x_i/N$ for a feature with $N$ values.
#
# ---
#
# `axes = tuple(range(dout.ndim - 1))`, `dbeta = dout.sum(axis=axes)`, `dgamma = (dout * x_hat).sum(axis=...)`,
# `g = dout * gamma`, and in training `dx = (g - g.mean(axis=axes) - x_hat * (...).mean(axis=axes)) / std`. In
# inference, the parts through the statistics are gone.


# %% solution="batch_norm_backward"
def batch_norm_backward(dout, cache, training=True):
    """The gradients of batch normalization.

    dout: (..., d), cache = (x_hat, std, gamma) with x_hat (..., d), std (d,), gamma (d,); training: whether mean and
    std were those of the batch, or else fixed.
    Returns (dx, dgamma, dbeta): dx (..., d), dgamma (d,), dbeta (d,).

    Example: x_hat = [[-1], [-1], [1], [1]], std = [2], gamma = [4], dout = [[1], [0], [0], [0]]:
    dx = [[1], [-1], [0], [0]], dgamma = [-1], dbeta = [1].
    """
    ### BEGIN SOLUTION
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    dgamma, dbeta = (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)
    g = dout * gamma
    if training:
        g = g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)
    return g / std, dgamma, dbeta
    ### END SOLUTION


# %% tests="batch_norm_backward" points=3
with check.exercise("batch_norm_backward"):
    cache = (np.array([[-1.0], [-1.0], [1.0], [1.0]]), np.array([2.0]), np.array([4.0]))
    check.call(
        batch_norm_backward,
        np.array([[1.0], [0.0], [0.0], [0.0]]),
        cache,
        expect=([[1.0], [-1.0], [0.0], [0.0]], np.array([-1.0]), np.array([1.0])),
        about="four examples, by hand: the mean of dout is 1/4, that of dout * x_hat is -1/4",
    )
    check.call(
        batch_norm_backward,
        np.array([[5.0], [5.0], [5.0], [5.0]]),
        cache,
        expect=([[0.0], [0.0], [0.0], [0.0]], np.array([0.0]), np.array([20.0])),
        about="the same wish for all: no shift of the inputs can change the normalized values",
    )
    x = np.array([[0.5, 3.0], [1.5, -1.0], [-0.5, 2.0]])
    gamma, dout = np.array([0.8, -1.2]), np.array([[1.0, 0.5], [-2.0, 0.0], [0.5, -1.0]])
    measured = check.slope(
        lambda x: (dout * normalize(x, gamma, np.zeros(2), 0.1)[0]).sum(), x, step=1e-4
    )
    dx = np.array(batch_norm_backward(dout, normalize(x, gamma, np.zeros(2), 0.1)[1])[0])
    check.value(
        "the largest difference between your dx and finite differences",
        float(np.abs(dx - measured).max()),
        expect=0.0,
        atol=1e-5,
        about="dx against finite differences",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(607)
    for n, d in [(6, 3), (5, 5), (2, 4), (9, 1), (3, 7)]:
        x = 2 * rng.normal(size=(n, d)) + 1
        cache = normalize(x, rng.normal(size=d), rng.normal(size=d), 0.05)[1]
        check.call(
            batch_norm_backward,
            rng.normal(size=(n, d)),
            cache,
            about="random batches and gradients",
        )
    check.call(
        batch_norm_backward,
        rng.integers(-3, 4, size=(6, 2)),
        normalize(rng.normal(size=(6, 2)), np.ones(2), np.zeros(2), 0.05)[1],
        about="whole numbers in dout",
    )
    check.call(
        batch_norm_backward,
        rng.normal(size=(6, 2)),
        normalize(rng.normal(size=(6, 2)), np.zeros(2), np.zeros(2), 0.05)[1],
        about="gamma zero: nothing reaches x, but gamma itself has a gradient",
    )
    ### END HIDDEN TESTS

# %% tests="batch_norm_backward.inference" points=1
with check.exercise("batch_norm_backward.inference"):
    check.call(
        batch_norm_backward,
        np.array([[1.0], [0.0], [0.0], [0.0]]),
        (np.array([[-1.0], [-1.0], [1.0], [1.0]]), np.array([2.0]), np.array([4.0])),
        training=False,
        expect=([[2.0], [0.0], [0.0], [0.0]], np.array([-1.0]), np.array([1.0])),
        about="fixed statistics: each x acts on its own output alone, with the slope 4 / 2",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(613)
    for shape in [(1, 3), (5, 4), (3, 2, 4, 2)]:
        d = shape[-1]
        check.call(
            batch_norm_backward,
            rng.normal(size=shape),
            (rng.normal(size=shape) + 0.5, rng.uniform(0.3, 2, size=d), rng.normal(size=d)),
            False,
            about="fixed statistics, batches of several shapes",
        )
    ### END HIDDEN TESTS

# %% tests="batch_norm_backward.images" points=2
with check.exercise("batch_norm_backward.images"):
    check.call(
        batch_norm_backward,
        np.array([[[[1.0], [0.0]]], [[[0.0], [0.0]]]]),
        (np.array([[[[-1.0], [-1.0]]], [[[1.0], [1.0]]]]), np.array([2.0]), np.array([4.0])),
        expect=([[[[1.0], [-1.0]]], [[[0.0], [0.0]]]], np.array([-1.0]), np.array([1.0])),
        about="the first check again, as two images of 1 by 2 pixels",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(608)
    for shape in [(3, 2, 4, 5), (4, 3, 3, 1), (2, 6, 3), (3, 3, 3, 3)]:
        x_hat, std, gamma = normalize(
            rng.normal(size=shape).reshape(-1, shape[-1]), rng.normal(size=shape[-1]), 0.0, 0.2
        )[1]
        check.call(
            batch_norm_backward,
            rng.normal(size=shape),
            (x_hat.reshape(shape), std, gamma),
            about="images and sequences",
        )
    ### END HIDDEN TESTS


# %% mistakes="batch_norm_backward"
def _parts(dout, cache, training=True, axes=None):
    """The three parts of dx, dgamma and dbeta, from which each mistake departs; not a mistake by itself."""
    x_hat, std, gamma = cache
    axes = tuple(range(np.ndim(dout) - 1)) if axes is None else axes
    direct = dout * gamma / std
    through_mean = -training * np.mean(direct, axis=axes, keepdims=True)
    through_std = -training * x_hat * np.mean(direct * x_hat, axis=axes, keepdims=True)
    return (
        direct,
        through_mean,
        through_std,
        np.sum(dout * x_hat, axis=axes),
        np.sum(dout, axis=axes),
    )


def statistics_held_fixed(dout, cache, training=True):
    """You treat mean and standard deviation as constants. They depend on every x of the batch, and dx has two more parts, through the mean and through the standard deviation."""
    direct, _, _, dgamma, dbeta = _parts(dout, cache, training)
    return direct, dgamma, dbeta


def training_ignored(dout, cache, training=True):
    """training=False makes no difference in yours. There mean and standard deviation are fixed numbers, so only the direct part of dx is left: gamma * dout / std."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, True)
    return direct + through_mean + through_std, dgamma, dbeta


def std_held_fixed(dout, cache, training=True):
    """The part of dx that comes through the standard deviation is missing: minus x_hat times the mean of g * x_hat, divided by std."""
    direct, through_mean, _, dgamma, dbeta = _parts(dout, cache, training)
    return direct + through_mean, dgamma, dbeta


def mean_held_fixed(dout, cache, training=True):
    """The part of dx that comes through the mean is missing: minus the mean of g, divided by std."""
    direct, _, through_std, dgamma, dbeta = _parts(dout, cache, training)
    return direct + through_std, dgamma, dbeta


def gamma_forgotten(dout, cache, training=True):
    """Your dx does not contain gamma. The gradient with respect to x_hat is gamma times dout."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    without = _parts(dout, (cache[0], cache[1], np.ones_like(cache[2])), training)
    return without[0] + without[1] + without[2], dgamma, dbeta


def std_forgotten(dout, cache, training=True):
    """Your dx is not divided by the standard deviation."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    return (direct + through_mean + through_std) * cache[1], dgamma, dbeta


def times_std(dout, cache, training=True):
    """You multiply by the standard deviation where you should divide by it: x was divided by it on the way forward."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    return (direct + through_mean + through_std) * cache[1] ** 2, dgamma, dbeta


def divided_by_variance(dout, cache, training=True):
    """Your dx is divided by std twice. The cache holds the standard deviation already, with the root."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    return (direct + through_mean + through_std) / cache[1], dgamma, dbeta


def sums_for_means(dout, cache, training=True):
    """In dx you subtract sums where means belong: the mean of g, and x_hat times the mean of g * x_hat."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    n = dout.size // dout.shape[-1]
    return direct + n * through_mean + n * through_std, dgamma, dbeta


def added_not_subtracted(dout, cache, training=True):
    """You add the parts through the mean and the standard deviation. Both carry a minus sign: x_hat falls when the mean rises, and shrinks when the standard deviation grows."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    return direct - through_mean - through_std, dgamma, dbeta


def x_hat_not_outside(dout, cache, training=True):
    """In the part through the standard deviation, the mean of g * x_hat is to be multiplied by x_hat again, so that each value gets its own share."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    axes = tuple(range(np.ndim(dout) - 1))
    return direct + through_mean - training * np.mean(direct * cache[0], axis=axes), dgamma, dbeta


def parameters_averaged(dout, cache, training=True):
    """dgamma and dbeta are averaged over the batch where they should be summed: gamma and beta are used once for every value."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    n = dout.size // dout.shape[-1]
    return direct + through_mean + through_std, dgamma / n, dbeta / n


def gamma_and_beta_exchanged(dout, cache, training=True):
    """dgamma and dbeta are exchanged. beta was added, so its gradient is the sum of dout; gamma multiplied x_hat, so its gradient is the sum of dout * x_hat."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    return direct + through_mean + through_std, dbeta, dgamma


def x_hat_not_in_dgamma(dout, cache, training=True):
    """Your dgamma is the sum of dout. gamma multiplied x_hat, so its gradient is the sum of dout * x_hat."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    return direct + through_mean + through_std, dbeta, dbeta


def gamma_in_dgamma(dout, cache, training=True):
    """Your dgamma contains gamma. The derivative of gamma * x_hat with respect to gamma is x_hat alone."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    return direct + through_mean + through_std, dgamma * cache[2], dbeta


def parameters_not_summed(dout, cache, training=True):
    """dgamma and dbeta still have a row for each example. One gamma serves the whole batch: sum over all axes but the last."""
    direct, through_mean, through_std, _, _ = _parts(dout, cache, training)
    return direct + through_mean + through_std, dout * cache[0], dout


def first_axis_only(dout, cache, training=True):
    """Your sums and means run over the first axis only. With images, every axis but the last is averaged over."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training, axes=0)
    return direct + through_mean + through_std, dgamma, dbeta


def images_counted(dout, cache, training=True):
    """In dx you divide by the number of images, len(dout), but your sums run over all their pixels. A mean is over all axes but the last: dout.size // dout.shape[-1] values."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    n = dout.size // dout.shape[-1] / len(dout)
    return direct + n * through_mean + n * through_std, dgamma, dbeta


def parameters_first(dout, cache, training=True):
    """The order asked for is (dx, dgamma, dbeta), and yours is (dgamma, dbeta, dx)."""
    direct, through_mean, through_std, dgamma, dbeta = _parts(dout, cache, training)
    return dgamma, dbeta, direct + through_mean + through_std


# %% [markdown]
# ## 5. Dropout, forward (5 points)
#
# Write `dropout_forward`: **inverted** dropout, which multiplies what it keeps by $1/(1-r)$ with $r$ = `rate`, so that
# every number keeps its expected value and nothing is left to do at inference.
#
# - If a `mask` of the shape of `x` is given, it says what is kept: 1 (or True) kept, 0 (or False) dropped.
# - If none is given, draw it from the generator `rng`: **each number of `x` is kept with probability $1-r$,
#   independently of all others**.
# - Return the tuple `(out, cache)`, in which `cache` is the tuple `(mask, rate)`.
# - With `training=False` nothing is dropped and nothing is scaled: `out` holds the numbers of `x`, and `cache` says so,
#   with a mask of ones and a rate of 0.0, whatever mask and rate were given.
#
# `x` may have any shape, and `rate` is at least 0 and less than 1.


# %% given="drawn"
def drawn(rate, seed=9):
    """What your dropout makes of 200 x 300 ones with a mask that it draws itself, and that mask as zeros and ones."""
    out, (mask, _) = dropout_forward(np.ones((200, 300)), rate, rng=np.random.default_rng(seed))
    return np.array(out), np.array(mask).astype(float)


def kept_share(rate):
    """The share of the ones that are not 0 after dropout."""
    return float((drawn(rate)[0] != 0).mean())


def mean_after_dropout(rate):
    """The mean of the ones after dropout: their expected value is 1."""
    return float(drawn(rate)[0].mean())


def spread_of_rows_and_columns(rate):
    """How much the kept shares of rows, and of columns, differ, measured by what independent draws give: near 1."""
    kept = drawn(rate)[0] != 0
    return [
        kept.mean(axis=1 - i).std() * np.sqrt(kept.shape[1 - i] / (rate * (1 - rate)))
        for i in (0, 1)
    ]


def fits_its_mask(rate):
    """Whether the output is that of the mask in the cache."""
    out, mask = drawn(rate)
    return (
        "fits"
        if out.shape == mask.shape and np.allclose(out * (1 - rate), mask)
        else "does not fit"
    )


def draws_of_seeds(first, second):
    """Whether generators with these two seeds lead to the same mask."""
    return "equal" if np.array_equal(drawn(0.5, first)[1], drawn(0.5, second)[1]) else "different"


# %% [markdown] hints="dropout_forward" reads="Dropout as probability"
# There are three cases: inference, a given mask, a drawn mask. Only the last one needs `rng`, and after it there is a
# mask as if one had been given.
#
# ---
#
# `rng.random(x.shape)` gives a number from 0 to 1 for each number in `x`, all independent. It is at least `rate` with
# probability `1 - rate`: exactly the probability of being kept.
#
# ---
#
# `if not training: return x, (np.ones_like(x), 0.0)`; `if mask is None: mask = rng.random(x.shape) >= rate`; then
# `return x * mask / (...), (mask, rate)`.


# %% solution="dropout_forward"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    """Inverted dropout.

    x: an array of any shape; rate: the probability to be dropped; mask: of the shape of x, 1 kept and 0 dropped, or
    None; rng: a numpy random generator, used when there is no mask; training: False at inference.
    Returns (out, cache): out of the shape of x, cache = (mask, rate).

    Example: dropout_forward(np.array([[1.0, 2.0]]), 0.5, np.array([[0, 1]])) is ([[0.0, 4.0]], ([[0, 1]], 0.5)).
    """
    ### BEGIN SOLUTION
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) >= rate
    return x * mask / (1 - rate), (mask, rate)
    ### END SOLUTION


# %% tests="dropout_forward" points=3
with check.exercise("dropout_forward"):
    x, mask = np.array([[1.0, -2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [1.0, 1.0]])
    check.call(
        dropout_forward,
        x,
        0.5,
        mask,
        expect=([[2.0, 0.0], [6.0, 8.0]], (mask, 0.5)),
        about="half is dropped, so what is kept doubles",
    )
    check.call(
        dropout_forward,
        x,
        0.2,
        mask,
        expect=([[1.25, 0.0], [3.75, 5.0]], (mask, 0.2)),
        about="a rate of 0.2: kept numbers are divided by 0.8",
    )
    check.call(
        dropout_forward,
        x,
        0.5,
        mask,
        training=False,
        expect=(x, (np.ones((2, 2)), 0.0)),
        about="inference: nothing is dropped, nothing is scaled",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(609)
    for shape, rate in [
        ((5, 3), 0.1),
        ((4,), 0.75),
        ((2, 3, 4), 0.3),
        ((1, 6), 0.9),
        ((3, 2), 0.0),
    ]:
        x, mask = rng.normal(size=shape), (rng.random(shape) >= 0.4)
        check.call(dropout_forward, x, rate, mask, about="given masks of True and False")
        check.call(
            dropout_forward, x, rate, mask=mask.astype(float), about="given masks of 1.0 and 0.0"
        )
        check.call(dropout_forward, x, rate, mask.astype(int), about="given masks of whole numbers")
        check.call(
            dropout_forward,
            x,
            rate,
            rng=np.random.default_rng(1),
            training=False,
            about="inference with a generator at hand",
        )
        check.call(
            dropout_forward, x, rate, mask, training=False, about="inference with a mask at hand"
        )
    check.call(dropout_forward, x, 0.4, training=False, about="inference needs no generator")
    check.call(
        dropout_forward,
        np.array([[3, -1], [2, 5]]),
        0.5,
        np.array([[0, 1], [1, 1]]),
        about="whole numbers",
    )
    check.call(
        dropout_forward,
        rng.normal(size=(3, 4)),
        0.5,
        np.zeros((3, 4)),
        about="a mask that keeps nothing",
    )
    ### END HIDDEN TESTS

# %% tests="dropout_forward.random" points=2
with check.exercise("dropout_forward.random"):
    share = {
        "diagnosis": "wrong_share",
        "why": "The share that is kept is not 1 - rate. A number is kept where rng.random(x.shape) >= rate; `rate` is the share that is dropped.",
    }
    expected_value = {
        "diagnosis": "expected_value",
        "why": "The mean of many ones changes in your dropout. What is kept must be divided by 1 - rate, and the mask must keep with just that probability.",
    }
    independent = {
        "diagnosis": "not_independent",
        "why": "Whole rows or columns share their fate, or a fixed number of each is dropped. Every number of x needs a draw of its own: rng.random(x.shape).",
    }
    fits = {
        "diagnosis": "mask_not_kept",
        "why": "The mask in your cache is not the one that made the output. Draw it once, use it and keep it.",
    }
    source = {
        "diagnosis": "ignores_rng",
        "why": "The mask must come from the generator that is given: the same seed gives the same mask, another seed another one.",
    }
    check.call(
        spread_of_rows_and_columns,
        0.2,
        expect=[1.0, 1.0],
        rtol=0,
        atol=0.35,
        about="each number is drawn by itself",
        **independent,
    )
    check.call(
        kept_share, 0.2, expect=0.8, rtol=0, atol=0.012, about="a rate of 0.2 keeps 80 %", **share
    )
    check.call(
        mean_after_dropout,
        0.2,
        expect=1.0,
        rtol=0,
        atol=0.015,
        about="the mean of many ones stays 1",
        **expected_value,
    )
    check.call(
        fits_its_mask, 0.2, expect="fits", about="the cache holds the mask that was drawn", **fits
    )
    check.value(
        "the masks from two generators with the seed 4",
        draws_of_seeds(4, 4),
        expect="equal",
        about="the same seed, the same mask",
        **source,
    )
    check.value(
        "the masks from generators with the seeds 4 and 5",
        draws_of_seeds(4, 5),
        expect="different",
        about="another seed, another mask",
        **source,
    )
    ### BEGIN HIDDEN TESTS
    for rate in [0.05, 0.5, 0.7, 0.9]:
        check.call(kept_share, rate, rtol=0, atol=0.017, about="the share that is kept", **share)
        check.call(
            mean_after_dropout,
            rate,
            rtol=0,
            atol=0.1,
            about="the mean of many ones",
            **expected_value,
        )
        check.call(
            spread_of_rows_and_columns,
            rate,
            rtol=0,
            atol=0.45,
            about="each number is drawn by itself",
            **independent,
        )
        check.call(fits_its_mask, rate, about="the cache holds the mask that was drawn", **fits)
    check.call(kept_share, 0.0, about="a rate of 0 keeps all", **share)
    check.value(
        "the masks from two other generators",
        draws_of_seeds(11, 12),
        about="another seed, another mask",
        **source,
    )
    ### END HIDDEN TESTS


# %% mistakes="dropout_forward"
def _scaled(x, rate, mask, training, factor, shown=None):
    """Dropout with another factor, and inference as asked; not a mistake by itself."""
    if not training:
        return np.multiply(x, 1), (np.ones(np.shape(x)), 0.0)
    return np.multiply(x, mask) * factor, (mask if shown is None else shown, rate)


def not_scaled(x, rate, mask=None, rng=None, training=True):
    """What you keep is not scaled. Inverted dropout divides it by 1 - rate, so that the expected value stays."""
    return _scaled(x, rate, mask, training, 1.0)


def scaled_down(x, rate, mask=None, rng=None, training=True):
    """You multiply by 1 - rate where you should divide by it. The kept numbers have to stand in for the dropped ones, so they grow."""
    return _scaled(x, rate, mask, training, 1 - rate)


def divided_by_rate(x, rate, mask=None, rng=None, training=True):
    """You divide by the rate. `rate` is the share that is dropped; the share that is kept, 1 - rate, is what you divide by."""
    with np.errstate(all="ignore"):
        return _scaled(x, rate, mask, training, np.divide(1.0, rate))


def mask_inverted(x, rate, mask=None, rng=None, training=True):
    """You drop what the mask keeps: 1 means kept, so multiply by the mask itself."""
    return _scaled(x, rate, 1 - np.multiply(mask, 1), training, 1 / (1 - rate), mask)


def mask_inverted_everywhere(x, rate, mask=None, rng=None, training=True):
    """You take a mask of 1 for dropped, and keep it so in the cache: 1 means kept."""
    return _scaled(x, rate, 1 - np.multiply(mask, 1), training, 1 / (1 - rate))


def dropped_at_inference(x, rate, mask=None, rng=None, training=True):
    """You drop at inference too. With training=False, x comes back as it is."""
    out, _ = _scaled(x, rate, mask, True, 1 / (1 - rate))
    return out, ((mask, rate) if training else (np.ones(np.shape(x)), 0.0))


def training_ignored(x, rate, mask=None, rng=None, training=True):
    """training=False makes no difference in yours. At inference x comes back as it is, with a mask of ones and a rate of 0.0."""
    return _scaled(x, rate, mask, True, 1 / (1 - rate))


def scaled_at_inference(x, rate, mask=None, rng=None, training=True):
    """You scale by 1 - rate at inference. That belongs to the first form of dropout; the inverted one has scaled in training, and leaves inference alone."""
    out, cache = _scaled(x, rate, mask, training, 1 / (1 - rate))
    return (out if training else out * (1 - rate)), cache


def scaled_up_at_inference(x, rate, mask=None, rng=None, training=True):
    """You divide by 1 - rate at inference too. Nothing was dropped there, so there is nothing to make up for."""
    out, cache = _scaled(x, rate, mask, training, 1 / (1 - rate))
    return (out if training else out / (1 - rate)), cache


def scaled_only_at_inference(x, rate, mask=None, rng=None, training=True):
    """This is the first form of dropout: nothing is scaled in training, and inference multiplies by 1 - rate. Inverted dropout divides in training and leaves inference alone."""
    out, cache = _scaled(x, rate, mask, training, 1.0)
    return (out if training else out * (1 - rate)), cache


def cache_of_training(x, rate, mask=None, rng=None, training=True):
    """At inference, your cache holds the mask and the rate that were given and not used. It says what was done: a mask of ones and a rate of 0.0."""
    return _scaled(x, rate, mask, training, 1 / (1 - rate))[0], (mask, rate)


def scaled_mask_in_cache(x, rate, mask=None, rng=None, training=True):
    """Your cache holds the mask divided by 1 - rate. The backward function divides by itself: keep the plain mask of zeros and ones."""
    shown = None if mask is None else np.multiply(mask, 1 / (1 - rate))
    return _scaled(x, rate, mask, training, 1 / (1 - rate), shown)


def keep_in_cache(x, rate, mask=None, rng=None, training=True):
    """Your cache holds 1 - rate where `rate` was asked for."""
    out, (mask, _) = _scaled(x, rate, mask, training, 1 / (1 - rate))
    return out, (mask, 1 - rate if training else 0.0)


# %% [markdown]
# ## 6. Dropout, backward (3 points)
#
# Write `dropout_backward(dout, cache)`, with `cache = (mask, rate)` as above. It returns `dx`, of the shape of `dout`.

# %% [markdown] hints="dropout_backward" reads="Dropout as probability"
# Dropout multiplies each number by a factor that does not depend on it. What is the derivative of a product with a
# constant?
#
# ---
#
# The factor was `mask / (1 - rate)`: 0 for what was dropped, the same number for all that was kept. A dropped unit did
# nothing on the way forward and learns nothing on the way back.
#
# ---
#
# `mask, rate = cache`, then `return dout * mask / (...)`.


# %% solution="dropout_backward"
def dropout_backward(dout, cache):
    """The gradient of inverted dropout.

    dout: an array of any shape; cache = (mask, rate), the mask of the shape of dout, of 1 and 0 or True and False.
    Returns dx, of the shape of dout.

    Example: dropout_backward(np.array([3.0, 5.0]), (np.array([0, 1]), 0.5)) is [0.0, 10.0].
    """
    ### BEGIN SOLUTION
    mask, rate = cache
    return dout * mask / (1 - rate)
    ### END SOLUTION


# %% tests="dropout_backward" points=3
with check.exercise("dropout_backward"):
    check.call(
        dropout_backward,
        np.array([3.0, 5.0]),
        (np.array([0.0, 1.0]), 0.5),
        expect=[0.0, 10.0],
        about="the dropped unit gets nothing, the kept one twice",
    )
    check.call(
        dropout_backward,
        np.array([[4.0, -8.0], [0.0, 2.0]]),
        (np.array([[1, 1], [1, 0]]), 0.2),
        expect=[[5.0, -10.0], [0.0, 0.0]],
        about="a rate of 0.2: divided by 0.8",
    )
    check.call(
        dropout_backward,
        np.array([3.0, 5.0]),
        (np.ones(2), 0.0),
        expect=[3.0, 5.0],
        about="after inference: everything passes",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(610)
    for shape, rate in [
        ((5, 3), 0.1),
        ((4,), 0.75),
        ((2, 3, 4), 0.3),
        ((1, 6), 0.9),
        ((3, 2), 0.0),
    ]:
        mask = rng.random(shape) >= 0.4
        for kind in (bool, float, int):
            check.call(
                dropout_backward,
                rng.normal(size=shape),
                (mask.astype(kind), rate),
                about="random gradients, masks of several kinds",
            )
    check.call(
        dropout_backward,
        np.array([[3, -1], [0, 5]]),
        (np.array([[True, True], [True, False]]), 0.4),
        about="whole numbers in dout",
    )
    ### END HIDDEN TESTS


# %% mistakes="dropout_backward"
def not_scaled(dout, cache):
    """Your gradient is not scaled. The forward pass divided by 1 - rate, and so does its derivative."""
    return dout * np.multiply(cache[0], 1.0)


def scaled_down(dout, cache):
    """You multiply by 1 - rate where you should divide by it, as on the way forward."""
    return dout * np.multiply(cache[0], 1 - cache[1])


def divided_by_rate(dout, cache):
    """You divide by the rate. `rate` is the share that was dropped; what was kept was divided by 1 - rate."""
    with np.errstate(all="ignore"):
        return np.multiply(cache[0], np.divide(dout, cache[1]))


def mask_inverted(dout, cache):
    """Your gradient goes to the units that were dropped. They had no part in the output: multiply by the mask itself."""
    return dout * (1 - np.multiply(cache[0], 1)) / (1 - cache[1])


def mask_forgotten(dout, cache):
    """Every unit gets a gradient in yours. A unit that was dropped had no part in the output, so its gradient is 0: multiply by the mask."""
    return dout / (1 - cache[1])


def passed_through(dout, cache):
    """You return dout as it came. Dropout multiplied each number by mask / (1 - rate), and so must its gradient be."""
    return np.multiply(dout, 1.0)


def scaled_twice(dout, cache):
    """You divide by 1 - rate twice. The mask in the cache is the plain one, of zeros and ones, so one division is due."""
    return dout * np.multiply(cache[0], 1 / (1 - cache[1]) ** 2)


def a_tuple(dout, cache):
    """You return a tuple. Dropout has no parameters, so dx alone is asked for."""
    return (dout * np.multiply(cache[0], 1 / (1 - cache[1])),)


# %% [markdown]
# ## 7. All the networks at once (5 points)
#
# Dropout on $n$ units trains $2^n$ networks, one for each mask. For a tiny $n$ they can all be asked. Write
# `exact_ensemble(network, n_units, rate)`.
#
# `network` is a function of one mask: an array of shape `(n_units,)` that holds 1.0 for kept and 0.0 for dropped. It
# returns a number or an array, its answer with just these units, and does the scaling by $1/(1-r)$ itself. A mask with
# $k$ units kept has the probability $(1-r)^k\,r^{\,n-k}$. Return the tuple `(mean, std)`: the mean of the answers over
# **all** masks and their standard deviation around it, both weighted by these probabilities, and of the shape of one
# answer. `rate` is at least 0 and less than 1, and `n_units` at least 1.

# %% [markdown] hints="exact_ensemble" reads="Dropout as probability"
# Three steps: make the list of all masks; find the probability of each; then two weighted sums, of the answers and of
# their squared distances from the mean.
#
# ---
#
# `itertools.product([0.0, 1.0], repeat=n_units)` runs through all masks, from all dropped to all kept; so do the binary
# digits of the whole numbers from 0 to $2^n-1$. The probabilities sum to 1, so a weighted mean needs no division. The
# standard deviation is the root of the weighted mean of `(answer - mean) ** 2`.
#
# ---
#
# `for mask in itertools.product(...)`: `mask = np.array(mask)`, `kept = mask.sum()`,
# `p = (1 - rate) ** kept * rate ** (n_units - kept)`, and add `p * network(mask)` to the mean. A second loop, with the
# finished mean, adds `p * (network(mask) - mean) ** 2` to the variance.


# %% solution="exact_ensemble"
def exact_ensemble(network, n_units, rate):
    """The mean and the standard deviation of a network's answer over all dropout masks.

    network: a function of a mask (n_units,) of 0.0 and 1.0 that returns a number or an array; rate: the probability of
    a unit to be dropped. Returns (mean, std), each of the shape of one answer.

    Example: two units, network = lambda mask: mask[0] + 2 * mask[1], rate 0.5: the answers 0, 2, 1, 3 are equally
    likely, so the mean is 1.5 and the standard deviation the root of 1.25.
    """
    ### BEGIN SOLUTION
    masks = (np.arange(2**n_units)[:, None] >> np.arange(n_units)) % 2 * 1.0
    kept = masks.sum(axis=1)
    probability = (1 - rate) ** kept * rate ** (n_units - kept)
    answers = np.array([network(mask) for mask in masks])
    mean = np.tensordot(probability, answers, 1)
    variance = np.tensordot(probability, (answers - mean) ** 2, 1)
    return mean, np.sqrt(variance)
    ### END SOLUTION


# %% tests="exact_ensemble" points=5
def one_and_two(mask):
    return mask[0] + 2 * mask[1]


def all_kept(mask):
    return np.prod(mask)


def pair(mask):
    return np.array([mask[0] - mask[1], 4 * mask[0] * mask[1]])


with check.exercise("exact_ensemble"):
    check.call(
        exact_ensemble,
        one_and_two,
        2,
        0.5,
        expect=(1.5, 1.25**0.5),
        about="0, 2, 1 and 3, equally likely",
    )
    check.call(
        exact_ensemble,
        one_and_two,
        2,
        0.2,
        expect=(2.4, 0.8**0.5),
        about="0, 2, 1 and 3 with probabilities 0.04, 0.16, 0.16 and 0.64",
    )
    check.call(
        exact_ensemble,
        all_kept,
        3,
        0.5,
        expect=(0.125, 7**0.5 / 8),
        about="1 for one mask of eight, otherwise 0",
    )
    check.call(
        exact_ensemble,
        pair,
        2,
        0.5,
        expect=([0.0, 1.0], [0.5**0.5, 3**0.5]),
        about="two answers at once: 0, 1, -1, 0 and 0, 0, 0, 4",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(611)

    def random_network(n_units, n_hidden, shape, rate):
        """A network with a tanh layer over the masked units, and a softmax at the end for answers with axes."""
        W, V = rng.normal(size=(n_units, n_hidden)), rng.normal(size=(n_hidden, *shape))
        b = rng.normal(size=n_hidden)

        def network(mask):
            answer = np.tensordot(np.tanh(np.dot(mask / (1 - rate), W) + b), V, 1)
            return np.exp(answer) / np.exp(answer).sum(axis=-1, keepdims=True) if shape else answer

        return network

    for n_units, shape, rate in [
        (1, (), 0.3),
        (2, (3,), 0.5),
        (3, (), 0.8),
        (4, (2, 3), 0.1),
        (5, (4,), 0.35),
        (8, (), 0.25),
        (7, (2,), 0.6),
        (4, (3,), 0.0),
    ]:
        check.call(
            exact_ensemble,
            random_network(n_units, 3, shape, rate),
            n_units,
            rate,
            about="random networks, any number of units, rates and shapes of the answer",
        )

    def whole(mask):
        return int(mask[0]) * 3 - int(mask[-1])

    check.call(exact_ensemble, whole, 3, 0.4, about="answers that are whole numbers")
    check.call(exact_ensemble, all_kept, 6, 0.1, about="the mask that keeps everything")

    def none_kept(mask):
        return 1.0 - np.max(mask)

    check.call(exact_ensemble, none_kept, 4, 0.7, about="the mask that drops everything")
    ### END HIDDEN TESTS


# %% mistakes="exact_ensemble"
def _all_masks(n_units, rate, low=0, high=0):
    """All masks and their probabilities, some left out at the ends; not a mistake by itself."""
    masks = (np.arange(low, 2**n_units - high)[:, None] >> np.arange(n_units)) & 1
    kept = masks.sum(axis=1)
    return masks * 1.0, (1 - rate) ** kept * rate ** (n_units - kept)


def _moments(answers, p):
    """Weighted mean and standard deviation; not a mistake by itself."""
    answers = np.array(answers, dtype=float)
    mean = np.einsum("m,m...->...", p, answers)
    return mean, np.sqrt(np.einsum("m,m...->...", p, (answers - mean) ** 2))


def equal_weights(network, n_units, rate):
    """All masks have the same weight in yours. That is right at a rate of 0.5 only: a mask with k units kept has the probability (1 - rate)**k * rate**(n_units - k)."""
    masks, p = _all_masks(n_units, rate)
    return _moments([network(mask) for mask in masks], np.full(len(p), 1 / len(p)))


def rate_of_keeping(network, n_units, rate):
    """You take the rate for the probability of being kept. It is that of being dropped: (1 - rate) for each unit kept, rate for each dropped."""
    masks, p = _all_masks(n_units, rate)
    return _moments([network(mask) for mask in masks], p[::-1])


def dropped_not_counted(network, n_units, rate):
    """Your probabilities count the kept units only. The dropped ones have their share too, rate**(n_units - kept); together all masks must have the probability 1."""
    masks, _ = _all_masks(n_units, rate)
    return _moments([network(mask) for mask in masks], (1 - rate) ** masks.sum(axis=1))


def dropped_not_counted_but_divided(network, n_units, rate):
    """Your probabilities count the kept units only, and dividing by their sum does not mend it: each dropped unit brings a factor rate."""
    masks, _ = _all_masks(n_units, rate)
    p = (1 - rate) ** masks.sum(axis=1)
    return _moments([network(mask) for mask in masks], p / p.sum())


def empty_mask_missing(network, n_units, rate):
    """The mask that drops every unit is missing. It has the probability rate**n_units, and a network without hidden units has an answer too."""
    masks, p = _all_masks(n_units, rate, low=1)
    return _moments([network(mask) for mask in masks], p)


def empty_mask_left_out(network, n_units, rate):
    """You leave the mask that drops every unit out, and divide by the rest. It has the probability rate**n_units and belongs to the ensemble."""
    masks, p = _all_masks(n_units, rate, low=1)
    return _moments([network(mask) for mask in masks], p / p.sum())


def full_mask_missing(network, n_units, rate):
    """The mask that keeps every unit is missing: there are 2**n_units masks, from all dropped to all kept."""
    masks, p = _all_masks(n_units, rate, high=1)
    return _moments([network(mask) for mask in masks], p)


def variance_not_std(network, n_units, rate):
    """You return the variance. The standard deviation is its root."""
    masks, p = _all_masks(n_units, rate)
    mean, std = _moments([network(mask) for mask in masks], p)
    return mean, std**2


def std_not_weighted(network, n_units, rate):
    """Your mean is weighted, your standard deviation is not: it too is a mean, of the squared distances, with the same probabilities."""
    masks, p = _all_masks(n_units, rate)
    answers = [network(mask) for mask in masks]
    return _moments(answers, p)[0], np.std(answers, axis=0)


def root_mean_square(network, n_units, rate):
    """Your standard deviation is the root of the mean square. The mean has to be subtracted before squaring."""
    masks, p = _all_masks(n_units, rate)
    answers = np.array([network(mask) for mask in masks], dtype=float)
    return _moments(answers, p)[0], np.sqrt(_moments(answers**2, p)[0])


def mean_distance(network, n_units, rate):
    """You average the absolute distances from the mean. The standard deviation is the root of the mean squared distance."""
    masks, p = _all_masks(n_units, rate)
    answers = np.array([network(mask) for mask in masks], dtype=float)
    mean = _moments(answers, p)[0]
    return mean, _moments(np.abs(answers - mean), p)[0]


def scaled_masks(network, n_units, rate):
    """You divide the masks by 1 - rate. The network scales by itself: give it zeros and ones."""
    masks, p = _all_masks(n_units, rate)
    return _moments([network(mask / (1 - rate)) for mask in masks], p)


def one_average_network(network, n_units, rate):
    """You ask one network with all units kept in part. That is the quick approximation; asked for is the mean over all masks."""
    answer = np.array(network(np.full(n_units, 1.0 - rate)), dtype=float)
    return answer, 0 * answer


def drops_one_unit(network, n_units, rate):
    """You drop one unit at a time. Any set of units may be dropped together: there are 2**n_units masks."""
    return _moments([network(mask) for mask in 1 - np.eye(n_units)], np.full(n_units, 1 / n_units))


def first_units_kept(network, n_units, rate):
    """You have one mask for each number of kept units, and the units are not alike: every set of units is a mask of its own."""
    masks, p = np.tri(n_units + 1, n_units, -1), np.zeros(n_units + 1)
    every, each = _all_masks(n_units, rate)
    np.add.at(p, every.sum(axis=1).astype(int), each)
    return _moments([network(mask) for mask in masks], p)


def other_order(network, n_units, rate):
    """The two are exchanged: the order asked for is (mean, std)."""
    masks, p = _all_masks(n_units, rate)
    return _moments([network(mask) for mask in masks], p)[::-1]


# %% [markdown]
# ## 8. Ask many times (5 points)
#
# With many units nobody can ask all masks, but a sample of them will do. Write `mc_predict(model, x, n_samples)`.
#
# `model` is a Keras model with `Dropout` layers, and **its outputs are logits**, shape `(n, classes)` for `n` examples.
# Let it answer `n_samples` times with dropout at work, turn each answer into class probabilities with the softmax along
# the last axis, and return the tuple `(mean, std)`: for each example and class the mean of the probabilities over the
# samples, and their standard deviation (the root of the plain mean squared distance, as `np.std` has it). Both are
# NumPy arrays of shape `(n, classes)`.
#
# Each sample needs masks of its own. How you get them is open: a loop, one large batch with every example repeated, or
# something better. The checks build models of a few weights, for which the ensemble is known, ask about thousands of
# copies of the same example, and average what you say about them.


# %% given="mc_probes"
def tiny_model(weights, rate):
    """Dropout on the inputs, then one layer without bias: logits = dropout(x) @ weights."""
    model = keras.Sequential(
        [
            keras.Input((len(weights),)),
            keras.layers.Dropout(rate),
            keras.layers.Dense(len(weights[0]), use_bias=False),
        ]
    )
    model.set_weights([np.array(weights)])
    return model


def mc_summary(weights, rate, x, n_samples, copies=4000):
    """What mc_predict says about `copies` of each row of x: the average mean, and the root of the average variance."""
    rows = np.repeat(np.array(x, "float32"), copies, axis=0)
    mean, std = mc_predict(tiny_model(weights, rate), rows, n_samples)
    if np.shape(mean) != (len(rows), len(weights[0])) or np.shape(std) != np.shape(mean):
        return "not one row for each example and one column for each class"
    mean, variance = (
        np.reshape(np.array(a), (len(x), copies, -1)).mean(axis=1)
        for a in (mean, np.array(std) ** 2)
    )
    return mean, np.sqrt(variance)


def kind_of_answer():
    """What mc_predict returns for 5 examples and 3 classes."""
    answer = mc_predict(tiny_model(np.ones((2, 3)), 0.5), np.ones((5, 2), "float32"), 7)
    return [f"{type(a).__name__} of shape {np.shape(a)}" for a in answer]


# %% [markdown] hints="mc_predict" reads="Doubt"
# `model.predict(x)` and `model(x)` switch dropout off. One argument of the call switches it on. The model must be
# called again for each sample, or see each example several times.
#
# ---
#
# `model(x, training=True)` is one sample: every row gets a mask of its own. Collect `n_samples` of them as
# probabilities in one array of shape `(n_samples, n, classes)`, and take mean and standard deviation along its first
# axis. Average probabilities, not logits.
#
# ---
#
# `samples = np.stack([keras.ops.convert_to_numpy(keras.ops.softmax(model(x, training=...))) for _ in
# range(n_samples)])`, then `return samples.mean(axis=0), ...`.


# %% solution="mc_predict"
def mc_predict(model, x, n_samples):
    """Monte Carlo dropout: class probabilities, and how much the sampled networks disagree.

    model: a Keras model with dropout, (n, ...) -> logits (n, classes); x: a batch of n examples; n_samples: at least 1.
    Returns (mean, std), NumPy arrays of shape (n, classes): mean and standard deviation of the probabilities over
    n_samples answers, each with masks of its own.

    Example: one input 1.0 with the rate 0.5, and logits (log 9, 0) when it is kept: probabilities (0.9, 0.1) or
    (0.5, 0.5), so for many samples the mean is near (0.7, 0.3) and std near (0.2, 0.2).
    """
    ### BEGIN SOLUTION
    samples = []
    for _ in range(n_samples):
        logits = model(x, training=True)
        samples.append(keras.ops.convert_to_numpy(keras.ops.softmax(logits, axis=-1)))
    return np.mean(samples, axis=0), np.std(samples, axis=0)
    ### END SOLUTION


# %% tests="mc_predict" points=5
with check.exercise("mc_predict"):
    check.value(
        "what mc_predict says about 5 examples and 3 classes",
        kind_of_answer(),
        expect=["ndarray of shape (5, 3)"] * 2,
        about="two NumPy arrays",
        diagnosis="wrong_shape",
        why="Two NumPy arrays of shape (n, classes) are asked for, (mean, std): a row for each example and a column for each class, averaged over the samples only.",
    )
    by_hand = [[np.log(9) / 2, 0.0]]
    check.call(
        mc_summary,
        by_hand,
        0.5,
        [[1.0]],
        20,
        expect=([[0.7, 0.3]], [[0.195, 0.195]]),
        rtol=0,
        atol=0.01,
        about="(0.9, 0.1) or (0.5, 0.5): mean 0.7 and 0.3, standard deviation 0.2, a little less in 20 samples",
    )
    check.call(
        mc_summary,
        by_hand,
        0.5,
        [[1.0]],
        1,
        expect=([[0.7, 0.3]], [[0.0, 0.0]]),
        rtol=0,
        atol=0.02,
        about="a single sample agrees with itself, and thousands of copies still average to 0.7",
    )
    check.call(
        mc_summary,
        [[np.log(3.0), 0.0]],
        0.0,
        [[1.0], [2.0], [0.0]],
        3,
        10,
        expect=(
            [[0.75, 0.25], [0.9, 0.1], [0.5, 0.5]],
            [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]],
        ),
        about="three examples, nothing dropped: the plain softmax, and no disagreement",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(612)
    for rate, n_samples in [(0.3, 2), (0.7, 3), (0.5, 10), (0.2, 30)]:
        check.call(
            mc_summary,
            2 * rng.normal(size=(2, 3)),
            rate,
            rng.normal(size=(2, 2)),
            n_samples,
            rtol=0,
            atol=0.03,
            about="random models: the ensemble's mean, and its spread for few and for many samples",
        )
    check.call(
        mc_summary,
        np.array([[300.0, 0.0, -300.0], [0.0, 250.0, 0.0]]),
        0.0,
        [[1.0, 0.0], [-2.0, 3.0]],
        2,
        about="large logits, nothing dropped",
    )
    ### END HIDDEN TESTS


# %% mistakes="mc_predict"
def _softmax(z):
    """Softmax along the last axis; not a mistake by itself."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _logits(weights, rate, x, n_samples, copies, training=True, same=False):
    """Sampled logits (n_samples, examples, copies, classes); not a mistake by itself."""
    rng, x = np.random.default_rng(0), np.array(x)
    shape = (1 if same else n_samples, len(x), copies, x.shape[1])
    masks = (rng.random(shape) >= rate) / (1 - rate) if training else np.ones(shape)
    return np.repeat(masks * x[:, None], n_samples if same else 1, axis=0) @ np.array(weights)


def _summary(mean, std):
    """Averages over the copies, as in mc_summary; not a mistake by itself."""
    return mean.mean(axis=1), np.sqrt((std**2).mean(axis=1))


def dropout_switched_off(weights, rate, x, n_samples, copies=4000):
    """No unit is dropped in yours, so all samples are alike. `model(x)` and `model.predict(x)` are inference: call model(x, training=True)."""
    p = _softmax(_logits(weights, rate, x, n_samples, 1, training=False))
    return _summary(p.mean(axis=0), p.std(axis=0))


def logits_averaged(weights, rate, x, n_samples, copies=4000):
    """You average the logits and take the softmax of that. The mean of the probabilities is asked for, and the two differ: softmax first, then the mean."""
    z = _logits(weights, rate, x, n_samples, copies)
    return _summary(_softmax(z.mean(axis=0)), _softmax(z).std(axis=0))


def logits_averaged_and_spread(weights, rate, x, n_samples, copies=4000):
    """You take mean and standard deviation of the logits, and the softmax only for the mean. Softmax first: both are asked for the probabilities."""
    z = _logits(weights, rate, x, n_samples, copies)
    return _summary(_softmax(z.mean(axis=0)), z.std(axis=0))


def no_softmax(weights, rate, x, n_samples, copies=4000):
    """You return mean and standard deviation of the logits. Turn each sample into probabilities first, by the softmax."""
    z = _logits(weights, rate, x, n_samples, copies)
    return _summary(z.mean(axis=0), z.std(axis=0))


def softmax_over_the_batch(weights, rate, x, n_samples, copies=4000):
    """Your softmax runs over the examples. Each row is one example: the softmax goes along the last axis."""
    z = _logits(weights, rate, x, n_samples, copies)
    e = np.exp(z - z.max(axis=(1, 2), keepdims=True))
    p = e / e.sum(axis=(1, 2), keepdims=True)
    return _summary(p.mean(axis=0), p.std(axis=0))


def variance_not_std(weights, rate, x, n_samples, copies=4000):
    """You return the variance. The standard deviation is its root."""
    p = _softmax(_logits(weights, rate, x, n_samples, copies))
    return _summary(p.mean(axis=0), p.var(axis=0))


def standard_error(weights, rate, x, n_samples, copies=4000):
    """You divide the standard deviation by the root of n_samples. That is the error of the mean; asked for is how much single samples differ."""
    p = _softmax(_logits(weights, rate, x, n_samples, copies))
    return _summary(p.mean(axis=0), p.std(axis=0) / np.sqrt(n_samples))


def one_less(weights, rate, x, n_samples, copies=4000):
    """You divide the squared distances by n_samples - 1. The plain mean is asked for, as np.std has it without ddof."""
    p = _softmax(_logits(weights, rate, x, n_samples, copies))
    with np.errstate(all="ignore"):
        std = p.std(axis=0) * np.sqrt(np.divide(n_samples, n_samples - 1))
    return _summary(p.mean(axis=0), std)


def one_mask_for_all(weights, rate, x, n_samples, copies=4000):
    """Your samples are all the same: one call of the model, or the same seed before each call. Every sample needs masks of its own, so call the model again."""
    p = _softmax(_logits(weights, rate, x, n_samples, copies, same=True))
    return _summary(p.mean(axis=0), p.std(axis=0))


def always_many(weights, rate, x, n_samples, copies=4000):
    """The number of samples is not n_samples in yours: the spread is that of more of them. With a single sample it must be 0."""
    p = _softmax(_logits(weights, rate, x, 100, max(copies // 20, 10)))
    return _summary(p.mean(axis=0), p.std(axis=0))


def one_sample_more(weights, rate, x, n_samples, copies=4000):
    """You take one sample too many: n_samples of them are asked for."""
    p = _softmax(_logits(weights, rate, x, n_samples + 1, copies))
    return _summary(p.mean(axis=0), p.std(axis=0))


def one_sample_less(weights, rate, x, n_samples, copies=4000):
    """You take one sample too few: n_samples of them are asked for."""
    p = _softmax(_logits(weights, rate, x, max(n_samples - 1, 1), copies))
    return _summary(p.mean(axis=0), p.std(axis=0))


def sigmoids(weights, rate, x, n_samples, copies=4000):
    """You take a sigmoid of each logit. These classes exclude each other: the softmax along the last axis."""
    p = (1 + np.tanh(_logits(weights, rate, x, n_samples, copies) / 2)) / 2
    return _summary(p.mean(axis=0), p.std(axis=0))


def winners_counted(weights, rate, x, n_samples, copies=4000):
    """You count how often each class wins. The probabilities themselves are averaged, so that a narrow win counts less than a clear one."""
    z = _logits(weights, rate, x, n_samples, copies)
    p = np.eye(z.shape[-1])[z.argmax(axis=-1)]
    return _summary(p.mean(axis=0), p.std(axis=0))


# %% [markdown]
# ## 9. In words (3 points)
#
# A clinic has blood samples of 80 patients, each with 5,000 gene activities, and wants to tell two diseases, equally
# frequent, apart. A colleague keeps the 30 genes that go best with the diagnosis over all 80 patients. Then he splits
# the patients at random into 50 for training and 30 for testing, trains 40 networks with different settings on the 50,
# and reports the accuracy of the one that does best on the 30: 93 %. Say in four to seven sentences what is wrong with
# this number (there are two things), in which direction each of them pushes it and why, what an honest test would give
# if the genes had nothing to do with the diseases and whether this procedure would give that too, and how you would
# proceed with the same 80 patients.

# %% [markdown] answer="ninety_three_percent" points=3 reads="What goes wrong: leakage"
# The genes were chosen with the diagnoses of the test patients, so the test patients have taken part in the training.
# Among 5,000 genes some go well with any list of 80 diagnoses by pure chance, and these are the ones that were kept;
# they go well with the diagnoses in the test part for the same reason, so the accuracy is too high. Choosing the best
# of 40 networks by the test accuracy is the second leak: with 30 patients an accuracy has a standard error of several
# percent (at a true 80 %, $\sqrt{0.8 \cdot 0.2/30} \approx 7\,\%$), and the largest of 40 such numbers is mostly one of
# the lucky ones, so this too makes it too high. If the genes had nothing to do with the diseases, an honest accuracy
# would be near 50 %; this procedure, given random numbers in place of the genes, easily reports more than 90 %, so the
# 93 % say nothing. I would set the test patients aside first and choose the genes, the scaling and the settings on the
# others alone, by a validation set or by cross-validation in which the choice of genes is repeated inside each fold;
# then I would ask the test patients once, with the one network that was chosen, and state the number with its standard
# error. (With so few patients, an outer cross-validation around this whole procedure uses them better than one split.)
#
# (Grading: 1 point for the selection before the split, with direction and reason; 1 for the choice by the test set,
# with direction and reason; 1 for a procedure in which the test patients touch no choice, and for near 50 % against far
# more.)
