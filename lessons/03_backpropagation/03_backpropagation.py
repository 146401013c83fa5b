# %% [raw] front=true
# title = "Backpropagation"
# shows = "How a network finds out, for all of its weights at once, which way each should move: the chain rule on a graph, built twice by hand, checked, and put to work."
# needs = "Chapters 1 and 2: a neuron, a layer in matrix form, ReLU and sigmoid, softmax and cross-entropy. From school: the derivative of a product and of a function of a function."
# minutes = {read = 60, run = 1}
# data = ["digits"]
#
# [claims.parameters]
# text = "weights and biases of the 64-64-32-10 network"
# value = 6570
# tolerance = 0
# [claims.w_gradient]
# text = "gradient of w in the drawn graph, where w is used twice"
# value = 14
# tolerance = 1e-9
# [claims.w_gradient_overwritten]
# text = "the gradient of w there, when it is overwritten instead of added up"
# value = 4
# tolerance = 1e-9
# [claims.paths]
# text = "paths through 20 doublings, counted by the gradient"
# value = 1048576
# tolerance = 0
# [claims.edges]
# text = "arrows of those 20 doublings, each used once by backpropagation"
# value = 40
# tolerance = 0
# [claims.nodes]
# text = "nodes in the graph of the whole network, for one digit"
# value = 19683
# tolerance = 0
# [claims.price]
# text = "cost of the loss and its whole gradient, in forward passes"
# value = 2.37
# tolerance = 0.005
# [claims.engines_differ]
# text = "relative difference between the scalar engine's and the layers' gradients"
# value = 0
# tolerance = 1e-12
# [claims.best_step]
# text = "power of ten of the step at which central differences err least"
# value = -5
# tolerance = 1.5
# [claims.best_one_sided_step]
# text = "power of ten of the step at which one-sided differences err least"
# value = -8
# tolerance = 1.5
# [claims.check_error]
# text = "relative error of our gradient against central differences, step 1e-5"
# value = 0
# tolerance = 1e-7
# [claims.broken_check_error]
# text = "relative error of a gradient whose ReLU lets everything through"
# value = 0.59
# tolerance = 0.05
# [claims.broken_accuracy]
# text = "held-back accuracy of a network trained with that wrong gradient"
# value = 0.965
# tolerance = 0.015
# [claims.held_back_accuracy]
# text = "held-back accuracy of the hand-written network"
# value = 0.97
# tolerance = 0.01
# [claims.keras_gradients_differ]
# text = "relative difference between Keras's gradients and ours"
# value = 0
# tolerance = 1e-6
# [claims.keras_accuracy]
# text = "held-back accuracy of the same network trained by Keras"
# value = 0.97
# tolerance = 0.01
# [claims.sigmoid_gain]
# text = "factor by which the gradient changes per sigmoid layer, Glorot's weights"
# value = 0.23
# tolerance = 0.01
# [claims.relu_gain]
# text = "factor by which the gradient changes per ReLU layer, He's weights"
# value = 1.0
# tolerance = 0.05
# [claims.sigmoid_reach]
# text = "share of the gradient left after 19 sigmoid layers, as a power of ten"
# value = -12
# tolerance = 0.5
# [claims.deep_sigmoid_accuracy]
# text = "held-back accuracy, eight sigmoid layers"
# value = 0.10
# tolerance = 0.03
# [claims.deep_relu_accuracy]
# text = "held-back accuracy, eight ReLU layers, trained alike"
# value = 0.96
# tolerance = 0.02
# [claims.cap_depth]
# text = "credit assignment path depth of the 64-64-32-10 network"
# value = 3
# tolerance = 0
# [claims.blameless]
# text = "share of the weights that the misread digit does not blame at all"
# value = 0.77
# tolerance = 0.01
# [claims.right_before]
# text = "probability of the right class before one step"
# value = 0.07
# tolerance = 0.01
# [claims.right_after]
# text = "probability of the right class after one step on that digit"
# value = 0.41
# tolerance = 0.02

# %% setup=true

# %% [markdown]
# ## A question first
#
# Below is a handwritten digit, 8 by 8 pixels, and a network with two hidden layers that has not learned anything yet.
# It reads the digit wrong. So something in it should change. But what? Every one of its weights took part in the
# answer: most of them only a little, some in the right direction, some not at all.
#
# **Which of the weights are to blame, how much each, and what does it cost to find out?**
#
# This is the *credit assignment problem*, named by Marvin Minsky in 1961. For want of a cheap answer, networks with
# hidden layers long went mostly untrained. The answer is one idea from school calculus, the chain rule, applied in
# the right order. By the end of this chapter you will have built it twice, tested it hard, trained a network with it,
# and looked at the blame for this very digit.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

(x_train, y_train), (x_test, y_test) = data.load("digits")
x_train = x_train.reshape(-1, 64) / 16  # gray levels 0..16 become 0..1
x_test = x_test.reshape(-1, 64) / 16
print("train", x_train.shape, "held back", x_test.shape)


# %%
def new_network(sizes, rng, gain=np.sqrt(2)):
    """A list with (W, b) of each layer: W (n_in, n_out) normal, of standard deviation
    gain / sqrt(n_in), and b (n_out,) zero."""
    params = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        params.append((rng.normal(0, gain / np.sqrt(n_in), (n_in, n_out)), np.zeros(n_out)))
    return params


