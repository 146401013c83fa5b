# %% [markdown]
# Answers to `logistic_gradient`, each in the place of the whole solution cell.

# %% right="loops"
def logistic_gradient(x, t, weights, bias):
    n, d = x.shape
    grad_weights, grad_bias = np.zeros(d), 0.0
    for i in range(n):
        z = sum(x[i, j] * weights[j] for j in range(d)) + bias
        p = sigmoid(np.array([z]))[0]
        for j in range(d):
            grad_weights[j] += (p - t[i]) * x[i, j] / n
        grad_bias += (p - t[i]) / n
    return grad_weights, grad_bias

# %% right="means_of_products"
def logistic_gradient(x, t, weights, bias):
    error = sigmoid(np.dot(x, weights) + bias) - t
    return np.mean(error[:, np.newaxis] * x, axis=0), np.mean(error)

# %% right="einsum_own_sigmoid"
def logistic_gradient(x, t, weights, bias):
    p = np.exp(-np.logaddexp(0, -(x @ weights + bias)))
    return np.einsum("n,nd->d", p - t, x) / x.shape[0], float((p - t).sum() / x.shape[0])

# %% right="column_of_ones"
def logistic_gradient(x, t, weights, bias):
    x1 = np.hstack([x, np.ones((len(x), 1))])
    gradient = -(t - sigmoid(x1 @ np.append(weights, bias))) @ x1 / len(x)
    return gradient[:-1], gradient[-1]

# %% right="keras_ops"
import keras

def logistic_gradient(x, t, weights, bias):
    ops = keras.ops
    x = ops.convert_to_tensor(x, dtype="float32")
    p = ops.sigmoid(ops.matmul(x, ops.cast(weights, "float32")) + ops.cast(bias, "float32"))
    error = p - ops.cast(t, "float32")
    return ops.mean(error[:, None] * x, axis=0), ops.mean(error)

# %% wrong="sums" diagnosis="sum_not_mean"
def logistic_gradient(x, t, weights, bias):
    error = sigmoid(x @ weights + bias) - t
    return x.T @ error, np.sum(error)

# %% wrong="sum_for_weights" diagnosis="weights_not_divided"
def logistic_gradient(x, t, weights, bias):
    error = sigmoid(x @ weights + bias) - t
    return error @ x, np.mean(error)

# %% wrong="sum_for_bias" diagnosis="bias_not_divided"
def logistic_gradient(x, t, weights, bias):
    error = sigmoid(x @ weights + bias) - t
    return x.T @ error / len(x), np.sum(error)

# %% wrong="t_minus_p" diagnosis="target_minus_prediction"
def logistic_gradient(x, t, weights, bias):
    error = t - sigmoid(x @ weights + bias)
    return x.T @ error / len(t), error.mean()

# %% wrong="linear_regression" diagnosis="no_sigmoid"
def logistic_gradient(x, t, weights, bias):
    error = (x @ weights + bias) - t
    return x.T @ error / len(t), error.mean()

# %% wrong="squared_loss" diagnosis="squared_error"
def logistic_gradient(x, t, weights, bias):
    p = sigmoid(x @ weights + bias)
    delta = (p - t) * p * (1 - p)
    return x.T @ delta / len(t), delta.mean()

# %% wrong="perceptron_error" diagnosis="hard_decision"
def logistic_gradient(x, t, weights, bias):
    error = np.where(x @ weights + bias >= 0, 1, 0) - t
    return x.T @ error / len(t), error.mean()

# %% wrong="z_without_bias" diagnosis="bias_left_out"
def logistic_gradient(x, t, weights, bias):
    error = sigmoid(x @ weights) - t
    return x.T @ error / len(t), error.mean()

# %% wrong="divided_by_d" diagnosis="divided_by_features"
def logistic_gradient(x, t, weights, bias):
    error = sigmoid(x @ weights + bias) - t
    return x.T @ error / len(weights), error.mean()

# %% wrong="mean_over_everything" diagnosis="mean_over_everything"
def logistic_gradient(x, t, weights, bias):
    error = sigmoid(x @ weights + bias) - t
    return np.mean(x * error[:, None]), error.mean()

# %% wrong="mean_over_inputs" diagnosis="wrong_axis"
def logistic_gradient(x, t, weights, bias):
    error = sigmoid(x @ weights + bias) - t
    return np.mean(x * error[:, None], axis=1), error.mean()

# %% wrong="weights_only" diagnosis="wrong_kind"
def logistic_gradient(x, t, weights, bias):
    error = sigmoid(x @ weights + bias) - t
    return x.T @ error / len(t)

# %% wrong="weights_updated" diagnosis="in_place"
def logistic_gradient(x, t, weights, bias):
    error = sigmoid(x @ weights + bias) - t
    gradient = x.T @ error / len(t)
    weights -= gradient
    return gradient, error.mean()

# %% wrong="bias_per_example" diagnosis="wrong_kind"
def logistic_gradient(x, t, weights, bias):
    error = sigmoid(x @ weights + bias) - t
    return x.T @ error / len(t), error

# %% wrong="naive_log_loss_derivative" diagnosis="not_finite"
def logistic_gradient(x, t, weights, bias):
    p = sigmoid(x @ weights + bias)
    with np.errstate(all="ignore"):
        slope = (-t / p + (1 - t) / (1 - p)) * p * (1 - p)
    return x.T @ slope / len(t), slope.mean()
