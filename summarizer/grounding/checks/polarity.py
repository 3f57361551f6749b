"""Whether claim and evidence contradict each other: one is negated, or one rises where the other falls."""

import re
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from ...language.content_words import STEM, covered, stems, terms
from ...language.lexicon import Lexicon, across
from ...language.normalization import fold, fold_characters
from ...language.numbers import Number, numbers
from ...language.statuses import has_unspaced
from ...schema import Reason
from ..document import TextSpan
from ..evidence import ClaimEvidence
from .name_support import claimed_names
from .number_support import same_number
from .table import DIRECTION, NEGATION, NEGATION_NEAR, RESULT

ALIKE = 0.7
"""Share of the words of a clause that must occur on the other side for its negation to be compared."""
SAME = 0.8
"""Share of words from which one clause is a copy of the other, so that their negations are counted."""
SHORT = 3
"""Words of a clause below which it is too short to be compared: "a 5 % more than last year"."""
TOGETHER = 25
"""Characters within which two negating words are one negation: "n'a toujours pas"."""
REACH = 12
"""Characters around the shared words of two clauses within which a negation belongs to them."""
BESIDE = 40
"""Characters before or behind a number within which a word marks it as a loss or a profit."""
FAR, CLOSE = 80, 16
"""Characters from a number within which "rose" and "more" refer to it."""


def check_polarity(claim: str, evidence: ClaimEvidence) -> list[Reason]:
    """Return a reason where only one of claim and evidence is negated, or one rises where the other falls."""
    document = evidence.reading
    if has_unspaced(claim):
        return _unspaced_polarity(claim, evidence) or _reversed_direction(claim, evidence)
    if document.lexicon is None or document.output_lexicon is None:
        return []
    said = fold(claim)
    told = [document.folded_sentence(i).replace("\n", " ") for i in evidence.sentences]
    if document.lexicon is document.output_lexicon and (
        pair := _opposed_clauses(said, told, _name_stems(claim, evidence), document.lexicon)
    ):
        clause, closest, share = pair
        check = NEGATION if share >= SAME and said not in (clause, *told) and closest not in told else NEGATION_NEAR
        return [
            check.reason(
                f"the claim says {clause.strip(_EDGES)!r}, the quote {closest.strip(_EDGES)!r}: only one is negated"
            )
        ]
    if reasons := _reversed_direction(claim, evidence):
        return reasons
    if other := _other_result(claim, evidence):
        return [RESULT.reason(f"{other!r} is a loss on one side, a profit on the other", other)]
    return []


def _unspaced_polarity(claim: str, evidence: ClaimEvidence) -> list[Reason]:
    told = "".join(evidence.reading.folded_sentence(i) for i in evidence.sentences)
    said = fold(claim)
    if not has_unspaced(said) or not has_unspaced(told):
        return []
    negation = _unspaced_negation()
    if bool(negation.search(said)) == bool(negation.search(told)):
        return []
    clauses = [clause for clause in re.split(r"[、，。,;]", told) if negation.search(clause)] or [told]
    if any(covered(stems(clause, None), stems(said, None)) >= ALIKE for clause in clauses):
        return [NEGATION.reason("one of claim and quote is negated, the other is not")]
    return []


@cache
def _unspaced_negation() -> re.Pattern[str]:
    return re.compile("|".join(across("negation.unspaced")))


_EDGES = " ,;:.-'"
_CLAUSE_SIGNS = re.compile(r"[;:\n,.!?-](?:(?<=[;:\n])|(?<=,)(?!\d)|(?<=[.!?])(?=\s)|(?<=\s-)(?=\s))")


def _name_stems(claim: str, evidence: ClaimEvidence) -> frozenset[str]:
    """Return the stems of all names in the claim and in the quoted sentences."""
    document = evidence.reading
    names = [*claimed_names(claim, document), *(name for i in evidence.sentences for name in document.names(i))]
    return frozenset[str]().union(*(stems(name.folded, document.lexicon) for name in names))


def _opposed_clauses(
    said: str, told: list[str], names: frozenset[str], tables: Lexicon
) -> tuple[str, str, float] | None:
    """Return a clause of the claim and its counterpart in the evidence of which only one is negated.

    The third value is the share of the claim's clause, its names aside, that the counterpart has. Only clauses about
    the same thing are compared: a negation in another clause, or of something else, says nothing.
    """
    if not any(is_negated(sentence, tables) for sentence in (said, *told)):
        return None
    pieces = [(clause, stems(clause, tables) - names) for text in told for clause in clauses(text, tables)]
    for clause in clauses(said, tables):
        if found := _opposed(clause, stems(clause, tables) - names, pieces, names, tables):
            return found
    own = stems(said, tables) - names
    for clause, words in pieces:  # what the quotes deny, and the claim has whole without denying it
        whole = len(words) > 1 and covered(words, own) >= SAME
        if whole and has_negation(clause, tables) and not has_negation(said, tables):
            return said, clause, ALIKE
    alike = [
        (text, words) for text in told if len(own & (words := stems(text, tables) - names)) >= ALIKE * len(own | words)
    ]
    return _opposed(said, own, alike, names, tables)


