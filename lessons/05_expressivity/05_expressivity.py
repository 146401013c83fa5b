# %% [raw] front=true
# title = "What networks can represent"
# shows = "What a network of a given shape can and cannot do, however long it is trained: built by hand, proved, measured; and what one more layer buys."
# needs = "Chapters 1 to 3: layers in matrix form, ReLU and sigmoid, backpropagation, credit assignment paths. From school: slopes, and what a continuous function is."
# minutes = {read = 60, run = 1.5}
# data = ["mnist", "digits"]
#
# [claims.width2_weights]
# text = "weights and biases of the network with five hidden layers of two units"
# value = 33
# tolerance = 0
#
# [claims.width2_best]
# text = "largest error of the best of 48 networks of width 2"
# value = 0.66
# tolerance = 0.05
#
# [claims.stairs_power]
# text = "power of n with which the error of n bumps falls"
# value = -1
# tolerance = 0.03
#
# [claims.polygon_power]
# text = "power of n with which the error of a polygon of n pieces falls"
# value = -2
# tolerance = 0.04
#
# [claims.share_of_bound]
# text = "error of the polygon of 256 pieces, as a share of the bound"
# value = 1
# tolerance = 0.01
#
# [claims.keras_gap]
# text = "largest difference between the polygon in Keras and in NumPy"
# value = 0
# tolerance = 0.0001
#
# [claims.square_4]
# text = "largest error of 4 units with the square as activation"
# value = 0.665
# tolerance = 0.0005
#
# [claims.square_256]
# text = "the same of 256 units"
# value = 0.665
# tolerance = 0.0005
#
# [claims.relu_256]
# text = "the same of 256 ReLU units"
# value = 0.0196
# tolerance = 0.002
#
# [claims.polygon_pieces]
# text = "straight pieces of the polygon through 17 points"
# value = 16
# tolerance = 0
#
# [claims.pieces_of_ten_layers]
# text = "straight pieces of ten layers of two units"
# value = 1024
# tolerance = 0
#
# [claims.deep_errors]
# text = "share of 128 points that the sawtooth of seven layers gets wrong"
# value = 0
# tolerance = 0
#
# [claims.shallow_errors]
# text = "share that any single layer of 16 units gets wrong, at least"
# value = 0.4297
# tolerance = 0.0001
#
# [claims.teeth_learned]
# text = "share of the points that trained networks of seven layers get right, the middle one"
# value = 0.52
# tolerance = 0.06
#
# [claims.random_pieces]
# text = "pieces on average, four layers of eight random units"
# value = 26
# tolerance = 1
#
# [claims.built_pieces]
# text = "pieces of sixteen layers of two units, built"
# value = 65536
# tolerance = 0
#
# [claims.regions_of_eight]
# text = "regions of the plane cut by eight lines, counted"
# value = 37
# tolerance = 0
#
# [claims.folded_regions]
# text = "regions of the square folded by five layers of four units, counted"
# value = 1024
# tolerance = 0
#
# [claims.three_power]
# text = "power of the depth with which the error falls at width 3"
# value = -2
# tolerance = 0.06
#
# [claims.two_power]
# text = "the same at width 2"
# value = -1
# tolerance = 0.06
#
# [claims.floor]
# text = "error that every network of width 2 has at least, somewhere"
# value = 0.486
# tolerance = 0.001
#
# [claims.share_under_the_floor]
# text = "share of the trained networks of width 2 that are under it"
# value = 0
# tolerance = 0
#
# [claims.water_zero]
# text = "deepest water in the zero itself"
# value = 0.82
# tolerance = 0.01
#
# [claims.water_width2]
# text = "deepest water in networks of width 2, the middle of the six best"
# value = 0
# tolerance = 0.03
#
# [claims.water_width8]
# text = "the same at width 8"
# value = 0.83
# tolerance = 0.12
#
# [claims.width8_best]
# text = "largest error of the best network of width 8"
# value = 0.2
# tolerance = 0.08
#
# [claims.hand_gap]
# text = "largest difference between the zero drawn by hand in Keras and in NumPy"
# value = 0
# tolerance = 0.002
#
# [claims.hand_error]
# text = "largest error of the zero drawn by hand, width 3"
# value = 0.3
# tolerance = 0.01
#
# [claims.hand_layers]
# text = "its hidden layers"
# value = 28
# tolerance = 0
#
# [claims.one_layer_512]
# text = "largest error of 512 units in one layer"
# value = 0.173
# tolerance = 0.01
#
# [claims.one_layer_400]
# text = "middle error, one hidden layer, about 400 weights"
# value = 0.14
# tolerance = 0.03
#
# [claims.four_layers_400]
# text = "middle error, four hidden layers, about 400 weights"
# value = 0.04
# tolerance = 0.025
#
# [claims.residual_growth]
# text = "growth of the signal per residual block with He's weights"
# value = 1.7
# tolerance = 0.1
#
# [claims.plain_alike]
# text = "cosine between two digits after fifty plain layers"
# value = 0.98
# tolerance = 0.01
#
# [claims.deep_plain]
# text = "held-back accuracy of 102 plain layers"
# value = 0.1
# tolerance = 0.05
#
# [claims.deep_zeros]
# text = "held-back accuracy of 102 layers in residual blocks that start at zero"
# value = 0.93
# tolerance = 0.02
#
# [claims.keras_step_gap]
# text = "largest difference between a weight after a step in Keras and in NumPy"
# value = 0
# tolerance = 0.0001

# %% setup=true

# %% [markdown]
# ## A question first
#
# A picture is a function. Give it a place in the unit square, two coordinates, and it returns a number, how much ink
# there is. Below is a handwritten zero from MNIST, read in that way, with its ink smeared a little (a bell curve of
# 0.8 pixels) so that the function is defined between the pixels too, and smooth.
#
# **Which networks can draw this zero?** Not *which learn it well*: which *can*, with the best weights that anybody
# could ever find. The network takes two coordinates and returns the ink. It may be as deep as you like.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

picture = data.load("mnist")[0][0][209] / 255  # (28, 28), ink from 0 to 1
pixel_centers = (np.arange(28) + 0.5) / 28
blur = 0.8 / 28


def nearness(c):
    """Coordinates (n,) -> (n, 28): the share that each row or column of pixels has in them."""
    steps = (c[:, None] - pixel_centers) / blur
    return np.exp(-(steps**2) / 2) / (np.sqrt(2 * np.pi) * 0.8)


# %%
def ink(points):
    """Places (n, 2) in the unit square, right and down -> ink (n,)."""
    across, down = nearness(points[:, 0]), nearness(points[:, 1])
    return ((down @ picture) * across).sum(axis=1)


def grid(n):
    """The n * n centers of a fine checkerboard, row by row: (n * n, 2)."""
    across, down = np.meshgrid((np.arange(n) + 0.5) / n, (np.arange(n) + 0.5) / n)
    return np.stack([across.ravel(), down.ravel()], axis=1)


coarse, fine = grid(28), grid(112)
fine_ink = ink(fine)


# %%
def show(drawings, titles, columns=6):
    """Drawings (k, 112 * 112), ink 0 white, ink 1 black."""
    drawings = np.reshape(drawings, (-1, 112, 112))
    plots.images(drawings, titles, columns=columns, size=1.3, cmap="gray_r", value_range=(0, 1))
    plt.show()


show([picture.repeat(4, 0).repeat(4, 1).ravel(), fine_ink], ["28 x 28 pixels", "as a function"])

# %% [markdown]
# Now a network of a peculiar shape: five hidden layers, but only *two* units in each, 33 weights and biases in all.
# Since training may fail by bad luck, we train forty-eight such networks side by side, from different random weights,
# and look at the best six. (`Team` is a dense layer of `members` networks that never meet. The loss is the sum of
# theirs, so each gets exactly its own gradient.)


# %%
class Team(layers.Layer):
    """A dense layer of each member: (members, batch, n_in) -> (members, batch, n_out)."""

    def __init__(self, members, n_in, n_out):
        super().__init__()
        self.W = self.add_weight(shape=(members, n_in, n_out))
        self.b = self.add_weight(shape=(members, 1, n_out))

    def call(self, x):
        return ops.matmul(x, self.W) + self.b


