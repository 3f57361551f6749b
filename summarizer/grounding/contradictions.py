"""What contradicts a claim without quotes, which the article may support in many sentences.

A summary condenses and rephrases, so a new word is no contradiction in itself. Only a number, a name or a date that the
whole article lacks refutes a claim, and what refutes one that has quotes, of the sentences that come nearest to it. All
else is a doubt: the article may say this of another, a negation, a limit ("only", "except", "but") or a word of failure
("incorrect") is new, or a possibility, a role or a negation of the nearest sentences is lost.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

from ..language.amounts import amounts, same_amount
from ..language.content_words import terms
from ..language.dictionary import is_ordinary_word
from ..language.entities.gazetteer import gazetteer
from ..language.entities.gazetteer import places as gazetteer_places
from ..language.entities.names import NameSpan, is_ordinary, names_in
from ..language.lexicon import across, lexicon
from ..language.normalization import fold
from ..language.numbers import Number
from ..language.sentences import Span
from ..schema import Grade, Reason, ReasonCode
from .alignment import AlignedQuote
from .checks.assertion import check_claim_assertion
from .checks.modality import check_modality
from .checks.name_support import check_names, is_named
from .checks.number_attachment import check_number_attachment
from .checks.number_support import check_dates
from .checks.output_language import check_language
from .checks.polarity import check_polarity
from .checks.prior_values import check_prior_values
from .checks.roles import check_roles
from .checks.table import NAME_UNKNOWN
from .evidence import ClaimEvidence
from .sentence_index import ClaimSentence, SentenceIndex

LONG = 100
"""Sentences from which a number or a name must stand near some other word of the claim: the article covers a lot."""
REPEATED = 0.7
"""Share of a claim's content words in one sentence from which the claim repeats that sentence, perhaps changed."""
ANCHORS = 3
"""Content words on each side of a number, a name or a cue that show what it is about."""
COUNTED = 12
"""The largest number in words that a claim may have counted by itself."""
ELSEWHERE = {"number": 4, "name": 5}
"""How many more anchors another sentence must have than any that has the number or the name itself: a pronoun may stand
for a name, never for a number."""

ALIKE = 0.6
"""How alike two spellings of one surname are, as `difflib` counts: Columbus, Colomb."""
_NUMERIC_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}")
_PERIOD = re.compile(r"[A-Z]\d")

Rivals = Callable[[int], bool]
"""Tells whether the sentence with an index has another number or name than the claim."""


def find_contradictions(claim: ClaimSentence, best: Sequence[int], words: SentenceIndex) -> Iterator[Reason]:
    """Yield what contradicts one sentence of a claim; `best` are the sentences of the article that come nearest."""
    repeated = words.having(claim.stems, REPEATED) if len(claim.stems) >= ANCHORS else []
    for number in claim.numbers:
        yield from _check_number(number, claim, best, words)
    dates = {reason.value for reason in check_dates(claim.text, (), words.reading)}
    for name in claim.names:
        if claim.text[name.start : name.end] not in dates:
            yield from _check_name(name, claim, words, repeats=bool(repeated))
    for kind in (NEGATION, LIMIT, BRIEF_CONTRAST if words.brief else CONTRAST):
        yield from _unsupported(kind, claim, words)
    yield from _adverse(claim, words)
    yield from _check_dates(claim, best, words)
    yield from _check_nearest(claim, best, repeated, words)


# --- numbers ---------------------------------------------------------------------------------------------------


def _check_number(number: Number, claim: ClaimSentence, best: Sequence[int], words: SentenceIndex) -> Iterator[Reason]:
    value = claim.text[number.start : number.end]
    places = words.places_of(number)
    if not places:
        told = [other for i in best for other in words.numbers.get(i, ()) if other.unit == number.unit]
        others = dict.fromkeys(words.reading.text[other.start : other.end] for other in told)
        message = f"{value!r} is not in the article" + (
            f", which says {', '.join(map(repr, others))}" if others else ""
        )
        # "Two friends" may count what the article names one by one.
        grade = Grade.REFUTED if re.search(r"\d", value) or number.value > COUNTED else Grade.DOUBT
        yield Reason(code=ReasonCode.NUMBER_NOT_IN_EVIDENCE, grade=grade, message=message, value=value)
        return

    def has_rival(i: int) -> bool:
        others = [other for other in words.numbers.get(i, ()) if other.unit == number.unit]
        return any(not any(same_amount(mine, other) for mine in claim.numbers) for other in others)

    if _is_elsewhere(claim, number, places, "number", words) or _is_replaced(claim, number, places, has_rival, words):
        message = f"the article says {value!r} of something else"
        yield Reason(code=ReasonCode.NUMBER_NOT_IN_EVIDENCE, message=message, value=value)


