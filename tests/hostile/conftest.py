"""Each test module of the bank names its FAMILIES and LIMITS; the four promises are tested for every case of them."""

import pytest

from hostile.bank import Bank
from hostile.promises import holds


def pytest_generate_tests(metafunc):
    """A known defect is a strict xfail: once it is mended, it must be taken out of the case."""
    if "case" not in metafunc.fixturenames:
        return
    promise = metafunc.function.promise
    params = []
    names = [case.name for cases in metafunc.module.FAMILIES.values() for case in cases]
    assert len(set(names)) == len(names), f"two cases have one name: {[n for n in names if names.count(n) > 1]}"
    for family, cases in metafunc.module.FAMILIES.items():
        for case in cases:
            broken = [pytest.mark.xfail(strict=True, reason=case.broken[promise])] if promise in case.broken else []
            params.append(pytest.param(case, id=f"{family}-{case.name}", marks=broken))
    metafunc.parametrize("case", params)


@pytest.fixture(scope="module")
def outcomes(request, tmp_path_factory):
    """Case name -> what came of it: all cases that are to be tested in this module now, graded in one class for each assignment."""
    selected = {
        item.callspec.params["case"].name: item.callspec.params["case"]
        for item in request.session.items
        if item.module is request.module and hasattr(item, "callspec")
    }
    found = {}
    for assignment in dict.fromkeys(case.assignment for case in selected.values()):
        chosen = [case for case in selected.values() if case.assignment == assignment and holds(case)]
        if chosen:
            found |= Bank(tmp_path_factory.mktemp(assignment), chosen, request.module.LIMITS).grade()
    return found
