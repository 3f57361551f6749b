"""Plain text and Markdown: the article as it stands."""

from .readers import LoadedText
from .text_encoding import decode


def read_text(raw: bytes, name: str, charset: str | None) -> LoadedText:
    """Return the text, decoded. Raises `SourceError` where it is none."""
    decoded = decode(raw, name, charset)
    return LoadedText(decoded.text, decoded.warnings)
