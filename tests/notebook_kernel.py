"""Run a notebook in a real kernel of any Python, as a front end does."""

import copy
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

_QUIET = {"PYDEVD_DISABLE_FILE_VALIDATION": "1", "PYTHONWARNINGS": "ignore"}


def run_cells(sources: Sequence[str], python: Path, folder: Path, environment: Mapping[str, str] | None = None):
    """What each of these cells showed: a list of texts for each, see `shown`."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    return [shown(cell) for cell in run_notebook(notebook, python, folder, environment).cells]


def run_notebook(
    notebook: NotebookNode, python: Path, folder: Path, environment: Mapping[str, str] | None = None
) -> NotebookNode:
    """The notebook with what came of its cells, run by the kernel of `python` in `folder`, to the end, errors or not."""
    executed = copy.deepcopy(notebook)
    with tempfile.TemporaryDirectory(prefix="course-kernel-") as spare:
        spec = Path(spare) / "kernels" / "tested" / "kernel.json"
        spec.parent.mkdir(parents=True)
        argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec.write_text(json.dumps({"argv": argv, "display_name": "tested", "language": "python"}))
        specs = KernelSpecManager(kernel_dirs=[str(spec.parent.parent)])
        client = NotebookClient(
            executed,
            km=AsyncKernelManager(kernel_name="tested", kernel_spec_manager=specs),
            timeout=600,
            allow_errors=True,
            coalesce_streams=True,
            store_widget_state=False,
        )
        given = {**os.environ, **_QUIET, "IPYTHONDIR": str(Path(spare) / "ipython"), **(environment or {})}
        with (Path(spare) / "stderr.txt").open("w") as noise:
            client.execute(cleanup_kc=True, env=given, cwd=str(folder), stderr=noise)
    return executed


def shown(cell: NotebookNode) -> list[str]:
    """A text for each output of a cell: what was printed, "NAME: words" of an error, the plain text of a value."""
    texts = []
    for output in cell.get("outputs", ()):
        if output.output_type == "stream":
            texts.append(output.text)
        elif output.output_type == "error":
            texts.append("\n".join(output.traceback))
        else:
            texts.append(output.data.get("text/plain", ""))
    return texts
