# %% [raw] front=true
# title = "Layers"
# shows = "How a picture becomes ten percentages, layer by layer, and when those percentages deserve belief."
# needs = "Chapter 1 (one neuron: weights, bias, sigmoid), matrices, derivatives."
# minutes = {read = 60, run = 1.5}
# data = ["digits", "fashion_mnist"]
#
# [claims.garment_accuracy]
# text = "share of the test garments that the first network names correctly"
# value = 0.87
# tolerance = 0.012
#
# [claims.garment_parameters]
# text = "parameters of the garment network"
# value = 109386.0
# tolerance = 0.0
#
# [claims.first_layer_share]
# text = "share of them in the first layer"
# value = 0.9186
# tolerance = 0.0001
#
# [claims.xor_accuracy]
# text = "share of the four XOR points right, weights chosen by hand"
# value = 1.0
# tolerance = 0.0
#
# [claims.collapse_gap]
# text = "largest difference between two linear layers and one neuron"
# value = 0.0
# tolerance = 1e-12
#
# [claims.largest_slope_error]
# text = "largest difference between our derivatives and finite differences"
# value = 0.0
# tolerance = 1e-08
#
# [claims.sigmoid_steepest]
# text = "largest slope of the sigmoid"
# value = 0.25
# tolerance = 0.0001
#
# [claims.ten_sigmoids]
# text = "largest product of the slopes of ten sigmoids"
# value = 9.54e-07
# tolerance = 1e-09
#
# [claims.gelu_steepest]
# text = "largest slope of GELU"
# value = 1.129
# tolerance = 0.001
#
# [claims.gelu_lowest]
# text = "lowest value of GELU"
# value = -0.17
# tolerance = 0.001
#
# [claims.relu_corner]
# text = "slope of ReLU at 0 by finite differences"
# value = 0.5
# tolerance = 1e-09
#
# [claims.gelu_formula_gap]
# text = "largest error of the tanh formula for GELU"
# value = 0.00047
# tolerance = 3e-05
#
# [claims.digits_keras_gap]
# text = "largest difference between our logits and those of Keras"
# value = 0.0
# tolerance = 0.0001
#
# [claims.digits_accuracy]
# text = "share of the test digits right"
# value = 0.973
# tolerance = 0.015
#
# [claims.exp_limit_float64]
# text = "exp overflows above this in 64-bit arithmetic"
# value = 709.78
# tolerance = 0.01
#
# [claims.exp_limit_float32]
# text = "exp overflows above this in 32-bit arithmetic"
# value = 88.72
# tolerance = 0.01
#
# [claims.softmax_keras_gap]
# text = "largest difference between our softmax and that of Keras"
# value = 0.0
# tolerance = 1e-05
#
# [claims.lse_keras_gap]
# text = "largest difference between our log-sum-exp and that of Keras"
# value = 0.0
# tolerance = 0.0001
#
# [claims.loss_keras_gap]
# text = "difference between our cross-entropy and that of Keras"
# value = 0.0
# tolerance = 1e-05
#
# [claims.loss_of_ignorance]
# text = "cross-entropy of ten equal probabilities"
# value = 2.3026
# tolerance = 0.0001
#
# [claims.best_q_cross_entropy]
# text = "stated probability with the lowest cross-entropy when the truth is 0.75"
# value = 0.75
# tolerance = 0.001
#
# [claims.best_q_squared]
# text = "stated probability with the lowest squared error"
# value = 0.75
# tolerance = 0.001
#
# [claims.best_q_distance]
# text = "stated probability with the lowest distance (end of the grid)"
# value = 0.999
# tolerance = 1e-06
#
# [claims.pull_cross_entropy]
# text = "slope of the cross-entropy at a logit of -8, sign aside"
# value = 0.999665
# tolerance = 1e-05
#
# [claims.pull_squared]
# text = "slope of the squared error there, sign aside"
# value = 0.00067
# tolerance = 1e-05
#
# [claims.noisy_step_gap]
# text = "largest gap between a noisy step's firing share and the sigmoid"
# value = 0.005
# tolerance = 0.005
#
# [claims.logistic_spread]
# text = "standard deviation of logistic noise (pi over root 3 is 1.8138)"
# value = 1.814
# tolerance = 0.025
#
# [claims.probit_gap]
# text = "largest gap between the sigmoid of 1.702 z and the normal distribution function"
# value = 0.0095
# tolerance = 0.0001
#
# [claims.gumbel_gap]
# text = "largest gap between won elections and softmax"
# value = 0.0015
# tolerance = 0.0035
#
# [claims.equal_start_spread]
# text = "how much 64 units differ that started equal"
# value = 0.0
# tolerance = 1e-05
#
# [claims.equal_start_accuracy]
# text = "share of the test digits right, equal start"
# value = 0.27
# tolerance = 0.06
#
# [claims.large_start_power_of_ten]
# text = "power of ten of the signal after 30 ReLU layers, std 0.2"
# value = 10.9
# tolerance = 0.2
#
# [claims.small_start_power_of_ten]
# text = "power of ten of the signal after 30 ReLU layers, std 0.01"
# value = -28.2
# tolerance = 0.2
#
# [claims.glorot_relu_shrinks]
# text = "signal left after 30 ReLU layers, Glorot"
# value = 4.3e-05
# tolerance = 5e-06
#
# [claims.glorot_relu_per_layer]
# text = "factor for each ReLU layer, Glorot"
# value = 0.7071
# tolerance = 0.01
#
# [claims.he_relu_per_layer]
# text = "factor for each ReLU layer, He"
# value = 1.0
# tolerance = 0.01
#
# [claims.small_start_loss]
# text = "training loss of twenty layers that started at std 0.01"
# value = 2.3025
# tolerance = 0.001
#
# [claims.large_start_nan]
# text = "share of the epochs whose loss is not a number, std 0.25"
# value = 1.0
# tolerance = 0.0
#
# [claims.he_start_accuracy]
# text = "share of the test garments right, twenty layers, He"
# value = 0.78
# tolerance = 0.04
#
# [claims.pictures_at_75]
# text = "test pictures for which the first network says 70 to 80 %"
# value = 680.0
# tolerance = 120.0
#
# [claims.honest_says]
# text = "what it says about them on average"
# value = 0.751
# tolerance = 0.006
#
# [claims.honest_right]
# text = "share of them that are right"
# value = 0.74
# tolerance = 0.06
#
# [claims.honest_excess]
# text = "mean stated probability minus accuracy, first network"
# value = 0.011
# tolerance = 0.015
#
# [claims.memorizer_right]
# text = "share right where the second network says 70 to 80 %"
# value = 0.52
# tolerance = 0.06
#
# [claims.memorizer_excess]
# text = "mean stated probability minus accuracy, second network"
# value = 0.104
# tolerance = 0.02
#
# [claims.memorizer_train_accuracy]
# text = "share of its own training pictures that it names correctly"
# value = 0.97
# tolerance = 0.03
#
# [claims.quiz_parameters]
# text = "parameters in question 1"
# value = 5560.0
# tolerance = 0.0
#
# [claims.quiz_underflow_float64]
# text = "minus the argument below which exp gives 0, 64-bit"
# value = 745.13
# tolerance = 0.01
#
# [claims.quiz_underflow_float32]
# text = "minus the argument below which exp gives 0, 32-bit"
# value = 103.97
# tolerance = 0.01
#
# [claims.quiz_ignorance]
# text = "cross-entropy of three equal probabilities"
# value = 1.0986
# tolerance = 0.0001

# %% setup=true

