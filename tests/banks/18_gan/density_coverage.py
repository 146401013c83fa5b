# %% [markdown]
# Answers to `density_coverage`, each in the place of the whole solution cell.

# %% right="loops"
def density_coverage(real, generated, k=5):
    hits, covered = 0, 0
    for i, center in enumerate(real):
        others = sorted(np.linalg.norm(center - other) for j, other in enumerate(real) if j != i)
        radius = others[k - 1]
        found = sum(np.linalg.norm(center - g) <= radius for g in generated)
        hits += found
        covered += found > 0
    return hits / k / len(generated), covered / len(real)

# %% right="infinite_diagonal"
def density_coverage(real, generated, k=5):
    d = np.sqrt(((real[:, None] - real) ** 2).sum(-1))
    np.fill_diagonal(d, np.inf)
    radii = np.partition(d, k - 1, axis=1)[:, k - 1]
    gaps = np.sqrt(((generated[:, None] - real) ** 2).sum(-1))
    balls = (gaps <= radii).sum(axis=1)
    return float(np.mean(balls) / k), float(np.mean(gaps.min(axis=0) <= radii))

# %% right="argsort_of_squares"
def density_coverage(real, generated, k=5):
    squares = ((real[:, None, :] - real[None, :, :]) ** 2).sum(axis=2)
    neighbor = np.argsort(squares, axis=1, kind="stable")[:, k]
    limit = squares[np.arange(len(real)), neighbor]
    inside = ((real[:, None, :] - generated[None, :, :]) ** 2).sum(axis=2) <= limit[:, None]
    return np.count_nonzero(inside) / (k * generated.shape[0]), np.count_nonzero(inside.max(axis=1)) / real.shape[0]

# %% right="squares_by_a_product"
def distances_between(a, b):
    squares = (a**2).sum(axis=1)[:, None] - 2 * a @ b.T + (b**2).sum(axis=1)
    return np.sqrt(np.maximum(squares, 0))

def density_coverage(real, generated, k=5):
    radii = np.sort(distances_between(real, real), axis=1)[:, k]
    inside = distances_between(generated, real) <= radii
    return inside.sum(axis=1).mean() / k, inside.any(axis=0).mean()

# %% wrong="k_minus_one" diagnosis="itself_counted"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k - 1]
    inside = table(real, generated) <= radius[:, None]
    density = inside.sum() / (k * len(generated))
    coverage = inside.any(axis=1).mean()
    return float(density), float(coverage)

# %% wrong="k_plus_one" diagnosis="one_neighbor_too_far"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, min(k + 1, len(real) - 1)]
    inside = table(real, generated) <= radius[:, None]
    density = inside.sum() / (k * len(generated))
    coverage = inside.any(axis=1).mean()
    return float(density), float(coverage)

# %% wrong="strict" diagnosis="edge_outside"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) < radius[:, None]
    density = inside.sum() / (k * len(generated))
    coverage = inside.any(axis=1).mean()
    return float(density), float(coverage)

# %% wrong="no_k" diagnosis="not_divided_by_k"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) <= radius[:, None]
    density = inside.sum() / len(generated)
    coverage = inside.any(axis=1).mean()
    return float(density), float(coverage)

# %% wrong="by_real" diagnosis="divided_by_the_real_ones"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) <= radius[:, None]
    density = inside.sum() / (k * len(real))
    coverage = inside.any(axis=1).mean()
    return float(density), float(coverage)

# %% wrong="pairs" diagnosis="share_of_all_pairs"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) <= radius[:, None]
    density = inside.mean()
    coverage = inside.any(axis=1).mean()
    return float(density), float(coverage)

# %% wrong="precision" diagnosis="density_as_precision"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) <= radius[:, None]
    density = inside.any(axis=0).mean()
    coverage = inside.any(axis=1).mean()
    return float(density), float(coverage)

# %% wrong="capped" diagnosis="density_capped"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) <= radius[:, None]
    density = inside.sum() / (k * len(generated))
    coverage = inside.any(axis=1).mean()
    return min(float(density), 1.0), float(coverage)

# %% wrong="axis_zero" diagnosis="coverage_of_the_generated"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) <= radius[:, None]
    density = inside.sum() / (k * len(generated))
    coverage = inside.any(axis=0).mean()
    return float(density), float(coverage)

# %% wrong="recall" diagnosis="coverage_as_recall"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) <= radius[:, None]
    density = inside.sum() / (k * len(generated))
    other = np.sort(table(generated, generated), axis=1)[:, min(k, len(generated) - 1)]
    coverage = (table(generated, real) <= other[:, None]).any(axis=0).mean()
    return float(density), float(coverage)

# %% wrong="hits" diagnosis="coverage_counts_hits"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) <= radius[:, None]
    density = inside.sum() / (k * len(generated))
    coverage = inside.sum() / len(real)
    return float(density), float(coverage)

# %% wrong="their_balls" diagnosis="balls_around_the_generated"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(generated, generated), axis=1)[:, k]
    inside = table(generated, real) <= radius[:, None]
    return float(inside.sum() / (k * len(real))), float(inside.any(axis=1).mean())

# %% wrong="exchanged" diagnosis="all_around_the_generated"
def density_coverage(real, generated, k=5):
    radii = np.sort(np.linalg.norm(generated[:, None] - generated, axis=2), axis=1)
    inside = np.linalg.norm(real[:, None] - generated, axis=2) <= radii[:, min(k, len(generated) - 1)]
    return inside.sum(axis=1).mean() / k, inside.any(axis=1).mean()

# %% wrong="order" diagnosis="in_the_wrong_order"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) <= radius[:, None]
    density = inside.sum() / (k * len(generated))
    coverage = inside.any(axis=1).mean()
    return float(coverage), float(density)

# %% wrong="count" diagnosis="number_of_covered"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) <= radius[:, None]
    density = inside.sum() / (k * len(generated))
    coverage = inside.any(axis=1).sum()
    return float(density), float(coverage)

# %% wrong="half_squared" diagnosis="squared_against_plain"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k]
    inside = table(real, generated) ** 2 <= radius[:, None]
    density = inside.sum() / (k * len(generated))
    coverage = inside.any(axis=1).mean()
    return float(density), float(coverage)

# %% wrong="mean_radius" diagnosis="one_radius_for_all"
def table(a, b):
    return np.linalg.norm(a[:, None] - b[None, :], axis=2)

def density_coverage(real, generated, k=5):
    radius = np.sort(table(real, real), axis=1)[:, k].mean()
    inside = table(real, generated) <= radius
    density = inside.sum() / (k * len(generated))
    coverage = inside.any(axis=1).mean()
    return float(density), float(coverage)

# %% [raw] equivalent=true
# radius = np.sort(np.linalg.norm(real[:, None] - real, axis=2))[:, k] => radius = np.sort(np.linalg.norm(real - real[:, None], axis=2))[:, k]
# A vector and its negative have the same length.

# %% [raw] equivalent=true
# inside = np.linalg.norm(real[:, None] - generated, axis=2) <= radius[:, None] => inside = np.linalg.norm(generated - real[:, None], axis=2) <= radius[:, None]
# A vector and its negative have the same length.
