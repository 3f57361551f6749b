"""What speaks against a claim that came without quotes, where the article may bear it out in many sentences.

A summary gathers: its words need not stand together, and it says them in its own way. So new words are no doubt in
themselves. What false summaries add, and true ones hardly ever do, is a number or a name that the article lacks, a
negation, a limit ("only", "except", "but") or a word of failing ("incorrect") that the article says of nothing of the kind.
A claim that copies a sentence is held to that sentence as a quote would be.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from ..schema import Reason
from ..text.numbers import Number, numbers
from ..text.sentences import Span
from .concordance import Claimed, Concordance
from .names import Name, is_ordinary, names_in
from .proofs import Grounds, named, polarity, unproven_dates
from .quotes import Found

COPIED = 0.7
"""Share of a claim's content words in one sentence of the article from which it is a copy of it, perhaps with a change."""
BORROWED = 0.34
"""Share of a copy's content words that must stand about a number or a name taken from another sentence."""
ANCHORS = 3
"""Content words after a cue that say what it is about."""


def doubts(claim: Claimed, words: Concordance) -> Iterator[Reason]:
    """Yield what speaks against one sentence of a claim."""
    yield from foreign_numbers(claim, words)
    yield from foreign_names(claim, words)
    yield from untold(claim, words, "negation.cues", "polarity_conflict", "the article does not negate this")
    yield from untold(claim, words, "support.limits", "limit_not_in_evidence", "the article does not limit this so")
    yield from adverse(claim, words)
    yield from changed_copy(claim, words)
    yield from borrowed(claim, words)


# --- numbers ---------------------------------------------------------------------------------------------------


def foreign_numbers(claim: Claimed, words: Concordance) -> Iterator[Reason]:
    """Yield a reason for each number that the article does not have."""
    for number in numbers(claim.text, words.tables):
        if not any(same_amount(number, other) for other in words.numbers):
            value = claim.text[number.start : number.end]
            yield Reason(code="number_not_in_evidence", message=f"{value!r} is not in the article", value=value)


def same_amount(said: Number, told: Number) -> bool:
    """Tell whether two numbers are the same amount, or the one said is the other rounded."""
    if said.unit and told.unit and said.unit != told.unit:
        return False
    return said.value == told.value or _rounded(said.value, told.value)


def _rounded(said: Decimal, told: Decimal) -> bool:
    """Tell whether a number is another one rounded: 1,200 for 1,234, not 2,020 for 2,019."""
    digits = said.normalize().as_tuple()
    kept = len(digits.digits)
    exponent = digits.exponent
    if kept < 2 or not isinstance(exponent, int) or len(told.normalize().as_tuple().digits) <= kept:
        return False
    return abs(said - told) <= Decimal(5).scaleb(exponent - 1)


# --- names -----------------------------------------------------------------------------------------------------


def foreign_names(claim: Claimed, words: Concordance) -> Iterator[Reason]:
    """Yield a reason for each name that the article does not have in any form."""
    reading = words.reading
    for name in names_in(claim.text, words.tables, reading.vocabulary):
        if not (
            named(name, reading.folded.text, reading) or _in_parts(name, words) or _abbreviated(name, claim, words)
        ):
            value = claim.text[name.start : name.end]
            yield Reason(code="name_not_in_evidence", message=f"{value!r} is not named in the article", value=value)


def _in_parts(name: Name, words: Concordance) -> bool:
    """Tell whether every part of a name stands in the article, as a word or at the head of one."""
    parts = [part for part in re.findall(r"\w+", name.folded) if not is_ordinary(part, words.tables)]
    text = words.reading.folded.text
    stems = [part.removesuffix("s") if len(part) > 4 else part for part in parts]
    return all(re.search(rf"(?<!\w){re.escape(stem)}", text) for stem in stems)


def _abbreviated(name: Name, claim: Claimed, words: Concordance) -> bool:
    """Tell whether the article has the initials of a name, or the words for which its letters stand."""
    written = re.sub(r"\W", "", claim.text[name.start : name.end])
    text = words.reading.text
    if written.isupper() and 2 <= len(written) <= 6:
        capital = len(written) == 2
        letters = [re.escape(c if capital else c.lower()) for c in written]
        body = r"\w+(?:[ -](?:of|the|and|for|de|du|des|la|di|del|und|für)[ -]|[ -])".join(letters) + r"\w+"
        return re.search(rf"(?<!\w){body}", text if capital else words.reading.folded.text) is not None
    initials = "".join(part[0] for part in re.findall(r"\w+", claim.text[name.start : name.end]) if part[0].isupper())
    return len(initials) > 1 and re.search(rf"(?<!\w){r'[.]?'.join(initials)}(?!\w)", text) is not None


# --- negations, limits, failings -------------------------------------------------------------------------------


def untold(claim: Claimed, words: Concordance, table: str, code: str, message: str) -> Iterator[Reason]:
    """Yield a reason for each cue of a table that the article has nowhere about the same things."""
    if words.tables is None:
        return
    for cue in words.tables.pattern(table).finditer(claim.folded):
        after = [term.stem for term in claim.terms if term.start >= cue.end()][:ANCHORS]
        before = [term.stem for term in claim.terms if term.end <= cue.start()][-BEFORE:] if BEFORE else []
        if not words.told(table, [*after, *before], NEED):
            yield Reason(code=code, message=f"{message}: {cue[0]!r}", value=cue[0])


