"""Reading a source: what its tags mean, and what is said of a source that breaks the rules."""

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3
from sample_course import SAMPLES

from course.authoring.assignment import chapter_notes
from course.authoring.lesson import check_lesson_source
from course.authoring.rules import check_solution_source
from course.authoring.source import read_source
from course.authoring.tags import contract, expand
from course.errors import GivenError

names = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
parts = st.one_of(names, st.tuples(names, names).map(".".join))
points = st.one_of(st.integers(1, 40), st.sampled_from([0.5, 1.5]))
texts = st.text(st.characters(codec="utf-8"), max_size=60)


def code(**tags):
    return st.builds(nbformat.v4.new_code_cell, texts, metadata=st.fixed_dictionaries(tags))


def markdown(**tags):
    return st.builds(nbformat.v4.new_markdown_cell, texts, metadata=st.fixed_dictionaries(tags))


tagged_cells = st.one_of(
    markdown(),
    code(setup=st.just(True)),
    code(given=names),
    code(solution=names),
    code(tests=parts, points=points),
    code(mistakes=names),
    markdown(hints=names),
    markdown(answer=names, points=points),
)


@given(tagged_cells)
def test_contracting_what_was_expanded_gives_the_source_cell_back(cell):
    assert contract(expand(cell)) == cell


@given(tagged_cells)
def test_expanding_what_was_contracted_gives_the_notebook_cell_back(cell):
    expanded = expand(cell)
    assert expand(contract(expanded)) == expanded


@given(tagged_cells)
def test_an_expanded_cell_is_valid_to_nbgrader(cell):
    MetadataValidatorV3().validate_cell(expand(cell))


@given(tagged_cells)
def test_what_a_release_adds_to_a_cell_is_gone_after_contracting(cell):
    released = expand(cell)
    if "nbgrader" in released.metadata:
        released.metadata["deletable"] = released.metadata["editable"] = False
        released.metadata["nbgrader"] |= {"checksum": "0" * 32, "cell_type": cell.cell_type}
    assert contract(released) == cell


def test_an_exercise_with_an_underscore_and_a_part_are_told_apart():
    exercise = nbformat.v4.new_code_cell(metadata={"tests": "a_b", "points": 1})
    part = nbformat.v4.new_code_cell(metadata={"tests": "a.b", "points": 1})
    assert expand(exercise).metadata.nbgrader.grade_id == expand(part).metadata.nbgrader.grade_id == "test_a_b"
    assert contract(expand(exercise)).metadata.tests == "a_b"
    assert contract(expand(part)).metadata.tests == "a.b"


def test_the_front_matter_of_a_lesson_is_read():
    front = read_source(SAMPLES / "lesson.py").front
    assert (front.title, front.data, front.minutes) == ("A sample", ("numbers",), {"read": 2, "run": 1})
    assert [(claim.name, claim.value, claim.tolerance) for claim in front.claims] == [("sum", 4, 0.5)]


def test_every_cell_knows_its_line_in_the_file():
    path = SAMPLES / "solution.py"
    lines = path.read_text().splitlines()
    for cell in read_source(path).cells:
        assert lines[cell.line - 1].startswith("# %%")
        if cell.cell_type == "code" and cell.source:
            assert lines[cell.first - 1] == cell.source.splitlines()[0]


def test_a_cell_marker_in_a_string_begins_no_cell(tmp_path):
    path = tmp_path / "s.py"
    path.write_text(
        '# %% [raw] front=true\n# title = "T"\n# shows = "S"\n\n# %%\ntext = """\n# %% no cell\n"""\n\n# %%\ny\n'
    )
    assert [(cell.line, cell.source) for cell in read_source(path).cells][1] == (10, "y")


def test_hints_and_mistakes_are_for_the_package():
    notes = chapter_notes(read_source(SAMPLES / "solution.py"))
    assert notes["hints"]["mean"][0] == "Idea: add, then divide."
    assert len(notes["hints"]["mean"]) == 3
    assert notes["mistakes"]["mean"].startswith("def not_divided(x):")


