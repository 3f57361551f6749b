"""The title of a plain text or Markdown article."""

import re

LONGEST = 200
"""Maximum length of a title in characters: a longer first line is a paragraph."""

_HEADING = re.compile(r"\A\s*#{1,2}\s+(?P<title>\S.*?)\s*#*\s*(?:\n|\Z)|\A\s*(?P<under>\S.*)\n[=-]{3,}\s*\n")


def find_title(text: str) -> str | None:
    """Return the Markdown heading, or the first line if it looks like a title, else None.

    A first line looks like a title if something follows it, it is short, and it does not end in the middle of a
    sentence.
    """
    if heading := _HEADING.match(text):
        return heading["title"] or heading["under"].strip()
    first, _, rest = text.lstrip().partition("\n")
    first = first.strip()
    if not rest.strip() or not first or len(first) > LONGEST:
        return None
    return None if first.endswith((",", ";", "-")) else first
