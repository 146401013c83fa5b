# %% [raw] front=true
# title = "Transformer: assignment"
# shows = "You build attention, heads, masks, positions, an encoder block, patches and a cache from scratch, and end with two attention layers, weights set by hand, that continue whatever repeats."
# needs = "The lesson of chapter 15."
# minutes = {work = 170}

# %% setup=true

# %% [markdown]
# Eight exercises and one question to answer in words. The visible checks can be done by hand; hidden checks try your
# functions on other inputs. When you are stuck, `check.hint("split_heads")` gives the first of three hints and, run
# again, the next.
#
# Conventions: a batch of sequences has shape `(batch, time, features)`; split into heads it has shape
# `(batch, heads, time, depth)` with `features = heads * depth`. Masks are boolean, and `True` means *may look*, as in
# Keras. A weight matrix stands on the right: the queries of `x` are `x @ wq`.
#
# Each answer is a few lines of NumPy. No function may change the arrays that it is given. Later exercises may call
# earlier functions; when they are graded, right ones stand in the places of yours, so that a mistake costs you points
# only once.

# %% given="imports"
import keras
import numpy as np

# %% [markdown]
# ## 1. Attention (6 points)
#
# Write `scaled_dot_product_attention`. It gets queries `q`, keys `k` and values `v` and returns the tuple
# `(out, weights)`: with $d$ the number of features of a query (and of a key),
#
# $$\text{weights} = \operatorname{softmax}\!\left(\frac{q\,k^\top}{\sqrt d}\right), \qquad \text{out} = \text{weights}\; v,$$
#
# where the softmax runs over the keys. There may be any number of axes in front, such as `(batch, heads)`, and each
# of their places is a problem of its own. There may be more keys than queries, and the values may have another number
# of features than the keys.
#
# A `mask`, when there is one, is boolean, and `True` at `[..., i, j]` says that query `i` may look at key `j`. Its
# shape is that of the scores, or one that NumPy broadcasts to it. A key that may not be looked at gets the weight 0, and
# the others share the 1. Two things more are graded as a second part: scores may be huge (thousands, of either sign),
# and must give no infinity and no NaN; and **a query that may look nowhere has the weights 0 and the output 0**. (In a
# batch of sentences of different lengths, that can happen.)

# %% [markdown] hints="scaled_dot_product_attention" reads="1. A soft look-up"
# Work from the inside out: scores, scale, mask, softmax, values. Which axis of the scores belongs to the keys? Over that
# one each row of weights must sum to 1.
#
# ---
#
# `np.swapaxes(k, -1, -2)` turns the last two axes around and leaves those in front. Put minus infinity, or something
# very negative, where the mask is `False`, **before** the softmax. Take each row's maximum away before the
# exponential.
#
# ---
#
# With `scores = np.where(mask, scores, -1e30)` the row's maximum is always finite. Then
# `e = np.exp(scores - scores.max(axis=-1, keepdims=True)) * mask` is 0 where nobody may look, also in a row that may look
# nowhere. Divide by `total = e.sum(axis=-1, keepdims=True)`, or by 1 where that is 0: `np.where(total == 0, 1, total)`.


# %% solution="scaled_dot_product_attention"
def scaled_dot_product_attention(q, k, v, mask=None):
    """Attention: for each query a weighted mean of the values.

    q: (..., queries, d), k: (..., keys, d), v: (..., keys, features), mask: None, or boolean and broadcast to
    (..., queries, keys), True = may look. Returns (out, weights): (..., queries, features), (..., queries, keys).

    Example: q = [[0, 0]], k = [[1, 2], [3, 4]], v = [[1], [3]] give out = [[2]], weights = [[0.5, 0.5]].
    """
    ### BEGIN SOLUTION
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    allowed = np.ones(scores.shape, bool) if mask is None else mask
    scores = np.where(allowed, scores, -1e30)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True)) * allowed
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total == 0, 1, total)
    return weights @ v, weights
    ### END SOLUTION


# %% tests="scaled_dot_product_attention" points=4
with check.exercise("scaled_dot_product_attention"):
    check.call(
        scaled_dot_product_attention,
        np.array([[0.0, 0.0]]),
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[1.0], [3.0]]),
        expect=([[2.0]], [[0.5, 0.5]]),
        about="a query of zeros likes both keys alike: the mean of 1 and 3",
    )
    check.call(
        scaled_dot_product_attention,
        np.array([[2.0, 0.0, 0.0, 0.0]]),
        np.array([[np.log(3), 0.0, 5.0, 0.0], [0.0, 7.0, 0.0, 0.0]]),
        np.array([[4.0, 8.0], [0.0, -8.0]]),
        expect=([[3.0, 4.0]], [[0.75, 0.25]]),
        about="scores 2 log 3 and 0, halved: weights 3 to 1",
    )
    check.call(
        scaled_dot_product_attention,
        np.array([[1.0], [0.0], [-1.0]]),
        np.array([[np.log(2)], [0.0]]),
        np.array([[3.0, 6.0], [0.0, 0.0]]),
        expect=(
            [[2.0, 4.0], [1.5, 3.0], [1.0, 2.0]],
            [[2 / 3, 1 / 3], [1 / 2, 1 / 2], [1 / 3, 2 / 3]],
        ),
        about="three queries, two keys: 2 to 1, 1 to 1, 1 to 2",
    )
    check.call(
        scaled_dot_product_attention,
        np.array([[0.0], [0.0]]),
        np.array([[1.0], [2.0], [3.0]]),
        np.array([[3.0], [6.0], [12.0]]),
        mask=np.array([[True, False, False], [True, True, False]]),
        expect=([[3.0], [4.5]], [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]),
        about="the first query may look at one key, the second at two",
    )
    check.call(
        scaled_dot_product_attention,
        np.array([[[1.0]], [[2.0]]]),
        np.array([[[0.0], [np.log(2)]], [[0.0], [np.log(2)]]]),
        np.array([[[0.0], [3.0]], [[0.0], [10.0]]]),
        expect=([[[2.0]], [[8.0]]], [[[1 / 3, 2 / 3]], [[1 / 5, 4 / 5]]]),
        about="a batch of two: each with its own query and values",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1501)
    for lead, queries, keys, d, features in [
        ((), 3, 4, 5, 2),
        ((2,), 4, 4, 3, 3),
        ((2, 3), 3, 5, 4, 6),
        ((1, 2), 5, 2, 8, 1),
        ((2, 2), 1, 6, 2, 4),
    ]:
        q, k, v = (
            rng.normal(size=(*lead, *shape))
            for shape in [(queries, d), (keys, d), (keys, features)]
        )
        check.call(scaled_dot_product_attention, q, k, v, about="random queries, keys and values")
        mask = rng.random(size=(queries, keys)) < 0.6
        mask[:, 0] |= ~mask.any(axis=1)
        check.call(scaled_dot_product_attention, q, k, v, mask, about="a mask for queries and keys")
        mask = rng.random(size=keys) < 0.6
        mask[-1] = True
        check.call(
            scaled_dot_product_attention, q, k, v, mask, about="one mask for all the queries"
        )
    q, k, v = (rng.normal(size=(3, 2, n, 4)) for n in (4, 5, 5))
    mask = rng.random(size=(3, 1, 1, 5)) < 0.6
    mask[..., 1] = True
    check.call(
        scaled_dot_product_attention, q, k, v, mask, about="a mask for each sentence of the batch"
    )
    check.call(
        scaled_dot_product_attention,
        rng.integers(-2, 3, size=(2, 3, 4)),
        rng.integers(-2, 3, size=(2, 5, 4)),
        rng.integers(-2, 3, size=(2, 5, 2)),
        about="whole numbers",
    )
    ### END HIDDEN TESTS

# %% tests="scaled_dot_product_attention.edges" points=2
with check.exercise("scaled_dot_product_attention.edges"):
    check.call(
        scaled_dot_product_attention,
        np.array([[0.0], [0.0]]),
        np.array([[1.0], [2.0]]),
        np.array([[3.0], [6.0]]),
        mask=np.array([[False, False], [True, True]]),
        expect=([[0.0], [4.5]], [[0.0, 0.0], [0.5, 0.5]]),
        about="the first query may look nowhere",
    )
    check.call(
        scaled_dot_product_attention,
        np.array([[5000.0], [-5000.0]]),
        np.array([[1.0], [2.0]]),
        np.array([[3.0], [6.0]]),
        expect=([[6.0], [3.0]], [[0.0, 1.0], [1.0, 0.0]]),
        about="scores of plus and minus thousands",
    )
    check.call(
        scaled_dot_product_attention,
        np.array([[-1000.0]]),
        np.array([[1.0], [1.0], [-1.0]]),
        np.array([[3.0], [6.0], [9.0]]),
        mask=np.array([[True, True, False]]),
        expect=([[4.5]], [[0.5, 0.5, 0.0]]),
        about="the largest score stands where nobody may look",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1502)
    q, k, v = (rng.normal(size=(2, 3, n, 4)) for n in (4, 6, 6))
    mask = rng.random(size=(2, 1, 4, 6)) < 0.5
    mask[0, :, 2], mask[1, :, :2] = False, False
    check.call(scaled_dot_product_attention, q, k, v, mask, about="some queries may look nowhere")
    for size in [300.0, 3e4]:
        check.call(
            scaled_dot_product_attention, size * q, k, v, mask, about="huge scores, with a mask"
        )
        check.call(scaled_dot_product_attention, size * q, k, v, about="huge scores, no mask")
    check.call(
        scaled_dot_product_attention,
        q,
        k,
        v,
        np.zeros(6, bool),
        about="nobody may look anywhere",
    )
    ### END HIDDEN TESTS


# %% mistakes="scaled_dot_product_attention"
def _attention(
    q, k, v, mask=None, scale=None, axis=-1, forbidden="zero", shift="row", after=None, over=None
):
    """Right attention, of which each mistake changes something; not a mistake by itself."""
    d = q.shape[-1]
    scores = q @ np.swapaxes(k, -1, -2) * (1 / np.sqrt(d) if scale is None else scale)
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    if forbidden == "zero":
        scores = np.where(allowed, scores, -1e30)
    elif forbidden == "large":
        scores = np.where(allowed, scores, -1e9)
    elif forbidden == "score_of_zero":
        scores = scores * allowed
    elif forbidden == "minus_one":
        scores = np.where(allowed, scores, -1.0)
    with np.errstate(all="ignore"):
        largest = {"row": scores.max(axis=axis, keepdims=True), "all": scores.max(), "none": 0.0}
        e = np.exp(scores - largest[shift])
        if forbidden == "zero":
            e = e * allowed
        total = e.sum(axis=axis if over is None else over, keepdims=True)
        weights = e / np.where(total == 0, 1, total)
    if after is not None:
        weights = after(weights, allowed)
    return weights @ v, weights


def not_scaled(q, k, v, mask=None):
    """You do not divide the scores by the square root of d, the number of features of a query."""
    return _attention(q, k, v, mask, scale=1.0)


def divided_by_d(q, k, v, mask=None):
    """You divide the scores by d. Divide by its square root: a sum of d products of random numbers grows like that."""
    return _attention(q, k, v, mask, scale=1 / q.shape[-1])


def multiplied_by_root(q, k, v, mask=None):
    """You multiply the scores by the square root of d. Divide by it."""
    return _attention(q, k, v, mask, scale=np.sqrt(q.shape[-1]))


def scaled_by_the_values(q, k, v, mask=None):
    """You take d from the values. It is the number of features of a query, over which the products are summed."""
    return _attention(q, k, v, mask, scale=1 / np.sqrt(v.shape[-1]))


def scaled_by_the_length(q, k, v, mask=None):
    """You take d from the axis of time: the root of a number of queries or keys. It is the number of features of a query, q.shape[-1]."""
    return _attention(q, k, v, mask, scale=1 / np.sqrt(k.shape[-2]))


def scaled_by_the_first_axis(q, k, v, mask=None):
    """You divide by the root of q.shape[0] or q.shape[1]. With axes in front these are the batch or the heads: d is q.shape[-1]."""
    return _attention(q, k, v, mask, scale=1 / np.sqrt(q.shape[1]))


def softmax_over_queries(q, k, v, mask=None):
    """Your softmax runs over the queries. Each query shares out its own 1 among the keys: axis=-1."""
    return _attention(q, k, v, mask, axis=-2)


def softmax_over_an_axis_in_front(q, k, v, mask=None):
    """You count the axis of your softmax from the front: axis=1. With axes in front, such as the batch, that is not the axis of the keys: count from the back, axis=-1."""
    return _attention(q, k, v, mask, axis=1)


def sum_over_queries(q, k, v, mask=None):
    """You divide by a sum over the queries. Each query shares out its own 1 among the keys: take the maximum and the sum both with axis=-1, keepdims=True."""
    return _attention(q, k, v, mask, over=-2)


def sum_over_everything(q, k, v, mask=None):
    """You divide by the sum over all queries and keys. Each query shares out its own 1 among the keys: sum with axis=-1, keepdims=True."""
    return _attention(q, k, v, mask, over=tuple(range(q.ndim)))


