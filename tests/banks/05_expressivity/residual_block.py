# %% [markdown]
# Answers to `residual_block`, each in the place of the whole solution cell.

# %% right="activations_as_functions"
def residual_block(x, hidden_units, n_out=None):
    n = x.shape[-1]
    if n_out is None:
        n_out = n
    change = keras.activations.relu(x)
    change = keras.layers.Dense(hidden_units)(change)
    change = keras.ops.relu(change)
    change = keras.layers.Dense(n_out, kernel_initializer=keras.initializers.Zeros())(change)
    if n_out == n:
        return x + change
    return keras.layers.Dense(n_out, use_bias=False, name="shortcut")(x) + change

# %% right="a_model_inside"
def residual_block(x, hidden_units, n_out=None):
    n = int(x.shape[1])
    n_out = n if n_out is None else n_out
    way = keras.Sequential([
        keras.layers.Activation("relu"),
        keras.layers.Dense(hidden_units, activation="relu"),
        keras.layers.Dense(n_out, kernel_initializer="zeros"),
    ])
    shortcut = keras.layers.Identity() if n == n_out else keras.layers.Dense(n_out, use_bias=False)
    return keras.layers.add([way(x), shortcut(x)])

# %% right="shortcut_first"
from keras.layers import Dense, ReLU

def residual_block(x, hidden_units, n_out=None):
    shortcut = x
    if n_out is not None and n_out != x.shape[-1]:
        shortcut = Dense(n_out, activation=None, use_bias=False)(x)
    units = shortcut.shape[-1]
    h = Dense(hidden_units)(ReLU()(x))
    h = Dense(units, kernel_initializer="zeros")(ReLU()(h))
    return keras.ops.add(shortcut, h)

# %% right="custom_layer"
class Block(keras.layers.Layer):
    def __init__(self, hidden_units, n_out):
        super().__init__()
        self.first = keras.layers.Dense(hidden_units, activation="relu")
        self.second = keras.layers.Dense(n_out, kernel_initializer="zeros")

    def call(self, x):
        return self.second(self.first(keras.ops.relu(x)))

def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    shortcut = x if n_out == x.shape[-1] else keras.layers.Dense(n_out, use_bias=False)(x)
    return shortcut + Block(hidden_units, n_out)(x)

# %% wrong="a_plain_chain" diagnosis="no_shortcut"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units, activation="relu")(keras.layers.ReLU()(x))
    change = keras.layers.Dense(n_out, kernel_initializer="zeros")(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out, use_bias=False)(x)
    return change

# %% wrong="the_lessons_block" diagnosis="no_relu_before"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units, activation="relu")(x)
    change = keras.layers.Dense(n_out, kernel_initializer="zeros")(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out, use_bias=False)(x)
    return keras.layers.Add()([shortcut, change])

# %% wrong="linear_inside" diagnosis="no_relu_between"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units)(keras.layers.ReLU()(x))
    change = keras.layers.Dense(n_out, kernel_initializer="zeros")(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out, use_bias=False)(x)
    return keras.layers.Add()([shortcut, change])

# %% wrong="relu_at_the_end" diagnosis="relu_after_the_sum"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units, activation="relu")(keras.layers.ReLU()(x))
    change = keras.layers.Dense(n_out, kernel_initializer="zeros")(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out, use_bias=False)(x)
    return keras.layers.ReLU()(shortcut + change)

# %% wrong="shortcut_behind_the_relu" diagnosis="relu_on_the_shortcut"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    x = keras.layers.ReLU()(x)
    hidden = keras.layers.Dense(hidden_units, activation="relu")(x)
    change = keras.layers.Dense(n_out, kernel_initializer="zeros")(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out, use_bias=False)(x)
    return keras.layers.Add()([shortcut, change])

# %% wrong="relu_twice_inside" diagnosis="relu_in_dense_two"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units, activation="relu")(keras.layers.ReLU()(x))
    change = keras.layers.Dense(n_out, activation="relu", kernel_initializer="zeros")(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out, use_bias=False)(x)
    return keras.layers.Add()([shortcut, change])

# %% wrong="subtracted" diagnosis="change_subtracted"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units, activation="relu")(keras.layers.ReLU()(x))
    change = keras.layers.Dense(n_out, kernel_initializer="zeros")(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out, use_bias=False)(x)
    return shortcut - change

# %% wrong="default_start" diagnosis="starts_otherwise"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units, activation="relu")(keras.layers.ReLU()(x))
    change = keras.layers.Dense(n_out)(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out, use_bias=False)(x)
    return keras.layers.Add()([shortcut, change])

# %% wrong="shortcut_with_bias" diagnosis="bias_on_the_shortcut"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units, activation="relu")(keras.layers.ReLU()(x))
    change = keras.layers.Dense(n_out, kernel_initializer="zeros")(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out)(x)
    return keras.layers.Add()([shortcut, change])

# %% wrong="projection_for_all" diagnosis="always_projected"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units, activation="relu")(keras.layers.ReLU()(x))
    change = keras.layers.Dense(n_out, kernel_initializer="zeros")(hidden)
    same = n_out == x.shape[-1]
    shortcut = keras.layers.Dense(n_out, use_bias=False)(x)
    return keras.layers.Add()([shortcut, change])

# %% wrong="concatenated" diagnosis="raised"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units, activation="relu")(keras.layers.ReLU()(x))
    change = keras.layers.Dense(n_out, kernel_initializer="zeros")(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out, use_bias=False)(x)
    return keras.layers.Concatenate()([shortcut, change])

# %% wrong="zero_in_dense_one" diagnosis="starts_otherwise"
def residual_block(x, hidden_units, n_out=None):
    n_out = n_out or x.shape[-1]
    hidden = keras.layers.Dense(hidden_units, activation="relu", kernel_initializer="zeros")(keras.layers.ReLU()(x))
    change = keras.layers.Dense(n_out, bias_initializer="ones")(hidden)
    same = n_out == x.shape[-1]
    shortcut = x if same else keras.layers.Dense(n_out, use_bias=False)(x)
    return keras.layers.Add()([shortcut, change])

# %% [raw] equivalent=true
# n_out = n_out or x.shape[-1] => n_out = n_out or x.shape[+1]
# In a tensor of two axes, axis 1 is the last.

# %% [raw] equivalent=true
# same = n_out == x.shape[-1] => same = n_out == x.shape[+1]
# In a tensor of two axes, axis 1 is the last.
