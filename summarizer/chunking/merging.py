"""Drafts as one: round by round, so that no passage is heard only after another has had its say."""

from collections.abc import Sequence
from itertools import chain, zip_longest

from ..schema import Draft, DraftUsage


def merged(drafts: Sequence[Draft]) -> Draft:
    """Join drafts: the first takeaways of all, then the second ones; partnerships in the order of the passages."""
    ranked = chain.from_iterable(zip_longest(*(draft.takeaways for draft in drafts)))
    takeaways = dict.fromkeys(filter(None, ranked))
    return Draft(
        takeaways=tuple(takeaways),
        partnerships=tuple(dict.fromkeys(chain.from_iterable(draft.partnerships for draft in drafts))),
        usage=sum((draft.usage for draft in drafts[1:]), drafts[0].usage if drafts else DraftUsage()),
    )
