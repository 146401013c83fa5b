# %% [raw] front=true
# title = "What a network can express: assignment"
# shows = "You set the weights of networks by hand, so that they draw bumps, curves and zigzags, count the pieces that a network is made of, and turn a wide network into a narrow and deep one."
# needs = "The lesson of chapter 5."
# minutes = {work = 120}

# %% setup=true

# %% [markdown]
# In the first five exercises there is nothing to train: you set weights by hand, or look at given ones. All networks are
# lists `params` as in the lesson, a pair `(W, b)` for each layer, `W` of shape `(inputs, units)` and `b` of shape
# `(units,)`, with a ReLU after every layer but the last. The given `network(params, x)` runs one. There are many right
# answers to most exercises; yours is graded on what the network does.
#
# All numbers are 64-bit floats. No function may change its arguments. When you are stuck, `check.hint("bump")` gives the
# first of three hints and, run again, the next.

# %% given="network"
import keras
import numpy as np


def relu(z):
    return np.maximum(z, 0)


def hidden_sums(params, x):
    """The sums of each hidden layer, before the ReLU: a list of arrays (n, units). x: (n, inputs)."""
    sums = []
    for W, b in params[:-1]:
        sums.append(x @ W + b)
        x = relu(sums[-1])
    return sums


def network(params, x):
    """x (n, inputs) -> (n, outputs), ReLU after every layer but the last."""
    for W, b in params[:-1]:
        x = relu(x @ W + b)
    W, b = params[-1]
    return x @ W + b


# %% [markdown]
# ## 1. A bump (4 points)
#
# Write `bump`: a network with one input, **one hidden layer of at most four ReLU units**, and one output that draws a
# bump with a flat top. It is 0 up to `left`, rises in a straight line from `left` to `left + rise`, has the value
# `height` from there to `right - rise`, falls in a straight line to 0 at `right`, and is 0 beyond. You may rely on
# `0 < rise <= (right - left) / 2`; with equality the bump is a triangle.


# %% given="bump_probes"
def bump_values(left, right, height, rise, at):
    """The bump's values at the numbers `at`."""
    return network(bump(left, right, height, rise), at[:, None]).reshape(len(at))


def bump_units():
    """Whether the bump keeps to one hidden layer of at most four units."""
    params = bump(0.0, 3.0, 1.0, 1.0)
    return "kept" if len(params) == 2 and params[0][0].shape[1] <= 4 else "exceeded"


# %% [markdown] hints="bump" reads="The same with ReLU, faster"
# A unit $\max(x - k, 0)$ is flat up to $k$ and has slope 1 from there. Added with a weight it *bends* a curve at $k$.
# Where does the bump bend, and by how much does its slope change at each of the four places?
#
# ---
#
# The slope is 0, then $+s$, then 0, then $-s$, then 0, with $s$ = height / rise. So the changes are $+s, -s, -s, +s$, at
# `left`, `left + rise`, `right - rise` and `right`.
#
# ---
#
# Hidden layer: `W1 = np.ones((1, 4))`, `b1 = -np.array([left, left + rise, right - rise, right])`. Output layer:
# `W2 = height / rise * np.array([[1.0], [-1.0], [-1.0], [1.0]])`, `b2 = np.zeros(1)`. Return `[(W1, b1), (W2, b2)]`.


# %% solution="bump"
def bump(left, right, height, rise):
    """A network that draws a bump with a flat top.

    left, right: where it begins and ends; height: its value on top; rise: the width of each slope.
    Returns params, a list of two pairs (W, b): (1, units), (units,) and (units, 1), (1,), at most 4 units.

    Example: bump(0.0, 3.0, 2.0, 1.0) is 0 at 0, 1 at 0.5, 2 from 1 to 2, and 0 at 3.
    """
    ### BEGIN SOLUTION
    corners = np.array([left, left + rise, right - rise, right])
    bends = height / rise * np.array([[1.0], [-1.0], [-1.0], [1.0]])
    return [(np.ones((1, 4)), -corners), (bends, np.zeros(1))]
    ### END SOLUTION


