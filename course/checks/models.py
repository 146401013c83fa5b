"""What a Keras model is, for a check: the shapes of its weights, and what it computes once they hold given values."""

from typing import Any

import keras
import numpy as np


def describe(build: Any, x: Any) -> dict[str, Any]:
    """`build`: a model, or a function without arguments that returns one. `x`: inputs, an array or a list of arrays.

    The weights are set to values that depend on their position and shape alone, so two models of the same architecture
    compute the same, however they were written; afterwards they hold what they held before.
    """
    model = build if isinstance(build, keras.Model) else build()
    if not isinstance(model, keras.Model):
        raise TypeError(f"a Keras model was asked for, and {type(model).__name__} came back")
    outputs = model(keras.ops.convert_to_tensor(x), training=False)
    kept = [np.asarray(keras.ops.convert_to_numpy(w)) for w in model.weights]
    for position, weight in enumerate(model.weights):
        if weight.dtype.startswith(("float", "bfloat")):
            weight.assign(_values(position, tuple(weight.shape), "variance" in weight.path))
    try:
        outputs = model(keras.ops.convert_to_tensor(x), training=False)
    finally:
        for weight, value in zip(model.weights, kept, strict=True):
            weight.assign(value)
    return {
        "weights": [tuple(int(n) for n in w.shape) for w in model.weights],
        "parameters": int(model.count_params()),
        "output_shape": (None, *(int(n) for n in outputs.shape[1:])),  # a subclassed model states none of its own
        "outputs": np.asarray(keras.ops.convert_to_numpy(outputs)),
    }


def _values(position: int, shape: tuple[int, ...], positive: bool) -> np.ndarray:
    """Numbers of a size that keeps a deep model's outputs moderate (1/sqrt(fan-in)), different for each weight."""
    fan_in = int(np.prod(shape[:-1])) if len(shape) > 1 else 4
    values = np.random.default_rng(1000 + position).normal(size=shape) / np.sqrt(max(fan_in, 1))
    return (np.abs(values) + 0.5 if positive else values).astype(np.float32)
