"""What was read: an article, what a summary says of it, and a passage of it."""

import hashlib
from functools import cached_property
from typing import Self

from .. import defaults
from ..errors import SourceError
from ..language.identification import identify
from ..language.titles import find_title
from .base import FrozenModel, Words


class ArticleInfo(FrozenModel):
    """What a summary says about its article."""

    source: str | None = None
    """Path, URL or identifier; null for text without a source."""
    title: str | None = None
    language: str = "und"
    """BCP 47; `und` where it could not be identified."""
    published: str | None = None
    """Date of publication as ISO 8601, where the source gives it."""
    authors: tuple[str, ...] = ()
    """As the page names them; empty where it names none."""
    site: str | None = None
    """Name of the newspaper or website, where the page gives it."""
    link: str | None = None
    """Address of the article itself, where the source is another, such as a feed."""
    characters: int = 0
    """Length of the text in Python characters, the unit of all offsets."""
    sha256: str = ""
    """Of the text in UTF-8."""


class Article(FrozenModel):
    """One news text. `text` is fixed when it is loaded, and every offset in the program indexes it."""

    text: Words
    source: Words | None = None
    title: Words | None = None
    language: str = "und"
    published: str | None = None
    authors: tuple[str, ...] = ()
    site: str | None = None
    link: str | None = None
    warnings: tuple[str, ...] = ()
    """What the reader should know about the way it was loaded: a guessed encoding, bytes that were replaced."""

    @classmethod
    def from_text(cls, text: str, *, source: str | None = None) -> Self:
        """Make an article of a text; its title and language are found in it.

        Raises `SourceError` for a blank text.
        """
        if not text.strip():
            raise SourceError(f"{source or 'the text'!r} is empty: give an article with at least one sentence")
        return cls(text=text, source=source, title=find_title(text), language=identify(text))

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def info(self) -> ArticleInfo:
        """What a summary says about it."""
        return ArticleInfo(
            source=self.source,
            title=self.title,
            language=self.language,
            published=self.published,
            authors=self.authors,
            site=self.site,
            link=self.link,
            characters=len(self.text),
            sha256=self.sha256,
        )


class Passage(FrozenModel):
    """The part of an article that one draft is made from: `article.text[start:end]`."""

    article: Article
    start: int
    end: int
    output_language: str
    """BCP 47: the language of `text` and `purpose` in the draft."""
    takeaways: int = defaults.TAKEAWAYS
    """Maximum number of takeaways."""

    @property
    def text(self) -> str:
        """The text of the passage."""
        return self.article.text[self.start : self.end]
