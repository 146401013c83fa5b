# %% [raw] front=true
# title = "Backpropagation: assignment"
# shows = "You build both machines of the chapter, the graph of single numbers and the layers in pairs, check a gradient, train with it, and measure how far credit has to travel."
# needs = "The lesson of chapter 3."
# minutes = {work = 120}

# %% setup=true

# %% [markdown]
# The first cell below is given: NumPy, and the class `Value`. It is the class of the lesson without its serial
# number, so nothing in it tells you who was born first.
#
# All numbers are 64-bit floats unless an exercise says otherwise. No function may change its arguments.

# %% given="value"
import math

import numpy as np


class Value:
    """A number in a graph.

    data: the number. inputs: a list of pairs (Value, local derivative of this number with respect to that Value),
    empty for a number that was not computed from others. grad: room for a gradient.
    """

    def __init__(self, data, inputs=()):
        self.data, self.inputs, self.grad = float(data), list(inputs), 0.0


def measure(name, *numbers):
    """Apply the operation called `name` to Values of these numbers. Returns the resulting number, and a list with its
    local derivative with respect to each argument, in order (the sum, where an argument stands in several pairs)."""
    values = [Value(number) for number in numbers]
    out = globals()[name](*values)
    return out.data, [
        sum(local for source, local in out.inputs if source is value) for value in values
    ]


# %% [markdown]
# ## 1. Four operations (4 points)
#
# Write four operations on `Value`s. Each returns a new `Value`, whose `data` is the result and whose `inputs` hold a
# pair (argument, local derivative) for every argument.
#
# - `multiply(a, b)`: $ab$.
# - `divide(a, b)`: $a / b$. The number in $b$ is not zero.
# - `sigmoid(a)`: $1 / (1 + e^{-a})$. The number is between -30 and 30.
# - `maximum(a, b)`: the larger of the two. The larger argument has the slope 1 and the other 0. At a tie, `a` counts
#   as the larger.
#
# The arguments are always `Value`s, never plain numbers. The given `measure("multiply", 3.0, -4.0)` applies your
# `multiply` to two `Value`s and shows the result and the slopes.

# %% [markdown] hints="operations" reads="An autograd engine on one screen"
# Idea: each operation is one line of the form `Value(result, [(a, slope), (b, slope)])`. Work with `a.data` and
# `b.data`, which are plain numbers.
#
# ---
#
# Step: hold one argument fixed and differentiate by the other. For $a / b$: by $a$ it is $1 / b$, by $b$ it is
# $-a / b^2$. The sigmoid's slope is easiest from its own output $s$: $s (1 - s)$.
#
# ---
#
# Nearly the code: `return Value(a.data / b.data, [(a, 1 / b.data), (b, ...)])`. For the maximum, first
# `a_wins = a.data >= b.data`, and the slopes are `float(a_wins)` and `float(not a_wins)`.


# %% solution="operations"
def multiply(a, b):
    """Values a, b -> the Value a * b. multiply(Value(3), Value(-4)) has data -12 and the slopes -4 and 3."""
    ### BEGIN SOLUTION
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])
    ### END SOLUTION


def divide(a, b):
    """Values a, b -> the Value a / b. divide(Value(6), Value(2)) has data 3 and the slopes 0.5 and -1.5."""
    ### BEGIN SOLUTION
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])
    ### END SOLUTION


def sigmoid(a):
    """Value a -> the Value 1 / (1 + exp(-a)). sigmoid(Value(0)) has data 0.5 and the slope 0.25."""
    ### BEGIN SOLUTION
    out = 1 / (1 + np.exp(-a.data))
    return Value(out, [(a, out * (1 - out))])
    ### END SOLUTION


def maximum(a, b):
    """Values a, b -> the larger of the two. maximum(Value(2), Value(5)) has data 5 and the slopes 0 and 1."""
    ### BEGIN SOLUTION
    a_wins = a.data >= b.data
    return Value(a.data if a_wins else b.data, [(a, float(a_wins)), (b, float(not a_wins))])
    ### END SOLUTION


