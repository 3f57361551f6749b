"""ONE article, as a straight line: load → split → draft → merge → ground → repair → select → verify → summary.

An article that does not fit into the model's window is drafted in several passages; then the proven takeaways of all of
them are candidates, and selecting those of the whole article is a request of its own.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar, Unpack

from pydantic import ValidationError

from . import defaults
from .engines import open_engine
from .errors import ConfigError, InvalidDraft, about
from .follow_ups import repair, select, verify
from .loading import Address, aload, from_string, is_address, load
from .offloading import Offload, Timed, call_here, in_a_thread
from .protocols import (
    Closable,
    Engine,
    SummaryStore,
    SyncDrafter,
    Verifier,
    model_of,
    prompt_of,
    summary_identity_of,
    translates,
)
from .schema import (
    Article,
    Draft,
    DraftUsage,
    Passage,
    Provenance,
    Summary,
    Usage,
)
from .settings import Options, Settings, choose_model, read_settings
from .version import __version__

_T = TypeVar("_T")


def summarize(
    source: str | Path | Address | Article,
    *,
    model: str | None = None,
    language: str | None = None,
    takeaways: int | None = None,
    engine: Engine | None = None,
    api_key: str | None = None,
    **options: Unpack[Options],
) -> Summary:
    """Summarize one article: a `str` is its text, a `Path` its file, an `Address` its URL.

    `options` are the settings `base_url`, `prompt`, `cache` ("off" for none), `timeout` and others, as
    `settings.Settings` describes them. An `engine` of your own replaces `model` (see `protocols`), and is not closed.

    Raises the children of `SummarizerError`: `SourceError`, `ConfigError`, `PromptError`, `EngineError`.
    """
    chosen = read_settings(model=model, language=language, takeaways=takeaways, **options)
    return run(_summarize(source, engine, model, chosen, api_key, call_here))


async def asummarize(
    source: str | Path | Address | Article,
    *,
    model: str | None = None,
    language: str | None = None,
    takeaways: int | None = None,
    engine: Engine | None = None,
    api_key: str | None = None,
    **options: Unpack[Options],
) -> Summary:
    """Summarize one article, in a running event loop, which is never blocked for long; else as `summarize`."""
    chosen = read_settings(model=model, language=language, takeaways=takeaways, **options)
    return await _summarize(source, engine, model, chosen, api_key, in_a_thread)


async def _summarize(
    source: str | Path | Address | Article,
    engine: Engine | None,
    model: str | None,
    settings: Settings,
    api_key: str | None,
    offload: Offload,
) -> Summary:
    if isinstance(source, Address) and is_address(source.where):
        article = await aload(source.where, allow_private=settings.allow_private)
    else:
        article = await offload(read, source)
    used = await offload(engine_of, engine, model, settings, api_key)
    try:
        return await summarize_article(
            article,
            used,
            language=settings.language,
            takeaways=settings.takeaways,
            proof=settings.proof,
            offload=offload,
        )
    finally:
        if engine is None and isinstance(used, Closable):
            await used.aclose()


def engine_of(engine: Engine | None, model: str | None, settings: Settings, api_key: str | None) -> Engine:
    """Return the caller's own engine, else open the one of the model. Raises `ConfigError`, `PromptError`."""
    if engine is None:
        return open_engine(choose_model(settings).model, settings, api_key=api_key)
    if model is not None:
        raise ConfigError(f"`engine` and `model` are both given: leave out {model!r}, an engine has its own")
    return engine


def read(source: str | Path | Address | Article) -> Article:
    """Return the article of a text, a file, standard input, or an article itself. Raises `SourceError`."""
    if isinstance(source, Article):
        return source
    if isinstance(source, Path | Address):
        return load(source.where if isinstance(source, Address) else source)
    if not isinstance(source, str):
        raise TypeError(f"a text, a path or an article is needed, not {type(source).__name__}")
    return from_string(source)


async def summarize_article(
    article: Article,
    engine: Engine,
    *,
    language: str | None = None,
    takeaways: int = defaults.TAKEAWAYS,
    proof: str = defaults.PROOF,
    verifier: Verifier | None = None,
    offload: Offload | None = None,
) -> Summary:
    """Draft each passage, merge the drafts, and keep what the article proves of them.

    What it does not prove is asked again once, if the engine is a `Repairer`, and that settles what code only doubts
    unless the `proof` is `code`; what it proves is put to the `verifier`.
    `offload` runs what is CPU-bound: the proof, and drafts of a `SyncDrafter`.
    """
    with about(article.source, model_of(engine)):
        return await _summarized(article, engine, language, takeaways, proof, verifier, offload or call_here)


