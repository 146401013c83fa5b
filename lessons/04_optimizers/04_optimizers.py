# %% [raw] front=true
# title = "Optimizers"
# shows = "What turns gradients into learning: descent, momentum, Adam and their learning rates, built by hand, held against Keras, and compared fairly."
# needs = "Chapters 1 to 3: a layer in matrix form, ReLU, softmax and cross-entropy, backpropagation."
# minutes = {read = 70, run = 1}
# data = ["fashion_mnist"]
#
# [claims.end_loss_nesterov]
# text = "training loss at the end of Nesterov's run"
# value = 0.428
# tolerance = 0.02
# [claims.end_loss_adam]
# text = "training loss at the end of Adam's run"
# value = 0.44
# tolerance = 0.02
# [claims.warm_accuracy]
# text = "validation accuracy, Adam at 0.02, warm-up and cosine"
# value = 0.848
# tolerance = 0.006
# [claims.parameters]
# text = "weights and biases of the 196-64-10 network"
# value = 13258
# tolerance = 0
# [claims.start_sharpness]
# text = "largest curvature of the loss at the start"
# value = 6.4
# tolerance = 0.3
# [claims.distance_ratio]
# text = "distance from start to end, Adam over Nesterov"
# value = 1.56
# tolerance = 0.1
# [claims.deep_relu]
# text = "validation accuracy of the same four layers with ReLU and He's weights, Nesterov"
# value = 0.843
# tolerance = 0.015
# [claims.default_sgd_accuracy]
# text = "validation accuracy, Keras's SGD as it comes, 800 steps"
# value = 0.726
# tolerance = 0.015
# [claims.default_adam_accuracy]
# text = "validation accuracy, Keras's Adam as it comes, 800 steps"
# value = 0.816
# tolerance = 0.015
# [claims.quadratic_factor]
# text = "error left per step of gradient descent, condition number 100, best rate"
# value = 0.9802
# tolerance = 0.0001
# [claims.steps_gd]
# text = "steps of gradient descent to a millionth of the distance, condition number 100"
# value = 634
# tolerance = 1
# [claims.worst_ratio]
# text = "largest shrinking factor of 2,000 starts, relative to the theorem's"
# value = 1.0
# tolerance = 0.001
# [claims.edge_low_rate]
# text = "rate times sharpness, mean of the last eight measurements, rate 0.1"
# value = 2.0
# tolerance = 0.2
# [claims.edge_high_rate]
# text = "the same, rate 0.2"
# value = 2.6
# tolerance = 0.4
# [claims.noise_slope_start]
# text = "exponent of the gradient's variance in the batch size, at the start"
# value = -1
# tolerance = 0.05
# [claims.noise_slope_later]
# text = "the same after 800 steps"
# value = -1
# tolerance = 0.05
# [claims.noise_at_50_start]
# text = "squared error of a batch of 50 over squared gradient, at the start"
# value = 0.64
# tolerance = 0.1
# [claims.noise_at_50_later]
# text = "the same after 800 steps"
# value = 2.0
# tolerance = 0.4
# [claims.hover]
# text = "variance at which the walkers with rate 0.2 hover"
# value = 0.1111
# tolerance = 0.003
# [claims.hover_falling]
# text = "mean square at the end of a falling rate"
# value = 0.0094
# tolerance = 0.002
# [claims.nesterov_gap]
# text = "largest difference between Keras's and the look-ahead form of Nesterov's rule"
# value = 0
# tolerance = 1e-12
# [claims.steps_ball]
# text = "steps of momentum to a millionth of the distance"
# value = 87
# tolerance = 1
# [claims.steps_nesterov]
# text = "steps of Nesterov's rule to a millionth of the distance"
# value = 142
# tolerance = 1
# [claims.ball_factor]
# text = "error left per step of momentum (theory: 0.818)"
# value = 0.82
# tolerance = 0.005
# [claims.keras_gap]
# text = "largest relative difference of a displacement to Keras's, 100 steps, six optimizers"
# value = 0
# tolerance = 0.0001
# [claims.first_step_paper]
# text = "Adam's first step in units of the rate for a gradient of 1e-8, Algorithm 1"
# value = 0.0909
# tolerance = 0.0001
# [claims.first_step_keras]
# text = "the same, Keras's form"
# value = 0.00315
# tolerance = 2e-05
# [claims.uncorrected_first]
# text = "first step of Adam without bias correction, in units of the rate"
# value = 3.162
# tolerance = 0.001
# [claims.uncorrected_most]
# text = "longest such step"
# value = 6.57
# tolerance = 0.01
# [claims.uncorrected_when]
# text = "at which step it is longest"
# value = 12
# tolerance = 0
# [claims.corrected_accuracy]
# text = "validation accuracy, Adam at 0.03, 400 steps"
# value = 0.786
# tolerance = 0.03
# [claims.uncorrected_accuracy]
# text = "the same without bias correction"
# value = 0.63
# tolerance = 0.06
# [claims.turned_sgd]
# text = "steps of plain descent, turned gorge over straight one"
# value = 1.0
# tolerance = 0.01
# [claims.straight_rmsprop]
# text = "steps of RMSprop, straight gorge"
# value = 11
# tolerance = 2
# [claims.turned_rmsprop]
# text = "steps of RMSprop, turned gorge"
# value = 325
# tolerance = 15
# [claims.straight_adam]
# text = "steps of Adam, straight gorge"
# value = 50
# tolerance = 3
# [claims.turned_adam]
# text = "steps of Adam, turned gorge"
# value = 129
# tolerance = 6
# [claims.rosenbrock_sgd]
# text = "power of ten of Rosenbrock's function after 500 steps of plain descent"
# value = -1.17
# tolerance = 0.05
# [claims.rosenbrock_momentum]
# text = "the same with momentum"
# value = -4.15
# tolerance = 0.1
# [claims.range_nesterov]
# text = "power of ten of the rate with the lowest loss in the range test, Nesterov"
# value = -0.61
# tolerance = 0.15
# [claims.range_adam]
# text = "the same for Adam"
# value = -1.17
# tolerance = 0.15
# [claims.schedule_gap]
# text = "largest difference between our schedule and Keras's"
# value = 0
# tolerance = 1e-07
# [claims.constant_accuracy]
# text = "validation accuracy, Adam at 0.02, constant"
# value = 0.827
# tolerance = 0.012
# [claims.cosine_accuracy]
# text = "the same with a cosine"
# value = 0.844
# tolerance = 0.008
# [claims.high_cosine_accuracy]
# text = "validation accuracy, Adam at 0.15, cosine"
# value = 0.685
# tolerance = 0.05
# [claims.high_warm_accuracy]
# text = "the same with warm-up"
# value = 0.775
# tolerance = 0.05
# [claims.cliff_norm]
# text = "length of the gradient at the foot of the cliff"
# value = 871.4
# tolerance = 0.5
# [claims.cliff_second_loss]
# text = "power of ten of the loss after one step without clipping"
# value = 50.6
# tolerance = 0.1
# [claims.cliff_clipped_loss]
# text = "loss after 200 clipped steps"
# value = 0.0
# tolerance = 1e-06
# [claims.clip_gap]
# text = "largest difference between our clipped gradients and Keras's"
# value = 0
# tolerance = 1e-06
# [claims.decay_adamw]
# text = "what AdamW leaves of a weight, mean of three kinds"
# value = 0.82
# tolerance = 0.006
# [claims.decay_l2_quiet]
# text = "what Adam with L2 leaves of a weight with gradients of spread 0.1"
# value = 0.194
# tolerance = 0.01
# [claims.decay_l2_loud]
# text = "what it leaves of a weight with gradients of spread 10"
# value = 0.98
# tolerance = 0.015
# [claims.lion_gap]
# text = "relative difference of the displacement to that of Keras's Lion"
# value = 0
# tolerance = 0.001
# [claims.lion_accuracy]
# text = "validation accuracy of our Lion in Keras"
# value = 0.84
# tolerance = 0.012
# [claims.best_rate_sgd]
# text = "power of ten of the best peak rate of plain SGD (one step of the grid is 0.25)"
# value = -0.25
# tolerance = 0.26
# [claims.best_rate_nesterov]
# text = "the same for Nesterov's rule"
# value = -1
# tolerance = 0.26
# [claims.best_rate_adam]
# text = "the same for Adam"
# value = -1.75
# tolerance = 0.26
# [claims.test_sgd]
# text = "test accuracy of plain SGD at its best rate"
# value = 0.821
# tolerance = 0.005
# [claims.test_rmsprop]
# text = "test accuracy of RMSprop at its best rate"
# value = 0.84
# tolerance = 0.005
# [claims.test_adam]
# text = "test accuracy of Adam at its best rate"
# value = 0.84
# tolerance = 0.004
# [claims.adam_minus_nesterov]
# text = "test accuracy of Adam minus that of Nesterov's rule, each at its best rate"
# value = 0.006
# tolerance = 0.004
# [claims.deep_gradient_ratio]
# text = "power of ten of last over first layer's gradient, four sigmoid layers"
# value = 3.0
# tolerance = 0.1
# [claims.deep_sgd]
# text = "best validation accuracy of SGD, four sigmoid layers, mean of three runs"
# value = 0.246
# tolerance = 0.1
# [claims.deep_nesterov]
# text = "the same of Nesterov's rule"
# value = 0.21
# tolerance = 0.1
# [claims.deep_adam]
# text = "the same of Adam"
# value = 0.76
# tolerance = 0.03

# %% setup=true

