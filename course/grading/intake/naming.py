"""Which folder of submitted/ is whose: the student's id where somebody is known, and a name of its own where not."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from course.grading.intake.owners import Owner, words
from course.grading.intake.roster import Person, is_safe, matches

_LONGEST_NAME = 100  # bytes of a folder that is named after a file; a file system takes 255


def name_folders(found: Iterable[Owner], people: Sequence[Person]) -> tuple[dict[tuple[str, str], str], tuple[str, ...]]:
    """Key of an owner -> the student's folder; and a line for each owner who is not known."""
    by_key = {owner.key: owner for owner in found}
    meant = {key: matches(owner, people) for key, owner in by_key.items()}
    claims = Counter(persons[0].student for persons in meant.values() if len(persons) == 1)
    shared = Counter(slug(owner) for owner in by_key.values())
    named, lines = {}, []
    for key, owner in by_key.items():
        persons = meant[key]
        if len(persons) == 1 and claims[persons[0].student] == 1:
            named[key] = persons[0].student
        elif not people and owner.kind and shared[slug(owner)] == 1:
            named[key] = owner.name if owner.kind == "folder" and is_folder(owner.name) else slug(owner)
        else:
            folder = _free(unknown_name(owner), named.values())
            named[key] = folder
            lines.append(f"{_told(owner)}: {_why(owner, persons, people)}; graded as {folder}.")
    return named, tuple(lines)


def unknown_name(owner: Owner) -> str:
    """The folder of somebody who is not known."""
    return "unknown_" + _short("_".join(filter(None, (slug(owner), owner.number))))


def slug(owner: Owner) -> str:
    return _short("_".join(words(owner.name or owner.file.rpartition(".")[0])) or "somebody")


def _short(name: str) -> str:
    """`name`, or its beginning and what tells it from others with the same beginning."""
    data = name.encode()
    if len(data) <= _LONGEST_NAME:
        return name
    return data[: _LONGEST_NAME - 9].decode(errors="ignore") + "_" + hashlib.sha256(data).hexdigest()[:8]


def is_folder(name: str) -> bool:
    return is_safe(name) and name == _short(name)


def _free(name: str, taken: Collection[str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def _told(owner: Owner) -> str:
    number = f" ({owner.kind} {owner.number})" if owner.number else ""
    return f"{owner.name or owner.file}{number}"


def _why(owner: Owner, persons: Sequence[Person], people: Sequence[Person]) -> str:
    if not owner.kind:
        return "nothing tells whose this file is: rename it to STUDENT.ipynb"
    if len(persons) > 1:
        who = " and ".join(person.student for person in persons)
        mend = "fill in the roster's column canvas, or " if owner.kind == "canvas" else ""
        return f"{who} of the roster may be meant: {mend}rename it to the student's id"
    if persons:
        return f"several people of the download may be {persons[0].student}: rename the folder of each to the student"
    if people and owner.kind == "moodle" and "-" in owner.name:
        return 'not on the roster (a group before the name is known by a digit, or as "Group B-"): add a line to it'
    if people:
        return "not on the roster: add a line to it"
    return "two people of the download have this name: give a --roster, and rename the folder of each to the student"