# %%
def team_start(members, sizes, seed):
    """He's weights, and biases that keep most units alive: a list of arrays W, b, W, b, ..."""
    rng, start = np.random.default_rng(seed), []
    for i, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
        start.append(rng.normal(0, np.sqrt(2 / n_in), (members, n_in, n_out)))
        b = rng.normal(0, 1 if i == 0 else 0.5, (members, 1, n_out))
        start.append(b if i == 0 else np.abs(b))
    return start


def sum_of_losses(y, answers):
    """Each member's mean squared error, added up."""
    return ops.sum(ops.mean((answers - y) ** 2, axis=(1, 2)))


# %%
def train_team(members, sizes, x, y, steps=1000, seed=0):
    """Full-batch Adam on x (n, n_in), y (n,) -> the params, each array with `members` first."""
    h = inputs = keras.Input(batch_shape=(1, *x.shape))  # a "batch" is one copy of all the points
    for n_in, n_out in zip(sizes, sizes[1:-1]):
        h = ops.relu(Team(members, n_in, n_out)(h))
    model = keras.Model(inputs, Team(members, sizes[-2], 1)(h))
    model.set_weights(team_start(members, sizes, seed))
    rate = keras.optimizers.schedules.CosineDecay(0.02, steps)
    model.compile(keras.optimizers.Adam(rate), sum_of_losses, steps_per_execution=50)
    copies = np.repeat(x[None], 50, axis=0), np.repeat(y[None, :, None], 50, axis=0)
    model.fit(*copies, batch_size=1, epochs=steps // 50, shuffle=False, verbose=0)
    weights = model.get_weights()
    return list(zip(weights[::2], weights[1::2]))


# %%
def relu(z):
    return np.maximum(z, 0)


def network(params, x, activation=relu):
    """x (batch, n_in) -> (batch, n_out); params as in chapter 3, the last layer without activation."""
    for W, b in params[:-1]:
        x = activation(x @ W + b)
    W, b = params[-1]
    return x @ W + b


def centered(points):
    """The square from -2 to 2 is easier to train on than the one from 0 to 1."""
    return 4 * points - 2


# %%
def zero_team(members, width, depth, steps=1000):
    """Drawings (members, 112 * 112) of a trained team, the best (in mean square) first."""
    sizes = [2] + [width] * depth + [1]
    params = train_team(members, sizes, centered(coarse), ink(coarse), steps)
    drawings = network(params, centered(fine))[:, :, 0]
    return drawings[((drawings - fine_ink) ** 2).mean(axis=1).argsort()]


def worst_error(drawing):
    return np.abs(drawing - fine_ink).max()


drawings = {2: zero_team(48, 2, 5, steps=1500)}
show(drawings[2][:6], [f"off by {worst_error(d):.2f}" for d in drawings[2][:6]])
check.claim("width2_weights", sum(a * b + b for a, b in zip([2] * 6, [2] * 5 + [1])))
check.claim("width2_best", min(worst_error(d) for d in drawings[2]))

# %% [markdown]
# *What to look for: bent strokes, corners, nested corners; and every one of them runs out of the picture. None has
# closed its curve.* The title of each gives its largest error anywhere. The smallest of all forty-eight (which are
# sorted by mean square, so it need not come first) is about 0.66, where ink goes from 0 to 1.
#
# **Predict, then go on.** Which of these would mend it: longer training, better luck, twenty layers in place of five,
# three units per layer in place of two, or one single hidden layer with a few hundred units? Write down yes or no for
# each. All five will be decided, three of them by one proof.
#
# This chapter is about what networks can *represent*. How well they do on what they have not seen is another matter:
# chapter 6.
#
# ## Bumps
#
# Begin with one dimension. The middle row of the picture is a curve with two peaks, where the row crosses the stroke.
# Call it $f$ (`row` in the code), on the interval from 0 to 1. Can one hidden layer trace it? Yes, and we do not need
# to train: **we can write the weights down.**
#
# A sigmoid $\sigma(s\,(x - a))$ with a large *steepness* $s$ is a step at $a$: near 0 to the left, near 1 to the
# right. The difference of two is a **bump**, near 1 between `left` and `right` and near 0 elsewhere:
#
# $$\text{height} \cdot \bigl( \sigma(s\,(x - \text{left})) - \sigma(s\,(x - \text{right})) \bigr) .$$
#
# It is a network with two hidden units: the first has weight $s$ and bias $-s \cdot \text{left}$, the second
# weight $s$ and bias $-s \cdot \text{right}$, and the output weights are plus and minus the height.


# %%
def row(x):
    """The ink (n,) along the middle row of the picture, at x (n,)."""
    return ink(np.stack([x, np.full_like(x, 0.5)], axis=1))


def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2  # the same as 1 / (1 + exp(-z)), and never overflows


def bump(left, right, height, steepness):
    """params of a network with two sigmoid units: about `height` from left to right, else about 0."""
    hidden = np.full((1, 2), steepness), -steepness * np.array([left, right])
    output = np.array([[height], [-height]]), np.zeros(1)
    return [hidden, output]


# %% [markdown]
# Several networks with one hidden layer add up to one network: set their hidden units side by side. So we cut the
# interval into $n$ equal pieces, and give each a bump as high as the curve is in its middle.


# %%
def side_by_side(networks):
    """One network whose answer is the sum of the answers of networks with one hidden layer."""
    W1, b1, W2, b2 = zip(*((W1, b1, W2, b2) for (W1, b1), (W2, b2) in networks))
    return [(np.concatenate(W1, 1), np.concatenate(b1)), (np.concatenate(W2, 0), np.sum(b2, 0))]


def bumps(f, n):
    """n bumps, 2 n sigmoid units, that follow f from 0 to 1."""
    edges = np.linspace(0, 1, n + 1)
    heights = f((edges[:-1] + edges[1:]) / 2)
    return side_by_side([bump(*at, 40 * n) for at in zip(edges, edges[1:], heights)])


# %%
x = np.linspace(0, 1, 4001)


def draw_bumps(ax, n):
    ax.plot(x, row(x), color="silver", linewidth=4, label="the row")
    ax.plot(x, network(bumps(row, n), x[:, None], sigmoid)[:, 0], label="bumps")
    ax.set(xlabel="x", ylabel="ink", ylim=(-0.05, 1.5))
    ax.legend(loc="upper center", ncols=2, fontsize=8)


plots.explore(draw_bumps, size=(2.5, 2.2), bumps=[4, 8, 16, 32, 64])
plt.show()

# %% [markdown]
# *What to look for: a staircase that hugs the curve as the bumps get thinner.*
#
# How fast? A curve whose slope is never steeper than $L$ (a *Lipschitz* function with constant $L$) strays over
# half a bump's width $1/(2n)$ by at most $L/(2n)$ from its value in the middle. So twice as many bumps, half the
# error. For a curve that is only *continuous*, the bumps can still be made so thin that $f$ moves by less than any
# $\varepsilon$ over each. That is universal approximation, in one dimension. (At 0 and 1 the outermost bumps have
# half their height. Our row is white there; otherwise let them begin earlier and end later.)
#
# In more dimensions a hidden unit $\sigma(w \cdot x + b)$ is a step across a whole line or plane, and bumps take more
# work. The general statements, with their small print. (Close *in the mean*, in $L^p$, means that $\int |f - g|^p$ is
# small instead of the largest error; a set of *measure zero* is too thin to have a length, area or volume.)
#
# - **Cybenko (1989)**: let $\sigma$ be continuous with limits 0 and 1 at the two ends. Then sums $\sum_j v_j\,
#   \sigma(w_j \cdot x + b_j)$ come *uniformly* close to every continuous function on the cube $[0, 1]^d$: for every
#   $\varepsilon > 0$ there is a sum that is off by less than $\varepsilon$ *everywhere* on it.
# - **Hornik (1991)**: the same on any compact (closed and bounded) set, for any continuous, bounded, nonconstant
#   activation; and if it is only bounded and nonconstant, still in the mean, in $L^p(\mu)$ with $1 \le p < \infty$
#   and any finite measure $\mu$.
# - **Leshno, Lin, Pinkus and Schocken (1993)**: for a locally bounded, piecewise continuous activation (its points
#   of discontinuity being few enough: their closure has measure zero), sums come uniformly close to every
#   continuous function on every compact set **if and only if the activation is not a polynomial** (almost
#   everywhere). Bounded or not plays no part, so ReLU is in.
# - **Sonoda and Murata (2017)**: for unbounded activations such as ReLU, an integral formula, the *ridgelet
#   transform*, that says which output weight each hidden unit should get; a finite network is a sum that
#   approximates the integral.
#
# None of them says how many units one needs, nor how to find the weights by training.
#
# ## The same with ReLU, faster
#
# ReLU units make slopes in place of steps. A sum of $\mathrm{relu}(x - k_i)$ is a polygon whose slope changes at each
# *knot* $k_i$, by the output weight of that unit. So to join given points by straight lines, let the first unit have
# the first slope, and each further one the *change* of slope at its knot.


# %%
def piecewise_linear_network(knots, values):
    """params of a ReLU network with one hidden layer, len(knots) - 1 units, that joins the points."""
    slopes = np.diff(values) / np.diff(knots)
    changes = np.diff(slopes, prepend=0)
    hidden = np.ones((1, len(changes))), -knots[:-1]
    return [hidden, (changes[:, None], values[:1])]


knots = np.linspace(0, 1, 17)
polygon = piecewise_linear_network(knots, row(knots))
print("through all its points:", np.allclose(network(polygon, knots[:, None])[:, 0], row(knots)))

# %% [markdown]
# **Predict, then run.** The staircase's error halves when $n$ doubles. What will the polygon's do?

# %%
counts = 2 ** np.arange(3, 11)
stairs, polygons = [], []
for n in counts:
    knots = np.linspace(0, 1, n + 1)
    built = piecewise_linear_network(knots, row(knots))
    stairs.append(np.abs(network(bumps(row, n), x[:, None], sigmoid)[:, 0] - row(x)).max())
    polygons.append(np.abs(network(built, x[:, None])[:, 0] - row(x)).max())


def power(errors):
    """The slope of log error against log n, over the last five counts."""
    return np.polyfit(np.log(counts[-5:]), np.log(errors[-5:]), 1)[0]


check.claim("stairs_power", power(stairs))
check.claim("polygon_power", power(polygons))

# %%
curves = {"n bumps": (counts, stairs), "polygon of n pieces": (counts, polygons)}
ax = plots.curves(curves, "n", "largest error", log=True)
ax.set_xscale("log", base=2)
bend = np.abs(np.diff(row(x), 2)).max() / (x[1] - x[0]) ** 2  # the largest second derivative
ax.plot(counts, bend / (8 * counts**2), ":", color=plots.BLACK, label="$\\max|f''| / (8n^2)$")
ax.legend()
plt.show()
check.claim("share_of_bound", polygons[5] / (bend / (8 * counts[5] ** 2)))

# %% [markdown]
# *What to look for: straight lines on logarithmic axes, of slope $-1$ for the bumps and $-2$ for the polygon.*
# Joining the points of a curve by straight lines of width $h = 1/n$ makes an error of at most $\max|f''|\,h^2/8$;
# with enough pieces the dotted bound is reached to within a percent. Twice as many units, a quarter of the error. The
# rates have conditions: the steps asked for a bounded slope, the polygons for a bounded second derivative.
#
# Keras takes our weights as they are, and agrees.


# %%
def keras_network(params):
    """The ReLU network `params` as a Keras model."""
    hidden = [layers.Dense(len(b), activation="relu") for _, b in params[:-1]]
    model = keras.Sequential([keras.Input((len(params[0][0]),)), *hidden, layers.Dense(1)])
    model.set_weights([part for pair in params for part in pair])
    return model


keras_polygon = np.array(keras_network(polygon)(x[:, None].astype("float32")))
check.claim("keras_gap", np.abs(keras_polygon - network(polygon, x[:, None])).max())

# %% [markdown]
# ### What goes wrong: a polynomial activation
#
# "If and only if not a polynomial." **Predict, then run:** take one hidden layer with the activation $z^2$, and
# random first-layer weights. The best output weights are a least-squares problem, solved exactly. How will the error
# fall from 4 to 256 units?


# %%
def best_output(activation, n):
    """Largest error on the row, n random units, output weights by least squares."""
    rng = np.random.default_rng(51)
    W, centers = rng.normal(0, 4, n), rng.uniform(0, 1, n)
    hidden = np.column_stack([activation(W * (x[:, None] - centers)), np.ones_like(x)])
    output = np.linalg.lstsq(hidden, row(x), rcond=1e-10)[0]
    return np.abs(hidden @ output - row(x)).max()


widths = [4, 16, 64, 256]
tries = {"square": np.square, "cube": lambda z: z**3, "ReLU": relu, "tanh": np.tanh}
errors = {name: [best_output(a, n) for n in widths] for name, a in tries.items()}
check.claim("square_4", errors["square"][0])
check.claim("square_256", errors["square"][-1])
check.claim("relu_256", errors["ReLU"][-1])

# %%
curves = {name: (widths, values) for name, values in errors.items()}
ax = plots.curves(curves, "hidden units", "largest error", log=True)
ax.set_xscale("log", base=2)
plt.show()

# %% [markdown]
# *What to look for: two flat lines, nearly on top of each other.* The square of $w x + b$ is a quadratic, and a sum
# of quadratics is a quadratic, be it of 4 or of 256 units: the error is 0.665, the same to all printed digits.
# Cubes give cubics. The other two go down. (The theorem speaks of one hidden layer. Each *further* layer multiplies
# the degree.)
#
# ## Counting pieces
#
# A ReLU network with one input is a polygon, whatever its depth: it is made of straight pieces. How many it can have
# is a fair measure of what it can draw. We can count them **exactly**. The input of a first-layer unit is a straight
# line; where it crosses zero there is a knot. Between two knots the input of each second-layer unit is a straight
# line again; where *it* crosses zero there is another knot. And so on up. At the end, compare the slopes left and
# right of each knot: a unit with output weight zero makes no corner.


# %%
def add_crossings(x, z):
    """Places x (n,) and the places between them where a column of z (n, units) crosses zero."""
    piece, unit = np.nonzero(z[:-1] * z[1:] < 0)
    left, right = z[piece, unit], z[piece + 1, unit]
    crossings = x[piece] + left / (left - right) * (x[piece + 1] - x[piece])
    x = np.sort(np.concatenate([x, crossings]))
    return x[np.append(True, np.diff(x) > 1e-10)]


def count_linear_regions(params, low, high):
    """Straight pieces, from low to high, of a ReLU network with one input and one output."""
    x = np.array([low, high], dtype=float)
    for layer in range(1, len(params)):
        x = add_crossings(x, network(params[:layer], x[:, None]))
    slopes = np.diff(network(params, x[:, None])[:, 0]) / np.diff(x)
    return 1 + np.sum(~np.isclose(slopes[1:], slopes[:-1], rtol=1e-6, atol=1e-6))


check.claim("polygon_pieces", count_linear_regions(polygon, 0, 1))

# %% [markdown]
# (`params[:layer]` is itself a network, whose output is the input $z$ of that layer's units. A unit that is zero
# exactly at a place already in `x` needs no new one, and places nearer than $10^{-10}$ count as one. With more inputs
# one counts along a straight line: the points $p + t\,(q - p)$ depend on the one number $t$.)
#
# One hidden layer of $n$ units makes at most $n$ knots, so at most $n + 1$ pieces. What about a second layer? On each
# piece made so far, each of its $m$ units is straight before its ReLU and crosses zero at most once. So a layer of
# $m$ units multiplies the number of pieces by at most $m + 1$:
#
# $$\text{pieces} \;\le\; (m_1 + 1)(m_2 + 1) \cdots (m_k + 1) .$$
#
# Widths *add* knots, layers *multiply* pieces. But this is an upper bound. Is it ever used?
#
# ## The sawtooth
#
# Take two units and make a tent: up from 0 to 1, then down to 0,
#
# $$T(x) = 2\,\mathrm{relu}(x) - 4\,\mathrm{relu}(x - \tfrac12) .$$
#
# Now put the tent into itself: $T(T(x))$. While $x$ goes from 0 to $1/2$, the inner tent goes through all of
# $[0, 1]$, and the outer one draws a whole tent; then the same backward. Two tents. Each further composition folds
# the interval once more and doubles their number. In the network, $T$'s output layer and the next $T$'s hidden layer
# are both linear and merge into one.


# %%
def sawtooth(depth):
    """params of a ReLU network with `depth` hidden layers of 2 units: the tent, composed."""
    corners = np.array([0.0, -0.5])
    output = np.array([[2.0], [-4.0]])
    first = np.ones((1, 2)), corners
    further = output @ np.ones((1, 2)), corners  # the tent before feeds both units
    return [first] + [further] * (depth - 1) + [(output, np.zeros(1))]


def draw_sawtooth(ax, depth):
    ax.plot(x, network(sawtooth(depth), x[:, None])[:, 0])
    ax.set(xlabel="x", ylabel="sawtooth")


plots.explore(draw_sawtooth, size=(2.5, 2.2), depth=[1, 2, 3, 5])
plt.show()
check.claim("pieces_of_ten_layers", count_linear_regions(sawtooth(10), 0, 1))

# %% [markdown]
# *What to look for: $2^{\text{depth}}$ straight pieces.* Ten layers of two units have 1,024, counted. A single hidden
# layer needs at least 1,023 units for that, against twenty. **This is what one more layer can buy: a factor, where
# one more unit buys a summand.**
#
# Is a polygon with fewer pieces nearly as good? Not here. Look at the $2^k$ points $0, 1/2^k, 2/2^k, \dots$, where
# the sawtooth takes the values $0, 1, 0, 1, \dots$, and ask only on which side of $1/2$ a network is. A polygon of
# $n + 1$ pieces crosses $1/2$ at most $n + 1$ times, so it cuts the points into at most $n + 2$ runs of equal
# answers, and in a run of $r$ points at most half of them, rounded up, are right. So the share of errors is at least
# $\tfrac12 - (n + 2) / 2^{k+1}$. This is the argument of Matus Telgarsky (2015), and it works for few layers as for
# one: $l$ layers of $m$ units have at most $(m + 1)^l$ pieces, so for a fixed $l$ they need an $m$ that grows
# exponentially with $k$.

# %%
k = 7
teeth = np.arange(2**k) / 2**k
labels = np.arange(2**k) % 2
deep_answers = network(sawtooth(k), teeth[:, None])[:, 0] > 0.5
check.claim("deep_errors", np.mean(deep_answers != labels))
check.claim("shallow_errors", 1 / 2 - (16 + 2) / 2 ** (k + 1))

# %% [markdown]
# Fourteen units in seven layers make no error on the 128 points. Sixteen units in one layer are wrong on at least
# 43 % of them, whatever their weights.
#
# ### What goes wrong: what can be said cannot always be found
#
# **Predict, then run.** Seven layers of two units suffice, so we are generous and give sixteen networks seven layers
# of *eight*, and train them on the 128 points. What share of the points will the best of them get right?

# %%
trained_teeth = train_team(16, [1] + [8] * 7 + [1], 4 * teeth[:, None] - 2, labels * 1.0)
answers = network(trained_teeth, 4 * teeth[:, None] - 2)[:, :, 0] > 0.5
accuracy_of_teeth = (answers == labels).mean(axis=1)
print("best:", accuracy_of_teeth.max(), " middle:", np.median(accuracy_of_teeth))
check.claim("teeth_learned", np.median(accuracy_of_teeth))


# %%
def random_params(sizes, seed):
    rng = np.random.default_rng(seed)
    pairs = zip(sizes, sizes[1:])
    return [(rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, 0.5, b)) for a, b in pairs]


