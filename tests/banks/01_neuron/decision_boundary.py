# %% [markdown]
# Answers to `decision_boundary`, each in the place of the whole solution cell.

# %% right="pushed_by_the_nearest"
def decision_boundary(x, y):
    # logistic loss whose gradient is normalized, so that the nearest examples always count
    center = x.mean(axis=0)
    scale = (x - center).std()
    z = (x - center) / scale
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(5000):
        score = y * (z @ w + b)
        share = np.exp(-(score - score.min()))
        share /= share.sum()
        w, b = w + 0.1 * (share * y) @ z, b + 0.1 * share @ y
    w = w / scale
    sums = x @ w
    return w, -(sums[y > 0].min() + sums[y < 0].max()) / 2

# %% right="logistic_regression"
def decision_boundary(x, y):
    center, scale = x.mean(axis=0), (x - x.mean(axis=0)).std()
    z, t = (x - center) / scale, (y > 0).astype(float)
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(6000):
        error = (1 + np.tanh((z @ w + b) / 2)) / 2 - t
        w, b = w - 5 * z.T @ error / len(t), b - 5 * error.mean()
    sums = x @ w
    return w, -(sums[y > 0].min() + sums[y < 0].max()) / 2

# %% right="closest_points_of_the_hulls"
def decision_boundary(x, y):
    # Gilbert's algorithm: the shortest vector between the convex hulls of the two classes
    plus, minus = x[y > 0], x[y < 0]
    a, b = plus.mean(axis=0), minus.mean(axis=0)
    for _ in range(3000):
        w = a - b
        corner_a, corner_b = plus[np.argmin(plus @ w)], minus[np.argmax(minus @ w)]
        v = corner_a - corner_b
        step = np.clip(w @ (w - v) / max((w - v) @ (w - v), 1e-300), 0, 1)
        a, b = a + step * (corner_a - a), b + step * (corner_b - b)
    w = a - b
    return w, -((plus @ w).min() + (minus @ w).max()) / 2

# %% right="support_vector_machine"
from sklearn.svm import SVC

def decision_boundary(x, y):
    scale = x.std()
    machine = SVC(kernel="linear", C=1e6).fit(x / scale, y)
    return machine.coef_[0] / scale, float(machine.intercept_[0])

# %% right="worst_pair_in_loops"
def decision_boundary(x, y):
    plus = [row for row, label in zip(x, y) if label == 1]
    minus = [row for row, label in zip(x, y) if label == -1]
    w = plus[0] - minus[0]
    for _ in range(2000):
        worst_plus = plus[int(np.argmin(np.array(plus) @ w))]
        worst_minus = minus[int(np.argmax(np.array(minus) @ w))]
        w = w + worst_plus - worst_minus
    low, high = min(np.array(plus) @ w), max(np.array(minus) @ w)
    return w / np.linalg.norm(w), -(low + high) / 2 / np.linalg.norm(w)

# %% right="newton_with_a_shrinking_penalty"
def decision_boundary(x, y):
    center, scale = x.mean(axis=0), x.std()
    x1 = np.c_[(x - center) / scale, np.ones(len(x))]
    v = np.zeros(x1.shape[1])
    for penalty in 10.0 ** -np.arange(7):
        ridge = penalty * np.append(np.ones(x.shape[1]), 1e-3)
        for _ in range(15):
            p = np.exp(-np.logaddexp(0, y * (x1 @ v)))
            slope = ridge * v - x1.T @ (y * p)
            v = v - np.linalg.solve((x1.T * (p * (1 - p))) @ x1 + np.diag(ridge), slope)
    w = v[:-1] / scale
    return w, -((x @ w)[y > 0].min() + (x @ w)[y < 0].max()) / 2

# %% right="pairwise_weights_of_the_hulls"
def decision_boundary(x, y):
    # each hull's point as a weighted mean of its examples; weight moves from the worst example to the best
    plus, minus = x[y > 0], x[y < 0]
    a, b = np.eye(len(plus))[0], np.eye(len(minus))[0]
    for _ in range(2000):
        for points, share, sign in [(plus, a, 1), (minus, b, -1)]:
            w = plus.T @ a - minus.T @ b
            along = sign * (points @ w)
            worst, best = np.where(share > 0, along, -np.inf).argmax(), along.argmin()
            move = sign * (points[best] - points[worst])
            step = min(share[worst], -(w @ move) / max(move @ move, 1e-300))
            share[best] += step
            share[worst] -= step
    w = plus.T @ a - minus.T @ b
    return w, -((plus @ w).min() + (minus @ w).max()) / 2

# %% wrong="perceptron" diagnosis="first_line"
def decision_boundary(x, y):
    weights, bias = np.zeros(x.shape[1]), 0.0
    for _ in range(10000):
        mistakes = 0
        for x_i, y_i in zip(x, y):
            if y_i * (weights @ x_i + bias) <= 0:
                weights, bias = weights + y_i * x_i, bias + y_i
                mistakes += 1
        if mistakes == 0:
            break
    return weights, bias

