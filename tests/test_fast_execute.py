"""FastExecute gives `nbgrader autograde`, and formgrader's button, the points of `course grade`."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import graded_course
import nbgrader_course
import pytest
from graded_course import CHAPTER, RIGHT, hand_in
from nbgrader_class import gradebook, url

pytest.importorskip("nbgrader")

from course.grading.grade import grade

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
SAMPLE = "01_neuron"

DEFINE = "def loss(logits, label):\n    "
SUBMISSIONS = {
    "perfect": RIGHT,
    "untouched": {},
    "wrong": {**RIGHT, "softmax": "def softmax(logits):\n    return logits"},
    "dying": {**RIGHT, "loss": f"import os\n{DEFINE}os._exit(0)"},
    "looping": {**RIGHT, "loss": f"{DEFINE}while True:\n        pass"},
    "shouting": {
        **RIGHT,
        "loss": RIGHT["loss"].replace("\n", "\n    print('oops', file=__import__('sys').stderr)\n", 1),
    },
    "quitting": {**RIGHT, "loss": RIGHT["loss"] + "\nquit()"},
}
HONEST = ["perfect", "wrong"]


def scores(database, name, students=None):
    """Student -> cell -> (automatic score, whether it waits for a person)."""
    with gradebook(url(database)) as book:
        return {
            s.student.id: {g.name: (g.auto_score, g.needs_manual_grade) for n in s.notebooks for g in n.grades}
            for s in book.assignment_submissions(name)
            if students is None or s.student.id in students
        }


def autograde(root, name, student="*", database="fast.db", **settings):
    """What formgrader's autograde button does, on a gradebook of its own."""
    if not (root / database).exists():
        shutil.copy(root / "released.db", root / database)
    settings.setdefault("CourseDirectory", {})["db_url"] = url(root / database)
    return nbgrader_course.nbgrader(root, **settings).autograde(name, student)


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    root = graded_course.make_course(tmp_path_factory.mktemp("fast"))
    assert nbgrader_course.nbgrader(root).generate_assignment(CHAPTER)["success"]
    (root / "gradebook.db").rename(root / "released.db")
    for student, answers in SUBMISSIONS.items():
        hand_in(root, student, answers)
    done = autograde(root, CHAPTER)
    assert done["success"], done
    return root, done["log"]


@pytest.fixture(scope="module")
def ours(class_):
    root, _ = class_
    home = root / "home"
    home.mkdir()
    grade(root, CHAPTER, root / "submitted", 2, url(root / "ours.db"), home)
    return scores(root / "ours.db", CHAPTER)


@pytest.mark.parametrize("student", SUBMISSIONS)
def test_each_cell_has_the_points_of_course_grade(class_, ours, student):
    root, _ = class_
    assert scores(root / "fast.db", CHAPTER)[student] == ours[student]


@pytest.mark.parametrize(
    ("student", "lost"), [("dying", "test_loss"), ("looping", "test_loss"), ("shouting", ""), ("quitting", "")]
)
def test_a_cell_that_misbehaves_costs_at_most_itself(class_, student, lost):
    root, _ = class_
    found, perfect = (scores(root / "fast.db", CHAPTER)[s] for s in (student, "perfect"))
    assert {cell for cell in perfect if found[cell] != perfect[cell]} == ({lost} if lost else set())


def test_without_the_line_nbgraders_kernel_gives_the_same_to_honest_work(class_):
    root, _ = class_
    shutil.move(root / "autograded", root / "by_fast")
    for student in HONEST:
        done = autograde(root, CHAPTER, student, "kernel.db", FastExecute={"fast": False})
        assert done["success"], done
    shutil.rmtree(root / "autograded")
    shutil.move(root / "by_fast", root / "autograded")
    assert scores(root / "kernel.db", CHAPTER) == scores(root / "fast.db", CHAPTER, HONEST)


def test_the_log_says_how_safely_it_ran_and_what_happened(class_):
    _, log = class_
    assert "Ran 90_graded at isolation level" in log
    assert "looping: The tests cell `test_loss` did not finish" in log
    assert "perfect: " not in log, "there is nothing to tell of honest work"


def test_the_notebook_shows_what_a_student_gets_told(class_):
    root, _ = class_
    made = json.loads((root / "autograded" / "wrong" / CHAPTER / f"{CHAPTER}.ipynb").read_text())
    cell = next(c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "test_softmax")
    assert cell["outputs"][0]["output_type"] == "error"
    assert "softmax" in "".join(cell["outputs"][0]["evalue"])


def test_the_warm_process_is_kept_from_one_press_of_the_button_to_the_next(class_):
    from course.grading.fast_execute import _bench

    root, _ = class_
    before = _bench()._workshop._engine.starter.process.pid
    assert autograde(root, CHAPTER, "wrong")["success"]
    assert _bench()._workshop._engine.starter.process.pid == before


