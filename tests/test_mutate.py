"""Mutants are small, each different, and say what was changed."""

import ast

from course.authoring.mutate import MOST, evenly_chosen, mutants

SOURCE = '''
def step(w, x, rate=0.1):
    """A docstring with 1 + 1."""
    error = x @ w - 1
    if error > 0 and not rate == 0:
        w = w - rate * error * x.T.sum(axis=0)
    return w
'''


def changes() -> list[str]:
    return [m.change for m in mutants(SOURCE)]


def test_every_mutant_is_valid_and_differs_from_the_source_and_the_others():
    sources = [m.source for m in mutants(SOURCE)]
    assert len(set(sources)) == len(sources) > 10
    for source in sources:
        assert ast.dump(ast.parse(source)) != ast.dump(ast.parse(SOURCE))


def test_operators_comparisons_constants_and_keywords_are_changed():
    said = " | ".join(changes())
    for change in (
        "=> error = x @ w + 1",
        "=> error = w @ x - 1",
        "error >= 0",
        "error > 0 or",
        "not not rate",
        "x.real.sum",
        "x.T.mean",
        "sum()",
        "axis=1",
        "=> pass",
    ):
        assert change in said, change


def test_docstrings_and_defaults_stay_as_they_are():
    assert all('"""A docstring with 1 + 1."""' in m.source and "rate=0.1" in m.source for m in mutants(SOURCE))


def test_the_same_source_gives_the_same_mutants_and_not_too_many():
    long = "def f(x):\n" + "".join(f"    x = x + {i}\n" for i in range(30)) + "    return x\n"
    assert mutants(long) == mutants(long)
    assert len(mutants(long)) == MOST


def test_a_few_mutants_come_from_all_over_the_source():
    source = "def f(x):\n" + "".join(f"    a{i} = x + {i}\n" for i in range(20)) + "    return a1 * a19\n"
    found = mutants(source)
    few = evenly_chosen(found, 6)
    places = [found.index(mutant) for mutant in few]
    assert len(few) == 6 and places == sorted(set(places)) and places[-1] > len(found) / 2 > places[2]
    assert evenly_chosen(few, 10) == few and evenly_chosen(few, 0) == []