# %% wrong="between_the_means" diagnosis="line_between_means"
def decision_boundary(x, y):
    a, b = x[y == 1].mean(axis=0), x[y == -1].mean(axis=0)
    w = a - b
    return w, -w @ (a + b) / 2

# %% wrong="means_with_a_good_bias" diagnosis="direction_of_means"
def decision_boundary(x, y):
    w = x[y == 1].mean(axis=0) - x[y == -1].mean(axis=0)
    sums = x @ w
    return w, -(sums[y == 1].min() + sums[y == -1].max()) / 2

# %% wrong="a_few_steps_of_descent" diagnosis="narrow"
def decision_boundary(x, y):
    center, scale = x.mean(axis=0), (x - x.mean(axis=0)).std()
    z, t = (x - center) / scale, (y > 0).astype(float)
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(200):
        error = (1 + np.tanh((z @ w + b) / 2)) / 2 - t
        w, b = w - z.T @ error / len(t), b - error.mean()
    return w / scale, b - w @ center / scale

# %% wrong="the_lesson_s_descent" diagnosis="narrow"
def decision_boundary(x, y):
    mean, spread = x.mean(axis=0), x.std(axis=0)
    z, t = (x - mean) / spread, (y + 1) / 2
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(5000):
        p = (1 + np.tanh((z @ w + b) / 2)) / 2
        w, b = w - 0.5 * z.T @ (p - t) / len(t), b - 0.5 * np.mean(p - t)
    return w / spread, b - w @ (mean / spread)

# %% wrong="least_squares" diagnosis="narrow"
def decision_boundary(x, y):
    x1 = np.column_stack([x, np.ones(len(x))])
    solution = np.linalg.lstsq(x1, y.astype(float), rcond=None)[0]
    return solution[:-1], solution[-1]

# %% wrong="bias_at_the_curb" diagnosis="narrow"
def decision_boundary(x, y):
    plus, minus = x[y > 0], x[y < 0]
    w = plus.mean(axis=0) - minus.mean(axis=0)
    for _ in range(3000):
        w = w + plus[np.argmin(plus @ w)] - minus[np.argmax(minus @ w)]
    low, high = (plus @ w).min(), (minus @ w).max()
    return w, -(0.8 * low + 0.2 * high)

# %% wrong="no_bias" diagnosis="not_separating"
def decision_boundary(x, y):
    w = np.zeros(x.shape[1])
    for _ in range(500):
        for x_i, y_i in zip(x, y):
            if y_i * (w @ x_i) <= 0:
                w = w + y_i * x_i
    return w, 0.0

# %% wrong="turned_round" diagnosis="not_separating"
def decision_boundary(x, y):
    plus, minus = x[y > 0], x[y < 0]
    w = plus.mean(axis=0) - minus.mean(axis=0)
    for _ in range(3000):
        w = w + plus[np.argmin(plus @ w)] - minus[np.argmax(minus @ w)]
    return -w, ((plus @ w).min() + (minus @ w).max()) / 2

# %% wrong="bias_forgets_the_mean" diagnosis="not_separating"
def decision_boundary(x, y):
    z = x - x.mean(axis=0)
    plus, minus = z[y > 0], z[y < 0]
    w = plus.mean(axis=0) - minus.mean(axis=0)
    for _ in range(3000):
        w = w + plus[np.argmin(plus @ w)] - minus[np.argmax(minus @ w)]
    return w, -((plus @ w).min() + (minus @ w).max()) / 2

# %% wrong="scaled_and_not_scaled_back" diagnosis="not_separating"
def decision_boundary(x, y):
    center, spread = x.mean(axis=0), x.std(axis=0)
    z, t = (x - center) / spread, (y > 0).astype(float)
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(3000):
        error = (1 + np.tanh((z @ w + b) / 2)) / 2 - t
        w, b = w - 2 * z.T @ error / len(t), b - 2 * error.mean()
    return w, b

# %% wrong="weights_only" diagnosis="raised"
def decision_boundary(x, y):
    plus, minus = x[y > 0], x[y < 0]
    w = plus.mean(axis=0) - minus.mean(axis=0)
    for _ in range(3000):
        w = w + plus[np.argmin(plus @ w)] - minus[np.argmax(minus @ w)]
    return w

# %% wrong="two_dimensions_only" diagnosis="raised"
def decision_boundary(x, y):
    angles = np.linspace(0, 2 * np.pi, 3600)
    normals = np.stack([np.cos(angles), np.sin(angles)])
    along = x @ normals
    low, high = along[y > 0].min(axis=0), along[y < 0].max(axis=0)
    best = np.argmax(low - high)
    return normals[:, best], -(low[best] + high[best]) / 2

# %% [raw] equivalent=true
# for _ in range(3000): => for _ in range(3001):
# One step more, where a few hundred are enough.

# %% [raw] equivalent=true
# weights = np.zeros(x.shape[1]) => weights = np.ones(x.shape[1])
# The start is outweighed by thousands of steps.
