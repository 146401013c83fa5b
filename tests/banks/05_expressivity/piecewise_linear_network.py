# %% [markdown]
# Answers to `piecewise_linear_network`, each in the place of the whole solution cell.

# %% right="loop_over_knots"
def piecewise_linear_network(knots, values):
    m = len(knots)
    W2 = np.zeros((m, 1))
    previous = 0.0
    for i in range(m):
        slope = (values[i + 1] - values[i]) / (knots[i + 1] - knots[i]) if i + 1 < m else 0.0
        W2[i, 0] = slope - previous
        previous = slope
    return [(np.ones((1, m)), np.array([-float(k) for k in knots])), (W2, np.array([float(values[0])]))]

# %% right="from_the_right"
def piecewise_linear_network(knots, values):
    slopes = np.pad(np.diff(values) / np.diff(knots), 1)
    return [(-np.ones((1, len(knots))), np.array(knots, float)), (np.diff(slopes).reshape(-1, 1), np.array([values[-1]], float))]

# %% right="linear_system"
def piecewise_linear_network(knots, values):
    knots, values = np.asarray(knots, float), np.asarray(values, float)
    hidden = relu(knots[1:, None] - knots[:-1])
    first = np.linalg.solve(hidden, values[1:] - values[0])
    weights = np.append(first, -first.sum())
    return [(np.ones((1, len(knots))), -knots), (weights[:, None], values[:1].copy())]

# %% right="ramps"
def piecewise_linear_network(knots, values):
    knots = np.array(knots, dtype=float)
    rises = np.diff(values) / np.diff(knots)
    weights = np.zeros(len(knots))
    weights[:-1] += rises
    weights[1:] -= rises
    return [(np.ones((1, len(knots))), -knots), (weights[:, np.newaxis], np.full(1, float(values[0])))]

# %% wrong="the_lessons_network" diagnosis="goes_on_at_the_right"
def piecewise_linear_network(knots, values):
    slopes = np.diff(values) / np.diff(knots)
    bends = np.diff(np.append(0.0, slopes))
    return [(np.ones((1, len(bends))), -1.0 * knots[:-1]), (bends[:, None], np.array([values[0]]))]

# %% wrong="bias_zero" diagnosis="first_value_forgotten"
def piecewise_linear_network(knots, values):
    slopes = np.concatenate([[0.0], np.diff(values) / np.diff(knots), [0.0]])
    bends = np.diff(slopes)[:, None]
    return [(np.ones((1, len(knots))), -1.0 * knots), (bends, np.zeros(1))]

# %% wrong="slopes_as_weights" diagnosis="slopes_for_bends"
def piecewise_linear_network(knots, values):
    slopes = np.concatenate([[0.0], np.diff(values) / np.diff(knots), [0.0]])
    bends = slopes[1:, None]
    return [(np.ones((1, len(knots))), -1.0 * knots), (bends, np.array([values[0]]))]

# %% wrong="differences_of_values" diagnosis="spacing_forgotten"
def piecewise_linear_network(knots, values):
    slopes = np.concatenate([[0.0], np.diff(values), [0.0]])
    bends = np.diff(slopes)[:, None]
    return [(np.ones((1, len(knots))), -1.0 * knots), (bends, np.array([values[0]]))]

# %% wrong="one_spacing_for_all" diagnosis="equal_spacing"
def piecewise_linear_network(knots, values):
    slopes = np.concatenate([[0.0], np.diff(values) / (knots[1] - knots[0]), [0.0]])
    bends = np.diff(slopes)[:, None]
    return [(np.ones((1, len(knots))), -1.0 * knots), (bends, np.array([values[0]]))]

# %% wrong="plus_knots" diagnosis="biases_not_negated"
def piecewise_linear_network(knots, values):
    slopes = np.concatenate([[0.0], np.diff(values) / np.diff(knots), [0.0]])
    bends = np.diff(slopes)[:, None]
    return [(np.ones((1, len(knots))), 1.0 * knots), (bends, np.array([values[0]]))]

# %% wrong="before_minus_behind" diagnosis="bends_negated"
def piecewise_linear_network(knots, values):
    slopes = np.concatenate([[0.0], np.diff(values) / np.diff(knots), [0.0]])
    bends = (slopes[:-1] - slopes[1:])[:, None]
    return [(np.ones((1, len(knots))), -1.0 * knots), (bends, np.array([values[0]]))]

# %% wrong="inverse_slope" diagnosis="slope_upside_down"
def piecewise_linear_network(knots, values):
    slopes = np.concatenate([[0.0], np.diff(knots) / np.diff(values), [0.0]])
    bends = np.diff(slopes)[:, None]
    return [(np.ones((1, len(knots))), -1.0 * knots), (bends, np.array([values[0]]))]

# %% wrong="starts_with_the_last_value" diagnosis="last_value_for_bias"
def piecewise_linear_network(knots, values):
    slopes = np.concatenate([[0.0], np.diff(values) / np.diff(knots), [0.0]])
    bends = np.diff(slopes)[:, None]
    return [(np.ones((1, len(knots))), -1.0 * knots), (bends, np.array([values[-1]]))]

# %% wrong="steep_steps" diagnosis="staircase"
def piecewise_linear_network(knots, values):
    corners = np.concatenate([[k - 1e-7, k] for k in knots[1:]])
    jumps = np.repeat(np.diff(values), 2) * np.tile([1e7, -1e7], len(knots) - 1)
    return [(np.ones((1, len(corners))), -corners), (jumps[:, None], np.array([1.0 * values[0]]))]

# %% wrong="first_knot_left_out" diagnosis="shifted_bends"
def piecewise_linear_network(knots, values):
    slopes = np.concatenate([[0.0], np.diff(values) / np.diff(knots)])
    bends = np.diff(slopes)[:, None]
    return [(np.ones((1, len(knots) - 1)), -1.0 * knots[1:]), (bends, np.array([values[0]]))]

# %% wrong="mean_as_bias" diagnosis="mean_added"
def piecewise_linear_network(knots, values):
    slopes = np.concatenate([[0.0], np.diff(values) / np.diff(knots), [0.0]])
    bends = np.diff(slopes)[:, None]
    return [(np.ones((1, len(knots))), -1.0 * knots), (bends, np.array([np.mean(values)]))]

# %% wrong="a_hat_for_each_knot" diagnosis="too_large"
def piecewise_linear_network(knots, values):
    k, v = np.array(knots, float), np.array(values, float)
    corners, weights = [k[0]], [0.0]
    for i in range(len(k) - 1):
        slope = (v[i + 1] - v[i]) / (k[i + 1] - k[i])
        corners += [k[i], k[i + 1]]
        weights += [slope, -slope]
    return [(np.ones((1, len(corners))), -np.array(corners)), (np.array(weights)[:, None], v[:1])]

# %% wrong="no_unit_at_the_first_knot" diagnosis="first_slope_lost"
def piecewise_linear_network(knots, values):
    slopes = np.diff(values) / np.diff(knots)
    bends = np.diff(slopes, append=0)
    return [(np.ones((1, len(bends))), -knots[1:]), (bends[:, None], values[:1])]

# %% wrong="values_as_weights" diagnosis="values_for_bends"
def piecewise_linear_network(knots, values):
    return [(np.ones((1, len(knots))), -knots), (values[:, None], np.zeros(1))]
