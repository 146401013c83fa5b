# %% [raw] front=true
# title = "Convolution"
# shows = "How a network reads a picture through a small window that slides: built forward and backward from scratch, what it makes of a picture that moves, and what its filters come to see."
# needs = "Chapters 1 to 3 (layers, softmax, backpropagation by hand). Residual connections (chapter 5), batch normalization (chapter 6) and gradients in Keras (chapter 7) are used, and said again in a sentence."
# minutes = {read = 70, run = 1.5}
# data = ["fashion_mnist"]
# accelerator = "GPU"
#
# [claims.ink_lost]
# text = "share of the ink that a shift by three pixels to a side pushes out of the frame"
# value = 0.02
# tolerance = 0.002
#
# [claims.dense_accuracy]
# text = "share of the test garments that the dense network names correctly"
# value = 0.858
# tolerance = 0.015
# gpu = {value = 0.879, tolerance = 0.015}
#
# [claims.dense_shifted]
# text = "the same, shifted by three pixels"
# value = 0.355
# tolerance = 0.05
# gpu = {value = 0.35, tolerance = 0.05}
#
# [claims.flipped_gap]
# text = "difference between a convolved dot and the kernel itself"
# value = 0
# tolerance = 1e-12
#
# [claims.keras_conv_gap]
# text = "largest difference between our convolution and Keras's, five settings"
# value = 0
# tolerance = 0.0001
#
# [claims.symmetric_gap]
# text = "relative difference from Keras when stride 2 is padded alike on both sides"
# value = 0.52
# tolerance = 0.02
#
# [claims.im2col_gap]
# text = "largest difference between loops and the matrix product"
# value = 0
# tolerance = 1e-10
#
# [claims.conv_parameters]
# text = "parameters of a layer of 16 filters of 5 by 5"
# value = 416
# tolerance = 0
#
# [claims.dense_parameters]
# text = "parameters of a dense layer between the same numbers"
# value = 2461760
# tolerance = 0
#
# [claims.conv_multiplications]
# text = "multiplications of the convolution for one picture"
# value = 78400
# tolerance = 0
#
# [claims.dense_multiplications]
# text = "multiplications of the dense layer for one picture"
# value = 2458624
# tolerance = 0
#
# [claims.equivariance_inside]
# text = "difference between shift-then-convolve and convolve-then-shift, inside"
# value = 0
# tolerance = 1e-12
#
# [claims.pool_gap]
# text = "largest difference between our max pooling and Keras's"
# value = 0
# tolerance = 1e-05
#
# [claims.stride_1_change]
# text = "largest change of the summary under shifts, stride 1"
# value = 0
# tolerance = 1e-12
#
# [claims.stride_4_at_4]
# text = "change of the summary under a shift by 4, stride 4"
# value = 0
# tolerance = 1e-12
#
# [claims.stride_4_change]
# text = "largest change of the summary under shifts, stride 4"
# value = 0.091
# tolerance = 0.002
#
# [claims.max_pooling_change]
# text = "the same, stride 1 and then max pooling 4"
# value = 0.045
# tolerance = 0.002
#
# [claims.conv_check]
# text = "relative error of our convolution's gradients against central differences"
# value = 0
# tolerance = 1e-07
#
# [claims.pool_check]
# text = "the same for max pooling"
# value = 0
# tolerance = 1e-07
#
# [claims.overwritten_stride_3]
# text = "relative difference when gradients are overwritten, stride 3"
# value = 0
# tolerance = 1e-12
#
# [claims.overwritten_stride_1]
# text = "the same, stride 1"
# value = 0.56
# tolerance = 0.01
#
# [claims.keras_gradient_gap]
# text = "relative difference between Keras's gradients and ours, two convolutions and a pooling"
# value = 0
# tolerance = 1e-05
#
# [claims.lenet_accuracy]
# text = "share of the test garments right, LeNet-5"
# value = 0.855
# tolerance = 0.02
# gpu = {value = 0.881, tolerance = 0.02}
#
# [claims.lenet_shifted]
# text = "the same, shifted by three pixels"
# value = 0.365
# tolerance = 0.06
# gpu = {value = 0.37, tolerance = 0.06}
#
# [claims.relu_shifted]
# text = "shifted by three pixels, LeNet with ReLU and max pooling"
# value = 0.58
# tolerance = 0.07
# gpu = {value = 0.58, tolerance = 0.08}
#
# [claims.identity_gap]
# text = "change that a residual block makes when its last scale is zero"
# value = 0
# tolerance = 1e-06
#
# [claims.strided_accuracy]
# text = "share of the test garments right, residual network with strides"
# value = 0.857
# tolerance = 0.02
# gpu = {value = 0.904, tolerance = 0.015}
#
# [claims.averaged_accuracy]
# text = "share of the test garments right, residual network with averages"
# value = 0.862
# tolerance = 0.02
# gpu = {value = 0.908, tolerance = 0.015}
#
# [claims.lenet_parameters]
# text = "parameters of our LeNet-5"
# value = 61706
# tolerance = 0
#
# [claims.lenet_multiplications]
# text = "multiplications of our LeNet-5 for one picture"
# value = 416520
# tolerance = 0
#
# [claims.averaged_parameters]
# text = "parameters of the residual network"
# value = 26890
# tolerance = 0
#
# [claims.averaged_multiplications]
# text = "multiplications of the residual network for one picture"
# value = 2001168
# tolerance = 0
#
# [claims.strided_at_2]
# text = "shifted by two pixels, residual network with strides"
# value = 0.685
# tolerance = 0.05
# gpu = {value = 0.815, tolerance = 0.06}
#
# [claims.strided_at_4]
# text = "shifted by four pixels, residual network with strides"
# value = 0.75
# tolerance = 0.05
# gpu = {value = 0.80, tolerance = 0.06}
#
# [claims.averaged_shifted]
# text = "shifted by three pixels, residual network with averages"
# value = 0.81
# tolerance = 0.04
# gpu = {value = 0.863, tolerance = 0.04}
#
# [claims.field_stem]
# text = "receptive field of the stem, pixels"
# value = 5
# tolerance = 0
#
# [claims.field_block1]
# text = "receptive field after block 1"
# value = 13
# tolerance = 0
#
# [claims.field_block2]
# text = "receptive field after block 2"
# value = 31
# tolerance = 0
#
# [claims.field_ten]
# text = "receptive field of ten 3 by 3 layers without strides"
# value = 21
# tolerance = 0
#
# [claims.measured_stem]
# text = "receptive field of the stem, by gradients"
# value = 5
# tolerance = 0
#
# [claims.measured_block1]
# text = "receptive field after block 1, by gradients"
# value = 13
# tolerance = 0
#
# [claims.measured_block2]
# text = "receptive field after block 2, by gradients"
# value = 31
# tolerance = 0
#
# [claims.effective_width]
# text = "columns that carry 90 % of the influence, block 2"
# value = 16
# tolerance = 3
# gpu = {value = 17, tolerance = 3}
#
# [claims.neighbors_before]
# text = "correlation of neighboring weights of the stem, means taken off, before training"
# value = -0.04
# tolerance = 0.08
#
# [claims.neighbors_after]
# text = "the same after training"
# value = 0.34
# tolerance = 0.08
# gpu = {value = 0.46, tolerance = 0.1}
#
# [claims.trained_stem]
# text = "mean share of variance between classes, trained, stem"
# value = 0.49
# tolerance = 0.11
# gpu = {value = 0.48, tolerance = 0.11}
#
# [claims.trained_block1]
# text = "trained, block 1"
# value = 0.61
# tolerance = 0.06
# gpu = {value = 0.55, tolerance = 0.08}
#
# [claims.trained_block2]
# text = "trained, block 2"
# value = 0.745
# tolerance = 0.04
# gpu = {value = 0.73, tolerance = 0.05}
#
# [claims.untrained_stem]
# text = "untrained, stem"
# value = 0.36
# tolerance = 0.07
#
# [claims.untrained_block1]
# text = "untrained, block 1"
# value = 0.36
# tolerance = 0.07
#
# [claims.untrained_block2]
# text = "untrained, block 2"
# value = 0.36
# tolerance = 0.07
#
# [claims.alike_trained_stem]
# text = "largest share of one class among a unit's eight pictures, mean, trained, stem"
# value = 0.51
# tolerance = 0.1
# gpu = {value = 0.5, tolerance = 0.12}
#
# [claims.alike_trained_block1]
# text = "largest share of one class among a unit's eight pictures, mean, trained, block 1"
# value = 0.66
# tolerance = 0.12
# gpu = {value = 0.55, tolerance = 0.14}
#
# [claims.alike_trained_block2]
# text = "largest share of one class among a unit's eight pictures, mean, trained, block 2"
# value = 0.77
# tolerance = 0.1
# gpu = {value = 0.73, tolerance = 0.12}
#
# [claims.alike_untrained_stem]
# text = "largest share of one class among a unit's eight pictures, mean, untrained, stem"
# value = 0.45
# tolerance = 0.09
#
# [claims.alike_untrained_block1]
# text = "largest share of one class among a unit's eight pictures, mean, untrained, block 1"
# value = 0.39
# tolerance = 0.08
#
# [claims.alike_untrained_block2]
# text = "largest share of one class among a unit's eight pictures, mean, untrained, block 2"
# value = 0.5
# tolerance = 0.08
#
# [claims.made_stronger]
# text = "answers to made pictures over the strongest to any test picture, block 2"
# value = 1.75
# tolerance = 0.3
# gpu = {value = 2.27, tolerance = 0.6}
#
# [claims.quiz_parameters]
# text = "parameters in question 1"
# value = 760
# tolerance = 0
#
# [claims.quiz_padding_after]
# text = "zeros after the picture in question 2"
# value = 3
# tolerance = 0
#
# [claims.quiz_field]
# text = "receptive field in question 3"
# value = 9
# tolerance = 0

