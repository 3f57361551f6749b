"""An engine that records the drafts of another one, so that they can be replayed."""

from collections.abc import Sequence
from typing import Any, TypeVar

from ..chunking import merge
from ..engines import Engine
from ..schema import (
    Draft,
    DraftPartnership,
    DraftTakeaway,
    FrozenModel,
    Partnership,
    Passage,
    Rejected,
    Summary,
    Takeaway,
)


class RecordingEngine:
    """Wraps an engine, and records its drafts and repairs; it ignores proven drafts that are cached."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._drafts: list[tuple[int, Draft]] = []
        self._repairs: list[Draft] = []
        self.model = engine.model
        self.identity = engine.identity
        self.prompt = engine.prompt
        self.window = engine.window
        self.repair = self._repair if hasattr(engine, "repair") else None

    def __getattr__(self, name: str) -> Any:
        """Delegate to the other engine, except its cache of whole articles."""
        if name.startswith("_") or name in ("proven", "keep_proven"):
            raise AttributeError(name)
        return getattr(self._engine, name)

    def recorded_draft(self, summary: Summary) -> Draft:
        """Return all that was drafted, first the claims that the summary kept, in its order."""
        drafts = [draft for _, draft in sorted(self._drafts, key=lambda one: one[0])]
        whole = (merge(drafts) if drafts else Draft(), *self._repairs)
        takeaways = [one for draft in whole for one in draft.takeaways]
        partnerships = [one for draft in whole for one in draft.partnerships]
        return Draft(
            takeaways=_kept_first(summary.takeaways, takeaways, DraftTakeaway),
            partnerships=_kept_first(summary.partnerships, partnerships, DraftPartnership),
        )

    async def draft(self, passage: Passage) -> Draft:
        """Draft with the other engine."""
        draft = await self._engine.draft(passage)
        self._drafts.append((passage.start, draft))
        return draft

    async def _repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        engine: Any = self._engine
        draft: Draft = await engine.repair(failed, nearest, language)
        self._repairs.append(draft)
        return draft

    async def aclose(self) -> None:
        """Close the other engine."""
        await self._engine.aclose()


_Claim = TypeVar("_Claim", bound=FrozenModel)


def _kept_first(
    kept: Sequence[Takeaway | Partnership], drafted: Sequence[_Claim], model: type[_Claim]
) -> tuple[_Claim, ...]:
    """Return the drafted claims, first the origins of those that were kept: the later, repaired version of two."""
    left = list(drafted)
    first: list[_Claim] = []
    for claim in kept:
        origin = next((one for one in reversed(left) if _key(one) == _key(claim)), None)
        if origin is not None:
            left.remove(origin)
        first.append(origin or _as_drafted(claim, model))
    return tuple(first + left)


def _key(claim: FrozenModel) -> tuple[object, ...]:
    if isinstance(claim, DraftPartnership | Partnership):
        return (frozenset(claim.parties), claim.status)
    return (getattr(claim, "text", None),)


def _as_drafted(claim: Takeaway | Partnership, model: type[_Claim]) -> _Claim:
    """Turn a proven claim back into a drafted one."""
    quotes = [one.quote for one in claim.evidence]
    return model.model_validate({**claim.model_dump(exclude={"evidence"}), "quotes": quotes})
