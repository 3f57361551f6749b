"""Features of a candidate: which part of it is the name, and what the words beside it say of it."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from ..layout import Sentence
from ..lexicon import across, alternatives
from ..normalization import fold
from .candidates import Candidate
from .feature_patterns import FeaturePatterns
from .gazetteer import gazetteer
from .nouns import NounRules


@dataclass(frozen=True)
class MentionFeatures:
    """A candidate without what is no part of the name, and what stands beside it."""

    start: int
    text: str
    key: str
    evidence: Counter[str]
    heads: frozenset[str]


def mention_features(candidate: Candidate, sentence: Sentence, patterns: FeaturePatterns) -> MentionFeatures:
    """Read the features of a candidate from its words and from those before and behind it."""
    rules = patterns.rules
    if rules is not None and candidate.text.isalpha() and rules.is_common(fold(candidate.text)):
        return MentionFeatures(candidate.start, "", "", Counter(), frozenset())
    article = rules is not None and patterns.noun_before.search(
        _around(sentence, candidate.start - 30, candidate.start)
    )
    start, text, heads, titled = _strip(candidate, patterns, article=bool(article))
    compound = _COMPOUND.match(text)
    if compound and patterns.role.match(fold(compound["last"])):
        text, heads = compound["first"], heads | {"-"}  # "Alpenbahn-Chefin"
    end = start + len(text)
    before, after = _around(sentence, start - 44, start), _around(sentence, end, end + 44)
    evidence: Counter[str] = Counter()
    if heads:
        evidence["firm"] += 1
    if found := patterns.firm_before.search(before):
        evidence["firm"] += 1
        heads |= {found["head"]}
    if " " not in text and _is_adjective(before, after, sentence.text[end:], patterns):
        return MentionFeatures(start, "", "", evidence, heads)  # "the Kiwi breeder Southern Tussock"
    if found := patterns.firm_after.match(after):
        evidence["firm"] += 1
        heads |= {found["head"]}
    folded = fold(text)
    words = folded.split()
    evidence["source"] += _reports(sentence, start, patterns)
    evidence["met"] += patterns.met_before.search(before) is not None and not patterns.interview.search(before)
    evidence["led"] += bool(patterns.led_before.search(before) or patterns.led_after.match(after))
    evidence["acts"] += patterns.acts.match(after) is not None
    evidence["acts"] += bool(patterns.owns_before.search(before) or patterns.owns_after.match(after))
    evidence["definite"] += (
        rules is None and not heads and text[1:].islower() and patterns.definite_before.search(before) is not None
    )
    evidence["media"] += any(gazetteer().media_head.match(head) for head in heads)
    if len(words) > 1:
        legal = words[-1].rstrip(".") in gazetteer().legal
        evidence["legal"] += legal
        evidence["firm"] += 2 * legal + bool(patterns.firm_base.fullmatch(words[-1]))
        evidence["firm"] += patterns.house.match(words[-1]) is not None
    evidence["person"] += _person(words, before, after, patterns) + 2 * titled
    evidence["place"] += " " not in text and patterns.firm_of.search(before) is not None
    evidence["place"] += is_place(key_of(text), before, patterns)
    if rules is not None:
        evidence["firm"] += rules.is_partner(folded, before)
        if not heads:
            opens = candidate.initial and start == candidate.start and " " not in text
            evidence += _noun_features(folded, before, after, patterns, rules, opens=opens)
    return MentionFeatures(start, text, key_of(text), evidence, frozenset(heads))


def _noun_features(
    folded: str, before: str, after: str, patterns: FeaturePatterns, rules: NounRules, *, opens: bool
) -> Counter[str]:
    """Tell a name from a noun by its article, or by where it stands without one."""
    found: Counter[str] = Counter()
    if article := patterns.noun_before.search(before):
        found["noun"] = 1
        found["hard"] = int(not patterns.name_article.match(article[0].strip()))
        return found
    found["bare"] = int(rules.is_bare(folded, before, after))
    if opens:
        found["subject"] = int(rules.is_subject(folded, after))
        found["bare"] += found["subject"]
    return found


def repeated_features(
    candidate: Candidate, sentence: Sentence, patterns: FeaturePatterns, other: Candidate, features: MentionFeatures
) -> MentionFeatures:
    """Return the features of a candidate that was seen often enough: only whether it is a source is read each time."""
    start = candidate.start + features.start - other.start
    evidence = Counter({"settled": 1, "source": int(_reports(sentence, start, patterns))})
    return MentionFeatures(start, features.text, features.key, evidence, frozenset())


def _reports(sentence: Sentence, start: int, patterns: FeaturePatterns) -> bool:
    """Tell whether a name stands behind "according to"."""
    before = _around(sentence, start - 44, start)
    source = patterns.source_before.search(before)
    return source is not None and not _CLAUSE.search(sentence.text[start - len(before) + source.start() : start])


_CLAUSE = re.compile(r"\s[^\W\d_a-zß-ÿ]\w+[\"»“]?\s[a-zß-ÿ]+\s$")
"""A source and its verb: "laut Handelsblatt erwägt Brunnhof"."""


def _is_adjective(before: str, after: str, behind: str, patterns: FeaturePatterns) -> bool:
    """Tell "the Kiwi breeder Southern Tussock" and "with Northern libraries operator Civic Shelf"."""
    if _ADJECTIVE.match(behind) and patterns.firm_next.match(after):
        return True
    if not _DESCRIBED.match(behind) or not patterns.before_noun.search(before):
        return False
    _, space, rest = after.lstrip().partition(" ")
    return patterns.firm_next.match(space + rest) is not None


_ADJECTIVE = re.compile(r"\s[a-zß-ÿ-]+\s[^\W\d_a-zß-ÿ]")
_DESCRIBED = re.compile(r"\s[a-zß-ÿ-]+\s[a-zß-ÿ-]+\s[^\W\d_a-zß-ÿ]")
_COMPOUND = re.compile(r"(?P<first>\w{3,})-(?P<last>\w+)$")


def _around(sentence: Sentence, start: int, end: int) -> str:
    """Return a stretch of a sentence in folded form, from the folded sentence where that has kept its length."""
    folded = sentence.folded.text
    if len(folded) == len(sentence.text):
        return folded[max(0, start) : end]
    return fold(f"x{sentence.text[max(0, start) : end]}x")[1:-1]  # beside a letter an apostrophe is no quotation mark


def is_place(name: str, before: str, patterns: FeaturePatterns) -> bool:
    """Tell whether a preposition of place stands before a name, and no verb that takes "to" somebody."""
    if not patterns.place_before.search(before):
        return False
    return name in patterns.places or (
        not patterns.cue.search(before[-40:]) and not patterns.dative_before.search(before)
    )


def is_person(words: list[str], before: str, after: str, patterns: FeaturePatterns) -> bool:
    """Tell whether a role beside a name, or a given name in it, makes it a person's."""
    titled = len(words) > 2 and patterns.role.match(words[0]) is not None
    return titled or _person(words, before, after, patterns) > 0


