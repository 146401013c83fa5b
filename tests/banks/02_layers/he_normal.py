# %% [markdown]
# Answers to `he_normal`, each in the place of the whole solution cell.

# %% right="scaled_standard_normal"
def he_normal(n_in, n_out, rng):
    return np.sqrt(2.0 / n_in) * rng.standard_normal((n_in, n_out))

# %% right="unit_by_unit"
def he_normal(n_in, n_out, rng):
    columns = [rng.normal(scale=(2 / n_in) ** 0.5, size=n_in) for _ in range(n_out)]
    return np.stack(columns, axis=1)

# %% right="float32"
def he_normal(n_in, n_out, rng):
    return (rng.normal(size=n_in * n_out) * (2 / n_in) ** 0.5).reshape(n_in, n_out).astype("float32")

# %% right="keras_seeded_by_rng"
def he_normal(n_in, n_out, rng):
    seed = int(rng.integers(1 << 30))
    draw = keras.initializers.VarianceScaling(2.0, mode="fan_in", distribution="untruncated_normal", seed=seed)
    return np.array(draw((n_in, n_out)))

# %% wrong="no_root" diagnosis="variance_for_deviation"
def he_normal(n_in, n_out, rng):
    return rng.normal(0.0, 2 / n_in, size=(n_in, n_out))

# %% wrong="fan_out" diagnosis="counts_the_outputs"
def he_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(2 / n_out), size=(n_in, n_out))

# %% wrong="glorot_rule" diagnosis="glorot"
def he_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(2 / (n_in + n_out)), size=(n_in, n_out))

# %% wrong="factor_one" diagnosis="half_the_variance"
def he_normal(n_in, n_out, rng):
    return rng.normal(0.0, 1 / np.sqrt(n_in), size=(n_in, n_out))

# %% wrong="standard_normal" diagnosis="unscaled"
def he_normal(n_in, n_out, rng):
    return rng.normal(size=(n_in, n_out))

# %% wrong="one_hundredth" diagnosis="fixed_small"
def he_normal(n_in, n_out, rng):
    return 0.01 * rng.normal(size=(n_in, n_out))

# %% wrong="cut_off" diagnosis="truncated"
def he_normal(n_in, n_out, rng):
    w = rng.normal(size=(n_in, n_out))
    while np.any(np.abs(w) > 2):
        far = np.abs(w) > 2
        w[far] = rng.normal(size=far.sum())
    return w * np.sqrt(2 / n_in)

# %% wrong="keras_he_normal" diagnosis="wrong_spread"
def he_normal(n_in, n_out, rng):
    seed = int(rng.integers(1 << 30))
    return np.array(keras.initializers.HeNormal(seed=seed)((n_in, n_out)))

# %% wrong="uniform" diagnosis="uniform_to_deviation"
def he_normal(n_in, n_out, rng):
    s = np.sqrt(2 / n_in)
    return rng.uniform(-s, s, size=(n_in, n_out))

# %% wrong="he_uniform" diagnosis="wrong_spread"
def he_normal(n_in, n_out, rng):
    limit = np.sqrt(6 / n_in)
    return rng.uniform(-limit, limit, size=(n_in, n_out))

# %% wrong="absolute_values" diagnosis="made_positive"
def he_normal(n_in, n_out, rng):
    return np.abs(rng.normal(0.0, np.sqrt(2 / n_in), size=(n_in, n_out)))

# %% wrong="shape_exchanged" diagnosis="transposed"
def he_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(2 / n_in), size=(n_out, n_in))

# %% wrong="other_source" diagnosis="ignores_rng"
def he_normal(n_in, n_out, rng):
    return np.random.default_rng().normal(0.0, np.sqrt(2 / n_in), size=(n_in, n_out))

# %% wrong="always_the_same" diagnosis="not_random"
def he_normal(n_in, n_out, rng):
    rng = np.random.default_rng(0)
    return rng.normal(0.0, np.sqrt(2 / n_in), size=(n_in, n_out))
