# %% [markdown]
# Answers to `narrow_deep_network`, each in the place of the whole solution cell.

# %% right="one_matrix_at_a_time"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    n_in, units = W.shape
    deep = []
    for i in range(units):
        rows = n_in if i == 0 else n_in + 2
        V, bias = np.zeros((rows, n_in + 2)), np.zeros(n_in + 2)
        for k in range(n_in):
            V[k, k] = 1.0
            V[k, n_in] = W[k, i]
        if i == 0:
            bias[:n_in] = -low
            bias[n_in] = b[0]
            bias[n_in + 1] = bound
        else:
            bias[n_in] = b[i] + low * np.sum(W[:, i])
            V[n_in, n_in + 1] = last[i - 1, 0]
            V[n_in + 1, n_in + 1] = 1.0
        deep.append((V, bias))
    end = np.zeros((n_in + 2, 1))
    end[n_in, 0], end[n_in + 1, 0] = last[-1, 0], 1.0
    deep.append((end, np.array([c[0] - bound])))
    return deep

# %% right="carries_high_minus_x"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    eye = np.eye(d)
    first = np.concatenate([-eye, W[:, [0]], np.zeros((d, 1))], axis=1)
    deep = [(first, np.concatenate([np.full(d, float(high)), [b[0], bound]]))]
    for i in range(1, n):
        top = np.concatenate([eye, -W[:, [i]], np.zeros((d, 1))], axis=1)
        unit = np.zeros((1, d + 2))
        unit[0, -1] = last[i - 1, 0]
        total = np.zeros((1, d + 2))
        total[0, -1] = 1.0
        bias = np.zeros(d + 2)
        bias[d] = b[i] + high * W[:, i].sum()
        deep.append((np.concatenate([top, unit, total]), bias))
    end = np.append(np.zeros(d), [last[n - 1, 0], 1.0]).reshape(-1, 1)
    return deep + [(end, c - bound)]

# %% right="units_in_reverse"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    W, b, last = W[:, ::-1], b[::-1], last[::-1]
    d, n = W.shape
    safe = 3 * bound + 1.0
    deep = []
    for i in range(n):
        V = np.vstack([np.hstack([np.eye(d), W[:, [i]], np.zeros((d, 1))]), np.zeros((2, d + 2))])
        bias = np.zeros(d + 2)
        if i == 0:
            V = V[:d]
            bias[:d], bias[d], bias[d + 1] = -low, b[0], safe
        else:
            V[-2:, -1] = [last[i - 1, 0], 1.0]
            bias[d] = b[i] + low * W[:, i].sum()
        deep.append((V, bias))
    return [*deep, (np.vstack([np.zeros((d, 1)), last[-1:], [[1.0]]]), c - safe)]

# %% right="sum_first"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    layers = [(np.hstack([np.zeros((d, 1)), W[:, :1], np.eye(d)]), np.r_[bound, b[0], -low * np.ones(d)])]
    for i in range(1, n):
        V = np.zeros((d + 2, d + 2))
        V[0, 0], V[1, 0] = 1, last[i - 1, 0]
        V[2:, 1] = W[:, i]
        V[2:, 2:] = np.eye(d)
        layers.append((V, np.r_[0, b[i] + low * W[:, i].sum(), np.zeros(d)]))
    layers.append((np.r_[1, last[n - 1, 0], np.zeros(d)][:, None], c - bound))
    return layers

# %% wrong="no_bound" diagnosis="sum_cut_off"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), b[:1], [0.0]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d] = np.eye(d)
        V[:d, d] = W[:, i]
        bias[d] = b[i] + low * W[:, i].sum()
        V[d, d + 1] = last[i - 1, 0]
        V[d + 1, d + 1] = 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [1.0]])[:, None]
    return [*deep, (end, c + 0.0)]

# %% wrong="bias_as_it_was" diagnosis="low_not_made_up"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), b[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d] = np.eye(d)
        V[:d, d] = W[:, i]
        bias[d] = b[i]
        V[d, d + 1] = last[i - 1, 0]
        V[d + 1, d + 1] = 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [1.0]])[:, None]
    return [*deep, (end, c - bound)]

# %% wrong="x_carried" diagnosis="input_cut_off"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.zeros(d), b[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d] = np.eye(d)
        V[:d, d] = W[:, i]
        bias[d] = b[i]
        V[d, d + 1] = last[i - 1, 0]
        V[d + 1, d + 1] = 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [1.0]])[:, None]
    return [*deep, (end, c - bound)]

