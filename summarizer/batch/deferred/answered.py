"""The engine of what was answered: it gives the drafts that came back, and asks nobody for another."""

from pathlib import Path

from ...cache import Cached
from ...cache.question import Question
from ...engines.llm.engine import LlmEngine
from ...errors import InvalidDraft
from ...schema import Article, Draft, Passage, Summary
from .journal import ANSWERED, Journal


class Answered(Cached):
    """What was remembered of a model, with what each answer cost; claims that fell are asked again, as in any run."""

    def __init__(self, engine: LlmEngine, place: Path | str, journal: Journal) -> None:
        super().__init__(engine, place)
        self._llm = engine
        self._journal = journal

    async def draft(self, passage: Passage) -> Draft:
        """Return the draft that came back. Raises `InvalidDraft` where none did."""
        question = Question.of(self._llm, passage)
        draft = self.recall(question)
        request = self._journal.request(question.key.hex())
        if draft is None:
            why = request.why if request is not None and request.why else "it was not asked for in this way"
            raise InvalidDraft(f"the batch brought no answer: {why}; submit the article again")
        if request is None or request.state != ANSWERED:
            return draft
        used = {"input_tokens": request.input_tokens or 0, "output_tokens": request.output_tokens or 0}
        paid = {**used, "cost_usd": request.cost_usd, "calls": 1, "cached": False}
        return draft.model_copy(update={"effort": draft.effort.model_copy(update=paid)})

    def proven(self, article: Article, request: str) -> Summary | None:
        """Return nothing: a summary that was remembered does not say what its answers cost."""
        return None

    async def keep_proven(self, article: Article, request: str, summary: Summary) -> None:
        """Remember nothing, for the same reason."""
