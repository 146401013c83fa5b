"""Whose file is it? What Moodle, Canvas, nbgrader and people write into the names of folders and files."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

# Moodle, with and without a folder for each student: "Ada Lovelace_2041_assignsubmission_file_/work.ipynb".
_MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>[^/]*))?")
# Canvas: "lovelaceada_LATE_5512_90341_work.ipynb": the user's number, then that of the file.
_CANVAS = re.compile(r"(?P<name>[^/_]+)_(?:(?P<late>LATE)_)?(?P<number>\d+)_\d+_(?P<file>[^/]+)")
# What was typed into Canvas and not handed in as a file: "lovelaceada_5512_text.html".
_CANVAS_TEXT = re.compile(r"(?P<name>[^/_]+)_(?:(?P<late>LATE)_)?(?P<number>\d+)_(?P<file>[a-z]+\.html)")
# What copying, downloading and handing in again add to a name.
_COPY = re.compile(r"\b(copy of|kopie von|copie de|copia de|copia di)\b|[-_ ]copy ?\d*$|\(\d+\)|-\d+$", re.IGNORECASE)
_VERSION = re.compile(r"\((\d+)\)$|-Copy(\d+)$|-(\d+)$")


@dataclass(frozen=True)
class Owner:
    """Who handed a file in, as far as its name tells.

    kind: "moodle", "canvas", "folder" (one for each student), "file" (the name stands in that of the file), or "" (nobody knows).
    number: the platform's own number, Canvas's of the user, Moodle's of the submission; late: Canvas marked the file so.
    """

    kind: str
    name: str
    number: str
    late: bool
    file: str  # the name that the student gave the file, as far as it is known

    @property
    def key(self) -> tuple[str, str]:
        """Files with the same key are of the same person: two people of one name have two numbers.

        An accented letter is one character in it, as which not every computer writes it.
        """
        return unicodedata.normalize("NFC", self.name), self.number


def owners(
    places: Sequence[str], assignment: str, others: Sequence[str] = (), ids: Collection[str] = ()
) -> dict[str, Owner]:
    """Place -> owner, for all files of one download. others: files that lie among the `places` and are no notebooks; they do
    not decide what the folder around everything is. ids: of the class, where it is known."""
    shared = _wrapping(places or others, assignment)
    known = frozenset(student.casefold() for student in ids)
    return {place: owner_of(place.removeprefix(shared), assignment, known) for place in (*places, *others)}


def whole_classes(places: Sequence[str]) -> list[str]:
    """The archives at the top of a folder in which a platform's download of several people lies."""
    people: dict[str, set[str]] = {}
    for place in places:
        first, _, rest = place.partition("/")
        second = rest.partition("/")[0]
        if first.lower().endswith(".zip") and (found := _MOODLE.fullmatch(second) or _CANVAS.fullmatch(second)):
            people.setdefault(first, set()).add(found["number"])
    return sorted(first for first, numbers in people.items() if len(numbers) > 1)


def owner_of(place: str, assignment: str, ids: Collection[str] = ()) -> Owner:
    """The owner of the file at `place`, its folders joined by "/". ids: of the class, in small letters."""
    first, _, rest = place.partition("/")
    last = place.rpartition("/")[2]
    if found := _MOODLE.fullmatch(first):
        return Owner("moodle", found["name"].strip(), found["number"], False, last if rest else found["file"] or last)
    if found := _CANVAS.fullmatch(first) or _CANVAS_TEXT.fullmatch(first):
        return Owner("canvas", found["name"], found["number"], bool(found["late"]), last if rest else found["file"])
    if rest and not first.lower().endswith(".zip"):
        return Owner("folder", first, "", False, last)
    stem = first.rpartition(".")[0]
    whole = _without(assignment, stem).strip(" -_.,")  # where "al-1" is somebody's id, it is no second file of "al"
    name = whole if whole.casefold() in ids else _person_in(stem, assignment)
    return Owner("file" if name else "", name, "", False, last)


def version(name: str) -> int:
    """Which copy of a file this is, by what was added to its name: 0 for none, 2 for "work (2).ipynb"."""
    found = _VERSION.search(name.rpartition(".")[0])
    return int(next(group for group in found.groups() if group)) if found else 0


def plain(text: str) -> str:
    """Letters and digits of any script, small, without accents: "Zoë O'Brien" and "zoe obrien" are the same person."""
    spread = unicodedata.normalize("NFKD", text)
    return "".join(c for c in spread if c.isalnum() and not unicodedata.combining(c)).casefold()


def words(text: str) -> list[str]:
    """The words of a name, each as `plain` writes it."""
    return [word for word in (plain(part) for part in re.split(r"[\s,_.-]+", text)) if word]


def _wrapping(places: Sequence[str], assignment: str) -> str:
    """The folder around everything, with its slash, when there is one that is not a student's own.

    Of a single folder with files in it nobody can tell whether it is one student or a class; it is taken for a class when
    folders lie in it, other than the assignment's, or files most of which have names of people, Moodle's and Canvas's among them.
    """
    tops = {place.partition("/")[0] for place in places}
    if len(tops) != 1 or any("/" not in place for place in places):
        return ""
    (top,) = tops
    if _MOODLE.fullmatch(top) or _CANVAS.fullmatch(top):
        return ""
    below = [place[len(top) + 1 :] for place in places]
    seconds = {place.partition("/")[0] for place in below}
    if assignment in _folders(below):  # nbgrader's <student>/<assignment>/, unless folders of students lie in that
        inside = f"{assignment}/"
        return f"{top}/{inside}" if all(p.startswith(inside) and p.count("/") > 1 for p in below) else ""
    marked = any(_MOODLE.fullmatch(second) or _CANVAS.fullmatch(second) for second in seconds)
    named = 2 * sum(bool(_person_in(second.rpartition(".")[0], assignment)) for second in seconds) > len(seconds) > 1
    if not (marked or named or _folders(below)):
        return ""
    return f"{top}/" + _wrapping(below, assignment)


def _folders(places: Sequence[str]) -> frozenset[str]:
    return frozenset(place.partition("/")[0] for place in places if "/" in place)


def _person_in(stem: str, assignment: str) -> str:
    """What is left of a file's name without the assignment's and without what copying adds: "Ada - 02_layers (1)" -> "Ada"."""
    left = _without(assignment, _COPY.sub(" ", stem))
    left = _COPY.sub(" ", left.strip(" -_.,"))
    return re.sub(r"\s+", " ", left).strip(" -_.,")


def _without(assignment: str, stem: str) -> str:
    slug = assignment.partition("_")[2]
    for name in (assignment, assignment.replace("_", " "), assignment.replace("_", "-"), slug):
        if name:
            stem = re.sub(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", " ", stem, flags=re.IGNORECASE)
    return stem