# %% setup=true

# %% [markdown]
# ## A question first
#
# Take a picture of a boot and move it three pixels to the right. Nobody would call it something else. A network
# might. Below, the dense network of chapter 2 learns from 10,000 garments of Fashion-MNIST, and then reads 3,000 test
# garments as they are, and shifted to either side. (With a GPU, `scale` has all networks of this chapter learn from
# all 60,000. Our numbers are those of 10,000; the table at the top of the page has both.)

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

(x_train, y_train), (x_test, y_test) = data.load("fashion_mnist")
names = data.card("fashion_mnist").classes
n_train = scale(cpu=10_000, gpu=60_000)
x_train, y_train = x_train[:n_train, :, :, None] / np.float32(255), y_train[:n_train]
x_test, y_test = x_test[:3_000, :, :, None] / np.float32(255), y_test[:3_000]
print("train", x_train.shape, "test", x_test.shape)  # (pictures, height, width, channels)


# %%
def shifted(x, right):
    """Pictures (n, height, width, channels), moved to the right (to the left when negative).
    What comes in is zero, what goes out is lost."""
    width, a = x.shape[2], abs(right)
    wide = np.pad(x, ((0, 0), (0, 0), (a, a), (0, 0)))
    return wide[:, :, a - right : a - right + width]


kept = (shifted(x_test, 3).sum() + shifted(x_test, -3).sum()) / 2
check.claim("ink_lost", 1 - kept / x_test.sum())


# %%
def train(model, epochs=4):
    """Adam with a rate that falls from 0.005 to 0 along a cosine; batches of 50."""
    schedule = keras.optimizers.schedules.CosineDecay(0.005, epochs * len(x_train) // 50)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(schedule), loss, steps_per_execution=20)
    model.fit(x_train, y_train, batch_size=50, epochs=epochs, verbose=0)
    return model


# %%
def answers(model, x):
    return model.predict_on_batch(x).argmax(axis=1)


def accuracy(model, distance=0):
    """Share of test pictures named correctly when shifted, mean of right and left."""
    moves = {distance, -distance}  # a set: only one move when the distance is 0
    return np.mean([answers(model, shifted(x_test, move)) == y_test for move in moves])


# %%
keras.utils.set_random_seed(8)
hidden = [layers.Dense(128, activation="relu"), layers.Dense(64, activation="relu")]
dense = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), *hidden, layers.Dense(10)])
train(dense)
check.claim("dense_accuracy", accuracy(dense))
check.claim("dense_shifted", accuracy(dense, 3))

# %%
moved = shifted(x_test, 3)
before, after = answers(dense, x_test), answers(dense, moved)
lost = np.flatnonzero((before == y_test) & (after != y_test))
lost = [lost[y_test[lost] == garment][0] for garment in np.unique(y_test[lost])][:7]  # one of each kind
pictures = np.concatenate([x_test[lost], moved[lost]])
titles = [names[before[i]] for i in lost] + [names[after[i]] for i in lost]
plots.images(pictures, titles, columns=len(lost), size=1.3)
plt.show()

# %% [markdown]
# *What to look for: above, garments that the dense network names correctly; below, the same garments three pixels
# further right, and what it calls them now.*
#
# A shift of three pixels pushes 2 % of the ink out of the frame and changes nothing else. Yet the share of right
# answers falls from about 86 % to about 35 %. To a dense layer, a picture is a list of 784 numbers. Every pixel has
# weights of its own, and what was learned about an edge at one place says nothing about the same edge three places
# on.
#
# **Is there a network that does not care where things are? And if it does not look at places, what does it look at?**
#
# **Predict, before you read on.** You may have heard that *convolutional* networks are made for this. Suppose that
# one is trained on the same 10,000 pictures, none of them shifted. What share will it name correctly when they are
# shifted by three pixels: still about 85 %, about 70 %, or no more than the dense network? The truth will come in two
# installments, and the first is a surprise.
#
# ## 1. A small window that slides
#
# Instead of giving each unit the whole picture, give it a window of, say, 3 by 3 pixels, and instead of giving each
# place its own weights, use the *same* nine weights everywhere. The table of weights is called a **kernel** or
# *filter*. Slide it over the picture; at each place multiply the nine pixels by the nine weights and add up. The
# results form a new picture, a **feature map**, which is large where the picture under the window is like the kernel
# (it is the scalar product of chapter 1).
#
# $$Z_{ij} = \sum_{u=0}^{k-1} \sum_{v=0}^{k-1} X_{i+u,\;j+v}\; K_{uv} \tag{1}$$
#
# for a picture $X$ of shape $(h, w)$, a kernel $K$ of shape $(k, k)$, and a map $Z$ of shape $(h-k+1,\ w-k+1)$.


# %%
def correlate(picture, kernel):
    """picture (h, w), kernel (k, k) -> map (h - k + 1, w - k + 1)"""
    k = len(kernel)
    out = np.zeros((picture.shape[0] - k + 1, picture.shape[1] - k + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = (picture[i : i + k, j : j + k] * kernel).sum()
    return out


left_edge = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])  # rises to the right: a left border
hand_made = {"left edge": left_edge, "top edge": left_edge.T, "blur": np.full((3, 3), 1 / 9)}
hand_made["spot"] = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])

# %%
shirt = x_test[np.flatnonzero(y_test == 6)[3], :, :, 0]
figure, axes = plt.subplots(1, 5, figsize=(10, 2.4))
axes[0].imshow(shirt, cmap="binary")
axes[0].set_title("picture")
for ax, (name, kernel) in zip(axes[1:], hand_made.items()):
    feature_map = correlate(shirt, kernel)
    bound = np.abs(feature_map).max()
    ax.imshow(feature_map, cmap=plots.DIVERGING, vmin=-bound, vmax=bound)
    ax.set_title(name)
for ax in axes:
    ax.axis("off")
plt.show()

# %% [markdown]
# *What to look for: red where the map is positive, blue where it is negative. (Large pixel values are drawn dark, as
# ink on paper.) The edge kernels answer along borders of one direction only, red on one side of the garment and blue
# on the other; the blur answers wherever there is cloth; the last one to whatever differs from its surroundings.*
# These kernels were made by hand, as people in computer vision did for decades (the first two are Sobel's).
#
# ### Convolution or cross-correlation?
#
# In mathematics equation (1) is called *cross-correlation*. The **convolution** of $X$ with $K$ has minus signs,
# $\sum_{uv} X_{i-u,\,j-v} K_{uv}$: it is the same thing with the kernel turned by 180 degrees. The difference can be
# seen with a picture that is zero but for one dot. Convolution stamps the kernel onto the place of each dot;
# cross-correlation stamps it turned around.

# %%
dot = np.zeros((5, 5))
dot[2, 2] = 1
kernel = np.arange(9).reshape(3, 3)
print("correlated\n", correlate(dot, kernel))
print("convolved\n", correlate(dot, kernel[::-1, ::-1]))
check.claim("flipped_gap", np.abs(correlate(dot, kernel[::-1, ::-1]) - kernel).max())

