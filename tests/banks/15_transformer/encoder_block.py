# %% [markdown]
# Answers to `encoder_block`, each in the place of the whole solution cell.

# %% right="step_by_step"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% right="two_helpers"
def attention_half(h, w, heads, mask):
    heads_of = {name: split_heads(h @ w[name], heads) for name in ("wq", "wk", "wv")}
    out = scaled_dot_product_attention(heads_of["wq"], heads_of["wk"], heads_of["wv"], mask=mask)[0]
    return merge_heads(out) @ w["wo"]


def mlp_half(h, w):
    h = h @ w["w1"] + w["b1"]
    return (h * (h > 0)) @ w["w2"] + w["b2"]


def encoder_block(x, w, heads, lengths=None, pre=True):
    norm1 = lambda a: layer_norm(a, w["scale1"], w["shift1"])
    norm2 = lambda a: layer_norm(a, w["scale2"], w["shift2"])
    if lengths is None:
        mask = np.ones((1, 1, 1, x.shape[1]), bool)
    else:
        mask = np.array([[i < n for i in range(x.shape[1])] for n in lengths])[:, None, None]
    if pre:
        y = x + attention_half(norm1(x), w, heads, mask)
        return y + mlp_half(norm2(y), w)
    y = norm1(x + attention_half(x, w, heads, mask))
    return norm2(y + mlp_half(y, w))

# %% right="all_by_hand"
def encoder_block(x, w, heads, lengths=None, pre=True):
    b, t, f = x.shape
    d = f // heads

    def norm(x, which, wanted):
        return layer_norm(x, w[f"scale{which}"], w[f"shift{which}"]) if wanted else x

    h = norm(x, 1, pre)
    a = np.zeros((b, t, f))
    for n in range(b):
        seen = t if lengths is None else int(lengths[n])
        for i in range(heads):
            cols = slice(i * d, (i + 1) * d)
            q = (h[n] @ w["wq"])[:, cols]
            k = (h[n] @ w["wk"])[:seen, cols]
            v = (h[n] @ w["wv"])[:seen, cols]
            s = np.exp(q @ k.T / np.sqrt(d))
            a[n, :, cols] = s / s.sum(axis=1, keepdims=True) @ v
    y = norm(x + a @ w["wo"], 1, not pre)
    h = norm(y, 2, pre)
    return norm(y + np.maximum(0, h @ w["w1"] + w["b1"]) @ w["w2"] + w["b2"], 2, not pre)

# %% right="sentence_by_sentence"
def encoder_block(x, w, heads, lengths=None, pre=True):
    if lengths is not None:
        rows = []
        for sentence, n in zip(x, lengths):
            mask = np.zeros((x.shape[1], x.shape[1]), dtype=bool)
            mask[:, :n] = True
            rows.append(_block(sentence[None], w, heads, mask, pre))
        return np.concatenate(rows)
    return _block(x, w, heads, None, pre)


def _block(x, w, heads, mask, pre):
    h = layer_norm(x, w["scale1"], w["shift1"]) if pre else x
    q, k, v = [split_heads(np.dot(h, w["w" + c]), heads) for c in "qkv"]
    x = x + np.dot(merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]), w["wo"])
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    else:
        h = x = layer_norm(x, w["scale1"], w["shift1"])
    x = x + np.dot(np.clip(np.dot(h, w["w1"]) + w["b1"], 0, None), w["w2"]) + w["b2"]
    return x if pre else layer_norm(x, w["scale2"], w["shift2"])

# %% wrong="post_norm" diagnosis="always_after"
def encoder_block(x, w, heads, lengths=None, pre=True):
    mask = None
    if lengths is not None:
        mask = (np.arange(x.shape[1]) < np.array(lengths)[:, None])[:, None, None, :]
    q, k, v = (split_heads(x @ w[name], heads) for name in ["wq", "wk", "wv"])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    x = layer_norm(x + merge_heads(out) @ w["wo"], w["scale1"], w["shift1"])
    m = np.maximum(x @ w["w1"] + w["b1"], 0) @ w["w2"] + w["b2"]
    return layer_norm(x + m, w["scale2"], w["shift2"])

# %% wrong="nothing_added" diagnosis="no_residual"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return m

# %% wrong="attention_replaces" diagnosis="no_first_residual"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="mlp_replaces" diagnosis="no_second_residual"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return m

# %% wrong="x_normed_twice" diagnosis="normed_shortcut"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = h + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return h + m

# %% wrong="first_normed" diagnosis="normed_first_shortcut"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = h + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="second_normed" diagnosis="normed_second_shortcut"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return h + m

# %% wrong="input_again" diagnosis="block_input_added_twice"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    y = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(y, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="parallel" diagnosis="side_by_side"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + a + m

