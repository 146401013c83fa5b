# %% [markdown]
# Answers to `dropout_forward`, each in the place of the whole solution cell.

# %% right="binomial"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if training is False:
        return x.copy(), (np.ones(x.shape), 0.0)
    if mask is None:
        mask = rng.binomial(1, 1 - rate, size=x.shape)
    factor = 1.0 / (1.0 - rate)
    return np.where(mask, x * factor, 0.0), (mask, rate)

# %% right="number_by_number"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    out = np.zeros(x.shape)
    if not training:
        out[...] = x
        return out, (np.full(x.shape, 1.0), 0.0)
    drawn = mask is None
    kept = np.zeros(x.shape) if drawn else mask
    for index in np.ndindex(x.shape):
        if drawn:
            kept[index] = 1.0 if rng.uniform() < 1 - rate else 0.0
        if kept[index]:
            out[index] = x[index] / (1 - rate)
    return out, (kept, rate)

# %% right="keras_float32"
from keras import ops

def dropout_forward(x, rate, mask=None, rng=None, training=True):
    x = ops.convert_to_tensor(x, dtype="float32")
    if not training:
        return x, (ops.ones_like(x), 0.0)
    if mask is None:
        mask = rng.choice([0.0, 1.0], p=[rate, 1 - rate], size=tuple(x.shape))
    mask = ops.convert_to_tensor(mask, dtype="float32")
    return x * (mask / (1 - rate)), (mask, rate)

# %% right="one_return"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        mask, rate = np.ones_like(x, dtype=bool), 0.0
    elif mask is None:
        mask = rng.random(x.shape) < 1 - rate
    return np.multiply(x, mask) / (1 - rate), (mask, rate)

# %% wrong="plain" diagnosis="not_scaled"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) >= rate
    return x * mask, (mask, rate)

# %% wrong="times_keep" diagnosis="scaled_down"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) >= rate
    return x * mask * (1 - rate), (mask, rate)

# %% wrong="over_rate" diagnosis="divided_by_rate"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) >= rate
    with np.errstate(all="ignore"):
        return x * mask / rate, (mask, rate)

# %% wrong="keep_probability" diagnosis="divided_by_rate"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) < rate
    with np.errstate(all="ignore"):
        return x * mask / rate, (mask, rate)

# %% wrong="one_minus_mask" diagnosis="mask_inverted"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) < rate
    return x * (1 - mask * 1) / (1 - rate), (mask, rate)

# %% wrong="one_minus_mask_kept" diagnosis="mask_inverted_everywhere"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) < rate
    kept = 1 - mask * 1
    return x * kept / (1 - rate), (kept, rate)

# %% wrong="drops_at_inference" diagnosis="dropped_at_inference"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if mask is None:
        mask = (rng or np.random.default_rng()).random(x.shape) >= rate
    out = x * mask / (1 - rate)
    return out, ((mask, rate) if training else (np.ones_like(x), 0.0))

# %% wrong="one_mode" diagnosis="training_ignored"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if mask is None:
        mask = (rng or np.random.default_rng()).random(x.shape) >= rate
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="down_at_inference" diagnosis="scaled_at_inference"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x * (1 - rate), (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) >= rate
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="up_at_inference" diagnosis="scaled_up_at_inference"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x / (1 - rate), (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) >= rate
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="first_form" diagnosis="scaled_only_at_inference"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x * (1 - rate), (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) >= rate
    return x * mask, (mask, rate)

# %% wrong="same_cache" diagnosis="cache_of_training"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if training and mask is None:
        mask = rng.random(x.shape) >= rate
    return (x * mask / (1 - rate) if training else x), (mask, rate)

# %% wrong="factors_in_cache" diagnosis="scaled_mask_in_cache"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) >= rate
    mask = mask / (1 - rate)
    return x * mask, (mask, rate)

# %% wrong="keep_rate_in_cache" diagnosis="keep_in_cache"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) >= rate
    keep = 1 - rate
    return x * mask / keep, (mask, keep)

# %% wrong="below_rate" diagnosis="wrong_share"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) < rate
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="normal_numbers" diagnosis="wrong_share"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.normal(size=x.shape) >= rate
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="always_half" diagnosis="constant"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.integers(0, 2, size=x.shape)
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="one_mask_for_all_rows" diagnosis="not_independent"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = np.ones(x.shape) * (rng.random(x.shape[-1]) >= rate)
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="whole_rows" diagnosis="not_independent"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = np.ones(x.shape) * (rng.random((len(x),) + (1,) * (x.ndim - 1)) >= rate)
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="fixed_number" diagnosis="not_independent"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        ranks = rng.random(x.shape).argsort(axis=-1)
        mask = ranks >= round(rate * x.shape[-1])
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="drawn_twice" diagnosis="mask_not_kept"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        out = x * (rng.random(x.shape) >= rate) / (1 - rate)
        return out, (rng.random(x.shape) >= rate, rate)
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="global_randomness" diagnosis="ignores_rng"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = np.random.rand(*x.shape) >= rate
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="own_seed" diagnosis="ignores_rng"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = np.random.default_rng(0).random(x.shape) >= rate
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="draws_in_spite_of_the_mask" diagnosis="raised"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    mask = rng.random(x.shape) >= rate
    return x * mask / (1 - rate), (mask, rate)

# %% wrong="x_in_place" diagnosis="in_place"
def dropout_forward(x, rate, mask=None, rng=None, training=True):
    if not training:
        return x, (np.ones_like(x), 0.0)
    if mask is None:
        mask = rng.random(x.shape) >= rate
    if x.dtype.kind != "f":
        x = x.astype(float)
    x *= mask
    x /= 1 - rate
    return x, (mask, rate)

# %% [raw] equivalent=true
# mask = rng.random(x.shape) >= rate => mask = rng.random(x.shape) > rate
# A random number of 53 bits is exactly the rate once in about 10^16 draws.
