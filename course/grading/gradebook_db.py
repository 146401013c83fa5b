"""One transaction on nbgrader's database, which is made, with its schema and version, when it is not there yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from course.errors import GivenError
from course.grading.gradebook_errors import cannot_use, no_database

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.orm import Session

WAIT_SECONDS = 30  # for another program that writes in the gradebook; one transaction of ours takes less
_CONNECT_SECONDS = 10  # for a server that does not answer
_ONE_AT_A_TIME = 0x636F75727365  # the number of our lock in a PostgreSQL database ("course")
_MEND = "make a copy of the gradebook, then run `nbgrader db upgrade`"


@contextmanager
def transaction(db_url: str) -> "Iterator[Session]":
    """A session whose work is kept all together at the end, or not at all. Only one such is at work at a time; another
    waits for it, up to WAIT_SECONDS. Raises GivenError when there is no access."""
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
    from sqlalchemy.orm import Session

    try:
        engine = _engine(_with_driver(db_url))
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise no_database(db_url, error) from None  # its text may hold the password
    try:
        with engine.begin() as connection:
            _wait_for_others(connection)
            _prepare(connection)
            with Session(bind=connection, autoflush=False) as session:
                yield session
                session.flush()
    except DBAPIError as error:
        raise cannot_use(db_url, error.orig, WAIT_SECONDS) from error
    finally:
        engine.dispose()


def _with_driver(db_url: str) -> "URL":
    """The parsed address. For PostgreSQL without the name of a driver, the one that the course installs."""
    from sqlalchemy import make_url

    url = make_url(db_url)
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _engine(url: "URL") -> "Engine":
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    backend = url.get_backend_name()
    if backend == "postgresql":
        return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _CONNECT_SECONDS})
    if backend != "sqlite":
        return create_engine(url, poolclass=NullPool)
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": WAIT_SECONDS})

    # Python's driver begins no transaction before CREATE TABLE: without this, half a schema could be left behind.
    # IMMEDIATE, because the first statement reads and a later one writes: formgrader may be writing in between.
    @event.listens_for(engine, "connect")
    def take_over_transactions(connection, _record):
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _wait_for_others(connection: "Connection") -> None:
    """On PostgreSQL, do what SQLite does by itself: one writer of ours at a time, and an end to waiting.

    Two gradings may make the tables, or the same student's row, at the same moment. The lock ends with the transaction.
    formgrader does not ask for it; its rows are locked as they are read (`with_for_update`).
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")


def _prepare(connection: "Connection") -> None:
    """Make the tables and note the version, if there are none. nbgrader itself calls the program alembic from PATH here.

    A gradebook of another nbgrader is refused; one whose making was cut short (tables, but no version) is completed.
    """
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base
    from nbgrader.dbutil import ALEMBIC_DIR
    from sqlalchemy import inspect

    scripts = ScriptDirectory(ALEMBIC_DIR)
    context = MigrationContext.configure(connection)
    version = context.get_current_revision()
    if version == scripts.get_current_head():
        return
    if version is not None:
        raise GivenError(f"the gradebook has nbgrader's version {version}, not {scripts.get_current_head()}: {_MEND}")
    inspector = inspect(connection)
    for name in inspector.get_table_names():
        columns = {column["name"] for column in inspector.get_columns(name)}
        table = Base.metadata.tables.get(name)
        if table is not None and not columns.issuperset(table.columns.keys()):
            raise GivenError(f"the gradebook was made by an older nbgrader (table {name}): {_MEND}")
    Base.metadata.create_all(connection)
    context.stamp(scripts, "head")
