"""From the observations of one exercise to a verdict: right or not, the diagnosis, and one paragraph in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from course.checks.compare import compare, equal
from course.checks.diagnose import Diagnosis, judge, matches_mistake
from course.checks.plain import plain
from course.checks.records import MISSING, Block, Check, Observation, align
from course.checks.values import Raised, show

MAX_WORDS = 100
MAX_CHARACTERS = 1_200


@dataclass(frozen=True)
class Verdict:
    """state: "right", "wrong", "unanswered" or "error" (the checks could not run to their end)."""

    state: str
    diagnosis: str
    message: str
    failed: int = 0
    total: int = 0


@dataclass(frozen=True)
class Quotable:
    """What may be quoted to the student: observations of visible checks, by the check's position, and what broke the block.

    While grading they come from a process that never held a hidden test, because a student's code can put what it knows
    into anything that it returns or raises. In a student's own notebook everything may be quoted.
    """

    observations: Mapping[int, Observation] = field(default_factory=dict)
    error: Raised | None = None


def completed(block: Block) -> Block:
    """A reference's own block with every expected value filled in: where none was given, what the reference returned."""
    return replace(
        block,
        checks=tuple(
            replace(check, expected=_expected(check, observation))
            for check, observation in zip(block.checks, block.observations, strict=True)
        ),
    )


def _expected(check: Check, observation: Observation):
    if check.expected is not MISSING:
        return align(check.expected, observation.value)
    return {"array": observation.value["array"]} if check.kind == "sample" else observation.value


def verdict(reference: Block, block: Block, mistakes: Mapping[str, str], quotable: Quotable | None = None) -> Verdict:
    """Judge `block` by `reference` (whose checks hold expected values). `mistakes`: what to say of each known mistake.

    quotable: what the message may quote (default: whatever `block` holds of visible checks). It has no part in the judgment.
    """
    quotable = quotable or Quotable(dict(enumerate(block.observations)), block.error)
    failures = _failures(reference, block)
    total = len(reference.checks)
    swapped = f" (Graded with the reference {_names(block.swapped)} in place of yours.)" if block.swapped else ""
    if not failures:
        return Verdict(
            "right", "", f"Right: {'the one check' if total == 1 else f'all {total} checks'} passed.{swapped}", 0, total
        )
    index, found = _best(reference, block, failures, mistakes)
    if found.id == "unanswered":
        return Verdict("unanswered", "unanswered", "Not answered yet.", len(failures), total)
    state = "error" if found.id == "incomplete" else "wrong"
    needs = (
        f" This exercise calls your {_names(block.needs)}: make sure that is right first."
        if block.needs and not block.swapped
        else ""
    )
    text = found.text if found.id in mistakes else _text(reference.checks, index, block, found, quotable)
    message = _message(reference.checks, index, text, quotable, len(failures), total) + needs + swapped
    return Verdict(state, found.id, message, len(failures), total)


def _failures(reference: Block, block: Block) -> dict[int, Diagnosis]:
    """The diagnosis of each check that failed, by its position. Checks that never ran have failed too."""
    failures: dict[int, Diagnosis] = {}
    for i, check in enumerate(reference.checks):
        if i < len(block.observations):
            found = judge(check, block.observations[i])
            if found:
                failures[i] = found
        else:
            failures[i] = _incomplete(block.error)
    if block.error and not failures:
        failures[max(len(reference.checks) - 1, 0)] = _incomplete(block.error)
    return failures


def _incomplete(error: Raised | None) -> Diagnosis:
    if error is None:
        return Diagnosis("incomplete", "The checks stopped before their end.", 1)
    if error.unanswered:
        return Diagnosis("unanswered", "", 3)
    if error.type == "NameError":
        return Diagnosis(
            "incomplete",
            f"{error.message[:1].upper()}{error.message[1:]}: run the cell that defines it, and keep the name that the exercise gives.",
            2,
        )
    return Diagnosis("incomplete", f"The checks stopped with {show(error)}.", 1)


def _best(
    reference: Block, block: Block, failures: dict[int, Diagnosis], mistakes: Mapping[str, str]
) -> tuple[int, Diagnosis]:
    """The one explanation to give: a known mistake that explains every answer, else the clearest mark, earliest first."""
    explaining = [
        (name, place) for name in mistakes if (place := _explained_at(reference, block, failures, name)) is not None
    ]
    if explaining:
        name, place = explaining[0]
        return place, Diagnosis(name, _either([mistakes[name] for name, _ in explaining]), 3)
    if "unanswered" in {f.id for f in failures.values()}:
        return min(failures), Diagnosis("unanswered", "", 3)
    first = min(failures)
    for name, text in mistakes.items():
        if _explains_failures(reference, block, failures, name):
            return first, Diagnosis(name, text, 3)
    if _ignores_input(reference, block, failures):
        return first, Diagnosis(
            "constant", "The same value comes back whatever the input: the answer ignores its arguments.", 2
        )
    # Among equals, a visible check: it can say what it asked and expected.
    hidden = {i for i, check in enumerate(reference.checks) if check.hidden}
    index = max(failures, key=lambda i: (failures[i].weight, i not in hidden, -i))
    return index, failures[index]


