"""Where the article comes nearest to what was rejected: there somebody looks who wants to know why."""

import re
from collections.abc import Iterator, Sequence

from ..grounding.alignment import find_quote
from ..grounding.document import Document
from ..grounding.repair import nearest_sentences
from ..schema import Article, Evidence, Rejected

_SHARED = 2
"""Words that a sentence has in common with a claim, at the least, to be shown beside it."""
_WORD = re.compile(r"\w{3,}")


def nearest_words(rejected: Sequence[Rejected], article: Article) -> list[tuple[Evidence, ...]]:
    """Return for each claim the quotes of its own that the article has, else the sentence that is most like it."""
    reading = Document(article)
    quoted = [tuple(_quoted(each, reading)) for each in rejected]
    lost = [each for each, found in zip(rejected, quoted, strict=True) if not found and each.kind != "field"]
    sentences = iter(nearest_sentences(article, lost))
    return [
        found or (tuple(_likest(each, next(sentences), article)) if each.kind != "field" else ())
        for each, found in zip(rejected, quoted, strict=True)
    ]


def _quoted(rejected: Rejected, reading: Document) -> Iterator[Evidence]:
    quotes = rejected.claim.get("quotes")
    words = [quote for quote in quotes if isinstance(quote, str)] if isinstance(quotes, list | tuple) else []
    for quote in dict.fromkeys(words):
        if found := find_quote(quote, reading):
            yield found.evidence(reading.text)


def _likest(rejected: Rejected, sentences: Sequence[str], article: Article) -> Iterator[Evidence]:
    claimed = _words(str(list(rejected.claim.values())))
    best = max(sentences, key=lambda sentence: len(claimed & _words(sentence)), default="")
    start = article.text.find(best)
    if len(claimed & _words(best)) >= _SHARED and start >= 0:
        yield Evidence(quote=best, start=start, end=start + len(best), match="verbatim")


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
