"""An article in passages that a model can see at one time, and their drafts as one again: two halves of one idea.

splitting  where an article is cut        merging  drafts as one, nothing proven yet
asking     all passages at the same time

An article that fits is one passage: none of that is imported for it.
"""

from collections.abc import Sequence

from ..protocols import Engine
from ..schema import Article, Draft, Passage
from ..settings import DEFAULT_TAKEAWAYS

__all__ = ["draft_all", "merge", "split"]


def split(
    article: Article, window: int, *, output_language: str | None = None, takeaways: int = DEFAULT_TAKEAWAYS
) -> list[Passage]:
    """Cut an article into passages of at most `window` characters; every passage keeps the whole article.

    They are cut between sections before paragraphs before sentences, and overlap, so that a quote across a border is
    whole in one of them. A sentence that is longer than the window is cut too, for it must be read.
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
    """Join the drafts of passages: the first takeaways of all before the second ones, the same item once.

    What each of them cost, and what was wrong with it, adds up. What says the same in other words is joined when it is
    proven: only then is it known who is meant, and a bad quote of one must not cost the other.
    """
    if len(drafts) == 1:
        return drafts[0]
    from .merging import merged

    return merged(drafts)


async def draft_all(engine: Engine, passages: Sequence[Passage]) -> Draft:
    """Ask for the drafts of all passages at the same time, within the engine's own bounds, and merge them.

    A passage that got no draft costs only itself: `usage.unread` and a warning say which characters were not read.
    Raises `EngineError` where nobody answered, or where the engine would refuse whatever it is asked.
    """
    if len(passages) == 1:
        return await engine.draft(passages[0])
    from .passage_drafting import asked

    return await asked(engine, passages)
