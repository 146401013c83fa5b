# %% [raw] front=true
# title = "Generative adversarial networks"
# shows = "How two networks that play against each other learn to make things: the game and its mathematics, why it circles and collapses, what calms it, and how to judge what comes out."
# needs = "Chapters 1 to 3 (cross-entropy, backpropagation by hand), Adam (chapter 4), batch normalization (6), training steps in Keras (7), convolution (8). From school: the integral as an area."
# minutes = {read = 80, run = 2}
# data = ["fashion_mnist"]
# accelerator = "GPU"
#
# [claims.best_discriminator_gap]
# text = "largest difference between the best discriminator and a learned one, where the examples are"
# value = 0.01
# tolerance = 0.01
# [claims.value_gap]
# text = "difference between the value with the best discriminator and 2 JSD - log 4"
# value = 0
# tolerance = 1e-6
# [claims.push_saturating]
# text = "push of the saturating loss on a fake with logit -8"
# value = 0.0003
# tolerance = 0.0001
# [claims.push_non_saturating]
# text = "push of the non-saturating loss there"
# value = 0.9997
# tolerance = 0.0001
# [claims.naive_fails_at]
# text = "least whole logit at which log(1 - sigmoid) is infinite in 32 bits"
# value = 17
# tolerance = 0
# [claims.ink_normal]
# text = "Wasserstein distance of a normal distribution from the ink of held-back garments"
# value = 0.25
# tolerance = 0.01
# [claims.ink_seen]
# text = "the same of the ink of training garments"
# value = 0.02
# tolerance = 0.01
# [claims.ink_gan]
# text = "the same of the generator's numbers"
# value = 0.04
# tolerance = 0.03
# [claims.keras_gap]
# text = "largest difference between our weights and Keras's after five rounds"
# value = 0
# tolerance = 5e-05
# [claims.spiral_out]
# text = "distance from the solution after 400 steps at once, from 1"
# value = 3.1
# tolerance = 0.02
# [claims.in_turns_most]
# text = "largest distance from the solution in 400 steps in turns"
# value = 1.04
# tolerance = 0.01
# [claims.in_turns_least]
# text = "least distance from the solution in 400 steps in turns"
# value = 0.99
# tolerance = 0.01
# [claims.with_penalty]
# text = "distance from the solution after 400 steps with the penalty"
# value = 0
# tolerance = 0.001
# [claims.covered_generator_ahead]
# text = "modes covered, generator ahead, mean over time and seeds"
# value = 0.6
# tolerance = 0.5
# [claims.in_one_place]
# text = "share of fakes nearest to the most popular center, generator ahead, mean over time and seeds"
# value = 0.85
# tolerance = 0.15
# [claims.covered_discriminator_ahead]
# text = "modes covered at the end, discriminator ahead, mean of three seeds"
# value = 5.7
# tolerance = 1.3
# [claims.estimate_penalty]
# text = "estimate of the critic with gradient penalty for two heaps at distance 4"
# value = 4.6
# tolerance = 0.5
# [claims.estimate_clip_1]
# text = "the same of the critic clipped to 0.1"
# value = 1.0
# tolerance = 0.4
# [claims.estimate_clip_2]
# text = "the same of the critic clipped to 0.2"
# value = 8
# tolerance = 2.5
# [claims.estimate_jsd]
# text = "Jensen-Shannon divergence by the discriminator there (at most log 2)"
# value = 0.693
# tolerance = 0.005
# [claims.true_distance]
# text = "Wasserstein distance of the two heaps, by sorting"
# value = 4
# tolerance = 0.05
# [claims.overshoot_ratio]
# text = "the critic's estimates over W + W^2 / 20, mean over distances"
# value = 1
# tolerance = 0.05
# [claims.covered_wgan]
# text = "modes covered at the end, WGAN with gradient penalty, mean of three seeds"
# value = 8
# tolerance = 0.7
# [claims.transposed_gap]
# text = "largest difference between our transposed convolution and Keras's"
# value = 0
# tolerance = 1e-05
# [claims.fake_to_training]
# text = "median distance of fakes to the nearest training picture, as a multiple of that of test garments"
# value = 1.5
# tolerance = 0.3
# gpu = {value = 1.36, tolerance = 0.3}
# [claims.middle_length]
# text = "length of the middle of two noise vectors, as a multiple of theirs"
# value = 0.707
# tolerance = 0.01
# [claims.diversity_collapsed]
# text = "mean distance between fakes of the collapsed GAN, as a multiple of that of real garments"
# value = 0.5
# tolerance = 0.2
# gpu = {value = 0.35, tolerance = 0.2}
# [claims.diversity_healthy]
# text = "the same of the DCGAN"
# value = 1.0
# tolerance = 0.15
# gpu = {value = 0.92, tolerance = 0.15}
# [claims.classifier_accuracy]
# text = "share of test garments that the classifier names correctly"
# value = 0.87
# tolerance = 0.02
# [claims.obeyed]
# text = "share of the conditional GAN's fakes to which the classifier gives the label asked for"
# value = 0.88
# tolerance = 0.06
# gpu = {value = 0.87, tolerance = 0.06}
# [claims.bias_slope]
# text = "slope of the distance between two lots of real garments, both scales logarithmic"
# value = -1.05
# tolerance = 0.2
# [claims.frechet_real]
# text = "squared Fréchet distance of other real pictures"
# value = 0.7
# tolerance = 0.3
# [claims.precision_real]
# text = "precision of other real pictures"
# value = 0.89
# tolerance = 0.04
# [claims.recall_real]
# text = "recall of other real pictures"
# value = 0.88
# tolerance = 0.04
# [claims.frechet_blurred]
# text = "squared Fréchet distance of blurred real pictures"
# value = 15
# tolerance = 8
# [claims.precision_blurred]
# text = "precision of blurred real pictures"
# value = 0.93
# tolerance = 0.06
# [claims.recall_blurred]
# text = "recall of blurred real pictures"
# value = 0.43
# tolerance = 0.1
# [claims.frechet_two]
# text = "squared Fréchet distance of real pictures of two classes"
# value = 210
# tolerance = 70
# [claims.precision_two]
# text = "precision of real pictures of two classes"
# value = 0.91
# tolerance = 0.06
# [claims.recall_two]
# text = "recall of real pictures of two classes"
# value = 0.52
# tolerance = 0.12
# [claims.recall_two_small]
# text = "the same without the largest twentieth of the balls"
# value = 0.22
# tolerance = 0.07
# [claims.frechet_early]
# text = "squared Fréchet distance of the DCGAN after 50 steps"
# value = 106
# tolerance = 40
# gpu = {value = 91, tolerance = 40}
# [claims.precision_early]
# text = "precision of the DCGAN after 50 steps"
# value = 0.5
# tolerance = 0.25
# gpu = {value = 0.5, tolerance = 0.25}
# [claims.recall_early]
# text = "recall of the DCGAN after 50 steps"
# value = 0.01
# tolerance = 0.05
# gpu = {value = 0.07, tolerance = 0.1}
# [claims.frechet_late]
# text = "squared Fréchet distance of the DCGAN at the end of its training"
# value = 9
# tolerance = 5
# gpu = {value = 5.6, tolerance = 3.5}
# [claims.precision_late]
# text = "precision of the DCGAN at the end of its training"
# value = 0.53
# tolerance = 0.12
# gpu = {value = 0.63, tolerance = 0.12}
# [claims.recall_late]
# text = "recall of the DCGAN at the end of its training"
# value = 0.71
# tolerance = 0.12
# gpu = {value = 0.77, tolerance = 0.12}
# [claims.frechet_told]
# text = "squared Fréchet distance of the conditional GAN"
# value = 2.8
# tolerance = 1.8
# gpu = {value = 2.4, tolerance = 1.6}
# [claims.precision_told]
# text = "precision of the conditional GAN"
# value = 0.68
# tolerance = 0.12
# gpu = {value = 0.76, tolerance = 0.12}
# [claims.recall_told]
# text = "recall of the conditional GAN"
# value = 0.74
# tolerance = 0.12
# gpu = {value = 0.75, tolerance = 0.12}
# [claims.frechet_memorizer]
# text = "squared Fréchet distance of the memorizer"
# value = 0
# tolerance = 0.001
# [claims.precision_memorizer]
# text = "precision of the memorizer"
# value = 1
# tolerance = 0
# [claims.recall_memorizer]
# text = "recall of the memorizer"
# value = 1
# tolerance = 0
# [claims.frechet_noise]
# text = "squared Fréchet distance of uniform noise"
# value = 290
# tolerance = 100
# [claims.recall_noise]
# text = "recall of uniform noise"
# value = 0
# tolerance = 0.01
# [claims.precision_noise]
# text = "precision of uniform noise"
# value = 0.75
# tolerance = 0.3

# %% setup=true

# %% [markdown]
# ## A question first
#
# Programs that make pictures of garments are easily written. Here are three without a network. The first takes
# each pixel from another garment, chosen at random. The second measures how all pairs of pixels vary together, and
# draws from the Gaussian with that mean and that covariance. The third takes a garment out of the drawer.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

from course.autodiff import input_gradient, training_step

(x_train, y_train), (x_test, y_test) = data.load("fashion_mnist")
names = data.card("fashion_mnist").classes
plt.rcParams["figure.dpi"] = 58  # there are many pictures below


