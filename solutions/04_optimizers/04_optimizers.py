# %% [raw] front=true
# title = "Optimizers: assignment"
# shows = "You write the update rules of the chapter, momentum to AdamW, then the three things that keep a rate in check, and at last an optimizer of your own that Keras compiles."
# needs = "The lesson of chapter 4."
# minutes = {work = 120}

# %% setup=true

# %% [markdown]
# Eight exercises in the order of the lesson, and one question to answer in words. The visible checks can be done by
# hand; hidden checks try your functions on other inputs. When you are stuck, `check.hint("adam_step")` gives the first
# of three hints and, run again, the next.
#
# Conventions, as in the lesson and in Keras: `w` is an array of weights of any shape, and so are `grad`, the gradient
# of the loss at `w`, and everything that a rule remembers from step to step. An update rule takes the old state and
# returns the new one. **No function may change the arrays that it is given.**

# %% given="imports"
import keras
import numpy as np

# %% [markdown]
# ## 1. Momentum, plain and Nesterov's (4 points)
#
# Write `momentum_step`. The velocity remembers the earlier steps:
#
# $$\text{velocity} \leftarrow \text{momentum} \cdot \text{velocity} - \mathrm{learning\_rate} \cdot g .$$
#
# Without Nesterov, $w$ moves by the new velocity. With `nesterov=True` it moves by
# $\text{momentum} \cdot \text{velocity} - \mathrm{learning\_rate} \cdot g$, in which the velocity is the **new** one.
# In both cases the velocity that is returned is that of the formula above. With `momentum=0.0` both are plain gradient
# descent.

# %% [markdown] hints="momentum_step" reads="Momentum"
# The velocity is the same with and without Nesterov. Compute it first, under a new name or the old one; only the move
# of `w` differs.
#
# ---
#
# `velocity = momentum * velocity - learning_rate * grad` makes a new array, so the caller's velocity stays as it was.
# (`velocity *= momentum` would change it.) Then choose the move with an `if`.
#
# ---
#
# `move = momentum * velocity - learning_rate * grad if nesterov else velocity`, and then
# `return w + move, velocity`.


# %% solution="momentum_step"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """One step of gradient descent with momentum, as keras.optimizers.SGD takes it.

    w, velocity, grad: arrays of one shape. learning_rate, momentum: numbers. nesterov: True or False.
    Returns the tuple (w, velocity) after the step, two new arrays.

    Example: with w = [1.0], velocity = [0.0], grad = [2.0] and learning_rate=0.5, the new velocity is [-1.0] and the
    new w [0.0]; with nesterov=True the new w is [-0.9].
    """
    ### BEGIN SOLUTION
    velocity = momentum * velocity - learning_rate * grad
    if nesterov:
        return w + momentum * velocity - learning_rate * grad, velocity
    return w + velocity, velocity
    ### END SOLUTION


# %% tests="momentum_step" points=4
with check.exercise("momentum_step"):
    w, grad = np.array([1.0, 2.0]), np.array([1.0, -2.0])
    check.call(
        momentum_step,
        w,
        np.zeros(2),
        grad,
        learning_rate=0.1,
        expect=([0.9, 2.2], [-0.1, 0.2]),
        about="the first step, from rest",
    )
    check.call(
        momentum_step,
        w,
        np.array([1.0, -1.0]),
        grad,
        learning_rate=0.5,
        momentum=0.5,
        expect=([1.0, 2.5], [0.0, 0.5]),
        about="a later step: 0.5 * 1 - 0.5 * 1, and 0.5 * (-1) + 0.5 * 2",
    )
    check.call(
        momentum_step,
        w,
        np.array([1.0, -1.0]),
        grad,
        learning_rate=0.5,
        momentum=0.5,
        nesterov=True,
        expect=([0.5, 3.25], [0.0, 0.5]),
        about="the same with Nesterov: w moves by 0.5 * 0 - 0.5 * 1, and by 0.5 * 0.5 + 0.5 * 2",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(401)
    for shape in [(4,), (3, 5), (2, 3, 2)]:
        w, velocity, grad = rng.normal(size=(3, *shape))
        check.call(momentum_step, w, velocity, grad, about="random arrays, default settings")
        for nesterov in (False, True):
            check.call(
                momentum_step,
                w,
                velocity,
                grad,
                learning_rate=rng.uniform(0.1, 2.0),
                momentum=rng.uniform(0.2, 0.95),
                nesterov=nesterov,
                about="random arrays of several shapes, with and without Nesterov",
            )
            check.call(
                momentum_step,
                w,
                velocity,
                grad,
                0.3,
                0.0,
                nesterov,
                about="momentum 0, given by position: plain gradient descent",
            )
    check.call(
        momentum_step,
        np.array([3, -1]),
        np.array([1, 2]),
        np.array([-2, 5]),
        0.5,
        about="whole numbers",
    )
    ### END HIDDEN TESTS


# %% mistakes="momentum_step"
def rate_on_the_velocity(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """You keep the rate out of the velocity and multiply by it when w moves. That is another convention; here, as in Keras, the velocity is momentum * velocity - learning_rate * grad, and w moves by it as it is."""
    velocity = momentum * velocity - grad
    move = momentum * velocity - grad if nesterov else velocity
    return w + learning_rate * move, velocity


def velocity_uphill(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """The step goes up the gradient: in the velocity, learning_rate * grad is subtracted."""
    velocity = momentum * velocity + learning_rate * grad
    return w + (momentum * velocity + learning_rate * grad if nesterov else velocity), velocity


def velocity_subtracted(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """Your velocity points downhill already, and you subtract it: w moves uphill. Add it."""
    velocity = momentum * velocity - learning_rate * grad
    return w - (momentum * velocity - learning_rate * grad if nesterov else velocity), velocity


def other_sign(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """You keep a velocity that points uphill, momentum * velocity + learning_rate * grad, and subtract it. It can be done so, but here the velocity is the move itself: momentum * velocity - learning_rate * grad, and it is added."""
    velocity = momentum * velocity + learning_rate * grad
    return w - (momentum * velocity + learning_rate * grad if nesterov else velocity), velocity


def averaged_gradient(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """You weigh the gradient by 1 - momentum, as an average does. Momentum is a sum: the gradient enters with the full learning rate."""
    velocity = momentum * velocity - (1 - momentum) * learning_rate * grad
    move = momentum * velocity - (1 - momentum) * learning_rate * grad if nesterov else velocity
    return w + move, velocity


def old_velocity(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """You move w by the velocity from before the step. Compute the new velocity first, and move by that."""
    new = momentum * velocity - learning_rate * grad
    return w + (momentum * velocity - learning_rate * grad if nesterov else velocity), new


def no_momentum(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """The earlier velocity has no effect: you take a plain gradient step. It enters the new one, multiplied by momentum."""
    move = -learning_rate * grad
    return w + (1 + momentum * nesterov) * move, move


def undamped(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """The earlier velocity enters in full, without the factor momentum: nothing is ever forgotten."""
    velocity = velocity - learning_rate * grad
    return w + (momentum * velocity - learning_rate * grad if nesterov else velocity), velocity


def nesterov_ignored(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """With nesterov=True w moves as without it. Two things do that: the flag is not used, or the move momentum * velocity - learning_rate * grad was computed with the old velocity. It needs the new one."""
    velocity = momentum * velocity - learning_rate * grad
    return w + velocity, velocity


def always_nesterov(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """You take Nesterov's move even when nesterov is False. Then w moves by the velocity alone."""
    velocity = momentum * velocity - learning_rate * grad
    return w + momentum * velocity - learning_rate * grad, velocity


