"""formgrader after `course grade`: lists, each submission, grading by hand in the browser, feedback, and the exchange that nobody needs."""

import csv
import json
import os
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from chromium import SIZE, keep, tab
from lab_server import BIN, REPOSITORY, copy_course, serve
from notebook_page import contrasts, until

nbgrader_api = pytest.importorskip("nbgrader.api")

pytestmark = pytest.mark.slow
CHAPTER = "01_neuron"
QUESTION = "stuck_on_xor"
RIGHT, WRONG = "amara_okafor", "chloe_martin"  # of the sample class
PLOT = 'import matplotlib.pyplot as plt\n\nplt.plot([0, 1], [0, 1])\nplt.title("my figure")\nplt.show()'
COMMENT = "You see that it does not move, but not why: compute the gradient at zero weights."
READABLE = 4.5


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course in which two students have handed in the first assignment, and `course grade` has graded them."""
    made = copy_course(tmp_path_factory.mktemp("formgrader") / "course", [CHAPTER])
    notes = made / "course" / "chapters"
    notes.mkdir(parents=True)
    shutil.copy(REPOSITORY / "course" / "chapters" / f"{CHAPTER}.json", notes)
    for student in (RIGHT, WRONG):
        handed_in = REPOSITORY / "examples" / "class" / "submitted" / student / CHAPTER
        shutil.copytree(handed_in, made / "submitted" / student / CHAPTER)
        # What `nbgrader submit` leaves beside the work: without it `release_feedback` has nobody to hand a page to.
        (made / "submitted" / student / CHAPTER / "submission_secret.txt").write_text(f"the secret of {student}")
    add_cell(made, WRONG, "fit_perceptron", PLOT)
    command(made, "course", "grade", CHAPTER, "--jobs", "1")
    return made


@pytest.fixture(scope="module")
def server(browser, root):
    with serve(root, root.parent / "home") as running:
        yield running


def formgrader(browser, server, path):
    """A tab with one of formgrader's pages. By way of the log-in, for it is there that the server gives the browser a cookie,
    with which the page then asks for its data."""
    return tab(browser, server, f"login?next=/formgrader/{path}")


def command(root, *arguments, **variables) -> str:
    done = subprocess.run(
        [str(BIN / arguments[0]), *arguments[1:]],
        cwd=root,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def add_cell(root, student, after, source) -> None:
    """What a student may do: a cell of one's own behind the answer `after`."""
    path = root / "submitted" / student / CHAPTER / f"{CHAPTER}.ipynb"
    made = json.loads(path.read_text())
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in made["cells"]]
    own = {"cell_type": "code", "id": f"own-{len(ids)}", "metadata": {}, "source": source}
    made["cells"].insert(ids.index(after) + 1, own | {"execution_count": None, "outputs": []})
    path.write_text(json.dumps(made))


def gradebook(root):
    return nbgrader_api.Gradebook(f"sqlite:///{root / 'gradebook.db'}")


def submission(root, student):
    """id in formgrader's addresses, score, and of each graded cell the automatic score."""
    with gradebook(root) as book:
        found = book.find_submission_notebook(CHAPTER, CHAPTER, student)
        return found.id, found.score, {grade.name: grade.auto_score for grade in found.grades}


def given(root, student=WRONG):
    """What a person gave for the free text, and whether somebody has to look at it (again)."""
    with gradebook(root) as book:
        grade = book.find_grade(QUESTION, CHAPTER, CHAPTER, student)
        comment = book.find_comment(QUESTION, CHAPTER, CHAPTER, student)
        return grade.manual_score, comment.manual_comment, grade.needs_manual_grade


def page_of(root, student=WRONG):
    return root / "feedback" / student / CHAPTER / f"{CHAPTER}.html"


