# %% [markdown]
# Answers to `rnn_backward`, each in the place of the whole solution cell.

# %% right="one_loop"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% right="all_das_first"
def rnn_backward(dstates, x, states, W, U, window=None):
    """First the gradients at all the sums, then each weight's gradient in one product."""
    time = x.shape[1]
    window = time if window is None else window
    da = np.zeros(dstates.shape)
    for t in reversed(range(time)):
        da[:, t] = dstates[:, t]
        if t + 1 < time and (t + 1) % window:
            da[:, t] += da[:, t + 1] @ U.T
        da[:, t] *= 1 - states[:, t + 1] ** 2
    dW = np.einsum("btf,btu->fu", x, da)
    dU = np.einsum("btv,btu->vu", states[:, :-1], da)
    return da @ W.T, da[:, 0] @ U.T, dW, dU, da.sum(axis=(0, 1))

# %% right="piece_by_piece"
def rnn_backward(dstates, x, states, W, U, window=None):
    """Each piece of the sequence by itself, with the whole pass as the case of one piece."""
    time = x.shape[1]
    window = time if window is None else window
    slopes = 1 - np.square(states[:, 1:])
    dx, dW, dU, db = np.zeros_like(x), 0, 0, 0
    for start in range(0, time, window):
        back = np.zeros(states[:, 0].shape)
        for t in range(min(start + window, time) - 1, start - 1, -1):
            da = (dstates[:, t] + back) * slopes[:, t]
            dx[:, t] = da.dot(W.T)
            dW, dU, db = dW + x[:, t].T.dot(da), dU + states[:, t].T.dot(da), db + da.sum(0)
            back = da.dot(U.T)
        if start == 0:
            dh0 = back
    return dx, dh0, dW, dU, db

# %% right="by_each_output"
def rnn_backward(dstates, x, states, W, U, window=None):
    """The gradient of each output alone is followed back to the start of its piece, and all are added up."""
    time = x.shape[1]
    dx, dh0 = np.zeros(x.shape), np.zeros(states[:, 0].shape)
    dW, dU, db = np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))
    for s in range(time):
        start = 0 if window is None else s - s % window
        dh = dstates[:, s]
        for t in range(s, start - 1, -1):
            da = dh * (1 - states[:, t + 1] ** 2)
            dx[:, t] += np.einsum("bu,fu->bf", da, W)
            dW += np.einsum("bf,bu->fu", x[:, t], da)
            dU += np.einsum("bv,bu->vu", states[:, t], da)
            db += np.einsum("bu->u", da)
            dh = np.einsum("bu,vu->bv", da, U)
        if start == 0:
            dh0 += dh
    return dx, dh0, dW, dU, db

# %% wrong="no_tanh_slope" diagnosis="no_slope"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="slope_old" diagnosis="slope_of_the_old_state"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - old * old)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="tanh_twice" diagnosis="slope_of_tanh_of_state"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - np.tanh(new) ** 2)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="sigmoid_slope" diagnosis="slope_of_the_sigmoid"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (new * (1 - new))
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="flow_forgotten" diagnosis="nothing_flows_back"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t]
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="only_the_last" diagnosis="last_output_only"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow if t == time - 1 else flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="forward_matrix" diagnosis="recurrent_not_transposed"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U
    return dx, flow, dW, dU, db

# %% wrong="no_window" diagnosis="window_ignored"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="cut_at_multiples" diagnosis="cut_one_step_early"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and t % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="counted_backward" diagnosis="cut_from_the_end"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (time - 1 - t) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="stops_early" diagnosis="last_window_only"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = (0 if window and t < (time - 1) // window * window else dstates[:, t]) + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="each_looks_back" diagnosis="sliding_window"
def rnn_backward(dstates, x, states, W, U, window=None):
    time = x.shape[1]
    window = time if window is None else window
    dx, dh0 = np.zeros(x.shape), np.zeros(states[:, 0].shape)
    dW, dU, db = np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))
    for s in range(time):
        dh = dstates[:, s]
        for t in range(s, max(s - window, -1), -1):
            da = dh * (1 - states[:, t + 1] ** 2)
            dx[:, t] += da @ W.T
            dW += x[:, t].T @ da
            dU += states[:, t].T @ da
            db += da.sum(axis=0)
            dh = da @ U.T
            if t == 0:
                dh0 += dh
    return dx, dh0, dW, dU, db

# %% wrong="dh0_zero" diagnosis="first_state_cut"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow * (window is None), dW, dU, db

# %% wrong="new_state_at_the_matrix" diagnosis="state_after_the_step"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += new.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="transposed_gradient" diagnosis="recurrent_gradient_transposed"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += da.T @ old
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="assigned" diagnosis="weights_of_one_step"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW = x[:, t].T @ da
        dU = old.T @ da
        db = np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="at_the_end_only" diagnosis="weights_of_the_last_step"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        if t == time - 1:
            dW, dU, db = x[:, t].T @ da, old.T @ da, da.sum(axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="mean_over_batch" diagnosis="averaged_over_batch"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW / batch, dU / batch, db / batch

# %% wrong="mean_over_time" diagnosis="averaged_over_time"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW / time, dU / time, db / time

# %% wrong="da_returned" diagnosis="dh0_is_da"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, da, dW, dU, db

# %% wrong="weights_in_front" diagnosis="weights_first"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dW, dU, db, dx, flow

# %% wrong="dstates_changed" diagnosis="in_place"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dstates[:, t] += flow
        dnew = dstates[:, t]
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="forward_in_time" diagnosis="nothing_flows_back"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + 0 * flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="bias_keeps_the_batch" diagnosis="shape"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros((batch, units))
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += da
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="kernel_not_transposed" diagnosis="raised"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if window and (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% wrong="window_none" diagnosis="raised"
def rnn_backward(dstates, x, states, W, U, window=None):
    batch, time, features = x.shape
    units = U.shape[0]
    dx = np.zeros((batch, time, features))
    dW = np.zeros((features, units))
    dU = np.zeros((units, units))
    db = np.zeros(units)
    flow = np.zeros((batch, units))
    for t in range(time - 1, -1, -1):
        old, new = states[:, t], states[:, t + 1]
        if (t + 1) % window == 0:
            flow = np.zeros((batch, units))
        dnew = dstates[:, t] + flow
        da = dnew * (1 - new * new)
        dW += x[:, t].T @ da
        dU += old.T @ da
        db += np.sum(da, axis=0)
        dx[:, t] = da @ W.T
        flow = da @ U.T
    return dx, flow, dW, dU, db

# %% [raw] equivalent=true
# dx = np.zeros(x.shape) => dx = np.ones(x.shape)
# Every step of dx is assigned, so what it is made of does not matter.

# %% wrong="first_step_first" diagnosis="walked_forward"
def rnn_backward(dstates, x, states, W, U, window=None):
    dx, dW, dU, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))
    dh = np.zeros((len(x), len(U)))
    for t in range(x.shape[1]):
        if window is not None and (t + 1) % window == 0:
            dh = np.zeros_like(dh)
        da = (dstates[:, t] + dh) * (1 - states[:, t + 1] ** 2)
        dx[:, t] = da @ W.T
        dW += x[:, t].T @ da
        dU += states[:, t].T @ da
        db += da.sum(axis=0)
        dh = da @ U.T
    return dx, dh, dW, dU, db
