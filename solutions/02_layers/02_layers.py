# %% [raw] front=true
# title = "Layers: assignment"
# shows = "You build a network's parts from scratch (layer, activations, softmax, loss, first weights), then two networks in Keras, one of them without any training."
# minutes = {work = 120}

# %% setup=true

# %% [markdown]
# Eight functions in the order of the lesson, and one question to answer in words. The visible checks can be done by
# hand; hidden checks try your functions on other inputs. Run a cell of checks as often as you like. When you are
# stuck, `check.hint("softmax")` gives the first of three hints and, run again, the next.
#
# Conventions, as in the lesson: examples are rows, weights have shape `(inputs, outputs)`, logarithms are natural, and
# no function may change the arrays that it is given.

# %% given="imports"
import keras
import numpy as np


def relu(z):
    return np.maximum(z, 0)


# %% [markdown]
# ## 1. A dense layer (4 points)
#
# Write `dense_forward`. It computes the pre-activations $Z = XW + b$, shape `(n, m)`, where $b$ is added to every row.
# If an `activation` is given, it is a function such as `relu`, and the answer is `activation(Z)`. If it is `None`, the
# answer is $Z$ itself.

# %% [markdown] hints="dense_forward" reads="1. From a neuron to a layer to a network"
# Write the shapes under the product: `(n, d)` and `(d, m)` give `(n, m)`. Which operator multiplies matrices?
#
# ---
#
# `x @ weights` has shape `(n, m)`, and adding `bias` of shape `(m,)` adds it to every row. The activation comes last,
# after the bias.
#
# ---
#
# `z = x @ weights + bias`; then `return z` if `activation is None`, otherwise `return activation(z)`.


# %% solution="dense_forward"
def dense_forward(x, weights, bias, activation=None):
    """The output of a dense layer.

    x: (n, d), weights: (d, m), bias: (m,), activation: a function of an array, or None.
    Returns (n, m): activation(x @ weights + bias), without the activation if it is None.

    Example: dense_forward(np.array([[1.0, 2.0]]), np.array([[1.0], [-1.0]]), np.array([0.5])) is [[-0.5]],
    and [[0.0]] with activation=relu.
    """
    ### BEGIN SOLUTION
    z = x @ weights + bias
    return z if activation is None else activation(z)
    ### END SOLUTION


# %% tests="dense_forward" points=4
with check.exercise("dense_forward"):
    x = np.array([[1.0, 2.0], [0.0, -1.0]])
    weights = np.array([[1.0, 3.0], [0.0, -1.0]])
    check.call(
        dense_forward,
        x,
        weights,
        np.array([10.0, 20.0]),
        expect=[[11.0, 21.0], [10.0, 21.0]],
        about="two examples, two units",
    )
    check.call(
        dense_forward,
        x,
        weights,
        np.array([-2.0, 0.0]),
        activation=relu,
        expect=[[0.0, 1.0], [0.0, 1.0]],
        about="the same with relu",
    )
    check.call(
        dense_forward,
        x,
        np.array([[1.0, 0.0, 2.0], [1.0, 1.0, 0.0]]),
        np.zeros(3),
        expect=[[3.0, 2.0, 2.0], [-1.0, -1.0, 0.0]],
        about="three units",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(201)
    for n, d, m in [(5, 3, 4), (1, 6, 2), (7, 2, 1), (4, 4, 4), (3, 1, 3)]:
        x, weights, bias = rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=m)
        check.call(
            dense_forward, x, weights, bias, about="random layers of several shapes, no activation"
        )
        check.call(
            dense_forward, x, weights, bias, activation=np.tanh, about="random layers with tanh"
        )
        check.call(
            dense_forward,
            x,
            weights,
            bias,
            relu,
            about="random layers with relu, given by position",
        )
    check.call(
        dense_forward,
        np.zeros((3, 2)),
        np.ones((2, 2)),
        np.array([1.0, -1.0]),
        about="zero inputs: the bias alone answers",
    )
    check.call(
        dense_forward,
        np.array([[1, 2]]),
        np.array([[3, 4], [5, 6]]),
        np.array([1, 1]),
        about="whole numbers",
    )
    ### END HIDDEN TESTS


# %% mistakes="dense_forward"
def no_bias(x, weights, bias, activation=None):
    """The bias has no effect on your answer. Add it to the product, before the activation: z = x @ weights + bias."""
    z = x @ weights
    return z if activation is None else activation(z)


def transposed_weights(x, weights, bias, activation=None):
    """You multiply by the transpose of the weights. Here column j of the weights belongs to unit j, shape (inputs, outputs): x @ weights, without .T."""
    z = x @ weights.T + bias
    return z if activation is None else activation(z)


def bias_down_the_column(x, weights, bias, activation=None):
    """You give each example its own bias. The bias belongs to the units: shape (m,), one for each column, added to every row. Add it as it is, without reshaping."""
    z = x @ weights + bias[:, None]
    return z if activation is None else activation(z)


def elementwise_product(x, weights, bias, activation=None):
    """You multiply element by element (*). A layer needs the matrix product, which sums over the inputs: x @ weights."""
    z = x * weights + bias
    return z if activation is None else activation(z)


def activation_ignored(x, weights, bias, activation=None):
    """The activation that was given is not used. When it is not None, return activation(z)."""
    return x @ weights + bias


def activation_before_bias(x, weights, bias, activation=None):
    """You apply the activation before the bias is added. The unit bends its whole pre-activation: activation(x @ weights + bias)."""
    z = x @ weights
    return z + bias if activation is None else activation(z) + bias


def activation_on_inputs(x, weights, bias, activation=None):
    """You apply the activation to the inputs. It comes after the weighted sum: activation(x @ weights + bias)."""
    return (x if activation is None else activation(x)) @ weights + bias


def always_relu(x, weights, bias, activation=None):
    """You apply ReLU whether or not it was asked for. With activation=None the pre-activations come back as they are, negative ones too."""
    return np.maximum(x @ weights + bias, 0)


def summed_bias(x, weights, bias, activation=None):
    """You add the sum of all biases to every unit. Each unit has its own: add the whole array, and broadcasting does the rest."""
    z = x @ weights + bias.sum()
    return z if activation is None else activation(z)


def bias_subtracted(x, weights, bias, activation=None):
    """You subtract the bias. It is added: z = x @ weights + bias."""
    z = x @ weights - bias
    return z if activation is None else activation(z)


# %% [markdown]
# ## 2. Six activations and their slopes (6 points)
#
# Write `activations`. It gets the `name` of an activation and an array `z` of any shape, and returns the **pair**
# (value, slope), two arrays of the same shape as `z`:
#
# | name | value | slope |
# |:--|:--|:--|
# | `"step"` | 1 where $z \ge 0$, else 0 | 0 everywhere |
# | `"sigmoid"` | $\sigma(z) = 1/(1+e^{-z})$ | you know it from the lesson |
# | `"tanh"` | $\tanh z$ | you know it too |
# | `"relu"` | $\max(z, 0)$ | 1 where $z > 0$, else 0 (at 0, too) |
# | `"leaky_relu"` | $z$ where $z > 0$, else $0.01 z$ | 1 where $z > 0$, else 0.01 |
# | `"gelu"` | $\tfrac12 z\,(1 + \tanh u)$ with $u = \sqrt{2/\pi}\,(z + 0.044715\,z^3)$ | the derivative of just this formula |
#
# The formula for GELU is the one with tanh; the exact one, with $\Phi$, differs in the fourth digit, which the checks
# notice. For every other name, raise a `ValueError`. For large $|z|$, up to 1000, the answers must be finite numbers.

