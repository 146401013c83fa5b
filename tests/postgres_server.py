"""A PostgreSQL server for tests: made in a temporary folder, run by an ordinary user on a port of loopback, ended by its id.

Debian's package `postgresql` has the programs; where they are missing and we are root, it is installed.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PASSWORD = "correct-horse-" + secrets.token_hex(8)
USER = "grader"


class Missing(Exception):
    """There is no PostgreSQL here, and it cannot be installed; why, in words."""


def programs() -> Path:
    """The folder of initdb and postgres; installs them when that is possible. Raises Missing."""
    found = _find()
    if found is None:
        _install()
        found = _find()
    if found is None:
        raise Missing("PostgreSQL was installed, and its programs are not where Debian puts them")
    return found


def _find() -> Path | None:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    program = debian[-1] if debian else shutil.which("initdb")
    return Path(program).resolve().parent if program else None


def _install() -> None:
    if os.geteuid() != 0:
        raise Missing("PostgreSQL is not installed, and only root can install it (`apt-get install postgresql`)")
    if not shutil.which("apt-get"):
        raise Missing("PostgreSQL is not installed, and there is no apt-get to install it with")
    get = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "postgresql"]):
        try:
            done = subprocess.run(
                get + command, capture_output=True, text=True, timeout=300, env=environment, check=False
            )
        except subprocess.TimeoutExpired:
            raise Missing(f"PostgreSQL is not installed, and apt-get {command[0]} did not end in 300 s") from None
        if done.returncode and command[0] == "install":
            raise Missing(f"PostgreSQL is not installed, and apt-get cannot install it: {done.stderr.strip()[-200:]}")


@dataclass
class Server:
    """A server that can be stopped and started again. folder: all its files, also the socket's."""

    folder: Path
    port: int
    process: subprocess.Popen | None = None
    databases: list[str] = field(default_factory=list)

    def start(self) -> None:
        options = ["-D", str(self.folder / "data"), "-p", str(self.port), "-k", str(self.folder)]
        options += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "log_min_messages=fatal"]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [programs() / "postgres", *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log, **_ordinary()
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                self.execute("SELECT 1")
                return
            except OSError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(
                        f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-500:]}"
                    ) from error
                time.sleep(0.1)

    def stop(self, signal_name: str = "SIGINT") -> None:
        """SIGINT: at once, telling those who are connected; SIGQUIT: like a power cut; nothing is left to run."""
        import signal

        if self.process is not None:
            self.process.send_signal(getattr(signal, signal_name))
            self.process.wait(timeout=60)
            self.process = None

    def url(self, database: str, user: str = USER, password: str = PASSWORD) -> str:
        return f"postgresql+psycopg://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The address of an empty database of its own."""
        name = f"class_{len(self.databases)}"
        self.databases.append(name)
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple]:
        """Run one statement, outside of any transaction. Raises ConnectionError when the server does not answer."""
        import psycopg

        try:
            connection = psycopg.connect(self.url(database).replace("+psycopg", ""), autocommit=True)
        except psycopg.OperationalError as error:
            raise ConnectionError(str(error)) from error
        with connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


def make_server() -> Server:
    """A running server. Raises Missing when there can be none."""
    bin_ = programs()
    folder = Path(tempfile.mkdtemp(prefix="course-postgres-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, _uid(), -1)
        secret = folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        subprocess.run(
            [bin_ / "initdb", "-D", folder / "data", "-U", USER, f"--pwfile={secret}", "-A", "scram-sha-256"]
            + ["--no-sync", "-E", "UTF8", "--locale=C"],
            check=True,
            capture_output=True,
            cwd=folder,
            **_ordinary(),
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = Server(folder, port)
        server.start()
        return server
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def end_server(server: Server) -> None:
    with suppress(ProcessLookupError):
        server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)


def _ordinary() -> dict:
    """PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    return {"user": _uid(), "group": pwd.getpwuid(_uid()).pw_gid, "extra_groups": []}


def _uid() -> int:
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    return 65534
