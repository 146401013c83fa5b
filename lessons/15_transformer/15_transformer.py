# %% [raw] front=true
# title = "The Transformer"
# shows = "How a network finds what it needs by looking for it: attention and all that is built around it, from scratch and in Keras, then a translator of dates, a small GPT, a chatbot and a reader of pictures."
# needs = "Chapters 1 to 3 (layers, softmax, cross-entropy, gradients) and 7 (Keras). Residual connections (chapter 5) and recurrent networks (chapter 11) come up, and are said again in a sentence."
# minutes = {read = 75, run = 2}
# data = ["shakespeare", "dialog", "fashion_mnist"]
# accelerator = "GPU"
#
# [claims.returns]
# text = "share of speeches whose speaker is the one two speeches back"
# value = 0.62
# tolerance = 0.01
#
# [claims.most_common]
# text = "share of the speeches that the most frequent speaker has"
# value = 0.14
# tolerance = 0.01
#
# [claims.distance_near]
# text = "characters back to that name, 5th percentile"
# value = 55
# tolerance = 2
#
# [claims.distance_median]
# text = "characters back to that name, median"
# value = 176
# tolerance = 3
#
# [claims.distance_far]
# text = "characters back to that name, 95th percentile"
# value = 833
# tolerance = 10
#
# [claims.variance_1024]
# text = "variance of scalar products, d = 1024"
# value = 1024
# tolerance = 30
#
# [claims.largest_undivided]
# text = "mean largest share of 16 keys, d = 1024, undivided"
# value = 0.96
# tolerance = 0.01
#
# [claims.largest_divided]
# text = "mean largest share of 16 keys, d = 1024, divided by the root"
# value = 0.24
# tolerance = 0.01
#
# [claims.slope_ratio]
# text = "slope of the softmax, divided over undivided, d = 1024"
# value = 5.6
# tolerance = 0.5
#
# [claims.recall_attention]
# text = "share of facts recalled, one attention layer"
# value = 1.0
# tolerance = 0.01
#
# [claims.recall_by_count]
# text = "share of facts guessed right by naming the most frequent one"
# value = 0.21
# tolerance = 0.01
#
# [claims.recall_dense]
# text = "share of facts recalled, dense network"
# value = 0.17
# tolerance = 0.04
#
# [claims.recall_recurrent]
# text = "share of facts recalled, recurrent network"
# value = 0.19
# tolerance = 0.04
#
# [claims.shuffle_gap]
# text = "largest change of a logit when the pairs are shuffled"
# value = 0
# tolerance = 0.001
#
# [claims.rotation_gap]
# text = "largest difference between a shift by 7 and a rotation"
# value = 0
# tolerance = 1e-10
#
# [claims.two_back]
# text = "attention on the position two back, weights set by hand"
# value = 0.65
# tolerance = 0.01
#
# [claims.heads_gap]
# text = "largest difference between our heads and Keras's"
# value = 0
# tolerance = 1e-4
#
# [claims.weights_gap]
# text = "largest difference between our weights of attention and Keras's"
# value = 0
# tolerance = 1e-5
#
# [claims.collapsed]
# text = "difference of positions after three attention layers, power of ten"
# value = -5.6
# tolerance = 0.3
#
# [claims.kept]
# text = "difference of positions after twelve layers with residuals"
# value = 0.33
# tolerance = 0.02
#
# [claims.encoder_gap]
# text = "largest difference between our encoder block and Keras's"
# value = 0
# tolerance = 1e-4
#
# [claims.decoder_gap]
# text = "largest difference between our decoder block and Keras's"
# value = 0
# tolerance = 1e-4
#
# [claims.frequencies_loss]
# text = "held-back loss of symbol frequencies, nats per character"
# value = 3.2
# tolerance = 0.05
#
# [claims.pre_loss]
# text = "loss of six pre-norm blocks, steps 51 to 60"
# value = 2.68
# tolerance = 0.15
#
# [claims.post_loss]
# text = "loss of six post-norm blocks, steps 51 to 60"
# value = 3.2
# tolerance = 0.05
#
# [claims.honest_loss]
# text = "held-back loss with the mask, nats per character"
# value = 2.3
# tolerance = 0.1
#
# [claims.leaky_loss]
# text = "held-back loss with the mask forgotten"
# value = 0.09
# tolerance = 0.03
#
# [claims.leaky_in_use]
# text = "the same weights, with the future hidden"
# value = 9.1
# tolerance = 1.5
#
# [claims.layer_cache_gap]
# text = "largest difference between outputs with the cache and without"
# value = 0
# tolerance = 1e-10
#
# [claims.cache_saves]
# text = "multiplications for 128 positions, without the cache over with it"
# value = 71.6
# tolerance = 0.1
#
# [claims.equal_at_64]
# text = "multiplications of attention over those of a GRU, width 64, T = 64"
# value = 1
# tolerance = 1e-9
#
# [claims.dearer_at_1024]
# text = "the same at T = 1024"
# value = 6
# tolerance = 0.01
#
# [claims.influence_attention]
# text = "influence of the first input on the last output, T = 256, attention"
# value = 0.07
# tolerance = 0.005
#
# [claims.influence_recurrent]
# text = "the same, recurrent network, power of ten"
# value = -15.7
# tolerance = 0.5
#
# [claims.in_sight]
# text = "share of those names within 128 characters"
# value = 0.36
# tolerance = 0.01
#
# [claims.quiz_parameters]
# text = "parameters of the block in question 3"
# value = 49984
# tolerance = 0
#
# [claims.dates_right]
# text = "share of new dates that the translator writes right, all ten letters"
# value = 0.985
# tolerance = 0.02
# gpu = {value = 0.99, tolerance = 0.02}
#
# [claims.table_2]
# text = "nats per held-back character, table with n = 2"
# value = 2.499
# tolerance = 0.001
#
# [claims.table_4]
# text = "the same, n = 4"
# value = 1.729
# tolerance = 0.001
#
# [claims.table_5]
# text = "the same, n = 5"
# value = 1.681
# tolerance = 0.001
#
# [claims.table_6]
# text = "the same, n = 6"
# value = 1.725
# tolerance = 0.001
#
# [claims.cache_gap]
# text = "largest difference of the logits, NumPy with a cache and Keras"
# value = 0
# tolerance = 0.0002
#
# [claims.gpt_loss]
# text = "nats per held-back character, the small GPT"
# value = 1.75
# tolerance = 0.04
# gpu = {value = 1.643, tolerance = 0.04}
#
# [claims.both_loss]
# text = "the same, mean of its probability and that of the table with n = 5"
# value = 1.58
# tolerance = 0.025
# gpu = {value = 1.552, tolerance = 0.025}
#
# [claims.words_5]
# text = "share of the words written at temperature 0.5 that occur in the training text"
# value = 0.89
# tolerance = 0.06
# gpu = {value = 0.93, tolerance = 0.06}
#
# [claims.words_10]
# text = "the same at temperature 1.0"
# value = 0.59
# tolerance = 0.08
# gpu = {value = 0.72, tolerance = 0.08}
#
# [claims.words_15]
# text = "the same at temperature 1.5"
# value = 0.36
# tolerance = 0.08
# gpu = {value = 0.39, tolerance = 0.08}
#
# [claims.words_held_back]
# text = "share of the held-back words that occur in the training text"
# value = 0.827
# tolerance = 0.001
#
# [claims.look_one_back]
# text = "largest share of attention that a head has on the character before"
# value = 0.57
# tolerance = 0.2
# gpu = {value = 0.63, tolerance = 0.2}
#
# [claims.look_line_breaks]
# text = "largest share of attention that a head has on line breaks"
# value = 0.2
# tolerance = 0.15
# gpu = {value = 0.14, tolerance = 0.13}
#
# [claims.look_spaces]
# text = "largest share of attention that a head has on spaces"
# value = 0.35
# tolerance = 0.2
# gpu = {value = 0.22, tolerance = 0.2}
#
# [claims.spaces]
# text = "share of the characters that are spaces"
# value = 0.173
# tolerance = 0.001
#
# [claims.first_time]
# text = "nats per random letter, shown for the first time"
# value = 7.0
# tolerance = 1.2
# gpu = {value = 7.5, tolerance = 1.2}
#
# [claims.third_time]
# text = "how much more they cost for the third time"
# value = 0
# tolerance = 0.2
# gpu = {value = 0.13, tolerance = 0.2}
#
# [claims.places_in_sight]
# text = "held-back places where the name two speeches back is in sight"
# value = 55
# tolerance = 0
#
# [claims.returns_in_sight]
# text = "share of them at which it is the next name"
# value = 0.873
# tolerance = 0.001
#
# [claims.initial_expected]
# text = "probability that the GPT gives its initial there"
# value = 0.042
# tolerance = 0.02
# gpu = {value = 0.052, tolerance = 0.02}
#
# [claims.initial_anyway]
# text = "the same initials, mean over all these places"
# value = 0.043
# tolerance = 0.02
# gpu = {value = 0.051, tolerance = 0.02}
#
# [claims.reply_by_frequency]
# text = "nats per word of held-back replies, by the words' frequency"
# value = 4.826
# tolerance = 0.001
#
# [claims.reply_loss]
# text = "the same, by the chatbot"
# value = 3.61
# tolerance = 0.05
# gpu = {value = 3.518, tolerance = 0.05}
#
# [claims.listening]
# text = "nats per word that a stranger's words cost more"
# value = 0.045
# tolerance = 0.025
# gpu = {value = 0.057, tolerance = 0.025}
#
# [claims.f1_yeah]
# text = "F1 of always answering yeah"
# value = 0.014
# tolerance = 0.001
#
# [claims.f1_constant]
# text = "F1 of always answering 'i ? you .'"
# value = 0.154
# tolerance = 0.001
#
# [claims.f1_stranger]
# text = "F1 of a stranger's true reply"
# value = 0.064
# tolerance = 0.001
#
# [claims.f1_nearest]
# text = "F1 of the reply of the nearest neighbor"
# value = 0.066
# tolerance = 0.004
#
# [claims.f1_drawn]
# text = "F1 of the chatbot at temperature 0.6"
# value = 0.075
# tolerance = 0.02
# gpu = {value = 0.078, tolerance = 0.02}
#
# [claims.f1_likeliest]
# text = "F1 of the chatbot's likeliest reply"
# value = 0.078
# tolerance = 0.025
# gpu = {value = 0.096, tolerance = 0.025}
#
# [claims.right_vit]
# text = "share of test garments right, Vision Transformer"
# value = 0.84
# tolerance = 0.025
# gpu = {value = 0.86, tolerance = 0.025}
#
# [claims.right_dense]
# text = "the same, dense network of the same size"
# value = 0.857
# tolerance = 0.015
# gpu = {value = 0.877, tolerance = 0.015}
#
# [claims.right_convolution]
# text = "the same, convolutional network of the same size"
# value = 0.86
# tolerance = 0.015
# gpu = {value = 0.893, tolerance = 0.015}
#
# [claims.gpt_parameters]
# text = "weights of the small GPT"
# value = 167818
# tolerance = 0
# gpu = {value = 630474, tolerance = 0}

