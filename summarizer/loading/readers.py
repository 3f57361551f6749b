"""What every reader gives, whatever it reads; `kinds` holds the table of them."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

PLAIN = "save the article as plain text (.txt or .md), or pipe its text in with `-`"
"""What to do with a source that nobody here reads."""


class LoadedText(NamedTuple):
    """A text, what its source says of it, and what a person should know of how it was read."""

    text: str
    warnings: tuple[str, ...] = ()
    title: str | None = None
    published: str | None = None
    """ISO 8601."""
    language: str | None = None
    """BCP 47."""
    author: str | None = None
    site: str | None = None


class FeedEntry(NamedTuple):
    """One of the articles in a source that holds several."""

    id: str
    """What tells it from the others, from one day to the next."""
    read: LoadedText


Reader = Callable[[bytes, str, str | None], LoadedText]
"""Bytes, the name of where they came from for messages, the charset that the transport declares → what was read.

Raises `SourceError`, and nothing else, whatever the bytes are.
"""

Splitter = Callable[[bytes, str, str | None], tuple[FeedEntry, ...]]
"""The same for a source that holds several articles."""


def without_credentials(address: str) -> str:
    """Return an address without the name and password that may stand in it: they are for nobody to see."""
    scheme, mark, rest = address.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{mark}{place.rpartition('@')[2]}{slash}{path}" if mark else address


def printable(path: Path | str) -> str:
    """Return a path as text that can be printed and written as UTF-8, whatever bytes its name is made of."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
