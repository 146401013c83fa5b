# %% [raw] front=true
# title = "The artificial neuron: assignment"
# shows = "You build a neuron that decides, one that learns from mistakes, one that says how sure it is, and then go looking for the widest street."
# minutes = {work = 90}

# %% setup=true

# %% [markdown]
# Six functions, in the order of the lesson. Each has visible checks that you can do by hand; hidden checks try your
# function on other inputs. Run a cell of checks as often as you like. When you are stuck, `check.hint("predict")` gives
# the first of three hints, and, run again, the next.
#
# Arrays are NumPy arrays. `x` has one example in each row, shape `(n, d)`; `weights` has shape `(d,)`; `bias` is a
# number. No function may change the arrays that it is given.

# %% given="imports"
import numpy as np

corners = np.array(
    [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
)  # the inputs of a logic gate, used in several checks

# %% [markdown]
# ## 1. Decide (4 points)
#
# Write `predict`. For each row of `x` it computes $z = w \cdot x + b$ and answers **1 where $z \ge 0$, else 0**. A tie,
# $z = 0$, fires. Return an array of shape `(n,)` that holds 0 and 1.

# %% [markdown] hints="predict" reads="The formula"
# You need one number $z$ for each row of `x`, and then one comparison for each number. NumPy can do both for all rows
# at once.
#
# ---
#
# `x @ weights` multiplies each row of `x` with `weights` and sums: shape `(n, d)` times `(d,)` gives `(n,)`. Add the
# bias, then compare with 0. What should happen when $z$ is exactly 0?
#
# ---
#
# `z = x @ weights + bias`, then `(z >= 0)` is an array of True and False; `.astype(int)` makes it 1 and 0.


# %% solution="predict"
def predict(x, weights, bias):
    """The answers of one neuron with a hard threshold.

    x: (n, d), weights: (d,), bias: a number.
    Returns (n,): 1 where x @ weights + bias >= 0, else 0.

    Example: predict(np.array([[1.0, 1.0]]), np.array([1.0, 1.0]), -2.0) is [1].
    """
    ### BEGIN SOLUTION
    z = x @ weights + bias
    return (z >= 0).astype(int)
    ### END SOLUTION


# %% tests="predict" points=4
with check.exercise("predict"):
    check.call(
        predict,
        corners,
        np.array([1.0, 1.0]),
        -1.5,
        expect=[0, 0, 0, 1],
        about="this neuron is AND",
    )
    check.call(
        predict,
        corners,
        np.array([1.0, 1.0]),
        -1.0,
        expect=[0, 1, 1, 1],
        about="OR, with two ties: z = 0 fires",
    )
    check.call(
        predict,
        np.array([[2.0, 0.0, -1.0]]),
        np.array([1.0, 5.0, 3.0]),
        0.5,
        expect=[0],
        about="z = 2 - 3 + 0.5 = -0.5",
    )
    check.call(
        predict,
        np.array([[-2.0, 1.0]]),
        np.array([1.0, 1.0]),
        1.5,
        expect=[1],
        about="z = -2 + 1 + 1.5 = 0.5",
    )
    check.call(
        predict,
        np.array([[2.0, -1.0]]),
        np.array([1.0, 1.0]),
        1.5,
        expect=[1],
        about="z = 2 - 1 + 1.5 = 2.5",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(101)
    for n, d in [(50, 3), (30, 1), (25, 25), (12, 4)]:
        check.call(
            predict,
            rng.normal(size=(n, d)),
            rng.normal(size=d),
            rng.normal(),
            about="random inputs of several shapes",
        )
    check.call(
        predict,
        rng.integers(-2, 3, size=(40, 3)).astype(float),
        np.array([1.0, -1.0, 2.0]),
        -1.0,
        about="whole numbers, with many ties",
    )
    check.call(
        predict,
        np.array([[1e15, 1.0], [-1e15, 1.0], [1e-15, 0.0]]),
        np.array([1e15, 1.0]),
        0.0,
        about="very large and very small inputs",
    )
    check.call(
        predict,
        rng.normal(size=(20, 3)),
        np.zeros(3),
        -0.25,
        about="zero weights: the bias alone decides",
    )
    ### END HIDDEN TESTS


# %% mistakes="predict"
def tie_is_silent(x, weights, bias):
    """A tie does not fire in your answer. The neuron answers 1 where z >= 0, and z = 0 belongs to that: compare with >=, not with >."""
    return (x @ weights + bias > 0).astype(int)


def no_bias(x, weights, bias):
    """The bias has no effect on your answer. It is added to the weighted sum before the comparison: z = x @ weights + bias."""
    return (x @ weights >= 0).astype(int)


def bias_as_threshold(x, weights, bias):
    """You treat the bias as the threshold, that is, you subtract it. The bias is minus the threshold: z = x @ weights + bias."""
    return (x @ weights - bias >= 0).astype(int)


def raw_sum(x, weights, bias):
    """You return the weighted sums z themselves. The answer asked for is the decision: 1 where z >= 0, else 0."""
    return x @ weights + bias


def plus_minus(x, weights, bias):
    """You answer -1 and +1. Here the two answers are 0 and 1; labels of -1 and +1 come with the perceptron rule, in the next exercise."""
    return np.where(x @ weights + bias >= 0, 1, -1)


def inverted(x, weights, bias):
    """Your answers are turned round: 1 where z is negative, 0 where it is not. The neuron fires, that is, answers 1, where z >= 0."""
    return (x @ weights + bias < 0).astype(int)


def threshold_half(x, weights, bias):
    """You compare z with 0.5. That is the threshold for a probability p; for the weighted sum z the threshold is 0 (and sigmoid(0) = 0.5)."""
    return (x @ weights + bias >= 0.5).astype(int)


# %% [markdown]
# ## 2. Learn from one example (5 points)
#
# Write `perceptron_step`. It gets **one** example `x` of shape `(d,)` with its label `y`, which is **-1 or +1**. The
# example is a mistake if $y\,(w \cdot x + b) \le 0$ (a tie counts). After a mistake the new values are $w + \eta\,y\,x$
# and $b + \eta\,y$, with the learning rate $\eta$; otherwise the old ones. Return the pair `(weights, bias)`, and leave
# the array `weights` that you were given as it is.

# %% [markdown] hints="perceptron_step" reads="Learning from mistakes"
# First find out whether the neuron is wrong about this example: do the label and the weighted sum have the same sign?
#
# ---
#
# `y * (weights @ x + bias) <= 0` is True for a mistake. Then add `learning_rate * y * x` to the weights and
# `learning_rate * y` to the bias. `weights += ...` would change the caller's array: make a new one.
#
# ---
#
# In the case of a mistake: `return weights + learning_rate * y * x, bias + learning_rate * y`. Otherwise:
# `return weights, bias`.


# %% solution="perceptron_step"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    """One step of the perceptron rule.

    weights: (d,), bias: a number, x: (d,) one example, y: -1 or +1, learning_rate: a positive number.
    Returns the pair (weights, bias) after the step: changed if y * (weights @ x + bias) <= 0, else the same.

    Example: perceptron_step(np.zeros(2), 0.0, np.array([3.0, 1.0]), -1) is (array([-3., -1.]), -1.0).
    """
    ### BEGIN SOLUTION
    if y * (weights @ x + bias) <= 0:
        return weights + learning_rate * y * x, bias + learning_rate * y
    return weights, bias
    ### END SOLUTION


# %% tests="perceptron_step" points=5
with check.exercise("perceptron_step"):
    check.call(
        perceptron_step,
        np.array([1.0, 1.0]),
        0.0,
        np.array([2.0, 1.0]),
        -1,
        expect=([-1.0, 0.0], -1.0),
        about="z = 3 and y = -1: a mistake",
    )
    check.call(
        perceptron_step,
        np.array([1.0, 1.0]),
        0.0,
        np.array([2.0, 1.0]),
        1,
        expect=([1.0, 1.0], 0.0),
        about="z = 3 and y = +1: right, nothing changes",
    )
    check.call(
        perceptron_step,
        np.array([1.0, 1.0]),
        -4.0,
        np.array([2.0, 1.0]),
        -1,
        expect=([1.0, 1.0], -4.0),
        about="z = -1 and y = -1: right, too",
    )
    check.call(
        perceptron_step,
        np.zeros(2),
        0.0,
        np.array([3.0, 1.0]),
        1,
        0.5,
        expect=([1.5, 0.5], 0.5),
        about="a tie is a mistake; learning rate 0.5",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(102)
    for d in [1, 2, 5, 5, 9]:
        weights, x, bias, rate = (
            rng.normal(size=d),
            rng.normal(size=d),
            rng.normal(),
            rng.uniform(0.1, 3.0),
        )
        for y in [-1, 1]:
            check.call(
                perceptron_step,
                weights,
                bias,
                x,
                y,
                rate,
                about="random examples, both labels, any learning rate",
            )
    check.call(
        perceptron_step,
        np.array([1.0, -1.0]),
        2.5,
        np.array([1.0, 2.0]),
        -1,
        about="the bias turns the sign of the sum",
    )
    check.call(
        perceptron_step,
        np.array([2, -1]),
        0,
        np.array([1, 2]),
        -1,
        0.25,
        about="whole-number weights, a fractional learning rate",
    )
    ### END HIDDEN TESTS


# %% mistakes="perceptron_step"
def tie_is_right(weights, bias, x, y, learning_rate=1.0):
    """You leave a tie alone: y * z = 0 counts as a mistake here. With a strict < a neuron that starts with zero weights would never begin to learn. Use <= 0."""
    wrong = y * (weights @ x + bias) < 0
    return (weights + learning_rate * y * x, bias + learning_rate * y) if wrong else (weights, bias)


def always_updates(weights, bias, x, y, learning_rate=1.0):
    """You correct every example, also those that are right already. The perceptron changes its weights only if y * (weights @ x + bias) <= 0."""
    return weights + learning_rate * y * x, bias + learning_rate * y


def updates_when_right(weights, bias, x, y, learning_rate=1.0):
    """You correct the examples that are right and leave the mistakes alone: the comparison is turned round. A mistake is y * z <= 0."""
    wrong = y * (weights @ x + bias) > 0
    return (weights + learning_rate * y * x, bias + learning_rate * y) if wrong else (weights, bias)


def label_forgotten(weights, bias, x, y, learning_rate=1.0):
    """You add x whatever its label. The label gives the direction: w + learning_rate * y * x moves toward x for y = +1 and away from it for y = -1."""
    wrong = y * (weights @ x + bias) <= 0
    return (weights + learning_rate * x, bias + learning_rate) if wrong else (weights, bias)


def wrong_direction(weights, bias, x, y, learning_rate=1.0):
    """You step the wrong way: after a mistake y * x is added, not subtracted. Your step makes the mistake worse; y * z should grow."""
    wrong = y * (weights @ x + bias) <= 0
    return (weights - learning_rate * y * x, bias - learning_rate * y) if wrong else (weights, bias)


def bias_unchanged(weights, bias, x, y, learning_rate=1.0):
    """The bias never changes in your answer. It learns too: think of it as a weight whose input is always 1, so b + learning_rate * y."""
    wrong = y * (weights @ x + bias) <= 0
    return (weights + learning_rate * y * x, bias) if wrong else (weights, bias)


def rate_forgotten(weights, bias, x, y, learning_rate=1.0):
    """Your step ignores learning_rate. Both changes are multiplied by it: learning_rate * y * x for the weights, learning_rate * y for the bias."""
    wrong = y * (weights @ x + bias) <= 0
    return (weights + y * x, bias + y) if wrong else (weights, bias)


def rate_only_for_weights(weights, bias, x, y, learning_rate=1.0):
    """The weights change by learning_rate * y * x, as they should, but the bias by y: it too is multiplied by the learning rate."""
    wrong = y * (weights @ x + bias) <= 0
    return (weights + learning_rate * y * x, bias + y) if wrong else (weights, bias)


def doubled_correction(weights, bias, x, y, learning_rate=1.0):
    """You use the error y minus the answer -1 or +1. That is 2 * y after a mistake, twice too much, and 0 at some ties. Test y * z <= 0 and add learning_rate * y * x."""
    error = y - (1 if weights @ x + bias >= 0 else -1)
    return weights + learning_rate * error * x, bias + learning_rate * error


def zero_one_error(weights, bias, x, y, learning_rate=1.0):
    """You compute y minus the answer 0 or 1, the rule for targets 0 and 1. Here labels are -1 and +1: a mistake is y * z <= 0, and the correction is learning_rate * y * x."""
    error = y - (1 if weights @ x + bias >= 0 else 0)
    return weights + learning_rate * error * x, bias + learning_rate * error


def test_without_bias(weights, bias, x, y, learning_rate=1.0):
    """You test for a mistake without the bias. The neuron's sum is weights @ x + bias, and the bias can turn its sign."""
    wrong = y * (weights @ x) <= 0
    return (weights + learning_rate * y * x, bias + learning_rate * y) if wrong else (weights, bias)


# %% [markdown]
# ## 3. Learn from all (6 points)
#
# Write `fit_perceptron`. Start with zero weights and a zero bias. One *pass* goes through the rows of `x` **in the
# given order**, and each example sees the weights that the one before it has left; the learning rate is 1. Stop after
# the first pass without a mistake, and at the latest after `max_passes` passes. Return `(weights, bias, mistakes)`,
# where `mistakes` is a list with the number of mistakes in each pass that was made, the last one included (even if it
# is 0).
#
# You may call your `perceptron_step`, or write the rule again.

# %% [markdown] hints="fit_perceptron" reads="Learning from mistakes"
# Two loops: passes outside, examples inside. Inside, count the mistakes; after each pass look at the count.
#
# ---
#
# At the beginning of each pass set a counter to 0. For each `x_i, y_i` in `zip(x, y)`: if
# `y_i * (weights @ x_i + bias) <= 0`, count it and update weights and bias at once. After the pass append the counter
# to the list, and `break` if it is 0.
#
# ---
#
# ```python
# weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
# for _ in range(max_passes):
#     count = 0
#     for x_i, y_i in zip(x, y):
#         if ...:            # a mistake
#             count += 1
#             weights, bias = perceptron_step(weights, bias, x_i, y_i)
#     mistakes.append(count)
#     if count == 0:
#         break
# ```


# %% solution="fit_perceptron"
def fit_perceptron(x, y, max_passes=100):
    """The perceptron, from zero weights, until a pass without a mistake.

    x: (n, d), y: (n,) of -1 and +1, max_passes: a positive whole number.
    Returns (weights (d,), bias, mistakes): mistakes is a list, the number of mistakes in each pass that was made.

    Example: fit_perceptron(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([1, -1])) is (array([1., -1.]), 0.0, [2, 0]).
    """
    ### BEGIN SOLUTION
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    while len(mistakes) < max_passes:
        count = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = perceptron_step(weights, bias, x_i, y_i)
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return weights, bias, mistakes
    ### END SOLUTION


# %% tests="fit_perceptron" points=6
with check.exercise("fit_perceptron", needs="perceptron_step"):
    two = np.array([[1.0, 0.0], [0.0, 1.0]])
    check.call(
        fit_perceptron,
        two,
        np.array([1, -1]),
        expect=([1.0, -1.0], 0.0, [2, 0]),
        about="by hand: a tie, then z = 1 for the other label, then all right",
    )
    check.call(
        fit_perceptron,
        two[::-1],
        np.array([-1, 1]),
        expect=([1.0, -1.0], 0.0, [2, 0]),
        about="the same two, the other way round",
    )
    check.call(
        fit_perceptron,
        np.array([[1.0], [2.0]]),
        np.array([1, 1]),
        expect=([1.0], 1.0, [1, 0]),
        about="by hand: a tie at the first, and the second is right already",
    )
    check.call(
        fit_perceptron,
        corners,
        np.array([-1, 1, 1, -1]),
        6,
        expect=([0.0, 0.0], 0.0, [4, 4, 4, 4, 4, 4]),
        about="XOR: four mistakes, and everything is zero again; so on until max_passes",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(103)
    for n, d in [(12, 2), (40, 3), (25, 6), (1, 2)]:
        x, direction = rng.normal(size=(n, d)), rng.normal(size=d)
        check.call(
            fit_perceptron,
            x,
            np.where(x @ direction + 0.3 >= 0, 1, -1),
            1000,
            about="separable clouds: stops by itself",
        )
    x = rng.normal(size=(20, 2))
    check.call(
        fit_perceptron,
        x,
        rng.choice([-1, 1], 20),
        7,
        about="labels by chance, never separable: stops at max_passes",
    )
    check.call(fit_perceptron, x, np.where(x[:, 0] > 0.5, 1, -1), 1, about="a single pass")
    check.call(
        fit_perceptron, rng.normal([3.0, -2.0], 0.1, (6, 2)), np.ones(6), about="one class only"
    )
    ### END HIDDEN TESTS


# %% mistakes="fit_perceptron"
def stale_weights(x, y, max_passes=100):
    """Within a pass you keep using the weights from its beginning. Each correction takes effect at once: the next example must see the new weights."""
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        wrong = y * (x @ weights + bias) <= 0
        mistakes.append(int(wrong.sum()))
        if not wrong.any():
            break
        weights, bias = weights + y[wrong] @ x[wrong], bias + y[wrong].sum()
    return weights, bias, mistakes


def never_stops_early(x, y, max_passes=100):
    """You make all max_passes passes. After the first pass without a mistake nothing can change any more: stop there."""
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        mistakes.append(0)
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                mistakes[-1] += 1
    return weights, bias, mistakes


def last_pass_missing(x, y, max_passes=100):
    """The list lacks the last pass, the one without a mistake. It was made, so its 0 belongs to the list: append first, then stop."""
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        count = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias, count = weights + y_i * x_i, bias + y_i, count + 1
        if count == 0:
            break
        mistakes.append(count)
    return weights, bias, mistakes


def total_instead_of_list(x, y, max_passes=100):
    """You return the total number of mistakes. Asked for is a list with one number for each pass."""
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, 0
    for _ in range(max_passes):
        before = mistakes
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias, mistakes = weights + y_i * x_i, bias + y_i, mistakes + 1
        if mistakes == before:
            break
    return weights, bias, mistakes


def no_list(x, y, max_passes=100):
    """You return weights and bias only. The third part is missing: the list with the number of mistakes in each pass."""
    weights, bias = np.zeros(x.shape[1]), 0.0
    for _ in range(max_passes):
        count = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias, count = weights + y_i * x_i, bias + y_i, count + 1
        if count == 0:
            break
    return weights, bias


def one_pass_too_many(x, y, max_passes=100):
    """When no pass is without a mistake, you make one more than max_passes. Compare with < max_passes, or use range(max_passes)."""
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes + 1):
        mistakes.append(0)
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                mistakes[-1] += 1
        if mistakes[-1] == 0:
            break
    return weights, bias, mistakes


def one_mistake_a_pass(x, y, max_passes=100):
    """You leave a pass at its first mistake. Correct the weights and go on with the next example; the pass ends when every row has had its turn."""
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        mistakes.append(0)
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                mistakes[-1] += 1
                break
        if mistakes[-1] == 0:
            break
    return weights, bias, mistakes


def tie_not_counted(x, y, max_passes=100):
    """A tie, y * z = 0, is not a mistake in your answer. From zero weights every sum is 0: with < in the place of <= nothing would ever be learned."""
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        mistakes.append(0)
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) < 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                mistakes[-1] += 1
        if mistakes[-1] == 0:
            break
    return weights, bias, mistakes


def counter_not_reset(x, y, max_passes=100):
    """The counter goes on from pass to pass, so it never comes back to 0 and the list holds running totals. Set it to 0 at the beginning of each pass."""
    weights, bias, mistakes, count = np.zeros(x.shape[1]), 0.0, [], 0
    for _ in range(max_passes):
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias, count = weights + y_i * x_i, bias + y_i, count + 1
        mistakes.append(count)
        if count == 0:
            break
    return weights, bias, mistakes


def starts_at_one(x, y, max_passes=100):
    """You start with weights of one. The exercise asks for zero weights and a zero bias, which is also what the theorem assumes."""
    weights, bias, mistakes = np.ones(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        mistakes.append(0)
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                mistakes[-1] += 1
        if mistakes[-1] == 0:
            break
    return weights, bias, mistakes


def restarts_each_pass(x, y, max_passes=100):
    """Each of your passes begins again with zero weights, so nothing is carried over. Set them to zero once, before the first pass."""
    mistakes = []
    for _ in range(max_passes):
        weights, bias = np.zeros(x.shape[1]), 0.0
        mistakes.append(0)
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                mistakes[-1] += 1
        if mistakes[-1] == 0:
            break
    return weights, bias, mistakes


def no_bias_learned(x, y, max_passes=100):
    """Your bias stays 0: all your lines go through the origin. After a mistake the bias changes too, by y."""
    weights, mistakes = np.zeros(x.shape[1]), []
    for _ in range(max_passes):
        mistakes.append(0)
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i) <= 0:
                weights = weights + y_i * x_i
                mistakes[-1] += 1
        if mistakes[-1] == 0:
            break
    return weights, 0.0, mistakes


# %% [markdown]
# ## 4. A sigmoid that can be trusted (5 points)
#
# Write `sigmoid`: $\sigma(z) = \dfrac{1}{1 + e^{-z}}$, for an array `z` of any shape, of floats or whole numbers.
# Return floats of the same shape. Two points are for ordinary numbers, two for difficult ones, and one for a quiet way
# there.
#
# The difficulty: the lesson's form $(1 + \tanh(z/2))/2$ returns 0 for $z = -50$, where the truth is
# $1.9 \cdot 10^{-22}$, and who then takes a logarithm gets $-\infty$ in the place of $-50$. **So for $z \ge -80$ the
# result must be right to a relative error of $10^{-4}$**, and further out there may be no NaN or infinity ($0$ is good
# enough there). The formula typed as it stands has another fault: at $z = -1000$, `np.exp(-z)` overflows to infinity.
# Here the result survives, as $1/\infty = 0$; in the next formula it may not. **So for the last point nothing may
# overflow on the way:** NumPy gives no warning. (`np.where` computes both of its branches everywhere, and warns also for
# the one that it does not take.)

# %% [markdown] hints="sigmoid" reads="A neuron that says how sure it is"
# `np.exp` overflows for large positive arguments only. For which $z$ is $e^{-z}$ harmless, and for which is $e^{z}$?
#
# ---
#
# Multiply numerator and denominator by $e^{z}$: $\sigma(z) = e^{z} / (1 + e^{z})$. Use this form for negative $z$ and
# the other one for the rest. Both contain $e^{-|z|}$.
#
# ---
#
# `small = np.exp(-np.abs(z))` never overflows. Then `np.where(z >= 0, 1 / (1 + small), small / (1 + small))`.


# %% solution="sigmoid"
def sigmoid(z):
    """The logistic sigmoid 1 / (1 + exp(-z)), safe for every z.

    z: array of any shape. Returns floats of the same shape, in [0, 1].

    Example: sigmoid(np.array([0.0, -1000.0, 1000.0])) is [0.5, 0.0, 1.0].
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))
    ### END SOLUTION


# %% tests="sigmoid" points=2
with check.exercise("sigmoid"):
    check.call(sigmoid, np.array([0.0]), expect=[0.5])
    check.call(
        sigmoid,
        np.array([[np.log(3.0), -np.log(3.0)]]),
        expect=[[0.75, 0.25]],
        about="odds of 3 to 1 and of 1 to 3",
    )
    check.call(
        sigmoid,
        np.array([1, 0, -1]),
        expect=[0.731059, 0.5, 0.268941],
        about="whole numbers: 1 / (1 + 1/e), and so on",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(104)
    for shape in [(6,), (3, 4), (2, 1, 5), (1, 1)]:
        check.call(sigmoid, 3 * rng.normal(size=shape), about="random inputs of several shapes")
    check.call(sigmoid, np.arange(-6, 7), about="whole numbers")
    ### END HIDDEN TESTS

# %% tests="sigmoid.stable" points=2
with check.exercise("sigmoid.stable"):
    check.call(
        sigmoid,
        np.array([-1000.0, 0.0, 1000.0]),
        expect=[0.0, 0.5, 1.0],
        about="very large numbers of both signs",
    )
    check.call(
        sigmoid,
        np.array([-50.0]),
        expect=[np.exp(-50.0)],
        atol=0,
        about="a very small probability is not 0",
    )
    ### BEGIN HIDDEN TESTS
    check.call(
        sigmoid,
        np.array([[-40.0, -45.5], [-60.0, -80.0]]),
        atol=0,
        about="the lower tail, to a relative error of 1e-4",
    )
    check.call(
        sigmoid,
        np.array([-745.0, -1e5, -1e300, 745.0, 1e5, 1e300]),
        about="no NaN and no infinity, however large the number",
    )
    check.call(sigmoid, np.array([-1000, 1000, -3]), about="large whole numbers")
    ### END HIDDEN TESTS

# %% tests="sigmoid.quiet" points=1
import warnings


def warning_of(z):
    """The first warning that NumPy gives while your sigmoid works on z."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        sigmoid(z)
    numerical = [
        str(warning.message) for warning in caught if issubclass(warning.category, RuntimeWarning)
    ]
    return numerical[0] if numerical else "no warning"


noisy = dict(
    diagnosis="overflow_on_the_way",
    why="Somewhere on the way exp gets a large positive number and overflows. exp(-z) does so for very negative z, "
    "exp(z) for very positive z; exp(-abs(z)) never does, and both forms can be written with it.",
)
with check.exercise("sigmoid.quiet"):
    check.call(
        warning_of, np.array([-1000.0]), expect="no warning", about="far below zero", **noisy
    )
    check.call(warning_of, np.array([1000.0]), expect="no warning", about="far above zero", **noisy)
    ### BEGIN HIDDEN TESTS
    check.call(
        warning_of,
        np.array([[-2.0, 1e5], [800.0, -1e5]]),
        about="large numbers of both signs",
        **noisy,
    )
    check.call(warning_of, np.array([-3000, 0, 3000]), about="large whole numbers", **noisy)
    ### END HIDDEN TESTS


# %% mistakes="sigmoid"
def missing_minus(z):
    """Your function falls where the sigmoid rises: it is sigmoid(-z). Either the exponent lacks its minus sign, or the two branches of your answer are exchanged."""
    return (1 - np.tanh(z / 2)) / 2


def lost_tail(z):
    """The result for very negative z is 0, and should be tiny: something like 1 + tanh(z/2) or 1 - 1/(1 + exp(z)) subtracts two numbers that agree in all digits. For z < 0 compute exp(z) / (1 + exp(z))."""
    return (1 + np.tanh(z / 2)) / 2


def overflows(z):
    """The other branch of the formula is missing: exp(z) / (1 + exp(z)) is infinity over infinity for large z. Use it for negative z only, and 1 / (1 + exp(-z)) for the rest."""
    with np.errstate(all="ignore"):
        return np.exp(z) / (1 + np.exp(z))


def clipped_at_30(z):
    """You clip z at 30. That avoids the overflow, but all z below -30 get one and the same probability. Choose the form of the formula by the sign of z instead."""
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


def cut_to_whole_numbers(z):
    """For an array of whole numbers your result is cut to whole numbers, too: you write it into an array made like z. Make the new array of floats, or start with z.astype(float)."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small)).astype(z.dtype)


def tanh_itself(z):
    """You return tanh, which runs from -1 to 1. It is a stretched sigmoid: sigmoid(z) = (1 + tanh(z / 2)) / 2."""
    return np.tanh(z)


def halved_argument_missing(z):
    """You have (1 + tanh(z)) / 2. The argument of tanh must be z / 2: sigmoid(z) = (1 + tanh(z / 2)) / 2."""
    return (1 + np.tanh(z)) / 2


def step_instead(z):
    """You return the hard step, 0 or 1. The sigmoid is the soft one: it takes all values between."""
    return (z >= 0).astype(float)


def derivative_instead(z):
    """You return the derivative of the sigmoid, p * (1 - p). Asked for is p itself."""
    p = (1 + np.tanh(z / 2)) / 2
    return p * (1 - p)


def softmax_instead(z):
    """You divide by the sum over the array, so that its numbers add up to one: that is softmax, which comes in chapter 2. A sigmoid looks at each number alone."""
    e = np.exp(z - np.max(z))
    return e / e.sum()


# %% [markdown]
# ## 5. The gradient (6 points)
#
# Write `logistic_gradient`. The neuron says $p = \sigma(w \cdot x + b)$; targets `t` are **0 or 1**; the loss is the
# **mean** log loss over the `n` examples, given here as `log_loss`. Return the pair
# $(\partial L / \partial w,\ \partial L / \partial b)$: an array of shape `(d,)` and a number. You may call your
# `sigmoid`.


# %% given="log_loss"
def log_loss(x, t, weights, bias):
    """The mean log loss of a logistic neuron. x (n, d), t (n,) of 0 and 1, weights (d,), bias a number. Returns a number."""
    z = x @ weights + bias
    return np.mean(np.logaddexp(0, z) - t * z)


# %% [markdown] hints="logistic_gradient" reads="A neuron that says how sure it is"
# The derivative of one example's loss by its $z$ is very simple: look at the lesson, "The gradient". From there it is
# the chain rule.
#
# ---
#
# `error = p - t`, shape `(n,)`. Each weight $w_j$ gets the mean over the examples of `error` times the example's input
# $x_j$; the bias gets the mean of `error`.
#
# ---
#
# `error = sigmoid(x @ weights + bias) - t`, then `return x.T @ error / len(t), error.mean()`.


# %% solution="logistic_gradient"
def logistic_gradient(x, t, weights, bias):
    """The gradient of the mean log loss of a logistic neuron.

    x: (n, d), t: (n,) of 0 and 1, weights: (d,), bias: a number.
    Returns (gradient by the weights (d,), derivative by the bias, a number).

    Example: for x = [[2.0]], t = [1], weights = [0.0], bias = 0.0 it is (array([-1.]), -0.5).
    """
    ### BEGIN SOLUTION
    error = sigmoid(x @ weights + bias) - t
    return x.T @ error / len(t), error.mean()
    ### END SOLUTION


# %% tests="logistic_gradient" points=6
with check.exercise("logistic_gradient", needs="sigmoid"):
    check.call(
        logistic_gradient,
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([1.0, 0.0]),
        np.zeros(2),
        0.0,
        expect=([0.5, 0.5], 0.0),
        about="by hand: both errors are one half, of opposite sign",
    )
    check.call(
        logistic_gradient,
        np.array([[2.0]]),
        np.array([1.0]),
        np.array([0.0]),
        np.log(3.0),
        expect=([-0.5], -0.25),
        about="one example, p = 0.75",
    )
    # The gradient must be the slope of log_loss, measured by moving each weight, and then the bias, a little up and down.
    x, t, weights, bias = (
        np.array([[1.0, -2.0], [0.5, 3.0], [2.0, 0.0]]),
        np.array([0.0, 1.0, 1.0]),
        np.array([0.3, -0.2]),
        0.1,
    )
    slope_of_weights = check.slope(lambda w: log_loss(x, t, w, bias), weights)
    slope_of_bias = check.slope(lambda b: log_loss(x, t, weights, b), bias)
    check.call(
        logistic_gradient,
        x,
        t,
        weights,
        bias,
        expect=(slope_of_weights, float(slope_of_bias)),
        about="against the measured slope of log_loss",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(105)
    for n, d in [(8, 3), (1, 5), (30, 1), (4, 4)]:
        x, t = rng.normal(size=(n, d)), rng.integers(0, 2, n)
        check.call(
            logistic_gradient,
            x,
            t,
            rng.normal(size=d),
            rng.normal(),
            about="random inputs of several shapes",
        )
    x, t, weights = rng.normal(size=(9, 2)), rng.integers(0, 2, 9).astype(float), rng.normal(size=2)
    check.call(
        logistic_gradient,
        np.concatenate([x, x, x]),
        np.concatenate([t, t, t]),
        weights,
        -0.7,
        about="every example three times: a mean does not change",
    )
    check.call(
        logistic_gradient, 500 * x, t, weights, 3.0, about="very sure answers, right and wrong"
    )
    check.call(
        logistic_gradient,
        x + 10,
        t,
        weights,
        -4.0,
        about="inputs far from the origin, where the bias matters",
    )
    ### END HIDDEN TESTS


# %% mistakes="logistic_gradient"
def sum_not_mean(x, t, weights, bias):
    """You sum over the examples. The loss is a mean, so the gradient is one too: divide by the number of examples n."""
    error = (1 + np.tanh((x @ weights + bias) / 2)) / 2 - t
    return x.T @ error, error.sum()


def weights_not_divided(x, t, weights, bias):
    """The derivative by the bias is right; that by the weights lacks the division by n, the number of examples."""
    error = (1 + np.tanh((x @ weights + bias) / 2)) / 2 - t
    return x.T @ error, error.mean()


def bias_not_divided(x, t, weights, bias):
    """The gradient by the weights is right; the derivative by the bias is a sum and should be a mean, too."""
    error = (1 + np.tanh((x @ weights + bias) / 2)) / 2 - t
    return x.T @ error / len(t), error.sum()


def target_minus_prediction(x, t, weights, bias):
    """Both signs are flipped: the derivative of the loss by z is p - t. (t - p is the direction in which to step, downhill; asked for is the gradient.)"""
    error = t - (1 + np.tanh((x @ weights + bias) / 2)) / 2
    return x.T @ error / len(t), error.mean()


def no_sigmoid(x, t, weights, bias):
    """You compare the sum z with the target. The error is p - t with p = sigmoid(z); without the sigmoid this is the gradient of linear regression."""
    error = x @ weights + bias - t
    return x.T @ error / len(t), error.mean()


def squared_error(x, t, weights, bias):
    """You have an extra factor p * (1 - p): that is the gradient of the squared error. For the log loss this factor cancels, and p - t alone is left."""
    p = (1 + np.tanh((x @ weights + bias) / 2)) / 2
    error = (p - t) * p * (1 - p)
    return x.T @ error / len(t), error.mean()


def hard_decision(x, t, weights, bias):
    """You subtract the target from the hard answer 0 or 1, as the perceptron does. The logistic neuron's error is p - t, with the probability p."""
    error = (x @ weights + bias >= 0) - t
    return x.T @ error / len(t), error.mean()


def bias_left_out(x, t, weights, bias):
    """You compute z without the bias. It is part of the neuron's sum: z = x @ weights + bias."""
    error = (1 + np.tanh(x @ weights / 2)) / 2 - t
    return x.T @ error / len(t), error.mean()


def mean_over_everything(x, t, weights, bias):
    """You take one mean over all examples and all inputs. Each weight has its own derivative: a mean over the examples only, which is axis 0, so that an array of shape (d,) is left."""
    error = (1 + np.tanh((x @ weights + bias) / 2)) / 2 - t
    return float(np.mean(error[:, None] * x)), error.mean()


def divided_by_features(x, t, weights, bias):
    """You divide by the number of inputs d. The mean runs over the examples: divide by n, which is len(t)."""
    error = (1 + np.tanh((x @ weights + bias) / 2)) / 2 - t
    return x.T @ error / x.shape[1], error.mean()


# %% [markdown]
# ## 6. The widest street (7 points)
#
# Two classes that a hyperplane separates, in any number of dimensions. Write `decision_boundary`, which finds one.
# **Any method is welcome.** Three points are for a boundary that puts every example on its right side, strictly:
# $y_i\,(w \cdot x_i + b) > 0$ for all. Four more are for a wide street: its margin must reach at least **90 % of the
# widest that there is**. The length of `weights` does not matter. The examples may lie far from the origin. Your
# function should need less than a second for 100 examples in 10 dimensions.
#
# Below are the margin of the lesson, and a maker of practice data: it lays out a street of known half-width around a
# random hyperplane. Two examples with opposite labels stand exactly face to face across it, so nobody can find a wider
# one; nothing but thinking limits how near you come.


# %% given="streets"
def margin(x, y, weights, bias):
    """The distance of the nearest example from the boundary, negative if an example is on the wrong side."""
    return (y * (x @ weights + bias)).min() / np.linalg.norm(weights)


def make_street(rng, n, d, half_width, center=0.0):
    """Practice data: x (n, d) and y (n,) of -1 and +1, in random order. The widest margin is half_width."""
    normal = rng.normal(size=d)
    normal /= np.linalg.norm(normal)
    y = np.where(np.arange(n) % 2 == 0, 1, -1)
    along = rng.normal(size=(n, d))
    along -= np.outer(along @ normal, normal)  # positions along the street
    depth = half_width + rng.exponential(1.0, n) * (
        rng.random(n) > 0.3
    )  # about a third stand at the curb
    along[1], depth[:2] = along[0], half_width  # the two that stand face to face
    order = rng.permutation(n)
    return (along + np.outer(y * depth, normal) + center)[order], y[order]


# %% [markdown] hints="decision_boundary" reads="Margin: which of the lines that work?"
# For the first three points a perceptron will do, if you give it time, and the data a good position: subtract the mean
# of all examples first, and correct the bias for that at the end.
#
# ---
#
# Once the direction `weights` is known, the best bias puts the boundary in the middle: between the lowest `x @ weights`
# of the class +1 and the highest of the class -1. For the direction, change the perceptron a little: do not wait for a
# mistake, but look for the *worst placed* example of each class and move the weights toward the one and away from the
# other.
#
# ---
#
# ```python
# plus, minus = x[y > 0], x[y < 0]
# weights = np.zeros(x.shape[1])
# for _ in range(3000):
#     weights = weights + plus[np.argmin(plus @ weights)] - minus[...]   # the highest of the other class
# bias = -((plus @ weights).min() + ...) / 2
# ```


# %% solution="decision_boundary"
def decision_boundary(x, y):
    """A hyperplane between two separable classes, with a wide street.

    x: (n, d), y: (n,) of -1 and +1, both present and separable.
    Returns (weights (d,), bias) with y * (x @ weights + bias) > 0 for all examples and a margin of at least 90 % of the widest.

    Example: for x = [[0.0], [2.0]], y = [-1, 1] the widest street has its middle at 1: (array([1.]), -1.0), or any positive multiple.
    """
    ### BEGIN SOLUTION
    # Minimum overlap (Krauth and Mezard, 1987), on differences between the classes, in which the bias cancels.
    plus, minus = x[y == 1], x[y == -1]
    weights = np.zeros(x.shape[1])
    for _ in range(3000):
        weights = weights + plus[np.argmin(plus @ weights)] - minus[np.argmax(minus @ weights)]
    return weights, -((plus @ weights).min() + (minus @ weights).max()) / 2
    ### END SOLUTION


# %% tests="decision_boundary" points=3
def wrong_side(x, y):
    """How many examples your boundary has on the wrong side, or on the boundary itself."""
    weights, bias = decision_boundary(x, y)
    right = y * (x @ weights + bias) > 0
    return f"{np.sum(~right)} of {len(y)} on the wrong side"


not_separating = dict(
    diagnosis="not_separating",
    why="Each example must lie strictly on its own side: y * (x @ weights + bias) > 0. If you moved or scaled "
    "the data first, weights and bias must be brought back to the original data at the end.",
)
with check.exercise("decision_boundary"):
    check.call(
        wrong_side,
        np.array([[0.0], [2.0]]),
        np.array([-1, 1]),
        expect="0 of 2 on the wrong side",
        about="two examples on a line",
        **not_separating,
    )
    check.call(
        wrong_side,
        corners,
        np.array([-1, -1, -1, 1]),
        expect="0 of 4 on the wrong side",
        about="the AND gate",
        **not_separating,
    )
    check.call(
        wrong_side,
        *make_street(np.random.default_rng(1), 30, 2, 0.3, 4.0),
        expect="0 of 30 on the wrong side",
        about="practice data away from the origin",
        **not_separating,
    )
    ### BEGIN HIDDEN TESTS
    for seed, (n, d, center) in enumerate([(10, 2, 0.0), (60, 3, -6.0), (100, 10, 2.0)]):
        check.call(
            wrong_side,
            *make_street(np.random.default_rng(200 + seed), n, d, 0.4, center),
            about="every example on its right side",
            **not_separating,
        )
    ### END HIDDEN TESTS


# %% tests="decision_boundary.wide" points=4
def street(x, y, widest):
    """How wide your street is, measured against the widest."""
    share = margin(x, y, *decision_boundary(x, y)) / widest
    return "at least 90 % of the widest" if share >= 0.9 else f"{share:.0%} of the widest"


narrow = dict(
    diagnosis="narrow",
    why="The street is too narrow. Is the bias in the middle between the nearest example of the one class and that of the other? "
    "And does the direction answer to the worst placed examples, for long enough, rather than to all of them?",
)
with check.exercise("decision_boundary.wide"):
    wide = "at least 90 % of the widest"
    check.call(
        street,
        np.array([[0.0], [2.0]]),
        np.array([-1, 1]),
        1.0,
        expect=wide,
        about="two examples on a line: the boundary at 1",
        **narrow,
    )
    check.call(
        street,
        corners,
        np.array([-1, -1, -1, 1]),
        0.5**1.5,
        expect=wide,
        about="the AND gate: the widest margin is 0.354",
        **narrow,
    )
    check.call(
        street,
        *make_street(np.random.default_rng(1), 30, 2, 0.3, 4.0),
        0.3,
        expect=wide,
        about="practice data away from the origin",
        **narrow,
    )
    ### BEGIN HIDDEN TESTS
    for seed, (n, d, half_width, center) in enumerate(
        [(20, 2, 0.3, 1.0), (60, 3, 0.5, -8.0), (100, 10, 0.5, 3.0), (50, 5, 0.3, 0.0)]
    ):
        check.call(
            street,
            *make_street(np.random.default_rng(300 + seed), n, d, half_width, center),
            half_width,
            about="at least 90 % of the widest margin",
            **narrow,
        )
    x, y = make_street(np.random.default_rng(310), 40, 3, 0.4)
    check.call(street, x, -y, 0.4, about="the two classes exchanged", **narrow)
    check.call(street, 100 * x, y, 40.0, about="the same data in other units", **narrow)
    ### END HIDDEN TESTS


# %% mistakes="decision_boundary"
def first_line(x, y, widest=None):
    """You return the line at which the perceptron stops. It separates, but it stops at the first line that works, however close to an example. For a wide street go on: let the worst placed examples move the direction."""
    weights, bias = np.zeros(x.shape[1]), 0.0
    for _ in range(10000):
        clean = True
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias, clean = weights + y_i * x_i, bias + y_i, False
        if clean:
            break
    if widest is None:
        return f"{np.sum(y * (x @ weights + bias) <= 0)} of {len(y)} on the wrong side"
    share = margin(x, y, weights, bias) / widest
    return "at least 90 % of the widest" if share >= 0.9 else f"{share:.0%} of the widest"


def line_between_means(x, y, widest=None):
    """You put the boundary halfway between the means of the two classes. The means depend on examples far from the street; what counts are the nearest ones."""
    plus, minus = x[y > 0].mean(axis=0), x[y < 0].mean(axis=0)
    weights, bias = plus - minus, -(plus - minus) @ (plus + minus) / 2
    if widest is None:
        return f"{np.sum(y * (x @ weights + bias) <= 0)} of {len(y)} on the wrong side"
    share = margin(x, y, weights, bias) / widest
    return "at least 90 % of the widest" if share >= 0.9 else f"{share:.0%} of the widest"


def direction_of_means(x, y, widest=None):
    """Your boundary stands at a right angle to the line between the means of the classes, with a good bias. The direction, too, must answer to the examples nearest to the street, not to the means."""
    plus, minus = x[y > 0], x[y < 0]
    weights = plus.mean(axis=0) - minus.mean(axis=0)
    bias = -((plus @ weights).min() + (minus @ weights).max()) / 2
    if widest is None:
        return f"{np.sum(y * (x @ weights + bias) <= 0)} of {len(y)} on the wrong side"
    share = margin(x, y, weights, bias) / widest
    return "at least 90 % of the widest" if share >= 0.9 else f"{share:.0%} of the widest"


# %% [markdown]
# ## 7. In your own words (3 points)
#
# A friend has trained one logistic neuron on XOR for a week. The loss stands at 0.6931, all four answers are 0.5, and
# your friend says: "It is stuck in a bad local minimum. I need a better optimizer." In three to six sentences: is it
# stuck? What is going on, and what would you change?

# %% [markdown] answer="stuck_on_xor" points=3 reads="Where one neuron must fail"
# It is not stuck in a bad minimum. The log loss of a logistic neuron is convex in the weights and the bias: it has a
# single valley, and at zero weights and zero bias the gradient on XOR is exactly zero, because the four errors of plus
# and minus one half cancel in every coordinate. So 0.6931, the logarithm of 2, is the lowest loss that any single
# neuron can reach on XOR, and any good optimizer will end there. The limit is in the model, not in the training: no
# line has (0, 1) and (1, 0) on one side and (0, 0) and (1, 1) on the other. A remedy must change what the neuron sees
# or what the model can say: a new input such as the product of the two, or two more neurons (for example OR and
# not-AND) before it.
#
# *Marks.* One point: not a local minimum, with a reason (convex, or the gradient is zero and the loss cannot be lower).
# One point: one neuron cannot represent XOR (a line cannot separate it). One point: a remedy that works (hidden
# neurons, or a product feature); "train longer" or "another learning rate" earns nothing.
