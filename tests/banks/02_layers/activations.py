# %% [markdown]
# Answers to `activations`, each in the place of the whole solution cell.

# %% right="table_of_functions"
def activations(name, z):
    c = np.sqrt(2 / np.pi)
    t = np.tanh(c * (z + 0.044715 * z**3))
    table = {
        "step": (np.where(z >= 0, 1.0, 0.0), np.zeros(np.shape(z))),
        "sigmoid": (np.exp(-np.logaddexp(0, -z)), np.exp(-np.logaddexp(0, -z) - np.logaddexp(0, z))),
        "tanh": (np.tanh(z), 1 - np.square(np.tanh(z))),
        "relu": (z * (z > 0), 1.0 * (z > 0)),
        "leaky_relu": (np.maximum(z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
        "gelu": (0.5 * z * (1 + t), 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * c * (1 + 3 * 0.044715 * z**2)),
    }
    if name not in table:
        raise ValueError(f"unknown activation {name!r}")
    return table[name]

# %% right="match"
def activations(name, z):
    z = np.asarray(z, dtype=float)
    match name:
        case "step":
            value, slope = (z >= 0).astype(float), np.zeros_like(z)
        case "sigmoid":
            value = np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))
            slope = value * (1 - value)
        case "tanh":
            value = np.tanh(z)
            slope = (1 - value) * (1 + value)
        case "relu" | "leaky_relu":
            leak = 0.01 if name == "leaky_relu" else 0.0
            value = np.where(z > 0, z, leak * z)
            slope = np.where(z > 0, 1.0, leak)
        case "gelu":
            u = np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)
            s = 1 / (1 + np.exp(-np.clip(2 * u, -700, 700)))
            value, slope = z * s, s + 2 * z * s * (1 - s) * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2)
        case _:
            raise ValueError(name)
    return value, slope

# %% right="keras_values_own_slopes"
from keras import activations as known

def activations(name, z):
    if name not in ("step", "sigmoid", "tanh", "relu", "leaky_relu", "gelu"):
        raise ValueError(name)
    x = np.asarray(z, dtype="float64")
    if name == "step":
        return (x >= 0) * 1.0, x * 0.0
    tensor = keras.ops.convert_to_tensor(x.astype("float32"))
    if name == "leaky_relu":
        return np.array(known.leaky_relu(tensor, negative_slope=0.01)), np.where(x > 0, 1.0, 0.01)
    if name == "relu":
        return np.array(known.relu(tensor)), (x > 0) * 1.0
    if name == "gelu":
        t = np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))
        inner = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * x**2)
        return x * (1 + t) / 2, (1 + t) / 2 + x / 2 * (1 - t**2) * inner
    a = np.array(getattr(known, name)(tensor)).astype("float64")
    return a, a * (1 - a) if name == "sigmoid" else 1 - a**2

# %% right="keras_tensors_32_bit"
def activations(name, z):
    ops = keras.ops
    z = ops.convert_to_tensor(z, dtype="float32")
    zero, one = ops.zeros_like(z), ops.ones_like(z)
    if name == "step":
        return ops.where(z >= 0, one, zero), zero
    if name == "sigmoid":
        s = ops.sigmoid(z)
        return s, s * (1 - s)
    if name == "tanh":
        return ops.tanh(z), 1 - ops.square(ops.tanh(z))
    if name == "relu":
        return ops.relu(z), ops.where(z > 0, one, zero)
    if name == "leaky_relu":
        return ops.leaky_relu(z, negative_slope=0.01), ops.where(z > 0, one, 0.01 * one)
    if name == "gelu":
        t = ops.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
        inner = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z**2)
        return ops.gelu(z, approximate=True), (1 + t + z * (1 - t**2) * inner) / 2
    raise ValueError(name)

# %% right="naive_sigmoid_is_safe_on_this_side"
def activations(name, z):
    if name == "sigmoid":
        with np.errstate(over="ignore"):
            s = 1 / (1 + np.exp(-z))
        return s, s * (1 - s)
    if name == "tanh":
        return np.tanh(z), 1 / np.cosh(np.clip(z, -300, 300)) ** 2
    if name == "step":
        return np.heaviside(z, 1.0), np.zeros_like(z, dtype=float)
    if name == "relu":
        return np.maximum(0, z), np.heaviside(z, 0.0)
    if name == "leaky_relu":
        return np.where(z < 0, 0.01 * z, z), 0.01 + 0.99 * (z > 0)
    if name == "gelu":
        c, a = np.sqrt(2 / np.pi), 0.044715
        t = np.tanh(c * (z + a * z**3))
        return 0.5 * z * (1 + t), 0.5 * (1 + t + z * (1 - t**2) * c * (1 + 3 * a * z**2))
    raise ValueError("unknown name")

