# %% [markdown]
# Answers to `clip_by_global_norm`, each in the place of the whole solution cell.

# %% right="one_long_vector"
def clip_by_global_norm(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in grads]))
    if np.isnan(norm) or np.isinf(norm):
        return [0.0 * np.ones(g.shape) for g in grads], norm
    return [g / max(norm / max_norm, 1.0) for g in grads], norm

# %% right="loops"
def clip_by_global_norm(grads, max_norm):
    total = 0.0
    for g in grads:
        for value in g.flat:
            total += float(value) ** 2
    norm = total**0.5
    clipped = []
    for g in grads:
        if total != total or norm == float('inf'):
            clipped.append(np.zeros_like(g, dtype=float))
        elif norm > max_norm:
            clipped.append(g * max_norm / norm)
        else:
            clipped.append(1.0 * g)
    return clipped, norm

# %% right="norm_of_norms"
def clip_by_global_norm(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    with np.errstate(all='ignore'):
        factor = min(1.0, max_norm / norm) if norm else 1.0
    return [np.where(np.isfinite(norm), g, 0.0) * (factor if np.isfinite(norm) else 0.0) for g in grads], norm

# %% right="einsum"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(np.sum([np.einsum('i,i->', g.ravel(), g.ravel()) for g in grads]))
    scale = np.float64(max_norm) / max(norm, max_norm) if np.isfinite(norm) else None
    return [np.zeros(g.shape) if scale is None else scale * g for g in grads], float(norm)

# %% right="keras_ops"
def clip_by_global_norm(grads, max_norm):
    tensors = [keras.ops.convert_to_tensor(g, 'float32') for g in grads]
    norm = keras.ops.sqrt(keras.ops.sum(keras.ops.stack([keras.ops.sum(g * g) for g in tensors])))
    if not np.isfinite(float(norm)):
        return [keras.ops.zeros_like(g) for g in tensors], norm
    if float(norm) <= max_norm:
        return tensors, norm
    return [g * (max_norm / norm) for g in tensors], norm

# %% wrong="each_array" diagnosis="each_by_itself"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    clipped = []
    for g in grads:
        own = np.sqrt((g**2).sum())
        clipped.append(g * (max_norm / own) if own > max_norm else g.copy())
    return clipped, norm

# %% wrong="np_clip" diagnosis="by_value"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    return [np.clip(g, -max_norm, max_norm) for g in grads], norm

# %% wrong="np_clip_guarded" diagnosis="by_value"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    return [np.clip(g, -max_norm, max_norm) for g in grads], norm

# %% wrong="always" diagnosis="always_scaled"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    if norm == 0:
        return [0.0 * g for g in grads], norm
    return [g * max_norm / norm for g in grads], norm

# %% wrong="always_and_zero" diagnosis="always_scaled"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    return [g * max_norm / norm for g in grads], norm

# %% wrong="new_norm" diagnosis="norm_after"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    if norm > max_norm:
        grads = [g * (max_norm / norm) for g in grads]
    return [1.0 * g for g in grads], np.sqrt(sum((g**2).sum() for g in grads))

# %% wrong="factor_beside" diagnosis="factor_returned"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], 1.0 if np.isnan(norm) else 0.0
    factor = max_norm / norm if norm > max_norm else 1.0
    return [g * factor for g in grads], factor

# %% wrong="norms_added" diagnosis="sum_of_norms"
def clip_by_global_norm(grads, max_norm):
    norm = sum(np.sqrt((g**2).sum()) for g in grads)
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [g.copy() for g in grads], norm

# %% wrong="no_root" diagnosis="root_forgotten"
def clip_by_global_norm(grads, max_norm):
    norm = sum((g**2).sum() for g in grads)
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [g.copy() for g in grads], norm

# %% wrong="root_of_the_mean" diagnosis="mean_for_sum"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(np.concatenate([g.ravel() ** 2 for g in grads]).mean())
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [g.copy() for g in grads], norm

# %% wrong="absolute_values" diagnosis="sum_of_sizes"
def clip_by_global_norm(grads, max_norm):
    norm = sum(np.abs(g).sum() for g in grads)
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [g.copy() for g in grads], norm

# %% wrong="maximum" diagnosis="largest_number"
def clip_by_global_norm(grads, max_norm):
    norm = max(np.abs(g).max() for g in grads)
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [g.copy() for g in grads], norm

# %% wrong="maximum_of_norms" diagnosis="largest_norm"
def clip_by_global_norm(grads, max_norm):
    norm = max(np.linalg.norm(g) for g in grads)
    if not all(np.isfinite(g).all() for g in grads):
        return [np.zeros(g.shape) for g in grads], np.sqrt(sum((g**2).sum() for g in grads))
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [g.copy() for g in grads], norm

# %% wrong="first_array" diagnosis="first_only"
def clip_by_global_norm(grads, max_norm):
    norm = np.linalg.norm(grads[0])
    if not all(np.isfinite(g).all() for g in grads):
        return [np.zeros(g.shape) for g in grads], np.sqrt(sum((g**2).sum() for g in grads))
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [g.copy() for g in grads], norm

# %% wrong="to_length_one" diagnosis="unit_norm"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    return ([g / norm for g in grads] if norm > max_norm else [1.0 * g for g in grads]), norm

# %% wrong="measured_only" diagnosis="not_clipped"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    return [1.0 * g for g in grads], norm

# %% wrong="comparison_inverted" diagnosis="clipped_the_wrong_way"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    if norm < max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [1.0 * g for g in grads], norm

# %% wrong="factor_upside_down" diagnosis="factor_inverted"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], norm
    factor = norm / max_norm if norm > max_norm else 1.0
    return [g * factor for g in grads], norm

# %% wrong="no_guard" diagnosis="min_of_nan"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm

# %% wrong="zero_times_infinity" diagnosis="zeros_by_multiplication"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [0 * g for g in grads], norm
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [g.copy() for g in grads], norm

# %% wrong="as_keras_does" diagnosis="all_nan"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    scale = max_norm * min(1 / max(norm, 1e-12), 1 / max_norm) + (norm - norm)
    return [g * scale + (0.0 if np.isfinite(norm) else np.nan) for g in grads], norm

# %% wrong="factor_of_numpy" diagnosis="not_finite_passed_on"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    return [g * np.minimum(1.0, max_norm / np.maximum(norm, 1e-12)) for g in grads], norm

# %% wrong="nan_to_num" diagnosis="bad_numbers_replaced"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        grads = [np.where(np.isfinite(g), g, 0.0) for g in grads]
        rest = np.sqrt(sum((g**2).sum() for g in grads))
        return [g * min(1.0, max_norm / rest) for g in grads], norm
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [g.copy() for g in grads], norm

# %% wrong="norm_of_zeros" diagnosis="norm_set_to_zero"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads], 0.0
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [g.copy() for g in grads], norm

# %% wrong="in_the_list" diagnosis="in_place"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    for g in grads:
        if not np.isfinite(norm):
            g[...] = 0
        elif norm > max_norm:
            g *= max_norm / norm
    return grads, norm

# %% wrong="pair_exchanged" diagnosis="wrong_kind"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return norm, [np.zeros(g.shape) for g in grads]
    return norm, [g * min(1.0, max_norm / max(norm, 1e-12)) for g in grads]

# %% wrong="gradients_alone" diagnosis="wrong_kind"
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if not np.isfinite(norm):
        return [np.zeros(g.shape) for g in grads]
    return [g * min(1.0, max_norm / max(norm, 1e-12)) for g in grads]

# %% [raw] equivalent=true
# factor = max_norm / norm if norm > max_norm else 1.0 => factor = max_norm / norm if norm >= max_norm else 1.0
# Where the two are equal, the factor is 1 either way.
