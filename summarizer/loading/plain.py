"""Plain text and Markdown: the article as it stands."""

from .decoding import decode
from .reading import Read


def read_text(raw: bytes, name: str, charset: str | None) -> Read:
    """Return the text, decoded. Raises `SourceError` where it is none."""
    decoded = decode(raw, name, charset)
    return Read(decoded.text, decoded.warnings)
