# %% [raw] front=true
# title = "Generative adversarial networks: assignment"
# shows = "You write the losses of both players and the gradient penalty, count modes, measure a Fréchet distance, judge samples by neighborhoods, train a conditional pair, and calm a game that runs in circles."
# needs = "The lesson of chapter 18."
# minutes = {work = 170}

# %% setup=true

# %% [markdown]
# Eight exercises and one question to answer in words. The visible checks can be done by hand; hidden checks try your
# functions on other inputs. When you are stuck, `check.hint("gradient_penalty")` gives the first of three hints and,
# run again, the next.
#
# Conventions, those of the lesson: a discriminator ends without a sigmoid, so what it says are **logits**: above 0
# for "real", below 0 for "generated". A loss is what a player makes small. Batches come first in all shapes.
#
# Exercises 1, 2, 4, 5, 6 and 8 are NumPy; exercise 3 is written with `keras.ops`, and exercise 7 with Keras models. No function
# may change the arrays that it is given.

# %% given="imports"
import keras
import numpy as np
from keras import ops

from course.autodiff import input_gradient, training_step, value_and_grad

# %% [markdown]
# ## 1. The discriminator's loss (3 points)
#
# Write `discriminator_loss`: the cross-entropy of the real examples, whose target is 1, plus the cross-entropy of the
# generated ones, whose target is 0, each a mean over its own batch. The two batches need not be of the same size.
#
# One option goes beyond the lesson. With `smooth` above 0, real examples get the target `1 - smooth` in place of 1
# (**one-sided label smoothing**, Salimans et al. 2016), so that the discriminator has nothing to gain from being
# certain. A real example with the probability $D$ of being real then costs
#
# $$ -(1 - s)\log D - s \log(1 - D), $$
#
# with $s$ for `smooth`. The target of generated examples stays 0. Logits may be as large as 1,000 on either side, and
# the loss must be exact there.

# %% [markdown] hints="discriminator_loss" reads="1. The game"
# With a logit $a$, what is $-\log D$, and what is $-\log(1 - D)$? Both are one function, at $-a$ and at $a$.
#
# ---
#
# $-\log\sigma(a) = \mathrm{softplus}(-a)$ and $-\log(1 - \sigma(a)) = \mathrm{softplus}(a)$. NumPy has a softplus that
# does not overflow: `np.logaddexp(0, a)` is $\log(e^0 + e^a)$.
#
# ---
#
# `real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)`, then
# `return float(real.mean() + np.logaddexp(0, fake_logits).mean())`.


# %% solution="discriminator_loss"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    """What the discriminator makes small.

    real_logits: (n,) or (n, 1), its logits for real examples; fake_logits: (m,) or (m, 1), for generated ones.
    smooth: the target of real examples is 1 - smooth. Returns a float.

    Example: discriminator_loss(np.zeros(4), np.zeros(4)) is 2 log 2: it cannot tell them apart.
    """
    ### BEGIN SOLUTION
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    return float(real.mean() + np.logaddexp(0, fake_logits).mean())
    ### END SOLUTION


# %% tests="discriminator_loss" points=3
with check.exercise("discriminator_loss"):
    check.call(
        discriminator_loss,
        np.zeros(4),
        np.zeros(4),
        expect=2 * np.log(2),
        about="it knows nothing: log 2 for each side",
    )
    check.call(
        discriminator_loss,
        np.array([1000.0, 1000.0]),
        np.array([-1000.0]),
        expect=0.0,
        about="certain, and right each time",
    )
    check.call(
        discriminator_loss,
        np.array([-1000.0]),
        np.array([500.0, 0.0, 100.0]),
        expect=1200 + np.log(2) / 3,
        about="certain and wrong: 1000 for the real one, and the mean of 500, log 2 and 100",
    )
    check.call(
        discriminator_loss,
        np.array([[1000.0], [-1000.0]]),
        np.array([[-1000.0]]),
        smooth=0.1,
        expect=500.0,
        about="smoothed, logits in a column: 0.1 x 1000 and 0.9 x 1000, their mean, and 0",
    )
    check.call(
        discriminator_loss,
        np.array([-100.0]),
        np.array([-800.0, 800.0]),
        0.25,
        expect=0.75 * 100 + 400,
        about="smoothed, on one side alone",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1801)
    for n, m, scale in [(5, 5, 1.0), (3, 8, 4.0), (7, 2, 300.0)]:
        real, fake = rng.normal(1, scale, size=n), rng.normal(-1, scale, size=m)
        check.call(discriminator_loss, real, fake, about="random logits, batches of two sizes")
        check.call(discriminator_loss, real, fake, smooth=0.2, about="random logits, smoothed")
        check.call(
            discriminator_loss,
            real[:, None],
            fake[:, None],
            smooth=0.05,
            about="logits in a column, smoothed",
        )
    check.call(
        discriminator_loss, np.array([-1000.0]), np.array([1000.0]), 1.0, about="a target of 0 for all"
    )
    ### END HIDDEN TESTS


# %% mistakes="discriminator_loss"
def players_exchanged(real_logits, fake_logits, smooth=0.0):
    """You take real for generated and generated for real. The discriminator pays softplus(-logit) for a real example and softplus(logit) for a generated one."""
    real = (1 - smooth) * np.logaddexp(0, real_logits) + smooth * np.logaddexp(0, -real_logits)
    return float(real.mean() + np.logaddexp(0, -fake_logits).mean())


def half_the_loss(real_logits, fake_logits, smooth=0.0):
    """You take the mean of the two sides. Asked for is their sum."""
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    return float(real.mean() + np.logaddexp(0, fake_logits).mean()) / 2


def sums_over_the_batch(real_logits, fake_logits, smooth=0.0):
    """You add up the batches. Each side is a mean over its own batch."""
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    return float(real.sum() + np.logaddexp(0, fake_logits).sum())


def one_mean_for_all(real_logits, fake_logits, smooth=0.0):
    """You take one mean over real and generated examples together. Each side has its own mean, and these are added, so that the larger batch does not count for more."""
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    return float(np.concatenate([real, np.logaddexp(0, fake_logits)]).mean())


def twice_the_mean_of_all(real_logits, fake_logits, smooth=0.0):
    """You take one mean over real and generated examples together, and double it. That is right for batches of one size only: each side has its own mean, and these are added."""
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    return 2 * float(np.concatenate([real, np.logaddexp(0, fake_logits)]).mean())


def sum_over_one_batch_size(real_logits, fake_logits, smooth=0.0):
    """You divide both sums by the size of the real batch. The generated batch may have another size: each side is a mean over its own."""
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    return float((real.sum() + np.logaddexp(0, fake_logits).sum()) / real.size)


def value_not_loss(real_logits, fake_logits, smooth=0.0):
    """The sign is that of the game's value, which the discriminator makes large. A loss is made small: minus the mean of the logarithms."""
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    return -float(real.mean() + np.logaddexp(0, fake_logits).mean())


def smooth_ignored(real_logits, fake_logits, smooth=0.0):
    """`smooth` has no effect on your answer. With it, the target of a real example is 1 - smooth."""
    return float(np.logaddexp(0, -real_logits).mean() + np.logaddexp(0, fake_logits).mean())


def smooth_scales_only(real_logits, fake_logits, smooth=0.0):
    """With `smooth` you only make the real side's loss smaller. The rest of the target counts, too: smooth times -log(1 - D)."""
    real = (1 - smooth) * np.logaddexp(0, -real_logits)
    return float(real.mean() + np.logaddexp(0, fake_logits).mean())


def smooth_on_both_sides(real_logits, fake_logits, smooth=0.0):
    """You smooth the targets of generated examples as well. Theirs stays 0: the smoothing is one-sided."""
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    fake = (1 - smooth) * np.logaddexp(0, fake_logits) + smooth * np.logaddexp(0, -fake_logits)
    return float(real.mean() + fake.mean())


def smooth_on_the_fakes(real_logits, fake_logits, smooth=0.0):
    """You smooth the targets of the generated examples, and not of the real ones. It is the real ones whose target becomes 1 - smooth."""
    fake = (1 - smooth) * np.logaddexp(0, fake_logits) + smooth * np.logaddexp(0, -fake_logits)
    return float(np.logaddexp(0, -real_logits).mean() + fake.mean())


def target_is_smooth(real_logits, fake_logits, smooth=0.0):
    """You exchange the two weights: the real examples' target is 1 - smooth, so -log D has the weight 1 - smooth."""
    real = smooth * np.logaddexp(0, -real_logits) + (1 - smooth) * np.logaddexp(0, real_logits)
    return float(real.mean() + np.logaddexp(0, fake_logits).mean())


def capped_by_an_epsilon(real_logits, fake_logits, smooth=0.0):
    """You add a small number inside the logarithm, so that a certain and wrong discriminator pays too little. Work from the logit: softplus, by np.logaddexp(0, a), is exact everywhere."""
    real = 1 / (1 + np.exp(-np.clip(real_logits, -500, 500)))
    fake = 1 / (1 + np.exp(-np.clip(fake_logits, -500, 500)))
    loss = -(1 - smooth) * np.log(real + 1e-7) - smooth * np.log(1 - real + 1e-7)
    return float(loss.mean() - np.log(1 - fake + 1e-7).mean())


def real_alone(real_logits, fake_logits, smooth=0.0):
    """The generated examples have no effect on your answer. The loss has two sides."""
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    return float(real.mean())


# %% [markdown]
# ## 2. Four losses for the generator (4 points)
#
# Write `generator_loss`, which returns the loss **and** its gradient with respect to each of the logits that the
# discriminator gave to generated examples. There are four kinds. With $a$ for a logit, $D = \sigma(a)$, and means over
# the batch:
#
# | `kind` | loss |
# |---|---|
# | `"minimax"` | mean of $\log(1 - D)$ |
# | `"non_saturating"` | mean of $-\log D$ |
# | `"wasserstein"` | mean of $-a$ |
# | `"least_squares"` | mean of $\tfrac12 (a - 1)^2$ (Mao et al. 2017: no sigmoid; the generator wants the answer 1) |
#
# The gradient has the shape of the logits and holds the $1/n$ of the mean. For another `kind`, raise a `ValueError`.
# Logits may be as large as 1,000 here, too.

# %% [markdown] hints="generator_loss" reads="3. Two losses for the generator"
# Write each loss as a function of one logit, then differentiate it on paper. The derivative of softplus is $\sigma$.
#
# ---
#
# minimax: $-\mathrm{softplus}(a)$, with the derivative $-\sigma(a)$. Non-saturating: $\mathrm{softplus}(-a)$, with
# $-\sigma(-a)$. Wasserstein: $-1$. Least squares: $a - 1$. Each divided by $n$.
#
# ---
#
# A sigmoid without overflow is `np.exp(-np.logaddexp(0, -a))`. Then, for the second kind:
# `return float(np.logaddexp(0, -a).mean()), -np.exp(-np.logaddexp(0, a)) / a.size`. End with
# `raise ValueError(kind)`.