pieces = {}
for hidden in ([32], [16] * 2, [8] * 4, [4] * 8):
    counted = [count_linear_regions(random_params([1, *hidden, 1], s), -3, 3) for s in range(30)]
    pieces[len(hidden)] = np.mean(counted)
    print(f"{len(hidden)} layers of {hidden[0]}: {np.mean(counted):.1f} pieces on average")
check.claim("random_pieces", pieces[4])
check.claim("built_pieces", count_linear_regions(sawtooth(16), 0, 1))

# %% [markdown]
# Hardly better than tossing coins. The weights exist (we wrote them down) and our training does not find them. The
# second table says where it starts from: thirty-two units with *random* weights have some thirty pieces in one
# layer or two, 26 in four layers, and fewer when the layers get very narrow. The same number of units, in sixteen
# layers, can have 65,536. Boris Hanin and David Rolnick (2019) proved that this is the rule: at a usual
# initialization the expected number of pieces along a line grows like the number of units, and they saw training
# change little of it. **Depth *can* buy exponentially many pieces; a network as it is commonly initialized and
# trained uses few of them.**
#
# The sawtooth is good for smooth curves too. Write $S_j$ for the tent composed $j$ times. Then, on $[0, 1]$ (Dmitry
# Yarotsky, 2017),
#
# $$x^2 \;=\; x - \sum_{j=1}^{\infty} \frac{S_j(x)}{4^j} .$$
#
# Why: over an interval of width $h$, wherever it is, the chord of $x^2$ lies above the parabola, by $h^2/4$ in the
# middle. Halving all intervals takes off a row of equal tents of that height, and with $h = 2^{-(j-1)}$ that row is
# $S_j / 4^j$. So each further layer divides the error by four: an accuracy of $\varepsilon$ costs a multiple of
# $\log(1/\varepsilon)$ layers of three units (the tent's two, and the sum so far), where one hidden layer needs a
# multiple of $1/\sqrt{\varepsilon}$ units.
#
# ## Pieces of the plane
#
# In the plane, each unit of the first layer draws a straight line, and the lines cut the plane into regions. On each
# region the network is linear. Draw lines one after another: the $n$-th crosses the $n - 1$ earlier ones in at most
# $n - 1$ points, which cut it into at most $n$ parts, and each part splits one region in two. So one layer of $n$
# units has at most
#
# $$1 + (1 + 2 + \dots + n) \;=\; 1 + n + \binom{n}{2}$$
#
# regions; in $d$ dimensions at most $\sum_{j=0}^{d} \binom{n}{j}$, with equality when the planes are in general
# position (in two dimensions: no two parallel, no three through a point). Ludwig Schläfli found the formula; Thomas
# Zaslavsky (1975) has one for any position. A fine grid can count the regions: two points lie in the same one if they
# are on the same side of every line.


