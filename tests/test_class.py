"""The sample class: made from the assignments and answer banks, the same each time, and everything in it can be graded."""

import sys
from filecmp import dircmp
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "examples"))
import make_class  # noqa: E402

from course.grading.collect import collect, read_submission  # noqa: E402
from course.grading.released import load_notebook  # noqa: E402
from course.grading.sanitise import Intake, Ungradable, sanitise  # noqa: E402

KEPT = ROOT / "examples" / "class" / "submitted"
NEURON, LAYERS, BACKPROPAGATION = make_class.DUE


@pytest.fixture(scope="module")
def submitted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "submitted"
    make_class.make_class(folder)
    return folder


def differences(one, other):
    compared = dircmp(one, other)
    found = [*compared.left_only, *compared.right_only, *compared.diff_files]
    return found + [name for inner in compared.common_dirs for name in differences(one / inner, other / inner)]


def intakes(submitted, name):
    """Student -> what becomes of the submission: an Intake, an Ungradable, or None where there is no notebook."""
    if not (ROOT / "assignments" / name / f"{name}.ipynb").is_file():
        pytest.skip(f"{name} is not built")
    assignment = load_notebook(ROOT, name)
    taken = {}
    for submission in collect(submitted, name):
        data = read_submission(submission.notebooks[name]) if submission.notebooks else None
        taken[submission.student] = sanitise(data, assignment) if isinstance(data, bytes) else data
    return taken


def test_the_kept_class_is_what_the_assignments_and_banks_give(submitted):
    stale = differences(submitted, KEPT)
    assert not stale, f"run examples/make_class.py: {stale[:5]}"


def test_there_are_enough_students_for_a_class(submitted):
    assert len(list(submitted.iterdir())) >= 12


@pytest.mark.parametrize("name", make_class.DUE)
def test_only_what_is_beyond_repair_cannot_be_graded(submitted, name):
    beyond = {student for student, taken in intakes(submitted, name).items() if not isinstance(taken, Intake)}
    assert beyond == ({"ines_carvalho", "liam_oconnor"} if name == LAYERS else set())


def test_a_truncated_notebook_is_told_as_such(submitted):
    taken = intakes(submitted, LAYERS)["ines_carvalho"]
    assert isinstance(taken, Ungradable)
    assert "breaks off" in taken.reason


@pytest.mark.parametrize(
    ("name", "student", "incident"),
    [
        (NEURON, "hiroshi_tanaka", "there twice"),
        (NEURON, "mei_chen", "which the tests call"),
        (LAYERS, "greta_lindqvist", "lost nbgrader's metadata"),
        (LAYERS, "hiroshi_tanaka", "split inside a statement"),
        (LAYERS, "nadia_haddad", "stands in a cell of its own"),
        (BACKPROPAGATION, "greta_lindqvist", "another order"),
        (BACKPROPAGATION, "hiroshi_tanaka", "written in another cell"),
        (BACKPROPAGATION, "nadia_haddad", "in a cell of its own"),
    ],
)
def test_what_was_mended_is_said(submitted, name, student, incident):
    assert any(incident in said for said in intakes(submitted, name)[student].incidents)


def test_a_submission_without_an_oddity_has_no_incident(submitted):
    for name in make_class.DUE:
        assert intakes(submitted, name)["amara_okafor"].incidents == ()


def test_nobodys_account_is_left_after_the_intake_of_a_colab_notebook(submitted):
    assert b"displayName" in (submitted / "elif_yilmaz" / NEURON / f"Copy of {NEURON}.ipynb").read_bytes()
    assert "displayName" not in repr(intakes(submitted, NEURON)["elif_yilmaz"])


def test_one_submission_is_late(submitted):
    late = {
        (s.student, name) for name, due in make_class.DUE.items() for s in collect(submitted, name) if s.timestamp > due
    }
    assert late == {("mei_chen", BACKPROPAGATION)}
