"""How long does a small convolutional network take to a given accuracy, beside the MNIST example of Keras's documentation?

    .venv/bin/python benchmarks/time_to_accuracy.py            some six minutes, on a machine that does nothing else
    .venv/bin/python benchmarks/time_to_accuracy.py --quick    does it run? Well below a minute; keeps nothing
    --seed N        of the weights and of the order of pictures (default: 0)
    --out FOLDER    where to keep the result (default: benchmarks/results, nothing with --quick)

The yardstick is "Simple MNIST convnet" of the Keras documentation: two 3 by 3 convolutions of 32 and 64 filters, each
followed by max pooling, dropout, a dense layer; 15 epochs of Adam, batches of 128, a tenth held back for validation. Ours
trains on all 60,000 pictures, MNIST first, then Fashion-MNIST. Accuracy is that of the 10,000 test pictures, measured once,
after training; no setting was chosen by anything in this file. Seconds are those of training, compilation included.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before Keras is imported: no notices

import keras
import machine
import numpy as np
from keras import layers, ops

from course import data

HERE = Path(__file__).resolve().parent
# What is asked: (data set, test accuracy, in at most this part of the yardstick's time)
GOALS = (("mnist", 0.99, 0.25), ("fashion_mnist", 0.91, 0.5))
PLANS = {
    "mnist": {"epochs": 3, "peak": 0.02, "dropout": 0.2, "smoothing": 0.0},
    "fashion_mnist": {"epochs": 6, "peak": 0.01, "dropout": 0.3, "smoothing": 0.1},
}
BATCH = 128
QUICK_PICTURES = 1280


def load(name: str, pictures: int | None) -> tuple[np.ndarray, ...]:
    """(x_train, y_train, x_test, y_test): pixels from 0 to 1, (n, 28, 28, 1); labels one-hot, (n, 10)."""
    (x_train, y_train), (x_test, y_test) = data.load(name)
    one_hot = np.eye(10, dtype="float32")
    arrays = (
        x_train[..., None] / np.float32(255),
        one_hot[y_train],
        x_test[..., None] / np.float32(255),
        one_hot[y_test],
    )
    return tuple(array[:pictures] for array in arrays)


def accuracy(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    answers = model.predict(x, batch_size=1000, verbose=0)
    return float((answers.argmax(axis=1) == y.argmax(axis=1)).mean())


def yardstick(seed: int, pictures: int | None) -> dict[str, Any]:
    """The documentation's example, as it stands there, on MNIST."""
    keras.utils.set_random_seed(seed)
    x_train, y_train, x_test, y_test = load("mnist", pictures)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Conv2D(64, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    began = time.perf_counter()
    epochs = 1 if pictures else 15
    model.fit(x_train, y_train, batch_size=128, epochs=epochs, validation_split=0.1, verbose=0)
    return _result(model, time.perf_counter() - began, epochs, x_test, y_test)


def network(dropout: float) -> keras.Model:
    """Strides in place of pooling, and few channels where there are many pixels: 28 by 28, 14 by 14, 7 by 7."""
    inputs = x = keras.Input((28, 28, 1))
    for filters, kernel, stride in ((12, 5, 2), (24, 3, 1), (32, 3, 2), (48, 3, 1)):
        x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Dropout(dropout)(layers.Flatten()(x))
    return keras.Model(inputs, layers.Dense(10)(x))


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """The rate climbs to its peak in the first quarter of the steps and falls to zero in the rest, on straight lines."""

    def __init__(self, peak: float, steps: int):
        self.peak, self.steps = peak, steps

    def __call__(self, step):
        done = ops.cast(step, "float32") / self.steps
        return self.peak * ops.minimum(done / 0.25 + 0.02, ops.maximum((1 - done) / 0.75, 0.0) + 1e-4)

    def get_config(self) -> dict[str, Any]:
        return {"peak": self.peak, "steps": self.steps}


def ours(name: str, seed: int, pictures: int | None) -> dict[str, Any]:
    plan = PLANS[name]
    keras.utils.set_random_seed(seed)
    x_train, y_train, x_test, y_test = load(name, pictures)
    epochs = 1 if pictures else plan["epochs"]
    steps = len(x_train) // BATCH  # all batches of one size; the few pictures left over are others in each epoch
    model, rng = network(plan["dropout"]), np.random.default_rng(seed)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=plan["smoothing"])
    optimizer = keras.optimizers.Adam(OneCycle(plan["peak"], steps * epochs))
    model.compile(optimizer, loss, steps_per_execution=16)
    began = time.perf_counter()
    for _ in range(epochs):
        order = rng.permutation(len(x_train))[: steps * BATCH]
        model.fit(x_train[order], y_train[order], batch_size=BATCH, shuffle=False, verbose=0)
    return _result(model, time.perf_counter() - began, epochs, x_test, y_test)


def _result(model: keras.Model, seconds: float, epochs: int, x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    return {
        "seconds": seconds,
        "epochs": epochs,
        "parameters": model.count_params(),
        "test_accuracy": accuracy(model, x, y),
    }


def measure(seed: int, pictures: int | None) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "machine": machine.facts(),
        "busy_cores": machine.busy_cores(),
        "backend": keras.config.backend(),
        "seed": seed,
        "quick": pictures is not None,
        "yardstick": yardstick(seed, pictures),
    }
    raw["ours"] = {name: ours(name, seed, pictures) for name, _, _ in GOALS}
    return raw


def ratios(raw: Mapping[str, Any]) -> dict[str, float]:
    """Our seconds by the yardstick's, for each data set."""
    return {name: found["seconds"] / raw["yardstick"]["seconds"] for name, found in raw["ours"].items()}


def text(raw: Mapping[str, Any]) -> str:
    found = raw["yardstick"]
    rows = [
        "TIME TO ACCURACY, MEASURED",
        machine.in_words(raw["machine"]) + f"; Keras on {raw['backend']}.",
        f"{raw['busy_cores']:.1f} cores were busy with other work when the run began; seed {raw['seed']}.",
        *(["A quick run over a few pictures: it shows that the benchmark works."] if raw["quick"] else []),
        "",
        "                       epochs  parameters  test accuracy  seconds  of the yardstick's time   asked",
        f"{'yardstick, mnist':22} {found['epochs']:6}  {found['parameters']:10,}  {found['test_accuracy']:13.2%}  "
        f"{found['seconds']:7.1f}  {1:23.2f}",
    ]
    for name, at_least, at_most in GOALS:
        found, ratio = raw["ours"][name], ratios(raw)[name]
        rows.append(
            f"{'ours, ' + name:22} {found['epochs']:6}  {found['parameters']:10,}  {found['test_accuracy']:13.2%}  "
            f"{found['seconds']:7.1f}  {ratio:23.2f}   {at_least:.0%} in {at_most}"
        )
    return "\n".join(rows) + "\n"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    raw = measure(chosen.seed, QUICK_PICTURES if chosen.quick else None)
    print(text(raw))
    out = chosen.out or (None if chosen.quick else HERE / "results")
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "time_to_accuracy.txt").write_text(text(raw), encoding="utf-8")
        document = {"ratios": ratios(raw), "raw": raw}
        (out / "time_to_accuracy.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
