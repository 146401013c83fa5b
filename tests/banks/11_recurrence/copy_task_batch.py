# %% [markdown]
# Answers to `copy_task_batch`, each in the place of the whole solution cell.

# %% right="slices"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% right="lists"
def copy_task_batch(symbols, delays, n_symbols):
    length, longest = len(symbols[0]), int(max(delays))
    shown, wanted, counted = [], [], []
    for row, delay in zip(symbols.tolist(), delays.tolist()):
        before, after = length + delay + 1, longest - delay
        shown.append(row + delay * [0] + [n_symbols + 1] + (length + after) * [0])
        wanted.append(before * [0] + row + after * [0])
        counted.append(before * [0.0] + length * [1.0] + after * [0.0])
    one_hot = [[[1.0 if sign == s else 0.0 for s in range(n_symbols + 2)] for sign in row] for row in shown]
    return np.array(one_hot), np.array(wanted), np.array(counted)

# %% right="indices"
def copy_task_batch(symbols, delays, n_symbols):
    """No loop: rows and steps as index arrays."""
    batch, length = symbols.shape
    time = 2 * length + delays.max() + 1
    rows = np.arange(batch)[:, None]
    steps = (length + delays + 1)[:, None] + np.arange(length)
    signs = np.zeros((batch, time), dtype=int)
    signs[:, :length] = symbols
    signs[rows[:, 0], length + delays] = n_symbols + 1
    targets = np.zeros_like(signs)
    targets[rows, steps] = symbols
    inputs = (signs[:, :, None] == np.arange(n_symbols + 2)).astype("float32")
    return inputs, targets, (targets > 0).astype("float32")

# %% right="by_position"
import keras

def copy_task_batch(symbols, delays, n_symbols):
    """Each step asks where it stands behind the go signal."""
    batch, length = symbols.shape
    time = 2 * length + int(np.max(delays)) + 1
    since = np.arange(time)[None, :] - (length + np.array(delays))[:, None]
    weights = ((since >= 1) & (since <= length)).astype(int)
    place = np.clip(since - 1, 0, length - 1)
    targets = weights * np.take_along_axis(symbols, place, axis=1)
    shown = np.pad(symbols, ((0, 0), (0, time - length)))
    shown = np.where(since == 0, n_symbols + 1, shown)
    return keras.utils.to_categorical(shown, n_symbols + 2), targets, weights

# %% wrong="ids_for_inputs" diagnosis="not_one_hot"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = signs
    return inputs, targets, weights

# %% wrong="no_signal" diagnosis="go_signal_not_in_the_width"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="signal_is_a_symbol" diagnosis="go_signal_is_the_last_symbol"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="at_the_signal" diagnosis="answer_with_the_signal"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go, go + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="signal_early" diagnosis="signal_one_early"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go - 1] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="everything_early" diagnosis="all_one_early"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k] - 1
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="longest_for_all" diagnosis="one_delay_for_all"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + max(delays)
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="first_for_all" diagnosis="delay_of_the_first_row"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[0]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="right_aligned" diagnosis="aligned_at_the_end"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        start = max(delays) - delays[k]
        go = start + length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, start : start + length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="last_steps" diagnosis="answers_at_the_end"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(time - length, time)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="counts_to_the_end" diagnosis="weights_to_the_end"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, go + 1 :] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="all_ones" diagnosis="weights_everywhere"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.ones((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="upside_down" diagnosis="weights_inverted"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.ones((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 0
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="signal_counts" diagnosis="weights_from_the_signal"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, go : go + 1 + length] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="leak" diagnosis="answer_shown"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
        signs[k, answer] = symbols[k]
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="reverse_order" diagnosis="backwards"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k][::-1]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="echo_at_once" diagnosis="targets_repeat_the_input"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, :length] = symbols[k]
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="one_hot_targets" diagnosis="targets_one_hot"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, np.eye(n_symbols + 2)[targets], weights

# %% wrong="a_step_more" diagnosis="one_step_too_long"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 2
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="from_zero" diagnosis="counted_from_zero"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k] - 1
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k] - 1
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="a_step_less" diagnosis="shape"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays)
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k][: time - go - 1]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets, weights

# %% wrong="width_too_small" diagnosis="raised"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 1)[signs]
    return inputs, targets, weights

# %% wrong="no_weights" diagnosis="value"
def copy_task_batch(symbols, delays, n_symbols):
    batch, length = symbols.shape
    time = 2 * length + max(delays) + 1
    signs = np.zeros((batch, time), int)
    targets = np.zeros((batch, time), int)
    weights = np.zeros((batch, time))
    for k in range(batch):
        go = length + delays[k]
        answer = slice(go + 1, go + 1 + length)
        signs[k, :length] = symbols[k]
        signs[k, go] = n_symbols + 1
        targets[k, answer] = symbols[k]
        weights[k, answer] = 1
    inputs = np.eye(n_symbols + 2)[signs]
    return inputs, targets
