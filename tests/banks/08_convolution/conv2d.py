# %% [markdown]
# Answers to `conv2d`, each in the place of the whole solution cell.

# %% right="loops"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    n, height, width, cin = x.shape
    kh, kw, _, cout = kernel.shape
    top = left = 0
    rows = (height - dilation * (kh - 1) - 1) // stride + 1
    columns = (width - dilation * (kw - 1) - 1) // stride + 1
    if padding == "same":
        top, _ = same_padding(height, dilation * (kh - 1) + 1, stride)
        left, _ = same_padding(width, dilation * (kw - 1) + 1, stride)
        rows, columns = -(-height // stride), -(-width // stride)
    out = np.zeros((n, rows, columns, cout))
    for r in range(rows):
        for c in range(columns):
            total = np.zeros((n, cout))
            for i in range(kh):
                for j in range(kw):
                    y, z = r * stride + i * dilation - top, c * stride + j * dilation - left
                    if 0 <= y < height and 0 <= z < width:
                        total += x[:, y, z] @ kernel[i, j]
            out[:, r, c] = total + bias
    return out

# %% right="windows_and_einsum"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    spans = [dilation * (k - 1) + 1 for k in kernel.shape[:2]]
    if padding == "same":
        pads = [same_padding(s, k, stride) for s, k in zip(x.shape[1:3], spans)]
        x = np.pad(x, [(0, 0)] + pads + [(0, 0)])
    view = np.lib.stride_tricks.sliding_window_view(x, spans, axis=(1, 2))
    view = view[:, ::stride, ::stride, :, ::dilation, ::dilation]
    return np.einsum("nrcmij,ijmk->nrck", view, kernel) + bias

# %% right="im2col"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw, cin, cout = kernel.shape
    if padding == "same":
        x = np.pad(
            x,
            (
                (0, 0),
                same_padding(x.shape[1], dilation * (kh - 1) + 1, stride),
                same_padding(x.shape[2], dilation * (kw - 1) + 1, stride),
                (0, 0),
            ),
        )
    tops = np.arange(0, x.shape[1] - dilation * (kh - 1), stride)
    lefts = np.arange(0, x.shape[2] - dilation * (kw - 1), stride)
    y = tops[:, None, None, None] + dilation * np.arange(kh)[:, None]
    z = lefts[None, :, None, None] + dilation * np.arange(kw)
    patches = x[:, y, z].reshape(len(x), len(tops), len(lefts), -1)
    return patches @ kernel.reshape(-1, cout) + bias

# %% right="keras_float32"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """Stride 1 in Keras and every stride-th place of it, because Keras does not take a stride and a dilation together."""
    kh, kw = kernel.shape[:2]
    x = x.astype("float32")
    if padding == "same":
        down = same_padding(x.shape[1], dilation * (kh - 1) + 1, stride)
        across = same_padding(x.shape[2], dilation * (kw - 1) + 1, stride)
        x = np.pad(x, ((0, 0), down, across, (0, 0)))
    full = keras.ops.conv(x, kernel.astype("float32"), padding="valid", dilation_rate=dilation)
    return keras.ops.convert_to_numpy(full)[:, ::stride, ::stride] + bias

# %% right="own_zeros"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    out = None
    kh, kw = kernel.shape[0], kernel.shape[1]
    if padding == "same":
        pads = []
        for size, k in ((x.shape[1], kh), (x.shape[2], kw)):
            missing = ((size - 1) // stride) * stride + dilation * (k - 1) + 1 - size
            missing = missing if missing > 0 else 0
            pads.append((missing // 2, missing - missing // 2))
        big = np.zeros((x.shape[0], x.shape[1] + sum(pads[0]), x.shape[2] + sum(pads[1]), x.shape[3]))
        big[:, pads[0][0] : pads[0][0] + x.shape[1], pads[1][0] : pads[1][0] + x.shape[2]] = x
        x = big
    for i in range(kh):
        for j in range(kw):
            bottom = x.shape[1] - (kh - 1 - i) * dilation
            right = x.shape[2] - (kw - 1 - j) * dilation
            part = np.tensordot(x[:, i * dilation : bottom : stride, j * dilation : right : stride], kernel[i, j], 1)
            out = part if out is None else out + part
    return out + bias.reshape(1, 1, 1, -1)

# %% [markdown]
# The wrong ones share this form: pad, count, slide.

# %% wrong="turned" diagnosis="kernel_turned"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kernel = np.flip(kernel, axis=(0, 1))
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="without_bias" diagnosis="no_bias"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3]))
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="bias_in_the_loop" diagnosis="bias_for_every_pixel"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3]))
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j] + bias
    return out

