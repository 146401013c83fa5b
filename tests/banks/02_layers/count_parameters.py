# %% [markdown]
# Answers to `count_parameters`, each in the place of the whole solution cell.

# %% right="sum_over_pairs"
def count_parameters(sizes, use_bias=True):
    return sum((d + bool(use_bias)) * m for d, m in zip(sizes, sizes[1:]))

# %% right="index_loop"
def count_parameters(sizes, use_bias=True):
    count = 0
    for i in range(1, len(sizes)):
        count = count + sizes[i - 1] * sizes[i]
        if use_bias:
            count = count + sizes[i]
    return count

# %% right="numpy_dot"
def count_parameters(sizes, use_bias=True):
    s = np.array(sizes)
    weights = int(s[:-1] @ s[1:])
    return weights + int(s[1:].sum()) if use_bias else weights

# %% right="ask_keras"
def count_parameters(sizes, use_bias=True):
    if len(sizes) == 1:
        return 0
    x = inputs = keras.Input((sizes[0],))
    for units in sizes[1:]:
        x = keras.layers.Dense(units, use_bias=use_bias)(x)
    return keras.Model(inputs, x).count_params()

# %% right="recursion"
def count_parameters(sizes, use_bias=True):
    if len(sizes) < 2:
        return 0
    first, second = sizes[0], sizes[1]
    return first * second + (second if use_bias else 0) + count_parameters(sizes[1:], use_bias)

# %% wrong="weights_alone" diagnosis="biases_forgotten"
def count_parameters(sizes, use_bias=True):
    return sum(d * m for d, m in zip(sizes[:-1], sizes[1:]))

# %% wrong="flag_ignored" diagnosis="biases_always"
def count_parameters(sizes, use_bias=True):
    total = 0
    for d, m in zip(sizes[:-1], sizes[1:]):
        total += d * m + m
    return total

# %% wrong="biases_of_inputs" diagnosis="bias_for_inputs"
def count_parameters(sizes, use_bias=True):
    total = 0
    for d, m in zip(sizes[:-1], sizes[1:]):
        total += d * m
        if use_bias:
            total += d
    return total

# %% wrong="input_has_biases" diagnosis="bias_for_every_size"
def count_parameters(sizes, use_bias=True):
    total = sum(sizes) if use_bias else 0
    for d, m in zip(sizes[:-1], sizes[1:]):
        total += d * m
    return total

# %% wrong="single_bias" diagnosis="one_bias_per_layer"
def count_parameters(sizes, use_bias=True):
    total = 0
    for d, m in zip(sizes[:-1], sizes[1:]):
        total += d * m
        if use_bias:
            total += 1
    return total

# %% wrong="stops_early" diagnosis="last_layer_forgotten"
def count_parameters(sizes, use_bias=True):
    total = 0
    for i in range(len(sizes) - 2):
        total += sizes[i] * sizes[i + 1] + (sizes[i + 1] if use_bias else 0)
    return total

# %% wrong="starts_late" diagnosis="first_layer_forgotten"
def count_parameters(sizes, use_bias=True):
    total = 0
    for i in range(1, len(sizes) - 1):
        total += sizes[i] * sizes[i + 1] + (sizes[i + 1] if use_bias else 0)
    return total

# %% wrong="sum_of_sizes" diagnosis="units_counted"
def count_parameters(sizes, use_bias=True):
    return sum(sizes)

# %% wrong="ends_only" diagnosis="first_and_last_only"
def count_parameters(sizes, use_bias=True):
    return sizes[0] * sizes[-1] + (sizes[-1] if use_bias else 0)

# %% wrong="product" diagnosis="one_long_product"
def count_parameters(sizes, use_bias=True):
    total = 1
    for size in sizes:
        total *= size
    return total

# %% wrong="returns_in_the_loop" diagnosis="returns_too_early"
def count_parameters(sizes, use_bias=True):
    total = 0
    for d, m in zip(sizes[:-1], sizes[1:]):
        total += d * m + (m if use_bias else 0)
        return total
    return total

# %% wrong="prints" diagnosis="missing_return"
def count_parameters(sizes, use_bias=True):
    total = 0
    for d, m in zip(sizes[:-1], sizes[1:]):
        total += d * m + (m if use_bias else 0)
    print(total)

# %% wrong="hard_coded" diagnosis="value"
def count_parameters(sizes, use_bias=True):
    known = {(2, 2, 1): 9, (784, 128, 10): 101770, (3, 4, 5): 32}
    return known.get(tuple(sizes), 9 if len(sizes) > 1 else 0)
