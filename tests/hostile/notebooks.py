"""Notebooks that were changed, broken, blown up or dressed up as something else."""

import io
import json
import zipfile
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from hostile.case import Case

_WRONG = {"double": "def double(x):\n    return x"}
_ALL = ("double", "mirror", "total", "average", "total.late", "draw", "classify", "area", "square")


def _cell(notebook: dict, grade_id: str) -> dict:
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def _place(notebook: dict, grade_id: str) -> int:
    return notebook["cells"].index(_cell(notebook, grade_id))


def _with(act: Callable[[dict], Any]) -> Callable[[dict], dict]:
    """A change that acts on the notebook and gives it back."""

    def change(notebook: dict) -> dict:
        act(notebook)
        return notebook

    return change


def _on_tests(act: Callable[[dict], Any]) -> Callable[[dict], dict]:
    """A change of the metadata of every tests cell."""

    def change(notebook: dict) -> dict:
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade"):
                act(cell["metadata"])
        return notebook

    return change


def _on_roles(act: Callable[[dict], Any]) -> Callable[[dict], dict]:
    """A change of nbgrader's metadata of every cell that has any."""

    def change(notebook: dict) -> dict:
        for cell in notebook["cells"]:
            if "nbgrader" in cell["metadata"]:
                act(cell["metadata"]["nbgrader"])
        return notebook

    return change


def _text(act: Callable[[str], str | bytes]) -> Callable[[dict], bytes]:
    """A change of the file's text."""

    def change(notebook: dict) -> bytes:
        made = act(json.dumps(notebook))
        return made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")

    return change


def _bytes(data: Callable[[], bytes]) -> Callable[[dict], bytes]:
    return lambda notebook: data()


def _source(grade_id: str, source: Any) -> Callable[[dict], dict]:
    return _with(lambda notebook: _cell(notebook, grade_id).update(source=source))


def _zip(*names: str, size: int = 1000) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, bytes(size))
    return held.getvalue()


def _more_cells(number: int, source: str) -> Callable[[dict], dict]:
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    return _with(lambda notebook: notebook["cells"].extend(dict(cell) for _ in range(number)))


def _as_format_3(notebook: dict) -> dict:
    cells = deepcopy(notebook["cells"])
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["prompt_number"] = 1
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


def _split(notebook: dict) -> None:
    place = _place(notebook, "total")
    head, body = notebook["cells"][place]["source"].split("\n", 1)
    notebook["cells"][place]["source"] = head
    rest = {"cell_type": "code", "metadata": {}, "source": body, "outputs": [], "execution_count": None}
    notebook["cells"].insert(place + 1, rest)


def _twice(notebook: dict) -> None:
    place = _place(notebook, "double")
    again = deepcopy(notebook["cells"][place])
    again["source"] = "def double(x):\n    return 0"
    notebook["cells"].insert(place, again)


def _merged(notebook: dict) -> None:
    one, other = _cell(notebook, "mirror"), _cell(notebook, "total")
    one["source"] += "\n\n" + other["source"]
    notebook["cells"].remove(other)


def _lost_metadata(notebook: dict) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def _colab(notebook: dict) -> None:
    notebook["nbformat_minor"] = 0
    notebook["metadata"] |= {"colab": {"provenance": []}, "accelerator": "GPU"}
    for number, cell in enumerate(notebook["cells"]):
        cell.pop("id", None)
        cell["metadata"] |= {"id": f"x{number}", "colab": {"base_uri": "https://localhost/"}}


def _spoofed(notebook: dict) -> None:
    """An own cell under the name of a tests cell, which it replaces."""
    cell = _cell(notebook, "test_double")
    cell["source"] = "import course.checks\ncourse.checks.call = lambda *_, **__: None\nnp.testing = None"


def _taken_setup(notebook: dict) -> None:
    _cell(notebook, "setup")["source"] = (
        "class Check:\n    def __getattr__(self, name):\n        return lambda *_, **__: None\ncheck = Check()"
    )


def _deep(depth: int) -> bytes:
    return b'{"cells": ' + b"[" * depth + b"]" * depth + b', "nbformat": 4}'


def _deep_metadata(notebook: dict) -> bytes:
    text = json.dumps(notebook)
    return text.replace('"metadata": {', '"metadata": {"x": ' + '{"a":' * 400 + "1" + "}" * 400 + ", ", 1).encode()