# %%
def sides(params, points):
    """Which units of all hidden layers are on, at points (n, d): (n, units) of True and False."""
    layer_inputs = [network(params[: i + 1], points) for i in range(len(params) - 1)]
    return np.concatenate(layer_inputs, axis=1) > 0


def count_patterns(on):
    """How many different rows: each row of bits is read as one whole number."""
    return len(np.unique(on @ (1 << np.arange(on.shape[1]))))


def tangents(n):
    """n lines that touch a circle: no three of them meet in a point, no two are parallel."""
    angles = 2.2 * np.arange(1, n + 1)
    W = np.stack([np.cos(angles), np.sin(angles)])
    return [(W, -np.ones(n)), (np.ones((n, 1)), np.zeros(1))]


# %%
window = 16 * grid(1200) - 8
counted = [count_patterns(sides(tangents(n), window)) for n in range(1, 9)]
print("counted:", counted, " formula:", [1 + n + n * (n - 1) // 2 for n in range(1, 9)])
check.claim("regions_of_eight", counted[-1])


# %%
def fold(depth):
    """The sawtooth of both coordinates, added: `depth` hidden layers of 4 units."""
    saw, both = sawtooth(depth), np.eye(2)
    hidden = [(np.kron(both, W), np.tile(b, 2)) for W, b in saw[:-1]]  # W once for each coordinate
    W, b = saw[-1]
    return hidden + [(np.tile(W, (2, 1)), b)]


folded = [count_patterns(sides(fold(d), grid(512))) for d in range(1, 6)]
one_layer = [1 + n + n * (n - 1) // 2 for n in range(4, 21, 4)]
print("folded:", folded, " at most, in one layer of as many units:", one_layer)
check.claim("folded_regions", folded[-1])

# %%
_, panels = plt.subplots(1, 4, figsize=(9, 2.5))
cases = [(tangents(8), window), *((fold(d), grid(512)) for d in (1, 2, 3))]
for ax, (params, points) in zip(panels, cases):
    on = sides(params, points)
    n_units, side = on.shape[1], int(np.sqrt(len(on)))
    patterns, region = np.unique(on @ (1 << np.arange(n_units)), return_inverse=True)
    shades = np.random.default_rng(52).permutation(len(patterns))
    ax.imshow(shades[region].reshape(side, side), cmap="tab20c")
    ax.set_title(f"{len(patterns)} regions, {n_units} units")
    ax.axis("off")
plt.show()

# %% [markdown]
# *What to look for: on the left, lines; on the right, a square folded in both directions, once, twice, three
# times.* Folding makes $4^k$ regions with $4k$ units. At twenty units that is 1,024, where one layer can have 211.
# Folding is how Guido Montúfar, Razvan Pascanu, Kyunghyun Cho and Yoshua Bengio (2014) proved that the largest
# possible number of regions grows exponentially with the number of layers.
#
# ## Narrow and deep, by hand
#
# Now let width be scarce and depth free. A narrow network can do with many layers what a wide one does with many
# units, if it hands on three numbers: **the input**, **one new ReLU unit**, and **the running sum** of the polygon so
# far. Layer $i$ makes the unit of knot $i$ and adds the unit before it to the sum. The input survives the ReLU when
# it is not negative, so we carry $x - k_0$; the sum survives when a large enough constant `lift` is added to it,
# which the output takes off again. (No unit is larger than the interval is long, so no partial sum can be larger than
# the sum of all |output weights| times that length. With $d$ inputs the same plan needs $d$ carriers, so width
# $d + 2$.)


# %%
def narrow_deep_network(knots, values):
    """The function of piecewise_linear_network, on [knots[0], knots[-1]]: len(knots) - 1 hidden
    layers of 3 units (x - knots[0], relu(x - knots[i]), lift + the sum so far)."""
    changes = np.diff(np.diff(values) / np.diff(knots), prepend=0)
    lift = np.abs(changes).sum() * (knots[-1] - knots[0])
    params = [(np.array([[1.0, 1.0, 0.0]]), np.array([-knots[0], -knots[0], lift]))]
    for knot, change in zip(knots[1:-1], changes):
        W = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, change], [0.0, 0.0, 1.0]])
        params.append((W, np.array([0.0, knots[0] - knot, 0.0])))
    output = np.array([[0.0], [changes[-1]], [1.0]])
    return params + [(output, values[:1] - lift)]


