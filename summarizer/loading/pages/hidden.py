"""What no reader of the page sees: it is not the article, and may have been put there for machines only."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .signs import UNSEEN
from .words import text_of, words_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SILENT = ("script", "style", "template", "noscript", "object", "embed", "iframe", "svg", "canvas", "math", "select", "textarea")
_ZERO = r"0+(?:\.0+)?(?:px|em|rem|pt|%|vh|vw)?\s*(?:;|!|$)"
_HIDING = re.compile(
    rf"display:none|visibility:(?:hidden|collapse)|opacity:{_ZERO}|font-size:{_ZERO}|(?:^|;)(?:max-)?(?:height|width):(?:{_ZERO}|1px)"
    r"|(?:left|right|top|bottom|text-indent|margin-left|margin-top):-\d{3,}|clip:rect\((?:0|1px)|clip-path:inset\((?:50|100)%"
    r"|transform:scale\(0\)|content-visibility:hidden"
)
_RULE = re.compile(r"([^{}]{1,2000})\{([^{}]{0,2000})\}")
_SIMPLE = re.compile(r"^[.#][\w-]+$")
_MOST = 0.5
"""Of the words of a page: what hides more of it is an effect that shows it later."""


def remove(tree: "HtmlElement") -> None:
    """Take out of a page what is not shown."""
    rules = set(_hiding_rules(tree))
    whole = words_in(text_of(tree))
    for element in list(tree.iter(*_SILENT)):
        _drop(element)
    for element in [element for element in tree.iter() if _is_hidden(element, rules)]:
        if words_in(text_of(element)) <= _MOST * whole:
            _drop(element)


def _drop(element: "HtmlElement") -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _is_hidden(element: "HtmlElement", rules: set[str]) -> bool:
    if element.tag in ("html", "body"):
        return False
    has = element.attrib
    if "hidden" in has or has.get("aria-hidden", "").lower() == "true" or has.get("layout") == "nodisplay":
        return True
    if element.tag == "dialog" and "open" not in has:
        return True
    if (style := has.get("style")) and _HIDING.search(re.sub(r"\s+", "", style.lower())):
        return True
    return bool(UNSEEN.search(has.get("class", ""))) or not rules.isdisjoint(_named(element))


def _named(element: "HtmlElement") -> Iterator[str]:
    if name := element.get("id"):
        yield f"#{name}"
    yield from (f".{name}" for name in element.get("class", "").split())


def _hiding_rules(tree: "HtmlElement") -> Iterator[str]:
    """The classes and ids that a style sheet of the page hides, where it says so of them alone."""
    for sheet in tree.iter("style"):
        for selectors, rule in _RULE.findall(sheet.text or ""):
            if _HIDING.search(re.sub(r"\s+", "", rule.lower())) and "@" not in selectors:
                yield from (name for name in map(str.strip, selectors.split(",")) if _SIMPLE.match(name))
