"""What the data promise: the same bytes every time, honest cards, and one clear line when something is wrong."""

import hashlib
import http.server
import threading
import tomllib
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from course import data
from course.errors import GivenError

ROOT = Path(__file__).resolve().parent.parent
NAMES = data.names()
IMAGES = {"mnist": 60_000, "fashion_mnist": 60_000, "quickdraw": 27_600, "digits": 1_437}


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A course that was installed without its data: cards only, an empty cache, no checkout around."""
    cards, cache, site = tmp_path / "cards", tmp_path / "cache", tmp_path / "site"
    for folder in (cards, cache, site):
        folder.mkdir()
    for name in NAMES:
        (cards / f"{name}.toml").write_bytes((ROOT / "datasets" / name / "card.toml").read_bytes())
    monkeypatch.setattr(data, "_BUNDLED", tmp_path / "nothing")
    monkeypatch.setattr(data, "_CARDS", cards)
    monkeypatch.setenv("COURSE_DATA_DIR", str(cache))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def repository(elsewhere, monkeypatch):
    """The repository on a local server, with the files of the checkout under raw/main/."""
    folder = elsewhere / "site" / "raw" / "main"
    folder.mkdir(parents=True)
    (folder / "datasets").symlink_to(ROOT / "datasets")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=elsewhere / "site")) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/raw/main"
        monkeypatch.setattr(data, "_repository", lambda: address)
        yield folder
        server.shutdown()


@pytest.mark.parametrize("name", NAMES)
def test_every_data_set_is_what_its_card_says(name):
    assert data.verify(name) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_card_tells_source_license_flaws_and_baseline(name):
    card = data.card(name)
    assert {"name", "spdx"} <= card.license.keys()
    assert {"registry", "package", "version"} <= card.source.keys()
    assert card.title and card.about and card.returns and card.made and card.flaws and card.baseline
    assert card.license["name"] in str(card)


@pytest.mark.parametrize("name", [name for name in NAMES if data.card(name).file])
def test_a_shipped_file_has_its_size_its_recipe_and_its_license_beside_it(name):
    folder, card = ROOT / "datasets" / name, data.card(name)
    assert (folder / card.file).stat().st_size == card.bytes
    assert (folder / "make.py").is_file()
    assert len((folder / card.license["file"]).read_text(encoding="utf-8")) > 300
    assert f"{card.source['package']}" in (folder / "make.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", IMAGES)
def test_images_come_as_in_keras_datasets(name):
    (x_train, y_train), (x_test, y_test) = data.load(name)
    assert len(x_train) == len(y_train) == IMAGES[name] and len(x_test) == len(y_test)
    assert x_train.dtype == x_test.dtype == np.uint8 and y_train.ndim == 1
    n_classes = len(data.card(name).classes)
    assert set(np.unique(y_train)) == set(np.unique(y_test)) == set(range(n_classes))


def test_mnist_and_fashion_mnist_are_the_originals():
    for name, first_labels in {"mnist": [5, 0, 4, 1, 9], "fashion_mnist": [9, 0, 0, 3, 0]}.items():
        (x_train, y_train), _ = data.load(name)
        assert y_train[:5].tolist() == first_labels
        assert np.bincount(y_train).sum() == 60_000 and x_train.max() == 255


def test_sketches_are_unpacked_to_black_and_white():
    (x_train, _), _ = data.load("quickdraw")
    assert np.unique(x_train).tolist() == [0, 255]
    assert 0.05 < (x_train > 0).mean() < 0.3


@pytest.mark.parametrize(("name", "total"), [("digits", 1797), ("breast_cancer", 569)])
def test_splits_of_scikit_learn_data_keep_the_shares_of_the_classes_and_lose_no_row(name, total):
    (x_train, y_train), (x_test, y_test) = data.load(name)
    assert len(x_train) + len(x_test) == total
    train_shares, test_shares = (np.bincount(y) / len(y) for y in (y_train, y_test))
    assert np.allclose(train_shares, test_shares, atol=0.01)


def test_columns_of_the_cancer_table_have_names():
    (x_train, _), _ = data.load("breast_cancer")
    card = data.card("breast_cancer")
    assert len(card.features) == x_train.shape[1]
    assert x_train[:, card.features.index("mean area")].mean() > 500
    assert card.classes == ("malignant", "benign")


def test_records_are_tuples_and_text_is_one_string():
    assert data.load("names")[0] == ("James", "M", 5_159_306)
    assert all(len(pair) == 2 and all(pair) for pair in data.load("dialog"))
    assert "To be, or not to be, that is the Question" in data.load("shakespeare")


def test_small_talk_has_no_addresses_and_no_telephone_numbers():
    text = "\n".join("\n".join(pair) for pair in data.load("dialog"))
    assert "http" not in text and "www." not in text and "(808)" not in text


def test_a_caller_who_changes_an_array_spoils_nobody_elses():
    (x_train, _), _ = data.load("digits")
    before = x_train.sum()
    x_train[:] = 0
    assert data.load("digits")[0][0].sum() == before


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(GivenError, match="there is no data set 'imagenet': choose one of .*mnist"):
        data.load("imagenet")


def test_a_missing_file_is_downloaded_once_and_checked(repository, capfd):
    assert data.verify("names") == ["names.csv.xz is not on this machine: run `course data fetch names`"]
    assert len(data.load("names")) == 20_000
    assert "downloading Given names" in capfd.readouterr().out
    assert len(data.load("names")) == 20_000
    assert capfd.readouterr() == ("", "")
    assert data.verify("names") == []


def test_a_damaged_file_is_named_with_its_mend_and_the_mend_works(repository):
    path = data.fetch("names")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(GivenError, match=r"names\.csv\.xz is damaged .* run `course data fetch names`") as caught:
        data.load("names")
    assert "\n" not in str(caught.value)
    assert "damaged" in data.verify("names")[0]
    data.fetch("names")
    assert len(data.load("names")) == 20_000


def test_a_download_of_something_else_is_refused(repository):
    (repository / "datasets").unlink()
    (repository / "datasets" / "names").mkdir(parents=True)
    (repository / "datasets" / "names" / "names.csv.xz").write_bytes(b"something else")
    with pytest.raises(GivenError, match="not the file that the card describes"):
        data.load("names")


def test_an_address_without_the_file_is_told_with_its_status(repository):
    (repository / "datasets").unlink()
    with pytest.raises(GivenError, match="HTTP status 404.*check the network"):
        data.load("names")


def test_without_a_network_one_line_says_so(elsewhere, monkeypatch):
    monkeypatch.setattr(data, "_repository", lambda: "http://127.0.0.1:9")
    with pytest.raises(GivenError, match="no connection") as caught:
        data.load("names")
    assert "\n" not in str(caught.value)


def test_a_checkout_around_the_notebook_serves_an_installed_course(elsewhere, monkeypatch):
    monkeypatch.chdir(ROOT / "tests")
    assert len(data.load("names")) == 20_000


def test_a_card_that_does_not_fit_its_file_is_reported(elsewhere):
    path = elsewhere / "cards" / "names.toml"
    content = (ROOT / "datasets" / "names" / "names.csv.xz").read_bytes()
    (elsewhere / "cache" / "names").mkdir()
    (elsewhere / "cache" / "names" / "names.csv.xz").write_bytes(content)
    path.write_text(
        path.read_text(encoding="utf-8").replace("rows = [20000, 3]", "rows = [20001, 3]"), encoding="utf-8"
    )
    assert data.verify("names") == [
        "the shapes are {'rows': (20000, 3)}, the card says {'rows': (20001, 3)}: correct the card"
    ]


def test_a_broken_card_is_reported_with_its_path(elsewhere):
    (elsewhere / "cards" / "names.toml").write_text("title = ", encoding="utf-8")
    with pytest.raises(GivenError, match=r"the card .*names\.toml cannot be read"):
        data.card("names")


def test_no_array_is_ever_unpickled(elsewhere):
    harmful = np.array([{"a": 1}], dtype=object)
    path = elsewhere / "cache" / "mnist" / "mnist.npz"
    path.parent.mkdir()
    np.savez_compressed(path, x_train=harmful, y_train=harmful, x_test=harmful, y_test=harmful)
    card = elsewhere / "cards" / "mnist.toml"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card.write_text(card.read_text(encoding="utf-8").replace(data.card("mnist").sha256, digest), encoding="utf-8")
    with pytest.raises(GivenError, match="does not fit its file"):
        data.load("mnist")


def test_the_wheel_carries_every_card_and_the_address_of_the_repository():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    included = settings["hatch"]["build"]["targets"]["wheel"]["force-include"]
    cards = {f"datasets/{name}/card.toml": f"course/cards/{name}.toml" for name in NAMES}
    assert included == cards | {"pyproject.toml": "course/cards/project/pyproject.toml"}
    assert data._repository() == f"{settings['course']['repository']}/raw/{settings['course']['branch']}"


def test_no_recipe_names_the_address_of_a_registry():
    recipes = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "datasets").rglob("*.py"))
    assert "://" not in recipes