# %% [markdown]
# Convolution has the nicer algebra (the order of two convolutions does not matter). For a network whose kernels are
# learned it makes no difference: it would learn the kernel turned around. So every deep learning library computes (1)
# and calls it convolution, and so shall we. But the turned kernel will come back, on the way back.
#
# ## 2. Channels, stride, padding
#
# Four things are added to make a layer of it.
#
# **Channels.** A color picture has three numbers at each pixel, and the next layer's input has one for each feature
# map. So the input is $X$ of shape $(\text{height}, \text{width}, c)$, and a kernel sees all $c$ channels. With $m$
# kernels there are $m$ output channels; all of them together are an array of shape $(k, k, c, m)$.
#
# **Bias.** One number $b_f$ for each output channel.
#
# **Stride.** The window may move by $s$ pixels at a time, which makes the map about $s$ times smaller each way.
#
# **Padding.** Without it the map shrinks by $k - 1$ (padding `"valid"`: only windows that lie wholly inside count).
# With `"same"`, the picture is surrounded by zeros, so that $n$ pixels give $\lceil n/s \rceil$ outputs.
#
# $$Z_{ijf} = b_f + \sum_{u,v} \sum_{c} X^{\text{padded}}_{\,is+u,\;js+v,\;c}\; K_{uvcf} ,
# \qquad n_\text{out} = \begin{cases} \lfloor (n-k)/s \rfloor + 1 & \text{valid} \\ \lceil n/s \rceil & \text{same.}
# \end{cases} \tag{2}$$
#
# How many zeros does `"same"` need? The last window starts at $(n_\text{out} - 1)s$ and is $k$ long, so the padded
# picture must have $(n_\text{out} - 1)s + k$ pixels. What is missing is shared between the two sides. If it is odd,
# Keras puts the extra zero *after* the picture: at the bottom and at the right.


# %%
def output_size(size, kernel, stride=1, padding="valid"):
    """How many windows of `kernel` pixels fit along `size` pixels."""
    if padding == "same":
        return -(-size // stride)  # rounds up
    return (size - kernel) // stride + 1


def same_padding(size, kernel, stride=1):
    """Zeros before and after, as in Keras."""
    needed = (output_size(size, kernel, stride, "same") - 1) * stride + kernel
    total = max(needed - size, 0)
    return total // 2, total - total // 2


# %%
print("28 pixels, kernel 3, stride 1:", same_padding(28, 3, 1))
print("28 pixels, kernel 3, stride 2:", same_padding(28, 3, 2))


# %%
def padded(x, kernel, stride, padding):
    """x (batch, h, w, c) with the zeros around it that the kernel (k, k, c, m) needs."""
    if padding == "valid":
        return x
    rows = same_padding(x.shape[1], len(kernel), stride)
    columns = same_padding(x.shape[2], len(kernel), stride)
    return np.pad(x, ((0, 0), rows, columns, (0, 0)))


# %%
def conv2d_loops(x, kernel, bias, stride=1, padding="valid"):
    """x (batch, h, w, c), kernel (k, k, c, m), bias (m,) -> (batch, h_out, w_out, m)"""
    k, sizes = len(kernel), [output_size(n, len(kernel), stride, padding) for n in x.shape[1:3]]
    x = padded(x, kernel, stride, padding)
    out = np.zeros((len(x), *sizes, kernel.shape[3]))
    for n, i, j, f in np.ndindex(out.shape):
        window = x[n, i * stride : i * stride + k, j * stride : j * stride + k]
        out[n, i, j, f] = (window * kernel[:, :, :, f]).sum() + bias[f]
    return out


# %%
rng = np.random.default_rng(80)
x, bias = rng.normal(size=(2, 8, 7, 3)), rng.normal(size=4)
gaps = []
cases = [(3, 1, "valid"), (3, 1, "same"), (3, 2, "same"), (2, 3, "same"), (5, 2, "valid")]
for k, stride, padding in cases:
    kernel = rng.normal(size=(k, k, 3, 4))
    ours = conv2d_loops(x, kernel, bias, stride, padding)
    theirs = ops.conv(x.astype("float32"), kernel.astype("float32"), strides=stride, padding=padding)
    gaps.append(np.abs(ours - (np.array(theirs) + bias)).max())
    print(f"kernel {k}, stride {stride}, {padding:5}: {ours.shape}")
check.claim("keras_conv_gap", max(gaps))

# %% [markdown]
# Our loops and `keras.ops.conv` agree, as far as 32-bit numbers go. (`layers.Conv2D` is this with weights that it
# keeps.)
#
# ### What goes wrong: the extra zero on the wrong side
#
# Other libraries, PyTorch among them, pad alike on both sides: for a 3 by 3 kernel, one zero all around. With stride
# 1 this is the same thing. **Predict, then run:** a layer of kernel 3 and stride 2 on 28 pixels, once padded as Keras
# does, (0, 1), and once (1, 1). Both give 14 by 14 maps. How different are their numbers: in the last digits, at the
# border, or everywhere?

# %%
kernel = rng.normal(size=(3, 3, 1, 4))
keras_way = conv2d_loops(x_test[:3], kernel, np.zeros(4), stride=2, padding="same")
one_around = np.pad(x_test[:3], ((0, 0), (1, 1), (1, 1), (0, 0)))
symmetric = conv2d_loops(one_around, kernel, np.zeros(4), stride=2)
print("shapes", keras_way.shape, symmetric.shape)
check.claim("symmetric_gap", np.linalg.norm(symmetric - keras_way) / np.linalg.norm(keras_way))

# %% [markdown]
# Everywhere: with stride 2 each window stands one pixel further up and left, so the two sample the picture at
# different places. The difference is half as large as the numbers themselves, and no shape gives it away. Weights
# copied from one library to the other may still give answers, only worse ones: the nastiest kind of bug.
#
# ## 3. The same thing as a matrix product
#
# Loops show what is computed. Computers are fast at something else: one large matrix product. So copy every window
# into a row of its own (*im2col*, image to columns: where the name comes from, they are columns), flatten the kernels
# into the columns of a matrix, and the layer becomes a dense one:
#
# $$\underbrace{Z}_{(B\,h_\text{out} w_\text{out},\; m)} =
# \underbrace{P}_{(B\,h_\text{out} w_\text{out},\; k k c)}\; \underbrace{W}_{(k k c,\; m)} + b .$$
#
# In words: **a convolutional layer is one small dense layer, applied to every window.** With a 1 by 1 kernel the
# window is a single pixel, and the layer is a dense layer on the channels, at each pixel: a cheap way to mix or
# change them. NumPy can show all windows without copying, by clever strides in memory.


# %%
def windows(x, k, stride=1):
    """x (batch, h, w, c) -> every k by k window, (batch, h_out, w_out, k, k, c)"""
    slide = np.lib.stride_tricks.sliding_window_view
    view = slide(x, (k, k), axis=(1, 2))  # (batch, h_out, w_out, c, k, k)
    return view[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)


def conv2d(x, kernel, bias, stride=1, padding="valid"):
    """As conv2d_loops: one matrix product."""
    k, _, c, m = kernel.shape
    patches = windows(padded(x, kernel, stride, padding), k, stride)
    out = patches.reshape(-1, k * k * c) @ kernel.reshape(-1, m) + bias
    return out.reshape(*patches.shape[:3], m)


# %%
gap = conv2d(x_test[:3], kernel, np.zeros(4), stride=2, padding="same") - keras_way
check.claim("im2col_gap", np.abs(gap).max())

# %% [markdown]
# There is a second matrix. A convolution is linear in the picture, so it must itself be a dense layer with some
# weight matrix, from all pixels to all outputs. Which one? Send in pictures with a single dot, one for each pixel:
# what comes out are the rows of that matrix.

# %%
dots = np.eye(64).reshape(64, 8, 8, 1)
matrix = conv2d(dots, np.arange(1, 10).reshape(3, 3, 1, 1), np.zeros(1)).reshape(64, 36)
_, ax = plt.subplots(figsize=(8, 4.6))
image = ax.imshow(np.where(matrix.T == 0, np.nan, matrix.T), cmap="viridis")
ax.set(xlabel="input pixel (8 by 8, row after row)", ylabel="output pixel (6 by 6)")
ax.figure.colorbar(image, label="weight 1 to 9 of the kernel", shrink=0.7)
ax.grid(False)
plt.show()
print("entries:", matrix.size, " not zero:", (matrix != 0).sum(), " different ones: 9")

# %% [markdown]
# *What to look for: white is zero. Every output pixel (a row of the figure) is joined to nine inputs only, and the
# same nine weights come again, one place further, in each row.* **Locality** and **weight sharing**: these two ideas
# are all that tells a convolutional layer from a dense one. They are assumptions about pictures: nearby pixels belong
# together, and what is worth detecting here is worth detecting there. What do they save?

# %%
filters, places = 16, output_size(28, 5, 2, "same") ** 2
check.claim("conv_parameters", 5 * 5 * filters + filters)
check.claim("dense_parameters", 28 * 28 * places * filters + places * filters)
check.claim("conv_multiplications", 5 * 5 * filters * places)
check.claim("dense_multiplications", 28 * 28 * places * filters)

# %% [markdown]
# Sixteen filters of 5 by 5 with stride 2 turn a garment into 14 by 14 by 16 numbers. They have 416 parameters and
# cost 78,400 multiplications. A dense layer between the same numbers has 2,461,760 parameters and costs 2,458,624
# multiplications: about thirty times the work, and six thousand times the weights to learn from the same data.
#
# ## 4. When the picture moves
#
# Now to the question. Write $S_a$ for "shift by $a$ pixels". Put a shifted picture into (1):
#
# $$(S_a X)_{i} = X_{i-a} \quad\Longrightarrow\quad \sum_u (S_a X)_{i+u} K_u = \sum_u X_{i-a+u} K_u = Z_{i-a}
# = (S_a Z)_i .$$
#
# **Shift the picture and the map shifts along, otherwise unchanged.** That is *equivariance*: $\text{conv}(S_a X) =
# S_a\,\text{conv}(X)$. It is not the same as *invariance*, an output that does not change at all. A map that moves
# has only handed the problem on.
#
# The proof uses that the window visits *every* place, and finds a pixel wherever it looks. **Predict, then run:** we
# shift a boot by three pixels, and compare the map of the shifted picture to the shifted map, for a 5 by 5 kernel
# with `"same"` padding. Where will they differ?

# %%
boot = x_test[np.flatnonzero(y_test == 9)[:1]]
kernels = np.random.default_rng(81).normal(size=(5, 5, 1, 8)) / 5
no_bias = np.zeros(8)
moved_first = conv2d(shifted(boot, 3), kernels, no_bias, padding="same")
moved_after = shifted(conv2d(boot, kernels, no_bias, padding="same"), 3)
gap = np.abs(moved_first - moved_after)[0, :, :, 0]
pictures = [shifted(boot, 3)[0, :, :, 0], moved_first[0, :, :, 0], moved_after[0, :, :, 0], gap]
titles = ["picture, shifted", "shift, then conv", "conv, then shift", "difference"]
figure, axes = plt.subplots(1, 4, figsize=(9, 2.7))
for ax, picture, title in zip(axes, pictures, titles):
    ax.imshow(picture, cmap=plots.DIVERGING, vmin=-1, vmax=1)
    ax.set_title(title)
    ax.axis("off")
plt.show()
check.claim("equivariance_inside", gap[:, 3:26].max())  # without the shift, and half a kernel

# %% [markdown]
# *What to look for: the difference is white but for a few columns at the left and right border.* Inside it is exactly
# zero. At the border the window looks at zeros where, before the shift, there was cloth, and the other way round. So
# borders break equivariance: it holds for as long as nothing comes near the frame.
#
# It also works the other way. A picture is a sum of dots, so a linear layer for which it makes no difference whether
# one shifts before or after it is fixed by its answer to a single dot. Borders aside, it *is* a convolution (of a
# kernel as large as need be): there is no other.
#
# ## 5. Pooling: forgetting where
#
# If the map moves with the picture, then whatever ignores places in the map makes an output that does not move at
# all. The mean of a map over all places does so (*global average pooling*), and so does its maximum. **Equivariant
# layers, then one that forgets the place: that is how an invariant network is made.**
#
# Pooling is also done in small steps. *Max pooling* by 2 cuts each map into blocks of 2 by 2 and keeps the largest
# number of each: the feature was there, within a pixel or two. *Average pooling* keeps the mean (a convolution with a
# fixed kernel and a stride). Neither has weights, and each channel is pooled by itself.


# %%
def max_pool2d(x, pool_size=2):
    """x (batch, h, w, c) -> (batch, h // pool_size, w // pool_size, c)"""
    b, h, w, c = x.shape
    rows, columns = h // pool_size, w // pool_size
    x = x[:, : rows * pool_size, : columns * pool_size]  # what does not fill a block is left out
    return x.reshape(b, rows, pool_size, columns, pool_size, c).max(axis=(2, 4))


example = np.array([[1, 2, 0, 0], [3, 4, 0, 1], [0, 0, -5, -6], [9, 0, -7, -8]])
print(max_pool2d(example[None, :, :, None])[0, :, :, 0])
x = rng.normal(size=(2, 7, 6, 3))
theirs = np.array(ops.max_pool(x, 2, strides=2, padding="valid"))
check.claim("pool_gap", np.abs(max_pool2d(x) - theirs).max())

# %% [markdown]
# Strides and pooling have a price. A window with stride 4 starts at the pixels 0, 4, 8, ... Shift the picture by one
# pixel, and it lands on *other* pixels.
#
# **Predict, then run.** To be rid of borders, we lay twenty garments on a wide empty field. Eight random 5 by 5
# kernels, ReLU, then the mean of each map over all places: eight numbers for each garment. By how much do they change
# when the garment is shifted by 1, 2, ..., 8 pixels, for stride 1, 2 and 4? And if one convolves with stride 1, and
# then takes the maximum over blocks of 4 by 4?

# %%
field = np.pad(x_test[:20], ((0, 0), (18, 18), (18, 18), (0, 0)))  # 64 by 64


def summary(x, stride, pool_size=1):
    """Eight numbers for each picture, (n, 8)."""
    maps = np.maximum(conv2d(x, kernels, no_bias, stride, "same"), 0)
    return max_pool2d(maps, pool_size).mean(axis=(1, 2))


ways = {"stride 1": (1, 1), "stride 2": (2, 1), "stride 4": (4, 1), "stride 1, max pooling 4": (1, 4)}
changes = {}
for name, way in ways.items():
    at_rest = summary(field, *way)
    moves = [summary(shifted(field, right), *way) - at_rest for right in range(9)]
    changes[name] = [np.linalg.norm(move) / np.linalg.norm(at_rest) for move in moves]

# %%
ax = plots.curves(changes, "shift in pixels", "relative change of the summary", first=0)
ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=2)
plt.show()
check.claim("stride_1_change", max(changes["stride 1"]))
check.claim("stride_4_at_4", changes["stride 4"][4])
check.claim("stride_4_change", max(changes["stride 4"]))
check.claim("max_pooling_change", max(changes["stride 1, max pooling 4"]))

