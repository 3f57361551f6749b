"""Statements that organisations do something together, as single sentences make them.

A statement is found where a list of organisations stands in a slot that calls for a partner: after "with", after
"between", after a verb that takes "to", or as a subject of several. The other side is the subject of the clause, or
whoever a pronoun or "the airline" stands for (see `anaphora`).
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


def find_statements(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> list[Relation]:
    """Return the statements of one sentence, the most telling slot first; no pair twice."""
    if not masked.parties and not grammar.cue.search(masked.text):
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
        found += [one for one in slot(masked, grammar, story) if _is_new(one, taken, slot in (_to, _courts))]
    return found


def _is_new(one: Relation, taken: set[str], weak: bool) -> bool:
    """Tell whether a statement adds something; a weak slot may not speak of a partner that another has placed."""
    if len(one.parties) < 2 or one.keys <= taken:
        return False
    return not (weak and one.parties[-1].key in taken)


_FEWEST = 2  # organisations
_LICENCE = re.compile(r"li[cz]en")


def _between(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    if len(masked.parties) < _FEWEST:
        return
    for slot in grammar.between_list.finditer(masked.text):
        if grammar.route.search(masked.text, max(0, slot.start() - 40), slot.start()):
            continue
        cue = _cue_before(masked, grammar, slot.start()) or _cue_behind(masked, grammar, slot.end())
        cue = cue or grammar.cue.search(masked.text, slot.start(), slot.start("list"))
        cue = cue or _last(grammar.doing, masked.text, _clause(masked, grammar, slot.start()), slot.start())
        if cue is not None and not _is_other(masked, grammar, cue.start(), slot.start()):
            yield _statement(masked, masked.named(*slot.span("list")), cue.start(), slot.end())


def _licensed(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    if _LICENCE.search(masked.text) is None:
        return
    for slot in grammar.licence_list.finditer(masked.text):
        left = masked.named(*slot.span("left"))
        yield _statement(masked, left + masked.named(*slot.span("list")), slot.start(), slot.end())
    for slot in grammar.granted_list.finditer(masked.text):
        if not _is_other(masked, grammar, slot.start(), slot.end()):
            yield from _sided(masked, grammar, story, slot, slot)


def _with(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    for slot in grammar.with_list.finditer(masked.text):
        cue = _cue_before(masked, grammar, slot.start()) or _cue_behind(masked, grammar, slot.end())
        cue = cue or _fronted(masked, grammar, slot) or grammar.company.match(masked.text, slot.start())
        strong = cue is not None
        cue = cue or _last(_WORD, masked.text, _clause(masked, grammar, slot.start()), slot.start())
        if cue is None or _is_other(masked, grammar, min(cue.start(), slot.start()), slot.start()):
            continue
        if grammar.not_behind.search(masked.text, slot.end(), slot.end() + (_BEHIND if strong else 25)) and _about(
            masked, grammar, slot, strong
        ):
            continue
        yield from _sided(masked, grammar, story, slot, cue)


def _whom(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    """Find "Orchid, with whom it will open shops": the antecedent is the partner, whoever acts behind it the other."""
    for slot in grammar.whom_list.finditer(masked.text):
        end = _end_of_clause(masked, slot.end())
        if _is_other(masked, grammar, slot.end(), end):
            continue
        right = masked.named(*slot.span("list"))
        acting = [i for i in masked.marks(slot.end(), end) if not _is_oblique(masked, grammar, slot.end(), i)]
        left = masked.named(acting[0], acting[0] + 1) if acting else _subject(masked, grammar, slot.start(), right)
        left = left or _opener(masked, grammar) or story.stand_in(masked, slot.start(), right)
        if left:
            yield _statement(masked, [*left, *right], slot.start(), end)


def _with_firm(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    """Find "Delachaux has worked with the company", whose name another sentence has."""
    for slot in grammar.with_firm.finditer(masked.text):
        left = _subject(masked, grammar, slot.start(), [])
        cue = _cue_before(masked, grammar, slot.start()) or _cue_behind(masked, grammar, slot.end())
        if not left or cue is None or _is_other(masked, grammar, min(cue.start(), slot.start()), slot.start()):
            continue
        if right := story.object(masked, *slot.span("firm"), left):
            yield _statement(masked, [*left, *right], min(cue.start(), slot.start()), slot.end())


def _called(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    """Find "its new partner is Alibaba": whose partner, the words between or the context say."""
    for slot in grammar.called_list.finditer(masked.text):
        first = masked.marks(*slot.span("list"))[0]
        if _is_other(masked, grammar, slot.start(), slot.start("list")) or grammar.deal.search(
            masked.text, slot.start("list"), first
        ):
            continue  # "trouble with a partner: the alliance between Norvik and Hollis …" calls nobody
        right = masked.named(*slot.span("list"))
        left = (
            masked.named(*slot.span("of"))
            or _subject(masked, grammar, slot.start(), right)
            or story.stand_in(masked, slot.start(), right)
        )
        if left:
            yield _statement(masked, [*left[:1], *right], slot.start(), slot.end())


def _bound(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    """Find "Talanda is our partner", "Hollis bleibt ihr Verbündeter": the other side is who speaks, or was named."""
    for slot in grammar.bound_list.finditer(masked.text):
        right = masked.named(*slot.span("list"))
        if left := story.stand_in(masked, slot.start(), right):
            yield _statement(masked, [*left[:1], *right], slot.start(), slot.end())


_WORD = re.compile(r"(?<!\w)[a-z]{4,}")


def _to(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    for slot in grammar.to_list.finditer(masked.text):
        if not _is_other(masked, grammar, slot.start(), slot.start("list")):
            yield from _sided(masked, grammar, story, slot, slot)


def _courts(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    """Find "it courted Almonda" and "its long-time partner Hasselbrink", who stand without a preposition."""
    for slot in grammar.courts_list.finditer(masked.text):
        if not _is_other(masked, grammar, slot.start(), slot.start("list")):
            yield from _sided(masked, grammar, story, slot, slot)


def _loose(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    """Find two organisations and nobody else, or one and "it", in a sentence that speaks of a partnership alone."""
    parties = list({mention.key: mention for mention in masked.parties}.values())
    cue = grammar.deal.search(masked.text)
    if cue is None or _is_other(masked, grammar, 25, len(masked.text)):
        return
    if len(parties) == 1 and _is_pronoun(masked, grammar, cue.start()):
        first = masked.marks()[0]
        parties = story.stand_in(masked, first, parties) + parties
    if len(parties) == 2:
        yield _statement(masked, parties, cue.start(), cue.end())


def _several(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    """Find "A, B and C have formed an alliance": several names, then the word, with nobody in between."""
    if len(masked.parties) < _FEWEST:
        return
    for slot in grammar.several.finditer(masked.text):
        before = masked.text[: slot.start()].rstrip()
        word = re.search(r"[\w'-]+$", before)
        if word and grammar.tables.pattern("statements.stops").fullmatch(word[0]):
            continue
        cue = (
            grammar.cue.search(masked.text, slot.end(), slot.end() + 110)
            or _one_thing(masked, grammar, slot.end())
            or _inverted(masked, grammar, *slot.span())
        )
        if cue is None or _is_other(masked, grammar, slot.end(), cue.end()):
            continue
        if grammar.not_behind.search(masked.text, cue.end(), cue.end() + 30):
            continue
        yield _statement(masked, _listed(masked, *slot.span()), cue.start(), cue.end())


def _beside(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    """Find "the group and Atlas Space have dropped their plan": one of the two is named in another sentence."""
    for slot in grammar.beside_firm.finditer(masked.text):
        firm, named = ("firm", "list") if slot["firm"] else ("behind", "other")
        cue = grammar.cue.search(masked.text, slot.end(), slot.end() + 110)
        if (
            cue is None
            or _is_oblique(masked, grammar, 0, slot.start())
            or _is_other(masked, grammar, slot.end(), cue.end())
        ):
            continue
        known = masked.named(*slot.span(named))
        if meant := story.object(masked, *slot.span(firm), known):
            yield _statement(masked, [*meant, *known], slot.start(), cue.end())


def _one_thing(masked: MaskedSentence, grammar: RelationPatterns, after: int) -> re.Match[str] | None:
    """Find "A and B found a centre": one thing that several do is done together."""
    found = grammar.doing.search(masked.text, after, after + 28)
    return found if found and _ONE.match(masked.text, found.end()) else None


def _inverted(masked: MaskedSentence, grammar: RelationPatterns, before: int, after: int) -> re.Match[str] | None:
    """Find "hier entwickeln A und B ein Verfahren": the verb stands before those who do one thing."""
    found = _last(grammar.doing, masked.text, max(0, before - 28), masked.marks(before, after)[0])
    return found if found and not masked.named(0, found.start()) and _ONE.match(masked.text, after) else None


_ONE = re.compile(r"\s(?:[\w-]+\s){0,3}?(?:an?|une?|ein(?:en?)?|el primer|l[ae] premiere?|un[ao]|uma?|een)\s")


def _both(masked: MaskedSentence, grammar: RelationPatterns, story: CoreferenceTracker) -> Iterator[Relation]:
    """Find "the two companies ended their collaboration", of whom the sentences before have told."""
    plural = grammar.tables.pattern("organisations.plurals").search(masked.text)
    theirs = grammar.theirs.match(masked.text) if plural is None else None
    plural = plural or theirs
    if plural is None:
        return
    cue = theirs or grammar.company.search(masked.text, plural.end())
    if cue is None or masked.named(plural.end(), cue.start()) or _is_other(masked, grammar, plural.end(), cue.end()):
        return
    parties = story.pair(masked.named(0, plural.start()))
    if len(parties) == 2:
        yield _statement(masked, parties, plural.start(), cue.end())


def _sided(
    masked: MaskedSentence,
    grammar: RelationPatterns,
    story: CoreferenceTracker,
    slot: re.Match[str],
    cue: re.Match[str],
) -> Iterator[Relation]:
    right = _listed(masked, *slot.span("list"))
    left = _left(masked, grammar, story, slot, right)
    if not left:
        return
    start, end = min(cue.start(), slot.start()), max(slot.end(), cue.end())
    apart = len(right) > 1 and grammar.separate.search(masked.text, start, max(slot.start(), cue.end()))
    for group in [[one] for one in right] if apart else [right]:
        yield _statement(masked, [*left, *group], start, end)


def _left(
    masked: MaskedSentence,
    grammar: RelationPatterns,
    story: CoreferenceTracker,
    slot: re.Match[str],
    right: list[Mention],
) -> list[Mention]:
    """Return the other side: the subject before, the subject behind a fronted "with", or who is meant by a pronoun."""
    if meant := story.described(masked, _clause(masked, grammar, slot.start()), slot.start(), right):
        return meant
    if left := _subject(masked, grammar, slot.start(), right):
        return left if story.knows(left) else story.stand_in(masked, slot.start(), right) or left
    if (at := _at_home(masked, grammar, slot.start())) and at[0].key not in {mention.key for mention in right}:
        return at
    if left := _opener(masked, grammar):
        return left
    fronted = not _is_pronoun(masked, grammar, slot.start()) and not story.has_subject(masked, slot.start())
    border = _end_of_clause(masked, slot.end())
    if border == slot.end():  # "asked about a deal with Pagalia, the head of Moncayo denied it"
        border = _end_of_clause(masked, border + 1)
    behind = masked.named(slot.end(), border) if fronted else []
    if behind and _is_pronoun(masked, grammar, masked.marks(slot.end(), border)[0], slot.end()):
        behind = []  # "with Hollis, it runs a mine in Norland": who acts is the pronoun
    keys = {mention.key for mention in right}
    if behind and behind[0].key not in keys:
        return behind[:1]
    return story.stand_in(masked, slot.start(), right)


def _opener(masked: MaskedSentence, grammar: RelationPatterns) -> list[Mention]:
    """Return the word that opens the sentence where it can be a name, in a language that writes no noun so."""
    if grammar.capitals:
        return []
    return masked.opener(grammar.tables.pattern("organisations.firms"), grammar.not_verb)


def _at_home(masked: MaskedSentence, grammar: RelationPatterns, before: int) -> list[Mention]:
    """Return who "chez Bonnefoy, on confirme" speaks for."""
    first = next(iter(masked.marks(0, before)), None)
    if first is None or not grammar.tables.pattern("organisations.we").search(masked.text, 0, before):
        return []
    return masked.named(first, first + 1)


def _is_pronoun(masked: MaskedSentence, grammar: RelationPatterns, before: int, after: int = 0) -> bool:
    return bool(grammar.tables.pattern("organisations.pronouns").search(masked.text, after, before))


def _end_of_clause(masked: MaskedSentence, after: int) -> int:
    border = re.compile(r"[,:;.()]|$").search(masked.text, after)
    return border.start() if border else len(masked.text)


def _subject(masked: MaskedSentence, grammar: RelationPatterns, before: int, right: list[Mention]) -> list[Mention]:
    """Return the first list of organisations of the clause, or else the nearest before it; no object of either."""
    keys = {mention.key for mention in right}
    border = _clause(masked, grammar, before)
    for start, end, which in ((border, before, 0), (0, border, -1)):
        sides = [
            _listed(masked, *span)
            for span in _lists(masked, grammar, start, end)
            if not _is_oblique(masked, grammar, start, span[0])
        ]
        if sides := [side for side in sides if side and not {mention.key for mention in side} & keys]:
            return sides[which]
    return []


def _is_oblique(masked: MaskedSentence, grammar: RelationPatterns, start: int, at: int) -> bool:
    """Tell whether a name stands behind a preposition: it does not act."""
    return grammar.oblique.search(masked.text, max(start, at - 60), at) is not None


def _listed(masked: MaskedSentence, start: int, end: int) -> list[Mention]:
    """Return the organisations of a list without those of an aside: "Litoral, la operadora de Alicante, y Sotavía"."""
    marks = masked.marks(start, end)
    kept = [i for i in marks if i == marks[0] or not _ASIDE.search(masked.text, start, i)]
    return [mention for i in kept for mention in masked.named(i, i + 1)]


_ASIDE = re.compile(r"(?:(?<!\sen)\s(?:de|di|of|von|van|du|del|da|do|in|en)\s|d')$")


def _lists(masked: MaskedSentence, grammar: RelationPatterns, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the organisations between two offsets, those that are named together as one."""
    marks = masked.marks(start, end)
    spans = []
    for slot in grammar.several.finditer(masked.text, start, end):
        inside = [i for i in marks if slot.start() <= i < slot.end()]
        spans.append((inside[0], inside[-1] + 1))
        marks = [i for i in marks if i not in inside]
    return sorted(spans + [(i, i + 1) for i in marks])


