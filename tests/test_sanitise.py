"""A submission of any state becomes the released notebook again, and no answer is lost on the way."""

import json

import pytest
import tiny_assignment as tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.errors import GivenError
from course.grading.released import load_notebook, load_released
from course.grading.sanitise import Intake, Ungradable, sanitise


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return load_notebook(tiny.write_course(tmp_path_factory.mktemp("course")), tiny.NAME)


def take(made, released):
    data = made if isinstance(made, bytes) else tiny.as_bytes(made)
    intake = sanitise(data, released)
    assert isinstance(intake, Intake), intake
    return intake


def source_of(intake, grade_id):
    (cell,) = [cell for cell in intake.cells if cell.id == grade_id]
    return cell.source


def released_ids(intake):
    return [cell.id for cell in intake.cells if cell.id]


def assert_all_answers_kept(intake):
    for grade_id, answer in tiny.ANSWERS.items():
        assert source_of(intake, grade_id) == answer


# The released assignment


def test_released_cells_know_their_exercise_and_part(released):
    tests = {cell.id: (cell.exercise, cell.part, cell.points) for cell in released.cells if cell.kind == "tests"}
    assert tests == {
        "test_sigmoid": ("sigmoid", "sigmoid", 2.0),
        "test_sigmoid_stable": ("sigmoid", "sigmoid.stable", 1.0),
        "test_mean": ("mean", "mean", 4.0),
    }
    assert released.max_points == 10


def test_tests_without_the_face_are_matched_to_an_exercise_by_their_id_or_place(tmp_path):
    made = tiny.solution_notebook()
    tiny.find(made, "test_sigmoid_stable")["source"] = "assert sigmoid(0) == 0.5"
    stranger = tiny.cell("tests", "correct_mean", 4, "assert mean([2]) == 2")
    made["cells"][made["cells"].index(tiny.find(made, "test_mean"))] = stranger
    path = tmp_path / "plain.ipynb"
    path.write_bytes(tiny.as_bytes(made))
    parts = {cell.id: (cell.exercise, cell.part) for cell in load_released(path).cells if cell.kind == "tests"}
    assert parts["test_sigmoid_stable"] == ("sigmoid", "sigmoid.stable")
    assert parts["correct_mean"] == ("mean", "correct_mean")


def test_a_missing_assignment_is_one_clear_line(tmp_path):
    with pytest.raises(GivenError, match="cannot be read.*course build 09_none"):
        load_notebook(tmp_path, "09_none")


def test_an_id_that_stands_twice_in_the_assignment_is_said(tmp_path):
    made = tiny.solution_notebook()
    made["cells"].append(tiny.find(made, "mean"))
    path = tmp_path / "twice.ipynb"
    path.write_bytes(tiny.as_bytes(made))
    with pytest.raises(GivenError, match="'mean'.*more than one cell"):
        load_released(path)


# A sound submission


def test_a_sound_submission_passes_without_an_incident(released):
    intake = take(tiny.submitted_notebook(), released)
    assert_all_answers_kept(intake)
    assert intake.incidents == ()
    assert [cell.kind for cell in intake.cells] == [cell.kind for cell in released.cells]


def test_tests_are_the_released_ones_with_their_hidden_part(released):
    intake = take(tiny.submitted_notebook(), released)
    assert "BEGIN HIDDEN TESTS" in source_of(intake, "test_mean")


def test_an_untouched_notebook_holds_the_stubs(released):
    intake = take(tiny.released_notebook(), released)
    assert all(released.unanswered(name, source_of(intake, name)) for name in tiny.ANSWERS)
    assert intake.incidents == ()


def test_own_cells_stand_after_the_cell_that_they_followed(released):
    made = tiny.submitted_notebook()
    made["cells"].insert(0, {"cell_type": "code", "metadata": {}, "source": "first = 1", "outputs": []})
    position = made["cells"].index(tiny.find(made, "test_sigmoid"))
    made["cells"].insert(position, {"cell_type": "code", "metadata": {}, "source": "helper = 2", "outputs": []})
    cells = take(made, released).cells
    assert (cells[0].kind, cells[0].source) == ("own", "first = 1")
    before, own, after = next(
        trio for trio in zip(cells, cells[1:], cells[2:], strict=False) if trio[1].source == "helper = 2"
    )
    assert (before.id, own.kind, after.id) == ("sigmoid", "own", "test_sigmoid")


