"""The engine of a collected batch: it returns the drafts that the service answered with, and requests no others."""

from collections.abc import Sequence
from pathlib import Path

from ..cache import CachedEngine
from ..cache.keys import CacheKey
from ..engines.llm.engine import LlmEngine
from ..errors import ConfigError, EngineRefused, InvalidDraft
from ..schema import Article, Draft, Passage, Rejected, Summary, Takeaway
from .journal import ANSWERED, Journal


class AnsweredEngine(CachedEngine):
    """The cached drafts of a model, with the cost of each; rejected claims are repaired, as in any run.

    If it is `silent`, nothing is requested at all.
    """

    def __init__(self, engine: LlmEngine, place: Path | str, journal: Journal, *, silent: bool = False) -> None:
        super().__init__(engine, place)
        self._silent = silent
        self._llm = engine
        self._journal = journal

    def recall(self, key: CacheKey) -> Draft | None:
        """Return the cached draft. Raises `ConfigError` where the cache cannot be read."""
        draft = super().recall(key)
        if draft is None and self.trouble:
            raise ConfigError(
                f"{self.trouble}, and a batch keeps its answers there: repair it, then run the same command again"
            )
        return draft

    async def draft(self, passage: Passage) -> Draft:
        """Return the draft that the service answered with. Raises `InvalidDraft` where there is none."""
        key = CacheKey.of(self._llm, passage)
        draft = self.recall(key)
        request = self._journal.request(key.key.hex())
        if draft is None:
            why = (request and request.why) or "it was in the cache, and no longer is"
            raise InvalidDraft(f"the batch brought no answer for {passage.article.source!r}: {why}; submit it again")
        if request is None or request.state != ANSWERED:
            return draft
        used = {"input_tokens": request.input_tokens or 0, "output_tokens": request.output_tokens or 0}
        paid = {**used, "cost_usd": request.cost_usd, "calls": 1, "cached": False}
        return draft.model_copy(update={"usage": draft.usage.model_copy(update=paid)})

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        """Repair rejected claims. Raises `EngineRefused` where nothing may be requested."""
        self._refuse_if_silent()
        return await super().repair(failed, nearest, language)

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Choose among the takeaways of all passages. Raises `EngineRefused` where nothing may be requested."""
        self._refuse_if_silent()
        return await super().choose(candidates, count, title, language)

    def _refuse_if_silent(self) -> None:
        if self._silent:
            raise EngineRefused("--max-cost 0 leaves nothing to ask again with")

    def recall_summary(self, article: Article, request: str) -> Summary | None:
        """Return None: a cached summary does not say what its answers cost."""
        return None

    async def keep_summary(self, article: Article, request: str, summary: Summary) -> None:
        """Store nothing, for the same reason."""
