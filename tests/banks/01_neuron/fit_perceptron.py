# %% [markdown]
# Answers to `fit_perceptron`, each in the place of the whole solution cell.

# %% right="rule_written_again"
def fit_perceptron(x, y, max_passes=100):
    n, d = x.shape
    w, b, history = np.zeros(d), 0.0, []
    for _ in range(max_passes):
        wrong = 0
        for i in range(n):
            if y[i] * (np.dot(w, x[i]) + b) <= 0:
                w = w + y[i] * x[i]
                b = b + y[i]
                wrong += 1
        history.append(wrong)
        if not wrong:
            return w, b, history
    return w, b, history

# %% right="with_a_column_of_ones"
def fit_perceptron(x, y, max_passes=100):
    x1 = np.column_stack([x, np.ones(len(x))])
    w = np.zeros(x1.shape[1])
    mistakes = [None]
    while mistakes[-1] != 0 and len(mistakes) <= max_passes:
        mistakes.append(0)
        for row, label in zip(x1, y):
            if label * (row @ w) <= 0:
                w += label * row
                mistakes[-1] += 1
    return w[:-1], float(w[-1]), mistakes[1:]

# %% right="steps_compared"
def fit_perceptron(x, y, max_passes=100):
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        count = 0
        for x_i, y_i in zip(x, y):
            new_weights, new_bias = perceptron_step(weights, bias, x_i, y_i)
            count += int(new_bias != bias)
            weights, bias = new_weights, new_bias
        mistakes = mistakes + [count]
        if count == 0:
            break
    return weights, bias, mistakes

# %% right="signed_rows"
def fit_perceptron(x, y, max_passes=100):
    # z y = (y x) w + y b, so let the rows carry their labels
    signed = y[:, None] * np.hstack([x, np.ones((len(x), 1))])
    w, mistakes = np.zeros(signed.shape[1]), []
    for _ in range(max_passes):
        wrong = [w := w + row for row in signed if row @ w <= 0]
        mistakes.append(len(wrong))
        if not wrong:
            break
    return w[:-1], w[-1], mistakes

# %% right="folded"
from dataclasses import dataclass, replace
from functools import reduce

@dataclass(frozen=True)
class State:
    weights: np.ndarray
    bias: float = 0.0
    errors: int = 0

def visit(state, example):
    x, y = example
    if y * (state.weights.dot(x) + state.bias) > 0:
        return state
    return replace(state, weights=state.weights + y * x, bias=state.bias + y, errors=state.errors + 1)

def fit_perceptron(x, y, max_passes=100):
    state, mistakes = State(np.zeros(x.shape[-1])), []
    for _ in range(max_passes):
        state = reduce(visit, zip(x, y), replace(state, errors=0))
        mistakes += [state.errors]
        if not state.errors:
            break
    return state.weights, state.bias, mistakes

# %% right="jumps_to_the_next_mistake"
def fit_perceptron(x, y, max_passes=100):
    signed = np.hstack([x, np.ones((len(x), 1))]) * y[:, None]
    w, mistakes = np.zeros(signed.shape[1]), []
    for _ in range(max_passes):
        start, n = 0, 0
        while (bad := np.flatnonzero(signed[start:] @ w <= 0)).size:
            w = w + signed[start + bad[0]]
            start, n = start + bad[0] + 1, n + 1
        mistakes.append(n)
        if n == 0:
            break
    return w[:-1], w[-1], mistakes

# %% wrong="all_at_once" diagnosis="stale_weights"
def fit_perceptron(x, y, max_passes=100):
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        wrong = y * (x @ weights + bias) <= 0
        mistakes.append(int(wrong.sum()))
        if mistakes[-1] == 0:
            break
        weights = weights + (y[wrong, None] * x[wrong]).sum(axis=0)
        bias = bias + y[wrong].sum()
    return weights, bias, mistakes

# %% wrong="no_early_stop" diagnosis="never_stops_early"
def fit_perceptron(x, y, max_passes=100):
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        count = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                count += 1
        mistakes.append(count)
    return weights, bias, mistakes

# %% wrong="break_before_append" diagnosis="last_pass_missing"
def fit_perceptron(x, y, max_passes=100):
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        count = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                count += 1
        if count == 0:
            break
        mistakes.append(count)
    return weights, bias, mistakes

# %% wrong="a_total" diagnosis="total_instead_of_list"
def fit_perceptron(x, y, max_passes=100):
    weights, bias, total = np.zeros(x.shape[1]), 0.0, 0
    for _ in range(max_passes):
        clean = True
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                total += 1
                clean = False
        if clean:
            break
    return weights, bias, total

# %% wrong="break_in_the_inner_loop" diagnosis="one_mistake_a_pass"
def fit_perceptron(x, y, max_passes=100):
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        count = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                count += 1
                break
        mistakes.append(count)
        if count == 0:
            break
    return weights, bias, mistakes

# %% wrong="ties_are_right" diagnosis="tie_not_counted"
def fit_perceptron(x, y, max_passes=100):
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        count = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) < 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return weights, bias, mistakes

# %% wrong="running_total" diagnosis="counter_not_reset"
def fit_perceptron(x, y, max_passes=100):
    weights, bias, mistakes, count = np.zeros(x.shape[1]), 0.0, [], 0
    for _ in range(max_passes):
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return weights, bias, mistakes

# %% wrong="weights_of_one" diagnosis="starts_at_one"
def fit_perceptron(x, y, max_passes=100):
    weights, bias, mistakes = np.ones(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        count = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return weights, bias, mistakes

# %% wrong="zeros_in_the_loop" diagnosis="restarts_each_pass"
def fit_perceptron(x, y, max_passes=100):
    mistakes = []
    for _ in range(max_passes):
        weights, bias, count = np.zeros(x.shape[1]), 0.0, 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return weights, bias, mistakes

# %% wrong="bias_stays_zero" diagnosis="no_bias_learned"
def fit_perceptron(x, y, max_passes=100):
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        count = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights = weights + y_i * x_i
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return weights, bias, mistakes

# %% wrong="shuffled" diagnosis="value"
def fit_perceptron(x, y, max_passes=100):
    rng = np.random.default_rng(0)
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_passes):
        count = 0
        for i in rng.permutation(len(x)):
            if y[i] * (weights @ x[i] + bias) <= 0:
                weights, bias = weights + y[i] * x[i], bias + y[i]
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return weights, bias, mistakes

# %% wrong="forgets_the_list" diagnosis="no_list"
def fit_perceptron(x, y, max_passes=100):
    weights, bias = np.zeros(x.shape[1]), 0.0
    for _ in range(max_passes):
        count = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                count += 1
        if count == 0:
            break
    return weights, bias

# %% wrong="one_pass_too_many" diagnosis="one_pass_too_many"
def fit_perceptron(x, y, max_passes=100):
    weights, bias, mistakes = np.zeros(x.shape[1]), 0.0, []
    while len(mistakes) <= max_passes:
        count = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                count += 1
        mistakes.append(count)
        if count == 0:
            break
    return weights, bias, mistakes

# %% [raw] equivalent=true
# if y_i * (weights @ x_i + bias) <= 0: => if y_i * (x_i @ weights + bias) <= 0:
# The product of two vectors is the same in either order.