async def _summarized(
    article: Article,
    engine: Engine,
    language: str | None,
    takeaways: int,
    proof: str,
    verifier: Verifier | None,
    offload: Offload,
) -> Summary:
    started = perf_counter()
    if remembered := recall(article, engine, language=language, takeaways=takeaways, verifier=verifier, proof=proof):
        return remembered
    work = Timed(offload)
    fingerprint = request_fingerprint(engine, language, takeaways, verifier, proof)
    passages = await work(_split, article, engine.window, output_language=language, takeaways=takeaways)
    several = len(passages) > 1
    limit = None if several else takeaways
    output_language = passages[0].output_language if translates(engine) else article.language

    draft = await _draft(passages, engine, work)
    summary = await work(_ground, draft, article, output_language=output_language, takeaways=limit, join=several)
    settled_by = model_of(engine) if proof == defaults.PROOF else None
    summary, repairing, repaired = await repair(summary, draft, article, engine, limit, settled_by, work)
    summary, selecting = await select(summary, engine, takeaways) if several else (summary, DraftUsage())
    summary, verifying = await verify(summary, verifier)
    usage = draft.usage + repairing + selecting + verifying
    made = provenance(
        usage,
        article,
        engine,
        request=fingerprint,
        output_language=output_language,
        seconds=min(work.seconds + usage.seconds, perf_counter() - started),
        repaired=repaired,
        passages=len(passages),
    )
    proofs = Counter([*(claim.proof for claim in summary.takeaways), *(claim.proof for claim in summary.partnerships)])
    made = made.model_copy(update={"proofs": dict(proofs)})
    summary = summary.model_copy(update={"provenance": made})
    if isinstance(engine, SummaryStore):
        await engine.keep_summary(article, fingerprint, summary)
    return summary


def recall(
    article: Article,
    engine: Engine,
    *,
    language: str | None = None,
    takeaways: int = defaults.TAKEAWAYS,
    verifier: Verifier | None = None,
    proof: str = defaults.PROOF,
) -> Summary | None:
    """Return the summary that an earlier, equal request produced; None if there is none. No model is asked."""
    if not isinstance(engine, SummaryStore):
        return None
    return engine.recall_summary(article, request_fingerprint(engine, language, takeaways, verifier, proof))


# --- the steps -------------------------------------------------------------------------------------------------------


def _split(article: Article, window: int, *, output_language: str | None, takeaways: int) -> list[Passage]:
    from .chunking import split  # imported here, as below: a summary from the cache needs none of it

    return split(article, window, output_language=output_language, takeaways=takeaways)


def _ground(draft: Draft, article: Article, *, output_language: str, takeaways: int | None, join: bool) -> Summary:
    from .grounding import ground

    return ground(draft, article, output_language=output_language, takeaways=takeaways, join=join)


async def _draft(passages: Sequence[Passage], engine: Engine, work: Timed) -> Draft:
    if len(passages) == 1 and isinstance(engine, SyncDrafter):
        return await work(engine.draft_sync, passages[0])
    from .chunking import draft_all

    began = perf_counter()
    try:
        draft = await draft_all(engine, passages)
    except ValidationError as error:  # of an engine that is somebody else's: one bad draft ends no run
        reason = error.errors()[0]
        where = ".".join(map(str, reason["loc"]))
        raise InvalidDraft(f"{model_of(engine)!r} gave no valid draft: {where}: {reason['msg']}") from error
    if draft.usage.cached or draft.usage.seconds:
        return draft
    took = draft.usage.model_copy(update={"seconds": perf_counter() - began})  # an engine that does not say
    return draft.model_copy(update={"usage": took})


def request_fingerprint(
    engine: Engine,
    language: str | None,
    takeaways: int,
    verifier: Verifier | None = None,
    proof: str = defaults.PROOF,
) -> str:
    """Return the fingerprint of everything in a request but the article. Raises `PromptError`."""
    checked_by = None if verifier is None else verifier.identity
    parts = [engine.identity, language, takeaways, checked_by, summary_identity_of(engine), proof]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def provenance(
    usage: DraftUsage,
    article: Article,
    engine: Engine,
    *,
    request: str | None = None,
    output_language: str,
    seconds: float,
    repaired: int = 0,
    passages: int = 1,
) -> Provenance:
    """Say how a summary was made."""
    name, sha256 = prompt_of(engine) or (None, None)
    return Provenance(
        model=model_of(engine),
        prompt=name,
        prompt_sha256=sha256,
        request=request,
        version=__version__,
        created=usage.created or datetime.now(UTC).isoformat(timespec="seconds"),
        output_language=output_language,
        cached=usage.cached,
        calls=usage.calls,
        repaired=repaired,
        passages=passages,
        truncated=usage.truncated,
        unread=usage.unread,
        usage=Usage(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens),
        cost_usd=usage.cost_usd,
        seconds=round(seconds, 3),
        warnings=tuple(dict.fromkeys((*article.warnings, *usage.warnings))),
    )


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end, also where an event loop runs already, as in a notebook."""
    import asyncio  # imported here: a summary from the cache is shown without it

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()
