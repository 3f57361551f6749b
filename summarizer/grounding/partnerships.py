"""Check each part of a partnership against its quotes: parties, status, kind, optional fields."""

import re
from collections.abc import Sequence
from functools import cache, partial
from itertools import pairwise
from typing import Any

from ..language.cues import in_one_list
from ..language.dates import resolve_date
from ..language.lexicon import Lexicon, across
from ..language.normalization import fold
from ..language.statuses import TERMINAL, find_word, read_status, speaks_of_partnership
from ..schema import OPTIONAL_FIELDS, DraftPartnership, FieldProof, Reason, Rejected, Status, field_values
from .checks.assertion import check_assertion
from .checks.name_support import check_names
from .checks.number_support import check_dates, check_numbers
from .checks.polarity import is_negated
from .checks.table import FIELD_ELSEWHERE, FIELD_MISSING, NO_RELATION, OTHER_RELATION, STATUS
from .document import Document
from .evidence import ClaimEvidence
from .organisations import Party, mentions, outsiders, parties_of
from .parties import distinct, find_parties

BESIDE = 45
"""Folded characters before a name in which a word may characterise it: "concurrents comme", "acquired"."""

BEHIND = 34
"""Folded characters behind the last name of a joint subject in which its verb may stand."""
_TRAPS = ("rivalry", "acquisition", "investment", "purchase", "lawsuit")


def prove_parties(draft: DraftPartnership, evidence: ClaimEvidence) -> tuple[ClaimEvidence, list[Party], list[Reason]]:
    """Find the parties in the evidence, which is extended by the sentences that name those the quotes only refer to."""
    parties = parties_of(draft.parties, evidence.reading)
    evidence, missing = find_parties(parties, evidence)
    return evidence, parties, [*distinct(parties), *missing]


# --- status ----------------------------------------------------------------------------------------------------


def check_status(status: Status, parties: Sequence[Party], evidence: ClaimEvidence) -> list[Reason]:
    """Return a reason where the quoted sentences support another status, or none."""
    document = evidence.reading
    if document.lexicon is None:
        return []
    if unasserted := check_assertion(
        [document.folded_sentence(i) for i in _telling(parties, evidence)], document.lexicon
    ):
        return unasserted
    plausible = _plausible(parties, evidence, document.lexicon)
    if status in plausible and (status is Status.ESTABLISHED or _concerns_partnership(evidence, document.lexicon)):
        return []
    if status in _OPEN and plausible == {Status.ESTABLISHED} and _is_open(parties, evidence, document.lexicon):
        return []
    if not plausible or status in plausible:
        return [NO_RELATION.reason("the quoted words speak of no partnership")]
    borne_out = " or ".join(sorted(plausible))
    return [STATUS.reason(f"the quoted words bear out {borne_out}, not {status}", status)]


_OPEN = (Status.IN_TALKS, Status.CONSIDERED)


def _is_open(parties: Sequence[Party], evidence: ClaimEvidence, tables: Lexicon) -> bool:
    """Tell whether a sentence that names a party speaks of a plan or a possibility, whatever it calls the agreement."""
    sentences = [evidence.reading.folded_sentence(i) for i in _telling(parties, evidence)]
    named = [sentence for sentence in sentences if any(party.stands_in(sentence) for party in parties)]
    return any(tables.pattern(f"modality.{way}").search(s) for way in ("planned", "possible") for s in named)


def _plausible(parties: Sequence[Party], evidence: ClaimEvidence, tables: Lexicon) -> frozenset[str]:
    """Return the statuses that the quoted sentences support; a later end of a partnership overrules the others."""
    names = [party.forms for party in parties]
    plausible = frozenset[str]()
    telling = _telling(parties, evidence)
    sentences = [evidence.reading.folded_sentence(i) for i in telling]
    for i, sentence in zip(telling, sentences, strict=True):
        here = read_status(sentence, tables, names, partial(_others, i, parties, evidence.reading))
        if "abandoned" in here and _never_ran(sentence, tables):
            here -= {"ended"}
        plausible = here if here & TERMINAL else plausible | here
    if not plausible and any(_states_plainly(sentence, parties, tables) for sentence in sentences):
        return frozenset({"established"})
    return plausible


