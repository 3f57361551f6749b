"""Split an article into passages that fit the window of a model, draft each, and merge the drafts.

splitting         where an article is cut
passage_drafting  draft all passages concurrently
merging           merge the drafts, before grounding

An article that fits is one passage, for which none of these modules is imported.
"""

from collections.abc import Sequence

from .. import defaults
from ..protocols import Engine
from ..schema import Article, Draft, Passage

__all__ = ["draft_all", "merge", "split"]


def split(
    article: Article, window: int, *, output_language: str | None = None, takeaways: int = defaults.TAKEAWAYS
) -> list[Passage]:
    """Split an article into passages of at most `window` characters; every passage refers to the whole article.

    Cuts are between sections rather than paragraphs rather than sentences. Passages overlap, so that a quote across a
    cut is whole in one of them. A sentence longer than the window is cut too.
    """
    language = output_language or article.language
    size = len(article.text)
    if size <= window:
        return [Passage(article=article, start=0, end=size, output_language=language, takeaways=takeaways)]
    from .splitting import spans

    return [
        Passage(article=article, start=start, end=end, output_language=language, takeaways=takeaways)
        for start, end in spans(article.text, window)
    ]


def merge(drafts: Sequence[Draft]) -> Draft:
    """Merge the drafts of passages: the first takeaways of all before the second ones, without identical items.

    Usage and warnings add up. Paraphrases are merged after grounding: only then is it known which organisations are
    meant, and a bad quote of one must not invalidate the other.
    """
    if len(drafts) == 1:
        return drafts[0]
    from .merging import merge_drafts

    return merge_drafts(drafts)


async def draft_all(engine: Engine, passages: Sequence[Passage]) -> Draft:
    """Draft all passages concurrently, within the engine's own limits, and merge the drafts.

    A passage that fails does not fail the others: `usage.unread` and a warning name the characters that were not read.
    Raises `EngineError` where every passage failed, or where the engine would refuse any request.
    """
    if len(passages) == 1:
        return await engine.draft(passages[0])
    from .passage_drafting import draft_passages

    return await draft_passages(engine, passages)
