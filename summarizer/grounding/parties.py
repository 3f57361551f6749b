"""Who is meant: every party named in a quote, or brought in by the nearby earlier sentence that the quote leans on.

"Elle a aussi envisagé une coopération avec Google" names one party and leaves the other to the context. The sentence
that names it is found and joins the evidence, unless another organisation of the article is the one that is meant.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..schema import Reason
from ..text.folding import fold
from ..text.lexicon import Lexicon
from ..text.status import find_word, speaks_of_partnership
from .names import Name, aliases_of, core
from .proofs import Grounds
from .reading import Reading

REACH = 3
"""Sentences before a quote in which the party that it leaves to the context may be named."""
TOPIC_REACH = 8
"""The same for the organisation that the article is about: "elle" goes on meaning it through a paragraph."""


@dataclass(frozen=True)
class Party:
    """An organisation of a claim, with the folded forms under which the article names it."""

    name: str
    forms: tuple[str, ...]

    def stands_in(self, folded: str) -> bool:
        """Tell whether a folded text names it."""
        return any(find_word(folded, form) >= 0 for form in self.forms)

    def at(self, folded: str) -> int:
        """Return where a folded text names it first, -1 where it does not."""
        return min((at for form in self.forms if (at := find_word(folded, form)) >= 0), default=-1)


def parties_of(names: Sequence[str], reading: Reading) -> list[Party]:
    """Return the parties of a claim with their aliases."""
    return [Party(name, aliases_of(name, reading.text, reading.name_counts)) for name in names]


def distinct(parties: Sequence[Party]) -> list[Reason]:
    """Return a reason where two parties are one organisation under two names."""
    for i, left in enumerate(parties):
        for right in parties[i + 1 :]:
            if set(left.forms) & set(right.forms) and _same_organisation(left, right):
                message = f"{left.name!r} and {right.name!r} are one organisation"
                return [Reason(code="party_not_in_evidence", message=message, value=right.name)]
    return []


def _same_organisation(left: Party, right: Party) -> bool:
    a, b = core(fold(left.name)), core(fold(right.name))
    return a == b or a in right.forms or b in left.forms


def find_parties(parties: Sequence[Party], grounds: Grounds) -> tuple[Grounds, list[Reason]]:
    """Find every party in the evidence; return it with the sentences that had to join it, and what is missing.

    One sentence names them all, or the sentence that tells the most of them names one and clearly means the others, or
    a second quote joins them to it.
    """
    quoted = fold(grounds.words)
    if not any(party.stands_in(quoted) for party in parties):
        return grounds, [_missing(party) for party in parties]
    main = main_sentence(parties, grounds)
    own = grounds.reading.folded_sentence(main)
    present = [party for party in parties if party.stands_in(own) and party.stands_in(quoted)]
    meant = Meant(parties, present, main, grounds.reading)
    reasons, context = [], list(grounds.context)
    for party in parties:
        if party in present or meant.is_joined(party, grounds.sentences):
            continue
        sentence = meant.sentence_that_names(party) if len(present) == 1 else None
        if sentence is None:
            reasons.append(_missing(party))
        elif sentence not in (*context, *grounds.sentences) or not party.stands_in(quoted):
            context.append(sentence)
    return replace(grounds, context=tuple(dict.fromkeys(context))), reasons


def find_name(party: Party, others: Sequence[Party], grounds: Grounds) -> Grounds:
    """Add the sentence that names whom a takeaway names and its quote does not; nothing where that is not clear."""
    main = main_sentence(others, grounds)
    own = grounds.reading.folded_sentence(main)
    present = [other for other in others if other.stands_in(own)]
    sentence = Meant([party, *others], present, main, grounds.reading).sentence_that_names(party)
    if sentence is None:
        return grounds
    return replace(grounds, context=(*grounds.context, sentence))


def main_sentence(parties: Sequence[Party], grounds: Grounds) -> int:
    """Return the quoted sentence that names most of the parties; of equals the one with the rarest, then the first."""
    reading = grounds.reading

    def rank(i: int) -> tuple[int, int]:
        named = [party for party in parties if party.stands_in(reading.folded_sentence(i))]
        return len(named), -min((mentions(party, reading) for party in named), default=0)

    return max(grounds.sentences, key=rank)


def _missing(party: Party) -> Reason:
    message = f"{party.name!r} is neither named in the quoted words nor clearly meant by them"
    return Reason(code="party_not_in_evidence", message=message, value=party.name)


@dataclass(frozen=True)
class Meant:
    """Whom the main sentence of a claim means beside those that it names."""

    parties: Sequence[Party]
    present: Sequence[Party]
    main: int
    reading: Reading

    def is_joined(self, party: Party, quoted: Sequence[int]) -> bool:
        """Tell whether another quote names a party together with one of the others, or as one more that joins in."""
        for i in quoted:
            folded = self.reading.folded_sentence(i)
            if i == self.main or not party.stands_in(folded):
                continue
            if any(other.stands_in(folded) for other in self.parties if other is not party):
                return True
            if self._is_meant_by(party, i) and not self._names_another():
                return True
            if i > self.main and not self._outsiders(i) and _tells_of_doing_together(folded, self.reading):
                return True
        return False

    def sentence_that_names(self, party: Party) -> int | None:
        """Return the sentence that makes clear that the main one means `party`, None where it may mean another."""
        if party.stands_in(self.reading.folded_sentence(self.main)):  # the quote is a clause of it
            return self.main if self._is_meant_by(party, self.main) else None
        if self._names_another():
            return None
        topical = is_topic(party, self.reading)
        for i in range(self.main - 1, max(-1, self.main - 1 - (TOPIC_REACH if topical else REACH)), -1):
            if party.stands_in(self.reading.folded_sentence(i)):
                return i if topical or self._is_meant_by(party, i) else None
            nearer = self._outsiders(i)
            if nearer and (not topical or _opens(nearer[0], i, self.reading)):
                return None  # an organisation named since then is the one that is meant
        return None

    def _is_meant_by(self, party: Party, i: int) -> bool:
        """Tell whether a sentence's first organisation is `party`, and not a counterpart: a pronoun takes that one up.

        Or whether the sentence brings it together with a party that the main one names.
        """
        own = self.reading.folded_sentence(i)
        at = party.at(own)
        if i != self.main and any(other.stands_in(own) for other in self.present):
            return True
        if is_topic(party, self.reading):
            return True
        before = [name for name in self._outsiders(i) if 0 <= find_word(own, name.folded) < at]
        return not before and (not self._outsiders(i) or not _follows_with(own, at, self.reading))

    def _outsiders(self, i: int) -> list[Name]:
        """Return the organisations of a sentence that are no party of the claim."""
        return [
            name
            for name in _mentions(i, self.reading)
            if not any(_same_name(party, name) for party in self.parties)
            and (is_organisation(name, self.reading) or _is_counterpart(name, i, self.reading))
        ]

    def _names_another(self) -> bool:
        """Tell whether the main sentence has an organisation of its own in the place of one that is missing."""
        own = self.reading.folded_sentence(self.main)
        places = [at for name in self._outsiders(self.main) if (at := find_word(own, name.folded)) >= 0]
        found = min((at for party in self.present if (at := party.at(own)) >= 0), default=-1)
        if not places or found < 0:
            return bool(places)
        first = min(places)
        if first > found:  # after a subject stands its counterpart; after a "with X" only what is told of X
            return not _follows_with(own, found, self.reading)
        return not _in_one_list(own, first, found) or not _follows_with(own, first, self.reading)


def _opens(name: Name, i: int, reading: Reading) -> bool:
    """Tell whether a name stands at the head of its sentence, as what it is about."""
    return len(reading.text[reading.sentences[i].start : name.start].split()) <= 1


def _same_name(party: Party, name: Name) -> bool:
    return party.stands_in(name.folded) or find_word(fold(party.name), name.folded) >= 0


def _is_counterpart(name: Name, i: int, reading: Reading) -> bool:
    """Tell whether a name follows a "with" and is no adjective: "with Faroese operator Skarvair"."""
    if re.match(r"\s[a-zà-öø-ÿ-]+\s(?:[a-zà-öø-ÿ-]+\s)?[A-ZÀ-Ý]", reading.text[name.end : name.end + 60]):
        return False
    own = reading.folded_sentence(i)
    at = find_word(own, name.folded)
    return at >= 0 and reading.lexicon is not None and _behind(own, at, reading.lexicon, "statements.with")


def _follows_with(folded: str, at: int, reading: Reading) -> bool:
    """Tell whether a name follows a "with", a few words between: "avec le laboratoire sud-coréen Kelmade"."""
    tables = reading.lexicon
    if tables is None:
        return at > 3
    return any(_behind(folded, at, tables, table) for table in ("statements.with", "clauses.prepositions"))


def _behind(folded: str, at: int, tables: Lexicon, table: str) -> bool:
    before = folded[max(0, at - 48) : at]
    cues = list(tables.pattern(table).finditer(before))
    if not cues:
        return False
    between = before[cues[-1].end() :]
    listed = re.sub(r"(?:,|\b(?:et|and|und|y|e|en|ed)\b)\s*", "", between)
    return len(listed.split()) <= 4 and not re.search(r"[.;:()]", between)


def _tells_of_doing_together(folded: str, reading: Reading) -> bool:
    return reading.lexicon is None or speaks_of_partnership(folded, reading.lexicon)


def _in_one_list(folded: str, left: int, right: int) -> bool:
    """Tell whether two names stand side by side: "with Deepseek and Bytedance"."""
    between = folded[left:right]
    return (
        len(between) < 60
        and re.search(r"(?:,|\bet|\band|\bund|\by|\be|\ben|\bou|\bor|\boder|、|と)\s", between) is not None
    )


def _mentions(i: int, reading: Reading) -> list[Name]:
    """Return the names of a sentence that may be what it is about: neither a place nor the source of the report."""
    kept = []
    for name in reading.names(i):
        before = fold(reading.text[max(0, name.start - 40) : name.start]) + " "
        tables = reading.lexicon
        if tables is not None and (
            re.search(r"(?:^|\W)(?:en|aux|au|in|nach|em|na|no|nel|nella|nell')\s*$", before)
            or re.search(
                r"(?:selon|d'apres|according to|laut|segun|secondo|segundo|volgens|par)\s+(?:[\w']+\s+){0,3}$", before
            )
        ):
            continue
        if not _is_person(name, reading):
            kept.append(name)
    return kept


def _is_person(name: Name, reading: Reading) -> bool:
    """Tell whether a name stands beside the word for an office: "Wilma Kerr, who chairs", "chief executive Denholm"."""
    tables = reading.lexicon
    if tables is None:
        return False
    before, after = (
        fold(reading.text[max(0, name.start - 30) : name.start]),
        fold(reading.text[name.end : name.end + 40]).lstrip(" ,"),
    )
    offices = tables.pattern("organisations.people")
    if any(not before[office.end() :].strip(" ,") for office in offices.finditer(before)):
        return True
    behind = re.match(
        r"(?:(?:who|which|qui|die|der|das|que|quien|che|quem|wie|the|le|la|el|il|o|a|its|de|der)\s)*", after
    )
    rest = after[behind.end() :] if behind else after
    return bool(offices.match(rest) or tables.pattern("organisations.leads").match(rest))


def is_organisation(name: Name, reading: Reading) -> bool:
    """Tell whether a name may be an organisation's: its last word stands there again, or it has a legal form."""
    if core(name.folded) != name.folded:
        return True
    return reading.count(re.split(r"[\s-]", name.folded)[-1]) >= 2


def is_topic(party: Party, reading: Reading) -> bool:
    """Tell whether the article is about `party`: no other name stands in it nearly as often."""
    own = mentions(party, reading)
    others = (reading.count(name) for name in reading.name_counts if not party.stands_in(name))
    return own >= 3 and own >= 1.5 * max(others, default=0)


def mentions(party: Party, reading: Reading) -> int:
    """Return how often the article names a party, in whatever form."""
    return max((reading.count(form) for form in party.forms), default=0)
