"""Title and date of a document: what it says of itself is often the name of a template, or the clock of a printer."""

import re
from datetime import UTC, date, datetime

_LONGEST = 200
_NO_TITLE = re.compile(
    r"\.(?:docx?|rtf|odt|indd|qxp|qxd|pdf|pptx?|xlsx?|tex|dvi|ai|html?)\b"
    r"|^microsoft |^(?:untitled|sans titre|unbenannt)",
    re.IGNORECASE,
)
_OPENING = 3_000
"""Characters, in which a text names its own title."""
_WORD = re.compile(r"\w{3,}")
_DATE = re.compile(r"(?:D:)?(\d{4})-?(\d{2})-?(\d{2})")
_FIRST = date(1993, 1, 1)
"""No document that is read here is older."""


def real_title(named: str | None, text: str) -> str | None:
    """Return the title that a file names, where all its words stand at the beginning of its text."""
    title = " ".join((named or "").split())
    words = set(_WORD.findall(title.casefold()))
    if len(words) < 2 or len(title) > _LONGEST or _NO_TITLE.search(title):
        return None
    return title if words <= set(_WORD.findall(text[:_OPENING].casefold())) else None


def real_date(named: str | None, text: str) -> str | None:
    """Return the day on which a file says that it was made, where the text names that year and it is not to come."""
    found = _DATE.match(named or "")
    if found is None or found[1] not in text:
        return None
    try:
        made = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return made.isoformat() if _FIRST < made <= datetime.now(UTC).date() else None
