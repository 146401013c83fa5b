# %% [raw] front=true
# title = "A sample: assignment"
# shows = "You write a mean that cannot overflow."
# minutes = {work = 20}

# %% setup=true

# %% given="imports"
import numpy as np

# %% [markdown]
# ## 1. The mean (3 points)
# Write $\bar x = \frac{1}{n}\sum_i x_i$.

# %% [markdown] hints="mean" reads="A question first"
# Idea: add, then divide.
#
# ---
#
# Step: how many numbers are there?
#
# ---
#
# Nearly the code: `total / len(x)`.

# %% solution="mean"
def mean(x):
    """The mean of x, shape (n,).

    >>> mean([1.0, 3.0])
    2.0
    """
    ### BEGIN SOLUTION
    the_secret_answer = sum(x)
    return the_secret_answer / len(x)
    ### END SOLUTION

# %% tests="mean" points=1
with check.exercise("mean"):
    check.call(mean, np.array([1.0, 3.0]), expect=2.0)

# %% tests="mean.long" points=2
with check.exercise("mean.long"):
    check.call(mean, np.arange(3.0), expect=1.0)
    ### BEGIN HIDDEN TESTS
    the_secret_test = np.arange(1000.0)
    check.call(mean, the_secret_test, about="a long input")
    ### END HIDDEN TESTS

# %% mistakes="mean"
def not_divided(x):
    """You returned the sum: divide it by the number of values."""
    return sum(x)

# %% [markdown]
# ## 2. Why? (2 points)

# %% [markdown] answer="why" points=2 reads="A question first"
# The secret reason is that it is in the middle.
