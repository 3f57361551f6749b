"""Draft all passages concurrently; the engine limits its own concurrency."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..errors import EngineError, EngineRefused
from ..protocols import Engine
from ..schema import Draft, DraftUsage, Passage, Unread
from .merging import merge_drafts

_MAX_FAILURES = 5
"""Passages that fail before any succeeds: then the engine is unavailable, for each was retried already."""


async def draft_passages(engine: Engine, passages: Sequence[Passage]) -> Draft:
    """Draft all passages and merge the drafts; `usage` says what was not read. Raises `EngineError`."""
    tasks = [asyncio.ensure_future(engine.draft(passage)) for passage in passages]
    try:
        await _until_done(tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    drafts = [task.result() for task in tasks if task.exception() is None]
    failed = [
        (passage, error)
        for passage, task in zip(passages, tasks, strict=True)
        if (error := task.exception()) is not None
    ]
    if not drafts:
        raise failed[0][1]
    whole = merge_drafts(drafts)
    return whole if not failed else whole.model_copy(update={"usage": whole.usage + _unread(passages, dict(failed))})


async def _until_done(tasks: Sequence["asyncio.Future[Draft]"]) -> None:
    """Wait for all, or stop early; raise the error that stops the whole article.

    A refusal that is not about the text stops it. While no passage has succeeded, it does so at once, so that a wrong
    key is not tried for each passage; later only when all are done, so that no paid draft is lost: each is cached.
    """
    failures: list[EngineError] = []
    succeeded = 0
    for finished in asyncio.as_completed(tasks):
        try:
            await finished
            succeeded += 1
        except EngineError as error:
            if isinstance(error, EngineRefused) and error.about_text:
                continue
            failures.append(error)
            if not succeeded and (isinstance(error, EngineRefused) or len(failures) >= _MAX_FAILURES):
                break
    refusals: list[EngineError] = [error for error in failures if isinstance(error, EngineRefused)]
    if stops := refusals or ([] if succeeded else failures):
        raise stops[0]


def _unread(passages: Sequence[Passage], failed: dict[Passage, BaseException]) -> DraftUsage:
    """Return the characters of failed passages that no other passage covers, with the reasons as warnings."""
    read = [(passage.start, passage.end) for passage in passages if passage not in failed]
    spans: dict[str, list[Unread]] = defaultdict(list)
    for passage, error in failed.items():
        spans[str(error)] += _without((passage.start, passage.end), read)
    notes = [f"characters {_listed(found)} of the article were not read: {why}" for why, found in spans.items()]
    unread = sorted(span for found in spans.values() for span in found)
    return DraftUsage(truncated=True, unread=tuple(unread), warnings=tuple(notes))


def _without(span: Unread, read: Iterable[Unread]) -> list[Unread]:
    """Return the parts of a span that are in none of the others."""
    left = [span]
    for start, end in read:
        pieces = ((max(a, x), min(b, y)) for a, b in left for x, y in ((a, start), (end, b)))
        left = [(a, b) for a, b in pieces if a < b]
    return left


def _listed(spans: Iterable[Unread]) -> str:
    return ", ".join(f"{start:,} to {end:,}" for start, end in sorted(spans))
