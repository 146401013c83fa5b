# %% [markdown]
# Answers to `shortcut_model`, each in the place of the whole solution cell.

# %% right="function_concatenate"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input(shape=(n_in,))
    h = keras.layers.Dense(units=n_hidden, activation=keras.activations.relu)(x)
    y = keras.layers.Dense(units=n_classes)(keras.ops.concatenate([x, h], axis=-1))
    return keras.Model(inputs=x, outputs=y)

# %% right="separate_activation_layers"
from keras import layers

def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,), name="picture")
    h = layers.ReLU()(layers.Dense(n_hidden, name="hidden")(x))
    y = layers.Activation("linear")(layers.Dense(n_classes)(layers.Concatenate(axis=1)([x, h])))
    return keras.Model(x, y, name="shortcut")

# %% right="subclass"
class Shortcut(keras.Model):
    def __init__(self, n_hidden, n_classes):
        super().__init__()
        self.hidden = keras.layers.Dense(n_hidden, activation="relu")
        self.last = keras.layers.Dense(n_classes)

    def call(self, x):
        return self.last(keras.ops.concatenate([x, self.hidden(x)], axis=-1))

def shortcut_model(n_in, n_hidden, n_classes):
    core = Shortcut(n_hidden, n_classes)
    x = keras.Input((n_in,))
    return keras.Model(x, core(x))

# %% right="other_start"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, "relu", kernel_initializer="he_normal")(x)
    both = keras.layers.concatenate([x, h])
    return keras.Model(x, keras.layers.Dense(n_classes, activation=None, kernel_initializer="zeros")(both))

# %% wrong="linear_hidden" diagnosis="no_relu"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden)(x)
    return keras.Model(x, keras.layers.Dense(n_classes)(keras.layers.Concatenate()([x, h])))

# %% wrong="chain_only" diagnosis="no_shortcut"
def shortcut_model(n_in, n_hidden, n_classes):
    return keras.Sequential([
        keras.Input((n_in,)),
        keras.layers.Dense(n_hidden, activation="relu"),
        keras.layers.Dense(n_classes),
    ])

# %% wrong="concatenated_and_not_used" diagnosis="no_shortcut"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="relu")(x)
    keras.layers.Concatenate()([x, h])
    return keras.Model(x, keras.layers.Dense(n_classes)(h))

# %% wrong="relu_logits" diagnosis="relu_at_the_end"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="relu")(x)
    return keras.Model(x, keras.layers.Dense(n_classes, activation="relu")(keras.layers.Concatenate()([x, h])))

# %% wrong="softmax_output" diagnosis="ends_in_softmax"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="relu")(x)
    return keras.Model(x, keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Concatenate()([x, h])))

# %% wrong="sigmoid_output" diagnosis="ends_in_sigmoid"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="relu")(x)
    return keras.Model(x, keras.layers.Dense(n_classes, activation="sigmoid")(keras.layers.Concatenate()([x, h])))

# %% wrong="hidden_sigmoid" diagnosis="sigmoid_hidden"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="sigmoid")(x)
    return keras.Model(x, keras.layers.Dense(n_classes)(keras.layers.Concatenate()([x, h])))

# %% wrong="hidden_tanh" diagnosis="tanh_hidden"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="tanh")(x)
    return keras.Model(x, keras.layers.Dense(n_classes)(keras.layers.Concatenate()([x, h])))

# %% wrong="same_thing_twice" diagnosis="hidden_twice"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="relu")(x)
    return keras.Model(x, keras.layers.Dense(n_classes)(keras.layers.Concatenate()([h, h])))

# %% wrong="extra_layer" diagnosis="second_hidden_layer"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="relu")(x)
    both = keras.layers.Dense(n_hidden, activation="relu")(keras.layers.Concatenate()([x, h]))
    return keras.Model(x, keras.layers.Dense(n_classes)(both))

# %% wrong="order_exchanged" diagnosis="hidden_first"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="relu")(x)
    return keras.Model(x, keras.layers.Dense(n_classes)(keras.layers.Concatenate()([h, x])))

# %% wrong="relu_on_the_input_too" diagnosis="relu_on_the_input"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="relu")(x)
    both = keras.layers.Activation("relu")(keras.layers.Concatenate()([x, h]))
    return keras.Model(x, keras.layers.Dense(n_classes)(both))

# %% wrong="no_bias_at_the_end" diagnosis="weights"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="relu")(x)
    return keras.Model(x, keras.layers.Dense(n_classes, use_bias=False)(keras.layers.Concatenate()([x, h])))

# %% wrong="sizes_exchanged" diagnosis="shape"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_classes, activation="relu")(x)
    return keras.Model(x, keras.layers.Dense(n_hidden)(keras.layers.Concatenate()([x, h])))

# %% wrong="added" diagnosis="raised"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="relu")(x)
    return keras.Model(x, keras.layers.Dense(n_classes)(keras.layers.Add()([x, h])))

# %% wrong="returns_the_tensor" diagnosis="raised"
def shortcut_model(n_in, n_hidden, n_classes):
    x = keras.Input((n_in,))
    h = keras.layers.Dense(n_hidden, activation="relu")(x)
    return keras.layers.Dense(n_classes)(keras.layers.Concatenate()([x, h]))
