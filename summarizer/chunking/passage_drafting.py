"""All passages at the same time: how many of them at once is the engine's own affair."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..errors import EngineError, EngineRefused
from ..protocols import Engine
from ..schema import Draft, DraftUsage, Passage, Unread
from .merging import merged

_PATIENCE = 5
"""Passages without an answer, and none with one, that make a server dead: each was asked for several times already."""


async def asked(engine: Engine, passages: Sequence[Passage]) -> Draft:
    """Draft all passages and merge what came; what was not read is in the usage. Raises `EngineError`."""
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
    whole = merged(drafts)
    return whole if not failed else whole.model_copy(update={"usage": whole.usage + _unread(passages, dict(failed))})


async def _until_done(tasks: Sequence["asyncio.Future[Draft]"]) -> None:
    """Wait for all, or until there is no use in waiting; raise what stops the whole article.

    A refusal that would meet every passage stops it, for the person must act. As long as nobody was answered that
    happens at once, so that a wrong key is not tried for each passage; else when all are done, so that nothing that is
    paid for is lost: a cache remembers each draft by itself.
    """
    failures: list[EngineError] = []
    answered = 0
    for finished in asyncio.as_completed(tasks):
        try:
            await finished
            answered += 1
        except EngineError as error:
            if isinstance(error, EngineRefused) and error.about_text:
                continue
            failures.append(error)
            if not answered and (isinstance(error, EngineRefused) or len(failures) >= _PATIENCE):
                break
    refusals: list[EngineError] = [error for error in failures if isinstance(error, EngineRefused)]
    if stops := refusals or ([] if answered else failures):
        raise stops[0]


def _unread(passages: Sequence[Passage], failed: dict[Passage, BaseException]) -> DraftUsage:
    """Say which characters nobody read, and why: those that no other passage has."""
    read = [(passage.start, passage.end) for passage in passages if passage not in failed]
    spans: dict[str, list[Unread]] = defaultdict(list)
    for passage, error in failed.items():
        spans[str(error)] += _without((passage.start, passage.end), read)
    notes = [f"characters {_listed(found)} of the article were not read: {why}" for why, found in spans.items()]
    every = sorted(span for found in spans.values() for span in found)
    return DraftUsage(truncated=True, unread=tuple(every), warnings=tuple(notes))


def _without(span: Unread, read: Iterable[Unread]) -> list[Unread]:
    """Return what of a span is in none of the others."""
    left = [span]
    for start, end in read:
        pieces = ((max(a, x), min(b, y)) for a, b in left for x, y in ((a, start), (end, b)))
        left = [(a, b) for a, b in pieces if a < b]
    return left


def _listed(spans: Iterable[Unread]) -> str:
    return ", ".join(f"{start:,} to {end:,}" for start, end in sorted(spans))
