"""Which statuses of a partnership the words of a sentence support.

A sentence may be about several partnerships: "abandoning its talks with Baidu, Apple signed with Alibaba". So it is cut
into clauses, those that name the organisations in question are read, and the stronger cue counts: a sentence that
denies, ends or drops a partnership mentions the partnership too, and one about negotiations the signature.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from .lexicon import Lexicon

TERMINAL = frozenset({"ended", "abandoned", "denied"})
STATUSES = ("denied", "ended", "abandoned", "in_talks", "considered", "established")

_SIGNS = re.compile(r"[;:(),-](?:(?<=[;:()])|(?<=,)(?!\d)|(?<=\s-)(?=\s))")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]")
_REACH = 28
"""Folded characters before a cue in which a negation applies to it: about four words."""
_ASIDE = 40
"""Folded characters before "talks" in which "after" makes them past."""


class Segment(NamedTuple):
    """A span of a folded sentence with the statuses of its cues."""

    start: int
    end: int
    cues: frozenset[str]


def read_status(
    sentence: str, lexicon: Lexicon, names: Sequence[Sequence[str]], others: Callable[[], Sequence[str]] = tuple
) -> frozenset[str]:
    """Return the statuses that a folded sentence supports, empty where it has no cue.

    `names` are the folded names of each organisation in question, aliases included, and `others` returns those of the
    other organisations in the sentence: a clause that names no organisation continues the one beside it. A sentence
    that names none of them is read as a whole.
    """
    segments = cut(sentence, lexicon)
    relevant = _relevant(sentence, segments, names, others) if any(segment.cues for segment in segments) else []
    cues = frozenset[str]().union(*(segment.cues for segment in relevant))
    if not relevant:
        cues = frozenset[str]().union(*(segment.cues for segment in segments))
    return _plausible(cues)


def cut(sentence: str, lexicon: Lexicon) -> list[Segment]:
    """Cut a folded sentence into its clauses, and a clause at a conjunction where both sides have a cue."""
    borders = {0, len(sentence)}
    borders |= {sign.start() for sign in _SIGNS.finditer(sentence)}
    borders |= {word.start() for word in lexicon.pattern("clauses.breaks").finditer(sentence)}
    found = _find_cues(sentence, lexicon)
    segments: list[Segment] = []
    for start, end in pairwise(sorted(borders)):
        segment = Segment(start, end, _cues(sentence, start, end, found, lexicon))
        segments += _cut_at_links(sentence, segment, found, lexicon)
    return segments


StatusCues = dict[str, list[re.Match[str]]]
"""Each status of which a sentence has cues → the cues."""


def _find_cues(sentence: str, lexicon: Lexicon) -> StatusCues:
    found = {status: list(lexicon.pattern(f"status.{status}").finditer(sentence)) for status in STATUSES}
    told = [cue for cues in found.values() for cue in cues]
    if len(told) > 1:
        for status in STATUSES[:-1]:
            found[status] = [cue for cue in found[status] if not _is_aside(sentence, status, cue, found, lexicon)]
    return {status: cues for status, cues in found.items() if cues}


def _is_aside(sentence: str, status: str, cue: re.Match[str], found: StatusCues, lexicon: Lexicon) -> bool:
    """Tell whether a cue says what an agreed partnership is for ("a pact to end hunger"), or what came before it."""
    start = max((sign.end() for sign in _SIGNS.finditer(sentence, 0, cue.start())), default=0)
    if (
        status == "in_talks"
        and found["established"]
        and _nearest_before("clauses.after", sentence, max(start, cue.start() - _ASIDE), cue, lexicon)
    ):
        return True
    marker = _nearest_before("clauses.purposes", sentence, max(start, cue.start() - _REACH), cue, lexicon)
    if marker is None or not speaks_of_partnership(sentence[: marker.start()], lexicon):
        return False
    if not any(other.end() <= marker.start() for cues in found.values() for other in cues):
        return False  # "the partnership is to end"
    end = next((sign.start() for sign in _SIGNS.finditer(sentence, cue.end())), len(sentence))
    return not speaks_of_partnership(sentence[cue.end() : end], lexicon)


def _nearest_before(
    table: str, sentence: str, start: int, cue: re.Match[str], lexicon: Lexicon
) -> re.Match[str] | None:
    found = [word for word in lexicon.pattern(table).finditer(sentence, start) if word.end() <= cue.start() + 1]
    return found[-1] if found else None


def _cut_at_links(sentence: str, segment: Segment, found: StatusCues, lexicon: Lexicon) -> list[Segment]:
    if len(segment.cues) < 2:
        return [segment]
    for link in lexicon.pattern("clauses.links").finditer(sentence, segment.start, segment.end):
        left = Segment(segment.start, link.start(), _cues(sentence, segment.start, link.start(), found, lexicon))
        right = Segment(link.start(), segment.end, _cues(sentence, link.start(), segment.end, found, lexicon))
        if left.cues and right.cues and left.cues != right.cues:
            return [left, *_cut_at_links(sentence, right, found, lexicon)]
    return [segment]


def _cues(sentence: str, start: int, end: int, found: StatusCues, lexicon: Lexicon) -> frozenset[str]:
    """Return the statuses of the cues in a span; a negated end is no end, a negated signature no agreement."""
    statuses = set[str]()
    for status, cues in found.items():
        for cue in _within(sentence, start, end, status, cues, lexicon):
            if status == "established" and (refused := _refused(sentence, start, end, cue, lexicon)):
                statuses |= refused
            elif status in ("ended", "abandoned", "established") and _negated(sentence, start, cue, lexicon):
                statuses.add("established" if status != "established" else "open")
            else:
                statuses.add(status)
            if status == "considered" and lexicon.pattern("negation.cues").search(cue[0]):
                statuses.discard("denied")  # "does not rule out" denies nothing
    return frozenset(statuses)


def _within(
    sentence: str, start: int, end: int, status: str, cues: list[re.Match[str]], lexicon: Lexicon
) -> Iterable[re.Match[str]]:
    """Return the cues inside a span; where one crosses its borders, a shorter one may stand inside."""
    touching = [cue for cue in cues if cue.start() < end and start < cue.end()]
    if any(cue.start() < start or end < cue.end() for cue in touching):
        return lexicon.pattern(f"status.{status}").finditer(sentence, start, end)
    return touching


def _negated(sentence: str, start: int, cue: re.Match[str], lexicon: Lexicon) -> bool:
    negation = lexicon.pattern("negation.cues")
    if negation.search(cue[0]):  # the cue is made of it: "not renewed"
        return False
    return negation.search(sentence, max(start, cue.start() - _REACH), cue.start()) is not None


def _refused(sentence: str, start: int, end: int, cue: re.Match[str], lexicon: Lexicon) -> frozenset[str]:
    """Return what a verb of refusing or withdrawing makes of the partnership that a cue names, empty without one.

    The verb stands before the cue, in German around it: "lehnt eine Partnerschaft ab".
    """
    before = max(start, cue.start() - _REACH)
    if any(verb.start() < cue.start() for verb in lexicon.pattern("negation.verbs").finditer(sentence, before, end)):
        return frozenset({"open"})
    found = lexicon.pattern("statements.withdrawals").finditer(sentence, before, end)
    return frozenset({"abandoned"}) if any(verb.start() < cue.start() for verb in found) else frozenset()


def _relevant(
    sentence: str, segments: list[Segment], names: Sequence[Sequence[str]], others: Callable[[], Sequence[str]]
) -> list[Segment]:
    """Return the segments that name most of the organisations, and those beside them that name none."""
    counts = [sum(_names_any(sentence, segment, aliases) for aliases in names) for segment in segments]
    most = max(counts, default=0)
    if not most:
        return []
    chosen = {i for i, count in enumerate(counts) if (count == most if most > 1 else count)}
    nobody = {i for i, count in enumerate(counts) if not count}
    if not any(segments[i].cues for i in nobody):
        return [segments[i] for i in sorted(chosen)]
    alone = {i for i in nobody if not _names_any(sentence, segments[i], others())}
    for i in sorted(chosen):
        for step in (-1, 1):
            beside = i + step
            while beside in alone:
                chosen.add(beside)
                beside += step
    return [segments[i] for i in sorted(chosen)]


def _names_any(sentence: str, segment: Segment, aliases: Sequence[str]) -> bool:
    return any(find_word(sentence, alias, segment.start, segment.end) >= 0 for alias in aliases)


def find_word(text: str, word: str, start: int = 0, end: int | None = None) -> int:
    """Return the offset of `word` as whole words in a folded text, -1 if absent; a genitive or plural s may follow."""
    at = text.find(word, start, end) if word else -1
    while at >= 0 and not (is_unspaced(word[0]) or (not _is_word(text, at - 1) and _ends_word(text, at + len(word)))):
        at = text.find(word, at + 1, end)
    return at


def is_unspaced(character: str) -> bool:
    """Tell whether a character belongs to a script that writes words without spaces between them."""
    return "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff" or "\u0e00" <= character <= "\u0eff"


def has_unspaced(text: str) -> bool:
    """Tell whether a text has a character of such a script."""
    return _UNSPACED.search(text) is not None


def _is_word(text: str, at: int) -> bool:
    character = text[at : at + 1]  # none before the first and behind the last
    return character.isalnum() and not is_unspaced(character)


def _ends_word(text: str, at: int) -> bool:
    if not _is_word(text, at):
        return True
    return text[at] == "s" and not _is_word(text, at + 1)


def _plausible(cues: frozenset[str]) -> frozenset[str]:
    if "denied" in cues:
        return frozenset({"denied"})
    if over := cues & TERMINAL:
        open_ended = cues & {"in_talks", "considered"}
        if over == {"abandoned"} and not open_ended:
            return frozenset({"abandoned", "ended"})  # "dropped its alliance": it may never have existed
        return over | {"abandoned"} if open_ended else over
    if pending := cues & {"in_talks", "considered"}:
        return pending
    if "open" in cues:  # not signed: whatever it is, it is not established
        return frozenset({"in_talks", "considered", "denied", "abandoned"})
    return cues & {"established"}


def speaks_of_partnership(sentence: str, lexicon: Lexicon) -> bool:
    """Tell whether a folded sentence has a noun or a verb of acting together."""
    return bool(
        lexicon.pattern("partnership.nouns").search(sentence) or lexicon.pattern("partnership.verbs").search(sentence)
    )
