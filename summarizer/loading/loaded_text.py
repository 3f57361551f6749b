"""What every reader returns, whatever format it reads; `source_formats` holds the table of them."""

from typing import NamedTuple

from ..errors import SourceError

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


def damaged(name: str, document: str, error: Exception, advice: str) -> SourceError:
    """Return the error for a document whose parser failed with `error`."""
    reason = str(error).partition("\n")[0][:100] or type(error).__name__
    return SourceError(f"cannot read {name!r}: the {document} is damaged ({reason}); {advice}, or {SAVE_AS_TEXT}")