# %%
rng = np.random.default_rng(180)
rows = x_train[:10_000].reshape(-1, 784) / 255
picks = rng.integers(len(rows), size=(8, 784))
# Directions at right angles, and the variance along each (section 13):
variance, directions = np.linalg.eigh(np.cov(rows, rowvar=False))
noise = rng.normal(size=(8, 784)) * np.sqrt(np.maximum(variance, 0))

# %%
mixed = rows[picks, np.arange(784)]  # every pixel from a garment of its own
drawn = rows.mean(axis=0) + noise @ directions.T
copied = rows[picks[:, 0]]
pictures = np.concatenate([mixed, drawn, copied]).reshape(-1, 28, 28)
plots.images(pictures, columns=8, size=1.0, value_range=(0, 1))
plt.show()

# %% [markdown]
# *What to look for: rows one to three are the three programs.* The first gives dust. The second gives ghosts, in which
# sleeves and soles shine through one another. The third is flawless, and worthless: nothing in it is new.
#
# **Can a program learn, from examples alone, to make garments that nobody has photographed? And how would one know
# that it has not just copied?**
#
# What makes this hard is the loss. A classifier's answer is compared with a label, but no label says what a *new*
# garment ought to be, and the distance to the nearest real one is smallest for the copier. The idea of this chapter,
# published by Ian Goodfellow and seven others in 2014, is not to write the loss down at all: a second network learns
# it.
#
# ## 1. The game
#
# The **generator** $G$ takes a vector $z$ of random numbers (*noise*, or *latent vector*) and makes it into an example
# $G(z)$, a *fake*. The **discriminator** $D$ takes an example $x$, real or fake, and gives the probability $D(x)$ that
# it is real. Both play for one number:
#
# $$V(D, G) \;=\; \mathbb{E}_{x \sim p_{\text{data}}} \log D(x) \;+\; \mathbb{E}_{z} \log\bigl(1 - D(G(z))\bigr),
# \qquad \min_G \max_D V(D, G). \tag{1}$$
#
# $\mathbb{E}$ is the mean, over real examples in the first term and over noise in the second. $D$ wants $V$ large: it
# is minus the cross-entropy of chapter 1, label 1 for real and 0 for fake, summed over the two kinds. $G$ wants $V$
# small: it wants to be taken for real. This is a **generative adversarial network**, or GAN.
#
# The generator never sees a real example. All it gets is the gradient of the discriminator's answer with respect to
# the fake, that is, how this fake should change to look more real, and backpropagation carries it on to $G$'s weights.
#
# ## 2. The best discriminator
#
# Hold $G$ still. Its fakes have some density $p_g$. What should $D$ answer at a point $x$? Written as an integral,
# (1) is $\int p_{\text{data}} \log D + p_g \log(1 - D) \, dx$, and each $x$ may be treated alone. Setting the
# derivative with respect to $D$ to zero gives $p_{\text{data}} / D = p_g / (1 - D)$, and since both logarithms bend
# downward, this is the maximum:
#
# $$D^*(x) = \frac{p_{\text{data}}(x)}{p_{\text{data}}(x) + p_g(x)}, \qquad
# \text{as a logit:}\quad l^*(x) = \log p_{\text{data}}(x) - \log p_g(x). \tag{2}$$
#
# So a perfect discriminator knows the ratio of two densities, although nobody told it either of them. For two
# Gaussians the logarithms are quadratic in $x$, and logistic regression on $1, x, x^2$ can find $l^*$ from samples.
#
# **Predict, then run:** real examples come from a Gaussian of mean 0 and standard deviation 1, fakes from one of mean
# 1.5 and standard deviation 0.7. What will $D$ answer where the densities cross? And far out on the *right*, where the
# fakes' side is?


# %%
def sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


def gaussian(x, mean, std):
    return np.exp(-0.5 * ((x - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))


def powers(x):
    """Points (n,) to features 1, x, x^2, (n, 3)."""
    return np.stack([np.ones_like(x), x, x**2], axis=1)


# %%
rng = np.random.default_rng(181)
features = powers(np.concatenate([rng.normal(0, 1, 5000), rng.normal(1.5, 0.7, 5000)]))
is_real = np.repeat([1, 0], 5000)
weights = np.zeros(3)
for _ in range(3000):
    weights -= 0.5 * features.T @ (sigmoid(features @ weights) - is_real) / len(is_real)
grid = np.linspace(-8, 8, 4001)
p_data, p_fake = gaussian(grid, 0, 1), gaussian(grid, 1.5, 0.7)
best = p_data / (p_data + p_fake)
learned = sigmoid(powers(grid) @ weights)
middle = (grid > -3) & (grid < 4)  # where the examples are
check.claim("best_discriminator_gap", np.abs(best - learned)[middle].max())

# %% [markdown]
# What does the best discriminator make of $V$? Put (2) into (1), and call $m = (p_{\text{data}} + p_g) / 2$. Each
# denominator is $2m$, so
#
# $$V(D^*, G) = \int p_{\text{data}} \log \frac{p_{\text{data}}}{2m} + p_g \log \frac{p_g}{2m} \; dx
# = 2\, \mathrm{JSD}(p_{\text{data}}, p_g) - \log 4. \tag{3}$$
#
# JSD, the **Jensen-Shannon divergence**, is the mean of the two Kullback-Leibler divergences to $m$,
# $\int p \log (p / m)\, dx$. It is zero when the densities are the same, at most $\log 2$, and nearly that when they
# hardly overlap. So with a perfect opponent the generator minimizes a distance of a kind between its density and that
# of the data, and at the least value, $-\log 4$, has $p_g = p_{\text{data}}$: then $D = 1/2$ everywhere.


# %%
def jensen_shannon(p, q):
    """Densities on `grid` -> JSD; 1e-300 keeps 0 log 0 at 0."""
    m, width = (p + q) / 2, grid[1] - grid[0]
    halves = [(d * np.log((d + 1e-300) / (m + 1e-300))).sum() * width for d in (p, q)]
    return sum(halves) / 2


inside = (p_data * np.log(best + 1e-300) + p_fake * np.log(1 - best + 1e-300)).sum()
value = inside * (grid[1] - grid[0])
check.claim("value_gap", value - (2 * jensen_shannon(p_data, p_fake) - np.log(4)))

# %%
_, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2))
densities = {"real": (grid, p_data), "fake": (grid, p_fake), "best D": (grid, best)}
plots.curves(densities, "x", "density, probability", ax=left)
left.plot(grid[middle][::100], learned[middle][::100], "k.", label="learned D")
left.legend()
left.set_xlim(-3.5, 4)
shifts = np.linspace(0, 6, 31)
values = [2 * jensen_shannon(p_data, gaussian(grid, s, 1)) - np.log(4) for s in shifts]
plots.curves({"V": (shifts, values)}, "distance of the means", "value with the best D", ax=right)
right.axhline(-np.log(4), color="gray", linestyle=":")
plt.show()

# %% [markdown]
# *What to look for, on the left: the dots, learned from samples, lie on the formula. $D$ is 1/2 where the densities
# cross. Far out on the right it rises again: the real Gaussian is wider, and so likelier there too. On the right: the
# value for two Gaussians of standard deviation 1. It rises from $-\log 4$ (dotted) and then goes flat.* Keep the flat
# end in mind: there a generator learns next to nothing from coming nearer.
#
# ## 3. Two losses for the generator
#
# $D$ should work with logits $l$, $D = \sigma(l)$, as in chapter 2. With $\operatorname{softplus}(l) = \log(1 + e^l)$,
#
# $$\log D = -\operatorname{softplus}(-l), \qquad \log(1 - D) = -\operatorname{softplus}(l). \tag{4}$$


# %%
def discriminator_loss(real_logits, fake_logits):
    """Minus V: the cross-entropy with label 1 for real and 0 for fake."""
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))


def saturating_loss(fake_logits):
    """The generator's part of V, the mean of log(1 - D)."""
    return -ops.mean(ops.softplus(fake_logits))


def generator_loss(fake_logits):
    """Non-saturating: minus the mean of log D."""
    return ops.mean(ops.softplus(-fake_logits))


# %% [markdown]
# Equation (1) has the generator minimize $\log(1 - D)$, the *minimax* or *saturating* loss. Its derivative
# with respect to a fake's logit is $-\sigma(l) = -D$. The other, *non-saturating* loss asks for large $\log D$ in
# place of small $\log (1 - D)$; its derivative is $-\sigma(-l) = -(1 - D)$. Both say "raise the logit". **Predict:**
# at the start every fake is recognized, say with $l = -8$. Which one says it louder, and by what factor?

# %%
logits = np.linspace(-8, 8, 81)
losses = {"saturating": -np.logaddexp(0, logits), "non-saturating": np.logaddexp(0, -logits)}
pushes = {"saturating": sigmoid(logits), "non-saturating": sigmoid(-logits)}
_, (left, right) = plt.subplots(1, 2, figsize=(10, 3))
plots.curves({k: (logits, v) for k, v in losses.items()}, "logit of a fake", "loss", ax=left)
plots.curves({k: (logits, v) for k, v in pushes.items()}, "logit of a fake", "push", ax=right)
plt.show()
check.claim("push_saturating", pushes["saturating"][0])
check.claim("push_non_saturating", pushes["non-saturating"][0])
whole = np.arange(40, dtype="float32")
with np.errstate(divide="ignore"):
    naive = np.log(1 - 1 / (1 + np.exp(-whole)))  # in place of -softplus