# %% [markdown] hints="activations" reads="3. Activations and their derivatives"
# One `if name == ...:` for each row of the table, each with its own `return value, slope`. Start with the easy ones,
# and measure your slopes with `check.slope(lambda z: ..., z)` if in doubt.
#
# ---
#
# The slope of the sigmoid is $\sigma(1-\sigma)$, that of tanh $1 - \tanh^2 z$. For GELU use the product rule: the
# derivative of $\tfrac12 z (1 + t)$ with $t = \tanh u$ is $\tfrac12(1 + t) + \tfrac12 z\, t'$, and by the chain rule
# $t' = (1 - t^2)\,u'$.
#
# ---
#
# `t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))`, and its slope is
# `(1 - t**2) * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z**2)`. For the sigmoid, `(1 + np.tanh(z / 2)) / 2` never
# overflows. After the last `if`: `raise ValueError(name)`.


# %% solution="activations"
def activations(name, z):
    """The value of an activation and its slope, elementwise.

    name: "step", "sigmoid", "tanh", "relu", "leaky_relu" or "gelu"; z: an array of any shape.
    Returns (value, slope), two arrays of the shape of z. Raises ValueError for any other name.

    Example: activations("tanh", np.array([0.0])) is (array([0.]), array([1.])).
    """
    ### BEGIN SOLUTION
    if name == "step":
        return (z >= 0) * 1.0, 0.0 * z
    if name == "sigmoid":
        s = (1 + np.tanh(z / 2)) / 2
        return s, s * (1 - s)
    if name == "tanh":
        return np.tanh(z), 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.maximum(z, 0), (z > 0) * 1.0
    if name == "leaky_relu":
        return np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)
    if name == "gelu":
        t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
        return z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (
            1 + 0.134145 * z**2
        )
    raise ValueError(name)
    ### END SOLUTION


# %% tests="activations" points=3
with check.exercise("activations"):
    z = np.array([-2.0, 0.0, 3.0])
    check.call(
        activations,
        "step",
        z,
        expect=([0.0, 1.0, 1.0], [0.0, 0.0, 0.0]),
        about="the step, with z = 0 among the inputs",
    )
    check.call(
        activations,
        "relu",
        z,
        expect=([0.0, 0.0, 3.0], [0.0, 0.0, 1.0]),
        about="ReLU, with slope 0 at z = 0",
    )
    check.call(
        activations,
        "leaky_relu",
        z,
        expect=([-0.02, 0.0, 3.0], [0.01, 0.01, 1.0]),
        about="the leaky ReLU",
    )
    check.call(
        activations,
        "sigmoid",
        np.array([0.0, np.log(3.0)]),
        expect=([0.5, 0.75], [0.25, 0.1875]),
        about="the sigmoid at odds 1 and 3",
    )
    check.call(
        activations,
        "tanh",
        np.array([0.0, np.log(2.0)]),
        expect=([0.0, 0.6], [1.0, 0.64]),
        about="tanh(log 2) = (2 - 1/2) / (2 + 1/2)",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(202)
    for name in ["step", "sigmoid", "tanh", "relu", "leaky_relu"]:
        for shape in [(9,), (3, 4), (2, 3, 2)]:
            check.call(
                activations,
                name,
                2 * rng.normal(size=shape),
                about=f"{name}: random inputs of several shapes",
            )
        check.call(activations, name, np.array([[-3, 0, 2]]), about=f"{name}: whole numbers")
    ### END HIDDEN TESTS

# %% tests="activations.gelu" points=2
with check.exercise("activations.gelu"):
    check.call(
        activations,
        "gelu",
        np.array([0.0, 20.0, -20.0]),
        expect=([0.0, 20.0, 0.0], [0.5, 1.0, 0.0]),
        about="GELU at 0, and far out, where it is ReLU",
    )
    at = np.array(
        [-1.5, -0.4, 0.7, 2.1]
    )  # a wide chord below, so that 32-bit answers are measured well too
    measured = check.slope(lambda z: np.sum(activations("gelu", z)[0]), at, step=0.01)
    check.call(
        activations,
        "gelu",
        np.array([1.0]),
        expect=([0.841192], [1.082964]),
        about="GELU at 1: u = 0.833568, tanh u = 0.682384",
    )
    check.value(
        "the largest difference between your slope of GELU and finite differences",
        float(np.abs(np.array(activations("gelu", at)[1]) - measured).max()),
        expect=0.0,
        atol=1e-3,
        about="the slope belongs to the value",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(203)
    for shape in [(12,), (3, 5)]:
        check.call(
            activations,
            "gelu",
            1.5 * rng.normal(size=shape),
            about="gelu: random inputs of several shapes",
        )
    check.call(activations, "gelu", np.array([-3, -2, -1, 1, 2, 3]), about="gelu: whole numbers")
    ### END HIDDEN TESTS

# %% tests="activations.edges" points=1
with check.exercise("activations.edges"):
    far = np.array([-1000.0, 1000.0])
    check.call(
        activations, "sigmoid", far, expect=([0.0, 1.0], [0.0, 0.0]), about="very large inputs"
    )
    check.call(
        activations, "gelu", far, expect=([0.0, 1000.0], [0.0, 1.0]), about="very large inputs"
    )
    check.raises(activations, "swish", far, about="a name that is not in the table")
    ### BEGIN HIDDEN TESTS
    for name in ["sigmoid", "tanh", "relu", "leaky_relu", "gelu"]:
        check.call(
            activations,
            name,
            np.array([[-745.0, 745.0], [-100.0, 100.0], [-30.0, 40.0]]),
            about="large inputs of both signs give finite numbers",
        )
    check.raises(activations, "ReLU", far, about="names are spelled as in the table")
    ### END HIDDEN TESTS

# %% mistakes="activations"
_right = {
    "step": lambda z: ((z >= 0) * 1.0, 0.0 * z),
    "sigmoid": lambda z: ((1 + np.tanh(z / 2)) / 2, (1 - np.tanh(z / 2) ** 2) / 4),
    "tanh": lambda z: (np.tanh(z), 1 - np.tanh(z) ** 2),
    "relu": lambda z: (np.maximum(z, 0), (z > 0) * 1.0),
    "leaky_relu": lambda z: (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
    "gelu": lambda z: (z * (1 + _t(z)) / 2, (1 + _t(z)) / 2 + z * (1 - _t(z) ** 2) / 2 * _du(z)),
}
_t = lambda z: np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
_du = lambda z: np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z**2)


def step_at_zero(name, z):
    """Your step gives 0 at z = 0. In this course the neuron fires when z reaches 0: compare with >=."""
    return ((z > 0) * 1.0, 0.0 * z) if name == "step" else _right[name](z)


def step_slope_one(name, z):
    """Your step has the slope of ReLU. It is flat on both sides, so its slope is 0 everywhere; that is why it cannot be trained by slopes."""
    return ((z >= 0) * 1.0, (z > 0) * 1.0) if name == "step" else _right[name](z)


def sigmoid_slope_of_z(name, z):
    """For the slope of the sigmoid you put z into s * (1 - s). The s there is the value of the sigmoid, not its input."""
    return (_right[name](z)[0], z * (1 - z)) if name == "sigmoid" else _right[name](z)


def sigmoid_overflows(name, z):
    """exp(z) / (1 + exp(z)) is infinity over infinity for large z. Use 1 / (1 + exp(-z)), or (1 + tanh(z / 2)) / 2, which never overflows."""
    s = np.exp(z) / (1 + np.exp(z))
    return (s, s * (1 - s)) if name == "sigmoid" else _right[name](z)


def tanh_not_squared(name, z):
    """Your slope of tanh lacks the square: it is 1 - tanh(z)**2."""
    return (np.tanh(z), 1 - np.tanh(z)) if name == "tanh" else _right[name](z)


def tanh_slope_like_sigmoid(name, z):
    """You use the sigmoid's formula a * (1 - a) for the slope of tanh. For tanh it is 1 - a**2."""
    return (np.tanh(z), np.tanh(z) * (1 - np.tanh(z))) if name == "tanh" else _right[name](z)


def relu_slope_at_zero(name, z):
    """Your ReLU has slope 1 at z = 0. The table asks for 0 there: 1 only where z > 0."""
    return (np.maximum(z, 0), (z >= 0) * 1.0) if name == "relu" else _right[name](z)


def relu_slope_everywhere(name, z):
    """Your ReLU has slope 1 everywhere. On the left, where it is flat, the slope is 0."""
    return (np.maximum(z, 0), np.ones_like(z)) if name == "relu" else _right[name](z)


def leaky_flat_slope(name, z):
    """Your leaky ReLU has slope 0 on the left. There it is 0.01 * z, so its slope is 0.01: that is what keeps a unit alive."""
    return (
        (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.0))
        if name == "leaky_relu"
        else _right[name](z)
    )


def leaky_other_leak(name, z):
    """Your leak is 0.2 (the default of keras.activations.leaky_relu). The table asks for 0.01."""
    return (
        (np.where(z > 0, z, 0.2 * z), np.where(z > 0, 1.0, 0.2))
        if name == "leaky_relu"
        else _right[name](z)
    )


def gelu_no_product_rule(name, z):
    """Your slope of GELU is only (1 + tanh u) / 2. GELU is a product of z and that factor: by the product rule, z times the slope of the factor is missing."""
    return (z * (1 + _t(z)) / 2, (1 + _t(z)) / 2) if name == "gelu" else _right[name](z)


def gelu_no_inner_slope(name, z):
    """In your slope of GELU the chain rule stops at tanh: the derivative of u, sqrt(2 / pi) * (1 + 3 * 0.044715 * z**2), is missing as a factor."""
    return (
        (z * (1 + _t(z)) / 2, (1 + _t(z)) / 2 + z * (1 - _t(z) ** 2) / 2)
        if name == "gelu"
        else _right[name](z)
    )


def gelu_cube_slope(name, z):
    """In the derivative of u the factor 3 is missing: the derivative of z**3 is 3 * z**2."""
    inner = np.sqrt(2 / np.pi) * (1 + 0.044715 * z**2)
    return (
        (z * (1 + _t(z)) / 2, (1 + _t(z)) / 2 + z * (1 - _t(z) ** 2) / 2 * inner)
        if name == "gelu"
        else _right[name](z)
    )


def gelu_by_sigmoid(name, z):
    """You use z * sigmoid(1.702 z), a rougher formula for GELU. The table asks for the one with tanh."""
    s = (1 + np.tanh(0.851 * z)) / 2
    return (z * s, s + 1.702 * z * s * (1 - s)) if name == "gelu" else _right[name](z)


def gelu_exact(name, z):
    """You use the exact GELU with the normal distribution function. That is fine mathematics, but the table asks for the tanh formula, which differs in the fourth digit."""
    from math import erf

    cdf = (1 + np.vectorize(erf)(z / np.sqrt(2))) / 2
    return (
        (z * cdf, cdf + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))
        if name == "gelu"
        else _right[name](z)
    )


