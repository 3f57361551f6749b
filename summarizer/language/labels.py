"""The labels of a language, read without the rest of its lexicon: what prints a remembered summary needs no more."""

import re
from importlib.resources import files
from typing import Any


def labels(tag: str) -> dict[str, Any] | None:
    """Return the section `labels` of the lexicon of a language (BCP 47), None where it has none."""
    import tomllib  # imported here: JSON needs no label

    primary = tag.partition("-")[0].lower()
    file = files(__package__) / "lexicons" / f"{primary}.toml"
    if not re.fullmatch("[a-z]{2,3}", primary) or not file.is_file():  # a tag may be anything
        return None
    section = re.search(r"^\[labels\]\n(.*?)(?=^\[|\Z)", file.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return tomllib.loads(section[1]) if section else None