check.claim("naive_fails_at", whole[np.isinf(naive)][0])

# %% [markdown]
# *What to look for: on the right, the push is the size of the derivative. The saturating loss hardly pushes where the
# generator is bad, and pushes most where it wins already.* At $l = -8$ the pushes are 0.0003 and 0.9997. That is why
# the non-saturating loss is the usual one, as Goodfellow and others advised at once. The price: there is no longer
# one number between the players, and (3) no longer says what is minimized.
#
# And why (4)? Written as `log(1 - sigmoid(l))` in 32 bits, the loss is infinite from $l = 17$ on; softplus is not.
#
# ## 4. A GAN from scratch
#
# We begin with one number per garment: its ink, the mean of its pixels. Sneakers have little and pullovers much, so
# together they make two hills. $G$ gets one normal random number and has one hidden layer of 32 tanh units; so does
# $D$. The only thing not in chapter 3 is that `backward` hands on the gradient with respect to the *input*.


# %%
def new_params(n_in, rng, hidden=32):
    """[W1, b1, W2, b2] of a network n_in -> hidden -> 1."""
    W1, W2 = rng.normal(0, np.sqrt(2 / n_in), (n_in, hidden)), rng.normal(0, 0.25, (hidden, 1))
    return [W1, np.zeros(hidden), W2, np.zeros(1)]


def forward(params, x):
    W1, b1, W2, b2 = params
    h = np.tanh(x @ W1 + b1)
    return h @ W2 + b2, (x, h)


def backward(params, cache, dout):
    """dout (batch, 1) -> gradients of the four, and dx (batch, n_in)."""
    (x, h), (W1, _, W2, _) = cache, params
    dsum = (dout @ W2.T) * (1 - h**2)
    return [x.T @ dsum, dsum.sum(axis=0), h.T @ dout, dout.sum(axis=0)], dsum @ W1.T


# %% [markdown]
# One round is two steps. In the first, the fakes are given and $D$ moves. In the second, $D$ is given: the gradient
# of `generator_loss` goes back *through* $D$ to the fakes (`dfake`), and from there into $G$. **Predict, then run:**
# noise has one hill, ink has two. Will the generator make two?


# %%
def discriminator_gradients(G, D, x, z):
    real_logits, real_cache = forward(D, x)
    fake_logits, fake_cache = forward(D, forward(G, z)[0])
    from_real, _ = backward(D, real_cache, -sigmoid(-real_logits) / len(x))
    from_fake, _ = backward(D, fake_cache, sigmoid(fake_logits) / len(z))
    return [a + b for a, b in zip(from_real, from_fake)]


def generator_gradients(G, D, z):
    fake, cache = forward(G, z)
    fake_logits, fake_cache = forward(D, fake)
    _, dfake = backward(D, fake_cache, -sigmoid(-fake_logits) / len(z))
    return backward(G, cache, dfake)[0]


# %%
class Adam:
    """Chapter 4's, with the first moment's memory cut to 0.5, as is usual for GANs."""

    def __init__(self, params, rate):
        self.rate, self.t = rate, 0
        self.m, self.v = [0 * p for p in params], [0 * p for p in params]

    def step(self, params, grads, slower=1.0):
        self.t += 1
        rate = slower * self.rate * np.sqrt(1 - 0.999**self.t) / (1 - 0.5**self.t)
        for p, g, m, v in zip(params, grads, self.m, self.v):
            m += 0.5 * (g - m)
            v += 0.001 * (g**2 - v)
            p -= rate * m / (np.sqrt(v) + 1e-7)


# %%
chosen = np.isin(y_train[:20_000], [names.index("Pullover"), names.index("Sneaker")])
ink = x_train[:20_000][chosen].mean(axis=(1, 2))[:, None]
ink = (ink - ink.mean()) / ink.std()
seen, unseen = ink[:2000], ink[2000:]


def wasserstein_1d(a, b):
    """Two samples of the same size, side by side in order of size: mean distance."""
    return np.abs(np.sort(a.ravel()) - np.sort(b.ravel())).mean()


# %%
def play(seed, rounds=2400, batch=128):
    """Train on `seen`; fakes from fixed noise at the start and after each third."""
    rng = np.random.default_rng(seed)
    G, D = new_params(1, rng), new_params(1, rng)
    adam_G, adam_D = Adam(G, 0.001), Adam(D, 0.005)
    z_shown, fakes = rng.normal(size=(len(unseen), 1)), []
    for t in range(rounds + 1):
        if t % (rounds // 3) == 0:
            fakes.append(forward(G, z_shown)[0])
        x, z = rng.choice(seen, batch), rng.normal(size=(batch, 1))
        adam_D.step(D, discriminator_gradients(G, D, x, z), 1 - t / rounds)
        adam_G.step(G, generator_gradients(G, D, rng.normal(size=(batch, 1))), 1 - t / rounds)
    return fakes


fakes = play(182)

# %%
figure, axes = plt.subplots(1, 4, figsize=(10, 2.4), sharey=True)
bins = np.linspace(-4, 4, 50)
for ax, fake, t in zip(axes, fakes, (0, 800, 1600, 2400)):
    ax.hist(unseen[:, 0], bins, color="silver", density=True)
    ax.hist(fake[:, 0], bins, histtype="step", color=plots.VERMILLION, density=True)
    ax.set(title=f"{t} rounds", xlabel="ink, standardized")
axes[0].set_ylabel("density")
plt.show()
normal = np.random.default_rng(183).normal(size=unseen.shape)
check.claim("ink_normal", wasserstein_1d(normal, unseen))
check.claim("ink_seen", wasserstein_1d(seen[: len(unseen)], unseen[: len(seen)]))
check.claim("ink_gan", wasserstein_1d(fakes[-1], unseen))

# %% [markdown]
# *What to look for: gray, real garments held back; the red outline, fakes.* (The two peaks at the start are in the
# wrong places: an untrained tanh network piles up where its units saturate.) A generator that has not seen one
# garment now has both hills. Beside held-back garments in order of size, its numbers are off by about 0.04 on
# average, those of a normal distribution of the same mean and spread by 0.25. For real garments against real ones it
# is 0.02. (The rates fall to zero toward the end, so that the last swings of the game are small.)
#
# ### The same in Keras
#
# `training_step(loss, variables, optimizer)` of chapter 7 makes one compiled step. A game needs two of them, and the
# whole art is in `variables`: each loss reads both networks, and each step moves one.


# %%
def keras_twin(params):
    hidden = layers.Dense(params[0].shape[1], activation="tanh")
    model = keras.Sequential([keras.Input((params[0].shape[0],)), hidden, layers.Dense(1)])
    model.set_weights(params)
    return model


def game_steps(losses, players, optimizers):
    """One compiled step for each player."""
    return [
        training_step(loss, player.trainable_variables, optimizer)
        for loss, player, optimizer in zip(losses, players, optimizers)
    ]


# %%
rng = np.random.default_rng(184)
G, D = new_params(1, rng), new_params(1, rng)
generator, discriminator = keras_twin(G), keras_twin(D)
losses = (
    lambda x, z: discriminator_loss(discriminator(x), discriminator(generator(z))),
    lambda z: generator_loss(discriminator(generator(z))),
)
optimizers = [keras.optimizers.Adam(rate, beta_1=0.5) for rate in (0.005, 0.001)]
move_D, move_G = game_steps(losses, (discriminator, generator), optimizers)

# %%
adam_G, adam_D = Adam(G, 0.001), Adam(D, 0.005)
for _ in range(5):
    x, z = rng.choice(seen, 128).astype("float32"), rng.normal(size=(128, 1)).astype("float32")
    adam_D.step(D, discriminator_gradients(G, D, x, z))
    adam_G.step(G, generator_gradients(G, D, z))
    move_D(x, z)
    move_G(z)
pairs = zip(G + D, generator.get_weights() + discriminator.get_weights())
check.claim("keras_gap", max(np.abs(ours - theirs).max() for ours, theirs in pairs))

# %% [markdown]
# ## 5. Why it circles
#
# So far, a small enough step downhill has always made the loss smaller. In a game your downhill is the other's
# uphill. The smallest GAN that shows what follows is Mescheder, Geiger and Nowozin's *Dirac-GAN* (2018): all data are
# the number 0, all fakes the number $\theta$, and the discriminator's logit is $\psi x$. Up to a constant
# $V = -\operatorname{softplus}(\psi \theta)$, which $\theta$ minimizes and $\psi$ maximizes; the solution is
# $\theta = \psi = 0$. With $s = \sigma(\psi\theta)$, both stepping at once with the rate $h$,
#
# $$\theta \leftarrow \theta + h\, s\, \psi, \qquad \psi \leftarrow \psi - h\, s\, \theta. \tag{5}$$
#
# The step $(\psi, -\theta)$ is at right angles to the position $(\theta, \psi)$. By Pythagoras the distance from the
# solution is multiplied by $\sqrt{1 + h^2 s^2}$, which is above 1 at *every* step and for every rate.
#
# **Predict:** does it help when the players take turns, the second seeing what the first has done?


# %%
def both_at_once(theta, psi, h):
    s = sigmoid(psi * theta)
    return theta + h * s * psi, psi - h * s * theta


def in_turns(theta, psi, h):
    psi = psi - h * sigmoid(psi * theta) * theta
    return theta + h * sigmoid(psi * theta) * psi, psi


def with_penalty(theta, psi, h, weight=0.3):
    new_theta, new_psi = both_at_once(theta, psi, h)
    return new_theta, new_psi - h * weight * psi


# %%
figure, axes = plt.subplots(1, 3, figsize=(10, 3.4), sharey=True)
ends = {}
for ax, rule in zip(axes, (both_at_once, in_turns, with_penalty)):
    path = [(1.0, 0.0)]
    for _ in range(400):
        path.append(rule(*path[-1], h=0.2))
    path = np.array(path)
    ends[rule] = np.hypot(*path.T)
    ax.plot(*path.T, ".-", color=plots.BLUE, markersize=3, linewidth=0.5)
    ax.plot(0, 0, "*", color=plots.VERMILLION, markersize=12)
    ax.set(title=rule.__name__.replace("_", " "), xlabel="theta (generator)")
    ax.set(aspect="equal", xlim=(-3.3, 3.3), ylim=(-3.3, 3.3))
axes[0].set_ylabel("psi (discriminator)")
plt.show()

# %%
check.claim("spiral_out", ends[both_at_once][-1])
check.claim("in_turns_most", ends[in_turns].max())
check.claim("in_turns_least", ends[in_turns].min())
check.claim("with_penalty", ends[with_penalty][-1])

# %% [markdown]
# *What to look for: all start at (1, 0), distance 1 from the star.* At once, 400 steps lead out to distance 3.1. In
# turns, they circle, between 0.99 and 1.04. What calms the whirl is friction: the third game takes from $\psi$ in
# each step a little in proportion to $\psi$ itself. That is the gradient of $\tfrac{1}{2} \cdot 0.3\, \psi^2$, a
# penalty on the slope of the discriminator at the data, and the game comes to rest. Other cures are to look a step
# ahead (try a step, and then step from where you stood with the slopes found there) or, in games such as
# $V = \theta\psi$ where players take turns, to average over the path.
#
# ## 6. Mode collapse, watched
#
# Now two dimensions, where everything can be seen: eight narrow Gaussians on a circle, the *modes*. A sample is good
# if it lies within three standard deviations of a center, and a mode counts as covered when at least 1 % of all
# samples are good and nearest to it.

# %%
angles = 2 * np.pi * np.arange(8) / 8
centers, std = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1), 0.05


