"""What a model answers: claims with quotes, no offsets, nothing proven yet.

The JSON schema of `Draft` is part of the prompt. Cached answers are keyed by the text of this file (see `fingerprint`):
change it, and models are asked again. Code that shapes no answer belongs elsewhere.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic.json_schema import SkipJsonSchema

from .base import DescribedModel, Words
from .usage import DraftUsage


class Status(StrEnum):
    """How far a partnership has come, as the article tells it."""

    ESTABLISHED = "established"
    IN_TALKS = "in_talks"
    CONSIDERED = "considered"
    ABANDONED = "abandoned"
    ENDED = "ended"
    DENIED = "denied"


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def _any_not_blank(values: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(value for value in values if value.strip())
    if not kept:
        raise ValueError("at least one is needed")
    return kept


def _two_distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
    if len(kept) < 2:
        raise ValueError("two or more distinct organisations are needed")
    return kept


Quotes = Annotated[tuple[Words, ...], AfterValidator(_any_not_blank), Field(json_schema_extra={"minItems": 1})]
Parties = Annotated[tuple[Words, ...], AfterValidator(_two_distinct), Field(json_schema_extra={"minItems": 2})]


class DraftTakeaway(DescribedModel):
    """One thing that a busy reader must retain."""

    text: Annotated[Words, AfterValidator(_not_blank)]
    """One self-contained sentence in the output language; only what its quotes say."""
    quotes: Quotes
    """Words copied from the article, letter by letter, that prove every name, number and date of the sentence."""


class DraftPartnership(DescribedModel):
    """Two or more named organisations that do, plan, discuss, drop or deny doing something together."""

    parties: Parties
    """The organisations, each as the article spells its name."""
    status: Status
    """established: agreed, signed or running. in_talks: being negotiated. considered: one side envisages it.
    abandoned: talks or plans dropped before any deal. ended: was running, is over. denied: a party says that there is
    none."""
    purpose: Words | None = None
    """What they do together, as a short phrase in the output language; null if the article does not say."""
    region: Words | None = None
    """Where it applies, in the article's own words; null if the article does not say."""
    date: Words | None = None
    """When it was agreed, announced or ended, in the article's own words; null if the article does not say."""
    attribution: Words | None = None
    """Who the article says reports it, in the article's own words; null if the article states it by itself."""
    quotes: Quotes
    """Words copied from the article, letter by letter, that name the parties and show the status."""


class Draft(DescribedModel):
    """What a model proposes about an article: claims with quotes, no offsets, nothing proven yet."""

    takeaways: tuple[DraftTakeaway, ...] = ()
    """The most important first; an empty list when nothing is worth retaining."""
    partnerships: tuple[DraftPartnership, ...] = ()
    """An empty list when the article states none."""
    usage: SkipJsonSchema[DraftUsage] = Field(default=DraftUsage(), exclude=True)
    """What it took to get this answer: filled in by the engine, never part of what the model says."""
