"""Which relations are sure enough to be told: rather none than a false one.

What an article is about decides how much must be known of the parties: among firms, an unknown name beside a word for a
partnership is one; among ministers, players and singers it is not.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from ...language.entities.mentions import EntityType, Mention, Mentions
from ...language.text_document import TextDocument
from .patterns import RelationPatterns
from .relations import Relation

_SHORT = 3
"""Sentences: too few words to tell what they are about."""
_CLEAR = 2
"""How many times more words of business than of public affairs a business article has."""
_DENSE = 12
"""Sentences of a business article for one word of business, at the most."""


class Topic(Enum):
    """What an article is about."""

    BUSINESS = "business"
    OPEN = "open"
    """Too short to tell."""
    OTHER = "other"


@dataclass(frozen=True)
class Confidence:
    """What is known of an article as a whole; `main` is the organisation that it is about."""

    document: TextDocument
    mentions: Mentions
    patterns: RelationPatterns
    main: Mention | None

    @cached_property
    def topic(self) -> Topic:
        """Weigh the words of business against those of politics, justice, war and show."""
        business, public = (
            sum(1 for _ in self.patterns.tables.pattern(f"topics.{name}").finditer(self.document.plain))
            for name in ("business", "public")
        )
        length = len(self.document.body)
        if business > _CLEAR * public and business * _DENSE >= length:
            return Topic.BUSINESS
        return Topic.OPEN if length <= _SHORT and public <= max(business, 1) else Topic.OTHER

    def is_sure(self, relation: Relation) -> bool:
        """Tell whether enough is known of the parties for the word that makes them partners."""
        firms = [party.entity_type is EntityType.FIRM for party in relation.parties]
        if self.topic is Topic.OTHER:
            return relation.strong and all(firms)
        known = [firm or self._is_main(party) for firm, party in zip(firms, relation.parties, strict=True)]
        if relation.strong:
            return any(known) or not self.patterns.noun_capitals
        if self._is_sale(relation):
            return False
        cued = self.patterns.cue.search(relation.masked.text, relation.start, relation.end)
        return any(known) if cued else all(known)

    def _is_main(self, party: Mention) -> bool:
        return self.main is not None and party.key == self.main.key

    def _is_sale(self, relation: Relation) -> bool:
        """Tell whether a mere deal is about buying, in its sentence or in another that names the same parties."""
        about = (
            sentence
            for sentence in self.document.body
            if sentence.index == relation.sentence.index
            or relation.keys <= {mention.key for mention in self.mentions.of(sentence.index)}
        )
        return any(self.patterns.bought.search(sentence.folded.text) for sentence in about)
