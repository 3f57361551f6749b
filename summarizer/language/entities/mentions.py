"""The names of an article where they stand, and what each of them names."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum


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
    sort: EntityType
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
            weight[key] += 2 * (mention.text in title) + (mention.sort is EntityType.FIRM)
        best = firsts[max(firsts, key=lambda key: weight[key])]
        return best if weight[best.key] >= _MAIN else None

    def parties(self, sentence: int) -> list[Mention]:
        """Return the names of a sentence that can be organisations, in order."""
        return [mention for mention in self.of(sentence) if mention.sort in PARTY]