def _case(name: str, why: str, change: Callable, **more) -> Case:
    return Case(name, why, change=change, **more)


def _ungradable(name: str, why: str, change: Callable, says: str = "Ungradable, because") -> Case:
    return Case(name, why, change=change, lost=_ALL, status="ungradable", says=(says,))


_META = {"tags": ["skip-execution", "raises-exception", "remove_cell", "nbgrader-ignore"]}

CASES = (
    # --- metadata that asks for favors
    Case("skip_execution", "tags that other tools obey", _WRONG, change=_on_tests(lambda m: m.update(_META)), lost=("double",)),
    Case("skip_execution_of_everything", "the same, on all cells of an honest notebook", change=_with(lambda n: [c["metadata"].update(_META) for c in n["cells"]])),
    Case("points_changed", "more points than the exercise is worth", change=_on_tests(lambda m: m["nbgrader"].update(points=100)), status="incident", says=("The points of `test_double` had been changed",)),
    Case("points_are_nan", "points that compare with nothing", change=_on_tests(lambda m: m["nbgrader"].update(points=float("nan"))), status="incident"),
    Case("points_are_text", "points that are no number", change=_on_tests(lambda m: m["nbgrader"].update(points="<b>10</b>" * 50)), status="incident"),
    Case("points_are_a_list", "points that are no number", change=_on_tests(lambda m: m["nbgrader"].update(points=[[1e999], {"a": -1}])), status="incident"),
    Case("points_are_huge", "an integer that no float holds", change=_on_tests(lambda m: m["nbgrader"].update(points=10**400)), status="incident"),
    Case("roles_turned_around", "tests that say they are answers", _WRONG, change=_on_roles(lambda r: r.update(grade=not r["grade"], solution=not r["solution"], locked=False)), lost=("double",), status=""),
    Case("roles_are_text", "roles that are no truth values", _WRONG, change=_on_roles(lambda r: r.update(grade="no", solution="yes", locked=[], task={})), lost=("double",), status=""),
    Case("a_task_everywhere", "every cell says that it is a task", change=_on_roles(lambda r: r.update(task=True)), status=""),
    Case("schema_missing", "no version of the metadata", change=_on_roles(lambda r: r.pop("schema_version"))),
    Case("schema_of_the_future", "a version that nobody knows", change=_on_roles(lambda r: r.update(schema_version=99))),
    Case("checksum_forged", "a checksum that says nothing was changed", _WRONG, change=_on_roles(lambda r: r.update(checksum="0" * 32)), lost=("double",)),
    Case("metadata_gone", "no cell knows its name", change=_with(_lost_metadata), status="incident", says=("had lost nbgrader's metadata",)),
    Case("roles_are_lists", "nbgrader's metadata is a list", change=_with(lambda n: [c["metadata"].update(nbgrader=[1, 2]) for c in n["cells"]]), status="incident"),
    Case("metadata_is_a_list", "the metadata of all cells is a list", change=_with(lambda n: [c.update(metadata=["x"]) for c in n["cells"]]), status="incident"),
    Case("ids_are_numbers", "grade_ids of every wrong kind", change=_with(lambda n: [c["metadata"]["nbgrader"].update(grade_id=v) for c, v in zip(n["cells"], [1, None, [], {}, 1.5, True] * 9, strict=False)]), status="incident"),
    Case("ids_are_paths", "grade_ids that look like paths", change=_with(lambda n: [c["metadata"]["nbgrader"].update(grade_id=f"../../{i}") for i, c in enumerate(n["cells"])]), status="incident"),
    Case("id_of_a_megabyte", "a grade_id of a million characters", change=_with(lambda n: _cell(n, "mirror")["metadata"]["nbgrader"].update(grade_id="m" * 1_000_000)), status="incident"),
    Case("all_ids_alike", "every cell says that it is the same one", change=_on_roles(lambda r: r.update(grade_id="double")), status=""),
    Case("kernel_of_another_language", "a notebook that says it is a shell", change=_with(lambda n: n["metadata"].update(kernelspec={"name": "bash", "language": "bash", "display_name": "$(id)"}, language_info={"name": "bash"}))),
    # --- cells replaced, copied, moved
    Case("tests_emptied", "the tests say pass", _WRONG, change=_source("test_double", "pass"), lost=("double",), status="incident", says=("`test_double` had been changed",)),
    Case("tests_replaced", "a tests cell that answers the exercise and disarms the checks", _WRONG, change=_with(_spoofed), lost=("double",), status="incident"),
    Case("setup_replaced", "another object in the place of check", _WRONG, change=_with(_taken_setup), lost=("double",), status=""),
    Case("tests_deleted", "no tests at all", _WRONG, change=_with(lambda n: n.update(cells=[c for c in n["cells"] if not c["metadata"]["nbgrader"]["grade"]])), lost=("double",), status="incident", says=("`test_double` was missing; it was put back",)),
    Case("answer_deleted", "an answer that is not there", change=_with(lambda n: n["cells"].remove(_cell(n, "mirror"))), lost=("mirror",), status="incident", says=("`mirror` was missing",)),
    Case("cells_reversed", "the notebook backwards", change=_with(lambda n: n["cells"].reverse()), status="incident", says=("another order",)),
    Case("ids_exchanged", "two answers under each other's name: what runs first does not find the other", lost=("mirror",), change=_with(lambda n: (_cell(n, "mirror")["metadata"]["nbgrader"].update(grade_id="tmp"), _cell(n, "total")["metadata"]["nbgrader"].update(grade_id="mirror"), _cell(n, "tmp")["metadata"]["nbgrader"].update(grade_id="total"))), status=""),
    Case("cell_types_exchanged", "code that says it is text", change=_with(lambda n: [c.update(cell_type="markdown" if c["cell_type"] == "code" else "code") for c in n["cells"]]), status="incident", says=("turned back",)),
    Case("cell_types_unknown", "cells of no known type", change=_with(lambda n: [c.update(cell_type=t) for c, t in zip(n["cells"], ["raw", "", None, 7, [], "CODE"] * 9, strict=False)]), status="incident"),
    Case("cell_split", "a function in two cells", change=_with(_split), status="incident", says=("was split",)),
    Case("cell_twice", "two answers under one name, the wrong one first", change=_with(_twice), status="incident", says=("was there twice",)),
    Case("cells_merged", "two answers in one cell", change=_with(_merged), status="incident", says=("was written in another cell",)),
    Case("function_renamed", "a function that the tests do not find", {"mirror": "def mirrored(text):\n    return text"}, lost=("mirror",), status="incident", says=("defines `mirrored` and not `mirror`",)),
    Case("colab_round_trip", "what Colab adds and takes away", change=_with(_colab)),
    Case("marks_of_hidden_tests", "the marks of hidden tests and solutions in an answer", {"double": "def double(x):\n    ### BEGIN HIDDEN TESTS\n    ### END HIDDEN TESTS\n    ### BEGIN SOLUTION\n    return x + x\n    ### END SOLUTION"}),
    Case("mark_left_open", "a mark of hidden tests that is never closed", {"double": "### BEGIN HIDDEN TESTS\ndef double(x):\n    return x + x"}),
    # --- files that are hardly notebooks
    _ungradable("truncated", "an upload cut short", _text(lambda t: t[: len(t) // 2]), "breaks off"),
    _ungradable("empty", "no byte at all", _bytes(lambda: b""), "empty"),
    _ungradable("only_nulls", "nothing but null bytes", _bytes(lambda: bytes(5000)), "empty"),
    _ungradable("binary", "random bytes", _bytes(lambda: bytes(range(256)) * 40), "not"),
    _ungradable("a_zip", "an archive in the place of a notebook", _bytes(lambda: _zip("91_hostile.ipynb")), "zip archive"),
    _ungradable("a_zip_bomb", "an archive of 200 MB in 200 kB", _bytes(lambda: _zip("bomb", size=200_000_000)), "zip archive"),
    _ungradable("a_nested_archive", "an archive in an archive", _bytes(lambda: _zip("a.zip", "../../b.ipynb", "/c")), "zip archive"),
    _ungradable("a_pdf", "a printed notebook", _bytes(lambda: b"%PDF-1.7\n" + b"x" * 1000), "PDF"),
    _ungradable("a_web_page", "the page that shows the notebook", _bytes(lambda: b"<!DOCTYPE html><script>alert(1)</script>"), "web page"),
    _ungradable("json_of_a_number", "JSON, and no notebook", _bytes(lambda: b"1e999"), "JSON"),
    _ungradable("json_of_cells_only", "the list of cells alone", _text(lambda t: json.dumps(json.loads(t)["cells"])), "JSON"),
    _ungradable("cells_are_a_dictionary", "cells that are no list", _with(lambda n: n.update(cells={"0": n["cells"]})), "no cells"),
    _ungradable("cells_are_nothing", "cells that are null", _with(lambda n: n.update(cells=None)), "no cells"),
    _ungradable("cells_are_words", "cells that are texts", _with(lambda n: n.update(cells=["a", 1, None, []])), "none of the answer cells"),
    _ungradable("another_notebook", "the notebook of something else", _with(lambda n: n.update(cells=[{"cell_type": "code", "metadata": {}, "source": "print(1)"}])), "none of the answer cells"),
    _ungradable("a_hundred_thousand_cells", "10^5 cells", _more_cells(100_000, "1"), "more than 2,000 cells"),
    _ungradable("a_line_of_two_megabytes", "a cell of one endless line", _source("double", "x = '" + "a" * 2_000_000 + "'"), "million characters"),
    _ungradable("a_hundred_megabytes", "a file of 100 MB", _bytes(lambda: b'{"cells": [' + b" " * 100_000_000), "MB"),
    _ungradable("brackets_without_end", "lists in lists, a hundred thousand deep", _bytes(lambda: _deep(100_000)), "no notebook has"),
    _ungradable("number_of_a_million_digits", "a number that takes long to read", _bytes(lambda: b'{"cells": ' + b"9" * 1_000_000 + b"}"), "no notebook has"),
    _case("brackets_of_400", "lists in lists, just not too deep", _deep_metadata),
    _case("two_thousand_cells", "as many cells as are read", _more_cells(1_950, "pass")),
    _case("outputs_of_15_megabytes", "old outputs, which nobody needs", _with(lambda n: _cell(n, "double").update(outputs=[{"output_type": "stream", "name": "stdout", "text": "a" * 15_000_000}]))),
    # --- encodings and odd JSON
    _case("byte_order_mark", "a byte order mark before the text", _text(lambda t: b"\xef\xbb\xbf" + t.encode())),
    _case("utf_16", "two bytes for each character", _text(lambda t: t.encode("utf-16"))),
    _case("utf_16_without_mark", "two bytes, and nothing says so", _text(lambda t: t.encode("utf-16-le"))),
    _case("utf_32", "four bytes for each character", _text(lambda t: t.encode("utf-32"))),
    Case("windows_1252", "accents of an old editor", own=(("double", "# caf\u00e9"),), change=lambda n: json.dumps(n, ensure_ascii=False).encode("cp1252"), status="incident", says=("not in UTF-8",)),
    Case("lone_surrogates", "halves of characters", own=(("double", "word = '\ud800 and \udfff'"),), status="incident", says=("characters that are no text",)),
    Case("null_bytes", "null characters in code", own=(("double", "word = 'a\x00b'"),), status="incident", says=("characters that are no text",)),
    Case("null_bytes_in_an_answer", "null characters in an answer that is right without them", {"double": "def double(x):\n    return x + x\x00"}, status="incident"),
    _case("numbers_that_are_none", "NaN and Infinity, which JSON does not have", _with(lambda n: n["metadata"].update(a=float("nan"), b=float("inf"), c=-float("inf")))),
    _case("number_out_of_range", "1e999 where a version should be", _text(lambda t: t.replace('"nbformat_minor": 5', '"nbformat_minor": 1e999'))),
    _case("keys_twice", "a key that is there twice", _text(lambda t: t.replace('"nbformat": 4', '"nbformat": 4, "nbformat": 4, "metadata": {"x": 1}'))),
    Case("format_3", "the format of 2013", change=_as_format_3, status=""),
    _case("format_of_the_future", "a format that does not exist yet", _with(lambda n: n.update(nbformat=9)), status="incident", says=("future format",)),
    _case("format_is_text", "a version that is no number", _with(lambda n: n.update(nbformat="four", nbformat_minor=None)), status=""),
    _case("format_missing", "no version at all", _with(lambda n: (n.pop("nbformat"), n.pop("nbformat_minor"))), status=""),
    _case("more_after_the_end", "two notebooks in one file", _text(lambda t: t + "\n" + t), status="incident", says=("after the end",)),
    _case("sources_are_lines", "sources as lists of lines", _with(lambda n: [c.update(source=c["source"].splitlines(keepends=True)) for c in n["cells"]])),
    Case("sources_are_odd", "sources that are no text", change=_with(lambda n: (_cell(n, "mirror").update(source={"a": 1}), _cell(n, "area").update(source=7), _cell(n, "total").update(source=["def total(values):\n", None, ["    "], "    return float(sum(values))"]))), lost=("mirror", "area"), status=""),
    _case("windows_line_ends", "lines that end in two characters", _with(lambda n: [c.update(source=c["source"].replace("\n", "\r\n")) for c in n["cells"]])),
    _case("old_mac_line_ends", "lines that end in a carriage return", _with(lambda n: [c.update(source=c["source"].replace("\n", "\r")) for c in n["cells"]])),
    Case("honest_line_separators", "U+2028, form feeds and other ends of lines inside of texts", own=(("double", "word = 'a\u2028b\x0cc\x85d\x1ce'\nassert len(word) == 9"),)),
    Case("honest_marks_in_a_text", "a text that speaks of hidden tests", own=(("double", 'word = """\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n"""\nassert word.count("###") == 2'),)),
    # --- IPython's own language
    Case("shell_lines", "commands for a shell", own=(("double", "!touch @CANARY@/shell\n!rm -rf @CANARY@/deep\nfiles = !ls @COURSE@"),), status="incident", says=("shell commands are not available",)),
    Case("bash_cell", "a cell for a shell", own=(("double", "%%bash\ntouch @CANARY@/bash"),), status="incident", says=("not available",)),
    Case("run_magic", "%run, %load and %writefile", own=(("double", "%run @CANARY@/one.txt"), ("double", "%load @COURSE@/solutions/91_hostile/91_hostile.ipynb"), ("double", "%%writefile @CANARY@/written\nhello")), status="incident", says=("%run is not available",)),
    Case("help_of_everything", "question marks", own=(("double", "double?\n?double\n%magic\nnp.a*?"),), status=""),
    Case("six_hundred_shell_lines", "more magics than IPython's own loop goes through", own=(("double", "!true\n" * 600),), status=""),
    Case("magic_that_breaks_the_reader", "a magic with a text that is not closed", own=(("double", 'x = %"""1e'),), status=""),
    Case("indents_that_break_the_reader", "a magic in the middle of odd indents", own=(("double", "\t_=\n $\x85%->"),), status=""),
    Case("thirty_thousand_blank_lines", "a cell of nothing", own=(("double", "x = 1" + "\n" * 30_000 + "y = 2"),), within=15),
    Case("thirty_long_cells", "more code than a page should show", own=tuple(("double", "x = [1, 2, 'three']  # four\n" * 700) for _ in range(30))),
    Case("magics_in_a_long_cell", "magics in a cell that is long to read, again and again", own=(("double", "files = !true\n" * 60 + "y = [1, 2, 3]\n" * 6000),), status=""),
    # --- sources that break parsers
    Case("brackets_in_code", "ten thousand brackets", own=(("double", "(" * 10_000 + ")" * 10_000),), status=""),
    Case("signs_in_code", "fifty thousand signs", own=(("double", "-" * 50_000 + "1"),), status=""),
    Case("attributes_in_code", "a chain of thirty thousand attributes", own=(("double", "x = np" + ".a" * 30_000),), status=""),
    Case("nested_functions", "blocks in blocks", own=(("double", "\n".join(" " * i + "if 1:" for i in range(99)) + "\n" + " " * 99 + "pass\n" + "\n".join(" " * i + "if 1:" for i in range(150)) + "\n" + " " * 150 + "pass"),), status=""),
    Case("answer_of_brackets", "an answer that breaks the parser", {"double": "def double(x):\n    return " + "(" * 5000 + "x" + ")" * 5000}, lost=("double",), status=""),
    Case("two_hundred_strange_cells", "many long cells that look like no released one", change=_more_cells(190, "def strange(x):\n" + "    x = x + 1  # words of all kinds\n" * 40), status=""),
    Case("markup_everywhere", "scripts in text cells, names and metadata", own=(("double", "# </script></style><script>alert(1)</script><img src=x onerror=alert(1)>\ndef f(): pass"),), change=_with(lambda n: (n["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": "# <script>alert(1)</script>\n[a](javascript:alert(1))"}), n["metadata"].update(title="<script>alert(1)</script>")))),
    Case("markup_in_the_text_answer", "a script in the answer that a person reads", {"why": "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3)) {{ 7 * 191 }} {% raw %}"}, silent=("<script>alert", "<img src=x", "1337")),
)
