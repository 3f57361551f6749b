"""How much text an element of a page holds, in any script."""

import re
from typing import Any, NamedTuple

_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")
_DENSE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")  # scripts without spaces between words

Element = Any
"""An element of lxml, which has no types."""


class TextSize(NamedTuple):
    """The number of words of an element, and how many of them are in links."""

    words: int
    linked: int

    @property
    def share(self) -> float:
        """The share of words that are in links."""
        return self.linked / self.words if self.words else 0.0


NOTHING = TextSize(0, 0)


def flat(text: str | None) -> str:
    """Return a text on one line, without soft hyphens, zero-width spaces and surrounding spaces."""
    return _SPACES.sub(" ", (text or "").replace("\u00ad", "").replace("\u200b", "")).strip()


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, case-folded, to compare texts regardless of punctuation."""
    return "".join(filter(str.isalnum, text.casefold()))


def words_in(text: str) -> int:
    """Count words; two characters of Chinese, Japanese or Korean count as one."""
    if text.isspace() or not text:
        return 0
    dense = len(_DENSE.findall(text))
    return len(_WORD.findall(_DENSE.sub(" ", text) if dense else text)) + (dense + 1) // 2


def text_of(element: Element) -> str:
    """Return the text of an element on one line, with a space between blocks."""
    return flat(" ".join(element.itertext()))


def measure(tree: Element) -> dict[Element, TextSize]:
    """Return the size of each element, computed in one pass from the leaves to the root."""
    sizes: dict[Element, TextSize] = {}
    for element in reversed(list(tree.iter())):
        words, linked = words_in(element.text or ""), 0
        for child in element:
            words += sizes[child].words + words_in(child.tail or "")
            linked += sizes[child].linked
        sizes[element] = TextSize(words, words if element.tag == "a" else linked)
    return sizes
