# %% [markdown]
# Answers to `softmax`, each in the place of the whole solution cell.

# %% right="log_space"
def softmax(logits):
    logits = np.asarray(logits, dtype=float)
    log_sum = np.logaddexp.reduce(logits, axis=-1)
    return np.exp(logits - np.expand_dims(log_sum, -1))

# %% right="row_by_row"
def softmax(logits):
    rows = np.asarray(logits, dtype=float).reshape(-1, np.shape(logits)[-1])
    out = []
    for row in rows:
        e = np.array([np.exp(value - max(row)) for value in row])
        out.append(e / sum(e))
    return np.array(out).reshape(np.shape(logits))

# %% right="keras_float32"
from keras import ops

def softmax(logits):
    return ops.softmax(ops.convert_to_tensor(logits, dtype="float32"), axis=-1)

# %% right="transposed_broadcasting"
def softmax(logits):
    z = np.moveaxis(np.array(logits, dtype=np.float64), -1, 0)
    z = z - np.max(z, axis=0)
    e = np.exp(z)
    return np.moveaxis(e / np.sum(e, axis=0), 0, -1)

# %% right="a_copy_in_place"
def softmax(logits):
    e = logits.astype(float)
    e -= e.max(axis=-1, keepdims=True)
    np.exp(e, out=e)
    e /= e.sum(axis=-1, keepdims=True)
    return e

# %% wrong="naive" diagnosis="no_shift"
def softmax(logits):
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        return e / e.sum(axis=-1, keepdims=True)

# %% wrong="first_axis" diagnosis="over_columns"
def softmax(logits):
    e = np.exp(logits - logits.max(axis=0))
    return e / e.sum(axis=0)

# %% wrong="axis_one" diagnosis="over_axis_one"
def softmax(logits):
    if logits.ndim == 1:
        e = np.exp(logits - logits.max())
        return e / e.sum()
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# %% wrong="whole_array" diagnosis="over_everything"
def softmax(logits):
    e = np.exp(logits - np.max(logits))
    return e / np.sum(e)

# %% wrong="global_maximum" diagnosis="one_maximum_for_all"
def softmax(logits):
    with np.errstate(all="ignore"):
        e = np.exp(logits - np.max(logits))
        return e / e.sum(axis=-1, keepdims=True)

# %% wrong="no_keepdims" diagnosis="lost_axis"
def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)

# %% wrong="shift_by_minimum" diagnosis="minimum_subtracted"
def softmax(logits):
    with np.errstate(all="ignore"):
        e = np.exp(logits - logits.min(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

# %% wrong="clip_logits" diagnosis="clipped"
def softmax(logits):
    e = np.exp(np.clip(logits, -500, 500))
    return e / e.sum(axis=-1, keepdims=True)

# %% wrong="log_softmax" diagnosis="logarithm"
def softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))

# %% wrong="ratio_of_logits" diagnosis="no_exponential"
def softmax(logits):
    with np.errstate(all="ignore"):
        return logits / np.sum(logits, axis=-1, keepdims=True)

# %% wrong="sigmoid_each" diagnosis="sigmoids"
def softmax(logits):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-logits))

# %% wrong="hard_max" diagnosis="winner_takes_all"
def softmax(logits):
    return (logits >= logits.max(axis=-1, keepdims=True)).astype(float)

# %% wrong="subtracts_in_place" diagnosis="in_place"
def softmax(logits):
    if logits.dtype.kind == "i":
        logits = logits.astype(float)
    logits -= logits.max(axis=-1, keepdims=True)
    e = np.exp(logits)
    return e / e.sum(axis=-1, keepdims=True)

# %% wrong="epsilon_in_the_sum" diagnosis="value"
def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1e-2)

# %% wrong="not_normalized" diagnosis="not_divided"
def softmax(logits):
    return np.exp(logits - logits.max(axis=-1, keepdims=True))

# %% wrong="whole_numbers" diagnosis="cut_to_whole_numbers"
def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    out = np.zeros_like(logits)
    out[...] = e / e.sum(axis=-1, keepdims=True)
    return out