def draw_ring(rng, n):
    return centers[rng.integers(8, size=n)] + rng.normal(0, std, (n, 2))


def mode_coverage(samples, centers, std):
    """Samples (n, 2) -> (modes covered, share of good samples)"""
    distances = np.linalg.norm(samples[:, None] - centers, axis=2)  # (n, modes)
    good = distances.min(axis=1) < 3 * std
    counts = np.bincount(distances.argmin(axis=1)[good], minlength=len(centers))
    return (counts >= 0.01 * len(samples)).sum(), good.mean()


# %%
def new_mlp(sizes, rng, activation):
    """Hidden layers, and a linear one at the end; He's weights, drawn by NumPy."""
    hidden = [layers.Dense(n, activation=activation) for n in sizes[1:-1]]
    model = keras.Sequential([keras.Input((sizes[0],)), *hidden, layers.Dense(sizes[-1])])
    weights = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        weights += [rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)), np.zeros(n_out)]
    model.set_weights(weights)
    return model


def gan_losses(G, D):
    """The losses of both players, as functions of a batch; t is for section 8."""
    return (
        lambda x, z, t: discriminator_loss(D(x), D(G(z))),
        lambda z: generator_loss(D(G(z))),
    )


# %%
def new_ring_game(losses, rng, d_rate, activation):
    """Two fresh players -> the generator, and the step of each."""
    G = new_mlp([2, 64, 64, 2], rng, activation)
    D = new_mlp([2, 64, 64, 1], rng, activation)
    optimizers = [keras.optimizers.Adam(rate, 0.5, 0.9) for rate in (d_rate, 0.001)]
    return G, game_steps(losses(G, D), (D, G), optimizers)


def ring_batch(rng, n=128):
    """Real points and noise, both (n, 2), and t (n, 1)."""
    batch = draw_ring(rng, n), rng.normal(size=(n, 2)), rng.uniform(size=(n, 1))
    return [array.astype("float32") for array in batch]