# %% tests="operations" points=2
with check.exercise("operations"):
    check.call(
        measure,
        "multiply",
        3.0,
        -4.0,
        expect=(-12.0, [-4.0, 3.0]),
        about="a product, and its two slopes",
    )
    check.call(
        measure,
        "divide",
        6.0,
        2.0,
        expect=(3.0, [0.5, -1.5]),
        about="a quotient, and its two slopes",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(301)
    for a, b in rng.uniform(0.3, 3, size=(4, 2)) * [[1, 1], [-1, 1], [1, -1], [-1, -1]]:
        check.call(
            measure, "multiply", a, b, about="the product of other numbers, negative ones too"
        )
        check.call(
            measure, "divide", a, b, about="the quotient of other numbers, negative ones too"
        )

    def square_over_itself(number):
        a = Value(number)
        out = multiply(a, a)
        return out.data, sum(local for source, local in out.inputs if source is a)

    check.call(
        square_over_itself, 1.7, about="a number times itself: the slopes of both places together"
    )
    ### END HIDDEN TESTS

# %% tests="operations.curved" points=2
with check.exercise("operations.curved"):
    check.call(
        measure,
        "sigmoid",
        0.0,
        expect=(0.5, [0.25]),
        about="the sigmoid in the middle, where it is steepest",
    )
    check.call(measure, "maximum", 2.0, 5.0, expect=(5.0, [0.0, 1.0]), about="the second is larger")
    check.call(
        measure, "maximum", 1.0, 1.0, expect=(1.0, [1.0, 0.0]), about="a tie goes to the first"
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(302)
    for a in rng.uniform(-4, 4, size=4):
        check.call(measure, "sigmoid", a, about="the sigmoid elsewhere")
    for a in (-25.0, 25.0):
        check.call(measure, "sigmoid", a, about="the sigmoid far out")
    for a, b in [(-2.5, -3.5), (-3.5, -2.5), (4.0, 0.5), (0.0, 3.0)]:
        check.call(measure, "maximum", a, b, about="the larger of two, negative ones too")
    ### END HIDDEN TESTS


# %% mistakes="operations"
def _measured(name, *numbers):
    """What `measure` gives for right operations; not a mistake by itself. (In the notebook, `measure` would apply the
    student's own.)"""
    a, b = numbers[0], numbers[-1]
    slope = {
        "multiply": lambda: [b, a],
        "divide": lambda: [1 / b, -a / b**2],
        "maximum": lambda: [a >= b, a < b],
    }
    value = {"multiply": lambda: a * b, "divide": lambda: a / b, "maximum": lambda: max(a, b)}
    if name == "sigmoid":
        out = 1 / (1 + np.exp(-a))
        return float(out), [float(out * (1 - out))]
    return value[name](), [float(s) for s in slope[name]()]


def own_slope(name, *numbers):
    """You gave each factor its own number as slope. When a moves by one, a times b moves by b: the slope of each
    factor is the other one."""
    data, slopes = _measured(name, *numbers)
    return (data, slopes[::-1]) if name == "multiply" else (data, slopes)


def slopes_of_a_sum(name, *numbers):
    """The slopes 1 and 1 belong to a sum. In a product, each argument moves the result by as much as the other one
    is."""
    data, slopes = _measured(name, *numbers)
    return (data, [1.0, 1.0]) if name == "multiply" else (data, slopes)


def square_forgotten(name, *numbers):
    """In a / b the slope with respect to b is -a / b squared: the square is missing in yours."""
    data, slopes = _measured(name, *numbers)
    return (data, [slopes[0], -numbers[0] / numbers[1]]) if name == "divide" else (data, slopes)


def quotient_sign(name, *numbers):
    """In a / b the slope with respect to b is negative times a: the larger the denominator, the smaller the result.
    Your minus sign is missing."""
    data, slopes = _measured(name, *numbers)
    return (data, [slopes[0], -slopes[1]]) if name == "divide" else (data, slopes)


def slope_at_the_input(name, *numbers):
    """You put the input into s (1 - s). In this formula s is the sigmoid's output."""
    data, slopes = _measured(name, *numbers)
    return (data, [numbers[0] * (1 - numbers[0])]) if name == "sigmoid" else (data, slopes)


def tie_to_second(name, *numbers):
    """At a tie your second argument wins. The exercise gives ties to the first: compare with >=."""
    data, slopes = _measured(name, *numbers)
    return (data, [0.0, 1.0]) if name == "maximum" and numbers[0] == numbers[1] else (data, slopes)


def tie_to_both(name, *numbers):
    """At a tie both of your arguments get the slope 1. Only one may win, or the gradient is counted twice."""
    data, slopes = _measured(name, *numbers)
    return (data, [1.0, 1.0]) if name == "maximum" and numbers[0] == numbers[1] else (data, slopes)


def tie_shared(name, *numbers):
    """At a tie you share the slope, half and half. That is a defensible choice, but the exercise gives it all to the
    first."""
    data, slopes = _measured(name, *numbers)
    return (data, [0.5, 0.5]) if name == "maximum" and numbers[0] == numbers[1] else (data, slopes)


def slopes_are_values(name, *numbers):
    """Your maximum hands on the number itself as slope. The slope says how much the result moves: 1 for the winner, 0
    for the other."""
    data, slopes = _measured(name, *numbers)
    return (data, [s * data for s in slopes]) if name == "maximum" else (data, slopes)


def result_as_slope(name, *numbers):
    """You used the sigmoid's value as its slope. The slope is s (1 - s)."""
    data, slopes = _measured(name, *numbers)
    return (data, [data]) if name == "sigmoid" else (data, slopes)


def one_input_only(name, *numbers):
    """One of the two arguments is missing from `inputs`. Every argument that the result depends on needs its pair, or
    its gradient stays zero."""
    data, slopes = _measured(name, *numbers)
    return (data, [slopes[0], 0]) if name in ("multiply", "divide") else (data, slopes)


# %% [markdown]
# ## 2. The walk backward (6 points)
#
# Write `backward(output)`. Afterwards every `Value` that `output` was computed from, directly or not, and `output`
# itself, holds in its `grad` the derivative of `output` with respect to it.
#
# - Whatever stood in these `grad`s before is forgotten: set them to zero first. Calling `backward` twice gives the
#   same numbers as calling it once.
# - `Value`s that `output` does not depend on keep what stands in their `grad`.
# - Each arrow costs one multiplication, not one for each path that runs through it.
# - A value may be used several times, also twice in one operation. No path in the tests is longer than 300 arrows, so
#   a recursive walk is fine.
#
# The tests use the given `gradients`. It makes a graph from arrows (source, target, local derivative), where the
# nodes are numbered, calls your `backward` and returns all `grad`s.


# %% given="gradients"
def gradients(arrows, output, before=0.0):
    """arrows: triples (number of the source, number of the target, local derivative). Builds the graph, writes `before`
    into every grad, calls backward on node number `output`, and returns the grads of all nodes in order."""
    values = [
        Value(0.0) for _ in range(1 + max(max(source, target) for source, target, _ in arrows))
    ]
    for source, target, local in arrows:
        values[target].inputs.append((values[source], local))
    for value in values:
        value.grad = before
    backward(values[output])
    return [value.grad for value in values]


class Counted(float):
    """A local derivative that counts how often it is multiplied by something."""

    times = 0

    def __mul__(self, other):
        Counted.times += 1
        return float(self) * float(other)

    __rmul__ = __mul__


def work(doublings):
    """What backward does in the graph of y = y + y, repeated `doublings` times: 2 arrows for each, 2 ** doublings
    paths."""
    Counted.times = 0
    gradients([(i, i + 1, Counted(1.0)) for i in range(doublings) for _ in range(2)], doublings)
    return "grows with the arrows" if Counted.times <= 4 * doublings else "grows with the paths"


# %% [markdown] hints="backward" reads="An autograd engine on one screen"
# Idea: hand gradients from a node to its inputs, starting at the output with 1. The whole difficulty is the order: a
# node may hand on only when all of its users have handed to it.
#
# ---
#
# Step: walk depth first from the output. Write a node into a list only after all of its inputs have been written, and
# never twice (keep a set of the nodes you have seen). In the reversed list every user comes before its inputs.
#
# ---
#
# Nearly the code: inside, `def visit(node)`: if the node is not in `seen`, add it, visit the sources in
# `node.inputs`, then `order.append(node)`. After `visit(output)`: zero all grads in `order`, set `output.grad = 1.0`,
# and for each node in `reversed(order)` add `local * node.grad` to `source.grad` for each of its pairs.


# %% solution="backward"
def backward(output):
    """Fill in `grad` of every Value behind `output`. For y = x * x with x = 3: y.grad is 1, x.grad is 6. Returns
    nothing."""
    ### BEGIN SOLUTION
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.inputs:
                visit(source)
            node.grad = 0.0
            order.append(node)

    visit(output)
    output.grad = 1.0
    for node in reversed(order):
        for source, local in node.inputs:
            source.grad += local * node.grad
    ### END SOLUTION


# %% tests="backward" points=3
with check.exercise("backward"):
    check.call(
        gradients,
        [(0, 1, 2.0), (1, 2, 3.0)],
        2,
        expect=[6.0, 3.0, 1.0],
        about="a chain: slopes multiply",
    )
    check.call(
        gradients, [(0, 2, 5.0), (1, 2, -1.0)], 2, expect=[5.0, -1.0, 1.0], about="two inputs"
    )
    check.call(
        gradients,
        [(0, 1, 2.0), (0, 2, 3.0), (1, 3, 1.0), (2, 3, 10.0)],
        3,
        expect=[32.0, 1.0, 10.0, 1.0],
        about="two ways from node 0 to node 3: the sum over both",
    )
    check.call(
        gradients,
        [(0, 1, 3.0), (0, 1, 3.0)],
        1,
        expect=[6.0, 1.0],
        about="used twice in one operation, as in x * x",
    )
    ### BEGIN HIDDEN TESTS
    check.call(
        gradients,
        [(0, 1, 2.0), (0, 3, 5.0), (1, 2, 1.0), (2, 3, 1.0), (1, 3, 4.0)],
        3,
        about="a short and a long way to the same node",
    )
    check.call(
        gradients,
        [(1, 3, 4.0), (2, 3, 1.0), (0, 3, 5.0), (1, 2, 1.0), (0, 1, 2.0)],
        3,
        about="the same, with the inputs in another order",
    )
    rng = np.random.default_rng(303)
    for n in (6, 9, 12):
        names = rng.permutation(n)
        pairs = [(names[i], names[j]) for j in range(1, n) for i in rng.choice(j, size=min(j, 3))]
        arrows = [(int(s), int(t), float(rng.normal())) for s, t in rng.permutation(pairs)]
        check.call(gradients, arrows, int(names[-1]), about="a random graph with much reuse")
    check.call(gradients, [(i, i + 1, 1.01) for i in range(250)], 250, about="a long chain")
    check.call(
        gradients,
        [(0, 1, 2.0), (1, 2, 3.0), (2, 3, 7.0)],
        2,
        about="a node in the middle as output",
    )
    ### END HIDDEN TESTS

# %% tests="backward.again" points=1
with check.exercise("backward.again"):
    check.call(
        gradients,
        [(0, 1, 2.0), (1, 2, 3.0)],
        2,
        7.0,
        expect=[6.0, 3.0, 1.0],
        about="old gradients of 7 are forgotten",
    )
    ### BEGIN HIDDEN TESTS
    check.call(
        gradients,
        [(0, 1, 2.0), (0, 2, 3.0), (1, 3, 1.0), (2, 3, 10.0)],
        3,
        -2.5,
        about="old gradients, and two ways",
    )
    check.call(
        gradients,
        [(0, 1, 2.0), (1, 2, 3.0), (1, 4, 3.0), (3, 4, 9.0)],
        2,
        7.0,
        about="values that the output does not depend on keep their grad",
    )
    ### END HIDDEN TESTS

# %% tests="backward.cost" points=2
with check.exercise("backward.cost"):
    twice = [(0, 1, 1.0), (0, 1, 1.0), (1, 2, 1.0), (1, 2, 1.0), (2, 3, 1.0), (2, 3, 1.0)]
    check.call(
        gradients,
        twice,
        3,
        expect=[8.0, 4.0, 2.0, 1.0],
        about="3 doublings: the gradient counts the paths",
    )
    check.call(
        work,
        12,
        expect="grows with the arrows",
        about="12 doublings have 24 arrows and 4,096 paths",
        diagnosis="every_path",
        why="Your walk follows every path to its end, and paths double with each reuse. "
        "Hand each node's gradient on once, when all of its users have been heard.",
    )
    ### BEGIN HIDDEN TESTS
    check.call(
        gradients,
        [(i, i + 1, 1.0) for i in range(12) for _ in range(2)],
        12,
        about="12 doublings: the gradient counts the paths",
    )
    check.call(
        work,
        9,
        about="the cost grows with the arrows, not with the paths",
        diagnosis="every_path",
        why="Your walk follows every path to its end, and paths double with each reuse. "
        "Hand each node's gradient on once, when all of its users have been heard.",
    )
    ### END HIDDEN TESTS


# %% mistakes="backward"
def _walk(
    arrows,
    output,
    before,
    start=1.0,
    order="true",
    zero=True,
    combine=lambda old, new: old + new,
    slope=lambda local: local,
):
    """A backward walk with something wrong in it, on the same numbered graph; not a mistake by itself."""
    n = 1 + max(max(source, target) for source, target, _ in arrows)
    inputs = {i: [(s, local) for s, t, local in arrows if t == i] for i in range(n)}
    written, waiting, found = [], [], [output]

    def visit(node):
        if node not in written and node not in waiting:
            waiting.append(node)
            for s, _ in inputs[node]:
                visit(s)
            written.append(node)

    visit(output)
    if order == "breadth":
        for node in found:
            for s, _ in inputs[node]:
                found += [s] if s not in found else []
    places = {"true": written[::-1], "breadth": found, "preorder": waiting, "backward": written}[
        order
    ]
    grad = [0.0 if zero and i in written else before for i in range(n)]
    grad[output] = start if zero or start != 1.0 else 1.0
    for node in places:
        for s, local in inputs[node]:
            grad[s] = combine(grad[s], slope(local) * grad[node])
    return grad


def overwritten(arrows, output, before=0.0):
    """A value that is used twice keeps only the last gradient that it was handed: you wrote `=` where `+=` belongs."""
    return _walk(arrows, output, before, combine=lambda old, new: new)


def never_zeroed(arrows, output, before=0.0):
    """What stood in `grad` before was added to. Set the grads of all nodes behind the output to zero before the
    walk."""
    return _walk(arrows, output, before, zero=False)


def depth_first(arrows, output, before=0.0):
    """Each node hands its gradient on as soon as it is first reached, when some of its users have not spoken yet.
    Collect an order first, in which every user comes before its inputs."""
    return _walk(arrows, output, before, order="preorder")


def breadth_first(arrows, output, before=0.0):
    """You walk level by level from the output. A node with a short and a long way to the output is then handed on too
    early. Every user must come before its inputs."""
    return _walk(arrows, output, before, order="breadth")


def recursion_on_totals(arrows, output, before=0.0):
    """Each time a node is handed a share, you hand on all that it has gathered so far, so its earlier shares are handed
    on again. Wait until all of its users have spoken, then hand on once."""
    grad = [0.0 for _ in _walk(arrows, output, before)]

    def visit(node):
        for s, t, local in arrows:
            if t == node:
                grad[s] += local * grad[node]
                visit(s)

    grad[output] = 1.0
    visit(output)
    behind = _walk(arrows, output, math.nan)
    return [before if math.isnan(b) else g for g, b in zip(grad, behind)]


def wrong_end(arrows, output, before=0.0):
    """You walk the list from the inputs to the output, so gradients are handed on before they have arrived. Reverse
    the order."""
    return _walk(arrows, output, before, order="backward")


def no_seed(arrows, output, before=0.0):
    """All gradients are zero: the walk has nothing to hand on. The output's own gradient is 1."""
    return _walk(arrows, output, before, start=0.0)


def slopes_ignored(arrows, output, before=0.0):
    """The gradient is handed on without its local derivative. Multiply it by the slope of the arrow."""
    return _walk(arrows, output, before, slope=lambda local: 1.0)


def one_level(arrows, output, before=0.0):
    """Only the direct inputs of the output got a gradient. They have inputs too: walk on until there is nothing
    left."""
    grad = [before for _ in _walk(arrows, output, before)]
    grad[output] = 1.0
    for source in {s for s, t, _ in arrows if t == output}:
        grad[source] = sum(local for s, t, local in arrows if (s, t) == (source, output))
    return grad


def pairs_merged(arrows, output, before=0.0):
    """A value that is used twice in one operation has two pairs in `inputs`, as in x * x. Yours keeps one of them: go
    through the list itself, not through a set or a dict."""
    merged = {(s, t): local for s, t, local in arrows}
    return _walk([(s, t, local) for (s, t), local in merged.items()], output, before)


def leaves_not_zeroed(arrows, output, before=0.0):
    """You set the grads of computed values to zero, and not those of the values at the start, which have no inputs.
    They keep their old gradients."""
    leaves = {s for s, _, _ in arrows} - {t for _, t, _ in arrows}
    right = _walk(arrows, output, before)
    clean = _walk(arrows, output, 0.0)
    return [r + before if i in leaves and c else r for i, (r, c) in enumerate(zip(right, clean))]


def zeroed_everywhere(arrows, output, before=0.0):
    """A value that the output does not depend on lost its grad."""
    return _walk(arrows, output, 0.0)


# %% [markdown]
# ## 3. A dense layer, backward (4 points)
#
# Forward, a dense layer computes $O = XW + b$ and keeps `cache = (x, W)`; the function is given. Write
# `dense_backward(dout, cache)`, where `dout` is $\partial L / \partial O$, of the shape of $O$. It returns the tuple
# `(dx, dW, db)`, in this order, each with the shape of what it belongs to.
#
# Sum over the batch, do not average: the loss has divided by the batch size already.


# %% given="layers"
def dense_forward(x, W, b):
    """x (batch, n_in), W (n_in, n_out), b (n_out,) -> out (batch, n_out), cache"""
    return x @ W + b, (x, W)


def relu_forward(x):
    """x of any shape -> out of the same shape, cache"""
    return np.maximum(x, 0), x > 0


def relu_backward(dout, cache):
    """dout of any shape -> dx of the same shape"""
    return dout * cache


def softmax_cross_entropy_forward(logits, labels):
    """logits (batch, classes), labels (batch,) whole numbers -> mean loss over the batch, cache"""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean(), (logits, labels)


# %% [markdown] hints="dense_backward" reads="Layers in pairs"
# Idea: each of the three is a sum over the users of one number. The shapes leave hardly a choice.
#
# ---
#
# Step: `dW` has the shape (n_in, n_out) and is made of `x` (batch, n_in) and `dout` (batch, n_out). `dx` is made of
# `dout` and `W`. `b` was added to every row.
#
# ---
#
# Nearly the code: `dW = x.T @ dout`, `dx = dout @ ...`, `db = dout.sum(axis=...)`.


# %% solution="dense_backward"
def dense_backward(dout, cache):
    """dout (batch, n_out), cache = (x, W) with x (batch, n_in), W (n_in, n_out) -> the tuple (dx, dW, db)

    With x = [[1, 2]], W = [[3, 4], [5, 6]], dout = [[1, -1]]: dx = [[-1, -1]], dW = [[1, -1], [2, -2]], db = [1, -1].
    """
    ### BEGIN SOLUTION
    x, W = cache
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)
    ### END SOLUTION


# %% tests="dense_backward" points=4
with check.exercise("dense_backward"):
    cache = (np.array([[1.0, 2.0]]), np.array([[3.0, 4.0], [5.0, 6.0]]))
    check.call(
        dense_backward,
        np.array([[1.0, -1.0]]),
        cache,
        expect=([[-1.0, -1.0]], [[1.0, -1.0], [2.0, -2.0]], [1.0, -1.0]),
        about="one example, by hand",
    )
    cache = (np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]]), np.array([[1.0], [2.0], [3.0]]))
    check.call(
        dense_backward,
        np.array([[1.0], [10.0]]),
        cache,
        expect=([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]], [[1.0], [30.0], [12.0]], [11.0]),
        about="two examples, one output unit: dW and db sum over the examples",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(304)
    for batch, n_in, n_out in [(5, 3, 4), (1, 4, 2), (4, 4, 4), (7, 1, 3), (6, 2, 1), (3, 5, 3)]:
        cache = (rng.normal(size=(batch, n_in)), rng.normal(size=(n_in, n_out)))
        check.call(
            dense_backward,
            rng.normal(size=(batch, n_out)),
            cache,
            about="random inputs of several shapes",
        )
    ### END HIDDEN TESTS


