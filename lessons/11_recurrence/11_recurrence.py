# %% [raw] front=true
# title = "Recurrence"
# shows = "How a network reads a sequence item by item, why it forgets how the sequence began, and what LSTM and GRU do about it: all built forward and backward from scratch."
# needs = "Chapters 1 to 3 (layers, cross-entropy, backpropagation by hand), Adam (chapter 4). Gradients in Keras (chapter 7) are used."
# minutes = {read = 75, run = 1.5}
# data = ["names"]
# accelerator = "GPU"
#
# [claims.bits]
# text = "bits in one letter of 26"
# value = 4.7
# tolerance = 0.005
#
# [claims.rnn_check]
# text = "relative error of the plain network's gradients against central differences"
# value = 0
# tolerance = 1e-07
#
# [claims.rnn_keras_values]
# text = "largest difference of states from Keras's SimpleRNN"
# value = 0
# tolerance = 1e-05
#
# [claims.rnn_keras_gradients]
# text = "relative difference of gradients from Keras's SimpleRNN"
# value = 0
# tolerance = 1e-05
#
# [claims.plain_10]
# text = "first letter of 10 told by the plain network, median of four starts"
# value = 1.0
# tolerance = 0.02
#
# [claims.plain_30]
# text = "the same, of 30"
# value = 0.65
# tolerance = 0.25
#
# [claims.plain_50]
# text = "the same, of 50"
# value = 0.11
# tolerance = 0.09
#
# [claims.plain_50_best]
# text = "the same, best of four starts"
# value = 0.52
# tolerance = 0.35
#
# [claims.most_common]
# text = "share of names with the most common first letter"
# value = 0.1045
# tolerance = 0.0005
#
# [claims.reach_08]
# text = "gradient left after 49 steps, gain 0.8, as a power of ten"
# value = -6.2
# tolerance = 0.3
#
# [claims.reach_1]
# text = "the same, gain 1"
# value = -2.4
# tolerance = 0.3
#
# [claims.reach_2]
# text = "the same, gain 2"
# value = 3.4
# tolerance = 0.6
#
# [claims.radius]
# text = "spectral radius of the example"
# value = 0
# tolerance = 1e-06
#
# [claims.largest_singular_value]
# text = "its largest singular value"
# value = 4
# tolerance = 1e-09
#
# [claims.linear_product]
# text = "size of its tenth power"
# value = 0
# tolerance = 1e-12
#
# [claims.product]
# text = "size of ten steps with slopes 1 and 0"
# value = 1448.15
# tolerance = 0.01
#
# [claims.loss_unclipped]
# text = "loss after gradient descent without clipping"
# value = 3.1
# tolerance = 0.5
#
# [claims.loss_clipped]
# text = "loss after gradient descent with clipping"
# value = 0.03
# tolerance = 0.1
#
# [claims.loss_slower]
# text = "the same, not clipped, a tenth of the rate"
# value = 0.41
# tolerance = 0.25
#
# [claims.window_1]
# text = "first letter of 12 told, window 1"
# value = 0.52
# tolerance = 0.12
#
# [claims.window_6]
# text = "the same, window 6"
# value = 0.79
# tolerance = 0.12
#
# [claims.window_11]
# text = "the same, window 11"
# value = 0.955
# tolerance = 0.06
#
# [claims.window_12]
# text = "the same, full window"
# value = 1.0
# tolerance = 0.02
#
# [claims.lstm_check]
# text = "relative error of the LSTM's gradients against central differences"
# value = 0
# tolerance = 1e-07
#
# [claims.lstm_keras_values]
# text = "largest difference of states from Keras's LSTM"
# value = 0
# tolerance = 1e-05
#
# [claims.lstm_keras_gradients]
# text = "relative difference of gradients from Keras's LSTM"
# value = 0
# tolerance = 1e-05
#
# [claims.direct_1]
# text = "direct path left after 48 steps, forget bias 1, as a power of ten"
# value = -6.54
# tolerance = 0.1
#
# [claims.direct_5]
# text = "the same, forget bias 5"
# value = -0.144
# tolerance = 0.02
#
# [claims.whole_1]
# text = "gradient of the cell by all paths after 48 steps, forget bias 1, as a power of ten"
# value = -3.8
# tolerance = 0.3
#
# [claims.whole_5]
# text = "the same, forget bias 5"
# value = 1.1
# tolerance = 0.4
#
# [claims.lstm_1_at_50]
# text = "first letter of 50 told, LSTM with forget bias 1"
# value = 0.08
# tolerance = 0.06
#
# [claims.lstm_5_at_50]
# text = "first letter of 50 told, LSTM with forget bias 5"
# value = 0.93
# tolerance = 0.07
#
# [claims.gru_check]
# text = "relative error of both GRUs' gradients against central differences"
# value = 0
# tolerance = 1e-07
#
# [claims.gru_keras_values]
# text = "largest difference of states from Keras's GRU, both kinds"
# value = 0
# tolerance = 1e-05
#
# [claims.gru_keras_gradients]
# text = "relative difference of gradients from Keras's GRU, both kinds"
# value = 0
# tolerance = 1e-05
#
# [claims.plain_size]
# text = "weights of the plain network that adds"
# value = 4353
# tolerance = 0
#
# [claims.lstm_size]
# text = "weights of the LSTM that adds"
# value = 4513
# tolerance = 0
#
# [claims.adding_plain]
# text = "adding problem, better of two plain networks, mean squared error"
# value = 0.159
# tolerance = 0.015
#
# [claims.adding_LSTM]
# text = "adding problem, worse of two LSTMs"
# value = 0.0012
# tolerance = 0.008
#
# [claims.adding_GRU]
# text = "adding problem, worse of two GRUs"
# value = 0.0007
# tolerance = 0.008
#
# [claims.copy_plain]
# text = "symbols copied right, plain network"
# value = 0.47
# tolerance = 0.15
#
# [claims.copy_lstm]
# text = "symbols copied right, LSTM"
# value = 1.0
# tolerance = 0.03
#
# [claims.lstm_1_varied]
# text = "first letter of 30 told, LSTM with forget bias 1, lines of 5 to 30 letters"
# value = 0.926
# tolerance = 0.1
#
# [claims.written_ratio]
# text = "what the top unit writes at a mark, as a multiple of what it writes elsewhere, lesser of two starts"
# value = 26.6
# tolerance = 12.0
#
# [claims.top_forget]
# text = "mean forget gate of the top unit, lesser of two starts"
# value = 0.985
# tolerance = 0.025
#
# [claims.cell_is_sum]
# text = "correlation of the top unit's last cell with the sum, up to the sign, lesser of two starts"
# value = 0.997
# tolerance = 0.03
#
# [claims.jammed_input]
# text = "error of the adder with its input gates jammed open, lesser of two starts"
# value = 5.0
# tolerance = 4.5
#
# [claims.jammed_forget]
# text = "the same, forget gates"
# value = 0.032
# tolerance = 0.028
#
# [claims.jammed_output]
# text = "the same, output gates"
# value = 0.32
# tolerance = 0.3
#
# [claims.bigram_loss]
# text = "loss per letter of the bigram model"
# value = 2.4205
# tolerance = 0.001
#
# [claims.lstm_loss]
# text = "loss per letter of the LSTM"
# value = 2.09
# tolerance = 0.06
# gpu = {value = 1.945, tolerance = 0.06}
#
# [claims.new_0_5]
# text = "share of invented names in no list, temperature 0.5"
# value = 0.57
# tolerance = 0.15
# gpu = {value = 0.25, tolerance = 0.12}
#
# [claims.new_1_0]
# text = "the same, temperature 1"
# value = 0.91
# tolerance = 0.07
# gpu = {value = 0.69, tolerance = 0.1}
#
# [claims.new_1_5]
# text = "the same, temperature 1.5"
# value = 0.97
# tolerance = 0.04
# gpu = {value = 0.9, tolerance = 0.06}
#
# [claims.masked_accuracy]
# text = "names told girl or boy, masked"
# value = 0.83
# tolerance = 0.03
#
# [claims.masked_change]
# text = "largest change of a probability by padding, masked"
# value = 0
# tolerance = 1e-05
#
# [claims.masked_turned]
# text = "answers turned by padding, masked"
# value = 0
# tolerance = 1e-09
#
# [claims.unmasked_accuracy]
# text = "names told girl or boy, not masked"
# value = 0.825
# tolerance = 0.03
#
# [claims.unmasked_change]
# text = "largest change of a probability by padding, not masked"
# value = 0.36
# tolerance = 0.2
#
# [claims.unmasked_turned]
# text = "answers turned by padding, not masked"
# value = 0.055
# tolerance = 0.045

