"""Who is who in an article: names sorted into organisations, people and places, and aliases brought together.

Evidence of every mention counts for the name: a legal form, a word for a firm before it, a role beside it, a
preposition of place. Where there is none, the name is taken for an organisation only in the slots of a statement that call for one.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ...text.folding import fold
from ...text.lexicon import Lexicon, compile_entries, lexicon
from .names import Run, runs
from .reading import Kind, Reading
from .world import places, world


class Sort(StrEnum):
    """What a name names."""

    FIRM = "firm"
    UNKNOWN = "unknown"
    """Nothing says what it is: an organisation, where the sentence calls for one."""
    WEAK = "weak"
    """One word that is seen only once, at the start of a sentence, where any word has a capital."""
    PERSON = "person"
    PLACE = "place"
    MEDIA = "media"
    OTHER = "other"


PARTY = frozenset({Sort.FIRM, Sort.UNKNOWN})
"""What can be a party of a partnership."""


@dataclass(frozen=True)
class Mention:
    """A name where it stands: `sentence.text[start:end]`; `key` is the same for every alias."""

    sentence: int
    start: int
    end: int
    text: str
    key: str
    sort: Sort
    heads: frozenset[str]
    """Folded words for what it is that stand before the name: "brewer", "red"."""


class Names:
    """The names of an article, by sentence."""

    def __init__(self, mentions: list[Mention]) -> None:
        self._by_sentence: dict[int, list[Mention]] = defaultdict(list)
        for mention in mentions:
            self._by_sentence[mention.sentence].append(mention)
        self.heads: dict[str, set[str]] = defaultdict(set)
        self.counts: Counter[str] = Counter()
        for mention in mentions:
            self.heads[mention.key] |= mention.heads
            self.counts[mention.key] += 1
        self.spellings: dict[str, set[str]] = defaultdict(set)
        for mention in mentions:
            self.spellings[mention.key].add(mention.text)

    def of(self, sentence: int) -> list[Mention]:
        """Return the names of a sentence in order."""
        return self._by_sentence.get(sentence, [])

    def parties(self, sentence: int) -> list[Mention]:
        """Return the names of a sentence that can be organisations, in order."""
        return [mention for mention in self.of(sentence) if mention.sort in PARTY]


@dataclass(frozen=True)
class _Clues:
    """What stands beside a name, as patterns of one language."""

    cue: re.Pattern[str]
    firm_before: re.Pattern[str]
    firm_word: re.Pattern[str]
    role: re.Pattern[str]
    person_before: re.Pattern[str]
    person_after: re.Pattern[str]
    place_before: re.Pattern[str]
    noun_before: re.Pattern[str] | None
    """An article: the run is a noun, in a language that writes nouns with capitals."""
    noun: re.Pattern[str]
    """A word for a partnership: "Talks" at the start of a sentence is no name."""
    institution: re.Pattern[str]
    empty: frozenset[str]
    months: frozenset[str]
    capitals: bool


@cache
def _clues(tag: str) -> _Clues:
    tables = lexicon(tag) or Lexicon(tag, {})
    firms, people = _entries(tables, "firms"), _entries(tables, "people")
    adjectives = (
        r"(?:\s+(?:d[eiu]l?s?\s+|d')?(?!(?:avec|con|com|et|y|e|a|en|in|em|entre)\s)[\w-]+){0,2}"
        if tag in ("fr", "es", "it", "pt")
        else ""
    )
    capitals = tag == "de"
    days = {fold(day) for day in tables.get("dates.weekdays") or ()}
    return _Clues(
        cue=tables.pattern("partnership.verbs"),
        firm_before=re.compile(rf"(?<!\w)(?P<head>{firms}){adjectives}(?<!\sde)(?<!\sdu)(?<!\sdi)(?<!\sd)[\s'(]+$"),
        firm_word=re.compile(rf"(?:{firms})$"),
        role=re.compile(rf"(?:{people})$"),
        person_before=re.compile(rf"(?<!\w)(?:{people})[\s,]+$"),
        person_after=re.compile(rf",\s*(?:\(?\d\d\)?,)?\s*(?:[\w'-]+\s+){{0,3}}(?:{people})(?!\w)"),
        place_before=re.compile(rf"(?<!\w)(?:{_entries(tables, 'places')})\s+(?:(?:the|el|il)\s+)?$"),
        noun_before=re.compile(rf"(?<!\w)(?:{_entries(tables, 'articles')})\s+(?:[\w-]+\s+)?$") if capitals else None,
        noun=tables.pattern("partnership.nouns"),
        institution=compile_entries(tables.get("organisations.institutions") or ()),
        empty=frozenset(word for line in tables.words("takeaways.stop") for word in line.split()),
        months=frozenset(tables.months) | days,
        capitals=capitals,
    )


def _entries(tables: Lexicon, name: str) -> str:
    return "|".join(
        f"(?:{fold(entry) if not entry.isascii() else entry})"
        for entry in tables.get(f"organisations.{name}") or ("(?!)",)
    )


def find_names(reading: Reading) -> Names:
    """Find every name of the story, say what it is, and give one key to all of its spellings."""
    clues = _clues(reading.language.partition("-")[0].lower())
    known = places(reading.language)
    seen = [
        (run, look)
        for sentence in reading.sentences
        if sentence.kind in (Kind.BODY, Kind.BOX, Kind.TITLE)
        for run in runs(sentence)
        for look in [_look(run, sentence.text, clues)]
        if look.text
    ]
    inside = {look.key for run, look in seen if not run.initial}
    seen = [(run, _without_first(run, look, inside)) for run, look in seen]
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for run, look in seen:
        total[look.key] += look.evidence
        total[look.key]["mid"] += not run.initial
        total[look.key]["all"] += 1
    sorts = {key: _sort(key, evidence, clues, known) for key, evidence in total.items()}
    keys = _aliases(sorts)
    return Names(
        [
            Mention(run.sentence, look.start, look.start + len(look.text), look.text, keys[look.key],
                    sorts[keys[look.key]], look.heads)
            for run, look in seen
            if sorts[keys[look.key]] is not Sort.OTHER
        ]
    )  # fmt: skip


@dataclass(frozen=True)
class _Look:
    """A run without what is no part of the name, and what stands beside it."""

    start: int
    text: str
    key: str
    evidence: Counter[str]
    heads: frozenset[str]


def _look(run: Run, sentence: str, clues: _Clues) -> _Look:
    start, text, heads, titled = _strip(run, clues)
    before, after = fold(sentence[max(0, start - 60) : start]), fold(sentence[start + len(text) :][:50])
    evidence: Counter[str] = Counter()
    if heads:
        evidence["firm"] += 1
    if found := clues.firm_before.search(before):
        evidence["firm"] += 1
        heads |= {found["head"]}
    evidence["media"] += any(world().media_head.search(head) for head in heads)
    words = fold(text).split()
    if len(words) > 1 and words[-1].rstrip(".") in world().legal:
        evidence["firm"] += 2
    evidence["person"] += _person(words, before, after, clues) + 2 * titled
    evidence["place"] += bool(clues.place_before.search(before)) and not clues.cue.search(before[-40:])
    if clues.noun_before is not None and not heads and clues.noun_before.search(before):
        evidence["noun"] += 1
    return _Look(start, text, _key(text), evidence, frozenset(heads))


def _without_first(run: Run, look: _Look, inside: set[str]) -> _Look:
    """Take the first word off a run that opens its sentence where the rest is a name by itself: "Waarom Polderbit"."""
    first, _, rest = look.text.partition(" ")
    if not run.initial or not rest or look.key in inside or _key(rest) not in inside:
        return look
    return _Look(look.start + len(first) + 1, rest, _key(rest), look.evidence, look.heads)


def _person(words: list[str], before: str, after: str, clues: _Clues) -> int:
    """Count what makes a name a person's: a role before it, a role behind it, a given name."""
    if len(words) < 2:
        return int(bool(clues.person_before.search(before)))
    beside = bool(clues.person_before.search(before)) + bool(clues.person_after.match(after))
    return beside + (words[0] in world().given and len(words) < 4)