def _explained_at(reference: Block, block: Block, failures: dict[int, Diagnosis], mistake: str) -> int | None:
    """The first check that shows the known mistake, when it explains every answer, right and wrong; else None."""
    marks = [matches_mistake(c, o, mistake) for c, o in zip(reference.checks, block.observations, strict=False)]
    explains = True in marks and False not in marks and all(marks[i] for i in failures if i < len(marks))
    return marks.index(True) if explains else None


def _explains_failures(reference: Block, block: Block, failures: dict[int, Diagnosis], mistake: str) -> bool:
    """Whether the mistake gives just what came back at the first failing check, and nothing else at any other that calls
    the same function (there it may say nothing, when its own call fails)."""
    if any(i >= len(block.observations) or failures[i].weight == 3 for i in failures):
        return False
    alike = _same_function(reference, min(failures))
    marks = [
        matches_mistake(reference.checks[i], block.observations[i], mistake) for i in sorted(failures) if i in alike
    ]
    return marks[0] is True and False not in marks


def _same_function(reference: Block, index: int) -> list[int]:
    """The checks that call the function which check `index` calls."""
    if index >= len(reference.checks) or reference.checks[index].kind != "call":
        return [index]
    name = reference.checks[index].title.partition("(")[0]
    return [i for i, c in enumerate(reference.checks) if c.kind == "call" and c.title.partition("(")[0] == name]


def _either(texts: list[str]) -> str:
    """Few checks may not tell two mistakes apart; then both are named."""
    first, *others = dict.fromkeys(texts)
    return f"One of two things. Either: {first} Or: {others[0]}" if others else first


def _ignores_input(reference: Block, block: Block, failures: dict[int, Diagnosis]) -> bool:
    """Whether one and the same value answered calls whose right answers differ."""
    calls = [i for i in _same_function(reference, min(failures)) if i < len(block.observations)]
    if len(calls) < 2 or not all(failures.get(i) is None or failures[i].weight < 3 for i in calls):
        return False
    values = [block.observations[i].value for i in calls]
    if values[0] is None or any(isinstance(v, Raised) for v in values):
        return False
    same = all(_same(values[0], value) for value in values[1:])
    return same and any(compare(reference.checks[calls[0]].expected, reference.checks[i].expected) for i in calls[1:])


def _same(a, b) -> bool:
    return np.array_equal(a, b) if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) else equal(a, b, 0, 0)


def _text(checks: tuple[Check, ...], index: int, block: Block, found: Diagnosis, quotable: Quotable) -> str:
    """The sentence on check `index`, with no more of what came back in it than may be quoted."""
    check = checks[index] if index < len(checks) else None
    if check and check.why and found.text == check.why:
        return found.text  # the author of the checks wrote it
    if check and not check.hidden and index in quotable.observations:
        again = judge(check, quotable.observations[index])
        if again and again.id == found.id:
            return again.text
    if found.id == "incomplete" and quotable.error:
        return _incomplete(quotable.error).text
    got = block.observations[index].value if index < len(block.observations) else None
    return plain(found.id, got)


def _message(checks: tuple[Check, ...], index: int, text: str, quotable: Quotable, failed: int, total: int) -> str:
    """What was asked, with which input, what came back, what is wrong. Of a hidden check only the property is told."""
    if not checks:
        return text
    check = checks[index]
    lines = []
    if check.hidden:
        lines.append(f"A hidden check failed{f': {check.about}' if check.about else ''}.")
    else:
        lines.append(f"Asked: {check.title}{f' — {check.about}' if check.about else ''}.")
        got = quotable.observations[index].value if index in quotable.observations else MISSING
        if got is not MISSING and check.kind in ("call", "value") and not isinstance(got, Raised):
            lines.append(f"Came back: {show(got)}.")
            lines.append(f"Expected: {show(check.expected)}.")
    lines.append(_trim(text))
    if total > 1:
        lines.append(f"({failed} of {total} checks failed.)")
    return "\n".join(lines)


def _trim(text: str) -> str:
    words = text[: MAX_CHARACTERS + 1].split()
    cut = len(words) > MAX_WORDS or len(text) > MAX_CHARACTERS
    return " ".join(words[:MAX_WORDS]) + (" …" if cut else "")


def _names(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names)