# %% tests="bump" points=4
with check.exercise("bump"):
    check.call(
        bump_values,
        0.0,
        3.0,
        2.0,
        1.0,
        np.array([-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 9.0]),
        expect=[0.0, 0.0, 1.0, 2.0, 2.0, 2.0, 1.0, 0.0, 0.0],
        about="slopes of width 1 and a top of width 1",
    )
    check.call(
        bump_values,
        1.0,
        3.0,
        -4.0,
        1.0,
        np.array([0.0, 1.5, 2.0, 2.75, 4.0]),
        expect=[0.0, -2.0, -4.0, -1.0, 0.0],
        about="a triangle that points down",
    )
    check.value(
        "one hidden layer with at most four units",
        bump_units(),
        expect="kept",
        about="the size of the network",
        diagnosis="too_large",
        why="The network has more than one hidden layer, or more than four hidden units. One unit for each of the four corners is enough.",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(501)
    for _ in range(5):
        left, width = rng.normal(), rng.uniform(0.5, 4)
        rise = width * rng.uniform(0.1, 0.5)
        at = left + width * np.linspace(-0.5, 1.5, 41)
        check.call(bump_values, left, left + width, 3 * rng.normal(), rise, at, about="random bumps")
    check.call(
        bump_values, -5.0, 5.0, 1.0, 0.01, np.linspace(-7, 7, 57), about="a wide bump with steep sides"
    )
    ### END HIDDEN TESTS


# %% mistakes="bump"
def _drawn(at, corners, bends, offset=0.0):
    """A sum of ReLUs at the numbers `at`."""
    return relu(np.reshape(at, (-1, 1)) - corners) @ np.array(bends) + offset


def slope_not_divided(left, right, height, rise, at):
    """Your slopes are `height` instead of height / rise: over the width `rise` the bump must climb by `height`."""
    return _drawn(at, [left, left + rise, right - rise, right], [height, -height, -height, height])


def height_ignored(left, right, height, rise, at):
    """Your bump always has the height 1. Multiply the output weights by `height`."""
    return _drawn(at, [left, left + rise, right - rise, right], np.array([1, -1, -1, 1]) / rise)


def never_comes_back(left, right, height, rise, at):
    """Your bump does not end: behind `right` it goes on falling. There the slope must change from -height / rise to 0, which takes a fourth unit with its corner at `right`."""
    return _drawn(at, [left, left + rise, right - rise], height / rise * np.array([1, -1, -1]))


def stays_up(left, right, height, rise, at):
    """Your curve rises and stays up. It must come down again: two more corners, at right - rise and at right."""
    return _drawn(at, [left, left + rise], height / rise * np.array([1, -1]))


def slopes_outside(left, right, height, rise, at):
    """Your slopes lie outside of left and right. The bump begins to rise at `left`, and has come down at `right`."""
    return _drawn(at, [left - rise, left, right, right + rise], height / rise * np.array([1, -1, -1, 1]))


def right_slope_outside(left, right, height, rise, at):
    """Your bump comes down only behind `right`. It must be down at `right`: the last two corners are right - rise and right."""
    return _drawn(at, [left, left + rise, right, right + rise], height / rise * np.array([1, -1, -1, 1]))


def slopes_centered(left, right, height, rise, at):
    """Your slopes are centered on `left` and `right`. They run from left to left + rise, and from right - rise to right."""
    half = rise / 2
    corners = [left - half, left + half, right - half, right + half]
    return _drawn(at, corners, height / rise * np.array([1, -1, -1, 1]))


def biases_not_negated(left, right, height, rise, at):
    """Your biases have the wrong sign. The unit bends at k when it computes x - k, so its bias is -k."""
    return _drawn(at, [-left, -left - rise, rise - right, -right], height / rise * np.array([1, -1, -1, 1]))


def signs_alternate(left, right, height, rise, at):
    """Your output weights change sign from unit to unit: +, -, +, -. The slope goes 0, +s, 0, -s, 0, so it changes by +s, -s, -s, +s."""
    return _drawn(at, [left, left + rise, right - rise, right], height / rise * np.array([1, -1, 1, -1]))


def upside_down(left, right, height, rise, at):
    """Your bump points down where it should point up: all output weights have the wrong sign."""
    return -_drawn(at, [left, left + rise, right - rise, right], height / rise * np.array([1, -1, -1, 1]))


def pointed(left, right, height, rise, at):
    """Your bump is a triangle with its top in the middle. It has a flat top: the rise ends at left + rise."""
    middle, slope = (left + right) / 2, height / ((right - left) / 2)
    return _drawn(at, [left, middle, right], [slope, -2 * slope, slope])


def whole_width_for_rise(left, right, height, rise, at):
    """You divide the height by the width of the bump. The slope is height / rise."""
    slope = height / (right - left)
    return _drawn(at, [left, left + rise, right - rise, right], slope * np.array([1, -1, -1, 1]))


# %% [markdown]
# ## 2. Any curve through given points (6 points)
#
# Write `piecewise_linear_network`. Given the sorted numbers $k_0 < k_1 < \dots < k_{m-1}$ (`knots`) and the values
# $v_0, \dots, v_{m-1}$, it returns a network with **one hidden layer of at most $m$ ReLU units** whose output
#
# - is $v_i$ at $k_i$, and runs in a straight line from each point to the next,
# - is **constant outside**: $v_0$ to the left of the first knot, and $v_{m-1}$ to the right of the last.
#
# The lesson's network went on with its last slope at the right end. Here it must stop. There are always at least two
# knots.


# %% given="curve_probes"
def curve_values(knots, values, at):
    """The network's values at the numbers `at`."""
    return network(piecewise_linear_network(knots, values), at[:, None]).reshape(len(at))


def curve_units(knots, values):
    """Whether the network keeps to one hidden layer with at most as many units as knots."""
    params = piecewise_linear_network(knots, values)
    return "kept" if len(params) == 2 and params[0][0].shape[1] <= len(knots) else "exceeded"


# %% [markdown] hints="piecewise_linear_network" reads="The same with ReLU, faster"
# As before: a unit $\max(x - k_i, 0)$ for each knot, and its output weight is the change of the slope there. What is the
# slope before the first knot, and what behind the last?
#
# ---
#
# The slopes between the knots are `np.diff(values) / np.diff(knots)`. Put a 0 before them and a 0 behind them: now the
# curve has $m + 1$ slopes, and at the $m$ knots they change by their differences.
#
# ---
#
# `slopes = np.concatenate([[0.0], np.diff(values) / np.diff(knots), [0.0]])`, then `bends = np.diff(slopes)`. Hidden
# layer: `np.ones((1, m))` and `-knots`; output layer: `bends[:, None]` and `np.array([values[0]])`.


# %% solution="piecewise_linear_network"
def piecewise_linear_network(knots, values):
    """A network that draws straight lines from point to point, and is constant outside.

    knots: (m,) increasing, values: (m,), m >= 2.
    Returns params, a list of two pairs (W, b): (1, units), (units,) and (units, 1), (1,), at most m units.

    Example: knots [0, 1, 3] and values [1, 2, 0] give 1 at -5, 1.5 at 0.5, 1 at 2, and 0 at 7.
    """
    ### BEGIN SOLUTION
    slopes = np.concatenate([[0.0], np.diff(values) / np.diff(knots), [0.0]])
    bends = np.diff(slopes)[:, None]
    return [(np.ones((1, len(knots))), -1.0 * knots), (bends, np.array([values[0]]))]
    ### END SOLUTION


# %% tests="piecewise_linear_network" points=6
with check.exercise("piecewise_linear_network"):
    check.call(
        curve_values,
        np.array([0.0, 1.0, 3.0]),
        np.array([1.0, 2.0, 0.0]),
        np.array([-5.0, 0.0, 0.5, 1.0, 2.0, 3.0, 7.0]),
        expect=[1.0, 1.0, 1.5, 2.0, 1.0, 0.0, 0.0],
        about="three points, and constant outside",
    )
    check.call(
        curve_values,
        np.array([-1.0, 1.0]),
        np.array([2.0, -2.0]),
        np.array([-3.0, -1.0, 0.0, 0.5, 1.0, 2.0]),
        expect=[2.0, 2.0, 0.0, -1.0, -2.0, -2.0],
        about="two points: a ramp",
    )
    check.value(
        "one hidden layer with at most four units for four knots",
        curve_units(np.arange(4.0), np.array([0.0, 2.0, 1.0, 5.0])),
        expect="kept",
        about="the size of the network",
        diagnosis="too_large",
        why="The network has more than one hidden layer, or more units than knots. One unit for each knot is enough: it bends the curve there.",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(502)
    for m in [2, 3, 5, 9, 20]:
        knots = rng.normal() + np.cumsum(rng.uniform(0.1, 2, size=m))
        values = 2 * rng.normal(size=m)
        at = rng.uniform(knots[0] - 2, knots[-1] + 2, size=60)
        check.call(curve_values, knots, values, at, about="random curves, inside and outside")
        check.call(curve_values, knots, values, knots, about="random curves at their knots")
        check.value("the size of the network", curve_units(knots, values), about="the number of units", diagnosis="too_large")
    check.call(
        curve_values,
        np.array([0, 2, 4]),
        np.array([1, 2, 4]),
        np.array([0.0, 1.0, 3.0, 9.0]),
        about="knots and values that are whole numbers",
    )
    ### END HIDDEN TESTS


# %% mistakes="piecewise_linear_network"
def _bent(at, knots, bends, offset):
    """A sum of ReLUs that bend at the knots."""
    return relu(np.reshape(at, (-1, 1)) - knots) @ np.array(bends, float) + offset


def _slopes(knots, values):
    """The slopes of all pieces, the constant ones outside included."""
    return np.concatenate([[0.0], np.diff(values) / np.diff(knots), [0.0]])


def goes_on_at_the_right(knots, values, at):
    """Behind the last knot your curve goes on with its last slope. It must become constant there: the last knot has a unit, too, whose weight is minus the last slope."""
    return _bent(at, knots[:-1], np.diff(_slopes(knots, values))[:-1], values[0])


def first_value_forgotten(knots, values, at):
    """Your curve begins at 0. The output bias must be the first value, for to the left of all knots every unit is silent."""
    return _bent(at, knots, np.diff(_slopes(knots, values)), 0.0)


def slopes_for_bends(knots, values, at):
    """Your output weights are the slopes themselves. Each unit adds to all slopes to its right, so its weight is the *change* of slope at its knot."""
    return _bent(at, knots, np.append(_slopes(knots, values)[1:-1], 0.0), values[0])


def spacing_forgotten(knots, values, at):
    """You take the differences of the values for slopes. Divide them by the differences of the knots, which need not be 1 apart."""
    slopes = np.concatenate([[0.0], np.diff(values), [0.0]])
    return _bent(at, knots, np.diff(slopes), values[0])


def equal_spacing(knots, values, at):
    """You divide all differences by the first distance between knots. The knots may lie at unequal distances: np.diff(knots)."""
    slopes = np.concatenate([[0.0], np.diff(values) / (knots[1] - knots[0]), [0.0]])
    return _bent(at, knots, np.diff(slopes), values[0])


def biases_not_negated(knots, values, at):
    """Your biases have the wrong sign. The unit bends at k when it computes x - k, so its bias is -k."""
    return _bent(at, -np.array(knots), np.diff(_slopes(knots, values)), values[0])


def bends_negated(knots, values, at):
    """Your curve goes down where it should go up: the change of slope at a knot is the slope behind it minus the slope before it."""
    return _bent(at, knots, -np.diff(_slopes(knots, values)), values[0])


def slope_upside_down(knots, values, at):
    """Your slopes are the distance of the knots divided by the difference of the values. It is the other way around."""
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.concatenate([[0.0], np.diff(knots) / np.diff(values), [0.0]])
    return _bent(at, knots, np.diff(slopes), values[0])


def last_value_for_bias(knots, values, at):
    """Your output bias is the last value. To the left of all knots every unit is silent, so the bias is the first value."""
    return _bent(at, knots, np.diff(_slopes(knots, values)), values[-1])


def staircase(knots, values, at):
    """Your curve jumps from value to value. It should run in a straight line from each point to the next."""
    return np.array(values)[np.clip(np.searchsorted(knots, at, side="right") - 1, 0, None)] * 1.0


def shifted_bends(knots, values, at):
    """Your bends sit one knot too late: the first change of slope belongs to the first knot."""
    slopes = _slopes(knots, values)
    return _bent(at, knots[1:], np.diff(slopes)[:-1], values[0])


def first_slope_lost(knots, values, at):
    """Your curve does not follow its first piece: the unit at the first knot is missing. Its weight is the first slope, for before it the slope is 0."""
    return _bent(at, knots[1:], np.diff(_slopes(knots, values))[1:], values[0])


def values_for_bends(knots, values, at):
    """Your output weights are the values. A unit does not add its value at its knot, it bends the curve there: its weight is the change of slope."""
    return _bent(at, knots, values, 0.0)


def mean_added(knots, values, at):
    """Your output bias is the mean of the values. To the left of all knots every unit is silent, so the bias is the first value."""
    return _bent(at, knots, np.diff(_slopes(knots, values)), np.mean(values))


# %% [markdown]
# ## 3. A zigzag that triples (5 points)
#
# The lesson folded the interval from 0 to 1 in two with every layer. Fold it in three. The zigzag $Z$ goes in straight
# lines from $Z(0) = 0$ up to $Z(\tfrac13) = 1$, down to $Z(\tfrac23) = 0$, and up to $Z(1) = 1$. Write `sawtooth`: a
# network with exactly `depth` **hidden layers of at most three ReLU units each** that computes $Z$ applied `depth`
# times, $Z(Z(\dots Z(x)))$, for $x$ from 0 to 1. It has $3^\text{depth}$ straight pieces. What it does outside of this
# interval does not matter.


# %% given="sawtooth_probes"
def sawtooth_values(depth, at):
    """The network's values at the numbers `at`."""
    return network(sawtooth(depth), at[:, None]).reshape(len(at))


def sawtooth_shape(depth):
    """Whether the network keeps to `depth` hidden layers of at most three units."""
    params = sawtooth(depth)
    kept = len(params) == depth + 1 and all(W.shape[1] <= 3 for W, _ in params[:-1])
    return "kept" if kept else "exceeded"


# %% [markdown] hints="sawtooth" reads="The sawtooth"
# $Z$ alone is a curve through four points, and you know how to draw one. How many units does it take when nobody looks
# to the right of 1? Then: the output of one $Z$ is the input of the next.
#
# ---
#
# $Z(x) = 3\max(x, 0) - 6\max(x - \tfrac13, 0) + 6\max(x - \tfrac23, 0)$. In a chain, the output weights of one $Z$
# (shape `(3, 1)`) meet the input weights of the next (shape `(1, 3)`) with no ReLU in between, so the two multiply to a
# `(3, 3)` matrix.
#
# ---
#
# With `first = np.ones((1, 3))`, `bias = -np.array([0, 1/3, 2/3])` and `last = np.array([[3.0], [-6.0], [6.0]])`: the
# layers are `(first, bias)`, then `depth - 1` times `(last @ first, bias)`, and at the end `(last, np.zeros(1))`.


# %% solution="sawtooth"
def sawtooth(depth):
    """The three-piece zigzag, applied `depth` times on [0, 1].

    depth: 1 or more. Returns params with `depth` hidden layers of at most 3 units: 3**depth linear pieces.

    Example: sawtooth(1) goes 0, 1, 0, 1 at 0, 1/3, 2/3, 1; sawtooth(2) goes 0, 1, 0, 1, 0, 1, ... in ninths.
    """
    ### BEGIN SOLUTION
    first, bias = np.ones((1, 3)), -np.array([0, 1 / 3, 2 / 3])
    last = np.array([[3.0], [-6.0], [6.0]])
    return [(first, bias)] + [(last @ first, bias)] * (depth - 1) + [(last, np.zeros(1))]
    ### END SOLUTION


# %% tests="sawtooth" points=5
with check.exercise("sawtooth"):
    check.call(
        sawtooth_values,
        1,
        np.array([0.0, 1 / 6, 1 / 3, 0.5, 2 / 3, 1.0]),
        expect=[0.0, 0.5, 1.0, 0.5, 0.0, 1.0],
        about="a single zigzag",
    )
    check.call(
        sawtooth_values,
        2,
        np.arange(10) / 9,
        expect=[0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0],
        about="two layers: up and down in ninths",
    )
    check.value(
        "three hidden layers of at most three units for depth 3",
        sawtooth_shape(3),
        expect="kept",
        about="the size of the network",
        diagnosis="too_large",
        why="The network does not have exactly `depth` hidden layers of at most three units. Each further layer applies Z once more; that is the point of depth.",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(503)
    for depth in [1, 2, 3, 4, 6]:
        check.call(sawtooth_values, depth, rng.uniform(0, 1, size=50), rtol=1e-3, atol=1e-4, about="random numbers from 0 to 1")
        check.value("the size of the network", sawtooth_shape(depth), about="the number of layers and units", diagnosis="too_large")
    check.call(sawtooth_values, 3, np.arange(28) / 27, atol=1e-4, about="all corners of 27 pieces")
    ### END HIDDEN TESTS


# %% mistakes="sawtooth"
_zigzag = lambda x: 3 * relu(x) - 6 * relu(x - 1 / 3) + 6 * relu(x - 2 / 3)


def _times(f, depth, at):
    """f applied `depth` times."""
    x = np.array(at, float)
    for _ in range(depth):
        x = f(x)
    return x


def tent_of_the_lesson(depth, at):
    """This is the lesson's tent, which folds in two. Asked for is the zigzag with three pieces: up, down, and up again."""
    return _times(lambda x: 2 * relu(x) - 4 * relu(x - 0.5), depth, at)


def third_piece_missing(depth, at):
    """The last bend is missing, so your zigzag goes on falling behind 2/3. A third unit turns it up again."""
    return _times(lambda x: 3 * relu(x) - 6 * relu(x - 1 / 3), depth, at)


def bends_for_slopes(depth, at):
    """Your output weights are the slopes 3, -3, 3. A unit's weight is the change of slope at its corner: 3, -6, 6."""
    return _times(lambda x: 3 * relu(x) - 3 * relu(x - 1 / 3) + 3 * relu(x - 2 / 3), depth, at)


def corners_in_quarters(depth, at):
    """Your corners do not lie at 1/3 and 2/3."""
    return _times(lambda x: 3 * relu(x) - 6 * relu(x - 1 / 4) + 6 * relu(x - 1 / 2), depth, at)


def one_too_few(depth, at):
    """Your network applies the zigzag once too few."""
    return _times(_zigzag, depth - 1, at)


def always_once(depth, at):
    """Your network applies the zigzag once, whatever the depth. Chain `depth` of them: the output of one is the input of the next."""
    return _zigzag(np.array(at, float))


def _chained(depth, at, merged):
    """The chain of zigzags with this matrix in place of `last @ first` between them."""
    bias, last = -np.array([0, 1 / 3, 2 / 3]), np.array([3.0, -6.0, 6.0])
    x = relu(np.reshape(at, (-1, 1)) + bias)
    for _ in range(depth - 1):
        x = relu(x @ merged + bias)
    return x @ last


def merged_transposed(depth, at):
    """The matrices between your layers are transposed. All three units of a layer get the same sum, the zigzag before it: each *column* is 3, -6, 6."""
    return _chained(depth, at, np.tile([3.0, -6.0, 6.0], (3, 1)))


def output_weights_left_out(depth, at):
    """Between your layers the output weights 3, -6, 6 are left out: a layer must get the zigzag before it, not the sum of its units."""
    return _chained(depth, at, np.ones((3, 3)))


def starts_at_one(depth, at):
    """Your zigzag starts at 1 and goes down first. Z(0) is 0."""
    return _times(lambda x: 1 - _zigzag(x), depth, at)


def slope_one(depth, at):
    """Your zigzag reaches only a third of its height: its slopes are 1 and -1. To climb from 0 to 1 over a third, the slope is 3."""
    return _times(lambda x: _zigzag(x) / 3, depth, at)


def biases_positive(depth, at):
    """Your biases have the wrong sign: a unit bends at 1/3 when it computes x - 1/3."""
    return _times(lambda x: 3 * relu(x) - 6 * relu(x + 1 / 3) + 6 * relu(x + 2 / 3), depth, at)


# %% [markdown]
# ## 4. Counting pieces along a line (6 points)
#
# A ReLU network is linear in pieces, and along a straight line through its input space it is a curve of straight pieces.
# Write `count_linear_regions`. It gets the `params` of a network with any number of inputs, any number of hidden layers
# and **one** output, and two points `start` and `end` of shape `(inputs,)`. It returns the number of pieces that one
# meets on the way $x(t) = \text{start} + t\,(\text{end} - \text{start})$, for $t$ from 0 to 1: the number of longest
# stretches with one slope. **Where a unit switches on or off without changing the slope of the output, no new piece
# begins.**
#
# Count exactly, as in the lesson, not by looking at many points: a piece may be as short as a thousandth. Only what is
# due to rounding does not count: places closer than $10^{-9}$ are one place, and slopes that differ by less than a
# millionth are one slope. The given `hidden_sums(params, x)` returns the sums of every hidden layer.

# %% [markdown] hints="count_linear_regions" reads="Counting pieces"
# Keep an increasing list of cuts `t`, at first only 0 and 1. Between two neighboring cuts, the sums of the first hidden
# layer are linear in `t`. Where is a straight line zero, if you know its values at both ends?
#
# ---
#
# With values $a$ and $b$ of opposite sign at the cuts $s$ and $t$, the zero lies at $s + (t - s)\,a / (a - b)$. Add all
# zeros of the first layer to the cuts and sort. Between the new cuts the second layer's sums are linear; go on, layer by
# layer. At the end compare the slopes of the output between neighboring cuts.
#
# ---
#
# For layer `l`: `z = hidden_sums(params, start + cuts[:, None] * (end - start))[l]`, `a, b = z[:-1], z[1:]`,
# `i, j = np.nonzero(a * b < 0)`, new cuts `cuts[i] + np.diff(cuts)[i] * a[i, j] / (a[i, j] - b[i, j])`. Join, sort, and
# drop a cut that lies within 1e-9 of the one before. At the end `slopes = np.diff(out) / np.diff(cuts)`, and the answer
# is 1 plus the number of neighbors that differ by more than about a millionth.


# %% solution="count_linear_regions"
def count_linear_regions(params, start, end):
    """The number of linear pieces of a ReLU network on the straight way from one point to another.

    params: list of (W, b), one output; start, end: (inputs,). Returns an integer.

    Example: a single unit max(x, 0) has two pieces from [-1.0] to [1.0], and one from [1.0] to [2.0].
    """
    ### BEGIN SOLUTION
    cuts = np.array([0.0, 1.0])
    for layer in range(len(params) - 1):
        sums = hidden_sums(params, start + cuts[:, None] * (end - start))[layer]
        before, after = sums[:-1], sums[1:]
        i, j = np.nonzero(before * after < 0)
        zeros = cuts[i] + np.diff(cuts)[i] * before[i, j] / (before[i, j] - after[i, j])
        cuts = np.sort(np.concatenate([cuts, zeros]))
        cuts = cuts[np.append(True, np.diff(cuts) > 1e-9)]
    output = network(params, start + cuts[:, None] * (end - start))[:, 0]
    slopes = np.diff(output) / np.diff(cuts)
    return 1 + int(np.sum(np.abs(np.diff(slopes)) > 1e-6))
    ### END SOLUTION


# %% given="region_examples"
def random_network(sizes, seed):
    """A random network with these numbers of inputs, units and outputs."""
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(size=(n, m)) * np.sqrt(2 / n), rng.normal(size=m) / 2)
        for n, m in zip(sizes, sizes[1:])
    ]


def zigzag_network(corners):
    """One input, a unit for each corner, slopes that alternate."""
    bends = 2.0 * (-1.0) ** np.arange(len(corners))
    return [(np.ones((1, len(corners))), -np.array(corners)), (bends[:, None], np.zeros(1))]


# %% tests="count_linear_regions" points=6
with check.exercise("count_linear_regions"):
    check.call(
        count_linear_regions,
        zigzag_network([0.0, 1.0, 2.0]),
        np.array([-1.0]),
        np.array([5.0]),
        expect=4,
        about="three corners on the way: four pieces",
    )
    check.call(
        count_linear_regions,
        zigzag_network([0.0, 1.0, 2.0]),
        np.array([1.5]),
        np.array([0.5]),
        expect=2,
        about="a short way, backward: one corner",
    )
    check.call(
        count_linear_regions,
        [(np.array([[1.0, -1.0]]), np.zeros(2)), (np.array([[1.0], [-1.0]]), np.zeros(1))],
        np.array([-1.0]),
        np.array([3.0]),
        expect=1,
        about="max(x, 0) - max(-x, 0) is x: two units switch, and the slope stays",
    )
    check.call(
        count_linear_regions,
        [(np.eye(2), np.array([0.0, -1.0])), (np.ones((2, 1)), np.zeros(1))],
        np.array([-1.0, 0.0]),
        np.array([1.0, 4.0]),
        expect=3,
        about="two inputs: the way crosses x = 0 at t = 1/2 and y = 1 at t = 1/4",
    )
    check.call(
        count_linear_regions,
        [
            (np.array([[1.0, 1.0]]), np.array([0.0, -0.5])),
            (np.array([[2.0, 2.0], [-4.0, -4.0]]), np.array([0.0, -0.5])),
            (np.array([[2.0], [-4.0]]), np.zeros(1)),
        ],
        np.array([0.0]),
        np.array([1.0]),
        expect=4,
        about="the lesson's sawtooth of depth 2: four pieces",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(504)
    for k, sizes in enumerate([(1, 6, 1), (2, 8, 1), (1, 5, 5, 1), (3, 6, 6, 1), (2, 5, 4, 4, 1), (1, 12, 8, 1)]):
        way = 4 * rng.normal(size=(2, sizes[0]))
        check.call(count_linear_regions, random_network(sizes, 510 + k), *way, about="random networks of several depths")
    check.call(
        count_linear_regions,
        zigzag_network([0.3, 0.301, 0.3025, 0.7]),
        np.array([0.0]),
        np.array([1.0]),
        about="pieces as short as a thousandth",
    )
    check.call(
        count_linear_regions,
        [(np.ones((1, 3)), np.array([-0.5, -0.5, -0.25])), (np.array([[1.0], [1.0], [-1.0]]), np.zeros(1))],
        np.array([0.0]),
        np.array([1.0]),
        about="two units that bend at the same place",
    )
    check.call(
        count_linear_regions,
        [(np.ones((2, 2)), np.zeros(2)), (np.zeros((2, 1)), np.ones(1))],
        np.array([-1.0, 0.0]),
        np.array([1.0, 0.0]),
        about="a network that is constant",
    )
    scales = np.array([[1.0, 3.0, 7.0, 0.3, 1.1, 0.9]])
    check.call(
        count_linear_regions,
        [(scales, -scales[0] * [0.1, 0.1, 0.3, 0.3, 0.7, 0.7]), (np.ones((6, 1)), np.zeros(1))],
        np.array([0.0]),
        np.array([1.0]),
        about="pairs of units that bend at the same place, up to rounding",
    )
    for size in [0.1, 0.3, 0.7]:
        check.call(
            count_linear_regions,
            [(np.array([[size, -size]]), np.zeros(2)), (np.array([[1.3], [-1.3]]), np.zeros(1))],
            np.array([-1.1]),
            np.array([3.3]),
            about="two units that switch while the slope stays, up to rounding",
        )
    first, bias = np.ones((1, 2)), np.array([0.0, -0.5])
    last = np.array([[2.0], [-4.0]])
    for depth in [4, 6]:
        deep = [(first, bias)] + [(last @ first, bias)] * (depth - 1) + [(last, np.zeros(1))]
        check.call(count_linear_regions, deep, np.array([0.0]), np.array([1.0]), about="deep sawteeth")
    ### END HIDDEN TESTS


# %% mistakes="count_linear_regions"
def _cuts(params, start, end, layers, apart=1e-9):
    """The cuts that the first hidden layers make on the way, those less than `apart` from the one before left out."""
    cuts = np.array([0.0, 1.0])
    for layer in range(layers):
        sums = hidden_sums(params, start + cuts[:, None] * (end - start))[layer]
        before, after = sums[:-1], sums[1:]
        i, j = np.nonzero(before * after < 0)
        zeros = cuts[i] + np.diff(cuts)[i] * before[i, j] / (before[i, j] - after[i, j])
        cuts = np.sort(np.concatenate([cuts, zeros]))
        cuts = cuts[np.append(True, np.diff(cuts) > apart)]
    return cuts


def _pieces(params, start, end, cuts):
    """How many different neighboring slopes there are between the cuts."""
    output = network(params, start + cuts[:, None] * (end - start))[:, 0]
    slopes = np.diff(output) / np.diff(cuts)
    return 1 + int(np.sum(np.abs(np.diff(slopes)) > 1e-6))


def switches_counted(params, start, end):
    """You count every place where a unit switches. Where the slope of the output stays the same, no new piece begins: compare the slopes."""
    return len(_cuts(params, start, end, len(params) - 1)) - 1


def rounding_counted(params, start, end):
    """Two units that switch at the same place do so only up to rounding, and you count the stretch of no length between them as a piece. Drop a cut within 1e-9 of the one before."""
    return _pieces(params, start, end, _cuts(params, start, end, len(params) - 1, apart=0.0))


def bends_counted(params, start, end):
    """You count the corners. There is one piece more than there are corners."""
    return _pieces(params, start, end, _cuts(params, start, end, len(params) - 1)) - 1


def first_layer_only(params, start, end):
    """You look at the first hidden layer alone. The units of deeper layers bend the curve, too, and each may do so several times."""
    return _pieces(params, start, end, _cuts(params, start, end, 1))


def ends_compared(params, start, end):
    """You find at most one corner for each unit of the deeper layers: you look only at the two ends of the way. Within each stretch between the earlier cuts a unit may cross zero once."""
    cuts = np.array([0.0, 1.0])
    for sums in hidden_sums(params, np.stack([start, end])):
        before, after = sums[0], sums[1]
        j = np.nonzero(before * after < 0)[0]
        cuts = np.concatenate([cuts, before[j] / (before[j] - after[j])])
    cuts = np.sort(cuts)
    return _pieces(params, start, end, cuts[np.append(True, np.diff(cuts) > 1e-9)])


def sampled(params, start, end):
    """You look at a hundred points or so, and short pieces slip through. Compute where each unit is zero."""
    return _pieces(params, start, end, np.linspace(0, 1, 101))


def sampled_finely(params, start, end):
    """You look at a thousand points or so. Corners fall between them and count twice, and short pieces slip through: compute where each unit is zero."""
    return _pieces(params, start, end, np.linspace(0, 1, 1001))


def units_counted(params, start, end):
    """You count the units of the network. How many pieces there are depends on where they switch."""
    return 1 + sum(W.shape[1] for W, _ in params[:-1])


def units_multiplied(params, start, end):
    """You compute the largest possible number of pieces. Count those that are met on the way."""
    return int(np.prod([W.shape[1] + 1 for W, _ in params[:-1]]))


def units_that_switch(params, start, end):
    """You count the units that are on at one end of the way and off at the other. A unit of a deeper layer may switch many times in between."""
    return 1 + sum(int(np.sum((z[0] > 0) != (z[1] > 0))) for z in hidden_sums(params, np.stack([start, end])))


def different_slopes(params, start, end):
    """You count how many different slopes there are. Two pieces with the same slope that do not touch are two pieces: compare neighbors."""
    cuts = _cuts(params, start, end, len(params) - 1)
    output = network(params, start + cuts[:, None] * (end - start))[:, 0]
    return len(np.unique((np.diff(output) / np.diff(cuts)).round(6)))


# %% [markdown]
# ## 5. From wide to deep (6 points)
#
# Depth in place of width, as a program: the lesson's `narrow_deep_network`, for any number of inputs and any units. (With
# $d + 2$ units per layer, not with the $d + 1$ of the theorem: that is simpler.) A network with **one** hidden layer of
# $n$ units on $d$ inputs computes
#
# $$c + \sum_{i=1}^{n} w_i \max(x \cdot W_i + b_i,\, 0) ,$$
#
# where $W_i$ is column $i$ of its first weights. Instead of computing all $n$ units side by side, a deep network can
# compute them one after the other. Each of its $n$ hidden layers has $d + 2$ units: $d$ that carry the input along, one
# for the next unit of the wide network, and one for the sum so far. ReLU must not cut off what is only carried, so the
# carried input is $x - \text{low}$, which is never negative, and the sum has `bound` added to it.
#
# Write `narrow_deep_network(params, low, high, bound)`. `params` is the wide network, a list of two pairs `(W, b)`. For
# all inputs with every coordinate between `low` and `high` the new network must give the same output. No sum of the first
# few terms, $\sum_{i \le k} w_i \max(\dots)$, is larger in size than `bound`. **No hidden layer may have more than
# $d + 2$ units.** (You may or may not need `high`.)


# %% given="narrow_probes"
def wide_network(n_in, units, seed):
    """A random network with one hidden layer and one output."""
    rng = np.random.default_rng(seed)
    first = rng.normal(size=(n_in, units)), rng.normal(size=units)
    return [first, (rng.normal(size=(units, 1)), rng.normal(size=1))]


def bound_of(params, low, high):
    """A number that no partial sum of the hidden units exceeds for inputs between low and high."""
    (W, b), (last, _) = params
    return float(np.abs(last[:, 0]) @ (np.abs(b) + np.abs(W).sum(axis=0) * max(abs(low), abs(high))))


def narrow_values(params, low, high, x):
    """The deep network's answers to x."""
    return network(narrow_deep_network(params, low, high, bound_of(params, low, high)), x)


def narrow_width(params, low, high):
    """Whether the deep network keeps to the width d + 2."""
    deep = narrow_deep_network(params, low, high, bound_of(params, low, high))
    widths = [W.shape[1] for W, _ in deep[:-1]]
    return "kept" if max(widths) <= len(params[0][0]) + 2 else "exceeded"


# %% [markdown] hints="narrow_deep_network" reads="Narrow and deep, by hand"
# Draw one hidden layer as $d + 2$ boxes: $x - \text{low}$, unit $i$, and the sum of the units before $i$. What does each
# box of the next layer need to know from the boxes of this one?
#
# ---
#
# The next layer's carried input copies this one's. Its unit is $x \cdot W_i + b_i$, but what is at hand is
# $x - \text{low}$, so the bias must make up for that: $b_i + \text{low} \sum_k W_{ki}$. Its sum is this layer's sum plus
# $w$ times this layer's unit. The first layer sees $x$ itself; its sum is empty, so that box is just `bound`.
#
# ---
#
# For layer `i > 0`: `V = np.zeros((d + 2, d + 2))`, `V[:d, :d] = np.eye(d)`, `V[:d, d] = W[:, i]`,
# `V[d, d + 1] = last[i - 1, 0]`, `V[d + 1, d + 1] = 1`, bias zero but for `bias[d] = b[i] + low * W[:, i].sum()`. The
# output layer takes `last[n - 1, 0]` times the unit plus the sum, and its bias is `c - bound`.


# %% solution="narrow_deep_network"
def narrow_deep_network(params, low, high, bound):
    """A deep network of width d + 2 that computes the same as a wide one.

    params: [(W (d, n), b (n,)), (last (n, 1), c (1,))], one hidden layer; low, high: every coordinate of the inputs lies
    between them; bound: no partial sum of the hidden units is larger in size.
    Returns params with n hidden layers of at most d + 2 units and one output.

    Example: the wide network max(x, 0) - max(x - 1, 0) becomes two hidden layers of three units.
    """
    ### BEGIN SOLUTION
    (W, b), (last, c) = params
    d, n = W.shape
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), b[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d], V[:d, d], bias[d] = np.eye(d), W[:, i], b[i] + low * W[:, i].sum()
        V[d:, d + 1] = last[i - 1, 0], 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [1.0]])[:, None]
    return [*deep, (end, c - bound)]
    ### END SOLUTION


