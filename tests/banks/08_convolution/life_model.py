# %% [markdown]
# Answers to `life_model`, each in the place of the whole solution cell.

# %% right="two_relus"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 2))
    kernel[1, 1] = 1
    bias = np.array([-4.0, -6.0])
    out = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, bias, out, np.array([0.0])])
    return model

# %% right="four_relus"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = np.empty((3, 3, 1, 4))
    kernel[:] = 2.0
    kernel[1, 1] = [1.0, 1.0, 1.0, 1.0]
    out = np.reshape([1.0, -1.0, -1.0, 1.0], (1, 1, 4, 1))
    model.set_weights([kernel, np.array([-4.0, -5.0, -7.0, -8.0]), out, np.array([0.0])])
    return model

# %% right="a_hill_of_absolute_value"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = np.empty((3, 3, 1, 2))
    kernel[:] = [2.0, -2.0]
    kernel[1, 1] = [1.0, -1.0]
    out = np.reshape([-1.0, -1.0], (1, 1, 2, 1))
    model.set_weights([kernel, np.array([-6.0, 6.0]), out, np.array([2.0])])
    return model

# %% right="two_steps_of_1x1"
def life_model(height, width):
    """First the count of the neighbors and the cell itself, side by side; then a small dense network at each place."""
    x = keras.Input((height, width, 1))
    facts = keras.layers.Conv2D(2, 3, padding="same", use_bias=False)(x)
    hidden = keras.layers.Conv2D(2, 1, activation="relu")(facts)
    model = keras.Model(x, keras.layers.Conv2D(1, 1, activation="sigmoid")(hidden))
    count = np.zeros((3, 3, 1, 2))
    count[..., 0] = 1
    count[1, 1] = [0, 1]
    to_hidden = np.array([[1.0, 1.0], [0.5, 0.5]])
    model.set_weights(
        [count, to_hidden[None, None], np.array([-2.0, -3.0]), 40 * np.array([1.0, -2.0]).reshape(1, 1, 2, 1), np.array([-10.0])]
    )
    return model

# %% right="steep_sigmoids"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="sigmoid"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = np.empty((3, 3, 1, 2))
    kernel[:] = 40.0
    kernel[1, 1] = 20.0
    out = np.reshape([1.0, -1.0], (1, 1, 2, 1))
    model.set_weights([kernel, np.array([-90.0, -150.0]), out, np.array([0.0])])
    return model

# %% right="numbers_from_a_start"
class Constant(keras.initializers.Initializer):
    def __init__(self, values):
        self.values = np.asarray(values, "float32")

    def __call__(self, shape, dtype=None):
        return keras.ops.convert_to_tensor(self.values.reshape(shape), dtype or "float32")

def life_model(height, width):
    kernel = np.array([2, 2, 2, 2, 1, 2, 2, 2, 2.0])
    x = keras.Input((height, width, 1))
    u = keras.layers.Conv2D(1, 3, padding="same", kernel_initializer=Constant(kernel), bias_initializer=Constant([-6]))(x)
    return keras.Model(x, keras.layers.Lambda(lambda u: 1.9 - keras.ops.abs(u))(u))

# %% wrong="center_counted" diagnosis="counts_itself"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 2))
    kernel[1, 1] = 3
    bias = np.array([-4.0, -6.0])
    out = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, bias, out, np.array([0.0])])
    return model

# %% wrong="exactly_three" diagnosis="three_only"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(3, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = np.empty((3, 3, 1, 3))
    kernel[:] = 1.0
    kernel[1, 1] = [0.0, 0.0, 0.0]
    out = np.reshape([1.0, -2.0, 1.0], (1, 1, 3, 1))
    model.set_weights([kernel, np.array([-2.0, -3.0, -4.0]), out, np.array([0.0])])
    return model

