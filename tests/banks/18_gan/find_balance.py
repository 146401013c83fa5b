# %% [markdown]
# Answers to `find_balance`, each in the place of the whole solution cell.

# %% right="optimistic"
def find_balance(gradients, theta, psi, calls):
    """Optimistic steps: twice the slope of now, less the slope before."""
    old = gradients(theta, psi)
    for _ in range(calls - 1):
        new = gradients(theta, psi)
        theta = theta - 0.3 * (2 * new[0] - old[0])
        psi = psi + 0.3 * (2 * new[1] - old[1])
        old = new
    return theta, psi

# %% right="extragradient_while"
def find_balance(gradients, theta, psi, calls):
    """Look ahead, in smaller steps."""
    step = 0.3
    while calls >= 2:
        down, up = gradients(theta, psi)
        ahead = gradients(theta - step * down, psi + step * up)
        theta, psi = theta - step * ahead[0], psi + step * ahead[1]
        calls -= 2
    return theta, psi

# %% right="alternating_and_averaged"
def find_balance(gradients, theta, psi, calls):
    """In turns the game circles without leaving; the middle of the circle is the mean, and it starts anew from there."""
    rounds = 5
    for _ in range(rounds):
        sums, n = [0 * theta, 0 * psi], calls // (2 * rounds)
        for _ in range(n):
            theta = theta - 0.4 * gradients(theta, psi)[0]
            psi = psi + 0.4 * gradients(theta, psi)[1]
            sums = [sums[0] + theta, sums[1] + psi]
        theta, psi = sums[0] / n, sums[1] / n
    return theta, psi