def softmax(logits):
    """Rows of logits (batch, classes) to rows of probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


# %%
def logits_of(params, x):
    """Images x (batch, 64) to logits (batch, 10): ReLU after every layer but the last."""
    for W, b in params[:-1]:
        x = np.maximum(x @ W + b, 0)
    W, b = params[-1]
    return x @ W + b


start = new_network([64, 64, 32, 10], np.random.default_rng(3))
check.claim("parameters", sum(W.size + b.size for W, b in start))
guesses = logits_of(start, x_train).argmax(axis=1)
puzzle = np.flatnonzero(guesses != y_train)[0]  # the first training digit that is read wrong
digit, label = x_train[puzzle : puzzle + 1], y_train[puzzle : puzzle + 1]

# %%
_, (left, right) = plt.subplots(1, 2, figsize=(8, 3), width_ratios=[1, 2])
left.imshow(digit.reshape(8, 8), cmap="gray_r")
left.set_title(f"a {label[0]}")
left.axis("off")
colors = {label[0]: plots.GREEN, guesses[puzzle]: plots.VERMILLION}
colors = [colors.get(c, "silver") for c in range(10)]
right.bar(range(10), softmax(logits_of(start, digit))[0], color=colors)
right.set(title=f"read as a {guesses[puzzle]}", xlabel="class", ylabel="probability")
right.set_xticks(range(10))
plt.show()

# %% [markdown]
# *What to look for: the green bar (the truth) is far from one, and a red bar (the guess) stands above it.*
#
# There is an honest way to find the blame, and it needs no theory. The *loss* here is the cross-entropy of chapter 2,
# minus the logarithm of the green bar. Take one weight, nudge it by a tiny $h$, run the network again, and see how
# much the loss moves. The ratio of the two is the *derivative* of the loss with respect to that weight: its blame.


# %%
def loss_of(params, x, labels):
    """Mean cross-entropy of images x (batch, 64) with labels (batch,)."""
    return -np.log(softmax(logits_of(params, x))[np.arange(len(labels)), labels]).mean()


h = 1e-6
pixel = digit[0].argmax()  # the darkest pixel
unit = (digit @ start[0][0]).argmax()  # the hidden unit that this digit excites most
nudged = [(W.copy(), b) for W, b in start]
nudged[0][0][pixel, unit] += h
print("loss before", loss_of(start, digit, label))
print("blame of one weight", (loss_of(nudged, digit, label) - loss_of(start, digit, label)) / h)

# %% [markdown]
# One weight cost one more run of the network. There are 6,570 weights and biases, so one step of learning from one
# digit would cost 6,571 runs; a network with a billion weights would need a billion and one.
#
# **Predict, then go on.** How many runs' worth of arithmetic should the whole list of 6,570 derivatives cost, if you
# could organize the work as well as possible? Write a number down. We shall count it.
#
# ## The chain rule on a graph
#
# Any calculation is a graph. The numbers are its nodes, and an arrow leads from each number to every result computed
# from it directly. Here is a small one, a neuron without an activation whose output should be zero, plus a penalty
# that keeps its weight small:
#
# $$a = w\,x, \qquad z = a + b, \qquad e = z \cdot z, \qquad r = w \cdot w, \qquad L = e + r .$$
#
# We want to know how much $L$ moves for each number in it. Write $\bar v$ for $\partial L / \partial v$, the
# *gradient* of a node $v$. Three observations are enough.
#
# 1. **Each arrow knows its own slope.** The arrow from $a$ to $z = a + b$ has the slope
#    $\partial z / \partial a = 1$. The arrow from $x$ to $a = w x$ has the slope $\partial a / \partial x = w$. These
#    *local derivatives* need no knowledge of the rest of the graph.
# 2. **Along a path, slopes multiply.** If $a$ moves by one, and $z$ moves by 1 for that, and $e$ moves by $2z$ for
#    each unit of $z$, then $e$ moves by $2z \cdot 1$. This is the chain rule of school.
# 3. **Where paths meet, slopes add.** $w$ reaches $L$ by way of $a$ and by way of $r$. Both effects happen at once,
#    so they add up.
#
# Together, for a node $v$ whose value is used to compute the nodes $u_1, u_2, \dots$ (its *users*):
#
# $$\bar v \;=\; \sum_{k} \frac{\partial u_k}{\partial v}\; \bar u_k , \qquad \bar L = 1 . \tag{1}$$
#
# Equation (1) is all of backpropagation. It says: *your gradient is the sum, over those who used you, of the local
# slope times their gradient*. To use it, every user's gradient must be finished before yours, so one starts at $L$
# and walks backward.
#
# **Do it by hand.** Take $w = 3$, $x = 2$, $b = -4$. Forward: $a = 6$, $z = 2$, $e = 4$, $r = 9$, $L = 13$. Now
# backward, with a pencil: what is $\bar w$?
#
# ## An autograd engine on one screen
#
# Let us have a machine do the pencil work. A `Value` is a number that remembers where it came from: for each input of
# the operation that made it, the pair (input, local derivative). It also has a serial number, which says who was born
# first, and room for a gradient.


# %%
class Value:
    """A number in a graph. inputs: pairs (Value that it was computed from, local derivative)."""

    born = 0

    def __init__(self, data, inputs=(), name=""):
        self.data, self.inputs, self.name = float(data), inputs, name
        self.grad = 0.0
        Value.born += 1
        self.serial = Value.born


def as_value(number):
    return number if isinstance(number, Value) else Value(number)


# %% [markdown]
# Now the operations. Each is two facts side by side: what comes out, and how much it moves with each input. Attaching
# them to the class under Python's names for `+` and `*` lets us write formulas as usual. On the way back, an addition
# will hand the same gradient to both inputs, and a product will hand each input the gradient times the *other* input.


# %%
def add(self, other):
    other = as_value(other)
    return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])


def multiply(self, other):
    other = as_value(other)
    return Value(self.data * other.data, [(self, other.data), (other, self.data)])


Value.__add__ = Value.__radd__ = add
Value.__mul__ = Value.__rmul__ = multiply


# %% [markdown]
# Then the walk. We collect every node that took part, and sort by age, youngest first. A number can be computed only
# from numbers that exist already, so in this order all users of a node come before the node itself. Each node, when
# its turn comes, has heard from all of its users, and hands its gradient on to its inputs. The line with `+=` is
# equation (1).


# %%
def history(self):
    """Every node that this one was computed from, itself included, youngest first."""
    found, waiting = set(), [self]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(source for source, _ in node.inputs)
    return sorted(found, key=lambda node: -node.serial)


Value.history = history


# %%
def backward(self):
    """Add d self / d node to node.grad, for every node that self was computed from."""
    self.grad = 1.0
    for node in self.history():
        for source, local in node.inputs:
            source.grad += local * node.grad


Value.backward = backward

# %%
w, x, b = Value(3, name="w"), Value(2, name="x"), Value(-4, name="b")
a = w * x
z = a + b
e, r = z * z, w * w
L = e + r
L.backward()
for node, name in [(a, "a"), (z, "z"), (e, "e"), (r, "r"), (L, "L")]:
    node.name = name
check.claim("w_gradient", w.grad)


# %%
def draw_arrow(ax, start, end, text, bend):
    """An arrow between two points, with its local derivative in blue at the middle."""
    style = {"arrowstyle": "->", "shrinkA": 27, "shrinkB": 27}
    ax.annotate("", end, start, arrowprops=style | {"connectionstyle": f"arc3,rad={bend}"})
    dx, dy = end[0] - start[0], end[1] - start[1]
    middle = (start[0] + dx / 2 + bend * dy / 2, start[1] + dy / 2 - bend * dx / 2)
    blank = {"color": "white", "pad": 1}
    ax.text(*middle, text, ha="center", va="center", size=12, color=plots.BLUE, bbox=blank)


def draw_node(ax, node, place):
    """A box with name and value in black, and the gradient in red."""
    box = {"boxstyle": "round", "facecolor": "whitesmoke"}
    ax.text(*place, f"{node.name} = {node.data:g}\n", ha="center", va="center", size=12, bbox=box)
    ax.text(*place, f"\n{node.grad:g}", ha="center", va="center", size=12, color=plots.VERMILLION)


# %%
def draw_graph(output, places):
    """places: name of a node -> where it stands."""
    _, ax = plt.subplots(figsize=(9, 5))
    ax.set(xlim=(-0.4, 4.4), ylim=(0.1, 2.8), aspect="equal")
    ax.axis("off")
    for node in output.history():
        draw_node(ax, node, places[node.name])
        is_square = len({source for source, _ in node.inputs}) < len(node.inputs)
        bends = (0.2, -0.2) if is_square else (0, 0)  # a square has two arrows, side by side
        for bend, (source, local) in zip(bends, node.inputs):
            draw_arrow(ax, places[source.name], places[node.name], f"{local:g}", bend)
    plt.show()


# %%
places = {"x": (0, 2), "w": (0, 1), "b": (1, 2.5), "a": (1, 1.6)}
places |= {"z": (2, 1.8), "e": (3, 1.8), "r": (3, 0.5), "L": (4, 1.2)}
draw_graph(L, places)

# %% [markdown]
# *What to look for: the red number in a box is the sum, over the arrows that leave it, of blue number times the red
# number at the arrow's head. For $w$: $2 \cdot 4$ by way of $a$, and $3 \cdot 1 + 3 \cdot 1$ by way of $r$, together
# 14.* The square $z \cdot z$ uses $z$ twice, so two arrows join $z$ and $e$, and their slopes add up to the $2z$ of
# the school rule.
#
# ### What goes wrong: a gradient that is overwritten
#
# The commonest mistake in a first engine is one character: `=` in place of `+=`. **Predict, then run:** with $w = 3$
# used three times (once in $a$, twice in $r$), what will the broken engine report in the place of 14? Will it crash?


# %%
def backward_overwriting(output):
    for node in output.history():
        node.grad = 0.0
    output.grad = 1.0
    for node in output.history():
        for source, local in node.inputs:
            source.grad = local * node.grad  # the bug: the last user to speak wins


backward_overwriting(L)
print("a:", a.grad, " z:", z.grad, " x:", x.grad)
check.claim("w_gradient_overwritten", w.grad)

# %% [markdown]
# No crash, and a plausible 4. Two slopes of 2 should have met at $z$, and one was lost; then the word of $r$ about
# $w$ was lost too, because $a$, which is older than $r$, spoke last. On a graph in which nothing is used twice the
# broken engine is perfect, which is why this mistake survives simple tests. Networks use nearly everything twice:
# each input feeds every unit of the next layer, each weight acts on every image of a batch.
#
# The same `+=` has a price. Calling `backward` again adds to what is there already, so the gradients must be set to
# zero before the next use. We shall forget that on purpose below, when there is something to train.
#
# ### Why this order is cheap
#
# One could also read observations 2 and 3 literally: list all paths from a weight to the loss, multiply along each,
# add. **Predict, then run:** double a number twenty times, $y \leftarrow y + y$. How many paths lead from start to
# end, and how many arrows does the graph have?

# %%
start_value = y = Value(1.0)
for _ in range(20):
    y = y + y
y.backward()
check.claim("paths", start_value.grad)
check.claim("edges", sum(len(node.inputs) for node in y.history()))

# %% [markdown]
# Every arrow here has the slope 1, so every path contributes exactly 1 and the gradient *is* the number of paths:
# 1,048,576 of them, over 40 arrows. Walking path by path takes millions of products. Walking backward in order takes
# 40, because the sum at each node is finished before it is passed on, and whatever lies between there and the loss is
# never walked again. That is the whole economy of backpropagation: **one product for each arrow, whatever the number
# of paths.**
#
# It also matters which end one starts from. Starting at an input and pushing derivatives forward (*forward mode*)
# gives the effect of *one* input on everything; starting at the loss and pulling them back (*reverse mode*) gives the
# effect of *everything* on one output. A network has many weights and one loss, so reverse mode wins by a factor of
# the order of their number. Its price is memory: the forward values must be kept until the backward walk has used
# them. The whole method is known as *reverse-mode automatic differentiation*. It is neither the nudging from above
# nor a formula worked out for the whole network: it computes numbers, exact up to rounding.
#
# Birth order is not the only order that works. Where no serial numbers are kept, walk the graph depth first and write
# a node down only after all of its inputs have been written; that list, reversed, serves as well. The assignment asks
# for such a walk.
#
# Three more operations, and the engine can run the network of our question. Each derivative stands next to its value
# again.


# %%
def exp(self):
    out = np.exp(self.data)
    return Value(out, [(self, out)])


def log(self):
    return Value(np.log(self.data), [(self, 1 / self.data)])


def relu(self):
    return Value(max(self.data, 0.0), [(self, 1.0 if self.data > 0 else 0.0)])


Value.exp, Value.log, Value.relu = exp, log, relu

# %% [markdown]
# NumPy is happy to put any object into an array, and then `@` and `+` use our operations. So the network is written
# as before, with a `Value` for each weight.

# %%
to_values = np.vectorize(Value, otypes=[object])
value_params = [(to_values(W), to_values(b)) for W, b in start]
hidden = to_values(digit[0])
for W, b in value_params[:-1]:
    hidden = np.array([z.relu() for z in hidden @ W + b])
W, b = value_params[-1]
logits = hidden @ W + b
value_loss = sum(z.exp() for z in logits).log() + -1.0 * logits[label[0]]
value_loss.backward()
check.claim("nodes", len(value_loss.history()))
print("blame of the same weight as before", value_params[0][0][pixel, unit].grad)

# %% [markdown]
# One forward walk and one backward walk through some twenty thousand nodes, and every weight knows its blame. Compare
# the last line with the nudged value above: same digits, to the accuracy of nudging. The idea is complete. The rest
# of the chapter makes it fast, makes sure that it is right, and finds out where it fails.
#
# ## Layers in pairs
#
# A graph with a node for each number is slow in Python, and most of it is the same few patterns repeated. So we take
# a whole layer as one node, with arrays in the place of numbers, and give each kind of layer two functions:
#
# - `layer_forward(x, ...)` returns the output and a `cache`, which holds whatever the way back will need;
# - `layer_backward(dout, cache)` takes the gradient of the loss with respect to the output, and returns those with
#   respect to the inputs.
#
# As everywhere in the field, `dout` is short for $\partial L / \partial\, \mathrm{out}$, and always **has the shape
# of** `out`. This is no detail: a gradient has one number for each number of the thing it belongs to.
#
# **Dense.** Let $X$ be a batch $(m, n_\mathrm{in})$, $W$ the weights $(n_\mathrm{in}, n_\mathrm{out})$ and $b$ the
# bias $(n_\mathrm{out})$. Forward, with indices and without:
#
# $$O_{ij} = \sum_k X_{ik} W_{kj} + b_j, \qquad O = XW + b .$$
#
# Take one weight, $W_{kj}$. Who uses it? Every example $i$, to compute $O_{ij}$, with the local slope $X_{ik}$.
# Equation (1) says: sum over the users.
#
# $$\frac{\partial L}{\partial W_{kj}} = \sum_i X_{ik}\, \frac{\partial L}{\partial O_{ij}}
# \qquad\Longrightarrow\qquad \frac{\partial L}{\partial W} = X^{\mathsf T} D ,$$
#
# where $D = \partial L / \partial O$ has the shape $(m, n_\mathrm{out})$. The input $X_{ik}$ is used by every output
# unit $j$, with slope $W_{kj}$, and the bias $b_j$ by every example, with slope 1:
#
# $$\frac{\partial L}{\partial X} = D\, W^{\mathsf T}, \qquad \frac{\partial L}{\partial b_j} = \sum_i D_{ij} .$$
#
# If you forget which factor is transposed, let the shapes tell you: only $X^{\mathsf T} D$ has the shape of $W$.
#
# Other texts put it this way: all local derivatives of a layer's outputs by its inputs form a table, the *Jacobian*,
# and a backward function multiplies `dout` by it. Look at what the layer never does: build that table. For 32
# examples and 64 units it would have $(32 \cdot 64)^2$ entries, four million, nearly all of them zero.


# %%
def dense_forward(x, W, b):
    """x (batch, n_in), W (n_in, n_out), b (n_out,) -> out (batch, n_out), cache"""
    return x @ W + b, (x, W)


def dense_backward(dout, cache):
    """dout (batch, n_out) -> dx (batch, n_in), dW (n_in, n_out), db (n_out,)"""
    x, W = cache
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


# %% [markdown]
# **ReLU and sigmoid** act on each number alone, so each number has one user, and the backward function multiplies by
# the local slope: 1 or 0 for ReLU, $\sigma(1 - \sigma)$ for the sigmoid.


# %%
def relu_forward(x):
    return np.maximum(x, 0), x > 0


def relu_backward(dout, cache):
    return dout * cache


def sigmoid_forward(x):
    out = 1 / (1 + np.exp(-x))
    return out, out


def sigmoid_backward(dout, cache):
    return dout * cache * (1 - cache)


# %% [markdown]
# **Softmax with cross-entropy.** Taken together they have a derivative so simple that one should never take them
# apart. For one example with logits $z$ (10 numbers), probabilities $p = \mathrm{softmax}(z)$ and true class $t$:
#
# $$L = -\log p_t = \log \sum_c e^{z_c} - z_t, \qquad
# \frac{\partial L}{\partial z_c} = \frac{e^{z_c}}{\sum_{c'} e^{z_{c'}}} - [c = t] = p_c - [c = t] ,$$
#
# where $[c = t]$ is 1 for the true class and 0 for the others. What the network believes, minus what is true. The
# loss of a batch is the *mean* over its $m$ examples, so each row is also divided by $m$. After this division no
# later layer divides again: the `dense_backward` above sums over the batch.


# %%
def softmax_cross_entropy_forward(logits, labels):
    """logits (batch, classes), labels (batch,) whole numbers -> mean loss, cache"""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # log-sum-exp
    return -log_p[np.arange(len(labels)), labels].mean(), (np.exp(log_p), labels)


def softmax_cross_entropy_backward(dloss, cache):
    """dloss: a number, 1.0 when the loss is the end of the graph -> dlogits (batch, classes)"""
    p, labels = cache
    dlogits = p.copy()
    dlogits[np.arange(len(labels)), labels] -= 1
    return dloss * dlogits / len(labels)


# %% [markdown]
# A network strings the pairs together: forward in order, keeping each cache, and backward in the opposite order,
# handing `dout` from layer to layer.

# %%
relu_pair, sigmoid_pair = (relu_forward, relu_backward), (sigmoid_forward, sigmoid_backward)


def forward(params, x, activation=relu_pair):
    """Images x (batch, 64) -> logits (batch, 10), and for each layer its two caches."""
    caches = []
    for i, (W, b) in enumerate(params):
        x, dense_cache = dense_forward(x, W, b)
        is_last = i == len(params) - 1
        x, activation_cache = (x, None) if is_last else activation[0](x)
        caches.append((dense_cache, activation_cache))
    return x, caches


# %%
def loss_and_grads(params, x, labels, activation=relu_pair):
    """The mean loss, and a list of (dW, db) in the order of the layers."""
    logits, caches = forward(params, x, activation)
    loss, cache = softmax_cross_entropy_forward(logits, labels)
    dout = softmax_cross_entropy_backward(1.0, cache)
    grads = []
    for dense_cache, activation_cache in reversed(caches):
        if activation_cache is not None:
            dout = activation[1](dout, activation_cache)
        dout, dW, db = dense_backward(dout, dense_cache)
        grads.insert(0, (dW, db))
    return loss, grads


# %% [markdown]
# Do the two machines agree, on our digit, for all 6,570 derivatives? To compare two gradients $g$ and $g'$ we use the
# relative difference $\lVert g - g' \rVert / (\lVert g \rVert + \lVert g' \rVert)$, where $\lVert \cdot \rVert$ is
# the root of the sum of squares. It is 0 for equal gradients, 1 for opposite ones, and does not depend on the scale.


# %%
def flatten(grads):
    return np.concatenate([part.ravel() for pair in grads for part in pair])


def relative_difference(g, other):
    return np.linalg.norm(g - other) / (np.linalg.norm(g) + np.linalg.norm(other))


grad_of = np.vectorize(lambda value: value.grad)
grads_of_values = [(grad_of(W), grad_of(b)) for W, b in value_params]
loss, grads = loss_and_grads(start, digit, label)
check.claim("engines_differ", relative_difference(flatten(grads), flatten(grads_of_values)))

# %% [markdown]
# Now count. A forward pass costs one multiplication for each weight (and example). The way back costs one more for
# each weight to get $X^{\mathsf T} D$, and another for $D W^{\mathsf T}$, except in the first layer, where nobody
# needs the gradient of the pixels.

# %%
weights = [W.size for W, _ in start]
check.claim("price", (sum(weights) + sum(weights) + sum(weights[1:])) / sum(weights))

# %% [markdown]
# **The loss and all 6,570 derivatives together cost 2.37 forward passes**, against 6,571 by nudging. The ratio stays
# below 3 for a dense network of any size; for anything made of arithmetic operations, Baur and Strassen proved in
# 1983 that a small constant suffices. What number had you written down?
#
# ## Trust, but check
#
# A derivation can be wrong, and so can the program that follows it. Nudging is too slow for training and perfect for
# testing. The symmetric form
#
# $$\frac{\partial L}{\partial \theta} \approx \frac{L(\theta + h) - L(\theta - h)}{2h}$$
#
# is called the *central difference*. How small should $h$ be? By Taylor's theorem the formula is off by about
# $h^2 |L'''| / 6$: the one-sided form that we used at first is off by $h |L''| / 2$, much more. So smaller is better,
# until the subtraction gets in the way. A computer keeps about 16 digits of each $L$; the two nearly equal values
# cancel, and what is left of their rounding, about $10^{-16} |L|$, is divided by $h$. One error falls with $h$, the
# other rises. When all derivatives are of size one, they meet near $h^3 \approx 10^{-16}$, so $h \approx 10^{-5}$;
# for the one-sided form it is $h^2 \approx 10^{-16}$, so $h \approx 10^{-8}$.
#
# **Predict, then run.** We take the derivative of the loss of 200 digits along one direction in weight space, that of
# the gradient itself, and measure it with both formulas, for $h$ from 0.1 down to $10^{-13}$; central differences
# also in 32-bit numbers (7 digits). What shape will the curves have, and where will each be lowest?

# %%
# With sigmoids, so that the loss has no kinks:
smooth = new_network([64, 64, 32, 10], np.random.default_rng(30), gain=1.0)
exact_grads = loss_and_grads(smooth, x_train[:200], y_train[:200], sigmoid_pair)[1]
length = np.linalg.norm(flatten(exact_grads))  # the derivative along the gradient's own direction


def moved_loss(h, dtype=np.float64):
    """The loss after a move by h along the direction, computed in the given precision."""
    move = h / length
    moved = [(W + move * dW, b + move * db) for (W, b), (dW, db) in zip(smooth, exact_grads)]
    moved = [(W.astype(dtype), b.astype(dtype)) for W, b in moved]
    logits, _ = forward(moved, x_train[:200].astype(dtype), sigmoid_pair)
    return float(softmax_cross_entropy_forward(logits, y_train[:200])[0])


# %%
def central_difference(h, dtype=np.float64):
    return (moved_loss(h, dtype) - moved_loss(-h, dtype)) / (2 * h)


steps = 10.0 ** -np.arange(1, 13.5, 0.5)
curves = {
    "one-sided, 64 bits": [(moved_loss(h) - moved_loss(0)) / h for h in steps],
    "central, 64 bits": [central_difference(h) for h in steps],
    "central, 32 bits": [central_difference(h, np.float32) for h in steps],
}
errors = {name: np.abs(np.array(slopes) / length - 1) for name, slopes in curves.items()}
best = {name: np.log10(steps[np.argmin(error)]) for name, error in errors.items()}
check.claim("best_step", best["central, 64 bits"])
check.claim("best_one_sided_step", best["one-sided, 64 bits"])

# %%
for name, error in errors.items():
    plt.loglog(steps, error, "o-", label=name)
plt.gca().invert_xaxis()
plt.xlabel("step h (smaller to the right)")
plt.ylabel("relative error of the derivative")
plt.legend()
plt.show()

# %% [markdown]
# *What to look for: each curve is a V. Its left arm is Taylor's error (it falls by two decades for each decade of $h$
# in the central curves, by one in the other); its right arm is rounding.* The central curve in 64 bits is lowest near
# $10^{-5}$, the one-sided curve near $10^{-8}$, both as computed; but the best of the one-sided is far worse. In 32
# bits the V stands further left and higher, and at $10^{-5}$ rounding has already won. So check gradients in 64 bits,
# even when you train in 32.
#
# Here then is the check itself, for a whole array of parameters at a time.


# %%
def numerical_gradient(f, x, step=1e-5):
    """Central differences of f (array -> number) at x; the result has the shape of x."""
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += step
        below[index] -= step
        grad[index] = (f(above) - f(below)) / (2 * step)
    return grad


# %%
def check_layer(layer, activation=relu_pair):
    """Our dW of one layer against central differences, on 20 training digits."""
    x, labels = x_train[:20], y_train[:20]

    def loss_with(W):
        params = start[:layer] + [(W, start[layer][1])] + start[layer + 1 :]
        logits, _ = forward(params, x, activation)
        return softmax_cross_entropy_forward(logits, labels)[0]

    _, grads = loss_and_grads(start, x, labels, activation)
    return relative_difference(grads[layer][0], numerical_gradient(loss_with, start[layer][0]))


# %%
errors = [check_layer(layer) for layer in range(3)]
print("relative difference, layer by layer:", *(f"{error:.1e}" for error in errors))
check.claim("check_error", max(errors))

# %% [markdown]
# With central differences at $10^{-5}$, a right gradient agrees to $10^{-7}$ or better. A wrong one mostly differs by
# $10^{-2}$ or more. In between, suspect a *kink*: ReLU has no derivative at 0, and a unit whose input lies within $h$
# of 0 is on both sides of it during the check.
#
# ### What goes wrong: a wrong gradient that learns
#
# Is all this care needed? If a gradient were wrong, surely the network would not learn. **Predict, then run:**
# suppose that we forget the ReLU on the way back, and let everything through as if the slope were 1 everywhere. What
# does the gradient check say, and what accuracy on held-back digits will training with that gradient reach: 10, 50 or
# 90 %?


# %%
def stepped(params, grads, learning_rate):
    """The params after one step against the gradient."""
    pairs = zip(params, grads)
    return [(W - learning_rate * dW, b - learning_rate * db) for (W, b), (dW, db) in pairs]


# %%
def train(params, epochs, learning_rate, gradient=loss_and_grads, batch=32):
    """Gradient descent on random batches -> the trained params, and each batch's loss."""
    rng, losses = np.random.default_rng(33), []
    for _ in range(epochs):
        order = rng.permutation(len(x_train))
        for first in range(0, len(order) - batch + 1, batch):
            rows = order[first : first + batch]
            loss, grads = gradient(params, x_train[rows], y_train[rows])
            params = stepped(params, grads, learning_rate)
            losses.append(loss)
    return params, losses