def _person(words: list[str], before: str, after: str, patterns: FeaturePatterns) -> int:
    """Count what makes a name a person's: a role before it, a role behind it, a given name."""
    if len(words) < 2:
        return int(bool(patterns.person_before.search(before)))
    if "&" in words:
        return 0
    beside = bool(patterns.person_before.search(before)) + bool(patterns.person_after.match(after))
    return beside + (len(words) < 4 and not gazetteer().given.isdisjoint(words[:-1]))


def _strip(candidate: Candidate, patterns: FeaturePatterns, *, article: bool) -> tuple[int, str, frozenset[str], bool]:
    """Take off what opens the sentence, a nationality, a capitalised word for a firm or for a role."""
    start, text, heads, titled = candidate.start, candidate.text, set[str](), False
    while text:
        word, space, rest = text.partition(" ")
        first = fold(word)
        if fold(rest).rstrip(".") in gazetteer().legal or fold(text) in patterns.places or rest[:2] in ("& ", "+ "):
            break
        empty = candidate.initial and start == candidate.start and first in patterns.function_words
        if rest and patterns.role.match(first):
            titled = True
        elif rest and patterns.name_adjective.match(first):
            heads.add(first)  # "der Technischen Hochschule Elbtal", in whatever case
        elif (
            rest
            and not heads
            and (patterns.rules is not None or (start == candidate.start and candidate.initial))
            and _is_descriptor(first, patterns)
        ) or (rest and article and start == candidate.start and _is_apposition(first, rest, patterns)):
            heads.add(first)
        elif not (empty or (rest and (patterns.nationality.fullmatch(first) or _is_tail(word, rest, patterns)))):
            break
        joint = gazetteer().link.match(rest)
        titled = titled and joint is None  # "le PDG de Skymontagne" names a firm
        skipped = joint.end() if joint else 0
        start += len(word) + len(space) + skipped
        text = rest[skipped:]
    return start, text, frozenset(heads), titled


def _is_apposition(first: str, rest: str, patterns: FeaturePatterns) -> bool:
    """Tell "dem Schlafwagenvermieter Nocturna", noun and name, from a name of two words: "der Deutschen Bank"."""
    last = fold(rest.split(" ")[-1]).rstrip(".")
    own = _is_house(first, patterns) or first in gazetteer().given or first in patterns.branches
    plain = last in gazetteer().legal or fold(rest) in patterns.nouns or patterns.firm_word.match(last)
    return not own and not plain and first.isalpha()


def _is_tail(word: str, rest: str, patterns: FeaturePatterns) -> bool:
    """Tell whether the first word is none of a name's: "IA d'Apple", "Die Voltmoor", "Münchner Start-up Protonik"."""
    first = fold(word)
    if (
        first in gazetteer().common
        or (word.islower() and not _is_house(f"{first} {fold(rest)}", patterns))
        or (patterns.rules is not None and first in patterns.function_words)
    ):
        return True
    if first in patterns.nouns:
        return not patterns.institution.match(first) and first not in patterns.branches
    words = rest.split(" ")
    return patterns.rules is not None and len(words) > 1 and _is_descriptor(fold(words[0]), patterns)


def is_nationality(word: str) -> bool:
    """Tell whether a folded word is an adjective of a country."""
    return _nationalities().fullmatch(word) is not None


@cache
def _nationalities() -> re.Pattern[str]:
    return re.compile(alternatives(across("grammar.nationalities")))


def _is_descriptor(word: str, patterns: FeaturePatterns) -> bool:
    """Tell a word for a firm from the first of a name; of "Stadtwerke-Tochter" the end says what it is."""
    return bool(patterns.firm_word.match(word)) and not _is_house(word.rpartition("-")[2], patterns)


def _is_house(text: str, patterns: FeaturePatterns) -> bool:
    """Tell whether a name may begin so: "Universität Cottbus", "université de Foix"."""
    return bool(patterns.institution.match(text) or gazetteer().institution.match(text))


def key_of(text: str) -> str:
    words = fold(text).replace(".", " ").split() if text.isupper() else fold(text).split()
    kept = [word for word in words if word.rstrip(".") not in gazetteer().legal] or words
    return " ".join(word.rstrip(".") for word in kept)