# %% wrong="two_and_three" diagnosis="two_or_three"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = np.empty((3, 3, 1, 4))
    kernel[:] = 1.0
    kernel[1, 1] = [0.0, 0.0, 0.0, 0.0]
    out = np.reshape([1.0, -1.0, -1.0, 1.0], (1, 1, 4, 1))
    model.set_weights([kernel, np.array([-1.0, -2.0, -3.0, -4.0]), out, np.array([0.0])])
    return model

# %% wrong="no_births" diagnosis="nobody_is_born"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = np.empty((3, 3, 1, 2))
    kernel[:] = 2.0
    kernel[1, 1] = [20.0, 20.0]
    out = np.reshape([1.0, -2.0], (1, 1, 2, 1))
    model.set_weights([kernel, np.array([-23.0, -25.0]), out, np.array([0.0])])
    return model

# %% wrong="no_deaths" diagnosis="nobody_dies"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = np.empty((3, 3, 1, 4))
    kernel[:] = [1.0, 1.0, 1.0, 0.0]
    kernel[1, 1] = [0.0, 0.0, 0.0, 1.0]
    out = np.reshape([1.0, -2.0, 1.0, 2.0], (1, 1, 4, 1))
    model.set_weights([kernel, np.array([-2.0, -3.0, -4.0, 0.0]), out, np.array([0.0])])
    return model

# %% wrong="no_upper_end" diagnosis="never_too_many"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = np.empty((3, 3, 1, 2))
    kernel[:] = 2.0
    kernel[1, 1] = [1.0, 1.0]
    out = np.reshape([1.0, -1.0], (1, 1, 2, 1))
    model.set_weights([kernel, np.array([-4.0, -5.0]), out, np.array([0.0])])
    return model

# %% wrong="one_step_too_wide" diagnosis="dead_four"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = np.empty((3, 3, 1, 4))
    kernel[:] = 2.0
    kernel[1, 1] = [1.0, 1.0, 1.0, 1.0]
    out = np.reshape([1.0, -1.0, -1.0, 1.0], (1, 1, 4, 1))
    model.set_weights([kernel, np.array([-4.0, -5.0, -8.0, -9.0]), out, np.array([0.0])])
    return model

# %% wrong="two_steps_too_wide" diagnosis="four_lives"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = np.empty((3, 3, 1, 4))
    kernel[:] = 2.0
    kernel[1, 1] = [1.0, 1.0, 1.0, 1.0]
    out = np.reshape([1.0, -1.0, -1.0, 1.0], (1, 1, 4, 1))
    model.set_weights([kernel, np.array([-4.0, -5.0, -9.0, -10.0]), out, np.array([0.0])])
    return model

# %% wrong="four_neighbors" diagnosis="no_diagonals"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 2))
    kernel[1, 1] = 1
    kernel[::2, ::2] = 0
    bias = np.array([-4.0, -6.0])
    out = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, bias, out, np.array([0.0])])
    return model

# %% wrong="sign_of_the_output" diagnosis="inverted"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 2))
    kernel[1, 1] = 1
    bias = np.array([-4.0, -6.0])
    out = np.array([-1.0, 2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, bias, out, np.array([1.0])])
    return model

# %% wrong="identity" diagnosis="nothing_changes"
def life_model(height, width):
    x = keras.Input((height, width, 1))
    return keras.Model(x, keras.layers.Activation("relu")(x))

# %% wrong="weights_not_set" diagnosis="all_dead"
def life_model(height, width):
    x = keras.Input((height, width, 1))
    h = keras.layers.Conv2D(2, 3, padding="same", activation="relu", kernel_initializer="zeros")(x)
    return keras.Model(x, keras.layers.Conv2D(1, 1)(h))

# %% wrong="sigmoid_at_the_end" diagnosis="on_the_fence"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 4))
    kernel[1, 1] = 1
    bias = np.array([-4.0, -5.0, -7.0, -8.0])
    out = np.array([1.0, -1.0, -1.0, 1.0]).reshape(1, 1, 4, 1)
    model.set_weights([kernel, bias, out, np.array([0.0])])
    return model