# %% solution="generator_loss"
def generator_loss(fake_logits, kind="non_saturating"):
    """What the generator makes small, and its slope.

    fake_logits: (n,) or (n, 1), the discriminator's logits for generated examples.
    kind: "minimax", "non_saturating", "wasserstein" or "least_squares".
    Returns (loss, gradient): a float, and an array of the shape of fake_logits.

    Example: for one logit 0, "minimax" gives (-log 2, [-0.5]) and "non_saturating" gives (log 2, [-0.5]).
    """
    ### BEGIN SOLUTION
    a, n = fake_logits, fake_logits.size
    if kind == "minimax":
        return float(-np.logaddexp(0, a).mean()), -np.exp(-np.logaddexp(0, -a)) / n
    if kind == "non_saturating":
        return float(np.logaddexp(0, -a).mean()), -np.exp(-np.logaddexp(0, a)) / n
    if kind == "wasserstein":
        return float(-a.mean()), np.full(a.shape, -1 / n)
    if kind == "least_squares":
        return float(((a - 1) ** 2).mean() / 2), (a - 1) / n
    raise ValueError(kind)
    ### END SOLUTION


# %% tests="generator_loss" points=4
with check.exercise("generator_loss"):
    check.call(
        generator_loss,
        np.zeros(2),
        "minimax",
        expect=(-np.log(2), [-0.25, -0.25]),
        about="minimax, two logits of 0",
    )
    check.call(
        generator_loss,
        np.array([-1000.0, 1000.0]),
        "minimax",
        expect=(-500.0, [0.0, -0.5]),
        about="minimax: no slope where the discriminator is certain of a fake",
    )
    check.call(
        generator_loss,
        np.array([-1000.0, 1000.0]),
        expect=(500.0, [-0.5, 0.0]),
        about="non-saturating, the default: the slope is largest there",
    )
    check.call(
        generator_loss,
        np.array([[3.0], [-1.0], [4.0], [0.0]]),
        "wasserstein",
        expect=(-1.5, [[-0.25], [-0.25], [-0.25], [-0.25]]),
        about="Wasserstein, logits in a column",
    )
    check.call(
        generator_loss,
        np.array([3.0, 0.0]),
        kind="least_squares",
        expect=(1.25, [1.0, -0.5]),
        about="least squares: half of 4 and half of 1, their mean",
    )
    check.raises(generator_loss, np.zeros(2), "maximin", about="a kind that we do not know")
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1802)
    for n, scale in [(1, 1.0), (6, 3.0), (9, 200.0)]:
        logits = rng.normal(0, scale, size=n)
        for kind in ["minimax", "non_saturating", "wasserstein", "least_squares"]:
            check.call(generator_loss, logits, kind, about=f"random logits, {kind}")
            check.call(generator_loss, logits[:, None], kind, about=f"random logits in a column, {kind}")
    check.raises(generator_loss, np.zeros(2), "Minimax", about="kinds are spelled as in the table")
    ### END HIDDEN TESTS


# %% mistakes="generator_loss"
def _four(a, kind, n):
    """The right answers, with n in place of the batch size in the gradients; not a mistake by itself."""
    sigmoid = np.exp(-np.logaddexp(0, -a))
    return {
        "minimax": (float(-np.logaddexp(0, a).mean()), -sigmoid / n),
        "non_saturating": (float(np.logaddexp(0, -a).mean()), -np.exp(-np.logaddexp(0, a)) / n),
        "wasserstein": (float(-a.mean()), np.full(a.shape, -1 / n)),
        "least_squares": (float(((a - 1) ** 2).mean() / 2), (a - 1) / n),
    }[kind]


def gradient_of_a_sum(fake_logits, kind="non_saturating"):
    """Your gradient is that of the sum over the batch. The loss is a mean, so each entry holds 1/n."""
    return _four(fake_logits, kind, 1)


def gradient_sign_flipped(fake_logits, kind="non_saturating"):
    """Your gradient has the wrong sign: it points to where the loss becomes smaller. A gradient points uphill."""
    loss, gradient = _four(fake_logits, kind, fake_logits.size)
    return loss, -gradient


def sums_in_the_loss(fake_logits, kind="non_saturating"):
    """Your loss is the sum over the batch. Asked for is the mean."""
    loss, gradient = _four(fake_logits, kind, fake_logits.size)
    return loss * fake_logits.size, gradient


def sums_in_both(fake_logits, kind="non_saturating"):
    """Loss and gradient are those of a sum over the batch. Asked for is the mean: divide both by n."""
    loss, gradient = _four(fake_logits, kind, 1)
    return loss * fake_logits.size, gradient


def kinds_exchanged(fake_logits, kind="non_saturating"):
    """You exchange minimax and non-saturating. The minimax generator makes log(1 - D) small, the non-saturating one makes -log D small."""
    swapped = {"minimax": "non_saturating", "non_saturating": "minimax"}.get(kind, kind)
    return _four(fake_logits, swapped, fake_logits.size)


def kind_ignored(fake_logits, kind="non_saturating"):
    """You give the non-saturating loss for every kind."""
    return _four(fake_logits, "non_saturating", fake_logits.size)


def minimax_turned_over(fake_logits, kind="non_saturating"):
    """Your minimax loss has the wrong sign: mean of log(1 - D) is negative, and the generator makes it more so. You gave the discriminator's side of it."""
    loss, gradient = _four(fake_logits, kind, fake_logits.size)
    return (-loss, -gradient) if kind == "minimax" else (loss, gradient)


def slope_of_the_probability(fake_logits, kind="non_saturating"):
    """With minimax and non-saturating you give the gradient with respect to the probability D. Asked for is the logit: by the chain rule, times D (1 - D)."""
    loss, gradient = _four(fake_logits, kind, fake_logits.size)
    with np.errstate(all="ignore"):
        if kind == "minimax":
            gradient = -(1 + np.exp(fake_logits)) / fake_logits.size
        if kind == "non_saturating":
            gradient = -(1 + np.exp(-fake_logits)) / fake_logits.size
    return loss, gradient


def sigmoid_at_the_wrong_end(fake_logits, kind="non_saturating"):
    """The loss is right, and the gradients of minimax and non-saturating are exchanged: the derivative of softplus(-a) is -sigmoid(-a), that of -softplus(a) is -sigmoid(a)."""
    loss, gradient = _four(fake_logits, kind, fake_logits.size)
    swapped = {"minimax": "non_saturating", "non_saturating": "minimax"}.get(kind, kind)
    return loss, _four(fake_logits, swapped, fake_logits.size)[1]


def the_critics_sign(fake_logits, kind="non_saturating"):
    """With Wasserstein your sign is the critic's. The critic makes its answers to generated examples small, the generator makes them large: its loss is minus their mean."""
    loss, gradient = _four(fake_logits, kind, fake_logits.size)
    return (-loss, -gradient) if kind == "wasserstein" else (loss, gradient)


def no_half(fake_logits, kind="non_saturating"):
    """With least squares the 1/2 is missing: loss and gradient are twice too large."""
    loss, gradient = _four(fake_logits, kind, fake_logits.size)
    return (2 * loss, 2 * gradient) if kind == "least_squares" else (loss, gradient)


def half_in_the_loss_alone(fake_logits, kind="non_saturating"):
    """With least squares the gradient is twice too large: the derivative of (a - 1)^2 / 2 is a - 1."""
    loss, gradient = _four(fake_logits, kind, fake_logits.size)
    return (loss, 2 * gradient) if kind == "least_squares" else (loss, gradient)


def toward_the_answer_zero(fake_logits, kind="non_saturating"):
    """With least squares your generator wants the answer 0. That is what the discriminator wants for generated examples; the generator wants 1."""
    if kind == "least_squares":
        return float((fake_logits**2).mean() / 2), fake_logits / fake_logits.size
    return _four(fake_logits, kind, fake_logits.size)


def mean_of_the_gradient(fake_logits, kind="non_saturating"):
    """You return one number for the gradient. Each logit has its own slope: the gradient has the shape of the logits."""
    loss, gradient = _four(fake_logits, kind, 1)
    return loss, float(gradient.mean())


def loss_alone(fake_logits, kind="non_saturating"):
    """You return the loss alone. Asked for is the pair (loss, gradient)."""
    return _four(fake_logits, kind, 1)[0]


# %% [markdown]
# ## 3. The gradient penalty, for anything (6 points)
#
# Write `gradient_penalty` for critics of points, of pictures, of whatever has an array: `real` and `fake` have shape
# `(n, ...)` with any number of axes. For each pair of a real and a generated example there is a number in `mix`,
# between 0 and 1, and the critic is looked at in the point
#
# $$ \hat x_i = m_i\, x_i + (1 - m_i)\, \tilde x_i $$
#
# between the real $x_i$ and the generated $\tilde x_i$. The penalty is the mean over the pairs of
# $(\lVert\nabla f(\hat x_i)\rVert - 1)^2$, where the norm is over **all** numbers of one example.
#
# The penalty is part of a loss, so it will itself be differentiated, with respect to the critic's weights. Keep it in
# `keras.ops` from end to end. The root has an infinite slope at 0, and infinity times zero is NaN: take the norm as
# $\sqrt{\text{sum of squares} + 10^{-12}}$.
#
# `input_gradient(critic, x)` is the one of the lesson: the gradient of the critic's answers with respect to `x`, for each example its own.


# %% given="gradient_penalty_probes"
def linear_critic(weights):
    """f(x) = sum of weights * x, over all axes of one example: its gradient is `weights` everywhere."""

    def critic(x):
        products = ops.reshape(x * weights, (x.shape[0], -1))
        return ops.sum(products, axis=1, keepdims=True)

    return critic


def bowl(x):
    """f(x) = half the sum of the squares of x: its gradient at x is x itself."""
    return ops.sum(ops.square(ops.reshape(x, (x.shape[0], -1))), axis=1, keepdims=True) / 2


def penalty(shape, weights, real, fake, mix):
    """The penalty, as a number. shape: "linear", "bowl", or "flat" for a critic that says 0 of everything."""
    critic = {
        "linear": linear_critic(np.array(weights, "float32")),
        "bowl": bowl,
        "flat": lambda x: 0 * bowl(x),
    }[shape]
    real, fake, mix = (np.array(a, "float32") for a in (real, fake, mix))
    answer = gradient_penalty(critic, real, fake, mix)
    return None if answer is None else ops.convert_to_numpy(answer).astype(float)


def penalty_slope(weights, real, fake, mix):
    """The gradient of a linear critic's penalty with respect to its weights."""
    variable = keras.Variable(np.array(weights, "float32"))
    real, fake, mix = (np.array(a, "float32") for a in (real, fake, mix))

    def loss():
        return gradient_penalty(linear_critic(variable), real, fake, mix)

    _, (gradient,) = value_and_grad(loss, [variable])()
    return ops.convert_to_numpy(gradient).astype(float)


