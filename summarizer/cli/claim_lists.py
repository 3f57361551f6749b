"""What `check` is given: articles with their claims, named in pairs or on the lines of JSON Lines."""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ..batch.sources import Row, article_of, fields_of, identifier_of, name_of, rows
from ..errors import ConfigError, SourceError
from ..loading import STANDARD_INPUT, SUFFIXES, is_address, load, without_credentials
from ..loading.text_encoding import decode
from ..schema import Article
from .inputs import JSON_LINES

_LONGEST_NAME = 255
_ROW = 'give each line as {"article": "…", "claims": ["…"]}'


class Pair(NamedTuple):
    """An article with its claims, not read yet."""

    source: str
    where: str
    """The line of a list, empty for names of a command line."""
    read: Callable[[], tuple[Article, Any]]
    """Return the article, and claims as `verdicts_of` takes them. Raises `SourceError`."""


def pairs(names: Sequence[str], *, allow_private: bool) -> tuple[Iterator[Pair], bool]:
    """Return the pairs of a command line, and whether there may be many. Raises `ConfigError` for a name too few."""
    if names.count(STANDARD_INPUT) > 1:
        raise ConfigError("standard input can be read once only: give `-` once")
    parts: list[tuple[str, str | None]] = []
    left = list(names)
    while left:
        name = left.pop(0)
        is_list = Path(name).suffix.lower() in JSON_LINES or (name == STANDARD_INPUT and not left)
        if not is_list and not left:
            raise ConfigError(f"{name!r} has no claims: give each article with its claims, as in a.txt claims-of-a.txt")
        parts.append((name, None if is_list else left.pop(0)))
    load_article = partial(load, allow_private=allow_private)
    made = (pair for name, claims in parts for pair in _of_part(name, claims, load_article))
    return made, len(parts) > 1 or parts[0][1] is None


def _of_part(name: str, claims: str | None, load_article: Callable[[Path | str], Article]) -> Iterator[Pair]:
    if claims is not None:
        source = name if is_address(name) or name == STANDARD_INPUT else Path(name)
        shown = without_credentials(name) if is_address(name) else name
        yield Pair(shown, "", lambda: (load_article(source), _claims_of(claims)))
        return
    for row in _rows(name):
        yield Pair(name_of(row), row.where, partial(_read_row, row, Path(name).parent, load_article))


def _claims_of(name: str) -> str:
    """Read the claims from a file or standard input. Raises `SourceError`."""
    if name == STANDARD_INPUT:
        return load(STANDARD_INPUT).text
    try:
        return decode(Path(name).read_bytes(), name).text
    except OSError as error:
        raise SourceError(f"cannot read the claims {name!r}: {error.strerror}; check the path") from error


# --- JSON Lines ------------------------------------------------------------------------------------------------------


def _rows(name: str) -> Iterator[Row]:
    if name == STANDARD_INPUT:
        yield from rows(sys.stdin.buffer, "standard input")
        return
    try:
        with Path(name).open("rb") as file:
            yield from rows(file, name)
    except OSError as error:
        raise SourceError(f"cannot read the list {name!r}: {error.strerror}; check the path") from error


def _read_row(row: Row, folder: Path, load_article: Callable[[Path | str], Article]) -> tuple[Article, Any]:
    fields = fields_of(row)
    article, claims = _article_of(fields, row.where, folder, load_article), _checked(fields.get("claims"), row.where)
    identifier = identifier_of(fields)
    return article.model_copy(update={"source": identifier}) if identifier else article, claims


def _checked(claims: Any, where: str) -> str | list[Any] | dict[str, Any]:
    if claims is None:
        raise SourceError(f'{where} has no "claims": {_ROW}')
    if not isinstance(claims, str | list | dict):
        raise SourceError(f'{where}: "claims" is neither a list, an object nor a text: {_ROW}')
    return claims


def _article_of(
    fields: dict[str, Any], where: str, folder: Path, load_article: Callable[[Path | str], Article]
) -> Article:
    """Return the article of a row: an object with `text`, a URL, a path, or its text."""
    given = fields.get("article", fields if "text" in fields else None)
    if isinstance(given, dict):
        return article_of({**fields, **given}, where)
    if not isinstance(given, str) or not given.strip():
        raise SourceError(f'{where} has no "article": {_ROW}')
    if is_address(given) and not any(map(str.isspace, given)):
        return load_article(given)
    if (path := _path_of(given, folder, where)) is not None:
        return load_article(path)
    return article_of({**fields, "text": given}, where)


def _path_of(given: str, folder: Path, where: str) -> Path | None:
    """Return the file that is meant, beside the list or in the working directory; None for the text of an article."""
    if "\n" in given or len(given) > _LONGEST_NAME:
        return None
    if found := next((path for path in (folder / given, Path(given)) if path.is_file()), None):
        return found
    suffix = Path(given).suffix.lower()
    if suffix and suffix in SUFFIXES and not any(map(str.isspace, given)):
        raise SourceError(f"{where}: there is no file {given!r}; give a path as seen from the list, or the text itself")
    return None
