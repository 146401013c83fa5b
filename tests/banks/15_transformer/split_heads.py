# %% [markdown]
# Answers to `split_heads`, each in the place of the whole solution cell.

# %% right="transpose"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = np.transpose(np.reshape(x, (b, t, heads, f // heads)), (0, 2, 1, 3))
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% right="slices"
def split_heads(x, heads, copies=1):
    depth, rest = divmod(x.shape[-1], heads)
    if rest:
        raise ValueError(f"{x.shape[-1]} / {heads}")
    return np.stack([x[:, :, h * depth : (h + 1) * depth] for h in range(heads) for _ in range(copies)], axis=1)


def merge_heads(x):
    return np.concatenate([x[:, h] for h in range(x.shape[1])], axis=-1)

# %% right="np_split"
def split_heads(x, heads, copies=1):
    parts = np.split(np.asarray(x), heads, axis=2)
    return np.array([part for part in parts for copy in range(copies)]).swapaxes(0, 1)


def merge_heads(x):
    return np.concatenate(list(np.moveaxis(x, 1, 0)), axis=2)

# %% right="element_by_element"
def split_heads(x, heads, copies=1):
    batch, time, features = x.shape
    if features / heads != int(features / heads):
        raise ValueError("not divisible")
    depth = features // heads
    out = np.empty((batch, heads * copies, time, depth))
    for f in range(features):
        for c in range(copies):
            out[:, f // depth * copies + c, :, f % depth] = x[:, :, f]
    return out


def merge_heads(x):
    batch, heads, time, depth = x.shape
    out = np.empty((batch, time, heads * depth))
    for h in range(heads):
        for i in range(depth):
            out[:, :, h * depth + i] = x[:, h, :, i]
    return out

# %% right="minus_one_and_swapaxes"
def split_heads(x, heads, copies=1):
    if x.shape[2] % heads > 0:
        raise ValueError
    x = x.reshape(x.shape[0], x.shape[1], heads, x.shape[2] // heads).swapaxes(1, 2)
    return x[:, np.arange(heads * copies) // copies]


def merge_heads(x):
    x = x.swapaxes(1, 2)
    return x.reshape(*x.shape[:2], x.shape[2] * x.shape[3])

# %% wrong="reshape_only" diagnosis="reshape_alone"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = x.reshape(b, heads, t, f // heads)
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% wrong="both_reshape_only" diagnosis="reshape_alone"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = x.reshape(b, heads, t, f // heads)
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return x.reshape(b, t, h * d)

# %% wrong="merge_reshape_only" diagnosis="reshape_alone"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = np.transpose(np.reshape(x, (b, t, heads, f // heads)), (0, 2, 1, 3))
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return x.reshape(b, t, h * d)

# %% wrong="interleaved" diagnosis="every_nth_feature"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = x.reshape(b, t, f // heads, heads).transpose(0, 3, 1, 2)
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return x.transpose(0, 2, 3, 1).reshape(b, t, h * d)

# %% wrong="no_transpose" diagnosis="heads_not_moved"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = x.reshape(b, t, heads, f // heads)
    return np.repeat(x, copies, axis=2)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% wrong="depth_before_time" diagnosis="time_last"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = x.reshape(b, t, heads, f // heads).transpose(0, 2, 3, 1)
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% wrong="heads_of_that_size" diagnosis="depth_for_heads"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = x.reshape(b, t, f // heads, heads).transpose(0, 2, 1, 3)
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% wrong="heads_before_batch" diagnosis="heads_first"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = x.reshape(b, t, heads, f // heads).transpose(2, 0, 1, 3)
    return np.repeat(x, copies, axis=0)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% wrong="first_sentence_only" diagnosis="batch_lost"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = x[0].reshape(t, heads, f // heads).transpose(1, 0, 2)
    return np.repeat(x, copies, axis=0)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% wrong="no_error" diagnosis="no_error"
def split_heads(x, heads, copies=1):
    depth = x.shape[-1] // heads
    return np.stack([x[:, :, h * depth : (h + 1) * depth] for h in range(heads)], axis=1).repeat(copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% wrong="another_error" diagnosis="wrong_error"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        assert f % heads == 0
    x = np.transpose(np.reshape(x, (b, t, heads, f // heads)), (0, 2, 1, 3))
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% wrong="mean_of_heads" diagnosis="heads_averaged"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = np.transpose(np.reshape(x, (b, t, heads, f // heads)), (0, 2, 1, 3))
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return x.mean(axis=1)

# %% wrong="sum_of_heads" diagnosis="heads_added"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = np.transpose(np.reshape(x, (b, t, heads, f // heads)), (0, 2, 1, 3))
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return x.sum(axis=1)

# %% wrong="merge_mixed" diagnosis="every_nth_feature"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = np.transpose(np.reshape(x, (b, t, heads, f // heads)), (0, 2, 1, 3))
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return x.transpose(0, 2, 3, 1).reshape(b, t, h * d)

# %% wrong="merge_not_flat" diagnosis="shape"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = np.transpose(np.reshape(x, (b, t, heads, f // heads)), (0, 2, 1, 3))
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3))

# %% wrong="merge_returns_nothing" diagnosis="missing_return"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = np.transpose(np.reshape(x, (b, t, heads, f // heads)), (0, 2, 1, 3))
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    x.transpose(0, 2, 1, 3).reshape(b, t, h * d)

# %% wrong="list_of_heads" diagnosis="wrong_kind"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    return np.split(x, heads, axis=2) * copies
    return np.repeat(x, copies, axis=1)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% wrong="as_in_the_lesson" diagnosis="copies_ignored"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = np.transpose(np.reshape(x, (b, t, heads, f // heads)), (0, 2, 1, 3))
    return x


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% wrong="tiled" diagnosis="copies_of_the_whole"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = np.transpose(np.reshape(x, (b, t, heads, f // heads)), (0, 2, 1, 3))
    return np.tile(x, (1, copies, 1, 1))


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% wrong="features_repeated" diagnosis="copies_within_a_head"
def split_heads(x, heads, copies=1):
    b, t, f = x.shape
    if f % heads != 0:
        raise ValueError("features must be a multiple of heads")
    x = np.transpose(np.reshape(x, (b, t, heads, f // heads)), (0, 2, 1, 3))
    return np.repeat(x, copies, axis=-1)


def merge_heads(x):
    b, h, t, d = x.shape
    return np.transpose(x, (0, 2, 1, 3)).reshape(b, t, h * d)

# %% [raw] equivalent=true
# raise ValueError(f'{features} features cannot be shared among {heads} heads') => pass
# NumPy's reshape then raises a ValueError of its own.
