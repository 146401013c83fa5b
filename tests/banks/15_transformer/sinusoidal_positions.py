# %% [markdown]
# Answers to `sinusoidal_positions`, each in the place of the whole solution cell.

# %% right="pairs_numbered"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code

# %% right="stacked"
def sinusoidal_positions(length, features, start=0):
    rates = np.exp(-np.log(10000.0) * np.arange(0, features, 2) / features)
    angles = (start + np.arange(length))[:, None] * rates[None, :]
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, features)

# %% right="loops"
import math

def sinusoidal_positions(length, features, start=0):
    out = np.zeros((length, features))
    for row in range(length):
        for column in range(features):
            pair = column // 2
            angle = (row + start) / 10000 ** (2 * pair / features)
            out[row, column] = math.cos(angle) if column % 2 else math.sin(angle)
    return out

# %% right="where_even"
def sinusoidal_positions(length, features, start=0):
    column = np.arange(features)
    position = start + np.arange(length)[:, np.newaxis]
    angle = position * 10000.0 ** (-(column - column % 2) / features)
    return np.where(column % 2 == 0, np.sin(angle), np.cos(angle))

# %% right="complex_circle"
def sinusoidal_positions(length, features, start=0):
    rate = 1 / 10000 ** (np.arange(0, features, 2) / features)
    point = np.exp(1j * np.outer(np.arange(length) + start, rate))
    code = np.zeros((length, features))
    code[:, 0::2], code[:, 1::2] = point.imag, point.real
    return code

# %% right="phase"
def sinusoidal_positions(length, features, start=0):
    c = np.arange(features)
    return np.sin(np.arange(start, start + length)[:, None] / 1e4 ** (c // 2 * 2 / features) + c % 2 * np.pi / 2)

# %% wrong="halves" diagnosis="sines_then_cosines"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, 2 * i / features)
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1)

# %% wrong="cosines_in_front" diagnosis="cosine_first"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.cos(angle)
    code[:, 1::2] = np.sin(angle)
    return code

# %% wrong="start_unused" diagnosis="start_ignored"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code

# %% wrong="up_to_length" diagnosis="raised"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code

# %% wrong="two_forgotten" diagnosis="exponent_without_two"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code

# %% wrong="each_column_its_own" diagnosis="exponent_counts_columns"
def sinusoidal_positions(length, features, start=0):
    column = np.arange(features)
    angle = np.arange(start, start + length)[:, None] / 10000.0 ** (column / features)
    return np.where(column % 2 == 0, np.sin(angle), np.cos(angle))

# %% wrong="twice_two" diagnosis="exponent_doubled"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(0, features, 2)
    angle = t / np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code

# %% wrong="up_to_the_base" diagnosis="exponent_to_the_end"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, np.linspace(0, 1, features // 2))
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code

# %% wrong="times" diagnosis="multiplied"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t * np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code

# %% wrong="base_thousand" diagnosis="another_base"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(1000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code

# %% wrong="from_one" diagnosis="counted_from_one"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start + 1, start + length + 1).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code

# %% wrong="sine_everywhere" diagnosis="sines_alone"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.sin(angle)
    return code

# %% wrong="two_pi" diagnosis="a_full_turn"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = 2 * np.pi * t / np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code

# %% wrong="turned_table" diagnosis="columns_are_positions"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code.T

# %% wrong="half_the_columns" diagnosis="shape"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code[:, ::2]

# %% wrong="not_returned" diagnosis="missing_return"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, 2 * i / features)
    code = np.empty((length, features))
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)

# %% wrong="integer_table" diagnosis="integer"
def sinusoidal_positions(length, features, start=0):
    t = np.arange(start, start + length).reshape(-1, 1)
    i = np.arange(features // 2)
    angle = t / np.power(10000.0, 2 * i / features)
    code = np.zeros((length, features), int)
    code[:, ::2] = np.sin(angle)
    code[:, 1::2] = np.cos(angle)
    return code

# %% [raw] equivalent=true
# out = np.zeros((length, features)) => out = np.ones((length, features))
# Every column is assigned, so what the table is made of does not matter.
