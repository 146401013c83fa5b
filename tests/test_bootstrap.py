"""Set-up says in one line what is missing, on machines where it cannot succeed."""

import collections
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "course" / "bootstrap.py"


@pytest.fixture
def bootstrap():
    return runpy.run_path(str(SCRIPT))


@pytest.mark.parametrize("version", [(3, 10, 4), (3, 14, 0)])
def test_a_python_that_is_too_old_or_too_new_is_told(bootstrap, monkeypatch, tmp_path, version):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit, match="Python 3.11, 3.12 or 3.13 is needed"):
        bootstrap["main"](str(tmp_path / "venv"))


def test_an_old_python_can_read_the_file_at_all():
    source = SCRIPT.read_text(encoding="utf-8")
    assert "from __future__ import annotations" in source
    compile(source, "bootstrap.py", "exec", dont_inherit=True)
    for newer in ("match ", ":=", "except*"):
        assert f"\n    {newer}" not in source


def test_a_full_disk_is_told(bootstrap, monkeypatch, tmp_path):
    usage = collections.namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10**11, 10**11, 10**9))
    with pytest.raises(SystemExit, match="1.0 GB of disk are free and 4 GB are needed"):
        bootstrap["main"](str(tmp_path / "venv"))


def test_a_registry_out_of_reach_is_told_with_what_pip_said(bootstrap, monkeypatch, tmp_path, capsys):
    real = subprocess.run

    def no_network(command, **options):
        if "install" in command:
            return subprocess.CompletedProcess(command, 1, stdout="ERROR: no route to host\n", stderr="")
        return real([sys.executable, "-c", ""], **options)

    monkeypatch.setattr(subprocess, "run", no_network)
    with pytest.raises(SystemExit, match="is the package registry in reach"):
        bootstrap["main"](str(tmp_path / "venv"))
    assert "no route to host" in capsys.readouterr().err
