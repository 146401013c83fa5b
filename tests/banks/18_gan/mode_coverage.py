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
    return sum(c >= at_least for c in counts), sum(counts) / len(samples)

# %% right="one_hot_counts"
def mode_coverage(samples, centers, radius, at_least=1):
    squares = ((samples[:, None] - centers) ** 2).sum(-1)
    owner = np.eye(len(centers))[squares.argmin(1)]
    hits = (owner * (squares <= radius**2)).sum(0)
    return np.count_nonzero(hits >= at_least), hits.sum() / len(samples)

# %% right="unique"
def mode_coverage(samples, centers, radius, at_least=1):
    gaps = np.stack([np.linalg.norm(samples - c, axis=1) for c in centers], axis=1)
    near = gaps.min(1) <= radius
    _, counts = np.unique(gaps.argmin(1)[near], return_counts=True)
    return int(np.sum(counts >= at_least)), near.sum() / near.size

# %% wrong="strictly_inside" diagnosis="radius_excluded"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) < radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    return int((counts >= at_least).sum()), float(good.mean())

# %% wrong="strictly_more" diagnosis="more_than_at_least"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    return int((counts > at_least).sum()), float(good.mean())

# %% wrong="any_hit" diagnosis="at_least_ignored"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    return int((counts > 0).sum()), float(good.mean())

# %% wrong="near_or_far" diagnosis="bad_samples_cover"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest, minlength=len(centers))
    return int((counts >= at_least).sum()), float(good.mean())

# %% wrong="every_center_in_reach" diagnosis="belongs_to_several"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = (distances <= radius).sum(axis=0)
    return int((counts >= at_least).sum()), float(good.mean())

# %% wrong="pairs" diagnosis="share_of_pairs"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    return int((counts >= at_least).sum()), float((distances <= radius).mean())

# %% wrong="modes_share" diagnosis="share_of_modes"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    return int((counts >= at_least).sum()), float((counts >= at_least).mean())

# %% wrong="good_count" diagnosis="number_of_good"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    return int((counts >= at_least).sum()), float(good.sum())

# %% wrong="only_in_covered" diagnosis="good_in_covered_modes"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    return int((counts >= at_least).sum()), float(counts[counts >= at_least].sum() / len(samples))

# %% wrong="no_root" diagnosis="squared_distances"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = ((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2)
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    return int((counts >= at_least).sum()), float(good.mean())

# %% wrong="city_blocks" diagnosis="along_the_axes"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.abs(samples[:, None, :] - centers[None, :, :]).sum(axis=2)
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    return int((counts >= at_least).sum()), float(good.mean())

# %% wrong="share_twice" diagnosis="share_of_covered"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    return float((counts >= at_least).mean()), float(good.mean())

# %% wrong="nothing_comes_back" diagnosis="missing_return"
def mode_coverage(samples, centers, radius, at_least=1):
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    covered, share = int((counts >= at_least).sum()), float(good.mean())

# %% wrong="shifted_in_place" diagnosis="in_place"
def mode_coverage(samples, centers, radius, at_least=1):
    shift = centers[0].copy()
    samples -= shift
    centers = centers - shift
    distances = np.sqrt(((samples[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) <= radius
    counts = np.bincount(nearest[good], minlength=len(centers))
    return int((counts >= at_least).sum()), float(good.mean())
