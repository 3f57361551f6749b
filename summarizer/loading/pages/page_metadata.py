"""The metadata of a page: title, date, author, language."""

import json
import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from itertools import islice
from typing import Any, NamedTuple

from ...language.identification import identify
from ..loaded_text import bears_out
from ..markup import Element, flat, letters_of, text_of, words_in

_ARTICLE = re.compile(r"article|posting|report|story", re.IGNORECASE)
_MANY_ARTICLES = 4
"""A page that describes more is a list of them."""
_DEEPEST = 12
_LONGEST_TITLE = 300
_MOST_HEADINGS = 20
_SHORT = 4
"""Words: a shorter heading may name the section, or the site."""
_KICKER = 1.7
"""Times the letters of a headline: with the subject or the section before or after it."""
_SHORTEST_SPELLING = 15
"""Letters."""
_SHORTEST_NAME = 3
"""Characters: trafilatura makes "Sea" and "I" of "Sea & I"."""
_LONGEST_NAME = 100
_LONGEST_DATE = 300
"""Characters of a text in which a date is searched for."""
_SEPARATOR = r"\s*[|–—·:：｜_-]+\s*"


class PageMetadata(NamedTuple):
    """What a page declares about its article."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    site: str | None = None
    date: str | None = None
    """Of publication, as ISO 8601."""
    body: str | None = None
    """The article in JSON-LD, for pages that scripts fill."""
    free: bool = True
    """False where the page declares that it is for subscribers."""
    is_article: bool = False
    declares_article: bool = False
    """Whether the page says itself that it is an article; a date may be of the latest of many."""


class Headline(NamedTuple):
    """The headline of an article, and how the page spells it."""

    title: str | None
    spellings: frozenset[str] = frozenset()
    """The letters of every title that the page gives itself."""

    def is_repeated_by(self, line: str, at_top: bool) -> bool:
        """Return whether a line only repeats the headline; at the top of an article, with a few words more."""
        if self.title is None:
            return False
        letters = letters_of(line)
        if letters == letters_of(self.title) or not at_top:
            return letters == letters_of(self.title)
        return any(
            letters == spelling or (spelling in letters and len(letters) <= _KICKER * len(spelling) and line[-1] != ".")
            for spelling in self.spellings
            if len(spelling) >= _SHORTEST_SPELLING or letters == spelling
        )


def extract(tree: Element) -> PageMetadata:
    """Read the metadata of a page: JSON-LD first, what it lacks with trafilatura."""
    from trafilatura.metadata import extract_metadata

    found = _json_ld(tree)
    site = _meta(tree, "og:site_name")
    if not (found.title and found.date and found.authors and site):
        other = extract_metadata(tree, extensive=False)
        date = found.date or _proven_day(_day(other.date), tree)
        found = found._replace(
            title=found.title or flat(other.title)[:_LONGEST_TITLE] or None,
            authors=found.authors or tuple(_authors((other.author or "").split(";"))),
            date=date,
            is_article=found.is_article or other.pagetype == "article" or date is not None,
        )
        site = site or flat(other.sitename)
    declared = found.declares_article or "article" in _meta(tree, "og:type").lower()
    return found._replace(site=site or None, declares_article=declared)


def headline(tree: Element, metadata: PageMetadata) -> Headline:
    """Return the wording on which most of the page agrees: its main heading, JSON-LD, and the title for shares.

    Of several main headings or a short one, which may name the section, each counts a third.
    """
    headings = [
        text
        for text in (text_of(heading)[:_LONGEST_TITLE] for heading in islice(tree.iter("h1"), _MOST_HEADINGS))
        if text
    ]
    weight = 1.0 if len(headings) == 1 and words_in(headings[0]) >= _SHORT else 1 / 3
    candidates = [(metadata.title, 1.01), *((heading, weight) for heading in headings), (_meta(tree, "og:title"), 1.0)]
    site = rf"(?:{_SEPARATOR}{re.escape(metadata.site or ' ')})+$"
    titles = [(re.sub(site, "", title) or title, votes) for title, votes in candidates if title]
    wordings = [(_bare(title, [other for other, _ in titles]), votes) for title, votes in titles]
    best = max(
        (title for title, _ in wordings),
        key=lambda title: sum(votes for other, votes in wordings if letters_of(other) == letters_of(title)),
        default=None,
    )
    return Headline(best, frozenset(map(letters_of, (*headings, *(title for title, _ in titles)))))


def _bare(title: str, others: Sequence[str]) -> str:
    """Return the other title that this one only adds a section or a site to: `Culture: X`, `X | Paper`."""
    for other in others:
        if words_in(other) < _SHORT or len(other) >= len(title):
            continue
        if re.fullmatch(rf"{re.escape(other)}{_SEPARATOR}\S.*|.*\S{_SEPARATOR}{re.escape(other)}", title):
            return other
    return title


def _day(date: str | None) -> str | None:
    found = re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", date or "")
    return found[0] if found else None


def _meta(tree: Element, name: str) -> str:
    return flat(str(tree.xpath("string(//meta[@property=$name]/@content)", name=name)))[:_LONGEST_TITLE]


# --- JSON-LD ---------------------------------------------------------------------------------------------------------


def _json_ld(tree: Element) -> PageMetadata:
    items = [
        item
        for item in _objects(tree)
        if _ARTICLE.search(str(item.get("@type", ""))) and (item.get("headline") or item.get("articleBody"))
    ]
    if not items:
        return PageMetadata()
    item = items[0]
    return PageMetadata(
        title=flat(_string(item.get("headline"))) or None,
        authors=tuple(dict.fromkeys(_authors(item.get("author")))),
        date=_day(_string(item.get("datePublished"))) or _day(_string(item.get("dateCreated"))),
        body=_string(item.get("articleBody")),
        free=str(item.get("isAccessibleForFree", True)).lower() not in ("false", "no", "0"),
        is_article=True,
        declares_article=len({str(item.get("headline")) for item in items}) <= _MANY_ARTICLES,
    )


def _string(value: Any) -> str | None:
    return unescape(value) if isinstance(value, str) and value.strip() else None


def _authors(value: Any) -> Iterator[str]:
    """Yield the names of the authors: strings, objects with a name, or lists of both."""
    for author in value if isinstance(value, list) else [value]:
        name = flat(_string(author.get("name") if isinstance(author, dict) else author))
        if len(name) >= _SHORTEST_NAME and "//" not in name and len(name) <= _LONGEST_NAME:
            yield name


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
            digits = re.sub(r"(\d{4})年(\d\d?)月(\d\d?)日", r"\1-\2-\3", line)
            page = f"<html><body><p>{escape(digits)}</p></body></html>"
            day = _day(find_date(page, extensive_search=True, original_date=True))
            if day and bears_out(line, day):
                return day
    return None


def _proven_day(day: str | None, tree: Element) -> str | None:
    """Return a day that trafilatura found where the page names it in full: it completes a year to 1 January."""
    if day is None:
        return None
    for element in tree.iter():
        said = (element.get("content"), element.get("datetime"), element.get("href"), element.text, element.tail)
        if any(text and day[2:4] in text and bears_out(text[:_LONGEST_DATE], day) for text in said):
            return day
    return None


_OLD_TAGS = {"iw": "he", "in": "id", "no": "nb", "jp": "ja", "cn": "zh"}


def language(tree: Element, text: str) -> str | None:
    """Return the language that the page declares; None where the text must be identified instead.

    That is where either is English: templates keep `lang="en"`, and sites in other languages publish English releases.
    """
    tag = tree.get("lang") or tree.get("xml:lang") or _meta(tree, "og:locale")
    found = re.match(r"[a-z]{2,3}(?![a-z])", tag.strip().lower())
    declared = _OLD_TAGS.get(found[0], found[0]) if found else None
    return declared if declared and declared != "en" and identify(text) != "en" else None