# %%
def play_ring(losses, seed, rounds, d_steps=1, g_steps=1, d_rate=0.001, activation="tanh"):
    """Fakes from fixed noise at ten moments, (10, 1000, 2). Same seed: same start."""
    rng = np.random.default_rng(seed)
    G, (move_D, move_G) = new_ring_game(losses, rng, d_rate, activation)
    z_shown, shown = rng.normal(size=(1000, 2)).astype("float32"), []
    for t in range(1, rounds + 1):
        for _ in range(d_steps):
            move_D(*ring_batch(rng))
        for _ in range(g_steps):
            move_G(ring_batch(rng)[1])
        if t % (rounds // 10) == 0:
            shown.append(np.array(G(z_shown)))
    return np.array(shown)


# %% [markdown]
# **Predict, then run:** in the first game the generator takes five steps for each one of the discriminator. In the
# second the discriminator takes three for one, and its rate is three times as large. (The first game's networks have
# ReLU units, with which collapse is easiest to see; all others have tanh.) Three seeds each. Which of the
# eight modes will be found?

# %%
seeds = [185, 186, 187]
generator_first = {"rounds": 300, "g_steps": 5, "activation": "relu"}
generator_ahead = [play_ring(gan_losses, seed, **generator_first) for seed in seeds]
ahead = {"rounds": 600, "d_steps": 3, "d_rate": 0.003}
discriminator_ahead = [play_ring(gan_losses, seed, **ahead) for seed in seeds]


# %%
def show_ring(shown, rounds, title):
    _, axes = plt.subplots(1, 5, figsize=(10, 2.3), sharex=True, sharey=True)
    for ax, k in zip(axes, (1, 3, 5, 7, 9)):
        ax.plot(*centers.T, "o", color="silver", markersize=9)
        ax.plot(*shown[k][:500].T, ".", color=plots.VERMILLION, markersize=1.5)
        covered = mode_coverage(shown[k], centers, std)[0]
        ax.set(title=f"{rounds * (k + 1) // 10} rounds: {covered}", aspect="equal")
        ax.set(xlim=(-3, 3), ylim=(-3, 3))
    axes[0].set_ylabel(title)
    plt.show()


show_ring(generator_ahead[0], 300, "generator ahead")
show_ring(discriminator_ahead[0], 600, "discriminator ahead")


# %%
def covered_at_end(games):
    return np.mean([mode_coverage(shown[-1], centers, std)[0] for shown in games])


def in_one_place(samples):
    """The share of samples that are nearest to one and the same center, the most popular."""
    nearest = np.linalg.norm(samples[:, None] - centers, axis=2).argmin(axis=1)
    return np.bincount(nearest).max() / len(samples)


every = [fakes for game in generator_ahead for fakes in game]  # 3 seeds, ten moments
found = [mode_coverage(fakes, centers, std)[0] for fakes in every]
check.claim("covered_generator_ahead", np.mean(found))
check.claim("in_one_place", np.mean([in_one_place(fakes) for fakes in every]))
check.claim("covered_discriminator_ahead", covered_at_end(discriminator_ahead))

# %% [markdown]
# *What to look for: above each panel, the modes covered.* With the generator ahead, the fakes are one streak that
# runs around the ring: averaged over time and seeds, about 85 % of them are nearest to one and the same center, and
# less than one mode is covered. This is **mode collapse**. The reason stands in section 1: against a *fixed*
# discriminator, the best reply is to send all noise to the one point where $D$ is largest. $D$ then learns that this
# point is fake, the streak moves on, and section 5's circle is drawn with samples.
#
# With the discriminator ahead it is less dramatic and more dangerous. The samples look right, but on five or six of
# the eight modes only (mean of three seeds). What is missing cannot be seen by looking at samples, and nothing tells
# the generator: its gradient is $D$'s slope *at its fakes*, and where there are no fakes, none is asked for.
#
# ## 7. A distance that does not give up
#
# Section 2 ended with a curve that goes flat. A distance that does not is the **Wasserstein distance** $W_1$: the
# least mean way that grains must travel to turn one heap into the other. On a line it is `wasserstein_1d` of section
# 4, with an equal number of grains in both heaps: in order of size, no two cross. Two heaps of one shape at distance
# 6 have $W_1 = 6$. In more dimensions it is hard to compute, but there is another way to write it (Kantorovich and
# Rubinstein):
#
# $$W_1 = \max_{f} \; \mathbb{E}_{x \sim p_{\text{data}}} f(x) - \mathbb{E}_{x \sim p_g} f(x)
# \quad \text{over all } f \text{ with } |f(x) - f(y)| \le \lVert x - y \rVert. \tag{6}$$
#
# Such $f$ are called 1-*Lipschitz*: nowhere steeper than 1. Arjovsky, Chintala and Bottou (2017) let a network look
# for $f$. It gives a score without a sigmoid and is called a **critic**, for it no longer decides; the game is the
# **WGAN**. How does one keep a network from being steep? They clipped every weight to $[-c, c]$ after each step, and
# called that "a clearly terrible way" themselves. Gulrajani and others (2017) instead add a **gradient penalty** to
# the critic's loss,
#
# $$\lambda \; \mathbb{E} \bigl(\lVert \nabla f(\hat x) \rVert - 1\bigr)^2, \qquad
# \hat x = t\, x + (1 - t)\, G(z), \quad t \text{ uniform in } [0, 1], \tag{7}$$
#
# since the best $f$ has slope 1 along the ways of the grains. (Here $x$ and $G(z)$ are paired at random, so this is a
# rule of thumb.) The loss now contains a gradient with respect to the *input*, and a step differentiates through that
# again: `input_gradient` may stand inside a loss.


# %%
def critic_loss(real_scores, fake_scores):
    return ops.mean(fake_scores) - ops.mean(real_scores)


def gradient_penalty(critic, real, fake, t):
    """Equation (7) without the weight; t (batch, 1)."""
    slopes = input_gradient(critic, t * real + (1 - t) * fake)
    norms = ops.sqrt(ops.sum(slopes**2, axis=1) + 1e-12)
    return ops.mean((norms - 1) ** 2)


# %% [markdown]
# The `1e-12` is no decoration: the derivative of a root at 0 is infinite, and a single flat spot would turn every
# weight into nan.
#
# Now a contest of measures. Two heaps of standard deviation 0.25 are moved together, from distance 4 to 0. At each
# distance four networks train on: a discriminator, whose loss gives an estimate of JSD by (3); a critic with the
# penalty, $\lambda = 10$; and two with weights clipped to 0.1 and to 0.2. **Predict:** which will follow the true
# $W_1$?


# %%
class Clip(keras.constraints.Constraint):
    """Applied by the optimizer after each step to the variable that has it."""

    def __init__(self, bound):
        self.bound = bound

    def __call__(self, weights):
        return ops.clip(weights, -self.bound, self.bound)


def penalized(critic, weight):
    return lambda real, fake, t: (
        critic_loss(critic(real), critic(fake)) + weight * gradient_penalty(critic, real, fake, t)
    )


# %%
def heaps(rng, n, distance):
    """Two samples (n, 1), the second moved to the right by `distance`."""
    real, fake = rng.normal(0, 0.25, (2, n, 1)).astype("float32")
    return real, fake + distance


# %%
def measure(new_loss, distances, bound=None):
    """Train on for 200 steps at each distance; then minus the loss, on fresh samples.
    new_loss(network) -> the loss that is trained, and the one that is reported."""
    rng, found = np.random.default_rng(188), []
    network = new_mlp([1, 32, 32, 1], rng, "relu")
    for variable in network.trainable_variables:
        if bound:
            variable.constraint = Clip(bound)
    loss, judge = new_loss(network)
    step = training_step(loss, network.trainable_variables, keras.optimizers.Adam(0.005, 0.5, 0.9))
    for distance in distances:
        for _ in range(200):
            step(*heaps(rng, 128, distance), rng.uniform(size=(128, 1)).astype("float32"))
        found.append(-float(judge(*(network(heap) for heap in heaps(rng, 2000, distance)))))
    return np.array(found)


# %%
def plain(loss):
    """A network -> its loss in training (t is not used), and the loss that is reported."""
    return lambda network: (lambda real, fake, t: loss(network(real), network(fake)), loss)


distances = np.array([4, 3, 2, 1.5, 1, 0.5, 0], "float32")
estimates = {
    "critic, gradient penalty": measure(lambda f: (penalized(f, 10), critic_loss), distances),
    "critic, clipped to 0.1": measure(plain(critic_loss), distances, bound=0.1),
    "critic, clipped to 0.2": measure(plain(critic_loss), distances, bound=0.2),
    "discriminator (JSD)": (measure(plain(discriminator_loss), distances) + np.log(4)) / 2,
}

# %%
rng = np.random.default_rng(189)
true = np.array([wasserstein_1d(*heaps(rng, 2000, distance)) for distance in distances])
curves = {"W1 by sorting": (distances, true)}
curves |= {name: (distances, found) for name, found in estimates.items()}
plots.curves(curves, "distance of the heaps", "estimate")
plt.show()
for short, name in zip(("penalty", "clip_1", "clip_2", "jsd"), estimates):
    check.claim(f"estimate_{short}", estimates[name][0])
check.claim("true_distance", true[0])
ratio = estimates["critic, gradient penalty"][:-1] / (true + true**2 / 20)[:-1]
check.claim("overshoot_ratio", ratio.mean())

# %% [markdown]
# *What to look for: the discriminator's curve is flat from distance 1.5 on; where the heaps no longer overlap it
# knows only "different". The others keep rising.* At distance 4 the clipped critics say about 1 and 8: it is the
# clip that decides how steep a network can get, and not in proportion, since slopes are products of weights from
# several layers. They measure in unknown units, and with a clip that is somewhat off, gradients vanish or explode
# from layer to layer.
#
# The penalty has the right units, and reads too high by an amount that can be worked out. If $f$ has the slope $s$
# all the way, the loss is $-sW + \lambda (s - 1)^2$, least at $s = 1 + W / 2\lambda$. So the estimate $sW$ is
# $W + W^2 / 2\lambda$: at distance 4, 4.8 in place of 4. The measured estimates are this, on the mean over the
# distances above 0, to within a few percent.
#
# ## 8. The eight modes again
#
# The same starts, the same noise, the same numbers of steps and rates as in the second game above. Only the losses
# change ($\lambda = 0.1$, as Gulrajani and others took for such small problems). **Predict:** how many modes?


# %%
def wgan_losses(G, D):
    return (
        lambda x, z, t: penalized(D, 0.1)(x, G(z), t),
        lambda z: -ops.mean(D(G(z))),
    )


wasserstein = [play_ring(wgan_losses, seed, **ahead) for seed in seeds]
show_ring(wasserstein[0], 600, "WGAN, penalty")
check.claim("covered_wgan", covered_at_end(wasserstein))

# %%
_, ax = plt.subplots(figsize=(7, 3))
plans = {
    "generator ahead": (generator_ahead, 300, plots.VERMILLION),
    "discriminator ahead": (discriminator_ahead, 600, plots.BLUE),
    "WGAN, penalty": (wasserstein, 600, plots.GREEN),
}
for name, (games, rounds, color) in plans.items():
    for game, style in zip(games, ("-", "--", ":")):
        counts = [mode_coverage(fakes, centers, std)[0] for fakes in game]
        ax.plot(np.arange(1, 11) * rounds / 10, counts, style, color=color)
    ax.plot([], [], color=color, label=name)
ax.set(xlabel="rounds", ylabel="modes covered, of 8")
ax.legend(loc="lower right")
plt.show()

# %% [markdown]
# *What to look for: three lines of a color are three seeds. Green ends with all eight; blue stops short of it.* The
# best critic slopes along the ways on which mass must move, however long, so fakes are drawn from where there are too
# many to where there are too few. But this is one small experiment, and the networks were chosen to show it: put
# ReLU in the place of tanh, and see how little of the lead may be left. And Mescheder and others showed that in their
# smallest game even this penalty does not come to rest; the one toward slope 0 at the data does, as in section 5.

# %% [markdown]
# ## 9. Pictures
#
# A garment has 784 pixels, not two coordinates. In 2016 Alec Radford, Luke Metz and Soumith Chintala found a set of
# rules with which convolutional networks play it far more reliably: *deep convolutional GANs*, **DCGAN**. The rules
# are
#
# - strided convolutions in the place of pooling, and *transposed* convolutions in the generator;
# - batch normalization in both networks, but not at the generator's output nor at the discriminator's input;
# - no dense hidden layers, after the generator's first;
# - ReLU in the generator, with tanh at its output; leaky ReLU of slope 0.2 in the discriminator;
# - weights drawn with standard deviation 0.02, and Adam with $\beta_1 = 0.5$.
#
# One of these is new to us. A convolution with stride 2 makes a picture half as wide. Its backward pass
# (chapter 8) goes the other way: each number of the small map is multiplied by the kernel and *stamped* into the
# large one, two pixels further on each time, and where stamps overlap they add up. Used forward, as a layer of its
# own, that is a **transposed convolution**.


# %%
def transposed_convolution(x, kernel):
    """Map x (h, w), kernel (4, 4) -> picture (2h, 2w): stride 2, padding "same"."""
    h, w = x.shape
    out = np.zeros((2 * h + 2, 2 * w + 2))
    for i, j in np.ndindex(h, w):
        out[2 * i : 2 * i + 4, 2 * j : 2 * j + 4] += x[i, j] * kernel
    return out[1:-1, 1:-1]


rng = np.random.default_rng(90)
small, kernel = rng.normal(size=(7, 7)), rng.normal(size=(4, 4))
layer = layers.Conv2DTranspose(1, 4, strides=2, padding="same", use_bias=False)
layer.build((None, 7, 7, 1))
layer.set_weights([kernel[:, :, None, None]])
theirs = np.array(layer(small[None, :, :, None]))[0, :, :, 0]
check.claim("transposed_gap", np.abs(transposed_convolution(small, kernel) - theirs).max())

# %% [markdown]
# The kernel is 4 wide so that the stride divides it: then every pixel (except at the border) gets four stamps. With a
# width of 3 some would get one, some two, some four, and pictures tend to come out checkered (Odena, Dumoulin and
# Olah 2016).
#
# Both networks also take a column of labels, which section 12 will need; until then it holds a single one for every
# picture and says nothing.
#
# `channels` says how wide both are. Our numbers are those of 16 channels and 2,000 steps; with a GPU `scale` doubles
# the two, and the table at the top of the page has what comes of it.

# %%
# (60000, 28, 28, 1), from -1 (paper) to 1 (ink), as tanh gives them
x_train = x_train[..., None] / np.float32(127.5) - 1
x_test = x_test[..., None] / np.float32(127.5) - 1
n_latent, channels, n_steps = 32, scale(cpu=16, gpu=32), scale(cpu=2000, gpu=4000)


def normalized(normalize):
    """Batch normalization, or nothing in its place."""
    return layers.BatchNormalization(momentum=0.9) if normalize else layers.Identity()


# %%
def new_generator(n_classes, normalize=True):
    """[z (batch, 32), labels (batch, n_classes)] -> pictures (batch, 28, 28, 1) in -1..1"""
    inputs = [keras.Input((n_latent,)), keras.Input((n_classes,))]
    h = layers.Concatenate()(inputs)
    h = layers.Dense(7 * 7 * 2 * channels, use_bias=False)(h)
    h = layers.Reshape((7, 7, 2 * channels))(h)
    h = layers.ReLU()(normalized(normalize)(h))
    h = layers.Conv2DTranspose(channels, 4, strides=2, padding="same", use_bias=False)(h)
    h = layers.ReLU()(normalized(normalize)(h))
    h = layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh")(h)
    return keras.Model(inputs, h)


# %%
def new_discriminator(n_classes, normalize=True):
    """[pictures (batch, 28, 28, 1), labels (batch, n_classes)] -> logits (batch, 1)"""
    inputs = [keras.Input((28, 28, 1)), keras.Input((n_classes,))]
    h = layers.Conv2D(channels, 4, strides=2, padding="same")(inputs[0])
    h = layers.LeakyReLU(0.2)(h)  # no normalization at the input
    h = layers.Conv2D(2 * channels, 4, strides=2, padding="same", use_bias=False)(h)
    h = layers.LeakyReLU(0.2)(normalized(normalize)(h))
    logits = layers.Dense(n_classes)(layers.Flatten()(h))
    return keras.Model(inputs, layers.Dot(1)([logits, inputs[1]]))  # the label picks its logit


# %%
def new_players(n_classes, seed, normalize=True):
    rng = np.random.default_rng(seed)
    players = new_generator(n_classes, normalize), new_discriminator(n_classes, normalize)
    for weights in players[0].trainable_variables + players[1].trainable_variables:
        if weights.name == "kernel":
            weights.assign(rng.normal(0, 0.02, weights.shape))
    return players


# %% [markdown]
# A convolution followed by batch normalization needs no bias, since the normalization takes it off again. Batch
# normalization also changes moving averages as it goes; they are the `state` of chapter 7's training loop. Now the
# two steps and the loop.


# %%
def picture_losses(generator, discriminator):
    """The discriminator's loss of (x, labels, z), and the generator's of (labels, z)."""

    def loss_of_discriminator(x, labels, z):
        fake = generator([z, labels], training=True)
        answers = [discriminator([pictures, labels], training=True) for pictures in (x, fake)]
        return discriminator_loss(*answers)

    def loss_of_generator(labels, z):
        fake = generator([z, labels], training=True)
        return generator_loss(discriminator([fake, labels], training=True))

    return loss_of_discriminator, loss_of_generator


# %%
def picture_steps(players, generator_rate=0.002, discriminator_rate=0.001):
    state = [variable for player in players for variable in player.non_trainable_variables]
    steps = []
    rates = discriminator_rate, generator_rate
    for loss, player, rate in zip(picture_losses(*players), reversed(players), rates):
        adam = keras.optimizers.Adam(rate, beta_1=0.5)
        steps.append(training_step(loss, player.trainable_variables, adam, state))
    return steps


# %%
def generate(generator, labels, seed):
    """One picture for each row of labels."""
    z = np.random.default_rng(seed).normal(size=(len(labels), n_latent)).astype("float32")
    return generator.predict([z, labels], batch_size=500, verbose=0)


# %%
def train_gan(players, labels, steps, keep, rates=None):
    """labels (60000, n_classes) of the training pictures -> {step in `keep`: 2,000 fakes}"""
    discriminator_step, generator_step = picture_steps(players, **(rates or {}))
    rng, kept = np.random.default_rng(91), {}
    for step in range(1, steps + 1):
        rows = rng.integers(len(x_train), size=32)
        z = rng.normal(size=(2, 32, n_latent)).astype("float32")
        discriminator_step(x_train[rows], labels[rows], z[0])
        generator_step(labels[rows], z[1])
        if step in keep:
            kept[step] = generate(players[0], labels[:2000], seed=92)
    return kept


# %%
unlabeled = np.ones((len(x_train), 1), "float32")
players = new_players(1, seed=93)
counts = [player.count_params() for player in players]
print("parameters: generator {}, discriminator {}".format(*counts))
stages = train_gan(players, unlabeled, n_steps, keep=[50, 200, 600, n_steps])

# %% [markdown]
# **Predict, then look.** Twelve noise vectors were fixed before training, and drawn after 50, 200, 600 and 2,000
# steps of 32 garments each: in all, hardly more than one pass over the training pictures. What comes first, outlines
# or details? And will a vector that makes a shoe after 600 steps still make a shoe at the end?

# %%
shown = np.concatenate([pictures[:12] for pictures in stages.values()] + [x_train[:12]])
plots.images(shown, columns=12, size=0.75, value_range=(-1, 1))
plt.show()

# %% [markdown]
# *What to look for: one column is one noise vector, rows are 50, 200, 600 and 2,000 steps; the last row is real.*
# After 50 steps there is a smear in the middle (the white ground shows the grid of the stamps). After 200 it has an
# outline, after 600 there are kinds, and after 2,000 sleeves, legs and soles: some garments that would pass at a
# glance, and some that would not. A vector that has found its kind mostly keeps it.
#
# ## 10. Has it copied?
#
# Nothing in the game hands a training picture to the generator: it sees only the discriminator's gradients. Still,
# it could learn pictures by heart. Look for each fake at the training picture that is nearest to it, pixel by pixel;
# and because "near" needs a yardstick, do the same for real test garments, which certainly are no copies.


# %%
def distances_between(a, b):
    """Points a (n, d), b (m, d) -> distances (n, m)"""
    squares = (a**2).sum(axis=1)[:, None] - 2 * a @ b.T + (b**2).sum(axis=1)
    return np.sqrt(np.maximum(squares, 0))


def nearest(x):
    """For each picture, the row of the nearest training picture and the distance to it."""
    distances = distances_between(x.reshape(len(x), -1), x_train.reshape(len(x_train), -1))
    return distances.argmin(axis=1), distances.min(axis=1)


fakes = stages[n_steps]
rows, distances = nearest(fakes[:300])
_, test_distances = nearest(x_test[:300])
check.claim("fake_to_training", np.median(distances) / np.median(test_distances))
plots.images(np.concatenate([fakes[:12], x_train[rows[:12]]]), columns=12, size=0.75)
plt.show()

# %% [markdown]
# *What to look for: above twelve fakes, below each its nearest training picture: of the same kind, and not the same.*
# The typical fake lies about one and a half times as far from the training pictures as a real test garment does.
# Copies would lie at distance zero.
#
# A generator that had learned a list by heart would also have to jump from item to item. **Predict, then run:** take
# two noise vectors and walk from one to the other. What lies between two kinds?
#
# In 32 dimensions nearly all normal vectors have a length near $\sqrt{32}$, and the middle of two is shorter by the
# factor $\sqrt{2}$: a kind of vector that the generator has hardly ever been given. So we walk along the arc of a
# circle instead (White 2016): $\cos(t)\, z_0 + \sin(t)\, z_1$, for $t$ from 0 to $\pi/2$, is again a normal vector at
# each $t$.

# %%
z_start, z_end = np.random.default_rng(94).normal(size=(2, 4, 1, n_latent))
t = np.linspace(0, np.pi / 2, 12)[:, None]
walk = (np.cos(t) * z_start + np.sin(t) * z_end).reshape(-1, n_latent).astype("float32")
many = np.random.default_rng(100).normal(size=(2, 1000, n_latent))
lengths = [np.linalg.norm(z, axis=-1).mean() for z in (many.mean(axis=0), many)]
check.claim("middle_length", lengths[0] / lengths[1])
pictures = players[0].predict([walk, np.ones((len(walk), 1), "float32")], verbose=0)
plots.images(pictures, columns=12, size=0.75)
plt.show()

# %% [markdown]
# *What to look for: in each row the picture changes bit by bit.* Halfway between two kinds it shows things that are
# neither.
#
# ## 11. What goes wrong
#
# Leave out batch normalization, and let the generator learn 200 times as fast as the discriminator. **Predict, then
# run:** ten noise vectors, drawn after 60, 120, ..., 300 steps. What becomes of the differences between them?


# %%
def diversity(x):
    """Mean distance between 300 pictures, as a multiple of that between real ones."""

    def spread(pictures):
        flat = pictures[:300].reshape(300, -1)
        return distances_between(flat, flat).mean()

    return spread(x) / spread(x_test)


unruly = new_players(1, seed=95, normalize=False)
rates = {"generator_rate": 0.01, "discriminator_rate": 0.00005}
moments = train_gan(unruly, unlabeled, 300, keep=[60, 120, 180, 240, 300], rates=rates)
shown = np.concatenate([pictures[:10] for pictures in moments.values()])
plots.images(shown, columns=10, size=0.75, value_range=(-1, 1))
plt.show()
spreads = [diversity(pictures) for pictures in moments.values()]
check.claim("diversity_collapsed", np.mean(spreads))
check.claim("diversity_healthy", diversity(fakes))

# %% [markdown]
# *What to look for: within a row all pictures are alike; between rows they differ.* The fakes lie about half as far
# apart as real garments do (specks count for much); those of the healthy game as far. The slow discriminator has not
# yet learned to suspect one kind of picture, and the generator makes nothing else; by the time that it does suspect
# it, all fakes have gone on to the next. It is the mode collapse of section 6, in pictures. Normalization works
# against it, since it stretches the differences within a batch of fakes; Radford and others found that it keeps the
# generator from sending everything to one point. (We changed two things at once, so the figure does not say which did
# the harm.)

# %% [markdown]
# ## 12. Asking for a class
#
# The generator makes what it likes. To ask it for a boot, tell **both** players the label: a **conditional GAN**
# (Mirza and Osindero 2014). The generator gets it, one-hot, beside the noise. The discriminator must then judge "is
# this a real picture *of a boot*?", or the generator could ignore the label at no cost. Here the last layer has ten
# logits, one judge for each class, and the label picks which one is asked. (Miyato and Koyama's *projection
# discriminator* of 2018 is a relative.)

# %%
one_hot = np.eye(10, dtype="float32")[y_train]
players = new_players(10, seed=95)
told_stages = train_gan(players, one_hot, n_steps, keep=[n_steps])
wanted = np.repeat(np.arange(10), 200)  # 200 of each class
told = generate(players[0], np.eye(10, dtype="float32")[wanted], seed=96)
grid = told.reshape(10, 200, 28, 28)[:, :6].swapaxes(0, 1).reshape(-1, 28, 28)
plots.images(grid, [n.split("/")[0] for n in names] + [""] * 50, columns=10, size=0.9)
plt.show()

# %% [markdown]
# *What to look for: columns are the ten classes asked for; down a column only the noise changes.* The noise is left
# with cut, shade and sleeves. Trousers and boots come out well, sandals badly: hardly two of them have the same
# outline.

# %% [markdown]
# ## 13. A classifier's eye
#
# "Looks better" is no measurement. Pixel distances are no help either: a garment moved by one pixel is far away in
# pixels (chapter 8). One compares instead the *features* of a trained classifier, a hidden layer that has learned to
# tell garments apart. For photographs that is usually an Inception network trained on ImageNet; we train a small one.

# %%
keras.utils.set_random_seed(97)
convolutions = [layers.Conv2D(n, 4, strides=2, padding="same", activation="relu") for n in (16, 32)]
stack = [keras.Input((28, 28, 1)), *convolutions, layers.Flatten(), layers.Dense(32)]
body = keras.Sequential(stack)
classifier = keras.Sequential([body, layers.ReLU(), layers.Dense(10)])
adam = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.004, 600))
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
classifier.compile(adam, loss, metrics=["accuracy"], steps_per_execution=20)
history = classifier.fit(x_train[:20_000], y_train[:20_000], batch_size=100, epochs=3, verbose=0)


