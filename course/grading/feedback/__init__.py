"""The page that a student gets: the score at a glance, each exercise's verdict in words, their own code and figures beside
it, and what to read again.

Everything in it that came from a student is escaped or drawn anew, there is no script, and of the tests only the messages
are shown: not their text, and not what they printed, for a function that prints its arguments would print those of hidden
tests.
"""

from course.grading.feedback.exercises import title_of
from course.grading.feedback.page import feedback_page, write_feedback

__all__ = ["feedback_page", "title_of", "write_feedback"]
