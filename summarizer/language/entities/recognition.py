"""Recognise the names of an article: organisations, people and places, with their aliases.

Evidence of every mention counts for the name: a legal form, a word for a firm before it, a role beside it, a place's
preposition. Where there is none, the name is taken for an organisation only in a slot of a statement that wants one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from ..layout import DATELINE, Sentence, SentenceRole
from ..lexicon import Lexicon, across, alternatives
from ..normalization import fold
from ..text_document import TextDocument
from .candidates import Candidate, candidates
from .feature_patterns import FeaturePatterns, feature_patterns
from .features import MentionFeatures, is_nationality, mention_features, repeated_features
from .gazetteer import places
from .mentions import EntityType, Mention, Mentions, aliases, classify


def find_mentions(document: TextDocument) -> Mentions:
    """Find every name of an article, classify it, and give one key to all of its spellings."""
    tag = document.language.partition("-")[0].lower()
    patterns = feature_patterns(tag)
    known = places(document.language)
    seen = _all_features(document, patterns, known)
    _share_evidence(seen, document)
    led = _names_with_roles(document, patterns) if patterns.rules is not None else frozenset()
    total: dict[str, Counter[str]] = defaultdict(Counter)
    titles = {sentence.index for sentence in document.layout if sentence.role is SentenceRole.TITLE}
    in_body = {features.key for candidate, features in seen if candidate.sentence not in titles}
    for candidate, features in seen:
        if patterns.rules is not None and candidate.sentence in titles and features.key in in_body:
            continue  # a title leaves its articles out
        if features.evidence["settled"]:
            continue
        total[features.key] += features.evidence
        total[features.key]["mid"] += (
            not candidate.initial or features.start > candidate.start or bool(features.evidence["subject"])
        )
        total[features.key]["all"] += 1
    for key, evidence in total.items():
        evidence["firm"] += 2 * (key in led)
        evidence["person"] += patterns.rules is None and _is_surnamed(key, total, document.vocabulary)
    types = {key: classify(key, evidence, patterns, known) for key, evidence in total.items()}
    keys = aliases(types)
    mentions = [
        _mention(candidate, features, keys[features.key], types[keys[features.key]]) for candidate, features in seen
    ]
    return Mentions([m for m in mentions if m.entity_type is not EntityType.OTHER and m.sentence not in titles])


def _is_surnamed(key: str, total: dict[str, Counter[str]], vocabulary: frozenset[str]) -> bool:
    """Tell whether the article goes on with the last word of a name alone, as it does with people's."""
    first, _, last = key.rpartition(" ")
    if not first or first in vocabulary or first in total or last not in total:
        return False
    return not total[key]["firm"] and not total[last]["firm"]


def _all_features(
    document: TextDocument, patterns: FeaturePatterns, known: frozenset[str]
) -> list[tuple[Candidate, MentionFeatures]]:
    """Return the candidates of an article with their features."""
    tag = document.language.partition("-")[0].lower()
    lower = _lowercase_names(document, patterns.firm_word, patterns.function_words | patterns.nouns)
    single = frozenset(document.name_counts)
    times: Counter[tuple[str, bool]] = Counter()
    latest: dict[tuple[str, bool], tuple[Candidate, MentionFeatures]] = {}
    seen: list[tuple[Candidate, MentionFeatures]] = []
    for sentence in document.layout:
        if sentence.role not in (SentenceRole.BODY, SentenceRole.BOX, SentenceRole.TITLE):
            continue
        begins = _after_dateline(sentence, known)
        found = candidates(sentence.text, tag, sentence=sentence.index, lowercase=lower)
        for candidate in _apart(found, sentence.text, single):
            kind = (candidate.text, candidate.initial)
            if candidate.start < begins:
                continue
            times[kind] += 1
            features = (
                mention_features(candidate, sentence, patterns)
                if times[kind] <= _SETTLED
                else repeated_features(candidate, sentence, patterns, *latest[kind])
            )
            latest[kind] = (candidate, features)
            if features.text:
                seen.append((candidate, features))
    return seen


def _apart(found: list[Candidate], text: str, single: frozenset[str]) -> Iterator[Candidate]:
    """Take names apart that are joined to a pair: "Renard-Nissa", whose parts stand alone elsewhere, "Sanovi/GKS"."""
    for one in found:
        parts = one.text.split("-")
        if len(parts) > 1 and single.issuperset(map(fold, parts)):
            start = one.start
            for part in parts:
                initial = one.initial and start == one.start
                yield one._replace(start=start, end=start + len(part), text=part, initial=initial)
                start += len(part) + 1
        else:
            yield one
        if slashed := _SLASHED.match(text, one.end):
            yield Candidate(one.sentence, slashed.start(1), slashed.end(1), slashed[1], False)


_SLASHED = re.compile(r"/([^\W\d_a-zß-ÿ][\w&]+)(?![\w/])")
_SETTLED = 24
"""Mentions after which the type of a name does not change any more."""


def _lowercase_names(document: TextDocument, firm: re.Pattern[str], ordinary: frozenset[str]) -> re.Pattern[str] | None:
    """Return a pattern of the names without a capital that an article uses, None where there is none."""
    found = {match[1] for match in _MARKED.finditer(document.text) if "@" not in match[0]}
    if behind := _after_firm(document, firm) - ordinary:
        counts = Counter(_WORD.findall(document.text))
        found |= {word for word in behind if counts[word] >= _ENOUGH and not _has_article(word, document)}
    if document.lexicon is not None and document.lexicon.get("grammar.noun_capitals"):
        found |= _behind_nouns(document.text, firm, ordinary, document.lexicon)
    if not found:
        return None
    return re.compile(rf"(?<![\w@/.])(?:{'|'.join(map(re.escape, sorted(found, key=len, reverse=True)))})(?![\w@])")


