"""What no reader of the page sees: it is not the article, and may have been put there for machines only."""

import re
from collections.abc import Iterator

from .markup_patterns import names
from .text_size import Element, measure

_SILENT = ("script", "style", "template", "noscript", "object", "embed", "iframe", "svg", "canvas", "math", "select")
_ZERO = r"0+(?:\.0+)?(?:px|em|rem|pt|%|vh|vw)?(?:;|!|$)"
_HIDING = re.compile(
    rf"display:none|visibility:(?:hidden|collapse)|opacity:{_ZERO}|font-size:{_ZERO}|content-visibility:hidden"
    rf"|(?:^|;)(?:max-)?(?:height|width):(?:{_ZERO}|1px)|transform:scale\(0\)"
    r"|(?:left|right|top|bottom|text-indent|margin-left|margin-top):-\d{3,}|clip:rect\([01]|clip-path:inset\((?:50|100)%"
)
_SHOWN_AGAIN = re.compile(r"\b\w+:(?:block|flex|grid|inline\S*|table)\b|\bd-\w+-(?:block|flex|grid|inline\S*)")
"""Names that hide on small screens only: `hidden md:block`, `d-none d-lg-flex`."""
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SIMPLE = re.compile(r"[.#][\w-]+\Z")
_LONGEST = 2_000
_MOST = 0.5
"""Of the words of a page: what hides more of it is an effect that shows it later."""


def remove(tree: Element) -> None:
    """Take out of a page what is not shown."""
    rules = set(_hiding_rules(tree))
    for element in list(tree.iter(*_SILENT)):
        drop(element)
    sizes = measure(tree)
    for element, size in reversed(sizes.items()):
        if size.words <= _MOST * sizes[tree].words and _is_hidden(element, rules):
            drop(element)


def drop(element: Element) -> None:
    """Take an element out of its tree; the text after it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def _is_hidden(element: Element, rules: set[str]) -> bool:
    has = element.attrib
    if "hidden" in has or has.get("aria-hidden", "").lower() == "true" or has.get("layout") == "nodisplay":
        return True
    if element.tag == "dialog" and "open" not in has:
        return True
    if (style := has.get("style")) and hides(style):
        return True
    called = has.get("class", "")[:_LONGEST]
    if called and names("unseen").search(called) and not _SHOWN_AGAIN.search(called):
        return True
    return bool(rules) and not rules.isdisjoint(_named(element))


def hides(style: str) -> bool:
    """Whether declarations of CSS keep what they are about from being seen."""
    return _HIDING.search(re.sub(r"\s+", "", style[:_LONGEST].lower())) is not None


def _named(element: Element) -> Iterator[str]:
    if name := element.get("id"):
        yield f"#{name}"
    yield from (f".{name}" for name in element.get("class", "")[:_LONGEST].split())


def _hiding_rules(tree: Element) -> Iterator[str]:
    """The classes and ids that a style sheet of the page hides, where it says so of them alone."""
    for sheet in tree.iter("style"):
        for selectors, rule in _RULE.findall(sheet.text or ""):
            if "@" not in selectors and hides(rule):
                yield from filter(_SIMPLE.match, map(str.strip, selectors.split(",")))