def _clause(masked: MaskedSentence, grammar: RelationPatterns, before: int) -> int:
    borders = [border.end() for border in grammar.border.finditer(masked.text, max(0, before - _REACH), before)]
    return borders[-1] if borders else max(0, before - _REACH)


def _cue_before(masked: MaskedSentence, grammar: RelationPatterns, before: int) -> re.Match[str] | None:
    return _last(grammar.cue, masked.text, max(0, before - _REACH), before)


def _cue_behind(masked: MaskedSentence, grammar: RelationPatterns, after: int) -> re.Match[str] | None:
    found = grammar.cue.search(masked.text, after, after + _BEHIND)
    between = masked.text[after : found.start()] if found else ""
    return None if found is None or re.search(r"[;:,.]", between) else found


def _fronted(masked: MaskedSentence, grammar: RelationPatterns, slot: re.Match[str]) -> re.Match[str] | None:
    """Find the cue anywhere behind "Avec le loueur Cyclib, …" where that opens the sentence."""
    before = re.split(r"[:;]", masked.text[: slot.start()])[-1]
    opens = not re.search(r"\w{3,}", _CLEFT.sub("", before))
    if not opens:
        return None
    told = grammar.cue.search(masked.text, slot.end()) or grammar.doing.search(masked.text, slot.end())
    return told or (_WORD.search(masked.text, slot.end()) if _CLEFT.match(masked.text) else None)