def softmax_over_everything(q, k, v, mask=None):
    """Your weights sum to 1 over all queries and keys together. Sum over the last axis alone, with keepdims=True."""
    return _attention(q, k, v, mask, axis=None)


def mask_turned_around(q, k, v, mask=None):
    """You forbid what the mask allows. True means: may look."""
    return _attention(q, k, v, None if mask is None else ~np.asarray(mask, bool))


def mask_ignored(q, k, v, mask=None):
    """The mask has no effect on your answer."""
    return _attention(q, k, v)


def forbidden_score_of_zero(q, k, v, mask=None):
    """You set the forbidden scores to 0, or multiply the scores by the mask. The exponential of 0 is 1, so such keys still get weight: put something very negative there."""
    return _attention(q, k, v, mask, forbidden="score_of_zero")


def forbidden_score_of_minus_one(q, k, v, mask=None):
    """Your forbidden scores are not negative enough, so such keys still get weight. Take -1e30, or minus infinity."""
    return _attention(q, k, v, mask, forbidden="minus_one")


def mask_after_softmax(q, k, v, mask=None):
    """You mask after the softmax and leave it at that, so the remaining weights no longer sum to 1. Mask the scores, before the softmax."""
    return _attention(q, k, v, None, after=lambda w, _: w * (True if mask is None else mask))


def mean_where_nowhere(q, k, v, mask=None):
    """A query that may look nowhere looks everywhere in your answer: when all scores are equally negative, the softmax gives all of them the same weight. Multiply by the mask after the exponential."""
    return _attention(q, k, v, mask, forbidden="large")


def maximum_of_forbidden(q, k, v, mask=None):
    """You take away the row's maximum before the mask is applied. When the largest score is a forbidden one, all the others vanish beside it: mask first."""
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    e = np.exp(scores - scores.max(axis=-1, keepdims=True)) * (True if mask is None else mask)
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total == 0, 1, total)
    return weights @ v, weights


def one_maximum_for_all(q, k, v, mask=None):
    """You take the maximum over all scores away, not the row's own. A row whose scores are all far below it becomes zero: use axis=-1, keepdims=True."""
    return _attention(q, k, v, mask, shift="all")


def weights_first(q, k, v, mask=None):
    """You return (weights, out). The output comes first."""
    return _attention(q, k, v, mask)[::-1]


def output_alone(q, k, v, mask=None):
    """You return the output alone. Return the tuple (out, weights)."""
    return _attention(q, k, v, mask)[0]


def scores_for_weights(q, k, v, mask=None):
    """The second thing that you return is the scores. Return what the softmax makes of them."""
    out = _attention(q, k, v, mask)[0]
    return out, q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])


def no_softmax(q, k, v, mask=None):
    """You use the scores themselves as weights. The softmax is missing."""
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    scores = np.where(True if mask is None else mask, scores, 0.0)
    return scores @ v, scores


def divided_by_the_sum(q, k, v, mask=None):
    """You divide the scores by their sum. A softmax divides the exponentials of the scores by the sum of these."""
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    scores = np.where(True if mask is None else mask, scores, 0.0)
    total = scores.sum(axis=-1, keepdims=True)
    with np.errstate(all="ignore"):
        weights = scores / total
    return weights @ v, weights


# %% [markdown]
# ## 2. Into heads, and back (3 points)
#
# Several heads share the features among them: with `heads = 2` and 6 features, the first head gets features 0, 1, 2
# and the second 3, 4, 5, at every position. Write `split_heads`, which makes of `(batch, time, features)` the shape
# `(batch, heads, time, depth)`, and `merge_heads`, which puts the heads back side by side. When the features cannot be
# shared out evenly, `split_heads` raises a `ValueError`.
#
# One option goes beyond the lesson. Large models often have fewer heads of keys and values than of queries, because
# that makes the cache smaller, and each then serves several heads of queries (*grouped-query attention*, Ainslie and
# others 2023). With `copies=c`, every head comes `c` times, its copies side by side: with two heads and `copies=2`, the
# axis of the heads holds 0, 0, 1, 1.

# %% [markdown] hints="split_heads" reads="5. Several heads"
# Two steps: cut the last axis in two, then move an axis. A reshape never reorders the numbers in memory; to exchange
# two axes takes a transpose.
#
# ---
#
# `x.reshape(batch, time, heads, features // heads)` puts the first features into the first head. In which order do the
# axes stand now, and in which order are they wanted?
#
# ---
#
# `x.reshape(batch, time, heads, features // heads).transpose(0, 2, 1, 3)`, after
# `if features % heads: raise ValueError(...)`. The copies: `np.repeat(..., copies, axis=1)` puts them side by side. Back:
# `x.transpose(0, 2, 1, 3).reshape(batch, time, heads * depth)`.


# %% solution="split_heads"
def split_heads(x, heads, copies=1):
    """The features shared among the heads.

    x: (batch, time, features), heads: how many, copies: how often each of them comes.
    Returns (batch, heads * copies, time, features // heads).

    Example: split_heads([[[1, 2, 3, 4], [5, 6, 7, 8]]], 2) is [[[[1, 2], [5, 6]], [[3, 4], [7, 8]]]].
    """
    ### BEGIN SOLUTION
    batch, time, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features cannot be shared among {heads} heads")
    split = x.reshape(batch, time, heads, features // heads).transpose(0, 2, 1, 3)
    return np.repeat(split, copies, axis=1)
    ### END SOLUTION


def merge_heads(x):
    """The heads side by side again: what split_heads does, undone.

    x: (batch, heads, time, depth). Returns (batch, time, heads * depth).

    Example: merge_heads([[[[1, 2], [5, 6]], [[3, 4], [7, 8]]]]) is [[[1, 2, 3, 4], [5, 6, 7, 8]]].
    """
    ### BEGIN SOLUTION
    batch, heads, time, depth = x.shape
    return x.transpose(0, 2, 1, 3).reshape(batch, time, heads * depth)
    ### END SOLUTION


# %% tests="split_heads" points=2
with check.exercise("split_heads"):
    check.call(
        split_heads,
        np.array([[[1, 2, 3, 4], [5, 6, 7, 8]]]),
        2,
        expect=[[[[1, 2], [5, 6]], [[3, 4], [7, 8]]]],
        about="two positions, two heads: each head keeps the order of time",
    )
    check.call(
        split_heads,
        np.array([[[1, 2, 3, 4, 5, 6]], [[7, 8, 9, 10, 11, 12]]]),
        3,
        expect=[[[[1, 2]], [[3, 4]], [[5, 6]]], [[[7, 8]], [[9, 10]], [[11, 12]]]],
        about="a batch of two, three heads",
    )
    check.call(
        split_heads,
        np.array([[[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]]]),
        2,
        expect=[[[[1, 2, 3], [7, 8, 9]], [[4, 5, 6], [10, 11, 12]]]],
        about="two heads of three features",
    )
    check.call(
        split_heads,
        np.array([[[1, 2, 3, 4]]]),
        2,
        copies=2,
        expect=[[[[1, 2]], [[1, 2]], [[3, 4]], [[3, 4]]]],
        about="each of two heads twice, side by side",
    )
    check.raises(split_heads, np.zeros((1, 2, 5)), 2, about="five features, two heads")
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1503)
    for batch, time, heads, depth in [(2, 3, 4, 2), (1, 5, 2, 3), (3, 2, 1, 4), (2, 4, 3, 1)]:
        x = rng.normal(size=(batch, time, heads * depth))
        check.call(split_heads, x, heads, about="other shapes")
        check.call(split_heads, x, heads, 3, about="other shapes, each head three times")
    check.raises(split_heads, np.zeros((2, 4, 6)), 4, about="six features, four heads")
    check.raises(split_heads, np.zeros((2, 3, 2)), 3, about="more heads than features")
    ### END HIDDEN TESTS

# %% tests="split_heads.merge" points=1
with check.exercise("split_heads.merge"):
    check.call(
        merge_heads,
        np.array([[[[1, 2], [5, 6]], [[3, 4], [7, 8]]]]),
        expect=[[[1, 2, 3, 4], [5, 6, 7, 8]]],
        about="two heads, two positions",
    )
    check.call(
        merge_heads,
        np.array([[[[1]], [[2]], [[3]]]]),
        expect=[[[1, 2, 3]]],
        about="three heads of one feature, one position",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1504)
    for shape in [(2, 4, 3, 2), (1, 2, 5, 3), (3, 1, 2, 4), (2, 3, 4, 1)]:
        check.call(merge_heads, rng.normal(size=shape), about="other shapes")
    ### END HIDDEN TESTS


# %% mistakes="split_heads"
def _shared(x, heads):
    """The features' number per head, or an error; not a mistake by itself."""
    if x.shape[-1] % heads:
        raise ValueError("cannot be shared")
    return x.shape[-1] // heads


def _repeated(split, copies):
    """Each head several times, side by side; not a mistake by itself."""
    return np.repeat(split, copies, axis=1)


def reshape_alone(x, heads=None, copies=1):
    """A reshape alone does not exchange axes: it reads on in the order of memory, so a head gets the features of the wrong positions. Between the axes of time and heads, a transpose is needed."""
    if heads is None:
        return x.reshape(x.shape[0], x.shape[2], -1)
    return _repeated(x.reshape(x.shape[0], heads, x.shape[1], _shared(x, heads)), copies)


def every_nth_feature(x, heads=None, copies=1):
    """Your first head has the features 0, heads, 2 * heads, and so on. Each head gets features that stand side by side: reshape to (batch, time, heads, depth), in this order."""
    if heads is None:
        return x.transpose(0, 2, 3, 1).reshape(x.shape[0], x.shape[2], -1)
    depth = _shared(x, heads)
    return _repeated(x.reshape(*x.shape[:2], depth, heads).transpose(0, 3, 1, 2), copies)


def heads_not_moved(x, heads, copies=1):
    """Your shape is (batch, time, heads, depth). The heads come before the time: transpose."""
    return np.repeat(x.reshape(*x.shape[:2], heads, _shared(x, heads)), copies, axis=2)


def time_last(x, heads=None, copies=1):
    """Your heads hold (depth, time) where (time, depth) was asked for."""
    if heads is None:
        return x.transpose(0, 3, 1, 2).reshape(x.shape[0], x.shape[3], -1)
    return _repeated(
        x.reshape(*x.shape[:2], heads, _shared(x, heads)).transpose(0, 2, 3, 1), copies
    )


def depth_for_heads(x, heads, copies=1):
    """You take the number of heads for the number of features of each head. heads=3 means three heads."""
    depth = _shared(x, heads)
    return _repeated(x.reshape(*x.shape[:2], depth, heads).transpose(0, 2, 1, 3), copies)


def heads_first(x, heads=None, copies=1):
    """Your heads stand before the batch. The batch stays in front: (batch, heads, time, depth)."""
    if heads is None:
        return x.transpose(1, 2, 0, 3).reshape(x.shape[1], x.shape[2], -1)
    split = x.reshape(*x.shape[:2], heads, _shared(x, heads)).transpose(2, 0, 1, 3)
    return np.repeat(split, copies, axis=0)


def batch_lost(x, heads=None, copies=1):
    """The axis of the batch is missing from your answer."""
    if heads is None:
        return x[0].transpose(1, 0, 2).reshape(x.shape[2], -1)
    split = x[0].reshape(x.shape[1], heads, _shared(x, heads)).transpose(1, 0, 2)
    return np.repeat(split, copies, axis=0)


def copies_ignored(x, heads=None, copies=1):
    """`copies` has no effect on your answer. With copies=2 every head comes twice."""
    if heads is None:
        return x.transpose(0, 2, 1, 3).reshape(x.shape[0], x.shape[2], -1)
    return x.reshape(*x.shape[:2], heads, _shared(x, heads)).transpose(0, 2, 1, 3)


def copies_of_the_whole(x, heads=None, copies=1):
    """Your copies come one after the other: heads 0, 1, 0, 1. The copies of a head stand side by side, 0, 0, 1, 1: np.repeat, not np.tile."""
    split = copies_ignored(x, heads)
    return split if heads is None else np.concatenate([split] * copies, axis=1)


def copies_within_a_head(x, heads=None, copies=1):
    """You repeat the features of a head, or its positions. Repeat the heads: np.repeat(..., copies, axis=1), where the axis of the heads is."""
    split = copies_ignored(x, heads)
    return split if heads is None else np.repeat(split, copies, axis=-1)


def heads_averaged(x):
    """You average the heads or add them up. They are put side by side: (batch, time, heads * depth)."""
    return x.mean(axis=1)


def heads_added(x):
    """You add the heads up. They are put side by side: (batch, time, heads * depth)."""
    return x.sum(axis=1)


def order_of_features_lost(x):
    """In your answer the features of all heads are mixed: first feature of each head, then the second. First come all the features of the first head."""
    return x.transpose(0, 2, 3, 1).reshape(x.shape[0], x.shape[2], -1)