def accuracy(params, x, labels, activation=relu_pair):
    return (forward(params, x, activation)[0].argmax(axis=1) == labels).mean()


# %%
maskless_pair = (relu_forward, lambda dout, cache: dout)  # the bug: ReLU's slope is forgotten
check.claim("broken_check_error", check_layer(0, maskless_pair))
broken, _ = train(start, 40, 0.2, lambda *given: loss_and_grads(*given, maskless_pair))
check.claim("broken_accuracy", accuracy(broken, x_test, y_test))

# %% [markdown]
# The check shouts, a relative difference of 0.59, and the accuracy says nothing: about 97 %, on digits that the
# network never saw. The forgotten slopes turn the gradient by some angle, and the last layer, whose gradient is still
# right, adapts to whatever the layers below become. Such a bug can live in a program for years, and show only as "a
# bit worse than the paper". **That a network learns is no proof that its gradient is right.** Only the check is.
#
# ## Training the network by hand
#
# Now with the right gradient: 40 passes over the training digits, in batches of 32, each step a fraction 0.2 of the
# gradient.

# %%
trained, losses = train(start, 40, 0.2)
print("accuracy on the training digits:", accuracy(trained, x_train, y_train))
check.claim("held_back_accuracy", accuracy(trained, x_test, y_test))

