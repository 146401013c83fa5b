# %% [markdown]
# Answers to `gru_step`, each in the place of the whole solution cell.

# %% right="slices"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% right="two_functions"
def _after(x, h, W, U, b):
    a, s = np.split(x @ W + b[0], 3, axis=-1), np.split(h @ U + b[1], 3, axis=-1)
    z, r = 1 / (1 + np.exp(-a[0] - s[0])), 1 / (1 + np.exp(-a[1] - s[1]))
    g = np.tanh(a[2] + r * s[2])
    return g + z * (h - g)

def _before(x, h, W, U, b):
    n = h.shape[1]
    a = x @ W + b
    gates = 1 / (1 + np.exp(-(a[:, : 2 * n] + h @ U[:, : 2 * n])))
    g = np.tanh(a[:, 2 * n :] + (gates[:, n:] * h) @ U[:, 2 * n :])
    return g + gates[:, :n] * (h - g)

def gru_step(x, h, W, U, b, reset_after=True):
    return (_after if reset_after else _before)(x, h, W, U, b)

# %% right="loops"
def gru_step(x, h, W, U, b, reset_after=True):
    batch, n = h.shape
    b = np.reshape(b, (-1, 3, n))
    W, U = W.reshape(-1, 3, n), U.reshape(n, 3, n)
    new = np.zeros((batch, n))
    for k in range(batch):
        a = np.einsum("f,fqu->qu", x[k], W) + b[0]
        s = np.einsum("v,vqu->qu", h[k], U)
        if reset_after:
            s = s + b[1]
        z, r = sigmoid(a[0] + s[0]), sigmoid(a[1] + s[1])
        for u in range(n):
            inner = r[u] * s[2, u] if reset_after else sum(r[v] * h[k, v] * U[v, 2, u] for v in range(n))
            new[k, u] = z[u] * h[k, u] + (1 - z[u]) * np.tanh(a[2, u] + inner)
    return new

# %% right="keras_ops"
from keras import ops

def gru_step(x, h, W, U, b, reset_after=True):
    b = np.array(b)
    if not reset_after:
        b = np.stack([b, np.zeros_like(b)])
    xz, xr, xg = ops.split(ops.matmul(x, W) + b[0], 3, axis=1)
    Uz, Ur, Ug = np.split(U, 3, axis=1)
    bz, br, bg = np.split(b[1], 3)
    z = ops.sigmoid(xz + ops.matmul(h, Uz) + bz)
    r = ops.sigmoid(xr + ops.matmul(h, Ur) + br)
    state = r * (ops.matmul(h, Ug) + bg) if reset_after else ops.matmul(r * h, Ug)
    return ops.convert_to_numpy(z * h + (1 - z) * ops.tanh(xg + state))

# %% wrong="other_way_round" diagnosis="z_lets_in"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return (1 - z) * h + z * g

