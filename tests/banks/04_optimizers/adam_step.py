# %% [markdown]
# Answers to `adam_step`, each in the place of the whole solution cell.

# %% right="keras_form"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = m + (grad - m) * (1 - beta_1)
    v = v + (np.square(grad) - v) * (1 - beta_2)
    alpha = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - m * alpha / (np.sqrt(v) + epsilon), m, v

# %% right="loop_over_elements"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    new = np.zeros((3, w.size))
    for i in range(w.size):
        g = grad.flat[i]
        new[1, i] = beta_1 * m.flat[i] + (1 - beta_1) * g
        new[2, i] = beta_2 * v.flat[i] + (1 - beta_2) * g * g
        root = (new[2, i] / (1 - beta_2**t)) ** 0.5
        new[0, i] = w.flat[i] - learning_rate * new[1, i] / (1 - beta_1**t) / (root + epsilon)
    return tuple(part.reshape(w.shape) for part in new)

# %% right="float32"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    w, m, v, grad = (np.asarray(a, 'float32') for a in (w, m, v, grad))
    b1, b2 = np.float32(beta_1), np.float32(beta_2)
    m = b1 * m + (np.float32(1) - b1) * grad
    v = b2 * v + np.float32(1 - beta_2) * grad * grad
    step = (m / np.float32(1 - beta_1**t)) / (np.sqrt(v / np.float32(1 - beta_2**t)) + np.float32(epsilon))
    return w - np.float32(learning_rate) * step, m, v

# %% right="keras_adam"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    variable = keras.Variable(w, dtype='float32')
    adam = keras.optimizers.Adam(learning_rate, beta_1, beta_2, epsilon)
    adam.build([variable])
    adam._momentums[0].assign(m)
    adam._velocities[0].assign(v)
    adam.iterations.assign(t - 1)
    adam.apply([keras.ops.convert_to_tensor(grad, 'float32')], [variable])
    return tuple(np.array(a) for a in (variable, adam._momentums[0], adam._velocities[0]))

# %% right="helper_function"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    def average(old, new, beta):
        kept = beta * old + (1 - beta) * new
        return kept, kept / (1 - np.power(float(beta), t))
    m, direction = average(m, grad, beta_1)
    v, size = average(v, grad * grad, beta_2)
    return w - learning_rate * (direction / (size**0.5 + epsilon)), m, v

# %% wrong="uncorrected" diagnosis="no_bias_correction"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    return w - learning_rate * m / (np.sqrt(v) + epsilon), m, v

# %% wrong="v_uncorrected" diagnosis="only_m_corrected"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    return w - learning_rate * m_hat / (np.sqrt(v) + epsilon), m, v

# %% wrong="m_uncorrected" diagnosis="only_v_corrected"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="corrected_returned" diagnosis="corrected_kept"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m = m / (1 - beta_1**t)
    v = v / (1 - beta_2**t)
    return w - learning_rate * m / (np.sqrt(v) + epsilon), m, v

# %% wrong="t_plus_one" diagnosis="counted_from_zero"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1 ** (t + 1))
    v_hat = v / (1 - beta_2 ** (t + 1))
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="t_not_used" diagnosis="product_for_power"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1)
    v_hat = v / (1 - beta_2)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="beta_times_t" diagnosis="value"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1 * t)
    v_hat = v / abs(1 - beta_2 * t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="wrong_betas_corrected" diagnosis="corrections_exchanged"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_2**t)
    v_hat = v / (1 - beta_1**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="both_with_beta_1" diagnosis="one_correction"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_1**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="beta_2_for_m" diagnosis="betas_exchanged"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_2 * m + (1 - beta_2) * grad
    v = beta_1 * v + (1 - beta_1) * grad**2
    m_hat = m / (1 - beta_2**t)
    v_hat = v / (1 - beta_1**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="beta_on_the_new" diagnosis="new_weighed_by_beta"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = (1 - beta_1) * m + beta_1 * grad
    v = (1 - beta_2) * v + beta_2 * grad**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="no_one_minus_beta" diagnosis="factor_forgotten"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + grad
    v = beta_2 * v + grad**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="no_root" diagnosis="root_forgotten"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (v_hat + epsilon), m, v

# %% wrong="root_before_correction" diagnosis="root_of_v_only"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    root = np.sqrt(v) / (1 - beta_2**t)
    return w - learning_rate * m_hat / (root + epsilon), m, v

# %% wrong="alpha_without_root" diagnosis="root_of_v_only"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    alpha = learning_rate * (1 - beta_2**t) / (1 - beta_1**t)
    return w - alpha * m / (np.sqrt(v) + epsilon), m, v

# %% wrong="epsilon_in_the_root" diagnosis="epsilon_inside"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m_hat / np.sqrt(v_hat + epsilon), m, v

# %% wrong="without_epsilon" diagnosis="no_epsilon"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m_hat / np.sqrt(v_hat), m, v

# %% wrong="squared_average" diagnosis="square_of_m"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * m**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="absolute_values" diagnosis="size_for_square"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * np.abs(grad)
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="rmsprop_with_correction" diagnosis="gradient_for_m"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * grad / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="plus_for_minus" diagnosis="uphill"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w + learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="step_before_update" diagnosis="old_averages"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
    w = w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    return w, m, v

# %% wrong="moments_in_place" diagnosis="in_place"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    if m.dtype.kind == 'i':
        m, v = 1.0 * m, 1.0 * v
    m *= beta_1
    m += (1 - beta_1) * grad
    v *= beta_2
    v += (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v

# %% wrong="weights_alone" diagnosis="wrong_kind"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)

# %% wrong="square_forgotten" diagnosis="not_squared"
def adam_step(w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad
    rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - rate * m / (np.sqrt(v) + epsilon), m, v
