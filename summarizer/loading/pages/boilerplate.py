"""The parts of a page that are not its article: menus, shares, boxes that lead elsewhere, comments, letters.

A part goes by its tag, its name, or its words. None goes that holds the headline, or too much of the page: names lie.
"""

from .hidden_elements import drop
from .markup_patterns import names, phrases
from .text_size import NOTHING, Element, TextSize, measure, text_of, words_in

_ALWAYS = ("nav", "button", "input", "label", "figcaption", "menu", "dialog", "textarea")
_ALWAYS_OF_AMP = ("amp-ad", "amp-embed", "amp-list", "amp-sidebar")
_INLINE = ("a", "span", "b", "strong", "em", "i", "u", "mark", "abbr", "font")
_MAYBE = frozenset(("aside", "form", "footer", "address"))
_NAMED = frozenset(
    (
        *("div", "section", "ul", "ol", "dl", "li", "p", "a", "span", "figure", "header", "details", "table"),
        *("blockquote", "center", "h2", "h3", "h4", "h5", "h6"),
    )
)
_SAYING = ("class", "id", "role", "aria-label", "data-component", "data-testid", "data-gu-name", "data-type", "name")
_LONGEST = 500
_MOST = 1 / 3
"""Of the words of a page."""
_LEFT = 40
"""Words of paragraphs that must stand outside of what readers say: `comments-open` may be the name of an article."""
_LEADING = 0.5
"""The share of links in what leads elsewhere."""
_LINE = 100
"""Words: what is longer is told, not listed."""
_LABEL = 6
_ONLY_LINKS = 0.9
"""The share of links in a line of a menu."""
_MAIN = 0.7
"""Of the words of a page that are no links: the article, where no element is called so."""
_FRAMES = ("body", "div", "section", "center", "form", "table", "tbody", "tr", "td", "span")


def shelter_quotes(tree: Element) -> None:
    """Take away the names of what stands in quotes: whoever is quoted is not the author."""
    for quote in tree.iter("blockquote"):
        for element in quote.iterdescendants("p", "cite", "footer", "div", "span"):
            _unname(element)


def remove(tree: Element) -> None:
    """Take out of a page what is not its article."""
    _unwrap_layout(tree)
    for parent in {word.getparent() for word in tree.iter(*_INLINE)}:
        if parent is not None and _speaks(parent):
            for word in parent.iterchildren(*_INLINE):  # no furniture, whatever it is called
                _unname(word)
    for element in list(tree.iter(*_ALWAYS, *_ALWAYS_OF_AMP)):
        drop(element)
    page = PageTree(tree)
    for element in page.elements:
        if page.is_furniture(element):
            drop(element)
    page = PageTree(tree)
    for element in page.elements:
        page.drop_what_leads_elsewhere(element)
    for figure in list(tree.iter("figure")):  # a table or a quote may stand in one
        figure.tag = "div"
    _frame(tree)


def _frame(tree: Element) -> None:
    """Mark what holds most of the words that are no links, where a page does not say so itself."""
    if next(tree.iter("article", "main"), None) is not None:
        return
    sizes = measure(tree)
    told = {element: size.words - size.linked for element, size in sizes.items()}
    holds = tree if tree.find("body") is None else tree.find("body")
    whole = told[holds]
    while inner := [child for child in holds if told[child] >= _MAIN * whole and child.tag in _FRAMES]:
        holds = inner[0]
    if holds.tag in ("div", "section", "td"):
        holds.tag = "article"


def _unname(element: Element) -> None:
    for key in ("class", "id", "rel", "itemprop"):
        element.attrib.pop(key, None)


