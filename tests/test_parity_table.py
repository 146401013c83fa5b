"""The table in docs/NBGRADER.md and the tests are the same: each row names a test, and each test of parity has its row."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROWS = re.findall(
    r"^\|(.+)\|(.+)\| `(test_\w+)` \|$", (ROOT / "docs" / "NBGRADER.md").read_text(encoding="utf-8"), re.M
)


def names_in(*files: str) -> set[str]:
    trees = (ast.parse((ROOT / "tests" / name).read_text(encoding="utf-8")) for name in files)
    return {
        f.name for tree in trees for f in tree.body if isinstance(f, ast.FunctionDef) and f.name.startswith("test_")
    }


def test_each_row_names_a_test():
    there = names_in("test_parity.py", "test_parity_commands.py", "test_fast_execute.py")
    assert len(ROWS) > 50
    assert [name for *_, name in ROWS if name not in there] == []


def test_each_promise_that_is_tested_has_one_row():
    named = [name for *_, name in ROWS]
    assert names_in("test_parity.py", "test_parity_commands.py") - set(named) == set()
    assert sorted(named) == sorted(set(named))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2])
def test_each_row_says_something_on_both_sides(row):
    assert all(cell.strip() for cell in row)
