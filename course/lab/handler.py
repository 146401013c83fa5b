"""The one request that the extension answers: the start page, as things stand now."""

import asyncio
from pathlib import Path

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from course import paths
from course.errors import GivenError
from course.lab.page import start_page


class StartPage(JupyterHandler):
    """GET /course"""

    @web.authenticated
    async def get(self) -> None:
        """The page; where a source of the course cannot be read, the line that says so."""
        served = Path(self.settings["server_root_dir"]).expanduser()
        loop = asyncio.get_running_loop()
        try:
            page = await loop.run_in_executor(None, lambda: start_page(paths.root(served), self.base_url))
        except GivenError as error:
            raise web.HTTPError(500, reason=str(error).splitlines()[0]) from error
        self.set_header("Cache-Control", "no-store")
        self.finish(page)