# %% setup=true

# %% [markdown]
# ## A question first
#
# Here is a line of names as they were given in the United States, with a blank between them. A network reads it from
# left to right, one letter at a time, and never looks back. At the end we ask: **with which letter did the line
# begin?**

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

from course.autodiff import value_and_grad

records = data.load("names")  # tuples (name, sex, count)
words = [name.lower() for name, _, _ in records]
alphabet = " abcdefghijklmnopqrstuvwxyz"  # number 0 is the blank
one_hot = np.eye(27, dtype="float32")


# %%
def write_lines(n, length, rng):
    """n lines of random names (none has fewer than 2 letters), cut after `length`: (n, length)."""
    lines = []
    for _ in range(n):
        line = " ".join(words[k] for k in rng.integers(len(words), size=length // 3 + 1))
        lines.append([alphabet.index(letter) for letter in line[:length]])
    return np.array(lines)


for line in write_lines(3, 50, np.random.default_rng(0)):
    print("".join(alphabet[letter] for letter in line))
check.claim("bits", np.log2(26))

# %% [markdown]
# A child looks back. Our network has only what it carries along: a vector of 32 numbers, its *state*. That should be
# plenty. One letter of 26 is 4.7 bits, and 32 numbers in single precision have room for a thousand.
#
# **Predict, then go on.** A plain recurrent network with 32 numbers of state is trained on thousands of such lines.
# How long may they be before it no longer knows how they began: 10 letters, 50, 500?
#
# *How long does it remember, what makes it forget, and what did the LSTM change in 1997?*
#
# ## 1. A state that is passed on
#
# The networks so far map an input of fixed size to an output. A *recurrent* network takes a sequence $x_1, \dots,
# x_T$ one item after the other, and keeps a state $h_t$ that depends on the item and on the state before:
#
# $$h_t = \tanh(a_t), \qquad a_t = x_t W + h_{t-1} U + b, \qquad h_0 = 0 . \tag{1}$$
#
# For a batch of $m$ sequences, $x_t$ is $(m, n)$ with $n$ *features* (here 27, one for each letter, one of them 1),
# and $h_t$ is $(m, u)$ with $u$ *units*. The *kernel* $W$ is $(n, u)$, the *recurrent kernel* $U$ is $(u, u)$, the
# bias $b$ is $(u)$. They are the same at each step: ten letters need no more weights than a thousand. Jeffrey Elman
# described this network in 1990, for reading letters and words.
#
# As in chapter 3 we write each piece as a pair, forward and backward. The piece is one *step*. Its state is a tuple,
# because the LSTM will have two vectors in it.


# %%
def rnn_step(x, state, params):
    """x (batch, features), state (h,), params [W, U, b] -> new state, cache"""
    W, U, b = params
    (h,) = state
    h_new = np.tanh(x @ W + h @ U + b)
    return (h_new,), (x, h, h_new)


def rnn_step_backward(dstate, cache, params):
    """dstate (dh_new,) -> dx, gradient of the old state (dh,), gradients of [W, U, b]"""
    W, U, b = params
    x, h, h_new = cache
    da = dstate[0] * (1 - h_new**2)  # the slope of tanh
    return da @ W.T, (da @ U.T,), [x.T @ da, h.T @ da, da.sum(axis=0)]


# %% [markdown]
# The step is a dense layer with two inputs, so its backward half is chapter 3's. Now the loop over time. A *cell* is a
# step, its backward half, and how many vectors its state has.


# %%
def forward(cell, params, x):
    """x (batch, time, features) -> states h_1 ... h_T (batch, time, units), one cache a step"""
    step, _, vectors = cell
    state = vectors * (np.zeros((len(x), len(params[1])), x.dtype),)  # U has a row for each unit
    states, caches = [], []
    for t in range(x.shape[1]):
        state, cache = step(x[:, t], state, params)
        states.append(state[0])
        caches.append(cache)
    return np.stack(states, axis=1), caches


# %% [markdown]
# ## 2. Backpropagation through time
#
# Draw the network once for each time step, and the loop is gone: what is left is a feed-forward network of $T$ layers
# that happen to share their weights.
#
# ```text
#         U         U         U
#   h_0 ----> h_1 ----> h_2 ----> h_3 ----> loss
#              ^ W       ^ W       ^ W
#             x_1       x_2       x_3
# ```
#
# So nothing new is needed, only two sums from chapter 3, *slopes add where paths meet*. The state $h_t$ is used
# twice, by whatever reads it at time $t$ and by the next step. With $D_t = \partial L / \partial a_t$ and $e_t$ for
# the gradient that reaches $h_t$ directly, from its own output,
#
# $$\frac{\partial L}{\partial h_t} = e_t + D_{t+1} U^{\mathsf T}, \qquad
# D_t = \frac{\partial L}{\partial h_t} \odot (1 - h_t^2) . \tag{2}$$
#
# And each weight is used at every step, so
#
# $$\frac{\partial L}{\partial W} = \sum_t x_t^{\mathsf T} D_t, \qquad
# \frac{\partial L}{\partial U} = \sum_t h_{t-1}^{\mathsf T} D_t, \qquad
# \frac{\partial L}{\partial b} = \sum_t \sum_{\text{batch}} D_t .$$
#
# Equation (2) is walked from the last step to the first: *backpropagation through time* (BPTT). `dhs` holds the
# $e_t$. The argument `reach` will let us stop early; besides the gradients of the weights we keep those of all the
# states, to look at.


# %%
def backward(cell, params, dhs, caches, reach=None):
    """dhs (batch, time, units): what reaches each state directly -> gradients of params, of states"""
    _, step_backward, vectors = cell
    dstate = vectors * (np.zeros_like(dhs[:, 0]),)
    grads, heard = [np.zeros_like(p) for p in params], np.zeros((vectors, *dhs.shape))
    for t in reversed(range(len(caches))):
        if reach is not None and t < len(caches) - reach:
            break
        dstate = (dstate[0] + dhs[:, t], *dstate[1:])
        heard[:, :, t] = dstate
        _, dstate, step_grads = step_backward(dstate, caches[t], params)
        for total, part in zip(grads, step_grads):
            total += part  # shared weights: gradients add up
    return grads, heard


# %% [markdown]
# Believe no gradient that has not been checked. We take $L = \sum R \odot h$ with random numbers $R$, nudge every
# weight up and down in 64 bits, and compare. Then we give the same weights to Keras's layer, which keeps them in the
# same order, `[kernel, recurrent_kernel, bias]`, and compare values and gradients. `keras.Input((None, 5))` means
# sequences of any length with five features.

# %%
rng = np.random.default_rng(11)
x_small, R = rng.normal(size=(3, 6, 5)), rng.normal(size=(3, 6, 4))  # 3 sequences, 6 steps, 4 units


def check_error(cell, params, h=1e-5):
    """Relative difference between our gradients and central differences, over all weights."""
    ours, _ = backward(cell, params, R, forward(cell, params, x_small)[1])
    differences = []
    for p, grad in zip(params, ours):
        for place in np.ndindex(p.shape):
            sums, kept = [], p[place]
            for nudged in (kept + h, kept - h, kept):
                p[place] = nudged
                sums.append((R * forward(cell, params, x_small)[0]).sum())
            differences.append(((sums[0] - sums[1]) / (2 * h), grad[place]))
    numeric, ours = np.array(differences).T
    return np.linalg.norm(numeric - ours) / np.linalg.norm(numeric)


# %%
def keras_gaps(cell, params, layer):
    """Largest difference of values, and relative difference of gradients, from a Keras layer."""
    model = keras.Sequential([keras.Input((None, 5)), layer])
    model.set_weights(params)
    x = ops.convert_to_tensor(x_small, "float32")
    grad_fn = value_and_grad(lambda: ops.sum(R.astype("float32") * model(x)), model.trainable_variables)
    theirs = np.concatenate([np.array(g).ravel() for g in grad_fn()[1]])
    states, caches = forward(cell, params, x_small)
    ours = np.concatenate([g.ravel() for g in backward(cell, params, R, caches)[0]])
    values = np.abs(np.array(model(x)) - states).max()
    return values, np.linalg.norm(ours - theirs) / np.linalg.norm(ours)


# %%
def random_params(gates, bias_shape):
    """Weights [W (5, gates * 4), U (4, gates * 4), b] for the checks."""
    return [rng.normal(0, 0.5, size) for size in ((5, gates * 4), (4, gates * 4), bias_shape)]


RNN = (rnn_step, rnn_step_backward, 1)
params = random_params(1, 4)
check.claim("rnn_check", check_error(RNN, params))
values, gradients = keras_gaps(RNN, params, layers.SimpleRNN(4, return_sequences=True))
check.claim("rnn_keras_values", values)
check.claim("rnn_keras_gradients", gradients)

# %% [markdown]
# The two agree to rounding. (`SimpleRNN` also takes `activation="relu"` or any other in the place of tanh;
# `return_sequences=True` asks for all states, not only the last.)
#
# ## 3. The plain network reads
#
# To answer, a dense layer maps the last state to 27 logits; the loss is cross-entropy. Later tasks want several
# answers, so the last `wanted` states are read, or numbers, so targets that are not whole mean mean squared error.


# %%
def loss_and_dlogits(logits, targets):
    """logits (batch, wanted, outputs); targets (batch, wanted): classes, or numbers to be met."""
    if targets.dtype.kind == "f":
        error = logits[..., 0] - targets
        return (error**2).mean(), 2 * error[..., None] / error.size
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p, truth = powers / powers.sum(axis=-1, keepdims=True), np.eye(logits.shape[-1])[targets]
    return -np.log((p * truth).sum(axis=-1)).mean(), (p - truth) / targets.size


# %%
def loss_and_grads(cell, params, x, targets, reach=None):
    """params [W, U, b, V, c]: the last two make logits = h @ V + c of the last `wanted` states."""
    *inner, V, c = params
    states, caches = forward(cell, inner, x)
    read = states[:, -targets.shape[1] :]
    loss, dlogits = loss_and_dlogits(read @ V + c, targets)
    dlogits = dlogits.astype(x.dtype)
    dhs = np.zeros_like(states)
    dhs[:, -targets.shape[1] :] = dlogits @ V.T
    grads, heard = backward(cell, inner, dhs, caches, reach)
    outer = [np.tensordot(read, dlogits, axes=((0, 1), (0, 1))), dlogits.sum(axis=(0, 1))]
    return loss, grads + outer, heard


# %% [markdown]
# The start is Keras's: $W$ uniform as Glorot proposed, $U$ *orthogonal*, which means that multiplying a state by it
# leaves its length alone. Training is Adam from chapter 4 in single precision; `max_norm` belongs to
# section 5.


# %%
def new_params(gates, n_in, units, n_out, seed):
    """[W, U, b, V, c] as Keras starts them: rows of U orthonormal (for all gates together)."""
    rng = np.random.default_rng(seed)

    def glorot(rows, columns):
        limit = np.sqrt(6 / (rows + columns))
        return rng.uniform(-limit, limit, (rows, columns))

    Q = np.linalg.qr(rng.normal(size=(gates * units, units)))[0]  # its columns are orthonormal
    W, U, b = glorot(n_in, gates * units), Q if gates == 1 else Q.T, np.zeros(gates * units)
    return [p.astype("float32") for p in (W, U, b, glorot(units, n_out), np.zeros(n_out))]


def clipped(grads, max_norm):
    """The gradients, scaled down together to length max_norm where they are longer; the length."""
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    return [g * min(1, max_norm / (norm + 1e-9)) for g in grads], norm


# %%
def train(cell, params, draw, steps, rate, max_norm=1.0, reach=None):
    """Adam; draw(t) gives batch t as x, targets -> trained params, losses."""
    m, v = [0 * p for p in params], [0 * p for p in params]
    losses = []
    for t in range(1, steps + 1):
        loss, grads, _ = loss_and_grads(cell, params, *draw(t), reach)
        grads, _ = clipped(grads, max_norm)
        m = [0.9 * a + 0.1 * g for a, g in zip(m, grads)]
        v = [0.999 * a + 0.001 * g**2 for a, g in zip(v, grads)]
        speed = rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        params = [p - speed * a / (np.sqrt(s) + 1e-7) for p, a, s in zip(params, m, v)]
        params = [p.astype("float32") for p in params]
        losses.append(loss)
    return params, np.array(losses)


# %%
def answers(cell, params, x, wanted=1):
    """Outputs of the last `wanted` steps (batch, wanted, outputs)."""
    *inner, V, c = params
    return forward(cell, inner, x)[0][:, -wanted:] @ V + c


def first_letter(cell, params, length, rate, shortest=None, **settings):
    """400 batches of lines (each cut at `shortest` or later) -> share of 1,000 new ones told right."""
    rng = np.random.default_rng(12)
    lines, new = write_lines(4000, length, rng), write_lines(1000, length, rng)
    picks = rng.integers(4000, size=(401, 64))
    ends = rng.integers(shortest or length, length + 1, size=401)
    draw = lambda t: (one_hot[lines[picks[t], : ends[t]]], lines[picks[t], :1])
    params, _ = train(cell, params, draw, 400, rate, **settings)
    return (answers(cell, params, one_hot[new])[:, 0].argmax(axis=1) == new[:, 0]).mean()


# %%
lengths = [10, 30, 50]
told = {"plain": []}
for length in lengths:
    shares = [first_letter(RNN, new_params(1, 27, 32, 27, s), length, 1e-2) for s in (3, 4, 5, 6)]
    told["plain"].append(shares)

# %%
initials = np.bincount([alphabet.index(word[0]) for word in words])
most_common = initials.max() / initials.sum()
medians = {"median": (lengths, np.median(told["plain"], axis=1))}
ax = plots.curves(medians, "letters", "first letter told")
ax.plot(lengths, told["plain"], "o", color="silver", zorder=0)
ax.axhline(most_common, color="black", lw=1)
ax.text(10, most_common + 0.02, "always the most common letter")
ax.legend(loc="upper right")
plt.show()
for length, shares in zip(lengths, told["plain"]):
    check.claim(f"plain_{length}", np.median(shares))
check.claim("plain_50_best", max(told["plain"][-1]))
check.claim("most_common", most_common)

# %% [markdown]
# *What to look for: everything at 10 letters, luck at 30, and at 50 next to nothing: the gray dots are the four
# starts.* One of them still finds half of the letters at 50; the median is 0.11, as good as guessing. The vector has
# room for a thousand bits, and it takes luck to make it hold five. It is not the room that is missing. (More units,
# more training, another rate move the border. We want to know why there is one.)
#
# ## 4. What makes it forget
#
# The loss speaks at the last letter, and the first letter must hear it. So we look at the gradient that arrives at
# $h_t$. By (2), with all earlier $e_t = 0$, one step back multiplies it, a row, by the *Jacobian* of the step:
#
# $$\frac{\partial L}{\partial h_{t-1}} = \frac{\partial L}{\partial h_t}\, J_t, \qquad
# J_t = \mathrm{diag}(1 - h_t^2)\; U^{\mathsf T} . \tag{3}$$
#
# Going back $d$ steps multiplies by a *product of $d$ Jacobians*, and all of them hold the same $U$. In chapter 3 the
# credit assignment path of a recurrent network had no bound; here is the price.
#
# **Predict, then run:** the untrained network reads lines of 50 letters. $U$ is orthogonal, times a gain of 0.8, 1,
# 1.3 or 2. How much of the gradient is left 49 steps back?


# %%
def gradient_sizes(cell, params, length=50, vector=0):
    """Mean length of dL/dh_t, or (vector=1) of what comes to the cell; from the end backward."""
    lines = write_lines(64, length, np.random.default_rng(13))
    x = one_hot[lines].astype(params[0].dtype)
    _, _, heard = loss_and_grads(cell, params, x, lines[:, :1])
    return np.linalg.norm(heard[vector], axis=-1).mean(axis=0)[::-1]


# %%
fates = {}
for gain in (0.8, 1.0, 1.3, 2.0):
    W, U, b, V, c = [p.astype("float64") for p in new_params(1, 27, 32, 27, 3)]
    sizes = gradient_sizes(RNN, [W, gain * U, b, V, c])
    fates[f"gain {gain:g}"] = sizes / sizes[0]
plots.curves(fates, "steps back", "gradient, as share of the last step's", log=True, first=0)
plt.show()
check.claim("reach_08", np.log10(fates["gain 0.8"][-1]))
check.claim("reach_1", np.log10(fates["gain 1"][-1]))
check.claim("reach_2", np.log10(fates["gain 2"][-1]))

# %% [markdown]
# *What to look for: nearly straight lines on a logarithmic scale, one factor per step, as in chapter 3 per layer.*
# With gain 1 nothing is lost to $U$, and still the slope of tanh takes its share: 49 steps leave less than one part
# in a hundred. With 0.8 six powers of ten are gone. With 1.3 stretching and slopes nearly balance, here. With 2 the
# gradient grows by more than three powers: it *explodes*.
#
# What can be said for certain? Let $\sigma$ be the largest *singular value* of $U$: the most by which it can stretch
# a vector, its norm as a matrix. The slope of tanh is at most 1, so $\lVert J_t \rVert \le \sigma$, and $d$ steps keep
# at most $\sigma^d$:
#
# - If $\sigma < 1$, gradients *must* vanish, at least as fast as $\sigma^d$.
# - If they are to explode, $\sigma > 1$ is *necessary*. It is not enough, since flat tanh can undo it.
#
# Many texts put the *spectral radius* $\rho$, the largest absolute eigenvalue, in the place of $\sigma$. For the
# linear network (tanh left out) that is right in the long run: $\lVert U^d \rVert^{1/d}$ tends to $\rho$. But where
# $\rho < \sigma$ the product can grow first; and with slopes in between, $\rho < 1$ guarantees nothing. Here is a $U$
# with $\rho = 0$ whose second unit is saturated (slope 0) while the first stands at slope 1.

# %%
U = 2 * np.array([[1.0, -1.0], [1.0, -1.0]])
slopes = np.diag([1.0, 0.0])
check.claim("radius", np.abs(np.linalg.eigvals(U)).max())
check.claim("largest_singular_value", np.linalg.norm(U, 2))
check.claim("linear_product", np.linalg.norm(np.linalg.matrix_power(U.T, 10), 2))
check.claim("product", np.linalg.norm(np.linalg.matrix_power(slopes @ U.T, 10), 2))

# %% [markdown]
# Without slopes, two steps give exactly zero; with them, ten steps give more than a thousand.
#
# Why does vanishing hurt, if a larger rate would make up for it? Because the gradient of $W$ is a *sum* over time:
# what the first letter says is drowned by what the last ten say. Hochreiter saw this in 1991. Bengio, Simard and
# Frasconi (1994) found more: to hold a bit safely against noise, a state must sit where small changes die out, and
# there the gradient dies out with them. For the plain network, to remember *safely* is to be deaf.
#
# ## 5. Explosion, and its mend
#
# Take plain gradient descent (Adam divides by the gradient's size, which hides much), lines of 20 letters, and three
# runs from the same start: as it comes, clipped to length 1 (we shall say how), and with a tenth of the rate.
# **Predict, then run:** what do a few long gradients do?


# %%
def descend(max_norm, length=20, rate=0.3, steps=500):
    """Gradient descent on lines -> losses, lengths of the gradients."""
    lines, rng = write_lines(4000, length, np.random.default_rng(12)), np.random.default_rng(14)
    params, losses, norms = new_params(1, 27, 64, 27, 3), [], []
    for _ in range(steps):
        batch = lines[rng.integers(4000, size=64)]
        loss, grads, _ = loss_and_grads(RNN, params, one_hot[batch], batch[:, :1])
        grads, norm = clipped(grads, max_norm)
        params = [(p - rate * g).astype("float32") for p, g in zip(params, grads)]
        losses.append(loss)
        norms.append(norm)
    return np.array(losses), np.array(norms)


# %%
runs = {"unclipped": descend(np.inf), "clipped at 1": descend(1.0)}
runs["slower, a tenth of the rate"] = descend(np.inf, rate=0.03)
_, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
losses, norms = ({name: run[k] for name, run in runs.items()} for k in (0, 1))
plots.curves(losses, "step", "loss", ax=left)
plots.curves(norms, "step", "length of the gradient, before clipping", ax=right, log=True)
right.get_legend().remove()
left.set_ylim(-0.2, 7.5)
plt.show()
for name, (losses, norms) in runs.items():
    check.claim(f"loss_{name.split()[0].strip(',')}", losses[-50:].mean())
    print(f"longest gradient {norms.max():.1f}, median {np.median(norms):.2f}")

# %% [markdown]
# *What to look for: without clipping the loss stays at about 3, the height of guessing; it comes down once, and is
# thrown back. With clipping, from the same start and on the same lines, it goes down to nearly nothing.* The
# clipped run meets long gradients too, again and again. It survives them. Most of its gradients are longer than 1,
# so clipping shortens ordinary steps as well, and a smaller rate does that too: the third run also comes down. But a
# rate small enough for the longest gradient is small for all, and after as many steps its loss is still 0.4.
#
# Along the valleys of such a loss stand cliffs, where the gradient is huge for a moment; one step with it lands far
# away, where tanh is flat. *Clipping* keeps the direction of the whole gradient $g$ and cuts its length:
#
# $$g \leftarrow g \cdot \min\!\left(1, \frac{\text{max norm}}{\lVert g \rVert}\right) .$$
#
# It is Pascanu, Mikolov and Bengio's proposal (2013). In Keras an optimizer takes `global_clipnorm=1.0`; its
# `clipnorm` clips each weight array by itself, which bends the direction. Clipping mends explosion and only that:
# what has vanished is not brought back by making it shorter.
#
# ## 6. Truncated backpropagation
#
# Text does not end after 50 letters, and BPTT keeps every state until the way back has used it. So one goes back a
# fixed number of steps, the *window*, and treats the state before it as given. Forward, the state is still handed on.
# (A long text is cut into pieces, and no gradient passes from one to the one before; a layer with `stateful=True`
# keeps its state for the next piece.) **Predict, then run:** lines of 12 letters, which the plain network has
# mastered. What happens with a window of 11, so that only the very first letter gets no gradient? And with a window
# of 1?

# %%
windows = [1, 2, 4, 6, 8, 10, 11, 12]
start = new_params(1, 27, 64, 27, 3)
shares = [first_letter(RNN, start, 12, 3e-3, reach=window) for window in windows]
ax = plots.curves({"after training": (windows, shares)}, "window", "first letter told")
ax.axhline(most_common, color="black", lw=1, label="most common letter")
ax.set_ylim(0, 1.05)
ax.legend()
plt.show()
check.claim("window_1", shares[0])
check.claim("window_6", shares[3])
check.claim("window_11", shares[6])
check.claim("window_12", shares[-1])

# %% [markdown]
# *What to look for: only the full window gets everything right, a window of 11 some 95 %, and short ones much less,
# but more than guessing.* What lies beyond the window is not taught. With a window of 1 no gradient ever asks an
# earlier state to keep anything, and yet 52 % are right: states that were never asked to carry traces of the past by
# chance, and the last step learns to read them. (Networks that live on this alone are Jaeger's *echo state networks*,
# 2001.) So a truncated network does not fail loudly: it uses what happens to be left.
#
# ## 7. The LSTM
#
# If one factor per step is the trouble, make the factor 1. Hochreiter and Schmidhuber's *long short-term memory*
# (1997) gives each unit a second number, the *cell* $c_t$, to which things are **added**:
#
# $$c_t = f_t \odot c_{t-1} + i_t \odot g_t, \qquad h_t = o_t \odot \tanh(c_t) . \tag{4}$$
#
# All are $(m, u)$. The *candidate* $g_t$ is what a plain network would have computed. The *gates* lie between 0 and
# 1: the *input gate* $i_t$ decides how much of the candidate is written, the *forget gate* $f_t$ how much of the
# old cell is kept, the *output gate* $o_t$ how much of it is shown. Each is a small layer of its own, with its own
# columns of $W$ $(n, 4u)$, $U$ $(u, 4u)$ and $b$ $(4u)$, in Keras's order $i, f, g, o$:
#
# $$i, f, o = \text{sigmoid}(x_t W + h_{t-1} U + b), \qquad g = \tanh(x_t W + h_{t-1} U + b).$$
#
# The network of 1997 had no forget gate; its $f$ was 1, always, and the path from $c_t$ to $c_{t-1}$ a *constant
# error carousel*; the gradient was even cut off on every other way back. Cells that can only add run full, so Gers,
# Schmidhuber and Cummins (2000) let them forget.
#
# ```text
#   c_(t-1) --- * f --- + --------+------> c_t
#                       ^         v
#                     i * g    tanh, * o ----> h_t
# ```


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def lstm_step(x, state, params):
    """x (batch, features), state (h, c), params [W, U, b], gates in Keras's order -> state, cache"""
    W, U, b = params
    h, c = state
    a_i, a_f, a_g, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c_new = f * c + i * g
    shown = np.tanh(c_new)
    return (o * shown, c_new), (x, h, c, i, f, g, o, shown)


# %% [markdown]
# Backward, we walk (4) from the right. The new cell is used twice: by $h_t$, with slope $o (1 - \tanh^2 c_t)$, and by
# whoever keeps it, which is what `dc` brings. After that every factor of a product receives the gradient times the
# other factor, and each gate passes its sigmoid's slope. Note `dc * f` in the last line: **from cell to cell, one step
# back multiplies the gradient by the forget gate, and by no matrix.**


# %%
def lstm_step_backward(dstate, cache, params):
    """dstate (dh_new, dc_new) -> dx, (dh, dc), gradients of [W, U, b]"""
    W, U, b = params
    x, h, c, i, f, g, o, shown = cache
    dh, dc = dstate
    dc = dc + dh * o * (1 - shown**2)
    da_i, da_f = dc * g * i * (1 - i), dc * c * f * (1 - f)
    da_g, da_o = dc * i * (1 - g**2), dh * shown * o * (1 - o)
    da = np.concatenate([da_i, da_f, da_g, da_o], axis=1)
    return da @ W.T, (da @ U.T, dc * f), [x.T @ da, h.T @ da, da.sum(axis=0)]


# %%
LSTM = (lstm_step, lstm_step_backward, 2)
params = random_params(4, 16)
check.claim("lstm_check", check_error(LSTM, params))
values, gradients = keras_gaps(LSTM, params, layers.LSTM(4, return_sequences=True))
check.claim("lstm_keras_values", values)
check.claim("lstm_keras_gradients", gradients)

# %% [markdown]
# ### How far back, exactly?
#
# Going back $d$ steps along the cell multiplies by $d$ forget gates: this is the *direct path*. An untrained forget
# gate is about $\mathrm{sigmoid}(b_f)$, where $b_f$ is its bias. Keras starts it at 1 (`unit_forget_bias=True`), as
# Jozefowicz, Zaremba and Sutskever (2015) advise, and sigmoid(1) is 0.73. **Predict, then run:** what is left on
# the direct path after 48 steps? And does an LSTM that starts so tell the first of 50 letters better than the plain
# network?


# %%
def new_lstm(n_in, units, n_out, seed, forget_bias):
    params = new_params(4, n_in, units, n_out, seed)
    params[2][units : 2 * units] = forget_bias
    return params


def direct_path(params, steps, length=50):
    """Mean product of the last `steps` forget gates, over 64 lines and all units."""
    lines = write_lines(64, length, np.random.default_rng(13))
    _, caches = forward(LSTM, params[:3], one_hot[lines])
    return np.prod([cache[4] for cache in caches[length - steps :]], axis=0).mean()


# %%
whole, direct = {}, {}
for bias in (0, 1, 5):
    params = new_lstm(27, 32, 27, 3, bias)
    whole[f"cell, forget bias {bias}"] = gradient_sizes(LSTM, params, vector=1)
    direct[f"forget bias {bias}"] = np.array([direct_path(params, d) for d in range(49)])
whole["plain network"] = gradient_sizes(RNN, new_params(1, 27, 32, 27, 3))
whole = {name: sizes[1:] / sizes[1] for name, sizes in whole.items()}  # no step follows the last cell
_, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), sharey=True)
plots.curves(direct, "steps back", "share that is left", "direct path alone", ax=left, log=True, first=0)
plots.curves(whole, "steps back", "", "all paths together", ax=right, log=True, first=0)
plt.show()
for bias in (1, 5):
    check.claim(f"direct_{bias}", np.log10(direct[f"forget bias {bias}"][-1]))
    check.claim(f"whole_{bias}", np.log10(whole[f"cell, forget bias {bias}"][-1]))

