"""Hints, one rung of the ladder at a time: the idea, then the step, then nearly the code."""

from course.checks import chapter as chapters
from course.checks.session import current
from course.errors import GivenError


def hint(exercise: str, rung: int | None = None) -> None:
    """Print the next hint for `exercise`, or the given rung (1, 2 or 3). The last one is repeated when asked again."""
    known = chapters.hints(current.chapter)
    if exercise not in known:
        raise GivenError(
            f"there are no hints for {exercise!r}"
            + (
                f": the exercises of {current.chapter} are {', '.join(known)}"
                if known
                else ": run the set-up cell at the top first"
            )
        )
    ladder = known[exercise]
    if rung is None:
        rung = min(current.rungs.get(exercise, 0) + 1, len(ladder))
    if not 1 <= rung <= len(ladder):
        raise GivenError(f"the hints for {exercise!r} are numbered 1 to {len(ladder)}, not {rung}")
    current.rungs[exercise] = max(rung, current.rungs.get(exercise, 0))
    print(f"Hint {rung} of {len(ladder)} for {exercise}\n\n{ladder[rung - 1]}")