# %% wrong="bound_not_taken_away" diagnosis="bound_left_in"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), b[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d] = np.eye(d)
        V[:d, d] = W[:, i]
        bias[d] = b[i] + low * W[:, i].sum()
        V[d, d + 1] = last[i - 1, 0]
        V[d + 1, d + 1] = 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [1.0]])[:, None]
    return [*deep, (end, c)]

# %% wrong="no_output_bias" diagnosis="output_bias_lost"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), b[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d] = np.eye(d)
        V[:d, d] = W[:, i]
        bias[d] = b[i] + low * W[:, i].sum()
        V[d, d + 1] = last[i - 1, 0]
        V[d + 1, d + 1] = 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [1.0]])[:, None]
    return [*deep, (end, np.array([-bound]))]

# %% wrong="end_without_the_unit" diagnosis="last_unit_lost"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), b[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d] = np.eye(d)
        V[:d, d] = W[:, i]
        bias[d] = b[i] + low * W[:, i].sum()
        V[d, d + 1] = last[i - 1, 0]
        V[d + 1, d + 1] = 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), [0.0], [1.0]])[:, None]
    return [*deep, (end, c - bound)]

# %% wrong="sum_starts_late" diagnosis="first_unit_lost"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), b[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d] = np.eye(d)
        V[:d, d] = W[:, i]
        bias[d] = b[i] + low * W[:, i].sum()
        V[d, d + 1] = last[i - 1, 0] if i > 1 else 0.0
        V[d + 1, d + 1] = 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [1.0]])[:, None]
    return [*deep, (end, c - bound)]

# %% wrong="sum_not_carried" diagnosis="only_the_last_unit"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), b[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d] = np.eye(d)
        V[:d, d] = W[:, i]
        bias[d] = b[i] + low * W[:, i].sum()
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [0.0]])[:, None]
    return [*deep, (end, c + 0.0)]

# %% wrong="units_unweighted" diagnosis="weights_not_used"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), b[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d] = np.eye(d)
        V[:d, d] = W[:, i]
        bias[d] = b[i] + low * W[:, i].sum()
        V[d, d + 1] = 1.0
        V[d + 1, d + 1] = 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), [1.0], [1.0]])[:, None]
    return [*deep, (end, c - bound)]

# %% wrong="weight_of_the_next_unit" diagnosis="weights_one_late"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), b[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d] = np.eye(d)
        V[:d, d] = W[:, i]
        bias[d] = b[i] + low * W[:, i].sum()
        V[d, d + 1] = last[i, 0]
        V[d + 1, d + 1] = 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [1.0]])[:, None]
    return [*deep, (end, c - bound)]

# %% wrong="left_wide" diagnosis="too_wide"
def narrow_deep_network(params, low, high, bound):
    return [(W.copy(), b.copy()) for W, b in params]

# %% wrong="two_units_at_a_time" diagnosis="too_wide"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    layers = [(np.hstack([np.eye(d), W[:, :1], np.zeros((d, 2))]), np.concatenate([np.full(d, -low), b[:1], [bound, 0.0]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 3, d + 3)), np.zeros(d + 3)
        V[:d, :d], V[:d, d], bias[d] = np.eye(d), W[:, i], b[i] + low * W[:, i].sum()
        V[d, d + 1], V[d + 1, d + 1] = last[i - 1, 0], 1.0
        layers.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [1.0, 0.0]])[:, None]
    return [*layers, (end, c - bound)]

# %% wrong="all_biases_alike" diagnosis="low_in_the_first_layer_too"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    shifted = b + low * W.sum(axis=0)
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), shifted[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d], V[:d, d], bias[d] = np.eye(d), W[:, i], shifted[i]
        V[d, d + 1], V[d + 1, d + 1] = last[i - 1, 0], 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [1.0]])[:, None]
    return [*deep, (end, c - bound)]

# %% wrong="minus_low" diagnosis="low_taken_away"
def narrow_deep_network(params, low, high, bound):
    (W, b), (last, c) = params
    d, n = W.shape
    shifted = b - low * W.sum(axis=0)
    first = np.hstack([np.eye(d), W[:, :1], np.zeros((d, 1))])
    deep = [(first, np.concatenate([np.full(d, -low), b[:1], [bound]]))]
    for i in range(1, n):
        V, bias = np.zeros((d + 2, d + 2)), np.zeros(d + 2)
        V[:d, :d], V[:d, d], bias[d] = np.eye(d), W[:, i], shifted[i]
        V[d, d + 1], V[d + 1, d + 1] = last[i - 1, 0], 1.0
        deep.append((V, bias))
    end = np.concatenate([np.zeros(d), last[-1], [1.0]])[:, None]
    return [*deep, (end, c - bound)]
