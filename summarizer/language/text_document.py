"""A text and what is known of it: sentences, layout, words, numbers and names, each found once, on first use.

The proof and the embedded model share these facts; each draws its own conclusions from them.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import Any, TypeVar, cast
from unicodedata import normalize

from .entities.names import NameSpan, names_in
from .layout import Sentence, SentenceRole, layout_of
from .lexicon import Lexicon, lexicon
from .normalization import FoldedText, fold, fold_all, fold_characters
from .numbers import Number, numbers
from .sentences import Span, sentences
from .statuses import find_word, is_unspaced

_T = TypeVar("_T")
LONG = 20_000
"""Characters of a text from which an index of word positions pays off."""
_TOKEN = re.compile(r"\w+")
_EMPTY_LINE = re.compile(r"\n\s*\n")


class TextDocument:
    """A text in one language; every attribute is computed on first use and kept."""

    def __init__(self, text: str, language: str = "und", title: str = "") -> None:
        self.text = text
        self.language = language
        self.title = title
        self.lexicon: Lexicon | None = lexicon(language)

        self._names: dict[int, list[NameSpan]] = {}
        self._folded: dict[int, str] = {}
        self._stretches: dict[Span, TextSpan] = {}
        self._counts: dict[str, int] = {}
        self._remembered: dict[Hashable, Any] = {}

    def remember(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return what was made under a key before, or make it: the proofs of one draft ask the same again and again."""
        if key not in self._remembered:
            self._remembered[key] = make()
        return cast("_T", self._remembered[key])

    @cached_property
    def folded(self) -> FoldedText:
        """The whole text, folded, with the way back."""
        return FoldedText(self.text)

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences of the article."""
        return sentences(self.text)

    @cached_property
    def layout(self) -> tuple[Sentence, ...]:
        """The same sentences with their roles, without bullets; `layout[i]` belongs to `sentences[i]`."""
        return layout_of(self.text, self.sentences, self.title, self.lexicon)

    @cached_property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences of the body."""
        return tuple(sentence for sentence in self.layout if sentence.role is SentenceRole.BODY)

    @cached_property
    def box(self) -> tuple[Sentence, ...]:
        """The publisher's own takeaways."""
        return tuple(sentence for sentence in self.layout if sentence.role is SentenceRole.BOX)

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def plain(self) -> str:
        """The whole text, folded character by character: every offset stays."""
        return fold_characters(self.text)

    @cached_property
    def _folded_sentences(self) -> list[str]:
        return fold_all(self.text[start:end] for start, end in self.sentences)

    @cached_property
    def running(self) -> str:
        """The folded sentences, a line each: in this a word of the article is looked for."""
        return "\n".join(self._folded_sentences)

    @property
    def bracketed(self) -> str | None:
        """The same where the article has brackets, in which it may introduce a short name."""
        return self.running if "(" in self.plain else None

    @cached_property
    def _lines(self) -> list[int]:
        """Where each sentence begins in `running`."""
        return list(accumulate((len(sentence) + 1 for sentence in self._folded_sentences), initial=0))

    def folded_sentence(self, i: int) -> str:
        """Return a sentence, folded: alone, where so far nothing is looked for in all of them."""
        if "_folded_sentences" in self.__dict__:
            return self._folded_sentences[i]
        if i not in self._folded:
            start, end = self.sentences[i]
            self._folded[i] = fold(self.text[start:end])
        return self._folded[i]

    def sentence(self, i: int) -> "TextSpan":
        """Return a sentence."""
        return self._stretch(i, self.sentences[i])

    def stretches(self, start: int, end: int) -> list["TextSpan"]:
        """Return `text[start:end]`, sentence by sentence."""
        spans = ((i, self.sentences[i]) for i in self.sentences_of(start, end))
        cut = ((i, Span(max(start, span.start), min(end, span.end))) for i, span in spans)
        return [self._stretch(i, span) for i, span in cut if span.start < span.end]

    def _stretch(self, i: int, span: Span) -> "TextSpan":
        if span not in self._stretches:
            self._stretches[span] = TextSpan(self, i, span)
        return self._stretches[span]

    def is_apart(self, i: int) -> bool:
        """Tell whether an empty line stands behind a sentence."""
        return _EMPTY_LINE.search(self.text, self.sentences[i].end - 1, self.sentences[i + 1].start) is not None

    def sentences_of(self, start: int, end: int) -> range:
        """Return the indices of the sentences that `[start, end)` touches."""
        first = max(0, bisect_right(self._starts, start) - 1)
        return range(first, min(len(self._starts), max(first + 1, bisect_left(self._starts, end))))

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

    def names(self, i: int) -> list[NameSpan]:
        """Return the names in a sentence, by their capitals, with offsets into the article."""
        if i not in self._names:
            start, end = self.sentences[i]
            found = names_in(self.text[start:end], self.lexicon, self.vocabulary)
            self._names[i] = [NameSpan(name.start + start, name.end + start, name.folded) for name in found]
        return self._names[i]

    def count(self, folded: str) -> int:
        """Return how often a folded name stands in the article, as whole words."""
        if folded not in self._counts:
            self._counts[folded] = sum(1 for _ in self._places_of(folded))
        return self._counts[folded]

    def _places_of(self, folded: str) -> Iterator[int]:
        """Yield where a folded name stands in `running`, as whole words."""
        first = _TOKEN.match(folded) if len(self.running) > LONG else None
        if first is not None and not is_unspaced(folded[0]):
            yield from self._indexed(folded, first[0])
            return
        at = find_word(self.running, folded)
        while at >= 0:
            yield at
            at = find_word(self.running, folded, at + len(folded))

    def _indexed(self, folded: str, first: str) -> Iterator[int]:
        """Yield the same for a long article, by the first word of a name."""
        places = self._word_places.get(first, [])
        if first == folded:  # a genitive or plural s may follow
            places = sorted(places + self._word_places.get(f"{first}s", []))
        at = 0
        for place in places:
            end = place + len(folded)
            if place >= at and find_word(self.running, folded, place, end) == place:
                yield place
                at = end

    @cached_property
    def _word_places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for word in _TOKEN.finditer(self.running):
            places.setdefault(word[0], []).append(word.start())
        return places

    def sentences_with(self, folded: str) -> list[int]:
        """Return the sentences that have a folded name, as whole words."""
        return list(dict.fromkeys(bisect_right(self._lines, at) - 1 for at in self._places_of(folded)))

    def names_with(self, folded: str) -> list[str]:
        """Return the folded names of the article in which a folded word stands."""
        found = (name.folded for i in self.sentences_with(folded) for name in self.names(i) if folded in name.folded)
        return list(dict.fromkeys(found))

    @cached_property
    def name_counts(self) -> Counter[str]:
        """How often each folded name stands in the article."""
        return Counter(name.folded for i in range(len(self.sentences)) for name in self.names(i))


class TextSpan:
    """Words of the article that stand in one sentence, or all of it: read once, whichever proof asks."""

    def __init__(self, document: TextDocument, sentence: int, span: Span) -> None:
        self._document = document
        self._sentence = sentence
        self._span = span

    @cached_property
    def text(self) -> str:
        """Its words, composed as those of claims are."""
        return normalize("NFC", self._document.text[slice(*self._span)])

    @cached_property
    def plain(self) -> str:
        """The same, folded character by character."""
        plain = self._document.plain[slice(*self._span)]
        return plain if len(plain) == len(self.text) else fold_characters(self.text)

    @cached_property
    def folded(self) -> str:
        """The same, folded."""
        whole = self._span == self._document.sentences[self._sentence]
        return self._document.folded_sentence(self._sentence) if whole else fold(self.text)

    @cached_property
    def numbers(self) -> list[Number]:
        """Its numbers, with offsets into `text` and `plain`."""
        return numbers(self.text, self._document.lexicon)
