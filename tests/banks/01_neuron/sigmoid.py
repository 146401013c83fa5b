# %% [markdown]
# Answers to `sigmoid`, each in the place of the whole solution cell.

# %% right="masks"
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    out = np.empty_like(z)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    out[~positive] = e / (1 + e)
    return out

# %% right="log_space"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))

# %% right="both_branches"
def sigmoid(z):
    z = np.array(z, dtype=np.float64)
    up, down = np.exp(-np.maximum(z, 0)), np.exp(np.minimum(z, 0))
    return np.where(z >= 0, 1 / (1 + up), down / (1 + down))

# %% right="loop"
def sigmoid(z):
    flat = []
    for value in z.ravel():
        if value >= 0:
            flat.append(1 / (1 + np.exp(-value)))
        else:
            flat.append(np.exp(value) / (1 + np.exp(value)))
    return np.array(flat).reshape(z.shape)

# %% right="clipped_far_out"
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))

# %% right="keras_log_sigmoid"
from keras import ops

def sigmoid(z):
    return ops.exp(ops.log_sigmoid(ops.convert_to_tensor(z, dtype="float32")))

# %% right="keras_float32"
import keras

def sigmoid(z):
    return keras.ops.convert_to_numpy(keras.ops.sigmoid(keras.ops.cast(np.asarray(z), "float32")))

# %% wrong="as_typed" diagnosis="overflow_on_the_way"
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

# %% wrong="where_computes_both" diagnosis="overflow_on_the_way"
def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))

# %% wrong="no_minus" diagnosis="missing_minus"
def sigmoid(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(z))

# %% wrong="tanh_form" diagnosis="lost_tail"
def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))

# %% wrong="one_minus" diagnosis="lost_tail"
def sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), 1 - 1 / (1 + small))

# %% wrong="other_branch_only" diagnosis="overflows"
def sigmoid(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / (1 + np.exp(z))

# %% wrong="clip_30" diagnosis="clipped_at_30"
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))

# %% wrong="clip_at_20" diagnosis="value"
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -20, 20)))

# %% wrong="tanh" diagnosis="tanh_itself"
def sigmoid(z):
    return np.tanh(z)

# %% wrong="tanh_not_halved" diagnosis="halved_argument_missing"
def sigmoid(z):
    return (1 + np.tanh(z)) / 2

# %% wrong="step" diagnosis="step_instead"
def sigmoid(z):
    return np.where(z >= 0, 1.0, 0.0)

# %% wrong="slope" diagnosis="derivative_instead"
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2

# %% wrong="softmax" diagnosis="softmax_instead"
def sigmoid(z):
    e = np.exp(z - z.max())
    return e / np.sum(e)

# %% wrong="whole_number_buffer" diagnosis="cut_to_whole_numbers"
def sigmoid(z):
    out = np.empty_like(z)
    e = np.exp(-np.abs(z))
    out[...] = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return out

# %% wrong="branches_exchanged" diagnosis="missing_minus"
def sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(z < 0, 1 / (1 + small), small / (1 + small))

# %% wrong="rounded" diagnosis="value"
def sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.round(np.where(z >= 0, 1 / (1 + small), small / (1 + small)), 4)

# %% wrong="flattened" diagnosis="shape"
def sigmoid(z):
    small = np.exp(-np.abs(z)).ravel()
    return np.where(z.ravel() >= 0, 1 / (1 + small), small / (1 + small))

# %% wrong="in_place" diagnosis="in_place"
def sigmoid(z):
    if z.dtype != float:
        z = z.astype(float)
    np.clip(z, -500, 500, out=z)
    np.exp(-z, out=z)
    return 1 / (1 + z)

# %% [raw] equivalent=true
# return np.where(z >= 0, 1 / (1 + small), small / (1 + small)) => return np.where(z > 0, 1 / (1 + small), small / (1 + small))
# At z = 0 both forms are 1/2.
