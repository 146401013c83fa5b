"""What is handed in around a notebook: names of students and files, links, pipes, times that cannot be."""

import os
import socket
from pathlib import Path

from hostile.assignment import NAME
from hostile.case import Case

_ALL = ("double", "mirror", "total", "average", "total.late", "draw", "classify", "area", "square")


def _named(name: str, why: str, student: str, **more) -> Case:
    """An honest notebook in the folder of a student with such a name."""
    return Case(name, why, student=student, **more)


def _put(name: str, why: str, files, says: str = "", **more) -> Case:
    """Something else in the place of the notebook."""
    return Case(name, why, files=files, **{"lost": _ALL, "status": "ungradable", "says": (says,) if says else ()} | more)


def _timed(name: str, text: str | bytes, says: str = "timestamp.txt holds", **more) -> Case:
    data = text if isinstance(text, bytes) else text.encode()
    more = {"status": "incident" if says else "graded", "says": (says,) if says else ()} | more
    return Case(name, "a time that cannot be", files=lambda folder: (folder / "timestamp.txt").write_bytes(data), **more)


def _notebook(folder: Path) -> Path:
    return folder / f"{NAME}.ipynb"


def _instead(folder: Path, make) -> None:
    _notebook(folder).unlink()
    make(_notebook(folder))