# %% [markdown]
# ## A question first
#
# A network looks at the picture of a garment and answers: *shirt, 75 %*. A weather service earns the right to say "75
# % rain" in one way only: of all the days on which it said so, about three in four must have been wet. **Does a neural
# network earn its percentages?**
#
# Fashion-MNIST is a good place to ask. It holds 70,000 gray pictures of 28 x 28 pixels in ten kinds of clothing, some
# of which people confuse too. Below, Keras trains a network on 60,000 of them. What happens inside `fit` is the
# subject of chapter 3; here it is a closed box that turns the weights until one number, the *loss*, is small (`"adam"`
# is the rule by which it turns them, chapter 4). All the rest of that cell is the subject of this chapter: what a
# layer is, what `relu` does, what `logits` are, how they become percentages, why the loss is *that* loss, and from
# which weights to start.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

(train_pictures, y_train), (test_pictures, y_test) = data.load("fashion_mnist")
names = data.card("fashion_mnist").classes


def flat(pictures):
    """Pictures (n, 28, 28) of bytes -> rows (n, 784) of numbers from 0 to 1."""
    return pictures.reshape(len(pictures), -1).astype("float32") / 255


x_train, x_test = flat(train_pictures), flat(test_pictures)


# %%
def garment_network():
    inputs = keras.Input((784,))
    hidden = layers.Dense(128, activation="relu")(inputs)
    hidden = layers.Dense(64, activation="relu")(hidden)
    logits = layers.Dense(10)(hidden)
    model = keras.Model(inputs, logits)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, steps_per_execution=16)  # 16 steps per call: only for speed
    return model


network = garment_network()
training = network.fit(x_train, y_train, batch_size=125, epochs=5, verbose=0)


# %%
def share_right(model, x, labels):
    """How often the largest of the ten outputs stands at the true label."""
    return np.mean(np.array(model(x)).argmax(axis=1) == labels)


check.claim("garment_accuracy", share_right(network, x_test, y_test))

# %% [markdown]
# On the 10,000 test pictures, which it never saw, the network names about 87 % correctly. Here are five of those for
# which its best percentage lies between 70 and 80.

# %%
percent = 100 * np.array(ops.softmax(network(x_test)))
doubtful = np.flatnonzero((percent.max(axis=1) > 70) & (percent.max(axis=1) < 80))[:5]
figure, axes = plt.subplots(2, 5, figsize=(11, 4.2), height_ratios=[1, 1.3])
for column, i in enumerate(doubtful):
    axes[0, column].imshow(test_pictures[i], cmap="gray_r")
    axes[0, column].set_title(f"truth: {names[y_test[i]]}", fontsize=9)
    axes[0, column].axis("off")
    bars = axes[1, column].barh(names, percent[i], color="lightgray")
    bars[y_test[i]].set_color(plots.BLUE)
    axes[1, column].set(xlim=(0, 100), xlabel="percent")
    axes[1, column].invert_yaxis()
    axes[1, column].tick_params(labelsize=8, labelleft=column == 0)
plt.show()

# %% [markdown]
# Look at how the blue bar, the truth, is sometimes the long one and sometimes not.
#
# **Predict, before you read on.** Several hundred of the test pictures get a best percentage between 70 and 80. What
# share of them is named correctly: nearly all, about three in four, or about half? Write your guess down. We measure
# it in section 9, when every step from picture to percentage has been taken apart.
#
# ## 1. From a neuron to a layer to a network
#
# The neuron of chapter 1 weighs its inputs and adds a bias: $z = \sum_i x_i w_i + b$. A **layer** is $m$ such neurons
# (here called *units*) that look at the same $d$ inputs, each with weights of its own. Nothing new happens; what is
# new is the bookkeeping, and matrices do it. Write $n$ examples as the rows of $X$, and the weights of unit $j$ as
# column $j$ of $W$:
#
# $$\underbrace{Z}_{(n,\,m)} \;=\; \underbrace{X}_{(n,\,d)}\;\underbrace{W}_{(d,\,m)} \;+\; \underbrace{b}_{(m,)},
# \qquad Z_{rj} = \sum_{i=1}^{d} X_{ri}\,W_{ij} + b_j .$$
#
# So $Z_{rj}$ is what unit $j$ says about example $r$. The bias is one row, and it is added to every row of $XW$ (NumPy
# calls that *broadcasting*). One habit prevents most bugs in this trade: **before you write a product, write the
# shapes under it.** The inner sizes must be equal, and the outer ones remain. (Many books write $Wx + b$ with column
# vectors; their $W$ is ours transposed.)


# %%
def dense_forward(x, weights, bias):
    """A dense layer: x (n, d), weights (d, m), bias (m,) -> z (n, m)."""
    return x @ weights + bias


def dense_by_hand(x, weights, bias):
    """The same, one neuron and one example at a time."""
    z = np.zeros((x.shape[0], weights.shape[1]))
    for r in range(x.shape[0]):
        for j in range(weights.shape[1]):
            z[r, j] = sum(x[r, i] * weights[i, j] for i in range(x.shape[1])) + bias[j]
    return z


# %%
rng = np.random.default_rng(2)
x, weights, bias = rng.normal(size=(5, 3)), rng.normal(size=(3, 4)), rng.normal(size=4)
z = dense_forward(x, weights, bias)
print("shapes:", x.shape, "@", weights.shape, "+", bias.shape, "->", z.shape)
print("equal: ", np.allclose(z, dense_by_hand(x, weights, bias)))

# %% [markdown]
# A layer's numbers $Z$, the *pre-activations*, then go through a function $\varphi$, elementwise, the **activation**.
# A **network** is a chain of layers. With $A^{(0)} = X$ and layer sizes $d_0, d_1, \dots, d_L$, layer $l$ computes
#
# $$Z^{(l)} = A^{(l-1)} W^{(l)} + b^{(l)}, \qquad A^{(l)} = \varphi\big(Z^{(l)}\big),
# \qquad W^{(l)}: (d_{l-1}, d_l), \quad b^{(l)}: (d_l,), \quad A^{(l)}: (n, d_l).$$
#
# The layers between the input and the last one are called *hidden*. Each layer costs $d_{l-1} d_l$ weights and $d_l$
# biases, so one can count a network's parameters from its sizes alone. For the garment network, 784 to 128 to 64 to
# 10:

# %%
sizes = [784, 128, 64, 10]
parameters = sum((d + 1) * m for d, m in zip(sizes[:-1], sizes[1:]))
check.claim("garment_parameters", parameters)
check.claim("first_layer_share", 785 * 128 / parameters)
print("Keras counts", network.count_params())

# %% [markdown]
# 109,386 numbers, nine in ten of which sit in the first layer, because pictures are wide.
#
# ## 2. Two layers do what one cannot: XOR by hand
#
# Chapter 1 proved that no single neuron computes XOR, "one or the other, but not both", and found that three neurons
# do: one for OR, one for "not AND", and one that fires when both of these fire. Now we can write them as what they
# are, a hidden layer of two units and an output layer of one. The activation is chapter 1's threshold, the *step*: 1
# where $z \ge 0$, else 0.


# %%
def step(z):
    return (z >= 0) * 1.0


points = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
target = np.array([0, 1, 1, 0])
hidden_weights = np.array([[1, -1], [1, -1]])  # the columns: OR, not AND
hidden_bias = np.array([-0.5, 1.5])
output_weights, output_bias = np.array([[1], [1]]), np.array([-1.5])  # both of them


def xor_network(x):
    hidden = step(dense_forward(x, hidden_weights, hidden_bias))  # (n, 2)
    return hidden, step(dense_forward(hidden, output_weights, output_bias))  # (n, 2), (n, 1)


