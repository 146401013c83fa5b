# %% [markdown]
# Answers to `max_pool2d`, each in the place of the whole solution cell.

# %% right="loops"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% right="sliding_windows"
def _windows(x, pool_size, stride):
    view = np.lib.stride_tricks.sliding_window_view(x, (pool_size, pool_size), axis=(1, 2))
    stride = stride or pool_size
    return view[:, ::stride, ::stride]

def max_pool2d(x, pool_size=2, stride=None):
    return _windows(x, pool_size, stride).max(axis=(-2, -1))

def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    windows = _windows(x, pool_size, stride)
    winner = windows.reshape(*windows.shape[:4], -1).argmax(axis=-1)
    b, r, c, k = np.indices(winner.shape)
    s = stride or pool_size
    dx = np.zeros_like(x, dtype=float)
    np.add.at(dx, (b, r * s + winner // pool_size, c * s + winner % pool_size, k), dout)
    return dx

# %% right="running_maximum"
def max_pool2d(x, pool_size=2, stride=None):
    s = pool_size if stride is None else stride
    rows, columns = (x.shape[1] - pool_size) // s + 1, (x.shape[2] - pool_size) // s + 1
    best = np.full((x.shape[0], rows, columns, x.shape[3]), -np.inf)
    for i in range(pool_size):
        for j in range(pool_size):
            best = np.maximum(best, x[:, i:, j:][:, : s * rows : s, : s * columns : s])
    return best

def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    s = pool_size if stride is None else stride
    rows, columns = dout.shape[1:3]
    best, free, dx = max_pool2d(x, pool_size, stride), np.ones(dout.shape, bool), np.zeros(x.shape)
    for i in range(pool_size):
        for j in range(pool_size):
            at = np.s_[:, i : i + s * (rows - 1) + 1 : s, j : j + s * (columns - 1) + 1 : s]
            wins = free & (x[at] == best)
            dx[at] += np.where(wins, dout, 0)
            free &= ~wins
    return dx

# %% right="plain_python"
def _best(x, b, top, left, k, pool_size):
    """The place of the first largest pixel of a window."""
    place = (top, left)
    for y in range(top, top + pool_size):
        for z in range(left, left + pool_size):
            if x[b, y, z, k] > x[b, place[0], place[1], k]:
                place = (y, z)
    return place

def _places(x, pool_size, stride):
    stride = pool_size if stride is None else stride
    tops = range(0, x.shape[1] - pool_size + 1, stride)
    lefts = range(0, x.shape[2] - pool_size + 1, stride)
    for b in range(x.shape[0]):
        for r, top in enumerate(tops):
            for c, left in enumerate(lefts):
                for k in range(x.shape[3]):
                    yield (b, r, c, k), _best(x, b, top, left, k, pool_size)

def max_pool2d(x, pool_size=2, stride=None):
    found = {place: x[place[0], y, z, place[3]] for place, (y, z) in _places(x, pool_size, stride)}
    out = np.zeros(np.max(list(found), axis=0) + 1)
    for place, number in found.items():
        out[place] = number
    return out

def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    dx = np.zeros(x.shape)
    for place, (y, z) in _places(x, pool_size, stride):
        dx[place[0], y, z, place[3]] += dout[place]
    return dx

# %% right="keras_forward"
def max_pool2d(x, pool_size=2, stride=None):
    pooled = keras.ops.max_pool(x.astype("float32"), pool_size, strides=stride or pool_size, padding="valid")
    return keras.ops.convert_to_numpy(pooled)


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="mean" diagnosis="mean_for_maximum"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.mean(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    dx[b, top : top + pool_size, left : left + pool_size, k] += dout[b, r, c, k] / pool_size**2
    return dx

# %% wrong="starts_at_zero" diagnosis="never_below_zero"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            for i in range(pool_size):
                for j in range(pool_size):
                    out[:, r, c] = np.maximum(out[:, r, c], window[:, i, j])
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="by_magnitude" diagnosis="largest_magnitude"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            flat = window.reshape(n, -1, channels)
            largest = np.abs(flat).argmax(axis=1, keepdims=True)
            out[:, r, c] = np.take_along_axis(flat, largest, axis=1)[:, 0]
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="over_channels_too" diagnosis="across_the_channels"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2, 3))[:, None]
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="no_stride" diagnosis="stride_ignored"
def max_pool2d(x, pool_size=2, stride=None):
    stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    rows = min(rows, (x.shape[1] - pool_size) // stride + 1)
    columns = min(columns, (x.shape[2] - pool_size) // stride + 1)
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="stride_one_by_default" diagnosis="default_stride_one"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = 1
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = 1
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="last_of_a_tie" diagnosis="last_wins"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(pool_size**2 - 1 - int(np.argmax(window[::-1, ::-1])), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="every_largest" diagnosis="all_winners"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    won = window == window.max()
                    dx[b, top : top + pool_size, left : left + pool_size, k] += won * dout[b, r, c, k]
    return dx

# %% wrong="tie_shared" diagnosis="shared_among_winners"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    won = window == window.max()
                    dx[b, top : top + pool_size, left : left + pool_size, k] += won / won.sum() * dout[b, r, c, k]
    return dx

# %% wrong="assigned" diagnosis="windows_overwrite"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] = dout[b, r, c, k]
    return dx

# %% wrong="everybody" diagnosis="gradient_to_all"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    dx[b, top : top + pool_size, left : left + pool_size, k] += dout[b, r, c, k]
    return dx

# %% wrong="times_value" diagnosis="value_for_gradient"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k] * window[i, j]
    return dx

# %% wrong="column_first" diagnosis="column_by_column"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window.T)), pool_size)[::-1]
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="rows_and_columns_exchanged" diagnosis="winner_transposed"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    j, i = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="maximum_of_all_pictures" diagnosis="over_the_batch"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(0, 1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="rows_only" diagnosis="raised"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = width
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=1)[:, 0]
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="places_rounded_up" diagnosis="shape"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = -(-height // stride)
    columns = -(-width // stride)
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx

# %% wrong="no_dx" diagnosis="missing_return"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]

# %% wrong="overwrites_the_picture" diagnosis="in_place"
def max_pool2d(x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    n, height, width, channels = x.shape
    rows = (height - pool_size) // stride + 1
    columns = (width - pool_size) // stride + 1
    out = np.zeros((n, rows, columns, channels))
    for r in range(rows):
        for c in range(columns):
            window = x[:, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size]
            out[:, r, c] = window.max(axis=(1, 2))
    x[...] = 0
    return out


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    if stride is None:
        stride = pool_size
    dx = np.zeros(x.shape)
    n, rows, columns, channels = dout.shape
    for b in range(n):
        for r in range(rows):
            for c in range(columns):
                for k in range(channels):
                    top, left = r * stride, c * stride
                    window = x[b, top : top + pool_size, left : left + pool_size, k]
                    i, j = divmod(int(np.argmax(window)), pool_size)
                    dx[b, top + i, left + j, k] += dout[b, r, c, k]
    return dx
