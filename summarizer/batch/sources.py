"""The sources of a run, how they are read (at once, or in a thread where that could take long), and their results."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ..errors import SourceError
from ..foreign_json import read_json
from ..loading import load_all, load_text, without_credentials
from ..schema import Article, Failure, Summary

_FAST = frozenset((".txt", ".text", ".md", ".markdown"))  # read in less time than it takes to start a thread


class Address(NamedTuple):
    """The location of an article, as a user types it: a URL, or `-`."""

    where: str


class Row(NamedTuple):
    """A line of JSON Lines: an object with `text`, and optionally with `id`, `title` and `published`."""

    line: bytes | str
    where: str
    """File and line number: the name of an article without `id`."""


Source = str | Path | Article | Address | Row
"""A `str` is a text, a `Path` a file."""


class Result(NamedTuple):
    """What became of one source."""

    article: Article | None
    """None where it could not be read, or was completed before and not read."""
    outcome: Summary | Failure | None
    """None for an article that was completed before."""


def read(source: Source) -> Article | None:
    """Return the article of a source, None where reading it could take long. Raises `SourceError`."""
    if isinstance(source, Article):
        return source
    if isinstance(source, Row):
        return _of_row(source)
    if isinstance(source, str):
        return Article.from_text(source)
    if isinstance(source, Path) and source.suffix.lower() in _FAST:
        return load_text(source)
    return None


def read_slowly(source: Source, *, allow_private: bool = False) -> tuple[Article, ...]:
    """Return the articles of a source that has to be fetched or taken apart: for a thread. Raises `SourceError`.

    A feed has as many as it has entries, anything else has one.
    """
    if isinstance(source, Path):
        return load_all(source)
    if isinstance(source, Address):
        return load_all(source.where, allow_private=allow_private)
    raise TypeError(f"a text, a path or an article is needed, not {type(source).__name__}")


def name_of(source: Source) -> str:
    """Return how a failure names a source that could not be read."""
    if isinstance(source, Address):
        return without_credentials(source.where)
    if isinstance(source, Row):
        try:
            return _identifier(_fields(source)) or source.where
        except SourceError:
            return source.where
    return str(source) if isinstance(source, Path) else "text"


def rows(file: BinaryIO, where: str) -> Iterator[Row]:
    """Yield the lines of a JSON Lines file that are not blank."""
    for number, line in enumerate(file, start=1):
        if not line.isspace():
            yield Row(line, f"{where}:{number}")


def _of_row(row: Row) -> Article:
    fields = _fields(row)
    text = fields.get("text")
    if not isinstance(text, str):
        raise SourceError(f'{row.where} has no "text": give each line as {{"id": …, "text": …}}')
    article = Article.from_text(text.replace("\r\n", "\n").replace("\r", "\n"), source=_identifier(fields) or row.where)
    known = {key: fields[key] for key in ("title", "published") if isinstance(fields.get(key), str) and fields[key]}
    return article.model_copy(update=known) if known else article


def _fields(row: Row) -> dict[str, Any]:
    try:
        fields = read_json(row.line)
    except ValueError as error:
        raise SourceError(f"{row.where} is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise SourceError(f'{row.where} is no JSON object: give each line as {{"id": …, "text": …}}')
    for key, value in fields.items():
        if isinstance(value, str) and not value.isascii():  # JSON can express lone surrogates, which UTF-8 cannot
            fields[key] = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return fields


def _identifier(fields: dict[str, Any]) -> str | None:
    found = fields.get("id")
    return str(found) if isinstance(found, str | int) and str(found).strip() else None
