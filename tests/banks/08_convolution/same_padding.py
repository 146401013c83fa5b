# %% [markdown]
# Answers to `same_padding`, each in the place of the whole solution cell.

# %% right="ceil_and_divmod"
import math

def same_padding(size, kernel, stride=1):
    out = math.ceil(size / stride)
    missing = max(0, stride * (out - 1) + kernel - size)
    half, odd = divmod(missing, 2)
    return half, half + odd

# %% right="by_the_remainder"
def same_padding(size, kernel, stride=1):
    """The formula of TensorFlow's documentation."""
    if size % stride == 0:
        pad = max(kernel - stride, 0)
    else:
        pad = max(kernel - size % stride, 0)
    return (pad // 2, pad - pad // 2)

# %% right="adds_zeros_in_turn"
def same_padding(size, kernel, stride=1):
    before, after = 0, 0
    places = len(range(0, size, stride))
    while before + size + after < (places - 1) * stride + kernel:
        if after == before:
            after += 1
        else:
            before += 1
    return before, after

# %% right="numpy_numbers"
def same_padding(size, kernel, stride=1):
    last_start = np.arange(0, size, stride)[-1]
    total = np.maximum(last_start + kernel - size, 0)
    return tuple([total // 2, (total + 1) // 2])

# %% wrong="extra_in_front" diagnosis="extra_zero_before"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel - size, 0)
    return total - total // 2, total // 2

# %% wrong="exchanged" diagnosis="extra_zero_before"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel - size, 0)
    before = total // 2
    after = total - before
    return after, before

# %% wrong="symmetric_half_kernel" diagnosis="half_the_kernel"
def same_padding(size, kernel, stride=1):
    return kernel // 2, kernel // 2

# %% wrong="for_stride_one" diagnosis="stride_left_out"
def same_padding(size, kernel, stride=1):
    total = kernel - 1
    return total // 2, total - total // 2

# %% wrong="not_clipped" diagnosis="negative_zeros"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    total = (places - 1) * stride + kernel - size
    return total // 2, total - total // 2

# %% wrong="floor" diagnosis="places_rounded_down"
def same_padding(size, kernel, stride=1):
    places = size // stride
    total = max((places - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2

# %% wrong="one_move_too_many" diagnosis="places_not_moves"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    total = max(places * stride + kernel - size, 0)
    return total // 2, total - total // 2

# %% wrong="rounded_up_twice" diagnosis="as_many_on_both_sides"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel - size, 0)
    return -(-total // 2), -(-total // 2)

# %% wrong="rounded_down_twice" diagnosis="odd_zero_lost"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel - size, 0)
    return total // 2, total // 2

# %% wrong="only_after" diagnosis="all_zeros_after"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    return 0, max((places - 1) * stride + kernel - size, 0)

# %% wrong="not_halved" diagnosis="total_on_each_side"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel - size, 0)
    return total, total

# %% wrong="one_number" diagnosis="total_alone"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    return max((places - 1) * stride + kernel - size, 0)

# %% wrong="halves_with_fractions" diagnosis="halves"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel - size, 0)
    return total / 2, total / 2

# %% wrong="a_list" diagnosis="wrong_kind"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel - size, 0)
    return [total // 2, total - total // 2]

# %% wrong="nothing_returned" diagnosis="missing_return"
def same_padding(size, kernel, stride=1):
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel - size, 0)
    before, after = total // 2, total - total // 2

# %% right="calls_output_size"
def same_padding(size, kernel, stride=1):
    needed = (output_size(size, kernel, stride, "same") - 1) * stride + kernel
    total = max(needed - size, 0)
    return total // 2, total - total // 2
