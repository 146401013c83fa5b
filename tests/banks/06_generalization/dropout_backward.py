# %% [markdown]
# Answers to `dropout_backward`, each in the place of the whole solution cell.

# %% right="where"
def dropout_backward(dout, cache):
    mask, rate = cache
    return np.where(mask == 1, dout / (1 - rate), 0.0)

# %% right="boolean_index"
def dropout_backward(dout, cache):
    kept = cache[0].astype(bool)
    dx = np.zeros(dout.shape)
    dx[kept] = dout[kept] * (1 / (1 - cache[1]))
    return dx

# %% right="keras_float32"
from keras import ops

def dropout_backward(dout, cache):
    mask, rate = cache
    factors = ops.convert_to_tensor(mask, dtype="float32") / (1.0 - rate)
    return factors * ops.convert_to_tensor(dout, dtype="float32")

# %% right="number_by_number"
def dropout_backward(dout, cache):
    (mask, rate), dx = cache, np.array(dout, dtype=float)
    for index in np.ndindex(dout.shape):
        dx[index] *= float(mask[index]) / (1 - rate)
    return dx

# %% wrong="plain" diagnosis="not_scaled"
def dropout_backward(dout, cache):
    mask, rate = cache
    return dout * mask

# %% wrong="times_keep" diagnosis="scaled_down"
def dropout_backward(dout, cache):
    mask, rate = cache
    return dout * mask * (1 - rate)

# %% wrong="over_rate" diagnosis="divided_by_rate"
def dropout_backward(dout, cache):
    mask, rate = cache
    with np.errstate(all="ignore"):
        return dout * mask / np.float64(rate)

# %% wrong="dropped_ones" diagnosis="mask_inverted"
def dropout_backward(dout, cache):
    mask, rate = cache
    return dout * (1 - mask * 1) / (1 - rate)

# %% wrong="logical_not" diagnosis="mask_inverted"
def dropout_backward(dout, cache):
    mask, rate = cache
    return np.where(mask, 0.0, dout / (1 - rate))

# %% wrong="no_mask" diagnosis="mask_forgotten"
def dropout_backward(dout, cache):
    return dout / (1 - cache[1])

# %% wrong="straight_through" diagnosis="passed_through"
def dropout_backward(dout, cache):
    return dout

# %% wrong="squared" diagnosis="scaled_twice"
def dropout_backward(dout, cache):
    mask, rate = cache
    scaled = mask / (1 - rate)
    return dout * scaled / (1 - rate)

# %% wrong="own_zeros" diagnosis="mask_forgotten"
def dropout_backward(dout, cache):
    _, rate = cache
    return dout * (dout != 0) / (1 - rate)

# %% wrong="with_a_comma" diagnosis="a_tuple"
def dropout_backward(dout, cache):
    mask, rate = cache
    return (dout * mask / (1 - rate),)

# %% wrong="fresh_mask" diagnosis="value"
def dropout_backward(dout, cache):
    rate = cache[1]
    mask = np.random.default_rng(1).random(dout.shape) >= rate
    return dout * mask / (1 - rate)

# %% wrong="dout_in_place" diagnosis="in_place"
def dropout_backward(dout, cache):
    mask, rate = cache
    if dout.dtype.kind != "f":
        dout = dout.astype(float)
    dout *= mask
    dout /= 1 - rate
    return dout

# %% wrong="whole_number_division" diagnosis="integer"
def dropout_backward(dout, cache):
    mask, rate = cache
    return dout * mask // (1 - rate)
