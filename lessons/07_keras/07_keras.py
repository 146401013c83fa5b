# %% [raw] front=true
# title = "The craft of Keras"
# shows = "How the parts of Keras are made, by making one of each, and how to find out why a model will not learn, without guessing."
# needs = "Chapters 1 to 6: layers, softmax and cross-entropy, gradients, optimizers, dropout and batch normalization. From Python: classes and inheritance."
# minutes = {read = 75, run = 1.5}
# data = ["fashion_mnist"]
#
# [claims.patient_accuracy]
# text = "validation accuracy of the program that does not learn"
# value = 0.10
# tolerance = 0.05
# [claims.dense_gap]
# text = "largest difference between our dense layer and Keras's"
# value = 0
# tolerance = 1e-5
# [claims.parameters]
# text = "parameters of the network, built in any of the three ways"
# value = 52650
# tolerance = 0
# [claims.three_ways_gap]
# text = "largest difference between the logits of the three"
# value = 0
# tolerance = 1e-4
# [claims.prototype_gap]
# text = "largest difference between the probabilities of one prototype per class and of a dense layer"
# value = 0
# tolerance = 1e-4
# [claims.prototype_accuracy]
# text = "validation accuracy of two prototypes per class"
# value = 0.80
# tolerance = 0.03
# [claims.loss_gap]
# text = "difference between our smoothed cross-entropy and Keras's"
# value = 0
# tolerance = 1e-5
# [claims.broadcast_loss]
# text = "squared error of five perfect predictions of shape (5, 1) against labels (5,)"
# value = 4
# tolerance = 1e-9
# [claims.broadcast_optimum]
# text = "constant prediction with the least such error, labels 1 to 5"
# value = 3
# tolerance = 1e-6
# [claims.f1_gap]
# text = "largest difference between our metric and Keras's own, any batch size"
# value = 0
# tolerance = 1e-5
# [claims.f1_right]
# text = "macro F1 of the prototypes on the validation garments"
# value = 0.79
# tolerance = 0.03
# [claims.f1_averaged_tens]
# text = "mean of the macro F1 of its batches of ten"
# value = 0.52
# tolerance = 0.03
# [claims.loop_gap]
# text = "largest difference between the weights trained by fit and by our loop"
# value = 0
# tolerance = 1e-3
# [claims.inference_mode]
# text = "share of 300 garments right, one at a time"
# value = 0.79
# tolerance = 0.04
# [claims.training_mode_1]
# text = "the same in training mode"
# value = 0.10
# tolerance = 0.05
# [claims.variance_left]
# text = "share of the moving variances left after 300 such calls"
# value = 0.049
# tolerance = 0.001
# [claims.training_mode_100]
# text = "share right in training mode, in batches of 100"
# value = 0.78
# tolerance = 0.04
# [claims.same_seed_gap]
# text = "difference in accuracy between two runs from one seed"
# value = 0
# tolerance = 1e-6
# [claims.seed_deviation]
# text = "standard deviation of the accuracy over eight seeds"
# value = 0.019
# tolerance = 0.010
# [claims.saved_gap]
# text = "largest difference between a model's outputs before saving and after loading"
# value = 0
# tolerance = 1e-4
# [claims.forgotten_setting]
# text = "logits before saving over logits after loading, when the temperature of 20 is not saved"
# value = 0.5
# tolerance = 1e-4
# [claims.floor_of_softmax_twice]
# text = "lowest loss when softmax is taken twice, ten classes"
# value = 1.4612
# tolerance = 0.0001
# [claims.found_by_accuracy]
# text = "faults, of seven, with a training accuracy below 0.8"
# value = 7
# tolerance = 0
# [claims.found_by_one_batch]
# text = "faults, of seven, that overfitting one batch finds"
# value = 6
# tolerance = 0
# [claims.best_single_mend]
# text = "best validation accuracy when any one of the five faults is mended"
# value = 0.11
# tolerance = 0.05
# [claims.four_left]
# text = "best validation accuracy when one of the first four is the only one left"
# value = 0.15
# tolerance = 0.06
# [claims.frozen_accuracy]
# text = "validation accuracy when all but the frozen layer are mended"
# value = 0.71
# tolerance = 0.04
# [claims.mended_accuracy]
# text = "validation accuracy when all five are mended"
# value = 0.80
# tolerance = 0.03

# %% setup=true

# %% [markdown]
# ## A question first
#
# Here is a program of a kind that is written every day. It takes 2,000 pictures of garments from Fashion-MNIST,
# builds a network with two hidden layers, trains it for ten epochs, and looks how it does on 1,000 other pictures. It
# runs without an error and without a warning.

# %%
import functools
import tempfile
import zipfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

from course import autodiff

(pictures, labels), _ = data.load("fashion_mnist")
names = data.card("fashion_mnist").classes
pictures, y_train, y_valid = pictures[:3000], labels[:2000], labels[2000:3000]


# %%
def patient():
    keras.utils.set_random_seed(70)
    order = np.random.default_rng(70).permutation(2000)  # garments come in no particular order
    x = pictures[:2000][order].reshape(2000, 784).astype("float32")
    hidden = [layers.Dense(64, activation="relu"), layers.Dense(32, activation="relu")]
    model = keras.Sequential([keras.Input((784,)), *hidden, layers.Dense(10)])
    model.layers[0].trainable = False  # keep what it learned last week
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(keras.optimizers.SGD(3.0), loss, metrics=["accuracy"])
    history = model.fit(x, y_train, batch_size=50, epochs=10, verbose=0)
    return model, history.history


# %%
model, history = patient()
x_valid = pictures[2000:].reshape(1000, 784).astype("float32")
check.claim("patient_accuracy", model.evaluate(x_valid, y_valid, verbose=0)[1])
_, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
plots.curves({"loss": history["loss"]}, "epoch", "training loss", ax=left)
left.axhline(np.log(10), color="gray", linestyle=":")
plots.curves({"accuracy": history["accuracy"]}, "epoch", "training accuracy", ax=right)
right.set_ylim(0, 1)
plt.show()

# %% [markdown]
# *What to look for: nothing happens. The dotted line is the loss of a program that always bets equally on all ten
# classes, $\log 10 \approx 2.3$; this one does worse.*
#
# Ten classes, 10 % right. The program has **five faults**. Read it again, and write down those that you see.
# Everybody's first impulse is now to change something and run again. **Predict:** if you mend one of the five, any
# one, how far will the accuracy rise?
#
# **Which five, and how does one find them without guessing?** To answer that we have to know what Keras does between
# the line that we write and the number that comes back. So we shall make one of each of its parts: layer, model, loss,
# metric, training loop, callback, data source. Nearly each is a class with three or four methods, and each has its own
# way of failing in silence. At the end we come back with a list, and examine the patient.
#
# ## What happens when a layer is called
#
# A Keras layer is an object that is called like a function. Behind the call stands a fixed order, the same for every
# layer: **validate, build, call**. First the input is checked against what the layer expects (its `input_spec`). Then,
# at the first call only, the weights are made, because only now is the number of features known. Then comes the
# arithmetic. Here it is in NumPy, whole:


# %%
class NumpyLayer:
    """What keras.layers.Layer does when it is called, without the bookkeeping."""

    built = False

    def __call__(self, x):
        x = np.asarray(x, "float32")
        self.validate(x)
        if not self.built:
            self.build(x.shape)
            self.built = True
        return self.call(x)