# %% [markdown]
# About 97 % of the held-back digits, from a few dozen lines of which we know every one. (The same people wrote both
# parts of this data set; on strangers' digits it would be less.) These are the ones it gets wrong:

# %%
answers = forward(trained, x_test)[0].argmax(axis=1)
wrong = np.flatnonzero(answers != y_test)
titles = [f"{y_test[i]}, read {answers[i]}" for i in wrong]
plots.images(x_test[wrong].reshape(-1, 8, 8), titles, columns=5, size=1.3)
plt.show()

# %% [markdown]
# *What to look for: several of these a person would hesitate over too, at 8 by 8 pixels.*
#
# ### What goes wrong: sign and memory
#
# Two more mistakes that everyone makes once. The first turns the sign: the step goes *up* the gradient. The second
# forgets to set the gradients to zero, so that each batch's gradient is added to all earlier ones. **Predict, then
# run:** sketch the two loss curves beside the right one. Which of the two mistakes is the harder one to notice?


# %%
def wrong_sign(params, x, labels):
    loss, grads = loss_and_grads(params, x, labels)
    return loss, [(-dW, -db) for dW, db in grads]


total = [(np.zeros_like(W), np.zeros_like(b)) for W, b in start]


def never_zeroed(params, x, labels):
    loss, grads = loss_and_grads(params, x, labels)
    for (sum_W, sum_b), (dW, db) in zip(total, grads):
        sum_W += dW
        sum_b += db
    return loss, total