# %% [markdown]
# ## A question first
#
# Backpropagation says which way each weight should move. It does not say how far. An **optimizer** is the rule that
# turns gradients into steps, and Keras offers a dozen of them. The advice on most lips is short: take Adam, it is
# better. Let us see. Below are one network and one start, 20,000 pictures of Fashion-MNIST (28 by 28 pixels averaged
# down to 14 by 14, so that everything here is quick), and two optimizers exactly as they come out of the box.
#
# **Predict, then run:** SGD is the plain step of chapter 3. After 800 steps, which of the two is ahead, and by how
# much?

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops

(train_pictures, train_labels), (test_pictures, y_test) = data.load("fashion_mnist")


def small(pictures):
    """Pictures (n, 28, 28) of bytes -> rows (n, 196) of numbers from 0 to 1: means of 2 by 2 pixels."""
    means = pictures.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))
    return (means.reshape(-1, 196) / 255).astype("float32")


# %%
x_train, y_train = small(train_pictures[:20_000]), train_labels[:20_000]
x_val, y_val = small(train_pictures[-5_000:]), train_labels[-5_000:]  # to choose rates by
x_test = small(test_pictures)  # to be looked at once, at the end

# %% [markdown]
# An optimizer does not care about layers. So in this chapter all weights and biases of a network stand in *one*
# vector $w$, and the layers are views of its pieces.


# %%
def new_weights(sizes, rng, gain=np.sqrt(2)):
    """One vector: for each layer W (n_in, n_out), normal of spread gain / sqrt(n_in), then b, zero."""
    parts = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        parts += [rng.normal(0, gain / np.sqrt(n_in), n_in * n_out), np.zeros(n_out)]
    return np.concatenate(parts).astype("float32")


# %%
def layers_of(w, sizes):
    """The list of (W, b) that the vector w holds."""
    layers, at = [], 0
    for n_in, n_out in zip(sizes, sizes[1:]):
        end = at + n_in * n_out
        layers.append((w[at:end].reshape(n_in, n_out), w[end : end + n_out]))
        at = end + n_out
    return layers


# %%
SIZES = [196, 64, 10]
start = new_weights(SIZES, np.random.default_rng(40))
check.claim("parameters", start.size)


def keras_model(optimizer):
    """The network 196-64-10 with ReLU, our start, and the given optimizer."""
    dense = keras.layers.Dense
    model = keras.Sequential([keras.Input((196,)), dense(64, activation="relu"), dense(10)])
    model.set_weights([part for layer in layers_of(start, SIZES) for part in layer])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer, loss, metrics=["accuracy"], steps_per_execution=16)
    return model


# %%
out_of_the_box, curves = {}, {}
for name, optimizer in [("SGD", keras.optimizers.SGD()), ("Adam", keras.optimizers.Adam())]:
    model = keras_model(optimizer)
    seen = model.fit(x_train, y_train, batch_size=50, epochs=2, shuffle=False, verbose=0)
    curves[name] = seen.history["loss"]
    out_of_the_box[name] = model.evaluate(x_val, y_val, batch_size=500, verbose=0)[1]
    rate = round(float(optimizer.learning_rate), 6)
    print(name, "with learning rate", rate, "loss", np.round(curves[name], 2))
check.claim("default_sgd_accuracy", out_of_the_box["SGD"])
check.claim("default_adam_accuracy", out_of_the_box["Adam"])

# %% [markdown]
# Adam wins by nine points. But look at the two printed lines: the rates differ too, and whoever chose 0.01 for SGD
# and 0.001 for Adam did not have our network in mind. So the real question is:
#
# **Does "Adam is better" survive a fair search, in which every optimizer gets the rate that suits it best? And which
# rate is that?**
#
# We shall build the common optimizers ourselves, from plain descent to AdamW, and hold each against Keras's.
#
# ## Down a valley
#
# Near a minimum, a smooth loss looks like a bowl, $f(w) = \frac12 w^{\mathsf T} A w$, with the minimum moved to
# $w = 0$. $A$ is the table of second derivatives (the *Hessian*), symmetric. Along its eigenvectors, the axes of the
# bowl, $f$ is a sum of separate parabolas $\frac12 \lambda_i w_i^2$, and the eigenvalues $\lambda_i$ are their
# curvatures. Call the largest $L$, the smallest $\mu > 0$, and their ratio $\kappa = L / \mu$ the **condition
# number**: $\kappa = 1$ is a round bowl, $\kappa = 1000$ a gorge. The gradient is $A w$, and **gradient descent**
# with learning rate $\eta$ does
#
# $$w \leftarrow w - \eta\, A w .$$
#
# Along an axis of curvature $\lambda$ that is one multiplication, by $1 - \eta \lambda$. Everything follows:
#
# - It converges if and only if $|1 - \eta\lambda| < 1$ for all curvatures, so if and only if $0 < \eta < 2 / L$.
#   **The steepest direction sets the bound.**
# - After that the flattest direction sets the pace, with the factor $1 - \eta \mu$, close to 1.
# - The best compromise makes both ends equally slow: $\eta = 2 / (L + \mu)$, with the factor
#   $\frac{\kappa - 1}{\kappa + 1}$ per step. Each further decimal takes about $1.15\,\kappa$ steps (the logarithm
#   of the factor is nearly $-2/\kappa$, and $\ln 10 = 2.3$).
#
# **Predict, then run:** for $\mu = 1$, $L = 25$ the bound is 0.08. What do the paths look like at rates 0.01, 0.04,
# 0.077 and 0.0805?


# %%
def no_state(w):
    return None


def sgd_step(w, state, grad, learning_rate):
    return w - learning_rate * grad, state


def descend(rule, grad_of, w, learning_rate, steps):
    """The path (steps + 1, n) of an optimizer from w; rule: the pair (start, step) of functions."""
    state, path = rule[0](w), [w]
    for _ in range(steps):
        w, state = rule[1](w, state, grad_of(w), learning_rate)
        path.append(w)
    return np.array(path)


# %%
def show_paths(ax, f, paths, x_range, y_range, levels=7, points=80):
    """Contours of f, which takes w (2, points, points), with the paths (steps, 2) on top."""
    grid = np.array(np.meshgrid(np.linspace(*x_range, points), np.linspace(*y_range, points)))
    lines = ax.contour(*grid, f(grid), levels, colors="silver", linewidths=0.8)
    for name, path in paths.items():
        ax.plot(*path.T, lw=1, label=name)
    ax.grid(False)
    ax.set(xlim=x_range, ylim=y_range, xlabel="$w_1$", ylabel="$w_2$")
    if len(paths) > 1:
        ax.legend()
    return lines


# %%
curvatures = np.array([1.0, 25.0])  # mu and L


def draw_descent(ax, learning_rate):
    w = np.array([9.0, 1.5])
    path = descend((no_state, sgd_step), lambda w: curvatures * w, w, learning_rate, 40)
    bowl = lambda w: (curvatures[:, None, None] * w**2).sum(axis=0) / 2
    show_paths(ax, bowl, {"": path}, (-10, 10), (-3, 3))


plots.explore(draw_descent, size=(2.2, 1.8), learning_rate=[0.01, 0.04, 0.077, 0.0805])
plt.show()

# %% [markdown]
# *What to look for: a crawl; one step to the floor, because $1 - 0.04 \cdot 25 = 0$, and a walk along it; a zigzag
# that dies slowly and yet gets nearest to the minimum; a zigzag that grows.* The third rate is nearly the best,
# $2/26$; between it and the fourth lies the bound. Let us hold the three statements to account, and one more that is
# not about quadratics. If *all* curvatures of $f$, everywhere, lie between $\mu > 0$ and $L$ (one says that $f$ is
# $\mu$-strongly convex and $L$-smooth), then gradient descent with $\eta = 2/(L + \mu)$ obeys
#
# $$\lVert w_k - w^\ast \rVert \;\le\; \left( \frac{\kappa - 1}{\kappa + 1} \right)^{k} \lVert w_0 - w^\ast \rVert ,$$
#
# from every start, where $w^\ast$ is the minimum. This is **linear convergence**: every step removes at least a fixed
# fraction of the error. Our test function is
# $f(w) = \sum_i \left( \frac{\mu}{2} w_i^2 + (L - \mu) \log\cosh w_i \right)$, whose curvature is $L$ at 0 and falls
# to $\mu$ far away.

# %%
sgd = (no_state, sgd_step)
for factor in [0.99, 1.01]:
    path = descend(sgd, lambda w: curvatures * w, np.array([9.0, 1.5]), factor * 2 / 25, 500)
    print(f"{factor} of the bound: distance {np.linalg.norm(path[-1]):.1e} after 500 steps")
mu, L = 1.0, 100.0
kappa = L / mu
spectrum = np.geomspace(mu, L, 20)
path = descend(sgd, lambda w: spectrum * w, np.ones(20), 2 / (L + mu), 2000)
distances = np.linalg.norm(path, axis=1)
check.claim("quadratic_factor", distances[-1] / distances[-2])
check.claim("steps_gd", np.argmax(distances < 1e-6 * distances[0]))  # argmax: the first True
starts = np.random.default_rng(41).normal(size=(2000, 3)) * np.geomspace(0.01, 1000, 2000)[:, None]
after = starts - 2 / (L + mu) * (mu * starts + (L - mu) * np.tanh(starts))  # tanh: slope of log cosh
ratios = np.linalg.norm(after, axis=1) / np.linalg.norm(starts, axis=1)
check.claim("worst_ratio", ratios.max() / ((kappa - 1) / (kappa + 1)))

