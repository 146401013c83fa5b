# %% [raw] front=true
# title = "The craft of Keras: assignment"
# shows = "You write a layer, a metric, a source of batches, a training loop and a callback that work wherever Keras works, and then find what is wrong with five models."
# needs = "The lesson of chapter 7."
# minutes = {work = 120}

# %% setup=true

# %% [markdown]
# Five pieces of your own, in the order of the lesson, then a hunt for five bugs, and one question to answer in words.
# The visible checks can be done by hand; hidden checks try your classes on other inputs. When you are stuck,
# `check.hint("maxout")` gives the first of three hints and, run again, the next.
#
# Everything here must run on any backend of Keras. So inside a layer or a metric, work with `keras.ops`
# (`ops.sum`, `ops.cast`, ...) and not with NumPy: NumPy cannot look into a compiled graph.

# %% given="imports"
import os
import tempfile

import keras
import numpy as np
from keras import ops

from course.autodiff import training_step

# %% [markdown]
# ## 1. A layer that folds (7 points)
#
# A **maxout** unit (Goodfellow et al. 2013) has no activation function. It has several linear pieces and answers with
# the largest of them, so that it learns the shape of its own activation: with the pieces $x$ and $0$ it is a ReLU, with
# $x$ and $-x$ the absolute value. For the unit $j$ with $K$ pieces,
#
# $$\operatorname{maxout}_j(x) = \max_{k = 1, \dots, K} \; \sum_i x_i W_{kij} + b_{kj} .$$
#
# Write it as a `keras.layers.Layer`:
#
# - `build` makes two trainable weights with `self.add_weight`, first `self.kernel` of shape `(pieces, n_in, units)`, with
#   random first values, then `self.bias` of shape `(pieces, units)`, starting at zero;
# - `call` takes inputs of shape `(n, n_in)` and returns `(n, units)`;
# - `get_config` returns a dictionary with all that is needed to make the layer again: what the base class says
#   (`super().get_config()`, which holds the name), and the two arguments of `__init__`.
#
# The second cell of checks sends your layer through its configuration and through a saved file.


# %% given="maxout_probes"
def maxout_answer(x, kernel, bias):
    """What Maxout answers to x when its weights are these."""
    layer = Maxout(units=kernel.shape[2], pieces=kernel.shape[0])
    layer.build(x.shape)
    layer.set_weights([kernel, bias])
    return np.array(layer(x.astype("float32")))


def maxout_start(n_in, units, **options):
    """The shapes of a new layer's weights, and how they start."""
    layer = Maxout(units, **options)
    layer.build((None, n_in))
    kernel, bias = layer.get_weights()
    starts = ["random" if np.unique(w).size > 1 else f"all {w.flat[0]:g}" for w in (kernel, bias)]
    return [list(kernel.shape), list(bias.shape), *starts, len(layer.trainable_weights)]


def maxout_again(units, pieces):
    """A layer made anew from its own configuration: its units and pieces, and whether its name was kept."""
    layer = Maxout(units, pieces=pieces, name="folded")
    again = Maxout.from_config(layer.get_config())
    again.build((None, 3))
    shape = again.get_weights()[0].shape
    return [shape[2], shape[0], "kept" if again.name == "folded" else "lost"]


