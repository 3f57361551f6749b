"""The patterns of `markup_patterns.toml`, each compiled on first use."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

_FRAMES = {  # the pattern around the phrases of a table
    "elsewhere": r"^\W*(?:{})",
    "noise": r"^\W*(?:{})\W*$",
    "share": r"^\W*(?:{})\W*$",
    "subject_prefix": r"^(?:\s*(?:{})\s*(?:\[\d+\])?\s*:)+\s*",
    "quote_header": r"^[^\n]{{0,300}}\b(?:{})\s*:\s*$",
}
_NAME = r"(?:^|[\s_-])(?:{})(?:$|[\s_-])"
_CLASS = r"(?:^|\s)(?:{})(?:$|\s)"
_FRAMES_OF_NAMES = {"boilerplate": _NAME, "comments": _NAME, "unseen": _CLASS}


@cache
def phrases(table: str) -> re.Pattern[str]:
    """Return the pattern of the phrases of a table, in all languages."""
    alternatives = (pattern for language in _tables()[table].values() for pattern in language)
    return _compiled(_FRAMES.get(table, "{}"), alternatives)


@cache
def names(row: str) -> re.Pattern[str]:
    """Return the pattern of the class names, ids and roles in a row of `names`."""
    return _compiled(_FRAMES_OF_NAMES.get(row, "{}"), _tables()["names"][row])


def _compiled(frame: str, alternatives: Iterable[str]) -> re.Pattern[str]:
    return re.compile(frame.format("|".join(alternatives)), re.IGNORECASE)


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "markup_patterns.toml").read_text(encoding="utf-8"))
