"""The `course` command: the group of all commands, and how it tells what was wrong with what it was given."""

import sys

import click
from rich.text import Text

from course import __version__, console
from course.commands import instructor, maintainer, student
from course.errors import GivenError, Stopped

# What a student's install leaves out: package -> the extra that has it.
EXTRAS = dict.fromkeys(
    ("IPython", "jinja2", "jupyter_server", "jupyterlab", "jupytext", "nbclient", "nbconvert", "nbformat", "nbgrader", "pygments", "sqlalchemy"),
    "instructor",
) | dict.fromkeys(("dask", "distributed"), "dask")


class Commands(click.Group):
    """A group whose commands end with one line and exit code 1 when something that was given is wrong."""

    def invoke(self, context: click.Context):
        try:
            return super().invoke(context)
        except GivenError as error:
            self._stop(str(error))
        except KeyboardInterrupt as stop:
            stop = stop if isinstance(stop, Stopped) else Stopped()
            self._stop(str(stop), stop.code)
        except ModuleNotFoundError as error:
            extra = EXTRAS.get((error.name or "").partition(".")[0])
            if extra is None:
                raise
            self._stop(f'this command needs {error.name}: run `pip install "deep-learning-course[{extra}]"`')

    @staticmethod
    def _stop(text: str, code: int = 1) -> None:
        console.err.print(Text.assemble(("course: ", "bold red"), text))
        sys.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="course")
def main() -> None:
    """A deep-learning course that people can trust: lessons that run, numbers that hold, grades that are right."""


for _command in (
    *(student.doctor, student.list_chapters, student.lab, maintainer.build, maintainer.run, student.check),
    *(instructor.grade, maintainer.audit, instructor.report, instructor.export, student.data),
):
    main.add_command(_command)


if __name__ == "__main__":
    main()