# Files in every state


def test_byte_order_marks_and_utf_16_lose_nothing(released):
    text = json.dumps(tiny.submitted_notebook(why="Weil große Zahlen überlaufen. 漢字 🙂"), ensure_ascii=False)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        intake = take(text.encode(encoding), released)
        assert source_of(intake, "why").endswith("🙂")
        assert intake.incidents == ()


def test_a_file_in_windows_1252_is_read_and_said(released):
    intake = take(json.dumps(tiny.submitted_notebook(why="größer"), ensure_ascii=False).encode("cp1252"), released)
    assert source_of(intake, "why") == "größer"
    assert "Windows-1252" in intake.incidents[0]


def test_lone_surrogates_and_null_bytes_become_harmless(released):
    made = tiny.submitted_notebook(mean="def mean(values):\x00\n    return sum(values) / len(values)  # \ud83d")
    intake = take(made, released)
    assert source_of(intake, "mean") == "def mean(values):\n    return sum(values) / len(values)  # \ufffd"
    source_of(intake, "mean").encode()
    assert intake.incidents == ("1 cell held characters that are no text; they were taken out.",)


def test_null_bytes_after_the_end_and_raw_control_characters_do_not_matter(released):
    data = tiny.as_bytes(tiny.submitted_notebook()).replace(b"\\n", b"\n") + b"\x00" * 512
    assert_all_answers_kept(take(data, released))


def test_nan_literals_are_read(released):
    made = tiny.submitted_notebook()
    made["metadata"]["score"] = float("nan")
    made["cells"][0]["metadata"]["x"] = float("inf")
    assert_all_answers_kept(take(made, released))


def test_windows_line_ends_do_not_make_a_change(released):
    made = tiny.submitted_notebook()
    for cell in made["cells"]:
        cell["source"] = [line + "\r\n" for line in cell["source"].split("\n")]
    intake = take(made, released)
    assert "\r" not in source_of(intake, "mean")
    assert intake.incidents == ()


def test_format_3_is_read(released):
    made = tiny.submitted_notebook()
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": made["cells"]}]}
    intake = take(old, released)
    assert_all_answers_kept(intake)
    assert intake.incidents == ()


def test_a_future_format_is_read(released):
    minor = take(tiny.submitted_notebook() | {"nbformat_minor": 99}, released)
    assert minor.incidents == ()
    major = take(tiny.submitted_notebook() | {"nbformat": 7}, released)
    assert_all_answers_kept(major)
    assert "future format 7" in major.incidents[0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\x00" * 100, "empty"),
        (b"   \n", "empty"),
        (b"PK\x03\x04...", "zip archive"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"import numpy as np", "not valid JSON"),
        (tiny.as_bytes(tiny.submitted_notebook())[:700], "breaks off in the middle"),
        (tiny.as_bytes(tiny.submitted_notebook())[:-1], "breaks off in the middle"),
        (b"[1, 2]", "not a notebook"),
        (b'"cells"', "not a notebook"),
        (b"{}", "no cells"),
        (b'{"cells": {}}', "no cells"),
        (b'{"cells": [], "worksheets": 3}', "no cells"),
        (b'{"cells": ' + b"[" * 100_000, "no notebook has"),
        (b'{"cells": [' + b"9" * 10_000 + b"]}", "no notebook has"),
        (b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}', "is it another notebook"),
        (b'{"cells": [null, 3, "x", [], {}]}', "is it another notebook"),
    ],
)
def test_what_cannot_be_graded_has_a_reason(data, reason, released):
    outcome = sanitise(data, released)
    assert isinstance(outcome, Ungradable)
    assert reason in outcome.reason