def _opposed(
    clause: str, own: frozenset[str], pieces: list[tuple[str, frozenset[str]]], names: frozenset[str], tables: Lexicon
) -> tuple[str, str, float] | None:
    if not own or not pieces:
        return None
    closest, words = max(pieces, key=lambda pair: (len(own & pair[1]), -len(pair[1])))
    share = covered(own, words)
    if share < ALIKE or (len(own) == 1 and not names & stems(clause, tables) & stems(closest, tables)):
        return None
    if (count_negations(clause, tables) + count_negations(closest, tables)) % 2 == 0:
        return None
    opposed = has_negation(_core(clause, words, tables), tables) != has_negation(_core(closest, own, tables), tables)
    copied = len(own & words) >= SAME * len(own | words)
    return (clause, closest, share) if opposed or copied else None


@lru_cache(maxsize=512)
def count_negations(folded: str, tables: Lexicon) -> int:
    """Count the negations of a clause; "ne … pas" is one, and so is a verb of denying, refusing or failing."""
    folded = tables.pattern("negation.empty").sub(" ", folded)
    cues = [m.start() for m in tables.pattern("negation.cues").finditer(folded)]
    apart = [at for before, at in zip([-99, *cues], cues, strict=False) if at - before > TOGETHER]
    return len(apart) + sum(1 for _ in tables.pattern("negation.verbs").finditer(folded))


def _core(clause: str, other: frozenset[str], tables: Lexicon) -> str:
    """Return the part of a clause that another one has too, with a few words around it: where its negation counts."""
    shared = [term for term in terms(clause, tables) if term.stem[:STEM] in other]
    if not shared:
        return clause
    return clause[max(0, shared[0].start - REACH) : shared[-1].end + REACH]


def clauses(folded: str, tables: Lexicon) -> list[str]:
    """Cut a folded text at its punctuation and at words that begin a clause."""
    cuts = [0, *(m.start() for m in _CLAUSE_SIGNS.finditer(folded))]
    cuts += [m.start() for m in tables.pattern("clauses.breaks").finditer(folded)]
    edges = [*sorted(set(cuts)), len(folded)]
    return [piece for a, b in pairwise(edges) if (piece := folded[a:b]).strip(" ,;:.")]


def has_negation(folded: str, tables: Lexicon) -> bool:
    """Tell whether a folded clause has a negating word; verbs of refusing or lacking may be worded either way."""
    return tables.pattern("negation.cues").search(tables.pattern("negation.empty").sub(" ", folded)) is not None


def is_negated(folded: str, tables: Lexicon) -> bool:
    """Tell whether a folded clause has a negation or a verb of denying, refusing or failing."""
    folded = tables.pattern("negation.empty").sub(" ", folded)
    return bool(tables.pattern("negation.cues").search(folded) or tables.pattern("negation.verbs").search(folded))


def _reversed_direction(claim: str, evidence: ClaimEvidence) -> list[Reason]:
    value = _reversed_number(claim, evidence)
    message = f"{value!r} goes the other way in the quoted words"
    return [DIRECTION.reason(message, value)] if value else []


def _reversed_number(claim: str, evidence: ClaimEvidence) -> str | None:
    """Return a number that rises in the claim and falls in the evidence, or the reverse."""
    document = evidence.reading
    if document.lexicon is None or document.output_lexicon is None:
        return None
    said = fold_characters(claim)
    for number in numbers(claim, document.output_lexicon):
        contrary = _CONTRARY.get(_way(said, number, document.output_lexicon))
        if contrary is None:
            continue
        ways = [
            (stretch, other, _way(stretch.plain, other, document.lexicon))
            for stretch in evidence.quoted
            for other in stretch.numbers
            if same_number(number, other, document)
        ]
        if not any(way == contrary for _, _, way in ways):
            continue
        copied = {way for stretch, other, way in ways if _copies(said, number, stretch, other, evidence)}
        if copied == {contrary}:
            return claim[number.start : number.end]
    return None


_CONTRARY = {"up": "down", "down": "up"}