# %% [markdown]
# *What to look for: stride 1 stays at zero for every shift; stride 2 returns to zero at every second pixel, stride 4
# at every fourth.* A layer of stride $s$ is equivariant for shifts by multiples of $s$, exactly, and for the others
# it is not. The strides of a network multiply: three layers of stride 2 are exact only for multiples of eight. Max
# pooling is a stride too, but it has looked at all the pixels in between: its worst change is 4.5 %, that of stride 4
# is 9 %.
#
# ## 6. Backward
#
# To learn the kernels, we need three gradients from `dout`, the gradient of the loss with respect to the output.
# Chapter 3's rule is enough: *your gradient is the sum, over those who used you, of the local slope times their
# gradient.* Write $D_{ijf}$ for an entry of `dout` (and add up over the pictures of the batch).
#
# **The bias** $b_f$ is used by every place of map $f$, with slope 1. **A weight** $K_{uvcf}$ is used by every place
# of map $f$, and its slope there is the pixel that it met:
#
# $$\frac{\partial L}{\partial b_f} = \sum_{ij} D_{ijf}, \qquad
# \frac{\partial L}{\partial K_{uvcf}} = \sum_{ij} X^{\text{padded}}_{\,is+u,\;js+v,\;c}\; D_{ijf},
# \quad \text{in matrices } P^{\mathsf T} D .$$
#
# **A pixel** was in many windows, and in each it met another weight. So each window sends back $D\,W^{\mathsf T}$,
# that is $k k c$ numbers for its $k k c$ pixels, and **where windows overlap, these are added up.**
#
# Look at this last one for stride 1 (and one channel): $\partial L/\partial X_p = \sum_u D_{p-u} K_u$. Here are the
# minus signs: the way back through a cross-correlation is a true convolution, that is, a cross-correlation with the
# turned kernel.


# %%
def conv2d_backward(dout, x, kernel, stride=1, padding="valid"):
    """dout (batch, h_out, w_out, m) -> dx, dkernel, dbias, each of the shape of its own"""
    k, _, c, m = kernel.shape
    wide = padded(x, kernel, stride, padding)
    patches = windows(wide, k, stride)
    rows = dout.reshape(-1, m)
    dkernel = (patches.reshape(-1, k * k * c).T @ rows).reshape(kernel.shape)
    dpatches = (rows @ kernel.reshape(-1, m).T).reshape(patches.shape)
    dwide = add_up(dpatches, wide.shape, stride)
    top, left = (same_padding(n, k, stride)[0] for n in x.shape[1:3])
    if padding == "valid":
        top = left = 0
    return dwide[:, top : top + x.shape[1], left : left + x.shape[2]], dkernel, rows.sum(axis=0)


# %%
def add_up(dpatches, shape, stride):
    """What the windows (batch, h_out, w_out, k, k, c) send back, added up where they overlap."""
    dx = np.zeros(shape)
    _, h_out, w_out, k, _, _ = dpatches.shape
    for u, v in np.ndindex(k, k):  # the pixels at place (u, v) of all windows
        rows = slice(u, u + stride * h_out, stride)
        columns = slice(v, v + stride * w_out, stride)
        dx[:, rows, columns] += dpatches[:, :, :, u, v]
    return dx