def _strip(run: Run, clues: _Clues) -> tuple[int, str, frozenset[str], bool]:
    """Take off what opens the sentence, a nationality, a capitalised word for a firm or for a role."""
    start, text, heads, titled = run.start, run.text, set[str](), False
    while text:
        word, space, rest = text.partition(" ")
        first = fold(word)
        empty = run.initial and start == run.start and first in clues.empty
        if rest and clues.role.match(first):
            titled = True
        elif rest and clues.capitals and _is_descriptor(first, clues):
            heads.add(first)
        elif not (empty or first == "the" or (rest and (_NATIONALITY.match(first) or _is_tail(word, clues)))):
            break
        joint = _JOINT.match(rest)
        skipped = joint.end() if joint else 0
        start += len(word) + len(space) + skipped
        text = rest[skipped:]
    return start, text, frozenset(heads), titled


_JOINT = re.compile(r"(?:d[a-z]{0,4}(?: l[ae]s?)?|of|of the) |d['’]|de l['’]|dell['’]")
"""What joined a name to the word that was taken off: "IA d'Apple"."""


def _is_tail(word: str, clues: _Clues) -> bool:
    """Tell whether the first word is none of a name's: "IA d'Apple", "Die Voltmoor"."""
    first = fold(word)
    return first in world().common or word.islower() or (clues.capitals and first in clues.empty)


