# %% [markdown]
# Answers to `lstm_backward`, each in the place of the whole solution cell.

# %% right="filled_in"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% right="one_sequence_at_a_time"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    dx, dh_prev, dc_prev = np.zeros(x.shape), np.array(dh), np.array(dc)
    dW, dU, db = np.zeros(W.shape), np.zeros(U.shape), np.zeros(b.shape)
    for k in range(len(x)):
        if mask is not None and not mask[k]:
            continue
        i, f, g, o = np.split(x[k] @ W + h[k] @ U + b, 4)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        shown = np.tanh(f * c[k] + i * g)
        d = dc[k] + dh[k] * o * (1 - shown * shown)
        da = np.concatenate(
            [d * g * (i - i * i), d * c[k] * (f - f * f), d * i * (1 - g * g), dh[k] * shown * (o - o * o)]
        )
        dx[k], dh_prev[k], dc_prev[k] = W @ da, U @ da, d * f
        dW += np.outer(x[k], da)
        dU += np.outer(h[k], da)
        db += da
    return dx, dh_prev, dc_prev, dW, dU, db

# %% right="stacked"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    """The blocks as an axis of their own; einsum sees to the transposes."""
    batch, n = h.shape
    real = np.ones((batch, 1)) if mask is None else mask.astype(float)[:, None]
    a = (x @ W + h @ U + b).reshape(batch, 4, n)
    y = sigmoid(a)
    y[:, 2] = np.tanh(a[:, 2])
    slopes = y * (1 - y)
    slopes[:, 2] = 1 - y[:, 2] ** 2
    s = np.tanh(y[:, 1] * c + y[:, 0] * y[:, 2])
    d = dc + dh * y[:, 3] * (1 - s**2)
    da = np.stack([d * y[:, 2], d * c, d * y[:, 0], dh * s], axis=1) * slopes * real[:, :, None]
    da = da.reshape(batch, 4 * n)
    dx = np.einsum("ba,fa->bf", da, W)
    dh_prev = np.einsum("ba,ua->bu", da, U) + (1 - real) * dh
    dc_prev = real * d * y[:, 1] + (1 - real) * dc
    return dx, dh_prev, dc_prev, np.einsum("bf,ba->fa", x, da), np.einsum("bu,ba->ua", h, da), np.einsum("ba->a", da)

# %% right="real_rows_only"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    """The padded sequences are left out of the whole computation."""
    rows = np.arange(len(x)) if mask is None else np.flatnonzero(mask)
    xs, hs, cs, dhs, dcs = x[rows], h[rows], c[rows], dh[rows], dc[rows]
    i, f, g, o = np.hsplit(xs @ W + hs @ U + b, 4)
    i, f, g, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), np.tanh(g), 1 / (1 + np.exp(-o))
    shown = np.tanh(f * cs + i * g)
    do = dhs * shown
    dnew = dcs + dhs * o / np.cosh(f * cs + i * g) ** 2
    df, di, dg = dnew * cs, dnew * g, dnew * i
    da = np.hstack([di * i * (1 - i), df * f * (1 - f), dg * (1 - g) * (1 + g), do * o * (1 - o)])
    dx, dh_prev, dc_prev = np.zeros(x.shape), dh.copy(), dc.copy()
    dx[rows], dh_prev[rows], dc_prev[rows] = da @ W.T, da @ U.T, dnew * f
    return dx, dh_prev, dc_prev, xs.T @ da, hs.T @ da, da.sum(0)

# %% wrong="only_dc" diagnosis="nothing_through_the_state"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="only_dh" diagnosis="nothing_from_later_steps"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="no_tanh_slope" diagnosis="cell_tanh_without_slope"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="slope_of_c" diagnosis="slope_at_the_bare_cell"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - new_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="slope_old_cell" diagnosis="slope_at_the_old_cell"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - np.tanh(c) ** 2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="no_o" diagnosis="output_gate_left_out"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="no_sigmoid_slopes" diagnosis="sigmoids_without_slope"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g
    da[:, n : 2 * n] = dcell * c
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="no_candidate_slope" diagnosis="candidate_without_slope"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="candidate_as_gate" diagnosis="candidate_like_a_gate"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * g * (1 - g)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="gates_as_candidate" diagnosis="gates_like_the_candidate"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * (1 - i**2)
    da[:, n : 2 * n] = dcell * c * (1 - f**2)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * (1 - o**2)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="new_cell_at_f" diagnosis="forget_gate_with_new_cell"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * new_c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="cell_at_o" diagnosis="output_gate_with_bare_cell"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * new_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="dcell_at_o" diagnosis="output_gate_from_the_cell"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dcell * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="dc_at_the_gates" diagnosis="gates_get_dc_alone"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dc * g * i * (1 - i)
    da[:, n : 2 * n] = dc * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dc * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="factors_exchanged" diagnosis="input_and_candidate_exchanged"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * i * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * g * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="no_f" diagnosis="forget_gate_left_out"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell.copy()
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="dc_times_f" diagnosis="dc_prev_without_the_state"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dc * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="o_before_g" diagnosis="other_order_of_gates"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 3 * n :] = dcell * i * (1 - g**2)
    da[:, 2 * n : 3 * n] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="f_before_i" diagnosis="forget_gate_first"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, n : 2 * n] = dcell * g * i * (1 - i)
    da[:, :n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="mean_over_batch" diagnosis="averaged"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da / len(x), h.T @ da / len(x), da.mean(axis=0)

# %% wrong="db_per_sequence" diagnosis="bias_not_summed"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da

# %% wrong="forgot_the_mask" diagnosis="mask_ignored"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool)
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="mask_without_not" diagnosis="mask_inverted"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="gradient_stopped" diagnosis="padding_stops_the_gradient"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = 0
    dc_prev[padded] = 0
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="padding_taught" diagnosis="weights_learn_from_padding"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="state_not_handed_on" diagnosis="cell_through_padding_only"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="total_handed_on" diagnosis="total_through_padding"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dcell[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="c_then_h" diagnosis="cell_before_state"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dc_prev, dh_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="weights_in_front" diagnosis="weights_first"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return x.T @ da, h.T @ da, da.sum(axis=0), da @ W.T, dh_prev, dc_prev

# %% wrong="dc_added_in_place" diagnosis="in_place"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    start = dc.copy()
    dc += dh * o * (1 - tanh_c**2)
    dcell = dc
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = start[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="state_kernel_not_transposed" diagnosis="raised"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da, da.sum(axis=0)

# %% wrong="forgot_the_bias_gradient" diagnosis="value"
def lstm_backward(dh, dc, x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i, f = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n])
    g, o = np.tanh(a[:, 2 * n : 3 * n]), sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    dcell = dc + dh * o * (1 - tanh_c**2)
    da = np.zeros(a.shape)
    da[:, :n] = dcell * g * i * (1 - i)
    da[:, n : 2 * n] = dcell * c * f * (1 - f)
    da[:, 2 * n : 3 * n] = dcell * i * (1 - g**2)
    da[:, 3 * n :] = dh * tanh_c * o * (1 - o)
    dc_prev = dcell * f
    padded = np.zeros(len(x), bool) if mask is None else ~mask
    da[padded] = 0
    dh_prev = da @ U.T
    dh_prev[padded] = dh[padded]
    dc_prev[padded] = dc[padded]
    return da @ W.T, dh_prev, dc_prev, x.T @ da, h.T @ da