# %% [markdown]
# *What to look for: on the left, straight lines again, each with the slope of its forget gate. Bias 1 leaves a
# share of $10^{-6.5}$ after 48 steps, bias 5 leaves 0.7.* On the right is all that comes to the cell from later
# steps. It is larger, because $c_{t-1}$ also acts on $c_t$ through $h_{t-1}$, $U$ and the gates: a second, plain
# network around the first. Those paths do not keep units apart, they stir them, and with bias 5 they even add up to
# *more* than 1. So an LSTM's gradient can vanish, and can explode. What it has is one path whose factor is learned,
# and can be 1. With bias 1 less arrives than in the plain network. **Predict, then run:** how many letters does each
# span, all trained at one rate?

# %%
for bias in (1, 5):
    told[f"LSTM, forget bias {bias}"] = [
        [first_letter(LSTM, new_lstm(27, 32, 27, s, bias), T, 1e-2) for s in (3, 4)] for T in (30, 50)
    ]
medians = {name: (lengths[-len(t) :], np.median(t, axis=1)) for name, t in told.items()}
ax = plots.curves(medians, "letters", "first letter told")
for shares in told.values():
    ax.plot(lengths[-len(shares) :], shares, "o", color="silver", zorder=0)
ax.axhline(most_common, color="black", lw=1, label="most common letter")
ax.legend()
plt.show()
for bias in (1, 5):
    check.claim(f"lstm_{bias}_at_50", np.mean(told[f"LSTM, forget bias {bias}"][-1]))