BREACHES = {
    "an unknown tag": ('given="imports"', 'gives="imports"', 8, "unknown tag 'gives'"),
    "a code cell without a tag": ('# %% given="imports"', "# %%", 8, "a code cell of a solution source has one of"),
    "a tag on the wrong kind of cell": ('[markdown] hints="mean"', 'hints="mean"', 15, "hints= is a markdown cell"),
    "points missing": ('tests="mean" points=1', 'tests="mean"', 38, "points are missing"),
    "points of zero": ('tests="mean" points=1', 'tests="mean" points=0', 38, "points=0 is not a positive number"),
    "a tag that its exercise does not have": (
        'tests="mean.long"',
        'tests="median.long"',
        43,
        "check.exercise('mean.long')",
    ),
    "an exercise named otherwise": ('exercise("mean")', 'exercise("means")', 39, "check.exercise('means')"),
    "an exercise never opened": ('with check.exercise("mean"):', "if True:", 38, "this one has none"),
    "two rungs of hints": ("# ---\n#\n# Step", "# Step", 15, "3 rungs"),
    "a section to read at a wrong place": ('tests="mean" points=1', 'tests="mean" points=1 reads="A"', 38, "reads= stands"),
    "a section to read without a name": ('reads="A question first"', 'reads=""', 15, "reads='' is no heading"),
    "no hints": ('hints="mean"', 'hints="median"', 15, 'without a solution="median" cell'),
    "a solution without marks": ("### BEGIN SOLUTION", "", 36, "### END SOLUTION without ### BEGIN SOLUTION"),
    "a solution that never ends": ("    ### END SOLUTION", "", 33, "### BEGIN SOLUTION without ### END SOLUTION"),
    "a mistake without words": (
        '    """You returned the sum: divide it by the number of values."""\n',
        "",
        51,
        "no docstring",
    ),
    "code that does not parse": ("return sum(x)", "return sum(x", 53, "does not parse"),
    "two names the same": ('given="imports"', 'solution="mean"', 8, "### BEGIN SOLUTION and ### END SOLUTION"),
    "set-up that is not empty": ("# %% setup=true", "# %% setup=true\nimport os", 6, "the build fills it"),
    "front matter that is not TOML": ('title = "A sample', "title = A sample", 2, "front matter"),
    "an accelerator that Colab has not": ("# minutes", '# accelerator = "H100"\n# minutes', 1, "'GPU' or 'TPU', not 'H100'"),
    "a front key of its own": ("# minutes", "# author = 1\n# minutes", 1, "unknown key 'author'"),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_told_with_its_file_and_line(breach, tmp_path):
    old, new, line, message = BREACHES[breach]
    text = (SAMPLES / "solution.py").read_text()
    assert old in text
    path = tmp_path / "solutions" / "01_sample" / "01_sample.py"
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(GivenError) as told:
        check_solution_source(read_source(path))
    assert str(told.value).startswith(f"solutions/01_sample/01_sample.py:{line}: ")
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_headings_may_not_promise_other_points_than_the_cells_give(tmp_path):
    path = tmp_path / "s.py"
    path.write_text((SAMPLES / "solution.py").read_text().replace("(3 points)", "(4 points)"))
    with pytest.raises(GivenError, match="the headings promise 6 points, the cells give 5"):
        check_solution_source(read_source(path))


def test_a_solution_without_tests_or_hints_is_told(tmp_path):
    text = (SAMPLES / "solution.py").read_text()
    begin, end = text.index('# %% tests="mean"'), text.index("# %% mistakes")
    path = tmp_path / "s.py"
    path.write_text(text[:begin] + text[end:])
    with pytest.raises(GivenError, match='solution="mean" without a tests="mean" cell'):
        check_solution_source(read_source(path))


def test_tests_without_a_solution_are_told(tmp_path):
    path = tmp_path / "s.py"
    path.write_text((SAMPLES / "solution.py").read_text().replace("mean.long", "median.long"))
    with pytest.raises(GivenError, match='tests="median.long" without a solution="median" cell'):
        check_solution_source(read_source(path))


def test_a_mistake_may_not_call_what_the_student_writes(tmp_path):
    path = tmp_path / "s.py"
    path.write_text((SAMPLES / "solution.py").read_text().replace("return sum(x)\n", "return len(x) * mean(x)\n"))
    with pytest.raises(GivenError, match="a mistake calls mean, which the student writes"):
        check_solution_source(read_source(path))


def test_a_need_must_name_an_exercise(tmp_path):
    path = tmp_path / "s.py"
    text = (SAMPLES / "solution.py").read_text()
    path.write_text(text.replace('check.exercise("mean")', 'check.exercise("mean", needs="mean median")'))
    with pytest.raises(GivenError, match="needs='median': there is no exercise of that name"):
        check_solution_source(read_source(path))


def test_a_lesson_cell_has_no_tags_of_an_assignment(tmp_path):
    path = tmp_path / "s.py"
    path.write_text((SAMPLES / "lesson.py").read_text() + '\n# %% solution="x"\nx = 1\n')
    with pytest.raises(GivenError, match="unknown tag 'solution'"):
        check_lesson_source(read_source(path))


def test_a_claim_states_text_value_and_tolerance(tmp_path):
    path = tmp_path / "s.py"
    path.write_text((SAMPLES / "lesson.py").read_text().replace("# tolerance = 0.5\n", ""))
    with pytest.raises(GivenError, match=r"\[claims.sum\] has text, value and tolerance"):
        read_source(path)


def front_with(tmp_path, table: str):
    text = f'# %% [raw] front=true\n# title = "T"\n# shows = "S"\n#\n# [claims.x]\n# text = "x"\n# value = 1\n# tolerance = 0\n{table}'
    path = tmp_path / "01_x.py"
    path.write_text(text)
    return read_source(path).front


def test_a_claim_may_have_another_value_where_experiments_are_larger(tmp_path):
    (claim,) = front_with(tmp_path, "# [claims.x.gpu]\n# value = 2\n# tolerance = 0.5\n").claims
    assert [(claim.at(s).value, claim.at(s).tolerance) for s in ("cpu", "gpu", "tpu")] == [(1, 0), (2, 0.5), (2, 0.5)]
    (claim,) = front_with(tmp_path, "# gpu = {value = 2, tolerance = 0.5}\n# tpu = {value = 3, tolerance = 0}\n").claims
    assert [claim.at(s).value for s in ("cpu", "gpu", "tpu")] == [1, 2, 3]


@pytest.mark.parametrize(
    "table", ["# gpu = 2\n", "# gpu = {value = 2}\n", '# gpu = {value = "2", tolerance = 0}\n', "# mac = {}\n"]
)
def test_a_claim_of_a_scale_is_checked_like_any(tmp_path, table):
    with pytest.raises(GivenError, match=r"front matter: \[claims.x"):
        front_with(tmp_path, table)
