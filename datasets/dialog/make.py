"""Short pairs (what one person said, what the other replied) from conversations between students."""

import json
import re
from itertools import pairwise
from pathlib import Path

from datasets.recipe import wheel, write_xz

MAX_WORDS = 12
# Nothing that would hurt a class or point to a person: coarse or hateful words, addresses, handles, user names, long numbers.
UNWANTED = re.compile(
    r"""\b(shit|fuck|bitch|asshole|bastard|cunt|dick|pussy|whore|slut|nigg|fag|retard|porn|rap(e|ed|ing|ist)\b)\w*
      | \b(wtf|stfu|lmfao|lmao|hell|ass|sex|sexy|horny|gay|gays|tit|tits|nazis?|hitler|suicide|cocaine|heroin|weed)\b
      | https?: | www\. | \w\.(com|net|org|edu|gov|io|ly)\b
      | @\w
      | \b[a-z]{3,}\d{3,}
      | \d(?:[\s().-]*\d){6,}""",
    re.IGNORECASE | re.VERBOSE,
)

conversations = json.loads((wheel("chitchat-dataset==0.9.0") / "chitchat_dataset/dataset.json").read_text("utf-8"))


def turns(conversation: dict) -> list[str]:
    """What each speaker said before the other answered, as one line."""
    return [" ".join(" ".join(m["text"].strip() for m in turn).split()) for turn in conversation["messages"]]


def is_short(text: str) -> bool:
    return 1 <= len(text.split()) <= MAX_WORDS


pairs = dict.fromkeys(  # in order, each pair once
    (said, replied)
    for conversation in conversations.values()
    for said, replied in pairwise(turns(conversation))
    if is_short(said) and is_short(replied) and not UNWANTED.search(f"{said}\n{replied}")
)
print(len(pairs), "pairs")
lines = ["said\treplied", *("\t".join(pair) for pair in pairs)]
write_xz(Path(__file__).with_name("dialog.tsv.xz"), "\n".join(lines) + "\n")