# --- names -----------------------------------------------------------------------------------------------------


def _check_name(name: NameSpan, claim: ClaimSentence, words: SentenceIndex, *, repeats: bool) -> Iterator[Reason]:
    document = words.reading
    value = claim.text[name.start : name.end]
    if not (is_named(name, document.folded.text, document) or _has_parts(name, words) or _is_abbreviated(value, words)):
        if not _only_opens(name, claim, words, repeats=repeats):
            message = f"{value!r} is not named in the article"
            yield Reason(
                code=ReasonCode.NAME_NOT_IN_EVIDENCE,
                grade=_name_grade(name, value, claim, words),
                message=message,
                value=value,
            )
        return

    def has_rival(i: int) -> bool:
        others = (re.findall(r"\w{3,}", other.folded) for other in document.names(i))
        return any(not any(word in claim.folded for word in words_of_name) for words_of_name in others)

    _, parts, _ = claim.about(name.start, name.end)
    places = sorted({i for part in parts for i in words.places.get(part, ())})
    replaced = not _is_subject(name, words) and _is_replaced(claim, name, places, has_rival, words)
    if replaced or _is_elsewhere(claim, name, places, "name", words):
        yield Reason(
            code=ReasonCode.NAME_NOT_IN_EVIDENCE,
            grade=Grade.DOUBT,
            message=f"the article may say this of another than {value!r}",
            value=value,
        )


def _name_grade(name: NameSpan, value: str, claim: ClaimSentence, words: SentenceIndex) -> Grade:
    """Return how much it weighs that the article does not have a name: little if it may be an ordinary word.

    A place may stand for its government or its people, "London", "Britain"; "Q3" is the third quarter; "Tuesday" may be
    the article's "mardi", in a claim that is too short to tell its language.
    """
    document = words.reading
    if _PERIOD.fullmatch(value) or _calendar().fullmatch(name.folded):
        return Grade.DOUBT
    found = check_names(claim.text, document.folded.text, (), document)
    if not any(reason.value == value for reason in found):
        return Grade.DOUBT
    known = any(reason.value == value and reason.check == NAME_UNKNOWN.name for reason in found)
    place = name.folded in gazetteer_places(document.language)
    return Grade.REFUTED if known or not place else Grade.DOUBT


def _has_parts(name: NameSpan, words: SentenceIndex) -> bool:
    """Tell whether every part of a name occurs in the article, as a word or at the beginning of one."""
    parts = [part for part in re.findall(r"\w+", name.folded) if not is_ordinary(part, words.tables)]
    heads = [part.removesuffix("s") if len(part) > 4 else part for part in parts]
    return all(re.search(rf"(?<!\w){re.escape(head)}", words.reading.folded.text) for head in heads)


def _is_abbreviated(value: str, words: SentenceIndex) -> bool:
    """Tell whether the article has the words that a name abbreviates, or the abbreviation of its words."""
    letters = re.sub(r"\W", "", value)
    if letters.isalpha() and letters.isupper() and 2 <= len(letters) <= 6:
        capitals = len(letters) == 2  # any article has two words with these initials
        text = words.reading.text if capitals else words.reading.folded.text
        gap = rf"(?:[ -](?:{'|'.join(across('names.links'))})[ -]|[ -])"
        body = gap.join(rf"{c if capitals else c.lower()}\w+" for c in letters)
        return re.search(rf"(?<!\w){body}", text) is not None
    firsts = [part[0] for part in re.findall(r"\w+", value) if part[0].isupper()]
    return len(firsts) > 1 and re.search(rf"(?<!\w){'[.]?'.join(firsts)}(?!\w)", words.reading.text) is not None


def _only_opens(name: NameSpan, claim: ClaimSentence, words: SentenceIndex, *, repeats: bool) -> bool:
    """Tell whether a word has its capital only because it opens a sentence.

    In a claim that repeats a sentence of the article, a new word at its head is a name.
    """
    value = claim.text[name.start : name.end]
    if any(number.start == name.start for number in claim.numbers):
        return True
    if re.search(r"\w", claim.text[: name.start]) or not value.isalpha() or not value[1:].islower():
        return False
    if is_ordinary_word(value.lower(), words.reading.language):
        return True
    _, inside, _ = claim.about(name.start, name.end)
    return any(one in words.places for one in inside) or (not repeats and _inflected().fullmatch(value) is not None)


@cache
def _calendar() -> re.Pattern[str]:
    """Match the months and the weekdays of any language."""
    return re.compile("|".join(map(fold, (*across("dates.months"), *across("dates.weekdays")))))