_CLEFT = re.compile(r"^\W*(?:c'(?:est|etait)|it (?:is|was)|es|fue|e)\s")
""" "It is with Galénis that Biovance …"."""


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text, start):
        if match.start() >= end:  # a cue may reach over the slot: "praat A met B over"
            break
        found = match
    return found


def _is_other(masked: MaskedSentence, grammar: RelationPatterns, start: int, end: int) -> bool:
    """Tell whether the words around the cue speak of a purchase, a takeover, a loan, a lawsuit."""
    start = max(0, start - 25)
    if grammar.blocks.search(masked.text, start, end):
        return True
    deals = [deal.span() for deal in grammar.deal.finditer(masked.text)]  # "filiale commune" is no subsidiary
    found = grammar.not_here.finditer(masked.text, start, end)
    return any(not any(first <= other.start() and other.end() <= last for first, last in deals) for other in found)


def _about(masked: MaskedSentence, grammar: RelationPatterns, slot: re.Match[str], strong: bool) -> bool:
    """Tell whether what is behind the list is what the talks are about."""
    return not strong or bool(grammar.tables.pattern("status.in_talks").search(masked.text, 0, slot.start()))


def _statement(masked: MaskedSentence, parties: list[Mention], start: int, end: int) -> Relation:
    distinct = {mention.key: mention for mention in reversed(parties)}
    return Relation(masked.sentence, tuple(reversed(distinct.values())), start, end, masked)
