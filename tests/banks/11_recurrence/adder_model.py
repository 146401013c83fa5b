# %% [markdown]
# Answers to `adder_model`, each in the place of the whole solution cell.

# %% right="three_hinges"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% right="three_switches"
def adder_model():
    """Units near 0 or 1, on when the sum is at least 1, 2 and 3; the second is the carry."""
    bits = keras.Input(shape=(None, 2))
    recurrent = keras.layers.SimpleRNN(3, activation="sigmoid", return_sequences=True)
    states = recurrent(bits)
    dense = keras.layers.Dense(1)
    model = keras.Model(bits, dense(states))
    recurrent.set_weights(
        [np.full((2, 3), 40.0), np.array([[0, 0, 0], [40, 40, 40], [0, 0, 0]]), np.array([-20.0, -60.0, -100.0])]
    )
    dense.set_weights([np.array([[1.0], [-1.0], [1.0]]), np.array([0.0])])
    return model

# %% right="by_initializers"
from keras.initializers import Constant

def adder_model():
    """No set_weights: each layer begins with the right numbers."""
    carry = np.outer([0.0, 2.0, -2.0], np.ones(3))
    return keras.Sequential(
        [
            keras.layers.Input((None, 2)),
            keras.layers.SimpleRNN(
                3,
                activation="relu",
                return_sequences=True,
                kernel_initializer=Constant(0.5),
                recurrent_initializer=lambda shape, dtype=None: keras.ops.convert_to_tensor(carry / 2, dtype),
                bias_initializer=lambda shape, dtype=None: keras.ops.convert_to_tensor([0.0, -0.5, -1.0], dtype),
            ),
            keras.layers.Dense(
                1,
                activation="sigmoid",
                kernel_initializer=lambda shape, dtype=None: keras.ops.convert_to_tensor(
                    [[20.0], [-40.0], [40.0]], dtype
                ),
                bias_initializer=Constant(-5.0),
            ),
        ]
    )

# %% right="own_cell"
class FullAdder(keras.layers.Layer):
    """A cell whose state is the carry; it has no weights."""

    state_size = 1
    output_size = 1

    def build(self, shape):
        super().build(shape)

    def call(self, bits, states):
        total = keras.ops.sum(bits, axis=-1, keepdims=True) + states[0]
        carry = keras.ops.cast(total > 1.5, "float32")
        return total - 2 * carry, [carry]

def adder_model():
    bits = keras.Input((None, 2))
    return keras.Model(bits, keras.layers.RNN(FullAdder(), return_sequences=True)(bits))

# %% right="gru_holds_the_carry"
def adder_model():
    """A GRU with one unit: it is set to 1 by two ones, to 0 by two zeros, and kept otherwise. That is the carry."""
    bits = keras.Input((None, 2))
    gru = keras.layers.GRU(1, return_sequences=True)
    ones = keras.layers.Dense(1)
    total = ones(bits)
    after = gru(keras.layers.Concatenate()([total, keras.ops.square(total)]))
    # The sum at a place is total + carry before - 2 * carry after; the carry before is made by a unit that looks back.
    late = keras.layers.SimpleRNN(2, activation=None, return_sequences=True)
    pair = late(after)
    both = keras.layers.Concatenate()([total, after, pair])
    last = keras.layers.Dense(1)
    model = keras.Model(bits, last(both))
    ones.set_weights([np.ones((2, 1)), np.zeros(1)])
    # z is near 1 at total = 1 and near 0 at 0 and 2; the candidate is near 0 at 0 and near 1 at 2.
    kernel = np.array([[120.0, 0.0, 20.0], [-60.0, 0.0, -5.0]])
    gru.set_weights([kernel, np.zeros((1, 3)), np.array([[-30.0, 0.0, 0.0], [0.0, 0.0, 0.0]])])
    late.set_weights([np.array([[1.0, 0.0]]), np.array([[0.0, 1.0], [0.0, 0.0]]), np.zeros(2)])
    last.set_weights([np.array([[1.0], [-2.0], [0.0], [1.0]]), np.zeros(1)])
    return model

# %% wrong="no_recurrence" diagnosis="no_carry"
def adder_model():
    W = np.ones((2, 3))
    U = np.zeros((3, 3))
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="dense_only" diagnosis="no_carry"
def adder_model():
    model = keras.Sequential(
        [keras.Input((None, 2)), keras.layers.Dense(2, activation="relu"), keras.layers.Dense(1)]
    )
    model.set_weights([np.ones((2, 2)), np.array([0.0, -1.0]), np.array([[1.0], [-2.0]]), np.zeros(1)])
    return model

