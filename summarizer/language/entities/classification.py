"""What a name names, by the evidence of all its mentions, and which names are short for others."""

import re
from collections import Counter, defaultdict

from .feature_patterns import FeaturePatterns
from .features import ABSTRACT, NATIONALITY
from .gazetteer import world
from .mentions import EntityType


def sort_of(key: str, evidence: Counter[str], clues: FeaturePatterns, known: frozenset[str]) -> EntityType:
    if evidence["legal"]:
        return EntityType.FIRM
    if not evidence["mid"] and clues.we.fullmatch(key):
        return EntityType.OTHER  # "Trabajamos con …"
    if key in clues.months or key in world().common or key in clues.empty or len(key) < 2:
        return EntityType.OTHER
    if (" " in key or "-" in key) and (world().institution.search(key) or clues.institution.match(key)):
        return EntityType.FIRM
    if clues.capitals and _CITIZEN.match(key) and clues.firm_base.fullmatch(key.split()[-1]):
        return EntityType.OTHER  # "dem Hamburger Rivalen"
    if clues.capitals and clues.noun.fullmatch(key):
        return EntityType.OTHER
    if clues.capitals and ABSTRACT.fullmatch(key) and not (" " in key and evidence["firm"]):
        return EntityType.OTHER  # but "der Tiroler Landesversicherung"
    if _is_always_named(key, evidence, clues):
        return EntityType.FIRM
    if not evidence["firm"] and (" " not in key or clues.capitals) and _is_noun(key, evidence, clues):
        return EntityType.OTHER
    if key in clues.nouns and evidence["firm"] < 2:
        return EntityType.OTHER
    if NATIONALITY.match(key):
        return EntityType.OTHER
    if world().media.search(key) or evidence["media"]:
        does = evidence["met"] or evidence["paired"]
        return EntityType.FIRM if does and not evidence["source"] else EntityType.MEDIA
    if world().authority.search(key):
        return EntityType.OTHER
    if key in known and (evidence["place"] or evidence["firm"] < _SURE):
        return EntityType.PLACE  # "aux États-Unis, la société …": the word for a firm behind it is another's
    if evidence["firm"] > evidence["person"] or (evidence["subject"] and not evidence["person"]):
        return EntityType.FIRM
    if evidence["person"]:
        return EntityType.PERSON
    if key in known or evidence["place"] * 2 > evidence["all"]:
        return EntityType.PLACE
    if clues.capitals and not _is_name(key, evidence) and not _is_counterpart(key, evidence, clues):
        return EntityType.OTHER if evidence["mid"] or evidence["noun"] else EntityType.WEAK
    return EntityType.UNKNOWN if evidence["mid"] or evidence["all"] > 1 or " " in key else EntityType.WEAK


_SURE = 2
"""Clues that make a firm of the name of a place: one may belong to the word beside it."""
_CITIZEN = re.compile(r"[a-z]{4,}er [a-z-]+$")


def _is_always_named(key: str, evidence: Counter[str], clues: FeaturePatterns) -> bool:
    """Tell "die Talbahn" from a noun: a compound that firms are named by, again and again, never "eine" or "ihre"."""
    return bool(
        clues.compound.fullmatch(key) and evidence["all"] > 2 and not evidence["hard"] and key not in clues.nouns
    )


def _is_noun(key: str, evidence: Counter[str], clues: FeaturePatterns) -> bool:
    """Tell a word for a firm, a role or a deal from a name: "Talks" at the start of a sentence, any noun in German."""
    if (key in clues.nouns and " " not in key) or (clues.capitals and clues.nouns.issuperset(key.split())):
        return True
    if clues.capitals and (clues.firm_base.fullmatch(key) or clues.noun.match(key) or ABSTRACT.match(key)):
        return True
    if clues.capitals:
        return _is_mostly_noun(evidence) and bool(clues.firm_word.match(key) or clues.role.match(key))
    return not evidence["mid"] and bool(clues.firm_word.match(key) or clues.role.match(key) or clues.noun.match(key))


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


def _is_counterpart(key: str, evidence: Counter[str], clues: FeaturePatterns) -> bool:
    """Tell "der Adlerhof" from a noun: it stands where partners do, again and again, and is made of no plain word."""
    if evidence["met"] + evidence["paired"] + evidence["bare"] < _AGAIN or not evidence["mid"]:
        return False
    return not any(key.endswith(noun) for noun in clues.nouns if len(noun) > _SHORT)


_AGAIN = 2
_SHORT = 4
"""Letters: of "hof" and "werk" names are made."""


def aliases(sorts: dict[str, EntityType]) -> dict[str, str]:
    """Give each key the key of the name that it shortens: "Valdeluz" for "Seguros Valdeluz", "EAV" in full."""
    longer: dict[str, list[str]] = defaultdict(list)
    for key, sort in sorts.items():
        words = key.split()
        if len(words) > 1 and sort in (EntityType.FIRM, EntityType.UNKNOWN, EntityType.PERSON):
            for part in {" ".join(words[:i]) for i in range(1, len(words))} | {
                " ".join(words[i:]) for i in range(1, len(words))
            }:
                longer[part].append(key)
            longer["".join(word[0] for word in words)].append(key)
    found = {}
    for key, sort in sorts.items():
        if sort is EntityType.OTHER:
            found[key] = key
            continue
        candidates = [k for k in longer.get(key, ()) if k != key]
        same = {
            k
            for k in candidates
            if sort is not EntityType.PLACE and not (sort is EntityType.FIRM and sorts[k] is EntityType.PERSON)
        }
        found[key] = min(same) if len(same) == 1 else key
    return {key: found.get(target, target) for key, target in found.items()}
