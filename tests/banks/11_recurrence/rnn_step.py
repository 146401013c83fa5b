# %% [markdown]
# Answers to `rnn_step`, each in the place of the whole solution cell.

# %% right="plain"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = np.tanh(a)
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% right="loops"
def rnn_step(x, h, W, U, b, mask=None):
    batch, units = h.shape
    new_h = np.zeros((batch, units))
    for n in range(batch):
        for k in range(units):
            if mask is not None and not mask[n]:
                new_h[n, k] = h[n, k]
                continue
            total = b[k]
            for j in range(x.shape[1]):
                total += x[n, j] * W[j, k]
            for j in range(units):
                total += h[n, j] * U[j, k]
            new_h[n, k] = np.tanh(total)
    return new_h

# %% right="copy_then_fill"
def rnn_step(x, h, W, U, b, mask=None):
    real = slice(None) if mask is None else np.asarray(mask, bool)
    state = np.array(h, dtype=float)
    state[real] = np.tanh(np.einsum("nf,fu->nu", x[real], W) + np.einsum("nu,uv->nv", h[real], U) + b)
    return state

# %% right="one_matrix"
def rnn_step(x, h, W, U, b, mask=None):
    """Input and state side by side, and the two matrices on top of each other."""
    both = np.concatenate([x, h], axis=1)
    new_h = np.tanh(both @ np.vstack([W, U]) + b)
    if mask is None:
        return new_h
    share = mask.astype(float).reshape(-1, 1)
    return share * new_h + (1 - share) * h

# %% right="keras_ops"
from keras import ops

def rnn_step(x, h, W, U, b, mask=None):
    new_h = ops.tanh(ops.matmul(x, W) + ops.matmul(h, U) + b)
    if mask is not None:
        new_h = ops.where(ops.expand_dims(mask, -1), new_h, h)
    return ops.convert_to_numpy(new_h)

# %% wrong="linear" diagnosis="no_tanh"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = a
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% wrong="logistic" diagnosis="sigmoid_state"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = sigmoid(a)
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% wrong="rectified" diagnosis="relu_state"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = np.maximum(0, a)
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% wrong="no_bias" diagnosis="bias_missing"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U)
    new_h = np.tanh(a)
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% wrong="bias_last" diagnosis="bias_outside"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U)
    new_h = np.tanh(a) + b
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% wrong="input_only" diagnosis="no_recurrence"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + b
    new_h = np.tanh(a)
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% wrong="identity_recurrence" diagnosis="state_added"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + h + b
    new_h = np.tanh(a)
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% wrong="state_last" diagnosis="state_outside"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + b
    new_h = np.tanh(a) + np.dot(h, U)
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% wrong="tanh_each" diagnosis="two_tanhs"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + b
    new_h = np.tanh(a) + np.tanh(np.dot(h, U))
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% wrong="dot_of_transposed" diagnosis="recurrent_transposed"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U.T) + b
    new_h = np.tanh(a)
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% wrong="no_mask" diagnosis="mask_ignored"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = np.tanh(a)
    return new_h

# %% wrong="where_exchanged" diagnosis="mask_inverted"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = np.tanh(a)
    if mask is not None:
        new_h = np.where(mask[:, None], h, new_h)
    return new_h

# %% wrong="times_mask" diagnosis="masked_to_zero"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = np.tanh(a)
    if mask is not None:
        new_h = new_h * mask[:, None]
    return new_h

# %% wrong="input_times_mask" diagnosis="input_masked"
def rnn_step(x, h, W, U, b, mask=None):
    if mask is not None:
        x = x * mask[:, None]
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = np.tanh(a)
    return new_h

# %% wrong="all_of_them" diagnosis="all_or_nothing"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = np.tanh(a)
    if mask is not None:
        new_h = new_h if np.all(mask) else h
    return new_h

# %% wrong="any_of_them" diagnosis="any_is_enough"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = np.tanh(a)
    if mask is not None:
        new_h = new_h if np.any(mask) else h
    return new_h

# %% wrong="tanh_by_exponentials" diagnosis="not_finite"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)
    return new_h

# %% wrong="forgot_return" diagnosis="missing_return"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = np.tanh(a)
    if mask is not None:
        new_h = np.where(mask[:, None], new_h, h)

# %% wrong="writes_into_h" diagnosis="in_place"
def rnn_step(x, h, W, U, b, mask=None):
    new_h = np.tanh(x @ W + h @ U + b)
    if mask is None:
        return new_h
    h[mask] = new_h[mask]
    return h

# %% wrong="if_of_an_array" diagnosis="raised"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = np.tanh(a)
    if mask is not None:
        new_h = new_h if mask else h
    return new_h

# %% wrong="mask_along_units" diagnosis="shape"
def rnn_step(x, h, W, U, b, mask=None):
    a = np.dot(x, W) + np.dot(h, U) + b
    new_h = np.tanh(a)
    if mask is not None:
        new_h = np.where(mask[None, :], new_h, h)
    return new_h
