# %% [markdown]
# Answers to `scaled_dot_product_attention`, each in the place of the whole solution cell.

# %% right="masked_then_multiplied"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% right="softmax_of_its_own"
def softmax(s):
    e = np.exp(s - np.max(s, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...id,...jd->...ij", q, k) / q.shape[-1] ** 0.5
    if mask is not None:
        s = np.where(mask, s, -1e9)
    weights = softmax(s)
    if mask is not None:
        weights = np.where(mask, weights, 0.0)
    return weights @ v, weights

# %% right="minus_infinity"
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ k.swapaxes(-1, -2) * q.shape[-1] ** -0.5
    if mask is None:
        mask = np.full(scores.shape, True)
    mask = np.broadcast_to(mask, scores.shape)
    masked = np.where(mask, scores, -np.inf)
    top = masked.max(axis=-1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    e = np.exp(masked - top)
    norm = e.sum(axis=-1, keepdims=True)
    weights = np.divide(e, norm, out=np.zeros_like(e), where=norm > 0)
    return np.matmul(weights, v), weights

# %% right="row_by_row"
def scaled_dot_product_attention(q, k, v, mask=None):
    lead = q.shape[:-2]
    queries, keys = q.shape[-2], k.shape[-2]
    weights = np.zeros((*lead, queries, keys))
    allowed = np.ones((*lead, queries, keys), dtype=bool)
    if mask is not None:
        allowed = np.logical_and(allowed, mask)
    for place in np.ndindex(*lead):
        for i in range(queries):
            seen = np.flatnonzero(allowed[place][i])
            if len(seen) == 0:
                continue
            score = np.array([np.dot(q[place][i], k[place][j]) for j in seen]) / np.sqrt(q.shape[-1])
            e = np.exp(score - score.max())
            weights[place][i, seen] = e / e.sum()
    return weights @ v, weights

# %% right="nan_to_num"
def scaled_dot_product_attention(q, k, v, mask=None):
    s = (q / np.sqrt(q.shape[-1])) @ np.moveaxis(k, -1, -2)
    if mask is not None:
        s = s + np.where(mask, 0.0, -np.inf)
    with np.errstate(invalid="ignore"):
        s = s - s.max(axis=-1, keepdims=True)
        w = np.exp(s)
        w = w / w.sum(axis=-1, keepdims=True)
    w = np.nan_to_num(w)
    return w @ v, w

# %% wrong="scale_forgotten" diagnosis="not_scaled"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1))
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="by_d" diagnosis="divided_by_d"
def softmax(s):
    e = np.exp(s - np.max(s, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...id,...jd->...ij", q, k) / q.shape[-1]
    if mask is not None:
        s = np.where(mask, s, -1e9)
    weights = softmax(s)
    if mask is not None:
        weights = np.where(mask, weights, 0.0)
    return weights @ v, weights

# %% wrong="times_root" diagnosis="multiplied_by_root"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) * np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="root_of_values" diagnosis="scaled_by_the_values"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = v.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="root_of_time" diagnosis="scaled_by_the_length"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = k.shape[-2]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="over_queries" diagnosis="softmax_over_queries"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-2, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-2, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="over_everything" diagnosis="softmax_over_everything"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=None, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=None, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="true_forbids" diagnosis="mask_turned_around"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, -1e30, scores)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * ~mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="mask_unused" diagnosis="mask_ignored"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if False:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if False:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="times_mask" diagnosis="forbidden_score_of_zero"
def softmax(s):
    e = np.exp(s - np.max(s, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...id,...jd->...ij", q, k) / q.shape[-1] ** 0.5
    if mask is not None:
        s = s * mask
    weights = softmax(s)
    if mask is not None:
        weights = weights
    return weights @ v, weights

# %% wrong="minus_one" diagnosis="forbidden_score_of_minus_one"
def softmax(s):
    e = np.exp(s - np.max(s, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...id,...jd->...ij", q, k) / q.shape[-1] ** 0.5
    if mask is not None:
        s = np.where(mask, s, -1.0)
    weights = softmax(s)
    if mask is not None:
        weights = weights
    return weights @ v, weights

# %% wrong="masked_after" diagnosis="mask_after_softmax"
def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    if mask is not None:
        weights = weights * mask
    return weights @ v, weights

# %% wrong="as_in_the_lesson" diagnosis="mean_where_nowhere"
def softmax(s):
    e = np.exp(s - np.max(s, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...id,...jd->...ij", q, k) / q.shape[-1] ** 0.5
    if mask is not None:
        s = np.where(mask, s, -1e9)
    weights = softmax(s)
    if mask is not None:
        weights = weights
    return weights @ v, weights

# %% wrong="infinity_and_nan" diagnosis="not_finite"
def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    return weights @ v, weights

# %% wrong="no_maximum" diagnosis="not_finite"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="maximum_too_early" diagnosis="maximum_of_forbidden"
def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    if mask is not None:
        e = np.where(mask, e, 0.0)
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="largest_of_all" diagnosis="one_maximum_for_all"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max()
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="order_of_results" diagnosis="weights_first"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights, weights @ v

# %% wrong="no_weights" diagnosis="output_alone"
def softmax(s):
    e = np.exp(s - np.max(s, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...id,...jd->...ij", q, k) / q.shape[-1] ** 0.5
    if mask is not None:
        s = np.where(mask, s, -1e9)
    weights = softmax(s)
    if mask is not None:
        weights = np.where(mask, weights, 0.0)
    return weights @ v

# %% wrong="scores_returned" diagnosis="scores_for_weights"
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    masked = scores if mask is None else np.where(mask, scores, -1e30)
    e = np.exp(masked - masked.max(axis=-1, keepdims=True))
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    return (e / np.where(total == 0, 1, total)) @ v, scores

# %% wrong="softmax_missing" diagnosis="no_softmax"
def scaled_dot_product_attention(q, k, v, mask=None):
    weights = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    if mask is not None:
        weights = weights * mask
    return weights @ v, weights

# %% wrong="transpose_of_everything" diagnosis="raised"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, k.T) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="return_forgotten" diagnosis="missing_return"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)

# %% wrong="two_axes_of_heads" diagnosis="scaled_by_the_first_axis"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[1]
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="divided_in_place" diagnosis="in_place"
def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    q /= np.sqrt(d)
    scores = np.matmul(q, np.swapaxes(k, -2, -1))
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)
    return weights @ v, weights

# %% wrong="axis_one" diagnosis="softmax_over_an_axis_in_front"
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    allowed = np.ones(scores.shape, bool) if mask is None else mask
    scores = np.where(allowed, scores, -1e30)
    e = np.exp(scores - scores.max(axis=1, keepdims=True)) * allowed
    total = e.sum(axis=1, keepdims=True)
    weights = e / np.where(total == 0, 1, total)
    return weights @ v, weights

# %% wrong="sum_of_columns" diagnosis="sum_over_queries"
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = np.einsum("...id,...jd->...ij", q, k) / np.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    powers = np.exp(scores - np.where(np.isfinite(top), top, 0.0))
    total = powers.sum(axis=-2, keepdims=True)
    weights = powers / np.where(total > 0, total, 1.0)
    return weights @ v, weights

# %% wrong="sum_of_all" diagnosis="sum_over_everything"
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    allowed = np.ones(scores.shape, bool) if mask is None else mask
    scores = np.where(allowed, scores, -1e30)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True)) * allowed
    weights = e / max(e.sum(), 1e-300)
    return weights @ v, weights

# %% [raw] equivalent=true
# scores = np.where(allowed, scores, -1e+30) => scores = np.where(allowed, scores, -2e+30)
# Any number far below all scores does: its exponential is 0, and the mask makes it 0 anyway.

# %% [raw] equivalent=true
# weights = e / np.where(total == 0, 1, total) => weights = e / np.where(total == 0, 2, total)
# Where the total is 0 the exponentials are 0, and 0 divided by 2 is 0, too.
