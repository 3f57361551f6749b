"""The ordinary words of an article: what it writes with a small letter somewhere is no name where a sentence begins."""

import re
from functools import cached_property

from .normalization import fold_all

FEW = 64
"""Words that are looked for one by one; who asks for more has them all gathered, which takes as long as forty."""

_TOKEN = re.compile(r"\w+")
_WIDE = re.compile("[ßẞŒœÆæĲĳŉǄ-ǌǱ-ǳİÞþ\ufb00-\ufb06\ufb13-\ufb17]")
"""Letters that fold to several: a word with one is not found letter by letter."""


class Vocabulary:
    """A set of folded words: `"alliance" in vocabulary`."""

    def __init__(self, text: str, plain: str) -> None:
        """`plain` is the text folded character by character."""
        self._text = text
        self._plain = plain
        self._known: dict[str, bool] = {}

    def __contains__(self, folded: object) -> bool:
        return isinstance(folded, str) and self._has(folded)

    def _has(self, folded: str) -> bool:
        known = self._known.get(folded)
        if known is None:
            gathered = len(self._known) >= FEW or self._is_wide
            known = self._known[folded] = folded in self._words if gathered else self._stands(folded)
        return known

    @cached_property
    def _is_wide(self) -> bool:
        return _WIDE.search(self._text) is not None

    @cached_property
    def _words(self) -> frozenset[str]:
        words = (word.lstrip("_") for word in set(_TOKEN.findall(self._text)))
        return frozenset(fold_all(word for word in words if word[:1].islower() and len(word) > 1))

    def _stands(self, folded: str) -> bool:
        """Tell whether a word stands in the text with a small letter, as a whole one."""
        if _TOKEN.fullmatch(folded) is None or len(folded) < 2:
            return False
        at = self._plain.find(folded)
        while at >= 0:
            end = at + len(folded)
            if self._text[at].islower() and not self._plain[at - 1 : at].isalnum() and not self._goes_on(end):
                return True
            at = self._plain.find(folded, end)
        return False

    def _goes_on(self, end: int) -> bool:
        following = self._plain[end : end + 1]
        return following.isalnum() or following == "_"
