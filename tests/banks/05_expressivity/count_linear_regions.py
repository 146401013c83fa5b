# %% [markdown]
# Answers to `count_linear_regions`, each in the place of the whole solution cell.

# %% right="interval_by_interval"
def count_linear_regions(params, start, end):
    def at(t):
        return start + np.reshape(t, (-1, 1)) * (end - start)

    cuts = [0.0, 1.0]
    for layer in range(len(params) - 1):
        found = set(cuts)
        for s, t in zip(cuts, cuts[1:]):
            a, b = hidden_sums(params, at([s, t]))[layer]
            for p, q in zip(a, b):
                if p * q < 0:
                    found.add(float(s + (t - s) * p / (p - q)))
        cuts = []
        for t in sorted(found):
            if not cuts or t - cuts[-1] > 1e-9:
                cuts.append(t)
    out = network(params, at(cuts))[:, 0]
    slopes = np.diff(out) / np.diff(cuts)
    return 1 + sum(not np.isclose(p, q, rtol=1e-6, atol=1e-6) for p, q in zip(slopes, slopes[1:]))

# %% right="as_a_network_of_t"
def count_linear_regions(params, start, end):
    (W, b), *rest = params
    line = [((end - start)[None, :] @ W, start @ W + b), *rest]
    cuts = np.linspace(0.0, 1.0, 2)
    for layer in range(len(line) - 1):
        z = hidden_sums(line, cuts[:, None])[layer]
        new = [cuts]
        for k in range(z.shape[1]):
            i = np.flatnonzero(np.sign(z[:-1, k]) * np.sign(z[1:, k]) < 0)
            new.append(cuts[i] - z[i, k] * (cuts[i + 1] - cuts[i]) / (z[i + 1, k] - z[i, k]))
        cuts = np.unique(np.concatenate(new).round(11))
    slopes = np.diff(network(line, cuts[:, None])[:, 0]) / np.diff(cuts)
    return int(1 + (np.abs(np.diff(slopes)) > 1e-5).sum())

# %% right="slopes_by_the_chain_rule"
def count_linear_regions(params, start, end):
    way = end - start
    cuts = np.array([0.0, 1.0])
    for layer in range(len(params) - 1):
        z = hidden_sums(params, start + cuts[:, None] * way)[layer]
        i, j = np.nonzero((z[:-1] > 0) != (z[1:] > 0))
        a, b = z[i, j], z[i + 1, j]
        more = cuts[i] + (cuts[i + 1] - cuts[i]) * a / np.where(a == b, 1.0, a - b)
        cuts = np.sort(np.concatenate([cuts, more]))
        cuts = cuts[np.concatenate([[True], np.diff(cuts) > 1e-9])]
    slopes = []
    for t in (cuts[:-1] + cuts[1:]) / 2:
        x = (start + t * way)[None, :]
        change = way[None, :]
        for (W, b), sums in zip(params[:-1], hidden_sums(params, x)):
            change = (change @ W) * (sums > 0)
        slopes.append((change @ params[-1][0])[0, 0])
    return 1 + int((np.abs(np.diff(slopes)) > 1e-7).sum())

# %% right="runs_of_equal_slopes"
from itertools import groupby

def count_linear_regions(params, start, end):
    cuts = np.array([0.0, 1.0])
    for layer in range(len(params) - 1):
        sums = hidden_sums(params, start + np.outer(cuts, end - start))[layer]
        zeros = []
        for column in sums.T:
            for k in range(len(cuts) - 1):
                if column[k] * column[k + 1] < 0:
                    share = column[k] / (column[k] - column[k + 1])
                    zeros.append((1 - share) * cuts[k] + share * cuts[k + 1])
        cuts = np.unique(np.round(np.append(cuts, zeros), 10))
    heights = network(params, start + np.outer(cuts, end - start)).ravel()
    slopes = np.diff(heights) / np.diff(cuts)
    return len(list(groupby(slopes.round(4))))