def nesterov_kept(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """With Nesterov you return the move of w as the velocity. The two differ: the velocity to keep is momentum * velocity - learning_rate * grad, once."""
    velocity = momentum * velocity - learning_rate * grad
    velocity = momentum * velocity - learning_rate * grad if nesterov else velocity
    return w + velocity, velocity


def gradient_twice(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """With Nesterov you add the whole new velocity and the gradient step again. The new velocity has the factor momentum there."""
    velocity = momentum * velocity - learning_rate * grad
    return w + velocity - learning_rate * grad * nesterov, velocity


def nesterov_without_gradient(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """With Nesterov you move w by momentum * velocity alone. The present gradient is missing: subtract learning_rate * grad there as well."""
    velocity = momentum * velocity - learning_rate * grad
    return w + (momentum * velocity if nesterov else velocity), velocity


def velocity_first(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """You return (velocity, w). The order is (w, velocity)."""
    velocity = momentum * velocity - learning_rate * grad
    return velocity, w + (momentum * velocity - learning_rate * grad if nesterov else velocity)


def velocity_not_kept(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """The velocity comes back unchanged. The new one must be returned, for the next step."""
    new = momentum * velocity - learning_rate * grad
    return w + (momentum * new - learning_rate * grad if nesterov else new), velocity


def rate_ignored(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    """The learning rate has no effect on your step: multiply the gradient by it."""
    velocity = momentum * velocity - grad
    return w + (momentum * velocity - grad if nesterov else velocity), velocity


# %% [markdown]
# ## 2. RMSprop, also centered (4 points)
#
# Write `rmsprop_step`. It keeps two moving averages, one of the squared gradients and one of the gradients:
#
# $$s \leftarrow \rho\, s + (1 - \rho)\, g^2, \qquad a \leftarrow \rho\, a + (1 - \rho)\, g .$$
#
# Both are updated at every step. Then, with the new averages and elementwise,
#
# $$w \leftarrow w - \mathrm{learning\_rate}\; \frac{g}{\sqrt{s + \epsilon}} ,$$
#
# and with `centered=True` the root is $\sqrt{s - a^2 + \epsilon}$ instead: $s - a^2$ is an average of squares less the
# square of an average, so it measures how much the gradient *varies*, and not how large it is. As in Keras,
# $\epsilon$ stands inside the root.

# %% [markdown] hints="rmsprop_step" reads="A rate for each weight"
# Three lines: the two averages, then the step. Which of the three depends on `centered`?
#
# ---
#
# Everything is elementwise: `grad**2`, and division of arrays. Give the new averages and not the old ones to the root,
# and put `epsilon` inside it.
#
# ---
#
# `spread = mean_square - mean**2 if centered else mean_square`, then
# `w - learning_rate * grad / np.sqrt(spread + epsilon)`.


# %% solution="rmsprop_step"
def rmsprop_step(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """One step of RMSprop, as keras.optimizers.RMSprop takes it.

    w, mean_square, mean, grad: arrays of one shape. learning_rate, rho, epsilon: numbers. centered: True or False.
    Returns the tuple (w, mean_square, mean) after the step, three new arrays.

    Example: with w = [0.0], mean_square = [0.0], mean = [0.0], grad = [3.0], learning_rate=0.1, rho=0.75 and
    epsilon=0.0, the averages become [2.25] and [0.75], and w becomes [-0.2].
    """
    ### BEGIN SOLUTION
    mean_square = rho * mean_square + (1 - rho) * grad**2
    mean = rho * mean + (1 - rho) * grad
    spread = mean_square - mean**2 if centered else mean_square
    return w - learning_rate * grad / np.sqrt(spread + epsilon), mean_square, mean
    ### END SOLUTION


# %% tests="rmsprop_step" points=4
with check.exercise("rmsprop_step"):
    check.call(
        rmsprop_step,
        np.zeros(2),
        np.zeros(2),
        np.zeros(2),
        np.array([3.0, -4.0]),
        learning_rate=0.1,
        rho=0.75,
        epsilon=0.0,
        expect=([-0.2, 0.2], [2.25, 4.0], [0.75, -1.0]),
        about="the first step: 3 / sqrt(2.25) = 2, and -4 / sqrt(4) = -2",
    )
    check.call(
        rmsprop_step,
        np.array([1.0]),
        np.array([12.0]),
        np.array([2.0]),
        np.array([2.0]),
        learning_rate=0.3,
        rho=0.5,
        epsilon=1.0,
        expect=([0.8], [8.0], [2.0]),
        about="a later step: the root is sqrt(8 + 1)",
    )
    check.call(
        rmsprop_step,
        np.array([1.0]),
        np.array([22.0]),
        np.array([2.0]),
        np.array([2.0]),
        learning_rate=0.2,
        rho=0.5,
        epsilon=7.0,
        centered=True,
        expect=([0.9], [13.0], [2.0]),
        about="centered: the root is sqrt(13 - 4 + 7)",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(402)
    for shape in [(5,), (3, 4), (2, 2, 3)]:
        w, mean, grad = rng.normal(size=(3, *shape))
        mean_square = mean**2 + rng.uniform(0.5, 3.0, size=shape)
        check.call(
            rmsprop_step, w, mean_square, mean, grad, about="random arrays, default settings"
        )
        for centered in (False, True):
            check.call(
                rmsprop_step,
                w,
                mean_square,
                mean,
                grad,
                rng.uniform(0.1, 1.0),
                rng.uniform(0.1, 0.9),
                rng.uniform(0.01, 1.0),
                centered,
                about="random settings, plain and centered, given by position",
            )
    check.call(
        rmsprop_step,
        np.zeros(3),
        np.zeros(3),
        np.zeros(3),
        np.array([1.0, 0.0, -2.0]),
        learning_rate=1.0,
        about="a gradient of zero, from the start: the weight stays, and no NaN appears",
    )
    check.call(
        rmsprop_step,
        np.array([1, 2]),
        np.array([4, 9]),
        np.array([1, -2]),
        np.array([3, -1]),
        learning_rate=0.5,
        about="whole numbers",
    )
    ### END HIDDEN TESTS


# %% mistakes="rmsprop_step"
def _rmsprop(w, s, a, g, rate, rho, epsilon, centered, root=None, square=None, sign=-1.0):
    """A step with something exchanged; not a mistake by itself."""
    s = rho * s + (1 - rho) * (g**2 if square is None else square)
    a = rho * a + (1 - rho) * g
    with np.errstate(all="ignore"):
        below = np.sqrt(s - a**2 * centered + epsilon) if root is None else root(s, a)
        return w + sign * rate * g / below, s, a


def epsilon_outside(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """You add epsilon to the root. Here, as in Keras, it stands inside: sqrt(mean_square + epsilon)."""
    root = lambda s, a: np.sqrt(s - a**2 * centered) + epsilon
    return _rmsprop(w, mean_square, mean, grad, learning_rate, rho, epsilon, centered, root)


def no_epsilon(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """Epsilon has no effect in your step, and a gradient that was always zero gives 0/0. Add it inside the root."""
    return _rmsprop(w, mean_square, mean, grad, learning_rate, rho, 0.0, centered)


def root_forgotten(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """You divide by the average of the squares itself. Take its root: the divisor has the size of a gradient, not of its square."""
    root = lambda s, a: s - a**2 * centered + epsilon
    return _rmsprop(w, mean_square, mean, grad, learning_rate, rho, epsilon, centered, root)


def weights_exchanged(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """You weigh the old average by 1 - rho and the new gradient by rho. It is the other way round: rho is the part that is kept."""
    return _rmsprop(w, mean_square, mean, grad, learning_rate, 1 - rho, epsilon, centered)


def accumulated(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """You add the squares up and forget nothing: that is Adagrad, whose steps only shrink. Here the old average is multiplied by rho and the new square by 1 - rho."""
    s = mean_square + grad**2
    a = rho * mean + (1 - rho) * grad
    return w - learning_rate * grad / np.sqrt(s - a**2 * centered + epsilon), s, a


def factor_forgotten(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """The new gradient enters the averages in full. In a moving average its factor is 1 - rho, so that the weights add up to one."""
    s, a = rho * mean_square + grad**2, rho * mean + grad
    with np.errstate(all="ignore"):
        return w - learning_rate * grad / np.sqrt(s - a**2 * centered + epsilon), s, a


def old_averages(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """You divide by the averages from before the step. Update them first."""
    root = lambda s, a: np.sqrt(mean_square - mean**2 * centered + epsilon)
    return _rmsprop(w, mean_square, mean, grad, learning_rate, rho, epsilon, centered, root)


def centered_ignored(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """With centered=True your step is the plain one. Subtract the square of the average gradient under the root."""
    return _rmsprop(w, mean_square, mean, grad, learning_rate, rho, epsilon, False)


def always_centered(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """You subtract the squared average also when centered is False. Then mean_square alone stands under the root."""
    return _rmsprop(w, mean_square, mean, grad, learning_rate, rho, epsilon, True)


def mean_not_squared(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """You subtract the average gradient. Its square is subtracted: mean_square - mean**2."""
    root = lambda s, a: np.sqrt(s - a * centered + epsilon)
    return _rmsprop(w, mean_square, mean, grad, learning_rate, rho, epsilon, centered, root)


def mean_only_if_centered(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """Without centered your average of the gradients comes back unchanged. Both averages are updated at every step."""
    new_w, s, a = _rmsprop(w, mean_square, mean, grad, learning_rate, rho, epsilon, centered)
    return new_w, s, a if centered else 1.0 * mean


def size_for_square(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """You average the size of the gradient. Its square is averaged: grad**2."""
    return _rmsprop(
        w, mean_square, mean, grad, learning_rate, rho, epsilon, centered, square=np.abs(grad)
    )


def not_squared(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """You average the gradient itself where its square belongs, so it may be negative, and then its root is NaN. Average grad**2."""
    return _rmsprop(
        w, mean_square, mean, grad, learning_rate, rho, epsilon, centered, square=grad
    )


def square_of_the_whole(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """You use one number for all weights, the sum or mean of the squares. Each weight has its own average: square elementwise."""
    square = np.full(grad.shape, np.mean(grad**2))
    return _rmsprop(
        w, mean_square, mean, grad, learning_rate, rho, epsilon, centered, square=square
    )


def uphill(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    """The step goes up the gradient: subtract it."""
    return _rmsprop(w, mean_square, mean, grad, learning_rate, rho, epsilon, centered, sign=1.0)


def average_for_gradient(
    w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False
):
    """You step along the averaged gradient, as Adam does. RMSprop steps along the gradient itself; the average serves the centered root alone."""
    _, s, a = _rmsprop(w, mean_square, mean, grad, learning_rate, rho, epsilon, centered)
    return w - learning_rate * a / np.sqrt(s - a**2 * centered + epsilon), s, a


# %% [markdown]
# ## 3. Adam (5 points)
#
# Write `adam_step`. It keeps moving averages of the gradient and of its square, $m$ and $v$, both zero before the
# first step:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 .$$
#
# Both are too small at first, for they began at zero. In step number $t$, counted from 1, this is corrected by
# $\hat m = m / (1 - \beta_1^t)$ and $\hat v = v / (1 - \beta_2^t)$, and the weights move by
#
# $$w \leftarrow w - \mathrm{learning\_rate}\; \frac{\hat m}{\sqrt{\hat v} + \epsilon} .$$
#
# The $m$ and $v$ that are returned are the **uncorrected** ones. Keras puts $\epsilon$ in a slightly different place
# (it adds it to $\sqrt{v}$); you may do either.

# %% [markdown] hints="adam_step" reads="A rate for each weight"
# Four lines: two averages, two corrections, and then the step. The corrected averages need names of their own,
# because the uncorrected ones are returned.
#
# ---
#
# `beta_1**t` is a power: the correction of the first step divides by `1 - beta_1`, that of a late step by nearly 1.
# Correct $m$ with `beta_1` and $v$ with `beta_2`, and take the root of the corrected $v$ before you add `epsilon`.
#
# ---
#
# `m = beta_1 * m + (1 - beta_1) * grad`, `m_hat = m / (1 - beta_1**t)`, the same for `v` with `grad**2`; then
# `return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v`.


# %% solution="adam_step"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """One step of Adam (Kingma and Ba 2015, algorithm 1).

    w, m, v, grad: arrays of one shape. t: the number of this step, 1 for the first. The rest are numbers.
    Returns the tuple (w, m, v) after the step, three new arrays; m and v without bias correction.

    Example: with w = [1.0], m = [0.0], v = [0.0], grad = [10.0], t = 1, learning_rate=0.01 and epsilon=0.0, w becomes
    [0.99], m [1.0] and v [0.1].
    """
    ### BEGIN SOLUTION
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v
    ### END SOLUTION


# %% tests="adam_step" points=4
with check.exercise("adam_step"):
    check.call(
        adam_step,
        np.array([1.0, 1.0]),
        np.zeros(2),
        np.zeros(2),
        np.array([10.0, -20.0]),
        1,
        learning_rate=0.01,
        epsilon=0.0,
        expect=([0.99, 1.01], [1.0, -2.0], [0.1, 0.4]),
        about="the first step: every weight moves by the learning rate, whatever its gradient",
    )
    check.call(
        adam_step,
        np.array([1.0, 1.0]),
        np.array([1.0, -7.0]),
        np.array([2.0, 23.0]),
        np.array([2.0, 1.0]),
        2,
        learning_rate=0.1,
        beta_1=0.5,
        beta_2=0.5,
        epsilon=0.0,
        expect=([0.9, 1.1], [1.5, -3.0], [3.0, 12.0]),
        about="a second step: m is 1.5 and -3, corrected 2 and -4; v is 3 and 12, corrected 4 and 16",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(403)
    for shape, t in [((4,), 1), ((3, 4), 2), ((2, 3, 2), 7), ((6,), 40), ((2, 5), 1000)]:
        w, m, grad = rng.normal(size=(3, *shape))
        v = rng.uniform(0.5, 3.0, size=shape)
        check.call(
            adam_step,
            w,
            m,
            v,
            5 * grad,
            t,
            learning_rate=0.1,
            about="random arrays, early and late steps",
        )
        check.call(adam_step, w, m, v, 20 * grad, t, about="default settings")
        check.call(
            adam_step,
            w,
            m,
            v,
            grad,
            t,
            rng.uniform(0.1, 1.0),
            rng.uniform(0.1, 0.9),
            rng.uniform(0.3, 0.95),
            about="other settings, given by position",
        )
    check.call(
        adam_step,
        rng.normal(size=4),
        rng.normal(size=4),
        rng.uniform(0.5, 1.0, size=4),
        rng.normal(size=4),
        3,
        learning_rate=0.5,
        beta_1=0.0,
        about="beta_1 = 0: no memory of the gradient",
    )
    check.call(
        adam_step,
        np.array([1, 2]),
        np.array([0, 3]),
        np.array([4, 1]),
        np.array([2, -1]),
        4,
        learning_rate=0.5,
        about="whole numbers",
    )
    ### END HIDDEN TESTS

# %% tests="adam_step.epsilon" points=1
with check.exercise("adam_step.epsilon"):
    check.call(
        adam_step,
        np.array([1.0, 1.0]),
        np.zeros(2),
        np.zeros(2),
        np.array([0.0, 100.0]),
        1,
        learning_rate=0.5,
        expect=([1.0, 0.5], [0.0, 10.0], [0.0, 10.0]),
        about="a gradient of zero: the weight stays where it is, and no NaN appears",
    )
    check.call(
        adam_step,
        np.zeros(1),
        np.array([2.0]),
        np.array([4.0]),
        np.array([2.0]),
        100000,
        learning_rate=1.0,
        beta_2=0.99,
        epsilon=0.5,
        expect=([-0.8], [2.0], [4.0]),
        about="step 100,000, where no correction is left: 2 / (sqrt(4) + 0.5)",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(404)
    for epsilon in [0.1, 0.5, 2.0]:
        w, m, grad = rng.normal(size=(3, 5))
        check.call(
            adam_step,
            w,
            m,
            rng.uniform(0.1, 2.0, size=5),
            grad,
            60000,
            learning_rate=1.0,
            epsilon=epsilon,
            about="a large epsilon, at a step so late that its two usual places agree",
        )
    check.call(
        adam_step,
        np.zeros(3),
        np.zeros(3),
        np.zeros(3),
        np.array([1e-3, -2e-3, 3e-3]),
        1,
        learning_rate=1.0,
        rtol=0.01,
        about="small gradients: the first step is still about as long as the learning rate",
    )
    ### END HIDDEN TESTS


# %% mistakes="adam_step"
def _adam(w, m, v, g, t, rate, b1, b2, epsilon, m_power=None, v_power=None, kept=False):
    """A step whose corrections divide by 1 - m_power and 1 - v_power; not a mistake by itself."""
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - (b1**t if m_power is None else m_power))
    v_hat = v / (1 - (b2**t if v_power is None else v_power))
    w = w - rate * m_hat / (np.sqrt(v_hat) + epsilon)
    return (w, m_hat, v_hat) if kept else (w, m, v)


def no_bias_correction(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    """There is no bias correction: early steps have the wrong length. Divide m by 1 - beta_1**t and v by 1 - beta_2**t for the step."""
    return _adam(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon, 0.0, 0.0)


def only_m_corrected(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """You correct m and not v. Both began at zero: divide v by 1 - beta_2**t before the root."""
    return _adam(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon, v_power=0.0)


def only_v_corrected(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """You correct v and not m. Both began at zero: divide m by 1 - beta_1**t."""
    return _adam(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon, m_power=0.0)


def corrected_kept(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """You return the corrected averages. The next step would correct them once more: return m and v as they were before the correction."""
    return _adam(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon, kept=True)


def counted_from_zero(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    """Your correction uses t + 1. Here t counts from 1: in the first step t is 1 already."""
    return _adam(w, m, v, grad, t + 1, learning_rate, beta_1, beta_2, epsilon)


def product_for_power(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    """Your correction is the same at every step, that of the first. Divide by 1 - beta**t, with the power: it fades as t grows."""
    return _adam(w, m, v, grad, 1, learning_rate, beta_1, beta_2, epsilon)


def corrections_exchanged(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    """You correct m with beta_2 and v with beta_1. Each average is corrected with its own."""
    with np.errstate(all="ignore"):
        return _adam(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon, beta_2**t, beta_1**t)


def one_correction(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """You correct both averages with beta_1. The average of the squares has its own: 1 - beta_2**t."""
    return _adam(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon, v_power=beta_1**t)


def betas_exchanged(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """beta_1 and beta_2 are exchanged: beta_1 belongs to m, beta_2 to v."""
    return _adam(w, m, v, grad, t, learning_rate, beta_2, beta_1, epsilon)


def new_weighed_by_beta(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    """The weights of old and new are exchanged: beta is the part of the old average that is kept, 1 - beta that of the new gradient."""
    new_m, new_v = (1 - beta_1) * m + beta_1 * grad, (1 - beta_2) * v + beta_2 * grad**2
    with np.errstate(all="ignore"):
        step = (new_m / (1 - beta_1**t)) / (np.sqrt(new_v / (1 - beta_2**t)) + epsilon)
    return w - learning_rate * step, new_m, new_v


def factor_forgotten(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """The new gradient enters the averages in full. Its factor is 1 - beta_1 in m, and that of its square 1 - beta_2 in v."""
    new_m, new_v = beta_1 * m + grad, beta_2 * v + grad**2
    step = (new_m / (1 - beta_1**t)) / (np.sqrt(new_v / (1 - beta_2**t)) + epsilon)
    return w - learning_rate * step, new_m, new_v


def root_forgotten(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """You divide by v itself. Its root is needed: np.sqrt of the corrected v."""
    new_m, new_v = beta_1 * m + (1 - beta_1) * grad, beta_2 * v + (1 - beta_2) * grad**2
    with np.errstate(all="ignore"):
        step = (new_m / (1 - beta_1**t)) / (new_v / (1 - beta_2**t) + epsilon)
    return w - learning_rate * step, new_m, new_v


def root_of_v_only(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """Your correction of v stands outside the root. Correct v first, then take the root; in Keras's form the factor is sqrt(1 - beta_2**t)."""
    new_m, new_v = beta_1 * m + (1 - beta_1) * grad, beta_2 * v + (1 - beta_2) * grad**2
    with np.errstate(all="ignore"):
        step = (new_m / (1 - beta_1**t)) / (np.sqrt(new_v) / (1 - beta_2**t) + epsilon)
    return w - learning_rate * step, new_m, new_v


def epsilon_inside(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """You add epsilon before the root. In Adam it is added after it, to the root (in RMSprop, as Keras has it, it stands inside)."""
    new_m, new_v = beta_1 * m + (1 - beta_1) * grad, beta_2 * v + (1 - beta_2) * grad**2
    step = (new_m / (1 - beta_1**t)) / np.sqrt(new_v / (1 - beta_2**t) + epsilon)
    return w - learning_rate * step, new_m, new_v


def no_epsilon(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """Epsilon has no effect, and a gradient of zero gives 0/0. Add it to the root."""
    with np.errstate(all="ignore"):
        return _adam(w, m, v, grad, t, learning_rate, beta_1, beta_2, 0.0)


def square_of_m(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """You average the square of m. The average v is of the squared gradient: grad**2."""
    new_m = beta_1 * m + (1 - beta_1) * grad
    new_v = beta_2 * v + (1 - beta_2) * new_m**2
    step = (new_m / (1 - beta_1**t)) / (np.sqrt(new_v / (1 - beta_2**t)) + epsilon)
    return w - learning_rate * step, new_m, new_v


def size_for_square(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """Your v averages the size of the gradient. Its square is averaged: grad**2."""
    new_m, new_v = beta_1 * m + (1 - beta_1) * grad, beta_2 * v + (1 - beta_2) * np.abs(grad)
    step = (new_m / (1 - beta_1**t)) / (np.sqrt(new_v / (1 - beta_2**t)) + epsilon)
    return w - learning_rate * step, new_m, new_v


def not_squared(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """Your v averages the gradient itself, so it may be negative, and then its root is NaN. The square is averaged: grad**2."""
    new_m, new_v = beta_1 * m + (1 - beta_1) * grad, beta_2 * v + (1 - beta_2) * grad
    with np.errstate(all="ignore"):
        step = (new_m / (1 - beta_1**t)) / (np.sqrt(new_v / (1 - beta_2**t)) + epsilon)
    return w - learning_rate * step, new_m, new_v


def gradient_for_m(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """You step along the gradient itself, as RMSprop does. Adam steps along its average, the corrected m."""
    new_m, new_v = beta_1 * m + (1 - beta_1) * grad, beta_2 * v + (1 - beta_2) * grad**2
    return (
        w - learning_rate * grad / (np.sqrt(new_v / (1 - beta_2**t)) + epsilon),
        new_m,
        new_v,
    )


def uphill(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """The step goes up the gradient: subtract it."""
    return _adam(w, m, v, grad, t, -learning_rate, beta_1, beta_2, epsilon)


def old_averages(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """You step with the averages from before. Update m and v first, and step with the new ones."""
    _, new_m, new_v = _adam(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    with np.errstate(all="ignore"):
        step = (m / (1 - beta_1**t)) / (np.sqrt(v / (1 - beta_2**t)) + epsilon)
    return w - learning_rate * step, new_m, new_v


# %% [markdown]
# ## 4. Weight decay, two ways (4 points)
#
# Write `adamw_step`: Adam with a pull of the weights toward zero. The two ways to pull look alike and are not.
#
# - `coupled=False` is AdamW, **decoupled** weight decay: $m$ and $v$ know nothing of it, and $w$ moves by
#   $-\mathrm{learning\_rate} \cdot \mathrm{weight\_decay} \cdot w$ besides Adam's step. Here $w$ is the one from **before**
#   the step, as in Keras.
# - `coupled=True` is an L2 penalty $\tfrac12\,\mathrm{weight\_decay}\,\lVert w \rVert^2$ in the loss: its slope
#   $\mathrm{weight\_decay} \cdot w$ is added to the gradient, and Adam does with the sum what it does with any gradient.
#
# Call your `adam_step`. When this exercise is graded, a right one stands in for yours.

# %% [markdown] hints="adamw_step" reads="Weight decay is not L2"
# In each of the two ways, one thing is changed before or after a call of `adam_step`, and nothing of Adam is written
# again. Which thing is it: the gradient, or the weights that come back?
#
# ---
#
# Coupled: call `adam_step` with `grad + weight_decay * w` and return what it returns. Decoupled: call it with `grad`,
# and from the new weights subtract `learning_rate * weight_decay * w` with the old `w`; so keep the old one.
#
# ---
#
# `if coupled: grad = grad + weight_decay * w`, then
# `new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)`, and
# `if not coupled: new_w = new_w - learning_rate * weight_decay * w`.


# %% solution="adamw_step"
def adamw_step(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """One step of Adam with weight decay: decoupled (Loshchilov and Hutter 2019), or by an L2 penalty.

    w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon: as in adam_step. weight_decay: a number.
    coupled: True puts the decay into the gradient, False into the weights.
    Returns the tuple (w, m, v) after the step, three new arrays.

    Example: with w = [10.0], m = v = [0.0], grad = [2.0], t = 1, learning_rate=0.1, epsilon=0.0 and weight_decay=0.5,
    w becomes 10 - 0.5 - 0.1 = [9.4]; with coupled=True it becomes [9.9], and m [0.7].
    """
    ### BEGIN SOLUTION
    if coupled:
        grad = grad + weight_decay * w
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    if not coupled:
        new_w = new_w - learning_rate * weight_decay * w
    return new_w, m, v
    ### END SOLUTION


# %% tests="adamw_step" points=4
with check.exercise("adamw_step", needs="adam_step"):
    w, grad = np.array([10.0, -20.0]), np.array([2.0, 0.5])
    check.call(
        adamw_step,
        w,
        np.zeros(2),
        np.zeros(2),
        grad,
        1,
        learning_rate=0.6,
        beta_2=0.9,
        epsilon=0.0,
        weight_decay=0.5,
        expect=([6.4, -14.6], [0.2, 0.05], [0.4, 0.025]),
        about="decoupled: 10 - 0.6 * 0.5 * 10 - 0.6, and -20 + 0.6 * 0.5 * 20 - 0.6",
    )
    check.call(
        adamw_step,
        w,
        np.zeros(2),
        np.zeros(2),
        grad,
        1,
        learning_rate=0.6,
        beta_2=0.9,
        epsilon=0.0,
        weight_decay=0.5,
        coupled=True,
        expect=([9.4, -19.4], [0.7, -0.95], [4.9, 9.025]),
        about="coupled: the gradients are 2 + 5 and 0.5 - 10, and the step is the rate, large weight or not",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(405)
    for shape, t in [((4,), 1), ((3, 4), 3), ((2, 3, 2), 20), ((6,), 500)]:
        w, m, grad = rng.normal(size=(3, *shape))
        v = rng.uniform(0.5, 3.0, size=shape)
        for coupled in (False, True):
            check.call(
                adamw_step,
                5 * w,
                m,
                v,
                grad,
                t,
                rng.uniform(0.1, 1.0),
                rng.uniform(0.5, 0.9),
                rng.uniform(0.7, 0.95),
                rng.uniform(0.1, 0.5) if t == 500 else 1e-8,  # where its two places agree
                rng.uniform(0.2, 0.9),
                coupled,
                about="random arrays and settings, both ways, given by position",
            )
            check.call(
                adamw_step,
                5 * w,
                m,
                v,
                grad,
                t,
                learning_rate=0.3,
                weight_decay=0.0,
                coupled=coupled,
                about="without decay both are Adam",
            )
        check.call(adamw_step, 2000 * w, m, v, grad, t, about="default settings, large weights")
    check.call(
        adamw_step,
        np.array([-4, 5]),
        np.array([1, 0]),
        np.array([2, 3]),
        np.array([0, -1]),
        2,
        learning_rate=0.5,
        weight_decay=0.25,
        coupled=True,
        about="whole numbers, coupled",
    )
    ### END HIDDEN TESTS


# %% mistakes="adamw_step"
def _adam_of_adamw(w, m, v, g, t, rate, b1, b2, epsilon):
    """Adam, with nothing wrong; not a mistake by itself."""
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return w - rate * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + epsilon), m, v


def _adamw(w, m, v, grad, adam, decay, coupled, wrong=""):
    """Both ways, with something wrong in one of them; not a mistake by itself."""
    rate = adam[1]
    if coupled:
        return _adam_of_adamw(w, m, v, grad + decay * w, *adam)
    new_w, m, v = _adam_of_adamw(w, m, v, grad, *adam)
    pull = {
        "": rate * decay * w,
        "no rate": decay * w,
        "outward": -rate * decay * w,
        "new": rate * decay * new_w,
        "squared": rate * decay * w**2,
        "twice": 2 * rate * decay * w,
        "sign": rate * decay * np.sign(w),
        "none": 0.0,
    }
    return new_w - pull[wrong], m, v


def always_decoupled(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """With coupled=True you still decay the weights themselves. There the slope weight_decay * w is added to the gradient before Adam sees it, and nothing else happens to w."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    return _adamw(w, m, v, grad, adam, weight_decay, False)


def always_coupled(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """With coupled=False you still put the decay into the gradient: that is an L2 penalty, and not AdamW. Leave the gradient alone and subtract learning_rate * weight_decay * w from the weights."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    return _adamw(w, m, v, grad, adam, weight_decay, True)


def ways_exchanged(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """The two ways are exchanged: coupled=True belongs to the decay in the gradient, False to that of the weights."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    return _adamw(w, m, v, grad, adam, weight_decay, not coupled)


def both_at_once(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """With coupled=True you decay twice, in the gradient and in the weights. The gradient alone carries it there."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    new_w, m, v = _adamw(w, m, v, grad, adam, weight_decay, coupled)
    return new_w - learning_rate * weight_decay * w * coupled, m, v


def decay_without_rate(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """Decoupled, you subtract weight_decay * w without the learning rate. In Keras's AdamW the rate multiplies the decay as well."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    return _adamw(w, m, v, grad, adam, weight_decay, coupled, "no rate")


def decay_outward(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """Decoupled, your weights grow: the decay is subtracted, so that they shrink toward zero."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    return _adamw(w, m, v, grad, adam, weight_decay, coupled, "outward")


def decay_of_the_new(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """Decoupled, you shrink the weights that Adam's step has moved already. The decay is taken of the w from before the step."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    return _adamw(w, m, v, grad, adam, weight_decay, coupled, "new")


def decay_of_squares(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """Decoupled, you subtract something with w**2. The penalty is a square, its slope is weight_decay * w, and so is the decay."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    return _adamw(w, m, v, grad, adam, weight_decay, coupled, "squared")


def decay_by_sign(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """Decoupled, you subtract the same amount from large and small weights: that belongs to an L1 penalty. Decay is proportional to the weight."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    return _adamw(w, m, v, grad, adam, weight_decay, coupled, "sign")


def no_decay(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """With coupled=False nothing decays: you return Adam's step. Subtract learning_rate * weight_decay * w besides."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    return _adamw(w, m, v, grad, adam, weight_decay, coupled, "none")


def coupled_factor_two(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """Coupled, you add 2 * weight_decay * w to the gradient. The penalty has the factor 1/2, so its slope is weight_decay * w."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    return _adamw(w, m, v, grad, adam, weight_decay * (1 + coupled), coupled)


def coupled_with_rate(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """Coupled, you multiply the slope of the penalty by the learning rate. To the gradient weight_decay * w is added; the rate comes with the step."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    decay = weight_decay * (learning_rate if coupled else 1.0)
    return _adamw(w, m, v, grad, adam, decay, coupled)


def coupled_subtracted(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """Coupled, you subtract the slope of the penalty from the gradient, so the weights are pushed outward. Add it: the step subtracts it."""
    adam = (t, learning_rate, beta_1, beta_2, epsilon)
    return _adamw(w, m, v, grad, adam, -weight_decay if coupled else weight_decay, coupled)


def settings_not_passed(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """Adam runs with its default settings. Hand learning_rate, beta_1, beta_2 and epsilon on to adam_step."""
    new_w, m, v = _adam_of_adamw(
        w, m, v, grad + weight_decay * w * coupled, t, 0.001, 0.9, 0.999, 1e-7
    )
    return new_w - learning_rate * weight_decay * w * (not coupled), m, v


def betas_not_passed(
    w,
    m,
    v,
    grad,
    t,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
    weight_decay=0.004,
    coupled=False,
):
    """Adam gets the learning rate and not the rest. Hand beta_1, beta_2 and epsilon on to adam_step as well."""
    new_w, m, v = _adam_of_adamw(
        w, m, v, grad + weight_decay * w * coupled, t, learning_rate, 0.9, 0.999, 1e-7
    )
    return new_w - learning_rate * weight_decay * w * (not coupled), m, v


# %% [markdown]
# ## 5. A schedule: warm-up and cosine (4 points)
#
# Write `cosine_schedule`, the learning rate at a given `step`, where steps count from 0.
#
# - In the first `warmup_steps` steps the rate rises in a straight line from 0, at step 0, toward `peak`, which it
#   reaches at step `warmup_steps`. Without warm-up the rate at step 0 is the peak.
# - From there it follows half a wave of the cosine down to `floor`, which it reaches at step `total_steps`. In the
#   middle of this stretch it lies in the middle between `peak` and `floor`.
# - After `total_steps` it stays at `floor`.
#
# `warmup_steps` is smaller than `total_steps`. Return a number.

# %% [markdown] hints="cosine_schedule" reads="Warm-up and cosine"
# Three stretches, two `if`s. In the middle one, ask first how far the way from `warmup_steps` to `total_steps` has
# been gone, as a number from 0 to 1.
#
# ---
#
# $\cos(\pi\, p)$ goes from 1 to $-1$ while the progress $p$ goes from 0 to 1, so $(1 + \cos(\pi\,p))/2$ goes from 1 to
# 0. That is the share of the distance between `floor` and `peak`.
#
# ---
#
# `progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)`, and the rate is
# `floor + (peak - floor) * (1 + np.cos(np.pi * progress)) / 2`. Before that: `if step < warmup_steps:` return
# `peak * step / warmup_steps`.


# %% solution="cosine_schedule"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """The learning rate of one step: a linear warm-up, then half a cosine.

    step: whole number, 0 for the first step. total_steps, warmup_steps: whole numbers, warmup_steps < total_steps.
    peak, floor: the largest rate, and the last. Returns a number.

    Example: cosine_schedule(4, 8, peak=1.0) is 0.5, and cosine_schedule(1, 8, peak=1.0, warmup_steps=4) is 0.25.
    """
    ### BEGIN SOLUTION
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return floor + (peak - floor) * (1 + np.cos(np.pi * progress)) / 2
    ### END SOLUTION


# %% tests="cosine_schedule" points=4
with check.exercise("cosine_schedule"):
    for step, rate, where in [
        (0, 1.0, "the first step"),
        (2, 0.75, "a third of the way: (1 + cos 60°) / 2"),
        (3, 0.5, "half of the way"),
        (6, 0.0, "the end"),
    ]:
        check.call(cosine_schedule, step, 6, 1.0, expect=rate, about=where)
    for step, rate, where in [
        (0, 0.0, "the warm-up begins with 0"),
        (1, 0.5, "a quarter of the warm-up"),
        (4, 2.0, "the peak, at the end of the warm-up"),
        (8, 1.25, "half of the way down, between 2.0 and 0.5"),
        (12, 0.5, "the floor, at the end"),
        (17, 0.5, "after the end"),
    ]:
        check.call(
            cosine_schedule, step, 12, 2.0, warmup_steps=4, floor=0.5, expect=rate, about=where
        )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(406)
    for total, warmup in [(10, 0), (10, 9), (100, 10), (1000, 333), (7, 2)]:
        peak = rng.uniform(0.1, 2.0)
        for step in [
            0,
            warmup // 2,
            max(warmup - 1, 0),
            warmup,
            warmup + 1,
            (total + warmup) // 2,
            total - 1,
            total,
            total + 1,
            2 * total,
        ]:
            check.call(
                cosine_schedule,
                step,
                total,
                peak,
                warmup,
                peak * rng.uniform(0.05, 0.8),
                about="other lengths, peaks and floors",
            )
            check.call(
                cosine_schedule,
                step,
                total,
                peak,
                warmup_steps=warmup,
                about="other lengths, down to zero",
            )
    check.call(cosine_schedule, 3, 8, 3, 0, 1, about="a peak and a floor that are whole numbers")
    ### END HIDDEN TESTS


# %% mistakes="cosine_schedule"
def _cosine(step, total, peak, warmup, floor, progress=None, share=None, rise=None):
    """A schedule with one stretch exchanged; not a mistake by itself."""
    if step < warmup:
        return peak * step / warmup if rise is None else rise
    if progress is None:
        progress = min((step - warmup) / (total - warmup), 1.0)
    return floor + (peak - floor) * (
        (1 + np.cos(np.pi * progress)) / 2 if share is None else share(progress)
    )


def counted_from_one(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """Your warm-up starts with peak / warmup_steps: it is one step ahead. Here the rate at step 0 is 0."""
    return _cosine(
        step,
        total_steps,
        peak,
        warmup_steps,
        floor,
        rise=peak * (step + 1) / max(warmup_steps, 1),
    )


def warmup_from_floor(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """Your warm-up rises from the floor. It rises from 0; the floor is where the cosine ends."""
    rise = floor + (peak - floor) * step / max(warmup_steps, 1)
    return _cosine(step, total_steps, peak, warmup_steps, floor, rise=rise)


def no_warmup(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """There is no warm-up: you follow the cosine from step 0 on. Before warmup_steps the rate is peak * step / warmup_steps."""
    return _cosine(step, total_steps, peak, 0, floor)


def warmup_not_subtracted(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """Your cosine counts from step 0, so after the warm-up it does not begin at the peak. Its progress is (step - warmup_steps) / (total_steps - warmup_steps)."""
    progress = min(step / total_steps, 1.0)
    return _cosine(step, total_steps, peak, warmup_steps, floor, progress)


def pi_forgotten(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """Your cosine does not get down to the floor: its angle stops at 1. It goes from 0 to pi: np.cos(np.pi * progress)."""
    share = lambda progress: (1 + np.cos(progress)) / 2
    return _cosine(step, total_steps, peak, warmup_steps, floor, share=share)


def wave_too_long(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """Your cosine takes total_steps steps after the warm-up. It ends at total_steps, warm-up included: divide by total_steps - warmup_steps."""
    progress = min((step - warmup_steps) / total_steps, 1.0)
    return _cosine(step, total_steps, peak, warmup_steps, floor, progress)


def rises_again(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """After total_steps your rate rises again with the cosine. Limit the progress to 1, and it stays at the floor."""
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    return _cosine(step, total_steps, peak, warmup_steps, floor, progress)


def zero_after_the_end(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """After total_steps your rate is 0. It stays at the floor."""
    return 0.0 if step > total_steps else _cosine(step, total_steps, peak, warmup_steps, floor)


def floor_ignored(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """The floor has no effect: your rate goes down to 0."""
    return _cosine(step, total_steps, peak, warmup_steps, 0.0)


def floor_added(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """You add the floor to a cosine of full height, so your rate begins at peak + floor. The cosine's height is peak - floor."""
    if step < warmup_steps:
        return peak * step / warmup_steps
    return floor + _cosine(step, total_steps, peak, warmup_steps, 0.0)


def cut_at_the_floor(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """You follow a cosine down to 0 and cut it off at the floor. The cosine itself ends at the floor: its height is peak - floor."""
    rate = _cosine(step, total_steps, peak, warmup_steps, 0.0)
    return rate if step < warmup_steps else max(rate, floor)


def straight_line(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """You come down in a straight line. Half a wave of the cosine was asked for: (1 + cos(pi * progress)) / 2."""
    return _cosine(step, total_steps, peak, warmup_steps, floor, share=lambda p: 1 - p)


def quarter_wave(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """You use a quarter of a wave, cos(pi / 2 * progress). Half a wave leaves the peak slowly and arrives slowly: (1 + cos(pi * progress)) / 2."""
    share = lambda p: np.cos(np.pi * p / 2)
    return _cosine(step, total_steps, peak, warmup_steps, floor, share=share)


def full_wave(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """Your cosine runs through a whole wave, down and up again. Half a wave takes the angle from 0 to pi, and not to 2 pi."""
    share = lambda p: (1 + np.cos(2 * np.pi * p)) / 2
    return _cosine(step, total_steps, peak, warmup_steps, floor, share=share)


def upside_down(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """Your rate rises from the floor to the peak: 1 - cos stands where 1 + cos belongs."""
    share = lambda p: (1 - np.cos(np.pi * p)) / 2
    return _cosine(step, total_steps, peak, warmup_steps, floor, share=share)


def angle_in_degrees(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """Your angle is not in radians, as np.cos wants it: pi times the progress, and not 180 times."""
    share = lambda p: (1 + np.cos(180 * p)) / 2
    return _cosine(step, total_steps, peak, warmup_steps, floor, share=share)


def half_forgotten(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """1 + cos goes from 2 to 0. Divide it by 2."""
    share = lambda p: 1 + np.cos(np.pi * p)
    return _cosine(step, total_steps, peak, warmup_steps, floor, share=share)


def bare_cosine(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """You use the cosine as it is, from 1 to -1, and your rate falls below the floor. Lift it: (1 + cos) / 2 goes from 1 to 0."""
    share = lambda p: np.cos(np.pi * p)
    return _cosine(step, total_steps, peak, warmup_steps, floor, share=share)


def whole_progress(step, total_steps, peak, warmup_steps=0, floor=0.0):
    """Your progress is a whole number, 0 until the end: // stands where / belongs."""
    progress = min((step - warmup_steps) // (total_steps - warmup_steps), 1)
    return _cosine(step, total_steps, peak, warmup_steps, floor, progress)


# %% [markdown]
# ## 6. Clipping by the global norm (4 points)
#
# Write `clip_by_global_norm`. It gets a list of gradients, one array for each weight array of a network, and returns
# the tuple `(clipped, norm)`: a new list of arrays, and the norm of the gradients **before** clipping.
#
# - The norm is that of all numbers of all arrays together: the root of the sum of all their squares.
# - If it is larger than `max_norm`, every array is multiplied by the same factor, the one that brings the norm down to
#   `max_norm`. Otherwise the gradients come back as they are.
# - If the norm is infinite or NaN, because a number in some gradient is, no factor can mend it. Then the gradients come
#   back as **zeros** of the same shapes, so that the step does no harm; the norm is returned as it is.

# %% [markdown] hints="clip_by_global_norm" reads="When the gradient explodes"
# One number for the whole list: add up the squares of every array, then take one root. Only then look at `max_norm`.
#
# ---
#
# There are three cases: not finite (`np.isfinite(norm)` is False), larger than `max_norm`, and neither. Note that
# `0 * inf` is NaN: zeros for the first case have to be made new, as by `np.zeros(g.shape)`.
#
# ---
#
# `norm = np.sqrt(sum((g**2).sum() for g in grads))`; in the second case
# `[g * (max_norm / norm) for g in grads], norm`.


# %% solution="clip_by_global_norm"
def clip_by_global_norm(grads, max_norm):
    """Scale gradients together so that their common norm is at most max_norm.

    grads: list of arrays of any shapes. max_norm: a positive number.
    Returns the tuple (clipped, norm): a list of new arrays of the same shapes, and the norm before clipping.

    Example: with grads = [np.array([3.0]), np.array([4.0])] and max_norm=1.0 it is ([[0.6], [0.8]], 5.0).
    """
    ### BEGIN SOLUTION
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    factor = max_norm / norm if norm > max_norm else 1.0
    return [g * factor for g in grads], norm
    ### END SOLUTION


# %% tests="clip_by_global_norm" points=3
with check.exercise("clip_by_global_norm"):
    grads = [np.array([[2.0, -4.0]]), np.array([4.0])]
    check.call(
        clip_by_global_norm,
        grads,
        3.0,
        expect=([np.array([[1.0, -2.0]]), np.array([2.0])], 6.0),
        about="the norm is sqrt(4 + 16 + 16) = 6, twice as large as it may be",
    )
    check.call(
        clip_by_global_norm,
        grads,
        10.0,
        expect=([np.array([[2.0, -4.0]]), np.array([4.0])], 6.0),
        about="small enough: as they are",
    )
    check.call(
        clip_by_global_norm,
        [np.zeros((2, 2)), np.zeros(1)],
        1.0,
        expect=([np.zeros((2, 2)), np.zeros(1)], 0.0),
        about="gradients of zero stay zero, and no NaN appears",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(407)
    for shapes in [[(4, 3), (3,)], [(5,)], [(2, 3, 2), (2, 2), (4,), (1,)], [(3, 3), (3, 3)]]:
        grads = [rng.normal(size=shape) for shape in shapes]
        for max_norm in [0.1, 1.0, 1.7, 3.0, 20.0]:
            check.call(
                clip_by_global_norm,
                grads,
                max_norm,
                about="random gradients of several shapes and limits",
            )
        check.call(
            clip_by_global_norm,
            [1e4 * g for g in grads],
            2.0,
            about="very large gradients",
        )
    check.call(
        clip_by_global_norm,
        [np.array([3, 0]), np.array([[4]])],
        2,
        about="whole numbers",
    )
    ### END HIDDEN TESTS

# %% tests="clip_by_global_norm.edges" points=1
with check.exercise("clip_by_global_norm.edges"):
    check.call(
        clip_by_global_norm,
        [np.array([1.0, np.inf]), np.array([[2.0]])],
        1.0,
        expect=([np.zeros(2), np.zeros((1, 1))], np.inf),
        about="an infinite number among the gradients: all become zero",
    )
    check.call(
        clip_by_global_norm,
        [np.array([3.0, 4.0])],
        2.5,
        expect=([np.array([1.5, 2.0])], 5.0),
        about="one array, all finite",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(408)
    for bad in [np.nan, -np.inf]:
        grads = [rng.normal(size=(2, 3)), rng.normal(size=4)]
        grads[1][2] = bad
        check.call(
            clip_by_global_norm, grads, 1.0, about="NaN or infinity somewhere in the gradients"
        )
    ### END HIDDEN TESTS


# %% mistakes="clip_by_global_norm"
def _clip(grads, max_norm, norm=None, said=None, finite=True, always=False):
    """Clipping with something exchanged; not a mistake by itself."""
    true = np.sqrt(sum((g**2).sum() for g in grads))
    norm = true if norm is None else norm
    with np.errstate(all="ignore"):
        if finite and not np.isfinite(true):
            return [np.zeros(g.shape) for g in grads], true
        if norm > max_norm or always or np.isnan(norm):
            return [
                g * (max_norm / np.float64(norm)) for g in grads
            ], true if said is None else said
        return [1.0 * g for g in grads], true if said is None else said


def each_by_itself(grads, max_norm):
    """You clip each array by its own norm. There is one norm, of all arrays together, and one factor: so the direction of the step stays the same."""
    with np.errstate(all="ignore"):
        return [_clip([g], max_norm)[0][0] for g in grads], _clip(grads, max_norm)[1]


def by_value(grads, max_norm):
    """You cut off each number at max_norm. Clipping by norm multiplies all numbers by one factor, so that the direction stays."""
    return [np.clip(g, -max_norm, max_norm) * 1.0 for g in grads], _clip(grads, max_norm)[1]


def always_scaled(grads, max_norm):
    """You bring small gradients up to max_norm as well. If the norm is not larger than max_norm, they come back as they are."""
    return _clip(grads, max_norm, always=True)


def norm_after(grads, max_norm):
    """You return the norm after clipping. The one before was asked for: it tells what happens in training."""
    clipped, norm = _clip(grads, max_norm)
    return clipped, min(norm, max_norm) if np.isfinite(norm) else norm


def factor_returned(grads, max_norm):
    """You return the factor beside the gradients. The norm before clipping was asked for."""
    clipped, norm = _clip(grads, max_norm)
    return clipped, max_norm / norm if norm > max_norm else 1.0


def sum_of_norms(grads, max_norm):
    """You add the norms of the arrays. Add the squares of all numbers, and take the root once, of the sum."""
    norm = sum(np.sqrt((g**2).sum()) for g in grads)
    return _clip(grads, max_norm, norm, norm)


def root_forgotten(grads, max_norm):
    """Your norm is the sum of the squares: its root is missing."""
    norm = sum((g**2).sum() for g in grads)
    return _clip(grads, max_norm, norm, norm)


def mean_for_sum(grads, max_norm):
    """You take the root of the mean of the squares. The norm is the root of their sum."""
    norm = np.sqrt(sum((g**2).sum() for g in grads) / sum(g.size for g in grads))
    return _clip(grads, max_norm, norm, norm)


def sum_of_sizes(grads, max_norm):
    """Your norm is the sum of the absolute values. The root of the sum of squares was asked for."""
    norm = sum(np.abs(g).sum() for g in grads)
    return _clip(grads, max_norm, norm, norm)


def largest_number(grads, max_norm):
    """Your norm is the largest number. The root of the sum of squares was asked for."""
    norm = max(np.abs(g).max() for g in grads)
    return _clip(grads, max_norm, norm, norm)


def largest_norm(grads, max_norm):
    """Your norm is that of the largest array. The squares of all arrays belong under one root."""
    norm = max(np.sqrt((g**2).sum()) for g in grads)
    return _clip(grads, max_norm, norm, norm)


def first_only(grads, max_norm):
    """Your norm is that of the first array alone. The squares of all arrays belong under one root."""
    norm = np.sqrt((grads[0] ** 2).sum())
    return _clip(grads, max_norm, norm, norm)


def unit_norm(grads, max_norm):
    """Too large gradients come back with norm 1. The factor that brings them to max_norm is max_norm / norm."""
    clipped, norm = _clip(grads, max_norm)
    scale = max_norm if norm > max_norm and np.isfinite(norm) else 1.0
    return [g / scale for g in clipped], norm


def not_clipped(grads, max_norm):
    """The gradients come back as they were. Multiply each by max_norm / norm when the norm is larger than max_norm."""
    return _clip(grads, np.inf)


def clipped_the_wrong_way(grads, max_norm):
    """You scale the gradients whose norm is small enough and leave the large ones. Scale if norm > max_norm."""
    clipped, norm = _clip(grads, np.inf)
    with np.errstate(all="ignore"):
        return [g * (max_norm / norm) if norm <= max_norm else g for g in clipped], norm


def factor_inverted(grads, max_norm):
    """You make large gradients larger: the factor is max_norm / norm, and not norm / max_norm."""
    clipped, norm = _clip(grads, np.inf)
    return [
        g * (norm / max_norm) if np.isfinite(norm) and norm > max_norm else g for g in clipped
    ], norm


def not_finite_passed_on(grads, max_norm):
    """With an infinity or NaN in a gradient, your answer is not all zeros. Ask np.isfinite(norm) first, and return new zeros: multiplying by 0 does not help, since 0 * inf is NaN."""
    return _clip(grads, max_norm, finite=False)


def zeros_by_multiplication(grads, max_norm):
    """With an infinity or NaN in a gradient, your answer is not all zeros. Ask np.isfinite(norm) first, and return new zeros: multiplying by 0 does not help, since 0 * inf is NaN."""
    clipped, norm = _clip(grads, max_norm)
    with np.errstate(all="ignore"):
        return clipped if np.isfinite(norm) else [0.0 * g for g in grads], norm


def min_of_nan(grads, max_norm):
    """With an infinity or NaN in a gradient, your answer is not all zeros. Ask np.isfinite(norm) first, and return new zeros: multiplying by 0 does not help, since 0 * inf is NaN."""
    with np.errstate(all="ignore"):
        norm = np.sqrt(sum((g**2).sum() for g in grads))
        return [g * (max_norm / norm if norm > max_norm else 1.0) for g in grads], norm


def all_nan(grads, max_norm):
    """With an infinity or NaN in a gradient, your answer is NaN. Keras does that, but here zeros were asked for. Ask np.isfinite(norm) first, and return new zeros: multiplying by 0 does not help, since 0 * inf is NaN."""
    clipped, norm = _clip(grads, max_norm)
    return [g if np.isfinite(norm) else np.full(g.shape, np.nan) for g in clipped], norm


def bad_numbers_replaced(grads, max_norm):
    """You set the infinite and NaN numbers alone to zero. All gradients come back as zeros then: the others are as little to be trusted."""
    norm = _clip(grads, max_norm)[1]
    if np.isfinite(norm):
        return _clip(grads, max_norm)
    mended = [np.where(np.isfinite(g), g, 0.0) for g in grads]
    return _clip(mended, max_norm)[0], norm


def norm_set_to_zero(grads, max_norm):
    """When a gradient is infinite or NaN you return another norm than there was. Return it as it is, infinity or NaN: it tells what happened."""
    clipped, norm = _clip(grads, max_norm)
    return clipped, norm if np.isfinite(norm) else 0.0


# %% [markdown]
# ## 7. The learning-rate range test (4 points)
#
# Which rates are worth a try? Write `lr_range_test`. It takes one run of gradient descent in which every step has a
# new rate, and records the loss on the way.
#
# - `loss_and_grad(w)` returns the tuple `(loss, grad)`. It is called **once for each step**, for it is the dear part.
# - In step `i` the loss at the present `w` is recorded, and then `w` moves by `-learning_rates[i]` times the gradient.
#   So `losses[i]` is the loss **before** the step with `learning_rates[i]`, and each step starts where the one before
#   it ended.
# - The test ends with the rates, or before: a recorded loss that is not finite, or larger than `stop` times the smallest
#   loss recorded so far, is the last one. Losses are positive.
#
# Return the recorded losses, a one-dimensional array.

# %% [markdown] hints="lr_range_test" reads="Which rate?"
# A loop over the rates with four things in it: compute, record, perhaps leave, move. In which order?
#
# ---
#
# Record before you decide to leave, so that the bad loss is in the list. Compare with the smallest of the recorded
# losses, `min(losses)`, and not with the first or the last one. NaN is not larger than anything: ask `np.isfinite` as well.
#
# ---
#
# `loss, grad = loss_and_grad(w)`, `losses.append(loss)`, then
# `if not np.isfinite(loss) or loss > stop * min(losses): break`, then `w = w - learning_rate * grad`. After the loop
# `return np.array(losses)`.


# %% solution="lr_range_test"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    """The losses of one run of gradient descent whose rate changes from step to step (Smith 2017).

    loss_and_grad: function of w that returns the tuple (loss, grad). w: the first weights, an array.
    learning_rates: array of the rates, one for each step. stop: how many times the best loss is too much.
    Returns an array of losses, at most as many as there are rates.

    Example: for the loss w**2 / 2, whose gradient is w, with w = [2.0] and learning_rates = [0.5, 1.0, 1.0] it is
    [2.0, 0.5, 0.0].
    """
    ### BEGIN SOLUTION
    losses = []
    for learning_rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
        w = w - learning_rate * grad
    return np.array(losses)
    ### END SOLUTION


# %% given="losses"
def parabola(w):
    """The loss w**2 / 2, summed over w, and its gradient w. A rate below 1 shrinks w, one above 2 makes it grow."""
    return (w**2).sum() / 2, w


def evaluations(w, learning_rates):
    """How often your range test computes the loss, as a text: "3 times"."""
    calls = []

    def counted(w):
        calls.append(1)
        return parabola(w)

    lr_range_test(counted, w, learning_rates)
    return f"{len(calls)} times"


# %% tests="lr_range_test" points=4
with check.exercise("lr_range_test"):
    check.call(
        lr_range_test,
        parabola,
        np.array([2.0]),
        np.array([0.5, 0.5, 3.0, 0.5, 0.5]),
        expect=[2.0, 0.5, 0.125, 0.5, 0.125],
        about="w goes from 2 to 1, 0.5, -1 and -0.5; 0.5 is just 4 times 0.125, not more, so the test goes on",
    )
    check.call(
        lr_range_test,
        parabola,
        np.array([2.0]),
        np.array([0.5, 2.5, 5.0, 0.5, 0.5]),
        expect=[2.0, 0.5, 1.125, 18.0],
        about="w goes to 1, -1.5, 6; 18 is more than 4 times 0.5, so it is the last",
    )
    check.value(
        "how often the loss is computed for three rates",
        evaluations(np.array([1.0]), np.array([0.1, 0.2, 0.3])),
        expect="3 times",
        about="once for each step",
        diagnosis="evaluations",
        why="The loss is not computed once for each step. One call of loss_and_grad gives the loss to record and the "
        "gradient to step with.",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(409)

    def bowl(w):
        return 0.1 + w @ np.array([[3.0, 1.0], [1.0, 2.0]]) @ w / 2, np.array(
            [[3.0, 1.0], [1.0, 2.0]]
        ) @ w

    def waves(w):
        return 1.5 + np.sin(3 * w).mean(), 3 * np.cos(3 * w) / w.size

    def breaks(w):
        """Beyond 3 the loss is undefined."""
        return (w**2).sum() if np.abs(w).max() <= 3 else np.nan, 2 * w

    def explodes(w):
        return (w**2).sum() if np.abs(w).max() <= 3 else np.inf, 2 * w

    geometric = 0.01 * 1.5 ** np.arange(20.0)
    for function, name in [(bowl, "a bowl of two weights"), (waves, "a wavy loss")]:
        check.call(lr_range_test, function, rng.normal(size=2), geometric, about=name)
        check.call(
            lr_range_test, function, rng.normal(size=2), geometric[:7], about=f"{name}, few rates"
        )
        check.call(
            lr_range_test,
            function,
            rng.normal(size=2),
            geometric,
            stop=1.3,
            about=f"{name}, another limit",
        )
    check.call(
        lr_range_test,
        parabola,
        rng.normal(size=(2, 3)),
        geometric,
        20.0,
        about="weights in a matrix",
    )
    for function in (breaks, explodes):
        check.call(
            lr_range_test,
            function,
            np.array([1.0, -0.5]),
            np.array([0.1, 0.2, 5.0, 0.1, 0.1, 0.1]),
            1000.0,
            about="a loss that is not finite is the last one",
        )
    check.call(
        lr_range_test,
        parabola,
        np.array([20.0]),
        np.array([0.5, 0.5, 2.2, 2.5, 3.0, 0.1]),
        about="large losses, and a slow rise",
    )
    check.call(
        lr_range_test,
        breaks,
        np.array([4.0]),
        np.array([0.1, 0.1]),
        about="a loss that is not finite from the start",
    )
    check.value(
        "how often the loss is computed in a test that ends early",
        evaluations(np.array([1.0]), np.array([0.1, 9.0, 9.0, 9.0])),
        about="computed once for each step, and not after the end",
        diagnosis="evaluations",
        why="The loss is computed too often: once for each step, and no more after the test has ended.",
    )
    ### END HIDDEN TESTS


# %% mistakes="lr_range_test"
def _range(function, w, rates, stop, ends=None, restart=False, sign=-1.0):
    """A range test with something exchanged; not a mistake by itself."""
    losses, first = [], w
    for rate in rates:
        loss, grad = function(w)
        losses.append(loss)
        if ends is None:
            if not np.isfinite(loss) or loss > stop * min(losses):
                break
        elif ends(losses):
            break
        w = (first if restart else w) + sign * rate * grad
    return np.array(losses)


def loss_after(loss_and_grad, w, learning_rates, stop=4.0):
    """You record the loss after each step. Recorded is the loss before it, the one that comes with the gradient."""
    losses = []
    for rate in learning_rates:
        w = w - rate * loss_and_grad(w)[1]
        losses.append(loss_and_grad(w)[0])
        if not np.isfinite(losses[-1]) or losses[-1] > stop * min(losses):
            break
    return np.array(losses)


def each_from_the_start(loss_and_grad, w, learning_rates, stop=4.0):
    """Each of your rates starts from the first weights. Here it is one run: each step starts where the one before it ended."""
    losses = []
    loss, grad = loss_and_grad(w)
    for rate in learning_rates:
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
        loss = loss_and_grad(w - rate * grad)[0]
    return np.array(losses)


def never_moves(loss_and_grad, w, learning_rates, stop=4.0):
    """The loss is the same at every step: w never moves. After recording, w = w - learning_rate * grad."""
    return _range(loss_and_grad, w, 0 * learning_rates, stop)


def uphill(loss_and_grad, w, learning_rates, stop=4.0):
    """The steps go up the gradient: subtract it."""
    return _range(loss_and_grad, w, learning_rates, stop, sign=1.0)


def one_rate(loss_and_grad, w, learning_rates, stop=4.0):
    """Every step has the first rate. Step i has learning_rates[i]."""
    return _range(loss_and_grad, w, np.full(len(learning_rates), learning_rates[0]), stop)


def never_stops(loss_and_grad, w, learning_rates, stop=4.0):
    """Your test runs through all rates. It ends after a loss that is larger than stop times the smallest so far."""
    return _range(loss_and_grad, w, learning_rates, stop, lambda losses: False)


def last_one_dropped(loss_and_grad, w, learning_rates, stop=4.0):
    """The loss that ends the test is missing from your list. Record it first, and then leave."""
    losses = _range(loss_and_grad, w, learning_rates, stop)
    ended = not np.isfinite(losses[-1]) or losses[-1] > stop * min(losses)
    return losses[:-1] if ended else losses


def last_one_dropped_and_nan(loss_and_grad, w, learning_rates, stop=4.0):
    """The loss that ends the test is missing from your list: record it first, and then leave. And NaN > x is False for every x, so a loss of NaN does not end your test: ask np.isfinite as well."""
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        if losses and loss > stop * min(losses):
            break
        losses.append(loss)
        w = w - rate * grad
    return np.array(losses)


def against_the_first(loss_and_grad, w, learning_rates, stop=4.0):
    """You compare with the first loss. The smallest loss so far counts: it may be far below the first."""
    ends = lambda losses: not np.isfinite(losses[-1]) or losses[-1] > stop * losses[0]
    return _range(loss_and_grad, w, learning_rates, stop, ends)


def against_the_one_before(loss_and_grad, w, learning_rates, stop=4.0):
    """You compare with the loss of the step before. The smallest loss so far counts: a slow rise is a rise too."""
    ends = lambda losses: not np.isfinite(losses[-1]) or losses[-1] > stop * losses[-2:][0]
    return _range(loss_and_grad, w, learning_rates, stop, ends)


def against_one(loss_and_grad, w, learning_rates, stop=4.0):
    """You end as soon as the loss is larger than stop itself. The limit is stop times the smallest loss so far."""
    ends = lambda losses: not np.isfinite(losses[-1]) or losses[-1] > stop
    return _range(loss_and_grad, w, learning_rates, stop, ends)


def any_rise(loss_and_grad, w, learning_rates, stop=4.0):
    """You end at the first loss that is larger than the smallest. It has to be larger than stop times the smallest."""
    ends = lambda losses: not np.isfinite(losses[-1]) or losses[-1] > min(losses)
    return _range(loss_and_grad, w, learning_rates, stop, ends)


def equal_is_too_much(loss_and_grad, w, learning_rates, stop=4.0):
    """You end at a loss of just stop times the smallest. Only a larger one ends the test."""
    ends = lambda losses: not np.isfinite(losses[-1]) or losses[-1] >= stop * min(losses)
    return _range(loss_and_grad, w, learning_rates, stop, ends)


def stop_ignored(loss_and_grad, w, learning_rates, stop=4.0):
    """The argument stop has no effect: your limit is always 4 times the smallest loss."""
    return _range(loss_and_grad, w, learning_rates, 4.0)


def not_finite_goes_on(loss_and_grad, w, learning_rates, stop=4.0):
    """Your test goes on after a loss that is NaN or infinite. NaN > x is False for every x: ask np.isfinite as well."""
    ends = lambda losses: losses[-1] > stop * min(losses)
    return _range(loss_and_grad, w, learning_rates, stop, ends)


def one_too_many(loss_and_grad, w, learning_rates, stop=4.0):
    """You record one loss more than there are steps: the one after the last step is not asked for."""
    return _range(loss_and_grad, w, np.append(learning_rates, 0.0), stop)


def best_rate(loss_and_grad, w, learning_rates, stop=4.0):
    """You return a learning rate. The losses were asked for: let the reader choose from the curve."""
    return learning_rates[np.nanargmin(_range(loss_and_grad, w, learning_rates, stop))]


# %% [markdown]
# ## 8. An optimizer of your own: LARS (7 points)
#
# In a deep network one layer's weights may be large and its gradients small, and the next one's the other way round.
# A single rate is then too much for one and too little for the other. LARS (You, Gitman and Ginsburg 2017), made for
# very large batches, gives each weight array a rate of its own: a step is to be a fixed share of the array's size.
# For each array $w$ with gradient $g$,
#
# $$\text{ratio} = \text{trust} \cdot \frac{\lVert w \rVert}{\lVert g \rVert}, \qquad
# \text{velocity} \leftarrow \text{momentum} \cdot \text{velocity} - \mathrm{learning\_rate} \cdot \text{ratio} \cdot g,
# \qquad w \leftarrow w + \text{velocity} .$$
#
# $\lVert \cdot \rVert$ is the root of the sum of the squares over the whole array. **Where $\lVert w \rVert$ or
# $\lVert g \rVert$ is zero, the ratio is 1** (a bias that starts at zero would never move otherwise). In its first step
# from rest, then, an array moves by the share $\mathrm{learning\_rate} \cdot \text{trust}$ of its own length, however
# large its gradient is.
#
# Write it as a class `Lars` for Keras:
#
# - `update_step` is compiled with the model, so use `keras.ops` and no `if` on tensors: `keras.ops.where`.
# - An array may have any number of dimensions (the weights of a convolution have four), and on TensorFlow
#   `keras.ops.norm` takes only one or two. Sum the squares with `keras.ops.sum`, or reshape first.
# - Use the `learning_rate` that `update_step` is given: it is the rate of this step, also where the user gave a schedule.
# - `get_config` must hold all that is needed to make an equal optimizer by `Lars.from_config(...)`.
#
# The function `lars_path` below tries it out. Run its cell after yours, then for example
# `lars_path([np.array([3.0, 4.0])], [[np.array([0.0, 1.0])]], learning_rate=1.0)`, whose one step, with the ratio
# $0.1 \cdot 5 / 1$, leads to `[3.0, 3.5]`.

# %% [markdown] hints="lars" reads="Your own optimizer in Keras"
# The four methods are those of the lesson's optimizer. `__init__` and `get_config` belong together (what one takes, the
# other gives back), and so do `build` (makes one velocity for each weight array) and `update_step` (uses it).
#
# ---
#
# `super().__init__(learning_rate=learning_rate, name=name, **kwargs)` takes all that is Keras's own; keep `momentum` and
# `trust` in `self`. In `build`: `super().build(variables)`, then one velocity for each variable, as in the lesson,
# `self.velocities = self.add_optimizer_variables(variables, "velocity")`. In `update_step` the velocity of this variable
# is `self.velocities[self._get_variable_index(variable)]`; `self.assign` writes it, `self.assign_add` moves the weights.
#
# ---
#
# `w_norm = keras.ops.sqrt(keras.ops.sum(keras.ops.square(variable)))`, and `g_norm` of the gradient likewise. Then
# `ratio = keras.ops.where(keras.ops.logical_and(w_norm > 0, g_norm > 0), self.trust * w_norm / g_norm, 1.0)`. In
# `get_config`: `return {**super().get_config(), "momentum": self.momentum, "trust": self.trust}`.


# %% solution="lars"
class Lars(keras.optimizers.Optimizer):
    """Momentum whose step is, for each weight array, in proportion to the array's size (You et al. 2017).

    learning_rate: a number or a schedule. momentum, trust: numbers, as in the formulas above. name and everything else
    is for keras.optimizers.Optimizer.
    """

    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        ### BEGIN SOLUTION
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum, self.trust = momentum, trust
        ### END SOLUTION

    def build(self, variables):
        """Make room for one velocity, at first zero, for each of the variables."""
        ### BEGIN SOLUTION
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")
        ### END SOLUTION

    def update_step(self, gradient, variable, learning_rate):
        """Take one step of one variable: assign the new velocity, and add it to the variable."""
        ### BEGIN SOLUTION
        velocity = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(keras.ops.square(variable)))
        g_norm = keras.ops.sqrt(keras.ops.sum(keras.ops.square(gradient)))
        both = keras.ops.logical_and(w_norm > 0, g_norm > 0)
        ratio = keras.ops.where(both, self.trust * w_norm / g_norm, 1.0)
        self.assign(velocity, self.momentum * velocity - learning_rate * ratio * gradient)
        self.assign_add(variable, velocity)
        ### END SOLUTION

    def get_config(self):
        """A dictionary of everything that __init__ takes."""
        ### BEGIN SOLUTION
        return {**super().get_config(), "momentum": self.momentum, "trust": self.trust}
        ### END SOLUTION


# %% given="lars_path"
def lars_path(weights, gradients, rates=None, copied=False, **settings):
    """Where your optimizer takes `weights`, a list of arrays: a list with their values after each step.

    gradients: for each step, a list with one array for each array of weights. rates: a rate for each step, given to
    your optimizer as a schedule. copied: use the copy that from_config makes of get_config. settings: for Lars.
    """
    if rates is not None:
        steps = list(range(len(rates) - 1))
        settings["learning_rate"] = keras.optimizers.schedules.PiecewiseConstantDecay(steps, rates)
    optimizer = Lars(**settings)
    if copied:
        optimizer = Lars.from_config(optimizer.get_config())
    variables = [keras.Variable(w, dtype="float32") for w in weights]
    path = []
    for step in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(g, "float32") for g in step], variables)
        path.append([keras.ops.convert_to_numpy(v) for v in variables])
    return path


def lars_training(x, y, weights, steps):
    """The weights of a linear model after some compiled steps with your optimizer, learning rate 0.5."""
    inputs = keras.Input(x.shape[1:])
    model = keras.Model(inputs, keras.layers.Dense(y.shape[1])(inputs))
    model.set_weights(weights)
    model.compile(Lars(learning_rate=0.5), loss="mse")
    for _ in range(steps):
        model.train_on_batch(x.astype("float32"), y.astype("float32"))
    return model.get_weights()


# %% tests="lars" points=4
with check.exercise("lars"):
    check.call(
        lars_path,
        [np.array([3.0, 4.0])],
        [[np.array([0.0, 20.0])]],
        learning_rate=1.0,
        trust=0.5,
        expect=[[np.array([3.0, 1.5])]],
        about="one step from rest: the norms are 5 and 20, so the ratio is 0.125, and 0.125 * 20 = 2.5",
    )
    check.call(
        lars_path,
        [np.array([3.0, 4.0]), np.array([0.0])],
        [[np.array([0.0, 20.0]), np.array([2.0])], [np.array([0.0, 0.0]), np.array([0.0])]],
        learning_rate=0.1,
        momentum=0.5,
        trust=0.8,
        expect=[
            [np.array([3.0, 3.6]), np.array([-0.2])],
            [np.array([3.0, 3.4]), np.array([-0.3])],
        ],
        about="two arrays, the second one zero; in the second step the velocities alone, halved, move them",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(410)
    shapes = [(3, 4), (4,), (4, 2), (2,)]
    weights = [scale * rng.normal(size=s) for scale, s in zip([1.0, 5.0, 0.2, 1.0], shapes)]
    steps = [[rng.normal(size=s) for s in shapes] for _ in range(4)]
    check.call(lars_path, weights, steps, learning_rate=1.0, about="four steps of four arrays")
    check.call(
        lars_path,
        weights,
        steps,
        learning_rate=rng.uniform(0.5, 1.0),
        momentum=rng.uniform(0.3, 0.7),
        trust=rng.uniform(0.3, 0.9),
        about="other settings",
    )
    check.call(
        lars_path,
        [10 * w for w in weights],
        steps[:2],
        about="the settings that are used when none is given",
    )
    check.call(
        lars_path,
        weights,
        [[1000 * g for g in step] for step in steps],
        learning_rate=0.5,
        about="gradients a thousand times as large",
    )
    check.call(
        lars_path,
        [np.zeros((2, 3)), rng.normal(size=3)],
        [[rng.normal(size=(2, 3)), np.zeros(3)], [rng.normal(size=(2, 3)), np.zeros(3)]],
        learning_rate=0.7,
        about="weights that are all zero, and gradients that are: the ratio is 1",
    )
    check.call(
        lars_path,
        [rng.normal(size=(2, 3, 2)), np.array(0.5)],
        [[rng.normal(size=(2, 3, 2)), np.array(-0.3)]] * 2,
        learning_rate=0.7,
        about="an array of three dimensions, and a single number",
    )
    check.call(
        lars_path,
        weights,
        steps,
        rates=[1.0, 0.2, 2.0, 0.5],
        about="a schedule, with another rate at every step",
    )
    ### END HIDDEN TESTS

# %% tests="lars.compiled" points=2
with check.exercise("lars.compiled"):
    compiled = {
        "diagnosis": "compiled",
        "why": "Compiled in a model, your optimizer takes other steps than the formulas. If the values above are wrong as "
        "well, mend those first. If they are right: is anything computed outside of keras.ops, or kept in a plain Python "
        "attribute instead of an optimizer variable?",
    }
    check.call(
        lars_training,
        np.array([[1.0, 0.0], [0.0, 1.0]]),
        np.array([[0.0], [0.0]]),
        [np.array([[3.0], [4.0]]), np.array([0.0])],
        1,
        expect=[np.array([[2.85], [3.8]]), np.array([-3.5])],
        about="one compiled step: the gradients are [[3], [4]] and [7], and the ratios 0.1 and 1",
        **compiled,
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(411)
    check.call(
        lars_training,
        rng.normal(size=(8, 3)),
        rng.normal(size=(8, 2)),
        [rng.normal(size=(3, 2)), 0.1 * rng.normal(size=2)],
        5,
        about="five compiled steps of a model with two outputs",
        **compiled,
    )
    ### END HIDDEN TESTS

# %% tests="lars.config" points=1
with check.exercise("lars.config"):
    check.call(
        lars_path,
        [np.array([3.0, 4.0])],
        [[np.array([0.0, 20.0])], [np.array([0.0, 0.0])]],
        copied=True,
        learning_rate=1.0,
        momentum=0.5,
        trust=0.4,
        expect=[[np.array([3.0, 2.0])], [np.array([3.0, 1.0])]],
        about="a copy made from get_config takes the same steps",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(412)
    for settings in [
        {"momentum": 0.3},
        {"trust": 0.7},
        {"learning_rate": 0.5},
        {"learning_rate": 0.5, "momentum": 0.2, "trust": 0.9},
        {"clipvalue": 0.1, "learning_rate": 0.9},
    ]:
        check.call(
            lars_path,
            [20 * rng.normal(size=(2, 2))],
            [[rng.normal(size=(2, 2))] for _ in range(3)],
            copied=True,
            about="copies of optimizers with various settings",
            **settings,
        )
    ### END HIDDEN TESTS


# %% mistakes="lars"
_norm = lambda a: np.sqrt((np.asarray(a, float) ** 2).sum())


def _ratio(w, g, trust):
    """The trust ratio, with nothing wrong."""
    return trust * _norm(w) / _norm(g) if _norm(w) > 0 and _norm(g) > 0 else 1.0


def _lars(weights, gradients, settings, wrong="", ratio=_ratio):
    """LARS, with something wrong in it; not a mistake by itself."""
    given = {"learning_rate": 0.01, "momentum": 0.9, "trust": 0.1, "clipvalue": None} | settings
    rates = given.get("rates") or [given["learning_rate"]] * len(gradients)
    momentum, trust, limit = given["momentum"], given["trust"], given["clipvalue"]
    weights, path = [np.asarray(w, float) for w in weights], []
    velocities = [np.zeros(w.shape) for w in weights]
    for rate, step in zip(rates, gradients):
        step = [g if limit is None else np.clip(g, -limit, limit) for g in step]
        whole = [np.concatenate([np.ravel(a) for a in arrays]) for arrays in (weights, step)]
        for i, g in enumerate(step):
            r = _ratio(*whole, trust) if wrong == "global" else ratio(weights[i], g, trust)
            old = velocities[i]
            if wrong == "rate outside":
                velocities[i] = momentum * old - r * g
                weights[i] = weights[i] + rate * velocities[i]
            elif wrong == "ratio outside":
                velocities[i] = momentum * old - rate * g
                weights[i] = weights[i] + r * velocities[i]
            elif wrong == "nesterov":
                velocities[i] = momentum * old - rate * r * g
                weights[i] = weights[i] + momentum * velocities[i] - rate * r * g
            elif wrong == "average":
                velocities[i] = momentum * old - (1 - momentum) * rate * r * g
                weights[i] = weights[i] + velocities[i]
            elif wrong == "old velocity":
                velocities[i] = momentum * old - rate * r * g
                weights[i] = weights[i] + old
            else:
                sign = 1.0 if wrong == "uphill" else -1.0
                velocities[i] = momentum * old * (wrong != "no momentum") + sign * rate * r * g
                weights[i] = weights[i] + velocities[i]
        path.append([w.copy() for w in weights])
    return path


def no_ratio(weights, gradients, rates=None, copied=False, **settings):
    """Your steps are those of plain momentum: the trust ratio has no effect. Multiply the gradient by it."""
    return _lars(weights, gradients, {"rates": rates, **settings}, ratio=lambda w, g, trust: 1.0)


def trust_forgotten(weights, gradients, rates=None, copied=False, **settings):
    """Your ratio lacks the factor trust: an array moves by the share learning_rate of its own length, which is far too much."""
    ratio = lambda w, g, trust: _ratio(w, g, 1.0)
    return _lars(weights, gradients, {"rates": rates, **settings}, ratio=ratio)


def ratio_inverted(weights, gradients, rates=None, copied=False, **settings):
    """Your ratio is the size of the gradient divided by that of the weights. It is the other way round: the larger the weights, the longer the step."""
    ratio = lambda w, g, trust: trust**2 / _ratio(w, g, trust) if _norm(w) * _norm(g) > 0 else 1.0
    return _lars(weights, gradients, {"rates": rates, **settings}, ratio=ratio)


def trust_everywhere(weights, gradients, rates=None, copied=False, **settings):
    """Where a norm is zero, your ratio is trust. It is 1 there, without the factor."""
    ratio = lambda w, g, trust: _ratio(w, g, trust) if _norm(w) * _norm(g) > 0 else trust
    return _lars(weights, gradients, {"rates": rates, **settings}, ratio=ratio)


def zero_stays_zero(weights, gradients, rates=None, copied=False, **settings):
    """Weights that are all zero never move: your ratio is 0 for them. Where a norm is zero the ratio is 1."""
    ratio = lambda w, g, trust: _ratio(w, g, trust) if _norm(w) * _norm(g) > 0 else 0.0
    return _lars(weights, gradients, {"rates": rates, **settings}, ratio=ratio)


def zero_over_zero(weights, gradients, rates=None, copied=False, **settings):
    """A gradient of zero makes NaN: you divide by its norm. Choose with keras.ops.where: where either norm is 0, the ratio is 1."""
    with np.errstate(all="ignore"):
        ratio = lambda w, g, trust: trust * _norm(w) / np.float64(_norm(g))
        return _lars(weights, gradients, {"rates": rates, **settings}, ratio=ratio)


def zero_over_zero_alone(weights, gradients, rates=None, copied=False, **settings):
    """A gradient of zero makes NaN: only weights of zero are looked after. Where either norm is 0, the ratio is 1."""
    with np.errstate(all="ignore"):
        ratio = lambda w, g, trust: trust * _norm(w) / np.float64(_norm(g)) if w.any() else 1.0
        return _lars(weights, gradients, {"rates": rates, **settings}, ratio=ratio)


def root_forgotten(weights, gradients, rates=None, copied=False, **settings):
    """You divide the sums of squares. The norms are their roots."""
    ratio = lambda w, g, trust: _ratio(w, g, 1.0) ** 2 * trust if _norm(w) * _norm(g) > 0 else 1.0
    return _lars(weights, gradients, {"rates": rates, **settings}, ratio=ratio)


def sum_of_sizes(weights, gradients, rates=None, copied=False, **settings):
    """You add absolute values. The norm is the root of the sum of squares."""
    ratio = lambda w, g, trust: (
        trust * np.abs(w).sum() / np.abs(g).sum() if _norm(w) * _norm(g) > 0 else 1.0
    )
    return _lars(weights, gradients, {"rates": rates, **settings}, ratio=ratio)


def each_weight_its_own(weights, gradients, rates=None, copied=False, **settings):
    """Every single weight has a ratio of its own. There is one ratio for each array, from the norms of the whole array."""
    ratio = lambda w, g, trust: np.where(
        (w != 0) & (g != 0), trust * np.abs(w) / np.where(g == 0, 1.0, np.abs(g)), 1.0
    )
    return _lars(weights, gradients, {"rates": rates, **settings}, ratio=ratio)


def one_ratio_for_all(weights, gradients, rates=None, copied=False, **settings):
    """You use one ratio for all arrays. Each array has its own: that is the point of LARS."""
    return _lars(weights, gradients, {"rates": rates, **settings}, "global")


def rate_outside(weights, gradients, rates=None, copied=False, **settings):
    """You leave the rate out of the velocity and multiply by it when the weights move. With a schedule that differs: old steps keep the rate that they were taken with."""
    return _lars(weights, gradients, {"rates": rates, **settings}, "rate outside")


def ratio_outside(weights, gradients, rates=None, copied=False, **settings):
    """You leave the ratio out of the velocity and multiply by it when the weights move. It belongs to the gradient of its own step, in the velocity."""
    return _lars(weights, gradients, {"rates": rates, **settings}, "ratio outside")


def no_momentum(weights, gradients, rates=None, copied=False, **settings):
    """The velocity forgets all earlier steps. Keep it in a variable made in build, and assign the new one."""
    return _lars(weights, gradients, {"rates": rates, **settings}, "no momentum")


def averaged_gradient(weights, gradients, rates=None, copied=False, **settings):
    """You weigh the gradient by 1 - momentum, as an average does. Here it enters the velocity in full."""
    return _lars(weights, gradients, {"rates": rates, **settings}, "average")


def old_velocity(weights, gradients, rates=None, copied=False, **settings):
    """You move the weights by the velocity from before the step. Assign the new one first."""
    return _lars(weights, gradients, {"rates": rates, **settings}, "old velocity")


def nesterov(weights, gradients, rates=None, copied=False, **settings):
    """You look ahead as Nesterov does. Here the weights move by the new velocity, and that is all."""
    return _lars(weights, gradients, {"rates": rates, **settings}, "nesterov")


def uphill(weights, gradients, rates=None, copied=False, **settings):
    """The steps go up the gradient: in the velocity, learning_rate * ratio * gradient is subtracted."""
    return _lars(weights, gradients, {"rates": rates, **settings}, "uphill")


def schedule_ignored(weights, gradients, rates=None, copied=False, **settings):
    """With a schedule your rate stays what it was at first. Use the learning_rate that update_step is given: it is the present one."""
    rates = [rates[0]] * len(gradients) if rates else None
    return _lars(weights, gradients, {"rates": rates, **settings})


def config_incomplete(weights, gradients, rates=None, copied=False, **settings):
    """A copy made from get_config does not have your momentum and trust. Put both into the dictionary, besides what super().get_config() gives."""
    if copied:
        settings = {k: v for k, v in settings.items() if k not in ("momentum", "trust")}
    return _lars(weights, gradients, {"rates": rates, **settings})


def trust_not_in_config(weights, gradients, rates=None, copied=False, **settings):
    """A copy made from get_config does not have your trust. Put it into the dictionary."""
    if copied:
        settings = {k: v for k, v in settings.items() if k != "trust"}
    return _lars(weights, gradients, {"rates": rates, **settings})


def momentum_not_in_config(weights, gradients, rates=None, copied=False, **settings):
    """A copy made from get_config does not have your momentum. Put it into the dictionary."""
    if copied:
        settings = {k: v for k, v in settings.items() if k != "momentum"}
    return _lars(weights, gradients, {"rates": rates, **settings})


def rate_not_in_config(weights, gradients, rates=None, copied=False, **settings):
    """A copy made from get_config has lost the learning rate and the other settings of Keras's own. Begin with the dictionary of super().get_config() and add to it."""
    if copied:
        settings = {k: v for k, v in settings.items() if k in ("momentum", "trust")}
    return _lars(weights, gradients, {"rates": rates, **settings})


def settings_dropped(weights, gradients, rates=None, copied=False, **settings):
    """Settings of Keras's own, such as clipvalue, have no effect. Hand **kwargs on to super().__init__."""
    settings = {k: v for k, v in settings.items() if k != "clipvalue"}
    return _lars(weights, gradients, {"rates": rates, **settings})


# %% [markdown]
# ## 9. In words (3 points)
#
# A report trains the same network twice, with the default settings of Keras: with `SGD` (learning rate 0.01) it reaches
# 84.1 % on the test data, with `Adam` (learning rate 0.001) 87.9 %. Its conclusion: "Adam finds better solutions than
# SGD." Say in four to seven sentences why the two numbers do not show that, with what the learning rate means in each
# of the two rules; describe the comparison that you would run instead; and say what you would report of it.

# %% [markdown] answer="fair_comparison" points=3 reads="The question, answered"
# Each optimizer was tried at one learning rate, so the numbers compare two rates as much as two rules. The rates do not
# even mean the same: a step of SGD is as long as the learning rate times the length of the gradient, while Adam divides
# by the size of the gradient, so that each weight moves by the order of the learning rate however small its gradient
# is. 0.01 may be ten or a hundred times too small for SGD on this network, which has then only not arrived yet. I would
# give both the same network, data, batches, first weights, number of steps, and the same budget of trials: a geometric
# grid of rates for each, wide enough that the best one is not at its end, and momentum for SGD as well, since Adam has
# its own. The rate would be chosen by the accuracy on validation data, and the test data used once, for the two
# winners. I would repeat the winners with several seeds and report means and spread, the grids and the chosen rates,
# and the curve of accuracy against the rate, which also shows how much tuning each of them needs.
#
# (Grading: 1 point for what the rate means in each rule and that one rate each says nothing; 1 for the same search for
# both, with the choice made on validation data; 1 for several seeds with their spread, or for reporting the whole curve
# instead of its best point.)