class PageTree:
    """A page and how much each part of it says."""

    def __init__(self, tree: Element) -> None:
        self.sizes = measure(tree)
        self.elements = list(reversed(self.sizes))
        """In the order of the page."""
        self._words = self.sizes[tree].words
        self._told = sum(self.sizes[paragraph].words for paragraph in tree.iter("p"))
        self._speaking = {element: _speaks(element) for element in self.sizes if len(element)}
        self._headed = {parent for h1 in tree.iter("h1") for parent in (h1, *h1.iterancestors())}

    def is_furniture(self, element: Element) -> bool:
        """Whether an element is known by its tag or its names."""
        if element.tag in _MAYBE:
            parent = element.getparent()
            return not self._is_most(element) and (parent is None or parent.tag != "blockquote")
        if element.tag not in _NAMED or element in self._headed:
            return False
        says = " ".join(element.get(key, "")[:_LONGEST] for key in _SAYING)
        if not names("furniture").search(says):
            return False
        if not self._is_most(element) or (names("comments").search(says) and self._leaves_enough(element)):
            return True
        element.attrib.pop("class", None)  # nor shall trafilatura think so
        return False

    def _is_most(self, element: Element) -> bool:
        return element in self._headed or self._size(element).words > _MOST * self._words

    def _leaves_enough(self, element: Element) -> bool:
        inside = sum(self._size(paragraph).words for paragraph in element.iter("p"))
        return self._told - inside >= _LEFT and element not in self._headed

    def _size(self, element: Element) -> TextSize:
        return self.sizes.get(element, NOTHING)

    def drop_what_leads_elsewhere(self, element: Element) -> None:
        """Take out a line that leads to another article, with the list that it heads."""
        size = self._size(element)
        if not 0 < size.words <= _LINE or element in self._headed or _only_wraps(element):
            return
        if element.tag in _INLINE and self._speaking.get(element.getparent()):
            return
        text = text_of(element)
        if (
            phrases("noise").search(text)
            or (size.share >= _LEADING and phrases("share").search(text))
            or (size.share > _ONLY_LINKS and size.words <= _LINE / 4 and len(element.findall(".//a")) > 1)
        ):
            drop(element)
        elif not phrases("elsewhere").search(text) or self._is_most(element):
            return
        elif size.share >= _LEADING:
            drop(element)
        elif size.words <= _LABEL:
            self._drop_listing(element)

    def _drop_listing(self, heading: Element) -> None:
        """Take out a label, and what it heads, as far as that consists of links."""
        while (sibling := heading.getnext()) is not None:
            if self._size(sibling).share < _LEADING or self._size(sibling).words > 2 * _LINE:
                break
            drop(sibling)
        drop(heading)


def _speaks(parent: Element) -> bool:
    """Whether words stand beside what an element holds: then that is a part of a sentence."""
    return any(words and words_in(words) for words in (parent.text, *(child.tail for child in parent)))


def _only_wraps(element: Element) -> bool:
    """Whether an element adds nothing to its only child, which is looked at in its place."""
    return len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip()


# --- tables that are no tables -------------------------------------------------------------------------------------

_CELLS = ("tbody", "thead", "tfoot", "tr", "td", "th", "colgroup", "col")


def _unwrap_layout(tree: Element) -> None:
    """Turn the tables that old pages are laid out with into blocks."""
    tables = list(tree.iter("table"))
    if not tables:
        return
    sizes = measure(tree)
    layout = [table for table in tables if _is_layout(table, sizes)]
    for table in layout:
        table.tag = "div"
    for cell in list(tree.iter(*_CELLS)):
        if next(cell.iterancestors("table"), None) is None:
            cell.tag = "div"


def _is_layout(table: Element, sizes: dict[Element, TextSize]) -> bool:
    """A table that holds another, has one column, or tells a story in a cell."""
    if table.get("role") == "presentation" or next(table.iterdescendants("table"), None) is not None:
        return True
    if all(len(row) < 2 for row in table.iter("tr")):
        return True
    cells = list(table.iter("td"))
    return next(table.iter("th"), None) is None and any(sizes[cell].words > _LINE / 2 for cell in cells)
