# %% [raw] front=true
# title = "A graded sample"
# shows = "What the engine is tested on."
# minutes = {work = 10}

# %% setup=true

# %% given="imports"
import keras
import numpy as np

# %% [markdown]
# ## 1. Softmax (4 points)

# %% [markdown] hints="softmax"
# Idea: exponentials.
#
# ---
#
# Step: subtract the maximum.
#
# ---
#
# Code: np.exp(x - x.max(1, keepdims=True))

# %% solution="softmax"
def softmax(logits):
    """Softmax of each row."""
    ### BEGIN SOLUTION
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION

# %% tests="softmax" points=3
with check.exercise("softmax"):
    check.call(softmax, np.array([[0.0, 0.0]]), expect=[[0.5, 0.5]])
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(0)
    check.call(softmax, rng.normal(size=(3, 4)), about="random logits")
    ### END HIDDEN TESTS

# %% tests="softmax.stable" points=1
with check.exercise("softmax.stable"):
    check.call(softmax, np.array([[1000.0, 0.0]]), expect=[[1.0, 0.0]])

# %% mistakes="softmax"
def no_exponential(logits):
    """You divided the logits by their sum: the exponential is missing."""
    return logits / logits.sum(axis=1, keepdims=True)

# %% [markdown]
# ## 2. Loss (2 points)

# %% [markdown] hints="loss"
# a
#
# ---
#
# b
#
# ---
#
# c

# %% solution="loss"
def loss(logits, label):
    """Cross-entropy."""
    ### BEGIN SOLUTION
    return -np.log(softmax(logits)[0, label])
    ### END SOLUTION

# %% tests="loss" points=2
with check.exercise("loss", needs="softmax"):
    check.call(loss, np.array([[0.0, 0.0]]), 0, expect=0.693147)
    ### BEGIN HIDDEN TESTS
    check.call(loss, np.array([[0.0, 2.0]]), 1, about="two classes")
    ### END HIDDEN TESTS

# %% [markdown]
# ## 3. Model (3 points)

# %% [markdown] hints="build"
# a
#
# ---
#
# b
#
# ---
#
# c

# %% solution="build"
def build():
    """A model."""
    ### BEGIN SOLUTION
    x = keras.Input((4,))
    return keras.Model(x, keras.layers.Dense(3, activation="softmax")(keras.layers.Dense(8, activation="relu")(x)))
    ### END SOLUTION

# %% tests="build" points=3
with check.exercise("build"):
    check.model(build, np.ones((2, 4), "float32"), expect={"parameters": 67, "output_shape": (None, 3)})
    ### BEGIN HIDDEN TESTS
    check.model(build, np.random.default_rng(0).normal(size=(5, 4)).astype("float32"), about="what it computes")
    ### END HIDDEN TESTS

# %% [markdown]
# ## 4. Why? (2 points)

# %% [markdown] answer="why" points=2
# Because.
