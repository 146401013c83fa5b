"""What to say when the gradebook cannot be used: where it is (never the password), why, and what to do."""

import re

from course.errors import GivenError

# What the drivers say (SQLite's, psycopg), in lower case, and what a person can do about it. The first that fits is told.
_MENDS = (
    (("database is locked", "lock timeout"), "close the other program (formgrader? another grading?), or wait for it"),
    (("readonly", "permission denied", "read-only"), "give yourself the right to write to it and to its folder"),
    (("unable to open",), "is its folder there, and may you write in it?"),
    (("is full", "no space left", "could not extend"), "make room there"),
    (("not a database", "malformed"), "is it really a gradebook? If it is damaged, take a copy from before"),
    (("disk i/o error",), "is the disk full, or does it not work? Make room, or continue on another one"),
    (("password", "authentication", "pg_hba"), "check user and password (in the address, PGPASSWORD or ~/.pgpass)"),
    (("role ",), "check the user's name in the address"),
    (("database ",), "make it with `createdb`, or check its name in the address"),
    (("terminat", "closed", "lost", "shutting down", "starting up"), "see that the server runs"),
    (("refused", "no such file", "timeout", "timed out", "resolve", "failed"), "does the server run at this address?"),
    (("slots", "too many"), "too many programs use this server: close some"),
    (("too long",), "the name of a student's folder or of a cell has more than 128 characters: shorten it"),
)
_ASK = "is it there, writable, and not locked?"
_DRIVERS = {
    "psycopg": 'run `pip install "deep-learning-course[postgres]"`',
    "psycopg2": 'run `pip install "deep-learning-course[postgres]"` and write postgresql+psycopg://...',
}
_GIVE = "give sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"


def safe_address(db_url: str) -> str:
    """The address of a gradebook for people to read: without the password, even where it is no proper address."""
    kind, slashes, rest = db_url.partition("://") if "://" in db_url else ("", "", db_url)
    if kind.startswith("sqlite"):
        return db_url
    login, at, place = rest.rpartition("@")
    user, colon, _ = login.partition(":")
    shown = f"{kind}{slashes}{user}{':***' if colon else ''}{at}{place}"
    return re.sub(r"(?i)((?:pass|secret|key|token)\w*=)[^&\s]*", r"\1***", shown)


def no_database(db_url: str, error: Exception) -> GivenError:
    """For an address that names no kind of database that is known here, or one whose driver is not installed."""
    address = safe_address(db_url)
    if isinstance(error, ImportError):
        package = error.name or "psycopg"  # psycopg without a copy of PostgreSQL's own library names no package
        mend = _DRIVERS.get(package.partition(".")[0], f"install it, or {_GIVE}")
        return GivenError(f"the gradebook {address} needs the package {package}, which is not installed: {mend}")
    return GivenError(f"{address!r} is no database that can be used here: {_GIVE}")


def cannot_use(db_url: str, error: BaseException | None, waited: int) -> GivenError:
    """For what a driver says (its first line: the others repeat statements). waited: seconds, where it was locked."""
    said = (str(error).strip().splitlines() or ["no reason was given"])[0]
    lower = said.lower()
    words, mend = next((found for found in _MENDS if any(word in lower for word in found[0])), ((), _ASK))
    held = f" for {waited} seconds" if words and words[0] == "database is locked" else ""
    return GivenError(f"the gradebook {safe_address(db_url)} cannot be used ({said}{held}): {mend}")
