"""Make what a learning platform would hand out for one assignment of the sample class, and the roster of that class.

    python examples/make_download.py moodle 01_neuron FOLDER     or canvas in the place of moodle

FOLDER gets submissions.zip and roster.csv, as one would download them before `course grade --from`.
"""

import argparse
import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path

CLASS = Path(__file__).resolve().parent / "class" / "submitted"
WHEN = (2026, 10, 16, 20, 0, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("platform", choices=["moodle", "canvas"])
    parser.add_argument("assignment")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    students = sorted(folder.name for folder in CLASS.iterdir() if not folder.name.startswith("."))
    given.folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(given.folder / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number, student in enumerate(students, 1):
            for file in sorted((CLASS / student / given.assignment).glob("*.ipynb")):
                name = place(given.platform, student, number, file.name)
                archive.writestr(zipfile.ZipInfo(name, WHEN), file.read_bytes())
    with open(given.folder / "roster.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(roster(students))
    print(f"{given.folder / 'submissions.zip'} and {given.folder / 'roster.csv'}: {len(students)} students")


def place(platform: str, student: str, number: int, file: str) -> str:
    """The name of a file in the archive of each platform."""
    first, last = names(student)
    if platform == "moodle":
        return f"{first} {last}_{2000 + number}_assignsubmission_file_/{file}"
    return f"{last}{first}_{5000 + number}_{90000 + number}_{file}".lower()


def roster(students: list[str]) -> Iterator[tuple[str, ...]]:
    yield "student", "name", "email", "canvas"
    for number, student in enumerate(students, 1):
        yield student, " ".join(names(student)), f"{student}@example.org", str(5000 + number)


def names(student: str) -> tuple[str, str]:
    first, _, last = student.partition("_")
    return first.title(), last.title()


if __name__ == "__main__":
    main()
