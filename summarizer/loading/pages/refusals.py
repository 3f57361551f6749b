"""Pages that are no article: each is named, with what to do about it."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...errors import SourceError
from .facts import Facts
from .signs import CONSENT, ERROR, PAYWALL, SCRIPT
from .words import flat, linked, text_of, words_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SAVE = "save it from your browser, where you can read it, and give the file"
_STUB = 130
"""Words: what a paywall shows is less, and the briefest of whole articles has no paywall."""
_SHORT = 250
"""Words: an article that speaks of errors, or of cookies, is longer, or says that it is an article."""
_LISTED = 0.6
"""The share of links in a page that only leads to others."""


class Look(NamedTuple):
    """A page as it came, before anything was taken out of it."""

    headings: str
    text: str
    unscripted: str
    """What it says to browsers without scripts."""
    links: float


def look(tree: "HtmlElement") -> Look:
    """Take down what is needed to tell an article from other pages."""
    headings = " \n ".join(text_of(element) for element in tree.iter("title", "h1", "h2"))
    unscripted = " ".join(text_of(element) for element in tree.iter("noscript"))
    body = tree.find("body")
    shown = _shown(tree if body is None else body)
    return Look(headings, shown, unscripted, _share_of_links(tree))


def _shown(body: "HtmlElement") -> str:
    silent = {element for tag in ("script", "style", "noscript", "template") for element in body.iter(tag)}
    parts = (part for element in body.iter() if element not in silent for part in (element.text,))
    tails = (element.tail for element in body.iter())
    return flat(" ".join(filter(None, (*parts, *tails))))


def _share_of_links(tree: "HtmlElement") -> float:
    main = next(tree.iter("main", "article", "body"), tree)
    return linked(main)


def check(seen: Look, said: Facts, lines: Sequence[str], name: str) -> None:
    """Refuse a page that is no article. Raises `SourceError`, which names what it is."""
    words = words_in(" ".join(lines))
    if words < _SHORT and not said.is_article and ERROR.search(seen.headings):
        raise SourceError(f"cannot read {name!r}: it is an error page ({_first(ERROR, seen.headings)!r}); check the address")
    if words < 2 * _SHORT and len(_distinct(CONSENT, " ".join(lines) + seen.text)) >= 3 and not said.is_article:
        raise SourceError(f"cannot read {name!r}: it asks for consent to cookies before it shows the article; {_SAVE}")
    if words < _STUB and (PAYWALL.search(seen.text) or not said.free):
        raise SourceError(f"cannot read {name!r}: the article is for subscribers, and this is its beginning; {_SAVE}")
    if words < _STUB and not said.is_article and seen.links > _LISTED:
        raise SourceError(f"cannot read {name!r}: it is a page of links to articles; give the address of one of them")
    if words < 20 and SCRIPT.search(f"{seen.unscripted} {seen.text}"):
        raise SourceError(f"cannot read {name!r}: a script in a browser fills this page; {_SAVE}")
    if not words:
        raise SourceError(f"cannot read {name!r}: there is no article on the page; {_SAVE}")


def doubts(seen: Look, said: Facts, lines: Sequence[str]) -> tuple[str, ...]:
    """What a person should know of a page that was read."""
    if said.free or not PAYWALL.search(seen.text):
        return ()
    return ("the page says that it is for subscribers: what was read may be only the beginning of the article",)


def _first(phrases: "re.Pattern[str]", text: str) -> str:
    found = phrases.search(text)
    return found[0] if found else ""


def _distinct(phrases: "re.Pattern[str]", text: str) -> set[str]:
    return {found[0].casefold() for found in phrases.finditer(text)}