# %%
def max_pool2d_backward(dout, x, pool_size=2):
    """The whole gradient of a block goes to its largest number (to the first, at a tie)."""
    dx = np.zeros_like(x)
    for n, i, j, f in np.ndindex(dout.shape):
        block = x[n, i * pool_size : (i + 1) * pool_size, j * pool_size : (j + 1) * pool_size, f]
        u, v = np.unravel_index(block.argmax(), block.shape)
        dx[n, i * pool_size + u, j * pool_size + v, f] = dout[n, i, j, f]
    return dx


# %% [markdown]
# Max pooling sends the gradient to the winner alone, because a number that was not the largest could have been a
# little different without any effect. Now the check, by central differences. **Predict:** we also run a version with
# the commonest mistake, `=` in place of `+=` in `add_up`, once with stride 3 and once with stride 1. Will the check
# catch it both times?


# %%
def numerical_gradient(f, x, step=1e-5):
    """Central differences of f (array -> number) at x."""
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += step
        below[index] -= step
        grad[index] = (f(above) - f(below)) / (2 * step)
    return grad


def relative_difference(g, other):
    return np.linalg.norm(g - other) / (np.linalg.norm(g) + np.linalg.norm(other))


# %%
def worst_error(stride, padding):
    """Relative difference of our three gradients to numerical ones, the largest of the three."""
    given = [rng.normal(size=(2, 7, 6, 2)), rng.normal(size=(3, 3, 2, 4)), rng.normal(size=4)]
    weight = rng.normal(size=conv2d(*given, stride, padding).shape)
    # The loss is sum(weight * out), so that dout is weight.
    ours = conv2d_backward(weight, given[0], given[1], stride, padding)
    errors = []
    for i in range(3):

        def loss(value):
            changed = given[:i] + [value] + given[i + 1 :]
            return (weight * conv2d(*changed, stride, padding)).sum()

        errors.append(relative_difference(ours[i], numerical_gradient(loss, given[i])))
    return max(errors)


# %%
ways = [(1, "valid"), (1, "same"), (2, "same"), (3, "valid")]
check.claim("conv_check", max(worst_error(*way) for way in ways))

# %%
draw = np.random.default_rng(84).normal
x, weight = draw(size=(2, 7, 6, 2)), draw(size=(2, 3, 3, 2))  # pools 6 of the 7 rows
numerical = numerical_gradient(lambda value: (weight * max_pool2d(value)).sum(), x)
check.claim("pool_check", relative_difference(max_pool2d_backward(weight, x), numerical))


# %%
def overwritten(dpatches, shape, stride):
    """add_up with the mistake: of several windows, one wins."""
    dx = np.zeros(shape)
    _, h_out, w_out, k, _, _ = dpatches.shape
    for u, v in np.ndindex(k, k):
        rows = slice(u, u + stride * h_out, stride)
        columns = slice(v, v + stride * w_out, stride)
        dx[:, rows, columns] = dpatches[:, :, :, u, v]
    return dx


# %%
x = rng.normal(size=(2, 7, 6, 2))
for stride in (3, 1):
    dpatches = rng.normal(size=(2, *windows(x, 3, stride).shape[1:]))
    wrong, right = overwritten(dpatches, x.shape, stride), add_up(dpatches, x.shape, stride)
    error = relative_difference(wrong, right)
    print(f"stride {stride}: {error:.2f}")
    check.claim(f"overwritten_stride_{stride}", error)

# %% [markdown]
# Our gradients pass. The mistake passes too, with stride 3: the windows of a 3 by 3 kernel do not overlap then, each
# pixel has one user, and no harm is done. With stride 1 the difference is 0.56. A test on the easy case proves the
# easy case.
#
# Last, against Keras: a convolution with stride 2, max pooling, and another convolution, so that the first kernel's
# gradient has to come back through all we wrote. One step of plain gradient descent with learning rate 1 changes each
# weight by minus its gradient, as in chapter 3.

# %%
first, second = layers.Conv2D(4, 3, strides=2, padding="same"), layers.Conv2D(5, 3)
model = keras.Sequential([keras.Input((12, 12, 2)), first, layers.MaxPooling2D(2), second])
k1, k2 = rng.normal(size=(3, 3, 2, 4)), rng.normal(size=(3, 3, 4, 5))
model.set_weights([k1, np.ones(4), k2, np.ones(5)])
x, weight = rng.normal(size=(6, 12, 12, 2)), rng.normal(size=(6, 1, 1, 5))
# Keras takes the mean of the losses of the six examples, hence the 6.
model.compile(keras.optimizers.SGD(1.0), lambda w, out: 6 * ops.sum(w * out, axis=(1, 2, 3)))
total = model.train_on_batch(x.astype("float32"), weight.astype("float32"))

# %%
maps = conv2d(x, k1, np.ones(4), 2, "same")
pooled = max_pool2d(maps)
dpooled, dk2, db2 = conv2d_backward(weight, pooled, k2)
_, dk1, db1 = conv2d_backward(max_pool2d_backward(dpooled, maps), x, k1, 2, "same")
before, ours = [k1, np.ones(4), k2, np.ones(5)], [dk1, db1, dk2, db2]
theirs = [old - new for old, new in zip(before, model.get_weights())]
check.claim("keras_gradient_gap", max(map(relative_difference, ours, theirs)))

# %% [markdown]
# All four gradients agree, as far as 32 bits go.
#
# ## 7. From LeNet-5 to a small residual network
#
# In 1998 Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner published *LeNet-5*; a system with such networks
# inside, they reported, read several million bank checks a day. Its plan is convolution, pooling, convolution,
# pooling, then dense layers, with fewer pixels and more channels from stage to stage. In outline it was still the
# plan of the network that won the ImageNet competition of 2012 (Krizhevsky, Sutskever and Hinton). Here is LeNet-5,
# simplified (the original gave each pooled map a learned scale and bias, joined the maps to those of its second
# convolution by a hand-made table, and compared the outputs of its last hidden layer to little drawings of the
# characters). A second version will differ in two words: ReLU for tanh, maximum for average.


# %%
def lenet(activation, pooling):
    keras.utils.set_random_seed(8)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, 5, padding="same", activation=activation),
            pooling(2),
            layers.Conv2D(16, 5, activation=activation),
            pooling(2),
            layers.Flatten(),
            layers.Dense(120, activation=activation),
            layers.Dense(84, activation=activation),
            layers.Dense(10),
        ]
    )


# %%
networks = {"dense": dense}
networks["LeNet-5"] = train(lenet("tanh", layers.AveragePooling2D))
networks["ReLU, max pooling"] = train(lenet("relu", layers.MaxPooling2D))
check.claim("lenet_accuracy", accuracy(networks["LeNet-5"]))
check.claim("lenet_shifted", accuracy(networks["LeNet-5"], 3))
check.claim("relu_shifted", accuracy(networks["ReLU, max pooling"], 3))

# %% [markdown]
# Here is the first installment. LeNet-5 reads unshifted garments about as well as the dense network, and shifted ones
# **just as badly**: about 36 %. Convolution alone does not help! Its maps move with the picture; but then they are
# flattened, and a dense layer reads them with separate weights for every place, just as it would read pixels. With
# ReLU and max pooling it is about 57 %: a little of the place is forgotten. People say that convolutional networks
# are translation invariant. This one is not, and it is *the* convolutional network.
#
# What has changed since? Four things above all:
#
# - **3 by 3 kernels, more layers.** Two layers of 3 by 3 see 5 by 5 pixels, with 18 weights in the place of 25 (for
#   each pair of channels), and with a bend in between (Simonyan and Zisserman 2015).
# - **Batch normalization** (chapter 6) after each convolution, before the activation. It subtracts the mean of each
#   channel, so a bias before it would be pointless.
# - **Residual connections** (chapter 5): a block computes a *change* to its input, $\text{relu}(x + F(x))$, so that
#   the gradient has a way around. Where a block changes the number of channels or the size, the shortcut is a 1 by 1
#   convolution with the same stride (He, Zhang, Ren and Sun 2016).
# - **Global average pooling** in place of `Flatten` and wide dense layers (Lin, Chen and Yan 2014). It has no weights
#   at all; and by section 5 it should be what our question needs.


# %%
def normalized(x, filters, kernel, stride=1):
    """Convolution and batch normalization."""
    x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False)(x)
    return layers.BatchNormalization(momentum=0.9)(x)


def residual_block(x, filters, stride=1):
    """relu(x + F(x)): F is convolution, normalization, ReLU, convolution, normalization."""
    y = layers.ReLU()(normalized(x, filters, 3, stride))
    y = normalized(y, filters, 3)
    if stride > 1 or x.shape[-1] != filters:
        x = normalized(x, filters, 1, stride)  # x must get the shape of y
    return layers.ReLU()(layers.Add()([x, y]))