# %% [markdown]
# Three units are one more than the minimum. Boris Hanin and Mark Sellke (2017) do it with $d + 1$ units for $d$
# inputs, so two in one dimension: $d$ of them carry the input, and the last carries a running value $r$, which each
# layer may replace by
#
# $$\max(r, \ell) = \ell + \mathrm{relu}(r - \ell) \qquad\text{or}\qquad \min(r, \ell) = \ell - \mathrm{relu}(\ell - r),$$
#
# where $\ell = a \cdot x + b$ is any linear function of the carried input. They call it a *max-min string*. The layer
# stores the ReLU, and its successor adds $\ell$.


# %%
def max_min_network(lines):
    """params of width d + 1: r = the first line, then r = max(r, line) or min(r, line) in turn.

    lines: (sign, a (d,), b), sign +1 for max and -1 for min. The inputs must not be negative."""
    _, a, b = lines[0]
    sign, d, params = 0, len(a), []
    for new_sign, new_a, new_b in lines[1:]:  # here r = sign * unit + a @ x + b
        W = np.zeros((d + 1 if params else d, d + 1))
        W[:d, :d] = np.eye(d)
        W[:, d] = new_sign * np.append(a - new_a, sign)[: len(W)]
        params.append((W, np.append(np.zeros(d), new_sign * (b - new_b))))
        sign, a, b = new_sign, new_a, new_b
    return params + [(np.append(a, sign)[:, None], np.array([b]))]


# %% [markdown]
# For a curve whose slope is nowhere steeper than $L$: from each point $(k_i, f(k_i))$ rise with the slope $L$, by a
# `max` with the line of slope $L$ through that point, then come down to the next point, by a `min` with the line of
# slope $-L$ through that one. Neither touches what lies to the left of $k_i$, precisely because no piece there is
# steeper than $L$. The result is a zigzag through all the points. **Predict, then run:** at what rates will the two
# errors fall with the depth?


# %%
def zigzag_network(knots, values, steepest):
    """params of width 2 that pass through the points with slopes of plus or minus `steepest`."""
    lines = [(0, np.zeros(1), values[0])]
    for i in range(len(knots) - 1):
        lines.append((1, np.array([steepest]), values[i] - steepest * knots[i]))
        lines.append((-1, np.array([-steepest]), values[i + 1] + steepest * knots[i + 1]))
    return max_min_network(lines)


def error_on_row(params):
    return np.abs(network(params, x[:, None])[:, 0] - row(x)).max()


# %%
steepest = 1.001 * np.abs(np.diff(row(x))).max() / (x[1] - x[0])
three, two = [], []
for n in counts[:6]:
    knots = np.linspace(0, 1, n + 1)
    three.append(error_on_row(narrow_deep_network(knots, row(knots))))
    two.append(error_on_row(zigzag_network(knots, row(knots), steepest)))

# %%
_, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
knots = np.linspace(0, 1, 33)
left.plot(x, row(x), color="silver", linewidth=4, label="the row")
left.plot(x, network(zigzag_network(knots, row(knots), steepest), x[:, None]), label="width 2")
left.set(xlabel="x", ylabel="ink", title="64 hidden layers of 2 units")
left.legend()
curves = {"width 3": (counts[:6], three), "width 2": (2 * counts[:6], two)}
plots.curves(curves, "hidden layers", "largest error", ax=right, log=True)
right.set_xscale("log", base=2)
plt.show()
check.claim("three_power", np.log2(three[-1] / three[-2]))
check.claim("two_power", np.log2(two[-1] / two[-2]))

# %% [markdown]
# *What to look for: the zigzag of slopes $\pm L$ on the left; on the right, slope $-2$ for width 3 and $-1$ for width
# 2.* With one unit less per layer it still gets as near as we like, only more slowly. With width 1 it would be over:
# each layer is then a function that never turns back (ReLU never falls), such functions composed never turn back
# either, and $f$ has two peaks.
#
# That is the pattern in every dimension. For ReLU networks of any depth with $d$ inputs and one output:
#
# - **Hanin and Sellke (2017)**, *uniformly* on the cube $[0, 1]^d$: width $d + 1$ suffices to come as near as one
#   likes to every continuous function, and **width $d$ does not**. The minimal width is exactly $d + 1$.
# - **Zhou Lu, Hongming Pu, Feicheng Wang, Zhiqiang Hu and Liwei Wang (2017)**, *in the mean* ($L^1$) on the whole of
#   $\mathbb{R}^d$: width $d + 4$ suffices for every Lebesgue-integrable function; at width $d$ or less, the mean
#   error $\int |f - \text{network}|$ is either infinite or no better than that of the zero function, for every $f$
#   except those that are zero but for a set of measure zero. On a cube, they prove failure for width $d - 1$, for
#   every continuous function that is not constant along any direction.
# - The norm and the domain matter. In $L^p$ on all of $\mathbb{R}^d$ the minimum is exactly $d + 1$ (Sejun Park,
#   Chulhee Yun, Jaeho Lee and Jinwoo Shin, 2021); in $L^p$ on a *cube*, for $d \ge 2$, it is $d$ (Namjun Kim, Chanho
#   Min and Sejun Park, 2024).
#
# ## No pits, no peaks
#
# Now we can say what our forty-eight networks were up against. Width 2, two inputs: they have the width $d$.
#
# **Theorem.** *Let $g$ be a ReLU network with two inputs, hidden layers of at most two units, any number of them, and
# one output. Inside any closed curve, $g$ takes no value below its minimum on the curve, and none above its maximum.*
#
# In other words, $g$ has no pit and no peak. The proof is short.
#
# 1. Replace each ReLU by a *leaky* one, of slope $\delta > 0$ on the left, each weight matrix, if it happens to be
#    singular, by a nearby invertible one (a layer of one unit can be filled up to two), and the output weights $v$,
#    if they are zero, by others near zero. Then every hidden layer can be undone, on the whole plane and
#    continuously: divide what is negative by $\delta$, subtract $b$, multiply by $W^{-1}$. Therefore the image of a
#    small disk around a point $p$ holds a small disk around the image of $p$ (points near enough are led back into
#    the first disk). On that, $v \cdot h + c$ takes both larger and smaller values than in the middle. So nowhere has
#    the changed network a local maximum or a local minimum.
# 2. On a closed curve with its inside, a compact set, a continuous function takes its smallest value somewhere. By
#    step 1 that is not inside, so it is on the curve. The same for the largest.
# 3. Let $\delta$ and the changes of the weights go to zero. The changed networks come uniformly close to $g$ on the
#    compact set, and an inequality that holds for all of them holds for their limit. $\blacksquare$
#
# Step 3 works for anything that such networks approximate uniformly, too, and nothing used the number two: the same
# holds for $d$ inputs, layers of at most $d$ units, and a closed surface. (Jesse Johnson, 2019, has it for sigmoids
# too.)
#
# Now look at the zero, twice, with a network $g$ of width 2 that is off by at most $e$. *No pit:* walk once around
# along the ridge of the stroke, where the ink is never below some value. There $g \ge \text{ridge} - e$; in the hole,
# where the ink is zero, $g \le e$; and in the hole $g$ is no less than the least on the ridge. So
# $e \ge \text{ridge} - e$, that is $e \ge \text{ridge} / 2$. *No peak:* walk around the border of the picture, which
# is white. There $g \le e$, so $g \le e$ everywhere inside, and at the darkest place too: $e \ge \text{darkest} / 2$.

