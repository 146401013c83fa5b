# %% [raw] front=true
# title = "Generalization"
# shows = "Why a network that knows its examples by heart may know nothing, how to find out, and what makes it do better on what it has not seen."
# needs = "Chapters 1 to 4: dense layers, softmax and cross-entropy, forward and backward pairs, gradient descent with momentum. From statistics: mean, variance, standard error."
# minutes = {read = 60, run = 1}
# data = ["fashion_mnist", "mnist", "mnist1d"]
#
# [claims.parameters]
# text = "weights and biases of the 196-256-10 network"
# value = 53002
# tolerance = 0
# [claims.true_seen]
# text = "accuracy on its training pictures, trained on true labels"
# value = 1.0
# tolerance = 0.003
# [claims.true_unseen]
# text = "accuracy on unseen pictures, trained on true labels"
# value = 0.81
# tolerance = 0.015
# [claims.random_seen]
# text = "accuracy on its training pictures, trained on random labels"
# value = 0.99
# tolerance = 0.01
# [claims.random_unseen]
# text = "accuracy on unseen pictures, trained on random labels"
# value = 0.08
# tolerance = 0.025
# [claims.careless_seen]
# text = "accuracy on its training pictures, trained on careless labels"
# value = 0.995
# tolerance = 0.005
# [claims.careless_unseen]
# text = "accuracy on unseen pictures, trained on careless labels"
# value = 0.62
# tolerance = 0.025
# [claims.standard_error]
# text = "standard error of an accuracy of 0.8 on 1,000 pictures"
# value = 0.01265
# tolerance = 0.00001
# [claims.true_narrow]
# text = "validation error with 4 hidden units, true labels"
# value = 0.42
# tolerance = 0.05
# [claims.true_wide]
# text = "validation error with 1,024 hidden units, true labels"
# value = 0.19
# tolerance = 0.015
# [claims.careless_dip]
# text = "validation error with 8 to 32 hidden units, careless labels"
# value = 0.36
# tolerance = 0.025
# [claims.careless_hump]
# text = "validation error with 64 hidden units, careless labels"
# value = 0.42
# tolerance = 0.025
# [claims.careless_wide]
# text = "validation error with 1,024 hidden units, careless labels"
# value = 0.34
# tolerance = 0.02
# [claims.seen_through]
# text = "largest share of the wrongly labeled pictures called what they are"
# value = 0.75
# tolerance = 0.025
# [claims.memorized]
# text = "share of the wrong labels known by heart in the end"
# value = 0.995
# tolerance = 0.007
# [claims.early_stopping]
# text = "validation accuracy where the validation loss is lowest"
# value = 0.756
# tolerance = 0.02
# [claims.best_epochs_differ]
# text = "best epoch of Keras's early stopping, minus ours"
# value = 0
# tolerance = 0
# [claims.keras_losses_differ]
# text = "largest difference between Keras's validation losses and ours"
# value = 0
# tolerance = 0.001
# [claims.selection_leaky]
# text = "accuracy reported on noise, columns selected on all patients"
# value = 0.89
# tolerance = 0.02
# [claims.selection_honest]
# text = "the same, columns selected on the training half"
# value = 0.5
# tolerance = 0.03
# [claims.duplicates_leaky]
# text = "accuracy on random labels, twins on both sides"
# value = 0.54
# tolerance = 0.03
# [claims.duplicates_honest]
# text = "the same, split by garment"
# value = 0.1
# tolerance = 0.03
# [claims.winner_leaky]
# text = "accuracy of the best of 200 guessers on the pictures that chose it"
# value = 0.19
# tolerance = 0.02
# [claims.winner_honest]
# text = "accuracy of that guesser on fresh pictures"
# value = 0.1
# tolerance = 0.03
# [claims.l2_keras_gap]
# text = "relative difference between our L2 penalty and Keras's"
# value = 0
# tolerance = 0.000001
# [claims.plain]
# text = "validation accuracy of the plain run, mean of three"
# value = 0.63
# tolerance = 0.02
# [claims.l2_best]
# text = "validation accuracy with L2 of 0.01"
# value = 0.75
# tolerance = 0.02
# [claims.l2_seen]
# text = "training accuracy with L2 of 0.01"
# value = 0.67
# tolerance = 0.02
# [claims.l1_best]
# text = "validation accuracy with L1 of 0.002"
# value = 0.75
# tolerance = 0.02
# [claims.plain_small_weights]
# text = "share of the first-layer weights below 0.002, plain"
# value = 0.015
# tolerance = 0.003
# [claims.l2_small_weights]
# text = "the same with L2"
# value = 0.15
# tolerance = 0.02
# [claims.l1_small_weights]
# text = "the same with L1"
# value = 0.91
# tolerance = 0.015
# [claims.pruned]
# text = "change of the validation accuracy when the small weights are deleted"
# value = 0
# tolerance = 0.006
# [claims.mirrored]
# text = "validation accuracy with mirrored pictures"
# value = 0.62
# tolerance = 0.02
# [claims.shifted]
# text = "validation accuracy with shifted pictures"
# value = 0.72
# tolerance = 0.02
# [claims.both_augmented]
# text = "validation accuracy with both"
# value = 0.73
# tolerance = 0.02
# [claims.dropout_half]
# text = "validation accuracy with dropout of rate 0.5"
# value = 0.72
# tolerance = 0.02
# [claims.dropout_best]
# text = "validation accuracy with dropout of rate 0.7"
# value = 0.76
# tolerance = 0.02
# [claims.masks]
# text = "masks of the tiny network's ten units"
# value = 1024
# tolerance = 0
# [claims.exact_answer]
# text = "probability of the answer, exact average over all masks"
# value = 0.64
# tolerance = 0.02
# [claims.scaled_answer]
# text = "probability of the answer by the weight scaling rule"
# value = 0.81
# tolerance = 0.02
# [claims.geometric_gap]
# text = "weight scaling rule against the geometric mean, one softmax layer"
# value = 0
# tolerance = 1e-12
# [claims.deep_geometric_gap]
# text = "the same with the masks on the inputs"
# value = 0.07
# tolerance = 0.02
# [claims.deep_arithmetic_gap]
# text = "weight scaling rule against the average, masks on the inputs"
# value = 0.15
# tolerance = 0.03
# [claims.monte_carlo_slope]
# text = "slope of the Monte Carlo error against the number of masks, log-log"
# value = -0.5
# tolerance = 0.02
# [claims.masks_to_beat_the_rule]
# text = "masks whose average errs as much as the weight scaling rule"
# value = 4.2
# tolerance = 0.8
# [claims.keras_crowd_gap]
# text = "Keras's average over 20,000 masks against the exact one"
# value = 0
# tolerance = 0.01
# [claims.keras_rule_gap]
# text = "Keras at inference against the weight scaling rule"
# value = 0
# tolerance = 0.00001
# [claims.strangers_single]
# text = "digits told from garments by the entropy of one pass"
# value = 0.79
# tolerance = 0.025
# [claims.strangers_total]
# text = "the same by the total entropy of 50 passes"
# value = 0.88
# tolerance = 0.02
# [claims.strangers_disagreement]
# text = "the same by the disagreement of 50 passes"
# value = 0.94
# tolerance = 0.015
# [claims.strangers_brightness]
# text = "the same by the darkness of the picture, without a network"
# value = 0.889
# tolerance = 0.002
# [claims.norm_check]
# text = "largest error of the normalizations' gradients against central differences"
# value = 0
# tolerance = 1e-7
# [claims.keras_norm_gap]
# text = "largest difference between Keras's normalizations and ours"
# value = 0
# tolerance = 0.00001
# [claims.plain_rates]
# text = "learning rates (of seven) at which the plain network learns"
# value = 4
# tolerance = 0
# [claims.layer_rates]
# text = "the same with layer normalization"
# value = 5
# tolerance = 0
# [claims.batch_rates]
# text = "the same with batch normalization"
# value = 6
# tolerance = 0
# [claims.norm_lag]
# text = "accuracy after one epoch, moving momentum 0.9 minus 0.99"
# value = 0.13
# tolerance = 0.04
# [claims.kept_of_the_start]
# text = "share of the starting value left in a moving average after 20 steps"
# value = 0.82
# tolerance = 0.005
# [claims.kept_with_less_momentum]
# text = "the same with momentum 0.9"
# value = 0.12
# tolerance = 0.005
# [claims.norm_used_right]
# text = "accuracy with the moving averages"
# value = 0.79
# tolerance = 0.015
# [claims.norm_used_wrong]
# text = "accuracy in training mode, batches sorted by class"
# value = 0.26
# tolerance = 0.05
# [claims.descent_first_minimum]
# text = "double descent: error with 50 features"
# value = 0.80
# tolerance = 0.01
# [claims.descent_peak]
# text = "error with 300 features, as many as examples"
# value = 0.90
# tolerance = 0.015
# [claims.descent_end]
# text = "error with 3,000 features"
# value = 0.78
# tolerance = 0.01
# [claims.descent_misfit]
# text = "largest error on its own labels with 300 features or more"
# value = 0
# tolerance = 0.001
# [claims.descent_penalized_peak]
# text = "error with 300 features and a penalty"
# value = 0.76
# tolerance = 0.01
# [claims.descent_penalized_end]
# text = "error with 3,000 features and a penalty"
# value = 0.754
# tolerance = 0.01
# [claims.lead]
# text = "validation accuracy of the first in the list, minus that of our choice"
# value = 0.005
# tolerance = 0.008
# [claims.choice_test]
# text = "test accuracy of our choice"
# value = 0.746
# tolerance = 0.012
# [claims.plain_test]
# text = "test accuracy of the plain network"
# value = 0.636
# tolerance = 0.015
# [claims.true_test]
# text = "test accuracy of the plain network with true labels"
# value = 0.80
# tolerance = 0.008
# [claims.share_won_back]
# text = "share of the accuracy lost to the wrong labels that our choice wins back"
# value = 0.67
# tolerance = 0.08
# [claims.plain_temperature]
# text = "temperature of the plain networks"
# value = 1.8
# tolerance = 0.2
# [claims.plain_ece]
# text = "calibration error of the plain networks"
# value = 0.14
# tolerance = 0.02
# [claims.plain_ece_mended]
# text = "the same with the temperature"
# value = 0.05
# tolerance = 0.015
# [claims.choice_temperature]
# text = "temperature of our choice"
# value = 0.66
# tolerance = 0.06
# [claims.choice_confidence]
# text = "mean confidence of our choice on the test pictures"
# value = 0.59
# tolerance = 0.03
# [claims.choice_and_careless_labels]
# text = "share of its answers that careless labels would agree with"
# value = 0.53
# tolerance = 0.012
# [claims.choice_ece]
# text = "calibration error of our choice"
# value = 0.16
# tolerance = 0.03
# [claims.choice_ece_mended]
# text = "the same with the temperature"
# value = 0.05
# tolerance = 0.015

