"""What the browser tests share. `browser`: Chromium; the servers are started by the tests themselves (lab_server.serve)."""

import chromium
import pytest


@pytest.fixture(scope="module")
def browser():
    try:
        with chromium.start() as started:
            yield started
    except chromium.Missing as reason:
        if chromium.required():
            pytest.fail(str(reason))
        pytest.skip(str(reason))
