"""Whom a sentence means beside those that it names: "elle", "the airline", "their pact".

The sentence that names a party must be near, and no other organisation may be the one that is meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..language.cues import in_one_list, is_oblique, stands_behind
from ..language.entities.names import NameSpan
from ..language.lexicon import Lexicon
from ..language.statuses import find_word, speaks_of_partnership
from .document import Document
from .organisations import (
    Party,
    is_counterpart,
    is_first_person,
    is_introduced_first,
    is_topic,
    opens,
    outsiders,
    prevails,
    takes_up,
)

REACH = 3
"""Sentences before a quote in which the party that it leaves to the context may be named."""


@dataclass(frozen=True)
class AntecedentResolver:
    """Whom the main sentence of a claim means beside those that it names."""

    parties: Sequence[Party]
    present: Sequence[Party]
    main: int
    document: Document

    def is_joined(self, party: Party, quoted: Sequence[int]) -> bool:
        """Tell whether another quote names a party together with one of the others, or as one more that joins in."""
        for i in quoted:
            folded = self.document.folded_sentence(i)
            if i == self.main or not party.stands_in(folded):
                continue
            if any(other.stands_in(folded) for other in self.parties if other is not party):
                return True
            if self._is_meant_by(party, i) and not self._names_another():
                return True
            if i == self.main - 1 and self._opens_with_anaphor() and self._leads(party, i):
                return True
            if (
                len(self.present) > 1
                and i > self.main
                and not self._outsiders(i)
                and _tells_of_doing_together(folded, self.document)
            ):
                return True
        return False

    def _opens_with_anaphor(self) -> bool:
        """Tell whether the main sentence begins with a pronoun or "the company": with whom the one before names."""
        tables = self.document.lexicon
        own = self.document.folded_sentence(self.main).lstrip("'- ")
        names = ("organisations.anaphors", "organisations.pronouns")
        return tables is not None and any(tables.pattern(name).match(own) for name in names)

    def are_counterparts(self) -> bool:
        """Tell whether all parties stand in one list behind a "with": then they are partners of a third."""
        own = self.document.folded_sentence(self.main)
        places = sorted(party.at(own) for party in self.present)
        if self.document.lexicon is None or not all(self._is_behind_with(own, at) for at in places):
            return False
        links = self.document.lexicon.pattern("clauses.links")
        linked = all(links.search(own, a, b) for a, b in pairwise(places[-2:]))
        return linked and all(in_one_list(own, a, b) for a, b in pairwise(places))

    def is_plural(self) -> bool:
        """Tell whether the main sentence may mean several at once: "their pact", "les deux groupes"."""
        tables = self.document.lexicon
        own = self.document.folded_sentence(self.main)
        return tables is None or tables.pattern("anaphora.plural").search(own) is not None

    def sentence_that_names(self, party: Party) -> int | None:
        """Return the sentence that makes clear that the main one means `party`, None where it may mean another."""
        if party.stands_in(self.document.folded_sentence(self.main)):  # the quote is a clause of it
            return self.main if self._is_meant_by(party, self.main) else None
        if self._names_another():
            return None
        if self.is_protagonist(party):
            return self._nearest_that_names(party)
        for i in range(self.main - 1, max(-1, self.main - 1 - REACH), -1):
            if party.stands_in(self.document.folded_sentence(i)):
                return i if self._is_meant_by(party, i) and not self._is_told_by_another(party, i) else None
            if self.subjects(i):
                return None  # an organisation named since then is the one that is meant
        return None

    def is_protagonist(self, party: Party) -> bool:
        """Tell whether the article is about `party`, or it is whose side is told where the main sentence says "we"."""
        if is_topic(party, self.document):
            return True
        return is_first_person(self.main, self.document) and is_introduced_first(party, self.document)

    def _nearest_that_names(self, party: Party) -> int | None:
        """Return the nearest earlier sentence with the protagonist, unless the talk came to another since then.

        It did where a sentence of the same paragraph begins with another, or the paragraph before is about one; "we"
        goes on being the one that is asked.
        """
        rivalled = not prevails(party, self.document)
        first_person = is_first_person(self.main, self.document)
        breaks = 0
        for i in range(self.main - 1, -1, -1):
            breaks += self.document.is_apart(i)
            if party.stands_in(self.document.folded_sentence(i)):
                if first_person or not rivalled or self._leads(party, i):
                    return i
                if self.subjects(i):
                    return None
            if first_person or breaks > 1 or (breaks == 1 and not (i == 0 or self.document.is_apart(i - 1))):
                continue
            nearer = self.subjects(i)
            heads = nearer and (rivalled or opens(nearer[0], i, self.document))
            if heads and not takes_up(i, self.document):
                return None
        return None

    def _is_told_by_another(self, party: Party, i: int) -> bool:
        """Tell whether the main sentence says "we", and the sentence that names a party brings nobody who speaks."""
        tables = self.document.lexicon
        if tables is None or not is_first_person(self.main, self.document):
            return False
        own = self.document.folded_sentence(i)
        return not any(tables.pattern(f"organisations.{table}").search(own) for table in ("people", "leads"))

    def _is_meant_by(self, party: Party, i: int) -> bool:
        """Tell whether a sentence's first organisation is `party`, and not a counterpart: a pronoun takes that one up.

        Or whether the sentence brings it together with a party that the main one names.
        """
        own = self.document.folded_sentence(i)
        if i != self.main and any(other.stands_in(own) for other in self.present):
            return True
        return is_topic(party, self.document) or self._leads(party, i)

    def _leads(self, party: Party, i: int) -> bool:
        """Tell whether `party` is the first organisation of a sentence, and nobody's counterpart in it."""
        own = self.document.folded_sentence(i)
        at = party.at(own)
        before = [name for name in self.subjects(i) if find_word(own, name.folded) < at]
        if before or self._is_behind_with(own, at):
            return False
        alone = not self._outsiders(i) and not any(p.stands_in(own) for p in self.parties if p is not party)
        return alone or not is_oblique(own, at, self.document.lexicon)

    def subjects(self, i: int) -> list[NameSpan]:
        """Return the other organisations of a sentence that stand behind no preposition: what a pronoun may take up."""
        own = self.document.folded_sentence(i)
        places = [(name, find_word(own, name.folded)) for name in self._outsiders(i)]
        return [name for name, at in places if at >= 0 and not is_oblique(own, at, self.document.lexicon)]

    def _is_behind_with(self, own: str, at: int) -> bool:
        return self.document.lexicon is not None and stands_behind(own, at, self.document.lexicon, "statements.with")

    def _outsiders(self, i: int) -> list[NameSpan]:
        return outsiders(i, self.parties, self.document)

    def _names_another(self) -> bool:
        """Tell whether the main sentence has an organisation of its own in the place of one that is missing.

        It stands there as a subject, or as a counterpart beside which the party that is named does not stand:
        "with Deepseek and Bytedance" leaves its subject open for both.
        """
        own = self.document.folded_sentence(self.main)
        found = min((at for party in self.present if (at := party.at(own)) >= 0), default=-1)
        for name in self._outsiders(self.main):
            at = find_word(own, name.folded)
            listed = in_one_list(own, *sorted((at, found))) and self._is_behind_with(own, min(at, found))
            if (
                at >= 0
                and not listed
                and (is_counterpart(name, self.main, self.document) or _is_nominal(own, at, self))
            ):
                return True
        return False


def _is_nominal(own: str, at: int, resolver: AntecedentResolver) -> bool:
    """Tell whether a name stands as a subject or an object, behind no preposition, and does not only say something."""
    tables = resolver.document.lexicon
    if tables is None:
        return True
    return not is_oblique(own, at, resolver.document.lexicon) and not _reports(own, at, tables)


def _reports(own: str, at: int, tables: Lexicon) -> bool:
    """Tell whether a name only says something: "said Orrin", not "said that Orrin"."""
    cues = tables.pattern("reporting.cues")
    if cues.search(own, at, min(len(own), at + 40)):
        return True
    before = [cue.end() for cue in cues.finditer(own, max(0, at - 16), at)]
    return bool(before) and tables.pattern("grammar.that").search(own, before[-1], at) is None


def _tells_of_doing_together(folded: str, document: Document) -> bool:
    return document.lexicon is None or speaks_of_partnership(folded, document.lexicon)