# %%
class NumpyDense(NumpyLayer):
    def __init__(self, units):
        self.units = units

    def validate(self, x):
        if self.built and x.shape[-1] != len(self.kernel):
            raise ValueError(f"made for {len(self.kernel)} features, called with {x.shape[-1]}")

    def build(self, input_shape):
        n_in = input_shape[-1]
        self.kernel = np.random.default_rng(71).normal(0, np.sqrt(2 / n_in), (n_in, self.units))
        self.bias = np.zeros(self.units)

    def call(self, x):
        return x @ self.kernel + self.bias


# %% [markdown]
# **Predict, then run:** we make a layer of three units, ask Keras's how many weights it has, call both with four rows
# of five numbers, and then with four rows of six. What is said at each point?

# %%
rng = np.random.default_rng(72)
x = rng.normal(size=(4, 5)).astype("float32")
ours, theirs = NumpyDense(3), layers.Dense(3)
print("weights before the first call:", len(theirs.weights))
ours(x), theirs(x)
print("after it:", [tuple(weight.shape) for weight in theirs.weights])
theirs.set_weights([ours.kernel, ours.bias])
check.claim("dense_gap", np.abs(ops.convert_to_numpy(theirs(x)) - ours(x)).max())
for layer in (ours, theirs):
    try:
        layer(rng.normal(size=(4, 6)))
    except ValueError as error:
        print(type(layer).__name__, "says:", str(error).splitlines()[0][:95])

# %% [markdown]
# Before the first call there are no weights; `set_weights` would have failed. After it the layer is committed to five
# features, and both refuse six. The order is worth knowing because each of the three steps has its place in what
# follows: **settings belong in `__init__`, weights in `build`, arithmetic in `call`.**
#
# ## One network, three ways
#
# Layers are joined to a model in one of three ways. *Sequential* is a list. *Functional* calls each layer on the
# symbolic output of another (a shape, no numbers yet), which records a graph, so that inputs may be several and ways
# may part and join. *Subclassing* writes the forward pass as Python. We build the patient's network in all three.


# %%
def sequential():
    hidden = [layers.Dense(64, activation="relu"), layers.Dense(32, activation="relu")]
    return keras.Sequential([keras.Input((784,)), *hidden, layers.Dense(10)])


def functional():
    inputs = keras.Input((784,))
    hidden = layers.Dense(64, activation="relu")(inputs)
    hidden = layers.Dense(32, activation="relu")(hidden)
    return keras.Model(inputs, layers.Dense(10)(hidden))


# %%
class Subclassed(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(64, activation="relu")
        self.second = layers.Dense(32, activation="relu")
        self.last = layers.Dense(10)

    def call(self, x):
        return self.last(self.second(self.first(x)))


# %%
def start_weights(seed=73, bias=0.0):
    """He's weights for 784-64-32-10, drawn by NumPy; the hidden biases as given."""
    rng, weights = np.random.default_rng(seed), []
    for n_in, n_out in [(784, 64), (64, 32), (32, 10)]:
        kernel = rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))
        weights += [kernel.astype("float32"), np.full(n_out, bias if n_out > 10 else 0.0, "float32")]
    return weights


def scaled(pictures):
    """Pictures (n, 28, 28) of bytes -> rows (n, 784) of numbers from 0 to 1."""
    return pictures.reshape(-1, 784).astype("float32") / 255


x_train, x_valid = scaled(pictures[:2000]), scaled(pictures[2000:])

# %%
outputs = []
for model in (sequential(), functional(), Subclassed()):
    model(x_valid[:1])  # the subclassed model has no weights before its first call
    model.set_weights(start_weights())
    outputs.append(ops.convert_to_numpy(model(x_valid)))
check.claim("parameters", model.count_params())
check.claim("three_ways_gap", max(np.abs(outputs[0] - other).max() for other in outputs[1:]))
graph = functional()  # its layers[0] is the input, which a Sequential does not list
features = keras.Model(graph.input, graph.layers[2].output)  # the same layers, cut after the second
print("cut:", features(x_valid[:5]).shape)

# %% [markdown]
# Three programs, 52,650 parameters each, one function. What differs is what Keras *knows*. A Functional model (a
# Sequential one too, underneath) is a graph, that is, data: it can be printed, drawn, saved without the code that built
# it, and cut at any layer, as in the last line. A subclassed model is a Python method that Keras can only run. So
# prefer the list when it is a list, the graph when it is a graph, and subclass when the forward pass has loops or
# choices in it. Something new *inside* a graph is best a `Layer` of our own; the graph around it remains a graph.
#
# ## A layer of our own
#
# Here is one that Keras does not have. It classifies by likeness: for each class it keeps a few *prototypes*, points
# $p$ in the space of the inputs, and a class's logit is large when one of them is near the input. With a temperature
# $T$,
#
# $$z_c = \log \sum_{p \,\in\, \text{class } c} \exp\left(-\frac{\lVert x - p \rVert^2}{T}\right), \qquad
# \lVert x - p \rVert^2 = \lVert x \rVert^2 - 2\, x \cdot p + \lVert p \rVert^2 .$$
#
# The expanded form lets one matrix product give all distances of a batch at once.


# %%
def squared_distances(x, p):
    """x (batch, n_features), p (n_points, n_features) -> (batch, n_points)."""
    x_squared = ops.sum(x**2, axis=-1, keepdims=True)
    return x_squared - 2 * ops.matmul(x, ops.transpose(p)) + ops.sum(p**2, axis=-1)


# %%
@keras.saving.register_keras_serializable(package="course")
class Prototypes(layers.Layer):
    def __init__(self, n_classes, per_class=1, temperature=10.0, **kwargs):
        super().__init__(**kwargs)
        self.n_classes, self.per_class, self.temperature = n_classes, per_class, temperature

    def build(self, input_shape):
        shape = (self.n_classes * self.per_class, input_shape[-1])
        self.prototypes = self.add_weight(shape, initializer="random_uniform", name="prototypes")

    def call(self, x):
        near = -squared_distances(x, self.prototypes) / self.temperature
        near = ops.reshape(near, (-1, self.n_classes, self.per_class))
        return ops.logsumexp(near, axis=-1)


# %% [markdown]
# A fourth method is for saving. `get_config` returns all that `__init__` needs to make such a layer again, as plain
# values (numbers, strings, lists of them); `from_config`, which we inherit, hands it to `__init__`. And the decorator
# above has entered the class in a register, under the name `course>Prototypes`, where loading will look for it. (As in
# chapter 3 we attach the method afterwards; in your own programs it stands inside the class, with a plain `super()`.)


# %%
def get_config(self):
    ours = {name: getattr(self, name) for name in ("n_classes", "per_class", "temperature")}
    return super(Prototypes, self).get_config() | ours


Prototypes.get_config = get_config
copy = Prototypes.from_config(Prototypes(10, per_class=2).get_config())
print("made again from its settings:", copy.n_classes, copy.per_class, copy.temperature)

# %% [markdown]
# `**kwargs` carries what every layer understands (`name`, `dtype`, `trainable`), and `add_weight` is what makes the
# array known to the model, the optimizer and the file. An array kept in a plain attribute would be a constant. The
# arithmetic is in `keras.ops`, so it runs on every backend. Is it right? With one prototype per class there is a way to
# know: $\lVert x \rVert^2$ is the same for all classes, softmax does not see it, and what is left is linear in $x$. So
# the layer must agree with a `Dense` whose kernel is $2 P^{\mathsf T} / T$ and whose bias is $-\lVert p \rVert^2 / T$.