# %% setup=true

# %% [markdown]
# ## A question first
#
# Here are a thousand pictures of garments, and a network with one hidden layer, as in chapters 2 and 3. We train it
# three times, on the same pictures with three sets of labels. The first set is true. The second is pure chance: every
# label is drawn from a hat. The third comes from a careless labeler, as the labels of many real data sets do: about
# three in ten are wrong.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

(x_all, y_all), (x_test, y_test) = data.load("fashion_mnist")
names = data.card("fashion_mnist").classes


def shrink(images):
    """(n, 28, 28) gray levels to (n, 196) in 0..1: the means of blocks of 2 by 2 pixels."""
    return images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196) / 255


# %%
order = np.random.default_rng(6).permutation(len(x_all))
train_rows, valid_rows = order[:1000], order[1000:2000]
x_train, x_valid, x_test = shrink(x_all[train_rows]), shrink(x_all[valid_rows]), shrink(x_test)
y_train, y_valid, y_test = (y.astype(int) for y in (y_all[train_rows], y_all[valid_rows], y_test))
mean, spread = x_train.mean(), x_train.std()  # of the training pictures alone; we shall see why


def scale(x):
    return ((x - mean) / spread).astype("float32")


x_train, x_valid, x_test = scale(x_train), scale(x_valid), scale(x_test)

# %%
rng = np.random.default_rng(61)
random_labels = rng.integers(0, 10, 1000)
is_wrong = rng.random(1000) < 0.3
careless_labels = np.where(is_wrong, (y_train + rng.integers(1, 10, 1000)) % 10, y_train)
labels_of = {"true": y_train, "random": random_labels, "careless": careless_labels}

pairs = zip(y_train[:7], careless_labels[:7])
titles = [f"{names[true]}\n({names[label]})" for true, label in pairs]
plots.images(x_train[:7].reshape(-1, 14, 14), titles, size=1.3)
plt.show()
print("careless labels that are wrong:", is_wrong.sum())

# %% [markdown]
# *What to look for: what it is, and in brackets what the careless labeler says. The pictures are shrunk to 14 by 14
# pixels, so that we can afford some hundred trainings.*
#
# The network and its gradients are those of chapter 3, the optimizer is gradient descent with momentum (chapter 4).
# The parameters are a flat list, in the order of Keras's `get_weights`.


# %%
def new_network(sizes, seed):
    """[W1, b1, W2, b2] with He's weights, W (n_in, n_out) and b (n_out,)."""
    rng, params = np.random.default_rng(seed), []
    for n_in, n_out in zip(sizes, sizes[1:]):
        W = rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))
        params += [W.astype("float32"), np.zeros(n_out, "float32")]
    return params


def logits_of(params, x):
    """Pictures x (batch, n_in) to logits (batch, 10), by one hidden layer of ReLU units."""
    W1, b1, W2, b2 = params
    return np.maximum(x @ W1 + b1, 0) @ W2 + b2


# %%
def softmax(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def loss_of(params, x, labels):
    """Mean cross-entropy."""
    p = softmax(logits_of(params, x).astype(float))
    return -np.log(p[np.arange(len(labels)), labels]).mean()


def accuracy(params, x, labels):
    return (logits_of(params, x).argmax(axis=1) == labels).mean()


# %%
def logit_gradient(logits, labels):
    """Of the mean cross-entropy: (probabilities - truth) / batch, shape (batch, 10)."""
    dlogits = softmax(logits)
    dlogits[np.arange(len(labels)), labels] -= 1
    return dlogits / len(labels)


def gradients(params, x, labels, rng):
    """In the order of params. (rng is for dropout, later.)"""
    W1, b1, W2, b2 = params
    sums = x @ W1 + b1
    hidden = np.maximum(sums, 0)
    dlogits = logit_gradient(hidden @ W2 + b2, labels)
    dsums = (dlogits @ W2.T) * (sums > 0)
    return [x.T @ dsums, dsums.sum(axis=0), hidden.T @ dlogits, dlogits.sum(axis=0)]


# %% [markdown]
# The training has three openings for what is to come: other gradients, a penalty on the weights, a change of the
# pictures. It returns the parameters after every epoch, a film that we can look back through.


# %%
def train(params, x, labels, gradients=gradients, penalty=None, augment=None, seed=0):
    """-> a list of params, one after each of 60 epochs. penalty(params) gives gradients."""
    params, rng = [part.copy() for part in params], np.random.default_rng(seed)
    velocities, film = [np.zeros_like(part) for part in params], []
    for _ in range(60):
        for rows in rng.permutation(len(x)).reshape(-1, 50):
            batch = augment(x[rows], rng) if augment else x[rows]
            grads = gradients(params, batch, labels[rows], rng)
            extras = penalty(params) if penalty else [0] * len(params)
            for part, velocity, grad, extra in zip(params, velocities, grads, extras):
                velocity *= 0.9
                velocity -= 0.02 * (grad + extra)
                part += velocity
        film.append([part.copy() for part in params])
    return film


# %% [markdown]
# **Predict, then run.** With 256 hidden units the network has 53,002 weights and biases, for a thousand pictures.
# What accuracy will it reach *on the very pictures that it was trained with*, for each of the three sets of labels?

# %%
start = new_network([196, 256, 10], seed=1)
check.claim("parameters", sum(part.size for part in start))
films = {kind: train(start, x_train, labels) for kind, labels in labels_of.items()}
for kind, labels in labels_of.items():
    check.claim(f"{kind}_seen", accuracy(films[kind][-1], x_train, labels))
    check.claim(f"{kind}_unseen", accuracy(films[kind][-1], x_valid, y_valid))

# %%
lines = {}
for kind, film in films.items():
    lines[f"{kind} labels"] = [loss_of(params, x_train, labels_of[kind]) for params in film]
plots.curves(lines, "epoch", "loss on the training pictures")
plt.show()

# %% [markdown]
# *What to look for: all three curves go toward zero. Chance only takes longer.*
#
# There is nothing to be learned from random labels, and the network learned them, 99 % of them, by heart. Chiyuan
# Zhang and colleagues showed this in 2017 for the large networks of the day. On a thousand unseen pictures, whose
# labels are true, they are worlds apart: 81 % and 8 % (a guess has 10). The careless labels give 62 %, although
# seven in ten of them were right.
#
# **What, then, does an accuracy tell? And how do we make more of the careless labels than 62 %, without correcting a
# single one?** True labels would give 81 %.
#
# ## Three sets of data
#
# What we want is a low loss on pictures still to come, on average over the source that they share with ours: the
# *risk* $R$. What we can compute is an average over $n$ examples, $\hat R$:
#
# $$R(\theta) = \mathbb{E}\big[ \ell(\theta; x, t) \big], \qquad
# \hat R(\theta) = \frac1n \sum_{i=1}^{n} \ell(\theta; x_i, t_i),$$
#
# where $\theta$ stands for all parameters, $\ell$ for the loss of one picture $x$ with true class $t$, and
# $\mathbb{E}$ for the average over the source. For parameters fixed in advance, $\hat R$ is an honest estimate of
# $R$. But training *chooses* $\theta$ to make $\hat R$ small on the training set, and after that choice, $\hat R$ on
# the same set says little about $R$. The difference between unseen and seen is the **generalization gap**.
#
# The choosing goes on after training: how many units, how many epochs, which penalty. Every such choice, made to do
# well on some pictures, spoils these pictures as judges in the same way, only more slowly. Hence three sets:
#
# - the **training set** chooses the parameters (here 1,000 pictures, with careless labels from now on);
# - the **validation set** chooses everything else (1,000 others, whose labels someone has checked);
# - the **test set** chooses nothing, and is opened once, at the end (10,000 others, checked too).
#
# Up to the section "The test set is opened", each number about unseen garments is a validation number. How far can it
# be off by luck alone? Of $n$ independent pictures and a true accuracy $a$, the number of right answers is binomially
# distributed, so their share has the standard error $\sqrt{a (1 - a) / n}$.

# %%
for n in [100, 1000, 10_000]:
    print(f"accuracy 0.8, measured on {n} pictures: standard error {np.sqrt(0.8 * 0.2 / n):.4f}")
check.claim("standard_error", np.sqrt(0.8 * 0.2 / 1000))

# %% [markdown]
# That is 1.3 % for our validation set, and about 95 % of such estimates lie within two standard errors of the
# truth. Half a percent more or less on a thousand pictures is no news.
#
# ## How big? Under- and overfitting
#
# The classical advice is to choose the right size. A network with too few units cannot fit even the training set: it
# *underfits*, and no other training set would help (*bias*). One with too many fits what is accidental: it
# *overfits*, to each training set in another way (*variance*). **Predict, then run:** networks of 2 to 1,024 hidden
# units, with true and with careless labels, two runs each. Where is the error on unseen pictures lowest, and how does
# it go on from there?

# %%
widths = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
errors = {}
for kind in ["true", "careless"]:
    seen, unseen = np.zeros((2, len(widths))), np.zeros((2, len(widths)))
    for i, seed in np.ndindex(len(widths), 2):
        film = train(new_network([196, widths[i], 10], seed), x_train, labels_of[kind], seed=seed)
        seen[seed, i] = 1 - accuracy(film[-1], x_train, labels_of[kind])
        unseen[seed, i] = 1 - accuracy(film[-1], x_valid, y_valid)
    errors[f"{kind} labels, training"] = (widths, seen.mean(axis=0))
    errors[f"{kind} labels, unseen"] = (widths, unseen.mean(axis=0))

# %%
ax = plots.curves(errors, "hidden units", "share of wrong answers")
ax.set_xscale("log", base=2)
ax.xaxis.set_major_formatter("{x:g}")
plt.show()
true_error, careless_error = (errors[f"{kind} labels, unseen"][1] for kind in ["true", "careless"])
check.claim("true_narrow", true_error[widths.index(4)])
check.claim("true_wide", true_error[-1])
check.claim("careless_dip", careless_error[widths.index(8) : widths.index(64)].mean())
check.claim("careless_hump", careless_error[widths.index(64)])
check.claim("careless_wide", careless_error[-1])

# %% [markdown]
# *What to look for: the two training curves fall to zero; compare where the unseen curves go.* On the left the errors
# are high on seen and unseen pictures alike: underfitting. With true labels, the error on unseen pictures then falls
# and stays down. There is a gap to the training error, but *more units do no harm*: 42 % wrong with 4 units, 19 %
# with 1,024. With careless labels it is the textbook's picture at first: down to 36 % between 8 and 32 units, then up
# to 42 % at 64, where the network begins to have room for the wrong labels. And then it comes *down again*, to 34 %
# at 1,024. That is not in the classical picture; the section "Double descent" has a cleaner experiment.
#
# Size, then, is a blunt tool. More examples would be the best one, but we have none. From here on we keep the 256
# units.
#
# ## How long? Label noise and early stopping
#
# Look back through the film of the careless training. **Predict, then run:** what does the network call the 303
# training pictures whose label is wrong, as the epochs go by: what it was told, or what they are?

# %%
film = films["careless"]
wrong_x, wrong_told, wrong_true = (part[is_wrong] for part in (x_train, careless_labels, y_train))
as_told = [accuracy(params, wrong_x, wrong_told) for params in film]
as_is = [accuracy(params, wrong_x, wrong_true) for params in film]
valid_losses = [loss_of(params, x_valid, y_valid) for params in film]
train_losses = [loss_of(params, x_train, careless_labels) for params in film]
check.claim("seen_through", max(as_is))
check.claim("memorized", as_told[-1])

# %%
_, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.6))
plots.curves({"training": train_losses, "validation": valid_losses}, "epoch", "loss", ax=left)
best = int(np.argmin(valid_losses))
left.axvline(best + 1, color="gray", linestyle=":")
lines = {"as they were labeled": as_told, "as they are": as_is}
plots.curves(lines, "epoch", "share of the answers", "pictures with a wrong label", ax=right)
right.legend(loc="center right")
plt.show()
print("lowest validation loss in epoch", best, "counted from 0")
check.claim("early_stopping", accuracy(film[best], x_valid, y_valid))

