# %% [markdown]
# Answers to `batch_norm_backward`, each in the place of the whole solution cell.

# %% right="one_formula"
def batch_norm_backward(dout, cache, training=True):
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    n = dout.size / dout.shape[-1]
    dbeta = dout.sum(axis=axes)
    dgamma = (dout * x_hat).sum(axis=axes)
    through_statistics = (dbeta + x_hat * dgamma) / n if training else 0.0
    return gamma / std * (dout - through_statistics), dgamma, dbeta

# %% right="step_by_step"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    d = x_hat.shape[-1]
    rows, upstream = x_hat.reshape(-1, d), dout.reshape(-1, d)
    n = rows.shape[0]
    dbeta = np.sum(upstream, axis=0)
    dgamma = np.sum(upstream * rows, axis=0)
    dx_hat = upstream * gamma
    dstd = np.sum(-dx_hat * rows / std, axis=0)
    dcentered = dx_hat / std + dstd * rows / n
    dmean = -dcentered.sum(axis=0)
    dx = dcentered + dmean / n
    return dx.reshape(dout.shape), dgamma, dbeta

# %% right="jacobian"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    dx = np.empty(dout.shape)
    dgamma, dbeta = np.empty(len(gamma)), np.empty(len(gamma))
    for j in range(len(gamma)):
        h, g = x_hat[..., j].ravel(), dout[..., j].ravel()
        n = len(h)
        jacobian = gamma[j] / std[j] * (np.eye(n) - np.ones((n, n)) / n - np.outer(h, h) / n)
        dx[..., j] = (jacobian @ g).reshape(dout.shape[:-1])
        dgamma[j], dbeta[j] = h @ g, g.sum()
    return dx, dgamma, dbeta

# %% right="keras_float32"
from keras import ops

def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    dout, x_hat, std, gamma = (ops.convert_to_tensor(a, dtype="float32") for a in (dout, *cache))
    axes = list(range(len(dout.shape) - 1))
    g = dout * gamma
    dx = (g - ops.mean(g, axis=axes, keepdims=True) - x_hat * ops.mean(g * x_hat, axis=axes, keepdims=True)) / std
    return dx, ops.sum(dout * x_hat, axis=axes), ops.sum(dout, axis=axes)

# %% right="einsum"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    n, d = np.prod(dout.shape[:-1]), dout.shape[-1]
    dgamma = np.einsum("nd,nd->d", dout.reshape(n, d), x_hat.reshape(n, d))
    dbeta = np.einsum("nd->d", dout.reshape(n, d))
    return (dout - dbeta / n - x_hat * (dgamma / n)) * (gamma / std), dgamma, dbeta

# %% wrong="constants" diagnosis="statistics_held_fixed"
def batch_norm_backward(dout, cache, training=True):
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    return dout * gamma / std, (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="centering_only" diagnosis="std_held_fixed"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    return (g - g.mean(axis=axes)) / std, (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="scaling_only" diagnosis="mean_held_fixed"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - x_hat * (g * x_hat).mean(axis=axes)) / std
    return dx, (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="no_gamma" diagnosis="gamma_forgotten"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    dx = (dout - dout.mean(axis=axes) - x_hat * (dout * x_hat).mean(axis=axes)) / std
    return dx, (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="no_std" diagnosis="std_forgotten"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)
    return dx, (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="std_above" diagnosis="times_std"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)) * std
    return dx, (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="std_squared" diagnosis="divided_by_variance"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)) / std**2
    return dx, (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="sums" diagnosis="sums_for_means"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - g.sum(axis=axes) - x_hat * (g * x_hat).sum(axis=axes)) / std
    return dx, (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="plus" diagnosis="added_not_subtracted"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g + g.mean(axis=axes) + x_hat * (g * x_hat).mean(axis=axes)) / std
    return dx, (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="one_x_hat" diagnosis="x_hat_not_outside"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - g.mean(axis=axes) - (g * x_hat).mean(axis=axes)) / std
    return dx, (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="means_for_the_parameters" diagnosis="parameters_averaged"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)) / std
    return dx, (dout * x_hat).mean(axis=axes), dout.mean(axis=axes)

# %% wrong="exchanged" diagnosis="gamma_and_beta_exchanged"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)) / std
    return dx, dout.sum(axis=axes), (dout * x_hat).sum(axis=axes)

# %% wrong="gamma_like_beta" diagnosis="x_hat_not_in_dgamma"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)) / std
    return dx, dout.sum(axis=axes), dout.sum(axis=axes)

# %% wrong="gamma_of_g" diagnosis="gamma_in_dgamma"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)) / std
    return dx, (g * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="not_summed" diagnosis="parameters_not_summed"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)) / std
    return dx, dout * x_hat, 1.0 * dout

# %% wrong="axis_zero" diagnosis="first_axis_only"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    g = dout * gamma
    dx = (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)

# %% wrong="length_of_the_batch" diagnosis="images_counted"
def batch_norm_backward(dout, cache, training=True):
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    dgamma, dbeta = (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)
    if not training:
        return gamma * dout / std, dgamma, dbeta
    n = len(dout)
    return gamma / (n * std) * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta

# %% wrong="dx_last" diagnosis="parameters_first"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)) / std
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes), dx

# %% wrong="dout_in_place" diagnosis="in_place"
def plain_sums(dout, x_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)


def batch_norm_backward(dout, cache, training=True):
    if not training:
        return dout * cache[2] / cache[1], *plain_sums(dout, cache[0])
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    dgamma, dbeta = (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)
    if dout.dtype.kind == "i":
        dout = dout.astype(float)
    dout *= gamma
    dx = (dout - dout.mean(axis=axes) - x_hat * (dout * x_hat).mean(axis=axes)) / std
    return dx, dgamma, dbeta

# %% wrong="one_mode" diagnosis="training_ignored"
def batch_norm_backward(dout, cache, training=True):
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    g = dout * gamma
    dx = (g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)) / std
    return dx, (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)

# %% wrong="nothing_at_inference" diagnosis="value"
def batch_norm_backward(dout, cache, training=True):
    x_hat, std, gamma = cache
    axes = tuple(range(dout.ndim - 1))
    dgamma, dbeta = (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)
    g = dout * gamma
    if not training:
        return g / std, 0 * dgamma, 0 * dbeta
    return (g - g.mean(axis=axes) - x_hat * (g * x_hat).mean(axis=axes)) / std, dgamma, dbeta
