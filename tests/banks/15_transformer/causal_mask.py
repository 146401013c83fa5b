# %% [markdown]
# Answers to `causal_mask`, each in the place of the whole solution cell.

# %% right="distances"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s < window)
    return mask

# %% right="tril"
def causal_mask(queries, keys=None, window=None):
    keys = queries if keys is None else keys
    offset = keys - queries
    mask = np.tril(np.ones((queries, keys), dtype=bool), k=offset)
    if window is not None:
        mask = mask & ~np.tril(np.ones((queries, keys), dtype=bool), k=offset - window)
    return mask

# %% right="last_rows"
def causal_mask(queries, keys=None, window=None):
    n = keys or queries
    table = np.tri(n, dtype=bool)
    if window:
        table &= np.triu(np.ones((n, n), bool), 1 - window)
    return table[n - queries :]

# %% right="loops"
def causal_mask(queries, keys=None, window=None):
    keys = queries if keys is None else keys
    window = keys if window is None else window
    mask = np.zeros((queries, keys), dtype=bool)
    for i in range(queries):
        position = keys - queries + i
        for j in range(max(0, position - window + 1), position + 1):
            mask[i, j] = True
    return mask

# %% right="subtract_outer"
def causal_mask(queries, keys=None, window=None):
    keys = keys if keys is not None else queries
    back = np.subtract.outer(np.arange(keys)[-queries:], np.arange(keys))
    return (back >= 0) & (back < (window if window is not None else keys))

# %% wrong="strictly_before" diagnosis="not_itself"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s < t
    if window is not None:
        mask = np.logical_and(mask, t - s < window)
    return mask

# %% wrong="upper" diagnosis="the_future"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s >= t
    if window is not None:
        mask = np.logical_and(mask, s - t < window)
    return mask

# %% wrong="true_means_hidden" diagnosis="true_forbids"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s < window)
    return ~mask

# %% wrong="additive" diagnosis="for_adding"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s < window)
    return np.where(mask, 0.0, -np.inf)

# %% wrong="additive_large" diagnosis="for_adding_large"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s < window)
    return np.where(mask, 0.0, -1e9)

# %% wrong="offset_forgotten" diagnosis="first_positions_ask"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s < window)
    return mask

# %% wrong="tril_without_offset" diagnosis="first_positions_ask"
def causal_mask(queries, keys=None, window=None):
    keys = queries if keys is None else keys
    mask = np.tril(np.ones((queries, keys), dtype=bool))
    if window is not None:
        mask &= ~np.tril(np.ones((queries, keys), dtype=bool), k=-window)
    return mask

# %% wrong="square" diagnosis="keys_ignored"
def causal_mask(queries, keys=None, window=None):
    keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s < window)
    return mask

# %% wrong="all_rows" diagnosis="as_many_queries_as_keys"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    queries = keys
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s < window)
    return mask

# %% wrong="transposed" diagnosis="columns_for_queries"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s < window)
    return mask.T

# %% wrong="no_window" diagnosis="window_ignored"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    return mask

# %% wrong="window_plus_one" diagnosis="window_one_too_wide"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s <= window)
    return mask

# %% wrong="window_minus_one" diagnosis="window_without_itself"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s < window - 1)
    return mask

# %% wrong="both_sides" diagnosis="window_both_ways"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.abs(t - s) < window
    return mask

# %% wrong="window_overwrites" diagnosis="future_within_reach"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = t - s < window
    return mask

# %% wrong="window_does_not_move" diagnosis="window_at_the_start"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, s < window)
    return mask

# %% wrong="ones_and_zeros" diagnosis="not_boolean"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s < window)
    return mask.astype(int)

# %% wrong="as_in_the_lesson" diagnosis="raised"
def causal_mask(n):
    return np.tri(n, dtype=bool)

# %% wrong="nested_lists" diagnosis="wrong_kind"
def causal_mask(queries, keys=None, window=None):
    if keys is None:
        keys = queries
    t = (keys - queries) + np.arange(queries).reshape(-1, 1)
    s = np.arange(keys).reshape(1, -1)
    mask = s <= t
    if window is not None:
        mask = np.logical_and(mask, t - s < window)
    return mask.tolist()

# %% wrong="offset_turned" diagnosis="moved_the_wrong_way"
def causal_mask(queries, keys=None, window=None):
    keys = queries if keys is None else keys
    mask = np.tril(np.ones((queries, keys), bool), queries - keys)
    if window is not None:
        mask &= np.triu(np.ones((queries, keys), bool), queries - keys - window + 1)
    return mask
