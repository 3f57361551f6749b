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
from .brands import brands
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


_MAIN = 3
"""Weight that a name needs for an article to be about it: named twice and a firm, or in the title."""
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
    led: bool = False
    """A role stands beside it: "the chief executive of Norvik"."""


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

    def all(self) -> list[Mention]:
        """Return every name that can be an organisation's, in order."""
        return [mention for index in sorted(self._by_sentence) for mention in self.parties(index)]

    def main(self, title: str) -> Mention | None:
        """Return the organisation that the article is about: named often, in the title, first, or with its chief."""
        weight: Counter[str] = Counter()
        firsts: dict[str, Mention] = {}
        for mention in self.all():
            firsts.setdefault(mention.key, mention)
            weight[mention.key] += 1 + mention.led
        if not firsts:
            return None
        weight[next(iter(firsts))] += 2
        for key, mention in firsts.items():
            weight[key] += 2 * (mention.text in title) + (mention.sort is Sort.FIRM)
        best = firsts[max(firsts, key=lambda key: weight[key])]
        return best if weight[best.key] >= _MAIN else None

    def parties(self, sentence: int) -> list[Mention]:
        """Return the names of a sentence that can be organisations, in order."""
        return [mention for mention in self.of(sentence) if mention.sort in PARTY]


@dataclass(frozen=True)
class _Clues:
    """What stands beside a name, as patterns of one language."""

    cue: re.Pattern[str]
    firm_before: re.Pattern[str]
    firm_after: re.Pattern[str]
    """An apposition: ", the broadband co-operative"."""
    firm_word: re.Pattern[str]
    firm_base: re.Pattern[str]
    """A word for a firm by itself, without what may be compounded with it."""
    source_before: re.Pattern[str]
    """ "According to": who follows reports."""
    led_before: re.Pattern[str]
    led_after: re.Pattern[str]
    role: re.Pattern[str]
    person_before: re.Pattern[str]
    person_after: re.Pattern[str]
    place_before: re.Pattern[str]
    places: frozenset[str]
    noun_before: re.Pattern[str] | None
    """An article: the run is a noun, in a language that writes nouns with capitals."""
    nouns: frozenset[str]
    """Common nouns of a language that writes them with capitals."""
    noun: re.Pattern[str]
    """A word for a partnership: "Talks" at the start of a sentence is no name."""
    institution: re.Pattern[str]
    empty: frozenset[str]
    months: frozenset[str]
    companion: re.Pattern[str]
    """A word for a partnership and "with"."""
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
        firm_after=re.compile(
            rf",\s(?:an?|the|une?|l[ae]|l'|eine?[rnm]?|d(?:ie|er|as|em|en)|el|un[ao]?|il|uma?|[oa]|een|de|het)\s?(?:[\w-]+\s){{0,3}}?(?P<head>{firms})(?!\w)"
        ),
        firm_word=re.compile(rf"(?:{firms})$"),
        firm_base=re.compile(rf"(?:{firms.replace('[a-z-]*', '')})$"),
        source_before=re.compile(
            rf"(?<!\w)(?:{_entries(tables, 'according', 'statements')})\s+'?(?:[\w-]+\s+){{0,2}}'?$"
        ),
        led_before=re.compile(rf"(?<!\w)(?:{people}|{_entries(tables, 'leads')})\s+(?:[\w-]+\s+){{0,3}}'?$"),
        led_after=re.compile(rf"(?:'s?)?\s+(?:{people})(?!\w)"),
        role=re.compile(rf"(?:{people})$"),
        person_before=re.compile(rf"(?<!\w)(?:{people})[\s,]+$"),
        person_after=re.compile(rf",\s*(?:\(?\d\d\)?,)?\s*(?:[\w'-]+\s+){{0,3}}(?:{people})(?!\w)"),
        place_before=re.compile(rf"(?<!\w)(?:{_entries(tables, 'places')})\s+(?:(?:the|el|il)\s+)?$"),
        places=places(tag),
        noun_before=re.compile(rf"(?<!\w)(?:{_entries(tables, 'articles')})\s+(?:[\w-]+\s+)?$") if capitals else None,
        nouns=frozenset(w for line in tables.words("organisations.nouns") for w in line.split()),
        noun=compile_entries([*(tables.get("partnership.nouns") or ()), *(tables.get("partnership.talks") or ())]),
        institution=compile_entries(tables.get("organisations.institutions") or ()),
        empty=frozenset(w for line in tables.words("takeaways.stop") for w in line.split())
        | tables.words("words.function"),
        months=frozenset(tables.months) | days,
        companion=re.compile(rf"(?<!\w)(?:{_nouns(tables)})(?!\w)[^.,;]{{0,12}} (?:mit|zwischen) '?$"),
        capitals=capitals,
    )


