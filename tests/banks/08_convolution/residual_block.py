# %% [markdown]
# Answers to `residual_block`, each in the place of the whole solution cell.

# %% right="step_by_step"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% right="shortcut_first"
from keras import layers, ops

def residual_block(x, filters, stride=1):
    p = ops.relu(layers.BatchNormalization()(x))
    fits = stride == 1 and x.shape[3] == filters
    shortcut = x if fits else layers.Conv2D(filters, (1, 1), (stride, stride), use_bias=False)(p)
    h = layers.Conv2D(filters, (3, 3), (stride, stride), "same", use_bias=False)(p)
    h = ops.relu(layers.BatchNormalization()(h))
    h = layers.Conv2D(filters, (3, 3), padding="same", use_bias=False)(h)
    return shortcut + h

# %% right="helper_and_names"
def _conv(tensor, filters, size, stride, name):
    layer = keras.layers.Conv2D(
        filters, size, strides=stride, padding="same", use_bias=False, name=name, kernel_initializer="he_normal"
    )
    return layer(tensor)

def residual_block(x, filters, stride=1):
    p = keras.layers.ReLU()(keras.layers.BatchNormalization(name="before")(x))
    h = _conv(p, filters, 3, stride, "first")
    h = keras.layers.ReLU()(keras.layers.BatchNormalization(name="between")(h))
    h = _conv(h, filters, 3, 1, "second")
    same_shape = tuple(h.shape) == tuple(x.shape)
    return keras.layers.add([h, x if same_shape else _conv(p, filters, 1, stride, "shortcut")])

# %% right="a_layer_of_its_own"
class PreActivation(keras.layers.Layer):
    def __init__(self, filters, stride):
        super().__init__()
        self.filters, self.stride = filters, stride
        self.norms = [keras.layers.BatchNormalization() for _ in range(2)]
        self.first = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)
        self.second = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)
        self.shortcut = None

    def build(self, shape):
        if self.stride != 1 or shape[-1] != self.filters:
            self.shortcut = keras.layers.Conv2D(self.filters, 1, strides=self.stride, use_bias=False)
        super().build(shape)

    def call(self, x, training=None):
        p = keras.ops.relu(self.norms[0](x, training=training))
        h = keras.ops.relu(self.norms[1](self.first(p), training=training))
        return self.second(h) + (x if self.shortcut is None else self.shortcut(p))

def residual_block(x, filters, stride=1):
    return PreActivation(filters, stride)(x)

# %% wrong="first_paper" diagnosis="block_of_the_lesson"
def residual_block(x, filters, stride=1):
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    h = keras.layers.ReLU()(keras.layers.BatchNormalization()(h))
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    h = keras.layers.BatchNormalization()(h)
    if stride != 1 or x.shape[-1] != filters:
        x = keras.layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
        x = keras.layers.BatchNormalization()(x)
    return keras.layers.ReLU()(keras.layers.Add()([h, x]))

# %% wrong="relu_at_the_end" diagnosis="relu_after_the_sum"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.ReLU()(keras.layers.Add()([h, shortcut]))

# %% wrong="x_renamed" diagnosis="activated_shortcut"
def residual_block(x, filters, stride=1):
    x = keras.layers.BatchNormalization()(x)
    p = x = keras.layers.Activation("relu")(x)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="projects_x" diagnosis="projection_of_x"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(x)
    return keras.layers.Add()([h, shortcut])

# %% wrong="projects_always" diagnosis="always_projected"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="shortcut_with_norm" diagnosis="shortcut_normalized"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
        shortcut = keras.layers.BatchNormalization()(shortcut)
    return keras.layers.Add()([h, shortcut])

# %% wrong="plain" diagnosis="no_shortcut"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    return h

# %% wrong="product" diagnosis="multiplied"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Multiply()([h, shortcut])

# %% wrong="difference" diagnosis="subtracted"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Subtract()([h, shortcut])

# %% wrong="beside" diagnosis="concatenated"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Concatenate()([h, shortcut])

# %% wrong="first_relu_forgotten" diagnosis="no_first_relu"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="second_relu_forgotten" diagnosis="no_second_relu"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="first_norm_forgotten" diagnosis="no_first_norm"
def residual_block(x, filters, stride=1):
    p = keras.layers.Activation("relu")(x)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="second_norm_forgotten" diagnosis="no_second_norm"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="relu_then_norm" diagnosis="relu_before_norm"
def residual_block(x, filters, stride=1):
    p = keras.layers.Activation("relu")(x)
    p = keras.layers.BatchNormalization()(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="stride_late" diagnosis="stride_in_the_second"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="biases" diagnosis="parameters"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same")(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same")(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same")(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="one_convolution" diagnosis="one_convolution"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="stride_alone_not_seen" diagnosis="raised"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="channels_alone_not_seen" diagnosis="raised"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="valid" diagnosis="raised"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="both_strides" diagnosis="raised"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([h, shortcut])

# %% wrong="a_model" diagnosis="raised"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.Model(x, keras.layers.Add()([h, shortcut]))

# %% wrong="no_return" diagnosis="raised"
def residual_block(x, filters, stride=1):
    p = keras.layers.BatchNormalization()(x)
    p = keras.layers.Activation("relu")(p)
    h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation("relu")(h)
    h = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    keras.layers.Add()([h, shortcut])

# %% wrong="second_order_exchanged" diagnosis="second_relu_before_norm"
def residual_block(x, filters, stride=1):
    p = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
    y = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    y = keras.layers.BatchNormalization()(keras.layers.ReLU()(y))
    y = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    if stride != 1 or x.shape[-1] != filters:
        x = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return x + y

# %% wrong="relu_on_the_branch" diagnosis="relu_before_the_sum"
def residual_block(x, filters, stride=1):
    p = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
    y = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    y = keras.layers.ReLU()(keras.layers.BatchNormalization()(y))
    y = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False, activation="relu")(y)
    if stride != 1 or x.shape[-1] != filters:
        x = keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return keras.layers.Add()([x, y])
