"""How results become one document: separated texts, lines, one JSON array, or one table."""

from ...errors import ConfigError
from ...rendering import Format, Layout


class Document:
    """Joins rendered results; returns what is to be written next."""

    def __init__(self, format: Format, *, many: bool) -> None:
        self._format = format
        self._many = many
        self._count = 0
        self._single: str | None = None
        """The only JSON object so far; it becomes the first element of an array if another one follows."""

    def add(self, text: str) -> str:
        """Return what to write for one more result. Raises `ConfigError` where a document holds only one."""
        layout = self._format.layout
        if layout is Layout.ARRAY:
            return self._add_element(text)
        if self._count and layout is Layout.PAGE:
            raise only_one_page()
        if self._count and layout is Layout.TABLE:
            text = text.partition("\n")[2]  # without another header
        separator = self._format.separator if self._count else ""
        self._count += 1
        return separator + text

    def end(self) -> str:
        """Return what to write at the end."""
        if self._format.layout is Layout.ARRAY and self._many:
            return "\n]\n" if self._count else "[]\n"
        return self._single or ""

    def _add_element(self, text: str) -> str:
        if not self._many and self._single is None:
            self._single = text
            return ""
        if not self._many and self._single is not None:
            self._many = True
            return self._add_element(self._single) + self._add_element(text)
        opening = ",\n" if self._count else "[\n"
        self._count += 1
        return opening + text.rstrip("\n")


def only_one_page() -> ConfigError:
    """Return the error of several web pages in one document: a browser would show the first only."""
    return ConfigError("html makes a page for each article: give a folder for them, such as -o pages/")
