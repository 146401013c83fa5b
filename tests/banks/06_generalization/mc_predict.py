# %% [markdown]
# Answers to `mc_predict`, each in the place of the whole solution cell.

# %% right="one_large_batch"
def mc_predict(model, x, n_samples):
    repeated = np.concatenate([x] * n_samples)
    p = keras.ops.softmax(model(repeated, training=True))
    p = np.reshape(keras.ops.convert_to_numpy(p), (n_samples, len(x), -1))
    return p.mean(axis=0), p.std(axis=0)

# %% right="running_sums"
def mc_predict(model, x, n_samples):
    total, squares = 0.0, 0.0
    for _ in range(n_samples):
        z = np.array(model(x, training=True), dtype=float)
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p = p / p.sum(axis=1, keepdims=True)
        total, squares = total + p, squares + p**2
    mean = total / n_samples
    return mean, np.sqrt(np.maximum(squares / n_samples - mean**2, 0))

# %% right="tensors_to_the_end"
from keras import ops

def mc_predict(model, x, n_samples):
    x = ops.convert_to_tensor(x)
    p = ops.stack([ops.exp(ops.log_softmax(model(x, training=True), axis=-1)) for _ in range(n_samples)], axis=1)
    mean = ops.mean(p, axis=1)
    std = ops.sqrt(ops.mean(ops.square(p - ops.expand_dims(mean, 1)), axis=1))
    return np.asarray(mean), np.asarray(std)

# %% right="two_lines_of_array_arithmetic"
def mc_predict(model, x, n_samples):
    z = np.stack([keras.ops.convert_to_numpy(model(x, training=True)) for _ in range(n_samples)]).astype("float64")
    p = np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))
    return np.average(p, axis=0), np.var(p, axis=0) ** 0.5

# %% wrong="inference" diagnosis="dropout_switched_off"
def mc_predict(model, x, n_samples):
    p = [np.array(keras.ops.softmax(model(x))) for _ in range(n_samples)]
    return np.mean(p, axis=0), np.std(p, axis=0)

# %% wrong="predict" diagnosis="dropout_switched_off"
def mc_predict(model, x, n_samples):
    p = [np.array(keras.ops.softmax(model.predict_on_batch(x))) for _ in range(n_samples)]
    return np.mean(p, axis=0), np.std(p, axis=0)

# %% wrong="softmax_last" diagnosis="logits_averaged"
def mc_predict(model, x, n_samples):
    z = np.array([model(x, training=True) for _ in range(n_samples)])
    p = np.array(keras.ops.softmax(z, axis=-1))
    return np.array(keras.ops.softmax(z.mean(axis=0), axis=-1)), p.std(axis=0)

# %% wrong="softmax_of_the_mean" diagnosis="logits_averaged_and_spread"
def mc_predict(model, x, n_samples):
    z = np.array([model(x, training=True) for _ in range(n_samples)])
    return np.array(keras.ops.softmax(z.mean(axis=0), axis=-1)), z.std(axis=0)

# %% wrong="logits" diagnosis="no_softmax"
def mc_predict(model, x, n_samples):
    z = np.array([model(x, training=True) for _ in range(n_samples)])
    return z.mean(axis=0), z.std(axis=0)

# %% wrong="axis_zero" diagnosis="softmax_over_the_batch"
def mc_predict(model, x, n_samples):
    p = [np.array(keras.ops.softmax(model(x, training=True), axis=0)) for _ in range(n_samples)]
    return np.mean(p, axis=0), np.std(p, axis=0)

# %% wrong="no_root" diagnosis="variance_not_std"
def mc_predict(model, x, n_samples):
    p = [np.array(keras.ops.softmax(model(x, training=True))) for _ in range(n_samples)]
    return np.mean(p, axis=0), np.var(p, axis=0)