# %% [markdown]
# ## 3. Who may look where (3 points)
#
# Write `causal_mask`, with `True` where a query may look: at itself and at what came before it. Two things are more
# general than in the lesson:
#
# - There may be more keys than queries. Then the sequence has `keys` positions, and the queries are its **last**
#   `queries` ones. (So it is with a cache: everything that has been read has keys, and only the new positions ask.)
#   Without `keys` there are as many as queries.
# - With a `window`, a query may look at no more than `window` positions: itself and the `window - 1` just before it.
#   Some models read long texts like that: the cost of attention then grows with the length, not with its square.

# %% [markdown] hints="causal_mask" reads="6. The block"
# Give each query and each key its position in the sequence, as a number. Then the mask is a comparison of numbers. At
# which position does the first query stand?
#
# ---
#
# The first query is at position `keys - queries`. With the queries' positions as a column `t` and the keys' as a row
# `s`, `s <= t` is a whole table of booleans.
#
# ---
#
# `t = np.arange(keys - queries, keys)[:, None]`, `s = np.arange(keys)[None, :]`; the mask is `s <= t`, and with a
# window `(s <= t) & (s > t - window)`.


# %% solution="causal_mask"
def causal_mask(queries, keys=None, window=None):
    """Which key each query may look at: itself and what came before.

    queries, keys: whole numbers, keys at least queries (None: as many); the queries are the last positions. window:
    None, or how many positions a query sees at most. Returns a boolean array (queries, keys), True = may look.

    Example: causal_mask(2) is [[True, False], [True, True]], causal_mask(1, 3, window=2) is [[False, True, True]].
    """
    ### BEGIN SOLUTION
    keys = queries if keys is None else keys
    t = np.arange(keys - queries, keys)[:, None]
    s = np.arange(keys)[None, :]
    mask = s <= t
    if window is not None:
        mask = mask & (s > t - window)
    return mask
    ### END SOLUTION


# %% tests="causal_mask" points=3
with check.exercise("causal_mask"):
    T, F = True, False
    check.call(
        causal_mask,
        3,
        expect=np.array([[T, F, F], [T, T, F], [T, T, T]]),
        about="three positions: itself and what came before",
    )
    check.call(
        causal_mask,
        2,
        4,
        expect=np.array([[T, T, T, F], [T, T, T, T]]),
        about="the last two of four positions ask",
    )
    check.call(causal_mask, 1, 3, expect=np.array([[T, T, T]]), about="one new position")
    check.call(
        causal_mask,
        4,
        window=2,
        expect=np.array([[T, F, F, F], [T, T, F, F], [F, T, T, F], [F, F, T, T]]),
        about="a window of two: itself and the one before",
    )
    check.value(
        "the dtype of causal_mask(2)",
        str(np.asarray(causal_mask(2)).dtype),
        expect="bool",
        about="a mask is boolean",
        diagnosis="not_boolean",
        why="The mask holds numbers. Comparisons give booleans: s <= t, or .astype(bool) at the end.",
    )
    ### BEGIN HIDDEN TESTS
    for queries, keys, window in [
        (5, None, None),
        (1, None, None),
        (3, 7, None),
        (1, 6, None),
        (4, 4, None),
        (6, None, 1),
        (6, None, 3),
        (2, 8, 3),
        (5, 7, 4),
        (4, 6, 20),
    ]:
        check.call(causal_mask, queries, keys, window, about="other numbers, given by position")
    check.call(causal_mask, 3, window=2, keys=5, about="keys and window given by name")
    ### END HIDDEN TESTS


# %% mistakes="causal_mask"
def _positions(queries, keys):
    """The positions of the queries (a column) and of the keys (a row); not a mistake by itself."""
    keys = queries if keys is None else keys
    return np.arange(keys - queries, keys)[:, None], np.arange(keys)[None, :]


def _seen(t, s, window):
    """A right mask for these positions; not a mistake by itself."""
    return (s <= t) & (s > t - (np.inf if window is None else window))


def not_itself(queries, keys=None, window=None):
    """A position may not look at itself in your mask. It may: s <= t, and not s < t."""
    t, s = _positions(queries, keys)
    return _seen(t, s, window) & (s < t)


def the_future(queries, keys=None, window=None):
    """Your mask allows the future and forbids the past. A query looks back: True where the key's position is not after the query's."""
    t, s = _positions(queries, keys)
    return (s >= t) & (s < t + (np.inf if window is None else window))


def true_forbids(queries, keys=None, window=None):
    """Your mask is True where one may not look. Here, as in Keras, True means: may look."""
    return ~_seen(*_positions(queries, keys), window)


def for_adding(queries, keys=None, window=None):
    """Your mask is 0 where one may look and very negative elsewhere, to be added to the scores. Asked for is a boolean one."""
    return np.where(_seen(*_positions(queries, keys), window), 0.0, -np.inf)


def for_adding_large(queries, keys=None, window=None):
    """Your mask is 0 where one may look and very negative elsewhere, to be added to the scores. Asked for is a boolean one."""
    return np.where(_seen(*_positions(queries, keys), window), 0.0, -1e9)


def first_positions_ask(queries, keys=None, window=None):
    """Your queries stand at the start of the sequence. They are its last positions: the first query is at keys - queries."""
    t, s = _positions(queries, keys)
    return _seen(t - t[0, 0], s, window)


def moved_the_wrong_way(queries, keys=None, window=None):
    """You move the queries by queries - keys, to the front. They are the last positions: the first one stands at keys - queries."""
    t, s = _positions(queries, keys)
    return _seen(t - 2 * t[0, 0], s, window)


def keys_ignored(queries, keys=None, window=None):
    """Your mask is square, whatever `keys`. It has a row for each query and a column for each key."""
    return _seen(*_positions(queries, None), window)


def as_many_queries_as_keys(queries, keys=None, window=None):
    """Your mask has a row for each key. Only the last `queries` positions ask: keep the last rows."""
    keys = queries if keys is None else keys
    return _seen(*_positions(keys, keys), window)


def columns_for_queries(queries, keys=None, window=None):
    """Rows and columns are exchanged in your mask. It has shape (queries, keys)."""
    return _seen(*_positions(queries, keys), window).T


def window_ignored(queries, keys=None, window=None):
    """The window has no effect on your mask."""
    return _seen(*_positions(queries, keys), None)


def window_one_too_wide(queries, keys=None, window=None):
    """Your window is one position too wide: it sees itself and `window` others. The query itself counts, too: s > t - window."""
    return _seen(*_positions(queries, keys), None if window is None else window + 1)


def window_without_itself(queries, keys=None, window=None):
    """Your window is one position too narrow. It holds the query itself and window - 1 positions before it: s > t - window."""
    return _seen(*_positions(queries, keys), None if window is None else window - 1)


def window_both_ways(queries, keys=None, window=None):
    """With a window your mask allows the future. The window lies before the query, and the mask stays causal: combine both conditions with &."""
    t, s = _positions(queries, keys)
    return (s <= t) if window is None else (s > t - window) & (s < t + window)


def future_within_reach(queries, keys=None, window=None):
    """With a window your mask allows the future. Combine both conditions: s <= t and s > t - window."""
    t, s = _positions(queries, keys)
    return (s <= t) if window is None else s > t - window


def window_at_the_start(queries, keys=None, window=None):
    """Your window stands still at the start of the sequence. It moves with the query: s > t - window."""
    t, s = _positions(queries, keys)
    return (s <= t) & (s < (np.inf if window is None else window))


# %% [markdown]
# ## 4. Positions from sines (4 points)
#
# Write `sinusoidal_positions`. Row $t$ of the answer is the code of position $\text{start} + t$. Its columns come in
# pairs: in columns $2i$ and $2i + 1$ stand the sine and the cosine of the angle
#
# $$\frac{\text{position}}{10000^{\,2i / \text{features}}}, \qquad i = 0, 1, \ldots, \frac{\text{features}}{2} - 1.$$
#
# `features` is even. With `start`, positions can be made that follow what a cache already holds. What the hidden checks
# look at is what is good about sines: as vectors, all codes are equally long; from position $t$ to position $t + k$
# each pair turns by an angle that depends on $k$ alone; and so the dot product of two codes depends on their distance
# alone.

# %% [markdown] hints="sinusoidal_positions" reads="4. Order is lost, and put back"
# Make the angles first, as a table with a row for each position and a column for each pair. Then fill the even columns
# with their sines and the odd ones with their cosines.
#
# ---
#
# `np.arange(0, features, 2)` are the numbers `2i`. A column of positions divided by a row of powers is the table of
# angles, of shape `(length, features // 2)`.
#
# ---
#
# `angles = np.arange(start, start + length)[:, None] / 10000.0 ** (np.arange(0, features, 2) / features)`, then
# `out = np.zeros((length, features))`, `out[:, 0::2] = np.sin(angles)` and `out[:, 1::2] = np.cos(angles)`.


# %% solution="sinusoidal_positions"
def sinusoidal_positions(length, features, start=0):
    """Codes of positions, from sines and cosines.

    length: how many positions, features: even, start: the first position. Returns (length, features).

    Example: sinusoidal_positions(2, 2) is [[0, 1], [0.8415, 0.5403]], the sine and cosine of 0 and of 1.
    """
    ### BEGIN SOLUTION
    positions = np.arange(start, start + length)[:, None]
    angles = positions / 10000.0 ** (np.arange(0, features, 2) / features)
    out = np.zeros((length, features))
    out[:, 0::2] = np.sin(angles)
    out[:, 1::2] = np.cos(angles)
    return out
    ### END SOLUTION


# %% given="position_checks"
def turned(length, features, steps):
    """The angle by which each pair of columns turns over `steps` positions: (length, pairs), as points on a circle."""
    codes = np.array(sinusoidal_positions(length + steps, features), float)
    points = codes[:, 1::2] + 1j * codes[:, 0::2]
    turns = points[steps:] / points[:-steps]
    return np.stack([turns.real, turns.imag], axis=-1)


def products(length, features, start):
    """The dot products of each code with each, for positions from start on: (length, length)."""
    codes = np.array(sinusoidal_positions(length, features, start), float)
    return codes @ codes.T


# %% tests="sinusoidal_positions" points=4
with check.exercise("sinusoidal_positions"):
    check.call(
        sinusoidal_positions,
        1,
        6,
        expect=[[0.0, 1.0, 0.0, 1.0, 0.0, 1.0]],
        about="position 0: sines 0, cosines 1",
    )
    check.call(
        sinusoidal_positions,
        2,
        4,
        expect=[[0.0, 1.0, 0.0, 1.0], [np.sin(1), np.cos(1), np.sin(0.01), np.cos(0.01)]],
        about="two pairs: rates 1 and 1 / 100",
    )
    check.call(
        sinusoidal_positions,
        1,
        2,
        start=3,
        expect=[[np.sin(3), np.cos(3)]],
        about="position 3 alone",
    )
    check.call(
        products,
        1,
        8,
        5,
        expect=[[4.0]],
        about="the squared length of a code: each pair gives 1",
    )
    ### BEGIN HIDDEN TESTS
    for length, features, start in [(5, 8, 0), (3, 2, 0), (4, 6, 7), (1, 12, 100), (7, 10, 1)]:
        check.call(
            sinusoidal_positions, length, features, start, about="other lengths, features, starts"
        )
    check.call(turned, 4, 6, 1, about="one step further, each pair turns by its own angle")
    check.call(turned, 3, 8, 5, about="five steps further")
    check.call(products, 4, 8, 0, about="dot products depend on the distance")
    check.call(products, 4, 8, 20, about="dot products depend on the distance alone")
    ### END HIDDEN TESTS


# %% mistakes="sinusoidal_positions"
def _codes(length, features, start, exponents=None, base=10000.0, pair=(np.sin, np.cos)):
    """Right codes, of which each mistake changes something; not a mistake by itself."""
    rates = base ** -(np.arange(0, features, 2) / features if exponents is None else exponents)
    angles = np.arange(start, start + length)[:, None] * rates
    out = np.zeros((length, features))
    out[:, 0::2], out[:, 1::2] = pair[0](angles), pair[1](angles)
    return out


def sines_then_cosines(length, features, start=0):
    """All your sines stand in front, and all cosines after them. They alternate: sine in columns 0, 2, 4, ..., cosine in 1, 3, 5, ..."""
    codes = _codes(length, features, start)
    return np.concatenate([codes[:, 0::2], codes[:, 1::2]], axis=1)


def cosine_first(length, features, start=0):
    """Sine and cosine are exchanged. The even columns, 0, 2, and so on, hold the sines."""
    return _codes(length, features, start, pair=(np.cos, np.sin))


def start_ignored(length, features, start=0):
    """`start` has no effect on your answer. The first row is the code of position start."""
    return _codes(length, features, 0)


def start_as_end(length, features, start=0):
    """You make the positions from start to length. Asked for are `length` positions, from start on: up to start + length."""
    return _codes(max(length - start, 0), features, start)


