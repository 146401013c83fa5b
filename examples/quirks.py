"""What happens to notebooks on their way to the instructor. Each quirk changes a notebook, or the file that it becomes."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

Files = dict[str, bytes]


@dataclass
class Handed:
    """A notebook on its way; quirks change it in place."""

    name: str
    notebook: dict
    when: datetime
    rng: random.Random
    student: str

    @property
    def cells(self) -> list[dict]:
        return self.notebook["cells"]

    def solutions(self) -> list[dict]:
        return [cell for cell in self.cells if _role(cell).get("solution") and not _role(cell).get("grade")]

    def insert_after(self, cell: dict, source: str) -> dict:
        """A code cell of the student's own, as Jupyter adds it: without nbgrader's metadata."""
        own = {
            "cell_type": "code",
            "execution_count": None,
            "id": f"own-{len(self.cells)}",
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        self.cells.insert(self.cells.index(cell) + 1, own)
        return own


def _role(cell: dict) -> dict:
    return cell["metadata"].get("nbgrader", {})


def _function(cell: dict) -> str:
    """The name of the function that a solution cell defines first."""
    return cell["source"].partition("def ")[2].partition("(")[0]


def scratch(handed: Handed) -> None:
    for cell in handed.solutions()[:2]:
        handed.insert_after(cell, f"# just looking\nhelp({_function(cell)})")


def colab(handed: Handed) -> None:
    """Opened, run and downloaded on Colab: its ids, its settings, and who ran each cell when."""
    first, _, last = handed.student.partition("_")
    user = {"displayName": f"{first} {last}".title(), "userId": str(handed.rng.randrange(10**19, 10**20))}
    handed.notebook["nbformat_minor"] = 0
    handed.notebook["metadata"] |= {"accelerator": "GPU", "colab": {"provenance": [], "toc_visible": True}}
    for number, cell in enumerate(handed.cells, 1):
        cell.pop("id", None)
        cell["metadata"]["id"] = "".join(handed.rng.choices("abcdefghijkmnopqrstuvwxyzABCDEFGH0123456789", k=12))
        if cell["cell_type"] == "code":
            started = int(handed.when.timestamp() * 1000) - 1000 * number
            ran = {
                "elapsed": handed.rng.randrange(5, 900),
                "status": "ok",
                "timestamp": started,
                "user": user,
                "user_tz": -120,
            }
            cell["metadata"] |= {"executionInfo": ran, "outputId": f"{handed.rng.randrange(16**8):08x}-0000"}
            cell["execution_count"] = number


def stripped(handed: Handed) -> None:
    """Passed through a program that keeps no metadata."""
    for cell in handed.cells:
        cell["metadata"] = {}


def reordered(handed: Handed) -> None:
    """One exercise was moved up, with its tests."""
    last = handed.solutions()[-1]
    start = handed.cells.index(last)
    moved = handed.cells[start : start + 2]
    del handed.cells[start : start + 2]
    place = handed.cells.index(handed.solutions()[0])
    handed.cells[place:place] = moved


def duplicated(handed: Handed) -> None:
    """The first answer was copied, and an earlier attempt left above it under the same id."""
    cell = handed.solutions()[0]
    copy = json.loads(json.dumps(cell)) | {"id": "copied"}
    copy["source"] = cell["source"].partition("\n")[0] + "\n    return None  # first try"
    handed.cells.insert(handed.cells.index(cell), copy)


def split(handed: Handed) -> None:
    """JupyterLab's "split cell", in the middle of a function: both halves keep the metadata."""
    cell = max(handed.solutions(), key=lambda cell: len(cell["source"]))
    lines = cell["source"].split("\n")
    second = json.loads(json.dumps(cell)) | {"id": "split", "source": "\n".join(lines[-1:])}
    cell["source"] = "\n".join(lines[:-1])
    handed.cells.insert(handed.cells.index(cell) + 1, second)


def merged(handed: Handed) -> None:
    """The second answer was merged into the first one's cell."""
    first, second = handed.solutions()[:2]
    first["source"] += "\n\n\n" + second["source"]
    handed.cells.remove(second)


def wrong_cell(handed: Handed) -> None:
    """The second answer stands in a new cell above the one that was meant for it."""
    cell = handed.solutions()[1]
    head, _, _ = cell["source"].partition("\n")
    handed.insert_after(handed.cells[handed.cells.index(cell) - 1], cell["source"])
    cell["source"] = f'{head}\n    raise NotImplementedError("not answered yet")'


def endless_loop(handed: Handed) -> None:
    cell = handed.solutions()[2]
    head = cell["source"].partition("\n")[0]
    cell["source"] = (
        f"{head}\n    epoch = 0\n    while epoch < 10:\n        total = epoch * 2  # epoch is never raised\n    return total"
    )


def output_flood(handed: Handed) -> None:
    handed.insert_after(handed.solutions()[0], 'for step in range(1_000_000):\n    print("step", step, "of 1000000")')


def input_(handed: Handed) -> None:
    handed.insert_after(handed.cells[1], 'name = input("Your name: ")\nprint("Solution by", name)')


def sys_exit(handed: Handed) -> None:
    handed.insert_after(handed.solutions()[1], "import sys\n\nsys.exit()  # the rest is not ready")


def syntax_error(handed: Handed) -> None:
    cell = handed.solutions()[1]
    cell["source"] = cell["source"].replace("):\n", ")\n", 1)


def renamed_function(handed: Handed) -> None:
    cell = handed.solutions()[0]
    name = _function(cell)
    cell["source"] = cell["source"].replace(f"def {name}(", f"def my_{name}(")


def import_in_given_cell(handed: Handed) -> None:
    """An import was added to the cell with the given imports, and a helper uses it."""
    given = next(cell for cell in handed.cells if _role(cell).get("grade_id", "").startswith("given"))
    given["source"] = "import math\n" + given["source"]
    handed.insert_after(handed.solutions()[0], "print(math.sqrt(2))")


def late(handed: Handed) -> None:
    handed.when += timedelta(days=4, hours=7)


def copy_of(files: Files, handed: Handed) -> Files:
    return {f"Copy of {name}": data for name, data in files.items()}


def second_upload(files: Files, handed: Handed) -> Files:
    """Downloaded twice, and the newer one handed in as it was named."""
    return {name.replace(".ipynb", " (1).ipynb"): data for name, data in files.items()}


def truncated(files: Files, handed: Handed) -> Files:
    return {name: data[: len(data) * 2 // 3] for name, data in files.items()}


def utf_16(files: Files, handed: Handed) -> Files:
    return {name: data.decode().encode("utf-16") for name, data in files.items()}


def no_notebook(files: Files, handed: Handed) -> Files:
    return {"readme.txt": b"Sorry, my laptop broke. I will send the notebook tomorrow.\n"}


CELL_QUIRKS: dict[str, Callable[[Handed], None]] = {
    "scratch": scratch,
    "colab": colab,
    "stripped": stripped,
    "reordered": reordered,
    "duplicated": duplicated,
    "split": split,
    "merged": merged,
    "wrong_cell": wrong_cell,
    "endless_loop": endless_loop,
    "output_flood": output_flood,
    "input": input_,
    "sys_exit": sys_exit,
    "syntax_error": syntax_error,
    "renamed_function": renamed_function,
    "import_in_given_cell": import_in_given_cell,
    "late": late,
}
FILE_QUIRKS: dict[str, Callable[[Files, Handed], Files]] = {
    "copy_of": copy_of,
    "second_upload": second_upload,
    "truncated": truncated,
    "utf_16": utf_16,
    "no_notebook": no_notebook,
}
