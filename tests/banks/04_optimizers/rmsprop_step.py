# %% [markdown]
# Answers to `rmsprop_step`, each in the place of the whole solution cell.

# %% right="corrections_of_the_old"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    new_square = mean_square + (1 - rho) * (np.square(grad) - mean_square)
    new_mean = mean + (1 - rho) * (grad - mean)
    below = new_square + epsilon
    if centered:
        below = below - new_mean * new_mean
    return w - learning_rate * grad * below**-0.5, new_square, new_mean

# %% right="loop_over_elements"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    out = np.zeros((3, *w.shape))
    for i in np.ndindex(w.shape):
        s = rho * mean_square[i] + (1 - rho) * grad[i] ** 2
        a = rho * mean[i] + (1 - rho) * grad[i]
        root = (s - (a * a if centered else 0.0) + epsilon) ** 0.5
        out[(0, *i)], out[(1, *i)], out[(2, *i)] = w[i] - learning_rate * grad[i] / root, s, a
    return out[0], out[1], out[2]

# %% right="np_average"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    weights = [rho, 1 - rho]
    s = np.average([mean_square, grad**2], axis=0, weights=weights)
    a = np.average([mean, grad], axis=0, weights=weights)
    variance = s - centered * a**2
    return w - np.divide(learning_rate * grad, np.sqrt(variance + epsilon)), s, a

# %% right="keras_ops"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    w, mean_square, mean, grad = (keras.ops.convert_to_tensor(a, "float32") for a in (w, mean_square, mean, grad))
    mean_square = rho * mean_square + (1 - rho) * keras.ops.square(grad)
    mean = rho * mean + (1 - rho) * grad
    spread = mean_square - keras.ops.square(mean) if centered else mean_square
    return w - learning_rate * grad * keras.ops.rsqrt(spread + epsilon), mean_square, mean

# %% wrong="epsilon_after_the_root" diagnosis="epsilon_outside"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * grad**2
    mean = rho * mean + (1 - rho) * grad
    root = np.sqrt(mean_square - mean**2) if centered else np.sqrt(mean_square)
    return w - learning_rate * grad / (root + epsilon), mean_square, mean

# %% wrong="without_epsilon" diagnosis="no_epsilon"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * grad**2
    mean = rho * mean + (1 - rho) * grad
    return w - learning_rate * grad / np.sqrt(mean_square - mean**2 * centered), mean_square, mean

# %% wrong="no_root" diagnosis="root_forgotten"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * grad**2
    mean = rho * mean + (1 - rho) * grad
    spread = mean_square - mean**2 if centered else mean_square
    return w - learning_rate * grad / (spread + epsilon), mean_square, mean

# %% wrong="rho_on_the_new" diagnosis="weights_exchanged"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = (1 - rho) * mean_square + rho * grad**2
    mean = (1 - rho) * mean + rho * grad
    spread = mean_square - mean**2 if centered else mean_square
    return w - learning_rate * grad / np.sqrt(spread + epsilon), mean_square, mean

# %% wrong="adagrad" diagnosis="accumulated"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = mean_square + grad**2
    mean = rho * mean + (1 - rho) * grad
    spread = mean_square - mean**2 if centered else mean_square
    return w - learning_rate * grad / np.sqrt(spread + epsilon), mean_square, mean

# %% wrong="no_one_minus_rho" diagnosis="factor_forgotten"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + grad**2
    mean = rho * mean + grad
    spread = mean_square - mean**2 if centered else mean_square
    return w - learning_rate * grad / np.sqrt(spread + epsilon), mean_square, mean

# %% wrong="step_first" diagnosis="old_averages"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    spread = mean_square - mean**2 if centered else mean_square
    w = w - learning_rate * grad / np.sqrt(spread + epsilon)
    mean_square = rho * mean_square + (1 - rho) * grad**2
    mean = rho * mean + (1 - rho) * grad
    return w, mean_square, mean

# %% wrong="always_plain" diagnosis="centered_ignored"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * grad**2
    mean = rho * mean + (1 - rho) * grad
    return w - learning_rate * grad / np.sqrt(mean_square + epsilon), mean_square, mean

# %% wrong="centers_anyway" diagnosis="always_centered"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * grad**2
    mean = rho * mean + (1 - rho) * grad
    return w - learning_rate * grad / np.sqrt(mean_square - mean**2 + epsilon), mean_square, mean

# %% wrong="mean_instead_of_its_square" diagnosis="mean_not_squared"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * grad**2
    mean = rho * mean + (1 - rho) * grad
    spread = mean_square - mean if centered else mean_square
    return w - learning_rate * grad / np.sqrt(spread + epsilon), mean_square, mean

# %% wrong="mean_kept_only_when_used" diagnosis="mean_only_if_centered"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * grad**2
    spread = mean_square
    if centered:
        mean = rho * mean + (1 - rho) * grad
        spread = mean_square - mean**2
    return w - learning_rate * grad / np.sqrt(spread + epsilon), mean_square, mean

# %% wrong="absolute_values" diagnosis="size_for_square"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * abs(grad)
    mean = rho * mean + (1 - rho) * grad
    spread = mean_square - mean**2 if centered else mean_square
    return w - learning_rate * grad / np.sqrt(spread + epsilon), mean_square, mean

# %% wrong="one_number_for_all" diagnosis="square_of_the_whole"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * (grad**2).mean()
    mean = rho * mean + (1 - rho) * grad
    spread = mean_square - mean**2 if centered else mean_square
    return w - learning_rate * grad / np.sqrt(spread + epsilon), mean_square, mean

# %% wrong="plus_for_minus" diagnosis="uphill"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * grad**2
    mean = rho * mean + (1 - rho) * grad
    spread = mean_square - mean**2 if centered else mean_square
    return w + learning_rate * grad / np.sqrt(spread + epsilon), mean_square, mean

# %% wrong="steps_along_the_average" diagnosis="average_for_gradient"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * grad**2
    mean = rho * mean + (1 - rho) * grad
    spread = mean_square - mean**2 if centered else mean_square
    return w - learning_rate * mean / np.sqrt(spread + epsilon), mean_square, mean

# %% wrong="averages_updated_in_place" diagnosis="in_place"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    if mean.dtype.kind == "i":
        mean_square, mean = 1.0 * mean_square, 1.0 * mean
    mean_square[...] = rho * mean_square + (1 - rho) * grad**2
    mean[...] = rho * mean + (1 - rho) * grad
    spread = mean_square - mean**2 if centered else mean_square
    return w - learning_rate * grad / np.sqrt(spread + epsilon), mean_square, mean

# %% wrong="pair_returned" diagnosis="value"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * grad**2
    mean = rho * mean + (1 - rho) * grad
    spread = mean_square - mean**2 if centered else mean_square
    return w - learning_rate * grad / np.sqrt(spread + epsilon), mean_square

# %% wrong="square_forgotten" diagnosis="not_squared"
def rmsprop_step(w, mean_square, mean, grad, learning_rate=0.001, rho=0.9, epsilon=1e-7, centered=False):
    mean_square = rho * mean_square + (1 - rho) * grad
    mean = rho * mean + (1 - rho) * grad
    under = mean_square - mean**2 if centered else mean_square
    return w - learning_rate * grad / np.sqrt(under + epsilon), mean_square, mean