# %% [markdown]
# One percent below the bound all is well, one percent above it all is lost. With $\kappa = 100$ the measured factor
# is 0.9802, which is $99/101$, and a millionth of the distance takes 634 steps. On the other function the worst of
# 2,000 random starts comes as near to the promised factor as a ratio of 1.000, and none exceeds it.
#
# ### Does a network know the bound?
#
# A network's loss is no quadratic: $L$ changes on the way. The largest curvature at a point $w$ can be measured
# without the Hessian: nudge $w$ in a direction, see how the gradient changes, take that change as the next direction,
# and repeat (*power iteration*; it finds the curvature that is largest in size). For that we need the network in
# NumPy; it is that of chapter 3, on our one vector.


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %%
def forward(w, x, sizes=SIZES, activation="relu"):
    """The values of all layers, from x (batch, pixels) to the logits (batch, 10)."""
    values, layers = [x], layers_of(w, sizes)
    for W, b in layers[:-1]:
        z = values[-1] @ W + b
        values.append(np.maximum(z, 0) if activation == "relu" else sigmoid(z))
    W, b = layers[-1]
    return values + [values[-1] @ W + b]


def accuracy(w, x, labels, *net):
    return (forward(w, x, *net)[-1].argmax(axis=1) == labels).mean()


# %%
def loss_and_grad(w, x, labels, sizes=SIZES, activation="relu"):
    """Mean cross-entropy, and its gradient as one vector like w."""
    *values, logits = forward(w, x, sizes, activation)
    shifted, rows = logits - logits.max(axis=1, keepdims=True), np.arange(len(x))
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dout, parts = np.exp(log_p), []
    dout[rows, labels] -= 1
    dout /= len(x)
    for i, (W, _) in reversed(list(enumerate(layers_of(w, sizes)))):
        parts = [(values[i].T @ dout).ravel(), dout.sum(axis=0), *parts]
        if i > 0:  # nobody asks for the gradient of the pixels
            slope = values[i] > 0 if activation == "relu" else values[i] * (1 - values[i])
            dout = (dout @ W.T) * slope
    return -log_p[rows, labels].mean(), np.concatenate(parts)


# %%
few, few_labels = x_train[:1000].astype("float64"), y_train[:1000]


def sharpness(w, direction, rounds=10, h=1e-3):
    """The largest curvature of the loss of 1,000 pictures at w, and its direction."""
    for _ in range(rounds):
        direction = direction / np.linalg.norm(direction)
        above, below = (loss_and_grad(w + s * h * direction, few, few_labels)[1] for s in (1, -1))
        bent = (above - below) / (2 * h)  # Hessian times direction
        curvature, direction = direction @ bent, bent  # the curvature along the unit direction
    return curvature, direction


# %% [markdown]
# **Predict, then run:** full-batch gradient descent at rates 0.1 and 0.2. The cell below measures 6.4 at the start,
# so the bound is 0.31 and both rates are below it. What will the sharpness do as the network learns?

# %%
sharpnesses, last = {}, []
for rate in [0.1, 0.2]:
    w, direction, seen = start.astype("float64"), np.random.default_rng(42).normal(size=start.size), []
    for k in range(1001):
        if k % 50 == 0:
            curvature, direction = sharpness(w, direction)
            seen.append(rate * curvature)
        w = w - rate * loss_and_grad(w, few, few_labels)[1]
    sharpnesses[f"rate {rate}"] = (np.arange(0, 1001, 50), seen)
    last.append(np.mean(seen[-8:]))
check.claim("start_sharpness", sharpnesses["rate 0.1"][1][0] / 0.1)
check.claim("edge_low_rate", last[0])
check.claim("edge_high_rate", last[1])

# %%
_, ax = plt.subplots(figsize=(5.4, 3.2))
plots.curves(sharpnesses, "step", "rate × sharpness", ax=ax)
ax.axhline(2, color="gray", lw=1, label="bound of a quadratic")
ax.legend()
plt.show()

# %% [markdown]
# *What to look for: both curves climb by themselves, one to the bound and one through it, and hover, at about 2.0 and
# 2.6 on average over the last eight points.* The network moves into ever steeper country until the steps no longer fit
# it. There the loss may rise from one step to the next and still falls in the long run; where it would become steeper
# yet, the steps throw the weights out again. (2 is not met exactly: the loss is no quadratic, and with ReLU it has
# kinks.) Cohen and others (2021) call this the **edge of stability**. So the rate does more than set the pace: it
# chooses how curved a place training may end in. The bound $2/L$ is no theorem for networks, and yet they live by it.
#
# ## A gradient from a few examples
#
# The gradient of the loss of 20,000 pictures costs 20,000 backpropagations. **Stochastic gradient descent** (SGD)
# takes one picture at random, **mini-batch** descent takes $B$ of them, and steps along the mean of their gradients.
# In expectation that is the right gradient. The mean of $B$ independent draws has the variance of one draw divided by
# $B$: four times the work halves the error. **Predict, then run:** how good is a batch of 50? Measure the mean
# squared length of the error against that of the gradient itself, at the start and after some training.


# %%
def train(rule, rates, w, x=None, labels=None, seed=0, batch=50, net=(SIZES, "relu"), visit=None):
    """One step for each of the learning rates -> the final w, and the losses of the batches."""
    x, labels = (x_train, y_train) if x is None else (x, labels)
    (begin, step), rng, losses = rule, np.random.default_rng(seed), []
    state = begin(w)
    for rate in np.asarray(rates, "float32"):  # so that w stays float32
        rows = rng.integers(0, len(x), batch)
        loss, grad = loss_and_grad(w, x[rows], labels[rows], *net)
        losses.append(loss)
        w, state = step(w, state, grad, rate)
        if visit is not None:
            visit(w)
    return w, np.array(losses)


# %%
batch_sizes = 2 ** np.arange(0, 11)


def noise(w, draws=100):
    """Mean squared error of the gradient, by batch size, over the gradient's squared length."""
    _, whole = loss_and_grad(w, x_train, y_train)
    rng, errors = np.random.default_rng(43), []
    for size in batch_sizes:
        rows = rng.integers(0, len(x_train), (draws, size))
        grads = [loss_and_grad(w, x_train[r], y_train[r])[1] for r in rows]
        errors.append(np.mean([((grad - whole) ** 2).sum() for grad in grads]))
    return np.array(errors) / (whole**2).sum()


# %%
later, _ = train(sgd, [0.3] * 800, start)
noises = {"at the start": noise(start), "after 800 steps": noise(later)}
slopes = [np.polyfit(np.log(batch_sizes), np.log(n), 1)[0] for n in noises.values()]
check.claim("noise_slope_start", slopes[0])
check.claim("noise_slope_later", slopes[1])
at_50 = [np.exp(np.interp(np.log(50), np.log(batch_sizes), np.log(n))) for n in noises.values()]
check.claim("noise_at_50_start", at_50[0])
check.claim("noise_at_50_later", at_50[1])

# %% [markdown]
# The slope is -1, as it must be. At the start the squared error of a batch of 50 is 0.6 of the squared gradient;
# after 800 steps it is twice the squared gradient: the better the network, the larger the part of each step that is
# noise. What does that do to the path? In a one-dimensional bowl of curvature $\lambda$, with noise of variance
# $\sigma^2$ in each gradient, descent never comes to rest. A step turns the variance $V$ of $w$ into
# $(1 - \eta\lambda)^2\, V + \eta^2 \sigma^2$; where that equals $V$, it hovers:
#
# $$V \;=\; \frac{\eta\, \sigma^2}{\lambda\, (2 - \eta\lambda)} ,$$
#
# nearly proportional to the rate. **Predict, then run:** 1,000 walkers in the bowl $\lambda = \sigma = 1$, from
# $w = 5$, with rates 0.2, 0.02, and one that falls from 0.2 to 0.

# %%
rates = {"0.2": np.full(400, 0.2), "0.02": np.full(400, 0.02)}
rates["falling from 0.2"] = 0.2 * (1 + np.cos(np.pi * np.arange(400) / 400)) / 2
hovering, rng = {}, np.random.default_rng(44)
for name, plan in rates.items():
    w, hovering[name] = np.full(1000, 5.0), []
    for rate in plan:
        w = w - rate * (w + rng.normal(size=1000))
        hovering[name].append((w**2).mean())
check.claim("hover", np.mean(hovering["0.2"][-100:]))
check.claim("hover_falling", hovering["falling from 0.2"][-1])

# %%
_, (left, right) = plt.subplots(1, 2, figsize=(8, 2.8))
for (name, values), style in zip(noises.items(), ["o-", "s--"]):
    left.loglog(batch_sizes, values, style, label=name)
left.axhline(1, color="gray", lw=1)
left.set(xlabel="batch size", ylabel="squared error / squared gradient")
left.legend()
plots.curves(hovering, "step", "mean of $w^2$", ax=right, log=True)
plt.show()