# %% [markdown]
# *What to look for: the green line stays up.* At 50 letters the LSTM that starts with bias 5 names 93 % of the first
# letters; the one that starts with 1 guesses at 30 already, sooner than the plain network, as its gradients had
# foretold. Here one number at the start decides how far its memory reaches. A start of $\mathrm{sigmoid}(b_f) = f$
# keeps things for about $1/(1-f)$ steps, 4 for bias 1 and 150 for bias 5. Keras's default is a fair start for short
# memories, no law: if your task needs longer ones, say so in the bias.
#
# ## 8. The GRU
#
# Cho and others (2014) wanted a unit that is simpler than an LSTM to compute and to write. Their *gated recurrent
# unit* has no second vector and two gates. The *update gate* $z$ blends old state and candidate, the *reset gate*
# $r$ decides how much of the old state the candidate sees. With Keras's order $z, r, \tilde h$ and one slice of $W$
# $(n, 3u)$ and $U$ $(u, 3u)$ each,
#
# $$h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t, \qquad
# \tilde h_t = \tanh\!\big(x_t W_h + b_h + (r_t \odot h_{t-1})\, U_h\big). \tag{5}$$
#
# (Some texts call $1 - z$ what is $z$ here.) Keras's default, `reset_after=True`, differs from the published paper
# (the preprint's first version had it so): the reset gate comes *after* the product, which saves time because one
# product with $U$ then serves all three, and that product has a bias of its own. So $b$ is $(2, 3u)$, one row for
# $x$ and one for $h$:
#
# $$\tilde h_t = \tanh\!\big(x_t W_h + b^{(1)}_h + r_t \odot (h_{t-1} U_h + b^{(2)}_h)\big). \tag{6}$$
#
# The two are different functions; weights trained in one do not fit the other. Backward, $z$ blends and so receives
# the gradient times $h_{t-1} - \tilde h_t$; the candidate's gradient parts at $r$, and only the way to $h$ carries it.


