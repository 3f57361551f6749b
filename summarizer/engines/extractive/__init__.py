"""The embedded model: no key, no network, no weights. It quotes the article, and never writes a word of its own."""

from collections.abc import Iterator

from ...language.entities.recognition import find_mentions
from ...language.lexicon import languages
from ...language.text_document import TextDocument
from ...language.visible import visible
from ...schema import UNSOUGHT, Draft, DraftUsage, Passage
from .partnership_extraction import find_partnerships
from .patterns import relation_patterns
from .takeaways import choose_takeaways

VERSION = "19"
"""Counts up whenever an answer may change, for it is part of every cache key."""


class ExtractiveEngine:
    """Finds the sentences that matter and those that state a partnership, in any language and in seven."""

    model = "extractive"
    identity = f"extractive/{VERSION}"
    prompt: tuple[str, str] | None = None
    translates = False
    """It quotes: what it says is in the article's language, whatever was asked for."""
    window = 10_000_000
    """Characters: an article of any length fits, for the work is linear."""

    async def draft(self, passage: Passage) -> Draft:
        """Propose takeaways and partnerships; nothing here can fail, wait or cost."""
        return propose(passage)

    def draft_sync(self, passage: Passage) -> Draft:
        """Propose takeaways and partnerships; may be called in another process."""
        return propose(passage)

    async def aclose(self) -> None:
        """Nothing is held."""


def propose(passage: Passage) -> Draft:
    """Return takeaways and partnerships of a passage, quoted."""
    document = TextDocument(visible(passage.text), passage.article.language, visible(passage.article.title or ""))
    patterns = relation_patterns(document.language)
    partnerships, weights = (
        ([], {}) if patterns is None else find_partnerships(document, find_mentions(document), patterns)
    )
    return Draft(
        takeaways=tuple(choose_takeaways(document, passage.takeaways, weights)),
        partnerships=tuple(partnerships),
        usage=DraftUsage(cost_usd=0.0, warnings=tuple(_warnings(passage, supported=patterns is not None))),
    )


def _warnings(passage: Passage, *, supported: bool) -> Iterator[str]:
    """Say what the embedded model cannot do for this passage."""
    language, wanted = passage.article.language, passage.output_language
    if not supported:
        known = ", ".join(tag for tag in languages() if relation_patterns(tag))
        yield f"{UNSOUGHT}: the embedded model knows none in {language!r}, only in {known}"
    if language.partition("-")[0] != wanted.partition("-")[0] and wanted != "und":
        yield (
            f"the embedded model quotes and does not translate: it answers in {language!r}, not in {wanted!r}; "
            "name a language model for that, openai/NAME for one"
        )