# %% [markdown] hints="gradient_penalty" reads="7. A distance that does not give up"
# Three steps: the points between, the critic's gradient there, the length of each gradient. Which shape must `mix` have
# so that each example gets its own number?
#
# ---
#
# Reshape `mix` to `(n, 1, ..., 1)`, with as many axes as `real`: `ops.reshape(mix, (-1,) + (1,) * (len(real.shape) - 1))`.
# After `slopes = input_gradient(critic, between)`, flatten each example: `ops.reshape(slopes, (slopes.shape[0], -1))`.
#
# ---
#
# `norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)`, then `return ops.mean(ops.square(norms - 1))`.


# %% solution="gradient_penalty"
def gradient_penalty(critic, real, fake, mix):
    """How far the critic's slope is from 1, between real and generated examples.

    critic: a function, tensor (n, ...) -> tensor (n, 1). real, fake: float32 (n, ...); mix: float32 (n,), in [0, 1],
    the share of the real example in each pair. Returns a scalar tensor, which can be differentiated.

    Example: the slope of f(x) = 3 x[0] + 4 x[1] is 5 everywhere, so its penalty is 16.
    """
    ### BEGIN SOLUTION
    mix = ops.reshape(mix, (-1,) + (1,) * (len(real.shape) - 1))
    slopes = input_gradient(critic, mix * real + (1 - mix) * fake)
    slopes = ops.reshape(slopes, (slopes.shape[0], -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms - 1))
    ### END SOLUTION


# %% tests="gradient_penalty" points=6
with check.exercise("gradient_penalty"):
    check.call(
        penalty,
        "linear",
        [3.0, 4.0],
        [[1.0, 0.0], [0.0, 5.0]],
        [[2.0, 2.0], [1.0, 0.0]],
        [0.5, 0.2],
        expect=16.0,
        about="the slope is 5 everywhere",
    )
    check.call(
        penalty,
        "bowl",
        [],
        [[4.0, 0.0], [12.0, 4.0]],
        [[0.0, 9.0], [0.0, 4.0]],
        [1.0, 0.25],
        expect=(9 + 16) / 2,
        about="the points between are (4, 0) and (3, 4): slopes 4 and 5",
    )
    check.call(
        penalty,
        "bowl",
        [],
        [[[[2.0], [2.0]], [[2.0], [2.0]]]],
        [[[[0.0], [0.0]], [[0.0], [0.0]]]],
        [0.75],
        expect=4.0,
        about="one picture of 2 x 2 pixels, each 1.5: a slope of 3",
        rtol=1e-3,
    )
    check.call(
        penalty,
        "flat",
        [],
        [[1.0, 2.0]],
        [[3.0, 4.0]],
        [0.5],
        expect=1.0,
        about="a flat critic is punished, too: its slope is 0, not 1",
        rtol=1e-3,
    )
    check.call(
        penalty_slope,
        [3.0, 4.0],
        [[1.0, 0.0]],
        [[2.0, 2.0]],
        [0.5],
        expect=[4.8, 6.4],
        about="differentiated with respect to the weights: 2 (5 - 1) times the direction (0.6, 0.8)",
    )
    check.call(
        penalty_slope,
        [0.0, 0.0],
        [[1.0, 0.0]],
        [[2.0, 2.0]],
        [0.5],
        expect=[0.0, 0.0],
        about="differentiated where the slope is 0: no NaN",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1803)
    for shape in [(3, 3), (5, 2), (2, 4, 3), (3, 3, 3, 2)]:
        real, fake, mix = rng.normal(size=shape), rng.normal(size=shape), rng.uniform(size=shape[0])
        check.call(
            penalty,
            "bowl",
            [],
            real,
            fake,
            mix,
            about=f"a critic of arrays with {len(shape)} axes",
            rtol=1e-3,
        )
        weights = rng.normal(size=shape[1:])
        check.call(
            penalty_slope,
            weights,
            real,
            fake,
            mix,
            about="differentiated with respect to the weights",
            rtol=1e-3,
        )
        check.call(
            penalty_slope, 0.1 * weights, real, fake, mix, about="differentiated, a slope below 1", rtol=1e-3
        )
        check.call(penalty, "linear", 0.1 * weights, real, fake, mix, about="a slope below 1", rtol=1e-3)
    check.call(
        penalty_slope,
        np.zeros((2, 2)),
        np.ones((1, 2, 2)),
        np.zeros((1, 2, 2)),
        [0.5],
        about="no NaN at a slope of 0",
    )
    ### END HIDDEN TESTS


# %% mistakes="gradient_penalty"
def _slopes(shape, weights, real, fake, mix):
    """The gradients in the points between, (n, ...), by hand; not a mistake by itself."""
    real, fake = np.array(real, float), np.array(fake, float)
    mix = np.reshape(np.array(mix, float), (-1,) + (1,) * (real.ndim - 1))
    between = mix * real + (1 - mix) * fake
    return (
        {"bowl": between, "flat": 0 * between}[shape]
        if shape != "linear"
        else 0 * between + np.array(weights)
    )


def _norms(slopes):
    """The length of each example's gradient; not a mistake by itself."""
    return np.sqrt((slopes**2).reshape(len(slopes), -1).sum(axis=1))


def mix_exchanged(shape, weights, real, fake, mix):
    """You give the share of the real example to the generated one: the point is mix * real + (1 - mix) * fake."""
    return float(((_norms(_slopes(shape, weights, fake, real, mix)) - 1) ** 2).mean())


def at_the_real_examples(shape, weights, real, fake, mix):
    """You look at the critic's slope in the real examples. Asked for is the slope in the points between real and generated ones."""
    return float(((_norms(_slopes(shape, weights, real, real, mix)) - 1) ** 2).mean())


def at_the_generated_examples(shape, weights, real, fake, mix):
    """You look at the critic's slope in the generated examples. Asked for is the slope in the points between real and generated ones."""
    return float(((_norms(_slopes(shape, weights, fake, fake, mix)) - 1) ** 2).mean())


def always_half_way(shape, weights, real, fake, mix):
    """You look half way between real and generated, whatever `mix` says."""
    return float(((_norms(_slopes(shape, weights, real, fake, 0 * np.array(mix) + 0.5)) - 1) ** 2).mean())


def first_mix_for_all(shape, weights, real, fake, mix):
    """You use one number of `mix` for the whole batch. Each example has its own."""
    return float(((_norms(_slopes(shape, weights, real, fake, 0 * np.array(mix) + mix[0])) - 1) ** 2).mean())


def mix_along_the_last_axis(shape, weights, real, fake, mix):
    """`mix`, of shape (n,), lines up with the last axis of your examples, and not with the first. Reshape it to (n, 1, ..., 1), with as many axes as the examples have."""
    real, fake, mix = (np.array(a, float) for a in (real, fake, mix))
    between = mix * real + (1 - mix) * fake
    if between.shape != real.shape:
        raise ValueError("the shapes do not fit")
    return float(((_norms(_slopes(shape, weights, between, between, mix)) - 1) ** 2).mean())


def squared_norm(shape, weights, real, fake, mix):
    """You subtract 1 from the square of the norm: the root is missing."""
    return float(((_norms(_slopes(shape, weights, real, fake, mix)) ** 2 - 1) ** 2).mean())


def toward_zero(shape, weights, real, fake, mix):
    """You punish any slope. The slope should be 1: subtract 1 from the norm before you square."""
    return float((_norms(_slopes(shape, weights, real, fake, mix)) ** 2).mean())


def not_squared(shape, weights, real, fake, mix):
    """You take the absolute difference of the norm and 1. Asked for is its square."""
    return float(np.abs(_norms(_slopes(shape, weights, real, fake, mix)) - 1).mean())


def summed_over_the_batch(shape, weights, real, fake, mix):
    """You add up the penalties of the batch. Asked for is their mean."""
    return float(((_norms(_slopes(shape, weights, real, fake, mix)) - 1) ** 2).sum())


def mean_inside_the_norm(shape, weights, real, fake, mix):
    """You take the mean of the squares in place of their sum, so the norm is too small. The norm is the root of the sum."""
    slopes = _slopes(shape, weights, real, fake, mix)
    return float(((np.sqrt((slopes**2).reshape(len(slopes), -1).mean(axis=1)) - 1) ** 2).mean())


def steep_slopes_only(shape, weights, real, fake, mix):
    """You punish slopes above 1 alone. Here a slope below 1 costs as well: the penalty is two-sided."""
    return float((np.maximum(_norms(_slopes(shape, weights, real, fake, mix)) - 1, 0) ** 2).mean())


def one_norm_for_the_batch(shape, weights, real, fake, mix):
    """You take one norm over the whole batch. Each example has its own: sum over all axes but the first."""
    return float((np.sqrt((_slopes(shape, weights, real, fake, mix) ** 2).sum()) - 1) ** 2)


def last_axis_alone(shape, weights, real, fake, mix):
    """You sum over the last axis alone. A picture's gradient has three axes, and its norm is over all of them: flatten each example first."""
    slopes = _slopes(shape, weights, real, fake, mix)
    return float(((np.sqrt((slopes**2).sum(axis=-1)) - 1) ** 2).mean())


def second_axis_alone(shape, weights, real, fake, mix):
    """You sum over axis 1 alone. A picture's gradient has three axes, and its norm is over all of them: flatten each example first."""
    slopes = _slopes(shape, weights, real, fake, mix)
    return float(((np.sqrt((slopes**2).sum(axis=1)) - 1) ** 2).mean())


def mean_of_the_norms_first(shape, weights, real, fake, mix):
    """You subtract 1 from the mean of the norms, so that a steep and a flat place can balance. Square each difference, then take the mean."""
    return float((_norms(_slopes(shape, weights, real, fake, mix)).mean() - 1) ** 2)


def sum_of_absolute_slopes(shape, weights, real, fake, mix):
    """You add up absolute values. The norm is the root of the sum of the squares."""
    slopes = _slopes(shape, weights, real, fake, mix)
    return float(((np.abs(slopes).reshape(len(slopes), -1).sum(axis=1) - 1) ** 2).mean())


def cut_off(weights, real, fake, mix):
    """The value is right, and it does not change with the critic's weights: the chain is cut by stop_gradient or NumPy. Keep everything in keras.ops, from the critic to the mean."""
    return 0 * np.array(weights, float)


# %% [markdown]
# ## 4. How many modes, and how evenly? (3 points)
#
# Write `mode_coverage`, which says how well samples cover a mixture whose `centers` are known. A sample belongs to its
# **nearest** center. It is **good** when it is at most `radius` away from it. Return three numbers:
#
# - how many modes are **covered**: at least `at_least` good samples belong to them;
# - the **share** of good samples among all;
# - how **uneven** the good samples are. With $q_i$ for the share of the good samples that belong to mode $i$, and equal
#   shares wanted from each of the $K$ modes, this is $\tfrac12 \sum_i \lvert q_i - 1/K \rvert$: the part of the good
#   samples that would have to move to another mode. If no sample is good, it is 1.

