# %% [markdown]
# Answers to `lstm_step`, each in the place of the whole solution cell.

# %% right="slices"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% right="one_gate_at_a_time"
def lstm_step(x, h, c, W, U, b, mask=None):
    blocks = zip(np.split(W, 4, axis=1), np.split(U, 4, axis=1), np.split(b, 4))
    i, f, g, o = (x.dot(w) + h.dot(u) + bias for w, u, bias in blocks)
    cell = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    state = np.tanh(cell) / (1 + np.exp(-o))
    if mask is None:
        return state, cell
    m = mask[:, np.newaxis].astype(float)
    return m * state + (1 - m) * h, m * cell + (1 - m) * c

# %% right="reshaped"
def lstm_step(x, h, c, W, U, b, mask=None):
    """The four blocks as an axis of their own."""
    batch, units = h.shape
    a = (np.hstack([x, h]) @ np.vstack([W, U]) + b).reshape(batch, 4, units)
    gates = sigmoid(a)
    cell = gates[:, 1] * c + gates[:, 0] * np.tanh(a[:, 2])
    state = gates[:, 3] * np.tanh(cell)
    real = np.ones(batch, bool) if mask is None else mask
    return np.where(real[:, None], state, h), np.where(real[:, None], cell, c)

# %% right="loops"
def lstm_step(x, h, c, W, U, b, mask=None):
    new_h, new_c = h.copy(), c.copy()
    n = h.shape[1]
    for row in range(len(x)):
        if mask is not None and not mask[row]:
            continue
        for k in range(n):
            i, f, g, o = (
                sum(x[row] * W[:, q * n + k]) + sum(h[row] * U[:, q * n + k]) + b[q * n + k] for q in range(4)
            )
            new_c[row, k] = sigmoid(f) * c[row, k] + sigmoid(i) * np.tanh(g)
            new_h[row, k] = sigmoid(o) * np.tanh(new_c[row, k])
    return new_h, new_c

# %% wrong="order_fico" diagnosis="input_and_forget_gate_exchanged"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    f = sigmoid(a[:, :n])
    i = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="order_ifoc" diagnosis="candidate_last"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    o = sigmoid(a[:, 2 * n : 3 * n])
    g = np.tanh(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="order_iofc" diagnosis="output_gate_second"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    o = sigmoid(a[:, n : 2 * n])
    f = sigmoid(a[:, 2 * n : 3 * n])
    g = np.tanh(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="order_icfo" diagnosis="candidate_second"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    g = np.tanh(a[:, n : 2 * n])
    f = sigmoid(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="order_cifo" diagnosis="candidate_first"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    g = np.tanh(a[:, :n])
    i = sigmoid(a[:, n : 2 * n])
    f = sigmoid(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="every_fourth" diagnosis="interleaved"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, 0::4])
    f = sigmoid(a[:, 1::4])
    g = np.tanh(a[:, 2::4])
    o = sigmoid(a[:, 3::4])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="sigmoid_candidate" diagnosis="candidate_by_sigmoid"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = sigmoid(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="bare_candidate" diagnosis="candidate_linear"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = a[:, 2 * n : 3 * n]
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="tanh_gates" diagnosis="gates_by_tanh"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = np.tanh(a[:, :n])
    f = np.tanh(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = np.tanh(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="no_tanh_at_the_end" diagnosis="bare_cell_shown"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * new_c
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="sigmoid_at_the_end" diagnosis="shown_by_sigmoid"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * sigmoid(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="no_o" diagnosis="no_output_gate"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="old_cell_out" diagnosis="old_cell_shown"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="of_1997" diagnosis="never_forgets"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="one_minus_f" diagnosis="forget_means_forget"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = (1 - f) * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="coupled" diagnosis="gates_coupled"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + (1 - f) * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="no_i" diagnosis="no_input_gate"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="i_and_f_exchanged" diagnosis="input_and_forget_gate_exchanged"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = i * c + f * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="h_for_c" diagnosis="state_in_the_cell"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * h + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="tanh_kept" diagnosis="cell_squashed"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = np.tanh(f * c + i * g)
    new_h = o * new_c
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="keras_bias_added_again" diagnosis="one_added_to_the_forget_gate"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n] + 1)
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="without_bias" diagnosis="bias_missing"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="without_state" diagnosis="no_recurrence"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="cell_returned_first" diagnosis="cell_first"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_c, new_h

# %% wrong="h_only" diagnosis="state_alone"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h

# %% wrong="forgot_the_mask" diagnosis="mask_ignored"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    return new_h, new_c

# %% wrong="mask_without_not" diagnosis="mask_inverted"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="cell_moves_on" diagnosis="cell_not_masked"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
    return new_h, new_c

# %% wrong="state_moves_on" diagnosis="state_not_masked"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_c[keep] = c[keep]
    return new_h, new_c

# %% wrong="zeros_for_padding" diagnosis="masked_to_zero"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = 0
        new_c[keep] = 0
    return new_h, new_c

# %% wrong="c_in_place" diagnosis="in_place"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    c *= f
    c += i * g
    new_c = c
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
    return new_h, new_c

# %% wrong="as_a_list" diagnosis="wrong_kind"
def lstm_step(x, h, c, W, U, b, mask=None):
    n = h.shape[1]
    a = x @ W + h @ U + b
    i = sigmoid(a[:, :n])
    f = sigmoid(a[:, n : 2 * n])
    g = np.tanh(a[:, 2 * n : 3 * n])
    o = sigmoid(a[:, 3 * n :])
    new_c = f * c + i * g
    new_h = o * np.tanh(new_c)
    if mask is not None:
        keep = ~mask
        new_h[keep] = h[keep]
        new_c[keep] = c[keep]
    return [new_h, new_c]

# %% wrong="tanh_of_the_product" diagnosis="gate_inside_the_tanh"
def lstm_step(x, h, c, W, U, b, mask=None):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)
    new_c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    new_h = np.tanh(sigmoid(o) * new_c)
    if mask is None:
        return new_h, new_c
    return np.where(mask[:, None], new_h, h), np.where(mask[:, None], new_c, c)