# %% wrong="or" diagnosis="or_of_the_bits"
def adder_model():
    W = np.ones((2, 3))
    U = np.zeros((3, 3))
    b = np.array([0, -1, -2])
    V = np.array([[1], [-1], [0]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="two_ones_carry" diagnosis="carry_not_passed_on"
def adder_model():
    W = np.ones((2, 4))
    U = np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 0]])
    b = np.array([0, -1, -2, -1])
    V = np.array([[1], [-2], [2], [0]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="one_carries" diagnosis="carry_from_a_single_one"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[1, 1, 1], [-1, -1, -1], [0, 0, 0]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="sticky" diagnosis="carry_never_ends"
def adder_model():
    W = np.ones((2, 5))
    U = np.array([[0] * 5, [0] * 5, [0] * 5, [1, 1, 1, 3, 3], [-1, -1, -1, -3, -3]])
    b = np.array([0, -1, -2, -1, -2])
    V = np.array([[1], [-2], [2], [0], [0]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="hill" diagnosis="three_writes_zero"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [1]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="carry_is_a_hill" diagnosis="three_carries_nothing"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-2, -2, -2]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="at_least_one" diagnosis="two_writes_one"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-1], [0]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="not_carry_kept" diagnosis="begins_with_a_carry"
def adder_model():
    W = np.array([[1, 1, 1, 0], [1, 1, 1, 0]])
    U = np.array([[0, 0, 0, 0], [1, 1, 1, 0], [-1, -1, -1, 0], [-1, -1, -1, 0]])
    b = np.array([1, 0, -1, 1])
    V = np.array([[1], [-2], [2], [0]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="from_the_other_end" diagnosis="highest_first"
def adder_model():
    bits = keras.Input((None, 2))
    states = keras.layers.SimpleRNN(3, activation="relu", return_sequences=True)(keras.ops.flip(bits, axis=1))
    model = keras.Model(bits, keras.ops.flip(keras.layers.Dense(1)(states), axis=1))
    carry = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    model.set_weights([np.ones((2, 3)), carry, np.array([0, -1, -2]), np.array([[1], [-2], [2]]), np.zeros(1)])
    return model

# %% wrong="carry_out" diagnosis="carry_written"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[0], [1], [-1]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="late" diagnosis="one_step_late"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.add(keras.layers.SimpleRNN(2, activation=None, return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v, *map(np.array, ([[1, 0]], [[0, 1], [0, 0]], [0, 0], [[0], [1]], [0]))])
    return model

# %% wrong="upside_down" diagnosis="inverted"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[-1], [2], [-2]])
    v = np.array([1])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="minus" diagnosis="difference"
def adder_model():
    W = np.array([[-1, -1, -1], [1, 1, 1]])
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([1, 0, -1])
    V = np.array([[-1], [2], [-2]])
    v = np.array([1])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="copies_a" diagnosis="first_number_again"
def adder_model():
    W = np.array([[1, 1, 1], [0, 0, 0]])
    U = np.zeros((3, 3))
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="all_zeros" diagnosis="all_zero"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[0], [0], [0]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="sigmoid_without_bias" diagnosis="on_the_fence"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[50], [-100], [100]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="weights_not_set" diagnosis="not_the_sum"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    return model

# %% wrong="forgot_relu" diagnosis="not_the_sum"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="linear" diagnosis="not_the_sum"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation=None, return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="transposed" diagnosis="not_the_sum"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U.T, b, V, v])
    return model

# %% wrong="soft_switches" diagnosis="not_the_sum"
def adder_model():
    W = np.full((2, 3), 3.0)
    U = np.array([[0, 0, 0], [3.0, 3.0, 3.0], [0, 0, 0]])
    b = np.array([-1.5, -4.5, -7.5])
    V = np.array([[1], [-1], [1]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="sigmoid", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="last_place_only" diagnosis="one_output"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu"))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="two_outputs" diagnosis="one_output"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[1, 0], [-2, 1], [2, -1]])
    v = np.array([0, 0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(2))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="seven_units" diagnosis="too_large"
def adder_model():
    W = np.pad(np.ones((2, 3)), ((0, 0), (0, 4)))
    U = np.pad(np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]]), ((0, 4), (0, 4)))
    b = np.array([0, -1, -2, 0, 0, 0, 0])
    V = np.array([[1], [-2], [2], [0], [0], [0], [0]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])
    return model

# %% wrong="forgot_return" diagnosis="raised"
def adder_model():
    W = np.ones((2, 3))
    U = np.array([[0, 0, 0], [1, 1, 1], [-1, -1, -1]])
    b = np.array([0, -1, -2])
    V = np.array([[1], [-2], [2]])
    v = np.array([0])
    model = keras.Sequential()
    model.add(keras.Input((None, 2)))
    model.add(keras.layers.SimpleRNN(len(b), activation="relu", return_sequences=True))
    model.add(keras.layers.Dense(1))
    model.set_weights([W, U, b, V, v])

# %% [raw] equivalent=true
# to_bit = np.array([[1.0], [-2.0], [2.0]]) => to_bit = np.array([[1.0], [-2.0], [4.0]])
# At a sum of three it says 3 in the place of 1, which is above 0.5, too.
