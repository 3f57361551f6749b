"""`load(source) -> Article`: bytes, what they are, who reads that, and the article that comes of it.

files, web  where bytes come from      kinds  the table: what an article may come as, and the reader of each
reading     what every reader gives    plain, pages, pdf, word, mail, feeds  the readers

A text is decoded once, its line ends become `\\n`, and it is never edited again: every offset counts in it.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import SourceError
from .files import LARGEST, read_file, read_standard_input
from .kinds import SUFFIXES, Kind, kind_of
from .reading import PLAIN, Entry, Read, printable

if TYPE_CHECKING:
    from ..schema import Article

__all__ = ["LARGEST", "STANDARD_INPUT", "SUFFIXES", "load", "load_all", "printable"]

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


# --- bytes, and what they are -------------------------------------------------------------------------------------

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    """Bytes, and what is known of them."""

    raw: bytes
    kind: Kind
    name: str
    """The source of the article."""
    shown: str
    """The same in messages."""
    charset: str | None = None

    def articles(self) -> "tuple[Article, ...]":
        """Read all that is in them; never empty."""
        if self.kind.split is None:
            return (_article(self.kind.read(self.raw, self.shown, self.charset), self.name, self.shown),)
        return _entries(self.kind.split(self.raw, self.shown, self.charset), self.name, self.shown)


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
    raise SourceError(f"cannot read {address!r}: {address.partition(':')[0]} addresses are not read yet; {PLAIN}")


# --- articles -----------------------------------------------------------------------------------------------------


def _entries(entries: tuple[Entry, ...], name: str, shown: str) -> "tuple[Article, ...]":
    """The articles of a source that holds several; one without words is left out, and that is said."""
    worded = [entry for entry in entries if _has_words(entry.read.text)]
    if not worded:
        raise SourceError(f"cannot summarize {shown!r}: there is no article in it; look at it, and try again later")
    articles = [_article(entry.read, f"{name}#{entry.id}", shown) for entry in worded]
    if missing := len(entries) - len(worded):
        note = f"{missing} of {len(entries)} entries of {shown!r} have no words, and were left out"
        articles[0] = articles[0].model_copy(update={"warnings": (*articles[0].warnings, note)})
    return tuple(articles)


def _article(read: Read, name: str, shown: str) -> "Article":
    if not _has_words(read.text):
        what = "has no words in it" if read.text.strip() else "is empty"
        raise SourceError(f"cannot summarize {shown!r}: it {what}; give an article with at least one sentence")
    from ..schema import Article  # a process that only reads does without: it starts twice as fast

    article = Article.from_text(read.text, source=name)
    known = {"title": read.title, "published": read.published, "language": read.language}
    return article.model_copy(
        update={"warnings": read.warnings, **{key: value for key, value in known.items() if value}}
    )


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))
