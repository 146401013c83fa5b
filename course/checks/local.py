"""What happens at the end of a block of checks in a student's own notebook: one line when it is right, else one paragraph."""

from course.checks import chapter as chapters
from course.checks import reference
from course.checks.records import MISSING, Block
from course.checks.session import current
from course.checks.verdict import completed, verdict


class CheckFailed(AssertionError):
    """An answer is not right (yet). Shown as its message alone, without a traceback: that would point into the checks."""

    def _render_traceback_(self) -> list[str]:
        """IPython's door for exceptions that show themselves."""
        return str(self).splitlines()


def finish(block: Block) -> None:
    """Judge the block and say so; raises CheckFailed when it is not right, so that nbgrader sees a failing cell."""
    exercise = block.exercise
    judged = verdict(_reference_of(block), block, chapters.mistake_texts(current.chapter, exercise))
    if judged.state == "right":
        print(f"✓ {block.part}: {judged.message}")
        return
    hint = f'\ncheck.hint("{exercise}") gives a hint.' if exercise in chapters.hints(current.chapter) else ""
    raise CheckFailed(f"✗ {block.part}: {judged.message}{hint}")


def _reference_of(block: Block) -> Block:
    """The trusted side of the block: its own stated values, or, for hidden checks, those of the reference solution."""
    if all(check.expected is not MISSING for check in block.checks):
        return completed(block)
    return reference.block(current.chapter, block.part)
