# %% [raw] front=true
# title = "Convolution: assignment"
# shows = "You build convolution and pooling from scratch, forward and backward, trace what a unit sees, write a residual block, and end with a network that plays the Game of Life."
# needs = "The lesson of chapter 8."
# minutes = {work = 150}

# %% setup=true

# %% [markdown]
# Eight exercises and one question to answer in words. The visible checks can be done by hand; hidden checks try your
# functions on other inputs. When you are stuck, `check.hint("conv2d")` gives the first of three hints and, run again,
# the next.
#
# Conventions, those of Keras: pictures have shape `(batch, height, width, channels)`, kernels
# `(kernel height, kernel width, channels in, channels out)`, biases `(channels out,)`. The kernel is laid on the
# picture as it is, without turning it around. `stride` is one whole number, for both directions.
#
# One option goes beyond the functions of the lesson. With `dilation=d` the kernel's pixels do not lie side by side on
# the picture but `d` pixels apart, so that a row of `k` of them covers $d\,(k-1)+1$ pixels of the picture, and those in
# between are not looked at: with `k = 3` and `d = 2` the pixels 0, 2 and 4, for example. A few such layers see far for
# the price of small kernels. `dilation=1` is the convolution of the lesson.
#
# No function may change the arrays that it is given.

# %% given="imports"
import keras
import numpy as np


def picture(rows):
    """A batch of one picture with one channel, from its rows: shape (1, height, width, 1)."""
    return np.array(rows, float)[None, :, :, None]


def one_kernel(rows):
    """A kernel from one channel to one channel, from its rows: shape (height, width, 1, 1)."""
    return np.array(rows, float)[:, :, None, None]


# %% [markdown]
# ## 1. How many places? (2 points)
#
# Write `output_size`. A picture is `size` pixels wide, the kernel has `kernel` pixels, `dilation` apart, and moves by
# `stride` pixels at a time. How wide is the output?
#
# - With `padding="valid"` the kernel stays inside the picture, so the answer is the number of places where it fits
#   entirely. (There is always one at least.)
# - With `padding="same"` zeros are put around the picture, as many as are needed so that the output has
#   `size / stride` pixels, rounded **up**, whatever the kernel.
# - For any other `padding`, raise a `ValueError`.
#
# The answer is a whole number, an `int`.

# %% [markdown] hints="output_size" reads="2. Channels, stride, padding"
# Draw five pixels and a kernel of two. With a stride of 2, where can the kernel's left end stand? Count these places.
# Then do the same with a dilation of 2.
#
# ---
#
# The kernel covers `covered = dilation * (kernel - 1) + 1` pixels. Its left end can stand at 0, `stride`,
# `2 * stride`, and so on, up to `size - covered` at most: one place more than whole strides fit into that.
#
# ---
#
# "valid": `(size - covered) // stride + 1`. "same": `(size + stride - 1) // stride` is `size / stride` rounded up. Then
# `raise ValueError(padding)`.