def test_the_lists_know_assignment_students_and_scores(browser, server, root):
    with formgrader(browser, server, "manage_assignments") as page:
        row = page.locator("tr", has_text=CHAPTER)
        row.wait_for()
        assert row.locator(".num-submissions").inner_text() == "2"
        keep(page, "formgrader_assignments")
    with formgrader(browser, server, f"manage_submissions/{CHAPTER}") as page:
        for student in (RIGHT, WRONG):
            row = page.locator("tr", has_text=student)
            row.wait_for()
            assert row.locator(".status").inner_text() == "needs manual grading"  # the free text
            assert row.locator(".score").inner_text() == f"{submission(root, student)[1]:g} / 36"
        keep(page, "formgrader_submissions")
    with formgrader(browser, server, "gradebook") as page:
        page.locator("tr", has_text=CHAPTER).locator("a").first.wait_for()
        keep(page, "formgrader_gradebook")
    with formgrader(browser, server, f"gradebook/{CHAPTER}/{CHAPTER}") as page:
        until(lambda: page.locator("tbody tr", has_text="Submission #").count() == 2, "two submissions")
        rows = [row.inner_text() for row in page.locator("tbody tr").all()]
        assert sorted(f"{submission(root, s)[1]:g} / 36" in "".join(rows) for s in (RIGHT, WRONG)) == [True, True]
        keep(page, "formgrader_notebook_submissions")
    with formgrader(browser, server, f"manage_students/{WRONG}") as page:
        page.locator("tr", has_text=CHAPTER).first.wait_for()
        keep(page, "formgrader_student")


@pytest.mark.parametrize("student", [RIGHT, WRONG])
def test_a_submission_opens_with_its_cells_and_the_scores_of_the_gradebook(browser, server, root, student):
    number, _, scores = submission(root, student)
    with formgrader(browser, server, f"submissions/{number}") as page:
        page.locator(f"#{QUESTION}").wait_for()
        for grade_id, score in scores.items():
            field = page.locator(f"[id='{grade_id}'].score")
            wanted = "" if score is None else f"{score:g}"
            until(lambda field=field, wanted=wanted: (field.get_attribute("placeholder") or "") == wanted, grade_id)
        text = page.locator("body").inner_text()
        assert "def predict" in text and "no other valley" in text if student == RIGHT else "learning rate" in text
        figures = page.locator("img[src^='data:image/png']")
        assert figures.count() == (student == WRONG)
        assert page.locator(f"#{QUESTION}.needs_manual_grade").count() == 1
        keep(page, f"formgrader_{student}")


def test_points_and_a_comment_typed_in_the_browser_are_kept(browser, server, root):
    number, _, _ = submission(root, WRONG)
    with formgrader(browser, server, f"submissions/{number}") as page:
        score = page.locator(f"#{QUESTION}.score")
        comment = score.locator("xpath=ancestor::div[contains(@class, 'nbgrader_cell')]").locator("textarea.comment")
        score.fill("1.5")
        score.press("Tab")
        comment.fill(COMMENT)
        comment.press("Tab")
        until(lambda: given(root)[:2] == (1.5, COMMENT), "the score and the comment to be in the gradebook")
        page.reload()
        until(lambda: score.input_value() == "1.5" and comment.input_value() == COMMENT, "both to be shown again")
        score.scroll_into_view_if_needed()
        keep(page, "formgrader_by_hand")
    assert COMMENT not in page_of(root).read_text()


def test_grading_again_shows_what_was_entered_and_never_changes_it(root):
    command(root, "course", "grade", CHAPTER)
    assert COMMENT in page_of(root).read_text()
    assert given(root) == (1.5, COMMENT, False)
    command(root, "course", "grade", CHAPTER, "--force", "--student", WRONG)
    assert given(root)[:2] == (1.5, COMMENT)
    add_cell(root, WRONG, "predict", "print('a second thought')")
    command(root, "course", "grade", CHAPTER)
    assert given(root) == (1.5, COMMENT, True)  # there is new work, so it is to be looked at again
    assert "a second thought" in page_of(root).read_text()
    assert COMMENT in page_of(root).read_text()