# %%
def gru_step(x, state, params):
    """Equation (6), Keras's default: params [W, U, b], b (2, 3 * units)."""
    W, U, b = params
    (h,) = state
    from_x = np.split(x @ W + b[0], 3, axis=1)
    from_h = np.split(h @ U + b[1], 3, axis=1)
    z, r = sigmoid(from_x[0] + from_h[0]), sigmoid(from_x[1] + from_h[1])
    g = np.tanh(from_x[2] + r * from_h[2])
    return (z * h + (1 - z) * g,), (x, h, z, r, g, from_h[2])


# %%
def gru_step_backward(dstate, cache, params):
    W, U, b = params
    x, h, z, r, g, recalled = cache
    (dh,) = dstate
    da_z, da_g = dh * (h - g) * z * (1 - z), dh * (1 - z) * (1 - g**2)
    da_r = da_g * recalled * r * (1 - r)
    to_x, to_h = np.hstack([da_z, da_r, da_g]), np.hstack([da_z, da_r, da_g * r])
    db = np.stack([to_x.sum(axis=0), to_h.sum(axis=0)])
    return to_x @ W.T, (dh * z + to_h @ U.T,), [x.T @ to_x, h.T @ to_h, db]


# %% [markdown]
# And the paper's version. Its reset gate stands inside the product, so on the way back $U_h$ comes first and $r$
# after.


