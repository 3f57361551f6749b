"""What every reader returns, whatever format it reads; `source_formats` holds the table of them."""

from typing import NamedTuple

SAVE_AS_TEXT = "save the article as plain text (.txt or .md), or pipe its text in with `-`"
"""What to do with a source that cannot be read."""


class LoadedText(NamedTuple):
    """A text, the metadata of its source, and warnings on how it was read."""

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
    """One article of a source that holds several."""

    id: str
    """Unique in the source, and the same each time it is read."""
    loaded: LoadedText
