# %% [markdown]
# Answers to `exact_ensemble`, each in the place of the whole solution cell.

# %% right="itertools_loops"
import itertools

def exact_ensemble(network, n_units, rate):
    pairs = []
    for bits in itertools.product([0.0, 1.0], repeat=n_units):
        p = 1.0
        for bit in bits:
            p *= (1 - rate) if bit else rate
        pairs.append((p, network(np.array(bits))))
    mean = sum(p * answer for p, answer in pairs)
    variance = sum(p * (answer - mean) ** 2 for p, answer in pairs)
    return mean, variance**0.5

# %% right="recursive"
def exact_ensemble(network, n_units, rate):
    def moments(mask):
        """First and second moment over all ways to fill the rest of the mask."""
        if len(mask) == n_units:
            answer = np.asarray(network(np.array(mask)), dtype=float)
            return answer, answer**2
        kept, dropped = moments(mask + [1.0]), moments(mask + [0.0])
        return tuple((1 - rate) * k + rate * d for k, d in zip(kept, dropped))

    mean, square = moments([])
    return mean, np.sqrt(np.maximum(square - mean**2, 0))

# %% right="kronecker"
def exact_ensemble(network, n_units, rate):
    p = np.ones(1)
    for _ in range(n_units):
        p = np.kron(p, [rate, 1 - rate])
    masks = [[float(digit) for digit in format(i, f"0{n_units}b")] for i in range(2**n_units)]
    answers = np.stack([network(np.array(mask)) for mask in masks]).astype(float)
    mean = np.average(answers, axis=0, weights=p)
    return mean, np.sqrt(np.average((answers - mean) ** 2, axis=0, weights=p))

# %% right="combinations"
from itertools import combinations

def exact_ensemble(network, n_units, rate):
    mean = square = 0.0
    for k in range(n_units + 1):
        for units in combinations(range(n_units), k):
            mask = np.zeros(n_units)
            mask[list(units)] = 1.0
            p = (1 - rate) ** k * rate ** (n_units - k)
            mean = mean + p * network(mask)
    for k in range(n_units + 1):
        for units in combinations(range(n_units), k):
            mask = np.zeros(n_units)
            mask[list(units)] = 1.0
            square = square + (1 - rate) ** k * rate ** (n_units - k) * (network(mask) - mean) ** 2
    return mean, np.sqrt(square)

# %% right="product_of_factors"
def exact_ensemble(network, n_units, rate):
    masks = np.stack(np.meshgrid(*[[0.0, 1.0]] * n_units, indexing="ij"), axis=-1).reshape(-1, n_units)
    p = np.where(masks == 1, 1 - rate, rate).prod(axis=1)
    answers = np.array([network(m) for m in masks])
    mean = np.einsum("m,m...->...", p, answers)
    return mean, np.einsum("m,m...->...", p, (answers - mean) ** 2) ** 0.5

# %% wrong="plain_mean" diagnosis="equal_weights"
import itertools

def exact_ensemble(network, n_units, rate):
    answers = [network(np.array(m)) for m in itertools.product([0.0, 1.0], repeat=n_units)]
    return np.mean(answers, axis=0), np.std(answers, axis=0)

# %% wrong="rate_kept" diagnosis="rate_of_keeping"
import itertools

def exact_ensemble(network, n_units, rate):
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=n_units)))
    kept = masks.sum(axis=1)
    p = rate**kept * (1 - rate) ** (n_units - kept)
    answers = np.array([network(m) for m in masks])
    mean = np.tensordot(p, answers, 1)
    return mean, np.sqrt(np.tensordot(p, (answers - mean) ** 2, 1))

# %% wrong="kept_only" diagnosis="dropped_not_counted"
import itertools

def exact_ensemble(network, n_units, rate):
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=n_units)))
    p = (1 - rate) ** masks.sum(axis=1)
    answers = np.array([network(m) for m in masks])
    mean = np.tensordot(p, answers, 1)
    return mean, np.sqrt(np.tensordot(p, (answers - mean) ** 2, 1))

# %% wrong="kept_only_normalized" diagnosis="dropped_not_counted_but_divided"
import itertools

def exact_ensemble(network, n_units, rate):
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=n_units)))
    p = (1 - rate) ** masks.sum(axis=1)
    p = p / p.sum()
    answers = np.array([network(m) for m in masks])
    mean = np.tensordot(p, answers, 1)
    return mean, np.sqrt(np.tensordot(p, (answers - mean) ** 2, 1))

# %% wrong="from_one" diagnosis="empty_mask_missing"
def exact_ensemble(network, n_units, rate):
    mean, square = 0.0, 0.0
    masks = [np.array([(i >> j) & 1 for j in range(n_units)], dtype=float) for i in range(1, 2**n_units)]
    p = [(1 - rate) ** m.sum() * rate ** (n_units - m.sum()) for m in masks]
    answers = [network(m) for m in masks]
    mean = sum(w * a for w, a in zip(p, answers))
    return mean, np.sqrt(sum(w * (a - mean) ** 2 for w, a in zip(p, answers)))

# %% wrong="from_one_normalized" diagnosis="empty_mask_left_out"
def exact_ensemble(network, n_units, rate):
    masks = [np.array([(i >> j) & 1 for j in range(n_units)], dtype=float) for i in range(1, 2**n_units)]
    p = np.array([(1 - rate) ** m.sum() * rate ** (n_units - m.sum()) for m in masks])
    answers = np.array([network(m) for m in masks])
    mean = np.average(answers, axis=0, weights=p)
    return mean, np.sqrt(np.average((answers - mean) ** 2, axis=0, weights=p))

