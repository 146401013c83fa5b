"""Make the sample class: what fourteen invented students hand in for the first three assignments, in nbgrader's layout.

    python examples/make_class.py            write examples/class/submitted/
    python examples/make_class.py --check    say whether it is what the assignments and answer banks give now

Answers come from the reference solutions and from tests/banks; everything is seeded, so that the same sources give the
same bytes. Run it again whenever one of the three assignments or banks has changed.
"""

import json
import random
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from filecmp import dircmp
from pathlib import Path

from answers import answer_sheet
from quirks import CELL_QUIRKS, FILE_QUIRKS, Handed

ROOT = Path(__file__).resolve().parents[1]
DUE = {
    "01_neuron": datetime(2026, 10, 16, 21, 59, tzinfo=UTC),
    "02_layers": datetime(2026, 10, 30, 22, 59, tzinfo=UTC),
    "03_backpropagation": datetime(2026, 11, 13, 22, 59, tzinfo=UTC),
}
NEURON, LAYERS, BACKPROPAGATION = DUE


@dataclass(frozen=True)
class Student:
    """right: how often an answer is right; answered: how much of an assignment is answered at all; text: how well they write.

    quirks: assignment -> what happens to the notebook (see quirks.py); `None` in the place of a tuple: nothing is handed in.
    """

    id: str
    right: float = 1.0
    answered: float = 1.0
    text: str = "good"
    quirks: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)


STUDENTS = (
    Student("amara_okafor"),
    Student("benedikt_huber", right=0.8, quirks={NEURON: ("scratch",), LAYERS: ("colab", "copy_of")}),
    Student("chloe_martin", right=0.35, text="weak", quirks={BACKPROPAGATION: ("scratch",)}),
    Student("dmitri_volkov", right=0.9, answered=0.5, text="none"),
    Student("elif_yilmaz", right=0.9, quirks=dict.fromkeys(DUE, ("colab",)) | {NEURON: ("colab", "copy_of")}),
    Student("farid_rahimi", right=0.5, answered=0.7, text="none", quirks={BACKPROPAGATION: ("untouched",)}),
    Student("greta_lindqvist", right=0.95, quirks={LAYERS: ("stripped",), BACKPROPAGATION: ("reordered",)}),
    Student(
        "hiroshi_tanaka", right=0.9, quirks={NEURON: ("duplicated",), LAYERS: ("split",), BACKPROPAGATION: ("merged",)}
    ),
    Student("ines_carvalho", right=0.9, text="weak", quirks={LAYERS: ("truncated",)}),
    Student(
        "jonas_keller", right=0.7, text="weak", quirks={NEURON: ("endless_loop",), BACKPROPAGATION: ("output_flood",)}
    ),
    Student("kavya_nair", right=0.85, quirks={NEURON: ("input",), LAYERS: ("sys_exit",), BACKPROPAGATION: ("utf_16",)}),
    Student(
        "liam_oconnor",
        right=0.6,
        text="weak",
        quirks={NEURON: ("syntax_error",), LAYERS: ("no_notebook",), BACKPROPAGATION: None},
    ),
    Student("mei_chen", right=0.95, quirks={NEURON: ("renamed_function",), BACKPROPAGATION: ("late",)}),
    Student(
        "nadia_haddad",
        right=0.9,
        quirks={NEURON: ("second_upload",), LAYERS: ("import_in_given_cell",), BACKPROPAGATION: ("wrong_cell",)},
    ),
)


def make_class(submitted: Path) -> None:
    for assignment in DUE:
        path = ROOT / "assignments" / assignment / f"{assignment}.ipynb"
        if not path.is_file():
            print(f"{path.relative_to(ROOT)} is not there: left out (run `course build {assignment}` first)")
            continue
        released = path.read_bytes()
        for student in STUDENTS:
            quirks = student.quirks.get(assignment, ())
            if quirks is not None:
                _hand_in(submitted / student.id / assignment, assignment, student, json.loads(released), quirks)


def _hand_in(folder: Path, assignment: str, student: Student, notebook: dict, quirks: tuple[str, ...]) -> None:
    rng = random.Random(f"{student.id} {assignment}")
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    if "untouched" not in quirks:
        sheet = answer_sheet(ROOT, assignment, rng, student.right, student.answered, student.text)
        for cell in notebook["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            cell["source"] = sheet.get(grade_id, cell["source"])
    when = DUE[assignment] - timedelta(minutes=rng.randrange(30, 4 * 24 * 60), seconds=rng.randrange(60))
    handed = Handed(f"{assignment}.ipynb", notebook, when, rng, student.id)
    for quirk in quirks:
        if quirk in CELL_QUIRKS:
            CELL_QUIRKS[quirk](handed)
    for cell in handed.cells:
        cell["source"] = cell["source"].splitlines(keepends=True)  # as every notebook program writes it
    files = {handed.name: json.dumps(handed.notebook, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"}
    for quirk in quirks:
        if quirk in FILE_QUIRKS:
            files = FILE_QUIRKS[quirk](files, handed)
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "timestamp.txt").write_text(f"{handed.when:%Y-%m-%d %H:%M:%S.%f} UTC\n")


def _differences(compared: dircmp) -> list[str]:
    found = [f"{compared.right}/{name}" for name in compared.left_only + compared.right_only + compared.diff_files]
    return found + [name for inner in compared.subdirs.values() for name in _differences(inner)]


def main(arguments: list[str]) -> int:
    kept = ROOT / "examples" / "class" / "submitted"
    with tempfile.TemporaryDirectory(dir=kept.parent.parent) as scratch:
        made = Path(scratch) / "submitted"
        make_class(made)
        if "--check" in arguments:
            stale = _differences(dircmp(made, kept))
            print(
                f"{len(stale)} files of the sample class are out of date: run examples/make_class.py"
                if stale
                else "up to date"
            )
            return bool(stale)
        shutil.rmtree(kept, ignore_errors=True)
        kept.parent.mkdir(exist_ok=True)
        made.rename(kept)
    print(f"{len(STUDENTS)} students in {kept.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
