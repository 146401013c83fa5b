# %% right="two_loops"
def train_step(params, x, labels, learning_rate):
    dense_caches, relu_caches = [], []
    h = x
    for W, b in params[:-1]:
        h, cache = dense_forward(h, W, b)
        dense_caches.append(cache)
        h, cache = relu_forward(h)
        relu_caches.append(cache)
    logits, cache = dense_forward(h, *params[-1])
    dense_caches.append(cache)
    loss, loss_cache = softmax_cross_entropy_forward(logits, labels)

    dout, dW, db = dense_backward(softmax_cross_entropy_backward(1.0, loss_cache), dense_caches.pop())
    grads = [(dW, db)]
    while dense_caches:
        dout, dW, db = dense_backward(relu_backward(dout, relu_caches.pop()), dense_caches.pop())
        grads.append((dW, db))
    return [(W - learning_rate * dW, b - learning_rate * db) for (W, b), (dW, db) in zip(params, reversed(grads))], loss


# %% right="recursive"
def train_step(params, x, labels, learning_rate):
    if len(params) == 0:
        loss, cache = softmax_cross_entropy_forward(x, labels)
        return [], loss

    def descend(layers, h):
        """Returns the gradient with respect to h, the new layers, and the loss."""
        (W, b), rest = layers[0], layers[1:]
        out, dense_cache = dense_forward(h, W, b)
        if rest:
            active, relu_cache = relu_forward(out)
            dout, new_rest, loss = descend(rest, active)
            dout = relu_backward(dout, relu_cache)
        else:
            loss, cache = softmax_cross_entropy_forward(out, labels)
            dout, new_rest = softmax_cross_entropy_backward(1.0, cache), []
        dh, dW, db = dense_backward(dout, dense_cache)
        return dh, [(W - learning_rate * dW, b - learning_rate * db)] + new_rest, loss

    _, new_params, loss = descend(list(params), x)
    return new_params, loss


# %% right="by_hand"
def train_step(params, x, labels, learning_rate):
    activations, masks = [x], []
    for i, (W, b) in enumerate(params):
        z = activations[-1] @ W + b
        masks.append(z > 0 if i < len(params) - 1 else np.ones_like(z, dtype=bool))
        activations.append(np.where(masks[-1], z, 0.0))
    z = activations[-1]
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    n = len(labels)
    loss = -np.mean(np.log(p[np.arange(n), labels]))
    delta = (p - np.eye(p.shape[1])[labels]) / n
    new = [None] * len(params)
    for i in reversed(range(len(params))):
        W, b = params[i]
        delta = delta * masks[i]
        new[i] = (W - learning_rate * activations[i].T @ delta, b - learning_rate * delta.sum(0))
        delta = delta @ W.T
    return new, loss


# %% right="keras_ops"
import keras
from keras import ops


def train_step(params, x, labels, learning_rate):
    tensor = lambda a: ops.convert_to_tensor(a, dtype="float64")
    hs, zs = [tensor(x)], []
    for i, (W, b) in enumerate(params):
        zs.append(ops.matmul(hs[-1], tensor(W)) + tensor(b))
        hs.append(ops.relu(zs[-1]) if i + 1 < len(params) else zs[-1])
    truth = ops.one_hot(ops.convert_to_tensor(labels, dtype="int32"), params[-1][1].shape[0], dtype="float64")
    loss = -ops.mean(ops.sum(truth * ops.log_softmax(zs[-1]), axis=-1))
    d = (ops.softmax(zs[-1]) - truth) / len(labels)
    new = []
    for i in range(len(params) - 1, -1, -1):
        if i + 1 < len(params):
            d = d * ops.cast(zs[i] > 0, "float64")
        W, b = tensor(params[i][0]), tensor(params[i][1])
        new.append((W - learning_rate * ops.matmul(ops.transpose(hs[i]), d), b - learning_rate * ops.sum(d, axis=0)))
        d = ops.matmul(d, ops.transpose(W))
    return new[::-1], loss


