# %% [markdown]
# Answers to `dense_forward`, each in the place of the whole solution cell.

# %% right="einsum"
def dense_forward(x, weights, bias, activation=None):
    z = np.einsum("nd,dm->nm", x, weights) + bias[None, :]
    if activation is not None:
        z = activation(z)
    return z

# %% right="loops"
def dense_forward(x, weights, bias, activation=None):
    n, m = x.shape[0], weights.shape[1]
    z = np.zeros((n, m))
    for r in range(n):
        for j in range(m):
            total = bias[j]
            for i in range(x.shape[1]):
                total = total + x[r, i] * weights[i, j]
            z[r, j] = total
    return activation(z) if activation else z

# %% right="keras_float32"
from keras import ops

def dense_forward(x, weights, bias, activation=None):
    x, weights, bias = (ops.convert_to_tensor(a, dtype="float32") for a in (x, weights, bias))
    z = ops.convert_to_numpy(ops.add(ops.matmul(x, weights), bias))
    return z if activation is None else activation(z)

# %% right="ones_column"
def dense_forward(x, weights, bias, activation=None):
    wide = np.hstack([x, np.ones((len(x), 1))])
    z = wide @ np.vstack([weights, bias])
    return z if activation is None else activation(z)

# %% right="added_in_place_to_a_new_array"
def dense_forward(x, weights, bias, activation=None):
    z = np.dot(x, weights)
    z += bias
    if activation is None:
        return z
    return activation(z)

# %% wrong="forgot_bias" diagnosis="no_bias"
def dense_forward(x, weights, bias, activation=None):
    z = np.dot(x, weights)
    return activation(z) if activation else z

# %% wrong="weights_transposed" diagnosis="transposed_weights"
def dense_forward(x, weights, bias, activation=None):
    z = x @ weights.T + bias
    return z if activation is None else activation(z)

# %% wrong="column_bias" diagnosis="bias_down_the_column"
def dense_forward(x, weights, bias, activation=None):
    z = x @ weights + bias.reshape(-1, 1)
    return z if activation is None else activation(z)

# %% wrong="star" diagnosis="elementwise_product"
def dense_forward(x, weights, bias, activation=None):
    z = x * weights + bias
    return z if activation is None else activation(z)

# %% wrong="ignores_activation" diagnosis="activation_ignored"
def dense_forward(x, weights, bias, activation=None):
    return x @ weights + bias

# %% wrong="result_not_kept" diagnosis="activation_ignored"
def dense_forward(x, weights, bias, activation=None):
    z = x @ weights + bias
    if activation is not None:
        activation(z)
    return z

# %% wrong="bias_after_activation" diagnosis="activation_before_bias"
def dense_forward(x, weights, bias, activation=None):
    z = x @ weights
    if activation is not None:
        z = activation(z)
    return z + bias

# %% wrong="inputs_activated" diagnosis="activation_on_inputs"
def dense_forward(x, weights, bias, activation=None):
    if activation is not None:
        x = activation(x)
    return x @ weights + bias

# %% wrong="relu_always" diagnosis="always_relu"
def dense_forward(x, weights, bias, activation=None):
    return relu(x @ weights + bias)

# %% wrong="bias_summed" diagnosis="summed_bias"
def dense_forward(x, weights, bias, activation=None):
    z = x @ weights + np.sum(bias)
    return z if activation is None else activation(z)

# %% wrong="bias_minus" diagnosis="bias_subtracted"
def dense_forward(x, weights, bias, activation=None):
    z = x @ weights - bias
    return z if activation is None else activation(z)

# %% wrong="first_example" diagnosis="shape"
def dense_forward(x, weights, bias, activation=None):
    z = x[0] @ weights + bias
    return z if activation is None else activation(z)

# %% wrong="result_transposed" diagnosis="transposed"
def dense_forward(x, weights, bias, activation=None):
    z = (x @ weights + bias).T
    return z if activation is None else activation(z)

# %% wrong="no_return" diagnosis="missing_return"
def dense_forward(x, weights, bias, activation=None):
    z = x @ weights + bias
    if activation is not None:
        z = activation(z)

# %% wrong="one_unit_short" diagnosis="value"
def dense_forward(x, weights, bias, activation=None):
    z = np.zeros((len(x), weights.shape[1]))
    for j in range(weights.shape[1] - 1):
        z[:, j] = x @ weights[:, j] + bias[j]
    return z if activation is None else activation(z)
