# %% [markdown]
# Answers to `batch_norm_forward`, each in the place of the whole solution cell.

# %% right="flattened"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    rows = x.reshape(-1, x.shape[-1])
    old_mean, old_variance = moving
    if training:
        mean = rows.sum(axis=0) / len(rows)
        variance = np.square(rows - mean).sum(axis=0) / len(rows)
        moving = (
            old_mean + (1 - momentum) * (mean - old_mean),
            old_variance + (1 - momentum) * (variance - old_variance),
        )
    else:
        mean, variance = old_mean, old_variance
    std = (variance + epsilon) ** 0.5
    x_hat = ((rows - mean) / std).reshape(x.shape)
    return x_hat * gamma + beta, (x_hat, std, gamma), moving

# %% right="feature_by_feature"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    d = x.shape[-1]
    out, x_hat, std = np.empty(x.shape), np.empty(x.shape), np.empty(d)
    new_mean, new_variance = np.array(moving[0], dtype=float), np.array(moving[1], dtype=float)
    for j in range(d):
        values = x[..., j]
        if training:
            mean, variance = np.mean(values), np.std(values) ** 2
            new_mean[j] = momentum * moving[0][j] + (1 - momentum) * mean
            new_variance[j] = momentum * moving[1][j] + (1 - momentum) * variance
        else:
            mean, variance = moving[0][j], moving[1][j]
        std[j] = np.sqrt(variance + epsilon)
        x_hat[..., j] = (values - mean) / std[j]
        out[..., j] = gamma[j] * x_hat[..., j] + beta[j]
    return out, (x_hat, std, gamma), (new_mean, new_variance)

# %% right="moments_of_keras"
from keras import ops

def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    x, gamma, beta = (ops.convert_to_tensor(a, dtype="float32") for a in (x, gamma, beta))
    old = [ops.convert_to_tensor(a, dtype="float32") for a in moving]
    batch = ops.moments(x, axes=list(range(len(x.shape) - 1)))
    mean, variance = batch if training else old
    if training:
        old = [momentum * a + (1 - momentum) * b for a, b in zip(old, batch)]
    std = ops.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), tuple(old)

# %% right="keepdims_and_square_brackets"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    if not training:
        std = np.sqrt(moving[1] + epsilon)
        x_hat = (x - moving[0]) / std
        return gamma * x_hat + beta, (x_hat, std, gamma), moving
    axes = tuple(np.arange(x.ndim)[:-1])
    mean = np.mean(x, axis=axes, keepdims=True)
    centered = x - mean
    variance = np.mean(centered * centered, axis=axes, keepdims=True)
    inverse = 1 / np.sqrt(variance + epsilon)
    x_hat = centered * inverse
    new = tuple(
        momentum * old + (1.0 - momentum) * now.reshape(-1) for old, now in zip(moving, (mean, variance))
    )
    return x_hat * gamma + beta, (x_hat, 1 / inverse.reshape(-1), gamma), new

# %% wrong="ddof_one" diagnosis="unbiased_variance"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes, ddof=1)
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="pytorch_moving_variance" diagnosis="unbiased_moving_variance"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        n = x.size / x.shape[-1]
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = (
            momentum * moving[0] + (1 - momentum) * mean,
            momentum * moving[1] + (1 - momentum) * variance * n / (n - 1),
        )
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="pytorch_momentum" diagnosis="momentum_reversed"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = tuple((1 - momentum) * a + momentum * b for a, b in zip(moving, (mean, variance)))
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="velocity_like" diagnosis="new_statistics_unscaled"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = (momentum * moving[0] + mean, momentum * moving[1] + variance)
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="returns_the_old_ones" diagnosis="moving_not_updated"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="returns_those_of_the_batch" diagnosis="moving_replaced"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), (mean, variance)

# %% wrong="old_statistics" diagnosis="normalized_by_moving"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        moving = (
            momentum * mean + (1 - momentum) * x.mean(axis=axes),
            momentum * variance + (1 - momentum) * x.var(axis=axes),
        )
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="update_then_normalize" diagnosis="moved_before_use"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean = momentum * mean + (1 - momentum) * x.mean(axis=axes)
        variance = momentum * variance + (1 - momentum) * x.var(axis=axes)
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), (mean, variance)

# %% wrong="batch_at_inference" diagnosis="batch_statistics_in_inference"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    axes = tuple(range(x.ndim - 1))
    mean, variance = x.mean(axis=axes), x.var(axis=axes)
    if training:
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="no_modes" diagnosis="training_ignored"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    axes = tuple(range(x.ndim - 1))
    mean, variance = x.mean(axis=axes), x.var(axis=axes)
    moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="updates_always" diagnosis="moved_in_inference"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    axes = tuple(range(x.ndim - 1))
    batch = x.mean(axis=axes), x.var(axis=axes)
    mean, variance = batch if training else moving
    moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, batch))
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="axis_zero" diagnosis="first_axis_only"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="layer_norm" diagnosis="over_the_features"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        moving = (
            momentum * mean + (1 - momentum) * x.mean(axis=axes),
            momentum * variance + (1 - momentum) * x.var(axis=axes),
        )
        mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="one_mean_for_all" diagnosis="over_everything"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        mean, variance = x.mean(), x.var()
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="epsilon_added_late" diagnosis="epsilon_outside_the_root"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    std = np.sqrt(variance) + epsilon
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="no_epsilon" diagnosis="epsilon_forgotten"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    with np.errstate(all="ignore"):
        std = np.sqrt(variance)
        x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="own_epsilon" diagnosis="epsilon_fixed"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    std = np.sqrt(variance + 0.001)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="variance_below" diagnosis="divided_by_variance"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    std = variance + epsilon
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="only_normalized" diagnosis="scale_and_shift_forgotten"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return x_hat, (x_hat, std, gamma), moving

# %% wrong="keeps_the_variance" diagnosis="variance_in_cache"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    x_hat = (x - mean) / np.sqrt(variance + epsilon)
    return gamma * x_hat + beta, (x_hat, variance, gamma), moving

# %% wrong="keeps_what_is_under_the_root" diagnosis="no_root_in_cache"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    spread = variance + epsilon
    x_hat = (x - mean) / spread**0.5
    return gamma * x_hat + beta, (x_hat, spread, gamma), moving

# %% wrong="writes_into_moving" diagnosis="moving_changed"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving[0][:] = momentum * moving[0] + (1 - momentum) * mean
        moving[1][:] = momentum * moving[1] + (1 - momentum) * variance
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="centers_in_place" diagnosis="in_place"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    if x.dtype.kind == "i":
        x = x.astype(float)
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = tuple(momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance)))
    std = np.sqrt(variance + epsilon)
    x -= mean
    x_hat = x / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving

# %% wrong="list_for_tuple" diagnosis="wrong_kind"
def batch_norm_forward(x, gamma, beta, moving, training=True, momentum=0.99, epsilon=1e-3):
    mean, variance = moving
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moving = [momentum * a + (1 - momentum) * b for a, b in zip(moving, (mean, variance))]
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma), moving