# %% wrong="every_switch" diagnosis="switches_counted"
def count_linear_regions(params, start, end):
    cuts = np.array([0.0, 1.0])
    for layer in range(len(params) - 1):
        sums = hidden_sums(params, start + cuts[:, None] * (end - start))[layer]
        before, after = sums[:-1], sums[1:]
        i, j = np.nonzero(before * after < 0)
        zeros = cuts[i] + np.diff(cuts)[i] * before[i, j] / (before[i, j] - after[i, j])
        cuts = np.sort(np.concatenate([cuts, zeros]))
        cuts = cuts[np.append(True, np.diff(cuts) > 1e-9)]
    return len(cuts) - 1

# %% wrong="corners" diagnosis="bends_counted"
def count_linear_regions(params, start, end):
    cuts = np.array([0.0, 1.0])
    for layer in range(len(params) - 1):
        sums = hidden_sums(params, start + cuts[:, None] * (end - start))[layer]
        before, after = sums[:-1], sums[1:]
        i, j = np.nonzero(before * after < 0)
        zeros = cuts[i] + np.diff(cuts)[i] * before[i, j] / (before[i, j] - after[i, j])
        cuts = np.sort(np.concatenate([cuts, zeros]))
        cuts = cuts[np.append(True, np.diff(cuts) > 1e-9)]
    output = network(params, start + cuts[:, None] * (end - start))[:, 0]
    slopes = np.diff(output) / np.diff(cuts)
    return int(np.sum(np.abs(np.diff(slopes)) > 1e-6))

# %% wrong="one_layer" diagnosis="first_layer_only"
def count_linear_regions(params, start, end):
    cuts = np.array([0.0, 1.0])
    for layer in range(1):
        sums = hidden_sums(params, start + cuts[:, None] * (end - start))[layer]
        before, after = sums[:-1], sums[1:]
        i, j = np.nonzero(before * after < 0)
        zeros = cuts[i] + np.diff(cuts)[i] * before[i, j] / (before[i, j] - after[i, j])
        cuts = np.sort(np.concatenate([cuts, zeros]))
        cuts = cuts[np.append(True, np.diff(cuts) > 1e-9)]
    output = network(params, start + cuts[:, None] * (end - start))[:, 0]
    slopes = np.diff(output) / np.diff(cuts)
    return 1 + int(np.sum(np.abs(np.diff(slopes)) > 1e-6))

# %% wrong="from_end_to_end" diagnosis="ends_compared"
def count_linear_regions(params, start, end):
    cuts = [0.0, 1.0]
    for sums in hidden_sums(params, np.stack([start, end])):
        for a, b in zip(sums[0], sums[1]):
            if a * b < 0:
                cuts.append(a / (a - b))
    cuts = np.unique(np.round(cuts, 12))
    output = network(params, start + cuts[:, None] * (end - start))[:, 0]
    slopes = np.diff(output) / np.diff(cuts)
    return 1 + int(np.sum(np.abs(np.diff(slopes)) > 1e-6))

# %% wrong="a_hundred_points" diagnosis="sampled"
def count_linear_regions(params, start, end):
    cuts = np.linspace(0, 1, 101)
    output = network(params, start + cuts[:, None] * (end - start))[:, 0]
    slopes = np.diff(output) / np.diff(cuts)
    return 1 + int(np.sum(np.abs(np.diff(slopes)) > 1e-6))

# %% wrong="a_thousand_points" diagnosis="sampled_finely"
def count_linear_regions(params, start, end):
    cuts = np.linspace(0, 1, 1001)
    output = network(params, start + cuts[:, None] * (end - start))[:, 0]
    slopes = np.diff(output) / np.diff(cuts)
    return 1 + int(np.sum(np.abs(np.diff(slopes)) > 1e-6))

