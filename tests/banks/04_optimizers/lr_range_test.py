# %% [markdown]
# Answers to `lr_range_test`, each in the place of the whole solution cell.

# %% right="best_carried_along"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses, best = [], np.inf
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(float(loss))
        if not loss <= stop * min(best, loss) or loss == np.inf:
            break
        best = min(best, loss)
        w = w - rate * grad
    return np.array(losses)

# %% right="recursion"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    def run(w, rates, best):
        if len(rates) == 0:
            return []
        loss, grad = loss_and_grad(w)
        best = min(best, loss)
        if np.isnan(loss) or np.isinf(loss) or loss / best > stop:
            return [loss]
        return [loss, *run(w - rates[0] * grad, rates[1:], best)]
    return np.array(run(w, list(learning_rates), float('inf')))

# %% right="while_loop"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    out = np.zeros(len(learning_rates))
    w, i = w.astype(float), 0
    while i < len(out):
        out[i], grad = loss_and_grad(w)
        i += 1
        if not np.isfinite(out[i - 1]) or out[i - 1] > stop * out[:i].min():
            break
        w -= learning_rates[i - 1] * grad
    return out[:i]

# %% right="generator"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    def losses():
        here, smallest = w, None
        for rate in learning_rates:
            loss, grad = loss_and_grad(here)
            yield loss
            smallest = loss if smallest is None else min(smallest, loss)
            if not np.isfinite(loss) or smallest * stop < loss:
                return
            here = here - rate * grad
    return np.fromiter(losses(), dtype=float)

# %% wrong="recorded_after" diagnosis="loss_after"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        w = w - rate * loss_and_grad(w)[1]
        loss = loss_and_grad(w)[0]
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
    return np.array(losses)

# %% wrong="restarts" diagnosis="each_from_the_start"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses, here = [], w
    for rate in learning_rates:
        loss, grad = loss_and_grad(here)
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
        here = w - rate * loss_and_grad(w)[1]
    return np.array(losses)

# %% wrong="no_step" diagnosis="never_moves"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
    return np.array(losses)

# %% wrong="plus_for_minus" diagnosis="uphill"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
        w = w + rate * grad
    return np.array(losses)

# %% wrong="first_rate" diagnosis="one_rate"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
        w = w - learning_rates[0] * grad
    return np.array(losses)

# %% wrong="to_the_end" diagnosis="never_stops"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        w = w - rate * grad
    return np.array(losses)

# %% wrong="left_before_recording" diagnosis="last_one_dropped"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        if not np.isfinite(loss) or (losses and loss > stop * min(losses)):
            break
        losses.append(loss)
        w = w - rate * grad
    return np.array(losses)

# %% wrong="first_loss" diagnosis="against_the_first"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * losses[0]:
            break
        w = w - rate * grad
    return np.array(losses)

# %% wrong="loss_before" diagnosis="against_the_one_before"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or len(losses) > 1 and loss > stop * losses[-2]:
            break
        w = w - rate * grad
    return np.array(losses)

# %% wrong="absolute_limit" diagnosis="against_one"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop:
            break
        w = w - rate * grad
    return np.array(losses)

# %% wrong="first_rise" diagnosis="any_rise"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > min(losses):
            break
        w = w - rate * grad
    return np.array(losses)

# %% wrong="at_least" diagnosis="equal_is_too_much"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss >= stop * min(losses):
            break
        w = w - rate * grad
    return np.array(losses)

# %% wrong="four_built_in" diagnosis="stop_ignored"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > 4 * min(losses):
            break
        w = w - rate * grad
    return np.array(losses)

# %% wrong="nan_unseen" diagnosis="not_finite_goes_on"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if loss > stop * min(losses):
            break
        w = w - rate * grad
    return np.array(losses)

# %% wrong="last_weights_too" diagnosis="one_too_many"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
        w = w - rate * grad
    else:
        losses.append(loss_and_grad(w)[0])
    return np.array(losses)

# %% wrong="argmin" diagnosis="best_rate"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
        w = w - rate * grad
    return learning_rates[int(np.nanargmin(losses))]

# %% wrong="called_twice" diagnosis="evaluations"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss = loss_and_grad(w)[0]
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
        w = w - rate * loss_and_grad(w)[1]
    return np.array(losses)

# %% wrong="list_returned" diagnosis="wrong_kind"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
        w = w - rate * grad
    return losses

# %% wrong="w_changed" diagnosis="in_place"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = []
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        losses.append(loss)
        if not np.isfinite(loss) or loss > stop * min(losses):
            break
        w -= rate * grad
    return np.array(losses)

# %% wrong="zeros_at_the_end" diagnosis="shape"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses = np.zeros(len(learning_rates))
    for i, rate in enumerate(learning_rates):
        losses[i], grad = loss_and_grad(w)
        if not np.isfinite(losses[i]) or losses[i] > stop * losses[: i + 1].min():
            break
        w = w - rate * grad
    return losses

# %% wrong="left_before_recording_nan_unasked" diagnosis="last_one_dropped_and_nan"
def lr_range_test(loss_and_grad, w, learning_rates, stop=4.0):
    losses, best = [], np.inf
    for rate in learning_rates:
        loss, grad = loss_and_grad(w)
        best = min(best, loss)
        if loss > stop * best:
            break
        losses.append(loss)
        w = w - rate * grad
    return np.array(losses)
