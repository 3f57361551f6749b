"""Resolve "elle", "the airline", "die beiden Unternehmen" and "we" to organisations that the article has named."""

import re
from collections import deque
from functools import cache

from .entities.masking import PLACE_MARK, MaskedSentence
from .entities.mentions import EntityType, Mention, Mentions
from .layout import Sentence
from .lexicon import Lexicon, lexicon
from .text_document import TextDocument

_MEMORY = 8
"""Sentences that an article goes on speaking of somebody without the name."""


@cache
def described_firms(tag: str) -> re.Pattern[str]:
    """Return the pattern of "the airline": an article and a word for a firm, and no name behind it."""
    tables = lexicon(tag) or Lexicon(tag, {})
    firms, article = tables.alternatives("organisations.firms"), tables.alternatives("grammar.definite")
    listed = tables.pattern("organisations.anaphors").pattern
    return re.compile(rf"{listed}|(?<!\w)(?:{article})\s?(?:{PLACE_MARK}\s)?(?:{firms})(?!\w)(?!\s[\ue000-\uf003])")


def interviewee(document: TextDocument, mentions: Mentions, tables: Lexicon) -> Mention | None:
    """Return the organisation of "we" in an interview: the first organisation that stands before the first question."""
    questions = [sentence for sentence in document.body if sentence.text.rstrip(_CLOSING).endswith("?")]
    answers = [
        s for s in document.body if s not in questions and tables.pattern("organisations.we").search(s.folded.text)
    ]
    if len(questions) < _INTERVIEW or len(answers) < _INTERVIEW:
        return None
    for sentence in document.body:
        if sentence.index >= questions[0].index:
            return None
        if found := mentions.parties(sentence.index):
            return next(
                (mention for mention in found if mention.entity_type is EntityType.FIRM or mention.led), found[0]
            )
        weak = (m for m in mentions.of(sentence.index) if m.entity_type is EntityType.WEAK)
        if subjects := [m for m in weak if _VERB.match(sentence.text, m.end)]:
            return subjects[0]
    return None


_INTERVIEW = 2
"""Questions, and answers in the first person, that make an article one."""
_VERB = re.compile(r" [a-zß-ÿ]{2,} ")
"""What may be a verb: the name before it is a subject."""
_CLOSING = " \"'“”’»›"


