"""Relations between organisations, as single sentences state them.

A relation is found where a list of organisations stands in a slot that calls for a partner: after "with", after
"between", after a verb that takes "to", or as a subject of several. The other side is the subject of the clause, or
the organisation that a pronoun or "the airline" stands for (see `language.coreference`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...language.coreference import CoreferenceTracker
from ...language.entities.masking import PARTY_MARK, MaskedSentence
from ...language.entities.mentions import EntityType, Mention
from ...language.layout import Sentence
from .clauses import BEHIND, ClauseReader
from .patterns import RelationPatterns

_FEWEST = 2  # organisations
_PAIR = re.compile(rf"{PARTY_MARK}(?:[/-]{PARTY_MARK})+")
_REACH = 110
"""Characters behind "A and B" in which the word for the partnership stands."""


@dataclass(frozen=True)
class Relation:
    """That these organisations have something together, whatever its state."""

    sentence: Sentence
    parties: tuple[Mention, ...]
    start: int
    """Of the cue, in the masked sentence."""
    end: int
    masked: MaskedSentence
    strong: bool = False
    """Whether a word says so that means nothing but a partnership."""

    relative: bool = False
    """Stated in a clause of its own: "Orchid, with whom it runs shops"."""

    @property
    def keys(self) -> set[str]:
        """Who they are, whatever the spelling."""
        return {mention.key for mention in self.parties}


def find_relations(
    masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker
) -> list[Relation]:
    """Return the relations of one sentence, the most telling slot first; no pair twice."""
    if not masked.parties and not patterns.cue.search(masked.text):
        return []
    return _RelationFinder(masked, patterns, coreference).find()


def announcer(masked: MaskedSentence, patterns: RelationPatterns) -> Mention | None:
    """Return who "has partnered with a number of companies", which the next sentence may list."""
    found = patterns.with_nobody.search(masked.text)
    parties = masked.named(0, found.start()) if found else []
    if found is None or len(parties) != 1 or not patterns.strong.search(masked.text, 0, found.end()):
        return None
    return parties[0]


def find_listed(masked: MaskedSentence, patterns: RelationPatterns, one: Mention) -> list[Relation]:
    """Return the relations of "They include: A, B and C" with the announcer in the sentence before."""
    found = patterns.listing.match(masked.text)
    listed = masked.named(*found.span("list")) if found else []
    return [
        Relation(masked.sentence, (one, other), found.start(), found.end(), masked, strong=True)
        for other in listed
        if found and other.key != one.key
    ]


@dataclass(frozen=True)
class _RelationFinder(ClauseReader):
    """The slots of one sentence in which organisations are partners."""

    coreference: CoreferenceTracker

    def find(self) -> list[Relation]:
        found: list[Relation] = []
        for slot in (
            self._joined, self._between, self._licensed, self._whom, self._with, self._with_described,
            self._binds, self._to, self._courts, self._several, self._both,
        ):  # fmt: skip
            taken = {mention.key for one in found for mention in one.parties}
            weak = slot in (self._to, self._courts)
            found += [one for one in slot() if _is_new(one, taken, weak)]
        return found

    def _joined(self) -> Iterator[Relation]:
        """Find "the alliances Oxbury/Astrava and Sanovi/GKS" and "the Renard-Nissa alliance"."""
        cue = self.patterns.strong.search(self.masked.text)
        if cue is None:
            return
        for pair in _PAIR.finditer(self.masked.text):
            start, end = min(cue.start(), pair.start()), max(cue.end(), pair.end())
            if not re.search(r"[;.]", self.masked.text[start:end]):
                yield self._relation(self.masked.named(*pair.span()), start, end)

    def _between(self) -> Iterator[Relation]:
        if len(self.masked.parties) < _FEWEST:
            return
        for slot in self.patterns.between_list.finditer(self.masked.text):
            if self.patterns.route.search(self.masked.text, max(0, slot.start() - 40), slot.start()):
                continue
            inside = self.patterns.strong.search(self.masked.text, slot.start(), slot.start("list"))
            cue = inside or self.governing(slot.start(), slot.end())
            if cue is not None and not self.is_other(cue.start(), slot.start()):
                yield self._relation(self.masked.named(*slot.span("list")), cue.start(), slot.end())

    def _licensed(self) -> Iterator[Relation]:
        if self.patterns.licence.search(self.masked.text) is None:
            return
        for slot in self.patterns.licence_list.finditer(self.masked.text):
            left = self.masked.named(*slot.span("left"))
            yield self._relation(left + self.masked.named(*slot.span("list")), slot.start(), slot.end())
        for slot in self.patterns.granted_list.finditer(self.masked.text):
            if not self.is_other(slot.start(), slot.end()):
                yield from self._sided(slot, slot)

    def _with(self) -> Iterator[Relation]:
        for slot in self.patterns.with_list.finditer(self.masked.text):
            cue = self.governing(slot.start(), slot.end())
            if cue is None or self.is_other(min(cue.start(), slot.start()), max(cue.end(), slot.start())):
                continue
            strong = self.patterns.strong.match(self.masked.text, cue.start()) is not None
            if not strong and self.patterns.not_behind.search(self.masked.text, slot.end(), slot.end() + BEHIND):
                continue
            if self.patterns.head_behind.match(self.masked.text, slot.end()):
                continue
            yield from self._sided(slot, cue)

    def _with_described(self) -> Iterator[Relation]:
        """Find "Renard works in partnership with the airline", which stands for one that was named."""
        for slot in self.patterns.with_described.finditer(self.masked.text):
            cue = self.governing(slot.start(), slot.end())
            if cue is None or self.is_other(min(cue.start(), slot.start()), max(cue.end(), slot.start())):
                continue
            start = min(cue.start(), slot.start())
            if not self.patterns.strong.search(self.masked.text, start, slot.start("described")):
                continue
            left = self.subject(slot.start(), [])
            right = self.coreference.resolve_described(slot["described"], {mention.key for mention in left})
            if left and right:
                yield self._relation([*left, *right], start, slot.end())

    def _whom(self) -> Iterator[Relation]:
        """Find "Orchid, with whom it will open shops": the antecedent is the partner of whoever acts."""
        for slot in self.patterns.whom_list.finditer(self.masked.text):
            end = self.end_of_clause(slot.end())
            if self.is_other(slot.end(), end):
                continue
            right = self.masked.named(*slot.span("list"))
            acting = [i for i in self.masked.marks(slot.end(), end) if not self.is_oblique(slot.end(), i)]
            left = self.masked.named(acting[0], acting[0] + 1) if acting else self.subject(slot.start(), right)
            left = left or self.opener() or self.coreference.resolve_subject(self.masked, slot.start(), right)
            if left:
                yield replace(self._relation([*left, *right], slot.start(), end), relative=True)

    def _binds(self) -> Iterator[Relation]:
        yield from self._after(self.patterns.binds_list)

    def _to(self) -> Iterator[Relation]:
        yield from self._after(self.patterns.to_list)

    def _after(self, pattern: re.Pattern[str]) -> Iterator[Relation]:
        for slot in pattern.finditer(self.masked.text):
            if not self.is_other(slot.start(), slot.start("list")):
                yield from self._sided(slot, slot)

    def _courts(self) -> Iterator[Relation]:
        """Find "it courted Almonda" and "its long-time partner Hasselbrink", who stand without a preposition."""
        for slot in self.patterns.courts_list.finditer(self.masked.text):
            if not self.is_other(slot.start(), slot.start("list")):
                sided = self._sided(slot, slot)
                yield from (one for one in sided if all(p.entity_type is EntityType.FIRM for p in one.parties))

    def _several(self) -> Iterator[Relation]:
        """Find "A, B and C have formed an alliance": several mentions, then the word, with nobody in between."""
        if len(self.masked.parties) < _FEWEST:
            return
        for slot in self.patterns.several.finditer(self.masked.text):
            before = self.masked.text[: slot.start()].rstrip()
            word = re.search(r"[\w'-]+$", before)
            if word and self.patterns.tables.pattern("statements.stops").fullmatch(word[0]):
                continue
            cue = self._behind(slot.end())
            if cue is None or self.is_other(slot.end(), cue.end()):
                continue
            if self.patterns.not_behind.search(self.masked.text, cue.end(), cue.end() + 30):
                continue
            yield self._relation(self.masked.named(*slot.span()), cue.start(), cue.end())

    def _behind(self, after: int) -> re.Match[str] | None:
        """Find the word in the clause that goes on behind the list, with nobody else before it."""
        for pattern in (self.patterns.strong, self.patterns.cue):
            found = pattern.search(self.masked.text, after, after + _REACH)
            if found and self.patterns.goes_on.fullmatch(self.masked.text, after, found.start()):
                return found
        return None

    def _both(self) -> Iterator[Relation]:
        """Find "the two companies ended their collaboration", named in the sentences before."""
        plural = self.patterns.tables.pattern("organisations.plurals").search(self.masked.text)
        theirs = self.patterns.theirs.match(self.masked.text) if plural is None else None
        plural = plural or theirs
        if plural is None:
            return
        cue = theirs or self.patterns.company.search(self.masked.text, plural.end())
        if cue is None or self.masked.named(plural.end(), cue.start()) or self.is_other(plural.end(), cue.end()):
            return
        parties = self.coreference.resolve_pair(self.masked.named(0, plural.start()))
        if len(parties) == 2 and all(map(self.coreference.is_solid, parties)):
            yield self._relation(parties, plural.start(), cue.end())

    def _sided(
        self,
        slot: re.Match[str],
        cue: re.Match[str],
    ) -> Iterator[Relation]:
        right = self.masked.named(*slot.span("list"))
        left = self._left(slot, right)
        if not left:
            return
        start, end = min(cue.start(), slot.start()), max(slot.end(), cue.end())
        apart = len(right) > 1 and self.patterns.separate.search(self.masked.text, start, max(slot.start(), cue.end()))
        for group in [[one] for one in right] if apart else [right]:
            yield self._relation([*left, *group], start, end)

    def _left(
        self,
        slot: re.Match[str],
        right: list[Mention],
    ) -> list[Mention]:
        """Return the other side: the subject, before or behind the slot, or the antecedent of a pronoun."""
        if left := self.subject(slot.start(), right):
            return (
                left
                if self.coreference.is_credible(left)
                else self.coreference.resolve_subject(self.masked, slot.start(), right) or left
            )
        if left := self.opener():
            return left
        fronted = not self.is_pronoun(slot.start()) and not self.coreference.has_subject(self.masked, slot.start())
        border = self.end_of_clause(slot.end())
        if border == slot.end():  # "asked about a deal with Pagalia, the head of Moncayo denied it"
            border = self.end_of_clause(border + 1)
        behind = self.masked.named(slot.end(), border) if fronted else []
        if behind and self.is_pronoun(self.masked.marks(slot.end(), border)[0], slot.end()):
            behind = []  # "with Hollis, it runs a mine in Norland": who acts is the pronoun
        keys = {mention.key for mention in right}
        if behind and behind[0].key not in keys:
            return behind[:1]
        return self.coreference.resolve_subject(self.masked, slot.start(), right)

    def _relation(self, parties: list[Mention], start: int, end: int) -> Relation:
        distinct = {mention.key: mention for mention in reversed(parties)}
        strong = self.patterns.strong.search(self.masked.text, start, end) is not None
        return Relation(self.masked.sentence, tuple(reversed(distinct.values())), start, end, self.masked, strong)


def _is_new(one: Relation, taken: set[str], weak: bool) -> bool:
    """Tell whether a relation adds something; a weak slot may not speak of a partner that another has placed."""
    if len(one.parties) < 2 or one.keys <= taken:
        return False
    return not (weak and one.parties[-1].key in taken)
