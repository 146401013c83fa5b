"""What nbgrader promises of autograding holds for `course grade`: each test here is a row of the table in docs/NBGRADER.md."""

import json
import os
import shutil
import stat
from datetime import datetime, timedelta

import nbgrader_class as school
import nbgrader_course as course
import pytest
from nbgrader_class import ANSWERS, DUE, FIRST, SECOND, SHEETS, WRONG, auto_scores, grades
from nbgrader_course import NAME, hand_in

pytest.importorskip("nbgrader")

from course.errors import GivenError
from course.grading import units
from course.grading.grade import grade
from course.grading.released import load_assignment
from course.grading.watch import Limits

pytestmark = pytest.mark.slow

# Answered as nbgrader expects it; for the two others the table says what is different.
ALIKE = [student for student in SHEETS if student not in ("eva", "fay")]


@pytest.fixture(scope="module", autouse=True)
def warm():
    with school.one_warm_process():
        yield


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    return school.make_class(tmp_path_factory.mktemp("parity"))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The same course for the tests that change things: nobody has handed in yet."""
    root = course.make_course(tmp_path_factory.mktemp("small"))
    units.open_engine(root, load_assignment(root, NAME), Limits())  # runs the reference, once for all copies
    return root


@pytest.fixture
def fresh(small, tmp_path):
    """A copy of `small`, with a function that grades its class."""
    root = tmp_path / "course"
    shutil.copytree(small, root)

    def run(**options):
        report = grade(root, NAME, root / "submitted", 1, school.url(root / "gradebook.db"), **options)
        return {result.student: result for result in report.results}

    return root, school.url(root / "gradebook.db"), run


def autograded(root, student, notebook="problem1", room="autograded"):
    return json.loads((root / room / student / NAME / f"{notebook}.ipynb").read_text())


def find(made, grade_id):
    return next(c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def joined(source):
    return source if isinstance(source, str) else "".join(source)


# Points


@pytest.mark.parametrize("student", ALIKE)
def test_every_cell_has_the_score_that_nbgrader_gives(class_, student):
    assert grades(class_.ours, student) == grades(class_.theirs, student)


def test_the_last_expression_of_a_tests_cell_gives_partial_credit(class_):
    assert auto_scores(class_.ours, "ben")["partial_squares"] == 1.0
    assert auto_scores(class_.theirs, "ben")["partial_squares"] == 1.0


@pytest.mark.parametrize("credit", ["float('nan')", "-1", "99", "'all of them'"])
def test_a_number_of_points_that_cannot_be_is_no_points(fresh, credit):
    """nbgrader gives all points for NaN, a negative number and a text, and stops at one above the maximum."""
    root, url, run = fresh
    lying = f"class Lie(list):\n    def __eq__(self, other):\n        return Lie()\n    def __radd__(self, other):\n        return {credit}\n"
    hand_in(root, "ada", {"problem1": {**FIRST, "squares": lying + "def squares(n):\n    return Lie()"}})
    (score,) = [s for s in run()["ada"].exercises if s.part == "partial_squares"]
    assert (score.points, score.state, score.diagnosis) == (0.0, "error", "credit")
    assert "your instructor has to look" in score.message


@pytest.mark.parametrize("end", ["str(3)", "True", "len('ab')"])
def test_a_solution_that_does_not_get_all_points_of_its_own_tests_is_refused(fresh, end):
    root, _, run = fresh
    solution = root / "solutions" / NAME / "problem1.ipynb"
    solution.write_text(solution.read_text().replace("sum(points)", end))
    hand_in(root, "ada")
    with pytest.raises(GivenError, match="the tests cell partial_squares gives its own solution .*of 3 points"):
        run()


def test_what_a_tests_cell_prints_to_stderr_costs_nothing(class_):
    assert auto_scores(class_.ours, "fay")["test_mean"] == 4.0


def test_hidden_tests_count_and_are_not_in_what_students_get(class_, fresh):
    assert "HIDDEN TESTS" not in (class_.root / "assignments" / NAME / "problem1.ipynb").read_text()
    root, url, run = fresh
    hand_in(root, "ada", {"problem1": {**FIRST, "squares": "def squares(n):\n    return [1, 4, 9]"}})
    run()
    assert auto_scores(url, "ada")["correct_squares"] == 0.0


def test_a_tests_cell_that_a_student_changed_is_put_back(class_):
    assert auto_scores(class_.ours, "dan")["correct_squares"] == 0.0
    for room in ("autograded", "theirs"):
        made = autograded(class_.root, "dan", room=room)
        assert joined(find(made, "correct_squares")["source"]).startswith("assert squares(3)")


def test_a_tests_cell_that_a_student_deleted_is_put_back(fresh):
    root, url, run = fresh
    path = hand_in(root, "ada") / "problem1.ipynb"
    made = json.loads(path.read_text())
    made["cells"] = [c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") != "correct_squares"]
    path.write_text(json.dumps(made))
    assert "was missing; it was put back" in run()["ada"].incidents[0]
    assert auto_scores(url, "ada")["correct_squares"] == 2.0


def test_of_a_cell_that_was_copied_the_last_one_counts(fresh):
    root, url, run = fresh
    path = hand_in(root, "ada") / "problem1.ipynb"
    made = json.loads(path.read_text())
    at = next(i for i, c in enumerate(made["cells"]) if c["metadata"].get("nbgrader", {}).get("grade_id") == "squares")
    made["cells"].insert(at, {**made["cells"][at], "id": "copied", "source": WRONG})
    path.write_text(json.dumps(made))
    run()
    assert auto_scores(url, "ada")["correct_squares"] == 2.0


def test_a_cell_that_never_ends_costs_itself(class_):
    assert auto_scores(class_.ours, "dan")["test_mean"] == 0.0
    assert auto_scores(class_.ours, "dan")["test_load"] == 2.0


def test_cells_are_told_that_they_are_graded(fresh):
    root, url, run = fresh
    asked = "import os\nplan = os.environ['NBGRADER_EXECUTION']\nprint(plan)"
    hand_in(root, "ada", {"problem1": {**FIRST, "plan": asked}})
    run()
    assert find(autograded(root, "ada"), "plan")["outputs"][0]["text"] == "autograde\n"


# What a person grades


@pytest.mark.parametrize("cell", ["why", "plan"])
def test_an_answer_in_words_or_code_waits_for_a_person(class_, cell):
    assert grades(class_.ours, "ada")[cell] == (None, None, None, True)


@pytest.mark.parametrize("cell", ["why", "plan"])
def test_an_answer_left_as_it_was_handed_out_is_0_and_waits_for_nobody(class_, cell):
    assert grades(class_.ours, "cem")[cell] == (0.0, None, None, False)


def test_an_answer_that_was_emptied_is_as_one_that_was_left(class_):
    assert grades(class_.ours, "eva")["plan"] == (0.0, None, None, False)
    assert grades(class_.theirs, "eva")["plan"] == (None, None, None, True), "nbgrader leaves it to a person"


def test_code_that_a_person_grades_is_run(fresh):
    root, _, run = fresh
    hand_in(root, "ada", {"problem1": {**FIRST, "plan": "print('divided')"}})
    run()
    assert find(autograded(root, "ada"), "plan")["outputs"][0]["text"] == "divided\n"


@pytest.mark.parametrize("student", ["ada", "cem"])
def test_a_task_waits_for_a_person_whatever_was_handed_in(class_, student):
    assert grades(class_.ours, student)["draw"] == (None, None, None, True)
    assert "One point for each axis." in joined(find(autograded(class_.root, student, "problem2"), "draw")["source"])


@pytest.mark.parametrize("student", ALIKE)
def test_what_was_not_answered_says_no_response(class_, student):
    ours, theirs = (school.comments(book, student) for book in (class_.ours, class_.theirs))
    assert {c for c, said in ours.items() if said == "No response."} == {c for c, said in theirs.items() if said}


def test_a_score_a_comment_and_extra_credit_by_hand_survive_and_come_first(fresh):
    root, url, run = fresh
    hand_in(root, "ada", {**ANSWERS, "problem2": {**SECOND, "mean": "def mean(values):\n    return 0"}})
    run()
    school.by_hand(url, "ada", "why", 1.5, comment="Nearly.")
    school.by_hand(url, "ada", "test_mean", 3.0, extra=0.5)
    run(force=True)
    assert grades(url, "ada")["why"][1] == 1.5
    assert grades(url, "ada")["test_mean"][:3] == (0.0, 3.0, 0.5)
    with school.gradebook(url) as book:
        assert book.find_submission(NAME, "ada").score == 2 + 3 + 1.5 + 3.5 + 2
        assert book.find_comment("why", "problem1", NAME, "ada").comment == "Nearly."
    page = (root / "feedback" / "ada" / NAME / "problem1.html").read_text()
    assert "Nearly." in page


def test_new_work_under_a_score_by_hand_is_to_be_looked_at_again(fresh):
    root, url, run = fresh
    hand_in(root, "ada")
    run()
    school.by_hand(url, "ada", "why", 1.5)
    school.by_hand(url, "ada", "test_mean", 3.0)
    hand_in(root, "ada", {**ANSWERS, "problem1": {**FIRST, "why": "Otherwise."}}, time="2026-11-02 21:30:00 UTC")
    run()
    assert [grades(url, "ada")[cell] for cell in ("why", "test_mean")] == [
        (None, 1.5, None, True),
        (4.0, 3.0, None, True),
    ]


def test_a_rerun_over_unchanged_work_flags_nothing(fresh):
    """nbgrader flags what was graded by hand whenever it runs again; here that says that there is something new."""
    root, url, run = fresh
    hand_in(root, "ada")
    run()
    school.by_hand(url, "ada", "why", 1.5)
    before = grades(url, "ada")
    run()
    assert grades(url, "ada") == before


# Runs, students, time


def test_a_second_run_grades_only_what_changed(fresh):
    root, _, run = fresh
    for student in ("ada", "ben"):
        hand_in(root, student)
    run()
    hand_in(root, "ben", {"problem1": {}})
    assert {student: result.cached for student, result in run().items()} == {"ada": True, "ben": False}


def test_force_grades_everything_anew(fresh):
    root, _, run = fresh
    hand_in(root, "ada")
    run()
    path = root / "autograded" / "ada" / NAME / "problem1.ipynb"
    path.unlink()
    path.write_text("spoilt")
    assert not run(force=True)["ada"].cached
    assert autograded(root, "ada")


def test_one_student_alone_can_be_graded(fresh):
    root, url, run = fresh
    for student in ("ada", "ben"):
        hand_in(root, student)
    assert set(run(students=["ben"])) == {"ben"}
    assert not (root / "autograded" / "ada").exists()
    with pytest.raises(GivenError, match="zoe has not handed in ps1"):
        run(students=["zoe"])


def test_students_whom_the_configuration_excludes_are_left_out(fresh):
    root, _, run = fresh
    for student in ("ada", "ben"):
        hand_in(root, student)
    with open(root / "nbgrader_config.py", "a") as config:
        config.write("c.CourseDirectory.student_id_exclude = 'ada,cem'\n")
    assert set(run()) == {"ben"}


def test_students_keep_their_names_and_unknown_ones_are_created(class_):
    with school.gradebook(class_.ours) as book:
        ada = book.find_student("ada")
        assert (ada.first_name, ada.last_name, ada.email) == ("Ada", "Lovelace", "ada@example.org")
        assert book.find_student("ben").first_name is None


def test_a_new_assignment_belongs_to_the_course_of_the_configuration(fresh):
    root, url, run = fresh
    (root / "gradebook.db").unlink()
    with open(root / "nbgrader_config.py", "a") as config:
        config.write("c.CourseDirectory.course_id = 'course101'\n")
    hand_in(root, "ada")
    run()
    with school.gradebook(url) as book:
        assert book.find_assignment(NAME).course_id == "course101"


def test_a_student_without_a_folder_is_not_touched_and_is_named(class_):
    assert class_.report.not_handed_in == ("ian",)
    with school.gradebook(class_.ours) as book:
        assert book.student_submissions("ian") == []


def test_a_folder_without_a_notebook_waits_for_a_person(class_):
    """nbgrader passes over it; here nobody is dropped."""
    assert class_.results["guy"].status == "ungradable"
    assert set(grades(class_.ours, "guy").values()) == {(None, None, None, True)}


def test_a_notebook_that_cannot_be_read_stops_nobody_else(fresh):
    root, url, run = fresh
    (hand_in(root, "ada") / "problem1.ipynb").write_text('{"cells": [')
    hand_in(root, "ben")
    results = run()
    assert (results["ada"].status, results["ben"].status) == ("incident", "graded")
    scores = auto_scores(url, "ada")
    assert (scores["correct_squares"], scores["test_mean"]) == (None, 4.0), "left to a person, and the other one graded"


def test_times_are_kept_in_utc_whatever_their_zone(class_):
    for address in (class_.ours, class_.theirs):
        with school.gradebook(address) as book:
            assert book.find_submission(NAME, "ada").timestamp == datetime(2026, 11, 2, 21, 14, 3)
            assert book.find_submission(NAME, "ben").timestamp == datetime(2026, 11, 2, 22, 30)


def test_an_empty_time_is_no_time(class_):
    for address in (class_.ours, class_.theirs):
        with school.gradebook(address) as book:
            assert book.find_submission(NAME, "cem").timestamp is None


def test_a_time_that_cannot_be_read_is_no_time_and_is_told(fresh):
    """nbgrader stops there."""
    root, url, run = fresh
    hand_in(root, "ada", time="yesterday, I promise")
    assert "no time that can be read" in run()["ada"].incidents[0]
    with school.gradebook(url) as book:
        assert book.find_submission(NAME, "ada").timestamp is None


def test_lateness_is_measured_from_the_due_date_in_the_gradebook(class_):
    for address in (class_.ours, class_.theirs):
        with school.gradebook(address) as book:
            assert book.find_assignment(NAME).duedate == DUE
            late = {student: book.find_submission(NAME, student).total_seconds_late for student in SHEETS}
        assert late == {"ada": 0, "ben": 1800, "cem": 0, "dan": 0, "eva": 7200, "fay": 0}


# Penalties


def due(url, moment=DUE):
    with school.gradebook(url) as book:
        book.update_or_create_assignment(NAME, duedate=moment)


def test_without_a_rule_being_late_costs_nothing(class_):
    assert school.penalties(class_.ours, "eva") == {"problem1": None, "problem2": None}
    assert school.penalties(class_.theirs, "eva") == {"problem1": None, "problem2": None}


def test_the_method_zero_takes_off_the_whole_score(fresh):
    root, url, run = fresh
    due(url)
    with open(root / "nbgrader_config.py", "a") as config:
        config.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    hand_in(root, "ada", time="2026-11-03 00:00:00 UTC")
    hand_in(root, "ben", {"problem1": FIRST}, time="2026-11-03 00:00:00 UTC")
    result = run()["ada"]
    assert (result.penalty, result.seconds_late) == (11.0, 7200)
    assert school.penalties(url, "ada") == {"problem1": 5.0, "problem2": 6.0}
    assert school.penalties(url, "ben") == {"problem1": 5.0, "problem2": None}, "there is none for a missing notebook"
    page = (root / "feedback" / "ada" / NAME / "problem1.html").read_text()
    assert "Handed in 2 hours late: 5 points taken off, 0 points left." in page
    assert done_by_nbgrader(root, "ada") == {"problem1": 5.0, "problem2": 6.0}


def done_by_nbgrader(root, student):
    done = course.nbgrader(root, FastExecute={"fast": False}).autograde(NAME, student)
    assert done["success"], done
    return school.penalties(school.url(root / "gradebook.db"), student)


PLUGIN = """
from nbgrader.plugins import BasePlugin