# %% wrong="number_of_units" diagnosis="units_counted"
def count_linear_regions(params, start, end):
    return sum(len(b) for _, b in params[:-1]) + 1

# %% wrong="upper_bound" diagnosis="units_multiplied"
def count_linear_regions(params, start, end):
    pieces = 1
    for _, b in params[:-1]:
        pieces *= len(b) + 1
    return pieces

# %% wrong="pattern_at_both_ends" diagnosis="units_that_switch"
def count_linear_regions(params, start, end):
    here, there = hidden_sums(params, start[None, :]), hidden_sums(params, end[None, :])
    return 1 + int(sum(((a > 0) != (b > 0)).sum() for a, b in zip(here, there)))

# %% wrong="set_of_slopes" diagnosis="different_slopes"
def count_linear_regions(params, start, end):
    cuts = np.array([0.0, 1.0])
    for layer in range(len(params) - 1):
        sums = hidden_sums(params, start + cuts[:, None] * (end - start))[layer]
        before, after = sums[:-1], sums[1:]
        i, j = np.nonzero(before * after < 0)
        zeros = cuts[i] + np.diff(cuts)[i] * before[i, j] / (before[i, j] - after[i, j])
        cuts = np.sort(np.concatenate([cuts, zeros]))
        cuts = cuts[np.append(True, np.diff(cuts) > 1e-9)]
    output = network(params, start + cuts[:, None] * (end - start))[:, 0]
    slopes = np.diff(output) / np.diff(cuts)
    return len(set(slopes.round(6)))

# %% wrong="unique_cuts" diagnosis="rounding_counted"
def count_linear_regions(params, start, end):
    cuts = np.array([0.0, 1.0])
    for layer in range(len(params) - 1):
        sums = hidden_sums(params, start + cuts[:, None] * (end - start))[layer]
        piece, unit = np.nonzero(sums[:-1] * sums[1:] < 0)
        left, right = sums[piece, unit], sums[piece + 1, unit]
        cuts = np.unique(np.append(cuts, cuts[piece] + left / (left - right) * np.diff(cuts)[piece]))
    output = network(params, start + cuts[:, None] * (end - start))[:, 0]
    slopes = np.diff(output) / np.diff(cuts)
    return 1 + int(np.sum(np.abs(np.diff(slopes)) > 1e-6))

# %% [raw] equivalent=true
# slopes = np.diff(output) / np.diff(cuts) => slopes = np.diff(cuts) / np.diff(output)
# Slopes are equal when their reciprocals are.

# %% [raw] equivalent=true
# i, j = np.nonzero(before * after < 0) => i, j = np.nonzero(before * after <= 0)
# A zero that lies on a cut gives that cut again, which is dropped.

# %% [raw] equivalent=true
# i, j = np.nonzero(before * after < 0) => i, j = np.nonzero(before / after < 0)
# A product and a ratio have the same sign.

# %% [raw] equivalent=true
# cuts = cuts[np.append(True, np.diff(cuts) > 1e-09)] => cuts = cuts[np.append(True, np.diff(cuts) >= 1e-09)]
# The threshold may lie anywhere between rounding and the smallest real difference.

# %% [raw] equivalent=true
# cuts = cuts[np.append(True, np.diff(cuts) > 1e-09)] => cuts = cuts[np.append(True, np.diff(cuts) > 2e-09)]
# The threshold may lie anywhere between rounding and the smallest real difference.

# %% [raw] equivalent=true
# return 1 + int(np.sum(np.abs(np.diff(slopes)) > 1e-06)) => return 1 + int(np.sum(np.abs(np.diff(slopes)) >= 1e-06))
# The threshold may lie anywhere between rounding and the smallest real difference.

# %% [raw] equivalent=true
# return 1 + int(np.sum(np.abs(np.diff(slopes)) > 1e-06)) => return 1 + int(np.sum(np.abs(np.diff(slopes)) > 2e-06))
# The threshold may lie anywhere between rounding and the smallest real difference.