_NATIONALITY = re.compile(
    r"(?:[a-z]{3,}(?:ese|nian|ssian|trian|garian|ndian|talian|wegian|azilian|gian)|(?:brit|dan|swed|finn|pol|span|turk|ir|scott|engl|jew|flem|corn)ish|french"
    r"|german|dutch|greek|swiss|czech|thai|welsh|icelandic|faroese|american|mexican|korean|african|european|asian|chilean|israeli|indian"
    r"|australian|canadian|franse|duitse|britse|belgische|spaanse|deense|noorse|zweedse|italiaanse)$"
)


def _is_descriptor(word: str, clues: _Clues) -> bool:
    return bool(clues.firm_word.match(word)) and not clues.institution.match(word)


def _key(text: str) -> str:
    words = fold(text).replace(".", " ").split() if text.isupper() else fold(text).split()
    kept = [word for word in words if word.rstrip(".") not in world().legal] or words
    return " ".join(word.rstrip(".") for word in kept)


def _sort(key: str, evidence: Counter[str], clues: _Clues, known: frozenset[str]) -> Sort:
    if key in clues.months or key in world().common or key in clues.empty or len(key) < 2:
        return Sort.OTHER
    if (
        not evidence["firm"]
        and " " not in key
        and (clues.firm_word.match(key) or clues.role.match(key) or clues.noun.match(key))
    ):
        return Sort.OTHER
    if _NATIONALITY.match(key):
        return Sort.OTHER
    if world().media.search(key) or evidence["media"]:
        return Sort.MEDIA
    if world().authority.search(key):
        return Sort.OTHER
    if evidence["firm"] > evidence["person"]:
        return Sort.FIRM
    if " " in key and (world().institution.search(key) or clues.institution.match(key)):
        return Sort.FIRM
    if evidence["person"]:
        return Sort.PERSON
    if key in known or evidence["place"] * 2 > evidence["all"]:
        return Sort.PLACE
    if clues.capitals and not _is_name(key, evidence):
        return Sort.OTHER
    return Sort.UNKNOWN if evidence["mid"] or evidence["all"] > 1 or " " in key else Sort.WEAK


def _is_name(key: str, evidence: Counter[str]) -> bool:
    """Tell a name from a noun where both have a capital: a noun has an article now and then, or opens the sentence."""
    return not evidence["noun"] and evidence["mid"] > 0 and (" " in key or evidence["all"] > 1)


def _aliases(sorts: dict[str, Sort]) -> dict[str, str]:
    """Give each key the key of the name that it shortens: "Valdeluz" for "Seguros Valdeluz", "EAV" in full."""
    longer: dict[str, list[str]] = defaultdict(list)
    for key, sort in sorts.items():
        words = key.split()
        if len(words) > 1 and sort in (Sort.FIRM, Sort.UNKNOWN, Sort.PERSON):
            for part in {" ".join(words[:i]) for i in range(1, len(words))} | {
                " ".join(words[i:]) for i in range(1, len(words))
            }:
                longer[part].append(key)
            longer["".join(word[0] for word in words)].append(key)
    found = {}
    for key, sort in sorts.items():
        candidates = [k for k in longer.get(key, ()) if k != key]
        same = {k for k in candidates if sort is not Sort.PLACE and not (sort is Sort.FIRM and sorts[k] is Sort.PERSON)}
        found[key] = min(same) if len(same) == 1 else key
    return {key: found.get(target, target) for key, target in found.items()}
