"""The face `check`: what a notebook calls to have an answer looked at.

>>> with check.exercise("softmax"):
...     check.call(softmax, np.array([[0.0, 0.0]]), expect=[[0.5, 0.5]])

A check observes a value. In a student's notebook it is compared at once with the stated right answer; while grading the
observation is sent to the supervisor, which compares it with what the reference solution gave at the same place.
"""

from course.checks import local
from course.checks.claims import claim
from course.checks.exercise import accuracy, call, exercise, hidden, model, raises, sample, slope, value
from course.checks.hints import hint
from course.checks.local import CheckFailed
from course.checks.session import begin, current

if current.finish is None:
    current.finish = local.finish

__all__ = [
    "CheckFailed",
    "accuracy",
    "begin",
    "call",
    "claim",
    "exercise",
    "hidden",
    "hint",
    "model",
    "raises",
    "sample",
    "slope",
    "value",
]