# %%
hidden, output = xor_network(points)
print("columns: x1, x2, OR, not AND, output, target")
print(np.column_stack([points, hidden, output, target]).astype(int))
check.claim("xor_accuracy", np.mean(output[:, 0] == target))

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.2))
plots.boundary(lambda x: xor_network(x)[1], points, target, ax=left, title="Input space")
label = {"rotation": -40, "ha": "center", "va": "center", "fontsize": 8}
left.axline((0, 0.5), slope=-1, color=plots.GREEN, linestyle="--")
left.text(0.30, 0.29, "OR unit: x1 + x2 = 0.5", **label)
left.axline((0, 1.5), slope=-1, color=plots.PURPLE, linestyle="--")
left.text(0.70, 0.71, "not AND unit: x1 + x2 = 1.5", **label)
plots.boundary(lambda h: step(dense_forward(h, output_weights, output_bias)), hidden, target, ax=right)
right.set(title="Hidden space", xlabel="OR unit", ylabel="not AND unit")
plt.show()

# %% [markdown]
# Look at the two points of class 1. On the left, two lines cut out a strip around them, something that one line cannot
# do. On the right, in the coordinates that the hidden layer made, they have fallen onto the *same* point, (1, 1), and
# one line suffices. That is what hidden layers do everywhere: **they move the data until the last layer's simple cut
# works.**
#
# **Predict.** Take the step out of the hidden layer, so that its units pass $z$ on unchanged, and choose any weights
# you like. How many of the four points can the network get right?

# %%
w1, b1 = rng.normal(size=(2, 50)), rng.normal(size=50)
w2, b2 = rng.normal(size=(50, 1)), rng.normal(size=1)
two_layers = dense_forward(dense_forward(points, w1, b1), w2, b2)  # 50 hidden units, no activation
one_neuron = dense_forward(points, w1 @ w2, b1 @ w2 + b2)  # the weights multiplied out
check.claim("collapse_gap", np.abs(two_layers - one_neuron).max())

# %% [markdown]
# At most three, as in chapter 1: without an activation the two layers *are* one neuron, whatever the weights, because
# $(XW^{(1)} + b^{(1)})W^{(2)} + b^{(2)} = X\,(W^{(1)}W^{(2)}) + (b^{(1)}W^{(2)} + b^{(2)})$. The measured difference
# is zero up to rounding. A hundred linear layers collapse in the same way. The bend between the layers is not
# decoration; it is where the power comes from.
#
# ## 3. Activations and their derivatives
#
# Which bend? Six have made history. We write each one beside its derivative $\varphi'(z)$, since training, from the
# next chapter on, multiplies by that derivative at every unit it passes.
#
# | activation | $\varphi(z)$ | $\varphi'(z)$ |
# |:--|:--|:--|
# | step | 1 if $z \ge 0$, else 0 | 0 (none exists at 0) |
# | sigmoid | $\sigma(z) = 1/(1+e^{-z})$ | $\sigma(z)\,(1-\sigma(z))$ |
# | tanh | $\tanh z = 2\sigma(2z)-1$ | $1-\tanh^2 z$ |
# | ReLU | $\max(z, 0)$ | 1 if $z>0$, else 0 |
# | leaky ReLU | $z$ if $z>0$, else $0.01z$ | 1 if $z>0$, else 0.01 |
# | GELU | $z\,\Phi(z)$ | $\Phi(z) + z\,\phi(z)$ |
#
# In the last row, $\Phi$ is the cumulative distribution function of the standard normal distribution and $\phi$ its
# density. NumPy has no $\Phi$; the GELU paper offers
# $\Phi(z) \approx \tfrac12\big(1 + \tanh[\sqrt{2/\pi}\,(z + 0.044715\,z^3)]\big)$, and we use that.


# %%
def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2  # equal to 1 / (1 + exp(-z)), and never overflows


def gelu(z):
    return z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))) / 2


def gelu_slope(z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    return (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z**2)


# %%
def relu(z):
    return np.maximum(z, 0)


activations = {  # name: (value, derivative)
    "step": (step, lambda z: 0 * z),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ReLU": (relu, lambda z: (z > 0) * 1.0),
    "leaky ReLU": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1, 0.01)),
    "GELU": (gelu, gelu_slope),
}

# %% [markdown]
# A derivative that one has not checked is a rumor. The check costs one line: the slope of a short chord,
# $\varphi'(z) \approx \big(\varphi(z+h) - \varphi(z-h)\big)/2h$, is right up to an error of order $h^2$.
#
# **Predict, twice.** Which of the six has a slope greater than 1 somewhere? And what will the chord say about ReLU at
# $z = 0$, exactly in the corner?


# %%
def chord_slope(f, z, h=1e-5):
    return (f(z + h) - f(z - h)) / (2 * h)


z = np.linspace(-4, 4, 400)  # an even number of points, so that none is the corner z = 0
errors = {name: np.abs(chord_slope(f, z) - slope(z)).max() for name, (f, slope) in activations.items()}
check.claim("largest_slope_error", max(errors.values()))
check.claim("sigmoid_steepest", activations["sigmoid"][1](z).max())
check.claim("gelu_steepest", gelu_slope(z).max())
check.claim("gelu_lowest", gelu(z).min())
check.claim("relu_corner", chord_slope(relu, 0.0))

# %%
figure, axes = plt.subplots(2, 3, figsize=(10, 5), sharex=True, sharey=True)
for axis, (name, (f, slope)) in zip(axes.flat, activations.items()):
    axis.axhline(0, color="lightgray", linewidth=1)
    axis.plot(z, f(z), label="$\\varphi(z)$")
    axis.plot(z, slope(z), "--", label="$\\varphi'(z)$")
    axis.plot(z[::20], chord_slope(f, z[::20]), ".", color="black", markersize=4, label="chord")
    axis.set(title=name, ylim=(-1.2, 2.2))
for axis in axes[1]:
    axis.set_xlabel("pre-activation z")
axes[0, 0].legend(loc="upper left")
plt.show()

# %% [markdown]
# The dots, measured with chords, lie on the dashed curves, which we calculated. Read each panel for what it does to
# learning, which needs slopes.
#
# - **Step**: slope 0 wherever it has one. It can be chosen by hand, as for XOR, but not learned by following slopes.
# - **Sigmoid**: at most 1/4 steep, and flat on both sides. Pass through ten sigmoids and the product of the slopes is
#   at most $(1/4)^{10}$, about one millionth. Chapter 3 measures this.
# - **Tanh**: a sigmoid stretched to run from -1 to 1, with slope 1 at its center; flat on both sides too.
# - **ReLU**: slope 1 on one side, 0 on the other: nothing fades on the way, but a unit whose $z$ is negative for every
#   example gets no slope at all and stays *dead*. At the corner no derivative exists; the chord says 1/2, our formula
#   and Keras say 0, and in practice it does not matter, since $z$ is almost never exactly 0.
# - **Leaky ReLU** keeps a slope of 0.01 on the left, so that no unit is ever quite dead.
# - **GELU** is a smooth ReLU that dips to -0.17 on the left and, the answer to the first question, is the only one
#   whose slope exceeds 1: it reaches 1.13.

# %%
check.claim("ten_sigmoids", 0.25**10)
exact_gelu = np.array(ops.gelu(z.astype("float32"), approximate=False))
# The tanh formula against the exact Phi:
check.claim("gelu_formula_gap", np.abs(gelu(z) - exact_gelu).max())

