"""One transaction on nbgrader's database, which is made, with its schema and version, when it is not there yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from course.errors import GivenError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.orm import Session

_MEND = "make a copy of the gradebook, then run `nbgrader db upgrade`"


@contextmanager
def transaction(db_url: str) -> "Iterator[Session]":
    """A session whose work is kept all together at the end, or not at all. Raises GivenError when there is no access."""
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
    from sqlalchemy.orm import Session

    try:
        engine = _engine(db_url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise GivenError(f"{db_url!r} is no database that can be used here ({error}): give sqlite:///PATH") from error
    try:
        with engine.begin() as connection:
            _prepare(connection)
            with Session(bind=connection, autoflush=False) as session:
                yield session
                session.flush()
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        where = engine.url.render_as_string(hide_password=True)
        raise GivenError(
            f"the gradebook {where} cannot be used ({reason}): is it there, writable, and not locked?"
        ) from error
    finally:
        engine.dispose()


def _engine(db_url: str) -> "Engine":
    from sqlalchemy import create_engine, event, make_url
    from sqlalchemy.pool import NullPool

    url = make_url(db_url)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, poolclass=NullPool)
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 30})

    # Python's driver begins no transaction before CREATE TABLE: without this, half a schema could be left behind.
    # IMMEDIATE, because the first statement reads and a later one writes: formgrader may be writing in between.
    @event.listens_for(engine, "connect")
    def take_over_transactions(connection, _record):
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


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
