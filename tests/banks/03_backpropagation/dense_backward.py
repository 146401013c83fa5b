# %% right="einsum"
def dense_backward(dout, cache):
    x, W = cache
    dx = np.einsum("bo,io->bi", dout, W)
    dW = np.einsum("bi,bo->io", x, dout)
    db = np.einsum("bo->o", dout)
    return dx, dW, db


# %% right="loops"
def dense_backward(dout, cache):
    x, W = cache
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for i in range(x.shape[0]):
        for j in range(W.shape[1]):
            db[j] += dout[i, j]
            for k in range(x.shape[1]):
                dW[k, j] += x[i, k] * dout[i, j]
                dx[i, k] += W[k, j] * dout[i, j]
    return dx, dW, db


# %% right="keras_ops"
import keras


def dense_backward(dout, cache):
    x, W = (keras.ops.convert_to_tensor(part, dtype="float64") for part in cache)
    dout = keras.ops.convert_to_tensor(dout, dtype="float64")
    dx = keras.ops.matmul(dout, keras.ops.transpose(W))
    dW = keras.ops.matmul(keras.ops.transpose(x), dout)
    return dx, dW, keras.ops.sum(dout, axis=0)


# %% right="single_precision"
def dense_backward(dout, cache):
    x, W = (part.astype(np.float32) for part in cache)
    dout = dout.astype(np.float32)
    return np.dot(dout, W.transpose()), np.dot(x.transpose(), dout), np.ones(len(dout), np.float32) @ dout


# %% right="outer_products"
def dense_backward(dout, cache):
    x, W = cache
    dW = sum(np.outer(row, d) for row, d in zip(x, dout))
    return np.stack([W @ d for d in dout]), dW, np.add.reduce(dout)


# %% wrong="averaged" diagnosis="averaged"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout / len(x)
    db = dout.mean(axis=0)
    return dx, dW, db


# %% wrong="bias_averaged" diagnosis="bias_averaged"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.mean(axis=0)
    return dx, dW, db


# %% wrong="bias_not_summed" diagnosis="bias_not_summed"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout
    return dx, dW, db


# %% wrong="bias_keepdims" diagnosis="bias_keeps_axis"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0, keepdims=True)
    return dx, dW, db


# %% wrong="bias_over_units" diagnosis="bias_over_units"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=1)
    return dx, dW, db


# %% wrong="bias_one_number" diagnosis="wrong_kind"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum()
    return dx, dW, db


# %% wrong="bias_of_ones" diagnosis="bias_of_ones"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout
    db = np.full(W.shape[1], float(len(x)))
    return dx, dW, db


# %% wrong="weights_transposed" diagnosis="weights_transposed"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = dout.T @ x
    db = dout.sum(axis=0)
    return dx, dW, db


# %% wrong="w_not_transposed" diagnosis="w_not_transposed"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W
    dW = x.T @ dout
    db = dout.sum(axis=0)
    return dx, dW, db


# %% wrong="other_order" diagnosis="other_order"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0)
    return dW, dx, db


# %% wrong="parameters_first" diagnosis="parameters_first"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0)
    return dW, db, dx


# %% wrong="list_returned" diagnosis="wrong_kind"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0)
    return [dx, dW, db]


# %% wrong="only_dx" diagnosis="wrong_kind"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0)
    return dx


# %% wrong="no_return" diagnosis="missing_return"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0)


# %% wrong="sign_turned" diagnosis="sign"
def dense_backward(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = -x.T @ dout
    db = dout.sum(axis=0)
    return dx, dW, db


# %% wrong="dout_scaled_in_place" diagnosis="in_place"
def dense_backward(dout, cache):
    x, W = cache
    dout *= 1 / len(x)
    dx = dout @ W.T * len(x)
    dW = x.T @ dout * len(x)
    db = dout.sum(axis=0) * len(x)
    return dx, dW, db


# %% wrong="fixed_answer" diagnosis="constant"
def dense_backward(dout, cache):
    return np.array([[-1.0, -1.0]]), np.array([[1.0, -1.0], [2.0, -2.0]]), np.array([1.0, -1.0])
