"""Run by otter's own Python: grade the notebooks that are named on the command line, one after another.

    python otter_worker.py AUTOGRADER_ZIP OUT NOTEBOOK...

otter's programmatic interface, in one process for many submissions, so that otter is imported once. Each result is
written to OUT/<student>.json as soon as it is there.
"""

import json
import sys
from pathlib import Path

from otter.api import grade_submission


def main(autograder: str, out: str, notebooks: list[str]) -> None:
    sys.argv[1:] = []  # otter starts a server that reads the command line
    for notebook in notebooks:
        results = grade_submission(notebook, autograder, quiet=True)
        student = Path(notebook).parent.parent.name
        (Path(out) / f"{student}.json").write_text(
            json.dumps({"points": results.total, "max_points": results.possible})
        )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
