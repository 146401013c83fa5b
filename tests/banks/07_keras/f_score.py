# %% [markdown]
# Answers to `f_score`, each in the place of the whole solution cell.

# %% right="precision_and_recall"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.hits = self.add_weight(initializer="zeros")
        self.claimed = self.add_weight(initializer="zeros")
        self.wanted = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = ops.cast(ops.reshape(y_true, [-1]), "float32")
        positive = ops.cast(ops.greater(ops.reshape(y_pred, [-1]), self.threshold), "float32")
        self.hits.assign(self.hits + ops.sum(y_true * positive))
        self.claimed.assign(self.claimed + ops.sum(positive))
        self.wanted.assign(self.wanted + ops.sum(y_true))

    def result(self):
        precision = ops.divide_no_nan(self.hits, self.claimed)
        recall = ops.divide_no_nan(self.hits, self.wanted)
        b2 = self.beta**2
        return ops.divide_no_nan((1 + b2) * precision * recall, b2 * precision + recall)

# %% right="keras_metrics_inside"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta = beta
        self.tp = keras.metrics.TruePositives(thresholds=threshold)
        self.fp = keras.metrics.FalsePositives(thresholds=threshold)
        self.fn = keras.metrics.FalseNegatives(thresholds=threshold)

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = ops.ravel(y_true), ops.ravel(y_pred)
        for counter in (self.tp, self.fp, self.fn):
            counter.update_state(y_true, y_pred)

    def result(self):
        tp, fp, fn = self.tp.result(), self.fp.result(), self.fn.result()
        b2 = self.beta * self.beta
        return ops.divide_no_nan((1 + b2) * tp, (1 + b2) * tp + fp + b2 * fn)

    def reset_state(self):
        for counter in (self.tp, self.fp, self.fn):
            counter.reset_state()

# %% right="one_vector_of_counts"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.counts = self.add_weight(shape=(3,), initializer="zeros", name="counts")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "bool"), (-1,))
        p = ops.reshape(y_pred, (-1,)) > self.threshold
        kinds = [ops.logical_and(y, p), ops.logical_and(~y, p), ops.logical_and(y, ~p)]
        self.counts.assign_add(ops.stack([ops.sum(ops.cast(k, "float32")) for k in kinds]))

    def result(self):
        tp, fp, fn = self.counts[0], self.counts[1], self.counts[2]
        below = (1 + self.beta**2) * tp + fp + self.beta**2 * fn
        return ops.where(tp > 0, (1 + self.beta**2) * tp / ops.maximum(below, 1e-9), 0.0)

# %% right="weighted_sums"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.weight, self.threshold = beta**2, threshold
        self.above = self.add_weight(initializer="zeros")
        self.below = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.cast(ops.reshape(y_true, (-1,)), "float32")
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        w = ops.ones_like(y) if sample_weight is None else ops.reshape(sample_weight, (-1,))
        self.above.assign_add((1 + self.weight) * ops.sum(w * y * p))
        self.below.assign_add(ops.sum(w * (self.weight * y + p)))

    def result(self):
        return self.above / ops.maximum(self.below, 1e-12)

# %% wrong="average_of_scores" diagnosis="mean_of_batches"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.total = self.add_weight(initializer="zeros")
        self.batches = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        b2 = self.beta**2
        self.total.assign_add(ops.divide_no_nan((1 + b2) * ops.sum(y * p), b2 * ops.sum(y) + ops.sum(p)))
        self.batches.assign_add(1)

    def result(self):
        return ops.divide_no_nan(self.total, self.batches)

# %% wrong="overwritten" diagnosis="last_batch_only"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp.assign(ops.sum(y * p))
        self.fp.assign(ops.sum((1 - y) * p))
        self.fn.assign(ops.sum(y * (1 - p)))

    def result(self):
        above = (1 + self.beta**2) * self.tp
        return ops.divide_no_nan(above, above + self.fp + self.beta**2 * self.fn)

# %% wrong="precision" diagnosis="precision_alone"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        return ops.divide_no_nan(self.tp, self.tp + self.fp)

