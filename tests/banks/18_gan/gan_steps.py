# %% [markdown]
# Answers to `gan_steps`, each in the place of the whole solution cell.

# %% right="stopped_and_keras_losses"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)

    def judge(x, labels, target):
        logits = discriminator([x, labels], training=True)
        return cross_entropy(target * ops.ones_like(logits), logits)

    def d_loss(x, labels, noise):
        fake = ops.stop_gradient(generator([noise, labels], training=True))
        return judge(x, labels, 1.0) + judge(fake, labels, 0.0)

    def g_loss(labels, noise):
        return judge(generator([noise, labels], training=True), labels, 1.0)

    return (
        training_step(d_loss, discriminator.trainable_weights, discriminator_optimizer),
        training_step(g_loss, generator.trainable_weights, generator_optimizer),
    )

# %% right="value_and_grad"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def step_of(loss, model, optimizer):
        differentiate = value_and_grad(loss, model.trainable_variables)

        def step(*batch):
            value, gradients = differentiate(*batch)
            optimizer.apply(gradients, model.trainable_variables)
            return value

        return step

    def fake_logits(labels, noise):
        return discriminator([generator([noise, labels]), labels])

    def d_loss(x, labels, noise):
        return ops.mean(ops.softplus(-discriminator([x, labels]))) + ops.mean(ops.softplus(fake_logits(labels, noise)))

    def g_loss(labels, noise):
        return ops.mean(ops.softplus(-fake_logits(labels, noise)))

    return step_of(d_loss, discriminator, discriminator_optimizer), step_of(g_loss, generator, generator_optimizer)

# %% right="one_batch_of_both"
class Steps:
    def __init__(self, generator, discriminator):
        self.generator, self.discriminator = generator, discriminator

    def of_discriminator(self, x, labels, noise):
        fake = self.generator([noise, labels])
        logits = self.discriminator([ops.concatenate([x, fake]), ops.concatenate([labels, labels])])
        signs = ops.concatenate([-ops.ones_like(x[:, :1]), ops.ones_like(x[:, :1])])
        return 2 * ops.mean(ops.softplus(signs * logits))

    def of_generator(self, labels, noise):
        return -ops.mean(ops.log_sigmoid(self.discriminator([self.generator([noise, labels]), labels])))

def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    steps = Steps(generator, discriminator)
    d_step = training_step(steps.of_discriminator, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(steps.of_generator, generator.trainable_variables, generator_optimizer)
    return d_step, g_step

# %% right="base"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)
    return d_step, g_step

# %% wrong="all_variables" diagnosis="both_players_move"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(-fake_logits))

    everything = generator.trainable_variables + discriminator.trainable_variables
    d_step = training_step(d_loss, everything, discriminator_optimizer)
    g_step = training_step(g_loss, everything, generator_optimizer)
    return d_step, g_step

# %% wrong="all_variables_for_the_generator" diagnosis="both_move_for_the_generator"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(-fake_logits))

    everything = generator.trainable_variables + discriminator.trainable_variables
    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, everything, generator_optimizer)
    return d_step, g_step

# %% wrong="saturating" diagnosis="minimax_for_the_generator"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return -ops.mean(ops.softplus(fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)
    return d_step, g_step

# %% wrong="same_loss_for_both" diagnosis="generator_against_itself"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)
    return d_step, g_step

# %% wrong="generator_not_conditional" diagnosis="generator_does_not_know_the_label"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, ops.zeros_like(labels)])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, ops.zeros_like(labels)]), labels])
        return ops.mean(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)
    return d_step, g_step

# %% wrong="discriminator_not_conditional" diagnosis="discriminator_does_not_know_the_label"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, 0 * labels])
        fake_logits = discriminator([fake, 0 * labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), 0 * labels])
        return ops.mean(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)
    return d_step, g_step

# %% wrong="mean_of_the_sides" diagnosis="half_the_loss"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return 0.5 * (ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits)))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)
    return d_step, g_step

# %% wrong="sums" diagnosis="sums_over_the_batch"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.sum(ops.softplus(-real_logits)) + ops.sum(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.sum(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)
    return d_step, g_step

# %% wrong="optimizers_swapped" diagnosis="optimizers_exchanged"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, generator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, discriminator_optimizer)
    return d_step, g_step

# %% wrong="loss_again" diagnosis="loss_after_the_step"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)

    def d_then_loss(x, labels, noise):
        d_step(x, labels, noise)
        return d_loss(x, labels, noise)

    def g_then_loss(labels, noise):
        g_step(labels, noise)
        return g_loss(labels, noise)

    return d_then_loss, g_then_loss

# %% wrong="losses_alone" diagnosis="nobody_moves"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)
    return d_loss, g_loss

# %% wrong="frozen_generator" diagnosis="generator_stands_still"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake = ops.stop_gradient(generator([noise, labels]))
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)
    return d_step, g_step

# %% wrong="steps_in_the_wrong_order" diagnosis="raised"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)
    return g_step, d_step

# %% wrong="real_and_fake_exchanged" diagnosis="discriminator_against_itself"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(real_logits)) + ops.mean(ops.softplus(-fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, generator.trainable_variables, generator_optimizer)
    return d_step, g_step

# %% wrong="generator_moves_the_discriminator" diagnosis="wrong_player_moves"
def gan_steps(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def d_loss(x, labels, noise):
        fake = generator([noise, labels])
        real_logits = discriminator([x, labels])
        fake_logits = discriminator([fake, labels])
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def g_loss(labels, noise):
        fake_logits = discriminator([generator([noise, labels]), labels])
        return ops.mean(ops.softplus(-fake_logits))

    d_step = training_step(d_loss, discriminator.trainable_variables, discriminator_optimizer)
    g_step = training_step(g_loss, discriminator.trainable_variables, generator_optimizer)
    return d_step, g_step