# %% [markdown]
# The tanh formula for GELU is never off by more than 0.0005. That is nothing for a network, and yet something to know
# when two programs disagree in the fourth digit.
#
# ## 4. Forward propagation: follow the shapes
#
# To run a network forward is to apply section 1's two formulas layer after layer. We do it for a network that has
# learned something: scanned handwritten digits, 8 x 8 pixels, each pixel a gray level from 0 to 16. Keras' *functional
# API* describes a network as we think of it, by calling layers on what comes before: `Dense(64)(inputs)` says "a layer
# of 64 units that looks at `inputs`", and `keras.Model(inputs, logits)` is everything between the two.

# %%
(x_digits, y_digits), (x_digits_test, y_digits_test) = data.load("digits")
x_digits = x_digits.reshape(len(x_digits), 64).astype("float32") / 16
x_digits_test = x_digits_test.reshape(len(x_digits_test), 64).astype("float32") / 16


def digit_network(start):
    inputs = keras.Input((64,))
    hidden = layers.Dense(64, activation="relu", kernel_initializer=start)(inputs)
    hidden = layers.Dense(32, activation="relu", kernel_initializer=start)(hidden)
    logits = layers.Dense(10, kernel_initializer=start)(hidden)
    model = keras.Model(inputs, logits)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.003), loss, steps_per_execution=8)
    return model


# %%
digits = digit_network("he_normal")
digits.fit(x_digits, y_digits, batch_size=32, epochs=30, verbose=0)
parameters = [layer.get_weights() for layer in digits.layers[1:]]  # [W, b] of each layer


def forward(x, parameters):
    """x (n, d) -> logits (n, classes): ReLU after every layer but the last."""
    a = x
    for weights, bias in parameters[:-1]:
        print(f"{a.shape} @ {weights.shape} + {bias.shape}, ReLU")
        a = relu(dense_forward(a, weights, bias))
    print(f"{a.shape} @ {parameters[-1][0].shape} + {parameters[-1][1].shape}")
    return dense_forward(a, *parameters[-1])


# %%
logits = forward(x_digits_test, parameters)
check.claim("digits_keras_gap", np.abs(logits - np.array(digits(x_digits_test))).max())
check.claim("digits_accuracy", np.mean(logits.argmax(axis=1) == y_digits_test))
print("the ten logits of the first test digit, a", y_digits_test[0], ":", np.round(logits[0], 1))

# %% [markdown]
# With the weights copied, our loop and Keras give the same numbers up to the rounding of 32-bit arithmetic, and about
# 97 % of the test digits get their largest number in the right place. There is nothing else inside.
#
# The last layer has no activation. Its ten outputs, the **logits**, are any real numbers, positive or negative. How do
# they become percentages?
#
# ## 5. Softmax and log-sum-exp
#
# We want ten numbers that are positive, sum to one, and grow with their logits. The exponential makes anything
# positive, and dividing by the sum does the rest. For one example with logits $z = (z_1, \dots, z_k)$:
#
# $$p_j = \operatorname{softmax}(z)_j = \frac{e^{z_j}}{\sum_{i=1}^{k} e^{z_i}} .$$
#
# Two consequences are worth knowing by heart. First, only *differences* of logits matter: $p_i / p_j = e^{z_i - z_j}$,
# so a difference of logits is a logarithm of odds, and adding a constant $c$ to all logits changes nothing, because $e^c$ cancels.
# Second, for two classes, $p_1 = e^{z_1}/(e^{z_1}+e^{z_2}) = \sigma(z_1 - z_2)$: **softmax is the sigmoid for more
# than two.**
#
# **Predict.** What does this formula, typed as it stands, say about the logits (1000, 1001)? By hand you know the
# answer already: the same as for (0, 1).


# %%
def naive_softmax(logits):
    exponentials = np.exp(logits)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


with np.errstate(over="ignore", invalid="ignore"):  # the warnings that NumPy would print
    print("logits (0, 1):      ", naive_softmax(np.array([0.0, 1.0])))
    print("logits (1000, 1001):", naive_softmax(np.array([1000.0, 1001.0])))
check.claim("exp_limit_float64", np.log(np.finfo("float64").max))
check.claim("exp_limit_float32", np.log(np.finfo("float32").max))

# %% [markdown]
# Not a number. `exp` overflows to infinity just above 709 in 64-bit arithmetic, in the 32-bit arithmetic of most
# networks just above 88, and infinity divided by infinity is `nan`. In training this looks as follows: all is well for
# an hour, one logit wanders past 88, the loss prints `nan`, and every weight is `nan` from then on.
#
# The cure is the first consequence, put to use. Since adding a constant changes nothing, subtract the largest logit of
# each row: the largest exponent becomes 0, nothing can overflow, and the sum is at least 1. What we divide by deserves
# a name of its own. The **log-sum-exp** is
#
# $$\operatorname{lse}(z) = \log \sum_{i=1}^{k} e^{z_i} = c + \log \sum_{i=1}^{k} e^{z_i - c}
# \quad\text{for every } c; \text{ we take } c = \max_i z_i ,$$
#
# and with it $\log p_j = z_j - \operatorname{lse}(z)$. Between the largest term of the sum and $k$ times that term
# lies the sum itself, so $\max_i z_i \le \operatorname{lse}(z) \le \max_i z_i + \log k$: a *soft maximum*.


# %%
def log_sum_exp(logits):
    """logits (..., k) -> (..., 1): the last axis stays, so that logits - result has the right shape."""
    largest = logits.max(axis=-1, keepdims=True)
    return largest + np.log(np.exp(logits - largest).sum(axis=-1, keepdims=True))


def log_softmax(logits):
    return logits - log_sum_exp(logits)


def softmax(logits):
    return np.exp(log_softmax(logits))


# %%
print("logits (1000, 1001):", softmax(np.array([1000.0, 1001.0])))
far = np.array([0.0, 800.0])
with np.errstate(divide="ignore"):
    print("log of the softmax: ", np.log(softmax(far)), " log_softmax:", log_softmax(far))
check.claim("softmax_keras_gap", np.abs(softmax(logits) - np.array(ops.softmax(logits))).max())
by_keras = np.array(ops.logsumexp(logits, axis=-1))
check.claim("lse_keras_gap", np.abs(log_sum_exp(logits)[:, 0] - by_keras).max())

# %% [markdown]
# The second line shows why the logarithm must be taken *inside*. The probability of the first class, $e^{-800}$, is
# smaller than any number the computer has, so it became 0 and its logarithm minus infinity. `log_softmax` gives -800.
# A loss needs that logarithm; so we keep logits as long as we can, which is what `from_logits=True` asks of Keras.

# %%
pairs = np.column_stack([z, 0 * z])  # the two logits z and 0
slope = chord_slope(lambda t: log_sum_exp(np.column_stack([t, 0 * t]))[:, 0], z)
axis = plots.curves(
    {
        "lse(z, 0) = softplus": (z, log_sum_exp(pairs)[:, 0]),
        "softmax(z, 0) = sigmoid": (z, softmax(pairs)[:, 0]),
        "max(z, 0) = ReLU": (z, relu(z)),
    },
    "z",
    "value",
    "A soft maximum, and its slope",
)
axis.plot(z[::20], slope[::20], "k.", label="slope of lse, by chords")
axis.legend()
plt.show()

# %% [markdown]
# Look at how the black dots, the measured slope of log-sum-exp, lie on the softmax: **the derivative of log-sum-exp is
# softmax.** For two logits, one of them 0, that reads: softplus is a smooth ReLU, and its slope, the sigmoid, is a
# smooth step.
#
# One more knob, for later. Divide the logits by a number $T > 0$, the *temperature*, before the softmax. Their order
# stays, so the best class stays the best. What changes is how sure it sounds. (In a live notebook, the figure has a
# slider.)