# %% wrong="no_relu" diagnosis="linear_hidden"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 2))
    kernel[1, 1] = 1
    bias = np.array([-4.0, -6.0])
    out = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, bias, out, np.array([0.0])])
    return model

# %% wrong="biases_upward" diagnosis="all_dead"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 2))
    kernel[1, 1] = 1
    bias = np.array([4.0, 6.0])
    out = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, bias, out, np.array([0.0])])
    return model

# %% wrong="hill_too_early" diagnosis="hill_too_early"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 2))
    kernel[1, 1] = 1
    bias = np.array([-3.0, -5.0])
    out = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, bias, out, np.array([0.0])])
    return model

# %% wrong="hill_too_late" diagnosis="hill_too_late"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 2))
    kernel[1, 1] = 1
    bias = np.array([-5.0, -7.0])
    out = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, bias, out, np.array([0.0])])
    return model

# %% wrong="weights_of_the_center" diagnosis="center_counts_double"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = np.ones((3, 3, 1, 2))
    kernel[1, 1] = 2
    bias = np.array([-4.0, -6.0])
    out = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, bias, out, np.array([0.0])])
    return model

# %% wrong="valid" diagnosis="shape"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 2))
    kernel[1, 1] = 1
    bias = np.array([-4.0, -6.0])
    out = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, bias, out, np.array([0.0])])
    return model

# %% wrong="one_number" diagnosis="raised"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
            keras.layers.GlobalMaxPooling2D(),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 2))
    kernel[1, 1] = 1
    bias = np.array([-4.0, -6.0])
    out = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, bias, out, np.array([0.0])])
    return model

# %% wrong="two_outputs" diagnosis="one_output"
def life_model(height, width):
    """One output for alive and one for dead, as in a classifier."""
    x = keras.Input((height, width, 1))
    h = keras.layers.Conv2D(2, 3, padding="same", activation="relu")(x)
    model = keras.Model(x, keras.layers.Conv2D(2, 1)(h))
    kernel = np.full((3, 3, 1, 2), 2.0)
    kernel[1, 1] = 1
    model.set_weights([kernel, np.array([-4.0, -6.0]), np.array([[[[1.0, -1.0], [-2.0, 2.0]]]]), np.array([0.0, 1.0])])
    return model

# %% wrong="many_filters" diagnosis="too_large"
def life_model(height, width):
    """Right, with six filters that nobody needs."""
    x = keras.Input((height, width, 1))
    h = keras.layers.Conv2D(8, 3, padding="same", activation="relu")(x)
    model = keras.Model(x, keras.layers.Conv2D(1, 1)(h))
    kernel = np.full((3, 3, 1, 8), 2.0)
    kernel[1, 1] = 1
    bias, out = np.zeros(8), np.zeros((1, 1, 8, 1))
    bias[:2], out[0, 0, :2, 0] = [-4.0, -6.0], [1.0, -2.0]
    model.set_weights([kernel, bias, out, np.zeros(1)])
    return model

# %% wrong="weights_in_another_order" diagnosis="raised"
def life_model(height, width):
    model = keras.Sequential(
        [
            keras.Input((height, width, 1)),
            keras.layers.Conv2D(2, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(1, 1),
        ]
    )
    kernel = 2 * np.ones((3, 3, 1, 2))
    kernel[1, 1] = 1
    bias = np.array([-4.0, -6.0])
    out = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([bias, kernel, np.array([0.0]), out])
    return model

# %% wrong="dense_over_the_board" diagnosis="not_life"
def life_model(height, width):
    """Weights for every place, which would have to be learned."""
    start = keras.initializers.RandomNormal(seed=8)
    inputs = keras.Input((height, width, 1))
    y = keras.layers.Conv2D(2, 3, padding="same", activation="relu", kernel_initializer=start)(inputs)
    y = keras.layers.Dense(height * width, kernel_initializer=start)(keras.layers.Flatten()(y))
    return keras.Model(inputs, keras.layers.Reshape((height, width, 1))(y))
