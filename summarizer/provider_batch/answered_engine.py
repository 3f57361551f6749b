"""The engine of what was answered: it gives the drafts that came back, and asks nobody for another."""

from collections.abc import Sequence
from pathlib import Path

from ..cache import CachedEngine
from ..cache.keys import CacheKey
from ..engines.llm.engine import LlmEngine
from ..errors import ConfigError, EngineRefused, InvalidDraft
from ..schema import Article, Draft, Passage, Rejected, Summary, Takeaway
from .journal import ANSWERED, Journal


class AnsweredEngine(CachedEngine):
    """What was remembered of a model, with what each answer cost; claims that fell are asked again, as in any run.

    One that is `silent` asks for nothing again.
    """

    def __init__(self, engine: LlmEngine, place: Path | str, journal: Journal, *, silent: bool = False) -> None:
        super().__init__(engine, place)
        self._silent = silent
        self._llm = engine
        self._journal = journal

    def recall(self, question: CacheKey) -> Draft | None:
        """Return the draft that is remembered. Raises `ConfigError` where nobody can know."""
        draft = super().recall(question)
        if draft is None and self.trouble:
            raise ConfigError(
                f"{self.trouble}, and a batch keeps its answers there: mend it, then the same command again"
            )
        return draft

    async def draft(self, passage: Passage) -> Draft:
        """Return the draft that came back. Raises `InvalidDraft` where none did."""
        question = CacheKey.of(self._llm, passage)
        draft = self.recall(question)
        request = self._journal.request(question.key.hex())
        if draft is None:
            why = (request and request.why) or "it was remembered elsewhere, and is no longer"
            raise InvalidDraft(f"the batch brought no answer for {passage.article.source!r}: {why}; submit it again")
        if request is None or request.state != ANSWERED:
            return draft
        used = {"input_tokens": request.input_tokens or 0, "output_tokens": request.output_tokens or 0}
        paid = {**used, "cost_usd": request.cost_usd, "calls": 1, "cached": False}
        return draft.model_copy(update={"usage": draft.usage.model_copy(update=paid)})

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        """Ask again for claims that fell. Raises `EngineRefused` where nothing is to be asked."""
        self._refuse_asking()
        return await super().repair(failed, nearest, language)

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Choose among the takeaways of all passages. Raises `EngineRefused` where nothing is to be asked."""
        self._refuse_asking()
        return await super().choose(candidates, count, title, language)

    def _refuse_asking(self) -> None:
        if self._silent:
            raise EngineRefused("--max-cost 0 leaves nothing to ask again with")

    def recall_summary(self, article: Article, request: str) -> Summary | None:
        """Return nothing: a summary that was remembered does not say what its answers cost."""
        return None

    async def keep_summary(self, article: Article, request: str, summary: Summary) -> None:
        """Remember nothing, for the same reason."""