# %% wrong="recall" diagnosis="recall_alone"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        return ops.divide_no_nan(self.tp, self.tp + self.fn)

# %% wrong="arithmetic_mean" diagnosis="mean_of_the_two"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        precision = ops.divide_no_nan(self.tp, self.tp + self.fp)
        return (precision + ops.divide_no_nan(self.tp, self.tp + self.fn)) / 2

# %% wrong="the_lessons_f1" diagnosis="beta_ignored"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        return ops.divide_no_nan(2 * self.tp, 2 * self.tp + self.fp + self.fn)

# %% wrong="beta_as_it_is" diagnosis="beta_not_squared"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        above = (1 + self.beta) * self.tp
        return ops.divide_no_nan(above, above + self.fp + self.beta * self.fn)

# %% wrong="beta_on_precision" diagnosis="beta_on_false_alarms"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        above = (1 + self.beta**2) * self.tp
        return ops.divide_no_nan(above, above + self.beta**2 * self.fp + self.fn)

# %% wrong="factor_above_alone" diagnosis="factor_only_above"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        above = (1 + self.beta**2) * self.tp
        return ops.divide_no_nan(above, self.tp + self.fp + self.beta**2 * self.fn)

# %% wrong="accuracy" diagnosis="accuracy_instead"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp.assign_add(ops.sum(ops.cast(ops.equal(y, p), "float32")))
        self.fp.assign_add(ops.sum(ops.ones_like(y)))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        return ops.divide_no_nan(self.tp, self.fp)

# %% wrong="greater_or_equal" diagnosis="at_the_threshold"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) >= self.threshold, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        above = (1 + self.beta**2) * self.tp
        return ops.divide_no_nan(above, above + self.fp + self.beta**2 * self.fn)

# %% wrong="rounded" diagnosis="threshold_ignored"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > 0.5, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        above = (1 + self.beta**2) * self.tp
        return ops.divide_no_nan(above, above + self.fp + self.beta**2 * self.fn)

# %% wrong="soft_counts" diagnosis="not_thresholded"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)), "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        above = (1 + self.beta**2) * self.tp
        return ops.divide_no_nan(above, above + self.fp + self.beta**2 * self.fn)

# %% wrong="shapes_not_joined" diagnosis="broadcast_pairs"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.cast(y_true, "float32")
        p = ops.cast(ops.convert_to_tensor(y_pred) > self.threshold, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        above = (1 + self.beta**2) * self.tp
        return ops.divide_no_nan(above, above + self.fp + self.beta**2 * self.fn)

# %% wrong="plain_division" diagnosis="zero_over_zero"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        above = (1 + self.beta**2) * self.tp
        return above / (above + self.fp + self.beta**2 * self.fn)

# %% wrong="counters_are_plain_numbers" diagnosis="never_reset"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.fp = self.fn = 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        p = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        self.tp += ops.sum(y * p)
        self.fp += ops.sum((1 - y) * p)
        self.fn += ops.sum(y * (1 - p))

    def result(self):
        above = (1 + self.beta**2) * self.tp
        return ops.divide_no_nan(above, above + self.fp + self.beta**2 * self.fn)

# %% wrong="numpy_inside" diagnosis="raised"
class FScore(keras.metrics.Metric):
    def __init__(self, beta=1.0, threshold=0.5, name="f_score", **options):
        super().__init__(name=name, **options)
        self.beta, self.threshold = beta, threshold
        self.tp = self.add_weight(initializer="zeros")
        self.fp = self.add_weight(initializer="zeros")
        self.fn = self.add_weight(initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = np.array(y_true).ravel().astype("float32")
        p = (np.array(y_pred).ravel() > self.threshold).astype("float32")
        self.tp.assign_add(ops.sum(y * p))
        self.fp.assign_add(ops.sum((1 - y) * p))
        self.fn.assign_add(ops.sum(y * (1 - p)))

    def result(self):
        above = (1 + self.beta**2) * self.tp
        return ops.divide_no_nan(above, above + self.fp + self.beta**2 * self.fn)