def _entries(tables: Lexicon, name: str, section: str = "organisations") -> str:
    return "|".join(
        f"(?:{fold(entry) if not entry.isascii() else entry})" for entry in tables.get(f"{section}.{name}") or ("(?!)",)
    )


def _nouns(tables: Lexicon) -> str:
    return "|".join(
        fold(entry) if not entry.isascii() else entry for entry in tables.get("partnership.nouns") or ("(?!)",)
    )


@dataclass(frozen=True)
class _Look:
    """A run without what is no part of the name, and what stands beside it."""

    start: int
    text: str
    key: str
    evidence: Counter[str]
    heads: frozenset[str]


def find_names(reading: Reading) -> Names:
    """Find every name of the story, say what it is, and give one key to all of its spellings."""
    tag = reading.language.partition("-")[0].lower()
    clues = _clues(tag)
    known = places(reading.language)
    lower = brands(reading, clues.firm_word, clues.empty)
    seen = [
        (run, look)
        for sentence in reading.sentences
        if sentence.kind in (Kind.BODY, Kind.BOX, Kind.TITLE)
        for run in runs(sentence, tag, lower)
        for look in [_look(run, sentence.text, clues)]
        if look.text
    ]
    inside = {look.key for run, look in seen if not run.initial}
    sure = {look.key for _, look in seen if look.evidence["firm"] and " " in look.key}
    seen = [(run, _whole(run, _without_first(run, look, inside), sure)) for run, look in seen]
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for run, look in seen:
        total[look.key] += look.evidence
        total[look.key]["mid"] += not run.initial or look.start > run.start
        total[look.key]["all"] += 1
    sorts = {key: _sort(key, evidence, clues, known) for key, evidence in total.items()}
    keys = _aliases(sorts)
    mentions = [_mention(run, look, keys[look.key], sorts[keys[look.key]]) for run, look in seen]
    titles = {sentence.index for sentence in reading.sentences if sentence.kind is Kind.TITLE}
    return Names([m for m in mentions if m.sort is not Sort.OTHER and m.sentence not in titles])


def _mention(run: Run, look: _Look, key: str, sort: Sort) -> Mention:
    if look.evidence["source"] and sort is not Sort.PERSON:
        sort = Sort.MEDIA
    end = look.start + len(look.text)
    return Mention(run.sentence, look.start, end, look.text, key, sort, look.heads, bool(look.evidence["led"]))


def _look(run: Run, sentence: str, clues: _Clues) -> _Look:
    article = clues.noun_before is not None and clues.noun_before.search(
        fold(sentence[max(0, run.start - 40) : run.start])
    )
    start, text, heads, titled = _strip(run, clues, article=bool(article))
    compound = _COMPOUND.match(text)
    if compound and clues.role.match(fold(compound["last"])):
        text, heads = compound["first"], heads | {"-"}  # "Alpenbahn-Chefin"
    before, after = fold(sentence[max(0, start - 60) : start]), fold(sentence[start + len(text) :][:50])
    evidence: Counter[str] = Counter()
    if heads:
        evidence["firm"] += 1
    if found := clues.firm_before.search(before):
        evidence["firm"] += 1
        heads |= {found["head"]}
    if found := clues.firm_after.match(after):
        evidence["firm"] += 1
        heads |= {found["head"]}
    evidence["source"] += bool(clues.source_before.search(before))
    evidence["led"] += bool(clues.led_before.search(before) or clues.led_after.match(after))
    evidence["media"] += any(world().media_head.match(head) for head in heads)
    words = fold(text).split()
    if len(words) > 1 and words[-1].rstrip(".") in world().legal:
        evidence["firm"] += 2
        evidence["legal"] += 1
    evidence["firm"] += len(words) > 1 and bool(clues.firm_base.fullmatch(words[-1]))
    evidence["person"] += _person(words, before, after, clues) + 2 * titled
    evidence["place"] += bool(clues.place_before.search(before)) and not clues.cue.search(before[-40:])
    if clues.noun_before is not None and not heads and (article := clues.noun_before.search(before)):
        evidence["noun"] += 1
        evidence["hard"] += article[0].strip() not in ("der", "die")
    elif clues.capitals and not heads:
        evidence["bare"] += _is_bare(fold(text), before, after, clues)
    return _Look(start, text, _key(text), evidence, frozenset(heads))


