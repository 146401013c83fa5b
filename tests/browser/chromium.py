"""Chromium, as Debian packages it, for the browser tests; and where their screenshots are kept."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab_server import PATIENCE_S, REPOSITORY, LabServer

NAMES = ("chromium", "chromium-browser", "google-chrome")
SCREENSHOTS = REPOSITORY / ".course" / "screenshots"
SIZE = {"width": 1280, "height": 900}
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Missing(Exception):
    """There is no browser here: why, and the mend."""


def find() -> str:
    """The program. Raises Missing."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise Missing(f"no browser is installed ({', '.join(NAMES)}): on Debian and Ubuntu, `apt-get install chromium`")


def required() -> bool:
    """Whether a missing browser is a failure, as on the machine of continuous integration."""
    return os.environ.get("COURSE_BROWSER") == "required"


@contextmanager
def start() -> Iterator:
    """A running browser (playwright's Browser), ended with the block. Raises Missing.

    While it runs, this thread has an event loop of playwright's: what calls `asyncio.run` belongs before it.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise Missing('the package playwright is missing: run `pip install "deep-learning-course[dev]"`') from None
    program = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS), timeout=PATIENCE_S * 1000)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def tab(browser, server: LabServer, path: str, theme: str = "light") -> Iterator:
    """A page of its own (no cookies of another one), at `path` of the server, in the light or the dark theme.

    "lab/tree/..." opens in a JupyterLab workspace of its own: else what earlier pages had open would be open as well.
    """
    path = path.replace("lab/tree/", f"lab/workspaces/{secrets.token_hex(4)}/tree/")
    server.set_theme(theme)
    context = browser.new_context(viewport=SIZE, color_scheme=theme, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_S * 1000)
    context.set_default_navigation_timeout(PATIENCE_S * 1000)
    try:
        page = context.new_page()
        page.goto(server.url(path))
        yield page
    finally:
        context.close()


def keep(page, name: str, **options) -> Path:
    """A screenshot of a page, or of a part of one (playwright's Locator), as a test artefact; says where it is."""
    path = SCREENSHOTS / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, **options)
    print(f"screenshot: {path.relative_to(REPOSITORY)}")
    return path