# %% wrong="one_short" diagnosis="full_mask_missing"
def exact_ensemble(network, n_units, rate):
    masks = [np.array([(i >> j) & 1 for j in range(n_units)], dtype=float) for i in range(2**n_units - 1)]
    p = [(1 - rate) ** m.sum() * rate ** (n_units - m.sum()) for m in masks]
    answers = [network(m) for m in masks]
    mean = sum(w * a for w, a in zip(p, answers))
    return mean, np.sqrt(sum(w * (a - mean) ** 2 for w, a in zip(p, answers)))

# %% wrong="no_root" diagnosis="variance_not_std"
import itertools

def exact_ensemble(network, n_units, rate):
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=n_units)))
    kept = masks.sum(axis=1)
    p = (1 - rate) ** kept * rate ** (n_units - kept)
    answers = np.array([network(m) for m in masks])
    mean = np.tensordot(p, answers, 1)
    return mean, np.tensordot(p, (answers - mean) ** 2, 1)

# %% wrong="np_std" diagnosis="std_not_weighted"
import itertools

def exact_ensemble(network, n_units, rate):
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=n_units)))
    kept = masks.sum(axis=1)
    p = (1 - rate) ** kept * rate ** (n_units - kept)
    answers = np.array([network(m) for m in masks])
    return np.tensordot(p, answers, 1), answers.std(axis=0)

# %% wrong="mean_not_subtracted" diagnosis="root_mean_square"
import itertools

def exact_ensemble(network, n_units, rate):
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=n_units)))
    kept = masks.sum(axis=1)
    p = (1 - rate) ** kept * rate ** (n_units - kept)
    answers = np.array([network(m) for m in masks])
    return np.tensordot(p, answers, 1), np.sqrt(np.tensordot(p, answers**2, 1))

# %% wrong="absolute" diagnosis="mean_distance"
import itertools

def exact_ensemble(network, n_units, rate):
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=n_units)))
    kept = masks.sum(axis=1)
    p = (1 - rate) ** kept * rate ** (n_units - kept)
    answers = np.array([network(m) for m in masks])
    mean = np.tensordot(p, answers, 1)
    return mean, np.tensordot(p, np.abs(answers - mean), 1)

# %% wrong="scaled" diagnosis="scaled_masks"
import itertools

def exact_ensemble(network, n_units, rate):
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=n_units)))
    kept = masks.sum(axis=1)
    p = (1 - rate) ** kept * rate ** (n_units - kept)
    answers = np.array([network(m / (1 - rate)) for m in masks])
    mean = np.tensordot(p, answers, 1)
    return mean, np.sqrt(np.tensordot(p, (answers - mean) ** 2, 1))

# %% wrong="weight_scaling" diagnosis="one_average_network"
def exact_ensemble(network, n_units, rate):
    answer = network((1 - rate) * np.ones(n_units))
    return answer, np.zeros_like(answer, dtype=float)

# %% wrong="leave_one_out" diagnosis="drops_one_unit"
def exact_ensemble(network, n_units, rate):
    answers = []
    for i in range(n_units):
        mask = np.ones(n_units)
        mask[i] = 0.0
        answers.append(network(mask))
    return np.mean(answers, axis=0), np.std(answers, axis=0)

# %% wrong="by_the_number" diagnosis="first_units_kept"
from math import comb

def exact_ensemble(network, n_units, rate):
    p = np.array([comb(n_units, k) * (1 - rate) ** k * rate ** (n_units - k) for k in range(n_units + 1)])
    answers = np.array([network((np.arange(n_units) < k) * 1.0) for k in range(n_units + 1)])
    mean = np.tensordot(p, answers, 1)
    return mean, np.sqrt(np.tensordot(p, (answers - mean) ** 2, 1))

# %% wrong="std_first" diagnosis="other_order"
import itertools

def exact_ensemble(network, n_units, rate):
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=n_units)))
    kept = masks.sum(axis=1)
    p = (1 - rate) ** kept * rate ** (n_units - kept)
    answers = np.array([network(m) for m in masks])
    mean = np.tensordot(p, answers, 1)
    return np.sqrt(np.tensordot(p, (answers - mean) ** 2, 1)), mean

# %% wrong="sampled" diagnosis="value"
def exact_ensemble(network, n_units, rate):
    rng = np.random.default_rng(0)
    answers = [network((rng.random(n_units) >= rate) * 1.0) for _ in range(2**n_units)]
    return np.mean(answers, axis=0), np.std(answers, axis=0)

# %% wrong="a_dictionary" diagnosis="wrong_kind"
import itertools

def exact_ensemble(network, n_units, rate):
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=n_units)))
    kept = masks.sum(axis=1)
    p = (1 - rate) ** kept * rate ** (n_units - kept)
    answers = np.array([network(m) for m in masks])
    mean = np.tensordot(p, answers, 1)
    return {"mean": mean, "std": np.sqrt(np.tensordot(p, (answers - mean) ** 2, 1))}

# %% [raw] equivalent=true
# masks = (np.arange(2 ** n_units)[:, None] >> np.arange(n_units)) % 2 * 1.0 => masks = (np.arange(2 ** n_units)[:, None] >> np.arange(n_units)) % 2 / 1.0
# Division by 1.0 is multiplication by 1.0.

# %% [raw] equivalent=true
# variance = np.tensordot(probability, (answers - mean) ** 2, 1) => variance = np.tensordot(probability, (mean - answers) ** 2, 1)
# A squared distance has no direction.
