"""A Keras model is judged by what it is and computes, however it was written."""

import numpy as np
import pytest

from course import check

pytestmark = pytest.mark.slow

X = np.linspace(-1, 1, 12, dtype="float32").reshape(3, 4)
EXPECT = {"parameters": 67, "output_shape": (None, 3)}


def functional():
    import keras

    x = keras.Input((4,))
    return keras.Model(x, keras.layers.Dense(3, activation="softmax")(keras.layers.Dense(8, activation="relu")(x)))


def sequential():
    import keras

    layers = keras.layers
    return keras.Sequential([keras.Input((4,)), layers.Dense(8), layers.ReLU(), layers.Dense(3), layers.Softmax()])


def subclassed():
    import keras

    class Classifier(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden = keras.layers.Dense(8, activation="relu")
            self.out = keras.layers.Dense(3, activation="softmax")

        def call(self, x):
            return self.out(self.hidden(x))

    return Classifier()


@pytest.mark.parametrize("build", [functional, sequential, subclassed])
def test_every_style_of_the_same_model_is_the_same(build):
    from course.checks.models import describe

    described, reference = describe(build, X), describe(functional, X)
    assert described["weights"] == reference["weights"]
    assert described["output_shape"] == (None, 3)
    assert np.allclose(described["outputs"], reference["outputs"], atol=1e-6)
    with check.exercise("sample"):
        check.model(build, X, expect=EXPECT)


def test_the_weights_are_afterwards_what_they_were_before():
    from course.checks.models import describe

    model = functional()
    before = [w.copy() for w in model.get_weights()]
    describe(model, X)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_what_is_wrong_with_a_model_is_told():
    import keras

    with pytest.raises(check.CheckFailed, match="has 15 parameters, and should have 67"), check.exercise("sample"):
        check.model(lambda: keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]), X, expect=EXPECT)
    with (
        pytest.raises(check.CheckFailed, match="a Keras model was asked for, and int came back"),
        check.exercise("sample"),
    ):
        check.model(lambda: 7, X, expect=EXPECT)
