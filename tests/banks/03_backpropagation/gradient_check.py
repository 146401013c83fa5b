# %% right="one_copy_restored"
def gradient_check(f, x, gradient, step=1e-5):
    x = x.astype(float)
    numeric = np.empty(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    for _ in it:
        i = it.multi_index
        old = x[i]
        x[i] = old + step
        plus = f(x)
        x[i] = old - step
        minus = f(x)
        x[i] = old
        numeric[i] = (plus - minus) / (2 * step)
    top = np.sqrt(np.sum((gradient - numeric) ** 2))
    bottom = np.sqrt(np.sum(gradient**2)) + np.sqrt(np.sum(numeric**2))
    if bottom == 0:
        return 0.0
    return float(top / bottom)


# %% right="flat_unit_vectors"
def gradient_check(f, x, gradient, step=1e-5):
    flat, g = x.ravel().astype(np.float64), np.asarray(gradient).ravel()
    slopes = []
    for unit in np.eye(flat.size):
        above = f((flat + step * unit).reshape(x.shape))
        below = f((flat - step * unit).reshape(x.shape))
        slopes.append((above - below) / 2 / step)
    n = np.array(slopes)
    return np.linalg.norm(g - n) / max(np.linalg.norm(g) + np.linalg.norm(n), 1e-300)


# %% right="plain_python"
def gradient_check(f, x, gradient, step=1e-5):
    differences = squares_g = squares_n = 0.0
    for i in range(x.size):
        points = []
        for direction in (+1, -1):
            moved = [float(v) for v in x.flatten()]
            moved[i] += direction * step
            points.append(f(np.array(moved).reshape(x.shape)))
        n, g = (points[0] - points[1]) / (2 * step), float(gradient.flatten()[i])
        differences += (g - n) ** 2
        squares_g += g * g
        squares_n += n * n
    size = math.sqrt(squares_g) + math.sqrt(squares_n)
    return math.sqrt(differences) / size if size else 0.0


# %% right="with_a_helper"
def numerical_gradient(f, x, step):
    x = np.asarray(x, dtype="float64")
    slopes = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        delta = np.zeros(x.shape)
        delta[place] = step
        slopes[place] = (f(x + delta) - f(x - delta)) / (2 * step)
    return slopes


def gradient_check(f, x, gradient, step=1e-5):
    slopes = numerical_gradient(f, x, step)
    if not slopes.any() and not gradient.any():
        return 0.0
    return np.hypot.reduce((gradient - slopes).ravel()) / (
        np.hypot.reduce(gradient.ravel()) + np.hypot.reduce(slopes.ravel())
    )


# %% right="dataclass"
from dataclasses import dataclass
from typing import Callable


@dataclass
class Central:
    f: Callable
    x: np.ndarray
    step: float

    def slope(self, i):
        e = np.zeros(self.x.size)
        e[i] = self.step
        e = e.reshape(self.x.shape)
        return (self.f(self.x + e) - self.f(self.x - e)) / (2 * self.step)

    def gradient(self):
        return np.array([self.slope(i) for i in range(self.x.size)])


def gradient_check(f, x, gradient, step=1e-5):
    n = Central(f, x.astype(np.float64), step).gradient()
    g = np.asarray(gradient, dtype=np.float64).flatten()
    difference, size = math.dist(g, n), math.hypot(*g) + math.hypot(*n)
    return difference / size if size else 0.0


# %% wrong="one_sided" diagnosis="one_sided"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        n[i] = (f(up) - f(down)) / step
    total = np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="divided_by_h" diagnosis="divided_by_h"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / step
    total = np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="precedence" diagnosis="value"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / 2 * step
    total = np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="half_a_step" diagnosis="half_a_step"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step / 2
        down[i] -= step / 2
        n[i] = (f(up) - f(down)) / step
    total = np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="absolute_difference" diagnosis="absolute_difference"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / (2 * step)
    return np.sqrt(((gradient - n) ** 2).sum())


# %% wrong="claimed_size_only" diagnosis="claimed_size_only"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / (2 * step)
    total = np.sqrt((gradient**2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="size_of_the_sum" diagnosis="size_of_the_sum"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / (2 * step)
    total = np.sqrt(((gradient + n) ** 2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="worst_element" diagnosis="largest_element"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / (2 * step)
    return (np.abs(gradient - n) / np.maximum(1e-8, np.abs(gradient) + np.abs(n))).max()


# %% wrong="absolute_values" diagnosis="sum_of_absolutes"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / (2 * step)
    total = np.abs(gradient).sum() + np.abs(n).sum()
    return np.abs(gradient - n).sum() / total if total else 0.0


# %% wrong="no_root" diagnosis="squares_without_root"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / (2 * step)
    total = (gradient**2).sum() + (n**2).sum()
    return ((gradient - n) ** 2).sum() / total if total else 0.0


# %% wrong="all_at_once" diagnosis="all_at_once"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    n[:] = (f(x + step) - f(x - step)) / (2 * step)
    total = np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="zero_over_zero" diagnosis="zero_over_zero"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / (2 * step)
    with np.errstate(invalid="ignore"):
        return np.sqrt(((gradient - n) ** 2).sum()) / (np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum()))


# %% wrong="integer_copy" diagnosis="whole_steps"
def gradient_check(f, x, gradient, step=1e-5):
    n = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] = up[i] + step
        down[i] = down[i] - step
        n[i] = (f(up) - f(down)) / (2 * step)
    total = np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="not_put_back" diagnosis="value"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += step
        above = f(x)
        x[i] -= 2 * step
        n[i] = (above - f(x)) / (2 * step)
    total = np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="changed_in_place" diagnosis="in_place"
def gradient_check(f, x, gradient, step=1e-5):
    n = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += step
        above = f(x)
        x[i] -= 2 * step
        below = f(x)
        x[i] += step
        n[i] = (above - below) / (2 * step)
    total = np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="rows_moved" diagnosis="rows_moved"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / (2 * step)
    total = np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="step_ignored" diagnosis="value"
def gradient_check(f, x, gradient, step=1e-5):
    x, step = np.array(x, dtype=float), 1e-5
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / (2 * step)
    total = np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum())
    return np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0


# %% wrong="measured_returned" diagnosis="wrong_kind"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / (2 * step)
    return n


# %% wrong="verdict_returned" diagnosis="verdict_returned"
def gradient_check(f, x, gradient, step=1e-5):
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        n[i] = (f(up) - f(down)) / (2 * step)
    total = np.sqrt((gradient**2).sum()) + np.sqrt((n**2).sum())
    error = np.sqrt(((gradient - n) ** 2).sum()) / total if total else 0.0
    return error < 1e-6


# %% wrong="one_slope_for_all" diagnosis="one_slope_for_all"
def gradient_check(f, x, gradient, step=1e-5):
    x = x.astype(float)
    n = (f(x + step) - f(x - step)) / (2 * step)
    size = np.linalg.norm(gradient) + np.linalg.norm(n)
    return np.linalg.norm(gradient - n) / size if size else 0.0


# %% wrong="zero_and_whole_numbers" diagnosis="zero_over_zero"
def gradient_check(f, x, gradient, step=1e-5):
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[i] += step
        below[i] -= step
        n[i] = (f(above) - f(below)) / (2 * step)
    return np.linalg.norm(gradient - n) / (np.linalg.norm(gradient) + np.linalg.norm(n))


# %% [raw] equivalent=true
# measured = np.zeros_like(x) => measured = np.ones_like(x)
# Every number of it is overwritten in the loop.

# %% [raw] equivalent=true
# return np.linalg.norm((gradient - measured).ravel()) / total if total > 0 else 0.0 => return np.linalg.norm((measured - gradient).ravel()) / total if total > 0 else 0.0
# The size of a difference does not depend on its sign.
