"""Who is who in an article: names sorted into organisations, people and places, and aliases brought together.

Evidence of every mention counts for the name: a legal form, a word for a firm before it, a role beside it, a place's
preposition. Where there is none, the name is taken for an organisation only in a slot of a statement that wants one.
"""

import re
from collections import Counter, defaultdict
from itertools import pairwise

from ..document import Document
from ..layout import DATELINE, Sentence, SentenceRole
from ..normalization import fold
from .candidates import Candidate, candidates
from .classification import aliases, sort_of
from .feature_patterns import FeaturePatterns, clues_of
from .features import MentionFeatures, key_of, look_again, look_at
from .gazetteer import places, world
from .lowercase_names import brands
from .mentions import EntityType, Mention, Mentions


def find_names(document: Document) -> Mentions:
    """Find every name of the story, say what it is, and give one key to all of its spellings."""
    tag = document.language.partition("-")[0].lower()
    clues = clues_of(tag)
    known = places(document.language)
    seen = _looks(document, clues, known)
    if clues.capitals:
        alone = Counter(look.key for _, look in seen if " " not in look.key and look.evidence["firm"])
        seen = [(run, _without_noun(look, alone, clues)) for run, look in seen]
    inside = {look.key for run, look in seen if not run.initial}
    sure = {look.key for _, look in seen if look.evidence["firm"] and " " in look.key}
    seen = [(run, _whole(run, _without_first(run, look, inside), sure)) for run, look in seen]
    _share(seen, document)
    led = _with_chief(document, clues) if clues.capitals else frozenset()
    total: dict[str, Counter[str]] = defaultdict(Counter)
    titles = {sentence.index for sentence in document.layout if sentence.role is SentenceRole.TITLE}
    told = {look.key for run, look in seen if run.sentence not in titles}
    for run, look in seen:
        if clues.capitals and run.sentence in titles and look.key in told:
            continue  # a title leaves its articles out
        if look.evidence["settled"]:
            continue
        total[look.key] += look.evidence
        total[look.key]["mid"] += not run.initial or look.start > run.start or bool(look.evidence["subject"])
        total[look.key]["all"] += 1
    for key, evidence in total.items():
        evidence["mid"] += evidence["opens"] > 1
        evidence["bare"] += evidence["opens"] > 1
        evidence["firm"] += 2 * (key in led)
    sorts = {key: sort_of(key, evidence, clues, known) for key, evidence in total.items()}
    keys = aliases(sorts)
    mentions = [_mention(run, look, keys[look.key], sorts[keys[look.key]]) for run, look in seen]
    return Mentions([m for m in mentions if m.sort is not EntityType.OTHER and m.sentence not in titles])


def _looks(
    document: Document, clues: FeaturePatterns, known: frozenset[str]
) -> list[tuple[Candidate, MentionFeatures]]:
    """Look at every run of capitalised words; at one that was looked at often enough, only whether it reports."""
    tag = document.language.partition("-")[0].lower()
    lower = brands(document, clues.firm_word, clues.empty | clues.nouns, capitals=clues.capitals)
    times: Counter[tuple[str, bool]] = Counter()
    latest: dict[tuple[str, bool], tuple[Candidate, MentionFeatures]] = {}
    seen: list[tuple[Candidate, MentionFeatures]] = []
    for sentence in document.layout:
        if sentence.role not in (SentenceRole.BODY, SentenceRole.BOX, SentenceRole.TITLE):
            continue
        begins = _after_dateline(sentence, known)
        for run in candidates(sentence.text, tag, sentence=sentence.index, lowercase=lower):
            kind = (run.text, run.initial)
            if run.start < begins:
                continue
            times[kind] += 1
            look = (
                look_at(run, sentence, clues)
                if times[kind] <= _SETTLED
                else look_again(run, sentence, clues, *latest[kind])
            )
            latest[kind] = (run, look)
            if look.text:
                seen.append((run, look))
    return seen


_SETTLED = 24
"""Looks after which what a name is will not change any more."""


def _with_chief(document: Document, clues: FeaturePatterns) -> frozenset[str]:
    """Find the names that a role is compounded with: "Kranich-Chef Torben Lüdecke"."""
    found = {fold(match["name"]) for match in _CHIEF.finditer(document.text) if clues.role.match(fold(match["role"]))}
    return frozenset(found - clues.nouns - clues.empty)


_CHIEF = re.compile(r"(?<!\w)(?P<name>[^\W\d_a-zß-ÿ]\w{2,})-(?P<role>[^\W\d_a-zß-ÿ]\w{3,})")


def _share(seen: list[tuple[Candidate, MentionFeatures]], document: Document) -> None:
    """Tell that a list is of what one of it is known for: "die Verlage Morgenrot, Tannhaus und Letterwerk"."""
    for (run, look), (following, other) in pairwise(seen):
        between = document.layout[run.sentence].text[look.start + len(look.text) : other.start]
        if run.sentence != following.sentence or not _LINK.fullmatch(between):
            continue
        look.evidence["paired"] += 1
        other.evidence["paired"] += 1
        if look.evidence["firm"] and not look.evidence["person"]:
            other.evidence["firm"] += not other.evidence["firm"] and not other.evidence["place"]
            other.evidence["bare"] += 1


_LINK = re.compile(r",\s|,?\s(?:and|et|und|y|e|ed|en|&|sowie)\s")


def _after_dateline(sentence: Sentence, known: frozenset[str]) -> int:
    """Return where a sentence begins behind "HALIFAX, Oct 7 -", which names no party."""
    found = DATELINE.match(sentence.text) if sentence.opens else None
    if found is None:
        return 0
    place = re.split(r"[,(–—-]", found[0])[0].strip()
    return found.end() if place.isupper() or fold(place) in known else 0


def _mention(run: Candidate, look: MentionFeatures, key: str, sort: EntityType) -> Mention:
    if look.evidence["source"] and sort is not EntityType.PERSON:
        sort = EntityType.MEDIA
    end = look.start + len(look.text)
    return Mention(run.sentence, look.start, end, look.text, key, sort, look.heads, bool(look.evidence["led"]))


def _whole(run: Candidate, look: MentionFeatures, sure: set[str]) -> MentionFeatures:
    """Give back the first word of a name that is known from elsewhere: "Handwerk Medical" is no trade and a name."""
    start, text = run.start, run.text
    while text and start < look.start:
        if key_of(text) in sure:
            return MentionFeatures(start, text, key_of(text), look.evidence, look.heads)
        word, space, text = text.partition(" ")
        start += len(word) + len(space)
    return look


def _without_noun(look: MentionFeatures, alone: Counter[str], clues: FeaturePatterns) -> MentionFeatures:
    """Take the noun off that stands behind a name known by itself: "gemeinsam mit Brunnhof Darlehen vermarktet"."""
    first, _, rest = look.text.partition(" ")
    if not rest or not alone[key_of(first)] or fold(rest.split()[-1]).rstrip(".") in world().legal:
        return look
    return MentionFeatures(look.start, first, key_of(first), look.evidence, look.heads)


def _without_first(run: Candidate, look: MentionFeatures, inside: set[str]) -> MentionFeatures:
    """Take the first word off a run that opens its sentence where the rest is a name by itself: "Waarom Polderbit"."""
    first, _, rest = look.text.partition(" ")
    if not run.initial or look.start > run.start or not rest or look.key in inside or key_of(rest) not in inside:
        return look
    return MentionFeatures(look.start + len(first) + 1, rest, key_of(rest), look.evidence, look.heads)