# %%
runs = {"right": train(start, 10, 0.2)[1], "never zeroed": train(start, 10, 0.2, never_zeroed)[1]}
with np.errstate(over="ignore", invalid="ignore"):  # this one runs to infinity
    runs["wrong sign"] = train(start, 1, 0.2, wrong_sign)[1]
ax = plots.curves(runs, "step", "loss of the batch", log=True)
ax.set_ylim(1e-3, 1e4)
plt.show()
print("losses of the wrong sign:", np.array(runs["wrong sign"][:6]).round(1))

# %% [markdown]
# *What to look for: the wrong sign leaves the picture within ten steps; the sum of all gradients first keeps up with
# the right curve, then overshoots, and ends no better than guessing (equal bets on ten digits lose
# $\log 10 \approx 2.3$).* The wrong sign tells on itself. The unzeroed gradient is the harder one:
# its first step is right, its second half right, and a short test would pass it. (A sum in which old gradients *fade*
# is a good idea: it is called momentum, and chapter 4 is about it.)
#
# ## The same in Keras
#
# Keras leaves the derivatives to TensorFlow or JAX beneath it, and these do what we did: record the graph, and apply
# the backward half of a pair for each operation. To compare, we give a Keras model our weights and let it take *one*
# step of plain gradient descent with learning rate 1. By how much a weight changed is then minus its gradient,
# whatever the machinery inside.


