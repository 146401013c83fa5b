# %% [markdown]
# Answers to `maxout`, each in the place of the whole solution cell.

# %% right="loop_of_maxima"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units = units
        self.pieces = pieces

    def build(self, input_shape):
        n_in = input_shape[-1]
        self.kernel = self.add_weight(name="kernel", shape=(self.pieces, n_in, self.units), initializer="glorot_uniform", trainable=True)
        self.bias = self.add_weight(name="bias", shape=(self.pieces, self.units), initializer="zeros", trainable=True)

    def call(self, inputs):
        best = ops.matmul(inputs, self.kernel[0]) + self.bias[0]
        for k in range(1, self.pieces):
            best = ops.maximum(best, ops.matmul(inputs, self.kernel[k]) + self.bias[k])
        return best

    def get_config(self):
        config = super().get_config()
        config.update(units=self.units, pieces=self.pieces)
        return config

# %% right="stacked"
@keras.saving.register_keras_serializable(package="student")
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = int(units), int(pieces)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units), initializer=keras.initializers.RandomNormal(stddev=0.2))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer=keras.initializers.Zeros())

    def call(self, inputs):
        pieces = [ops.matmul(inputs, self.kernel[k]) + self.bias[k] for k in range(self.pieces)]
        return ops.max(ops.stack(pieces), axis=0)

    def get_config(self):
        return {**super().get_config(), "units": self.units, "pieces": self.pieces}

# %% right="broadcast_matmul"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[1], self.units), initializer="he_normal")
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")
        super().build(input_shape)

    def call(self, inputs):
        sums = ops.expand_dims(inputs, 0) @ ops.convert_to_tensor(self.kernel)
        return ops.amax(sums + ops.expand_dims(self.bias, 1), axis=0)

    def get_config(self):
        config = {"units": self.units, "pieces": self.pieces}
        config.update(super().get_config())
        return config

# %% right="tensordot_with_initializers_kept"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.arguments = {"units": units, "pieces": pieces}

    def build(self, input_shape):
        units, pieces = self.arguments["units"], self.arguments["pieces"]
        self.kernel = self.add_weight(shape=(pieces, input_shape[-1], units), initializer="glorot_normal")
        self.bias = self.add_weight(shape=(pieces, units), initializer="zeros")

    def call(self, inputs):
        sums = ops.tensordot(inputs, self.kernel, axes=[[1], [1]])
        return ops.max(sums + self.bias, axis=1)

    def get_config(self):
        return super().get_config() | dict(self.arguments)

# %% wrong="one_bias_outside" diagnosis="bias_after_the_maximum"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        return ops.max(ops.einsum("ni,kij->nkj", inputs, self.kernel), axis=1) + self.bias[0]

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% wrong="bias_never_added" diagnosis="no_bias_in_pieces"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        return ops.max(ops.einsum("ni,kij->nkj", inputs, self.kernel), axis=1)

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% wrong="summed" diagnosis="sum_of_pieces"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        return ops.sum(ops.einsum("ni,kij->nkj", inputs, self.kernel) + self.bias, axis=1)

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% wrong="averaged" diagnosis="mean_of_pieces"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        return ops.mean(ops.einsum("ni,kij->nkj", inputs, self.kernel) + self.bias, axis=1)

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% wrong="minimum" diagnosis="smallest_piece"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        return ops.min(ops.einsum("ni,kij->nkj", inputs, self.kernel) + self.bias, axis=1)

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% wrong="plain_dense" diagnosis="first_piece_alone"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        for k in range(self.pieces):
            return ops.matmul(inputs, self.kernel[k]) + self.bias[k]

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% wrong="starts_from_zero" diagnosis="relu_of_the_maximum"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        best = 0.0
        for k in range(self.pieces):
            best = ops.maximum(best, ops.matmul(inputs, self.kernel[k]) + self.bias[k])
        return best

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% wrong="absolute" diagnosis="largest_by_size"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        return ops.max(ops.abs(ops.einsum("ni,kij->nkj", inputs, self.kernel) + self.bias), axis=1)

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% wrong="two_written_out" diagnosis="always_two_pieces"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        sums = ops.einsum("ni,kij->nkj", inputs, self.kernel) + self.bias
        return ops.max(sums[:, :2], axis=1)

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% wrong="zero_kernel" diagnosis="pieces_start_alike"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units), initializer="zeros")
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        return ops.max(ops.einsum("ni,kij->nkj", inputs, self.kernel) + self.bias, axis=1)

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% wrong="default_initializer_for_the_bias" diagnosis="random_bias"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units))

    def call(self, inputs):
        return ops.max(ops.einsum("ni,kij->nkj", inputs, self.kernel) + self.bias, axis=1)

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% wrong="units_only_in_config" diagnosis="pieces_not_in_config"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        return ops.max(ops.einsum("ni,kij->nkj", inputs, self.kernel) + self.bias, axis=1)

    def get_config(self):
        return super().get_config() | {"units": self.units}

# %% wrong="base_config_forgotten" diagnosis="name_not_in_config"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        return ops.max(ops.einsum("ni,kij->nkj", inputs, self.kernel) + self.bias, axis=1)

    def get_config(self):
        return {"units": self.units, "pieces": self.pieces}

# %% wrong="config_exchanged" diagnosis="arguments_exchanged"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.pieces, self.units), initializer="zeros")

    def call(self, inputs):
        return ops.max(ops.einsum("ni,kij->nkj", inputs, self.kernel) + self.bias, axis=1)

    def get_config(self):
        return super().get_config() | {"units": self.pieces, "pieces": self.units}

# %% wrong="other_weights_layout" diagnosis="raised"
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces=2, **options):
        super().__init__(**options)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units, self.pieces))
        self.bias = self.add_weight(shape=(self.units, self.pieces), initializer="zeros")

    def call(self, inputs):
        return ops.max(ops.einsum("ni,ijk->njk", inputs, self.kernel) + self.bias, axis=-1)

    def get_config(self):
        return super().get_config() | {"units": self.units, "pieces": self.pieces}

# %% [raw] equivalent=true
# self.kernel = self.add_weight(shape=(self.pieces, input_shape[-1], self.units)) => self.kernel = self.add_weight(shape=(self.pieces, input_shape[+1], self.units))
# In a shape of two axes, axis 1 is the last.
