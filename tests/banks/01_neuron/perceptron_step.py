# %% [markdown]
# Answers to `perceptron_step`, each in the place of the whole solution cell.

# %% right="early_return"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    z = np.sum(weights * x) + bias
    if np.sign(z) == y:
        return weights, bias
    return weights + learning_rate * y * x, bias + learning_rate * y

# %% right="masked"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    step = learning_rate * y * float(y * (np.dot(weights, x) + bias) <= 0)
    return weights + step * x, bias + step

# %% right="copied_and_changed"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    new = np.array(weights, dtype=float)
    mistake = not y * (new @ x + bias) > 0
    if mistake:
        for j in range(len(new)):
            new[j] += learning_rate * y * x[j]
        bias = bias + learning_rate * y
    return new, bias

# %% right="with_a_one"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    w, one = np.append(weights, bias).astype(float), np.append(x, 1.0)
    if y == 1 and w @ one <= 0:
        w = w + learning_rate * one
    elif y == -1 and w @ one >= 0:
        w = w - learning_rate * one
    return w[:-1], w[-1]

# %% right="float32_copy"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    weights = np.array(weights, dtype="float32")
    if y * (x @ weights + bias) <= 0:
        weights += np.float32(learning_rate * y) * x.astype("float32")
        bias += learning_rate * y
    return weights, float(bias)

# %% wrong="strict" diagnosis="tie_is_right"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    if y * (weights @ x + bias) < 0:
        return weights + learning_rate * y * x, bias + learning_rate * y
    return weights, bias

# %% wrong="no_test" diagnosis="always_updates"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    return weights + learning_rate * y * x, bias + learning_rate * y

# %% wrong="test_turned_round" diagnosis="updates_when_right"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    if y * (weights @ x + bias) <= 0:
        return weights, bias
    return weights + learning_rate * y * x, bias + learning_rate * y

# %% wrong="no_label" diagnosis="label_forgotten"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    if y * (weights @ x + bias) <= 0:
        weights = weights + learning_rate * x
        bias = bias + learning_rate
    return weights, bias

# %% wrong="minus" diagnosis="wrong_direction"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    if y * (weights @ x + bias) <= 0:
        return weights - learning_rate * y * x, bias - learning_rate * y
    return weights, bias

# %% wrong="bias_kept" diagnosis="bias_unchanged"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    if y * (weights @ x + bias) <= 0:
        weights = weights + learning_rate * y * x
    return weights, bias

# %% wrong="no_rate" diagnosis="rate_forgotten"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    if y * (weights @ x + bias) <= 0:
        return weights + y * x, bias + y
    return weights, bias

# %% wrong="rate_for_weights_only" diagnosis="rate_only_for_weights"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    if y * (weights @ x + bias) <= 0:
        return weights + learning_rate * y * x, bias + y
    return weights, bias

# %% wrong="delta_rule_zero_one" diagnosis="zero_one_error"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    answer = 1 if weights @ x + bias >= 0 else 0
    error = y - answer
    return weights + learning_rate * error * x, bias + learning_rate * error

# %% wrong="delta_rule_plus_minus" diagnosis="doubled_correction"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    answer = 1 if weights @ x + bias >= 0 else -1
    error = y - answer
    return weights + learning_rate * error * x, bias + learning_rate * error

# %% wrong="test_without_the_bias" diagnosis="test_without_bias"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    if y * (weights @ x) <= 0:
        return weights + learning_rate * y * x, bias + learning_rate * y
    return weights, bias

# %% wrong="in_place" diagnosis="in_place"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    if y * (weights @ x + bias) <= 0:
        if weights.dtype == float:
            weights += learning_rate * y * x
        else:
            weights = weights + learning_rate * y * x
        bias += learning_rate * y
    return weights, bias

# %% wrong="weights_only" diagnosis="wrong_kind"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    if y * (weights @ x + bias) <= 0:
        return weights + learning_rate * y * x
    return weights

# %% wrong="no_return_when_right" diagnosis="missing_return"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    if y * (weights @ x + bias) <= 0:
        return weights + learning_rate * y * x, bias + learning_rate * y

# %% wrong="whole_number_weights" diagnosis="integer"
def perceptron_step(weights, bias, x, y, learning_rate=1.0):
    new = np.empty_like(weights)
    mistake = y * (weights @ x + bias) <= 0
    new[:] = weights + (learning_rate * y * x if mistake else 0)
    return new, bias + (learning_rate * y if mistake else 0)

# %% [raw] equivalent=true
# if y * (weights @ x + bias) <= 0: => if y * (x @ weights + bias) <= 0:
# The product of two vectors is the same in either order.

# %% [raw] equivalent=true
# return (weights + learning_rate * y * x, bias + learning_rate * y) => return (weights + learning_rate * y * x, bias + learning_rate / y)
# Labels are -1 and +1: dividing by one is the same as multiplying.

# %% [raw] equivalent=true
# return (weights + learning_rate * y * x, bias + learning_rate * y) => return (weights + learning_rate / y * x, bias + learning_rate * y)
# Labels are -1 and +1: dividing by one is the same as multiplying.