# %%
def paper_step(x, state, params):
    """Equation (5): b (3 * units,)."""
    W, U, b = params
    (h,) = state
    u = h.shape[1]
    a = x @ W + b
    a[:, : 2 * u] += h @ U[:, : 2 * u]
    z, r = sigmoid(a[:, :u]), sigmoid(a[:, u : 2 * u])
    g = np.tanh(a[:, 2 * u :] + (r * h) @ U[:, 2 * u :])
    return (z * h + (1 - z) * g,), (x, h, z, r, g)


# %%
def paper_step_backward(dstate, cache, params):
    W, U, b = params
    x, h, z, r, g = cache
    (dh,), u = dstate, h.shape[1]
    da_g = dh * (1 - z) * (1 - g**2)
    back = da_g @ U[:, 2 * u :].T  # the gradient of r * h
    gates = np.hstack([dh * (h - g) * z * (1 - z), back * h * r * (1 - r)])
    da, dU = np.hstack([gates, da_g]), np.hstack([h.T @ gates, (r * h).T @ da_g])
    dh_old = dh * z + back * r + gates @ U[:, : 2 * u].T
    return da @ W.T, (dh_old,), [x.T @ da, dU, da.sum(axis=0)]


# %%
GRU, PAPER = (gru_step, gru_step_backward, 1), (paper_step, paper_step_backward, 1)
gaps = []
for cell, bias_shape, reset_after in ((GRU, (2, 12), True), (PAPER, 12, False)):
    params = random_params(3, bias_shape)
    layer = layers.GRU(4, return_sequences=True, reset_after=reset_after)
    gaps.append([check_error(cell, params), *keras_gaps(cell, params, layer)])
check.claim("gru_check", max(gap[0] for gap in gaps))
check.claim("gru_keras_values", max(gap[1] for gap in gaps))
check.claim("gru_keras_gradients", max(gap[2] for gap in gaps))

# %% [markdown]
# ## 9. Two tasks that need memory
#
# Lines of names are our own test. Adding (in Hochreiter and Schmidhuber's paper already) and copying are asked of
# recurrent networks to this day.
#
# **Adding.** Each step brings a random number between 0 and 1 and a mark that is 1 at two places, one in each half.
# At the end the network must name the sum of the two marked numbers. Always answering the mean, 1, has the mean
# squared error $2 \cdot \frac1{12} = 0.167$: whoever does not get below it has learned nothing. Fifty steps; a plain
# network of 64 units against an LSTM and a GRU of 32, two starts each, at rates that suit them (0.003 is the plain
# network's best of 0.001, 0.003 and 0.01). **Predict, then run.**


# %%
def adding_batch(n, length, rng):
    """-> x (n, length, 2), numbers and marks; sum of the two marked numbers (n, 1)"""
    x = np.zeros((n, length, 2), "float32")
    x[:, :, 0] = rng.uniform(size=(n, length))
    rows, half = np.arange(n), length // 2
    x[rows, rng.integers(0, half, n), 1] = 1
    x[rows, rng.integers(half, length, n), 1] = 1
    return x, (x[:, :, 0] * x[:, :, 1]).sum(axis=1, keepdims=True)


def adding_run(cell, params, rate, seed, steps=600):
    rng = np.random.default_rng(seed)
    return train(cell, params, lambda t: adding_batch(64, 50, rng), steps, rate)


# %%
contest, sizes = {}, {}
for seed in (0, 1):
    gru = new_params(3, 2, 32, 1, seed)
    gru[2] = np.zeros((2, 96), "float32")  # one bias row for x, one for h
    entries = {"plain, 64 units": (RNN, new_params(1, 2, 64, 1, seed), 3e-3)}
    entries |= {"LSTM, 32 units": (LSTM, new_lstm(2, 32, 1, seed, 1), 1e-2)}
    entries |= {"GRU, 32 units": (GRU, gru, 1e-2)}
    for name, entry in entries.items():
        contest[name, seed] = adding_run(*entry, seed)
        sizes[name] = sum(p.size for p in entry[1])
print(sizes)
check.claim("plain_size", sizes["plain, 64 units"])
check.claim("lstm_size", sizes["LSTM, 32 units"])

# %%
x, target = adding_batch(1000, 50, np.random.default_rng(15))
smooth = lambda losses: losses.reshape(-1, 20).mean(axis=1)
steps, curves = np.arange(20, 601, 20), {}
for (name, seed), (_, losses) in contest.items():
    curves[f"{name}, start {seed}"] = (steps, smooth(losses))
ax = plots.curves(curves, "step", "mean squared error", log=True)
ax.axhline(1 / 6, color="black", lw=1, label="always 1")
ax.legend(loc="center right", bbox_to_anchor=(1, 0.62), fontsize=8)
plt.show()
cells = {"plain, 64 units": RNN, "LSTM, 32 units": LSTM, "GRU, 32 units": GRU}
for name, cell in cells.items():
    errors = [((answers(cell, contest[name, s][0], x)[:, 0] - target) ** 2).mean() for s in (0, 1)]
    print(f"{name}: error on 1,000 new sequences {errors[0]:.4f}, {errors[1]:.4f}")
    worst_or_best = min(errors) if cell is RNN else max(errors)
    check.claim(f"adding_{name.split(',')[0]}", worst_or_best)

# %% [markdown]
# *What to look for: two lines run along the black one, the rest fall away from it.* The plain network, with about
# as many weights as the LSTM (4,353 and 4,513), has after 600 steps learned next to nothing: its better start errs
# by 0.159. The LSTM's worse start errs by 0.001, and the GRU, with fewer weights still, gets there first. Here
# forget bias 1 was enough. (Nor is the plain network unable in principle: try shorter sequences.)
#
# **Copying.** Three symbols out of four kinds, then blanks, then a signal to begin: the network must now repeat the
# three, in order, the first of them at the signal. The number of blanks varies between 1 and 30 from batch to batch.
# With one number for all, a delay line of that length, which a plain network can learn from some starts, would do.
# Guessing is right for one in four.


# %%
def copy_batch(n, delay, rng):
    """Symbols 1-4, blanks 0, the signal 5, two blanks -> one-hot (n, delay + 6, 6), symbols (n, 3)"""
    symbols = rng.integers(1, 5, (n, 3))
    sequence = np.zeros((n, delay + 6), int)
    sequence[:, :3] = symbols
    sequence[:, delay + 3] = 5
    return np.eye(6, dtype="float32")[sequence], symbols


def copy_run(cell, params, rate, seed, steps=800):
    """-> share of symbols right after 30 blanks"""
    rng = np.random.default_rng(seed)
    params, _ = train(cell, params, lambda t: copy_batch(64, rng.integers(1, 31), rng), steps, rate)
    x, symbols = copy_batch(1000, 30, np.random.default_rng(16))
    return (answers(cell, params, x, wanted=3).argmax(axis=2) == symbols).mean()