# %% wrong="uphill" diagnosis="uphill"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W + learning_rate * dW, b + learning_rate * db))
    return new_params[::-1], loss


# %% wrong="bias_uphill" diagnosis="sign"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW, b + learning_rate * db))
    return new_params[::-1], loss


# %% wrong="mask_forgotten" diagnosis="mask_forgotten"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW, b - learning_rate * db))
    return new_params[::-1], loss


# %% wrong="relu_at_the_end" diagnosis="relu_at_the_end"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW, b - learning_rate * db))
    return new_params[::-1], loss


# %% wrong="no_relu" diagnosis="value"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            pass
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW, b - learning_rate * db))
    return new_params[::-1], loss


# %% wrong="fresh_weights" diagnosis="fresh_weights"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        _, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW, b - learning_rate * db))
        dout, _, _ = dense_backward(dout, (dense_cache[0], new_params[-1][0]))
    return new_params[::-1], loss


# %% wrong="bias_untouched" diagnosis="bias_untouched"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW, b))
    return new_params[::-1], loss


# %% wrong="loss_after_the_step" diagnosis="loss_after_the_step"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW, b - learning_rate * db))
    new_params = new_params[::-1]
    out = x
    for i, (W, b) in enumerate(new_params):
        out = out @ W + b
        if i < len(new_params) - 1:
            out = np.maximum(out, 0)
    return new_params, softmax_cross_entropy_forward(out, labels)[0]


# %% wrong="rate_ignored" diagnosis="rate_ignored"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - dW, b - db))
    return new_params[::-1], loss


# %% wrong="rate_per_example" diagnosis="rate_per_example"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW / len(x), b - learning_rate * db / len(x)))
    return new_params[::-1], loss


# %% wrong="only_last_layer" diagnosis="only_last_layer"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW, b - learning_rate * db))
    return params[:-1] + new_params[:1], loss


# %% wrong="reverse_order" diagnosis="reverse_order"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW, b - learning_rate * db))
    return new_params, loss


# %% wrong="gradients_returned" diagnosis="gradients_returned"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((dW, db))
    return new_params[::-1], loss


# %% wrong="arrays_changed" diagnosis="in_place"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        W -= learning_rate * dW
        b -= learning_rate * db
        new_params.append((W, b))
    return new_params[::-1], loss


# %% wrong="loss_left_out" diagnosis="wrong_kind"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            out, relu_cache = relu_forward(out)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW, b - learning_rate * db))
    return new_params[::-1]


# %% wrong="wrong_mask" diagnosis="value"
def train_step(params, x, labels, learning_rate):
    out, caches = x, []
    for i, (W, b) in enumerate(params):
        out, dense_cache = dense_forward(out, W, b)
        relu_cache = None
        if i < len(params) - 1:
            relu_cache = out < 0
            out = np.maximum(out, 0)
        caches.append((dense_cache, relu_cache))
    loss, cache = softmax_cross_entropy_forward(out, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    new_params = []
    for (W, b), (dense_cache, relu_cache) in zip(reversed(params), reversed(caches)):
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        new_params.append((W - learning_rate * dW, b - learning_rate * db))
    return new_params[::-1], loss


# %% wrong="two_layers_only" diagnosis="raised"
def train_step(params, x, labels, learning_rate):
    (W1, b1), (W2, b2) = params
    z, cache1 = dense_forward(x, W1, b1)
    h, mask = relu_forward(z)
    logits, cache2 = dense_forward(h, W2, b2)
    loss, cache = softmax_cross_entropy_forward(logits, labels)
    dh, dW2, db2 = dense_backward(softmax_cross_entropy_backward(1.0, cache), cache2)
    _, dW1, db1 = dense_backward(relu_backward(dh, mask), cache1)
    return [
        (W1 - learning_rate * dW1, b1 - learning_rate * db1),
        (W2 - learning_rate * dW2, b2 - learning_rate * db2),
    ], loss