# %%
def features_of(x):
    """Pictures (n, 28, 28, 1) -> features (n, 32), the last hidden layer before its ReLU."""
    return body.predict(x, batch_size=500, verbose=0).astype("float64")


check.claim("classifier_accuracy", classifier.evaluate(x_test, y_test, 500, 0)[1])
answers = classifier.predict(told, batch_size=500, verbose=0).argmax(axis=1)
check.claim("obeyed", (answers == wanted).mean())

# %% [markdown]
# A first use: the classifier, which never saw a fake, gives about 88 % of the fakes the label that was asked for; of
# the real test garments it gets 87 % right.
#
# ### A distance between clouds
#
# A set of pictures is now a cloud of points in 32 dimensions. Describe each cloud by its mean $\mu$ (32,) and its
# covariance matrix $\Sigma$ (32, 32), as if it were normal. The **Fréchet distance** of two normal distributions
# is the distance of section 7 for squared ways: the least mean *squared* way by which the grains of one heap can
# be moved into the other. It has a closed form (Dowson and Landau 1982):
#
# $$d^2 = \lVert \mu_a - \mu_b \rVert^2
# + \operatorname{tr}\!\big(\Sigma_a + \Sigma_b - 2\,(\Sigma_a \Sigma_b)^{1/2}\big). $$
#
# In one dimension this is $(\mu_a - \mu_b)^2 + (\sigma_a - \sigma_b)^2$. With Inception's features, $d^2$ is the
# *FID* of nearly every paper on generating images (Heusel and others 2017).
#
# The root of $\Sigma_a \Sigma_b$ needs care, since the product is not symmetric. A symmetric matrix stretches space
# along directions at right angles to one another; the factors are its *eigenvalues*, and `np.linalg.eigh` gives both.
# Its root has the same directions and the roots of the factors. With the symmetric root $R = \Sigma_a^{1/2}$, the
# matrix $R\, \Sigma_b R$ has the same eigenvalues as $\Sigma_a \Sigma_b$ and is symmetric; and the trace of a root is
# the sum of the roots of the eigenvalues. Rounding may make an eigenvalue that should be zero a little negative, so
# we clip.