# %% [markdown] hints="mode_coverage" reads="6. Mode collapse, watched"
# Make the array of all distances first, one row for each sample and one column for each center.
#
# ---
#
# `distances = np.linalg.norm(samples[:, None] - centers, axis=2)`. Its `argmin` along axis 1 is the center that a sample
# belongs to, its `min` says whether the sample is good. `np.bincount(nearest[good], minlength=len(centers))` counts the
# good samples of each center.
#
# ---
#
# With these `counts`: the first number is `int((counts >= at_least).sum())`, the second `float(good.mean())`, and the
# third `float(np.abs(counts / counts.sum() - 1 / len(centers)).sum() / 2)`, when `good.any()`.


# %% solution="mode_coverage"
def mode_coverage(samples, centers, radius, at_least=1):
    """How many modes the samples cover, how many samples are good, and how unevenly these are spread.

    samples: (n, d), centers: (modes, d), floats; radius: a distance; at_least: how many good samples cover a mode.
    Returns (covered, share, uneven): an int and two floats.

    Example: samples at 0, 1 and 9 on a line, with the centers 0 and 10 and the radius 0.5, give (1, 1/3, 1/2).
    """
    ### BEGIN SOLUTION
    distances = np.linalg.norm(samples[:, None] - centers, axis=2)
    nearest, good = distances.argmin(axis=1), distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    uneven = 1.0
    if good.any():
        uneven = float(np.abs(counts / counts.sum() - 1 / len(centers)).sum() / 2)
    return int((counts >= at_least).sum()), float(good.mean()), uneven
    ### END SOLUTION


# %% tests="mode_coverage" points=3
with check.exercise("mode_coverage"):
    line, ends = np.array([[0.0], [1.0], [9.0]]), np.array([[0.0], [10.0]])
    check.call(mode_coverage, line, ends, 0.5, expect=(1, 1 / 3, 0.5), about="one good sample, at 0")
    check.call(
        mode_coverage,
        line,
        ends,
        1.0,
        expect=(2, 1.0, 1 / 6),
        about="a distance equal to the radius is good; 2/3 and 1/3 of the good samples, where 1/2 is wanted",
    )
    check.call(
        mode_coverage,
        line,
        ends,
        2.0,
        at_least=2,
        expect=(1, 1.0, 1 / 6),
        about="two good samples at 0, one at 10: at least two are asked for",
    )
    check.call(
        mode_coverage,
        np.array([[3.0, 4.0], [0.0, 0.0], [8.0, 6.0], [2.0, 2.0]]),
        np.array([[0.0, 0.0], [9.0, 9.0]]),
        5.0,
        expect=(2, 1.0, 0.25),
        about="in the plane: (3, 4) is 5 from the origin, and (8, 6) is near (9, 9)",
    )
    check.call(
        mode_coverage,
        np.array([[0.0], [1.0]]),
        np.array([[0.0], [2.5]]),
        2.0,
        expect=(1, 1.0, 0.5),
        about="1 is within 2 of both centers, and belongs to the nearer one",
    )
    check.call(mode_coverage, np.array([[5.0]]), ends, 1.0, expect=(0, 0.0, 1.0), about="no good sample")
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1804)
    for d, modes, n in [(1, 3, 12), (2, 8, 40), (3, 5, 25), (2, 1, 6)]:
        centers = 3 * rng.normal(size=(modes, d))
        samples = centers[rng.integers(0, modes, size=n)] + rng.normal(size=(n, d))
        for radius, at_least in [(0.7, 1), (1.5, 3), (4.0, 2), (0.001, 1)]:
            check.call(mode_coverage, samples, centers, radius, about="random modes, random samples")
            check.call(
                mode_coverage, samples, centers, radius, at_least, about="random modes, some samples of each"
            )
    check.call(
        mode_coverage, np.zeros((5, 2)), np.eye(2)[:1], 3.0, 5, about="all in one place, as many as asked for"
    )
    ### END HIDDEN TESTS


# %% mistakes="mode_coverage"
def _found(samples, centers, radius):
    """Nearest centers, which samples are good, and the counts; not a mistake by itself."""
    distances = np.linalg.norm(samples[:, None] - centers, axis=2)
    nearest, good = distances.argmin(axis=1), distances.min(axis=1) <= radius
    return nearest, good, np.bincount(nearest[good], minlength=len(centers))


def _three(counts, good, at_least):
    """The three numbers, from counts; not a mistake by itself."""
    uneven = float(np.abs(counts / counts.sum() - 1 / len(counts)).sum() / 2) if counts.sum() else 1.0
    return int((counts >= at_least).sum()), float(good.mean()), uneven


def radius_excluded(samples, centers, radius, at_least=1):
    """A sample just `radius` away is not good in your answer. At most `radius` includes it: <=."""
    distances = np.linalg.norm(samples[:, None] - centers, axis=2)
    good = distances.min(axis=1) < radius
    counts = np.bincount(distances.argmin(axis=1)[good], minlength=len(centers))
    return _three(counts, good, at_least)


def more_than_at_least(samples, centers, radius, at_least=1):
    """You ask for more than `at_least` good samples. Just as many are enough: >=."""
    _, good, counts = _found(samples, centers, radius)
    return _three(counts, good, at_least + 1)


def at_least_ignored(samples, centers, radius, at_least=1):
    """`at_least` has no effect on your answer: one good sample makes a mode covered."""
    _, good, counts = _found(samples, centers, radius)
    return _three(counts, good, 1)


def bad_samples_count(samples, centers, radius, at_least=1):
    """You count all samples that belong to a mode, near or far. Only good ones cover it, and only they are to be spread evenly."""
    nearest, good, _ = _found(samples, centers, radius)
    return _three(np.bincount(nearest, minlength=len(centers)), good, at_least)


def belongs_to_several(samples, centers, radius, at_least=1):
    """One sample counts for several modes in your answer. It belongs to its nearest center alone, even where others are within the radius."""
    near = np.linalg.norm(samples[:, None] - centers, axis=2) <= radius
    return _three(near.sum(axis=0), near.any(axis=1), at_least)


def share_of_pairs(samples, centers, radius, at_least=1):
    """Your share counts pairs of samples and centers. Asked for is the share of samples that are good."""
    near = np.linalg.norm(samples[:, None] - centers, axis=2) <= radius
    _, _, counts = _found(samples, centers, radius)
    return _three(counts, near, at_least)


def share_of_modes(samples, centers, radius, at_least=1):
    """Your second number is the share of covered modes. Asked for is the share of good samples."""
    _, good, counts = _found(samples, centers, radius)
    covered, _, uneven = _three(counts, good, at_least)
    return covered, covered / len(centers), uneven


def number_of_good(samples, centers, radius, at_least=1):
    """Your second number counts good samples. Divide by the number of all samples."""
    _, good, counts = _found(samples, centers, radius)
    covered, _, uneven = _three(counts, good, at_least)
    return covered, float(good.sum()), uneven


def good_in_covered_modes(samples, centers, radius, at_least=1):
    """A good sample counts for your share only if its mode is covered. A sample is good by its distance alone."""
    nearest, good, counts = _found(samples, centers, radius)
    covered, _, uneven = _three(counts, good, at_least)
    return covered, float((good & (counts >= at_least)[nearest]).mean()), uneven


def squared_distances(samples, centers, radius, at_least=1):
    """You compare squared distances with the radius. Take the root, or square the radius."""
    _, good, counts = _found(samples, centers, np.sqrt(radius))
    return _three(counts, good, at_least)


def along_the_axes(samples, centers, radius, at_least=1):
    """You add up absolute differences. A distance is the root of the sum of the squares: (3, 4) is 5 from the origin, not 7."""
    distances = np.abs(samples[:, None] - centers).sum(axis=2)
    good = distances.min(axis=1) <= radius
    return _three(np.bincount(distances.argmin(axis=1)[good], minlength=len(centers)), good, at_least)


def share_of_covered(samples, centers, radius, at_least=1):
    """Your first number is the share of covered modes. Asked for is their number."""
    _, good, counts = _found(samples, centers, radius)
    covered, share, uneven = _three(counts, good, at_least)
    return covered / len(centers), share, uneven


def uneven_not_halved(samples, centers, radius, at_least=1):
    """Your third number is twice too large: each sample that has to move is missing in one mode and too many in another, so the sum is halved."""
    _, good, counts = _found(samples, centers, radius)
    covered, share, uneven = _three(counts, good, at_least)
    return covered, share, 2 * uneven if good.any() else uneven


def uneven_among_all(samples, centers, radius, at_least=1):
    """For your third number you divide the counts by the number of all samples. The shares are those among the good ones, and add up to 1."""
    _, good, counts = _found(samples, centers, radius)
    covered, share, uneven = _three(counts, good, at_least)
    return (
        covered,
        share,
        float(np.abs(counts / len(good) - 1 / len(centers)).sum() / 2) if good.any() else uneven,
    )


def uneven_among_found_modes(samples, centers, radius, at_least=1):
    """For your third number you leave out the modes without a good sample. They count most: none of their share is there."""
    _, good, counts = _found(samples, centers, radius)
    found = counts[counts > 0]
    return _three(counts, good, at_least)[:2] + _three(found, good, at_least)[2:]


def last_modes_left_out(samples, centers, radius, at_least=1):
    """Your counts end with the last mode that was found, so the empty modes behind it do not enter your third number. np.bincount has minlength for that."""
    nearest, good, counts = _found(samples, centers, radius)
    covered, share, uneven = _three(counts, good, at_least)
    counts = np.bincount(nearest[good])
    return (
        covered,
        share,
        float(np.abs(counts / counts.sum() - 1 / len(centers)).sum() / 2) if good.any() else uneven,
    )


def even_when_nothing_is_good(samples, centers, radius, at_least=1):
    """If no sample is good, your third number is 0, as if all were well. It is 1 then."""
    _, good, counts = _found(samples, centers, radius)
    covered, share, uneven = _three(counts, good, at_least)
    return covered, share, uneven if good.any() else 0.0


# %% [markdown]
# ## 5. A Fréchet distance, in two parts (6 points)
#
# Write `frechet_distance` for two sets of features. With $\mu_r, \Sigma_r$ for the mean and the covariance of the real
# ones and $\mu_g, \Sigma_g$ for those of the generated ones, it is the sum of two parts, and here you return both, as a
# pair, because they tell different stories: is the generator **off**, or is its **spread** wrong?
#
# $$ \underbrace{\lVert\mu_r - \mu_g\rVert^2}_{\text{mean part}} \;+\;
#    \underbrace{\operatorname{tr}\left(\Sigma_r + \Sigma_g - 2\,(\Sigma_r \Sigma_g)^{1/2}\right)}_{\text{spread part}} $$
#
# Covariances are divided by $n - 1$. Take the root through symmetric matrices: with $R = \Sigma_r^{1/2}$,
# the trace of $(\Sigma_r \Sigma_g)^{1/2}$ is that of $(R\,\Sigma_g R)^{1/2}$, and `np.linalg.eigh` finds both roots.
# Three things happen in practice and must work: fewer examples than features (the covariances are singular, and
# eigenvalues that should be 0 come out as $-10^{-17}$), a generator that always makes the same, and one feature alone
# (where `np.cov` gives no matrix).