# %%
inputs = keras.Input((7, 7, 16))
block = keras.Model(inputs, residual_block(inputs, 16))
last_scale = [v for v in block.trainable_variables if v.name == "gamma"][-1]
last_scale.assign(np.zeros(16))
x = rng.uniform(size=(3, 7, 7, 16)).astype("float32")
check.claim("identity_gap", np.abs(np.array(block(x)) - x).max())

# %% [markdown]
# With the scale (Keras calls it gamma) of its last normalization at zero, a residual block passes a non-negative
# input on, exactly unchanged. A deep stack of such blocks can start as nothing at all and learn from there.
#
# The network: a 5 by 5 convolution with stride 2 (a *stem*, from 28 to 14 pixels), a block of 16 channels, a block of
# 40 at 7 by 7 pixels, global average pooling, and one dense layer for the ten logits. We build it in two versions.
# They differ in how 14 becomes 7: by a stride of 2 inside the second block, or by average pooling before it. The
# function also returns a model of the maps after the stem and after each block, for later.


# %%
def residual_network(averaging, size=28):
    keras.utils.set_random_seed(8)
    inputs = keras.Input((size, size, 1))
    stem = layers.ReLU()(normalized(inputs, 16, 5, stride=2))
    block1 = residual_block(stem, 16)
    if averaging:
        block2 = residual_block(layers.AveragePooling2D(2)(block1), 40)
    else:
        block2 = residual_block(block1, 40, stride=2)
    logits = layers.Dense(10)(layers.GlobalAveragePooling2D()(block2))
    return keras.Model(inputs, logits), keras.Model(inputs, [stem, block1, block2])


# %%
strided, _ = residual_network(averaging=False)
networks["residual, strides"] = train(strided)
averaged, maps_of = residual_network(averaging=True)
networks["residual, averages"] = train(averaged)
check.claim("strided_accuracy", accuracy(strided))
check.claim("averaged_accuracy", accuracy(averaged))


# %%
def multiplications(model):
    """For one picture: each weight of a layer, times the places at which it is used."""
    weighty = [layer for layer in model.layers if hasattr(layer, "kernel")]
    return sum(np.prod(layer.kernel.shape) * np.prod(layer.output.shape[1:-1]) for layer in weighty)


for name, model in networks.items():
    size, work = model.count_params(), multiplications(model)
    print(f"{name:20} {size:7,} parameters {work:11,.0f} multiplications")
check.claim("lenet_parameters", networks["LeNet-5"].count_params())
check.claim("lenet_multiplications", multiplications(networks["LeNet-5"]))
check.claim("averaged_parameters", averaged.count_params())
check.claim("averaged_multiplications", multiplications(averaged))

# %% [markdown]
# On garments that stand still the residual networks, at about 86 %, are as good as the others and no better, with
# less than half of LeNet's parameters (the running means of the normalizations counted) and about five times its
# multiplications: few weights, used often. (All are trained on a sixth of the data, for four rounds. What a small
# convolutional network reaches on all 60,000 garments, and in what time, is measured by
# `benchmarks/time_to_accuracy.py` in the repository of this course, and kept in its `benchmarks/results/`.)
#
# **Predict, then run:** the accuracy of all five for shifts of 0 to 6 pixels. Which keep the promise? The strides of
# the strided version multiply to 4: where should that show?

# %%
held = {name: [accuracy(model, d) for d in range(7)] for name, model in networks.items()}
ax = plots.curves(held, "shift in pixels, to either side", "share of test pictures right", first=0)
ax.set_ylim(0, 1)
ax.legend(loc="lower left", fontsize=8)
plt.show()
check.claim("strided_at_2", held["residual, strides"][2])
check.claim("strided_at_4", held["residual, strides"][4])
check.claim("averaged_shifted", held["residual, averages"][3])

# %% [markdown]
# *What to look for: the dense network and LeNet-5 fall together; the two residual networks hold.* That is the second
# installment. At three pixels the averaging network is still right for about 80 %. And the strided version *falls to
# about 68 % at two pixels and is back at about 75 % at four*, which no story about garments can explain, but section
# 5 can: at a shift by four its maps are the old ones, moved by one place; two is the furthest from that (three is one
# pixel short of it). Averaging before the stride (that is, blurring before sampling, an old rule of signal processing
# that Richard Zhang brought back in 2019) fills the dip.
#
# What is left of the fall? Some ink is really lost. Averaging over 2 by 2 is a weak blur, and the stem still has its
# stride. And the zeros around the picture tell a filter near them where it is.
#
# (Learning from all 60,000 garments, as with a GPU, the residual networks name about 90 % of those that stand still, and
# the dense network and LeNet-5 about 88 %. Shifted by three pixels, these two fall as far as before. In our run the dip
# at two pixels was gone.)
#
# ## 8. How much does a unit see?
#
# A unit of the first layer sees 5 by 5 pixels. A unit of the next layer sees 3 by 3 of those, and each of them sees
# its own 5 by 5. The patch of the *picture* on which a unit depends is its **receptive field**. To find its size,
# keep count of two numbers while going up: the size $r$, and the *jump* $t$, how many pixels of the picture lie
# between neighboring units of this layer. A layer with kernel $k$ and stride $s$ (pooling is one too) reaches $k - 1$
# neighbors further, each a jump away:
#
# $$r_l = r_{l-1} + (k_l - 1)\, t_{l-1}, \qquad t_l = t_{l-1}\, s_l, \qquad r_0 = t_0 = 1 . \tag{3}$$


# %%
def receptive_field(stack):
    """stack: pairs (kernel, stride), first layer first -> pixels seen along one axis"""
    r, jump = 1, 1
    for kernel, stride in stack:
        r += (kernel - 1) * jump
        jump *= stride
    return r


stem, block1 = [(5, 2)], [(3, 1), (3, 1)]
block2 = [(2, 2), (3, 1), (3, 1)]  # averaging comes first
check.claim("field_stem", receptive_field(stem))
check.claim("field_block1", receptive_field(stem + block1))
check.claim("field_block2", receptive_field(stem + block1 + block2))
check.claim("field_ten", receptive_field([(3, 1)] * 10))

# %% [markdown]
# Strides multiply the jump, so they are what makes the field grow fast; a stack of ten 3 by 3 layers without strides
# sees only 21 pixels. (A *dilated* kernel, whose pixels stand $d$ apart, covers $d(k-1)+1$ pixels and counts as a
# kernel of that size: another way to see far.)
#
# If you also want to know *which* pixels, walk from the output back. Along one axis, position $p$ of a layer sees the
# positions $ps - a$ to $ps - a + k - 1$ of the layer below, where $a$ is the number of zeros that padding put before
# the first one. Do so again with both ends: the first position from the lower end, the last from the upper end. Take
# the stem ($k = 5$, $s = 2$, on 28 pixels so $a = 1$): unit 7 sees the pixels 13 to 17. Ends below 0 or beyond the
# last pixel mean that the unit looks at padding.
#
# Is it true? A pixel outside the receptive field has gradient exactly zero. We put the trained averaging network onto
# pictures of 64 by 64 pixels (its weights do not care), feed it noise, and take the gradient of the middle unit of
# each stage with respect to the pixels. **Predict, then run:** the theory says that the middle unit of block 2 sees
# 31 by 31 pixels. Does it use them all alike?

# %%
# From chapter 7. value_and_grad(f, variables): a function that gives f's value and its gradients.
# training_step(loss, variables, optimizer): a function that takes one step of the optimizer.
from course.autodiff import training_step, value_and_grad

wide_network, wide_maps = residual_network(averaging=True, size=64)
wide_network.set_weights(averaged.get_weights())
noise = np.random.default_rng(82).uniform(size=(40, 64, 64, 1)).astype("float32")
pictures = keras.Variable(noise)