# %%
def square_root(matrix):
    """The symmetric root of a symmetric matrix without negative eigenvalues."""
    values, vectors = np.linalg.eigh(matrix)
    return vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T


def frechet_distance(a, b):
    """Features (n, d), (m, d) -> squared Fréchet distance of the normals fitted to them."""
    cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)  # with n - 1
    root = square_root(cov_a)
    values = np.linalg.eigvalsh(root @ cov_b @ root)
    overlap = np.sqrt(np.maximum(values, 0)).sum()  # the trace of the root
    means = ((a.mean(axis=0) - b.mean(axis=0)) ** 2).sum()
    return means + np.trace(cov_a + cov_b) - 2 * overlap


# %% [markdown]
# **Predict, then run:** two lots of real garments, of 50 pictures each, then of 100, and so on up to 4,000. The true
# distance is zero. What will be measured?

# %%
real_features = features_of(x_test)
sizes = [50, 100, 200, 500, 1000, 2000, 4000]
between_real = [frechet_distance(real_features[:n], real_features[5000 : 5000 + n]) for n in sizes]
fake_features = features_of(fakes)
against = [frechet_distance(real_features[:n], fake_features[:n]) for n in sizes if n <= 2000]
ax = plots.curves(
    {"real and real": (sizes, between_real), "real and fake": (sizes[: len(against)], against)},
    "pictures in each lot",
    "squared Fréchet distance",
    log=True,
)
ax.set_xscale("log")
plt.show()
check.claim("bias_slope", np.polyfit(np.log(sizes), np.log(between_real), 1)[0])

# %% [markdown]
# *What to look for: real lots on a line that falls with slope about -1.* Means and covariances that are estimated
# from $n$ pictures err; the errors enter squared, so they never cancel, and on average they leave something in
# proportion to $1/n$. The curve of the fakes levels off near what is truly there. A Fréchet distance is **biased
# upward**, and two of them may be compared only for equal numbers of pictures (and equal features). For FID, 50,000
# are usual.
#
# ### Precision and recall
#
# One number cannot say *what* is wrong: fakes that are bad, or good fakes of a few kinds only. Two numbers can
# (Kynkäänniemi and others 2019). Around each real picture draw a ball in feature space that reaches to its $k$-th
# nearest other real picture; all balls together are a guess at *where real pictures are*. **Precision** is the share
# of fakes that lie there. **Recall** is the reverse: draw balls around the fakes, and count the share of real
# pictures inside. Precision asks whether what is made could be real; recall, whether what is real could be made.


# %%
def covered(points, centers, k):
    """Share of points in the balls around centers that reach to the k-th nearest other center."""
    ordered = np.sort(distances_between(centers, centers), axis=1)  # column 0: itself
    radii = ordered[:, k]
    return (distances_between(points, centers) <= radii).any(axis=1).mean()


def precision_recall(real, fake, k=3):
    return covered(fake, real, k), covered(real, fake, k)


# %% [markdown]
# In two dimensions one can see the balls.

# %%
rng = np.random.default_rng(98)
angles = rng.uniform(0, 2 * np.pi, 60)
ring = np.c_[np.cos(angles), np.sin(angles)] + rng.normal(0, 0.1, (60, 2))
lots = {"few kinds": ring[ring[:, 0] > 0.6] + rng.normal(0, 0.05, (np.sum(ring[:, 0] > 0.6), 2))}
lots["scattered"] = rng.uniform(-1.4, 1.4, (60, 2))
_, axes = plt.subplots(1, 2, figsize=(9, 4.2))
for ax, (name, points) in zip(axes, lots.items()):
    for center, radius in zip(ring, np.sort(distances_between(ring, ring), axis=1)[:, 3]):
        ax.add_patch(plt.Circle(center, radius, color=plots.SKY, alpha=0.15))
    ax.scatter(*ring.T, s=10, color=plots.BLUE, label="real")
    ax.scatter(*points.T, s=14, marker="x", color=plots.VERMILLION, label="fake")
    numbers = precision_recall(ring, points)
    ax.set(aspect="equal", title="{}: precision {:.2f}, recall {:.2f}".format(name, *numbers))
