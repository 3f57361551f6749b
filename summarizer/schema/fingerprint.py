"""A fingerprint of the JSON schema that a model is given: part of every cache key.

It is taken from the source text, which is read a hundred times faster than pydantic generates the schema: a summary
from the cache needs nothing else of it.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from .draft import Draft

SOURCES = ("base.py", "draft.py")
"""The files that shape the JSON schema of `Draft`."""


@cache
def draft_fingerprint() -> str:
    """Return the SHA-256 of all that shapes the JSON schema of `Draft`."""
    return fingerprint_of(Path(__file__).parent)


def fingerprint_of(folder: Path) -> str:
    """Return the SHA-256 of the sources in a folder; of the schema itself where they are not installed."""
    try:
        text = "".join((folder / name).read_text(encoding="utf-8") for name in SOURCES)
    except OSError:
        text = json.dumps(Draft.model_json_schema(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
