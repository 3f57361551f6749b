"""An engine that listens to another one, so that what it answered can be played back."""

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
    """An engine that remembers what another one answered; nothing that was proven before takes its place."""

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
        """Whatever else the other engine can do, but for what it remembers of whole articles."""
        if name.startswith("_") or name in ("proven", "keep_proven"):
            raise AttributeError(name)
        return getattr(self._engine, name)

    def answer_behind(self, summary: Summary) -> Draft:
        """All that was answered, what the summary kept first: a long article's takeaways were chosen over the whole."""
        drafts = [draft for _, draft in sorted(self._drafts, key=lambda one: one[0])]
        whole = (merge(drafts) if drafts else Draft(), *self._repairs)
        told = [one for draft in whole for one in draft.takeaways]
        pacts = [one for draft in whole for one in draft.partnerships]
        return Draft(
            takeaways=_behind(summary.takeaways, told, DraftTakeaway),
            partnerships=_behind(summary.partnerships, pacts, DraftPartnership),
        )

    async def draft(self, passage: Passage) -> Draft:
        """Ask the other engine."""
        answer = await self._engine.draft(passage)
        self._drafts.append((passage.start, answer))
        return answer

    async def _repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        engine: Any = self._engine
        answer: Draft = await engine.repair(failed, nearest, language)
        self._repairs.append(answer)
        return answer

    async def aclose(self) -> None:
        """Let go of the other engine."""
        await self._engine.aclose()


_N = TypeVar("_N", bound=FrozenModel)


def _behind(kept: Sequence[Takeaway | Partnership], said: Sequence[_N], noun: type[_N]) -> tuple[_N, ...]:
    """Return what was said, the claims behind those that were kept first: of two versions the later, repaired one."""
    left = list(said)
    first: list[_N] = []
    for claim in kept:
        origin = next((one for one in reversed(left) if _key(one) == _key(claim)), None)
        if origin is not None:
            left.remove(origin)
        first.append(origin or _said(claim, noun))
    return tuple(first + left)


def _key(claim: FrozenModel) -> tuple[object, ...]:
    if isinstance(claim, DraftPartnership | Partnership):
        return (frozenset(claim.parties), claim.status)
    return (getattr(claim, "text", None),)


def _said(claim: Takeaway | Partnership, noun: type[_N]) -> _N:
    """Turn a proven claim back into what a model would have said."""
    quotes = [one.quote for one in claim.evidence]
    return noun.model_validate({**claim.model_dump(exclude={"evidence"}), "quotes": quotes})
