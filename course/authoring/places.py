"""Where a chapter's files are."""

from pathlib import Path


def known_chapters(root: Path) -> list[str]:
    """Every chapter that has a source in lessons/ or solutions/, in order."""
    found = {path.stem for room in ("lessons", "solutions") for path in (root / room).glob("*/*.py")}
    return sorted(
        name for name in found if any(source_path(root, room, name).is_file() for room in ("lessons", "solutions"))
    )


def source_path(root: Path, room: str, chapter: str) -> Path:
    return root / room / chapter / f"{chapter}.py"


def notebook_path(root: Path, room: str, chapter: str) -> Path:
    return root / room / chapter / f"{chapter}.ipynb"
