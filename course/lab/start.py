"""Starting JupyterLab in a checkout, with the start page."""

import os
from collections.abc import Sequence
from pathlib import Path


def start_lab(root: Path, options: Sequence[str] = ()) -> None:
    """Serve the checkout until it is stopped. options: Jupyter's own, which come after ours."""
    from jupyterlab.labapp import LabApp

    ours = [
        "--ServerApp.jpserver_extensions=course.lab=True",
        f"--ServerApp.root_dir={root}",
        "--LabApp.default_url=/course",
        "--log-level=WARN",  # the address, which is told whatever the level, would be lost among forty lines
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container, where there is nobody else
        ours.append("--allow-root")
    LabApp.launch_instance([*ours, *options])
