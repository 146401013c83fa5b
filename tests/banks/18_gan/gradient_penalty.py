# %% [markdown]
# Answers to `gradient_penalty`, each in the place of the whole solution cell.

# %% right="base"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% right="axes_by_number"
def gradient_penalty(critic, real, fake, mix):
    real, fake, mix = (ops.convert_to_tensor(a) for a in (real, fake, mix))
    for _ in range(len(real.shape) - 1):
        mix = ops.expand_dims(mix, -1)
    gradient = input_gradient(critic, fake + mix * (real - fake))
    axes = tuple(range(1, len(real.shape)))
    norm = ops.sqrt(ops.sum(gradient * gradient, axis=axes) + 1e-12)
    return ops.mean((norm - 1.0) ** 2)

# %% right="numpy_points"
def gradient_penalty(critic, real, fake, mix):
    """The points between hold no weights, so NumPy may make them."""
    real, fake, mix = np.asarray(real), np.asarray(fake), np.asarray(mix)
    points = (mix * real.T + (1 - mix) * fake.T).T
    slopes = input_gradient(critic, points)
    total = ops.square(slopes)
    while len(total.shape) > 1:
        total = ops.sum(total, axis=-1)
    norm = ops.sqrt(ops.maximum(total, 1e-12))
    return ops.sum(ops.square(norm - 1)) / len(real)

# %% right="expanded_square"
def gradient_penalty(critic, real, fake, mix):
    shares = ops.broadcast_to(ops.reshape(mix, (-1,) + (1,) * (real.ndim - 1)), real.shape)
    between = ops.where(shares == 1, real, shares * real + (1 - shares) * fake)
    gradient = ops.reshape(input_gradient(lambda x: critic(x)[:, 0], between), (len(mix), -1))
    squares = ops.einsum("nd,nd->n", gradient, gradient)
    return ops.mean(squares) - 2 * ops.mean(ops.sqrt(squares + 1e-12)) + 1

# %% wrong="shares_exchanged" diagnosis="mix_exchanged"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * fake + (1 - mix) * real
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% wrong="real_only" diagnosis="at_the_real_examples"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, real), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% wrong="fake_only" diagnosis="at_the_generated_examples"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, fake), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% wrong="midpoint" diagnosis="always_half_way"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = 0.5 * (real + fake)
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% wrong="one_share" diagnosis="first_mix_for_all"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = mix[0]
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% wrong="root_forgotten" diagnosis="squared_norm"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sum(ops.square(slopes), axis=1)
    return ops.mean(ops.square(norms - 1))

# %% wrong="zero_centered" diagnosis="toward_zero"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms))

# %% wrong="absolute" diagnosis="not_squared"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.abs(norms - 1))

# %% wrong="sum_over_batch" diagnosis="summed_over_the_batch"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.sum(ops.square(norms - 1))

# %% wrong="root_mean_square" diagnosis="mean_inside_the_norm"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.mean(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% wrong="one_sided" diagnosis="steep_slopes_only"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(ops.relu(norms - 1)))

# %% wrong="whole_batch" diagnosis="one_norm_for_the_batch"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes)) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% wrong="last_axis" diagnosis="last_axis_alone"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = input_gradient(critic, between)
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=-1) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% wrong="axis_one" diagnosis="second_axis_alone"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = input_gradient(critic, between)
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% wrong="mean_first" diagnosis="mean_of_the_norms_first"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.square(ops.mean(norms) - 1)

# %% wrong="absolute_sum" diagnosis="sum_of_absolute_slopes"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sum(ops.abs(slopes), axis=1)
    return ops.mean(ops.square(norms - 1))

# %% wrong="nan_at_zero" diagnosis="not_finite"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1))
    return ops.mean(ops.square(norms - 1))

# %% wrong="small_number_outside_the_root" diagnosis="not_finite"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1)) + 1e-12
    return ops.mean(ops.square(norms - 1))

# %% wrong="stopped" diagnosis="cut_off"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    slopes = ops.stop_gradient(slopes)
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% wrong="from_the_lesson" diagnosis="mix_along_the_last_axis"
def gradient_penalty(critic, real, fake, t):
    slopes = input_gradient(critic, t * real + (1 - t) * fake)
    norms = ops.sqrt(ops.sum(slopes**2, axis=1) + 1e-12)
    return ops.mean((norms - 1) ** 2)

# %% wrong="mix_not_reshaped" diagnosis="mix_along_the_last_axis"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    return ops.mean(ops.square(norms - 1))

# %% wrong="never_returns" diagnosis="missing_return"
def gradient_penalty(critic, real, fake, mix):
    n = real.shape[0]
    mix = ops.reshape(mix, (n,) + (1,) * (len(real.shape) - 1))
    between = mix * real + (1 - mix) * fake
    slopes = ops.reshape(input_gradient(critic, between), (n, -1))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12)
    ops.mean(ops.square(norms - 1))

# %% [raw] equivalent=true
# norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 1e-12) => norms = ops.sqrt(ops.sum(ops.square(slopes), axis=1) + 2e-12)
# Any number that is small enough serves.

# %% [raw] equivalent=true
# return ops.mean(ops.square(norms - 1)) => return ops.mean(ops.square(1 - norms))
# A number and its negative have the same square.