# %% mistakes="dense_backward"
def _right(dout, cache):
    """The right gradients, from which each mistake departs; not a mistake by itself."""
    x, W = cache
    return (
        np.einsum("ij,kj->ik", dout, W),
        np.einsum("ik,ij->kj", x, dout),
        np.einsum("ij->j", dout),
    )


def averaged(dout, cache):
    """You divided by the batch size. The loss has done that already; here the contributions of the examples are
    summed."""
    dx, dW, db = _right(dout, cache)
    return dx, dW / len(dout), db / len(dout)


def bias_averaged(dout, cache):
    """db is averaged over the batch where it should be summed: the bias is used once for every example."""
    dx, dW, db = _right(dout, cache)
    return dx, dW, db / len(dout)


def bias_not_summed(dout, cache):
    """db still has a row for each example. The bias was added to every row, so sum dout over axis 0."""
    dx, dW, _ = _right(dout, cache)
    return dx, dW, dout


def bias_keeps_axis(dout, cache):
    """db has the shape (1, n_out), the bias (n_out,). Leave out keepdims."""
    dx, dW, db = _right(dout, cache)
    return dx, dW, db[None]


def bias_over_units(dout, cache):
    """db is summed over the units (axis 1). The bias has one number for each unit: sum over the examples, axis 0."""
    dx, dW, _ = _right(dout, cache)
    return dx, dW, dout.sum(axis=1)


