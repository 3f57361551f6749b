"""An article as the proof reads it: its visible text, and the language in which claims about it are written.

All offsets inside the proof index the visible text; `evidence` leads back to the article's own.
"""

from ..language.entities.names import NameSpan
from ..language.lexicon import Lexicon, lexicon
from ..language.sentences import Span
from ..language.text_document import TextDocument, TextSpan
from ..language.visible import VisibleText, visible
from ..schema import Article, Evidence, Match

__all__ = ["Document", "TextSpan"]


class Document(TextDocument):
    """A document whose claims are in `output_language`."""

    def __init__(self, article: Article, output_language: str | None = None) -> None:
        self._visible = VisibleText(article.text)
        super().__init__(self._visible.text, article.language, visible(article.title or ""))
        self.article = article
        self.output_language = output_language or article.language
        self.output_lexicon: Lexicon | None = lexicon(self.output_language)
        self.claimed: dict[str, list[NameSpan]] = {}
        """Names of the claims read so far, by the words of the claim."""

    def evidence(self, start: int, end: int, match: Match = "verbatim") -> Evidence:
        """Return a span of the document as the article's own words."""
        source = self._visible.source(start, end)
        return Evidence(quote=self.article.text[slice(*source)], start=source.start, end=source.end, match=match)

    def span(self, evidence: Evidence) -> Span:
        """Return where the words of an evidence stand in the document."""
        return self._visible.shown(evidence.start, evidence.end)
