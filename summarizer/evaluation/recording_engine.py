"""An engine that records the drafts of another one, so that they can be replayed."""

from collections.abc import Sequence
from typing import TypeVar

from ..chunking import merge
from ..protocols import (
    Closable,
    Engine,
    Repairer,
    Selector,
    model_of,
    prompt_of,
    summary_identity_of,
    translates,
)
from ..schema import (
    PROOF_FIELDS,
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
    """Wraps an engine, and records its drafts and repairs; it ignores summaries that are cached.

    Whatever the other engine cannot do gets an empty answer, as from a model that has nothing to say.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._drafts: list[tuple[int, Draft]] = []
        self._repairs: list[Draft] = []
        self.model = model_of(engine)
        self.identity = engine.identity
        self.prompt = prompt_of(engine)
        self.window = engine.window
        self.translates = translates(engine)

    @property
    def summary_identity(self) -> str | None:
        """That of the other engine. Raises `PromptError`."""
        return summary_identity_of(self._engine)

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

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        """Ask the other engine again about rejected claims."""
        if not isinstance(self._engine, Repairer):
            return Draft()
        answer = await self._engine.repair(failed, nearest, language)
        self._repairs.append(answer)
        return answer

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Ask the other engine which takeaways matter most."""
        if not isinstance(self._engine, Selector):
            return Draft()
        return await self._engine.choose(candidates, count, title, language)

    async def aclose(self) -> None:
        """Close the other engine."""
        if isinstance(self._engine, Closable):
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
    return (claim.text,) if isinstance(claim, DraftTakeaway | Takeaway) else ()


def _as_drafted(claim: Takeaway | Partnership, model: type[_Claim]) -> _Claim:
    """Turn a proven claim back into a drafted one."""
    quotes = [one.quote for one in claim.evidence]
    return model.model_validate({**claim.model_dump(exclude=PROOF_FIELDS), "quotes": quotes})
