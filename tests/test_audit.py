"""The audit tells a good grader from a bad one: each way to be wrong shows up in its figures."""

import pytest
from graded_course import CHAPTER, make_course

from course.authoring.audit import audit
from course.authoring.build import build
from course.errors import GivenError

pytestmark = pytest.mark.slow

SOFTMAX = "def softmax(logits):\n    e = np.exp(logits - logits.max(1, keepdims=True))\n    return e / e.sum(1, keepdims=True)\n"
WRONG = "def softmax(logits):\n    return logits * {factor}\n"
EQUIVALENT = """# %% [raw] equivalent=true
# e = np.exp(logits - logits.max(axis=1, keepdims=True)) => e = np.exp(logits - logits.max(keepdims=True))
# The same shift for all rows changes no quotient.

"""


def bank(right: dict[str, str], wrong: dict[str, tuple[str, str]], extra: str = "") -> str:
    cells = [f'# %% right="{name}"\n{source}\n' for name, source in right.items()]
    cells += [f'# %% wrong="{name}" diagnosis="{diagnosis}"\n{source}\n' for name, (diagnosis, source) in wrong.items()]
    return "\n".join(cells) + extra


def write_banks(root, **replaced):
    """Banks for the three exercises that are as they should be, but for the ones given."""
    loss = "def loss(logits, label):\n    return {}\n"
    build = (
        "def build():\n    x = keras.Input((4,))\n    y = keras.layers.Dense({units}, activation='{first}')(x)\n"
        "    return keras.Model(x, keras.layers.Dense(3, activation='{last}')(y))\n"
    )
    banks = {
        "softmax": bank(
            {f"right{i}": SOFTMAX + "#" * i for i in range(3)},
            {f"wrong{i}": ("value", WRONG.format(factor=i + 3.5)) for i in range(8)},
            EQUIVALENT,
        ),
        "loss": bank(
            {f"right{i}": loss.format("-np.log(softmax(logits)[0, label])") + "#" * i for i in range(3)},
            {
                "sign": ("sign", loss.format("np.log(softmax(logits)[0, label])")),
                "none": ("missing_return", loss.format("None")),
                "raised": ("raised", loss.format("1 / 0")),
                **{
                    f"twice{i}": ("factor_two", loss.format("-2 * np.log(softmax(logits)[0, label])") + "#" * i)
                    for i in range(5)
                },
            },
        ),
        "build": bank(
            {f"right{i}": build.format(units=8, first="relu", last="softmax") + "#" * i for i in range(3)},
            {
                **{f"units{i}": ("weights", build.format(units=i, first="relu", last="softmax")) for i in range(1, 6)},
                "linear": ("outputs", build.format(units=8, first="linear", last="softmax")),
                "tanh": ("outputs", build.format(units=8, first="tanh", last="softmax")),
                "logits": ("outputs", build.format(units=8, first="relu", last="linear")),
            },
        ),
    } | replaced
    folder = root / "tests" / "banks" / CHAPTER
    folder.mkdir(parents=True, exist_ok=True)
    for exercise, text in banks.items():
        (folder / f"{exercise}.py").write_text(text)


@pytest.fixture(scope="module")
def course_root(tmp_path_factory):
    return make_course(tmp_path_factory.mktemp("audited"))


def run(root, mutants=0):
    report = audit(root, [CHAPTER], 2, mutants)
    return report, {e.id: e for e in report.exercises}


def test_a_good_grader_passes_with_its_mutants(course_root):
    write_banks(course_root)
    report, exercises = run(course_root, mutants=60)
    assert report.problems == tuple(p for p in report.problems if "mutant" in p)
    assert (exercises["softmax"].right_accepted, exercises["softmax"].wrong_diagnosed) == (3, 8)
    assert exercises["softmax"].mutants_n > 10
    assert exercises["loss"].mutants_caught == exercises["loss"].mutants_n
    assert set(report.to_json()["exercises"][0]) == {"chapter", "id", "right", "wrong", "mutants"}


def test_every_way_of_being_wrong_shows(course_root):
    wrong = {f"wrong{i}": ("value", WRONG.format(factor=i + 3.5)) for i in range(6)}
    wrong |= {
        "in_fact_right": ("value", SOFTMAX),
        "misnamed": ("transposed", WRONG.format(factor=9.5)),
        "spoils_another": ("value", WRONG.format(factor=2.5) + "\ndef build():\n    pass\ndel keras\n"),
    }
    write_banks(
        course_root,
        softmax=bank({"one": SOFTMAX, "two": SOFTMAX + "#", "in_fact_wrong": WRONG.format(factor=2)}, wrong),
    )
    report, exercises = run(course_root)
    found = exercises["softmax"]
    assert not report.ok
    assert (found.right_n, found.right_accepted) == (3, 2)
    assert (found.wrong_n, found.wrong_rejected, found.wrong_diagnosed) == (9, 7, 6)
    said = "\n".join(report.problems)
    for words in (
        "`in_fact_wrong` not accepted",
        "`in_fact_right` not rejected",
        "`misnamed` diagnosed as value, and not as transposed",
        "`spoils_another` loses points in build too",
    ):
        assert words in said


def test_checks_that_live_on_another_exercise_s_tests_cell_are_told(tmp_path):
    root = make_course(tmp_path / "borrowing")
    source = root / "solutions" / CHAPTER / f"{CHAPTER}.py"
    text = source.read_text().replace(
        'with check.exercise("loss", needs="softmax"):\n',
        'with check.exercise("loss", needs="softmax"):\n    rng.normal()\n',
    )
    source.write_text(text)
    assert build(root, [CHAPTER], lessons=False).ok
    write_banks(root)
    report, exercises = run(root, mutants=60)
    assert not report.ok
    assert [e.id for e in report.exercises if not e.stands_alone] == ["loss"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (bank({"one": SOFTMAX}, {}), "1 right and 0 wrong answers"),
        ("# %%\nx = 1\n", "neither right"),
        (
            bank(
                {f"r{i}": SOFTMAX for i in range(3)},
                {f"w{i}": ("value", SOFTMAX) for i in range(8)},
                "\n# %% [raw] equivalent=true\n# a => b\n",
            ),
            "and then why",
        ),
    ],
)
def test_a_malformed_bank_is_one_clear_line(course_root, text, words):
    write_banks(course_root, softmax=text)
    with pytest.raises(GivenError, match=words):
        run(course_root)


def test_an_equivalent_mutant_that_is_not_made_is_told(course_root):
    text = bank(
        {f"r{i}": SOFTMAX + "#" * i for i in range(3)},
        {f"w{i}": ("value", SOFTMAX) for i in range(8)},
        "\n# %% [raw] equivalent=true\n# a => b\n# Because.\n",
    )
    write_banks(course_root, softmax=text)
    with pytest.raises(GivenError, match="not made"):
        run(course_root, mutants=60)