# %%
middle = (fine * fine_ink[:, None]).sum(axis=0) / fine_ink.sum()  # the center of the ink
angles = np.linspace(0, 2 * np.pi, 720, endpoint=False)
rays = np.stack([np.cos(angles), np.sin(angles)], axis=1)
radii = np.linspace(0.1, 0.5, 161)
along = ink((middle + rays[:, None] * radii[:, None]).reshape(-1, 2)).reshape(720, 161)
ridge = middle + rays * radii[along.argmax(axis=1)][:, None]  # a closed curve, 720 corners
border = np.abs(fine - 0.5).max(axis=1) > 0.49  # the outermost points of the grid
print("ink in the hole:", ink(middle[None])[0].round(4))
print("ink on the border:", fine_ink[border].max().round(4))
no_pit, no_peak = along.max(axis=1).min() / 2, (fine_ink.max() - fine_ink[border].max()) / 2
print("no pit:", no_pit.round(3), " no peak:", no_peak.round(3))
floor = max(no_pit, no_peak)
check.claim("floor", floor)
check.claim("share_under_the_floor", np.mean([worst_error(d) < floor for d in drawings[2]]))

# %% [markdown]
# **No network of width 2 can be off by less than 0.486 everywhere**, whatever its depth, its weights and its
# training. Ours were off by 0.66 and more.
#
# Read the theorem with care. It speaks of the *largest* error. In the mean a network of width 2 may come as near as
# one likes (Kim, Min and Park), and the theorem leaves it a way: open the ring by a slit through which the hole
# drains, and let a hair of ink run from the stroke out of the picture, both as thin as you please. That is what the
# best drawings above try to be: strokes bent around the hole, open to one side, and running out at the border.
#
# We can make the missing pit visible. Let it rain on the network's landscape until every pit is full, and let the
# water drain over the border of the picture. How deep does it stand?


# %%
def standing_water(drawing):
    """Depth of the water (112, 112) after endless rain on a landscape that drains at its border."""
    land = drawing.reshape(112, 112)
    level = np.full_like(land, land.max())
    level[[0, -1]], level[:, [0, -1]] = land[[0, -1]], land[:, [0, -1]]
    while True:
        lower, inner = level.copy(), level[1:-1, 1:-1]
        beside = np.minimum(level[:-2, 1:-1], level[2:, 1:-1])
        ends = np.minimum(level[1:-1, :-2], level[1:-1, 2:])
        lower[1:-1, 1:-1] = np.maximum(land[1:-1, 1:-1], np.minimum(inner, np.minimum(beside, ends)))
        if np.array_equal(lower, level):
            return level - land
        level = lower


# %% [markdown]
# **Predict, then run:** how deep will the water stand in the zero itself, in the networks of width 2, and in networks
# of width 3, 4 and 8, also of five layers, trained in the same way?

# %%
drawings |= {3: zero_team(32, 3, 5), 4: zero_team(16, 4, 5), 8: zero_team(8, 8, 5)}
water = {w: [standing_water(d).max() for d in drawn[:6]] for w, drawn in drawings.items()}
best, titles = [], []
for w, drawn in drawings.items():
    best += list(drawn[:3])
    titles += [f"width {w}: off {worst_error(d):.2f}" for d in drawn[:3]]
show(best, titles)
print("in the zero:", standing_water(fine_ink).max().round(2))
for w, depths_of_water in water.items():
    print(f"width {w}, six best:", np.round(depths_of_water, 2))
check.claim("water_zero", standing_water(fine_ink).max())
check.claim("water_width2", np.median(water[2]))
check.claim("water_width8", np.median(water[8]))
check.claim("width8_best", min(worst_error(d) for d in drawings[8]))

# %% [markdown]
# *What to look for: from width 3 on there are closed rings.* At width 2 no water stands (the little there is comes
# from the coarse grid). At width 8 most drawings hold water about as deep as the zero's 0.82, and the best is off by
# about 0.2. At width 3, where Hanin and Sellke promise success, only one or two of the six best of thirty-two hold
# any: possible is not easy.
#
# ### A zero with three units per layer, by hand
#
# So let us build it. First a max-min string of sixteen lines, a polygon of sixteen sides around the zero: each line
# is 0 in the middle and 1 where it touches the ridge from outside. Their *maximum* is a bowl whose level lines are
# polygons, with the ridge near level 1. That takes fifteen layers of width $d + 1 = 3$. What remains is a function of
# *one* variable, the height in the bowl: how much ink at each height? We choose fourteen levels, fit a polygon with
# corners at these to it, by least squares, and append it as a `narrow_deep_network`, again of width 3.

# %%
directions = np.arange(16) * 2 * np.pi / 16
normals = np.stack([np.cos(directions), np.sin(directions)], axis=1)
reach = ((ridge - middle) @ normals.T).max(axis=0)  # how far the ridge goes in each direction
slopes = normals / reach[:, None]
bowl = max_min_network([(1, a, -a @ middle) for a in slopes])
height = network(bowl, fine)[:, 0]
levels = np.array([0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.6, height.max()])
# column i of hats: the polygon that is 1 at level i and 0 at the others; every polygon is a sum of them
hats = np.stack([np.interp(height, levels, hat) for hat in np.eye(len(levels))], axis=1)
profile = narrow_deep_network(levels, np.linalg.lstsq(hats, fine_ink, rcond=None)[0])


# %%
def chain(first, second):
    """One network that feeds the answer of `first` to `second`: the two linear layers merge."""
    (W1, b1), (W2, b2) = first[-1], second[0]
    return first[:-1] + [(W1 @ W2, b1 @ W2 + b2)] + second[1:]


by_hand = chain(bowl, profile)
hand_drawing = network(by_hand, fine)[:, 0]
print("widths:", {len(b) for _, b in by_hand[:-1]}, " hidden layers:", len(by_hand) - 1)
keras_drawing = keras_network(by_hand).predict(fine.astype("float32"), verbose=0)[:, 0]
check.claim("hand_gap", np.abs(keras_drawing - hand_drawing).max())
show([height / height.max(), hand_drawing, keras_drawing], ["the bowl", "by hand", "in Keras"])
check.claim("hand_error", worst_error(hand_drawing))
check.claim("hand_layers", len(by_hand) - 1)

# %% [markdown]
# *What to look for: a zero, drawn by 28 hidden layers of three units, with weights that nobody trained.* It is off by
# 0.30 at most, under the floor that binds every network of width 2. One more unit per layer crosses a line that no
# number of layers can cross.
#
# And the last of the five questions, a single hidden layer? Its units see the plane only through folds along straight
# lines. We draw the lines at random and solve for the output weights.


# %%
def random_lines(n, points):
    """The outputs of n ReLU units along random lines, and a one: (batch, n + 1)."""
    rng = np.random.default_rng(53)
    turn, offset = rng.uniform(0, 2 * np.pi, n), rng.uniform(-0.6, 0.6, n)
    W = np.stack([np.cos(turn), np.sin(turn)])
    return np.column_stack([relu((points - 0.5) @ W - offset), np.ones(len(points))])


one_hidden, samples = {}, grid(56)
for n in (32, 128, 512):
    output = np.linalg.lstsq(random_lines(n, samples), ink(samples), rcond=1e-5)[0]
    one_hidden[n] = random_lines(n, fine) @ output
show(list(one_hidden.values()), [f"{n}: off by {worst_error(d):.2f}" for n, d in one_hidden.items()])
check.claim("one_layer_512", worst_error(one_hidden[512]))