# %% [markdown]
# *What to look for: on the right, the crossing; on the left, the validation loss, which turns upward long before it,
# at the dotted line.* In its first epochs the network calls up to 75 % of the wrongly labeled pictures what they
# *are*, against what it is being told. What many pictures share is learned first; the exceptions are learned by heart
# afterward, one by one, until 99 % of the wrong labels are reproduced. (Devansh Arpit and colleagues described this
# in 2017.) The network with the lowest validation loss has 76 % on unseen pictures; the last one has 62 %.
#
# **Early stopping** means to end training there. One cannot know at that moment that the loss will not fall further,
# so one waits a while. Keras's rule: a loss is an *improvement* when it is lower than the best loss so far by more
# than `min_delta` (the first always is one). Count the epochs since the last improvement; when this count reaches
# `patience`, stop. The epoch to keep is that of the last improvement, not the one where training stopped (in Keras
# only with `restore_best_weights=True`). Epochs are counted from 0; in our figures, from 1.
#
# Keras's `EarlyStopping` does this within `fit`. We hand it our batches in our order:

# %%
shuffler = np.random.default_rng(0)
rows = np.concatenate([shuffler.permutation(1000) for _ in range(30)])  # epoch after epoch
dense = keras.layers.Dense
model = keras.Sequential([keras.Input((196,)), dense(256, activation="relu"), dense(10)])
model.set_weights(start)
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.SGD(0.02, momentum=0.9), cross_entropy, steps_per_execution=20)
stopping = keras.callbacks.EarlyStopping("val_loss", patience=8, restore_best_weights=True)
settings = {"epochs": 30, "steps_per_epoch": 20, "batch_size": 50, "shuffle": False, "verbose": 0}
check_on = {"validation_data": (x_valid, y_valid), "validation_batch_size": 1000}
fit = model.fit(x_train[rows], careless_labels[rows], **settings, **check_on, callbacks=[stopping])

# %%
keras_losses = fit.history["val_loss"]
print("stopped in epoch", stopping.stopped_epoch, "and kept epoch", stopping.best_epoch)
check.claim("best_epochs_differ", stopping.best_epoch - best)
ours = np.array(valid_losses[: len(keras_losses)])
check.claim("keras_losses_differ", np.abs(keras_losses - ours).max())

# %% [markdown]
# The same losses, the same epoch. But mark: the validation set took part in a choice, once per epoch. Its loss at
# that epoch is a little too good now.
#
# ## What goes wrong: leakage
#
# The whole arrangement rests on one condition: nothing about the pictures that judge may reach the model that is
# judged. When it does, that is **leakage**. It raises no error and only makes the numbers better. Three cases, each
# with data from which *nothing can be learned*.
#
# *One: preparing with all of the data.* A hundred patients, 5,000 measurements each, about half of them ill; but here
# the measurements are pure noise, and the diagnosis is a coin toss. A study picks the 20 measurements that differ
# most between ill and healthy, then splits the patients in halves, trains on one, and tests on the other. **Predict,
# then run:** what accuracy will it report? The truth is 50 %.


# %%
def class_means(x, labels):
    return np.array([x[labels == c].mean(axis=0) for c in range(2)])


def most_different(x, labels):
    """The 20 columns of x in which the means of the two classes are furthest apart."""
    means = class_means(x, labels)
    return np.abs(means[1] - means[0]).argsort()[-20:]


def score(x, labels, columns, learn, judge):
    """Share of the rows `judge` that are nearest to their own class mean, taken over `learn`."""
    means = class_means(x[learn][:, columns], labels[learn])
    distances = ((x[judge][:, None, columns] - means) ** 2).sum(axis=2)
    return (distances.argmin(axis=1) == labels[judge]).mean()


# %%
rng, shares = np.random.default_rng(62), {"leaky": [], "honest": []}
for _ in range(50):  # fifty such studies
    x, labels = rng.normal(size=(100, 5000)), rng.integers(0, 2, 100)
    learn, judge = np.split(rng.permutation(100), 2)
    leaky_choice = most_different(x, labels)
    honest_choice = most_different(x[learn], labels[learn])
    shares["leaky"].append(score(x, labels, leaky_choice, learn, judge))
    shares["honest"].append(score(x, labels, honest_choice, learn, judge))
reported = {"selected on all": (np.mean(shares["leaky"]), np.mean(shares["honest"]), 0.5)}

# %% [markdown]
# *Two: the same thing on both sides.* Each garment is photographed twice, the second time with a little noise, and
# carries one random label. A random split puts many garments on both sides. *Three: many tries.* Of two hundred
# models that guess at random, the best on one test set of a hundred pictures is reported. The remedies: let every
# choice that looks at labels happen inside the training set; split by garment (patient, writer, day) and not by
# picture; judge the winner on pictures that had no part in making it one.

# %%
twice = np.concatenate([x_train, x_train + rng.normal(0, 0.1, x_train.shape)])
labels, garment = np.tile(random_labels, 2), np.tile(np.arange(1000), 2)
found = []
for is_train in [rng.random(2000) < 0.5, rng.random(1000)[garment] < 0.5]:  # by picture, by garment
    x, others = twice[is_train], twice[~is_train]
    nearest = ((x**2).sum(axis=1) - 2 * others @ x.T).argmin(axis=1)  # |x - other|^2, less |other|^2
    found.append((labels[is_train][nearest] == labels[~is_train]).mean())
reported["on both sides"] = (*found, 0.1)

guesses, fresh = rng.integers(0, 10, (200, 1100)), rng.integers(0, 10, 1100)
right = guesses == fresh  # 200 models, 1,100 pictures: 100 to choose by, 1,000 fresh ones
winner = right[:, :100].mean(axis=1).argmax()
reported["best of 200"] = (right[winner, :100].mean(), right[winner, 100:].mean(), 0.1)

# %%
table = np.array(list(reported.values()))
for i, name in enumerate(["leaky", "honest"]):
    plt.bar(np.arange(3) + 0.3 * i, table[:, i], width=0.28, label=name)
for i, chance in enumerate(table[:, 2]):
    plt.plot([i - 0.2, i + 0.5], [chance, chance], "k:", label="the truth" if i == 0 else None)
plt.xticks(np.arange(3) + 0.15, list(reported))
plt.ylabel("accuracy")
plt.legend()
plt.show()
for row, key in zip(table, ["selection", "duplicates", "winner"]):
    check.claim(f"{key}_leaky", row[0])
    check.claim(f"{key}_honest", row[1])