def pair_exchanged(name, z):
    """You return (slope, value). The order asked for is (value, slope)."""
    return _right[name](z)[::-1]


def slope_forgotten(name, z):
    """You return the value alone. Asked for is the pair: return value, slope."""
    return _right[name](z)[0]


# %% [markdown]
# ## 3. Softmax (5 points)
#
# Write `softmax`. It works along the **last axis** of an array of any number of dimensions: every row of a `(n, k)`
# array becomes $k$ probabilities that sum to 1, and so does every last row of an `(a, b, k)` array. Logits may be as
# large as you like, of either sign; a logit of minus infinity beside finite ones has probability 0.

# %% [markdown] hints="softmax" reads="5. Softmax and log-sum-exp"
# Exponentiate, then divide by the sum along the last axis. Keep that axis in the sum, so that the shapes fit for the
# division.
#
# ---
#
# `exp` overflows for large logits. Adding a constant to all logits of a row changes nothing: which constant makes the
# largest exponent of each row exactly 0? Each row needs its own.
#
# ---
#
# `shifted = logits - logits.max(axis=-1, keepdims=True)`, then `e = np.exp(shifted)`, then divide `e` by
# `e.sum(axis=-1, keepdims=True)`. Do not write `logits -= ...`: that changes the caller's array.


