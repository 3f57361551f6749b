"""ONE article, as a straight line: load → split → draft → merge → ground → (repair → ground) → (verify) → summary.

One that does not fit into what the model can see at one time is drafted in passages; then all that is proven of their
takeaways is a candidate, and which of them are the whole article's is a question of its own: (choose).
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar, cast

from .engines import Engine, open_engine
from .errors import EngineError, PromptError
from .loading import load
from .schema import Article, ClaimKind, Effort, Partnership, Provenance, Reason, Rejected, Summary, Takeaway, Usage
from .settings import choose_model, read_settings
from .version import __version__

_T = TypeVar("_T")
Compute = Callable[..., Awaitable[Any]]
"""Calls a function that takes the processor for itself, with what it is given, and returns what it returns."""


async def _at_once(function: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
    return function(*args, **kwargs)


def summarize(
    source: str | Path | Article,
    *,
    model: str | None = None,
    language: str | None = None,
    takeaways: int | None = None,
    engine: Engine | None = None,
    **settings: Any,
) -> Summary:
    """Summarize one article: a `str` is its text, a `Path` its file.

    `settings` are those of `config.Settings`: `base_url`, `prompt`, `cache` ("off" for none), `timeout`, …, and
    `api_key`. An `engine` of your own takes the place of `model`, and is not closed.

    Raises the children of `SummarizerError`: `SourceError`, `ConfigError`, `PromptError`, `EngineError`.
    """
    return run(asummarize(source, model=model, language=language, takeaways=takeaways, engine=engine, **settings))


async def asummarize(
    source: str | Path | Article,
    *,
    model: str | None = None,
    language: str | None = None,
    takeaways: int | None = None,
    engine: Engine | None = None,
    api_key: str | None = None,
    **settings: Any,
) -> Summary:
    """Summarize one article, in a running event loop; else as `summarize`."""
    chosen = read_settings(model=model, language=language, takeaways=takeaways, **settings)
    article = read(source)
    if engine is not None:
        return await summarize_article(article, engine, language=chosen.language, takeaways=chosen.takeaways)
    opened = open_engine(choose_model(chosen).model, chosen, api_key=api_key)
    try:
        return await summarize_article(article, opened, language=chosen.language, takeaways=chosen.takeaways)
    finally:
        await opened.aclose()


def read(source: str | Path | Article) -> Article:
    """Return the article of a text, a file, or an article itself. Raises `SourceError`."""
    if isinstance(source, Article):
        return source
    if not isinstance(source, str | Path):
        raise TypeError(f"a text, a path or an article is needed, not {type(source).__name__}")
    return load(source) if isinstance(source, Path) else Article.from_text(source)


async def summarize_article(
    article: Article,
    engine: Engine,
    *,
    language: str | None = None,
    takeaways: int = 5,
    verifier: Any = None,
    compute: Compute | None = None,
) -> Summary:
    """Draft from each passage, join the drafts, and keep what the article proves of them.

    What it does not prove is asked again once, alone, if the engine can `repair`; what it proves is given to a
    `verifier`, an engine that can `verify`, for a second opinion. Of many articles, each is proven where and when
    `compute` says, for that takes the processor for itself; and drafted, where the engine has a function to `propose`.
    """
    began = perf_counter()
    if found := recall(article, engine, language=language, takeaways=takeaways, verifier=verifier):
        return found
    from .chunking import draft_all, split  # what is remembered needs neither
    from .grounding import ground

    passages = split(article, engine.window, output_language=language, takeaways=takeaways)
    many = len(passages) > 1
    asked = request_of(engine, language, takeaways, verifier)
    compute = compute or _at_once
    computed = None if many else getattr(engine, "propose", None)
    draft = await (draft_all(engine, passages) if computed is None else compute(computed, passages[0]))
    spoken = passages[0].output_language if getattr(engine, "translates", True) else article.language
    kept = None if many else takeaways
    summary = await compute(ground, draft, article, output_language=spoken, takeaways=kept, join=many)
    summary, effort, repaired = await _repaired(summary, draft.effort, article, engine, kept)
    if many:
        summary, effort = await _chosen(summary, effort, engine, takeaways)
    summary, effort = await _verified(summary, effort, verifier)
    made = provenance(
        effort,
        article,
        engine,
        request=asked,
        output_language=spoken,
        seconds=perf_counter() - began,
        repaired=repaired,
        passages=len(passages),
    )
    summary = summary.model_copy(update={"provenance": made})
    if keep := getattr(engine, "keep_proven", None):
        await keep(article, asked, summary)
    return summary


def recall(
    article: Article, engine: Engine, *, language: str | None = None, takeaways: int = 5, verifier: Any = None
) -> Summary | None:
    """Return what was proven of an article when the same was asked before; None where it was not. Nobody is asked."""
    proven = getattr(engine, "proven", None)
    if proven is None:
        return None
    return cast("Summary | None", proven(article, request_of(engine, language, takeaways, verifier)))


async def _repaired(
    summary: Summary, effort: Effort, article: Article, engine: Engine, takeaways: int | None
) -> tuple[Summary, Effort, int]:
    """Ask once more for the claims that fell, and for nothing else; a repair that fails costs only itself."""
    if not summary.rejected:
        return summary, effort, 0
    from .grounding import mend, nearest_sentences, repairable

    failed = repairable(summary)
    repair = getattr(engine, "repair", None)
    if not failed or repair is None:
        return summary, effort, 0
    try:
        answer = await repair(failed, nearest_sentences(article, failed), summary.provenance.output_language)
    except EngineError as error:
        return summary, effort + Effort(warnings=(f"what fell could not be asked again: {error}",)), 0
    mended, count = mend(summary, answer, article, takeaways=takeaways)
    return mended, effort + answer.effort if answer.effort != Effort() else effort, count


async def _chosen(summary: Summary, effort: Effort, engine: Engine, takeaways: int) -> tuple[Summary, Effort]:
    """Keep of the proven takeaways of all passages those that matter most for the whole article, the best first.

    The engine chooses, if it can `choose`, and can add none; else the first of each passage come before the second.
    """
    candidates = {takeaway.text: takeaway for takeaway in summary.takeaways}
    choose = getattr(engine, "choose", None)
    first = dict.fromkeys(list(candidates)[:takeaways])
    if choose is not None and len(candidates) > takeaways:
        answer, effort = await _choice(choose, summary, effort, takeaways)
        first = dict.fromkeys(text for text in answer if text in candidates) or first
    kept = tuple(candidates[text] for text in list(first)[:takeaways])
    return summary.model_copy(update={"takeaways": kept}), effort


async def _choice(choose: Any, summary: Summary, effort: Effort, takeaways: int) -> tuple[list[str], Effort]:
    """Ask which takeaways are the article's; no answer costs a warning."""
    told = sorted(summary.takeaways, key=lambda takeaway: takeaway.evidence[0].start)
    try:
        answer = await choose(told, takeaways, summary.article.title, summary.provenance.output_language)
    except (EngineError, PromptError) as error:
        note = f"the first takeaways of each passage stand here, for none could be chosen over all: {error}"
        return [], effort + Effort(warnings=(note,))
    taken = effort + answer.effort if answer.effort != Effort() else effort
    return [takeaway.text for takeaway in answer.takeaways], taken


