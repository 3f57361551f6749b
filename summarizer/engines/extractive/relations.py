"""Relations between organisations, as single sentences state them.

A relation is found where a list of organisations stands in a slot that calls for a partner: after "with", after
"between", after a verb that takes "to", or as a subject of several. The other side is the subject of the clause, or
the organisation that a pronoun or "the airline" stands for (see `language.coreference`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...language.coreference import CoreferenceTracker
from ...language.entities.masking import MaskedSentence
from ...language.entities.mentions import Mention
from ...language.layout import Sentence
from .patterns import RelationPatterns

_REACH = 140
"""Characters before "with" in which the word for the partnership stands."""
_BEHIND = 60
"""Characters after the list, for the language that says so at the end: "mit Ilmwerk eine Allianz besiegelt"."""


@dataclass(frozen=True)
class Relation:
    """That these organisations have something together, whatever its state."""

    sentence: Sentence
    parties: tuple[Mention, ...]
    start: int
    """Of the cue, in the masked sentence."""
    end: int
    masked: MaskedSentence

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
    found: list[Relation] = []
    for slot in (
        _between,
        _licensed,
        _whom,
        _with,
        _with_firm,
        _to,
        _called,
        _bound,
        _courts,
        _several,
        _beside,
        _both,
        _loose,
    ):
        taken = {mention.key for one in found for mention in one.parties}
        if slot is _loose and found:
            continue
        found += [one for one in slot(masked, patterns, coreference) if _is_new(one, taken, slot in (_to, _courts))]
    return found


def _is_new(one: Relation, taken: set[str], weak: bool) -> bool:
    """Tell whether a relation adds something; a weak slot may not speak of a partner that another has placed."""
    if len(one.parties) < 2 or one.keys <= taken:
        return False
    return not (weak and one.parties[-1].key in taken)


_FEWEST = 2  # organisations


def _between(masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker) -> Iterator[Relation]:
    if len(masked.parties) < _FEWEST:
        return
    for slot in patterns.between_list.finditer(masked.text):
        if patterns.route.search(masked.text, max(0, slot.start() - 40), slot.start()):
            continue
        cue = _cue_before(masked, patterns, slot.start()) or _cue_behind(masked, patterns, slot.end())
        cue = cue or patterns.cue.search(masked.text, slot.start(), slot.start("list"))
        cue = cue or _last(patterns.doing, masked.text, _clause(masked, patterns, slot.start()), slot.start())
        if cue is not None and not _is_other(masked, patterns, cue.start(), slot.start()):
            yield _relation(masked, masked.named(*slot.span("list")), cue.start(), slot.end())


def _licensed(
    masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker
) -> Iterator[Relation]:
    if patterns.licence.search(masked.text) is None:
        return
    for slot in patterns.licence_list.finditer(masked.text):
        left = masked.named(*slot.span("left"))
        yield _relation(masked, left + masked.named(*slot.span("list")), slot.start(), slot.end())
    for slot in patterns.granted_list.finditer(masked.text):
        if not _is_other(masked, patterns, slot.start(), slot.end()):
            yield from _sided(masked, patterns, coreference, slot, slot)


def _with(masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker) -> Iterator[Relation]:
    for slot in patterns.with_list.finditer(masked.text):
        cue = _cue_before(masked, patterns, slot.start()) or _cue_behind(masked, patterns, slot.end())
        cue = cue or _fronted(masked, patterns, slot) or patterns.company.match(masked.text, slot.start())
        strong = cue is not None
        cue = cue or _last(_WORD, masked.text, _clause(masked, patterns, slot.start()), slot.start())
        if cue is None or _is_other(masked, patterns, min(cue.start(), slot.start()), slot.start()):
            continue
        if patterns.not_behind.search(masked.text, slot.end(), slot.end() + (_BEHIND if strong else 25)) and _about(
            masked, patterns, slot, strong
        ):
            continue
        yield from _sided(masked, patterns, coreference, slot, cue)


def _whom(masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker) -> Iterator[Relation]:
    """Find "Orchid, with whom it will open shops": the antecedent is the partner, whoever acts behind it the other."""
    for slot in patterns.whom_list.finditer(masked.text):
        end = _end_of_clause(masked, slot.end())
        if _is_other(masked, patterns, slot.end(), end):
            continue
        right = masked.named(*slot.span("list"))
        acting = [i for i in masked.marks(slot.end(), end) if not _is_oblique(masked, patterns, slot.end(), i)]
        left = masked.named(acting[0], acting[0] + 1) if acting else _subject(masked, patterns, slot.start(), right)
        left = left or _opener(masked, patterns) or coreference.resolve_subject(masked, slot.start(), right)
        if left:
            yield _relation(masked, [*left, *right], slot.start(), end)


def _with_firm(
    masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker
) -> Iterator[Relation]:
    """Find "Delachaux has worked with the company", whose name another sentence has."""
    for slot in patterns.with_firm.finditer(masked.text):
        left = _subject(masked, patterns, slot.start(), [])
        cue = _cue_before(masked, patterns, slot.start()) or _cue_behind(masked, patterns, slot.end())
        if not left or cue is None or _is_other(masked, patterns, min(cue.start(), slot.start()), slot.start()):
            continue
        if right := coreference.resolve_object(masked, *slot.span("firm"), left):
            yield _relation(masked, [*left, *right], min(cue.start(), slot.start()), slot.end())


def _called(masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker) -> Iterator[Relation]:
    """Find "its new partner is Alibaba": whose partner, the words between or the context say."""
    for slot in patterns.called_list.finditer(masked.text):
        first = masked.marks(*slot.span("list"))[0]
        if _is_other(masked, patterns, slot.start(), slot.start("list")) or patterns.deal.search(
            masked.text, slot.start("list"), first
        ):
            continue  # "trouble with a partner: the alliance between Norvik and Hollis …" calls nobody
        right = masked.named(*slot.span("list"))
        left = (
            masked.named(*slot.span("of"))
            or _subject(masked, patterns, slot.start(), right)
            or coreference.resolve_subject(masked, slot.start(), right)
        )
        if left:
            yield _relation(masked, [*left[:1], *right], slot.start(), slot.end())


def _bound(masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker) -> Iterator[Relation]:
    """Find "Talanda is our partner", "Hollis bleibt ihr Verbündeter": the other side is who speaks, or was named."""
    for slot in patterns.bound_list.finditer(masked.text):
        right = masked.named(*slot.span("list"))
        if left := coreference.resolve_subject(masked, slot.start(), right):
            yield _relation(masked, [*left[:1], *right], slot.start(), slot.end())


_WORD = re.compile(r"(?<!\w)[a-z]{4,}")


def _to(masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker) -> Iterator[Relation]:
    for slot in patterns.to_list.finditer(masked.text):
        if not _is_other(masked, patterns, slot.start(), slot.start("list")):
            yield from _sided(masked, patterns, coreference, slot, slot)


def _courts(masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker) -> Iterator[Relation]:
    """Find "it courted Almonda" and "its long-time partner Hasselbrink", who stand without a preposition."""
    for slot in patterns.courts_list.finditer(masked.text):
        if not _is_other(masked, patterns, slot.start(), slot.start("list")):
            yield from _sided(masked, patterns, coreference, slot, slot)


def _loose(masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker) -> Iterator[Relation]:
    """Find two organisations and nobody else, or one and "it", in a sentence that speaks of a partnership alone."""
    parties = list({mention.key: mention for mention in masked.parties}.values())
    cue = patterns.deal.search(masked.text)
    if cue is None or _is_other(masked, patterns, 25, len(masked.text)):
        return
    if len(parties) == 1 and _is_pronoun(masked, patterns, cue.start()):
        first = masked.marks()[0]
        parties = coreference.resolve_subject(masked, first, parties) + parties
    if len(parties) == 2:
        yield _relation(masked, parties, cue.start(), cue.end())


def _several(masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker) -> Iterator[Relation]:
    """Find "A, B and C have formed an alliance": several mentions, then the word, with nobody in between."""
    if len(masked.parties) < _FEWEST:
        return
    for slot in patterns.several.finditer(masked.text):
        before = masked.text[: slot.start()].rstrip()
        word = re.search(r"[\w'-]+$", before)
        if word and patterns.tables.pattern("statements.stops").fullmatch(word[0]):
            continue
        cue = (
            patterns.cue.search(masked.text, slot.end(), slot.end() + 110)
            or _one_thing(masked, patterns, slot.end())
            or _inverted(masked, patterns, *slot.span())
        )
        if cue is None or _is_other(masked, patterns, slot.end(), cue.end()):
            continue
        if patterns.not_behind.search(masked.text, cue.end(), cue.end() + 30):
            continue
        yield _relation(masked, _listed(masked, patterns, *slot.span()), cue.start(), cue.end())


def _beside(masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker) -> Iterator[Relation]:
    """Find "the group and Atlas Space have dropped their plan": one of the two is named in another sentence."""
    for slot in patterns.beside_firm.finditer(masked.text):
        firm, named = ("firm", "list") if slot["firm"] else ("behind", "other")
        cue = patterns.cue.search(masked.text, slot.end(), slot.end() + 110)
        if (
            cue is None
            or _is_oblique(masked, patterns, 0, slot.start())
            or _is_other(masked, patterns, slot.end(), cue.end())
        ):
            continue
        known = masked.named(*slot.span(named))
        if found := coreference.resolve_object(masked, *slot.span(firm), known):
            yield _relation(masked, [*found, *known], slot.start(), cue.end())


def _one_thing(masked: MaskedSentence, patterns: RelationPatterns, after: int) -> re.Match[str] | None:
    """Find "A and B found a centre": one thing that several do is done together."""
    found = patterns.doing.search(masked.text, after, after + 28)
    return found if found and patterns.first.match(masked.text, found.end()) else None


def _inverted(masked: MaskedSentence, patterns: RelationPatterns, before: int, after: int) -> re.Match[str] | None:
    """Find "hier entwickeln A und B ein Verfahren": the verb stands before those who do one thing."""
    found = _last(patterns.doing, masked.text, max(0, before - 28), masked.marks(before, after)[0])
    return found if found and not masked.named(0, found.start()) and patterns.first.match(masked.text, after) else None


def _both(masked: MaskedSentence, patterns: RelationPatterns, coreference: CoreferenceTracker) -> Iterator[Relation]:
    """Find "the two companies ended their collaboration", of whom the sentences before have told."""
    plural = patterns.tables.pattern("organisations.plurals").search(masked.text)
    theirs = patterns.theirs.match(masked.text) if plural is None else None
    plural = plural or theirs
    if plural is None:
        return
    cue = theirs or patterns.company.search(masked.text, plural.end())
    if cue is None or masked.named(plural.end(), cue.start()) or _is_other(masked, patterns, plural.end(), cue.end()):
        return
    parties = coreference.resolve_pair(masked.named(0, plural.start()))
    if len(parties) == 2:
        yield _relation(masked, parties, plural.start(), cue.end())


def _sided(
    masked: MaskedSentence,
    patterns: RelationPatterns,
    coreference: CoreferenceTracker,
    slot: re.Match[str],
    cue: re.Match[str],
) -> Iterator[Relation]:
    right = _listed(masked, patterns, *slot.span("list"))
    left = _left(masked, patterns, coreference, slot, right)
    if not left:
        return
    start, end = min(cue.start(), slot.start()), max(slot.end(), cue.end())
    apart = len(right) > 1 and patterns.separate.search(masked.text, start, max(slot.start(), cue.end()))
    for group in [[one] for one in right] if apart else [right]:
        yield _relation(masked, [*left, *group], start, end)


def _left(
    masked: MaskedSentence,
    patterns: RelationPatterns,
    coreference: CoreferenceTracker,
    slot: re.Match[str],
    right: list[Mention],
) -> list[Mention]:
    """Return the other side: the subject before, the subject behind a fronted "with", or who is meant by a pronoun."""
    if found := coreference.resolve_description(masked, _clause(masked, patterns, slot.start()), slot.start(), right):
        return found
    if left := _subject(masked, patterns, slot.start(), right):
        return (
            left if coreference.is_credible(left) else coreference.resolve_subject(masked, slot.start(), right) or left
        )
    if (at := _at_home(masked, patterns, slot.start())) and at[0].key not in {mention.key for mention in right}:
        return at
    if left := _opener(masked, patterns):
        return left
    fronted = not _is_pronoun(masked, patterns, slot.start()) and not coreference.has_subject(masked, slot.start())
    border = _end_of_clause(masked, slot.end())
    if border == slot.end():  # "asked about a deal with Pagalia, the head of Moncayo denied it"
        border = _end_of_clause(masked, border + 1)
    behind = masked.named(slot.end(), border) if fronted else []
    if behind and _is_pronoun(masked, patterns, masked.marks(slot.end(), border)[0], slot.end()):
        behind = []  # "with Hollis, it runs a mine in Norland": who acts is the pronoun
    keys = {mention.key for mention in right}
    if behind and behind[0].key not in keys:
        return behind[:1]
    return coreference.resolve_subject(masked, slot.start(), right)


def _opener(masked: MaskedSentence, patterns: RelationPatterns) -> list[Mention]:
    """Return the word that opens the sentence where it can be a name, in a language that writes no noun so."""
    if patterns.noun_capitals:
        return []
    return masked.opener(patterns.tables.pattern("organisations.firms"), patterns.not_verb)


def _at_home(masked: MaskedSentence, patterns: RelationPatterns, before: int) -> list[Mention]:
    """Return who "chez Bonnefoy, on confirme" speaks for."""
    first = next(iter(masked.marks(0, before)), None)
    if first is None or not patterns.tables.pattern("organisations.we").search(masked.text, 0, before):
        return []
    return masked.named(first, first + 1)


def _is_pronoun(masked: MaskedSentence, patterns: RelationPatterns, before: int, after: int = 0) -> bool:
    return bool(patterns.tables.pattern("organisations.pronouns").search(masked.text, after, before))


def _end_of_clause(masked: MaskedSentence, after: int) -> int:
    border = re.compile(r"[,:;.()]|$").search(masked.text, after)
    return border.start() if border else len(masked.text)


def _subject(masked: MaskedSentence, patterns: RelationPatterns, before: int, right: list[Mention]) -> list[Mention]:
    """Return the first list of organisations of the clause, or else the nearest before it; no object of either."""
    keys = {mention.key for mention in right}
    border = _clause(masked, patterns, before)
    for start, end, which in ((border, before, 0), (0, border, -1)):
        sides = [
            _listed(masked, patterns, *span)
            for span in _lists(masked, patterns, start, end)
            if not _is_oblique(masked, patterns, start, span[0])
        ]
        if sides := [side for side in sides if side and not {mention.key for mention in side} & keys]:
            return sides[which]
    return []


def _is_oblique(masked: MaskedSentence, patterns: RelationPatterns, start: int, at: int) -> bool:
    """Tell whether a name stands behind a preposition: it does not act."""
    return patterns.oblique.search(masked.text, max(start, at - 60), at) is not None


def _listed(masked: MaskedSentence, patterns: RelationPatterns, start: int, end: int) -> list[Mention]:
    """Return the organisations of a list without those of an aside: "Litoral, la operadora de Alicante, y Sotavía"."""
    marks = masked.marks(start, end)
    kept = [i for i in marks if i == marks[0] or not patterns.origin.search(masked.text, start, i)]
    return [mention for i in kept for mention in masked.named(i, i + 1)]


def _lists(masked: MaskedSentence, patterns: RelationPatterns, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the organisations between two offsets, those that are named together as one."""
    marks = masked.marks(start, end)
    spans = []
    for slot in patterns.several.finditer(masked.text, start, end):
        inside = [i for i in marks if slot.start() <= i < slot.end()]
        spans.append((inside[0], inside[-1] + 1))
        marks = [i for i in marks if i not in inside]
    return sorted(spans + [(i, i + 1) for i in marks])


