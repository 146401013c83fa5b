# %% [markdown]
# Answers to `adamw_step`, each in the place of the whole solution cell.

# %% right="two_calls"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    settings = (t, learning_rate, beta_1, beta_2, epsilon)
    if coupled:
        return adam_step(w, m, v, grad + weight_decay * w, *settings)
    moved, m, v = adam_step(w, m, v, grad, *settings)
    return moved - learning_rate * weight_decay * w, m, v

# %% right="decay_first"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        penalized = grad + weight_decay * w
        shrunk = w
    else:
        penalized = grad
        shrunk = w * (1 - learning_rate * weight_decay)
    return adam_step(shrunk, m, v, penalized, t, learning_rate=learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)

# %% right="arithmetic_flags"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    inside, outside = weight_decay * coupled, weight_decay * (not coupled)
    new_w, m, v = adam_step(w, m, v, grad + inside * w, t, learning_rate, beta_1, beta_2, epsilon)
    return new_w - learning_rate * outside * w, m, v

# %% right="keras_form_written_out"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    g = grad + weight_decay * w if coupled else grad
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g * g
    step = np.sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (np.sqrt(v) + epsilon)
    if not coupled:
        step = step + weight_decay * w
    return w - learning_rate * step, m, v

# %% right="float32"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    w, m, v, grad = (np.asarray(a, 'float32') for a in (w, m, v, grad))
    if coupled:
        grad = grad + np.float32(weight_decay) * w
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return new_w - np.float32(0 if coupled else learning_rate * weight_decay) * w, m, v

# %% wrong="flag_unused" diagnosis="always_decoupled"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return new_w - learning_rate * weight_decay * w, m, v

# %% wrong="l2_always" diagnosis="always_coupled"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    return adam_step(w, m, v, grad + weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)

# %% wrong="flag_inverted" diagnosis="ways_exchanged"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if not coupled:
        return adam_step(w, m, v, grad + weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return new_w - learning_rate * weight_decay * w, m, v

# %% wrong="decays_twice" diagnosis="both_at_once"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        grad = grad + weight_decay * w
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return new_w - learning_rate * weight_decay * w, m, v

# %% wrong="rate_forgotten" diagnosis="decay_without_rate"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return new_w - weight_decay * w, m, v

# %% wrong="factor_above_one" diagnosis="decay_outward"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    return adam_step(w * (1 + learning_rate * weight_decay), m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)

# %% wrong="shrunk_after_the_step" diagnosis="decay_of_the_new"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return w * (1 - learning_rate * weight_decay), m, v

# %% wrong="square_of_the_weights" diagnosis="decay_of_squares"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return new_w - learning_rate * weight_decay * w**2, m, v

# %% wrong="same_for_all_weights" diagnosis="decay_by_sign"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return new_w - learning_rate * weight_decay * np.sign(w), m, v

# %% wrong="decay_forgotten" diagnosis="no_decay"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    return adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)

# %% wrong="two_from_the_square" diagnosis="coupled_factor_two"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + 2 * weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return new_w - learning_rate * weight_decay * w, m, v

# %% wrong="rate_in_the_gradient" diagnosis="coupled_with_rate"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + learning_rate * weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return new_w - learning_rate * weight_decay * w, m, v

# %% wrong="minus_in_the_gradient" diagnosis="coupled_subtracted"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad - weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return new_w - learning_rate * weight_decay * w, m, v

# %% wrong="default_adam" diagnosis="settings_not_passed"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + weight_decay * w, t)
    new_w, m, v = adam_step(w, m, v, grad, t)
    return new_w - learning_rate * weight_decay * w, m, v

# %% wrong="only_the_rate_passed" diagnosis="betas_not_passed"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + weight_decay * w, t, learning_rate)
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate)
    return new_w - learning_rate * weight_decay * w, m, v

# %% wrong="gradient_changed" diagnosis="in_place"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        if grad.dtype.kind == 'i':
            grad = 1.0 * grad
        grad += weight_decay * w
    new_w, m, v = adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)
    return (new_w if coupled else new_w - learning_rate * weight_decay * w), m, v

# %% wrong="weights_changed" diagnosis="in_place"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    w *= 1 - learning_rate * weight_decay
    return adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)

# %% wrong="moments_lost" diagnosis="wrong_kind"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        return adam_step(w, m, v, grad + weight_decay * w, t, learning_rate, beta_1, beta_2, epsilon)
    return adam_step(w, m, v, grad, t, learning_rate, beta_1, beta_2, epsilon)[0] - learning_rate * weight_decay * w

# %% right="shrinks_first"
def adamw_step(
    w, m, v, grad, t, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.004, coupled=False
):
    if coupled:
        grad = grad + weight_decay * w
    else:
        w = w * (1 - learning_rate * weight_decay)
    return adam_step(w, m, v, grad, t, learning_rate=learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)
