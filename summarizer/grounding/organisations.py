"""The organisations of an article: the parties of a claim, those beside them, and which one the article is about."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial

from ..language.cues import in_one_list, is_oblique, stands_behind
from ..language.entities.actors import actors
from ..language.entities.names import NameSpan, aliases_of, core
from ..language.lexicon import across
from ..language.normalization import fold
from ..language.statuses import find_word, is_unspaced
from .document import Document

OPENING = 5
"""Sentences of an article, its title included, in which the organisation that it is about is introduced."""


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


def parties_of(names: Sequence[str], document: Document) -> list[Party]:
    """Return the parties of a claim with their aliases."""
    return [document.remember(("party", name), partial(_party, name, document)) for name in names]


def _party(name: str, document: Document) -> Party:
    return Party(name, aliases_of(name, document.bracketed, document.names_with))


def same_organisation(left: Party, right: Party) -> bool:
    """Tell whether two names are one organisation's, short for another or not."""
    a, b = core(fold(left.name)), core(fold(right.name))
    return a == b or a in right.forms or b in left.forms


def outsiders(i: int, parties: Sequence[Party], document: Document) -> list[NameSpan]:
    """Return the organisations of a sentence that are no party of a claim: by their number, or by where they stand."""
    names = tuple(party.name for party in parties)
    return document.remember(("outsiders", i, names), partial(_outsiders, i, parties, document))


def _outsiders(i: int, parties: Sequence[Party], document: Document) -> list[NameSpan]:
    return [
        name
        for name in actors(i, document)
        if not any(_same_name(party, name) for party in parties)
        and (
            is_organisation(name, document)
            or is_counterpart(name, i, document)
            or _is_beside(name, i, parties, document)
            or is_unspaced(name.folded[0])
            or _is_head(name, i, document)
        )
    ]


def _is_head(name: NameSpan, i: int, document: Document) -> bool:
    """Tell whether a name is the subject that a sentence begins with, however seldom the article has it."""
    named = actors(i, document)
    own = document.folded_sentence(i)
    at = find_word(own, name.folded)
    tables = document.lexicon
    if not named or named[0] != name or at < 1 or tables is None or is_oblique(own, at, document.lexicon):
        return False  # a single word that opens a sentence may be any word
    return tables.pattern("reporting.cues").search(own, max(0, at - 10), min(len(own), at + 40)) is None


def _is_beside(name: NameSpan, i: int, parties: Sequence[Party], document: Document) -> bool:
    """Tell whether a name stands in one list with a party: "Brévane et l'enseigne Verdomis"."""
    own = document.folded_sentence(i)
    at = find_word(own, name.folded)
    places = [place for party in parties if (place := party.at(own)) >= 0]
    return at >= 0 and any(in_one_list(own, *sorted((at, place))) for place in places)


def opens(name: NameSpan, i: int, document: Document, *, words: int = 1) -> bool:
    """Tell whether a name stands at the head of its sentence, as what it is about."""
    return len(document.text[document.sentences[i].start : name.start].split()) <= words


def _same_name(party: Party, name: NameSpan) -> bool:
    return party.stands_in(name.folded) or find_word(fold(party.name), name.folded) >= 0


@cache
def _adjective() -> re.Pattern[str]:
    """Return the pattern of what follows an adjective with a capital: a noun and a name, no conjunction."""
    joints = "|".join((*across("grammar.and"), *across("grammar.or")))
    return re.compile(rf"\s(?!(?:{joints})\s)[a-zà-öø-ÿ-]+\s(?:[a-zà-öø-ÿ-]+\s)?[A-ZÀ-Ý]")


def is_counterpart(name: NameSpan, i: int, document: Document) -> bool:
    """Tell whether a name follows a "with", a "between" or the word for a firm, and is no adjective.

    "with Faroese operator Skarvair" has one counterpart.
    """
    if _adjective().match(document.text[name.end : name.end + 60]) or document.lexicon is None:
        return False
    own = document.folded_sentence(i)
    at = find_word(own, name.folded)
    if at < 0:
        return False
    if any(
        stands_behind(own, at, document.lexicon, f"statements.{word}", nearest=True) for word in ("with", "between")
    ):
        return True
    firms = document.lexicon.pattern("organisations.firms").finditer(own, max(0, at - 40), at)
    return any(len(own[firm.end() : at].split()) <= 1 for firm in firms)


def is_organisation(name: NameSpan, document: Document) -> bool:
    """Tell whether a name may be an organisation's: its last word stands there again, or it has a legal form."""
    if core(name.folded) != name.folded:
        return True
    return document.count(_GAP.split(name.folded)[-1]) >= 2


_GAP = re.compile(r"[\s-]")


def is_topic(party: Party, document: Document) -> bool:
    """Tell whether the article is about `party`: it is named far more than others, or first and not much less."""
    return document.remember(("topic", party.forms), partial(_is_topic, party, document))


def _is_topic(party: Party, document: Document) -> bool:
    if prevails(party, document):
        return True
    own = mentions(party, document)
    return own >= 2 and is_introduced_first(party, document) and own >= _most_of_organisations(party, document)


def prevails(party: Party, document: Document) -> bool:
    """Tell whether no other name stands in an article nearly as often."""
    own = mentions(party, document)
    return own >= 3 and own >= 1.5 * _most_of_others(party, document)


def _most_of_organisations(party: Party, document: Document) -> int:
    names = (name.folded for i in range(len(document.sentences)) for name in actors(i, document))
    ranked = document.remember("organisations by count", lambda: _ranked(names, document))
    return next((count for count, name in ranked if not party.stands_in(name)), 0)


def _most_of_others(party: Party, document: Document) -> int:
    ranked = document.remember("names by count", lambda: _ranked(document.name_counts, document))
    return next((count for count, name in ranked if not party.stands_in(name)), 0)


def _ranked(names: Iterable[str], document: Document) -> list[tuple[int, str]]:
    return sorted(((document.count(name), name) for name in set(names)), reverse=True)


def is_first_person(i: int, document: Document) -> bool:
    """Tell whether a sentence says "we" or "I", or speaks to the one who does: "you"."""
    tables = document.lexicon
    own = document.folded_sentence(i)
    return tables is not None and any(tables.pattern(f"organisations.{table}").search(own) for table in ("we", "me"))


def takes_up(i: int, document: Document) -> bool:
    """Tell whether a sentence goes on with whom it does not name: "the bank lent the company 20 million"."""
    tables = document.lexicon
    own = document.folded_sentence(i)
    return tables is not None and any(
        tables.pattern(f"organisations.{table}").search(own) for table in ("anaphors", "we")
    )


def is_introduced_first(party: Party, document: Document) -> bool:
    """Tell whether an article begins with a party: before all other organisations, and beside none."""
    for i in range(min(OPENING, len(document.sentences))):
        own = document.folded_sentence(i)
        at = party.at(own)
        others = [name for name in actors(i, document) if not _same_name(party, name)]
        before = [name for name in others if at < 0 or find_word(own, name.folded) < at]
        if any(is_organisation(name, document) for name in before):
            return False
        if at >= 0:
            return document.lexicon is None or not stands_behind(own, at, document.lexicon, "statements.with")
        if others and document.lexicon is not None and document.lexicon.pattern("organisations.leads").search(own):
            return False
    return False


def mentions(party: Party, document: Document) -> int:
    """Return how often the article names a party, in whatever form."""
    return max((document.count(form) for form in party.forms), default=0)
