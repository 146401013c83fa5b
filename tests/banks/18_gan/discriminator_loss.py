# %% [markdown]
# Answers to `discriminator_loss`, each in the place of the whole solution cell.

# %% right="shortened"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    """softplus(a) = a + softplus(-a), so the smoothed side is softplus(-a) + smooth * a."""
    return np.logaddexp(0, -real_logits).mean() + smooth * np.mean(real_logits) + np.logaddexp(0, fake_logits).mean()

# %% right="loops"
def softplus(a):
    return max(a, 0.0) + np.log1p(np.exp(-abs(a)))

def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    target = 1 - smooth
    real = 0.0
    for a in real_logits.ravel():
        real += target * softplus(-a) + (1 - target) * softplus(a)
    fake = sum(softplus(a) for a in fake_logits.ravel())
    return real / real_logits.size + fake / fake_logits.size

# %% right="cross_entropy_of_targets"
def cross_entropy(logits, target):
    return np.mean(np.maximum(logits, 0) - logits * target + np.log1p(np.exp(-np.abs(logits))))

def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    return cross_entropy(real_logits, 1.0 - smooth) + cross_entropy(fake_logits, 0.0)

# %% right="keras_ops"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real, fake = ops.convert_to_tensor(real_logits, "float32"), ops.convert_to_tensor(fake_logits, "float32")
    loss = (1 - smooth) * ops.mean(ops.softplus(-real)) + smooth * ops.mean(ops.softplus(real))
    return float(loss + ops.mean(ops.softplus(fake)))

# %% wrong="roles_exchanged" diagnosis="players_exchanged"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = (1 - smooth) * np.logaddexp(0, real_logits) + smooth * np.logaddexp(0, -real_logits)
    fake = np.logaddexp(0, -fake_logits)
    return float(np.mean(real) + np.mean(fake))

# %% wrong="mean_of_the_sides" diagnosis="half_the_loss"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    fake = np.logaddexp(0, fake_logits)
    return float(0.5 * (np.mean(real) + np.mean(fake)))

# %% wrong="sums" diagnosis="sums_over_the_batch"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    fake = np.logaddexp(0, fake_logits)
    return float(np.sum(real) + np.sum(fake))

# %% wrong="pooled" diagnosis="one_mean_for_all"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    fake = np.logaddexp(0, fake_logits)
    return float(np.mean(np.concatenate([real, fake])))

# %% wrong="pooled_and_doubled" diagnosis="twice_the_mean_of_all"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    logits = np.concatenate([np.ravel(real_logits), np.ravel(fake_logits)])
    targets = np.concatenate([np.full(np.size(real_logits), 1 - smooth), np.zeros(np.size(fake_logits))])
    losses = targets * np.logaddexp(0, -logits) + (1 - targets) * np.logaddexp(0, logits)
    return 2 * losses.mean()

# %% wrong="one_batch_size" diagnosis="sum_over_one_batch_size"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    fake = np.logaddexp(0, fake_logits)
    return float((np.sum(real) + np.sum(fake)) / len(real_logits))

# %% wrong="no_minus" diagnosis="value_not_loss"
def log_sigmoid(a):
    return -np.logaddexp(0, -a)

def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = (1 - smooth) * log_sigmoid(real_logits) + smooth * log_sigmoid(-real_logits)
    return float(real.mean() + log_sigmoid(-fake_logits).mean())

# %% wrong="smooth_unused" diagnosis="smooth_ignored"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = np.logaddexp(0, -real_logits)
    fake = np.logaddexp(0, fake_logits)
    return float(np.mean(real) + np.mean(fake))

# %% wrong="half_of_the_target" diagnosis="smooth_scales_only"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = (1 - smooth) * np.logaddexp(0, -real_logits)
    fake = np.logaddexp(0, fake_logits)
    return float(np.mean(real) + np.mean(fake))

# %% wrong="two_sided" diagnosis="smooth_on_both_sides"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    fake = (1 - smooth) * np.logaddexp(0, fake_logits) + smooth * np.logaddexp(0, -fake_logits)
    return float(np.mean(real) + np.mean(fake))

# %% wrong="the_other_side" diagnosis="smooth_on_the_fakes"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = np.logaddexp(0, -real_logits)
    fake = (1 - smooth) * np.logaddexp(0, fake_logits) + smooth * np.logaddexp(0, -fake_logits)
    return float(np.mean(real) + np.mean(fake))

# %% wrong="weights_exchanged" diagnosis="target_is_smooth"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = smooth * np.logaddexp(0, -real_logits) + (1 - smooth) * np.logaddexp(0, real_logits)
    fake = np.logaddexp(0, fake_logits)
    return float(np.mean(real) + np.mean(fake))

# %% wrong="epsilon" diagnosis="capped_by_an_epsilon"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    eps = 1e-7
    with np.errstate(over="ignore"):
        real = 1 / (1 + np.exp(-real_logits))
        fake = 1 / (1 + np.exp(-fake_logits))
    real_loss = -(1 - smooth) * np.log(real + eps) - smooth * np.log(1 - real + eps)
    return float(real_loss.mean() - np.log(1 - fake + eps).mean())

# %% wrong="one_side" diagnosis="real_alone"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = (1 - smooth) * np.logaddexp(0, -real_logits) + smooth * np.logaddexp(0, real_logits)
    fake = np.logaddexp(0, fake_logits)
    return float(np.mean(real))

# %% wrong="overflows" diagnosis="not_finite"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real, fake = 1 / (1 + np.exp(-real_logits)), 1 / (1 + np.exp(-fake_logits))
    real_loss = -(1 - smooth) * np.log(real) - smooth * np.log(1 - real)
    return float(real_loss.mean() - np.log(1 - fake).mean())

# %% wrong="exp_of_a_large_number" diagnosis="not_finite"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    real = np.log(1 + np.exp(-real_logits)) + smooth * real_logits
    return float(real.mean() + np.log(1 + np.exp(fake_logits)).mean())

# %% wrong="in_place" diagnosis="in_place"
def discriminator_loss(real_logits, fake_logits, smooth=0.0):
    loss = smooth * real_logits.mean()
    real_logits *= -1
    return float(loss + np.logaddexp(0, real_logits).mean() + np.logaddexp(0, fake_logits).mean())