def test_the_notebook_of_another_assignment_is_not_graded_as_this_one(released):
    made = tiny.submitted_notebook(
        sigmoid="def relu(z):\n    return np.maximum(z, 0)", mean="loss = 3", why="Other text."
    )
    for cell in made["cells"]:
        if cell["cell_type"] == "code" and "import" not in cell["source"]:
            cell["metadata"]["nbgrader"]["grade_id"] += "_of_another"
        elif cell["cell_type"] == "markdown":
            cell["source"], cell["metadata"] = "# Something else\n" + cell["source"][::-1], {}
    assert "another notebook" in sanitise(tiny.as_bytes(made), released).reason


def test_huge_notebooks_are_bounded(released):
    many = tiny.submitted_notebook()
    many["cells"] += [{"cell_type": "code", "metadata": {}, "source": f"x = {n}"} for n in range(100_000)]
    assert "cells" in sanitise(tiny.as_bytes(many), released).reason
    assert "100 MB" in sanitise(b"{" + b" " * 100_000_000, released).reason
    long = sanitise(tiny.as_bytes(tiny.submitted_notebook(mean="#" * 2_000_000)), released)
    assert "million characters" in long.reason


def test_cells_of_wrong_types_are_survived(released):
    made = tiny.submitted_notebook()
    made["cells"] += [None, 7, {"cell_type": "code"}, {"cell_type": 3, "source": 4, "metadata": []}]
    made["cells"].append({"cell_type": "code", "source": ["a = 1\n", 3, None, "b = 2"], "metadata": {"nbgrader": 5}})
    made["cells"].append({"cell_type": "code", "source": "c = 3", "metadata": {"nbgrader": {"grade_id": ["mean"]}}})
    intake = take(made, released)
    assert_all_answers_kept(intake)
    assert [cell.source for cell in intake.cells if cell.kind == "own"] == ["a = 1\nb = 2", "c = 3"]


# Round trips through other programs


def test_a_colab_round_trip_leaves_nothing_personal_and_no_incident(released):
    made = tiny.submitted_notebook() | {"nbformat_minor": 0}
    made["metadata"] |= {"colab": {"provenance": []}, "accelerator": "GPU"}
    for number, cell in enumerate(made["cells"]):
        cell.pop("id")
        who = {"displayName": "Ada Example", "userId": "0123456789"}
        cell["metadata"] |= {"id": f"c{number}", "outputId": f"o{number}", "executionInfo": {"user": who, "elapsed": 3}}
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "Ada Example\n"}]
    intake = take(made, released)
    assert_all_answers_kept(intake)
    assert intake.incidents == ()
    assert "Ada" not in repr(intake)


