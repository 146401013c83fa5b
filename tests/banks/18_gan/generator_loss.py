# %% [markdown]
# Answers to `generator_loss`, each in the place of the whole solution cell.

# %% right="table_of_functions"
def generator_loss(fake_logits, kind="non_saturating"):
    softplus = lambda a: np.logaddexp(0, a)
    sigmoid = lambda a: 0.5 * (1 + np.tanh(a / 2))
    kinds = {
        "minimax": (lambda a: -softplus(a), lambda a: -sigmoid(a)),
        "non_saturating": (lambda a: softplus(-a), lambda a: sigmoid(a) - 1),
        "wasserstein": (lambda a: -a, lambda a: -np.ones(a.shape)),
        "least_squares": (lambda a: 0.5 * (a - 1) ** 2, lambda a: a - 1),
    }
    if kind not in kinds:
        raise ValueError(f"no such kind: {kind}")
    loss, slope = kinds[kind]
    return loss(fake_logits).mean(), slope(fake_logits) / fake_logits.size

# %% right="loops"
import math

def generator_loss(fake_logits, kind="non_saturating"):
    if kind not in ("minimax", "non_saturating", "wasserstein", "least_squares"):
        raise ValueError(kind)
    total, gradient = 0.0, np.zeros(fake_logits.shape)
    for place, a in np.ndenumerate(fake_logits):
        small = math.exp(-abs(a))
        d = 1 / (1 + small) if a >= 0 else small / (1 + small)
        softplus = max(a, 0) + math.log1p(small)
        if kind == "minimax":
            total -= softplus
            gradient[place] = -d
        elif kind == "non_saturating":
            total += softplus - a
            gradient[place] = d - 1
        elif kind == "wasserstein":
            total -= a
            gradient[place] = -1
        else:
            total += (a - 1) ** 2 / 2
            gradient[place] = a - 1
    return total / fake_logits.size, gradient / fake_logits.size

# %% right="backend_gradients"
def generator_loss(fake_logits, kind="non_saturating"):
    losses = {
        "minimax": lambda a: -ops.softplus(a),
        "non_saturating": lambda a: ops.softplus(-a),
        "wasserstein": lambda a: -a,
        "least_squares": lambda a: ops.square(a - 1) / 2,
    }
    if kind not in losses:
        raise ValueError(kind)
    x = np.array(fake_logits, "float32")
    mean = float(ops.mean(losses[kind](ops.convert_to_tensor(x))))
    slope = input_gradient(losses[kind], x)
    return mean, ops.convert_to_numpy(slope) / x.size

# %% right="base"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope / n

# %% wrong="no_n" diagnosis="gradient_of_a_sum"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope

# %% wrong="downhill" diagnosis="gradient_sign_flipped"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean()), -slope / n

# %% wrong="summed_loss" diagnosis="sums_in_the_loss"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.sum()), slope / n

# %% wrong="sums" diagnosis="sums_in_both"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.sum()), slope

# %% wrong="names_exchanged" diagnosis="kinds_exchanged"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "non_saturating":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "minimax":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope / n

# %% wrong="one_kind" diagnosis="kind_ignored"
def generator_loss(fake_logits, kind="non_saturating"):
    if kind not in ("minimax", "non_saturating", "wasserstein", "least_squares"):
        raise ValueError(kind)
    d = np.exp(-np.logaddexp(0, -fake_logits))
    return float(np.logaddexp(0, -fake_logits).mean()), (d - 1) / len(fake_logits)

# %% wrong="minimax_plus" diagnosis="minimax_turned_over"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = np.logaddexp(0, a), sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope / n

# %% wrong="chain_not_finished" diagnosis="slope_of_the_probability"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -1 / sigmoid(-a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -1 / sigmoid(a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope / n

# %% wrong="slopes_exchanged" diagnosis="sigmoid_at_the_wrong_end"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(-a) + 0
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope / n

# %% wrong="critics_side" diagnosis="the_critics_sign"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = a, np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope / n

# %% wrong="half_missing" diagnosis="no_half"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2, 2 * (a - 1)
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope / n

# %% wrong="half_in_one_place" diagnosis="half_in_the_loss_alone"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, 2 * (a - 1)
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope / n

# %% wrong="target_zero" diagnosis="toward_the_answer_zero"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = a**2 / 2, a
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope / n

# %% wrong="one_slope" diagnosis="mean_of_the_gradient"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean()), float(slope.mean())

# %% wrong="no_gradient" diagnosis="loss_alone"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean())

# %% wrong="quotient_of_exponentials" diagnosis="not_finite"
def sigmoid(a):
    return np.exp(a) / (1 + np.exp(a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope / n

# %% wrong="logarithm_of_zero" diagnosis="not_finite"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = np.log(1 - sigmoid(a)), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = -np.log(sigmoid(a)), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    elif kind == "least_squares":
        loss, slope = (a - 1) ** 2 / 2, a - 1
    else:
        raise ValueError(kind)
    return float(loss.mean()), slope / n

# %% wrong="no_error" diagnosis="no_error"
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))

def generator_loss(fake_logits, kind="non_saturating"):
    a = fake_logits
    n = a.size
    if kind == "minimax":
        loss, slope = -np.logaddexp(0, a), -sigmoid(a)
    elif kind == "non_saturating":
        loss, slope = np.logaddexp(0, -a), -sigmoid(-a)
    elif kind == "wasserstein":
        loss, slope = -a, -np.ones_like(a)
    else:
        loss, slope = (a - 1) ** 2 / 2, a - 1
    return float(loss.mean()), slope / n

# %% [raw] equivalent=true
# return (float(((a - 1) ** 2).mean() / 2), (a - 1) / n) => return (float(((1 - a) ** 2).mean() / 2), (a - 1) / n)
# A number and its negative have the same square.
