"""JupyterLab in the course: a server extension that adds the start page, with the student's progress, at /course."""

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course.lab"}]


def _load_jupyter_server_extension(server: Any) -> None:
    from jupyter_server.utils import url_path_join

    from course.lab.handler import StartPage

    web = server.web_app
    web.add_handlers(".*$", [(url_path_join(web.settings["base_url"], "course"), StartPage)])