# %%
def influence(stage):
    """How strongly each pixel moves the middle unit of a stage: mean squared gradient, (64, 64)."""

    def middle():
        maps = wide_maps(pictures, training=False)[stage]
        return ops.sum(maps[:, maps.shape[1] // 2, maps.shape[2] // 2])

    _, (gradient,) = value_and_grad(middle, [pictures])()
    return (np.array(gradient)[..., 0] ** 2).mean(axis=0)


# %%
fields = [influence(stage) for stage in range(3)]
figure, axes = plt.subplots(1, 3, figsize=(9, 3.2))
for ax, field, name in zip(axes, fields, ["stem", "block 1", "block 2"]):
    seen = np.flatnonzero(field.sum(axis=0))
    ax.imshow(field / field.max(), cmap="magma", vmin=0, vmax=1, extent=(0, 64, 64, 0))
    corner, side = seen[0], seen[-1] - seen[0] + 1
    rows = np.flatnonzero(field.sum(axis=1))
    ax.add_patch(plt.Rectangle((corner, rows[0]), side, side, fill=False, color=plots.SKY))
    ax.set(title=f"{name}: {side} pixels", xlabel="pixel")
    ax.grid(False)
    check.claim(f"measured_{name.replace(' ', '')}", side)
plt.show()
profile = fields[2].sum(axis=0) / fields[2].sum()
middle = np.argsort(profile)[::-1]
check.claim("effective_width", np.searchsorted(profile[middle].cumsum(), 0.9) + 1)

# %% [markdown]
# *What to look for: the box is the largest extent with any gradient at all, 5, 13 and 31 pixels, just what (3) says.
# But most of the influence sits in the middle.* About half of the 31 columns carry 90 % of it. Many more ways lead to
# the unit from a pixel in the middle than from one at the edge, and the gradient adds up over ways (chapter 3). Luo,
# Li, Urtasun and Zemel measured this *effective* receptive field in 2016: it has roughly the shape of a bell, and
# grows more slowly with depth than the theoretical one.
#
# ## 9. What do the filters see?
#
# Nobody told the network what an edge is. These are the sixteen kernels of its stem, as it started and as it ended.

# %%
start, start_maps = residual_network(averaging=True)  # the same seed, so the same start
kernels = [network.get_weights()[0][:, :, 0].transpose(2, 0, 1) for network in (start, averaged)]
for name, filters in zip(["before training", "after training"], kernels):
    filters = filters / np.abs(filters).max(axis=(1, 2), keepdims=True)  # each on its own scale
    style = {"cmap": plots.DIVERGING, "value_range": (-1, 1)}
    plots.images(filters, columns=16, size=0.6, title=name, **style)
    plt.show()
    filters = filters - filters.mean(axis=(1, 2), keepdims=True)  # else all of one sign would count
    weights = np.concatenate([filters[:, :, :-1].ravel(), filters[:, :-1].ravel()])
    neighbors = np.concatenate([filters[:, :, 1:].ravel(), filters[:, 1:].ravel()])  # right and below
    check.claim(f"neighbors_{name.split()[0]}", np.corrcoef(weights, neighbors)[0, 1])

# %% [markdown]
# *What to look for: noise above; below, patches of red beside patches of blue, in several kernels a whole side of
# each.* A number says it without wishful reading: the correlation of neighboring weights rises from about 0 to about
# a third. A patch of red beside a patch of blue is what we made by hand when we wanted edges. What learning did to
# the first layer is real and modest; the difference is made further up.
#
# ### Layer by layer
#
# Follow one garment through the network: the eight channels that vary most over its picture, after each stage.

# %%
maps = maps_of.predict(x_test, batch_size=500, verbose=0)
untrained_maps = start_maps.predict(x_test, batch_size=500, verbose=0)
figure, axes = plt.subplots(3, 9, figsize=(10, 3.6))
for row, name, stage in zip(axes, ["stem", "block 1", "block 2"], maps):
    i = np.flatnonzero(y_test == 9)[0]
    row[0].imshow(x_test[i, :, :, 0], cmap="binary")
    row[0].set_title(name, fontsize=9)
    strongest = stage[i].std(axis=(0, 1)).argsort()[::-1][:8]
    for ax, channel in zip(row[1:], strongest):
        ax.imshow(stage[i, :, :, channel], cmap="binary")
        ax.set_title(f"channel {channel}", fontsize=7)
for ax in axes.flat:
    ax.axis("off")
plt.show()

# %% [markdown]
# *What to look for (each map on its own scale, dark is strong): after the stem one still sees the boot, in outlines;
# further up, fewer and coarser spots that say where something is, no longer what it looks like.*
#
# Can it be measured that later units are about *objects*? A unit that detects edges answers to all kinds of garments.
# One that detects, say, trousers, answers to one kind. So take a unit's mean activity for each test picture, and ask
# which share of its variance lies *between* the ten classes and not within them:
#
# $$\eta^2 = \frac{\sum_k p_k\, (\mu_k - \mu)^2}{\text{variance over all pictures}},$$
#
# with $p_k$ the share of class $k$, $\mu_k$ the unit's mean for it, and $\mu$ its mean for all. It is 0 if the mean
# is the same for all classes, and 1 if nothing but the class matters. To compare, we take the same network *before*
# training: whatever comes from the architecture alone is there too.


# %%
def class_share(maps):
    """eta squared of each channel's mean activity: (n, h, w, m) -> (m,)"""
    activity = maps.mean(axis=(1, 2))
    means = np.array([activity[y_test == k].mean(axis=0) for k in range(10)])
    weights = np.bincount(y_test) / len(y_test)
    between = weights @ (means - activity.mean(axis=0)) ** 2
    return between / (activity.var(axis=0) + 1e-12)


# %%
shares = {"trained": [class_share(stage) for stage in maps]}
shares["untrained"] = [class_share(stage) for stage in untrained_maps]
_, ax = plt.subplots()
for (name, stages), color, shift in zip(shares.items(), [plots.BLUE, plots.ORANGE], [-0.12, 0.12]):
    for place, share in enumerate(stages):
        ax.plot([place + shift] * len(share), share, "o", color=color, alpha=0.4)
    ax.plot(np.arange(3) + shift, [share.mean() for share in stages], color=color, label=name)
ax.set_xticks(range(3), ["stem", "block 1", "block 2"])
ax.set(ylabel="share of variance between classes", ylim=(0, 1))
ax.legend()
plt.show()

# %%
for name, stages in shares.items():
    for stage, share in zip(["stem", "block1", "block2"], stages):
        check.claim(f"{name}_{stage}", share.mean())

# %% [markdown]
# *What to look for: a dot is one unit. Untrained, the three stages are much alike, with a mean of about 0.35.
# Trained, they climb: about 0.5 after the stem, 0.6 after block 1, and 0.75 after block 2.* Depth alone does not make
# features more abstract. Learning does, and the deeper, the more.
#
# ### What excites a unit most?
#
# Ask them. For each of four units of each stage (those with the largest $\eta^2$), we look through the 3,000 test
# pictures for the eight places that excite it most, and cut out just what it sees there: its receptive field.


# %%
def exciting_patches(stage, unit, jump, field, n=8):
    """The n patches (field by field pixels, from n pictures) that excite a unit most."""
    activity = stage[..., unit].reshape(len(stage), -1)
    patches = []
    for i in activity.max(axis=1).argsort()[::-1][:n]:
        place = np.unravel_index(activity[i].argmax(), stage.shape[1:3])
        row, column = (jump * p + jump // 2 for p in place)  # the middle of its receptive field
        wide = np.pad(x_test[i, :, :, 0], field // 2)
        patches.append(wide[row : row + field, column : column + field])
    return np.array(patches)


# %%
chosen = [share.argsort()[::-1][:4] for share in shares["trained"]]
stages = ["stem", "block 1", "block 2"]
for name, stage, units, jump, field in zip(stages, maps, chosen, (2, 2, 4), (5, 13, 31)):
    patches = np.concatenate([exciting_patches(stage, unit, jump, field) for unit in units])
    style = {"title": f"{name}: {field} pixels", "value_range": (0, 1)}
    plots.images(patches, columns=16, size=0.6, **style)
    plt.show()

# %% [markdown]
# *What to look for: two units in each row, eight patches for each.* **The stem's units choose edges, corners and
# bars. Those of block 1 choose parts, as the gap between two trouser legs or the sole of a shoe. Those of block 2
# choose whole things of one kind, as sneakers or sandals.** (Another random start or another machine gives other
# units, and a stranger among the eight now and then.)
#
# Careful, though: through a window of 5 pixels nobody sees a shoe, trained or not, and through one of 31 nobody sees
# much else. What the windows do not force is that the eight pictures are of one *kind*. So count, for every unit and
# not just the chosen ones, the largest share that one class has among its eight.


# %%
def alike(stage):
    """For each unit, the largest share of a class among the eight pictures that excite it most."""
    best = stage.max(axis=(1, 2)).argsort(axis=0)[-8:]
    return np.array([np.bincount(y_test[eight]).max() / 8 for eight in best.T])


for name, found in [("trained", maps), ("untrained", untrained_maps)]:
    for stage, values in zip(["stem", "block1", "block2"], found):
        check.claim(f"alike_{name}_{stage}", alike(values).mean())

# %% [markdown]
# Trained: about 0.5, 0.66 and 0.77 (another start or another machine moves them by some hundredths). Untrained:
# between 0.35 and 0.5 at every stage. That is learned. The loss asked for ten names only; the edges and parts on the
# way to them are what gradient descent found.
#
# The other way is to *make* a picture: start from coarse noise, and climb the gradient of the unit's activity with
# respect to the **pixels**, weights held fixed (Erhan and others 2009). Pixels stay between 0 and 1, since they are
# sigmoids of what we change, and rough pictures are penalized. **Predict:** what will the picture for a unit that
# answers to sandals look like?


# %%
def promising(stage, units):
    """For each unit the best of 300 pictures of coarse noise, (units, 28, 28, 1), before the sigmoid."""
    coarse = np.random.default_rng(83).normal(-1, 3, (300, 7, 7))
    noise = np.kron(coarse, np.ones((4, 4)))[..., None]
    answers_to_noise = np.array(middle_of(1 / (1 + np.exp(-noise)), stage))
    return noise[answers_to_noise[:, units].argmax(axis=0)]


def middle_of(pixels, stage):
    """The answers of a stage's middle place, (pictures, channels)."""
    answer = maps_of(pixels, training=False)[stage]
    return answer[:, answer.shape[1] // 2, answer.shape[2] // 2]


# %%
def roughness(pixels):
    """The squared differences of neighboring pixels, summed."""
    return ops.sum(ops.diff(pixels, axis=1) ** 2) + ops.sum(ops.diff(pixels, axis=2) ** 2)


# %%
def excite(stage, units, steps=100):
    """Pictures made for the units, and their answers by the strongest ones to any test picture."""
    hidden = keras.Variable(promising(stage, units), dtype="float32")
    records = maps[stage].max(axis=(0, 1, 2))
    pick = np.diag(1 / (records + 1e-9)).astype("float32")[units]

    def loss():
        pixels = ops.sigmoid(hidden)
        return 0.01 * roughness(pixels) - ops.sum(pick * middle_of(pixels, stage))

    climb = training_step(loss, [hidden], keras.optimizers.Adam(0.1))
    for _ in range(steps):
        climb()
    pixels = ops.sigmoid(hidden)
    return np.array(pixels), (pick * np.array(middle_of(pixels, stage))).sum(axis=1)


# %%
made = [excite(stage, units) for stage, units in enumerate(chosen)]
titles = [f"{name}: {times:.1f}" for name, (_, ratios) in zip(stages, made) for times in ratios]
pictures = np.concatenate([pictures for pictures, _ in made])
plots.images(pictures, titles, columns=6, size=1.2, value_range=(0, 1))
plt.show()
check.claim("made_stronger", np.mean(made[2][1]))

# %% [markdown]
# *What to look for: above each picture, its answer as a multiple of the strongest answer that any test picture gets.*
# The stem's units want some dark pixels beside light ones, and nothing further away matters to them. Those of block 1
# want small shapes. Those of block 2 want strokes across the whole picture. No shop would sell these garments; yet
# they excite the units about 1.7 times as strongly as the best real picture does. Training has asked these units
# about garments only: the picture that excites a unit most need not be what the unit is for. In large networks, with
# stronger checks on the picture, this method has given famous images (Olah, Mordvintsev and Schubert 2017).
#
# What can be seen at this scale, then? Edges, parts and whole garments, in the best patches, and numbers that climb
# with depth once there is training; not the many steps between that a network of fifty layers, trained on a million
# photographs, has. And we looked at the most telling units; others are more mixed.
#
# ## 10. The question, answered
#
# **Is there a network that does not care where things are?** Nearly: one that has convolutions *and forgets the
# places at the end*. Convolution carries a shift through, unchanged, from map to map. What breaks this are borders,
# strides and, above all, a dense layer on the flattened maps. With global average pooling, and averages before the
# strides, a network that never saw a shifted garment still names about 80 % correctly when all are shifted by three
# pixels; the dense network and LeNet-5 are down to about 36 %.
#
# (Shifting the *training* pictures, the augmentation of chapter 6, teaches by examples what pooling builds in.)
#
# **And what does it look at?** At borders first, at what borders make next, at whole things last; not because it was
# told to, but because such a ladder of features makes the loss small.
#
# ## Check yourself
#
# **1.** A color picture of 32 by 32 pixels enters a convolution with ten 5 by 5 filters, stride 2, `"same"`. What is
# the shape of the output, and how many parameters are there?
#
# <details><summary>Answer</summary>
#
# (16, 16, 10). Each filter has 5 · 5 · 3 weights and one bias: 760 in all, whatever the size of the picture.
#
# </details>
#
# **2.** A 7 by 7 kernel, stride 2, 224 pixels, `"same"`. How many zeros does Keras put on each side?
#
# <details><summary>Answer</summary>
#
# 112 outputs need 111 · 2 + 7 = 229 pixels, so 5 zeros: 2 before and 3 after. Weights from a library that pads 3 on
# both sides would be applied one pixel off.
#
# </details>
#
# **3.** Three convolutions of 3 by 3 with the strides 1, 2 and 1. What is the receptive field, and how many pixels
# must the picture move for the last map to move along exactly?
#
# <details><summary>Answer</summary>
#
# Fields 3, 5, and then 5 + 2 · 2 = 9. A multiple of 2, the product of the strides (away from the borders).
#
# </details>
#
# **4.** Max pooling gets the block 1, 4 / 4, 2 and `dout` 3. What is `dx`? And for average pooling?
#
# <details><summary>Answer</summary>
#
# 0, 3 / 0, 0: the first of the two largest takes all. Average pooling gives 0.75 to each, since each counts a
# quarter.
#
# </details>

# %%
# The numbers in these answers:
check.claim("quiz_parameters", (5 * 5 * 3 + 1) * 10)
check.claim("quiz_padding_after", same_padding(224, 7, 2)[1])
check.claim("quiz_field", receptive_field([(3, 1), (3, 2), (3, 1)]))

# %% [markdown]
# ## In one paragraph
#
# A convolutional layer slides one small dense layer over the picture: few weights, used at every place. As a matrix
# product over windows (im2col) it is fast, and its gradients are those of a dense layer, except that pixels add up
# what all their windows send back. Shift the input and the maps shift along, exactly, away from borders and by
# multiples of the stride; only pooling over all places turns this into an output that stays. Modern small networks
# use 3 by 3 kernels, batch normalization, residual blocks and global average pooling. Receptive fields grow with
# depth and stride, and the middle of a field counts most. Units come to answer to edges, parts and objects because
# training, not the programmer, makes them.
#
# ## Go further
#
# - D. Hubel and T. Wiesel (1959), *Receptive fields of single neurones in the cat's striate cortex*, Journal of
#   Physiology 148. Where the preferred directions of cells were found.
# - K. Fukushima (1980), *Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition
#   unaffected by shift in position*, Biological Cybernetics 36. The architecture, and this chapter's question, before
#   anyone trained it by backpropagation.
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), *Gradient-based learning applied to document recognition*,
#   Proceedings of the IEEE 86(11). LeNet-5 and much more; section II is a fine introduction. (LeCun's first
#   convolutional networks trained by backpropagation, with others, are of 1989.)
# - A. Krizhevsky, I. Sutskever and G. Hinton (2012), *ImageNet classification with deep convolutional neural
#   networks*, NIPS. Why everybody came to use them.
# - V. Dumoulin and F. Visin (2016), *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285. All
#   cases of kernel, stride and padding, with pictures.
# - M. Lin, Q. Chen and S. Yan (2014), *Network in network*, ICLR; K. Simonyan and A. Zisserman (2015), *Very deep
#   convolutional networks for large-scale image recognition*, ICLR; K. He, X. Zhang, S. Ren and J. Sun (2016), *Deep
#   residual learning for image recognition*, CVPR. Global average pooling, 3 by 3 kernels, residual blocks.
# - W. Luo, Y. Li, R. Urtasun and R. Zemel (2016), *Understanding the effective receptive field in deep convolutional
#   neural networks*, NIPS. The bell-shaped field, derived and measured.
# - A. Araujo, W. Norris and J. Sim (2019), *Computing receptive fields of convolutional neural networks*, Distill.
#   Equation (3) with paddings and branches.
# - R. Zhang (2019), *Making convolutional networks shift-invariant again*, ICML; A. Azulay and Y. Weiss (2019), *Why
#   do deep convolutional networks generalize so poorly to small image transformations?*, Journal of Machine Learning
#   Research 20(184). Our dip at two pixels, in large networks, with its cure and its limits.
# - O. Kayhan and J. van Gemert (2020), *On translation invariance in CNNs: convolutional layers can exploit absolute
#   spatial location*, CVPR. What borders give away.
# - D. Erhan, Y. Bengio, A. Courville and P. Vincent (2009), *Visualizing higher-layer features of a deep network*,
#   technical report 1341, Université de Montréal. Climbing the gradient in the picture.
# - M. Zeiler and R. Fergus (2014), *Visualizing and understanding convolutional networks*, ECCV. Edges, parts,
#   objects, in a network trained on a million photographs.
# - C. Olah, A. Mordvintsev and L. Schubert (2017), *Feature visualization*, Distill. The art of making such pictures,
#   and of not being fooled by them.
# - T. Cohen and M. Welling (2016), *Group equivariant convolutional networks*, ICML. What section 4 says of shifts,
#   for turns and mirrors.