# %% [markdown]
# *What to look for: on the left straight lines with slope -1; on the right the large rate comes down fast and hovers
# at 0.11 (the formula says $0.2/1.8$), the small one is slow, and the falling rate has both: fast first, low at the
# end.* This is why a learning rate should fall during training, and why the cheapest thing to try against a noisy end
# is a smaller rate. Conversely, a batch twice as large allows about twice the rate for the same hovering, while
# $\eta\lambda$ is small: the *linear scaling rule* (Goyal and others 2017). In practice one goes through shuffled data
# without replacement, an *epoch* at a time; that makes the noise a little smaller.
#
# ## Momentum
#
# Back to the gorge. Across it the gradient changes sign at every step, along it the sign stays. So average: let a
# ball roll, whose **velocity** $v$ forgets slowly. With $g$ the gradient at $w$ and $\beta$ the *momentum*, usually
# 0.9, Keras writes (Polyak 1964)
#
# $$v \leftarrow \beta v - \eta g, \qquad w \leftarrow w + v .$$
#
# Under a constant gradient the velocity tends to $-\eta g\,(1 + \beta + \beta^2 + \dots) = -\eta g / (1 - \beta)$,
# ten times the plain step: **momentum 0.9 multiplies the rate by ten**, and who forgets this may find that momentum
# "does not work". (Some texts write $v \leftarrow \beta v + (1 - \beta) g$, $w \leftarrow w - \eta v$: the same rule,
# with a rate that must be ten times larger.)
#
# **Nesterov's** version (1983; in this form, Sutskever and others 2013) asks for the gradient where the ball is about
# to be, $\theta + \beta v$, and can so brake before the wall. Keras keeps that forward point as its weights,
# $w = \theta + \beta v$, so that $g$ is, as always, the gradient at the weights:
#
# $$v \leftarrow \beta v - \eta g, \qquad w \leftarrow w + \beta v - \eta g .$$
#
# From here on every rule is a pair of functions: `start(w)` gives the first state, `step(w, state, grad,
# learning_rate)` gives new weights and new state. (For momentum `start` is `np.zeros_like`: no velocity.)


# %%
def momentum_step(w, velocity, grad, learning_rate, momentum=0.9):
    velocity = momentum * velocity - learning_rate * grad
    return w + velocity, velocity


def nesterov_step(w, velocity, grad, learning_rate, momentum=0.9):
    velocity = momentum * velocity - learning_rate * grad
    return w + momentum * velocity - learning_rate * grad, velocity


def nesterov_looking_ahead(theta, velocity, grad_of, learning_rate, momentum=0.9):
    velocity = momentum * velocity - learning_rate * grad_of(theta + momentum * velocity)
    return theta + velocity, velocity


# %%
w = theta = np.ones(20)
velocity = v = np.zeros(20)
gap = 0.0
for _ in range(200):
    w, velocity = nesterov_step(w, velocity, spectrum * w, 0.005)
    theta, v = nesterov_looking_ahead(theta, v, lambda point: spectrum * point, 0.005)
    gap = max(gap, np.abs(w - (theta + 0.9 * v)).max())
check.claim("nesterov_gap", gap)

# %% [markdown]
# On a quadratic the theory is complete. Along an axis of curvature $\lambda$, a step of momentum is a linear map of
# the pair $(w, v)$. Its two eigenvalues, the factors per step, multiply to the determinant, $\beta$. While they are
# complex (the ball swings to and fro) they are equally large, so both have the size $\sqrt\beta$, whatever $\lambda$
# is: steep and flat directions shrink *at the same pace*. The best choice,
# $\beta = \big(\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}\big)^2$ with
# $\eta = \big(\frac{2}{\sqrt L + \sqrt\mu}\big)^2$, makes this true for all $\lambda$ from $\mu$ to $L$, and the
# factor per step tends to $\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}$: **momentum replaces the condition number by its
# root.** The bound moves out as well, to $\eta < 2(1 + \beta)/L$; for Nesterov's rule it moves in, to
# $\frac{2(1+\beta)}{(1+2\beta)L}$. Nesterov's gain is another: with $\eta = 1/L$ and
# $\beta = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}$ it keeps such a promise (the loss, less its minimum, falls at
# least like $(1 - 1/\sqrt\kappa)^k$) on *every* strongly convex and smooth function, where the ball with Polyak's
# settings may circle for ever (Lessard, Recht and Packard 2016).
#
# **Predict, then run:** plain descent needed 634 steps on the gorge with $\kappa = 100$. And these two?