# %% setup=true

# %% [markdown]
# ## A question first
#
# A scene of Shakespeare is a conversation. Whoever spoke two speeches ago is often the next to speak. So whoever wants
# to guess the next name in the text must look back to one certain place. How far?

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

from course.autodiff import training_step

text = data.load("shakespeare")
speeches, place = [], 0  # (where the name of a speaker stands, the name)
for line in text.split("\n"):
    name = line.strip().split(". ")[0]
    if line.startswith("  ") and ". " in line and name.isalpha() and name[0].isupper():
        speeches.append((place + line.index(name), name))
    place += len(line) + 1
print(text[text.index("   Cask. Peace ho") :][:330])

# %%
places, names = (np.array(column) for column in zip(*speeches))
returns = names[2:] == names[:-2]
distances = (places[2:] - places[:-2])[returns]
check.claim("returns", returns.mean())
check.claim("most_common", np.unique(names, return_counts=True)[1].max() / len(names))
for percent, name in [(5, "near"), (50, "median"), (95, "far")]:
    check.claim(f"distance_{name}", np.percentile(distances, percent))
_, ax = plt.subplots(figsize=(7, 2.6))
ax.hist(distances, bins=np.arange(0, 1500, 25))
ax.set(xlabel="characters back to the same name, two speeches ago", ylabel="speeches")
plt.show()

# %% [markdown]
# *What to look for: no peak at any one distance.* "The speaker before last" is right for 62 % of the speeches; always
# guessing Hamlet would be right for 14 %. Half of the time the place is more than 176 characters away, one time in
# twenty more than 833, and one time in twenty fewer than 55.
#
# A dense layer or a convolution has a weight for each place or *distance*, and here no distance is the right one. A
# recurrent network carries a state from character to character, and would have to keep the name through hundreds of
# steps. What is wanted is to ask for a place by what stands there.
#
# **Where should a network look, how does it find the place, and what does looking cost?**
#
# **Predict:** to let each of $T$ characters look at all the others takes $T^2$ looks. Is that cheaper or dearer than a
# recurrent network's $T$ steps?
#
# ## 1. A soft look-up
#
# A dictionary finds a *value* by comparing a *query* with *keys*. An exact comparison has no useful gradient, so make
# it soft: compare by scalar product, turn the scores into shares by softmax, and return the mean of the values with
# these shares. (Nadaraya and Watson took such means in 1964.) For $n$ queries $Q\ (n, d)$, and $m$ keys $K\ (m, d)$
# with values $V\ (m, d_v)$,
#
# $$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\!\Big(\frac{Q K^{\mathsf T}}{\sqrt d}\Big)\, V ,
# \qquad \text{scores } (n, m),\ \text{result } (n, d_v). \tag{1}$$
#
# The softmax runs along each row, so each query shares out one unit of attention. A *mask* says where a query may
# look: `True` allows, and a forbidden score becomes $-\infty$, whose share is zero. (If all of a row is forbidden, as
# padding can make it, the code below would divide zero by zero; the assignment mends that.)


