# %% right="one_hot"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    z = logits - np.max(logits, axis=1, keepdims=True)
    p = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)
    one_hot = np.eye(logits.shape[1])[labels]
    return (p - one_hot) * (dloss / logits.shape[0])


# %% right="row_by_row"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    dlogits = np.zeros(logits.shape)
    for i, (row, label) in enumerate(zip(logits, labels)):
        largest = max(row)
        powers = [math.exp(value - largest) for value in row]
        for c in range(len(row)):
            truth = 1.0 if c == label else 0.0
            dlogits[i, c] = dloss * (powers[c] / sum(powers) - truth) / len(logits)
    return dlogits


# %% right="keras_ops"
import keras


def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = keras.ops.softmax(keras.ops.convert_to_tensor(logits, dtype="float64"), axis=-1)
    truth = keras.ops.one_hot(keras.ops.convert_to_tensor(labels, dtype="int32"), logits.shape[1], dtype="float64")
    return dloss * (p - truth) / len(labels)


# %% right="through_the_jacobian"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    rows = []
    for row, label in zip(logits, labels):
        p = np.exp(row - row.max())
        p /= p.sum()
        d_log_p = np.zeros_like(p)
        d_log_p[label] = -dloss / len(labels)
        rows.append(d_log_p - p * d_log_p.sum())
    return np.array(rows)


# %% right="log_sum_exp"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    log_sum = np.logaddexp.reduce(logits, axis=1, keepdims=True)
    dlogits = np.exp(logits - log_sum)
    dlogits[range(len(labels)), labels] -= 1.0
    return np.float64(dloss) * dlogits / np.float64(labels.size)


# %% wrong="not_averaged" diagnosis="not_averaged"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return dloss * p


# %% wrong="averaged_over_everything" diagnosis="averaged_over_everything"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return dloss * p / p.size


# %% wrong="dloss_ignored" diagnosis="dloss_ignored"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


# %% wrong="labels_forgotten" diagnosis="labels_forgotten"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return dloss * p / len(labels)


# %% wrong="truth_minus_belief" diagnosis="sign"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return -dloss * p / len(labels)


# %% wrong="label_column_only" diagnosis="label_column_only"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    p = p * np.eye(p.shape[1])[labels]
    return dloss * p / len(labels)


# %% wrong="extra_softmax_slope" diagnosis="extra_softmax_slope"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    slope = p * (1 - p)
    p[np.arange(len(labels)), labels] -= 1
    return dloss * slope * p / len(labels)


# %% wrong="softmax_over_columns" diagnosis="softmax_over_columns"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max())
    p = p / p.sum(axis=0)
    p[np.arange(len(labels)), labels] -= 1
    return dloss * p / len(labels)


# %% wrong="softmax_over_all" diagnosis="softmax_over_all"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max())
    p = p / p.sum()
    p[np.arange(len(labels)), labels] -= 1
    return dloss * p / len(labels)


# %% wrong="no_maximum" diagnosis="not_finite"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    with np.errstate(all="ignore"):
        p = np.exp(logits)
        p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return dloss * p / len(labels)


# %% wrong="one_maximum" diagnosis="one_maximum"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    with np.errstate(all="ignore"):
        p = np.exp(logits - logits.max())
        p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return dloss * p / len(labels)


# %% wrong="minus_one_in_whole_columns" diagnosis="value"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[:, labels] -= 1
    return dloss * p / len(labels)


# %% wrong="no_keepdims" diagnosis="raised"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1)
    p[np.arange(len(labels)), labels] -= 1
    return dloss * p / len(labels)


# %% wrong="clipped" diagnosis="value"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(np.clip(logits, -1, 1))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return dloss * p / len(labels)


# %% wrong="loss_returned" diagnosis="wrong_kind"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean()


# %% wrong="whole_numbers" diagnosis="value"
def softmax_cross_entropy_backward(dloss, cache):
    logits, labels = cache
    p = np.exp(logits.astype(int) - logits.astype(int).max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return dloss * p / len(labels)
