"""What stands between a submission and the machine.

    full     namespaces, a root with nothing in it but Python and the course, Landlock, seccomp, limits
    partial  Landlock, seccomp, limits (where namespaces are not allowed: Docker's default, some Ubuntu)
    none     limits alone: accidents are contained, attacks are not

Each fork of the warm process goes through `walls.Sandbox.enter` before it runs a line of a student's. The level is found out by
doing it, printed, and kept with every result.
"""

from course.grading.sandbox.level import LEVELS, MEANS, Level, probe

__all__ = ["LEVELS", "MEANS", "Level", "probe"]
