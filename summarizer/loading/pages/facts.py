"""What a page says of its article: title, date, author, site, language."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ...text.language import identify
from .words import flat, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLES = re.compile(r"article|posting|report|story", re.IGNORECASE)
_DEEPEST = 12
_LONGEST_TITLE = 300


class Facts(NamedTuple):
    """What stands in the metadata."""

    title: str | None = None
    author: str | None = None
    site: str | None = None
    date: str | None = None
    body: str | None = None
    """The whole article as JSON-LD has it, for pages that scripts fill."""
    free: bool = True
    """False where the page itself says that it is for subscribers."""
    is_article: bool = False


def gather(tree: "HtmlElement") -> Facts:
    """Read the metadata of a page: JSON-LD as it is, the rest through trafilatura."""
    from trafilatura.metadata import extract_metadata

    linked = _of_json_ld(tree)
    found = extract_metadata(tree, extensive=False)
    return Facts(
        title=_clean(linked.title or found.title),
        author=found.author,
        site=_site(linked.site or found.sitename, tree),
        date=_day(linked.date) or _day(found.date),
        body=linked.body,
        free=linked.free,
        is_article=linked.is_article or (found.pagetype or "") == "article",
    )


def _clean(title: Any) -> str | None:
    return flat(title)[:_LONGEST_TITLE] or None if isinstance(title, str) else None


def _day(date: Any) -> str | None:
    found = re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", date) if isinstance(date, str) else None
    return found[0] if found else None


def _site(name: Any, tree: "HtmlElement") -> str | None:
    """The site, where the page names it: what is only a host name says nothing that the address does not."""
    named = tree.xpath('string(//meta[@property="og:site_name"]/@content)')
    return _clean(str(named)) or _clean(name)


# --- JSON-LD -------------------------------------------------------------------------------------------------------


def _of_json_ld(tree: "HtmlElement") -> Facts:
    for thing in _things(tree):
        if _ARTICLES.search(str(thing.get("@type", ""))) and (thing.get("headline") or thing.get("articleBody")):
            publisher = thing.get("publisher")
            return Facts(
                title=_string(thing.get("headline")),
                site=_string(publisher.get("name")) if isinstance(publisher, dict) else None,
                date=_string(thing.get("datePublished")) or _string(thing.get("dateCreated")),
                body=_string(thing.get("articleBody")),
                free=str(thing.get("isAccessibleForFree", True)).lower() not in ("false", "no", "0"),
                is_article=True,
            )
    return Facts()


def _string(value: Any) -> str | None:
    from html import unescape

    return unescape(value) if isinstance(value, str) and value.strip() else None


def _things(tree: "HtmlElement") -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in script.get("type", "").lower() and script.text:
            try:
                yield from _walk(json.loads(script.text, strict=False), 0)
            except (ValueError, RecursionError):
                continue


def _walk(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Things within things, the outer first."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield value
        value = [value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]
    if isinstance(value, list):
        for part in value:
            yield from _walk(part, depth + 1)


# --- title ---------------------------------------------------------------------------------------------------------


def headline(tree: "HtmlElement", said: Facts) -> str | None:
    """Return the headline as a reader sees it, if the page shows one that its metadata bear out."""
    names = [name for name in (said.title, flat(tree.findtext(".//title")), _og_title(tree)) if name]
    for heading in tree.iter("h1", "h2", "h3"):
        shown = text_of(heading)
        if shown and any(shown.casefold() in name.casefold() for name in names) and shown != said.site:
            return shown
    return _without_site(names[0], said.site) if names else None


def _og_title(tree: "HtmlElement") -> str:
    return flat(str(tree.xpath('string(//meta[@property="og:title"]/@content)')))


def _without_site(title: str, site: str | None) -> str:
    cut = re.sub(rf"\s*[|–—:_-]\s*{re.escape(site)}\s*$", "", title) if site else title
    return cut or title


# --- date and language -----------------------------------------------------------------------------------------------


def published(tree: "HtmlElement", said: Facts) -> str | None:
    """Return the day of publication in ISO 8601, None where the page does not say."""
    return said.date


_OLD_TAGS = {"iw": "he", "in": "id", "no": "nb", "jp": "ja", "cn": "zh"}


def language(tree: "HtmlElement", text: str) -> str | None:
    """Return the language that the page declares, None where its words are to tell.

    Templates are left in English, and press releases come in English on pages of other languages: there words tell.
    """
    declared = _declared(tree)
    return declared if declared and "en" not in (declared, identify(text)) else None


def _declared(tree: "HtmlElement") -> str | None:
    root = tree.getroottree().getroot()
    said = root.get("lang") or root.get("xml:lang") or tree.xpath('string(//meta[@property="og:locale"]/@content)')
    found = re.match(r"[a-z]{2,3}(?![a-z])", str(said).strip().lower())
    return _OLD_TAGS.get(found[0], found[0]) if found else None
