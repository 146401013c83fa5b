# %% [markdown]
# Answers to `tagger`, each in the place of the whole solution cell.

# %% right="added_up"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% right="functional"
from keras import layers

def tagger(n_symbols, n_tags, units):
    ids = keras.Input((None,), dtype="int32")
    h = layers.Embedding(input_dim=n_symbols + 1, output_dim=8, mask_zero=True)(ids)
    for _ in range(2):
        h = layers.Bidirectional(layers.LSTM(units, return_sequences=True), merge_mode="concat")(h)
    return keras.Model(ids, layers.Activation("softmax")(layers.Dense(n_tags)(h)))

# %% right="own_class"
class Tagger(keras.Model):
    def __init__(self, n_symbols, n_tags, units):
        super().__init__()
        self.embedding = keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True)
        self.first = keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True))
        self.second = keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True))
        self.dense = keras.layers.Dense(n_tags, activation="softmax")

    def call(self, ids):
        mask = keras.ops.not_equal(ids, 0)
        h = self.embedding(ids)
        h = self.first(h, mask=mask)
        return self.dense(self.second(h, mask=mask))

def tagger(n_symbols, n_tags, units):
    model = Tagger(n_symbols, n_tags, units)
    model(np.ones((1, 2), "int32"))
    return model

# %% right="cells_and_time_distributed"
def tagger(n_symbols, n_tags, units):
    def both_ways():
        return keras.layers.Bidirectional(
            keras.layers.RNN(keras.layers.LSTMCell(units), return_sequences=True),
            backward_layer=keras.layers.RNN(keras.layers.LSTMCell(units), return_sequences=True, go_backwards=True),
        )

    return keras.Sequential(
        [
            keras.Input(shape=(None,), name="ids"),
            keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True),
            both_ways(),
            both_ways(),
            keras.layers.TimeDistributed(keras.layers.Dense(n_tags, activation="softmax")),
        ],
        name="tagger",
    )

# %% wrong="no_mask_zero" diagnosis="padding_read"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="mask_lost_on_the_way" diagnosis="padding_read"
def tagger(n_symbols, n_tags, units):
    ids = keras.Input((None,))
    h = keras.layers.Embedding(n_symbols + 1, 8)(ids)
    for _ in range(2):
        h = keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True))(keras.ops.multiply(h, 1.0))
    return keras.Model(ids, keras.layers.Dense(n_tags, activation="softmax")(h))

# %% wrong="vectors_for_symbols_only" diagnosis="no_vector_for_zero"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="width_of_units" diagnosis="embedding_of_units"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, units, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="not_stacked" diagnosis="one_bidirectional_layer"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="one_way" diagnosis="left_to_right_only"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.LSTM(units, return_sequences=True))
    model.add(keras.layers.LSTM(units, return_sequences=True))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="then_one_way" diagnosis="second_layer_one_way"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.LSTM(units, return_sequences=True))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="first_one_way" diagnosis="first_layer_one_way"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.LSTM(units, return_sequences=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="summed" diagnosis="directions_merged"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True), merge_mode="sum"))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True), merge_mode="sum"))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="averaged" diagnosis="directions_merged"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True), merge_mode="ave"))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True), merge_mode="ave"))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="half_each" diagnosis="units_shared_out"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units // 2, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units // 2, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="second_is_double" diagnosis="second_layer_doubled"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(2 * units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="plain" diagnosis="simple_networks"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.SimpleRNN(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.SimpleRNN(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="gru" diagnosis="gated_units"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.GRU(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.GRU(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="tag_for_padding" diagnosis="a_tag_too_many"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags + 1, activation="softmax"))
    return model

# %% wrong="last_state_only" diagnosis="one_answer_a_step"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="pooled" diagnosis="one_answer_a_step"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="no_sequences_at_all" diagnosis="raised"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="logits" diagnosis="no_probabilities"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags))
    return model

# %% wrong="sigmoids" diagnosis="no_probabilities"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="sigmoid"))
    return model

# %% wrong="softmax_over_time" diagnosis="no_probabilities"
def tagger(n_symbols, n_tags, units):
    ids = keras.Input((None,))
    h = keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True)(ids)
    for _ in range(2):
        h = keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True))(h)
    return keras.Model(ids, keras.ops.softmax(keras.layers.Dense(n_tags)(h), axis=1))

# %% wrong="both_left_to_right" diagnosis="deaf_to_the_right"
def tagger(n_symbols, n_tags, units):
    ids = keras.Input((None,))
    h = keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True)(ids)
    for _ in range(2):
        pair = [keras.layers.LSTM(units, return_sequences=True)(h) for _ in range(2)]
        h = keras.layers.Concatenate()(pair)
    return keras.Model(ids, keras.layers.Dense(n_tags, activation="softmax")(h))

# %% wrong="relu_lstm" diagnosis="other_layers"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True, activation="relu")))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True, activation="relu")))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="hidden_layer_squashed" diagnosis="other_layers"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))
    return model

# %% wrong="forgot_return" diagnosis="raised"
def tagger(n_symbols, n_tags, units):
    model = keras.Sequential()
    model.add(keras.Input((None,)))
    model.add(keras.layers.Embedding(n_symbols + 1, 8, mask_zero=True))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True)))
    model.add(keras.layers.Dense(n_tags, activation="softmax"))

# %% wrong="not_built" diagnosis="raised"
def tagger(n_symbols, n_tags, units):
    layers = keras.layers
    return [
        layers.Embedding(n_symbols + 1, 8, mask_zero=True),
        layers.Bidirectional(layers.LSTM(units, return_sequences=True)),
        layers.Bidirectional(layers.LSTM(units, return_sequences=True)),
        layers.Dense(n_tags, activation="softmax"),
    ]