class CoreferenceTracker:
    """The organisations named so far, sentence by sentence, and the one that the article currently speaks of."""

    def __init__(self, mentions: Mentions, tag: str, main: Mention | None) -> None:
        self._tables = lexicon(tag) or Lexicon(tag, {})
        self._mentions = mentions
        self._anaphor = described_firms(tag)
        self._main = main
        self._recent: deque[list[Mention]] = deque(maxlen=_MEMORY)
        self._partners: dict[str, list[Mention]] = {}
        self._subject: Mention | None = None
        self._paragraph = -1
        self._latest: dict[str, Mention] = {}

    def begin_sentence(self, sentence: Sentence) -> None:
        """Begin a sentence: a new paragraph returns to the organisation that the article is about."""
        if sentence.paragraph != self._paragraph:
            self._paragraph = sentence.paragraph
            self._subject = None

    def end_sentence(self, masked: MaskedSentence, relations: list[tuple[Mention, ...]]) -> None:
        """Remember a sentence: the subject of a relation, or the first name, is what it was about."""
        self._latest.update((mention.key, mention) for mention in masked.parties)
        opening = self._anaphor.match(masked.text)
        if referent := self._by_head(opening[0], set()) if opening else None:
            self._subject = referent  # "The co-operative already looks further. It …"
        elif masked.parties and (opening is None or self._subject is None):  # "The group has bought Hollis. Its …"
            self._subject = next((m for m in masked.parties if self.is_solid(m)), masked.parties[0])
        if masked.parties:
            self._recent.appendleft(masked.parties)
        for parties in reversed(relations):
            self._subject = parties[0]
            for mention in parties:
                self._partners[mention.key] = [other for other in parties if other.key != mention.key]

    def has_subject(self, masked: MaskedSentence, before: int) -> bool:
        """Tell whether "the group" stands before a slot: then whoever follows it does not act."""
        return self._anaphor.search(masked.text, 0, before) is not None

    def resolve_subject(self, masked: MaskedSentence, before: int, right: list[Mention]) -> list[Mention]:
        """Return who the subject of a clause without a name stands for, where it was named last."""
        return [self._latest.get(mention.key, mention) for mention in self._candidates(masked, before, right)]

    def resolve_described(self, described: str, keys: set[str]) -> list[Mention]:
        """Return whom "the airline" stands for beside others: named by that word, or else what the article is about."""
        named = self._by_head(described, keys) or (self._main if self._is_main(keys) else None)
        return [named] if named and named.entity_type is EntityType.FIRM else []

    def _candidates(self, masked: MaskedSentence, before: int, right: list[Mention]) -> list[Mention]:
        keys = {mention.key for mention in right}
        if (found := self._last(masked.text, before)) and (named := self._by_head(found, keys)):
            return [named]
        if self._tables.pattern("organisations.we").search(masked.text) and self._is_main(keys):
            return [self._main] if self._main else []
        for mention in right:
            if known := [m for m in self._partners.get(mention.key, ()) if m.key not in keys]:
                return known[:1]
        if self._subject is not None and self._subject.key not in keys and self.is_solid(self._subject):
            return [self._subject]
        if self._is_main(keys):
            return [self._main] if self._main else []
        return self._nearest(keys)

    def resolve_pair(self, here: list[Mention]) -> list[Mention]:
        """Return the two that were named last, those of this sentence first; one by itself goes with its partner."""
        found = {mention.key: mention for mention in here}
        for parties in self._recent:
            if len(found) == 1 and not here:
                key = next(iter(found))
                other = [*self._partners.get(key, ()), *([self._main] if self._main else [])]
                found |= {mention.key: mention for mention in other[:1]}
            if len(found) > 1:
                break
            for mention in parties:
                found.setdefault(mention.key, mention)
        return list(found.values())[:2]

    def is_credible(self, parties: list[Mention]) -> bool:
        """Tell whether a subject may be believed: a firm, a name met again, or an article about nobody."""
        return self._main is None or any(self.is_solid(mention) for mention in parties)

    def _last(self, text: str, before: int) -> str | None:
        found = [match[0] for match in self._anaphor.finditer(text, 0, before)]
        return found[-1] if found else None

    def _by_head(self, anaphor: str, keys: set[str]) -> Mention | None:
        """Find "the airline" by the word that stood before the name; "the group" may be anybody's."""
        generic = self._tables.pattern("organisations.generic")
        words = [word for word in anaphor.replace("'", " ").split() if len(word) > 3]
        telling = tuple(word for word in words if not generic.fullmatch(word))
        for parties in self._recent:
            for mention in parties:
                heads = [
                    part for head in self._mentions.heads[mention.key] for part in head.split()
                ] + mention.key.split()
                if (
                    mention.key not in keys
                    and telling
                    and any(_are_related(head, word) for head in heads for word in telling)
                ):
                    return mention
        return None

    def _is_main(self, keys: set[str]) -> bool:
        return self._main is not None and self._main.key not in keys

    def is_solid(self, mention: Mention) -> bool:
        """Tell whether a name is a firm's for sure, or met again."""
        return mention.entity_type is EntityType.FIRM or self._mentions.counts[mention.key] > 1

    def _nearest(self, keys: set[str]) -> list[Mention]:
        """Return who was named last, what is known for a firm before any other."""
        others = [mention for parties in self._recent for mention in parties if mention.key not in keys]
        return (sorted(others, key=self.is_solid, reverse=True))[:1]


_STEM = 5


def _are_related(head: str, word: str) -> bool:
    """Tell whether "the insurer" may be "Assurances Duero", by the end of a compound or the stem of a longer word."""
    if head.endswith(word):
        return True
    return len(head) >= _STEM <= len(word) and (head[:_STEM] in word or word[:_STEM] in head)