async def _verified(summary: Summary, effort: Effort, verifier: Any) -> tuple[Summary, Effort]:
    """Give what was kept to a second model, and reject what it finds unproven."""
    claims: tuple[Takeaway | Partnership, ...] = (*summary.takeaways, *summary.partnerships)
    if verifier is None or not claims:
        return summary, effort
    opinion = await verifier.verify(claims, summary.provenance.output_language)
    doubted = {i: why for i, (good, why) in enumerate(zip(opinion.entailed, opinion.why, strict=True)) if good is False}
    count = len(summary.takeaways)
    fallen = [_doubted(claims[i], why, verifier.model) for i, why in doubted.items()]
    update = {
        "takeaways": tuple(claim for i, claim in enumerate(summary.takeaways) if i not in doubted),
        "partnerships": tuple(pact for i, pact in enumerate(summary.partnerships, count) if i not in doubted),
        "rejected": (*summary.rejected, *fallen),
    }
    silent = opinion.entailed.count(None)
    note = (f"{verifier.model} gave no second opinion on {silent} of {len(claims)} claims",) if silent else ()
    return summary.model_copy(update=update), effort + opinion.effort + Effort(warnings=note)


def _doubted(claim: Takeaway | Partnership, why: str, model: str) -> Rejected:
    said = claim.model_dump(mode="json", exclude={"evidence"})
    quotes = [evidence.quote for evidence in claim.evidence]
    reason = Reason(code="not_entailed", message=why or f"{model} does not find it in the quoted words")
    kind: ClaimKind = "takeaway" if isinstance(claim, Takeaway) else "partnership"
    return Rejected(kind=kind, claim={**said, "quotes": quotes}, reasons=(reason,))


def request_of(engine: Engine, language: str | None, takeaways: int, verifier: Any = None) -> str:
    """Return the fingerprint of all that is asked beside the article. Raises `PromptError`."""
    who = getattr(verifier, "identity", None)
    return request(engine.identity, language, takeaways, who, getattr(engine, "beside", None))


@lru_cache(maxsize=64)
def request(
    identity: str, language: str | None, takeaways: int, verifier: str | None = None, beside: str | None = None
) -> str:
    """Return the same of its parts; `identity` and `beside` are the engine's."""
    return hashlib.sha256(json.dumps([identity, language, takeaways, verifier, beside]).encode()).hexdigest()[:16]


def provenance(
    effort: Effort,
    article: Article,
    engine: Engine,
    *,
    request: str | None = None,
    output_language: str,
    seconds: float,
    repaired: int = 0,
    passages: int = 1,
) -> Provenance:
    """Say who answered, asked what, at what price."""
    name, sha256 = getattr(engine, "prompt", None) or (None, None)
    return Provenance(
        model=getattr(engine, "model", engine.identity),
        prompt=name,
        prompt_sha256=sha256,
        request=request,
        version=__version__,
        created=effort.created or datetime.now(UTC).isoformat(timespec="seconds"),
        output_language=output_language,
        cached=effort.cached,
        calls=effort.calls,
        repaired=repaired,
        passages=passages,
        truncated=effort.truncated,
        unread=effort.unread,
        usage=Usage(input_tokens=effort.input_tokens, output_tokens=effort.output_tokens),
        cost_usd=effort.cost_usd,
        seconds=round(seconds, 3),
        warnings=tuple(dict.fromkeys((*article.warnings, *effort.warnings))),
    )


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end, also where an event loop runs already, as in a notebook."""
    import asyncio  # not before it is wanted: what is remembered is shown without

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()
