"""`load(source) -> Article`: fetch the bytes of a source, detect their format, parse them, and build the article.

files, web      read bytes                     source_formats  the table of formats, and the parser of each
text_encoding   bytes → text                   sandbox         a parser in a process of its own
loaded_text     what parsers return            markup          what the readers of HTML share
pages, pdf, docx, mail, feeds                  the parsers

A text is decoded once, its line ends become `\\n`, and it is never edited again: every offset indexes it.
"""

import re
from contextlib import AbstractContextManager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlsplit

from ..errors import SourceError, about
from .files import LARGEST, printable, read_file, read_standard_input, without_credentials
from .loaded_text import FeedEntry, LoadedText
from .source_formats import FEEDS, HEAD, SUFFIXES, TEXT, SourceFormat, detect

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..schema import Article
    from .web import FetchedPage

__all__ = [
    "FEEDS",
    "LARGEST",
    "STANDARD_INPUT",
    "SUFFIXES",
    "Address",
    "aload",
    "aload_all",
    "from_string",
    "holds_several",
    "is_address",
    "load",
    "load_all",
    "load_text",
    "printable",
    "without_credentials",
]

STANDARD_INPUT = "-"
_T = TypeVar("_T")


class Address(NamedTuple):
    """The location of an article, as a user types it: a URL, or `-` for standard input."""

    where: str


def load(source: Path | str, *, allow_private: bool = False) -> "Article":
    """Load the article of a file, of a URL, or of standard input where `source` is "-".

    `allow_private` lets a URL be on a private network. Raises `SourceError` when there is no such source, it has no
    text, its format is not read, or it holds several articles.
    """
    with _naming(source):
        return _read(source, allow_private).only()


async def aload(source: str, *, allow_private: bool = False) -> "Article":
    """Load the article of a URL, as `load`, without blocking the event loop."""
    with _naming(source):
        return await _fetched_and_parsed(_SourceContent.only, source, allow_private)


def from_string(text: str) -> "Article":
    """Make an article of a text. Raises `SourceError` for a blank one, and for the name of a file or an address."""
    from ..schema import Article

    if text.strip() and len(text) <= _LONGEST_NAME and "\n" not in text.strip():
        _refuse_name(text.strip())
    return Article.from_text(text)


def load_all(source: Path | str, *, allow_private: bool = False) -> "tuple[Article, ...]":
    """Load all articles of a source, in its order: the entries of a feed, one of anything else. Raises as `load`."""
    with _naming(source):
        return _read(source, allow_private).articles()


async def aload_all(source: str, *, allow_private: bool = False) -> "tuple[Article, ...]":
    """Load all articles of a URL, as `load_all`, without blocking the event loop."""
    with _naming(source):
        return await _fetched_and_parsed(_SourceContent.articles, source, allow_private)


async def _fetched_and_parsed(parse: "Callable[[_SourceContent], _T]", source: str, allow_private: bool) -> _T:
    import asyncio  # imported here: a process that reads files only starts faster without it

    from .web import fetch

    fetched = await fetch(source, allow_private=allow_private)
    return await asyncio.to_thread(lambda: parse(_fetched_content(source, fetched)))


def is_address(source: str) -> bool:
    """Return whether a source is a URL of any scheme."""
    return _ADDRESS.match(source) is not None


def load_text(path: Path) -> "Article | None":
    """Load a file of plain text, as `load`; None for any other format, which can take long to parse."""
    with _naming(path):
        content = _read(path, allow_private=False)
        return content.articles()[0] if content.format is TEXT else None


def holds_several(path: Path) -> bool:
    """Return whether a file may hold several articles, as a feed does. Reads its beginning only, and never raises."""
    try:
        if not path.is_file():  # opening a FIFO would block until somebody writes to it
            return False
        with path.open("rb") as file:
            return detect(file.read(HEAD), path.suffix).several
    except (OSError, ValueError):
        return False


def _naming(source: Path | str) -> AbstractContextManager[None]:
    return about(without_credentials(printable(source)))


_LONGEST_NAME = 1_000
_WEB_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]+://|www\.)\S+", re.IGNORECASE)