# %% [markdown]
# *What to look for: streaks, which cancel better and better.* 512 units in one layer do it too. Its credit
# assignment paths have depth 2 (chapter 3), and the theorems of Cybenko, Hornik and Leshno say that this depth is
# enough for *every* continuous function on a compact set. So **more layers than CAP depth 2 add nothing to what can
# be emulated in principle.**
#
# ## What one more layer buys
#
# What do more layers add, then? Spend the *same* number of weights, about 400, on one, two, four or six hidden
# layers, train six networks of each shape alike, and compare. **Predict, then run:** which shape draws best?

# %%
shapes, middle_error = {1: 100, 2: 17, 4: 10, 6: 8}, {}
typical = []
for depth, width in shapes.items():
    team = zero_team(6, width, depth)
    errors = np.sqrt(((team - fine_ink) ** 2).mean(axis=1))
    sizes = [2] + [width] * depth + [1]
    n_weights = sum(a * b + b for a, b in zip(sizes, sizes[1:]))
    print(f"{width} x {depth}, {n_weights} weights, errors {errors.round(3)}")
    middle_error[depth] = np.median(errors)
    typical.append(team[2])
show(typical, [f"{w} units x {d}" for d, w in shapes.items()], columns=4)
check.claim("one_layer_400", middle_error[1])
check.claim("four_layers_400", middle_error[4])

# %% [markdown]
# *What to look for: the same budget, and sharper rings with four layers than with one.* The root-mean-square error of
# the middle network falls from about 0.14 to about 0.04. With as many weights, and the same training, depth buys a
# better picture here. At six layers of eight units it is no longer so sure: some runs end well, some badly. **Depth
# adds to what can be learned, and how cheaply, and then takes it away again, unless one builds for it.**
#
# ## Depth that can be trained
#
# How does depth fail? Take digits again (chapter 3), networks of 32 units per layer with He's weights, and more and
# more layers. Look at the forward pass, at two numbers per layer: the size of the signal, and how alike two
# different digits have become (the cosine between their activations, averaged over pairs).
#
# And look at two rivals. A **residual block** (Kaiming He, Xiangyu Zhang, Shaoqing Ren and Jian Sun, 2016) adds what
# its layers compute to what came in,
#
# $$h \;\leftarrow\; h + \mathrm{relu}(h W_1 + b_1)\, W_2 + b_2 ,$$
#
# so that credit has a path of slope one around each block. (Theirs has batch normalization inside and one more ReLU
# after the sum.) One rival starts $W_2$ with He's weights too, the other with **zeros**: then each block at first
# does nothing, and a network of a hundred layers starts as a network of two.


# %%
def start_deep(kind, blocks, width=32):
    """W and b of 2 * blocks + 2 layers, for a network of digits: 64 -> width -> ... -> 10."""
    rng = np.random.default_rng(54)
    sizes = [64] + [width] * (2 * blocks + 1) + [10]
    params = []
    for i, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
        W = rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))
        ends_block = i % 2 == 0 and 0 < i <= 2 * blocks
        zero = kind == "residual, zeros" and ends_block
        params.append((0 * W if zero else W, np.zeros(n_out)))
    return params


# %%
def deep_forward(params, x, residual):
    """logits, and the inputs of every layer."""
    (W, b), inputs = params[0], [x]
    h = relu(x @ W + b)
    for (W1, b1), (W2, b2) in zip(params[1:-1:2], params[2:-1:2]):
        inside = relu(h @ W1 + b1)
        inputs += [h, inside]
        out = inside @ W2 + b2
        h = h + out if residual else relu(out)
    inputs.append(h)
    return h @ params[-1][0] + params[-1][1], inputs


# %% [markdown]
# The way back, by chapter 3's rule: where a value was used twice, gradients add. $h$ was used by the block and by the
# shortcut, so its gradient is that of the block's way *plus* `dout`, unchanged.


# %%
def deep_backward(params, inputs, dout, residual):
    """dout (batch, 10) -> a list of (dW, db), and the size of the gradient at each block's input."""
    grads, sizes = [(inputs[-1].T @ dout, dout.sum(axis=0))], []
    dout = dout @ params[-1][0].T
    for i in range(len(params) - 3, 0, -2):
        h, inside, after = inputs[i : i + 3]
        d2 = dout if residual else dout * (after > 0)
        d1 = (d2 @ params[i + 1][0].T) * (inside > 0)
        grads = [(h.T @ d1, d1.sum(axis=0)), (inside.T @ d2, d2.sum(axis=0))] + grads
        dout = d1 @ params[i][0].T + (dout if residual else 0)
        sizes.insert(0, np.sqrt((dout**2).mean()))
    dout = dout * (inputs[1] > 0)
    return [(inputs[0].T @ dout, dout.sum(axis=0))] + grads, np.array(sizes)


# %%
(x_train, y_train), (x_test, y_test) = data.load("digits")
x_train, x_test = x_train.reshape(-1, 64) / 16, x_test.reshape(-1, 64) / 16


