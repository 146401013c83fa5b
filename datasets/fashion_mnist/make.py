"""Fashion-MNIST, from the Debian package that carries the four original files."""

import gzip
from pathlib import Path

from datasets.recipe import deb, read_idx, write_npz

folder = deb("dataset-fashion-mnist") / "usr/share/datasets/fashion-mnist"


def array(name: str):
    return read_idx(gzip.decompress((folder / f"{name}-ubyte.gz").read_bytes()))


write_npz(
    Path(__file__).with_name("fashion_mnist.npz"),
    x_train=array("train-images-idx3"),
    y_train=array("train-labels-idx1"),
    x_test=array("t10k-images-idx3"),
    y_test=array("t10k-labels-idx1"),
)
