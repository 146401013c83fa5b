"""Gradients of any function of Keras variables, on TensorFlow and on JAX: the only module that knows both.

>>> step = training_step(loss, model.trainable_variables, keras.optimizers.Adam(1e-3))
>>> for x, y in batches:
...     value = step(x, y)

`loss(*batch)` is written with `keras.ops` and reads the variables through layers and models, as always in Keras.
"""

from collections.abc import Callable, Sequence
from importlib import import_module

from course.errors import GivenError


def value_and_grad(loss_fn: Callable, variables: Sequence, state: Sequence = ()) -> Callable:
    """A function of the same arguments as `loss_fn` that gives (loss, [gradient for each of `variables`]).

    loss_fn: (*args) -> a scalar tensor. A variable that it does not use has gradient zero.
    variables: Keras variables, as model.trainable_variables.
    state: variables that `loss_fn` itself changes, as model.non_trainable_variables (moving means, seeds of dropout).
    """
    if _backend() == "tensorflow":
        return _tensorflow_value_and_grad(loss_fn, list(variables))
    differentiate = _jax_value_and_grad(loss_fn, list(variables), list(state))

    def call(*args):
        (loss, new_state), gradients = differentiate(_values(variables), _values(state), (), *args)
        _assign(state, new_state)
        return loss, gradients

    return call


def training_step(loss_fn: Callable, variables: Sequence, optimizer, state: Sequence = ()) -> Callable:
    """A compiled function of the same arguments as `loss_fn` that takes one step downhill and gives the loss before it.

    The arguments are arrays, of the same shapes each time: every new shape is compiled anew.
    `variables` and `state` as in `value_and_grad`; `optimizer` is a Keras optimizer.
    """
    variables, state = list(variables), list(state)
    optimizer.build(variables)
    if _backend() == "tensorflow":
        differentiate = _tensorflow_value_and_grad(loss_fn, variables)

        def step(*batch):
            loss, gradients = differentiate(*batch)
            optimizer.apply(gradients, variables)
            return loss

        return import_module("tensorflow").function(step, autograph=False)
    return _jax_training_step(loss_fn, variables, optimizer, state)


def input_gradient(function: Callable, x):
    """The gradient of `function(x).sum()` with respect to `x`: a tensor of the shape of `x`, for each example its own.

    function: a tensor -> a tensor, as a model that is called; it changes no state. When each output depends on its own
    example alone (no batch normalization in training), row i is the gradient of output i with respect to x[i].
    It may stand in the loss of `value_and_grad` or `training_step`, which then differentiate through it, as the
    gradient penalty of a critic asks (Gulrajani et al. 2017, Improved training of Wasserstein GANs).
    """
    x = import_module("keras").ops.convert_to_tensor(x)
    if _backend() == "tensorflow":
        tf = import_module("tensorflow")
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = function(x)
        return tape.gradient(outputs, x, unconnected_gradients="zero")
    return import_module("jax").grad(lambda x: function(x).sum())(x)


def _backend() -> str:
    backend = import_module("keras").config.backend()
    if backend not in ("tensorflow", "jax"):
        raise GivenError(f"gradients are had from tensorflow or jax, and Keras runs on {backend}: set KERAS_BACKEND")
    return backend


def _tensorflow_value_and_grad(loss_fn: Callable, variables: list) -> Callable:
    tf = import_module("tensorflow")

    def call(*args):
        with tf.GradientTape() as tape:
            loss = loss_fn(*args)
        gradients = tape.gradient(loss, [v.value for v in variables], unconnected_gradients="zero")
        return loss, [tf.convert_to_tensor(g) for g in gradients]  # an embedding's gradient comes as slices

    return call


def _jax_value_and_grad(loss_fn: Callable, variables: list, state: list, read: Sequence = ()) -> Callable:
    """The pure function (values, state values, read values, *args) -> ((loss, new state values), gradients)."""
    jax, keras = import_module("jax"), import_module("keras")
    known = {id(v) for v in (*variables, *state)}

    def pure(values, state_values, read_values, *args):
        mapping = [*zip(variables, values, strict=True), *zip(state, state_values, strict=True)]
        mapping += zip(read, read_values, strict=True)
        with keras.StatelessScope(state_mapping=mapping) as scope:
            before = dict(scope.state_mapping)
            loss = loss_fn(*args)
        changed = {i for i, value in scope.state_mapping.items() if value is not before.get(i)}
        if changed - known:  # the change would be lost: the same noise at every step
            raise GivenError(
                "the loss changes a variable that is not in `state`: give model.non_trainable_variables, "
                "and the state of every keras.random.SeedGenerator that it draws from"
            )
        return loss, [scope.get_current_value(v) for v in state]

    return jax.value_and_grad(pure, has_aux=True)


def _jax_training_step(loss_fn: Callable, variables: list, optimizer, state: list) -> Callable:
    jax = import_module("jax")
    read = None  # what the loss reads besides, as the other player's weights in a game: known from the first call on

    @jax.jit
    def pure(values, state_values, read_values, optimizer_values, *batch):
        differentiate = _jax_value_and_grad(loss_fn, variables, state, read)
        (loss, state_values), gradients = differentiate(values, state_values, read_values, *batch)
        values, optimizer_values = optimizer.stateless_apply(optimizer_values, gradients, values)
        return loss, values, state_values, optimizer_values

    def step(*batch):
        nonlocal read
        if read is None:
            read = _read_besides(loss_fn, [*variables, *state], batch)
        loss, *new = pure(_values(variables), _values(state), _values(read), _values(optimizer.variables), *batch)
        for old, values in zip((variables, state, optimizer.variables), new, strict=True):
            _assign(old, values)
        return loss

    return step


def _read_besides(loss_fn: Callable, known: list, batch: tuple) -> list:
    """The variables that the loss reads and that are not `known`: to the compiler their present values were constants."""
    jax, keras = import_module("jax"), import_module("keras")
    found = {}

    class Recording(keras.StatelessScope):
        def get_current_value(self, variable):
            value = super().get_current_value(variable)
            if value is None:
                found[id(variable)] = variable
            return value

    def look(*batch):
        with Recording(state_mapping=[(v, v.value) for v in known]):
            loss_fn(*batch)

    jax.eval_shape(look, *batch)
    return list(found.values())


def _values(variables: Sequence) -> list:
    return [v.value for v in variables]


def _assign(variables: Sequence, values: Sequence) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