axes[0].legend()
plt.show()

# %% [markdown]
# *What to look for: blue is where real points are held to be. On the left the crosses lie in it, but reach only one
# side of the ring; on the right they reach all of it, and many miss.* But the balls of the lonely real points at the
# bottom left let in crosses from off the ring: one outlier can make precision too kind.
#
# ## 14. What each number sees
#
# Now all three numbers judge our GANs, and some suspects of which we know what is wrong. The reference is always the
# same 2,000 training pictures. **Predict, then run:** which suspect gets the best Fréchet distance, and which has high
# precision and low recall?


# %%
def blurred(x):
    """Each pixel the mean of the 3 by 3 around it; beyond the border the last row repeats."""
    wide = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    return sum(wide[:, i : i + 28, j : j + 28] for i in range(3) for j in range(3)) / 9


real, noise = x_test[:2000], np.random.default_rng(99).uniform(-1, 1, (2000, 28, 28, 1))
suspects = {"other real pictures": real, "noise": noise, "blurred": blurred(real)}
suspects["half noise"] = np.concatenate([real[:1000], noise[:1000]])
suspects["two classes"] = x_test[np.isin(y_test, [1, 9])]
suspects |= {f"GAN, step {step}": pictures for step, pictures in stages.items()}
suspects["collapsed GAN"] = moments[300]
suspects |= {"conditional GAN": told_stages[n_steps], "memorizer": x_train[:2000]}

# %%
reference, table = features_of(x_train[:2000]), {}
print(f"{'':20} Fréchet  precision  recall")
for name, pictures in suspects.items():
    features = features_of(pictures)
    table[name] = frechet_distance(reference, features), *precision_recall(reference, features)
    print("{:20} {:7.1f} {:10.2f} {:7.2f}".format(name, *table[name]))

# %%
two = features_of(suspects["two classes"])
radii = np.sort(distances_between(two, two), axis=1)[:, 3]
small = radii <= np.quantile(radii, 0.95)
inside = distances_between(reference, two[small]) <= radii[small]
check.claim("recall_two_small", inside.any(axis=1).mean())

# %%
_, ax = plt.subplots(figsize=(7, 5))
for name, (_, precision, recall) in table.items():
    ax.scatter(precision, recall, s=40)
    side = "right" if name in ("half noise", f"GAN, step {n_steps}") else "left"
    level = "top" if name == "noise" else "bottom"
    ax.annotate(f" {name} ", (precision, recall), ha=side, va=level)
ax.set(xlabel="precision", ylabel="recall", xlim=(-0.05, 1.25), ylim=(-0.1, 1.1))
plt.show()
known = {"other real pictures": "real", "blurred": "blurred", "two classes": "two"}
known |= {"GAN, step 50": "early", f"GAN, step {n_steps}": "late"}
known |= {"conditional GAN": "told", "memorizer": "memorizer", "noise": "noise"}
for name, key in known.items():
    for measure, value in zip(("frechet", "precision", "recall"), table[name]):
        check.claim(f"{measure}_{key}", value)

# %% [markdown]
# *What to look for: the upper right corner is where one would like to be.* Real pictures that are not in the
# reference get a Fréchet distance below 1, and about 0.89 for both shares: a generator can hardly do better. The
# **GAN** climbs. Between step 50 and step 2,000 its distance falls from about 106 to about 9, and its recall rises
# from about 0 to 0.7, while precision is about one half at both: training bought variety above all. The **conditional
# GAN**, after as many steps, has a distance of about 3. Labels help a great deal. (Twice as wide and trained twice as
# long, as with a GPU, the two come to about 6 and about 2, and more of what they make could be real.)
#
# **Blurred** garments are as precise as real ones, since blur takes away what is unusual; that is why their recall is
# only about 0.43. **Two classes** have high precision, 0.91, and by rights a recall of about 0.2, for one in five
# reference pictures is of these classes. They get 0.52, since the ball around a *lonely* fake is large and takes in
# what is nothing like it. Without the largest twentieth of the balls it is about 0.22. And the collapsed GAN, all of
# whose fakes stand in one place, has recall 0 and a precision that is a matter of luck.
#
# And the **memorizer** beats even real pictures: distance 0, precision 1, recall 1. All three numbers ask whether
# fakes are *like* the reference, and none asks whether they are *new*. That was the question of section 10, and it
# must be asked beside them. Nor do they see more than the classifier does. It was never shown **noise** and puts all
# of it on one small patch, which lies in the large balls of a few lonely real pictures: precision about 0.75 (it
# varies much from run to run), recall 0.

# %% [markdown]
# ## 15. The question, answered
#
# **Can a program learn, from examples alone, to make garments that nobody has photographed?** Yes: ours has never
# been shown a garment, only the slope of an opponent's opinion, and after two thousand small steps it makes gray
# garments of many kinds, rougher than real ones. It worked because the opponent was kept in balance: with other rates
# the game runs in circles, or forgets most kinds. For some years nothing made better pictures; since about 2021
# diffusion models do, in which nobody has to be kept in balance.
#
# **And how would one know that it has not just copied?** Not from looking at samples, and not from one number. The
# copier of the first figure, third row, has the best Fréchet distance, precision and recall of all. What speaks
# against copying are the nearest neighbors in the training set, the walk between two noise vectors, and pictures
# held back.
#
# ## Check yourself
#
# **1.** The generator is perfect, $p_g = p_{\text{data}}$. What are $D^*$, the value, and the discriminator's loss?
#
# <details><summary>Answer</summary>
#
# $D^* = 1/2$ everywhere, the value $-\log 4$, the loss $\log 4 \approx 1.39$. The reverse does not follow: a loss of
# 1.39 is also what a discriminator has that knows nothing.
#
# </details>
#
# **2.** What are $W_1$ and JSD of two heaps, one all at 0 and one all at 10? And at 0 and 0.1?
#
# <details><summary>Answer</summary>
#
# $W_1$: 10 and 0.1. JSD: $\log 2$, both times. Only the first tells a generator that it has come nearer.
#
# </details>
#
# **3.** In `move_G`, someone hands both networks' variables to `training_step`. What happens?
#
# <details><summary>Answer</summary>
#
# The generator's loss is small when the discriminator is fooled, so this step also teaches the discriminator to be
# fooled. The loss falls nicely, and the opponent is worth less and less.
#
# </details>
#
# ## In one paragraph
#
# A generator turns noise into fakes; a discriminator, a classifier of real and fake, tells it by its gradient how to
# make them more real. Against the best discriminator the minimax game minimizes the Jensen-Shannon divergence; in
# practice one uses the non-saturating loss, written with logits. Two players that both step downhill need not come to
# rest: they circle, and a generator that runs ahead makes one thing after another. A critic whose slope is held near
# 1 estimates the Wasserstein distance, which does not go flat. Pictures need the rules of DCGAN; with the label given
# to both players one may order a class. Judge by several numbers, on enough samples, beside the nearest training
# pictures.
#
# ## Go further
#
# - I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville and Y. Bengio (2014),
#   *Generative adversarial nets*, NIPS. Sections 1 to 3 here, in nine pages.
# - I. Goodfellow (2016), *NIPS 2016 tutorial: generative adversarial networks*, arXiv:1701.00160. The tricks, too.
# - A. Radford, L. Metz and S. Chintala (2016), *Unsupervised representation learning with deep convolutional
#   generative adversarial networks*, ICLR. DCGAN, with walks and arithmetic in latent space.
# - M. Mirza and S. Osindero (2014), *Conditional generative adversarial nets*, arXiv:1411.1784; T. Miyato and M.
#   Koyama (2018), *cGANs with projection discriminator*, ICLR. Two ways to tell the discriminator the label.
# - L. Metz, B. Poole, D. Pfau and J. Sohl-Dickstein (2017), *Unrolled generative adversarial networks*, ICLR. Mode
#   collapse on a ring of Gaussians, and a generator that looks ahead.
# - M. Arjovsky, S. Chintala and L. Bottou (2017), *Wasserstein generative adversarial networks*, ICML; I.
#   Gulrajani, F. Ahmed, M. Arjovsky, V. Dumoulin and A. Courville (2017), *Improved training of Wasserstein GANs*,
#   NIPS. The critic, and its penalty.
# - L. Mescheder, A. Geiger and S. Nowozin (2018), *Which training methods for GANs do actually converge?*, ICML.
#   The smallest game, for many kinds of GAN.
# - M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler and S. Hochreiter (2017), *GANs trained by a two time-scale
#   update rule converge to a local Nash equilibrium*, NIPS. The Fréchet distance in Inception's features; rates of
#   the players.
# - T. Kynkäänniemi, T. Karras, S. Laine, J. Lehtinen and T. Aila (2019), *Improved precision and recall metric for
#   assessing generative models*, NeurIPS. The two numbers of section 13.
# - P. Dhariwal and A. Nichol (2021), *Diffusion models beat GANs on image synthesis*, NeurIPS. What came next.