def _socket_at(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the path of a socket may have 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _linked_folder(folder: Path) -> None:
    _notebook(folder).unlink()
    folder.rmdir()
    folder.symlink_to(folder.parent.parent / "0000-neighbor" / NAME)


_NEIGHBORS = f"../../0000-neighbor/{NAME}/{NAME}.ipynb"
_SOLUTION = f"../../../solutions/{NAME}/{NAME}.ipynb"

CASES = (
    # --- names of students
    _named("name_of_markup", "a script", "<script>alert(1)<|script>", silent=("<script>alert",)),
    _named("name_of_quotes", "quotes of every kind", "o'neill \"x\" `y`"),
    _named("name_of_sql", "a statement", "'); drop table student; --"),
    _named("name_of_a_template", "what template engines fill in", "{{ 7 * 191 }}{% raw %}", silent=("1337",)),
    _named("name_of_formats", "what formats fill in", "%s%n%x{0.__class__}$HOME"),
    _named("name_of_dots", "dots that lead nowhere", "..;.. "),
    _named("name_of_options", "what looks like an option", "--help -rf *"),
    _named("name_with_line_ends", "ends of lines and tabs", "line\nother\r\ttab"),
    _named("name_of_control_characters", "colors and bells", "\x1b[31mred\x07\x7f"),
    _named("name_that_turns_around", "text that runs backwards", "\u202enaj\u2066"),
    _named("name_of_emoji", "characters of four bytes", "\U0001f600\U0001f468\u200d\U0001f469"),
    _named("name_composed", "an accent in one character", "Jos\u00e9"),
    _named("name_decomposed", "the same accent in two", "Jose\u0301"),
    _named("name_of_look_alikes", "letters of another alphabet", "n\u0435ighb\u043er"),
    _named("name_without_width", "characters that are not seen", "\u200b\ufeff\u2060"),
    _named("name_that_is_no_text", "bytes that are no UTF-8", os.fsdecode(b"caf\xe9 \xff\xfe")),
    _named("name_of_255_bytes", "the longest name that there is", "n" * 250),
    _named("name_of_255_bytes_of_accents", "the longest name, of few characters", "\u00e9" * 125),
    _named("name_of_a_device", "a name that another system cannot have", "CON"),
    _named("name_of_a_backslash", "another system's folders", "..\\..\\x"),
    # --- what stands where the notebook should be
    _put("no_notebook", "an empty folder", lambda f: _notebook(f).unlink(), "no notebook was handed in"),
    _put("link_to_the_solution", "a link to the solution", lambda f: _instead(f, lambda p: p.symlink_to(_SOLUTION)), "not a regular file"),
    _put("link_to_a_neighbor", "a link to another student's work", lambda f: _instead(f, lambda p: p.symlink_to(_NEIGHBORS)), "not a regular file"),
    _put("link_to_nothing", "a link that leads nowhere", lambda f: _instead(f, lambda p: p.symlink_to("gone")), "not a regular file"),
    _put("link_to_a_device", "a link to what never ends", lambda f: _instead(f, lambda p: p.symlink_to("/dev/zero")), "not a regular file"),
    _put("linked_folder", "a folder that is another student's", _linked_folder),
    _put("pipe", "a pipe, which nobody fills", lambda f: _instead(f, os.mkfifo), "not a regular file"),
    _put("socket", "a socket", lambda f: _instead(f, _socket_at), "not a regular file"),
    _put("folder_named_notebook", "a folder with a notebook's name", lambda f: _instead(f, Path.mkdir), "not a regular file"),
    Case("hard_link", "one file in two folders", files=lambda f: os.link(_notebook(f), f / "other.ipynb"), status=""),
    Case("copy_named_by_a_browser", "a notebook as browsers name a second download", files=lambda f: _notebook(f).rename(f / f"{NAME} (1).ipynb"), status="incident", says=("(1).ipynb; it was taken as",)),
    Case("copy_named_by_colab", "a notebook as Colab names it", files=lambda f: _notebook(f).rename(f / f"Copy of {NAME}.ipynb"), status="incident"),
    Case("other_case", "a notebook in capitals", files=lambda f: _notebook(f).rename(f / f"{NAME.upper()}.IPYNB"), status="incident"),
    Case("two_notebooks", "a second notebook, which is broken", files=lambda f: (f / f"{NAME} (2).ipynb").write_text("{"), status="incident", says=("Several notebooks",)),
    Case("markup_in_a_file_name", "a script in a file's name", files=lambda f: (f / f"{NAME} <img src=x onerror=alert(1)>.ipynb").write_text("{"), status="incident", silent=("<img src=x",)),
    Case("file_name_that_is_no_text", "a file's name of bytes that are no UTF-8", files=lambda f: _notebook(f).rename(f / os.fsdecode(b"91_hostile \xff\xfe.ipynb")), status="incident"),
    Case("other_file_that_is_no_text", "the same, of a second notebook", files=lambda f: (f / os.fsdecode(b"91_hostile \xe9.ipynb")).write_text("{"), status="incident"),
    Case("link_that_is_no_text", "the same, of a link", files=lambda f: (f / os.fsdecode(b"\xff.ipynb")).symlink_to("/dev/zero"), status="incident"),
    Case("file_name_of_line_ends", "a file's name of several lines", files=lambda f: _notebook(f).rename(f / "91_hostile \n`x`\r.ipynb"), status="incident"),
    Case("secret_of_ten_megabytes", "a secret of the exchange that is no secret", files=lambda f: (f / "submission_secret.txt").write_bytes(b"../../" * 2_000_000)),
    Case("secret_that_is_no_text", "a secret of bytes that are no UTF-8", files=lambda f: (f / "submission_secret.txt").write_bytes(bytes(range(256)))),
    Case("five_thousand_files", "very many other files", files=lambda f: [(f / f"{i}.txt").touch() for i in range(5000)]),
    Case("five_hundred_notebooks", "very many other notebooks", files=lambda f: [(f / f"{NAME} ({i}).ipynb").write_text("{}") for i in range(500)], status="incident"),
    # --- times
    _timed("time_of_words", "the day before yesterday"),
    _timed("time_far_away", "31337-01-01 00:00:00 UTC"),
    _timed("time_before_computers", "0001-01-01 00:00:00 UTC"),
    _timed("time_of_digits", "9" * 5000),
    _timed("time_of_bytes", bytes(range(256))),
    _timed("time_of_nothing", ""),
    _timed("time_of_ten_megabytes", b"2026-01-01 10:00:00 UTC" + b" " * 10_000_000, says=""),
    _timed("time_of_an_odd_zone", "2026-01-01 10:00:00 +99:99"),
    _timed("time_of_a_zone_that_is_a_path", "2026-01-01 10:00:00 ../../etc/passwd"),
    _timed("time_of_markup", "<script>alert(1)</script>", silent=("<script>alert",)),
    _timed("time_that_is_nan", "nan"),
    Case("time_that_is_a_link", "a link in the place of the time", files=lambda f: (f / "timestamp.txt").symlink_to("/dev/zero"), status=""),
    Case("time_that_is_a_pipe", "a pipe in the place of the time", files=lambda f: os.mkfifo(f / "timestamp.txt"), status=""),
    Case("time_that_is_a_folder", "a folder in the place of the time", files=lambda f: (f / "timestamp.txt").mkdir(), status=""),
)
