# %% [markdown]
# Answers to `l2_penalty`, each in the place of the whole solution cell.

# %% right="one_loop"
def l2_penalty(parameters, strength):
    value, gradients = 0.0, []
    for w in parameters:
        gradient = np.zeros(w.shape)
        if len(w.shape) >= 2:
            value += strength * np.sum(np.square(w))
            gradient = gradient + 2.0 * strength * w
        gradients.append(gradient)
    return value, gradients

# %% right="flat_products"
def l2_penalty(parameters, strength):
    kernels = [w.ravel() if w.ndim > 1 else np.zeros(0) for w in parameters]
    flat = np.concatenate(kernels)
    gradients = [w * (2 * strength if w.ndim > 1 else 0) for w in parameters]
    return strength * float(flat @ flat), gradients

# %% right="number_by_number"
def l2_penalty(parameters, strength):
    total = 0.0
    gradients = []
    for w in parameters:
        g = np.zeros(np.shape(w), dtype=float)
        if np.ndim(w) > 1:
            for index in np.ndindex(*np.shape(w)):
                total += float(w[index]) ** 2
                g[index] = 2 * strength * w[index]
        gradients.append(g)
    return strength * total, gradients

# %% right="keras_float32"
from keras import ops

def l2_penalty(parameters, strength):
    regularizer = keras.regularizers.L2(strength)
    kernels = [ops.convert_to_tensor(w, dtype="float32") for w in parameters if w.ndim > 1]
    value = sum(float(regularizer(w)) for w in kernels)
    return value, [2 * strength * w.astype("float32") if w.ndim > 1 else np.zeros(w.shape, "float32") for w in parameters]

# %% right="einsum"
def l2_penalty(parameters, strength):
    squares = [np.einsum("i,i->", w.reshape(-1), w.reshape(-1)) * (w.ndim > 1) for w in parameters]
    return strength * sum(squares), [(w + w) * strength * int(w.ndim > 1) for w in parameters]

# %% wrong="half" diagnosis="half_of_it"
def l2_penalty(parameters, strength):
    value = 0.5 * strength * sum((w**2).sum() for w in parameters if w.ndim > 1)
    return value, [strength * w if w.ndim > 1 else np.zeros_like(w) for w in parameters]

# %% wrong="lost_two" diagnosis="gradient_without_two"
def l2_penalty(parameters, strength):
    value = strength * sum((w**2).sum() for w in parameters if w.ndim > 1)
    return value, [strength * w if w.ndim > 1 else np.zeros_like(w) for w in parameters]

# %% wrong="all_arrays" diagnosis="biases_too"
def l2_penalty(parameters, strength):
    value = strength * sum(np.sum(w**2) for w in parameters)
    return value, [2 * strength * w for w in parameters]

# %% wrong="value_only_of_kernels" diagnosis="bias_gradient_left"
def l2_penalty(parameters, strength):
    value = strength * sum((w**2).sum() for w in parameters if w.ndim > 1)
    return value, [2 * strength * w for w in parameters]

# %% wrong="even_positions" diagnosis="every_other_array"
def l2_penalty(parameters, strength):
    value = strength * sum((w**2).sum() for w in parameters[::2])
    gradients = [2 * strength * w if i % 2 == 0 else np.zeros_like(w) for i, w in enumerate(parameters)]
    return value, gradients

# %% wrong="two_axes_exactly" diagnosis="matrices_only"
def l2_penalty(parameters, strength):
    value = strength * sum((w**2).sum() for w in parameters if w.ndim == 2)
    return value, [2 * strength * w if w.ndim == 2 else np.zeros_like(w) for w in parameters]

# %% wrong="mean_of_squares" diagnosis="averaged"
def l2_penalty(parameters, strength):
    value = strength * sum(np.mean(w**2) for w in parameters if w.ndim > 1)
    return value, [2 * strength * w / w.size if w.ndim > 1 else np.zeros_like(w) for w in parameters]

# %% wrong="mean_in_the_value" diagnosis="averaged_value"
def l2_penalty(parameters, strength):
    value = strength * sum(np.mean(w**2) for w in parameters if w.ndim > 1)
    return value, [2 * strength * w if w.ndim > 1 else np.zeros_like(w) for w in parameters]

# %% wrong="norms" diagnosis="norm_not_squared"
def l2_penalty(parameters, strength):
    value = strength * sum(np.linalg.norm(w) for w in parameters if w.ndim > 1)
    return value, [2 * strength * w if w.ndim > 1 else np.zeros_like(w) for w in parameters]

# %% wrong="absolute_values" diagnosis="l1_instead"
def l2_penalty(parameters, strength):
    value = strength * sum(np.abs(w).sum() for w in parameters if w.ndim > 1)
    return value, [strength * np.sign(w) if w.ndim > 1 else np.zeros_like(w) for w in parameters]

# %% wrong="gradient_of_the_squares" diagnosis="strength_not_in_gradient"
def l2_penalty(parameters, strength):
    value = strength * sum((w**2).sum() for w in parameters if w.ndim > 1)
    return value, [2 * w if w.ndim > 1 else np.zeros_like(w) for w in parameters]

# %% wrong="scaled_before_squaring" diagnosis="strength_squared"
def l2_penalty(parameters, strength):
    value = sum(((strength * w) ** 2).sum() for w in parameters if w.ndim > 1)
    return value, [2 * strength**2 * w if w.ndim > 1 else np.zeros_like(w) for w in parameters]

# %% wrong="minus" diagnosis="gradient_downhill"
def l2_penalty(parameters, strength):
    value = strength * sum((w**2).sum() for w in parameters if w.ndim > 1)
    return value, [-2 * strength * w if w.ndim > 1 else np.zeros_like(w) for w in parameters]

# %% wrong="kernels_only" diagnosis="biases_left_out"
def l2_penalty(parameters, strength):
    kernels = [w for w in parameters if w.ndim > 1]
    return strength * sum((w**2).sum() for w in kernels), [2 * strength * w for w in kernels]

# %% wrong="a_tuple_of_gradients" diagnosis="wrong_kind"
def l2_penalty(parameters, strength):
    value = strength * sum((w**2).sum() for w in parameters if w.ndim > 1)
    return value, tuple(2 * strength * w if w.ndim > 1 else np.zeros_like(w) for w in parameters)

# %% wrong="squares_in_place" diagnosis="in_place"
def l2_penalty(parameters, strength):
    value = strength * sum((w**2).sum() for w in parameters if w.ndim > 1)
    for i, w in enumerate(parameters):
        parameters[i] = w * (2 * strength) if w.ndim > 1 else 0.0 * w
    return value, list(parameters)

# %% wrong="value_alone" diagnosis="wrong_kind"
def l2_penalty(parameters, strength):
    return strength * sum((w**2).sum() for w in parameters if w.ndim > 1)