_ABSTRACT = re.compile(
    r".*(?:ung|ungen|heit|keit|keiten|schaft|schaften|ion|ionen|tat|taten|nisse?|ment|innen|enz|anz|kosten)$"
)
_COMPANION = re.compile(r"(?<!\w)(?:mit|zwischen|und|sowie|von) '?$")
_VERB_BEFORE = re.compile(r"[a-z]{3,}(?:t|te|ten|en) $")
_OBJECT_AFTER = re.compile(
    r" (?:am|im|eine?[nmr]?|den|das|die|der|dem|nun|auch|seit|mit|zusammen|gemeinsam|jetzt|kunftig|sich|nicht)(?!\w)"
)


def _is_bare(word: str, before: str, after: str, clues: _Clues) -> bool:
    """Tell whether a German word without an article stands where a noun would need one, or a plural ending."""
    if _ABSTRACT.match(word) or word in clues.nouns:
        return False
    if clues.companion.search(before):
        return True  # "eine Kooperation mit Fjordlinien"
    if word.endswith("n"):
        return False
    return bool(_COMPANION.search(before) or (_VERB_BEFORE.search(before) and _OBJECT_AFTER.match(after)))


_COMPOUND = re.compile(r"(?P<first>\w{3,})-(?P<last>\w+)$")


def _whole(run: Run, look: _Look, sure: set[str]) -> _Look:
    """Give back the first word of a name that is known from elsewhere: "Handwerk Medical" is no trade and a name."""
    key = _key(run.text)
    return _Look(run.start, run.text, key, look.evidence, look.heads) if key in sure else look


def _without_first(run: Run, look: _Look, inside: set[str]) -> _Look:
    """Take the first word off a run that opens its sentence where the rest is a name by itself: "Waarom Polderbit"."""
    first, _, rest = look.text.partition(" ")
    if not run.initial or look.start > run.start or not rest or look.key in inside or _key(rest) not in inside:
        return look
    return _Look(look.start + len(first) + 1, rest, _key(rest), look.evidence, look.heads)


def _person(words: list[str], before: str, after: str, clues: _Clues) -> int:
    """Count what makes a name a person's: a role before it, a role behind it, a given name."""
    if len(words) < 2:
        return int(bool(clues.person_before.search(before)))
    if "&" in words:
        return 0
    beside = bool(clues.person_before.search(before)) + bool(clues.person_after.match(after))
    given = any(word in world().given for word in words[:-1])
    return beside + (given and len(words) < 4 and "&" not in words)


def _strip(run: Run, clues: _Clues, *, article: bool) -> tuple[int, str, frozenset[str], bool]:
    """Take off what opens the sentence, a nationality, a capitalised word for a firm or for a role."""
    start, text, heads, titled = run.start, run.text, set[str](), False
    while text:
        word, space, rest = text.partition(" ")
        first = fold(word)
        if fold(rest).rstrip(".") in world().legal or fold(text) in clues.places:
            break
        empty = run.initial and start == run.start and first in clues.empty
        if rest and clues.role.match(first):
            titled = True
        elif (
            rest
            and not heads
            and (clues.capitals or (start == run.start and run.initial))
            and _is_descriptor(first, clues)
        ):
            heads.add(first)
        elif rest and article and start == run.start and _is_apposition(first, rest, clues):
            heads.add(first)
        elif not (empty or first == "the" or (rest and (_NATIONALITY.match(first) or _is_tail(word, rest, clues)))):
            break
        joint = _JOINT.match(rest)
        skipped = joint.end() if joint else 0
        start += len(word) + len(space) + skipped
        text = rest[skipped:]
    return start, text, frozenset(heads), titled


_JOINT = re.compile(r"(?:d[a-z]{0,4}(?: l[ae]s?)?|of|of the) |d['’]|de l['’]|dell['’]")
"""What joined a name to the word that was taken off: "IA d'Apple"."""


def _is_apposition(first: str, rest: str, clues: _Clues) -> bool:
    """Tell "dem Schlafwagenvermieter Nocturna", noun and name, from a name of two words: "der Deutschen Bank"."""
    last = fold(rest.split(" ")[-1]).rstrip(".")
    own = clues.institution.match(first) or world().institution.match(first) or first in world().given
    plain = last in world().legal or fold(rest) in clues.nouns or clues.firm_word.match(last)
    return not own and not plain and first.isalpha()


def _is_tail(word: str, rest: str, clues: _Clues) -> bool:
    """Tell whether the first word is none of a name's: "IA d'Apple", "Die Voltmoor", "Münchner Start-up Protonik"."""
    first = fold(word)
    if first in world().common or word.islower() or (clues.capitals and first in clues.empty):
        return True
    if first in clues.nouns:
        return not clues.institution.match(first)
    words = rest.split(" ")
    return clues.capitals and len(words) > 1 and _is_descriptor(fold(words[0]), clues)