def _states_plainly(sentence: str, parties: Sequence[Party], tables: Lexicon) -> bool:
    """Tell whether a sentence states a partnership as a fact, in words that only name it."""
    against = ("status.rumours", "statements.withdrawals")
    if is_negated(sentence, tables) or any(tables.pattern(table).search(sentence) for table in against):
        return False
    return _joins(sentence, tables) or _side_by_side(sentence, parties, tables)


def _others(i: int, parties: Sequence[Party], document: Document) -> list[str]:
    return [name.folded for name in outsiders(i, parties, document)]


def _never_ran(sentence: str, tables: Lexicon) -> bool:
    """Tell whether only a plan was dropped, or before anything was signed."""
    return any(tables.pattern(table).search(sentence) for table in ("status.before_deal", "statements.plans"))


def _concerns_partnership(evidence: ClaimEvidence, tables: Lexicon) -> bool:
    """Tell whether the evidence has a word of acting or talking together: prices "end" too."""
    sentences = [evidence.reading.folded_sentence(i) for i in (*evidence.sentences, *evidence.context)]
    tables_of_talks = ("partnership.talks", "status.in_talks", "statements.with", "status.before_deal")
    talks = [tables.pattern(table) for table in tables_of_talks]
    return any(speaks_of_partnership(s, tables) or any(t.search(s) for t in talks) for s in sentences)


def _telling(parties: Sequence[Party], evidence: ClaimEvidence) -> list[int]:
    """Return the quoted sentences about these parties, without those that were quoted for a name only.

    Such a sentence names the party that the article names most, and an outsider. A sentence that names none of the
    parties counts as a continuation if it names no outsider either.
    """
    key = ("telling", tuple(party.name for party in parties), tuple(evidence.sentences))
    return evidence.reading.remember(key, partial(_find_telling, parties, evidence))


def _find_telling(parties: Sequence[Party], evidence: ClaimEvidence) -> list[int]:
    document = evidence.reading
    named = {
        i: [party for party in parties if party.stands_in(document.folded_sentence(i))] for i in evidence.sentences
    }
    if len(named) == 1 and all(named.values()):
        return list(named)
    least = min((mentions(party, document) for found in named.values() for party in found), default=0)
    return [
        i
        for i, found in named.items()
        if any(mentions(party, document) == least for party in found) or not outsiders(i, parties, document)
    ]


def check_kind(status: Status, parties: Sequence[Party], evidence: ClaimEvidence) -> list[Reason]:
    """Return a reason where the quotes are about a purchase, a takeover, a lawsuit or a rivalry of the parties."""
    document = evidence.reading
    tables = document.lexicon
    if tables is None:
        return []
    sentences = [document.folded_sentence(i) for i in _telling(parties, evidence)]
    traps = _TRAPS if status is Status.ESTABLISHED else _TRAPS[1:]
    stretches = [_stretch(sentence, parties) for sentence in sentences]
    nameless = [_without_names(stretch, parties) for stretch in stretches]
    told = [trap for trap in traps if any(map(tables.pattern(f"not_partnership.{trap}").search, nameless))]
    honest = any(_joins(stretch, tables) for stretch in stretches)
    for party in parties:
        if _regulates(party, sentences, tables, honest=honest):
            return [_not_a_partnership(f"{party.name!r} is a regulator", party.name)]
    if told and not honest:
        return [_not_a_partnership(f"the quoted words tell of {told[0]}, not of a partnership", told[0])]
    if status is not Status.ESTABLISHED:
        return []
    rival = next((p for p in parties for s in sentences if _is_rival(p, s, tables)), None)
    return [_not_a_partnership(f"the quoted words call {rival.name!r} a rival", rival.name)] if rival else []


def _regulates(party: Party, sentences: Sequence[str], tables: Lexicon, *, honest: bool) -> bool:
    """Tell whether a party is named as a regulator and acts as one; a port authority may be a partner."""
    regulator = tables.pattern("not_partnership.regulator")
    if not regulator.search(fold(party.name)):
        return False
    acts = any(regulator.search(s.replace(form, " ")) for s in sentences for form in party.forms[:1])
    return acts or not honest


