"""`load(source) -> Article`: bytes, what they are, who reads that, and the article that comes of it.

files, web  where bytes come from      kinds  the table: what an article may come as, and the reader of each
reading     what every reader gives    plain, pages, pdf, word, mail, feeds  the readers

A text is decoded once, its line ends become `\\n`, and it is never edited again: every offset counts in it.
"""

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ..errors import SourceError
from .files import LARGEST, read_file, read_standard_input
from .formats import FEEDS, HEAD, SUFFIXES, TEXT, SourceFormat, kind_of
from .readers import FeedEntry, LoadedText, printable, without_credentials

if TYPE_CHECKING:
    from ..schema import Article
    from .web import FetchedPage

__all__ = [
    "FEEDS",
    "LARGEST",
    "STANDARD_INPUT",
    "SUFFIXES",
    "aload_all",
    "holds_several",
    "is_address",
    "load",
    "load_all",
    "load_text",
    "printable",
    "without_credentials",
]

STANDARD_INPUT = "-"


def load(source: Path | str, *, allow_private: bool = False) -> "Article":
    """Read an article from a file, an address, or from standard input where `source` is "-".

    `allow_private` lets an address be in a private network. Raises `SourceError` when there is no such article, it has
    no words, it is of a kind that is not read, or there are several in it.
    """
    found = _find(source, allow_private)
    first, *others = found.articles()
    if others:
        raise SourceError(
            f"cannot read {found.shown!r} as one article: it is {found.kind.name} of {len(others) + 1}; give it to the "
            "command, to summarize_many(), or to loading.load_all()"
        )
    return first


def load_all(source: Path | str, *, allow_private: bool = False) -> "tuple[Article, ...]":
    """Read all articles of a source, in its order: the entries of a feed, one of anything else. Raises as `load`."""
    return _find(source, allow_private).articles()


async def aload_all(source: str, *, allow_private: bool = False) -> "tuple[Article, ...]":
    """Read all articles at an address, as `load_all`, while the event loop goes on: many are fetched side by side."""
    import asyncio  # a process that only reads does without: it starts faster

    from .web import fetch

    fetched = await fetch(source, allow_private=allow_private)
    return await asyncio.to_thread(lambda: _came(source, fetched).articles())


def is_address(source: str) -> bool:
    """Whether a name is a URL, of whatever kind."""
    return _ADDRESS.match(source) is not None


def load_text(path: Path) -> "Article | None":
    """Read a file of plain text, as `load`; None where it turns out to be of another kind, which can take long."""
    found = _find(path, allow_private=False)
    return found.articles()[0] if found.kind is TEXT else None


def holds_several(path: Path) -> bool:
    """Whether a file may hold several articles, as a feed does: looks at its beginning, and never raises."""
    try:
        if not path.is_file():  # opening a FIFO would wait for whoever writes to it
            return False
        with path.open("rb") as file:
            return kind_of(file.read(HEAD), path.suffix).several
    except (OSError, ValueError):
        return False


# --- bytes, and what they are -------------------------------------------------------------------------------------

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)


class _Found(NamedTuple):
    """Bytes, and what is known of them."""

    raw: bytes
    kind: SourceFormat
    name: str
    """The source of the article."""
    shown: str
    """The same in messages."""
    charset: str | None = None
    warnings: tuple[str, ...] = ()
    """Of the way here."""

    def articles(self) -> "tuple[Article, ...]":
        """Read all that is in them; never empty."""
        read = self.kind.read(self.raw, self.shown, self.charset)
        if isinstance(read, LoadedText):
            articles: tuple[Article, ...] = (_article(read, self.name, self.shown),)
        else:
            articles = _entries(read, self.name, self.shown)
        return tuple(_warned(article, self.warnings) for article in articles)


def _find(source: Path | str, allow_private: bool) -> _Found:
    if str(source) == STANDARD_INPUT:
        raw = read_standard_input()
        return _Found(raw, kind_of(raw), STANDARD_INPUT, "standard input")
    if isinstance(source, str) and _ADDRESS.match(source):
        return _fetch(source, allow_private)
    name = printable(source)
    path = Path(source)
    raw = read_file(path, name)
    return _Found(raw, kind_of(raw, path.suffix), name, name)


def _fetch(address: str, allow_private: bool) -> _Found:
    from .web import fetch_now

    return _came(address, fetch_now(address, allow_private=allow_private))


def _came(address: str, fetched: "FetchedPage") -> _Found:
    """What a site sent: by what is in it, then by what the site says, then by what the address ends in."""
    from .web import refuse_unread

    name = without_credentials(address)
    suffix = PurePosixPath(urlsplit(fetched.url).path).suffix
    kind = kind_of(fetched.raw, suffix, fetched.kind)
    if kind is TEXT:
        refuse_unread(fetched.kind, name)
    return _Found(fetched.raw, kind, name, name, fetched.charset, fetched.warnings)


# --- articles -----------------------------------------------------------------------------------------------------


def _entries(entries: tuple[FeedEntry, ...], name: str, shown: str) -> "tuple[Article, ...]":
    """The articles of a source that holds several; one without words is left out, and that is said."""
    worded = [entry for entry in entries if _has_words(entry.read.text)]
    if not worded:
        raise SourceError(f"cannot summarize {shown!r}: there is no article in it; look at it, and try again later")
    articles = [_article(entry.read, f"{name}#{entry.id}", shown) for entry in worded]
    if missing := len(entries) - len(worded):
        note = f"{missing} of {len(entries)} entries of {shown!r} have no words, and were left out"
        articles[0] = _warned(articles[0], (note,))
    return tuple(articles)


def _article(read: LoadedText, name: str, shown: str) -> "Article":
    if not _has_words(read.text):
        what = "has no words in it" if read.text.strip() else "is empty"
        raise SourceError(f"cannot summarize {shown!r}: it {what}; give an article with at least one sentence")
    from ..schema import Article  # a process that only reads does without: it starts twice as fast

    article = Article.from_text(read.text, source=name)
    known = {"title": read.title, "published": read.published, "language": read.language}
    return article.model_copy(
        update={"warnings": read.warnings, **{key: value for key, value in known.items() if value}}
    )


def _warned(article: "Article", warnings: tuple[str, ...]) -> "Article":
    return article.model_copy(update={"warnings": (*warnings, *article.warnings)}) if warnings else article


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))
