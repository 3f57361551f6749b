"""Refuse pages that are not an article, each with its reason and advice."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from ...errors import SourceError
from ..markup import Element, TextSize, flat, phrases, text_of, words_in
from .article_body import Body
from .page_metadata import PageMetadata

_SAVE = "save it from your browser, where you can read it, and give the file"
_STUB = 130
"""Words: the teaser before a paywall is shorter."""
_SCRAP = 60
"""Words: shorter than a brief."""
_LISTED = 0.6
"""The share of links in a page that only lists articles."""
_HEADLINE = 5
"""Words."""
_HEADLINES = 15
"""Links of a front page."""
_FRONT = 0.5
"""The share of links in a front page whose address is not known."""
_CONSENT_PHRASES = 3
"""Different phrases that make a consent wall: no article uses as many."""
_LONGEST = 20_000
"""Characters of a page that are examined."""


class PageSignals(NamedTuple):
    """A page as displayed, before its boilerplate is removed."""

    headings: str
    text: str
    """Between header and footer."""
    link_share: float
    noscript: str
    next_page: str | None
    """The URL of the article's second page."""
    headlines: int
    """How many links are as long as a headline."""
    address: str | None
    """The path of the page's own URL, if it names it."""


def noscript_text(tree: Element) -> str:
    """Return what a page shows to browsers without scripts only."""
    return " ".join(text_of(element) for element in tree.iter("noscript"))[:_LONGEST]


def signals(tree: Element, sizes: Mapping[Element, TextSize], noscript: str) -> PageSignals:
    """Collect what is needed to tell an article from other pages."""
    headings = " \n ".join(text_of(element)[:300] for element in tree.iter("title", "h1", "h2"))
    text = flat(" ".join(_main_text(tree)))
    main = next((element for tag in ("main", "article", "body") for element in tree.iter(tag)), tree)
    headlines = sum(sizes[link].words >= _HEADLINE for link in tree.iter("a"))
    return PageSignals(
        headings[:_LONGEST], text[:_LONGEST], sizes[main].share, noscript, _next_page(tree), headlines, _address(tree)
    )


def _address(tree: Element) -> str | None:
    url = tree.xpath("string((//link[@rel='canonical']/@href | //meta[@property='og:url']/@content)[1])")
    try:
        return urlsplit(url.strip()).path if url.strip() else None
    except ValueError:
        return None


def _main_text(tree: Element) -> Iterator[str]:
    """Yield the text outside header, menus and footer, where every site advertises subscriptions."""
    from lxml.etree import iterwalk

    body = tree.find("body")
    skipped = 0
    for event, element in iterwalk(tree if body is None else body, events=("start", "end")):
        apart = element.tag in ("nav", "footer") or (element.tag == "header" and element.find(".//h1") is None)
        skipped += (1 if event == "start" else -1) if apart else 0
        if text := element.text if event == "start" else element.tail:
            yield "" if skipped else text


def _next_page(tree: Element) -> str | None:
    """Return the URL of the second page of an article; `rel=next` may also be the next article."""
    for link in tree.iter("link", "a"):
        url = link.get("href", "")
        if "next" in link.get("rel", "").split() and url.rstrip("/").endswith(("=2", "/2", "-2", "_2", "/page2")):
            return flat(url)
    return None


def check(page: PageSignals, metadata: PageMetadata, body: Body, name: str) -> None:
    """Raise `SourceError` for a page that is not an article."""
    if reason := next(_reasons(page, metadata, body.lines), None):
        raise SourceError(f"cannot read {name!r}: {reason}")


def _reasons(page: PageSignals, metadata: PageMetadata, lines: Sequence[str]) -> Iterator[str]:
    words = words_in(" ".join(lines))
    stub = words < _STUB
    if stub and not metadata.is_article and (error := phrases("error").search(page.headings)):
        yield f"it is an error page ({flat(error[0])!r}); check the address"
    if _asks_for_consent(" ".join(lines)) or (words < _SCRAP and _asks_for_consent(page.text)):
        yield f"it asks for consent to cookies before it shows the article; {_SAVE}"
    if (stub and phrases("paywall").search(page.text)) or (words < _SCRAP and not metadata.free):
        yield f"the article is for subscribers, and this is only its beginning; {_SAVE}"
    if stub and not metadata.is_article and page.link_share > _LISTED:
        yield "it is a page of links to articles; give the address of one of them"
    if _is_front_page(page, metadata):
        yield "it is a front page, with the beginnings of many articles; give the address of one of them"
    if words < _SCRAP / 2 and phrases("script").search(f"{page.noscript} {page.text}"):
        yield f"a script in a browser fills this page; {_SAVE}"
    if not words:
        yield f"there is no article on the page; {_SAVE}"


def _is_front_page(page: PageSignals, metadata: PageMetadata) -> bool:
    """Return whether a page of many headlines neither calls itself an article nor has an address like one.

    Of 138 articles 137 call themselves so; the address of an article has a number or several words in its last part.
    """
    if metadata.declares_article or page.headlines < _HEADLINES:
        return False
    if page.address is None:
        return page.link_share > _FRONT
    last = page.address.rstrip("/").rpartition("/")[2]
    named = "." in last and not last.startswith("index.")
    return not named and last.count("-") + last.count("_") < 2 and not any(map(str.isdigit, last))


def _asks_for_consent(text: str) -> bool:
    found = phrases("consent").finditer(text[:_LONGEST])
    return len({phrase[0].casefold() for phrase in found}) >= _CONSENT_PHRASES


def warnings(page: PageSignals, metadata: PageMetadata, body: Body, hidden: bool) -> tuple[str, ...]:
    """Return the warnings on a page that was read."""
    notes = []
    if not metadata.free and (phrases("paywall").search(page.text) or words_in(" ".join(body.lines)) < _STUB):
        notes.append("the page says that it is for subscribers: what was read may be only the article's beginning")
    if hidden:
        notes.append(
            "more of the page is hidden than shown without scripts: what was read may hold words that no reader sees"
        )
    if body.from_json_ld:
        notes.append("the page shows less without scripts: what was read is the text that it keeps for search engines")
    if page.next_page:
        notes.append(f"the article goes on at {page.next_page!r}: only its first page was read")
    return tuple(notes)