# %%
def softmax(scores):
    """Along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def scaled_dot_product_attention(q, k, v, mask=None):
    """q (..., n, d), k (..., m, d), v (..., m, d_v), mask (..., n, m) -> (..., n, d_v), weights."""
    scores = q @ np.swapaxes(k, -1, -2) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ v, weights


# %%
keys = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
values = np.array([[10.0], [20.0], [30.0]])
for strength in (0, 1, 10):
    found, shares = scaled_dot_product_attention(strength * keys[:1], keys, values)
    print(f"{strength:2} times the first key: shares {shares[0].round(3)}, found {found[0, 0]:.2f}")

# %% [markdown]
# A query of length zero gets the mean of everything; the longer it is, the closer the answer comes to the best key's
# value. All of it is smooth, so backpropagation can teach what to ask and what to offer. The layer learns three
# matrices, which make queries, keys and values from its inputs: $Q = X W_q$, $K = X W_k$, $V = X W_v$.
#
# ## 2. Why divide by the root of d?
#
# A scalar product of two vectors of $d$ independent numbers of mean 0 and variance 1 is a sum of $d$ terms of variance
# 1, so its variance is $d$. Softmax of scores that large gives nearly all to one key. That would be well if it were the
# right one; at the start it is just any, and where softmax is saturated its slopes are nearly zero: that of share $i$
# with respect to score $j$ is $p_i([i=j] - p_j)$, where $[i=j]$ is 1 if $i = j$, else 0.
#
# **Predict, then run:** a random query, sixteen random keys, $d = 1024$. What share does the largest get, undivided?

# %%
rng = np.random.default_rng(15)
widths, rows = [4, 16, 64, 256, 1024], []
for width in widths:
    q, k = rng.normal(size=(1000, 1, width)), rng.normal(size=(1000, 16, width))
    scores = (k * q).sum(axis=-1)
    row = [scores.var()]
    for p in (softmax(scores), softmax(scores / np.sqrt(width))):
        slopes = p[:, :, None] * (np.eye(16) - p[:, None, :])
        row += [p.max(axis=-1).mean(), np.sqrt((slopes**2).sum(axis=(1, 2))).mean()]
    rows.append(row)
rows = np.array(rows)

# %%
_, axes = plt.subplots(1, 3, figsize=(10, 2.8), layout="constrained")
panels = ["variance of the scores", "largest share, mean", "root of the squared slopes' sum"]
for ax, title, columns in zip(axes, panels, [(0,), (1, 3), (2, 4)]):
    for column, label, style in zip(columns, ["undivided", "divided"], ["o-", "s--"]):
        ax.plot(widths, rows[:, column], style, label=label)
    ax.set(xscale="log", title=title, xlabel="d")
axes[0].set_yscale("log")
axes[1].legend()
plt.show()
check.claim("variance_1024", rows[-1, 0])
check.claim("largest_undivided", rows[-1, 1])
check.claim("largest_divided", rows[-1, 3])
check.claim("slope_ratio", rows[-1, 4] / rows[-1, 2])

# %% [markdown]
# *What to look for: undivided, the variance is $d$, the largest share goes to one and the slope to zero; divided,
# nothing depends on $d$.* At 1024 the best of the random keys takes 96 % in place of 24 %, and the slope
# is 5.6 times as large when we divide. That is all $\sqrt d$ is for: a start from which one can learn.
#
# ## 3. One layer that recalls
#
# Is content really found? Let an episode be twelve pairs of a name and a fact (of 16 names and 16 facts, paired anew
# each time), then one of the names alone: which fact went with it? We compare one attention layer with a dense network
# on all inputs, and with a recurrent one (`GRU`). **Predict:** who solves it within 300 steps of 64 episodes?


# %%
def episodes(n, seed):
    """x (n, 13, 32): 12 pairs, the one-hots of name and fact side by side, and a name; the fact (n,)."""
    rng, one_hot = np.random.default_rng(seed), np.eye(16, dtype="float32")
    people = rng.permuted(np.tile(np.arange(16), (n, 1)), axis=1)[:, :12]
    facts, asked = rng.integers(0, 16, (n, 12)), rng.integers(0, 12, n)
    pairs = np.concatenate([one_hot[people], one_hot[facts]], axis=-1)
    question = np.zeros((n, 1, 32), "float32")
    question[:, 0, :16] = one_hot[people[range(n), asked]]
    return np.concatenate([pairs, question], axis=1), facts[range(n), asked]


x_train, y_train = episodes(300 * 64, 31)
x_test, y_test = episodes(2000, 32)

# %%
# The last position asks. Keras's order is query, value, key; this layer does not divide by the root.
inputs = keras.Input((13, 32))
query, key, value = (layers.Dense(32, use_bias=False) for _ in range(3))
found = layers.Attention()([query(inputs[:, -1:]) / np.sqrt(32), value(inputs), key(inputs)])
attention = keras.Model(inputs, layers.Dense(16)(found[:, 0]))

hidden = layers.Dense(64, activation="relu")(layers.Flatten()(inputs))
dense = keras.Model(inputs, layers.Dense(16)(hidden))

recurrent = keras.Model(inputs, layers.Dense(16)(layers.GRU(32)(inputs)))


# %%
def redraw(model, seed):
    """Weights from NumPy, so that every backend starts alike: variance one over the number of inputs,
    and variance 1 for embeddings."""
    rng = np.random.default_rng(seed)
    for weight in model.trainable_variables:
        if len(weight.shape) > 1 and "bias" not in weight.name:
            # kernels of MultiHeadAttention (section 5) have an axis more
            into_heads = len(weight.shape) == 3 and "attention_output" not in weight.path
            n_in = weight.shape[0] if into_heads else np.prod(weight.shape[:-1])
            size = 1 if weight.name == "embeddings" else 1 / np.sqrt(n_in)
            weight.assign(rng.normal(0, size, weight.shape))
    return model


# %%
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def fit(model, x, y, batch_size, learning_rate):
    """One pass through x, by Adam -> the losses."""
    optimizer = keras.optimizers.Adam(learning_rate)
    variables = redraw(model, 33).trainable_variables
    step = training_step(lambda x, y: cross_entropy(y, model(x)), variables, optimizer)
    firsts = range(0, len(x), batch_size)
    return [float(step(x[i : i + batch_size], y[i : i + batch_size])) for i in firsts]


# %%
models = {"attention": attention, "dense": dense, "recurrent": recurrent}
losses = {}
for name, model in models.items():
    losses[name] = fit(model, x_train, y_train, 64, 0.01)
    right = ops.convert_to_numpy(model(x_test)).argmax(axis=1) == y_test
    check.claim(f"recall_{name}", right.mean())
    print(f"{name}: {model.count_params():,} parameters")
plots.curves(losses, "step", "cross-entropy (nats)")
plt.show()
check.claim("recall_by_count", x_test[:, :12, 16:].sum(axis=1).max(axis=1).mean() / 12)

# %% [markdown]
# *What to look for: one curve goes to zero.* Attention recalls every fact, with the fewest parameters. The others stay
# below 20 %. Naming the fact that was mentioned most often, whosever it is, is right for 21 %: in 300 steps
# they learned no more. For attention it is one look-up, whatever the order and the distance.
#
# ## 4. Order is lost, and put back
#
# *Whatever the order*: that is a warning. **Predict, then run:** shuffle the twelve pairs. What changes?

# %%
shuffled = np.concatenate([x_test[:, rng.permutation(12)], x_test[:, 12:]], axis=1)
change = ops.convert_to_numpy(attention(shuffled) - attention(x_test))
check.claim("shuffle_gap", np.abs(change).max())

# %% [markdown]
# Nothing but rounding. Attention is a sum over places, and a sum has no order; if every position asks, shuffled inputs
# give the same outputs, shuffled (*permutation equivariance*). To it "man bites dog" and "dog bites man" are one. So
# positions must be written into the inputs. One may *learn* a vector for each (as our models below do), or take
# Vaswani's **sinusoids**: for position $t$ and the rates $\omega_i = 10000^{-2i/d}$, write $\sin \omega_i t$ into
# column $2i$ and $\cos \omega_i t$ into column $2i + 1$. Each pair is the hand of a clock, some clocks fast and some
# slow. Later by $s$ means that each hand has turned by $\omega_i s$, wherever it stood: **a shift is a rotation**, a
# matrix that does not depend on $t$.


# %%
def sinusoidal_positions(length, width):
    rates = 10000.0 ** (-np.arange(0, width, 2) / width)
    angles = np.arange(length)[:, None] * rates
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, width)


def rotation(shift, width):
    """R with position t + shift = (position t) @ R, for every t."""
    R = np.zeros((width, width))
    for i in range(0, width, 2):
        s, c = np.sin(shift * 10000.0 ** (-i / width)), np.cos(shift * 10000.0 ** (-i / width))
        R[i : i + 2, i : i + 2] = [[c, -s], [s, c]]
    return R


# %%
positions = sinusoidal_positions(40, 64)
check.claim("rotation_gap", np.abs(positions[7:] - positions[:-7] @ rotation(7, 64)).max())
two_back = 10 * positions @ rotation(-2, 64)  # queries: "who is two places before me?"
_, looks = scaled_dot_product_attention(two_back, positions, positions)
check.claim("two_back", np.diagonal(looks, -2).mean())
_, axes = plt.subplots(1, 3, figsize=(10, 3.3), layout="constrained")
axes[0].imshow(positions, aspect="auto", cmap=plots.DIVERGING)
axes[0].set(title="positions", xlabel="column", ylabel="t")
axes[1].plot(np.arange(-20, 20), positions[20] @ positions.T)
axes[1].set(title="scalar product with t = 20", xlabel="distance")
axes[2].imshow(looks)
axes[2].set(title="attention, two back", xlabel="looked at", ylabel="t")
axes[0].grid(False)
axes[2].grid(False)
plt.show()

# %% [markdown]
# *What to look for: left, fast hands and slow ones; middle, places are alike that are near; right, a line two below
# the diagonal (the first two have nobody there).* No training was needed: with $W_q = 10\,R_{-2}$ and $W_k$ the
# identity, on inputs that are the positions alone, a layer looks two places back from anywhere, with 65 % of its
# attention (a longer query would be sharper). So the same mechanism finds a place by what stands there or by where it
# is.
#
# ## 5. Several heads
#
# One softmax has one unit of attention to share. Looking at two places, it returns a mean, and no one can tell which
# part came from where. So we take $h$ **heads**, each with queries, keys and values of width $d/h$, lay their results
# side by side, and mix them by $W_o$. In code, the heads are one more axis.


# %%
def split_heads(x, heads):
    """(batch, time, width) -> (batch, heads, time, width / heads)"""
    batch, time, width = x.shape
    return x.reshape(batch, time, heads, width // heads).transpose(0, 2, 1, 3)


def merge_heads(x):
    """(batch, heads, time, depth) -> (batch, time, heads * depth)"""
    batch, heads, time, depth = x.shape
    return x.transpose(0, 2, 1, 3).reshape(batch, time, heads * depth)


def attend(x, context, w, heads, mask=None):
    """x (batch, n, width) looks at context (batch, m, width) -> (batch, n, width), weights."""
    q = split_heads(x @ w["wq"] + w["bq"], heads)
    k = split_heads(context @ w["wk"] + w["bk"], heads)
    v = split_heads(context @ w["wv"] + w["bv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"] + w["bo"], weights


# %% [markdown]
# Keras's layer is `MultiHeadAttention`. It keeps its kernels with an axis for the heads, as (width, heads, depth); we
# flatten them and compare, weight for weight.


# %%
def attention_weights(layer):
    """The arrays of a MultiHeadAttention, by our names."""
    names, arrays = ["wq", "bq", "wk", "bk", "wv", "bv", "wo", "bo"], layer.get_weights()
    width = arrays[-1].size
    return {n: a.reshape(width, -1) if n[0] == "w" else a.ravel() for n, a in zip(names, arrays)}


keras.utils.set_random_seed(51)
layer = layers.MultiHeadAttention(num_heads=4, key_dim=16)
x, memory = rng.normal(size=(2, 10, 64)), rng.normal(size=(2, 7, 64))  # the context: 7 positions
theirs, their_weights = layer(x, memory, return_attention_scores=True)
ours, our_weights = attend(x, memory, attention_weights(layer), heads=4)
check.claim("heads_gap", np.abs(ours - ops.convert_to_numpy(theirs)).max())
check.claim("weights_gap", np.abs(our_weights - ops.convert_to_numpy(their_weights)).max())

# %% [markdown]
# ## 6. The block
#
# May we stack such layers? **Predict, then run:** twelve attention layers with random weights, one on the other. How
# different are the positions at the end? We measure the share of the vectors' size that is not common to all; then
# again with a **residual connection** (chapter 5), $x + \text{attention}(x)$.


# %%
def difference(x):
    """Share of x (time, width) that is not the mean over the positions."""
    return np.linalg.norm(x - x.mean(axis=0)) / np.linalg.norm(x)


plain = residual = rng.normal(size=(32, 64))
differences = {"attention alone": [difference(plain)], "with a residual": [difference(plain)]}
for _ in range(12):
    wq, wk, wv = rng.normal(0, 1 / 8, (3, 64, 64))
    plain = scaled_dot_product_attention(plain @ wq, plain @ wk, plain @ wv)[0]
    x = residual
    residual = x + scaled_dot_product_attention(x @ wq, x @ wk, x @ wv)[0]
    for name, x in zip(differences, (plain, residual)):
        differences[name].append(max(difference(x), 1e-16))

# %%
curves = {name: (np.arange(13), values) for name, values in differences.items()}
plots.curves(curves, "layers (0 is the input)", "difference of positions", log=True)
plt.show()
check.claim("collapsed", np.log10(differences["attention alone"][3]))
check.claim("kept", differences["with a residual"][-1])

# %% [markdown]
# *What to look for: alone, all positions are the same to rounding after four layers.* A mean of things is less varied
# than they are, and a mean of means still less. The fall is faster than exponential (Dong and others 2021). With the
# residual, a layer only *adds* what it found to the stream that runs from input to output, and a third of the
# difference is left after twelve.
#
# The other parts of the block: **layer norm** (chapter 6), which gives each position's vector mean 0 and variance 1,
# then scales and shifts each feature by learned numbers; and a **feed-forward** part, for each position alone: two
# dense layers, the first four times as wide, with ReLU between. Attention moves information between positions, and
# this part works on it. Where does the norm go? In 2017 after each sum (*post-norm*),
# $x \leftarrow \text{norm}(x + f(x))$; now mostly in the branch (*pre-norm*), $x \leftarrow x + f(\text{norm}(x))$,
# which leaves the stream untouched.


# %%
def layer_norm(x, scale, shift, epsilon=1e-3):
    """Each vector along the last axis by itself. (1e-3 is Keras's epsilon; others take 1e-5 or 1e-6.)"""
    centered = x - x.mean(axis=-1, keepdims=True)
    return centered / np.sqrt(x.var(axis=-1, keepdims=True) + epsilon) * scale + shift


def block(x, w, heads, mask=None, memory=None):
    """x (batch, time, width) -> the same shape. With a memory, x also looks at that."""
    h = layer_norm(x, w["scale1"], w["shift1"])
    x = x + attend(h, h, w, heads, mask)[0]
    if memory is not None:
        h = layer_norm(x, w["scale3"], w["shift3"])
        x = x + attend(h, memory, w["cross"], heads)[0]
    h = layer_norm(x, w["scale2"], w["shift2"])
    return x + np.maximum(h @ w["w1"] + w["b1"], 0) @ w["w2"] + w["b2"]


# %% [markdown]
# An **encoder block** reads a whole text, so every position looks everywhere (but not at padding, which a mask
# hides). A **decoder block** writes: position $t$ is to predict symbol $t + 1$, so it may look at positions up to $t$
# only, and the *causal mask* says so. If there is a source to translate, its encoded vectors are the *memory*, and
# **cross-attention** takes queries from the text being written, and keys and values from the memory. Encoders alone
# are used to read (BERT, 2018), decoders alone to write (GPT, 2018). The same block in Keras:


# %%
def causal_mask(n):
    """(n, n), True at [i, j] where position i may look at position j."""
    return np.tril(np.ones((n, n), bool))


class Block(layers.Layer):
    """Pre-norm. An encoder block; with causal=True for a decoder, with cross=True if it has a memory."""

    def __init__(self, width, heads, causal=False, cross=False):
        super().__init__()
        self.causal = causal
        self.norms = [layers.LayerNormalization() for _ in range(3 if cross else 2)]
        self.attention = layers.MultiHeadAttention(heads, width // heads)
        self.cross = layers.MultiHeadAttention(heads, width // heads) if cross else None
        self.grow, self.shrink = layers.Dense(4 * width, activation="relu"), layers.Dense(width)


# %%
# The method of Block that matters, in a cell of its own.
def call(self, x, memory=None):
    h = self.norms[0](x)
    x = x + self.attention(h, h, use_causal_mask=self.causal)
    if self.cross is not None:
        x = x + self.cross(self.norms[2](x), memory)
    return x + self.shrink(self.grow(self.norms[1](x)))


Block.call = call


def weights_of(block):
    """The arrays of a Keras Block, by our names."""
    w = attention_weights(block.attention)
    for i, norm in enumerate(block.norms, 1):
        w[f"scale{i}"], w[f"shift{i}"] = norm.get_weights()
    w["w1"], w["b1"], w["w2"], w["b2"] = block.grow.get_weights() + block.shrink.get_weights()
    return w | ({"cross": attention_weights(block.cross)} if block.cross is not None else {})


# %%
x = rng.normal(size=(2, 10, 64)).astype("float32")
encoder_block, decoder_block = Block(64, 4), Block(64, 4, causal=True, cross=True)
theirs = [encoder_block(x), decoder_block(x, memory.astype("float32"))]
ours = [block(x, weights_of(encoder_block), 4)]
ours.append(block(x, weights_of(decoder_block), 4, causal_mask(10), memory))
for name, a, b in zip(["encoder", "decoder"], ours, theirs):
    check.claim(f"{name}_gap", np.abs(a - ops.convert_to_numpy(b)).max())

# %% [markdown]
# An *embedding* is a table with a learned vector for each symbol, whose number picks the row (as a one-hot vector times
# a matrix would). Below the blocks we add one for the symbols and one for the positions; on top, a dense layer makes
# the logits.


# %%
class Embed(layers.Layer):
    """Symbols (batch, time) -> vectors of the symbol plus of its position, both learned."""

    def __init__(self, n_symbols, length, width):
        super().__init__()
        self.symbols = layers.Embedding(n_symbols, width)
        self.positions = layers.Embedding(length, width)

    def call(self, symbols):
        return self.symbols(symbols) + self.positions(ops.arange(symbols.shape[1]))


class PostNormBlock(Block):
    def call(self, x):
        x = self.norms[0](x + self.attention(x, x, use_causal_mask=self.causal))
        return self.norms[1](x + self.shrink(self.grow(x)))


# %%
def decoder(n_symbols, length, width, heads, depth, causal=True, kind=Block):
    """A model from symbols (batch, length) to logits (batch, length, n_symbols)."""
    symbols = keras.Input((length,), dtype="int32")
    x = Embed(n_symbols, length, width)(symbols)
    for _ in range(depth):
        x = kind(width, heads, causal=causal)(x)
    if kind is Block:  # pre-norm leaves the stream as large as it has grown
        x = layers.LayerNormalization()(x)
    return keras.Model(symbols, layers.Dense(n_symbols)(x))


# %% [markdown]
# **Predict, then run:** the same model with either norm, six blocks deep, reads Shakespeare for 60 steps with the same
# rate. The loss is in nats per character; guessing at random among the 74 symbols costs $\ln 74 = 4.30$.

# %%
symbols = np.array(sorted(set(text)))
codes = np.searchsorted(symbols, list(text)).astype("int32")


def windows(codes, n, length, seed):
    """n windows at random places: symbols (n, length), and for each the symbol that follows it."""
    starts = np.random.default_rng(seed).integers(0, len(codes) - length, n)
    found = codes[starts[:, None] + np.arange(length + 1)]
    return found[:, :-1], found[:, 1:]


cut = len(codes) * 9 // 10  # the last tenth is held back
x_train, y_train = windows(codes[:cut], 200 * 32, 32, 61)
x_test, y_test = windows(codes[cut:], 500, 32, 62)

# %%
losses = {}
for name, kind in [("pre-norm", Block), ("post-norm", PostNormBlock)]:
    deep = decoder(len(symbols), 32, 32, 2, depth=6, kind=kind)
    losses[name] = fit(deep, x_train[: 60 * 32], y_train[: 60 * 32], 32, 0.01)
plots.curves(losses, "step", "cross-entropy (nats per character)")
plt.show()
shares = np.bincount(codes[:cut], minlength=len(symbols)) + 1  # no symbol gets probability 0
check.claim("frequencies_loss", -np.log(shares / shares.sum())[codes[cut:]].mean())
check.claim("pre_loss", np.mean(losses["pre-norm"][-10:]))
check.claim("post_loss", np.mean(losses["post-norm"][-10:]))

# %% [markdown]
# *What to look for: one curve goes on falling.* Post-norm stops here at 3.2, and that number has a meaning: a model
# that knows how frequent each symbol is, and looks at nothing, gets 3.2 too. Pre-norm has begun to look. (Post-norm
# can be trained if the rate rises slowly, in 2017 over 4,000 steps. Xiong and others (2020) explain why, and why
# pre-norm does without.)
#
# ## 7. What goes wrong: the mask, forgotten
#
# All the characters of a text are predicted in one pass, because the mask lets every position see just what it would
# see when writing. **Predict, then run:** one block, 200 steps on windows of 32 characters; then the same without the
# mask. What will the loss on held-back text be?

# %%
losses, trained = {}, {}
for name, causal in [("masked", True), ("mask forgotten", False)]:
    trained[name] = decoder(len(symbols), 32, 32, 2, 1, causal)
    losses[name] = fit(trained[name], x_train, y_train, 32, 0.02)
plots.curves(losses, "step", "cross-entropy (nats per character)")
plt.show()
honest, leaky = trained.values()
check.claim("honest_loss", cross_entropy(y_test, honest(x_test)))
check.claim("leaky_loss", cross_entropy(y_test, leaky(x_test)))
honest.set_weights(leaky.get_weights())  # the same weights, where there is no future to look at
check.claim("leaky_in_use", cross_entropy(y_test, honest(x_test)))

# %% [markdown]
# *What to look for: a loss too good to be true.* 0.1 nats for old spelling after 200 steps, *on held-back text*, where
# the best compressors of English need several times that. Validation cannot see this fault, for the answer is in its
# input too: position $t$ simply looks at $t + 1$. In use there is nothing at $t + 1$ yet. The same weights with the
# future hidden score about 9, far worse than guessing at random. **A loss that is too good is a bug report.** The
# direct test is to change the last symbol: no earlier logit may move.
#
# ## 8. What looking costs
#
# **The cache.** To write a text, a decoder predicts a symbol, appends it, and starts again. Under a causal mask
# nothing about the earlier positions has changed, in any block. So keep their keys and values (the **KV cache**);
# a new position computes its own query, key and value, and looks.


# %%
def attend_cached(x, cache, w, heads):
    """One new position x (batch, 1, width) -> its output, and the cache (keys, values), one longer."""
    q, k, v = (split_heads(x @ w["w" + c] + w["b" + c], heads) for c in "qkv")
    if cache is not None:
        k = np.concatenate([cache[0], k], axis=2)
        v = np.concatenate([cache[1], v], axis=2)
    out, _ = scaled_dot_product_attention(q, k, v)
    return merge_heads(out) @ w["wo"] + w["bo"], (k, v)


class Counting(np.ndarray):
    """An array that counts multiplications: (rows, n) @ (n, m) makes rows * n * m."""

    total = 0


def count_product(self, other):
    Counting.total += np.size(self) * other.shape[-1]
    return np.matmul(np.asarray(self), np.asarray(other)).view(Counting)


Counting.__matmul__, Counting.__rmatmul__ = count_product, lambda self, other: count_product(other, self)


# %%
def multiplications(function, *args):
    Counting.total = 0
    function(*args)
    return Counting.total


# %%
def write_anew(x, w):
    """Attention of each position, as if all were computed again for each."""
    outputs = []
    for t in range(1, x.shape[1] + 1):
        out, _ = attend(x[:, :t], x[:, :t], w, 4, causal_mask(t))
        outputs.append(out[:, -1:])
    return np.concatenate(outputs, axis=1)


def write_cached(x, w):
    outputs, cache = [], None
    for t in range(x.shape[1]):
        out, cache = attend_cached(x[:, t : t + 1], cache, w, 4)
        outputs.append(out)
    return np.concatenate(outputs, axis=1)


# %%
w, x = weights_of(redraw(encoder_block, 81)), rng.normal(size=(1, 128, 64)).view(Counting)
check.claim("layer_cache_gap", np.abs(write_cached(x, w) - write_anew(x, w)).max())
anew, cached = multiplications(write_anew, x, w), multiplications(write_cached, x, w)
print(f"128 positions, width 64: {anew:,} multiplications anew, {cached:,} with the cache")
check.claim("cache_saves", anew / cached)

# %% [markdown]
# The same outputs, and 72 times fewer multiplications for 128 symbols. Count along: one position costs $4d^2$ for its
# four matrices and $2td$ for scores and mean over $t$ positions; anew, all $t$ positions cost that again. The price is
# memory that grows with the text: two vectors for each position and block.
#
# **Attention or recurrence?** For a text of $T$ positions, attention multiplies $4Td^2 + 2T^2d$ times. A gated
# recurrent unit (GRU) has two gates and a proposal for the new state; for each of the three it multiplies the new input
# and the old state by a matrix: $6Td^2$. We count both, and measure one thing more: how far the last output moves,
# relative to its size, when only the *first* input is changed.


# %%
def gru(x, inward, onward):
    """x (time, width), two arrays of three matrices each -> the last state (width,)."""
    h = np.zeros_like(x[0])
    for row in x:
        update = 1 / (1 + np.exp(-(row @ inward[0] + h @ onward[0])))
        reset = 1 / (1 + np.exp(-(row @ inward[1] + h @ onward[1])))
        new = np.tanh(row @ inward[2] + (reset * h) @ onward[2])
        h = (1 - update) * h + update * new
    return h


def attention_last(x, w):
    """The last position's output, all positions computed."""
    return attend(x[None], x[None], w, 4)[0][0, -1]


# %%
inward, onward = rng.normal(0, 1 / 8, (2, 3, 64, 64))
lengths, products, influence = [4, 16, 64, 256, 1024], {}, {}
for name, f, weights in [("recurrent", gru, (inward, onward)), ("attention", attention_last, (w,))]:
    products[name], influence[name] = [], []
    for length in lengths:
        x = rng.normal(size=(length, 64))
        other = np.concatenate([rng.normal(size=(1, 64)), x[1:]])
        before, after = f(x, *weights), f(other, *weights)
        influence[name].append(np.linalg.norm(after - before) / np.linalg.norm(before) + 1e-16)
        products[name].append(multiplications(f, x.view(Counting), *weights))

# %%
_, axes = plt.subplots(1, 2, figsize=(10, 3.3), layout="constrained")
for ax, values, title in zip(axes, (products, influence), ("multiplications", "influence of the first")):
    for name, style in [("recurrent", "o-"), ("attention", "s--")]:
        ax.plot(lengths, values[name], style, label=name)
    ax.set(xscale="log", yscale="log", title=title, xlabel="T (width 64)")
axes[0].legend()
plt.show()
check.claim("equal_at_64", products["attention"][2] / products["recurrent"][2])
check.claim("dearer_at_1024", products["attention"][4] / products["recurrent"][4])
check.claim("influence_attention", influence["attention"][3])
check.claim("influence_recurrent", np.log10(influence["recurrent"][3]))

# %% [markdown]
# *What to look for: left, the lines cross at $T = 64 = d$*, where $4Td^2 + 2T^2d$ equals $6Td^2$. Below, attention is
# cheaper; at 1024 it costs 6 times as much. *Right: over 256 steps an untrained recurrent network keeps nothing of its
# first input; the output of attention moves by 7 %.* (A trained gate can hold on for longer, but it has to learn to,
# from a gradient that has come the same long way.)
#
# | | multiplications grow as | steps that wait for each other | links from first to last |
# |---|---|---|---|
# | recurrent | $T d^2$ | $T$ | $T$ |
# | attention | $T^2 d$ | 1 | 1 |
#
# Here is why the Transformer displaced recurrent networks: not mainly by cheaper arithmetic, but because in training
# all positions are computed at once, as large matrix products, which is what GPUs are good at; and because a gradient
# reaches every position in one link, and not through $T$. In writing, symbol by symbol, the order is back, and there a
# state of fixed size is the cheaper memory.

# %% [markdown]
# ## 9. Encoder and decoder at work: dates
#
# Now we train. `train` makes one pass through its data, with Adam; its rate rises for 50 steps and then falls along a
# cosine (chapter 4). The widths and steps below are for two processor cores and less than two minutes, and our numbers
# are those. With a GPU `scale` doubles the width, trains the GPT and the chatbot longer, and shows more pictures to
# the networks of section 14; the table at the top of the page has what comes of it.

# %%
width, heads = scale(cpu=64, gpu=128), 4


def train(model, x, y, batch_size, learning_rate, loss=cross_entropy, compiled=True):
    """One pass through x -> the mean loss of each hundred steps."""
    steps, hundred = len(x) // batch_size, 100 * batch_size
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - 50, warmup_target=learning_rate, warmup_steps=50
    )
    optimizer = keras.optimizers.Adam(rate, beta_2=0.99, global_clipnorm=1.0)
    xla = compiled or keras.config.backend() == "jax"  # faster steps, seconds to compile; JAX needs it
    model.compile(optimizer, loss, jit_compile=xla, steps_per_execution=20)
    told = {"batch_size": batch_size, "shuffle": False, "verbose": 0}
    parts = [slice(i, i + hundred) for i in range(0, len(x), hundred)]
    return [model.fit(x[part], y[part], **told).history["loss"][0] for part in parts]


# %% [markdown]
# The first model is an encoder with a decoder, the arrangement of the first Transformer, made for translation. Ours
# translates dates, written in four ways, into the one way that sorts: `24 August 1946` becomes `1946-08-24`, letter
# by letter. The year comes last in the source and first in the target, and it is nowhere at a fixed place.


# %%
months = "January February March April May June July August September October November December"


def dates(n, seed):
    """n pairs: a date as people write it, padded with spaces to 18 characters, and 'year-month-day'."""
    rng, names = np.random.default_rng(seed), months.split()
    pairs = []
    numbers = [rng.integers(*bounds, n) for bounds in [(1600, 2100), (0, 12), (1, 29), (0, 4)]]
    for year, month, day, style in zip(*numbers):
        name = names[month]
        written = [f"{day} {name} {year}", f"{name} {day}, {year}"]
        written += [f"{name[:3]} {day} {year}", f"{day}.{month + 1}.{year}"]
        pairs.append((written[style].ljust(18), f"{year}-{month + 1:02}-{day:02}"))
    return pairs


# %%
letters = np.array(sorted(set(months + "0123456789.,-^")))  # ^ begins each target


def encode(strings):
    return np.searchsorted(letters, [list(string) for string in strings]).astype("int32")


def example(pairs):
    """Inputs (n, 28): the source, then the target one place late; and the target (n, 10)."""
    return encode([source + "^" + target[:-1] for source, target in pairs]), encode(
        [target for _, target in pairs]
    )


print(dates(4, 90))

# %% [markdown]
# The decoder is trained on all ten positions at once: it is given the *true* target, one place late, and the causal
# mask keeps it from reading ahead. This is called *teacher forcing*. To translate, it has only its own letters to go
# on. **Predict, then run:** after 200 steps of 64 dates, how many of nearly 500 new dates are right in all ten
# letters?


# %%
def translator():
    """The model, and one that gives the memory and the embedded target, for later."""
    both = keras.Input((28,), dtype="int32")
    source, target = Embed(len(letters), 18, width), Embed(len(letters), 10, width)
    memory = layers.LayerNormalization()(Block(width, heads)(source(both[:, :18])))
    start = target(both[:, 18:])
    x = Block(width, heads, causal=True, cross=True)(start, memory)
    logits = layers.Dense(len(letters))(layers.LayerNormalization()(x))
    return redraw(keras.Model(both, logits), 91), keras.Model(both, [memory, start])


# %%
def translate(model, pairs):
    """The targets, letter by letter: at each position the likeliest, given what was written so far."""
    known = np.zeros((len(pairs), 29), "int32")
    known[:, :19] = encode([source + "^" for source, _ in pairs])
    for k in range(10):
        logits = ops.convert_to_numpy(model(known[:, :28]))
        known[:, 19 + k] = logits[:, k].argmax(axis=1)
    return ["".join(row) for row in letters[known[:, 19:]]]


# %%
dating, inside = translator()
rate = scale(cpu=0.008, gpu=0.004)  # a wider model wants smaller steps
practiced = dates(200 * 64, 92)
x, y = example(practiced)
print("loss of each hundred steps:", np.round(train(dating, x, y, 64, rate, compiled=False), 4))
fresh = sorted(set(dates(500, 93)) - set(practiced))  # none of those it was trained on
answers = translate(dating, fresh)
check.claim("dates_right", np.mean([ours == target for ours, (_, target) in zip(answers, fresh)]))

# %%
decoder_block = next(part for part in dating.layers if getattr(part, "cross", None))
w = weights_of(decoder_block)
marks = [(8, ","), (2, ".")]
shown = [next(pair for pair in fresh[::-1] if pair[0][place] == mark) for place, mark in marks]
memory, x = (ops.convert_to_numpy(part) for part in inside(example(shown)[0]))
h = layer_norm(x, w["scale1"], w["shift1"])
x = x + attend(h, h, w, heads, causal_mask(10))[0]
_, looks = attend(layer_norm(x, w["scale3"], w["shift3"]), memory, w["cross"], heads)

# %%
_, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for ax, (source, target), look in zip(axes, shown, looks.mean(axis=1)):
    ax.imshow(look, cmap="Blues", vmin=0)
    ax.set_xticks(range(18), source.replace(" ", "\u2423"))
    ax.set_yticks(range(10), target)
    ax.set(xlabel="source", ylabel="letter being written")
    ax.grid(False)
plt.show()

# %% [markdown]
# About 99 % are. The pictures show the cross-attention, as the mean of the four heads. *What to look for: each row is
# a letter being written, dark where in the source the decoder looked for it.* The digits of the year look to the year,
# the 3 and the 9 to the name or number of the month, those of the day to the day; hyphens and the 0 look here and
# there, also at the padding (spaces like others, so it has no mask). Nobody told it which letter belongs to which.
# Such an *alignment* is learned because it lowers the loss; Bahdanau, Cho and Bengio (2015), who brought attention
# into translation, drew the first pictures of this kind.
#
# ## 10. A small GPT
#
# A GPT is a stack of decoder blocks without a memory, trained to predict the next symbol of a text: *language
# modeling*. Ours reads the characters of three tragedies. The last tenth, the end of Macbeth, is held back. We split
# by position because windows drawn at random would overlap. The score is the mean of $-\ln p$ of the true next
# character, in nats.
#
# The oldest language model is a table: count how often each character followed the $n - 1$ characters before it
# (Shannon 1948; Markov counted vowels in Pushkin in 1913). Where a context was seldom or never seen, lean on the table
# for the shorter context: with counts $c$, $\lambda = 5$ (not tuned), and $p_0$ uniform,
#
# $$p_n(s \mid \text{context}) = \frac{c(\text{context}, s) + \lambda\, p_{n-1}(s \mid \text{shorter context})}
# {c(\text{context}) + \lambda} .$$


# %%
def counted(keys, seen):
    """How often each of `keys` occurs in `seen`."""
    seen = np.sort(seen)
    return np.searchsorted(seen, keys, "right") - np.searchsorted(seen, keys, "left")


losses, tables = {"uniform": np.log(len(symbols))}, []
before, p = np.zeros(len(codes), "int64"), 1 / len(symbols)  # the context as one number, in base 74
for n in range(1, 7):
    whole = before * len(symbols) + codes
    p = (counted(whole[cut:], whole[:cut]) + 5 * p) / (counted(before[cut:], before[:cut]) + 5)
    tables.append(p)
    losses[f"table, n = {n}"] = -np.log(p).mean()
    print(f"n = {n}: {losses[f'table, n = {n}']:.3f} nats, {len(np.unique(whole[:cut])):,} entries")
    before = before + np.roll(codes, n).astype("int64") * len(symbols) ** (n - 1)
for n in (2, 4, 5, 6):
    check.claim(f"table_{n}", losses[f"table, n = {n}"])

# %% [markdown]
# The GPT has three blocks, and sees 128 characters. Its positions are learned, but start from the sinusoids of section
# 4, where neighbors are alike from the first step. **Predict, then run:** about 170,000 weights, 1,400 steps of 1,024
# characters each. Which of the tables will it beat?

# %%
length = 128
gpt = redraw(decoder(len(symbols), length, width, heads, depth=3), 101)
gpt.layers[1].positions.set_weights([sinusoidal_positions(length, width)])
x, y = windows(codes[:cut], scale(cpu=1400, gpu=2000) * 8, length, 102)
curve = train(gpt, x, y, 8, scale(cpu=0.011, gpu=0.005))
check.claim("gpt_parameters", gpt.count_params())

# %% [markdown]
# ## 11. Writing with a cache
#
# To write, we draw a character from the predicted probabilities, append it, and go on. Section 8 had a cache
# for one layer; now each block has one, in NumPy, with the weights taken from Keras.


# %%
def arrays(model):
    """All weights of a decoder: embeddings, those of each block, of the last norm and of the logits."""
    embed, *blocks, norm, head = model.layers[1:]
    return *embed.get_weights(), [weights_of(b) for b in blocks], norm.get_weights(), head.get_weights()


def next_logits(parts, new, caches, t):
    """Symbols new (batch,) at position t -> logits (batch, n_symbols); each cache grows by one."""
    vectors, positions, blocks, norm, (kernel, bias) = parts
    x = vectors[new][:, None] + positions[t]
    for i, w in enumerate(blocks):
        out, caches[i] = attend_cached(layer_norm(x, w["scale1"], w["shift1"]), caches[i], w, heads)
        x = x + out
        h = layer_norm(x, w["scale2"], w["shift2"])
        x = x + np.maximum(h @ w["w1"] + w["b1"], 0) @ w["w2"] + w["b2"]
    return (layer_norm(x, *norm) @ kernel + bias)[:, 0]


# %%
parts, some = arrays(gpt), codes[cut : cut + length][None]
caches = [None] * 3
ours = np.stack([next_logits(parts, some[:, t], caches, t) for t in range(length)], axis=1)
check.claim("cache_gap", np.abs(ours - ops.convert_to_numpy(gpt(some))).max())

# %% [markdown]
# The same logits, without ever computing a position twice. But the model knows only 128 positions. When they are used
# up, we forget the older half and read the newer half anew, from position 0.
#
# *Temperature* $\tau$ divides the logits before the softmax: below 1 the likely becomes likelier, above 1 all becomes
# more alike. To draw from a softmax, add to each logit its own noise from Gumbel's distribution (chapter 2), and take
# the largest.


# %%
def write(parts, prompts, n, temperature, seed, never=()):
    """prompts (batch, m) -> (batch, m + n) symbols, none of the new ones in `never`."""
    rng, written = np.random.default_rng(seed), list(prompts.T)
    room, unread = len(parts[1]), len(written)
    caches, t = [None] * len(parts[2]), 0
    for _ in range(n):
        if t == room:
            caches, t, unread = [None] * len(parts[2]), 0, room // 2
        for new in written[-unread:]:
            logits, t = next_logits(parts, new, caches, t), t + 1
        unread, logits[:, list(never)] = 1, -np.inf
        written.append((logits / temperature + rng.gumbel(size=logits.shape)).argmax(axis=1))
    return np.stack(written, axis=1)


# %%
prompts = np.tile(codes[cut - 64 : cut], (8, 1))
samples = {}
for temperature in (0.5, 1.0, 1.5):
    samples[temperature] = write(parts, prompts, 400, temperature, 111)[:, 64:]
    print(f"--- temperature {temperature}\n" + "".join(symbols[samples[temperature][0, :300]]))

# %% [markdown]
# Read them for their *form* first: lines of about the right length that begin with a capital, speakers indented, with
# a period after the name, and the Folio's spelling. There is no sense beyond a few words in a row, and nobody answers
# anybody. Low temperature repeats itself; high temperature invents words. That we can count.
#
# ### The score
#
# For a fair score every held-back character is predicted from at least 64 before it: windows of 128 that begin at
# every 64th place, of which the second half counts. `read` is our model for whole windows; it also hands out where each
# head looks.


# %%
def read(parts, codes):
    """codes (batch, T) -> logits (batch, T, n_symbols); for each block looks (batch, heads, T, T)."""
    vectors, positions, blocks, norm, (kernel, bias) = parts
    mask, looks = causal_mask(codes.shape[1]), []
    x = vectors[codes] + positions[: codes.shape[1]]
    for w in blocks:
        h = layer_norm(x, w["scale1"], w["shift1"])
        looks.append(attend(h, h, w, heads, mask)[1])
        x = block(x, w, heads, mask)
    return layer_norm(x, *norm) @ kernel + bias, looks


def costs(logits, targets):
    """-ln p of each target."""
    return -np.log(np.take_along_axis(softmax(logits), targets[..., None], axis=-1)[..., 0])


# %%
starts = np.arange(cut - 65, len(codes) - 128, 64)
spans = codes[starts[:, None] + np.arange(129)]
found = [costs(read(parts, part[:, :-1])[0][:, 64:], part[:, 65:]) for part in np.array_split(spans, 12)]
p = np.exp(-np.concatenate(found).ravel())
losses["GPT"] = -np.log(p).mean()
losses["GPT and table"] = -np.log((p + tables[4][: len(p)]) / 2).mean()
check.claim("gpt_loss", losses["GPT"])
check.claim("both_loss", losses["GPT and table"])

# %%
_, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
left.plot(np.arange(1, len(curve) + 1) * 100, curve)
left.set(xlabel="steps", ylabel="nats per character", title="training")
bars = right.barh(list(losses), list(losses.values()), color=plots.BLUE)
right.bar_label(bars, fmt="%.2f", padding=3)
right.set(xlabel="nats per character", title="held back", xlim=(0, 4.9))
right.invert_yaxis()
plt.show()

# %%
known_words = set(text[:cut].split())
for temperature, rows in samples.items():
    found = [word for row in rows for word in "".join(symbols[row]).split()[1:-1]]
    share = np.mean([word in known_words for word in found])
    check.claim(f"words_{10 * temperature:.0f}", share)
check.claim("words_held_back", np.mean([word in known_words for word in text[cut:].split()]))

# %% [markdown]
# At temperature 0.5, 89 % of the words written occur somewhere in the training text; at 1.0 it is 59 %, and at 1.5
# 36 %. Of the words of the real held-back text 83 % do. So at 0.5 the model is *more* regular than its author.
#
# *What to look for on the right: the last bars.* Our GPT costs 1.75 nats, far below the pairs of characters (2.50),
# and about as much as a table with $n = 4$ (1.73); with $n = 5$ the table wins, at 1.68. A minute of training does not
# beat counting. But the table is at its end: at $n = 6$ it gets worse, because its contexts grow too rare to be
# counted. And they know different things: the mean of their two probabilities costs 1.58, less than either. The GPT
# shares what it learns between contexts, as the table cannot.
#
# ## 12. What the heads look at

# %%
starts = np.random.default_rng(121).integers(cut, len(codes) - length, 60)
spans = codes[starts[:, None] + np.arange(length)]
_, looks = read(parts, spans)
looks = np.concatenate(looks, axis=1)[:, :, 32:]  # (60, 12 heads, 96 late positions, 128)
table = [np.diagonal(looks, 32 - back, axis1=2, axis2=3).mean(axis=(0, 2)) for back in range(4)]
for symbol in "\n ":
    there = spans == np.searchsorted(symbols, symbol)
    table.append((looks * there[:, None, None]).sum(axis=3).mean(axis=(0, 2)))

# %%
columns = ["itself", "1 back", "2 back", "3 back", "line breaks", "spaces"]
rows = [f"block {i // 4 + 1}, head {i % 4 + 1}" for i in range(12)]
shares = {"rows": rows, "columns": columns, "colorbar": "share of attention"}
plots.heatmap(np.array(table).T, "where to", "", **shares)
plt.show()
check.claim("look_one_back", max(table[1]))
check.claim("look_line_breaks", max(table[4]))
check.claim("look_spaces", max(table[5]))
check.claim("spaces", (spans == np.searchsorted(symbols, " ")).mean())

# %% [markdown]
# *What to look for: columns in which a row is dark.* (Columns overlap, and what is left goes elsewhere.) One head has
# more than half of its attention on the character just before: a **previous-token head**. Another has a third on
# spaces, which are 17 % of the characters: it looks where words begin; another a fifth on line breaks. Nobody assigned
# these offices, and another seed may assign others; and where a head looks does not yet say what it does with it (Jain
# and Wallace 2019).
#
# A previous-token head is half of a famous circuit. It writes into each place which symbol stands *before* it. A head
# in a later block asks for places before which the present symbol stood, and copies what stands there: from
# `...ab...a` to `b`. That is an **induction head** (Elhage and others 2021). It needs two layers; in larger models it
# appears early in training, with a sudden step of the loss (Olsson and others 2022). **Predict, then run:** we show
# our GPT 40 random letters, three times over. Does it get better at the repetition? And in the places of our question:
# when the name two speeches back is in sight, does the model expect it?

# %%
lower = np.searchsorted(symbols, list("abcdefghijklmnopqrstuvwxyz"))
again = np.tile(lower[np.random.default_rng(122).integers(0, 26, (100, 40))], (1, 3))
cost = costs(read(parts, again)[0][:, :-1], again[:, 1:]).mean(axis=0)
check.claim("first_time", cost[10:39].mean())
check.claim("third_time", cost[90:119].mean() - cost[10:39].mean())

# %%
places, names = zip(*[(text.index(name, place), name) for place, name in speeches if place > cut])
near = [i for i in range(2, len(names)) if places[i] - places[i - 2] <= 120]
seen = [i for i in near if names[i - 1][0] != names[i - 2][0]]
logits = read(parts, np.array([codes[places[i] - 120 : places[i]] for i in seen]))[0][:, -1]
p, initials = softmax(logits), np.searchsorted(symbols, [names[i - 2][0] for i in seen])
check.claim("places_in_sight", len(seen))
check.claim("returns_in_sight", np.mean([names[i] == names[i - 2] for i in seen]))
check.claim("initial_expected", p[range(len(seen)), initials].mean())
check.claim("initial_anyway", p.mean(axis=0)[initials].mean())

# %% [markdown]
# No, and no. Random letters cost about 7 nats the first time and the third (an even guess among 26 would cost 3.3; it
# expects English). At 55 held-back places the name two speeches back is in sight (we leave out those where the last two
# speakers share an initial), and 87 % of the time it is next. The model gives its initial a probability of 0.04, and
# no more than the mean over all 55 places, whoever spoke there. It has learned spelling and layout, which pay at every
# character; looking up a name pays once in a speech.
#
# ## 13. A chatbot
#
# A chatbot of the plainest kind is a GPT that was shown conversations, in a format: what was *said*, a separator, what
# was *replied*, an end mark. To answer, we write down what was said and the separator, and let the model continue
# until it writes the end mark. The data are pairs of at most twelve words a side, from chats between students of one
# university. The symbols are words now: the commonest, and `<rare>` for all others. What was said is filled up on the
# left, so that every reply begins in the same column and all shapes stay the same. What fills up is symbol 0, and the
# loss leaves it out.


# %%
def words_of(line):
    """Lower case, no apostrophes, and the marks ? ! . , as words of their own."""
    line = line.lower().replace("'", "")
    for mark in "?!.,":
        line = line.replace(mark, f" {mark} ")
    return line.split()


pairs = [(words_of(said), words_of(replied)) for said, replied in data.load("dialog")]
known, fresh = pairs[:36000], pairs[36000:]
heard, counts = np.unique([w for pair in known for part in pair for w in part], return_counts=True)
by_count = np.argsort(-counts, kind="stable")
vocabulary = np.array(["", "<sep>", "<end>", "<rare>", *heard[by_count[: 1000 - 4]]])
number = {word: i for i, word in enumerate(vocabulary)}
share = counts[by_count[:996]].sum() / counts.sum()
print(f"{len(heard):,} words; the commonest 996 are {share:.0%} of the text")


# %%
def sentences(pairs):
    """(n, 29): said, filled up on the left; <sep>, always in column 13; replied; <end>; filled up."""
    rows = np.zeros((len(pairs), 29), "int32")
    for row, (said, replied) in zip(rows, pairs):
        said = [number.get(word, 3) for word in said][-13:]
        replied = [number.get(word, 3) for word in replied][:14] + [2]
        row[13 - len(said) : 14] = said + [1]
        row[14 : 14 + len(replied)] = replied
    return rows


# %%
chat = redraw(decoder(len(vocabulary), 28, width, heads, depth=2), 131)
chat.layers[1].positions.set_weights([sinusoidal_positions(28, width)])
picked = np.random.default_rng(132).integers(0, len(known), scale(cpu=800, gpu=1000) * 40)
rows = sentences(known)[picked]
said_too = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
rate = scale(cpu=0.01, gpu=0.005)
curve = train(chat, rows[:, :-1], rows[:, 1:], 40, rate, loss=said_too)
print(f"{chat.count_params():,} parameters; loss of each hundred steps", np.round(curve, 2))

# %% [markdown]
# We score held-back replies, in nats per word, with three kinds of knowledge: the frequency of the words alone; the
# chatbot; and the chatbot when it is given what a *stranger* said, from another pair. **Predict, then run:** how much
# does it lose by listening to the wrong person?

# %%
speaker = arrays(chat)


def reply_cost(rows):
    """Nats per word of the replies, <end> counted as one."""
    cost = costs(read(speaker, rows[:, :-1])[0][:, 13:], rows[:, 14:])
    return cost[rows[:, 14:] != 0].mean()


rows = sentences(fresh[:600])
mixed = np.concatenate([np.roll(rows[:, :14], 37, axis=0), rows[:, 14:]], axis=1)
train_words = sentences(known)[:, 14:].ravel()
frequency = (np.bincount(train_words, minlength=len(vocabulary)) + 1) / (train_words > 0).sum()
words = rows[:, 14:][rows[:, 14:] > 0]
check.claim("reply_by_frequency", -np.log(frequency[words]).mean())
check.claim("reply_loss", reply_cost(rows))
check.claim("listening", reply_cost(mixed) - reply_cost(rows))


# %%
def answer(lines, temperature, seed):
    """Replies, as lists of words."""
    prompts = sentences([(words_of(line), []) for line in lines])[:, :14]
    found = vocabulary[write(speaker, prompts, 14, temperature, seed, never=[0, 1, 3])[:, 14:]]
    return [list(row[: [*row, "<end>"].index("<end>")]) for row in found]


lines = ["Hi!", "How are you?", "What is your major?", "Do you like pizza?", "Where are you from?"]
lines += ["I am sad.", "Are you a robot?", "What is the meaning of life?"]
for temperature in (0.01, 0.6, 1.0):
    print(f"--- temperature {temperature}")
    for line, words in zip(lines, answer(lines, temperature, 133)):
        print(f"{line:30} {' '.join(words)}")


# %%
def bags(sentences):
    """(n, vocabulary): which words occur, the rare ones heavier, each row of length 1."""
    bags = np.zeros((len(sentences), len(vocabulary)), "float32")
    for bag, words in zip(bags, sentences):
        bag[[number.get(word, 3) for word in words]] = 1
    bags *= -np.log(frequency)
    return bags / (np.linalg.norm(bags, axis=1, keepdims=True) + 1e-9)


def overlap(ours, theirs):
    """F1: twice the words in common, over all words of both."""
    common = sum(min(ours.count(word), theirs.count(word)) for word in set(ours))
    return 2 * common / (len(ours) + len(theirs))


# %%
asked, truth = zip(*fresh[:300])
nearest = (bags(asked) @ bags([said for said, _ in known]).T).argmax(axis=1)
repliers = {
    "'yeah'": [["yeah"]] * 300,
    "'i ? you .'": [["i", "?", "you", "."]] * 300,
    "a stranger's reply": truth[37:] + truth[:37],
    "nearest neighbor": [known[i][1] for i in nearest],
    "chatbot, temperature 0.6": answer([" ".join(words) for words in asked], 0.6, 134),
    "chatbot, the likeliest": answer([" ".join(words) for words in asked], 0.01, 134),
}

# %%
scores = []
for name, replies in repliers.items():
    f1 = np.mean([overlap(ours, theirs) for ours, theirs in zip(replies, truth)])
    print(f"{name:25} F1 {f1:.3f}, {len({' '.join(r) for r in replies}):3} different replies")
    scores.append(f1)
for name, f1 in zip(["yeah", "constant", "stranger", "nearest", "drawn", "likeliest"], scores):
    check.claim(f"f1_{name}", f1)

# %% [markdown]
# Much of it *sounds* like chat; few of the replies answer. The numbers agree. The words of a true reply cost 3.61 nats
# each, far less than by their frequency alone, 4.83. But with a *stranger's* words before it, the same reply costs
# only 0.05 more. Nearly all that our chatbot knows is what replies look like in general. It has no facts, no memory of
# the turn before, no person behind its "I". (Today's assistants are Transformers too, trained on a large part of all
# that is written, then on good answers, then on people's judgments of their own: Ouyang and others 2022.)
#
# And the usual score? F1 compares the words of a reply to those of the true one. "Yeah" gets 0.01, a stranger's true
# reply 0.06, the reply from the most similar known conversation 0.07, the chatbot 0.07 to 0.08. It seems to win, until
# one tries the constant reply "i ? you .", which gets 0.15 for four common words. A score that a constant can win
# measures something else (Liu and others 2016 found that scores which count common words hardly agree with the
# judgment of people). Ask of every chatbot: compared with what? The likeliest replies are also the same few again and
# again, as Li and others (2016) describe for larger models.
#
# ## 14. Pictures as sequences
#
# Nothing in a Transformer knows about text. Cut a picture into patches, flatten each, map it to the width of the
# model by one dense layer, add a vector for its position: a sequence. One more vector, the learned *class token*,
# goes in front; it collects what it needs from the patches, and the logits are read from it. No mask: this is an
# encoder. That is the **Vision Transformer** (Dosovitskiy and others 2021).
#
# **Predict, then run:** 8,000 garments of Fashion-MNIST, four times around, and three networks of 60,000 weights: a
# ViT with 16 patches, a dense network and a convolutional one. Who comes first, and who last?


# %%
def patchify(images, size):
    """images (batch, height, width) -> (batch, patches, size * size), in reading order."""
    batch, height, width = images.shape
    grid = images.reshape(batch, height // size, size, width // size, size)
    return grid.transpose(0, 1, 3, 2, 4).reshape(batch, -1, size * size)


(x_train, y_train), (x_test, y_test) = data.load("fashion_mnist")
n_train = scale(cpu=8000, gpu=24_000)
x_train, y_train = (x_train[:n_train] / 255).astype("float32"), y_train[:n_train]
x_test, y_test = (x_test[:2000] / 255).astype("float32"), y_test[:2000]
plots.images(patchify(x_test[:1], 7)[0].reshape(16, 7, 7), columns=4, size=0.7, cmap="gray")
plt.show()


# %%
class Patches(layers.Layer):
    """(batch, n, pixels) -> (batch, 1 + n, width): the class token and the patches, with positions."""

    def __init__(self, n, width):
        super().__init__()
        self.project, self.token = layers.Dense(width), layers.Embedding(1, width)
        self.positions = layers.Embedding(1 + n, width)

    def call(self, patches):
        token = self.token(ops.zeros_like(patches[:, :1, 0], "int32"))
        x = ops.concatenate([token, self.project(patches)], axis=1)
        return x + self.positions(ops.arange(x.shape[1]))


# %%
def vit(n, pixels, width, depth=2):
    patches = keras.Input((n, pixels))
    x = start = Patches(n, width)(patches)
    for _ in range(depth):
        x = Block(width, heads)(x)
    logits = layers.Dense(10)(layers.LayerNormalization()(x)[:, 0])
    return keras.Model(patches, logits), keras.Model(patches, start)


def mlp():
    hidden = [layers.Dense(72, activation="relu"), layers.Dense(64, activation="relu")]
    return keras.Sequential([keras.Input((28, 28)), layers.Flatten(), *hidden, layers.Dense(10)])


def cnn():
    told = {"kernel_size": 3, "strides": 2, "padding": "same", "activation": "relu"}
    stack = [layers.Conv2D(filters, **told) for filters in (16, 48, 64)]
    head = [layers.Flatten(), layers.Dense(24, activation="relu"), layers.Dense(10)]
    return keras.Sequential([keras.Input((28, 28)), layers.Reshape((28, 28, 1)), *stack, *head])


# %%
seer, inside = vit(16, 49, 48)
order = np.concatenate([np.random.default_rng(141 + i).permutation(n_train) for i in range(4)])
keras.utils.set_random_seed(142)
for name, model in {"ViT": redraw(seer, 143), "dense": mlp(), "convolution": cnn()}.items():
    see = (lambda x: patchify(x, 7)) if name == "ViT" else (lambda x: x)
    train(model, see(x_train)[order], y_train[order], 64, 0.003, compiled=False)
    right = model.predict(see(x_test), batch_size=500, verbose=0).argmax(axis=1) == y_test
    print(f"{name:12} {model.count_params():,} parameters")
    check.claim(f"right_{name.lower()}", right.mean())

# %%
blocks = [weights_of(part) for part in seer.layers if isinstance(part, Block)]
shown = [np.flatnonzero(y_test == k)[0] for k in (1, 5, 7, 8, 9, 3)]
x = ops.convert_to_numpy(inside(patchify(x_test[shown], 7)))
for w in blocks:
    h = layer_norm(x, w["scale1"], w["shift1"])
    looks = attend(h, h, w, heads)[1][:, :, 0, 1:].mean(axis=1)  # of the class token, mean over heads
    x = block(x, w, heads)
_, axes = plt.subplots(1, 6, figsize=(10, 1.9), layout="constrained")
for ax, picture, look in zip(axes, x_test[shown], looks):
    ax.imshow(picture, cmap="binary")
    ax.imshow(look.reshape(4, 4), cmap="Reds", alpha=0.5, extent=(-0.5, 27.5, 27.5, -0.5), vmin=0)
    ax.axis("off")
plt.show()

# %% [markdown]
# The Vision Transformer is the last of three: 84 %, after the dense network (86 %) and the convolutional one (86 %;
# the order of these two is chance). A convolution *knows* that neighbors belong together and that a stripe is a stripe
# anywhere; the ViT must learn from 8,000 pictures even which patch lies beside which. (The dense network was told no
# more, but garments stand in the middle, where a weight for each pixel fits.) Its authors found the like on another
# scale: trained on a million pictures it lost to convolutional networks, on three hundred million it won. With little
# data, build in what you know.
#
# *What to look for in the pictures: red where the class token looks in the last block, mean of the heads.* Mostly at a
# few patches, some on edges of the garment and some on empty ground, which can say "no sleeve here" just as well.

# %% [markdown]
# ## The question, answered

# %%
check.claim("in_sight", (distances < length).mean())

# %% [markdown]
# **How does it find the place?** A query is compared with keys by scalar product, and softmax turns the comparison into
# shares. Learned matrices make both. If the key says what stands there, a place is found by content; if it says where,
# by position.
#
# **Where should it look, and where does it?** Wherever that lowers the loss. The translator found the digits it
# needed. The GPT looks at the character before and at the spaces, because that pays at every step. The speaker before
# last it does not look up: only 36 % of those names are within 128 characters at all. The layer of section 3, which
# had nothing else to learn, shows that it can.
#
# **What does looking cost?** $2T^2d$ multiplications for scores and means, beside $4Td^2$ for the matrices: less than a
# GRU of the same width as long as $T < d$, more beyond. But all looks happen at once, and each is a single link for the
# gradient.
#
# ## Check yourself
#
# **1.** Queries (2, 4, 10, 16), keys (2, 4, 7, 16), values (2, 4, 7, 16): batch, heads, time, depth. What are the
# shapes of the weights and of the result? What do we divide by, and what does a row of weights sum to?
#
# <details><summary>Answer</summary>
#
# (2, 4, 10, 7) and (2, 4, 10, 16). By $\sqrt{16} = 4$: the depth of a head, not the model's width. To 1.
#
# </details>
#
# **2.** Someone applies the causal mask by multiplying the *weights*, after the softmax, by 0. What is wrong?
#
# <details><summary>Answer</summary>
#
# The rows no longer sum to 1, and the future still takes part in the denominator, so it leaks. Masks act on the scores.
#
# </details>
#
# **3.** How many parameters has a block of width 64 (four projections, feed-forward of 256, two norms), biases
# included? Does it depend on the number of heads, or on the length of the text?
#
# <details><summary>Answer</summary>
#
# $4\,(64^2 + 64) + 2 \cdot 64 \cdot 256 + 256 + 64 + 4 \cdot 64 = 49{,}984$. On neither: heads divide the width among
# themselves, and every position uses the same weights. (Learned positions, outside the block, depend on the length.)
#
# </details>
#
# **4.** Why may the keys and values in the cache be kept when a symbol is appended, but not when a full window moves on
# by one place? And why can an encoder not keep them?
#
# <details><summary>Answer</summary>
#
# Under the causal mask nothing before the new symbol looks at it. When the window moves, every symbol gets another
# position vector. In an encoder all positions look at the new symbol, so what the next block makes of them changes.
#
# </details>

# %%
check.claim("quiz_parameters", encoder_block.count_params())  # for question 3

# %% [markdown]
# ## In one paragraph
#
# Attention is a soft look-up: scalar products of queries and keys, divided by $\sqrt d$ so that the softmax can learn,
# give the shares in which values are averaged. It has no sense of order, so positions are put into the inputs; several
# heads look at several places at once; a residual stream, layer norm and a feed-forward part make blocks that can be
# stacked. A causal mask lets a decoder learn from all positions in one pass, a cache lets it write without computing
# anything twice, and cross-attention lets it read a source. The price is $T^2$; what it buys is that all positions are
# computed at once, with one link between any two. Little is built in, so on little data a table or a convolution can
# be better.
#
# ## Go further
#
# - C. Shannon (1948), *A mathematical theory of communication*, Bell System Technical Journal 27. Language by counting.
# - D. Bahdanau, K. Cho and Y. Bengio (2015), *Neural machine translation by jointly learning to align and translate*,
#   ICLR. Attention in a recurrent translator.
# - A. Vaswani and others (2017), *Attention is all you need*, NIPS. Sections 1 to 6, in the original.
# - Y. Dong, J.-B. Cordonnier and A. Loukas (2021), *Attention is not all you need: pure attention loses rank doubly
#   exponentially with depth*, ICML. Our collapse, proved.
# - R. Xiong and others (2020), *On layer normalization in the Transformer architecture*, ICML. Pre- against post-norm.
# - J. Su and others (2024), *RoFormer: enhanced Transformer with rotary position embedding*, Neurocomputing 568.
#   Queries and keys themselves are turned.
# - A. Radford, K. Narasimhan, T. Salimans and I. Sutskever (2018), *Improving language understanding by generative
#   pre-training*, OpenAI. The first GPT.
# - N. Elhage and others (2021), *A mathematical framework for Transformer circuits*, and C. Olsson and others (2022),
#   *In-context learning and induction heads*, Transformer Circuits Thread. What heads do, taken apart.
# - S. Jain and B. Wallace (2019), *Attention is not explanation*, NAACL. Why a picture of attention is not yet a reason.
# - J. Li, M. Galley, C. Brockett, J. Gao and B. Dolan (2016), *A diversity-promoting objective function for neural
#   conversation models*, NAACL; C.-W. Liu and others (2016), *How NOT to evaluate your dialogue system*, EMNLP. Chatbots learned from pairs,
#   why they are dull, why their scores mislead. L. Ouyang and others (2022), *Training language models to follow
#   instructions with human feedback*, NeurIPS.
# - A. Dosovitskiy and others (2021), *An image is worth 16x16 words: Transformers for image recognition at scale*, ICLR.
#   ViT, and how much data it took.