def _copies(said: str, number: Number, stretch: TextSpan, other: Number, evidence: ClaimEvidence) -> bool:
    """Tell whether the clauses around a number, or the whole texts if these are short, differ by a few words only."""
    tables = evidence.reading.lexicon
    if tables is None or tables is not evidence.reading.output_lexicon:
        return True
    left, right = (
        _content(said[slice(*clause_around(said, number, tables))], tables),
        _content(stretch.plain[slice(*clause_around(stretch.plain, other, tables))], tables),
    )
    if min(len(left), len(right)) < SHORT:
        told = "\n".join(stretch.plain for stretch in evidence.quoted)
        left, right = _content(said, tables), _content(told, tables)
    return bool(left) and len(left & right) >= ALIKE * min(len(left), len(right))


def _content(folded: str, tables: Lexicon) -> frozenset[str]:
    return stems(without_directions(folded, tables), tables)


def _way(folded: str, number: Number, tables: Lexicon) -> str:
    """Return the direction that the words nearest to a number give it: `up`, `down`, or empty."""
    cues = _directions(folded, tables)
    if not cues:
        return ""
    start, end = clause_around(folded, number, tables)
    gaps = [
        (gap, cue.way)
        for cue in cues
        if start <= cue.start
        and cue.end <= end
        and (gap := max(number.start - cue.end, cue.start - number.end)) <= cue.reach
    ]
    return min(gaps, key=itemgetter(0))[1] if gaps else ""


class _Direction(NamedTuple):
    """A word of direction, and how far from a number it may stand."""

    start: int
    end: int
    way: str
    reach: int


_WAYS = (("up", "up", FAR), ("down", "down", FAR), ("more", "up", CLOSE), ("less", "down", CLOSE))


@lru_cache(maxsize=128)
def _directions(folded: str, tables: Lexicon) -> tuple[_Direction, ...]:
    """Return the words of direction in a folded text, without losses and profits."""
    without = _without_results(folded, tables)
    return tuple(
        _Direction(word.start(), word.end(), way, reach)
        for table, way, reach in _WAYS
        for word in tables.pattern(f"direction.{table}").finditer(without)
    )


@lru_cache(maxsize=512)
def _without_results(folded: str, tables: Lexicon) -> str:
    """Blank the losses and profits of a folded text, which may rise and fall."""
    for result in ("losses", "profits"):
        folded = tables.pattern(f"direction.{result}").sub(lambda word: " " * len(word[0]), folded)
    return folded


@lru_cache(maxsize=512)
def without_directions(folded: str, tables: Lexicon) -> str:
    """Return a folded text without its words of direction."""
    for way in ("up", "down", "more", "less"):
        folded = tables.pattern(f"direction.{way}").sub(" ", folded)
    return folded


def clause_around(folded: str, number: Number, tables: Lexicon) -> tuple[int, int]:
    """Return the start and end of the clause in which a number stands."""
    borders = _borders(folded, tables)
    before, behind = bisect_right(borders, number.start), bisect_left(borders, number.end)
    return borders[before - 1] if before else 0, borders[behind] if behind < len(borders) else len(folded)


@lru_cache(maxsize=128)  # asked for each number of a claim
def _borders(folded: str, tables: Lexicon) -> list[int]:
    breaks, links = tables.pattern("clauses.breaks"), tables.pattern("clauses.links")
    return sorted(m.start() for signs in (_CLAUSE_SIGNS, breaks, links) for m in signs.finditer(folded))


def _other_result(claim: str, evidence: ClaimEvidence) -> str | None:
    """Return a number that is a loss in the claim and a profit in the evidence, or the reverse."""
    document = evidence.reading
    if document.lexicon is None or document.output_lexicon is None:
        return None
    said = fold_characters(claim)
    results = document.output_lexicon.pattern("direction.losses"), document.output_lexicon.pattern("direction.profits")
    if not any(result.search(said) for result in results):
        return None
    for number in numbers(claim, document.output_lexicon):
        here = _result(said, number, document.output_lexicon)
        there = {
            _result(stretch.plain, other, document.lexicon)
            for stretch in evidence.quoted
            for other in stretch.numbers
            if same_number(number, other, document)
        }
        if here and there == {"losses", "profits"} - {here}:
            return claim[number.start : number.end]
    return None


def _result(folded: str, number: Number, tables: Lexicon) -> str:
    """Return which of `losses` and `profits` is nearest to a number, empty if neither is near."""
    start, end = max(0, number.start - BESIDE), number.end + BESIDE
    gaps = [
        (max(number.start - word.end(), word.start() - number.end), result)
        for result in ("losses", "profits")
        for word in tables.pattern(f"direction.{result}").finditer(folded, start, min(end, len(folded)))
    ]
    return min(gaps)[1] if gaps else ""