# %% [markdown]
# *What to look for: blue above the dotted line is knowledge that does not exist.* The study reports 89 % where
# there is nothing to know, the search for the nearest twin 54 % in place of 10 % (half of the twins are on the
# other side), the best of two hundred guessers 19 %, three standard errors above its 10. The same programs, applied
# honestly, find the truth, give or take a standard error. (This is why our scaling used the training pictures
# alone.)
#
# ## Small weights: L2 and L1
#
# Now the tools. A network that is to fit one wrong label among right neighbors must bend sharply there, and for that
# it needs large weights. So we charge for them. The **L2** penalty adds $\lambda \sum w^2$ to the loss, over all
# weights $w$; its gradient is $2 \lambda w$, so each step also shrinks every weight by a fixed share, and the method
# is called *weight decay*. (With plain gradient descent the two are the same thing; chapter 4 showed where they
# part.) **L1** adds $\lambda \sum |w|$, with gradient $\lambda \operatorname{sign}(w)$: each step takes the same
# amount off every weight, however small it already is. We follow Keras: no factor $1/2$, and a sum, not a mean.
# Biases go free, since a bias shifts a unit's response without making it steeper.


# %%
def l2(strength):
    def penalty(params):
        return [2 * strength * part if part.ndim == 2 else 0 for part in params]

    return penalty


def l1(strength):
    def penalty(params):
        return [strength * np.sign(part) if part.ndim == 2 else 0 for part in params]

    return penalty


# %%
W = start[0]
ours, theirs = 0.01 * (W**2).sum(), float(keras.regularizers.L2(0.01)(W))
check.claim("l2_keras_gap", abs(ours / theirs - 1))

# %% [markdown]
# Each tool is measured as the mean of three runs with different starts and batches, the same three for all.
# **Predict, then run:** the strength $\lambda$ goes from too weak to too strong. What will the training accuracy do,
# and what the validation accuracy?


# %%
def mean_accuracy(networks, x, labels):
    return np.mean([accuracy(params, x, labels) for params in networks])


# %%
results, finals = {}, {}


def measure(name, **tools):
    """Mean training and validation accuracy, after 60 epochs on careless labels, of three seeds."""
    networks = []
    for seed in range(3):
        start = new_network([196, 256, 10], seed)
        networks.append(train(start, x_train, careless_labels, seed=seed, **tools)[-1])
    seen = mean_accuracy(networks, x_train, careless_labels)
    results[name] = seen, mean_accuracy(networks, x_valid, y_valid)
    finals[name] = networks


measure("plain")

# %%
strengths = {"L2": [1e-4, 1e-3, 3e-3, 1e-2, 2e-2, 5e-2], "L1": [1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 5e-3]}
_, panels = plt.subplots(1, 2, figsize=(9.5, 3.4), sharey=True)
for ax, (kind, penalty) in zip(panels, {"L2": l2, "L1": l1}.items()):
    for strength in strengths[kind]:
        measure(f"{kind} {strength:g}", penalty=penalty(strength))
    rows = np.array([results[f"{kind} {strength:g}"] for strength in strengths[kind]])
    lines = {"training": (strengths[kind], rows[:, 0]), "validation": (strengths[kind], rows[:, 1])}
    ax.axhline(results["plain"][1], color="gray", linestyle=":", label="plain, validation")
    plots.curves(lines, f"strength of {kind}", "accuracy", ax=ax)
    ax.set_xscale("log")
plt.show()
check.claim("plain", results["plain"][1])
check.claim("l2_best", results["L2 0.01"][1])
check.claim("l1_best", results["L1 0.002"][1])
check.claim("l2_seen", results["L2 0.01"][0])

# %% [markdown]
# *What to look for: as the strength grows, the training accuracy falls and the validation accuracy rises and
# overtakes it; in the end both fall.* From 63 % to 75 %, with L2 as with L1. With L2 the network now reproduces only
# 67 % of its labels, and that is good: only seven in ten of these are right. To the weights the two penalties do
# quite different things:

# %%
shown = {name: np.abs(finals[name][-1][0]).ravel() for name in ["plain", "L2 0.01", "L1 0.002"]}
edges = np.geomspace(1e-6, 1, 50)
for name, sizes in shown.items():
    plt.hist(sizes, edges, histtype="step", linewidth=1.8, label=name)
plt.xscale("log")
plt.xlabel("size of a first-layer weight")
plt.ylabel("number of weights")
plt.legend(loc="upper left")
plt.show()
for key, sizes in zip(["plain", "l2", "l1"], shown.values()):
    check.claim(f"{key}_small_weights", (sizes < 0.002).mean())
sparse = finals["L1 0.002"][-1]
pruned = [np.where((part.ndim == 2) & (np.abs(part) < 0.002), 0, part) for part in sparse]
check.claim("pruned", accuracy(pruned, x_valid, y_valid) - accuracy(sparse, x_valid, y_valid))

# %% [markdown]
# *What to look for: L2 moves the whole heap to the left; L1 splits it, into a large heap of weights next to zero
# and a few that stay.* Below 0.002 lie 1.5 % of the plain weights, 15 % of those under L2, and 91 % under L1. Those
# hover around zero, since steps of a fixed size jump across it; they can be deleted, and the accuracy hardly
# changes: the network is *sparse*.
#
# ## Pictures changed, labels kept: augmentation
#
# A mirrored shirt is a shirt, and so is one that sits a pixel to the left. **Augmentation** tells the network so, by
# changing each picture at random, anew each time that it comes up. What never looks the same is hard to learn by
# heart. **Predict, then run:** mirror images, or shifts by one pixel of fourteen: which helps more?


# %%
def mirrored(x, rng):
    """Each picture of x (batch, 196) mirrored with probability 1/2."""
    images, turn = x.reshape(-1, 14, 14), rng.random((len(x), 1, 1)) < 0.5
    return np.where(turn, images[:, :, ::-1], images).reshape(x.shape)


