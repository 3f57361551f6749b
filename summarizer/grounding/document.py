"""An article as the proof reads it: a document, and the language in which claims about it are written."""

from ..language.entities.names import NameSpan
from ..language.lexicon import Lexicon, lexicon
from ..language.text_document import TextDocument, TextSpan
from ..schema import Article

__all__ = ["Document", "TextSpan"]


class Document(TextDocument):
    """A document whose claims are in `output_language`."""

    def __init__(self, article: Article, output_language: str | None = None) -> None:
        super().__init__(article.text, article.language, article.title or "")
        self.article = article
        self.output_language = output_language or article.language
        self.output_lexicon: Lexicon | None = lexicon(self.output_language)
        self.claimed: dict[str, list[NameSpan]] = {}
        """Names of the claims read so far, by the words of the claim."""
