# %% [markdown]
# Answers to `predict`, each in the place of the whole solution cell.

# %% right="one_line"
def predict(x, weights, bias):
    return np.where(np.dot(x, weights) + bias >= 0, 1, 0)

# %% right="loops"
def predict(x, weights, bias):
    answers = []
    for row in x:
        total = bias
        for x_j, w_j in zip(row, weights):
            total += x_j * w_j
        answers.append(1 if total >= 0 else 0)
    return np.array(answers)

# %% right="einsum_and_heaviside"
def predict(x, weights, bias):
    return np.heaviside(np.einsum("nd,d->n", x, weights) + bias, 1.0)

# %% right="booleans"
def predict(x, weights, bias):
    threshold = -bias
    return (x * weights).sum(axis=1) >= threshold

# %% right="bias_as_a_weight"
def predict(x, weights, bias):
    with_ones = np.column_stack([x, np.ones(len(x))])
    return 1 - (with_ones @ np.append(weights, bias) < 0)

# %% right="keras_float32"
from keras import ops

def predict(x, weights, bias):
    z = ops.matmul(x.astype("float32"), weights.astype("float32")) + float(bias)
    return ops.convert_to_numpy(ops.cast(z >= 0, "int32"))

# %% wrong="strict_comparison" diagnosis="tie_is_silent"
def predict(x, weights, bias):
    return (x @ weights + bias > 0).astype(int)

# %% wrong="rounded_sigmoid" diagnosis="tie_is_silent"
def predict(x, weights, bias):
    p = (1 + np.tanh((x @ weights + bias) / 2)) / 2
    return np.round(p).astype(int)

# %% wrong="bias_forgotten" diagnosis="no_bias"
def predict(x, weights, bias):
    return (x @ weights >= 0).astype(int)

# %% wrong="bias_subtracted" diagnosis="bias_as_threshold"
def predict(x, weights, bias):
    return (x @ weights >= bias).astype(int)

# %% wrong="no_threshold" diagnosis="raw_sum"
def predict(x, weights, bias):
    return x @ weights + bias

# %% wrong="sign" diagnosis="plus_minus"
def predict(x, weights, bias):
    return np.where(x @ weights + bias >= 0, 1, -1)

# %% wrong="turned_round" diagnosis="inverted"
def predict(x, weights, bias):
    z = x @ weights + bias
    return (z <= -1e-300).astype(int)

# %% wrong="half" diagnosis="threshold_half"
def predict(x, weights, bias):
    return np.where(x @ weights + bias >= 0.5, 1, 0)

# %% wrong="no_return" diagnosis="missing_return"
def predict(x, weights, bias):
    answers = (x @ weights + bias >= 0).astype(int)

# %% wrong="one_answer_for_all" diagnosis="wrong_kind"
def predict(x, weights, bias):
    return int(np.sum(x * weights) + bias >= 0)

# %% wrong="column" diagnosis="shape"
def predict(x, weights, bias):
    return (x @ weights.reshape(-1, 1) + bias >= 0).astype(int)

# %% wrong="a_list" diagnosis="wrong_kind"
def predict(x, weights, bias):
    return [int(row @ weights + bias >= 0) for row in x]

# %% wrong="transposed" diagnosis="raised"
def predict(x, weights, bias):
    return (weights @ x + bias >= 0).astype(int)

# %% wrong="summed_over_examples" diagnosis="raised"
def predict(x, weights, bias):
    return (x.sum(axis=0) * weights + bias + np.zeros(len(x)) >= 0).astype(int)

# %% wrong="int_of_an_array" diagnosis="raised"
def predict(x, weights, bias):
    return int(x @ weights + bias >= 0)

# %% wrong="hard_coded_visible" diagnosis="value"
def predict(x, weights, bias):
    if len(x) == 4:
        return np.array([0, 0, 0, 1]) if bias == -1.5 else np.array([0, 1, 1, 1])
    return np.zeros(len(x), int)
