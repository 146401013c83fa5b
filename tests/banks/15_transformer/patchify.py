# %% [markdown]
# Answers to `patchify`, each in the place of the whole solution cell.

# %% right="loops"
def patchify(images, size, stride=None):
    step = stride or size
    n, height, width, channels = images.shape
    patches = []
    for top in range(0, height - size + 1, step):
        for left in range(0, width - size + 1, step):
            patch = images[:, top : top + size, left : left + size, :]
            patches.append(patch.reshape(n, size * size * channels))
    return np.stack(patches, axis=1)

# %% right="sliding_windows"
def patchify(images, size, stride=None):
    stride = size if stride is None else stride
    view = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    view = view[:, ::stride, ::stride]
    n, rows, columns = view.shape[:3]
    return view.transpose(0, 1, 2, 4, 5, 3).reshape(n, rows * columns, -1)

# %% right="index_arrays"
def patchify(images, size, stride=None):
    stride = size if stride is None else stride
    batch, height, width, channels = images.shape
    tops = np.arange((height - size) // stride + 1) * stride
    lefts = np.arange((width - size) // stride + 1) * stride
    inside = np.arange(size)
    y = tops[:, None, None, None] + inside[None, None, :, None]
    x = lefts[None, :, None, None] + inside[None, None, None, :]
    return images[:, y, x].reshape(batch, len(tops) * len(lefts), size * size * channels)

# %% right="reshape_where_possible"
def patchify(images, size, stride=None):
    n, height, width, channels = images.shape
    if stride is None or stride == size:
        rows, columns = height // size, width // size
        cut = images[:, : rows * size, : columns * size]
        cut = cut.reshape(n, rows, size, columns, size, channels).swapaxes(2, 3)
        return cut.reshape(n, rows * columns, -1)
    rows, columns = (height - size) // stride + 1, (width - size) // stride + 1
    out = np.zeros((n, rows * columns, size * size * channels))
    for p in range(rows * columns):
        r, c = divmod(p, columns)
        for i in range(n):
            out[i, p] = images[i, r * stride : r * stride + size, c * stride : c * stride + size].flatten()
    return out

# %% wrong="reshape_only" diagnosis="reshape_alone"
def patchify(images, size, stride=None):
    n, height, width, channels = images.shape
    return images.reshape(n, (height // size) * (width // size), size * size * channels)

# %% wrong="six_axes_no_swap" diagnosis="rows_without_transpose"
def patchify(images, size, stride=None):
    stride = size if stride is None else stride
    n, height, width, channels = images.shape
    rows, columns = (height - size) // stride + 1, (width - size) // stride + 1
    out = np.zeros((n, rows, size, columns, size, channels))
    for i in range(size):
        for j in range(size):
            out[:, :, i, :, j] = images[:, i : i + stride * (rows - 1) + 1 : stride, j : j + stride * (columns - 1) + 1 : stride]
    return out.reshape(n, rows * columns, size * size * channels)

# %% wrong="column_by_column" diagnosis="columns_first"
def patchify(images, size, stride=None):
    step = stride or size
    n, height, width, channels = images.shape
    patches = []
    for left in range(0, width - size + 1, step):
        for top in range(0, height - size + 1, step):
            patch = images[:, top : top + size, left : left + size, :]
            patches.append(patch.reshape(n, size * size * channels))
    return np.stack(patches, axis=1)

# %% wrong="pixels_turned" diagnosis="pixels_by_columns"
def patchify(images, size, stride=None):
    stride = size if stride is None else stride
    view = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    view = view[:, ::stride, ::stride]
    n, rows, columns = view.shape[:3]
    return view.transpose(0, 1, 2, 5, 4, 3).reshape(n, rows * columns, -1)

# %% wrong="transpose_forgotten" diagnosis="channels_first"
def patchify(images, size, stride=None):
    stride = size if stride is None else stride
    view = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    view = view[:, ::stride, ::stride]
    n, rows, columns = view.shape[:3]
    return view.reshape(n, rows * columns, -1)

# %% wrong="always_side_by_side" diagnosis="stride_ignored"
def patchify(images, size, stride=None):
    step = size
    n, height, width, channels = images.shape
    patches = []
    for top in range(0, height - size + 1, step):
        for left in range(0, width - size + 1, step):
            patch = images[:, top : top + size, left : left + size, :]
            patches.append(patch.reshape(n, size * size * channels))
    return np.stack(patches, axis=1)

# %% wrong="default_of_one" diagnosis="stride_of_one"
def patchify(images, size, stride=None):
    step = stride or 1
    n, height, width, channels = images.shape
    patches = []
    for top in range(0, height - size + 1, step):
        for left in range(0, width - size + 1, step):
            patch = images[:, top : top + size, left : left + size, :]
            patches.append(patch.reshape(n, size * size * channels))
    return np.stack(patches, axis=1)

# %% wrong="rows_and_columns" diagnosis="grid_kept"
def patchify(images, size, stride=None):
    stride = size if stride is None else stride
    view = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    view = view[:, ::stride, ::stride]
    n, rows, columns = view.shape[:3]
    return view.transpose(0, 1, 2, 4, 5, 3).reshape(n, rows, columns, -1)

# %% wrong="little_pictures" diagnosis="patches_not_flattened"
def patchify(images, size, stride=None):
    step = stride or size
    n, height, width, channels = images.shape
    patches = []
    for top in range(0, height - size + 1, step):
        for left in range(0, width - size + 1, step):
            patch = images[:, top : top + size, left : left + size, :]
            patches.append(patch)
    return np.stack(patches, axis=1)

# %% wrong="one_long_batch" diagnosis="batch_and_patches_joined"
def patchify(images, size, stride=None):
    stride = size if stride is None else stride
    view = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    view = view[:, ::stride, ::stride]
    n, rows, columns = view.shape[:3]
    return view.transpose(0, 1, 2, 4, 5, 3).reshape(n * rows * columns, size * size * images.shape[3])

# %% wrong="stacked_last" diagnosis="patches_last"
def patchify(images, size, stride=None):
    step = stride or size
    n, height, width, channels = images.shape
    patches = []
    for top in range(0, height - size + 1, step):
        for left in range(0, width - size + 1, step):
            patch = images[:, top : top + size, left : left + size, :]
            patches.append(patch.reshape(n, size * size * channels))
    return np.stack(patches, axis=-1)

# %% wrong="zeros_at_the_edge" diagnosis="padded_at_the_end"
def patchify(images, size, stride=None):
    step = stride or size
    n, height, width, channels = images.shape
    below, right = (-(height - size)) % step, (-(width - size)) % step
    images = np.pad(images, ((0, 0), (0, below), (0, right), (0, 0)))
    n, height, width, channels = images.shape
    patches = []
    for top in range(0, height - size + 1, step):
        for left in range(0, width - size + 1, step):
            patch = images[:, top : top + size, left : left + size, :]
            patches.append(patch.reshape(n, size * size * channels))
    return np.stack(patches, axis=1)

# %% wrong="last_ones_lost" diagnosis="last_patch_lost"
def patchify(images, size, stride=None):
    stride = size if stride is None else stride
    n, height, width, channels = images.shape
    rows, columns = (height - size) // stride, (width - size) // stride
    out = np.zeros((n, rows, columns, size, size, channels))
    for r in range(rows):
        for c in range(columns):
            out[:, r, c] = images[:, r * stride : r * stride + size, c * stride : c * stride + size]
    return out.reshape(n, rows * columns, size * size * channels)

# %% wrong="height_for_width" diagnosis="square_pictures"
def patchify(images, size, stride=None):
    stride = size if stride is None else stride
    n = (images.shape[1] - size) // stride + 1
    patches = [
        images[:, r * stride : r * stride + size, c * stride : c * stride + size].reshape(len(images), -1)
        for r in range(n)
        for c in range(n)
    ]
    return np.stack(patches, axis=1)

# %% wrong="mean_colors" diagnosis="average_of_patches"
def patchify(images, size, stride=None):
    step = stride or size
    n, height, width, channels = images.shape
    patches = []
    for top in range(0, height - size + 1, step):
        for left in range(0, width - size + 1, step):
            patch = images[:, top : top + size, left : left + size, :]
            patches.append(patch.mean(axis=(1, 2)))
    return np.stack(patches, axis=1)

# %% wrong="stacked_in_front" diagnosis="shape"
def patchify(images, size, stride=None):
    step = stride or size
    n, height, width, channels = images.shape
    patches = []
    for top in range(0, height - size + 1, step):
        for left in range(0, width - size + 1, step):
            patch = images[:, top : top + size, left : left + size, :]
            patches.append(patch.reshape(n, size * size * channels))
    return np.stack(patches)

# %% wrong="a_list" diagnosis="wrong_kind"
def patchify(images, size, stride=None):
    step = stride or size
    n, height, width, channels = images.shape
    patches = []
    for top in range(0, height - size + 1, step):
        for left in range(0, width - size + 1, step):
            patch = images[:, top : top + size, left : left + size, :]
            patches.append(patch.reshape(n, size * size * channels))
    return patches

# %% [raw] equivalent=true
# out = np.zeros((batch, rows, columns, size, size, channels), images.dtype) => out = np.ones((batch, rows, columns, size, size, channels), images.dtype)
# Every patch is assigned, so what the array is made of does not matter.
