# %% [markdown]
# Answers to `parity_model`, each in the place of the whole solution cell.

# %% right="chain_of_xors"
def parity_model(n_bits):
    bits = keras.Input((n_bits,))
    parity = bits[:, :1]
    weights = []
    for i in range(1, n_bits):
        pair = keras.layers.Concatenate()([parity, bits[:, i : i + 1]])
        hidden = keras.layers.Dense(2, activation="relu")(pair)
        parity = keras.layers.Dense(1)(hidden)
        weights += [np.ones((2, 2)), np.array([0.0, -1.0]), np.array([[1.0], [-2.0]]), np.zeros(1)]
    model = keras.Model(bits, parity)
    model.set_weights(weights)
    return model

# %% right="sequential_zigzag"
def parity_model(n_bits):
    model = keras.Sequential([
        keras.Input((n_bits,)),
        keras.layers.Dense(n_bits, activation="relu"),
        keras.layers.Dense(1),
    ])
    first, second = model.layers
    first.set_weights([np.ones((n_bits, n_bits)), np.array([-float(k) for k in range(n_bits)])])
    second.set_weights([np.array([[1.0 if k == 0 else (-2.0 if k % 2 else 2.0)] for k in range(n_bits)]), np.zeros(1)])
    return model

# %% right="thresholds_by_steep_sigmoids"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    at_least = keras.layers.Dense(n_bits, activation="sigmoid")(inputs)
    outputs = keras.layers.Dense(1, activation="sigmoid")(at_least)
    model = keras.Model(inputs, outputs)
    signs = np.array([[(-1.0) ** k] for k in range(n_bits)])
    model.set_weights([np.full((n_bits, n_bits), 40.0), -40.0 * (np.arange(n_bits) + 0.5), 40.0 * signs, np.array([-20.0])])
    return model

# %% right="initializers"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    turns = np.array([1.0] + [2.0 * (-1) ** k for k in range(1, n_bits)])
    hidden = keras.layers.Dense(
        n_bits, activation="relu", kernel_initializer="ones",
        bias_initializer=lambda shape, dtype: keras.ops.cast(-np.arange(shape[0]), dtype),
    )(inputs)
    outputs = keras.layers.Dense(1, kernel_initializer=lambda shape, dtype: keras.ops.cast(turns.reshape(shape), dtype))(hidden)
    return keras.Model(inputs, outputs)

# %% right="cosine"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    ones = keras.ops.sum(inputs, axis=1, keepdims=True)
    return keras.Model(inputs, (1 - keras.ops.cos(np.pi * ones)) / 2)

# %% right="subclass_of_xors"
class Parity(keras.Model):
    def __init__(self, n_bits):
        super().__init__()
        self.pairs = [keras.layers.Dense(2, activation="relu") for _ in range(n_bits - 1)]
        self.xors = [keras.layers.Dense(1) for _ in range(n_bits - 1)]

    def call(self, x):
        state = x[:, :1]
        for i, (pair, xor) in enumerate(zip(self.pairs, self.xors), start=1):
            state = xor(pair(keras.ops.concatenate([state, x[:, i : i + 1]], axis=1)))
        return state

def parity_model(n_bits):
    model = Parity(n_bits)
    model(np.zeros((1, n_bits), "float32"))
    for pair, xor in zip(model.pairs, model.xors):
        pair.set_weights([np.ones((2, 2)), np.array([0.0, -1.0])])
        xor.set_weights([np.array([[1.0], [-2.0]]), np.zeros(1)])
    return model

# %% wrong="sigmoid_of_the_zigzag" diagnosis="on_the_fence"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(n_bits, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(hidden))
    turns = np.array([[1.0 if k == 0 else 2.0 * (-1) ** k] for k in range(n_bits)])
    model.set_weights([np.ones((n_bits, n_bits)), -1.0 * np.arange(n_bits), turns, np.zeros(1)])
    return model

# %% wrong="even_for_odd" diagnosis="inverted"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(n_bits, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    turns = np.array([[-1.0 if k == 0 else -2.0 * (-1) ** k] for k in range(n_bits)])
    model.set_weights([np.ones((n_bits, n_bits)), -1.0 * np.arange(n_bits), turns, np.ones(1)])
    return model

# %% wrong="xor_of_two" diagnosis="first_two_bits"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(2, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    first = np.zeros((n_bits, 2))
    first[:2] = 1.0
    model.set_weights([first, np.array([0.0, -1.0]), np.array([[1.0], [-2.0]]), np.zeros(1)])
    return model

