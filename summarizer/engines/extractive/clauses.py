"""The clauses of a sentence: their subjects, their lists of organisations and the words for a partnership in them."""

import re
from dataclasses import dataclass

from ...language.entities.masking import MaskedSentence
from ...language.entities.mentions import Mention
from .patterns import RelationPatterns

_REACH = 140
"""Characters before "with" in which the word for the partnership stands."""
BEHIND = 60
"""Characters after the list, for the language that says so at the end: "mit Ilmwerk eine Allianz besiegelt"."""
_WORD = re.compile(r"(?<!\w)[a-z]{4,}")
_MARGIN = 25
"""Characters before a word that may mean something else, in which it is called a purchase or a loan."""
_APART = re.compile("[;:.,\ue000-\uf000]")
"""A sign, or somebody else, between the list and the word."""


@dataclass(frozen=True)
class ClauseReader:
    """A masked sentence and the patterns of its language."""

    masked: MaskedSentence
    patterns: RelationPatterns

    def opener(self) -> list[Mention]:
        """Return the word that opens the sentence where it can be a name, in a language that writes no noun so."""
        if self.patterns.noun_capitals:
            return []
        return self.masked.opener(self.patterns.tables.pattern("organisations.firms"), self.patterns.not_verb)

    def is_pronoun(self, before: int, after: int = 0) -> bool:
        return bool(self.patterns.tables.pattern("organisations.pronouns").search(self.masked.text, after, before))

    def end_of_clause(self, after: int) -> int:
        border = re.compile(r"[,:;.()]|$").search(self.masked.text, after)
        return border.start() if border else len(self.masked.text)

    def subject(self, before: int, right: list[Mention]) -> list[Mention]:
        """Return the first list of organisations of the clause, or else the nearest before it; no object of either."""
        keys = {mention.key for mention in right}
        border = self.clause(before)
        for start, end, which in ((border, before, 0), (0, border, -1)):
            sides = [self.masked.named(*span) for span in self.lists(start, end) if not self.is_oblique(start, span[0])]
            if sides := [side for side in sides if side and not {mention.key for mention in side} & keys]:
                return sides[which]
        return []

    def is_oblique(self, start: int, at: int) -> bool:
        """Tell whether a name stands behind a preposition: it does not act."""
        if self.patterns.oblique.search(self.masked.text, max(start, at - 60), at):
            return True
        return (
            self.patterns.owner.search(self.masked.text, start, at) is not None
            and not self.masked.named(at, at + 1)[0].led
        )

    def lists(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the spans of the organisations between two offsets, those that are named together as one."""
        marks = self.masked.marks(start, end)
        spans = []
        for slot in self.patterns.several.finditer(self.masked.text, start, end):
            inside = [i for i in marks if slot.start() <= i < slot.end()]
            spans.append((inside[0], inside[-1] + 1))
            marks = [i for i in marks if i not in inside]
        return sorted(spans + [(i, i + 1) for i in marks])

    def clause(self, before: int) -> int:
        borders = [
            border.end() for border in self.patterns.border.finditer(self.masked.text, max(0, before - _REACH), before)
        ]
        return borders[-1] if borders else max(0, before - _REACH)

    def governing(self, before: int, after: int) -> re.Match[str] | None:
        """Return the word for a partnership that governs a slot: before it or, at the end of the clause, behind it."""
        text, start = self.masked.text, self.clause(before)
        for pattern in (self.patterns.strong, self.patterns.cue, self.patterns.doing):
            found = last_match(pattern, text, start, before)
            if found and self.patterns.belongs.fullmatch(text, found.end(), max(found.end(), before)):
                return found
            found = pattern.search(text, after, after + BEHIND)
            if found and not _APART.search(text, after, found.start()):
                return found
        return self.patterns.company.match(text, before) or self._fronted(before, after)

    def _fronted(self, before: int, after: int) -> re.Match[str] | None:
        """Find the word anywhere behind "Avec le loueur Cyclib, …" where that opens the sentence."""
        opening = re.split(r"[:;]", self.masked.text[:before])[-1]
        if re.search(r"\w{3,}", self.patterns.cleft.sub("", opening)):
            return None
        if self.patterns.cleft.match(self.masked.text):
            return _WORD.search(self.masked.text, after)
        return self.patterns.strong.search(self.masked.text, after)

    def is_other(self, start: int, end: int) -> bool:
        """Tell whether the words around the cue speak of a purchase, a takeover, a loan, a lawsuit."""
        if not self.patterns.strong.match(self.masked.text, start):
            start = max(0, start - _MARGIN)
        if self.patterns.blocks.search(self.masked.text, start, end):
            return True
        deals = [
            deal.span() for deal in self.patterns.deal.finditer(self.masked.text)
        ]  # "filiale commune" is no subsidiary
        found = self.patterns.not_here.finditer(self.masked.text, start, end)
        return any(not any(first <= other.start() and other.end() <= last for first, last in deals) for other in found)


def last_match(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text, start):
        if match.start() >= end:  # a cue may reach over the slot: "praat A met B over"
            break
        found = match
    return found
