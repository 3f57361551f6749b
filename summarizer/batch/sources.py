"""The sources of a run, how they are read (at once, or in a thread where that could take long), and their results."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ..errors import SourceError
from ..foreign_json import read_json
from ..loading import Address, from_string, load_all, load_text, without_credentials
from ..loading.text_encoding import decode, lines_of
from ..schema import Article, Failure, Summary

_CHUNK = 1 << 16
_FAST = frozenset((".txt", ".text", ".md", ".markdown"))  # read in less time than it takes to start a thread
_ISO_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])([T ]\d{2}:?\d{2}.*)?)?)?$")


class Row(NamedTuple):
    """A line of JSON Lines: an object with `text`, and optionally with `id`, `title` and `published`."""

    line: bytes | str
    where: str
    """File and line number: the name of an article without `id`."""


class Unnamed(NamedTuple):
    """A text, or what should be one, without a name of its own: its place in the list serves as one."""

    text: object
    place: int


Source = str | Path | Article | Address | Row | Unnamed
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
        return article_of(fields_of(source), source.where)
    if isinstance(source, Unnamed):
        return _of_unnamed(source.text)
    if isinstance(source, str):
        return from_string(source)
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
            return identifier_of(fields_of(source)) or source.where
        except SourceError:
            return source.where
    if isinstance(source, Unnamed):
        return str(source.place)
    return str(source) if isinstance(source, Path) else "text"


def placed(sources: Iterable[object]) -> Iterator[Source]:
    """Yield sources; one without a name of its own gets its place, from 0."""
    for place, source in enumerate(sources):
        if isinstance(source, Path | Address | Row) or (isinstance(source, Article) and source.source):
            yield source
        else:
            yield Unnamed(source, place)


def rows(file: BinaryIO, where: str) -> Iterator[Row]:
    """Yield the lines of a JSON Lines file that are not blank."""
    for number, line in enumerate(lines_of(iter(partial(file.read, _CHUNK), b"")), start=1):
        if line.strip():
            yield Row(line, f"{where}:{number}")


def _of_unnamed(text: object) -> Article:
    if isinstance(text, Article):
        return text
    if isinstance(text, str):
        return from_string(text)
    found = f"{text!r:.60}"
    raise SourceError(f"a text, a path or an article is needed, not {found} ({type(text).__name__}): leave it out")


def article_of(fields: Mapping[str, Any], where: str) -> Article:
    """Return the article of an object with `text`, named by its `id` or by where it stands. Raises `SourceError`."""
    text = fields.get("text")
    if not isinstance(text, str):
        raise SourceError(f'{where} has no "text": give each line as {{"id": …, "text": …}}')
    article = Article.from_text(text.replace("\r\n", "\n").replace("\r", "\n"), source=identifier_of(fields) or where)
    known: dict[str, Any] = {
        key: fields[key] for key in ("title", "published") if isinstance(fields.get(key), str) and fields[key]
    }
    if "published" in known and not _ISO_DATE.match(known["published"]):
        known["warnings"] = (f"published: {known.pop('published')!r:.60} is not a date as in 2026-11-30, and left out",)
    return article.model_copy(update=known) if known else article


def fields_of(row: Row) -> dict[str, Any]:
    """Return the object on a line. Raises `SourceError`."""
    try:
        fields = read_json(_text_of(row))
    except ValueError as error:
        raise SourceError(f"{row.where} is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise SourceError(f'{row.where} is no JSON object: give each line as {{"id": …, "text": …}}')
    for key, value in fields.items():
        if isinstance(value, str) and not value.isascii():  # JSON can express lone surrogates, which UTF-8 cannot
            fields[key] = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return fields


def _text_of(row: Row) -> str:
    """Return the text of a line, which may be in a code page as that of a file may."""
    if isinstance(row.line, str):
        return row.line
    try:
        return row.line.decode()
    except UnicodeDecodeError:
        return decode(row.line, row.where).text


def identifier_of(fields: Mapping[str, Any]) -> str | None:
    """Return the `id` of an object as text, None without one."""
    found = fields.get("id")
    return str(found) if isinstance(found, str | int) and str(found).strip() else None
