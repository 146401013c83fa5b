"""The report on a class: what it computes is what one computes by hand, and its page needs nothing else."""

import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from graded_course import CHAPTER, RIGHT, hand_in, make_course

from course.errors import GivenError
from course.grading.grade import grade
from course.grading.marks import read_marks, read_names, totals
from course.grading.released import load_assignment
from course.grading.report.alike import alike, runs
from course.grading.report.items import FEWEST, items, mistakes, phases, scores
from course.grading.report.write import write_report
from course.grading.result import ExerciseScore, Result, RunCell

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent
SUM = "def softmax(logits):\n    e = np.exp(logits - logits.max(1, keepdims=True))\n    return e / e.sum()"
UNLIKE = """\
def softmax(logits):
    # for every line of the table its own denominator
    table = []
    for entry in logits.tolist():
        highest = sorted(entry)[-1]
        grown = [np.e ** (value - highest) for value in entry]
        table.append([value / sum(grown) for value in grown])
    return np.array(table)
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    root = make_course(tmp_path_factory.mktemp("course"))
    for number in range(4):
        hand_in(root, f"right{number}", RIGHT)
        hand_in(root, f"sum{number}", RIGHT | {"softmax": SUM + f"  # {number}"})
        hand_in(root, f"empty{number}", {})
    hand_in(root, "copied", RIGHT | {"softmax": UNLIKE})
    hand_in(root, "copier", RIGHT | {"softmax": UNLIKE.replace("table", "rows").replace("every", "each")})
    hand_in(root, "broken", {}).write_text("{")
    url = f"sqlite:///{root / 'gradebook.db'}"
    report = grade(root, CHAPTER, root / "submitted", 2, url)
    return root, url, report


def test_the_scores_are_those_of_the_gradebook(graded):
    root, url, report = graded
    table = scores(read_marks(url), report.results, read_names(url)).set_index("student")
    by_hand = {r.student: r.points for r in report.results if r.status != "ungradable"}
    assert {student: table.at[student, "score"] for student in by_hand} == by_hand
    assert np.isnan(table.at["broken", "score"]) and table.at["broken", "status"] == "ungradable"
    assert (table["max_score"] == report.results[0].max_points).all()


def test_difficulty_is_the_mean_share_and_discrimination_the_correlation_with_the_rest(graded):
    root, url, report = graded
    table = items(read_marks(url), report.results, load_assignment(root, CHAPTER)).set_index("exercise")
    shares, rests = [], []
    for r in report.results:
        if r.status == "ungradable":
            continue
        own = sum(e.points for e in r.exercises if e.id == "softmax")
        shares.append(own / sum(e.max_points for e in r.exercises if e.id == "softmax"))
        rests.append(sum(e.points for e in r.exercises if e.id != "softmax"))
    assert table.at["softmax", "difficulty"] == pytest.approx(np.mean(shares))
    assert table.at["softmax", "all_of_it"] == pytest.approx(np.mean([share == 1 for share in shares]))
    assert table.at["softmax", "discrimination"] == pytest.approx(np.corrcoef(shares, rests)[0, 1])
    assert table.at["softmax", "unanswered"] == pytest.approx(4 / 15)


def test_a_correlation_over_few_is_not_told(graded):
    root, url, report = graded
    few = read_marks(url)
    few = few[few["student"].isin(sorted(few["student"].unique())[: FEWEST - 1])]
    table = items(few, report.results, load_assignment(root, CHAPTER))
    assert table["discrimination"].isna().all()


def test_the_same_mistake_of_several_is_one_row(graded):
    _, _, report = graded
    first = mistakes(report.results).iloc[0]
    assert (first["exercise"], first["n"]) == ("softmax", 4)
    assert first["students"] == "sum0, sum1, sum2, sum3"
    assert first["told"] and not re.search("Asked|checks failed", first["told"])


def test_a_class_without_mistakes_has_an_empty_table():
    assert list(mistakes([])) == ["exercise", "diagnosis", "n", "told", "students"]


def test_the_time_of_the_phases_adds_up_to_all_of_it(graded):
    _, url, report = graded
    table = phases(scores(read_marks(url), report.results, read_names(url)))
    assert table["sum"].sum() == pytest.approx(sum(r.total_seconds for r in report.results))


def test_who_copied_is_found_and_who_wrote_the_same_short_answer_is_not(graded):
    root, _, report = graded
    results = [r for r in journaled(root) if r.student]
    found = alike(results, load_assignment(root, CHAPTER))
    assert [(row.one, row.other) for row in found.itertuples()] == [("copied", "copier")]
    assert found.at[0, "exercises"].startswith("softmax")


def journaled(root):
    from course.grading.journal import read_results

    return read_results(root / ".course" / "journal" / f"{CHAPTER}.jsonl")


def pretend(student, *sources):
    cells = tuple(RunCell("softmax", "solution", source) for source in sources)
    return Result(student, CHAPTER, "graded", 1, 1, (ExerciseScore("softmax", "softmax", 1, 1, "right"),), cells=cells)


def test_independent_programs_are_not_alike_and_a_copy_with_other_names_is(graded):
    assignment = load_assignment(graded[0], CHAPTER)
    draw = random.Random(5)
    operators = ["+", "-", "*", "/", "@", "%", "**", "//", "<", "=="]

    def program(seed):
        own = random.Random(seed)
        return "\n".join(
            f"v{own.randrange(20)} = f{own.randrange(9)}(a{own.randrange(9)} {own.choice(operators)} {own.randrange(50)}, x[{own.randrange(9)}])"
            for _ in range(40)
        )

    class_ = [pretend(f"s{number:02}", program(number)) for number in range(60)]
    copy = program(7).replace("v1", "weight").replace("a2", "bias")
    class_.append(pretend("thief", copy))
    draw.shuffle(class_)
    found = alike(class_, assignment)
    assert {(row.one, row.other) for row in found.itertuples()} == {("s07", "thief")}


def test_what_was_handed_out_is_no_likeness(graded):
    assignment = load_assignment(graded[0], CHAPTER)
    given = [cell.source for cell in assignment.notebooks[0].cells if cell.kind == "given"]
    same = [pretend(name, *assignment.notebooks[0].stubs.values(), *given) for name in ("a", "b")]
    others = [pretend(f"c{i}", f"x = {i}") for i in range(8)]
    assert alike(same + others, assignment).empty


@pytest.mark.parametrize("source", ["", "no python at all (", "\x00", "x = '''", "é" * 50])
def test_no_text_stops_the_comparison(source):
    assert isinstance(list(runs(source)), list)


def test_the_page_stands_alone_and_the_tables_lie_beside_it(graded, tmp_path):
    root, url, report = graded
    written = write_report(root, CHAPTER, root, url, tmp_path / "out")
    page = written.page.read_text(encoding="utf-8")
    assert page.count("<svg") == 2 and "<script" not in page and "src=" not in page
    assert "default-src 'none'" in page
    for words in ("copied", "copier", "sum0, sum1, sum2, sum3", "broken"):
        assert words in page, words
    assert {path.name for path in written.tables} == {"scores.csv", "items.csv", "mistakes.csv", "alike.csv", "phases.csv"}
    assert len(pd.read_csv(tmp_path / "out" / "scores.csv")) == len(report.results)


def test_the_same_results_give_the_same_page(graded, tmp_path):
    root, url, _ = graded
    pages = [write_report(root, CHAPTER, root, url, tmp_path / part).page.read_bytes() for part in ("one", "two")]
    assert pages[0] == pages[1]


def test_what_a_student_wrote_is_text_in_the_page(graded, tmp_path):
    root, url, _ = graded
    hostile = "<script>alert(1)</script>"
    hand_in(root, "hostile", RIGHT | {"softmax": f"def softmax(logits):\n    raise ValueError({hostile!r})"})
    grade(root, CHAPTER, root / "submitted", 1, url)
    page = write_report(root, CHAPTER, root, url, tmp_path).page.read_text(encoding="utf-8")
    assert hostile not in page and "hostile" in page


def test_nothing_graded_yet_is_one_line(graded, tmp_path):
    root, url, _ = graded
    with pytest.raises(GivenError, match="run `course grade"):
        write_report(root, CHAPTER, tmp_path, url, tmp_path)


def test_the_command_says_where_the_page_is(graded):
    root, _, _ = graded
    done = subprocess.run([str(BIN / "course"), "report", CHAPTER], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (root / "report" / CHAPTER / "index.html").is_file()
    assert "index.html" in done.stdout


def test_a_total_is_never_below_zero_and_takes_the_penalty_off_once():
    marks = pd.DataFrame(
        {
            "assignment": "a",
            "student": ["x", "x", "y"],
            "notebook": "n",
            "cell": ["p", "q", "p"],
            "score": [3.0, 2.0, 1.0],
            "max_score": [4.0, 4.0, 4.0],
            "waiting": False,
            "penalty": [1.5, 1.5, 9.0],
        }
    )
    assert totals(marks)["score"].tolist() == [3.5, 0.0]
