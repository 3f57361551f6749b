"""How much a stretch of text says, in any script."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")
_DENSE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")  # written without spaces, or nearly so


def flat(text: str | None) -> str:
    """Return a text on one line, without soft hyphens and spaces around it."""
    return _SPACES.sub(" ", (text or "").replace("\u00ad", "").replace("\u200b", "")).strip()


def words_in(text: str) -> int:
    """Count words; two signs of Chinese, Japanese or Korean are as good as one."""
    dense = len(_DENSE.findall(text))
    return len(_WORD.findall(_DENSE.sub(" ", text) if dense else text)) + (dense + 1) // 2


def text_of(element: "HtmlElement") -> str:
    """Return all the words of an element on one line, a space where one block ends."""
    return flat(" ".join(element.itertext()))


def linked(element: "HtmlElement") -> float:
    """Return the share of an element's words that are links."""
    whole = words_in(text_of(element))
    return sum(words_in(text_of(link)) for link in element.iter("a")) / whole if whole else 0.0
