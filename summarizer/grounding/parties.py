"""Who is meant: every party named in a quote, or brought in by the nearby earlier sentence that the quote leans on.

"Elle a aussi envisagé une coopération avec Google" names one party and leaves the other to the context. The sentence
that names it is found and joins the evidence, unless another organisation of the article is the one that is meant.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..schema import Reason
from ..text.folding import fold
from ..text.status import find_word
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
    """Find every party in the evidence; return it with the sentences that had to join it, and what is missing."""
    quoted = fold(grounds.words)
    present = [party for party in parties if party.stands_in(quoted)]
    if not present:
        return grounds, [_missing(party) for party in parties]
    reasons, context = [], list(grounds.context)
    absent = [party for party in parties if party not in present]
    for party in absent:
        sentence = _sentence_that_names(party, present, absent, parties, grounds)
        if sentence is None:
            reasons.append(_missing(party))
        elif sentence not in context:
            context.append(sentence)
    return Grounds(grounds.reading, grounds.found, tuple(context)), reasons


def _missing(party: Party) -> Reason:
    message = f"{party.name!r} is neither named in the quoted words nor clearly meant by them"
    return Reason(code="party_not_in_evidence", message=message, value=party.name)


def _sentence_that_names(
    party: Party, present: list[Party], absent: list[Party], parties: Sequence[Party], grounds: Grounds
) -> int | None:
    """Return the sentence that makes clear that the quote means `party`, None where it may mean another."""
    reading = grounds.reading
    topical = is_topic(party, reading)
    for i in grounds.sentences:
        own = reading.folded_sentence(i)
        found = min((at for other in present if (at := other.at(own)) >= 0), default=-1)
        if found < 0 or (party.at(own) < 0 and _names_another(i, found, parties, reading)):
            continue
        if party.at(own) >= 0:  # the quote is a clause of a sentence that names it
            return i if _is_antecedent(party, present, i, reading, plural=len(absent) > 1) or topical else None
        return _earlier(party, present, i, reading, topical=topical, plural=len(absent) > 1)
    return None


def _earlier(
    party: Party, present: list[Party], i: int, reading: Reading, *, topical: bool, plural: bool
) -> int | None:
    for j in range(i - 1, max(-1, i - 1 - (TOPIC_REACH if topical else REACH)), -1):
        if party.stands_in(reading.folded_sentence(j)):
            return j if topical or _is_antecedent(party, present, j, reading, plural=plural) else None
        nearer = _organisations(j, present, reading)
        if nearer and (not topical or _opens(nearer[0], j, reading)):
            return None  # an organisation named since then is the one that is meant
    return None


def _opens(name: Name, i: int, reading: Reading) -> bool:
    """Tell whether a name stands at the head of its sentence, as what it is about."""
    return len(reading.text[reading.sentences[i].start : name.start].split()) <= 1


def _names_another(i: int, found: int, parties: Sequence[Party], reading: Reading) -> bool:
    """Tell whether a sentence has an organisation of its own in the place of the one that is missing."""
    own = reading.folded_sentence(i)
    others = []
    for name in _mentions(i, reading):
        if any(party.stands_in(name.folded) or find_word(fold(party.name), name.folded) >= 0 for party in parties):
            continue
        if is_organisation(name, reading):
            others.append(find_word(own, name.folded))
    if not others:
        return False
    first = min(others)
    if first > found:  # after a subject stands its counterpart; after a "with X" only what is told of X
        return _is_subject(own, found, reading)
    return not _in_one_list(own, first, found, reading) or _is_subject(own, first, reading)


def _is_subject(folded: str, at: int, reading: Reading) -> bool:
    """Tell whether the name at `at` opens its sentence rather than following a "with"."""
    before = folded[:at]
    if reading.lexicon is None:
        return len(before) < 4
    together = reading.lexicon.pattern("partnership.together")
    return not together.search(before) and not reading.lexicon.pattern("clauses.prepositions").search(before[-12:])


def _in_one_list(folded: str, left: int, right: int, reading: Reading) -> bool:
    """Tell whether two names stand side by side: "with Deepseek and Bytedance"."""
    between = folded[left:right]
    return (
        len(between) < 60
        and re.search(r"(?:,|\bet|\band|\bund|\by|\be|\ben|\bou|\bor|\boder|、|と)\s", between) is not None
    )


def _is_antecedent(party: Party, present: list[Party], j: int, reading: Reading, *, plural: bool) -> bool:
    """Tell whether a sentence's first organisation is `party`: the one that a pronoun after it takes up."""
    named = _organisations(j, present, reading)
    own = reading.folded_sentence(j)
    at = party.at(own)
    before = [name for name in named if 0 <= find_word(own, name.folded) < at and not party.stands_in(name.folded)]
    return not before or (plural and len(before) <= 1)


def _organisations(i: int, present: Sequence[Party], reading: Reading) -> list[Name]:
    return [
        name
        for name in _mentions(i, reading)
        if is_organisation(name, reading) and not any(party.stands_in(name.folded) for party in present)
    ]


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
        kept.append(name)
    return kept


def is_organisation(name: Name, reading: Reading) -> bool:
    """Tell whether a name may be an organisation's: its last word stands in the article again, or it is in a legal form."""
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
