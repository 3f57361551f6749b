"""An article made ready for proofs: folded once, cut into sentences once, its names and tables at hand."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any, TypeVar, cast

from ..schema import Article
from ..text.folding import Folded, fold, fold_all
from ..text.lexicon import Lexicon, lexicon
from ..text.sentences import Span, sentences
from ..text.status import find_word
from .names import Name, names_in

_T = TypeVar("_T")
_TOKEN = re.compile(r"\w+")
_EMPTY_LINE = re.compile(r"\n\s*\n")


class Reading:
    """What the proofs look up in an article, each made when it is first asked for."""

    def __init__(self, article: Article, output_language: str | None = None) -> None:
        self.article = article
        self.text = article.text
        self.output_language = output_language or article.language
        self.lexicon: Lexicon | None = lexicon(article.language)
        self.output_lexicon: Lexicon | None = lexicon(self.output_language)

        self._remembered: dict[Hashable, Any] = {}

    def remember(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return what was made under a key before, or make it: the proofs of one draft ask the same again and again."""
        if key not in self._remembered:
            self._remembered[key] = make()
        return cast("_T", self._remembered[key])

    @cached_property
    def folded(self) -> Folded:
        """The whole text, folded, with the way back."""
        return Folded(self.text)

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences of the article."""
        return sentences(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def _folded_sentences(self) -> dict[int, str]:
        return {}

    def folded_sentence(self, i: int) -> str:
        """Return a sentence, folded."""
        if i not in self._folded_sentences:
            start, end = self.sentences[i]
            self._folded_sentences[i] = fold(self.text[start:end])
        return self._folded_sentences[i]

    def is_apart(self, i: int) -> bool:
        """Tell whether an empty line stands behind a sentence."""
        return _EMPTY_LINE.search(self.text, self.sentences[i].end - 1, self.sentences[i + 1].start) is not None

    def sentences_of(self, start: int, end: int) -> range:
        """Return the indices of the sentences that `[start, end)` touches."""
        first = max(0, bisect_right(self._starts, start) - 1)
        return range(first, max(first + 1, bisect_left(self._starts, end)))

    @cached_property
    def tokens(self) -> list[tuple[int, int]]:
        """The spans of the words of the folded text."""
        return [token.span() for token in _TOKEN.finditer(self.folded.text)]

    @cached_property
    def words(self) -> list[str]:
        """The words of the folded text, one for each of `tokens`."""
        return _TOKEN.findall(self.folded.text)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each word of the folded text stands, as indices into `words`."""
        places: dict[str, list[int]] = {}
        for i, word in enumerate(self.words):
            places.setdefault(word, []).append(i)
        return places

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words that the article writes with a small letter somewhere, folded: those are no names."""
        words = (word.lstrip("_") for word in set(_TOKEN.findall(self.text)))
        return frozenset(fold_all(word for word in words if word[:1].islower() and len(word) > 1))

    @cached_property
    def _names(self) -> dict[int, list[Name]]:
        return {}

    def names(self, i: int) -> list[Name]:
        """Return the names in a sentence, by their capitals, with offsets into the article."""
        if i not in self._names:
            start, end = self.sentences[i]
            found = names_in(self.text[start:end], self.lexicon, self.vocabulary)
            self._names[i] = [Name(name.start + start, name.end + start, name.folded) for name in found]
        return self._names[i]

    @cached_property
    def _counts(self) -> dict[str, int]:
        return {}

    def count(self, folded: str) -> int:
        """Return how often a folded name stands in the article, as whole words."""
        if folded not in self._counts:
            text, at, count = self.folded.text, 0, 0
            while (at := find_word(text, folded, at)) >= 0:
                at, count = at + len(folded), count + 1
            self._counts[folded] = count
        return self._counts[folded]

    @cached_property
    def claimed(self) -> dict[str, list[Name]]:
        """The names of claims that were read before."""
        return {}

    @cached_property
    def name_counts(self) -> Counter[str]:
        """How often each folded name stands in the article."""
        return Counter(name.folded for i in range(len(self.sentences)) for name in self.names(i))
