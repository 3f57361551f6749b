"""Find the words of the article that are nearest to a rejected claim, to show why it was rejected."""

import re
from collections.abc import Iterator, Sequence

from ..grounding.alignment import find_quote
from ..grounding.document import Document
from ..grounding.repair_request import nearest_sentences
from ..schema import Article, Evidence, Rejected

_SHARED = 2
"""The minimum number of words that a sentence shares with a claim to be shown with it."""
_WORD = re.compile(r"\w{3,}")


def nearest_words(rejected: Sequence[Rejected], article: Article) -> list[tuple[Evidence, ...]]:
    """Return for each claim its own quotes that are found in the article, else the most similar sentence."""
    document = Document(article)
    quoted = [tuple(_found_quotes(each, document)) for each in rejected]
    unquoted = [each for each, found in zip(rejected, quoted, strict=True) if not found and each.kind != "field"]
    sentences = iter(nearest_sentences(article, unquoted))
    return [
        found or (tuple(_most_similar(each, next(sentences), article)) if each.kind != "field" else ())
        for each, found in zip(rejected, quoted, strict=True)
    ]


def _found_quotes(rejected: Rejected, document: Document) -> Iterator[Evidence]:
    quotes = rejected.claim.get("quotes")
    texts = [quote for quote in quotes if isinstance(quote, str)] if isinstance(quotes, list | tuple) else []
    for quote in dict.fromkeys(texts):
        if found := find_quote(quote, document):
            yield found.evidence(document.text)


def _most_similar(rejected: Rejected, sentences: Sequence[str], article: Article) -> Iterator[Evidence]:
    claimed = _words(str(list(rejected.claim.values())))
    best = max(sentences, key=lambda sentence: len(claimed & _words(sentence)), default="")
    start = article.text.find(best)
    if len(claimed & _words(best)) >= _SHARED and start >= 0:
        yield Evidence(quote=best, start=start, end=start + len(best), match="verbatim")


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