# %% solution="output_size"
def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    """The width of a convolution's output.

    size, kernel, stride, dilation: whole numbers (pixels), padding: "valid" or "same". Returns an int.

    Example: output_size(28, 5) is 24, output_size(28, 3, stride=2, padding="same") is 14.
    """
    ### BEGIN SOLUTION
    if padding == "valid":
        covered = dilation * (kernel - 1) + 1
        return (size - covered) // stride + 1
    if padding == "same":
        return -(-size // stride)
    raise ValueError(padding)
    ### END SOLUTION


# %% tests="output_size" points=2
with check.exercise("output_size"):
    check.call(output_size, 28, 5, expect=24, about="28 pixels, a kernel of 5")
    check.call(
        output_size, 5, 2, stride=2, expect=2, about="places 0 and 2; at 4 it would stick out"
    )
    check.call(output_size, 4, 4, stride=3, expect=1, about="a kernel as wide as the picture")
    check.call(
        output_size, 9, 3, dilation=3, expect=3, about="the kernel covers 7 pixels: 0, 3 and 6"
    )
    check.call(output_size, 28, 3, padding="same", expect=28, about="the same size")
    check.call(
        output_size, 7, 3, stride=2, padding="same", expect=4, about="7 / 2 = 3.5, rounded up"
    )
    check.raises(output_size, 28, 3, padding="full", about="a padding that we do not know")
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(801)
    for _ in range(12):
        kernel, stride, extra, dilation = (
            int(n) for n in rng.integers((1, 1, 0, 1), (8, 5, 30, 4))
        )
        for padding in ["valid", "same"]:
            size = dilation * (kernel - 1) + 1 + extra
            check.call(
                output_size,
                size,
                kernel,
                stride,
                padding,
                about=f"other sizes, {padding}, given by position",
            )
            check.call(
                output_size,
                size,
                kernel,
                stride,
                padding,
                dilation,
                about=f"other sizes, {padding}, with a dilation",
            )
    for size in [10, 11, 12, 13]:
        check.call(output_size, size, 3, stride=3, about="pixels that are left over, valid")
        check.call(
            output_size, size, 3, stride=3, padding="same", about="pixels that are left over, same"
        )
    check.call(output_size, 1, 5, padding="same", about="a kernel wider than the picture, same")
    check.raises(output_size, 28, 3, padding="SAME", about="paddings are spelled as in Keras")
    ### END HIDDEN TESTS


# %% mistakes="output_size"
def _sizes(size, kernel, stride, padding, *, valid=None, same=None):
    """The right answer, with one of its two formulas exchanged; not a mistake by itself."""
    if padding == "valid":
        return (size - kernel) // stride + 1 if valid is None else valid
    if padding == "same":
        return -(-size // stride) if same is None else same
    raise ValueError(padding)


def no_plus_one(size, kernel, stride=1, padding="valid", dilation=1):
    """With "valid" you count the moves of the kernel, not its places. It stands at the start before it moves at all: there is one place more."""
    return _sizes(
        size,
        dilation * (kernel - 1) + 1,
        stride,
        padding,
        valid=(size - dilation * (kernel - 1) - 1) // stride,
    )


def window_rounded_up(size, kernel, stride=1, padding="valid", dilation=1):
    """With "valid" you round up. A place where the kernel would stick out of the picture does not count: use // before you add 1."""
    return _sizes(
        size,
        dilation * (kernel - 1) + 1,
        stride,
        padding,
        valid=-(-(size - dilation * (kernel - 1) - 1) // stride) + 1,
    )


def plus_one_inside(size, kernel, stride=1, padding="valid", dilation=1):
    """With "valid" you divide the number of places at stride 1 by the stride. The first place always counts: divide size - kernel, and add 1 after that."""
    return _sizes(
        size,
        dilation * (kernel - 1) + 1,
        stride,
        padding,
        valid=(size - dilation * (kernel - 1)) // stride,
    )


def blocks_only(size, kernel, stride=1, padding="valid", dilation=1):
    """You divide the size by the stride with "valid" padding, as if the kernel had no width. It must fit entirely: (size - kernel) // stride + 1."""
    return _sizes(size, dilation * (kernel - 1) + 1, stride, padding, valid=size // stride)


def stride_ignored(size, kernel, stride=1, padding="valid", dilation=1):
    """The stride has no effect on your answer. A stride of 2 leaves out every other place."""
    return _sizes(size, dilation * (kernel - 1) + 1, 1, padding)


def same_is_size(size, kernel, stride=1, padding="valid", dilation=1):
    """With "same" you return the size itself. That is right for a stride of 1; in general it is size / stride, rounded up."""
    return _sizes(size, dilation * (kernel - 1) + 1, stride, padding, same=size)


def same_rounded_down(size, kernel, stride=1, padding="valid", dilation=1):
    """With "same" you round down. The last pixels get a place too, with zeros to fill it up: size / stride, rounded up."""
    return _sizes(size, dilation * (kernel - 1) + 1, stride, padding, same=size // stride)


def same_always_one_more(size, kernel, stride=1, padding="valid", dilation=1):
    """With "same" you add 1 after the division even where nothing is left over. Round up: (size + stride - 1) // stride."""
    return _sizes(size, dilation * (kernel - 1) + 1, stride, padding, same=size // stride + 1)


def padding_of_half_a_kernel(size, kernel, stride=1, padding="valid", dilation=1):
    """With "same" you count with kernel // 2 zeros on each side. With even kernels this is one too many; Keras gives size / stride, rounded up, for every kernel."""
    covered = dilation * (kernel - 1) + 1
    same = (size + 2 * (covered // 2) - covered) // stride + 1
    return _sizes(size, covered, stride, padding, same=same)


def true_division(size, kernel, stride=1, padding="valid", dilation=1):
    """You divide with /, which gives fractions of places. Use //, which rounds down."""
    return _sizes(
        size,
        dilation * (kernel - 1) + 1,
        stride,
        padding,
        valid=(size - dilation * (kernel - 1) - 1) / stride + 1,
    )


def dilation_ignored(size, kernel, stride=1, padding="valid", dilation=1):
    """The dilation has no effect on your answer. With "valid", use the number of pixels that the kernel covers: dilation * (kernel - 1) + 1."""
    return _sizes(size, kernel, stride, padding)


def gap_behind_the_last(size, kernel, stride=1, padding="valid", dilation=1):
    """You let the kernel cover dilation * kernel pixels. There are gaps between its pixels only, kernel - 1 of them: it covers dilation * (kernel - 1) + 1."""
    return _sizes(size, dilation * kernel, stride, padding)


def dilation_as_zeros_between(size, kernel, stride=1, padding="valid", dilation=1):
    """You put `dilation` pixels between neighboring kernel pixels. They stand `dilation` apart, so there are dilation - 1 pixels between them."""
    return _sizes(size, kernel + (kernel - 1) * dilation, stride, padding)


# %% [markdown]
# ## 2. Where do the zeros go? (3 points)
#
# Write `same_padding`: how many zeros does Keras put **before** the first and **after** the last pixel when
# `padding="same"`? As few as possible, so that the kernel has its `size / stride` (rounded up) places; never less than
# none. Half of the zeros go to each side, and **when their number is odd, the extra one goes after**. Return the pair
# `(before, after)`, a tuple. Here `kernel` is the number of pixels that the kernel covers. (This exercise and the next
# three may call your earlier functions. When they are graded, right ones stand in their places, so that a mistake
# costs you points only once.)

# %% [markdown] hints="same_padding" reads="2. Channels, stride, padding"
# Work out how long the padded picture must be, then how many zeros are missing. The last place of the kernel starts
# after all the moves, and needs `kernel` pixels from there.
#
# ---
#
# With `out` places there are `out - 1` moves, so the kernel's last pixel is number `(out - 1) * stride + kernel`. Take
# away `size`, and what is left is the number of zeros, unless it is negative.
#
# ---
#
# `total = max((out - 1) * stride + kernel - size, 0)` with `out = (size + stride - 1) // stride`, then
# `return total // 2, total - total // 2`.


# %% solution="same_padding"
def same_padding(size, kernel, stride=1):
    """The zeros before and after a row of pixels, with padding="same".

    size, kernel, stride: whole numbers (pixels). Returns the tuple (before, after).

    Example: same_padding(5, 3) is (1, 1), same_padding(4, 3, stride=2) is (0, 1).
    """
    ### BEGIN SOLUTION
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2
    ### END SOLUTION


# %% tests="same_padding" points=3
with check.exercise("same_padding", needs="output_size"):
    check.call(same_padding, 5, 3, expect=(1, 1), about="5 pixels, a kernel of 3")
    check.call(same_padding, 5, 2, expect=(0, 1), about="one zero: it goes after")
    check.call(
        same_padding, 4, 3, 2, expect=(0, 1), about="two places, pixels 0-2 and 2-4: one is missing"
    )
    check.call(
        same_padding, 5, 3, 2, expect=(1, 1), about="three places, the last one ends at pixel 6"
    )
    check.call(same_padding, 6, 1, 2, expect=(0, 0), about="nothing is missing")
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(802)
    for _ in range(25):
        size, kernel, stride = (int(n) for n in rng.integers((3, 1, 1), (30, 9, 5)))
        check.call(same_padding, size, kernel, stride, about="other sizes, kernels and strides")
    for kernel in range(1, 8):
        check.call(same_padding, 12, kernel, about="stride 1, odd and even kernels")
        check.call(same_padding, 12, kernel, stride=3, about="stride 3, odd and even kernels")
    check.call(same_padding, 1, 6, about="a kernel wider than the picture")
    check.call(same_padding, 8, 2, 4, about="a stride larger than the kernel")
    ### END HIDDEN TESTS


# %% mistakes="same_padding"
def _missing(sizes, places=None):
    """How many zeros are missing; not a mistake by itself."""
    size, kernel, stride = sizes
    places = -(-size // stride) if places is None else places
    return max((places - 1) * stride + kernel - size, 0)


def total_alone(size, kernel, stride=1):
    """You return the number of zeros that are missing. Asked for is the pair (before, after)."""
    return _missing((size, kernel, stride))


def extra_zero_before(size, kernel, stride=1):
    """You put the extra zero before the picture. Keras puts it after: before = total // 2."""
    total = _missing((size, kernel, stride))
    return total - total // 2, total // 2


def half_the_kernel(size, kernel, stride=1):
    """You put kernel // 2 zeros on each side. That is right for odd kernels and stride 1 alone; in general count how many are missing for the last place."""
    return kernel // 2, kernel // 2


def stride_left_out(size, kernel, stride=1):
    """You distribute kernel - 1 zeros, which is right for a stride of 1. With a larger stride fewer are missing: the last place starts at (places - 1) * stride."""
    return (kernel - 1) // 2, kernel // 2


def negative_zeros(size, kernel, stride=1):
    """A number of zeros is negative in your answer. When the stride is larger than the kernel, nothing may be missing: take max(..., 0)."""
    total = (-(-size // stride) - 1) * stride + kernel - size
    return total // 2, total - total // 2


def places_rounded_down(size, kernel, stride=1):
    """You count size // stride places. "same" rounds up: the last pixels need a place too."""
    total = _missing((size, kernel, stride), size // stride)
    return total // 2, total - total // 2


def places_not_moves(size, kernel, stride=1):
    """You count one move too many. With `places` places the kernel makes places - 1 moves: the first place costs none."""
    total = _missing((size, kernel, stride), -(-size // stride) + 1)
    return total // 2, total - total // 2


def as_many_on_both_sides(size, kernel, stride=1):
    """You put the same number on both sides, so an odd total gains a zero. Keras puts total // 2 before and the rest after."""
    total = _missing((size, kernel, stride))
    return (total + 1) // 2, (total + 1) // 2


def odd_zero_lost(size, kernel, stride=1):
    """You put total // 2 zeros on both sides, so the odd zero is lost. The rest goes after: total - total // 2."""
    total = _missing((size, kernel, stride))
    return total // 2, total // 2


def halves(size, kernel, stride=1):
    """Half a zero cannot be put anywhere: divide with //, and give the rest to the other side."""
    total = _missing((size, kernel, stride))
    return total / 2, total / 2


def all_zeros_after(size, kernel, stride=1):
    """You put all the zeros after the picture. Half of them go before it."""
    return 0, _missing((size, kernel, stride))


def total_on_each_side(size, kernel, stride=1):
    """You put the whole number of missing zeros on each side. It is shared between the two."""
    total = _missing((size, kernel, stride))
    return total, total


# %% [markdown]
# ## 3. Convolution (6 points)
#
# Write `conv2d`. At each place of the kernel, the output is the sum over the kernel's pixels and the input's channels
# of input times kernel, plus the bias:
#
# $$\text{out}[n, r, c, k] = b[k] + \sum_{i, j, m} x[n,\; r s + i d,\; c s + j d,\; m]\; w[i, j, m, k],$$
#
# where $s$ is the stride, $d$ the dilation, and $x$ has been padded with zeros when `padding="same"`. Kernels need not
# be square, and the zeros of the two directions are counted separately, from the pixels that the kernel covers. You may
# call your `same_padding`; when this exercise is graded, a right one stands in its place. The number of loops is up to
# you, but a loop over every single pixel is slow in Python, and the lesson has shown a way around it.

# %% [markdown] hints="conv2d" reads="3. The same thing as a matrix product"
# First pad, then count the places, then fill an array of shape `(batch, rows, columns, channels out)`. `np.pad` takes
# one pair (before, after) for each of the four axes.
#
# ---
#
# Turn the sum around: loop over the kernel's pixels `i, j` only. The input pixels that meet kernel pixel `(i, j)` are
# `x[:, i * dilation :: stride, j * dilation :: stride]`, cut to `rows` and `columns`, and `@ kernel[i, j]` goes from
# the channels in to the channels out.
#
# ---
#
# After padding: `rows = (x.shape[1] - dilation * (kh - 1) - 1) // stride + 1`, `columns` likewise;
# `out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias`; then for all `i`, `j`, with `a = i * dilation` and
# `b = j * dilation`: `out += x[:, a : a + stride * rows : stride, b : b + stride * columns : stride] @ kernel[i, j]`.


# %% solution="conv2d"
def conv2d(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """A two-dimensional convolution, as in Keras (the kernel is not turned around).

    x: (batch, height, width, channels in), kernel: (kernel height, kernel width, channels in, channels out),
    bias: (channels out,), stride, dilation: whole numbers, padding: "valid" or "same".
    Returns (batch, rows, columns, channels out).

    Example: conv2d(picture([[1, 2, 3]]), one_kernel([[1, 10]]), np.array([0.0])) is picture([[21, 32]]).
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape[:2]
    high, wide = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    if padding == "same":
        down = same_padding(x.shape[1], high, stride)
        across = same_padding(x.shape[2], wide, stride)
        x = np.pad(x, ((0, 0), down, across, (0, 0)))
    rows, columns = (x.shape[1] - high) // stride + 1, (x.shape[2] - wide) // stride + 1
    out = np.zeros((len(x), rows, columns, kernel.shape[3])) + bias
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            met = x[:, a : a + stride * rows : stride, b : b + stride * columns : stride]
            out += met @ kernel[i, j]
    return out
    ### END SOLUTION


# %% tests="conv2d" points=4
with check.exercise("conv2d", needs="output_size same_padding"):
    none = np.array([0.0])
    check.call(
        conv2d,
        picture([[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        one_kernel([[1, 0], [0, 2]]),
        np.array([100.0]),
        expect=picture([[111, 114], [120, 123]]),
        about="each pixel, plus twice its neighbor below on the right, plus 100",
    )
    check.call(
        conv2d,
        picture([[1, 2, 3, 4, 5]]),
        one_kernel([[1, 10]]),
        none,
        stride=2,
        expect=picture([[21, 43]]),
        about="stride 2; the 5 is left over",
    )
    check.call(
        conv2d,
        picture([[1, 2, 3, 4, 5]]),
        one_kernel([[1, 10]]),
        none,
        dilation=2,
        expect=picture([[31, 42, 53]]),
        about="dilation 2: each pixel, plus ten times the next but one",
    )
    check.call(
        conv2d,
        np.array([[[[2.0, 3.0]]]]),
        np.array([[[[1.0, 10.0], [100.0, 1000.0]]]]),
        np.array([0.0, 5.0]),
        expect=np.array([[[[302.0, 3025.0]]]]),
        about="one pixel, two channels in, two out: 2 + 300, and 20 + 3000 + 5",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(803)
    for n, height, width, cin, kh, kw, cout, stride, dilation in [
        (2, 6, 7, 3, 3, 3, 4, 1, 1),
        (1, 5, 8, 2, 2, 3, 1, 1, 1),
        (3, 9, 6, 1, 3, 2, 2, 2, 1),
        (2, 8, 8, 2, 2, 2, 3, 3, 1),
        (1, 7, 5, 4, 1, 1, 3, 2, 1),
        (2, 4, 6, 3, 4, 6, 2, 1, 1),
        (1, 10, 11, 2, 5, 3, 2, 2, 1),
        (2, 9, 8, 2, 3, 2, 3, 1, 3),
        (1, 11, 10, 3, 3, 3, 2, 2, 2),
    ]:
        check.call(
            conv2d,
            rng.normal(size=(n, height, width, cin)),
            rng.normal(size=(kh, kw, cin, cout)),
            rng.normal(size=cout),
            stride,
            dilation=dilation,
            about="random pictures and kernels of several shapes, strides and dilations, valid",
        )
    check.call(
        conv2d,
        rng.integers(-3, 4, size=(2, 5, 5, 2)),
        rng.integers(-3, 4, size=(3, 3, 2, 2)),
        np.array([0.5, -0.5]),
        about="whole numbers",
    )
    check.call(
        conv2d,
        np.zeros((2, 4, 5, 3)),
        np.ones((2, 2, 3, 2)),
        np.array([1.0, -2.0]),
        about="a black picture: the bias alone answers",
    )
    ### END HIDDEN TESTS

# %% tests="conv2d.same" points=2
with check.exercise("conv2d.same", needs="output_size same_padding"):
    none = np.array([0.0])
    check.call(
        conv2d,
        picture([[1, 2, 3]]),
        one_kernel([[1, 10, 100]]),
        none,
        padding="same",
        expect=picture([[210, 321, 32]]),
        about="one zero on each side",
    )
    check.call(
        conv2d,
        picture([[1, 2, 3, 4]]),
        one_kernel([[1, 10, 100]]),
        none,
        stride=2,
        padding="same",
        expect=picture([[321, 43]]),
        about="stride 2: one zero, after the last pixel",
    )
    rng = np.random.default_rng(7)
    x, kernel = rng.normal(size=(2, 6, 5, 3)), rng.normal(size=(3, 3, 3, 4))
    keras_says = keras.ops.convert_to_numpy(keras.ops.conv(x, kernel, strides=2, padding="same"))
    check.value(
        "the largest difference between conv2d and keras.ops.conv",
        float(np.abs(np.array(conv2d(x, kernel, np.zeros(4), 2, "same")) - keras_says).max()),
        expect=0.0,
        atol=1e-4,
        about="stride 2, same, three channels: as Keras does it",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(804)
    for n, height, width, cin, kh, kw, cout, stride, dilation in [
        (2, 6, 7, 3, 3, 3, 4, 1, 1),
        (1, 5, 8, 2, 2, 4, 1, 1, 1),
        (3, 9, 6, 1, 3, 3, 2, 2, 1),
        (2, 8, 9, 2, 5, 2, 3, 3, 1),
        (1, 7, 6, 2, 1, 1, 3, 2, 1),
        (2, 3, 4, 2, 5, 7, 2, 1, 1),
        (1, 11, 8, 2, 4, 3, 2, 4, 1),
        (2, 6, 5, 2, 3, 2, 3, 1, 3),
        (1, 8, 9, 3, 3, 3, 2, 2, 2),
    ]:
        check.call(
            conv2d,
            rng.normal(size=(n, height, width, cin)),
            rng.normal(size=(kh, kw, cin, cout)),
            rng.normal(size=cout),
            stride,
            "same",
            dilation,
            about="random pictures and kernels of several shapes, strides and dilations, same",
        )
    ### END HIDDEN TESTS


# %% mistakes="conv2d"
def _zeros(size, kernel, stride):
    """Keras's zeros before and after; not a mistake by itself."""
    if not isinstance(size, int):
        raise TypeError("sizes are whole numbers")
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def _spread(kernel, dilation):
    """The kernel with zeros in its gaps; not a mistake by itself."""
    kh, kw = kernel.shape[:2]
    wide = np.zeros((dilation * (kh - 1) + 1, dilation * (kw - 1) + 1, *kernel.shape[2:]))
    wide[::dilation, ::dilation] = kernel
    return wide


def _convolve(x, kernel, bias, stride, padding, dilation, zeros=_zeros, fill="constant"):
    """A right convolution, of which each mistake changes something; not a mistake by itself."""
    kernel = _spread(kernel, dilation)
    kh, kw = kernel.shape[:2]
    if padding == "same":
        pads = zeros(x.shape[1], kh, stride), zeros(x.shape[2], kw, stride)
        x = np.pad(x, ((0, 0), *pads, (0, 0)), mode=fill)
    rows, columns = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride][:, :rows, :columns]
    return np.einsum("nrcmij,ijmk->nrck", windows, kernel) + bias


def kernel_turned(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """You turn the kernel around, as the convolution of mathematics does. Keras, and this exercise, lay it on the picture as it is."""
    return _convolve(x, kernel[::-1, ::-1], bias, stride, padding, dilation)


def kernel_transposed(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """Rows and columns of your kernel are exchanged. kernel[i, j] belongs to the pixel i below and j to the right of the window's corner."""
    return _convolve(x, kernel.swapaxes(0, 1), bias, stride, padding, dilation)


def no_bias(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """The bias has no effect on your answer. Add bias[k] to every pixel of output channel k."""
    return _convolve(x, kernel, 0 * bias, stride, padding, dilation)


def bias_for_every_pixel(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """You add the bias once for every pixel of the kernel. It is added once to each sum: outside of the loop over the kernel."""
    return _convolve(x, kernel, bias * kernel.shape[0] * kernel.shape[1], stride, padding, dilation)


def stride_ignored(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """The stride has no effect on your answer. The window at row r of the output starts at row r * stride of the picture."""
    return _convolve(x, kernel, bias, 1, padding, dilation)


def stride_in_the_count_only(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """Your output has the right size for the stride, but the window moves one pixel at a time. At row r and column c it starts at r * stride and c * stride."""
    kernel = _spread(kernel, dilation)
    pads = [_zeros(s, k, stride) for s, k in zip(x.shape[1:3], kernel.shape)]
    padded = np.pad(x, ((0, 0), *pads, (0, 0))) if padding == "same" else x
    rows, columns = ((s - k) // stride + 1 for s, k in zip(padded.shape[1:3], kernel.shape))
    return _convolve(padded, kernel, bias, 1, "valid", 1)[:, :rows, :columns]


def first_channel_only(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """Only the first channel of the picture counts in your answer. Each output channel sums over all of the input's channels."""
    return _convolve(x[..., :1], kernel[:, :, :1], bias, stride, padding, dilation)


def last_kernel_pixel_only(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """Your output is overwritten at each pixel of the kernel, so only the last one counts. Add up: += and not =."""
    last = np.zeros_like(kernel)
    last[-1, -1] = kernel[-1, -1]
    return _convolve(x, last, 0 * bias, stride, padding, dilation)


def square_kernel(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """You take the kernel's height for its width. Kernels need not be square: kh, kw = kernel.shape[:2]."""
    k = dilation * (len(kernel) - 1) + 1
    if padding == "same":
        pads = _zeros(x.shape[1], k, stride), _zeros(x.shape[2], k, stride)
        x = np.pad(x, ((0, 0), *pads, (0, 0)))
    sizes = [(size - k) // stride + 1 for size in x.shape[1:3]]
    out = np.zeros((len(x), *sizes, kernel.shape[3]))
    for n, i, j, f in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + k : dilation, left : left + k : dilation]
        out[n, i, j, f] = (window * kernel[..., f]).sum() + bias[f]
    return out


def mean_of_the_window(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """You take the mean of the products where the sum belongs."""
    return _convolve(x, kernel / np.prod(kernel.shape[:3]), bias, stride, padding, dilation)


def padding_ignored(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """The padding has no effect on your answer. With "same", put zeros around the picture first."""
    return _convolve(x, kernel, bias, stride, "valid", dilation)


def always_padded(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """You pad with "valid", too. There the kernel stays inside the picture."""
    return _convolve(x, kernel, bias, stride, "same", dilation)


def extra_zero_before(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """The extra zero of an odd number stands before your picture. Keras puts it after the last pixel, below and on the right."""
    return _convolve(
        x, kernel, bias, stride, padding, dilation, zeros=lambda *sizes: _zeros(*sizes)[::-1]
    )


def padded_for_stride_one(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """You put (kernel - 1) // 2 zeros before the picture whatever the stride. With a stride above 1 Keras needs fewer, and then the windows lie elsewhere: see same_padding."""
    return _convolve(
        x, kernel, bias, stride, padding, dilation, zeros=lambda size, k, s: ((k - 1) // 2, k // 2)
    )


def edge_repeated(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """You repeat the picture's edge where zeros were asked for. np.pad without a mode pads with zeros."""
    return _convolve(x, kernel, bias, stride, padding, dilation, fill="edge")


def dilation_ignored(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """The dilation has no effect on your answer. Kernel pixel (i, j) meets the picture at i * dilation and j * dilation from the window's corner."""
    return _convolve(x, kernel, bias, stride, padding, 1)


def one_zero_too_many(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """The kernel's pixels stand dilation + 1 apart in your answer when dilation is above 1. They stand `dilation` apart: dilation - 1 pixels lie between them."""
    return _convolve(x, kernel, bias, stride, padding, dilation + (dilation > 1))


def padded_for_dilation_one(x, kernel, bias, stride=1, padding="valid", dilation=1):
    """You count the zeros for a kernel without gaps. With a dilation the kernel covers more pixels, and more zeros are needed: same_padding(size, dilation * (kernel - 1) + 1, stride)."""
    return _convolve(
        x,
        kernel,
        bias,
        stride,
        padding,
        dilation,
        zeros=lambda size, k, s: _zeros(size, (k - 1) // dilation + 1, s),
    )


# %% [markdown]
# ## 4. Convolution, backward (6 points)
#
# Write `conv2d_backward`. It gets `dout`, the gradient of the loss with respect to the output of
# `conv2d(x, kernel, bias, stride, padding, dilation)`, and returns the tuple `(dx, dkernel, dbias)`, each with the
# shape of what it belongs to. As in chapter 3, sum over the batch, do not average.
#
# Each number of the kernel is used at every place, and each pixel of the picture in several windows, so each of them
# gathers a sum. With `padding="same"`, `dx` belongs to the picture without the zeros.

# %% [markdown] hints="conv2d_backward" reads="6. Backward"
# In the sum of exercise 3, each term is `x[...] * kernel[...]`. The gradient of the kernel's number gathers `x * dout`
# over all places and pictures, that of the pixel gathers `kernel * dout` over all windows that it is in. Which output
# pixels does kernel pixel `(i, j)` feed?
#
# ---
#
# Pad `x` as in the forward pass, and make an array of zeros of that padded shape for its gradient. For each kernel
# pixel `(i, j)`, the slice of the padded picture that it met in the forward pass gives `dkernel[i, j]`, and the same
# slice of the gradient gets a share: `dout @ kernel[i, j].T`. At the end cut the padding off.
#
# ---
#
# With `rows, columns = dout.shape[1:3]`, `a, b = i * dilation, j * dilation` and
# `met = np.s_[:, a : a + stride * rows : stride, b : b + stride * columns : stride]`:
# `dkernel[i, j] = np.einsum("nrcm,nrck->mk", x[met], dout)` and `dx[met] += dout @ kernel[i, j].T`. And
# `dbias = dout.sum(axis=(0, 1, 2))`.


# %% solution="conv2d_backward"
def conv2d_backward(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """The gradients of a convolution.

    dout: (batch, rows, columns, channels out), the gradient with respect to the output; x, kernel, stride,
    padding, dilation: as given to conv2d. Returns the tuple (dx, dkernel, dbias), with the shapes of x, kernel and the bias.

    Example: with x = picture([[1, 2, 3]]), the kernel one_kernel([[10, 100]]) and dout = picture([[1, 2]]),
    dx is picture([[10, 120, 200]]), dkernel one_kernel([[5, 8]]), dbias [3].
    """
    ### BEGIN SOLUTION
    (height, width), (kh, kw), (rows, columns) = x.shape[1:3], kernel.shape[:2], dout.shape[1:3]
    down, across = (0, 0), (0, 0)
    if padding == "same":
        down = same_padding(height, dilation * (kh - 1) + 1, stride)
        across = same_padding(width, dilation * (kw - 1) + 1, stride)
    x = np.pad(x, ((0, 0), down, across, (0, 0)))
    dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            met = np.s_[:, a : a + stride * rows : stride, b : b + stride * columns : stride]
            dkernel[i, j] = np.einsum("nrcm,nrck->mk", x[met], dout)
            dx[met] += dout @ kernel[i, j].T
    dx = dx[:, down[0] : down[0] + height, across[0] : across[0] + width]
    return dx, dkernel, dout.sum(axis=(0, 1, 2))
    ### END SOLUTION


# %% tests="conv2d_backward" points=4
with check.exercise("conv2d_backward", needs="output_size same_padding conv2d"):
    check.call(
        conv2d_backward,
        picture([[1, 2]]),
        picture([[1, 2, 3]]),
        one_kernel([[10, 100]]),
        expect=(picture([[10, 120, 200]]), one_kernel([[5, 8]]), [3.0]),
        about="the pixel in the middle is in both windows: 100 * 1 + 10 * 2",
    )
    check.call(
        conv2d_backward,
        picture([[1, 2]]),
        picture([[1, 2, 3, 4]]),
        one_kernel([[10, 100]]),
        stride=2,
        expect=(picture([[10, 100, 20, 200]]), one_kernel([[7, 10]]), [3.0]),
        about="stride 2: each pixel is in one window",
    )
    check.call(
        conv2d_backward,
        picture([[1, 2]]),
        picture([[1, 2, 3, 4]]),
        one_kernel([[10, 100]]),
        dilation=2,
        expect=(picture([[10, 20, 100, 200]]), one_kernel([[5, 11]]), [3.0]),
        about="dilation 2: pixels 1 and 3, then 2 and 4",
    )
    check.call(
        conv2d_backward,
        np.array([[[[1.0, 10.0]]], [[[2.0, 0.0]]]]),
        np.array([[[[3.0]]], [[[4.0]]]]),
        np.array([[[[5.0, 7.0]]]]),
        expect=([[[[75.0]]], [[[10.0]]]], [[[[11.0, 30.0]]]], [3.0, 10.0]),
        about="two pictures of one pixel, two channels out: sums over the pictures",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(805)
    for n, height, width, cin, kh, kw, cout, stride, dilation in [
        (2, 6, 7, 3, 3, 3, 4, 1, 1),
        (1, 5, 8, 2, 2, 3, 1, 1, 1),
        (3, 9, 6, 1, 3, 2, 2, 2, 1),
        (2, 8, 8, 2, 2, 2, 2, 3, 1),
        (1, 7, 5, 4, 1, 1, 3, 2, 1),
        (2, 4, 6, 3, 4, 6, 2, 1, 1),
        (2, 10, 11, 2, 5, 3, 2, 2, 1),
        (2, 9, 8, 2, 3, 2, 3, 1, 3),
        (1, 11, 10, 3, 3, 3, 2, 2, 2),
    ]:
        rows = (height - dilation * (kh - 1) - 1) // stride + 1
        columns = (width - dilation * (kw - 1) - 1) // stride + 1
        check.call(
            conv2d_backward,
            rng.normal(size=(n, rows, columns, cout)),
            rng.normal(size=(n, height, width, cin)),
            rng.normal(size=(kh, kw, cin, cout)),
            stride,
            dilation=dilation,
            about="random pictures and kernels of several shapes, strides and dilations, valid",
        )
    ### END HIDDEN TESTS

# %% tests="conv2d_backward.same" points=2
with check.exercise("conv2d_backward.same", needs="output_size same_padding conv2d"):
    check.call(
        conv2d_backward,
        picture([[1, 2, 3]]),
        picture([[4, 5, 6]]),
        one_kernel([[1, 10, 100]]),
        padding="same",
        expect=(picture([[12, 123, 230]]), one_kernel([[23, 32, 17]]), [6.0]),
        about="one zero on each side, which gets no gradient",
    )
    check.call(
        conv2d_backward,
        picture([[1, 2]]),
        picture([[1, 2, 3, 4]]),
        one_kernel([[1, 10, 100]]),
        stride=2,
        padding="same",
        expect=(picture([[1, 10, 102, 20]]), one_kernel([[7, 10, 3]]), [3.0]),
        about="stride 2: one zero, after the last pixel",
    )
    rng = np.random.default_rng(8)
    x, kernel, dout = (
        rng.normal(size=(1, 4, 3, 1)),
        rng.normal(size=(3, 2, 1, 2)),
        np.ones((1, 2, 2, 2)),
    )
    by_x = check.slope(lambda x: np.sum(conv2d(x, kernel, np.zeros(2), 2, "same")), x, step=0.1)
    check.value(
        "the largest difference between your dx and finite differences of conv2d",
        float(np.abs(np.array(conv2d_backward(dout, x, kernel, 2, "same")[0]) - by_x).max()),
        expect=0.0,
        atol=1e-3,
        about="stride 2, same, a loss that is the sum of all outputs",
        diagnosis="not_the_slope",
        why="Your dx is not what conv2d does when a pixel changes a little. Measure a single pixel to find which is off: "
        "does its row and column in the padded picture agree with the forward pass?",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(806)
    for n, height, width, cin, kh, kw, cout, stride, dilation in [
        (2, 6, 7, 3, 3, 3, 4, 1, 1),
        (1, 5, 8, 2, 2, 4, 1, 1, 1),
        (3, 9, 6, 1, 3, 3, 2, 2, 1),
        (2, 8, 9, 2, 5, 2, 2, 3, 1),
        (1, 7, 6, 2, 1, 1, 3, 2, 1),
        (2, 3, 4, 2, 5, 7, 2, 1, 1),
        (1, 11, 8, 2, 4, 3, 2, 4, 1),
        (2, 6, 5, 2, 3, 2, 3, 1, 3),
        (1, 8, 9, 3, 3, 3, 2, 2, 2),
    ]:
        check.call(
            conv2d_backward,
            rng.normal(size=(n, -(-height // stride), -(-width // stride), cout)),
            rng.normal(size=(n, height, width, cin)),
            rng.normal(size=(kh, kw, cin, cout)),
            stride,
            "same",
            dilation,
            about="random pictures and kernels of several shapes, strides and dilations, same",
        )
    ### END HIDDEN TESTS


# %% mistakes="conv2d_backward"
def _zeros(size, kernel, stride, dilation):
    """Keras's zeros before and after; not a mistake by itself."""
    covered = dilation * (kernel - 1) + 1
    total = max((-(-size // stride) - 1) * stride + covered - size, 0)
    return total // 2, total - total // 2


def _gradients(
    dout, x, kernel, stride, padding, dilation, zeros=_zeros, add=True, backward=False, cut=True
):
    """The right gradients, of which each mistake changes something; not a mistake by itself."""
    (height, width), (kh, kw), (rows, columns) = x.shape[1:3], kernel.shape[:2], dout.shape[1:3]
    down, across = (0, 0), (0, 0)
    if padding == "same":
        down, across = zeros(height, kh, stride, dilation), zeros(width, kw, stride, dilation)
    x = np.pad(x, ((0, 0), down, across, (0, 0)))
    dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
    pixels = list(np.ndindex(kh, kw))
    for i, j in pixels[::-1] if backward else pixels:
        a, b = i * dilation, j * dilation
        met = np.s_[:, a : a + stride * rows : stride, b : b + stride * columns : stride]
        dkernel[i, j] = np.einsum("nrcm,nrck->mk", x[met], dout)
        share = np.einsum("nrck,mk->nrcm", dout, kernel[i, j])
        dx[met] = dx[met] + share if add else share
    if cut:
        dx = dx[:, down[0] : down[0] + height, across[0] : across[0] + width]
    return dx, dkernel, dout.sum(axis=(0, 1, 2))


def averaged(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """You divided dkernel and dbias by the number of pictures. The loss has done that already; here the contributions are summed."""
    dx, dkernel, dbias = _gradients(dout, x, kernel, stride, padding, dilation)
    return dx, dkernel / len(x), dbias / len(x)


def bias_averaged(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """dbias is a mean where it should be a sum: the bias is used once at every place of every picture."""
    dx, dkernel, _ = _gradients(dout, x, kernel, stride, padding, dilation)
    return dx, dkernel, dout.mean(axis=(0, 1, 2))


def bias_over_batch_only(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """dbias still has rows and columns. The bias is used at every place, so sum over those axes too: axis=(0, 1, 2)."""
    dx, dkernel, _ = _gradients(dout, x, kernel, stride, padding, dilation)
    return dx, dkernel, dout.sum(axis=0)


def bias_summed_to_a_number(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """dbias is one number. Each output channel has a bias of its own: sum over all axes but the last."""
    dx, dkernel, _ = _gradients(dout, x, kernel, stride, padding, dilation)
    return dx, dkernel, float(dout.sum())


def windows_overwrite(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """A pixel that is in several windows keeps only the last gradient that it was handed: you wrote = where += belongs."""
    return _gradients(dout, x, kernel, stride, padding, dilation, add=False)


def later_windows_overwrite(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """In dx, a later window wipes out what earlier ones gave to a pixel: you wrote = where += belongs."""
    return _gradients(dout, x, kernel, stride, padding, dilation, add=False, backward=True)


def last_window_only(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """dkernel comes from the last window alone: you wrote = where += belongs. The kernel is used at every place."""
    dx, _, dbias = _gradients(dout, x, kernel, stride, padding, dilation)
    last = np.zeros(dout.shape)
    last[:, -1, -1] = dout[:, -1, -1]
    return dx, _gradients(last, x, kernel, stride, padding, dilation)[1], dbias


def kernel_turned(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """dx is made with the kernel turned around. In loops or slices, kernel pixel (i, j) hands back to the very pixel that it met; the turning appears only when dx is written as one convolution of the padded dout, and then once."""
    _, dkernel, dbias = _gradients(dout, x, kernel, stride, padding, dilation)
    turned = kernel[::-1, ::-1]
    return _gradients(dout, x, turned, stride, padding, dilation)[0], dkernel, dbias


def stride_ignored(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """The stride has no effect on your slices. The window of output row r starts at row r * stride of the padded picture."""

    def zeros(size, k, _, dilation):
        return _zeros(size, k, stride, dilation)

    return _gradients(dout, x, kernel, 1, padding, dilation, zeros)


def dilation_ignored(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """The dilation has no effect on your slices. Kernel pixel (i, j) met the picture at i * dilation and j * dilation from the window's corner."""

    def zeros(size, k, stride, _):
        return _zeros(size, k, stride, dilation)

    return _gradients(dout, x, kernel, stride, padding, 1, zeros)


def padding_not_cut(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """dx has the shape of the padded picture. The zeros are no part of x: cut them off, before and after."""
    return _gradients(dout, x, kernel, stride, padding, dilation, cut=False)


def cut_at_the_wrong_end(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """You cut the padding off at the end alone. dx starts after the zeros that stand before the picture: dx[:, before : before + height]."""
    dx, dkernel, dbias = _gradients(dout, x, kernel, stride, padding, dilation, cut=False)
    return dx[:, : x.shape[1], : x.shape[2]], dkernel, dbias


def cut_at_the_wrong_start(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """You cut off as many pixels before dx as there are zeros after the picture. dx starts after the zeros before it."""
    dx, dkernel, dbias = _gradients(dout, x, kernel, stride, padding, dilation, cut=False)
    if padding == "same":
        bottom = _zeros(x.shape[1], kernel.shape[0], stride, dilation)[1]
        right = _zeros(x.shape[2], kernel.shape[1], stride, dilation)[1]
        dx = dx[:, bottom : bottom + x.shape[1], right : right + x.shape[2]]
    return dx, dkernel, dbias


def padding_ignored(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """Your windows lie where they would without padding. With "same", pad the picture as in the forward pass, and cut dx at the end."""

    def all_after(*sizes):
        return 0, sum(_zeros(*sizes))

    return _gradients(dout, x, kernel, stride, padding, dilation, all_after)


def padded_for_stride_one(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """You put as many zeros before the picture as for a stride of 1. The forward pass uses same_padding with the stride, and the backward pass must use the same zeros."""

    def zeros(size, k, stride, dilation):
        before, after = _zeros(size, k, 1, dilation)
        return before, after + stride

    return _gradients(dout, x, kernel, stride, padding, dilation, zeros)


def other_order(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """The order asked for is (dx, dkernel, dbias), and yours is (dkernel, dbias, dx)."""
    dx, dkernel, dbias = _gradients(dout, x, kernel, stride, padding, dilation)
    return dkernel, dbias, dx


def kernel_first(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """dx and dkernel are exchanged: the order asked for is (dx, dkernel, dbias)."""
    dx, dkernel, dbias = _gradients(dout, x, kernel, stride, padding, dilation)
    return dkernel, dx, dbias


def first_picture_only(dout, x, kernel, stride=1, padding="valid", dilation=1):
    """dkernel comes from the first picture alone. The kernel is used on all of them: sum over the batch."""
    dx, _, dbias = _gradients(dout, x, kernel, stride, padding, dilation)
    return dx, _gradients(dout[:1], x[:1], kernel, stride, padding, dilation)[1], dbias


# %% [markdown]
# ## 5. Max pooling, forward and backward (5 points)
#
# Write two functions. `max_pool2d` takes the largest number of each window of `pool_size` by `pool_size` pixels, in
# each channel by itself. The windows move by `stride` pixels, or by `pool_size` pixels when `stride` is `None`; there
# is no padding, and rows and columns that are left over at the end are ignored.
#
# `max_pool2d_backward` gets the gradient `dout` with respect to the output and the picture `x`, and returns the
# gradient with respect to `x`. In each window the largest pixel gets the whole gradient and the others get none; when
# several are largest, **the first of them in reading order** (row by row, from the left) gets it. Windows overlap when
# the stride is smaller than `pool_size`; then a pixel may win several times, and its gradients add up.

# %% [markdown] hints="max_pool2d" reads="5. Pooling: forgetting where"
# Forward, the number of places is that of a "valid" convolution. For window `(r, c)` the rows of the picture are
# `r * stride` to `r * stride + pool_size`, and the maximum runs over two axes, not over pictures or channels.
#
# ---
#
# Backward, `argmax` of the flattened window says which pixel won, and takes the first at a tie. A window
# `(batch, pool_size, pool_size, channels)` becomes `(batch, pool_size * pool_size, channels)` by `reshape`; the winner
# number `w` stands in row `w // pool_size` and column `w % pool_size` of the window.
#
# ---
#
# Backward, for all `r`, `c`: `winner = window.reshape(n, -1, channels).argmax(axis=1)`, of shape `(n, channels)`, then
# `b, k = np.indices(winner.shape)` and
# `dx[b, r * stride + winner // pool_size, c * stride + winner % pool_size, k] += dout[:, r, c]`. Or loop over pictures
# and channels, too.


# %% solution="max_pool2d"
def max_pool2d(x, pool_size=2, stride=None):
    """The largest number of each window, for each channel.

    x: (batch, height, width, channels), pool_size: a whole number, stride: a whole number, or None for pool_size.
    Returns (batch, rows, columns, channels).

    Example: max_pool2d(picture([[1, 2, 5, 0], [3, 4, 0, 0]])) is picture([[4, 5]]).
    """
    ### BEGIN SOLUTION
    stride = pool_size if stride is None else stride
    rows, columns = ((size - pool_size) // stride + 1 for size in x.shape[1:3])
    shifted = [
        x[:, i : i + stride * rows : stride, j : j + stride * columns : stride]
        for i in range(pool_size)
        for j in range(pool_size)
    ]
    return np.max(shifted, axis=0)
    ### END SOLUTION


def max_pool2d_backward(dout, x, pool_size=2, stride=None):
    """The gradient of max pooling.

    dout: (batch, rows, columns, channels), x, pool_size, stride: as given to max_pool2d. Returns dx, with x's shape.

    Example: max_pool2d_backward(picture([[7]]), picture([[1, 2], [4, 3]])) is picture([[0, 0], [7, 0]]).
    """
    ### BEGIN SOLUTION
    stride = pool_size if stride is None else stride
    dx = np.zeros(x.shape)
    for r in range(dout.shape[1]):
        for c in range(dout.shape[2]):
            top, left = r * stride, c * stride
            window = x[:, top : top + pool_size, left : left + pool_size]
            winner = window.reshape(len(x), pool_size**2, x.shape[3]).argmax(axis=1)
            b, k = np.indices(winner.shape)
            dx[b, top + winner // pool_size, left + winner % pool_size, k] += dout[:, r, c]
    return dx
    ### END SOLUTION


# %% tests="max_pool2d" points=2
with check.exercise("max_pool2d", needs="output_size"):
    check.call(
        max_pool2d,
        picture([[1, 2, 5, 0], [3, 4, 0, 0]]),
        expect=picture([[4, 5]]),
        about="two windows of 2 x 2",
    )
    check.call(
        max_pool2d,
        picture([[-1, -2, 9], [-3, -4, 9], [9, 9, 9]]),
        expect=picture([[-1]]),
        about="one window, of negative numbers; the third row and column are left over",
    )
    check.call(
        max_pool2d,
        picture([[1, 2, 3], [6, 5, 4], [7, 8, 9]]),
        pool_size=2,
        stride=1,
        expect=picture([[6, 5], [8, 9]]),
        about="windows that overlap",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(807)
    for shape, pool_size, stride in [
        ((2, 6, 8, 3), 2, None),
        ((3, 7, 5, 2), 2, None),
        ((1, 9, 10, 2), 3, None),
        ((2, 7, 8, 2), 3, 2),
        ((2, 6, 5, 1), 3, 1),
        ((1, 9, 8, 2), 2, 3),
        ((2, 4, 4, 2), 4, None),
        ((2, 3, 4, 2), 1, None),
    ]:
        x = rng.normal(size=shape) - (1 if stride else 0)
        check.call(
            max_pool2d,
            x,
            pool_size=pool_size,
            stride=stride,
            about="random pictures, several window sizes and strides",
        )
    check.call(max_pool2d, -5 - rng.random(size=(2, 4, 6, 2)), about="all numbers negative")
    check.call(max_pool2d, rng.integers(-9, 9, size=(2, 4, 4, 3)), about="whole numbers")
    ### END HIDDEN TESTS

# %% tests="max_pool2d.backward" points=3
with check.exercise("max_pool2d.backward", needs="output_size"):
    check.call(
        max_pool2d_backward,
        picture([[7]]),
        picture([[1, 2], [4, 3]]),
        expect=picture([[0, 0], [7, 0]]),
        about="the 4 gets it all",
    )
    check.call(
        max_pool2d_backward,
        picture([[7]]),
        picture([[1, 3], [3, 3]]),
        expect=picture([[0, 7], [0, 0]]),
        about="a tie: the first 3 in reading order gets it",
    )
    check.call(
        max_pool2d_backward,
        picture([[1, 10], [100, 1000]]),
        picture([[1, 2, 3], [4, 9, 5], [6, 7, 8]]),
        pool_size=2,
        stride=1,
        expect=picture([[0, 0, 0], [0, 1111, 0], [0, 0, 0]]),
        about="the 9 wins in all four windows",
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(808)
    for shape, pool_size, stride in [
        ((2, 6, 8, 3), 2, None),
        ((3, 7, 5, 2), 2, None),
        ((1, 9, 10, 2), 3, None),
        ((2, 7, 8, 2), 3, 2),
        ((2, 6, 5, 1), 3, 1),
        ((1, 9, 8, 2), 2, 3),
        ((2, 4, 4, 2), 4, None),
        ((2, 3, 4, 2), 1, None),
    ]:
        x = rng.normal(size=shape) - (1 if stride else 0)
        rows, columns = ((size - pool_size) // (stride or pool_size) + 1 for size in shape[1:3])
        check.call(
            max_pool2d_backward,
            rng.normal(size=(shape[0], rows, columns, shape[3])),
            x,
            pool_size=pool_size,
            stride=stride,
            about="random pictures, several window sizes and strides",
        )
    for stride in [None, 1]:
        x = rng.integers(-2, 1, size=(2, 6, 6, 2))
        n = 2 if stride is None else 4
        check.call(
            max_pool2d_backward,
            rng.normal(size=(2, n, n, 2)),
            x,
            pool_size=3,
            stride=stride,
            about="whole numbers with many ties",
        )
    check.call(
        max_pool2d_backward,
        rng.normal(size=(1, 2, 3, 2)),
        np.zeros((1, 4, 6, 2)),
        about="a black picture: every window is a tie",
    )
    ### END HIDDEN TESTS


# %% mistakes="max_pool2d"
def _pooled(arrays, pool_size, stride, reduce=None, start=(0, 0), tie="first", add=True):
    """Right max pooling of (x,) or its gradient of (dout, x), of which each mistake changes something; not a mistake by itself."""
    x, stride = arrays[-1], pool_size if stride is None else stride
    n, height, width, channels = x.shape
    rows, columns = (height - pool_size) // stride + 1, (width - pool_size) // stride + 1
    out, dx = np.zeros((n, rows, columns, channels)), np.zeros(x.shape)
    for b, r, c, k in np.ndindex(out.shape):
        at = np.s_[b, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size, k]
        window = x[at]
        out[b, r, c, k] = (reduce or np.max)(window)
        if len(arrays) == 2:
            won = window == window.max()
            if tie != "all":
                number = np.flatnonzero(won)[0 if tie == "first" else -1]
                won = np.arange(window.size).reshape(window.shape) == number
            share = won * arrays[0][b, r, c, k] / (won.sum() if tie == "shared" else 1)
            dx[at] = dx[at] + share if add else np.where(won, share, dx[at])
    return dx if len(arrays) == 2 else out


def mean_for_maximum(*arrays, pool_size=2, stride=None):
    """You take the mean of each window. The largest number was asked for."""
    if len(arrays) == 1:
        return _pooled(arrays, pool_size, stride, np.mean)
    dx = np.zeros(arrays[1].shape)
    step = pool_size if stride is None else stride
    for r in range(arrays[0].shape[1]):
        for c in range(arrays[0].shape[2]):
            at = np.s_[:, r * step : r * step + pool_size, c * step : c * step + pool_size]
            dx[at] += arrays[0][:, r : r + 1, c : c + 1] / pool_size**2
    return dx


def never_below_zero(*arrays, pool_size=2, stride=None):
    """Your maximum is never below 0, as if zeros stood in the window. Start from the window's own numbers (or from minus infinity), not from 0."""
    if len(arrays) == 1:
        return _pooled(arrays, pool_size, stride, lambda window: max(window.max(), 0))
    return _pooled(arrays, pool_size, stride)


def largest_magnitude(*arrays, pool_size=2, stride=None):
    """You compare without the sign. -4 is smaller than -1, and the maximum of negative numbers is the one nearest to 0."""
    if len(arrays) == 1:
        return _pooled(arrays, pool_size, stride, lambda w: w.flat[np.abs(w).argmax()])
    return _pooled(arrays, pool_size, stride)


def across_the_channels(*arrays, pool_size=2, stride=None):
    """You take the maximum over the channels, too. Each channel is pooled by itself."""
    pooled = _pooled(arrays, pool_size, stride)
    return np.repeat(pooled.max(axis=-1, keepdims=True), pooled.shape[-1], axis=-1)


def stride_ignored(*arrays, pool_size=2, stride=None):
    """The stride has no effect on your answer: your windows always lie side by side. When stride is given, the windows move by that many pixels."""
    if len(arrays) == 1:
        return _pooled(arrays, pool_size, None)
    x, dx = arrays[1], np.zeros(arrays[1].shape)
    rows, columns = ((s - pool_size) // pool_size + 1 for s in x.shape[1:3])
    part = arrays[0][:, :rows, :columns]
    return _pooled((part, x), pool_size, None) if part.shape[1:3] == (rows, columns) else dx


def default_stride_one(*arrays, pool_size=2, stride=None):
    """Without a stride your windows move by one pixel. stride=None means pool_size: the windows lie side by side."""
    return _pooled(arrays, pool_size, 1 if stride is None else stride)


def last_wins(*arrays, pool_size=2, stride=None):
    """At a tie your gradient goes to the last of the largest pixels. The first in reading order gets it: argmax does that, and comparing with > (not >=) when you loop."""
    return _pooled(arrays, pool_size, stride, tie="last")


def column_by_column(*arrays, pool_size=2, stride=None):
    """At a tie you take the first winner column by column. Reading order goes row by row, from the left."""
    if len(arrays) == 1:
        return _pooled(arrays, pool_size, stride)
    turned = tuple(array.swapaxes(1, 2) for array in arrays)
    return _pooled(turned, pool_size, stride).swapaxes(1, 2)


def winner_transposed(*arrays, pool_size=2, stride=None):
    """Row and column of the winner are exchanged. With argmax of the flattened window, the row is number // pool_size and the column number % pool_size."""
    if len(arrays) == 1:
        return _pooled(arrays, pool_size, stride)
    dout, x = arrays
    dx, step = np.zeros(x.shape), pool_size if stride is None else stride
    for b, r, c, k in np.ndindex(dout.shape):
        window = x[b, r * step : r * step + pool_size, c * step : c * step + pool_size, k]
        j, i = divmod(int(window.argmax()), pool_size)
        dx[b, r * step + i, c * step + j, k] += dout[b, r, c, k]
    return dx


def over_the_batch(*arrays, pool_size=2, stride=None):
    """You take the maximum over the pictures, too. Each picture is pooled by itself."""
    pooled = _pooled(arrays, pool_size, stride)
    return pooled if len(arrays) == 2 else np.repeat(pooled.max(axis=0)[None], len(pooled), axis=0)


def all_winners(*arrays, pool_size=2, stride=None):
    """At a tie every largest pixel gets the whole gradient in your answer, so more comes out than went in. Only the first in reading order gets it."""
    return _pooled(arrays, pool_size, stride, tie="all")


def shared_among_winners(*arrays, pool_size=2, stride=None):
    """At a tie you share the gradient among the largest pixels. That is defensible; here the first in reading order gets all of it, as argmax has it."""
    if len(arrays) == 1:
        return _pooled(arrays, pool_size, stride)
    x, step, dx = arrays[1], pool_size if stride is None else stride, np.zeros(arrays[1].shape)
    for b, r, c, k in np.ndindex(arrays[0].shape):
        at = np.s_[b, r * step : r * step + pool_size, c * step : c * step + pool_size, k]
        won = x[at] == x[at].max()
        dx[at] += won * arrays[0][b, r, c, k] / won.sum()
    return dx


def windows_overwrite(*arrays, pool_size=2, stride=None):
    """A pixel that wins in several windows keeps only the last gradient: you wrote = where += belongs."""
    return _pooled(arrays, pool_size, stride, add=False)


def gradient_to_all(*arrays, pool_size=2, stride=None):
    """Every pixel of the window gets the gradient in your answer. Only the largest one moved the output, so only it gets something."""
    if len(arrays) == 1:
        return _pooled(arrays, pool_size, stride)
    return mean_for_maximum(*arrays, pool_size=pool_size, stride=stride) * pool_size**2


def value_for_gradient(*arrays, pool_size=2, stride=None):
    """Your gradient is multiplied by the pixel's number. The slope of the maximum with respect to the winner is 1: dout is handed on as it is."""
    if len(arrays) == 1:
        return _pooled(arrays, pool_size, stride)
    return _pooled(arrays, pool_size, stride) * arrays[1]


# %% [markdown]
# ## 6. What does a unit see? (4 points)
#
# Write `receptive_field`. It follows one unit of the last layer back to the picture, along one direction, and returns
# the tuple `(first, last)`: the numbers of the first and the last input pixel on which the unit can depend. The pixels
# are numbered from 0.
#
# - `layers` lists the layers from the input to the output, each a tuple `(kernel, stride, before)`: the width of the
#   kernel (or pooling window), its stride, and the number of zeros that are put before that layer's input. There may be
#   no layers at all; then the unit is the pixel.
# - `position` is the number of the unit in the last layer, counted from 0.
#
# Do not cut the answer at the picture's edge: a negative number, or one behind the last pixel, says that the unit sees
# that much of the padding. So `last - first + 1` is always the size of the receptive field that the lesson computed.

# %% [markdown] hints="receptive_field" reads="8. How much does a unit see?"
# Begin with one layer. Unit `position` of a convolution with stride `s` looks at the window that starts at
# `position * s` in the padded input. Where is that in the input without the zeros, and where does the window end?
#
# ---
#
# With several layers, walk from the last layer to the first and keep an interval. If units `first` to `last` of a
# layer's output are needed, the start of the window of `first` and the end of the window of `last` say what is needed
# of its input.
#
# ---
#
# Start with `first = last = position`; for each layer in `reversed(layers)`: `first = first * stride - before` and
# `last = last * stride - before + kernel - 1`.


# %% solution="receptive_field"
def receptive_field(layers, position):
    """The input pixels that a unit of the last layer can depend on, along one direction.

    layers: a list of tuples (kernel, stride, before), from the input to the output; position: the unit's number.
    Returns the tuple (first, last) of pixel numbers, which may lie outside of the picture.

    Example: receptive_field([(3, 1, 1), (2, 2, 0)], 4) is (7, 10): the pooling window holds units 8 and 9.
    """
    ### BEGIN SOLUTION
    first = last = position
    for kernel, stride, before in reversed(layers):
        first = first * stride - before
        last = last * stride - before + kernel - 1
    return first, last
    ### END SOLUTION


# %% tests="receptive_field" points=4
with check.exercise("receptive_field"):
    check.call(receptive_field, [(5, 1, 0)], 3, expect=(3, 7), about="one layer, a kernel of 5")
    check.call(
        receptive_field,
        [(3, 1, 1), (2, 2, 0)],
        4,
        expect=(7, 10),
        about="a convolution of 3, then pooling: units 8 and 9, which see 7-9 and 8-10",
    )
    check.call(
        receptive_field,
        [(3, 1, 1), (3, 1, 1)],
        0,
        expect=(-2, 2),
        about="two layers of 3 at the edge: two pixels of padding",
    )
    check.call(
        receptive_field,
        [(3, 2, 0), (3, 2, 0)],
        1,
        expect=(4, 10),
        about="strides multiply: 1 + 2 + 2 * 2 = 7 pixels",
    )
    check.call(receptive_field, [], 6, expect=(6, 6), about="no layers: the pixel itself")
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(809)
    for depth in [1, 2, 2, 3, 3, 4, 5, 6]:
        layers = [tuple(int(n) for n in rng.integers((1, 1, 0), (8, 4, 4))) for _ in range(depth)]
        for position in [0, int(rng.integers(1, 20))]:
            check.call(
                receptive_field, layers, position, about="stacks of random layers, several depths"
            )
    check.call(
        receptive_field,
        [(5, 1, 2), (2, 2, 0), (5, 1, 0), (2, 2, 0), (5, 1, 0)],
        0,
        about="the layers of LeNet-5",
    )
    check.call(receptive_field, [(1, 3, 0), (1, 2, 0)], 5, about="kernels of 1 with strides")
    ### END HIDDEN TESTS


# %% mistakes="receptive_field"
def input_to_output(layers, position):
    """You walk from the first layer to the last. The unit belongs to the last layer, so walk back from there: reversed(layers)."""
    first = last = position
    for kernel, stride, before in layers:
        first, last = first * stride - before, last * stride - before + kernel - 1
    return first, last


def strides_ignored(layers, position):
    """The strides have no effect on your answer. One step in a layer's output is `stride` steps in its input."""
    first = last = position
    for kernel, _, before in reversed(layers):
        first, last = first - before, last - before + kernel - 1
    return first, last


def padding_ignored(layers, position):
    """The padding has no effect on your answer. Zeros before the input move the window to the left: subtract `before`."""
    first = last = position
    for kernel, stride, _ in reversed(layers):
        first, last = first * stride, last * stride + kernel - 1
    return first, last


def padding_added(layers, position):
    """You add the padding. With `before` zeros in front, pixel 0 stands at place `before` of the padded row, so the window starts at position * stride - before."""
    first = last = position
    for kernel, stride, before in reversed(layers):
        first, last = first * stride + before, last * stride + before + kernel - 1
    return first, last


def end_not_included(layers, position):
    """Your intervals end one pixel late at each layer. A window of `kernel` pixels that starts at s ends at s + kernel - 1."""
    first = last = position
    for kernel, stride, before in reversed(layers):
        first, last = first * stride - before, last * stride - before + kernel
    return first, last


def one_behind_the_last(layers, position):
    """You return the pixel behind the last one, as in a slice. Asked for is the last pixel itself."""
    first = last = position
    for kernel, stride, before in reversed(layers):
        first, last = first * stride - before, last * stride - before + kernel - 1
    return first, last + 1


def from_the_start_alone(layers, position):
    """You compute the end of the window from its start. When a layer is asked for several units, the end is that of the last unit's window: last * stride - before + kernel - 1."""
    first = last = position
    for kernel, stride, before in reversed(layers):
        first = first * stride - before
        last = first + kernel - 1
    return first, last


def size_and_start(layers, position):
    """You return the start and the size. Asked for are the first and the last pixel."""
    first = last = position
    for kernel, stride, before in reversed(layers):
        first, last = first * stride - before, last * stride - before + kernel - 1
    return first, last - first + 1


def ends_exchanged(layers, position):
    """You return the last pixel before the first. The order is (first, last)."""
    first, size = size_and_start(layers, position)
    return first + size - 1, first


def size_alone(layers, position):
    """You return the size of the receptive field. Asked for are its first and last pixel."""
    first, last = size_and_start(layers, position)
    return last


def start_cut_at_zero(layers, position):
    """You cut the start of the answer at the picture's edge. Negative numbers are wanted: they say how much of the padding the unit sees."""
    first = last = position
    for kernel, stride, before in reversed(layers):
        first, last = first * stride - before, last * stride - before + kernel - 1
    return max(first, 0), last


def cut_at_zero(layers, position):
    """You cut the answer at the picture's edge. Negative numbers are wanted: they say how much of the padding the unit sees."""
    first = last = position
    for kernel, stride, before in reversed(layers):
        first, last = first * stride - before, last * stride - before + kernel - 1
    return max(first, 0), max(last, 0)


def padding_before_stride(layers, position):
    """You subtract the padding before you multiply by the stride. The zeros stand in the layer's input: position * stride - before."""
    first = last = position
    for kernel, stride, before in reversed(layers):
        first, last = (first - before) * stride, (last - before) * stride + kernel - 1
    return first, last


def centered(layers, position):
    """You lay the window around position * stride. It starts there (less the padding); whether it is centered is up to the padding."""
    first = last = position
    for kernel, stride, _ in reversed(layers):
        half = (kernel - 1) // 2
        first, last = first * stride - half, last * stride - half + kernel - 1
    return first, last


def last_layer_only(layers, position):
    """You follow the unit back through one layer alone. Go on until you are at the picture."""
    if not layers:
        return position, position
    kernel, stride, before = layers[-1]
    return position * stride - before, position * stride - before + kernel - 1


# %% [markdown]
# ## 7. A residual block, in Keras (5 points)
#
# The block of the lesson ends in a ReLU, so what comes in on the shortcut does not go on quite unchanged. In a second
# paper of the same year its authors moved normalization and ReLU in front of the convolutions, and very deep networks
# trained better (He, Zhang, Ren and Sun 2016, *Identity mappings in deep residual networks*, ECCV). Write this
# **pre-activation** block. `residual_block` gets `x`, the output of a Keras layer (or a `keras.Input`) of shape
# `(None, height, width, channels)`, and adds to it:
#
# 1. batch normalization, then ReLU; call the result $p$;
# 2. a convolution of 3 x 3 of $p$ with `filters` filters and the given `stride`;
# 3. batch normalization, then ReLU, then a convolution of 3 x 3 with `filters` filters and stride 1;
# 4. plus the **shortcut**. Nothing comes after the sum.
#
# The shortcut is `x` itself where that fits, which is when the stride is 1 and `x` has `filters` channels already.
# Otherwise it is a convolution of 1 x 1 **of $p$**, with `filters` filters and the same stride.
#
# All convolutions have `padding="same"` and no bias (`use_bias=False`). Batch normalization is the layer of chapter 6,
# `keras.layers.BatchNormalization()`, with the settings that Keras gives it. Return the sum: not a model, but the
# tensor that can be given to the next layer.


# %% given="run_block"
def numbers(name, shape, nth, value):
    """What the checks write into a weight: `value` into the kernels and a normalization that doubles its input, or,
    without a value, numbers that depend on the weight's name and shape alone (and, of kernels, on which of them it is).
    """
    if value is not None:
        doubling = {"gamma": 2.0, "moving_variance": 0.999, "kernel": value}
        return np.full(shape, doubling.get(name, 0.0))
    drawn = np.random.default_rng([len(name), nth, *shape]).normal(size=shape)
    return 0.5 + drawn**2 if name == "moving_variance" else drawn / np.sqrt(np.prod(shape[:-1]))


def block_model(shape, filters, stride):
    """A model of nothing but your block. shape: of one picture, (height, width, channels)."""
    inputs = keras.Input(shape)
    if stride == 1:
        return keras.Model(inputs, residual_block(inputs, filters))
    return keras.Model(inputs, residual_block(inputs, filters, stride))


def run_block(x, filters, stride, value=None):
    """What your block makes of the pictures x once its weights are set to known numbers."""
    model, seen = block_model(x.shape[1:], filters, stride), []
    for weight in model.weights:
        shape = tuple(weight.shape)
        nth = seen.count(shape) if weight.name == "kernel" else 0
        seen.append(shape)
        weight.assign(numbers(weight.name, shape, nth, value))
    return np.array(model(x.astype("float32"), training=False))


def block_parameters(channels, filters, stride):
    """The number of your block's parameters, the moving averages included."""
    return block_model((6, 6, channels), filters, stride).count_params()


# %% [markdown] hints="residual_block" reads="7. From LeNet-5 to a small residual network"
# Follow the list from top to bottom: each line calls a layer on what came before. Keep `x` and `p`, you need them for
# the shortcut. `x.shape[-1]` is the number of channels of `x`.
#
# ---
#
# `p = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))`, then
# `h = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)`, and so on. The shortcut
# needs an `if`: is the stride not 1, **or** the number of channels another one?
#
# ---
#
# After the second convolution: `shortcut = x`; `if stride != 1 or x.shape[-1] != filters:` make it
# `keras.layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)`. At the end
# `return keras.layers.Add()([h, shortcut])`.


# %% solution="residual_block"
def residual_block(x, filters, stride=1):
    """A residual block with pre-activation on top of the Keras tensor x.

    x: shape (None, height, width, channels), filters: channels of the output, stride: of the first convolution.
    Returns a Keras tensor of shape (None, ceil(height / stride), ceil(width / stride), filters).

    Example: residual_block(keras.Input((28, 28, 16)), 32, stride=2) has shape (None, 14, 14, 32).
    """
    ### BEGIN SOLUTION
    layers = keras.layers
    p = layers.ReLU()(layers.BatchNormalization()(x))
    h = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(p)
    h = layers.ReLU()(layers.BatchNormalization()(h))
    h = layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    if stride != 1 or x.shape[-1] != filters:
        x = layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(p)
    return layers.Add()([h, x])
    ### END SOLUTION


# %% tests="residual_block" points=5
with check.exercise("residual_block"):
    dot = np.zeros((1, 5, 5, 1))
    dot[0, 2, 2, 0] = 1.0
    check.call(
        run_block,
        dot,
        1,
        1,
        1.0,
        expect=picture(
            [
                [4, 8, 12, 8, 4],
                [8, 16, 24, 16, 8],
                [12, 24, 37, 24, 12],
                [8, 16, 24, 16, 8],
                [4, 8, 12, 8, 4],
            ]
        ),
        about="a dot, kernels of 1, normalizations that double: doubled and spread twice, and the dot itself added",
    )
    check.call(
        run_block,
        np.array([[[[3.0]], [[-2.0]]]]),
        1,
        1,
        -1.0,
        expect=np.array([[[[3.0]], [[-2.0]]]]),
        about="two pixels, kernels of -1: the second ReLU gives 0, so x comes out as it went in",
    )
    check.call(
        run_block,
        np.ones((1, 2, 2, 1)),
        2,
        2,
        1.0,
        expect=np.array([[[[34.0, 34.0]]]]),
        about="stride 2, one channel to two: p is 2, then 8 in each channel, doubled, 16 + 16; the shortcut adds a 2",
    )
    about_size = {
        "diagnosis": "parameters",
        "why": "The number of parameters is not right. There are two convolutions of 3 x 3 without bias, a batch "
        "normalization (4 numbers for each channel of its input) before each of them, and a convolution of 1 x 1 "
        "where x itself does not fit.",
    }
    check.call(
        block_parameters,
        4,
        4,
        1,
        expect=2 * 9 * 16 + 2 * 16,
        about="two convolutions of 3 x 3 x 4 x 4, two normalizations",
        **about_size,
    )
    check.call(
        block_parameters,
        4,
        8,
        1,
        expect=9 * 32 + 9 * 64 + 32 + 4 * 4 + 4 * 8,
        about="more channels: three convolutions and two normalizations",
        **about_size,
    )
    check.call(
        block_parameters,
        4,
        4,
        2,
        expect=2 * 9 * 16 + 16 + 2 * 16,
        about="stride 2: x is too large to be added, so a convolution of 1 x 1 comes in",
        **about_size,
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(810)
    for shape, filters, stride in [
        ((2, 5, 6, 3), 3, 1),
        ((2, 4, 5, 2), 4, 1),
        ((2, 6, 5, 3), 3, 2),
        ((1, 7, 6, 2), 5, 2),
    ]:
        check.call(
            run_block,
            rng.normal(size=shape),
            filters,
            stride,
            rtol=1e-3,
            atol=1e-4,
            about="other shapes, strides and weights",
        )
    check.call(
        block_parameters, 5, 5, 2, about="the same channels, with a stride of 2", **about_size
    )
    check.call(block_parameters, 3, 6, 2, about="more channels and a stride", **about_size)
    ### END HIDDEN TESTS


# %% mistakes="residual_block"
def _conv(x, kernel, stride=1):
    """A convolution with Keras's "same" padding; not a mistake by itself."""
    places = [-(-size // stride) for size in x.shape[1:3]]
    total = [
        max((n - 1) * stride + k - size, 0)
        for n, k, size in zip(places, kernel.shape, x.shape[1:3])
    ]
    x = np.pad(x, ((0, 0), *[(t // 2, t - t // 2) for t in total], (0, 0)))
    return sum(
        x[:, i : i + stride * places[0] : stride, j : j + stride * places[1] : stride]
        @ kernel[i, j]
        for i in range(kernel.shape[0])
        for j in range(kernel.shape[1])
    )


def _relu(h):
    """Zero for what is negative; not a mistake by itself."""
    return np.maximum(h, 0)


def _norm(h, value):
    """Batch normalization with the numbers that the checks write into it; not a mistake by itself."""
    gamma, beta, mean, variance = (
        numbers(name, h.shape[-1:], 0, value)
        for name in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    return gamma * (h - mean) / np.sqrt(variance + 0.001) + beta


def _block(
    x, filters, stride, value, first=None, second=None, strides=None, source="fits", join=None
):
    """The right block in NumPy, with what the keywords say exchanged; not a mistake by itself.

    first, second: what is done before each convolution. source: of what the shortcut is made. join: how both meet.
    """
    channels = x.shape[-1]
    kernels = [
        numbers("kernel", (3, 3, channels, filters), 0, value),
        numbers("kernel", (3, 3, filters, filters), int(channels == filters), value),
        numbers("kernel", (1, 1, channels, filters), 0, value),
    ]
    norm_relu = lambda h: _relu(_norm(h, value))
    active = (first or norm_relu)(x)
    strides = strides or (stride, 1)
    h = _conv((second or norm_relu)(_conv(active, kernels[0], strides[0])), kernels[1], strides[1])
    projected = stride != 1 or channels != filters or source == "always"
    if projected:
        shortcut = _conv(x if source == "x" else active, kernels[2], stride)
        shortcut = _norm(shortcut, value) if source == "normalized" else shortcut
    else:
        shortcut = active if source == "active" else x
    return (join or np.add)(h, shortcut)


def block_of_the_lesson(x, filters, stride, value=None):
    """This is the block of the lesson. Here normalization and ReLU come before each convolution, and after the sum there is nothing."""
    channels = x.shape[-1]
    h = _conv(x, numbers("kernel", (3, 3, channels, filters), 0, value), stride)
    second = numbers("kernel", (3, 3, filters, filters), int(channels == filters), value)
    h = _norm(_conv(_relu(_norm(h, value)), second), value)
    if stride != 1 or channels != filters:
        x = _norm(_conv(x, numbers("kernel", (1, 1, channels, filters), 0, value), stride), value)
    return _relu(h + x)


def relu_after_the_sum(x, filters, stride, value=None):
    """There is a ReLU on the sum. In this block nothing comes after it, so that x passes on the shortcut unchanged."""
    return _block(x, filters, stride, value, join=lambda h, s: _relu(h + s))


def activated_shortcut(x, filters, stride, value=None):
    """Your shortcut hands on the normalized x after ReLU. Where it fits, x itself is added, as it came in."""
    return _block(x, filters, stride, value, source="active")


def projection_of_x(x, filters, stride, value=None):
    """Your convolution of 1 x 1 looks at x itself. Its input is p, the normalized x after ReLU, like that of the first convolution of 3 x 3."""
    return _block(x, filters, stride, value, source="x")


def always_projected(x, filters, stride, value=None):
    """Your shortcut always has a convolution of 1 x 1. Where stride is 1 and the channels agree, x itself is added."""
    return _block(x, filters, stride, value, source="always")


def shortcut_normalized(x, filters, stride, value=None):
    """There is a batch normalization behind your convolution of 1 x 1. In this block the shortcut is added without one."""
    return _block(x, filters, stride, value, source="normalized")


def no_shortcut(x, filters, stride, value=None):
    """The shortcut is missing: add x (or the convolution of 1 x 1) to the second convolution's output."""
    return _block(x, filters, stride, value, join=lambda h, s: h)


def multiplied(x, filters, stride, value=None):
    """You multiply by the shortcut. It is added."""
    return _block(x, filters, stride, value, join=np.multiply)


def subtracted(x, filters, stride, value=None):
    """You subtract the shortcut. It is added."""
    return _block(x, filters, stride, value, join=np.subtract)


def concatenated(x, filters, stride, value=None):
    """You put the shortcut beside the block's channels (Concatenate). It is added to them: keras.layers.Add()."""
    return _block(x, filters, stride, value, join=lambda h, s: np.concatenate([h, s], axis=-1))


def no_first_relu(x, filters, stride, value=None):
    """The ReLU before the first convolution is missing."""
    return _block(x, filters, stride, value, first=lambda h: _norm(h, value))


def no_second_relu(x, filters, stride, value=None):
    """The ReLU between the two convolutions is missing. Without it they are one linear map."""
    return _block(x, filters, stride, value, second=lambda h: _norm(h, value))


def no_first_norm(x, filters, stride, value=None):
    """The batch normalization before the first convolution is missing."""
    return _block(x, filters, stride, value, first=_relu)


def no_second_norm(x, filters, stride, value=None):
    """The batch normalization between the two convolutions is missing."""
    return _block(x, filters, stride, value, second=_relu)


def relu_before_norm(x, filters, stride, value=None):
    """Your ReLU comes before the batch normalization. Here the order is normalization, ReLU, convolution."""
    swapped = lambda h: _norm(_relu(h), value)
    return _block(x, filters, stride, value, first=swapped, second=swapped)


def second_relu_before_norm(x, filters, stride, value=None):
    """Between the convolutions your ReLU comes before the batch normalization. There, too, the order is normalization, ReLU, convolution."""
    return _block(x, filters, stride, value, second=lambda h: _norm(_relu(h), value))


def relu_before_the_sum(x, filters, stride, value=None):
    """There is a ReLU behind your second convolution. Its output is added as it is, negative numbers too."""
    return _block(x, filters, stride, value, join=lambda h, s: _relu(h) + s)


def one_convolution(x, filters, stride, value=None):
    """The second convolution of 3 x 3, with its normalization and ReLU, is missing."""
    kernel = numbers("kernel", (3, 3, x.shape[-1], filters), 0, value)
    p = _relu(_norm(x, value))
    if stride != 1 or x.shape[-1] != filters:
        x = _conv(p, numbers("kernel", (1, 1, x.shape[-1], filters), 0, value), stride)
    return _conv(p, kernel, stride) + x


def stride_in_the_second(x, filters, stride, value=None):
    """The stride is in your second convolution. It belongs to the first, so that the second works on fewer pixels."""
    return _block(x, filters, stride, value, strides=(1, stride))


# %% [markdown]
# ## 8. Life, by convolution (5 points)
#
# Conway's Game of Life is played by nobody, on a board of cells that are alive (1) or dead (0). Every cell has up to
# eight neighbors: beside, above, below and diagonally. In the next generation a cell is alive
#
# - if it has exactly three living neighbors, or
# - if it is alive and has exactly two.
#
# All other cells are dead, and what lies outside of the board is dead, too. The same rule for every place, looking at
# 3 x 3 cells: that is what convolutions are made for. Write `life_model`, which returns a Keras model **with its
# weights already set** that computes the next generation without any training. There are many right answers; yours is
# graded on what it does.
#
# - The model's input has shape `(n, height, width, 1)`, of zeros and ones, and its output has the same shape.
# - The output is **above 0.5 where the cell will be alive and below 0.5 where it will be dead**.
# - It has **at most 50 parameters**, whatever the size of the board.
#
# A convolution of 1 x 1 is a small dense network that is applied at every place. `model.set_weights([...])` takes the
# weights in the order and with the shapes of `model.get_weights()`; the kernel of a convolution from 1 channel to 2
# with 3 x 3 pixels has shape `(3, 3, 1, 2)`.


# %% given="play"
def play(board, generations=1):
    """The board after some generations by your model: 1 above 0.5, 0 below, 0.5 for 0.5 itself."""
    board = np.array(board, float)
    model = life_model(*board.shape)
    for _ in range(generations):
        alive = (board > 0.5).astype("float32")
        answer = np.array(model(alive[None, :, :, None]))[0, :, :, 0]
        board = (1 + np.sign(answer - 0.5)) / 2
    return board


def life_shape(height, width):
    """The shape of what your model says about two boards."""
    return str(
        np.array(life_model(height, width)(np.zeros((2, height, width, 1), "float32"))).shape
    )


def life_budget(height, width):
    return "kept" if life_model(height, width).count_params() <= 50 else "exceeded"


# %% [markdown] hints="life_model" reads="1. A small window that slides"
# Two numbers decide: whether the cell is alive, and how many of its neighbors are. Can one convolution put both into a
# single number, so that the cells that will live have numbers side by side?
#
# ---
#
# Count 2 for each neighbor and 1 for the cell itself. Then the cells that will live have 5 (alive, two neighbors), 6
# (dead, three) or 7 (alive, three), and nobody else has. So after this convolution you need a function of one number
# $u$ that is above 0.5 at 5, 6 and 7 and below at all other whole numbers from 0 to 17: a hill, made of ReLUs.
#
# ---
#
# `Conv2D(2, 3, padding="same", activation="relu")` with both kernels 2 everywhere and 1 in the middle, and biases $-4$
# and $-6$; then `Conv2D(1, 1)` with the weights 1 and $-2$ and the bias 0. The hill
# $\max(u - 4, 0) - 2\max(u - 6, 0)$ is 1, 2, 1 at 5, 6, 7 and not above 0 elsewhere.


# %% solution="life_model"
def life_model(height, width):
    """A Keras model that computes the next generation of the Game of Life; its weights are set by hand.

    height, width: of the board. Returns a keras.Model: (n, height, width, 1) of 0 and 1 -> the same shape, above 0.5
    for cells that will be alive, else below.

    Example: of the board [[0, 1, 0], [0, 1, 0], [0, 1, 0]] it makes [[0, 0, 0], [1, 1, 1], [0, 0, 0]], then the first
    again.
    """
    ### BEGIN SOLUTION
    inputs = keras.Input((height, width, 1))
    hidden = keras.layers.Conv2D(2, 3, padding="same", activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Conv2D(1, 1)(hidden))
    kernel = np.full((3, 3, 1, 2), 2.0)
    kernel[1, 1] = 1.0
    hill = np.array([1.0, -2.0]).reshape(1, 1, 2, 1)
    model.set_weights([kernel, np.array([-4.0, -6.0]), hill, np.zeros(1)])
    return model
    ### END SOLUTION


# %% tests="life_model" points=5
with check.exercise("life_model"):
    not_life = {
        "diagnosis": "not_life",
        "why": "Some cells are wrong. Look at which: print play(board) beside the board, and for a wrong cell count "
        "its living neighbors.",
    }
    too_large = {
        "diagnosis": "too_large",
        "why": "The model has too many parameters. Two filters of 3 x 3 and one convolution of 1 x 1 behind them are "
        "enough: 23 parameters.",
    }
    check.call(
        play,
        [[0, 1, 0], [0, 1, 0], [0, 1, 0]],
        expect=[[0, 0, 0], [1, 1, 1], [0, 0, 0]],
        about="a row of three turns by a quarter",
        **not_life,
    )
    check.call(
        play,
        [[0, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]],
        expect=[[0, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]],
        about="a block stays: each cell has three neighbors",
        **not_life,
    )
    check.call(
        play,
        [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
        expect=[[1, 0, 1], [0, 0, 0], [1, 0, 1]],
        about="a full board: corners have three neighbors, edges five, the middle eight",
        **not_life,
    )
    glider = [[0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [1, 1, 1, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
    check.call(
        play,
        glider,
        generations=4,
        expect=np.roll(glider, (1, 1), axis=(0, 1)).tolist(),
        about="a glider has moved by one cell after four generations",
        **not_life,
    )
    check.value(
        "the shape of what life_model(3, 4) says about two boards",
        life_shape(3, 4),
        expect="(2, 3, 4, 1)",
        about="one number for each cell",
        diagnosis="one_output",
        why="The model has one output for each cell: above 0.5 for alive, below for dead.",
    )
    check.value(
        "the limit on the parameters of life_model(30, 40)",
        life_budget(30, 40),
        expect="kept",
        about="a large board, at most 50",
        **too_large,
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(811)
    for height, width, share in [(7, 9, 0.3), (12, 5, 0.5), (6, 6, 0.8), (1, 8, 0.7), (1, 1, 1.0)]:
        board = (rng.random(size=(height, width)) < share).astype(int).tolist()
        check.call(play, board, about="random boards of several sizes", **not_life)
    # In four boards: with one, the weights of a dense layer over all cells would fill the memory.
    every = np.zeros((4, 8 * 5, 16 * 5), int)
    for number in range(512):
        top, left = number // 16 % 8 * 5 + 1, number % 16 * 5 + 1
        pattern = (number >> np.arange(9).reshape(3, 3)) & 1
        every[number // 128, top : top + 3, left : left + 3] = pattern
    for board in every.tolist():
        check.call(play, board, about="each of the 512 patterns of 3 x 3 cells", **not_life)
    check.value(
        "the limit on the parameters",
        life_budget(5, 5),
        about="the number of parameters",
        **too_large,
    )
    ### END HIDDEN TESTS


# %% mistakes="life_model"
def _around(board, corners=True, mode="constant"):
    """The number of living neighbors of each cell; not a mistake by itself."""
    height, width = board.shape
    padded = np.pad(board, 1, mode=mode)
    return sum(
        padded[i : i + height, j : j + width]
        for i in range(3)
        for j in range(3)
        if (i, j) != (1, 1) and (corners or i == 1 or j == 1)
    )


def _generations(rule, board, generations, **how):
    """The board after some generations of a rule, which gets the cells and their neighbors; not a mistake by itself."""
    board = np.array(board, float)
    for _ in range(generations):
        board = np.asarray(rule(board > 0.5, _around(board, **how)), float)
    return board


def counts_itself(board, generations=1):
    """You count the cell among its own neighbors. The middle of the kernel must have another weight than the eight around it."""
    return _generations(
        lambda alive, n: (n + alive == 3) | (alive & (n + alive == 2)), board, generations
    )


def three_only(board, generations=1):
    """A living cell with two living neighbors dies in your game. It stays alive."""
    return _generations(lambda alive, n: n == 3, board, generations)


def two_or_three(board, generations=1):
    """A dead cell with two living neighbors comes alive in your game. Two are enough to stay alive, not to be born: the cell's own state must count."""
    return _generations(lambda alive, n: (n == 2) | (n == 3), board, generations)


def nobody_is_born(board, generations=1):
    """No dead cell ever comes alive in your game. With exactly three living neighbors it does."""
    return _generations(lambda alive, n: alive & ((n == 2) | (n == 3)), board, generations)


def nobody_dies(board, generations=1):
    """Living cells never die in your game. They stay alive with two or three living neighbors only."""
    return _generations(lambda alive, n: alive | (n == 3), board, generations)


def never_too_many(board, generations=1):
    """Cells with many neighbors live in your game. More than three living neighbors are too many: the hill must come down again."""
    return _generations(lambda alive, n: (n >= 3) | (alive & (n == 2)), board, generations)


def four_lives(board, generations=1):
    """Cells with four living neighbors live in your game. Four are too many: the hill must come down before."""
    return _generations(
        lambda alive, n: (n == 3) | (n == 4) | (alive & (n == 2)), board, generations
    )


def dead_four(board, generations=1):
    """A dead cell with four living neighbors comes alive in your game. The hill is one step too wide: it must be down at 8."""
    return _generations(
        lambda alive, n: (n == 3) | (alive & (n == 2)) | (~alive & (n == 4)), board, generations
    )


def hill_too_early(board, generations=1):
    """Your hill stands one step too early: dead cells with two neighbors come alive, and living ones with three die. It must be up at 5, 6 and 7."""
    return _generations(
        lambda alive, n: (2 * n + alive >= 4) & (2 * n + alive <= 6), board, generations
    )


def hill_too_late(board, generations=1):
    """Your hill stands one step too late: living cells with two neighbors die, and dead ones with four come alive. It must be up at 5, 6 and 7."""
    return _generations(
        lambda alive, n: (2 * n + alive >= 6) & (2 * n + alive <= 8), board, generations
    )


def center_counts_double(board, generations=1):
    """You count 2 for the cell and 1 for each neighbor. It is the other way round: 2 for each neighbor and 1 for the cell."""
    return _generations(
        lambda alive, n: (n + 2 * alive >= 5) & (n + 2 * alive <= 7), board, generations
    )


def linear_hidden(board, generations=1):
    """Your hidden layer has no activation, so the model is linear in its count and cannot go up and down again. Give it activation="relu"."""
    return _generations(lambda alive, n: 2 * n + alive <= 7, board, generations)


def no_diagonals(board, generations=1):
    """You count four neighbors. The diagonal ones are neighbors, too: eight in all."""
    return _generations(
        lambda alive, n: (n == 3) | (alive & (n == 2)), board, generations, corners=False
    )


def wraps_around(board, generations=1):
    """Your board is joined at its edges. What lies outside of the board is dead: padding="same" has zeros there."""
    return _generations(
        lambda alive, n: (n == 3) | (alive & (n == 2)), board, generations, mode="wrap"
    )


def inverted(board, generations=1):
    """Your model is above 0.5 where the cell will be dead. Exchange the two."""
    return _generations(lambda alive, n: ~((n == 3) | (alive & (n == 2))), board, generations)


def nothing_changes(board, generations=1):
    """Your model returns the board as it is. Does the last layer listen to the count of the neighbors?"""
    return _generations(lambda alive, n: alive, board, generations)


def all_dead(board, generations=1):
    """All cells are dead after one generation of your model. Have the weights been set, and in the right order and shapes?"""
    return _generations(lambda alive, n: 0 * n, board, generations)


def on_the_fence(board, generations=1):
    """Your output is exactly 0.5 for dead cells, and must be below. A sigmoid at 0 gives 0.5: leave the last activation out, or give the last layer a negative bias."""
    board = np.array(board, float)
    for _ in range(generations):
        n = _around(board > 0.5)
        board = np.where((n == 3) | ((board > 0.5) & (n == 2)), 1.0, 0.5)
    return board


# %% [markdown]
# ## 9. In words (3 points)
#
# A colleague classifies pictures of clothes with two convolutional layers of stride 2, `padding="same"`, then
# `Flatten` and a dense layer. "Convolutional networks are translation invariant," she says, "so it does not matter
# where the shirt is." Then she moves the test pictures by one pixel to the right, and the accuracy falls. Say in four
# to seven sentences what is true of a convolutional layer and how that differs from what she says; which parts of
# her network break it, and how; and what you would change, at which cost.

# %% [markdown] answer="why_shift" points=3 reads="4. When the picture moves"
# A convolutional layer with stride 1 is equivariant, not invariant: if the input moves by one pixel, the feature maps
# move by one pixel, away from the borders, and their numbers stay the same. Invariant would mean that the output does
# not change at all. With stride 2, moving the input by one pixel is no whole step of the output: other pixels are
# sampled, so the feature maps change in value (two layers are exact only for shifts by multiples of 4). At the border,
# pixels leave the picture and the zeros of the padding meet other pixels. And the dense layer after `Flatten` has its
# own weights for each place, so even a feature map that has only moved gives it another input. I would take global
# (average or max) pooling in place of `Flatten`, which forgets the place, and stride 1 followed by pooling (or a blur
# before each stride) in place of the strides; the cost is that the position of parts is lost to the classifier, and
# more multiplications at full resolution. Training on shifted pictures helps too, at the cost of longer training, and
# promises nothing about shifts that it has not seen.
#
# (Grading: 1 point for equivariance against invariance, 1 for at least two of stride, border and the dense layer, 1
# for a change that fits, with its cost.)
