# %% [markdown]
# Answers to `output_size`, each in the place of the whole solution cell.

# %% right="counts_the_places"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding not in ("valid", "same"):
        raise ValueError(f"unknown padding {padding!r}")
    covered = 1 + (kernel - 1) * dilation
    last = size - covered if padding == "valid" else size - 1
    return len(range(0, last + 1, stride))

# %% right="ceilings"
import math

def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    match padding:
        case "same":
            return math.ceil(size / stride)
        case "valid":
            return math.ceil((size - dilation * (kernel - 1)) / stride)
        case _:
            raise ValueError("padding must be valid or same")

# %% right="walks"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "same":
        return (size + stride - 1) // stride
    if padding != "valid":
        raise ValueError
    places, start = 0, 0
    while start + dilation * (kernel - 1) < size:
        places += 1
        start += stride
    return places

# %% right="numpy_integers"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    formulas = {"valid": (size - dilation * (kernel - 1) - 1 + stride), "same": size + stride - 1}
    if padding not in formulas:
        raise ValueError(padding)
    return int(np.floor_divide(formulas[padding], stride))

# %% wrong="moves_counted" diagnosis="no_plus_one"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return (size - (dilation * (kernel - 1) + 1)) // stride
    if padding == "same":
        return -(-size // stride)
    raise ValueError(padding)

# %% wrong="rounded_up" diagnosis="window_rounded_up"
import math

def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return math.ceil((size - (dilation * (kernel - 1) + 1)) / stride) + 1
    if padding == "same":
        return math.ceil(size / stride)
    raise ValueError(padding)

# %% wrong="one_added_too_early" diagnosis="plus_one_inside"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    covered = dilation * (kernel - 1) + 1
    if padding == "valid":
        return (size - covered + 1) // stride
    if padding == "same":
        return -(-size // stride)
    raise ValueError(padding)

# %% wrong="no_kernel" diagnosis="blocks_only"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return size // stride
    if padding == "same":
        return -(-size // stride)
    raise ValueError(padding)

# %% wrong="no_stride" diagnosis="stride_ignored"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return size - dilation * (kernel - 1)
    if padding == "same":
        return size
    raise ValueError(padding)

# %% wrong="same_means_same" diagnosis="same_is_size"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return (size - (dilation * (kernel - 1) + 1)) // stride + 1
    if padding == "same":
        return size
    raise ValueError(padding)

# %% wrong="floor_for_same" diagnosis="same_rounded_down"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return (size - (dilation * (kernel - 1) + 1)) // stride + 1
    if padding == "same":
        return size // stride
    raise ValueError(padding)

# %% wrong="one_more_for_same" diagnosis="same_always_one_more"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return (size - (dilation * (kernel - 1) + 1)) // stride + 1
    if padding == "same":
        return size // stride + 1
    raise ValueError(padding)

# %% wrong="as_in_other_libraries" diagnosis="padding_of_half_a_kernel"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    covered = dilation * (kernel - 1) + 1
    if padding == "valid":
        return (size - covered) // stride + 1
    if padding == "same":
        return (size + 2 * (covered // 2) - covered) // stride + 1
    raise ValueError(padding)

# %% wrong="fractions" diagnosis="true_division"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return (size - (dilation * (kernel - 1) + 1)) / stride + 1
    if padding == "same":
        return -(-size // stride)
    raise ValueError(padding)

# %% wrong="lesson_without_dilation" diagnosis="dilation_ignored"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return (size - kernel) // stride + 1
    if padding == "same":
        return -(-size // stride)
    raise ValueError(padding)

# %% wrong="dilation_times_kernel" diagnosis="gap_behind_the_last"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return (size - dilation * kernel) // stride + 1
    if padding == "same":
        return -(-size // stride)
    raise ValueError(padding)

# %% wrong="dilation_between" diagnosis="dilation_as_zeros_between"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        covered = kernel + dilation * (kernel - 1)
        return (size - covered) // stride + 1
    if padding == "same":
        return -(-size // stride)
    raise ValueError(padding)

# %% wrong="everything_else_is_same" diagnosis="no_error"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return (size - (dilation * (kernel - 1) + 1)) // stride + 1
    return -(-size // stride)

# %% wrong="any_spelling" diagnosis="no_error"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    padding = padding.lower()
    if padding == "valid":
        return (size - (dilation * (kernel - 1) + 1)) // stride + 1
    if padding == "same":
        return -(-size // stride)
    raise ValueError(padding)

# %% wrong="none_for_others" diagnosis="no_error"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        return (size - (dilation * (kernel - 1) + 1)) // stride + 1
    if padding == "same":
        return -(-size // stride)

# %% wrong="key_error" diagnosis="wrong_error"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    return {
        "valid": (size - (dilation * (kernel - 1) + 1)) // stride + 1,
        "same": -(-size // stride),
    }[padding]

# %% wrong="printed" diagnosis="missing_return"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "valid":
        print((size - (dilation * (kernel - 1) + 1)) // stride + 1)
    elif padding == "same":
        print(-(-size // stride))
    else:
        raise ValueError(padding)