# %%
def keras_model(params, learning_rate):
    """The same network with the same weights: three Dense layers, logits at the end."""
    dense = keras.layers.Dense
    hidden = [dense(64, activation="relu"), dense(32, activation="relu")]
    model = keras.Sequential([keras.Input((64,)), *hidden, dense(10)])
    model.set_weights([part for pair in params for part in pair])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(learning_rate), loss)
    return model


# %%
model = keras_model(start, learning_rate=1.0)
before = model.get_weights()
model.train_on_batch(x_train[:256].astype("float32"), y_train[:256])
after = model.get_weights()
keras_grads = np.concatenate([(old - new).ravel() for old, new in zip(before, after)])
_, our_grads = loss_and_grads(start, x_train[:256], y_train[:256])
check.claim("keras_gradients_differ", relative_difference(keras_grads, flatten(our_grads)))

# %% [markdown]
# They agree to six digits, about all that Keras's 32-bit numbers hold. Now the whole training, with the same
# batches in the same order.

# %%
model, rng = keras_model(start, learning_rate=0.2), np.random.default_rng(33)
keras_losses = []
for _ in range(40):
    rows = rng.permutation(len(x_train))[: 44 * 32]
    x_shuffled = x_train[rows].astype("float32")
    history = model.fit(x_shuffled, y_train[rows], batch_size=32, shuffle=False, verbose=0)
    keras_losses.append(history.history["loss"][0])
our_losses = np.reshape(losses, (40, 44)).mean(axis=1)
both = {"by hand": our_losses, "Keras": keras_losses}
plots.curves(both, "epoch", "mean loss of the epoch", log=True)
plt.show()
keras_answers = model.predict(x_test.astype("float32"), verbose=0).argmax(axis=1)
check.claim("keras_accuracy", (keras_answers == y_test).mean())

# %% [markdown]
# *What to look for: one line, drawn twice.* Some 1,760 steps later, the two runs have hardly parted.
#
# ## How far does the gradient reach?
#
# Equation (1) is exact at any depth. That does not make it useful at any depth. Look at one layer of the way back:
# $D_l$, the gradient of layer $l$'s sums $Z_l$ (before the activation $\varphi$), comes from the layer above as
#
# $$D_l = \left( D_{l+1} W_{l+1}^{\mathsf T} \right) \odot \varphi'(Z_l) ,$$
#
# where $\odot$ multiplies number by number, and $D_l$, $Z_l$ have the shape (batch, units). Each layer multiplies by
# weights and by slopes. If these factors are typically below one, $D$ shrinks *again and again*. With independent
# weights of standard deviation $s / \sqrt{n}$ ($n$ units in each layer, $s$ the *gain*) the mean square of $D$
# changes per layer by about
#
# $$\frac{\text{mean square of } D_l}{\text{mean square of } D_{l+1}}
# \approx s^2 \cdot \text{mean of } \varphi'(Z_l)^2 .$$
#
# The size itself (the root of the mean square) changes by the root of this. The sigmoid's slope is at most $1/4$.
# With Glorot's weights ($s = 1$) each layer therefore keeps at most about a quarter of the gradient's size. ReLU's
# slope is 1 for about half of the units and 0 for the others, so the mean of its square is $1/2$; He's weights have
# $s = \sqrt 2$, and the factor is one. That is where the $\sqrt 2$ comes from.
#
# **Predict, then run:** twenty hidden layers of 64 units. By what factor is the gradient at the first layer smaller
# than at the last, for the sigmoid and for ReLU?