# %%
layer, dense = Prototypes(10), layers.Dense(10)
layer(x_valid[:1]), dense(x_valid[:1])
P = rng.normal(0, 0.1, size=(10, 784))
layer.set_weights([P])
dense.set_weights([2 * P.T / 10, -(P**2).sum(axis=1) / 10])
both = [ops.convert_to_numpy(ops.softmax(each(x_valid))) for each in (layer, dense)]
check.claim("prototype_gap", np.abs(both[0] - both[1]).max())

# %%
keras.utils.set_random_seed(74)
prototypes = keras.Sequential([keras.Input((784,)), Prototypes(10, per_class=2, name="memory")])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
adam = keras.optimizers.Adam(0.01)
prototypes.compile(adam, loss, metrics=["accuracy"], steps_per_execution=20)
prototypes.fit(x_train, y_train, batch_size=50, epochs=15, verbose=0)
check.claim("prototype_accuracy", prototypes.evaluate(x_valid, y_valid, verbose=0)[1])
memory = prototypes.get_layer("memory").get_weights()[0].reshape(-1, 28, 28)
titles = [names[i // 2] for i in range(20)]
plots.images(memory, titles, columns=10, cmap=plots.DIVERGING, value_range=(-1, 1))
plt.show()

# %% [markdown]
# *What to look for: what each class remembers, two pictures each; red is ink that speaks for it, blue ink that speaks
# against it.* The layer reaches about 80 %, and its weights can be looked at: trousers, for one, forbid ink between
# the legs. These are not averages of garments, which would have no blue. They were trained to tell classes apart, not
# to look like them.
#
# ## A loss of our own
#
# A loss takes the truth and the output, and gives **one number for each example**; the mean over the batch, and the
# weighting of examples, are done by the class we inherit from. (It turns labels into floats, hence the `cast` below;
# `one_hot` makes of the label 3 a row with a 1 in place 3.) Ours is cross-entropy with *label smoothing* (Szegedy et
# al. 2016): the target is not 1 for the true class $t$ and 0 for the others, but $1 - s + s/K$ and $s/K$, so that the
# network gains nothing by becoming infinitely sure. For logits $z$ and $K$ classes,
#
# $$L = \log \sum_c e^{z_c} - (1 - s)\, z_t - \frac{s}{K} \sum_c z_c .$$


# %%
@keras.saving.register_keras_serializable(package="course")
class SmoothedCrossEntropy(keras.losses.Loss):
    """Labels (batch,) and logits (batch, classes) -> a loss for each example (batch,)."""

    def __init__(self, smoothing=0.1, name="smoothed", **kwargs):
        super().__init__(name=name, **kwargs)
        self.smoothing = smoothing

    def call(self, y_true, y_pred):
        truth = ops.one_hot(ops.cast(y_true, "int32"), y_pred.shape[-1])
        target = (1 - self.smoothing) * truth + self.smoothing / y_pred.shape[-1]
        return ops.logsumexp(y_pred, axis=-1) - ops.sum(target * y_pred, axis=-1)

    def get_config(self):
        return super().get_config() | {"smoothing": self.smoothing}


# %%
logits = rng.normal(size=(6, 10)).astype("float32")
ours = SmoothedCrossEntropy(0.1)(y_valid[:6], logits)
keras_loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
theirs = keras_loss(keras.utils.to_categorical(y_valid[:6], 10), logits)
check.claim("loss_gap", abs(float(ours) - float(theirs)))

# %% [markdown]
# ### What goes wrong: shapes that fit by accident
#
# A loss of one's own has one great enemy. Take a network with one output, as for regression: its outputs have the shape
# $(n, 1)$. The labels come as $(n,)$. **Predict, then run:** the squared error below is as simple as a loss can be. Of
# the five numbers 1 to 5, the predictions are all perfect. What loss does it give, and what is the shape of the
# difference?

# %%
y_true = np.arange(1.0, 6.0)  # shape (5,)
y_pred = y_true.reshape(5, 1)  # perfect predictions, as a network gives them
print("shape of the difference:", (y_true - y_pred).shape)
check.claim("broadcast_loss", ((y_true - y_pred) ** 2).mean())
candidates = np.linspace(0, 6, 61)
best = [((y_true - np.full((5, 1), c)) ** 2).mean() for c in candidates]
check.claim("broadcast_optimum", candidates[np.argmin(best)])
print("least loss:", round(min(best), 6), "variance of the labels:", y_true.var())

# %% [markdown]
# No error, and a loss of 4 for a perfect answer. NumPy, TensorFlow and JAX alike *broadcast* $(5,)$ against $(5, 1)$ to
# a table $(5, 5)$, each prediction against each label. Perfect answers cost twice the variance of the labels. The least
# loss is the variance itself, and is had by saying their mean, 3, whatever the input. So that is the symptom: **the
# loss stops at the variance of the labels, and all predictions are the same.** Keras's own losses bring the shapes
# together first; in a loss of your own, compare them, or begin with `y_true = ops.reshape(y_true, ops.shape(y_pred))`.
#
# ## A metric of our own
#
# Accuracy is a mean over examples, and the mean of the batches' means (with the right weights) is the mean of all.
# Most measures are not so. The *F1 score* of a class weighs its true positives against both kinds of error,
#
# $$F_1 = \frac{2\,\mathrm{TP}}{2\,\mathrm{TP} + \mathrm{FP} + \mathrm{FN}} ,$$
#
# and is a ratio of counts. Two batches by hand: in the first, one positive, found (F1 is 1); in the second, none, and
# one false alarm (F1 is 0). The average is 0.50. Together: $2 / (2 + 1 + 0) = 0.67$. So a metric in Keras has
# **state**. `update_state` adds a batch's counts to it, `result` makes the number from the counts, `reset_state` sets
# them to zero when an epoch begins; the inherited one does that for every weight the metric has. Ours is the *macro*
# F1, the mean of the classes' scores, so each count is an array with one entry per class. (Keras may pass weights of
# the examples as `sample_weight`; this short version does without. Keras's own is `keras.metrics.F1Score`, for labels
# as rows of 0 and 1.)


# %%
class MacroF1(keras.metrics.Metric):
    def __init__(self, n_classes, name="macro_f1", **kwargs):
        super().__init__(name=name, **kwargs)
        counts = ("hits", "said", "true")  # TP, TP + FP and TP + FN of each class
        self.counts = [self.add_weight((n_classes,), "zeros", name=count) for count in counts]

    def update_state(self, y_true, y_pred, sample_weight=None):
        true = ops.one_hot(ops.cast(ops.reshape(y_true, (-1,)), "int32"), y_pred.shape[-1])
        said = ops.one_hot(ops.argmax(y_pred, axis=-1), y_pred.shape[-1])
        for count, new in zip(self.counts, (true * said, said, true)):
            count.assign(count + ops.sum(new, axis=0))

    def result(self):
        hits, said, true = self.counts
        return ops.mean(2 * hits / ops.maximum(said + true, 1.0))


# %% [markdown]
# **Predict, then run:** the prototypes judge the 1,000 validation garments, in batches of 10, 20, 50 and so on. The
# metric with state is compared with Keras's own `F1Score` on all of them at once, and with the average of that score
# over the batches. Which way will the average err, and when most?


# %%
def macro_f1(y, z):
    """Keras's macro F1 of labels (n,) and scores (n, 10), all at once."""
    whole = keras.metrics.F1Score(average="macro")
    whole.update_state(keras.utils.to_categorical(y, 10), z)
    return float(whole.result())


# %%
scores, metric = prototypes.predict(x_valid, verbose=0), MacroF1(10)
sizes, averaged, counted = [10, 20, 50, 100, 250, 500, 1000], [], []
for size in sizes:
    metric.reset_state()
    of_batches = []
    for first in range(0, 1000, size):
        y, z = y_valid[first : first + size], scores[first : first + size]
        metric.update_state(y, z)
        of_batches.append(macro_f1(y, z))
    averaged.append(np.mean(of_batches))
    counted.append(float(metric.result()))
whole = macro_f1(y_valid, scores)
check.claim("f1_gap", np.abs(np.array(counted) - whole).max())
check.claim("f1_averaged_tens", averaged[0])
check.claim("f1_right", whole)

# %%
both = {"mean of the batches' F1": (sizes, averaged), "F1 of the counts": (sizes, counted)}
ax = plots.curves(both, "batch size", "macro F1")
ax.set_xscale("log")
plt.show()

# %% [markdown]
# *What to look for: one line does not care how the data were cut; the other measures the batch size.* The average errs
# downward, and most in small batches: in batches of ten most classes are missing or appear once, and a missing class
# counts zero. The state is the whole difference. Two more things belong to it. A metric that forgets to reset goes on
# averaging over all epochs. And the loss and the accuracy that `fit` reports of an epoch are such means too, over
# batches of which the early ones met an earlier network, while the validation meets the network as it is at the end. So
# training can look worse than validation without any fault. To know how the network does on its training data, call
# `evaluate` on them afterward.
#
# ## A training loop of our own
#
# `fit` is a loop: take a batch, compute the loss and its gradients, let the optimizer move the weights. Now and then
# one needs another loop, with two networks or two optimizers (chapters 18 and 21). The loop itself is plain Python.
# The one step in it that depends on the backend is the gradient, and this course keeps that in one module:
# `autodiff.training_step(loss_fn, variables, optimizer, state)` gives a function `step(x, y)`, which takes one step
# and returns the loss before it. We write `loss_fn` with Keras only.


# %%
def training_loop(model, loss, optimizer, x, y, epochs, batch_size):
    """Batches in the order given, a partial last one left out -> mean loss of each epoch."""

    def loss_fn(x, y):
        return loss(y, model(x, training=True))

    state = model.non_trainable_variables
    step = autodiff.training_step(loss_fn, model.trainable_variables, optimizer, state)
    history = []
    for _ in range(epochs):
        firsts = range(0, len(x) - batch_size + 1, batch_size)
        losses = [step(x[i : i + batch_size], y[i : i + batch_size]) for i in firsts]
        history.append(np.mean([float(value) for value in losses]))
    return history


# %% [markdown]
# Three things in it need words.
#
# *State.* TensorFlow changes variables in place. JAX differentiates pure functions only: all that changes must go in
# as an argument and come out as a result. A Keras model can be used that way, as
# `outputs, new_state = model.stateless_call(weights, state, x)`, and inside `step` something like this is done. So
# the loop must say what else the forward pass changes besides the weights that are trained: the moving averages of
# batch normalization, the seeds of dropout. They are `model.non_trainable_variables`.
#
# *Compilation.* The first call of `step` runs the Python code once with placeholders in the place of arrays, records
# the operations, and compiles the record; later calls run that, without Python. So a `print` in `loss_fn` speaks while
# recording and never again, a NumPy random number drawn there is the same in every step, and arrays of a new shape
# start a new recording. Hence the partial last batch is left out.
#
# *Mode.* `training=True` has to be said. `fit` says it for you; `model(x)` alone means inference. (And one thing that
# `fit` adds is not in our loop: the penalties that layers put into `model.losses`, such as a `kernel_regularizer`. A
# model that has them needs `+ sum(model.losses)` in `loss_fn`.)
#
# **Predict, then run:** the same network with batch normalization and the same start, once by `fit` and once by our
# loop, with the batches in the same order. How far apart are they after 200 steps?


# %%
def normalized_network():
    keras.utils.set_random_seed(75)
    hidden = [layers.Dense(64), layers.BatchNormalization(), layers.ReLU()]
    return keras.Sequential([keras.Input((784,)), *hidden, layers.Dense(10)])


by_fit, by_loop = normalized_network(), normalized_network()
loss = SmoothedCrossEntropy(0.1)
by_fit.compile(keras.optimizers.SGD(0.1), loss, steps_per_execution=40)
fit_losses = by_fit.fit(x_train, y_train, batch_size=50, epochs=5, shuffle=False, verbose=0)
loop_losses = training_loop(by_loop, loss, keras.optimizers.SGD(0.1), x_train, y_train, 5, 50)
print("losses by fit: ", np.round(fit_losses.history["loss"], 4))
print("losses by loop:", np.round(loop_losses, 4))
pairs = zip(by_fit.get_weights(), by_loop.get_weights())
check.claim("loop_gap", max(np.abs(a - b).max() for a, b in pairs))

# %% [markdown]
# They are the same network, moving averages included. Nothing was hidden in `fit`. (If only the loss is unusual, not
# the loop, there is a shorter way: subclass `keras.Model` and override `compute_loss`. That works on every backend.
# Overriding `train_step`, which many examples do, ties the program to one.)
#
# ### What goes wrong: the wrong mode
#
# Batch normalization and dropout do two different things in training and in use (chapter 6). **Predict, then run:**
# the trained network judges 300 validation garments, one at a time as a phone would: in the right mode, then with
# `training=True` left in the call; then in batches of 100, in the wrong mode too.


# %%
def share_right(model, size, training):
    batches = x_valid[:300].reshape(-1, size, 784)
    logits = [ops.convert_to_numpy(model(batch, training=training)) for batch in batches]
    return np.mean(np.concatenate(logits).argmax(axis=1) == y_valid[:300])


check.claim("inference_mode", share_right(by_fit, 1, training=False))
moving_variance = by_fit.layers[1].get_weights()[3]
check.claim("training_mode_1", share_right(by_fit, 1, training=True))
check.claim("variance_left", np.mean(by_fit.layers[1].get_weights()[3] / moving_variance))
check.claim("training_mode_100", share_right(by_fit, 100, training=True))

# %% [markdown]
# Normalized over a batch of one, every hidden unit is its own mean, so what comes out is the layer's offset, whatever
# the garment: all look alike, and a network that is about 80 % right guesses. With batches of 100 the same bug costs
# next to nothing here, and passes for noise, until somebody sends a single picture. And looking has changed the
# network: each call moved the averages by 1 % toward those of its batch, and a batch of one has no variance, so of the
# moving variances $0.99^{300}$ is left, 5 %. The opposite mistake, `training=True` forgotten in a loop of one's own,
# is quieter: dropout never drops, and batch normalization works with averages that stay at 0 and 1, where they began.
# **A prediction that depends on its companions in the batch, or differs between two equal calls, was made in the wrong
# mode.**
#
# ## A callback of our own
#
# `fit` calls out at fixed points: `on_train_begin`; for each epoch `on_epoch_begin`, then for each batch
# `on_train_batch_begin` and `on_train_batch_end`, then the validation, then `on_epoch_end` with the numbers in
# `logs`; at last `on_train_end`. (With `steps_per_execution=20` the batch hooks are called once for twenty.) A
# callback is an object with some of these methods, and `self.model` is the model in training. It may look, store, stop
# (`self.model.stop_training = True`), or change things; early stopping and checkpoints are callbacks. Ours is an
# instrument. It asks of each kernel how far it moved in the epoch, compared with its size:
# $\lVert W_\text{after} - W_\text{before} \rVert / \lVert W_\text{before} \rVert$.
#
# **Predict, then run:** the rates 0.0001, 0.1 and 1. In which training does the first kernel move most in the first
# epoch, and in which in the last?


# %%
class UpdateRatio(keras.callbacks.Callback):
    """After training, `ratios` has a row for each epoch and a column for each kernel."""

    def on_train_begin(self, logs=None):
        self.ratios = []

    def on_epoch_begin(self, epoch, logs=None):
        self.before = self.model.get_weights()

    def on_epoch_end(self, epoch, logs=None):
        pairs = zip(self.before, self.model.get_weights())
        moves = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in pairs if a.ndim == 2]
        self.ratios.append(moves)


# %%
def compiled(rate, model=None, loss=None):
    """The network at its NumPy start, ready to train by plain gradient descent."""
    model = model or sequential()
    model.set_weights(start_weights())
    loss = loss or SmoothedCrossEntropy(0.0)  # without smoothing: cross-entropy, from logits
    model.compile(keras.optimizers.SGD(rate), loss, metrics=["accuracy"], steps_per_execution=20)
    return model


# %%
plan, ratios, reached = {"batch_size": 50, "shuffle": False, "verbose": 0}, {}, {}
for rate in (0.0001, 0.1, 1.0):
    model, watch = compiled(rate), UpdateRatio()
    history = model.fit(x_train, y_train, epochs=8, callbacks=[watch], **plan).history
    ratios[f"learning rate {rate}"] = [row[0] for row in watch.ratios]
    reached[rate] = history["accuracy"][-1]
print("training accuracy:", {rate: round(value, 2) for rate, value in reached.items()})

# %%
plots.curves(ratios, "epoch", "relative move of the first kernel", log=True)
plt.show()

# %% [markdown]
# *What to look for: at the middle rate the kernel moves by some percent of its size in an epoch, less as it settles.*
# At the low rate it stands nearly still. At the high one it is thrown, within one epoch, to many times its own size,
# and then hardly moves at all: not because it has arrived, but because nothing gets through any more. We shall meet
# this corpse again.
#
# ## Feeding, and seeds
#
# Data that do not fit in memory, or are changed on the way, come from a `keras.utils.PyDataset`: it says how many
# batches there are, and makes the one with a given number. That is all that `fit` needs. `on_epoch_end` is called
# after each epoch, and is the place to shuffle.


# %%
class Garments(keras.utils.PyDataset):
    """Batches in the order given; a partial last one is left out."""

    def __init__(self, pictures, y, batch_size, **kwargs):
        super().__init__(**kwargs)
        self.pictures, self.y, self.batch_size = pictures, y, batch_size
        self.order = np.arange(len(y))

    def __len__(self):
        return len(self.y) // self.batch_size

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size :][: self.batch_size]
        return scaled(self.pictures[rows]), self.y[rows]