def test_the_command_leaves_no_process_behind(class_):
    root, _ = class_
    mark = f"COURSE_TEST={uuid.uuid4()}"
    environment = {**os.environ, "COURSE_TEST": mark.partition("=")[2]}
    shutil.copy(root / "released.db", root / "gradebook.db")
    command = [str(Path(sys.executable).parent / "nbgrader"), "autograde", CHAPTER, "--student", "wrong", "--force"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "isolation level" in done.stderr
    assert scores(root / "gradebook.db", CHAPTER)["wrong"] == scores(root / "fast.db", CHAPTER)["wrong"]
    left = [p.parent.name for p in Path("/proc").glob("[0-9]*/environ") if mark.encode() in readable(p)]
    assert left == []


def readable(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_submission_without_an_answer_cell_is_told_and_stops_nobody_else(class_):
    root, _ = class_
    path = hand_in(root, "other", RIGHT)
    made = json.loads(path.read_text())
    made["cells"] = [c for c in made["cells"] if "solution" not in str(c["metadata"]) and c["cell_type"] == "markdown"]
    path.write_text(json.dumps(made))
    done = autograde(root, CHAPTER)
    shutil.rmtree(path.parent.parent)
    assert not done["success"]
    assert "There was an error processing assignment '90_graded' for student 'other'" in done["log"]
    assert done["log"].count("There was an error processing assignment '") == 1
    assert not (root / "autograded" / "other" / CHAPTER).exists()


def test_no_execute_runs_nothing(class_):
    root, _ = class_
    settings = {"Execute": {"enabled": False}, "ClearOutput": {"enabled": False}}
    done = autograde(root, CHAPTER, "dying", "idle.db", **settings)
    assert done["success"]
    assert "isolation level" not in done["log"]
    shutil.rmtree(root / "autograded" / "dying")
    assert autograde(root, CHAPTER, "dying")["success"]


def test_the_line_of_the_configuration_is_nbgraders_own_but_for_one_step():
    from nbgrader.preprocessors import Execute
    from traitlets.config.loader import PyFileConfigLoader
    from traitlets.utils.importstring import import_item

    from course.grading.fast_execute import PREPROCESSORS, FastExecute

    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    assert [import_item(name) for name in config.Autograde.autograde_preprocessors] == PREPROCESSORS
    assert PREPROCESSORS[0] is FastExecute
    assert Execute not in PREPROCESSORS


def test_on_another_system_nbgraders_kernel_does_the_work(monkeypatch):
    from nbgrader.preprocessors import Execute

    from course.grading.fast_execute import FastExecute

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(Execute, "preprocess", lambda self, nb, resources, km: ("run by a kernel", resources))
    assert FastExecute().preprocess({}, {}) == ("run by a kernel", {})


# The sample class, with all that students do to their notebooks


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    root = tmp_path_factory.mktemp("sample")
    for room in ("solutions", "assignments"):
        shutil.copytree(ROOT / room / SAMPLE, root / room / SAMPLE)
    (root / "lessons").mkdir()
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root)
    for folder in (ROOT / "examples" / "class" / "submitted").glob(f"*/{SAMPLE}"):
        shutil.copytree(folder, root / "submitted" / folder.parent.name / SAMPLE)
    api = nbgrader_course.nbgrader(root, BaseConverter={"force": True})
    assert api.generate_assignment(SAMPLE)["success"]
    (root / "gradebook.db").rename(root / "released.db")
    (root / "home").mkdir()
    report = grade(root, SAMPLE, root / "submitted", 2, url(root / "ours.db"), root / "home")
    return root, {result.student: result for result in report.results}


@pytest.fixture(scope="module")
def accepted(sample):
    """Those whose notebooks nbgrader accepts; the others' would need a repair before FastExecute has its turn."""
    root, results = sample
    return [student for student in results if autograde(root, SAMPLE, student)["success"]]


def test_the_sample_class_gets_the_points_of_course_grade(sample, accepted):
    root, _ = sample
    fast, ours = scores(root / "fast.db", SAMPLE, accepted), scores(root / "ours.db", SAMPLE, accepted)
    assert len(accepted) >= 8
    assert automatic(fast) == automatic(ours)


def automatic(found):
    """Without what a person grades, where nbgrader's own rule says whether it waits for one."""
    return {s: {cell: score for cell, score in cells.items() if cell.startswith("test_")} for s, cells in found.items()}


@pytest.mark.long
def test_the_sample_class_gets_the_same_from_nbgraders_kernel(sample, accepted):
    root, _ = sample
    shutil.rmtree(root / "autograded")
    for student in accepted:
        autograde(root, SAMPLE, student, "kernel.db", FastExecute={"fast": False})
    kernel, fast = scores(root / "kernel.db", SAMPLE), scores(root / "fast.db", SAMPLE, accepted)
    assert {s for s in accepted if kernel[s] != fast[s]} == set()