def loss_and_dlogits(logits, labels):
    """Mean cross-entropy, and its gradient."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    dlogits = np.exp(log_p)
    dlogits[rows, labels] -= 1
    return -log_p[rows, labels].mean(), dlogits / len(labels)


# %%
kinds = ["plain", "residual, He", "residual, zeros"]
signal, alike, gradient = {}, {}, {}
for kind in kinds:
    params, residual = start_deep(kind, 25), kind != "plain"
    logits, inputs = deep_forward(params, x_train[:200], residual)
    states = inputs[1::2]  # before the first block, after each one
    signal[kind] = np.array([np.sqrt((h**2).mean()) for h in states])
    units = [h / (np.linalg.norm(h, axis=1, keepdims=True) + 1e-12) for h in states]
    alike[kind] = np.array([np.mean(h @ h.T) for h in units])
    _, dlogits = loss_and_dlogits(logits, y_train[:200])
    gradient[kind] = deep_backward(params, inputs, dlogits, residual)[1]
check.claim("residual_growth", (signal["residual, He"][-1] / signal["residual, He"][0]) ** (1 / 25))
check.claim("plain_alike", alike["plain"][-1])

# %%
_, panels = plt.subplots(1, 3, figsize=(11, 3.4))
for ax, lines, title in zip(panels, (signal, alike, gradient), ("signal", "likeness", "gradient")):
    plots.curves(lines, "block", f"{title} at the start", ax=ax, log=title != "likeness", first=0)
panels[1].legend(loc="center right", bbox_to_anchor=(1, 0.3))
plt.show()

# %% [markdown]
# *What to look for: in the middle, with He's weights all digits become alike; on the left and right, the residual
# network with He's weights explodes, forward and backward by about the same factor; the one with zeros starts flat in
# all three.*
#
# The plain network's cosine creeps up to 0.98: after fifty layers all digits point nearly the same way, and what
# tells them apart is a small difference on a large common part. Each ReLU pushes the angles together; He's weights
# look after the length (on average), not the angle. In the residual network with He's weights each block adds a part with twice
# the mean square of what it is given, so the mean square triples, and the size grows by about $\sqrt 3$ per block.
# Starting the last layer of each block at zero (or scaling it down) mends both at once.
#
# **Predict, then run.** Twenty passes over the digits, with one learning rate of 0.005 for all, plain gradient
# descent: which of the three learns with 6, 12, 22, 52, 102 layers?


# %%
def train_deep(kind, blocks, epochs=20, learning_rate=0.005):
    """Held-back accuracy of the trained network."""
    params, residual = start_deep(kind, blocks), kind != "plain"
    rng = np.random.default_rng(55)
    for _ in range(epochs):
        for rows in rng.permutation(len(x_train))[: 44 * 32].reshape(44, 32):
            logits, inputs = deep_forward(params, x_train[rows], residual)
            loss, dlogits = loss_and_dlogits(logits, y_train[rows])
            if not np.isfinite(loss):
                return 0.1  # gone to infinity: no better than guessing
            grads, _ = deep_backward(params, inputs, dlogits, residual)
            steps = zip(params, grads)
            params = [(W - learning_rate * dW, b - learning_rate * db) for (W, b), (dW, db) in steps]
    return (deep_forward(params, x_test, residual)[0].argmax(axis=1) == y_test).mean()


# %%
n_blocks = np.array([2, 5, 10, 25, 50])
with np.errstate(over="ignore", invalid="ignore"):
    held_back = {kind: [train_deep(kind, b) for b in n_blocks] for kind in kinds}
curves = {kind: (2 * n_blocks + 2, values) for kind, values in held_back.items()}
plots.curves(curves, "layers", "held-back accuracy")
plt.show()
check.claim("deep_plain", held_back["plain"][-1])
check.claim("deep_zeros", held_back["residual, zeros"][-1])

# %% [markdown]
# *What to look for: two curves that fall to guessing, and one that does not.* With 102 layers the zero-initialized
# residual network reads about 93 % of the held-back digits, *better* than with six layers in the same number of
# steps; the plain one reads 10 %, which is guessing. (With He's weights in every block the small networks learn
# well, and the larger ones go to infinity at this rate.) The three can represent the same kind of functions. They
# differ in what they can *learn*.
#
# In Keras a residual block is four lines, and its layers must end with as many units as came in. (Where the width has
# to change, the shortcut gets a linear layer of its own. A later form by the same authors puts each ReLU *before* its
# layer, $h + \mathrm{relu}(\mathrm{relu}(h) W_1 + b_1)\, W_2 + b_2$, so that nothing but additions is on the
# shortcut.)


# %%
def residual_block(x, hidden_units):
    """x (batch, n) -> (batch, n): x plus two layers. It starts as the identity."""
    h = layers.Dense(hidden_units, activation="relu", kernel_initializer="he_normal")(x)
    h = layers.Dense(x.shape[-1], kernel_initializer="zeros")(h)
    return layers.Add()([x, h])


def keras_digits(blocks):
    inputs = keras.Input((64,))
    h = layers.Dense(32, activation="relu")(inputs)
    for _ in range(blocks):
        h = residual_block(h, 32)
    return keras.Model(inputs, layers.Dense(10)(h))


# %%
model, params = keras_digits(10), start_deep("residual, He", 10)
params = [(0.3 * W, b) for W, b in params]  # any weights will do; these are not zero
model.set_weights([part for pair in params for part in pair])
crossentropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.SGD(1.0), crossentropy)
model.train_on_batch(x_train[:256].astype("float32"), y_train[:256])
logits, inputs = deep_forward(params, x_train[:256], True)
grads, _ = deep_backward(params, inputs, loss_and_dlogits(logits, y_train[:256])[1], True)
ours = np.concatenate([(w - g).ravel() for p, q in zip(params, grads) for w, g in zip(p, q)])
theirs = np.concatenate([w.ravel() for w in model.get_weights()])
check.claim("keras_step_gap", np.abs(ours - theirs).max())

# %% [markdown]
# One step of Keras with learning rate 1 leads to the same weights as ours.
#
# ## The question, answered
#
# **Which networks can draw a zero?** Go through your five answers.
#
# *Longer training, better luck, twenty layers:* no, no and no, for two units per layer. A ReLU network whose layers
# are no wider than its input has no pits and no peaks, and must be off by 0.486 somewhere. That is a theorem, for
# every depth and all weights.
#
# *Three units per layer:* yes. We built one with 28 layers, off by 0.30. Training seldom finds one.
#
# *One single hidden layer:* yes, with a few hundred units: CAP depth 2 is enough for anything continuous on a square.
# Trained with as many weights, though, it drew worse than four layers.

# %%
final = {
    "2 units x 5": drawings[2][0],
    "3 units x 28": hand_drawing,
    "512 units x 1": one_hidden[512],
    "8 units x 5": drawings[8][0],
    "the zero": fine_ink,
}
show(list(final.values()), list(final), columns=5)
print("largest errors:", {name: float(round(worst_error(d), 2)) for name, d in final.items()})

# %% [markdown]
# *What to look for: an open stroke, and three zeros, of different price.*
#
# ## Check yourself
#
# **1.** A ReLU network has one input, one output, and hidden layers of 3, 3 and 3 units. At most how many straight
# pieces can it have? How many units would one hidden layer need for as many?
#
# <details><summary>Answer</summary>
#
# At most $4 \cdot 4 \cdot 4 = 64$. A single layer of $n$ units has at most $n + 1$ pieces, so it needs 63.
#
# </details>
#
# **2.** Cybenko's theorem is about continuous functions on the cube $[0, 1]^d$. Does it say that a network with a
# hundred sigmoid units can learn to tell cats from dogs?
#
# <details><summary>Answer</summary>
#
# No. It says neither how many units, nor that training will find their weights, nor anything about new pictures. It
# says that no continuous function is out of reach for *all* widths.
#
# </details>
#
# **3.** A network of three inputs has twenty layers of three ReLU units. Can it tell the inside of a ball from the
# outside, with outputs near 1 inside and near 0 outside?
#
# <details><summary>Answer</summary>
#
# No: the width equals the number of inputs, so there is no peak. Somewhere it is off by at least one half. Four units
# per layer suffice.
#
# </details>
#
# **4.** In a residual block whose second layer starts with zeros, what is the gradient of the *first* layer's weights
# at the very first step? Does the block ever start to learn?
#
# <details><summary>Answer</summary>
#
# It is zero, since the gradient passes through $W_2 = 0$. But the gradient of $W_2$ itself is not zero, since its
# input is not; after one step $W_2$ is not zero any more, and then the first layer learns too.
#
# </details>
#
# ## In one paragraph
#
# One hidden layer can approximate any continuous function on a compact set, uniformly, if and only if its (piecewise
# continuous) activation is not a polynomial: with bumps at the rate $1/n$, with ReLU polygons at the rate $1/n^2$ for
# smooth curves. Depth is not needed for that. What it buys is cost: pieces multiply with layers and only add up with
# units, so that a sawtooth of $2^k$ pieces takes $2k$ units in depth and $2^k - 1$ in width. Depth can replace width
# down to one unit more than there are inputs, and no further: at the width of the input a ReLU network has no pits
# and no peaks, whatever its depth. What a network can represent is not what training will find; shortcuts around each
# block, and blocks that start as nothing, keep a hundred layers trainable.
#
# ## Go further
#
# - G. Cybenko (1989), *Approximation by superpositions of a sigmoidal function*, Mathematics of Control, Signals
#   and Systems 2. The classic proof.
# - K. Hornik (1991), *Approximation capabilities of multilayer feedforward networks*, Neural Networks 4. The
#   architecture, not the activation, is what matters.
# - M. Leshno, V. Lin, A. Pinkus and S. Schocken (1993), *Multilayer feedforward networks with a nonpolynomial
#   activation function can approximate any function*, Neural Networks 6. The exact condition.
# - S. Sonoda and N. Murata (2017), *Neural network with unbounded activation functions is universal approximator*,
#   Applied and Computational Harmonic Analysis 43. Which unit gets which weight.
# - M. Telgarsky (2015), *Representation benefits of deep feedforward networks*, arXiv:1509.08101; and (2016),
#   *Benefits of depth in neural networks*, COLT. The sawtooth, in a few pages, then in full.
# - D. Yarotsky (2017), *Error bounds for approximations with deep ReLU networks*, Neural Networks 94. Squares by
#   sawtooths, and from them all smooth functions.
# - G. Montúfar, R. Pascanu, K. Cho and Y. Bengio (2014), *On the number of linear regions of deep neural networks*,
#   NeurIPS. Folding. B. Hanin and D. Rolnick (2019), *Complexity of linear regions in deep networks*, ICML. Why one
#   seldom sees so many.
# - Z. Lu, H. Pu, F. Wang, Z. Hu and L. Wang (2017), *The expressive power of neural networks: a view from the
#   width*, NeurIPS; B. Hanin and M. Sellke (2017), *Approximating continuous functions by ReLU nets of minimal
#   width*, arXiv:1710.11278. Bounded width.
# - J. Johnson (2019), *Deep, skinny neural networks are not universal approximators*, ICLR; S. Park, C. Yun, J. Lee
#   and J. Shin (2021), *Minimum width for universal approximation*, ICLR; N. Kim, C. Min and S. Park (2024),
#   *Minimum width for universal approximation using ReLU networks on compact domain*, ICLR. The exact limits.
# - K. He, X. Zhang, S. Ren and J. Sun (2016), *Deep residual learning for image recognition*, CVPR; and by the same
#   authors (2016), *Identity mappings in deep residual networks*, ECCV; H. Zhang, Y. Dauphin and T. Ma (2019),
#   *Fixup initialization: residual learning without normalization*, ICLR. Shortcuts, and why to start blocks at
#   zero.
