# %% [markdown]
# Answers to `kv_cache_step`, each in the place of the whole solution cell.

# %% right="as_described"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% right="empty_cache_first"
def kv_cache_step(x, cache, w, heads):
    batch, new, features = x.shape
    if cache is None:
        nothing = np.zeros((batch, heads, 0, features // heads))
        cache = (nothing, nothing)
    k = np.append(cache[0], split_heads(x @ w["wk"], heads), axis=2)
    v = np.append(cache[1], split_heads(x @ w["wv"], heads), axis=2)
    mask = causal_mask(new, keys=k.shape[2])
    attended = scaled_dot_product_attention(split_heads(x @ w["wq"], heads), k, v, mask=mask)[0]
    return np.matmul(merge_heads(attended), w["wo"]), (k, v)

# %% right="one_by_one"
def kv_cache_step(x, cache, w, heads):
    outs = []
    for t in range(x.shape[1]):
        now = x[:, t : t + 1]
        q, k, v = (split_heads(now @ w[m], heads) for m in ("wq", "wk", "wv"))
        if cache is not None:
            k, v = (np.concatenate([old, n], axis=2) for old, n in zip(cache, (k, v)))
        cache = (k, v)
        out, _ = scaled_dot_product_attention(q, k, v)
        outs.append(merge_heads(out) @ w["wo"])
    return np.concatenate(outs, axis=1), cache

# %% right="by_hand"
def kv_cache_step(x, cache, w, heads):
    b, n, f = x.shape
    d = f // heads
    project = lambda m: (x @ m).reshape(b, n, heads, d).transpose(0, 2, 1, 3)
    q, k, v = project(w["wq"]), project(w["wk"]), project(w["wv"])
    if cache is not None:
        k, v = np.concatenate((cache[0], k), 2), np.concatenate((cache[1], v), 2)
    seen = k.shape[2] - n
    scores = np.einsum("bhqd,bhkd->bhqk", q, k) / np.sqrt(d)
    scores[..., np.triu(np.ones((n, seen + n), bool), seen + 1)] = -np.inf
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    out = np.einsum("bhqk,bhkd->bqhd", weights, v).reshape(b, n, f)
    return out @ w["wo"], (k, v)

# %% wrong="no_mask" diagnosis="prompt_sees_ahead"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="mask_of_the_first" diagnosis="mask_from_the_start"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = np.tri(x.shape[1], k.shape[2], dtype=bool)
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="attends_before_appending" diagnosis="not_itself"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = np.tri(x.shape[1], k.shape[2], k.shape[2] - x.shape[1] - 1, dtype=bool)
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="appends_after" diagnosis="new_ones_alone"
def kv_cache_step(x, cache, w, heads):
    q, k, v = (split_heads(x @ w[name], heads) for name in ["wq", "wk", "wv"])
    out, _ = scaled_dot_product_attention(q, k, v, causal_mask(x.shape[1]))
    if cache is not None:
        k = np.concatenate([cache[0], k], axis=2)
        v = np.concatenate([cache[1], v], axis=2)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="old_keys_only" diagnosis="old_ones_only"
def kv_cache_step(x, cache, w, heads):
    q, k, v = (split_heads(x @ w[name], heads) for name in ["wq", "wk", "wv"])
    if cache is None:
        out, _ = scaled_dot_product_attention(q, k, v, causal_mask(x.shape[1]))
    else:
        out, _ = scaled_dot_product_attention(q, cache[0], cache[1])
        k = np.concatenate([cache[0], k], axis=2)
        v = np.concatenate([cache[1], v], axis=2)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="new_cache_is_new" diagnosis="cache_not_longer"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    new = (k, v)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], new

# %% wrong="old_cache_returned" diagnosis="cache_not_renewed"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], cache if cache is not None else (k, v)

# %% wrong="cache_unused" diagnosis="cache_ignored"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if False:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="in_front" diagnosis="new_before_old"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([k, old_k], axis=2)
        v = np.concatenate([v, old_v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="returned_in_front" diagnosis="new_in_front_mask_right"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        new = k, v
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    if cache is not None:
        k = np.concatenate([new[0], old_k], axis=2)
        v = np.concatenate([new[1], old_v], axis=2)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="v_then_k" diagnosis="values_first"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_v, old_k = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (v, k)

# %% wrong="returns_v_then_k" diagnosis="returned_values_first"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (v, k)

# %% wrong="queries_kept" diagnosis="cache_of_queries"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wq"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="keys_twice" diagnosis="keys_for_values"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wk"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="asks_with_keys" diagnosis="queries_and_keys_exchanged"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wk"], heads)
    k = split_heads(x @ w["wq"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="wo_forgotten" diagnosis="no_wo"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out), (k, v)

# %% wrong="residual_added" diagnosis="added_to_x"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return x + merge_heads(out) @ w["wo"], (k, v)

# %% wrong="scaled_twice" diagnosis="not_scaled"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q * np.sqrt(q.shape[-1]), k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="scaled_by_features" diagnosis="scaled_by_all_features"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q / np.sqrt(heads), k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="last_one" diagnosis="last_position_only"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    out = out[:, :, -1:]
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="no_cache_returned" diagnosis="output_alone"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"]

# %% wrong="writes_into_the_cache" diagnosis="cache_changed"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    if cache is not None:
        cache[0][:, :, 0] = k[:, :, -1]
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="square_mask" diagnosis="raised"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=2)
        v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="joined_along_heads" diagnosis="raised"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    if cache is not None:
        old_k, old_v = cache
        k = np.concatenate([old_k, k], axis=1)
        v = np.concatenate([old_v, v], axis=1)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% wrong="cache_of_none" diagnosis="raised"
def kv_cache_step(x, cache, w, heads):
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(x @ w["wk"], heads)
    v = split_heads(x @ w["wv"], heads)
    old_k, old_v = cache
    k = np.concatenate([old_k, k], axis=2)
    v = np.concatenate([old_v, v], axis=2)
    mask = causal_mask(x.shape[1], k.shape[2])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return merge_heads(out) @ w["wo"], (k, v)

# %% right="heads_apart"
def kv_cache_step(x, cache, w, heads):
    depth = x.shape[-1] // heads
    outs, keys, values = [], [], []
    for h in range(heads):
        own = slice(h * depth, (h + 1) * depth)
        q, k, v = (x @ w[name][:, own] for name in ("wq", "wk", "wv"))
        if cache is not None:
            k = np.concatenate([cache[0][:, h], k], axis=1)
            v = np.concatenate([cache[1][:, h], v], axis=1)
        mask = causal_mask(q.shape[1], k.shape[1])
        outs.append(scaled_dot_product_attention(q, k, v, mask)[0] @ w["wo"][own])
        keys.append(k)
        values.append(v)
    return sum(outs), (np.stack(keys, axis=1), np.stack(values, axis=1))

# %% wrong="reshape_in_place_of_split" diagnosis="heads_by_reshape"
def kv_cache_step(x, cache, w, heads):
    q, k, v = ((x @ w[n]).reshape(len(x), heads, x.shape[1], -1) for n in ("wq", "wk", "wv"))
    if cache is not None:
        k = np.concatenate([cache[0], k], axis=2)
        v = np.concatenate([cache[1], v], axis=2)
    out, _ = scaled_dot_product_attention(q, k, v, causal_mask(x.shape[1], k.shape[2]))
    return merge_heads(out) @ w["wo"], (k, v)