def bias_of_ones(dout, cache):
    """db is the number of examples: you summed the slopes of the bias and left out dout, which each of them is
    multiplied by."""
    dx, dW, db = _right(dout, cache)
    return dx, dW, np.full_like(db, len(dout))


def weights_transposed(dout, cache):
    """dW is transposed: it must have the shape of W, (n_in, n_out), so it is x.T @ dout."""
    dx, dW, db = _right(dout, cache)
    return dx, dW.T, db


def w_not_transposed(dout, cache):
    """For dx you multiplied by W where W.T belongs. With a square W the shapes fit by accident, and the numbers are
    wrong."""
    _, dW, db = _right(dout, cache)
    return dout @ cache[1], dW, db


def other_order(dout, cache):
    """dx and dW are exchanged: the order asked for is (dx, dW, db)."""
    dx, dW, db = _right(dout, cache)
    return dW, dx, db


def parameters_first(dout, cache):
    """The order asked for is (dx, dW, db), and yours is (dW, db, dx)."""
    dx, dW, db = _right(dout, cache)
    return dW, db, dx


# %% [markdown]
# ## 4. Softmax with cross-entropy, backward (5 points)
#
# The loss of a batch is the **mean** over its $m$ examples of $-\log p_t$, where $p = \mathrm{softmax}(z)$ is taken
# along each row of the logits and $t$ is the row's label. Write `softmax_cross_entropy_backward(dloss, cache)`.
#
# - `dloss` is a number, the gradient of whatever follows with respect to this loss. It is 1.0 when nothing follows.
# - `cache = (logits, labels)`, as kept by the given forward function: logits (batch, classes), labels (batch,) of
#   whole numbers from 0.
# - It returns `dlogits`, of the shape of the logits: the gradient with respect to every logit.
#
# Logits may be in the thousands. The result must be right there too, without overflow.

# %% [markdown] hints="softmax_cross_entropy_backward" reads="Layers in pairs"
# Idea: what the network believes, minus what is true; then the mean, and what comes from above.
#
# ---
#
# Step: compute the probabilities row by row, subtracting each row's maximum first so that `exp` stays small. Subtract
# 1 at the label of each row. Divide by the number of rows and multiply by `dloss`.
#
# ---
#
# Nearly the code: `p = np.exp(logits - logits.max(axis=1, keepdims=True))`, then divide `p` by its row sums, then
# `p[np.arange(len(labels)), labels] -= 1`, and return `dloss * p / ...`.


# %% solution="softmax_cross_entropy_backward"
def softmax_cross_entropy_backward(dloss, cache):
    """dloss a number, cache = (logits (batch, classes), labels (batch,)) -> dlogits (batch, classes)

    With logits [[0, 0]], labels [1] and dloss 1.0: [[0.5, -0.5]].
    """
    ### BEGIN SOLUTION
    logits, labels = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return dloss * p / len(labels)
    ### END SOLUTION


