# %% [markdown]
# Answers to `early_stopping`, each in the place of the whole solution cell.

# %% right="from_the_definition"
def early_stopping(losses, patience, min_delta=0.0):
    best_epoch = 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best_epoch] - min_delta:
            best_epoch = epoch
        elif epoch - best_epoch >= patience:
            return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% right="improvements_first"
def early_stopping(losses, patience, min_delta=0.0):
    improvements = [0]
    for epoch, loss in enumerate(losses):
        if losses[improvements[-1]] - loss > min_delta:
            improvements.append(epoch)
    last = len(losses) - 1
    for best, following in zip(improvements, improvements[1:] + [last + patience + 1]):
        if following > best + patience:
            return min(best + patience, last), best

# %% right="recursive"
def early_stopping(losses, patience, min_delta=0.0):
    def go(epoch, best_epoch):
        if epoch == len(losses):
            return epoch - 1, best_epoch
        if losses[epoch] < losses[best_epoch] - min_delta:
            return go(epoch + 1, epoch)
        return (epoch, best_epoch) if epoch == best_epoch + patience else go(epoch + 1, best_epoch)

    return go(1, 0)

# %% right="as_keras_does_it"
class Stopper:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.wait, self.best, self.best_epoch, self.stopped = 0, None, 0, False

    def on_epoch_end(self, epoch, loss):
        self.wait += 1
        if self.best is None or np.less(loss + self.min_delta, self.best):
            self.best, self.best_epoch, self.wait = loss, epoch, 0
        elif self.wait >= self.patience:
            self.stopped = True


def early_stopping(losses, patience, min_delta=0.0):
    stopper = Stopper(patience, min_delta)
    epoch = -1
    while not stopper.stopped and epoch + 1 < len(losses):
        epoch += 1
        stopper.on_epoch_end(epoch, losses[epoch])
    return epoch, stopper.best_epoch

# %% right="arrays"
def early_stopping(losses, patience, min_delta=0.0):
    losses = np.nan_to_num(np.asarray(losses, dtype=float), nan=np.inf)
    best = 0
    while True:
        better = np.flatnonzero(losses[best + 1 : best + 1 + patience] < losses[best] - min_delta)
        if better.size == 0:
            return int(min(best + patience, len(losses) - 1)), int(best)
        best = best + 1 + better[0]

# %% wrong="more_than_patience" diagnosis="one_epoch_late"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait > patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% wrong="count_begins_at_one" diagnosis="one_epoch_early"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 1
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% wrong="previous_loss" diagnosis="against_the_previous_epoch"
def early_stopping(losses, patience, min_delta=0.0):
    best_epoch, wait = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[epoch - 1] - min_delta:
            best_epoch, wait = epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% wrong="all_failures" diagnosis="count_not_reset"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_epoch = loss, epoch
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% wrong="equal_is_enough" diagnosis="ties_improve"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss <= best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% wrong="no_min_delta" diagnosis="min_delta_ignored"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% wrong="lenient" diagnosis="min_delta_added"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss - min_delta < best:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% wrong="share_of_the_best" diagnosis="min_delta_relative"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = losses[0], 0, 0
    for epoch, loss in enumerate(losses[1:], 1):
        if loss < best * (1 - min_delta):
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% wrong="asks_the_opposite" diagnosis="nan_improves"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = losses[0], 0, 0
    for epoch, loss in enumerate(losses[1:], 1):
        if loss >= best - min_delta:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
        else:
            best, best_epoch, wait = loss, epoch, 0
    return len(losses) - 1, best_epoch

# %% wrong="running_minimum" diagnosis="best_creeps"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        improved = loss < best - min_delta
        if loss < best:
            best = loss
        if improved:
            best_epoch, wait = epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% wrong="argmin_of_all" diagnosis="best_of_all_epochs"
def early_stopping(losses, patience, min_delta=0.0):
    best, wait = np.inf, 0
    stopped = len(losses) - 1
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, wait = loss, 0
        else:
            wait += 1
            if wait >= patience:
                stopped = epoch
                break
    return stopped, int(np.nanargmin(losses))

# %% wrong="argmin_plus_patience" diagnosis="smallest_of_all_plus_patience"
def early_stopping(losses, patience, min_delta=0.0):
    best = int(np.argmin(losses))
    return min(best + patience, len(losses) - 1), best

# %% wrong="index_of_the_min" diagnosis="smallest_of_all_plus_patience"
def early_stopping(losses, patience, min_delta=0.0):
    losses = list(losses)
    best = losses.index(min(losses))
    stopped = best + patience
    if stopped >= len(losses):
        stopped = len(losses) - 1
    return stopped, best

# %% wrong="argmin_until_the_stop" diagnosis="smallest_until_the_stop"
def early_stopping(losses, patience, min_delta=0.0):
    best, wait = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, wait = loss, 0
        else:
            wait += 1
            if wait >= patience:
                break
    return epoch, int(np.nanargmin(np.array(losses)[: epoch + 1]))

# %% wrong="starts_at_one" diagnosis="epochs_from_one"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 1, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses), best_epoch

# %% wrong="length_at_the_end" diagnosis="number_of_epochs"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses), best_epoch

# %% wrong="best_first" diagnosis="other_order"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return best_epoch, epoch
    return best_epoch, len(losses) - 1

# %% wrong="as_for_an_accuracy" diagnosis="largest_is_best"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = -np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss > best + min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% wrong="nothing_at_the_end" diagnosis="missing_return"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch

# %% wrong="starts_from_zero" diagnosis="best_starts_at_zero"
def early_stopping(losses, patience, min_delta=0.0):
    best, best_epoch, wait = 0.0, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch

# %% [raw] equivalent=true
# best, best_epoch, wait = (np.inf, 0, 0) => best, best_epoch, wait = (np.inf, 1, 0)
# Epoch 0 always is an improvement and sets the best epoch.

# %% [raw] equivalent=true
# best, best_epoch, wait = (np.inf, 0, 0) => best, best_epoch, wait = (np.inf, 0, 1)
# Epoch 0 always is an improvement and sets the count back to 0.