def test_formgraders_buttons_make_our_page(browser, server, root):
    page_of(root).unlink()
    page_of(root, RIGHT).unlink()
    with formgrader(browser, server, f"manage_submissions/{CHAPTER}") as page:
        page.locator("tr", has_text=WRONG).locator(".generate-feedback a").click()
        page.locator(".modal.in", has_text="Success").wait_for()
        keep(page, "formgrader_generated")
    # Without --force nbgrader takes up again where no page is; with its other button it makes all of them.
    with formgrader(browser, server, "manage_assignments") as page:
        page.locator("tr", has_text=CHAPTER).locator(".generate-feedback a").click()
        page.locator(".modal.in", has_text="Success").wait_for()
    for student in (RIGHT, WRONG):
        assert "course-page" in page_of(root, student).read_text()
    assert COMMENT in page_of(root).read_text()
    made = page_of(root).read_text()
    command(root, "course", "grade", CHAPTER)
    assert page_of(root).read_text() == made


def test_the_exchange_is_not_needed_and_works_when_it_is_there(root, tmp_path):
    assert not (root / ".course" / "exchange").exists()  # all that was done so far was done without one
    shared = tmp_path / "exchange"
    shared.mkdir()
    shared.chmod(0o777)
    command(root, "nbgrader", "release_feedback", CHAPTER, NBGRADER_EXCHANGE=str(shared))
    (handed_out,) = [p for p in shared.rglob("*.html") if COMMENT in p.read_text()]
    assert handed_out.read_text() == page_of(root).read_text()


def test_exports_hold_what_was_entered(root):
    command(root, "nbgrader", "export", "--to", "nbgrader.csv")
    command(root, "course", "export", CHAPTER, "--out", "ours.csv")
    rows = {row["student_id"]: row for row in csv.DictReader((root / "nbgrader.csv").open())}
    total = submission(root, WRONG)[1]
    assert float(rows[WRONG]["score"]) == total
    assert total == sum(score or 0 for score in submission(root, WRONG)[2].values()) + 1.5
    (ours,) = [row for row in csv.DictReader((root / "ours.csv").open()) if WRONG in row.values()]
    assert f"{total:g}" in {value.removesuffix(".0") for value in ours.values()}


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "a" and dict(attrs).get("href", "").startswith("http"):
            self.found.append(dict(attrs)["href"])


def test_the_page_that_a_student_gets_is_good_to_read(browser, root):
    """On a wide and a narrow screen, in the light and in the dark, and on paper."""
    lesson = json.loads((REPOSITORY / "lessons" / CHAPTER / f"{CHAPTER}.ipynb").read_text())
    cells = {cell["id"] for cell in lesson["cells"]}
    links = Links(page_of(root).read_text()).found
    assert links and all(link.partition("#scrollTo=")[2] in cells for link in links if "colab" in link)
    for name, width, theme in (("wide", SIZE["width"], "light"), ("narrow", 390, "light"), ("dark", 1280, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        page, said = context.new_page(), []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("request", lambda request, said=said: None if request.url[:5] in ("file:", "data:") else said.append(1))
        page.goto(page_of(root).as_uri())
        assert not said  # no style was refused, nothing was asked for
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = contrasts(page.locator("main"))
        assert {text: contrast for text, contrast in found.items() if contrast < READABLE} == {}
        said_at, work_at = (page.locator(f"#exercise-3 .{side}").bounding_box() for side in ("said", "work"))
        beside = work_at["x"] >= said_at["x"] + said_at["width"]
        assert beside == (width > 1000)
        assert page.locator("#exercise-3 img").evaluate("image => image.naturalWidth") > 300
        keep(page, f"feedback_{name}", full_page=True)
        if name == "wide":
            assert len(page.pdf(format="A4")) > 20_000
        context.close()