# %% [markdown] hints="frechet_distance" reads="A distance between clouds"
# The trace of the root of a symmetric matrix is the sum of the roots of its eigenvalues. The root itself has the same
# eigenvectors as the matrix, and the roots of its eigenvalues.
#
# ---
#
# Covariance: `centered = a - a.mean(axis=0)`, then `centered.T @ centered / (len(a) - 1)`, which is a matrix for one
# feature, too. Root: `values, vectors = np.linalg.eigh(covariance)`, then
# `(vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T`.
#
# ---
#
# With that root `R`: `values = np.linalg.eigvalsh(R @ cov_generated @ R)`,
# `overlap = np.sqrt(np.maximum(values, 0)).sum()`. The pair is
# `float(((mean_real - mean_generated) ** 2).sum())` and
# `float(np.trace(cov_real) + np.trace(cov_generated) - 2 * overlap)`.


# %% solution="frechet_distance"
def frechet_distance(real, generated):
    """The two parts of the squared Fréchet distance between two normal distributions fitted to features.

    real: (n, d), generated: (m, d), floats, n and m at least 2. Returns (mean_part, spread_part), two floats.

    Example: [[-1.], [1.]] and [[4.], [4.]] have the means 0 and 4 and the variances 2 and 0: the parts are 16 and 2.
    """
    ### BEGIN SOLUTION
    centered_real = real - real.mean(axis=0)
    centered_generated = generated - generated.mean(axis=0)
    cov_real = centered_real.T @ centered_real / (len(real) - 1)
    cov_generated = centered_generated.T @ centered_generated / (len(generated) - 1)
    values, vectors = np.linalg.eigh(cov_real)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    overlap = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ cov_generated @ root), 0)).sum()
    mean_part = np.linalg.norm(real.mean(axis=0) - generated.mean(axis=0)) ** 2
    return float(mean_part), float(np.trace(cov_real) + np.trace(cov_generated) - 2 * overlap)
    ### END SOLUTION


