# %% [markdown]
# Answers to `sawtooth`, each in the place of the whole solution cell.

# %% right="two_sided_list"
def sawtooth(depth):
    last = np.array([3.0, -6.0, 6.0]).reshape(3, 1)
    bias = np.array([0.0, -1 / 3, -2 / 3])
    params = [(np.ones((1, 3)), bias)]
    for _ in range(depth - 1):
        params.append((np.hstack([last, last, last]), bias.copy()))
    params.append((last, np.array([0.0])))
    return params

# %% right="scaled_units"
def sawtooth(depth):
    first, bias = np.array([[3.0, 6.0, 6.0]]), np.array([0.0, -2.0, -4.0])
    last = np.array([[1.0], [-1.0], [1.0]])
    params, incoming = [], first
    for layer in range(depth):
        params.append((incoming, bias))
        incoming = last @ first
    return params + [(last, np.zeros(1))]

# %% right="mirrored"
def sawtooth(depth):
    first, bias = -np.ones((1, 3)), np.array([1.0, 2 / 3, 1 / 3])
    last, offset = np.array([[-3.0], [6.0], [-6.0]]), 1.0
    params = [(first, bias)]
    for _ in range(1, depth):
        params.append((last @ first, bias + offset * first[0]))
    return [*params, (last, np.array([offset]))]

# %% right="recursive"
def sawtooth(depth):
    last = np.array([[3.0], [-6.0], [6.0]])
    bias = -np.arange(3) / 3
    if depth == 1:
        return [(np.ones((1, 3)), bias), (last, np.zeros(1))]
    inner = sawtooth(depth - 1)
    W, c = inner[-1]
    return inner[:-1] + [(W @ np.ones((1, 3)), c + bias), (last, np.zeros(1))]

# %% wrong="folds_in_two" diagnosis="tent_of_the_lesson"
def sawtooth(depth):
    first, bias, last = np.ones((1, 2)), np.array([0.0, -0.5]), np.array([[2.0], [-4.0]])
    return [(first, bias)] + [(last @ first, bias)] * (depth - 1) + [(last, np.zeros(1))]

# %% wrong="two_units" diagnosis="third_piece_missing"
def sawtooth(depth):
    first, bias, last = np.ones((1, 2)), np.array([0.0, -1 / 3]), np.array([[3.0], [-6.0]])
    return [(first, bias)] + [(last @ first, bias)] * (depth - 1) + [(last, np.zeros(1))]

# %% wrong="three_minus_three" diagnosis="bends_for_slopes"
def sawtooth(depth):
    first, bias = np.ones((1, 3)), -np.array([0, 1 / 3, 2 / 3])
    last = np.array([[3.0], [-3.0], [3.0]])
    return [(first, bias)] + [(last @ first, bias)] * (depth - 1) + [(last, np.zeros(1))]

# %% wrong="quarters" diagnosis="corners_in_quarters"
def sawtooth(depth):
    first, bias = np.ones((1, 3)), -np.array([0, 1 / 4, 1 / 2])
    last = np.array([[3.0], [-6.0], [6.0]])
    return [(first, bias)] + [(last @ first, bias)] * (depth - 1) + [(last, np.zeros(1))]

# %% wrong="depth_minus_one" diagnosis="one_too_few"
def sawtooth(depth):
    first, bias = np.ones((1, 3)), -np.array([0, 1 / 3, 2 / 3])
    last = np.array([[3.0], [-6.0], [6.0]])
    if depth == 1:
        return [(np.array([[1.0]]), np.zeros(1)), (np.array([[1.0]]), np.zeros(1))]
    return [(first, bias)] + [(last @ first, bias)] * (depth - 2) + [(last, np.zeros(1))]

# %% wrong="depth_plus_one" diagnosis="too_large"
def sawtooth(depth):
    first, bias = np.ones((1, 3)), -np.array([0, 1 / 3, 2 / 3])
    last = np.array([[3.0], [-6.0], [6.0]])
    return [(first, bias)] + [(last @ first, bias)] * depth + [(last, np.zeros(1))]

# %% wrong="no_chain" diagnosis="always_once"
def sawtooth(depth):
    first, bias = np.ones((1, 3)), -np.array([0, 1 / 3, 2 / 3])
    last = np.array([[3.0], [-6.0], [6.0]])
    return [(first, bias)] + [(last, np.zeros(1))]

# %% wrong="downward_first" diagnosis="starts_at_one"
def sawtooth(depth):
    first, bias = np.ones((1, 3)), -np.array([0, 1 / 3, 2 / 3])
    last = np.array([[-3.0], [6.0], [-6.0]])
    return [(first, bias)] + [(last @ first, bias + 1.0)] * (depth - 1) + [(last, np.ones(1))]

# %% wrong="flat_zigzag" diagnosis="slope_one"
def sawtooth(depth):
    first, bias = np.ones((1, 3)), -np.array([0, 1 / 3, 2 / 3])
    last = np.array([[1.0], [-2.0], [2.0]])
    return [(first, bias)] + [(last @ first, bias)] * (depth - 1) + [(last, np.zeros(1))]

# %% wrong="plus_thirds" diagnosis="biases_positive"
def sawtooth(depth):
    first, bias = np.ones((1, 3)), np.array([0, 1 / 3, 2 / 3])
    last = np.array([[3.0], [-6.0], [6.0]])
    return [(first, bias)] + [(last @ first, bias)] * (depth - 1) + [(last, np.zeros(1))]

# %% wrong="one_wide_layer" diagnosis="too_large"
def sawtooth(depth):
    n = 3**depth
    bends = 2.0 * n * (-1.0) ** np.arange(n)
    bends[0] = n
    return [(np.ones((1, n)), -np.arange(n) / n), (bends[:, None], np.zeros(1))]

# %% wrong="layers_that_only_carry" diagnosis="too_large"
def sawtooth(depth):
    first, bias = np.ones((1, 3)), -np.array([0, 1 / 3, 2 / 3])
    last = np.array([[3.0], [-6.0], [6.0]])
    params = []
    for _ in range(depth):
        W = first if not params else np.ones((1, 3))
        params += [(W, bias), (last, np.zeros(1))]
    return params

# %% wrong="rows_for_columns" diagnosis="merged_transposed"
def sawtooth(depth):
    bias, last = -np.array([0, 1 / 3, 2 / 3]), np.array([[3.0], [-6.0], [6.0]])
    params = [(np.ones((1, 3)), bias)]
    for _ in range(depth - 1):
        params.append((np.ones((3, 1)) @ last.T, bias))
    return params + [(last, np.zeros(1))]

# %% wrong="ones_between_layers" diagnosis="output_weights_left_out"
def sawtooth(depth):
    bias, last = -np.array([0, 1 / 3, 2 / 3]), np.array([[3.0], [-6.0], [6.0]])
    sizes = [1] + [3] * depth
    hidden = [(np.ones((n, m)), bias) for n, m in zip(sizes, sizes[1:])]
    return hidden + [(last, np.zeros(1))]