def maxout_from_file(x, units, pieces):
    """Whether a model with your layer, saved and loaded, answers as before."""
    layers = [keras.Input(x.shape[1:]), Maxout(units, pieces), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        model.save(path)
        try:
            again = keras.models.load_model(path, custom_objects={"Maxout": Maxout})
        except (TypeError, ValueError):
            return "cannot be loaded"
    same = np.allclose(np.array(model(x)), np.array(again(x)), atol=1e-6)
    return "as before" if same else "something else"


# %% [markdown] hints="maxout" reads="A layer of our own"
# A layer lives in three acts: `__init__` writes down its arguments, `build` sees the shape of the inputs for the first
# time and makes the weights, `call` computes. What is the size of the last axis of `input_shape`?
#
# ---
#
# `self.add_weight(shape=(self.pieces, n_in, self.units))` gives a random kernel; `initializer="zeros"` gives a zero
# bias. In `call`, one piece is `ops.matmul(inputs, self.kernel[k]) + self.bias[k]`; stack all pieces along a new first
# axis, and take the maximum along that axis.
#
# ---
#
# `pieces = [ops.matmul(inputs, self.kernel[k]) + self.bias[k] for k in range(self.pieces)]`, then
# `ops.max(ops.stack(pieces), axis=0)`. And
# `return super().get_config() | {"units": self.units, "pieces": self.pieces}`.


# %% solution="maxout"
class Maxout(keras.layers.Layer):
    """The largest of several linear pieces: (n, n_in) -> (n, units).

    units: number of outputs; pieces: number of linear pieces of each.
    Weights: kernel (pieces, n_in, units), random at first; bias (pieces, units), zero at first.

    Example: with one input, one unit, and the pieces x and -x, the inputs [[1.0], [-2.0]] give [[1.0], [2.0]].
    """

    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        ### BEGIN SOLUTION
        self.units, self.pieces = units, pieces
        ### END SOLUTION

    def build(self, input_shape):
        ### BEGIN SOLUTION
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")
        ### END SOLUTION

    def call(self, inputs):
        ### BEGIN SOLUTION
        pieces = ops.einsum("ni,kij->nkj", inputs, self.kernel) + self.bias
        return ops.max(pieces, axis=1)
        ### END SOLUTION

    def get_config(self):
        ### BEGIN SOLUTION
        return super().get_config() | {"units": self.units, "pieces": self.pieces}
        ### END SOLUTION


# %% tests="maxout" points=4
with check.exercise("maxout"):
    check.call(
        maxout_answer,
        np.array([[1.0], [-2.0]]),
        np.array([[[1.0]], [[-1.0]]]),
        np.zeros((2, 1)),
        expect=[[1.0], [2.0]],
        about="the pieces x and -x: the absolute value",
    )
    check.call(
        maxout_answer,
        np.array([[1.0], [-2.0], [4.0]]),
        np.array([[[1.0]], [[0.0]], [[2.0]]]),
        np.array([[0.0], [0.5], [-3.0]]),
        expect=[[1.0], [0.5], [5.0]],
        about="three pieces: x, 0.5 and 2x - 3",
    )
    check.call(
        maxout_answer,
        np.array([[1.0, 2.0]]),
        np.array([[[1.0, 0.0], [1.0, 1.0]], [[2.0, 3.0], [0.0, -1.0]]]),
        np.array([[0.0, 0.0], [0.0, 2.0]]),
        expect=[[3.0, 3.0]],
        about="two inputs, two units: max(3, 2) and max(2, 1 + 2)",
    )
    check.call(
        maxout_start,
        3,
        5,
        expect=[[2, 3, 5], [2, 5], "random", "all 0", 2],
        about="two pieces unless more are asked for",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(701)
    for n, n_in, units, pieces in [(5, 3, 4, 2), (1, 6, 1, 3), (4, 4, 4, 4), (7, 2, 3, 1), (3, 1, 2, 5)]:
        check.call(
            maxout_answer,
            rng.normal(size=(n, n_in)),
            rng.normal(size=(pieces, n_in, units)),
            rng.normal(size=(pieces, units)),
            about="random weights of several shapes",
        )
        check.call(maxout_start, n_in, units, pieces=pieces, about="the weights of a new layer")
    check.call(
        maxout_answer,
        rng.normal(size=(4, 3)),
        np.zeros((2, 3, 2)),
        np.array([[-1.0, 2.0], [-3.0, 1.0]]),
        about="kernel zero: the largest bias answers, even below zero",
    )
    ### END HIDDEN TESTS

# %% tests="maxout.saved" points=3
with check.exercise("maxout.saved"):
    check.call(
        maxout_again,
        5,
        3,
        expect=[5, 3, "kept"],
        about="a layer made from the configuration of another",
    )
    check.call(
        maxout_from_file,
        np.array([[1.0, -2.0], [0.5, 3.0]], "float32"),
        4,
        3,
        expect="as before",
        about="saved to a file and loaded again",
        diagnosis="not_saved",
        why="A model with your layer does not come back from its file as it was. What is not in get_config, or not made by add_weight, is lost.",
    )
    ### BEGIN HIDDEN TESTS
    for units, pieces in [(1, 2), (6, 4), (2, 1)]:
        check.call(maxout_again, units, pieces, about="the configuration of other layers")
    ### END HIDDEN TESTS


# %% mistakes="maxout"
def _answer(x, kernel, bias):
    """The right answer."""
    return (np.einsum("ni,kij->nkj", x, kernel) + bias).max(axis=1)


def bias_after_the_maximum(x, kernel, bias):
    """You add one bias after the maximum. Each piece has a bias of its own, added before the pieces are compared."""
    return np.einsum("ni,kij->nkj", x, kernel).max(axis=1) + bias[0]


def no_bias_in_pieces(x, kernel, bias):
    """The biases have no effect on your answer. Each piece is inputs @ kernel[k] + bias[k]."""
    return np.einsum("ni,kij->nkj", x, kernel).max(axis=1)


def sum_of_pieces(x, kernel, bias):
    """You add the pieces up. A sum of linear pieces is linear again: take the largest of them."""
    return (np.einsum("ni,kij->nkj", x, kernel) + bias).sum(axis=1)


def mean_of_pieces(x, kernel, bias):
    """You average the pieces. A mean of linear pieces is linear again: take the largest of them."""
    return (np.einsum("ni,kij->nkj", x, kernel) + bias).mean(axis=1)


def smallest_piece(x, kernel, bias):
    """You take the smallest piece. Maxout answers with the largest."""
    return (np.einsum("ni,kij->nkj", x, kernel) + bias).min(axis=1)


def first_piece_alone(x, kernel, bias):
    """Only the first piece reaches your answer. Compute all of them, kernel[0] to kernel[pieces - 1], and take the largest."""
    return x @ kernel[0] + bias[0]


def relu_of_the_maximum(x, kernel, bias):
    """Your answer is never negative: a ReLU, or a zero, is compared with the pieces. The largest piece may well be below zero."""
    return np.maximum(_answer(x, kernel, bias), 0)


def largest_by_size(x, kernel, bias):
    """You take the piece that is largest in absolute value. The maximum minds the sign: -5 is smaller than 1."""
    return np.abs(np.einsum("ni,kij->nkj", x, kernel) + bias).max(axis=1)


def always_two_pieces(x, kernel, bias):
    """Your answer uses two pieces, however many there are. Go through all `self.pieces` of them."""
    return (np.einsum("ni,kij->nkj", x, kernel) + bias)[:, :2].max(axis=1)


def pieces_start_alike(n_in, units, pieces=2):
    """Your kernel starts with all numbers the same. Then all pieces, and all units, get the same gradient and stay alike for ever: leave the initializer at its random default."""
    return [[pieces, n_in, units], [pieces, units], "all 0", "all 0", 2]


def random_bias(n_in, units, pieces=2):
    """Your bias starts with random numbers. Asked for is zero: initializer="zeros"."""
    return [[pieces, n_in, units], [pieces, units], "random", "random" if pieces * units > 1 else "all 0", 2]


def pieces_not_in_config(units, pieces):
    """Your get_config does not hold the number of pieces, so a layer made from it has the default of 2. Put every argument of __init__ into it."""
    return [units, 2, "kept"]


def name_not_in_config(units, pieces):
    """The layer's name is lost on the way. The base class knows it: begin with super().get_config(), and add your own entries."""
    return [units, pieces, "lost"]


def arguments_exchanged(units, pieces):
    """In your get_config the units and the pieces are exchanged."""
    return [pieces, units, "kept"]


# %% [markdown]
# ## 2. A metric that counts (6 points)
#
# The F1 score of the lesson minds a false alarm as much as a missed case. Often one of them is worse: who looks for an
# illness would rather bear false alarms than miss a patient. The **F-score** of van Rijsbergen (1979) has a number
# $\beta$ for that. With the counts of true positives, false positives and false negatives, over *all* examples,
#
# $$F_\beta = \frac{(1 + \beta^2)\,\mathrm{tp}}{(1 + \beta^2)\,\mathrm{tp} + \mathrm{fp} + \beta^2\,\mathrm{fn}} .$$
#
# With $\beta = 1$ it is F1; with $\beta = 2$ a missed case weighs four times as much as a false alarm. Write `FScore` as
# a `keras.metrics.Metric`:
#
# - `__init__` makes the counters with `self.add_weight(initializer="zeros")`;
# - `update_state` adds a batch to the counters. `y_true` holds zeros and ones, `y_pred` numbers between 0 and 1. A
#   prediction is positive when it is **greater than** `threshold`. Each of the two may have the shape `(n,)` or `(n, 1)`,
#   not always the same one, and integers or floats inside;
# - `result` returns the score of everything counted so far, and 0 when there is no true positive.
#
# `reset_state` is inherited: it sets everything that `add_weight` made back to zero. (A full metric would also heed
# `sample_weight`. Here it is always `None`.)


# %% given="f_score_probes"
def score_after(batches, **options):
    """The score after these batches of (y_true, y_pred)."""
    metric = FScore(**options)
    for y_true, y_pred in batches:
        metric.update_state(np.array(y_true), np.array(y_pred, "float32"))
    return float(metric.result())


def score_after_reset(forgotten, batches):
    """The score of `batches` when others came first and were reset."""
    metric = FScore()
    for y_true, y_pred in forgotten:
        metric.update_state(np.array(y_true), np.array(y_pred, "float32"))
    metric.reset_state()
    for y_true, y_pred in batches:
        metric.update_state(np.array(y_true), np.array(y_pred, "float32"))
    return float(metric.result())


def score_in_evaluate(y_true, y_pred, batch_size):
    """The score as model.evaluate computes it, compiled: the model passes its input through."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss="binary_crossentropy", metrics=[FScore()])
    return model.evaluate(y_pred, y_true, batch_size=batch_size, verbose=0)[1]


# %% [markdown] hints="f_score" reads="A metric of our own"
# Which counts does the formula need, and how does one count with sums of zeros and ones? If `y` and `p` are zeros and
# ones, what is the sum of `y * p`?
#
# ---
#
# Bring both to the shape `(n,)` first, `ops.reshape(..., (-1,))`, and to floats with `ops.cast(..., "float32")`. Else a
# `(n,)` and a `(n, 1)` multiply to `(n, n)`. A counter grows by `self.tp.assign_add(...)`.
#
# ---
#
# `y = ops.reshape(ops.cast(y_true, "float32"), (-1,))`,
# `p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")`; add `ops.sum(y * p)` to the true positives,
# `ops.sum((1 - y) * p)` to the false ones, `ops.sum(y * (1 - p))` to the missed ones. For the result,
# `ops.divide_no_nan(a, b)` is 0 where `b` is 0.


# %% solution="f_score"
class FScore(keras.metrics.Metric):
    """The F-score of a binary classifier, over all examples since the last reset.

    beta: how many times as much a missed case weighs as a false alarm, before squaring; threshold: a prediction greater
    than this is positive.

    Example: y_true [1, 1, 0, 0] with y_pred [0.9, 0.2, 0.8, 0.1] has tp = fp = fn = 1, so the score is 0.5 for every beta.
    """

    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        ### BEGIN SOLUTION
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(name="tp", initializer="zeros")
        self.fp = self.add_weight(name="fp", initializer="zeros")
        self.fn = self.add_weight(name="fn", initializer="zeros")
        ### END SOLUTION

    def update_state(self, y_true, y_pred, sample_weight=None):
        ### BEGIN SOLUTION
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))
        ### END SOLUTION

    def result(self):
        ### BEGIN SOLUTION
        above = (1 + self.beta**2) * self.tp
        return ops.divide_no_nan(above, above + self.fp + self.beta**2 * self.fn)
        ### END SOLUTION


# %% tests="f_score" points=4
with check.exercise("f_score"):
    check.call(
        score_after,
        [([1, 1, 0, 0], [0.9, 0.2, 0.8, 0.1])],
        expect=0.5,
        about="one batch: one right, one false alarm, one missed",
    )
    check.call(
        score_after,
        [([1, 0], [0.9, 0.1]), ([1, 1, 0, 0], [0.2, 0.3, 0.8, 0.9])],
        expect=1 / 3,
        about="two batches together: tp = 1, fp = 2, fn = 2",
    )
    check.call(
        score_after,
        [([0, 1, 1], [0.3, 0.7, 0.9])],
        threshold=0.8,
        expect=2 / 3,
        about="another threshold: tp = 1, fn = 1",
    )
    check.call(
        score_after,
        [([1, 1, 1, 0], [0.9, 0.2, 0.3, 0.8])],
        beta=2.0,
        expect=5 / 14,
        about="beta = 2: tp = 1, fp = 1, fn = 2 give 5 / (5 + 1 + 4 * 2)",
    )
    check.call(score_after, [([0, 0, 1], [0.1, 0.2, 0.3])], expect=0.0, about="no true positive")
    check.call(
        score_after,
        [([1, 1, 0, 0, 0], [[0.9], [0.2], [0.8], [0.1], [0.7]])],
        expect=0.4,
        about="labels (5,) and predictions (5, 1): tp = 1, fp = 2, fn = 1",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(702)

    def drawn(*sizes):
        """Batches of these sizes, in several forms."""
        batches = []
        for k, n in enumerate(sizes):
            y = rng.integers(0, 2, size=(n, 1) if k % 2 else n)
            p = rng.uniform(0, 1, size=(n, 1) if k % 3 else n).round(3)
            batches.append((y.tolist() if k % 2 else y.astype(float).tolist(), p.tolist()))
        return batches

    for sizes in [(7,), (3, 9, 4), (1, 1, 12), (5, 30)]:
        check.call(score_after, drawn(*sizes), about="random batches of several sizes and shapes")
        check.call(score_after, drawn(*sizes), threshold=0.31, about="another threshold")
        check.call(score_after, drawn(*sizes), beta=0.5, about="beta below one")
        check.call(score_after, drawn(*sizes), beta=3.0, threshold=0.6, about="beta above one")
    check.call(score_after, [([1, 0, 1], [0.5, 0.5, 0.75])], about="a prediction just at the threshold")
    check.call(score_after, [([1, 1], [0.9, 0.8])], about="everything right")
    check.call(score_after, [([0, 0], [0.9, 0.8])], about="false alarms alone")
    check.call(score_after, [([0, 0, 0], [0.1, 0.4, 0.2])], about="nothing there, and nothing found")
    ### END HIDDEN TESTS

# %% tests="f_score.state" points=2
with check.exercise("f_score.state"):
    check.call(
        score_after_reset,
        [([1, 1, 0], [0.9, 0.8, 0.7])],
        [([1, 1, 0, 0], [0.9, 0.2, 0.8, 0.1])],
        expect=0.5,
        about="what came before the reset does not count",
    )
    check.call(
        score_in_evaluate,
        np.array([[1.0], [0.0], [1.0], [1.0], [0.0], [0.0]]),
        np.array([[0.9], [0.1], [0.2], [0.3], [0.8], [0.9]]),
        2,
        expect=1 / 3,
        about="inside model.evaluate, in batches of two",
        diagnosis="not_compiled",
        why="In model.evaluate, in batches of two, your metric comes out wrong. If it is right when called by hand (the checks above), then it does not count inside a compiled model: there NumPy and Python numbers see nothing of the data, so use keras.ops, and counters made by add_weight.",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(703)
    check.call(
        score_after_reset,
        [(rng.integers(0, 2, 9).tolist(), rng.uniform(0, 1, 9).round(2).tolist())],
        [(rng.integers(0, 2, 8).tolist(), rng.uniform(0, 1, 8).round(2).tolist())],
        about="a reset between random batches",
    )
    ### END HIDDEN TESTS


# %% mistakes="f_score"
def _flat(batches):
    """The batches as pairs of flat arrays."""
    return [(np.ravel(y).astype(float), np.ravel(p).astype("float32")) for y, p in batches]


def _counts(batches, threshold):
    """The numbers tp, fp and fn."""
    tp = fp = fn = 0.0
    for y, p in _flat(batches):
        positive = p > np.float32(threshold)
        tp, fp, fn = tp + (y * positive).sum(), fp + ((1 - y) * positive).sum(), fn + (y * ~positive).sum()
    return float(tp), float(fp), float(fn)


def _ratio(above, below):
    """The ratio, or 0 where there is nothing to divide by."""
    return above / below if below else 0.0


def _score(tp, fp, fn, beta):
    """The right formula."""
    above = (1 + beta**2) * tp
    return _ratio(above, above + fp + beta**2 * fn)


def mean_of_batches(batches, beta=1.0, threshold=0.5):
    """You average the scores of the batches. The F-score is a ratio of sums: add up the counts over all batches, and divide once, in result."""
    return float(np.mean([_score(*_counts([batch], threshold), beta) for batch in batches]))


def last_batch_only(batches, beta=1.0, threshold=0.5):
    """Only the last batch counts in your score. Add to the counters (assign_add) and do not overwrite them (assign)."""
    return _score(*_counts(batches[-1:], threshold), beta)


def precision_alone(batches, beta=1.0, threshold=0.5):
    """You compute the precision, tp / (tp + fp). The F-score also minds the positives that were missed."""
    tp, fp, fn = _counts(batches, threshold)
    return _ratio(tp, tp + fp)


def recall_alone(batches, beta=1.0, threshold=0.5):
    """You compute the recall, tp / (tp + fn). The F-score also minds the false alarms."""
    tp, fp, fn = _counts(batches, threshold)
    return _ratio(tp, tp + fn)


def mean_of_the_two(batches, beta=1.0, threshold=0.5):
    """You take the plain mean of precision and recall. The F-score is a harmonic mean: take the formula in tp, fp and fn."""
    tp, fp, fn = _counts(batches, threshold)
    return (_ratio(tp, tp + fp) + _ratio(tp, tp + fn)) / 2


def beta_ignored(batches, beta=1.0, threshold=0.5):
    """You compute F1 whatever beta is. Write (1 + beta**2) for the 2, and beta**2 before the false negatives."""
    return _score(*_counts(batches, threshold), 1.0)


def beta_not_squared(batches, beta=1.0, threshold=0.5):
    """Your beta is not squared. The formula has 1 + beta**2 and beta**2."""
    return _score(*_counts(batches, threshold), beta**0.5)


def beta_on_false_alarms(batches, beta=1.0, threshold=0.5):
    """You give the weight beta**2 to the false positives. It belongs to the false negatives, the missed cases."""
    tp, fp, fn = _counts(batches, threshold)
    return _score(tp, fn, fp, beta)


def factor_only_above(batches, beta=1.0, threshold=0.5):
    """The factor 1 + beta**2 stands in the numerator alone. In the denominator tp has it, too."""
    tp, fp, fn = _counts(batches, threshold)
    return _ratio((1 + beta**2) * tp, tp + fp + beta**2 * fn)


def accuracy_instead(batches, beta=1.0, threshold=0.5):
    """You compute the accuracy, the share of right answers. The F-score leaves the true negatives out."""
    right = [(y == (p > np.float32(threshold))).astype(float) for y, p in _flat(batches)]
    return float(np.concatenate(right).mean())


def at_the_threshold(batches, beta=1.0, threshold=0.5):
    """You count a prediction that equals the threshold as positive. Asked for is greater than: >."""
    return _score(*_counts(batches, np.nextafter(np.float32(threshold), np.float32(0))), beta)


def threshold_ignored(batches, beta=1.0, threshold=0.5):
    """Your threshold is always 0.5. Use the one that was given: self.threshold."""
    return _score(*_counts(batches, 0.5), beta)


def not_thresholded(batches, beta=1.0, threshold=0.5):
    """You use the predictions as they are, without asking whether they are greater than the threshold. A count is made of zeros and ones."""
    tp = fp = fn = 0.0
    for y, p in _flat(batches):
        tp, fp, fn = tp + (y * p).sum(), fp + ((1 - y) * p).sum(), fn + (y * (1 - p)).sum()
    return _score(float(tp), float(fp), float(fn), beta)


def broadcast_pairs(batches, beta=1.0, threshold=0.5):
    """Labels (n,) and predictions (n, 1) multiply to (n, n): you compare every label with every prediction. Reshape both to (n,) first."""
    tp = fp = fn = 0.0
    for y, p in batches:
        y, p = np.array(y, float), (np.array(p, "float32") > np.float32(threshold)).astype(float)
        tp, fp, fn = tp + (y * p).sum(), fp + ((1 - y) * p).sum(), fn + (y * (1 - p)).sum()
    return _score(float(tp), float(fp), float(fn), beta)


def zero_over_zero(batches, beta=1.0, threshold=0.5):
    """With nothing to count your score is 0 divided by 0. Asked for is 0 then: ops.divide_no_nan divides safely."""
    tp, fp, fn = _counts(batches, threshold)
    return _score(tp, fp, fn, beta) if tp + fp + fn else float("nan")


def never_reset(forgotten, batches):
    """What was counted before reset_state still counts. reset_state sets back what add_weight made: keep the counters there, or write a reset_state of your own."""
    return _score(*_counts([*forgotten, *batches], 0.5), 1.0)


# %% [markdown]
# ## 3. A source of batches (4 points)
#
# When data do not fit into memory, or are made on the fly, `fit` takes a `keras.utils.PyDataset`: an object that says
# how many batches there are, and hands out batch number `index` when asked. Write `Batches`, which serves the rows of
# two arrays:
#
# - `len(batches)` is the number of batches. **The last one may be smaller**, so that no row is left out;
# - `batches[index]` is the pair `(x_batch, y_batch)`;
# - in the first epoch the rows come in the order given. Keras calls `on_epoch_end` after each epoch; then a new random
#   order is drawn from `rng` (a generator of NumPy), the same for `x` and `y`.
#
# The arrays that were given must not change: shuffle a list of row numbers, not the rows.


# %% given="batches_probes"
def first_epoch(x, y, batch_size):
    """The batches of the first epoch."""
    batches = Batches(x, y, batch_size, np.random.default_rng(1))
    return [tuple(np.array(part) for part in batches[i]) for i in range(len(batches))]


def second_epoch(n, batch_size):
    """What became of n rows after on_epoch_end: sizes of the batches, and three facts."""
    x, y = np.arange(n), 10 * np.arange(n)
    batches = Batches(x, y, batch_size, np.random.default_rng(2))
    epochs = []
    for _ in range(3):
        epochs.append([batches[i] for i in range(len(batches))])
        batches.on_epoch_end()
    rows = [np.concatenate([np.array(part) for part, _ in epoch]) for epoch in epochs]
    labels = [np.concatenate([np.array(part) for _, part in epoch]) for epoch in epochs]
    return {
        "sizes": [len(part) for part, _ in epochs[1]],
        "each row once": all(sorted(r) == list(range(n)) for r in rows),
        "labels go with rows": all(np.array_equal(10 * r, t) for r, t in zip(rows, labels)),
        "a new order each time": not any(
            np.array_equal(a, b) for a, b in [(rows[0], rows[1]), (rows[1], rows[2])]
        ),
        "given arrays": "as before" if np.array_equal(x, np.arange(n)) else "changed",
    }


def order_for_seed(seed):
    """The second epoch's order of forty rows, drawn twice from the same seed."""
    drawn = []
    for _ in range(2):
        batches = Batches(np.arange(40), np.arange(40), 40, np.random.default_rng(seed))
        batches.on_epoch_end()
        drawn.append(batches[0][0])
    return "the same" if np.array_equal(*drawn) else "another"


def rows_read(n, batch_size):
    """How many rows model.predict reads from your Batches."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(run_eagerly=True)
    x = np.ones((n, 1), "float32")
    return len(model.predict(Batches(x, x, batch_size, np.random.default_rng(5)), verbose=0))


# %% [markdown] hints="batches" reads="Feeding, and seeds"
# Keep an array of row numbers, `self.order`, which is 0, 1, 2, ... at first. A batch is a stretch of it. How many
# stretches of `batch_size` does it take to cover `n` rows?
#
# ---
#
# `n / batch_size`, rounded up: `int(np.ceil(n / batch_size))`. Batch `index` is the stretch from `index * batch_size`
# to `(index + 1) * batch_size`; a slice that runs past the end simply stops there.
#
# ---
#
# `rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]`, then
# `return self.x[rows], self.y[rows]`. And at the end of an epoch `self.order = self.rng.permutation(len(self.x))`.


# %% solution="batches"
class Batches(keras.utils.PyDataset):
    """Batches of rows of x and y, shuffled after each epoch.

    x: (n, ...), y: (n, ...); batch_size: rows of a batch (the last may be smaller); rng: a numpy generator.

    Example: of five rows in batches of two, batch 2 holds row 4 alone, in the first epoch.
    """

    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        ### BEGIN SOLUTION
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng
        self.order = np.arange(len(x))
        ### END SOLUTION

    def __len__(self):
        ### BEGIN SOLUTION
        return -(-len(self.x) // self.batch_size)
        ### END SOLUTION

    def __getitem__(self, index):
        ### BEGIN SOLUTION
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[rows], self.y[rows]
        ### END SOLUTION

    def on_epoch_end(self):
        ### BEGIN SOLUTION
        self.order = self.rng.permutation(len(self.x))
        ### END SOLUTION


# %% tests="batches" points=4
with check.exercise("batches"):
    check.call(
        first_epoch,
        np.array([[1, 2], [3, 4], [5, 6]]),
        np.array([0, 1, 2]),
        2,
        expect=[
            (np.array([[1, 2], [3, 4]]), np.array([0, 1])),
            (np.array([[5, 6]]), np.array([2])),
        ],
        about="three rows in batches of two",
    )
    check.call(
        second_epoch,
        40,
        15,
        expect={
            "sizes": [15, 15, 10],
            "each row once": True,
            "labels go with rows": True,
            "a new order each time": True,
            "given arrays": "as before",
        },
        about="forty rows, shuffled twice",
    )
    check.call(order_for_seed, 3, expect="the same", about="the order comes from rng")
    check.call(rows_read, 5, 2, expect=5, about="Keras itself can read all rows from it")
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(704)
    for n, batch_size in [(7, 3), (6, 2), (5, 1), (4, 9), (12, 12)]:
        x, y = rng.normal(size=(n, 3)), rng.integers(0, 5, size=n)
        check.call(first_epoch, x, y, batch_size, about="other numbers of rows")
    for n, batch_size in [(30, 7), (32, 8), (33, 50)]:
        check.call(second_epoch, n, batch_size, about="other numbers of rows, shuffled")
    check.call(order_for_seed, 4, about="the order comes from rng")
    ### END HIDDEN TESTS


# %% mistakes="batches"
def _facts(n, batch_size, **other):
    """What second_epoch says of a right answer, with these entries changed."""
    sizes = [min(batch_size, n - first) for first in range(0, n, batch_size)]
    right = {"sizes": sizes, "each row once": True, "labels go with rows": True}
    return right | {"a new order each time": True, "given arrays": "as before"} | other


def last_batch_missing(x, y, batch_size):
    """The last, smaller batch is left out. Round the number of batches up: -(-n // batch_size), or int(np.ceil(n / batch_size))."""
    firsts = range(0, len(x) - batch_size + 1, batch_size)
    return [(x[i : i + batch_size], y[i : i + batch_size]) for i in firsts]


def empty_batch(x, y, batch_size):
    """There is one batch too many, and it is empty. n // batch_size + 1 is wrong where the size divides n: use int(np.ceil(n / batch_size))."""
    firsts = range(0, len(x) // batch_size * batch_size + 1, batch_size)
    return [(x[i : i + batch_size], y[i : i + batch_size]) for i in firsts]


def overlapping(x, y, batch_size):
    """Your batches overlap: batch number `index` begins at row `index`. It begins at index * batch_size."""
    firsts = range(-(-len(x) // batch_size))
    return [(x[i : i + batch_size], y[i : i + batch_size]) for i in firsts]


def shuffled_at_once(x, y, batch_size):
    """Your first epoch is shuffled already. Asked for is the order given, and a random one only after on_epoch_end."""
    order = np.random.default_rng(1).permutation(len(x))
    firsts = range(0, len(x), batch_size)
    return [(x[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in firsts]


def labels_stay(n, batch_size):
    """You shuffle the rows of x and not those of y, so the labels belong to other rows. One order serves both."""
    return _facts(n, batch_size, **{"labels go with rows": False})


def never_shuffled(n, batch_size):
    """After on_epoch_end the rows still come in the same order. Draw a new one there: self.order = self.rng.permutation(n)."""
    return _facts(n, batch_size, **{"a new order each time": False})


def with_replacement(n, batch_size):
    """After shuffling, some rows come twice and others not at all: you draw row numbers with replacement. rng.permutation(n) has each once."""
    return _facts(n, batch_size, **{"each row once": False})


def given_arrays_shuffled(n, batch_size):
    """You shuffle the arrays that were given, and the caller's data have changed. Shuffle an array of row numbers."""
    return _facts(n, batch_size, **{"given arrays": "changed"})


def given_rows_shuffled(n, batch_size):
    """You shuffle the given x in place, so the caller's data have changed, and the labels belong to other rows. Shuffle an array of row numbers, and take x and y by it."""
    return _facts(n, batch_size, **{"given arrays": "changed", "labels go with rows": False})


def another_source(seed):
    """The same seed gave two different orders: the numbers must come from `rng`, not from another source of randomness."""
    return "another"


# %% [markdown]
# ## 4. A training loop of your own (5 points)
#
# Write `fit_by_hand`, which trains a model as `fit` does, in plain sight:
#
# - in each of `epochs` epochs it walks through the rows in their order, in batches of `batch_size`; an incomplete batch
#   at the end is left out (a compiled step wants batches of one shape);
# - it takes one step of the `optimizer` on each batch, against the gradient of `loss(y_batch, model(x_batch))`, with the
#   model in **training mode**;
# - it returns a list with one number for each epoch, the **mean of its batches' losses**, each taken before its step.
#
# Use `training_step` of the lesson, and make the step once, not in each epoch. Hand it the model's
# `non_trainable_variables` as `state`, so that batch normalization can keep its moving statistics. (On TensorFlow it does so
# unasked; on JAX it does not.)


# %% given="fit_probes"
def fit_line(x, y, learning_rate, batch_size, epochs):
    """Fits y = w x from w = 0 with squared error and plain gradient descent: the epochs' losses, and w at the end."""
    line = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), line])
    mse, sgd = keras.losses.MeanSquaredError(), keras.optimizers.SGD(learning_rate)
    x, y = x[:, None].astype("float32"), y[:, None].astype("float32")
    losses = fit_by_hand(model, mse, sgd, x, y, batch_size, epochs)
    return [float(loss) for loss in losses], float(model.get_weights()[0][0, 0])


def moving_mean_after(x, epochs):
    """The moving mean of a batch normalization (momentum 0.5) in front of the line, after training in one batch."""
    norm = keras.layers.BatchNormalization(momentum=0.5)
    model = keras.Sequential([keras.Input((1,)), norm, keras.layers.Dense(1)])
    mse, sgd = keras.losses.MeanSquaredError(), keras.optimizers.SGD(0.01)
    x = x[:, None].astype("float32")
    fit_by_hand(model, mse, sgd, x, x, len(x), epochs)
    return float(ops.convert_to_numpy(norm.moving_mean)[0])


def fit_neuron(x, t, learning_rate, epochs):
    """One neuron without a bias, from w = 0, all rows in one batch: the epochs' cross-entropies, and w at the end."""
    line = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), line])
    loss, sgd = keras.losses.BinaryCrossentropy(from_logits=True), keras.optimizers.SGD(learning_rate)
    x, t = x[:, None].astype("float32"), t[:, None].astype("float32")
    losses = fit_by_hand(model, loss, sgd, x, t, len(x), epochs)
    return [float(value) for value in losses], float(model.get_weights()[0][0, 0])


# %% [markdown] hints="fit_by_hand" reads="A training loop of our own"
# Four parts: a function for the loss of one batch, a step made from it, a loop over the epochs, and inside it one over
# the batches. Which rows are in the last complete batch?
#
# ---
#
# `def loss_of(x_batch, y_batch): return loss(y_batch, model(x_batch, training=True))`, and
# `step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)`. Each
# `step(x_batch, y_batch)` changes the model and gives the loss before.
#
# ---
#
# For each epoch: `losses = []`, then `for first in range(0, len(x) - batch_size + 1, batch_size):` append
# `float(step(x[first : first + batch_size], y[first : first + batch_size]))`. After the inner loop, append the mean of
# `losses` to the list that you return at the end.


# %% solution="fit_by_hand"
def fit_by_hand(model, loss, optimizer, x, y, batch_size, epochs):
    """Train a Keras model by a loop of our own.

    model: a built keras.Model; loss: (y_true, y_pred) -> a number; optimizer: a Keras optimizer.
    x: (n, ...), y: (n, ...), float32 arrays; batch_size <= n and epochs: whole numbers.
    Returns a list of `epochs` floats, the mean loss of each epoch's batches.

    Example: y = w x from w = 0 with rows (1, 2) and (2, 4) in one batch has the mean squared error 10 at first.
    """
    ### BEGIN SOLUTION
    def loss_of(x_batch, y_batch):
        return loss(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    means = []
    for _ in range(epochs):
        firsts = range(0, len(x) - batch_size + 1, batch_size)
        losses = [float(step(x[i : i + batch_size], y[i : i + batch_size])) for i in firsts]
        means.append(float(np.mean(losses)))
    return means
    ### END SOLUTION


# %% tests="fit_by_hand" points=5
with check.exercise("fit_by_hand"):
    check.call(
        fit_line,
        np.array([1.0, 2.0]),
        np.array([2.0, 4.0]),
        0.1,
        2,
        2,
        expect=([10.0, 2.5], 1.5),
        about="one batch of two rows, two epochs: w goes 0, 1, 1.5",
    )
    check.call(
        fit_line,
        np.array([1.0, 1.0, 1.0]),
        np.array([4.0, 2.0, 100.0]),
        0.5,
        1,
        1,
        expect=([(16 + 4 + 98**2) / 3], 100.0),
        about="three batches of one row: the rate 0.5 jumps to each target in turn",
    )
    check.call(
        fit_line,
        np.array([1.0, 1.0, 1.0]),
        np.array([4.0, 2.0, 100.0]),
        0.5,
        2,
        1,
        expect=([10.0], 3.0),
        about="batches of two: the third row makes no complete batch",
    )
    check.call(
        moving_mean_after,
        np.array([3.0, 5.0]),
        2,
        expect=3.0,
        about="a moving mean goes from 0 to 2 to 3, half of the way to 4 each time",
    )
    check.call(
        fit_neuron,
        np.array([1.0]),
        np.array([1.0]),
        2.0,
        1,
        expect=([np.log(2)], 1.0),
        about="cross-entropy minds which argument is the truth: log 2 at first, and the slope is 1/2 - 1",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(705)
    for n, batch_size, epochs in [(6, 2, 2), (7, 3, 3)]:
        x = rng.uniform(0.5, 2, size=n)
        y = 3 * x + rng.normal(size=n)
        check.call(fit_line, x, y, 0.05, batch_size, epochs, about="other lines, batches and epochs")
    check.call(moving_mean_after, rng.normal(5, 1, size=4), 3, about="batch normalization in training mode")
    check.call(fit_neuron, rng.normal(size=5), np.array([0, 1, 1, 0, 1]), 0.3, 2, about="a neuron with cross-entropy")
    ### END HIDDEN TESTS


# %% mistakes="fit_by_hand"
def _run(x, y, rate, groups, epochs, after=False):
    """Losses of each epoch's groups of rows, and w."""
    w, all_losses = 0.0, []
    for _ in range(epochs):
        losses = []
        for rows in groups:
            before = float(np.mean((y[rows] - w * x[rows]) ** 2))
            w += rate * 2 * float(np.mean(x[rows] * (y[rows] - w * x[rows])))
            losses.append(float(np.mean((y[rows] - w * x[rows]) ** 2)) if after else before)
        all_losses.append(losses)
    return all_losses, w


def _groups(n, size, ragged=False):
    """The rows of each batch."""
    return [np.arange(i, min(i + size, n)) for i in range(0, n if ragged else n - size + 1, size)]


def last_loss_of_the_epoch(x, y, learning_rate, batch_size, epochs):
    """For each epoch you give the loss of its last batch. Asked for is the mean over the epoch's batches."""
    losses, w = _run(x, y, learning_rate, _groups(len(x), batch_size), epochs)
    return [epoch[-1] for epoch in losses], w


def sum_of_losses(x, y, learning_rate, batch_size, epochs):
    """You add up the losses of an epoch's batches. Asked for is their mean."""
    losses, w = _run(x, y, learning_rate, _groups(len(x), batch_size), epochs)
    return [sum(epoch) for epoch in losses], w


def every_loss(x, y, learning_rate, batch_size, epochs):
    """You return the loss of every batch. Asked for is one number for each epoch, the mean."""
    losses, w = _run(x, y, learning_rate, _groups(len(x), batch_size), epochs)
    return [loss for epoch in losses for loss in epoch], w


def running_mean(x, y, learning_rate, batch_size, epochs):
    """Your list of losses is not emptied between the epochs, so later means still hold the losses of earlier epochs."""
    losses, w = _run(x, y, learning_rate, _groups(len(x), batch_size), epochs)
    return [float(np.mean(sum(losses[: k + 1], []))) for k in range(epochs)], w


def incomplete_batch_used(x, y, learning_rate, batch_size, epochs):
    """You train on the incomplete batch at the end, too. It is to be left out: let the first rows of the batches run over range(0, n - batch_size + 1, batch_size)."""
    losses, w = _run(x, y, learning_rate, _groups(len(x), batch_size, ragged=True), epochs)
    return [float(np.mean(epoch)) for epoch in losses], w


def last_complete_batch_missed(x, y, learning_rate, batch_size, epochs):
    """You leave out a batch that is complete: the range of its first rows ends one too early. It is range(0, n - batch_size + 1, batch_size)."""
    groups = [np.arange(i, i + batch_size) for i in range(0, len(x) - batch_size, batch_size)]
    losses, w = _run(x, y, learning_rate, groups, epochs)
    return [float(np.mean(epoch)) if epoch else float("nan") for epoch in losses], w


def whole_set_at_once(x, y, learning_rate, batch_size, epochs):
    """You take one step on all rows in each epoch, whatever the batch size. Walk through the rows, batch_size at a time."""
    losses, w = _run(x, y, learning_rate, [np.arange(len(x))], epochs)
    return [float(np.mean(epoch)) for epoch in losses], w


def single_epoch(x, y, learning_rate, batch_size, epochs):
    """You go through the data once only. Repeat the loop over the batches `epochs` times."""
    losses, w = _run(x, y, learning_rate, _groups(len(x), batch_size), 1)
    return [float(np.mean(epoch)) for epoch in losses], w


def loss_after_the_step(x, y, learning_rate, batch_size, epochs):
    """You compute the loss again after the step. Asked for is the loss before it, which training_step returns."""
    losses, w = _run(x, y, learning_rate, _groups(len(x), batch_size), epochs, after=True)
    return [float(np.mean(epoch)) for epoch in losses], w


def first_batch_again(x, y, learning_rate, batch_size, epochs):
    """Every step of yours sees the first batch. The rows of a batch run from `first` to `first + batch_size`."""
    groups = [np.arange(batch_size)] * (len(x) // batch_size)
    losses, w = _run(x, y, learning_rate, groups, epochs)
    return [float(np.mean(epoch)) for epoch in losses], w


def not_in_training_mode(x, epochs):
    """Your model is not in training mode: batch normalization does not move its statistics. Call model(x_batch, training=True)."""
    return 0.0


def loss_arguments_exchanged(x, t, learning_rate, epochs):
    """You give the loss its arguments in the wrong order. The truth comes first: loss(y_batch, model(x_batch, training=True))."""
    w, losses = 0.0, []
    for _ in range(epochs):
        losses.append(float(np.mean(np.log1p(np.exp(t)) - t * w * x)))
        w += learning_rate * float(np.mean(t * x))
    return losses, w


# %% [markdown]
# ## 5. A callback that keeps the best (5 points)
#
# Training rarely ends at its best. Write `KeepBest`, a `keras.callbacks.Callback` that watches one number of the
# `logs`, such as `"val_loss"`, and at the end of training puts the weights of the best epoch back into the model:
#
# - `on_train_begin` sets `self.best` to infinity and `self.best_epoch` to -1, so that each training starts anew;
# - `on_epoch_end` compares `logs[self.monitor]` with `self.best`. **Smaller** is better. If it is smaller, it keeps the
#   number in `self.best`, the epoch in `self.best_epoch`, and a copy of the weights (`self.model.get_weights()`). At a tie
#   the earlier epoch stays. A loss that is not a number (NaN) is never the best;
# - `on_train_end` gives the kept weights back to the model. If no epoch was ever the best, it leaves the weights alone.


# %% given="callback_probes"
def trained_with(values, monitor="val_loss", callback=None):
    """A pretended training, whose single weight is the number of the epoch: the weight at the end, best_epoch and best."""
    layer = keras.layers.Dense(1, use_bias=False)
    model = keras.Sequential([keras.Input((1,)), layer])
    callback = callback or KeepBest(monitor)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        model.set_weights([np.array([[float(epoch)]])])
        callback.on_epoch_end(epoch, {"loss": 9.0 - epoch, monitor: value})
    callback.on_train_end()
    return [float(model.get_weights()[0][0, 0]), callback.best_epoch, float(callback.best)]


def trained_twice(first, second):
    """The same callback in two trainings, one after the other: what the second gives."""
    callback = KeepBest("val_loss")
    trained_with(first, callback=callback)
    return trained_with(second, callback=callback)


# %% [markdown] hints="keep_best" reads="A callback of our own"
# Three moments, three methods. What has to be remembered between them? Keep it on `self`.
#
# ---
#
# `if logs[self.monitor] < self.best:` does all three things at once: smaller is better, at a tie nothing happens, and a
# comparison with NaN is never true, provided that `self.best` starts at infinity and not at the first value.
#
# ---
#
# In `on_train_begin`: `self.best, self.best_epoch, self.weights = np.inf, -1, None`. In `on_epoch_end`, under the `if`:
# `self.best, self.best_epoch = logs[self.monitor], epoch` and `self.weights = self.model.get_weights()`. In
# `on_train_end`: `if self.weights is not None: self.model.set_weights(self.weights)`.


# %% solution="keep_best"
class KeepBest(keras.callbacks.Callback):
    """Puts the weights of the best epoch back at the end of training.

    monitor: the entry of the logs to watch; smaller is better.
    best, best_epoch: the smallest value of this training and its epoch; infinity and -1 at first.

    Example: validation losses 0.5, 0.3, 0.4 leave the model with the weights of epoch 1 (epochs count from 0).
    """

    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        ### BEGIN SOLUTION
        self.best, self.best_epoch, self.weights = np.inf, -1, None
        ### END SOLUTION

    def on_epoch_end(self, epoch, logs=None):
        ### BEGIN SOLUTION
        if logs[self.monitor] < self.best:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.weights = self.model.get_weights()
        ### END SOLUTION

    def on_train_end(self, logs=None):
        ### BEGIN SOLUTION
        if self.weights is not None:
            self.model.set_weights(self.weights)
        ### END SOLUTION


# %% tests="keep_best" points=5
with check.exercise("keep_best"):
    check.call(
        trained_with,
        [0.5, 0.3, 0.4],
        expect=[1.0, 1, 0.3],
        about="the best epoch in the middle",
    )
    check.call(
        trained_with,
        [0.5, 0.3, 0.3, 0.3],
        expect=[1.0, 1, 0.3],
        about="a tie: the earlier epoch stays",
    )
    check.call(
        trained_with,
        [float("nan"), 0.6, float("nan"), 0.7, 0.8],
        expect=[1.0, 1, 0.6],
        about="NaN is never the best",
    )
    check.call(
        trained_twice,
        [0.5, 0.1, 0.2],
        [0.9, 0.8, 0.6, 0.7],
        expect=[2.0, 2, 0.6],
        about="a second training starts anew",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(706)
    for n in [1, 4, 6, 9]:
        values = rng.integers(1, 7, size=n) / 8
        check.call(trained_with, values.tolist(), about="other courses of the loss, with ties")
        check.call(trained_with, (values - 2).tolist(), monitor="cost", about="another entry of the logs, below zero")
    check.call(
        trained_with,
        [float("nan"), float("nan"), float("inf")],
        about="no epoch was ever the best: the weights stay as they are",
    )
    check.call(trained_twice, [0.2, 0.4], [float("nan"), 0.9, 0.7], about="a second training, worse than the first")
    check.call(trained_twice, [0.2, 0.4], [float("nan"), float("nan")], about="a second training without a best epoch")
    ### END HIDDEN TESTS


# %% mistakes="keep_best"
def _kept(values, before=lambda value, best: value < best, best=np.inf):
    """What trained_with says when `before` decides what is better."""
    epoch = -1
    for k, value in enumerate(values):
        if before(value, best):
            best, epoch = value, k
    return [float(epoch if epoch >= 0 else len(values) - 1), epoch, float(best)]


def never_put_back(values, monitor="val_loss"):
    """The model ends with the weights of its last epoch. Put the kept ones back in on_train_end, with set_weights."""
    return [len(values) - 1.0, *_kept(values)[1:]]


def always_the_last(values, monitor="val_loss"):
    """You keep every epoch, whether it was better or not. Compare first: logs[self.monitor] < self.best."""
    return [len(values) - 1.0, len(values) - 1, float(values[-1])]


def larger_is_better(values, monitor="val_loss"):
    """You keep the epoch with the largest value. For a loss, smaller is better: compare with <, and begin with infinity."""
    return _kept(values, lambda value, best: value > best, -np.inf)


def later_at_a_tie(values, monitor="val_loss"):
    """At a tie your later epoch wins. The earlier one stays: compare with <, not with <=."""
    return _kept(values, lambda value, best: value <= best)


def nan_sticks(values, monitor="val_loss"):
    """You take the first value as the best without comparing, and if it is NaN nothing is ever smaller. Begin with infinity: NaN < infinity is false."""
    best, epoch = values[0], 0
    for k, value in enumerate(values):
        if value < best:
            best, epoch = value, k
    return [float(epoch), epoch, float(best)]


def nan_is_better(values, monitor="val_loss"):
    """NaN counts as better in your comparison: `not value >= best` is true for NaN. Ask whether the value is smaller: value < best."""
    return _kept(values, lambda value, best: not value >= best)


def epoch_from_one(values, monitor="val_loss"):
    """Your best_epoch is one too large. Keras counts epochs from 0: keep `epoch` as it is."""
    weight, epoch, best = _kept(values)
    return [weight, epoch + 1 if epoch >= 0 else -1, best]


def watches_the_loss(values, monitor="val_loss"):
    """You watch the training loss, logs["loss"], instead of the entry that was asked for: logs[self.monitor]."""
    n = len(values)
    return [n - 1.0, n - 1, 10.0 - n]


def watches_val_loss(values, monitor="val_loss"):
    """You watch logs["val_loss"] whatever was asked for. The name of the entry is self.monitor."""
    return _kept(values) if monitor == "val_loss" else [len(values) - 1.0, -1, float("inf")]


def below_zero_only(values, monitor="val_loss"):
    """Your best value starts at 0, and no loss is below that. Begin with infinity."""
    return _kept(values, best=0.0)


def old_best_stays(first, second):
    """The best of an earlier training still counts in the next. Set best, best_epoch and the kept weights anew in on_train_begin."""
    weight, epoch, best = _kept(first)
    again = _kept(second, best=best)
    return again if again[1] >= 0 else [weight, epoch, best]


# %% [markdown]
# ## 6. Bug hunt (10 points)
#
# The cell below holds five models that will not learn as they should. **Each has exactly one mistake**, and each mistake
# is one that people make. Find it with the checklist of the lesson, and write the mended function. Change nothing else:
# the same layers, sizes, loss and optimizer, unless that is where the mistake is. Hand each model back compiled and with its
# weights made, as those with an `Input` in front have them.
#
# 1. `broken_classifier` is to tell three kinds of points in the plane apart. Its loss makes no sense, and it hardly learns.
# 2. `broken_rings` is to tell an inner ring from an outer one. It cannot do better than a straight line.
# 3. `broken_thermometer` predicts tomorrow's temperature in degrees Celsius. In winter it is always wrong.
# 4. `broken_transfer` puts a new last layer on a trained `base`. The base must stay as it is, and the new layer must
#    learn; but the loss does not move at all.
# 5. `broken_start` has eight hidden units and behaves as if it had none.


# %% given="broken_models"
def broken_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy())
    return model


def broken_rings():
    layers = [keras.Input((2,)), keras.layers.Dense(16), keras.layers.Dense(16)]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def broken_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1, activation="relu")])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def broken_transfer(base):
    """base: a trained model, (n, 4) -> (n, 6)."""
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.trainable = False
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def broken_start():
    hidden = keras.layers.Dense(8, activation="tanh", kernel_initializer="zeros")
    last = keras.layers.Dense(1, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


# %% given="bug_probes"
def with_numbers(model, seed):
    """The model, its weights set to normal random numbers."""
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
    model.run_eagerly = True  # a few steps only: compiling would take longer
    return model


def loss_and_step(build, x, y, seed):
    """The loss of a model whose weights were set to random numbers, and how far one step moves them, layer by layer."""
    model = with_numbers(build(), seed)
    before = model.get_weights()
    loss = float(model.train_on_batch(x.astype("float32"), y))
    moved = [float(np.abs(new - old).max()) for new, old in zip(model.get_weights(), before)]
    return [loss, *moved]


def classifier_step(x, y, seed):
    return loss_and_step(mend_classifier, x, y, seed)


def rings_step(x, y, seed):
    return loss_and_step(mend_rings, x, y, seed)


def thermometer_step(x, y, seed):
    return loss_and_step(mend_thermometer, x, y, seed)


def rings_answers(x, seed):
    return np.array(with_numbers(mend_rings(), seed)(x.astype("float32")))


def thermometer_answers(x, seed):
    return np.array(with_numbers(mend_thermometer(), seed)(x.astype("float32")))


def transfer_step(x, y, seed):
    """Which layers one step changes: the base's, and the new one's; and the new layer's weights after the step."""
    base = keras.Sequential([keras.Input((4,)), keras.layers.Dense(6, activation="tanh")])
    model = mend_transfer(base)
    model.build((None, 4))
    with_numbers(model, seed)
    before = base.get_weights(), model.layers[-1].get_weights()
    model.train_on_batch(x.astype("float32"), y)
    after = base.get_weights(), model.layers[-1].get_weights()
    moved = [not all(np.allclose(a, b) for a, b in zip(*pair)) for pair in zip(before, after)]
    said = ["moves" if m else "stays" for m in moved]
    return {"base": said[0], "new layer": said[1], "weights": after[1][0].ravel()}


def start_step(x, y):
    """Whether the hidden units differ at the start, and after one step."""
    model = mend_start()
    model.run_eagerly = True

    def different():
        kernel = model.get_weights()[0]  # of the first layer that has weights
        return "differ" if np.ptp(kernel, axis=1).max() > 1e-6 else "are alike"

    first = different()
    model.train_on_batch(x.astype("float32"), y)
    return [first, different(), model.count_params()]


# %% [markdown] hints="bug_hunt" reads="When a model will not learn"
# Ask of each model what its checklist asks: do the last layer and the loss fit together (1, 3)? Can it bend at all (2)?
# Which weights does `model.summary()` call trainable (4)? What are the weights before the first step (5)?
#
# ---
#
# 1: the loss takes what it gets for probabilities, and it gets any numbers at all. 2: what is a linear layer of a linear layer?
# 3: which numbers can a ReLU not give? 4: `trainable = False` on a model holds for everything inside it. 5: units that
# start alike get the same gradient and stay alike.
#
# ---
#
# 1: give the last layer `activation="softmax"`, or the loss `from_logits=True`, one of the two. 2: `activation="relu"` in both hidden layers. 3: no
# activation in the last layer. 4: `base.trainable = False` before the model is compiled, in the place of
# `model.trainable = False`. 5: leave both `kernel_initializer` out.


# %% solution="bug_hunt"
def mend_classifier():
    """broken_classifier without its mistake: a compiled model."""
    ### BEGIN SOLUTION
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model
    ### END SOLUTION


def mend_rings():
    """broken_rings without its mistake: a compiled model. Where an activation is needed, take ReLU."""
    ### BEGIN SOLUTION
    hidden = [keras.layers.Dense(16, activation="relu") for _ in range(2)]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model
    ### END SOLUTION


def mend_thermometer():
    """broken_thermometer without its mistake: a compiled model."""
    ### BEGIN SOLUTION
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model
    ### END SOLUTION


def mend_transfer(base):
    """broken_transfer without its mistake: a compiled model. base: a trained model, (n, 4) -> (n, 6)."""
    ### BEGIN SOLUTION
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model
    ### END SOLUTION


def mend_start():
    """broken_start without its mistake: a compiled model."""
    ### BEGIN SOLUTION
    hidden = keras.layers.Dense(8, activation="tanh")
    model = keras.Sequential([keras.Input((3,)), hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model
    ### END SOLUTION


# %% tests="bug_hunt" points=2
with check.exercise("bug_hunt"):
    rng = np.random.default_rng(707)
    x, y = rng.normal(size=(8, 2)), rng.integers(0, 3, size=8)
    model = with_numbers(mend_classifier(), 1)
    hidden_kernel, hidden_bias, kernel, bias = model.get_weights()
    logits = np.maximum(x @ hidden_kernel + hidden_bias, 0) @ kernel + bias
    log_sums = np.log(np.exp(logits).sum(axis=1))
    check.value(
        "the loss of mend_classifier() with given weights",
        float(model.test_on_batch(x.astype("float32"), y)),
        expect=float(np.mean(log_sums - logits[np.arange(8), y])),
        about="the loss is the cross-entropy of a softmax",
        diagnosis="classifier",
        why="The loss of your classifier is not the cross-entropy of the softmax of its last sums. Softmax is wanted once: in the last layer, or in the loss by from_logits=True.",
    )
    answers = ops.convert_to_numpy(model(x.astype("float32")))
    check.value(
        "the loss of mend_classifier(), computed from its answers alone",
        float(np.mean(keras.losses.get(model.loss)(y, answers))),
        expect=float(np.mean(log_sums - logits[np.arange(8), y])),
        about="softmax is taken once, on every backend",
        diagnosis="classifier",
        why="Your classifier takes softmax twice, in its last layer and again in its loss, by from_logits=True. (TensorFlow's Keras notices, warns, and leaves one out; JAX's does not.) Keep one of the two.",
    )
    ### BEGIN HIDDEN TESTS
    for seed in [2, 3]:
        x, y = rng.normal(size=(6, 2)), rng.integers(0, 3, size=6)
        check.call(
            classifier_step,
            x,
            y,
            seed,
            about="the classifier's loss, and what one step of its optimizer changes",
            diagnosis="classifier",
            why="The classifier's loss, or the step that follows from it, is not that of one softmax with cross-entropy, and of the optimizer that was given.",
            rtol=2e-3,
        )
    ### END HIDDEN TESTS

# %% tests="bug_hunt.rings" points=2
with check.exercise("bug_hunt.rings"):
    model = with_numbers(mend_rings(), 4)
    ends = np.array([[1.0, -2.0], [-3.0, 0.5]], "float32")
    middle = ends.mean(axis=0, keepdims=True)
    straight = np.allclose(np.array(model(ends)).mean(), np.array(model(middle))[0, 0], atol=1e-3)
    check.value(
        "the answer of mend_rings() between two points",
        "a straight line" if straight else "bent",
        expect="bent",
        about="the model is not linear",
        diagnosis="rings",
        why="Your model for the rings still answers on a straight line: a linear layer of a linear layer is linear. Its hidden layers need an activation.",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(708)
    for seed in [5, 6, 7]:
        check.call(
            rings_answers,
            rng.normal(size=(6, 2)),
            seed,
            about="the rings' model with given weights",
            diagnosis="rings",
            why="With given weights the rings' model does not answer as two hidden layers of ReLU and a last layer without an activation do.",
        )
    check.call(
        rings_step,
        rng.normal(size=(6, 2)),
        np.array([[0], [1], [1], [0], [1], [0]]),
        16,
        about="the rings' loss, and what one step of its optimizer changes",
        diagnosis="rings",
        why="The loss of the rings' model, or the step of its optimizer, is not the one that was given.",
        rtol=2e-3,
    )
    ### END HIDDEN TESTS

# %% tests="bug_hunt.thermometer" points=2
with check.exercise("bug_hunt.thermometer"):
    model = with_numbers(mend_thermometer(), 8)
    answers = np.array(model(np.random.default_rng(709).normal(size=(40, 5)).astype("float32")))
    check.value(
        "answers of mend_thermometer() below zero, with random weights",
        "some" if (answers < 0).any() else "none",
        expect="some",
        about="temperatures below zero can be predicted",
        diagnosis="thermometer",
        why="Your thermometer cannot say a number below zero. Look at the activation of its last layer.",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(710)
    for seed in [9, 10]:
        check.call(
            thermometer_answers,
            rng.normal(size=(7, 5)),
            seed,
            about="the thermometer with given weights",
            diagnosis="thermometer",
            why="With given weights the thermometer does not answer as a hidden layer of ReLU and a last layer without an activation do.",
        )
    check.call(
        thermometer_step,
        rng.normal(size=(6, 5)),
        rng.normal(size=(6, 1)),
        17,
        about="the thermometer's loss, and what one step of its optimizer changes",
        diagnosis="thermometer",
        why="The loss of the thermometer, or the step of its optimizer, is not the one that was given.",
        rtol=2e-3,
    )
    ### END HIDDEN TESTS

# %% tests="bug_hunt.transfer" points=2
with check.exercise("bug_hunt.transfer"):
    rng = np.random.default_rng(711)
    moves = transfer_step(rng.normal(size=(5, 4)), rng.normal(size=(5, 1)), 11)
    check.value(
        "what one step does to the base and to the new layer",
        [moves["base"], moves["new layer"]],
        expect=["stays", "moves"],
        about="the base stays and the new layer learns",
        diagnosis="transfer",
        why="One step must change the new layer and leave the base as it is. What `trainable = False` is set on freezes with everything inside it: set it on the base alone, and before compile.",
    )
    ### BEGIN HIDDEN TESTS
    for seed in [12, 13]:
        check.call(
            transfer_step,
            rng.normal(size=(5, 4)),
            rng.normal(size=(5, 1)),
            seed,
            about="one step with other weights and data",
            diagnosis="transfer",
            why="With given weights, one step does not do to the new layer what the optimizer and the loss that were given do, or it changes the base.",
            rtol=2e-3,
        )
    ### END HIDDEN TESTS

# %% tests="bug_hunt.start" points=2
with check.exercise("bug_hunt.start"):
    rng = np.random.default_rng(714)
    check.call(
        start_step,
        rng.normal(size=(6, 3)),
        rng.normal(size=(6, 1)),
        expect=["differ", "differ", 41],
        about="the hidden units differ before the first step, and after it",
        diagnosis="start",
        why="The hidden units of your model start alike, all with the same weights. Units that start alike, and are read alike, get the same gradient and stay alike. Let the hidden kernel start at random numbers, as Keras does when it is told nothing.",
    )
    ### BEGIN HIDDEN TESTS

    def start_answers(x, seed):
        return np.array(with_numbers(mend_start(), seed)(x.astype("float32")))

    def given_step(x, y, seed):
        return loss_and_step(mend_start, x, y, seed)

    check.call(
        start_answers,
        rng.normal(size=(5, 3)),
        15,
        about="the model with given weights",
        diagnosis="start",
        why="With given weights the model does not answer as a hidden layer of eight tanh units and a last layer without an activation do.",
    )
    check.call(
        given_step,
        rng.normal(size=(5, 3)),
        rng.normal(size=(5, 1)),
        18,
        about="the loss with given weights, and what one step of the optimizer changes",
        diagnosis="start",
        why="The loss of the model, or the step of its optimizer, is not the one that was given.",
        rtol=2e-3,
    )
    ### END HIDDEN TESTS

# %% [markdown]
# ## 7. In words (3 points)
#
# In the last epoch, `fit` prints a training accuracy of 0.62. Right afterward, `model.evaluate` on the very same
# training data says 0.81. There is no bug. Say in three to six sentences what two different things can be behind such a
# gap, and describe an experiment that tells which of them it is.

# %% [markdown] answer="two_accuracies" points=3 reads="Reading a training curve"
# The number that `fit` prints is an average over the epoch: its batches were scored while the weights were still
# changing, the first of them with much worse weights than the last. `evaluate` scores everything with the final weights.
# The second reason is the mode: during `fit` the model runs with `training=True`, so dropout switches units off and batch
# normalization uses each batch's own statistics; in `evaluate` it runs with `training=False`. To tell them apart, take
# the final weights and score the training data once more with `model(x, training=True)`. If this gives about 0.62, it is
# the mode; if it gives about 0.81, it was the averaging over changing weights. (Or train one more epoch with the learning
# rate 0: now the weights do not change, and only the mode is left. The moving statistics of batch normalization do move.)
#
# (Grading: 1 point for the average over changing weights, 1 for training and inference mode, 1 for an experiment that
# separates the two.)
