# %% [markdown]
# Answers to `cosine_schedule`, each in the place of the whole solution cell.

# %% right="three_stretches"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step >= total_steps:
        return float(floor)
    if step < warmup_steps:
        return step / warmup_steps * peak
    angle = np.pi * (step - warmup_steps) / (total_steps - warmup_steps)
    return 0.5 * (peak + floor) + 0.5 * (peak - floor) * np.cos(angle)

# %% right="squared_cosine"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    rise = min(step / warmup_steps, 1) if warmup_steps else 1
    p = np.clip((step - warmup_steps) / (total_steps - warmup_steps), 0, 1)
    return rise * (floor + (peak - floor) * np.cos(np.pi / 2 * p) ** 2)

# %% right="keras_schedule"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if warmup_steps == 0:
        schedule = keras.optimizers.schedules.CosineDecay(float(peak), total_steps, alpha=floor / peak)
    else:
        schedule = keras.optimizers.schedules.CosineDecay(
            0.0, total_steps - warmup_steps, alpha=floor / peak, warmup_target=peak, warmup_steps=warmup_steps
        )
    return float(schedule(step))

# %% right="interpolated"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    step = min(step, total_steps)
    line = np.interp(step, [warmup_steps, total_steps], [1.0, -1.0])
    if step < warmup_steps:
        return float(np.interp(step, [0, warmup_steps], [0.0, peak]))
    return floor + (peak - floor) * (1 + np.sin(np.pi / 2 * line)) / 2

# %% right="sine_of_the_rest"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    import math
    left = total_steps - step
    if left <= 0:
        return floor
    if warmup_steps > step:
        return peak / warmup_steps * step
    return floor + (peak - floor) * math.sin(math.pi / 2 * left / (total_steps - warmup_steps)) ** 2

# %% wrong="one_step_ahead" diagnosis="counted_from_one"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * (step + 1) / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return floor + (peak - floor) * (1 + np.cos(np.pi * progress)) / 2

# %% wrong="rises_from_the_floor" diagnosis="warmup_from_floor"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return floor + (peak - floor) * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return floor + (peak - floor) * (1 + np.cos(np.pi * progress)) / 2

# %% wrong="cosine_from_the_start" diagnosis="no_warmup"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    progress = min(step / total_steps, 1.0)
    return floor + (peak - floor) * (1 + np.cos(np.pi * progress)) / 2

# %% wrong="progress_of_the_whole" diagnosis="warmup_not_subtracted"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min(step / total_steps, 1.0)
    return floor + (peak - floor) * (1 + np.cos(np.pi * progress)) / 2

# %% wrong="divided_by_all_steps" diagnosis="wave_too_long"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / total_steps, 1.0)
    return floor + (peak - floor) * (1 + np.cos(np.pi * progress)) / 2

# %% wrong="not_limited" diagnosis="rises_again"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    return floor + (peak - floor) * (1 + np.cos(np.pi * progress)) / 2

# %% wrong="nothing_after_the_end" diagnosis="zero_after_the_end"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    if step > total_steps:
        return 0.0
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return floor + (peak - floor) * (1 + np.cos(np.pi * progress)) / 2

# %% wrong="down_to_zero" diagnosis="floor_ignored"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return peak * (1 + np.cos(np.pi * progress)) / 2

# %% wrong="floor_on_top" diagnosis="floor_added"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return floor + peak * (1 + np.cos(np.pi * progress)) / 2

# %% wrong="max_with_the_floor" diagnosis="cut_at_the_floor"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return max(floor, peak * (1 + np.cos(np.pi * progress)) / 2)

# %% wrong="linear" diagnosis="straight_line"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return peak + (floor - peak) * progress

# %% wrong="quarter" diagnosis="quarter_wave"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return floor + (peak - floor) * np.cos(np.pi / 2 * progress)

# %% wrong="two_pi" diagnosis="full_wave"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return floor + (peak - floor) * (1 + np.cos(2 * np.pi * progress)) / 2

# %% wrong="one_minus_cosine" diagnosis="upside_down"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return floor + (peak - floor) * (1 - np.cos(np.pi * progress)) / 2

# %% wrong="degrees" diagnosis="angle_in_degrees"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return floor + (peak - floor) * (1 + np.cos(180 * progress)) / 2

# %% wrong="not_halved" diagnosis="half_forgotten"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return floor + (peak - floor) * (1 + np.cos(np.pi * progress))

# %% wrong="not_lifted" diagnosis="bare_cosine"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return floor + (peak - floor) * np.cos(np.pi * progress)

# %% wrong="whole_division" diagnosis="whole_progress"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) // (total_steps - warmup_steps), 1)
    return floor + (peak - floor) * (1 + np.cos(np.pi * progress)) / 2

# %% wrong="zero_division" diagnosis="raised"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    rise = min(step / warmup_steps, 1.0)
    return rise * (floor + (peak - floor) * (1 + np.cos(np.pi * max(progress, 0))) / 2)

# %% wrong="array_returned" diagnosis="wrong_kind"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return np.array([floor + (peak - floor) * (1 + np.cos(np.pi * progress)) / 2])

# %% wrong="without_pi" diagnosis="pi_forgotten"
def cosine_schedule(step, total_steps, peak, warmup_steps=0, floor=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = min(1, (step - warmup_steps) / (total_steps - warmup_steps))
    return floor + (peak - floor) * 0.5 * (1 + np.cos(progress))