@cache
def _inflected() -> re.Pattern[str]:
    return re.compile(rf"\w{{3,}}(?:{'|'.join(across('words.inflections'))})")


def _is_subject(name: NameSpan, words: SentenceIndex) -> bool:
    """Tell whether a name opens the article and is its most frequent: sentences refer to it without naming it."""
    head = name.folded.partition(" ")[0]
    opening = {
        part for i in range(min(2, len(words.stems))) for one in words.reading.names(i) for part in one.folded.split()
    }
    return head in opening and words.heads[head] >= 0.8 * max(words.heads.values(), default=0)


# --- said of something else ------------------------------------------------------------------------------------


def _is_elsewhere(
    claim: ClaimSentence, item: Number | NameSpan, places: Sequence[int], kind: str, words: SentenceIndex
) -> bool:
    """Tell whether the words around a number or a name of the claim occur together, far from the number or name."""
    before, _, after = claim.about(item.start, item.end)
    anchors = frozenset([*before[-ANCHORS:], *after[:ANCHORS]])
    here = max((len(anchors & words.near(i, 2)) for i in places), default=0)
    there = words.most(anchors)
    if not places or 2 * here > there:
        return False
    return there - here >= ELSEWHERE[kind] or (here == 0 and there >= 2 and len(words.stems) >= LONG)


def _is_replaced(
    claim: ClaimSentence, item: Number | NameSpan, places: Sequence[int], has_rival: Rivals, words: SentenceIndex
) -> bool:
    """Tell whether the rest of the claim repeats a sentence that has another number or name in its place."""
    before, _, after = claim.about(item.start, item.end)
    rest = frozenset([*before, *after])
    repeated = words.having(rest, REPEATED) if places and len(rest) >= ANCHORS else []
    return bool(repeated) and not set(repeated) & set(places) and all(map(has_rival, repeated))


# --- negations, limits, failings -------------------------------------------------------------------------------


class ContradictionKind(NamedTuple):
    """A kind of cue in a claim: its list, the lists that support it, and the reason it gives."""

    table: str
    told_by: tuple[str, ...]
    code: ReasonCode
    verb: str


NEGATION = ContradictionKind("negation.cues", ("negation.cues",), ReasonCode.POLARITY_CONFLICT, "negates")
LIMIT = ContradictionKind("support.limits", ("support.limits",), ReasonCode.LIMIT_NOT_IN_EVIDENCE, "limits")
CONTRAST = ContradictionKind("support.contrasts", ("support.contrasts",), ReasonCode.LIMIT_NOT_IN_EVIDENCE, "contrasts")
BRIEF_CONTRAST = CONTRAST._replace(told_by=("support.contrasts", "negation.cues"))
"""In a brief article a negation supports a "but": "Sorry, can't find it" becomes "but she has not got it"."""


def _unsupported(kind: ContradictionKind, claim: ClaimSentence, words: SentenceIndex) -> Iterator[Reason]:
    """Yield a reason for each cue that the article has nowhere about the same things."""
    start = (
        1 if kind.table == CONTRAST.table else 0
    )  # "However, …" at the head of a sentence says nothing of the article
    last = -1
    for cue in words.tables.pattern(kind.table).finditer(claim.folded, start) if words.tables else ():
        after = [term.stem for term in claim.terms if term.start >= cue.end()][:ANCHORS]
        before = [term.stem for term in claim.terms if term.end <= cue.start()]
        if len(before) != last and not words.tells(kind.told_by, [*before[-1:], *after]):
            last = len(before)  # "n'a pas" is one negation
            message = f"the article nowhere {kind.verb} this, as the claim does"
            yield Reason(code=kind.code, grade=Grade.DOUBT, message=message, value=cue[0])


def _adverse(claim: ClaimSentence, words: SentenceIndex) -> Iterator[Reason]:
    """Yield a reason for each word of failure, refusal or fault that the article lacks."""
    stems = {(term.start, term.end): term.stem for term in claim.terms}
    for cue in words.tables.pattern("support.adverse").finditer(claim.folded) if words.tables else ():
        if cue[0] not in words.reading.places and stems.get(cue.span()) not in words.places:
            yield Reason(
                code=ReasonCode.JUDGEMENT_NOT_IN_EVIDENCE,
                grade=Grade.DOUBT,
                message=f"the article says {cue[0]!r} of nothing",
                value=cue[0],
            )


# --- the nearest sentences, read as quotes ------------------------------------------------------------------------


