# %% [markdown]
# Answers to `fit_by_hand`, each in the place of the whole solution cell.

# %% right="reshaped_batches"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    n = len(x) // batch_size
    x_batches = np.reshape(x[: n * batch_size], (n, batch_size, *x.shape[1:]))
    y_batches = np.reshape(y[: n * batch_size], (n, batch_size, *y.shape[1:]))
    history = []
    for epoch in range(epochs):
        total = 0.0
        for x_batch, y_batch in zip(x_batches, y_batches):
            total += float(step(x_batch, y_batch))
        history.append(total / n)
    return history

# %% right="keras_train_on_batch"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    model.compile(optimizer=optimizer, loss=loss_fn)
    means = []
    for _ in range(epochs):
        losses = []
        for k in range(len(x) // batch_size):
            rows = slice(k * batch_size, (k + 1) * batch_size)
            before = model.get_metrics_result() if losses else None
            model.reset_metrics()
            losses.append(float(model.train_on_batch(x[rows], y[rows])))
        means.append(sum(losses) / len(losses))
    return means

# %% right="gradients_then_apply"
from course.autodiff import value_and_grad

def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    weights = model.trainable_variables
    gradient = value_and_grad(loss_of, weights, model.non_trainable_variables)
    history = []
    for _ in range(epochs):
        losses = []
        i = 0
        while i + batch_size <= len(x):
            loss, grads = gradient(x[i : i + batch_size], y[i : i + batch_size])
            optimizer.apply(grads, weights)
            losses.append(float(loss))
            i += batch_size
        history.append(np.mean(losses))
    return [float(mean) for mean in history]

# %% right="a_generator_of_batches"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def batches():
        for k in range(len(x) // batch_size):
            yield x[k * batch_size : (k + 1) * batch_size], y[k * batch_size : (k + 1) * batch_size]

    def objective(inputs, targets):
        return loss_fn(targets, model(inputs, training=True))

    step = training_step(objective, model.trainable_variables, optimizer, state=model.non_trainable_variables)
    return [float(np.mean([step(*batch) for batch in batches()])) for _ in range(epochs)]

# %% wrong="last_batch" diagnosis="last_loss_of_the_epoch"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    means = []
    for _ in range(epochs):
        losses = []
        for i in range(0, len(x) - batch_size + 1, batch_size):
            losses.append(float(step(x[i : i + batch_size], y[i : i + batch_size])))
        means.append(losses[-1])
    return means

# %% wrong="summed" diagnosis="sum_of_losses"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    means = []
    for _ in range(epochs):
        losses = []
        for i in range(0, len(x) - batch_size + 1, batch_size):
            losses.append(float(step(x[i : i + batch_size], y[i : i + batch_size])))
        means.append(float(np.sum(losses)))
    return means

# %% wrong="flat_list" diagnosis="every_loss"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    means = []
    for _ in range(epochs):
        losses = []
        for i in range(0, len(x) - batch_size + 1, batch_size):
            losses.append(float(step(x[i : i + batch_size], y[i : i + batch_size])))
        means.extend(losses)
    return means

# %% wrong="list_made_once" diagnosis="running_mean"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    means, losses = [], []
    for _ in range(epochs):
        for i in range(0, len(x) - batch_size + 1, batch_size):
            losses.append(float(step(x[i : i + batch_size], y[i : i + batch_size])))
        means.append(float(np.mean(losses)))
    return means

# %% wrong="ragged_batch" diagnosis="incomplete_batch_used"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    means = []
    for _ in range(epochs):
        losses = []
        for i in range(0, len(x), batch_size):
            losses.append(float(step(x[i : i + batch_size], y[i : i + batch_size])))
        means.append(float(np.mean(losses)))
    return means

# %% wrong="off_by_one_in_the_range" diagnosis="last_complete_batch_missed"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    means = []
    for _ in range(epochs):
        losses = []
        for i in range(0, len(x) - batch_size, batch_size):
            losses.append(float(step(x[i : i + batch_size], y[i : i + batch_size])))
        means.append(float(np.mean(losses)))
    return means

# %% wrong="no_batches" diagnosis="whole_set_at_once"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    return [float(step(x, y)) for _ in range(epochs)]

# %% wrong="epochs_forgotten" diagnosis="single_epoch"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    losses = []
    for i in range(0, len(x) - batch_size + 1, batch_size):
        losses.append(float(step(x[i : i + batch_size], y[i : i + batch_size])))
    return [float(np.mean(losses))]

# %% wrong="loss_computed_again" diagnosis="loss_after_the_step"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    means = []
    for _ in range(epochs):
        losses = []
        for i in range(0, len(x) - batch_size + 1, batch_size):
            batch = x[i : i + batch_size], y[i : i + batch_size]
            step(*batch)
            losses.append(float(loss_of(*batch)))
        means.append(float(np.mean(losses)))
    return means

# %% wrong="always_the_first_rows" diagnosis="first_batch_again"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    means = []
    for _ in range(epochs):
        losses = []
        for i in range(0, len(x) - batch_size + 1, batch_size):
            losses.append(float(step(x[:batch_size], y[:batch_size])))
        means.append(float(np.mean(losses)))
    return means

# %% wrong="inference_mode" diagnosis="not_in_training_mode"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=False))

    step = training_step(loss_of, model.trainable_variables, optimizer, model.non_trainable_variables)
    means = []
    for _ in range(epochs):
        losses = []
        for i in range(0, len(x) - batch_size + 1, batch_size):
            losses.append(float(step(x[i : i + batch_size], y[i : i + batch_size])))
        means.append(float(np.mean(losses)))
    return means

# %% wrong="answer_before_the_truth" diagnosis="loss_arguments_exchanged"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def of_batch(x, y):
        return loss_fn(model(x, training=True), y)

    step = training_step(of_batch, model.trainable_variables, optimizer, model.non_trainable_variables)
    history = []
    for _ in range(epochs):
        firsts = range(0, len(x) - batch_size + 1, batch_size)
        losses = [float(step(x[i : i + batch_size], y[i : i + batch_size])) for i in firsts]
        history.append(float(np.mean(losses)))
    return history

# %% wrong="weights_and_state_exchanged" diagnosis="value"
def fit_by_hand(model, loss_fn, optimizer, x, y, batch_size, epochs):
    def loss_of(x_batch, y_batch):
        return loss_fn(y_batch, model(x_batch, training=True))

    step = training_step(loss_of, model.non_trainable_variables, optimizer, model.trainable_variables)
    means = []
    for _ in range(epochs):
        losses = []
        for i in range(0, len(x) - batch_size + 1, batch_size):
            losses.append(float(step(x[i : i + batch_size], y[i : i + batch_size])))
        means.append(float(np.mean(losses)))
    return means