# %%
def draw_softmax(axis, temperature):
    axis.bar(["4", "2", "1", "0", "-1"], softmax(np.array([4.0, 2.0, 1.0, 0.0, -1.0]) / temperature))
    axis.set(xlabel="logit", ylabel="probability", ylim=(0, 1))


plots.explore(draw_softmax, temperature=[0.25, 0.5, 1.0, 2.0, 4.0, 8.0])
plt.show()

# %% [markdown]
# Look from left to right: a low temperature makes the winner certain, a high one makes all equal.
#
# ## 6. Losses come from likelihood
#
# `fit` makes a number small. Which number should it be? There is one answer that covers most losses in this course:
# **let the network's outputs describe a probability distribution of the answer, and choose the weights under which the
# answers that were seen are most probable.** For independent examples $(x_r, y_r)$, $r = 1, \dots, n$, that
# probability, the *likelihood*, is the product $\prod_r p(y_r \mid x_r)$. A product of thousands of factors below one
# is a number no computer holds; its logarithm is a sum, and harmless. Minus its mean is the loss:
#
# $$\text{loss} = -\frac1n \sum_{r=1}^{n} \log p(y_r \mid x_r) .$$
#
# Now put in distributions. In each case the network's output for example $r$ is $f_r$ (a number) or $z_r$ (logits).
#
# - **A measurement**, $y_r$ a real number that is $f_r$ plus normal noise of fixed variance $s^2$:
#   $-\log p = (y_r - f_r)^2 / 2s^2 + \log(s\sqrt{2\pi})$. What depends on the weights is the **squared error**.
# - **Yes or no**, $y_r \in \{0, 1\}$ with $p(1 \mid x_r) = q_r = \sigma(z_r)$:
#   $-\log p = -y_r \log q_r - (1 - y_r)\log(1 - q_r)$, the **binary cross-entropy**, chapter 1's loss.
# - **One of $k$ classes**, $y_r \in \{0, \dots, k-1\}$ with probabilities $\operatorname{softmax}(z_r)$:
#   $-\log p = \operatorname{lse}(z_r) - z_{r,\,y_r}$, the **cross-entropy**.
#
# The last one says in words: minus the logit of the truth, plus the soft maximum of all logits. It is near zero only
# when the true logit stands well above all others. And since the derivative of log-sum-exp is softmax, the slope of
# this loss with respect to logit $j$ is simply $p_j - 1$ for the true class and $p_j$ for the others: stated minus
# true. Chapter 3 starts from there.


# %%
def cross_entropy(logits, labels):
    """logits (n, k), labels (n,) of integers 0..k-1 -> the mean loss in nats (natural logarithms)."""
    rows = np.arange(len(labels))
    return np.mean(log_sum_exp(logits)[:, 0] - logits[rows, labels])


by_keras = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y_digits_test, logits)
check.claim("loss_keras_gap", abs(cross_entropy(logits, y_digits_test) - float(by_keras)))
likelihood = np.prod(softmax(logits[:20])[np.arange(20), y_digits_test[:20]])
from_loss = np.exp(-20 * cross_entropy(logits[:20], y_digits_test[:20]))
print("likelihood of 20 digits:", likelihood, "=", from_loss)
print("product of 2,000 factors 0.5:", np.prod(np.full(2_000, 0.5)))
check.claim("loss_of_ignorance", cross_entropy(np.zeros((1, 10)), np.array([3])))

# %% [markdown]
# The last number is worth keeping: a network that knows nothing about ten classes, and says 10 % each, loses
# $\log 10 \approx 2.303$. A loss that starts far above it, or sits on it, is a symptom; you will meet it in section 8.
#
# **Why the percentage is meant to be true.** Suppose that of all pictures which look like this one, a share $p$ are
# shirts, and the network says $q$. Its loss per picture is $-p \log q - (1-p)\log(1-q)$ on average. The derivative
# $-p/q + (1-p)/(1-q)$ is zero at $q = p$ and nowhere else. So the cheapest thing to say is the truth: cross-entropy
# does not only reward being right, **it pays for saying the right percentage.** (For $k$ classes the average is
# $-\sum_j p_j \log q_j$, which information theory calls the cross-entropy of $q$ relative to $p$. It is smallest at
# $q = p$, where it equals the entropy of $p$: what no one can know.)
#
# **Predict.** A loss that is simply the distance $|y - q|$ also is smallest when all is right. With $p = 0.75$, where
# is *its* average smallest?

# %%
q = np.linspace(0.001, 0.999, 999)
expected = {  # the average over pictures of which 75 % have y = 1
    "cross-entropy": -0.75 * np.log(q) - 0.25 * np.log(1 - q),
    "squared": 0.75 * (1 - q) ** 2 + 0.25 * q**2,
    "distance": 0.75 * (1 - q) + 0.25 * q,
}
best = {name: q[loss.argmin()] for name, loss in expected.items()}
check.claim("best_q_cross_entropy", best["cross-entropy"])
check.claim("best_q_squared", best["squared"])
check.claim("best_q_distance", best["distance"])

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
for name, loss in expected.items():
    line = left.plot(q, loss, label=name)[0]
    left.plot(best[name], loss.min(), "o", color=line.get_color(), clip_on=False)
left.set(xlabel="stated probability q", ylabel="average loss", title="The truth is 0.75", ylim=(0, 2))
left.legend()
wide = np.linspace(-10, 10, 401)
right.plot(wide, np.logaddexp(0, -wide), label="cross-entropy: log(1 + exp(-z))")
right.plot(wide, (1 - sigmoid(wide)) ** 2, label="squared: (1 - sigmoid(z))^2")
right.set(xlabel="logit z of an example with y = 1", ylabel="loss", title="How a mistake is felt")
right.legend()
plt.show()
check.claim("pull_cross_entropy", 1 - sigmoid(-8.0))  # minus the slope of each curve at z = -8
check.claim("pull_squared", 2 * (1 - sigmoid(-8.0)) ** 2 * sigmoid(-8.0))

# %% [markdown]
# Left: cross-entropy and squared error both have their lowest point at 0.75; such losses are called *proper*. The
# distance does not: it pays for rounding up to certainty, and a network trained on it would say 100 %.
#
# Right is the reason why sigmoids and softmaxes are seldom trained on squared error, although it is proper. At
# $z = -8$ the network is sure, and wrong. Cross-entropy falls there with a slope of almost 1 per unit of $z$; squared
# error with 0.0007. The worst mistakes would be learned slowest. Each output function has the loss that its likelihood
# gives it, and the flat ends of the one are undone by the logarithm in the other.
#
# ## 7. The probabilistic reading: a sigmoid is a distribution function
#
# So far the sigmoid was a convenient curve from 0 to 1. It is more than that. Chapter 1's simulated cell, a threshold
# in noise, fired with a probability that looked like one. Here is why. Imagine a neuron that works like the step of
# section 2, all or nothing, but is noisy: to its $z$ comes a random disturbance $\varepsilon$, fresh each time, and it
# fires when $z + \varepsilon > 0$. How often does it fire? Write $F(t) = P(\varepsilon \le t)$ for the *cumulative
# distribution function* (CDF) of the noise. When the noise is symmetric about 0,
#
# $$P(\text{fires}) = P(\varepsilon > -z) = 1 - F(-z) = F(z) .$$
#
# **The curve of a noisy threshold is the CDF of its noise.** The *logistic* distribution is the one with
# $F(t) = 1/(1+e^{-t})$. So a sigmoid unit gives exactly the firing probability of a hard threshold with logistic
# noise. Read it backward too: the derivative of a CDF is a density, so the dashed bell in section 3,
# $\sigma(1-\sigma)$, *is* the density of that noise. Any curve that rises continuously from 0 to 1 can be read in this
# way (without symmetry, as the CDF of a random threshold, $-\varepsilon$); normal noise gives $\Phi$, the *probit*.

