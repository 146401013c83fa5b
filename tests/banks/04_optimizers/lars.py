# %% [markdown]
# Answers to `lars`, each in the place of the whole solution cell.

# %% right="safe_division"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.velocities = [self.add_variable_from_reference(v, name='velocity') for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        gradient = keras.ops.cast(gradient, variable.dtype)
        rate = keras.ops.cast(learning_rate, variable.dtype)
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.norm(keras.ops.reshape(variable, (-1,)))
        g_norm = keras.ops.norm(keras.ops.reshape(gradient, (-1,)))
        zero = keras.ops.logical_or(keras.ops.equal(w_norm, 0), keras.ops.equal(g_norm, 0))
        ratio = keras.ops.where(zero, 1.0, self.trust * w_norm / keras.ops.where(zero, 1.0, g_norm))
        self.assign(v, keras.ops.subtract(keras.ops.multiply(v, self.momentum), rate * ratio * gradient))
        self.assign(variable, variable + v)

    def get_config(self):
        return super().get_config() | dict(momentum=self.momentum, trust=self.trust)

# %% right="own_index"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate, name=name, **kwargs)
        self._settings = {'momentum': float(momentum), 'trust': float(trust)}

    def build(self, variables):
        super().build(variables)
        self._speed = {v.path: self.add_variable(v.shape, dtype=v.dtype, name='speed') for v in variables} if False else None
        self._speeds = [self.add_variable(shape=v.shape, dtype=v.dtype, name=f'speed_{i}') for i, v in enumerate(variables)]

    def update_step(self, gradient, variable, learning_rate):
        speed = self._speeds[self._get_variable_index(variable)]
        size = lambda a: keras.ops.sqrt(keras.ops.sum(keras.ops.square(a)))
        w, g = size(keras.ops.convert_to_tensor(variable)), size(gradient)
        ratio = keras.ops.where(w * g > 0, keras.ops.divide_no_nan(self._settings['trust'] * w, g), keras.ops.ones_like(w))
        new = self._settings['momentum'] * keras.ops.convert_to_tensor(speed) - ratio * learning_rate * gradient
        self.assign(speed, new)
        self.assign_add(variable, new)

    def get_config(self):
        config = super().get_config()
        config.update(self._settings)
        return config

# %% right="cond"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w2, g2 = keras.ops.sum(keras.ops.square(variable)), keras.ops.sum(keras.ops.square(gradient))
        ratio = keras.ops.cond(keras.ops.logical_and(w2 > 0, g2 > 0), lambda: self.trust * keras.ops.sqrt(w2 / g2), lambda: keras.ops.ones_like(w2))
        move = self.momentum * v - learning_rate * (ratio * gradient)
        self.assign(v, move)
        self.assign_add(variable, move)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="norm_of_matrices_only" diagnosis="raised"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm, g_norm = keras.ops.norm(variable), keras.ops.norm(gradient)
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        new = self.momentum * v - learning_rate * ratio * gradient
        v.assign(new)
        variable.assign_add(new)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% right="on_top_of_sgd"
class Lars(keras.optimizers.SGD):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, momentum=momentum, name=name, **kwargs)
        self.trust = trust

    def update_step(self, gradient, variable, learning_rate):
        w = keras.ops.sqrt(keras.ops.mean(keras.ops.square(variable)))
        g = keras.ops.sqrt(keras.ops.mean(keras.ops.square(gradient)))
        ratio = keras.ops.where(keras.ops.minimum(w, g) > 0, self.trust * w / g, 1.0)
        super().update_step(gradient * ratio, variable, learning_rate)

    def get_config(self):
        return {**super().get_config(), "trust": self.trust}