def _clause(masked: MaskedSentence, patterns: RelationPatterns, before: int) -> int:
    borders = [border.end() for border in patterns.border.finditer(masked.text, max(0, before - _REACH), before)]
    return borders[-1] if borders else max(0, before - _REACH)


def _cue_before(masked: MaskedSentence, patterns: RelationPatterns, before: int) -> re.Match[str] | None:
    return _last(patterns.cue, masked.text, max(0, before - _REACH), before)


def _cue_behind(masked: MaskedSentence, patterns: RelationPatterns, after: int) -> re.Match[str] | None:
    found = patterns.cue.search(masked.text, after, after + _BEHIND)
    between = masked.text[after : found.start()] if found else ""
    return None if found is None or re.search(r"[;:,.]", between) else found


def _fronted(masked: MaskedSentence, patterns: RelationPatterns, slot: re.Match[str]) -> re.Match[str] | None:
    """Find the cue anywhere behind "Avec le loueur Cyclib, …" where that opens the sentence."""
    before = re.split(r"[:;]", masked.text[: slot.start()])[-1]
    opens = not re.search(r"\w{3,}", patterns.cleft.sub("", before))
    if not opens:
        return None
    found = patterns.cue.search(masked.text, slot.end()) or patterns.doing.search(masked.text, slot.end())
    return found or (_WORD.search(masked.text, slot.end()) if patterns.cleft.match(masked.text) else None)


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text, start):
        if match.start() >= end:  # a cue may reach over the slot: "praat A met B over"
            break
        found = match
    return found


def _is_other(masked: MaskedSentence, patterns: RelationPatterns, start: int, end: int) -> bool:
    """Tell whether the words around the cue speak of a purchase, a takeover, a loan, a lawsuit."""
    start = max(0, start - 25)
    if patterns.blocks.search(masked.text, start, end):
        return True
    deals = [deal.span() for deal in patterns.deal.finditer(masked.text)]  # "filiale commune" is no subsidiary
    found = patterns.not_here.finditer(masked.text, start, end)
    return any(not any(first <= other.start() and other.end() <= last for first, last in deals) for other in found)


def _about(masked: MaskedSentence, patterns: RelationPatterns, slot: re.Match[str], strong: bool) -> bool:
    """Tell whether what is behind the list is what the talks are about."""
    return not strong or bool(patterns.tables.pattern("status.in_talks").search(masked.text, 0, slot.start()))


def _relation(masked: MaskedSentence, parties: list[Mention], start: int, end: int) -> Relation:
    distinct = {mention.key: mention for mention in reversed(parties)}
    return Relation(masked.sentence, tuple(reversed(distinct.values())), start, end, masked)
