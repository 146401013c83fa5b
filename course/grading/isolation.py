"""The level of isolation of this machine, under its former name; see `sandbox`."""

from course.grading.sandbox import MEANS as _MEANS
from course.grading.sandbox import probe


def __getattr__(name: str) -> str:
    if name == "LEVEL":
        return probe().name
    if name == "MEANS":
        return _MEANS[probe().name]
    raise AttributeError(name)
