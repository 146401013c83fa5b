# %% [markdown]
# Answers to `receptive_field`, each in the place of the whole solution cell.

# %% right="reversed"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = last * stride - before + (kernel - 1)
    return first, last

# %% right="recursion"
def receptive_field(layers, position):
    if not layers:
        return position, position
    *lower, (kernel, stride, before) = layers
    start = position * stride - before
    return receptive_field(lower, start)[0], receptive_field(lower, start + kernel - 1)[1]

# %% right="forward_formula"
def receptive_field(layers, position):
    """Size, jump and start of the unit at 0, carried from the input to the output."""
    size, jump, start = 1, 1, 0
    for kernel, stride, before in layers:
        size += (kernel - 1) * jump
        start -= before * jump
        jump *= stride
    first = start + position * jump
    return first, first + size - 1

# %% right="sets_of_pixels"
def receptive_field(layers, position):
    seen = {position}
    for kernel, stride, before in reversed(layers):
        ends = {min(seen), max(seen)}
        seen = {p * stride - before + i for p in ends for i in (0, kernel - 1)}
    return min(seen), max(seen)

# %% right="numpy"
def receptive_field(layers, position):
    ends = np.array([position, position])
    for kernel, stride, before in reversed(layers):
        ends = ends * stride - before + np.array([0, kernel - 1])
    return tuple(ends.tolist())

# %% wrong="not_reversed" diagnosis="input_to_output"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers:
        first = first * stride - before
        last = last * stride - before + (kernel - 1)
    return first, last

# %% wrong="no_strides" diagnosis="strides_ignored"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first - before
        last = last - before + (kernel - 1)
    return first, last

# %% wrong="no_padding" diagnosis="padding_ignored"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride
        last = last * stride + (kernel - 1)
    return first, last

# %% wrong="padding_plus" diagnosis="padding_added"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride + before
        last = last * stride + before + (kernel - 1)
    return first, last

# %% wrong="kernel_not_minus_one" diagnosis="end_not_included"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = last * stride - before + kernel
    return first, last

# %% wrong="slice_end" diagnosis="one_behind_the_last"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = last * stride - before + (kernel - 1)
    return first, last + 1

# %% wrong="end_from_start" diagnosis="from_the_start_alone"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = first + kernel - 1
    return first, last

# %% wrong="start_and_size" diagnosis="size_and_start"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = last * stride - before + (kernel - 1)
    return first, last - first + 1

# %% wrong="size_alone" diagnosis="size_alone"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = last * stride - before + (kernel - 1)
    return last - first + 1

# %% wrong="clipped" diagnosis="cut_at_zero"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = last * stride - before + (kernel - 1)
    return max(first, 0), max(last, 0)

# %% wrong="subtracts_first" diagnosis="padding_before_stride"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = (first - before) * stride
        last = (last - before) * stride + (kernel - 1)
    return first, last

# %% wrong="around_the_center" diagnosis="centered"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        half = (kernel - 1) // 2
        first = first * stride - half
        last = last * stride - half + kernel - 1
    return first, last

# %% wrong="returns_in_the_loop" diagnosis="last_layer_only"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = last * stride - before + (kernel - 1)
        return first, last
    return position, position

# %% wrong="list" diagnosis="wrong_kind"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = last * stride - before + (kernel - 1)
    return [first, last]

# %% wrong="exchanged" diagnosis="ends_exchanged"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = last * stride - before + (kernel - 1)
    return last, first

# %% wrong="no_return" diagnosis="missing_return"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = last * stride - before + (kernel - 1)

# %% wrong="uses_the_new_first" diagnosis="from_the_start_alone"
def receptive_field(layers, position):
    first = position
    last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = first + (kernel - 1)
    return first, last

# %% wrong="pops" diagnosis="in_place"
def receptive_field(layers, position):
    first = position
    last = position
    while layers:
        kernel, stride, before = layers.pop()
        first = first * stride - before
        last = last * stride - before + (kernel - 1)
    return first, last

# %% wrong="start_clipped" diagnosis="start_cut_at_zero"
def receptive_field(layers, position):
    first = last = position
    for kernel, stride, before in layers[::-1]:
        first = first * stride - before
        last = last * stride - before + kernel - 1
    return max(0, first), last
