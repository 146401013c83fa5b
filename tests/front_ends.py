"""What each program makes of an assignment that a student opens, answers, runs and saves in it: the file it leaves.

Taken from notebooks that these programs saved. `PERSONAL` is all that stands in such a file about the person or the machine.
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NAME, USER, ACCOUNT, HOME = "Ada Q. Personal", "06366185027922693499", "ada-personal-q", "/Users/adaqpersonal"
PHOTO, TAG = "AAuE7mBpersonal64", "ABX9TyNAzCgpersonal1AIb7hbS"
DRIVE = "1iai7jJ3S7u1_OO_jgg8_personal"
PERSONAL = (NAME, USER, ACCOUNT, HOME, PHOTO, TAG, DRIVE, "conda_of_ada")

_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3.12.7",
}

Notebook = dict[str, Any]


@dataclass(frozen=True)
class FrontEnd:
    name: str
    saves: Callable[[Notebook], bytes]
    file: Callable[[str], str]  # the assignment's name -> that of the file that is handed in

    def __str__(self) -> str:
        return self.name


def answered(notebook: Mapping[str, Any], answers: Mapping[str, str]) -> Notebook:
    """The notebook with these answers (grade_id -> source) written into their cells."""
    made = copy.deepcopy(dict(notebook))
    for cell in made["cells"]:
        cell["source"] = answers.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), _text(cell))
    return made


def _text(cell: Notebook) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def _lines(cell: Notebook) -> list[str]:
    return _text(cell).splitlines(keepends=True)


def _ran(notebook: Notebook) -> Iterator[tuple[int, Notebook]]:
    """Number each code cell and give it what a run leaves: text, an error with paths of the person's machine, a figure."""
    number = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        number += 1
        error = f"File {HOME}/course/answer.py:1, in sigmoid"
        cell["execution_count"] = number
        cell["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": [f"{HOME}\n", "Right.\n"]},
            {"output_type": "error", "ename": "NameError", "evalue": NAME, "traceback": [error]},
            {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo=", "text/plain": NAME}},
        ]
        yield number, cell


def colab(notebook: Notebook) -> bytes:
    """File, Download .ipynb, of a copy in Drive that was also saved to GitHub. Colab drops the ids and keeps other metadata."""
    made = copy.deepcopy(notebook)
    for number, cell in _ran(made):
        cell["metadata"] |= {
            "colab": {"base_uri": "https://localhost:8080/", "height": 35},
            "outputId": f"a60fc2d2-fe64-4f40-8a13-{number:012d}",
            "executionInfo": {
                "elapsed": 5820,
                "status": "ok",
                "timestamp": 1722608125960 + number,
                "user": {
                    "displayName": NAME,
                    "userId": USER,
                    "photoUrl": f"https://lh5.googleusercontent.com/{PHOTO}/s64/photo.jpg",
                },
                "user_tz": -120,
            },
        }
        if number == 2:
            cell["metadata"]["cellView"] = "form"
        data = cell["outputs"][-1]["data"]
        data["application/vnd.google.colaboratory.intrinsic+json"] = {"type": "string", "summary": NAME}
    for number, cell in enumerate(made["cells"]):
        cell.pop("id", None)
        cell["metadata"]["id"] = f"nWq7cPBc{number:04d}"
        cell["source"] = _lines(cell)
    link = f"https://colab.research.google.com/github/{ACCOUNT}/homework/blob/main/answers.ipynb"
    image = '<img src="https://colab.research.google.com/assets/colab-badge.svg" alt="Open In Colab"/>'
    made["cells"] = [
        {
            "cell_type": "markdown",
            "metadata": {"id": "view-in-github", "colab_type": "text"},
            "source": [f'<a href="{link}" target="_parent">{image}</a>'],
        },
        *made["cells"],
        _empty(metadata={"id": "k7_last_cell"}),
    ]
    metadata = {
        "colab": {
            "provenance": [{"file_id": DRIVE, "timestamp": 1722608125960}],
            "authorship_tag": TAG,
            "include_colab_link": True,
            "mount_file_id": DRIVE,
            "name": f"Copy of {NAME}.ipynb",
            "gpuType": "T4",
            "machine_shape": "hm",
            "toc_visible": True,
            "collapsed_sections": ["nWq7cPBc0003"],
        },
        "accelerator": "GPU",
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"version_major": 2, "state": {"user": NAME}}},
    }
    saved = {"nbformat": 4, "nbformat_minor": 0, "metadata": made["metadata"] | metadata, "cells": made["cells"]}
    return json.dumps(saved, indent=2, ensure_ascii=False).encode()


