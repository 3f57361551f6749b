"""Remove elements that are not displayed: they are not the article, and may be meant for machines only."""

import re
from collections.abc import Iterator

from .markup_patterns import names
from .text_size import Element, measure

_NOT_RENDERED = (
    "script",
    "style",
    "template",
    "noscript",
    "object",
    "embed",
    "iframe",
    "svg",
    "canvas",
    "math",
    "select",
)
_ZERO = r"0+(?:\.0+)?(?:px|em|rem|pt|%|vh|vw)?(?:;|!|$)"
_HIDING = re.compile(
    rf"display:none|visibility:(?:hidden|collapse)|opacity:{_ZERO}|font-size:{_ZERO}|content-visibility:hidden"
    rf"|(?:^|;)(?:max-)?(?:height|width):(?:{_ZERO}|1px)|transform:scale\(0\)"
    r"|(?:left|right|top|bottom|text-indent|margin-left|margin-top):-\d{3,}|clip:rect\([01]|clip-path:inset\((?:50|100)%"
)
_SHOWN_AGAIN = re.compile(r"\b\w+:(?:block|flex|grid|inline\S*|table)\b|\bd-\w+-(?:block|flex|grid|inline\S*)")
"""Classes that hide an element on small screens only: `hidden md:block`, `d-none d-lg-flex`."""
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SIMPLE = re.compile(r"[.#][\w-]+\Z")
_LONGEST = 2_000
_LARGEST_SHARE = 0.5
"""Of the words of a page: more is hidden only until a script shows it."""


def remove(tree: Element) -> None:
    """Remove what is not displayed."""
    rules = set(_hiding_rules(tree))
    for element in list(tree.iter(*_NOT_RENDERED)):
        drop(element)
    sizes = measure(tree)
    for element, size in reversed(sizes.items()):
        if size.words <= _LARGEST_SHARE * sizes[tree].words and _is_hidden(element, rules):
            drop(element)


def drop(element: Element) -> None:
    """Remove an element from its tree, and keep the text after it."""
    if element.getparent() is not None:
        element.drop_tree()


def _is_hidden(element: Element, rules: set[str]) -> bool:
    attributes = element.attrib
    if "hidden" in attributes or attributes.get("layout") == "nodisplay":
        return True
    if attributes.get("aria-hidden", "").lower() == "true":
        return True
    if element.tag == "dialog" and "open" not in attributes:
        return True
    if (style := attributes.get("style")) and hides(style):
        return True
    classes = attributes.get("class", "")[:_LONGEST]
    if classes and names("unseen").search(classes) and not _SHOWN_AGAIN.search(classes):
        return True
    return bool(rules) and not rules.isdisjoint(_selectors(element))


def hides(style: str) -> bool:
    """Return whether CSS declarations hide an element."""
    return _HIDING.search(re.sub(r"\s+", "", style[:_LONGEST].lower())) is not None


def _selectors(element: Element) -> Iterator[str]:
    if name := element.get("id"):
        yield f"#{name}"
    yield from (f".{name}" for name in element.get("class", "")[:_LONGEST].split())


def _hiding_rules(tree: Element) -> Iterator[str]:
    """Yield the classes and ids that a style sheet of the page hides by a selector of their own."""
    for sheet in tree.iter("style"):
        for selectors, rule in _RULE.findall(sheet.text or ""):
            if "@" not in selectors and hides(rule):
                yield from filter(_SIMPLE.match, map(str.strip, selectors.split(",")))