# %% tests="narrow_deep_network" points=6
with check.exercise("narrow_deep_network"):
    ramp = [(np.array([[1.0, 1.0]]), np.array([0.0, -1.0])), (np.array([[1.0], [-1.0]]), np.array([0.5]))]
    check.call(
        narrow_values,
        ramp,
        -2.0,
        3.0,
        np.array([[-2.0], [0.0], [0.25], [1.0], [3.0]]),
        expect=[[0.5], [0.5], [0.75], [1.5], [1.5]],
        about="max(x, 0) - max(x - 1, 0) + 0.5, a ramp",
    )
    check.call(
        narrow_values,
        [(np.array([[1.0], [-1.0]]), np.array([0.0])), (np.array([[2.0]]), np.zeros(1))],
        0.0,
        1.0,
        np.array([[1.0, 0.0], [0.25, 0.75], [0.5, 0.25]]),
        expect=[[2.0], [0.0], [0.5]],
        about="two inputs, one unit: 2 max(x - y, 0)",
    )
    check.value(
        "no layer wider than d + 2, for two inputs and nine units",
        narrow_width(wide_network(2, 9, 1), -1.0, 1.0),
        expect="kept",
        about="the width of the network",
        diagnosis="too_wide",
        why="A hidden layer has more than d + 2 units. Compute the units of the wide network one after the other, one in each layer.",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(505)
    for k, (n_in, units, low, high) in enumerate(
        [(1, 5, 0.0, 1.0), (2, 4, -1.0, 1.0), (3, 7, -2.0, 0.5), (1, 1, -3.0, -1.0), (4, 12, 1.0, 2.0), (2, 2, -5.0, 5.0)]
    ):
        wide = wide_network(n_in, units, 520 + k)
        x = rng.uniform(low, high, size=(20, n_in))
        check.call(narrow_values, wide, low, high, x, about="random wide networks on several boxes")
        check.value("the width", narrow_width(wide, low, high), about="the width of the network", diagnosis="too_wide")
    check.call(
        narrow_values,
        [(np.ones((1, 3)), np.array([0.0, 1.0, 2.0])), (-np.ones((3, 1)), np.zeros(1))],
        -1.0,
        1.0,
        np.linspace(-1, 1, 9)[:, None],
        about="a sum that is negative all along",
    )
    ### END HIDDEN TESTS


# %% mistakes="narrow_deep_network"
def _deep(params, low, x, shift=None, correct=True, carried=True, weights=None, end=None):
    """The deep network's answers, computed layer by layer, with what is given changed."""
    (W, b), (last, c) = params
    last = last[:, 0] if weights is None else weights
    shift = float(np.abs(last).sum() * 1e6) if shift is None else shift
    kept = relu(x - low) if carried else relu(x)
    offset = low if correct else 0.0
    total = np.full(len(x), shift)
    for i in range(W.shape[1]):
        unit = relu(x @ W[:, i] + b[i]) if i == 0 else relu(kept @ W[:, i] + b[i] + offset * W[:, i].sum())
        if i < W.shape[1] - 1:
            total = relu(total + last[i] * unit)
    return (total + last[-1] * unit - shift + (c if end is None else end))[:, None]


def sum_cut_off(params, low, high, x):
    """Your running sum is cut off by ReLU where it is negative. Add `bound` to it in the first layer, and take it away at the output."""
    return _deep(params, low, x, shift=0.0)


def low_not_made_up(params, low, high, x):
    """What your layers carry is x - low, and the biases of the units do not make up for it: add low * W[:, i].sum() to b[i]."""
    return _deep(params, low, x, correct=False)


def low_in_the_first_layer_too(params, low, high, x):
    """Your first unit makes up for low, which it must not: the first layer sees x itself, so there the bias is b[0] as it was."""
    (W, b), (last, c) = params
    off = relu(x @ W[:, 0] + b[0] + low * W[:, 0].sum()) - relu(x @ W[:, 0] + b[0])
    return network(params, x) + last[0, 0] * off[:, None]


def low_taken_away(params, low, high, x):
    """What your layers carry is x - low, so low * W[:, i].sum() is missing from the unit, and must be added to b[i]. You take it away once more."""
    (W, b), (last, c) = params
    sums = x @ W + b
    sums[:, 1:] -= 2 * low * W[:, 1:].sum(axis=0)
    return relu(sums) @ last + c


def input_cut_off(params, low, high, x):
    """You carry x itself through the ReLUs, and its negative coordinates are lost. Carry x - low, which is never negative."""
    return _deep(params, low, x, correct=False, carried=False)


def bound_left_in(params, low, high, x):
    """Your output is too large by `bound`. Take it away again in the last bias: c - bound."""
    (W, b), (last, c) = params
    size = np.abs(last[:, 0]) @ (np.abs(b) + np.abs(W).sum(axis=0) * max(abs(low), abs(high)))
    return network(params, x) + size


def output_bias_lost(params, low, high, x):
    """The output bias of the wide network is missing from your output: the last bias is c - bound."""
    return _deep(params, low, x, end=0.0)


def last_unit_lost(params, low, high, x):
    """The last unit never reaches your output. The output layer must add last[n - 1] times that unit to the sum."""
    return network(params, x) - params[1][0][-1] * relu(x @ params[0][0][:, -1:] + params[0][1][-1])


def first_unit_lost(params, low, high, x):
    """The first unit never reaches your sum. Layer i adds last[i - 1] times the unit of the layer before it, beginning with unit 0."""
    return network(params, x) - params[1][0][0] * relu(x @ params[0][0][:, :1] + params[0][1][0])


def only_the_last_unit(params, low, high, x):
    """Only the last unit reaches your output: the sum so far is not carried from layer to layer. Its weight to the next sum is 1."""
    return params[1][0][-1] * relu(x @ params[0][0][:, -1:] + params[0][1][-1]) + params[1][1]


def weights_not_used(params, low, high, x):
    """You add the units up without their output weights: the unit of layer i - 1 enters the sum with last[i - 1]."""
    return _deep(params, low, x, weights=np.ones(params[0][0].shape[1]))


def weights_one_late(params, low, high, x):
    """Your output weights are one place off: unit i - 1 enters the sum with last[i - 1], not with last[i]."""
    last = params[1][0][:, 0]
    return _deep(params, low, x, weights=np.append(last[1:], last[-1]))


# %% [markdown]
# ## 6. A residual block, in Keras (4 points)
#
# Write `residual_block`, a block for a very deep dense network. It gets a Keras tensor `x` of shape `(batch, n)`, as in
# the functional API, and returns
#
# $$\text{shortcut}(x) + \text{Dense}_2\bigl(\operatorname{ReLU}(\text{Dense}_1(\operatorname{ReLU}(x)))\bigr) .$$
#
# This is the *pre-activation* form of He et al. (2016): the activation comes before the weights, and nothing at all
# stands on the way of the shortcut after the addition.
#
# - Dense 1 has `hidden_units` units, Dense 2 has as many as the block's output. All start with Keras's defaults, except
#   that the **kernel of Dense 2 starts at zero**, so that at first the block passes on its shortcut.
# - With `n_out=None`, or `n_out` equal to $n$, the shortcut is $x$ itself.
# - With another `n_out`, the output has `n_out` numbers, and the shortcut is a Dense layer of `n_out` units **without
#   bias and without activation**, applied to $x$.


# %% given="block_probes"
def numbers_for(shape, seed):
    """For a kernel ones and for a bias zeros, or with a seed random numbers that depend on the shape."""
    if seed is None:
        return np.full(shape, float(len(shape) > 1))
    return np.random.default_rng([seed, *shape]).normal(size=shape) / np.sqrt(shape[0])


def block_facts(x, hidden_units, n_out=None, seed=None):
    """Three facts about your block: what it answers to x when it is new and when its weights are set, and its size."""
    inputs = keras.Input((x.shape[1],))
    model = keras.Model(inputs, residual_block(inputs, hidden_units, n_out))
    new, weights = np.array(model(x.astype("float32"))), model.get_weights()
    projections = [w for w in weights if w.shape == (x.shape[1], new.shape[1])]
    if n_out in (None, x.shape[1]):
        projections = [np.eye(x.shape[1])]
    passes = bool(projections) and np.allclose(new, x @ projections[0], atol=1e-5)
    model.set_weights([numbers_for(w.shape, seed) for w in weights])
    return {
        "with weights set": np.array(model(x.astype("float32"))),
        "a new block": "passes on its shortcut" if passes else "does something else",
        "numbers to learn": model.count_params(),
    }


# %% [markdown] hints="residual_block" reads="Depth that can be trained"
# Two ways lead from `x` to the sum. On the long one: ReLU, Dense, ReLU, Dense. On the short one: nothing, or a single
# Dense layer. What tells you the width of `x`?
#
# ---
#
# `x.shape[-1]` is the width. `keras.activations.relu(x)` or `keras.layers.ReLU()(x)` is a ReLU by itself; the one after
# Dense 1 can be its `activation`. `kernel_initializer="zeros"` makes a kernel start at zero, `use_bias=False` leaves the
# bias out.
#
# ---
#
# `n_out = n_out or x.shape[-1]`; `hidden = Dense(hidden_units, activation="relu")(ReLU()(x))`;
# `change = Dense(n_out, kernel_initializer="zeros")(hidden)`;
# `shortcut = x if n_out == x.shape[-1] else Dense(n_out, use_bias=False)(x)`; return `shortcut + change`.


# %% solution="residual_block"
def residual_block(x, hidden_units, n_out=None):
    """A pre-activation residual block, after He et al. (2016), Identity mappings in deep residual networks.

    x: a Keras tensor (batch, n); hidden_units: units of the first dense layer; n_out: outputs, n when None.
    Returns a Keras tensor (batch, n_out).

    Example: with n_out=None a new block answers [[1.0, -2.0]] to [[1.0, -2.0]].
    """
    ### BEGIN SOLUTION
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units, activation="relu")(keras.layers.ReLU()(x))
    change = keras.layers.Dense(n_out, kernel_initializer="zeros")(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out, use_bias=False)(x)
    return keras.layers.Add()([shortcut, change])
    ### END SOLUTION


