# %% [markdown]
# Answers to `mode_coverage`, each in the place of the whole solution cell.

# %% right="loops"
def mode_coverage(samples, centers, radius, at_least=1):
    counts = [0] * len(centers)
    for sample in samples:
        best, distance = None, float("inf")
        for i, center in enumerate(centers):
            d = np.linalg.norm(sample - center)
            if d < distance:
                best, distance = i, d
        if distance <= radius:
            counts[best] += 1
    good = sum(counts)
    to_move = sum(max(good / len(centers) - c, 0) for c in counts)
    return sum(c >= at_least for c in counts), good / len(samples), to_move / good if good else 1

# %% right="one_hot_counts"
def mode_coverage(samples, centers, radius, at_least=1):
    squares = ((samples[:, None] - centers) ** 2).sum(-1)
    owner = np.eye(len(centers))[squares.argmin(1)]
    hits = (owner * (squares <= radius**2)).sum(0)
    wanted = np.full(len(centers), 1 / len(centers))
    uneven = np.maximum(hits / hits.sum() - wanted, 0).sum() if hits.any() else 1.0
    return np.count_nonzero(hits >= at_least), hits.sum() / len(samples), uneven

# %% right="unique"
def mode_coverage(samples, centers, radius, at_least=1):
    gaps = np.stack([np.linalg.norm(samples - c, axis=1) for c in centers], axis=1)
    near = gaps.min(1) <= radius
    _, counts = np.unique(gaps.argmin(1)[near], return_counts=True)
    covered, share = int(np.sum(counts >= at_least)), near.sum() / near.size
    if not near.any():
        return covered, share, 1.0
    counts = np.concatenate([counts, np.zeros(len(centers) - len(counts))])
    return covered, share, np.linalg.norm(counts / counts.sum() - 1 / len(centers), ord=1) / 2

# %% wrong="strictly_inside" diagnosis="radius_excluded"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) < radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="strictly_more" diagnosis="more_than_at_least"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts > at_least).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="any_hit" diagnosis="at_least_ignored"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts > 0).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="near_or_far" diagnosis="bad_samples_count"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest, minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="every_center_in_reach" diagnosis="belongs_to_several"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = (distances <= radius).sum(axis=0)
    covered = int((counts >= at_least).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="pairs" diagnosis="share_of_pairs"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float((distances <= radius).mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="modes_share" diagnosis="share_of_modes"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = covered / len(centers)
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="good_count" diagnosis="number_of_good"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(good.sum())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="only_in_covered" diagnosis="good_in_covered_modes"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(counts[counts >= at_least].sum() / len(samples))
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="no_root" diagnosis="squared_distances"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = ((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2)
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="city_blocks" diagnosis="along_the_axes"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.abs(samples[:, None, :] - centers[None, :, :]).sum(axis=2)
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="share_twice" diagnosis="share_of_covered"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = float((counts >= at_least).mean())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="whole_sum" diagnosis="uneven_not_halved"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="by_all_samples" diagnosis="uneven_among_all"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / len(samples) - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="empty_modes_left_out" diagnosis="uneven_among_found_modes"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    counts = counts[counts > 0]
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(counts)).sum())
    return covered, share, uneven

# %% wrong="no_minlength" diagnosis="last_modes_left_out"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.linalg.norm(samples[:, None] - centers, axis=2)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(distances.argmin(axis=1)[good])
    uneven = np.abs(counts / counts.sum() - 1 / len(centers)).sum() / 2 if good.any() else 1.0
    return (counts >= at_least).sum(), good.mean(), uneven

# %% wrong="nothing_is_even" diagnosis="even_when_nothing_is_good"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 0.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="nothing_over_nothing" diagnosis="not_finite"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(good.mean())
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% wrong="shifted_in_place" diagnosis="in_place"
def mode_coverage(samples, centers, radius, at_least=1):
    shift = centers[0].copy()
    samples -= shift
    centers = centers - shift
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered = int((counts >= at_least).sum())
    share = float(good.mean())
    if counts.sum() == 0:
        return covered, share, 1.0
    uneven = float(0.5 * np.abs(counts / counts.sum() - 1 / len(centers)).sum())
    return covered, share, uneven

# %% [raw] equivalent=true
# distances = np.linalg.norm(samples[:, None] - centers, axis=2) => distances = np.linalg.norm(centers - samples[:, None], axis=2)
# A vector and its negative have the same length.

# %% [raw] equivalent=true
# uneven = float(np.abs(counts / counts.sum() - 1 / len(centers)).sum() / 2) => uneven = float(np.abs(1 / len(centers) - counts / counts.sum()).sum() / 2)
# A number and its negative have the same absolute value.