# %%
plain = [copy_run(RNN, new_params(1, 6, 64, 6, seed), 3e-3, seed) for seed in (0, 1)]
gated = [copy_run(LSTM, new_lstm(6, 32, 6, seed, 1), 1e-2, seed) for seed in (0, 1)]
print(f"plain {plain[0]:.3f}, {plain[1]:.3f}; LSTM {gated[0]:.3f}, {gated[1]:.3f}")
check.claim("copy_plain", np.mean(plain))
check.claim("copy_lstm", np.mean(gated))

# %% [markdown]
# After 30 blanks the LSTM has every symbol right, from both starts. The plain network has just under half: better than
# guessing, far from copying.
#
# Why does Keras's forget bias of 1 do here, and not on lines of 30 letters? Both tasks have something near to begin
# with: the second mark, the short delays. We can give that to the lines, and cut each batch somewhere between 5 and
# 30 letters. **Predict, then run:** does it help to be asked easier questions?

# %%
varied = [first_letter(LSTM, new_lstm(27, 32, 27, s, 1), 30, 1e-2, shortest=5) for s in (3, 4)]
check.claim("lstm_1_varied", np.mean(varied))

# %% [markdown]
# It guessed before; now it tells the first of 30 letters for 93 % of new lines. As we read it, what is near
# teaches the gates to keep, and what is far profits.
#
# ### The gates at work
#
# The LSTM that adds can be watched. Here it reads a sequence; red triangles are the marks; each row is one of the 32
# units, those with the most open forget gates on top. Below, the cell of the top unit, for three sequences.


# %%
def watch(adder):
    """i, f, g, o, c at each step (sequences, steps, units), most open forget gates first."""
    _, caches = forward(LSTM, adder[:3], x)
    i, f, g, o, c = (np.stack([cache[k] for cache in caches], axis=1) for k in (3, 4, 5, 6, 2))
    order = f.mean(axis=(0, 1)).argsort()[::-1]
    return [a[:, :, order] for a in (i, f, g, o, f * c + i * g)]


# %%
i, f, g, o, c = watch(contest["LSTM, 32 units", 0][0])
_, axes = plt.subplots(1, 3, figsize=(10, 3.4))
for ax, (name, gate) in zip(axes, {"input gate": i, "forget gate": f, "output gate": o}.items()):
    image = ax.imshow(gate[0].T, aspect="auto", vmin=0, vmax=1)
    marks = np.flatnonzero(x[0, :, 1])
    ax.plot(marks, [-1.2, -1.2], "v", color="red", clip_on=False)
    ax.set(xlabel="step", ylabel="unit" if gate is i else "", ylim=(31.5, -0.5))
    ax.set_title(name, pad=12)
    ax.grid(False)
plt.colorbar(image, ax=list(axes))
plt.show()

# %%
_, ax = plt.subplots(figsize=(6.4, 3))
for k, color in zip((0, 2, 3), plots.COLORS):
    marks = np.flatnonzero(x[k, :, 1])
    ax.plot(c[k, :, 0], color=color, label=f"sum {target[k, 0]:.2f}")
    ax.plot(marks, c[k, marks, 0], "o", color=color)
ax.set(title="cell of the top unit, marks as dots", xlabel="step", ylabel="c")
ax.legend(bbox_to_anchor=(1, 1))
plt.show()


# %%
def look(adder):
    """Top unit: writing at marks / elsewhere, forget gate, last cell against the sum; errors jammed."""
    i, f, g, o, c = watch(adder)
    written, marked = np.abs(i * g)[:, :, 0], x[:, :, 1] == 1
    seen = [written[marked].mean() / written[~marked].mean(), f[:, :, 0].mean()]
    seen.append(abs(np.corrcoef(c[:, -1, 0], target[:, 0])[0, 1]))
    for place in (0, 1, 3):  # input, forget, output gates
        jammed = [p.copy() for p in adder]
        jammed[2][32 * place : 32 * (place + 1)] += 50  # a bias that no input can outweigh
        seen.append(((answers(LSTM, jammed, x)[:, 0] - target) ** 2).mean())
    return seen


both = np.array([look(contest["LSTM, 32 units", seed][0]) for seed in (0, 1)])
claims = ["written_ratio", "top_forget", "cell_is_sum", "jammed_input", "jammed_forget", "jammed_output"]
for name, least in zip(claims, both.min(axis=0)):
    check.claim(name, least)

# %% [markdown]
# *What to look for: the top rows, and the jumps at the dots.* The numbers are the lesser of the two starts. The top
# unit's forget gate stands at 0.99 on average, and at the marks it writes over twenty times as much as elsewhere. Its
# cell is a staircase: at each dot a jump that depends on the number there, nearly level stretches between. And what
# stands there at the end? Over 1,000 sequences its correlation with the sum is 0.997, up to the sign. One of 32 cells
# has become the adder's register, and nobody told it so.
#
# Jamming one kind of gate open shows that these trained networks need all three: an error of 0.001 becomes at least 5
# without input gates, 0.03 without forgetting, 0.3 without output gates.
#
# ## 10. A network that invents names
#
# A *character model* reads a name and at each letter predicts the next. Written out with the chain rule of
# probability, $p(\text{name}) = \prod_t p(\text{letter}_t \mid \text{letters before})$, and the loss is the mean of
# $-\log p$ per letter, the blank at the end included. We hold back every tenth name. The yardstick is a *bigram*
# model: count which letter follows which, and look one letter back only. (`Embedding(27, 16)` is a learned table with
# 16 numbers for each letter: a dense layer on one-hot letters that looks up a row instead of multiplying.)
#
# So far NumPy has done the training, on the processor. This network is Keras's, and with a GPU `scale` makes it wider,
# 256 units in the place of 64, and its training twice as long. Our numbers are those without; the table at the top of
# the page has both.

# %%
length = max(map(len, words)) + 2  # room for a blank at the end
numbers = np.array([[alphabet.index(letter) for letter in word.ljust(length)] for word in words])
inputs = np.hstack([np.zeros((len(words), 1), int), numbers[:, :-1]])  # a blank begins
counted = np.hstack([np.ones((len(words), 1)), numbers[:, :-1] > 0]).astype("float32")  # up to the end
held = np.arange(len(words)) % 10 == 9
pairs = np.ones((27, 27))  # one more than counted, so that nothing has probability 0
kept = counted[~held] > 0
np.add.at(pairs, (inputs[~held][kept], numbers[~held][kept]), 1)
bigram = np.log(pairs / pairs.sum(axis=1, keepdims=True))
kept = counted[held] > 0
check.claim("bigram_loss", -bigram[inputs[held][kept], numbers[held][kept]].mean())

# %%
keras.utils.set_random_seed(11)
units, epochs = scale(cpu=64, gpu=256), scale(cpu=4, gpu=8)
stack = [layers.Embedding(27, 16), layers.LSTM(units, return_sequences=True), layers.Dense(27)]
speller = keras.Sequential([keras.Input((length,)), *stack])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
speller.compile(keras.optimizers.Adam(5e-3, global_clipnorm=1.0), loss, jit_compile=True)
x_fit, y_fit, weights = (a[~held][:17920] for a in (inputs, numbers, counted))  # 140 batches
speller.fit(x_fit, y_fit, sample_weight=weights, batch_size=128, epochs=epochs, verbose=0)
logits = speller.predict(inputs[held], batch_size=500, verbose=0)
logits = logits - logits.max(axis=2, keepdims=True)
chosen = np.take_along_axis(logits, numbers[held][:, :, None], axis=2)[:, :, 0]
surprise = np.log(np.exp(logits).sum(axis=2)) - chosen
check.claim("lstm_loss", surprise[kept].mean())

# %% [markdown]
# Now let it write, with Keras's weights in our own `lstm_step`; the embedding melts into the kernel. Draw a letter
# from the predicted probabilities (by chapter 2's Gumbel noise), feed it back, until a blank comes. Dividing the
# logits by a *temperature* below 1 makes likely letters likelier; above 1 it evens them out. **Predict, then run:**
# what share of the names is in no list, at temperature 0.5 and at 1?


