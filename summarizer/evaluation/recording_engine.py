"""An engine that records the answers of another one, so that they can be played back."""

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
    """Passes requests to another engine and remembers the answers; summaries from the cache are not used.

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
    return (claim.text,) if isinstance(claim, DraftTakeaway | Takeaway) else ()


def _said(claim: Takeaway | Partnership, noun: type[_N]) -> _N:
    """Turn a proven claim back into what a model would have said."""
    quotes = [one.quote for one in claim.evidence]
    return noun.model_validate({**claim.model_dump(exclude={"evidence"}), "quotes": quotes})
