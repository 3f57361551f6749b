"""Split an article into passages that fit the window of a model, draft each, and merge the drafts.

An article that fits is one passage, for which neither `splitting` nor asyncio is imported.
"""

from collections import defaultdict
from collections.abc import Awaitable, Iterable, Sequence
from itertools import chain, zip_longest

from .. import defaults
from ..errors import EngineError, EngineRefused
from ..language.weighing import HEAVIEST, weight
from ..protocols import Engine
from ..schema import Article, Draft, DraftUsage, Passage, Unread

__all__ = ["draft_all", "merge", "split"]

_MAX_FAILURES = 5
"""Passages that fail before any succeeds: then the engine is unavailable, for each was retried already."""


def split(
    article: Article, window: int, *, output_language: str | None = None, takeaways: int = defaults.TAKEAWAYS
) -> list[Passage]:
    """Split an article into passages of at most `window` characters; every passage refers to the whole article.

    Characters of scripts that models read in more tokens count twice or four times.

    Cuts are between sections rather than paragraphs rather than sentences. Passages overlap, so that a quote across a
    cut is whole in one of them. A sentence longer than the window is cut too.
    """
    spans: Sequence[Unread] = [(0, len(article.text))]
    if len(article.text) * HEAVIEST > window and weight(article.text) > window:
        from . import splitting

        spans = splitting.spans(article.text, window)
    language = output_language or article.language
    return [
        Passage(article=article, start=start, end=end, output_language=language, takeaways=takeaways)
        for start, end in spans
    ]


def merge(drafts: Sequence[Draft]) -> Draft:
    """Merge the drafts of passages: the first takeaways of all before the second ones, without identical items.

    Usage and warnings add up. Paraphrases are merged after grounding: only then is it known which organisations are
    meant, and a bad quote of one must not invalidate the other.
    """
    if len(drafts) == 1:
        return drafts[0]
    ranked = chain.from_iterable(zip_longest(*(draft.takeaways for draft in drafts)))
    return Draft(
        takeaways=tuple(dict.fromkeys(filter(None, ranked))),
        partnerships=tuple(dict.fromkeys(chain.from_iterable(draft.partnerships for draft in drafts))),
        usage=sum((draft.usage for draft in drafts[1:]), drafts[0].usage if drafts else DraftUsage()),
    )


async def draft_all(engine: Engine, passages: Sequence[Passage]) -> Draft:
    """Draft all passages concurrently, within the engine's own limits, and merge the drafts.

    A passage that fails does not fail the others: `usage.unread` and a warning name the characters that were not read.
    Raises `EngineError` where every passage failed, or where the engine would refuse any request.
    """
    if len(passages) == 1:
        return await engine.draft(passages[0])
    import asyncio

    tasks = [asyncio.ensure_future(engine.draft(passage)) for passage in passages]
    try:
        await _until_done(asyncio.as_completed(tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    failed = {
        passage: error for passage, task in zip(passages, tasks, strict=True) if (error := task.exception()) is not None
    }
    drafts = [task.result() for task in tasks if task.exception() is None]
    if not drafts:
        raise failed[passages[0]]
    whole = merge(drafts)
    return whole.model_copy(update={"usage": whole.usage + _unread(passages, failed)}) if failed else whole


async def _until_done(drafts: Iterable[Awaitable[Draft]]) -> None:
    """Wait for all, or stop early; raise the error that stops the whole article.

    A refusal that is not about the text stops it. While no passage has succeeded, it does so at once, so that a wrong
    key is not tried for each passage; later only when all are done, so that no paid draft is lost: each is cached.
    """
    failures: list[EngineError] = []
    succeeded = False
    for draft in drafts:
        try:
            await draft
            succeeded = True
        except EngineError as error:
            if isinstance(error, EngineRefused) and error.about_text:
                continue
            failures.append(error)
            if not succeeded and (isinstance(error, EngineRefused) or len(failures) >= _MAX_FAILURES):
                break
    refusals = [error for error in failures if isinstance(error, EngineRefused)]
    if stops := refusals or ([] if succeeded else failures):
        raise stops[0]


def _unread(passages: Sequence[Passage], failed: dict[Passage, BaseException]) -> DraftUsage:
    """Return the characters of failed passages that no other passage covers, with the reasons as warnings."""
    read = [(passage.start, passage.end) for passage in passages if passage not in failed]
    spans: dict[str, list[Unread]] = defaultdict(list)
    for passage, error in failed.items():
        spans[str(error)] += _without((passage.start, passage.end), read)
    shown = {why: ", ".join(f"{start:,} to {end:,}" for start, end in sorted(found)) for why, found in spans.items()}
    notes = tuple(f"characters {where} of the article were not read: {why}" for why, where in shown.items())
    return DraftUsage(truncated=True, unread=tuple(sorted(chain.from_iterable(spans.values()))), warnings=notes)


def _without(span: Unread, read: Iterable[Unread]) -> list[Unread]:
    """Return the parts of a span that are in none of the others."""
    left = [span]
    for start, end in read:
        pieces = ((max(a, x), min(b, y)) for a, b in left for x, y in ((a, start), (end, b)))
        left = [(a, b) for a, b in pieces if a < b]
    return left
