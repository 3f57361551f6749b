"""Which relations are sure enough to be told: rather none than a false one.

What an article is about decides how much must be known of the parties: among firms, an unknown name beside a word for a
partnership is one; among ministers, players and singers it is not.
"""

from enum import Enum

from ...language.document import Document
from ...language.entities.mentions import EntityType
from .patterns import RelationPatterns
from .relations import Relation

_SHORT = 3
"""Sentences: too few words to tell what they are about."""
_CLEAR = 2
"""How many times more words of business than of public affairs a business article has."""
_DENSE = 8
"""Sentences of a business article for one word of business, at the most."""


class Topic(Enum):
    """What an article is about."""

    BUSINESS = "business"
    OPEN = "open"
    """Too short to tell."""
    OTHER = "other"


def topic_of(document: Document) -> Topic:
    """Weigh the words of business against those of politics, justice, war and show."""
    if document.lexicon is None:
        return Topic.OTHER
    business, public = (
        sum(1 for _ in document.lexicon.pattern(f"topics.{name}").finditer(document.plain))
        for name in ("business", "public")
    )
    if business > _CLEAR * public and business * _DENSE >= len(document.body):
        return Topic.BUSINESS
    return Topic.OPEN if len(document.body) <= _SHORT and not public else Topic.OTHER


def is_sure(relation: Relation, topic: Topic, patterns: RelationPatterns) -> bool:
    """Tell whether enough is known of the parties for the word that makes them partners, in such an article."""
    firms = [party.entity_type is EntityType.FIRM for party in relation.parties]
    if topic is Topic.OTHER or not (relation.strong or topic is Topic.BUSINESS):
        return relation.strong and all(firms)
    if patterns.noun_capitals:
        return any(firms) if relation.strong else all(firms)
    return relation.strong or any(firms)
