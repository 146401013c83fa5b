# %% [markdown]
# Answers to `cross_entropy`, each in the place of the whole solution cell.

# %% right="loop"
def cross_entropy(logits, labels):
    total = 0.0
    for row, label in zip(logits, labels):
        top = max(row)
        total += top + np.log(sum(np.exp(value - top) for value in row)) - row[label]
    return total / len(labels)

# %% right="one_hot"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    one_hot = np.eye(logits.shape[1])[labels]
    return -(one_hot * log_p).sum() / len(logits)

# %% right="logaddexp"
def cross_entropy(logits, labels):
    log_sum = np.logaddexp.reduce(np.asarray(logits, dtype=float), axis=1)
    truth = np.take_along_axis(logits, labels[:, None], axis=1)[:, 0]
    return float((log_sum - truth).mean())

# %% right="keras_loss"
def cross_entropy(logits, labels):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return float(loss(labels, np.asarray(logits, dtype="float32")))

# %% right="relative_to_the_truth"
def cross_entropy(logits, labels):
    d = logits - logits[np.arange(len(labels)), labels][:, None]
    m = d.max(axis=1)
    return (m + np.log(np.exp(d - m[:, None]).sum(axis=1))).mean()

# %% wrong="summed" diagnosis="sum_for_mean"
def cross_entropy(logits, labels):
    m = logits.max(axis=1)
    lse = m + np.log(np.exp(logits - m[:, None]).sum(axis=1))
    return np.sum(lse - logits[np.arange(len(labels)), labels])

# %% wrong="no_minus" diagnosis="minus_forgotten"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return log_p[np.arange(len(labels)), labels].mean()

# %% wrong="mean_of_one_hot_product" diagnosis="mean_over_classes_too"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(np.eye(logits.shape[1])[labels] * log_p)

# %% wrong="columns_of_all_rows" diagnosis="all_pairs"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[:, labels].mean()

# %% wrong="unstable" diagnosis="overflow"
def cross_entropy(logits, labels):
    with np.errstate(all="ignore"):
        lse = np.log(np.exp(logits).sum(axis=1))
    return np.mean(lse - logits[np.arange(len(labels)), labels])

# %% wrong="log_of_softmax" diagnosis="log_of_zero"
def cross_entropy(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return -np.mean(np.log(p[np.arange(len(labels)), labels]))

# %% wrong="clipped_probability" diagnosis="epsilon"
def cross_entropy(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(np.clip(p[np.arange(len(labels)), labels], 1e-12, 1.0)))

# %% wrong="plus_epsilon" diagnosis="epsilon"
def cross_entropy(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(labels)), labels] + 1e-12))

# %% wrong="bits" diagnosis="base_two"
def cross_entropy(logits, labels):
    m = logits.max(axis=1)
    lse = m + np.log(np.exp(logits - m[:, None]).sum(axis=1))
    return np.mean(lse - logits[np.arange(len(labels)), labels]) / np.log(2.0)

# %% wrong="logits_as_probabilities" diagnosis="taken_for_probabilities"
def cross_entropy(logits, labels):
    with np.errstate(all="ignore"):
        return -np.mean(np.log(logits[np.arange(len(labels)), labels]))

# %% wrong="minus_true_logit" diagnosis="softmax_forgotten"
def cross_entropy(logits, labels):
    return -np.mean([row[label] for row, label in zip(logits, labels)])

# %% wrong="twice" diagnosis="softmax_twice"
def cross_entropy(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(p).sum(axis=1)) - p[np.arange(len(labels)), labels])

# %% wrong="one_sum_for_the_batch" diagnosis="summed_over_the_batch"
def cross_entropy(logits, labels):
    top = logits.max()
    lse = top + np.log(np.exp(logits - top).sum())
    return np.mean(lse - logits[np.arange(len(labels)), labels])

# %% wrong="keras_from_probabilities" diagnosis="value"
def cross_entropy(logits, labels):
    loss = keras.losses.SparseCategoricalCrossentropy()
    return float(loss(labels, np.asarray(logits, dtype="float32")))

# %% wrong="most_likely_class" diagnosis="best_class"
def cross_entropy(logits, labels):
    m = logits.max(axis=1)
    lse = m + np.log(np.exp(logits - m[:, None]).sum(axis=1))
    return np.mean(lse - m)

# %% wrong="labels_from_one" diagnosis="label_off_by_one"
def cross_entropy(logits, labels):
    m = logits.max(axis=1)
    lse = m + np.log(np.exp(logits - m[:, None]).sum(axis=1))
    return np.mean(lse - logits[np.arange(len(labels)), labels - 1])

# %% wrong="squared_error" diagnosis="brier"
def cross_entropy(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return ((p - np.eye(logits.shape[1])[labels]) ** 2).sum(axis=1).mean()

# %% wrong="binary_for_each_class" diagnosis="one_against_rest"
def cross_entropy(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    y = np.eye(logits.shape[1])[labels]
    with np.errstate(all="ignore"):
        return -np.mean((y * np.log(p) + (1 - y) * np.log(1 - p)).sum(axis=1))

# %% wrong="loss_of_each" diagnosis="wrong_kind"
def cross_entropy(logits, labels):
    m = logits.max(axis=1)
    lse = m + np.log(np.exp(logits - m[:, None]).sum(axis=1))
    return lse - logits[np.arange(len(labels)), labels]
