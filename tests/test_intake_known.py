"""Somebody who was graded under another name, and is known now, is one person everywhere; what a person entered goes along."""

import pytest
from test_intake import NAME, PEOPLE, archive, handed_in, notebook, take

from course.grading.gradebook_db import transaction
from course.grading.intake.known import hand_over
from course.grading.intake.take import take_in
from course.grading.marks import read_marks, read_names

FORMER = "unknown_ada_lovelace_2041"


@pytest.fixture
def book(tmp_path):
    """A gradebook in which FORMER has a submission with a score that a person gave."""
    from nbgrader.api import Gradebook

    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with transaction(url):
        pass  # made, with the tables of this version
    with Gradebook(url) as book:
        for assignment in (NAME, "01_neuron"):
            book.add_assignment(assignment)
            book.add_notebook(assignment, assignment)
            book.add_grade_cell("why", assignment, assignment, max_score=5, cell_type="markdown")
        submit(book, FORMER, 4.0)
    return url


def submit(book, student, score=None, assignment=NAME):
    book.update_or_create_student(student)
    book.add_submission(assignment, student)
    if score is not None:
        grade = book.find_grade("why", assignment, assignment, student)
        grade.manual_score = score
        book.db.commit()


def marks(url):
    rows = read_marks(url)
    return {(row.assignment, row.student): row.score for row in rows.itertuples()}


def students(url):
    return set(read_names(url)["student"])


def test_the_submission_and_the_score_are_the_students(book, tmp_path):
    for made in ("autograded", "feedback"):
        (tmp_path / made / FORMER / NAME).mkdir(parents=True)
        (tmp_path / made / FORMER / NAME / "page.html").write_text("x")
    hand_over(book, tmp_path, NAME, {FORMER: "al12"})
    assert marks(book) == {(NAME, "al12"): 4.0}
    assert students(book) == {"al12"}
    assert not any((tmp_path / made / FORMER).exists() for made in ("autograded", "feedback"))


def test_other_assignments_stay_where_they_are(book, tmp_path):
    from nbgrader.api import Gradebook

    with Gradebook(book) as open_book:
        submit(open_book, FORMER, 3.0, "01_neuron")
    (tmp_path / "feedback" / FORMER / "01_neuron").mkdir(parents=True)
    hand_over(book, tmp_path, NAME, {FORMER: "al12"})
    assert marks(book) == {(NAME, "al12"): 4.0, ("01_neuron", FORMER): 3.0}
    assert (tmp_path / "feedback" / FORMER / "01_neuron").is_dir()


def test_a_second_submission_of_the_same_person_goes_unless_something_was_entered_for_it(book, tmp_path):
    from nbgrader.api import Gradebook

    with Gradebook(book) as open_book:
        submit(open_book, "al12", 2.0)
        submit(open_book, "lovelace")
    hand_over(book, tmp_path, NAME, {FORMER: "al12", "lovelace": "al12"})
    assert marks(book) == {(NAME, "al12"): 2.0, (NAME, FORMER): 4.0}
    assert students(book) == {"al12", FORMER}


def test_whom_the_gradebook_does_not_know_is_nothing_to_hand_over(book, tmp_path):
    hand_over(book, tmp_path, NAME, {"unknown_nobody": "al12"})
    assert marks(book) == {(NAME, FORMER): 4.0}


@pytest.mark.parametrize("name", ["work.pdf", "02_layers.ipynb"])
def test_taking_in_with_a_roster_tells_who_is_known_now(tmp_path, name):
    files = {f"Ada Lovelace_2041_assignsubmission_file_/{name}": notebook("ada")}
    take(tmp_path, files, PEOPLE[1:])
    assert list(handed_in(tmp_path)) == [FORMER]
    taken, found = take(tmp_path, files, PEOPLE)
    assert list(found) == ["al12"]
    assert taken.known_now == ((FORMER, "al12"),)
    assert not (tmp_path / "submitted" / FORMER).exists()


def test_who_was_graded_before_there_was_a_roster_is_not_graded_twice(tmp_path):
    path = tmp_path / "download.zip"
    path.write_bytes(archive({"Ada Lovelace_2041_assignsubmission_file_/02_layers.ipynb": notebook("ada")}))
    take_in(path, tmp_path / "submitted", NAME)
    assert list(handed_in(tmp_path)) == ["ada_lovelace"]
    taken = take_in(path, tmp_path / "submitted", NAME, people=PEOPLE)
    assert list(handed_in(tmp_path)) == ["al12"]
    assert taken.known_now == (("ada_lovelace", "al12"),)


def test_stopped_while_it_is_told_it_is_told_again(tmp_path):
    path = tmp_path / "download.zip"
    path.write_bytes(archive({"Ada Lovelace_2041_assignsubmission_file_/02_layers.ipynb": notebook("ada")}))
    take_in(path, tmp_path / "submitted", NAME, people=PEOPLE[1:])
    told = []

    def stop(known):
        told.append(dict(known))
        if len(told) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_in(path, tmp_path / "submitted", NAME, people=PEOPLE, tell_known=stop)
    take_in(path, tmp_path / "submitted", NAME, people=PEOPLE, tell_known=stop)
    assert told == [{FORMER: "al12"}] * 2
    assert list(handed_in(tmp_path)) == ["al12"]


def test_a_folder_of_the_same_name_with_other_work_in_it_is_somebody_elses(tmp_path):
    take(tmp_path, {"ada_lovelace/02_layers.ipynb": notebook("another section"), "x/02_layers.ipynb": notebook("x")})
    files = {"Ada Lovelace_2041_assignsubmission_file_/02_layers.ipynb": notebook("ada")}
    taken, found = take(tmp_path, files, PEOPLE)
    assert (found["ada_lovelace"], found["al12"], taken.known_now) == ("another section", "ada", ())


def test_a_student_whose_id_is_anothers_name_keeps_their_own_work(tmp_path):
    from course.grading.intake.roster import Person

    other = Person("ada_lovelace", "Another", "Person")
    take(tmp_path, {"ada_lovelace/02_layers.ipynb": notebook("another"), "gh07/02_layers.ipynb": notebook("grace")}, (*PEOPLE[1:], other))
    files = {"Ada Lovelace_2041_assignsubmission_file_/02_layers.ipynb": notebook("ada")}
    taken, found = take(tmp_path, files, (*PEOPLE, other))
    assert found["ada_lovelace"] == "another"
    assert taken.known_now == ()
