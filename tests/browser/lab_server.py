"""A real JupyterLab server for the browser tests: on a port and with a home of its own, and ended to its last process."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

REPOSITORY = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PATIENCE_S = 180  # a machine that runs other tests beside may be slow
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
# No question about news, no look for updates: nothing is asked of the network, and nothing covers the page.
_QUIET = {"fetchNews": "false", "checkForUpdates": False}


@dataclass(frozen=True)
class LabServer:
    """address: "http://127.0.0.1:PORT". root: the folder that it serves. home: its HOME, with its log in it."""

    address: str
    token: str
    root: Path
    home: Path

    def url(self, path: str = "lab") -> str:
        """The address of a page of the server, with the token in it: "lab/tree/lessons/...", "formgrader"."""
        return f"{self.address}/{quote(path, safe='/?=&%')}{'&' if '?' in path else '?'}token={self.token}"

    def ask(self, path: str, method: str = "GET", document: object = None) -> object:
        """Call the server's REST interface, and return what it answers, read from JSON (None when nothing is said)."""
        data = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self.url(path), data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None

    def set_theme(self, theme: str) -> None:
        """ "light" or "dark", for the pages of JupyterLab that are opened from now on."""
        self.set_settings("@jupyterlab/apputils-extension:themes", {"theme": THEMES[theme]})

    def set_settings(self, plugin: str, values: dict) -> None:
        self.ask(f"lab/api/settings/{plugin}", "PUT", {"raw": json.dumps(values)})

    def end_kernels(self) -> None:
        for session in self.ask("api/sessions"):
            self.ask(f"api/sessions/{session['id']}", "DELETE")

    def notebook(self, path: str) -> dict:
        """A notebook as it is saved."""
        return json.loads((self.root / path).read_text(encoding="utf-8"))


def copy_course(root: Path, chapters: Iterable[str], datasets: Iterable[str] = ()) -> Path:
    """A checkout of these chapters alone at `root`: sources, notebooks, settings, data."""
    for name in ("pyproject.toml", "nbgrader_config.py"):
        root.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, root)
    for room in ("lessons", "solutions", "assignments"):
        (root / room).mkdir()
        for chapter in chapters:
            shutil.copytree(REPOSITORY / room / chapter, root / room / chapter)
    for name in datasets:
        shutil.copytree(REPOSITORY / "datasets" / name, root / "datasets" / name)
    return root


@contextmanager
def serve(root: Path, home: Path, command: Iterable[str] = ("-m", "jupyterlab", "--allow-root")) -> Iterator[LabServer]:
    """Run JupyterLab, with nbgrader's server extensions, on the folder `root`, and end it and its kernels.

    home: an empty folder for all that the server would keep of a user. command: what Python runs in the folder to start it.
    """
    home.mkdir(parents=True, exist_ok=True)
    server = LabServer(f"http://127.0.0.1:{_free_port()}", secrets.token_hex(16), root, home)
    log = home / "server.log"
    port = server.address.rpartition(":")[2]
    options = (f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--no-browser")
    options += (
        "--LabApp.expose_app_in_browser=True",
        "--ServerApp.ip=127.0.0.1",
        f"--IdentityProvider.token={server.token}",
    )
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, *command, *options],
            cwd=root,
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_ready(server, process, log)
            server.set_settings("@jupyterlab/apputils-extension:notification", _QUIET)
            yield server
        finally:
            _end(server, process)


def _environment(home: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "COURSE_", "NBGRADER"))
    }
    return kept | {
        "HOME": str(home),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        # Matplotlib reads all fonts of the machine when it finds no list of them: once is enough.
        "MPLCONFIGDIR": str(REPOSITORY / ".course" / "matplotlib"),
        "KERAS_BACKEND": "tensorflow",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_ready(server: LabServer, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            server.ask("api/status")
            return
        except (urllib.error.URLError, OSError) as error:
            if process.poll() is not None or time.monotonic() > until:
                said = log.read_text(errors="replace")[-3000:]
                raise AssertionError(f"JupyterLab did not start ({error}):\n{said}") from None
            time.sleep(0.1)


def _end(server: LabServer, process: subprocess.Popen) -> None:
    """Ask the server to end with its kernels; what is then still there of its own family is killed."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    try:
        server.ask("api/shutdown", "POST")
        process.wait(30)
    except (OSError, subprocess.TimeoutExpired):
        process.kill()
        process.wait()
    _, alive = psutil.wait_procs(family, timeout=5)
    for child in alive:
        child.kill()
