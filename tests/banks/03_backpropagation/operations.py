# %% right="math_module"
def multiply(a, b):
    return Value(a.data * b.data, [(b, a.data), (a, b.data)])


def divide(a, b):
    quotient = a.data / b.data
    return Value(quotient, ((a, 1 / b.data), (b, -quotient / b.data)))


def sigmoid(a):
    out = Value(1 / (1 + math.exp(-a.data)))
    out.inputs = [(a, out.data * (1 - out.data))]
    return out


def maximum(a, b):
    if b.data > a.data:
        return Value(b.data, [(a, 0.0), (b, 1.0)])
    return Value(a.data, [(a, 1.0), (b, 0.0)])


# %% right="numpy_scalars"
def multiply(a, b):
    x, y = np.float64(a.data), np.float64(b.data)
    return Value(np.multiply(x, y), [(a, y), (b, x)])


def divide(a, b):
    return (
        multiply(a, Value(1 / b.data))
        if False
        else Value(a.data / b.data, [(a, b.data**-1), (b, -(a.data * b.data**-2))])
    )


def sigmoid(a):
    power = np.exp(-a.data)
    return Value(1 / (1 + power), [(a, power / (1 + power) ** 2)])


def maximum(a, b):
    return Value(
        np.maximum(a.data, b.data),
        [(a, np.where(a.data >= b.data, 1.0, 0.0)), (b, np.where(b.data > a.data, 1.0, 0.0))],
    )


# %% right="winner_only"
def make(data, *pairs):
    out = Value(data)
    for pair in pairs:
        out.inputs.append(pair)
    return out


def multiply(a, b):
    if a is b:
        return make(a.data**2, (a, 2 * a.data))
    return make(a.data * b.data, (a, b.data), (b, a.data))


def divide(a, b):
    return make(a.data / b.data, (a, 1 / b.data), (b, -a.data / (b.data * b.data)))


def sigmoid(a):
    s = 0.5 * (1 + np.tanh(a.data / 2))
    return make(s, (a, s - s**2))


def maximum(a, b):
    winner = a if a.data >= b.data else b
    return make(winner.data, (winner, 1.0))


# %% right="one_pattern"
def _op(f):
    return lambda *args: Value((r := f(*(v.data for v in args)))[0], zip(args, r[1]))


multiply = _op(lambda a, b: (a * b, (b, a)))
divide = _op(lambda a, b: (a / b, (1 / b, -a / b / b)))
sigmoid = _op(lambda a: ((1 + np.tanh(a / 2)) / 2, (0.25 / np.cosh(a / 2) ** 2,)))
maximum = _op(lambda a, b: (np.maximum(a, b), (np.float64(a >= b), np.float64(a < b))))


# %% right="by_the_reciprocal"
def multiply(a, b):
    return Value(np.float32(a.data) * np.float32(b.data), ((a, np.float32(b.data)), (b, np.float32(a.data))))


def reciprocal(a):
    return Value(1 / a.data, [(a, -1 / a.data**2)])


def divide(a, b):
    r = reciprocal(b)
    return Value(a.data * r.data, [(a, r.data), (b, a.data * r.inputs[0][1])])


def sigmoid(a):
    e = np.exp(-np.abs(a.data))
    out = 1 / (1 + e) if a.data >= 0 else e / (1 + e)
    return Value(out, [(a, e / (1 + e) ** 2)])


def maximum(a, b):
    first = a.data >= b.data
    winner = a if first else b
    return Value(winner.data, [(a, first), (b, not first)])


# %% wrong="own_slope" diagnosis="own_slope"
def multiply(a, b):
    return Value(a.data * b.data, [(a, a.data), (b, b.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="slopes_of_a_sum" diagnosis="slopes_of_a_sum"
def multiply(a, b):
    return Value(a.data * b.data, [(a, 1.0), (b, 1.0)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="square_forgotten" diagnosis="square_forgotten"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="quotient_sign" diagnosis="quotient_sign"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="slope_at_the_input" diagnosis="slope_at_the_input"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, a.data * (1 - a.data))])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="result_as_slope" diagnosis="result_as_slope"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s)])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="tie_to_second" diagnosis="tie_to_second"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    first = a.data > b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="tie_to_both" diagnosis="tie_to_both"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    return Value(max(a.data, b.data), [(a, float(a.data >= b.data)), (b, float(b.data >= a.data))])


# %% wrong="tie_shared" diagnosis="tie_shared"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    share = 0.5 * (1 + np.sign(a.data - b.data))
    return Value(max(a.data, b.data), [(a, share), (b, 1 - share)])


# %% wrong="slopes_are_values" diagnosis="slopes_are_values"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, a.data * first), (b, b.data * (not first))])


# %% wrong="second_input_missing" diagnosis="one_input_only"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="plain_numbers" diagnosis="raised"
def multiply(a, b):
    return a.data * b.data


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="no_return" diagnosis="raised"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="exponent_sign" diagnosis="value"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])


def divide(a, b):
    return Value(a.data / b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="whole_division" diagnosis="integer"
def multiply(a, b):
    return Value(a.data * b.data, [(a, b.data), (b, a.data)])


def divide(a, b):
    return Value(a.data // b.data, [(a, 1 / b.data), (b, -a.data / b.data**2)])


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.data))
    return Value(s, [(a, s * (1 - s))])


def maximum(a, b):
    first = a.data >= b.data
    return Value(max(a.data, b.data), [(a, float(first)), (b, float(not first))])


# %% wrong="fixed_answers" diagnosis="value"
def multiply(a, b):
    return Value(-12.0, [(a, -4.0), (b, 3.0)])


def divide(a, b):
    return Value(3.0, [(a, 0.5), (b, -1.5)])


def sigmoid(a):
    return Value(0.5, [(a, 0.25)])


def maximum(a, b):
    return Value(5.0, [(a, 0.0), (b, 1.0)]) if a.data == 2.0 else Value(1.0, [(a, 1.0), (b, 0.0)])
