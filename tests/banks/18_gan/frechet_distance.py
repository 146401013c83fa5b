# %% [markdown]
# Answers to `frechet_distance`, each in the place of the whole solution cell.

# %% right="base"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% right="singular_values"
def frechet_distance(real, generated):
    """No matrix root at all: the trace is the sum of the singular values of the product of the centered features."""
    a = (real - real.mean(0)) / np.sqrt(len(real) - 1)
    b = (generated - generated.mean(0)) / np.sqrt(len(generated) - 1)
    overlap = np.linalg.svd(a @ b.T, compute_uv=False).sum()
    mean_part = np.linalg.norm(real.mean(0) - generated.mean(0)) ** 2
    return mean_part, (a**2).sum() + (b**2).sum() - 2 * overlap

# %% right="eigenvalues_of_the_product"
def frechet_distance(real, generated):
    difference = real.mean(axis=0) - generated.mean(axis=0)
    s1 = np.atleast_2d(np.cov(real, rowvar=False))
    s2 = np.atleast_2d(np.cov(generated, rowvar=False))
    values = np.maximum(np.linalg.eigvals(s1 @ s2).real, 0.0)
    values[values < 1e-12 * max(values.max(), 1e-300)] = 0.0
    return float(difference @ difference), float(np.trace(s1 + s2) - 2 * np.sqrt(values).sum())

# %% right="roots_by_svd"
def frechet_distance(real, generated):
    parts = []
    for a in (real, generated):
        centered = a - a.mean(axis=0, keepdims=True)
        covariance = np.einsum("ni,nj->ij", centered, centered) / (a.shape[0] - 1)
        u, s, _ = np.linalg.svd(covariance, hermitian=True)
        parts.append((covariance, (u * np.sqrt(s)) @ u.T))
    (cr, rr), (cg, rg) = parts
    both = np.linalg.svd(rr @ rg, compute_uv=False).sum()
    gap = real.mean(axis=0) - generated.mean(axis=0)
    return float(np.dot(gap, gap)), float(np.diag(cr).sum() + np.diag(cg).sum() - 2.0 * both)

# %% wrong="n_not_n_minus_one" diagnosis="divided_by_n"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / len(a)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="scatter" diagnosis="not_divided"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="second_moments" diagnosis="not_centered"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, a.T @ a / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="total" diagnosis="the_sum_alone"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2) + np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="order" diagnosis="parts_exchanged"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap), float(np.sum((mu_r - mu_g) ** 2))

# %% wrong="norm" diagnosis="mean_part_not_squared"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.linalg.norm(mu_r - mu_g)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="averaged" diagnosis="mean_part_averaged"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.mean((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="elementwise" diagnosis="entry_by_entry"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(np.sqrt(cov_r @ cov_g))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="elementwise_cut_at_zero" diagnosis="entry_by_entry_cut_at_zero"
def frechet_distance(real, generated):
    one, other = (np.atleast_2d(np.cov(a, rowvar=False)) for a in (real, generated))
    means = ((real.mean(axis=0) - generated.mean(axis=0)) ** 2).sum()
    return means, np.trace(one + other - 2 * np.sqrt(np.maximum(one @ other, 0)))

# %% wrong="eigvalsh_of_the_product" diagnosis="product_taken_for_symmetric"
def frechet_distance(real, generated):
    one, other = (np.atleast_2d(np.cov(a, rowvar=False)) for a in (real, generated))
    means = ((real.mean(axis=0) - generated.mean(axis=0)) ** 2).sum()
    roots = np.sqrt(np.maximum(np.linalg.eigvalsh(one @ other), 0))
    return means, np.trace(one) + np.trace(other) - 2 * roots.sum()

# %% wrong="diagonals" diagnosis="variances_alone"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.sum(np.sqrt(np.diag(cov_r) * np.diag(cov_g)))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="roots_multiplied" diagnosis="product_of_the_roots"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(r @ root(cov_g))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="no_root" diagnosis="root_forgotten"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(cov_r @ cov_g)
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="two_lost" diagnosis="overlap_once"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - overlap)

# %% wrong="traces_alone" diagnosis="overlap_left_out"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g))

# %% wrong="minus" diagnosis="difference_of_covariances"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r - cov_g))

# %% wrong="jitter" diagnosis="a_number_on_the_diagonal"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    jitter = 1e-6 * np.eye(len(cov_r))
    cov_r, cov_g = cov_r + jitter, cov_g + jitter
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="rows" diagnosis="rows_for_features"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, np.cov(a)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="negative_eigenvalues" diagnosis="not_finite"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.sqrt(np.linalg.eigvalsh(r @ cov_g @ r)).sum()
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="cholesky" diagnosis="raised"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = np.linalg.cholesky(cov_r)
    overlap = np.trace(root(r.T @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="one_feature" diagnosis="raised"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    centered = a - mean
    return mean, np.cov(a, rowvar=False)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% wrong="centered_in_place" diagnosis="in_place"
def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

def moments(a):
    mean = a.mean(axis=0)
    a -= mean
    centered = a
    return mean, centered.T @ centered / (len(a) - 1)

def frechet_distance(real, generated):
    mu_r, cov_r = moments(real)
    mu_g, cov_g = moments(generated)
    r = root(cov_r)
    overlap = np.trace(root(r @ cov_g @ r))
    return float(np.sum((mu_r - mu_g) ** 2)), float(np.trace(cov_r) + np.trace(cov_g) - 2 * overlap)

# %% [raw] equivalent=true
# mean_part = np.linalg.norm(real.mean(axis=0) - generated.mean(axis=0)) ** 2 => mean_part = np.linalg.norm(generated.mean(axis=0) - real.mean(axis=0)) ** 2
# A vector and its negative have the same length.

# %% [raw] equivalent=true
# centered_real = real - real.mean(axis=0) => centered_real = real.mean(axis=0) - real
# Both signs are gone in the product of the matrix with itself.

# %% [raw] equivalent=true
# centered_generated = generated - generated.mean(axis=0) => centered_generated = generated.mean(axis=0) - generated
# Both signs are gone in the product of the matrix with itself.