# %% tests="frechet_distance" points=6
with check.exercise("frechet_distance"):
    check.call(
        frechet_distance,
        np.array([[-1.0], [1.0]]),
        np.array([[4.0], [4.0]]),
        expect=(16.0, 2.0),
        about="one feature: variances 2 and 0",
        atol=1e-5,
    )
    check.call(
        frechet_distance,
        np.array([[-1.0], [1.0]]),
        np.array([[-2.0], [2.0]]),
        expect=(0.0, 2.0),
        about="one feature: variances 2 and 8, and 2 + 8 - 2 x 4",
        atol=1e-5,
    )
    check.call(
        frechet_distance,
        np.array([[3.0, 1.0], [1.0, 1.0]]),
        np.array([[2.0, 2.0], [2.0, 0.0]]),
        expect=(0.0, 4.0),
        about="two segments that cross: the overlap is 0, and the covariances have the trace 2 each",
        atol=1e-5,
    )
    check.call(
        frechet_distance,
        np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]]),
        np.array([[3.0, 3.0], [-3.0, -3.0]]),
        expect=(0.0, (4 + 4) / 3 + 36 - 2 * np.sqrt(4 / 3 * 36)),
        about="a disk, 4/3 in each direction, and a diagonal, 36 along it: the overlap is the root of their product",
        atol=1e-5,
    )
    same = np.array([[1.0, 2.0, 3.0], [2.0, 1.0, 0.0]])
    check.call(
        frechet_distance,
        same,
        same[::-1].copy(),
        expect=(0.0, 0.0),
        about="the same rows in another order",
        atol=1e-5,
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1805)
    for n, m, d in [(30, 20, 3), (12, 40, 5), (9, 9, 1), (50, 50, 2)]:
        real = rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d)
        generated = rng.normal(size=(m, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d)
        check.call(frechet_distance, real, generated, about="random features, correlated", atol=1e-5)
        check.call(frechet_distance, generated, real, about="random features, the other way round", atol=1e-5)
    for n, m, d in [(4, 5, 12), (3, 20, 8), (20, 3, 8), (2, 2, 6), (5, 5, 30)]:
        real, generated = rng.normal(size=(n, d)), rng.normal(1, 2, size=(m, d))
        check.call(frechet_distance, real, generated, about="fewer examples than features", atol=1e-5)
        check.call(
            frechet_distance, real, real.copy(), about="a copy, fewer examples than features", atol=1e-5
        )
        collapsed = np.tile(generated[:1], (m, 1))
        check.call(
            frechet_distance, real, collapsed, about="a generator that always makes the same", atol=1e-5
        )
        check.call(frechet_distance, collapsed, real, about="real features that are all the same", atol=1e-5)
    ### END HIDDEN TESTS


# %% mistakes="frechet_distance"
def _moments(a, *, ddof=1):
    """Mean and covariance; not a mistake by itself."""
    centered = a - a.mean(axis=0)
    return a.mean(axis=0), centered.T @ centered / (len(a) - ddof)


def _root(matrix):
    """The symmetric root; not a mistake by itself."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def _spread(one, other):
    """The spread part, from two covariances; not a mistake by itself."""
    root = _root(one)
    return float(np.trace(one) + np.trace(other) - 2 * np.trace(_root(root @ other @ root)))


def divided_by_n(real, generated):
    """Your covariances are divided by n. They are to be divided by n - 1."""
    (m1, s1), (m2, s2) = _moments(real, ddof=0), _moments(generated, ddof=0)
    return float(((m1 - m2) ** 2).sum()), _spread(s1, s2)


def not_divided(real, generated):
    """Your covariances are not divided by the number of examples, less one."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    return float(((m1 - m2) ** 2).sum()), _spread(s1 * (len(real) - 1), s2 * (len(generated) - 1))


def not_centered(real, generated):
    """You do not subtract the mean before you multiply features: these are no covariances."""
    (m1, _), (m2, _) = _moments(real), _moments(generated)
    return float(((m1 - m2) ** 2).sum()), _spread(
        real.T @ real / (len(real) - 1), generated.T @ generated / (len(generated) - 1)
    )


def the_sum_alone(real, generated):
    """You return the whole distance. Asked for are its two parts, as a pair."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    return float(((m1 - m2) ** 2).sum()) + _spread(s1, s2)


def parts_exchanged(real, generated):
    """You return the parts in the wrong order: the mean part comes first."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    return _spread(s1, s2), float(((m1 - m2) ** 2).sum())


def mean_part_not_squared(real, generated):
    """Your mean part is the distance of the means. Asked for is its square."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    return float(np.linalg.norm(m1 - m2)), _spread(s1, s2)


def mean_part_averaged(real, generated):
    """Your mean part is a mean over the features. It is their sum."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    return float(((m1 - m2) ** 2).mean()), _spread(s1, s2)


def entry_by_entry(real, generated):
    """You take the root of the matrix entry by entry. The root of a matrix, times itself, gives the matrix back: it is found through the eigenvalues."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    with np.errstate(invalid="ignore"):
        overlap = np.trace(np.sqrt(s1 @ s2))
    return float(((m1 - m2) ** 2).sum()), float(np.trace(s1) + np.trace(s2) - 2 * overlap)


def entry_by_entry_cut_at_zero(real, generated):
    """You take the root of the matrix entry by entry. The root of a matrix, times itself, gives the matrix back: it is found through the eigenvalues, and it is these that are cut at 0."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    overlap = np.trace(np.sqrt(np.maximum(s1 @ s2, 0)))
    return float(((m1 - m2) ** 2).sum()), float(np.trace(s1) + np.trace(s2) - 2 * overlap)


def product_taken_for_symmetric(real, generated):
    """You hand the product of the covariances to np.linalg.eigvalsh (or eigh), which looks at one triangle of a matrix and takes the other for its mirror image. The product is not symmetric: R S R is, where R is the first matrix's root and S the second matrix."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    overlap = np.sqrt(np.maximum(np.linalg.eigvalsh(s1 @ s2), 0)).sum()
    return float(((m1 - m2) ** 2).sum()), float(np.trace(s1) + np.trace(s2) - 2 * overlap)


def variances_alone(real, generated):
    """You use the variances of the features alone, as if no two features were correlated. The product is one of matrices, not of their diagonals."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    return float(((m1 - m2) ** 2).sum()), float(((np.sqrt(np.diag(s1)) - np.sqrt(np.diag(s2))) ** 2).sum())


def product_of_the_roots(real, generated):
    """You multiply the two roots. That gives the root of the product only when the matrices commute: take the root of R S R, where R is the first matrix's root and S the second matrix."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    overlap = np.trace(_root(s1) @ _root(s2))
    return float(((m1 - m2) ** 2).sum()), float(np.trace(s1) + np.trace(s2) - 2 * overlap)


def root_forgotten(real, generated):
    """You take the trace of the product of the covariances. The root is missing."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    return float(((m1 - m2) ** 2).sum()), float(np.trace(s1) + np.trace(s2) - 2 * np.trace(s1 @ s2))


def overlap_once(real, generated):
    """You subtract the trace of the root once. It is subtracted twice."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    root = _root(s1)
    return float(((m1 - m2) ** 2).sum()), float(
        np.trace(s1) + np.trace(s2) - np.trace(_root(root @ s2 @ root))
    )


def overlap_left_out(real, generated):
    """Your spread part is the sum of both traces. What the two distributions have in common is subtracted from it."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    return float(((m1 - m2) ** 2).sum()), float(np.trace(s1) + np.trace(s2))


def difference_of_covariances(real, generated):
    """Your spread part is the trace of the difference of the covariances. It would be 0 for two segments that cross."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    return float(((m1 - m2) ** 2).sum()), float(np.trace(s1) - np.trace(s2))


def a_number_on_the_diagonal(real, generated):
    """You add a small number to the diagonals. That is not needed once negative eigenvalues are set to 0, and it moves the distance: the root of a small number is much larger than the number."""
    (m1, s1), (m2, s2) = _moments(real), _moments(generated)
    small = 1e-6 * np.eye(len(s1))
    return float(((m1 - m2) ** 2).sum()), _spread(s1 + small, s2 + small)


def rows_for_features(real, generated):
    """Your covariances are those of the rows: np.cov takes each row for a feature unless you say rowvar=False."""
    (m1, _), (m2, _) = _moments(real), _moments(generated)
    if real.shape[1] == 1:  # 0 / 0
        s1, s2 = (np.full((len(a), len(a)), np.nan) for a in (real, generated))
    else:
        s1, s2 = (_moments(a.T)[1] for a in (real, generated))
    return float(((m1 - m2) ** 2).sum()), _spread(s1, s2)


# %% [markdown]
# ## 6. Density and coverage (5 points)
#
# In the lesson, a generated example counts as precise when it lies in the ball of **any** real example. One outlier
# among the real ones has a huge ball and forgives everything near it. Naeem et al. (2020) keep the balls of the real
# examples, whose radius is the distance to the `k`-th nearest **other** real example, and count differently:
#
# - **density**: how many balls a generated example lies in, divided by `k`, the mean over all generated examples. In a
#   crowded place it lies in many; the number may well be above 1.
# - **coverage**: the share of real examples whose ball holds at least one generated example.
#
# Write `density_coverage`. A distance equal to the radius is inside.

# %% [markdown] hints="density_coverage" reads="Precision and recall"
# Two tables of distances: real to real, for the radii, and real to generated, for the hits. In the first, each
# example's nearest neighbor is itself. Which column of the sorted table is the `k`-th other one?
#
# ---
#
# `between = np.linalg.norm(real[:, None] - real, axis=2)`, and `radius = np.sort(between, axis=1)[:, k]`, because column 0 is
# the example itself. `inside = np.linalg.norm(real[:, None] - generated, axis=2) <= radius[:, None]` has the shape `(n, m)`.
#
# ---
#
# Density: `inside.sum() / (k * len(generated))`. Coverage: `inside.any(axis=1).mean()`.


# %% solution="density_coverage"
def density_coverage(real, generated, k=5):
    """How dense the real examples are where the generated ones lie, and how many real ones have a generated one near.

    real: (n, d), generated: (m, d), features; k < n. Returns (density, coverage), two floats.

    Example: real examples at 0, 1 and 3 on a line have, for k=1, the radii 1, 1 and 2. Generated examples at 0.5 and 9
    lie in two balls and in none: the density is (2 + 0) / 2 = 1, and the coverage 2/3.
    """
    ### BEGIN SOLUTION
    radius = np.sort(np.linalg.norm(real[:, None] - real, axis=2))[:, k]
    inside = np.linalg.norm(real[:, None] - generated, axis=2) <= radius[:, None]
    return float(inside.sum() / (k * len(generated))), float(inside.any(axis=1).mean())
    ### END SOLUTION


# %% tests="density_coverage" points=5
with check.exercise("density_coverage"):
    check.call(
        density_coverage,
        np.array([[0.0], [1.0], [3.0]]),
        np.array([[0.5], [9.0]]),
        k=1,
        expect=(1.0, 2 / 3),
        about="0.5 lies in the balls of 0 and 1, and 9 in none",
    )
    check.call(
        density_coverage,
        np.array([[0.0], [1.0], [3.0], [7.0]]),
        np.array([[5.0]]),
        k=2,
        expect=(1.0, 0.5),
        about="radii 3, 2, 3, 6: 5 lies in the balls of 3 and 7",
    )
    check.call(
        density_coverage,
        np.array([[0.0], [1.0], [3.0], [7.0]]),
        np.array([[11.0], [12.0], [3.0]]),
        k=1,
        expect=(1.0, 0.5),
        about="radii 1, 1, 2, 4: 11 is just inside the ball of 7, and 3 lies in those of 3 and 7",
    )
    check.call(
        density_coverage,
        np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]),
        np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 9.0]]),
        k=1,
        expect=(1.5, 2 / 3),
        about="in the plane, a generator that likes one place: a density above 1",
    )
    check.call(
        density_coverage,
        np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]]),
        np.array([[0.0]]),
        expect=(6 / 5, 1.0),
        about="k is 5 by default: every ball reaches 0",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1806)
    for n, m, d, k in [(12, 9, 2, 3), (20, 30, 3, 5), (8, 25, 1, 1), (15, 6, 4, 2), (6, 6, 2, 4)]:
        real, generated = rng.normal(size=(n, d)), rng.normal(0.3, 0.8, size=(m, d))
        check.call(density_coverage, real, generated, k, about="random features")
        check.call(density_coverage, generated, real, 2, about="random features, the other way round")
        check.call(density_coverage, real, generated[:1], k, about="one generated example")
        check.call(density_coverage, real, generated + 50, k, about="a generator far away")
        whole = rng.integers(-9, 10, size=(n, d)).astype(float)  # distances are exact, however they are computed
        check.call(density_coverage, whole, whole[:4].copy(), k, about="a generator that copies")
    check.call(density_coverage, rng.normal(size=(9, 2)), rng.normal(size=(7, 2)), about="the default k")
    ### END HIDDEN TESTS


# %% mistakes="density_coverage"
def _table(a, b):
    """All distances, (len(a), len(b)); not a mistake by itself."""
    return np.linalg.norm(a[:, None] - b, axis=2)


def _inside(real, generated, column):
    """Which generated examples lie in which balls, (n, m); not a mistake by itself."""
    return _table(real, generated) <= np.sort(_table(real, real), axis=1)[:, [column]]


def itself_counted(real, generated, k=5):
    """You count a real example as its own nearest neighbor, so your balls are too small. Its distance to itself is column 0 of the sorted table; the k-th other one is column k."""
    inside = _inside(real, generated, k - 1)
    return float(inside.sum() / (k * len(generated))), float(inside.any(axis=1).mean())


def one_neighbor_too_far(real, generated, k=5):
    """Your balls reach to neighbor k + 1. In the sorted table column 0 is the example itself, and column k the k-th other one."""
    inside = _inside(real, generated, min(k + 1, len(real) - 1))
    return float(inside.sum() / (k * len(generated))), float(inside.any(axis=1).mean())


def edge_outside(real, generated, k=5):
    """A distance equal to the radius is outside in your answer. It is inside: <=."""
    inside = _table(real, generated) < np.sort(_table(real, real), axis=1)[:, [k]]
    return float(inside.sum() / (k * len(generated))), float(inside.any(axis=1).mean())


def not_divided_by_k(real, generated, k=5):
    """Your density is the mean number of balls. Divide it by k."""
    inside = _inside(real, generated, k)
    return float(inside.sum() / len(generated)), float(inside.any(axis=1).mean())


def divided_by_the_real_ones(real, generated, k=5):
    """You divide the hits by the number of real examples. The density is a mean over the generated ones."""
    inside = _inside(real, generated, k)
    return float(inside.sum() / (k * len(real))), float(inside.any(axis=1).mean())


def share_of_all_pairs(real, generated, k=5):
    """Your density is the share of all pairs of a ball and a generated example. Asked for: hits, divided by k and by the number of generated examples."""
    inside = _inside(real, generated, k)
    return float(inside.mean()), float(inside.any(axis=1).mean())


def density_as_precision(real, generated, k=5):
    """Your density counts a generated example once, however many balls it lies in: that is precision. Count the balls, and divide by k."""
    inside = _inside(real, generated, k)
    return float(inside.any(axis=0).mean()), float(inside.any(axis=1).mean())


def density_capped(real, generated, k=5):
    """You cut the density at 1. It may be larger, where a generated example lies in more than k balls."""
    inside = _inside(real, generated, k)
    return min(float(inside.sum() / (k * len(generated))), 1.0), float(inside.any(axis=1).mean())


def coverage_of_the_generated(real, generated, k=5):
    """Your coverage is the share of generated examples in some ball. Asked for is the share of real examples whose ball holds a generated one."""
    inside = _inside(real, generated, k)
    return float(inside.sum() / (k * len(generated))), float(inside.any(axis=0).mean())


def coverage_as_recall(real, generated, k=5):
    """Your coverage is recall: the share of real examples in the balls of generated ones. Here all balls are around real examples."""
    density = float(_inside(real, generated, k).sum() / (k * len(generated)))
    radius = np.sort(_table(generated, generated), axis=1)[:, [k]]
    return density, float((_table(generated, real) <= radius).any(axis=0).mean())


def coverage_counts_hits(real, generated, k=5):
    """Your coverage counts all generated examples in a ball. A real example is covered once, by one or by many."""
    inside = _inside(real, generated, k)
    return float(inside.sum() / (k * len(generated))), float(inside.sum() / len(real))


def balls_around_the_generated(real, generated, k=5):
    """Your balls stand around the generated examples. Both numbers use the balls of the real ones."""
    inside = _inside(generated, real, k)
    return float(inside.sum() / (k * len(real))), float(inside.any(axis=1).mean())


def all_around_the_generated(real, generated, k=5):
    """Your balls stand around the generated examples, and your coverage is recall. Both numbers use the balls of the real ones: the coverage is the share of these that hold a generated example."""
    inside = _inside(generated, real, min(k, len(generated) - 1))
    return float(inside.sum() / (k * len(real))), float(inside.any(axis=0).mean())


def in_the_wrong_order(real, generated, k=5):
    """You return the numbers in the wrong order: the density comes first."""
    inside = _inside(real, generated, k)
    return float(inside.any(axis=1).mean()), float(inside.sum() / (k * len(generated)))


def number_of_covered(real, generated, k=5):
    """Your coverage is a number of real examples. Divide by how many there are."""
    inside = _inside(real, generated, k)
    return float(inside.sum() / (k * len(generated))), float(inside.any(axis=1).sum())


def one_radius_for_all(real, generated, k=5):
    """You use one radius, the mean, for all balls. Each real example has its own, small where it is crowded and large where it is lonely."""
    radius = np.sort(_table(real, real), axis=1)[:, k].mean()
    inside = _table(real, generated) <= radius
    return float(inside.sum() / (k * len(generated))), float(inside.any(axis=1).mean())


def squared_against_plain(real, generated, k=5):
    """You compare squared distances with distances. Square both or neither."""
    inside = _table(real, generated) ** 2 <= np.sort(_table(real, real), axis=1)[:, [k]]
    return float(inside.sum() / (k * len(generated))), float(inside.any(axis=1).mean())


# %% [markdown]
# ## 7. Two steps for a conditional pair (6 points)
#
# Write `gan_steps`, which makes the two training steps of a conditional GAN. Both models take a list:
# `generator([noise, labels])` makes examples, and `discriminator([x, labels])` gives one logit for each, where `labels`
# are one-hot. The result is a pair of functions, each compiled by `training_step`:
#
# - `discriminator_step(x, labels, noise)` takes one step of the discriminator, on softplus of minus the logits of the
#   real `x`, the mean, plus softplus of the logits of generated examples, the mean. The generated examples are made
#   from `noise` and the **same labels**. The generator does not move.
# - `generator_step(labels, noise)` takes one step of the generator, on the **non-saturating** loss. The discriminator
#   does not move.
#
# Both return the loss before the step. Each player has its own optimizer. (The models here have no batch normalization
# and no dropout, so there is no state to hand over.)


# %% given="gan_steps_probes"
def linear_player(inputs, weights, rate):
    """A model [(n, 1), (n, classes)] -> (n, 1): a weighted sum of all its inputs; and an optimizer for it."""
    first, labels = keras.Input((1,)), keras.Input((inputs - 1,))
    layer = keras.layers.Dense(1, use_bias=False)
    model = keras.Model([first, labels], layer(keras.layers.Concatenate()([first, labels])))
    layer.set_weights([np.array(weights, "float32")[:, None]])
    return model, keras.optimizers.SGD(rate)


def play(turns, discriminator_weights, generator_weights, x, labels, noise):
    """A game of linear players. turns: "D" for each step of the discriminator, "G" for each of the generator, in order.

    The first weight of a player is for x or for the noise, the others for the classes. The discriminator's learning
    rate is 1, the generator's 0.5. Returns the losses, and the weights of both players at the end.
    """
    n_weights = len(discriminator_weights)
    discriminator, its_optimizer = linear_player(n_weights, discriminator_weights, 1.0)
    generator, other_optimizer = linear_player(n_weights, generator_weights, 0.5)
    steps = gan_steps(generator, discriminator, other_optimizer, its_optimizer)
    x, noise = (ops.convert_to_tensor(np.array(a, "float32")[:, None]) for a in (x, noise))
    labels = ops.convert_to_tensor(np.eye(n_weights - 1, dtype="float32")[labels])
    losses = [float(steps[0](x, labels, noise) if turn == "D" else steps[1](labels, noise)) for turn in turns]
    return (
        losses,
        discriminator.get_weights()[0][:, 0].astype(float),
        generator.get_weights()[0][:, 0].astype(float),
    )


# %% [markdown] hints="gan_steps" reads="12. Asking for a class"
# Write two functions inside `gan_steps`, one for each player's loss, with the arguments that the steps shall have. What
# tells `training_step` which weights may move?
#
# ---
#
# The discriminator's loss function gets `(x, labels, noise)`, makes `fake = generator([noise, labels])`, and calls
# `discriminator([x, labels])` and `discriminator([fake, labels])`. The generator's gets `(labels, noise)`. The means
# are `ops.mean(ops.softplus(...))`.
#
# ---
#
# `return (training_step(loss_of_d, discriminator.trainable_variables, discriminator_optimizer),
# training_step(loss_of_g, generator.trainable_variables, generator_optimizer))`, where `loss_of_g` is
# `ops.mean(ops.softplus(-discriminator([generator([noise, labels]), labels])))`.


# %% solution="gan_steps"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    """The training steps of a conditional GAN.

    generator: a Keras model, [noise, labels] -> examples; discriminator: [examples, labels] -> logits (n, 1).
    Returns (discriminator_step, generator_step): functions of (x, labels, noise) and of (labels, noise), with
    x: (n, ...), labels: (n, classes) one-hot, noise: (n, latent), float32 arrays. Each returns the loss before its step.

    Example: as long as the discriminator says 0 of everything, its loss is 2 log 2, and the generator's log 2.
    """

    ### BEGIN SOLUTION
    def loss_of_discriminator(x, labels, noise):
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def loss_of_generator(labels, noise):
        return ops.mean(ops.softplus(-discriminator([generator([noise, labels]), labels])))

    return (
        training_step(loss_of_discriminator, discriminator.trainable_variables, discriminator_optimizer),
        training_step(loss_of_generator, generator.trainable_variables, generator_optimizer),
    )
    ### END SOLUTION


# %% tests="gan_steps" points=6
with check.exercise("gan_steps"):
    check.call(
        play,
        "D",
        [0.0, 0.0],
        [2.0, 1.0],
        [4.0, 8.0],
        [0, 0],
        [1.0, -1.0],
        expect=([2 * np.log(2)], [2.5, 0.0], [2.0, 1.0]),
        about="half the difference of the means: 6 of the real ones, 1 of the generated ones, which are 3 and -1",
    )
    check.call(
        play,
        "G",
        [4.0, 0.0],
        [0.0, 0.0],
        [0.0],
        [0],
        [3.0],
        expect=([np.log(2)], [4.0, 0.0], [3.0, 1.0]),
        about="the slope of softplus(-4 fake) at 0 is -2: the generator's weights move by 0.5 x 2 x (3, 1)",
    )
    check.call(
        play,
        "DG",
        [0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0],
        [2.0, 6.0],
        [0, 1],
        [0.0, 0.0],
        expect=([2 * np.log(2), np.log(2)], [2.0, 0.0, 0.0], [0.0, 0.25, 0.25]),
        about="a turn of each: the discriminator learns 4 / 2, and the generator moves for both classes",
    )
    check.call(
        play,
        "G",
        [1000.0, -1000.0, 0.0],
        [0.0, 0.0, 0.0],
        [0.0],
        [0],
        [0.0],
        expect=([1000.0], [1000.0, -1000.0, 0.0], [0.0, 500.0, 0.0]),
        about="certainly a fake, for its class: the loss is 1000, and the slope full",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1807)
    for turns, n, classes in [("D", 4, 2), ("G", 3, 3), ("DGDG", 5, 2)]:
        d, g = rng.normal(size=classes + 1), rng.normal(size=classes + 1)
        x, noise = rng.normal(2, 1, size=n), rng.normal(size=n)
        labels = rng.integers(0, classes, size=n)
        check.call(
            play,
            turns,
            d,
            g,
            x,
            labels,
            noise,
            about="other weights, batches and turns",
            rtol=1e-3,
            atol=1e-5,
        )
    ### END HIDDEN TESTS


# %% mistakes="gan_steps"
def _play(turns, d, g, x, labels, noise, how):
    """The game by hand, with gradients on paper; `how` names what is done differently; not a mistake by itself."""
    d, g, x, noise, losses = (
        np.array(d, float),
        np.array(g, float),
        np.array(x, float),
        np.array(noise, float),
        [],
    )
    ones = np.eye(len(d) - 1)[labels]
    told = 0 * ones if how == "generator untold" else ones
    known = 0 * ones if how == "discriminator untold" else ones

    def both():
        of_noise = np.column_stack([noise, told])
        return of_noise, np.column_stack([x, known]), np.column_stack([of_noise @ g, known])

    def sigmoid(a):
        return np.exp(-np.logaddexp(0, -a))

    def loss_of(turn):
        _, real, fake = both()
        if turn == "D":
            sides = np.logaddexp(0, -real @ d), np.logaddexp(0, fake @ d)
            if how == "exchanged":
                sides = np.logaddexp(0, real @ d), np.logaddexp(0, -fake @ d)
            total = sum(side.sum() if how == "sums" else side.mean() for side in sides)
            return total / 2 if how == "half" else total
        side = {"minimax": -np.logaddexp(0, fake @ d), "against": np.logaddexp(0, fake @ d)}.get(
            how, np.logaddexp(0, -fake @ d)
        )
        return side.sum() if how == "sums" else side.mean()

    for turn in turns:
        of_noise, real, fake = both()
        before, n = loss_of(turn), 1 if how == "sums" else len(x)
        rates = (0.5, 1.0) if how == "optimizers" else (1.0, 0.5)
        if turn == "D":
            slope = real.T @ -sigmoid(-real @ d) / n + fake.T @ sigmoid(fake @ d) / n
            back = of_noise.T @ sigmoid(fake @ d) * d[0] / n
            if how == "exchanged":
                slope = real.T @ sigmoid(real @ d) / n - fake.T @ sigmoid(-fake @ d) / n
        else:
            outer = {"minimax": -sigmoid(fake @ d), "against": sigmoid(fake @ d)}.get(
                how, -sigmoid(-fake @ d)
            )
            slope, back = fake.T @ outer / n, of_noise.T @ outer * d[0] / n
        factor = 0.5 if how == "half" and turn == "D" else 1.0
        if turn == "D" or how in ("both", "both for G"):
            d = d - rates[0 if turn == "D" else 1] * factor * slope
        if turn == "G" and how == "other":
            d = d - rates[1] * slope
        elif turn == "G" or how == "both":
            g = g - rates[0 if turn == "D" else 1] * factor * back
        losses.append(float(loss_of(turn) if how == "after" else before))
    return losses, d, g


def both_players_move(turns, discriminator_weights, generator_weights, x, labels, noise):
    """Both players move in each step of yours. Hand training_step only the weights of the player whose turn it is: the other one would move against its own interest."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "both")


def both_move_for_the_generator(turns, discriminator_weights, generator_weights, x, labels, noise):
    """In the generator's step both players move in your answer, so the discriminator learns to be fooled. Hand training_step the generator's weights alone there."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "both for G")


def minimax_for_the_generator(turns, discriminator_weights, generator_weights, x, labels, noise):
    """Your generator makes log(1 - D) small, the minimax loss. Asked for is the non-saturating one: softplus of minus the logits."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "minimax")


def generator_against_itself(turns, discriminator_weights, generator_weights, x, labels, noise):
    """Your generator makes softplus of the logits small, so it learns to look generated. It wants the answer "real": softplus of minus the logits."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "against")


def generator_does_not_know_the_label(turns, discriminator_weights, generator_weights, x, labels, noise):
    """The labels do not reach your generator. Call generator([noise, labels])."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "generator untold")


def discriminator_does_not_know_the_label(turns, discriminator_weights, generator_weights, x, labels, noise):
    """The labels do not reach your discriminator, so nothing asks the generator for the right class. Call discriminator([x, labels])."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "discriminator untold")


def half_the_loss(turns, discriminator_weights, generator_weights, x, labels, noise):
    """Your discriminator's loss is the mean of its two sides. Asked for is their sum."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "half")


def sums_over_the_batch(turns, discriminator_weights, generator_weights, x, labels, noise):
    """Your losses are sums over the batch. Asked for are means: ops.mean."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "sums")


def optimizers_exchanged(turns, discriminator_weights, generator_weights, x, labels, noise):
    """The optimizers are exchanged: each player has its own. The generator's comes first among the arguments."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "optimizers")


def loss_after_the_step(turns, discriminator_weights, generator_weights, x, labels, noise):
    """You return the loss after the step. Asked for is the loss before it, which training_step returns."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "after")


def discriminator_against_itself(turns, discriminator_weights, generator_weights, x, labels, noise):
    """Your discriminator learns to call real examples generated, and generated ones real. It is softplus of minus the logits for real ones, and softplus of the logits for generated ones."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "exchanged")


def wrong_player_moves(turns, discriminator_weights, generator_weights, x, labels, noise):
    """In the generator's step your discriminator moves, and it learns to be fooled. Hand training_step the generator's weights there."""
    return _play(turns, discriminator_weights, generator_weights, x, labels, noise, "other")


def nobody_moves(turns, discriminator_weights, generator_weights, x, labels, noise):
    """The losses are right, and nobody moves. The gradients must reach the optimizer: training_step does both."""
    losses = [
        _play(turn, discriminator_weights, generator_weights, x, labels, noise, "")[0][0] for turn in turns
    ]
    return losses, np.array(discriminator_weights, float), np.array(generator_weights, float)


def generator_stands_still(turns, discriminator_weights, generator_weights, x, labels, noise):
    """Your generator does not move. Does the gradient reach it through the discriminator, and are its weights the ones that you hand to training_step?"""
    d, losses = discriminator_weights, []
    for turn in turns:
        loss, new, _ = _play(turn, d, generator_weights, x, labels, noise, "")
        losses, d = losses + loss, new if turn == "D" else d
    return losses, np.array(d, float), np.array(generator_weights, float)


# %% [markdown]
# ## 8. Calm the vortex (4 points)
#
# Two players share one number $V(\theta, \psi)$. The first one holds $\theta$ and wants $V$ small, the second one holds
# $\psi$ and wants it large. When each simply follows its own slope, they circle around the balance, farther and
# farther out, as in the lesson. Write `find_balance`, which finds it nevertheless: the point where both slopes are 0.
#
# You see nothing of $V$ but slopes: `gradients(theta, psi)` returns the pair $(\partial V/\partial\theta,\
# \partial V/\partial\psi)$, arrays of the shapes of `theta` and `psi`. You may call it at most `calls` times, and the
# checks give you 1,000. Your answer must be within 0.05 of the balance in every coordinate.
#
# There are many ways, and any is welcome: to look one step ahead before you move, to remember the slope before, to
# average, to damp. The games of the checks are **bilinear**, $V = (\theta - \theta^*)^\top A\,(\psi - \psi^*)$ with
# unknown $\theta^*, \psi^*$ and $A$ (whose singular values lie between 0.5 and 1), and the **Dirac-GAN** of the lesson,
# whose balance is at $(0, 0)$.


# %% given="games"
def play_bilinear(matrix, balance, theta, psi):
    """What becomes of a bilinear game. balance: (theta*, psi*). Returns a text."""
    matrix, (first, second) = np.array(matrix, float), np.array(balance, float)

    def slopes(theta, psi):
        return matrix @ (psi - second), matrix.T @ (theta - first)

    return _outcome(slopes, first, second, theta, psi)


def play_dirac(theta, psi):
    """What becomes of the Dirac-GAN, V = -softplus(psi theta): all data are 0, all fakes theta, and the logit is psi x."""

    def slopes(theta, psi):
        sigma = 1 / (1 + np.exp(np.clip(-theta * psi, -500, 500)))
        return -sigma * psi, -sigma * theta

    return _outcome(slopes, np.zeros(1), np.zeros(1), theta, psi)


def _outcome(slopes, first, second, theta, psi, calls=1000):
    """Play from (theta, psi), count the calls, and say how far from the balance (first, second) it ended."""
    counted = []

    def gradients(theta, psi):
        counted.append(1)
        if len(counted) > 2 * calls:
            raise RuntimeError("gradients was called twice as often as allowed")
        return slopes(np.array(theta, float), np.array(psi, float))

    theta, psi = np.array(theta, float), np.array(psi, float)
    try:
        with np.errstate(all="ignore"):
            end = find_balance(gradients, theta.copy(), psi.copy(), calls)
    except RuntimeError:
        if len(counted) <= calls:
            raise
    if len(counted) > calls:
        return "more calls than allowed"
    if not isinstance(end, tuple) or len(end) != 2 or any(np.shape(a) != theta.shape for a in end):
        return "not a pair of arrays of the shapes of theta and psi"
    before, after = (np.concatenate([a - first, b - second]) for a, b in ((theta, psi), end))
    if np.abs(after).max() <= 0.05:
        return "in balance"
    return (
        "not near enough"
        if np.linalg.norm(after) <= np.linalg.norm(before)
        else "farther away than at the start"
    )


# %% [markdown] hints="find_balance" reads="5. Why it circles"
# The slope at the place where you stand pushes you sideways, on a larger circle. A slope from where you are going to be
# points a little inward.
#
# ---
#
# Look ahead: take a step from `(theta, psi)` to a point `(a, b)`, ask for the slopes **there**, and then take the step from
# `(theta, psi)` with these. That costs two calls for each step (the extragradient method, Korpelevich 1976). What is the sign
# of each player's step?
#
# ---
#
# `for _ in range(calls // 2): g, h = gradients(theta, psi)`, then
# `g, h = gradients(theta - 0.5 * g, psi + 0.5 * h)`, then `theta, psi = theta - 0.5 * g, psi + 0.5 * h`.


# %% solution="find_balance"
def find_balance(gradients, theta, psi, calls):
    """The balance of a game between theta, which makes V small, and psi, which makes it large.

    gradients: a function (theta, psi) -> (slope of V in theta, slope of V in psi), to be called at most `calls` times.
    theta, psi: float arrays, where the game begins. Returns the pair (theta, psi) at the end.

    Example: for V = theta psi the slopes are (psi, theta), and the balance is (0, 0).
    """
    ### BEGIN SOLUTION
    step = 0.5
    for _ in range(calls // 2):
        down, up = gradients(theta, psi)
        down, up = gradients(theta - step * down, psi + step * up)
        theta, psi = theta - step * down, psi + step * up
    return theta, psi
    ### END SOLUTION


# %% tests="find_balance" points=4
with check.exercise("find_balance"):
    told = {
        "diagnosis": "no_balance",
        "why": "The game did not end in balance. Play one yourself, with a balance away from 0, and print theta and "
        "psi every 50 calls. Do they go outward, keep their distance, come inward too slowly, or come to rest "
        "somewhere else? A friction that pulls toward 0 stops a game in the wrong place unless its balance is 0.",
    }
    check.call(
        play_bilinear,
        [[1.0]],
        ([0.0], [0.0]),
        [1.0],
        [0.5],
        expect="in balance",
        about="V = theta psi, from (1, 0.5)",
        **told,
    )
    check.call(
        play_bilinear,
        [[0.5]],
        ([2.0], [-1.0]),
        [0.0],
        [0.0],
        expect="in balance",
        about="V = (theta - 2) (psi + 1) / 2, from (0, 0)",
        **told,
    )
    check.call(
        play_bilinear,
        [[0.0, 1.0], [-0.5, 0.0]],
        ([1.0, -1.0], [0.5, 2.0]),
        [0.0, 0.0],
        [0.0, 0.0],
        expect="in balance",
        about="two numbers for each player",
        **told,
    )
    check.call(play_dirac, [1.0], [1.0], expect="in balance", about="the Dirac-GAN, from (1, 1)", **told)
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(1808)
    for size in [1, 2, 3, 5]:
        left, _ = np.linalg.qr(rng.normal(size=(size, size)))
        right, _ = np.linalg.qr(rng.normal(size=(size, size)))
        matrix = left @ np.diag(rng.uniform(0.5, 1, size=size)) @ right
        start = rng.normal(size=(2, size))
        balance = start + rng.uniform(0.5, 2, size=(2, size)) * rng.choice([-1, 1], size=(2, size))
        check.call(play_bilinear, matrix, balance, start[0], start[1], about="other bilinear games", **told)
    for start in [(-1.5, 1.0), (0.5, -1.0)]:
        check.call(play_dirac, [start[0]], [start[1]], about="the Dirac-GAN from elsewhere", **told)
    ### END HIDDEN TESTS


# %% mistakes="find_balance"
def _ended(move, slopes, first, second, theta, psi):
    """How 1,000 calls of a rule end: "in balance", "not near enough" or farther away; not a mistake by itself."""
    theta, psi = np.array(theta, float), np.array(psi, float)
    before = np.concatenate([theta - first, psi - second])
    with np.errstate(all="ignore"):
        theta, psi = move(slopes, theta, psi)
        after = np.concatenate([theta - first, psi - second])
    if np.abs(after).max() <= 0.05:
        return "in balance"
    return (
        "not near enough"
        if np.linalg.norm(after) <= np.linalg.norm(before)
        else "farther away than at the start"
    )


def _game(move, *arguments):
    """The outcome of a rule in either game, told apart by the number of arguments; not a mistake by itself."""
    if len(arguments) == 4:
        matrix, (first, second) = np.array(arguments[0], float), np.array(arguments[1], float)
        return _ended(
            move, lambda a, b: (matrix @ (b - second), matrix.T @ (a - first)), first, second, *arguments[2:]
        )

    def slopes(theta, psi):
        sigma = 1 / (1 + np.exp(np.clip(-theta * psi, -500, 500)))
        return -sigma * psi, -sigma * theta

    return _ended(move, slopes, np.zeros(1), np.zeros(1), *arguments)


def goes_outward(*game):
    """The game ends farther out than it began. When both players simply follow their slopes, it spirals outward with any step size: look ahead, remember, average or damp. If you do that already, look at the signs (theta moves against its slope, psi along its own) and at the size of the steps."""

    def move(slopes, theta, psi):
        for _ in range(1000):
            down, up = slopes(theta, psi)
            theta, psi = theta - 0.1 * down, psi + 0.1 * up
        return theta, psi

    return _game(move, *game)


def more_than_the_calls(*game):
    """You call gradients more often than `calls` allows. A step that looks ahead costs two calls."""
    return "more calls than allowed"


def no_pair(*game):
    """Return the pair (theta, psi), with the shapes that they had."""
    return "not a pair of arrays of the shapes of theta and psi"


# %% [markdown]
# ## 9. In words (3 points)
#
# A colleague has trained a GAN on 2,000 pictures. "The Fréchet distance is 1.3," he writes. "I computed it between 500
# generated pictures and the 2,000 training pictures, in the features of a classifier of mine. In a paper I found 4.1 for
# the same data set, from 5,000 pictures of their generator and the features of their classifier. Mine is three times as
# good." Say in four to seven sentences why the two numbers cannot be compared, how a generator could get his number
# without being any good, and what you would ask him to measure.

# %% [markdown] answer="why_frechet" points=3 reads="A distance between clouds"
# The distance depends on the features, so numbers from two classifiers have different units and do not compare at all.
# It also depends on the number of examples: means and covariances estimated from few examples differ even when both
# sets come from the same distribution, so 500 pictures make the distance larger on average than 5,000 would; that the
# bias is against him does not make the comparison fair. Most important, he compares with the training pictures: a
# generator that has memorized them has nearly nothing to lose in this distance, since a copy has the right mean and
# the right covariance. And one number hides what is wrong: sharp pictures of few kinds and blurred ones of all
# kinds may get the same distance, and any two distributions with the same mean and covariance of the features get 0. I would ask for
# both generators in the same features, with equally many pictures, against held-back pictures that neither has seen,
# beside the distance of real to real at that size as the floor, and over several seeds; for precision and recall (or
# density and coverage); and for the nearest training pictures of some generated ones, to see whether they are copies.
#
# (Grading: 1 point for two of features, sample size and training pictures, with the reason; 1 for memorizing, or for
# what one number hides; 1 for measurements that fit, among them held-back pictures or nearest neighbors.)
