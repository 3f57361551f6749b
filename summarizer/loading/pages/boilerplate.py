"""Remove the boilerplate of a page: menus, share buttons, related links, comments, newsletter boxes.

A name in the markup is not enough to remove an element: what holds the headline or much of the page stays, and so does
what reads like the paragraphs around it.
"""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy

from ..markup import Element, TextSize, fades, hides, is_hidden, measure, names, phrases, text_of, words_in

_ALWAYS = ("nav", "button", "input", "label", "figcaption", "menu", "dialog", "textarea", "amp-ad", "amp-embed")
_APART = ("form", "aside", "footer")
"""What trafilatura removes."""
_INLINE = ("a", "span", "b", "strong", "em", "i", "u", "mark", "abbr", "font")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_NEVER = ("html", "head", "body", "main", "article", "h1", "td", "meta", "link")
_NAMING_ATTRIBUTES = frozenset(
    ("class", "id", "role", "aria-label", "data-component", "data-testid", "data-gu-name", "data-type", "name")
)
_CONTROLS = ("form", "input", "button", "textarea", "time")
"""What boxes around an article have: newsletters, comments."""
_MEDIA = ("img", "picture", "video", "amp-img")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST = 500
_LARGEST_SHARE = 1 / 3
"""Of the words of a page, that an element to be removed may hold."""
_SECTION = 15
"""Words of paragraphs that a section of an article has at least."""
_LINKS = 0.5
"""The share of links in a list of related articles."""
_LINE = 100
"""Words: longer texts are not links to other articles."""
_LABEL = 6
_ONLY_LINKS = 0.9
"""The share of links in a menu."""
_MAIN = 0.7
"""Of the words outside links: the article holds as many, where no element is marked as the article."""


def remove(tree: Element, sizes: Mapping[Element, TextSize]) -> Element | None:
    """Remove what is not the article; return the tree as it was before, where names took more than they left."""
    _unwrap_layout(tree)
    for parent in {inline.getparent() for inline in tree.iter(*_INLINE)}:
        if parent is not None and _has_own_text(parent):
            for inline in parent.iterchildren(*_INLINE):  # part of a sentence, whatever its class
                _unname(inline)
    page = PageTree(tree, sizes)
    for element in list(tree.iter(*_ALWAYS, *_APART)):
        if page.is_large(element):  # a page may put everything into its <nav> or <form>
            element.tag = "div"
        elif element.tag not in _APART:
            drop(element)
    elements = list(tree.iter())
    named = [element for element in elements if page.is_boilerplate(element)]
    spare = deepcopy(tree) if page.prose_of(named) > page.prose / 2 else None
    for element in named:
        drop(element)
    for element in list(tree.iter()):
        page.drop_related_links(element)
    for figure in list(tree.iter("figure")):  # it may hold a table or a quote
        figure.tag = "div"
    _mark_article(tree)
    return spare


def _mark_article(tree: Element) -> None:
    """Mark the innermost element with most of the words outside links, where the page marks none itself."""
    if next(tree.iter("article", "main"), None) is not None:
        return
    sizes = measure(tree)
    words = {element: size.words - size.linked for element, size in sizes.items()}
    main = tree if tree.find("body") is None else tree.find("body")
    whole = words[main]
    while inner := [child for child in main if words[child] >= _MAIN * whole]:
        main = inner[0]
    if main.tag in ("div", "section", "td"):
        main.tag = "article"


def _unname(element: Element) -> None:
    for key in ("class", "id", "rel", "itemprop", "role"):
        element.attrib.pop(key, None)