# %%
def invent(n, temperature, rng):
    """n names, letter by letter."""
    E, W, U, b, V, c = speller.get_weights()
    state, letters, texts = (np.zeros((n, units)), np.zeros((n, units))), np.zeros(n, int), [""] * n
    for _ in range(length):
        state, _ = lstm_step(one_hot[letters], state, [E @ W, U, b])
        logits = (state[0] @ V + c) / temperature
        letters = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)  # drawn from softmax
        texts = [text + alphabet[letter] for text, letter in zip(texts, letters)]
    return [text.split(" ")[0] for text in texts]


known = set(words)
for temperature in (0.5, 1.0, 1.5):
    names = invent(1000, temperature, np.random.default_rng(17))
    print(f"{temperature}: {', '.join(names[:9])}")
    check.claim(f"new_{temperature}".replace(".", "_"), np.mean([name not in known for name in names]))

# %% [markdown]
# The bigram model pays 2.42 per letter; the LSTM 2.09, on names that neither has seen. At temperature 0.5 it spells
# safely, and 57 % of its names are in no list; at 1 it is 91 %; at 1.5 nearly all are new and many no longer look
# like names. New is not the same as good: the loss measures the second, the share only the first. (The wider network
# pays 1.94, and at temperature 0.5 only a quarter of its names is new: it knows the list better.)
#
# ## 11. Both directions, two layers, and padding
#
# For a task where the whole sequence is there at once, one need not read forward only. A *bidirectional* layer runs
# one network forward and another backward and puts their states side by side (Schuster and Paliwal 1997). Layers can
# be *stacked*: the states of one are the inputs of the next. The task: is a name registered more often for girls or
# for boys? The data card gives two baselines: always "girl" is right for 61.3 %, the last letter alone for 79.9 %.
#
# Names differ in length, a batch is a rectangle, so short names are filled up with zeros. A network that does not
# know reads those zeros as letters, and going backward it comes to them first. `mask_zero=True` makes the embedding
# hand on a *mask*, and each recurrent layer leaves its state as it is wherever the mask says padding. **Predict, then
# run:** trained on names filled to 16 places, asked about the same names filled to 32. Which of the two models cares?


# %%
girl = np.array([sex == "F" for _, sex, _ in records]).astype("float32")


def girl_or_boy(mask_zero):
    keras.utils.set_random_seed(18)
    stack = [layers.Embedding(27, 16, mask_zero=mask_zero)]
    stack += [layers.Bidirectional(layers.LSTM(16, return_sequences=True))]
    stack += [layers.Bidirectional(layers.LSTM(16)), layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential([keras.Input((None,)), *stack])
    model.compile(keras.optimizers.Adam(1e-2), "binary_crossentropy")
    model.fit(numbers[~held][:17920], girl[~held][:17920], batch_size=256, epochs=2, verbose=0)
    return model


# %%
wide = np.pad(numbers[held], ((0, 0), (0, 16)))
for name, model in {"masked": girl_or_boy(True), "unmasked": girl_or_boy(False)}.items():
    asked = (numbers[held], wide)
    narrow_p, wide_p = (model.predict(n, batch_size=1000, verbose=0)[:, 0] for n in asked)
    check.claim(f"{name}_accuracy", ((narrow_p > 0.5) == girl[held]).mean())
    check.claim(f"{name}_change", np.abs(narrow_p - wide_p).max())
    check.claim(f"{name}_turned", ((narrow_p > 0.5) != (wide_p > 0.5)).mean())

# %% [markdown]
# Both beat the last letter alone. But the masked model gives the same answers at both widths, to rounding, and the
# other changes some of its probabilities by a quarter or more and turns about one answer in twenty around, for
# nothing but blanks. A check in one line, *pad and compare*, notices.
#
# ## The question, answered
#
# **How long does it remember?** Trained for 400 steps, the plain network tells the first of 10 letters, and of 50
# only from a lucky start. **What makes it forget?** Not its size. The word of the loss must come back through one
# Jacobian per letter, each of which turns, stirs and shrinks it; the sum over time drowns what is left. **What did
# the LSTM change?** It gave the state a path on which things are added and kept, not transformed. The factor on that
# path, in 1997 always 1, is a gate, which can be learned, and started, close to 1. Started at 0.99 it holds the first
# of 50 letters; started at 0.73 not even of 30, unless shorter lines teach it first.
#
# The path is still as long as the sentence. Chapter 15 makes it one step long.
#
# ## Check yourself
#
# **1.** A layer of 20 LSTM units reads sequences of 7 features. How many weights has it? How many for 1,000 steps in
# the place of 10?
#
# <details><summary>Answer</summary>
#
# $4 \cdot (7 \cdot 20 + 20 \cdot 20 + 20) = 2240$, for any number of steps.
#
# </details>
#
# **2.** Every singular value of $U$ is 0.9. At most what share of the gradient is left after 50 steps? And if they are
# all 1.1, must it explode?
#
# <details><summary>Answer</summary>
#
# At most $0.9^{50} \approx 0.005$. With 1.1 it may explode, but the slopes of tanh are at most 1 and often less, so
# it need not.
#
# </details>
#
# **3.** Weights of a GRU trained with `reset_after=True` are put into one with `reset_after=False`, dropping the second
# bias, which is zero. Same outputs?
#
# <details><summary>Answer</summary>
#
# In general no: $r \odot (h U_h)$ and $(r \odot h) U_h$ differ, unless the gate's units all have the same value or
# $U_h$ is diagonal.
#
# </details>
#
# **4.** May the character model of section 10 be bidirectional?
#
# <details><summary>Answer</summary>
#
# No. The backward half would read the very letter that is to be predicted; the loss would go to almost nothing, and
# nothing could be generated.
#
# </details>
#
# ## In one paragraph
#
# A recurrent network applies the same step to each item of a sequence and hands on a state; unrolled, it is a deep
# network with shared weights, and backpropagation through time is the chain rule on it. Going back one step
# multiplies by a Jacobian. If the largest singular value of $U$ is below 1, gradients must vanish; to explode they
# need it above 1. Clipping mends explosion, a truncated window limits what can be taught, and against vanishing
# another architecture helps most. The LSTM adds to a cell and multiplies its gradient by the forget gate, on that
# path by nothing else; the GRU does the like with one vector. How far they reach depends on the gates, so start the
# forget bias by the span you need, or begin with short spans. Check gradients in 64 bits, and mask what is padding.
#
# ## Go further
#
# - S. Hochreiter (1991), *Untersuchungen zu dynamischen neuronalen Netzen*, diploma thesis, TU Munich (in German); Y.
#   Bengio, P. Simard and P. Frasconi (1994), *Learning long-term dependencies with gradient descent is difficult*, IEEE
#   Transactions on Neural Networks 5(2). Why gradients vanish; and why safe memory implies it.
# - J. Elman (1990), *Finding structure in time*, Cognitive Science 14(2). The plain network, and what it finds in letters.
# - P. Werbos (1990), *Backpropagation through time: what it does and how to do it*, Proceedings of the IEEE 78(10).
# - S. Hochreiter and J. Schmidhuber (1997), *Long short-term memory*, Neural Computation 9(8). The adding problem too.
# - F. Gers, J. Schmidhuber and F. Cummins (2000), *Learning to forget: continual prediction with LSTM*, Neural
#   Computation 12(10). The forget gate.
# - R. Pascanu, T. Mikolov and Y. Bengio (2013), *On the difficulty of training recurrent neural networks*, ICML.
#   Explosion, cliffs, clipping. Read it with section 4 at hand: which eigenvalues, which singular values?
# - R. Jozefowicz, W. Zaremba and I. Sutskever (2015), *An empirical exploration of recurrent network architectures*,
#   ICML. Thousands of cells tried; a forget bias of 1 closes the LSTM's gap to the GRU.
# - C. Tallec and Y. Ollivier (2018), *Can recurrent neural networks warp time?*, ICLR. The forget bias from the span.
# - K. Cho and others (2014), *Learning phrase representations using RNN encoder-decoder for statistical machine
#   translation*, EMNLP. The GRU.
# - M. Schuster and K. Paliwal (1997), *Bidirectional recurrent neural networks*, IEEE Transactions on Signal Processing
#   45(11).
# - H. Jaeger (2001), *The "echo state" approach to analysing and training recurrent neural networks*, GMD Report 148.
