"""Merge drafts round-robin, so that no passage comes after all items of another."""

from collections.abc import Sequence
from itertools import chain, zip_longest

from ..schema import Draft, DraftUsage


def merge_drafts(drafts: Sequence[Draft]) -> Draft:
    """Merge the first takeaways of all drafts, then the second ones; partnerships in the order of the passages."""
    ranked = chain.from_iterable(zip_longest(*(draft.takeaways for draft in drafts)))
    takeaways = dict.fromkeys(filter(None, ranked))
    return Draft(
        takeaways=tuple(takeaways),
        partnerships=tuple(dict.fromkeys(chain.from_iterable(draft.partnerships for draft in drafts))),
        usage=sum((draft.usage for draft in drafts[1:]), drafts[0].usage if drafts else DraftUsage()),
    )