def test_a_vs_code_round_trip_makes_no_incident(released):
    made = tiny.submitted_notebook()
    made["metadata"]["vscode"] = {"interpreter": {"hash": "00"}}
    for cell in made["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "python"}
        cell["id"] = "other"
    intake = take(made, released)
    assert_all_answers_kept(intake)
    assert intake.incidents == ()


def test_tags_on_a_test_cell_have_no_effect(released):
    made = tiny.submitted_notebook()
    tiny.find(made, "test_mean")["metadata"]["tags"] = ["skip-execution", "raises-exception"]
    assert "skip-execution" not in repr(take(made, released))


def test_a_missing_schema_version_does_not_matter(released):
    made = tiny.submitted_notebook()
    for cell in made["cells"]:
        cell["metadata"].get("nbgrader", {}).pop("schema_version", None)
    assert take(made, released).incidents == ()


def test_stripped_metadata_is_made_good_by_text_names_and_place(released):
    made = tiny.submitted_notebook()
    for cell in made["cells"]:
        cell["metadata"] = {}
    intake = take(made, released)
    assert_all_answers_kept(intake)
    assert released_ids(intake) == [cell.id for cell in released.cells if cell.id]
    assert len(intake.incidents) == 1
    assert "lost nbgrader's metadata" in intake.incidents[0]


def test_a_renamed_function_in_a_stripped_notebook_is_found_by_its_place(released):
    made = tiny.submitted_notebook(sigmoid="def s(z):\n    return 1 / (1 + np.exp(-z))")
    for cell in made["cells"]:
        cell["metadata"] = {}
    assert source_of(take(made, released), "sigmoid").startswith("def s(z)")


# Cells that were damaged by hand


def test_a_renamed_function_stays_renamed_and_is_said(released):
    intake = take(tiny.submitted_notebook(mean="def average(v):\n    return sum(v) / len(v)"), released)
    assert source_of(intake, "mean").startswith("def average")
    assert intake.incidents == ("The cell `mean` defines `average` and not `mean`, which the tests call.",)


def test_missing_cells_are_put_back(released):
    made = tiny.submitted_notebook()
    made["cells"] = [c for c in made["cells"] if c not in (tiny.find(made, "test_mean"), tiny.find(made, "mean"))]
    intake = take(made, released)
    assert released.unanswered("mean", source_of(intake, "mean"))
    assert "expect=3.0" in source_of(intake, "test_mean")
    assert "The cell `mean` was missing; it counts as unanswered." in intake.incidents
    assert "The cell `test_mean` was missing; it was put back." in intake.incidents


def test_reordered_cells_are_put_back_in_order(released):
    made = tiny.submitted_notebook()
    made["cells"].reverse()
    intake = take(made, released)
    assert [cell.id for cell in intake.cells] == [cell.id for cell in released.cells]
    assert_all_answers_kept(intake)
    assert "another order" in intake.incidents[0]


def test_changed_tests_and_changed_points_do_not_count(released):
    made = tiny.submitted_notebook()
    tests = tiny.find(made, "test_mean")
    tests["source"] = "pass"
    tests["metadata"]["nbgrader"]["points"] = 100
    intake = take(made, released)
    assert "BEGIN HIDDEN TESTS" in source_of(intake, "test_mean")
    assert next(cell.points for cell in intake.cells if cell.id == "test_mean") == 4
    assert "The points of `test_mean` had been changed; the released 4 count." in intake.incidents
    assert "The cell `test_mean` had been changed; it was put back as released." in intake.incidents


def test_an_import_that_was_added_to_a_given_cell_is_kept(released):
    made = tiny.submitted_notebook()
    given_cell = tiny.find(made, "given_imports")
    given_cell["source"] = "import math\nimport numpy as np\n\nSCALE = 5.0\nprint('hello')"
    intake = take(made, released)
    position = released_ids(intake).index("given_imports")
    assert source_of(intake, "given_imports") == "import numpy as np\n\nSCALE = 2.0"
    assert [cell.source for cell in intake.cells if cell.kind == "own"] == ["import math"]
    assert position == 1
    assert "stands in a cell of its own" in intake.incidents[0]


def test_the_set_up_cell_of_an_earlier_release_is_not_worth_a_word(released):
    made = tiny.submitted_notebook()
    tiny.find(made, "setup")["source"] = "from course import setup"
    assert take(made, released).incidents == ()


def test_a_retyped_answer_is_code_again(released):
    made = tiny.submitted_notebook()
    answer = tiny.find(made, "mean")
    answer["cell_type"] = "markdown"
    intake = take(made, released)
    assert source_of(intake, "mean") == tiny.ANSWERS["mean"]
    assert next(cell.cell_type for cell in intake.cells if cell.id == "mean") == "code"
    assert "turned into markdown" in intake.incidents[0]


def test_a_duplicated_untouched_cell_does_not_hide_the_answer(released):
    for stub_first in (True, False):
        made = tiny.submitted_notebook()
        stub = tiny.find(tiny.released_notebook(), "mean")
        made["cells"].insert(made["cells"].index(tiny.find(made, "mean")) + (not stub_first), stub)
        intake = take(made, released)
        assert source_of(intake, "mean") == tiny.ANSWERS["mean"]
        assert released_ids(intake).count("mean") == 1


def test_of_two_answers_the_last_counts_and_both_run(released):
    made = tiny.submitted_notebook()
    later = tiny.cell("solution", "mean", 0, "def mean(values):\n    return 3.0")
    made["cells"].insert(made["cells"].index(tiny.find(made, "mean")) + 1, later)
    intake = take(made, released)
    assert source_of(intake, "mean") == "def mean(values):\n    return 3.0"
    before = intake.cells[[cell.id for cell in intake.cells].index("mean") - 1]
    assert (before.kind, before.source) == ("own", tiny.ANSWERS["mean"])
    assert "there twice" in intake.incidents[0]


def test_a_repeated_tests_cell_is_dropped_quietly(released):
    made = tiny.submitted_notebook()
    made["cells"].append({"cell_type": "code", "metadata": {}, "source": tiny.find(made, "test_mean")["source"]})
    intake = take(made, released)
    assert [cell.id for cell in intake.cells] == [cell.id for cell in released.cells]
    assert intake.incidents == ()


HEAD, TAIL = "def helper(x):\n    return x + 1", "def mean(values):\n    return helper(sum(values) / len(values) - 1)"


@pytest.mark.parametrize("keeps_id", [True, False])
def test_both_parts_of_a_split_answer_count(released, keeps_id):
    made = tiny.submitted_notebook(mean=HEAD)
    second = tiny.cell("solution", "mean", 0, TAIL) if keeps_id else tiny.cell("markdown", "", 0, TAIL)
    second["cell_type"] = "code"
    made["cells"].insert(made["cells"].index(tiny.find(made, "mean")) + 1, second)
    intake = take(made, released)
    sources = [cell.source for cell in intake.cells]
    assert sources.index(HEAD) + 1 == sources.index(TAIL)
    assert [cell.id for cell in intake.cells if cell.cell_type == "code"].index("test_mean") > sources.index(TAIL) - 4


@pytest.mark.parametrize("keeps_id", [True, False])
def test_an_answer_that_was_split_inside_a_function_is_joined(released, keeps_id):
    head, tail = tiny.ANSWERS["mean"].split("\n    return")
    made = tiny.submitted_notebook(mean=head)
    second = tiny.cell("solution" if keeps_id else "own", "mean", 0, "    return" + tail)
    if not keeps_id:
        second["metadata"] = {}
    made["cells"].insert(made["cells"].index(tiny.find(made, "mean")) + 1, second)
    intake = take(made, released)
    assert source_of(intake, "mean") == tiny.ANSWERS["mean"]
    assert [cell.id for cell in intake.cells] == [cell.id for cell in released.cells]
    assert "split inside a statement" in intake.incidents[0]


def test_an_answer_in_a_new_cell_above_the_stub_is_found(released):
    for below in (0, 1):
        made = tiny.submitted_notebook(mean=tiny.find(tiny.released_notebook(), "mean")["source"])
        own = {"cell_type": "code", "metadata": {}, "source": tiny.ANSWERS["mean"]}
        made["cells"].insert(made["cells"].index(tiny.find(made, "mean")) + below, own)
        assert source_of(take(made, released), "mean") == tiny.ANSWERS["mean"]


def test_what_is_left_of_a_stub_is_no_answer_either(released):
    left = "def mean(values):\n    # todo\n    raise NotImplementedError"
    made = tiny.submitted_notebook(mean=left)
    made["cells"].insert(4, {"cell_type": "code", "metadata": {}, "source": tiny.ANSWERS["mean"]})
    assert released.unanswered("mean", left)
    assert source_of(take(made, released), "mean") == tiny.ANSWERS["mean"]
    assert not released.unanswered(
        "mean", "def mean(values):\n    if not values:\n        raise NotImplementedError\n    return 1"
    )


def test_two_answers_merged_into_one_cell_are_both_found(released):
    made = tiny.submitted_notebook(sigmoid=tiny.ANSWERS["sigmoid"] + "\n\n\n" + tiny.ANSWERS["mean"])
    made["cells"].remove(tiny.find(made, "mean"))
    intake = take(made, released)
    assert source_of(intake, "mean") == tiny.ANSWERS["mean"]
    assert "written in another cell" in intake.incidents[0]


def test_an_answer_typed_into_a_tests_cell_is_found(released):
    made = tiny.submitted_notebook(mean=tiny.find(tiny.released_notebook(), "mean")["source"])
    tests = tiny.find(made, "test_mean")
    tests["source"] = tiny.ANSWERS["mean"] + "\n\n" + tests["source"]
    assert source_of(take(made, released), "mean") == tiny.ANSWERS["mean"]


def test_code_that_is_only_shown_in_text_is_no_answer(released):
    made = tiny.released_notebook()
    made["cells"].append(tiny.cell("markdown", "", 0, "I tried:\n```\ndef mean(values):\n    return 3\n```"))
    assert released.unanswered("mean", source_of(take(made, released), "mean"))


def test_text_in_a_cell_below_the_empty_answer_is_taken_as_the_answer(released):
    made = tiny.submitted_notebook(why="YOUR ANSWER HERE")
    made["cells"].append(tiny.cell("markdown", "", 0, "It overflows."))
    intake = take(made, released)
    assert source_of(intake, "why") == "It overflows."
    assert "written beside its cell" in intake.incidents[0]


def test_text_typed_into_the_question_is_taken_as_the_answer(released):
    made = tiny.submitted_notebook(why="YOUR ANSWER HERE")
    made["cells"][-2]["source"] += "\n\nIt overflows."
    assert source_of(take(made, released), "why") == "It overflows."


def test_incidents_are_bounded(released):
    made = tiny.submitted_notebook()
    for _ in range(200):
        made["cells"].append(tiny.cell("tests", "test_mean", 9, "changed"))
    assert len(take(made, released).incidents) <= 31


# Any mixture of these


@st.composite
def damaged_notebooks(draw):
    """A fully answered notebook after shuffling, duplication, stripping, retagging and added cells."""
    cells = tiny.submitted_notebook()["cells"]
    order = draw(st.permutations(range(len(cells)))) if draw(st.booleans()) else list(range(len(cells)))
    made = []
    for index in order:
        for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
            cell = json.loads(json.dumps(cells[index]))
            if draw(st.integers(0, 3)) == 0:
                cell["metadata"] = draw(st.sampled_from([{}, {"nbgrader": {}}, {"nbgrader": None}, {"id": "x"}]))
            made.append(cell)
    for text in draw(
        st.lists(st.sampled_from(["", "print(1)", "%matplotlib inline", "def f(:", "# Heading"]), max_size=3)
    ):
        kind = draw(st.sampled_from(["code", "markdown", "raw"]))
        made.insert(draw(st.integers(0, len(made))), {"cell_type": kind, "metadata": {}, "source": text})
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": draw(st.integers(0, 9))}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=damaged_notebooks())
def test_no_mixture_of_damages_loses_an_answer(released, made):
    intake = take(made, released)
    expected = [cell.id for cell in released.cells if cell.id]
    assert [cell.id for cell in intake.cells if cell.id] == expected
    for name in ("sigmoid", "mean"):
        assert source_of(intake, name) == tiny.ANSWERS[name]
    texts = [cell.source for cell in intake.cells if cell.cell_type != "code"]
    assert any(tiny.ANSWERS["why"] in text for text in texts)


FIELDS = ["cells", "worksheets", "cell_type", "source", "input", "metadata", "nbgrader", "grade_id", "points", "level"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(extra=st.lists(json_values, max_size=4), metadata=json_values)
def test_no_json_at_all_raises(released, extra, metadata):
    made = tiny.submitted_notebook()
    made["cells"] += extra
    made["metadata"] = metadata
    made["cells"][3]["metadata"] = metadata
    assert isinstance(sanitise(json.dumps(made).encode(), released), Intake)
    sanitise(json.dumps(extra).encode(), released)
    sanitise(json.dumps({"cells": metadata, "worksheets": extra, "nbformat": metadata}).encode(), released)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200), cut=st.integers(0, 3000))
def test_no_bytes_at_all_raise(released, data, cut):
    sanitise(data, released)
    whole = tiny.as_bytes(tiny.submitted_notebook())
    sanitise(whole[:cut] + data + whole[cut:], released)
