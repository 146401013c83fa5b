# %% [markdown]
# Answers to `keep_best`, each in the place of the whole solution cell.

# %% right="early_return"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best = float("inf")
        self.best_epoch = -1
        self.kept = []

    def on_epoch_end(self, epoch, logs=None):
        value = float((logs or {}).get(self.monitor, np.nan))
        if np.isnan(value) or value >= self.best:
            return
        self.best = value
        self.best_epoch = epoch
        self.kept = [np.copy(weight) for weight in self.model.get_weights()]

    def on_train_end(self, logs=None):
        if self.best_epoch >= 0:
            self.model.set_weights(self.kept)

# %% right="history_of_values"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch = np.inf, -1
        self.values, self.snapshots = [], []

    def on_epoch_end(self, epoch, logs=None):
        self.values.append(np.nan_to_num(logs[self.monitor], nan=np.inf, posinf=np.inf))
        self.snapshots.append(self.model.get_weights())
        if min(self.values) < np.inf:
            self.best_epoch = int(np.argmin(self.values))
            self.best = float(self.values[self.best_epoch])

    def on_train_end(self, logs=None):
        if self.best_epoch != -1:
            self.model.set_weights(self.snapshots[self.best_epoch])

# %% right="variables_copied_one_by_one"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor
        self.on_train_begin()

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.copies = np.inf, -1, {}

    def on_epoch_end(self, epoch, logs=None):
        improved = logs[self.monitor] < self.best
        if improved:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.copies = {w.path: np.array(ops.convert_to_numpy(w)) for w in self.model.weights}

    def on_train_end(self, logs=None):
        for w in self.model.weights:
            if w.path in self.copies:
                w.assign(self.copies[w.path])

# %% right="on_top_of_keras"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best_epoch = -1
        self.best = np.inf
        self.restore = lambda: None

    def on_epoch_end(self, epoch, logs=None):
        value = logs[self.monitor]
        if self.best > value:
            weights = self.model.get_weights()
            self.restore = lambda: self.model.set_weights(weights)
            self.best_epoch, self.best = epoch, value

    def on_train_end(self, logs=None):
        self.restore()

# %% wrong="keeps_and_forgets" diagnosis="never_put_back"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = np.inf, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.monitor] < self.best:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        pass

# %% wrong="keeps_the_variables" diagnosis="never_put_back"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = np.inf, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.monitor] < self.best:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.weights = self.model.weights

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights([np.array(w) for w in self.weights])

# %% wrong="no_comparison" diagnosis="always_the_last"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = np.inf, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if True:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights(self.weights)

# %% wrong="maximum" diagnosis="larger_is_better"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = -np.inf, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.monitor] > self.best:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights(self.weights)

# %% wrong="less_or_equal" diagnosis="later_at_a_tie"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = np.inf, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.monitor] <= self.best:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights(self.weights)

# %% wrong="first_value_unquestioned" diagnosis="nan_sticks"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = None, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if self.best is None or logs[self.monitor] < self.best:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights(self.weights)

# %% wrong="not_greater_or_equal" diagnosis="nan_is_better"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = np.inf, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if not logs[self.monitor] >= self.best:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights(self.weights)

# %% wrong="counts_from_one" diagnosis="epoch_from_one"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = np.inf, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.monitor] < self.best:
            self.best, self.best_epoch = logs[self.monitor], epoch + 1
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights(self.weights)

# %% wrong="training_loss" diagnosis="watches_the_loss"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = np.inf, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if logs["loss"] < self.best:
            self.best, self.best_epoch = logs["loss"], epoch
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights(self.weights)

# %% wrong="monitor_ignored" diagnosis="watches_val_loss"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = np.inf, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if logs.get("val_loss", np.inf) < self.best:
            self.best, self.best_epoch = logs["val_loss"], epoch
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights(self.weights)

# %% wrong="best_starts_at_zero" diagnosis="below_zero_only"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = 0.0, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.monitor] < self.best:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights(self.weights)

# %% wrong="set_up_in_init_alone" diagnosis="old_best_stays"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor
        self.best, self.best_epoch, self.weights = np.inf, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.monitor] < self.best:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights(self.weights)

# %% wrong="nothing_kept_is_put_back" diagnosis="raised"
class KeepBest(keras.callbacks.Callback):
    def __init__(self, monitor="val_loss"):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best, self.best_epoch, self.weights = np.inf, -1, None

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.monitor] < self.best:
            self.best, self.best_epoch = logs[self.monitor], epoch
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        self.model.set_weights(self.weights)

# %% [raw] equivalent=true
# super().__init__() => pass
# What Keras's Callback prepares there (model and params) is set again before training begins.