class PageTree:
    """A page, and how much text each element holds."""

    def __init__(self, tree: Element, sizes: Mapping[Element, TextSize]) -> None:
        self.sizes = sizes
        self.prose = sizes[tree].prose
        self._words = sizes[tree].words
        self._called: dict[str, bool] = {}
        self._own_text: dict[Element, bool] = {}
        self._with_headline = {parent for h1 in tree.iter("h1") for parent in (h1, *h1.iterancestors())}
        self._with_controls = {parent for control in tree.iter(*_CONTROLS) for parent in control.iterancestors()}
        self._with_media = {parent for medium in tree.iter(*_MEDIA) for parent in medium.iterancestors()}

    def prose_of(self, elements: Sequence[Element]) -> int:
        """Return the words in paragraphs of the outermost of some elements, in document order."""
        inside: set[Element] = set()
        words = 0
        for element in elements:
            if element.getparent() not in inside:
                words += self.sizes[element].prose
            inside.update(element.iter())
        return words

    def is_boilerplate(self, element: Element) -> bool:
        """Return whether an element is boilerplate by its names; a part of the article loses names that mislead."""
        if element.tag in _NEVER or not element.attrib or element in self._with_headline:
            return False
        named = " ".join(value[:_LONGEST] for key, value in element.attrib.items() if key in _NAMING_ATTRIBUTES)
        if (called := self._called.get(named)) is None:
            called = self._called[named] = names("boilerplate").search(_CAMEL.sub("-", named)) is not None
        if self._reads_on(element) or (called and self.is_large(element)):
            _unname(element)  # trafilatura must not remove it either
            return False
        return called

    def is_large(self, element: Element) -> bool:
        """Return whether an element holds the headline, or much of the page."""
        return element in self._with_headline or self.sizes[element].words > _LARGEST_SHARE * self._words

    def _reads_on(self, element: Element) -> bool:
        """Return whether an element goes on from the paragraph before it, to the one after it or under a heading."""
        if element in self._with_controls or not self._is_paragraph(element.getprevious()):
            return False
        followed = self._is_paragraph(element.getnext())
        if element.tag in _HEADINGS:
            return followed
        size = self.sizes[element]
        if size.prose < _SECTION or size.share >= _LINKS / 2 or element in self._with_media:
            return False
        titles = (text_of(heading) for heading in element.iter(*_HEADINGS))
        if any(title and not names("boilerplate").search(title) for title in titles):
            return True
        if not followed and size.prose * 2 < self.sizes[element.getparent()].prose:
            return False
        return element.tag == "p" or sum(map(self._is_paragraph, element)) > 1

    def _is_paragraph(self, element: Element | None) -> bool:
        return element is not None and element.tag == "p" and self.sizes[element].prose > 0

    def _is_sentence(self, parent: Element) -> bool:
        if parent not in self._own_text:  # many links may share one
            self._own_text[parent] = _has_own_text(parent)
        return self._own_text[parent]

    def drop_related_links(self, element: Element) -> None:
        """Remove a line that links to another article, with the list under it."""
        size = self.sizes[element]
        if not 0 < size.words <= _LINE or element in self._with_headline or _only_wraps(element):
            return
        parent = element.getparent()
        if parent is None or (element.tag in _INLINE and self._is_sentence(parent)):
            return
        text = text_of(element)
        if (
            phrases("noise").search(text)
            or (size.share >= _LINKS and phrases("share").search(text))
            or (size.share > _ONLY_LINKS and size.words <= _LINE / 4 and len(element.findall(".//a")) > 1)
        ):
            drop(element)
        elif phrases("elsewhere").search(text) and not self.is_large(element):
            if size.share < _LINKS and size.words <= _LABEL:  # a heading: with the links under it
                while (listing := element.getnext()) is not None and self.sizes[listing].share >= _LINKS:
                    drop(listing)
            if size.share >= _LINKS or size.words <= _LABEL:
                drop(element)


def _has_own_text(parent: Element) -> bool:
    """Return whether an element has text beside its children, which are then part of a sentence."""
    return any(text and words_in(text) for text in (parent.text, *(child.tail for child in parent)))


def _only_wraps(element: Element) -> bool:
    """Return whether an element adds nothing to its only child, which is examined instead."""
    return len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip()


def _unwrap_layout(tree: Element) -> None:
    """Turn tables that hold another one, or a cell of running text, into blocks."""
    for table in list(tree.iter("table")):
        if table.find(".//table") is not None or any(words_in(text_of(cell)) > _LINE / 2 for cell in table.iter("td")):
            for part in (table, *table.xpath(".//*[self::tbody or self::tr or self::td or self::th]")):
                part.tag = "div"


# --- hidden elements ------------------------------------------------------------------------------------------

_NOT_RENDERED = ("script", "style", "template", "object", "embed", "iframe", "svg", "canvas", "math", "select")
_RULE = re.compile(r"(?:(?<=\})|^)\s*([.#][\w-]+(?:\s*,\s*[.#][\w-]+)*)\s*\{([^{}]*)")
"""Of a style sheet: classes and ids by themselves."""
_SHOWN = re.compile(r"[\w)] ([.#][\w-]+)\{[^{}]*?display:(?!none)")
"""What is displayed in its place, whatever it is elsewhere."""
_LEAST_SHOWN = 60
"""Words in paragraphs: a page that shows fewer waits for a script to show the article."""


def remove_hidden(tree: Element) -> bool:
    """Remove what is not displayed; return whether hidden text was kept, because the page shows hardly any other.

    That is text that scripts show, fade in, or would replace (`<noscript>`).
    """
    sheets = "}".join(sheet.text or "" for sheet in tree.iter("style"))
    hiding = (selectors for selectors, declarations in _RULE.findall(sheets) if hides(declarations))
    rules = {name.strip() for selectors in hiding for name in selectors.split(",")}.difference(_SHOWN.findall(sheets))
    for element in list(tree.iter(*_NOT_RENDERED)):
        drop(element)
    sizes = measure(tree)
    hidden: list[Element] = []
    inside: set[Element] = set()
    for element in reversed(sizes):
        outermost = element.getparent() not in inside
        if not outermost or element.tag == "noscript" or _is_hidden(element, rules):
            inside.add(element)
            hidden.extend([element] if outermost else [])
    shown = sizes[tree].prose - sum(sizes[element].prose for element in hidden)
    kept = hidden if shown < _LEAST_SHOWN else [element for element in hidden if fades(element.get("style", ""))]
    prose = sum(sizes[element].prose for element in kept)
    kept = [element for element in kept if sizes[element].prose] if prose > shown else []
    for element in set(hidden).difference(kept):
        drop(element)
    for element in kept:
        element.tag = "div" if element.tag == "noscript" else element.tag
        for key in ("style", "hidden", "aria-hidden"):  # trafilatura must not remove it either
            element.attrib.pop(key, None)
    return bool(kept)


def drop(element: Element) -> None:
    """Remove an element from its tree, and keep the text after it."""
    if element.getparent() is not None:
        element.drop_tree()


def _is_hidden(element: Element, rules: set[str]) -> bool:
    if is_hidden(element):
        return True
    if not rules:
        return False
    return not rules.isdisjoint((f"#{element.get('id')}", *(f".{name}" for name in element.get("class", "").split())))
