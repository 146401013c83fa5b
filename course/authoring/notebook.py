"""A notebook that is the same bytes for the same cells: ids, metadata, text, and how it is written to disk."""

import copy
import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE_INFO = {"name": "python"}
# Which of its machines Colab opens a notebook on, written as Colab itself does: a T4, or one chip of a TPU v5e.
_COLAB = {"GPU": {"gpuType": "T4", "provenance": []}, "TPU": {"gpuType": "V5E1", "provenance": []}}


def assemble(cells: Iterable[NotebookNode], course: dict, accelerator: str = "") -> NotebookNode:
    """A notebook (format 4.5) of these cells; `course` is kept in its metadata. The cells get their ids here.

    accelerator: "GPU" or "TPU" where Colab should open the notebook on one.
    """
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    notebook.metadata = NotebookNode(kernelspec=dict(KERNELSPEC), language_info=dict(LANGUAGE_INFO), course=course)
    if accelerator:
        notebook.metadata |= {"accelerator": accelerator, "colab": copy.deepcopy(_COLAB[accelerator])}
    give_ids(notebook)
    return notebook


def give_ids(notebook: NotebookNode) -> None:
    """Ids that do not change when other cells do: nbgrader's id where there is one, else a hash of the text."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        stem = cell.metadata.get("nbgrader", {}).get("grade_id")
        if not stem:
            stem = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        stem = stem[:56]  # an id has at most 64 characters
        seen[stem] = seen.get(stem, 0) + 1
        cell.id = stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"


def to_text(notebook: NotebookNode) -> str:
    """The notebook file's text: sorted keys, one space of indent, one newline at the end."""
    return nbformat.writes(notebook, version=4, indent=1, sort_keys=True, ensure_ascii=False).rstrip("\n") + "\n"


def read_notebook(path: Path) -> NotebookNode | None:
    """A notebook that was built earlier, or None when it is missing or broken (half a merge): it is then built again."""
    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (OSError, ValueError, AttributeError, nbformat.ValidationError):  # AttributeError: JSON, but no object
        return None


def write_atomic(path: Path, text: str) -> None:
    """Write beside `path`, then rename: a reader sees the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def holds(path: Path, text: str) -> bool:
    """Whether the file has just this text."""
    return path.is_file() and path.read_bytes() == text.encode()


def write_if_changed(path: Path, text: str) -> bool:
    """Write only what differs, so that an unchanged file keeps its time stamp. Says whether it was written."""
    if holds(path, text):
        return False
    write_atomic(path, text)
    return True