# %% right="negative_momentum"
def find_balance(gradients, theta, psi, calls):
    """In turns, each step taking back a part of the one before."""
    v, w = np.zeros_like(theta), np.zeros_like(psi)
    for _ in range(calls // 2):
        v = -0.5 * v - 0.7 * gradients(theta, psi)[0]
        theta = theta + v
        w = -0.5 * w + 0.7 * gradients(theta, psi)[1]
        psi = psi + w
    return theta, psi

# %% right="damped_twin"
def find_balance(gradients, theta, psi, calls):
    """Each player is held by a spring to a slow copy of itself (its own moving average), which damps the circle."""
    slow_theta, slow_psi = theta.copy(), psi.copy()
    for _ in range(calls):
        down, up = gradients(theta, psi)
        theta, psi = theta - 0.2 * (down + theta - slow_theta), psi + 0.2 * (up - psi + slow_psi)
        slow_theta, slow_psi = slow_theta + 0.2 * (theta - slow_theta), slow_psi + 0.2 * (psi - slow_psi)
    return theta, psi

# %% wrong="simultaneous" diagnosis="goes_outward"
def find_balance(gradients, theta, psi, calls):
    for _ in range(calls):
        down, up = gradients(theta, psi)
        theta, psi = theta - 0.1 * down, psi + 0.1 * up
    return theta, psi

# %% wrong="simultaneous_larger_steps" diagnosis="goes_outward"
def find_balance(gradients, theta, psi, calls):
    for _ in range(calls):
        down, up = gradients(theta, psi)
        theta = theta - 0.5 * down
        psi = psi + 0.5 * up
    return theta, psi

# %% wrong="momentum" diagnosis="goes_outward"
def find_balance(gradients, theta, psi, calls):
    v, w = np.zeros_like(theta), np.zeros_like(psi)
    for _ in range(calls):
        down, up = gradients(theta, psi)
        v, w = 0.9 * v - 0.05 * down, 0.9 * w + 0.05 * up
        theta, psi = theta + v, psi + w
    return theta, psi

# %% wrong="in_turns" diagnosis="no_balance"
def find_balance(gradients, theta, psi, calls):
    for _ in range(calls // 2):
        theta = theta - 0.5 * gradients(theta, psi)[0]
        psi = psi + 0.5 * gradients(theta, psi)[1]
    return theta, psi

# %% wrong="both_downhill" diagnosis="goes_outward"
def find_balance(gradients, theta, psi, calls):
    for _ in range(calls // 2):
        down, up = gradients(theta, psi)
        down, up = gradients(theta - 0.5 * down, psi - 0.5 * up)
        theta, psi = theta - 0.5 * down, psi - 0.5 * up
    return theta, psi

# %% wrong="two_calls_in_each_of_all_calls" diagnosis="more_than_the_calls"
def find_balance(gradients, theta, psi, calls):
    for _ in range(calls):
        down, up = gradients(theta, psi)
        down, up = gradients(theta - 0.5 * down, psi + 0.5 * up)
        theta, psi = theta - 0.5 * down, psi + 0.5 * up
    return theta, psi

# %% wrong="until_it_converges" diagnosis="more_than_the_calls"
def find_balance(gradients, theta, psi, calls):
    for _ in range(20 * calls):
        down, up = gradients(theta, psi)
        ahead_down, ahead_up = gradients(theta - 0.05 * down, psi + 0.05 * up)
        theta, psi = theta - 0.05 * ahead_down, psi + 0.05 * ahead_up
    return theta, psi

# %% wrong="the_origin" diagnosis="no_balance"
def find_balance(gradients, theta, psi, calls):
    return np.zeros_like(theta), np.zeros_like(psi)

# %% wrong="stays" diagnosis="no_balance"
def find_balance(gradients, theta, psi, calls):
    return theta, psi

# %% wrong="goes_on_from_the_look_ahead" diagnosis="goes_outward"
def find_balance(gradients, theta, psi, calls):
    for _ in range(calls // 2):
        down, up = gradients(theta, psi)
        theta, psi = theta - 0.5 * down, psi + 0.5 * up
        down, up = gradients(theta, psi)
        theta, psi = theta - 0.5 * down, psi + 0.5 * up
    return theta, psi

# %% wrong="average_of_a_spiral" diagnosis="goes_outward"
def find_balance(gradients, theta, psi, calls):
    thetas, psis = [], []
    for _ in range(calls):
        down, up = gradients(theta, psi)
        theta, psi = theta - 0.2 * down, psi + 0.2 * up
        thetas.append(theta)
        psis.append(psi)
    return np.mean(thetas, axis=0), np.mean(psis, axis=0)

# %% wrong="steps_too_small" diagnosis="no_balance"
def find_balance(gradients, theta, psi, calls):
    for _ in range(calls // 2):
        down, up = gradients(theta, psi)
        down, up = gradients(theta - 0.02 * down, psi + 0.02 * up)
        theta, psi = theta - 0.02 * down, psi + 0.02 * up
    return theta, psi

# %% wrong="steps_too_large" diagnosis="no_balance"
def find_balance(gradients, theta, psi, calls):
    for _ in range(calls // 2):
        down, up = gradients(theta, psi)
        down, up = gradients(theta - 1.2 * down, psi + 1.2 * up)
        theta, psi = theta - 1.2 * down, psi + 1.2 * up
    return theta, psi

# %% wrong="friction_toward_zero" diagnosis="no_balance"
def find_balance(gradients, theta, psi, calls):
    for _ in range(calls):
        down, up = gradients(theta, psi)
        theta, psi = theta - 0.2 * down, psi + 0.2 * (up - 0.3 * psi)
    return theta, psi

# %% wrong="theta_alone" diagnosis="no_pair"
def find_balance(gradients, theta, psi, calls):
    for _ in range(calls // 2):
        down, up = gradients(theta, psi)
        down, up = gradients(theta - 0.5 * down, psi + 0.5 * up)
        theta, psi = theta - 0.5 * down, psi + 0.5 * up
    return theta

# %% [raw] equivalent=true
# for _ in range(calls // 2): => for _ in range(calls // 3):
# Two thirds of the calls are enough for these games.
