"""A notebook in JupyterLab, as a person has it: open it, run it, write into it, save it, look at what it shows."""

import json
import time
from collections.abc import Callable

from lab_server import PATIENCE_S, LabServer

_RUN_ALL = "notebook:restart-run-all"  # Kernel, Restart Kernel and Run All Cells…
_KERNEL = "jupyterapp.shell.currentWidget?.context?.sessionContext?.session?.kernel"
# The contrast of each piece of text inside an element with what lies behind it, as WCAG 2 counts it (1 to 21).
_CONTRASTS = """element => {
  const parse = color => color.match(/[\\d.]+/g).map(Number);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const [r, g, b, alpha = 1] = parse(getComputedStyle(node).backgroundColor);
      if (alpha > 0.99) return [r, g, b];
      if (alpha > 0) throw new Error("a half-clear background: " + node.outerHTML.slice(0, 200));
    }
    return [255, 255, 255];
  };
  const light = rgb => {
    const [r, g, b] = rgb.slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !node.checkVisibility() || ["STYLE", "SCRIPT"].includes(node.tagName)) continue;
    const [one, other] = [light(parse(getComputedStyle(node).color)), light(behind(node))];
    found.push([texts.currentNode.data.trim().slice(0, 60), (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)]);
  }
  return found;
}"""
# The color and opacity of a picture's corner.
_CORNER = """image => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return [...canvas.getContext("2d").getImageData(1, 1, 1, 1).data];
}"""


class NotebookPage:
    """page: playwright's Page, which shows the notebook at `path` in JupyterLab."""

    def __init__(self, page, server: LabServer, path: str):
        self.page, self.server, self.path = page, server, path
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        # JupyterLab loses what it is told while a kernel starts: a restart in that time leaves every cell waiting for good.
        page.wait_for_function(f"() => ({_KERNEL})?.status === 'idle'")

    def restart_and_run_all(self) -> None:
        """As by the menu; returns when the run is over, at the end or at a cell that failed."""
        self.page.evaluate(f"() => {{ jupyterapp.commands.execute('{_RUN_ALL}').finally(() => {{ window.ran = true }}) }}")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.wait_for_function("window.ran")

    def cell(self, text: str):
        """The code cell in which `text` stands (playwright's Locator), scrolled into view."""
        found = self.page.locator(".jp-Notebook .jp-CodeCell", has_text=text).first
        found.scroll_into_view_if_needed()
        return found

    def write(self, text: str, source: str) -> None:
        """Put `source` in the place of what is in the cell in which `text` stands, by the keyboard, and run it."""
        self.cell(text).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)
        self.run(source.splitlines()[0])

    def run(self, text: str) -> None:
        """Run the cell in which `text` stands (Ctrl+Enter), after those that were run before it."""
        self.cell(text).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def output(self, text: str, said: str):
        """The output that says `said`, of the cell in which `text` stands, once it is there and in view."""
        found = self.cell(text).locator(".jp-OutputArea-output", has_text=said).first
        found.wait_for()
        found.scroll_into_view_if_needed()
        return found

    def save(self) -> dict:
        """Save (Ctrl+S), and return the notebook as it is in its file."""
        file = self.server.root / self.path
        before = file.stat().st_mtime_ns
        self.page.keyboard.press("Control+s")

        def saved() -> dict | None:
            try:
                return json.loads(file.read_text(encoding="utf-8")) if file.stat().st_mtime_ns != before else None
            except ValueError:  # half of it is written
                return None

        until(saved, "the notebook to be saved")
        return saved()


def until(condition: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
    """Wait for `condition`; an AssertionError says for what in vain."""
    end = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < end, f"waited {patience_s:.0f} s in vain for {what}"
        time.sleep(0.1)


def contrasts(element) -> dict[str, float]:
    """Text -> its contrast with what is behind it, for all visible text in the element (playwright's Locator)."""
    return dict(element.evaluate(_CONTRASTS))


def corner(image) -> list[int]:
    """Red, green, blue, opacity (0 to 255) of the corner of a picture."""
    return image.evaluate(_CORNER)
