"""ONE article, as a straight line: load → split → draft → merge → ground → repair → select → verify → summary.

Repair, selection and verification are follow-up requests, made only where there is something to ask and an engine that
can answer. An article that does not fit into the model's window is drafted in several passages; then the proven
takeaways of all of them are candidates, and selecting those of the whole article is a request of its own.
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
from .errors import ConfigError, EngineError, InvalidDraft, PromptError, about
from .loading import Address, aload, from_string, is_address, load
from .offloading import Offload, Timed, call_here, in_a_thread
from .protocols import (
    Closable,
    Engine,
    Repairer,
    Selector,
    SummaryStore,
    SyncDrafter,
    Verifier,
    model_of,
    prompt_of,
    reviews,
    summary_identity_of,
    translates,
)
from .schema import (
    Article,
    Draft,
    DraftPartnership,
    DraftTakeaway,
    DraftUsage,
    Partnership,
    Passage,
    Provenance,
    Reason,
    ReasonCode,
    Rejected,
    Summary,
    Takeaway,
    Usage,
    as_drafted,
    kind_of,
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
    summary, repairing, repaired = await _repair(summary, draft, article, engine, limit, settled_by, work)
    summary, selecting = await _select(summary, engine, takeaways) if several else (summary, DraftUsage())
    summary, verifying = await _verify(summary, verifier)
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


async def _repair(
    summary: Summary,
    draft: Draft,
    article: Article,
    engine: Engine,
    limit: int | None,
    settled_by: str | None,
    work: Timed,
) -> tuple[Summary, DraftUsage, int]:
    """Ask once more about the rejected claims; also return how many were repaired or settled.

    A model that settles doubts is given in the same request the claims that code found nothing against, for code
    compares words and understands none. A request that fails costs a warning.
    """
    if not summary.rejected or not isinstance(engine, Repairer):
        return summary, DraftUsage(), 0
    from .grounding import MOST, mend, nearest_sentences, repairable, unsuspected

    failed = repairable(summary)
    if not failed:
        return summary, DraftUsage(), 0
    kept: tuple[Takeaway | Partnership, ...] = (*summary.takeaways, *summary.partnerships)
    reviewed = () if settled_by is None or not reviews(engine) else kept[: max(0, MOST - len(failed))]
    asked = [*failed, *map(unsuspected, reviewed)]
    try:
        nearest = await work(nearest_sentences, article, asked)
        answer = await engine.repair(asked, nearest, summary.provenance.output_language)
    except EngineError as error:
        return summary, DraftUsage(warnings=(f"rejected claims could not be repaired: {error}",)), 0
    summary, answer = _reviewed(summary, answer, reviewed, model_of(engine))
    mended, count = await work(mend, summary, answer, article, draft=draft, takeaways=limit, settled_by=settled_by)
    return mended, answer.usage, count


def _reviewed(
    summary: Summary, answer: Draft, reviewed: Sequence[Takeaway | Partnership], model: str
) -> tuple[Summary, Draft]:
    """Reject the reviewed claims that the answer does not let stand, and return what else the answer holds.

    An answer without any claim says nothing about them.
    """
    if not answer.takeaways and not answer.partnerships:
        return summary, answer
    standing = {*map(_stated, answer.takeaways), *map(_stated, answer.partnerships)}
    fallen = [claim for claim in reviewed if _stated(claim) not in standing]
    known = set(map(_stated, reviewed))
    update = {
        "takeaways": tuple(claim for claim in summary.takeaways if claim not in fallen),
        "partnerships": tuple(claim for claim in summary.partnerships if claim not in fallen),
        "rejected": (*summary.rejected, *(_not_entailed(claim, "", model) for claim in fallen)),
    }
    others = {
        "takeaways": tuple(claim for claim in answer.takeaways if _stated(claim) not in known),
        "partnerships": tuple(claim for claim in answer.partnerships if _stated(claim) not in known),
    }
    return summary.model_copy(update=update), answer.model_copy(update=others)


def _stated(claim: Takeaway | Partnership | DraftTakeaway | DraftPartnership) -> tuple[object, ...]:
    """Return what makes a claim the same one, drafted or proven."""
    if isinstance(claim, Takeaway | DraftTakeaway):
        return (claim.text,)
    return (frozenset(claim.parties), claim.status)


async def _select(summary: Summary, engine: Engine, takeaways: int) -> tuple[Summary, DraftUsage]:
    """Keep the proven takeaways that matter most for the whole article, the most important first.

    The engine selects them if it is a `Selector`, and can add none; else the first takeaways of all passages come
    before the second ones.
    """
    candidates = {takeaway.text: takeaway for takeaway in summary.takeaways}
    selected, usage = (
        await _selection(summary, engine, takeaways) if len(candidates) > takeaways else ((), DraftUsage())
    )
    texts = dict.fromkeys(text for text in selected if text in candidates) or candidates
    kept = tuple(candidates[text] for text in list(texts)[:takeaways])
    return summary.model_copy(update={"takeaways": kept}), usage


async def _selection(summary: Summary, engine: Engine, takeaways: int) -> tuple[Sequence[str], DraftUsage]:
    """Ask which takeaways are the article's; without an answer none are, and it costs a warning."""
    if not isinstance(engine, Selector):
        return (), DraftUsage()
    candidates = sorted(summary.takeaways, key=lambda takeaway: takeaway.evidence[0].start)
    try:
        answer = await engine.choose(candidates, takeaways, summary.article.title, summary.provenance.output_language)
    except (EngineError, PromptError) as error:
        note = f"the first takeaways of each passage were kept, as none could be selected over all: {error}"
        return (), DraftUsage(warnings=(note,))
    return [takeaway.text for takeaway in answer.takeaways], answer.usage


async def _verify(summary: Summary, verifier: Verifier | None) -> tuple[Summary, DraftUsage]:
    """Ask a second model about the proven claims, and reject those that it finds unproven."""
    claims: tuple[Takeaway | Partnership, ...] = (*summary.takeaways, *summary.partnerships)
    if verifier is None or not claims:
        return summary, DraftUsage()
    opinions = await verifier.verify(claims, summary.provenance.output_language)
    rejected: list[Rejected] = []
    takeaways: list[Takeaway] = []
    partnerships: list[Partnership] = []
    for claim, entailed, why in zip(claims, opinions.entailed, opinions.why, strict=True):
        if entailed is False:
            rejected.append(_not_entailed(claim, why, verifier.model))
        elif isinstance(claim, Takeaway):
            takeaways.append(claim)
        else:
            partnerships.append(claim)
    update = {
        "takeaways": tuple(takeaways),
        "partnerships": tuple(partnerships),
        "rejected": (*summary.rejected, *rejected),
    }
    silent = list(opinions.entailed).count(None)
    notes = (f"{verifier.model} gave no second opinion on {silent} of {len(claims)} claims",) if silent else ()
    return summary.model_copy(update=update), opinions.usage + DraftUsage(warnings=notes)


def _not_entailed(claim: Takeaway | Partnership, why: str, model: str) -> Rejected:
    reason = Reason(code=ReasonCode.NOT_ENTAILED, message=why or f"{model} does not find it in the quoted words")
    return Rejected(kind=kind_of(claim), claim=as_drafted(claim), reasons=(reason,))


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
