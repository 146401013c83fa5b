# %% [markdown]
# Answers to `momentum_step`, each in the place of the whole solution cell.

# %% right="difference_of_velocities"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    new = momentum * velocity - learning_rate * grad
    # Sutskever's form: the move is the new velocity and, looking ahead, the change that it will bring
    ahead = momentum * (new - velocity) if nesterov else 0.0
    return w + new + ahead, new

# %% right="loop_over_elements"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    new_w, new_v = np.zeros(w.shape), np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        new_v[i] = momentum * velocity[i] - learning_rate * grad[i]
        if nesterov:
            new_w[i] = w[i] + momentum * new_v[i] - learning_rate * grad[i]
        else:
            new_w[i] = w[i] + new_v[i]
    return new_w, new_v

# %% right="copies_in_place"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    w, velocity = w.astype(float), velocity.astype(float)
    velocity *= momentum
    velocity -= learning_rate * grad
    w += velocity
    if nesterov:
        w += (momentum - 1) * velocity - learning_rate * grad
    return (w, velocity)

# %% right="float32"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    w, velocity, grad = (np.asarray(a, dtype="float32") for a in (w, velocity, grad))
    step = np.float32(learning_rate) * grad
    velocity = np.float32(momentum) * velocity - step
    return w + np.where(nesterov, np.float32(momentum) * velocity - step, velocity), velocity

# %% right="keras_sgd"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    if momentum == 0:
        return w - learning_rate * grad, -learning_rate * grad
    variable = keras.Variable(w, dtype="float32")
    sgd = keras.optimizers.SGD(learning_rate, momentum=float(momentum), nesterov=nesterov)
    sgd.build([variable])
    sgd.momentums[0].assign(velocity)
    sgd.apply([keras.ops.convert_to_tensor(grad, "float32")], [variable])
    return np.array(variable), np.array(sgd.momentums[0])

# %% wrong="pytorch_convention" diagnosis="rate_on_the_velocity"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity - grad
    if nesterov:
        return w + learning_rate * (momentum * velocity - grad), velocity
    return w + learning_rate * velocity, velocity

# %% wrong="plus_the_gradient" diagnosis="velocity_uphill"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity + learning_rate * grad
    if nesterov:
        return w + momentum * velocity + learning_rate * grad, velocity
    return w + velocity, velocity

# %% wrong="minus_the_velocity" diagnosis="velocity_subtracted"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity - learning_rate * grad
    move = momentum * velocity - learning_rate * grad if nesterov else velocity
    return w - move, velocity

# %% wrong="velocity_points_uphill" diagnosis="other_sign"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity + learning_rate * grad
    move = momentum * velocity + learning_rate * grad if nesterov else velocity
    return w - move, velocity

# %% wrong="exponential_average" diagnosis="averaged_gradient"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    step = (1 - momentum) * learning_rate * grad
    velocity = momentum * velocity - step
    return w + (momentum * velocity - step if nesterov else velocity), velocity

# %% wrong="moved_before_updating" diagnosis="old_velocity"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    if nesterov:
        w = w + momentum * velocity - learning_rate * grad
    else:
        w = w + velocity
    velocity = momentum * velocity - learning_rate * grad
    return w, velocity

# %% wrong="plain_descent" diagnosis="no_momentum"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = -learning_rate * grad
    if nesterov:
        return w + momentum * velocity - learning_rate * grad, velocity
    return w + velocity, velocity

# %% wrong="friction_forgotten" diagnosis="undamped"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = velocity - learning_rate * grad
    if nesterov:
        return w + momentum * velocity - learning_rate * grad, velocity
    return w + velocity, velocity

# %% wrong="flag_unused" diagnosis="nesterov_ignored"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity - learning_rate * grad
    return w + velocity, velocity

# %% wrong="look_ahead_with_old_velocity" diagnosis="nesterov_ignored"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    new = momentum * velocity - learning_rate * grad
    if nesterov:
        return w + momentum * velocity - learning_rate * grad, new
    return w + new, new

# %% wrong="nesterov_for_all" diagnosis="always_nesterov"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity - learning_rate * grad
    return w + momentum * velocity - learning_rate * grad, velocity

# %% wrong="velocity_overwritten" diagnosis="nesterov_kept"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity - learning_rate * grad
    if nesterov:
        velocity = momentum * velocity - learning_rate * grad
    return w + velocity, velocity

# %% wrong="whole_velocity_and_gradient" diagnosis="gradient_twice"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity - learning_rate * grad
    w = w + velocity
    if nesterov:
        w = w - learning_rate * grad
    return w, velocity

# %% wrong="order_of_the_pair" diagnosis="velocity_first"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity - learning_rate * grad
    if nesterov:
        return velocity, w + momentum * velocity - learning_rate * grad
    return velocity, w + velocity

# %% wrong="old_velocity_returned" diagnosis="velocity_not_kept"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    new = momentum * velocity - learning_rate * grad
    if nesterov:
        return w + momentum * new - learning_rate * grad, velocity
    return w + new, velocity

# %% wrong="without_the_rate" diagnosis="rate_ignored"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity - grad
    if nesterov:
        return w + momentum * velocity - grad, velocity
    return w + velocity, velocity

# %% wrong="weights_alone" diagnosis="wrong_kind"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity - learning_rate * grad
    return w + (momentum * velocity - learning_rate * grad if nesterov else velocity)

# %% wrong="changed_the_velocity" diagnosis="in_place"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    if velocity.dtype.kind == "i":
        velocity = velocity.astype(float)
    velocity *= momentum
    velocity -= learning_rate * grad
    return w + (momentum * velocity - learning_rate * grad if nesterov else velocity), velocity

# %% wrong="no_return" diagnosis="missing_return"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity - learning_rate * grad
    w = w + (momentum * velocity - learning_rate * grad if nesterov else velocity)

# %% wrong="velocity_damped_only" diagnosis="nesterov_without_gradient"
def momentum_step(w, velocity, grad, learning_rate=0.01, momentum=0.9, nesterov=False):
    velocity = momentum * velocity - learning_rate * grad
    if nesterov:
        return w + momentum * velocity, velocity
    return w + velocity, velocity
