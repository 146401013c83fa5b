# %% [markdown]
# Answers to `conv2d_backward`, each in the place of the whole solution cell.

# %% right="loops"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% right="windows"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    pads = ((0, 0), (0, 0))
    if padding == "same":
        pads = (same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride))
    padded = np.pad(x, ((0, 0), *pads, (0, 0)))
    dpadded, dkernel = np.zeros(padded.shape), 0.0
    for r in range(dout.shape[1]):
        for c in range(dout.shape[2]):
            window = np.s_[:, r * stride : r * stride + high : dilation, c * stride : c * stride + wide : dilation]
            d = dout[:, r, c]
            dkernel = dkernel + np.tensordot(padded[window], d, axes=(0, 0))
            dpadded[window] += np.tensordot(d, kernel, axes=(1, 3))
    (top, bottom), (left, right) = pads
    dx = dpadded[:, top : dpadded.shape[1] - bottom, left : dpadded.shape[2] - right]
    return dx, dkernel, np.einsum("nrck->k", dout)

# %% right="one_matrix"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """im2col: the layer as one matrix product, and numpy.add.at to bring the patches' gradients back."""
    kh, kw, cin, cout = kernel.shape
    before = [0, 0]
    padded = x
    if padding == "same":
        pads = [
            same_padding(size, dilation * (k - 1) + 1, stride) for size, k in zip(x.shape[1:3], (kh, kw))
        ]
        before = [pads[0][0], pads[1][0]]
        padded = np.pad(x, [(0, 0), *pads, (0, 0)])
    y = stride * np.arange(dout.shape[1])[:, None, None, None] + dilation * np.arange(kh)[None, None, :, None]
    z = stride * np.arange(dout.shape[2])[None, :, None, None] + dilation * np.arange(kw)[None, None, None, :]
    patches = padded[:, y, z].reshape(-1, kh * kw * cin)
    flat = dout.reshape(-1, cout)
    dkernel = (patches.T @ flat).reshape(kernel.shape)
    dpatches = (flat @ kernel.reshape(-1, cout).T).reshape(*dout.shape[:3], kh, kw, cin)
    dpadded = np.zeros(padded.shape)
    np.add.at(dpadded, (slice(None), y, z), dpatches)
    dx = dpadded[:, before[0] :, before[1] :][:, : x.shape[1], : x.shape[2]]
    return dx, dkernel, flat.sum(axis=0)

# %% right="by_convolutions"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """dkernel and dx are convolutions themselves, of dout with zeros between its pixels."""
    (kh, kw), (height, width) = kernel.shape[:2], x.shape[1:3]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    top = left = 0
    if padding == "same":
        down, across = same_padding(height, high, stride), same_padding(width, wide, stride)
        x, top, left = np.pad(x, ((0, 0), down, across, (0, 0))), down[0], across[0]
    spread = np.zeros((len(x), x.shape[1] - high + 1, x.shape[2] - wide + 1, dout.shape[3]))
    spread[:, ::stride, ::stride][:, : dout.shape[1], : dout.shape[2]] = dout
    slide = np.lib.stride_tricks.sliding_window_view
    views = slide(x, spread.shape[1:3], axis=(1, 2))[:, ::dilation, ::dilation]
    dkernel = np.einsum("nijmrc,nrck->ijmk", views, spread)
    full = np.pad(spread, ((0, 0), (high - 1, high - 1), (wide - 1, wide - 1), (0, 0)))
    views = slide(full, (high, wide), axis=(1, 2))[..., ::dilation, ::dilation]
    dx = np.einsum("nyxkij,ijmk->nyxm", views, kernel[::-1, ::-1])
    return dx[:, top : top + height, left : left + width], dkernel, dout.sum((0, 1, 2))

# %% right="float32"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    dout, x, kernel = (np.asarray(a, "float32") for a in (dout, x, kernel))
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape, "float32")
    dkernel = np.zeros(kernel.shape, "float32")
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="divided_by_n" diagnosis="averaged"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel / n, dbias / n

# %% wrong="mean_for_bias" diagnosis="bias_averaged"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.mean(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="bias_like_a_dense_layer" diagnosis="bias_over_batch_only"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=0)
    return dx, dkernel, dbias