# %% wrong="no_norm_at_all" diagnosis="no_norms"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = x
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = x
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="first_norm_missing" diagnosis="no_first_norm"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = x
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="second_norm_missing" diagnosis="no_second_norm"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = x
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="same_norm" diagnosis="first_norm_twice"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="over_time" diagnosis="norm_over_time"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-6) * w["scale1"] + w["shift1"]
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-6) * w["scale2"] + w["shift2"]
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="no_output_matrix" diagnosis="no_wo"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out)
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="queries_of_x" diagnosis="queries_not_normed"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(x @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="q_and_k" diagnosis="keys_ask"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(k, q, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="heads_unused" diagnosis="one_head"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], 1)
    k = split_heads(h @ w["wk"], 1)
    v = split_heads(h @ w["wv"], 1)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="scaled_again" diagnosis="scaled_by_all_features"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q / np.sqrt(heads), k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="linear" diagnosis="no_relu"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = h @ w["w1"] + w["b1"]
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="relu_twice" diagnosis="relu_last"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = np.maximum(hidden @ w["w2"] + w["b2"], 0)
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="relu_of_the_sum" diagnosis="relu_after_sum"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return np.maximum(x + m, 0)

# %% wrong="relu_too_early" diagnosis="relu_before_first_layer"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h, 0) @ w["w1"] + w["b1"]
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="no_bias" diagnosis="no_biases"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"], 0)
    m = hidden @ w["w2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="b1_forgotten" diagnosis="no_first_bias"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="b2_forgotten" diagnosis="no_last_bias"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="attention_alone" diagnosis="no_network"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x

# %% wrong="mlp_first" diagnosis="network_first"
def encoder_block(x, w, heads, lengths=None, pre=True):
    mask = None
    if lengths is not None:
        mask = (np.arange(x.shape[1]) < np.array(lengths)[:, None])[:, None, None, :]
    h = layer_norm(x, w["scale2"], w["shift2"])
    x = x + np.maximum(h @ w["w1"] + w["b1"], 0) @ w["w2"] + w["b2"]
    h = layer_norm(x, w["scale1"], w["shift1"])
    q, k, v = (split_heads(h @ w[name], heads) for name in ["wq", "wk", "wv"])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    return x + merge_heads(out) @ w["wo"]

# %% wrong="lengths_unused" diagnosis="padding_seen"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if False:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="queries_masked" diagnosis="padding_may_not_ask"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, :, None] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="both_masked" diagnosis="padding_may_not_do_either"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        real = np.arange(time) < np.reshape(lengths, (-1, 1))
        mask = (real[:, :, None] & real[:, None, :])[:, None]
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="less_or_equal" diagnosis="one_position_more"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] <= np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="zeros_for_padding" diagnosis="padding_made_zero"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    if pre and mask is not None:
        h = np.where(mask[:, 0, 0, :, None], h, 0)
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="longest" diagnosis="longest_for_all"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.max(lengths)
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="mask_turned" diagnosis="padding_alone_seen"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] >= np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="mask_without_axes" diagnosis="raised"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :, None] < np.reshape(lengths, (-1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="added_in_place" diagnosis="in_place"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x += a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="as_in_the_lesson" diagnosis="pre_ignored"
def encoder_block(x, w, heads, lengths=None, pre=True):
    mask = None
    if lengths is not None:
        mask = (np.arange(x.shape[1]) < np.array(lengths)[:, None])[:, None, None, :]
    h = layer_norm(x, w["scale1"], w["shift1"])
    q, k, v = (split_heads(h @ w[name], heads) for name in ["wq", "wk", "wv"])
    out, _ = scaled_dot_product_attention(q, k, v, mask)
    x = x + merge_heads(out) @ w["wo"]
    h = layer_norm(x, w["scale2"], w["shift2"])
    return x + np.maximum(h @ w["w1"] + w["b1"], 0) @ w["w2"] + w["b2"]

# %% wrong="exchanged" diagnosis="always_after"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if not pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if not pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="branch_normed" diagnosis="norm_in_the_branch"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    if not pre:
        a = layer_norm(a, w["scale1"], w["shift1"])
    x = x + a
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return x + layer_norm(m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="front_and_back" diagnosis="both_before_and_after"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if True:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if True:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m

# %% wrong="last_forgotten" diagnosis="last_norm_missing"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if not pre:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return x + m
    return x + m

# %% wrong="once_at_the_end" diagnosis="one_norm_at_the_end"
def encoder_block(x, w, heads, lengths=None, pre=True):
    batch, time, features = x.shape
    mask = None
    if lengths is not None:
        mask = np.arange(time)[None, None, None, :] < np.reshape(lengths, (-1, 1, 1, 1))
    h = x
    if pre:
        h = layer_norm(x, w["scale1"], w["shift1"])
    q = split_heads(h @ w["wq"], heads)
    k = split_heads(h @ w["wk"], heads)
    v = split_heads(h @ w["wv"], heads)
    out, weights = scaled_dot_product_attention(q, k, v, mask)
    a = merge_heads(out) @ w["wo"]
    x = x + a
    if False:
        x = layer_norm(x, w["scale1"], w["shift1"])
    h = x
    if pre:
        h = layer_norm(x, w["scale2"], w["shift2"])
    hidden = np.maximum(h @ w["w1"] + w["b1"], 0)
    m = hidden @ w["w2"] + w["b2"]
    if not pre:
        return layer_norm(x + m, w["scale2"], w["shift2"])
    return x + m