# %%
rng = np.random.default_rng(2)
noise = rng.logistic(size=20_000)
levels = np.linspace(-6, 6, 25)
# A step unit at each level, asked 20,000 times:
fired = np.array([step(level + rng.logistic(size=20_000)).mean() for level in levels])
check.claim("noisy_step_gap", np.abs(fired - sigmoid(levels)).max())
check.claim("logistic_spread", noise.std())
normal_cdf = (1 + np.array(ops.erf(wide / np.sqrt(2)))) / 2
check.claim("probit_gap", np.abs(sigmoid(1.702 * wide) - normal_cdf).max())

# %% [markdown]
# The same story holds for ten classes: give every logit its own independent noise, let the largest sum win, and count
# the wins. The noise must have the *Gumbel* distribution, $F(t) = e^{-e^{-t}}$, and then class $j$ wins with
# probability $\operatorname{softmax}(z)_j$, exactly (McFadden 1974; the difference of two Gumbel variables is
# logistic, so the two stories are one). We try it on the first doubtful garment from above.

# %%
garment_logits = np.array(network(x_test[doubtful[:1]]))[0].astype("float64")  # (10,)
votes = (garment_logits + rng.gumbel(size=(100_000, 10))).argmax(axis=1)  # 100,000 elections
shares = np.bincount(votes, minlength=10) / len(votes)
check.claim("gumbel_gap", np.abs(shares - softmax(garment_logits)).max())

# %%
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.6), width_ratios=[1, 1, 1.2])
left.plot(wide, sigmoid(wide), label="sigmoid")
left.plot(levels, fired, "k.", label="noisy step, share fired")
left.set(xlabel="z", ylabel="probability of firing", title="CDF", xlim=(-7, 7))
left.legend(fontsize=8)
middle.hist(noise, bins=80, range=(-8, 8), density=True, color="lightgray", label="the noise")
middle.plot(wide, activations["sigmoid"][1](wide), "--", color=plots.VERMILLION, label="sigmoid's slope")
middle.set(xlabel="noise", ylabel="density", title="Density", xlim=(-7, 7), ylim=(0, 0.34))
middle.legend(fontsize=8, loc="upper left")
right.barh(names, softmax(garment_logits), color="lightgray", label="softmax")
right.plot(shares, range(10), "k.", label="share of noisy elections won")
right.set(xlabel="probability", title="Ten classes")
right.invert_yaxis()
right.legend(fontsize=8)
plt.show()

# %% [markdown]
# The dots sit on the curve (never more than 0.01 off), the histogram under the slope, and the elections agree with
# softmax within half a percentage point. The noise has a spread (standard deviation) of 1.81, which is $\pi/\sqrt3$;
# to change the noise level is to rescale $z$. And the choice between logistic and normal noise matters little:
# $\sigma(1.702\,z)$ and $\Phi(z)$ are never further apart than 0.0095.
#
# **What is true of this, and whose it is.** In a trained network there is no noise. The reading says something milder:
# the sigmoid of an output unit is a probability for a model in which a threshold is disturbed in a particular way, and
# fitting by likelihood takes that model at its word. For a *hidden* unit it is an interpretation, one that Boltzmann
# machines (chapter 17) take literally, and dropout (chapter 6) in spirit. Tanh is a CDF stretched to run from -1 to 1.
# ReLU and GELU are not CDFs, although there is one inside: $\text{GELU}(z) = z\,\Phi(z)$ is $z$ times the probability
# that standard normal noise lies below $z$.
#
# Encyclopedia articles credit this reading to Hopfield, Widrow and Narendra, and its spread to Bishop's textbooks. The
# papers allow a finer account. The mathematics is older than the field: Bliss (1934) drew dose and response as the CDF
# of the tolerances in a population. Widrow and Hoff (1960) learn by lowering the mean square of an error over examples
# that arrive at random. Narendra and Thathachar (1974) surveyed automata that keep a probability for each action and
# learn by changing it. Hopfield's units of 1982 are noiseless thresholds; in 1984 he gave them graded, sigmoid
# responses, and in 1987 he showed that the goals of feed-forward networks "can be given useful probabilistic meaning".
# The sentence in bold above, with the noisy threshold, stands in Bishop (2006), equation 4.113.
#
# ## 8. Where to start: initialization
#
# Training improves weights step by step, so it needs weights to start from. Two ideas come to mind first, "all equal"
# and "small and random". **Predict** what the first does: a digit network in which every weight starts at 0.01.

# %%
equal_start = digit_network(keras.initializers.Constant(0.01))
equal_start.fit(x_digits, y_digits, batch_size=32, epochs=30, verbose=0)
first_weights = equal_start.layers[1].get_weights()[0]  # (64, 64): a column for each hidden unit
unit = first_weights[:, 0]
print("the weights of unit 0 now run from", unit.min(), "to", unit.max())
# How much the 64 units differ from each other:
check.claim("equal_start_spread", first_weights.std(axis=1).max())
check.claim("equal_start_accuracy", share_right(equal_start, x_digits_test, y_digits_test))

# %% [markdown]
# The weights have learned, but all 64 columns have learned *alike*. Units that start equal see the same inputs and get
# the same correction, so they stay equal: a layer of 64 copies of one unit, and about a quarter of the digits right
# where random weights reached 97 %. Randomness is there to **break the symmetry**.
#
# How much randomness? Follow one pre-activation $z_j = \sum_{i=1}^{d} a_i w_{ij}$, with $d$ inputs $a_i$, biases at 0,
# and weights drawn independently with mean 0 and variance $v$. Over the draw of the weights the mixed terms vanish,
# $E[w_{ij} w_{i'j}] = 0$ for $i \ne i'$, and so, for any inputs that do not depend on these weights,
#
# $$\operatorname{Var}(z_j) = \sum_{i=1}^{d} E[a_i^2]\, v = d\, v\, \overline{a^2}
# \qquad\text{with } \overline{a^2} = \tfrac1d \textstyle\sum_i E[a_i^2] .$$
#
# Each layer multiplies the mean square by $d\,v$, and then the activation does something to it.
#
# - Without an activation, or with tanh near 0, where it is almost the identity, the mean square keeps its size if
#   $d\,v = 1$, that is $v = 1/n_\text{in}$. The slopes that run backward (chapter 3) pass through the same weights
#   from the other side and ask for $v = 1/n_\text{out}$. **Glorot** and Bengio (2010) take the compromise
#   $v = 2/(n_\text{in} + n_\text{out})$.
# - ReLU sets the negative half to zero. Since $z_j$ is symmetric about 0 (normal weights), exactly half of the mean
#   square is lost: $E[\max(z_j, 0)^2] = \tfrac12 \operatorname{Var}(z_j)$. To make up for it, **He** et al. (2015)
#   double the variance: $v = 2/n_\text{in}$.
#
# **Predict.** Thirty ReLU layers of 256 units each, started by Glorot's rule, whose variance is half of what ReLU asks
# for: by what factor does a signal shrink on its way through?


# %%
def signal_by_depth(x, weight_std, activation, depth=30, width=256):
    """x (n, d) -> the activations after each layer; weight_std(n_in, n_out): the weights' spread."""
    rng = np.random.default_rng(2)
    a, per_layer = x, []
    for _ in range(depth):
        weights = rng.normal(0, weight_std(a.shape[1], width), size=(a.shape[1], width))
        a = activation(a @ weights)
        per_layer.append(a)
    return per_layer