# %% wrong="error_of_the_mean" diagnosis="standard_error"
def mc_predict(model, x, n_samples):
    p = [np.array(keras.ops.softmax(model(x, training=True))) for _ in range(n_samples)]
    return np.mean(p, axis=0), np.std(p, axis=0) / np.sqrt(n_samples)

# %% wrong="ddof_one" diagnosis="one_less"
def mc_predict(model, x, n_samples):
    p = [np.array(keras.ops.softmax(model(x, training=True))) for _ in range(n_samples)]
    return np.mean(p, axis=0), np.std(p, axis=0, ddof=1)

# %% wrong="seeded" diagnosis="one_mask_for_all"
def mc_predict(model, x, n_samples):
    z = keras.ops.softmax(model(x, training=True))
    p = np.repeat(np.array(z)[None], n_samples, axis=0)
    return p.mean(axis=0), p.std(axis=0)

# %% wrong="a_hundred" diagnosis="always_many"
def mc_predict(model, x, n_samples):
    p = [np.array(keras.ops.softmax(model(x, training=True))) for _ in range(100)]
    return np.mean(p, axis=0), np.std(p, axis=0)

# %% wrong="one_more" diagnosis="one_sample_more"
def mc_predict(model, x, n_samples):
    p = [np.array(keras.ops.softmax(model(x, training=True)))]
    for _ in range(n_samples):
        p.append(np.array(keras.ops.softmax(model(x, training=True))))
    return np.mean(p, axis=0), np.std(p, axis=0)

# %% wrong="one_less_sample" diagnosis="one_sample_less"
def mc_predict(model, x, n_samples):
    p = []
    for _ in range(1, max(n_samples, 2)):
        p.append(np.array(keras.ops.softmax(model(x, training=True))))
    return np.mean(p, axis=0), np.std(p, axis=0)

# %% wrong="sigmoid" diagnosis="sigmoids"
def mc_predict(model, x, n_samples):
    p = [np.array(keras.ops.sigmoid(model(x, training=True))) for _ in range(n_samples)]
    return np.mean(p, axis=0), np.std(p, axis=0)

# %% wrong="votes" diagnosis="winners_counted"
def mc_predict(model, x, n_samples):
    votes = []
    for _ in range(n_samples):
        z = np.array(model(x, training=True))
        votes.append(np.eye(z.shape[1])[z.argmax(axis=1)])
    return np.mean(votes, axis=0), np.std(votes, axis=0)

# %% wrong="over_all_axes" diagnosis="wrong_shape"
def mc_predict(model, x, n_samples):
    p = np.array([keras.ops.softmax(model(x, training=True)) for _ in range(n_samples)])
    return p.mean(), p.std()

# %% wrong="over_the_batch" diagnosis="wrong_shape"
def mc_predict(model, x, n_samples):
    p = np.array([keras.ops.softmax(model(x, training=True)) for _ in range(n_samples)])
    return p.mean(axis=1), p.std(axis=1)

# %% wrong="tensors" diagnosis="wrong_shape"
def mc_predict(model, x, n_samples):
    p = keras.ops.stack([keras.ops.softmax(model(x, training=True)) for _ in range(n_samples)])
    return keras.ops.mean(p, axis=0), keras.ops.std(p, axis=0)

# %% wrong="all_samples" diagnosis="wrong_shape"
def mc_predict(model, x, n_samples):
    p = np.array([keras.ops.softmax(model(x, training=True)) for _ in range(n_samples)])
    return p, p.std(axis=0)

# %% [raw] equivalent=true
# samples.append(keras.ops.convert_to_numpy(keras.ops.softmax(logits, axis=-1))) => samples.append(keras.ops.convert_to_numpy(keras.ops.softmax(logits)))
# The last axis is the default of keras.ops.softmax.

# %% [raw] equivalent=true
# samples.append(keras.ops.convert_to_numpy(keras.ops.softmax(logits, axis=-1))) => samples.append(keras.ops.convert_to_numpy(keras.ops.softmax(logits, axis=+1)))
# Logits have two axes, so the last one is axis 1.