def _check_dates(claim: ClaimSentence, best: Sequence[int], words: SentenceIndex) -> Iterator[Reason]:
    """Yield a reason for each month and weekday that the nearest sentences lack: a fault where the article lacks it."""
    document = words.reading
    missing = check_dates(claim.text, _evidence_of(best, words).quoted, document)
    if not missing:
        return
    everywhere = document.stretches(0, len(document.text))
    absent = {reason.value for reason in check_dates(claim.text, everywhere, document)}
    for reason in missing:
        grade = Grade.REFUTED if reason.value in absent else Grade.DOUBT
        where = "in the article" if reason.value in absent else "in the sentences that speak of this"
        yield reason.model_copy(update={"grade": grade, "message": f"{reason.value!r} is not {where}"})


def _check_nearest(
    claim: ClaimSentence, best: Sequence[int], repeated: Sequence[int], words: SentenceIndex
) -> Iterator[Reason]:
    """Yield why the nearest sentences do not support a claim: a lost negation or possibility, a role, a number."""
    evidence = _evidence_of(best, words)
    yield from check_modality(claim.text, evidence)
    yield from check_claim_assertion(claim.text, evidence)
    yield from check_roles(claim.text, evidence)
    yield from check_number_attachment(claim.text, evidence)
    for reason in check_prior_values(claim.text, evidence):  # several sentences may have the number, each in its way
        yield reason.model_copy(update={"grade": Grade.DOUBT})
    if not repeated:
        yield from check_polarity(claim.text, evidence)
        return
    first = max(repeated, key=lambda i: (len(claim.stems & words.stems[i]), -i))
    told = _negated_words(words.reading.folded_sentence(first), words)
    said = _negated_words(claim.folded, words)
    alike = said and len(said) == len(told) and all(mine & theirs for mine, theirs in zip(said, told, strict=True))
    if not alike:
        yield from check_polarity(claim.text, _evidence_of([first], words))


def _negated_words(folded: str, words: SentenceIndex) -> list[frozenset[str]]:
    """Return the two content words that follow each negation of a folded sentence."""
    cues = words.tables.pattern("negation.cues").finditer(folded) if words.tables else ()
    found = list(terms(folded, words.tables))
    return [frozenset([term.stem for term in found if term.start >= cue.end()][:2]) for cue in cues]


def _evidence_of(chosen: Sequence[int], words: SentenceIndex) -> ClaimEvidence:
    spans = [words.reading.sentences[i] for i in sorted(set(chosen))]
    return ClaimEvidence(words.reading, tuple(AlignedQuote(a, b, "verbatim", (Span(a, b),)) for a, b in spans))


# --- a claim in another language ------------------------------------------------------------------------------------


def other_language(text: str, words: SentenceIndex) -> Iterator[Reason]:
    """Yield a reason where a claim is not in the language of the article: its words cannot be compared."""
    document = words.reading
    for reason in check_language(text, document):
        message = f"the claim is in {reason.value!r}, the article in {document.language!r}: words cannot be compared"
        yield reason.model_copy(update={"grade": Grade.DOUBT, "message": message})


def foreign_faults(text: str, language: str, words: SentenceIndex) -> Iterator[Reason]:
    """Yield a reason for what no language changes: numbers, dates and names of persons that the article lacks."""
    yield from _foreign_numbers(text, language, words)
    document, tables = words.reading, lexicon(language)
    if not _NUMERIC_DATE.search(document.text):
        for reason in check_dates(text, document.stretches(0, len(document.text)), document, tables):
            yield reason.model_copy(update={"message": f"{reason.value!r} is not in the article"})
    for name in names_in(text, tables, document.vocabulary):
        if _is_unknown_person(name, words):
            value = text[name.start : name.end]
            message = f"{value!r} is not named in the article"
            yield Reason(code=ReasonCode.NAME_NOT_IN_EVIDENCE, message=message, value=value)


def _is_unknown_person(name: NameSpan, words: SentenceIndex) -> bool:
    """Tell whether a name is a person's, of which the article has no part, nor a surname spelt much like it.

    Names of places and organisations are translated, and so are all names between scripts.
    """
    parts = name.folded.split()
    if len(parts) < 2 or parts[0] not in gazetteer().given:
        return False
    told = frozenset(re.findall(r"\w+", words.reading.folded.text))
    latin = sum(map(str.isascii, told)) > len(told) / 2
    return latin and not told & set(parts) and not get_close_matches(parts[-1], told, n=1, cutoff=ALIKE)


def _foreign_numbers(text: str, language: str, words: SentenceIndex) -> Iterator[Reason]:
    told = {number.value for number in words.different_numbers}
    for number in amounts(text, lexicon(language)):
        value = text[number.start : number.end]
        if re.search(r"\d", value) and number.value not in told:
            message = f"{value!r} is not in the article"
            yield Reason(code=ReasonCode.NUMBER_NOT_IN_EVIDENCE, message=message, value=value)
