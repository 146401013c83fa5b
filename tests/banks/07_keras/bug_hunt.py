# %% [markdown]
# Answers to `bug_hunt`, each in the place of the whole solution cell.

# %% right="mended_in_place"
def mend_classifier():
    model = broken_classifier()
    model.layers[-1].activation = keras.activations.softmax
    return model


def mend_rings():
    model = broken_rings()
    for layer in model.layers[:-1]:
        layer.activation = keras.activations.relu
    return model


def mend_thermometer():
    model = broken_thermometer()
    model.layers[-1].activation = keras.activations.linear
    return model


def mend_transfer(base):
    model = broken_transfer(base)
    model.trainable = True
    base.trainable = False
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    model = broken_start()
    rng = np.random.default_rng(3)
    model.set_weights([rng.normal(size=w.shape) / 2 if w.ndim == 2 else w for w in model.get_weights()])
    return model

# %% right="probabilities_and_functional"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3, activation="softmax")])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(from_logits=False))
    return model


def mend_rings():
    inputs = keras.Input((2,))
    hidden = keras.layers.Dense(16, activation="relu")(inputs)
    hidden = keras.layers.Dense(16, activation="relu")(hidden)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    inputs = keras.Input((5,))
    outputs = keras.layers.Dense(1, activation="linear")(keras.layers.Dense(8, activation="relu")(inputs))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(0.01), "mse")
    return model


def mend_transfer(base):
    for layer in base.layers:
        layer.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh", kernel_initializer="he_normal")
    last = keras.layers.Dense(1, kernel_initializer="random_normal")
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% right="separate_activation_layers"
def mend_classifier():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(16), keras.layers.ReLU(), keras.layers.Dense(3)])
    model.compile(keras.optimizers.SGD(learning_rate=0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def mend_rings():
    model = keras.Sequential([keras.Input((2,))])
    for _ in range(2):
        model.add(keras.layers.Dense(16))
        model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dense(1))
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(8), keras.layers.ReLU(), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.layers[0].trainable = False
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh", kernel_initializer="glorot_normal")
    model = keras.Sequential([keras.Input((3,)), hidden, keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% right="functional_and_subclassed"
def mend_classifier():
    inputs = keras.Input((2,))
    hidden = keras.layers.Dense(16, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(hidden))
    model.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy())
    return model


class Rings(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = keras.layers.Dense(16, activation="relu")
        self.b = keras.layers.Dense(16, activation="relu")
        self.c = keras.layers.Dense(1)

    def call(self, x):
        return self.c(self.b(self.a(x)))


def mend_rings():
    model = Rings()
    model(np.zeros((1, 2), "float32"))
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    inputs = keras.Input((5,))
    hidden = keras.layers.Dense(8, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    return model


def mend_transfer(base):
    for layer in base.layers:
        layer.trainable = False
    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(1)(base(inputs)))
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    inputs = keras.Input((3,))
    hidden = keras.layers.Dense(8, activation="tanh", kernel_initializer="he_normal")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


# %% wrong="relu_before_the_softmax" diagnosis="classifier"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3, activation="relu")])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="neither_softmax" diagnosis="classifier"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=False)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="faster_instead_of_mended" diagnosis="classifier"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(keras.optimizers.SGD(1.0), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="rate_changed_too" diagnosis="classifier"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.5), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="softmax_twice" diagnosis="classifier"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3, activation="softmax")])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def mend_rings():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    model = keras.Sequential([base, keras.layers.Dense(1)])
    base.trainable = False
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


# %% wrong="more_linear_layers" diagnosis="rings"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(64), keras.layers.Dense(64)]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="sigmoid_at_the_end_only" diagnosis="rings"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16), keras.layers.Dense(16)]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="one_layer_bends" diagnosis="rings"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16)]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="sigmoid_thermometer" diagnosis="thermometer"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="relu_moved_to_the_wrong_layer" diagnosis="thermometer"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8)]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="relu_left" diagnosis="thermometer"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1, activation="relu")])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="everything_learns" diagnosis="transfer"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="frozen_after_compile" diagnosis="transfer"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.trainable = False
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    model.layers[1].trainable = False
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="the_other_one_frozen" diagnosis="transfer"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.layers[1].trainable = False
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="ones_for_zeros" diagnosis="start"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh", kernel_initializer="ones")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="only_the_last_layer_mended" diagnosis="start"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="tanh", kernel_initializer="zeros")
    last = keras.layers.Dense(1, kernel_initializer="ones")
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model

# %% wrong="relu_for_tanh" diagnosis="start"
def mend_classifier():
    layers = [keras.Input((2,)), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def mend_rings():
    hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def mend_thermometer():
    layers = [keras.Input((5,)), keras.layers.Dense(8, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    return model


def mend_transfer(base):
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model


def mend_start():
    hidden = keras.layers.Dense(8, activation="relu")
    last = keras.layers.Dense(1)
    model = keras.Sequential([keras.Input((3,)), hidden, last])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.MeanSquaredError())
    return model