def _not_a_partnership(message: str, value: str) -> Reason:
    return OTHER_RELATION.reason(message, value)


def _stretch(sentence: str, parties: Sequence[Party]) -> str:
    """Return the words from a little before the first party to the last, and some behind where they are one subject."""
    found = ((party.at(sentence), party) for party in parties)
    places = sorted((place for place in found if place[0] >= 0), key=lambda place: place[0])
    if not places:
        return sentence
    together = all(in_one_list(sentence, a, b) for (a, _), (b, _) in pairwise(places))
    last, party = places[-1]
    end = last + max((len(form) for form in party.forms if sentence.startswith(form, last)), default=0)
    return sentence[max(0, places[0][0] - BESIDE) : end + (BEHIND if together else 0)]


def _without_names(stretch: str, parties: Sequence[Party]) -> str:
    """Return a stretch without the parties' full names: a bank named "Credito" need not lend anything."""
    for party in parties:
        for name in {fold(party.name), *party.forms[:1]}:
            if " " in name:
                stretch = stretch.replace(name, " ")
    return stretch


def _joins(stretch: str, tables: Lexicon) -> bool:
    """Tell whether a word of acting together stands near the parties; a mere "deal" may be a sale."""
    weak = tables.pattern("partnership.weak")
    for table in ("partnership.nouns", "partnership.verbs"):
        if any(not weak.fullmatch(term[0]) for term in tables.pattern(table).finditer(stretch)):
            return True
    return False


def _side_by_side(sentence: str, parties: Sequence[Party], tables: Lexicon) -> bool:
    """Tell whether "with" stands before the last party: "… que Brévane développe avec le laboratoire Kelmade"."""
    places = sorted(at for party in parties if (at := party.at(sentence)) >= 0)
    if len(places) < 2:
        return False
    before = sentence[max(places[0], places[-1] - BESIDE) : places[-1]]
    return tables.pattern("statements.with").search(before) is not None


def _is_rival(party: Party, sentence: str, tables: Lexicon) -> bool:
    at = party.at(sentence)
    if at < 0:
        return False
    before = sentence[max(0, at - BESIDE) : at]
    cues = list(tables.pattern("not_partnership.rivalry").finditer(before))
    return (
        bool(cues)
        and not speaks_of_partnership(before[cues[-1].end() :], tables)
        and not re.search(r"[;:.]", before[cues[-1].end() :])
    )


# --- the optional fields ---------------------------------------------------------------------------------------


def prove_fields(
    draft: DraftPartnership, parties: Sequence[Party], evidence: ClaimEvidence
) -> tuple[dict[str, Any], list[Rejected]]:
    """Return the optional fields, each proven or null, and the rejection of each that was not proven."""
    proofs = {
        FieldProof.WORDING: _purpose,
        FieldProof.PLACE: _region,
        FieldProof.DATE: _date,
        FieldProof.SOURCE: _attribution,
    }
    values = field_values(draft)
    kept: dict[str, Any] = {}
    fallen = []
    for field in OPTIONAL_FIELDS:
        value = (values[field.name] or "").strip() or None
        reason = proofs[field.proof](value, parties, evidence) if value else None
        kept[field.name] = None if reason else value
        if reason:
            claim = {"parties": list(draft.parties), "status": draft.status.value, "field": field.name, "value": value}
            fallen.append(Rejected(kind="field", claim=claim, reasons=(reason,)))
    return kept, fallen


def resolve_stated_date(
    value: str | None, status: Status, parties: Sequence[Party], evidence: ClaimEvidence
) -> str | None:
    """Return a proven date as ISO 8601 where its words and the day of publication settle it."""
    if value is None:
        return None
    article, tables = evidence.reading.article, evidence.reading.lexicon
    is_past = status not in _OPEN and tables is not None and not _is_open(parties, evidence, tables)
    return resolve_date(value, article.published, article.language, is_past=is_past)


