"""The parts of a page that are not its article: menus, shares, boxes that lead elsewhere, comments, letters to sign up for.

A part goes by its tag, its name, or its words. None goes that holds the headline, or too much of the page: names lie.
"""

from typing import TYPE_CHECKING

from .signs import COMMENTS, ELSEWHERE, FURNITURE, NOISE
from .words import linked, text_of, words_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ALWAYS = ("nav", "button", "input", "label", "figcaption", "amp-ad", "amp-embed", "amp-list", "amp-sidebar", "menu", "dialog")
_MAYBE = ("aside", "form", "footer", "address")
_PARTS = frozenset("div section aside ul ol dl p span figure header footer form details table h2 h3 h4 h5 h6 a li center".split())
_BLOCKS = ("p", "div", "li", "section", "aside", "h2", "h3", "h4", "h5", "h6", "span", "strong", "b", "td", "header", "ul")
_SAYING = ("class", "id", "role", "aria-label", "data-component", "data-testid", "data-gu-name", "data-type", "name")
_MOST = 1 / 3
"""Of the words of a page."""
_LINKED = 0.5
"""The share of links in a line that leads elsewhere."""
_LONG = 25
"""Words of a paragraph that is told, not listed."""


def remove(tree: "HtmlElement") -> None:
    """Take out of a page what is not its article."""
    _unwrap_layout(tree)
    page = words_in(text_of(tree))
    for element in list(tree.iter(*_ALWAYS)):
        _drop(element)
    for element in list(tree.iter()):
        if _is_furniture(element, page):
            _drop(element)
    for element in list(tree.iter(*_BLOCKS)):
        if element.getroottree().getroot() is tree:
            _drop_what_leads_elsewhere(element, page)
    for figure in list(tree.iter("figure")):  # a table or a quote may stand in one
        figure.tag = "div"


def _drop(element: "HtmlElement") -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _is_furniture(element: "HtmlElement", page: int) -> bool:
    if element.tag not in _PARTS and element.tag not in _MAYBE:
        return False
    says = " ".join(element.get(key, "") for key in _SAYING)
    if element.tag in _MAYBE and element.getparent() is not None and element.getparent().tag != "blockquote":
        return not _is_the_page(element, page)
    if COMMENTS.search(says) and not _has_headline(element):
        return True
    return bool(FURNITURE.search(says)) and not _is_the_page(element, page)


def _is_the_page(element: "HtmlElement", page: int) -> bool:
    return _has_headline(element) or words_in(text_of(element)) > _MOST * page


def _has_headline(element: "HtmlElement") -> bool:
    return element.tag == "h1" or next(element.iter("h1"), None) is not None


def _drop_what_leads_elsewhere(element: "HtmlElement", page: int) -> None:
    """Take out a line that leads to another article, with the list that it heads."""
    text = text_of(element)
    if NOISE.search(text):
        if not _has_headline(element):
            _drop(element)
        return
    if not ELSEWHERE.search(text) or _is_the_page(element, page):
        return
    if linked(element) >= _LINKED and words_in(text) < 4 * _LONG:
        _drop(element)
    elif words_in(text) <= 6 and element.tag not in ("span", "strong", "b"):
        _drop_listing(element)


def _drop_listing(heading: "HtmlElement") -> None:
    """Take out a heading, and what it heads, as far as that consists of links."""
    for sibling in list(heading.itersiblings()):
        if linked(sibling) < _LINKED or words_in(text_of(sibling)) > 8 * _LONG:
            break
        _drop(sibling)
    parent = heading.getparent()
    _drop(heading)
    if parent is not None and parent.tag not in ("body", "html") and not text_of(parent):
        _drop(parent)


# --- tables that are no tables -------------------------------------------------------------------------------------

_CELLS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th", "colgroup", "col", "center", "font")


def _unwrap_layout(tree: "HtmlElement") -> None:
    """Turn the tables that old pages are laid out with into blocks."""
    for table in list(tree.iter("table")):
        if _is_layout(table):
            for element in [table, *(cell for cell in table.iter(*_CELLS) if _table_of(cell) is table)]:
                element.tag = "div" if element.tag not in ("font", "center") else "span"
                element.attrib.pop("align", None)


def _table_of(cell: "HtmlElement") -> "HtmlElement | None":
    return next(cell.iterancestors("table"), None) if cell.tag != "table" else None


def _is_layout(table: "HtmlElement") -> bool:
    if table.get("role") == "presentation" or next(table.iterdescendants("table"), None) is not None:
        return True
    if next(table.iter("th"), None) is not None:
        return False
    return any(words_in(text_of(cell)) > 2 * _LONG for cell in table.iter("td"))