mean, std = x_train.mean(), x_train.std()
standard = (x_train[:500] - mean) / std  # 500 garments, pixels with mean 0 and standard deviation 1


# %%
def glorot(n_in, n_out):
    return np.sqrt(2 / (n_in + n_out))


def he(n_in, n_out):
    return np.sqrt(2 / n_in)


# %%
starts = {  # name: (spread of the weights, activation)
    "std 0.2, ReLU": (lambda n_in, n_out: 0.2, relu),
    "He, ReLU": (he, relu),
    "Glorot, ReLU": (glorot, relu),
    "std 0.01, ReLU": (lambda n_in, n_out: 0.01, relu),
    "Glorot, tanh": (glorot, np.tanh),
}
signals = {name: signal_by_depth(standard, *start) for name, start in starts.items()}
size = {name: np.array([np.sqrt(np.mean(a**2)) for a in signal]) for name, signal in signals.items()}

# %%
for name in starts:
    print(f"{name:15} size after layer 1: {size[name][0]:8.2g}   after layer 30: {size[name][-1]:8.2g}")
check.claim("large_start_power_of_ten", np.log10(size["std 0.2, ReLU"][-1]))
check.claim("small_start_power_of_ten", np.log10(size["std 0.01, ReLU"][-1]))
check.claim("glorot_relu_shrinks", size["Glorot, ReLU"][-1] / size["Glorot, ReLU"][0])
check.claim("glorot_relu_per_layer", (size["Glorot, ReLU"][-1] / size["Glorot, ReLU"][0]) ** (1 / 29))
check.claim("he_relu_per_layer", (size["He, ReLU"][-1] / size["He, ReLU"][0]) ** (1 / 29))

# %%
figure, axes = plt.subplots(1, 4, figsize=(13, 3.6), width_ratios=[2, 1, 1, 1])
for name, sizes_by_layer in size.items():
    style = "o-" if "tanh" in name else "-"
    axes[0].semilogy(range(1, 31), sizes_by_layer, style, markersize=3, label=name)
axes[0].set(xlabel="layer", ylabel="root mean square of activations", title="Size by depth")
axes[0].set_ylim(1e-30, 1e12)
axes[0].legend(fontsize=8, loc="lower left")
for axis, name in zip(axes[1:], ["Glorot, ReLU", "He, ReLU", "Glorot, tanh"]):
    for layer, color in ((1, "gray"), (10, plots.BLUE), (30, plots.VERMILLION)):
        a = signals[name][layer - 1].ravel()
        axis.hist(a, bins=60, range=(-1, 2), density=True, histtype="step", color=color, label=layer)
    axis.set(title=name, xlabel="activation", yscale="log", ylim=(1e-2, 3e2))
axes[1].set_ylabel("density")
axes[1].legend(title="layer", fontsize=8)
plt.show()

# %% [markdown]
# The lines are straight on a logarithmic scale, so each layer multiplies by a constant, the one we derived. Under
# Glorot's rule a ReLU layer keeps a factor of about 0.71 ($=\sqrt{1/2}$) and thirty of them almost nothing, a few
# hundred-thousandths; under He's the factor is 1, up to the luck of a finite layer. The fixed spreads 0.2 and 0.01
# look harmless, and end near $10^{11}$ and $10^{-28}$. The histograms show the same from inside: with Glorot and ReLU,
# layer 30 is a needle at zero. Tanh under Glorot's rule shrinks slowly, since it is a little flatter than the
# identity.
#
# Does it matter for learning? Twenty ReLU layers of 64 units, 10,000 garments, plain gradient descent, and nothing
# differs but the spread of the first weights. **Predict** the loss at which "std 0.01" will stand. You know the
# number.

# %%
initializers = {
    "std 0.25": lambda layer: keras.initializers.RandomNormal(stddev=0.25, seed=layer),
    "std 0.01": lambda layer: keras.initializers.RandomNormal(stddev=0.01, seed=layer),
    "Glorot": lambda layer: keras.initializers.GlorotNormal(seed=layer),
    "He": lambda layer: keras.initializers.HeNormal(seed=layer),
}


# %%
def deep_network(initializer, depth=20):
    model = keras.Sequential([keras.Input((784,))])
    for layer in range(depth):
        model.add(layers.Dense(64, activation="relu", kernel_initializer=initializer(layer)))
    model.add(layers.Dense(10))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.02), loss, steps_per_execution=16)
    return model


# %%
history, reached = {}, {}
ten_thousand = (x_train[:10_000] - mean) / std
for name, initializer in initializers.items():
    deep = deep_network(initializer)
    fit = deep.fit(ten_thousand, y_train[:10_000], batch_size=50, epochs=4, verbose=0)
    history[name] = fit.history["loss"]
    reached[name] = share_right(deep, (x_test - mean) / std, y_test)
    print(f"{name:9} loss by epoch {np.round(history[name], 2)}   test accuracy {reached[name]:.2f}")
check.claim("small_start_loss", history["std 0.01"][-1])
check.claim("he_start_accuracy", reached["He"])
check.claim("large_start_nan", np.isnan(history["std 0.25"]).mean())

# %%
note = " (nan: nothing to draw)"
lines = {name + note * bool(np.isnan(loss[-1])): loss for name, loss in history.items()}
axis = plots.curves(lines, "epoch", "training loss (nats)", "Twenty layers, four starts")
axis.axhline(np.log(10), color="black", linestyle=":")
axis.text(1, 2.36, "log 10: knows nothing")
axis.set_ylim(0, 2.6)
plt.show()

# %% [markdown]
# "Std 0.01" stands at 2.303, the loss of ignorance. Nothing is wrong with its layers, its loss or its data: the
# picture has died out before it reaches the output, so all pictures look alike, and no slope finds its way back. "Std
# 0.25" blew up and is `nan` from the first epoch. Glorot's start leaves the plateau late or not at all in four epochs;
# He's starts to learn at once and names 78 % of the test garments after four epochs. Keras' default is Glorot's rule;
# for deep ReLU networks, ask for `"he_normal"`. (Keras cuts off its normal draws at two standard deviations and widens
# them to make up for it; the variance is as derived.)
#
# ## 9. The answer
#
# Back to the question. We sort the test pictures by the best percentage, in tenths, and count how many in each tenth
# are right. Beside the network from the beginning stands a second one of the same architecture, trained on only 5,000
# pictures, but 60 times over, until it knows them by heart. **Predict** which of the two is more honest.


# %%
def reliability(model, x, labels):
    """(6, 3): confidence, share right, pictures, by tenths from 40 % up; and the excess over all."""
    probability = softmax(np.array(model(x)))
    confidence, right = probability.max(axis=1), probability.argmax(axis=1) == labels
    tenth = np.minimum((10 * confidence).astype(int), 9)
    groups = [tenth == t for t in range(4, 10)]
    table = np.array([(confidence[g].mean(), right[g].mean(), g.sum()) for g in groups])
    return table, confidence.mean() - right.mean()


memorizer = garment_network()
memorizer.fit(x_train[:5000], y_train[:5000], batch_size=125, epochs=60, verbose=0)
honest_table, honest_excess = reliability(network, x_test, y_test)
memorizer_table, memorizer_excess = reliability(memorizer, x_test, y_test)