# %% wrong="momentum_alone" diagnosis="no_ratio"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        self.assign(v, self.momentum * v - learning_rate * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="no_trust" diagnosis="trust_forgotten"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="upside_down" diagnosis="ratio_inverted"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * g_norm / w_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="trust_outside_where" diagnosis="trust_everywhere"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = self.trust * keras.ops.where((w_norm > 0) & (g_norm > 0), w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="divide_no_nan" diagnosis="zero_stays_zero"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = self.trust * keras.ops.divide_no_nan(w_norm, g_norm)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="small_epsilon" diagnosis="zero_stays_zero"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = self.trust * w_norm / (g_norm + 1e-12)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="unguarded" diagnosis="zero_over_zero"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = self.trust * w_norm / g_norm
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="only_the_weights_guarded" diagnosis="zero_over_zero_alone"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where(w_norm > 0, self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="squares" diagnosis="root_forgotten"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sum(variable * variable)
        g_norm = keras.ops.sum(gradient * gradient)
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="absolute_values" diagnosis="sum_of_sizes"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sum(keras.ops.abs(variable))
        g_norm = keras.ops.sum(keras.ops.abs(gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="elementwise" diagnosis="each_weight_its_own"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm, g_norm = keras.ops.abs(variable), keras.ops.abs(gradient)
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="global_norms" diagnosis="one_ratio_for_all"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        ratio = self.ratio
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

    def apply(self, grads, trainable_variables=None):
        total = lambda arrays: keras.ops.sqrt(sum(keras.ops.sum(keras.ops.square(a)) for a in arrays))
        w, g = total(trainable_variables), total(grads)
        self.ratio = keras.ops.where((w > 0) & (g > 0), self.trust * w / g, 1.0)
        return super().apply(grads, trainable_variables)

# %% wrong="rate_when_moving" diagnosis="rate_outside"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - ratio * gradient)
        self.assign_add(variable, learning_rate * v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="ratio_when_moving" diagnosis="ratio_outside"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * gradient)
        self.assign_add(variable, ratio * v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="no_velocity" diagnosis="no_momentum"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign_sub(variable, learning_rate * ratio * gradient)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="average" diagnosis="averaged_gradient"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - (1 - self.momentum) * learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="moves_first" diagnosis="old_velocity"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign_add(variable, v)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="looks_ahead" diagnosis="nesterov"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, self.momentum * v - learning_rate * ratio * gradient)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="plus_for_minus" diagnosis="uphill"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v + learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="rate_kept_from_init" diagnosis="schedule_ignored"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum, self.trust = momentum, trust
        self.first_rate = float(self.learning_rate)

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - self.first_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="rate_as_given" diagnosis="raised"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum, self.trust, self.rate = momentum, trust, learning_rate

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - self.rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="no_get_config" diagnosis="config_incomplete"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

# %% wrong="config_without_trust" diagnosis="trust_not_in_config"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum}

# %% wrong="config_without_momentum" diagnosis="momentum_not_in_config"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        return {**super().get_config(), "trust": self.trust}

# %% wrong="config_of_its_own_only" diagnosis="rate_not_in_config"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        return {"momentum": self.momentum, "trust": self.trust}

# %% wrong="kwargs_dropped" diagnosis="settings_dropped"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name)
        self.momentum, self.trust = momentum, trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="numpy_norm" diagnosis="raised"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm, g_norm = np.linalg.norm(np.array(variable)), np.linalg.norm(np.array(gradient))
        ratio = self.trust * w_norm / g_norm if w_norm > 0 and g_norm > 0 else 1.0
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="python_velocity" diagnosis="compiled"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        super().build(variables)
        self.velocities = [0.0 for _ in variables]

    def update_step(self, gradient, variable, learning_rate):
        i = self._get_variable_index(variable)
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.velocities[i] = self.momentum * self.velocities[i] - learning_rate * ratio * gradient
        self.assign_add(variable, self.velocities[i])

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="build_forgot_super" diagnosis="raised"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.trust = trust

    def build(self, variables):
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        v = self.velocities[self._get_variable_index(variable)]
        w_norm = keras.ops.sqrt(keras.ops.sum(variable * variable))
        g_norm = keras.ops.sqrt(keras.ops.sum(gradient * gradient))
        ratio = keras.ops.where((w_norm > 0) & (g_norm > 0), self.trust * w_norm / g_norm, 1.0)
        self.assign(v, self.momentum * v - learning_rate * ratio * gradient)
        self.assign_add(variable, v)

    def get_config(self):
        config = super().get_config()
        config.update({"momentum": self.momentum, "trust": self.trust})
        return config

# %% wrong="if_on_tensors" diagnosis="raised"
class Lars(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.9, trust=0.1, name="lars", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum, self.trust = momentum, trust

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        ops = keras.ops
        velocity = self.velocities[self._get_variable_index(variable)]
        w_norm, g_norm = (ops.sqrt(ops.sum(ops.square(a))) for a in (variable, gradient))
        if w_norm == 0 or g_norm == 0:
            ratio = 1.0
        else:
            ratio = self.trust * w_norm / g_norm
        self.assign(velocity, self.momentum * velocity - learning_rate * ratio * gradient)
        self.assign_add(variable, velocity)

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum, "trust": self.trust}
