"""What several test files share."""

import os

import pytest

os.environ["COURSE_PROGRESS"] = "off"  # no test is a student at work in this checkout


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server of this test run's own, ended with it."""
    import postgres_server

    try:
        server = postgres_server.make_server()
    except postgres_server.Missing as reason:
        pytest.skip(str(reason))
    yield server
    postgres_server.end_server(server)


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def any_gradebook(request, tmp_path):
    """The address of an empty gradebook, in a file and on a server."""
    if request.param == "SQLite":
        return f"sqlite:///{tmp_path / 'gradebook.db'}"
    return request.getfixturevalue("postgres").new_database()


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, help="the seed of the tests that kill at random, to see one run again")
