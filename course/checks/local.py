"""What happens at the end of a block of checks in a student's own notebook: one line when it is right, else one paragraph."""

from course import progress
from course.checks import card, reference
from course.checks import chapter as chapters
from course.checks.records import MISSING, Block
from course.checks.session import current
from course.checks.verdict import completed, verdict


class CheckFailed(AssertionError):
    """An answer is not right (yet). Shown as its message alone, without a traceback: that would point into the checks.

    brief: what is shown in the place of the message, where the message stands above it already.
    """

    def __init__(self, message: str, brief: str = ""):
        super().__init__(message)
        self.brief = brief

    def _render_traceback_(self) -> list[str]:
        """IPython's door for exceptions that show themselves."""
        return (self.brief or str(self)).splitlines()


def finish(block: Block) -> None:
    """Judge the block and say so; raises CheckFailed when it is not right, so that nbgrader sees a failing cell."""
    exercise = block.exercise
    judged = verdict(_reference_of(block), block, chapters.mistake_texts(current.chapter, exercise))
    progress.checked(current.chapter, {block.part: judged.state})
    right = judged.state == "right"
    hints = () if right else chapters.hints(current.chapter).get(exercise, ())
    hint = f'\ncheck.hint("{exercise}") gives a hint.' if hints else ""
    text = f"{'✓' if right else '✗'} {block.part}: {judged.message}{hint}"
    if card.shows_html():
        card.show(block.part, judged, text, hints)
    elif right:
        print(text)
    if not right:
        raise CheckFailed(text, f"✗ {block.part}: see above" if card.shows_html() else "")


def _reference_of(block: Block) -> Block:
    """The trusted side of the block: its own stated values, or, for hidden checks, those of the reference solution."""
    if all(check.expected is not MISSING for check in block.checks):
        return completed(block)
    return reference.block(current.chapter, block.part)
