"""nbgrader's settings for this course. `course build` and `course grade` read them from here too, so there is one truth.

nbgrader calls the program `alembic` when it makes a gradebook: activate the virtual environment first.
"""

import os
from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader puts it here)
root = Path(__file__).resolve().parent

# Folders. solutions/ holds what the instructor has, assignments/ what the student gets.
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.submitted_directory = "submitted"
c.CourseDirectory.autograded_directory = "autograded"
c.CourseDirectory.feedback_directory = "feedback"
c.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}"
# The sources stand beside the solution notebooks and hold every answer: nbgrader would copy them to the students.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "[0-9][0-9]_*.py", ".*"]

# What a student sees in the place of an answer.
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("not answered yet")'}
c.ClearSolutions.text_stub = "Write your answer here."

# The one setting that makes formgrader's autograde button, and `nbgrader autograde`, run submissions as `course grade` does
# (docs/NBGRADER.md). Without it, or with --FastExecute.fast=False, nbgrader starts a kernel for each notebook.
c.Autograde.autograde_preprocessors = [
    "course.grading.fast_execute.FastExecute",  # in the place of "nbgrader.preprocessors.Execute"
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Students get the course's own page, also from `nbgrader generate_feedback` and formgrader's buttons (docs/NBGRADER.md).
c.GenerateFeedback.exporter_class = "course.grading.nbgrader_feedback.StudentPage"

# What work loses that came after the due date in the gradebook: nothing ("none") or all points ("zero"). A rule of your own
# is a class: c.AssignLatePenalties.plugin_class.
c.LateSubmissionPlugin.penalty_method = "none"

# A whole assignment takes seconds; a cell that takes two minutes is stuck.
c.ExecutePreprocessor.timeout = 120
c.Execute.timeout = 120

# The exchange (nbgrader's shared folder for handing out and in) is optional; a course that uses it sets the folder.
# The id is the one that nbgrader's preprocessors use when they open the gradebook: with another, there would be two
# courses in one gradebook.
c.CourseDirectory.course_id = "default_course"
c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE", str(root / ".course" / "exchange"))
