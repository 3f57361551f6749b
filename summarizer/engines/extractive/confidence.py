"""Which relations are sure enough to be told: rather none than a false one.

What an article is about decides how much must be known of the parties: among firms, an unknown name beside a word for a
partnership is one; among ministers, players and singers it is not.
"""

from enum import Enum

from ...language.text_document import TextDocument
from ...language.entities.mentions import EntityType, Mention
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


def topic_of(document: TextDocument) -> Topic:
    """Weigh the words of business against those of politics, justice, war and show."""
    if document.lexicon is None:
        return Topic.OTHER
    business, public = (
        sum(1 for _ in document.lexicon.pattern(f"topics.{name}").finditer(document.plain))
        for name in ("business", "public")
    )
    if business > _CLEAR * public and business * _DENSE >= len(document.body):
        return Topic.BUSINESS
    return Topic.OPEN if len(document.body) <= _SHORT and public <= max(business, 1) else Topic.OTHER


def is_sure(relation: Relation, topic: Topic, main: Mention | None, patterns: RelationPatterns) -> bool:
    """Tell whether enough is known of the parties for the word that makes them partners, in such an article."""
    firms = [party.entity_type is EntityType.FIRM for party in relation.parties]
    if topic is Topic.OTHER:
        return relation.strong and all(firms)
    known = [
        firm or (main is not None and party.key == main.key)
        for firm, party in zip(firms, relation.parties, strict=True)
    ]
    if relation.strong:
        return any(known) or not patterns.noun_capitals
    cued = patterns.cue.search(relation.masked.text, relation.start, relation.end) is not None
    return any(known) if cued else all(known)