def vs_code(notebook: Notebook) -> bytes:
    """Its own environment's name in the kernel, the kernel's language, and a cell at the end that was never filled."""
    made = copy.deepcopy(notebook)
    for number, cell in _ran(made):
        if number % 2:
            cell["metadata"]["vscode"] = {"languageId": "python"}
    for cell in made["cells"]:
        cell["source"] = _lines(cell)
    made["cells"].append(_empty(id="1a2b3c4d"))
    made["metadata"] |= {
        "kernelspec": {"display_name": "conda_of_ada", "language": "python", "name": "python3"},
        "language_info": _LANGUAGE,
        "orig_nbformat": 4,
        "vscode": {"interpreter": {"hash": f"{HOME}/venv"}},
    }
    return json.dumps(made, indent=1, ensure_ascii=False).encode()


def jupyterlab_4(notebook: Notebook) -> bytes:
    """With the times of execution recorded, the property inspector used, and cells folded; Notebook 7 saves the same."""
    made = copy.deepcopy(notebook)
    for number, cell in _ran(made):
        at = f"2026-10-20T16:29:{number % 60:02d}.962203Z"
        cell["metadata"]["execution"] = {
            "iopub.execute_input": at,
            "iopub.status.busy": at,
            "iopub.status.idle": at,
            "shell.execute_reply": at,
            "shell.execute_reply.started": at,
        }
        cell["metadata"] |= {"jupyter": {"outputs_hidden": True, "source_hidden": False}, "scrolled": True}
    for cell in made["cells"]:
        cell["metadata"] |= {"editable": True, "slideshow": {"slide_type": ""}, "tags": []}
        cell["source"] = _lines(cell)
    made["cells"].append(_empty(id="0f0e8a2c-5d4f-4f4e-9d3c-8f6b5a4c3d2e"))
    made["metadata"] |= {
        "kernelspec": {"display_name": "Python [conda env:conda_of_ada]", "language": "python", "name": "conda_of_ada"},
        "language_info": _LANGUAGE,
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2, "version_minor": 0}},
    }
    return (json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def notebook_6(notebook: Notebook) -> bytes:
    """The classic notebook: format 4.4, so no ids; its extensions for times, contents and variables; nbgrader's toolbar."""
    made = copy.deepcopy(notebook)
    for _, cell in _ran(made):
        cell["metadata"] |= {
            "ExecuteTime": {"start_time": "2026-10-20T16:29:05Z", "end_time": "2026-10-20T16:29:06Z"},
            "collapsed": True,
            "scrolled": False,
            "hide_input": False,
        }
    for number, cell in enumerate(made["cells"]):
        cell.pop("id", None)
        cell["metadata"]["heading_collapsed"] = not number
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            cell["metadata"] |= {"deletable": False, "editable": False}
        cell["source"] = _lines(cell)
    made["cells"].append(_empty())
    made["metadata"] |= {
        "celltoolbar": "Create Assignment",
        "kernelspec": {"display_name": "Python [conda env:conda_of_ada]", "language": "python", "name": "conda_of_ada"},
        "language_info": _LANGUAGE,
        "toc": {"base_numbering": 1, "nav_menu": {}, "title_cell": "Table of Contents"},
        "varInspector": {"kernels_config": {"python": {"library": f"{HOME}/var_list.py"}}},
    }
    made["nbformat_minor"] = 4
    return (json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _empty(**more: Any) -> Notebook:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": [], **more}


FRONT_ENDS = (
    FrontEnd("Colab", colab, "Copy of {}.ipynb".format),
    FrontEnd("VS Code", vs_code, "{}.ipynb".format),
    FrontEnd("JupyterLab 4", jupyterlab_4, "{}-Copy1.ipynb".format),
    FrontEnd("Notebook 6", notebook_6, "{} (1).ipynb".format),
)
