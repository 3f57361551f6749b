"""Pages that are no article: each is named, with what to do about it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...errors import SourceError
from .article_body import Body
from .markup_patterns import phrases
from .page_metadata import PageMetadata
from .text_size import Element, flat, measure, text_of, words_in

_SAVE = "save it from your browser, where you can read it, and give the file"
_STUB = 130
"""Words: what a paywall shows is less."""
_BIT = 60
"""Words: hardly a brief."""
_LISTED = 0.6
"""The share of links in a page that only leads to others."""
_WALL = 3
"""Phrases of consent that no article has in its own voice."""
_LOOKED_AT = 20_000
"""Characters: enough to know a page."""


class PageSignals(NamedTuple):
    """A page as a reader sees it, before its furniture is taken out."""

    headings: str
    text: str
    """What stands between header and footer."""
    links: float
    unscripted: str
    onward: str | None
    """Where its next page is."""


def said_without_scripts(tree: Element) -> str:
    """Return what a page says to browsers without scripts, which is hidden from others."""
    return " ".join(text_of(element) for element in tree.iter("noscript"))[:_LOOKED_AT]


def look(tree: Element, unscripted: str) -> PageSignals:
    """Take down what is needed to tell an article from other pages."""
    headings = " \n ".join(text_of(element)[:300] for element in tree.iter("title", "h1", "h2"))
    text = flat(" ".join(_between(tree)))
    main = next((element for tag in ("main", "article", "body") for element in tree.iter(tag)), tree)
    return PageSignals(headings[:_LOOKED_AT], text[:_LOOKED_AT], measure(main)[main].share, unscripted, _onward(tree))


def _between(tree: Element) -> Iterator[str]:
    """The words of a page but for its header, its menus and its footer: there every site asks for subscribers."""
    body = tree.find("body")
    skipped = 0
    from lxml.etree import iterwalk

    for event, element in iterwalk(tree if body is None else body, events=("start", "end")):
        apart = element.tag in ("nav", "footer") or (element.tag == "header" and element.find(".//h1") is None)
        skipped += (1 if event == "start" else -1) if apart else 0
        if words := element.text if event == "start" else element.tail:
            yield "" if skipped else words


def _onward(tree: Element) -> str | None:
    """The address of the second page of an article; a link to the next article is none."""
    for link in tree.iter("link", "a"):
        place = link.get("href", "")
        if "next" in link.get("rel", "").split() and place.rstrip("/").endswith(("=2", "/2", "-2", "_2", "/page2")):
            return flat(place)
    return None


def check(seen: PageSignals, said: PageMetadata, found: Body, name: str) -> None:
    """Refuse a page that is no article. Raises `SourceError`, which names what it is."""
    words = words_in(" ".join(found.lines))
    if reason := next(_reasons(seen, said, found.lines, words), None):
        raise SourceError(f"cannot read {name!r}: {reason}")


def _reasons(seen: PageSignals, said: PageMetadata, lines: Sequence[str], words: int) -> Iterator[str]:
    stub = words < _STUB
    if stub and not said.is_article and (error := phrases("error").search(seen.headings)):
        yield f"it is an error page ({flat(error[0])!r}); check the address"
    if _asks_for_consent(" ".join(lines)) or (words < _BIT and _asks_for_consent(seen.text)):
        yield f"it asks for consent to cookies before it shows the article; {_SAVE}"
    if (stub and phrases("paywall").search(seen.text)) or (words < _BIT and not said.free):
        yield f"the article is for subscribers, and this is only its beginning; {_SAVE}"
    if stub and not said.is_article and seen.links > _LISTED:
        yield "it is a page of links to articles; give the address of one of them"
    if words < _BIT / 2 and phrases("script").search(f"{seen.unscripted} {seen.text}"):
        yield f"a script in a browser fills this page; {_SAVE}"
    if not words:
        yield f"there is no article on the page; {_SAVE}"


def _asks_for_consent(text: str) -> bool:
    found = phrases("consent").finditer(text[:_LOOKED_AT])
    return len({phrase[0].casefold() for phrase in found}) >= _WALL


def doubts(seen: PageSignals, said: PageMetadata, found: Body) -> tuple[str, ...]:
    """What a person should know of a page that was read."""
    notes = []
    if not said.free and (phrases("paywall").search(seen.text) or words_in(" ".join(found.lines)) < _STUB):
        notes.append("the page says that it is for subscribers: what was read may be only the article's beginning")
    if found.of_data:
        notes.append("the page shows less without scripts: what was read is the text that it keeps for search engines")
    if seen.onward:
        notes.append(f"the article goes on at {seen.onward!r}: only its first page was read")
    return tuple(notes)
