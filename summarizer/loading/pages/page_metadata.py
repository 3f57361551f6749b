"""The metadata of a page: title, date, author, language."""

import json
import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import Any, NamedTuple

from ...language.identification import identify
from ..markup import Element, flat, text_of, words_in

_ARTICLE = re.compile(r"article|posting|report|story", re.IGNORECASE)
_DEEPEST = 12
_LONGEST_TITLE = 300


class PageMetadata(NamedTuple):
    """What a page declares about its article."""

    title: str | None = None
    author: str | None = None
    date: str | None = None
    """Of publication, as ISO 8601."""
    body: str | None = None
    """The article in JSON-LD, for pages that scripts fill."""
    free: bool = True
    """False where the page declares that it is for subscribers."""
    is_article: bool = False


def extract(tree: Element) -> PageMetadata:
    """Read the metadata of a page: JSON-LD first, the rest with trafilatura."""
    from trafilatura.metadata import extract_metadata

    json_ld = _json_ld(tree)
    found = extract_metadata(tree, extensive=False)
    date = _day(json_ld.date) or _day(found.date)
    title = flat(json_ld.title or found.title)[:_LONGEST_TITLE]
    if site := _meta(tree, "og:site_name") or flat(found.sitename):
        title = re.sub(rf"\s*[|–—·:_-]+\s*{re.escape(site)}\s*$", "", title) or title
    is_article = json_ld.is_article or found.pagetype == "article" or date is not None
    return json_ld._replace(title=title or None, author=found.author, date=date, is_article=is_article)


def headline(tree: Element, metadata: PageMetadata) -> str | None:
    """Return the only main heading where it is a phrase, else the title that the page declares."""
    headings = [text_of(heading)[:_LONGEST_TITLE] for heading in tree.iter("h1")]
    return headings[0] if len(headings) == 1 and words_in(headings[0]) > 3 else metadata.title


def _day(date: str | None) -> str | None:
    found = re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", date or "")
    return found[0] if found else None


def _meta(tree: Element, name: str) -> str:
    return flat(str(tree.xpath("string(//meta[@property=$name]/@content)", name=name)))


# --- JSON-LD ---------------------------------------------------------------------------------------------------------


def _json_ld(tree: Element) -> PageMetadata:
    for item in _objects(tree):
        if _ARTICLE.search(str(item.get("@type", ""))) and (item.get("headline") or item.get("articleBody")):
            return PageMetadata(
                title=_string(item.get("headline")),
                date=_string(item.get("datePublished")) or _string(item.get("dateCreated")),
                body=_string(item.get("articleBody")),
                free=str(item.get("isAccessibleForFree", True)).lower() not in ("false", "no", "0"),
                is_article=True,
            )
    return PageMetadata()


def _string(value: Any) -> str | None:
    return unescape(value) if isinstance(value, str) and value.strip() else None


def _objects(tree: Element) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in script.get("type", "").lower() and script.text:
            try:
                yield from _walk(json.loads(script.text, strict=False))
            except (ValueError, RecursionError):
                continue


def _walk(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the nested objects, the outer first."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield value
        value = [value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]
    if isinstance(value, list):
        for part in value:
            yield from _walk(part, depth + 1)


# --- date and language -----------------------------------------------------------------------------------------------


def day_in(lines: Sequence[str]) -> str | None:
    """Return the first date in the datelines of an article, as ISO 8601."""
    from htmldate import find_date

    for line in lines:
        if re.search(r"\d", line):
            page = f"<html><body><p>{escape(line)}</p></body></html>"
            if found := find_date(page, extensive_search=True, original_date=True):
                return _day(found)
    return None


_OLD_TAGS = {"iw": "he", "in": "id", "no": "nb", "jp": "ja", "cn": "zh"}


def language(tree: Element, text: str) -> str | None:
    """Return the language that the page declares; None where the text must be identified instead.

    That is where either is English: templates keep `lang="en"`, and sites in other languages publish English releases.
    """
    tag = tree.get("lang") or tree.get("xml:lang") or _meta(tree, "og:locale")
    found = re.match(r"[a-z]{2,3}(?![a-z])", tag.strip().lower())
    declared = _OLD_TAGS.get(found[0], found[0]) if found else None
    return declared if declared and "en" not in (declared, identify(text)) else None