# %% [markdown]
# On top of it, a source that shifts each picture by up to two pixels, anew in each epoch (augmentation, chapter 6),
# and shuffles.


# %%
class Shifted(Garments):
    epoch = 0

    def on_epoch_end(self):
        self.epoch += 1
        self.order = np.random.default_rng([76, self.epoch]).permutation(len(self.y))

    def __getitem__(self, index):
        x, y = super().__getitem__(index)
        moves = np.random.default_rng([76, self.epoch, index]).integers(0, 5, (len(y), 2))
        wide = np.pad(x.reshape(-1, 28, 28), ((0, 0), (2, 2), (2, 2)))
        moved = [one[d : d + 28, r : r + 28] for one, (d, r) in zip(wide, moves)]
        return np.stack(moved).reshape(-1, 784), y


# %%
feed, shown = Shifted(pictures[:2000], y_train, batch_size=50), []
for _ in range(4):
    place = np.argsort(feed.order)[:5]  # where the first five garments are now
    shown += [feed[i // 50][0][i % 50] for i in place]
    feed.on_epoch_end()
plots.images(np.reshape(shown, (-1, 28, 28)), columns=5)
plt.show()
model = compiled(0.1)
losses = model.fit(feed, epochs=2, verbose=0).history["loss"]
print(len(feed), "batches per epoch, losses", np.round(losses, 2))

# %% [markdown]
# *What to look for: five garments, one below the other in four epochs, and hardly ever in the same place.*
#
# Two lines prevent two silent faults. The labels are taken with **the same `rows`** as the pictures. And the random
# numbers of a batch come from the seed `[76, epoch, index]`, so that a batch does not depend on which others were made
# before it: Keras asks in random order unless `shuffle=False`, and with `workers=2` for several at a time.
#
# Which brings us to seeds. `keras.utils.set_random_seed` sets the generators of Python, NumPy and the backend, and
# with them the initial weights, dropout, and the shuffling of `fit`. **Predict, then run:** the network trained from
# eight seeds, each for ten epochs, and the first seed once more. How far apart will the best and the worst be, and the
# first and its repetition?

# %%
by_seed = {}  # the model of the cell before, compiled already, serves for all seeds
for seed in [*range(8), "0 again"]:
    keras.utils.set_random_seed(0 if seed == "0 again" else seed)
    model.set_weights(sequential().get_weights())  # fresh initial weights, the same plain SGD
    model.fit(x_train, y_train, batch_size=50, epochs=10, verbose=0)
    by_seed[seed] = model.evaluate(x_valid, y_valid, batch_size=500, verbose=0)[1]
values = np.array([by_seed[seed] for seed in range(8)])
check.claim("same_seed_gap", by_seed["0 again"] - by_seed[0])
check.claim("seed_deviation", values.std(ddof=1))

# %%
_, ax = plt.subplots(figsize=(7, 2))
ax.plot(100 * values, np.zeros(8), "o", alpha=0.6)
mean, std = 100 * values.mean(), 100 * values.std(ddof=1)
ax.errorbar(mean, 0.5, xerr=std, fmt="s", capsize=4, color=plots.VERMILLION)
ax.set(xlabel="validation accuracy (%)")
ax.set_yticks([0, 0.5], ["eight seeds", "mean and deviation"])
ax.set_ylim(-0.4, 0.9)
plt.show()

# %% [markdown]
# *What to look for: dots from one and the same program.* With the seed repeated, the result is the same to the last
# digit. What the seed does *not* give: the same numbers on another backend, another version, another number of threads;
# or after any change that draws one random number more, since all later ones then shift. (One more layer is such a
# change. An initializer with a seed of its own has the opposite trap: used for two layers of one shape, it gives both
# the same numbers.) And it does not make a result typical. With nothing changed but the seed, single results scatter
# with a standard deviation of some 1.9 points, give or take one; eight runs tell it no better. Had we compared two
# ideas with one seed each, a difference of a point would have meant nothing. The mean of eight is known $\sqrt 8$ times
# better, to about 0.7 points. **A fixed seed repeats a result; only several seeds tell what it is worth.**
#
# ## Saving and loading
#
# A `.keras` file is a zip archive. **Predict, then run:** what must be in it, if a model is to be made again in a
# program that has never seen ours?

# %%
folder = Path(tempfile.mkdtemp())
prototypes.save(folder / "garments.keras")
print(*zipfile.ZipFile(folder / "garments.keras").namelist(), sep=", ")
loaded = keras.saving.load_model(folder / "garments.keras")
check.claim("saved_gap", np.abs(loaded.predict(x_valid, verbose=0) - scores).max())
print("its optimizer remembers", int(loaded.optimizer.iterations), "steps")

# %% [markdown]
# The settings of all layers (what `get_config` gave) with the compilation, the weights with the optimizer's state, and
# a note on versions. So training can go on where it stopped. `model.save_weights("name.weights.h5")` keeps the weights
# alone; the program must then build the same architecture before it loads them.
#
# What is *not* in the file is Python code. **Predict, then run:** five attempts. Which of them fail, and at which
# moment, saving or loading?


# %%
class Unregistered(layers.Layer):
    def call(self, x):
        return x


class Table(layers.Layer):
    def __init__(self, table, **kwargs):  # an array for an argument, and no get_config
        super().__init__(**kwargs)
        self.table = table

    def call(self, x):
        return x * self.table


# %%
def attempt(name, act):
    try:
        print(f"{name}: fine, {type(act()).__name__}")
    except Exception as error:  # whatever it is, we want to read it
        reason = " ".join(str(error).split("Exception encountered: ")[-1].split())
        print(f"{name}: {type(error).__name__}: {reason[:90]} ...")


def saved(layer):
    path = folder / f"{layer.name}.keras"
    keras.Sequential([keras.Input((4,)), layer]).save(path)
    return path


# %%
load, path = keras.saving.load_model, saved(Unregistered())
attempt("not registered", lambda: load(path))
attempt("but named when loading", lambda: load(path, custom_objects={"Unregistered": Unregistered}))
attempt("an array in the settings", lambda: saved(Table(np.ones(4))))
attempt("a Lambda layer", lambda: load(saved(layers.Lambda(lambda x: 2 * x))))
prototypes.save_weights(folder / "garments.weights.h5")
attempt("weights, other network", lambda: sequential().load_weights(folder / "garments.weights.h5"))

# %% [markdown]
# A class that is in no register is saved without complaint and cannot be found when loading: register it, or hand it
# over in `custom_objects`. Settings that are no plain values stop the saving, for Keras notes down numbers and strings
# by itself and must be told the rest by `get_config`. A `Lambda` layer, which makes a layer of any Python function, has
# the *bytecode* of a `lambda` put in the file, and Keras refuses to run a stranger's code: a loaded model could do
# anything to your computer. Do not switch that off (`safe_mode=False`) for files that you did not make; write a layer
# class. And weights fit only the architecture that they came from, which shows when they are loaded.
#
# Those were the loud failures. The quiet one is a `get_config` that leaves something out for which `__init__` has a
# default. **Predict:** the layer below has the temperature 20, which its `get_config` forgets. What happens?


# %%
@keras.saving.register_keras_serializable(package="course")
class Forgetful(Prototypes):
    def get_config(self):
        config = super().get_config()
        del config["temperature"]
        return config


warm = keras.Sequential([keras.Input((4,)), Forgetful(3, temperature=20.0)])
warm.save(folder / "warm.keras")
x = rng.normal(size=(5, 4)).astype("float32")
ratio = warm(x) / load(folder / "warm.keras")(x)
check.claim("forgotten_setting", np.mean(ops.convert_to_numpy(ratio)))

# %% [markdown]
# It loads, and is another layer: the temperature is the default of 10 again, so all logits are twice what they were.
# Only a comparison of *outputs* before and after notices it, as we made one above. So make one on the first day of a
# project, in a fresh Python, and not on the last.
#
# ## Reading a training curve
#
# Now the instruments are complete, and we turn to illness. First the symptom that everyone looks at. **Predict, then
# read on:** below are eight trainings of our network. One is healthy. In the others something was changed on purpose,
# not always for the worse (and sometimes the batch size or the number of garments with it, to show it sooner). Look at
# the figure before the cells that make it, and write a diagnosis under each letter before you open the answers.


# %%
usual = compiled(0.05)  # compiled once; its weights and its rate can be set anew
drop = [layers.Dropout(0.5, seed=seed) for seed in (77, 78)]
first, second, last = sequential().layers
stack = [first, drop[0], second, drop[1], last]
with_dropout = compiled(0.05, keras.Sequential([keras.Input((784,)), *stack]))


# %%
def gallery_run(model=usual, rate=0.05, x=x_train[:1000], y=y_train[:1000], size=25, scale=1.0):
    """15 epochs -> training loss and validation loss of each."""
    model.set_weights(start_weights())
    model.optimizer.learning_rate = rate
    settings = plan | {"batch_size": size, "epochs": 15, "validation_batch_size": 500}
    validation = (scale * x_valid[:500], y_valid[:500])
    history = model.fit(x, y, validation_data=validation, **settings).history
    return history["loss"], history["val_loss"]


# %%
by_label = np.argsort(y_train[:1000], kind="stable")
shuffled_labels = np.random.default_rng(79).permutation(y_train)
gallery = {
    "A": gallery_run(rate=0.001),
    "B": gallery_run(x=x_train[:100], y=y_train[:100], size=5),
    "C": gallery_run(rate=0.6),
    "D": gallery_run(rate=0.1, x=x_train[:500], y=shuffled_labels[:500], size=10),
    "E": gallery_run(x=x_train, y=y_train),
    "F": gallery_run(x=x_train[by_label], y=y_train[by_label]),
    "G": gallery_run(model=with_dropout),
    "H": gallery_run(scale=255.0),
}

# %%
_, axes = plt.subplots(2, 4, figsize=(12, 5.5), sharex=True, sharey=True)
for ax, (letter, (train_loss, valid_loss)) in zip(axes.flat, gallery.items()):
    ax.plot(range(1, 16), train_loss, label="training")
    ax.plot(range(1, 16), np.minimum(valid_loss, 3.9), "--", label="validation")
    ax.axhline(np.log(10), color="gray", linestyle=":")
    ax.set(title=letter, ylim=(0, 4), xlabel="epoch", ylabel="loss")
    ax.label_outer()
axes[0, 0].legend()
plt.show()

# %% [markdown]
# *What to look for: where each curve starts against the dotted $\log 10$, whether the two part, and whether they are
# smooth. Validation losses above 3.9 are drawn at 3.9.*
#
# <details><summary>Answers</summary>
#
# - **A**: the rate is too low. Both curves fall, slowly and together, and have not arrived.
# - **B**: overfitting, on 100 garments. Training falls on, validation has long stopped falling.
# - **C**: the rate is too high. Unsteady, and far from where E arrives.
# - **D**: labels shuffled. Training falls below $\log 10$ as they are learned by heart; validation *rises* from there,
#   because there is nothing to know.
# - **E**: healthy.
# - **F**: the garments came sorted by label. Each batch is of the class that was just seen, so training looks good;
#   validation is bad and wild.
# - **G**: dropout. Training stands *above* validation, because units are missing only there. No illness; `evaluate` on
#   the training data would show the network without the handicap.
# - **H**: the validation pictures were not scaled. Training is healthy, and validation off the chart from the first
#   epoch on: a difference in preparing, not in learning.
#
# </details>
#
# The curve names a suspect; it convicts nobody. A and a dozen other illnesses look alike when nothing falls, and the
# patient's own curve says only that it is very ill.
#
# ## When a model will not learn
#
# What we lack are tests that look at **one part at a time**. Here is the list, in the order in which to go through it.
#
# 1. **The data as the model gets them**, after the last line that changes them: shapes, ranges, pictures beside
#    labels. *Mend:* one order for inputs and labels; inputs scaled to a size of about one, by the same rule
#    everywhere.
# 2. **The first loss** must be about that of equal bets, $\log K$ for $K$ classes. Far above: inputs or first weights
#    are too large, or the loss takes logits for probabilities. *Mend:* scale; no softmax at the end, and
#    `from_logits=True`.
# 3. **One batch must be overfitted.** Fifty examples can be learned by heart, to a loss of almost zero. If not, stop:
#    more data and more epochs will not help. Suspect a softmax taken twice, shapes that broadcast, or what follows.
# 4. **All layers must move.** An update ratio of exactly 0: a frozen layer, or nothing alive above it. *Mend:* set
#    `trainable` before `compile`, for later changes may go unheard, and know that setting it for a model sets it for
#    all layers inside. Above 1 in an epoch: the rate is too high.
# 5. **The units must live.** A ReLU that is zero for every example gets no gradient, and as a rule stays dead.
#    *Mend:* start again with a lower rate and biases of 0; and no ReLU on the last layer, where it would cut off all
#    answers below zero.
# 6. **The modes must be right.** One example alone and the same one in a batch must get the same answer.
# 7. **Only then the rate**, by a range test (chapter 4). A rate that suits a broken program means nothing.
#
# Start with the first. It is the one most often left out. **Predict:** suppose that the labels no longer belong to the
# pictures. What will the mean of all "trousers" look like?

# %%
order = np.random.default_rng(70).permutation(2000)
seen, rows = x_train[order], []  # exactly as in the patient's program
for x, y in [(x_train, y_train), (seen, y_train)]:
    rows.append([x[y == c].mean(axis=0).reshape(28, 28) for c in range(10)])
plots.images(np.concatenate(rows), [*names, *names], columns=10)
plt.show()

# %% [markdown]
# *What to look for: above, ten garments; below, ten times the same ghost.* In the patient's program the pictures are
# put in a random order, and the labels are not. One figure is enough to see it.
#
# Now the other tests, on eight programs: a healthy one, and seven with one fault each. One of them is a softmax in
# front of a loss that expects logits, so that softmax is taken twice. There the theory makes a forecast: the outputs
# lie between 0 and 1, so the best that can be said is one 1 and nine 0s, and the loss cannot fall below
# $\log(e + 9) - 1$.


# %%
@functools.cache
def bed(twice, frozen):
    """A program with the faults that change the network, compiled once for each pair."""
    stack = [*sequential().layers, layers.Softmax()] if twice else sequential().layers
    model = keras.Sequential([keras.Input((784,)), *stack])
    model.layers[0].trainable = not frozen
    return compiled(0.1, model)


def hidden_units(weights, x):
    """Outputs of the two hidden layers, in NumPy: (batch, 64) and (batch, 32)."""
    first = np.maximum(x @ weights[0] + weights[1], 0)
    return first, np.maximum(first @ weights[2] + weights[3], 0)


# %%
def examine(x=x_train, y=y_train, rate=0.1, twice=False, frozen=False, bias=0.0):
    """First loss; loss on one batch after 200 steps; then, of ten epochs on all, loss and accuracy
    at the end, move of the first kernel in the first epoch, dead share of the worse hidden layer."""
    model, start, watch = bed(twice, frozen), start_weights(bias=bias), UpdateRatio()
    model.optimizer.learning_rate = rate
    model.set_weights(start)
    first_loss = model.evaluate(x, y, batch_size=500, verbose=0)[0]
    model.fit(np.tile(x[:50], (200, 1)), np.tile(y[:50], 200), **plan)  # 200 times the same fifty
    one_batch = model.evaluate(x[:50], y[:50], verbose=0)[0]
    model.set_weights(start)
    model.fit(x, y, epochs=10, callbacks=[watch], **plan)
    scores = model.evaluate(x, y, batch_size=500, verbose=0)
    dead = [(out.max(axis=0) == 0).mean() for out in hidden_units(model.get_weights(), x)]
    return [first_loss, one_batch, *scores, watch.ratios[0][0], max(dead)]


# %%
wards = {
    "healthy": {},
    "pixels 0 to 255": {"x": 255 * x_train},
    "labels shuffled": {"y": shuffled_labels},
    "softmax twice": {"twice": True},
    "rate 5": {"rate": 5.0},
    "rate 0.0001": {"rate": 0.0001},
    "first layer frozen": {"frozen": True},
    "biases of -5": {"bias": -5.0},
}
with np.errstate(all="ignore"):  # some of them run to infinity
    readings = np.array([examine(**ward) for ward in wards.values()])
perfect = np.eye(10, dtype="float32")  # what a sure and right softmax puts out, taken for logits
check.claim("floor_of_softmax_twice", float(SmoothedCrossEntropy(0.0)(np.arange(10), perfect)))

# %%
tests = "first\nloss, loss on\none batch, training\nloss, training\naccuracy, "
tests += "first kernel\nmoved, share of\ndead units"
limits = np.array([(1.5, 3), (0, 0.1), (0, 0.8), (0.8, 1), (0.01, 1), (0, 0.2)])
alarms = ~((readings >= limits[:, 0]) & (readings <= limits[:, 1]))
_, ax = plt.subplots(figsize=(9, 4))
ax.imshow(alarms, cmap="Oranges", vmin=0, vmax=2.5, aspect="auto")
ax.set_xticks(range(6), tests.split(", "), fontsize=9)
ax.set_yticks(range(8), list(wards))
ax.grid(False)
for (i, j), value in np.ndenumerate(readings):
    ax.text(j, i, f"{value:.3g}", ha="center", va="center", fontsize=9)
plt.show()
check.claim("found_by_one_batch", alarms[1:, 1].sum())
check.claim("found_by_accuracy", alarms[1:, 3].sum())

# %% [markdown]
# *What to look for: the readings outside the limits in the code (colored), fault by fault. Read the rows.* One column
# is colored for all seven, the training accuracy: it sees every fault, once we know what a healthy program reaches, and
# tells none of them. The others are selective, and so together a diagnosis. Overfitting one batch finds six of the
# seven; it misses the shuffled labels, because fifty wrong labels are learned by heart like fifty right ones. Softmax
# taken twice passes the first reading, and then stays above its floor, however right the answers are. The frozen layer
# looks healthier than any other, and is betrayed by an exact 0. And inputs, a high rate and bad biases, three different
# faults, end as one corpse: units dead, loss at $\log 10$, and nothing moves any more. From the end one cannot tell
# what they died of; the early readings can.
#
# ## The question, answered
#
# Back to the patient. We give its program a switch for each fault, and mend them in the order in which the checklist
# finds them, reading the first loss and the moves of the three kernels in the first epoch at each step. First the
# impulse: one mend at a time, all others left as they were.


# %%
@functools.cache
def case(frozen, from_logits):
    """The patient's network, compiled once for each pair of settings."""
    model = sequential()
    model.layers[0].trainable = not frozen
    return compiled(0.1, model, keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits))


# %%
def program(faults):
    """The patient's program with some of its five faults -> first loss, kernels' moves, accuracy."""
    order = np.random.default_rng(70).permutation(2000)
    y = y_train if "labels" in faults else y_train[order]
    scale = 255 if "pixels" in faults else 1
    model, watch = case("frozen" in faults, "loss" not in faults), UpdateRatio()
    model.set_weights(start_weights())
    model.optimizer.learning_rate = 3.0 if "rate" in faults else 0.1
    first_loss = model.evaluate(scale * x_train[order], y, batch_size=500, verbose=0)[0]
    model.fit(scale * x_train[order], y, epochs=10, callbacks=[watch], **plan)
    accuracy = model.evaluate(scale * x_valid, y_valid, batch_size=500, verbose=0)[1]
    return first_loss, watch.ratios[0], accuracy


# %%
faults = ["labels", "pixels", "loss", "rate", "frozen"]
with np.errstate(all="ignore"):  # some of them run to infinity
    one_mended = [program([o for o in faults if o != fault])[2] for fault in faults]
    one_left = [program([fault]) for fault in faults]
    stages = [program(faults[k:]) for k in (0, 2, 3)] + [one_left[-1], program([])]
steps = ["none", "labels, pixels", "+ loss", "+ rate", "+ frozen"]
for step, (first_loss, moves, _) in zip(steps, stages):
    print(f"{step:14} first loss {first_loss:5.2f}, kernels moved", *(f"{m:.2f}" for m in moves))
left_over, in_order = ([accuracy for _, _, accuracy in runs] for runs in (one_left, stages))
check.claim("best_single_mend", max(one_mended))
check.claim("four_left", max(left_over[:4]))
check.claim("frozen_accuracy", left_over[-1])
check.claim("mended_accuracy", in_order[-1])

# %%
_, (left, right) = plt.subplots(1, 2, figsize=(11, 3.2), sharey=True)
places = np.arange(5)
left.bar(places - 0.2, one_mended, 0.4, color=plots.SKY, label="only this one mended")
left.bar(places + 0.2, left_over, 0.4, color=plots.ORANGE, label="only this one left")
left.set(xlabel="fault", ylabel="validation accuracy", ylim=(0, 1))
left.set_xticks(places, faults)
left.legend()
right.bar([step.replace(", ", ",\n") for step in steps], in_order, color=plots.BLUE)
right.set(xlabel="mended so far, in the order of the list")
plt.show()

# %% [markdown]
# *What to look for: on the left, the blue bars: five single mends, and nothing. On the right next to nothing, until
# the rate is mended, the fourth of five.* The impulse could not have worked. The orange bars say why: four of the
# five faults are each enough, alone, to keep the network at guessing or near it. Worse, a right mend looks like a
# useless one, and is taken back. **Accuracy can tell that all is well; it cannot tell how much is wrong.** The
# checklist can, since each test looks at one part:
#
# - The mean garments show that **the labels do not belong to the pictures**. (Overfitting one batch would have passed.)
# - The same look at the arrays shows **pixels up to 255**.
# - With both mended, the first loss is still far above $\log 10$. `SparseCategoricalCrossentropy()` expects
#   probabilities unless told `from_logits=True`, and the last layer gives logits: **the loss reads the output as what
#   it is not**.
# - Now the first loss is right. But two kernels move by more than their own size in one epoch: **the rate**. After such
#   a training lowering it is not enough, for dead units mostly stay dead. Start again.
# - Now it learns, and one would go home, with 71 %. But go through the list once more. The first kernel's 0 has stood
#   there from the first row on: **the layer is frozen**, since a line of last week's was left behind. The last mend is
#   worth some eight points, and nothing in the accuracy asks for it.
#
# So the patient reaches about 80 %, as the prototypes do, from the same network and the same 2,000 pictures.
#
# ## Check yourself
#
# **1.** A layer's `__init__` makes its weights with a fixed number of input features. What does it lose, and in which
# method should they be made?
#
# <details><summary>Answer</summary>
#
# It can be used for one width only, and the author has to know it beforehand. In `build(input_shape)`, which is called
# at the first call, when the width is known.
#
# </details>
#
# **2.** A classifier of 100 classes starts with a loss of 4.6, another with 23. Which one would you look at, and for
# what?
#
# <details><summary>Answer</summary>
#
# Equal bets lose $\log 100 = 4.605$, so the first is as it should be. The second is sure of itself and wrong: inputs
# not scaled, first weights too large, or a loss that reads logits as probabilities.
#
# </details>
#
# **3.** A regression network's loss falls quickly to the variance of the labels and stays. All predictions are nearly
# the same. Name two suspects.
#
# <details><summary>Answer</summary>
#
# Labels $(n,)$ against outputs $(n, 1)$ in a loss of one's own; and dead units, or inputs that carry no information
# (shuffled against the labels): in all these cases the mean is the best answer. Print the shapes first, it is the
# cheapest.
#
# </details>
#
# **4.** Accuracy in training is 99 %, and the training loss stands at 1.47, with ten classes. What is wrong?
#
# <details><summary>Answer</summary>
#
# Softmax twice: the network is sure and right, and cannot get its loss below $\log(e + 9) - 1 \approx 1.46$. Keras
# on TensorFlow recognizes a softmax just before its own cross-entropy, warns, and uses the logits; on JAX, or with
# another loss, nobody says anything.
#
# </details>
#
# **5.** Colleagues report that with dropout 0.2 in the place of 0.3 their network gains 0.6 points on 1,000 validation
# examples, with the seed fixed. What would you ask?
#
# <details><summary>Answer</summary>
#
# For several seeds of each. Ours differ among themselves by more than that, with nothing changed at all, and 0.6 points
# of 1,000 examples are six pictures.
#
# </details>
#
# ## In one paragraph
#
# A layer validates, builds, calls: settings belong in `__init__` and `get_config`, weights in `build`, arithmetic in
# `call`. A loss gives one number per example, and must be sure of its shapes; a metric adds up counts and divides at
# the end; a callback looks on at fixed points; a loop of one's own says what it changes and in which mode it runs. A
# graph can be saved and cut, Python code cannot, and what a file needs to be loaded should be known on the first day.
# A fixed seed repeats a result, several seeds measure it. When a model will not learn, do not try mends: look at the
# data as the model gets them, compare the first loss with $\log K$, overfit one batch, see whether all layers move and
# all units live, and then turn to the rate. Every test has a blind spot, so go through all of them.
#
# ## Go further
#
# - F. Chollet and others (2015 on), *Keras*, keras.io. The guides on subclassing, on serialization and on writing a
#   training loop from scratch go on where this chapter ends.
# - A. Karpathy (2019), *A recipe for training neural networks*, on his blog. Not a paper, and the best-known text on
#   the subject of this chapter: networks fail silently, so become one with the data, and overfit one batch.
#   It has tests that we left out: set all inputs to zero, and see that the real ones do better.
# - N. Humbatova, G. Jahangirova, G. Bavota, V. Riccio, A. Stocco and P. Tonella (2020), *Taxonomy of real faults in
#   deep learning systems*, ICSE. What goes wrong in practice, from a thousand commits, issues and questions,
#   and from twenty interviews.
# - C. Zhang, S. Bengio, M. Hardt, B. Recht and O. Vinyals (2017), *Understanding deep learning requires rethinking
#   generalization*, ICLR. Networks learn shuffled labels by heart, at full size.
# - C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens and Z. Wojna (2016), *Rethinking the Inception architecture for
#   computer vision*, CVPR. Section 7 is the source of label smoothing.
# - G. Forman and M. Scholz (2010), *Apples-to-apples in cross-validation studies: pitfalls in classifier performance
#   measurement*, ACM SIGKDD Explorations 12(1). The ways in which published F1 scores were averaged, and which is
#   right.
# - X. Bouthillier and others (2021), *Accounting for variance in machine learning benchmarks*, MLSys. How much seeds,
#   data splits and settings move a result, and what to do about it at a bearable price.
# - J. Snell, K. Swersky and R. Zemel (2017), *Prototypical networks for few-shot learning*, NeurIPS. What becomes of
#   our layer when it stands on a learned representation, and each prototype is the mean of a class's examples.