def shifted(x, rng):
    """Each picture moved by -1, 0 or 1 pixel down and to the right, on empty ground."""
    padding = ((0, 0), (1, 1), (1, 1))  # then take one of the 3 by 3 windows of 14 by 14
    padded = np.pad(x.reshape(-1, 14, 14), padding, constant_values=x.min())
    down, right = rng.integers(0, 3, (2, len(x)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (14, 14), axis=(1, 2))
    return windows[np.arange(len(x)), down, right].reshape(x.shape)


# %%
same = np.repeat(x_train[[5]], 8, axis=0)
plots.images(shifted(mirrored(same, rng), rng).reshape(-1, 14, 14), columns=8)
plt.show()
measure("mirrored", augment=mirrored)
measure("shifted", augment=shifted)
measure("shifted, mirrored", augment=lambda x, rng: shifted(mirrored(x, rng), rng))
for name in ["plain", "mirrored", "shifted", "shifted, mirrored"]:
    print(f"{name:18}training {results[name][0]:.3f}, validation {results[name][1]:.3f}")
check.claim("mirrored", results["mirrored"][1])
check.claim("shifted", results["shifted"][1])
check.claim("both_augmented", results["shifted, mirrored"][1])

# %% [markdown]
# *What to look for: one garment, eight times, never quite the same.* Mirroring alone does nothing, 62 % against 63
# %: two versions of a picture can be learned by heart like one, and most garments are nearly symmetrical. Nine
# shifts make it hard: 72 %, and with both 73 %. An augmentation is a *claim about the world*, that this change
# keeps the label and yields a picture that could occur; it helps as far as the claim is true and new to the
# network. Mirroring digits would make false examples of 2.
#
# ## Dropout as probability
#
# In training, **dropout** silences each hidden unit with probability $r$, the `rate`, independently and anew for each
# picture of each step. No unit can rely on a particular other one. Written as chapter 3's pair of functions, with a
# mask $m$ that has 1 for kept and 0 for dropped:
#
# $$\text{out} = \frac{m}{1 - r} \odot x, \qquad \frac{\partial L}{\partial x} = \frac{m}{1 - r} \odot \frac{\partial L}{\partial\,\text{out}} .$$
#
# The division makes up for the missing units: the average of $m$ is $1 - r$, so the average of the output is $x$.
# This is *inverted* dropout, the form that Keras and its relatives use. After training nothing is dropped, and
# nothing rescaled.


# %%
def dropout_forward(x, rate, mask):
    """x, mask (batch, units), mask 1 = kept, 0 = dropped -> out (batch, units), cache"""
    return x * mask / (1 - rate), (mask, rate)


def dropout_backward(dout, cache):
    """dout (batch, units) -> dx (batch, units)"""
    mask, rate = cache
    return dout * mask / (1 - rate)


# %%
def dropout(rate):
    """A function like `gradients`, with dropout behind the hidden layer."""

    def dropout_gradients(params, x, labels, rng):
        W1, b1, W2, b2 = params
        sums = x @ W1 + b1
        mask = (rng.random(sums.shape) >= rate).astype(x.dtype)
        hidden, cache = dropout_forward(np.maximum(sums, 0), rate, mask)
        dlogits = logit_gradient(hidden @ W2 + b2, labels)
        dsums = dropout_backward(dlogits @ W2.T, cache) * (sums > 0)
        return [x.T @ dsums, dsums.sum(axis=0), hidden.T @ dlogits, dlogits.sum(axis=0)]

    return dropout_gradients


# %%
for rate in [0.3, 0.5, 0.7, 0.8]:
    name = f"dropout {rate}"
    measure(name, gradients=dropout(rate))
    print(f"{name}: training {results[name][0]:.3f}, validation {results[name][1]:.3f}")
check.claim("dropout_half", results["dropout 0.5"][1])
check.claim("dropout_best", results["dropout 0.7"][1])

# %% [markdown]
# From 63 % to 72 % with the usual rate of 0.5, to 76 % with 0.7. Why does it work? Part of the answer is that dropout
# trains not one network. With $n$ units there are $2^n$ masks, and each is a network of its own; all share their
# weights, and each picture of each step trains another one. A mask that keeps $k$ of the units has the probability
# $(1 - r)^k\, r^{\,n - k}$. What one would want from such a crowd is its average opinion,
#
# $$\bar p = \sum_{m} P(m)\; \mathrm{softmax}\big(\text{logits with mask } m\big). \tag{1}$$
#
# For 256 units this sum has $2^{256}$ terms, about $10^{77}$. So one drops nothing and runs the network once. (This
# is the *weight scaling rule*.) Is that the average? For a tiny network we can add up all of (1). Here is one with
# 16 inputs, a garment in 4 by 4 pixels, and 10 hidden units.


# %%
def tiny(x):
    """(n, 196) to (n, 16): the inner 12 by 12 pixels in blocks of 3 by 3."""
    inner = x.reshape(-1, 14, 14)[:, 1:13, 1:13].astype(float)
    return inner.reshape(-1, 4, 3, 4, 3).mean(axis=(2, 4)).reshape(-1, 16)


def all_masks(n):
    """All 2**n rows of n zeros and ones: the binary digits of 0, 1, 2, ..."""
    return (np.arange(2**n)[:, None] >> np.arange(n)) & 1


def mask_probabilities(masks, rate):
    return np.where(masks == 1, 1 - rate, rate).prod(axis=1)


# %%
rate = 0.3
net = train(new_network([16, 10, 10], 8), tiny(x_train), y_train, gradients=dropout(rate))[-1]
net = [part.astype(float) for part in net]
W1, b1, W2, b2 = net
i = 51  # a garment that excites seven of the ten units
x = tiny(x_valid[[i]])
hidden = np.maximum(x @ W1 + b1, 0)
masks = all_masks(10)
weights = mask_probabilities(masks, rate)  # (1024,), they sum to 1

# %%
crowd = softmax(dropout_forward(hidden, rate, masks)[0] @ W2 + b2)  # (1024, 10)
exact = weights @ crowd
scaled = softmax(logits_of(net, x))[0]  # the weight scaling rule: nothing dropped
check.claim("masks", len(masks))
answer = scaled.argmax()
print(f"a {names[y_valid[i]]}, taken for a {names[answer]}; probabilities of the ten classes:")
print("exact ", exact.round(3))
print("scaled", scaled.round(3))
check.claim("exact_answer", exact[answer])
check.claim("scaled_answer", scaled[answer])

# %% [markdown]
# Not the same: the garment is a sneaker, both take it for a sandal, the crowd with 0.64 and the rule with 0.81. The
# rule does compute an average exactly, but another one. Let $p_c(m)$ be the probability of class $c$ with the mask
# $m$, and $z_c(m)$ its logit. Take the *geometric* mean, each $p_c(m)$ to the power of its mask's probability, and
# normalize:
#
# $$\tilde p_c \;\propto\; \prod_m p_c(m)^{P(m)}
# = \exp \sum_m P(m) \log p_c(m) \;\propto\; \exp \sum_m P(m)\, z_c(m) .$$
#
# The last step drops $\log \sum_{c'} e^{z_{c'}(m)}$, the same for all classes $c$. What remains is the softmax of the
# *average logits*. And if the mask sits right before the last layer, the logits $z = W_2^{\mathsf T}(m \odot h)/(1 -
# r) + b_2$ are linear in $m$, so their average is the logits of the average mask, which is what nothing dropped
# means. **One softmax layer behind the mask: the weight scaling rule is the normalized geometric mean, exactly.**
# With a ReLU in between it is neither. We put the masks on the 16 inputs instead, all 65,536 of them:


# %%
def geometric_mean(crowd, weights):
    """crowd (masks, classes), weights (masks,) -> normalized geometric mean (classes,)"""
    return softmax(weights @ np.log(crowd))


check.claim("geometric_gap", np.abs(geometric_mean(crowd, weights) - scaled).max())
masks = all_masks(16)
input_weights = mask_probabilities(masks, rate)
input_crowd = softmax(logits_of(net, dropout_forward(x, rate, masks)[0]))
check.claim("deep_geometric_gap", np.abs(geometric_mean(input_crowd, input_weights) - scaled).max())
check.claim("deep_arithmetic_gap", np.abs(input_weights @ input_crowd - scaled).max())

# %% [markdown]
# There the rule misses the geometric mean by up to 0.07 and the average by up to 0.15. When the sum (1) is too long,
# and this not good enough, draw $S$ masks at random and average what they say: **Monte Carlo**. Each class's estimate
# has the standard error $\sigma / \sqrt{S}$, where $\sigma$ is the standard deviation of that probability over the
# crowd. We know $\sigma$ exactly here, so this can be tested. **Predict, then run:** how many masks does it take
# until the estimate is better than the weight scaling rule?

# %%
sigma = np.sqrt(weights @ (crowd - exact) ** 2)  # (10,)
sizes, misses = [1, 3, 10, 30, 100, 300, 1000, 3000], []
rng = np.random.default_rng(63)
for size in sizes:
    drawn = rng.choice(1024, (200, size), p=weights)  # 200 trials of `size` masks
    estimates = crowd[drawn].mean(axis=1)
    misses.append(np.sqrt(((estimates - exact) ** 2).mean()))
slope = np.polyfit(np.log(sizes), np.log(misses), 1)[0]
check.claim("monte_carlo_slope", slope)
bias = np.sqrt(((scaled - exact) ** 2).mean())
check.claim("masks_to_beat_the_rule", (sigma**2).mean() / bias**2)

# %%
plt.loglog(sizes, misses, "o", label="measured, 200 trials")
plt.loglog(sizes, np.sqrt((sigma**2).mean() / np.array(sizes)), "k-", label=r"$\sigma / \sqrt{S}$")
plt.axhline(bias, color=plots.VERMILLION, linestyle="--", label="weight scaling rule")
plt.xlabel("masks drawn, S")
plt.ylabel("error of the probabilities (rms)")
plt.legend()
plt.show()

# %% [markdown]
# *What to look for: the points on the line, with slope $-1/2$: a hundred times the masks for one more digit.* For
# this garment about four random masks are as good as the weight scaling rule. Keras's `Dropout` layer drops when it
# is called with `training=True`. A batch of 20,000 copies of the garment gets as many masks at once:

# %%
layers = [keras.Input((16,)), dense(10, "relu"), keras.layers.Dropout(rate, seed=6), dense(10)]
keras_net = keras.Sequential(layers)
keras_net.set_weights(net)
copies = np.repeat(x, 20_000, axis=0).astype("float32")
passes = softmax(keras.ops.convert_to_numpy(keras_net(copies, training=True)))
once = softmax(keras.ops.convert_to_numpy(keras_net(copies[:1], training=False)))
check.claim("keras_crowd_gap", np.abs(passes.mean(axis=0) - exact).max())
check.claim("keras_rule_gap", np.abs(once[0] - scaled).max())

# %% [markdown]
# We average the *probabilities*. Averaging logits would give the geometric mean.
#
# ### Doubt
#
# Yarin Gal and Zoubin Ghahramani proposed in 2016 to read the crowd's disagreement as the model's uncertainty:
# **Monte Carlo dropout**. Measure doubt by the *entropy* $H(p) = -\sum_c p_c \log p_c$, 0 for certainty and $\log 10$
# for ten equal probabilities (with the natural logarithm, in units called nats). It splits in two:
#
# $$\underbrace{H\Big(\frac1S \sum_s p^{(s)}\Big)}_{\text{total}} \;=\;
# \underbrace{\frac1S \sum_s H\big(p^{(s)}\big)}_{\text{each one's own doubt}} \;+\;
# \underbrace{\text{the rest}}_{\text{disagreement}} .$$
#
# If every network says "shirt or coat, fifty-fifty", the picture is ambiguous, and more data will not help. If half
# say "shirt" and half say "bag", each of them sure, they have probably never seen such a thing. The second part (the
# *mutual information* between answer and mask, never negative) should therefore find strangers. **Predict, then
# run:** we train with true labels and the rate 0.5, and show the network a thousand unseen garments and a thousand
# handwritten digits, for which it has no class.


# %%
def entropy(p):
    return -(p * np.log(p + 1e-12)).sum(axis=-1)


def doubt(params, x, rate, n_samples, rng):
    """-> total entropy (n,) and disagreement (n,), from n_samples masks for each picture."""
    W1, b1, W2, b2 = params
    hidden = np.maximum(x @ W1 + b1, 0)
    passes = []
    for _ in range(n_samples):
        mask = rng.random(hidden.shape) >= rate
        passes.append(softmax(dropout_forward(hidden, rate, mask)[0] @ W2 + b2))
    total = entropy(np.mean(passes, axis=0))
    return total, total - entropy(np.array(passes)).mean(axis=0)


# %%
def told_apart(values):
    """The chance that one of the digits, the second 1,000, exceeds one of the garments."""
    garments, digits = values[:1000], values[1000:, None]
    return np.mean((digits > garments) + (digits == garments) / 2)


# %%
params = train(start, x_train, y_train, gradients=dropout(0.5))[-1]
(digits, _), _ = data.load("mnist")
digits, rng = scale(shrink(digits[:1000])), np.random.default_rng(64)
both = np.concatenate([x_valid, digits])
is_digit = np.repeat([0, 1], 1000)
single = entropy(softmax(logits_of(params, both)))  # one pass, nothing dropped
total, disagreement = doubt(params, both, 0.5, 50, rng)
print(f"accuracy on the garments {accuracy(params, x_valid, y_valid):.3f}")
for key, values in {"single": single, "total": total, "disagreement": disagreement}.items():
    check.claim(f"strangers_{key}", told_apart(values))
check.claim("strangers_brightness", told_apart(-both.mean(axis=1)))

# %%
_, panels = plt.subplots(1, 2, figsize=(9.5, 3.2))
doubts = {"entropy of one pass": single, "disagreement of 50 passes": disagreement}
for ax, (name, values) in zip(panels, doubts.items()):
    for kind, color in [(0, plots.BLUE), (1, plots.VERMILLION)]:
        label = ["garments", "digits"][kind]
        bins = np.linspace(0, values.max(), 40)
        ax.hist(values[is_digit == kind], bins, alpha=0.6, color=color, label=label)
    ax.set(xlabel=name + " (nats)", ylabel="pictures")
    ax.legend()
plt.show()

# %% [markdown]
# *What to look for: how much of the orange lies apart from the blue.* Take one garment and one digit at random: the
# digit has the higher single-pass entropy in 79 % of such pairs (50 % would be guessing; this share is called the
# *area under the ROC curve*), the higher total entropy of 50 passes in 88 %, the higher disagreement in 94 %. But a
# baseline: digits are mostly black, and the mean brightness alone tells them apart in 89 %. Only the disagreement
# does clearly better. Doubt that is computed by the model itself is a help, not a guarantee.
#
# ## Normalization
#
# The next tool was made for speed; it is here because, like dropout, it does one thing in training and another in
# use. **Batch normalization** gives each unit's sums the mean 0 and variance 1 over the batch, then lets two learned
# numbers per unit set them anew. For one unit, with values $x_1, \dots, x_m$ over a batch of $m$ (here a number, no
# mask):
#
# $$\mu = \frac1m \sum_i x_i, \quad v = \frac1m \sum_i (x_i - \mu)^2, \quad s = \sqrt{v + \epsilon}, \quad
# \hat x_i = \frac{x_i - \mu}{s}, \quad \text{out}_i = \gamma\, \hat x_i + \beta .$$
#
# On the way back, each $x_i$ is used three times, directly, through $\mu$ and through $v$. With $g_i = \gamma\,
# \partial L / \partial\, \text{out}_i$, the gradient of $\hat x_i$:
#
# - the direct way gives $g_i / s$;
# - $\mu$ is used by all $\hat x_k$ with slope $-1/s$, and $x_i$ moves $\mu$ by $1/m$: together $-\frac{1}{s} \cdot
#   \frac1m \sum_k g_k$. (It also moves $v$, but $\partial v / \partial \mu = -\frac2m \sum_i (x_i - \mu) = 0$.)
# - $v$ is used by all $\hat x_k$ with slope $-\hat x_k / (2 s^2)$, and $x_i$ moves $v$ by $2 (x_i - \mu) / m = 2 s
#   \hat x_i / m$: together $-\frac{1}{s}\, \hat x_i \cdot \frac1m \sum_k g_k \hat x_k$.
#
# Where paths meet, slopes add:
#
# $$\frac{\partial L}{\partial x_i} = \frac1s \Big( g_i - \overline{g} - \hat x_i\, \overline{g \hat x} \Big), \qquad
# \frac{\partial L}{\partial \gamma} = \sum_i \frac{\partial L}{\partial\, \text{out}_i}\, \hat x_i, \qquad
# \frac{\partial L}{\partial \beta} = \sum_i \frac{\partial L}{\partial\, \text{out}_i} ,$$
#
# a bar meaning the mean over the batch. From the gradient is taken away what would only shift the batch and what
# would only stretch it, since (but for $\epsilon$) neither changes the output.


# %%
def batch_norm_forward(x, gamma, beta, epsilon=1e-3):
    """x (batch, units), gamma and beta (units,) -> out (batch, units), cache"""
    std = np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / std
    return gamma * x_hat + beta, (x_hat, std, gamma)


def batch_norm_backward(dout, cache):
    """dout (batch, units) -> dx (batch, units), dgamma (units,), dbeta (units,)"""
    x_hat, std, gamma = cache
    g = dout * gamma
    dx = (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


# %% [markdown]
# **Layer normalization** is the same along the other axis: each example gets mean 0 and variance 1 over its own
# units, whatever the others are. Only $\gamma$ and $\beta$, which belong to the units, still gather over the batch.


# %%
def layer_norm_forward(x, gamma, beta, epsilon=1e-3):
    """x (batch, units), gamma and beta (units,) -> out (batch, units), cache"""
    std = np.sqrt(x.var(axis=1, keepdims=True) + epsilon)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * x_hat + beta, (x_hat, std, gamma)


def layer_norm_backward(dout, cache):
    """dout (batch, units) -> dx (batch, units), dgamma (units,), dbeta (units,)"""
    x_hat, std, gamma = cache
    g, row = dout * gamma, {"axis": 1, "keepdims": True}
    dx = (g - g.mean(**row) - x_hat * (g * x_hat).mean(**row)) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


# %% [markdown]
# Central differences (chapter 3) must confirm all this. The loss here is $\sum \text{out} \odot D$ for a random $D$,
# so that `dout` is $D$.


# %%
def gradient_error(forward, backward, inputs, D, step=1e-5):
    """Largest difference between our gradients and central differences, over all inputs."""
    _, cache = forward(*inputs)
    worst = 0.0
    for x, grad in zip(inputs, backward(D, cache)):
        for index in np.ndindex(x.shape):
            value, losses = x[index], []
            for nudged in [value + step, value - step]:
                x[index] = nudged
                losses.append((forward(*inputs)[0] * D).sum())
            x[index] = value
            worst = max(worst, abs((losses[0] - losses[1]) / (2 * step) - grad[index]))
    return worst


# %%
rng = np.random.default_rng(65)
inputs = [rng.normal(2, 3, (8, 5)), rng.normal(size=5), rng.normal(size=5)]  # x, gamma, beta
D = rng.normal(size=(8, 5))
batch_error = gradient_error(batch_norm_forward, batch_norm_backward, inputs, D)
layer_error = gradient_error(layer_norm_forward, layer_norm_backward, inputs, D)
check.claim("norm_check", max(batch_error, layer_error))

# %% [markdown]
# ### Two modes
#
# When the network is *used*, a picture must not be judged by the company that it comes in. So batch normalization
# keeps **moving averages** during training,
#
# $$\text{moving} \leftarrow \text{momentum} \cdot \text{moving} + (1 - \text{momentum}) \cdot \text{batch},$$
#
# from mean 0 and variance 1 at the beginning, and at inference uses these in place of $\mu$ and $v$. Keras's
# defaults are momentum 0.99 and $\epsilon = 10^{-3}$; its variances divide by $m$. For pictures $(n, \text{height},
# \text{width}, \text{channels})$, mean and variance are taken over all axes but the last.

# %%
x = rng.normal(2, 3, (64, 5)).astype("float32")
layer, to_numpy = keras.layers.BatchNormalization(), keras.ops.convert_to_numpy
out = to_numpy(layer(x, training=True))
gaps = [np.abs(out - batch_norm_forward(x, 1, 0)[0]).max()]
mean_moved, variance_moved = 0.99 * 0 + 0.01 * x.mean(axis=0), 0.99 * 1 + 0.01 * x.var(axis=0)
gaps.append(np.abs(to_numpy(layer.moving_mean) - mean_moved).max())
gaps.append(np.abs(to_numpy(layer.moving_variance) - variance_moved).max())
inference = (x - mean_moved) / np.sqrt(variance_moved + 1e-3)
gaps.append(np.abs(to_numpy(layer(x, training=False)) - inference).max())
layer_norm = keras.layers.LayerNormalization()
gaps.append(np.abs(to_numpy(layer_norm(x)) - layer_norm_forward(x, 1, 0)[0]).max())
check.claim("keras_norm_gap", max(gaps))

# %% [markdown]
# What is it good for? **Predict, then run:** four hidden layers of 64 units, plain gradient descent for five epochs
# (true labels), with learning rates from 0.01 to 10. How does the loss at the end depend on the rate: plain, with
# batch, with layer normalization?


# %%
def deep_network(normalizations, units, momentum=0.0):
    """For each normalization: a Dense layer, the normalization, ReLU. He's weights, one seed."""
    layers = [keras.Input((196,))]
    for normalization in normalizations:
        layers += [dense(units), normalization, keras.layers.Activation("relu")]
    model = keras.Sequential([*layers, dense(10)])
    optimizer = keras.optimizers.SGD(0.02, momentum=momentum)
    model.compile(optimizer, cross_entropy, metrics=["accuracy"], steps_per_execution=20)
    rng, values = np.random.default_rng(66), model.get_weights()
    he = [rng.normal(0, np.sqrt(2 / len(W)), W.shape) if W.ndim == 2 else W for W in values]
    model.set_weights(he)
    return model


# %%
kinds = {"plain": keras.layers.Identity}
kinds |= {"batch": keras.layers.BatchNormalization, "layer": keras.layers.LayerNormalization}
rates, ends = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0], {}
for name, kind in kinds.items():
    model = deep_network([kind() for _ in range(4)], 64)
    beginning, ends[name] = model.get_weights(), []
    for learning_rate in rates:
        model.set_weights(beginning)
        model.optimizer.learning_rate = learning_rate
        fit = model.fit(x_train, y_train, batch_size=50, epochs=5, shuffle=False, verbose=0)
        ends[name].append(fit.history["loss"][-1])

# %%
lines = {name: (rates, losses) for name, losses in ends.items()}
ax = plots.curves(lines, "learning rate", "training loss, epoch 5")
ax.set_xscale("log")
ax.set_ylim(0, 3)
plt.show()
for name, losses in ends.items():
    check.claim(f"{name}_rates", (np.array(losses) < 1.5).sum())  # guessing: log 10 = 2.3

# %% [markdown]
# *What to look for: how far to the right each curve stays low.* Say that a network has learned if its loss is below
# 1.5. The plain one learns at four of the seven rates (from 1 on its loss is no number any more), with layer
# normalization at five, with batch normalization at six. Rescaling a layer's weights leaves a normalized output as
# it was (but for $\epsilon$), so a step that was too long does less harm. The deeper reasons are debated.
#
# ### What goes wrong: the wrong statistics
#
# A model gets raw gray levels, 0 to 255, because "the first layer normalizes them anyway", and Keras's default
# momentum. **Predict, then run:** what will the accuracy on unseen pictures be while the training accuracy climbs?

# %%
settings = {"batch_size": 50, "epochs": 15, "shuffle": False, "verbose": 0}
raw_train, raw_valid = (255 * (x * spread + mean).astype("float32") for x in (x_train, x_valid))
lags = {}
for momentum in [0.99, 0.9]:
    model = deep_network([keras.layers.BatchNormalization(momentum=momentum)], 256, momentum=0.9)
    check_on = {"validation_data": (raw_valid, y_valid), "validation_batch_size": 1000}
    fit = model.fit(raw_train, y_train, **settings, **check_on)
    lags[f"unseen, momentum {momentum}"] = fit.history["val_accuracy"]
lags["training"] = fit.history["accuracy"]
plots.curves(lags, "epoch", "accuracy")
plt.show()

# %%
by_class = np.argsort(y_valid, kind="stable")
used_right = to_numpy(model(raw_valid, training=False)).argmax(axis=1)
used_wrong = np.empty(1000, int)
for rows in by_class.reshape(20, 50):  # batches of one or two classes each
    used_wrong[rows] = to_numpy(model(raw_valid[rows], training=True)).argmax(axis=1)
check.claim("norm_lag", lags["unseen, momentum 0.9"][0] - lags["unseen, momentum 0.99"][0])
check.claim("kept_of_the_start", 0.99**20)
check.claim("kept_with_less_momentum", 0.9**20)
check.claim("norm_used_right", (used_right == y_valid).mean())
check.claim("norm_used_wrong", (used_wrong == y_valid).mean())

# %% [markdown]
# *What to look for: with momentum 0.99 the unseen accuracy limps behind for some six epochs. (The training accuracy
# is an average over the epoch, so it starts low.)* After the first epoch, 20 steps, the moving averages are still
# $0.99^{20} = 82$ % what they were set to at the beginning. Nothing is wrong with the weights; the network is run
# with means and variances that are not its own. With momentum 0.9 only 12 % is left. Short trainings need a smaller
# momentum.
#
# The second failure is to use the training mode at inference. The same network and pictures, in batches sorted by
# class: 26 % in place of 79 %. In a batch of nothing but boots, the mean *is* a boot, and is subtracted. (In a batch
# of one, $\hat x = 0$, and every picture in the world gets the same answer.)
#
# ## Double descent
#
# Back to the hump in the careless curve. To see it clearly one needs a model that can be trained *exactly*. Take
# **random features**: a hidden layer of $p$ ReLU units with random weights, never trained, and above it a linear
# layer, fitted by least squares to the one-hot labels. When $p$ is smaller than the number of examples $n$, the fit
# is a compromise. From $p = n$ on, there are exact fits; for $p > n$ there are infinitely many, and we take the one
# with the smallest coefficients.
#
# The data are MNIST-1D, signals of 40 numbers made for experiments like this one: 300 for training, of which 20 % get
# a random label, and 1,000 for judging.

# %%
(signals, classes), (new_signals, new_classes) = data.load("mnist1d")
_, panels = plt.subplots(2, 5, figsize=(9.5, 2.6), sharex=True, sharey=True)
for c, ax in enumerate(panels.flat):
    for signal in signals[classes == c][:3]:
        ax.plot(signal, linewidth=1)
    ax.set_title(f"class {c}", fontsize=9)
panels[1, 2].set_xlabel("position in the signal")
plt.show()

# %% [markdown]
# *What to look for: three signals of each class. What they share, a short curve, has been shifted, stretched, tilted,
# and set in noise.*


# %%
def random_feature_study(widths, ridge, seed, n=300, noise=0.2):
    """-> by width: error on new signals, size of the coefficients, error on its own labels."""
    rng, rows = np.random.default_rng(seed), []
    chosen = rng.permutation(4000)[:n]
    x_fit, is_noisy = signals[chosen], rng.random(n) < noise
    labels = np.where(is_noisy, rng.integers(0, 10, n), classes[chosen])
    targets = np.eye(10)[labels] - 0.1  # centered, so that no bias is needed
    W = rng.normal(0, 1 / np.sqrt(40), (40, max(widths)))
    for p in widths:
        A, new_A = (np.maximum(x @ W[:, :p], 0) / np.sqrt(p) for x in (x_fit, new_signals))
        kernel = A @ A.T + ridge * np.eye(n)
        B = (A.T @ np.linalg.inv(kernel) if ridge else np.linalg.pinv(A)) @ targets
        wrong, misfit = (new_A @ B).argmax(axis=1) != new_classes, (A @ B).argmax(axis=1) != labels
        rows.append([wrong.mean(), np.linalg.norm(B), misfit.mean()])
    return np.transpose(rows)


# %% [markdown]
# **Predict, then run:** sketch the error on new signals for $p$ from 10 to 3,000. Where is it worst?

# %%
widths = [10, 20, 50, 100, 150, 200, 250, 280, 300, 320, 350, 400, 500, 700, 1000, 2000, 3000]
curves = {}
for name, ridge in {"least squares": 0, "with an L2 penalty": 0.1}.items():
    studies = [random_feature_study(widths, ridge, seed) for seed in range(4)]
    curves[name] = np.mean(studies, axis=0)
_, panels = plt.subplots(1, 2, figsize=(9.5, 3.6))
for k, ylabel in enumerate(["error on new signals", "size of the coefficients"]):
    lines = {name: (widths, values[k]) for name, values in curves.items()}
    ax = plots.curves(lines, "random features, p", ylabel, ax=panels[k], log=k == 1)
    ax.set_xscale("log")
    ax.axvline(300, color="gray", linestyle=":")
plt.show()

# %%
error, penalized = curves["least squares"][0], curves["with an L2 penalty"][0]
check.claim("descent_first_minimum", error[widths.index(50)])
check.claim("descent_peak", error[widths.index(300)])
check.claim("descent_end", error[-1])
check.claim("descent_misfit", curves["least squares"][2][widths.index(300) :].max())
check.claim("descent_penalized_peak", penalized[widths.index(300)])
check.claim("descent_penalized_end", penalized[-1])

# %% [markdown]
# *What to look for: the peak at the dotted line, $p = n$, in both panels.* On the left of it the classical story:
# the error falls to 80 % near 50 features (curves that shift are hard for a layer that never learns), and rises as
# the fit follows the wrong labels more and more. At $p = 300$ there is exactly one solution, and it must pass
# through all 300 labels, wrong ones too, with no freedom left: the coefficients explode, and the error is 90 %,
# that of guessing. Beyond, the fit to the labels stays perfect, but the solutions multiply; among more of them
# there are *smaller* ones, and the error falls again, to 78 %. Mikhail Belkin and colleagues named this **double
# descent** in 2019; Preetum Nakkiran and colleagues found it in large networks, and along the number of epochs as
# well.
#
# Two cautions. The second valley need not be the lower one; here it is so by little. And the peak is no law of nature
# but a lack of regularization: with a suitable L2 penalty the hump is gone, 76 % at $p = 300$ and 75 % at the end. So
# the old wisdom survives in a new form: *it is less the number of parameters that matters than the size of the
# solution.*
#
# ## The test set is opened
#
# We have a box of tools, and they can be combined. Here are the best by validation accuracy, all trained on the
# careless labels:

# %%
for rate, strength in [(0.5, 3e-3), (0.7, 1e-3), (0.7, 3e-3)]:
    tools = {"gradients": dropout(rate), "penalty": l2(strength)}
    measure(f"dropout {rate} + L2 {strength:g}", **tools)
measure("dropout 0.5 + shifted", gradients=dropout(0.5), augment=shifted)
ranking = sorted(results, key=lambda name: -results[name][1])
for name in ranking[:8] + ["plain"]:
    print(f"{name:24} training {results[name][0]:.3f}, validation {results[name][1]:.3f}")
choice = "dropout 0.7"
check.claim("lead", results[ranking[0]][1] - results[choice][1])

# %% [markdown]
# The first few differ by less than a standard error, so the validation set cannot put them in order. Among equals we
# take the simplest, dropout of rate 0.7 and nothing else, and the choosing is over. Now, once, the ten thousand test
# pictures, for our choice and the plain networks. **Predict:** will our choice do as well there as on the validation
# set?

# %%
test = {name: mean_accuracy(finals[name], x_test, y_test) for name in [choice, "plain"]}
check.claim("choice_test", test[choice])
check.claim("plain_test", test["plain"])
test["true"] = accuracy(films["true"][-1], x_test, y_test)
check.claim("true_test", test["true"])
check.claim("share_won_back", (test[choice] - test["plain"]) / (test["true"] - test["plain"]))

# %% [markdown]
# Our choice gets 75 % on the test set, less than the 76 % for which it was chosen. That is what the "best of 200"
# leads us to expect, in its mild and usual form. The plain networks, which had not been chosen, get 64 % here and
# 63 % there; the one with true labels 80 % and 81 %.
#
# ## What are its percentages worth? Calibration
#
# The network gives a probability with each answer. If it says 80 % a hundred times, it should be right eighty times:
# then it is *calibrated*. Sort the test pictures into ten bins by the probability of the answer given, the
# *confidence*, and compare the mean confidence of each bin with the share of right answers in it: a **reliability
# diagram**. The mean distance between the two, weighted by the number of pictures in each bin, is the *expected
# calibration error* (ECE).


# %%
def reliability(p, labels, n_bins=10):
    """p (n, classes) -> mean confidence, accuracy, share of the pictures, by bin of 10 or more."""
    confidence, is_right = p.max(axis=1), p.argmax(axis=1) == labels
    bins, rows = np.minimum((confidence * n_bins).astype(int), n_bins - 1), []
    for b in np.flatnonzero(np.bincount(bins) >= 10):
        inside = bins == b
        rows.append((confidence[inside].mean(), is_right[inside].mean(), inside.mean()))
    return np.array(rows).T


def calibration_error(p, labels):
    confidence, right, share = reliability(p, labels)
    return (share * np.abs(confidence - right)).sum()


# %% [markdown]
# A network can be mended without touching its answers: divide all logits by one number $T$, the **temperature**.
# Above 1 it softens the probabilities, below 1 it sharpens them, and the largest stays the largest. We take the $T$
# with the lowest cross-entropy on the validation set. **Predict, then run:** will the plain networks be too sure or
# not sure enough? And those of our choice, which saw 30 % wrong labels and could not learn them by heart? (We put the
# answers of the three networks together.)

# %%
temperatures = np.geomspace(0.2, 5, 161)


def three_logits(networks, x):
    return np.concatenate([logits_of(params, x) for params in networks]).astype(float)


def best_temperature(logits, labels):
    right = np.arange(len(labels)), labels
    return min(temperatures, key=lambda T: -np.log(softmax(logits / T)[right]).mean())


# %%
_, ax = plt.subplots(figsize=(5.2, 4.4))
ax.plot([0, 1], [0, 1], "k:", label="calibrated")
labels = np.tile(y_test, 3)
for name, key, color in [("plain", "plain", plots.BLUE), (choice, "choice", plots.VERMILLION)]:
    T = best_temperature(three_logits(finals[name], x_valid), np.tile(y_valid, 3))
    raw, mended = (softmax(three_logits(finals[name], x_test) / divisor) for divisor in (1, T))
    ax.plot(*reliability(raw, labels)[:2], "o-", color=color, label=name)
    ax.plot(*reliability(mended, labels)[:2], "s--", color=color, label=f"{name}, T = {T:.2f}")
    check.claim(f"{key}_temperature", T)
    check.claim(f"{key}_ece", calibration_error(raw, labels))
    check.claim(f"{key}_ece_mended", calibration_error(mended, labels))
ax.set(xlabel="confidence", ylabel="share of right answers")
ax.legend()
plt.show()

# %%
check.claim("choice_confidence", raw.max(axis=1).mean())  # raw: of our choice, the last of the two
share = test[choice]
check.claim("choice_and_careless_labels", 0.7 * share + 0.3 * (1 - share) / 9)

# %% [markdown]
# *What to look for: which side of the dotted line a curve is on.* The plain networks are too sure of themselves:
# their curve runs below the line, the calibration error is 0.14, and it takes $T = 1.8$ to bring that down to 0.05.
# Those with dropout are not sure enough, with an error of 0.16. They are about as sure as befits the labels they
# saw: a careless labeler would agree with their right answers in seven of ten cases, and with their wrong ones by a
# rare accident, with 53 % of all; their mean confidence is 0.59. $T = 0.66$ brings the error to 0.05.
#
# ## The question, answered
#
# **What does an accuracy tell?** On the pictures that chose the weights, next to nothing: random labels reach 99 %
# there. On pictures that had no part in any choice, it tells the truth up to a standard error that we can compute.
#
# **What makes a network do better on what it has not seen?** Not fewer weights, but whatever makes *learning by
# heart* more expensive than learning what many examples share: little time, small weights, pictures that never look
# the same, units that cannot rely on each other. Here is what each of them was worth, on the same careless labels.

# %%
bars = ["plain", "mirrored", "shifted", "shifted, mirrored", "L2 0.01", "L1 0.002"]
bars += ["dropout 0.7", "dropout 0.7 + L2 0.001"]
heights = [results[name][1] for name in bars]
bars.insert(4, "early stopping (one run)")
heights.insert(4, accuracy(films["careless"][best], x_valid, y_valid))
plt.plot(heights, bars, "o", markersize=9)
true_labels = accuracy(films["true"][-1], x_valid, y_valid)
plt.axvline(true_labels, color="k", linestyle=":", label="true labels, plain")
plt.gca().invert_yaxis()
plt.xlabel("validation accuracy")
plt.legend(loc="upper center")
plt.show()

# %% [markdown]
# *What to look for: how much of the way from the plain run to the dotted line is won back, and that most of the
# tools win about the same.* They are ways to the same end, so they do not add up. On the test set, two thirds of
# what the wrong labels cost is won back, without one label corrected.
#
# ## Check yourself
#
# **1.** Why did we not add the 1,000 checked validation pictures to the training set, which would have doubled it
# with better labels?
#
# <details><summary>Answer</summary>
#
# Then nothing would be left to tell 62 % from 76 %: on their training pictures the plain networks look best of all.
#
# </details>
#
# **2.** Validation losses by epoch: 1.00, 0.80, 0.81, 0.79, 0.795, 0.788, with patience 2. When does Keras stop, and
# which epoch is kept, for `min_delta` 0 and for 0.005?
#
# <details><summary>Answer</summary>
#
# With 0: improvements in epochs 0, 1, 3 and 5, so it has not stopped yet, and epoch 5 is kept. With 0.005: 0.79
# improves on 0.80 by 0.01, so epoch 3 is the best; 0.795 and 0.788 do not improve on 0.79 by more than 0.005, the
# count reaches 2 in epoch 5, training stops there, and epoch 3 is kept.
#
# </details>
#
# **3.** In batch normalization, what is $\sum_i \partial L / \partial x_i$ for each unit, and why must it be so?
#
# <details><summary>Answer</summary>
#
# Zero: $\sum_i (g_i - \overline g) = 0$ and $\sum_i \hat x_i = 0$. Adding one number to all inputs of the unit
# changes no output, so the slope in that direction is zero. (The bias of the layer below therefore learns nothing;
# one may leave it out.)
#
# </details>
#
# **4.** A colleague tries 500 settings, reports the best validation accuracy, 91 %, and has no test set. What do you
# ask for?
#
# <details><summary>Answer</summary>
#
# For fresh pictures that had no part in the choice, and for the number of pictures in the validation set. With 200,
# the standard error is 2 %, and the luckiest of 500 similar settings can lie three standard errors above its true
# value.
#
# </details>
#
# ## In one paragraph
#
# A large network fits anything, random labels included, so its training accuracy says nothing about pictures to come.
# Let the validation set make the choices and the test set none, split by garment and not by picture, and give each
# number its standard error. What many examples share is learned first and what is peculiar to one last: early
# stopping, small weights, augmentation and dropout all make the second kind of learning expensive. Dropout trains
# $2^n$ networks that share their weights; one run without it gives their geometric mean if one softmax layer follows,
# many runs with it their average, and their disagreement a measure of doubt. Normalization widens the range of
# learning rates; batch statistics belong to training, moving averages to use. More parameters can hurt most where
# they just suffice to fit everything, and help again beyond. And an accuracy is not a probability: check the
# calibration, and mend it with a temperature.
#
# ## Go further
#
# - C. Zhang, S. Bengio, M. Hardt, B. Recht and O. Vinyals (2017), *Understanding deep learning requires rethinking
#   generalization*, ICLR. The random labels of our question.
# - D. Arpit and others (2017), *A closer look at memorization in deep networks*, ICML. Simple patterns first,
#   exceptions later.
# - C. Ambroise and G. McLachlan (2002), *Selection bias in gene extraction on the basis of microarray
#   gene-expression data*, PNAS 99(10). Our first leak, found in published studies.
# - S. Kapoor and A. Narayanan (2023), *Leakage and the reproducibility crisis in machine-learning-based science*,
#   Patterns 4(9). How common leaks are.
# - A. Krogh and J. Hertz (1991), *A simple weight decay can improve generalization*, NIPS 4. Why small weights
#   resist noise in the labels.
# - N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov (2014), *Dropout: a simple way to
#   prevent neural networks from overfitting*, JMLR 15.
# - P. Baldi and P. Sadowski (2013), *Understanding dropout*, NIPS 26. The geometric mean and the weight scaling
#   rule, proved.
# - Y. Gal and Z. Ghahramani (2016), *Dropout as a Bayesian approximation: representing model uncertainty in deep
#   learning*, ICML. Disagreement read as doubt.
# - S. Ioffe and C. Szegedy (2015), *Batch normalization: accelerating deep network training by reducing internal
#   covariate shift*, ICML; J. Ba, J. Kiros and G. Hinton (2016), *Layer normalization*, arXiv:1607.06450; S.
#   Santurkar, D. Tsipras, A. Ilyas and A. Madry (2018), *How does batch normalization help optimization?*, NeurIPS.
#   The methods, and the experiment against the first explanation.
# - M. Belkin, D. Hsu, S. Ma and S. Mandal (2019), *Reconciling modern machine-learning practice and the classical
#   bias-variance trade-off*, PNAS 116(32). Double descent named, with random features as here. M. Loog and others
#   (2020), *A brief prehistory of double descent*, PNAS 117(20), tell who had seen it before.
# - P. Nakkiran, G. Kaplun, Y. Bansal, T. Yang, B. Barak and I. Sutskever (2020), *Deep double descent: where bigger
#   models and more data hurt*, ICLR. The same in large networks.
# - C. Guo, G. Pleiss, Y. Sun and K. Weinberger (2017), *On calibration of modern neural networks*, ICML.
#   Reliability diagrams and the temperature.
# - S. Greydanus and D. Kobak (2024), *Scaling down deep learning with MNIST-1D*, ICML. Our data, and a plea for
#   small experiments.
