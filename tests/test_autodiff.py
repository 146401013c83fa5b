"""What `course.autodiff` promises, on each backend that is installed."""

import importlib.util
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow

CLAIMS = """
    import numpy as np
    from course import setup
    setup("03_x")
    import keras
    from keras import layers, ops
    from course.autodiff import input_gradient, training_step, value_and_grad
    from course.errors import GivenError

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(16, 3)).astype("float32"), rng.normal(size=(16, 1)).astype("float32")

    def numpy(tensors):
        return [np.asarray(ops.convert_to_numpy(t)) for t in tensors]

    # the gradient of mean squares is the one that one derives by hand; an unused variable has gradient zero
    w, b, unused = (keras.Variable(v.astype("float32")) for v in (rng.normal(size=(3, 1)), np.zeros(1), np.ones(2)))
    loss, gradients = value_and_grad(lambda x, y: ops.mean((ops.matmul(x, w) + b - y) ** 2), [w, b, unused])(x, y)
    error = x @ numpy([w])[0] - y
    assert np.allclose(float(loss), (error**2).mean(), rtol=1e-5)
    for got, expected in zip(numpy(gradients), (2 / 16 * x.T @ error, 2 / 16 * error.sum(0), np.zeros(2))):
        assert got.shape == expected.shape and np.allclose(got, expected, atol=1e-5)

    # the gradient of an embedding is an array, with zeros for words that do not occur
    table = layers.Embedding(5, 2)
    table.build(None)
    _, (gradient,) = value_and_grad(lambda i: ops.sum(table(i)), table.trainable_variables)(np.array([1, 1, 3]))
    assert numpy([gradient])[0].tolist() == [[0, 0], [2, 2], [0, 0], [1, 1], [0, 0]]

    # a step is the same as Keras's own fit makes
    def build():
        keras.utils.set_random_seed(1)
        return keras.Sequential([layers.Input((3,)), layers.Dense(4, activation="tanh"), layers.Dense(1)])

    ours, theirs = build(), build()
    theirs.compile(keras.optimizers.Adam(0.01), "mse")
    theirs.fit(x, y, batch_size=16, epochs=5, verbose=0)
    step = training_step(lambda x, y: ops.mean((ours(x) - y) ** 2), ours.trainable_variables, keras.optimizers.Adam(0.01))
    losses = [float(step(x, y)) for _ in range(5)]
    assert losses == sorted(losses, reverse=True)
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(numpy(ours.weights), numpy(theirs.weights)))

    # weights that the loss reads, but the step does not move, are those of now, not those of the first call
    other = keras.Variable(1.0)
    follow = keras.Variable(0.0)
    step = training_step(lambda: (follow - other) ** 2, [follow], keras.optimizers.SGD(0.5))
    for aim in (1.0, -3.0):
        other.assign(aim)
        step()
        assert np.allclose(float(follow.value), aim) and float(other.value) == aim

    # state moves on: other noise at each step, and moving means
    noisy = keras.Sequential([layers.Input((3,)), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(1)])
    state = noisy.non_trainable_variables
    before = numpy(state)
    step = training_step(
        lambda x, y: ops.mean((noisy(x, training=True) - y) ** 2), noisy.trainable_variables, keras.optimizers.SGD(0.0), state
    )
    assert len({float(step(x, y)) for _ in range(3)}) > 1
    assert all(not np.array_equal(a, b) for a, b in zip(before, numpy(state)))

    # the gradient with respect to the input is the one derived by hand, for each example its own
    a = keras.Variable(rng.normal(size=(3, 1)).astype("float32"))
    weight = numpy([a])[0][:, 0]
    slope = input_gradient(lambda x: ops.matmul(x, a) ** 2, x)
    assert np.allclose(numpy([slope])[0], 2 * (x @ weight)[:, None] * weight, atol=1e-4)
    assert np.array_equal(numpy([input_gradient(lambda x: ops.sum(a), x)])[0], np.zeros_like(x))

    # and a loss may hold it: the penalty (|gradient| - 1)^2 of a linear critic has its minimum at weights of length 1
    critic = keras.Sequential([layers.Input((3,)), layers.Dense(1)])

    def penalty(x):
        gradient = input_gradient(lambda x: critic(x, training=True), x)
        return ops.mean((ops.sqrt(ops.sum(gradient**2, axis=1)) - 1) ** 2)

    kernel = numpy(critic.weights)[0][:, 0]
    length = np.sqrt((kernel**2).sum())
    value, (gradient, _) = value_and_grad(penalty, critic.trainable_variables)(x)
    assert np.allclose(float(value), (length - 1) ** 2, atol=1e-5)
    assert np.allclose(numpy([gradient])[0][:, 0], 2 * (length - 1) * kernel / length, atol=1e-5)
    step = training_step(penalty, critic.trainable_variables, keras.optimizers.SGD(0.2))
    for _ in range(50):
        step(x)
    assert abs(float(np.sqrt((numpy(critic.weights)[0] ** 2).sum())) - 1) < 1e-3

    # on JAX, where forgotten state would be lost without a word, it is an error
    if keras.config.backend() == "jax":
        try:
            value_and_grad(lambda x: ops.sum(noisy(x, training=True)), noisy.trainable_variables)(x)
        except GivenError as error:
            assert "non_trainable_variables" in str(error)
        else:
            raise AssertionError("lost state was not noticed")
    print("all held")
"""


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_gradients_and_steps_are_right(backend):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CLAIMS)],
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (result.stdout.splitlines()[-1:], result.stderr) == (["all held"], "")
