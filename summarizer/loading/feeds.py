"""RSS, Atom and RDF: each entry is an article, with its full text where the feed carries it, else with its summary.

feedparser does not expand entities that a document type declares.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any

from ..errors import SourceError
from ..language.dates import read_period
from .loaded_text import FeedEntry, LoadedText, bears_out
from .markup import to_text
from .text_encoding import decode

MAX_ENTRIES = 10_000
"""A hundred times the longest feed of a newspaper."""
_YEARS = (1990, 2100)

_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,100}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")


def parse(raw: bytes, name: str, charset: str | None) -> tuple[FeedEntry, ...]:
    """Read the entries of a feed, in its order. Raises `SourceError` where it is not a feed, or has no entries."""
    declared = _ENCODING.match(raw)
    decoded = decode(raw, name, charset or (declared and declared[1].decode()))
    try:
        feed = _feed(decoded.text)
        if len(feed.entries) > MAX_ENTRIES:
            raise _refused(name, f"the feed has {len(feed.entries):,} entries, more than {MAX_ENTRIES:,}")
        entries = [_entry(entry, number, decoded.warnings) for number, entry in enumerate(feed.entries, start=1)]
    except SourceError:
        raise
    except Exception as error:
        raise _refused(name, f"the feed is damaged ({str(error)[:100] or type(error).__name__})") from error
    if not feed.get("version"):
        raise _refused(name, "it is XML, but not a feed (RSS, Atom or RDF)")
    if not entries:
        raise _refused(name, "the feed has no entries")
    return tuple(_with_unique_ids(entries))


def _feed(text: str) -> Any:
    import feedparser  # type: ignore[import-untyped]

    file = BytesIO(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace"))  # a string would be taken for a URL
    # Sanitizing would take away the attributes by which hidden words are known; nothing of the markup is kept anyway.
    headers = {"content-type": "application/xml; charset=utf-8"}
    return feedparser.parse(file, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _refused(name: str, why: str) -> SourceError:
    return SourceError(f"cannot read {name!r}: {why}; give its articles as text, HTML or JSON lines")


def _entry(entry: Mapping[str, Any], number: int, warnings: tuple[str, ...]) -> FeedEntry:
    title = " ".join(to_text(_string(entry, "title")).split())
    candidates = (*(content.get("value") for content in entry.get("content") or ()), entry.get("summary"))
    bodies = (to_text(fragment) for fragment in candidates if isinstance(fragment, str))
    body = max(bodies, key=len, default="")  # the longest is the full text
    text = body if not title or body.startswith(title) else f"{title}\n\n{body}".strip()
    id = _string(entry, "id") or _string(entry, "link") or str(number)
    link = _string(entry, "link")
    link = link if link.startswith(("https://", "http://")) else ""
    return FeedEntry(id, LoadedText(text, warnings, title or None, _published(entry), link=link or None))


def _string(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value.strip() if isinstance(value, str) else ""


def _published(entry: Mapping[str, Any]) -> str | None:
    """The day of publication, else of the last update, where it was written: feedparser's own reading guesses."""
    written = [key for key in ("published", "updated") if key in entry.keys()]  # noqa: SIM118 - `in` warns and guesses
    words = next(filter(None, (_string(entry, key) for key in written)), "")
    try:
        day = parsedate_to_datetime(words).date()  # RFC 822
        if not bears_out(words, day.isoformat()):
            return None
    except (ValueError, TypeError, OverflowError):
        period = read_period(words, "en")
        if period is None or period.first != period.last:
            return None
        day = period.first
    return day.isoformat() if _YEARS[0] <= day.year <= _YEARS[1] else None


def _with_unique_ids(entries: list[FeedEntry]) -> Iterator[FeedEntry]:
    """Number the repetitions of an id, so that no result is taken for another's."""
    counts = Counter[str]()
    for entry in entries:
        counts[entry.id] += 1
        yield entry if counts[entry.id] == 1 else entry._replace(id=f"{entry.id}#{counts[entry.id]}")