# %% wrong="xor_formula_for_all" diagnosis="exactly_one"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(2, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.set_weights([np.ones((n_bits, 2)), np.array([0.0, -1.0]), np.array([[1.0], [-2.0]]), np.zeros(1)])
    return model

# %% wrong="all_turns_down" diagnosis="exactly_one"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(n_bits, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    turns = np.array([[1.0 if k == 0 else -2.0] for k in range(n_bits)])
    model.set_weights([np.ones((n_bits, n_bits)), -1.0 * np.arange(n_bits), turns, np.zeros(1)])
    return model

# %% wrong="linear_sum" diagnosis="any_one"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    model.set_weights([np.ones((n_bits, 1)), np.zeros(1)])
    return model

# %% wrong="mean_of_bits" diagnosis="not_parity"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    model.set_weights([np.full((n_bits, 1), 1.0 / n_bits), np.zeros(1)])
    return model

# %% wrong="one_unit_short" diagnosis="last_turn_missing"
def parity_model(n_bits):
    units = max(n_bits - 1, 1)
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(units, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    turns = np.array([[1.0 if k == 0 else 2.0 * (-1) ** k] for k in range(units)])
    model.set_weights([np.ones((n_bits, units)), -1.0 * np.arange(units), turns, np.zeros(1)])
    return model

# %% wrong="weights_never_set" diagnosis="always_zero"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    small = keras.initializers.RandomNormal(stddev=0.01, seed=1)
    hidden = keras.layers.Dense(n_bits, activation="relu", kernel_initializer=small)(inputs)
    return keras.Model(inputs, keras.layers.Dense(1)(hidden))

# %% wrong="all_zero" diagnosis="always_zero"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(n_bits, activation="relu", kernel_initializer="zeros")(inputs)
    return keras.Model(inputs, keras.layers.Dense(1, kernel_initializer="zeros")(hidden))

# %% wrong="biases_upward" diagnosis="biases_upward"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(n_bits, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    turns = np.array([[1.0 if k == 0 else 2.0 * (-1) ** k] for k in range(n_bits)])
    model.set_weights([np.ones((n_bits, n_bits)), 1.0 * np.arange(n_bits), turns, np.zeros(1)])
    return model

# %% wrong="no_activation" diagnosis="linear_hidden"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(n_bits)(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    turns = np.array([[1.0 if k == 0 else 2.0 * (-1) ** k] for k in range(n_bits)])
    model.set_weights([np.ones((n_bits, n_bits)), -1.0 * np.arange(n_bits), turns, np.zeros(1)])
    return model

# %% wrong="a_unit_for_each_odd_pattern" diagnosis="too_large"
def parity_model(n_bits):
    patterns = (np.arange(2**n_bits)[:, None] >> np.arange(n_bits)) & 1
    odd = patterns[patterns.sum(axis=1) % 2 == 1]
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(len(odd), activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.set_weights([(2.0 * odd - 1).T, 1.0 - odd.sum(axis=1), np.ones((len(odd), 1)), np.zeros(1)])
    return model

# %% wrong="two_outputs" diagnosis="one_output"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    ones = keras.ops.sum(inputs, axis=1, keepdims=True)
    odd = (1 - keras.ops.cos(np.pi * ones)) / 2
    return keras.Model(inputs, keras.ops.concatenate([odd, 1 - odd], axis=1))

# %% wrong="turn_too_late" diagnosis="starts_too_late"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(n_bits, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    turns = np.array([[1.0 if k == 0 else 2.0 * (-1) ** k] for k in range(n_bits)])
    model.set_weights([np.ones((n_bits, n_bits)), -1.0 * np.arange(1, n_bits + 1), turns, np.zeros(1)])
    return model

# %% wrong="single_hidden_unit" diagnosis="not_parity"
def parity_model(n_bits):
    inputs = keras.Input((n_bits,))
    hidden = keras.layers.Dense(1, activation="sigmoid")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.set_weights([np.full((n_bits, 1), 10.0), np.array([-15.0]), np.array([[1.0]]), np.zeros(1)])
    return model

# %% [raw] equivalent=true
# turns = np.where(k == 0, 1.0, 2.0 * (-1.0) ** k) => turns = np.where(k == 0, 1.0, 2.0 / (-1.0) ** k)
# Dividing by 1 or -1 is multiplying by it.

# %% [raw] equivalent=true
# turns = np.where(k == 0, 1.0, 2.0 * (-1.0) ** k) => turns = np.where(k == 0, 1.0, 2.0 * (-2) ** k)
# Another right parity: 0, 1, -2, 3, -8, 11, ... is above 0.5 at the odd numbers only.
