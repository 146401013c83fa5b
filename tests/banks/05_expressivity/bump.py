# %% [markdown]
# Answers to `bump`, each in the place of the whole solution cell.

# %% right="unit_by_unit"
def bump(left, right, height, rise):
    slope = height / rise
    corners, weights = [], []
    for corner, weight in [(left, slope), (left + rise, -slope), (right - rise, -slope), (right, slope)]:
        corners.append(-corner)
        weights.append([weight])
    return [(np.array([[1.0, 1.0, 1.0, 1.0]]), np.array(corners)), (np.array(weights), np.array([0.0]))]

# %% right="difference_of_two_ramps"
def bump(left, right, height, rise):
    W1 = np.full((1, 4), 1 / rise)
    b1 = np.array([-left / rise, -(left + rise) / rise, -(right - rise) / rise, -right / rise])
    ramps = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    W2 = height * (ramps[:, :1] - ramps[:, 1:])
    return [(W1, b1), (W2, np.zeros(1))]

# %% right="seen_from_the_right"
def bump(left, right, height, rise):
    corners = np.array([right, right - rise, left + rise, left])
    W = -np.ones((1, 4))
    s = height / rise
    return [(W, corners.astype(float)), (np.array([[s], [-s], [-s], [s]]), np.zeros((1,)))]

# %% right="scaled_inside"
def bump(left, right, height, rise):
    corners = np.asarray([left, left + rise, right - rise, right], dtype=float)
    scale = abs(height) / rise
    signs = np.sign(height) * np.array([1, -1, -1, 1])
    return [(scale * np.ones((1, 4)), -scale * corners), (signs.reshape(4, 1), np.zeros(1))]

# %% wrong="height_for_slope" diagnosis="slope_not_divided"
def bump(left, right, height, rise):
    corners = np.array([left, left + rise, right - rise, right])
    bends = height * np.array([[1.0], [-1.0], [-1.0], [1.0]])
    return [(np.ones((1, 4)), -corners), (bends, np.zeros(1))]

# %% wrong="height_one" diagnosis="height_ignored"
def bump(left, right, height, rise):
    corners = np.array([left, left + rise, right - rise, right])
    bends = 1 / rise * np.array([[1.0], [-1.0], [-1.0], [1.0]])
    return [(np.ones((1, 4)), -corners), (bends, np.zeros(1))]

# %% wrong="three_units" diagnosis="never_comes_back"
def bump(left, right, height, rise):
    corners = np.array([left, left + rise, right - rise])
    bends = height / rise * np.array([[1.0], [-1.0], [-1.0]])
    return [(np.ones((1, 3)), -corners), (bends, np.zeros(1))]

# %% wrong="only_a_ramp" diagnosis="stays_up"
def bump(left, right, height, rise):
    bends = height / rise * np.array([[1.0], [-1.0]])
    return [(np.ones((1, 2)), -np.array([left, left + rise])), (bends, np.zeros(1))]

# %% wrong="rises_before_left" diagnosis="slopes_outside"
def bump(left, right, height, rise):
    corners = np.array([left - rise, left, right, right + rise])
    bends = height / rise * np.array([[1.0], [-1.0], [-1.0], [1.0]])
    return [(np.ones((1, 4)), -corners), (bends, np.zeros(1))]

# %% wrong="half_a_rise" diagnosis="slopes_centered"
def bump(left, right, height, rise):
    corners = np.array([left - rise / 2, left + rise / 2, right - rise / 2, right + rise / 2])
    bends = height / rise * np.array([[1.0], [-1.0], [-1.0], [1.0]])
    return [(np.ones((1, 4)), -corners), (bends, np.zeros(1))]

# %% wrong="plus_corners" diagnosis="biases_not_negated"
def bump(left, right, height, rise):
    corners = np.array([left, left + rise, right - rise, right])
    bends = height / rise * np.array([[1.0], [-1.0], [-1.0], [1.0]])
    return [(np.ones((1, 4)), corners), (bends, np.zeros(1))]

# %% wrong="plus_minus_plus_minus" diagnosis="signs_alternate"
def bump(left, right, height, rise):
    corners = np.array([left, left + rise, right - rise, right])
    bends = height / rise * np.array([[1.0], [-1.0], [1.0], [-1.0]])
    return [(np.ones((1, 4)), -corners), (bends, np.zeros(1))]

# %% wrong="hollow" diagnosis="upside_down"
def bump(left, right, height, rise):
    corners = np.array([left, left + rise, right - rise, right])
    bends = height / rise * np.array([[-1.0], [1.0], [1.0], [-1.0]])
    return [(np.ones((1, 4)), -corners), (bends, np.zeros(1))]

# %% wrong="hat" diagnosis="pointed"
def bump(left, right, height, rise):
    middle = (left + right) / 2
    slope = height / (middle - left)
    return [(np.ones((1, 3)), -np.array([left, middle, right])), (slope * np.array([[1.0], [-2.0], [1.0]]), np.zeros(1))]

# %% wrong="slope_by_the_whole_width" diagnosis="whole_width_for_rise"
def bump(left, right, height, rise):
    corners = np.array([left, left + rise, right - rise, right])
    bends = height / (right - left) * np.array([[1.0], [-1.0], [-1.0], [1.0]])
    return [(np.ones((1, 4)), -corners), (bends, np.zeros(1))]

# %% wrong="two_hidden_layers" diagnosis="too_large"
def bump(left, right, height, rise):
    corners = np.array([left, left + rise, right - rise, right])
    bends = height / rise * np.array([[1.0], [-1.0], [-1.0], [1.0]])
    both = np.hstack([bends, -bends])
    return [(np.ones((1, 4)), -corners), (both, np.zeros(2)), (np.array([[1.0], [-1.0]]), np.zeros(1))]

# %% wrong="falls_behind_right" diagnosis="right_slope_outside"
def bump(left, right, height, rise):
    corners = np.array([left, left + rise, right, right + rise])
    bends = height / rise * np.array([[1.0], [-1.0], [-1.0], [1.0]])
    return [(np.ones((1, 4)), -corners), (bends, np.zeros(1))]

# %% [raw] equivalent=true
# bends = height / rise * np.array([[1.0], [-1.0], [-1.0], [1.0]]) => bends = height / rise / np.array([[1.0], [-1.0], [-1.0], [1.0]])
# Dividing by 1 or -1 is multiplying by it.