# %%
root = np.sqrt(kappa)
ball_rate, ball_beta = (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2, ((root - 1) / (root + 1)) ** 2
ball = (np.zeros_like, lambda *given: momentum_step(*given, momentum=ball_beta))
ahead = (np.zeros_like, lambda *given: nesterov_step(*given, momentum=(root - 1) / (root + 1)))
curves = {"plain": distances[:400]}
for name, rule, rate in [("momentum", ball, ball_rate), ("Nesterov", ahead, 1 / L)]:
    path = descend(rule, lambda w: spectrum * w, np.ones(20), rate, 400)
    curves[name] = np.linalg.norm(path, axis=1)
_, ax = plt.subplots(figsize=(5.4, 3.2))
plots.curves(curves, "step", "distance from the minimum", ax=ax, log=True, first=0)
ax.set_ylim(1e-9, 20)
plt.show()
check.claim("steps_ball", np.argmax(curves["momentum"] < 1e-6 * distances[0]))
check.claim("steps_nesterov", np.argmax(curves["Nesterov"] < 1e-6 * distances[0]))
check.claim("ball_factor", (curves["momentum"][400] / curves["momentum"][200]) ** (1 / 200))

# %%
for name, step, bound in [
    ("momentum", momentum_step, 2 * 1.9 / L),
    ("Nesterov", nesterov_step, 2 * 1.9 / (2.8 * L)),
]:
    for factor in [0.99, 1.01]:
        path = descend((np.zeros_like, step), lambda w: L * w, np.ones(1), factor * bound, 2000)
        print(f"{name}, {factor} of the bound: distance {abs(path[-1, 0]):.0e}")

# %% [markdown]
# *What to look for: lines of different slope; momentum's bends at first, because each axis rings before it dies.* 87
# and 142 steps in place of 634. The lines printed last confirm the two bounds.
#
# ## A rate for each weight
#
# Momentum cannot do anything about a bad choice of units. If one weight's gradients are typically a thousand times
# those of another, a single rate is wrong for one of them. **RMSprop** (Hinton's lecture of 2012) keeps for each
# weight a running mean of its squared gradients, and divides by the root:
#
# $$s \leftarrow \rho s + (1 - \rho)\, g^2, \qquad w \leftarrow w - \eta\, \frac{g}{\sqrt{s + \epsilon}} .$$
#
# All operations go number by number, and $\rho$ is about 0.9. (**Adagrad**, Duchi and others 2011, takes the sum in
# place of the running mean, so its divisor can only grow.) Scale a weight's gradients by 1000, and its steps stay as
# they were, as long as $\epsilon$ is small beside $s$. The small $\epsilon$ (Keras: $10^{-7}$) keeps a weight with
# no gradient from a division by zero.
#
# **Adam** (Kingma and Ba 2015) joins both ideas, a running mean $m$ of the gradient in the numerator and one, $v$, of
# its square below (no longer a velocity, though the letter is the same):
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 ,$$
# $$\hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}, \qquad
# w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon} ,$$
#
# with $\beta_1 = 0.9$, $\beta_2 = 0.999$, and $t$ counting from 1. The hats are the **bias correction**. Both means
# start at zero, so after $t$ steps of a constant gradient $m$ is $(1 - \beta_1^t)\, g$ and not $g$; dividing mends
# exactly that. At the first step $\hat m = g$ and $\hat v = g^2$: **Adam's first step is $\eta$ times the sign of the
# gradient.**
#
# Keras computes the same in another order,
# $w \leftarrow w - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \cdot \frac{m}{\sqrt v + \epsilon}$. That is the
# paper's own faster form ("epsilon hat"), and equal but for the $\epsilon$, which now acts as
# $\epsilon / \sqrt{1 - \beta_2^t}$, 32 times as large at the first step. **AdamW** (Loshchilov and Hutter 2019) also
# shrinks the weights directly, by the factor $1 - \eta \cdot \text{weight decay}$; why, we shall see.


# %%
def rmsprop_step(w, mean_square, grad, learning_rate, rho=0.9, epsilon=1e-7):
    mean_square = rho * mean_square + (1 - rho) * grad**2
    return w - learning_rate * grad / np.sqrt(mean_square + epsilon), mean_square


def adam_start(w):
    return np.zeros_like(w), np.zeros_like(w), 0  # m, v, and the number of steps so far


def adam_step(w, state, grad, learning_rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m, v, t = state[0], state[1], state[2] + 1
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)  # both corrections at once
    return w - rate * m / (np.sqrt(v) + epsilon), (m, v, t)


# %%
def adamw_step(w, state, grad, learning_rate, weight_decay=0.004):
    return adam_step(w - learning_rate * weight_decay * w, state, grad, learning_rate)


RULES = {
    "SGD": (no_state, sgd_step),
    "momentum": (np.zeros_like, momentum_step),
    "Nesterov": (np.zeros_like, nesterov_step),
    "RMSprop": (np.zeros_like, rmsprop_step),
    "Adam": (adam_start, adam_step),
    "AdamW": (adam_start, adamw_step),
}

# %% [markdown]
# ### Held against Keras
#
# A Keras optimizer changes variables by `apply(gradients, variables)`. So we can feed both the same 100 gradients,
# taken along a training run, and compare where the weights end up: the difference of the two displacements, relative
# to their length. Every third number is made 10,000 times smaller, to try the $\epsilon$.

# %%
visited = []
train(sgd, [0.3] * 100, start, visit=visited.append)
some = [slice(50 * k, 50 * k + 50) for k in range(100)]
recorded = [loss_and_grad(w, x_train[s], y_train[s])[1] for w, s in zip(visited, some)]
every_third = np.where(np.arange(start.size) % 3 == 0, 1e-4, 1)
recorded = [(every_third * grad).astype("float32") for grad in recorded]


def displacement(rule, learning_rate):
    """How far our rule moves the start with the recorded gradients, in 64 bits."""
    w = start.astype("float64")
    state = rule[0](w)
    for grad in recorded:
        w, state = rule[1](w, state, grad.astype("float64"), learning_rate)
    return w - start


# %%
def keras_displacement(optimizer):
    variable = keras.Variable(start)
    for grad in recorded:
        optimizer.apply([ops.convert_to_tensor(grad)], [variable])
    return ops.convert_to_numpy(variable) - start


# %%
kept = keras.optimizers
twins = {
    "SGD": kept.SGD(0.01),
    "momentum": kept.SGD(0.01, momentum=0.9),
    "Nesterov": kept.SGD(0.01, momentum=0.9, nesterov=True),
    "RMSprop": kept.RMSprop(0.01),
    "Adam": kept.Adam(0.01),
    "AdamW": kept.AdamW(0.01),
}

# %%
gaps = {}
for name, twin in twins.items():
    ours, theirs = displacement(RULES[name], 0.01), keras_displacement(twin)
    gaps[name] = np.linalg.norm(ours - theirs) / np.linalg.norm(theirs)
    print(f"{name:9} {gaps[name]:.1e}")
check.claim("keras_gap", max(gaps.values()))

# %% [markdown]
# All six agree to a few parts in a hundred thousand or better, which is what 32-bit sums over 100 steps allow.
#
# The place of $\epsilon$ is worth a number. **Predict, then run:** a weight whose gradient is $10^{-8}$, ten times
# smaller than $\epsilon$. How long is Adam's first step, in units of the rate, in the paper's Algorithm 1 and in
# Keras?

# %%
tiny = 1e-8
first_step_keras = -adam_step(np.zeros(1), adam_start(np.zeros(1)), np.full(1, tiny), 1.0)[0][0]
check.claim("first_step_paper", tiny / (tiny + 1e-7))
check.claim("first_step_keras", first_step_keras)

# %% [markdown]
# A factor of nearly thirty. With gradients of ordinary size the two are the same; with a loss that is divided by
# millions they are not. When a result will not reproduce in another library, look at the $\epsilon$ too.
#
# ### What goes wrong: no bias correction
#
# **Predict, then run.** Leave the correction out. $m$ and $v$ are both too small at first; are the steps then too
# short or too long?

# %%
t = np.arange(1, 301)
too_long = (1 - 0.9**t) / np.sqrt(1 - 0.999**t)  # step without correction, for a constant gradient
check.claim("uncorrected_first", too_long[0])
check.claim("uncorrected_most", too_long.max())
check.claim("uncorrected_when", t[too_long.argmax()])


def uncorrected_step(w, state, grad, learning_rate):
    m, v = 0.9 * state[0] + 0.1 * grad, 0.999 * state[1] + 0.001 * grad**2
    return w - learning_rate * m / (np.sqrt(v) + 1e-7), (m, v, state[2])


# %%
uncorrected, adam = (adam_start, uncorrected_step), RULES["Adam"]
rules = {"corrected": adam, "uncorrected": uncorrected}
runs = {name: train(rule, [0.03] * 400, start) for name, rule in rules.items()}
_, (left, right) = plt.subplots(1, 2, figsize=(8, 2.8))
left.plot(t, too_long)
left.set(xlabel="step", ylabel="step length / learning rate", ylim=(0, 7))
losses = {name: loss[:120] for name, (_, loss) in runs.items()}
plots.curves(losses, "step", "loss of the batch", ax=right, log=True)
plt.show()
check.claim("corrected_accuracy", accuracy(runs["corrected"][0], x_val, y_val))
check.claim("uncorrected_accuracy", accuracy(runs["uncorrected"][0], x_val, y_val))

# %% [markdown]
# *What to look for: on the left, steps that are 3.2 times too long at first and 6.6 times at step 12, and still twice
# too long after 300; on the right, what that does.* The run without correction reaches 63 % where the other has 79.
# The root is the reason. $v$ starts at 0.001 of its value, so $\sqrt v$ is too small by a factor of 32, and $m$ is
# too small by a factor of 10 only. At a much smaller rate there is little harm: the run merely gets a larger rate in
# the beginning, the opposite of the warm-up that we shall come to.

# %% [markdown]
# ## Paths on surfaces
#
# When does a rate for each weight help? Take the gorge with $\kappa = 100$ twice: once along the axes, once turned by
# 45 degrees. To plain descent and momentum the two are the same problem. **Predict, then run:** and to RMSprop and
# Adam? Each rule gets the best of 31 rates up to 0.1 (larger ones may jump across the whole picture and win by luck);
# we count the steps until the loss has fallen by a factor of 10,000.


# %%
def turned_bowl(degrees):
    """A (2, 2) with curvatures 1 and 100, and the start (1, 0.3) turned along."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[c, -s], [s, c]])
    return turn @ np.diag([1.0, 100.0]) @ turn.T, turn @ np.array([1.0, 0.3])


# %%
def fewest_steps(rule, A, w):
    """The fewest steps to a ten-thousandth of the loss, and the rate that needs them."""
    found = []
    for rate in np.geomspace(1e-4, 0.1, 31):
        path = descend(rule, lambda w: A @ w, w, rate, 500)
        losses = np.einsum("ki,ij,kj->k", path, A, path)
        good = losses < 1e-4 * losses[0]
        found.append((good.argmax() if good.any() else np.inf, rate))
    return min(found)


# %%
shown = ["SGD", "Nesterov", "RMSprop", "Adam"]
_, panels = plt.subplots(2, 4, figsize=(8, 3.8), sharex=True, sharey=True)
steps_needed = {}
with np.errstate(over="ignore", invalid="ignore"):
    for row, degrees in zip(panels, [0, 45]):
        A, w = turned_bowl(degrees)
        for ax, name in zip(row, shown):
            count, rate = steps_needed[name, degrees] = fewest_steps(RULES[name], A, w)
            path = descend(RULES[name], lambda w: A @ w, w, rate, int(count))
            bowl = lambda grid: np.einsum("iab,ij,jab->ab", grid, A, grid)
            show_paths(ax, bowl, {"": path}, (-1.2, 1.2), (-1.2, 1.2), np.geomspace(0.1, 100, 5))
            ax.set_title(f"{name}: {count} steps", fontsize=10)
            ax.label_outer()
plt.show()

# %%
check.claim("turned_sgd", steps_needed["SGD", 45][0] / steps_needed["SGD", 0][0])
check.claim("straight_rmsprop", steps_needed["RMSprop", 0][0])
check.claim("turned_rmsprop", steps_needed["RMSprop", 45][0])
check.claim("straight_adam", steps_needed["Adam", 0][0])
check.claim("turned_adam", steps_needed["Adam", 45][0])

# %% [markdown]
# *What to look for: plain descent and Nesterov need as many steps in both rows. In the upper row RMSprop moves both
# weights at the same pace, steep or flat, and arrives in 11 steps; turned, it needs 325, more than plain descent, and
# Adam 129 for 50.* Adaptive rules mend a badly scaled problem *when the scales belong to single weights*. They see
# each weight by itself, so a gorge that runs diagonally, where two weights must move together, is beyond them; Adam
# has its momentum to fall back on. (Rules that treat a whole matrix of weights at once, such as Shampoo and Muon, go
# after this; Keras has Muon.)
#
# The standard torture is **Rosenbrock's** banana, $f(w) = (1 - w_1)^2 + 100\,(w_2 - w_1^2)^2$: a curved gorge, its
# floor almost flat, the minimum at (1, 1). Each rule gets the best of 21 rates and 500 steps.


# %%
def rosenbrock(w):
    return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2


def rosenbrock_grad(w):
    across = w[1] - w[0] ** 2
    return np.array([2 * (w[0] - 1) - 400 * w[0] * across, 200 * across])


def height_at_end(path):
    return np.nan_to_num(rosenbrock(path[-1]), nan=np.inf)


# %%
best_paths, corner = {}, np.array([-1.5, 1.5])
with np.errstate(over="ignore", invalid="ignore"):
    for name in ["SGD", "momentum", "RMSprop", "Adam"]:
        rates = np.geomspace(1e-5, 1, 21)
        tries = [descend(RULES[name], rosenbrock_grad, corner, rate, 500) for rate in rates]
        best_paths[name] = min(tries, key=height_at_end)
        end = best_paths[name][-1]
        print(f"{name:9} ends at {end.round(2)}, f = {rosenbrock(end):.0e}")

# %%
_, panels = plt.subplots(1, 3, figsize=(6.6, 2.3), sharex=True, sharey=True)
for ax, name in zip(panels, ["SGD", "momentum", "Adam"]):
    show_paths(ax, rosenbrock, {"": best_paths[name]}, (-2, 2), (-1.5, 3), np.geomspace(1, 1000, 5))
    ax.plot(1, 1, "*", color=plots.GREEN, ms=10)
    ax.set_title(name, fontsize=10)
    ax.label_outer()
plt.show()
check.claim("rosenbrock_sgd", np.log10(rosenbrock(best_paths["SGD"][-1])))
check.claim("rosenbrock_momentum", np.log10(rosenbrock(best_paths["momentum"][-1])))

# %% [markdown]
# *What to look for: plain descent walks along the floor and does not arrive; momentum and Adam ride wildly and do.*
# (RMSprop, not drawn, rattles between the walls.) After 500 steps plain descent is left with 0.07, momentum with
# 0.00007. The gorge turns, so no fixed scale for each weight can straighten it.
#
# And a real network? Its loss lives in 13,258 dimensions. We can cut it with the plane through three points: the
# common start, the end of a run with Nesterov's rule and the end of one with Adam. The paths are projected onto it.

# %%
trails, ends = {}, {}
for name, rate in [("Nesterov", 0.1), ("Adam", 0.01)]:
    trails[name] = [start]
    ends[name], _ = train(RULES[name], [rate] * 800, start, visit=trails[name].append)
    check.claim(f"end_loss_{name.lower()}", loss_and_grad(ends[name], x_train, y_train)[0])
lengths = {name: np.linalg.norm(end - start) for name, end in ends.items()}
check.claim("distance_ratio", lengths["Adam"] / lengths["Nesterov"])
along = ends["Nesterov"] - start
along /= np.linalg.norm(along)
beside = ends["Adam"] - start
beside -= (beside @ along) * along
beside /= np.linalg.norm(beside)
plane = np.stack([along, beside])  # (2, n), of unit length and at right angles
flat_trails = {name: (np.array(trail) - start) @ plane.T for name, trail in trails.items()}

# %%
everything = np.concatenate(list(flat_trails.values()))
low, high = everything.min(axis=0) - 2, everything.max(axis=0) + 2


# %%
def loss_on_plane(grid):
    """grid (2, rows, columns) of places on the plane -> the loss of 500 pictures there."""
    points = start + grid.reshape(2, -1).T @ plane
    losses = [loss_and_grad(w.astype("float32"), x_train[:500], y_train[:500])[0] for w in points]
    return np.reshape(losses, grid.shape[1:])


_, ax = plt.subplots(figsize=(5.4, 3.4))
levels = [0.4, 0.5, 0.7, 1, 1.5, 2.2]
lines = show_paths(ax, loss_on_plane, flat_trails, *zip(low, high), levels, points=25)
ax.clabel(lines, fontsize=8, fmt="%.2g")
ax.set(xlabel="distance along start → Nesterov's end", ylabel="distance at right angles to it")
plt.show()

# %% [markdown]
# *What to look for: the two runs leave the start in different directions and end far apart; Adam goes 1.6 times as
# far, for about the same loss (0.44 and 0.43 on all training pictures).* A slice through 13,258 dimensions shows what
# happens on the slice and no more; the paths themselves run mostly outside of it.
#
# ## Which rate?
#
# There is a cheap first guess. In a **learning-rate range test** (Smith 2017, who let the rate grow linearly) the
# rate grows by a constant factor from step to step, and the loss is recorded along the way, each time before the
# step. Too small a rate changes nothing, a good one lets the loss fall, too large a one throws it up. **Predict, then
# run:** Nesterov's rule and Adam, 150 steps, five decades. At about which rate will the fall be over, for each?

# %%
tested = {"Nesterov": np.geomspace(1e-4, 10, 150), "Adam": np.geomspace(1e-5, 1, 150)}


def smooth(losses, keep=0.8):
    """Running mean of the losses, with the bias correction of Adam."""
    mean, smoothed = 0.0, []
    for t, loss in enumerate(losses, start=1):
        mean = keep * mean + (1 - keep) * loss
        smoothed.append(mean / (1 - keep**t))
    return np.array(smoothed)


# %%
suggested = {}
_, ax = plt.subplots(figsize=(5.4, 3.2))
for name, rates in tested.items():
    with np.errstate(all="ignore"):
        losses = smooth(train(RULES[name], rates, start, batch=200)[1])
    end = np.argmax(~(losses < 2 * losses[0])) or len(losses)  # the first loss that is NaN or too high
    ax.semilogx(rates[:end], losses[:end], label=name)
    suggested[name] = rates[np.argmin(losses[:end])]
    ax.plot(suggested[name], losses[:end].min(), "o", color=ax.lines[-1].get_color())
ax.set(xlabel="learning rate of the step", ylabel="smoothed loss of the batch")
ax.legend()
plt.show()
check.claim("range_nesterov", np.log10(suggested["Nesterov"]))
check.claim("range_adam", np.log10(suggested["Adam"]))

# %% [markdown]
# *What to look for: flat, then a fall, a floor, then an explosion. Adam's fall comes a decade earlier.* The dots mark
# the lowest loss, at rates of 0.25 and 0.07. The loss lags behind the rate, and a rate that is good for ten steps may
# be too high for 800, so one takes a third or a tenth of that.
#
# ### Warm-up and cosine
#
# Noise asks for a rate that falls. The usual shape is half a **cosine** (Loshchilov and Hutter 2017): gentle at the
# start, steep in the middle, gentle at the end. And where the start is rough, because the weights are random and
# Adam's means know nothing yet, one lets the rate rise from zero first, the **warm-up**. With $T$ steps, of which
# $T_w$ warm up (some plans end at a small *floor* instead of zero):
#
# $$\eta_k = \eta\, \frac{k}{T_w} \;\; (k < T_w), \qquad
# \eta_k = \frac{\eta}{2} \left( 1 + \cos \pi \frac{k - T_w}{T - T_w} \right) \;\; (k \ge T_w) .$$


# %%
def cosine_schedule(step, total_steps, peak, warmup_steps=0):
    """The learning rate of a step 0, 1, ...: a straight rise to the peak, then half a cosine to zero."""
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    return peak * (1 + np.cos(np.pi * progress)) / 2


def planned(peak, warmup_steps=40, total_steps=800):
    return [cosine_schedule(k, total_steps, peak, warmup_steps) for k in range(total_steps)]


in_keras = keras.optimizers.schedules.CosineDecay(0.0, 760, warmup_target=0.1, warmup_steps=40)
schedule_gaps = [abs(float(in_keras(k)) - planned(0.1)[k]) for k in range(0, 800, 20)]
check.claim("schedule_gap", max(schedule_gaps))

# %% [markdown]
# The last line compares with Keras, which counts `decay_steps` from the end of the warm-up. **Predict, then run:**
# Adam at three rates, sensible, high and far too high. Each with a constant rate, with a cosine, and with 40 steps of
# warm-up and a cosine; the mean of three runs. Where does which part help?

# %%
shapes = {
    "constant": lambda peak: [peak] * 800,
    "cosine": lambda peak: planned(peak, 0),
    "warm-up, cosine": planned,
}
peaks, table = [0.02, 0.05, 0.15], np.zeros((3, 3))
for row, shape in enumerate(shapes.values()):
    for column, peak in enumerate(peaks):
        runs = [train(RULES["Adam"], shape(peak), start, seed=seed)[0] for seed in range(3)]
        table[row, column] = np.mean([accuracy(w, x_val, y_val) for w in runs])

# %%
_, (left, right) = plt.subplots(1, 2, figsize=(8.2, 2.8))
plots.curves({name: shape(0.02) for name, shape in shapes.items()}, "step", "learning rate", ax=left)
names = [f"{peak:g}" for peak in peaks]
labels = {"rows": list(shapes), "columns": names}
plots.heatmap(table, "peak learning rate", "", "validation accuracy", **labels, ax=right)
plt.show()
check.claim("constant_accuracy", table[0, 0])
check.claim("cosine_accuracy", table[1, 0])
check.claim("warm_accuracy", table[2, 0])
check.claim("high_cosine_accuracy", table[1, 2])
check.claim("high_warm_accuracy", table[2, 2])

# %% [markdown]
# *What to look for: the fall of the rate helps in every column; the warm-up a lot only where the rate is too high.* At
# 0.02 the cosine is worth 1.6 points and the warm-up less than one more; at 0.15 the warm-up adds about ten points to
# the cosine (where single runs differ by more), and the result is still the worst column. Warm-up widens the range of
# rates that one can survive.
#
# ## When the gradient explodes
#
# Some losses have cliffs. The simplest is a recurrent one: a state $s \leftarrow w s + b$, twenty times over from
# $s = 0$, and the loss $(s_{20} - 0.7)^2$. It contains $w^{19}$, so it is flat for small $w$ and a wall beyond 1.
# **Clipping by global norm** (Pascanu, Mikolov and Bengio 2013) shortens a gradient that is longer than a limit and
# keeps its direction. The norm is taken over *all* arrays together; clipped one by one, they would point elsewhere.


# %%
def clip_by_global_norm(grads, max_norm):
    """A list of arrays -> the list, its norm at most max_norm; the norm before."""
    norm = np.sqrt(sum((grad**2).sum() for grad in grads))
    scale = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [scale * grad for grad in grads], norm


def recurrent(params):
    """params: [w, b] -> the loss after 20 rounds, and its gradient."""
    (w, b), state, slopes = params, 0.0, np.zeros(2)
    for _ in range(20):
        slopes = np.array([state + w * slopes[0], 1 + w * slopes[1]])
        state = w * state + b
    return (state - 0.7) ** 2, 2 * (state - 0.7) * slopes


# %%
check.claim("cliff_norm", np.linalg.norm(recurrent([1.1, 0.1])[1]))
cliff_paths, cliff_losses = {}, {}
for name, max_norm in [("as it is", np.inf), ("clipped to norm 1", 1.0)]:
    clip = lambda grad: clip_by_global_norm([grad], max_norm)[0][0]
    clipped_sgd = lambda w, state, grad, rate: (w - rate * clip(grad), state)
    with np.errstate(all="ignore"):  # the first run goes to infinity
        first = np.array([1.1, 0.1])
        path = descend((no_state, clipped_sgd), lambda w: recurrent(w)[1], first, 0.03, 200)
        cliff_paths[name], cliff_losses[name] = path, np.array([recurrent(w)[0] for w in path])
check.claim("cliff_second_loss", np.log10(cliff_losses["as it is"][1]))
check.claim("cliff_clipped_loss", cliff_losses["clipped to norm 1"][-1])

# %%
_, (left, right) = plt.subplots(1, 2, figsize=(8, 2.8))
finite = {name: losses[np.isfinite(losses)][:40] for name, losses in cliff_losses.items()}
plots.curves(finite, "step", "loss", ax=left, log=True, first=0)
left.set_ylim(1e-4, 1e60)
left.legend(loc="center right")
surface = lambda grid: np.apply_along_axis(lambda w: recurrent(w)[0], 0, grid)
show_paths(right, surface, cliff_paths, (0, 1.4), (-0.2, 0.6), np.geomspace(0.01, 1e6, 5), points=60)
right.set(xlabel="$w$", ylabel="$b$")
plt.show()

# %%
grads = [recorded[0][:100], 5 * recorded[1][100:]]
clipper = keras.optimizers.SGD(1.0, global_clipnorm=0.1)
variables = [keras.Variable(np.zeros(grad.shape, "float32")) for grad in grads]
clipper.apply([ops.convert_to_tensor(grad) for grad in grads], variables)
ours = np.concatenate(clip_by_global_norm(grads, 0.1)[0])
theirs = -np.concatenate([ops.convert_to_numpy(variable) for variable in variables])
check.claim("clip_gap", np.abs(ours - theirs).max())

# %% [markdown]
# *What to look for: on the right, contours crowded at the foot of the wall. The gradient there has the length 871, so
# a single step without clipping leaves the picture for a loss of $10^{50}$, and the next for infinity; clipped, the
# same rate walks down.* Once the gradient is shorter than the limit, clipping does nothing, and the run converges.
# The last line compares with Keras's `global_clipnorm`, on two arrays. (Its `clipnorm` clips each variable by
# itself.) Recurrent networks need this (chapter 11); elsewhere it is cheap insurance.
#
# ## Weight decay is not L2
#
# To keep weights small, one may add $\frac{\alpha}{2} \lVert w \rVert^2$ to the loss, which adds $\alpha w$ to the
# gradient (*L2 regularization*), or shrink the weights at each step by $1 - \eta\alpha$ (*weight decay*). For plain
# SGD the two are the same: $w - \eta (g + \alpha w) = (1 - \eta\alpha)\, w - \eta g$. For Adam they are not: there
# $\alpha w$ goes through the division by $\sqrt v$ with the rest. **Predict, then run:** three kinds of weight, all
# 1, whose gradients are pure noise of spread 0.1, 1 and 10, so that nothing but the decay has a say. 2,000 steps at
# $\eta = 0.001$, $\alpha = 0.1$. AdamW should leave $(1 - 10^{-4})^{2000} = 0.82$ of each. And Adam with L2?

# %%
spreads = np.array([0.1, 1.0, 10.0])


def shrink(l2, weight_decay):
    """What is left of 200 weights of each kind, on average, after 2,000 steps of noise."""
    rng, w = np.random.default_rng(45), np.ones((200, 3))
    state = adam_start(w)
    for _ in range(2000):
        grad = spreads * rng.normal(size=w.shape) + l2 * w
        w, state = adamw_step(w, state, grad, 0.001, weight_decay)
    return w.mean(axis=0)


# %%
left_over = np.stack([shrink(0.0, 0.1), shrink(0.1, 0.0)])
check.claim("decay_adamw", left_over[0].mean())
check.claim("decay_l2_quiet", left_over[1, 0])
check.claim("decay_l2_loud", left_over[1, 2])

# %%
_, ax = plt.subplots(figsize=(5, 3))
ax.bar(np.arange(3) - 0.2, left_over[0], 0.4, color=plots.BLUE, label="AdamW")
ax.bar(np.arange(3) + 0.2, left_over[1], 0.4, color=plots.ORANGE, label="Adam with L2")
ax.set_xticks(range(3), ["0.1", "1", "10"])
ax.set(xlabel="spread of the gradient", ylabel="what is left of the weight", ylim=(0, 1.3))
ax.legend(ncols=2)
plt.show()

# %% [markdown]
# *What to look for: AdamW shrinks all alike; with L2 the weight with quiet gradients keeps 0.19 and the one with loud
# gradients 0.98.* Divided by $\sqrt v$, the pull of the L2 term is weakest just where a weight is trained hardest.
# (They agree at spread 1 only because the divisor is 1 there.) So with Adam use `AdamW`, or any Keras optimizer's
# `weight_decay`, rather than a regularizer, if shrinking is what you want. (Keras shrinks biases as well, unless
# `exclude_from_weight_decay` names them.)
#
# ## Your own optimizer in Keras
#
# A Keras optimizer is a class with four methods. (We hang on the fourth in a cell of its own, only to keep cells
# short.) `build` makes the state, one variable for each variable of the model; `update_step` is our `step`, written
# with `keras.ops`. As an example we take **Lion** (Chen and others 2023), which a program found by searching among
# programs: only the *sign* of a mean decides, so each weight moves by exactly the rate.


# %%
class Lion(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.99, name="lion", **kwargs):
        super().__init__(learning_rate, name=name, **kwargs)
        self.beta_1, self.beta_2 = beta_1, beta_2

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.momentums = self.add_optimizer_variables(variables, "momentum")

    def get_config(self):
        return super().get_config() | {"beta_1": self.beta_1, "beta_2": self.beta_2}


# %%
def lion_step(self, gradient, variable, learning_rate):
    """One variable's step; learning_rate is that of this step, also under a schedule."""
    m = self.momentums[self._get_variable_index(variable)]
    direction = ops.sign(self.beta_1 * m + (1 - self.beta_1) * gradient)
    self.assign_sub(variable, ops.cast(learning_rate, variable.dtype) * direction)
    self.assign(m, self.beta_2 * m + (1 - self.beta_2) * gradient)


Lion.update_step = lion_step
ours, theirs = keras_displacement(Lion(0.01)), keras_displacement(keras.optimizers.Lion(0.01))
check.claim("lion_gap", np.linalg.norm(ours - theirs) / np.linalg.norm(theirs))
again = Lion.from_config(Lion(0.01, beta_2=0.95).get_config())
print("from its own description:", type(again).__name__, again.beta_2, float(again.learning_rate))

# %%
plan = keras.optimizers.schedules.CosineDecay(0.0, 760, warmup_target=0.003, warmup_steps=40)
model = keras_model(Lion(plan, global_clipnorm=1.0))
model.fit(x_train, y_train, batch_size=50, epochs=2, shuffle=False, verbose=0)
check.claim("lion_accuracy", model.evaluate(x_val, y_val, batch_size=500, verbose=0)[1])

# %% [markdown]
# Ours and Keras's own Lion agree. (Where the mean is almost zero, rounding may decide its sign, so do not count on
# the last number.) In `fit` it runs compiled, with a schedule and with clipping, which the base class provides, and
# gets 84 %. Three traps: whatever changes from step to step must be a variable (a Python number is frozen when the
# step is compiled; the step count is there as `self.iterations`); a choice that depends on numbers is `ops.where` and
# not `if`; and the rate to use is the *argument*, which follows the schedule. `get_config` is what saving and loading
# need, with the class registered or given as a custom object.
#
# ## The question, answered
#
# Now the fair search. Same network, same start, 800 steps, batches of 50, warm-up and cosine for all. Five rules,
# nine rates each, a factor of 1.78 apart; three runs on different batches for each rate, 135 in all. The rate with
# the best mean on the *validation* pictures wins; only then do we look at the test pictures, with three new starts.
# **Predict:** the best rate of each, and the order of the five.

# %%
grids = {name: 10 ** np.arange(-1.5, 0.6, 0.25) for name in ["SGD", "momentum", "Nesterov"]}
grids |= {name: 10 ** np.arange(-3, -0.9, 0.25) for name in ["RMSprop", "Adam"]}


def validated(name, rate, w, seed, net=(SIZES, "relu")):
    """The validation accuracy after 800 planned steps (a run that blows up guesses: about 0.1)."""
    with np.errstate(all="ignore"):
        end, _ = train(RULES[name], planned(rate), w, seed=seed, net=net)
        return accuracy(end, x_val, y_val, *net)


# %%
found = {}
for name, rates in grids.items():
    runs = [[validated(name, rate, start, seed) for seed in range(3)] for rate in rates]
    found[name] = np.mean(runs, axis=1)
best = {name: grids[name][values.argmax()] for name, values in found.items()}

# %%
curves = {name: (grids[name], found[name]) for name in grids}
_, ax = plt.subplots(figsize=(6, 3.6))
plots.curves(curves, "peak learning rate", "validation accuracy", ax=ax)
ax.set(xscale="log", ylim=(0.7, 0.87))
plt.show()

# %%
results = {}
for name in grids:
    scores = []
    for seed in [50, 51, 52]:
        fresh = new_weights(SIZES, np.random.default_rng(seed))
        end, _ = train(RULES[name], planned(best[name]), fresh, seed=seed)
        scores.append(accuracy(end, x_test, y_test))
    results[name] = np.mean(scores)
    print(f"{name:9} best rate {best[name]:.3f}   test {results[name]:.4f} ± {np.std(scores):.4f}")
check.claim("best_rate_sgd", np.log10(best["SGD"]))
check.claim("best_rate_nesterov", np.log10(best["Nesterov"]))
check.claim("best_rate_adam", np.log10(best["Adam"]))

# %%
check.claim("test_sgd", results["SGD"])
check.claim("test_rmsprop", results["RMSprop"])
check.claim("test_adam", results["Adam"])
check.claim("adam_minus_nesterov", results["Adam"] - results["Nesterov"])

# %% [markdown]
# *What to look for: five hills of nearly the same height, in very different places.* SGD wants a rate of 0.56,
# momentum and Nesterov 0.1, Adam 0.018 (the next one does as well): a factor of 30 between the first and the last.
# None of these is what came out of the box. The range test had put its dots at 0.25 for Nesterov and 0.07 for Adam,
# so a third of the dot was a good guess for both.
#
# On the test pictures Adam and RMSprop have 0.840, plain SGD 0.821. Of the nine points at the beginning two are left,
# and against Nesterov's rule less than one point. Three runs spread by about 0.002, and a neighboring rate may change
# more than that. So plain SGD is probably behind *here*, with this budget, this schedule, and $\beta$ untouched;
# between Nesterov's rule and Adam little is decided. The rest of the nine points was the rate and its schedule.
#
# Then is Adam's fame a mistake? One more network: four hidden layers of *sigmoids*, in which the gradient vanishes
# (chapter 3). **Predict, then run:** seven rates each for SGD, Nesterov and Adam, half a decade apart, three runs each.

# %%
DEEP = ([196, 64, 64, 64, 64, 10], "sigmoid")
deep_start = new_weights(DEEP[0], np.random.default_rng(46), gain=1.0)
_, grad = loss_and_grad(deep_start, x_train[:1000], y_train[:1000], *DEEP)
sizes = [np.sqrt((W**2).mean()) for W, _ in layers_of(grad, DEEP[0])]
print("size of the gradient, layer by layer:", *(f"{size:.0e}" for size in sizes))
check.claim("deep_gradient_ratio", np.log10(sizes[-1] / sizes[0]))

# %%
deep_curves = {}
for name, lowest in [("SGD", -1.5), ("Nesterov", -1.5), ("Adam", -3.5)]:
    rates = 10 ** (lowest + 0.5 * np.arange(7))
    runs = [[validated(name, rate, deep_start, seed, DEEP) for seed in range(3)] for rate in rates]
    deep_curves[name] = (rates, np.mean(runs, axis=1))
    print(name, "at its best rate:", *(f"{value:.2f}" for value in max(runs, key=sum)))
check.claim("deep_sgd", max(deep_curves["SGD"][1]))
check.claim("deep_nesterov", max(deep_curves["Nesterov"][1]))
check.claim("deep_adam", max(deep_curves["Adam"][1]))

# %%
_, ax = plt.subplots(figsize=(5.4, 3.2))
plots.curves(deep_curves, "peak learning rate", "validation accuracy", ax=ax)
ax.set(xscale="log", ylim=(0, 0.9))
plt.show()
deep_relu_start = new_weights(DEEP[0], np.random.default_rng(46))
check.claim("deep_relu", validated("Nesterov", 0.03, deep_relu_start, 0, (DEEP[0], "relu")))

# %% [markdown]
# *What to look for: only one hill.* The gradient of the last layer is a thousand times that of the first. A single
# rate that moves the first layer throws the last one about: for plain SGD and for Nesterov's rule no rate trains all
# three runs, and the best mean is 0.25 and 0.21. (It is luck: now and then a single run gets off the ground, and with
# only one run for each rate we should have drawn a hill.) Adam divides each layer's gradient by its own size, and
# reaches 76 % on average.
#
# **So: does "Adam is better" survive a fair search?** On a well-built network most of it does not: give the others
# their own rates, and nine points shrink to two or one. What survives is this. Where scales differ from weight to
# weight, Adam needs no one to look after them, and that is worth a lot when a network is not well built, or when
# nobody knows. (The better cure for this one is chapter 3's, ReLU and He's weights: the last line trains the same
# layers so, with Nesterov's rule, and gets 84 %.) And whoever tells you that one optimizer beats another should also
# tell you over which rates both were searched.
#
# ## Check yourself
#
# **1.** A quadratic has curvatures between 0.5 and 200. Which rates converge, which one is best, and by what factor
# does the error then shrink per step?
#
# <details><summary>Answer</summary>
#
# Those between 0 and $2/200 = 0.01$; the best is $2/200.5 \approx 0.00998$; $\kappa = 400$, so the factor is
# $399/401 \approx 0.995$.
#
# </details>
#
# **2.** You add momentum 0.9 to an SGD run that went well at rate 0.3, and the loss gets worse. Why, and what is the
# first thing to try?
#
# <details><summary>Answer</summary>
#
# Under a steady gradient the steps become ten times as long, and noise too is added up over about ten steps. Divide
# the rate by ten. (On a bowl without noise it would not even diverge, since the bound moves out; a network is
# neither.)
#
# </details>
#
# **3.** All gradients are multiplied by 1000 (someone changed a mean into a sum). What happens to a run with SGD,
# with Adam, with Adam and L2, and with AdamW?
#
# <details><summary>Answer</summary>
#
# SGD takes steps that are 1000 times longer. Adam hardly notices, as long as $\epsilon$ was negligible before. With
# L2 the penalty now counts 1000 times less against the gradient, so the weights are hardly held down any more; AdamW
# is as before. (If the penalty was multiplied too, being part of the loss, then Adam with L2 does not notice either.)
#
# </details>
#
# **4.** Why does Adam's first step not depend on the size of the gradient, and what would the first step be without
# bias correction at $\beta_1 = \beta_2 = 0.9$?
#
# <details><summary>Answer</summary>
#
# $\hat m / \sqrt{\hat v} = g / |g|$. Without correction it is $0.1\,g / \sqrt{0.1\,g^2} = 0.32$ of the rate: too
# short, not too long. Which way the error goes depends on the two betas.
#
# </details>
#
# **5.** A loss curve is flat and noisy at the end. Someone proposes to quadruple the batch. What else would bring the
# noise of the weights down about as far, and at what cost?
#
# <details><summary>Answer</summary>
#
# A quarter of the rate: the hovering variance is nearly proportional to $\eta \sigma^2$, and $\sigma^2$ to $1/B$. The
# larger batch costs four times the work for each step; the smaller rate costs nothing at that point, but slows down
# whatever progress is left. That is why it should come late.
#
# </details>
#
# ## In one paragraph
#
# An optimizer turns gradients into steps. On a bowl, descent is stable below $2/L$ and takes about $\kappa$ steps per
# decimal; momentum takes about $\sqrt\kappa$ and multiplies the rate by $1/(1-\beta)$. A batch of $B$ gives the
# gradient with a variance that falls as $1/B$, and a constant rate leaves the weights hovering, so let the rate fall.
# RMSprop and Adam divide each weight's step by the typical size of its gradient; Adam corrects its means for having
# started at zero. They mend scales that belong to single weights, and no others. Decay weights directly (AdamW), clip
# the global norm where there are cliffs, warm up where the rate is high. The learning rate is the number that matters
# most: test the range, then search, for each optimizer on its own.
#
# ## Go further
#
# - B. Polyak (1964), *Some methods of speeding up the convergence of iteration methods*, USSR Computational
#   Mathematics and Mathematical Physics 4(5). Momentum, and why its settings are what they are.
# - Y. Nesterov (1983), *A method of solving a convex programming problem with convergence rate $O(1/k^2)$*, Soviet
#   Mathematics Doklady 27; and his *Introductory Lectures on Convex Optimization* (2004), Kluwer, for the theorem on
#   linear convergence (2.1.15).
# - I. Sutskever, J. Martens, G. Dahl and G. Hinton (2013), *On the importance of initialization and momentum in deep
#   learning*, ICML. Both kinds of momentum in deep networks, and why the start matters as much.
# - G. Goh (2017), *Why momentum really works*, Distill. The same quadratics, with sliders.
# - L. Lessard, B. Recht and A. Packard (2016), *Analysis and design of optimization algorithms via integral quadratic
#   constraints*, SIAM Journal on Optimization 26(1). Contains the function on which Polyak's ball never arrives.
# - D. Kingma and J. Ba (2015), *Adam: a method for stochastic optimization*, ICLR. Short and clear; look for both
#   places of $\epsilon$.
# - I. Loshchilov and F. Hutter (2017), *SGDR: stochastic gradient descent with warm restarts*, ICLR, for the cosine;
#   and (2019), *Decoupled weight decay regularization*, ICLR, for AdamW (its $\lambda$ is Keras's weight decay
#   times the rate).
# - L. Smith (2017), *Cyclical learning rates for training neural networks*, WACV. The range test. P. Goyal and others
#   (2017), *Accurate, large minibatch SGD: training ImageNet in 1 hour*, arXiv 1706.02677. Warm-up, with its reason.
# - R. Pascanu, T. Mikolov and Y. Bengio (2013), *On the difficulty of training recurrent neural networks*, ICML. The
#   cliff, drawn, and clipping.
# - J. Cohen, S. Kaur, Y. Li, J. Z. Kolter and A. Talwalkar (2021), *Gradient descent on neural networks typically
#   occurs at the edge of stability*, ICLR. Our second figure on many networks.
# - D. Choi and others (2019), *On empirical comparisons of optimizers for deep learning*, arXiv 1910.05446; R.
#   Schmidt, F. Schneider and P. Hennig (2021), *Descending through a crowded valley: benchmarking deep learning
#   optimizers*, ICML. Our last experiment at full size, and how easily its answer is turned.
# - X. Chen and others (2023), *Symbolic discovery of optimization algorithms*, NeurIPS. How Lion was found.
