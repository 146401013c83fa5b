"""The command as other programs call it: exit codes, one line for what is wrong, JSON and nothing else on stdout."""

import json
import sys

import pytest
from click.testing import CliRunner

from course.cli import main


def course(*arguments: str):
    return CliRunner().invoke(main, arguments)


def test_every_command_of_the_contract_is_there():
    assert {"doctor", "list", "build", "run", "check", "grade", "audit", "data"} <= set(main.commands)


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "99_nothing"),
        ("run", "99_nothing"),
        ("grade", "99_nothing"),
        ("audit", "99_nothing"),
        ("check", "nothing.ipynb"),
        ("data", "verify", "nothing"),
        ("data", "fetch", "nothing"),
    ],
)
def test_what_is_wrong_with_what_was_given_is_one_line_and_exit_code_1(arguments, capsys):
    done = course(*arguments)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


@pytest.mark.parametrize(
    "arguments", [("nothing",), ("grade",), ("grade", "01", "--jobs", "0"), ("run", "--backend", "torch")]
)
def test_a_wrong_command_line_is_exit_code_2(arguments):
    assert course(*arguments).exit_code == 2


def test_outside_of_a_checkout_one_is_told_to_go_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert course("list").exit_code == 1


@pytest.mark.parametrize(
    ("given", "key"), [("01_neuron", "01_neuron"), ("01", "01_neuron"), ("1", "01_neuron"), ("neuron", "01_neuron")]
)
def test_a_chapter_may_be_named_in_four_ways(given, key):
    from course import paths

    assert paths.resolve_chapter(paths.root(), given) == key


def test_list_and_data_print_json_alone():
    assert {c["chapter"] for c in json.loads(course("list", "--json").stdout)["chapters"]} >= {"01_neuron"}
    assert {d["name"] for d in json.loads(course("data", "list", "--json").stdout)["datasets"]} >= {
        "mnist",
        "fashion_mnist",
    }


def test_a_missing_extra_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupytext", None)
    for name in [name for name in sys.modules if name.startswith("course.authoring")]:
        monkeypatch.delitem(sys.modules, name)
    assert course("list").exit_code == 1


@pytest.mark.slow
def test_the_doctor_says_what_is_here_and_how_safely_grading_runs():
    done = course("doctor", "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0, found
    assert {"python", "backend", "devices", "grading", "data"} <= set(found)
    assert found["problems"] == []
