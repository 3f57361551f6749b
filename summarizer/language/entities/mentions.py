"""The names of an article: where they stand, the type of each, and which names are short for others."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum

from .feature_patterns import FeaturePatterns
from .features import is_nationality
from .gazetteer import gazetteer


class EntityType(StrEnum):
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
PARTY = frozenset({EntityType.FIRM, EntityType.UNKNOWN})
"""What can be a party of a partnership."""


@dataclass(frozen=True)
class Mention:
    """A name where it stands: `sentence.text[start:end]`; `key` is the same for every alias."""

    sentence: int
    start: int
    end: int
    text: str
    key: str
    entity_type: EntityType
    heads: frozenset[str]
    """Folded words for what it is that stand before the name: "brewer", "red"."""
    led: bool = False
    """A role stands beside it: "the chief executive of Norvik"."""


class Mentions:
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
            weight[key] += 2 * (mention.text in title) + (mention.entity_type is EntityType.FIRM)
        best = firsts[max(firsts, key=lambda key: weight[key])]
        return best if weight[best.key] >= _MAIN else None

    def parties(self, sentence: int) -> list[Mention]:
        """Return the names of a sentence that can be organisations, in order."""
        return [mention for mention in self.of(sentence) if mention.entity_type in PARTY]


def classify(key: str, evidence: Counter[str], patterns: FeaturePatterns, known: frozenset[str]) -> EntityType:
    """Return the type of a name by the evidence of all its mentions."""
    rules = patterns.rules
    if evidence["legal"]:
        return EntityType.FIRM
    if not evidence["mid"] and patterns.we.fullmatch(key):
        return EntityType.OTHER  # "Trabajamos con …"
    if key in patterns.months or key in gazetteer().common or key in patterns.function_words or len(key) < 2:
        return EntityType.OTHER
    if (" " in key or "-" in key) and (gazetteer().institution.search(key) or patterns.institution.match(key)):
        return EntityType.FIRM
    if rules is not None and patterns.noun.fullmatch(key):
        return EntityType.OTHER
    if rules is not None and rules.abstract.fullmatch(key) and not (" " in key and evidence["firm"]):
        return EntityType.OTHER  # but "der Tiroler Landesversicherung"
    if not evidence["firm"] and (" " not in key or rules is not None) and _is_noun(key, evidence, patterns):
        return EntityType.OTHER
    if key in patterns.nouns and evidence["firm"] < 2:
        return EntityType.OTHER
    if is_nationality(key) or key in gazetteer().bodies:
        return EntityType.OTHER
    if gazetteer().media.search(key) or evidence["media"]:
        does = evidence["met"] or evidence["paired"]
        return EntityType.FIRM if does and not evidence["source"] else EntityType.MEDIA
    if gazetteer().authority.search(key):
        return EntityType.OTHER
    if key in known and (evidence["place"] or evidence["firm"] < _SURE):
        return EntityType.PLACE  # "aux États-Unis, la société …": the word for a firm behind it is another's
    firm = evidence["firm"] + (evidence["acts"] >= _ACTIVE and evidence["definite"] * 2 < evidence["all"])
    if firm > max(evidence["person"], evidence["place"] - 1) or (evidence["subject"] and not evidence["person"]):
        return EntityType.FIRM
    if evidence["person"]:
        return EntityType.PERSON
    if key in known or evidence["place"] * 2 > evidence["all"]:
        return EntityType.PLACE
    if " " not in key and evidence["definite"] * 2 >= evidence["all"]:
        return EntityType.OTHER  # "l'Evija", "le Golfe": hardly a firm of one word has an article
    if rules is not None and not _is_name(key, evidence) and not _is_counterpart(key, evidence, patterns):
        return EntityType.OTHER if evidence["mid"] or evidence["noun"] else EntityType.WEAK
    return EntityType.UNKNOWN if evidence["mid"] or evidence["all"] > 1 or " " in key else EntityType.WEAK


_ACTIVE = 1
"""Verbs of business, or things that only a firm has, which make a firm of a name that has no article."""
_SURE = 2
"""Evidence that makes a firm of the name of a place: a single piece may belong to the word beside it."""


def _is_noun(key: str, evidence: Counter[str], patterns: FeaturePatterns) -> bool:
    """Tell a word for a firm, a role or a deal from a name: "Talks" at the start of a sentence, or any noun."""
    rules = patterns.rules
    if (key in patterns.nouns and " " not in key) or (rules is not None and patterns.nouns.issuperset(key.split())):
        return True
    if rules is not None and (
        patterns.firm_base.fullmatch(key) or patterns.noun.match(key) or rules.abstract.fullmatch(key)
    ):
        return True
    if rules is not None:
        return _is_mostly_noun(evidence) and bool(patterns.firm_word.match(key) or patterns.role.match(key))
    return not evidence["mid"] and bool(
        patterns.firm_word.match(key) or patterns.role.match(key) or patterns.noun.match(key)
    )


def _is_mostly_noun(evidence: Counter[str]) -> bool:
    """Tell whether it has an article more often than not; the one of "die Alpenbahn" does not count."""
    if not evidence["hard"] and evidence["all"] > 2 and evidence["noun"] < evidence["all"]:
        return False
    return evidence["noun"] * 2 > evidence["all"] or (evidence["all"] == 1 and not evidence["bare"])


def _is_name(key: str, evidence: Counter[str]) -> bool:
    """Tell a name from a noun where both have a capital: a noun has an article more often than not."""
    if (
        not evidence["mid"]
        or (_is_mostly_noun(evidence) and evidence["all"] > 1)
        or evidence["noun"] == evidence["all"]
    ):
        return False
    return " " in key or evidence["all"] > 1 or evidence["bare"] > 0


def _is_counterpart(key: str, evidence: Counter[str], patterns: FeaturePatterns) -> bool:
    """Tell "der Adlerhof" from a noun: it stands where partners do, again and again, and is made of no plain word."""
    if evidence["met"] + evidence["paired"] + evidence["bare"] < _AGAIN or not evidence["mid"]:
        return False
    return not any(key.endswith(noun) for noun in patterns.nouns if len(noun) > _SHORT)


_AGAIN = 2
_SHORT = 4
"""Letters: of "hof" and "werk" names are made."""


def aliases(types: dict[str, EntityType]) -> dict[str, str]:
    """Give each key the key of the name that it shortens: "Valdeluz" for "Seguros Valdeluz", "EAV" in full."""
    longer: dict[str, list[str]] = defaultdict(list)
    for key, entity_type in types.items():
        words = key.split()
        if len(words) > 1 and entity_type in (EntityType.FIRM, EntityType.UNKNOWN, EntityType.PERSON):
            for part in {" ".join(words[:i]) for i in range(1, len(words))} | {
                " ".join(words[i:]) for i in range(1, len(words))
            }:
                longer[part].append(key)
            longer["".join(word[0] for word in words)].append(key)
    found = {}
    for key, entity_type in types.items():
        if entity_type is EntityType.OTHER:
            found[key] = key
            continue
        candidates = [k for k in longer.get(key, ()) if k != key]
        same = {
            k
            for k in candidates
            if entity_type is not EntityType.PLACE
            and not (entity_type is EntityType.FIRM and types[k] is EntityType.PERSON)
        }
        found[key] = min(same) if len(same) == 1 else key
    return {key: found.get(target, target) for key, target in found.items()}
