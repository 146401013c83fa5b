"""What a check expects does not go where a submission runs."""

import ast

import pytest

from course.grading.withheld import without_expectations

SOURCE = '''\
labels = "é"; check.call(f, 2.0, expect=73519.25, about="a number")
check.accuracy(
    classify,
    points,
    np.repeat(
        [0, 1],  # 73519.25
        60,
    ),
    at_least=0.95,
)
check.accuracy(f, x, labels=secret, at_least=1.0)
"é", check.value("what", got, [73519.25]), check.model(build, x, {"parameters": 73519.25})
check.call(f, labels="an argument of f", expect=(1, 2))
other.call(f, expect=1)
'''


def test_expectations_are_gone_and_all_else_is_as_it_was():
    cut = without_expectations(SOURCE)
    assert "73519" not in cut and "secret" not in cut
    assert 'labels="an argument of f", expect=None' in cut and "other.call(f, expect=1)" in cut
    before, after = ast.parse(SOURCE), ast.parse(cut)
    assert [node.lineno for node in after.body] == [node.lineno for node in before.body]
    calls = [node for node in ast.walk(after) if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("check")]
    assert [len(c.args) + len(c.keywords) for c in calls] == [4, 4, 4, 3, 3, 3]


@pytest.mark.parametrize("source", ["", "def f(:", "check.call(*a, **b)", "check.accuracy(*a)", "check.accuracy(f, x, *rest)"])
def test_what_holds_no_expectation_stays(source):
    assert without_expectations(source) == source
