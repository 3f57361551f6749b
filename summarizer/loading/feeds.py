"""RSS, Atom and RDF: each entry an article, of its whole text where the feed carries that, else of its summary.

feedparser reads them, in a process of its own. Entities that a document type declares are not expanded.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from ..errors import SourceError
from .html_fragment import to_text
from .readers import FeedEntry, LoadedText
from .sandbox import run_bounded
from .text_encoding import decode

ENTRIES = 10_000
"""A hundred times the longest feed of a newspaper."""

_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,100}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")


def split_feed(raw: bytes, name: str, charset: str | None) -> tuple[FeedEntry, ...]:
    """Read the entries of a feed, in its order. Raises `SourceError` where it is none, or has none."""
    found = run_bounded("feeds", raw, name, charset)
    return tuple(FeedEntry(id, LoadedText(text, tuple(warnings), *rest)) for id, (text, warnings, *rest) in found)


def parse(raw: bytes, name: str, charset: str | None) -> list[FeedEntry]:
    """Read a feed here and now: whoever calls it bounds its time and memory."""
    marked = _ENCODING.match(raw)
    decoded = decode(raw, name, charset or (marked and marked[1].decode()))
    try:
        feed = _parsed(decoded.text)
        if len(feed.entries) > ENTRIES:
            raise _refused(name, f"the feed has {len(feed.entries):,} entries, more than {ENTRIES:,}")
        entries = [_entry(entry, number, decoded.warnings) for number, entry in enumerate(feed.entries, start=1)]
    except SourceError:
        raise
    except Exception as error:
        raise _refused(name, f"the feed is damaged ({str(error)[:100] or type(error).__name__})") from error
    if not feed.get("version"):
        raise _refused(name, "it is XML, but no feed that is known (RSS, Atom, RDF)")
    if not entries:
        raise _refused(name, "the feed has no entries")
    return _distinct(entries)


def _parsed(text: str) -> Any:
    import feedparser  # type: ignore[import-untyped]

    file = BytesIO(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace"))  # bytes would be an address
    return feedparser.parse(file, response_headers={"content-type": "application/xml; charset=utf-8"})


def _refused(name: str, why: str) -> SourceError:
    return SourceError(f"cannot read {name!r}: {why}; give its articles as text, HTML or JSON lines")


def _entry(entry: Mapping[str, Any], number: int, warnings: tuple[str, ...]) -> FeedEntry:
    title = " ".join(to_text(_said(entry, "title")).split())
    body = max((to_text(fragment) for fragment in _bodies(entry)), key=len, default="")
    text = body if not title or body.startswith(title) else f"{title}\n\n{body}".strip()
    id = _said(entry, "id") or _said(entry, "link") or str(number)
    author = _said(entry, "author") or None
    return FeedEntry(id, LoadedText(text, warnings, title or None, _published(entry), None, author))


def _said(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value.strip() if isinstance(value, str) else ""


def _bodies(entry: Mapping[str, Any]) -> list[str]:
    """What may be its text: `content:encoded`, `content`, the summary. The longest is the whole."""
    contents = [content.get("value") for content in entry.get("content") or ()]
    return [value for value in (*contents, entry.get("summary")) if isinstance(value, str)]


def _published(entry: Mapping[str, Any]) -> str | None:
    """When it came out, else when it was last changed, in UTC."""
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    if when is None or not 1990 <= when[0] <= 2100:
        return None
    year, month, day, hour, minute, second = when[:6]
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{min(second, 59):02}+00:00"


def _distinct(entries: list[FeedEntry]) -> list[FeedEntry]:
    """Give a number to an id that was there before: a result must not be taken for another's."""
    seen: dict[str, int] = {}
    distinct = []
    for entry in entries:
        seen[entry.id] = count = seen.get(entry.id, 0) + 1
        distinct.append(entry if count == 1 else entry._replace(id=f"{entry.id}#{count}"))
    return distinct
