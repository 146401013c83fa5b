"""The course as it is published: a server on this machine that answers like the repository's own address.

It gives the archive of the branch and single files of it, made from the files as they are now. Tests may change what it gives.
"""

import http.server
import io
import re
import subprocess
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from course.authoring.pages import Address

ROOT = Path(__file__).resolve().parent.parent
BRANCH = "main"
PATH = "/someone/somewhere"

Change = Callable[[bytes], bytes]


@dataclass
class Published:
    """What the server gives, and what it was asked for. `changes`: path in the repository -> what is done to the file."""

    address: Address
    changes: dict[str, Change] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def file(self, name: str) -> bytes:
        content = (ROOT / name).read_bytes()
        if name == "pyproject.toml":
            line = f'repository = "{self.address.repository}"'
            content = re.sub(rb'(?m)^repository = ".*"$', line.encode(), content)
        return self.changes.get(name, bytes)(content)

    def archive(self) -> bytes:
        """All files in a folder, as GitHub packs a branch."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in tracked():
                archive.writestr(f"somewhere-{BRANCH}/{name}", self.file(name))
        return self.changes.get(".zip", bytes)(packed.getvalue())

    def answer(self, path: str) -> bytes | None:
        """What lies at this path of the server; None if nothing does."""
        self.asked.append(path.removeprefix(PATH))
        if path == f"{PATH}/archive/refs/heads/{BRANCH}.zip":
            return self.archive()
        name = path.removeprefix(f"{PATH}/raw/{BRANCH}/")
        return self.file(name) if name in tracked() else None


def tracked() -> list[str]:
    """The files of the repository as they are now, also those that are not committed yet."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@contextmanager
def published() -> Iterator[Published]:
    """Serve the course on a free port of this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            content = given.answer(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        given = Published(Address(f"http://127.0.0.1:{server.server_port}{PATH}", BRANCH))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield given
        finally:
            server.shutdown()