# %%
check.claim("pictures_at_75", honest_table[3, 2])
check.claim("honest_says", honest_table[3, 0])
check.claim("honest_right", honest_table[3, 1])
check.claim("honest_excess", honest_excess)
check.claim("memorizer_right", memorizer_table[3, 1])
check.claim("memorizer_excess", memorizer_excess)
check.claim("memorizer_train_accuracy", share_right(memorizer, x_train[:5000], y_train[:5000]))

# %%
figure, axis = plt.subplots(figsize=(5.6, 5))
axis.plot([0.4, 1], [0.4, 1], "k:", label="says what is so")
tables = {"60,000 pictures, 5 epochs": honest_table, "5,000 pictures, 60 epochs": memorizer_table}
for name, table in tables.items():
    says, right, count = table.T
    bars = 2 * np.sqrt(right * (1 - right) / count)
    axis.errorbar(says, right, yerr=bars, fmt="o-", capsize=3, label=name)
axis.set(xlabel="stated probability of the best class", ylabel="share named correctly")
axis.set_title("Do the percentages hold?")
axis.legend()
plt.show()

# %% [markdown]
# (The bars are two standard errors of a share, $2\sqrt{p(1-p)/n}$.)
#
# **The first network earns its percentages, very nearly.** There are some 700 pictures for which it says about 75 %, and
# close to three in four of them are right. From 50 % up its points lie on the line or a little below (at the left end,
# where pictures are few, further), and over all test pictures it claims a percent or two more than it delivers. That
# it comes so close is not luck. It is section 6: the loss paid for the right percentage, on many examples, few of
# which were seen often enough to be memorized.
#
# **The second does not.** When it says 75 %, it is right about half of the time, and over all it claims some ten
# points more than it delivers. Nobody changed its softmax or its loss. On its own 5,000 pictures, nearly all of which
# it gets right, near-certainty *is* the right percentage; and the likelihood of those pictures is all it was ever paid
# for. A percentage is a statement about pictures like those that were trained on, as the network sees them. Chapter 6
# shows how to keep a network from learning by heart, chapter 10 how to measure such percentages and mend them
# afterward. (Guo et al., below, do it with nothing more than the temperature of section 5.)
#
# So, should you believe "shirt, 75 %"? After a look at a reliability diagram on held-back pictures: yes. Without one,
# it is a softmax of logits.
#
# ## Check yourself
#
# **1.** A batch has shape (32, 100), the first layer 50 units, the second 10. Which shapes have $W^{(1)}$, $b^{(1)}$,
# $A^{(1)}$, $W^{(2)}$ and $Z^{(2)}$, and how many parameters are there?
#
# <details><summary>Answer</summary>
#
# (100, 50), (50,), (32, 50), (50, 10), (32, 10). Parameters: $101 \cdot 50 + 51 \cdot 10 = 5{,}560$. The batch size is
# not among them: the same weights serve any number of examples.
#
# </details>
#
# **2.** Solve XOR with two hidden ReLU units and a linear output.
#
# <details><summary>Answer</summary>
#
# $h_1 = \max(x_1 + x_2, 0)$, $h_2 = \max(x_1 + x_2 - 1, 0)$, output $h_1 - 2h_2$: it gives 0, 1, 1, 0. (This is the
# solution in Goodfellow, Bengio and Courville, section 6.1.)
#
# </details>
#
# **3.** A colleague takes `softmax` over a batch of logits with `logits - logits.max()`, the maximum of the whole
# array. When does it go wrong?
#
# <details><summary>Answer</summary>
#
# Mathematically never, since any constant may be subtracted from a row. In floating point it fails when some row lies
# about 745 below the largest entry of another row (in 32-bit arithmetic, 104): all its exponentials become 0, and 0/0
# is `nan`. Take the maximum of each row.
#
# </details>
#
# **4.** A three-class network starts with a loss of 40. What is wrong, most likely?
#
# <details><summary>Answer</summary>
#
# Ignorance costs $\log 3 \approx 1.1$. A loss of 40 means that the truth stands about 40 below the largest logit: the
# logits are enormous, so the initial weights are too large or the inputs are not scaled.
#
# </details>
#
# **5.** A unit fires when $z + \varepsilon > 0$, with $\varepsilon$ uniform on $[-1, 1]$. What is its activation
# function?
#
# <details><summary>Answer</summary>
#
# The CDF of that noise: 0 below $-1$, $(z + 1)/2$ in between, 1 above. It is known as the "hard sigmoid".
#
# </details>
#
# The numbers in these answers, computed:

# %%
check.claim("quiz_parameters", (100 + 1) * 50 + (50 + 1) * 10)
for kind in ("float64", "float32"):  # half of the smallest number above 0 is rounded to 0
    check.claim(f"quiz_underflow_{kind}", np.log(2) - np.log(np.finfo(kind).smallest_subnormal))
check.claim("quiz_ignorance", cross_entropy(np.zeros((1, 3)), np.array([0])))

# %% [markdown]
# ## In one paragraph
#
# A layer is $XW + b$ followed by an elementwise bend; without the bend, layers collapse into one. Hidden layers move
# the data until a simple cut works. Softmax turns logits into probabilities, and log-sum-exp does it without overflow.
# Losses are negative log-likelihoods: squared error for normal noise, cross-entropy for classes, and cross-entropy is
# cheapest when the stated percentage is the true one. A sigmoid is the CDF of the noise that would make a hard
# threshold fire with that probability. Start with random weights whose variance keeps the signal's size:
# $1/n_\text{in}$ or Glorot's compromise for tanh, He's $2/n_\text{in}$ for ReLU. And trust a percentage as far as a
# reliability diagram on held-back data carries it.
#
# ## Go further
#
# - X. Glorot and Y. Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks",
#   AISTATS. Section 8's figure was new then; read it for how to look inside a network.
# - K. He, X. Zhang, S. Ren and J. Sun (2015), "Delving deep into rectifiers: surpassing human-level performance on
#   ImageNet classification", ICCV. The factor 2, forward and backward.
# - J. S. Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs, with
#   relationships to statistical pattern recognition", in *Neurocomputing*, Springer. Where softmax got its name.
# - P. Blanchard, D. J. Higham and N. J. Higham (2021), "Accurately computing the log-sum-exp and softmax functions",
#   IMA Journal of Numerical Analysis 41(4). How much rounding error is left after the trick.
# - J. J. Hopfield (1987), "Learning algorithms and probability distributions in feed-forward and feed-back networks",
#   PNAS 84. Short and readable, on outputs as probabilities.
# - C. M. Bishop (2006), *Pattern Recognition and Machine Learning*, Springer, sections 4.2 and 4.3. The noisy
#   threshold, the probit, and a second road to the sigmoid: from two normal classes by Bayes' rule.
# - T. Gneiting and A. E. Raftery (2007), "Strictly proper scoring rules, prediction, and estimation", Journal of the
#   American Statistical Association 102. All losses that pay for the truth.
# - D. Hendrycks and K. Gimpel (2016), "Gaussian error linear units (GELUs)", arXiv:1606.08415. A CDF inside an
#   activation.
# - C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger (2017), "On calibration of modern neural networks", ICML. Section 9
#   on large networks, and the one temperature.
# - For the history in section 7: C. I. Bliss (1934), "The method of probits", Science 79; B. Widrow and M. E. Hoff
#   (1960), "Adaptive switching circuits", IRE WESCON Convention Record; K. S. Narendra and M. A. L. Thathachar (1974),
#   "Learning automata: a survey", IEEE Transactions on Systems, Man, and Cybernetics 4; J. J. Hopfield (1982, 1984),
#   PNAS 79 and 81; D. McFadden (1974), "Conditional logit analysis of qualitative choice behavior", in *Frontiers in
#   Econometrics*, Academic Press.