# %% wrong="steps_of_one" diagnosis="stride_ignored"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high), same_padding(x.shape[2], wide), (0, 0)))
    rows, columns = x.shape[1] - high + 1, x.shape[2] - wide + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + rows, b : b + columns] @ kernel[i, j]
    return out

# %% wrong="stride_counted_not_taken" diagnosis="stride_in_the_count_only"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for r in range(rows):
        for c in range(columns):
            window = x[:, r : r + high : dilation, c : c + wide : dilation]
            out[:, r, c] += np.tensordot(window, kernel, 3)
    return out

# %% wrong="overwrites" diagnosis="last_kernel_pixel_only"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out = x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="one_channel" diagnosis="first_channel_only"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for r in range(rows):
        for c in range(columns):
            top, left = r * stride, c * stride
            window = x[:, top : top + high : dilation, left : left + wide : dilation, 0]
            out[:, r, c] += np.tensordot(window, kernel[:, :, 0], 2)
    return out

# %% wrong="mean" diagnosis="mean_of_the_window"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3]))
    for n in range(len(x)):
        for r in range(rows):
            for c in range(columns):
                for k in range(kernel.shape[3]):
                    top, left = r * stride, c * stride
                    window = x[n, top : top + high : dilation, left : left + wide : dilation]
                    out[n, r, c, k] = np.mean(window * kernel[..., k]) + bias[k]
    return out

# %% wrong="kernel_rows_and_columns" diagnosis="kernel_transposed"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kernel = kernel.transpose(1, 0, 2, 3)
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="never_pads" diagnosis="padding_ignored"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="always_pads" diagnosis="always_padded"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="zeros_in_front" diagnosis="extra_zero_before"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        down, across = same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride)
        x = np.pad(x, ((0, 0), (max(down), min(down)), (max(across), min(across)), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="pads_as_if_stride_one" diagnosis="padded_for_stride_one"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), ((high - 1) // 2, high // 2), ((wide - 1) // 2, wide // 2), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="edge_padding" diagnosis="edge_repeated"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)), "edge")
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="as_in_the_lesson" diagnosis="dilation_ignored"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw, cin, cout = kernel.shape
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], kh, stride), same_padding(x.shape[2], kw, stride), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    patches = view.transpose(0, 1, 2, 4, 5, 3).reshape(*view.shape[:3], -1)
    return patches @ kernel.reshape(-1, cout) + bias

# %% wrong="a_zero_too_many_between" diagnosis="one_zero_too_many"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    gap = dilation + 1 if dilation > 1 else 1
    high, wide = gap * (kh - 1) + 1, gap * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (high, wide), axis=(1, 2))
    view = view[:, ::stride, ::stride, :, ::gap, ::gap]
    return np.einsum("nrcmij,ijmk->nrck", view, kernel) + bias

# %% wrong="zeros_for_the_kernel_without_gaps" diagnosis="padded_for_dilation_one"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], kh, stride), same_padding(x.shape[2], kw, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="one_picture" diagnosis="shape"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[0, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="one_window_short" diagnosis="shape"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    rows, columns = (x.shape[1] - high) // stride, (x.shape[2] - wide) // stride
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]
    return out

# %% wrong="kernel_of_another_library" diagnosis="shape"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    cout, cin, kh, kw = kernel.shape
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nrcmij,kmij->nrck", view, kernel) + bias

# %% wrong="added_to_the_picture" diagnosis="in_place"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], high, stride), same_padding(x.shape[2], wide, stride), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (high, wide), axis=(1, 2))
    view = view[:, ::stride, ::stride, :, ::dilation, ::dilation]
    out = np.einsum("nrcmij,ijmk->nrck", view, kernel) + bias
    kernel[...] = kernel[::-1]
    return out

# %% wrong="no_return" diagnosis="missing_return"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    view = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    out = np.einsum("nrcmij,ijmk->nrck", view, kernel) + bias

# %% wrong="square_as_in_the_lesson" diagnosis="square_kernel"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    k = dilation * (len(kernel) - 1) + 1
    if padding == "same":
        x = np.pad(x, ((0, 0), same_padding(x.shape[1], k, stride), same_padding(x.shape[2], k, stride), (0, 0)))
    rows, cols = (output_size(n, k, stride) for n in x.shape[1:3])
    out = np.zeros((len(x), rows, cols, kernel.shape[3]))
    for n, r, c, f in np.ndindex(out.shape):
        window = x[n, r * stride : r * stride + k : dilation, c * stride : c * stride + k : dilation]
        out[n, r, c, f] = np.sum(window * kernel[:, :, :, f]) + bias[f]
    return out