# %%
def gradient_sizes(depth, activation, gain):
    """Root mean square of the gradient D of each hidden layer's sums, first layer first."""
    params = new_network([64] * (depth + 1) + [10], np.random.default_rng(34), gain)
    logits, caches = forward(params, x_train[:256], activation)
    dout = softmax_cross_entropy_backward(1.0, (softmax(logits), y_train[:256]))
    sizes = []
    for dense_cache, activation_cache in reversed(caches):
        if activation_cache is not None:
            dout = activation[1](dout, activation_cache)
            sizes.insert(0, np.sqrt((dout**2).mean()))
        dout, _, _ = dense_backward(dout, dense_cache)
    return np.array(sizes)


# %%
plans = {
    "sigmoid, s = 1 (Glorot)": (sigmoid_pair, 1.0),
    "sigmoid, s = 4": (sigmoid_pair, 4.0),
    "ReLU, s = 1": (relu_pair, 1.0),
    "ReLU, s = 1.41 (He)": (relu_pair, np.sqrt(2)),
    "ReLU, s = 2": (relu_pair, 2.0),
}
sizes = {name: gradient_sizes(20, *plan) for name, plan in plans.items()}
plots.curves(sizes, "hidden layer (20 is next to the output)", "size of the gradient", log=True)
plt.show()
gains = {name: (size[0] / size[-1]) ** (1 / 19) for name, size in sizes.items()}
print("factor per layer:", ", ".join(f"{gain:.2f} ({name})" for name, gain in gains.items()))
check.claim("sigmoid_gain", gains["sigmoid, s = 1 (Glorot)"])
check.claim("relu_gain", gains["ReLU, s = 1.41 (He)"])
check.claim("sigmoid_reach", 19 * np.log10(gains["sigmoid, s = 1 (Glorot)"]))

# %% [markdown]
# *What to look for: straight lines on a logarithmic scale, that is, one factor per layer.* Sigmoid layers keep 0.23
# of the gradient each, just under the bound of $1/4$; after nineteen of them twelve powers of ten are gone. Larger
# weights help the sigmoid only partly: they drive it into its flat ends, where the slope is smaller still. ReLU with
# He's weights has the factor 0.99; with $s = 1$ its gradient too vanishes, with $s = 2$ it *explodes*.
#
# Small gradients need not be a disaster if all were equally small: a larger rate would mend that. The trouble is that
# one rate must serve layers whose gradients differ by a factor of a million million. Does it matter for learning?
# **Predict, then run:** the same digits, the same training, one to eight hidden layers.

# %%
depths, reached = [1, 2, 3, 5, 8], {}
for name in ["sigmoid, s = 1 (Glorot)", "sigmoid, s = 4", "ReLU, s = 1.41 (He)"]:
    activation, gain = plans[name]
    reached[name] = []
    for depth in depths:
        params = new_network([64] * (depth + 1) + [10], np.random.default_rng(35), gain)
        params, _ = train(params, 20, 0.1, lambda *given: loss_and_grads(*given, activation))
        reached[name].append(accuracy(params, x_test, y_test, activation))
curves = {name: (depths, values) for name, values in reached.items()}
ax = plots.curves(curves, "hidden layers", "held-back accuracy")
ax.legend(loc="center", bbox_to_anchor=(0.6, 0.35))
plt.show()
check.claim("deep_sigmoid_accuracy", reached["sigmoid, s = 1 (Glorot)"][-1])
check.claim("deep_relu_accuracy", reached["ReLU, s = 1.41 (He)"][-1])

# %% [markdown]
# *What to look for: the sigmoid with Glorot's weights falls to guessing, 10 %, as layers are added; with larger
# weights it falls later; ReLU with He's holds about 96 % at eight layers.* The deep sigmoid network is hardly too
# weak for digits; its first layers are not *told*. Sepp Hochreiter analyzed this in his diploma thesis of 1991, for
# recurrent networks, where it is at its worst. Most of what followed was, in part, an answer: ReLU and He's weights
# as here, LSTM (chapter 11), normalization (6), residual connections (5).
#
# ## Credit assignment paths
#
# How deep is a network? Jürgen Schmidhuber's survey of 2015 measures depth by the way that credit must travel. A
# **credit assignment path** (CAP) is a chain of links, each from a cause to its effect, through the network to its
# output; its depth is the number of links from the *first learned link* on. The CAP depth of a network is that of its
# longest path.
#
# Drawn with one node per layer, a feed-forward network with $k$ hidden layers has the links input to first hidden,
# ..., last hidden to output: $k + 1$ of them, all learned. So its **CAP depth is the number of hidden layers plus
# one**; the output layer is learned too. In a recurrent network a state feeds itself. The path may go around as often
# as there are time steps, and the depth has **no bound**.
#
# To compute it, walk back from the output one link at a time, and keep the set of nodes that can be reached in
# exactly that many links. When the set is empty, the last length that worked was the longest. A path with more links
# than the graph has must use one of them twice, so there is a loop, and no end.


# %%
def cap_depth(links, output):
    """links: pairs (source, target), all learned -> length of the longest path to `output`."""
    reached, depth = {output}, 0
    while depth <= len(links):
        reached = {source for source, target in links if target in reached}
        if not reached:
            return depth
        depth += 1
    return np.inf


# %%
ours = [("pixels", "h1"), ("h1", "h2"), ("h2", "logits")]
check.claim("cap_depth", cap_depth(ours, "logits"))
print("logistic regression", cap_depth([("pixels", "logits")], "logits"))
print("ours with a shortcut", cap_depth(ours + [("pixels", "logits")], "logits"))
recurrent = [("word", "state"), ("state", "state"), ("state", "answer")]
print("recurrent", cap_depth(recurrent, "answer"))

# %% [markdown]
# The longest path counts, so a shortcut does not make a network shallower; but it gives credit a *short* way, which
# is what residual connections are for. And the last section has told us what the depth costs: the gradient that
# reaches the first layer is about $\text{factor}^{\,\text{depth} - 1}$ times that at the output. **CAP depth is the
# exponent of vanishing.**
#
# Where does *deep* begin? There is no agreed line. A path of depth 1 is a single layer: the loss speaks to every
# weight directly. At depth 2 one hidden layer stands between, and that is enough to *approximate* any continuous
# function on a closed, bounded region to any accuracy, given enough units (Cybenko 1989; Hornik 1991; chapter 5). But
# its features are all made straight from the input. From depth 3 on, a learned layer feeds a learned layer, and
# credit for a feature must pass through another feature which is itself still changing. That is what is new in kind,
# and why most people call **more than two** deep. Further layers add nothing to what can be approximated in
# principle; they change how much it costs and what can be learned. Schmidhuber himself reports that the experts whom
# he asked did not agree, draws no line at two, and calls problems of depth above ten *very deep*.
#
# ## The question, answered
#
# Back to the digit that the untrained network misread. Here is the blame for the weights of the first layer, one 8 by
# 8 picture for each of twelve hidden units: its 64 weights, one per pixel.

