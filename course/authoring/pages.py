"""The two cells that no author writes: the title cell, from the front matter, and the set-up cell."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from course.authoring.source import Front
from course.errors import GivenError

# The same in every notebook but for the chapter's name. Where the course is installed, the cell does no more than import
# it and needs no network. Elsewhere it installs the branch's archive, which needs no git, for the kernel's own Python:
# pip adds what is missing, and leaves what is there. What goes wrong is said in one line, as IPython shows this error.
SETUP_TEMPLATE = """\
try: import course
except ImportError:  # not here, as on Colab: install it; no package that is here changes
    import IPython, subprocess, sys
    pip = "-m pip install -q --no-color --disable-pip-version-check {archive}".split()
    done = subprocess.run([sys.executable, *pip], capture_output=True, text=True)
    why = "no network" if "connection broken" in done.stderr else done.stderr.strip().split("\\n")[-1]
    if done.returncode: raise IPython.core.error.UsageError("the course cannot be installed: " + why)
from course import check, data, plots, setup
scale = setup("{chapter}")"""

BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
_COLAB = "https://colab.research.google.com/github/{path}/blob/{branch}/{room}/{chapter}/{chapter}.ipynb"


@dataclass(frozen=True)
class Address:
    """Where the course is published: `[tool.course]` in pyproject.toml."""

    repository: str
    branch: str

    @property
    def archive(self) -> str:
        """All files of the branch, as GitHub packs them."""
        return f"{self.repository}/archive/refs/heads/{self.branch}.zip"


def read_address(root: Path) -> Address:
    path = root / "pyproject.toml"
    try:
        course = tomllib.loads(path.read_text(encoding="utf-8"))["tool"]["course"]
        return Address(course["repository"].rstrip("/").removesuffix(".git"), course["branch"])
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise GivenError(
            f"{path} does not say where the course is published ({error!r}): "
            'write [tool.course] with repository = "https://github.com/OWNER/REPOSITORY" and branch = "main"'
        ) from None


def setup_source(chapter: str, address: Address) -> str:
    return SETUP_TEMPLATE.format(chapter=chapter, archive=address.archive)


def badge(room: str, chapter: str, address: Address) -> str:
    """The "Open in Colab" badge of a built notebook in `room` ("lessons" or "assignments")."""
    return f"[![Open in Colab]({BADGE})]({colab_link(room, chapter, address)})"


def colab_link(room: str, chapter: str, address: Address) -> str:
    path = address.repository.removeprefix("https://github.com/")
    return _COLAB.format(path=path, branch=address.branch, room=room, chapter=chapter)


def lesson_title(chapter: str, front: Front, address: Address) -> str:
    facts = {
        "You need": front.needs,
        "Time": _minutes(front, {"read": "to read", "run": "to run"}),
        "Data": ", ".join(f"`{name}`" for name in front.data),
    }
    blocks = [_heading(chapter, front), badge("lessons", chapter, address), front.shows, _facts(facts)]
    if front.claims:
        count = len(front.claims)
        stated = f"{count} numbers" if count > 1 else "One number"
        summary = f"{stated} stated in this lesson, measured anew on every run"
        blocks.append(f"<details><summary>{summary}</summary>\n\n{_claims_table(front)}\n\n</details>")
    return "\n\n".join(block for block in blocks if block)


def assignment_title(chapter: str, front: Front, address: Address, exercises: int, points: float) -> str:
    facts = {
        "You need": front.needs or f"Lesson {number(chapter)}",
        "Time": _minutes(front, {"work": "of work"}),
        "Exercises": str(exercises),
        "Points": f"{points:g}",
    }
    blocks = [_heading(chapter, front), badge("assignments", chapter, address), front.shows, _facts(facts)]
    return "\n\n".join(block for block in blocks if block)


def _claims_table(front: Front) -> str:
    """The claims with their values; in a second column those at the scale of a GPU or a TPU, where some differ there."""
    scales = ["cpu", *(["gpu"] if any(claim.scales for claim in front.claims) else [])]
    heads = {"cpu": "Value", "gpu": "With a GPU or TPU"}
    rows = [["Measured", *(heads[scale] for scale in scales)], [":--"] * (1 + len(scales))]
    for claim in front.claims:
        there = [claim.at(scale) for scale in scales]
        rows.append([claim.text, *(f"{c.value:g} ± {c.tolerance:g}" for c in there)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def number(chapter: str) -> str:
    """ "2" for "02_layers"."""
    return chapter.partition("_")[0].lstrip("0") or "0"


def _heading(chapter: str, front: Front) -> str:
    return f"# {number(chapter)}. {front.title}"


def _minutes(front: Front, words: dict[str, str]) -> str:
    parts = [f"{front.minutes[key]:g} min {word}" for key, word in words.items() if key in front.minutes]
    return ", ".join(parts)


def _facts(facts: dict[str, str]) -> str:
    known = {name: fact for name, fact in facts.items() if fact}
    if not known:
        return ""
    rows = (known, ["---"] * len(known), known.values())
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