# %% tests="residual_block" points=4
with check.exercise("residual_block"):
    check.call(
        block_facts,
        np.array([[1.0, -2.0, 0.5]]),
        5,
        expect={
            "with weights set": [[8.5, 5.5, 8.0]],
            "a new block": "passes on its shortcut",
            "numbers to learn": 38,
        },
        about="all kernels one: ReLU(x) sums to 1.5, five units make 7.5; and 3 * 5 + 5 + 5 * 3 + 3 = 38",
    )
    check.call(
        block_facts,
        np.array([[1.0, -2.0, 0.5]]),
        5,
        n_out=2,
        expect={
            "with weights set": [[7.0, 7.0]],
            "a new block": "passes on its shortcut",
            "numbers to learn": 38,
        },
        about="two outputs: 7.5 and the sum of x, -0.5; and 20 + 12 + 6 = 38",
    )
    check.call(
        block_facts,
        np.array([[-2.0, 1.0]]),
        1,
        expect={
            "with weights set": [[-1.0, 2.0]],
            "a new block": "passes on its shortcut",
            "numbers to learn": 7,
        },
        about="all kernels one, a single hidden unit: ReLU(x) sums to 1",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(506)
    for n, hidden_units, n_out in [(3, 5, None), (4, 7, 4), (3, 6, 2), (2, 4, 5), (6, 1, None)]:
        x = rng.normal(size=(6, n))
        check.call(block_facts, x, hidden_units, n_out, seed=n, rtol=1e-3, about="random weights, and blocks of other sizes")
    ### END HIDDEN TESTS


# %% mistakes="residual_block"
def _facts(x, hidden_units, n_out, seed, before=relu, inside=relu, late=lambda z: z, shortcut=None, after=lambda z: z, new=None, more=0):
    """What block_facts says of a block with these parts."""
    n, n_out = x.shape[1], n_out or x.shape[1]
    hidden = inside(before(x) @ numbers_for((n, hidden_units), seed) + numbers_for((hidden_units,), seed))
    change = late(hidden @ numbers_for((hidden_units, n_out), seed) + numbers_for((n_out,), seed))
    direct = (lambda z: z) if n_out == n else (lambda z: z @ numbers_for((n, n_out), seed))
    way = direct(x) if shortcut is None else shortcut(x, direct)
    count = (n + 1) * hidden_units + (hidden_units + 1) * n_out + (n * n_out if n_out != n else 0)
    said = "passes on its shortcut" if new is None else "does something else"
    return {"with weights set": after(way + change), "a new block": said, "numbers to learn": count + more}


def no_shortcut(x, hidden_units, n_out=None, seed=None):
    """Your block has no shortcut: x, or its projection, must be added at the end."""
    n, out = x.shape[1], n_out or x.shape[1]
    return _facts(x, hidden_units, n_out, seed, shortcut=lambda x, direct: 0.0, new="zero", more=-n * out if out != n else 0)


def no_relu_before(x, hidden_units, n_out=None, seed=None):
    """The first ReLU is missing: the long way begins with ReLU(x), before Dense 1."""
    return _facts(x, hidden_units, n_out, seed, before=lambda z: z)


def no_relu_between(x, hidden_units, n_out=None, seed=None):
    """Between Dense 1 and Dense 2 there is no activation, so the two are one linear layer. Give Dense 1 activation="relu"."""
    return _facts(x, hidden_units, n_out, seed, inside=lambda z: z)


def relu_after_the_sum(x, hidden_units, n_out=None, seed=None):
    """You apply a ReLU after the addition. In the pre-activation form nothing stands on the way of the shortcut: the sum is the output."""
    return _facts(x, hidden_units, n_out, seed, after=relu, new="cut")


def relu_on_the_shortcut(x, hidden_units, n_out=None, seed=None):
    """Your shortcut adds ReLU(x). It must pass on x itself, its negative numbers too."""
    return _facts(x, hidden_units, n_out, seed, shortcut=lambda x, direct: direct(relu(x)), new="cut")


def relu_in_dense_two(x, hidden_units, n_out=None, seed=None):
    """Dense 2 has an activation, so your block can only add positive numbers. It has none."""
    return _facts(x, hidden_units, n_out, seed, late=relu)


def change_subtracted(x, hidden_units, n_out=None, seed=None):
    """You subtract where the block adds."""
    return _facts(x, hidden_units, n_out, seed, late=lambda z: -z)


def starts_otherwise(x, hidden_units, n_out=None, seed=None):
    """A new block of yours does not pass on its shortcut: the kernel of Dense 2 must start at zero, kernel_initializer="zeros"."""
    return _facts(x, hidden_units, n_out, seed, new="otherwise")


def bias_on_the_shortcut(x, hidden_units, n_out=None, seed=None):
    """The Dense layer on your shortcut has a bias. It is to have none: use_bias=False."""
    n, out = x.shape[1], n_out or x.shape[1]
    extra = numbers_for((out,), seed) if out != n else 0.0
    return _facts(x, hidden_units, n_out, seed, late=lambda z: z + extra, more=out if out != n else 0)


def always_projected(x, hidden_units, n_out=None, seed=None):
    """Your shortcut has a Dense layer even where the widths agree. There it is x itself, without weights."""
    n, out = x.shape[1], n_out or x.shape[1]
    if out != n:
        return _facts(x, hidden_units, n_out, seed)
    return _facts(x, hidden_units, n_out, seed, shortcut=lambda x, _: x @ numbers_for((n, n), seed), new="otherwise", more=n * n)


# %% [markdown]
# ## 7. In words (3 points)
#
# Two remarks from a discussion. The first: "By the universal approximation theorem one hidden layer can represent
# anything, so depth is a waste." The second: "Our problem has ten inputs. A ReLU network of width ten with a hundred
# layers has so many weights that it can surely represent the answer." What is wrong with each? Answer in four to eight
# sentences, with the results of the lesson.

# %% [markdown] answer="two_remarks" points=3 reads="The question, answered"
# The theorem says that on a closed and bounded region every continuous function can be *approximated* as closely as one
# likes by one hidden layer with *enough* units. It does not say how many are enough, nor that training finds the weights.
# A sawtooth with $2^k$ pieces takes about $2^k$ units in one hidden layer, for each unit bends the curve once, but only
# $2k$ units in $k$ layers, because each layer folds what the one before it made. So depth buys nothing that could not be
# had in principle, and it can buy it exponentially cheaper. The second remark overlooks that depth does not make up for
# width: a ReLU network whose layers are no wider than its ten inputs cannot enclose a region. Its sets above a level are
# unbounded wherever they exist, so for example a function that is large inside of a ball and small outside of it cannot
# be approximated, with a hundred layers or a million. Width eleven is enough, with sufficient depth.
#
# (Grading: 1 point for approximation with enough units and what is not said, 1 for the exponential price of doing without
# depth, 1 for the limit at width equal to the number of inputs with a reason or an example.)