_NATIONALITY = re.compile(
    r"(?:[a-z]{3,}(?:ese|nian|ssian|trian|garian|ndian|talian|wegian|azilian|gian)|(?:brit|dan|swed|finn|pol|span|turk|ir|scott|engl|jew|flem|corn)ish|french"
    r"|german|dutch|greek|swiss|czech|thai|welsh|icelandic|faroese|american|mexican|korean|african|european|asian|chilean|israeli|indian"
    r"|australian|canadian|franse|duitse|britse|belgische|spaanse|deense|noorse|zweedse|italiaanse)$"
)


def _is_descriptor(word: str, clues: _Clues) -> bool:
    return bool(clues.firm_word.match(word)) and not (clues.institution.match(word) or world().institution.match(word))


def _key(text: str) -> str:
    words = fold(text).replace(".", " ").split() if text.isupper() else fold(text).split()
    kept = [word for word in words if word.rstrip(".") not in world().legal] or words
    return " ".join(word.rstrip(".") for word in kept)


def _sort(key: str, evidence: Counter[str], clues: _Clues, known: frozenset[str]) -> Sort:
    if evidence["legal"]:
        return Sort.FIRM
    if key in clues.months or key in world().common or key in clues.empty or len(key) < 2:
        return Sort.OTHER
    if (" " in key or "-" in key) and (world().institution.search(key) or clues.institution.match(key)):
        return Sort.FIRM
    if clues.capitals and (clues.noun.fullmatch(key) or _ABSTRACT.fullmatch(key)):
        return Sort.OTHER
    if not evidence["firm"] and (" " not in key or clues.capitals) and _is_noun(key, evidence, clues):
        return Sort.OTHER
    if key in clues.nouns and evidence["firm"] < 2:
        return Sort.OTHER
    if _NATIONALITY.match(key):
        return Sort.OTHER
    if world().media.search(key) or evidence["media"]:
        return Sort.MEDIA
    if world().authority.search(key):
        return Sort.OTHER
    if evidence["firm"] > evidence["person"]:
        return Sort.FIRM
    if evidence["person"]:
        return Sort.PERSON
    if key in known or evidence["place"] * 2 > evidence["all"]:
        return Sort.PLACE
    if clues.capitals and not _is_name(key, evidence):
        return Sort.OTHER if evidence["mid"] or evidence["noun"] else Sort.WEAK
    return Sort.UNKNOWN if evidence["mid"] or evidence["all"] > 1 or " " in key else Sort.WEAK


def _is_noun(key: str, evidence: Counter[str], clues: _Clues) -> bool:
    """Tell a word for a firm, a role or a deal from a name: "Talks" at the start of a sentence, any noun in German."""
    if key in clues.nouns and " " not in key or (clues.capitals and clues.nouns.issuperset(key.split())):
        return True
    if clues.capitals and (clues.firm_base.fullmatch(key) or clues.noun.match(key) or _ABSTRACT.match(key)):
        return True
    if clues.capitals:
        return _is_mostly_noun(evidence) and bool(clues.firm_word.match(key) or clues.role.match(key))
    return not evidence["mid"] and bool(clues.firm_word.match(key) or clues.role.match(key) or clues.noun.match(key))


def _is_mostly_noun(evidence: Counter[str]) -> bool:
    """Tell whether it has an article more often than not, other than the one that some names of firms have: "die Alpenbahn"."""
    if not evidence["hard"] and evidence["all"] > 2 and evidence["noun"] < evidence["all"]:
        return False
    return evidence["noun"] * 2 > evidence["all"] or evidence["all"] == 1


def _is_name(key: str, evidence: Counter[str]) -> bool:
    """Tell a name from a noun where both have a capital: a noun has an article more often than not, a name hardly ever."""
    if (
        not evidence["mid"]
        or (_is_mostly_noun(evidence) and evidence["all"] > 1)
        or evidence["noun"] == evidence["all"]
    ):
        return False
    return " " in key or evidence["all"] > 1 or evidence["bare"] > 0


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
        if sort is Sort.OTHER:
            found[key] = key
            continue
        candidates = [k for k in longer.get(key, ()) if k != key]
        same = {k for k in candidates if sort is not Sort.PLACE and not (sort is Sort.FIRM and sorts[k] is Sort.PERSON)}
        found[key] = min(same) if len(same) == 1 else key
    return {key: found.get(target, target) for key, target in found.items()}
