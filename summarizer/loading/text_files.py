"""Plain text and Markdown, as they stand."""

from .loaded_text import LoadedText
from .text_encoding import decode


def parse(raw: bytes, name: str, charset: str | None) -> LoadedText:
    """Decode a text. Raises `SourceError` for binary data."""
    decoded = decode(raw, name, charset)
    return LoadedText(decoded.text, decoded.warnings)
