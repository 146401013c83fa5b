"""The exports for Canvas and Moodle as plugins of nbgrader:

nbgrader export --exporter=course.grading.nbgrader_export.CanvasExporter --to=canvas.csv
"""

from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from course.grading.export import export_grades
from course.grading.files import replace_file


class CanvasExporter(ExportPlugin):
    """A CSV file that Canvas's gradebook imports; --to names it, canvas.csv by default."""

    form = "canvas"

    def export(self, gradebook: Gradebook) -> None:
        url = gradebook.engine.url.render_as_string(hide_password=False)
        names = [str(name) for name in self.assignment]
        exported = export_grades(url, self.form, names)
        path = Path(self.to or f"{self.form}.csv")
        replace_file(path, exported.text)
        for note in exported.notes:
            self.log.warning(note)
        self.log.info("%d students exported to %s", exported.students, path)


class MoodleExporter(CanvasExporter):
    """A CSV file that Moodle's "Grades, Import" reads; --to names it, moodle.csv by default."""

    form = "moodle"
