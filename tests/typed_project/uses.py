"""A project of somebody who uses the package: all of this passes `mypy --strict`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Unpack

from summarizer import (
    Address,
    Article,
    Draft,
    DraftTakeaway,
    Engine,
    EngineError,
    Failure,
    Options,
    Passage,
    Provenance,
    Reason,
    ReasonCode,
    Settings,
    SummarizerError,
    Summary,
    asummarize,
    load_all,
    render,
    summarize,
    summarize_many,
)


class Headline:
    """An engine whose only takeaway is the first line."""

    identity = "headline/1"
    window = 1_000

    async def draft(self, passage: Passage) -> Draft:
        """Propose it."""
        line = passage.text.splitlines()[0]
        return Draft(takeaways=(DraftTakeaway(text=line, quotes=(line,)),))


ENGINE: Engine = Headline()


def told(text: str, **options: Unpack[Options]) -> str:
    """Summarize with whatever settings."""
    summary = summarize(text, model="extractive", timeout=3, cache="off", max_cost=0.5, engine=None)
    assert isinstance(summary, Summary)
    return render(summarize(Path("a.txt"), **options), None, "text") + summary.takeaways[0].evidence[0].quote


async def fetched(address: str) -> Provenance:
    """Summarize an address."""
    return (await asummarize(Address(address), allow_private=True, engine=ENGINE)).provenance


def failures(folder: Path, defaults: Settings) -> Iterator[str]:
    """Say what failed."""
    articles: list[Article | Path] = [*load_all(folder / "feed.xml"), folder / "a.txt"]
    for result in summarize_many(articles, concurrency=defaults.concurrency):
        if isinstance(result, Failure):
            yield result.message


def waits(error: SummarizerError) -> float:
    """Tell how long to wait, and of what."""
    if isinstance(error, EngineError) and error.status == 429:
        return error.retry_after or len(error.request_id or "") + len(error.model or "")
    return len(error.source or "")


def numeric(reason: Reason) -> bool:
    """Tell whether a number is the reason."""
    return reason.code is ReasonCode.NUMBER_NOT_IN_EVIDENCE
