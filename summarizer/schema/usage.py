"""What an answer took: calls, tokens, money, and what was wrong with it."""

from .base import FrozenModel
from .reasons import Rejected

Unread = tuple[int, int]
"""Start and end (exclusive) of a stretch of the article."""
UNSOUGHT = "partnerships were not looked for"
"""Begins the warning of an engine that knows none in a language: its empty list does not mean that there is none."""


class DraftUsage(FrozenModel):
    """What one or more answers took, and what was wrong with them. Adds up with `+`."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    """Null as soon as the price of one call is unknown."""
    seconds: float = 0.0
    """From sending to receiving, without the wait for a turn."""
    cached: bool = False
    created: str | None = None
    """ISO 8601 in UTC: when the oldest answer was made, if it came from the cache; null for a new one."""
    truncated: bool = False
    unread: tuple[Unread, ...] = ()
    """Stretches of the article that got no answer."""
    malformed: tuple[Rejected, ...] = ()
    """Items of an answer that did not have the requested shape."""
    warnings: tuple[str, ...] = ()

    def __add__(self, other: "DraftUsage") -> "DraftUsage":
        if other == _NOTHING:  # no answer at all, so that the sum is still `cached` if this is
            return self
        costs = (self.cost_usd, other.cost_usd)
        return DraftUsage(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
            seconds=self.seconds + other.seconds,
            cached=self.cached and other.cached,
            created=min(filter(None, (self.created, other.created)), default=None),
            truncated=self.truncated or other.truncated,
            unread=self.unread + other.unread,
            malformed=self.malformed + other.malformed,
            warnings=tuple(dict.fromkeys(self.warnings + other.warnings)),
        )


_NOTHING = DraftUsage()


class Usage(FrozenModel):
    """Tokens of a summary, re-asks and repairs included, each call counted once."""

    input_tokens: int = 0
    output_tokens: int = 0