class Hourly(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {"ada": total_seconds_late / 3600, "ben": 99, "cem": -1}[student_id]
"""


def test_a_plugin_of_ones_own_decides_within_0_and_the_score(fresh):
    root, url, run = fresh
    due(url)
    (root / "late.py").write_text(PLUGIN)
    with open(root / "nbgrader_config.py", "a") as config:
        config.write("c.AssignLatePenalties.plugin_class = 'late.Hourly'\n")
    for student in ("ada", "ben", "cem"):
        hand_in(root, student, time="2026-11-02 23:30:00 UTC")
    run()
    found = {student: school.penalties(url, student)["problem1"] for student in ("ada", "ben", "cem")}
    assert found == {"ada": 1.5, "ben": 5.0, "cem": 0.0}


def test_a_plugin_that_fails_is_one_clear_line(fresh):
    root, url, run = fresh
    due(url)
    (root / "late.py").write_text(PLUGIN)
    with open(root / "nbgrader_config.py", "a") as config:
        config.write("c.AssignLatePenalties.plugin_class = 'late.Hourly'\n")
    hand_in(root, "zoe", time="2026-11-02 23:30:00 UTC")
    with pytest.raises(GivenError, match="late penalties failed for zoe .*KeyError"):
        run()
    with open(root / "nbgrader_config.py", "a") as config:
        config.write("c.AssignLatePenalties.plugin_class = 'late.Nobody'\n")
    with pytest.raises(GivenError, match="plugin for late penalties in .*nbgrader_config.py cannot be had"):
        run()
    with open(root / "nbgrader_config.py", "a") as config:
        config.write("c.AssignLatePenalties.plugin_class = 'nbgrader.plugins.LateSubmissionPlugin'\n")
    assert run()["zoe"].status == "graded"


def test_an_extension_or_a_score_by_hand_changes_the_penalty_at_the_next_run(fresh):
    root, url, run = fresh
    due(url)
    with open(root / "nbgrader_config.py", "a") as config:
        config.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    hand_in(root, "ada", time="2026-11-03 00:00:00 UTC")
    run()
    school.by_hand(url, "ada", "why", 2.0)
    assert run()["ada"].cached
    assert school.penalties(url, "ada")["problem1"] == 7.0
    with school.gradebook(url) as book:
        book.grant_extension(NAME, "ada", hours=3)
    run()
    assert school.penalties(url, "ada") == {"problem1": None, "problem2": None}
    assert "late" not in (root / "feedback" / "ada" / NAME / "problem1.html").read_text().partition("</style>")[2]


# Notebooks and files


def test_one_of_several_notebooks_that_was_not_handed_in_is_0(class_):
    assert {row for name, row in grades(class_.ours, "ben").items() if name in ("test_mean", "test_load", "draw")} == {
        (0.0, None, None, False)
    }
    for room in ("autograded", "theirs"):
        assert not (class_.root / room / "ben" / NAME / "problem2.ipynb").exists()
    assert not (class_.root / "feedback" / "ben" / NAME / "problem2.html").exists()


def test_each_notebook_runs_in_a_process_of_its_own(fresh):
    root, url, run = fresh
    hand_in(root, "ada", {"problem1": {**FIRST, "plan": "def mean(values):\n    return 3"}, "problem2": {}})
    run()
    assert auto_scores(url, "ada")["test_mean"] == 0.0


def test_a_notebook_that_the_assignment_does_not_have_is_left_out(class_):
    for room in ("autograded", "theirs"):
        assert not (class_.root / room / "dan" / NAME / "problem1-Copy1.ipynb").exists()
    assert any("problem1-Copy1.ipynb" in incident for incident in class_.results["dan"].incidents)


def test_a_notebook_handed_in_before_and_not_again_is_gone(fresh):
    root, url, run = fresh
    folder = hand_in(root, "ada")
    run()
    (folder / "problem2.ipynb").unlink()
    hand_in(root, "ada", {"problem1": FIRST}, time="2026-11-02 21:30:00 UTC")
    run()
    assert auto_scores(url, "ada")["test_mean"] == 0.0
    assert not (root / "autograded" / "ada" / NAME / "problem2.ipynb").exists()


def test_cells_find_the_files_that_were_released_and_not_the_students(class_):
    """Data are read, and modules imported. Hers hold other numbers."""
    for student in ("ada", "eva"):
        scores = auto_scores(class_.ours, student)
        assert (scores["test_load"], scores["correct_squares"]) == (2.0, 2.0)


def test_released_files_lie_beside_the_autograded_notebook(class_):
    for room in ("autograded", "theirs"):
        for name, content in course.FILES.items():
            path = class_.root / room / "eva" / NAME / name
            assert path.read_text() == content
            assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_a_changed_file_of_the_release_is_a_changed_assignment(fresh):
    root, url, run = fresh
    hand_in(root, "ada")
    run()
    for room in ("solutions", "assignments"):
        (root / room / NAME / "data" / "numbers.txt").write_text(
            "1.0\n2.5\n# ends here\n".replace("# ends here\n", "\n")
        )
    with pytest.raises(GivenError, match="solution of problem2"):
        run()


def test_the_autograded_notebook_is_read_only_and_shows_what_was_run(class_):
    ours, theirs = (autograded(class_.root, "ada", room=room) for room in ("autograded", "theirs"))
    assert [(c["cell_type"], joined(c["source"])) for c in ours["cells"]] == [
        (c["cell_type"], joined(c["source"])) for c in theirs["cells"]
    ]
    roles = [[c["metadata"].get("nbgrader") for c in made["cells"]] for made in (ours, theirs)]
    assert roles[0] == roles[1]
    assert ours["metadata"]["kernelspec"] == theirs["metadata"]["kernelspec"]
    for name in ("problem1.ipynb", "timestamp.txt"):
        path = class_.root / "autograded" / "ada" / NAME / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_nbgrader_reads_our_points_off_the_autograded_notebook(class_):
    from nbformat import from_dict
    from nbgrader.utils import determine_grade, is_grade

    for student in ALIKE:
        for notebook in SHEETS[student]:
            for cell in map(from_dict, autograded(class_.root, student, notebook)["cells"]):
                if is_grade(cell):
                    assert (
                        determine_grade(cell)[0] == auto_scores(class_.ours, student)[cell.metadata.nbgrader.grade_id]
                    )


def test_a_notebook_in_another_language_is_refused(fresh):
    root, _, run = fresh
    path = root / "solutions" / NAME / "problem1.ipynb"
    made = json.loads(path.read_text())
    made["metadata"]["kernelspec"] = {"name": "ir", "language": "R", "display_name": "R"}
    path.write_text(json.dumps(made))
    hand_in(root, "ada")
    with pytest.raises(GivenError, match="the notebook is for r, and only Python is graded here"):
        run()


# The assignment changes


def test_a_tests_cell_may_come_or_go_after_grading_began(fresh):
    """nbgrader refuses as soon as there are submissions."""
    root, url, run = fresh
    hand_in(root, "ada")
    hand_in(root, "ben")
    run()
    for room in ("solutions", "assignments"):
        path = root / room / NAME / "problem2.ipynb"
        made = json.loads(path.read_text())
        at = next(
            i for i, c in enumerate(made["cells"]) if c["metadata"].get("nbgrader", {}).get("grade_id") == "test_load"
        )
        made["cells"][at] = course.tests("test_sum", 5, "assert sum(load()) == 3.5")
        path.write_text(json.dumps(made))
    run(students=["ada"])
    assert "test_load" not in grades(url, "ada")
    assert (grades(url, "ada")["test_sum"], grades(url, "ben")["test_sum"]) == (
        (5.0, None, None, False),
        (None, None, None, True),
    )
    school.by_hand(url, "ada", "test_sum", 4.0)
    shutil.copytree(root / "solutions" / NAME, root / "kept")
    made = json.loads((root / "kept" / "problem2.ipynb").read_text())
    made["cells"] = [c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") != "test_sum"]
    (root / "solutions" / NAME / "problem2.ipynb").write_text(json.dumps(made))
    with pytest.raises(GivenError, match="the cells test_sum are no longer in ps1.*by hand"):
        run()
    assert grades(url, "ada")["test_sum"][1] == 4.0


def test_a_notebook_may_come_or_go_after_grading_began(fresh):
    root, url, run = fresh
    hand_in(root, "ada")
    hand_in(root, "ben")
    run()
    for room in ("solutions", "assignments"):
        os.rename(root / room / NAME / "problem2.ipynb", root / room / NAME / "problem3.ipynb")
    results = run()
    assert results["ada"].incidents == ("problem3: not handed in, so it counts 0.",)
    with school.gradebook(url) as book:
        assert [n.name for n in book.find_assignment(NAME).notebooks] == ["problem1", "problem3"]
        assert book.find_assignment(NAME).max_score == 17.0
        assert book.find_submission(NAME, "ben").score == 5.0


# Others look at it


def test_the_gradebook_answers_as_nbgraders_own(class_):
    def answers(address):
        with school.gradebook(address) as book:
            alike = lambda rows: sorted(  # noqa: E731
                ({k: v for k, v in row.items() if k != "id"} for row in rows if row.get("student") in ALIKE), key=str
            )
            notebook = book.find_notebook("problem1", NAME)
            return {
                "assignment": {
                    k: v for k, v in book.find_assignment(NAME).to_dict().items() if k not in ("id", "num_submissions")
                },
                "submissions": alike(book.submission_dicts(NAME)),
                "notebooks": alike(book.notebook_submission_dicts("problem1", NAME)),
                "students": sorted((s.id, s.max_score) for s in book.students if s.id in ALIKE),
                "cells": [(c.name, c.max_score, c.cell_type) for c in notebook.grade_cells],
                "sources": [(c.name, c.locked, c.source, c.checksum) for c in notebook.source_cells],
            }

    assert answers(class_.ours) == answers(class_.theirs)


def test_extensions_are_kept(fresh):
    root, url, run = fresh
    hand_in(root, "ada")
    run()
    with school.gradebook(url) as book:
        book.grant_extension(NAME, "ada", days=1)
    hand_in(root, "ada", time="2026-11-03 00:00:00 UTC")
    run()
    with school.gradebook(url) as book:
        assert book.find_submission(NAME, "ada").extension == timedelta(days=1)


def test_the_two_graders_can_take_turns(fresh):
    root, url, run = fresh
    hand_in(root, "ada")
    hand_in(root, "ben", {"problem1": {**FIRST, "squares": WRONG}, "problem2": SECOND})
    run()
    before = [grades(url, student) for student in ("ada", "ben")]
    done = course.nbgrader(root, FastExecute={"fast": False}).autograde(NAME, "*")
    assert done["success"], done
    assert [grades(url, student) for student in ("ada", "ben")] == before
    run(force=True)
    assert [grades(url, student) for student in ("ada", "ben")] == before
