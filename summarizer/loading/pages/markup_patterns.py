"""The patterns of `markup_patterns.toml`, each compiled when it is first asked for."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

_FRAMES = {  # what a pattern of a table has around it
    "elsewhere": r"^\W*(?:{})",
    "noise": r"^\W*(?:{})\W*$",
    "share": r"^\W*(?:{})\W*$",
}
_NAME = r"(?:^|[\s_-])(?:{})(?:$|[\s_-])"
_CLASS = r"(?:^|\s)(?:{})(?:$|\s)"
_FRAMES_OF_NAMES = {"furniture": _NAME, "comments": _NAME, "unseen": _CLASS}


@cache
def phrases(table: str) -> re.Pattern[str]:
    """Return what matches the phrases of a table, in all its languages."""
    alternatives = (pattern for language in _tables()[table].values() for pattern in language)
    return _compiled(_FRAMES.get(table, "{}"), alternatives)


@cache
def names(row: str) -> re.Pattern[str]:
    """Return what matches the names of classes, ids and roles in a row of `names`."""
    return _compiled(_FRAMES_OF_NAMES.get(row, "{}"), _tables()["names"][row])


def _compiled(frame: str, alternatives: Iterable[str]) -> re.Pattern[str]:
    return re.compile(frame.format("|".join(alternatives)), re.IGNORECASE)


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "markup_patterns.toml").read_text(encoding="utf-8"))
