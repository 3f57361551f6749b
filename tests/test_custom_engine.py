"""An engine of one's own needs an identity, a window and a draft; everything else is optional."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from summarizer import Article, Draft, Summary, summarize, summarize_many
from summarizer.cache import CachedEngine
from summarizer.errors import EngineUnavailable
from summarizer.evaluation.recording import RecordingEngine
from summarizer.pipeline import summarize_article
from summarizer.protocols import Engine, Named, Repairer, Selector, SyncDrafter
from summarizer.schema import DraftTakeaway, DraftUsage, Passage, Rejected

ARTICLE = Article.from_text("Airbus and Thales signed a deal on Monday. It is worth 3 million euros.", source="a.txt")
TRUE = DraftTakeaway(text="Airbus and Thales signed a deal.", quotes=("Airbus and Thales signed a deal",))
FALSE = DraftTakeaway(text="The deal is worth 9 million euros.", quotes=("It is worth 3 million euros",))
BETTER = DraftTakeaway(text="The deal is worth 3 million euros.", quotes=FALSE.quotes)


class Minimal:
    """Nothing but what is required."""

    identity = "minimal/1"
    window = 1_000

    def __init__(self) -> None:
        self.drafts = 0

    async def draft(self, passage: Passage) -> Draft:
        self.drafts += 1
        return Draft(takeaways=(TRUE, FALSE), usage=DraftUsage(calls=1))


class Repairing(Minimal):
    """One that can repair too."""

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        return Draft(takeaways=(BETTER,), usage=DraftUsage(calls=1))


class Unreachable(Minimal):
    """One whose repairs fail."""

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        raise EngineUnavailable("the server is down")


class Quick(Minimal):
    """One that computes its drafts."""

    def draft_sync(self, passage: Passage) -> Draft:
        return Draft(takeaways=(TRUE,))


def summarized(engine: Engine) -> Summary:
    return asyncio.run(summarize_article(ARTICLE, engine))


def kept(summary: Summary) -> list[str]:
    return [takeaway.text for takeaway in summary.takeaways]


def test_three_members_are_enough() -> None:
    summary = summarize(ARTICLE, engine=Minimal())
    assert kept(summary) == [TRUE.text]
    made = summary.provenance
    assert (made.model, made.prompt, made.calls, made.repaired) == ("minimal/1", None, 1, 0)


def test_they_are_enough_for_many_articles_in_a_cache_and_in_a_recording(tmp_path: Path) -> None:
    assert [kept(each) for each in summarize_many([ARTICLE, ARTICLE], engine=Minimal()) if isinstance(each, Summary)]
    inner = Minimal()
    for _ in range(2):
        cached = CachedEngine(inner, tmp_path / "cache")
        assert kept(summarized(cached)) == [TRUE.text]
        asyncio.run(cached.aclose())
    assert inner.drafts == 1
    recording = RecordingEngine(Minimal())
    assert recording.recorded_draft(summarized(recording)).takeaways == (TRUE, FALSE)
    asyncio.run(recording.aclose())


@pytest.mark.parametrize("wrapped", [False, True])
def test_one_that_can_repair_is_asked_to(tmp_path: Path, wrapped: bool) -> None:
    engine = CachedEngine(RecordingEngine(Repairing()), tmp_path / "cache") if wrapped else Repairing()
    summary = summarized(engine)
    assert kept(summary) == [TRUE.text, BETTER.text]
    assert (summary.provenance.calls, summary.provenance.repaired) == (2, 1)


def test_a_repair_that_fails_costs_a_warning() -> None:
    summary = summarized(Unreachable())
    assert kept(summary) == [TRUE.text]
    assert summary.provenance.warnings == ("rejected claims could not be repaired: the server is down",)


def test_one_that_computes_its_drafts_is_not_waited_for() -> None:
    engine = Quick()
    assert kept(summarized(engine)) == [TRUE.text]
    assert engine.drafts == 0


def test_a_capability_is_declared_by_having_its_members() -> None:
    assert [isinstance(Minimal(), each) for each in (Named, Repairer, Selector, SyncDrafter)] == [False] * 4
    assert isinstance(Repairing(), Repairer) and isinstance(Quick(), SyncDrafter)


def test_a_draft_of_the_wrong_shape_fails_its_article_alone() -> None:
    class Careless:
        identity = model = "careless"
        window = 10_000

        async def draft(self, passage: Passage) -> Draft:
            quotes = ["Norvik bought Zelba."] if "Norvik" in passage.text else None
            return Draft.model_validate({"takeaways": [{"text": "Norvik bought Zelba.", "quotes": quotes}]})

    texts = ["Norvik bought Zelba. It rained.", "Brel sold Kelmade. It rained.", "Norvik bought Zelba. It snowed."]
    outcomes = list(summarize_many(texts, engine=Careless()))
    assert [type(each).__name__ for each in outcomes] == ["Summary", "Failure", "Summary"]
    assert outcomes[1].error == "InvalidDraft" and "takeaways.0.quotes" in outcomes[1].message