def _refuse_name(line: str) -> None:
    """Refuse a line that is not an article but says where one is."""
    if _WEB_ADDRESS.fullmatch(line):
        address = line if is_address(line) else f"https://{line}"
        raise SourceError(f"{line!r} is an address, not the text of an article: give load({address!r})")
    path = Path(line)
    with suppress(OSError, ValueError):  # no name of a file
        if path.is_dir():
            raise SourceError(f"{line!r} is a folder, not the text of an article: give Path(…) of a file in it")
        if path.exists() or (path.suffix.lower() in SUFFIXES and path.suffix and " " not in line):
            raise SourceError(f"{line!r} is the name of a file, not the text of an article: give Path({line!r})")
    if not _has_words(line):
        raise SourceError(f"{line!r} has no words in it: give an article with at least one sentence")


# --- content and its format -----------------------------------------------------------------------------------------

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)


class _SourceContent(NamedTuple):
    """The bytes of a source, and what is known of them."""

    raw: bytes
    format: SourceFormat
    name: str
    """The `source` of the article."""
    shown: str
    """The source in messages."""
    charset: str | None = None
    warnings: tuple[str, ...] = ()

    def articles(self) -> "tuple[Article, ...]":
        """Parse all articles; never empty. Raises `SourceError`."""
        parsed = self.format.parse(self.raw, self.shown, self.charset)
        if isinstance(parsed, LoadedText):
            articles: tuple[Article, ...] = (_article(parsed, self.name, self.shown),)
        else:
            articles = _feed_articles(parsed, self.name, self.shown)
        return tuple(_with_warnings(article, self.warnings) for article in articles)

    def only(self) -> "Article":
        """Parse the only article. Raises `SourceError`, also where there are several."""
        first, *others = self.articles()
        if others:
            raise SourceError(
                f"cannot read {self.shown!r} as one article: it is {self.format.name} of {len(others) + 1}; "
                "give it to the command, to summarize_many(), or to load_all()"
            )
        return first


def _read(source: Path | str, allow_private: bool) -> _SourceContent:
    if str(source) == STANDARD_INPUT:
        raw = read_standard_input()
        return _SourceContent(raw, detect(raw), STANDARD_INPUT, "standard input")
    if isinstance(source, str) and _ADDRESS.match(source):
        from .web import fetch_now

        return _fetched_content(source, fetch_now(source, allow_private=allow_private))
    name = printable(source)
    path = Path(source)
    raw = read_file(path, name)
    return _SourceContent(raw, detect(raw, path.suffix), name, name)


def _fetched_content(address: str, fetched: "FetchedPage") -> _SourceContent:
    from .web import refuse_media

    name = without_credentials(address)
    suffix = PurePosixPath(urlsplit(fetched.url).path).suffix
    format = detect(fetched.raw, suffix, fetched.media_type)
    if format is TEXT:
        refuse_media(fetched.media_type, name)
    return _SourceContent(fetched.raw, format, name, name, fetched.charset, fetched.warnings)


# --- articles -------------------------------------------------------------------------------------------------------


def _feed_articles(entries: tuple[FeedEntry, ...], name: str, shown: str) -> "tuple[Article, ...]":
    """Build the articles of a feed; a warning on the first says how many entries without text were left out."""
    kept = [entry for entry in entries if _has_words(entry.loaded.text)]
    if not kept:
        raise SourceError(f"cannot summarize {shown!r}: there is no article in it; look at it, and try again later")
    articles = [_article(entry.loaded, f"{name}#{entry.id}", shown) for entry in kept]
    if missing := len(entries) - len(kept):
        note = f"{missing} of {len(entries)} entries of {shown!r} have no words, and were left out"
        articles[0] = _with_warnings(articles[0], (note,))
    return tuple(articles)


def _article(loaded: LoadedText, name: str, shown: str) -> "Article":
    if not _has_words(loaded.text):
        what = "has no words in it" if loaded.text.strip() else "is empty"
        raise SourceError(f"cannot summarize {shown!r}: it {what}; give an article with at least one sentence")
    from ..schema import Article  # imported here: a process that only reads files starts twice as fast without it

    article = Article.from_text(loaded.text, source=name)
    metadata = {
        "title": loaded.title,
        "published": loaded.published,
        "language": loaded.language,
        "authors": loaded.authors,
        "site": loaded.site,
        "link": loaded.link,
    }
    known = {key: value for key, value in metadata.items() if value}
    return article.model_copy(update={"warnings": loaded.warnings, **known})


def _with_warnings(article: "Article", warnings: tuple[str, ...]) -> "Article":
    return article.model_copy(update={"warnings": (*warnings, *article.warnings)})


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))