# %% wrong="r_then_z" diagnosis="reset_gate_first"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wr, Wz, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Ur, Uz, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[n : 2 * n] + h @ Uz + second[n : 2 * n])
    r = sigmoid(x @ Wr + first[:n] + h @ Ur + second[:n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="g_then_gates" diagnosis="candidate_first"
def gru_step(x, h, W, U, b, reset_after=True):
    b_x, b_h = b if reset_after else (b, 0 * b)
    ag, az, ar = np.split(x @ W + b_x, 3, axis=1)
    sg, sz, sr = np.split(h @ U + b_h, 3, axis=1)
    z, r = sigmoid(az + sz), sigmoid(ar + sr)
    if not reset_after:
        sg = (r * h) @ U[:, : h.shape[1]]
    g = np.tanh(ag + (r * sg if reset_after else sg))
    return z * h + (1 - z) * g

# %% wrong="g_between" diagnosis="candidate_second"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    b_x, b_h = b if reset_after else (b, 0 * b)
    az, ag, ar = np.split(x @ W + b_x, 3, axis=1)
    sz, sg, sr = np.split(h @ U + b_h, 3, axis=1)
    z, r = sigmoid(az + sz), sigmoid(ar + sr)
    if not reset_after:
        sg = (r * h) @ U[:, n : 2 * n]
    g = np.tanh(ag + (r * sg if reset_after else sg))
    return z * h + (1 - z) * g

# %% wrong="after_in_both" diagnosis="always_after"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = r * (h @ Ug)
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="before_in_both" diagnosis="always_before"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = (r * h) @ Ug + second[2 * n :]
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="bias_and_state_reset" diagnosis="before_with_the_bias_reset"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = (r * h) @ Ug + r * second[2 * n :]
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="exchanged" diagnosis="versions_exchanged"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = (r * h) @ Ug + second[2 * n :]
    else:
        from_state = r * (h @ Ug)
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="bias_left_alone" diagnosis="bias_not_reset"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug) + second[2 * n :]
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="one_bias" diagnosis="second_bias_missing"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="no_second_in_g" diagnosis="second_bias_of_candidate_missing"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug)
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="rows_exchanged" diagnosis="biases_exchanged"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[1] if reset_after else b
    second = b[0] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="sum_of_biases" diagnosis="bias_not_reset"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] + b[1] if reset_after else b
    second = np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="r_unused" diagnosis="no_reset"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = h @ Ug + second[2 * n :]
    else:
        from_state = h @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="u_unused" diagnosis="reset_without_matrix"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h + second[2 * n :])
    else:
        from_state = r * h
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="one_minus_r" diagnosis="reset_means_reset"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = (1 - r) * (h @ Ug + second[2 * n :])
    else:
        from_state = ((1 - r) * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="g_returned" diagnosis="candidate_alone"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return g

# %% wrong="g_added" diagnosis="candidate_added"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + g

# %% wrong="h_added" diagnosis="old_state_added"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return h + (1 - z) * g

# %% wrong="tanh_of_all" diagnosis="tanh_at_the_end"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return np.tanh(z * h + (1 - z) * g)

# %% wrong="sigmoid_candidate" diagnosis="candidate_by_sigmoid"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = sigmoid(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="bare_candidate" diagnosis="candidate_linear"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = (x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="gates_of_x" diagnosis="gates_ignore_the_state"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="h_changed" diagnosis="in_place"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0] if reset_after else b
    second = b[1] if reset_after else np.zeros(3 * n)
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    h *= z
    h += (1 - z) * g
    return h

# %% wrong="after_only" diagnosis="raised"
def gru_step(x, h, W, U, b, reset_after=True):
    n = h.shape[1]
    Wz, Wr, Wg = W[:, :n], W[:, n : 2 * n], W[:, 2 * n :]
    Uz, Ur, Ug = U[:, :n], U[:, n : 2 * n], U[:, 2 * n :]
    first = b[0]
    second = b[1]
    z = sigmoid(x @ Wz + first[:n] + h @ Uz + second[:n])
    r = sigmoid(x @ Wr + first[n : 2 * n] + h @ Ur + second[n : 2 * n])
    if reset_after:
        from_state = r * (h @ Ug + second[2 * n :])
    else:
        from_state = (r * h) @ Ug
    g = np.tanh(x @ Wg + first[2 * n :] + from_state)
    return z * h + (1 - z) * g

# %% wrong="second_bias_in_the_candidate_only" diagnosis="second_bias_of_gates_missing"
def gru_step(x, h, W, U, b, reset_after=True):
    first = b[0] if reset_after else b
    Uz, Ur, Ug = np.split(U, 3, axis=1)
    xz, xr, xg = np.split(x @ W + first, 3, axis=1)
    z, r = sigmoid(xz + h @ Uz), sigmoid(xr + h @ Ur)
    if reset_after:
        g = np.tanh(xg + r * (h @ Ug + b[1, 2 * h.shape[1] :]))
    else:
        g = np.tanh(xg + (r * h) @ Ug)
    return z * h + (1 - z) * g