# %%
loss, grads = loss_and_grads(start, digit, label)
blame = grads[0][0]  # (64 pixels, 64 units)
shown = np.abs(blame).sum(axis=0).argsort()[::-1][:12]
scale = np.abs(blame).max()
pictures, titles = blame.T[shown].reshape(-1, 8, 8), [f"unit {j}" for j in shown]
plots.images(pictures, titles, columns=6, cmap=plots.DIVERGING, value_range=(-scale, scale))
plt.show()
check.claim("blameless", (flatten(grads) == 0).mean())

# %% [markdown]
# *What to look for: every picture is the digit itself, in red or blue, strong or faint.* Our formula says so. For a
# single example $X^{\mathsf T} D$ has the entries $X_k D_j$: the ink of pixel $k$ times the blame of unit $j$. A
# weight on a blank pixel is blameless, and so is one that leads to a unit that ReLU has switched off: 77 % of all
# weights and biases. Turning up a red weight raises the loss; turning up a blue one lowers it.
#
# Now one step against the blame, for this digit alone, and then what the whole training made of it.

# %%
one_step = stepped(start, grads, 0.2)
check.claim("right_before", softmax(logits_of(start, digit))[0, label[0]])
check.claim("right_after", softmax(logits_of(one_step, digit))[0, label[0]])
print("the same after training:", softmax(logits_of(trained, digit))[0, label[0]].round(4))
stages = {"before": start, "after one step": one_step, "after training": trained}
for stage, params in stages.items():
    print(f"held-back accuracy {stage}: {accuracy(params, x_test, y_test):.3f}")

# %% [markdown]
# **Which weights are to blame, how much each, and at what cost?** Those on a way from an inked pixel through active
# units to the outputs, each by the product of what came in and the blame that came back; all of them at once, for
# 2.37 runs in place of 6,571. One step against the blame lifts the probability of the truth from 0.07 to 0.41, and
# teaches next to nothing about other digits. Many such steps, each on 32 of them, make the reader with 97 %.
#
# ## Check yourself
#
# **1.** A weight is shared: it is used in three places of a network, with the gradients 2, -1 and 0.5 arriving by the
# three ways. What is its gradient?
#
# <details><summary>Answer</summary>
#
# It is 1.5: where paths meet, slopes add. This is how convolutions (chapter 8) and recurrent networks (chapter 11)
# share weights.
#
# </details>
#
# **2.** A dense layer maps 64 numbers to 10, the batch has 32 examples. Give the shapes of `x`, `W`, `dout`, `dW`,
# `db`, `dx`, and the one product of `x` and `dout` that can be `dW`.
#
# <details><summary>Answer</summary>
#
# `x` (32, 64), `W` (64, 10), `dout` (32, 10), `dW` (64, 10), `db` (10,), `dx` (32, 64). `x.T @ dout` is (64, 32)
# times (32, 10). It also sums over the examples, as it must.
#
# </details>
#
# **3.** All the softmax gradients of a row sum to zero. Why, and why must they?
#
# <details><summary>Answer</summary>
#
# Both $p$ and the one-hot truth sum to 1, so their difference sums to 0. It must: adding the same number to all
# logits changes no probability, so the slope in that direction is zero.
#
# </details>
#
# **4.** Your gradient check reports $3 \cdot 10^{-4}$. Bug or not?
#
# <details><summary>Answer</summary>
#
# Suspicious. First make sure that all is in 64 bits. Then try other examples and another step: a kink of ReLU appears
# for a few entries only and goes away with smaller $h$; a bug stays.
#
# </details>
#
# **5.** A network has five hidden layers, and the links into the first two are frozen at random values. What is its
# CAP depth?
#
# <details><summary>Answer</summary>
#
# Four: second hidden layer to third, which is the first learned link, then third to fourth, fourth to fifth, fifth to
# output.
#
# </details>
#
# ## In one paragraph
#
# Every calculation is a graph, and each arrow of it has a local derivative. The gradient of a node is the sum, over
# its users, of local derivative times the user's gradient; computed from the loss backward, this costs one product
# per arrow, so that all derivatives together cost about two more forward passes. In layers the sum becomes matrix
# products, `x.T @ dout` and `dout @ W.T`, and softmax with cross-entropy starts it with $p - \text{truth}$. Add up
# gradients where a value is used twice, set them to zero between steps, and believe none that you have not checked by
# central differences in 64 bits, since wrong ones often learn. Each layer multiplies the gradient by a factor; the
# slope of the activation and the scale of the weights decide whether credit survives a long path.
#
# ## Go further
#
# - M. Minsky (1961), *Steps toward artificial intelligence*, Proceedings of the IRE 49(1). The credit assignment
#   problem, named.
# - S. Linnainmaa (1970), *The representation of the cumulative rounding error of an algorithm as a Taylor expansion
#   of the local rounding errors*, master's thesis, University of Helsinki (in Finnish); in English as *Taylor
#   expansion of the accumulated rounding error*, BIT 16 (1976). The reverse mode, complete, without any network.
# - P. Werbos (1974), *Beyond Regression: New Tools for Prediction and Analysis in the Behavioral Sciences*, PhD
#   thesis, Harvard; and (1982), *Applications of advances in nonlinear sensitivity analysis*, in System Modeling and
#   Optimization, Springer. The idea carried to networks.
# - D. Rumelhart, G. Hinton and R. Williams (1986), *Learning representations by back-propagating errors*, Nature 323.
#   The four pages that made it known, by showing what hidden units learn.
# - W. Baur and V. Strassen (1983), *The complexity of partial derivatives*, Theoretical Computer Science 22. Why the
#   whole gradient costs no more than a small multiple of the function.
# - A. Griewank (2012), *Who invented the reverse mode of differentiation?*, Documenta Mathematica, extra volume ISMP.
#   The history with its many fathers, told fairly.
# - A. Baydin, B. Pearlmutter, A. Radul and J. Siskind (2018), *Automatic differentiation in machine learning: a
#   survey*, Journal of Machine Learning Research 18(153). From our few lines to real systems. (For the next size up,
#   read A. Karpathy's *micrograd*, 2020, a complete scalar engine in a hundred lines, which this chapter's first half
#   owes much to.)
# - S. Hochreiter (1991), *Untersuchungen zu dynamischen neuronalen Netzen*, diploma thesis, TU Munich (in
#   German); and, in English, Y. Bengio, P. Simard and P. Frasconi (1994), *Learning long-term dependencies with
#   gradient descent is difficult*, IEEE Transactions on Neural Networks 5(2). Why gradients vanish.
# - X. Glorot and Y. Bengio (2010), *Understanding the difficulty of training deep feedforward neural networks*,
#   AISTATS; K. He, X. Zhang, S. Ren and J. Sun (2015), *Delving deep into rectifiers*, ICCV. The two scales of
#   weights used here.
# - J. Schmidhuber (2015), *Deep learning in neural networks: an overview*, Neural Networks 61. Section 3 defines
#   credit assignment paths.