def exponent_without_two(length, features, start=0):
    """Your exponent is i / features. It is 2i / features: the numbers 0, 2, 4, ... divided by features."""
    return _codes(length, features, start, np.arange(features // 2) / features)


def exponent_counts_columns(length, features, start=0):
    """Each of your columns has an exponent of its own. The sine and the cosine of a pair have the same angle: columns 2i and 2i + 1 both with 2i."""
    columns = np.arange(features)
    angles = np.arange(start, start + length)[:, None] / 10000.0 ** (columns / features)
    return np.where(columns % 2 == 0, np.sin(angles), np.cos(angles))


def exponent_doubled(length, features, start=0):
    """Your exponent is twice too large: you multiply the numbers 0, 2, 4, ... by 2 again."""
    return _codes(length, features, start, 2 * np.arange(0, features, 2) / features)


def exponent_to_the_end(length, features, start=0):
    """Your exponents go from 0 to 1 inclusive. The last one is (features - 2) / features: divide by features."""
    return _codes(length, features, start, np.linspace(0, 1, features // 2))


def multiplied(length, features, start=0):
    """You multiply the position by the power of 10000. Divide: the later pairs turn more slowly."""
    return _codes(length, features, start, -np.arange(0, features, 2) / features)


def another_base(length, features, start=0):
    """Your base is 1000. It is 10000."""
    return _codes(length, features, start, base=1000.0)


def counted_from_one(length, features, start=0):
    """Your first position is start + 1. It is start: positions are counted from 0."""
    return _codes(length, features, start + 1)


def sines_alone(length, features, start=0):
    """You use the sine in all columns. The odd ones hold cosines."""
    return _codes(length, features, start, pair=(np.sin, np.sin))


def a_full_turn(length, features, start=0):
    """You multiply the angles by 2 pi. The angle is position / 10000 ** (2i / features), as it stands."""
    angles = 2 * np.pi * np.arange(start, start + length)[:, None]
    angles = angles / 10000.0 ** (np.arange(0, features, 2) / features)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, -1)


def columns_are_positions(length, features, start=0):
    """Your answer has a column for each position. Asked for is (length, features): a row for each position."""
    return _codes(length, features, start).T


# %% [markdown]
# ## 5. An encoder block (6 points)
#
# Write `encoder_block`, in NumPy. With $x$ of shape `(batch, time, features)` it computes
#
# $$x' = x + \operatorname{attention}(\operatorname{norm}_1(x)), \qquad
#   \text{out} = x' + \operatorname{mlp}(\operatorname{norm}_2(x')),$$
#
# with the normalization in front, as most models have it now. With `pre=False` it is the block of the first Transformer,
# where the normalization comes after each sum:
#
# $$x' = \operatorname{norm}_1(x + \operatorname{attention}(x)), \qquad
#   \text{out} = \operatorname{norm}_2(x' + \operatorname{mlp}(x')).$$
#
# The weights are the entries of a dictionary `w`:
#
# - `wq`, `wk`, `wv`, `wo`, each `(features, features)`: queries, keys and values are made by the first three, split
#   into `heads` heads, and attended; the merged heads go through `wo`. There are no biases.
# - `w1` `(features, hidden)`, `b1` `(hidden,)`, `w2` `(hidden, features)`, `b2` `(features,)`: the network with one
#   hidden layer of ReLUs that is applied at each position.
# - `scale1`, `shift1` for the first normalization and `scale2`, `shift2` for the second, each `(features,)`. The
#   function `layer_norm` is given.
#
# In a batch, sentences of different lengths are filled up to the same length. With `lengths`, whole numbers of shape
# `(batch,)`, sentence `n` has only its first `lengths[n]` positions, and **nobody in it may look at the others**, the
# padding. (What comes out at the padding itself is nobody's concern: it is computed like the rest, so that it looks at
# the sentence, too.) Without `lengths` everybody may look everywhere.


# %% given="layer_norm"
def layer_norm(x, scale, shift):
    """Each position normalized over its features, then scaled and shifted."""
    centered = x - x.mean(axis=-1, keepdims=True)
    return centered / np.sqrt((centered**2).mean(axis=-1, keepdims=True) + 1e-6) * scale + shift


def block_weights(features, hidden, **others):
    """Normalizations as they start, all else zero, except the `others`; without any, the block changes nothing."""
    others = {name: np.array(values, float) for name, values in others.items()}
    names = {
        **dict.fromkeys(["wq", "wk", "wv", "wo"], (features, features)),
        **{"w1": (features, hidden), "b1": (hidden,), "w2": (hidden, features), "b2": (features,)},
        **dict.fromkeys(["shift1", "shift2"], (features,)),
    }
    w = {name: np.zeros(shape) for name, shape in names.items()}
    w["scale1"], w["scale2"] = np.ones(features), np.ones(features)
    return {**others, **{name: values for name, values in w.items() if name not in others}}


def random_weights(features, hidden, rng):
    """Weights of a block, all of them random."""
    w = {
        name: rng.normal(size=values.shape) / np.sqrt(values.shape[0])
        for name, values in block_weights(features, hidden).items()
    }
    return {**w, "scale1": 1 + w["scale1"], "scale2": 1 - w["scale2"]}


# %% [markdown] hints="encoder_block" reads="6. The block"
# Two halves of the same form: normalize, do something, add the result to what was there before the normalization. Write
# the first half, try it with `w2` of zeros, then write the second.
#
# ---
#
# `h = layer_norm(x, w["scale1"], w["shift1"])`; queries, keys and values are `split_heads(h @ w["wq"], heads)` and so on.
# The mask must broadcast to `(batch, heads, queries, keys)` and say of each **key** whether it belongs to its sentence.
#
# ---
#
# `mask = (np.arange(x.shape[1]) < np.asarray(lengths)[:, None])[:, None, None, :]`. After the attention
# `x = x + merge_heads(out) @ w["wo"]`; then with `h` normalized from the new `x`:
# `return x + np.maximum(h @ w["w1"] + w["b1"], 0) @ w["w2"] + w["b2"]`. With `pre=False`, `h` is `x` itself both times,
# and `layer_norm` is applied to each of the two sums.


# %% solution="encoder_block"
def encoder_block(x, w, heads, lengths=None, pre=True):
    """One block of a Transformer's encoder.

    x: (batch, time, features), w: the dictionary of weights, heads: how many, lengths: None, or (batch,), how many
    positions of each sentence are not padding, pre: whether the normalization stands in front (else after each sum).
    Returns (batch, time, features).

    Example: with the weights block_weights(features, hidden) it returns x as it is.
    """
    ### BEGIN SOLUTION
    mask = None
    if lengths is not None:
        mask = (np.arange(x.shape[1]) < np.asarray(lengths)[:, None])[:, None, None, :]
    norm1, norm2 = (w["scale1"], w["shift1"]), (w["scale2"], w["shift2"])
    h = layer_norm(x, *norm1) if pre else x
    q, k, v = (split_heads(h @ w[name], heads) for name in ["wq", "wk", "wv"])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    x = x + merge_heads(out) @ w["wo"]
    if not pre:
        x = layer_norm(x, *norm1)
    h = layer_norm(x, *norm2) if pre else x
    x = x + np.maximum(h @ w["w1"] + w["b1"], 0) @ w["w2"] + w["b2"]
    return x if pre else layer_norm(x, *norm2)
    ### END SOLUTION


# %% tests="encoder_block" points=3
with check.exercise("encoder_block", needs="scaled_dot_product_attention split_heads"):
    one = [[1.0, 0.0], [0.0, 1.0]]
    pair = np.array([[[1.0, 3.0], [3.0, 1.0]]])
    check.call(
        encoder_block,
        np.array([[[1.0, 3.0], [5.0, 1.0]]]),
        block_weights(2, 3),
        1,
        expect=[[[1.0, 3.0], [5.0, 1.0]]],
        about="weights of zero: both halves add nothing",
    )
    check.call(
        encoder_block,
        np.array([[[1.0, 3.0]]]),
        block_weights(2, 2, wv=one, wo=[[10.0, 0.0], [0.0, 20.0]]),
        1,
        expect=[[[-9.0, 23.0]]],
        about="one position sees itself: normalized to -1 and 1, times 10 and 20, added",
    )
    minus = [[-1.0, 0.0], [0.0, -1.0]]
    check.call(
        encoder_block,
        np.array([[[1.0, 3.0]]]),
        block_weights(
            2, 2, w1=minus, b1=[2, 0], w2=minus, b2=[0, 10], scale2=[2, 2], shift2=[0, 1]
        ),
        1,
        expect=[[[-3.0, 13.0]]],
        about="no attention: normalized to -2 and 3, then 4 and -3, then -4 and 0 + 10, added",
    )
    check.call(
        encoder_block,
        np.array([[[1.0, 3.0]]]),
        block_weights(2, 2, wv=one, wo=[[-4, 0], [0, 0]], w1=one, w2=[[10, 0], [0, 10]]),
        1,
        expect=[[[15.0, 3.0]]],
        about="attention makes 5 and 3 of it, which normalized is 1 and -1: 10 and 0 added",
    )
    check.call(
        encoder_block,
        pair,
        block_weights(2, 2, wv=one, wo=[[1.0, 0.0], [0.0, 2.0]], shift1=[5.0, 7.0]),
        2,
        expect=[[[6.0, 17.0], [8.0, 15.0]]],
        about="scores of zero: both positions see the mean, 5 and 7",
    )
    check.call(
        encoder_block,
        pair,
        block_weights(
            2,
            2,
            shift1=[1, 1],
            wq=[[np.log(3) / 4, 0], [0, 0]],
            wk=[[0, 0], [1, 0]],
            wv=one,
            wo=[[2, 0], [0, 10]],
        ),
        2,
        expect=[[[3.0, 13.0], [4.0, 11.0]]],
        about="normalized to 0, 2 and 2, 0; in the first head the second position weighs 3 to 1",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1505)
    for batch, time, features, heads, hidden in [
        (2, 3, 4, 2, 5),
        (1, 5, 6, 3, 8),
        (3, 2, 6, 2, 4),
        (2, 4, 3, 1, 3),
        (1, 1, 4, 4, 6),
    ]:
        check.call(
            encoder_block,
            2 * rng.normal(size=(batch, time, features)),
            random_weights(features, hidden, rng),
            heads,
            about="random weights and inputs",
        )
    ### END HIDDEN TESTS

# %% tests="encoder_block.post" points=1
with check.exercise("encoder_block.post", needs="scaled_dot_product_attention split_heads"):
    check.call(
        encoder_block,
        np.array([[[1.0, 3.0]]]),
        block_weights(2, 2, scale1=[2, 2], shift1=[1, 1], scale2=[10, 10], shift2=[0, 5]),
        1,
        pre=False,
        expect=[[[-10.0, 15.0]]],
        about="both halves add nothing: normalized to -1 and 3, then to -10 and 15",
    )
    check.call(
        encoder_block,
        np.array([[[1.0, 3.0]]]),
        block_weights(
            2,
            2,
            wv=[[1, 0], [0, 1]],
            wo=[[3, 0], [0, 0]],
            w1=[[1, 0], [0, 1]],
            w2=[[0, 1.5], [0, 0]],
        ),
        1,
        pre=False,
        expect=[[[1.0, -1.0]]],
        about="attention adds 3 and 0 to 1 and 3: normalized 1 and -1; 0 and 1.5 added: normalized again",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1510)
    for batch, time, features, heads in [(2, 3, 4, 2), (1, 4, 6, 3), (2, 4, 3, 1)]:
        check.call(
            encoder_block,
            2 * rng.normal(size=(batch, time, features)),
            random_weights(features, 5, rng),
            heads,
            pre=False,
            about="random weights and inputs, the normalization after the sums",
        )
    ### END HIDDEN TESTS

# %% tests="encoder_block.lengths" points=2
with check.exercise("encoder_block.lengths", needs="scaled_dot_product_attention split_heads"):
    one = [[1.0, 0.0], [0.0, 1.0]]
    pair = np.array([[[1.0, 3.0], [3.0, 1.0]]])
    check.call(
        encoder_block,
        pair,
        block_weights(2, 2, wv=one, wo=[[10.0, 0.0], [0.0, 20.0]]),
        1,
        lengths=[1],
        expect=[[[-9.0, 23.0], [-7.0, 21.0]]],
        about="both look at the first position alone: -1 and 1, times 10 and 20, added",
    )
    check.call(
        encoder_block,
        np.concatenate([pair, pair]),
        block_weights(2, 2, wv=one, wo=[[10.0, 0.0], [0.0, 20.0]]),
        1,
        lengths=np.array([2, 1]),
        expect=[[[1.0, 3.0], [3.0, 1.0]], [[-9.0, 23.0], [-7.0, 21.0]]],
        about="the first sentence is full (the mean is 0), the second has padding",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1506)
    for lengths, time, features, heads in [
        ([3, 1, 5], 5, 4, 2),
        ([2, 3], 4, 6, 3),
        ([1, 2, 3], 3, 6, 2),
    ]:
        check.call(
            encoder_block,
            2 * rng.normal(size=(len(lengths), time, features)),
            random_weights(features, 5, rng),
            heads,
            np.array(lengths),
            about="sentences of different lengths",
        )
    check.call(
        encoder_block,
        rng.normal(size=(2, 4, 6)),
        random_weights(6, 5, rng),
        2,
        np.array([4, 2]),
        False,
        about="sentences of different lengths, the normalization after the sums",
    )
    ### END HIDDEN TESTS


# %% mistakes="encoder_block"
def _softmax(scores):
    """Over the last axis; not a mistake by itself."""
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _attend(w, h, heads, lengths=None, cross=None, output=True, root=None, qk=("wq", "wk")):
    """Right attention, of which each mistake changes something; not a mistake by itself."""
    batch, time, features = h.shape

    def split(x):
        return x.reshape(batch, time, heads, features // heads).transpose(0, 2, 1, 3)

    q, k = split((h if cross is None else cross) @ w[qk[0]]), split(h @ w[qk[1]])
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(features // heads if root is None else root)
    if lengths is not None:
        real = np.arange(time) < np.asarray(lengths)[:, None]
        scores = np.where(real[:, None, None, :], scores, -1e30)
    out = _softmax(scores) @ split(h @ w["wv"])
    out = out.transpose(0, 2, 1, 3).reshape(batch, time, features)
    return out @ w["wo"] if output else out


def _norm(x, w, which, axis=-1):
    """A normalization over any axis; not a mistake by itself."""
    x = x - x.mean(axis=axis, keepdims=True)
    x = x / np.sqrt((x**2).mean(axis=axis, keepdims=True) + 1e-6)
    return x * w["scale" + which] + w["shift" + which]


def _mlp(h, w, activation=lambda a: np.maximum(a, 0)):
    """Right, with another activation if wished; not a mistake by itself."""
    return activation(h @ w["w1"] + w["b1"]) @ w["w2"] + w["b2"]


def _after(w, x, heads, lengths=None):
    """Right with pre=False; not a mistake by itself."""
    x = _norm(x + _attend(w, x, heads, lengths), w, "1")
    return _norm(x + _mlp(x, w), w, "2")


def _before(w, x, heads, lengths=None):
    """Right with pre=True; not a mistake by itself."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return x + _mlp(_norm(x, w, "2"), w)


def always_after(x, w, heads, lengths=None, pre=True):
    """You normalize after the sum, as the first Transformer did. With pre=True the normalization stands in front: x + attention(norm(x)), x + mlp(norm(x))."""
    return _after(w, x, heads, lengths)


def pre_ignored(x, w, heads, lengths=None, pre=True):
    """`pre` has no effect on your answer. With pre=False the normalization comes after each sum: norm(x + attention(x)), norm(x + mlp(x))."""
    return _before(w, x, heads, lengths)


def norm_in_the_branch(x, w, heads, lengths=None, pre=True):
    """With pre=False you normalize what the attention and the network give, then add. Normalize the sum: norm(x + attention(x))."""
    if pre:
        return _before(w, x, heads, lengths)
    x = x + _norm(_attend(w, x, heads, lengths), w, "1")
    return x + _norm(_mlp(x, w), w, "2")


def both_before_and_after(x, w, heads, lengths=None, pre=True):
    """With pre=False you normalize in front and after the sum. After the sum alone: attention and network get x as it is."""
    if pre:
        return _before(w, x, heads, lengths)
    x = _norm(x + _attend(w, _norm(x, w, "1"), heads, lengths), w, "1")
    return _norm(x + _mlp(_norm(x, w, "2"), w), w, "2")


def last_norm_missing(x, w, heads, lengths=None, pre=True):
    """With pre=False the last normalization is missing, the one after the second sum."""
    if pre:
        return _before(w, x, heads, lengths)
    x = _norm(x + _attend(w, x, heads, lengths), w, "1")
    return x + _mlp(x, w)


def one_norm_at_the_end(x, w, heads, lengths=None, pre=True):
    """With pre=False you normalize only once, at the end. Normalize after each of the two sums."""
    if pre:
        return _before(w, x, heads, lengths)
    x = x + _attend(w, x, heads, lengths)
    return _norm(x + _mlp(x, w), w, "2")


def no_residual(x, w, heads, lengths=None):
    """Your block does not add x. Both halves are added to what came in: x + attention(...), then x + mlp(...)."""
    x = _attend(w, _norm(x, w, "1"), heads, lengths)
    return _mlp(_norm(x, w, "2"), w)


def no_first_residual(x, w, heads, lengths=None):
    """The first half of your block replaces x. Its result is added: x = x + attention(norm(x))."""
    x = _attend(w, _norm(x, w, "1"), heads, lengths)
    return x + _mlp(_norm(x, w, "2"), w)


def no_second_residual(x, w, heads, lengths=None):
    """The second half of your block replaces x. Its result is added: x + mlp(norm(x))."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return _mlp(_norm(x, w, "2"), w)


def normed_shortcut(x, w, heads, lengths=None):
    """You add the normalized x where x itself belongs. Keep two names: h = norm(x), then x + attention(h)."""
    h = _norm(x, w, "1")
    x = h + _attend(w, h, heads, lengths)
    h = _norm(x, w, "2")
    return h + _mlp(h, w)


def normed_first_shortcut(x, w, heads, lengths=None):
    """In the first half you add the normalized x where x itself belongs."""
    h = _norm(x, w, "1")
    x = h + _attend(w, h, heads, lengths)
    return x + _mlp(_norm(x, w, "2"), w)


def normed_second_shortcut(x, w, heads, lengths=None):
    """In the second half you add the normalized x where x itself belongs."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    h = _norm(x, w, "2")
    return h + _mlp(h, w)


def block_input_added_twice(x, w, heads, lengths=None):
    """The second half adds the block's input, so the attention's result is lost on the way. Add what came out of the first half."""
    y = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return x + _mlp(_norm(y, w, "2"), w)


def side_by_side(x, w, heads, lengths=None):
    """Your two halves stand side by side: the second one sees the block's input. It works on what came out of the first half."""
    return x + _attend(w, _norm(x, w, "1"), heads, lengths) + _mlp(_norm(x, w, "2"), w)


def no_norms(x, w, heads, lengths=None):
    """There is no normalization in your block."""
    x = x + _attend(w, x, heads, lengths)
    return x + _mlp(x, w)


def no_first_norm(x, w, heads, lengths=None):
    """The normalization in front of the attention is missing."""
    x = x + _attend(w, x, heads, lengths)
    return x + _mlp(_norm(x, w, "2"), w)


def no_second_norm(x, w, heads, lengths=None):
    """The normalization in front of the network is missing."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return x + _mlp(x, w)


def first_norm_twice(x, w, heads, lengths=None):
    """Both normalizations have the scale and shift of the first. The second has its own: scale2, shift2."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return x + _mlp(_norm(x, w, "1"), w)


def norm_over_time(x, w, heads, lengths=None):
    """You normalize over the time. Layer normalization works on each position by itself, over its features."""
    x = x + _attend(w, _norm(x, w, "1", axis=1), heads, lengths)
    return x + _mlp(_norm(x, w, "2", axis=1), w)


def no_wo(x, w, heads, lengths=None):
    """The merged heads do not go through wo in your block."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths, output=False)
    return x + _mlp(_norm(x, w, "2"), w)


def queries_not_normed(x, w, heads, lengths=None):
    """Your queries are made from x itself. Queries, keys and values all come from the normalized x."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths, cross=x)
    return x + _mlp(_norm(x, w, "2"), w)


def keys_ask(x, w, heads, lengths=None):
    """Queries and keys are exchanged in your block."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths, qk=("wk", "wq"))
    return x + _mlp(_norm(x, w, "2"), w)


def one_head(x, w, heads, lengths=None):
    """Your block attends with one head, whatever `heads`. Split queries, keys and values."""
    x = x + _attend(w, _norm(x, w, "1"), 1, lengths)
    return x + _mlp(_norm(x, w, "2"), w)


def scaled_by_all_features(x, w, heads, lengths=None):
    """You divide the scores by the root of all features. With heads, d is the number of features of one head."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths, root=x.shape[-1])
    return x + _mlp(_norm(x, w, "2"), w)


def no_relu(x, w, heads, lengths=None):
    """There is no ReLU between the two layers of your network."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return x + _mlp(_norm(x, w, "2"), w, activation=lambda a: a)


def relu_last(x, w, heads, lengths=None):
    """You put a ReLU after the second layer, too, or after the sum. It stands between the two layers alone."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return x + np.maximum(_mlp(_norm(x, w, "2"), w), 0)


def relu_after_sum(x, w, heads, lengths=None):
    """You put a ReLU behind the sum. Nothing comes after it: the block's output may be negative."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return np.maximum(x + _mlp(_norm(x, w, "2"), w), 0)


def relu_before_first_layer(x, w, heads, lengths=None):
    """Your ReLU stands before the first layer of the network. It stands behind it: np.maximum(h @ w1 + b1, 0) @ w2 + b2."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return x + _mlp(np.maximum(_norm(x, w, "2"), 0), w, activation=lambda a: a)


def no_biases(x, w, heads, lengths=None):
    """The biases b1 and b2 have no effect on your answer."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return x + _mlp(_norm(x, w, "2"), {**w, "b1": 0.0, "b2": 0.0})


def no_first_bias(x, w, heads, lengths=None):
    """The bias b1 has no effect on your answer."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return x + _mlp(_norm(x, w, "2"), {**w, "b1": 0.0})


def no_last_bias(x, w, heads, lengths=None):
    """The bias b2 has no effect on your answer."""
    x = x + _attend(w, _norm(x, w, "1"), heads, lengths)
    return x + _mlp(_norm(x, w, "2"), {**w, "b2": 0.0})


def no_network(x, w, heads, lengths=None):
    """The second half of your block is missing."""
    return x + _attend(w, _norm(x, w, "1"), heads, lengths)


def network_first(x, w, heads, lengths=None):
    """Your block begins with the network. The attention comes first."""
    x = x + _mlp(_norm(x, w, "2"), w)
    return x + _attend(w, _norm(x, w, "1"), heads, lengths)


def padding_seen(x, w, heads, lengths=None):
    """`lengths` has no effect on your answer, so the padding is looked at like words. Give the attention a mask."""
    x = x + _attend(w, _norm(x, w, "1"), heads)
    return x + _mlp(_norm(x, w, "2"), w)


def padding_may_not_ask(x, w, heads, lengths=None):
    """Your mask is for the queries: the padding may not ask, but it is looked at. Turn it: the mask says of each key, the last axis, whether it may be looked at."""
    h = _norm(x, w, "1")
    out = _attend(w, h, heads)
    if lengths is not None:
        out = out * (np.arange(x.shape[1]) < np.asarray(lengths)[:, None])[:, :, None]
    x = x + out
    return x + _mlp(_norm(x, w, "2"), w)


def padding_alone_seen(x, w, heads, lengths=None):
    """Your mask is turned around: in each sentence the padding alone may be looked at. True means: may look."""
    h = _norm(x, w, "1")
    if lengths is None:
        out = _attend(w, h, heads)
    else:
        out = np.zeros(x.shape)
        for n, length in enumerate(np.asarray(lengths)):
            if length < x.shape[1]:
                back = _attend(w, h[n : n + 1, ::-1], heads, [x.shape[1] - length])
                out[n] = back[0, ::-1]
    x = x + out
    return x + _mlp(_norm(x, w, "2"), w)


def padding_may_not_do_either(x, w, heads, lengths=None):
    """In your block the padding may not ask. Nobody may look at it; what comes out there is computed like the rest: mask the keys alone."""
    h = _norm(x, w, "1")
    out = _attend(w, h, heads, lengths)
    if lengths is not None:
        out = out * (np.arange(x.shape[1]) < np.asarray(lengths)[:, None])[:, :, None]
    x = x + out
    return x + _mlp(_norm(x, w, "2"), w)


def one_position_more(x, w, heads, lengths=None):
    """The first position of the padding may be looked at in your block. Positions are counted from 0: np.arange(time) < lengths."""
    x = x + _attend(
        w, _norm(x, w, "1"), heads, None if lengths is None else np.asarray(lengths) + 1
    )
    return x + _mlp(_norm(x, w, "2"), w)


def padding_made_zero(x, w, heads, lengths=None):
    """You set the padding to zero in place of masking it. A key of zeros has the score 0, and still gets weight: give the attention a mask."""
    h = _norm(x, w, "1")
    if lengths is not None:
        h = h * (np.arange(x.shape[1]) < np.asarray(lengths)[:, None])[:, :, None]
    x = x + _attend(w, h, heads)
    return x + _mlp(_norm(x, w, "2"), w)


def longest_for_all(x, w, heads, lengths=None):
    """You use one length for the whole batch. Each sentence has its own: the mask has an axis for the batch, (batch, 1, 1, time)."""
    longest = None if lengths is None else np.full(len(x), np.max(lengths))
    x = x + _attend(w, _norm(x, w, "1"), heads, longest)
    return x + _mlp(_norm(x, w, "2"), w)


# %% [markdown]
# ## 6. A picture as a sequence (4 points)
#
# Write `patchify`, which cuts pictures of shape `(batch, height, width, channels)` into square patches of `size` by
# `size` pixels and returns them as a sequence, `(batch, patches, size * size * channels)`. The patches come in reading
# order, from left to right and from top to bottom, and so do the pixels of each patch; the channels of a pixel stand
# side by side.
#
# Neighboring patches start `stride` pixels apart, in both directions; without `stride` they lie side by side. With a
# stride below the size they overlap, with one above it there are gaps. Pixels at the right and at the bottom that do
# not fill a patch are left out. (A check shows what this is: patches times a matrix are a convolution with that stride.)


# %% given="patch_checks"
def patches_times_matrix(pictures, kernel):
    """Your patches times the kernel (size, size, channels in, channels out), written as a matrix."""
    patches = np.array(patchify(pictures, kernel.shape[0]), float)
    return patches @ kernel.reshape(-1, kernel.shape[-1])


# %% [markdown] hints="patchify" reads="14. Pictures as sequences"
# For the patch in row `r` and column `c` of the patches: at which pixel does it start? Two loops over `r` and `c`, or
# over the pixels within a patch, are quite enough; the batch needs none.
#
# ---
#
# There are `(height - size) // stride + 1` rows of patches. `images[:, top : top + size, left : left + size]` has the
# shape `(batch, size, size, channels)`, and a reshape makes a row of numbers out of it, in the order that is asked for.
#
# ---
#
# `np.stack([images[:, r * stride : r * stride + size, c * stride : c * stride + size].reshape(len(images), -1) for r in
# range(rows) for c in range(columns)], axis=1)`.


# %% solution="patchify"
def patchify(images, size, stride=None):
    """Pictures cut into square patches.

    images: (batch, height, width, channels), size: of a patch, in pixels, stride: from one patch to the next (None:
    size). Returns (batch, patches, size * size * channels).

    Example: a picture of one channel with the rows [1, 2, 3, 4] and [5, 6, 7, 8] gives, with size 2, the patches
    [1, 2, 5, 6] and [3, 4, 7, 8].
    """
    ### BEGIN SOLUTION
    stride = size if stride is None else stride
    batch, height, width, channels = images.shape
    rows, columns = (height - size) // stride + 1, (width - size) // stride + 1
    out = np.zeros((batch, rows, columns, size, size, channels), images.dtype)
    for r in range(rows):
        for c in range(columns):
            top, left = r * stride, c * stride
            out[:, r, c] = images[:, top : top + size, left : left + size]
    return out.reshape(batch, rows * columns, size * size * channels)
    ### END SOLUTION


# %% tests="patchify" points=4
with check.exercise("patchify"):
    check.call(
        patchify,
        np.array([[[[1], [2], [3], [4]], [[5], [6], [7], [8]]]]),
        2,
        expect=[[[1, 2, 5, 6], [3, 4, 7, 8]]],
        about="two patches side by side",
    )
    check.call(
        patchify,
        np.array([[[[1], [2]], [[3], [4]], [[5], [6]]]]),
        1,
        expect=[[[1], [2], [3], [4], [5], [6]]],
        about="patches of one pixel, in reading order",
    )
    check.call(
        patchify,
        np.array([[[[1, 10], [2, 20]], [[3, 30], [4, 40]]]]),
        2,
        expect=[[[1, 10, 2, 20, 3, 30, 4, 40]]],
        about="two channels: those of a pixel side by side",
    )
    check.call(
        patchify,
        np.array([[[[1], [2], [3]], [[4], [5], [6]]]]),
        2,
        stride=1,
        expect=[[[1, 2, 4, 5], [2, 3, 5, 6]]],
        about="a stride of 1: the patches overlap",
    )
    check.call(
        patchify,
        np.array([[[[1], [2], [3]], [[4], [5], [6]], [[7], [8], [9]]]]),
        2,
        expect=[[[1, 2, 4, 5]]],
        about="three by three pixels: one patch, the rest is left out",
    )
    rng = np.random.default_rng(15)
    pictures, kernel = rng.normal(size=(2, 6, 9, 3)), rng.normal(size=(3, 3, 3, 4))
    keras_says = keras.ops.convert_to_numpy(keras.ops.conv(pictures, kernel, strides=3))
    check.call(
        patches_times_matrix,
        pictures,
        kernel,
        expect=keras_says.reshape(2, 6, 4),
        rtol=1e-3,
        atol=1e-4,
        about="what keras.ops.conv gives with a stride of 3",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1507)
    for shape, size, stride in [
        ((2, 6, 8, 3), 2, None),
        ((1, 9, 6, 2), 3, None),
        ((3, 4, 4, 1), 4, None),
        ((2, 7, 10, 2), 3, None),
        ((2, 5, 7, 2), 3, 2),
        ((1, 6, 5, 3), 3, 1),
        ((2, 7, 9, 1), 2, 3),
        ((1, 8, 7, 4), 4, 2),
    ]:
        check.call(
            patchify, rng.normal(size=shape), size, stride, about="other shapes, sizes and strides"
        )
    ### END HIDDEN TESTS


# %% mistakes="patchify"
def _patches(images, size, stride=None, order=(0, 1, 2, 3, 4, 5), keep=False):
    """Right patches (batch, rows, columns, i, j, channels) in another order; not a mistake by itself."""
    stride = size if stride is None else stride
    view = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    view = view[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    batch, rows, columns = view.shape[:3]
    view = view.transpose(order)
    return view if keep else view.reshape(batch, rows * columns, -1)


def rows_without_transpose(images, size, stride=None):
    """Your reshape gives the axes (rows, size, columns, size), which is right, but then they must be exchanged: (rows, columns, size, size), by a transpose, before the patches are flattened."""
    return _patches(images, size, stride, (0, 1, 3, 2, 4, 5), keep=True).reshape(
        _patches(images, size, stride).shape
    )


def reshape_alone(images, size, stride=None):
    """A reshape alone cuts the memory into pieces, which are stretches of rows and no squares. Give the two directions of the patch axes of their own, and move these, or cut each patch out."""
    shape = _patches(images, size, stride).shape
    if np.prod(shape) != images.size:
        raise ValueError("cannot be reshaped")
    return images.reshape(shape)


def columns_first(images, size, stride=None):
    """Your patches come column by column. Reading order goes along the rows: the first patch, then the one at its right."""
    return _patches(images, size, stride, (0, 2, 1, 3, 4, 5))


def pixels_by_columns(images, size, stride=None):
    """Within your patches the pixels come column by column. Reading order goes along the rows."""
    return _patches(images, size, stride, (0, 1, 2, 4, 3, 5))


def channels_first(images, size, stride=None):
    """In your patches all pixels of the first channel come first. The channels of a pixel stand side by side."""
    return _patches(images, size, stride, (0, 1, 2, 5, 3, 4))


def stride_ignored(images, size, stride=None):
    """The stride has no effect on your answer."""
    return _patches(images, size)


def stride_of_one(images, size, stride=None):
    """Without a stride your patches overlap. None means: stride = size, side by side."""
    return _patches(images, size, 1 if stride is None else stride)


def grid_kept(images, size, stride=None):
    """Your patches still stand in rows and columns. A sequence has one axis for them: (batch, patches, numbers)."""
    found = _patches(images, size, stride, keep=True)
    return found.reshape(*found.shape[:3], -1)


def patches_not_flattened(images, size, stride=None):
    """Your patches are still little pictures. Flatten each: size * size * channels numbers."""
    found = _patches(images, size, stride, keep=True)
    return found.reshape(found.shape[0], -1, *found.shape[3:])


def batch_and_patches_joined(images, size, stride=None):
    """The patches of all pictures stand in one row in your answer. Keep the axis of the batch."""
    found = _patches(images, size, stride)
    return found.reshape(-1, found.shape[-1])


def patches_last(images, size, stride=None):
    """Your axes are (batch, numbers, patches). The patches are the sequence: (batch, patches, numbers)."""
    return _patches(images, size, stride).swapaxes(1, 2)


def padded_at_the_end(images, size, stride=None):
    """You fill the picture up with zeros, so that the pixels at the edge get patches too. They are to be left out."""
    step = size if stride is None else stride
    ends = [(-(n - size)) % step for n in images.shape[1:3]]
    return _patches(np.pad(images, ((0, 0), (0, ends[0]), (0, ends[1]), (0, 0))), size, stride)


def last_patch_lost(images, size, stride=None):
    """Your last row and column of patches are missing. There are (height - size) // stride + 1 rows."""
    found = _patches(images, size, stride, keep=True)[:, :-1, :-1]
    return found.reshape(found.shape[0], found.shape[1] * found.shape[2], np.prod(found.shape[3:]))


def square_pictures(images, size, stride=None):
    """You take the picture's height for its width. Pictures need not be square."""
    step = size if stride is None else stride
    n = (images.shape[1] - size) // step + 1
    found = [
        images[:, r * step : r * step + size, c * step : c * step + size].reshape(len(images), -1)
        for r in range(n)
        for c in range(n)
    ]
    return np.stack(found, axis=1)


def average_of_patches(images, size, stride=None):
    """You average the pixels of each patch. All of its numbers are kept."""
    return (
        _patches(images, size, stride, keep=True)
        .mean(axis=(3, 4))
        .reshape(len(images), -1, images.shape[-1])
    )


# %% [markdown]
# ## 7. One step with a cache (6 points)
#
# A decoder that writes makes one new position at a time. The keys and values of the old positions do not change, since
# nobody in the past looks at the future: so they are kept. Write `kv_cache_step`, causal self-attention for new
# positions alone:
#
# - `x` has shape `(batch, new, features)`: usually one new position, but **a whole prompt can be read at once**;
# - `cache` is `None` at the start, else the tuple `(k, v)` of the keys and values of all that came before, each of shape
#   `(batch, heads, seen, depth)`;
# - `w` holds `wq`, `wk`, `wv` and `wo`, each `(features, features)`, as in exercise 5, with nothing else: no
#   normalization, no sum with `x`;
# - it returns the tuple `(out, cache)`: what attention gives at the new positions, `(batch, new, features)`, and the
#   longer cache `(k, v)`.
#
# Each new position sees everything old, itself, and of the new ones those before it. However a text is cut into pieces,
# the outputs must be the same as if it had been read in one. The old cache stays as it was: who writes several
# continuations of one beginning uses it again.

# %% [markdown] hints="kv_cache_step" reads="11. Writing with a cache"
# Make queries, keys and values for the new positions, split into heads. What do the new queries look at? Everything in
# the cache, and the new keys. The mask is exercise 3's, with more keys than queries.
#
# ---
#
# `np.concatenate([cache[0], k], axis=2)` puts the new keys behind the old ones, along the time, and makes a new array.
# Attend after that, so that a position sees itself.
#
# ---
#
# After `q, k, v = (split_heads(x @ w[name], heads) for name in ["wq", "wk", "wv"])` and the concatenation,
# `out, _ = scaled_dot_product_attention(q, k, v, causal_mask(q.shape[2], k.shape[2]))`; return
# `merge_heads(out) @ w["wo"], (k, v)`.


# %% solution="kv_cache_step"
def kv_cache_step(x, cache, w, heads):
    """Causal self-attention for new positions, with the keys and values of the old ones from a cache.

    x: (batch, new, features), cache: None, or the tuple (k, v), each (batch, heads, seen, depth), w: a dictionary with
    wq, wk, wv, wo, heads: how many. Returns (out, cache): (batch, new, features), and (k, v) with `new` positions more.

    Example: with one feature, wq and wk [[0]], wv and wo [[1]], x = [[[2], [4]]] gives out = [[[2], [3]]]; after that,
    with the cache that came back, x = [[[9]]] gives [[[5]]], the mean of 2, 4 and 9.
    """
    ### BEGIN SOLUTION
    q, k, v = (split_heads(x @ w[name], heads) for name in ["wq", "wk", "wv"])
    if cache is not None:
        k = np.concatenate([cache[0], k], axis=2)
        v = np.concatenate([cache[1], v], axis=2)
    mask = causal_mask(q.shape[2], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)
    ### END SOLUTION


# %% given="cache_checks"
def attention_weights(features, rng=None, **others):
    """wq, wk, wv, wo: random, or, without rng, zeros except the `others`."""
    w = {name: np.zeros((features, features)) for name in ["wq", "wk", "wv", "wo"]}
    if rng is not None:
        w = {name: rng.normal(size=w[name].shape) for name in w}
    return {**w, **{name: np.array(values, float) for name, values in others.items()}}


def in_pieces(x, pieces, w, heads):
    """What your function gives for x, read in pieces of these lengths, put together again."""
    cache, outs, start = None, [], 0
    for n in pieces:
        out, cache = kv_cache_step(x[:, start : start + n], cache, w, heads)
        outs.append(np.array(out))
        start += n
    return np.concatenate(outs, axis=1)


def old_cache(x, cache, w, heads):
    """The keys and values of a cache after your function has used it."""
    cache = tuple(cache)
    kv_cache_step(x, cache, w, heads)
    return np.array(cache)


# %% tests="kv_cache_step" points=6
with check.exercise("kv_cache_step", needs="scaled_dot_product_attention split_heads causal_mask"):
    mean_of_all = attention_weights(1, wv=[[1.0]], wo=[[1.0]])
    none, seen = np.zeros((1, 1, 2, 1)), np.array([[[[2.0], [4.0]]]])
    check.call(
        kv_cache_step,
        np.array([[[7.0]]]),
        None,
        attention_weights(1, wk=[[10.0]], wv=[[2.0]], wo=[[3.0]]),
        1,
        expect=([[[42.0]]], ([[[[70.0]]]], [[[[14.0]]]])),
        about="the first position sees itself: value 14, times 3; the key is 70",
    )
    check.call(
        kv_cache_step,
        np.array([[[2.0], [4.0]]]),
        None,
        mean_of_all,
        1,
        expect=([[[2.0], [3.0]]], ([[[[0.0], [0.0]]]], [[[[2.0], [4.0]]]])),
        about="a prompt of two: the first sees itself, the second both",
    )
    check.call(
        kv_cache_step,
        np.array([[[9.0]]]),
        (none, seen),
        mean_of_all,
        1,
        expect=([[[5.0]]], ([[[[0.0], [0.0], [0.0]]]], [[[[2.0], [4.0], [9.0]]]])),
        about="one new position after 2 and 4: the mean of 2, 4 and 9",
    )
    check.call(
        kv_cache_step,
        np.array([[[9.0], [1.0]]]),
        (none, seen),
        mean_of_all,
        1,
        expect=([[[5.0], [4.0]]], ([[[[0.0]] * 4]], [[[[2.0], [4.0], [9.0], [1.0]]]])),
        about="two new ones: the first does not see the second",
    )
    check.call(
        kv_cache_step,
        np.array([[[1.0, 5.0]]]),
        (np.zeros((1, 2, 1, 1)), np.array([[[[3.0]], [[7.0]]]])),
        attention_weights(2, wv=[[1.0, 0.0], [0.0, 1.0]], wo=[[1.0, 0.0], [0.0, 10.0]]),
        2,
        expect=(
            [[[2.0, 60.0]]],
            ([[[[0.0]] * 2, [[0.0]] * 2]], [[[[3.0], [1.0]], [[7.0], [5.0]]]]),
        ),
        about="two heads: means 2 and 6, times 1 and 10",
    )
    check.call(
        kv_cache_step,
        np.array([[[1.0, 5.0], [3.0, 9.0]]]),
        None,
        attention_weights(2, wv=[[1.0, 0.0], [0.0, 1.0]], wo=[[1.0, 0.0], [0.0, 10.0]]),
        2,
        expect=(
            [[[1.0, 50.0], [2.0, 70.0]]],
            ([[[[0.0]] * 2, [[0.0]] * 2]], [[[[1.0], [3.0]], [[5.0], [9.0]]]]),
        ),
        about="a prompt of two, two heads: 1 and 3 belong to the first, 5 and 9 to the second",
    )
    check.call(
        kv_cache_step,
        np.array([[[1.0, 5.0]]]),
        (np.array([[[[np.log(3)]], [[0.0]]]]), np.array([[[[3.0]], [[7.0]]]])),
        attention_weights(2, wq=[[1, 0], [0, 0]], wv=[[1, 0], [0, 1]], wo=[[1, 0], [0, 10]]),
        2,
        expect=(
            [[[2.5, 60.0]]],
            ([[[[np.log(3)], [0.0]], [[0.0], [0.0]]]], [[[[3.0], [1.0]], [[7.0], [5.0]]]]),
        ),
        about="the first head weighs 3 to 1",
    )
    check.call(
        kv_cache_step,
        np.array([[[1.0, 0.0, 0.0, 0.0]]]),
        (np.array([[[[np.log(3), 0.0, 0.0, 0.0]]]]), np.array([[[[4.0, 8.0, 0.0, 0.0]]]])),
        attention_weights(4, wq=2 * np.eye(4), wo=np.eye(4)),
        1,
        expect=(
            [[[3.0, 6.0, 0.0, 0.0]]],
            (
                [[[[np.log(3), 0.0, 0.0, 0.0], [0.0] * 4]]],
                [[[[4.0, 8.0, 0.0, 0.0], [0.0] * 4]]],
            ),
        ),
        about="four features: the score 2 log 3, halved, weighs 3 to 1",
    )
    check.call(
        in_pieces,
        np.array([[[3.0], [6.0], [0.0], [11.0]]]),
        [1, 1, 2],
        mean_of_all,
        1,
        expect=[[[3.0], [4.5], [3.0], [5.0]]],
        about="three steps: running means",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1508)
    for batch, new, old, heads, depth in [
        (2, 1, 3, 2, 3),
        (1, 3, 2, 3, 2),
        (3, 2, 4, 1, 4),
        (2, 4, 1, 2, 2),
        (2, 3, 3, 3, 1),
    ]:
        features = heads * depth
        x, w = rng.normal(size=(batch, new, features)), attention_weights(features, rng)
        cache = tuple(rng.normal(size=(batch, heads, old, depth)) for _ in range(2))
        check.call(kv_cache_step, x, cache, w, heads, about="new positions after old ones")
        check.call(kv_cache_step, x, None, w, heads, about="a prompt, no cache yet")
    x, w = rng.normal(size=(2, 7, 6)), attention_weights(6, rng)
    for pieces in [[7], [1] * 7, [3, 4], [4, 1, 2]]:
        check.call(in_pieces, x, pieces, w, 3, about="the same text, cut into pieces differently")
    cache = tuple(rng.normal(size=(2, 3, 4, 2)) for _ in range(2))
    check.call(
        old_cache,
        x[:, :2],
        cache,
        w,
        3,
        about="the old cache stays as it was",
        diagnosis="cache_changed",
        why="Your function changes the cache that it is given. Make new arrays: np.concatenate does.",
    )
    ### END HIDDEN TESTS


# %% mistakes="kv_cache_step"
def _heads(x, heads):
    """Features shared among heads; not a mistake by itself."""
    return x.reshape(*x.shape[:2], heads, x.shape[2] // heads).transpose(0, 2, 1, 3)


def _mean(q, k, v, mask, root=None):
    """Attention, heads merged; not a mistake by itself."""
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1] if root is None else root)
    scores = np.where(mask, scores, -1e30)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True)) * mask
    total = e.sum(axis=-1, keepdims=True)
    out = (e / np.where(total == 0, 1, total)) @ v
    return out.transpose(0, 2, 1, 3).reshape(len(out), out.shape[2], -1)


def _step(
    x, cache, w, heads, see=None, new_first=False, kept=None, output=True, root=None, split=_heads
):
    """A right step, of which each mistake changes something; not a mistake by itself."""
    x = np.asarray(x)
    q, k, v = (split(x @ w[name], heads) for name in ["wq", "wk", "wv"])
    new = k, v
    if cache is not None:
        pairs = [(n, old) if new_first else (old, n) for old, n in zip(cache, new, strict=True)]
        k, v = (np.concatenate(pair, axis=2) for pair in pairs)
    t = np.arange(k.shape[2] - q.shape[2], k.shape[2])[:, None]
    s = np.arange(k.shape[2])[None, :]
    mask = (see or (lambda t, s: s <= t))(t, s)
    out = _mean(q, k, v, mask, root)
    return out @ w["wo"] if output else out, (kept or (lambda old, n, both: both))(
        cache, new, (k, v)
    )


def _pieces(step, x, pieces, w, heads):
    """A text read in pieces; not a mistake by itself."""
    cache, outs, start = None, [], 0
    for n in pieces:
        out, cache = step(x[:, start : start + n], cache, w, heads)
        outs.append(out)
        start += n
    return np.concatenate(outs, axis=1)


def _either_way(x, cache, w, heads, **how):
    """For both kinds of checks, one step or pieces; not a mistake by itself."""

    def step(x, cache, w, heads):
        return _step(x, cache, w, heads, **how)

    return (
        _pieces(step, x, cache, w, heads) if isinstance(cache, list) else step(x, cache, w, heads)
    )


def prompt_sees_ahead(x, cache, w, heads):
    """New positions see all other new ones in your answer, also those after them. When several are read at once they need a causal mask."""
    return _either_way(x, cache, w, heads, see=lambda t, s: (s <= t) | (s > t))


def mask_from_the_start(x, cache, w, heads):
    """Your mask puts the new positions at the start of the sequence, so the first of them sees one old key alone. They come after all that is in the cache: causal_mask(new, seen + new)."""
    return _either_way(x, cache, w, heads, see=lambda t, s: s <= t - t[0, 0])


def not_itself(x, cache, w, heads):
    """A new position does not see itself in your answer. Put its key and value into the cache first, then attend."""
    return _either_way(x, cache, w, heads, see=lambda t, s: s < t)


def new_ones_alone(x, cache, w, heads):
    """Your new positions do not look at the cache: each sees only the new ones. Attend to old and new keys together."""
    return _either_way(x, cache, w, heads, see=lambda t, s: (s <= t) & (s >= t[0, 0]))


def old_ones_only(x, cache, w, heads):
    """With a cache, your new positions look at the old ones alone. They see themselves and the new ones before them, too."""
    return _either_way(
        x, cache, w, heads, see=lambda t, s: (s < t[0, 0]) | ((t[0, 0] == 0) & (s <= t))
    )


def cache_not_longer(x, cache, w, heads):
    """You return the new keys and values alone. The cache that you return holds the old ones, too."""
    return _either_way(x, cache, w, heads, kept=lambda old, new, both: new)


def cache_not_renewed(x, cache, w, heads):
    """You return the cache that you were given. It must hold the new keys and values, too."""
    return _either_way(x, cache, w, heads, kept=lambda old, new, both: both if old is None else old)


def cache_ignored(x, cache, w, heads):
    """The cache has no effect on your answer: each call sees its own positions alone."""
    if isinstance(cache, list):
        return _pieces(lambda x, _, w, heads: _step(x, None, w, heads), x, cache, w, heads)
    return _step(x, None, w, heads)


def new_before_old(x, cache, w, heads):
    """You put the new keys and values before the old ones. Time goes on: np.concatenate([old, new], axis=2)."""
    return _either_way(x, cache, w, heads, new_first=True)


def new_in_front_mask_right(x, cache, w, heads):
    """You put the new keys and values before the old ones. Time goes on: np.concatenate([old, new], axis=2)."""
    if isinstance(cache, list) or cache is None:
        return _either_way(x, cache, w, heads)
    out, (k, v) = _step(x, cache, w, heads)
    n = x.shape[1]
    return out, tuple(np.concatenate([a[:, :, -n:], a[:, :, :-n]], axis=2) for a in (k, v))


def values_first(x, cache, w, heads):
    """Your cache is (v, k). The keys come first."""
    if isinstance(cache, list):
        return _either_way(x, cache, w, heads)
    out, (k, v) = _step(x, None if cache is None else cache[::-1], w, heads)
    return out, (v, k)


def returned_values_first(x, cache, w, heads):
    """You return the cache as (v, k). The keys come first."""
    return _either_way(x, cache, w, heads, kept=lambda old, new, both: both[::-1])


def cache_of_queries(x, cache, w, heads):
    """Your cache holds queries in place of keys."""
    return _either_way(x, cache, {**w, "wk": w["wq"]}, heads)


def keys_for_values(x, cache, w, heads):
    """Your values are the keys: they are made with wk. They have a matrix of their own, wv."""
    return _either_way(x, cache, {**w, "wv": w["wk"]}, heads)


def queries_and_keys_exchanged(x, cache, w, heads):
    """Queries and keys are exchanged: wq makes your keys, and wk your queries."""
    return _either_way(x, cache, {**w, "wq": w["wk"], "wk": w["wq"]}, heads)


def no_wo(x, cache, w, heads):
    """The merged heads do not go through wo in your answer."""
    return _either_way(x, cache, w, heads, output=False)


def added_to_x(x, cache, w, heads):
    """You add x to the output. The attention alone was asked for."""
    got = _either_way(x, cache, w, heads)
    return got + x if isinstance(cache, list) else (got[0] + x, got[1])


def scaled_by_all_features(x, cache, w, heads):
    """You divide the scores by the root of all features. With heads, d is the number of features of one head."""
    return _either_way(x, cache, w, heads, root=x.shape[-1])


def not_scaled(x, cache, w, heads):
    """You do not divide the scores by the square root of the number of features of a head."""
    return _either_way(x, cache, w, heads, root=1.0)


def heads_by_reshape(x, cache, w, heads):
    """You make the heads by a reshape alone, so a head gets the features of the wrong positions. Use split_heads of exercise 2: the features are cut in two axes, then time and heads exchanged."""
    return _either_way(
        x,
        cache,
        w,
        heads,
        split=lambda a, h: a.reshape(a.shape[0], h, a.shape[1], a.shape[2] // h),
    )


def last_position_only(x, cache, w, heads):
    """You return the output at the last new position alone. Each new position has one."""
    if isinstance(cache, list):
        return _pieces(
            lambda *a: (lambda out, kept: (out[:, -1:], kept))(*_step(*a)), x, cache, w, heads
        )
    out, kept = _step(x, cache, w, heads)
    return out[:, -1:], kept


def output_alone(x, cache, w, heads):
    """You return the output alone. Return the tuple (out, cache)."""
    if isinstance(cache, list):
        raise ValueError("no cache")
    return _step(x, cache, w, heads)[0]


# %% [markdown]
# ## 8. A head that continues what repeats (5 points)
#
# After "...**ab**...**a**" comes "b", whatever the two letters are. Trained Transformers often have heads that do
# nearly this, called *induction heads*, and it takes two layers, one after the other. Build them without training: set
# the weights by hand.
#
# Each position of the text has a vector of four parts, side by side, with $S$ the number of symbols and $L$ the number
# of positions that the model can take:
#
# | part | columns | at the start it holds |
# |---|---|---|
# | token | $0$ to $S - 1$ | a 1 at the symbol that stands here |
# | position | $S$ to $S + L - 1$ | a 1 at the number of the position, counted from 0 |
# | previous | $S + L$ to $2S + L - 1$ | zeros |
# | answer | $2S + L$ to $3S + L - 1$ | zeros |
#
# Two layers of attention follow, each with one head, a causal mask and the scale $1/\sqrt d$, and each **added** to what
# was there: `attention_layer`, given below. The first one is to write into *previous* which symbol stands one position
# before. The second is to look for the positions whose *previous* symbol is the one that stands here, and to write their
# symbol into *answer*. What stands in *answer* at the last position is read off: the share of each symbol.
#
# Write `induction_weights`, which returns the weights of both layers, `[(wq, wk, wv), (wq, wk, wv)]`. With
# $D = 3S + L$ the features, `wv` has shape `(D, D)`; `wq` and `wk` are `(D, d)`, and $d$ is your choice in each layer.
#
# Symbol 0 is a start symbol: it stands at position 0 and nowhere else, so that every letter has something before it.
# When the last letter has been seen several times, each of its followers gets its share; attention does this by
# itself. A softmax is never quite 0 or 1; the shares must be right to within 0.02.


# %% given="induce"
def attention_layer(x, wq, wk, wv):
    """One head of causal attention on x (time, features), added to x."""
    scores = (x @ wq) @ (x @ wk).T / np.sqrt(wq.shape[1])
    scores = np.where(np.tri(len(x), dtype=bool), scores, -1e30)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return x + e / e.sum(axis=-1, keepdims=True) @ (x @ wv)


def induce(text, letters="abcdef", length=None):
    """The shares that your two layers give to each letter as the next one. length: of the model (None: just enough)."""
    symbols, length = len(letters) + 1, len(text) + 1 if length is None else length
    x = np.zeros((len(text) + 1, 3 * symbols + length))
    for t, symbol in enumerate([0] + [1 + letters.index(letter) for letter in text]):
        x[t, symbol] = x[t, symbols + t] = 1.0
    for wq, wk, wv in induction_weights(symbols, length):
        x = attention_layer(x, np.array(wq, float), np.array(wk, float), np.array(wv, float))
    answer = x[-1, 2 * symbols + length :]
    return {letter: float(answer[1 + i]) for i, letter in enumerate(letters)}


# %% [markdown] hints="induction_weights" reads="12. What the heads look at"
# A weight matrix that copies one part of the vector to some columns is full of zeros but for an identity matrix. For a
# layer, ask three questions: what does a position ask for (`wq`), what does it offer (`wk`), what does it hand over, and
# to which part (`wv`)?
#
# ---
#
# First layer: the one at position $t$ asks for the number $t - 1$, and each offers its own number, so `wk` copies the
# position and `wq` copies it moved by one: `np.eye(length, k=-1)`. It hands over its token, to *previous*. Second
# layer: asked for is the own token, offered is *previous*, and the token is handed over to *answer*.
#
# ---
#
# A score of 1 against 0 hardly moves a softmax: multiply `wq` by something large, such as 1000. With `S, L` and
# `D = 3 * S + L`, in the first layer `wq[S : S + L] = 1000 * np.eye(L, k=-1)`, `wk[S : S + L] = np.eye(L)` and
# `wv[:S, S + L : 2 * S + L] = np.eye(S)`; in the second `wq[:S] = 1000 * np.eye(S)`,
# `wk[S + L : 2 * S + L] = np.eye(S)` and `wv[:S, 2 * S + L :] = np.eye(S)`.


# %% solution="induction_weights"
def induction_weights(symbols, length):
    """The weights of two attention layers that continue what repeats.

    symbols: how many, with the start symbol, length: how many positions. With D = 3 * symbols + length, returns a list of
    two tuples (wq, wk, wv) of shapes (D, d), (D, d), (D, D).

    Example: with these weights, induce("abcab") gives "c" a share of 1 and the other letters 0.
    """
    ### BEGIN SOLUTION
    features = 3 * symbols + length
    token, position = slice(0, symbols), slice(symbols, symbols + length)
    previous = slice(symbols + length, 2 * symbols + length)
    answer = slice(2 * symbols + length, features)
    layers = []
    for d, asks, question, offers, target in [
        (length, position, np.eye(length, k=-1), position, previous),
        (symbols, token, np.eye(symbols), previous, answer),
    ]:
        wq, wk, wv = (
            np.zeros((features, d)),
            np.zeros((features, d)),
            np.zeros((features, features)),
        )
        wq[asks], wk[offers], wv[token, target] = 1000 * question, np.eye(d), np.eye(symbols)
        layers.append((wq, wk, wv))
    return layers
    ### END SOLUTION


# %% tests="induction_weights" points=5
with check.exercise("induction_weights"):
    wrong_shares = {
        "atol": 0.02,
        "diagnosis": "not_induction",
        "why": "The shares are not right. Look at one layer at a time: print x behind the first one, and see whether "
        "the part 'previous' holds the symbol that stands one position before. When the shares are nearly right, the "
        "scores are not far enough apart: multiply wq by a larger number.",
    }

    def shares(letters="abcdef", **known):
        return {letter: float(known.get(letter, 0.0)) for letter in letters}

    check.call(induce, "abcab", expect=shares(c=1), about="b was followed by c", **wrong_shares)
    check.call(induce, "fedcbaf", expect=shares(e=1), about="f was followed by e", **wrong_shares)
    check.call(
        induce,
        "abcabdab",
        expect=shares(c=0.5, d=0.5),
        about="b was followed by c and by d",
        **wrong_shares,
    )
    check.call(induce, "aa", expect=shares(a=1), about="a was followed by a", **wrong_shares)
    check.call(
        induce,
        "yzy",
        letters="xyz",
        length=12,
        expect=shares("xyz", z=1),
        about="three letters, a model for twelve positions",
        **wrong_shares,
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1509)
    for alphabet, time, length in [
        ("abcdef", 9, None),
        ("abcdef", 14, None),
        ("abcdefghij", 12, 30),
        ("xyz", 20, 25),
        ("ab", 11, None),
        ("pqrst", 30, 40),
    ]:
        for _ in range(2):
            text = "".join(rng.choice(list(alphabet), size=time - 1))
            text += text[int(rng.integers(time // 2))]
            check.call(
                induce,
                text,
                alphabet,
                length,
                about="random texts of other letters",
                **wrong_shares,
            )
    ### END HIDDEN TESTS


# %% mistakes="induction_weights"
def _induce(
    text,
    letters="abcdef",
    length=None,
    moved=-1,
    sharp=(1000.0, 1000.0),
    handed=("token", "token"),
    targets=("previous", "answer"),
    asks="token",
    offers="previous",
):
    """Right layers, of which each mistake changes something; not a mistake by itself."""
    S, L = len(letters) + 1, len(text) + 1 if length is None else length
    D = 3 * S + L
    part = {
        "token": slice(0, S),
        "position": slice(S, S + L),
        "previous": slice(S + L, 2 * S + L),
        "answer": slice(2 * S + L, D),
    }
    x = np.zeros((len(text) + 1, D))
    for t, symbol in enumerate([0] + [1 + letters.index(letter) for letter in text]):
        x[t, symbol] = x[t, S + t] = 1.0
    for layer in range(2):
        if layer == 0:
            d, q, k = L, x[:, part["position"]] @ np.eye(L, k=moved), x[:, part["position"]]
        else:
            d, q, k = S, x[:, part[asks]], x[:, part[offers]]
        scores = sharp[layer] * q @ k.T / np.sqrt(d)
        scores = np.where(np.tri(len(x), dtype=bool), scores, -1e30)
        e = np.exp(scores - scores.max(axis=-1, keepdims=True))
        found = e / e.sum(axis=-1, keepdims=True) @ x[:, part[handed[layer]]]
        x = x.copy()
        if targets[layer]:
            x[:, part[targets[layer]]] += found
    return {letter: float(x[-1, 2 * S + L + 1 + i]) for i, letter in enumerate(letters)}


def the_letter_itself(text, letters="abcdef", length=None):
    """Your model answers with the last letter itself. Three things can do that: the first layer does not look one position back (it asks for the number t - 1: np.eye(length, k=-1)); in the second, wk copies the token where "previous" belongs; or wv hands over what stands in "previous" where the token belongs."""
    return _induce(text, letters, length, moved=0)


def two_back(text, letters="abcdef", length=None):
    """Your first layer looks two positions back. The previous symbol stands at t - 1."""
    return _induce(text, letters, length, moved=-2)


def both_too_soft(text, letters="abcdef", length=None):
    """Your weights are ones and zeros, and scores of 1 against 0 hardly move a softmax. Multiply wq by a large number, in both layers."""
    return _induce(text, letters, length, sharp=(1.0, 1.0))


def first_too_soft(text, letters="abcdef", length=None):
    """The scores of your first layer are not far apart, so it takes a mean over many positions. Multiply its wq by a large number."""
    return _induce(text, letters, length, sharp=(1.0, 1000.0))


def second_too_soft(text, letters="abcdef", length=None):
    """The scores of your second layer are not far apart, so it takes a mean over many positions. Multiply its wq by a large number."""
    return _induce(text, letters, length, sharp=(1000.0, 1.0))


def asks_with_previous(text, letters="abcdef", length=None):
    """Your second layer asks with the previous symbol. It asks with the symbol that stands here: wq copies the token."""
    return _induce(text, letters, length, asks="previous")


def turned_around(text, letters="abcdef", length=None):
    """Questions and offers of your second layer are exchanged. It asks with the token (wq), and the positions offer their "previous" (wk)."""
    return _induce(text, letters, length, asks="previous", offers="token")


def nothing_answered(text, letters="abcdef", length=None):
    """Nothing stands in "answer" at the end. Are there two layers, and does wv of the second lead from the token to the last columns, wv[:S, 2 * S + L :]?"""
    return _induce(text, letters, length, targets=("previous", None))


def previous_into_answer(text, letters="abcdef", length=None):
    """Your first layer writes into "answer". It writes into "previous", which the second layer looks at: wv[:S, S + L : 2 * S + L]."""
    return _induce(text, letters, length, targets=("answer", "answer"))


def nothing_in_previous(text, letters="abcdef", length=None):
    """Your second layer finds nothing in "previous", so it takes the mean over the whole text: each letter's share is how often it occurs. Does the first layer hand the token over, to these columns?"""
    return _induce(text, letters, length, targets=(None, "answer"))


# %% [markdown]
# ## 9. In words (3 points)
#
# Two colleagues argue. One says: "Attention costs $T^2$, a recurrent layer costs $T$, so the recurrent one is far
# cheaper, and always was." The other: "Nobody needs recurrent layers any more; attention sees everything in one step."
# Let both layers have $d$ features and read sequences of $T$ positions. Say in four to seven sentences how many
# multiplications each kind needs, and for which $T$ the square decides; what it means for training that one of them can
# be computed in parallel and the other cannot; how far apart two distant positions are in each; and what each must keep
# while it writes a very long text, position by position.

# %% [markdown] answer="why_attention" points=3 reads="8. What looking costs"
# The scores and the weighted means of attention take about $2 T^2 d$ multiplications, beside the $4 T d^2$ of its four
# matrices, while a simple recurrent layer takes about $2 T d^2$. So as long as $T$ is not larger than $d$, attention
# needs no more than three times as many (and no more than a GRU, with its $6 T d^2$), and it is only where $T$ is much
# larger than $d$ that the square decides and the first colleague is right. But the number of multiplications is not the time: in training, an attention layer computes
# all positions at once, in a few large matrix products, whereas a recurrent layer needs $T$ steps one after the other,
# because each state needs the one before it, however many processors there are. Information from a position $k$ steps
# back goes through $k$ steps of the recurrent layer, and so does its gradient, which can vanish on the way; in attention
# it is one step away, at any distance. When writing, the recurrent layer keeps one state of $d$ numbers, however long the
# text, and each new position costs the same; attention keeps the keys and values of all positions, $2 T d$ numbers, and
# each new position costs more than the one before. So for streams without an end, on small devices, or where $T$ is
# very large beside $d$, something recurrent (or attention with a window) still has its place.
#
# (Grading: 1 point for $T^2 d$ against $T d^2$ with the comparison of $T$ and $d$, 1 for both parallel training and
# path length, 1 for the growing cache against a state of constant size. Constant factors are not asked for.)