# %% wrong="strict_step" diagnosis="step_at_zero"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z > 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="step_like_relu" diagnosis="step_slope_one"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, (z > 0) * 1.0), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="slope_from_input" diagnosis="sigmoid_slope_of_z"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, z * (1 - z)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="exp_over_exp" diagnosis="sigmoid_overflows"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    with np.errstate(all="ignore"):
        s = np.exp(z) / (1 + np.exp(z))
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="tanh_without_square" diagnosis="tanh_not_squared"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z)),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="sigmoid_rule_for_tanh" diagnosis="tanh_slope_like_sigmoid"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), np.tanh(z) * (1 - np.tanh(z))),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="relu_corner_one" diagnosis="relu_slope_at_zero"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z >= 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="relu_never_dead" diagnosis="relu_slope_everywhere"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), np.ones(z.shape)), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="leaky_slope_zero" diagnosis="leaky_flat_slope"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), (z > 0) * 1.0),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="keras_leak" diagnosis="leaky_other_leak"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.2 * z), np.where(z > 0, 1.0, 0.2)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="product_rule_lost" diagnosis="gelu_no_product_rule"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2)}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="chain_rule_lost" diagnosis="gelu_no_inner_slope"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2)}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="three_lost" diagnosis="gelu_cube_slope"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.044715 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="exact_normal_cdf" diagnosis="gelu_exact"
from math import erf

def activations(name, z):
    s = (1 + np.tanh(z / 2)) / 2
    cdf = 0.5 * (1 + np.vectorize(erf)(z / np.sqrt(2)))
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * cdf, cdf + z * np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="quick_gelu" diagnosis="gelu_by_sigmoid"
def activations(name, z):
    s = (1 + np.tanh(z / 2)) / 2
    q = (1 + np.tanh(1.702 * z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * q, q + 1.702 * z * q * (1 - q))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="slope_first" diagnosis="pair_exchanged"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": (0.0 * z, (z >= 0) * 1.0), "sigmoid": (s * (1 - s), s), "tanh": (1 - np.tanh(z) ** 2, np.tanh(z)),
             "relu": ((z > 0) * 1.0, np.maximum(z, 0)), "leaky_relu": (np.where(z > 0, 1.0, 0.01), np.where(z > 0, z, 0.01 * z)),
             "gelu": ((1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2), z * (1 + t) / 2)}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="value_only" diagnosis="slope_forgotten"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    known = {"step": (z >= 0) * 1.0, "sigmoid": (1 + np.tanh(z / 2)) / 2, "tanh": np.tanh(z), "relu": np.maximum(z, 0),
             "leaky_relu": np.where(z > 0, z, 0.01 * z), "gelu": z * (1 + t) / 2}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% wrong="silent_about_unknown_names" diagnosis="no_error"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    return known.get(name, (z, 0 * z + 1))

# %% wrong="key_error" diagnosis="wrong_error"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    return known[name]

# %% wrong="filled_like_the_input" diagnosis="integer"
def activations(name, z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    s = (1 + np.tanh(z / 2)) / 2
    leaky, slope = z.copy(), np.ones_like(z)
    leaky[z <= 0] = 0.01 * z[z <= 0]
    slope[z <= 0] = 0.01
    known = {"step": ((z >= 0) * 1.0, 0.0 * z), "sigmoid": (s, s * (1 - s)), "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
             "relu": (np.maximum(z, 0), (z > 0) * 1.0), "leaky_relu": (leaky, slope),
             "gelu": (z * (1 + t) / 2, (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2))}
    if name not in known:
        raise ValueError(name)
    return known[name]

# %% [raw] equivalent=true
# return ((z >= 0) * 1.0, 0.0 * z) => return ((z >= 0) / 1.0, 0.0 * z)
# Division by 1.0 is multiplication by 1.0.

# %% [raw] equivalent=true
# return (np.maximum(z, 0), (z > 0) * 1.0) => return (np.maximum(z, 0), (z > 0) / 1.0)
# Division by 1.0 is multiplication by 1.0.

# %% [raw] equivalent=true
# return (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)) => return (np.where(z >= 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01))
# At z = 0 both branches of the value are 0.