# %% solution="softmax"
def softmax(logits):
    """Probabilities from logits, along the last axis.

    logits: (..., k). Returns an array of the same shape; each of its last rows is positive and sums to 1.

    Example: softmax(np.log(np.array([[1.0, 3.0]]))) is [[0.25, 0.75]].
    """
    ### BEGIN SOLUTION
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% tests="softmax" points=3
with check.exercise("softmax"):
    check.call(
        softmax,
        np.log(np.array([[1.0, 3.0], [4.0, 1.0]])),
        expect=[[0.25, 0.75], [0.8, 0.2]],
        about="odds of 1 to 3, and of 4 to 1",
    )
    check.call(
        softmax, np.zeros(5), expect=[0.2, 0.2, 0.2, 0.2, 0.2], about="equal logits, a single row"
    )
    check.call(
        softmax,
        np.log(np.array([[1.0, 2.0, 5.0], [2.0, 2.0, 4.0]])),
        expect=[[0.125, 0.25, 0.625], [0.25, 0.25, 0.5]],
        about="two rows of three classes",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(204)
    for shape in [(6, 4), (4, 4), (1, 3), (7,), (2, 3, 4), (3, 3, 3), (5, 1)]:
        check.call(softmax, 2 * rng.normal(size=shape), about="random logits of several shapes")
    check.call(softmax, np.array([[1, 2, 3], [0, -2, 5]]), about="whole numbers")
    ### END HIDDEN TESTS

# %% tests="softmax.stable" points=2
with check.exercise("softmax.stable"):
    check.call(
        softmax,
        np.array([[1000.0, 1000.0 + np.log(3.0)]]),
        expect=[[0.25, 0.75]],
        about="large logits: only differences matter",
    )
    check.call(
        softmax, np.array([[-5000.0, -5000.0]]), expect=[[0.5, 0.5]], about="very negative logits"
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(205)
    base = (
        rng.integers(-8, 9, size=(4, 3)) / 4
    )  # quarters, so that 32-bit answers lose nothing to rounding
    check.call(
        softmax,
        base + np.array([[0.0], [2000.0], [-2000.0], [1e6]]),
        about="every row far from the others",
    )
    check.call(
        softmax,
        np.array([[0.0, 800.0, -800.0], [-800.0, 0.0, 0.0]]),
        about="logits far apart within a row",
    )
    check.call(softmax, np.array([[0.0, -np.inf, 1.0]]), about="a logit of minus infinity")
    check.call(softmax, rng.integers(-600, 601, size=(3, 5)) / 2, about="a wide spread of logits")
    ### END HIDDEN TESTS


# %% mistakes="softmax"
def no_shift(logits):
    """You exponentiate the logits as they are, and exp overflows above 709. Subtract the largest logit of each row first: the result is the same, and nothing overflows."""
    e = np.exp(logits)
    return e / e.sum(axis=-1, keepdims=True)


def over_columns(logits):
    """You sum over the first axis, so the columns sum to 1. The classes stand along the last axis: axis=-1."""
    e = np.exp(logits - logits.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def over_axis_one(logits):
    """You use axis=1, which is the last axis of a matrix only. With axis=-1 the function works for one row and for three dimensions too."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def over_everything(logits):
    """You divide by the sum of the whole array, so all numbers together sum to 1. Each row has its own sum: axis=-1, keepdims=True."""
    e = np.exp(logits - logits.max())
    return e / e.sum()


def one_maximum_for_all(logits):
    """You subtract the maximum of the whole array. A row that lies far below it has only zeros left, and 0/0 is NaN. Each row needs its own maximum."""
    e = np.exp(logits - logits.max())
    return e / e.sum(axis=-1, keepdims=True)


def lost_axis(logits):
    """Your sum lost its axis, so the division broadcasts along the wrong one (or fails). Use keepdims=True, so that (n, k) is divided by (n, 1)."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


def minimum_subtracted(logits):
    """You subtract the smallest logit of a row. The largest exponent can then still overflow: subtract the maximum."""
    e = np.exp(logits - logits.min(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def clipped(logits):
    """You clip the logits. That avoids the overflow, but it changes the answer when logits are large. Subtract the row's maximum instead."""
    e = np.exp(np.clip(logits, -500, 500))
    return e / e.sum(axis=-1, keepdims=True)


def logarithm(logits):
    """You return the logarithms of the probabilities. Softmax itself is asked for: exponentiate them."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def no_exponential(logits):
    """You divide the logits by their sum. Logits may be negative: exponentiate them first, then divide by the sum of the exponentials."""
    return logits / logits.sum(axis=-1, keepdims=True)


def not_divided(logits):
    """You return the exponentials without dividing by their sum along the last axis: each row must sum to 1."""
    return np.exp(logits - logits.max(axis=-1, keepdims=True))


def cut_to_whole_numbers(logits):
    """For whole-number logits your probabilities are cut to 0: they were written into an array of integers (zeros_like of the logits). Make an array of floats."""
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (p / p.sum(axis=-1, keepdims=True)).astype(logits.dtype)


def sigmoids(logits):
    """You take the sigmoid of each logit. That treats the classes one by one, and the numbers do not sum to 1. Divide the exponentials by their sum."""
    return (1 + np.tanh(logits / 2)) / 2


def winner_takes_all(logits):
    """You give the largest logit probability 1 and the others 0. Softmax is soft: a class with a smaller logit keeps a share, e to the power of the difference."""
    return (logits == logits.max(axis=-1, keepdims=True)) * 1.0


# %% [markdown]
# ## 4. Cross-entropy (5 points)
#
# Write `cross_entropy`. It gets **logits** (not probabilities) of shape `(n, k)` and integer `labels` of shape `(n,)`
# with values $0$ to $k-1$, and returns one number: the **mean** over the $n$ examples of
#
# $$-\log \operatorname{softmax}(z)_{y} = \operatorname{lse}(z) - z_{y} .$$
#
# It must be right for logits of any size. When the true class stands 1000 below another, the loss is 1000: neither
# infinite nor cut off somewhere.

# %% [markdown] hints="cross_entropy" reads="6. Losses come from likelihood"
# For each example two numbers are needed: the log-sum-exp of its logits, and the logit of its true class. The loss is
# the mean of the differences.
#
# ---
#
# `logits[np.arange(n), labels]` picks from row 0 the entry `labels[0]`, from row 1 the entry `labels[1]`, and so on.
# For the log-sum-exp, subtract the row's maximum before `np.exp`, and add it again after `np.log`.
#
# ---
#
# `m = logits.max(axis=1)`; `lse = m + np.log(np.exp(logits - m[:, None]).sum(axis=1))`; return
# `np.mean(lse - logits[np.arange(len(labels)), labels])`.


# %% solution="cross_entropy"
def cross_entropy(logits, labels):
    """The mean negative log-probability of the true classes.

    logits: (n, k), labels: (n,) of integers 0..k-1. Returns a number, in nats.

    Example: cross_entropy(np.zeros((1, 2)), np.array([0])) is log(2) = 0.6931...
    """
    ### BEGIN SOLUTION
    largest = logits.max(axis=1)
    log_sum_exp = largest + np.log(np.exp(logits - largest[:, None]).sum(axis=1))
    return np.mean(log_sum_exp - logits[np.arange(len(labels)), labels])
    ### END SOLUTION


# %% tests="cross_entropy" points=3
with check.exercise("cross_entropy"):
    check.call(
        cross_entropy,
        np.log(np.array([[1.0, 3.0, 4.0]])),
        np.array([0]),
        expect=np.log(8.0),
        about="the true class has probability 1/8",
    )
    check.call(
        cross_entropy,
        np.zeros((4, 10)),
        np.array([3, 1, 4, 1]),
        expect=np.log(10.0),
        about="ignorance of ten classes",
    )
    check.call(
        cross_entropy,
        np.log(np.array([[1.0, 1.0, 2.0], [1.0, 4.0, 3.0]])),
        np.array([2, 0]),
        expect=(np.log(2.0) + np.log(8.0)) / 2,
        about="the mean of log 2 and log 8",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(206)
    for n, k in [(5, 3), (1, 4), (4, 4), (30, 10), (6, 2), (3, 1)]:
        check.call(
            cross_entropy,
            2 * rng.normal(size=(n, k)),
            rng.integers(0, k, size=n),
            about="random logits and labels of several shapes",
        )
    check.call(
        cross_entropy,
        np.array([[2, 0, 1], [0, 3, -1]]),
        np.array([1, 1]),
        about="whole numbers as logits",
    )
    ### END HIDDEN TESTS

# %% tests="cross_entropy.stable" points=2
with check.exercise("cross_entropy.stable"):
    check.call(
        cross_entropy,
        np.array([[0.0, 1000.0]]),
        np.array([0]),
        expect=1000.0,
        about="sure and wrong: the loss is the difference of the logits",
    )
    check.call(
        cross_entropy, np.array([[0.0, 1000.0]]), np.array([1]), expect=0.0, about="sure and right"
    )
    check.call(
        cross_entropy,
        np.array([[5000.0, 5000.0]]),
        np.array([1]),
        expect=np.log(2.0),
        about="large logits: only differences matter",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(207)
    logits, labels = rng.integers(-8, 9, size=(4, 3)) / 4, np.array([0, 2, 1, 1])
    check.call(
        cross_entropy,
        logits + np.array([[0.0], [3000.0], [-3000.0], [1e5]]),
        labels,
        about="every row far from the others",
    )
    check.call(cross_entropy, 400 * logits, labels, about="a wide spread of logits")
    check.call(
        cross_entropy,
        np.array([[-2000.0, -1990.0, -2050.0]]),
        np.array([2]),
        about="very negative logits",
    )
    ### END HIDDEN TESTS

# %% mistakes="cross_entropy"
_log_softmax = lambda z: (
    z - z.max(1, keepdims=True) - np.log(np.exp(z - z.max(1, keepdims=True)).sum(1, keepdims=True))
)
_of_truth = lambda z, y: _log_softmax(z)[np.arange(len(y)), y]


def sum_for_mean(logits, labels):
    """You sum over the examples. Asked for is the mean, so that the loss does not grow with the size of the batch."""
    return -np.sum(_of_truth(logits, labels))


def minus_forgotten(logits, labels):
    """Your loss is negative: the minus sign is missing. A log-probability is at most 0, and the loss is minus that."""
    return np.mean(_of_truth(logits, labels))


def mean_over_classes_too(logits, labels):
    """You divide by n times k. Only one class of each example enters the loss, so the mean is over the n examples."""
    return -np.sum(_of_truth(logits, labels)) / logits.size


def all_pairs(logits, labels):
    """logits[:, labels] takes all the labels' columns from every row, an (n, n) array. To take one entry from each row, write logits[np.arange(n), labels]."""
    return -np.mean(_log_softmax(logits)[:, labels])


def overflow(logits, labels):
    """You exponentiate the logits as they are, and exp overflows above 709. Subtract the row's maximum before np.exp, and add it again after np.log."""
    lse = np.log(np.exp(logits).sum(axis=1))
    return np.mean(lse - logits[np.arange(len(labels)), labels])


def log_of_zero(logits, labels):
    """You take the logarithm of a probability that has been rounded to 0, which is minus infinity. Work with lse(z) - z_y instead of log(softmax(z))."""
    return -np.mean(np.log(np.exp(_of_truth(logits, labels))))


def epsilon(logits, labels):
    """You add or clip with a tiny number such as 1e-12 before the logarithm. That cuts the loss off near 28, and the worst mistakes look harmless. lse(z) - z_y needs no such patch."""
    return -np.mean(np.log(np.maximum(np.exp(_of_truth(logits, labels)), 1e-12)))


def base_two(logits, labels):
    """Your logarithm has base 2. Asked for are nats: np.log."""
    return -np.mean(_of_truth(logits, labels)) / np.log(2)


def taken_for_probabilities(logits, labels):
    """You take the logarithm of the logits, as if they were probabilities. They are not yet: the loss is lse(z) - z_y."""
    return -np.mean(np.log(logits[np.arange(len(labels)), labels]))


def softmax_forgotten(logits, labels):
    """You return minus the true class's logit. The log-sum-exp of all logits is missing: lse(z) - z_y."""
    return -np.mean(logits[np.arange(len(labels)), labels])


def softmax_twice(logits, labels):
    """You apply softmax to the logits, and then log-softmax to the result. Once is enough: the input is logits."""
    return -np.mean(_of_truth(np.exp(_log_softmax(logits)), labels))


def summed_over_the_batch(logits, labels):
    """Your log-sum-exp runs over the whole array, all examples together. Each example has its own: take the maximum and the sum along axis 1."""
    largest = logits.max()
    total = largest + np.log(np.exp(logits - largest).sum())
    return np.mean(total - logits[np.arange(len(labels)), labels])


def best_class(logits, labels):
    """You use the largest probability of each row, whatever the label says. The loss asks for the probability of the true class."""
    return -np.mean(_log_softmax(logits).max(axis=1))


def label_off_by_one(logits, labels):
    """You take the entry before the labeled one. Labels count from 0, as Python does: use them as they are."""
    return -np.mean(_log_softmax(logits)[np.arange(len(labels)), labels - 1])


def brier(logits, labels):
    """You compute a squared error between the probabilities and the one-hot labels. That is a proper loss too, but cross-entropy was asked for: minus the log-probability of the true class."""
    p = np.exp(_log_softmax(logits))
    return np.mean(np.sum((p - np.eye(logits.shape[1])[labels]) ** 2, axis=1))


def one_against_rest(logits, labels):
    """You add -log(1 - p) for the wrong classes, as in the binary cross-entropy. With softmax the classes exclude each other, and only the true one enters."""
    p = np.exp(_log_softmax(logits))
    y = np.eye(logits.shape[1])[labels]
    return -np.mean(np.sum(y * np.log(p) + (1 - y) * np.log(1 - p), axis=1))


# %% [markdown]
# ## 5. He's first weights (4 points)
#
# Write `he_normal`: the first weights of a ReLU layer. Each weight is drawn independently from a **normal**
# distribution (not truncated, not uniform) with mean 0 and **variance** $2/n_\text{in}$. The numbers come from the
# generator `rng`, such as `np.random.default_rng(7)` makes, so that the same seed gives the same weights, and each
# call gives new ones.


# %% given="spread"
def spread(n_in, n_out):
    """The standard deviation of all the weights that he_normal draws for one layer."""
    return he_normal(n_in, n_out, np.random.default_rng(7)).std()


def two_draws_of_one_seed():
    """Whether two generators with the same seed lead to the same weights."""
    first, second = (he_normal(4, 3, np.random.default_rng(8)) for _ in range(2))
    return "equal" if np.array_equal(first, second) else "different"


# %% [markdown] hints="he_normal" reads="8. Where to start: initialization"
# A generator has a method `rng.normal(mean, standard_deviation, size=...)`. Which standard deviation belongs to the
# variance $2/n_\text{in}$, and which shape has the weight matrix?
#
# ---
#
# The standard deviation is the square root of the variance: `np.sqrt(2 / n_in)`. The shape is `(n_in, n_out)`.
#
# ---
#
# `return rng.normal(0.0, np.sqrt(2 / n_in), size=(n_in, n_out))`


# %% solution="he_normal"
def he_normal(n_in, n_out, rng):
    """First weights of a ReLU layer, after He et al. (2015).

    n_in: number of inputs of each unit, n_out: number of units, rng: a numpy random generator.
    Returns (n_in, n_out): independent normal numbers with mean 0 and variance 2 / n_in.

    Example: he_normal(200, 50, np.random.default_rng(1)) has shape (200, 50) and a standard deviation near 0.1.
    """
    ### BEGIN SOLUTION
    return rng.normal(0.0, np.sqrt(2 / n_in), size=(n_in, n_out))
    ### END SOLUTION


# %% tests="he_normal" points=4
with check.exercise("he_normal"):
    check.call(
        spread, 50, 800, expect=0.2, rtol=0.02, about="50 inputs: the root of 2/50 is 0.2 (to 2 %)"
    )
    check.value(
        "the shape of he_normal(3, 5, rng)",
        list(np.shape(he_normal(3, 5, np.random.default_rng(1)))),
        expect=[3, 5],
        about="inputs down, units across",
    )
    check.call(
        two_draws_of_one_seed,
        expect="equal",
        diagnosis="ignores_rng",
        about="the same seed gives the same weights",
        why="The same seed gave different weights: the numbers must come from `rng`, not from another source of randomness.",
    )
    check.sample(
        he_normal,
        200,
        100,
        np.random.default_rng(9),
        expect=(0.0, 0.1),
        about="200 inputs: mean 0, standard deviation 0.1",
    )
    ### BEGIN HIDDEN TESTS
    for n_in, n_out in [(800, 200), (200, 500), (2, 40_000)]:
        check.call(spread, n_in, n_out, rtol=0.02, about="the spread for other sizes")
    check.sample(
        he_normal,
        400,
        500,
        np.random.default_rng(10),
        about="the whole distribution, a larger layer",
    )
    check.sample(
        he_normal,
        7,
        20_000,
        np.random.default_rng(11),
        about="the whole distribution, few inputs and many units",
    )
    ### END HIDDEN TESTS


# %% mistakes="he_normal"
def variance_for_deviation(n_in, n_out):
    """You use the variance 2 / n_in as the standard deviation. rng.normal wants the standard deviation: the square root of that."""
    return 2 / n_in


def counts_the_outputs(n_in, n_out):
    """Your spread follows n_out. In He's rule a unit's sum has n_in terms, so the variance is 2 / n_in."""
    return np.sqrt(2 / n_out)


def glorot(n_in, n_out):
    """This is Glorot's rule, variance 2 / (n_in + n_out). For ReLU layers He's rule is asked for: 2 / n_in."""
    return np.sqrt(2 / (n_in + n_out))


def half_the_variance(n_in, n_out):
    """Your variance is 1 / n_in, which suits linear units. ReLU cuts half of the mean square away, so He doubles it: 2 / n_in."""
    return np.sqrt(1 / n_in)


def unscaled(n_in, n_out):
    """Your weights have standard deviation 1 whatever the size of the layer. Scale them by the square root of 2 / n_in."""
    return 1.0


def fixed_small(n_in, n_out):
    """Your weights have standard deviation 0.01 whatever the size of the layer. The lesson shows what that does to twenty layers: use the square root of 2 / n_in."""
    return 0.01


def truncated(n_in, n_out):
    """Your normal numbers are cut off at two standard deviations, which makes their spread smaller by 12 %. Asked for is the plain normal distribution."""
    return 0.8796 * np.sqrt(2 / n_in)


def uniform_to_deviation(n_in, n_out):
    """You draw uniformly between minus and plus the standard deviation. That has a smaller spread, and the rule asks for a normal distribution: rng.normal."""
    return np.sqrt(2 / n_in) / np.sqrt(3)


def made_positive(n_in, n_out):
    """Your weights are all positive, so their mean is not 0. Weights of both signs are needed: leave the absolute value out."""
    return np.sqrt(2 / n_in) * np.sqrt(1 - 2 / np.pi)


# %% [markdown]
# ## 6. How many parameters? (3 points)
#
# Write `count_parameters`. `sizes` lists the number of inputs and then the number of units of each dense layer:
# `[784, 128, 10]` is a network with 784 inputs, one hidden layer of 128 units and 10 outputs. Return the number of
# weights **and biases**; with `use_bias=False`, of the weights alone. A list of one number is a network without
# layers: 0.

# %% [markdown] hints="count_parameters" reads="4. Forward propagation: follow the shapes"
# A layer with $d$ inputs and $m$ units has a $(d, m)$ matrix of weights and $m$ biases. Go from layer to layer.
#
# ---
#
# `zip(sizes[:-1], sizes[1:])` gives the pairs (inputs, units) of the layers, for example (784, 128) and (128, 10).
#
# ---
#
# `total = 0`, then for every pair `d, m`: `total += d * m`, and `total += m` if `use_bias`. At the end `return total`.


# %% solution="count_parameters"
def count_parameters(sizes, use_bias=True):
    """The number of parameters of a chain of dense layers.

    sizes: a list of integers, the inputs first; use_bias: whether the layers have biases.
    Returns an integer.

    Example: count_parameters([2, 2, 1]) is 9, the XOR network: 4 + 2 weights and 2 + 1 biases.
    """
    ### BEGIN SOLUTION
    total = 0
    for inputs, units in zip(sizes[:-1], sizes[1:]):
        total += inputs * units
        if use_bias:
            total += units
    return total
    ### END SOLUTION


# %% tests="count_parameters" points=3
with check.exercise("count_parameters"):
    check.call(
        count_parameters, [784, 128, 10], expect=101770, about="785 times 128, and 129 times 10"
    )
    check.call(count_parameters, [2, 2, 1], expect=9, about="the XOR network")
    check.call(
        count_parameters, [3, 4, 5], use_bias=False, expect=32, about="weights alone: 12 + 20"
    )
    check.call(count_parameters, [7], expect=0, about="no layer at all")
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(208)
    for depth in [2, 3, 4, 6, 9]:
        sizes = [int(size) for size in rng.integers(2, 60, size=depth)]
        check.call(count_parameters, sizes, about="networks of several depths")
        check.call(
            count_parameters,
            sizes,
            use_bias=False,
            about="networks of several depths, without biases",
        )
    check.call(count_parameters, [1, 1, 1, 1], about="a chain of single units")
    check.call(count_parameters, [30, 20], False, about="use_bias given by position")
    ### END HIDDEN TESTS


# %% mistakes="count_parameters"
def biases_forgotten(sizes, use_bias=True):
    """You count the weights alone. Each unit also has a bias: add the number of units of every layer, unless use_bias is False."""
    return sum(d * m for d, m in zip(sizes[:-1], sizes[1:]))


def biases_always(sizes, use_bias=True):
    """You count the biases even with use_bias=False. Then only the weights count."""
    return sum((d + 1) * m for d, m in zip(sizes[:-1], sizes[1:]))


def bias_for_inputs(sizes, use_bias=True):
    """You give every layer as many biases as it has inputs. A bias belongs to a unit: d * m + m, not d * m + d."""
    return sum(d * m + use_bias * d for d, m in zip(sizes[:-1], sizes[1:]))


def bias_for_every_size(sizes, use_bias=True):
    """You count biases for the inputs too. The inputs are data and not units: biases belong to sizes[1:]."""
    return sum(d * m for d, m in zip(sizes[:-1], sizes[1:])) + use_bias * sum(sizes)


def one_bias_per_layer(sizes, use_bias=True):
    """You count one bias for each layer. Every unit has its own, so a layer of m units has m."""
    return sum(d * m + use_bias for d, m in zip(sizes[:-1], sizes[1:]))


def last_layer_forgotten(sizes, use_bias=True):
    """You leave out the last layer. Pair each size with the next one, up to the end: zip(sizes[:-1], sizes[1:])."""
    return sum((d + use_bias) * m for d, m in zip(sizes[:-2], sizes[1:]))


def first_layer_forgotten(sizes, use_bias=True):
    """You leave out the first layer, the one that looks at the inputs. It usually has the most parameters."""
    return sum((d + use_bias) * m for d, m in zip(sizes[1:-1], sizes[2:]))


def returns_too_early(sizes, use_bias=True):
    """You return inside the loop, after the first layer. The return belongs after the loop, one level to the left."""
    return (sizes[0] + use_bias) * sizes[1] if len(sizes) > 1 else 0


def units_counted(sizes, use_bias=True):
    """You add up the units. Parameters sit on the connections: a layer with d inputs and m units has d * m weights and m biases."""
    return sum(sizes)


def first_and_last_only(sizes, use_bias=True):
    """You use only the first and the last size. Each layer is joined to the next: go through the list pair by pair."""
    return (sizes[0] + use_bias) * sizes[-1]


def one_long_product(sizes, use_bias=True):
    """You multiply all sizes together. Each layer's weights are the product of two neighboring sizes, and the layers' numbers are added."""
    return int(np.prod(sizes))


# %% [markdown]
# ## 7. A network with a shortcut, in Keras (4 points)
#
# Write `shortcut_model`. It builds, with the functional API, a network in which the last layer sees the hidden layer
# **and the input itself**:
#
# - the input has `n_in` numbers;
# - a hidden dense layer of `n_hidden` units with ReLU looks at the input;
# - `keras.layers.Concatenate()([a, b])` puts two outputs side by side; here **the input first, then the hidden
#   layer**;
# - a dense layer of `n_classes` units looks at both and gives **logits** (no activation).
#
# Return the `keras.Model`; do not compile or train it. (Do use the functional API: the checks ask for the model's
# `output_shape`, which a subclass with a `call` of its own does not know.) Such shortcuts make deep networks trainable
# (chapter 5), and no chain of layers can express them; that is what the functional API is for.


# %% given="answer_with_ones"
def answer_with_ones(x, n_hidden, n_classes):
    """What the shortcut model says about x when every weight is 1 and every bias 0."""
    model = shortcut_model(x.shape[1], n_hidden, n_classes)
    model.set_weights([np.full(w.shape, float(w.ndim > 1)) for w in model.get_weights()])
    return np.array(model(x))


def answer_of_the_first(x, n_hidden, n_classes):
    """The same, but the last layer listens only to the first numbers that it sees, as many as x has."""
    model = shortcut_model(x.shape[1], n_hidden, n_classes)
    weights = [np.full(w.shape, float(w.ndim > 1)) for w in model.get_weights()]
    [w for w in weights if w.ndim > 1][-1][x.shape[1] :] = 0.0
    model.set_weights(weights)
    return np.array(model(x))


# %% [markdown] hints="shortcut_model" reads="4. Forward propagation: follow the shapes"
# Follow the list from top to bottom. Each line calls a layer on what came before and gives the result a name, so that
# you can use `inputs` twice.
#
# ---
#
# `inputs = keras.Input((n_in,))` and `hidden = keras.layers.Dense(n_hidden, activation="relu")(inputs)`. Then
# concatenate `inputs` and `hidden`, in this order, and call the last dense layer on that.
#
# ---
#
# `both = keras.layers.Concatenate()([inputs, hidden])`, `logits = keras.layers.Dense(n_classes)(both)`,
# `return keras.Model(inputs, logits)`.


# %% solution="shortcut_model"
def shortcut_model(n_in, n_hidden, n_classes):
    """A network whose last layer sees the input and one hidden ReLU layer, side by side.

    n_in: numbers in the input, n_hidden: hidden units, n_classes: logits.
    Returns a keras.Model made by the functional API: (n, n_in) -> (n, n_classes).

    Example: shortcut_model(4, 3, 2) has (4 + 1) * 3 + (4 + 3 + 1) * 2 = 31 parameters.
    """
    ### BEGIN SOLUTION
    inputs = keras.Input((n_in,))
    hidden = keras.layers.Dense(n_hidden, activation="relu")(inputs)
    both = keras.layers.Concatenate()([inputs, hidden])
    logits = keras.layers.Dense(n_classes)(both)
    return keras.Model(inputs, logits)
    ### END SOLUTION


# %% tests="shortcut_model" points=4
with check.exercise("shortcut_model"):
    check.call(
        answer_with_ones,
        np.array([[1.0, 2.0], [-1.0, -2.0], [2.0, -1.0]]),
        2,
        1,
        expect=[[9.0], [-3.0], [3.0]],
        about="weights 1, biases 0: 1 + 2 + 3 + 3, then -1 - 2 + 0 + 0, then 2 - 1 + 1 + 1",
    )
    check.call(
        answer_of_the_first,
        np.array([[1.0, 2.0], [-1.0, -2.0], [2.0, -1.0]]),
        3,
        1,
        expect=[[3.0], [-3.0], [1.0]],
        about="the first two numbers that the last layer sees are the inputs: 1 + 2, then -1 - 2, then 2 - 1",
        diagnosis="hidden_first",
        why="The first numbers that your last layer sees are not the inputs. The order matters: Concatenate()([inputs, hidden]).",
    )

    def small():
        return shortcut_model(4, 3, 2)

    check.model(
        small,
        np.ones((1, 4)),
        expect={"parameters": 31, "output_shape": (None, 2)},
        about="4 inputs, 3 hidden units, 2 classes",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(209)
    check.model(
        small, rng.normal(size=(6, 4)), about="the same network with other weights and inputs"
    )

    def wide():
        return shortcut_model(3, 8, 5)

    check.model(wide, 2 * rng.normal(size=(5, 3)), about="more hidden units than inputs")

    def even():
        return shortcut_model(5, 5, 5)

    check.model(even, 2 * rng.normal(size=(5, 5)), about="all sizes equal")
    ### END HIDDEN TESTS


# %% mistakes="shortcut_model"
def no_relu(x, n_hidden, n_classes):
    """Your hidden layer has no activation, so the whole network is linear. Give it activation="relu"."""
    hidden = x.sum(axis=1, keepdims=True)
    return np.repeat(hidden + n_hidden * hidden, n_classes, axis=1)


def no_shortcut(x, n_hidden, n_classes):
    """Your last layer sees the hidden layer alone. Let it look at Concatenate()([inputs, hidden])."""
    return np.repeat(n_hidden * np.maximum(x.sum(axis=1, keepdims=True), 0), n_classes, axis=1)


def relu_at_the_end(x, n_hidden, n_classes):
    """Your outputs are never negative: the last layer has a ReLU. Logits are any real numbers, so it has no activation."""
    sums = x.sum(axis=1, keepdims=True)
    return np.repeat(np.maximum(sums + n_hidden * np.maximum(sums, 0), 0), n_classes, axis=1)


def ends_in_softmax(x, n_hidden, n_classes):
    """Your model ends in a softmax. Logits are asked for: the last Dense has no activation."""
    return np.full((len(x), n_classes), 1 / n_classes)


def ends_in_sigmoid(x, n_hidden, n_classes):
    """Your model ends in a sigmoid. Logits are asked for: the last Dense has no activation."""
    sums = x.sum(axis=1, keepdims=True)
    return np.repeat(
        (1 + np.tanh((sums + n_hidden * np.maximum(sums, 0)) / 2)) / 2, n_classes, axis=1
    )


def sigmoid_hidden(x, n_hidden, n_classes):
    """Your hidden layer has a sigmoid. ReLU is asked for: activation="relu"."""
    sums = x.sum(axis=1, keepdims=True)
    return np.repeat(sums + n_hidden * (1 + np.tanh(sums / 2)) / 2, n_classes, axis=1)


def tanh_hidden(x, n_hidden, n_classes):
    """Your hidden layer has tanh. ReLU is asked for: activation="relu"."""
    sums = x.sum(axis=1, keepdims=True)
    return np.repeat(sums + n_hidden * np.tanh(sums), n_classes, axis=1)


def hidden_twice(x, n_hidden, n_classes):
    """Your last layer sees the hidden layer twice and the input not at all. Concatenate `inputs` and `hidden`."""
    return np.repeat(2 * n_hidden * np.maximum(x.sum(axis=1, keepdims=True), 0), n_classes, axis=1)


def relu_on_the_input(x, n_hidden, n_classes):
    """A ReLU cuts off the negative inputs on the shortcut. Concatenate the input as it is; the ReLU belongs to the hidden layer alone."""
    hidden = n_hidden * np.maximum(x.sum(axis=1, keepdims=True), 0)
    return np.repeat(np.maximum(x, 0).sum(axis=1, keepdims=True) + hidden, n_classes, axis=1)


def second_hidden_layer(x, n_hidden, n_classes):
    """There is one layer too many between the concatenation and the logits. The last dense layer looks at the concatenation itself."""
    sums = x.sum(axis=1, keepdims=True)
    both = sums + n_hidden * np.maximum(sums, 0)
    return np.repeat(n_hidden * np.maximum(both, 0), n_classes, axis=1)


# %% [markdown]
# ## 8. Parity by hand (5 points)
#
# XOR asks whether an odd number of two bits is 1. **Parity** asks the same of `n_bits` bits, and it is the classic
# example of a function in which every single bit matters. Write `parity_model`: it returns a Keras model, **with its
# weights already set**, that computes parity without any training. There are many right answers; yours is graded on
# what it does.
#
# - The model's input has shape `(n, n_bits)`, of zeros and ones; its output has shape `(n, 1)`.
# - The output is **above 0.5 when the number of ones is odd, and below 0.5 when it is even**, for each of the
#   $2^\text{n_bits}$ possible inputs.
# - It works for `n_bits` from 1 to 8 and has **at most $4\,\text{n_bits}^2 + 20$ parameters**. So a hidden unit for
#   each odd pattern will not do: of these there are $2^{\text{n_bits}-1}$.
#
# `model.set_weights([W1, b1, W2, b2])` sets the weights of two dense layers, in this order, with the shapes of
# `model.get_weights()`. Question 2 at the end of the lesson holds the seed of a solution; another one is a chain of
# XORs.


# %% given="parity_probes"
def parity_table(n_bits):
    """Your model's decisions for the inputs 00..0, 00..1, and so on to 11..1: 1 above 0.5, 0 below, 0.5 for 0.5 itself."""
    x = (np.arange(2**n_bits)[:, None] >> np.arange(n_bits)[::-1]) & 1
    return (1 + np.sign(np.array(parity_model(n_bits)(x.astype("float32")))[:, 0] - 0.5)) / 2


def parity_output_shape(n_bits):
    """The shape of your model's answer to five examples."""
    return str(np.array(parity_model(n_bits)(np.zeros((5, n_bits), "float32"))).shape)


def parity_budget(n_bits):
    return "kept" if parity_model(n_bits).count_params() <= 4 * n_bits**2 + 20 else "exceeded"


# %% [markdown] hints="parity_model" reads="2. Two layers do what one cannot: XOR by hand"
# Parity depends on the number of ones only, and a first layer with all weights 1 knows that number. So what is missing
# is a function of one number $s$ that is 0, 1, 0, 1, ... at $s = 0, 1, 2, 3, \dots$: a zigzag. What does a ReLU with
# bias $-k$ add to a curve?
#
# ---
#
# $\max(s - k, 0)$ is flat up to $k$ and rises from there, so it bends a curve at $s = k$. The zigzag goes up with
# slope 1 from 0, at 1 it turns down (the slope changes by $-2$), at 2 up again ($+2$), and so on. That takes `n_bits`
# hidden units.
#
# ---
#
# Hidden layer: `n_bits` ReLU units, all weights 1, biases $0, -1, -2, \dots, -(\text{n_bits} - 1)$. Output layer:
# weights $1, -2, 2, -2, \dots$, bias 0. In NumPy, with `k = np.arange(n_bits)`:
# `np.where(k == 0, 1.0, 2 * (-1.0) ** k)`.


# %% solution="parity_model"
def parity_model(n_bits):
    """A Keras model that computes the parity of n_bits bits; its weights are set by hand.

    n_bits: 1 to 8. Returns a keras.Model: (n, n_bits) of 0 and 1 -> (n, 1), above 0.5 for an odd number of
    ones, else below.

    Example: parity_model(2) is XOR; on [[0, 0], [0, 1], [1, 0], [1, 1]] its outputs may be [[0], [1], [1], [0]].
    """
    ### BEGIN SOLUTION
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(n_bits, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    k = np.arange(n_bits)
    turns = np.where(k == 0, 1.0, 2.0 * (-1.0) ** k)
    model.set_weights([np.ones((n_bits, n_bits)), -1.0 * k, turns[:, None], np.zeros(1)])
    return model
    ### END SOLUTION


# %% tests="parity_model" points=5
with check.exercise("parity_model"):
    not_parity = {
        "diagnosis": "not_parity",
        "why": "For some inputs the model does not tell odd from even. Print parity_table(3) "
        "beside the right one, 0 1 1 0 1 0 0 1, and look at which numbers of ones it errs.",
    }
    too_large = {
        "diagnosis": "too_large",
        "why": "The model has too many parameters. One unit for each odd pattern is too many: use that "
        "parity depends on the number of ones only, or chain XORs.",
    }
    check.call(parity_table, 3, expect=[0, 1, 1, 0, 1, 0, 0, 1], about="three bits", **not_parity)
    check.call(parity_table, 2, expect=[0, 1, 1, 0], about="two bits: XOR", **not_parity)
    check.call(parity_table, 1, expect=[0, 1], about="one bit: the bit itself", **not_parity)
    check.value(
        "the shape of what parity_model(3) says about five examples",
        parity_output_shape(3),
        expect="(5, 1)",
        about="one output",
        diagnosis="one_output",
        why="The model has one output, of shape (n, 1): above 0.5 for odd, below for even.",
    )
    check.value(
        "the limit on the parameters of parity_model(8)",
        parity_budget(8),
        expect="kept",
        about="eight bits, at most 276",
        **too_large,
    )
    ### BEGIN HIDDEN TESTS
    for n_bits in [4, 5, 6, 7, 8]:
        check.call(parity_table, n_bits, about="all inputs of more bits", **not_parity)
        check.value(
            "the limit on the parameters",
            parity_budget(n_bits),
            about="the number of parameters",
            **too_large,
        )
    ### END HIDDEN TESTS

# %% mistakes="parity_model"
_bits = lambda n: (np.arange(2**n)[:, None] >> np.arange(n)[::-1]) & 1


def inverted(n_bits):
    """Your model is above 0.5 for an even number of ones. Odd was asked for: exchange the two."""
    return 1 - _bits(n_bits).sum(axis=1) % 2


def first_two_bits(n_bits):
    """Your model is the XOR of two bits, whatever the others are. Every bit matters: let the first layer look at all of them."""
    return _bits(n_bits)[:, :2].sum(axis=1) % 2


def exactly_one(n_bits):
    """Your model says 1 only for exactly one 1. Three ones are odd too: the zigzag must turn at every whole number, down at 1, up at 2, down at 3."""
    return (_bits(n_bits).sum(axis=1) == 1).astype(int)


def any_one(n_bits):
    """Your model says 1 as soon as any bit is 1: that is OR. An even number of ones must give less than 0.5."""
    return (_bits(n_bits).sum(axis=1) > 0).astype(int)


def majority(n_bits):
    """Your model says 1 when more than half of the bits are 1. Parity asks whether their number is odd."""
    return (2 * _bits(n_bits).sum(axis=1) > n_bits).astype(int)


def last_turn_missing(n_bits):
    """A hidden unit is missing: your model errs when nearly all bits are 1. The zigzag needs a turn at each of 0, 1, ..., n_bits - 1."""
    s, k = _bits(n_bits).sum(axis=1)[:, None], np.arange(max(n_bits - 1, 1))
    return (np.maximum(s - k, 0) @ np.where(k == 0, 1.0, 2 * (-1.0) ** k) > 0.5).astype(int)


def biases_upward(n_bits):
    """Your hidden biases are 0, 1, 2, and so on, so the turns lie at 0, -1, -2. To turn at s = k the unit computes max(s - k, 0): its bias is -k."""
    s, k = _bits(n_bits).sum(axis=1)[:, None], np.arange(n_bits)
    return (np.maximum(s + k, 0) @ np.where(k == 0, 1.0, 2 * (-1.0) ** k) > 0.5).astype(int)


def starts_too_late(n_bits):
    """Your zigzag starts to rise at one 1 instead of at none: every turn is one too late. The biases are 0, -1, -2, and so on, beginning with 0."""
    s, k = _bits(n_bits).sum(axis=1)[:, None], np.arange(n_bits)
    return (np.maximum(s - k - 1, 0) @ np.where(k == 0, 1.0, 2 * (-1.0) ** k) > 0.5).astype(int)


def linear_hidden(n_bits):
    """Your hidden layer has no activation, so the model is linear in the number of ones and cannot zigzag. Give it activation="relu"."""
    s, k = _bits(n_bits).sum(axis=1)[:, None], np.arange(n_bits)
    return ((s - k) @ np.where(k == 0, 1.0, 2 * (-1.0) ** k) > 0.5).astype(int)


def on_the_fence(n_bits):
    """Your output is exactly 0.5 for an even number of ones, and must be below. A sigmoid at 0 gives 0.5: leave the last activation out, or give the last layer a negative bias."""
    return 0.5 + 0.5 * (_bits(n_bits).sum(axis=1) % 2)


def always_zero(n_bits):
    """Your model is never above 0.5. Have the weights been set, and in the right order: W1, b1, W2, b2?"""
    return np.zeros(2**n_bits, int)


# %% [markdown]
# ## 9. In words (3 points)
#
# A classifier with one output unit, a sigmoid, is trained with the squared error $(y - \sigma(z))^2$. One example has
# $y = 1$ and $z = -12$. After a thousand steps of training, $z$ has hardly moved. Say in three to six sentences why,
# using the slope of the loss with respect to $z$; what you would change; what the slope is after the change; and why
# this loss goes with a sigmoid.

# %% [markdown] answer="stuck_example" points=3 reads="6. Losses come from likelihood"
# The network is sure and wrong: $\sigma(-12)$ is about 0.000006. The slope of the squared error with respect to $z$ is
# $-2\,(1-\sigma)\,\sigma\,(1-\sigma)$, and its factor $\sigma(1-\sigma)$, the slope of the sigmoid, is almost 0 so far
# out; so each step is tiny although the mistake could not be larger. I would use the cross-entropy $-\log\sigma(z)$
# instead. Its slope is $\sigma(z) - 1$, nearly $-1$ here, because the logarithm undoes the flat end of the sigmoid. It
# is the negative log-likelihood of a yes-or-no answer whose probability is $\sigma(z)$, just as the squared error is
# that of a measurement with normal noise.
#
# (Grading: 1 point for the vanishing factor $\sigma(1-\sigma)$, 1 for cross-entropy with its slope, 1 for the
# likelihood.)
