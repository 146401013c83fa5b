# %% [markdown]
# Answers to `batches`, each in the place of the whole solution cell.

# %% right="ceil_and_shuffle"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x = x
        self.y = y
        self.batch_size = batch_size
        self.rng = rng
        self.rows = np.arange(len(x))

    def __len__(self):
        return int(np.ceil(len(self.x) / self.batch_size))

    def __getitem__(self, index):
        first = index * self.batch_size
        last = min(first + self.batch_size, len(self.x))
        rows = self.rows[first:last]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.rng.shuffle(self.rows)

# %% right="copies_shuffled"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.size, self.rng = np.array(x), np.array(y), batch_size, rng

    def __len__(self):
        return (len(self.x) + self.size - 1) // self.size

    def __getitem__(self, index):
        part = slice(index * self.size, (index + 1) * self.size)
        return self.x[part], self.y[part]

    def on_epoch_end(self):
        order = self.rng.permutation(len(self.x))
        self.x, self.y = self.x[order], self.y[order]

# %% right="list_of_batches"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng
        self.split(list(range(len(x))))

    def split(self, rows):
        self.groups = [rows[i : i + self.batch_size] for i in range(0, len(rows), self.batch_size)]

    def __len__(self):
        return len(self.groups)

    def __getitem__(self, index):
        rows = self.groups[index]
        return np.stack([self.x[r] for r in rows]), np.stack([self.y[r] for r in rows])

    def on_epoch_end(self):
        self.split([int(r) for r in self.rng.permutation(len(self.x))])

# %% right="sorted_random_keys"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.data, self.batch_size, self.rng = (x, y), batch_size, rng
        self.order = np.arange(x.shape[0])

    def __len__(self):
        whole, rest = divmod(len(self.order), self.batch_size)
        return whole + (rest > 0)

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size :][: self.batch_size]
        return tuple(part[rows] for part in self.data)

    def on_epoch_end(self):
        self.order = np.argsort(self.rng.random(len(self.order)))

# %% wrong="floor" diagnosis="last_batch_missing"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng
        self.order = np.arange(len(x))

    def __len__(self):
        return len(self.x) // self.batch_size

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.x))

# %% wrong="floor_plus_one" diagnosis="empty_batch"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng
        self.order = np.arange(len(x))

    def __len__(self):
        return len(self.x) // self.batch_size + 1

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.x))

# %% wrong="index_is_a_row" diagnosis="overlapping"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng
        self.order = np.arange(len(x))

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, index):
        rows = self.order[index : index + self.batch_size]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.x))

# %% wrong="shuffles_in_init" diagnosis="shuffled_at_once"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng
        self.on_epoch_end()

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.x))

# %% wrong="labels_in_the_old_order" diagnosis="labels_stay"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng
        self.order = np.arange(len(x))

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, index):
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        return self.x[self.order[part]], self.y[part]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.x))

# %% wrong="two_permutations" diagnosis="labels_stay"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, index):
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        return self.x[part], self.y[part]

    def on_epoch_end(self):
        self.x = self.rng.permutation(self.x)
        self.y = self.rng.permutation(self.y)

# %% wrong="permutation_not_kept" diagnosis="never_shuffled"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng
        self.order = np.arange(len(x))

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.rng.permutation(self.order)

# %% wrong="drawn_with_replacement" diagnosis="with_replacement"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng
        self.order = np.arange(len(x))

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.order = self.rng.integers(0, len(self.x), size=len(self.x))

# %% wrong="both_in_place" diagnosis="given_arrays_shuffled"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, index):
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        return self.x[part].copy(), self.y[part].copy()

    def on_epoch_end(self):
        order = self.rng.permutation(len(self.x))
        self.x[:], self.y[:] = self.x[order], self.y[order]

# %% wrong="rows_in_place" diagnosis="given_rows_shuffled"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, index):
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        return self.x[part].copy(), self.y[part].copy()

    def on_epoch_end(self):
        self.rng.shuffle(self.x)

# %% wrong="global_randomness" diagnosis="another_source"
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, rng):
        super().__init__()
        self.x, self.y, self.batch_size, self.rng = x, y, batch_size, rng
        self.order = np.arange(len(x))

    def __len__(self):
        return -(-len(self.x) // self.batch_size)

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.order = np.random.permutation(len(self.x))