def _after_firm(document: TextDocument, firm: re.Pattern[str]) -> set[str]:
    """Find "with the start-up lumo": a lower-case word between a word for a firm and the end of the phrase."""
    slot = _slot(document.lexicon)
    found: set[str] = set()
    for sentence in document.body:
        for match in slot.finditer(sentence.folded.text):
            words = match["phrase"].split()
            if len(words) < 2 or not firm.match(words[-2]) or firm.fullmatch(words[-1]) or is_nationality(words[-1]):
                continue
            first, last = sentence.folded.source(match.end("phrase") - len(words[-1]), match.end("phrase"))
            if sentence.text[first:last].islower():
                found.add(sentence.text[first:last])
    return found


def _behind_nouns(text: str, firm: re.Pattern[str], ordinary: frozenset[str], tables: Lexicon) -> set[str]:
    """Find "der Bezahldienst zahlo": where nouns have a capital, no plain word behind a firm has such an end."""
    met = re.compile(
        rf"(?<!\w)(?:{tables.alternatives('statements.with', 'statements.between')}) (?:[a-zß-ü-]+ ){{0,3}}$"
    )
    ending = re.compile(rf"(?:{tables.alternatives('grammar.ordinary_endings')})$")
    before = tables.alternatives("grammar.before_brand")
    found: set[str] = set()
    for match in _BEHIND_NOUN.finditer(text):
        word = match["word"]
        if word in found or word in ordinary or not firm.match(fold(match["noun"])) or ending.search(word):
            continue
        if (
            word[-1] in _VOWELS
            or met.search(text, max(0, match.start() - 40), match.start())
            or re.search(rf"(?<!\w)(?:{before}) {word}(?!\w)", text)
        ):
            found.add(word)
    return found


_BEHIND_NOUN = re.compile(r"(?<!\w)(?P<noun>[^\W\d_a-zß-ÿ][\w-]{3,}) (?P<word>[a-z]{4,}\d?)(?![\w/@.-]*[\w/@])")
_VOWELS = "aiouy"


def _slot(tables: Lexicon | None) -> re.Pattern[str]:
    """Return the pattern of a partner: the words behind "with", up to a sign or a conjunction."""
    if tables is None:
        return re.compile("(?!)")
    ends = tables.alternatives("grammar.and", "grammar.about")
    return re.compile(
        rf"(?<!\w)(?:{tables.alternatives('statements.with', 'statements.between')})\s+"
        rf"(?P<phrase>(?:[\w'-]+\s+){{1,4}}?[a-z]{{3,}})(?=[,.;:)']|\s(?:{ends})\s)"
    )


def _has_article(word: str, document: TextDocument) -> bool:
    """Tell whether the word has an article somewhere, which a plain noun has and a brand hardly ever."""
    articles = "|".join((document.lexicon.get("organisations.articles") or ()) if document.lexicon else ())
    return (
        bool(articles)
        and re.search(rf"(?<!\w)(?:{articles})\s*{re.escape(word)}(?!\w)", document.text, re.IGNORECASE) is not None
    )


_WORD = re.compile(r"[^\W\d_]{3,}(?:[-'’][^\W\d_]+)*")
_MARKED = re.compile(r"(?<![\w@/.:-])(?:www\.)?([a-z][a-z]{2,}(?:\.[a-z]{2,4}(?![\w/.])|\+(?!\w)))")
_ENOUGH = 2  # times that a plain word has to be seen


def _names_with_roles(document: TextDocument, patterns: FeaturePatterns) -> frozenset[str]:
    """Find the names that a role is compounded with: "Kranich-Chef Torben Lüdecke"."""
    found = {
        fold(match["name"]) for match in _CHIEF.finditer(document.text) if patterns.role.match(fold(match["role"]))
    }
    return frozenset(found - patterns.nouns - patterns.function_words)


_CHIEF = re.compile(r"(?<!\w)(?P<name>[^\W\d_a-zß-ÿ]\w{2,})-(?P<role>[^\W\d_a-zß-ÿ]\w{3,})")


def _share_evidence(seen: list[tuple[Candidate, MentionFeatures]], document: TextDocument) -> None:
    """Extend the evidence for one name of a list to the others: "die Verlage Morgenrot, Tannhaus und Letterwerk"."""
    for (candidate, features), (following, other) in pairwise(seen):
        between = document.layout[candidate.sentence].text[features.start + len(features.text) : other.start]
        if candidate.sentence != following.sentence or not _link().fullmatch(between):
            continue
        features.evidence["paired"] += 1
        other.evidence["paired"] += 1
        if features.evidence["firm"] and not features.evidence["person"]:
            other.evidence["firm"] += not other.evidence["firm"] and not other.evidence["place"]
            other.evidence["bare"] += 1


@cache
def _link() -> re.Pattern[str]:
    return re.compile(rf",\s|,?\s(?:&|{alternatives(across('grammar.and'))})\s")


def _after_dateline(sentence: Sentence, known: frozenset[str]) -> int:
    """Return where a sentence begins behind "HALIFAX, Oct 7 -", which names no party."""
    found = DATELINE.match(sentence.text) if sentence.opens else None
    if found is None:
        return 0
    place = re.split(r"[,(–—-]", found[0])[0].strip()
    return found.end() if place.isupper() or fold(place) in known else 0


def _mention(candidate: Candidate, features: MentionFeatures, key: str, entity_type: EntityType) -> Mention:
    if features.evidence["source"] and entity_type is not EntityType.PERSON:
        entity_type = EntityType.MEDIA
    end = features.start + len(features.text)
    return Mention(
        candidate.sentence,
        features.start,
        end,
        features.text,
        key,
        entity_type,
        features.heads,
        bool(features.evidence["led"]),
    )