def adverse(claim: Claimed, words: Concordance) -> Iterator[Reason]:
    """Yield a reason for each word of failing or refusing that the article does not have."""
    if words.tables is None:
        return
    stems = {(term.start, term.end): term.stem for term in claim.terms}
    for cue in words.tables.pattern("support.adverse").finditer(claim.folded):
        if cue[0] not in words.reading.places and stems.get(cue.span()) not in words.places:
            message = f"the article speaks of nothing {cue[0]!r}"
            yield Reason(code="judgement_not_in_evidence", message=message, value=cue[0])


# --- borrowed from another sentence ---


def borrowed(claim: Claimed, words: Concordance) -> Iterator[Reason]:
    """Yield a reason for each number and name that the article has, but elsewhere than what the claim says of it."""
    for number in numbers(claim.text, words.tables):
        value = claim.text[number.start : number.end]
        places = [i for i in words.numbered if any(same_amount(number, other) for other in words.numbered[i])]
        rival = lambda i: any(
            o.unit == number.unit and not any(same_amount(m, o) for m in numbers(claim.text, words.tables))
            for o in words.numbered.get(i, ())
        )
        if places and (
            _elsewhere(claim, number.start, number.end, places, 0, words)
            or _replaced(claim, number.start, number.end, places, rival, words)
        ):
            yield Reason(
                code="number_not_in_evidence",
                message=f"the article says {value!r} of something else",
                value="B:" + value,
            )
    for name in names_in(claim.text, words.tables, words.reading.vocabulary):
        value = claim.text[name.start : name.end]
        parts = [one.stem for one in claim.terms_in(name.start, name.end)]
        places = sorted({i for part in parts for i in words.places.get(part, ())})
        rival = lambda i: any(not _shares(o.folded, claim.folded) for o in words.reading.names(i))
        if places and (
            (NAMES and _elsewhere(claim, name.start, name.end, places, 2, words))
            or (not _topic(name, words) and _replaced(claim, name.start, name.end, places, rival, words))
        ):
            yield Reason(
                code="name_not_in_evidence",
                message=f"the article says this of somebody else: {value!r}",
                value="B:" + value,
            )


TOP = 1


def _topic(name, words):
    """The names that most sentences name."""
    if TOP == 0:
        return False
    first = {w for i in range(min(2, len(words.stems))) for n in words.reading.names(i) for w in n.folded.split()}
    head = name.folded.split()[0]
    if TOP == 2:
        return head in first
    counts = words.reading.name_counts
    by = {}
    for n, c in counts.items():
        h = n.split()[0]
        by[h] = by.get(h, 0) + c
    best = sorted(by.values(), reverse=True)[:1]
    return by.get(head, 0) >= best[-1] * 0.8 and (TOP == 1 or head in first)


NAMES = True
NEED = 2
BEFORE = 1


def _shares(name, folded):
    return any(w in folded for w in re.findall(r"\w+", name) if len(w) > 2)


def _replaced(claim, start, end, places, rival, words):
    before, after = claim.terms_about(start, end)
    rest = frozenset(before + after)
    if len(rest) < 3:
        return False
    copies = {i for a in rest for i in words.places.get(a, ()) if len(rest & words.stems[i]) >= CR * len(rest)}
    return bool(copies) and not any(p in copies for p in places) and all(rival(i) for i in copies)


CR = 0.7


def _elsewhere(claim: Claimed, start: int, end: int, places: list[int], reach: int, words: Concordance) -> bool:
    before, after = claim.terms_about(start, end)
    rest = frozenset(before + after)
    copy = (
        max((len(rest & words.stems[i]) for i in words.best(rest, 1)), default=0) >= CP * len(rest) and len(rest) >= 3
    )
    nb, gap = (NB1, GAP1) if copy else (NB2, GAP2N if reach else GAP2)
    anchors = frozenset([*before[-nb:], *after[:nb]])
    here = max((len(anchors & words.about(i, reach)) for i in places), default=0)
    there = max(
        (sum(a in words.stems[i] for a in anchors) for i in {i for a in anchors for i in words.places.get(a, ())}),
        default=0,
    )
    return there - here >= gap and here <= there * HALF


NB1, GAP1, NB2, GAP2, GAP2N, CP = 3, 2, 3, 4, 5, 0.7
HALF = 0.5

# --- copies ----------------------------------------------------------------------------------------------------


def changed_copy(claim: Claimed, words: Concordance) -> list[Reason]:
    """Return why a claim that copies a sentence is not borne out by it."""
    best = words.best(claim.stems, 1)
    if not best or len(claim.stems) < 3 or words.share(claim.stems, best) < COPIED:
        return []
    place = best[0]
    near = [i for i in (place, *words.best(claim.stems, 3)) if i >= 0]
    grounds = _grounds(near, words)
    return [*polarity(claim.text, _grounds([place], words)), *unproven_dates(claim.text, grounds.words, words.reading)]


def _grounds(chosen: Iterable[int], words: Concordance) -> Grounds:
    spans = [words.reading.sentences[i] for i in sorted(set(chosen))]
    return Grounds(words.reading, tuple(Found(a, b, "verbatim", (Span(a, b),)) for a, b in spans))
