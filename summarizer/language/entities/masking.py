"""A sentence with its names replaced by single marks, so that its structure can be read with plain patterns.

"Apple a scellé un partenariat avec Alibaba" becomes "▮ a scelle un partenariat avec ▮": folded text, in which each
organisation is one character of the private use area, and people and places are two others.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from ..layout import Sentence
from ..lexicon import across
from ..normalization import FoldedText, fold
from .mentions import PARTY, EntityType, Mention

FIRST = 0xE000
PARTY_MARK = "[\ue000-\uefff]"
"""Matches the mark of any organisation."""
_PARTY = re.compile(PARTY_MARK)
_PRIVATE = re.compile("[\ue000-\uf8ff]")  # an article may have such characters of its own: they are no marks
PERSON_MARK, PLACE_MARK, MEDIA_MARK = "\uf000", "\uf001", "\uf002"
_LETTER = "x"
"""Stands for the name beside a piece, so that the apostrophe of "l'Université" is none of a quotation's."""
_MARKS = {EntityType.PERSON: PERSON_MARK, EntityType.PLACE: PLACE_MARK, EntityType.MEDIA: MEDIA_MARK}


class MaskedSentence:
    """A masked sentence; `text` is what patterns read."""

    def __init__(self, sentence: Sentence, mentions: Sequence[Mention]) -> None:
        self.sentence = sentence
        self.parties: list[Mention] = []
        self._mentions = mentions
        self._pieces: list[tuple[int, int, FoldedText | int]] = []
        pieces: list[str] = []
        at = length = 0
        for mention in mentions:
            if mention.start < at:
                continue
            length = self._plain(pieces, sentence.text[at : mention.start], length, at)
            if mention.entity_type is EntityType.WEAK and not _goes_on(sentence.text, mention, mentions):
                continue
            mark = _MARKS.get(mention.entity_type) or chr(FIRST + len(self.parties))
            if mention.entity_type in PARTY or mention.entity_type is EntityType.WEAK:
                self.parties.append(mention)
            self._pieces.append((length, mention.start, mention.end))
            pieces.append(mark)
            length += 1
            at = mention.end
        self._plain(pieces, sentence.text[at:], length, at)
        self.text = "".join(pieces)

    def _plain(self, pieces: list[str], text: str, length: int, at: int) -> int:
        folded = FoldedText(f"{_LETTER}{text}{_LETTER}")
        piece = folded.text[1:-1]
        if piece:
            self._pieces.append((length, at, folded))
            pieces.append(_PRIVATE.sub(" ", piece))
        return length + len(piece)

    def party(self, mark: str) -> Mention:
        """Return the organisation that a mark stands for."""
        return self.parties[ord(mark) - FIRST]

    def named(self, start: int = 0, end: int | None = None) -> list[Mention]:
        """Return the organisations of a stretch of the masked text."""
        return [self.party(c) for c in self.text[start:end] if FIRST <= ord(c) < 0xF000]

    def marks(self, start: int = 0, end: int | None = None) -> list[int]:
        """Return where the organisations of a stretch stand in the masked text."""
        end = len(self.text) if end is None else end
        return [at for at in self._marks if start <= at < end]

    @cached_property
    def _marks(self) -> list[int]:
        return [found.start() for found in _PARTY.finditer(self.text)]

    def opener(self, *not_before: re.Pattern[str]) -> list[Mention]:
        """Return the word that opens the sentence, if it can be a name: what follows is no noun or preposition."""
        if not self._mentions or self._mentions[0].entity_type is not EntityType.WEAK:
            return []
        weak = self._mentions[0]
        rest = fold(self.sentence.text[weak.end : weak.end + 40]).lstrip()
        return [] if any(pattern.match(rest) for pattern in not_before) else [weak]

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _, _ in self._pieces]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in `sentence.text` of a span of the masked text, which must not be empty."""
        return self._original(start)[0], self._original(end - 1)[1]

    def _original(self, at: int) -> tuple[int, int]:
        begin, original, folded = self._pieces[bisect_right(self._starts, at) - 1]
        if isinstance(folded, int):  # a name: where it ends
            return original, folded
        first, last = folded.source(at - begin + 1, at - begin + 2)
        return original + first - 1, original + last - 1


def _goes_on(text: str, weak: Mention, mentions: Sequence[Mention]) -> bool:
    """Tell whether a list of organisations goes on from a word that opens the sentence: "Gravelin et Soubise"."""
    following = next((m for m in mentions if m.start >= weak.end and m.entity_type in PARTY), None)
    if following is None:
        return False
    between = text[weak.end : following.start].strip().lstrip("0123456789 ")
    if between.startswith(","):
        return len(between) < 16 and between.count(" ") < 3
    words = between.split()
    return bool(words) and words[0] in (",", "&", *across("grammar.and")) and len(words) < _LONGEST_ITEM


_LONGEST_ITEM = 6
"""Words from the "and" to the name: "et l'équipementier grenoblois Soubise"."""