# %% tests="softmax_cross_entropy_backward" points=3
with check.exercise("softmax_cross_entropy_backward"):
    check.call(
        softmax_cross_entropy_backward,
        1.0,
        (np.zeros((1, 2)), np.array([1])),
        expect=[[0.5, -0.5]],
        about="one example that is undecided",
    )
    check.call(
        softmax_cross_entropy_backward,
        1.0,
        (np.log([[1.0, 3.0], [2.0, 2.0]]), np.array([0, 0])),
        expect=[[-0.375, 0.375], [-0.25, 0.25]],
        about="two examples: probabilities 1/4, 3/4 and 1/2, 1/2, and the mean over both",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(305)
    for batch, classes, dloss in [(4, 3, 1.0), (1, 5, 1.0), (3, 3, 1.0), (5, 2, -2.5), (6, 4, 0.3)]:
        cache = (2 * rng.normal(size=(batch, classes)), rng.integers(0, classes, size=batch))
        about = (
            "random logits" if dloss == 1.0 else "a loss that something follows (dloss is not 1)"
        )
        check.call(softmax_cross_entropy_backward, dloss, cache, about=about)
    ### END HIDDEN TESTS

# %% tests="softmax_cross_entropy_backward.stable" points=2
with check.exercise("softmax_cross_entropy_backward.stable"):
    check.call(
        softmax_cross_entropy_backward,
        1.0,
        (np.array([[1000.0, 1000.0]]), np.array([0])),
        expect=[[-0.5, 0.5]],
        about="large logits",
    )
    ### BEGIN HIDDEN TESTS
    check.call(
        softmax_cross_entropy_backward,
        1.0,
        (np.array([[-3000.0, -2999.0, -3001.0]]), np.array([2])),
        about="very negative logits",
    )
    check.call(
        softmax_cross_entropy_backward,
        1.0,
        (
            np.array([[2000.0, 0.0, -2000.0], [0.0, 1.0, 2.0], [-900.0, 0.5, -0.5]]),
            np.array([1, 0, 2]),
        ),
        about="large and small logits in one batch",
    )
    ### END HIDDEN TESTS


# %% mistakes="softmax_cross_entropy_backward"
def _right(dloss, cache):
    """The right gradient, from which each mistake departs; not a mistake by itself."""
    logits, labels = cache
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return dloss / len(labels) * (np.exp(log_p) - np.eye(logits.shape[1])[labels])


def not_averaged(dloss, cache):
    """The gradient of the sum of the losses, and not of their mean: divide by the number of examples."""
    return _right(dloss, cache) * len(cache[1])


def averaged_over_everything(dloss, cache):
    """You divided by the number of all logits. The mean is taken over the examples only."""
    return _right(dloss, cache) / cache[0].shape[1]


def dloss_ignored(dloss, cache):
    """dloss is not used. By the chain rule everything is multiplied by what comes from above."""
    return _right(1.0, cache)


def labels_forgotten(dloss, cache):
    """You returned the probabilities alone. At the label of each row, 1 must be subtracted."""
    one_hot = np.eye(cache[0].shape[1])[cache[1]]
    return _right(dloss, cache) + dloss * one_hot / len(cache[1])


def label_column_only(dloss, cache):
    """Only the logit of the right class gets a gradient in yours. All the others push the loss up, each by its
    probability."""
    return _right(dloss, cache) * np.eye(cache[0].shape[1])[cache[1]]


def extra_softmax_slope(dloss, cache):
    """You multiplied by p (1 - p) as well. The derivative p - truth contains the softmax already."""
    p = _right(1.0, cache) * len(cache[1]) + np.eye(cache[0].shape[1])[cache[1]]
    return _right(dloss, cache) * p * (1 - p)


def softmax_over_columns(dloss, cache):
    """The softmax is taken down the columns. Each row is one example: sum along axis 1, with keepdims."""
    p = np.exp(cache[0] - cache[0].max())
    return dloss * (p / p.sum(axis=0) - np.eye(cache[0].shape[1])[cache[1]]) / len(cache[1])


def softmax_over_all(dloss, cache):
    """All logits of the batch share one sum. Each row is one example: sum along axis 1, with keepdims."""
    p = np.exp(cache[0] - cache[0].max())
    return dloss * (p / p.sum() - np.eye(cache[0].shape[1])[cache[1]]) / len(cache[1])


def one_maximum(dloss, cache):
    """You subtract one maximum from the whole batch. A row far below it then underflows to zero: subtract each row's
    own maximum."""
    with np.errstate(all="ignore"):
        p = np.exp(cache[0] - cache[0].max())
        return (
            dloss
            * (p / p.sum(axis=1, keepdims=True) - np.eye(cache[0].shape[1])[cache[1]])
            / len(cache[1])
        )


# %% [markdown]
# ## 5. A gradient check (5 points)
#
# Write `gradient_check(f, x, gradient, step=1e-5)`. It measures the gradient of `f` at `x` by central differences,
# one number of `x` at a time,
#
# $$n_i = \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h}, \qquad h = \mathtt{step},$$
#
# where $e_i$ is 1 at place $i$ and 0 elsewhere, and returns the relative difference to the claimed `gradient` $g$ as
# one number:
#
# $$\frac{\lVert g - n \rVert}{\lVert g \rVert + \lVert n \rVert}, \qquad
# \lVert v \rVert = \sqrt{\textstyle\sum_i v_i^2} \;\text{ over all numbers of the array.}$$
#
# - `x` is an array of any shape; `f` takes an array of that shape and returns a number. `gradient` has the shape of
#   `x`.
# - `x` may hold whole numbers (an integer array). `f` must then still be measured between them, so it is called with
#   64-bit floats.
# - When both gradients are zero everywhere, the result is 0.0.

# %% [markdown] hints="gradient_check" reads="Trust, but check"
# Idea: first fill an array of measured slopes, of the shape of `x`; then compare two arrays with one formula.
#
# ---
#
# Step: make a float copy of `x`. `for index in np.ndindex(x.shape)` visits every place of an array of any shape. At
# each place, raise a copy by `step`, lower another copy by `step`, and call `f` on both. `np.linalg.norm` of a
# flattened array (`.ravel()`) is the root of the sum of squares.
#
# ---
#
# Nearly the code: `x = np.array(x, dtype=float)`, `measured = np.zeros_like(x)`, and in the loop
# `up, down = x.copy(), x.copy()`, `up[index] += step`, `down[index] -= step`,
# `measured[index] = (f(up) - f(down)) / ...`. At the end, `total = norm(gradient) + norm(measured)`, and guard
# against `total == 0`.


# %% solution="gradient_check"
def gradient_check(f, x, gradient, step=1e-5):
    """f (array -> number), x an array of any shape, gradient of the same shape -> relative difference, from 0 to 1.

    For f(x) = sum of x cubed, x = [1.0], gradient = [3.0], step = 0.1: measured 3.01, so 0.01 / 6.01.
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=np.float64)
    measured = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += step
        down[index] -= step
        measured[index] = (f(up) - f(down)) / (2 * step)
    total = np.linalg.norm(gradient.ravel()) + np.linalg.norm(measured.ravel())
    return np.linalg.norm((gradient - measured).ravel()) / total if total > 0 else 0.0
    ### END SOLUTION


# %% tests="gradient_check" points=3
def cubes(x):
    return (x**3).sum()


def weighted_sine(x):
    return (np.sin(x) * np.arange(1.0, x.size + 1).reshape(x.shape)).sum()


with check.exercise("gradient_check"):
    check.call(
        gradient_check,
        cubes,
        np.array([1.0]),
        np.array([3.0]),
        0.1,
        expect=0.01 / 6.01,
        about="a large step: central differences measure 3.01",
    )
    check.call(
        gradient_check,
        cubes,
        np.array([2.0, -1.0]),
        np.array([12.0, 3.0]),
        expect=0.0,
        about="a right gradient, the usual step",
    )
    check.call(
        gradient_check,
        cubes,
        np.array([2.0]),
        np.array([-12.0]),
        expect=1.0,
        about="the opposite of the right gradient",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(306)
    for n, step in [(3, 1e-5), (4, 0.3), (6, 0.05)]:
        x = rng.normal(size=n)
        right = np.cos(x) * np.arange(1.0, n + 1)
        check.call(
            gradient_check,
            weighted_sine,
            x,
            right,
            step,
            about="a right gradient, with steps of several sizes",
        )
        check.call(
            gradient_check,
            weighted_sine,
            x,
            right + rng.normal(size=n),
            step,
            about="a wrong gradient, with steps of several sizes",
        )
        check.call(
            gradient_check,
            weighted_sine,
            100 * x,
            1.5 * np.cos(100 * x) * np.arange(1.0, n + 1),
            step,
            about="a gradient that is too large by half",
        )
    ### END HIDDEN TESTS


# %% tests="gradient_check.care" points=2
def determinant(x):
    return np.linalg.det(x)


def constant(x):
    return 4.0


with check.exercise("gradient_check.care"):
    check.call(
        gradient_check,
        determinant,
        np.array([[2.0, 1.0], [1.0, 3.0]]),
        np.array([[3.0, -1.0], [-1.0, 2.0]]),
        expect=0.0,
        about="a matrix: f gets the shape that it needs",
    )
    check.call(
        gradient_check,
        constant,
        np.array([1.0, 2.0]),
        np.zeros(2),
        expect=0.0,
        about="both gradients are zero",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(307)
    x = rng.normal(size=(3, 3))
    check.call(
        gradient_check,
        determinant,
        x,
        np.linalg.det(x) * np.linalg.inv(x).T,
        about="a matrix, right",
    )
    check.call(
        gradient_check,
        determinant,
        x,
        np.linalg.det(x) * np.linalg.inv(x),
        about="a matrix, with the gradient transposed",
    )
    check.call(
        gradient_check,
        weighted_sine,
        rng.normal(size=(2, 2, 3)),
        rng.normal(size=(2, 2, 3)),
        about="an array with three axes",
    )
    check.call(
        gradient_check,
        cubes,
        np.array([1, 2, -3]),
        np.array([3.0, 12.0, 27.0]),
        about="whole numbers, the usual step",
    )
    check.call(
        gradient_check,
        cubes,
        np.array([[1, 2], [-3, 0]]),
        np.array([[3.0, 12.0], [20.0, 1.0]]),
        0.2,
        about="whole numbers, a large step",
    )
    check.call(
        gradient_check,
        constant,
        np.array([1.0, 2.0]),
        np.array([0.0, 1e-3]),
        about="only the claimed gradient is not zero",
    )
    ### END HIDDEN TESTS


# %% mistakes="gradient_check"
def _compare(g, n):
    """The asked-for comparison; not a mistake by itself."""
    total = np.sqrt((g**2).sum()) + np.sqrt((n**2).sum())
    return np.sqrt(((g - n) ** 2).sum()) / total if total > 0 else 0.0


def _moved(x, index, by):
    """A float copy of x with one number moved; not a mistake by itself."""
    moved = np.array(x, dtype=np.float64)
    moved[index] += by
    return moved


def _measured(f, x, step, low=-1.0, width=2.0):
    """Difference quotients from x + low * step to x + step; not a mistake by itself."""
    slopes = [
        (f(_moved(x, i, step)) - f(_moved(x, i, low * step))) / (width * step)
        for i in np.ndindex(x.shape)
    ]
    return np.array(slopes).reshape(x.shape)


def one_sided(f, x, gradient, step=1e-5):
    """You measure from x to x + h. The central difference, from x - h to x + h, was asked for: its error is far
    smaller."""
    return _compare(gradient, _measured(f, x, step, low=0.0, width=1.0))


def divided_by_h(f, x, gradient, step=1e-5):
    """The two points are 2h apart, and you divide by h: your slopes are twice too large."""
    return _compare(gradient, _measured(f, x, step, width=1.0))


def half_a_step(f, x, gradient, step=1e-5):
    """You move by h / 2 to either side. The exercise moves by h, and divides by 2h."""
    return _compare(gradient, _measured(f, x, step / 2))


def absolute_difference(f, x, gradient, step=1e-5):
    """You return the size of the difference itself. Divide it by the sum of the two sizes: what counts is the
    difference relative to them."""
    return np.sqrt(((gradient - _measured(f, x, step)) ** 2).sum())


def zero_over_zero(f, x, gradient, step=1e-5):
    """When both gradients are zero you divide 0 by 0. Return 0.0 there: equal is equal."""
    result = _compare(gradient, _measured(f, x, step))
    return math.nan if result == 0 and not gradient.any() else result


def claimed_size_only(f, x, gradient, step=1e-5):
    """You divide by the size of the claimed gradient alone. The formula divides by the sum of both sizes."""
    with np.errstate(all="ignore"):
        return np.sqrt(((gradient - _measured(f, x, step)) ** 2).sum()) / np.sqrt(
            (gradient**2).sum()
        )


def size_of_the_sum(f, x, gradient, step=1e-5):
    """You divide by the size of g + n. The formula adds the two sizes: with opposite gradients g + n is zero."""
    n = _measured(f, x, step)
    with np.errstate(all="ignore"):
        return np.sqrt(((gradient - n) ** 2).sum()) / np.sqrt(((gradient + n) ** 2).sum())


def largest_element(f, x, gradient, step=1e-5):
    """You compare number by number and return the worst. The formula compares the arrays as wholes, by the root of
    the sum of squares."""
    n = _measured(f, x, step)
    with np.errstate(all="ignore"):
        return (np.abs(gradient - n) / np.maximum(np.abs(gradient) + np.abs(n), 1e-8)).max()


def sum_of_absolutes(f, x, gradient, step=1e-5):
    """You add absolute values. The size of an array is here the root of the sum of squares."""
    n = _measured(f, x, step)
    total = np.abs(gradient).sum() + np.abs(n).sum()
    return np.abs(gradient - n).sum() / total if total > 0 else 0.0


def squares_without_root(f, x, gradient, step=1e-5):
    """The root is missing: you compare sums of squares."""
    n = _measured(f, x, step)
    total = (gradient**2).sum() + (n**2).sum()
    return ((gradient - n) ** 2).sum() / total if total > 0 else 0.0


def all_at_once(f, x, gradient, step=1e-5):
    """You move all numbers of x at the same time. Each slope is about one number: move one, and put it back before
    the next."""
    x = np.array(x, dtype=np.float64)
    return _compare(gradient, np.full(x.shape, (f(x + step) - f(x - step)) / (2 * step)))


def one_slope_for_all(f, x, gradient, step=1e-5):
    """You move all numbers of x at once, and measure one slope for the whole array. The gradient has a slope for each
    number: move one, and put it back before the next."""
    n = (f(x + step) - f(x - step)) / (2 * step)
    with np.errstate(all="ignore"):
        return np.float64(np.linalg.norm(gradient - n)) / (np.linalg.norm(gradient) + np.abs(n))


def rows_moved(f, x, gradient, step=1e-5):
    """In a matrix, x[i] is a whole row, and you move the row at once. Visit every number: np.ndindex(x.shape) gives
    the places of an array of any shape."""
    n = np.zeros(x.shape)
    for i in range(len(x)):
        n[i] = (f(_moved(x, i, step)) - f(_moved(x, i, -step))) / (2 * step)
    return _compare(gradient, n)


def verdict_returned(f, x, gradient, step=1e-5):
    """You return whether the gradient is right. The relative difference itself was asked for: let the reader judge."""
    return _compare(gradient, _measured(f, x, step)) < 1e-6


def whole_steps(f, x, gradient, step=1e-5):
    """With a whole-number x, your copy is an integer array too, and adding the step changes nothing. Copy as floats:
    np.array(x, dtype=float)."""
    if x.dtype.kind == "f":
        return _compare(gradient, _measured(f, x, step))
    moves = [step * (np.arange(x.size) == i).reshape(x.shape) for i in range(x.size)]
    n = [
        (f((x + move).astype(x.dtype)) - f((x - move).astype(x.dtype))) / (2 * step)
        for move in moves
    ]
    return _compare(gradient, np.array(n).reshape(x.shape))


# %% [markdown]
# ## 6. One step of training (6 points)
#
# Put the pairs together. `train_step(params, x, labels, learning_rate)` runs a network forward and backward on one
# batch, and takes one step of gradient descent.
#
# - `params` is a list of tuples `(W, b)`, one for each dense layer, any number of them from one on. ReLU follows
#   every layer but the last; the last layer gives the logits. The loss is the mean cross-entropy.
# - It returns the tuple `(new_params, loss)`: a new list of tuples `(W, b)`, where each array is the old one minus
#   `learning_rate` times its gradient, and the loss **before** the step.
# - All gradients belong to the old weights. `params` and its arrays stay as they are.
#
# Use the given forward functions and `relu_backward`, and your own `dense_backward` and
# `softmax_cross_entropy_backward`. When this exercise is graded, right versions of these two stand in for yours.

# %% [markdown] hints="train_step" reads="Training the network by hand"
# Idea: a loop forward that keeps every cache in a list, and a loop backward over the same list in reverse.
#
# ---
#
# Step: on the way forward, append the dense cache, and the ReLU cache except after the last layer. Backward, start
# with `softmax_cross_entropy_backward(1.0, cache)`. For each layer from the last to the first: `relu_backward` (if it
# had a ReLU), then `dense_backward`, then write down the new `(W, b)`. The list comes out in reverse order.
#
# ---
#
# Nearly the code: `for (W, b), dense_cache, relu_cache in reversed(list(zip(params, dense_caches, relu_caches)))`:
# `if relu_cache is not None: dout = relu_backward(dout, relu_cache)`;
# `dout, dW, db = dense_backward(dout, dense_cache)`;
# `new_params.insert(0, (W - learning_rate * dW, b - learning_rate * db))`.


# %% solution="train_step"
def train_step(params, x, labels, learning_rate):
    """params: list of (W, b) with W (n_in, n_out), b (n_out,); x (batch, first n_in); labels (batch,)
    -> the tuple (new_params, loss)

    With params = [(zeros (1, 2), zeros (2,))], x = [[1.0]], labels = [0] and learning rate 1.0, the new W is
    [[0.5, -0.5]], the new b [0.5, -0.5], and the loss log 2.
    """
    ### BEGIN SOLUTION
    out, caches, new_params = x, [], []
    for i, (W, b) in enumerate(params):
        out, relu_cache = relu_forward(out) if i > 0 else (out, None)
        out, dense_cache = dense_forward(out, W, b)
        caches.append((relu_cache, dense_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    for (W, b), (relu_cache, dense_cache) in zip(params[::-1], caches[::-1]):
        dout, dW, db = dense_backward(dout, dense_cache)
        dout = dout if relu_cache is None else relu_backward(dout, relu_cache)
        new_params.insert(0, (W - learning_rate * dW, b - learning_rate * db))
    return new_params, loss
    ### END SOLUTION


# %% tests="train_step" points=4
with check.exercise("train_step", needs="dense_backward softmax_cross_entropy_backward"):
    params = [(np.zeros((1, 2)), np.zeros(2))]
    check.call(
        train_step,
        params,
        np.array([[1.0]]),
        np.array([0]),
        1.0,
        expect=([(np.array([[0.5, -0.5]]), np.array([0.5, -0.5]))], math.log(2)),
        about="one layer, by hand",
    )
    params = [
        (np.array([[1.0, -1.0]]), np.zeros(2)),
        (np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([0.0, 2.0])),
    ]
    stepped = [
        (np.array([[1.1, -1.0]]), np.array([0.1, 0.0])),
        (np.array([[2.05, -0.05], [0.0, 1.0]]), np.array([0.05, 1.95])),
    ]
    check.call(
        train_step,
        params,
        np.array([[1.0]]),
        np.array([0]),
        0.1,
        expect=(stepped, math.log(2)),
        about="two layers, by hand: the second hidden unit is off, so its weights stay",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(308)
    for sizes in [(4, 3), (3, 5, 4), (5, 4, 4, 3), (4, 4, 4, 4), (2, 6, 5, 4, 3)]:
        params = [
            (rng.normal(size=(n_in, n_out)), rng.normal(size=n_out))
            for n_in, n_out in zip(sizes, sizes[1:])
        ]
        x, labels = rng.normal(size=(6, sizes[0])), rng.integers(0, sizes[-1], size=6)
        check.call(
            train_step,
            params,
            x,
            labels,
            rng.uniform(0.1, 0.5),
            about="networks of one to four layers",
        )
    ### END HIDDEN TESTS


# %% tests="train_step.learns" points=2
def train_and_predict(x):
    """100 steps on two rings of points, then the class of each row of x."""
    rng = np.random.default_rng(309)
    angle, outer = rng.uniform(0, 2 * np.pi, size=80), np.arange(80) % 2
    points = (1 + outer)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    params = [(rng.normal(size=(2, 16)), np.zeros(16)), (rng.normal(size=(16, 2)) / 4, np.zeros(2))]
    for _ in range(100):
        params, _ = train_step(params, points, outer, 1.0)
    (W1, b1), (W2, b2) = [(np.asarray(W), np.asarray(b)) for W, b in params]
    return (np.maximum(x @ W1 + b1, 0) @ W2 + b2).argmax(axis=1)


with check.exercise("train_step.learns", needs="dense_backward softmax_cross_entropy_backward"):
    ring = np.stack([np.cos(np.arange(12.0)), np.sin(np.arange(12.0))], axis=1)
    check.accuracy(
        train_and_predict,
        np.concatenate([ring, 2 * ring]),
        np.repeat([0, 1], 12),
        at_least=0.95,
        about="tells an inner ring from an outer one",
    )
    ### BEGIN HIDDEN TESTS
    turned = np.stack([np.cos(np.arange(60) / 7), np.sin(np.arange(60) / 7)], axis=1)
    check.accuracy(
        train_and_predict,
        np.concatenate([1.1 * turned, 1.9 * turned]),
        np.repeat([0, 1], 60),
        at_least=0.95,
        about="other points near the rings",
    )
    ### END HIDDEN TESTS


# %% mistakes="train_step"
def _step(
    params, x, labels, rate, mask=True, relu_last=False, fresh=False, bias=True, loss_after=False
):
    """A training step with something wrong in it; not a mistake by itself."""
    inputs, sums, out = [], [], x
    for i, (W, b) in enumerate(params):
        inputs.append(out)
        sums.append(out @ W + b)
        out = np.maximum(sums[-1], 0) if i < len(params) - 1 or relu_last else sums[-1]
    log_p = out - np.logaddexp.reduce(out, axis=1, keepdims=True)
    one_hot = np.eye(out.shape[1])[labels]
    loss, dout, new = (
        -(log_p * one_hot).sum() / len(labels),
        (np.exp(log_p) - one_hot) / len(labels),
        [],
    )
    for i in range(len(params) - 1, -1, -1):
        W, b = params[i]
        if mask and (i < len(params) - 1 or relu_last):
            dout = dout * (sums[i] > 0)
        new_W, new_b = W - rate * inputs[i].T @ dout, b - rate * dout.sum(axis=0) * bias
        dout = dout @ (new_W if fresh else W).T
        new.insert(0, (new_W, new_b))
    return new, _step(new, x, labels, rate)[1] if loss_after else loss


def uphill(params, x, labels, learning_rate):
    """The step goes up the gradient: subtract learning_rate times the gradient."""
    return _step(params, x, labels, -learning_rate)


def mask_forgotten(params, x, labels, learning_rate):
    """The gradient passes units that ReLU had switched off. On the way back, relu_backward belongs between two dense
    layers."""
    return _step(params, x, labels, learning_rate, mask=False)


def relu_at_the_end(params, x, labels, learning_rate):
    """You put a ReLU after the last layer too. Logits may be negative: the last layer has none."""
    return _step(params, x, labels, learning_rate, relu_last=True)


def fresh_weights(params, x, labels, learning_rate):
    """On the way back you use weights that have been updated already. All gradients belong to the old weights: finish
    the way back, then step."""
    return _step(params, x, labels, learning_rate, fresh=True)


def bias_untouched(params, x, labels, learning_rate):
    """The biases did not move: they have gradients too."""
    return _step(params, x, labels, learning_rate, bias=False)


def loss_after_the_step(params, x, labels, learning_rate):
    """You return the loss after the step. The loss before it was asked for, and it comes for free."""
    return _step(params, x, labels, learning_rate, loss_after=True)


def rate_ignored(params, x, labels, learning_rate):
    """The learning rate is not used: the step is the whole gradient."""
    return _step(params, x, labels, 1.0)


def rate_per_example(params, x, labels, learning_rate):
    """You divide by the batch size once more. The mean over the batch was taken in the loss."""
    return _step(params, x, labels, learning_rate / len(labels))


def only_last_layer(params, x, labels, learning_rate):
    """Only the last layer moved. Hand dx of each dense layer on to the layer below it."""
    new, loss = _step(params, x, labels, learning_rate)
    return [*params[:-1], new[-1]], loss


def reverse_order(params, x, labels, learning_rate):
    """The layers come out last first: you appended on the way back. Reverse the list, or insert at the front."""
    new, loss = _step(params, x, labels, learning_rate)
    return new[::-1], loss


def gradients_returned(params, x, labels, learning_rate):
    """You returned the gradients themselves. The new parameters were asked for: old minus learning_rate times
    gradient."""
    new, loss = _step(params, x, labels, 1.0)
    return [(W - new_W, b - new_b) for (W, b), (new_W, new_b) in zip(params, new)], loss


# %% [markdown]
# ## 7. How far must credit travel? (6 points)
#
# The lesson computed CAP depth where every link is learned. Real networks also have links that never change: frozen
# layers, random projections, fixed feedback. Write `cap_depth(links, output)` for any of them.
#
# - `links` is a list of tuples `(source, target, learned)`: a directed link from node `source` to node `target`, and
#   whether it is learned (True) or fixed (False). Nodes are named by texts. The list may be empty, and the same two
#   nodes may be joined more than once.
# - A **path** is a chain of links, each starting where the one before it ended, whose first link is **learned** and
#   whose last link ends at `output`. Links after the first may be learned or fixed. A path may pass through the same
#   node or link any number of times, also through `output` on its way.
# - The depth of a path is the number of its links, the first one included. `cap_depth` returns the depth of the
#   longest path: a whole number, 0 when there is no path, and `math.inf` when there are paths of any length.
#
# Before you write code, draw these on paper and answer them. A loop that no path to the output can use; a loop that
# only feeds the *first* learned link; a loop of fixed links behind a learned one. Which of them make the depth
# infinite?

# %% [markdown] hints="cap_depth" reads="Credit assignment paths"
# Idea: walk back from the output, one link at a time, and keep the set of nodes from which the output can be reached
# in exactly that many links. Unlike the lesson, note a length only when a learned link could be the first of such a
# walk.
#
# ---
#
# Step: for length = 1, 2, 3, ...: take the links whose target is in the set. If one of them is learned, there is a
# path of this length. Their sources are the next set. A path longer than the number of links uses some link twice, so
# it contains a loop, and there are paths of any length. How far must you look to be sure to see one?
#
# ---
#
# Nearly the code: let `length` run up to `2 * len(links)`. Around a loop, path lengths may come in jumps (2, 4, 6,
# ...), and a jump is never larger than the number of links. Remember the largest length that had a learned first
# link, and return `math.inf` when it is larger than `len(links)`.


# %% solution="cap_depth"
def cap_depth(links, output):
    """links: list of (source, target, learned), output: a node -> depth of the longest path, 0 without one, or math.inf

    [("x", "h", True), ("h", "y", False)] with output "y": 2, the learned link and one link after it.
    """
    ### BEGIN SOLUTION
    reached, depth = {output}, 0
    for length in range(1, 2 * len(links) + 1):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return math.inf if depth > len(links) else depth
    ### END SOLUTION


# %% tests="cap_depth" points=3
with check.exercise("cap_depth"):
    check.call(cap_depth, [("x", "y", True)], "y", expect=1, about="one layer")
    check.call(
        cap_depth,
        [("x", "h1", True), ("h1", "h2", True), ("h2", "y", True)],
        "y",
        expect=3,
        about="two hidden layers",
    )
    check.call(
        cap_depth,
        [("x", "h1", False), ("h1", "h2", True), ("h2", "y", True)],
        "y",
        expect=2,
        about="the first layer is frozen",
    )
    check.call(
        cap_depth,
        [("x", "h", True), ("h", "y", False)],
        "y",
        expect=2,
        about="a fixed link after the first learned one counts",
    )
    check.call(
        cap_depth, [("x", "h", False), ("h", "y", False)], "y", expect=0, about="nothing is learned"
    )
    check.call(
        cap_depth,
        [("x", "y", True), ("x", "a", True), ("a", "b", True)],
        "y",
        expect=1,
        about="a branch that does not lead to the output",
    )
    ### BEGIN HIDDEN TESTS
    check.call(cap_depth, [], "y", about="no links at all")
    check.call(
        cap_depth,
        [("x", "h", True), ("h", "y", True), ("y", "z", True), ("z", "w", True)],
        "y",
        about="links that lead away from the output",
    )
    check.call(
        cap_depth,
        [("x", "a", True), ("a", "b", False), ("b", "y", True), ("a", "y", True)],
        "y",
        about="a shortcut does not shorten the longest path",
    )
    check.call(
        cap_depth,
        [("x", "a", False), ("x", "a", True), ("a", "y", False)],
        "y",
        about="the same two nodes joined twice, one link learned",
    )
    rng = np.random.default_rng(310)
    for n in (5, 7, 8, 9):
        names = [f"n{i}" for i in rng.permutation(n)]
        links = [
            (names[i], names[j], bool(rng.random() < 0.3))
            for i in range(n)
            for j in range(i + 1, n)
            if rng.random() < 0.4
        ]
        links = [links[i] for i in rng.permutation(len(links))]
        for output in (names[-1], names[-2]):
            check.call(cap_depth, links, output, about="random graphs without loops")
    ### END HIDDEN TESTS

# %% tests="cap_depth.loops" points=3
with check.exercise("cap_depth.loops"):
    check.call(
        cap_depth,
        [("x", "h", True), ("h", "h", True), ("h", "y", True)],
        "y",
        expect=math.inf,
        about="a recurrent network",
    )
    check.call(
        cap_depth,
        [("x", "y", True), ("x", "a", True), ("a", "a", True)],
        "y",
        expect=1,
        about="a loop from which no link leads to the output",
    )
    ### BEGIN HIDDEN TESTS
    check.call(
        cap_depth,
        [("x", "x", False), ("x", "h", True), ("h", "y", True)],
        "y",
        about="a fixed loop before the first learned link",
    )
    check.call(
        cap_depth,
        [("x", "h", True), ("h", "g", True), ("g", "h", True), ("h", "y", True)],
        "y",
        about="a loop of two learned links",
    )
    check.call(
        cap_depth,
        [("x", "h", True), ("h", "g", False), ("g", "h", False), ("h", "y", False)],
        "y",
        about="a loop of two fixed links after a learned one",
    )
    check.call(
        cap_depth,
        [
            ("x", "h", True),
            ("h", "a", False),
            ("a", "b", False),
            ("b", "h", False),
            ("h", "y", False),
        ],
        "y",
        about="a loop of three fixed links after a learned one",
    )
    check.call(
        cap_depth,
        [("a", "b", False), ("b", "a", True), ("b", "y", False)],
        "y",
        about="a loop that holds the only learned link",
    )
    check.call(
        cap_depth, [("x", "y", True), ("y", "y", False)], "y", about="a loop at the output itself"
    )
    check.call(cap_depth, [("y", "y", True)], "y", about="one learned link that feeds itself")
    check.call(
        cap_depth,
        [("y", "a", True), ("a", "y", False)],
        "y",
        about="a learned link that leaves the output, and a way back",
    )
    check.call(
        cap_depth,
        [("a", "b", False), ("b", "a", False), ("b", "y", False)],
        "y",
        about="a loop in which nothing is learned",
    )
    check.call(
        cap_depth,
        [("x", "h", True), ("h", "y", True), ("y", "z", True), ("z", "z", True)],
        "y",
        about="a loop behind the output",
    )
    check.call(
        cap_depth,
        [
            ("a", "b", False),
            ("b", "a", False),
            ("b", "c", True),
            ("c", "d", False),
            ("d", "y", True),
        ],
        "y",
        about="a loop of two fixed links before the first learned one",
    )
    check.call(
        cap_depth,
        [("w", "x", False), ("x", "y", True), ("x", "a", True), ("a", "a", False)],
        "y",
        about="a fixed link at the start, and a loop that leads nowhere",
    )
    ### END HIDDEN TESTS


# %% mistakes="cap_depth"
def _depth(links, output, most=None):
    """The right depth, when walks of up to `most` links are looked at (twice the links are enough); not a mistake by
    itself."""
    ends, depth = {output}, 0
    for length in range(1, (2 * len(links) if most is None else most) + 1):
        behind = [(source, learned) for source, target, learned in links if target in ends]
        depth = length if any(learned for _, learned in behind) else depth
        ends = {source for source, _ in behind}
    return math.inf if depth > len(links) else depth


def _walks(links, output, most=None):
    """Every path without a repeated link that ends at output, from its first link on; not a mistake by itself."""
    found, waiting = [], [[link] for link in links if link[1] == output]
    while waiting and len(found) < 5000:
        walk = waiting.pop()
        found.append(walk)
        waiting += [
            [link, *walk]
            for link in links
            if link[1] == walk[0][0] and not any(link is used for used in walk)
        ]
    return found


def _loops(links):
    """The nodes that can be reached from themselves; not a mistake by itself."""
    reach = {(source, target) for source, target, _ in links}
    for _ in links:
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return {a for a, b in reach if a == b}


def nodes_counted(links, output):
    """You counted nodes. The depth counts links, one fewer than the nodes of a chain."""
    depth = _depth(links, output)
    return depth + 1


def hidden_layers(links, output):
    """Your answer is one too small, as if only hidden layers counted. The link into the output is a link of the path
    too."""
    return max(_depth(links, output) - 1, 0)


def shortest_path(links, output):
    """You return the shortest path. The longest decides."""
    return min((len(walk) for walk in _walks(links, output) if walk[0][2]), default=0)


def learned_links_only(links, output):
    """You counted only the learned links of the path. From the first learned link on, fixed links count as well:
    credit has to cross them."""
    if _depth(links, output) == math.inf:
        return math.inf
    return max(
        (sum(link[2] for link in walk) for walk in _walks(links, output) if walk[0][2]), default=0
    )


def fixed_links_not_crossed(links, output):
    """Your walk crosses learned links only, and stops at a fixed one. Only the first link of a path must be learned;
    after it, credit crosses fixed links as well."""
    return _depth([link for link in links if link[2]], output)


def loop_upstream(links, output):
    """You answer infinity for any loop from which the output can be reached. A loop counts only if a path can go around
    it: a learned link must come before it, or lie in it."""
    looping = {source for walk in _walks(links, output) for source, _, _ in walk} & _loops(links)
    return math.inf if looping else _depth(links, output)


def fixed_start_counted(links, output):
    """You counted from the input on, whether the links are learned or not. The first link of a path must be learned."""
    looping = {source for walk in _walks(links, output) for source, _, _ in walk} & _loops(links)
    if _depth(links, output) == math.inf or looping:
        return math.inf
    return max((len(walk) for walk in _walks(links, output)), default=0)


def output_ignored(links, output):
    """You take the longest path anywhere in the network. A path has to end at the output: elsewhere there is no
    credit to carry."""
    return max((_depth(links, target) for _, target, _ in links), default=0)


def any_loop(links, output):
    """You answer infinity as soon as there is a loop anywhere. A loop counts only if a path can go around it: after a
    learned link, and with a way to the output."""
    return math.inf if _loops(links) else _depth(links, output)


def each_link_once(links, output):
    """You let a path use each link or node only once, so a loop never becomes infinite. In a recurrent network credit
    goes around the loop at every time step."""
    return max((len(walk) for walk in _walks(links, output) if walk[0][2]), default=0)


def stopped_too_soon(links, output):
    """You look for paths of up to len(links) + 1 links. Around a loop of several links the lengths come in jumps, and
    may jump over that one: look further, up to twice the number of links."""
    return _depth(links, output, len(links) + 1)


def all_learned_links(links, output):
    """You counted the learned links of the whole network. Depth is about one path, the longest, and its fixed links
    count too."""
    return sum(learned for _, _, learned in links)


def learned_loops_only(links, output):
    """You answer infinity only when a loop contains a learned link. A loop of fixed links after a learned one makes
    paths of any length too."""
    depth = _depth(links, output)
    if depth < math.inf:
        return depth
    in_loop = _loops(links)
    return (
        math.inf
        if any(learned and s in in_loop and t in in_loop for s, t, learned in links)
        else each_link_once(links, output)
    )


def self_loops_only(links, output):
    """You notice only loops of a single link. A loop may run through several nodes before it returns."""
    depth = _depth(links, output)
    return (
        depth
        if depth < math.inf and depth or any(s == t for s, t, _ in links)
        else each_link_once(links, output)
    )


# %% [markdown]
# ## 8. In your own words (3 points)
#
# A colleague's network of three dense layers reaches 95 % on held-back digits. Her gradient check, done with central
# differences in 64 bits, gives $10^{-9}$ for the last layer and 0.4 for the two layers before it. She says: "It
# learns, so the gradient must be fine; probably the check is too strict." In three to six sentences: is she right?
# Where would you look for the mistake first, and how can the network learn all the same?

# %% [markdown] answer="why_check" points=3 reads="What goes wrong: a wrong gradient that learns"
# She is not right: a relative difference of 0.4 with central differences in 64 bits is a wrong gradient, not a strict
# test, and that a network learns does not prove its gradient right. The last layer's gradient is right, so the loss,
# its derivative and `x.T @ dout` are right, and the mistake sits on the way from the last layer to the one below it:
# in `dx` of the dense layer, or in the backward function of the activation (a forgotten ReLU mask, for example).
# Everything below inherits it. The network learns all the same because its last layer is trained with a right
# gradient on whatever features the layers below have, and because a wrong gradient often still points roughly
# downhill.
