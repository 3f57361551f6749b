"""What a model is asked behind the draft of an article: to repair and review claims, to select among them, to verify.

Each is one request, made only where there is something to ask and an engine that can answer. A repair or a selection
that fails costs a warning, for what code has proven stands without it.
"""

from collections.abc import Sequence

from .errors import EngineError, PromptError
from .offloading import Timed
from .protocols import Engine, Repairer, Selector, Verifier, model_of, reviews
from .schema import (
    Article,
    Draft,
    DraftPartnership,
    DraftTakeaway,
    DraftUsage,
    Partnership,
    Reason,
    ReasonCode,
    Rejected,
    Summary,
    Takeaway,
    as_drafted,
    kind_of,
)

_Claim = Takeaway | Partnership


async def repair(
    summary: Summary,
    draft: Draft,
    article: Article,
    engine: Engine,
    takeaways: int | None,
    settled_by: str | None,
    work: Timed,
) -> tuple[Summary, DraftUsage, int]:
    """Ask once more about the rejected claims; also return how many were repaired or settled.

    A model that settles doubts is given in the same request the claims that code found nothing against, for code
    compares words and understands none.
    """
    if not summary.rejected or not isinstance(engine, Repairer):
        return summary, DraftUsage(), 0
    from .grounding import MOST, mend, nearest_sentences, repairable, unsuspected  # a cached summary needs none of it

    failed = repairable(summary)
    if not failed:
        return summary, DraftUsage(), 0
    reviewed = () if settled_by is None or not reviews(engine) else _kept(summary)[: max(0, MOST - len(failed))]
    asked = [*failed, *map(unsuspected, reviewed)]
    try:
        nearest = await work(nearest_sentences, article, asked)
        answer = await engine.repair(asked, nearest, summary.provenance.output_language)
    except EngineError as error:
        return summary, DraftUsage(warnings=(f"rejected claims could not be repaired: {error}",)), 0
    summary, answer = _review(summary, answer, asked, reviewed, model_of(engine))
    mended, count = await work(mend, summary, answer, article, draft=draft, takeaways=takeaways, settled_by=settled_by)
    return mended, answer.usage, count


def _review(
    summary: Summary, answer: Draft, asked: Sequence[Rejected], reviewed: Sequence[_Claim], model: str
) -> tuple[Summary, Draft]:
    """Reject the reviewed claims that the answer does not let stand, and return what else the answer holds.

    An answer that lets none stand of all that it was asked about says nothing about these: a model that forgets to name
    what stands takes nothing away that code has proven.
    """
    standing = {*map(_identity, answer.takeaways), *map(_identity, answer.partnerships)}
    if standing.isdisjoint(map(_identity, asked)):
        return summary, answer
    known = set(map(_identity, reviewed))
    others = {
        "takeaways": tuple(claim for claim in answer.takeaways if _identity(claim) not in known),
        "partnerships": tuple(claim for claim in answer.partnerships if _identity(claim) not in known),
    }
    fallen = [claim for claim in reviewed if _identity(claim) not in standing]
    return _without(summary, fallen, [""] * len(fallen), model), answer.model_copy(update=others)


def _identity(claim: _Claim | DraftTakeaway | DraftPartnership | Rejected) -> tuple[object, ...]:
    """Return what makes a claim the same one, whether drafted, rejected or proven."""
    said = claim.claim if isinstance(claim, Rejected) else claim.model_dump(include={"text", "parties", "status"})
    return (said["text"],) if "text" in said else (frozenset(said["parties"]), said["status"])


async def select(summary: Summary, engine: Engine, takeaways: int) -> tuple[Summary, DraftUsage]:
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


async def verify(summary: Summary, verifier: Verifier | None) -> tuple[Summary, DraftUsage]:
    """Ask a second model about the proven claims, and reject those that it finds unproven.

    Raises `EngineError`, `PromptError`: what was asked for was not done.
    """
    claims = _kept(summary)
    if verifier is None or not claims:
        return summary, DraftUsage()
    opinions = await verifier.verify(claims, summary.provenance.output_language)
    judged = zip(claims, opinions.entailed, opinions.why, strict=True)
    fallen = [(claim, why) for claim, entailed, why in judged if entailed is False]
    silent = list(opinions.entailed).count(None)
    notes = (f"{verifier.model} gave no second opinion on {silent} of {len(claims)} claims",) if silent else ()
    left = _without(summary, [claim for claim, _ in fallen], [why for _, why in fallen], verifier.model)
    return left, opinions.usage + DraftUsage(warnings=notes)


def _kept(summary: Summary) -> tuple[_Claim, ...]:
    return (*summary.takeaways, *summary.partnerships)


def _without(summary: Summary, fallen: Sequence[_Claim], why: Sequence[str], model: str) -> Summary:
    """Reject claims that a model does not find in their quotes; an empty `why` is said in our words."""
    update = {
        "takeaways": tuple(claim for claim in summary.takeaways if claim not in fallen),
        "partnerships": tuple(claim for claim in summary.partnerships if claim not in fallen),
        "rejected": (*summary.rejected, *(_rejected(*each, model) for each in zip(fallen, why, strict=True))),
    }
    return summary.model_copy(update=update)


def _rejected(claim: _Claim, why: str, model: str) -> Rejected:
    reason = Reason(code=ReasonCode.NOT_ENTAILED, message=why or f"{model} does not find it in the quoted words")
    return Rejected(kind=kind_of(claim), claim=as_drafted(claim), reasons=(reason,))