def _purpose(value: str, parties: Sequence[Party], evidence: ClaimEvidence) -> Reason | None:
    document = evidence.reading
    told = [document.sentence(i) for i in (*evidence.sentences, *evidence.context)]
    reasons = [*check_numbers(value, told, document), *check_dates(value, told, document)]
    reasons += check_names(value, "\n".join(sentence.folded for sentence in told), evidence.sentences, document)
    return reasons[0] if reasons else None


def _region(value: str, parties: Sequence[Party], evidence: ClaimEvidence) -> Reason | None:
    """Check that a region stands in the quoted sentences, or beside them where they name no other place."""
    document = evidence.reading
    if _stands_in(value, evidence.sentences, document):
        return None
    if _names_place(evidence, parties) or not _stands_in(value, _beside(parties, evidence), document):
        return _not_there(value, document)
    return None


def _date(value: str, parties: Sequence[Party], evidence: ClaimEvidence) -> Reason | None:
    """Check that a date stands in the quoted sentences, or beside them where they have none of their own."""
    document = evidence.reading
    if _stands_in(value, evidence.sentences, document):
        return None
    quoted = "\n".join(document.folded_sentence(i) for i in evidence.sentences)
    dated = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", quoted) is not None
    return _not_there(value, document) if dated or not _stands_in(value, _beside(parties, evidence), document) else None


def _attribution(value: str, parties: Sequence[Party], evidence: ClaimEvidence) -> Reason | None:
    """Check that a source stands in or beside the quoted sentences as the one who reports; parties rarely do."""
    document = evidence.reading
    folded = fold(value)
    known = any(party.stands_in(folded) for party in parties) or folded in evidence.organisations
    for i in [*evidence.sentences, *evidence.context, *_beside(parties, evidence)]:
        sentence = document.folded_sentence(i)
        at = find_word(sentence, folded)
        if at >= 0 and (
            document.lexicon is None or _reports(sentence, at, at + len(folded), document.lexicon, known=known)
        ):
            return None
    return _not_there(value, document)


def _reports(sentence: str, start: int, end: int, tables: Lexicon, *, known: bool) -> bool:
    """Tell whether a word of reporting stands near a name, or is part of it.

    A `known` organisation, which the draft has as a party, must stand right behind an "according to".
    """
    if known:
        before = sentence[max(0, start - 24) : start]
        return any(
            len(before[cue.end() :].split()) <= 2 for cue in tables.pattern("statements.according").finditer(before)
        )
    return (
        tables.pattern("reporting.cues").search(sentence, max(0, start - 60), min(len(sentence), end + 60)) is not None
    )


def _stands_in(value: str, sentences: Sequence[int], document: Document) -> bool:
    folded = fold(value).strip()
    return any(find_word(document.folded_sentence(i), folded) >= 0 for i in sentences)


def _beside(parties: Sequence[Party], evidence: ClaimEvidence) -> list[int]:
    """Return the neighbours of the quoted sentences that continue them: they name a party, and nobody else."""
    document = evidence.reading
    last = len(document.sentences)
    near = {j for i in evidence.sentences for j in (i - 1, i + 1) if 0 <= j < last} - set(evidence.sentences)
    return [
        j
        for j in sorted(near)
        if not outsiders(j, parties, document)
        and any(party.stands_in(document.folded_sentence(j)) for party in parties)
    ]


def _names_place(evidence: ClaimEvidence, parties: Sequence[Party]) -> bool:
    """Tell whether the quoted sentences name a place: a name behind "in", "en", "nach"."""
    document = evidence.reading
    months = document.lexicon.months if document.lexicon else {}
    for i in evidence.sentences:
        for name in document.names(i):
            before = fold(document.text[max(0, name.start - 16) : name.start]) + " "
            if (
                _in_place().search(before)
                and not any(party.stands_in(name.folded) for party in parties)
                and name.folded not in months
            ):
                return True
    return False


@cache
def _in_place() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(across('places.before'))})\s+$")


def _not_there(value: str, document: Document) -> Reason:
    if find_word(document.running, fold(value).strip()) < 0:
        return FIELD_MISSING.reason(f"{value!r} is not in the article", value)
    return FIELD_ELSEWHERE.reason(f"{value!r} does not belong to the quoted words", value)