# %% wrong="bias_one_number" diagnosis="bias_summed_to_a_number"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum()
    return dx, dkernel, dbias

# %% wrong="assigned" diagnosis="windows_overwrite"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] = dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="assigned_by_windows" diagnosis="later_windows_overwrite"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    pads = ((0, 0), (0, 0))
    if padding == "same":
        pads = (same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride))
    padded = np.pad(x, ((0, 0), *pads, (0, 0)))
    dpadded, dkernel = np.zeros(padded.shape), 0.0
    for r in range(dout.shape[1]):
        for c in range(dout.shape[2]):
            window = np.s_[:, r * stride : r * stride + high : dilation, c * stride : c * stride + wide : dilation]
            d = dout[:, r, c]
            dkernel = dkernel + np.tensordot(padded[window], d, axes=(0, 0))
            dpadded[window] = np.tensordot(d, kernel, axes=(1, 3))
    (top, bottom), (left, right) = pads
    dx = dpadded[:, top : dpadded.shape[1] - bottom, left : dpadded.shape[2] - right]
    return dx, dkernel, dout.sum(axis=(0, 1, 2))

# %% wrong="kernel_assigned" diagnosis="last_window_only"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] = padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="turned_kernel" diagnosis="kernel_turned"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[::-1, ::-1][i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="no_stride" diagnosis="stride_ignored"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r + i * dilation, c + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="no_dilation" diagnosis="dilation_ignored"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i, c * stride + j
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="padded_gradient" diagnosis="padding_not_cut"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="end_cut" diagnosis="cut_at_the_wrong_end"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, :height, :width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="after_for_before" diagnosis="cut_at_the_wrong_start"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, bottom : bottom + height, right : right + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="windows_without_padding" diagnosis="padding_ignored"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (0, top + bottom), (0, left + right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, :height, :width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="zeros_of_stride_one" diagnosis="padded_for_stride_one"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1)
        left, right = same_padding(width, dilation * (kw - 1) + 1)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="parameters_first" diagnosis="other_order"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dkernel, dbias, dx

# %% wrong="kernel_before_picture" diagnosis="kernel_first"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dkernel, dx, dbias

# %% wrong="one_picture" diagnosis="first_picture_only"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += np.outer(padded[0, y, z], dout[0, r, c])
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="channels_by_chance" diagnosis="raised"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j]
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx, dkernel, dbias

# %% wrong="list_returned" diagnosis="wrong_kind"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return [dx, dkernel, dbias]

# %% wrong="picture_only" diagnosis="wrong_kind"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx

# %% wrong="sign" diagnosis="sign"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return -dx, dkernel, dbias

# %% wrong="no_return" diagnosis="missing_return"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))

# %% wrong="dout_changed" diagnosis="in_place"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    dout *= 2
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    (top, bottom), (left, right) = (0, 0), (0, 0)
    if padding == "same":
        top, bottom = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, right = same_padding(width, dilation * (kw - 1) + 1, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dpadded = np.zeros(padded.shape)
    dkernel = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            for r in range(dout.shape[1]):
                for c in range(dout.shape[2]):
                    y, z = r * stride + i * dilation, c * stride + j * dilation
                    dkernel[i, j] += padded[:, y, z].T @ dout[:, r, c]
                    dpadded[:, y, z] += dout[:, r, c] @ kernel[i, j].T
    dx = dpadded[:, top : top + height, left : left + width]
    dbias = dout.sum(axis=(0, 1, 2))
    return dx / 2, dkernel / 2, dbias / 2

# %% [raw] equivalent=true
# down, across = ((0, 0), (0, 0)) => down, across = ((0, 1), (0, 0))
# A row of zeros after the picture is met by no window and is cut off at the end.

# %% [raw] equivalent=true
# down, across = ((0, 0), (0, 0)) => down, across = ((0, 0), (0, 1))
# A column of zeros after the picture is met by no window and is cut off at the end.

# %% [raw] equivalent=true
# dx, dkernel = (np.zeros(x.shape), np.zeros(kernel.shape)) => dx, dkernel = (np.zeros(x.shape), np.ones(kernel.shape))
# Every element of dkernel is assigned, so what it is made of does not matter.
