"""In a lesson's kernel: sees every training step that Keras's `fit` and `train_on_batch`, or `course.autodiff`, takes on JAX.

Models are found by running the lesson, so no list of them can be out of date. Keras is imported by `watch`, not before.
"""

import gc
import inspect
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any


@dataclass(frozen=True)
class Step:
    """A training step as the compiler sees it: function(*carried, *batch) -> outputs, before it is taken.

    carried: trees of arrays that go from step to step: weights, their state, the optimizer's.
    advance: (carried, outputs) -> the next step's carried. weights: carried -> the arrays that training moves.
    """

    kind: str  # "fit", "fit, eagerly", "training_step", or "value_and_grad" (a gradient alone)
    model: str  # what it is made of: "2 Conv2D, Flatten, Dense"
    parameters: int  # how many numbers training moves
    function: Any  # a function that jax.jit made; None where Keras does not compile the step
    carried: tuple
    batch: tuple
    advance: Callable[[tuple, Any], tuple]
    weights: Callable[[tuple], Sequence]


def watch(found: Callable[[Step], None], most: int | None = None) -> None:
    """From now on call `found(step)` before the first step of each function of training, and of each shape of its batch.

    most: after so many steps a function computes no more: its last result is given again and no weight moves, so loops,
    callbacks and histories keep their lengths. None: every step is taken.
    """
    _watch_keras(found, most)
    _watch_autodiff(found, most)


def shapes(tree: Any) -> list[list[int]]:
    """The shape of each array in a tree, in order."""
    import jax
    import numpy as np

    return [list(np.shape(leaf)) for leaf in jax.tree.leaves(tree)]


def _watch_keras(found: Callable[[Step], None], most: int | None) -> None:
    import keras

    make = keras.Model.make_train_function

    def make_train_function(model, force=False):
        if model.train_function is not None and not force:
            return
        make(model, force)
        model.train_function = _watched_fit(model, model.train_function, found, most)

    keras.Model.make_train_function = make_train_function


def _watched_fit(model, train_function: Callable, found: Callable[[Step], None], most: int | None) -> Callable:
    """Keras's (state, iterator over batches) -> (logs, state), watched."""
    import jax
    import numpy as np

    # As Keras makes it. Where the author asked for a step that runs eagerly, the one that Keras would make otherwise.
    function = jax.jit(model.train_step, donate_argnums=0) if model.jit_compile or model.run_eagerly else None
    kind = "fit, eagerly" if model.run_eagerly else "fit"
    seen, taken, logs, metrics = set(), 0, None, []

    def call(state, iterator):
        nonlocal taken, logs, metrics
        batch = next(iterator)
        new = _remember(seen, batch)
        if new:
            made_of = _layers(model), _count(model.trainable_variables)
            found(Step(kind, *made_of, function, (state,), (batch,), _next_fit, _weights_of_fit))
        if most is None:
            return train_function(state, chain([batch], iterator))
        if taken < most or new:
            taken += 1
            logs, state = train_function(state, iter([batch]))
            metrics = [np.array(value) for value in state[-1]]
        else:
            state = (*state[:-1], [jax.numpy.asarray(value) for value in metrics])
        for _ in range(model.steps_per_execution - 1):  # the batches that this call stands for
            next(iterator, None)
        return logs, state

    return call


def _next_fit(carried: tuple, outputs: tuple) -> tuple:
    _, state = outputs
    return (state,)


def _weights_of_fit(carried: tuple) -> Sequence:
    return carried[0][0]


def _watch_autodiff(found: Callable[[Step], None], most: int | None) -> None:
    import jax

    from course import autodiff

    make_step, make_gradient = autodiff._jax_training_step, autodiff.value_and_grad

    def training_step(loss_fn, variables, optimizer, state):
        step = make_step(loss_fn, variables, optimizer, state)
        seen, taken, loss = set(), 0, None

        def call(*batch):
            nonlocal taken, loss
            new = _remember(seen, batch)
            if most is not None and taken >= most and not new:
                return loss
            taken += 1
            before = [autodiff._values(group) for group in (variables, state, optimizer.variables)]
            loss = step(*batch)
            if new:
                inside = inspect.getclosurevars(step).nonlocals  # what else it reads is known from the first call on
                carried = (*before[:2], autodiff._values(inside["read"]), before[2])
                found(Step("training_step", *_owner(variables), inside["pure"], carried, batch, _next_step, _weights))
            return loss

        return call

    def value_and_grad(loss_fn, variables, state=()):
        call = make_gradient(loss_fn, variables, state)
        function = jax.jit(inspect.getclosurevars(call).nonlocals["differentiate"])
        seen = set()

        def watched(*batch):
            if _remember(seen, batch):
                carried = (autodiff._values(variables), autodiff._values(state), ())
                owner = _owner(variables)
                found(Step("value_and_grad", *owner, function, carried, batch, _next_gradient, _weights))
            return call(*batch)

        return watched

    autodiff._jax_training_step, autodiff.value_and_grad = training_step, value_and_grad


def _next_step(carried: tuple, outputs: tuple) -> tuple:
    _, values, state, optimizer = outputs
    return values, state, carried[2], optimizer


def _next_gradient(carried: tuple, outputs: tuple) -> tuple:
    """A plain step downhill, of the gradient's own length."""
    (_, state), gradients = outputs
    return [value - gradient for value, gradient in zip(carried[0], gradients, strict=True)], state, ()


def _weights(carried: tuple) -> Sequence:
    return carried[0]


def _remember(seen: set, batch: Any) -> bool:
    """Whether a batch of these shapes is the first one."""
    key = str(shapes(batch))
    if key in seen:
        return False
    seen.add(key)
    return True


def _layers(model) -> str:
    """The layers that hold no other layers, counted, in their order: "2 Conv2D, Flatten, Dense"."""
    kinds = Counter(
        type(layer).__name__
        for layer in model._flatten_layers(include_self=False)
        if not list(layer._flatten_layers(include_self=False)) and type(layer).__name__ != "InputLayer"
    )
    return ", ".join(f"{count} {kind}" if count > 1 else kind for kind, count in kinds.items()) or type(model).__name__


def _owner(variables: Sequence) -> tuple[str, int]:
    """What the smallest layer or model is made of that owns all these variables, and how many numbers they hold."""
    import keras

    wanted, count = {id(v) for v in variables}, _count(variables)
    layers = [thing for thing in gc.get_objects() if isinstance(thing, keras.Layer)]
    owners = [layer for layer in layers if wanted <= {id(v) for v in layer.variables}]
    if not owners:
        return f"{len(variables)} variable{'s' * (len(variables) != 1)} of no layer", count
    return _layers(min(owners, key=lambda layer: len(layer.variables))), count


def _count(variables: Sequence) -> int:
    return sum(math.prod(v.shape) for v in variables)
